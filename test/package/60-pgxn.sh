#!/bin/bash
# shellcheck disable=SC2016
# test/package/60-pgxn.sh
#
# As who takes the archive from PGXN: its client installs it, with bitcode, and a server that compiles every query goes on as without.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh

[[ -d $PACKAGE_LAYERS/build/upper/out ]] || bail_out 'there is no archive: package/build makes it'
new_layer pgxn build
succeeds 'the client of PGXN, and a server' inside pgxn apt-get install -q -y --no-install-recommends pgxnclient "postgresql-$PACKAGE_VERSION"
succeeds 'pgxn install' inside pgxn pgxn install --nosudo --pg_config "/usr/lib/postgresql/$PACKAGE_VERSION/bin/pg_config" /src/claimline.zip
succeeds 'bitcode is there' inside pgxn test -f "/usr/lib/postgresql/$PACKAGE_VERSION/lib/bitcode/claimline.index.bc"

# findings of many lines; with TRUE everything is compiled and inlined
compiled() {
	script_inside pgxn '
		as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
		pg_ctlcluster "$1" main start
		as createdb claims
		as psql -qAtd claims -c "CREATE EXTENSION claimline" -f /claimline/demo/claims.sql \
			-c "SET client_min_messages = warning" -c "SELECT claim_source_add(\$\$d\$\$, \$\$medical_claim\$\$, \$\$tuva\$\$)" >/dev/null
		for jit in off on; do
			as psql -qAtd claims -c "SET jit = $jit" -c "SET jit_above_cost = 0" -c "SET jit_inline_above_cost = 0" -c "SET jit_optimize_above_cost = 0" \
				-c "SELECT md5(string_agg(f::text, chr(10) ORDER BY f::text)), count(*) > 100 FROM (
					SELECT claim_edits(claimday(claim_id, line_no, line)) AS f FROM d_lines GROUP BY patient, provider, dos) d" \
				-c "SELECT count(*), count(*) FILTER (WHERE line = line::text::claimline), min(line), max(line_units(line)) FROM d_lines" 2>&1
		done
		pg_ctlcluster -m fast "$1" main stop' "$PACKAGE_VERSION"
}
said=$(compiled 2>&1)
half=$(($(wc -l <<<"$said") / 2))
is "$(tail -n "$half" <<<"$said")" "$(head -n "$half" <<<"$said")" 'compiled queries find the same'
ok "$(grep -c '|t$' <<<"$said" | grep -qx 2; echo $?)" 'and they find something' "$said"
done_testing

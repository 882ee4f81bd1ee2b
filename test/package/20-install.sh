#!/bin/bash
# shellcheck disable=SC2016
# test/package/20-install.sh
#
# As an administrator: the packages are installed, used and removed; what is left is what was there before.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh

new_layer install
mkdir -p "$PACKAGE_LAYERS/install/upper/out"
cp "$PACKAGE_LAYERS"/build/upper/out/{claimline-tools,"postgresql-$PACKAGE_VERSION-claimline"}_*.deb "$PACKAGE_LAYERS/install/upper/out" ||
	bail_out 'there are no packages: package/build makes them'

succeeds 'what they stand on' inside install apt-get install -q -y --no-install-recommends "postgresql-$PACKAGE_VERSION" postgresql-client file unzip
listing='find / -xdev \( -path /out -o -path /claimline -o -path /tmp -o -path /run -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
	-o -path /var/lib/postgresql -o -path /var/log \) -prune -o -print | sort; dpkg-query -W -f "\${Package} \${db:Status-Abbrev}\n"'
before=$(script_inside install "$listing")

succeeds 'apt-get install' script_inside install 'apt-get install -q -y --no-install-recommends /out/*.deb'
added=$(script_inside install "$listing" | comm -13 --nocheck-order <(sort <<<"$before") <(sort /dev/stdin))
is "$(grep -E '/bin/|/lib/.*claimline.so|\.control$|man1' <<<"$added")" "/usr/bin/claimline-load
/usr/bin/claimline-ncci
/usr/lib/postgresql/$PACKAGE_VERSION/lib/claimline.so
/usr/share/man/man1/claimline-load.1.gz
/usr/share/man/man1/claimline-ncci.1.gz
/usr/share/postgresql/$PACKAGE_VERSION/extension/claimline.control" 'the library and the programs are where Debian has such'
is "$(grep -E '^/(etc|opt|usr/local|var|srv)' <<<"$added")" '' 'nothing is for an administrator to merge'

used() {
	script_inside install '
		pg_ctlcluster "$1" main start
		as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
		as createdb claims
		as psql -qAtd claims -c "CREATE SCHEMA claims" -c "CREATE EXTENSION claimline SCHEMA claims" \
			-c "ALTER DATABASE claims SET search_path = public, claims"
		as psql -qAtd claims -c "SELECT rule FROM claim_edits(ARRAY[
			\$\$98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03\$\$,
			\$\$97124-GP x2 22min 2024-08-01 dx=M99.04\$\$]::claimline[])"
		as claimline-load -d claims /claimline/test/data/x12/patient-is-subscriber.837 2>&1 | grep ": loaded:"
		claimline-load --help | head -n 1
		claimline-ncci --help | head -n 1
		pg_ctlcluster -m fast "$1" main stop' "$PACKAGE_VERSION"
}
is "$(used 2>&1)" "units-minutes
ptp
/claimline/test/data/x12/patient-is-subscriber.837: loaded: 837, 4 lines
claimline-load loads claims files into tables of a database with the extension claimline.
claimline-ncci publishes CMS's NCCI files in a database with the extension claimline." 'it is used'

# a database that still has the extension is rid of it
removed() {
	script_inside install '
		apt-get purge -q -y "*claimline*" >/dev/null
		pg_ctlcluster "$1" main start
		as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
		as psql -qAtd claims -c "SET client_min_messages = warning" -c "DROP EXTENSION claimline CASCADE" \
			-c "SELECT nspname FROM pg_namespace WHERE nspname ~ \$\$claim\$\$" -c "SELECT rolname FROM pg_roles WHERE rolname !~ \$\$^pg_\$\$" \
			-c "SELECT relname FROM pg_class WHERE relname ~ \$\$claim\$\$ AND relkind = \$\$r\$\$ ORDER BY 1"
		pg_ctlcluster -m fast "$1" main stop' "$PACKAGE_VERSION"
}
is "$(removed 2>&1)" $'claims\npostgres\nclaim_file\nclaim_file_fault\nclaim_file_line\nclaim_file_payment' \
	'purge, and DROP EXTENSION after it, which leaves what users made'
is "$(script_inside install "$listing" | diff <(echo "$before") -)" '' 'nothing is left behind'
done_testing

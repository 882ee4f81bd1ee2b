#!/usr/bin/env bash
#
# wal2json: a column of a domain arrives as text, so that false is "f", which is true in JavaScript
#
# Packages   Debian 12 postgresql-15-wal2json 2.5-1+b1, with postgresql-15, postgresql-client-15 and libpq5 15.20-0+deb12u1
#            The same was seen with Debian's postgresql-18-wal2json 2.7-1 and postgresql-18 18.6-3.
#            SERVER=version and WAL2JSON=version look at other ones.
#
# Guess, written down before the first run
#            "A domain over boolean is false or true, a domain over int or numeric a number, as the columns of the base types.
#            The option include-domain-data-type changes the name of the type."
#
# Seen       columns of base types       false        4      45.10
#            columns of domains          "f"          "4"    "45.10"
#            with include-domain-data-type
#                format version 1        false        4      45.10       type boolean, integer, numeric(10,2)
#                format version 2        "f"          "4"    "45.10"     type boolean, integer, numeric(10,2)
#
#            So format 2 says "type":"boolean" beside "value":"f", and the two formats disagree about the same row.
#
# Cause      Whether a value is quoted is decided by the column's own type, which is the domain. With the option, format 1
#            decides by the base type, format 2 takes the base type only for the name.
#
# Matters    Flags of a claim (void, assigned, paid) and amounts are domains in careful schemas. A consumer that writes
#            if (row.void) voids every claim, row.units + 1 is "41", and a warehouse column changes its type on the day that
#            somebody puts the rule "units > 0" into a domain. Nothing fails.
#
set -euo pipefail
server=${SERVER:-15.20-0+deb12u1}
wal2json=${WAL2JSON:-2.5-1+b1}
tmp=$(mktemp -d)
chmod 755 "$tmp"
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	user=nobody
	as() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"; }
fi
pgbin=$tmp/usr/lib/postgresql/15/bin
export LD_LIBRARY_PATH=$tmp/usr/lib/x86_64-linux-gnu
finish() {
	status=$?
	if [ -f "$tmp/pg/postmaster.pid" ]; then
		as "$pgbin/pg_ctl" -D "$tmp/pg" -m immediate stop >/dev/null 2>&1 || true
	fi
	rm -rf "$tmp"
	exit "$status"
}
trap finish EXIT

mkdir "$tmp/deb"
(cd "$tmp/deb" && apt-get -q download "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	"postgresql-15-wal2json=$wal2json") >/dev/null 2>"$tmp/errors" || {
	cat "$tmp/errors" >&2
	echo "not looked at: these versions are not to be had here; SERVER and WAL2JSON name others" >&2
	exit 2
}
for package in "$tmp"/deb/*.deb; do dpkg -x "$package" "$tmp"; done
if ldd "$pgbin/postgres" "$pgbin/psql" | grep 'not found' >&2; then
	echo "not looked at: apt-get install postgresql-15 brings the libraries above" >&2
	exit 2
fi

mkdir "$tmp/pg"
[ "$(id -u)" = 0 ] && chown "$user" "$tmp/pg"
as "$pgbin/initdb" -D "$tmp/pg" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
cat >>"$tmp/pg/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$tmp/pg'
fsync = off
wal_level = logical
CONF
# minor releases from 15.19 on load only output plugins that are named
if as "$pgbin/postgres" -D "$tmp/pg" -C output_plugin_libraries >/dev/null 2>&1; then
	echo "output_plugin_libraries = 'pgoutput, test_decoding, wal2json'" >>"$tmp/pg/postgresql.conf"
fi
as "$pgbin/pg_ctl" -D "$tmp/pg" -w -l "$tmp/pg/log" start >/dev/null

"$pgbin/psql" -h "$tmp/pg" -U postgres -d postgres -XAtq -v ON_ERROR_STOP=1 >"$tmp/seen" <<'SQL'
CREATE DOMAIN flag AS boolean;
CREATE DOMAIN units AS int CHECK (VALUE > 0);
CREATE DOMAIN money_amount AS numeric(10, 2);
CREATE TABLE line (id int PRIMARY KEY, void boolean, void_d flag, units int, units_d units,
                   charge numeric(10, 2), charge_d money_amount);
SELECT slot_name FROM pg_create_logical_replication_slot('looking', 'wal2json');
INSERT INTO line VALUES (1, false, false, 4, 4, 45.10, 45.10);

\echo format 2
SELECT c->>'type' || ' ' || (c->'value')::text
FROM pg_logical_slot_peek_changes('looking', NULL, NULL, 'format-version', '2') m, jsonb_array_elements(m.data::jsonb->'columns') c
WHERE m.data::jsonb->>'action' = 'I';
\echo format 1, include-domain-data-type
SELECT ((m.data::jsonb->'change'->0->'columntypes')->>(n - 1)::int) || ' ' || v::text
FROM pg_logical_slot_peek_changes('looking', NULL, NULL, 'include-domain-data-type', '1') m,
     jsonb_array_elements(m.data::jsonb->'change'->0->'columnvalues') WITH ORDINALITY AS e(v, n);
\echo format 2, include-domain-data-type
SELECT c->>'type' || ' ' || (c->'value')::text
FROM pg_logical_slot_peek_changes('looking', NULL, NULL, 'format-version', '2', 'include-domain-data-type', '1') m,
     jsonb_array_elements(m.data::jsonb->'columns') c
WHERE m.data::jsonb->>'action' = 'I';
SQL

cat >"$tmp/described" <<'TEXT'
looking
format 2
integer 1
boolean false
flag "f"
integer 4
units "4"
numeric(10,2) 45.10
money_amount "45.10"
format 1, include-domain-data-type
integer 1
boolean false
boolean false
integer 4
integer 4
numeric(10,2) 45.10
numeric(10,2) 45.10
format 2, include-domain-data-type
integer 1
boolean false
boolean "f"
integer 4
integer "4"
numeric(10,2) 45.10
numeric(10,2) "45.10"
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: a false of a domain is the text f, also where the message calls it boolean"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

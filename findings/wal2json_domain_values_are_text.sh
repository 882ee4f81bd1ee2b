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
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

server=${SERVER:-15.20-0+deb12u1}
debian_servers "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	"postgresql-15-wal2json=${WAL2JSON:-2.5-1+b1}"
linked postgresql-15 -- "$pgbin/postgres" "$pgbin/psql"

# minor releases from 15.19 on load only output plugins that are named
start_postgres "$tmp/pg" 'wal_level = logical' "output_plugin_libraries = 'pgoutput, test_decoding, wal2json'"

ask_postgres -v ON_ERROR_STOP=1 >"$tmp/seen" <<'SQL'
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

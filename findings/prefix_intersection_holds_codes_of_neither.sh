#!/usr/bin/env bash
#
# The prefix extension: ranges of codes that share nothing overlap, and their intersection holds codes of neither, or every code
#
# Packages   Debian 12 postgresql-15-prefix 1.2.9-5+b1, with postgresql-15, postgresql-client-15 and libpq5 15.20-0+deb12u1
#            SERVER=version looks at another server.
#
# Guess, written down before this run; that 90001 && 9[7-8] is true had been seen
#            "a & b is empty just where no code is in both, and a && b is false just there; 97[0-3] && 97[5-9] is false; EXCLUDE with &&
#            takes ranges that share nothing."
#
# Seen       counted over the codes 00000 to 99999
#
#                a         b         in both   a && b   a & b      what a & b contains
#                97[1-3]   97[2-5]   200       true     97[2-3]    200, those in both
#                97[0-3]   97[5-9]   0         true     97[3-5]    300: 100 of a, 100 of b, and 974xx, which is in neither
#                97[0-3]   975       0         true     975        100
#                9711      971[2-4]  0         true     9711       10
#                971       972       0         false    (empty)    100,000: the empty prefix is that of every code
#
#            EXCLUDE USING gist (codes WITH &&) refuses 97[5-9] beside 97[0-3], and takes 98 beside them.
#            @> and <@ are right in all of these.
#
# Cause      Of two ranges behind the same prefix the larger first digit and the smaller last one are taken, in whichever order they
#            come; a longer prefix is taken to be in any range behind the shorter one. Where prefixes differ the answer is the empty
#            one, which means everything. The README says "intersect" and "overlaps"; an open report of 2024 says of && that it is
#            true without an overlap.
#
# Matters    Payers publish rules by ranges of codes, and the longest prefix that contains a code is what the extension is for.
#            Narrowing one range by another, (a & b) @> code, applies the rule to every code just where it should apply to none.
#            Ask a @> code AND b @> code.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

server=${SERVER:-15.20-0+deb12u1}
debian_servers "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	postgresql-15-prefix=1.2.9-5+b1
linked postgresql-15 -- "$pgbin/postgres" "$pgbin/psql"
start_postgres "$tmp/pg"

ask_postgres >"$tmp/seen" 2>&1 <<'SQL'
CREATE EXTENSION prefix;
\echo a, b, codes in a, in b, in both; a && b, a & b; codes in that, of these in neither
SELECT a, b, count(*) FILTER (WHERE a @> code), count(*) FILTER (WHERE b @> code), count(*) FILTER (WHERE a @> code AND b @> code),
       a && b, a & b, count(*) FILTER (WHERE (a & b) @> code),
       count(*) FILTER (WHERE (a & b) @> code AND NOT a @> code AND NOT b @> code)
FROM (VALUES (1, '97[1-3]'::prefix_range, '97[2-5]'::prefix_range), (2, '97[0-3]', '97[5-9]'), (3, '97[0-3]', '975'),
             (4, '9711', '971[2-4]'), (5, '971', '972')) pair (n, a, b),
     LATERAL (SELECT lpad(c::text, 5, '0')::prefix_range AS code FROM generate_series(0, 99999) c) codes
GROUP BY n, a, b ORDER BY n;
\echo two rules that share no code
CREATE TABLE rule (codes prefix_range, EXCLUDE USING gist (codes WITH &&));
INSERT INTO rule VALUES ('97[0-3]');
INSERT INTO rule VALUES ('97[5-9]');
INSERT INTO rule VALUES ('98');
SELECT codes FROM rule;
SQL

cat >"$tmp/described" <<'TEXT'
a, b, codes in a, in b, in both; a && b, a & b; codes in that, of these in neither
97[1-3]|97[2-5]|300|400|200|t|97[2-3]|200|0
97[0-3]|97[5-9]|400|500|0|t|97[3-5]|300|100
97[0-3]|975|400|100|0|t|975|100|0
9711|971[2-4]|10|30|0|t|9711|10|0
971|972|100|100|0|f||100000|99800
two rules that share no code
ERROR:  conflicting key value violates exclusion constraint "rule_codes_excl"
DETAIL:  Key (codes)=(97[5-9]) conflicts with existing key (codes)=(97[0-3]).
97[0-3]
98
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: ranges that share nothing overlap, and their intersection holds codes of neither, or all"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

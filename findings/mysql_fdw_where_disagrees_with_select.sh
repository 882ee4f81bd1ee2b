#!/usr/bin/env bash
#
# mysql_fdw: rows for which WHERE modifier = 'gp' is true, and modifier = 'gp' is false
#
# Packages   Debian 12 postgresql-15-mysql-fdw 2.8.0-4, with postgresql-15, postgresql-client-15 and libpq5 15.20-0+deb12u1,
#            mariadb-server-core, mariadb-client-core and libmariadb3 1:10.11.19-0+deb12u1,
#            libaio1 0.3.113-4, libnuma1 2.0.16-1, liburing2 2.3-3
#            SERVER=version and MARIADB=version look at other ones.
#
# Guess, written down before the first run
#            "WHERE modifier = 'gp' over a foreign table finds no GP: the comparison is PostgreSQL's, in whose collation the two
#            differ, and a condition is sent to the other server only where that answers the same, as postgres_fdw does."
#
# Seen       A MariaDB table with MariaDB's own default collation and the lines 1 GP, 2 gp, 3 59, 4 'AT ' (with a space):
#
#                SELECT id, modifier = 'gp' FROM line WHERE modifier = 'gp'      1 f, 2 t
#                WHERE modifier = 'gp'                                           1 2     the same written as
#                WHERE modifier LIKE 'gp'                                        2       a pattern without a wildcard
#                WHERE modifier <> 'GP'                                          3 4     and gp is not there
#                WHERE modifier = 'AT'                                           4       though 'AT ' has three characters
#                count(*) GROUP BY modifier                                      2 of GP or gp, as one group
#                the same after OFFSET 0 (a fence for the planner)               1 of GP, 1 of gp
#                self-join on modifier                                           finds 1 with 2; fenced, it finds none
#
# Cause      Equality, IN, grouping and joins of text are shipped without a look at the collation, and the server compares by its
#            own, without case and without trailing spaces. LIKE is shipped as LIKE BINARY, so that it is right. What must be
#            computed here, in the SELECT list or above a fence, is PostgreSQL's. Its README does not speak of collations.
#
# Matters    A rule written over billing data in MariaDB (WHERE modifier <> 'GP', or modifier IN (...)) finds other lines than
#            over a copy of that data, and another number of groups, and which of the two you get depends on the plan. A CTE that
#            somebody marks as MATERIALIZED, or a function in the condition, changes the result of the audit. Declare the
#            MariaDB columns with a binary collation, or copy the rows first.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

server=${SERVER:-15.20-0+deb12u1}
mariadb=${MARIADB:-1:10.11.19-0+deb12u1}
debian_servers "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" postgresql-15-mysql-fdw=2.8.0-4 \
	"mariadb-server-core=$mariadb" "mariadb-client-core=$mariadb" "libmariadb3=$mariadb" \
	libaio1=0.3.113-4 libnuma1=2.0.16-1 liburing2=2.3-3
ln -sf libmariadb.so.3 "$tmp/usr/lib/x86_64-linux-gnu/libmysqlclient.so"
linked postgresql-15 mariadb-server-core -- "$pgbin/postgres" "$pgbin/psql" "$tmp/usr/sbin/mariadbd" "$tmp/usr/bin/mariadb"

start_mariadb
ask_mariadb <<'SQL'
CREATE DATABASE billing;
CREATE TABLE billing.line (id int PRIMARY KEY, modifier varchar(3));
INSERT INTO billing.line VALUES (1, 'GP'), (2, 'gp'), (3, '59'), (4, 'AT ');
SQL

export MYSQL_UNIX_PORT=$tmp/maria/socket
start_postgres "$tmp/pg"

ask_postgres -v ON_ERROR_STOP=1 >"$tmp/seen" 2>&1 <<'SQL'
CREATE EXTENSION mysql_fdw;
CREATE SERVER billing FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host 'localhost');
CREATE USER MAPPING FOR PUBLIC SERVER billing OPTIONS (username 'any', password '');
IMPORT FOREIGN SCHEMA billing LIMIT TO (line) FROM SERVER billing INTO public;
CREATE VIEW fenced AS SELECT * FROM line OFFSET 0;
\echo answer of the condition for the rows that it let pass
SELECT id, modifier = 'gp' FROM line WHERE modifier = 'gp' ORDER BY id;
\echo equal, like, unequal, in, with a space
SELECT string_agg(id::text, ' ' ORDER BY id) FROM line WHERE modifier = 'gp';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM line WHERE modifier LIKE 'gp';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM line WHERE modifier <> 'GP';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM line WHERE modifier IN ('gp', '59');
SELECT string_agg(id::text, ' ' ORDER BY id) FROM line WHERE modifier = 'AT';
\echo the same, fenced
SELECT string_agg(id::text, ' ' ORDER BY id) FROM fenced WHERE modifier = 'gp';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM fenced WHERE modifier LIKE 'gp';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM fenced WHERE modifier <> 'GP';
SELECT string_agg(id::text, ' ' ORDER BY id) FROM fenced WHERE modifier IN ('gp', '59');
SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), 'none') FROM fenced WHERE modifier = 'AT';
\echo groups of GP and gp: shipped, fenced
SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM line GROUP BY modifier HAVING upper(min(modifier)) = 'GP') AS g;
SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM fenced GROUP BY modifier HAVING upper(min(modifier)) = 'GP') AS g;
\echo pairs with one modifier: shipped, fenced
SELECT a.id, b.id FROM line a JOIN line b ON a.modifier = b.modifier WHERE a.id < b.id;
SELECT count(*) FROM fenced a JOIN fenced b ON a.modifier = b.modifier WHERE a.id < b.id;
SQL

cat >"$tmp/described" <<'TEXT'
answer of the condition for the rows that it let pass
1|f
2|t
equal, like, unequal, in, with a space
1 2
2
3 4
1 2 3
4
the same, fenced
2
2
2 3 4
2 3
none
groups of GP and gp: shipped, fenced
2
1 1
pairs with one modifier: shipped, fenced
1|2
0
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: the condition lets a row pass for which it is false"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

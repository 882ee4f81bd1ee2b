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
server=${SERVER:-15.20-0+deb12u1}
mariadb=${MARIADB:-1:10.11.19-0+deb12u1}
tmp=$(mktemp -d)
chmod 755 "$tmp"
as=()
if [ "$(id -u)" = 0 ]; then
	user=nobody
	as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
fi
pgbin=$tmp/usr/lib/postgresql/15/bin
export LD_LIBRARY_PATH=$tmp/usr/lib/x86_64-linux-gnu:$tmp/lib/x86_64-linux-gnu
mariadbd=
finish() {
	status=$?
	if [ -f "$tmp/pg/postmaster.pid" ]; then
		"${as[@]}" "$pgbin/pg_ctl" -D "$tmp/pg" -m immediate stop >/dev/null 2>&1 || true
	fi
	if [ -n "$mariadbd" ]; then
		kill -9 "$mariadbd" 2>/dev/null || true
		wait "$mariadbd" 2>/dev/null || true
	fi
	rm -rf "$tmp"
	exit "$status"
}
trap finish EXIT

mkdir "$tmp/deb"
(cd "$tmp/deb" && apt-get -q download "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	postgresql-15-mysql-fdw=2.8.0-4 "mariadb-server-core=$mariadb" "mariadb-client-core=$mariadb" "libmariadb3=$mariadb" \
	libaio1=0.3.113-4 libnuma1=2.0.16-1 liburing2=2.3-3) >/dev/null 2>"$tmp/errors" || {
	cat "$tmp/errors" >&2
	echo "not looked at: these versions are not to be had here; SERVER and MARIADB name others" >&2
	exit 2
}
for package in "$tmp"/deb/*.deb; do dpkg -x "$package" "$tmp"; done
ln -sf libmariadb.so.3 "$tmp/usr/lib/x86_64-linux-gnu/libmysqlclient.so"
if ldd "$pgbin/postgres" "$pgbin/psql" "$tmp/usr/sbin/mariadbd" "$tmp/usr/bin/mariadb" | grep 'not found' >&2; then
	echo "not looked at: apt-get install postgresql-15 mariadb-server-core brings the libraries above" >&2
	exit 2
fi

# both servers are reached by sockets only; MariaDB runs without accounts
mkdir "$tmp/pg" "$tmp/maria"
[ "$(id -u)" = 0 ] && chown "$user" "$tmp/pg" "$tmp/maria"
"${as[@]}" "$tmp/usr/sbin/mariadbd" --no-defaults --datadir="$tmp/maria" --socket="$tmp/maria/socket" --skip-networking \
	--skip-grant-tables --lc-messages-dir="$tmp/usr/share/mysql" --character-sets-dir="$tmp/usr/share/mysql/charsets" \
	--plugin-dir="$tmp/usr/lib/mysql/plugin" --innodb-flush-log-at-trx-commit=0 >"$tmp/maria.log" 2>&1 &
mariadbd=$!
ask_maria() { "$tmp/usr/bin/mariadb" --no-defaults -S "$tmp/maria/socket" "$@"; }
for ((i = 0; i < 60; i++)); do
	ask_maria -e 'SELECT 1' >/dev/null 2>&1 && break
	sleep 0.5
done
ask_maria <<'SQL'
CREATE DATABASE billing;
CREATE TABLE billing.line (id int PRIMARY KEY, modifier varchar(3));
INSERT INTO billing.line VALUES (1, 'GP'), (2, 'gp'), (3, '59'), (4, 'AT ');
SQL

"${as[@]}" "$pgbin/initdb" -D "$tmp/pg" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
"${as[@]}" env MYSQL_UNIX_PORT="$tmp/maria/socket" "$pgbin/pg_ctl" -D "$tmp/pg" -w -l "$tmp/pg/log" \
	-o "-c listen_addresses='' -c unix_socket_directories='$tmp/pg' -c fsync=off" start >/dev/null

"$pgbin/psql" -h "$tmp/pg" -U postgres -d postgres -XAtq -v ON_ERROR_STOP=1 >"$tmp/seen" 2>&1 <<'SQL'
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

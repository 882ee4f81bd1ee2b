#!/usr/bin/env bash
#
# ICD-10-PCS codes of administration, 3E03317 and its kin: DuckDB reads a column of them as numbers, and all are equal: Infinity
#
# Packages   npm @duckdb/node-api@1.5.6-r.1 (DuckDB 1.5.6), d3-dsv@3.0.2, csvtojson@2.0.14, alasql@4.19.1, papaparse@5.7.1,
#            csv-parse@7.0.3, sql.js@1.16.0 (SQLite 3.54.1)
#            Debian 12 csvkit 1.0.7-1 was seen to write 3E+3317, and Infinity in JSON, which is no JSON.
#
# Guess, written down before the first run
#            "DuckDB reads the column as VARCHAR, since the number overflows."
#            (The others were looked at later. Of them only csv-parse was guessed wrong: Infinity.)
#
# Seen       A file of the procedures 3E03317, 3E04317 and 3E03305 (thrombolytic and antineoplastic, peripheral and central vein)
#
#                DuckDB                     type DOUBLE; inf, inf, inf; one value by DISTINCT; WHERE pcs = '3E04317' finds all 3;
#                                           a join of the file with itself on the code has 9 rows instead of 3
#                                           with 0DTJ4ZZ in the file: VARCHAR, and all is right
#                d3 autoType, csvtojson with checkType, alasql         Infinity, Infinity, Infinity
#                SQLite, a column declared STRING                      the condition pcs = '3E04317' is true of 3E03317
#                papaparse with dynamicTyping, csv-parse with cast     the codes
#
#            DuckDB's cast of the text '3E03317' to DOUBLE is Infinity and no error; to INTEGER it is an error.
#
# Matters    The codes of the section Administration begin with 3E0, and many have only digits behind it, among them those by which
#            treated strokes and chemotherapies are found in hospital claims. A file of just these, as such a study or an audit
#            makes it, loses every code, joins everything with everything, and counts one procedure. A test with other
#            procedures in the file passes. Read codes as text (all_varchar, or types).
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error @duckdb/node-api@1.5.6-r.1 d3-dsv@3.0.2 csvtojson@2.0.14 \
	alasql@4.19.1 papaparse@5.7.1 csv-parse@7.0.3 sql.js@1.16.0 >/dev/null

printf '%s\n' id,pcs 1,3E03317 2,3E04317 3,3E03305 >"$tmp/few.csv"
printf '%s\n' id,pcs 1,3E03317 2,3E04317 3,3E03305 4,0DTJ4ZZ >"$tmp/more.csv"

cat >"$tmp/ask.mjs" <<'JS'
import { readFileSync } from 'fs'
import { createRequire } from 'module'
import { DuckDBInstance } from '@duckdb/node-api'
import { csvParse, autoType } from 'd3-dsv'
import { parse } from 'csv-parse/sync'

const require = createRequire(import.meta.url)
const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
async function ask(query) {
	let answer
	try {
		answer = (await duckdb.runAndReadAll(query)).getRows().map(row => row.join(' ')).join(', ')
	} catch (error) {
		answer = error.message.split(':')[0]
	}
	console.log(`${query} -> ${answer}`)
}
await ask("SELECT typeof(pcs), pcs::text FROM 'few.csv'")
await ask("SELECT typeof(pcs), pcs::text FROM 'more.csv'")
await ask("SELECT count(DISTINCT pcs) FROM 'few.csv'")
await ask("SELECT id FROM 'few.csv' WHERE pcs = '3E04317'")
await ask("SELECT count(*) FROM 'few.csv' a JOIN 'few.csv' b USING (pcs)")
await ask("SELECT count(*) FROM 'more.csv' a JOIN 'more.csv' b USING (pcs)")
await ask("SELECT pcs FROM read_csv('few.csv', types = {'pcs': 'VARCHAR'})")
await ask("SELECT '3E03317'::double")
await ask("SELECT '3E03317'::int")

const text = readFileSync('few.csv', 'utf8')
const show = (name, rows) => console.log(`${name}: ${rows.map(row => row.pcs).join(' ')}`)
show('d3', csvParse(text, autoType))
show('csvtojson', await require('csvtojson')({ checkType: true }).fromString(text))
show('alasql', await require('alasql').promise("SELECT * FROM CSV('few.csv', {headers: true})"))
show('papaparse', require('papaparse').parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data)
show('csv-parse', parse(text, { columns: true, cast: true }))

const sqlite = new (await require('sql.js')()).Database()
sqlite.run("CREATE TABLE line (pcs STRING, kept TEXT); INSERT INTO line VALUES ('3E03317', '3E03317')")
const kept = sqlite.exec("SELECT typeof(pcs), pcs = '3E04317', typeof(kept), kept = '3E04317' FROM line")
console.log(`sqlite: ${kept[0].values[0].join(' ')}`)
process.exit(0)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
SELECT typeof(pcs), pcs::text FROM 'few.csv' -> DOUBLE inf, DOUBLE inf, DOUBLE inf
SELECT typeof(pcs), pcs::text FROM 'more.csv' -> VARCHAR 3E03317, VARCHAR 3E04317, VARCHAR 3E03305, VARCHAR 0DTJ4ZZ
SELECT count(DISTINCT pcs) FROM 'few.csv' -> 1
SELECT id FROM 'few.csv' WHERE pcs = '3E04317' -> 1, 2, 3
SELECT count(*) FROM 'few.csv' a JOIN 'few.csv' b USING (pcs) -> 9
SELECT count(*) FROM 'more.csv' a JOIN 'more.csv' b USING (pcs) -> 4
SELECT pcs FROM read_csv('few.csv', types = {'pcs': 'VARCHAR'}) -> 3E03317, 3E04317, 3E03305
SELECT '3E03317'::double -> Infinity
SELECT '3E03317'::int -> Conversion Error
d3: Infinity Infinity Infinity
csvtojson: Infinity Infinity Infinity
alasql: Infinity Infinity Infinity
papaparse: 3E03317 3E04317 3E03305
csv-parse: 3E03317 3E04317 3E03305
sqlite: real 1 text 0
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: a column of procedure codes is read as Infinity"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

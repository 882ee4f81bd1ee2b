#!/usr/bin/env bash
#
# DuckDB: the sex column of a file that has women only is read as boolean, and F becomes false, a third sex in the next table
#
# Package    npm @duckdb/node-api@1.5.6-r.1 (DuckDB 1.5.6, the newest there)
#
# Guess, written down before the first run
#            "A column of F, or of Y and N, is VARCHAR: a boolean is written true and false in a file."
#
# Seen       june.csv has F, F; july.csv has M, F.
#
#                read_csv('june.csv')                sex BOOLEAN, false and false
#                read_csv('july.csv')                sex VARCHAR, M and F
#                read_csv of both together           sex VARCHAR, F F M F                (so a test on all files is green)
#                a JSON file with "F", "F"           sex VARCHAR
#                june: WHERE sex = 'F'               2 rows                              (so the obvious check is green too)
#                june: WHERE sex = 'M'               error: M is no BOOL
#                july, then INSERT of june into it   no error; the sexes are F, M and false
#                june UNION ALL july                 F, M and false
#                COPY june TO a file                 false in the place of F
#
#            T and F are taken for booleans, alone or together, in either case; Y and N, and M, are not. A file whose first M comes
#            after the sample (row 30,001) cannot be read at all, and with ignore_errors it has 30,000 women.
#
# Matters    Maternity, mammography, one patient's claims, the lines of one day: extracts of one sex are common, and so are flags of
#            F alone. Reading month by month into one table gives "false" beside F, in group counts and in joins on sex and birth
#            date, where those lines meet nobody. Give the types (types = {'sex': 'VARCHAR'}) or all_varchar.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error @duckdb/node-api@1.5.6-r.1 >/dev/null

printf '%s\n' id,code,sex 1,97124,F 2,97140,F >"$tmp/june.csv"
printf '%s\n' id,code,sex 3,97124,M 4,97140,F >"$tmp/july.csv"
printf '%s\n' '{"id": 1, "sex": "F"}' '{"id": 2, "sex": "F"}' >"$tmp/june.json"
printf '%s\n' id,a,b,c,d,e 1,T,t,Y,M,f 2,F,f,N,M,f >"$tmp/letters.csv"
{
	echo id,sex
	seq -f '%.0f,F' 1 30000
	echo 30001,M
} >"$tmp/late.csv"

cat >"$tmp/ask.mjs" <<'JS'
import { readFileSync } from 'fs'
import { DuckDBInstance } from '@duckdb/node-api'

const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
async function ask(query) {
	let answer
	try {
		const result = await duckdb.runAndReadAll(query)
		answer = result.getRows().map(row => row.join(' ')).join(', ')
	} catch (error) {
		answer = error.message.split(':')[0]
	}
	console.log(`${query} -> ${answer}`)
}
await ask("SELECT typeof(sex), sex::text FROM 'june.csv'")
await ask("SELECT typeof(sex), sex::text FROM 'july.csv'")
await ask("SELECT typeof(sex), sex::text FROM read_csv(['june.csv', 'july.csv'])")
await ask("SELECT typeof(sex), sex::text FROM 'june.json'")
await ask("SELECT typeof(a), typeof(b), typeof(c), typeof(d), typeof(e) FROM 'letters.csv' LIMIT 1")
await ask("CREATE TABLE june AS FROM 'june.csv'")
await ask("CREATE TABLE july AS FROM 'july.csv'")
await ask("SELECT count(*) FROM june WHERE sex = 'F'")
await ask("SELECT count(*) FROM june WHERE sex = 'M'")
await ask("SELECT sex, count(*) FROM (FROM june UNION ALL FROM july) GROUP BY sex ORDER BY sex")
await ask("INSERT INTO july FROM june")
await ask("SELECT sex, count(*) FROM july GROUP BY sex ORDER BY sex")
await ask("COPY june TO 'june_again.csv'")
console.log(readFileSync('june_again.csv', 'utf8').trim())
await ask("SELECT count(*) FROM 'late.csv' WHERE sex = 'M'")
await ask("SELECT count(*) FROM read_csv('late.csv', ignore_errors = true) WHERE NOT sex")
await ask("SELECT sex, count(*) FROM read_csv('june.csv', types = {'sex': 'VARCHAR'}) GROUP BY sex")
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
SELECT typeof(sex), sex::text FROM 'june.csv' -> BOOLEAN false, BOOLEAN false
SELECT typeof(sex), sex::text FROM 'july.csv' -> VARCHAR M, VARCHAR F
SELECT typeof(sex), sex::text FROM read_csv(['june.csv', 'july.csv']) -> VARCHAR F, VARCHAR F, VARCHAR M, VARCHAR F
SELECT typeof(sex), sex::text FROM 'june.json' -> VARCHAR F, VARCHAR F
SELECT typeof(a), typeof(b), typeof(c), typeof(d), typeof(e) FROM 'letters.csv' LIMIT 1 -> BOOLEAN BOOLEAN VARCHAR VARCHAR BOOLEAN
CREATE TABLE june AS FROM 'june.csv' -> 2
CREATE TABLE july AS FROM 'july.csv' -> 2
SELECT count(*) FROM june WHERE sex = 'F' -> 2
SELECT count(*) FROM june WHERE sex = 'M' -> Conversion Error
SELECT sex, count(*) FROM (FROM june UNION ALL FROM july) GROUP BY sex ORDER BY sex -> F 1, M 1, false 2
INSERT INTO july FROM june -> 2
SELECT sex, count(*) FROM july GROUP BY sex ORDER BY sex -> F 1, M 1, false 2
COPY june TO 'june_again.csv' -> 2
id,code,sex
1,97124,false
2,97140,false
SELECT count(*) FROM 'late.csv' WHERE sex = 'M' -> Conversion Error
SELECT count(*) FROM read_csv('late.csv', ignore_errors = true) WHERE NOT sex -> 30000
SELECT sex, count(*) FROM read_csv('june.csv', types = {'sex': 'VARCHAR'}) GROUP BY sex -> F 2
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: a file of women is read as false, and false is a third sex beside F and M"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# polyglot-sql: 22 minutes are 1 unit before the translation and 1.47 behind it, or the other way round, and 20240131 is 2024-01-
#
# Packages   npm @polyglot-sql/sdk@0.12.1 (the newest), and @electric-sql/pglite@0.5.17 (PostgreSQL 18.7), sql.js@1.16.0 (SQLite 3.54.1)
#            and @duckdb/node-api@1.5.6-r.1 (DuckDB 1.5.6) to run what goes in and what comes out
#
# Guesses, written down before the runs
#            "Translates to PostgreSQL with the same meaning: MySQL minutes/15, T-SQL DATEDIFF(month), Oracle DECODE with NULL, ADD_MONTHS,
#            date - date, Snowflake and BigQuery DATE_DIFF." After a first look at what it writes: "SQLite minutes/15 goes from 1 to
#            1.47; DuckDB's / becomes that of integers; unsupportedLevel raise raises none of these."
#
# Seen       Lines 1: 22 minutes, 2024-01-31, received 2024-03-01, born 1950-03-02; 2: 8 minutes, Sunday 2024-08-04, received 2024-08-05
#            All of them with unsupportedLevel 'raise', none of them raises.
#
#                from         expression                            there                       translated, in PostgreSQL
#                SQLite       minutes / 15                          1, 0                        1.466…, 0.533…
#                             CAST(minutes / 15.0 AS INTEGER)       1, 0                        1, 1
#                             substr(code, -2)                      24, 40                      97124, 97140
#                             group_concat(code, '+')               97124+97140                 97124+,97140+
#                DuckDB       date_diff('month', dos, received)     2, 0                        1, 0
#                             date_diff('year', dob, dos)           74, 44                      73, 43
#                Oracle       ROUND(minutes / 15)                   1, 1        (manual)        1, 0
#                             SUBSTR(code, -2)                      24, 40      (manual)        97124, 97140
#                T-SQL        CONVERT(VARCHAR(8), dos, 112)         20240131    (manual)        2024-01-
#                             CONVERT(VARCHAR(10), dos, 101)        01/31/2024  (manual)        2024-01-31
#                MySQL        DATE_FORMAT(dos, '%Y%m%d')            20240131    (manual)        %4%m%4
#                Snowflake    minutes / 15                          1.466667    (manual)        1
#                BigQuery     EXTRACT(DAYOFWEEK FROM dos)           4, 1        (manual)        3, 0
#                             DATE_TRUNC(dos, WEEK)                 from Sunday (manual)        from Monday: the Sunday is in the week before
#
#            Right are MySQL's and DuckDB's /, Oracle's NVL and DECODE with NULL, NULLS FIRST and LAST, month ends.
#
# Cause      Which / is of integers is known for some dialects only, and turned the wrong way for SQLite. Styles and formats of dates are
#            dropped or handed on, whole months stand for boundaries of months, and a negative start is passed to substring.
#
# Matters    Units of timed codes, modifiers at the end of a code (97124-59), dates for X12 and HL7, ages and visits a week are these
#            expressions. A report that moves to another database runs at once and is off by a unit, a day or a year; the text 2024-01-
#            goes into a file. Run both queries on the same lines before the old database is switched off.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error @polyglot-sql/sdk@0.12.1 @electric-sql/pglite@0.5.17 \
	sql.js@1.16.0 @duckdb/node-api@1.5.6-r.1 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { DuckDBInstance } from '@duckdb/node-api'
import { PGlite } from '@electric-sql/pglite'
import { init, transpile } from '@polyglot-sql/sdk'
import initSqlJs from 'sql.js'

const table = `
	CREATE TABLE line (id int, code varchar(8), minutes int, dos date, received date, dob date);
	INSERT INTO line VALUES (1, '97124', 22, '2024-01-31', '2024-03-01', '1950-03-02'),
	                        (2, '97140', 8, '2024-08-04', '2024-08-05', '1980-08-05');`
await init()
const postgres = new PGlite()
await postgres.exec(table)
const sqlite = new (await initSqlJs()).Database()
sqlite.exec(table)
const duckdb = await (await DuckDBInstance.create()).connect()
await duckdb.run(table)

const first = rows => rows.map(row => (row[0] instanceof Date ? row[0].toISOString().slice(0, 10) : String(row[0]))).join(', ')
const sources = {
	sqlite: query => first(sqlite.exec(query)[0].values),
	duckdb: async query => first((await duckdb.runAndReadAll(query)).getRows())
}
async function show(dialect, expression, rest = 'ORDER BY id') {
	const query = `SELECT ${expression} FROM line ${rest}`
	const there = sources[dialect] ? await sources[dialect](query) : 'not run'
	const translated = transpile(query, dialect, 'postgresql', { unsupportedLevel: 'raise' })
	const here = translated.success ? first((await postgres.query(translated.sql[0], [], { rowMode: 'array' })).rows) : 'raised'
	console.log(`${dialect}: ${expression}: ${there}; ${here}`)
}
await show('sqlite', 'minutes / 15')
await show('sqlite', 'CAST(minutes / 15.0 AS INTEGER)')
await show('sqlite', 'substr(code, -2)')
await show('sqlite', "group_concat(code, '+')", '')
await show('duckdb', 'minutes / 15')
await show('duckdb', "date_diff('month', dos, received)")
await show('duckdb', "date_diff('year', dob, dos)")
await show('oracle', 'ROUND(minutes / 15)')
await show('oracle', 'SUBSTR(code, -2)')
await show('tsql', 'CONVERT(VARCHAR(8), dos, 112)')
await show('tsql', 'CONVERT(VARCHAR(10), dos, 101)')
await show('mysql', "DATE_FORMAT(dos, '%Y%m%d')")
await show('snowflake', 'minutes / 15')
await show('bigquery', 'EXTRACT(DAYOFWEEK FROM dos)')
await show('bigquery', 'DATE_TRUNC(dos, WEEK)')
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
sqlite: minutes / 15: 1, 0; 1.4666666666666666, 0.5333333333333333
sqlite: CAST(minutes / 15.0 AS INTEGER): 1, 0; 1, 1
sqlite: substr(code, -2): 24, 40; 97124, 97140
sqlite: group_concat(code, '+'): 97124+97140; 97124+,97140+
duckdb: minutes / 15: 1.4666666666666666, 0.5333333333333333; 1.4666666666666666, 0.5333333333333333
duckdb: date_diff('month', dos, received): 2, 0; 1, 0
duckdb: date_diff('year', dob, dos): 74, 44; 73, 43
oracle: ROUND(minutes / 15): not run; 1, 0
oracle: SUBSTR(code, -2): not run; 97124, 97140
tsql: CONVERT(VARCHAR(8), dos, 112): not run; 2024-01-, 2024-08-
tsql: CONVERT(VARCHAR(10), dos, 101): not run; 2024-01-31, 2024-08-04
mysql: DATE_FORMAT(dos, '%Y%m%d'): not run; %4%m%4, %4%m%1
snowflake: minutes / 15: not run; 1, 0
bigquery: EXTRACT(DAYOFWEEK FROM dos): not run; 3, 0
bigquery: DATE_TRUNC(dos, WEEK): not run; 2024-01-29, 2024-07-29
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: the translated query gives other units, dates and codes"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

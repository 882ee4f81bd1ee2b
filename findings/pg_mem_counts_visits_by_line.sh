#!/usr/bin/env bash
#
# pg-mem: a test database in which count(DISTINCT day) counts lines, FILTER does nothing, and a year to file has 360 days
#
# Packages   npm pg-mem@3.0.14, and @electric-sql/pglite@0.5.17 (PostgreSQL 18.7) beside it
#
# Guess, written down before the first run
#            "The same as PostgreSQL, or an error."
#            (It is so for most of seventy queries over claim lines.)
#
# Seen       Claim A has two lines of 2024-08-01, B one of 2024-08-15 without a modifier and one of 2024-09-01
#
#                                                            PostgreSQL       pg-mem
#                count(*) FILTER (WHERE units > 1)           1                4
#                sum(units) FILTER (WHERE claim = 'B')       2                5
#                count(DISTINCT dos) of A and B (visits)     1, 2             2, 2
#                count(DISTINCT mod)                         3                3
#                dos + interval '1 month'                    2024-09-01       2024-08-31
#                dos + interval '1 year'                     2025-08-01       2025-07-27
#                mod NOT IN ('GP', '59'), one mod is null    line 4           lines 3, 4
#                '25.00-'::numeric                           an error         25
#                rank() OVER (ORDER BY charge)               1, 2, 3, 4       an error
#
# Cause      FILTER is parsed and not used; dates are objects, and DISTINCT inside an aggregate tells objects apart (SELECT DISTINCT does
#            not); an interval is added as seconds, a month as those of 30 days and a year as twelve of them.
#            Its limitations name numeric(x,y) and no more of these. What it does not know at all is an error that says so, and
#            that is what makes one trust the rest.
#
# Matters    It calls itself an experimental emulation, and is what unit tests of Node programs take for PostgreSQL. Visits that a patient
#            had, units beyond a limit and a year to file are just the questions that claims code asks with these. Such a test is red
#            for a right query, and gets green when the query is made to count lines; or it is green for one that PostgreSQL answers
#            in another way. PGlite is PostgreSQL.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error pg-mem@3.0.14 @electric-sql/pglite@0.5.17 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { newDb } from 'pg-mem'
import { PGlite } from '@electric-sql/pglite'

const postgres = new PGlite()
const memory = newDb().public
for (const sql of [
	'CREATE TABLE claim_line (id int, claim text, mod text, units int, charge numeric(10,2), dos date)',
	`INSERT INTO claim_line VALUES (1, 'A', 'GP', 2, 64.005, '2024-08-01'), (2, 'A', '59', 1, 50, '2024-08-01'),
		(3, 'B', NULL, 1, 25.10, '2024-08-15'), (4, 'B', 'AT', 1, NULL, '2024-09-01')`
]) {
	await postgres.exec(sql)
	memory.none(sql)
}
const shown = rows => rows.map(({ v }) => v instanceof Date ? v.toISOString().slice(0, 10) : String(v).replace(/\.0+$/, '')).join(', ')
for (const sql of [
	'SELECT count(*) AS v FROM claim_line WHERE units > 1',
	'SELECT count(*) FILTER (WHERE units > 1) AS v FROM claim_line',
	"SELECT sum(units) FILTER (WHERE claim = 'B') AS v FROM claim_line",
	'SELECT count(DISTINCT dos) AS v FROM claim_line GROUP BY claim ORDER BY claim',
	'SELECT count(DISTINCT mod) AS v FROM claim_line',
	"SELECT (dos + interval '1 month')::date AS v FROM claim_line WHERE id = 1",
	"SELECT (dos + interval '1 year')::date AS v FROM claim_line WHERE id = 1",
	"SELECT (date '2024-08-01' + interval '30 days')::date AS v",
	"SELECT id AS v FROM claim_line WHERE mod NOT IN ('GP', '59') ORDER BY id",
	"SELECT id AS v FROM claim_line WHERE mod <> 'GP' ORDER BY id",
	"SELECT '25.00-'::numeric AS v",
	'SELECT rank() OVER (ORDER BY charge) AS v FROM claim_line'
]) {
	const answers = []
	for (const ask of [async () => (await postgres.query(sql)).rows, async () => memory.many(sql)]) {
		try {
			answers.push(shown(await ask()))
		} catch {
			answers.push('error')
		}
	}
	console.log(`${sql}\n\t${answers.join(' | ')}`)
}
JS
(cd "$tmp" && TZ=UTC node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
SELECT count(*) AS v FROM claim_line WHERE units > 1
	1 | 1
SELECT count(*) FILTER (WHERE units > 1) AS v FROM claim_line
	1 | 4
SELECT sum(units) FILTER (WHERE claim = 'B') AS v FROM claim_line
	2 | 5
SELECT count(DISTINCT dos) AS v FROM claim_line GROUP BY claim ORDER BY claim
	1, 2 | 2, 2
SELECT count(DISTINCT mod) AS v FROM claim_line
	3 | 3
SELECT (dos + interval '1 month')::date AS v FROM claim_line WHERE id = 1
	2024-09-01 | 2024-08-31
SELECT (dos + interval '1 year')::date AS v FROM claim_line WHERE id = 1
	2025-08-01 | 2025-07-27
SELECT (date '2024-08-01' + interval '30 days')::date AS v
	2024-08-31 | 2024-08-31
SELECT id AS v FROM claim_line WHERE mod NOT IN ('GP', '59') ORDER BY id
	4 | 3, 4
SELECT id AS v FROM claim_line WHERE mod <> 'GP' ORDER BY id
	2, 4 | 2, 4
SELECT '25.00-'::numeric AS v
	error | 25
SELECT rank() OVER (ORDER BY charge) AS v FROM claim_line
	1, 2, 3, 4 | error
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: pg-mem answers what it does not do"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

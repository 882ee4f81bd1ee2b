#!/usr/bin/env bash
#
# postgres-range: coverage without an end lies within any period, and a period does not contain itself
#
# Packages   npm postgres-range@1.1.4 (the newest), and @electric-sql/pglite@0.5.17 (PostgreSQL 18.7) beside it
#
# Guess, written down before the first run
#            "[2024-08-01,2024-09-01) contains 2024-08-31, an empty range is all right, open ends are all right."
#            (That of the point came true.)
#
# Seen       Periods with dates (or texts of dates, or numbers) in them, a.containsRange(b) against a @> b
#
#                a                          b                          postgres-range   PostgreSQL
#                [2024-01-01,2025-01-01)    [2024-03-01,)              true             false
#                [2024-01-01,2025-01-01)    (,)                        true             false
#                [2024-01-01,2024-07-01)    (,2024-02-01)              true             false
#                [2024-01-01,)              (,2024-02-01)              true             false
#                (,2024-07-01)              [2024-01-01,)              true             false
#                [2024-01-01,2025-01-01)    [2024-01-01,2025-01-01)    false            true           (so every daterange is written)
#                [2024-01-01,2025-01-01)    [2024-07-01,2025-01-01)    false            true
#                [2024-01-01,2025-01-01)    empty                      false            true
#                empty                      (,)                        true             false
#                [2024-01-01,2025-01-01)    [2024-03-01,2025-03-01)    false            false
#                [2024-01-01,)              [2024-03-01,)              true             true
#
#            Of the 196 pairs of fourteen ranges of numbers 45 have another answer. containsPoint has none in 70.
#
# Cause      The bounds that b has are looked at, each as a point that must be in a. An end that is open has none and is not asked for; a
#            bound that is excluded on both sides is no point of a.
#
# Matters    Coverage that goes on, an authorization without an end, a contract in force: such periods have no upper bound, and "is the
#            coverage within the plan year", "does the authorization contain the stay" are asked of them in code that has read them from
#            the database. An open period is within a closed one, and a plan that ends with the year is not within the year, for
#            PostgreSQL hands out periods of dates with the end excluded. Points are right, and so are periods that end earlier, which is
#            what tests have. Ask the database.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error postgres-range@1.1.4 @electric-sql/pglite@0.5.17 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import * as range from 'postgres-range'
import { PGlite } from '@electric-sql/pglite'

const db = new PGlite()
const sql = async (type, a, operator, b) => (await db.query(`SELECT $1::${type} ${operator} AS answer`, [a, b])).rows[0].answer

for (const [a, b] of [
	['[2024-01-01,2025-01-01)', '[2024-03-01,)'], ['[2024-01-01,2025-01-01)', '(,)'], ['[2024-01-01,2024-07-01)', '(,2024-02-01)'],
	['[2024-01-01,)', '(,2024-02-01)'], ['(,2024-07-01)', '[2024-01-01,)'],
	['[2024-01-01,2025-01-01)', '[2024-01-01,2025-01-01)'], ['[2024-01-01,2025-01-01)', '[2024-07-01,2025-01-01)'],
	['[2024-01-01,2025-01-01)', 'empty'], ['empty', '(,)'], ['[2024-01-01,2025-01-01)', '[2024-03-01,2025-03-01)'],
	['[2024-01-01,)', '[2024-03-01,)']
]) {
	const asDates = range.parse(a, text => new Date(text)).containsRange(range.parse(b, text => new Date(text)))
	const asTexts = range.parse(a).containsRange(range.parse(b))
	console.log(`${a} ${b}: ${asDates} ${asTexts} | ${await sql('daterange', a, '@> $2::daterange', b)}`)
}

const ranges = ['[8,22]', '(8,22)', '(,22]', '[8,)', '(,)', '[10,12]', '[10,)', '(,12]', 'empty', '[30,40]', '[30,)', '(,5]', '[8,8]', '[22,)']
let pairs = 0
let points = 0
for (const a of ranges) {
	for (const b of ranges) {
		const here = range.parse(a, Number).containsRange(range.parse(b, Number))
		pairs += here !== await sql('numrange', a, '@> $2::numrange', b)
	}
	for (const point of [5, 8, 10, 22, 30]) {
		points += range.parse(a, Number).containsPoint(point) !== await sql('numrange', a, '@> $2::numeric', point)
	}
}
console.log(`${pairs} of ${ranges.length ** 2} pairs, ${points} points`)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
[2024-01-01,2025-01-01) [2024-03-01,): true true | false
[2024-01-01,2025-01-01) (,): true true | false
[2024-01-01,2024-07-01) (,2024-02-01): true true | false
[2024-01-01,) (,2024-02-01): true true | false
(,2024-07-01) [2024-01-01,): true true | false
[2024-01-01,2025-01-01) [2024-01-01,2025-01-01): false false | true
[2024-01-01,2025-01-01) [2024-07-01,2025-01-01): false false | true
[2024-01-01,2025-01-01) empty: false false | true
empty (,): true true | false
[2024-01-01,2025-01-01) [2024-03-01,2025-03-01): false false | false
[2024-01-01,) [2024-03-01,): true true | true
45 of 196 pairs, 0 points
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: an open period lies within any closed one"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

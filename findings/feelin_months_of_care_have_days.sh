#!/usr/bin/env bash
#
# FEEL in JavaScript: years and months between two dates have days beside, so that a rule of months finds no whole month
#
# Package    npm feelin@8.2.0
#
# Guess, written down before the first run
#            "years and months duration() of 15 August and 20 September is P1M: the function's type has no days, and the
#            specification of DMN has its value in whole months. Numbers are decimals, as FEEL has them, since money is
#            what decision tables are about."
#
# Seen       2023-08-15 to 2024-08-14: P11M30D; = duration("P11M") is false, and true only where the days of the month agree
#            backwards: -P1Y5D
#            a table with the entries 0, 1, 2 months of care has no row for 36 days
#            >= duration("P18Y") is right on the birthday and the day before
#            sum of three charges of 25.10 is not 75.30; 1.005 rounded half up to two places is 1; floor(4.35 * 100) is 434:
#            numbers are binary, where the specification has decimals of 34 digits
#
# Cause      The difference is taken in years, months and days of a calendar, and the days are kept; numbers are JavaScript's.
#
# Matters    Decision tables are how payers publish coverage rules that are run: "one evaluation a month of care", "episodes of
#            three months", "the sum of the lines is the claim's total". Moved from a Java engine, a table keeps its text and
#            finds nothing, without an error.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error feelin@8.2.0 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { evaluate } from 'feelin'

const between = (from, to) => `years and months duration(date("${from}"), date("${to}"))`
const months = 'duration("P0M"), duration("P1M"), duration("P2M")'
for (const question of [
	between('2023-08-15', '2023-09-20'),
	`${between('2023-08-15', '2023-09-20')} = duration("P1M")`,
	`${between('2023-08-15', '2023-09-20')} in [${months}]`,
	`${between('2023-08-15', '2023-09-15')} in [${months}]`,
	between('2023-08-15', '2023-10-14'),
	`${between('2023-08-15', '2023-10-14')} > duration("P2M")`,
	between('2023-08-15', '2024-08-14'),
	`${between('2023-08-15', '2024-08-14')} = duration("P11M")`,
	`${between('2006-08-15', '2024-08-14')} >= duration("P18Y")`,
	`${between('2006-08-15', '2024-08-15')} >= duration("P18Y")`,
	'sum([25.10, 25.10, 25.10]) = 75.30',
	'round half up(1.005, 2)',
	'floor(4.35 * 100)',
]) console.log(`${question} -> ${JSON.stringify(evaluate(question, {}).value)}`)
JS
cat >"$tmp/described" <<'TEXT'
years and months duration(date("2023-08-15"), date("2023-09-20")) -> "P1M5D"
years and months duration(date("2023-08-15"), date("2023-09-20")) = duration("P1M") -> false
years and months duration(date("2023-08-15"), date("2023-09-20")) in [duration("P0M"), duration("P1M"), duration("P2M")] -> false
years and months duration(date("2023-08-15"), date("2023-09-15")) in [duration("P0M"), duration("P1M"), duration("P2M")] -> true
years and months duration(date("2023-08-15"), date("2023-10-14")) -> "P2M1D"
years and months duration(date("2023-08-15"), date("2023-10-14")) > duration("P2M") -> true
years and months duration(date("2023-08-15"), date("2024-08-14")) -> "P11M30D"
years and months duration(date("2023-08-15"), date("2024-08-14")) = duration("P11M") -> true
years and months duration(date("2006-08-15"), date("2024-08-14")) >= duration("P18Y") -> false
years and months duration(date("2006-08-15"), date("2024-08-15")) >= duration("P18Y") -> true
sum([25.10, 25.10, 25.10]) = 75.30 -> false
round half up(1.005, 2) -> 1
floor(4.35 * 100) -> 434
TEXT
(cd "$tmp" && node ask.mjs) >"$tmp/seen"
if ! diff "$tmp/described" "$tmp/seen"; then
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi
echo "as described: months have days beside, and charges are binary numbers"

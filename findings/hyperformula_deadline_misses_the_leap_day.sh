#!/usr/bin/env bash
#
# HyperFormula: EDATE never gives a 29 February, so that a deadline of six months ends a day early in a leap year
#
# Packages   npm hyperformula@3.5.0, and @formulajs/formulajs@4.6.1 beside it
#
# Guess, written down when a month after 2024-01-31 had been seen, before the others were run
#            "EDATE over the end of February 2024 and EOMONTH are right, 48 months after 2020-02-29 are 2024-02-29; leapYear1900 does not matter."
#            (EOMONTH and the option came true. No guess had been written of EDATE before: it was taken for granted.)
#
# Seen                                        HyperFormula    formulajs
#            6 months after 2023-08-31        2024-02-28      2024-02-29
#            1 month after 2024-01-31         2024-02-28      2024-02-29
#            1 month after 2024-01-29         2024-02-28      2024-02-29       (there is nothing to be cut)
#            48 months after 2020-02-29       2024-02-28      2024-02-29
#            1 month before 2024-03-31        2024-02-28      2024-02-29
#            12 months after 2020-02-29       2021-02-28      2021-02-28
#            EOMONTH of 2024-01-31 and 1      2024-02-29      2024-02-29
#            DATE(2024, 2, 29)                2024-02-29
#
#            The option leapYear1900 changes nothing.
#
# Cause      EDATE cuts the day to the longest of the month by a table in which February has 28; the function that knows leap years is
#            used by EOMONTH and DATE.
#
# Matters    Limits for filing and appeals, periods of a plan of care and waiting periods are counted in months. A claim of the last
#            days of August that arrives on 29 February is in time by the contract and late by the sheet, and months from 29 February
#            never come back to it. It is seen in one year of four, for three dates of service a month. EDATE and EOMONTH of one sheet
#            disagree about the same deadline.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error hyperformula@3.5.0 @formulajs/formulajs@4.6.1 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
const { HyperFormula } = require('hyperformula')
const formulajs = require('@formulajs/formulajs')

const sheet = options => HyperFormula.buildFromArray([['x']], { licenseKey: 'gpl-v3', ...options })
const own = sheet({})
const lotus = sheet({ leapYear1900: true, nullDate: { year: 1899, month: 12, day: 31 } })
const text = formula => `=TEXT(${formula}, "yyyy-mm-dd")`
for (const [name, year, month, day, months] of [
	['EDATE', 2023, 8, 31, 6], ['EDATE', 2024, 1, 31, 1], ['EDATE', 2024, 1, 29, 1], ['EDATE', 2020, 2, 29, 48],
	['EDATE', 2024, 3, 31, -1], ['EDATE', 2020, 2, 29, 12], ['EDATE', 2023, 7, 31, 2], ['EOMONTH', 2024, 1, 31, 1]
]) {
	const formula = `${name}(DATE(${year},${month},${day}),${months})`
	const other = formulajs[name](new Date(year, month - 1, day), months)
	const there = [other.getFullYear(), other.getMonth() + 1, other.getDate()].map(part => String(part).padStart(2, '0')).join('-')
	console.log(`${formula}: ${own.calculateFormula(text(formula), 0)} ${lotus.calculateFormula(text(formula), 0)} | ${there}`)
}
console.log(own.calculateFormula(text('DATE(2024,2,29)'), 0))
JS
(cd "$tmp" && TZ=UTC node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
EDATE(DATE(2023,8,31),6): 2024-02-28 2024-02-28 | 2024-02-29
EDATE(DATE(2024,1,31),1): 2024-02-28 2024-02-28 | 2024-02-29
EDATE(DATE(2024,1,29),1): 2024-02-28 2024-02-28 | 2024-02-29
EDATE(DATE(2020,2,29),48): 2024-02-28 2024-02-28 | 2024-02-29
EDATE(DATE(2024,3,31),-1): 2024-02-28 2024-02-28 | 2024-02-29
EDATE(DATE(2020,2,29),12): 2021-02-28 2021-02-28 | 2021-02-28
EDATE(DATE(2023,7,31),2): 2023-09-30 2023-09-30 | 2023-09-30
EOMONTH(DATE(2024,1,31),1): 2024-02-29 2024-02-29 | 2024-02-29
2024-02-29
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: EDATE takes February for 28 days in every year"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

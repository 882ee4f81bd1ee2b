#!/usr/bin/env bash
#
# mingo: visits of the last days of December are counted in the first week of the same year, and Sunday and Monday in weeks 54 and 1
#
# Package    npm mingo@7.2.7 (the newest), which runs MongoDB's queries in JavaScript; GNU date and MongoDB's manual beside it
#
# Guess, written down before the first run
#            "$dateAdd 1 month to 01-31 is 02-29, as MongoDB; $dateDiff month; $round half even; $week."
#            (Parsing and building dates were in the run without a guess; that they are as in MongoDB was taken for granted.)
#
# Seen       All 3653 days of 2020 to 2029, against GNU date
#                $isoWeek                            all right
#                $isoWeekYear                        16 wrong, among them 2024-12-30 and 31, and 2027-01-01
#                $dateToString %G-%V                 17 wrong: 2024-12-30 is 2024-01, as 2024-01-03; in one group they are 3 visits a week
#                $week, which is %U of strftime      1829 wrong: one too high in nearly all of 2020, 2024, 2025, 2026 and 2029; Sunday
#                                                    2021-01-03 is in week 54, the Monday behind it in week 1, where both belong
#            Against the manual
#                $dateAdd 1 month to 2020-10-31      2020-12-01                 (the manual's own example: 2020-11-30)
#                        1 month to 2024-01-31       2024-03-02                 (2024-02-29)
#                        1 year to 2024-02-29        2025-03-01                 (2025-02-28)
#                $dateFromString 20240801, %Y%m%d    no value                   (an error or the date; with dashes it is the date here, too)
#                $dateFromParts 2024, 2, 30          2024-02-29                 (2024-03-01)
#
#            $dateDiff, $dateTrunc, $round and windows over days are as in MongoDB.
#
# Matters    A test database or a browser runs the pipeline of the server by it. Visits a week, timely filing by months and dates as X12 and HL7
#            write them are tested with other results than the server's, and limits a week are broken by a patient who came in the
#            first and the last week of a year. A date that could not be parsed is missing in the result without a word.
#            Compute the week and the deadline before, and store them.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error mingo@7.2.7 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { execFileSync } from 'child_process'
import { Aggregator } from 'mingo'

const day = date => (date instanceof Date ? date.toISOString().slice(0, 10) : date)
const days = Array.from({ length: 3653 }, (_, i) => new Date(Date.UTC(2020, 0, 1 + i)))
const values = (dates, expression) =>
	new Aggregator([{ $project: { value: expression } }]).run(dates.map((date, _id) => ({ _id, date }))).map(row => row.value)
function compare(name, expression, format, show) {
	const truth = execFileSync('date', ['-u', '-f', '-', `+${format}`], { input: days.map(day).join('\n') }).toString().trim().split('\n')
	const here = values(days, expression)
	const wrong = days.map((_, i) => i).filter(i => String(here[i]).padStart(2, '0') !== truth[i])
	console.log(`${name}: ${wrong.length} wrong${show.map(d => {
		const i = days.findIndex(date => day(date) === d)
		return `, ${d} ${here[i]} not ${truth[i]}`
	}).join('')}`)
}
compare('$isoWeek', { $isoWeek: '$date' }, '%V', [])
compare('$isoWeekYear', { $isoWeekYear: '$date' }, '%G', ['2024-12-30', '2027-01-01'])
compare('%G-%V', { $dateToString: { date: '$date', format: '%G-%V' } }, '%G-%V', ['2024-12-30'])
compare('$week', { $week: '$date' }, '%U', ['2024-08-04', '2021-01-03', '2021-01-04'])

const visits = ['2024-01-03', '2024-12-30', '2024-12-31'].map(d => ({ date: new Date(d) }))
const weeks = new Aggregator([{ $group: { _id: { $dateToString: { date: '$date', format: '%G-%V' } }, visits: { $sum: 1 } } }]).run(visits)
console.log(`visits a week: ${weeks.map(week => `${week._id} ${week.visits}`).join(', ')}`)

const one = expression => day(values([new Date()], expression)[0])
const add = (start, unit) => one({ $dateAdd: { startDate: new Date(start), unit, amount: 1 } })
console.log(`a month behind 2020-10-31 ${add('2020-10-31', 'month')}, 2024-01-31 ${add('2024-01-31', 'month')}`)
console.log(`a year behind 2024-02-29 ${add('2024-02-29', 'year')}`)
const parse = (dateString, format) => one({ $dateFromString: { dateString, format } })
console.log(`20240801 ${parse('20240801', '%Y%m%d')}, 2024-08-01 ${parse('2024-08-01', '%Y-%m-%d')}`)
console.log(`2024, 2, 30 ${one({ $dateFromParts: { year: 2024, month: 2, day: 30 } })}`)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
$isoWeek: 0 wrong
$isoWeekYear: 16 wrong, 2024-12-30 2024 not 2025, 2027-01-01 2027 not 2026
%G-%V: 17 wrong, 2024-12-30 2024-01 not 2025-01
$week: 1829 wrong, 2024-08-04 32 not 31, 2021-01-03 54 not 01, 2021-01-04 1 not 01
visits a week: 2024-01 3
a month behind 2020-10-31 2020-12-01, 2024-01-31 2024-03-02
a year behind 2024-02-29 2025-03-01
20240801 undefined, 2024-08-01 2024-08-01
2024, 2, 30 2024-02-29
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: weeks, months and dates are others than MongoDB's"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# tableschema: a column that may hold a currency sign has no reversals: -25.00 is read as 25, and .50 as 50
#
# Package    npm tableschema@1.12.6 (the newest; Frictionless Data's own library for JavaScript)
#
# Guess, written down before this run, after '25.00-' had been seen to be read as 25
#            "bareNumber false keeps a minus that stands in front of the digits: '-25.00', '-25.00 USD' and 'USD -25.00' are -25."
#
# Seen       A file of payments, with the column declared as number, groupChar "," and bareNumber false, and minimum 0
#
#                $64.00              64
#                -25.00              25
#                -$25.00, $-25.00    25, 25
#                ($25.00), 25.00-    25, 25
#                -$1,250.00          1250
#                .50, -.50           50, 50
#                1.50-, -2           1.5, 2
#            The sum of the file is 1542.50 instead of -1314.50, and minimum 0 refuses none. With bareNumber true (the default) -25.00 is -25,
#            .50 is 0.5, and all with a sign of currency, parentheses or a minus behind are errors. type integer does the same.
#
# Cause      With the option everything in front of the first digit and behind the last one is cut off, the minus and the point
#            included. The specification lets such a column have other characters around the number and has them taken off.
#
# Matters    One payer writes $ in its remittances, so the column gets the option, and from then on what was taken back counts as paid
#            once more: the total is wrong by twice the reversals. A charge of 50 cents (.50) is one of 50 dollars. Nothing fails, a
#            validation of the file finds every cell to be a number, and rules on the sign hold. Declare the column as string and
#            convert it by code that knows the ways in which payers write minus.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error tableschema@1.12.6 >/dev/null

printf '%s\n' paid '$64.00' -25.00 '-$25.00' '$-25.00' '($25.00)' 25.00- '"-$1,250.00"' .50 -.50 1.50- -2 >"$tmp/paid.csv"

cat >"$tmp/ask.cjs" <<'JS'
const { Field, Table } = require('tableschema')

async function main() {
	const field = { name: 'paid', type: 'number', groupChar: ',', bareNumber: false, constraints: { minimum: 0 } }
	const cells = await (await Table.load('paid.csv')).read()
	const numbers = await (await Table.load('paid.csv', { schema: { fields: [field] } })).read()
	let sum = 0
	for (let i = 0; i < cells.length; i++) {
		let bare
		try {
			bare = new Field({ name: 'paid', type: 'number', groupChar: ',' }).castValue(cells[i][0])
		} catch {
			bare = 'an error'
		}
		console.log(`${cells[i][0]}: ${numbers[i][0]}, bare ${bare}`)
		sum += numbers[i][0]
	}
	console.log(`sum ${sum}`)
	const units = new Field({ name: 'units', type: 'integer', bareNumber: false })
	console.log(`integer: ${['-2', '2-', '-2 units'].map(text => `${text} is ${units.castValue(text)}`).join(', ')}`)
}
main()
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
$64.00: 64, bare an error
-25.00: 25, bare -25
-$25.00: 25, bare an error
$-25.00: 25, bare an error
($25.00): 25, bare an error
25.00-: 25, bare an error
-$1,250.00: 1250, bare an error
.50: 50, bare 0.5
-.50: 50, bare -0.5
1.50-: 1.5, bare an error
-2: 2, bare -2
sum 1542.5
integer: -2 is 2, 2- is 2, -2 units is 2
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: with bareNumber false every number is positive"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# npi: the example of the standard is valid, and of the other provider numbers four in five are not
#
# Package    npm npi@0.1.0 (the newest)
#
# Guess, written down before the first run
#            "Right for every number, with and without the prefix 80840."
#
# Seen       100,000 numbers with their check digit, 123450000 to 123459999 and nine more such ranges:
#
#                called valid                               20,000
#                called valid with another last digit       80,000
#
#            1234567893, the example of the standard and of every manual, is valid with and without the prefix 80840, and
#            1234567890 is not.
#
# Cause      The check digit is taken to be the sum modulo 10, where it is what is missing to the next ten, and the 24 for the
#            prefix 80840 is not added. The two mistakes cancel for sums that end in 3 or 8: for one number in five, and the example.
#
# Matters    A number that is refused is a claim that is not sent. A check of this kind is tried with the one number that
#            everybody knows. Take a number from a remittance, too, or count: of ten last digits just one is right, and over
#            consecutive numbers each digit must be the right one equally often.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error npi@0.1.0 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
const { NPI } = require('npi')

// the Luhn formula over the number with the prefix 80840, written out
function checkDigit(nine) {
	let sum = 0
	;[...`80840${nine}`].reverse().forEach((digit, n) => {
		const value = digit * (n % 2 === 0 ? 2 : 1)
		sum += value > 9 ? value - 9 : value
	})
	return (10 - sum % 10) % 10
}
const valid = number => new NPI(number).isValid
let called = 0, others = 0, count = 0
for (let range = 123450000; count < 100000; range += 1000000) {
	for (let nine = range; nine < range + 10000; nine++, count++) {
		if (valid(`${nine}${checkDigit(nine)}`)) called++
		for (let digit = 0; digit < 10; digit++) if (digit !== checkDigit(nine) && valid(`${nine}${digit}`)) others++
	}
}
console.log(`of ${count} valid numbers valid: ${called}; with a wrong digit valid: ${others}`)
for (const number of ['1234567893', '808401234567893', '1234567890']) {
	const right = String(checkDigit(number.slice(-10, -1))) === number.slice(-1)
	console.log(`${number}: ${valid(number)}, by the standard ${right}`)
}
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
of 100000 valid numbers valid: 20000; with a wrong digit valid: 80000
1234567893: true, by the standard true
808401234567893: true, by the standard true
1234567890: false, by the standard false
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: the example is valid, and one in five of the others"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# hl7-standard: a charge of 64.00&USD, read and written again, is 64.00~USD: two prices, one of them USD
#
# Package    npm hl7-standard@1.0.4 (the newest)
#
# Guess, written down before the first run
#            "A message that is read and written without a change is the same."
#
# Seen       A DFT^P03 with charges in FT1-11, a composite price, whose first component is an amount & its currency:
#
#                read                     written
#                64.00&USD                64.00~USD                (subcomponents have become repetitions)
#                64.00&USD^UP             64.00&USD^UP             (beside another component they stay)
#                -45.10&USD               -45.10~USD
#                20.50                    20.50
#                M54.5^^I10~M99.03^^I10   the same
#                GP~59                    the same
#
#            So it is also when another field is set. get('FT1.11') and get('FT1.11.1') are '64.00', with and without a currency.
#
# Cause      A list is what it keeps for repetitions of a field, and for subcomponents where a field has one component. What it was
#            is not known when the message is built.
#
# Matters    An interface that adds a field and passes the message on changes the amounts of the charges. Who reads FT1-11 by the
#            book, where it does not repeat, takes the first, without a currency, or refuses the message; who takes the last
#            has a price of "USD". Amounts without a currency, as they are in most tests, pass.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error hl7-standard@1.0.4 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
const HL7 = require('hl7-standard')

const message = charge => [
	'MSH|^~\\&|BILLING|CLINIC|PAYER|HUB|20240806101500||DFT^P03|1|P|2.5.1',
	'EVN|P03|20240806101500',
	'PID|1||M1^^^CLINIC^MR||SYNTHETIC^A||19800101|F',
	`FT1|1|||20240801|20240801|CG|97124^^CPT|||2|${charge}||||||||M54.5^^I10~M99.03^^I10||||||97124^^CPT|GP~59`
].join('\r')
const line = text => text.split(/[\r\n]+/).find(segment => segment.startsWith('FT1')).split('|')

for (const charge of ['64.00&USD', '64.00&USD^UP', '-45.10&USD', '20.50']) {
	const read = new HL7(message(charge))
	read.transform()
	const [written, before] = [line(read.build()), line(message(charge))]
	const changed = before.map((field, n) => field === written[n] ? '' : `FT1-${n} ${written[n]}`).filter(Boolean)
	console.log(`${charge}: ${changed.join(', ') || 'nothing changed'}; get: ${JSON.stringify([read.get('FT1.11'), read.get('FT1.11.1')])}`)
}
const other = new HL7(message('64.00&USD'))
other.transform()
other.set('FT1.10', '3')
console.log(`units set: FT1-10 ${line(other.build())[10]}, FT1-11 ${line(other.build())[11]}`)
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
64.00&USD: FT1-11 64.00~USD; get: ["64.00","64.00"]
64.00&USD^UP: nothing changed; get: [{"FT1.11.1":["64.00","USD"],"FT1.11.2":"UP"},"64.00"]
-45.10&USD: FT1-11 -45.10~USD; get: ["-45.10","-45.10"]
20.50: nothing changed; get: ["20.50","20.50"]
units set: FT1-10 3, FT1-11 64.00~USD
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: an amount with its currency is written as two repetitions"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

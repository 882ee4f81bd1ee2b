#!/usr/bin/env bash
#
# Medplum's FHIRPath: 1 hour is less than 15 minutes, and a date plus 30 days is the text 2024-08-0130
#
# Packages   npm @medplum/core@5.2.13 (the newest; the same was seen with 4.5.2), and fhirpath@5.2.2, the engine of HL7, beside it
#
# Guess, written down before the first run
#            "Medplum's engine gives the same answers as fhirpath.js: 1 'h' > 15 'min' is true."
#
# Seen       A Claim with the items 1 (22 min, on 2024-08-01) and 2 (1 h, on 2024-08-15), created on 2024-08-20.
#
#                                                             fhirpath        @medplum/core
#                1 'h' > 15 'min'                             true            false
#                2 'h' = 120 'min'                            true            false
#                1 'h' + 15 'min'                             75 'min'        16 h
#                item[0].quantity + item[1].quantity          82 'min'        23 min
#                item.where(quantity > 15 'min').sequence     1 2             1
#                @2024-08-01 + 30 days                        2024-08-31      2024-08-0130           (a text)
#                @2024-08-01 - 30 days                        2024-07-02      NaN
#                created <= item[0].servicedDate + 30 days    true            false
#                created >= item[0].servicedDate - 30 days    true            false
#                item[0].servicedDate < today() - 1 year      true            false
#
#            A comparison with a date minus anything is always false, one with a date plus something is one of texts. Nothing is
#            raised, where functions that it does not have (sum) are an error.
#
# Cause      +, -, < and > are those of JavaScript over the values; the unit of the left side stays. + joins a date, which is a text.
#
# Matters    Its server decides by such an expression whether a subscription fires, and bots filter with them. "At least 8 minutes"
#            is false for a treatment documented in hours, a sum of times is wrong by the units, and a rule of timely filing
#            (created within a year of the service) compares texts or is false for every claim. Convert in code.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error @medplum/core@5.2.13 fhirpath@5.2.2 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
globalThis.WebSocket ??= class {} // which older releases of node do not have; no connection is made here
const { evalFhirPath } = require('@medplum/core')
const fhirpath = require('fhirpath')
const r4 = require('fhirpath/fhir-context/r4')

const treated = (sequence, servicedDate, value, unit) => ({
	sequence, servicedDate, productOrService: { text: '97124' },
	quantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit }
})
const claim = {
	resourceType: 'Claim', status: 'active', use: 'claim', created: '2024-08-20',
	type: { text: 'professional' }, patient: { reference: 'Patient/1' }, provider: { reference: 'Organization/1' },
	priority: { text: 'normal' }, insurance: [{ sequence: 1, focal: true, coverage: { reference: 'Coverage/1' } }],
	item: [treated(1, '2024-08-01', 22, 'min'), treated(2, '2024-08-15', 1, 'h')]
}
const shown = value => value !== null && typeof value === 'object' && value.unit ? `${value.value} ${value.unit}` : String(value)
for (const expression of [
	"15 'min' > 8 'min'", "1 'h' > 15 'min'", "2 'h' = 120 'min'", "1 'h' + 15 'min'",
	'item[0].quantity + item[1].quantity', "item.where(quantity > 15 'min').sequence",
	'@2024-08-01 + 30 days', '@2024-08-01 - 30 days', 'created > item[0].servicedDate',
	'created <= item[0].servicedDate + 30 days', 'created >= item[0].servicedDate - 30 days',
	'item[0].servicedDate < today() - 1 year', 'item.sequence.sum()'
]) {
	const answers = [e => fhirpath.evaluate(claim, e, null, r4), e => evalFhirPath(e, claim)].map(evaluate => {
		try {
			return evaluate(expression).map(shown).join(' ')
		} catch {
			return 'error'
		}
	})
	console.log(`${expression} -> ${answers.join(' | ')}`)
}
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
15 'min' > 8 'min' -> true | true
1 'h' > 15 'min' -> true | false
2 'h' = 120 'min' -> true | false
1 'h' + 15 'min' -> 75 'min' | 16 h
item[0].quantity + item[1].quantity -> 82 'min' | 23 min
item.where(quantity > 15 'min').sequence -> 1 2 | 1
@2024-08-01 + 30 days -> 2024-08-31 | 2024-08-0130
@2024-08-01 - 30 days -> 2024-07-02 | NaN
created > item[0].servicedDate -> true | true
created <= item[0].servicedDate + 30 days -> true | false
created >= item[0].servicedDate - 30 days -> true | false
item[0].servicedDate < today() - 1 year -> true | false
item.sequence.sum() -> 3 | error
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: Medplum compares and adds the numbers of quantities whatever their units"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

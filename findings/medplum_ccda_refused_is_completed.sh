#!/usr/bin/env bash
#
# Medplum's C-CDA reader: what was not done is completed, what is planned is a procedure, and the date of service is gone
#
# Package    npm @medplum/ccda@5.1.10 (the newest)
#
# Guesses, written down before the runs
#            "A procedure with negationInd true becomes not-done, an immunization too; low and high of the time are kept."
#            "A planned procedure (moodCode INT) becomes a ServiceRequest, or nothing, but no Procedure. On the way back not-done is
#            written as negationInd true."
#
# Seen       C-CDA to FHIR
#                97124, effectiveTime low and high                  Procedure completed, performedPeriod: as guessed
#                97140, negationInd="true", effectiveTime value     Procedure completed, without any date
#                97112, effectiveTime value                         Procedure completed, without any date
#                97110, moodCode="INT" in the plan of treatment     Procedure active (which is no status of a FHIR procedure)
#                vaccine refused, negationInd="true"                Immunization completed, 2024-08-01
#                problem denied, negationInd="true"                 Condition active, confirmed
#            FHIR to C-CDA
#                Procedure not-done                                 statusCode completed, no negationInd
#                Immunization not-done                              negationInd="false", statusCode aborted
#            The time that the writer gives a procedure is <effectiveTime value="…">, which the reader does not look at.
#
# Cause      Neither way looks at negationInd, and the writer's is the constant false. The status is mapped from statusCode alone, and
#            the time of a procedure is looked for in low and high.
#
# Matters    Charges are captured and quality measures counted from such resources, and claims are checked against them. A refused
#            vaccine counts as given, a treatment that did not take place supports its claim line, one that is planned is there
#            before it happens, and one that did take place has no day. The document is valid, and nothing is raised. Look for
#            negationInd and moodCode in the document before its resources are believed.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error @medplum/ccda@5.1.10 >/dev/null

cat >"$tmp/ask.cjs" <<'JS'
// the library names a class at load that Node.js has since 22
globalThis.WebSocket ??= class {}
const { convertCcdaToFhir, convertCcdaToXml, convertFhirToCcda, convertXmlToCcda } = require('@medplum/ccda')

const cpt = '2.16.840.1.113883.6.12', sct = '2.16.840.1.113883.6.96', loinc = '2.16.840.1.113883.6.1', template = '2.16.840.1.113883.10.20.22'
const procedure = ({ code, time, kind = '4.14', mood = 'EVN', status = 'completed', negation = '' }) => `
	<procedure classCode="PROC" moodCode="${mood}"${negation}>
		<templateId root="${template}.${kind}" extension="2014-06-09"/><id root="1.2.3" extension="${code}"/>
		<code code="${code}" codeSystem="${cpt}"/><statusCode code="${status}"/><effectiveTime ${time}</procedure>`
const refusal = ' negationInd="true"'
const vaccine = `
	<substanceAdministration classCode="SBADM" moodCode="EVN"${refusal}>
		<templateId root="${template}.4.52" extension="2015-08-01"/><id root="1.2.4"/>
		<statusCode code="completed"/><effectiveTime value="20240801"/>
		<consumable><manufacturedProduct classCode="MANU"><templateId root="${template}.4.54" extension="2014-06-09"/>
			<manufacturedMaterial><code code="88" codeSystem="2.16.840.1.113883.12.292"/></manufacturedMaterial>
		</manufacturedProduct></consumable>
		<entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN">
			<templateId root="${template}.4.53"/><id root="1.2.7"/>
			<code code="PATOBJ" codeSystem="2.16.840.1.113883.5.8"/><statusCode code="completed"/>
		</observation></entryRelationship></substanceAdministration>`
const problem = `
	<act classCode="ACT" moodCode="EVN">
		<templateId root="${template}.4.3" extension="2015-08-01"/><id root="1.2.5"/>
		<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>
		<effectiveTime><low value="20240801"/></effectiveTime>
		<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"${refusal}>
			<templateId root="${template}.4.4" extension="2015-08-01"/><id root="1.2.6"/>
			<code code="55607006" codeSystem="${sct}"/><statusCode code="completed"/>
			<effectiveTime><low value="20240801"/></effectiveTime>
			<value xsi:type="CD" code="38341003" codeSystem="${sct}"/>
		</observation></entryRelationship></act>`
const section = (kind, code, ...entries) => `
	<component><section><templateId root="${template}.${kind}" extension="2014-06-09"/>
		<code code="${code}" codeSystem="${loinc}"/><title>S</title><text>S</text>
		${entries.map(e => `<entry>${e}</entry>`).join('')}</section></component>`
const document = `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
	<templateId root="${template}.1.1" extension="2015-08-01"/><id root="1.2.3.4"/><code code="34133-9" codeSystem="${loinc}"/>
	<title>Summary</title><effectiveTime value="20240820"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
	<languageCode code="en-US"/>
	<recordTarget><patientRole><id root="1.2.5" extension="SYN1"/><patient><name><given>SYNTHETIC</given><family>PATIENT</family></name>
		<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19500302"/></patient></patientRole></recordTarget>
	<component><structuredBody>
	${section('2.7.1', '47519-4',
		procedure({ code: 97124, time: '><low value="20240801"/><high value="20240803"/></effectiveTime>' }),
		procedure({ code: 97140, time: 'value="20240802"/>', negation: refusal }),
		procedure({ code: 97112, time: 'value="20240802"/>' }))}
	${section('2.10', '18776-5', procedure({ code: 97110, time: 'value="20240901"/>', kind: '4.41', mood: 'INT', status: 'active' }))}
	${section('2.2.1', '11369-6', vaccine)}
	${section('2.5.1', '11450-4', problem)}
	</structuredBody></component></ClinicalDocument>`

for (const { resource: r } of convertCcdaToFhir(convertXmlToCcda(document)).entry) {
	const code = (r.code ?? r.vaccineCode)?.coding[0].code
	if (r.resourceType === 'Procedure')
		console.log(r.resourceType, code, r.status, r.performedPeriod?.start ?? r.performedDateTime ?? 'without a date')
	if (r.resourceType === 'Immunization') console.log(r.resourceType, code, r.status, r.occurrenceDateTime)
	if (r.resourceType === 'Condition')
		console.log(r.resourceType, code, r.clinicalStatus.coding[0].code, r.verificationStatus.coding[0].code)
}

const coded = (system, code) => ({ coding: [{ system, code }] })
const subject = { reference: 'Patient/a' }
const listed = (code, reference) => ({ title: 'S', code: coded('http://loinc.org', code), entry: [{ reference }] })
const bundle = [
	{ resourceType: 'Composition', status: 'final', type: coded('http://loinc.org', '34133-9'), subject, date: '2024-08-20', title: 'Summary',
		author: [], section: [listed('47519-4', 'Procedure/p'), listed('11369-6', 'Immunization/i')] },
	{ resourceType: 'Patient', id: 'a', name: [{ family: 'PATIENT', given: ['SYNTHETIC'] }], gender: 'female', birthDate: '1950-03-02' },
	{ resourceType: 'Procedure', id: 'p', status: 'not-done', code: coded('http://www.ama-assn.org/go/cpt', '97140'), subject,
		performedDateTime: '2024-08-02' },
	{ resourceType: 'Immunization', id: 'i', status: 'not-done', vaccineCode: coded('http://hl7.org/fhir/sid/cvx', '88'), patient: subject,
		occurrenceDateTime: '2024-08-01' }
]
const written = convertCcdaToXml(convertFhirToCcda({ resourceType: 'Bundle', type: 'document', entry: bundle.map(resource => ({ resource })) }))
for (const element of ['procedure', 'substanceAdministration']) {
	const [text] = written.match(new RegExp(`<${element} [^]*?</${element}>`))
	console.log(`not-done as ${element}:`, text.match(/negationInd="\w+"/)?.[0] ?? 'no negationInd',
		text.match(/statusCode code="\w+"/)[0], text.match(/effectiveTime value="\d+"/)[0])
}
JS
(cd "$tmp" && node ask.cjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
Procedure 97124 completed 2024-08-01T00:00:00Z
Procedure 97140 completed without a date
Procedure 97112 completed without a date
Procedure 97110 active without a date
Immunization 88 completed 2024-08-01T00:00:00Z
Condition 38341003 active confirmed
not-done as procedure: no negationInd statusCode code="completed" effectiveTime value="20240802"
not-done as substanceAdministration: negationInd="false" statusCode code="aborted" effectiveTime value="20240801"
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: what was refused or is planned becomes a completed or an active procedure"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

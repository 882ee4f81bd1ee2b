-- Lines of public FHIR resources: what stands in each was written down from it by eye; items are counted by JSON path. Then what a resource can
-- have otherwise, a part at a time. test/data/README.md says where the files are from.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();

CREATE TEMP TABLE coded (name text, content text);
\copy coded FROM PROGRAM 'for f in test/data/fhir/*.json; do printf "%s\t" "$(basename "$f" .json)"; base64 "$f" | tr -d "\n"; echo; done'
CREATE TEMP TABLE file AS SELECT name, convert_from(decode(content, 'base64'), 'UTF8')::jsonb AS body FROM coded;
CREATE TEMP TABLE got AS SELECT f.name, l.* FROM file f, claim_lines_of_fhir(f.body) l;

-- what the claim of a file says for all its lines
CREATE TEMP TABLE claim (name text, claim_id text, kind text, frequency text, patient text, billing text, bill_type text, payer text);
INSERT INTO claim VALUES
	('stu3-carrier-lines', 'carrier-9991831999', 'professional', NULL, 'Patient/567834', NULL, NULL, NULL),
	('stu3-outpatient', 'outpatient-1234567890', 'professional', '1', 'Patient/567834', '999999', '131', NULL),
	('stu3-drug', 'pde-89', 'pharmacy', NULL, 'Patient/567834', '1023011079', NULL, NULL),
	('r4-carrier', 'carrier-9991831999', 'professional', NULL, 'Patient/567834', '1234567890', NULL, 'CMS'),
	('r4-inpatient', 'inpatient-333333222222', 'institutional', '1', 'Patient/567834', '0000000000', NULL, 'CMS'),
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 'professional', '3', 'Patient/12345', '1942945159', '123', NULL),
	('r4-idr-prior-authorization', '-Z8HZVZBG92X34', 'professional', NULL, 'Patient/-226299259', '1879134223', NULL, NULL),
	('r4-idr-pharmacy', 'PHARM-2024-0012345', 'pharmacy', NULL, 'Patient/123456789', '1942945159', NULL, NULL),
	('stu3-bundle', 'pde-7060841642', 'pharmacy', NULL, 'Patient/20140000008325', '999999999999999', NULL, NULL),
	('stu3-bundle', 'pde-930361669', 'pharmacy', NULL, 'Patient/20140000008325', '999999999999999', NULL, NULL);

CREATE TEMP TABLE eye (name text, claim_id text, segment int, line_no int, line_control text, rendering text, referring text, taxonomy text, pos text, dos date, thru date, qualifier text, code text, modifiers text[],
	revenue text, units numeric, charge numeric, dx text[], line claimline, why text);
INSERT INTO eye SELECT 'stu3-carrier-lines', 'carrier-9991831999', n, n, NULL, '1923124', NULL, NULL, '11', '1999-10-27', '1999-10-27', 'HC', code, '{LT}', NULL, 1, charge, '{A52}',
		(code || '-LT x1 1999-10-27 dx=A52 specialty=41 referral=yes')::claimline, NULL
	FROM (VALUES (1, '92999', 75.0), (2, '92998', 75), (3, '92997', 85), (4, '92996', 65), (5, '92995', 55), (6, '92994', 45), (7, '92993', 35)) v(n, code, charge);
INSERT INTO eye VALUES
	('stu3-outpatient', 'outpatient-1234567890', 1, 25, NULL, '345345345', NULL, NULL, NULL, '1942-01-03', '1942-01-03', 'HC', 'M99', '{XX}', '1', 111, 999.85, '{A40,A52}', NULL, 'Code "M99" must be 5 characters'),
	('stu3-drug', 'pde-89', 1, 1, NULL, '1750384806', NULL, NULL, NULL, '2015-05-12', '2015-05-12', 'http://hl7.org/fhir/sid/ndc', '000000000', NULL, NULL, 60, NULL, NULL, NULL,
		'Code "000000000" is no HCPCS code: system "http://hl7.org/fhir/sid/ndc", national drug codes.'),
	('stu3-drug', 'pde-89', 2, NULL, '1.1', '1750384806', NULL, NULL, NULL, '2015-05-12', '2015-05-12', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Code must not be null.'),
	('r4-carrier', 'carrier-9991831999', 1, 6, NULL, '1923124', '8765676', '390200000X', '11', '1999-10-27', '1999-10-27', 'HC', '92999', '{LT}', NULL, 1, 75, '{A52}',
		'92999-LT x1 1999-10-27 dx=A52 specialty=390200000X referral=yes', NULL),
	('r4-inpatient', 'inpatient-333333222222', 1, 1, NULL, '345345345', NULL, '207ZH0000X', NULL, '2016-01-15', '2016-01-27', 'HC', 'M55', '{GG}', '6767', 77, 84888.88, '{A40,A52,A06,A15,B01}', NULL,
		'Code "M55" must be 5 characters'),
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 1, 1, NULL, '1942945159', NULL, NULL, '07', '2025-01-01', '2025-01-02', 'HC', '99213', NULL, '0636', 3, 50.11, '{M48.062}',
		'99213 x3 2025-01-01..2025-01-02 dx=M48.062', NULL),
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 2, 2, NULL, '1952378861', NULL, '207R00000X', '07', '2025-01-01', '2025-01-01', 'HC', '99453', '{A2,A5}', '0771', 3, NULL, '{M48.062,M48.062,M48.063,M47.817,E78.00}',
		'99453-A2-A5 x3 2025-01-01 dx=M48.062,M48.062,M48.063,M47.817,E78.00 specialty=207R00000X dxof=claim', NULL),
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 3, 3, NULL, '1952378861', NULL, '207R00000X', '07', '2025-01-01', '2025-01-01', NULL, NULL, '{99}', '0001', NULL, NULL, '{M48.062,M48.062,M48.063,M47.817,E78.00}', NULL,
		'Revenue line 0001, no procedure code.'),
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 4, 4, NULL, '1952378861', NULL, '207R00000X', '07', '2025-01-01', '2025-01-01', 'HC', 'J2270', NULL, '0636', 3, NULL, '{M48.062,M48.062,M48.063,M47.817,E78.00}',
		'J2270 x3 2025-01-01 dx=M48.062,M48.062,M48.063,M47.817,E78.00 specialty=207R00000X dxof=claim', NULL),
	-- in grams, which no unit of service is
	('r4-idr-carrier', 'NON-UNIQUE-ID-HERE', 5, NULL, '4.1', '1952378861', NULL, '207R00000X', '07', '2025-01-01', '2025-01-01', 'http://hl7.org/fhir/sid/ndc', '00409189001', NULL, '0636', NULL, NULL,
		'{M48.062,M48.062,M48.063,M47.817,E78.00}', NULL, 'Code "00409189001" is no HCPCS code'),
	('r4-idr-prior-authorization', '-Z8HZVZBG92X34', 1, 1, NULL, '1065725636', '1065725636', NULL, NULL, NULL, NULL, 'HC', 'G0299', NULL, NULL, NULL, NULL, NULL, NULL, 'Claim has use "preauthorization", must be claim.'),
	('r4-idr-prior-authorization', '-Z8HZVZBG92X34', 2, 2, NULL, '1065725636', '1065725636', NULL, NULL, NULL, NULL, 'HC', 'G0493', NULL, NULL, NULL, NULL, NULL, NULL, 'Claim has use "preauthorization"'),
	('r4-idr-prior-authorization', '-Z8HZVZBG92X34', 3, 3, NULL, '1065725636', '1065725636', NULL, NULL, NULL, NULL, 'HC', 'G0300', '{RR}', NULL, NULL, NULL, NULL, NULL, 'Claim has use "preauthorization"'),
	('r4-idr-pharmacy', 'PHARM-2024-0012345', 1, 1, NULL, '1942945159', NULL, NULL, NULL, '2024-01-15', '2024-01-15', 'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBCompoundLiteral', 'compound', NULL, NULL, NULL, 45.5, NULL, NULL,
		'Code "compound" is no HCPCS code'),
	('r4-idr-pharmacy', 'PHARM-2024-0012345', 2, NULL, '1.1', '1942945159', NULL, NULL, NULL, '2024-01-15', '2024-01-15', 'http://hl7.org/fhir/sid/ndc', '00071015523', NULL, NULL, 60, NULL, NULL, NULL, 'Code "00071015523" is no'),
	('stu3-bundle', 'pde-7060841642', 1, 1, NULL, '999999999999999', NULL, NULL, NULL, '2016-06-01', '2016-06-01', 'http://hl7.org/fhir/sid/ndc', '50111043301', NULL, NULL, 90, NULL, NULL, NULL, 'Code "50111043301" is no'),
	('stu3-bundle', 'pde-7060841642', 2, NULL, '1.1', '999999999999999', NULL, NULL, NULL, '2016-06-01', '2016-06-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Code must not be null.'),
	('stu3-bundle', 'pde-930361669', 3, 1, NULL, '999999999999999', NULL, NULL, NULL, '2016-02-01', '2016-02-01', 'http://hl7.org/fhir/sid/ndc', '00603373932', NULL, NULL, 90, NULL, NULL, NULL, 'Code "00603373932" is no');

SELECT results_eq($$SELECT name, segment, kind, claim_id, line_no, line_control, frequency, replaces, patient, subscriber, billing, rendering, referring, taxonomy, pos, bill_type, payer, dos, thru, qualifier, code, modifiers, revenue,
		units, minutes, days, charge, dx, icd, line FROM got ORDER BY name COLLATE "C", segment$$,
	$$SELECT name, segment, kind, claim_id, line_no, line_control, frequency, NULL::text, patient, NULL::text, billing, rendering, referring, taxonomy, pos, bill_type, payer, dos, thru, qualifier, code, modifiers, revenue,
		units, NULL::numeric, NULL::numeric, charge, dx, CASE WHEN dx IS NOT NULL THEN 10 END, line FROM eye JOIN claim USING (name, claim_id) ORDER BY name COLLATE "C", segment$$, 'the lines of public files are as they were read by eye');
SELECT is_empty($$SELECT name, segment, line_error, why FROM got JOIN eye USING (name, segment) WHERE starts_with(line_error, why) IS DISTINCT FROM true AND NOT (line_error IS NULL AND why IS NULL)$$, 'and so is what is no line');
SELECT is_empty($$SELECT f.name FROM file f WHERE (SELECT count(*) FROM got g WHERE g.name = f.name) <> jsonb_array_length(jsonb_path_query_array(f.body, 'strict $.**.item[*]')) + jsonb_array_length(jsonb_path_query_array(f.body, 'strict $.**.detail[*]'))$$,
	'a row each item and detail');
SELECT is_empty($$SELECT * FROM got WHERE (line IS NULL) AND line_error IS NULL$$, 'what is no line has its reason');

-- ------------------------------------------------------------- a part at a time

CREATE FUNCTION pg_temp.plain() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT '{"resourceType": "Claim", "id": "C1", "status": "active", "use": "claim", "patient": {"reference": "Patient/1"}, "provider": {"identifier": {"value": "B"}},
	"type": {"coding": [{"code": "professional"}]}, "billablePeriod": {"start": "2024-08-01", "end": "2024-08-03"},
	"diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.2"}]}}, {"sequence": 2, "diagnosisCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-9-cm", "code": "7231"}]}},
		{"sequence": 3, "diagnosisCodeableConcept": {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.90", "code": "M54.6"}]}}],
	"careTeam": [{"sequence": 1, "provider": {"identifier": {"value": "R"}}, "role": {"coding": [{"code": "primary"}]}}],
	"item": [{"sequence": 1, "diagnosisSequence": [1], "careTeamSequence": [1], "servicedDate": "2024-08-02", "quantity": {"value": 2}, "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97124"}]}}]}'::jsonb $$;
-- what becomes of its line with something else at a path: null takes away what is there
CREATE FUNCTION pg_temp.with(path text, v jsonb, more_path text = NULL, more jsonb = NULL) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN more_path IS NULL THEN a ELSE CASE WHEN more IS NULL THEN a #- more_path::text[] ELSE jsonb_set(a, more_path::text[], more) END END
	FROM (SELECT CASE WHEN v IS NULL THEN pg_temp.plain() #- path::text[] ELSE jsonb_set(pg_temp.plain(), path::text[], v) END) x(a) $$;
CREATE FUNCTION pg_temp.line(resource jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(concat_ws(' | ', line, line_error), E'\n' ORDER BY segment) FROM claim_lines_of_fhir(resource) $$;

SELECT is(pg_temp.line(pg_temp.plain()), '97124 x2 2024-08-02 dx=M54.2', 'a plain claim');
SELECT is(pg_temp.line(pg_temp.with(path, v, more_path, more)), want, format('%s %s', path, coalesce(v::text, 'taken away'))) FROM (VALUES
	('{status}', '"cancelled"'::jsonb, NULL::text, NULL::jsonb, 'Claim has status "cancelled", must be active.'),
	('{status}', '"draft"', NULL, NULL, 'Claim has status "draft", must be active.'),
	('{status}', '"entered-in-error"', NULL, NULL, 'Claim has status "entered-in-error", must be active.'),
	('{status}', '["active"]', NULL, NULL, 'Claim has status "["active"]", must be active.'),
	('{status}', NULL, NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{use}', '"predetermination"', NULL, NULL, 'Claim has use "predetermination", must be claim.'),
	('{use}', '"complete"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{use}', '"proposed"', NULL, NULL, 'Claim has use "proposed", must be claim.'),
	('{related}', '[{"claim": {"reference": "Claim/C2"}, "relationship": {"coding": [{"code": "replacedby"}]}}]', NULL, NULL, 'Claim was replaced by "C2".'),
	('{related}', '[{"claim": {"reference": "Claim/C2"}, "relationship": {"coding": [{"code": "associated"}]}}]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{supportingInfo}', '[{"code": {"coding": [{"system": "https://www.nubc.org/CodeSystem/TypeOfBill", "code": "0138"}]}}]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 reversal'),
	('{item,0,servicedDate}', '"2024-08"', NULL, NULL, 'Date of service is "2024-08", not a date.'),
	('{item,0,servicedDate}', '"2024"', NULL, NULL, 'Date of service is "2024", not a date.'),
	('{item,0,servicedDate}', '"2024-02-30"', NULL, NULL, 'Date of service is "2024-02-30", not a date.'),
	('{item,0,servicedDate}', '20240801', NULL, NULL, 'Date of service is "20240801", not a date.'),
	('{item,0,servicedDate}', '"2024-08-02T23:30:00-05:00"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,servicedDate}', NULL, NULL, NULL, '97124 x2 2024-08-01..2024-08-03 dx=M54.2'),
	('{item,0,servicedDate}', NULL, '{item,0,servicedPeriod}', '{"start": "2024-08-02", "end": "2024-08"}', '97124 x2 2024-08-02 dx=M54.2 unread=thru | Last date of service is "2024-08", not a date.'),
	('{item,0,servicedDate}', NULL, '{item,0,servicedPeriod}', '{"start": "2024-08-02"}', '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,servicedDate}', NULL, '{item,0,servicedPeriod}', '{"start": "2024-08-02", "end": "2024-08-04"}', '97124 x2 2024-08-02..2024-08-04 dx=M54.2'),
	('{item,0,servicedDate}', NULL, '{item,0,servicedPeriod}', '{"end": "2024-08-02"}', 'Date of service is not known: the period that ends "2024-08-02" has no start.'),
	('{item,0,servicedDate}', NULL, '{billablePeriod}', NULL, '97124 x2 dx=M54.2'),
	('{item,0,servicedDate}', NULL, '{billablePeriod}', '{"extension": []}', '97124 x2 dx=M54.2'),
	('{item,0,quantity}', NULL, NULL, NULL, 'Units must not be null.'),
	('{item,0,quantity,value}', '"2"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Units are the text "2", read as a number.'),
	('{item,0,quantity,value}', '"two"', NULL, NULL, 'Units are "two", not a number.'),
	('{item,0,quantity,value}', '[2]', NULL, NULL, 'Units are {"value": [2]}, not a quantity.'),
	('{item,0,quantity}', '2', NULL, NULL, 'Units are 2, not a quantity.'),
	('{item,0,quantity,value}', '-2', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 reversal'),
	('{item,0,quantity,value}', '1.5', NULL, NULL, '97124 x1.5 2024-08-02 dx=M54.2'),
	('{item,0,quantity}', '{"value": 22, "unit": "min"}', NULL, NULL, '97124 x1 22min 2024-08-02 dx=M54.2'),
	('{item,0,quantity}', '{"value": 22, "unit": "Minutes"}', NULL, NULL, '97124 x1 22min 2024-08-02 dx=M54.2'),
	('{item,0,quantity}', '{"value": 2, "unit": "visits", "code": "{unit}"}', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,quantity}', '{"value": 4, "unit": "ML"}', NULL, NULL, 'Units are measured in "ML", must be units, days or minutes.'),
	('{item,0,sequence}', '0', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Item is numbered 0, must be a whole number from 1.'),
	('{item,0,sequence}', '-3', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Item is numbered -3, must be a whole number from 1.'),
	('{item,0,sequence}', '"one"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Item is numbered "one", must be a whole number from 1.'),
	('{item,0,sequence}', NULL, NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService}', NULL, '{item,0,service}', '{"coding": [{"system": "https://bluebutton.cms.gov/resources/codesystem/hcpcs", "code": "97140"}]}', '97140 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService}', NULL, NULL, NULL, 'Code must not be null.'),
	('{item,0,productOrService}', '{"text": "97124"}', NULL, NULL, 'Code must not be null.'),
	('{item,0,productOrService,coding,0,system}', NULL, NULL, NULL, 'Code "97124" has no system, must be of HCPCS or CPT.'),
	('{item,0,productOrService,coding,0,system}', '"urn:oid:2.16.840.1.113883.6.285"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService,coding,0,system}', '"urn:oid:2.16.840.1.113883.6.12|2024"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService,coding,0,system}', '"http://www.ama-assn.org/go/cpt/assistant"', NULL, NULL, 'Code "97124" is no HCPCS code: system "http://www.ama-assn.org/go/cpt/assistant".'),
	('{item,0,productOrService,coding,0,system}', '"http://snomed.info/sct"', NULL, NULL, 'Code "97124" is no HCPCS code: system "http://snomed.info/sct", SNOMED CT.'),
	('{item,0,productOrService,coding}', '[{"system": "http://snomed.info/sct", "code": "387854002"}, {"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "G0283"}]', NULL, NULL, 'G0283 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService,coding}', '[{"system": "http://www.ada.org/cdt", "code": "D0120"}]', NULL, NULL, 'D0120 x2 2024-08-02 dx=M54.2'),
	('{item,0,productOrService,coding}', '[{"system": "http://www.ada.org/cdt", "code": "0120"}]', NULL, NULL, 'Code "0120" is no HCPCS code: system "http://www.ada.org/cdt", AD.'),
	('{item,0,modifier}', '[{"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "59"}]}, {"coding": [{"system": "urn:x", "code": "zz"}, {"system": "urn:oid:2.16.840.1.113883.6.285", "code": "GP"}]}]', NULL, NULL, '97124-59-GP x2 2024-08-02 dx=M54.2'),
	('{item,0,modifier}', '[{"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "59"}, {"system": "urn:oid:2.16.840.1.113883.6.285", "code": "59"}, {"system": "urn:oid:2.16.840.1.113883.6.285", "code": "GP"}]}]', NULL, NULL, '97124-59-GP x2 2024-08-02 dx=M54.2'),
	('{item,0,modifier}', '[{"coding": [{"system": "urn:x", "code": "59"}]}, {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "GP"}]}]', NULL, NULL, '97124-GP x2 2024-08-02 dx=M54.2 unread=modifiers | Modifier "59" is no HCPCS modifier: system "urn:x".'),
	('{item,0,modifier}', '[{"coding": [{"code": "59"}]}]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 unread=modifiers | Modifier "59" has no system, must be of HCPCS or CPT.'),
	('{item,0,modifier}', '"59"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 unread=modifiers | Modifier is "59", must have a code.'),
	('{item,0,diagnosisSequence}', '[3, 1]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.6,M54.2'),
	('{item,0,diagnosisSequence}', '[1, 2]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 unread=dx | Diagnosis "7231" is of ICD-9-CM.'),
	('{item,0,diagnosisSequence}', '[1, 7]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 unread=dx | Line points to diagnosis 7, the claim has none of that number.'),
	('{item,0,diagnosisSequence}', '[0, 1]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 unread=dx | Line points to diagnosis 0, the claim has none of that number.'),
	('{item,0,diagnosisSequence}', NULL, NULL, NULL, '97124 x2 2024-08-02 dx=M54.2,M54.6 dxof=claim unread=dx | Diagnosis "7231" is of ICD-9-CM.'),
	('{item,0,diagnosisSequence}', NULL, '{item,0,diagnosisLinkId}', '[3]', '97124 x2 2024-08-02 dx=M54.6'),
	('{diagnosis}', '"none"', NULL, NULL, '97124 x2 2024-08-02 unread=dx | Line points to diagnosis 1, the claim has none of that number.'),
	('{item,0,net}', '{"value": "dear"}', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Charge is "dear", not an amount.'),
	('{item,0,net}', '{"value": -60.00}', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 reversal'),
	('{item,0}', '"97124"', NULL, NULL, 'Item is "97124", must be an object.'),
	('{item}', '"97124"', NULL, NULL, 'Item is "97124", must be an object.'),
	('{item}', '[]', NULL, NULL, 'Claim has no item.'),
	('{item}', NULL, NULL, NULL, 'Claim has no item.'),
	('{item,0,careTeamSequence}', '[1, 4]', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Item names 4 of the care team, the claim has none of that number.'),
	('{careTeam}', '"R"', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Item names 1 of the care team, the claim has none of that number.'),
	('{patient}', NULL, NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 | Claim has no patient.'),
	('{referral}', '{"reference": "ServiceRequest/1"}', NULL, NULL, '97124 x2 2024-08-02 dx=M54.2 referral=yes')
) v(path, v, more_path, more, want);

-- who: of the item, else of the claim, else who bills
SELECT is((SELECT concat_ws(' ', rendering, coalesce(referring, '-'), coalesce(taxonomy, '-')) FROM claim_lines_of_fhir(pg_temp.with('{careTeam}', team, '{item,0,careTeamSequence}', links))), want, what) FROM (VALUES
	('[{"sequence": 1, "provider": {"identifier": {"value": "A"}}, "role": {"coding": [{"code": "assist"}]}}, {"sequence": 2, "provider": {"identifier": {"value": "R"}}, "role": {"coding": [{"code": "primary"}]}}]'::jsonb, '[1, 2]'::jsonb, 'R - -', 'who assists does not render'),
	('[{"sequence": 1, "provider": {"identifier": {"value": "P"}}, "role": {"coding": [{"code": "primary"}]}}, {"sequence": 2, "provider": {"identifier": {"value": "R"}}, "role": {"coding": [{"code": "performing"}]},
		"qualification": {"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "111N00000X"}]}}]', '[1, 2]', 'R - 111N00000X', 'who performs goes before who is primary'),
	('[{"sequence": 1, "provider": {"identifier": {"value": "F"}}, "role": {"coding": [{"code": "referring"}]}}, {"sequence": 2, "provider": {"identifier": {"value": "R"}}}]', NULL, 'R F -', 'nobody named by an item is of the whole claim; without a role he renders'),
	('[{"sequence": 1, "provider": {"identifier": {"value": "R"}}}, {"sequence": 2, "provider": {"identifier": {"value": "S"}}}]', NULL, 'B - -', 'of two who could have rendered none is picked'),
	('[{"sequence": 1, "provider": {"identifier": {"value": "R"}}}, {"sequence": 2, "provider": {"identifier": {"value": "R"}}}]', NULL, 'R - -', 'unless they are one'),
	('[{"sequence": 9, "provider": {"identifier": {"value": "R"}}}]', '[7]', 'R - -', 'a number that nobody has names nobody'),
	('[]', '[1]', 'B - -', 'an empty team'),
	('"R"', '[1]', 'B - -', 'a text for a team')) v(team, links, want, what);
SELECT is((SELECT concat_ws(' ', patient, billing, rendering, payer, replaces, frequency) FROM claim_lines_of_fhir(pg_temp.plain() || '{"contained": [{"resourceType": "Organization", "id": "org", "name": "CLINIC"}, {"resourceType": "Patient", "id": "p",
		"identifier": [{"value": "MRN1"}, {"type": {"coding": [{"code": "MB"}]}, "value": "M1"}]}, {"resourceType": "Practitioner", "id": "dr", "identifier": [{"system": "urn:oid:2.16.840.1.113883.4.4", "value": "12-3456789"}, {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999000001"}]}],
	"patient": {"reference": "#p"}, "provider": {"reference": "#org"}, "insurer": {"display": "PAYER"}, "careTeam": [{"sequence": 1, "provider": {"reference": "#dr"}}],
	"related": [{"relationship": {"coding": [{"code": "prior"}]}, "reference": {"value": "ICN1"}}]}'::jsonb)), 'M1 CLINIC 1999000001 PAYER ICN1 7', 'numbers of contained resources; what a claim replaces');
SELECT is((SELECT concat_ws(' ', patient, billing, rendering, payer, replaces) FROM claim_lines_of_fhir(pg_temp.plain() || '{"patient": {"reference": "Patient/1/_history/3"}, "provider": {"reference": "Organization/7"}, "insurer": {"reference": "Organization/8"},
	"careTeam": [{"sequence": 1, "provider": {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1999000001"}}], "related": {"relationship": {"coding": [{"code": "prior"}]}, "claim": {"reference": "https://x.example/Claim/C0/_history/1"}}}'::jsonb)),
	'Patient/1 Organization/7 1999000001 Organization/8 C0', 'references as they are, without their version');
SELECT is((SELECT string_agg(concat_ws(' ', segment, claim_id, rendering, billing, code, array_to_string(dx, ','), line_error), E'\n' ORDER BY segment) FROM claim_lines_of_fhir(jsonb_build_object('resourceType', 'Bundle', 'entry', jsonb_build_array(
	jsonb_build_object('resource', pg_temp.plain() || '{"provider": {"reference": "Organization/7"}, "careTeam": [{"sequence": 1, "provider": {"reference": "urn:uuid:r"}}], "diagnosis": [{"sequence": 1, "diagnosisReference": {"reference": "Condition/c"}}]}'),
	'{"fullUrl": "urn:uuid:r", "resource": {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d"}}}'::jsonb,
	'{"fullUrl": "https://x.example/Practitioner/d", "resource": {"resourceType": "Practitioner", "id": "d", "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999000001"}]}}'::jsonb,
	'{"fullUrl": "https://x.example/Condition/c", "resource": {"resourceType": "Condition", "id": "c", "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.2"}]}}}'::jsonb,
	'{"response": {"status": "200"}}'::jsonb, '"lost"'::jsonb, '{"resource": {"id": "x"}}'::jsonb,
	jsonb_build_object('resource', jsonb_build_object('resourceType', 'Bundle', 'entry', jsonb_build_array(jsonb_build_object('resource', pg_temp.plain() || '{"id": "C2"}'))))))) l),
	E'1 C1 1999000001 Organization/7 97124 M54.2\n2 Entry 6 of the bundle is no resource.\n3 Entry 7 of the bundle is no resource.\n4 C2 R B 97124 M54.2', 'a bundle: what its claims refer to, what is no resource, a bundle in it');
SELECT is_empty($$SELECT * FROM claim_lines_of_fhir('{"resourceType": "Bundle", "total": 0}')$$, 'an empty bundle has no lines');
SELECT is_empty($$SELECT * FROM claim_lines_of_fhir(NULL)$$, 'nor has null');

-- who a reference leads to. A team of one, by a reference; what is contained in the claim; what the bundle has beside it; who renders, and who bills by the same reference
CREATE FUNCTION pg_temp.led(reference text, contained jsonb, beside jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN l.rendering = l.billing THEN l.rendering ELSE format('%s renders, %s bills', l.rendering, l.billing) END FROM jsonb_build_object('provider', reference::jsonb) p(v),
		claim_lines_of_fhir(jsonb_build_object('resourceType', 'Bundle', 'entry', jsonb_build_array(jsonb_build_object('resource', pg_temp.plain() || p.v || jsonb_strip_nulls(jsonb_build_object('contained', contained)) || jsonb_build_object('careTeam', jsonb_build_array(p.v || '{"sequence": 1}'))))
			|| coalesce(beside, '[]'))) l $$;
CREATE TEMP TABLE part AS SELECT '{"identifier": [{"system": "urn:x", "value": "D-OWN"}, {"system": "urn:oid:2.16.840.1.113883.4.4", "value": "D-TAX"}, {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1000000001"}]}'::jsonb AS doctor,
	'{"identifier": [{"type": {"coding": [{"code": "NPI"}]}, "value": "2000000002"}], "name": "CLINIC"}'::jsonb AS clinic, '{"identifier": [{"system": "urn:x", "value": "ROLE"}]}'::jsonb AS own;
CREATE FUNCTION pg_temp.is_a(type text, id text, v jsonb, url text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_strip_nulls(jsonb_build_object('fullUrl', url, 'resource', v || jsonb_build_object('resourceType', type, 'id', id))) $$;
SELECT is(pg_temp.led(reference, contained, beside), want, what) FROM part, LATERAL (VALUES
	('a contained role', '{"reference": "#r"}', jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "#d"}, "organization": {"reference": "#o"}}') -> 'resource', pg_temp.is_a('Practitioner', 'd', doctor) -> 'resource', pg_temp.is_a('Organization', 'o', clinic) -> 'resource'), NULL, '1000000001'),
	('a role in the bundle', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "Practitioner/d"}, "organization": {"reference": "Organization/o"}}'), pg_temp.is_a('Practitioner', 'd', doctor), pg_temp.is_a('Organization', 'o', clinic)), '1000000001'),
	('a contained role of somebody in the bundle', '{"reference": "#r"}', jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "Practitioner/d/_history/2"}}') -> 'resource'), jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'https://x.example/fhir/Practitioner/d')), '1000000001'),
	('a role that contains whose it is', '{"reference": "PractitionerRole/r"}', jsonb_build_array(pg_temp.is_a('Practitioner', 'd', clinic) -> 'resource'), jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || jsonb_build_object('practitioner', '{"reference": "#d"}'::jsonb, 'contained', jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor) -> 'resource')))), '1000000001'),
	('a role that names whose it is', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1000000001"}}}')), '1000000001'),
	('the NPI of a role', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', clinic || '{"practitioner": {"reference": "Practitioner/d"}}'), pg_temp.is_a('Practitioner', 'd', own)), '2000000002'),
	('a role of nobody', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"organization": {"reference": "Organization/o"}}'), pg_temp.is_a('Organization', 'o', clinic)), '2000000002'),
	('nor of an organization', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own)), 'ROLE'), ('a role without any number', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', '{}')), 'PractitionerRole/r'),
	('a person without a number', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', '{"practitioner": {"reference": "Practitioner/d"}, "organization": {"reference": "Organization/o"}}'), pg_temp.is_a('Organization', 'o', clinic)), 'Practitioner/d'),
	('a name alone', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', '{"practitioner": {"display": "Dr One"}, "organization": {"reference": "Organization/o"}}'), pg_temp.is_a('Organization', 'o', clinic)), '2000000002'),
	('an identifier alone', '{"type": "Practitioner", "identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1000000001"}}', NULL, NULL, '1000000001'), ('beside what has an NPI', '{"reference": "#d", "identifier": {"value": "LOCAL"}}', jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor) -> 'resource'), NULL, '1000000001'),
	('urn:uuid', '{"reference": "urn:uuid:6a1f0c9e-0000-4000-8000-000000000001"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'urn:uuid:6a1f0c9e-0000-4000-8000-000000000001')), '1000000001'),
	('urn:uuid of a role', '{"reference": "urn:uuid:r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "urn:uuid:d"}}', 'urn:uuid:r'), pg_temp.is_a('Practitioner', 'x', doctor, 'urn:uuid:d')), '1000000001'),
	('a version', '{"reference": "Practitioner/d/_history/1"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor)), '1000000001'), ('a version of an address', '{"reference": "https://x.example/fhir/Practitioner/d/_history/1"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'https://x.example/fhir/Practitioner/d/_history/4')), '1000000001'),
	('an address', '{"reference": "https://x.example/fhir/Practitioner/d"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'https://x.example/fhir/Practitioner/d')), '1000000001'), ('an address, in a bundle of uuids', '{"reference": "https://x.example/fhir/Practitioner/d"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'urn:uuid:d')), '1000000001'),
	('another address', '{"reference": "https://y.example/fhir/Practitioner/d"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', 'd', doctor, 'https://x.example/fhir/Practitioner/d')), 'https://y.example/fhir/Practitioner/d'),
	('an address for what has no id', '{"reference": "Practitioner/d"}', NULL, jsonb_build_array(pg_temp.is_a('Practitioner', NULL, doctor, 'https://x.example/fhir/Practitioner/d')), '1000000001'), ('a number of old', '{"reference": "#d"}', jsonb_build_array(pg_temp.is_a('Practitioner', 'd', '{"identifier": [{"use": "old", "system": "http://hl7.org/fhir/sid/us-npi", "value": "1000000009"}, {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1000000001"}]}') -> 'resource'), NULL, '1000000001'),
	('himself for whose role he is', '{"reference": "PractitionerRole/r"}', NULL, jsonb_build_array(pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "PractitionerRole/r"}, "organization": {"reference": "PractitionerRole/r"}}')), 'ROLE')) v(what, reference, contained, beside, want);
-- who wrote a referral, which has a number of its own
SELECT is((SELECT concat_ws(' ', referring, line_referral(line)::text) FROM claim_lines_of_fhir(pg_temp.plain() || jsonb_build_object('referral', '{"reference": "#s"}'::jsonb, 'contained', jsonb_build_array(request || '{"id": "s", "identifier": [{"value": "ORDER1"}]}',
	pg_temp.is_a('PractitionerRole', 'r', own || '{"practitioner": {"reference": "#d"}}') -> 'resource', pg_temp.is_a('Practitioner', 'd', doctor) -> 'resource')))), want, request::text) FROM part, (VALUES
	('{"resourceType": "ServiceRequest", "requester": {"reference": "#r"}}'::jsonb, '1000000001 true'), ('{"resourceType": "ReferralRequest", "requester": {"agent": {"reference": "#d"}, "onBehalfOf": {"reference": "#o"}}}', '1000000001 true'),
	('{"resourceType": "ReferralRequest", "requester": {"agent": {"identifier": {"value": "A"}}}}', 'A true'), ('{"resourceType": "ServiceRequest"}', 'true'), ('{"resourceType": "ServiceRequest", "requester": {"reference": "Practitioner/9"}}', 'Practitioner/9 true')) v(request, want);

-- details and theirs
SELECT is((SELECT string_agg(concat_ws(' ', coalesce(line_no::text, '-'), line_control, rendering, charge, line, line_error), E'\n' ORDER BY segment) FROM claim_lines_of_fhir(pg_temp.with('{item,0,detail}', '[
	{"sequence": 1, "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97140"}]}, "quantity": {"value": 1}, "net": {"value": 40}, "subDetail": [
		{"sequence": 2, "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97110"}]}, "quantity": {"value": 3}, "modifier": [{"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "59"}]}]}]},
	{"quantity": {"value": 1}}]'))),
	E'1 R 97124 x2 2024-08-02 dx=M54.2\n- 1.1 R 40 97140 x1 2024-08-02 dx=M54.2\n- 1.1.2 R 97110-59 x3 2024-08-02 dx=M54.2\n- 1.2 R Code must not be null.', 'a detail is a line of its own, of the date, the people and the diagnoses of its item');
-- who knows another system of HCPCS codes says so
INSERT INTO claim_fhir_word (field, word, meaning, source) VALUES ('procedure', 'https://payer.example/codes', 'HC', 'our payer');
SELECT is(pg_temp.line(pg_temp.with('{item,0,productOrService,coding,0,system}', '"https://payer.example/Codes"')), '97124 x2 2024-08-02 dx=M54.2', 'a system of one''s own');
SELECT throws_ok('DELETE FROM claim_fhir_word', '55000', NULL, 'what is shipped stays');

-- what is no claim
CREATE FUNCTION pg_temp.fails(v jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
	PERFORM claim_lines_of_fhir(v);
	RETURN 'no error';
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLERRM, d, h);
END $$;
SELECT is(pg_temp.fails('{"resourceType": "Patient"}'), 'not a FHIR claim | The resourceType is "Patient", must be ExplanationOfBenefit, Claim or Bundle. | A resource at a time is read; of a file with one a line, call it for each line.', 'a patient');
SELECT is(pg_temp.fails('{"resourceType": 7}'), 'not a FHIR claim | The resourceType is 7, must be ExplanationOfBenefit, Claim or Bundle. | A resource at a time is read; of a file with one a line, call it for each line.', 'a number');
SELECT is(pg_temp.fails('{}'), 'not a FHIR claim | The object has no resourceType, must have ExplanationOfBenefit, Claim or Bundle. | A resource at a time is read; of a file with one a line, call it for each line.', 'an object');
SELECT is(pg_temp.fails('[{"resourceType": "Claim"}]'), 'not a FHIR claim | The value is of type array, must be an object with a resourceType. | Call it for each element: jsonb_array_elements(value).', 'an array');
SELECT is(pg_temp.fails('"Claim"'), 'not a FHIR claim | The value is of type string, must be an object with a resourceType. | A resource at a time is read; of a file with one a line, call it for each line.', 'a text');
SELECT is((SELECT count(*) FROM claim_fhir_word WHERE shipped AND (source = '' OR meaning = '')), 0::bigint, 'every word has its meaning and its source');
SELECT * FROM finish();

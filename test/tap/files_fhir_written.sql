-- Random claims, written as FHIR by this file, come back as they were: STU3 and R4, resources and bundles, whatever the order of lists, with what nobody asked
-- for between. Then the same resources with nodes taken away or replaced at random: a row with its reason, or the error, and nothing else.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();

-- ------------------------------------------------------------- what is claimed

CREATE FUNCTION pg_temp.one(list text[], key bigint, seed int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT list[1 + draw(key, seed, cardinality(list))] $$;
CREATE TEMP TABLE claim AS SELECT k AS key, 'C' || k AS id, draw(k, 1, 2) = 0 AS stu3, draw(k, 2, 3) = 0 AS in_bundle, pg_temp.one('{professional,institutional,oral,pharmacy,vision}', k, 3) AS type,
		'Patient/' || draw(k, 4, 50) AS patient, draw(k, 5, 4) = 0 AS by_reference, draw(k, 6, 5) = 0 AS contained, CASE WHEN draw(k, 7, 6) = 0 THEN 'C0' || k END AS replaces,
		CASE WHEN draw(k, 8, 3) = 0 THEN '13' || (1 + draw(k, 9, 2) * 7) END AS bill, date '2021-01-01' + draw(k, 10, 1000) AS starts, draw(k, 11, 4) AS days, CASE WHEN draw(k, 12, 3) = 0 THEN 'F' || k END AS refers,
		draw(k, 13, 3) AS who, draw(k, 14, 7) AS n_dx, draw(k, 15, 5) = 0 AS icd9
	FROM generate_series(1, 400) k;
CREATE TEMP TABLE dx AS SELECT c.key, d, 10 + d * 3 AS sequence, CASE WHEN c.icd9 AND d = 1 THEN '7231' ELSE pg_temp.one('{M54.2,M54.50,M99.01,I10,S13.4XXA,Z00.00,E11.9}', c.key * 100 + d, 20) END AS code, CASE WHEN c.icd9 AND d = 1 THEN 9 ELSE 10 END AS icd
	FROM claim c, generate_series(1, c.n_dx) d;
CREATE TEMP TABLE line AS SELECT c.key AS claim, c.key * 10 + n AS key, n, pg_temp.one('{97124,97140,98941,99213,G0283,J2270,0591T,D0120}', c.key * 10 + n, 30) AS code, draw(c.key * 10 + n, 31, 9) = 0 AS is_drug,
		ARRAY(SELECT pg_temp.one('{59,GP,AT,25,LT,KX,XS}', (c.key * 10 + n) * 10 + m, 32) FROM generate_series(1, draw(c.key * 10 + n, 33, 5)) m) AS modifiers,
		(ARRAY[1, 2, 3, 1.5, 4, 0.125, 20])[1 + draw(c.key * 10 + n, 34, 7)]::numeric AS units, (ARRAY['', '', 'UN', 'min', 'd'])[1 + draw(c.key * 10 + n, 35, 5)] AS measure, draw(c.key * 10 + n, 36, 3) AS date_of,
		draw(c.key * 10 + n, 37, 5) AS from_day, draw(c.key * 10 + n, 38, 3) AS more, CASE WHEN draw(c.key * 10 + n, 39, 4) > 0 THEN (draw(c.key * 10 + n, 40, 100000) - 2000) / 100.0 END AS charge, draw(c.key * 10 + n, 41, 2) = 0 AS net,
		draw(c.key * 10 + n, 42, 2) = 0 AS has_taxonomy, (ARRAY['11', '12', '22', NULL])[1 + draw(c.key * 10 + n, 43, 4)] AS pos, CASE WHEN draw(c.key * 10 + n, 44, 3) = 0 THEN '04' || (20 + n) END AS revenue
	FROM claim c, generate_series(1, 1 + draw(c.key, 16, 4)) n;
-- up to four diagnoses, in an order of its own; of none, the claim's
CREATE TEMP TABLE pointer AS SELECT l.key, p, 1 + draw(l.key * 10 + p, 50, c.n_dx) AS d FROM line l JOIN claim c ON c.key = l.claim, generate_series(1, draw(l.key, 51, 5)) p WHERE c.n_dx > 0;

-- who: 0 each line's own, 1 the claim's, 2 who bills. A line's own has the number of the line in the team
CREATE TEMP TABLE expected AS
SELECT l.claim, l.n AS line_no, CASE c.type WHEN 'oral' THEN 'dental' ELSE c.type END AS kind, c.id AS claim_id, coalesce(right(c.bill, 1), CASE WHEN c.replaces IS NOT NULL THEN '7' END) AS frequency, c.replaces, c.patient, '9' || c.key AS billing,
	CASE c.who WHEN 0 THEN 'R' || l.key WHEN 1 THEN 'R' || c.key ELSE '9' || c.key END AS rendering, c.refers AS referring, CASE WHEN c.who = 0 AND l.has_taxonomy THEN '111N00000X' END AS taxonomy,
	CASE WHEN c.type <> 'institutional' THEN l.pos END AS pos, c.bill AS bill_type, 'PAYER' AS payer, d.dos, d.thru, CASE WHEN l.is_drug THEN 'http://hl7.org/fhir/sid/ndc' ELSE 'HC' END AS qualifier, CASE WHEN l.is_drug THEN '00071015523' ELSE l.code END AS code,
	NULLIF(l.modifiers, '{}') AS modifiers, l.revenue, CASE WHEN l.measure <> 'min' THEN l.units END AS units, CASE WHEN l.measure = 'min' THEN ceil(l.units) END AS minutes, CASE WHEN l.measure = 'd' THEN l.units END AS days, l.charge, x.dx, x.icd, x.of_claim,
	CASE WHEN NOT l.is_drug THEN claimline(l.code, l.modifiers, CASE WHEN l.measure = 'min' THEN 1 ELSE l.units END, CASE WHEN l.measure = 'min' THEN ceil(l.units) END::int, d.dos, NULL, x.icd10, NULL, CASE WHEN c.who = 0 AND l.has_taxonomy THEN '111N00000X' END,
		CASE WHEN c.refers IS NOT NULL THEN true END, NULL, d.thru, CASE WHEN x.of_claim AND cardinality(x.dx) > 1 AND x.icd = 10 THEN 'claim' END, coalesce(c.bill LIKE '%8', false) OR coalesce(l.charge < 0, false)) END AS line
FROM line l JOIN claim c ON c.key = l.claim,
	LATERAL (SELECT CASE l.date_of WHEN 2 THEN c.starts ELSE c.starts + l.from_day END AS dos, CASE l.date_of WHEN 0 THEN c.starts + l.from_day WHEN 1 THEN c.starts + l.from_day + l.more ELSE c.starts + c.days END AS thru) d,
	LATERAL (SELECT array_agg(x.code ORDER BY x.p) AS dx, array_agg(x.code ORDER BY x.p) FILTER (WHERE x.icd = 10) AS icd10, min(x.icd) AS icd, bool_or(x.is_own) IS NOT TRUE AS of_claim FROM (
		SELECT p.p, dx.code, dx.icd, true AS is_own FROM pointer p JOIN dx ON dx.key = l.claim AND dx.d = p.d WHERE p.key = l.key
		UNION ALL SELECT dx.d, dx.code, dx.icd, false FROM dx WHERE dx.key = l.claim AND NOT EXISTS (SELECT FROM pointer p WHERE p.key = l.key)) x) x;

-- ---------------------------------------------------------------- as it is written

CREATE FUNCTION pg_temp.concept(system text, code text, key bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('text', 'x', 'coding', CASE WHEN draw(key, 60, 2) = 0 THEN '[{"system": "urn:noise", "code": "N1", "display": "x"}]'::jsonb ELSE '[]' END || jsonb_build_object('system', system, 'code', code)
		|| CASE WHEN draw(key, 61, 3) = 0 THEN '[{"system": "urn:more", "code": "N2"}]'::jsonb ELSE '[]' END)) $$;
CREATE FUNCTION pg_temp.npi(number text, key bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE draw(key, 62, 2) WHEN 0 THEN '[{"system": "urn:other", "value": "0"}]'::jsonb ELSE '[]' END || CASE draw(key, 63, 2) WHEN 0 THEN jsonb_build_object('system', 'http://hl7.org/fhir/sid/us-npi', 'value', number)
		ELSE jsonb_build_object('type', '{"coding": [{"code": "NPI"}]}'::jsonb, 'value', number) END $$;
CREATE FUNCTION pg_temp.hcpcs(key bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_temp.one('{http://www.ama-assn.org/go/cpt,https://bluebutton.cms.gov/resources/codesystem/hcpcs,https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets,urn:oid:2.16.840.1.113883.6.12,urn:oid:2.16.840.1.113883.6.285}', key, 64) $$;

CREATE TEMP TABLE item AS SELECT l.claim, l.n, jsonb_strip_nulls(jsonb_build_object('sequence', l.n, 'careTeamSequence', CASE WHEN NOT c.stu3 THEN t.v END, 'careTeamLinkId', CASE WHEN c.stu3 THEN t.v END,
		'diagnosisSequence', CASE WHEN NOT c.stu3 THEN p.v END, 'diagnosisLinkId', CASE WHEN c.stu3 THEN p.v END, 'category', '{"text": "x"}'::jsonb,
		CASE WHEN c.stu3 THEN 'service' ELSE 'productOrService' END, CASE WHEN l.is_drug THEN pg_temp.concept('http://hl7.org/fhir/sid/ndc', '00071015523', l.key) - '' ELSE pg_temp.concept(pg_temp.hcpcs(l.key), l.code, l.key) END,
		'modifier', (SELECT jsonb_agg(pg_temp.concept(pg_temp.hcpcs(l.key + o), m, l.key + o) ORDER BY o) FROM unnest(l.modifiers) WITH ORDINALITY m(m, o)),
		'servicedDate', CASE WHEN l.date_of = 0 THEN e.dos END, 'servicedPeriod', CASE WHEN l.date_of = 1 THEN jsonb_build_object('start', e.dos, 'end', e.thru::text || CASE WHEN draw(l.key, 65, 2) = 0 THEN 'T23:59:59-08:00' ELSE '' END) END,
		'quantity', jsonb_build_object('value', CASE WHEN l.measure = 'min' THEN ceil(l.units) ELSE l.units END) || CASE l.measure WHEN '' THEN '{}' WHEN 'UN' THEN '{"unit": "UN"}' ELSE jsonb_build_object('unit', 'x', 'system', 'http://unitsofmeasure.org', 'code', l.measure) END,
		'net', CASE WHEN l.net THEN jsonb_build_object('value', l.charge, 'currency', 'USD') END,
		'adjudication', CASE WHEN NOT l.net THEN jsonb_build_array('{"category": {"coding": [{"code": "benefit"}]}, "amount": {"value": 1}}'::jsonb, jsonb_build_object('category', pg_temp.concept('http://terminology.hl7.org/CodeSystem/adjudication', 'submitted', l.key),
			'amount', jsonb_build_object('value', l.charge))) END,
		'locationCodeableConcept', CASE WHEN l.pos IS NOT NULL THEN pg_temp.concept('https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set', l.pos, l.key) END,
		'revenue', CASE WHEN l.revenue IS NOT NULL THEN pg_temp.concept('https://www.nubc.org/CodeSystem/RevenueCodes', l.revenue, l.key) END)) AS v
	FROM line l JOIN claim c ON c.key = l.claim JOIN expected e ON e.claim = l.claim AND e.line_no = l.n,
		LATERAL (SELECT CASE WHEN c.who = 0 THEN jsonb_build_array(900, 100 + l.n) END) t(v), LATERAL (SELECT jsonb_agg(10 + p.d * 3 ORDER BY p.p) FROM pointer p WHERE p.key = l.key) p(v);
UPDATE item SET v = v #- '{net}' WHERE v -> 'net' ->> 'value' IS NULL;
UPDATE item SET v = v #- '{adjudication,1}' WHERE v #> '{adjudication,1}' IS NOT NULL AND v #> '{adjudication,1,amount,value}' IS NULL;
CREATE TEMP TABLE member AS SELECT c.key, 100 + l.n AS sequence, 'R' || l.key AS number, CASE WHEN c.stu3 THEN 'primary' ELSE 'performing' END AS role, l.has_taxonomy FROM claim c JOIN line l ON l.claim = c.key WHERE c.who = 0
	UNION ALL SELECT key, 7, 'R' || key, 'rendering', false FROM claim WHERE who = 1
	UNION ALL SELECT key, 8, refers, 'referring', true FROM claim WHERE refers IS NOT NULL
	UNION ALL SELECT key, 900, 'X' || key, 'assist', false FROM claim;
CREATE TEMP TABLE written AS SELECT c.key, c.in_bundle, jsonb_strip_nulls(jsonb_build_object('resourceType', pg_temp.one('{Claim,ExplanationOfBenefit}', c.key, 70), 'id', c.id, 'status', 'active', 'use', CASE WHEN NOT c.stu3 THEN 'claim' END,
		'type', pg_temp.concept('http://terminology.hl7.org/CodeSystem/claim-type', c.type, c.key), 'patient', jsonb_build_object('reference', c.patient), 'insurer', '{"identifier": {"value": "PAYER"}}'::jsonb,
		'billablePeriod', jsonb_build_object('start', c.starts, 'end', c.starts + c.days),
		'contained', CASE WHEN c.contained THEN jsonb_build_array(jsonb_build_object('resourceType', 'Organization', 'id', 'b', 'identifier', pg_temp.npi('9' || c.key, c.key))) END,
		'provider', CASE WHEN c.contained THEN '{"reference": "#b"}' WHEN c.in_bundle AND c.by_reference THEN jsonb_build_object('reference', 'Organization/' || c.key) ELSE jsonb_build_object('identifier', pg_temp.npi('9' || c.key, c.key) -> -1) END,
		'related', CASE WHEN c.replaces IS NOT NULL THEN jsonb_build_array(jsonb_build_object('relationship', pg_temp.concept('http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship', 'prior', c.key), 'claim', jsonb_build_object('reference', 'Claim/' || c.replaces))) END,
		CASE WHEN c.stu3 THEN 'information' ELSE 'supportingInfo' END, CASE WHEN c.bill IS NOT NULL THEN jsonb_build_array('{"sequence": 1, "code": {"text": "x"}}'::jsonb, jsonb_build_object('code', pg_temp.concept('https://www.nubc.org/CodeSystem/TypeOfBill', '0' || c.bill, c.key))) END,
		'careTeam', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('sequence', m.sequence, 'provider', jsonb_build_object('identifier', pg_temp.npi(m.number, c.key) -> -1, 'display', 'x'), 'role', pg_temp.concept('urn:role', m.role, c.key),
			'qualification', CASE WHEN m.has_taxonomy THEN pg_temp.concept('http://nucc.org/provider-taxonomy', '111N00000X', c.key) END)) ORDER BY draw(m.sequence, c.key::int, 1000)) FROM member m WHERE m.key = c.key),
		'diagnosis', (SELECT jsonb_agg(jsonb_build_object('sequence', d.sequence, 'diagnosisCodeableConcept', pg_temp.concept('http://hl7.org/fhir/sid/icd-' || CASE d.icd WHEN 9 THEN '9-cm' ELSE '10-cm' END, d.code, c.key)) ORDER BY draw(d.sequence, c.key::int, 1000)) FROM dx d WHERE d.key = c.key),
		'item', (SELECT jsonb_agg(i.v ORDER BY i.n) FROM item i WHERE i.claim = c.key))) AS v
	FROM claim c;
-- bundles of five, with what their claims refer to in front or behind
CREATE TEMP TABLE sent AS SELECT key, v FROM written WHERE NOT in_bundle
	UNION ALL SELECT min(w.key), jsonb_build_object('resourceType', 'Bundle', 'type', 'searchset', 'entry', jsonb_agg(jsonb_build_object('fullUrl', 'https://x.example/' || w.key, 'resource', w.v) ORDER BY w.key)
		|| jsonb_agg(jsonb_build_object('fullUrl', 'https://x.example/Organization/' || w.key, 'resource', jsonb_build_object('resourceType', 'Organization', 'id', w.key::text, 'identifier', pg_temp.npi('9' || w.key, w.key)))))
	FROM (SELECT w.*, (row_number() OVER (ORDER BY key) - 1) / 5 AS bundle FROM written w WHERE in_bundle) w GROUP BY bundle;

CREATE TEMP TABLE got AS SELECT s.key, l.* FROM sent s, claim_lines_of_fhir(s.v) l;
SELECT cmp_ok((SELECT count(*) FROM expected), '>', 1000::bigint, 'enough lines are written');
SELECT is((SELECT count(*) FROM got), (SELECT count(*) FROM expected), 'as many are read');
CREATE FUNCTION pg_temp.differs(columns text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	c text;
	d text;
BEGIN
	FOREACH c IN ARRAY string_to_array(columns, ',') LOOP
		EXECUTE format('SELECT string_agg(format(''%%s line %%s: %%s, not %%s'', claim_id, line_no, g, e), E''\n'') FROM (SELECT claim_id, line_no, g.%1$I::text AS g, e.%1$I::text AS e
			FROM expected e LEFT JOIN got g USING (claim_id, line_no) WHERE g.%1$I IS DISTINCT FROM e.%1$I ORDER BY 1, 2 LIMIT 5) d', c) INTO d;
		RETURN NEXT is(d, NULL, c || ' is as it was written');
	END LOOP;
END $$;
SELECT pg_temp.differs('kind,frequency,replaces,patient,billing,rendering,referring,taxonomy,pos,bill_type,payer,dos,thru,qualifier,code,modifiers,revenue,units,minutes,days,charge,dx,icd');
-- of ICD-9-CM, the line says that its diagnoses are not read
SELECT is_empty($$SELECT e.claim_id, e.line_no, g.line, e.line, g.line_error FROM expected e JOIN got g USING (claim_id, line_no)
	WHERE CASE WHEN e.icd = 9 AND e.line IS NOT NULL THEN regexp_replace(g.line::text, ' (unread=dx|dxof=claim)', '', 'g') IS DISTINCT FROM e.line::text OR g.line_error !~ 'ICD-9' OR g.line::text !~ 'unread=dx'
		ELSE g.line IS DISTINCT FROM e.line OR (g.line_error IS NULL) <> (e.line IS NOT NULL) END$$, 'the lines are those that were written');
SELECT is((SELECT array_agg(segment ORDER BY segment) FROM got WHERE key = 5), (SELECT array_agg(n ORDER BY n) FROM generate_series(1, (SELECT count(*)::int FROM got WHERE key = 5)) n), 'rows are numbered through the file');

-- ------------------------------------------------------------------ with faults

-- every path of a value
CREATE FUNCTION pg_temp.paths(v jsonb) RETURNS TABLE (path text[]) LANGUAGE sql AS $$
	WITH RECURSIVE node(path, v) AS (SELECT '{}'::text[], v UNION ALL
		SELECT n.path || c.k, c.v FROM node n, LATERAL (
			SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(n.v) WHEN 'object' THEN n.v ELSE '{}' END) e UNION ALL
			SELECT (a.o - 1)::text, a.v FROM jsonb_array_elements(CASE jsonb_typeof(n.v) WHEN 'array' THEN n.v ELSE '[]' END) WITH ORDINALITY a(v, o)) c(k, v))
	SELECT path FROM node WHERE path <> '{}' $$;
CREATE FUNCTION pg_temp.try(v jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	n int;
	silent int;
	numbered boolean;
BEGIN
	SELECT count(*), count(*) FILTER (WHERE line IS NULL AND line_error IS NULL), coalesce(min(segment) = 1 AND max(segment) = count(*) AND count(DISTINCT segment) = count(*), true) INTO n, silent, numbered FROM claim_lines_of_fhir(v);
	RETURN CASE WHEN silent > 0 THEN 'silent' WHEN NOT numbered THEN 'number' WHEN n = 0 AND v -> 'entry' <> '[]' THEN 'nothing' ELSE 'rows' END;
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN CASE WHEN SQLERRM = 'not a FHIR claim' THEN 'error' ELSE SQLERRM END;
WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TEMP TABLE hurt AS SELECT s.key, p.path, draw(s.key * 1000 + p.n, 80, 14) AS how, s.v FROM ((SELECT * FROM sent WHERE v ? 'item' ORDER BY key LIMIT 25) UNION ALL (SELECT * FROM sent WHERE v ? 'entry' ORDER BY key LIMIT 2)) s, LATERAL (SELECT path, row_number() OVER (ORDER BY path) AS n FROM pg_temp.paths(s.v)) p
	WHERE draw(s.key * 1000 + p.n, 81, CASE WHEN s.v ? 'entry' THEN 40 ELSE 9 END) = 0;
CREATE TEMP TABLE tried AS SELECT key, path, how, pg_temp.try(CASE WHEN how < 4 THEN v #- path ELSE jsonb_set(v, path, (ARRAY['null', 'true', '""', '" "', '-1', '0', '1e30', '99999999999', '"2024-08"', '[]', '{}', '[[{}], null, 7]', '{"coding": "x", "value": {}, "reference": 7}', '"\u00e9\ud83d\ude00"'])[1 + how]::jsonb) END) AS what FROM hurt;
SELECT cmp_ok((SELECT count(*) FROM tried), '>', 600::bigint, 'enough nodes are hurt');
SELECT is_empty($$SELECT key, path, how, what FROM tried WHERE what NOT IN ('rows', 'error')$$, 'each gives rows, of which what is no line has its reason, or the error');
SELECT is_empty($$SELECT key, path, how FROM tried WHERE what = 'error' AND path <> '{resourceType}'$$, 'and the error only what is no resource');
SELECT * FROM finish();

-- Attestations: who answers for a finding; what they stand for, until when; what reports make of them.  The oracle of what stands is the
-- copy of a finding as it was attested, beside what claim_findings shows now; that of reports is claim_findings, added up line by line.

\i test/tap/lib.sql

SELECT no_plan();
CREATE ROLE att_owner LOGIN;
CREATE ROLE att_reader LOGIN;
CREATE ROLE att_other LOGIN;
CREATE SCHEMA theirs AUTHORIZATION att_owner;
SET ROLE att_owner;
CREATE TABLE theirs.visit (claim text, no int, person text, npi text, dos date, code text, mods text, units int, minutes int, billed numeric);
SELECT claim_source_add('visit', 'theirs.visit', schema => 'theirs', charge => 'billed', columns => '{"patient": "person", "provider": "npi", "dos": "dos",
	"claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}') \g /dev/null
-- lines with one finding and with several, of all severities
INSERT INTO theirs.visit
SELECT 'C' || i, n, 'P' || i % 17, 'N' || i % 3, '2024-08-01'::date + i % 5, (ARRAY['97110', '97124', '97140', '98940', '97112'])[1 + lib.draw(i * 10 + n, 1, 5)],
	(ARRAY['GP', 'GP', 'GP', '59', NULL])[1 + lib.draw(i * 10 + n, 2, 5)], 1 + lib.draw(i * 10 + n, 3, 4), 15 * (1 + lib.draw(i * 10 + n, 4, 4)), 10 + i
FROM generate_series(1, 60) i, generate_series(1, 3) n;
CALL claim_scan('visit', at_least => 'info');
RESET ROLE;

-- what a line is shown by, line by line
CREATE VIEW shown AS
SELECT patient, provider, dos, claim_id, line_no, max(charge) AS charge,
	CASE WHEN bool_or(severity = 'deny' AND NOT is_attested) THEN 'at risk' WHEN bool_or(severity = 'review' AND NOT is_attested) THEN 'review'
		WHEN bool_or(severity IN ('deny', 'review')) THEN 'attested' WHEN bool_or(severity = 'unknown' AND NOT is_attested) THEN 'rest'
		WHEN bool_or(severity = 'unknown') THEN 'attested' WHEN bool_or(NOT is_attested) THEN 'rest' ELSE 'attested' END AS kind
FROM (SELECT f.*, f.attestation IS NOT NULL AS is_attested FROM claim_findings f WHERE source = 'visit') f GROUP BY patient, provider, dos, claim_id, line_no;
CREATE VIEW added AS
SELECT count(*) AS found, count(*) FILTER (WHERE kind = 'at risk') AS at_risk, coalesce(sum(charge) FILTER (WHERE kind = 'at risk'), 0) AS at_risk_charge,
	count(*) FILTER (WHERE kind = 'review') AS review, coalesce(sum(charge) FILTER (WHERE kind = 'review'), 0) AS review_charge,
	count(*) FILTER (WHERE kind = 'attested') AS attested, coalesce(sum(charge) FILTER (WHERE kind = 'attested'), 0) AS attested_charge FROM shown;
CREATE FUNCTION totals(r jsonb, OUT found bigint, OUT at_risk bigint, OUT at_risk_charge numeric, OUT review bigint, OUT review_charge numeric,
	OUT attested bigint, OUT attested_charge numeric) LANGUAGE sql AS $$
	SELECT (r ->> 'lines_found')::bigint, (r ->> 'lines_at_risk')::bigint, (r ->> 'charge_at_risk')::numeric, (r ->> 'lines_to_review')::bigint,
		(r ->> 'charge_to_review')::numeric, (r ->> 'lines_attested')::bigint, (r ->> 'charge_attested')::numeric
$$;
-- every report, beside the sums
CREATE FUNCTION reports_agree() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT is(totals(to_jsonb(r))::text, a::text, 'claim_report_risk adds up') FROM claim_report_risk r, added a WHERE r.source = 'visit'
	UNION ALL
	SELECT is((sum(r.lines_found)::bigint, sum(r.lines_at_risk)::bigint, sum(r.charge_at_risk), sum(r.lines_to_review)::bigint, sum(r.charge_to_review),
		sum(r.lines_attested)::bigint, sum(r.charge_attested))::text, a::text, 'by ' || r.name) FROM (
		SELECT 'rule' AS name, source, lines_found, lines_at_risk, charge_at_risk, lines_to_review, charge_to_review, lines_attested, charge_attested FROM claim_report_risk_rules
		UNION ALL SELECT 'family', source, lines_found, lines_at_risk, charge_at_risk, lines_to_review, charge_to_review, lines_attested, charge_attested FROM claim_report_risk_families
		UNION ALL SELECT 'provider', source, lines_found, lines_at_risk, charge_at_risk, lines_to_review, charge_to_review, lines_attested, charge_attested FROM claim_report_risk_providers
		UNION ALL SELECT 'month', source, lines_found, lines_at_risk, charge_at_risk, lines_to_review, charge_to_review, lines_attested, charge_attested FROM claim_report_risk_months
	) r, added a WHERE r.source = 'visit' GROUP BY r.name, a
	UNION ALL
	SELECT is(totals(claim_report('visit') -> 'totals')::text, a::text, 'claim_report adds up') FROM added a
	UNION ALL
	SELECT is((SELECT ROW(coalesce(sum(lines), 0), coalesce(sum(charge), 0)) FROM claim_report_charge WHERE source = 'visit'), ROW(a.at_risk::numeric, a.at_risk_charge), 'charge at risk') FROM added a
	UNION ALL
	SELECT is((SELECT count(*) FROM claim_report_lines l JOIN shown s USING (patient, provider, dos, claim_id, line_no)
		WHERE l.source = 'visit' AND (l.attestation IS NOT NULL) = (s.kind = 'attested')), a.found, 'each line says whether it is attested') FROM added a
	UNION ALL
	SELECT is((SELECT jsonb_agg(ARRAY[r ->> 'rule', r ->> 'lines_at_risk', r ->> 'lines_attested'] ORDER BY r ->> 'rule') FROM jsonb_array_elements(claim_report('visit') -> 'rules') r),
		(SELECT jsonb_agg(ARRAY[rule, lines_at_risk::text, lines_attested::text] ORDER BY rule) FROM claim_report_risk_rules WHERE source = 'visit'), 'rules of claim_report are those of the view')
$$;
SELECT reports_agree();
SELECT ok((SELECT attested = 0 AND at_risk > 20 FROM added), 'there are lines at risk, and none is attested');

--
-- given, standing, void
--

CREATE TABLE given AS SELECT f.*, NULL::bigint AS number FROM claim_findings f WHERE source = 'visit' AND lib.draw(id, 9, 3) = 0;
SET ROLE att_owner;
SELECT claim_attest('visit', id, 'the record shows it', 'chart 12, page 4') AS number FROM claim_findings WHERE id = (SELECT min(id) FROM claim_findings WHERE severity = 'deny') \gset
SELECT is((SELECT ROW(reason, evidence, attested_by, given_to, state, attested_at BETWEEN now() - interval '1 minute' AND clock_timestamp()) FROM claim_attestations WHERE id = :number),
	ROW('the record shows it'::text, 'chart 12, page 4'::text, session_user::name, 'scan'::text, 'stands'::text, true), 'who, when, why, by what');
SELECT is((SELECT ROW(a.claim_id, a.line_no, a.line, a.charge, a.rule, a.severity, a.message, a.with_claim_id, a.suggestion, a.condition, a.patient, a.provider, a.dos) FROM claim_attestations a WHERE id = :number),
	(SELECT ROW(f.claim_id, f.line_no, f.line, f.charge, f.rule, f.severity, f.message, f.with_claim_id, f.suggestion, f.condition, f.patient, f.provider, f.dos) FROM claim_findings f WHERE f.attestation = :number),
	'on which line and which words');
SELECT is((SELECT count(*) FROM claim_findings WHERE attestation IS NOT NULL), 1::bigint, 'and no other finding');
RESET ROLE;
SELECT reports_agree();
GRANT SELECT ON given TO att_owner;
SET ROLE att_owner;
SELECT count(claim_attest('visit', id, 'looked at')) FROM given \g /dev/null
RESET ROLE;
SELECT reports_agree();
SELECT ok((SELECT attested > 5 AND at_risk > 5 FROM added), 'some lines are attested, some are not');
SELECT is((SELECT count(*) FROM claim_findings f WHERE (f.attestation IS NOT NULL) <> (f.id IN (SELECT id FROM given) OR f.attestation = :number)), 0::bigint, 'a finding is attested that was');
SELECT is(jsonb_array_length(claim_report('visit', items => 5) -> 'attestations'), 5, 'claim_report has the last ones');
SELECT is((claim_report('visit') -> 'attestations' -> 0) ?& '{reason,evidence,attested_by,attested_at,state,line,rule,message,charge}', true, 'with what a page shows');

-- a scan that changes nothing, a rebinding, a second attestation
SET ROLE att_owner;
CALL claim_scan('visit', at_least => 'info', "full" => true);
SELECT is((SELECT count(*) FROM claim_attestations WHERE state <> 'stands'), 0::bigint, 'all stand after a scan that changed nothing');
CREATE TABLE theirs.visit_again AS TABLE theirs.visit;
SELECT claim_source_rebind('visit', 'theirs.visit_again') \g /dev/null
CALL claim_scan('visit', at_least => 'info');
SELECT is((SELECT count(*) FROM claim_attestations WHERE state <> 'stands'), 0::bigint, 'and after a rebinding');
RESET ROLE;

-- lines that change: what stands is what is as it was
CREATE FUNCTION stand_as_they_should() RETURNS text LANGUAGE sql AS $$
	SELECT is((SELECT array_agg(a.id ORDER BY a.id) FROM claim_attestations a WHERE a.state = 'stands' AND a.source = 'visit'),
		(SELECT array_agg(a.id ORDER BY a.id) FROM claim_attestations a WHERE a.source = 'visit' AND EXISTS (SELECT FROM claim_findings f
			WHERE ROW(f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.line, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no, f.suggestion, f.condition)
				IS NOT DISTINCT FROM ROW(a.patient, a.provider, a.dos, a.claim_id, a.line_no, a.line, a.rule, a.severity, a.message, a.with_claim_id, a.with_line_no, a.suggestion, a.condition)
				AND f.source = a.source)), 'what stands is what is as it was')
$$;
CREATE TABLE was AS SELECT id FROM claim_attestations WHERE state = 'stands';
SET ROLE att_owner;
UPDATE theirs.visit_again SET units = units + 1 WHERE lib.draw(hashtext(claim)::bigint, 5, 4) = 0;
DELETE FROM theirs.visit_again WHERE lib.draw(hashtext(claim)::bigint, 5, 8) = 7;
CALL claim_scan('visit', at_least => 'info');
RESET ROLE;
SELECT stand_as_they_should();
SELECT ok((SELECT count(*) FILTER (WHERE state = 'void') > 5 AND count(*) FILTER (WHERE state = 'stands') > 5 FROM claim_attestations), 'some stand, some are void');
SELECT reports_agree();
-- another severity by the policy
UPDATE claim_policy SET settings = settings || '{"severity": {"units-minutes": "review"}}' WHERE name = 'medicare';
SET ROLE att_owner;
CALL claim_scan('visit', at_least => 'info');
RESET ROLE;
SELECT stand_as_they_should();
SELECT is((SELECT count(*) FROM claim_attestations WHERE rule = 'units-minutes' AND severity = 'deny' AND state = 'stands'), 0::bigint, 'another severity is another finding');
UPDATE claim_policy SET settings = settings - 'severity' WHERE name = 'medicare';
-- all as it was
SET ROLE att_owner;
TRUNCATE theirs.visit_again;
INSERT INTO theirs.visit_again TABLE theirs.visit;
CALL claim_scan('visit', at_least => 'info');
RESET ROLE;
SELECT is((SELECT count(*) FROM claim_attestations a JOIN was USING (id) WHERE a.state <> 'stands'), 0::bigint, 'lines that are as they were are attested as they were');
SELECT reports_agree();

-- withdrawn
SET ROLE att_owner;
SELECT claim_attest_withdraw('visit', :number, 'the page is of another visit') \g /dev/null
SELECT is((SELECT ROW(state, withdrawn_why, withdrawn_by, withdrawn_at >= attested_at, finding, reason) FROM claim_attestations WHERE id = :number),
	ROW('withdrawn'::text, 'the page is of another visit'::text, session_user::name, true, NULL::bigint, 'the record shows it'::text), 'who took it back, and why; what was said stays');
SELECT lib.error_of(format('SELECT claim_attest_withdraw(''visit'', %s, ''again'')', :number)) AS again \gset
SELECT matches(:'again'::text, '^\(42704,.*has no attestation', 'once');
RESET ROLE;
SELECT reports_agree();

-- what was at risk at a time: less what was attested then
SELECT clock_timestamp() AS then \gset
SELECT at_risk AS then_at_risk FROM added \gset
SET ROLE att_owner;
SELECT count(claim_attest('visit', id, 'all of it')) FROM claim_findings WHERE source = 'visit' AND severity = 'deny' AND attestation IS NULL \g /dev/null
RESET ROLE;
SELECT is((SELECT at_risk FROM added), 0::bigint, 'nothing is at risk where all is attested');
SELECT is((claim_report('visit', since => :'then') -> 'since' ->> 'lines_at_risk')::bigint, :then_at_risk::bigint, 'what was at risk before that');
SELECT is((claim_report('visit', since => clock_timestamp()) -> 'since' ->> 'lines_at_risk')::bigint, 0::bigint, 'and now');
SELECT reports_agree();

--
-- rights
--

CREATE FUNCTION as_role(role text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE query INTO said;
	RESET ROLE;
	RETURN said;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
SELECT min(id) AS finding FROM claim_findings WHERE source = 'visit' \gset
SELECT matches(as_role('att_other', 'SELECT claim_attest(''visit'', ' || :finding || ', ''x'')'), '^42501: must be owner of claim source "visit"', 'another role attests nothing');
SELECT matches(as_role('att_other', 'SELECT claimline_internal.claim_attest_put(''visit'', ' || :finding || ', NULL, ''x'', NULL)'), '^42501', 'nor by what claim_attest calls');
SELECT is(as_role('att_other', 'SELECT count(*) FROM claimline_internal.claim_attestation'), '0', 'and reads nothing');
SELECT is(as_role('att_owner', 'SELECT claimline_internal.claim_attest_put(''visit'', 987654321, NULL, ''x'', NULL)'), NULL, 'what no scan found is not attested');
SELECT matches(as_role(role, statement), '^42501', role || ': ' || statement) FROM unnest('{att_owner,att_other,att_reader}'::text[]) role,
	unnest(ARRAY['DELETE FROM claimline_internal.claim_attestation', 'UPDATE claimline_internal.claim_attestation SET reason = ''x''', 'TRUNCATE claimline_internal.claim_attestation',
		'INSERT INTO claimline_internal.claim_attestation (source, source_added_at, policy, rule, reason, attested_by) VALUES (''visit'', now(), ''medicare'', ''ptp'', ''x'', ''somebody'')',
		'ALTER TABLE claimline_internal.claim_attestation DISABLE TRIGGER kept', 'SELECT nextval(''claimline_internal.claim_attestation_id_seq'')']) statement;
-- the owner of the tables, and as a replica
SELECT count(*) AS n_log FROM claimline_internal.claim_attestation \gset
SELECT is((lib.error_of(statement)).state, '55000', 'their owner: ' || statement) FROM unnest(ARRAY['DELETE FROM claimline_internal.claim_attestation', 'UPDATE claimline_internal.claim_attestation SET reason = reason',
	'TRUNCATE claimline_internal.claim_attestation']) statement;
SET session_replication_role = replica;
SELECT is((lib.error_of('DELETE FROM claimline_internal.claim_attestation')).state, '55000', 'nor as a replica');
RESET session_replication_role;
SELECT is(as_role('att_reader', 'SELECT count(*) FROM claim_attestations'), '0', 'who was granted nothing reads nothing');
SET ROLE att_owner;
SELECT claim_source_grant('visit', 'att_reader') \g /dev/null
RESET ROLE;
SELECT is(as_role('att_reader', 'SELECT count(*) FROM claim_attestations'), (SELECT count(*)::text FROM claim_attestations), 'a reader of the source reads them');
SELECT is(as_role('att_reader', 'SELECT lines_attested FROM claim_report_risk WHERE source = ''visit'''), (SELECT attested::text FROM added), 'and sees the same reports');
SELECT matches(as_role('att_reader', 'SELECT claim_attest(''visit'', ' || :finding || ', ''x'')'), '^42501', 'and attests nothing');

-- wrong arguments
SELECT is(array_agg(e.state || ' ' || e.message ORDER BY n), ARRAY['42704 claim source "nowhere" does not exist', '42704 claim source "visit" has no finding 987654321',
	'22023 an attestation needs a source, a number and a reason', '22004 an attestation needs a source, a number and a reason', '22004 an attestation needs a source, a number and a reason'], 'what is wrong is said')
FROM unnest(ARRAY['''nowhere'', 1, ''x''', '''visit'', 987654321, ''x''', '''visit'', 1, E'' \n''', '''visit'', NULL, ''x''', '''visit'', 1, NULL']) WITH ORDINALITY u(arguments, n),
	lib.error_of('SELECT claim_attest(' || arguments || ')') e;
SET ROLE att_owner;
DELETE FROM theirs.visit_again WHERE claim = (SELECT claim_id FROM claim_findings WHERE id = :finding);
CALL claim_scan('visit', at_least => 'info');
SELECT is((SELECT ROW(state, message) FROM lib.error_of(format('SELECT claim_attest(''visit'', %s, ''x'')', :finding))), ROW('55000'::text, 'finding ' || :finding || ' of claim source "visit" is closed'), 'of a closed finding');

--
-- the source goes; the log stays, and is not read by who takes its name
--

SELECT claim_source_drop('visit') \g /dev/null
RESET ROLE;
SELECT is((SELECT count(*) FROM claimline_internal.claim_attestation), :n_log::bigint, 'the log outlives the source');
SELECT is((SELECT count(*) FROM claim_attestations), 0::bigint, 'nothing of it stands');
GRANT CREATE ON SCHEMA theirs TO att_other;
GRANT USAGE ON SCHEMA theirs TO att_other;
SET ROLE att_other;
CREATE TABLE theirs.mine (claim text, no int, person text, dos date, code text);
SELECT claim_source_add('visit', 'theirs.mine', schema => 'theirs', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code"}') \g /dev/null
SELECT is((SELECT count(*) FROM claimline_internal.claim_attestation), 0::bigint, 'another source of the name has none of it');
RESET ROLE;

SELECT * FROM finish();

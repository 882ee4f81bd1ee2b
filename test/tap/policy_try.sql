-- What a draft of a policy would change. The oracle is the draft as a policy that is published, in a transaction that is undone, and a plain
-- query over what it and the policy before find.

\i test/tap/lib.sql

SELECT no_plan();
CREATE ROLE try_owner;
CREATE ROLE try_editor;
CREATE SCHEMA theirs AUTHORIZATION try_owner;
SET ROLE try_owner;
CREATE TABLE theirs.visit (claim text, no int, person text, npi text, dos date, code text, mods text, units int, minutes int, billed numeric, specialty text);
SELECT claim_source_add('visit', 'theirs.visit', schema => 'theirs', charge => 'billed', columns => '{"patient": "person", "provider": "npi", "dos": "dos",
	"claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes", "specialty": "specialty"}') \g /dev/null
INSERT INTO theirs.visit
SELECT 'C' || i, n, 'P' || i % 37, 'N' || i % 3, '2024-08-01'::date + i % 9, (ARRAY['97110', '97124', '97140', '98940', '97112'])[1 + lib.draw(i * 10 + n, 1, 5)],
	(ARRAY['GP', 'GP', 'GP', '59', NULL])[1 + lib.draw(i * 10 + n, 2, 5)], lib.draw(i * 10 + n, 3, 6), nullif(15 * lib.draw(i * 10 + n, 4, 5), 30), nullif(10 + i, 50), (ARRAY['35', '65', NULL])[1 + i % 3]
FROM generate_series(1, 250) i, generate_series(1, 4) n;
RESET ROLE;


CREATE TABLE judged (side text, patient text, provider text, dos date, e claim_finding);
CREATE FUNCTION judge(new_side text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO judged SELECT new_side, d.patient, d.provider, d.dos, e FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line, line_error) AS day
		FROM theirs.visit_lines GROUP BY 1, 2, 3) d, claim_edits(d.day, ruleset('cpt')) e
$$;
SELECT judge('before') \g /dev/null
-- all that changes, by finding
CREATE VIEW pair AS
SELECT CASE WHEN b.side IS NULL THEN 'gained' WHEN a.side IS NULL THEN 'lost' ELSE 'changed' END AS change, coalesce((a.e).rule, (b.e).rule) AS rule, (a.e).severity AS severity, (b.e).severity AS was_severity,
	coalesce((a.e).claim_id, (b.e).claim_id) AS claim_id, coalesce((a.e).line_no, (b.e).line_no) AS line_no, coalesce(a.dos, b.dos) AS dos, coalesce(a.patient, b.patient) AS patient, coalesce(a.provider, b.provider) AS provider,
	(a.e).message AS message
FROM (SELECT * FROM judged WHERE side = 'before') b FULL JOIN (SELECT * FROM judged WHERE side = 'after') a ON ROW((a.e).claim_id, (a.e).line_no, (a.e).rule, coalesce((a.e).with_claim_id, ''), coalesce((a.e).with_line_no, 0))
	= ROW((b.e).claim_id, (b.e).line_no, (b.e).rule, coalesce((b.e).with_claim_id, ''), coalesce((b.e).with_line_no, 0))
WHERE a.e IS DISTINCT FROM b.e;
CREATE VIEW plain AS
SELECT p.change, p.rule, p.severity, p.was_severity, count(*) AS findings, count(DISTINCT (p.claim_id, p.line_no)) AS lines, count(DISTINCT (p.patient, p.provider, p.dos)) AS days,
	(SELECT sum(v.billed) FROM theirs.visit v WHERE (v.claim, v.no) IN (SELECT q.claim_id, q.line_no FROM pair q WHERE ROW(q.change, q.rule, q.severity, q.was_severity) IS NOT DISTINCT FROM ROW(p.change, p.rule, p.severity, p.was_severity))) AS charge
FROM pair p GROUP BY 1, 2, 3, 4
UNION ALL
SELECT CASE WHEN d.after THEN 'gained' ELSE 'lost' END, NULL, 'deny', NULL, NULL, count(*), count(DISTINCT (d.patient, d.provider, d.dos)), sum(d.billed)
FROM (SELECT v.person AS patient, v.npi AS provider, v.dos, v.billed, bool_or(j.side = 'before') AS before, bool_or(j.side = 'after') AS after
	FROM judged j JOIN theirs.visit v ON v.claim = (j.e).claim_id AND v.no = (j.e).line_no WHERE (j.e).severity = 'deny' GROUP BY v.claim, v.no, v.person, v.npi, v.dos, v.billed) d
WHERE d.before IS DISTINCT FROM d.after GROUP BY 1;
CREATE FUNCTION try_agrees(draft jsonb, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	was CONSTANT jsonb := (SELECT settings FROM claim_policy WHERE name = 'cpt');
	tried jsonb;
BEGIN
	SELECT jsonb_agg(to_jsonb(t) - 'examples' ORDER BY t.change, t.rule, t.severity, t.was_severity) INTO tried FROM claim_policy_try(draft, 'visit', 'cpt') t;
	-- as a policy
	UPDATE claim_policy SET settings = CASE WHEN draft ? 'extends' THEN was || (draft - 'extends') ELSE draft END WHERE name = 'cpt';
	PERFORM judge('after');
	UPDATE claim_policy SET settings = was WHERE name = 'cpt';
	RETURN NEXT is(tried, (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.change, p.rule, p.severity, p.was_severity) FROM plain p), what);
	DELETE FROM judged WHERE side = 'after';
END $$;
SELECT try_agrees(settings, 'its own settings change nothing') FROM claim_policy WHERE name = 'cpt';
SELECT try_agrees('{"extends": "cpt"}', 'nor does nothing');
SELECT try_agrees('{"extends": "cpt", "daily_limits": {"97124": 2}}', 'another limit');
SELECT try_agrees('{"extends": "cpt", "unit_rule": "cms"}', 'another way to count units');
SELECT try_agrees('{"extends": "cpt", "cmt_massage": "bundled", "specialty_codes": {"65": ["97110"]}, "specialty_required": "yes", "severity": {"units-minutes": "review", "mod-missing": "info"}}', 'several at once');
SELECT try_agrees(settings, 'settings that extend none') FROM claim_policy WHERE name = 'medicare';
SELECT cmp_ok((SELECT count(DISTINCT change) FROM claim_policy_try('{"extends": "cpt", "unit_rule": "cms", "severity": {"ptp": "review"}, "daily_limits": {"97124": 2}}', 'visit')), '=', 3::bigint, 'there is something to see of every kind');
-- random drafts
SELECT try_agrees(jsonb_build_object('extends', 'cpt', 'unit_threshold', 1 + lib.draw(n, 1, 15), 'unit_rule', (ARRAY['cms', 'ama'])[1 + lib.draw(n, 2, 2)], 'mue', (ARRAY['yes', 'no'])[1 + lib.draw(n, 3, 2)],
	'cmt_massage', (ARRAY['by-region', 'bundled', 'separate'])[1 + lib.draw(n, 4, 3)], 'daily_limits', jsonb_build_object('97110', 1 + lib.draw(n, 5, 4)),
	'severity', jsonb_build_object((ARRAY['ptp', 'units-minutes', 'mue-day'])[1 + lib.draw(n, 6, 3)], (ARRAY['info', 'unknown', 'review', 'deny'])[1 + lib.draw(n, 7, 4)])), 'draft ' || n) FROM generate_series(1, 20) n;

-- the lines
SELECT is((SELECT sum(jsonb_array_length(examples))::numeric FROM claim_policy_try('{"extends": "cpt", "daily_limits": {"97124": 2}}', 'visit', items => NULL) WHERE rule IS NOT NULL),
	(SELECT sum(findings) FROM claim_policy_try('{"extends": "cpt", "daily_limits": {"97124": 2}}', 'visit', items => 0) WHERE rule IS NOT NULL), 'all of them are shown where all are asked for');
SELECT is((SELECT max(jsonb_array_length(examples)) FROM claim_policy_try('{"extends": "cpt", "daily_limits": {"97124": 2}}', 'visit', items => 3)), 3, 'or some');
SELECT ok((SELECT bool_and(e ?& '{patient,provider,dos,claim_id,line_no,line,charge,message,was_message,suggestion}' AND e ->> 'message' ~ '97124')
	FROM claim_policy_try('{"extends": "cpt", "daily_limits": {"97124": 2}}', 'visit'), jsonb_array_elements(examples) e WHERE change = 'gained' AND rule = 'mue-day'), 'with what would be said');

-- nothing is stored
SELECT is((SELECT count(*) FROM claim_policy WHERE NOT shipped) + (SELECT count(*) FROM claimline_internal.claim_scan_state), 0::bigint, 'nothing is published, nothing stored');
-- with the rights of who asks
SELECT is((lib.error_of($$SET LOCAL ROLE try_editor; SELECT * FROM claim_policy_try('{"extends": "cpt"}', 'visit')$$)).state, '42501', 'who may not read the claims tries nothing');
RESET ROLE;
SET ROLE try_owner;
SELECT is((SELECT count(*) FROM claim_policy_try('{"extends": "cpt"}', 'visit')), 0::bigint, 'the owner of the claims does');
RESET ROLE;
SELECT is(array_agg(e.state || ' ' || e.message || coalesce(' ' || e.detail, '') ORDER BY n), ARRAY['22004 settings and source must not be null', '42704 claim source "nowhere" does not exist', '42704 policy "nothing" does not exist'], 'what is wrong is said')
FROM (SELECT n, e.state, e.message, CASE WHEN n < 0 THEN e.detail END AS detail FROM unnest(ARRAY['NULL, ''visit''', '''{"extends": "cpt"}'', ''nowhere''', '''{"extends": "nothing"}'', ''visit'', ''cpt''']) WITH ORDINALITY u(a, n), lib.error_of('SELECT * FROM claim_policy_try(' || a || ')') e) e;
SELECT matches((lib.error_of($$SELECT * FROM claim_policy_try('{"extends": "cpt", "unit_rule": "best"}', 'visit')$$)).detail, 'policy.unit_rule', 'settings are checked');

--
-- from draft to rule: published, changed, put back
--

CREATE FUNCTION history(policy text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', settings -> 'daily_limits' -> '97124', note, published_by = session_user, until_by = session_user), ', ' ORDER BY version NULLS LAST) FROM claim_policy_history WHERE name = policy
$$;
SELECT claim_policy_publish('ours', '{"extends": "cpt", "daily_limits": {"97124": 2}}', 'two units', 'contract') \g /dev/null
SELECT is(history('ours'), '2 two units t', 'published, by whom');
SELECT claim_policy_publish('ours', '{"extends": "cpt", "daily_limits": {"97124": 3}}', 'three units', 'contract') \g /dev/null
SELECT is(history('ours'), '2 two units t t, 3 three units t', 'what was before is kept, with who replaced it');
SELECT is((SELECT ruleset(p)::text::jsonb -> 'policy' -> 'daily_limits' ->> '97124' FROM (VALUES ('ours')) v(p)), '3', 'the new one judges');
SELECT claim_policy_rollback('ours', 'too soon') \g /dev/null
SELECT is(history('ours'), '2 two units t t, 3 three units t t, 2 too soon t', 'put back, with a note');
SELECT claim_policy_rollback('ours', 'that one', (SELECT version FROM claim_policy_history WHERE note = 'three units')) \g /dev/null
SELECT is((SELECT settings -> 'daily_limits' ->> '97124' FROM claim_policy WHERE name = 'ours'), '3', 'to any version');
DELETE FROM claim_policy WHERE name = 'ours';
SELECT is((SELECT ROW(count(*), count(*) FILTER (WHERE until_at IS NULL)) FROM claim_policy_history WHERE name = 'ours'), ROW(4::bigint, 0::bigint), 'a policy that is deleted is kept');
SELECT claim_policy_rollback('ours', 'we need it') \g /dev/null
SELECT is((SELECT settings -> 'daily_limits' ->> '97124' FROM claim_policy WHERE name = 'ours'), '3', 'and comes back');
SELECT is((SELECT bool_and(until_at >= published_at) FROM claim_policy_history WHERE until_at IS NOT NULL), true, 'in the order of time');
-- shipped ones
SELECT is((SELECT ROW(published_by, published_at) FROM claim_policy WHERE name = 'hns'), ROW(NULL::name, NULL::timestamptz), 'what is shipped nobody published');
SELECT claim_policy_publish('hns', '{"extends": "cpt"}', 'ours') \g /dev/null
SELECT is((SELECT published_by FROM claim_policy WHERE name = 'hns'), session_user::name, 'a shipped one is published anew');
SELECT claim_policy_rollback('hns', 'as shipped') \g /dev/null
SELECT is((SELECT shipped AND published_by IS NULL FROM claim_policy WHERE name = 'hns'), true, 'and put back as it was shipped');
-- whoever may write policies: the history says who it was, and is not to be written
GRANT SELECT, INSERT, UPDATE ON claim_policy TO try_editor;
SET SESSION AUTHORIZATION try_editor;
INSERT INTO claim_policy (name, settings, published_by, published_at) VALUES ('theirs', '{"extends": "cpt"}', 'somebody', '2020-01-01');
UPDATE claim_policy SET note = 'again', published_by = 'somebody', published_at = '2020-01-01' WHERE name = 'theirs';
SELECT is((SELECT array_agg(DISTINCT published_by) FROM claim_policy_history WHERE name = 'theirs'), ARRAY['try_editor'::name], 'who publishes does not choose who it was');
SELECT is((SELECT count(*) FROM claim_policy_history WHERE name = 'theirs'), 2::bigint, 'what an editor changes is kept');
SELECT is((lib.error_of(statement)).state, '42501', statement) FROM unnest(ARRAY['DELETE FROM claimline_internal.claim_policy_version', 'INSERT INTO claimline_internal.claim_policy_version (name, settings) VALUES (''x'', ''{}'')',
	'UPDATE claimline_internal.claim_policy_version SET note = ''x''']) statement;
RESET SESSION AUTHORIZATION;
SELECT is((lib.error_of(statement)).state, state, statement) FROM (VALUES ('SELECT claim_policy_publish(''x'', ''{"extends": "cpt"}'', '' '')', '22023'), ('SELECT claim_policy_publish(''x'', NULL, ''x'')', '22004'),
	('SELECT claim_policy_rollback(''wa-lni'', ''x'')', '42704'), ('SELECT claim_policy_rollback(''ours'', ''x'', 987654)', '42704'), ('SELECT claim_policy_rollback(''ours'', '''')', '22023')) v(statement, state);

SELECT * FROM finish();

-- The queries of doc/dashboards.md run as they stand there, by the role that it makes, and say what the owner would be told; so does
-- claim_report, whose numbers are those of the views and whose keys are those of the page.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();
CREATE TEMP TABLE page (line_no int GENERATED ALWAYS AS IDENTITY, line text);
\copy page (line) FROM 'doc/dashboards.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TABLE query AS
SELECT f.n, rtrim(string_agg(p.line, E'\n' ORDER BY p.line_no), ';') AS sql
FROM (SELECT row_number() OVER (ORDER BY line_no) AS n, line_no AS first, (SELECT min(e.line_no) FROM page e WHERE e.line_no > b.line_no AND e.line = '```') AS last FROM page b WHERE line = '```sql') f
	JOIN page p ON p.line_no > f.first AND p.line_no < f.last GROUP BY f.n;
SELECT is((SELECT count(*) FROM query), 10::bigint, 'the page has ten queries');

CREATE TABLE claims (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text, npi text, dos date, code text, mods text[], units numeric, dx text[], billed numeric(10,2));
INSERT INTO claims (person, npi, dos, code, mods, units, dx, billed)
SELECT 'P' || draw(i, 1, 60), 'N' || draw(i, 2, 7), CASE WHEN draw(i, 3, 30) > 0 THEN date '2024-01-15' + draw(i, 4, 8) * 29 END,
	(ARRAY['97110', '97140', '97124', '97530', '98940', '98941', '99213'])[1 + draw(i, 5, 7)], string_to_array((ARRAY['GP', 'GP,59', 'AT', ''])[1 + draw(i, 6, 4)], ','),
	1 + draw(i, 7, 5), string_to_array((ARRAY['M54.2', 'M99.01', ''])[1 + draw(i, 8, 3)], ','), CASE WHEN draw(i, 9, 9) > 0 THEN draw(i, 10, 30000) / 100.0 END
FROM generate_series(1, 900) i;
INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare", "cmt_massage": "bundled"}');
SELECT claim_source_add(s, 'claims', charge => CASE s WHEN 'claims' THEN 'billed' END,
	columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "id", "code": "code", "modifiers": "mods", "units": "units", "dx": "dx"}')
FROM unnest('{claims,uncharged,never}'::text[]) s \g /dev/null
CALL claim_scan('claims');
DELETE FROM claims WHERE id % 9 = 0;
CALL claim_scan('claims');
CALL claim_scan('claims', 'mine');
CALL claim_scan('uncharged');
UPDATE claimline_internal.claim_scan_stored SET first_seen = first_seen - id % 100 * interval '1 day';

CREATE ROLE rep_dashboards;
CREATE ROLE rep_stranger;
CREATE FUNCTION asked(role text, sql text, OUT rows bigint, OUT content text) LANGUAGE plpgsql SET timezone = 'UTC' AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I; SET LOCAL default_transaction_read_only = on', role);
	EXECUTE format('SELECT count(*), string_agg(q::text, E''\n'') FROM (%s) q', sql) INTO rows, content;
	RESET ROLE;
END $$;
SELECT cmp_ok((SELECT count(*) FROM query, asked('rep_dashboards', sql) WHERE rows > 0), '<=', 1::bigint, 'before the grant they are empty, but for the first');
SELECT is((SELECT split_part(content, ',', 2) FROM query, asked('rep_dashboards', sql) WHERE n = 1), '"not yours to read"', 'which says why');
SELECT claim_source_grant('claims', 'rep_dashboards'), claim_source_grant('never', 'rep_dashboards') \g /dev/null
SELECT cmp_ok(rows, '>', 0::bigint, format('query %s of the page answers', n)) FROM query, asked('rep_dashboards', sql) ORDER BY n;
SELECT is((asked('rep_dashboards', sql)).content, replace((asked(current_user, sql)).content, 'yours', 'granted'), format('query %s tells the role what it tells the owner', n)) FROM query ORDER BY n;

--
-- claim_report
--

CREATE TABLE report AS SELECT s AS source, p AS policy, claim_report(s, p, 5) AS r FROM (VALUES ('claims', 'medicare'), ('claims', 'mine'), ('uncharged', 'medicare'), ('never', 'medicare')) v(s, p);
SELECT is((SELECT count(DISTINCT k) FROM report, jsonb_object_keys(r) k), (SELECT count(*) FROM jsonb_object_keys(claim_report('claims'))), 'every report has the same keys');
SELECT set_eq($$SELECT jsonb_object_keys(r) FROM report$$, $$SELECT m[1] FROM page, regexp_matches(split_part(line, '|', 2), '`([a-z_]+)`', 'g') m
	WHERE line ~ '^\|' AND line_no > (SELECT line_no FROM page WHERE line ~ '^\| key of version 1')$$, 'they are those of the page');
SELECT is_empty($$SELECT k FROM report, jsonb_array_elements(r -> 'worklist') w, jsonb_object_keys(w) k, (SELECT string_agg(line, '') AS text FROM page) p WHERE strpos(p.text, '`' || k || '`') = 0$$, 'so are those of the worklist');
SELECT is(r ->> 'version', '1', 'version 1') FROM report WHERE source = 'never';
-- numbers, as text: they keep their scale
SELECT is_empty($$SELECT r.source, k.key FROM report r JOIN claim_report_risk v USING (source, policy), jsonb_each_text(to_jsonb(v) - '{source,policy}'::text[]) k WHERE r.r -> 'totals' ->> k.key IS DISTINCT FROM k.value$$, 'totals are those of claim_report_risk');
SELECT bag_eq($$SELECT r.source, r.policy, e - '{title}'::text[] FROM report r, jsonb_array_elements(r.r -> 'rules') e$$,
	$$SELECT source, policy, to_jsonb(v) - '{source,policy,title,lines,charge,days}'::text[] FROM claim_report_risk_rules v$$, 'rules those of claim_report_risk_rules');
SELECT bag_eq($$SELECT r.source, r.policy, e FROM report r, jsonb_array_elements(r.r -> 'families') e$$,
	$$SELECT source, policy, to_jsonb(v) - '{source,policy,lines,charge,days}'::text[] FROM claim_report_risk_families v$$, 'families');
SELECT bag_eq($$SELECT r.source, r.policy, e FROM report r, jsonb_array_elements(r.r -> 'months') e$$, $$SELECT source, policy, to_jsonb(v) - '{source,policy}'::text[] FROM claim_report_risk_months v$$, 'months');
SELECT bag_eq($$SELECT e FROM jsonb_array_elements(claim_report('claims') -> 'providers') e$$, $$SELECT to_jsonb(v) - '{source,policy}'::text[] FROM claim_report_risk_providers v WHERE source = 'claims' AND policy = 'medicare'$$, 'providers');
SELECT is(jsonb_array_length(r -> 'providers') || ' of ' || (r ->> 'providers_in_all'), '5 of 7', 'as many as were asked for, of all') FROM report WHERE source = 'claims' AND policy = 'mine';
SELECT results_eq($$SELECT e ->> 'provider' FROM report, jsonb_array_elements(r -> 'providers') e WHERE source = 'claims' AND policy = 'mine'$$,
	$$SELECT provider FROM claim_report_risk_providers WHERE source = 'claims' AND policy = 'mine' ORDER BY charge_at_risk DESC LIMIT 5$$, 'the worst first');
SELECT bag_eq($$SELECT e - '{rate_at_least}'::text[] FROM jsonb_array_elements(claim_report('claims') -> 'providers_by_rate') e$$, $$SELECT to_jsonb(v) - '{source,policy}'::text[] FROM claim_report_risk_providers v WHERE source = 'claims' AND policy = 'medicare' AND lines_at_risk > 0$$, 'those with lines at risk by rate');
SELECT results_eq($$SELECT (e ->> 'rate_at_least')::numeric FROM jsonb_array_elements(claim_report('claims') -> 'providers_by_rate') e$$,
	$$SELECT round((((p + 3.8415 / (2 * lines)) - sqrt(3.8415 * (p * (1 - p) / lines + 3.8415 / (4.0 * lines * lines)))) / (1 + 3.8415 / lines)), 4) AS r
	FROM (SELECT lines, lines_at_risk::numeric / lines AS p FROM claim_report_risk_providers WHERE source = 'claims' AND policy = 'medicare' AND lines_at_risk > 0) v ORDER BY r DESC$$, 'by the lower limit of the interval of Wilson');
SELECT is(array_agg(claimline_internal.claim_rate_at_least(hits, n) ORDER BY k), '{0.2366,0.3864,0.0615,0.0000,NULL,0.8389}', 'the lower limits of Wilson, 0 for none; of no lines there is no rate')
FROM (VALUES (1, 5, 10), (2, 10, 16), (3, 1, 3), (4, 0, 9), (5, 0, 0), (6, 30, 20)) v(k, hits, n);
SELECT results_eq($$SELECT (w ->> 'id')::bigint FROM report, jsonb_array_elements(r -> 'mendable') w WHERE source = 'claims' AND policy = 'medicare'$$,
	$$SELECT id FROM claim_report_lines l WHERE source = 'claims' AND policy = 'medicare' AND severity = 'deny' AND would_pass ORDER BY l.charge DESC NULLS LAST, id LIMIT 5$$, 'what one change mends, the highest charge first');
SELECT results_eq($$SELECT (w ->> 'id')::bigint, (w ->> 'would_pass')::boolean, w ->> 'suggestion', w ->> 'charge' FROM report, jsonb_array_elements(r -> 'worklist') w WHERE source = 'claims' AND policy = 'medicare'$$,
	$$SELECT id, would_pass, suggestion::text, charge::text FROM claim_report_lines l WHERE source = 'claims' AND policy = 'medicare' AND severity = 'deny' ORDER BY l.charge DESC NULLS LAST, id LIMIT 5$$, 'the worklist is that of the lines');
SELECT is_empty($$SELECT source, policy FROM report WHERE source <> 'never' AND ((SELECT sum((a ->> 'lines_at_risk')::int) FROM jsonb_array_elements(r -> 'ages') a) <> (r -> 'totals' ->> 'lines_at_risk')::int
	OR (SELECT sum((a ->> 'charge_at_risk')::numeric) FROM jsonb_array_elements(r -> 'ages') a) <> (r -> 'totals' ->> 'charge_at_risk')::numeric)$$, 'ages add up');
SELECT bag_eq($$SELECT (a ->> 'lines_at_risk')::bigint FROM report, jsonb_array_elements(r -> 'ages') a WHERE source = 'claims' AND policy = 'medicare'$$,
	$$SELECT count(l.id) FROM (VALUES (0, 7), (8, 30), (31, 90), (91, 1000)) a(f, t) LEFT JOIN claim_report_lines l ON source = 'claims' AND policy = 'medicare' AND severity = 'deny' AND age BETWEEN f AND t GROUP BY f$$, 'and are those of the lines');
SELECT is(r -> 'totals' ->> 'charge_at_risk', NULL, 'without charges there are none') FROM report WHERE source = 'uncharged';
SELECT is((SELECT jsonb_agg(e -> 'open') FROM jsonb_array_elements(r -> 'nights') e), (SELECT jsonb_agg(open ORDER BY scan) FROM claim_report_trend WHERE source = 'claims' AND policy = 'medicare'), 'nights') FROM report WHERE source = 'claims' AND policy = 'medicare';
SELECT is((r -> 'last_run' ->> 'scan')::bigint, (SELECT max(scan) FROM claim_scan_progress WHERE source = 'claims' AND policy = 'medicare'), 'the last run is the last') FROM report WHERE source = 'claims' AND policy = 'medicare';
SELECT is(concat_ws(' ', r -> 'totals', r -> 'last_run', r -> 'ruleset', r -> 'runs', r -> 'nights', r -> 'rules', r -> 'providers', r -> 'worklist', r -> 'mendable', r -> 'providers_by_rate', r -> 'undecided'), 'null null null [] [] [] [] [] [] [] []', 'a source that was never scanned says so') FROM report WHERE source = 'never';
SELECT is(r -> 'ruleset' ->> 'changed_since', 'false', 'the rules are those of the scan') FROM report WHERE policy = 'mine';
SELECT bag_eq($$SELECT r.source, r.policy, u FROM report r, jsonb_array_elements(r.r -> 'undecided') u$$,
	$$SELECT source, policy, to_jsonb(v) - '{source,policy}'::text[] FROM claim_report_undecided v WHERE why <> 'any rule' AND days > 0$$, 'what is undecided is that of claim_report_undecided');
SELECT results_eq($$SELECT r.source, r.policy, (r.r ->> 'days_undecided')::bigint FROM report r WHERE source <> 'never' ORDER BY 1, 2$$,
	$$SELECT source, policy, days FROM claim_report_undecided WHERE why = 'any rule' ORDER BY 1, 2$$, 'so are the days');
SELECT bag_eq($$SELECT r.source, r.policy, c FROM report r, jsonb_array_elements(r.r -> 'counted') c$$, $$SELECT source, policy, to_jsonb(v) - '{source,policy}'::text[] FROM claim_report_counted v$$, 'what is counted is that of claim_report_counted');

-- since a time: what claim_findings_at says of it, each line (here it is its claim) by its worst finding
CREATE TABLE asked_at AS SELECT at, claim_report('claims', since => at) AS r
FROM (SELECT finished_at AS at FROM claim_scan_progress WHERE source = 'claims' AND policy = 'medicare' UNION ALL SELECT now() - interval '1 year' UNION ALL SELECT now() + interval '1 day') t;
CREATE TABLE stood_at AS SELECT t.at, x.* FROM asked_at t, LATERAL (
	SELECT DISTINCT ON (f.claim_id) f.claim_id, f.rule, f.severity, f.charge
	FROM claim_findings_at('claims', 'medicare', t.at) f JOIN (SELECT rule, row_number() OVER () AS n FROM claim_rules()) r USING (rule) ORDER BY f.claim_id, f.severity DESC, r.n, f.id) x;
SELECT results_eq($$SELECT at, (r -> 'since' ->> 'lines_at_risk')::bigint, (r -> 'since' ->> 'charge_at_risk')::numeric, (r -> 'since' ->> 'lines_to_review')::bigint FROM asked_at ORDER BY at$$,
	$$SELECT t.at, count(s.claim_id) FILTER (WHERE severity = 'deny'), coalesce(sum(charge) FILTER (WHERE severity = 'deny'), 0), count(s.claim_id) FILTER (WHERE severity = 'review') FROM asked_at t LEFT JOIN stood_at s USING (at) GROUP BY t.at ORDER BY t.at$$, 'what was at risk at a time');
SELECT bag_eq($$SELECT at, e ->> 'rule', (e ->> 'lines_at_risk')::bigint, (e ->> 'charge_at_risk')::numeric FROM asked_at, jsonb_array_elements(r -> 'since' -> 'rules') e$$,
	$$SELECT at, rule, count(*), sum(charge) FROM stood_at WHERE severity = 'deny' GROUP BY at, rule$$, 'by rule');
SELECT results_eq($$SELECT at, (r -> 'since' ->> 'new_lines_at_risk')::bigint, (r -> 'since' ->> 'new_charge_at_risk')::numeric FROM asked_at ORDER BY at$$,
	$$SELECT t.at, count(l.id), coalesce(sum(l.charge), 0) FROM asked_at t LEFT JOIN claim_report_lines l ON l.source = 'claims' AND l.policy = 'medicare' AND l.severity = 'deny'
		AND NOT EXISTS (SELECT FROM stood_at s WHERE s.at = t.at AND s.severity = 'deny' AND s.claim_id = l.claim_id) GROUP BY t.at ORDER BY t.at$$, 'what is new since');
SELECT results_eq($$SELECT (r -> 'since' ->> 'scanned')::boolean, jsonb_array_length(r -> 'nights'), jsonb_array_length(r -> 'runs'), r -> 'last_run' <> 'null' FROM asked_at ORDER BY at$$,
	$$VALUES (false, 2, 2, true), (true, 2, 1, true), (true, 1, 0, true), (true, 0, 0, true)$$, 'nights and runs from then on; the last run is the last');
SELECT is((SELECT count(DISTINCT r - '{since,nights,runs,generated_at}'::text[]) FROM asked_at), 1::bigint, 'the rest is as of now');
SELECT is(claim_report('never', since => now()) -> 'since' ->> 'scanned', 'false', 'nothing was scanned then');

UPDATE claim_policy SET settings = '{"extends": "medicare", "visits_limit": 3}' WHERE name = 'mine';
SELECT is(claim_report('claims', 'mine') -> 'ruleset' ->> 'changed_since', 'true', 'or were changed since');
DELETE FROM claim_policy WHERE name = 'mine';
SELECT is(claim_report('claims', 'mine', 5) -> 'totals', r -> 'totals', 'a policy that was deleted keeps its report') FROM report WHERE policy = 'mine';
SELECT is(claim_report('claims', NULL), NULL, 'null for null');

CREATE FUNCTION report_as(role text, source text, policy text = 'medicare') RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	r jsonb;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	r := claim_report(source, policy, 5);
	RESET ROLE;
	RETURN r - 'generated_at';
END $$;
SELECT is(report_as('rep_dashboards', 'claims'), r - 'generated_at', 'the role that was granted it has the whole report') FROM report WHERE source = 'claims' AND policy = 'medicare';
SELECT throws_ok($$SELECT report_as('rep_stranger', 'claims')$$, '42501', 'findings of claim source "claims" are not yours to read', 'another role is refused');
SELECT throws_ok($$SELECT report_as('rep_dashboards', 'uncharged')$$, '42501', 'findings of claim source "uncharged" are not yours to read', 'so is that role of another source');
SELECT throws_ok($$SELECT claim_report('no such')$$, '42704', 'claim source "no such" does not exist', 'a source that there is not');
SELECT throws_ok($$SELECT claim_report('claims', 'no such')$$, '42704', 'policy "no such" does not exist', 'a policy that there is not');
SELECT throws_ok($$SELECT claim_report('claims', items => -1)$$, '22023', 'items is -1, must be 0 or more', 'less than nothing');
SELECT is(jsonb_array_length(claim_report('claims', items => 0) -> 'worklist'), 0, 'none is nothing');
DROP OWNED BY rep_dashboards, rep_stranger CASCADE;
DROP ROLE rep_dashboards, rep_stranger;

SELECT * FROM finish();

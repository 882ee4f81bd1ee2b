-- Every rule for every line of random days: claim_explain() agrees with claim_edits(), and its changes do what they say.
--
-- The oracle is claim_edits(): what it finds is fired or undecided and nothing else is; the day of each change, judged, has the finding no more, and
-- no line has a new one. That there is no smaller change is tried by brute force in SQL, over more changes of one field than the search has:
-- every modifier of the ruleset in every place, every set of regions, minutes and units by the number.
--
-- EXPLAIN_DAYS=20000 tries as many days.

BEGIN;
\i test/tap/lib.sql
SELECT * FROM no_plan();

CREATE SCHEMA explain;
SELECT set_config('search_path', 'explain, ' || current_setting('search_path'), true) \g /dev/null
\set days 100
\getenv days EXPLAIN_DAYS

CREATE FUNCTION pick(n bigint, seed int, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT choices[1 + draw(n, seed, cardinality(choices))] $$;

-- days of up to four lines; a row in twelve is there twice, one in forty is a reversal, one in sixty is no line
CREATE TABLE line AS
SELECT day, k, 'C' || draw(s, 1, 2) AS claim_id, k AS line_no, CASE WHEN draw(s, 3, 60) > 0 THEN concat_ws(' ',
	pick(s, 4, '97124', '97124', '97140', '97110', '97112', '97530', '97010', '98940', '98941', '98942', '98943', '99213', '97161', 'G0283', '97012', '97810', '97811', '97129', '97130', '20610', '99486', 'X0001')
		|| pick(s, 5, '', '-GP', '-GP', '-GP-59', '-AT', '-AT', '-XS-GP', '-GY', '-GZ', '-76', '-25', '-ZZ', '-GP-GP', '-GP-GO', '-CQ', '-GO', '-U7', '-AT-GA', '-59-76-GP', '-XP-GP', '-GX-GY', '-59-XS', '-LT', '-96-97-22-51-GP'),
	'x' || pick(s, 6, '1', '1', '1', '2', '3', '5', '1.5', '0'), pick(s, 7, '', '', '8min', '15min', '22min', '30min', '64min'),
	CASE WHEN draw(s, 8, 40) > 0 THEN dos || CASE WHEN draw(s, 9, 12) = 0 THEN '..' || (dos + 1 + draw(s, 10, 5)) ELSE '' END END,
	CASE WHEN draw(s, 11, 3) = 0 THEN pick(s, 12, '09:00', '09:10', '13:30') END,
	CASE WHEN draw(s, 13, 2) = 0 THEN 'dx=' || pick(s, 14, 'M54.2', 'M99.01,M99.02', 'F41.1', 'M99.01', 'M54.17', 'M99.03') || pick(s, 15, '', '', ' dxof=claim', ' dxof=first') END,
	CASE WHEN draw(s, 16, 3) = 0 THEN 'region=' || pick(s, 17, 'cervical', 'cervical,lumbar', 'cervical,thoracic,lumbar', 'head') END,
	CASE WHEN draw(s, 18, 3) = 0 THEN 'specialty=' || pick(s, 19, '35', '65', '225700000X', '111N00000X') END,
	CASE WHEN draw(s, 20, 3) = 0 THEN 'referral=' || pick(s, 21, 'yes', 'no') END, CASE WHEN draw(s, 22, 3) = 0 THEN 'visit=' || pick(s, 23, '1', '4', '7', '17') END,
	CASE WHEN draw(s, 24, 20) = 0 THEN 'unread=' || pick(s, 25, 'modifiers', 'dx', 'minutes', 'specialty') END, CASE WHEN draw(s, 26, 40) = 0 THEN 'reversal' END,
	CASE WHEN draw(s, 29, 6) = 0 THEN pick(s, 30, 'assistant=8min', 'assistant=4min', 'assistant=0min') END)::claimline END AS line
FROM (SELECT day, k, pick(day, 1, '2024-08-05', '2024-08-05', '2024-08-05', '2026-11-02', '2016-05-05', '2014-06-01', '2025-03-03')::date + draw(day * 16 + k, 27, 8) / 7 AS dos,
		CASE WHEN k > 1 AND draw(day * 16 + k, 28, 12) = 0 THEN day * 16 + 1 ELSE day * 16 + k END AS s
	FROM generate_series(1::bigint, :days) day, LATERAL generate_series(1, 1 + draw(day, 2, 4)) k) x;
-- loaded twice, or taken back
INSERT INTO line SELECT day, 9, claim_id, line_no, CASE WHEN day % 2 = 0 THEN line ELSE (line::text || ' reversal')::claimline END FROM line
	WHERE k = 1 AND draw(day, 3, 12) = 0 AND line::text !~ 'reversal';
CREATE TABLE day AS SELECT day, count(*)::int AS n, claimday(claim_id, line_no, line) AS lines FROM line GROUP BY day;
ANALYZE day;

INSERT INTO claim_policy (name, settings, note, source) VALUES
	('all', '{"extends": "hns", "visits_limit": 6, "visits_scrutiny": 3, "cmt_extraspinal_modifier": "yes", "supervision_modifier": "U7", "supervision_required_of": ["225700000X"], "supervision_asked_of": ["35"],
		"referral_from": "2016-01-01", "dx_required": "yes", "specialty_codes": {"65": ["97124", "97140", "97110"], "35": ["98940", "98941", "98942", "98943", "97012"]}, "specialty_required": "yes", "daily_limits": {"97124": 2}}', 'tried', 'here'),
	('bundled', '{"extends": "medicare", "cmt_massage": "bundled", "cmt_bundled": ["97012"], "cmt_bundled_from": "2016-01-01", "outside_coverage": "apply"}', 'tried', 'here');
CREATE TABLE rules AS
SELECT 'limits' AS name, 0 AS n, (j || jsonb_build_object('addon', '[["97150", "97110", 1, null, null], ["20610", null, 2, null, null], ["97811", "97810", 3, null, null]]'::jsonb, 'mue', (j->'mue') || '[["99486", 1, 1, null, null]]'))::text::claim_ruleset AS rules
	FROM (SELECT starter_ruleset()::text::jsonb AS j) s
UNION ALL SELECT p, n::int, ruleset(p) FROM unnest('{all,bundled,medicare,cpt}'::text[]) WITH ORDINALITY p(p, n);

CREATE TABLE told AS SELECT d.day, d.n AS lines, r.name, r.rules, e.* FROM day d JOIN rules r ON r.n = d.day % 5, claim_explain(d.lines, r.rules) e;
CREATE TABLE found AS SELECT d.day, e.* FROM day d JOIN rules r ON r.n = d.day % 5, claim_edits(d.lines, r.rules) e;
ANALYZE told;
ANALYZE found;

--
-- each rule once for each line, and as claim_edits() has it
--

SELECT is_empty('SELECT day, r.rule FROM day CROSS JOIN claim_rules() r LEFT JOIN told t USING (day, rule) GROUP BY day, n, r.rule HAVING count(t.rule) <> n', 'each line has each rule once');
SELECT is((SELECT count(*) FROM told), (SELECT sum(n) * (SELECT count(*) FROM claim_rules()) FROM day), 'and no other');
-- a row that is there twice has its findings on one of them
SELECT is_empty($$SELECT day, claim_id, line_no, rule, 'fired' AS state FROM found GROUP BY 1, 2, 3, 4 HAVING bool_or(severity <> 'unknown') UNION ALL SELECT day, claim_id, line_no, rule, 'undecided' FROM found GROUP BY 1, 2, 3, 4 HAVING bool_and(severity = 'unknown')
	EXCEPT SELECT day, claim_id, line_no, rule, state FROM told$$, 'a finding is fired, or undecided where it is unknown');
SELECT is_empty($$SELECT day, claim_id, line_no, rule, state FROM told WHERE state IN ('fired', 'undecided')
	EXCEPT (SELECT day, claim_id, line_no, rule, 'fired' FROM found GROUP BY 1, 2, 3, 4 HAVING bool_or(severity <> 'unknown') UNION ALL SELECT day, claim_id, line_no, rule, 'undecided' FROM found GROUP BY 1, 2, 3, 4 HAVING bool_and(severity = 'unknown'))$$, 'and nothing else is');
SELECT is_empty('SELECT day, claim_id, line_no, rule, severity, message, facts FROM told WHERE findings > 0 EXCEPT SELECT day, claim_id, line_no, rule, severity, message, facts FROM found', 'with one of the findings');
SELECT is((SELECT sum(findings) FROM told), (SELECT count(*) FROM found), 'of which all are counted');
SELECT is_empty($$SELECT DISTINCT rule, reason, state FROM told EXCEPT SELECT r.rule, c.reason, c.state FROM claim_rules() r, claim_reasons() c$$, 'reasons are those of the catalogue, with their states');
-- the rules of a family that judges more than a day are of no day
SELECT is_empty($$SELECT DISTINCT t.rule FROM told t JOIN claim_rules() r USING (rule) WHERE t.reason = 'not-of-a-day' AND r.family <> 'course'$$, 'each rule of a day says why');
SELECT is((SELECT string_agg(reason, ', ') FROM claim_reasons() c WHERE reason <> 'not-of-a-day' AND NOT EXISTS (SELECT FROM told t WHERE t.reason = c.reason)
	AND NOT EXISTS (SELECT FROM (VALUES ('medicare', '{97810 x1 2024-08-05,97811 x1 2024-08-05}'), ('medicare', '{97810 x1 2024-08-05..2024-08-06,97811 x1 2024-08-06}'),
		('medicare', '{"98941-AT x1 2024-08-05 region=cervical,thoracic,lumbar","97124-XS-GP x1 15min 2024-08-05 region=sacral"}'),
		('all', '{97124-59-GP x1 15min 2024-08-05 dx=M54.2 specialty=225700000X referral=yes visit=1}')) p(name, lines) JOIN rules r USING (name), claim_explain(p.lines::claimline[], r.rules) e WHERE e.reason = c.reason)), NULL, 'each reason comes up');
SELECT is_empty($$SELECT t.rule, key FROM told t, jsonb_object_keys(facts) key EXCEPT SELECT r.rule, c.fact FROM claim_rules() r, claim_facts() c$$, 'facts are those of the catalogue');
SELECT is_empty($$SELECT rule, missing, facts FROM told WHERE (missing IS NOT NULL) <> (state = 'undecided') OR (reason = 'missing') <> (facts ? 'missing' AND state = 'undecided') OR (reason = 'missing' AND NOT to_jsonb(missing) @> (facts->'missing'))$$, 'an undecided rule says what is missing');
SELECT is_empty($$SELECT t.rule, t.edition FROM told t JOIN claim_rules() r USING (rule) WHERE (t.edition IS NOT NULL) <> (cardinality(r.reads) > 0)$$, 'a rule that reads the edition says which');
-- other forms
SELECT is_empty('SELECT d.day, e.rule, e.state, e.reason, e.change FROM (SELECT * FROM day WHERE day <= 40) d, claim_explain(d.lines) e EXCEPT SELECT d.day, e.rule, e.state, e.reason, e.change FROM day d, claim_explain(d.lines, starter_ruleset()) e', 'the starter ruleset is the default');
SELECT is((SELECT string_agg(e::text, E'\n') FROM claim_explain('97124-GP x2 22min 2024-08-01') e), (SELECT string_agg(e::text, E'\n') FROM claim_explain(ARRAY['97124-GP x2 22min 2024-08-01']::claimline[]) e), 'a text is a line');
SELECT is((SELECT string_agg(rule || ' ' || state, ', ') FROM claim_explain(NULL::claimline) WHERE state <> 'not applicable'), 'line-invalid undecided', 'a null line is no line');
SELECT is((SELECT count(*) FROM claim_explain(NULL::claimday)), 0::bigint, 'a null day has no lines');
SELECT throws_ok('SELECT * FROM claim_explain(NULL::claimday, NULL)', '22004', 'ruleset must not be null', 'a ruleset is wanted');

--
-- changes do what they say
--

-- findings by line and rule of a day; `at_least`: those that count
CREATE FUNCTION tally(day claimday, rules claim_ruleset, at_least claim_severity, OUT claim_id text, OUT line_no int, OUT rule text, OUT n bigint, OUT worst claim_severity) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT e.claim_id, e.line_no, e.rule, count(*), max(e.severity) FROM claim_edits(day, rules) e WHERE e.severity >= at_least GROUP BY 1, 2, 3 $$;
CREATE FUNCTION comes(before claimday, after claimday, rules claim_ruleset, at_least claim_severity) RETURNS boolean LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM tally(after, rules, at_least) a LEFT JOIN tally(before, rules, at_least) b ON (b.claim_id, b.line_no, b.rule) = (a.claim_id, a.line_no, a.rule) WHERE a.n > coalesce(b.n, 0) OR a.worst > b.worst) $$;
CREATE FUNCTION goes(after claimday, rules claim_ruleset, claim text, line int, rule text) RETURNS boolean LANGUAGE sql AS $$
	SELECT NOT EXISTS (SELECT FROM claim_edits(after, rules) e WHERE (e.claim_id, e.line_no, e.rule) = (claim, line, goes.rule)) $$;

-- of days in which no line number is there twice
CREATE TABLE changed AS SELECT t.day, d.n, t.name, t.rules, t.claim_id, t.line_no, t.rule, d.lines AS before, c.change, c.after, c.kind,
	CASE (SELECT max(f.severity) FROM found f WHERE (f.day, f.claim_id, f.line_no, f.rule) = (t.day, t.claim_id, t.line_no, t.rule)) WHEN 'info' THEN 'info' ELSE 'unknown' END::claim_severity AS at_least
FROM told t JOIN day d USING (day), LATERAL (VALUES ('change', t.change, t.changed_day), ('otherwise', t.otherwise, t.otherwise_day)) c(kind, change, after)
WHERE t.findings > 0 AND t.line IS NOT NULL AND (c.kind = 'change' OR c.change IS NOT NULL) AND NOT EXISTS (SELECT FROM line l WHERE l.day = t.day AND l.k = 9);
ANALYZE changed;
SELECT cmp_ok((SELECT count(after) FROM changed), '>', :days::bigint, 'there are changes');
SELECT is_empty('SELECT DISTINCT rule, change FROM changed WHERE change IS NULL OR (after IS NULL AND change !~ ''^no(t sought| change of one field)'')', 'or it is said that there is none');
SELECT is_empty('SELECT rule, change, before, after FROM changed WHERE after IS NOT NULL AND NOT goes(after, rules, claim_id, line_no, rule)', 'after a change the rule has no finding on the line');
SELECT is_empty('SELECT rule, change, before, after FROM changed WHERE after IS NOT NULL AND comes(before, after, rules, at_least)', 'and no line has a new one');
SELECT is_empty($$SELECT change FROM changed c WHERE kind = 'otherwise' AND after IS NOT NULL AND ((SELECT count(*) FROM day_lines(after)) <> n
	OR EXISTS (SELECT FROM day_lines(after) a JOIN day_lines(before) b USING (claim_id, line_no) WHERE line_units(a.line) = 0 AND line_units(b.line) > 0))$$, 'the other change bills every line');

--
-- there is no smaller one
--

CREATE TABLE modifier AS SELECT m->>0 AS modifier FROM jsonb_array_elements((starter_ruleset()::text::jsonb)->'modifiers') m;
CREATE TABLE regions AS SELECT string_agg(name, ',' ORDER BY bit) AS regions FROM generate_series(1, 1023) s, unnest('{cervical,thoracic,lumbar,sacral,pelvic,head,upper_extremity,lower_extremity,rib_cage,abdomen}'::text[]) WITH ORDINALITY r(name, bit)
	WHERE s & 1 << (bit::int - 1) > 0 GROUP BY s;

-- a line with one field changed; null where it is left out
CREATE FUNCTION variants(l claimline) RETURNS SETOF claimline LANGUAGE sql AS $$
	SELECT NULL
	UNION ALL SELECT line_set_modifiers(l, o[:at] || modifier || o[at + 1:]) FROM modifier, (SELECT line_modifiers(l) AS o) x, generate_series(0, cardinality(o)) at WHERE cardinality(o) < 4 AND modifier <> ALL (o)
	UNION ALL SELECT line_set_modifiers(l, o[:at - 1] || o[at + 1:]) FROM (SELECT line_modifiers(l) AS o) x, generate_series(1, cardinality(o)) at
	UNION ALL SELECT regexp_replace(l::text, ' x[0-9.]+', ' x' || u)::claimline FROM generate_series(0, 12) u WHERE line_units(l) > 0 AND u <> line_units(l)
	UNION ALL SELECT (l::text || ' ' || m || 'min')::claimline FROM generate_series(0, 100) m WHERE line_minutes(l) IS NULL
	UNION ALL SELECT (l::text || ' region=' || regions)::claimline FROM regions WHERE line_regions(l) = '{}' AND l::text ~ '^(9894|97124|97140|97112)'
$$;

-- days of which a change is of two fields, or of which there is none
CREATE TABLE hard AS SELECT * FROM changed WHERE n <= 2 AND (after IS NULL OR change LIKE '%, and %') AND change NOT LIKE 'not sought%' ORDER BY day, claim_id, line_no, rule LIMIT 5;
CREATE TABLE smaller AS SELECT h.*, v.tried FROM hard h, LATERAL (
	SELECT claimday(y.claim_id, y.line_no, CASE WHEN y.place = x.place THEN x.variant ELSE y.line END) AS tried
	FROM (SELECT l.place, v.variant, row_number() OVER () AS n FROM day_lines(h.before) WITH ORDINALITY l(claim_id, line_no, line, place), LATERAL (SELECT DISTINCT variant FROM variants(l.line) variant WHERE h.kind = 'change' OR (variant IS NOT NULL AND (line_units(variant) > 0 OR line_units(l.line) = 0))) v) x,
		day_lines(h.before) WITH ORDINALITY y(claim_id, line_no, line, place)
	WHERE y.place <> x.place OR x.variant IS NOT NULL GROUP BY x.n) v;
SELECT cmp_ok((SELECT count(*) FROM smaller), '>', 3000::bigint, 'changes of one field are tried');
SELECT is_empty('SELECT DISTINCT ON (day, rule, line_no, kind) rule, kind, name, before, change, tried FROM smaller WHERE goes(tried, rules, claim_id, line_no, rule) AND NOT comes(before, tried, rules, at_least)', 'none of them does');

-- and of two fields where there is none: fewer changes of each, in all twos
CREATE FUNCTION some_variants(l claimline) RETURNS SETOF claimline LANGUAGE sql AS $$
	SELECT line_set_modifiers(l, CASE WHEN in_front THEN modifier || o ELSE o || modifier END) FROM unnest('{59,XS,XE,25,76,GP,GO,AT,GA,GY,U7,LT}'::text[]) modifier, (SELECT line_modifiers(l) AS o) x, unnest('{t,f}'::boolean[]) in_front
		WHERE cardinality(o) < 4 AND modifier <> ALL (o)
	UNION ALL SELECT line_set_modifiers(l, o[:at - 1] || o[at + 1:]) FROM (SELECT line_modifiers(l) AS o) x, generate_series(1, cardinality(o)) at
	UNION ALL SELECT regexp_replace(l::text, ' x[0-9.]+', ' x' || u)::claimline FROM generate_series(1, 5) u WHERE line_units(l) > 0 AND u <> line_units(l)
	UNION ALL SELECT (l::text || ' ' || m || 'min')::claimline FROM unnest('{8,15,16,22,30,38}'::int[]) m WHERE line_minutes(l) IS NULL
	UNION ALL SELECT (l::text || ' region=' || r)::claimline FROM unnest('{cervical,thoracic,lumbar,sacral,pelvic,head,"cervical,thoracic,lumbar"}'::text[]) r WHERE line_regions(l) = '{}' AND l::text ~ '^(9894|97124|97140|97112)'
$$;
CREATE TABLE hopeless AS SELECT h.* FROM changed h WHERE n <= 2 AND change = 'no change of one field or two does' AND NOT EXISTS (SELECT FROM day_lines(before) WHERE line IS NULL) ORDER BY draw(h.day, length(h.rule), 1000), day, claim_id, line_no, rule LIMIT 8;
CREATE TABLE two AS
WITH one AS MATERIALIZED (SELECT h.day, l.place, v.line AS was, v.variant, row_number() OVER () AS id FROM (SELECT DISTINCT day, before FROM hopeless) h, day_lines(h.before) WITH ORDINALITY l(claim_id, line_no, line, place), LATERAL (SELECT l.line, variant FROM some_variants(l.line) variant) v)
SELECT h.*, (SELECT claimday(y.claim_id, y.line_no, CASE WHEN y.place = a.place THEN a.variant WHEN y.place = a.other THEN a.other_variant ELSE y.line END)
		FROM day_lines(h.before) WITH ORDINALITY y(claim_id, line_no, line, place)) AS tried
FROM hopeless h JOIN (SELECT a.day, a.place, a.variant, b.place AS other, b.variant AS other_variant FROM one a JOIN one b ON b.day = a.day AND b.place > a.place
	UNION SELECT a.day, a.place, v, NULL, NULL FROM one a, some_variants(a.variant) v) a USING (day);
SELECT cmp_ok((SELECT count(*) FROM two), '>', 5000::bigint, 'changes of two fields are tried');
SELECT is_empty('SELECT DISTINCT ON (day, rule, line_no, kind) rule, kind, name, before, change, tried FROM two WHERE goes(tried, rules, claim_id, line_no, rule) AND NOT comes(before, tried, rules, at_least)', 'none of them does either');

SELECT * FROM finish();
ROLLBACK;

-- Lines of several dates of service, beside the same lines date by date.
--
-- The oracle is the judgement of lines of one date, which other tests prove: a span is any of its divisions into dates.
-- NCCI Policy Manual ch. I s. V: the units of a line are divided by the days of its span and rounded to the nearest whole number.

BEGIN;
\i test/tap/lib.sql
SELECT plan(30);
CREATE SCHEMA spans;
SELECT set_config('search_path', 'spans, ' || current_setting('search_path'), true) \g /dev/null

-- what a rule says of the lines of a day: line numbers and severities
CREATE FUNCTION says(of_rule text, VARIADIC lines claimline[]) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(e.line_no || ' ' || e.severity, ', ' ORDER BY e.line_no, e.severity), '') FROM claim_edits(lines) e WHERE e.rule = of_rule
$$;

--
-- units a day
--
SELECT is(says('mue-day', '97124-GP x5 75min 2024-08-05..2024-08-09'), '', 'five units on five dates are one a day');
SELECT is(says('mue-day', '97124-GP x5 75min 2024-08-05'), '1 deny', 'on one date they are five');
SELECT is(says('mue-day', '97124-GP x22 2024-08-05..2024-08-09'), '', '22 on five dates are 4.4 a day: 4');
SELECT is(says('mue-day', '97124-GP x23 2024-08-05..2024-08-09'), '1 deny', '23 are 4.6: 5');
SELECT is(says('mue-day', '97124-GP x9 2024-08-05..2024-08-06'), '1 deny', '9 on two dates are 4.5: 5');
SELECT is(says('mue-day', '97124-GP x8 2024-08-05..2024-08-06', '97124-GP x1 2024-08-06'), '1 deny, 2 deny', 'with another line of the second date');
SELECT is(says('mue-day', '97124-GP x8 2024-08-05..2024-08-06', '97124-GP x1 2024-08-07'), '', 'not with one of the date behind');
SELECT matches((SELECT message FROM claim_edits('97124-GP x40 2024-08-05..2024-08-09'::claimline) WHERE rule = 'mue-day'), 'x40 from 2024-08-05 to 2024-08-09 is x8 a day', 'the message says how many a day');

-- random lines of a code, date by date with the units that each date has
CREATE TABLE random_days AS
SELECT d, l, code || m || ' x' || u AS service, u, date '2024-08-05' + f AS dos, CASE hashint8extended(k, 9) & 3 WHEN 0 THEN (hashint8extended(k, 3) & 3)::int ELSE 0 END AS more, minutes
FROM (SELECT d, l, d * 10 + l AS k FROM generate_series(1, 4000) d, generate_series(1, 2 + d % 4) l) x,
	LATERAL (SELECT (ARRAY['97124', '97140', '98941', '97110', '98940', '97530'])[1 + (hashint8extended(k, 1) & 1023) % 6] AS code, (hashint8extended(k, 2) & 3)::int AS f,
		1 + ((hashint8extended(k, 4) & 1023) % 7)::int AS u, (ARRAY['-GP', '-59-GP', '-AT', '-GP'])[1 + (hashint8extended(k, 5) & 3)] AS m,
		(8 + (hashint8extended(k, 6) & 63))::int AS minutes) y;
CREATE TABLE whole AS
SELECT d, claimday('C', l, (service || ' ' || dos || CASE more WHEN 0 THEN '' ELSE '..' || dos + more END)::claimline) AS day FROM random_days GROUP BY d;
CREATE TABLE parted AS
SELECT d, claimday('C', l, format('%s x%s %s', split_part(service, ' ', 1), round(u / (more + 1.0)), dos + n)::claimline) AS day
FROM random_days, generate_series(0, more) n GROUP BY d;
-- pairs are of what is billed at all
CREATE TABLE parted_billed AS
SELECT d, claimday('C', l, format('%s x1 %s', split_part(service, ' ', 1), dos + n)::claimline) AS day
FROM random_days, generate_series(0, more) n GROUP BY d;
CREATE TABLE billed_says AS SELECT d, e.rule, e.line_no, e.with_line_no, e.severity FROM parted_billed, claim_edits(day) e;
CREATE TABLE whole_says AS SELECT d, e.rule, e.line_no, e.with_line_no, e.severity FROM whole, claim_edits(day) e;
CREATE TABLE parted_says AS SELECT d, e.rule, e.line_no, e.with_line_no, e.severity FROM parted, claim_edits(day) e;
SELECT cmp_ok((SELECT count(*) FROM random_days WHERE more > 0), '>', 1000::bigint, 'many spans');
SELECT is_empty($$(SELECT d, rule, line_no FROM whole_says WHERE rule LIKE 'mue%' EXCEPT SELECT d, rule, line_no FROM parted_says)
	UNION ALL (SELECT d, rule, line_no FROM parted_says WHERE rule LIKE 'mue%' EXCEPT SELECT d, rule, line_no FROM whole_says)$$, 'unit limits are those of one of the dates');
SELECT cmp_ok((SELECT count(*) FROM whole_says WHERE rule = 'mue-day'), '>', 200::bigint, 'of which there are many');

--
-- pairs
--
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-05'), '1 review', 'a pair that may be of one date: the first');
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-07'), '1 review', 'one in the middle');
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-09'), '1 review', 'the last');
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-10'), '', 'not the one behind');
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-04'), '', 'nor the one before');
SELECT is(says('ptp', '97124-GP x5 2024-08-05..2024-08-09', '97140-GP x3 2024-08-08..2024-08-12'), '1 review', 'two spans');
SELECT is(says('ptp', '97140-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-05', '97124-GP x1 2024-08-05'), '3 deny', 'what is certain with another line is denied');
SELECT matches((SELECT message FROM claim_edits(ARRAY['97124-GP x5 2024-08-05..2024-08-09', '97140-GP x1 2024-08-07']::claimline[]) WHERE rule = 'ptp'),
	'they are of 2024-08-05 to 2024-08-09 and of 2024-08-07', 'the message says both spans');
-- a pair is found where one of its dates has it, and is denied where both lines are of one date
CREATE TABLE pair_rules AS SELECT unnest('{ptp,cmt-bundled,cmt-region,cmt-region-unknown}'::text[]) AS rule;
SELECT is_empty($$(SELECT d, rule, line_no FROM whole_says JOIN pair_rules USING (rule) EXCEPT SELECT d, rule, line_no FROM billed_says)
	UNION ALL (SELECT d, rule, line_no FROM billed_says JOIN pair_rules USING (rule) EXCEPT SELECT d, rule, line_no FROM whole_says)$$, 'pairs are those of one of the dates');
CREATE TABLE alone_says AS
SELECT d, e.rule, e.line_no FROM (SELECT d, claimday('C', l, (service || ' ' || dos)::claimline) AS day FROM random_days WHERE more = 0 GROUP BY d) x, claim_edits(day) e WHERE e.severity = 'deny';
SELECT is_empty($$(SELECT d, rule, line_no FROM whole_says JOIN pair_rules USING (rule) WHERE severity = 'deny' EXCEPT SELECT d, rule, line_no FROM alone_says)
	UNION ALL (SELECT d, rule, line_no FROM alone_says JOIN pair_rules USING (rule) EXCEPT SELECT d, rule, line_no FROM whole_says WHERE severity = 'deny')$$,
	'they are denied where lines of one date alone have them');
SELECT is((SELECT count(*) FROM whole w WHERE claim_passes(w.day) <> NOT EXISTS (SELECT FROM whole_says s WHERE s.d = w.d AND s.severity = 'deny')), 0::bigint, 'verdicts are those of the findings');
SELECT is((SELECT count(*) FROM whole w WHERE claim_passes(w.day, starter_ruleset(), 'review') <> NOT EXISTS (SELECT FROM whole_says s WHERE s.d = w.d AND s.severity >= 'review')), 0::bigint, 'at review, too');

--
-- minutes
--
-- every division of the minutes and units of a line over its two or three dates, judged date by date
CREATE TABLE divided AS
SELECT dates, minutes, units, bool_or(NOT denied) AS some_holds, bool_and(under) AS all_under, bool_or(NOT denied AND NOT under) AS some_right, bool_and(NOT denied AND NOT under) AS all_right
FROM (SELECT dates, minutes, a.m, b.m AS mb, f.u AS fu, g.u AS gu, h.u AS hu, f.u + g.u + h.u AS units,
		f.u > f.most OR g.u > g.most OR h.u > h.most AS denied, f.u < f.most OR g.u < g.most OR h.u < h.most AS under
	FROM generate_series(2, 3) dates, unnest('{0,1,7,8,15,16,22,23,29,30,31,37,38,45}'::int[]) minutes, LATERAL generate_series(0, minutes) a(m),
		LATERAL generate_series(0, CASE dates WHEN 2 THEN 0 ELSE minutes - a.m END) b(m),
		LATERAL (SELECT u, timed_units(a.m) AS most FROM generate_series(0, 3) u) f,
		LATERAL (SELECT u, timed_units(minutes - a.m - b.m) AS most FROM generate_series(0, 3) u) g,
		LATERAL (SELECT u, timed_units(b.m) AS most FROM generate_series(0, CASE dates WHEN 2 THEN 0 ELSE 3 END) u) h) x
GROUP BY dates, minutes, units;
CREATE TABLE spans_say AS
SELECT d.*, (SELECT string_agg(e.rule, ' ') FROM claim_edits(format('97124-GP x%s %smin 2024-08-05..2024-08-0%s', units, minutes, 4 + dates)::claimline) e WHERE e.rule LIKE 'units%') AS said
FROM divided d WHERE units BETWEEN 1 AND 6;
SELECT is_empty($$SELECT dates, minutes, units, said FROM spans_say WHERE (said = 'units-minutes') IS DISTINCT FROM (NOT some_holds) AND (said IS NOT NULL OR NOT some_holds)$$,
	'units are denied where no division supports them, and nowhere else');
SELECT is_empty($$SELECT dates, minutes, units, said FROM spans_say WHERE coalesce(said = 'units-underbilled', false) <> (some_holds AND NOT some_right)$$,
	'they are too few where every division supports more');
SELECT is_empty($$SELECT dates, minutes, units, said FROM spans_say WHERE coalesce(said = 'units-unknown', false) AND all_right$$, 'nothing is said where every division is right');
-- beside a timed service of its first date, pooled with it: what some division supports is not denied
SELECT is((SELECT count(*) FROM unnest('{1,7,9,16,24,38}'::int[]) m, unnest('{3,8,20}'::int[]) other, generate_series(0, 38) a, generate_series(1, 4) u1, generate_series(0, 3) u2
	WHERE a <= m AND NOT EXISTS (SELECT FROM claim_edits(ARRAY[format('97124-GP x%s %smin 2024-08-05', u1, a), format('97110-GP x1 %smin 2024-08-05', other),
			format('97124-GP x%s %smin 2024-08-06', u2, m - a)]::claimline[]) e WHERE e.rule = 'units-minutes' AND e.line_no <> 2)
		AND EXISTS (SELECT FROM claim_edits(ARRAY[format('97124-GP x%s %smin 2024-08-05..2024-08-06', u1 + u2, m), format('97110-GP x1 %smin 2024-08-05', other)]::claimline[]) e
			WHERE e.rule = 'units-minutes' AND e.line_no = 1)), 0::bigint, 'nor beside another timed service');

--
-- columns of tables
--
CREATE TABLE spans.rows (n int, d text, t text, e date);
INSERT INTO spans.rows VALUES (1, '2024-08-05', '2024-08-09', '2024-08-09'), (2, '20240805', '20240805', '2024-08-05'), (3, '2024-08-05', '', NULL), (4, '20240805-20240809', NULL, NULL),
	(5, '2024-08-05', '08/09/2024', NULL), (6, '2024-08-05', '2024-08-01', '2024-08-01'), (7, '2024-08-05', 'later', NULL), (8, '', '2024-08-09', '2024-08-09'),
	(9, '2024-08-05', '2044-08-09', '2044-08-09'), (10, '2024-08-05', '9999-12-31', '9999-12-31'), (11, '20240809-20240805', NULL, NULL);
SET LOCAL client_min_messages = warning;
SELECT claim_source_add('two_texts', 'spans.rows', columns => '{"patient": {"value": "P"}, "claim_id": "n", "code": {"value": "97124"}, "dos": "d", "thru": {"column": "t", "missing": ["9999-12-31"]}}') \g /dev/null
SELECT claim_source_add('a_date', 'spans.rows', columns => '{"patient": {"value": "P"}, "claim_id": "n", "code": {"value": "97124"}, "dos": "d", "thru": "e"}') \g /dev/null
SELECT claim_source_add('one_text', 'spans.rows', columns => '{"patient": {"value": "P"}, "claim_id": "n", "code": {"value": "97124"}, "dos": "d"}') \g /dev/null
CREATE FUNCTION lines_of(source text) RETURNS TABLE (n text, line text, why text) LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY EXECUTE format('SELECT claim_id, line::text, line_error FROM %I ORDER BY claim_id::int', source || '_lines'); END $$;
SELECT results_eq($$SELECT * FROM lines_of('two_texts')$$, $$VALUES ('1', '97124 x1 2024-08-05..2024-08-09', NULL), ('2', '97124 x1 2024-08-05', NULL), ('3', '97124 x1 2024-08-05', NULL),
	('4', '97124 x1 2024-08-05..2024-08-09', NULL), ('5', '97124 x1 2024-08-05..2024-08-09', NULL),
	('6', '97124 x1 2024-08-05 unread=thru', 'Last date of service is 2024-08-01, must not be before the first one, 2024-08-05.'),
	('7', '97124 x1 2024-08-05 unread=thru', 'Last date of service is "later", not a date.'),
	('8', '97124 x1 unread=thru', 'Last date of service is 2024-08-09, and there is no first one.'),
	('9', '97124 x1 2024-08-05 unread=thru', 'Last date of service is 2044-08-09, must be at most 3660 days behind the first one, 2024-08-05.'), ('10', '97124 x1 2024-08-05', NULL),
	('11', NULL, 'Date of service is "20240809-20240805", not a date.')$$, 'a last date in text');
SELECT is((SELECT string_agg(n || ' ' || line, ', ' ORDER BY n::int) FROM lines_of('a_date') WHERE n::int IN (1, 2, 3, 4, 6)),
	'1 97124 x1 2024-08-05..2024-08-09, 2 97124 x1 2024-08-05, 3 97124 x1 2024-08-05, 4 97124 x1 2024-08-05..2024-08-09, 6 97124 x1 2024-08-05 unread=thru', 'and in a column of dates');
SELECT is((SELECT line FROM lines_of('one_text') WHERE n = '4'), '97124 x1 2024-08-05..2024-08-09', 'a span in the column of the date itself');
SELECT * FROM finish();
ROLLBACK;

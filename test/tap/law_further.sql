-- Services in two codes: one for the first unit, one for each further unit (97129 and 97130; 97810 or 97813 with 97811 or 97814).
--
-- The oracle counts the service as if it were one code, by the rule of the manual, gives the first unit to the first code and the
-- rest to the further one: every number of minutes and units of the two, alone and beside another timed code.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA law_further;
SELECT set_config('search_path', 'law_further, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(19);

-- The units of m minutes alone: 8 make one, 23 two (Medicare Claims Processing Manual ch. 5 s. 20.2)
CREATE FUNCTION units_of(m int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN m < 8 THEN 0 ELSE (m + 7) / 15 END $$;

CREATE TABLE service AS
SELECT first, further, m1, m2, u1, u2, units_of(m1 + m2) AS n
FROM (VALUES ('97129-GO', '97130-GO'), ('97810', '97811'), ('97810', '97814'), ('97813', '97814')) v (first, further),
	unnest('{0,7,8,15,20,22,23,35,38}'::int[]) m1, unnest('{0,7,8,15,22,23,38}'::int[]) m2, generate_series(0, 2) u1, generate_series(0, 3) u2;

CREATE TABLE said AS
SELECT s.*, e.line_no, e.rule, e.severity::text, e.suggestion, e.message
FROM service s LEFT JOIN LATERAL (SELECT * FROM claim_edits(lines(format('%s x%s %smin', first, u1, m1), format('%s x%s %smin', further, u2, m2))::claimline[]) e
	WHERE e.rule IN ('units-minutes', 'units-underbilled')) e ON true;

SELECT is_empty($$
	SELECT first, further, m1, m2, u1, u2, n, bool_or(line_no = 1 AND rule = 'units-minutes') AS said FROM said GROUP BY first, further, m1, m2, u1, u2, n
	HAVING coalesce(bool_or(line_no = 1 AND rule = 'units-minutes'), false) IS DISTINCT FROM (u1 > least(n, 1))$$,
	'the first code has one unit at most');
SELECT is_empty($$
	SELECT first, further, m1, m2, u1, u2, n FROM said GROUP BY first, further, m1, m2, u1, u2, n
	HAVING coalesce(bool_or(line_no = 2 AND rule = 'units-minutes'), false) IS DISTINCT FROM (u2 > greatest(n - 1, 0))$$,
	'the further code has the rest');
SELECT is_empty($$
	SELECT first, further, m1, m2, u1, u2, n FROM said GROUP BY first, further, m1, m2, u1, u2, n
	HAVING coalesce(bool_or(line_no = 1 AND rule = 'units-underbilled'), false) IS DISTINCT FROM (u1 < least(n, 1))
		OR coalesce(bool_or(line_no = 2 AND rule = 'units-underbilled'), false) IS DISTINCT FROM (u2 < greatest(n - 1, 0))$$,
	'what is billed below that is said');
SELECT is_empty($$
	SELECT * FROM said WHERE rule = 'units-minutes' AND suggestion IS NOT NULL
		AND line_units(suggestion) <> CASE line_no WHEN 1 THEN least(n, 1) ELSE greatest(n - 1, 0) END$$,
	'the suggestion is the share');
SELECT isnt_empty($$ SELECT FROM said WHERE suggestion IS NOT NULL $$, 'and there is one');

-- The first code alone

SELECT is_empty($$
	SELECT m, u FROM unnest('{97129-GO,97810,97813}'::text[]) c, generate_series(0, 68) m, generate_series(1, 4) u
	WHERE (sev(lines(format('%s x%s %smin', c, u, m)), 'units-minutes', 1) IS NOT NULL) IS DISTINCT FROM (u > least(units_of(m), 1))$$,
	'alone it has one unit at most too');
SELECT is((SELECT e.message FROM claim_edits(lines('97129-GO x2 35min')::claimline[]) e WHERE e.rule = 'units-minutes'),
	'97129 x2 billed: 35 minutes are 97129 x1 and 97130 x1', '35 minutes of 97129');
SELECT is(suggests(lines('97129-GO x2 35min'), 'units-minutes', 1), 'GO', 'the suggestion');
SELECT is((SELECT e.message FROM claim_edits(lines('97129-GO x1 35min')::claimline[]) e WHERE e.rule = 'units-underbilled'),
	'35 minutes are 97129 x1 and 97130 x1, and no 97130 is billed', 'what is missing');
SELECT is((SELECT e.message FROM claim_edits(lines('97810 x2 35min')::claimline[]) e WHERE e.rule = 'units-minutes'),
	'97810 x2 billed: 35 minutes are 97810 x1 and 97811 x1', 'acupuncture');
SELECT is(sev(lines('97810 x1', '97811 x1'), 'units-unknown', 1), NULL, 'acupuncture without minutes is asked nothing');
SELECT is(spoken(lines('97810 x1 20min', '97811 x1 15min', '97814 x1 15min'), 'units-minutes', 3), NULL, 'two codes for further units share them');
SELECT is(spoken(lines('97130-GO x1 15min'), 'units-', 1), NULL, 'the further code alone is a service');
SELECT is(spoken(lines('97129-GO x1 15min'), 'units-', 1), NULL, 'and so is the first');

-- Beside another timed code: as the two were one code, with the units of both

SELECT is_empty($$
	SELECT m1, m2, m3, u2, u3 FROM unnest('{7,15,20,23,38}'::int[]) m1, unnest('{7,8,15,22}'::int[]) m2, unnest('{7,10,18,30}'::int[]) m3,
		generate_series(0, 3) u2, generate_series(0, 3) u3
	WHERE (SELECT coalesce(bool_or(e.rule = 'units-minutes'), false) FROM claim_edits(lines(format('97129-GO x1 %smin', m1), format('97130-GO x%s %smin', u2, m2),
			format('97110-GO x%s %smin', u3, m3))::claimline[]) e)
		IS DISTINCT FROM NOT units_supported('{97129,97110}', ARRAY[m1 + m2, m3], ARRAY[1 + u2, u3])$$,
	'pooled with others they count as one code');

-- What goes with it

SELECT is(ruleset_text->'additional', '[["97130", "97129"], ["97811", "97810"], ["97811", "97813"], ["97814", "97810"], ["97814", "97813"]]'::jsonb, 'the table')
FROM (SELECT starter_ruleset()::text::jsonb AS ruleset_text) r;
SELECT is((r - 'additional')::text::claim_ruleset::text::jsonb->'additional', '[]'::jsonb, 'a text without it, as of release 0.1.0, has none')
FROM (SELECT starter_ruleset()::text::jsonb AS r) r;
SELECT is(jsonb_set(r, '{additional}', '[]')::text::claim_ruleset::text::jsonb->'additional', '[]'::jsonb, 'an empty one stays empty')
FROM (SELECT starter_ruleset()::text::jsonb AS r) r;
SELECT is((SELECT count(*) FROM ruleset_diff(jsonb_set(r, '{additional}', '[]')::text::claim_ruleset, starter_ruleset()) d WHERE d.path LIKE 'additional.%'),
	5::bigint, 'ruleset_diff shows it')
FROM (SELECT starter_ruleset()::text::jsonb AS r) r;

SELECT * FROM finish();
ROLLBACK;

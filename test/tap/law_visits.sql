-- 25 on every code that is a visit, on every code that is none, and on codes that nobody has classified. The oracles are
-- the sections of CPT and the code pairs of the practitioner file (data/ptp.csv), not the classes of data/codes.csv.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql
CREATE SCHEMA law_visits;
SELECT set_config('search_path', 'law_visits, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(11);

-- Column two of manipulation with indicator 1, but for therapy and infusions: visits, by NCCI ch. I and XI

CREATE TABLE pair AS
SELECT DISTINCT column_1 AS cmt, column_2 AS visit
FROM ptp_csv
WHERE service_type = 'practitioner' AND column_1 IN ('98940', '98941', '98942') AND indicator = 1 AND valid_to IS NULL
	AND column_2 NOT IN ('97112', '97124', '97140') AND column_2 NOT BETWEEN '96360' AND '96379';

SELECT cmp_ok(count(*), '>', 250::bigint, 'pairs of manipulation with a visit') FROM pair;

SELECT is_empty($$
	SELECT cmt, visit, e.rule, e.message FROM pair,
		claim_edits(ARRAY[cmt || '-AT x1 2024-08-01', visit || '-25 x1 2024-08-01']::claimline[]) e
	WHERE e.line_no = 2 AND e.rule IN ('ptp', 'mod-not-allowed')$$,
	'25 opens each of them, and may stand on the visit');

SELECT is_empty($$
	SELECT cmt, visit FROM pair
	WHERE NOT EXISTS (SELECT FROM claim_edits(ARRAY[cmt || '-AT x1 2024-08-01', visit || ' x1 2024-08-01']::claimline[]) e
		WHERE e.line_no = 2 AND e.rule = 'ptp' AND e.severity = 'deny')$$,
	'without it each is denied');

SELECT is_empty($$
	SELECT cmt, visit, e.suggestion FROM pair,
		claim_edits(ARRAY[cmt || '-AT x1 2024-08-01', visit || ' x1 2024-08-01']::claimline[]) e
	WHERE e.line_no = 2 AND e.rule = 'ptp' AND line_modifiers(e.suggestion) IS DISTINCT FROM '{25}'$$,
	'25 is what is suggested');

-- A section, known to the edition or not: what may be a visit

CREATE TABLE visit AS
SELECT n::text AS code FROM generate_series(99202, 99499) n
UNION ALL SELECT n::text FROM generate_series(98000, 98016) n
UNION ALL SELECT unnest('{92002,92004,92012,92014,98966,98967,98968,98970,98971,98972,G0402,G0438,G0439,G0463,G0380,G0381,G0382,
	G0383,G0384,G2211,S0280,S0281}'::text[]);

SELECT is_empty($$
	SELECT code, e.message FROM visit, claim_edits(ARRAY[code || '-25 x1 2024-08-01']::claimline[]) e
	WHERE e.rule = 'mod-not-allowed'$$,
	'25 may stand on every code of the sections of visits');

SELECT is_empty($$
	SELECT code FROM unnest('{92002,92014,98002,99202,99213,99291,99381,99397,99424,99483,G0402,G0439,G0463,G0384}'::text[]) code
	WHERE NOT EXISTS (SELECT FROM claim_edits(ARRAY[code || '-59 x1 2024-08-01']::claimline[]) e
		WHERE e.rule = 'mod-not-allowed' AND e.severity = 'deny')$$,
	'59 may not stand on those that are known to be visits');

-- What is none: therapy, manipulation, acupuncture, surgery and tests

SELECT is_empty($$
	SELECT code FROM unnest('{97012,97110,97124,97140,97150,97161,97168,97530,97763,97810,97813,98925,98940,98942,98943,20560,36415,
		62323,64450,95851,96372,96523,G0283}'::text[]) code
	WHERE code <> '36415' AND NOT EXISTS (SELECT FROM claim_edits(ARRAY[code || '-25 x1 2024-08-01']::claimline[]) e
		WHERE e.rule = 'mod-not-allowed' AND e.severity = 'deny')$$,
	'25 may not stand on them');

SELECT is(sev(lines('98941-AT x1', '97124-25-GP x1 15min'), 'ptp', 2), 'deny', '25 opens no pair of massage');

-- A code that nobody has classified is not told what it may carry, in the starter and in an edition of every code

CREATE TABLE unclassified AS
SELECT code FROM (
	SELECT translate(to_char(draw(n, 1, 100000), 'FM00000'), '', '') AS code FROM generate_series(1, 400) n
	UNION SELECT chr(65 + draw(n, 2, 26)) || to_char(draw(n, 3, 10000), 'FM0000') FROM generate_series(1, 200) n) c
WHERE NOT EXISTS (SELECT FROM code_csv k WHERE k.code = c.code AND k.classes <> '');

SELECT is_empty($$
	SELECT code, m, e.message FROM unclassified, unnest('{25,AT,51,52,59,XS,22}'::text[]) m,
		claim_edits(ARRAY[code || '-' || m || ' x1 2024-08-01']::claimline[]) e
	WHERE e.rule = 'mod-not-allowed'$$,
	'a code without a class takes any modifier');

CREATE TABLE edition_of_all AS
SELECT jsonb_set(j, '{codes}', (j->'codes') || (SELECT jsonb_agg(jsonb_build_array(code, NULL, NULL, NULL, NULL))
	FROM unclassified u WHERE NOT j->'codes' @> jsonb_build_array(jsonb_build_array(code))))::text::claim_ruleset AS rules
FROM (SELECT starter_ruleset()::text::jsonb AS j) s;

SELECT is_empty($$
	SELECT code, m, e.message FROM edition_of_all, unclassified, unnest('{25,AT,51,52,59,XS,22}'::text[]) m,
		claim_edits(ARRAY[code || '-' || m || ' x1 2024-08-01']::claimline[], rules) e
	WHERE e.rule = 'mod-not-allowed'$$,
	'also where the edition names it');

-- A pair with it is opened by 25, for it may be a visit

SELECT is(sev(ARRAY['98940-AT x1 2024-08-01', '99999-25 x1 2024-08-01'], 'ptp', 2, jsonb_set(j, '{ptp}',
	(j->'ptp') || '[["98940", "99999", null, null, 1, null]]')::text::claim_ruleset), NULL, 'a pair with it is opened by 25')
FROM (SELECT starter_ruleset()::text::jsonb AS j) s;

SELECT * FROM finish();
ROLLBACK;

-- Add-on codes: CMS's passages as cases, and the rules over random days against a plain recomputation in SQL.
--
-- The oracle reads the rows of the ruleset as a table, and what the other rules deny of a day judged without add-on codes; it knows
-- nothing of how the edit goes about it: the primaries of a line are joined, what is denied is a recursive query.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA addon;
SELECT set_config('search_path', 'addon, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(39);

-- The starter with the rows of an add-on file, and without any
CREATE FUNCTION with_addons(rows jsonb, rules claim_ruleset = starter_ruleset()) RETURNS claim_ruleset LANGUAGE sql AS $$
	SELECT jsonb_set(rules::text::jsonb, '{addon}', $1)::text::claim_ruleset
$$;

-- CMS, Medicare NCCI Add-on Code Edits: type 1 is paid if one of the listed primaries is, to the same practitioner for the same
-- patient on the same date of service; type 2 as a primary that the contractor determines; type 3 has both
SELECT is(sev(lines('97811 x1 15min'), 'addon-missing', 1), 'deny', 'type 1 alone');
SELECT is(sev(lines('97811 x1 15min', '97810 x1 15min'), 'addon-missing', 1), NULL, 'type 1 with a listed primary');
SELECT is(sev(lines('97811 x1 15min', '97813 x1 15min'), 'addon-missing', 1), NULL, 'or with the other');
SELECT is(sev(lines('97811 x1 15min', '97814 x1 15min'), 'addon-missing', 1), 'deny', 'an add-on code is no primary of another by itself');
SELECT is(sev(lines('97551-GP x1 15min', '97550-GP x1 30min'), 'addon-missing', 1), NULL, 'a code that the starter has only as an add-on code');
SELECT is(sev(lines('97551-GP x1 15min'), 'addon-missing', 1), 'deny', 'alone');
SELECT is(sev(lines('97546 x1', '97545 x1'), 'addon-missing', 1), NULL, 'hours');
SELECT is(sev(lines('97598 x1', '97597 x1'), 'addon-missing', 1), NULL, 'an area');
SELECT is(codes(lines('97598 x1'), 'addon-missing', 1), 'deny CO-107/N122', 'the denial codes');
SELECT is((SELECT e.message FROM claim_edits(lines('97130-GO x1 15min')::claimline[]) e WHERE e.rule = 'addon-missing'),
	'97130 is an add-on code (type 1), payable where 97129 is payable on the same date: the day has none', 'the message');
SELECT is((SELECT e.message FROM claim_edits(lines('97811 x1 15min', '97810 x0')::claimline[]) e WHERE e.rule = 'addon-missing'),
	'97811 is an add-on code (type 1), payable where one of 97810, 97813 is payable on the same date: 97810 of line 2 has no units',
	'a primary without units');
SELECT is((SELECT e.message FROM claim_edits(lines('97130-GO x1 15min', '97129-GO-GO x1 15min')::claimline[]) e WHERE e.rule = 'addon-denied'),
	'97130 is an add-on code, payable where 97129 is payable on the same date: 97129 of line 2 is denied by mod-repeated', 'the rule that denies');

-- Types 2 and 3
SELECT is(sev(lines('97546 x1', '97110-GP x1 15min'), 'addon-missing', 1, with_addons('[["97546", null, 2, null, null]]')), 'unknown',
	'type 2: whether another service is a primary is not known');
SELECT is(sev(lines('97546 x1'), 'addon-missing', 1, with_addons('[["97546", null, 2, null, null]]')), 'review', 'type 2 alone');
SELECT is(sev(lines('97546 x1', '97811 x1'), 'addon-missing', 1, with_addons('[["97546", null, 2, null, null], ["97811", "97810", 1, null, null]]')),
	'review', 'and beside add-on codes');
SELECT is(sev(lines('97546 x1', '97110-GP x1 15min'), 'addon-missing', 1, with_addons('[["97546", "97545", 3, null, null]]')), 'review',
	'type 3: the contractor may take others');
SELECT is(sev(lines('97546 x1', '97545-GY x1'), 'addon-denied', 1, with_addons('[["97546", "97545", 3, null, null]]')), 'review',
	'type 3 with a denied primary');

-- Rows of dates
SELECT results_eq($$ SELECT sev(on_day(d, '97546 x1'), 'addon-missing', 1, with_addons('[["97546", "97545", 1, "2022-01-01", "2023-12-31"]]'))
	FROM unnest('{2021-12-31,2022-01-01,2023-12-31,2024-01-01}'::date[]) d $$, $$ VALUES (NULL), ('deny'), ('deny'), (NULL) $$,
	'a row holds from its first date to its last');
-- what is remembered of lines from row to row of a query, of each date
SELECT results_eq($$ SELECT claim_passes(format('97546 x1 %s', d::date)::claimline, j.rules)
		FROM (SELECT with_addons('[["97546", "97545", 1, "2022-01-05", "2022-01-08"]]') AS rules OFFSET 0) j, generate_series('2022-01-01'::date, '2022-01-12', '1 day') WITH ORDINALITY d(d, n) ORDER BY n $$,
	$$ SELECT NOT d BETWEEN '2022-01-05' AND '2022-01-08' FROM generate_series('2022-01-01'::date, '2022-01-12', '1 day') d ORDER BY d $$, 'also line by line in one query');
SELECT results_eq($$ SELECT EXISTS (SELECT FROM claim_edits(format('97546 x1 %s', d::date)::claimline, j.rules) e WHERE e.rule = 'addon-missing')
		FROM (SELECT with_addons('[["97546", "97545", 1, "2022-01-05", "2022-01-08"]]') AS rules OFFSET 0) j, generate_series('2022-01-01'::date, '2022-01-12', '1 day') WITH ORDINALITY d(d, n) ORDER BY n $$,
	$$ SELECT d BETWEEN '2022-01-05' AND '2022-01-08' FROM generate_series('2022-01-01'::date, '2022-01-12', '1 day') d ORDER BY d $$, 'and with findings');
SELECT results_eq($$ SELECT d::date FROM generate_series('2023-12-30'::date, '2024-01-02', '1 day') d WHERE NOT claim_passes(format('97551-GP x1 15min %s', d::date)::claimline) ORDER BY 1 $$,
	$$ VALUES ('2024-01-01'::date), ('2024-01-02') $$, 'the starter has the dates of CMS''s file');
-- a code of type 3 of which the contractor says all
SELECT is(sev(lines('97546 x1', '97110-GP x1 15min'), 'addon-missing', 1, with_addons('[["97546", null, 3, null, null]]')), 'unknown', 'type 3 without a listed primary is as type 2');
SELECT is(sev(lines('97546 x1', '97545 x1'), 'addon-missing', 1, with_addons('[["97546", null, 3, null, null], ["97546", "97545", 3, null, null]]')), NULL, 'with one');
SELECT is(sev(lines('97546 x1', '97110-GP x1 15min'), 'addon-missing', 1, with_addons('[["97546", null, 3, null, null], ["97546", "97545", 3, null, null]]')), 'review', 'and without it');
-- Claims Processing Manual ch. 12 s. 30.6.12: of two providers of a group and specialty one bills 99291, the other 99292
SELECT is(sev(lines('99292 x1'), 'addon-missing', 1, with_addons('[["99292", "99291", 1, null, null]]')), 'review', '99292 alone: another provider may have billed 99291');
SELECT is((SELECT e.message FROM claim_edits(lines('99292 x1')::claimline[], with_addons('[["99292", "99291", 1, null, null]]')) e WHERE e.rule = 'addon-missing'),
	'99292 is an add-on code (type 1), payable where 99291 is payable on the same date, to this provider or to another of the same group and specialty: the day has none', 'which is said');
SELECT is(sev(lines('99292 x1', '99291 x1'), 'addon-missing', 1, with_addons('[["99292", "99291", 1, null, null]]')), NULL, 'both');
SELECT is(sev(lines('99292 x1', '99291-GY x1'), 'addon-denied', 1, with_addons('[["99292", "99291", 1, null, null]]')), 'review', 'and beside one that is not paid');
SELECT is(sev(on_day('2024-10-01', '97130-GO x1 15min'), 'addon-missing', 1), 'review', 'after the edition''s dates');
SELECT is(ruleset_coverage(starter_ruleset(), 'addon'), '[2020-10-01,2024-10-01)', 'which are said');
SELECT is(ruleset_coverage(with_addons('[]'), 'addon'), 'empty', 'a ruleset without add-on codes knows of no date');

-- What mends the primary mends the add-on line
SELECT is((SELECT string_agg(e.severity::text, ',') FROM claim_edits(ARRAY(
		SELECT coalesce(f.suggestion, l.line) FROM unnest(lines('97129-GO-GO x1 15min', '97130-GO x1 15min')::claimline[]) WITH ORDINALITY l(line, n)
		LEFT JOIN claim_edits(lines('97129-GO-GO x1 15min', '97130-GO x1 15min')::claimline[]) f ON f.line_no = l.n AND f.suggestion IS NOT NULL
		ORDER BY l.n)) e WHERE e.rule LIKE 'addon%'), NULL, 'the suggestion for the primary');

-- What is wrong in a text
SELECT matches((error_of($$ SELECT with_addons('[["97546", "97546", 1, null, null]]') $$)).detail, 'its own primary', 'a code beside itself');
SELECT matches((error_of($$ SELECT with_addons('[["97546", "97545", 2, null, null]]') $$)).detail, 'null where the type is 2', 'type 2 with a primary');
SELECT matches((error_of($$ SELECT with_addons('[["97546", "97545", 1, null, null], ["97546", "97545", 1, "2024-01-01", null]]') $$)).detail,
	'overlapping periods', 'a primary twice on a date');
SELECT is((SELECT array_agg(d.path || ' ' || d.codes::text) FROM ruleset_diff(with_addons('[["97546", "97545", 1, null, null]]'),
	with_addons('[["97546", "97545", 1, null, "2024-01-01"]]')) d), '{"addon.97546 {97546}"}', 'a difference names the code');

--
-- Random days
--

CREATE TABLE addon_row AS
SELECT r->>0 AS code, r->>1 AS prim, (r->>2)::int AS type
FROM jsonb_array_elements('[["97130", "97129", 1], ["97811", "97810", 1], ["97811", "97813", 1], ["97814", "97811", 1], ["97814", "97813", 1],
	["97546", "97545", 3], ["97598", null, 2], ["97597", "97814", 1], ["97113", "97116", 1], ["97116", "97113", 1]]') r;

CREATE TABLE judge AS
SELECT with_addons((SELECT jsonb_agg(jsonb_build_array(code, prim, type, NULL, NULL)) FROM addon_row)) AS rules, with_addons('[]') AS plain;

CREATE TABLE day AS
SELECT d, array_agg(format('%s%s x%s 15min 2024-08-01', code[1 + draw(d, 100 + n, 13)], modifier[1 + draw(d, 200 + n, 6)],
	(ARRAY[1, 1, 1, 0])[1 + draw(d, 300 + n, 4)])::claimline ORDER BY n) AS lines
FROM generate_series(1, 4000) d, generate_series(1, 2 + draw(d, 1, 4)) n,
	(VALUES ('{97129,97130,97810,97811,97813,97814,97545,97546,97597,97598,97110,97113,97116}'::text[], '{"",-GP,-GP,-GO,-GY,-59-GP}'::text[])) v(code, modifier)
GROUP BY d;

CREATE TABLE line AS
SELECT d.d, l.n::int AS n, l.line, line_code(l.line) AS code, line_units(l.line) > 0 AS billed,
	line_units(l.line) > 0 AND NOT 'GY' = ANY (line_modifiers(l.line)) AS payable,
	(SELECT min(a.type) FROM addon_row a WHERE a.code = line_code(l.line)) AS type
FROM day d, unnest(d.lines) WITH ORDINALITY l(line, n);

CREATE TABLE denied AS
SELECT DISTINCT d.d, e.line_no AS n FROM day d, judge j, claim_edits(d.lines, j.plain) e WHERE e.severity = 'deny';

-- Billed primary lines of each add-on line that may be paid
CREATE TABLE beside AS
SELECT a.d, a.n, p.n AS prim, p.payable FROM line a JOIN line p USING (d) JOIN addon_row r ON r.code = a.code AND r.prim = p.code
WHERE a.payable AND p.billed;
CREATE INDEX ON beside (d, n);

CREATE TABLE expected AS
SELECT a.d, a.n, 'addon-missing' AS rule, CASE a.type WHEN 1 THEN 'deny' WHEN 3 THEN 'review'
	ELSE CASE WHEN EXISTS (SELECT FROM line o WHERE o.d = a.d AND o.billed AND o.type IS NULL) THEN 'unknown' ELSE 'review' END END AS severity
FROM line a WHERE a.payable AND a.type IS NOT NULL AND NOT EXISTS (SELECT FROM beside b WHERE b.d = a.d AND b.n = a.n);

-- To the end: a line is denied with the last of its primaries
CREATE PROCEDURE spread() LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO denied SELECT d, n FROM expected WHERE severity = 'deny' EXCEPT SELECT d, n FROM denied;
	LOOP
		INSERT INTO expected
		SELECT a.d, a.n, 'addon-denied', CASE a.type WHEN 1 THEN 'deny' ELSE 'review' END
		FROM line a WHERE a.payable AND a.type IS NOT NULL AND EXISTS (SELECT FROM beside b WHERE b.d = a.d AND b.n = a.n)
			AND NOT EXISTS (SELECT FROM beside b WHERE b.d = a.d AND b.n = a.n AND b.payable
				AND NOT EXISTS (SELECT FROM denied x WHERE x.d = b.d AND x.n = b.prim))
			AND NOT EXISTS (SELECT FROM expected e WHERE e.d = a.d AND e.n = a.n);
		EXIT WHEN NOT FOUND;
		INSERT INTO denied SELECT d, n FROM expected WHERE severity = 'deny' EXCEPT SELECT d, n FROM denied;
	END LOOP;
END $$;
CALL spread();

CREATE TABLE said AS
SELECT d.d, e.line_no AS n, e.rule, e.severity::text FROM day d, judge j, claim_edits(d.lines, j.rules) e WHERE e.rule LIKE 'addon-%';

SELECT is_empty($$ (TABLE said EXCEPT ALL SELECT * FROM expected) UNION ALL (SELECT * FROM expected EXCEPT ALL TABLE said) $$,
	'the rules say what the rows say, over random days');
SELECT results_eq($$ SELECT DISTINCT rule, severity FROM said ORDER BY 1, 2 $$,
	$$ VALUES ('addon-denied', 'deny'), ('addon-denied', 'review'), ('addon-missing', 'deny'), ('addon-missing', 'review'), ('addon-missing', 'unknown') $$,
	'each answer among them');
-- an add-on code with its own add-on code as primary neither denies nor saves itself
SELECT is(spoken(lines('97113-GP x1 15min', '97116-GP x1 15min'), 'addon', 1, (SELECT rules FROM judge)), NULL, 'two that are each other''s primary');

SELECT * FROM finish();
ROLLBACK;

-- Which dates of service an edition is known for: by part, by code, by pair; and which rules that concerns.
--
-- Facts: data/coverage.csv, read here by itself, and the parts that a rule reads, as doc/rules.md has them.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql

CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(nullif(concat_ws(' | ', state, message, coalesce(nullif(detail, ''), '-'), nullif(hint, '')), ''), 'no error') FROM error_of(statement)
$$;

SELECT plan(56);

CREATE FUNCTION pg_temp.said(dos text, VARIADIC lines text[]) RETURNS SETOF claim_finding
LANGUAGE sql AS $$ SELECT claim_edits((SELECT array_agg(l || ' ' || dos ORDER BY n) FROM unnest(lines) WITH ORDINALITY u (l, n))::claimline[]) $$;
CREATE FUNCTION pg_temp.sev(rule text, line_no int, dos text, VARIADIC lines text[]) RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(s.severity::text, ' ') FROM pg_temp.said(dos, VARIADIC lines) s WHERE s.rule = $1 AND s.line_no = $2 $$;

-- what reads what

SELECT bag_eq($$SELECT rule, unnest(reads) FROM claim_rules() WHERE rule <> 'edition-coverage'$$,
	$$VALUES ('ptp', 'ptp'), ('ptp-bypassed', 'ptp'), ('mod-unneeded', 'ptp'), ('mue-line', 'mue'), ('mue-day', 'mue'), ('addon-missing', 'addon'), ('addon-denied', 'addon')$$, 'the rules that read a part');
SELECT is((SELECT count(*) FROM claim_rules() WHERE reads IS NULL), 0::bigint, 'each says it');
SELECT is(ruleset_coverage(starter_ruleset(), 'ptp'), daterange('2020-10-01', '2024-09-30', '[]'), 'the dates of pairs');
SELECT is(ruleset_coverage(starter_ruleset(), 'mue'), daterange('2020-10-01', '2026-06-30', '[]'), 'those of limits');
SELECT is(ruleset_coverage(ruleset('medicare', NULL, 'outpatient'), 'mue'), daterange('2020-10-01', '2026-06-30', '[]'), 'of hospitals');
SELECT is(pg_temp.refusal($$SELECT ruleset_coverage(starter_ruleset(), 'cpt')$$), '22023 | an edition has no part "cpt" | - | Use ptp, mue or addon.', 'another part');
SELECT is(ruleset_coverage(starter_ruleset(), NULL), NULL, 'null');

-- a rule that reads none says the same on any date, but for rules of dates of their own
CREATE TEMP TABLE made (lines text[]);
INSERT INTO made VALUES ('{97124-GP x40 15min}'), ('{97124-GP-59-XS x1 15min}'), ('{97124-GP x1 15min,97124-GP x1 15min}'), ('{97124 x1.5 15min}'),
	('{97124-GP x1 15min 10:00,97110-GP x1 15min 10:05}'), ('{98941-AT x1 region=cervical,97124-59-GP x1 15min region=cervical}'), ('{98940 x1}'),
	('{97124-GP x1 15min specialty=35}'), ('{"98941-AT x1 region=cervical,lumbar,thoracic",97124-59-ZZ x1 15min region=lumbar}');
CREATE TEMP TABLE judged AS
SELECT m.lines, d.dos, f.line_no, f.rule, f.severity, f.covered, f.carc, f.suggestion IS NOT NULL AS suggests
FROM made m, (SELECT ('2021-05-01'::date + 97 * i)::text AS dos FROM generate_series(0, 30) i UNION VALUES ('2024-09-30'), ('2024-10-01'), ('2026-11-02'), ('2039-01-01')) d,
	LATERAL pg_temp.said(d.dos, VARIADIC m.lines) f JOIN claim_rules() r USING (rule) WHERE r.reads = '{}';
SELECT cmp_ok((SELECT count(*) FROM judged WHERE severity = 'deny'), '>=', 300::bigint, 'they deny');
SELECT is((SELECT count(*) FROM judged WHERE NOT covered), 0::bigint, 'and are covered');
SELECT is((SELECT count(*) FROM (SELECT lines, line_no, rule, severity, carc, suggests FROM judged GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) <> (SELECT count(DISTINCT dos) FROM judged)) x),
	0::bigint, 'on every date');
SELECT ok(NOT claim_passes('97124-GP x40 15min 2026-11-02'::claimline), 'minutes are counted today too');

-- the edges of the parts

SELECT is(pg_temp.sev(rule, 2, dos, VARIADIC lines), wanted, format('%s on %s: %s', rule, dos, coalesce(wanted, 'nothing'))) FROM (VALUES
	('ptp', '2020-09-30', '{98941-AT x1,97124-GP x1 15min}'::text[], 'review'), ('ptp', '2020-10-01', '{98941-AT x1,97124-GP x1 15min}', 'deny'),
	('ptp', '2024-09-30', '{98941-AT x1,97124-GP x1 15min}', 'deny'), ('ptp', '2024-10-01', '{98941-AT x1,97124-GP x1 15min}', 'review'),
	('ptp', '2026-12-31', '{98941-AT x1,97124-GP x1 15min}', 'review'),
	('edition-coverage', '2020-09-30', '{98941-AT x1,97124-GP x1 15min}', 'review'), ('edition-coverage', '2020-10-01', '{98941-AT x1,97124-GP x1 15min}', NULL),
	('edition-coverage', '2024-09-30', '{98941-AT x1,97124-GP x1 15min}', NULL), ('edition-coverage', '2024-10-01', '{98941-AT x1,97124-GP x1 15min}', 'review'),
	-- codes whose files of 2026 are known
	('ptp', '2024-10-01', '{97162-GP x1,97161-GP x1}', 'deny'), ('ptp', '2026-12-31', '{97162-GP x1,97161-GP x1}', 'deny'),
	('ptp', '2027-01-01', '{97162-GP x1,97161-GP x1}', 'review'), ('edition-coverage', '2026-12-31', '{97140-GP x1 15min,97110-GP x1 15min}', NULL),
	('edition-coverage', '2027-01-01', '{97140-GP x1 15min,97110-GP x1 15min}', 'review'),
	-- one of them beside a code whose are not
	('edition-coverage', '2026-11-02', '{97124-GP x1 15min,97110-GP x1 15min}', 'review'),
	('mue-day', '2026-06-30', '{97110-GP x1 15min,97124-GP x5 75min}', 'deny'), ('mue-day', '2026-07-01', '{97110-GP x1 15min,97124-GP x5 75min}', 'review'),
	('mue-day', '2026-12-31', '{97112-GP x1 15min,97110-GP x6 90min}', NULL), ('mue-day', '2026-12-31', '{97110-GP x1 15min,97140-GP x7 105min}', 'deny'),
	('mue-day', '2027-01-01', '{97110-GP x1 15min,97140-GP x7 105min}', 'review')) v (rule, dos, lines, wanted);
SELECT is((SELECT count(*) FROM pg_temp.said('2026-11-02', '97140-GP x1 15min', '97530-GP x1 15min')), 0::bigint, 'codes known today have nothing to say when they are right');

-- what is said

SELECT is((SELECT message FROM pg_temp.said('2026-11-02', '98941-AT x1', '97124-GP x1 15min') WHERE rule = 'ptp'),
	'NCCI pair 98941/97124 [1] (Standards of medical/surgical practice; effective 2002-04-01, not deleted): 97124 is not payable beside 98941 of line 1; '
	'a modifier that opens the pair is on neither line; edition starter covers code pairs from 2020-10-01 to 2024-09-30 '
	'(unchanged in the hospital outpatient file of 2026-10-01): load the edition of the date of service', 'a pair beyond its dates: what is known of it');
SELECT is((SELECT message FROM pg_temp.said('2026-11-02', '97124-GP x1 15min') WHERE rule = 'edition-coverage'),
	'edition starter covers code pairs from 2020-10-01 to 2024-09-30 and unit limits from 2020-10-01 to 2026-06-30, '
	'the date of service is 2026-11-02: load the edition of that date', 'both parts in one finding');
SELECT is((SELECT message FROM pg_temp.said('2025-11-02', '97124-GP x1 15min', 'Z9999 x1') WHERE rule = 'edition-coverage' AND line_no = 2),
	'edition starter covers code pairs from 2020-10-01 to 2024-09-30, the date of service is 2025-11-02: load the edition of that date; '
	'edition starter does not know code Z9999: neither its pairs nor its units were checked', 'with what the edition does not carry');
SELECT is((SELECT max(n) FROM (SELECT count(*) AS n FROM (VALUES ('2020-01-01'), ('2024-10-01'), ('2026-11-02'), ('')) d (dos),
		pg_temp.said(dos, '97124-GP x1 15min', 'Z9999 x1', '20610 x1', '97110 x1') f WHERE rule = 'edition-coverage' GROUP BY dos, line_no) x), 1::bigint, 'never more than one of a line');
SELECT is((SELECT bool_and(f.covered) FROM pg_temp.said('2024-09-30', '98941-AT x1', '97124-GP x1 15min') f), true, 'findings of a covered day say so');
SELECT is((SELECT string_agg(DISTINCT f.rule, ' ' ORDER BY f.rule) FROM pg_temp.said('2024-10-01', '98941-AT x1', '97124-GP x1 15min') f WHERE NOT f.covered), 'edition-coverage ptp',
	'on another, those that read the part');
SELECT is((SELECT severity::text FROM claim_edits('{98941-AT x1 2026-11-02,97124-GP x1 15min 2026-11-02}'::claimline[], (SELECT jsonb_set(starter_ruleset()::text::jsonb, '{policy,outside_coverage}', '"apply"')::text::claim_ruleset))
	WHERE rule = 'ptp'), 'deny', 'unless the policy applies it all the same');

-- hospital outpatient: what changed between the files is known before and after, not between

CREATE FUNCTION pg_temp.hospital(rule text, dos text, VARIADIC lines text[]) RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(e.severity::text, ' ') FROM claim_edits((SELECT array_agg(l || ' ' || dos) FROM unnest(lines) l)::claimline[],
	ruleset('medicare', NULL, 'outpatient')) e WHERE e.rule = $1 $$;
SELECT is(pg_temp.hospital('ptp', dos, VARIADIC lines), wanted, format('%s with %s on %s: %s', lines[1], lines[2], dos, coalesce(wanted, 'nothing'))) FROM (VALUES
	('2024-09-30', '{97124 x1,64466 x1}'::text[], NULL), ('2024-10-01', '{97124 x1,64466 x1}', 'review'), ('2026-09-30', '{97124 x1,64466 x1}', 'review'),
	('2026-10-01', '{97124 x1,64466 x1}', 'deny'), ('2027-01-01', '{97124 x1,64466 x1}', 'review'), ('2025-06-30', '{98941 x1,97124 x1}', 'deny'),
	('2025-06-30', '{97140 x1,97124 x1}', 'deny'), ('2027-01-01', '{98941 x1,97124 x1}', 'review')) v (dos, lines, wanted);

-- the text form

SELECT is(starter_ruleset()::text::claim_ruleset::text, starter_ruleset()::text, 'it is in the text form');
SELECT is(ruleset_hash(starter_ruleset()::text::claim_ruleset), ruleset_hash(starter_ruleset()), 'and the same ruleset');
CREATE FUNCTION pg_temp.with_coverage(rows jsonb) RETURNS claim_ruleset LANGUAGE sql AS $$ SELECT (starter_ruleset()::text::jsonb || jsonb_build_object('coverage', rows))::text::claim_ruleset $$;
SELECT is(ruleset_coverage((starter_ruleset()::text::jsonb - 'coverage')::text::claim_ruleset, 'mue'), daterange('2020-10-01', '2024-09-30', '[]'),
	'without the table, the dates of the edition hold');
SELECT is(ruleset_coverage(pg_temp.with_coverage('[["ptp", null, null, "2019-01-01", null, null]]'), 'ptp'), daterange('2019-01-01', NULL), 'open at an end');
SELECT is(pg_temp.refusal(format($$SELECT pg_temp.with_coverage(%L)$$, rows)) LIKE '%' || wanted || '%', true, wanted) FROM (VALUES
	('[["ptp", null, null, "2019-01-01", null, null], ["ptp", null, null, "2020-01-01", null, null]]', '"coverage" has overlapping periods for ptp of all codes'),
	('[["ptp", "97124", "98940", "2019-01-01", null, null], ["ptp", "98940", "97124", "2020-01-01", null, null]]', '"coverage" has overlapping periods for ptp of 97124'),
	('[["mue", "97124", "98940", null, null, null]]', 'Only a pair has two codes'),
	('[["cpt", null, null, null, null, null]]', 'must be one of ptp, mue'),
	('[["ptp", null, null, "2021-01-01", "2020-01-01", null]]', 'The period ends before it starts')) v (rows, wanted);

SELECT * FROM finish();
ROLLBACK;

-- The payer edits against an oracle in plain SQL.
--
-- 160 policies with settings drawn by a hash extend cpt, or one of each other, and judge 8,000 provider-days drawn the same way, so every
-- run and every plan sees the same policies and days. The oracle computes, from the accessor functions of the lines and the rows of
-- claim_policy alone, the findings of the nine rules of the family payer, and of mue-day and cmt-bundled where a policy decides them.
-- The extension must give the same multiset.
--
-- What the oracle takes as given:
--   settings   a key of a policy goes before that of the policy it extends, lists as a whole.
--   lines      billed lines (units above 0), each alone; units-scrutiny, mue-day and cmt-bundled look at the lines of the DOS.
--   severity   the rule's ordinary one, or the policy's for it; `review` for a specialty that is only asked for the supervision modifier,
--              `info` where a denial is wanted and the line says so, `unknown` where the fact is not stated.
--   deny       is unknown without a DOS, and review outside the edition's dates unless the policy applies them there.
--   from       a rule that starts on a date applies to a line without a DOS: it may.
--   supervised a policy that names no supervision modifier asks for none.
--   limit      the policy's own for a code, even where it applies no MUE; else the MUE of the day (MAI 2 and 3).

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql

SELECT plan(13);

-- One of a list; the empty text stands for null
CREATE FUNCTION pg_temp.one(list text, key bigint, seed int) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
	SELECT nullif(l[1 + draw(key, seed, cardinality(l))], '') FROM string_to_array(list, ' ') l
$$;

-- Some of a list, as JSON
CREATE FUNCTION pg_temp.some(list text, key bigint, seed int) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
	SELECT coalesce(jsonb_agg(v ORDER BY n) FILTER (WHERE draw(key, seed * 100 + n::int, 3) = 0), '[]')
	FROM string_to_table(list, ' ') WITH ORDINALITY u (v, n)
$$;

-- The same of names, each with some of a list
CREATE FUNCTION pg_temp.some_of(names text, list text, key bigint, seed int) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
	SELECT coalesce(jsonb_object_agg(v, pg_temp.some(list, key, seed * 100 + n::int)) FILTER (WHERE draw(key, seed * 100 + n::int, 3) = 0), '{}')
	FROM string_to_table(names, ' ') WITH ORDINALITY u (v, n)
$$;

-- The same of names, each with a number from 0 to n - 1
CREATE FUNCTION pg_temp.some_numbers(names text, n int, key bigint, seed int) RETURNS jsonb
LANGUAGE sql IMMUTABLE
AS $$
	SELECT coalesce(jsonb_object_agg(v, draw(key, seed * 100 + 50 + i::int, $2)) FILTER (WHERE draw(key, seed * 100 + i::int, 3) = 0), '{}')
	FROM string_to_table(names, ' ') WITH ORDINALITY u (v, i)
$$;

-- The policies

-- every key that the rules read
CREATE TEMP TABLE drawn AS
SELECT p, jsonb_build_object(
	'mue', pg_temp.one('yes no', p, 1),
	'outside_coverage', pg_temp.one('review apply', p, 2),
	'cmt_massage', pg_temp.one('by-region bundled separate separate', p, 3),
	'cmt_bundled_from', pg_temp.one(' 2005-08-01 2021-03-01 2024-08-01', p, 4),
	'cmt_bundled', pg_temp.some('97124 97140 97010 97112 97110 99213 Z9999', p, 5),
	'daily_limits', pg_temp.some_numbers('97124 97140 97110 98940 97010 Z9999', 5, p, 6),
	'massage_codes', pg_temp.some('97124 97124 97124 97140 97010 97112 97110', p, 7) || pg_temp.some('97530 Z9999', p, 8),
	'specialties_not_covered', pg_temp.some_of('35 111N00000X 225700000X 65', '98940 98941 97124 97140', p, 9),
	'specialty_codes', pg_temp.some_of('35 225700000X 225100000X', '97124 97140 97010 98940', p, 10),
	'specialty_required', pg_temp.one('yes no', p, 11),
	'denial_modifier', pg_temp.one(' GY GY GX', p, 12),
	'denial_modifier_wanted', pg_temp.one('yes no', p, 13),
	'supervision_modifier', pg_temp.one('U7 U7 U7 U8', p, 14),
	'supervision_required_of', pg_temp.some('225700000X 35 225100000X', p, 15),
	'supervision_asked_of', pg_temp.some('35 111N00000X 225700000X', p, 16),
	'dx_required', pg_temp.one('yes no', p, 17),
	'dx_not_necessary', pg_temp.some('F41 R45 R45.4 Z733 M54.5 M54', p, 18),
	'referral_from', pg_temp.one(' 2008-07-01 2021-03-01 2024-08-01', p, 19),
	'units_scrutiny', pg_temp.one(' 1 2 3', p, 20)::int,
	'visits_scrutiny', pg_temp.one(' 1 3 6', p, 21)::int,
	'visits_limit', pg_temp.one(' 2 6 12', p, 22)::int,
	'severity', (SELECT coalesce(jsonb_object_agg(rule, pg_temp.one('info review deny', p, 2300 + n::int)) FILTER (WHERE draw(p, 2400 + n::int, 3) = 0), '{}')
		FROM unnest('{specialty-not-covered,specialty-code-limit,supervision-modifier,dx-missing,dx-not-necessary,referral-missing,
			units-scrutiny,visits-scrutiny,visits-limit,mue-day,cmt-bundled}'::text[]) WITH ORDINALITY u (rule, n))) AS settings
FROM generate_series(1, 160) p;

-- a list in which a code stands twice is no list of codes
UPDATE drawn
SET settings = jsonb_set(settings, '{massage_codes}', (SELECT coalesce(jsonb_agg(DISTINCT c), '[]') FROM jsonb_array_elements(settings->'massage_codes') c));

-- the first 80 extend cpt with most of the keys, 40 extend one of them with a third of them, 40 one of those with fewer
INSERT INTO claim_policy (name, settings, note, source)
SELECT 'drawn-' || p, jsonb_build_object('extends', 'cpt')
	|| (SELECT jsonb_object_agg(key, value) FROM jsonb_each(settings) WITH ORDINALITY e (key, value, n) WHERE draw(p, 3000 + n::int, 8) > 0),
	'drawn', 'drawn'
FROM drawn WHERE p <= 80 ORDER BY p;

INSERT INTO claim_policy (name, settings, note, source)
SELECT 'drawn-' || p, jsonb_build_object('extends', 'drawn-' || 1 + draw(p, 4000, 80))
	|| (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(settings) WITH ORDINALITY e (key, value, n) WHERE draw(p, 3000 + n::int, 3) = 0),
	'drawn', 'drawn'
FROM drawn WHERE p BETWEEN 81 AND 120 ORDER BY p;

INSERT INTO claim_policy (name, settings, note, source)
SELECT 'drawn-' || p, jsonb_build_object('extends', 'drawn-' || 1 + draw(p, 4000, 120))
	|| (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(settings) WITH ORDINALITY e (key, value, n) WHERE draw(p, 3000 + n::int, 5) = 0),
	'drawn', 'drawn'
FROM drawn WHERE p > 120 ORDER BY p;

-- what each says with all that it extends
CREATE TEMP TABLE policy AS
WITH RECURSIVE up AS (
	SELECT name, settings - 'extends' AS settings, settings->>'extends' AS parent, 1 AS depth FROM claim_policy WHERE name LIKE 'drawn-%'
	UNION ALL
	SELECT up.name, (c.settings - 'extends') || up.settings, c.settings->>'extends', depth + 1 FROM up JOIN claim_policy c ON c.name = up.parent
)
SELECT substring(name FROM 7)::int AS p, name, depth,
	-- a list that none of them has is empty
	'{"daily_limits": {}, "cmt_bundled": [], "massage_codes": [], "specialties_not_covered": {}, "specialty_codes": {}, "supervision_required_of": [],
		"supervision_asked_of": [], "dx_not_necessary": [], "severity": {}}' || settings AS settings, ruleset(name) AS rules FROM up WHERE parent IS NULL;

-- The days

CREATE TEMP TABLE line AS
SELECT d.day, d.p, l.line_no, d.key + l.line_no AS key, d.dos, d.day_dos
FROM (SELECT day, day * 16::bigint AS key, 1 + draw(day, 100, 160) AS p,
		('{2024-08-01,2024-08-01,2024-08-01,2024-07-31,2021-02-28,2021-03-01,2008-06-30,2019-05-05,2024-10-01}'::date[])[1 + draw(day, 101, 9)] AS dos,
		draw(day, 102, 20) AS day_dos, 1 + draw(day, 103, 5) AS n_lines
	FROM generate_series(1, 8000) day) d,
	generate_series(1, d.n_lines) AS l (line_no);

CREATE TEMP TABLE day AS
SELECT day, p, array_agg(CASE WHEN draw(key, 200, 60) > 0 THEN claimline(
	code => pg_temp.one('97124 97124 97124 97124 97124 97140 97140 97112 97110 97010 98940 98941 98943 99213 97530 Z9999', key, 201),
	modifiers => array_remove(ARRAY[pg_temp.one(' GP GP 59 AT', key, 202), pg_temp.one('   GY GX U7 U7 U8', key, 203), pg_temp.one('   GA GY U7 KX', key, 204)], NULL),
	units => pg_temp.one('0 1 1 1 1 2 2 3 5 1.5', key, 205)::numeric,
	-- a day of no date, a day with a line of another date or none
	dos => CASE WHEN day_dos = 0 OR (day_dos = 1 AND line_no = 1) THEN NULL WHEN day_dos = 2 AND line_no = 2 THEN dos + 1 ELSE dos END,
	dx => array_remove(ARRAY[pg_temp.one('  M54.2 M54.50 F41.1 R45.0 Z73.3', key, 206), pg_temp.one('   F41.9 R45.4 M99.01', key, 207)], NULL),
	specialty => pg_temp.one('  35 35 225700000X 225700000X 111N00000X 65 225100000X', key, 208),
	referral => pg_temp.one('  t t f', key, 209)::boolean,
	visit => pg_temp.one('  1 2 3 4 6 7 12 13', key, 210)::int) END ORDER BY line_no) AS lines
FROM line GROUP BY day, p;

-- The oracle

-- The ordinary severity of a rule
CREATE FUNCTION pg_temp.ordinary(rule text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN rule IN ('units-scrutiny', 'visits-scrutiny') THEN 'review' ELSE 'deny' END $$;

-- What a policy may call a specialty: a taxonomy code also by its CMS code
CREATE FUNCTION pg_temp.names_of(specialty text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE specialty WHEN '111N00000X' THEN '{111N00000X,35}' WHEN '225100000X' THEN '{225100000X,65}'::text[] ELSE ARRAY[specialty] END
$$;

-- Is a diagnosis under one of the prefixes?
CREATE FUNCTION pg_temp.under(dx text, prefixes jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$ SELECT EXISTS (SELECT FROM jsonb_array_elements_text(prefixes) x WHERE starts_with(replace(dx, '.', ''), replace(x, '.', ''))) $$;

CREATE FUNCTION pg_temp.payer_findings(lines claimline[], p jsonb) RETURNS TABLE (line_no int, rule text, severity text)
LANGUAGE sql STABLE
AS $$
	WITH billed AS (
		SELECT n::int AS line_no, line_code(l) AS code, line_modifiers(l) AS modifiers, line_units(l) AS units, line_dos(l) AS dos, line_dx(l) AS dx,
			line_specialty(l) AS specialty, pg_temp.names_of(line_specialty(l)) AS names, line_referral(l) AS referral, line_visit(l) AS visit,
			(p->>'denial_modifier') IS NOT NULL AND (ARRAY['GX', 'GY'] || (p->>'denial_modifier')) && line_modifiers(l) AS says_denial
		FROM unnest(lines) WITH ORDINALITY u (l, n)
		WHERE line_units(l) > 0
	), fact AS (
		SELECT b.*,
			-- what is billed for its denial is asked only who may bill it
			p->'massage_codes' ? code AND NOT says_denial AS massage,
			coalesce(p->>'supervision_modifier' = ANY (modifiers), false) AS says_supervised,
			coalesce(p->'supervision_required_of' ?| names, false) AS must_be_supervised,
			coalesce(p->'supervision_asked_of' ?| names, false) AS may_be_supervised,
			sum(units) FILTER (WHERE NOT says_denial) OVER (PARTITION BY dos, code) AS day_units,
			EXISTS (SELECT FROM billed o WHERE o.line_no <> b.line_no AND NOT o.says_denial AND o.dos IS NOT DISTINCT FROM b.dos
				AND o.code IN ('98940', '98941', '98942', '98943')) AS beside_cmt
		FROM billed b
	), said AS (
		-- who may bill what
		SELECT f.line_no, f.dos, r.rule, r.as_said, p->'daily_limits' ? f.code AS own
		FROM fact f, LATERAL (VALUES
			('specialty-not-covered', CASE
				WHEN p->'specialties_not_covered' = '{}' THEN NULL
				WHEN specialty IS NULL THEN CASE WHEN p->>'specialty_required' = 'yes' THEN 'unknown' END
				WHEN NOT p->'specialties_not_covered' ?| names THEN NULL
				WHEN EXISTS (SELECT FROM unnest(names) n WHERE p->'specialties_not_covered'->n ? code) THEN NULL
				WHEN must_be_supervised AND says_supervised THEN NULL
				WHEN says_denial AND p->>'denial_modifier_wanted' = 'yes' THEN 'info'
				ELSE 'ordinary' END),
			('specialty-code-limit', CASE
				WHEN p->'specialty_codes' = '{}' THEN NULL
				WHEN specialty IS NULL THEN CASE WHEN p->>'specialty_required' = 'yes' AND p->'specialties_not_covered' = '{}' THEN 'unknown' END
				WHEN NOT p->'specialty_codes' ?| names THEN NULL
				WHEN EXISTS (SELECT FROM unnest(names) n WHERE p->'specialty_codes'->n ? code) THEN NULL
				WHEN says_denial AND p->>'denial_modifier_wanted' = 'yes' THEN 'info'
				ELSE 'ordinary' END),
			('supervision-modifier', CASE
				WHEN NOT massage OR (p->>'supervision_modifier') IS NULL OR says_supervised THEN NULL
				WHEN must_be_supervised THEN 'ordinary'
				WHEN may_be_supervised THEN 'review' END),
			-- for what
			('dx-missing', CASE WHEN massage AND p->>'dx_required' = 'yes' AND cardinality(dx) = 0 THEN 'ordinary' END),
			('dx-not-necessary', CASE
				WHEN massage AND cardinality(dx) > 0 AND NOT EXISTS (SELECT FROM unnest(dx) d WHERE NOT pg_temp.under(d, p->'dx_not_necessary'))
				THEN 'ordinary' END),
			-- on whose order, how much, how often
			('referral-missing', CASE
				WHEN NOT massage OR (p->>'referral_from') IS NULL OR dos < (p->>'referral_from')::date OR referral THEN NULL
				WHEN referral IS NULL THEN 'unknown'
				ELSE 'ordinary' END),
			('units-scrutiny', CASE WHEN massage AND day_units > (p->>'units_scrutiny')::numeric THEN 'ordinary' END),
			('visits-scrutiny', CASE
				WHEN NOT massage OR (p->>'visits_scrutiny') IS NULL THEN NULL
				WHEN visit IS NULL THEN 'unknown'
				WHEN visit > (p->>'visits_scrutiny')::int THEN 'ordinary' END),
			('visits-limit', CASE
				WHEN NOT massage OR (p->>'visits_limit') IS NULL THEN NULL
				WHEN visit IS NULL THEN 'unknown'
				WHEN visit > (p->>'visits_limit')::int THEN 'ordinary' END),
			('mue-day', CASE
				WHEN says_denial THEN NULL
				WHEN p->'daily_limits' ? code THEN CASE WHEN day_units > (p->'daily_limits'->>code)::numeric THEN 'ordinary' END
				WHEN p->>'mue' = 'yes' AND day_units > (SELECT m.units FROM mue_csv m WHERE m.service_type = 'practitioner' AND m.code = f.code AND m.mai IN (2, 3))
				THEN 'ordinary' END),
			('cmt-bundled', CASE
				WHEN NOT beside_cmt OR says_denial THEN NULL
				WHEN p->>'cmt_massage' = 'bundled' AND code IN ('97112', '97124', '97140') THEN 'ordinary'
				WHEN p->'cmt_bundled' ? code AND (p->>'cmt_bundled_from') IS NOT NULL AND (dos IS NULL OR dos >= (p->>'cmt_bundled_from')::date)
				THEN 'ordinary' END)
		) r (rule, as_said)
		WHERE r.as_said IS NOT NULL
	), severe AS (
		SELECT said.line_no, said.dos, said.rule, said.own,
			CASE as_said WHEN 'ordinary' THEN coalesce(p->'severity'->>said.rule, pg_temp.ordinary(said.rule)) ELSE as_said END AS severity
		FROM said
	)
	SELECT s.line_no, s.rule, CASE
		WHEN s.severity <> 'deny' THEN s.severity
		WHEN s.dos IS NULL THEN 'unknown'
		-- none of these rules reads an edition, but for a limit that is not the policy's own: the starter's, of 2020-10-01 to 2026-06-30
		WHEN s.rule = 'mue-day' AND NOT s.own AND s.dos NOT BETWEEN '2020-10-01' AND '2026-06-30' AND p->>'outside_coverage' <> 'apply' THEN 'review'
		ELSE s.severity END
	FROM severe s
$$;

CREATE TEMP TABLE expected AS
SELECT d.day, f.* FROM day d JOIN policy p USING (p), LATERAL pg_temp.payer_findings(d.lines, p.settings) f;

-- The extension

CREATE TEMP TABLE got AS
SELECT d.day, e.line_no, e.rule, e.severity::text AS severity, e.message, e.carc
FROM (SELECT * FROM day ORDER BY p, day) d JOIN policy p USING (p), claim_edits(d.lines, p.rules) e
WHERE e.rule IN ('specialty-not-covered', 'specialty-code-limit', 'supervision-modifier', 'dx-missing', 'dx-not-necessary', 'referral-missing',
	'units-scrutiny', 'visits-scrutiny', 'visits-limit', 'mue-day', 'cmt-bundled');

CREATE TEMP TABLE difference AS
SELECT 'missing' AS kind, * FROM (
	SELECT day, line_no, rule, severity FROM expected EXCEPT ALL SELECT day, line_no, rule, severity FROM got) m
UNION ALL
SELECT 'not expected', * FROM (
	SELECT day, line_no, rule, severity FROM got EXCEPT ALL SELECT day, line_no, rule, severity FROM expected) n;

-- The days and policies are what this file says they are

SELECT cmp_ok((SELECT count(*) FROM day), '>=', 5000::bigint, 'at least 5,000 provider-days');
SELECT is((SELECT count(*) FROM policy), 160::bigint, '160 policies');
SELECT is((SELECT count(DISTINCT ruleset_hash(rules)) FROM policy), 160::bigint, 'no two of which are the same');
SELECT cmp_ok((SELECT count(*) FROM policy WHERE depth > 3), '>=', 10::bigint, 'some extend one that extends another');
SELECT is((SELECT string_agg(DISTINCT k, ', ') FROM policy p, jsonb_object_keys((SELECT settings FROM drawn LIMIT 1)) k WHERE NOT p.settings ? k), NULL,
	'each has every key that the rules read');

-- The oracle says each rule at each severity that it can have
SELECT is((SELECT string_agg(r.rule || ' ' || s, ', ' ORDER BY r.rule, s)
	FROM claim_rules() r, unnest('{info,unknown,review,deny}'::text[]) s
	-- law_liability.sql has an oracle of its own for what is billed for a denial
	WHERE (r.family = 'payer' AND r.rule <> 'billed-for-denial' OR r.rule IN ('mue-day', 'cmt-bundled'))
		AND (SELECT count(*) FROM expected e WHERE (e.rule, e.severity) = (r.rule, s)) < 5), NULL,
	'the oracle finds each rule with each severity five times or more');
SELECT cmp_ok((SELECT count(*) FROM day d WHERE NOT EXISTS (SELECT FROM expected e WHERE e.day = d.day)), '>=', 200::bigint, 'and nothing on many days');

-- The two agree

SELECT is((SELECT count(*) FROM difference WHERE kind = 'missing'), 0::bigint, 'nothing that the oracle finds is missing');
SELECT is((SELECT count(*) FROM difference WHERE kind = 'not expected'), 0::bigint, 'nothing else is found');
SELECT diag(format('%s: day %s, line %s, %s %s, policy %s: %s %s', x.kind, x.day, x.line_no, x.rule, x.severity, p.name, d.lines::text, p.settings::text))
FROM (SELECT *, row_number() OVER (PARTITION BY kind, rule ORDER BY day, line_no) AS n FROM difference) x
	JOIN day d USING (day) JOIN policy p USING (p) WHERE x.n <= 2 ORDER BY x.kind, x.rule, x.day;

-- and would not if one were blind
SELECT cmp_ok((SELECT count(*) FROM (
	SELECT day, line_no, rule, severity FROM expected
	EXCEPT ALL
	SELECT d.day, e.line_no, e.rule, e.severity::text FROM day d JOIN policy p ON p.p = 1 + d.p % 160, claim_edits(d.lines, p.rules) e) x), '>=', 3000::bigint,
	'with the policy of another payer they differ');

-- What goes with a finding

SELECT is((SELECT count(*) FROM got WHERE message IS NULL OR message = ''), 0::bigint, 'each finding has a message');
SELECT is((SELECT string_agg(DISTINCT rule || ' ' || severity, ', ') FROM got WHERE severity = 'deny' AND carc IS NULL AND rule NOT IN ('units-scrutiny', 'visits-scrutiny')), NULL,
	'each denial has a denial code');
SELECT is((SELECT count(*) FROM (
	SELECT d.day, e.line_no, e.rule, e.severity::text AS severity
	FROM (SELECT * FROM day WHERE day <= 2000 ORDER BY p, day) d JOIN policy p USING (p),
		LATERAL (SELECT claimday('C', n::int, l ORDER BY n DESC) AS lines FROM unnest(d.lines) WITH ORDINALITY u (l, n)) x,
		claim_edits(x.lines, p.rules) e
	WHERE e.rule IN (SELECT rule FROM expected)
	EXCEPT ALL
	SELECT day, line_no, rule, severity FROM expected WHERE day <= 2000) x), 0::bigint, 'the order of the lines does not matter');

SELECT * FROM finish();

ROLLBACK;

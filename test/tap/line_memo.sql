-- claim_passes of single lines remembers its verdicts from date to date.  The form over arrays does not: the two are the same
-- for every line on the days around each date that the data names.
BEGIN;
\i test/tap/lib.sql
SELECT plan(12);

-- every date in the text of a ruleset, the day before and the day behind
CREATE FUNCTION days_around(rules claim_ruleset) RETURNS SETOF date LANGUAGE sql AS $$
	SELECT DISTINCT (m[1])::date + d FROM regexp_matches(rules::text, '"(\d{4}-\d{2}-\d{2})"', 'g') m, generate_series(-1, 1) d
$$;

CREATE TABLE forms AS
SELECT row_number() OVER () AS n, f.text FROM (
	SELECT c || m || ' x' || u || minutes || more
	FROM unnest('{97124,97140,97110,98940,98941,97010,97161,97165,G0283,99213,92014,97129,A0428,ZZZZZ}'::text[]) c,
		unnest('{"",-59,-GP,-GZ,-GY,-GA-GZ,-25,-AT,-KX,-95,-GT,-CQ,-XS,-RH}'::text[]) m,
		unnest('{0,1,2,9,40}'::text[]) u,
		unnest('{""," 8min"," 40min"}'::text[]) minutes,
		unnest('{""," dx=M54.2 specialty=35"," specialty=225700000X visit=40 referral=no"," region=cervical"}'::text[]) more
) f (text);

-- a form on dates in any order, so that what is remembered is asked for again
CREATE FUNCTION differences(policy text, fail_at claim_severity) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	rules CONSTANT claim_ruleset := ruleset(policy, 'starter');
	n bigint;
BEGIN
	CREATE TEMP TABLE asked ON COMMIT DROP AS
		SELECT (f.text || coalesce(' ' || d.day, ''))::claimline AS line
		FROM forms f, (SELECT * FROM days_around(rules) UNION ALL SELECT NULL) d (day)
		WHERE hashint8extended(f.n, 1) % 29 = coalesce(d.day - date '2000-01-01', 7) % 29
		ORDER BY hashtextextended(f.text || d.day, 3);
	SELECT count(*) FILTER (WHERE claim_passes(line, rules, fail_at) IS DISTINCT FROM claim_passes(ARRAY[line], rules, fail_at))
		INTO n FROM asked;
	IF (SELECT count(*) FROM asked) < 10000 OR (SELECT count(DISTINCT claim_passes(ARRAY[line], rules, fail_at)) FROM asked) < 2 THEN
		n := -1;
	END IF;
	DROP TABLE asked;
	RETURN n;
END $$;

SELECT is(differences(p, s), 0::bigint, format('%s, at %s: remembered and judged anew are the same', p, s))
FROM unnest('{medicare,medicare-secondary,hns}'::text[]) p, unnest('{deny,review,unknown}'::claim_severity[]) s;

-- the same place asks for other rulesets and severities in turn
SELECT is(count(*) FILTER (WHERE claim_passes(l, r, s) IS DISTINCT FROM claim_passes(ARRAY[l], r, s)), 0::bigint, 'rulesets and severities in turn')
FROM (SELECT (f.text || ' 2024-08-0' || n % 9 + 1)::claimline AS l,
		ruleset((ARRAY['medicare', 'hns'])[1 + n / 700 % 2], 'starter') AS r, (ARRAY['deny', 'review'])[1 + n / 1500 % 2]::claim_severity AS s
	FROM forms f ORDER BY n) x;
SELECT is(count(*) FILTER (WHERE claim_passes(NULL::claimline)), 1000::bigint, 'what is no line passes, as it does alone') FROM generate_series(1, 1000);
SELECT is(count(DISTINCT claim_passes(f.text || ' 2024-08-01')), 2::bigint, 'lines as text') FROM forms f;
SELECT * FROM finish();
ROLLBACK;

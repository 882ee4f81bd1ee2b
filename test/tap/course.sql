-- Courses of care: claim_course and claim_totals over random years of a source. The oracle is a window query over the rows of the table, and for
-- periods, which lines use up in turn, a loop in PL/pgSQL. Published cases: thresholds by year, PT and SLP together.

BEGIN;
\i test/tap/lib.sql
SELECT * FROM no_plan();
CREATE SCHEMA course;
SELECT set_config('search_path', 'course, ' || current_setting('search_path'), true) \g /dev/null

CREATE FUNCTION pick(n bigint, seed int, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT choices[1 + draw(n, seed, cardinality(choices))] $$;

-- two and a half years of 36 patients, two providers; some dates have several lines, some lines no amount or no date
CREATE TABLE care AS
SELECT 'P' || p AS patient, 'N' || draw(s, 1, 2) AS provider, CASE WHEN draw(s, 2, 80) > 0 THEN '2023-07-01'::date + (d * 7 + draw(s, 3, 9)) % 913 END AS dos, 'C' || s AS claim_id, 1 AS line_no,
	pick(s, 4, '97124', '97124', '97110', '97140', '99213', '98940') AS code,
	CASE draw(s, 5, 9) WHEN 0 THEN '{GO}' WHEN 1 THEN '{GN}' WHEN 2 THEN '{GP,KX}' WHEN 3 THEN '{GP,GY}' WHEN 4 THEN '{}' ELSE '{GP}' END::text[] AS modifiers,
	pick(s, 6, '1', '2', '3', '1.5', '0')::numeric AS units, CASE WHEN draw(s, 7, 15) > 0 THEN draw(s, 8, 12000) / 100.0 END AS allowed, CASE WHEN draw(s, 9, 9) = 0 THEN 4 END AS visit
FROM generate_series(1, 36) p, generate_series(1, 400) d, LATERAL (SELECT p * 1000::bigint + d AS s) x
WHERE draw(s, 10, 100) < 40 + p;
SELECT claim_source_add('care', 'care', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no", "code": "code", "modifiers": "modifiers",
	"units": "units", "allowed": "allowed", "visit": "visit"}', schema => 'course') \g /dev/null
INSERT INTO claim_policy (name, settings, note, source) VALUES
	('limits', '{"extends": "medicare", "kx_threshold": {"2023": 400, "2024": 900}, "review_threshold": {"2024": 1100}, "visits_limit": 9, "visits_scrutiny": 3, "course_limits": {"visits_year": 25, "units_week": 4, "episode_days": 30}}', 'tried', 'here'),
	('no-episodes', '{"extends": "limits", "course_limits": {}}', 'tried', 'here');

CREATE TABLE said AS
SELECT p.name AS policy, x.patient, (f.finding).claim_id, (f.finding).rule, (f.finding).severity::text, (f.finding).facts, f.provider, f.dos, f.line
FROM (VALUES ('limits'), ('no-episodes')) p(name), (SELECT DISTINCT patient FROM care) x, claim_course('care', p.name, x.patient) f;
SELECT cmp_ok(count(*), '>', 50::bigint, 'findings of ' || rule) FROM said GROUP BY rule ORDER BY rule;

--
-- the same by window queries
--

CREATE VIEW counted AS
SELECT c.*, extract(year FROM dos)::int AS year, dos - extract(dow FROM dos)::int AS week, code = '97124' AS massage,
	CASE WHEN 'GO' = ANY (modifiers) THEN 'occupational therapy' WHEN modifiers && '{GP,GN}' THEN 'physical therapy and speech-language pathology' END AS therapy
FROM care c WHERE units > 0 AND dos IS NOT NULL AND NOT 'GY' = ANY (modifiers);

CREATE VIEW amounts AS
SELECT c.*, coalesce(sum(allowed) OVER up_to, 0) - coalesce(sum(allowed) OVER of_date, 0) AS before, coalesce(sum(allowed) OVER up_to, 0) AS through,
	row_number() OVER (PARTITION BY patient, therapy, year ORDER BY dos, provider, claim_id) AS nth
FROM counted c WHERE therapy IS NOT NULL
WINDOW up_to AS (PARTITION BY patient, therapy, year ORDER BY dos), of_date AS (PARTITION BY patient, therapy, year, dos);

CREATE VIEW kx AS
SELECT patient, claim_id, 'course-kx' AS rule, severity, year, total FROM (
	SELECT a.*, CASE WHEN t.most IS NULL THEN CASE WHEN before = 0 AND dos = min(dos) OVER (PARTITION BY patient, therapy, year) THEN 'unknown' END
			WHEN 'KX' = ANY (modifiers) THEN NULL WHEN before + coalesce(allowed, 0) > most THEN 'deny' WHEN through > most THEN 'review' WHEN allowed IS NULL THEN 'unknown' END AS severity,
		CASE WHEN before + coalesce(allowed, 0) > most THEN before + coalesce(allowed, 0) WHEN most IS NOT NULL THEN through END AS total, most
	FROM amounts a LEFT JOIN (VALUES (2023, 400), (2024, 900)) t(year, most) USING (year)) k
WHERE severity IS NOT NULL AND most IS NOT NULL;
SELECT bag_eq($$SELECT patient, claim_id, severity, (facts->>'year')::int AS year, (facts->>'total')::numeric AS total FROM said WHERE policy = 'limits' AND rule = 'course-kx' AND NOT facts->>'year' = '2025'$$,
	'SELECT patient, claim_id, severity, year, total FROM kx', 'thresholds');
SELECT results_eq($$SELECT patient, facts->>'therapy', count(*) FROM said WHERE policy = 'limits' AND facts->>'year' = '2025' AND rule = 'course-kx' GROUP BY 1, 2 ORDER BY 1, 2$$,
	'SELECT DISTINCT patient, therapy, 1::bigint FROM counted WHERE year = 2025 AND therapy IS NOT NULL ORDER BY 1, 2', 'of a year without a threshold it is said once');
SELECT bag_eq($$SELECT patient, dos, facts->>'therapy' AS therapy, (facts->>'total')::numeric AS total FROM said WHERE policy = 'limits' AND rule = 'course-review'$$,
	'SELECT DISTINCT patient, dos, therapy, through FROM amounts WHERE year = 2024 AND before <= 1100 AND through > 1100', 'targeted review');

-- visits: dates; an episode begins where more than 30 days have none
CREATE VIEW visit_dates AS
SELECT patient, dos, year, rank() OVER (PARTITION BY patient, year ORDER BY dos) AS in_year, count(*) OVER (PARTITION BY patient, episode ORDER BY dos) AS in_episode, min(dos) OVER (PARTITION BY patient, episode) AS episode_from
FROM (SELECT d.*, count(*) FILTER (WHERE gap IS NULL OR gap > 30) OVER (PARTITION BY patient ORDER BY dos) AS episode
	FROM (SELECT DISTINCT patient, dos, year, dos - lag(dos) OVER (PARTITION BY patient ORDER BY dos) AS gap FROM (SELECT DISTINCT patient, dos, year FROM counted WHERE massage) v) d) e;
SELECT bag_eq($$SELECT patient, claim_id, (facts->>'visit')::bigint AS visit, facts ? 'year' AS of_year, facts->>'episode_from' AS episode FROM said WHERE policy = 'limits' AND rule = 'course-visits'$$,
	$$SELECT patient, claim_id, CASE WHEN in_year > 25 THEN in_year ELSE in_episode END AS visit, in_year > 25 AS of_year, CASE WHEN in_year <= 25 THEN episode_from::text END AS episode FROM counted JOIN visit_dates USING (patient, dos)
	WHERE massage AND (in_year > 25 OR in_episode > 9 AND visit IS NULL)$$, 'visits');
SELECT bag_eq($$SELECT patient, claim_id, (facts->>'visit')::bigint AS visit, facts->>'episode_from' AS episode FROM said WHERE policy = 'limits' AND rule = 'course-sessions'$$,
	'SELECT patient, claim_id, in_episode, episode_from::text FROM counted JOIN visit_dates USING (patient, dos) WHERE massage AND in_episode > 3 AND visit IS NULL', 'sessions');

CREATE VIEW weeks AS
SELECT c.*, sum(units) OVER up_to - sum(units) OVER of_date AS before, sum(units) OVER up_to AS through FROM counted c WHERE massage
WINDOW up_to AS (PARTITION BY patient, week ORDER BY dos), of_date AS (PARTITION BY patient, week, dos);
SELECT bag_eq($$SELECT patient, claim_id, severity, (facts->>'billed')::numeric AS billed, facts->>'week_from' AS week FROM said WHERE policy = 'limits' AND rule = 'course-units-week'$$,
	$$SELECT patient, claim_id, CASE WHEN before + units > 4 THEN 'deny' ELSE 'review' END AS severity, CASE WHEN before + units > 4 THEN before + units ELSE through END AS billed, week::text AS week FROM weeks WHERE through > 4$$, 'units of a week');
SELECT is_empty('SELECT s.* FROM said s JOIN care c USING (claim_id) WHERE (s.provider, s.dos, line_code(s.line), line_units(s.line)) IS DISTINCT FROM (c.provider, c.dos, c.code, c.units)', 'each on its line');
SELECT is_empty($$SELECT * FROM said WHERE policy = 'no-episodes' AND rule IN ('course-units-week', 'course-visits', 'course-sessions') OR rule IN ('course-certification', 'course-authorization')$$, 'nothing that is not asked');

-- totals
CREATE TABLE total AS SELECT x.patient, t.* FROM (SELECT DISTINCT patient FROM care) x, claim_totals('care', 'limits', x.patient) t;
SELECT bag_eq($$SELECT patient, "of", from_date, to_date, used, most, unknown FROM total WHERE total = 'allowed'$$,
	$$SELECT patient, therapy, make_date(year, 1, 1) AS a, make_date(year, 12, 31) AS b, coalesce(sum(allowed), 0) AS c, CASE year WHEN 2023 THEN 400 WHEN 2024 THEN 900 END::numeric AS d, count(*) FILTER (WHERE allowed IS NULL)::int
	FROM counted WHERE therapy IS NOT NULL GROUP BY patient, therapy, year$$, 'totals: what was allowed');
SELECT bag_eq($$SELECT patient, from_date, used FROM total WHERE total = 'visits-year'$$, 'SELECT patient, make_date(year, 1, 1), count(*)::numeric FROM visit_dates GROUP BY patient, year', 'visits of a year');
SELECT bag_eq($$SELECT patient, from_date, to_date, used FROM total WHERE total = 'visits-episode'$$, 'SELECT patient, episode_from, max(dos), count(*)::numeric FROM visit_dates GROUP BY patient, episode_from', 'visits of an episode');
SELECT bag_eq($$SELECT patient, from_date, to_date, used FROM total WHERE total = 'units-week'$$, 'SELECT patient, week, week + 6, sum(units) FROM counted WHERE massage GROUP BY patient, week', 'units of a week');

-- what is said from a date on is what is said of all, from there on
CREATE VIEW days AS SELECT patient, array_agg(ROW(provider, day, allowed, NULL)::claimline_internal.claim_course_day ORDER BY dos, provider) AS days
FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, l.line) AS day, claimline_internal.claim_charges(claim_id, line_no, l.line, allowed) AS allowed
	FROM care, LATERAL (SELECT claimline(code, modifiers, units, dos => dos, visit => visit)) l(line) GROUP BY patient, provider, dos) d GROUP BY patient;
SELECT is_empty($$SELECT d.patient, f FROM days d, claimline_internal.claim_course_days(d.days, ruleset('limits'), NULL, '2024-03-10') f
	EXCEPT SELECT d.patient, f FROM days d, claimline_internal.claim_course_days(d.days, ruleset('limits'), NULL, NULL) f WHERE line_dos(line) >= '2024-03-10'$$, 'from a date on: no other');
SELECT is_empty($$SELECT d.patient, f FROM days d, claimline_internal.claim_course_days(d.days, ruleset('limits'), NULL, NULL) f WHERE line_dos(line) >= '2024-03-10'
	EXCEPT SELECT d.patient, f FROM days d, claimline_internal.claim_course_days(d.days, ruleset('limits'), NULL, '2024-03-10') f$$, 'and all of them');

--
-- periods
--

INSERT INTO claim_period (source, patient, kind, provider, discipline, from_date, to_date, units, visits, number)
SELECT 'care', 'P' || p, pick(p * 10 + i, 1, 'certification', 'authorization'), pick(p * 10 + i, 2, NULL, NULL, 'N1'), pick(p * 10 + i, 3, NULL, 'GP', 'GO'), f, f + 20 + draw(p * 10 + i, 5, 200),
	CASE WHEN draw(p * 10 + i, 6, 3) > 0 THEN draw(p * 10 + i, 7, 40) END, CASE WHEN draw(p * 10 + i, 8, 3) > 0 THEN draw(p * 10 + i, 9, 20) END, 'A' || i
FROM generate_series(1::bigint, 36) p, generate_series(1, 6) i, LATERAL (SELECT '2023-07-01'::date + draw(p * 10 + i, 4, 700)) x(f) WHERE p % 4 > 0;
CREATE TABLE covered (claim_id text, kind text, answer text);
DO $$
DECLARE
	l record;
	k text;
	p record;
	taken text;
	spent boolean;
	n int;
BEGIN
	CREATE TEMP TABLE used AS SELECT id, 0::numeric AS units, '{}'::date[] AS dates FROM claim_period;
	FOR l IN SELECT *, (SELECT m FROM unnest(modifiers) m WHERE m IN ('GP', 'GO', 'GN')) AS discipline FROM counted WHERE massage OR therapy IS NOT NULL ORDER BY patient, dos, provider, claimline(code, modifiers, units, dos => dos, visit => visit), claim_id LOOP
		FOREACH k IN ARRAY ARRAY['certification', 'authorization'] LOOP
			CONTINUE WHEN k = 'certification' AND l.therapy IS NULL;
			taken := NULL;
			spent := false;
			n := 0;
			FOR p IN SELECT c.*, u.units AS used_units, u.dates FROM claim_period c JOIN used u USING (id) WHERE c.patient = l.patient AND c.kind = k AND coalesce(c.provider, l.provider) = l.provider
					AND (c.discipline IS NULL OR c.discipline = l.discipline) ORDER BY c.to_date, c.from_date, c.number LOOP
				n := n + 1;
				CONTINUE WHEN taken IS NOT NULL OR NOT l.dos BETWEEN p.from_date AND p.to_date;
				IF p.used_units + l.units <= coalesce(p.units, 'infinity') AND (l.dos = ANY (p.dates) OR cardinality(p.dates) < coalesce(p.visits, 1000000)) THEN
					taken := p.number;
					UPDATE used SET units = used.units + l.units, dates = CASE WHEN l.dos = ANY (dates) THEN dates ELSE dates || l.dos END WHERE id = p.id;
				ELSE
					spent := true;
				END IF;
			END LOOP;
			INSERT INTO covered VALUES (l.claim_id, k, CASE WHEN taken IS NOT NULL THEN 'covered' WHEN spent THEN 'exceeded' WHEN n > 0 THEN 'outside' ELSE 'none' END);
		END LOOP;
	END LOOP;
END $$;
UPDATE claim_policy SET settings = settings || '{"periods_required": ["authorization"]}' WHERE name = 'no-episodes';
CREATE TABLE periods_said AS SELECT p.name AS policy, x.patient, (f.finding).* FROM (VALUES ('limits'), ('no-episodes')) p(name), (SELECT DISTINCT patient FROM care) x, claim_course('care', p.name, x.patient) f
WHERE (f.finding).rule IN ('course-certification', 'course-authorization');
SELECT bag_eq($$SELECT claim_id, facts->>'period' AS kind, CASE WHEN facts ? 'period_from' THEN 'exceeded' WHEN facts ? 'policy' THEN 'none' ELSE 'outside' END AS answer FROM periods_said WHERE policy = 'limits'$$,
	$$SELECT * FROM covered WHERE answer IN ('exceeded', 'outside')$$, 'periods: what lines take of them');
SELECT bag_eq($$SELECT claim_id, facts->>'period' AS kind, CASE WHEN facts ? 'period_from' THEN 'exceeded' WHEN facts ? 'policy' THEN 'none' ELSE 'outside' END AS answer FROM periods_said WHERE policy = 'no-episodes'$$,
	$$SELECT * FROM covered WHERE answer IN ('exceeded', 'outside') OR answer = 'none' AND kind = 'authorization'$$, 'and what a policy wants');
SELECT results_eq('SELECT DISTINCT rule, severity::text, carc FROM periods_said ORDER BY 1, 2, 3', $$VALUES ('course-authorization', 'deny', 'CO-197'), ('course-authorization', 'deny', 'CO-198'), ('course-certification', 'review', NULL)$$, 'denial codes');
SELECT bag_eq($$SELECT x.patient, t.total, t.number, t.used FROM (SELECT DISTINCT patient FROM care) x, claim_totals('care', 'limits', x.patient) t WHERE t.total ~ 'units$|[ation]-visits$'$$,
	$$SELECT c.patient, c.kind || '-units', c.number, u.units FROM claim_period c JOIN used u USING (id) WHERE c.units IS NOT NULL
	UNION ALL SELECT c.patient, c.kind || '-visits', c.number, cardinality(u.dates) FROM claim_period c JOIN used u USING (id) WHERE c.visits IS NOT NULL OR c.units IS NULL$$, 'what is used of them');

--
-- amounts that are not mapped are those of the fee schedule; reversals and copies do not count
--

SELECT claim_source_add('fees', 'care', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no", "code": "code", "modifiers": "modifiers", "units": "units"}', schema => 'course') \g /dev/null
SELECT results_eq($$SELECT used FROM claim_totals('fees', 'medicare', 'P7') WHERE total = 'allowed' AND "of" ~ 'physical' AND from_date = '2024-01-01'$$,
	$$SELECT sum(f.fee) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM fees_lines WHERE patient = 'P7' AND dos BETWEEN '2024-01-01' AND '2024-12-31' GROUP BY provider, dos) d, day_fees(d.day) f
	WHERE line_modifiers(f.line) && '{GP,GN}' AND NOT 'GY' = ANY (line_modifiers(f.line))$$, 'by the fee schedule');
SELECT claim_source_add('fees_too', 'care', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no", "code": "code", "modifiers": "modifiers", "units": "units", "allowed": {"value": "fees"}}', schema => 'course') \g /dev/null
SELECT bag_eq($$SELECT * FROM claim_totals('fees_too', 'medicare', 'P7')$$, $$SELECT * FROM claim_totals('fees', 'medicare', 'P7')$$, 'and where the mapping says so');
SELECT is((SELECT array_agg(used ORDER BY from_date) FROM claimline_internal.claim_course_totals(ARRAY[
	ROW('N', claimday(ARRAY['97110-GP x4 2024-01-08', '97110-GP x1 2024-01-08 reversal', '97140-GP x1 2024-01-08']::claimline[]), '{-25,100,30}', NULL)::claimline_internal.claim_course_day], starter_ruleset(), NULL) WHERE total = 'allowed'), '{105}',
	'a part that is taken back');
SELECT is((SELECT array_agg(line_no || ' ' || severity) FROM claim_course('{97110-GP x1 2024-01-08,97110-GP x1 2024-01-09}'::claimline[], starter_ruleset(), '{NaN,Infinity}')), '{"1 unknown","2 unknown"}', 'what is no amount is not known');

-- thresholds by year, PT and SLP together (Noridian; proactivechart.com 2025: 1,800 and 700 dollars are above 2,410)
SELECT is((SELECT array_agg(line_no || ' ' || rule || ' ' || severity) FROM claim_course('{97110-GP x1 2025-01-08,92507-GN x1 2025-01-09}'::claimline[], starter_ruleset(), '{1800,700}')), '{"2 course-kx deny"}', '1,800 and 700 in 2025');
SELECT is((SELECT array_agg(facts->>'limit' || ' ' || severity) FROM claim_course(ARRAY[format('97110-GP x1 %s-01-08', y), format('97110-GP x1 %s-01-09', y)]::claimline[], starter_ruleset(), ARRAY[most, 0.01]) WHERE rule = 'course-kx'), ARRAY[most || ' deny'], 'threshold of ' || y)
FROM (VALUES (2021, 2110), (2022, 2150), (2023, 2230), (2024, 2330), (2025, 2410), (2026, 2480)) t(y, most);

-- what is refused
CREATE FUNCTION refused(statement text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' | ', state, message, detail) FROM error_of(statement) $$;
SELECT is(refused('SELECT claim_totals(''nothing'', ''medicare'', ''P1'')'), '42704 | claim source "nothing" does not exist | ', 'a source that does not exist');
SELECT matches(refused('SELECT claim_totals(''care'', ''nothing'', ''P1'')'), '^42704 \| claim policy "nothing" does not exist|^42704', 'a policy that does not exist');
SELECT claim_source_add('whole', 'care', columns => '{"claim_id": "claim_id", "code": "code"}', schema => 'course') \g /dev/null
SELECT is(refused('SELECT claim_course(''whole'', ''medicare'', ''P1'')'), '55000 | claim source "whole" has no patients or no dates of service | A course is all lines of a patient, in the order of their dates.', 'a source without patients');
SELECT is(refused('SELECT claim_course(''{97110 x1 2024-01-08}''::claimline[], NULL)'), '22004 | ruleset must not be null | ', 'no ruleset');
SELECT is(refused($$INSERT INTO claim_period (source, patient, kind, from_date, to_date) VALUES ('care', 'P1', 'promise', '2024-01-01', '2024-01-31')$$) ~ '^23514', true, 'a period of another kind');
SELECT is_empty($$SELECT claim_totals('care', 'medicare', 'nobody') UNION ALL SELECT claim_totals('care', 'medicare', NULL)$$, 'a patient without lines');

SELECT * FROM finish();
ROLLBACK;

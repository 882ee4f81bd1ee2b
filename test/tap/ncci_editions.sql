-- Editions of the NCCI files: each DOS gets the answer of its time, each edition the answer that was known then.
--
-- lib_editions.sql makes them; ncci_changes.sql has what changed from one to the next.
--
-- The oracle is SQL over the rows that went into the files.  What it takes as given:
--   pair       a row is in force when its indicator is 0 or 1 and effective <= DOS <= deletion, both included
--   bypass     indicator 1 and 59 on column two, from DOS 2019-07-01 on either line
--   covered    the DOS is covered by an edition that ends no later than the one that judges, the starter among them
--   severity   ptp: deny where covered, review elsewhere; unknown without a DOS; ptp-bypassed: info
--   limits     those of the edition that covers the DOS, the last one by its end, of the editions that end no later than the one that judges;
--              the starter's hold to 2026-06-30, as far as the edition that judges goes; of a code that the starter does not have, a limit is
--              not known: edition-coverage is unknown; outside, it is review
-- Each pair is judged by each edition, on each day at a boundary of a row or of an edition and on the days beside it, with no
-- modifier, with 59 on either line.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql
\i test/tap/lib_editions.sql
SET LOCAL work_mem = '128MB';
SET LOCAL max_parallel_workers_per_gather = 0;

SELECT plan(77);

SELECT is((SELECT count(*) FROM file a JOIN file b ON a.service_type = b.service_type AND a.n = b.n AND a.column_1 = b.column_1 AND a.column_2 = b.column_2
		AND a.ctid < b.ctid AND a.indicator < 9 AND b.indicator < 9
		AND daterange(a.effective, a.deletion, '[]') && daterange(b.effective, b.deletion, '[]')), 0::bigint, 'the files have no windows that overlap');
SELECT is((SELECT count(*) FROM file WHERE deletion < effective), 0::bigint, 'nor windows that end before they start');

--
-- the editions
--

SELECT lives_ok($$SELECT pg_temp.publish('practitioner', 1)$$, 'q1 is published');
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(ruleset('medicare', 'q1')), 'and is the newest');
SELECT lives_ok($$SELECT pg_temp.publish('practitioner', 2)$$, 'q2 is published');
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(ruleset('medicare', 'q2')), 'and is the newest');
SELECT lives_ok($$SELECT pg_temp.publish('outpatient', 1)$$, 'q1 of hospitals is published');
SELECT lives_ok($$SELECT pg_temp.publish('practitioner', 3)$$, 'q3 is published');
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(ruleset('medicare', 'q3')), 'and is the newest');
SELECT lives_ok($$SELECT pg_temp.publish('outpatient', 2)$$, 'q2 of hospitals is published');
SELECT is(ruleset_hash(ruleset('medicare', NULL, 'outpatient')), ruleset_hash(ruleset('medicare', 'q2', 'outpatient')), 'and is their newest');
SELECT is((SELECT count(DISTINCT hash) FROM hash), 5::bigint, 'five editions are five rulesets');
SELECT is((SELECT count(*) FROM (SELECT FROM hash GROUP BY service_type, edition HAVING count(DISTINCT hash) > 1) x), 0::bigint,
	'none is changed by an edition that is published after it');
SELECT is((SELECT string_agg(service_type || ' ' || edition || ' on ' || coalesce(based_on::text, '-'), ', ' ORDER BY edition) FROM ncci_editions WHERE service_type = 'practitioner' AND based_on IS NOT NULL),
	'practitioner q2 on q1, practitioner q3 on q2', 'each is stored as what differs from the one before, where that is less');

--
-- the oracle
--

-- the days that an edition covers, and the edition whose limits hold there
CREATE TABLE covered AS
SELECT e.service_type, e.n, o.n AS by_n, o.covers
FROM edition e JOIN edition o ON o.service_type = e.service_type AND upper(o.covers) <= upper(e.covers)
UNION ALL
SELECT e.service_type, e.n, 0, daterange(s.valid_from, s.valid_to, '[]')
FROM edition e JOIN edition_csv s ON s.service_type = e.service_type AND s.valid_to < upper(e.covers);
SELECT is((SELECT count(*) FROM covered WHERE by_n = 0), 5::bigint, 'the starter ends before all of them');

-- two lines, of two codes that some edition has a pair of
CREATE TABLE couple AS
SELECT DISTINCT service_type, least(column_1 COLLATE "C", column_2 COLLATE "C") AS a, greatest(column_1 COLLATE "C", column_2 COLLATE "C") AS b
FROM file WHERE kind <> 'still' OR column_1 < 'W0004';
INSERT INTO couple VALUES ('practitioner', 'X0101', 'X0102'), ('practitioner', 'X0001', 'X0004'), ('outpatient', 'X0013', 'X0014');

CREATE TABLE day AS
SELECT row_number() OVER ()::int AS day, c.service_type, c.a, c.b, d.dos, m.modifier_a, m.modifier_b
FROM couple c CROSS JOIN LATERAL (
		SELECT DISTINCT (b.boundary + o.off)::date AS dos
		FROM (
			SELECT r.effective AS boundary FROM oracle_row r WHERE r.service_type = c.service_type AND ((r.column_1, r.column_2) = (c.a, c.b) OR (r.column_1, r.column_2) = (c.b, c.a))
			UNION SELECT r.deletion FROM oracle_row r WHERE r.service_type = c.service_type AND ((r.column_1, r.column_2) = (c.a, c.b) OR (r.column_1, r.column_2) = (c.b, c.a))
			UNION SELECT lower(covers) FROM covered v WHERE v.service_type = c.service_type
			UNION SELECT upper(covers) - 1 FROM covered v WHERE v.service_type = c.service_type
			UNION SELECT date '2019-07-01'
		) b, generate_series(-1, 1) AS o (off)
		WHERE b.boundary IS NOT NULL
	) d CROSS JOIN (VALUES (NULL, NULL), ('59', NULL), (NULL, '59')) m (modifier_a, modifier_b);

-- both ways round; the rows in force
CREATE TABLE direction AS
SELECT d.day, d.service_type, d.dos, x.*
FROM day d CROSS JOIN LATERAL (VALUES (1, 2, d.a, d.b, d.modifier_a, d.modifier_b), (2, 1, d.b, d.a, d.modifier_b, d.modifier_a)) x (line_1, line_2, column_1, column_2, modifier_1, modifier_2);

CREATE TABLE expected AS
SELECT d.service_type, r.n, d.day, d.line_2 AS line_no, CASE WHEN bypassed THEN 'ptp-bypassed' ELSE 'ptp' END AS rule,
	CASE WHEN bypassed THEN 'info' WHEN is_covered THEN 'deny' WHEN d.dos IS NULL THEN 'unknown' ELSE 'review' END AS severity, d.line_1 AS with_line_no, is_covered AS covered
FROM direction d JOIN oracle_row r ON r.service_type = d.service_type AND r.column_1 = d.column_1 AND r.column_2 = d.column_2
		AND r.indicator < 9 AND r.effective <= d.dos AND (r.deletion IS NULL OR d.dos <= r.deletion)
	CROSS JOIN LATERAL (SELECT r.indicator = 1 AND (d.modifier_2 IS NOT NULL OR (d.modifier_1 IS NOT NULL AND d.dos >= date '2019-07-01')) AS bypassed,
		EXISTS (SELECT FROM covered c WHERE c.service_type = d.service_type AND c.n = r.n AND c.covers @> d.dos) AS is_covered) x
UNION ALL
SELECT d.service_type, e.n, d.day, l, 'edition-coverage', 'review', NULL, false
FROM day d JOIN edition e USING (service_type) CROSS JOIN generate_series(1, 2) l
WHERE NOT EXISTS (SELECT FROM covered c WHERE c.service_type = d.service_type AND c.n = e.n AND c.covers @> d.dos);

-- what the extension says
CREATE TABLE got (service_type text, n int, day int, line_no int, rule text, severity text, with_line_no int, covered boolean, message text);
DO $$
DECLARE
	e edition;
	rules claim_ruleset;
BEGIN
	FOR e IN SELECT * FROM edition LOOP
		rules := ruleset('medicare', e.edition, e.service_type);
		INSERT INTO got
		SELECT e.service_type, e.n, d.day, f.line_no, f.rule, f.severity, f.with_line_no, f.covered, f.message
		FROM day d, claim_edits(ARRAY[claimline(d.a, ARRAY[d.modifier_a], 1, NULL, d.dos), claimline(d.b, ARRAY[d.modifier_b], 1, NULL, d.dos)], rules) f
		WHERE d.service_type = e.service_type AND (f.rule IN ('ptp', 'ptp-bypassed') OR (f.rule = 'edition-coverage' AND f.severity = 'review'));
	END LOOP;
END $$;

CREATE TABLE difference AS
SELECT 'missing' AS what, * FROM (SELECT service_type, n, day, line_no, rule, severity, with_line_no, covered FROM expected
	EXCEPT ALL SELECT service_type, n, day, line_no, rule, severity, with_line_no, covered FROM got) m
UNION ALL
SELECT 'not expected', * FROM (SELECT service_type, n, day, line_no, rule, severity, with_line_no, covered FROM got
	EXCEPT ALL SELECT service_type, n, day, line_no, rule, severity, with_line_no, covered FROM expected) g;

SELECT cmp_ok((SELECT count(*) FROM day JOIN edition USING (service_type)), '>=', 60000::bigint, 'there are enough days to judge');
SELECT cmp_ok((SELECT count(*) FROM expected WHERE rule = v.rule AND severity = v.severity), '>=', v.n::bigint, format('%s is %s often enough', v.rule, v.severity))
FROM (VALUES ('ptp', 'deny', 5000), ('ptp', 'review', 3000), ('ptp-bypassed', 'info', 5000), ('edition-coverage', 'review', 10000)) v (rule, severity, n);
-- the same lines and DOS, another answer in another edition
SELECT cmp_ok((SELECT count(*) FROM (SELECT day FROM (SELECT day, n, string_agg(line_no || rule, ' ' ORDER BY line_no, rule) AS said FROM expected WHERE rule <> 'edition-coverage' GROUP BY 1, 2) x
		GROUP BY day HAVING count(*) < 3 OR count(DISTINCT said) > 1) y), '>=', 3000::bigint, 'editions differ often enough');

SELECT is((SELECT count(*) FROM difference d WHERE (d.service_type, d.n, d.what) = (e.service_type, e.n, w)), 0::bigint, format('%s %s: no finding is %s', e.service_type, e.edition, w))
FROM edition e, unnest('{missing,not expected}'::text[]) w ORDER BY e.service_type DESC, e.n, w;
SELECT diag(format('%s q%s, %s: line %s %s %s with %s, covered %s; %s: %s%s, %s%s', d.service_type, d.n, d.what, d.line_no, d.rule, d.severity, coalesce(d.with_line_no::text, '-'),
	d.covered, x.dos, x.a, '-' || x.modifier_a, x.b, '-' || x.modifier_b))
FROM (SELECT * FROM difference ORDER BY what, service_type, n, day LIMIT 12) d JOIN day x USING (day);
SELECT diag(format('%s q%s: %s differ for %s', d.service_type, d.n, count(*), f.kind))
FROM difference d JOIN day x USING (day) JOIN (SELECT DISTINCT kind, service_type, column_1, column_2 FROM file) f
	ON f.service_type = d.service_type AND ((f.column_1, f.column_2) = (x.a, x.b) OR (f.column_1, f.column_2) = (x.b, x.a))
GROUP BY d.service_type, d.n, f.kind ORDER BY 1 LIMIT 30;

-- without a DOS a pair that was ever in force is undecided
CREATE TABLE undated_expected AS
SELECT DISTINCT c.service_type, r.n, c.a, c.b, CASE WHEN r.column_2 = c.a THEN 1 ELSE 2 END AS line_no, 'ptp' AS rule, 'unknown' AS severity
FROM couple c JOIN oracle_row r ON r.service_type = c.service_type AND ((r.column_1, r.column_2) = (c.a, c.b) OR (r.column_1, r.column_2) = (c.b, c.a)) AND r.indicator < 9;
CREATE TABLE undated_got (service_type text, n int, a text, b text, line_no int, rule text, severity text);
DO $$
DECLARE
	e edition;
	rules claim_ruleset;
BEGIN
	FOR e IN SELECT * FROM edition LOOP
		rules := ruleset('medicare', e.edition, e.service_type);
		INSERT INTO undated_got
		SELECT c.service_type, e.n, c.a, c.b, f.line_no, f.rule, f.severity
		FROM couple c, claim_edits(ARRAY[claimline(c.a), claimline(c.b)], rules) f
		WHERE c.service_type = e.service_type AND f.rule LIKE 'ptp%';
	END LOOP;
END $$;
SELECT bag_eq('TABLE undated_got', 'TABLE undated_expected', 'without a DOS a pair that was ever in force is unknown');

--
-- some of it by hand
--

CREATE FUNCTION pg_temp.said(edition text, line_1 text, line_2 text, dos date) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(f.line_no || ' ' || f.rule || ' ' || f.severity, ', ' ORDER BY f.line_no), 'nothing')
	FROM claim_edits(ARRAY[line_1 || ' x1 ' || dos, line_2 || ' x1 ' || dos]::claimline[], ruleset('medicare', edition)) f WHERE f.rule LIKE 'ptp%' $$;
SELECT is(pg_temp.said(edition, a, b, dos), said, format('%s, known in %s: %s with %s on %s: %s', what, edition, a, b, dos, said))
FROM (VALUES
	('expired', 'q1', 'X0011', 'X0012', date '2025-03-31', '2 ptp deny'),
	('expired', 'q1', 'X0011', 'X0012', date '2025-04-01', '2 ptp review'),
	('expired', 'q2', 'X0011', 'X0012', date '2025-03-31', '2 ptp deny'),
	('expired', 'q2', 'X0011', 'X0012', date '2025-04-01', 'nothing'),
	('expired in retrospect', 'q1', 'X0013', 'X0014', date '2025-02-01', '2 ptp deny'),
	('expired in retrospect', 'q2', 'X0013', 'X0014', date '2025-02-01', 'nothing'),
	('added in retrospect', 'q2', 'X0023', 'X0024', date '2025-02-01', 'nothing'),
	('added in retrospect', 'q3', 'X0023', 'X0024', date '2025-02-01', '2 ptp deny'),
	('re-activated', 'q3', 'X0033', 'X0034', date '2024-12-31', '2 ptp review'),
	('re-activated', 'q3', 'X0033', 'X0034', date '2025-01-01', 'nothing'),
	('re-activated', 'q3', 'X0033', 'X0034', date '2025-04-01', '2 ptp deny'),
	('swapped', 'q2', 'X0041', 'X0042', date '2025-03-31', '2 ptp deny'),
	('swapped', 'q2', 'X0041', 'X0042', date '2025-04-01', '1 ptp deny'),
	('swapped', 'q1', 'X0041', 'X0042', date '2025-04-01', '2 ptp review'),
	('flipped in place', 'q1', 'X0063', 'X0064-59', date '2025-02-01', '2 ptp-bypassed info'),
	('flipped in place', 'q2', 'X0063', 'X0064-59', date '2025-02-01', '2 ptp deny'),
	('flipped by a new row', 'q2', 'X0061', 'X0062-59', date '2025-02-01', '2 ptp-bypassed info'),
	('flipped by a new row', 'q2', 'X0061', 'X0062-59', date '2025-05-01', '2 ptp deny'),
	('voided', 'q1', 'X0067', 'X0068', date '2025-01-01', '2 ptp deny'),
	('voided', 'q2', 'X0067', 'X0068', date '2025-01-01', 'nothing'),
	('vanished', 'q2', 'X0071', 'X0072', date '2025-03-31', '2 ptp deny'),
	('vanished', 'q2', 'X0071', 'X0072', date '2025-04-01', 'nothing'),
	('vanished, two editions ago', 'q3', 'X0071', 'X0072', date '2025-03-31', '2 ptp deny'),
	('vanished, two editions ago', 'q3', 'X0071', 'X0072', date '2025-04-01', 'nothing'),
	('two days', 'q3', 'X0095', 'X0096', date '2025-02-12', 'nothing')
) v (what, edition, a, b, dos, said);

--
-- unit limits by the DOS
--

SELECT is((SELECT string_agg(service_type || ' ' || units, ', ' ORDER BY service_type DESC) FROM mue_csv WHERE code = '97124'), 'practitioner 4, outpatient 4', 'the starter has another limit of 97124');

CREATE TABLE limit_day AS
SELECT c.code, d.dos, u.units
FROM (SELECT DISTINCT code FROM mue_written WHERE code NOT LIKE 'W%') c CROSS JOIN (
		SELECT DISTINCT (b + o)::date AS dos FROM (SELECT lower(covers) AS b FROM covered UNION SELECT upper(covers) - 1 FROM covered) x, generate_series(-1, 1) o
	) d CROSS JOIN generate_series(1, 7) AS u (units);

CREATE TABLE limit_expected AS
SELECT e.service_type, e.n, l.code, l.dos, l.units, CASE WHEN v.mai = 1 THEN 'mue-line' ELSE 'mue-day' END AS rule, 'deny' AS severity
FROM edition e CROSS JOIN limit_day l
	LEFT JOIN LATERAL (SELECT c.by_n FROM covered c WHERE c.service_type = e.service_type AND c.n = e.n AND c.covers @> l.dos ORDER BY c.by_n DESC LIMIT 1) b ON true
	CROSS JOIN LATERAL (
		SELECT f.units, f.mai FROM mue_file f WHERE f.service_type = e.service_type AND f.n = b.by_n AND f.code = l.code
		UNION ALL
		SELECT s.units, s.mai FROM mue_csv s WHERE b.by_n IS NULL AND l.dos BETWEEN '2020-10-01' AND least('2026-06-30', upper(e.covers) - 1)
			AND s.service_type = e.service_type AND s.code = l.code
		UNION ALL
		SELECT s.units, s.mai FROM mue_csv s WHERE b.by_n = 0 AND s.service_type = e.service_type AND s.code = l.code
	) v
WHERE l.units > v.units;

CREATE TABLE limit_got (service_type text, n int, code text, dos date, units int, rule text, severity text);
DO $$
DECLARE
	e edition;
	rules claim_ruleset;
BEGIN
	FOR e IN SELECT * FROM edition LOOP
		rules := ruleset('medicare', e.edition, e.service_type);
		INSERT INTO limit_got
		SELECT e.service_type, e.n, l.code, l.dos, l.units, f.rule, f.severity
		FROM limit_day l, claim_edits(claimline(l.code, '{}', l.units, NULL, l.dos), rules) f WHERE f.rule LIKE 'mue%';
	END LOOP;
END $$;
SELECT cmp_ok((SELECT count(*) FROM limit_expected), '>=', 1000::bigint, 'limits are exceeded often enough');
SELECT bag_eq($$SELECT * FROM limit_got WHERE code <> 'X0006'$$, $$SELECT * FROM limit_expected WHERE code <> 'X0006'$$, 'each DOS has the limits of its time, as known to the edition');
SELECT bag_eq($$SELECT * FROM limit_got WHERE code = 'X0006'$$, $$SELECT * FROM limit_expected WHERE code = 'X0006'$$, 'where two editions cover a DOS the later one alone counts');

-- what is not known
CREATE TABLE unknown_got (service_type text, n int, code text, dos date);
DO $$
DECLARE
	e edition;
	rules claim_ruleset;
BEGIN
	FOR e IN SELECT * FROM edition LOOP
		rules := ruleset('medicare', e.edition, e.service_type);
		INSERT INTO unknown_got
		SELECT e.service_type, e.n, l.code, l.dos
		FROM limit_day l, claim_edits(claimline(l.code, '{}', 1, NULL, l.dos), rules) f WHERE l.units = 1 AND f.rule = 'edition-coverage' AND f.severity = 'unknown';
	END LOOP;
END $$;
SELECT bag_eq('TABLE unknown_got',
	$$SELECT e.service_type, e.n, l.code, l.dos FROM edition e CROSS JOIN limit_day l
		LEFT JOIN LATERAL (SELECT c.by_n FROM covered c WHERE c.service_type = e.service_type AND c.n = e.n AND c.covers @> l.dos ORDER BY c.by_n DESC LIMIT 1) b ON true
	-- outside the dates covered it is a review
	WHERE l.units = 1 AND b.by_n IS NOT NULL AND ((b.by_n = 0 AND NOT EXISTS (SELECT FROM mue_csv s WHERE s.service_type = e.service_type AND s.code = l.code))
		-- these files are parts: they lack what the starter has
		OR (b.by_n > 0 AND NOT EXISTS (SELECT FROM mue_file m WHERE m.service_type = e.service_type AND m.n = b.by_n AND m.code = l.code)))$$,
	'a limit that no edition has for the DOS is unknown');

SELECT bag_eq($$SELECT e.service_type, e.edition, m.code, m.units::int, m.mai::int FROM edition e, ncci_mue(e.edition, e.service_type) m$$,
	$$SELECT service_type, edition, code, units, mai FROM mue_file$$, 'ncci_mue() has the limits of each file');

--
-- a file that lacks too many pairs; an edition retired under the others; one published late
--

CREATE TABLE everything AS SELECT md5(string_agg(p::text, '|' ORDER BY p::text COLLATE "C")) AS rows FROM ncci_ptp('q3') p;

INSERT INTO edition VALUES ('practitioner', 'q4', 4, '[2025-10-01,2026-01-01)');
INSERT INTO mue_file SELECT service_type, 'q4', 4, code, units, mai FROM mue_file WHERE service_type = 'practitioner' AND n = 3;
INSERT INTO file SELECT service_type, 'q4', 4, kind, column_1, column_2, effective, deletion, indicator FROM file
WHERE service_type = 'practitioner' AND n = 3 AND NOT (kind = 'still' AND column_1 < 'W0060');
SELECT cmp_ok((SELECT 1 - count(DISTINCT (column_1, column_2)) FILTER (WHERE n = 4)::numeric / count(DISTINCT (column_1, column_2)) FILTER (WHERE n = 3) FROM file WHERE service_type = 'practitioner'),
	'>', 0.08, 'more than 8 % of the pairs are missing');
SELECT pg_temp.load('practitioner', 4) \g /dev/null
SELECT throws_matching($$SELECT ncci_publish('q4', 'practitioner', '[2025-10-01,2026-01-01)')$$, 'missing|truncated|lack|cut', 'which is refused');
SELECT is((SELECT count(*) FROM ncci_editions WHERE edition = 'q4'), 0::bigint, 'and not published');
SELECT lives_ok($$SELECT ncci_publish('q4', 'practitioner', '[2025-10-01,2026-01-01)', true)$$, 'unless the loss is allowed');
SELECT is((SELECT count(*) FROM ncci_ptp('q4') WHERE column_1 < 'W0060' AND column_1 LIKE 'W%' AND deletion = '2025-09-30'), 59::bigint, 'the missing pairs are kept as expired');
SELECT is((SELECT string_agg(DISTINCT pg_temp.said('q4', 'W00' || v.i, 'W50' || v.i, v.dos), ', ') FROM (VALUES (11, date '2025-09-30'), (58, '2025-09-30')) v (i, dos)), '2 ptp deny', 'to their last day');
SELECT is((SELECT string_agg(DISTINCT pg_temp.said('q4', 'W00' || v.i, 'W50' || v.i, v.dos), ', ') FROM (VALUES (11, date '2025-10-01'), (58, '2025-10-01')) v (i, dos)), 'nothing', 'and not after it');

SELECT lives_ok($$SELECT ncci_retire('q2', 'practitioner', 'a trial')$$, 'q2 is retired');
SELECT is((SELECT md5(string_agg(p::text, '|' ORDER BY p::text COLLATE "C")) FROM ncci_ptp('q3') p), rows, 'q3, which is based on it, has the same rows') FROM everything;
SELECT is((SELECT count(*) FROM day d, claim_edits(ARRAY[claimline(d.a, ARRAY[d.modifier_a], 1, NULL, d.dos), claimline(d.b, ARRAY[d.modifier_b], 1, NULL, d.dos)], (SELECT ruleset('medicare', 'q3'))) f
		WHERE d.service_type = 'practitioner' AND f.rule LIKE 'ptp%'), (SELECT count(*) FROM expected WHERE service_type = 'practitioner' AND n = 3 AND rule LIKE 'ptp%'), 'and fires as often');

INSERT INTO edition VALUES ('practitioner', 'q0', 0, '[2024-10-01,2025-01-01)');
INSERT INTO file SELECT service_type, 'q0', 0, kind, column_1, column_2, effective, deletion, indicator FROM file WHERE service_type = 'practitioner' AND n = 1;
INSERT INTO mue_file SELECT service_type, 'q0', 0, code, units, mai FROM mue_file WHERE service_type = 'practitioner' AND n = 1;
SELECT pg_temp.load('practitioner', 0) \g /dev/null
SELECT lives_ok($$SELECT ncci_publish('q0', 'practitioner', '[2024-10-01,2025-01-01)')$$, 'a quarter is published after later ones');
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(ruleset('medicare', 'q4')), 'the newest is the one that ends last');
SELECT is((SELECT md5(string_agg(p::text, '|' ORDER BY p::text COLLATE "C")) FROM ncci_ptp('q3') p), rows, 'later editions keep their rows') FROM everything;
SELECT is(pg_temp.said('q3', 'X0033', 'X0034', '2024-12-31'), '2 ptp deny', 'but a DOS of that quarter is covered now');

SELECT * FROM finish();

ROLLBACK;

-- The code pair (PTP) and unit limit (MUE) edits against an oracle in plain SQL.
--
-- 100,000 provider-days are drawn from the reference data by a hash of the day and line number, so every run and every plan
-- sees the same days. The oracle computes the findings of ptp, ptp-bypassed, mue-line and mue-day from data/*.csv by self-join
-- and GROUP BY. The extension must give the same multiset, for the practitioner and for the outpatient edition.
--
-- What the oracle takes as given:
--   pair       a row of data/ptp.csv is in force when its indicator is 0 or 1 and from <= DOS <= to, both included; empty is open.
--              A row of the file fires whether or not data/scope.csv decides the pair.
--   finding    one on each column-two line for each column-one code; ptp when a column-one line of the code is not bypassed.
--   for denial a line with GY is denied as not covered: it is in no pair and in no sum of units.
--   bypass     indicator 1 only. 59/X{EPSU} (X from 2015-01-01) on column two, from DOS 2019-07-01 on either line;
--              25 on an E/M line of the pair, or one whose code has no class; the other NCCI-associated modifiers on column two. All five modifiers are read.
--   MUE        MAI 1: the units of the line; MAI 2 and 3: the sum of the day, a finding on every line of the code above 0 units.
--   covered    the dates of data/coverage.csv for the pair; else for each of its codes (for a limit: its code); else for all codes; else those
--              of data/editions.csv
--   severity   deny where covered, review elsewhere, unknown without a DOS; ptp-bypassed is info.
--   no DOS     a pair counts when any row of it has indicator 0 or 1; a bypass cannot be decided, so the rule is ptp.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql
SET LOCAL enable_mergejoin = off;
SET LOCAL work_mem = '128MB';

SELECT plan(27);

-- The provider-days

-- What is drawn from; a value that stands several times is drawn more often
CREATE TEMP TABLE pool (kind text, n int, value text, PRIMARY KEY (kind, n));

INSERT INTO pool
SELECT kind, n - 1, value
FROM (VALUES
	('hot code', '97124 97124 97124 97124 97124 97124 97140 97140 97140 97140 97140 97112 97112 97112 97112 98940 98940 98940 '
		'98941 98941 98941 98941 98942 98942 98943 98943 97110 97110 97110 97110 97530 97530 97530 97150 97150 97164 97164 '
		'99213 99213 99213 99203 99214 96523 96523 97116 97113 97018 97012 97035 97010 97014 97535 97750 97760 97161 97168 '
		'98925 G0283 95851 36591'),
	('unknown code', '00000 12345 70450 80053 90837 A0428 J0585 ZZZZZ'),
	('modifier', '59 59 59 59 59 59 XS XS XS XS XE XE XP XP XU XU 25 25 25 25 76 76 77 22 22 GP GP GP GP GP GP GP GP GO LT LT '
		'LT RT 24 24 91 91 AT AT AT KX CQ GA GY 27 57 58 78 79 F1 TA E1 LC RI 50 52 U7')
) v (kind, list), string_to_table(list, ' ') WITH ORDINALITY t (value, n);

INSERT INTO pool
SELECT 'pair code', row_number() OVER (ORDER BY code COLLATE "C") - 1, code
FROM (SELECT column_1 AS code FROM ptp_csv UNION SELECT column_2 FROM ptp_csv) c;

INSERT INTO pool
SELECT 'limit code', row_number() OVER (ORDER BY code COLLATE "C") - 1, code
FROM (SELECT DISTINCT code FROM mue_csv) c;

-- A row of ptp.csv for six of ten days, so that every pair of the file occurs
CREATE TEMP TABLE ptp_row AS
SELECT (row_number() OVER (ORDER BY service_type COLLATE "C", column_1 COLLATE "C", column_2 COLLATE "C", valid_from NULLS FIRST,
		valid_to NULLS LAST, indicator) - 1)::int AS n,
	column_1, column_2,
	array_remove(ARRAY[valid_from - 1, valid_from, valid_to, valid_to + 1], NULL) AS edges
FROM ptp_csv;

CREATE TEMP TABLE day AS
SELECT d.day, d.n_lines, r.column_1, r.column_2,
	d.at_1,
	1 + (d.at_1 + draw(d.key, 5, d.n_lines - 1)) % d.n_lines AS at_2,
	CASE
		WHEN d.dos_kind < 3 THEN NULL
		WHEN d.dos_kind < 38 AND cardinality(r.edges) > 0 THEN r.edges[1 + draw(d.key, 7, cardinality(r.edges))]
		WHEN d.dos_kind < 68 THEN ('{2014-12-31,2015-01-01,2019-06-30,2019-07-01,2019-12-31,2020-01-01,2020-09-30,2020-10-01,2020-12-31,
			2021-01-01,2024-09-30,2024-10-01,2026-06-30,2026-07-01,2026-09-30,2026-10-01,2026-12-31,2027-01-01}'::date[])[1 + draw(d.key, 8, 18)]
		ELSE date '2018-01-01' + draw(d.key, 9, 3287)
	END AS dos
FROM (SELECT *, 1 + draw(key, 4, n_lines) AS at_1
		FROM (SELECT i AS day, i * 16::bigint AS key,
				2 + least(draw(i * 16::bigint, 1, 11), draw(i * 16::bigint, 2, 11)) AS n_lines,
				draw(i * 16::bigint, 3, 10) < 6 AS has_pair,
				draw(i * 16::bigint, 6, 100) AS dos_kind,
				draw(i * 16::bigint, 10, (SELECT count(*)::int FROM ptp_csv)) AS pair
			FROM generate_series(1, 100000) i) x) d
	LEFT JOIN ptp_row r ON d.has_pair AND r.n = d.pair;

ANALYZE pool, day;

CREATE TEMP TABLE line AS
WITH sized AS (
	SELECT kind, count(*)::int AS size, array_agg(value ORDER BY n) AS list FROM pool GROUP BY kind
), modifier AS MATERIALIZED (
	SELECT size, list FROM sized WHERE kind = 'modifier'
), drawn AS (
	SELECT d.*, l.line_no, d.day * 16::bigint + l.line_no AS key,
		CASE WHEN l.code_kind < 80 THEN 'hot code' WHEN l.code_kind < 92 THEN 'pair code' WHEN l.code_kind < 97 THEN 'limit code'
			ELSE 'unknown code' END AS kind
	FROM day d CROSS JOIN LATERAL (
		SELECT line_no, draw(d.day * 16::bigint + line_no, 21, 100) AS code_kind
		FROM generate_series(1, d.n_lines) line_no) l
)
SELECT d.day, d.line_no,
	'C' || 1 + draw(d.key, 20, 2) AS claim_id,
	CASE
		WHEN d.line_no = d.at_1 AND d.column_1 IS NOT NULL THEN d.column_1
		WHEN d.line_no = d.at_2 AND d.column_2 IS NOT NULL THEN d.column_2
		ELSE c.value
	END AS code,
	(CASE WHEN draw(d.key, 36, 4) = 0 THEN '{GP,22,76}' ELSE ARRAY[
		m.list[1 + draw(d.key, 31, m.size)],
		m.list[1 + draw(d.key, 32, m.size)],
		m.list[1 + draw(d.key, 33, m.size)]
	] END || ARRAY[
		m.list[1 + draw(d.key, 34, m.size)],
		m.list[1 + draw(d.key, 35, m.size)]
	])[1 : ('{0,0,0,0,0,0,0,1,1,1,1,1,1,2,2,3,4,4,5,5}'::int[])[1 + draw(d.key, 30, 20)]] AS modifiers,
	('{0,0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,2,2,2,2,2,3,3,3,4,4,4,5,5,6,7,8,0.5,1.5,2.25,4.001}'::numeric[])
		[1 + draw(d.key, 40, 39)] AS units,
	d.dos
FROM drawn d
	JOIN sized s USING (kind)
	JOIN pool c ON c.kind = d.kind AND c.n = draw(d.key, 22, s.size)
	CROSS JOIN modifier m;

ANALYZE ptp_csv, mue_csv, modifier_csv, code_csv, edition_csv, line;

-- The oracle

-- What the modifiers of a line can bypass
CREATE TEMP TABLE line_fact AS
SELECT l.*,
	l.units > 0 AND 'GY' <> ALL (l.modifiers) AS payable,
	coalesce(m.either, false) AS bypass_either,
	coalesce(m.column_2, false) AS bypass_column_2,
	coalesce(m.em, false) AND coalesce(e.em, true) AS bypass_em
FROM line l
	LEFT JOIN (
		SELECT l.day, l.line_no,
			bool_or('bypass-either' = ANY (m.kinds) AND (m.valid_from IS NULL OR l.dos >= m.valid_from)) AS either,
			bool_or('bypass-column2' = ANY (m.kinds)) AS column_2,
			bool_or('bypass-em' = ANY (m.kinds)) AS em
		FROM line l CROSS JOIN unnest(l.modifiers) u (modifier)
			JOIN (SELECT modifier, valid_from, string_to_array(kinds, ' ') AS kinds FROM modifier_csv
				WHERE kinds LIKE '%bypass%') m USING (modifier)
		GROUP BY l.day, l.line_no
	) m USING (day, line_no)
	LEFT JOIN (SELECT code, 'em' = ANY (string_to_array(classes, ' ')) AS em FROM code_csv WHERE classes <> '') e USING (code);

ANALYZE line_fact;

-- Every two lines with a pair in force; without a DOS, with a pair that was ever in force. OFFSET 0 joins the lines first.
CREATE TEMP TABLE any_pair AS
SELECT l.billed, p.service_type, l.day, l.dos, l.line_1, l.code_1, l.line_2, l.code_2, p.indicator,
	p.indicator = 1 AND l.dos IS NOT NULL AND l.bypassing AS bypassed
FROM (
	SELECT a.payable AND b.payable AS billed, a.day, a.dos, a.line_no AS line_1, a.code AS code_1, b.line_no AS line_2, b.code AS code_2,
		b.bypass_either OR b.bypass_column_2 OR b.bypass_em OR a.bypass_em
			OR (a.bypass_either AND a.dos >= date '2019-07-01') AS bypassing
	FROM line_fact a JOIN line_fact b ON b.day = a.day AND b.code <> a.code
	OFFSET 0
) l JOIN ptp_csv p ON p.column_1 = l.code_1 AND p.column_2 = l.code_2
WHERE p.indicator IN (0, 1)
	AND (l.dos IS NULL
		OR ((p.valid_from IS NULL OR p.valid_from <= l.dos) AND (p.valid_to IS NULL OR l.dos <= p.valid_to)));

-- A line without units is documented, not billed: it is in no pair, and one that is billed for a denial neither
CREATE TEMP TABLE line_pair AS SELECT * FROM any_pair WHERE billed;

ANALYZE line_pair;

-- The units of a code on the day, with the limit
CREATE TEMP TABLE line_limit AS
SELECT m.service_type, l.day, l.dos, l.line_no, l.code, CASE WHEN l.payable THEN l.units ELSE 0 END AS units, t.units AS day_units, t.n_lines, m.units AS value, m.mai
FROM line_fact l
	JOIN (SELECT day, code, sum(units) FILTER (WHERE payable) AS units, count(*) FILTER (WHERE payable) AS n_lines FROM line_fact
		GROUP BY day, code) t
		USING (day, code)
	JOIN mue_csv m ON m.code = l.code
		AND (l.dos IS NULL OR ((m.valid_from IS NULL OR m.valid_from <= l.dos) AND (m.valid_to IS NULL OR l.dos <= m.valid_to)));

\i test/tap/lib_coverage.sql

CREATE TEMP TABLE expected AS
SELECT f.service_type, f.day, f.line_no, f.rule,
	CASE WHEN f.rule = 'ptp-bypassed' THEN 'info' WHEN f.dos IS NULL THEN 'unknown'
		WHEN coalesce(p.dates, m.dates) @> f.dos THEN 'deny' ELSE 'review' END AS severity,
	f.with_code,
	coalesce(coalesce(p.dates, m.dates) @> f.dos, false) AS covered
FROM (
	SELECT service_type, day, dos, line_2 AS line_no, CASE WHEN bool_and(bypassed) THEN 'ptp-bypassed' ELSE 'ptp' END AS rule,
		code_1 AS with_code
	FROM line_pair
	GROUP BY service_type, day, dos, line_2, code_1
	UNION ALL
	SELECT DISTINCT service_type, day, dos, line_no, 'mue-line', NULL::text
	FROM line_limit
	WHERE mai = 1 AND units > value
	UNION ALL
	SELECT DISTINCT service_type, day, dos, line_no, 'mue-day', NULL
	FROM line_limit
	WHERE mai IN (2, 3) AND day_units > value AND units > 0
) f
	JOIN line l USING (day, line_no)
	LEFT JOIN pair_known p ON p.service_type = f.service_type AND p.code_1 = f.with_code AND p.code_2 = l.code
	LEFT JOIN code_known m ON f.with_code IS NULL AND m.service_type = f.service_type AND m.part = 'mue' AND m.code = l.code;

-- The extension

-- Lines of two claims, in an order of arrival that is not the order of the lines
CREATE TEMP TABLE got_practitioner AS
SELECT d.day, f.claim_id, f.line_no, f.rule, f.severity::text AS severity, f.with_claim_id, f.with_line_no, f.covered,
	f.carc, f.rarc
FROM (
	SELECT day, claimday(claim_id, line_no, claimline(code, modifiers, units, NULL, dos)
		ORDER BY draw(day * 16::bigint + line_no, 50, 1000), line_no) AS lines
	FROM line
	GROUP BY day
) d CROSS JOIN LATERAL claim_edits(d.lines, (SELECT ruleset('medicare'))) f
WHERE f.rule IN ('ptp', 'ptp-bypassed', 'mue-line', 'mue-day');

-- An array of lines
CREATE TEMP TABLE got_outpatient AS
SELECT d.day, f.claim_id, f.line_no, f.rule, f.severity::text AS severity, f.with_claim_id, f.with_line_no, f.covered,
	f.carc, f.rarc
FROM (
	SELECT day, array_agg(claimline(code, modifiers, units, NULL, dos) ORDER BY line_no) AS lines
	FROM line
	GROUP BY day
) d CROSS JOIN LATERAL claim_edits(d.lines, (SELECT ruleset('medicare', 'starter-outpatient'))) f
WHERE f.rule IN ('ptp', 'ptp-bypassed', 'mue-line', 'mue-day');

-- Both, with the code, the DOS and the claim of the line and the code of the other line
CREATE TEMP TABLE got AS
SELECT g.*, l.code, l.dos, l.claim_id AS line_claim_id, w.code AS with_code, w.claim_id AS line_with_claim_id
FROM (
	SELECT 'practitioner' AS service_type, * FROM got_practitioner
	UNION ALL
	SELECT 'outpatient', * FROM got_outpatient
) g
	LEFT JOIN line l ON l.day = g.day AND l.line_no = g.line_no
	LEFT JOIN line w ON w.day = g.day AND w.line_no = g.with_line_no;

CREATE TEMP TABLE difference AS
SELECT 'missing' AS kind, * FROM (
	SELECT service_type, day, line_no, rule, severity, with_code, covered FROM expected
	EXCEPT ALL
	SELECT service_type, day, line_no, rule, severity, with_code, covered FROM got) m
UNION ALL
SELECT 'not expected', * FROM (
	SELECT service_type, day, line_no, rule, severity, with_code, covered FROM got
	EXCEPT ALL
	SELECT service_type, day, line_no, rule, severity, with_code, covered FROM expected) n;

-- The other line is a column-one line of the pair, and for ptp one that is not bypassed
CREATE TEMP TABLE wrong_with AS
SELECT g.service_type, g.day, g.line_no, g.rule, g.with_line_no
FROM got g
WHERE g.rule IN ('ptp', 'ptp-bypassed')
	AND NOT EXISTS (
		SELECT FROM line_pair p
		WHERE p.service_type = g.service_type AND p.day = g.day AND p.line_2 = g.line_no AND p.line_1 = g.with_line_no
			AND p.bypassed = (g.rule = 'ptp-bypassed'));

CREATE FUNCTION pg_temp.show_day(which int) RETURNS text
LANGUAGE sql
AS $$
	SELECT coalesce(min(dos)::text, 'no DOS') || ': '
		|| string_agg(line_no || ' ' || array_to_string(code || modifiers, '-') || ' x' || units, ', ' ORDER BY line_no)
	FROM line
	WHERE day = which
$$;

-- The days are what this file says they are

SELECT cmp_ok((SELECT count(DISTINCT day) FROM line), '>=', 100000::bigint, 'at least 100,000 provider-days');

SELECT is((SELECT count(*) FROM (SELECT day FROM line GROUP BY day HAVING count(*) NOT BETWEEN 2 AND 12 OR count(DISTINCT dos) > 1
		OR count(dos) NOT IN (0, count(*))) d), 0::bigint, 'each of 2 to 12 lines and one DOS');

SELECT is((SELECT count(*) FROM pool WHERE kind = 'modifier' AND value NOT IN (SELECT modifier FROM modifier_csv)), 0::bigint,
	'the modifiers drawn are real');

SELECT is((SELECT count(*) FROM pool WHERE kind = 'unknown code' AND value IN (SELECT code FROM code_csv)), 0::bigint,
	'the unknown codes are not in codes.csv');

SELECT is((SELECT count(*) FROM pool WHERE kind LIKE '% code' AND kind <> 'unknown code'
		AND value NOT IN (SELECT code FROM code_csv)),
	0::bigint, 'all others are');

-- NCCI 2026 ch. I p. I-14
SELECT is((SELECT string_agg(modifier, ' ' ORDER BY modifier COLLATE "C") FROM modifier_csv WHERE kinds LIKE '%bypass%'),
	'24 25 27 57 58 59 78 79 91 E1 E2 E3 E4 F1 F2 F3 F4 F5 F6 F7 F8 F9 FA LC LD LM LT RC RI RT T1 T2 T3 T4 T5 T6 T7 T8 T9 TA '
	'XE XP XS XU', 'modifiers.csv has the NCCI-associated modifiers and no others');

SELECT is((SELECT string_agg(service_type || ' ' || valid_from || '..' || valid_to, ', ' ORDER BY service_type) FROM edition_csv), 'outpatient 2020-10-01..2024-09-30, practitioner 2020-10-01..2024-09-30', 'the coverage that the boundary dates were chosen for');

-- The days reach what the edits must get right

CREATE TEMP TABLE teeth AS
SELECT v.service_type || ' ' || v.rule || ' ' || v.severity AS what, v.minimum, count(e.day) AS hits
FROM (VALUES
	('practitioner', 'ptp', 'deny', 60000),
	('practitioner', 'ptp', 'review', 100000),
	('practitioner', 'ptp', 'unknown', 10000),
	('practitioner', 'ptp-bypassed', 'info', 80000),
	('practitioner', 'mue-day', 'deny', 50000),
	('practitioner', 'mue-day', 'review', 100000),
	('practitioner', 'mue-day', 'unknown', 4000),
	('outpatient', 'ptp', 'deny', 40000),
	('outpatient', 'ptp', 'review', 60000),
	('outpatient', 'ptp', 'unknown', 8000),
	('outpatient', 'ptp-bypassed', 'info', 70000),
	('outpatient', 'mue-day', 'deny', 50000),
	('outpatient', 'mue-day', 'review', 90000),
	('outpatient', 'mue-day', 'unknown', 4000)
) v (service_type, rule, severity, minimum)
	LEFT JOIN expected e USING (service_type, rule, severity)
GROUP BY v.service_type, v.rule, v.severity, v.minimum;

-- Pairs of lines, by what opens them
INSERT INTO teeth
SELECT v.*
FROM (
	SELECT
		count(*) FILTER (WHERE indicator = 0 AND distinct_2) AS n1,
		count(*) FILTER (WHERE indicator = 1 AND mods_1 || mods_2 = '{}') AS n2,
		count(*) FILTER (WHERE indicator = 1 AND dos >= date '2015-01-01' AND distinct_2 AND NOT distinct_1) AS n3,
		count(*) FILTER (WHERE bypassed AND distinct_1 AND NOT (distinct_2 OR column_2 OR em_1 OR em_2)) AS n4,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND distinct_1 AND dos < date '2019-07-01') AS n5,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND distinct_2 AND dos < date '2015-01-01') AS n6,
		count(*) FILTER (WHERE bypassed AND em_1 AND NOT (distinct_1 OR distinct_2 OR column_2 OR em_2)) AS n7,
		count(*) FILTER (WHERE bypassed AND em_2 AND NOT (distinct_1 OR distinct_2 OR column_2 OR em_1)) AS n8,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND '25' = ANY (mods_1 || mods_2)) AS n9,
		count(*) FILTER (WHERE bypassed AND column_2 AND NOT (distinct_1 OR distinct_2 OR em_1 OR em_2)) AS n10,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND column_1) AS n11,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND mods_2 && '{22,76,77}') AS n12,
		count(*) FILTER (WHERE NOT bypassed AND indicator = 1 AND NOT (distinct_1 OR distinct_2) AND distinct_day) AS n13,
		count(*) FILTER (WHERE bypassed AND NOT (mods_1[1:3] || mods_2[1:3]) && all_bypass) AS n14,
		count(*) FILTER (WHERE bypassed AND NOT (mods_1[1:4] || mods_2[1:4]) && all_bypass) AS n15,
		(SELECT count(*) FROM any_pair WHERE NOT billed) AS n16,
		count(*) FILTER (WHERE dos IS NULL AND indicator = 1 AND distinct_2) AS n17
	FROM (
		SELECT p.*, a.modifiers AS mods_1, b.modifiers AS mods_2,
			a.modifiers && '{59,XE,XP,XS,XU}' AS distinct_1, b.modifiers && '{59,XE,XP,XS,XU}' AS distinct_2,
			d.distinct_day, a.bypass_em AS em_1, b.bypass_em AS em_2,
			a.bypass_column_2 AS column_1, b.bypass_column_2 AS column_2,
			(SELECT array_agg(modifier) FROM modifier_csv WHERE kinds LIKE '%bypass%') AS all_bypass
		FROM line_pair p
			JOIN line_fact a ON a.day = p.day AND a.line_no = p.line_1
			JOIN line_fact b ON b.day = p.day AND b.line_no = p.line_2
			JOIN (SELECT day, bool_or(modifiers && '{59,XE,XP,XS,XU}') AS distinct_day FROM line GROUP BY day) d ON d.day = p.day
		WHERE p.service_type = 'practitioner'
	) x
) s CROSS JOIN LATERAL (VALUES
	('indicator 0 with 59 or X on column two', 25000, n1),
	('indicator 1 without any modifier', 20000, n2),
	('59 or X on column two', 28000, n3),
	('59 or X on column one only, bypassed', 18000, n4),
	('59 or X on column one only, before 2019-07-01', 6500, n5),
	('X on column two before 2015-01-01', 1000, n6),
	('25 on an E/M of column one', 70, n7),
	('25 on an E/M of column two', 1000, n8),
	('25 that does not bypass', 8000, n9),
	('another associated modifier on column two', 20000, n10),
	('another associated modifier on column one', 20000, n11),
	('22, 76 or 77 on column two', 12000, n12),
	('59 or X on a third line', 60000, n13),
	('bypassed by the fourth or fifth modifier', 5000, n14),
	('bypassed by the fifth modifier', 800, n15),
	('a line without units', 20000, n16),
	('a bypass that has no DOS to be judged on', 2000, n17)
) v (what, minimum, hits);

-- Column-one lines of one code, of which some are bypassed
INSERT INTO teeth
SELECT 'one column-one line bypassed, another not', 2000, count(*)
FROM (SELECT FROM line_pair WHERE service_type = 'practitioner' GROUP BY day, line_2, code_1
	HAVING bool_or(bypassed) AND NOT bool_and(bypassed)) x;

-- The first and the last day of a row, and the days beside them, for the two lines that were drawn from a row
INSERT INTO teeth
SELECT v.what, v.minimum, count(*)
FROM ptp_csv r
	JOIN day d ON d.column_1 = r.column_1 AND d.column_2 = r.column_2
	LEFT JOIN line_pair p ON p.day = d.day AND p.line_1 = d.at_1 AND p.line_2 = d.at_2 AND p.service_type = r.service_type
	JOIN (VALUES
		('a row on its first day', 5000, true),
		('a row on its last day', 8000, true),
		('no row on the day before the first', 5000, false),
		('no row on the day after the last', 8000, false),
		('an indicator 9 row on its day', 2000, false)
	) v (what, minimum, fires) ON v.fires = (p.day IS NOT NULL) AND CASE v.what
		WHEN 'a row on its first day' THEN r.indicator < 9 AND d.dos = r.valid_from
		WHEN 'a row on its last day' THEN r.indicator < 9 AND d.dos = r.valid_to
		WHEN 'no row on the day before the first' THEN r.indicator < 9 AND d.dos = r.valid_from - 1
		WHEN 'no row on the day after the last' THEN r.indicator < 9 AND d.dos = r.valid_to + 1
		ELSE r.indicator = 9 AND d.dos = r.valid_from
	END
GROUP BY v.what, v.minimum;

-- Limits
INSERT INTO teeth
SELECT v.*
FROM (
	SELECT
		count(*) FILTER (WHERE day_units > value AND units > 0 AND units <= value AND n_lines > 1) AS n1,
		count(*) FILTER (WHERE day_units > value AND units > value AND value > 0 AND n_lines = 1) AS n2,
		count(*) FILTER (WHERE day_units > value AND value = 0) AS n3,
		count(*) FILTER (WHERE day_units > value AND units = 0) AS n4,
		count(*) FILTER (WHERE day_units = value AND value > 0) AS n5,
		count(*) FILTER (WHERE day_units > value AND day_units < value + 1 AND value > 0) AS n6
	FROM line_limit
	WHERE service_type = 'practitioner' AND mai IN (2, 3)
) s CROSS JOIN LATERAL (VALUES
	('units over the limit only as the sum of several lines', 15000, n1),
	('units over the limit on one line', 100000, n2),
	('limit 0', 25000, n3),
	('a line without units of a code over its limit', 900, n4),
	('units at the limit', 70000, n5),
	('units over the limit by a fraction', 6000, n6)
) v (what, minimum, hits);

-- Rows of one service type only
INSERT INTO teeth
SELECT v.service_type || ' pairs that the other service type does not have', v.minimum, count(p.day)
FROM (VALUES ('practitioner', 50000), ('outpatient', 40)) v (service_type, minimum)
	JOIN line_pair p USING (service_type)
WHERE NOT EXISTS (SELECT FROM ptp_csv o WHERE o.service_type <> p.service_type AND o.indicator < 9
	AND o.column_1 = p.code_1 AND o.column_2 = p.code_2)
GROUP BY v.service_type, v.minimum;

SELECT is((SELECT count(*) FROM teeth), 45::bigint, 'every situation was counted');
SELECT is((SELECT count(*) FROM teeth WHERE hits < minimum), 0::bigint, 'every situation occurs often enough');
SELECT diag(what || ': ' || hits || ', wanted ' || minimum) FROM teeth WHERE hits < minimum ORDER BY what;

-- The extension agrees with the oracle

SELECT is((SELECT count(*) FROM difference d WHERE d.service_type = s AND d.kind = k), 0::bigint, s || ': no finding is ' || k)
FROM unnest('{practitioner,outpatient}'::text[]) s, unnest('{missing,not expected}'::text[]) k
ORDER BY s DESC, k;

SELECT diag(format('%s, %s: day %s line %s %s %s, other code %s, covered %s; %s', service_type, kind, day, line_no, rule, severity,
	coalesce(with_code, '-'), covered, pg_temp.show_day(day)))
FROM (SELECT * FROM difference ORDER BY day, line_no, service_type, rule, with_code LIMIT 10) d;

SELECT is((SELECT count(*) FROM wrong_with w WHERE w.service_type = s), 0::bigint,
	s || ': the other line is an acceptable column-one line')
FROM unnest('{practitioner,outpatient}'::text[]) s
ORDER BY s DESC;

SELECT diag(format('%s: day %s line %s %s with line %s; %s', service_type, day, line_no, rule, coalesce(with_line_no::text, '-'),
	pg_temp.show_day(day)))
FROM (SELECT * FROM wrong_with ORDER BY day, line_no, service_type, with_line_no LIMIT 10) w;

SELECT is((SELECT count(*) FROM got WHERE rule LIKE 'mue%' AND (with_line_no IS NOT NULL OR with_claim_id IS NOT NULL)), 0::bigint,
	'a limit names no other line');
SELECT is((SELECT count(*) FROM got WHERE service_type = 'practitioner'
		AND (claim_id IS DISTINCT FROM line_claim_id OR with_claim_id IS DISTINCT FROM line_with_claim_id)), 0::bigint,
	'a finding names the claims of its lines');

SELECT is((SELECT count(*) FROM got WHERE service_type = 'outpatient' AND (claim_id IS NOT NULL OR with_claim_id IS NOT NULL)),
	0::bigint, 'and none for an array of lines');

SELECT is((SELECT count(*) FROM got g WHERE g.service_type = s AND g.rule LIKE 'ptp%'
		AND NOT EXISTS (SELECT FROM ptp_csv p WHERE p.service_type = s AND p.indicator < 9 AND p.column_1 = g.with_code
			AND p.column_2 = g.code)), 0::bigint, s || ': no pair that the service type does not have')
FROM unnest('{practitioner,outpatient}'::text[]) s
ORDER BY s DESC;

SELECT is((SELECT count(*) FROM got g WHERE g.service_type = s AND g.rule LIKE 'mue%'
		AND NOT EXISTS (SELECT FROM mue_csv m WHERE m.service_type = s AND m.code = g.code)), 0::bigint,
	s || ': no limit that the service type does not have')
FROM unnest('{practitioner,outpatient}'::text[]) s
ORDER BY s DESC;

-- The adjustment and remark codes of data/denials.csv, by the DOS

CREATE TEMP TABLE wrong_carc AS
SELECT g.*, v.what, v.want_carc, v.want_rarc
FROM (VALUES
	('ptp', date '2011-01-30', 'infinity'::date, 'ptp since 2011-01-30', 'CO-236', NULL),
	('ptp', '-infinity', '2011-01-29', 'ptp before', 'CO-97', 'N20'),
	('mue-line', '-infinity', 'infinity', 'mue-line', 'CO-151', 'N362'),
	('mue-day', '-infinity', 'infinity', 'mue-day', 'CO-151', 'N362'),
	('ptp-bypassed', '-infinity', 'infinity', 'ptp-bypassed', NULL, NULL)
) v (rule, first_dos, last_dos, what, want_carc, want_rarc)
	JOIN got g ON g.rule = v.rule AND g.dos BETWEEN v.first_dos AND v.last_dos
WHERE (g.service_type, g.code) NOT IN (SELECT service_type, code FROM mue_csv WHERE units = 0)
	AND (g.carc IS DISTINCT FROM v.want_carc OR g.rarc IS DISTINCT FROM v.want_rarc);

SELECT is((SELECT count(*) FROM wrong_carc WHERE what = 'ptp since 2011-01-30'), 0::bigint, 'ptp is CO-236 since 2011-01-30');
SELECT is((SELECT count(*) FROM wrong_carc WHERE what = 'ptp before'), 0::bigint, 'and CO-97 with N20 before');
SELECT is((SELECT count(*) FROM wrong_carc WHERE what LIKE 'mue%'), 0::bigint, 'a limit is CO-151 with N362');
SELECT is((SELECT count(*) FROM wrong_carc WHERE what = 'ptp-bypassed'), 0::bigint, 'a bypassed pair has no adjustment code');
SELECT is((SELECT count(*) FROM got WHERE dos IS NULL
		AND ((rule = 'ptp' AND carc <> 'CO-236') OR (rule LIKE 'mue%' AND carc <> 'CO-151'))
		AND (service_type, code) NOT IN (SELECT service_type, code FROM mue_csv WHERE units = 0)), 0::bigint,
	'without a DOS there is no other adjustment code');

SELECT diag(format('%s: day %s (%s) line %s is %s %s, not %s %s', service_type, day, dos, line_no, coalesce(carc, '-'),
	coalesce(rarc, '-'), coalesce(want_carc, '-'), coalesce(want_rarc, '-')) || ' for ' || rule)
FROM (SELECT * FROM wrong_carc ORDER BY day, line_no, service_type, rule, with_code LIMIT 10) w;

SELECT * FROM finish();

ROLLBACK;

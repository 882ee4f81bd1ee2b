-- Editions of the NCCI files: each DOS gets the answer of its time, each edition the answer that was known then.
--
-- Three editions for practitioners and two for hospitals are made in the layout of CMS: pairs that are added, expired,
-- re-activated, swapped, re-dated, whose indicator is changed by a new row or in place, that vanish from the file and come back,
-- and 260 pairs with windows drawn by a hash that change from one edition to the next.  Codes and pairs are made up.
--
-- The oracle is SQL over the rows that went into the files.  What it takes as given:
--   rows       those of the edition's own file, and those of pairs that it lacks altogether: they are kept from the edition before,
--              as expired on the day before the edition covers anything
--   pair       a row is in force when its indicator is 0 or 1 and effective <= DOS <= deletion, both included
--   bypass     indicator 1 and 59 on column two, from DOS 2019-07-01 on either line
--   covered    the DOS is covered by an edition that ends no later than the one that judges, the starter among them
--   severity   ptp: deny where covered, review elsewhere; unknown without a DOS; ptp-bypassed: info
--   limits     those of the edition that covers the DOS, the last one by its end, of the editions that end no later than the one that judges;
--              where there is none, or the starter which has not all codes, a limit is not known: edition-coverage is unknown
-- Each pair is judged by each edition, on each day at a boundary of a row or of an edition and on the days beside it, with no
-- modifier, with 59 on either line.
--
-- Run from the root of the project:  psql -X -f test/tap/ncci_editions.sql

\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only true
\pset pager off

BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL datestyle = 'ISO';
SET LOCAL jit = off;
SET LOCAL work_mem = '128MB';
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS claimline;

SELECT plan(105);

--
-- the files
--

CREATE TABLE edition (service_type text, edition text, n int, covers daterange);
INSERT INTO edition VALUES
	('practitioner', 'q1', 1, '[2025-01-01,2025-04-01)'),
	('practitioner', 'q2', 2, '[2025-04-01,2025-07-01)'),
	('practitioner', 'q3', 3, '[2025-06-15,2025-10-01)'),	-- overlaps
	('outpatient', 'q1', 1, '[2025-01-01,2025-04-01)'),
	('outpatient', 'q2', 2, '[2025-04-01,2025-07-01)');

-- the starter: data/editions.csv
CREATE TABLE starter (edition text, service_type text, valid_from date, valid_to date, scope text, source text);
\copy starter from 'data/editions.csv' (format csv, header)

-- a row of a file, and the editions whose files have it
CREATE TABLE written (service_type text DEFAULT 'practitioner', kind text, column_1 text, column_2 text, effective date, deletion date,
	indicator int, first int, last int);
INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last) VALUES
	('open', 'X0001', 'X0002', '1996-01-01', NULL, 1, 1, 3),
	('open', 'X0003', 'X0004', '1996-01-01', NULL, 0, 1, 3),
	('open', '98941', '97124', '2002-04-01', NULL, 1, 1, 3),
	('open', '97140', '97124', '1996-01-01', NULL, 0, 1, 3),
	('ended long ago', '97140', '97530', '1996-01-01', '2019-12-31', 1, 1, 3),
	('two windows', 'X0097', 'X0098', '2010-01-01', '2025-02-14', 1, 1, 3),
	('two windows', 'X0097', 'X0098', '2025-02-15', NULL, 0, 1, 3),
	('two days', 'X0095', 'X0096', '2025-02-10', '2025-02-11', 0, 1, 3),
	('both directions', 'X0099', 'X0100', '2010-01-01', NULL, 1, 1, 3),
	('both directions', 'X0100', 'X0099', '2025-01-01', NULL, 0, 1, 3),

	('expired', 'X0011', 'X0012', '2010-01-01', NULL, 1, 1, 1),
	('expired', 'X0011', 'X0012', '2010-01-01', '2025-03-31', 1, 2, 3),
	('expired in retrospect', 'X0013', 'X0014', '2010-01-01', NULL, 1, 1, 1),
	('expired in retrospect', 'X0013', 'X0014', '2010-01-01', '2024-12-31', 1, 2, 3),
	('expired in q3', 'X0015', 'X0016', '2010-01-01', NULL, 0, 1, 2),
	('expired in q3', 'X0015', 'X0016', '2010-01-01', '2025-06-30', 0, 3, 3),

	('added', 'X0021', 'X0022', '2025-04-01', NULL, 1, 2, 3),
	('added for later', 'X0025', 'X0026', '2025-08-01', NULL, 1, 2, 3),
	('added in retrospect', 'X0023', 'X0024', '2025-01-01', NULL, 0, 3, 3),

	('re-activated', 'X0033', 'X0034', '2010-01-01', '2024-12-31', 1, 1, 3),
	('re-activated', 'X0033', 'X0034', '2025-04-01', NULL, 1, 2, 3),
	('re-activated and again', 'X0031', 'X0032', '2010-01-01', '2019-12-31', 1, 1, 3),
	('re-activated and again', 'X0031', 'X0032', '2025-04-01', NULL, 1, 2, 2),
	('re-activated and again', 'X0031', 'X0032', '2025-04-01', '2025-06-30', 1, 3, 3),
	('re-activated and again', 'X0031', 'X0032', '2025-07-15', NULL, 0, 3, 3),

	('swapped', 'X0041', 'X0042', '2010-01-01', NULL, 1, 1, 1),
	('swapped', 'X0041', 'X0042', '2010-01-01', '2025-03-31', 1, 2, 3),
	('swapped', 'X0042', 'X0041', '2025-04-01', NULL, 1, 2, 3),
	('swapped in q3', 'X0043', 'X0044', '2010-01-01', NULL, 1, 1, 2),
	('swapped in q3', 'X0043', 'X0044', '2010-01-01', '2025-06-30', 1, 3, 3),
	('swapped in q3', 'X0044', 'X0043', '2025-07-01', NULL, 0, 3, 3),

	('re-dated: effective', 'X0051', 'X0052', '2025-01-01', NULL, 1, 1, 1),
	('re-dated: effective', 'X0051', 'X0052', '2025-02-01', NULL, 1, 2, 3),
	('re-dated: deletion', 'X0053', 'X0054', '2010-01-01', '2025-12-31', 1, 1, 1),
	('re-dated: deletion', 'X0053', 'X0054', '2010-01-01', '2025-05-31', 1, 2, 3),
	('re-dated: no deletion', 'X0055', 'X0056', '2010-01-01', '2025-02-28', 1, 1, 1),
	('re-dated: no deletion', 'X0055', 'X0056', '2010-01-01', NULL, 1, 2, 3),

	('flipped in place', 'X0063', 'X0064', '2010-01-01', NULL, 1, 1, 1),
	('flipped in place', 'X0063', 'X0064', '2010-01-01', NULL, 0, 2, 3),
	('flipped in place in q3', 'X0065', 'X0066', '2010-01-01', NULL, 0, 1, 2),
	('flipped in place in q3', 'X0065', 'X0066', '2010-01-01', NULL, 1, 3, 3),
	('flipped by a new row', 'X0061', 'X0062', '2010-01-01', NULL, 1, 1, 1),
	('flipped by a new row', 'X0061', 'X0062', '2010-01-01', '2025-03-31', 1, 2, 3),
	('flipped by a new row', 'X0061', 'X0062', '2025-04-01', NULL, 0, 2, 3),
	('voided', 'X0067', 'X0068', '2025-01-01', NULL, 1, 1, 1),
	('voided', 'X0067', 'X0068', '2025-01-01', '2025-01-01', 9, 2, 3),

	('vanished', 'X0071', 'X0072', '2010-01-01', NULL, 1, 1, 1),
	('vanished before its end', 'X0073', 'X0074', '2010-01-01', '2025-12-31', 0, 1, 1),
	('vanished after its end', 'X0075', 'X0076', '2010-01-01', '2020-01-01', 1, 1, 1),
	('vanished before its start', 'X0077', 'X0078', '2025-05-01', NULL, 1, 1, 1),
	('vanished in q3', 'X0079', 'X0080', '2010-01-01', NULL, 1, 1, 2),
	('vanished and back', 'X0081', 'X0082', '2010-01-01', NULL, 1, 1, 1),
	('vanished and back', 'X0081', 'X0082', '2010-01-01', NULL, 1, 3, 3),
	('swapped, the old row gone', 'X0045', 'X0046', '2010-01-01', NULL, 1, 1, 1),
	('swapped, the old row gone', 'X0046', 'X0045', '2025-04-01', NULL, 1, 2, 3),

	('never in force', 'X0091', 'X0092', '2020-01-01', '2020-01-01', 9, 1, 3),
	('never in force', 'X0091', 'X0092', '2020-01-01', '2020-01-01', 9, 1, 3),
	('never in force, then in force', 'X0093', 'X0094', '2020-01-01', '2020-01-01', 9, 1, 3),
	('never in force, then in force', 'X0093', 'X0094', '2020-10-01', NULL, 1, 1, 3),
	('never in force, and in force from that day', 'X0083', 'X0084', '2020-10-01', '2020-10-01', 9, 1, 3),
	('never in force, and in force from that day', 'X0083', 'X0084', '2020-10-01', NULL, 0, 1, 3);

INSERT INTO written VALUES
	('outpatient', 'open', 'X0001', 'X0002', '1996-01-01', NULL, 0, 1, 2),	-- other than for a practitioner
	('outpatient', 'open', 'X0101', 'X0102', '1996-01-01', NULL, 1, 1, 2),
	('outpatient', 'open', 'X0004', 'X0003', '1996-01-01', NULL, 1, 1, 2),
	('outpatient', 'added', 'X0011', 'X0012', '2025-04-01', NULL, 1, 2, 2);

-- 0 to n - 1, without a pattern
CREATE FUNCTION h(i bigint, salt int, n int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ((hashint8extended(i, salt) & 2147483647) % n)::int $$;

-- Drawn pairs: a version of a pair has one to three windows, one after the other; an edition has another version of one pair in six.
-- A fifth of the pairs has rows for both directions.
CREATE TABLE drawn AS
SELECT i, n, CASE n WHEN 1 THEN 0 WHEN 2 THEN (h(i, 2, 6) = 0)::int ELSE (h(i, 2, 6) = 0)::int + 2 * (h(i, 3, 6) = 0)::int END AS version
FROM generate_series(1::bigint, 260) i, generate_series(1, 3) n;

INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last)
SELECT 'drawn', CASE WHEN swap THEN b ELSE a END, CASE WHEN swap THEN a ELSE b END,
	CASE WHEN k = 0 AND h(s, 5, 2) = 0 THEN date '2010-01-01' ELSE start + k * 90 + h(s + k, 6, 40) END,
	CASE WHEN k < windows - 1 OR h(s, 7, 5) < 2 THEN start + k * 90 + 41 + h(s + k, 8, 40 + (k % 2) * 9) END,
	h(s + k, 9, 2), n, n
FROM (SELECT *, i * 64 + version * 16 AS s, 'Y' || lpad(i::text, 4, '0') AS a, 'Y' || 5000 + i AS b FROM drawn) d
	CROSS JOIN LATERAL (SELECT date '2024-10-01' + h(s, 10, 200) AS start, 1 + h(s, 11, 3) AS windows) w
	CROSS JOIN generate_series(0, 2) k
	CROSS JOIN LATERAL (SELECT h(i, 12, 5) = 0 AND h(i + k, 13, 2) = 0 AS swap) x
WHERE k < windows;
-- a voided row beside some of them
INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last)
SELECT 'drawn, voided', column_1, column_2, effective, effective, 9, first, last FROM written WHERE kind = 'drawn' AND h(hashtext(column_1), 14, 8) = 0;
-- and 300 pairs that do not change, so that the pairs that vanish are few
INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last)
SELECT 'still', 'W' || lpad(i::text, 4, '0'), 'W' || 5000 + i, '2010-01-01', NULL, i % 2, 1, 3 FROM generate_series(1, 300) i;

CREATE TABLE file AS
SELECT e.service_type, e.edition, e.n, w.kind, w.column_1, w.column_2, w.effective, w.deletion, w.indicator
FROM written w JOIN edition e ON e.service_type = w.service_type AND e.n BETWEEN w.first AND w.last;

-- unit limits
CREATE TABLE mue_written (service_type text DEFAULT 'practitioner', code text, units int, mai int, first int, last int);
INSERT INTO mue_written (code, units, mai, first, last) VALUES
	('X0001', 2, 3, 1, 1), ('X0001', 3, 3, 2, 2), ('X0001', 1, 3, 3, 3),
	('X0002', 2, 1, 1, 1), ('X0002', 2, 3, 2, 3),
	('X0003', 3, 2, 1, 1),				-- removed in q2
	('X0004', 3, 2, 2, 3),				-- added in q2
	('X0005', 0, 3, 1, 3),
	('X0006', 1, 3, 1, 2),				-- removed in q3, which covers days of q2 too
	('X0007', 1, 3, 3, 3),				-- added in q3
	('97124', 5, 3, 1, 1), ('97124', 3, 3, 2, 3),	-- 4 in the starter
	('97140', 6, 3, 1, 3);
INSERT INTO mue_written VALUES
	('outpatient', 'X0001', 5, 3, 1, 2), ('outpatient', 'X0007', 2, 2, 1, 1), ('outpatient', '97124', 2, 3, 1, 2);
-- and some that do not change, so that the limits that are removed are few
INSERT INTO mue_written SELECT t, 'W' || lpad(i::text, 4, '0'), 9, 3, 1, 3 FROM unnest('{practitioner,outpatient}'::text[]) t, generate_series(1, 60) i;
CREATE TABLE mue_file AS
SELECT e.service_type, e.edition, e.n, w.code, w.units, w.mai
FROM mue_written w JOIN edition e ON e.service_type = w.service_type AND e.n BETWEEN w.first AND w.last;

SELECT is((SELECT count(*) FROM file a JOIN file b ON a.service_type = b.service_type AND a.n = b.n AND a.column_1 = b.column_1 AND a.column_2 = b.column_2
		AND a.ctid < b.ctid AND a.indicator < 9 AND b.indicator < 9
		AND daterange(a.effective, a.deletion, '[]') && daterange(b.effective, b.deletion, '[]')), 0::bigint, 'the files have no windows that overlap');
SELECT is((SELECT count(*) FROM file WHERE deletion < effective), 0::bigint, 'nor windows that end before they start');

--
-- the editions
--

CREATE FUNCTION pg_temp.load(which_type text, which int) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO ncci_ptp_import (column_1, column_2, before_1996, effective, deletion, indicator, rationale) VALUES
		('CPT only copyright 2025 American Medical Association.  All rights reserved.', '', '', '', '', '', ''),
		('Column1/Column2 Edits', '', '', '', '', '', ''),
		('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale'),
		('', '', 'prior to 1996', 'Date', 'Date', '0=not allowed', ''),
		('', '', '', '', '*=no data', '1=allowed', ''),
		('', '', '', '', '', '9=not applicable', '');
	INSERT INTO ncci_ptp_import (column_1, column_2, before_1996, effective, deletion, indicator, rationale)
	SELECT column_1, column_2, CASE WHEN effective = '1996-01-01' THEN '*' ELSE '' END, to_char(effective, 'YYYYMMDD'), coalesce(to_char(deletion, 'YYYYMMDD'), '*'),
		indicator::text, CASE WHEN indicator = 0 THEN 'Standards of medical/surgical practice' ELSE 'Misuse of Column Two code with Column One code' END
	FROM file WHERE service_type = which_type AND n = which
	ORDER BY column_1 COLLATE "C", column_2 COLLATE "C", effective, indicator;
	INSERT INTO ncci_mue_import (code, units, adjudication, rationale) VALUES
		(E'CPT codes, descriptions and other data only are copyright 2025 American Medical Association. All rights reserved.\n\n\nApplicable FARS/DFARS', NULL, NULL, NULL),
		(E'HCPCS/\nCPT Code', CASE which_type WHEN 'outpatient' THEN 'Outpatient Hospital Services MUE Values' ELSE 'Practitioner Services MUE Values' END,
			'MUE Adjudication Indicator', 'MUE Rationale');
	INSERT INTO ncci_mue_import (code, units, adjudication, rationale)
	SELECT code, units::text, CASE mai WHEN 1 THEN '1 Line Edit' WHEN 2 THEN '2 Date of Service Edit: Policy' ELSE '3 Date of Service Edit: Clinical' END, 'CMS Policy'
	FROM mue_file WHERE service_type = which_type AND n = which ORDER BY code COLLATE "C" $$;

CREATE TABLE counted (service_type text, edition text, change text, n bigint);
CREATE TABLE hash (after text, service_type text, edition text, hash text);
CREATE FUNCTION pg_temp.publish(which_type text, which int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	e edition;
BEGIN
	SELECT * INTO e FROM edition x WHERE x.service_type = which_type AND x.n = which;
	PERFORM pg_temp.load(which_type, which);
	INSERT INTO counted SELECT e.service_type, e.edition, p.* FROM ncci_publish(e.edition, e.service_type, e.covers) p;
	INSERT INTO hash SELECT e.service_type || ' ' || e.edition, x.service_type, x.edition, ruleset_hash(ruleset('medicare', x.edition, x.service_type)) FROM ncci_editions x;
END $$;

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

-- the rows of an edition
CREATE TABLE oracle_row (service_type text, n int, column_1 text, column_2 text, effective date, deletion date, indicator int, kept boolean);
DO $$
BEGIN
	FOR which IN 1..3 LOOP
		INSERT INTO oracle_row SELECT service_type, n, column_1, column_2, effective, deletion, indicator, false FROM file WHERE n = which;
		INSERT INTO oracle_row
		SELECT r.service_type, which, r.column_1, r.column_2, r.effective, least(r.deletion, lower(e.covers) - 1), r.indicator, true
		FROM oracle_row r JOIN edition e ON e.service_type = r.service_type AND e.n = which
		WHERE r.n = which - 1 AND NOT EXISTS (SELECT FROM file f WHERE f.n = which AND f.service_type = r.service_type AND f.column_1 = r.column_1 AND f.column_2 = r.column_2)
			AND r.effective < lower(e.covers);
	END LOOP;
END $$;
CREATE INDEX ON oracle_row (service_type, n, column_1, column_2);
ANALYZE oracle_row;

-- the days that an edition covers, and the edition whose limits hold there
CREATE TABLE covered AS
SELECT e.service_type, e.n, o.n AS by_n, o.covers
FROM edition e JOIN edition o ON o.service_type = e.service_type AND upper(o.covers) <= upper(e.covers)
UNION ALL
SELECT e.service_type, e.n, 0, daterange(s.valid_from, s.valid_to, '[]')
FROM edition e JOIN starter s ON s.service_type = e.service_type AND s.valid_to < upper(e.covers);
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

CREATE TABLE starter_mue (service_type text, code text, units int, mai int, valid_from date, valid_to date, source text);
\copy starter_mue from 'data/mue.csv' (format csv, header)
SELECT is((SELECT string_agg(service_type || ' ' || units, ', ' ORDER BY service_type DESC) FROM starter_mue WHERE code = '97124'), 'practitioner 4, outpatient 4', 'the starter has another limit of 97124');

CREATE TABLE limit_day AS
SELECT c.code, d.dos, u.units
FROM (SELECT DISTINCT code FROM mue_written WHERE code NOT LIKE 'W%') c CROSS JOIN (
		SELECT DISTINCT (b + o)::date AS dos FROM (SELECT lower(covers) AS b FROM covered UNION SELECT upper(covers) - 1 FROM covered) x, generate_series(-1, 1) o
	) d CROSS JOIN generate_series(1, 7) AS u (units);

CREATE TABLE limit_expected AS
SELECT e.service_type, e.n, l.code, l.dos, l.units, CASE WHEN v.mai = 1 THEN 'mue-line' ELSE 'mue-day' END AS rule, 'deny' AS severity
FROM edition e CROSS JOIN limit_day l
	CROSS JOIN LATERAL (SELECT c.by_n FROM covered c WHERE c.service_type = e.service_type AND c.n = e.n AND c.covers @> l.dos ORDER BY c.by_n DESC LIMIT 1) b
	CROSS JOIN LATERAL (
		SELECT f.units, f.mai FROM mue_file f WHERE f.service_type = e.service_type AND f.n = b.by_n AND f.code = l.code
		UNION ALL
		SELECT s.units, s.mai FROM starter_mue s WHERE b.by_n = 0 AND s.service_type = e.service_type AND s.code = l.code
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
	WHERE l.units = 1 AND (b.by_n IS NULL OR (b.by_n = 0 AND NOT EXISTS (SELECT FROM starter_mue s WHERE s.service_type = e.service_type AND s.code = l.code))
		-- these files are parts: they lack what the starter has
		OR (b.by_n > 0 AND NOT EXISTS (SELECT FROM mue_file m WHERE m.service_type = e.service_type AND m.n = b.by_n AND m.code = l.code)))$$,
	'a limit that no edition has for the DOS is unknown');

SELECT bag_eq($$SELECT e.service_type, e.edition, m.code, m.units::int, m.mai::int FROM edition e, ncci_mue(e.edition, e.service_type) m$$,
	$$SELECT service_type, edition, code, units, mai FROM mue_file$$, 'ncci_mue() has the limits of each file');

--
-- the rows, and what changed
--

SELECT bag_eq($$SELECT e.service_type, e.n, p.column_1, p.column_2, p.effective, p.deletion, p.indicator::int FROM edition e, ncci_ptp(e.edition, e.service_type) p WHERE p.indicator < 9$$,
	$$SELECT service_type, n, column_1, column_2, effective, deletion, indicator FROM oracle_row WHERE indicator < 9$$,
	'ncci_ptp() has the rows of each file, and those of the pairs that it lacks');

CREATE TABLE changed AS
SELECT f.service_type, f.n AS from_n, t.n AS to_n, c.*
FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n CROSS JOIN LATERAL ncci_changes(f.edition, t.edition, f.service_type) c;

-- the pairs that are named here, each with all its changes
CREATE FUNCTION pg_temp.change(from_n int, to_n int, a text, b text) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(format('%s %s/%s %s..%s [%s] -> %s..%s [%s]', change, column_1, column_2, coalesce(old_effective::text, ''), coalesce(old_deletion::text, ''), old_indicator,
		coalesce(new_effective::text, ''), coalesce(new_deletion::text, ''), new_indicator), '; ' ORDER BY change COLLATE "C"), 'none')
	FROM changed c WHERE c.service_type = 'practitioner' AND c.from_n = $1 AND c.to_n = $2 AND ((c.column_1, c.column_2) = ($3, $4) OR (c.column_1, c.column_2) = ($4, $3)) $$;
SELECT is(pg_temp.change(f, t, a, b), said, format('q%s to q%s, %s', f, t, what))
FROM (VALUES
	(1, 2, 'open', 'X0001', 'X0002', 'none'),
	(1, 2, 'never in force', 'X0091', 'X0092', 'none'),
	(1, 2, 'expired', 'X0011', 'X0012', 'ptp expired X0011/X0012 2010-01-01.. [1] -> 2010-01-01..2025-03-31 [1]'),
	(2, 3, 'expired before', 'X0011', 'X0012', 'none'),
	(2, 3, 'expired', 'X0015', 'X0016', 'ptp expired X0015/X0016 2010-01-01.. [0] -> 2010-01-01..2025-06-30 [0]'),
	(1, 2, 'added', 'X0021', 'X0022', 'ptp added X0021/X0022 .. [] -> 2025-04-01.. [1]'),
	(2, 3, 'added in retrospect', 'X0023', 'X0024', 'ptp added X0023/X0024 .. [] -> 2025-01-01.. [0]'),
	(1, 2, 're-activated', 'X0033', 'X0034', 'ptp added X0033/X0034 .. [] -> 2025-04-01.. [1]'),
	(1, 2, 're-dated: effective', 'X0051', 'X0052', 'ptp re-dated X0051/X0052 2025-01-01.. [1] -> 2025-02-01.. [1]'),
	(1, 2, 're-dated: deletion', 'X0053', 'X0054', 'ptp re-dated X0053/X0054 2010-01-01..2025-12-31 [1] -> 2010-01-01..2025-05-31 [1]'),
	(1, 2, 're-dated: no deletion', 'X0055', 'X0056', 'ptp re-dated X0055/X0056 2010-01-01..2025-02-28 [1] -> 2010-01-01.. [1]'),
	(1, 2, 'flipped in place', 'X0063', 'X0064', 'ptp indicator X0063/X0064 2010-01-01.. [1] -> 2010-01-01.. [0]'),
	(2, 3, 'flipped in place', 'X0065', 'X0066', 'ptp indicator X0065/X0066 2010-01-01.. [0] -> 2010-01-01.. [1]'),
	(1, 2, 'swapped', 'X0041', 'X0042', 'ptp swapped X0042/X0041 2010-01-01.. [1] -> 2025-04-01.. [1]'),
	(2, 3, 'swapped', 'X0043', 'X0044', 'ptp swapped X0044/X0043 2010-01-01.. [1] -> 2025-07-01.. [0]'),
	(1, 2, 'vanished', 'X0071', 'X0072', 'ptp expired X0071/X0072 2010-01-01.. [1] -> 2010-01-01..2025-03-31 [1]'),
	(2, 3, 'vanished before', 'X0071', 'X0072', 'none')
) v (f, t, what, a, b, said);
-- by a new row with another indicator: as such, or as an end and a new row
SELECT matches(pg_temp.change(1, 2, 'X0061', 'X0062'), '^ptp indicator [^;]*$|^ptp added [^;]*; ptp expired [^;]*$', 'q1 to q2, flipped by a new row');
SELECT matches(pg_temp.change(1, 2, 'X0067', 'X0068'), '^ptp (expired|indicator) [^;]*$', 'q1 to q2, voided');
SELECT matches(pg_temp.change(1, 2, 'X0045', 'X0046'), '^ptp swapped X0046/X0045 [^;]*$', 'q1 to q2, swapped, the old row gone');

-- of all pairs: a change is said of those, and only those, whose rows in force differ
CREATE TABLE in_force AS
SELECT service_type, n, least(column_1 COLLATE "C", column_2 COLLATE "C") AS a, greatest(column_1 COLLATE "C", column_2 COLLATE "C") AS b,
	string_agg(concat_ws(' ', column_1, effective, deletion, indicator), ', ' ORDER BY column_1 COLLATE "C", effective) AS rows
FROM oracle_row WHERE indicator < 9 GROUP BY 1, 2, 3, 4;
SELECT set_eq(
	$$SELECT DISTINCT service_type, from_n, to_n, least(column_1 COLLATE "C", column_2 COLLATE "C"), greatest(column_1 COLLATE "C", column_2 COLLATE "C") FROM changed WHERE change LIKE 'ptp%'$$,
	$$SELECT f.service_type, f.n AS from_n, t.n AS to_n, x.a, x.b
	FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n
		CROSS JOIN LATERAL (SELECT coalesce(o.a, w.a) AS a, coalesce(o.b, w.b) AS b
			FROM (SELECT * FROM in_force i WHERE i.service_type = f.service_type AND i.n = f.n) o
			FULL JOIN (SELECT * FROM in_force i WHERE i.service_type = f.service_type AND i.n = t.n) w USING (a, b) WHERE o.rows IS DISTINCT FROM w.rows) x$$,
	'ncci_changes() names the pairs whose rows differ, and no others');
SELECT is((SELECT count(*) FROM changed c WHERE c.change LIKE 'ptp%' AND c.old_effective IS NOT NULL AND NOT EXISTS (SELECT FROM oracle_row r
		WHERE (r.service_type, r.n, r.effective, r.indicator) = (c.service_type, c.from_n, c.old_effective, c.old_indicator) AND r.deletion IS NOT DISTINCT FROM c.old_deletion
			AND (r.column_1, r.column_2) = CASE WHEN c.change = 'ptp swapped' THEN (c.column_2, c.column_1) ELSE (c.column_1, c.column_2) END)), 0::bigint, 'its old rows are rows of the old edition');
SELECT is((SELECT count(*) FROM changed c WHERE c.change LIKE 'ptp%' AND c.new_effective IS NOT NULL AND NOT EXISTS (SELECT FROM oracle_row r
		WHERE (r.service_type, r.n, r.effective, r.indicator) = (c.service_type, c.to_n, c.new_effective, c.new_indicator) AND r.deletion IS NOT DISTINCT FROM c.new_deletion
			AND (r.column_1, r.column_2) = (c.column_1, c.column_2))), 0::bigint, 'its new rows are rows of the new one');
SELECT is((SELECT count(*) FROM ncci_changes('q2', 'q2')), 0::bigint, 'an edition does not differ from itself');

SELECT bag_eq($$SELECT service_type, from_n, to_n, change, column_1, old_units::int, old_mai::int, new_units::int, new_mai::int FROM changed WHERE change LIKE 'mue%'$$,
	$$SELECT f.service_type, f.n AS from_n, t.n AS to_n, CASE WHEN o.code IS NULL THEN 'mue added' WHEN w.code IS NULL THEN 'mue removed' ELSE 'mue changed' END, coalesce(o.code, w.code) AS code, o.units AS old_units, o.mai AS old_mai, w.units AS new_units, w.mai AS new_mai
	FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n
		CROSS JOIN LATERAL (SELECT DISTINCT code FROM mue_file m WHERE m.service_type = f.service_type) c
		LEFT JOIN mue_file o ON o.service_type = f.service_type AND o.n = f.n AND o.code = c.code
		LEFT JOIN mue_file w ON w.service_type = f.service_type AND w.n = t.n AND w.code = c.code
	WHERE (o.units, o.mai) IS DISTINCT FROM (w.units, w.mai)$$,
	'its limits are those that differ');

-- what ncci_publish returned
SELECT bag_eq($$SELECT e.service_type, e.n, c.change, c.n AS rows FROM counted c JOIN edition e USING (service_type, edition) WHERE e.n > 1 AND c.n > 0 AND c.change NOT IN ('ptp rows', 'ptp never in force', 'mue rows')$$,
	$$SELECT service_type, to_n, change, count(*) FROM changed WHERE to_n = from_n + 1 GROUP BY 1, 2, 3$$, 'ncci_publish() counted the rows of ncci_changes()');
SELECT bag_eq($$SELECT service_type, edition, change, n FROM counted WHERE n > 0 AND change IN ('ptp rows', 'ptp never in force', 'mue rows')$$,
	$$SELECT e.service_type, e.edition, x.change, count(*)
	FROM edition e JOIN (SELECT DISTINCT service_type, n, column_1, column_2, effective, deletion, indicator FROM oracle_row WHERE NOT kept OR indicator < 9) r USING (service_type, n)
		CROSS JOIN LATERAL (VALUES ('ptp rows'), ('ptp never in force')) x (change)
	WHERE x.change = 'ptp rows' OR r.indicator = 9
	GROUP BY 1, 2, 3
	UNION ALL SELECT service_type, edition, 'mue rows', count(*) FROM mue_file GROUP BY 1, 2$$,
	'and the rows of the editions: those that are the same count once, those that are kept count');

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

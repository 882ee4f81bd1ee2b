-- Three editions for practitioners and two for hospitals, made in the layout of CMS: pairs that are added, expired, re-activated,
-- swapped, re-dated, whose indicator is changed by a new row or in place, that vanish from the file and come back, and 260 pairs
-- with windows drawn by a hash that change from one edition to the next.  Codes and pairs are made up.
--
-- The rows that an edition must have are those of its own file, and those of pairs that it lacks altogether: they are kept from the
-- edition before, as expired on the day before the edition covers anything.

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

-- Drawn pairs: a version of a pair has one to three windows, one after the other; an edition has another version of one pair in six.
-- A fifth of the pairs has rows for both directions.
CREATE TABLE drawn AS
SELECT i, n, CASE n WHEN 1 THEN 0 WHEN 2 THEN (draw(i, 2, 6) = 0)::int ELSE (draw(i, 2, 6) = 0)::int + 2 * (draw(i, 3, 6) = 0)::int END AS version
FROM generate_series(1::bigint, 260) i, generate_series(1, 3) n;

INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last)
SELECT 'drawn', CASE WHEN swap THEN b ELSE a END, CASE WHEN swap THEN a ELSE b END,
	CASE WHEN k = 0 AND draw(s, 5, 2) = 0 THEN date '2010-01-01' ELSE start + k * 90 + draw(s + k, 6, 40) END,
	CASE WHEN k < windows - 1 OR draw(s, 7, 5) < 2 THEN start + k * 90 + 41 + draw(s + k, 8, 40 + (k % 2) * 9) END,
	draw(s + k, 9, 2), n, n
FROM (SELECT *, i * 64 + version * 16 AS s, 'Y' || lpad(i::text, 4, '0') AS a, 'Y' || 5000 + i AS b FROM drawn) d
	CROSS JOIN LATERAL (SELECT date '2024-10-01' + draw(s, 10, 200) AS start, 1 + draw(s, 11, 3) AS windows) w
	CROSS JOIN generate_series(0, 2) k
	CROSS JOIN LATERAL (SELECT draw(i, 12, 5) = 0 AND draw(i + k, 13, 2) = 0 AS swap) x
WHERE k < windows;
-- a voided row beside some of them
INSERT INTO written (kind, column_1, column_2, effective, deletion, indicator, first, last)
SELECT 'drawn, voided', column_1, column_2, effective, effective, 9, first, last FROM written WHERE kind = 'drawn' AND draw(hashtext(column_1), 14, 8) = 0;
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

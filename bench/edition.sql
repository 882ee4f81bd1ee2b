-- A whole edition, made up: published as "bench", the newest, so that ruleset('medicare') takes it.  Needs the table bench.code of
-- generate.sql.  Run: psql -X -v pairs=2500000 -f bench/edition.sql DATABASE
--
-- It has the starter's pairs, limits and dates of service, and generated pairs of the codes that the starter does not have: 12 %
-- never in force, a quarter deleted, and most of those between two frequent codes deleted too, as billers have learnt to avoid them.
-- The rows go through the import tables in the layout of CMS, as \copy would put them there (doc/editions.md).
\set ON_ERROR_STOP 1
\if :{?pairs} \else \set pairs 2500000 \endif
SET client_min_messages = warning;
SET work_mem = '512MB';
\warn edition: :pairs pairs
BEGIN;
CREATE TEMP TABLE starter ON COMMIT DROP AS SELECT starter_ruleset()::text::jsonb AS j;
INSERT INTO ncci_ptp_import VALUES
	('CPT only copyright American Medical Association.  All rights reserved.', '', '', '', '', '', ''),
	('Column1/Column2 Edits', '', '', '', '', '', ''),
	('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale'),
	('', '', 'prior to 1996', 'Date', 'Date', '0=not allowed', ''),
	('', '', '', '', '*=no data', '1=allowed', ''),
	('', '', '', '', '', '9=not applicable', '');
INSERT INTO ncci_ptp_import
SELECT p ->> 0, p ->> 1, CASE WHEN p ->> 2 IS NULL THEN '*' ELSE '' END, coalesce(to_char((p ->> 2)::date, 'YYYYMMDD'), '19960101'),
	coalesce(to_char((p ->> 3)::date, 'YYYYMMDD'), '*'), p ->> 4, p ->> 5
FROM starter, jsonb_array_elements(j -> 'ptp') p;

-- Each code with so many of those up to half the ranks behind it, around the circle: no pair twice, in neither order.
INSERT INTO ncci_ptp_import
SELECT CASE WHEN swapped THEN b ELSE a END, CASE WHEN swapped THEN a ELSE b END, '',
	to_char(date '1997-01-01' + 90 * bench.roll(h, 70, 90), 'YYYYMMDD'),
	CASE WHEN bench.roll(h, 71, 100) < 12 THEN to_char(date '1997-01-01' + 90 * bench.roll(h, 70, 90), 'YYYYMMDD')
		WHEN bench.roll(h, 71, 100) < 37 OR frequent AND bench.roll(h, 72, 8) > 0
			THEN to_char(date '1997-01-01' + 90 * (bench.roll(h, 70, 90) + bench.roll(h, 73, 20)) + 89, 'YYYYMMDD')
		ELSE '*' END,
	CASE WHEN bench.roll(h, 71, 100) < 12 THEN '9' ELSE bench.roll(h, 74, 2)::text END,
	('{Standards of medical/surgical practice,Misuse of Column Two code with Column One code,More extensive procedure,Mutually exclusive procedures,CPT Manual or CMS manual coding instruction}'::text[])[1 + bench.roll(h, 75, 5)]
FROM (SELECT a.code AS a, b.code AS b, h, bench.roll(h, 76, 2) = 0 AS swapped, greatest(a.rank, b.rank) <= 6000 AS frequent
	FROM (SELECT *, (5499 * 11000::bigint / :pairs)::int AS stride FROM bench.code WHERE made) a
	CROSS JOIN LATERAL (SELECT k, a.rank::bigint << 20 | k AS h FROM generate_series(0, :pairs / 11000 - 1) k) s
	JOIN bench.code b ON b.rank = 1 + (a.rank + k * a.stride + bench.roll(h, 77, a.stride)) % 11000 AND b.made OFFSET 0) x
ORDER BY 1, 2;

INSERT INTO ncci_mue_import VALUES
	('CPT codes only, copyright American Medical Association.', NULL, NULL, NULL),
	(E'HCPCS/\nCPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale');
INSERT INTO ncci_mue_import
SELECT code, units, CASE mai WHEN 1 THEN '1 Line Edit' WHEN 2 THEN '2 Date of Service Edit: Policy' ELSE '3 Date of Service Edit: Clinical' END, 'Clinical: Data'
FROM (SELECT m ->> 0 AS code, m ->> 1 AS units, (m ->> 2)::int AS mai FROM starter, jsonb_array_elements(j -> 'mue') m
	UNION ALL SELECT code, max_units::text, mai FROM bench.code WHERE made ORDER BY code) x;
COMMIT;

\warn edition: publishing
SELECT * FROM ncci_publish('bench', 'practitioner', (SELECT ruleset_coverage(starter_ruleset())));

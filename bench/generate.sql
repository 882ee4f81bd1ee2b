-- The lines of the benchmark: two mixes, three stores of each.  The same seed gives the same lines.
-- Run: psql -X -v lines=5000000 -v seed=1 -v mix=both -f bench/generate.sql DATABASE
--
-- bench.therapy_* is a therapy clinic: codes of the starter edition; about one day in ten has something wrong.
-- bench.general_* is a warehouse: about 11,000 codes, frequent as 1/rank; the starter's therapy codes are among them, the others
-- are made up.  An edition that knows them all is made by edition.sql, from the table bench.code.
-- Both: 1 to 12 lines a day, 3.35 in the mean; dates 2020 to 2026, 1 % of the patients outside the dates of the starter edition.
--
-- *_arrived is shuffled, *_ordered is in provider-day order with an index on it, *_parted the same in four partitions by patient.
\set ON_ERROR_STOP 1
\if :{?lines} \else \set lines 5000000 \endif
\if :{?seed} \else \set seed 1 \endif
\if :{?mix} \else \set mix both \endif
SELECT :'mix' IN ('both', 'therapy') AS therapy, :'mix' IN ('both', 'general') AS general, round(:lines / 3.35)::bigint AS days \gset

CREATE EXTENSION IF NOT EXISTS claimline;
CREATE SCHEMA IF NOT EXISTS bench;
SET client_min_messages = warning;
SET jit = off;
SET work_mem = '512MB';
SET maintenance_work_mem = '512MB';
SET synchronize_seqscans = off;

-- a throw of dice with so many sides, the same one whenever it is asked about the same thing
CREATE OR REPLACE FUNCTION bench.roll(n bigint, what int, sides int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ((hashint8extended(n, what) & 2147483647) % sides)::int;

-- a visit is a provider-day; a patient has 12, on days of their own
CREATE OR REPLACE VIEW bench.visit AS
SELECT v, 'P' || lpad((v / 12)::text, 7, '0') AS patient_id,
	'1999' || lpad(bench.roll(s / 12, 1, 500)::text, 5, '0') || CASE WHEN bench.roll(s, 2, 5) = 0 THEN 1 ELSE 0 END AS npi,
	CASE bench.roll(s / 12, 3, 200)
		WHEN 0 THEN date '2024-10-01' + bench.roll(s / 12, 4, 780)
		WHEN 1 THEN date '2020-01-01' + bench.roll(s / 12, 4, 230)
		ELSE date '2020-10-01' + bench.roll(s / 12, 4, 1420) END + 3 * (s % 12)::int + bench.roll(s, 5, 3) AS dos,
	width_bucket(bench.roll(s, 6, 1000), '{0,220,460,640,760,840,890,930,960,975,985,993}'::int[]) AS n_lines,
	-- a few days come on two claims; modifiers start in any slot
	bench.roll(s, 7, 20) = 0 AS two_claims, (CASE bench.roll(s, 8, 20) WHEN 0 THEN 2 WHEN 1 THEN 1 ELSE 0 END) AS shift, s
FROM (SELECT v, v + 12 * (:seed::bigint << 36) AS s FROM generate_series(0, :days - 1) v) x OFFSET 0;

-- The codes of the warehouse, by how frequent they are: the therapy codes of the starter edition, and made-up numbers.  Every code has a
-- unit limit.
DROP TABLE IF EXISTS bench.code CASCADE;
CREATE TABLE bench.code AS
WITH starter AS (
	SELECT starter_ruleset()::text::jsonb AS j
), known AS (
	SELECT c ->> 0 AS code, coalesce(c ->> 1, '') AS classes FROM starter, jsonb_array_elements(j -> 'codes') c
), limits AS (
	SELECT m ->> 0 AS code, (m ->> 1)::int AS units, (m ->> 2)::int AS mai FROM starter, jsonb_array_elements(j -> 'mue') m WHERE m ->> 4 IS NULL
), ranked AS (
	SELECT code, rank FROM unnest('{99213,97110,99214,97140,98941,98940,97112,97530,97124,99203,97035,G0283,98942,97116}'::text[],
		'{2,9,6,14,33,40,30,36,60,80,120,100,200,90}'::int[]) r (code, rank)
	UNION ALL
	SELECT code, 300 + 20 * row_number() OVER (ORDER BY code) FROM (
		SELECT s ->> 0 AS code FROM starter, jsonb_array_elements(j -> 'scope') s
		WHERE s ->> 0 <> ALL ('{99213,97110,99214,97140,98941,98940,97112,97530,97124,99203,97035,G0283,98942,97116,98943}'::text[])
			AND s ->> 0 IN (SELECT code FROM limits WHERE units > 0)) s
)
SELECT r.rank::int AS rank, r.code, k.classes, l.units AS max_units, l.mai, false AS made
FROM ranked r JOIN known k USING (code) JOIN limits l USING (code)
UNION ALL
SELECT free.rank, made.code, '', ('{1,1,1,2,2,3,4,6,10,30}'::int[])[1 + bench.roll(made.n, 40, 10)], 1 + bench.roll(made.n, 41, 3), true
FROM (SELECT rank, row_number() OVER (ORDER BY rank) AS n FROM generate_series(1, 11000) rank WHERE rank NOT IN (SELECT rank FROM ranked)) free
JOIN (SELECT code, row_number() OVER (ORDER BY bench.roll(code::bigint, 42, 1000000), code) AS n
		FROM (SELECT (10000 + 7 * g)::text AS code FROM generate_series(1, 12800) g) c WHERE code NOT IN (SELECT code FROM known)) made USING (n);
ALTER TABLE bench.code ADD PRIMARY KEY (rank), ADD UNIQUE (code);
ANALYZE bench.code;

-- In the views each step is worked out once for each row, because of its OFFSET 0.
\if :therapy
-- Something is wrong on 9 of 100 days, mostly on the first line of the treatment, the target: 1 more units than minutes, 2 more minutes
-- than units, 3 no minutes, 4 above the MUE, 5 no therapy modifier, 6 massage beside manual therapy, 7 either beside manipulation,
-- 8 that with a modifier, 9 twice the same line, 10 twice the same modifier.  A day starts with lead lines (a visit, a manipulation,
-- what is wrong together); its other lines go through a pool of codes without pairs, from start on.
CREATE OR REPLACE VIEW bench.therapy_made AS
WITH day AS (
	SELECT *, CASE WHEN bench.roll(s, 31, 1000) < 90 THEN 1 + bench.roll(s, 32, 10) ELSE 0 END AS wrong,
		CASE WHEN bench.roll(s, 33, 100) < 14 THEN 'manipulation' WHEN bench.roll(s, 33, 100) < 22 THEN 'visit' ELSE 'therapy' END AS kind,
		CASE WHEN bench.roll(s, 34, 4) = 0 THEN '97124' ELSE '97140' END AS massage,
		CASE WHEN bench.roll(s, 35, 12) = 0 THEN 'GO' ELSE 'GP' END AS discipline, bench.roll(s, 36, 100) AS extra
	FROM bench.visit OFFSET 0
), course AS (
	SELECT *, CASE WHEN wrong IN (6, 7, 8) THEN 2 WHEN kind = 'therapy' THEN 0 ELSE 1 END AS lead,
		CASE WHEN wrong IN (6, 7, 8) OR kind = 'manipulation' THEN '{97110,97530,97116,97035,G0283,97024,97016,97033,97034,97028}'
			ELSE ARRAY['97110', massage, '97530', '97112', '97116', '97035', 'G0283', '97024', '97016', '97033', '97034', '97028'] END AS pool,
		CASE WHEN wrong BETWEEN 1 AND 5 THEN 0
			ELSE least(bench.roll(s, 28, 12), bench.roll(s, 29, 12), bench.roll(s, 30, 12)) END AS start
	FROM day OFFSET 0
), line AS (
	SELECT *, 'C' || v || CASE WHEN two_claims AND i > 3 THEN 'B' ELSE '' END AS claim_id, i AS line_no, i = lead + 1 AS target,
		CASE WHEN i <= lead THEN 12 + i WHEN wrong = 9 AND i > lead + 1 THEN i - lead - 2 ELSE i - lead - 1 END AS place
	FROM course, LATERAL generate_series(1, least(greatest(n_lines, lead + CASE WHEN wrong = 9 THEN 2 ELSE (wrong > 0)::int END),
		cardinality(pool) + lead, 12)) i OFFSET 0
), coded AS (
	SELECT *,
		CASE WHEN i > lead THEN pool[1 + (start + place) % cardinality(pool)]
			WHEN wrong = 6 THEN CASE i WHEN 1 THEN '97140' ELSE '97124' END
			WHEN wrong IN (7, 8) THEN CASE i WHEN 1 THEN '98940' ELSE massage END
			WHEN kind = 'manipulation' THEN CASE WHEN bench.roll(s, 26, 3) = 0 THEN '98940' ELSE '98941' END
			ELSE ('{99213,99213,99214,99212}'::text[])[1 + bench.roll(s, 27, 4)] END AS code
	FROM line OFFSET 0
), counted AS (
	SELECT *, code IN ('98940', '98941') AS manipulation, code IN ('99212', '99213', '99214') AS visit_code,
		code = ANY ('{97110,97112,97116,97124,97140,97530,97033,97034,97035}') AS timed,
		CASE WHEN code = ANY ('{97110,97112,97116,97124,97140,97530}')
			THEN width_bucket(bench.roll(s * 16 + place, 25, 20), '{0,11,18}'::int[]) ELSE 1 END AS billed
	FROM coded OFFSET 0
), billed AS (
	SELECT *,
		CASE WHEN manipulation THEN '{AT}'
			WHEN visit_code THEN CASE WHEN bench.roll(s, 20, 2) = 0 THEN '{25}'::text[] ELSE '{}' END
			WHEN wrong = 5 AND target THEN '{}'
			WHEN wrong = 8 AND i = 2 THEN ARRAY[CASE WHEN bench.roll(s, 21, 3) = 0 THEN '59' ELSE 'XS' END, discipline]
			WHEN wrong = 10 AND target THEN ARRAY[discipline, discipline]
			WHEN extra < 10 THEN ARRAY[discipline, 'KX']
			WHEN extra < 15 THEN ARRAY[discipline, CASE discipline WHEN 'GP' THEN 'CQ' ELSE 'CO' END]
			ELSE ARRAY[discipline] END::text[] AS mods,
		CASE WHEN wrong = 4 AND target THEN 8 WHEN wrong = 1 AND target THEN billed + 1 ELSE billed END AS units,
		CASE WHEN NOT timed OR wrong = 3 AND target THEN NULL
			WHEN wrong = 4 AND target THEN 120
			WHEN wrong = 2 AND target THEN 15 * billed + 15
			WHEN wrong = 0 AND target THEN 15 * billed + bench.roll(s, 22, 15) - 7
			ELSE 15 * billed END AS minutes,
		CASE WHEN manipulation THEN 'M99.01' WHEN wrong IN (7, 8) AND i = 2 THEN 'M99.03'
			ELSE ('{M54.50,M54.2,M25.511,M62.830,M54.6,S13.4XXA}'::text[])[1 + bench.roll(s, 23, 6)] END AS dx1,
		CASE WHEN code = '98941' THEN 'M54.15' WHEN code = '98940' THEN 'M99.02' WHEN wrong IN (7, 8) AND i = 2 THEN 'M99.04'
			WHEN bench.roll(s, 24, 5) < 2 THEN 'M79.18' END AS dx2
	FROM counted OFFSET 0
)
SELECT patient_id, npi, dos, claim_id, line_no, code, mods[1 - shift] AS mod1, mods[2 - shift] AS mod2, mods[3 - shift] AS mod3,
	mods[4 - shift] AS mod4, units, minutes, dx1, dx2
FROM billed;
\set name therapy
\ir generate_stores.sql
\endif

\if :general
-- Rank by 11001 ^ x is about as frequent as 1/rank.  The lines of a day take their x from as many equal parts of 0 to 1, so a day
-- has frequent and rare codes and hardly ever one twice.
CREATE OR REPLACE VIEW bench.general_made AS
WITH line AS (
	SELECT v.*, 'C' || v || CASE WHEN two_claims AND i > 3 THEN 'B' ELSE '' END AS claim_id, i AS line_no, s * 16 + i AS h,
		(11001 ^ ((i - 1 + bench.roll(s * 16 + i, 62, 1000000) / 1e6::float8) / n_lines))::float8 AS place
	FROM bench.visit v, LATERAL generate_series(1, n_lines) i OFFSET 0
), coded AS (
	SELECT line.*, c.code, c.max_units, c.classes ~ 'timed' AS timed, c.classes ~ '\ytherapy\y' AS therapy, c.classes ~ '\ycmt\y' AS cmt,
		c.classes ~ 'with-cmt' AS with_cmt, c.classes = 'em' AS em, bench.roll(h, 51, 1000) AS dice
	FROM line JOIN bench.code c ON c.rank = least(floor(place)::int, 11000) OFFSET 0
), billed AS (
	SELECT *,
		CASE WHEN cmt AND NOT with_cmt THEN '{AT}'
			WHEN therapy THEN CASE WHEN bench.roll(h, 52, 40) = 0 THEN '{GP,59}'::text[] ELSE '{GP}' END
			WHEN em THEN CASE WHEN bench.roll(h, 53, 3) = 0 THEN '{25}'::text[] ELSE '{}' END
			WHEN dice < 1 THEN '{59}'
			WHEN dice < 2 THEN '{XS}'
			WHEN dice < 80 THEN '{RT}'
			WHEN dice < 150 THEN '{LT}'
			WHEN dice < 180 THEN '{26,RT}'
			WHEN dice < 250 THEN '{TC}'
			ELSE '{}' END::text[] AS mods,
		CASE WHEN bench.roll(h, 54, 1000) < 2 THEN max_units + 1
			WHEN bench.roll(h, 55, 4) = 0 THEN least(max_units, 1 + bench.roll(h, 56, 4)) ELSE 1 END AS units,
		CASE WHEN cmt AND NOT with_cmt THEN 'M99.01' WHEN with_cmt THEN 'M99.04'
			ELSE chr(65 + bench.roll(s, 57, 20)) || lpad(bench.roll(s, 58, 100)::text, 2, '0') || '.' || bench.roll(s, 59, 10) END AS dx1,
		CASE WHEN code = '98940' THEN 'M99.02' WHEN code IN ('98941', '98942') THEN 'M54.15'
			WHEN bench.roll(h, 60, 3) = 0 THEN 'Z' || lpad(bench.roll(h, 61, 100)::text, 2, '0') || '.1' END AS dx2
	FROM coded OFFSET 0
)
SELECT patient_id, npi, dos, claim_id, line_no, code, mods[1 - shift] AS mod1, mods[2 - shift] AS mod2, mods[3 - shift] AS mod3,
	mods[4 - shift] AS mod4, units, CASE WHEN timed AND bench.roll(h, 50, 100) > 0 THEN 15 * units END AS minutes, dx1, dx2
FROM billed;
\set name general
\ir generate_stores.sql
CREATE INDEX ON bench.general_arrived (patient_id, npi, dos);
CREATE INDEX ON bench.general_arrived (code);
VACUUM ANALYZE bench.general_arrived;
\endif

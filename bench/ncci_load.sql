-- Over a database with a whole PTP file published, see ncci_load.sh: the size of the compiled ruleset, and 100,000 random pairs
-- against SQL over the rows.  Run: psql -X -f bench/ncci_load.sql DATABASE
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
SET jit = off;
SET work_mem = '512MB';
SET max_parallel_workers_per_gather = 0;

CREATE TEMP TABLE rules AS SELECT ruleset('medicare') AS rules, edition FROM ncci_editions WHERE service_type = 'practitioner' ORDER BY upper(covers) DESC LIMIT 1;
CREATE TEMP TABLE rows AS SELECT column_1, column_2, effective, deletion, indicator FROM rules, ncci_ptp(edition);
CREATE INDEX ON rows (column_1, column_2);
ANALYZE rows;
SELECT format('compiled ruleset of %s: %s bytes (%s stored) of %s rows (%s not 9): %s bytes a row (wanted: at most 20)',
	r.edition, pg_column_size(ruleset('medicare')), pg_column_size(r.rules), n, in_force, round(pg_column_size(ruleset('medicare'))::numeric / n, 2))
FROM rules r, (SELECT count(*) AS n, count(*) FILTER (WHERE indicator < 9) AS in_force FROM rows) x;

-- Half are pairs of the file, a quarter of these the other way round; half are two codes of it.  The DOS is one of its pair's
-- boundaries or the day after it, or any day.
SELECT setseed(0.4);
CREATE TEMP TABLE code AS SELECT row_number() OVER (ORDER BY code) AS n, code FROM (SELECT column_1 AS code FROM rows UNION SELECT column_2 FROM rows) c;
CREATE UNIQUE INDEX ON code (n);
ANALYZE code;
CREATE TEMP TABLE pair AS
SELECT row_number() OVER () AS n, CASE WHEN random() < 0.25 THEN column_2 ELSE column_1 END AS a, column_1, column_2, NULL::text AS b,
	CASE WHEN random() < 0.3 THEN coalesce(deletion, effective) WHEN random() < 0.2 THEN coalesce(deletion, effective) + 1 ELSE date '2010-01-01' + (random() * 5500)::int END AS dos
FROM (SELECT * FROM rows ORDER BY random() LIMIT 50000) r;
UPDATE pair SET b = CASE WHEN a = column_1 THEN column_2 ELSE column_1 END;
INSERT INTO pair (n, a, b, dos)
SELECT 50000 + i.n, x.code, y.code, date '2010-01-01' + (i.d * 5500)::int
FROM (SELECT n, random() AS d, 1 + floor(random() * m)::bigint AS k1, 1 + floor(random() * m)::bigint AS k2 FROM (SELECT max(n) AS m FROM code) c, generate_series(1, 60000) n OFFSET 0) i
	JOIN code x ON x.n = i.k1 JOIN code y ON y.n = i.k2
WHERE x.code <> y.code ORDER BY i.n LIMIT 50000;
CREATE TEMP TABLE day AS
SELECT n, a, b, dos, ARRAY[claimline(a, '{}', 1, NULL, dos), claimline(b, '{59}', 1, NULL, dos)] AS lines FROM pair;
ANALYZE day;
SELECT format('%s random pairs, %s of them with a row', count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM rows r WHERE (r.column_1, r.column_2) = (d.a, d.b) OR (r.column_1, r.column_2) = (d.b, d.a))))
FROM day d;

-- what SQL says; 59 stands on the second line
\timing on
CREATE TEMP TABLE expected AS
SELECT d.n, CASE WHEN r.column_2 = d.b THEN 2 ELSE 1 END AS line_no,
	CASE WHEN r.indicator = 1 AND (r.column_2 = d.b OR d.dos >= date '2019-07-01') THEN 'ptp-bypassed' ELSE 'ptp' END AS rule
FROM day d CROSS JOIN LATERAL (
		SELECT * FROM rows r WHERE r.column_1 = d.a AND r.column_2 = d.b
		UNION ALL SELECT * FROM rows r WHERE r.column_1 = d.b AND r.column_2 = d.a) r
WHERE r.indicator < 9 AND r.effective <= d.dos AND (r.deletion IS NULL OR d.dos <= r.deletion);
CREATE TEMP TABLE got AS
SELECT d.n, f.line_no, f.rule FROM day d, rules r, claim_edits(d.lines, r.rules) f WHERE f.rule IN ('ptp', 'ptp-bypassed');
\timing off
SELECT format('%s findings by SQL, %s by claim_edits, %s differences (wanted: 0)', (SELECT count(*) FROM expected), (SELECT count(*) FROM got),
	(SELECT count(*) FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM got) x) + (SELECT count(*) FROM (SELECT * FROM got EXCEPT ALL SELECT * FROM expected) x));

-- A day of n codes has n * (n - 1) look-ups, both ways of every pair.  All that a verdict does for the day is counted in; no limits,
-- which would end it before the pairs.
INSERT INTO claim_policy (name, settings) VALUES ('claimline-bench', '{"extends": "cpt", "mue": "no"}');
CREATE TEMP TABLE large AS
SELECT d, array_agg(claimline(c.code, '{59}', 1, NULL, date '2024-08-01')) AS lines
FROM (SELECT d, 1 + floor(random() * (SELECT max(n) FROM code))::bigint AS k FROM generate_series(1, 300) d, generate_series(1, 120) OFFSET 0) x
	JOIN code c ON c.n = x.k GROUP BY d;
CREATE TEMP TABLE figure (seconds float8);
DO $$
DECLARE
	started timestamptz;
BEGIN
	FOR run IN 1..7 LOOP
		started := clock_timestamp();
		PERFORM count(*) FROM large WHERE claim_passes(lines, ruleset('claimline-bench'));
		INSERT INTO figure VALUES (extract(epoch FROM clock_timestamp() - started));
	END LOOP;
END $$;
SELECT format('%s look-ups over days of 120 codes: %s ns each, all else counted in (wanted: at most 150)', n,
	round(((SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM figure) / n * 1e9)::numeric))
FROM (SELECT sum(cardinality(lines) * (cardinality(lines) - 1)) AS n FROM large) x;
DELETE FROM claim_policy WHERE name = 'claimline-bench';

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

-- A day of twelve codes on one DOS has 132 look-ups, on twelve DOS none; the rest of what is done is the same.  The DOS are
-- covered and before the first row of the file, so that no pair is in force and nothing is said.  Half of the days are a code with
-- eleven of its column two codes, half are any codes.
SELECT format('first row effective %s', min(effective)) FROM rows;
CREATE TEMP TABLE twelve AS
WITH chosen AS (
	SELECT g AS day, 1 + floor(random() * m)::bigint AS k, random() < 0.5 AS together
	FROM (SELECT max(n) AS m FROM code) c, generate_series(1, 4000) g
), codes AS (
	SELECT DISTINCT h.day, x.code
	FROM chosen h JOIN code c ON c.n = h.k CROSS JOIN LATERAL (
		SELECT c.code
		UNION ALL
		(SELECT r.column_2 FROM rows r WHERE h.together AND r.column_1 = c.code OFFSET h.k % 50 LIMIT 30)
		UNION ALL
		SELECT o.code FROM generate_series(1, 14) i JOIN code o ON o.n = 1 + (h.k * 7919 + i * 104729) % (SELECT max(n) FROM code) WHERE NOT h.together
	) x (code)
), numbered AS (
	SELECT day, code, row_number() OVER (PARTITION BY day ORDER BY hashtext(code)) AS n FROM codes
)
SELECT day, array_agg(claimline(code, '{}', 1, NULL, date '1995-06-01') ORDER BY n) AS same_dos,
	array_agg(claimline(code, '{}', 1, NULL, date '1995-06-01' + n::int) ORDER BY n) AS other_dos
FROM numbered WHERE n <= 12 GROUP BY day HAVING count(*) = 12;
-- such as a timed code without minutes
DELETE FROM twelve d USING rules r WHERE NOT claim_passes(d.same_dos, r.rules, 'info') OR NOT claim_passes(d.other_dos, r.rules, 'info');
VACUUM ANALYZE twelve;

CREATE TEMP TABLE figure (what text, seconds float8);
CREATE PROCEDURE pg_temp.measure(what text, query text) LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
BEGIN
	FOR run IN 1..7 LOOP
		started := clock_timestamp();
		EXECUTE query;
		INSERT INTO figure VALUES (what, extract(epoch FROM clock_timestamp() - started));
	END LOOP;
END $$;
CALL pg_temp.measure('same', $$SELECT count(*) FROM twelve d WHERE NOT claim_passes(d.same_dos, (SELECT rules FROM rules), 'info')$$);
CALL pg_temp.measure('other', $$SELECT count(*) FROM twelve d WHERE NOT claim_passes(d.other_dos, (SELECT rules FROM rules), 'info')$$);
-- SQL: the same pairs one by one, by the index
CREATE TEMP TABLE both_ways AS
SELECT line_code(x) AS a, line_code(y) AS b, line_dos(x) AS dos FROM twelve, unnest(same_dos) WITH ORDINALITY u (x, i), unnest(same_dos) WITH ORDINALITY v (y, j) WHERE i <> j;
ANALYZE both_ways;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
CALL pg_temp.measure('sql', $$SELECT count(*) FROM both_ways p WHERE EXISTS (SELECT FROM rows r WHERE r.column_1 = p.a AND r.column_2 = p.b AND r.indicator < 9
	AND p.dos >= r.effective AND (r.deletion IS NULL OR p.dos <= r.deletion) OFFSET 0)$$);
WITH f AS (SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS s FROM figure GROUP BY what),
	c AS (SELECT (SELECT count(*) FROM twelve) AS days, (SELECT count(*) FROM both_ways) AS pairs, (SELECT count(*) FROM both_ways p WHERE EXISTS (SELECT FROM rows r WHERE (r.column_1, r.column_2) = (p.a, p.b))) AS found)
SELECT format('%s look-ups, %s of pairs with a row: %s ns each (wanted: at most 150); by SQL over the rows, with an index, %s ns; the rest of a day of twelve lines %s ns',
	pairs, found, round(((s.s - o.s) / pairs * 1e9)::numeric), round((q.s / pairs * 1e9)::numeric), round((o.s / days * 1e9)::numeric))
FROM c, f s, f o, f q WHERE s.what = 'same' AND o.what = 'other' AND q.what = 'sql';

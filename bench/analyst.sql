-- The analyst's query over about 1,000,000 lines, beside the same GROUP BY
-- without us.  Run: psql -X -v days=300000 -f bench/analyst.sql DATABASE
-- Every figure is the median of five runs of the same statement, in one session.
\set ON_ERROR_STOP 1
\if :{?days} \else \set days 300000 \endif
CREATE EXTENSION IF NOT EXISTS claimline;
SET client_min_messages = warning;
SET jit = off;
SET work_mem = '1GB';
SET max_parallel_workers_per_gather = 0;

-- A therapy clinic's mix: 1 to 6 lines a day, one day in ten with something wrong.
CREATE TEMP TABLE arrived AS
WITH visit AS (
	SELECT g AS visit_no, 'P' || g / 12 AS patient_id, '1999' || lpad((g % 97)::text, 6, '0') AS npi,
		date '2021-01-04' + g % 1300 AS dos, 1 + abs(hashint4(g)) % 6 AS n_lines, abs(hashint4(g + 1)) % 10 = 0 AS wrong
	FROM generate_series(1, :days) AS g
)
SELECT patient_id, npi, dos, 'C' || visit_no AS claim_id, i AS line_no, 2 AS units,
	claimline(code => (ARRAY['97110', '97140', '97112', '97530', '97116', 'G0283'])[i],
			modifiers => CASE WHEN wrong AND i = 1 THEN '{}' ELSE ARRAY['GP', NULL, ''] END,
			units => CASE WHEN i = 6 THEN 1 WHEN wrong AND i = 2 THEN 3 ELSE 2 END,
			minutes => CASE WHEN i < 6 THEN 30 END,
			dos => dos, dx => ARRAY['M54.2', 'M54.50']) AS line
FROM visit, generate_series(1, n_lines) AS i
ORDER BY hashint8(visit_no * 8 + i);
CREATE TEMP TABLE ordered AS SELECT * FROM arrived ORDER BY patient_id, npi, dos;
CREATE INDEX ON ordered (patient_id, npi, dos);
VACUUM ANALYZE arrived;
VACUUM ANALYZE ordered;

CREATE PROCEDURE pg_temp.measure(store text, plan text, what text, query text) LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	runs float8[] := '{}';
	answer bigint;
BEGIN
	FOR run IN 1..5 LOOP
		started := clock_timestamp();
		EXECUTE query INTO answer;
		runs := runs || extract(epoch FROM clock_timestamp() - started)::float8;
	END LOOP;
	INSERT INTO figure VALUES (store, plan, what, answer,
		(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY r) FROM unnest(runs) AS r),
		(SELECT max(r) - min(r) FROM unnest(runs) AS r));
	COMMIT;
END $$;
CREATE TEMP TABLE figure (store text, plan text, what text, answer bigint, seconds float8, spread float8);

SELECT count(*) AS lines FROM ordered;

SET enable_hashagg = off;
SET enable_sort = off;
\set store ordered
\set plan GroupAggregate
\i bench/analyst_queries.sql
RESET enable_sort;
RESET enable_hashagg;
\set store arrived
\set plan HashAggregate
\i bench/analyst_queries.sql

SELECT f.store, f.plan, f.what, f.answer, round(f.seconds::numeric, 3) AS seconds, round(f.spread::numeric, 3) AS spread,
	round((f.seconds / c.seconds)::numeric, 2) AS to_count, round((f.seconds / a.seconds)::numeric, 2) AS to_array_agg
FROM figure f
JOIN figure c ON c.store = f.store AND c.what = 'count, sum'
JOIN figure a ON a.store = f.store AND a.what = 'array_agg'
ORDER BY f.store DESC, f.seconds;

-- What bench.sh measures, and what it keeps; included by it, once for each mix, with the variables mix, edition, runs, duckdb.
-- A side is a query over a store; the sides of a group (part, mix, store, workers) alternate.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
CREATE TABLE IF NOT EXISTS bench.side (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	part text, mix text, store text, workers int, side text,
	lines bigint,	-- of the store
	settings text,	-- what is SET
	query text,	-- one row, its column "answer" the same in every run; null: asked elsewhere
	findings text,	-- what it finds, to be compared; null: nothing
	runs int	-- timed ones
);
CREATE TABLE IF NOT EXISTS bench.run (side int, round int, seconds float8, answer text);
CREATE TABLE IF NOT EXISTS bench.peak (side int, memory_kb bigint, temp_bytes bigint, shape text, load_seconds float8);

-- the nodes of a plan, from the top down
CREATE OR REPLACE FUNCTION bench.shape(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	shape text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF shape IS NULL OR line ~ '->' THEN
			shape := concat_ws(' > ', shape, regexp_replace(regexp_replace(line, '^ *(->)? *', ''), ' (using|on) .*', ''));
		END IF;
	END LOOP;
	RETURN regexp_replace(shape, '((?: > [^>]+){1,3})(?:\1){3}', '\1 (4 times)');
END $$;

-- bench.found, what a side found, beside what was wanted; the first one says what is wanted
CREATE OR REPLACE FUNCTION bench.compare(wanted text, label text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	missing bigint;
	beyond bigint;
	examples text;
BEGIN
	IF to_regclass('bench.' || wanted) IS NULL THEN
		EXECUTE format('ALTER TABLE bench.found RENAME TO %I', wanted);
		RETURN;
	END IF;
	EXECUTE format('CREATE TEMP TABLE differ ON COMMIT DROP AS
		WITH wanted AS (SELECT claim_id, line_no, rule, severity::text, with_claim_id, with_line_no FROM bench.%I),
			found AS (SELECT claim_id, line_no, rule, severity::text, with_claim_id, with_line_no FROM bench.found)
		SELECT ''missing'' AS side, m.* FROM (TABLE wanted EXCEPT ALL TABLE found) m
		UNION ALL SELECT ''beyond'', b.* FROM (TABLE found EXCEPT ALL TABLE wanted) b', wanted);
	SELECT count(*) FILTER (WHERE side = 'missing'), count(*) FILTER (WHERE side = 'beyond') INTO missing, beyond FROM differ;
	IF missing + beyond > 0 THEN
		SELECT string_agg(d::text, E'\n') INTO examples FROM (SELECT * FROM differ ORDER BY claim_id, line_no, rule LIMIT 10) d;
		RAISE EXCEPTION 'the findings of % differ: % missing, % beyond', label, missing, beyond USING DETAIL = examples;
	END IF;
END $$;

-- the settings: of all, of the set-based SQL (the planner's estimates of keys that go together are bad: it is faster so), of one
-- process and of two, and those that hold a store to one kind of grouping (array_agg spills early: it is counted as 8 kB a group)
SELECT 'SET jit = off; SET work_mem = ''1GB''; SET enable_partitionwise_aggregate = on; SET enable_partitionwise_join = on; ' AS common,
	'SET enable_nestloop = off; SET enable_mergejoin = off; SET hash_mem_multiplier = 20; ' AS rival,
	'SET max_parallel_workers_per_gather = 0; ' AS alone,
	'SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off; ' AS together,
	'SET enable_hashagg = off; SET enable_sort = off; ' AS grouped,
	'SET enable_sort = off; SET enable_indexscan = off; SET hash_mem_multiplier = 20; ' AS hashed,
	'SET random_page_cost = 1.1; ' AS cached,
	format('bench.%s_', :'mix') AS base, :'mix' = 'therapy' AS therapy \gset
SELECT format('SELECT (SELECT count(*) FROM %1$sordered) AS whole, (SELECT count(*) FROM %1$shalf) AS half,
	(SELECT count(*) FROM %1$squarter) AS quarter', :'base') AS query \gset
:query \gset

-- The texts of the queries.  Every column is used, else the planner would leave it out.
CREATE FUNCTION pg_temp.sums(store text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) || ' ' || sum(n) || ' ' || sum(u) AS answer
FROM (SELECT count(*) AS n, sum(units) AS u FROM %s GROUP BY patient_id, npi, dos) d$q$, store) $$;
CREATE FUNCTION pg_temp.arrays(store text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT count(lines) AS answer FROM (SELECT array_agg(line) AS lines FROM %s GROUP BY patient_id, npi, dos) d', store) $$;
-- claimline in the form that doc/speed.md recommends, and in FROM, as an analyst would write it first
CREATE FUNCTION pg_temp.edits(store text, edition text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, count((e).claim_id) AS a1, count((e).line_no) AS a2, count((e).rule) AS a3, count((e).severity) AS a4,
	count((e).message) AS a5, count((e).with_claim_id) AS a6, count((e).with_line_no) AS a7, count((e).suggestion) AS a8, count((e).condition) AS a9,
	count((e).carc) AS a10, count((e).rarc) AS a11, count((e).citation) AS a12, count((e).covered) AS a13
FROM (SELECT claim_edits(claimday(claim_id, line_no, line), ruleset('medicare', %2$L)) AS e FROM %1$s GROUP BY patient_id, npi, dos) d$q$,
	store, edition) $$;
CREATE FUNCTION pg_temp.edits_in_from(store text, edition text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, count(e.claim_id) AS a1, count(e.line_no) AS a2, count(e.rule) AS a3, count(e.severity) AS a4,
	count(e.message) AS a5, count(e.with_claim_id) AS a6, count(e.with_line_no) AS a7, count(e.suggestion) AS a8, count(e.condition) AS a9,
	count(e.carc) AS a10, count(e.rarc) AS a11, count(e.citation) AS a12, count(e.covered) AS a13
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient_id, npi, dos) d,
	claim_edits(d.day, ruleset('medicare', %L)) e$q$, store, edition) $$;
CREATE FUNCTION pg_temp.found(store text, edition text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT e.claim_id, e.line_no, e.rule, e.severity, e.with_claim_id, e.with_line_no
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient_id, npi, dos) d,
	claim_edits(d.day, ruleset('medicare', %L)) e
WHERE e.rule IN ('ptp', 'ptp-bypassed', 'mue-line', 'mue-day', 'units-minutes', 'units-underbilled', 'units-unknown', 'units-split-lines',
	'duplicate', 'mod-repeated')$q$, store, edition) $$;
CREATE FUNCTION pg_temp.peer(findings text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, count(claim_id) AS a1, count(line_no) AS a2, count(rule) AS a3, count(severity) AS a4,
	count(with_claim_id) AS a5, count(with_line_no) AS a6
FROM (%s) f$q$, findings) $$;

-- all edits, beside the floors and the peers
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'edits', :'mix', s.store, w.workers, x.side, :whole, :'common' || w.settings || x.settings, x.query, x.findings, least(:runs, x.runs)
FROM (VALUES (1, 'ordered', :'grouped'), (2, 'parted', :'grouped'), (3, 'arrived', :'hashed')) s (n, store, settings),
	(VALUES (1, :'alone'), (2, :'together')) w (workers, settings),
	LATERAL (SELECT :'base' || s.store AS name) r,
	LATERAL (VALUES
		(1, 'count(*)', '', 'SELECT count(*) AS answer FROM ' || name, NULL, :runs),
		(2, 'count, sum', s.settings, pg_temp.sums(name), NULL, :runs),
		(3, 'array_agg', s.settings, pg_temp.arrays(name), NULL, :runs),
		(4, 'claimline', s.settings, pg_temp.edits(name, :'edition'), pg_temp.found(name, :'edition'), :runs),
		(5, 'claimline in FROM', s.settings, pg_temp.edits_in_from(name, :'edition'), NULL, :runs),
		(6, 'count, sum, planner''s plan', '', pg_temp.sums(name), NULL, 1),
		(7, 'claimline, planner''s plan', '', pg_temp.edits(name, :'edition'), NULL, 1),
		(8, 'SQL', :'rival', pg_temp.peer(bench.query_sql(name, :'mix')), bench.query_sql(name, :'mix'), 1),
		(9, 'DuckDB', NULL, NULL, NULL, :runs)) x (n, side, settings, query, findings, runs)
-- of the general mix, two workers where they have partitions to share
WHERE (x.side <> 'DuckDB' OR :'duckdb'::boolean) AND (:'therapy'::boolean OR w.workers = 1 OR s.store = 'parted')
ORDER BY s.n, w.workers, x.n;

-- a function for each day is slow, so it has the first quarter of the patients, beside the others again
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'a function for each day', :'mix', 'quarter', 1, x.side, :quarter, :'common' || :'alone' || x.settings, x.query, x.findings,
	least(:runs, x.runs)
FROM (SELECT :'base' || 'quarter' AS name) r,
	LATERAL (VALUES
		(1, 'count, sum', :'grouped', pg_temp.sums(name), NULL, 3),
		(2, 'claimline', :'grouped', pg_temp.edits(name, :'edition'), pg_temp.found(name, :'edition'), 3),
		(3, 'PL/pgSQL', '', pg_temp.peer(bench.query_plpgsql(name, :'mix')), bench.query_plpgsql(name, :'mix'), 1))
		x (n, side, settings, query, findings, runs)
WHERE :'therapy'
ORDER BY x.n;

\if :therapy
-- N, 2N, 4N
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, runs)
SELECT 'growth', :'mix', s.store, 1, x.side || n.label, n.lines, :'common' || :'alone' || s.settings, x.query, 3
FROM (VALUES (1, 'ordered', :'grouped', '{quarter,half,ordered}'::text[]), (2, 'arrived', :'hashed', '{quarter_arrived,half_arrived,arrived}'))
		s (n, store, settings, names),
	(VALUES (1, ', N', :quarter), (2, ', 2N', :half), (3, ', 4N', :whole)) n (n, label, lines),
	LATERAL (SELECT :'base' || s.names[n.n] AS name) r,
	LATERAL (VALUES
		(1, CASE s.store WHEN 'ordered' THEN 'count, sum' ELSE 'array_agg' END,
			CASE s.store WHEN 'ordered' THEN pg_temp.sums(name) ELSE pg_temp.arrays(name) END),
		(2, 'claimline', pg_temp.edits(name, :'edition'))) x (n, side, query)
ORDER BY s.n, n.n, x.n;

-- the rows of a whole edition, or the starter's, on the dates that both cover
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'a whole edition', :'mix', 'ordered', 1, x.side, :whole, :'common' || :'alone' || :'grouped',
	pg_temp.edits(name, x.edition), pg_temp.found(name, x.edition), :runs
FROM (SELECT format('(SELECT * FROM %sordered WHERE ruleset_coverage(starter_ruleset()) @> dos) l', :'base') AS name) r,
	(VALUES (1, 'starter', 'starter'), (2, 'whole edition', 'bench')) x (n, side, edition)
ORDER BY x.n;

-- a verdict on each line; building a line, dx2 being the last of the columns that it is built of
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, runs)
SELECT 'lines by themselves', :'mix', 'ordered', 1, x.side, :whole, :'common' || :'alone', format(x.query, :'base' || 'ordered'), :runs
FROM (VALUES
	(1, 'filter on an integer', 'SELECT count(*) AS answer FROM %s WHERE units < 3'),
	(2, 'claim_passes(line)', 'SELECT count(*) AS answer FROM %s WHERE claim_passes(line)'),
	(3, 'reading the columns', 'SELECT count(dx1) AS answer FROM %s WHERE dx2 IS DISTINCT FROM '''''),
	(4, 'the arrays and numerics of them', 'SELECT count(dx1) AS answer, count(ARRAY[mod1, mod2, mod3, mod4]) AS a1, count(ARRAY[dx1, dx2]) AS a2, count(units::numeric) AS a3
FROM %s WHERE dx2 IS DISTINCT FROM '''''),
	(5, 'claimline(...) of both', 'SELECT count(claimline(code => code, modifiers => ARRAY[mod1, mod2, mod3, mod4], units => units,
	minutes => minutes, dos => dos, dx => ARRAY[dx1, dx2])) AS answer
FROM %s WHERE dx2 IS DISTINCT FROM ''''')) x (n, side, query)
ORDER BY x.n;
\else
-- only the days that hold massage or manipulation: found by the index on the code, read by the index on the day.  random_page_cost is
-- that of cached pages; with the default a scan of the whole table is taken for few days.
SELECT format($$(SELECT l.* FROM (SELECT DISTINCT patient_id, npi, dos FROM %1$sarrived
	WHERE code IN ('97124', '98940', '98941', '98942', '98943')) k JOIN %1$sarrived l USING (patient_id, npi, dos)) l$$, :'base') AS some \gset
SELECT 'SELECT count(*) AS some_lines FROM ' || :'some' AS query \gset
:query \gset
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, runs)
SELECT 'days of some codes', :'mix', 'arrived', 1, x.side, :some_lines, :'common' || :'alone' || x.settings, x.query, :runs
FROM (VALUES
	(1, 'count, sum', :'cached', pg_temp.sums(:'some')),
	(2, 'array_agg', :'cached', pg_temp.arrays(:'some')),
	(3, 'claimline', :'cached', pg_temp.edits(:'some', :'edition')),
	(4, 'count, sum, planner''s plan', '', pg_temp.sums(:'some')),
	(5, 'claimline, planner''s plan', '', pg_temp.edits(:'some', :'edition'))) x (n, side, settings, query)
ORDER BY x.n;
\endif

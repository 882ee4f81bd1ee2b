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
CREATE TABLE IF NOT EXISTS bench.run (side int, round int, seconds float8, cpu float8, answer text);
CREATE TABLE IF NOT EXISTS bench.peak (side int, memory_kb bigint, temp_bytes bigint, shape text, load_seconds float8);

-- Processor seconds of this backend, and with workers also of the children of the postmaster that have ended, which the workers of the
-- query are among; of a clock of so many ticks.  (proc(5): after the name, utime and stime are the 12th and 13th, those of children follow.)
CREATE OR REPLACE FUNCTION bench.cpu(workers int, ticks int) RETURNS float8 LANGUAGE sql VOLATILE AS $$
	SELECT ((mine[12]::float8 + mine[13]::float8) + CASE WHEN workers > 1 THEN theirs[14]::float8 + theirs[15]::float8 ELSE 0 END) / ticks
	FROM (SELECT mine, string_to_array(regexp_replace(pg_read_file(format('/proc/%s/stat', mine[2])), '.*\) ', ''), ' ') AS theirs
		FROM string_to_array(regexp_replace(pg_read_file('/proc/self/stat'), '.*\) ', ''), ' ') mine OFFSET 0) p $$;

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
-- process and of two; and, of a GROUP BY that is held to reading a store in its order, by the index.  All else has the planner's own plan.
SELECT 'SET jit = off; SET work_mem = ''1GB''; SET enable_partitionwise_aggregate = on; SET enable_partitionwise_join = on; ' AS common,
	'SET enable_nestloop = off; SET enable_mergejoin = off; SET hash_mem_multiplier = 20; ' AS rival,
	'SET max_parallel_workers_per_gather = 0; ' AS alone,
	'SET max_parallel_workers_per_gather = 1; ' AS together,
	'SET enable_hashagg = off; SET enable_sort = off; ' AS grouped,
	'SET work_mem = ''4MB''; ' AS tight,
	'SET random_page_cost = 1.1; ' AS cached,
	format('bench.%s_', :'mix') AS base, :'mix' = 'therapy' AS therapy \gset
SELECT format('SELECT (SELECT count(*) FROM %1$sordered) AS whole, (SELECT count(*) FROM %1$shalf) AS half,
	(SELECT count(*) FROM %1$squarter) AS quarter', :'base') AS query \gset
:query \gset

-- The texts of the queries.  Every column is used, else the planner would leave it out.
CREATE FUNCTION pg_temp.sums(store text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) || ' ' || sum(n) || ' ' || sum(m) AS answer
FROM (SELECT count(*) AS n, sum(minutes) AS m FROM %s GROUP BY patient_id, npi, dos) d$q$, store) $$;
-- a line: as it is stored, or built of the columns of the row, with its minutes or without
CREATE FUNCTION pg_temp.built(minutes text) RETURNS text LANGUAGE sql AS $$
	SELECT format('try_claimline(code, ARRAY[mod1, mod2, mod3, mod4], units, %s, dos, dx => ARRAY[dx1, dx2])', minutes) $$;
-- claimline in the form that doc/speed.md recommends, telling every column or those that a list of findings shows; in FROM, as an analyst
-- would write it first; and over the view of a source, as the README has it
CREATE FUNCTION pg_temp.edits(store text, edition text, line text = 'line', columns text = 'all', keys text = 'patient_id, npi, dos') RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, %4$s
FROM (SELECT claim_edits(claimday(claim_id, line_no, %3$s), ruleset('medicare', %2$L)) AS e FROM %1$s GROUP BY %5$s) d$q$,
	store, edition, line, CASE columns WHEN 'all' THEN $c$count((e).claim_id) AS a1, count((e).line_no) AS a2, count((e).rule) AS a3, count((e).severity) AS a4,
	count((e).message) AS a5, count((e).with_claim_id) AS a6, count((e).with_line_no) AS a7, count((e).suggestion) AS a8, count((e).condition) AS a9,
	count((e).carc) AS a10, count((e).rarc) AS a11, count((e).citation) AS a12, count((e).covered) AS a13$c$
	ELSE 'count((e).claim_id) AS a1, count((e).message) AS a2, count((e).suggestion) AS a3' END, keys) $$;
CREATE FUNCTION pg_temp.edits_in_from(store text, edition text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, count(e.claim_id) AS a1, count(e.line_no) AS a2, count(e.rule) AS a3, count(e.severity) AS a4,
	count(e.message) AS a5, count(e.with_claim_id) AS a6, count(e.with_line_no) AS a7, count(e.suggestion) AS a8, count(e.condition) AS a9,
	count(e.carc) AS a10, count(e.rarc) AS a11, count(e.citation) AS a12, count(e.covered) AS a13
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient_id, npi, dos) d,
	claim_edits(d.day, ruleset('medicare', %L)) e$q$, store, edition) $$;
-- what the peers find too; a denial that is lowered outside the dates of the edition is one to them
CREATE FUNCTION pg_temp.found(store text, edition text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT e.claim_id, e.line_no, e.rule, CASE WHEN e.severity = 'review' AND NOT e.covered THEN 'deny' ELSE e.severity::text END AS severity,
	e.with_claim_id, e.with_line_no
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient_id, npi, dos) d,
	claim_edits(d.day, ruleset('medicare', %L)) e
WHERE e.rule IN ('ptp', 'ptp-bypassed', 'mue-line', 'mue-day', 'units-minutes', 'units-underbilled', 'units-unknown', 'units-split-lines',
	'duplicate', 'mod-repeated')$q$, store, edition) $$;
CREATE FUNCTION pg_temp.peer(findings text) RETURNS text LANGUAGE sql AS $$
	SELECT format($q$SELECT count(*) AS answer, count(claim_id) AS a1, count(line_no) AS a2, count(rule) AS a3, count(severity) AS a4,
	count(with_claim_id) AS a5, count(with_line_no) AS a6
FROM (%s) f$q$, findings) $$;

-- the sources: the columns of the rows as an analyst maps them, with the minutes and without
SELECT claim_source_add(:'mix' || s.suffix, (:'base' || 'arrived')::regclass, columns => jsonb_strip_nulls(jsonb_build_object(
	'patient', '{"column": "patient_id", "as_is": true}'::jsonb, 'provider', '{"column": "npi", "as_is": true}'::jsonb, 'dos', 'dos', 'claim_id', 'claim_id', 'line_no', 'line_no',
	'code', 'code', 'modifiers', '["mod1", "mod2", "mod3", "mod4"]'::jsonb, 'units', 'units', 'minutes', s.minutes, 'dx', '["dx1", "dx2"]'::jsonb)))
FROM (VALUES ('', 'minutes'), ('_untimed', NULL)) s (suffix, minutes) \g /dev/null

-- all edits, beside the floors and the peers
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'edits', :'mix', s.store, w.workers, x.side, :whole, :'common' || w.settings || x.settings, x.query, x.findings, least(:runs, x.runs)
FROM (VALUES (1, 'ordered'), (2, 'parted'), (3, 'arrived')) s (n, store),
	(VALUES (1, :'alone'), (2, :'together')) w (workers, settings),
	LATERAL (SELECT :'base' || s.store AS name) r,
	LATERAL (VALUES
		(1, 'count(*)', '', 'SELECT count(*) AS answer FROM ' || name, NULL, :runs),
		(2, 'count, sum', '', pg_temp.sums(name), NULL, :runs),
		(3, 'count, sum by the index', CASE WHEN s.store <> 'arrived' THEN :'grouped' END, pg_temp.sums(name), NULL, :runs),
		(4, 'claimline', '', pg_temp.edits(name, :'edition'), pg_temp.found(name, :'edition'), :runs),
		(5, 'claimline in FROM', '', pg_temp.edits_in_from(name, :'edition'), NULL, :runs),
		(6, 'claimline of columns', '', pg_temp.edits(name, :'edition', pg_temp.built('minutes')), NULL, :runs),
		(7, 'claimline, node off', 'SET claimline.enable_claim_days = off; ', pg_temp.edits(name, :'edition'), NULL, least(:runs, 2)),
		(8, 'SQL', :'rival', pg_temp.peer(bench.query_sql(name, :'mix')), bench.query_sql(name, :'mix'), 1),
		(9, 'DuckDB', '', NULL, NULL, :runs)) x (n, side, settings, query, findings, runs)
WHERE x.settings IS NOT NULL AND (x.side <> 'DuckDB' OR :'duckdb'::boolean)
ORDER BY s.n, w.workers, x.n;

-- the query of the README over a view of a source, and without the minutes, when most timed lines have a finding
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, runs)
SELECT 'text columns', :'mix', 'arrived', 1, x.side, :whole, :'common' || :'alone' || x.settings, x.query, :runs
FROM (SELECT :'base' || 'arrived' AS name, 'patient, provider, dos' AS keys) r,
	LATERAL (VALUES
		(1, 'count, sum', '', pg_temp.sums(name)),
		(2, 'claimline of columns', '', pg_temp.edits(name, :'edition', pg_temp.built('minutes'))),
		(3, 'view of a source', '', pg_temp.edits(:'mix' || '_lines', :'edition', 'line', 'all', keys)),
		(4, 'without minutes', '', pg_temp.edits(:'mix' || '_untimed_lines', :'edition', 'line', 'some', keys)),
		(5, 'without minutes, every column', '', pg_temp.edits(:'mix' || '_untimed_lines', :'edition', 'line', 'all', keys))) x (n, side, settings, query)
ORDER BY x.n;

-- a function for each day is slow, so it has the first quarter of the patients, beside the others again
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'a function for each day', :'mix', 'quarter', 1, x.side, :quarter, :'common' || :'alone' || x.settings, x.query, x.findings,
	least(:runs, x.runs)
FROM (SELECT :'base' || 'quarter' AS name) r,
	LATERAL (VALUES
		(1, 'count, sum', '', pg_temp.sums(name), NULL, 3),
		(2, 'claimline', '', pg_temp.edits(name, :'edition'), pg_temp.found(name, :'edition'), 3),
		(3, 'PL/pgSQL', '', pg_temp.peer(bench.query_plpgsql(name, :'mix')), bench.query_plpgsql(name, :'mix'), 1))
		x (n, side, settings, query, findings, runs)
WHERE :'therapy'
ORDER BY x.n;

\if :therapy
-- N, 2N, 4N with so little memory that lines go to files
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, runs)
SELECT 'growth', :'mix', 'arrived', 1, x.side || n.label, n.lines, :'common' || :'alone' || :'tight', x.query, :runs
FROM (VALUES (1, ', N', :quarter, 'quarter_arrived'), (2, ', 2N', :half, 'half_arrived'), (3, ', 4N', :whole, 'arrived')) n (n, label, lines, store),
	LATERAL (SELECT :'base' || n.store AS name) r,
	LATERAL (VALUES
		(1, 'count, sum', pg_temp.sums(name)),
		(2, 'claimline', pg_temp.edits(name, :'edition', pg_temp.built('minutes')))) x (n, side, query)
ORDER BY n.n, x.n;

-- the rows of a whole edition, or the starter's, on the dates that both cover
INSERT INTO bench.side (part, mix, store, workers, side, lines, settings, query, findings, runs)
SELECT 'a whole edition', :'mix', 'ordered', 1, x.side, :whole, :'common' || :'alone',
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
	(4, 'claimline(...) of them', 'SELECT count(claimline(code => code, modifiers => ARRAY[mod1, mod2, mod3, mod4], units => units,
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
SELECT 'days of some codes', :'mix', 'arrived', 1, x.side, :some_lines, :'common' || :'alone' || :'cached', x.query, :runs
FROM (VALUES
	(1, 'count, sum', pg_temp.sums(:'some')),
	(2, 'claimline', pg_temp.edits(:'some', :'edition')),
	(3, 'claimline of columns', pg_temp.edits(:'some', :'edition', pg_temp.built('minutes')))) x (n, side, query)
ORDER BY x.n;
\endif

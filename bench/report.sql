-- What bench.sh prints, from bench.side, bench.run and bench.peak: figures, tables of groups, targets.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
-- a figure for each side; memory is the most that it had beside the shared buffers
CREATE OR REPLACE VIEW bench.figure AS
SELECT s.id, s.part, s.mix, s.store, s.workers, s.side, s.lines, r.runs, r.seconds, r.fastest, r.slowest, r.cpu, r.answer, r.answers = 1 AS same_answer,
	round(s.lines / r.seconds) AS lines_per_second, p.memory_kb, p.temp_bytes, p.load_seconds, p.shape, s.settings, s.query
FROM bench.side s
JOIN (SELECT side, count(*) AS runs, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 4) AS seconds,
		round(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu)::numeric, 3) AS cpu,
		round(min(seconds)::numeric, 4) AS fastest, round(max(seconds)::numeric, 4) AS slowest, min(answer) AS answer, count(DISTINCT answer) AS answers
	FROM bench.run GROUP BY side) r ON r.side = s.id
LEFT JOIN bench.peak p ON p.side = s.id;

CREATE OR REPLACE FUNCTION bench.ratio(a numeric, b numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT round(a / nullif(b, 0), 2) $$;

CREATE OR REPLACE VIEW bench.group_titles AS
SELECT min(id) AS n, part, mix, store, workers,
	format('%s: %s, lines %s, %s', CASE part WHEN 'edits' THEN 'All edits' ELSE upper(left(part, 1)) || substr(part, 2) END, mix,
		CASE store WHEN 'ordered' THEN 'in provider-day order' WHEN 'parted' THEN 'in 4 partitions by patient, each in provider-day order'
			WHEN 'arrived' THEN 'as they arrive' ELSE 'of a quarter of the patients, in provider-day order' END,
		CASE workers WHEN 1 THEN 'one process' ELSE workers || ' processes' END) AS text
FROM bench.side GROUP BY part, mix, store, workers;

CREATE OR REPLACE FUNCTION bench.group_table(part text, mix text, store text, workers int) RETURNS TABLE (side text, findings text, runs bigint,
		"CPU s" numeric, "to count, sum" numeric, "to claimline" numeric, seconds numeric, "from - to" text, "million lines/s" numeric,
		"memory MB" numeric, "temp MB" numeric, "load s" numeric) LANGUAGE sql STABLE AS $$
	WITH f AS (
		SELECT * FROM bench.figure g WHERE (g.part, g.mix, g.store, g.workers) = ($1, $2, $3, $4)
	), base AS (
		SELECT max(cpu) FILTER (WHERE side = 'count, sum') AS sums, max(cpu) FILTER (WHERE side = 'claimline') AS claimline FROM f
	)
	SELECT f.side, CASE WHEN f.side !~ 'count|filter|reading|of them|passes' THEN f.answer END, f.runs, f.cpu, bench.ratio(f.cpu, b.sums), bench.ratio(f.cpu, b.claimline),
		f.seconds, f.fastest || ' - ' || f.slowest, round(f.lines_per_second / 1e6, 2),
		round(f.memory_kb / 1024.0, 1), round(f.temp_bytes / 1048576.0, 1), round(f.load_seconds::numeric, 1)
	FROM f, base b ORDER BY f.id $$;

-- the plans of a group, each with the sides that have it; of a long one how many nodes of each kind
CREATE OR REPLACE FUNCTION bench.group_plans(part text, mix text, store text, workers int) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT format('  %s: %s', string_agg(f.side, '; ' ORDER BY f.id), CASE WHEN n.nodes <= 20 THEN f.shape ELSE n.kinds END)
	FROM bench.figure f, LATERAL (
		SELECT sum(k.n) AS nodes, string_agg(k.n || ' ' || k.node, ', ' ORDER BY k.n DESC, k.node) AS kinds
		FROM (SELECT node, count(*) AS n FROM string_to_table(f.shape, ' > ') AS node GROUP BY node) k) n
	WHERE (f.part, f.mix, f.store, f.workers) = ($1, $2, $3, $4) AND f.shape IS NOT NULL
	GROUP BY f.shape, n.nodes, n.kinds ORDER BY min(f.id) $$;

-- what says something else in one run, store or number of workers than in another
CREATE OR REPLACE VIEW bench.different AS
SELECT mix, kind, array_agg(DISTINCT answer) AS answers
FROM (SELECT s.mix, CASE WHEN s.side IN ('SQL', 'DuckDB') THEN 'peers' WHEN s.side ~ '^claimline' THEN 'claimline' ELSE s.side END AS kind, r.answer
	FROM bench.run r JOIN bench.side s ON s.id = r.side WHERE s.part = 'edits') a
GROUP BY mix, kind HAVING count(DISTINCT answer) > 1;

-- The promises; what is not measured has no figure.  Ratios are of processor seconds, but where workers or another program are measured.
CREATE OR REPLACE VIEW bench.target AS
WITH f AS (
	SELECT part || '/' || mix || '/' || store || '/' || workers AS name, mix, store, workers, part, side, seconds, cpu, lines FROM bench.figure
), beside AS (	-- two sides of the same group
	SELECT a.part, a.mix, a.store, a.workers, a.side, b.side AS to_side, a.cpu / nullif(b.cpu, 0) AS ratio, a.seconds / b.seconds AS longer
	FROM f a JOIN f b USING (name)
), reached AS (
	SELECT 1 AS n, format('%s, as they arrive', side) AS target, format('to the same GROUP BY of count(*), sum(minutes); %s', mix) AS what,
		CASE mix WHEN 'therapy' THEN 1.0 ELSE 1.3 END AS at_most, NULL::numeric AS at_least, ratio AS reached
	FROM beside WHERE (part, to_side) = ('text columns', 'count, sum') AND side IN ('claimline of columns', 'view of a source')
	UNION ALL
	SELECT 2, side || ', as they arrive', 'likewise; ' || mix, 1.6, NULL, ratio FROM beside WHERE (part, mix, to_side) = ('text columns', 'therapy', 'count, sum') AND side ~ 'without minutes'
	UNION ALL
	SELECT 3, 'stored lines in provider-day order', 'likewise; ' || mix, 1.25, NULL, ratio
	FROM beside WHERE (part, mix, store, workers, side, to_side) = ('edits', 'therapy', 'ordered', 1, 'claimline', 'count, sum')
	UNION ALL
	SELECT 3, 'stored lines in provider-day order', 'to that GROUP BY by the index; ' || mix, NULL, NULL, ratio
	FROM beside WHERE (part, mix, store, workers, side, to_side) = ('edits', 'therapy', 'ordered', 1, 'claimline', 'count, sum by the index')
	UNION ALL
	SELECT 4, 'two processes, no partitions', format('times as fast as one process; %s; %s', a.side, a.mix), NULL, 1.75, a.seconds / b.seconds
	FROM f a JOIN f b USING (part, mix, store, side) WHERE (part, store, a.workers, b.workers) = ('edits', 'arrived', 1, 2) AND side IN ('claimline', 'claimline of columns')
	UNION ALL
	SELECT 5, 'against DuckDB, its load not counted', format('its time to claimline''s, lines %s, %s threads; %s', store, workers, mix), NULL, 3, longer
	FROM beside WHERE (part, side, to_side) = ('edits', 'DuckDB', 'claimline')
	UNION ALL
	SELECT 6, 'against set-based SQL', format('its time to claimline''s, lines %s; %s', store, mix), NULL, 12, ratio
	FROM beside WHERE (part, workers, side, to_side) = ('edits', 1, 'SQL', 'claimline')
	UNION ALL
	SELECT 7, 'only the days that hold 97124 or CMT', format('%s to reading those days with count(*), sum(minutes); %s', side, mix), 1.2, NULL, ratio
	FROM beside WHERE (part, to_side) = ('days of some codes', 'count, sum') AND side <> to_side
	UNION ALL
	SELECT 8, 'claim_passes(line) over stored lines', 'to a filter on an integer column', 1.7, NULL, ratio
	FROM beside WHERE (side, to_side) = ('claim_passes(line)', 'filter on an integer')
	UNION ALL
	SELECT 9, 'private memory of a backend', 'MB, of a whole edition', 1, NULL, kb / 1024.0 FROM bench.memory
	UNION ALL
	SELECT 10, 'work_mem of 4 MB, from N to 4N', format('processor time at 4N to N; %s', substring(a.side FROM '.*(?=,)')), CASE WHEN a.side ~ 'claimline' THEN 4.4 END, NULL, a.cpu / nullif(b.cpu, 0)
	FROM f a JOIN f b USING (name) WHERE a.part = 'growth' AND a.side ~ ', 4N$' AND b.side = replace(a.side, ', 4N', ', N')
)
SELECT n, target, what, CASE WHEN at_most IS NOT NULL THEN 'at most ' || at_most WHEN at_least IS NOT NULL THEN 'at least ' || at_least ELSE '' END AS wanted,
	round(reached, 2) AS reached, CASE WHEN reached <= at_most OR reached >= at_least THEN 'yes' WHEN reached > at_most OR reached < at_least THEN 'no' ELSE '' END AS met
FROM reached;

-- What bench.sh prints, from bench.side, bench.run and bench.peak: figures, tables of groups, targets.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
-- a figure for each side; memory is the most that it had beside the shared buffers
CREATE OR REPLACE VIEW bench.figure AS
SELECT s.id, s.part, s.mix, s.store, s.workers, s.side, s.lines, r.runs, r.seconds, r.fastest, r.slowest, r.answer, r.answers = 1 AS same_answer,
	round(s.lines / r.seconds) AS lines_per_second, p.memory_kb, p.temp_bytes, p.load_seconds, p.shape, s.settings, s.query
FROM bench.side s
JOIN (SELECT side, count(*) AS runs, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 4) AS seconds,
		round(min(seconds)::numeric, 4) AS fastest, round(max(seconds)::numeric, 4) AS slowest, min(answer) AS answer, count(DISTINCT answer) AS answers
	FROM bench.run GROUP BY side) r ON r.side = s.id
LEFT JOIN bench.peak p ON p.side = s.id;

CREATE OR REPLACE FUNCTION bench.ratio(a numeric, b numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT round(a / nullif(b, 0), 2) $$;

CREATE OR REPLACE VIEW bench.group_titles AS
SELECT min(id) AS n, part, mix, store, workers,
	format('%s: %s, lines %s, %s', CASE part WHEN 'edits' THEN 'All edits' ELSE upper(left(part, 1)) || substr(part, 2) END, mix,
		CASE store WHEN 'ordered' THEN 'in provider-day order' WHEN 'parted' THEN 'in 4 partitions by patient, each in provider-day order'
			WHEN 'arrived' THEN 'as they arrive' ELSE 'of a quarter of the patients, in provider-day order' END,
		CASE workers WHEN 1 THEN 'one process' ELSE workers || ' workers' END) AS text
FROM bench.side GROUP BY part, mix, store, workers;

CREATE OR REPLACE FUNCTION bench.group_table(part text, mix text, store text, workers int) RETURNS TABLE (side text, findings text, runs bigint,
		seconds numeric, "from - to" text, "million lines/s" numeric, "to count, sum" numeric, "to array_agg" numeric, "to claimline" numeric,
		"memory MB" numeric, "temp MB" numeric, "load s" numeric) LANGUAGE sql STABLE AS $$
	WITH f AS (
		SELECT * FROM bench.figure g WHERE (g.part, g.mix, g.store, g.workers) = ($1, $2, $3, $4)
	), base AS (
		SELECT max(seconds) FILTER (WHERE side = 'count, sum') AS sums, max(seconds) FILTER (WHERE side = 'array_agg') AS arrays,
			max(seconds) FILTER (WHERE side = 'claimline') AS claimline FROM f
	)
	SELECT f.side, CASE WHEN f.side !~ 'count|array|filter|reading|of both|passes' THEN f.answer END, f.runs, f.seconds, f.fastest || ' - ' || f.slowest,
		round(f.lines_per_second / 1e6, 2), bench.ratio(f.seconds, b.sums), bench.ratio(f.seconds, b.arrays), bench.ratio(f.seconds, b.claimline),
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
FROM (SELECT s.mix, CASE WHEN s.side IN ('SQL', 'DuckDB') THEN 'peers' ELSE regexp_replace(s.side, ', planner.*| in FROM', '') END AS kind, r.answer
	FROM bench.run r JOIN bench.side s ON s.id = r.side WHERE s.part = 'edits') a
GROUP BY mix, kind HAVING count(DISTINCT answer) > 1;

-- the promises; what is not measured has no figure
CREATE OR REPLACE VIEW bench.target AS
WITH f AS (
	SELECT part || '/' || mix || '/' || store || '/' || workers AS name, mix, store, workers, part, side, seconds, memory_kb, lines FROM bench.figure
), beside AS (	-- two sides of the same group
	SELECT a.part, a.mix, a.store, a.workers, a.side, b.side AS to_side, a.seconds / b.seconds AS ratio, (a.memory_kb - b.memory_kb) / 1024.0 AS more, a.seconds - b.seconds AS longer, a.lines
	FROM f a JOIN f b USING (name)
), reached AS (
	SELECT 1 AS n, 'all edits, lines in provider-day order' AS target, format('%s to GroupAggregate of count(*), sum(units); %s', side, mix) AS what, 'at most 1.5' AS wanted,
		round(ratio, 2)::text AS reached, ratio <= 1.5 AS met
	FROM beside WHERE (part, store, workers, to_side) = ('edits', 'ordered', 1, 'count, sum') AND side IN ('claimline', 'claimline in FROM')
	UNION ALL
	SELECT 2, 'all edits, lines as they arrive', format('%s to HashAggregate of array_agg; %s', side, mix), 'at most 1.5', round(ratio, 2)::text, ratio <= 1.5
	FROM beside WHERE (part, store, workers, to_side) = ('edits', 'arrived', 1, 'array_agg') AND side IN ('claimline', 'claimline in FROM')
	UNION ALL
	SELECT 3, 'against set-based SQL', format('its time to claimline''s, the least favourable of %s groups; %s', count(*), mix), 'at least 5', round(min(ratio), 2)::text, min(ratio) >= 5
	FROM beside WHERE (part, side, to_side) = ('edits', 'SQL', 'claimline') GROUP BY mix
	UNION ALL
	SELECT 4, 'against DuckDB, its load not counted', format('its time to claimline''s, lines %s, %s threads; %s', store, workers, mix),
		CASE store WHEN 'arrived' THEN 'stated' ELSE 'at least 1' END, round(ratio, 2)::text, CASE WHEN store <> 'arrived' THEN ratio >= 1 END
	FROM beside WHERE (part, side, to_side) = ('edits', 'DuckDB', 'claimline')
	UNION ALL
	SELECT 5, 'only the days that hold 97124 or CMT', 'to reading those days with count(*), sum(units); ' || mix, 'at most 1.2', round(ratio, 2)::text, ratio <= 1.2
	FROM beside WHERE (part, side, to_side) = ('days of some codes', 'claimline', 'count, sum')
	UNION ALL
	SELECT 6, 'claim_passes(line) over stored lines', 'to a filter on an integer column', 'at most 1.3', round(ratio, 2)::text, ratio <= 1.3
	FROM beside WHERE (side, to_side) = ('claim_passes(line)', 'filter on an integer')
	UNION ALL
	SELECT 7, 'building claimline from columns', 'nanoseconds a line, beyond ' || to_side, 'at most 250', round(longer / lines * 1e9)::text, longer / lines * 1e9 <= 250
	FROM beside WHERE side = 'claimline(...) of both' AND to_side IN ('reading the columns', 'the arrays and numerics of them')
	UNION ALL
	SELECT 8, 'two workers, partitioned by patient', 'times as fast as one; ' || a.mix, 'at least 1.8', round(a.seconds / b.seconds, 2)::text, a.seconds / b.seconds >= 1.8
	FROM f a JOIN f b USING (part, mix, store, side) WHERE (part, store, side, a.workers, b.workers) = ('edits', 'parted', 'claimline', 1, 2)
	UNION ALL
	SELECT 9, 'the whole NCCI ruleset against the starter', 'same findings; ' || mix, 'at most 1.2', round(ratio, 2)::text, ratio <= 1.2
	FROM beside WHERE (side, to_side) = ('whole edition', 'starter')
	UNION ALL
	SELECT 10, 'memory beside PostgreSQL''s grouping', format('MB more than %s at N, 2N, 4N; lines %s', regexp_replace(min(to_side), ', \d?N$', ''), store), 'under 10, not growing',
		string_agg(round(more, 1)::text, ', ' ORDER BY lines), max(more) < 10 AND max(more) FILTER (WHERE side = 'claimline, 4N') - max(more) FILTER (WHERE side = 'claimline, N') < 2
	FROM beside WHERE part = 'growth' AND side LIKE 'claimline,%' AND to_side NOT LIKE 'claimline,%' AND substring(side from ', \d?N$') = substring(to_side from ', \d?N$')
	GROUP BY store
	UNION ALL
	SELECT 11, 'growth linear in N', format('time at 4N to N; lines %s', a.store), 'at most 5', round(a.seconds / b.seconds, 2)::text, a.seconds / b.seconds <= 5
	FROM f a JOIN f b USING (name) WHERE (a.side, b.side) = ('claimline, 4N', 'claimline, N')
)
SELECT n, target, what, wanted, reached, CASE WHEN met THEN 'yes' WHEN NOT met THEN 'no' ELSE '' END AS met FROM reached;

-- plans: workers judge, and the planner knows what a call costs, how many rows it returns and how many pass

CREATE SCHEMA plan_test;
SET search_path = plan_test, public;

CREATE TABLE line (patient_id text, npi text, dos date, claim_id text, line_no int, line claimline);
CREATE TABLE part (LIKE line) PARTITION BY HASH (patient_id);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- every third day has massage beside manual therapy, on two claims
INSERT INTO line
SELECT 'P' || d, '1999', '2023-08-01', 'C' || d || '-' || l % 2, l,
	format('%s-GP x1 15min 2023-08-01 dx=M54.50', (ARRAY['97110', '97124', '97140'])[l])::claimline
FROM generate_series(1, 4000) d, generate_series(1, CASE d % 3 WHEN 0 THEN 3 ELSE d % 3 END) l;
INSERT INTO part SELECT * FROM line;
ANALYZE line;
ANALYZE part;

SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SET min_parallel_index_scan_size = 0;
SET enable_partitionwise_aggregate = on;
SET enable_hashagg = off;
SET jit = off;

--
-- the analyst's query over partitions: the judging is below the Gather
--
EXPLAIN (COSTS OFF) SELECT count(e.message) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM part GROUP BY patient_id, npi, dos) d, claim_edits(d.day, ruleset('medicare')) e;
EXPLAIN (COSTS OFF) SELECT count((d.e).message) FROM (SELECT claim_edits(claimday(claim_id, line_no, line), ruleset('medicare')) AS e FROM part GROUP BY patient_id, npi, dos) d;
-- and where PostgreSQL's own nodes group them
SET claimline.enable_claim_days = off;
EXPLAIN (COSTS OFF) SELECT count(e.message) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM part GROUP BY patient_id, npi, dos) d, claim_edits(d.day, ruleset('medicare')) e;
EXPLAIN (COSTS OFF) SELECT count((d.e).message) FROM (SELECT claim_edits(claimday(claim_id, line_no, line), ruleset('medicare')) AS e FROM part GROUP BY patient_id, npi, dos) d;

--
-- without partitions the days are assembled by workers, and finished by one
--
SET parallel_tuple_cost = 0;
EXPLAIN (COSTS OFF) SELECT claimday(claim_id, line_no, line) FROM line;
RESET parallel_tuple_cost;
SET claimline.enable_claim_days = on;

--
-- filters run in workers
--
EXPLAIN (COSTS OFF) SELECT count(*) FROM line WHERE NOT claim_passes(line);
EXPLAIN (COSTS OFF) SELECT count(*) FROM line, claim_edits(line, ruleset('medicare'));

--
-- the same findings in any plan
--
CREATE FUNCTION findings(source text) RETURNS TABLE (n bigint, content text) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT count(*), md5(string_agg(e::text, chr(10) ORDER BY e::text COLLATE "C"))
		FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient_id, npi, dos) d, claim_edits(d.day, ruleset(''medicare'')) e', source);
	RETURN QUERY EXECUTE format('SELECT count(*), md5(string_agg(e::text, chr(10) ORDER BY e::text COLLATE "C"))
		FROM (SELECT claim_edits(claimday(claim_id, line_no, line), ruleset(''medicare'')) AS e FROM %s GROUP BY patient_id, npi, dos) d', source);
END $$;
SELECT count(*), min(n), max(n), count(DISTINCT content) FROM (SELECT * FROM findings('line') UNION ALL SELECT * FROM findings('part')) f;
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 0;
SELECT count(*), min(n), max(n), count(DISTINCT content) FROM (SELECT * FROM findings('line') UNION ALL SELECT * FROM findings('part')) f;

--
-- what a call site remembers of code pairs changes nothing: many codes, two editions by turns, each day beside itself in a
-- query of its own
--
CREATE TABLE wide AS
SELECT g, array_agg(format('%s x1 2023-08-01', 97000 + i)::claimline ORDER BY i) AS lines
FROM generate_series(1, 12) g, generate_series(g, 150 + g) i GROUP BY g;
CREATE FUNCTION alone(g int, lines claimline[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	content text;
BEGIN
	EXECUTE format('SELECT md5(string_agg(e::text, chr(10) ORDER BY e::text COLLATE "C")) FROM claim_edits($1, ruleset(''medicare'', NULL, %L)) e',
		CASE WHEN g BETWEEN 5 AND 8 THEN 'outpatient' ELSE 'practitioner' END) INTO content USING lines;
	RETURN content;
END $$;
SELECT g, n > 0 AS found, content = alone(g, w.lines) AS same
FROM (SELECT g, count(e) AS n, md5(string_agg(e::text, chr(10) ORDER BY e::text COLLATE "C")) AS content
	FROM (SELECT g, claim_edits(lines, ruleset('medicare', NULL, CASE WHEN g BETWEEN 5 AND 8 THEN 'outpatient' ELSE 'practitioner' END)) AS e
		FROM (SELECT * FROM wide ORDER BY g) w) f GROUP BY g) f
JOIN wide w USING (g) ORDER BY g;

--
-- what the planner expects
--
CREATE FUNCTION expected(query text, OUT cost numeric, OUT n numeric) LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	cost := plan -> 0 -> 'Plan' ->> 'Total Cost';
	n := plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
CREATE TABLE day AS SELECT claimday(claim_id, line_no, line) AS day, array_agg(line) AS lines, (array_agg(line))[1] AS line FROM line GROUP BY patient_id, npi, dos;
CREATE TABLE long_day AS
SELECT claimday(claim_id, line_no, line) AS day FROM (SELECT *, row_number() OVER () / 20 AS g FROM line) l GROUP BY g;
ANALYZE day;
ANALYZE long_day;

-- nearly all pass, until statistics say how many
SELECT round(n / count, 2) AS passing FROM expected('SELECT FROM day WHERE claim_passes(day)'), (SELECT count(*) FROM day) d;
SELECT round(n / count, 2) AS failing FROM expected('SELECT FROM day WHERE NOT claim_passes(day)'), (SELECT count(*) FROM day) d;
SELECT round(avg(claim_passes(day)::int), 2) AS passing FROM day;
CREATE STATISTICS passing ON (claim_passes(day)) FROM day;
ANALYZE day;
SELECT round(n / count, 2) AS passing FROM expected('SELECT FROM day WHERE claim_passes(day)'), (SELECT count(*) FROM day) d;

-- at most as many findings as days; of a constant by its lines
SELECT n <= count AS few FROM expected('SELECT claim_edits(day) FROM day'), (SELECT count(*) FROM day) d;
SELECT n FROM expected(format('SELECT claim_edits(%L::claimline[])', array_fill('97124 x1'::claimline, ARRAY[100])));
SELECT n FROM expected('SELECT claim_edits(NULL::claimday)');

-- a call costs by its lines: a line less than a day, a long day more
SELECT (SELECT cost FROM expected('SELECT claim_passes(line) FROM day')) < (SELECT cost FROM expected('SELECT claim_passes(day) FROM day')) AS line_is_less,
	(SELECT cost / count FROM expected('SELECT claim_passes(day) FROM long_day'), (SELECT count(*) FROM long_day) d) >
	4 * (SELECT cost / count FROM expected('SELECT claim_passes(day) FROM day'), (SELECT count(*) FROM day) d) AS long_is_more;

-- a day that is stored out of line is long, though its column is narrow
CREATE TABLE toasted AS
SELECT claimday(md5(random()::text), i, format('97%s x1 15min 2023-08-01', 100 + i % 900)::claimline) AS day
FROM generate_series(1, 20) g, generate_series(1, 500) i GROUP BY g;
ANALYZE toasted;
SELECT (SELECT cost / count FROM expected('SELECT claim_passes(day) FROM toasted'), (SELECT count(*) FROM toasted) d) >
	4 * (SELECT cost / count FROM expected('SELECT claim_passes(day) FROM day'), (SELECT count(*) FROM day) d) AS toasted_is_more;

-- a cheap filter goes first, whatever the order in which they are written
EXPLAIN (COSTS OFF) SELECT FROM day WHERE claim_passes(lines) AND line IS NOT NULL;

DROP SCHEMA plan_test CASCADE;

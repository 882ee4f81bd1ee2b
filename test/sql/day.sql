-- the type claimday: the aggregate, the array form, text form, order

CREATE SCHEMA day_test;
SET search_path = day_test, public;
SET datestyle = 'ISO, YMD';
\pset null (null)

--
-- assemble
--

-- the aggregate: lines come out in their own order, each with its claim id and line number
SELECT claimday(c, n, l)
FROM (VALUES ('C1', 2, '98941-AT x1 2024-08-01'::claimline), ('C1', 1, '97124-GP x2 30min 2024-08-01'), ('C2', 1, '97110-GP x1 15min 2024-08-01')) v(c, n, l);
-- whatever the order of arrival
SELECT claimday(c, n, l ORDER BY n DESC, c) = claimday(c, n, l ORDER BY c DESC, n) AS same, claimday(c, n, l)::text = claimday(c, n, l ORDER BY n, c)::text AS same_text
FROM (VALUES ('C1', 2, '98941-AT x1 2024-08-01'::claimline), ('C1', 1, '97124-GP x2 30min 2024-08-01'), ('C2', 1, '97110-GP x1 15min 2024-08-01')) v(c, n, l);

-- the array: no claim id, the position as line number
SELECT claimday(ARRAY['98941-AT', '97124-GP x2', NULL, '97124-GP x2']::claimline[]);
SELECT claimday(ARRAY['98941-AT', '97124-GP x2', NULL, '97124-GP x2']::claimline[])
	= (SELECT claimday(NULL, n::int, l) FROM unnest(ARRAY['98941-AT', '97124-GP x2', NULL, '97124-GP x2']::claimline[]) WITH ORDINALITY u(l, n)) AS same;
SELECT claimday('{}'::claimline[]), claimday(NULL::claimline[]), claimday('{NULL}'::claimline[]), claimday('{{97124,97140},{98941,NULL}}'::claimline[]);
SELECT claimday('[5:6]={97124,97140}'::claimline[]);

-- null lines, null ids, null everything stay in the day
SELECT claimday(c, n, l)
FROM (VALUES (NULL::text, NULL::int, NULL::claimline), ('C1', NULL, NULL), (NULL, 3, NULL), (NULL, 1, '97124'), ('C1', NULL, '97124'), ('C1', 1, '97124'), (NULL, NULL, '97124'),
	('', 0, '97124'), ('C1', -1, '97124'), ('C1', -2147483648, NULL), ('C1', 2147483647, NULL), (NULL, NULL, NULL)) v(c, n, l);

-- claim ids are quoted
SELECT claimday(c, 1, '97124')
FROM (VALUES ('a"b'), ('a\b'), ('\'), ('"'), ('-'), ('a;b}c{'), (' a '), (E'two\nlines'), ('é'), ('')) v(c);
SELECT count(*) AS ids, bool_and(d.claim_id = c) AS come_back
FROM (VALUES ('a"b'), ('a\b'), ('\'), ('"'), ('-'), ('a;b}c{'), (' a '), (E'two\nlines'), ('é'), (''), (repeat('x', 10000))) v(c),
	LATERAL (SELECT claimday(id, 1, '97124') AS day FROM (SELECT c) x(id)) a, day_lines(day::text::claimday) d;

-- nothing to assemble
SELECT claimday(c, n, l) FROM (VALUES ('C1', 1, '97124'::claimline)) v(c, n, l) WHERE false;
SELECT g, claimday('C1', 1, '97124') FILTER (WHERE g = 2) FROM generate_series(1, 2) g GROUP BY g ORDER BY g;

-- DISTINCT in the aggregate
SELECT claimday(DISTINCT c, n, l) FROM (VALUES ('C1', 1, '97124'::claimline), ('C1', 1, '97124 x1'), ('C1', 2, '97124')) v(c, n, l);

-- the parts of the aggregate are not for calling
SELECT claimday_accum(NULL, 'C1', 1, '97124');
SELECT claimday_combine('{}', '{}');
SELECT claimday_final('{}');

--
-- take apart
--

SELECT d.* FROM day_lines('{"C1" 1 97124-GP x2 30min 2024-08-01; "C1" 2 98941-AT x1 2024-08-01; - 3 -}') d;
SELECT count(*) FROM day_lines('{}');
SELECT count(*) FROM day_lines(NULL);
SELECT (day_lines('{- - 97124; "C2" 7 97140}')).*;
SELECT (SELECT claimday(d.claim_id, d.line_no, d.line) FROM day_lines(day) d) = day AS same
FROM (VALUES ('{"C1" 1 97124-GP x2; "C1" 2 98941-AT; - 3 -; "" - -}'::claimday)) v(day);

--
-- text form
--

SELECT n, t::claimday AS day
FROM (VALUES (1, '{}'), (2, ' { } '), (3, '{- - -}'), (4, '{ "C1"   1   97124  x2 ; - 2 - }'), (5, E'{\n"C1" 1 97124;\n"C1" 2 98941\n}'),
	(6, '{"C1" 2 98941; "C1" 1 hc:97124:gp x2 dx=m542}'), (7, '{- -5 97124}'), (8, '{- 007 97124}'), (9, '{"\"\\\a" 1 97124}'), (10, '{- 1 97124;- 1 97124}')) v(n, t)
ORDER BY n;

CREATE FUNCTION refused(input text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::claimday;
	message := 'accepted: ' || input::claimday;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;
\pset format unaligned
SELECT n, state, message, regexp_replace(detail, 'from .* to 2147483647|[-0-9]* to 2147483647', 'of 32 bits') AS detail
FROM (VALUES (1, ''), (2, '97124'), (3, '{'), (4, '{}}'), (5, '{} x'), (6, '{C1 1 97124}'), (7, '{"C1 1 97124}'), (8, '{"C1\"} 1 97124}'), (9, '{1 97124}'),
	(10, '{"C1" 97124-GP x2}'), (11, '{"C1" one 97124}'), (12, '{"C1" 2147483648 97124}'), (13, '{"C1" 1}'), (14, '{"C1" 1 }'), (15, '{"C1" 1 9712}'),
	(16, '{"C1" 1 97124 visit=0}'), (17, '{"C1" 1 97124 x2; }'), (18, '{"C1" 1 97124 x2;}'), (19, '{"C1" 1 97124; "C1" 2 97140 1441min}'), (20, '{"é" 1 97124; "é" 2 97140 y}'),
	(21, '{- 1 97124'), (22, '{- 1.5 97124}')) v(n, t), refused(t) r
ORDER BY n;
\pset format aligned

--
-- many days without a pattern
--

CREATE FUNCTION digits(i int, salt text, n int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || substr(md5(salt || i), 1, 7))::bit(28)::int % n $$;

CREATE TABLE lines (day int, claim_id text, line_no int, line claimline) WITH (autovacuum_enabled = off);
INSERT INTO lines
SELECT i / 7,
	(ARRAY['C1', 'C2', 'c"3', NULL, 'C10', ''])[1 + digits(i, 'c', 6)],
	nullif(digits(i, 'n', 9), 8),
	CASE WHEN digits(i, 'null', 20) > 0 THEN claimline(
		(ARRAY['97124', '97140', '97110', '98941', 'G0283'])[1 + digits(i, 'code', 5)],
		(ARRAY['59', 'GP', 'KX'])[1 + digits(i, 'm', 4):],
		digits(i, 'u', 4), nullif(digits(i, 'min', 60), 59), date '2024-08-01' + digits(i, 'dos', 3),
		dx => (ARRAY['M54.2', 'M99.01'])[1 + digits(i, 'dx', 3):]) END
FROM generate_series(0, 3499) i
WHERE i % 7 <= digits(i / 7, 'size', 7);
INSERT INTO lines SELECT -1, 'long', i, claimline('97124', units => i) FROM generate_series(1, 1000) i;

-- 501 days: in(out(x)) = x, and arrival shows nowhere
CREATE TABLE days AS
SELECT day, count(*) AS n, claimday(claim_id, line_no, line) AS d, claimday(claim_id, line_no, line ORDER BY md5('a' || claim_id || line_no || line::text)) AS shuffled,
	claimday(claim_id, line_no, line ORDER BY line DESC, line_no, claim_id DESC) AS reversed
FROM lines GROUP BY day;
SELECT count(*) AS days, sum(n) AS lines, bool_and(d::text::claimday = d) AS back, bool_and(d::text::claimday::text = d::text) AS same_text,
	bool_and(d = shuffled AND d = reversed) AS equal, bool_and(d::text = shuffled::text AND d::text = reversed::text) AS and_same_text,
	bool_and(claimday_hash(d) = claimday_hash(shuffled) AND claimday_hash(d) = claimday_hash(d::text::claimday)) AS same_hash,
	bool_and(claimday_hash_extended(d, 3) = claimday_hash_extended(reversed, 3)) AS same_extended,
	bool_and((SELECT count(*) FROM day_lines(d)) = n) AS all_lines
FROM days;
-- the lines are those that went in
SELECT count(*) AS missing FROM (SELECT day, claim_id, line_no, line FROM lines EXCEPT ALL SELECT day, l.* FROM days, day_lines(d) l) x;
-- and of the array form, numbered by position
SELECT count(*) AS days, bool_and(a.d = b.d) AS same
FROM (SELECT day, claimday(array_agg(line ORDER BY line_no, claim_id, line)) AS d FROM lines GROUP BY day) a
	JOIN (SELECT day, claimday(NULL, k::int, line) AS d FROM (SELECT *, row_number() OVER (PARTITION BY day ORDER BY line_no, claim_id, line) AS k FROM lines) x GROUP BY day) b USING (day);

-- text and binary copy
\copy (SELECT day, d FROM days) TO 'results/claimday.txt'
\copy (SELECT day, d FROM days) TO 'results/claimday.bin' (FORMAT binary)
CREATE TABLE days_text (day int, d claimday);
CREATE TABLE days_binary (day int, d claimday);
\copy days_text FROM 'results/claimday.txt'
\copy days_binary FROM 'results/claimday.bin' (FORMAT binary)
SELECT count(*) AS days, bool_and(t.d = x.d AND t.d::text = x.d::text) AS text, bool_and(b.d = x.d AND b.d::text = x.d::text) AS binary
FROM days x JOIN days_text t USING (day) JOIN days_binary b USING (day);
SELECT encode(claimday_send('{"C1" 1 97124; - - -}'), 'escape');

--
-- storage: large days are kept out of line, and give the same
--

SELECT n, pg_column_size(d) < 20000 AS compressed, d = (SELECT claimday('long', i, claimline('97124', units => i)) FROM generate_series(1, 1000) i) AS same FROM days WHERE day = -1;
ALTER TABLE days_text ALTER d SET STORAGE external;
INSERT INTO days_text SELECT day - 1, d::text::claimday FROM days WHERE day = -1;
SELECT pg_column_size(d) > 20000 AS large, pg_relation_size(reltoastrelid) > 20000 AS out_of_line, d = (SELECT d FROM days WHERE day = -1) AS same,
	(SELECT count(*) FROM day_lines(d)) AS lines, md5(d::text) = (SELECT md5(d::text) FROM days WHERE day = -1) AS same_text
FROM days_text JOIN pg_class ON oid = 'days_text'::regclass WHERE day = -2;

--
-- order
--

-- line by line, then by the number of lines
SELECT d FROM unnest(ARRAY['{- 1 97140 2024-08-01}', '{}', '{- 1 97124 2024-08-01; - 2 97140 2024-08-01}', '{- 1 97124 2024-08-01}', '{- 2 97124 2024-08-01}', '{"C" 1 97124 2024-08-01}', '{- 1 -}']::claimday[]) d ORDER BY d;
CREATE TABLE ranked AS SELECT row_number() OVER (ORDER BY d) AS n, d FROM (SELECT DISTINCT d FROM days WHERE day % 10 = 0) x;
SELECT count(*) AS pairs, bool_and((a.d < b.d) = (a.n < b.n)) AS lt, bool_and((a.d <= b.d) = (a.n <= b.n)) AS le, bool_and((a.d = b.d) = (a.n = b.n)) AS eq,
	bool_and((a.d <> b.d) = (a.n <> b.n)) AS ne, bool_and((a.d >= b.d) = (a.n >= b.n)) AS ge, bool_and((a.d > b.d) = (a.n > b.n)) AS gt,
	bool_and(sign(claimday_cmp(a.d, b.d)) = sign(a.n - b.n)) AS cmp
FROM ranked a, ranked b;
-- every part of an entry counts
SELECT count(DISTINCT d) AS days, count(DISTINCT claimday_hash(d)) AS hashes
FROM unnest(ARRAY['{}', '{- - -}', '{- 0 -}', '{"" - -}', '{- - 97124}', '{- 0 97124}', '{"" - 97124}', '{"C" - 97124}', '{"C" 1 97124}', '{"C" -1 97124}', '{"C" 1 97124; "C" 1 97124}', '{"C" 1 97124 x2}']::claimday[]) d;

SET enable_hashagg = off;
SELECT count(*) FROM (SELECT d FROM (SELECT d FROM days UNION ALL SELECT shuffled FROM days) x GROUP BY d) g;
RESET enable_hashagg;
SET enable_sort = off;
SELECT count(*) FROM (SELECT d FROM (SELECT d FROM days UNION ALL SELECT shuffled FROM days) x GROUP BY d) g;
RESET enable_sort;
SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT count(*) FROM days a JOIN days b ON a.d = b.reversed WHERE a.day = b.day;
SET enable_hashjoin = off; RESET enable_mergejoin;
SELECT count(*) FROM days a JOIN days b ON a.d = b.reversed WHERE a.day = b.day;
RESET enable_hashjoin; RESET enable_nestloop;
CREATE TABLE hashed (d claimday) PARTITION BY HASH (d);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO hashed SELECT d FROM days WHERE day >= 0;
SELECT count(*) FROM hashed WHERE d = (SELECT reversed FROM days WHERE day = 7);

--
-- plans: parallel, partitioned, window
--

ANALYZE lines;
CREATE TABLE serial AS SELECT day, claimday(claim_id, line_no, line) AS d, count(*) AS n FROM lines GROUP BY day;
CREATE TABLE serial_all AS SELECT claimday(claim_id, line_no, line) AS d FROM lines;

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT claimday(claim_id, line_no, line) FROM lines;
SELECT claimday(claim_id, line_no, line) = (SELECT d FROM serial_all) AS same FROM lines;
-- some large groups
CREATE FUNCTION plan(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		lines := lines || line || ';';
	END LOOP;
	RETURN lines;
END $$;
SELECT plan('SELECT claim_id, claimday(claim_id, line_no, line) FROM lines GROUP BY claim_id') ~ 'Finalize .*Gather.*Partial .*Parallel Seq Scan' AS in_parts;
SELECT count(*) AS groups, bool_and(p.d = s.d) AS same, bool_and(p.d::text = s.d::text) AS same_text
FROM (SELECT claim_id, claimday(claim_id, line_no, line) AS d FROM lines GROUP BY claim_id) p
	JOIN (SELECT claim_id, claimday(claim_id, line_no, line ORDER BY line_no DESC) AS d FROM lines GROUP BY claim_id) s ON p.claim_id IS NOT DISTINCT FROM s.claim_id;
-- workers that see no row of the group bring no state
SELECT claimday(claim_id, line_no, line) FILTER (WHERE day = -1 AND line_no = 500) AS one, claimday(claim_id, line_no, line) FILTER (WHERE day = -7) AS none FROM lines;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather; RESET parallel_leader_participation;

CREATE TABLE parts (LIKE lines) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (200);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (200) TO (MAXVALUE);
INSERT INTO parts SELECT * FROM lines;
ANALYZE parts;
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 0;
SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT day, claimday(claim_id, line_no, line) FROM parts GROUP BY day;
SELECT count(*) AS days, bool_and(p.d = s.d) AS same
FROM (SELECT day, claimday(claim_id, line_no, line) AS d FROM parts GROUP BY day) p JOIN serial s USING (day);
-- groups that lie in several partitions are combined
EXPLAIN (COSTS OFF) SELECT claimday(claim_id, line_no, line) FROM parts;
SELECT claimday(claim_id, line_no, line) = (SELECT d FROM serial_all) AS same FROM parts;
RESET enable_partitionwise_aggregate; RESET max_parallel_workers_per_gather; RESET enable_sort;

-- window aggregate: whole partitions, and growing frames
SELECT count(*) AS lines, bool_and(w.d = s.d) AS same
FROM (SELECT day, claimday(claim_id, line_no, line) OVER (PARTITION BY day) AS d FROM lines) w JOIN serial s USING (day);
SELECT line_no, claimday(claim_id, line_no, line) OVER (ORDER BY line_no) AS so_far
FROM (VALUES ('C1', 3, '97110'::claimline), ('C1', 2, '97124'), ('C1', 1, '98941')) v(claim_id, line_no, line) ORDER BY line_no;
SELECT line_no, claimday(claim_id, line_no, line) OVER (ORDER BY line_no ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS pair
FROM (VALUES ('C1', 3, '97110'::claimline), ('C1', 2, '97124'), ('C1', 1, NULL)) v(claim_id, line_no, line) ORDER BY line_no;

SET client_min_messages = warning;
DROP SCHEMA day_test CASCADE;

-- callers of an output function free its result
SELECT ARRAY['{- 1 97124 x1}'::claimday, '{"C1" 2 -}'] AS days, to_json('{- 1 97124 x1}'::claimday) AS json;

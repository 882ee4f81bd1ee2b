-- The plan node ClaimDays gives what the server's own aggregate gives: the same rows of every query, whatever the keys, the plan
-- and the memory.  Rows are drawn by hashes of their numbers, so that every run sees the same.
--
-- A query runs twice, with claimline.enable_claim_days and without; all columns are compared, EXCEPT ALL both ways.  Its plan must
-- have the node, or must not, as the test says.

BEGIN;
\i test/tap/lib.sql

CREATE SCHEMA claim_days;
SELECT set_config('search_path', 'claim_days, ' || current_setting('search_path'), true) \g /dev/null
\i test/tap/lib_days.sql
SELECT * FROM no_plan();

SELECT same('SELECT k, claimday(claim_id, line_no, line), count(*) FROM lines GROUP BY k', 'three arguments');
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM lines GROUP BY k', 'four arguments: why a line is none');

--
-- keys of every type, from columns: the same values are equal as the type has it
--

CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('good', 'bad', 'none');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 100);
CREATE DOMAIN cents AS numeric;

CREATE FUNCTION same_keys(key text, what text, node text = 'Custom Scan (ClaimDays)') RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE keyed AS SELECT id, %s AS key, claim_id, line_no, line, why FROM lines', key);
	ANALYZE keyed;
	RETURN QUERY SELECT same('SELECT key, claimday(claim_id, line_no, line, why), count(*) FROM keyed GROUP BY key', what, node);
	-- with others, whose bytes lie before and behind
	RETURN QUERY SELECT same('SELECT key, claim_id, claimday(claim_id, line_no, line), line_no % 2 FROM keyed GROUP BY claim_id, key, line_no % 2',
		what || ', one of three', node);
	DROP TABLE keyed;
END $$;

SELECT same_keys('k::text', 'text');
SELECT same_keys('(CASE WHEN k % 2 = 0 THEN k END)::varchar(8)', 'varchar');
SELECT same_keys('k::text::char(5)', 'char(n)');
SELECT same_keys($$(k % 20 || repeat(' ', draw(id, 20, 4)))::bpchar$$, 'bpchar: blanks at the end are none');
SELECT same_keys($$(CASE draw(id, 20, 2) WHEN 0 THEN 'k' ELSE 'K' END || k % 40)::citext$$, 'citext');
SELECT same_keys($$(CASE draw(id, 20, 2) WHEN 0 THEN 'k' ELSE 'K' END || k % 40) COLLATE any_case$$, 'text of a collation that is not deterministic');
SELECT same_keys($$(CASE draw(id, 20, 2) WHEN 0 THEN 'k' ELSE 'K' END || k % 40)::char(12) COLLATE any_case$$, 'char(n) of it');
SELECT same_keys('k::text COLLATE "C"', 'text in the order of bytes');
SELECT same_keys($$((k % 50)::text || CASE draw(id, 20, 3) WHEN 0 THEN '' WHEN 1 THEN '.0' ELSE '.00' END)::numeric$$, 'numeric: 1, 1.0 and 1.00 are one');
SELECT same_keys($$('{NaN,Infinity,-Infinity,0,-0.0,1e-300,1e300}'::numeric[])[1 + k % 7]$$, 'numeric: what is no number');
SELECT same_keys($$('{NaN,Infinity,-Infinity,0,-0,1,5e-324}'::float8[])[1 + draw(id, 20, 7)]$$, 'float8: 0 and -0 are one, NaN');
SELECT same_keys($$('{NaN,Infinity,0,-0,1}'::float4[])[1 + draw(id, 20, 5)]$$, 'float4');
SELECT same_keys($$CASE WHEN k = 7 THEN 'infinity' ELSE date '2024-01-01' + k END$$, 'date');
SELECT same_keys($$timestamp '2024-01-01' + k % 40 * interval '1 hour 1 microsecond'$$, 'timestamp');
SELECT same_keys($$timestamptz '2024-01-01 00:00+00' + k % 40 * interval '1 hour'$$, 'timestamptz');
SELECT same_keys($$time '08:00' + k % 40 * interval '1 minute'$$, 'time');
SELECT same_keys($$(time '08:00' + k % 5 * interval '1 hour') AT TIME ZONE 'UTC'$$, 'timetz');
SELECT same_keys($$('{"1 day","24 hours","1 mon","30 days","720 hours","-1 day"}'::interval[])[1 + draw(id, 20, 6)]$$, 'interval: a day is 24 hours');
SELECT same_keys('md5(k::text)::uuid', 'uuid');
SELECT same_keys('k::int2', 'smallint');
SELECT same_keys('k * 8589934592', 'bigint');
SELECT same_keys('k % 2 = 0', 'boolean');
SELECT same_keys($$decode(repeat('00', k % 9) || to_hex(k % 16 + 16), 'hex')$$, 'bytea: with zeroes');
SELECT same_keys('k::text::name', 'name');
SELECT same_keys('(k % 100)::text::"char"', '"char"');
SELECT same_keys('ARRAY[k % 3, NULL, k % 5]', 'an array');
SELECT same_keys($$ARRAY[[k % 3], [k % 5]]::numeric[]$$, 'an array of numeric of two dimensions');
SELECT same_keys('CASE WHEN k % 11 > 0 THEN ROW(k % 11, CASE WHEN k % 4 > 0 THEN repeat(k::text, k % 4) END)::pair END', 'a composite');
SELECT same_keys('k::text::short', 'a domain');
SELECT same_keys($$((k % 50)::text || CASE draw(id, 20, 2) WHEN 0 THEN '' ELSE '.0' END)::cents$$, 'a domain over numeric');
SELECT same_keys($$(enum_range(NULL::mood))[1 + k % 4]$$, 'an enum');
SELECT same_keys($$jsonb_build_object('a', k % 20, 'b', ARRAY[k % 3])$$, 'jsonb');
SELECT same_keys($$(CASE draw(id, 20, 3) WHEN 0 THEN '10.0.0.' ELSE '10.0.1.' END || k % 20)::inet$$, 'inet');
SELECT same_keys($$int4range(k % 9, 10, CASE draw(id, 20, 2) WHEN 0 THEN '[)' ELSE '[]' END)$$, 'a range');
SELECT same_keys('(k % 60)::oid', 'oid');
SELECT same_keys('line', 'a line itself');
SELECT same_keys('ctid', 'a tid: every day has one line');
SELECT same_keys('(k % 9)::bit(7)', 'a type that cannot be hashed', 'none');
SELECT same_keys('NULL::text', 'nothing but nulls');
-- long texts: as they are, compressed, out of line
SELECT same_keys($$(SELECT string_agg(md5(n::text || k), '') FROM generate_series(1, 70) n WHERE lines.id <= 400)$$, 'a text of 2 kB');
SELECT same_keys($$(SELECT string_agg(md5(n::text || k), '') FROM generate_series(1, 400) n WHERE lines.id <= 300)$$, 'a text of 12 kB, out of line');
SELECT same_keys($$CASE WHEN id <= 300 THEN repeat('long ' || k % 9, 10000) END$$, 'a text of 60 kB, compressed');

-- many keys, the same key twice, expressions
SELECT same('SELECT claimday(claim_id, line_no, line) FROM lines GROUP BY k', 'a key that is not shown');
SELECT same('SELECT upper(claim_id), k + 1, k, line_no::text, claimday(claim_id, line_no, line)
	FROM lines GROUP BY k, upper(claim_id), line_no::text', 'expressions');
SELECT same('SELECT k AS a, k AS b, k + k AS c, claimday(claim_id, line_no, line) FROM lines GROUP BY k, a, b', 'a key three times');
SELECT same($$SELECT CASE WHEN k > 100 THEN 'large' END, 'constant'::text, claimday(claim_id, line_no, line) FROM lines GROUP BY 1, 2$$, 'a constant');
SELECT same(format('SELECT %s, claimday(claim_id, line_no, line) FROM lines GROUP BY %s',
	(SELECT string_agg(format('nullif(k / %s, 1) AS k%1$s', n), ', ') FROM generate_series(1, size) n),
	(SELECT string_agg(n::text, ', ') FROM generate_series(1, size) n)), size || ' keys', CASE WHEN size > 32 THEN 'none' ELSE 'Custom Scan (ClaimDays)' END)
FROM (VALUES (2), (5), (10), (32), (33)) x (size);

-- nothing to group
SELECT same('SELECT count(day) FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines WHERE id < 0 GROUP BY k) x', 'no rows below');

--
-- what the node does not give goes the server's own way
--

SELECT same_without('SELECT k, claimday(claim_id, line_no, line) FILTER (WHERE line_no > 2) FROM lines GROUP BY k', 'FILTER');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line), count(*) FILTER (WHERE line_no > 2) FROM lines GROUP BY k', 'count(*) with FILTER');
SELECT same_without('SELECT k, claimday(DISTINCT claim_id, line_no, line) FROM lines GROUP BY k', 'DISTINCT');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line ORDER BY line_no) FROM lines GROUP BY k', 'ORDER BY');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line), count(line) FROM lines GROUP BY k', 'count of a column');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line), max(line_no) FROM lines GROUP BY k', 'another aggregate');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line), claimday(claim_id, line_no, line, why) AS other FROM lines GROUP BY k', 'two days');
SELECT same_without('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k HAVING sum(line_no) > 3', 'another aggregate in HAVING');
SELECT same_without('SELECT k, claim_id, claimday(claim_id, line_no, line) FROM lines GROUP BY ROLLUP (k, claim_id)', 'ROLLUP');
SELECT same_without('SELECT k, claim_id, claimday(claim_id, line_no, line), grouping(k) FROM lines GROUP BY GROUPING SETS ((k), (claim_id), ())', 'GROUPING SETS');
SELECT same_without('SELECT claimday(claim_id, line_no, line) FROM lines', 'no GROUP BY');
SELECT same_without('SELECT claimday(claim_id, line_no, line) FROM lines GROUP BY ()', 'GROUP BY of nothing');
SELECT same_without('SELECT k, count(*) FROM lines GROUP BY k', 'no day');
SELECT same_without('SELECT id, claimday(claim_id, line_no, line) OVER (PARTITION BY k) FROM lines', 'a window');
CREATE TABLE visit (id int PRIMARY KEY, npi text);
INSERT INTO visit SELECT n, 'N' || n % 10 FROM generate_series(0, 300) n;
ANALYZE visit;
SELECT same_without('SELECT v.id, v.npi, claimday(claim_id, line_no, line) FROM visit v JOIN lines ON k = v.id GROUP BY v.id', 'a column that depends on a key');
SELECT same('SELECT v.id, claimday(claim_id, line_no, line) FROM visit v JOIN lines ON k = v.id GROUP BY v.id', 'but not where it is not asked for');
-- each call of a volatile function has a value of its own
SELECT is(node_of('SELECT random(), random(), claimday(claim_id, line_no, line) FROM lines GROUP BY 1, 2'), 'none', 'a volatile key');
SELECT ok(bool_and(a <> b), 'two calls of random() are two') FROM (SELECT random() AS a, random() AS b, claimday(claim_id, line_no, line) FROM lines WHERE id < 20 GROUP BY 1, 2) x;
-- an aggregate of a user's that has the name
CREATE AGGREGATE claims.claimday(int) (SFUNC = int4pl, STYPE = int4, INITCOND = 0);
SELECT same_without('SELECT k, claimday(line_no) FROM lines GROUP BY k', 'another aggregate of the name in the schema of the extension');
DROP AGGREGATE claims.claimday(int);
-- a setting, as for the server's own nodes
SET LOCAL claimline.enable_claim_days = off;
SELECT is(node_of('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k'), 'none', 'claimline.enable_claim_days = off');
SET LOCAL claimline.enable_claim_days = on;

--
-- what lies above and below
--

SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k HAVING NOT claim_passes(claimday(claim_id, line_no, line)) AND count(*) > 8', 'HAVING');
SELECT same('SELECT k FROM lines GROUP BY k HAVING NOT claim_passes(claimday(claim_id, line_no, line)) OR k IS NULL OR k % 3 = 0', 'HAVING alone');
SELECT same('SELECT k, count(*) * 2 + k AS twice FROM lines GROUP BY k HAVING length(claimday(claim_id, line_no, line)::text) > 300', 'HAVING, and the number in an expression');
SELECT same('SELECT k, e.* FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) d, claim_edits(day) e', 'findings in FROM');
SELECT same('SELECT k, (e).* FROM (SELECT k, claim_edits(claimday(claim_id, line_no, line)) AS e FROM lines GROUP BY k) d', 'findings in the select list');
SELECT same(format('SELECT k, claim_edits(claimday(claim_id, line_no, line), ruleset(%L, %L)) AS e FROM lines GROUP BY k', policy, edition), policy || ' by ' || edition)
FROM unnest('{medicare,cpt}'::text[]) policy, unnest('{starter,starter-outpatient}'::text[]) edition;
SELECT same('SELECT k, count(*), claimday(claim_id, line_no, line), rank() OVER (ORDER BY count(*) DESC), sum(count(*)) OVER () FROM lines GROUP BY k', 'window functions above');
SELECT same('SELECT DISTINCT count(*), claim_passes(claimday(claim_id, line_no, line)) FROM lines GROUP BY k', 'DISTINCT above');
SELECT same('SELECT k, row_number() OVER () AS nth, day FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k ORDER BY count(*) DESC, k NULLS FIRST LIMIT 20 OFFSET 3) d', 'ORDER BY and LIMIT above');
SELECT same('SELECT k, claimday(claim_id, line_no, line), generate_series(1, 1 + k % 3) AS n FROM lines GROUP BY k', 'a set in the select list');
SELECT same('SELECT g, claimday(claim_id, line_no, line), count(*) FROM (SELECT *, generate_series(1, 3) AS g FROM lines) x GROUP BY g', 'a set as a key, below');
SELECT same('SELECT generate_series(1, 1 + k % 3) AS g, claimday(claim_id, line_no, line), count(*) FROM lines GROUP BY g', 'a set as a key');
SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM lines WHERE k < 50 GROUP BY k UNION SELECT line_no, claimday(claim_id, line_no, line) FROM lines GROUP BY line_no', 'UNION');
SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k UNION ALL SELECT line_no, claimday(claim_id, line_no, line) FROM lines GROUP BY line_no', 'UNION ALL');
SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k EXCEPT SELECT k, claimday(claim_id, line_no, line) FROM lines WHERE id > 100 GROUP BY k', 'EXCEPT');
SELECT same('WITH d AS ' || m || ' (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) SELECT a.k, b.k AS other, a.day FROM d a JOIN d b ON b.k = a.k + 1', 'WITH ... AS' || m)
FROM unnest('{""," MATERIALIZED"," NOT MATERIALIZED"}'::text[]) m;
SELECT same('SELECT d.k, v.npi, day FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) d LEFT JOIN visit v ON v.id = d.k', 'a join above');
SELECT same('SELECT v.npi, claimday(claim_id, line_no, line), count(*) FROM lines LEFT JOIN visit v ON v.id = k AND v.id % 2 = 0 GROUP BY v.npi', 'an outer join below');
SELECT same('SELECT s.x, claimday(claim_id, line_no, line) FROM visit v LEFT JOIN (SELECT k, coalesce(k, 0) * 2 AS x, claim_id, line_no, line FROM lines OFFSET 0) s ON s.k = v.id AND s.x > 5 GROUP BY s.x',
	'a key from the side that may lack a row');
SELECT same('SELECT s.x, claimday(s.c, line_no, line) FROM visit v LEFT JOIN (SELECT k, coalesce(k, 0) * 2 AS x, coalesce(claim_id, ''none'') AS c, line_no, line FROM lines) s ON s.k = v.id AND s.x > 5 GROUP BY s.x',
	'and a constant there');
SELECT same('SELECT k, claimday(claim_id, line_no, line, (SELECT max(npi) FROM visit WHERE id = lines.line_no)) FROM lines GROUP BY k', 'a subquery as an argument');
SELECT same('SELECT (SELECT npi FROM visit WHERE id = lines.line_no) AS x, claimday(claim_id, line_no, line) FROM lines GROUP BY 1', 'a subquery as a key');
SELECT same('SELECT k, (SELECT npi FROM visit WHERE id = k) AS npi, claimday(claim_id, line_no, line) FROM lines GROUP BY k', 'a subquery of a key');
SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k HAVING EXISTS (SELECT FROM visit WHERE id = k) OR k IN (SELECT id + 1 FROM visit)', 'subqueries in HAVING');
SELECT same('SELECT k, line_no, claimday(claim_id, line_no, line) FROM lines WHERE k = 7 GROUP BY k, line_no', 'a key that is one value');
SELECT same('SELECT t.k, t.day, count(*) FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) t GROUP BY 1, 2', 'days as keys');
SELECT same('SELECT n, claimday(NULL, NULL, day_line), count(*) FROM (SELECT count(*) AS n, (array_agg(line ORDER BY id))[1] AS day_line FROM lines GROUP BY k) x GROUP BY n', 'groups of groups');

-- views, with a barrier; rows that a policy hides
CREATE VIEW days AS SELECT k, claimday(claim_id, line_no, line) AS day, count(*) AS n FROM lines GROUP BY k;
CREATE VIEW safe_days WITH (security_barrier) AS SELECT k, claimday(claim_id, line_no, line) AS day, count(*) AS n FROM lines GROUP BY k;
SELECT same('SELECT * FROM days WHERE k < 100 AND n > 3', 'a view');
SELECT same('SELECT * FROM safe_days WHERE k < 100 AND length(day::text) > 400', 'a view with a barrier');
CREATE ROLE claim_days_reader;
GRANT USAGE ON SCHEMA claim_days TO claim_days_reader;
GRANT SELECT ON lines TO claim_days_reader;
ALTER TABLE lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON lines TO claim_days_reader USING (k % 3 = 0);
CREATE TABLE seen AS SELECT k, claimday(claim_id, line_no, line) AS day FROM lines WHERE k % 3 = 0 GROUP BY k;
GRANT SELECT ON seen TO claim_days_reader;
SET LOCAL ROLE claim_days_reader;
SELECT ok(node_of('SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k') <> 'none' AND count(*) = 0, 'rows that a policy hides') FROM (
	(SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k EXCEPT ALL TABLE seen) UNION ALL (TABLE seen EXCEPT ALL SELECT k, claimday(claim_id, line_no, line) FROM lines GROUP BY k)) x;
RESET ROLE;
ALTER TABLE lines DISABLE ROW LEVEL SECURITY;

-- partitions and children
CREATE TABLE parts (LIKE lines) PARTITION BY HASH (k);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
-- whose columns lie elsewhere
CREATE TABLE parts_1 (dropped int, why text, line claimline, line_no int, claim_id text, k int, id bigint);
ALTER TABLE parts_1 DROP COLUMN dropped;
ALTER TABLE parts ATTACH PARTITION parts_1 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2) PARTITION BY LIST (k);
CREATE TABLE parts_2_any PARTITION OF parts_2 DEFAULT;
INSERT INTO parts TABLE lines;
ANALYZE parts;
CREATE TABLE child (more int) INHERITS (lines);
INSERT INTO child SELECT id, k, claim_id, line_no, line, why, 1 FROM lines WHERE id % 9 = 0;
ANALYZE child;
SELECT same('SELECT k, claimday(claim_id, line_no, line, why) FROM lines GROUP BY k', 'a table with a child');
DROP TABLE child;
CREATE FUNCTION same_parts(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('enable_partitionwise_aggregate', setting, true);
	RETURN QUERY SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY k', 'partitions, enable_partitionwise_aggregate = ' || setting);
	RETURN QUERY SELECT same('SELECT claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY k HAVING count(*) > 2 AND k IS DISTINCT FROM 9', 'a key not shown');
	RETURN QUERY SELECT same('SELECT line_no, claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY line_no', 'another key');
	RETURN QUERY SELECT same('SELECT k, line_no + 1, claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY k, line_no + 1', 'both');
	RETURN QUERY SELECT same('SELECT a.k, claimday(a.claim_id, b.line_no, a.line), count(*) FROM parts a JOIN parts b USING (k) WHERE a.id < 300 AND b.id < 300 GROUP BY a.k', 'a join');
	RETURN QUERY SELECT ok(plan_of('SELECT k, claimday(claim_id, line_no, line) FROM parts GROUP BY k') ~ 'Append\n *->  Custom Scan \(ClaimDays\)' = setting::boolean, 'a node for each partition, or one');
END $$;
SELECT same_parts(setting) FROM unnest('{off,on}'::text[]) setting;
SET LOCAL enable_partitionwise_aggregate = off;

--
-- days on end: commands, prepared statements, cursors, functions, rescans
--

CREATE TABLE target (k int, day claimday, n bigint);
INSERT INTO target SELECT k, claimday(claim_id, line_no, line), count(*) FROM lines GROUP BY k;
SELECT is((SELECT count(*) FROM ((TABLE target EXCEPT ALL TABLE days) UNION ALL (TABLE days EXCEPT ALL TABLE target)) x), 0::bigint, 'INSERT ... SELECT');
MERGE INTO target t USING (SELECT k, claimday(claim_id, line_no, line) AS day, count(*) AS n FROM lines WHERE k % 2 = 0 GROUP BY k) d ON d.k = t.k
WHEN MATCHED THEN UPDATE SET n = -d.n, day = d.day WHEN NOT MATCHED THEN INSERT VALUES (NULL, NULL, NULL);
SELECT is((SELECT count(*) FROM target JOIN days d USING (k) WHERE target.n = -d.n AND target.day = d.day), (SELECT count(*) FROM days WHERE k % 2 = 0), 'MERGE');
UPDATE target SET n = d.n, day = NULL FROM (SELECT k, claimday(claim_id, line_no, line) AS day, count(*) AS n FROM lines GROUP BY k) d WHERE d.k = target.k AND claim_passes(d.day);
SELECT is((SELECT count(*) FROM target WHERE day IS NULL), (SELECT count(*) FROM days WHERE k IS NOT NULL AND claim_passes(day)), 'UPDATE ... FROM');
DELETE FROM target WHERE k IN (SELECT k FROM lines GROUP BY k HAVING claim_passes(claimday(claim_id, line_no, line)));
SELECT is((SELECT count(*) FROM target), (SELECT count(*) FROM days WHERE k IS NULL OR NOT claim_passes(day)), 'DELETE ... IN');
CREATE MATERIALIZED VIEW kept AS TABLE days;
REFRESH MATERIALIZED VIEW kept;
SELECT is((SELECT count(*) FROM ((TABLE kept EXCEPT ALL TABLE days) UNION ALL (TABLE days EXCEPT ALL TABLE kept)) x), 0::bigint, 'a materialized view');

-- parameters in the filter, in a key, in an argument; one plan for all values, or one each
PREPARE days_of (int, int) AS SELECT k % $2 AS key, claimday(claim_id || $1, line_no, line) AS day, count(*) AS n FROM lines WHERE k < $1 GROUP BY k % $2 HAVING count(*) > $2 / 3;
CREATE FUNCTION same_prepared(mode text, a int, b int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	node text;
BEGIN
	PERFORM set_config('plan_cache_mode', mode, true);
	node := node_of(format('EXECUTE days_of(%s, %s)', a, b));
	EXECUTE format('CREATE TABLE prepared AS EXECUTE days_of(%s, %s)', a, b);
	SET LOCAL claimline.enable_claim_days = off;
	EXECUTE format('CREATE TABLE plain AS SELECT k %% %s AS key, claimday(claim_id || %s, line_no, line) AS day, count(*) AS n FROM lines WHERE k < %2$s GROUP BY 1 HAVING count(*) > %1$s / 3', b, a);
	SET LOCAL claimline.enable_claim_days = on;
	node := node || ', ' || (SELECT count(*) FROM ((TABLE prepared EXCEPT ALL TABLE plain) UNION ALL (TABLE plain EXCEPT ALL TABLE prepared)) x);
	DROP TABLE prepared, plain;
	RETURN node;
END $$;
SELECT is(same_prepared(mode, a, b), 'Custom Scan (ClaimDays), 0', format('a prepared statement, %s, %s and %s', mode, a, b))
FROM unnest('{force_generic_plan,force_custom_plan,auto}'::text[]) mode, (VALUES (100, 7), (300, 50), (9, 1)) x (a, b);
SET LOCAL plan_cache_mode = auto;

-- a cursor: forth and back, left early, read behind the end of its transaction or of a part of it
DECLARE forth_and_back SCROLL CURSOR FOR SELECT k, claimday(claim_id, line_no, line) AS day, count(*) AS n FROM lines GROUP BY k;
CREATE FUNCTION fetched(cursor refcursor, moves text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	move text;
	r record;
	said text = '';
	f text;
BEGIN
	FOREACH move IN ARRAY string_to_array(moves, ',') LOOP
		FETCH FIRST FROM cursor INTO r;
		EXECUTE format('MOVE ABSOLUTE 0 FROM %I', cursor::text);
		EXECUTE format('MOVE %s FROM %I', move, cursor::text);
		FETCH NEXT FROM cursor INTO r;
		said := said || (SELECT day = r.day AND n = r.n FROM kept WHERE kept.k IS NOT DISTINCT FROM r.k)::text || ' ';
	END LOOP;
	RETURN said;
END $$;
SELECT is(fetched('forth_and_back', '3,100,2,250,0'), 'true true true true true ', 'a cursor with SCROLL');
CLOSE forth_and_back;
SET LOCAL work_mem = '64kB';
DECLARE left_early CURSOR FOR SELECT a.k, claimday(a.claim_id, a.line_no, a.line) FROM lines a, generate_series(1, 10) g GROUP BY a.k, g;
FETCH 3 FROM left_early \g /dev/null
SELECT cmp_ok((SELECT count(*) FROM pg_ls_tmpdir()), '>', 0::bigint, 'a cursor has files');
SAVEPOINT a;
FETCH 3 FROM left_early \g /dev/null
DECLARE inner_one CURSOR FOR SELECT a.k, claimday(a.claim_id, a.line_no, a.line) FROM lines a, generate_series(1, 10) g GROUP BY a.k, g;
FETCH 3 FROM inner_one \g /dev/null
ROLLBACK TO a;
MOVE ALL FROM left_early;
CLOSE left_early;
SELECT is((SELECT count(*) FROM pg_ls_tmpdir()), 0::bigint, 'none when it is closed, or its transaction is undone');
SET LOCAL work_mem = '4MB';

CREATE FUNCTION in_a_loop(last int) RETURNS TABLE (k int, day claimday) LANGUAGE plpgsql AS $$
DECLARE
	n int = 0;
BEGIN
	FOR k, day IN SELECT l.k, claimday(claim_id, line_no, line) FROM lines l GROUP BY l.k LOOP
		RETURN NEXT;
		n := n + 1;
		EXIT WHEN n = last;
	END LOOP;
END $$;
SELECT is((SELECT count(*) FROM (SELECT k, day FROM in_a_loop(1000) EXCEPT ALL SELECT k, day FROM kept) x), 0::bigint, 'a loop of a function');
SELECT is((SELECT count(*) FROM generate_series(1, 20) g, in_a_loop(g)), 210::bigint, 'loops that are left');

-- read again, with other values and with the same
SELECT same('SELECT v.id, d.k, d.day FROM visit v, LATERAL (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines WHERE line_no = v.id GROUP BY k) d WHERE v.id < 12', 'LATERAL, other lines each');
SELECT same('SELECT v.id, d.k, d.day FROM visit v, LATERAL (SELECT k + v.id AS k, claimday(claim_id, line_no, line) AS day FROM lines WHERE k < 50 GROUP BY k + v.id) d WHERE v.id < 12', 'LATERAL, a key of the outer row');
SELECT same('SELECT v.id, d.* FROM visit v, LATERAL (SELECT k, claimday(claim_id || v.id, line_no, line) AS day, count(*) AS n FROM lines WHERE k < 50 GROUP BY k HAVING count(*) > v.id OFFSET 0) d WHERE v.id < 12', 'LATERAL, in an argument and HAVING');
SELECT same('SELECT v.id, (SELECT claimday(claim_id, line_no, line) FROM lines WHERE k IN (v.id, -1) GROUP BY k) AS day FROM visit v WHERE id < 40', 'a subquery of one row each');
SELECT same('SELECT v.id, EXISTS (SELECT FROM lines WHERE k <= v.id GROUP BY k HAVING claim_passes(claimday(claim_id, line_no, line)) OFFSET 2) AS e FROM visit v WHERE id < 40', 'EXISTS, left early');
SELECT same('SELECT v.id, ARRAY(SELECT claimday(claim_id, line_no, line) FROM lines WHERE k % 50 = v.id GROUP BY k ORDER BY k) AS days FROM visit v WHERE id < 20', 'an array of days each');
SET LOCAL enable_material = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SELECT ok(plan_of($$SELECT v.id, d.* FROM visit v LEFT JOIN (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) d ON d.k % 10 = v.id % 10 WHERE v.id < 12$$) ~
	'Nested Loop Left Join.*->  (Subquery|Custom) Scan', 'a loop reads the node again');
SELECT same($$SELECT v.id, d.* FROM visit v LEFT JOIN (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k) d ON d.k % 10 = v.id % 10 WHERE v.id < 12$$, 'read again with the same values');
SET LOCAL enable_material = on;
SET LOCAL enable_hashjoin = on;
SET LOCAL enable_mergejoin = on;

-- from a foreign table
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE foreign_lines (k int, code text, modifier text, units int) SERVER files
	OPTIONS (program 'for i in 1 2 3 4 5 6 7 8 9; do for k in 1 2 3; do echo $k,97110,GP,$i; done; done', format 'csv');
SELECT same('SELECT k, claimday(NULL, units, claimline(code, ARRAY[modifier], units)), count(*) FROM foreign_lines GROUP BY k', 'a foreign table');
SELECT same('SELECT f.k, claimday(NULL, units, claimline(code, ARRAY[modifier], units)), count(*) FROM foreign_lines f JOIN visit v ON v.id = f.k GROUP BY f.k', 'joined');
SELECT same('SELECT v.k, claimday(claim_id, line_no, line) FROM (VALUES (1, ''C'', 2, ''97110''::claimline), (1, ''C'', 1, NULL), (NULL, NULL, NULL, NULL)) v (k, claim_id, line_no, line) GROUP BY v.k', 'VALUES');

--
-- memory: spilled, parted again; wrong estimates
--

CREATE FUNCTION few_lines(times int) RETURNS SETOF lines LANGUAGE sql ROWS 30 AS $$ SELECT l.* FROM lines l, generate_series(1, times) g $$;
CREATE FUNCTION many_lines(times int) RETURNS SETOF lines LANGUAGE sql ROWS 3000000 AS $$ SELECT l.* FROM lines l, generate_series(1, times) g $$;
-- volatile, so that it is not made a part of the query
CREATE FUNCTION used(query text, OUT parts int, OUT kb int, OUT disk int) LANGUAGE sql AS $$
	SELECT substring(p FROM 'Partitions: (\d+)')::int, substring(p FROM 'Memory Usage: (\d+)kB')::int, substring(p FROM 'Disk Usage: (\d+)kB')::int
	FROM (SELECT replace(plan_of(query, 'ANALYZE, COSTS OFF, TIMING OFF'), ' kB', 'kB')) x (p) $$;
SET LOCAL work_mem = '64kB';
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM few_lines(7) GROUP BY k', 'too few expected, 64 kB');
SELECT same('SELECT id, k, claimday(claim_id, line_no, line, why), count(*) FROM few_lines(7) GROUP BY id, k', 'too few expected, small days');
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM many_lines(1) GROUP BY k', 'too many expected');
SELECT same('SELECT id, k, claimday(claim_id, line_no, line, why), count(*) FROM many_lines(3) GROUP BY id, k', 'too many expected, small days');
SELECT same('SELECT key, claimday(claim_id, line_no, line), count(*) FROM (SELECT md5(id::text)::varchar || repeat(''x'', id::int % 3000) AS key, l.* FROM few_lines(2) l) x GROUP BY key', 'long keys, 64 kB');
SELECT same('SELECT k IS NULL AS x, claimday(claim_id, line_no, line, why), count(*) FROM few_lines(7) GROUP BY 1', 'two days, one large: no way to part it');
SELECT same('SELECT claimday(claim_id, line_no, line, why), count(*) FROM few_lines(7) GROUP BY id * 0', 'one large day');
SELECT same('SELECT k, claimday(repeat(claim_id, 2000), line_no, line), count(*) FROM few_lines(1) GROUP BY k', 'large lines');
SELECT same('SELECT k::numeric, claimday(claim_id, line_no, line), count(*) FROM few_lines(7) GROUP BY 1', 'keys that are not equal by their bytes');
SELECT ok(parts <= 16 AND disk > 2000 AND kb < 1000, format('few parts, parted again: %s', u)) FROM used('SELECT id, k, claimday(claim_id, line_no, line, why) FROM few_lines(7) GROUP BY id, k') u;
SELECT ok(parts >= 256 AND kb < 1000, format('many parts: %s', u)) FROM used('SELECT id, k, claimday(claim_id, line_no, line, why) FROM many_lines(3) GROUP BY id, k') u;
-- a day goes when the next one comes
CREATE FUNCTION held(query text, moves int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	c refcursor;
	before bigint;
	behind bigint;
BEGIN
	OPEN c FOR EXECUTE query;
	MOVE NEXT FROM c;
	SELECT sum(used_bytes) INTO before FROM pg_backend_memory_contexts WHERE name IN ('ExecutorState', 'ExprContext', 'PortalContext');
	MOVE ABSOLUTE 8000 FROM c;
	SELECT sum(used_bytes) INTO behind FROM pg_backend_memory_contexts WHERE name IN ('ExecutorState', 'ExprContext', 'PortalContext');
	CLOSE c;
	RETURN behind - before;
END $$;
SELECT cmp_ok(held('SELECT id, claimday(claim_id, line_no, line) FROM (SELECT g AS id, l.claim_id, line_no, line FROM lines l, generate_series(1, 3) g) x GROUP BY id, claim_id, line_no, line', 8000), '<', 100000::bigint,
	'days do not gather in memory');
SET LOCAL work_mem = '4MB';

--
-- processes share the work
--

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE wide (id bigint, k int, claim_id text, line_no int, line claimline, why text) WITH (parallel_workers = 4);
INSERT INTO wide SELECT id + 3000 * g, k + g % 40, claim_id, line_no, line, why FROM lines, generate_series(1, 4) g;
ANALYZE wide;
CREATE TABLE wide_days AS SELECT k, claimday(claim_id, line_no, line) AS day FROM wide GROUP BY k;
CREATE FUNCTION same_shared(workers int, leader boolean, memory text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	how text := format('%s workers, parallel_leader_participation %s, work_mem %s: ', workers, leader, memory);
	node text := 'Parallel Custom Scan (ClaimDays)';
	again text := 'SELECT v.id, d.* FROM visit v, LATERAL (SELECT k, claimday(claim_id, line_no, line) AS day FROM wide GROUP BY k LIMIT 2 + v.id * 0) d WHERE v.id < 6';
BEGIN
	PERFORM set_config('max_parallel_workers_per_gather', workers::text, true), set_config('parallel_leader_participation', leader::text, true),
		set_config('work_mem', memory, true);
	RETURN QUERY SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM wide GROUP BY k', how || 'days', node);
	RETURN QUERY SELECT same('SELECT id, claimday(claim_id, line_no, line, why), count(*) FROM wide GROUP BY id, k::numeric', how || 'small days', node);
	RETURN QUERY SELECT same('SELECT k, e.* FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM wide WHERE id % 3 = 0 GROUP BY k, id % 2) d, claim_edits(day) e', how || 'findings', node);
	RETURN QUERY SELECT same('SELECT k IS NULL AS x, count(*), claim_passes(claimday(claim_id, line_no, line)) FROM wide GROUP BY 1', how || 'a large day', node);
	RETURN QUERY SELECT same('SELECT v.id, claimday(claim_id, line_no, line), count(*) FROM wide JOIN visit v ON v.id = k GROUP BY v.id', how || 'a join below', node);
	RETURN QUERY SELECT ok(count(*) = 3, how || 'LIMIT') FROM (SELECT k, claimday(claim_id, line_no, line) FROM wide GROUP BY k LIMIT 3) x;
	RETURN QUERY SELECT ok(EXISTS (SELECT FROM wide GROUP BY k HAVING count(*) > 2 AND claimday(claim_id, line_no, line) IS NOT NULL), how || 'EXISTS');
	EXECUTE 'CREATE TABLE again AS ' || again;
	RETURN QUERY SELECT ok(plan_of(again) ~ 'Nested Loop[\s\S]*Limit\n *->  Gather\n[^\n]*\n *->  Parallel Custom Scan', how || 'a plan that reads again');
	RETURN QUERY SELECT is(format('%s, %s', count(*), count(w.day)), '12, 12', how || 'read again, left early')
		FROM again a LEFT JOIN wide_days w ON w.k IS NOT DISTINCT FROM a.k AND w.day = a.day;
	DROP TABLE again;
	RETURN QUERY SELECT is((SELECT count(*) FROM pg_ls_tmpdir()), 0::bigint, how || 'no file is left');
END $$;
SELECT same_shared(workers, leader, memory) FROM (VALUES (1, true, '4MB'), (2, false, '64kB'), (2, true, '64kB'), (4, true, '1MB')) x (workers, leader, memory);
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM wide GROUP BY k ORDER BY count(*) DESC', 'in order, by processes', 'Parallel Custom Scan (ClaimDays)');
SELECT same('SELECT k, claimday(claim_id, line_no, line) FROM wide GROUP BY k UNION ALL SELECT line_no, claimday(claim_id, line_no, line) FROM wide GROUP BY line_no', 'two nodes under one Append', 'Parallel Custom Scan (ClaimDays)');
ALTER TABLE parts_0 SET (parallel_workers = 2);
ALTER TABLE parts_1 SET (parallel_workers = 2);
ALTER TABLE parts_2_any SET (parallel_workers = 2);
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY k', 'partitions, shared', 'Parallel Custom Scan (ClaimDays)');
SET LOCAL enable_partitionwise_aggregate = on;
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM parts GROUP BY k', 'a node for each partition, shared', 'Parallel Custom Scan (ClaimDays)');
SELECT is(count(*), 3::bigint, 'left early') FROM (SELECT k, claimday(claim_id, line_no, line, why) AS day FROM parts GROUP BY k LIMIT 3) x WHERE day IS NOT NULL;
SET LOCAL enable_partitionwise_aggregate = off;
SET LOCAL max_parallel_workers = 0;
SELECT same('SELECT k, claimday(claim_id, line_no, line, why), count(*) FROM wide GROUP BY k', 'no worker can be had', 'Parallel Custom Scan (ClaimDays)');
RESET max_parallel_workers;
-- all that EXPLAIN can say
SELECT ok(plan_of('SELECT k, claimday(claim_id, line_no, line) FROM wide GROUP BY k HAVING count(*) > 3', options) ~ said, 'EXPLAIN ' || options)
FROM (VALUES ('VERBOSE, COSTS OFF', 'Output: k, \(claimday\(claim_id, line_no, line\)\)[\s\S]*Filter: \(\(count\(\*\)\) > 3\)[\s\S]*Group Key: wide.k'),
	('ANALYZE, VERBOSE, BUFFERS', 'Partitions: \d+[\s\S]*Memory Usage: \d+ kB[\s\S]*Disk Usage: 0 kB[\s\S]*Worker 0'),
	('ANALYZE, FORMAT JSON', '"Custom Plan Provider": "ClaimDays"[\s\S]*"Group Key": \["k"\][\s\S]*"Partitions": \d+'),
	('ANALYZE, FORMAT XML', '<Group-Key>'), ('ANALYZE, FORMAT YAML', 'Group Key')) x (options, said);

SELECT * FROM finish();
ROLLBACK;

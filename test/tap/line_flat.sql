-- What the planner makes of claimline() and try_claimline() with ARRAY[...] written out is the line that the call says: the same
-- bytes, the same errors, for every column and constant.  The call that is not made flat takes its arrays from a function.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA line_flat;
SELECT set_config('search_path', 'line_flat, ' || current_setting('search_path'), true) \g /dev/null
SELECT * FROM no_plan();

CREATE FUNCTION as_it_is(text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ BEGIN RETURN $1; END $$;
CREATE FUNCTION is_flat(query text) RETURNS boolean LANGUAGE sql AS $$ SELECT plan_of(query, 'VERBOSE, COSTS OFF') ~ 'claimline_internal\.(try_)?claimline_flat\(' $$;
-- the bytes of a line, and how it is stored
CREATE FUNCTION bytes(claimline) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT claimline_send($1)::text || pg_column_size($1) || ' ' || claimline_hash_extended($1, 7) $$;

--
-- random columns: mostly as they should be, each now and then as it should not
--

CREATE FUNCTION one(id bigint, seed int, good text[], bad text[], n int = 25) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN draw($1, $2, $5) = 0 THEN $4[1 + draw($1, $2 + 1, cardinality($4))] ELSE $3[1 + draw($1, $2 + 1, cardinality($3))] END $$;
CREATE TABLE claims_read AS
SELECT id, one(id, 1, '{97110,97140,98941,G0283,99213}', '{"97 110",9711,97110X,g0283," 97140 ",NULL,"","É7110",97110-59}') AS code,
	one(id, 3, '{GP,59,NULL,"",25}', '{gp," GP ",G,GPX,"  ","G P","é","97110"}') AS m1, one(id, 5, '{GO,XS,NULL,"",KX}', '{kx,G,"\t",É}') AS m2,
	one(id, 7, '{NULL,"",76}', '{76Z,"76 "}') AS m3, one(id, 9, '{NULL,"",LT}', '{rt,LTT}') AS m4, one(id, 11, '{NULL,"",NULL,NULL,AT}', '{at,A}') AS m5,
	one(id, 13, '{NULL,NULL,NULL,NULL,NULL,GA}', '{ga,A}') AS m6,
	one(id, 17, '{1,2,3,1.5,0,4.000,999999.999,0.25}', '{-1,NaN,Infinity,NULL,1000000,0.0001,1e-5,12345678901234567890}')::numeric AS units,
	one(id, 19, '{1,2,15,30,NULL,0,1440}', '{-1,1441,2147483647,-2147483648}')::int AS minutes,
	one(id, 21, '{2023-01-01,2024-02-29,NULL,2025-12-31,0001-01-01,9999-12-31}', '{infinity,-infinity,0001-12-31 BC,10000-01-01}')::date AS dos,
	one(id, 23, '{NULL,NULL,NULL,08:00,23:59,00:00}', '{08:00:30,24:00,08:00:00.000001}')::time AS start_time,
	one(id, 25, '{M54.2,M5450,NULL,"",S13.4XXA,Z00.00}', '{m54.2," M54.2 ",M5,M54.,"54.2",M54.23456}') AS d1, one(id, 27, '{NULL,"",M99.01,M54.2}', '{"m99.01",X}') AS d2,
	one(id, 29, '{NULL,NULL,NULL,"{}","{cervical}","{lumbar,thoracic}"}', '{"{cervix}","{NULL}","{\"\"}","{Cervical}"}')::text[] AS regions,
	one(id, 31, '{NULL,NULL,NULL,"",35,225700000X}', '{3,"35 ",225700000x,XX}') AS specialty, one(id, 33, '{NULL,NULL,NULL,t,f}', '{t}')::boolean AS referral,
	one(id, 35, '{NULL,NULL,NULL,1,40}', '{0,-1,32768,100000}')::int AS visit, one(id, 37, '{NULL,NULL,NULL,2025-12-31,2024-03-01}', '{infinity,1900-01-01}')::date AS thru,
	one(id, 39, '{NULL,NULL,NULL,line,claim,first}', '{all,"",LINE}') AS dx_of, one(id, 41, '{NULL,NULL,NULL,0,12}', '{-1,31,1441}')::int AS assistant
FROM generate_series(1::bigint, 12000) id;

-- the same by both calls, of the arguments given: {m} and {d} stand for the arrays
CREATE FUNCTION same(call text, m text, d text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	flat text := replace(replace(call, '{m}', 'ARRAY[' || m || ']::text[]'), '{d}', 'ARRAY[' || d || ']::text[]');
	whole text := replace(replace(call, '{m}', 'as_it_is(ARRAY[' || m || ']::text[])'), '{d}', 'as_it_is(ARRAY[' || d || ']::text[])');
	n bigint;
	lines bigint;
	told bigint;
	r record;
	a record;
	b record;
BEGIN
	IF NOT is_flat('SELECT try_' || flat || ' FROM claims_read') OR is_flat('SELECT try_' || whole || ' FROM claims_read') THEN
		RETURN QUERY SELECT fail(what || ': not flat, or both are');
		RETURN;
	END IF;
	EXECUTE format('SELECT count(*) FILTER (WHERE bytes(try_%s) IS DISTINCT FROM bytes(try_%s)), count(try_%1$s) FROM claims_read', flat, whole) INTO n, lines;
	-- errors, of some that are none
	told := 0;
	FOR r IN EXECUTE format('SELECT id FROM claims_read WHERE try_%s IS NULL ORDER BY id LIMIT 150', whole) LOOP
		SELECT * INTO a FROM error_of(format('SELECT %s FROM claims_read WHERE id = %s', flat, r.id));
		SELECT * INTO b FROM error_of(format('SELECT %s FROM claims_read WHERE id = %s', whole, r.id));
		n := n + (a IS DISTINCT FROM b OR a.state IS NULL)::int;
		told := told + 1;
	END LOOP;
	RETURN QUERY SELECT ok(n = 0 AND lines > 100 AND told > 20, format('%s: %s differ of %s lines and %s errors', what, n, lines, told));
END $$;

SELECT same('claimline(code, {m}, units)', 'm1', '', 'one modifier');
SELECT same('claimline(code, {m}, units, minutes, dos)', 'm1, m2, m3, m4', '', 'four, a date');
SELECT same('claimline(code, {m}, units, minutes, dos, start_time, {d}, regions, specialty, referral, visit, thru, dx_of, false, assistant)', 'm1, m2, m3, m4, m5, m6', 'd1, d2', 'all columns');
SELECT same('claimline(code, {m}, units, minutes, dos, start_time, {d}, regions, specialty)', 'm1, m2', 'd1, d2, d1', 'some');
SELECT same('claimline(code, {m}, units, dx => {d})', 'm1', 'd1, d2', 'by name');
SELECT same('claimline(code, dx => {d}, dos => dos, units => 1)', '', 'd1, d2', 'no modifiers, a constant');
SELECT same('claimline(code, {m}, dx => {d})', 'm1, ''GP'', m2, NULL, '' 59 ''', 'd1, ''M54.2'', NULL', 'constants among columns');
SELECT same('claimline(''97110'', {m}, 2, 30, dos)', 'm1, upper(m2)', '', 'a code that is constant, an expression');
SELECT same('claimline(code, {m}, id::int % 7 - 1)', 'm1', '', 'units that are int');
SELECT same('claimline(code, {m}, minutes)', 'm1', '', 'units that are int, of any size');
SELECT same('claimline(code, {m}, (id::int % 7 - 1)::smallint)', 'm1', '', 'smallint');
SELECT same('claimline(code, {m}, minutes::bigint)', 'm1', '', 'bigint');
SELECT same('claimline(code, {m}, (id::int % 9)::numeric(5,2))', 'm1', '', 'numeric with a scale');
SELECT same('claimline(code, {m}, ((minutes % 9) / 4.0)::float8::numeric)', 'm1', '', 'float8');
SELECT same('claimline(code, {m}, units, dx => {d})', string_agg(CASE n % 3 WHEN 0 THEN 'm' || 1 + n % 6 WHEN 1 THEN 'NULL' ELSE '''''' END, ', ' ORDER BY n), 'd1', size || ' elements')
FROM unnest('{1,2,6,20,60}'::int[]) size, generate_series(1, size) n GROUP BY size;
-- there is an end to arguments of a function
SELECT ok(NOT is_flat(format('SELECT try_claimline(code, ARRAY[%s], 1) FROM claims_read', string_agg('m1', ', '))), '100 elements are an array as ever')
	FROM generate_series(1, 100);
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[m1, m2], units, dx => as_it_is(ARRAY[d1]))) IS NOT DISTINCT FROM bytes(try_claimline(code, as_it_is(ARRAY[m1, m2]), units, dx => as_it_is(ARRAY[d1])))),
	'an array written out, another not') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[[m1, m2], [m3, m4]], units)) IS NOT DISTINCT FROM bytes(try_claimline(code, ARRAY[m1, m2, m3, m4], units))), 'two dimensions') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[m1], units, dx => '{M54.2,NULL," M99.01 "}'::varchar[])) IS NOT DISTINCT FROM bytes(try_claimline(code, ARRAY[m1], units, dx => as_it_is('{M54.2,M99.01}')))),
	'a constant of another type') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[m1], units, dx => '[5:6]={M54.2,M99.01}'::text[])) IS NOT DISTINCT FROM bytes(try_claimline(code, ARRAY[m1], units, dx => as_it_is('{M54.2,M99.01}')))),
	'bounds that are not 1') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[m1], units, dx => NULL, regions => NULL)) IS NOT DISTINCT FROM bytes(try_claimline(code, as_it_is(ARRAY[m1]), units))), 'NULL for arrays') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[m1::varchar, m2], units)) IS NOT DISTINCT FROM bytes(try_claimline(code, as_it_is(ARRAY[m1, m2]), units))), 'elements of varchar') FROM claims_read;
SELECT ok(bool_and(bytes(try_claimline(code, ARRAY[rpad(m1, 4)::char(4), m2::char(4)], units)) IS NOT DISTINCT FROM bytes(try_claimline(code, as_it_is(ARRAY[m1, m2]), units))), 'elements of char(n)') FROM claims_read;
-- values that lie elsewhere, or compressed
CREATE TABLE toasted AS SELECT repeat(' ', 20000) || 'gp' AS m, repeat(' ', 3000) || '97110' || repeat(' ', 100000) AS code, ('1.' || repeat('0', 16000))::numeric AS units;
ALTER TABLE toasted ALTER code SET STORAGE EXTERNAL;
UPDATE toasted SET code = code || ' ';
SELECT is(claimline(code, ARRAY[m], units)::text, '97110-GP x1', 'values that lie elsewhere') FROM toasted;
SELECT is(try_claimline(code || 'x', ARRAY[m], units), NULL, 'that are wrong') FROM toasted;
-- each row with the types of the call, though a site sees many
SELECT is(string_agg(line::text, ' '), '97110 x1 97110-GP x2 97110-GP-59 x0.5', 'one site, many rows')
FROM (SELECT claimline('97110', ARRAY[a, b], u) AS line FROM (VALUES (NULL, '', 1), ('GP', NULL, 2.0), ('GP', '59', .5)) v (a, b, u)) x;
SELECT is(count(*), 3::bigint, 'an argument that is a set') FROM (SELECT claimline(unnest('{97110,97140,97124}'::text[]), ARRAY[m1], 1) AS line FROM claims_read WHERE id = (SELECT min(id) FROM claims_read WHERE m1 = 'GP')) x;
SELECT is(claimline('97110', ARRAY['GP', NULL]), '97110-GP x1', 'nothing but constants');

--
-- where expressions are kept
--

CREATE TABLE claim (id int, code text, m text, units int, dos date,
	line claimline GENERATED ALWAYS AS (claimline(code, ARRAY[m], units, dos => dos)) STORED,
	CHECK (try_claimline(code, ARRAY[m, NULL], units) IS NOT NULL));
INSERT INTO claim SELECT n, 97000 + n % 900, CASE WHEN n % 2 = 0 THEN 'GP' END, n % 5, date '2024-01-01' + n % 90 FROM generate_series(1, 5000) n;
SELECT is(count(*), 5000::bigint, 'a generated column') FROM claim WHERE line = claimline(code, as_it_is(ARRAY[m]), units, dos => dos);
SELECT isnt(state, NULL, 'a row that is no line is refused: ' || message) FROM error_of($$INSERT INTO claim VALUES (0, '97110', 'GPX', 1)$$);
SELECT isnt(state, NULL, 'and so by COPY') FROM error_of($$COPY claim (code, m, units) FROM PROGRAM 'echo 97110,GPX,1' (FORMAT csv)$$);
CREATE INDEX by_line ON claim (claimline(code, ARRAY[m], units));
CREATE INDEX by_passing ON claim (id) WHERE NOT claim_passes(claimline(code, ARRAY[m], units, dos => dos));
ANALYZE claim;
SET LOCAL enable_seqscan = off;
SELECT ok(plan_of($$SELECT * FROM claim WHERE claimline(code, ARRAY[m], units) = '97110-GP x0'$$) ~ 'by_line', 'an index on an expression is used');
SELECT is((SELECT count(*) FROM claim WHERE claimline(code, ARRAY[m], units) = '97110-GP x0'), (SELECT count(*) FROM claim WHERE code = '97110' AND m = 'GP' AND units = 0), 'and finds all');
SELECT ok(plan_of('SELECT id FROM claim WHERE NOT claim_passes(claimline(code, ARRAY[m], units, dos => dos))') ~ 'by_passing', 'one on some rows, too');
SELECT ok(plan_of($$SELECT * FROM claim WHERE try_claimline(code, ARRAY[m], units) = '97110-GP x0'$$) !~ 'by_line', 'not for another expression');
PREPARE p (text, text) AS SELECT count(*) FROM claim WHERE claimline(code, ARRAY[m], units) = claimline($1, ARRAY[$2], 0);
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT ok(plan_of($$EXECUTE p ('97110', 'GP')$$) ~ 'by_line', 'with parameters');
RESET enable_seqscan;
CREATE VIEW seen AS SELECT id, claimline(code, ARRAY[m], units) AS line, try_claimline(code, ARRAY[m, 'KX'], units, dx => ARRAY['M54.2']) AS more FROM claim;
SELECT ok(pg_get_viewdef('seen') !~ 'claimline_flat' AND pg_get_indexdef('by_line'::regclass) !~ 'claimline_flat' AND string_agg(pg_get_expr(adbin, adrelid), '') !~ 'claimline_flat', 'what is kept is the call as it was written')
FROM pg_attrdef WHERE adrelid = 'claim'::regclass;
DO $$ BEGIN EXECUTE 'CREATE VIEW again AS ' || pg_get_viewdef('seen'); END $$;
SELECT is((SELECT count(*) FROM (TABLE seen EXCEPT TABLE again) x), 0::bigint, 'a view made again');
CREATE FUNCTION atomic(c text, m text) RETURNS claimline LANGUAGE sql BEGIN ATOMIC; SELECT claimline(c, ARRAY[m], 1); END;
SELECT ok(pg_get_functiondef('atomic'::regproc) !~ 'claimline_flat' AND bool_and(atomic(code, m) = claimline(code, as_it_is(ARRAY[m]))), 'a function') FROM claim WHERE id < 50;
DO $$
DECLARE
	r record;
	line claimline;
BEGIN
	FOR r IN SELECT * FROM claim WHERE id < 20 LOOP
		line := claimline(r.code, ARRAY[r.m], r.units);
		IF line IS DISTINCT FROM claimline(r.code, as_it_is(ARRAY[r.m]), r.units) THEN
			RAISE 'differs';
		END IF;
	END LOOP;
END $$;

--
-- another server may have an older version: it gets the call as it was written
--

CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE elsewhere (id int, code text, m text, units int) SERVER files OPTIONS (program 'echo 1,97110,GP,2', format 'csv');
CREATE TABLE both_ways (id int, code text, m text, units int) PARTITION BY LIST (id);
CREATE TABLE here PARTITION OF both_ways DEFAULT PARTITION BY LIST (id);
CREATE TABLE here_too PARTITION OF here DEFAULT;
SELECT ok(is_flat('SELECT claimline(code, ARRAY[m], units) FROM both_ways'), 'partitions that are here');
CREATE FOREIGN TABLE there PARTITION OF here FOR VALUES IN (1) SERVER files OPTIONS (program 'echo 1,97110,GP,2', format 'csv');
SELECT ok(NOT is_flat('SELECT ' || call), 'not flat: ' || call) FROM unnest(ARRAY[
	$$claimline(code, ARRAY[m], units) FROM elsewhere$$, $$FROM elsewhere WHERE claimline(code, ARRAY[m], units) = '97110-GP x2'$$,
	$$FROM both_ways WHERE claimline(code, ARRAY[m], units) = '97110-GP x2'$$,
	$$FROM (SELECT DISTINCT code, m, units FROM elsewhere) x WHERE claimline(code, ARRAY[m], units) = '97110-GP x2'$$,
	$$FROM (SELECT * FROM (SELECT DISTINCT code, m, units FROM both_ways) x OFFSET 0) x WHERE claimline(code, ARRAY[m], units) = '97110-GP x2'$$]) call;
SELECT is(string_agg(claimline(code, ARRAY[m], units)::text, ' '), '97110-GP x2', 'and right') FROM both_ways;

--
-- rights: those to the call that is written, whether or not its parts may be called
--

CREATE ROLE line_flat_user;
GRANT USAGE ON SCHEMA line_flat TO line_flat_user;
GRANT SELECT ON claim TO line_flat_user;
REVOKE EXECUTE ON FUNCTION claimline_internal.claimline_flat(int, "any") FROM PUBLIC;
SET LOCAL ROLE line_flat_user;
SELECT is(count(claimline(code, ARRAY[m], units)), 5000::bigint, 'who may call claimline() may, without a right to its parts') FROM claim;
RESET ROLE;
GRANT EXECUTE ON FUNCTION claimline_internal.claimline_flat(int, "any") TO PUBLIC;
REVOKE EXECUTE ON FUNCTION try_claimline FROM PUBLIC;
SET LOCAL ROLE line_flat_user;
SELECT is(state, '42501', 'who may not call try_claimline() may not') FROM error_of('SELECT try_claimline(code, ARRAY[m], units) FROM claim');
RESET ROLE;
GRANT EXECUTE ON FUNCTION try_claimline TO PUBLIC;

--
-- calls by hand: the planner's, or an error
--

SELECT is(claimline_internal.claimline_flat(13, '97110'::text, 1, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, 'GP'::text), '97110-GP x2', 'as the planner does');
SELECT is(claimline_internal.claimline_flat(11, '97110'::text, 1, 2.5, NULL::int, NULL::date, NULL::time, NULL::int, '{}'::text[], NULL::text, NULL::boolean, 3, 'GP'::text), '97110-GP x2.5 visit=3', 'with as many arguments as version 0.1.0 had');
SELECT is(state, '22023', 'not ' || coalesce(call, 'null')) FROM (VALUES ('NULL, ''97110''::text'), ('0, 1'), ('-1, ''x''::text'), ('2147483647, 1, 2'), ('-2147483648, 1, 2'),
	('13, 97110, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12'),
	('13, ''97110''::text, 2, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, ''GP''::text'),
	('13, ''97110''::text, -1, 2, NULL::int, NULL::date, NULL::time, 2, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, ''GP''::text'),
	('13, ''97110''::text, 2147483647, 2, NULL::int, NULL::date, NULL::time, 2147483647, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, ''GP''::text'),
	('13, ''97110''::text, 1, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, 59'),
	('13, ''97110''::text, 1, 2::bigint, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, ''GP''::text'),
	('13, ''97110'', 1, 2, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, ''GP'''),
	('13, VARIADIC ARRAY[''97110'', ''GP'']'), ('13, VARIADIC NULL::text[]'),
	('14, ''97110''::text, 1, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, ''GP''::text'),
	('10, ''97110''::text, 0, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean')) x (call),
	unnest('{claimline_flat,try_claimline_flat}'::text[]) f, error_of(format('SELECT claimline_internal.%s(%s)', f, call));
-- numbers that change from row to row
SELECT is(state, '22023', 'not numbers that change') FROM error_of($$SELECT claimline_internal.claimline_flat(13, '97110'::text, n, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, 'GP'::text) FROM generate_series(1, 3) n$$);
SELECT is(count(*), 3::bigint, 'the first number counts') FROM (SELECT claimline_internal.claimline_flat(n, '97110'::text, 1, 2, NULL::int, NULL::date, NULL::time, 0, NULL::text[], NULL::text, NULL::boolean, NULL::int, NULL::date, NULL::text, 'GP'::text) FROM generate_series(13, 15) n) x;

SELECT * FROM finish();
ROLLBACK;

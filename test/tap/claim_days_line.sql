-- ClaimDays over lines that are made in the query: by whatever call and over whatever arguments, once a row, with the errors of the
-- call; the days are those of the server's own aggregate.

BEGIN;
\i test/tap/lib.sql

CREATE SCHEMA claim_days_line;
SELECT set_config('search_path', 'claim_days_line, ' || current_setting('search_path'), true) \g /dev/null
\i test/tap/lib_days.sql
SELECT * FROM no_plan();

CREATE TABLE raw AS
SELECT id, k, claim_id, line_no, why, line_code(line) AS code, (line_modifiers(line))[1] AS m1, nullif((line_modifiers(line))[2], '') AS m2,
	trunc(line_units(line))::int AS units, CASE WHEN draw(id, 20, 5) > 0 THEN line_minutes(line) END AS minutes, line_dos(line) AS dos,
	CASE WHEN draw(id, 21, 3) = 0 THEN 'M54.5' WHEN draw(id, 21, 3) = 1 THEN '' END AS dx, line::text AS words, line
FROM lines;
ALTER TABLE raw ADD toasted text;
UPDATE raw SET toasted = repeat(md5(id::text), 200) WHERE id % 100 = 0;
ANALYZE raw;

-- wrappers of users: inlined, not inlined, strict, volatile, with defaults, of a row, of a setting
CREATE FUNCTION inlined(c text, u int, d date) RETURNS claimline LANGUAGE sql STABLE AS $$ SELECT try_claimline(c, units => u, dos => d, minutes => 15) $$;
CREATE FUNCTION in_steps(c text, u int, d date) RETURNS claimline LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN try_claimline(c, units => u, dos => d); END $$;
CREATE FUNCTION strict_line(c text, u int, d date) RETURNS claimline LANGUAGE plpgsql STRICT AS $$ BEGIN RETURN try_claimline(c, units => u, dos => d); END $$;
CREATE TABLE visit_units AS SELECT generate_series(1, 3) AS u;
CREATE SEQUENCE calls;
CREATE FUNCTION counting(c text, u int) RETURNS claimline LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM nextval('calls'); RETURN try_claimline(c, units => u); END $$;
CREATE FUNCTION of_row(r raw) RETURNS claimline LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN try_claimline(r.code, units => r.units, dos => r.dos); END $$;
CREATE FUNCTION of_any(r anyelement, VARIADIC more text[]) RETURNS claimline LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN try_claimline(r::text, more); END $$;

SELECT same(format('SELECT k, claimday(claim_id, line_no, %s), count(*) FROM raw r GROUP BY k', line), line) FROM (VALUES
	('try_claimline(code, ARRAY[m1, m2], units, minutes, dos, dx => ARRAY[dx])'),
	('try_claimline(code, ARRAY[m1, m2], units, minutes, dos, dx => string_to_array(dx, '',''))'),
	('claimline(coalesce(code, ''97110''), units => coalesce(units, 1), dos => dos)'),
	('try_claimline(code)'), ('try_claimline(''97110'')'), ('try_claimline(NULL)'), ('try_claimline(code, dos => ''2024-02-03'')'),
	('try_claimline(code || substr(dx, 1, 0), ARRAY[m1 || '''', NULL, m2], units * 2, minutes + k, dos + 1)'),
	('words::claimline'), ('line'), ('coalesce(line, try_claimline(code))'),
	('try_claimline(code, units => (SELECT count(*) FROM visit_units v WHERE v.u < r.units)::int)'),
	('try_claimline(code, units => units + (SELECT max(u) FROM visit_units)::int)'),
	('inlined(code, units, dos)'), ('in_steps(code, units, dos)'), ('strict_line(code, units, dos)'), ('of_row(r)'), ('of_row(r.*)'), ('of_any(code, m1, m2)'),
	('try_claimline(code, ARRAY[substr(toasted, 1, 0) || m1], units)'), ('try_claimline(substr(toasted, 40, 5))')) x (line);
SELECT same('SELECT k, claimday(toasted, line_no, try_claimline(code, units => units), why), count(*) FROM raw GROUP BY k', 'four arguments, long claim ids');
SELECT same('SELECT toasted, claimday(claim_id, line_no, try_claimline(code, units => units), why), count(*) FROM raw GROUP BY 1', 'long keys');
SELECT same('SELECT try_claimline(code), claimday(claim_id, line_no, try_claimline(code)), count(*) FROM raw GROUP BY 1', 'the line is the key too');
SELECT same('SELECT code, units, claimday(claim_id, line_no, try_claimline(code, units => units)), count(*) FROM raw GROUP BY 1, 2', 'arguments are keys too');
SELECT same('SELECT k, claimday(code, units, try_claimline(code, units => units, minutes => units)), count(*) FROM raw GROUP BY 1', 'the same column several times');
SELECT same('SELECT v.u, claimday(claim_id, line_no, try_claimline(r.code, units => v.u)), count(*) FROM raw r FULL JOIN visit_units v ON v.u = r.units GROUP BY 1', 'an outer join');
SELECT same('SELECT v.u, d.day FROM visit_units v, LATERAL (SELECT claimday(claim_id, line_no, try_claimline(code, units => v.u)) AS day FROM raw WHERE units = v.u GROUP BY k) d', 'an argument from outside, read again');
SELECT same('SELECT k, claimday(claim_id, line_no, l), count(*) FROM (SELECT k, claim_id, line_no, try_claimline(code, units => units) AS l FROM raw OFFSET 0) x GROUP BY k', 'lines of a subquery');
SELECT same('SELECT k, claimday(claim_id, line_no, try_claimline(code, units => units)), count(*) FROM (SELECT * FROM raw WHERE k > 9 UNION ALL SELECT * FROM raw WHERE units < 2) x GROUP BY k', 'UNION ALL');
PREPARE lines_of(int, text) AS SELECT k, claimday(claim_id, line_no, try_claimline(code, ARRAY[m1, $2], units => $1)) AS day FROM raw GROUP BY k;
SET LOCAL plan_cache_mode = force_generic_plan;
CREATE TABLE of_parameters AS EXECUTE lines_of(2, '59');
SET LOCAL claimline.enable_claim_days = off;
SELECT is((SELECT count(*) FROM (SELECT * FROM of_parameters EXCEPT ALL
	SELECT k, claimday(claim_id, line_no, try_claimline(code, ARRAY[m1, '59'], units => 2)) FROM raw GROUP BY k) x), 0::bigint, 'parameters of a generic plan');
SET LOCAL claimline.enable_claim_days = on;

-- once a row, and what goes wrong is said as ever
SELECT is(count(day), count(*), 'days of a volatile call') FROM (SELECT claimday(claim_id, line_no, counting(code, units)) AS day FROM raw GROUP BY k) d;
SELECT is(nextval('calls') - 1, count(*), 'a call is made once a row') FROM raw;
SELECT throws_ok('SELECT claimday(claim_id, line_no, claimline(code, units => -1)) FROM raw WHERE code IS NOT NULL GROUP BY k', '22003', NULL, 'an error inside a line');
SELECT throws_ok('SELECT claimday(claim_id, line_no, claimline(code, units => 1 / (units - units))) FROM raw GROUP BY k', '22012', NULL, 'an error in an argument');
CREATE FUNCTION closed(c text) RETURNS claimline LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN try_claimline(c); END $$;
REVOKE EXECUTE ON FUNCTION closed(text) FROM PUBLIC;
CREATE ROLE claim_days_reader;
GRANT USAGE ON SCHEMA claim_days_line TO claim_days_reader;
GRANT SELECT ON raw TO claim_days_reader;
SET LOCAL ROLE claim_days_reader;
SELECT throws_ok('SELECT k, claimday(claim_id, line_no, closed(code)) FROM raw GROUP BY k', '42501', NULL, 'a function that is not for this role');
RESET ROLE;

-- processes share it
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
ALTER TABLE raw SET (parallel_workers = 2);
SELECT same('SELECT k, claimday(claim_id, line_no, try_claimline(code, ARRAY[m1, m2, ''GP''], units, minutes, dos, dx => ARRAY[dx, ''M545''])), count(*) FROM raw GROUP BY k', 'by processes',
	'Parallel Custom Scan (ClaimDays)');
SET LOCAL max_parallel_workers_per_gather = 0;

-- few rows are guessed, as for keys that go together: an order that nobody asked for is no reason for another plan
SET LOCAL enable_sort = on;
SET LOCAL enable_hashagg = on;
CREATE FUNCTION one_guessed() RETURNS SETOF raw LANGUAGE sql ROWS 1 AS $$ SELECT * FROM raw $$;
SELECT is(node_of('SELECT claim_edits(claimday(claim_id, line_no, line)) FROM (SELECT * FROM one_guessed() ORDER BY id OFFSET 0) x GROUP BY k, units, dos'),
	'Custom Scan (ClaimDays)', 'no order is asked for');
SELECT is(node_of('SELECT k, claimday(claim_id, line_no, line) FROM one_guessed() GROUP BY k, units, dos ORDER BY k, units, dos'), 'none', 'an order is asked for');

SELECT * FROM finish();
ROLLBACK;

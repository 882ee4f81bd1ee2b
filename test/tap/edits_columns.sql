-- A call of claim_edits() of which a query reads some columns only makes those (claimline_internal.claim_edits_columns), and they are
-- what they are where all are made.
--
-- What is wanted is read from a table of all columns, made by a query that reads them all.  Each form of a query is asked for each column
-- alone, for drawn sets of several and for all; rows are compared EXCEPT ALL both ways.

BEGIN;
\i test/tap/lib.sql
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE SCHEMA edits_columns;
SELECT set_config('search_path', 'edits_columns, ' || current_setting('search_path'), true) \g /dev/null
SELECT * FROM no_plan();

CREATE TABLE lines AS
SELECT draw(id, 1, 400) AS k, 'C' || draw(id, 2, 5) AS claim_id, draw(id, 3, 9) AS line_no,
	CASE WHEN draw(id, 4, 12) > 0 THEN format('%s%s x%s%s %s', ('{97110,97140,97124,98941,99213,G0283,97530}'::text[])[1 + draw(id, 5, 7)],
		('{-GP,-59-GP,-GY,-25,""}'::text[])[1 + draw(id, 6, 5)], draw(id, 7, 4),
		CASE WHEN draw(id, 8, 3) > 0 THEN format(' %smin', draw(id, 9, 60)) END,
		('{2023-01-05,2023-01-05..2023-01-07,2026-11-02}'::text[])[1 + draw(id, 10, 3)])::claimline END AS line
FROM generate_series(1::bigint, 1500) id;
ANALYZE lines;
CREATE VIEW days AS SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k;
CREATE TABLE wanted AS SELECT d.k, e.* FROM days d, claim_edits(d.day, ruleset('medicare')) e;
SELECT ok(count(*) > 1000 AND count(suggestion) > 50 AND count(condition) > 20 AND count(with_claim_id) > 50 AND count(carc) > 50
	AND count(*) FILTER (WHERE NOT covered) > 50, 'findings of all kinds are compared') FROM wanted;

-- the views that people make
CREATE VIEW found AS SELECT k, (finding).* FROM (SELECT k, claim_edits(claimday(claim_id, line_no, line), ruleset('medicare')) AS finding FROM lines GROUP BY k) d;
CREATE VIEW found_from AS SELECT d.k, e.* FROM days d CROSS JOIN LATERAL claim_edits(d.day, ruleset('medicare')) e;

CREATE FUNCTION same_row(claim_finding) RETURNS claim_finding LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';

-- the forms: %1$s is the columns of e, %2$s the fields of finding; asks: does the plan tell the call which columns are read?
CREATE TABLE form (form text PRIMARY KEY, asks boolean, query text);
INSERT INTO form VALUES
	('select list', true, $$SELECT k, %2$s FROM (SELECT k, claim_edits(claimday(claim_id, line_no, line), ruleset('medicare')) AS finding FROM lines GROUP BY k) d$$),
	('select list of days', true, $$SELECT k, %2$s FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) d$$),
	('select list, not pulled up', true, $$SELECT k, %1$s FROM (SELECT k, (finding).* FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days OFFSET 0) d OFFSET 0) e$$),
	('select list, filtered outside', true, $$SELECT k, %2$s FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) d WHERE (finding).severity >= 'info'$$),
	('from', true, $$SELECT k, %1$s FROM days, claim_edits(day, ruleset('medicare')) e$$),
	('cross join', true, $$SELECT k, %1$s FROM days CROSS JOIN LATERAL claim_edits(day, ruleset('medicare')) e$$),
	('left join, filtered', true, $$SELECT k, %1$s FROM days LEFT JOIN LATERAL claim_edits(day, ruleset('medicare')) e ON true WHERE e.rule IS NOT NULL$$),
	('alias of a join', true, $$SELECT k, %3$s FROM (days CROSS JOIN LATERAL claim_edits(day, ruleset('medicare')) e) j$$),
	('ordered', true, $$SELECT k, %1$s FROM days, claim_edits(day, ruleset('medicare')) e ORDER BY e.message$$),
	('lateral', true, $$SELECT k, x.* FROM days, claim_edits(day, ruleset('medicare')) e, LATERAL (SELECT %1$s) x$$),
	('lateral, not pulled up', true, $$SELECT k, x.* FROM days, claim_edits(day, ruleset('medicare')) e, LATERAL (SELECT %1$s OFFSET 0) x$$),
	('subquery in an expression', true, $$SELECT d.k, x.* FROM days d, LATERAL (SELECT %1$s FROM claim_edits(d.day, ruleset('medicare')) e OFFSET 0) x$$),
	('view, select list', true, $$SELECT k, %1$s FROM found e$$),
	('view, from', true, $$SELECT k, %1$s FROM found_from e$$),
	('cte', NULL, $$WITH f AS (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) SELECT k, %2$s FROM f$$),
	('materialized cte', false, $$WITH f AS MATERIALIZED (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) SELECT k, %2$s FROM f$$),
	('union all', false, $$SELECT k, %2$s FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days WHERE k < 200
		UNION ALL SELECT k, claim_edits(day, ruleset('medicare')) FROM days WHERE k >= 200) d$$),
	('union all of one level', NULL, $$SELECT k, %2$s FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days WHERE k < 200) d
		UNION ALL SELECT k, %1$s FROM days, claim_edits(day, ruleset('medicare')) e WHERE k >= 200$$),
	('twice, each other columns', NULL, $$SELECT a.k, %2$s FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) a
		JOIN (SELECT k, count(*) FILTER (WHERE (f).message <> '') AS n FROM (SELECT k, claim_edits(day, ruleset('medicare')) AS f FROM days) y GROUP BY k) b USING (k) WHERE n > 0$$),
	('whole rows', false, $$SELECT k, %2$s FROM (SELECT k, e AS finding FROM days, claim_edits(day, ruleset('medicare')) e OFFSET 0) d$$),
	('array of rows', false, $$SELECT k, %2$s FROM (SELECT k, unnest(ARRAY(SELECT e FROM claim_edits(day, ruleset('medicare')) e)) AS finding FROM days) d$$),
	('in an expression beside one in from', false, $$SELECT k, %2$s FROM (SELECT k, same_row(claim_edits(day, ruleset('medicare'))) AS finding
		FROM days, claim_edits(day, ruleset('medicare')) WITH ORDINALITY e WHERE e.ordinality = 1 OFFSET 0) d$$);

CREATE TABLE asked AS
SELECT column_name::text AS columns FROM information_schema.columns WHERE table_schema = 'edits_columns' AND table_name = 'wanted' AND column_name <> 'k'
UNION ALL
SELECT string_agg(c.column_name, ',' ORDER BY c.ordinal_position) FROM generate_series(1::bigint, 12) n, information_schema.columns c
WHERE table_schema = 'edits_columns' AND table_name = 'wanted' AND column_name <> 'k' AND draw(n * 100 + c.ordinal_position, 1, 4) = 0 GROUP BY n
UNION ALL
SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'edits_columns' AND table_name = 'wanted' AND column_name <> 'k';

CREATE FUNCTION query_of(query text, columns text) RETURNS text LANGUAGE sql AS $$
	SELECT format(query, string_agg('e.' || c, ', '), string_agg(format('(finding).%s', c), ', '), string_agg('j.' || c, ', '))
	FROM unnest(string_to_array(columns, ',')) c $$;

-- what is not as wanted
CREATE FUNCTION differs(query text, columns text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	missing bigint;
	extra bigint;
BEGIN
	EXECUTE format('CREATE TEMP TABLE got ON COMMIT DROP AS %s', query_of(query, columns));
	EXECUTE format('SELECT count(*) FROM (SELECT k, %s FROM wanted EXCEPT ALL TABLE got) x', columns) INTO missing;
	EXECUTE format('SELECT count(*) FROM (TABLE got EXCEPT ALL SELECT k, %s FROM wanted) x', columns) INTO extra;
	DROP TABLE got;
	RETURN CASE WHEN missing + extra > 0 THEN format('%s: %s missing, %s too many', columns, missing, extra) END;
END $$;

SELECT is((SELECT string_agg(d, '; ') FROM asked a, differs(f.query, a.columns) d), NULL, f.form || ': the columns are what they are among all') FROM form f ORDER BY form;
SELECT is(plan_of(query_of(f.query, 'rule'), 'VERBOSE, COSTS OFF') ~ 'claim_edits_columns', f.asks, f.form || ': the call is told, or not')
FROM form f WHERE asks IS NOT NULL ORDER BY form;
SELECT is(plan_of(query_of(f.query, a.columns), 'VERBOSE, COSTS OFF') ~ 'claim_edits_columns', false, f.form || ': all columns, all made')
FROM form f, (SELECT columns FROM asked ORDER BY length(columns) DESC LIMIT 1) a WHERE form <> 'twice, each other columns' ORDER BY form;

-- rows that are told apart, or sorted, as a whole
CREATE FUNCTION differs_from(query text, oracle text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	bad bigint;
BEGIN
	EXECUTE format('SELECT (SELECT count(*) FROM ((%1$s) EXCEPT ALL (%2$s)) x) + (SELECT count(*) FROM ((%2$s) EXCEPT ALL (%1$s)) x)', query, oracle) INTO bad;
	RETURN CASE WHEN bad > 0 THEN bad || ' differ' END;
END $$;
SELECT ok((SELECT count(*) FROM (SELECT DISTINCT rule FROM wanted) x) * 10 < (SELECT count(*) FROM (SELECT DISTINCT w FROM wanted w) x), 'rules are fewer than rows');
SELECT is(differs_from($$SELECT (finding).rule FROM (SELECT DISTINCT k, claim_edits(day, ruleset('medicare')) AS finding FROM days) d$$,
	'SELECT rule FROM (SELECT DISTINCT * FROM wanted) w'), NULL, 'DISTINCT of a call');
SELECT is(differs_from($$SELECT (finding).rule FROM (SELECT DISTINCT ON (claim_edits(day, ruleset('medicare'))) claim_edits(day, ruleset('medicare')) AS finding FROM days) d$$,
	'SELECT rule FROM (SELECT DISTINCT e FROM days, claim_edits(day, ruleset(''medicare'')) e) w (e), LATERAL (SELECT (e).rule) r'), NULL, 'DISTINCT ON one');
SELECT is(differs_from($$SELECT (finding).rule FROM (SELECT claim_edits(day, ruleset('medicare')) AS finding FROM days ORDER BY finding LIMIT 100) d$$,
	'SELECT rule FROM (SELECT e FROM days, claim_edits(day, ruleset(''medicare'')) e ORDER BY e LIMIT 100) w (e), LATERAL (SELECT (e).rule) r'), NULL, 'ORDER BY one');
SELECT is(differs_from($$SELECT (finding).rule FROM (SELECT claim_edits(day, ruleset('medicare')) AS finding FROM days GROUP BY finding) d$$,
	'SELECT rule FROM (SELECT DISTINCT e FROM days, claim_edits(day, ruleset(''medicare'')) e) w (e), LATERAL (SELECT (e).rule) r'), NULL, 'GROUP BY one');
SELECT is(differs_from($$SELECT rule FROM (SELECT DISTINCT k, e.rule FROM days, claim_edits(day, ruleset('medicare')) e) d$$,
	'SELECT rule FROM (SELECT DISTINCT k, rule FROM wanted) w'), NULL, 'DISTINCT of a column, from');

-- the order of a day's findings is that of all columns, also where only messages tell two of them apart
CREATE TABLE tied AS SELECT d, claimday(ARRAY[format('97124-59-XS-GP-KX-%s x1 15min 2024-08-01', m)]::claimline[]) AS day, m
FROM unnest('{76,GN,GO,XU,59}'::text[]) WITH ORDINALITY x(m, d);
SELECT ok((SELECT count(*) FROM (SELECT d, rule FROM tied, claim_edits(day, ruleset('medicare')) e GROUP BY d, rule, with_line_no HAVING count(DISTINCT message) > 1) x) >= 5,
	'there are findings that only their messages tell apart');
SELECT is((SELECT string_agg(concat_ws(' ', d, o, rule, suggestion, condition), E'\n' ORDER BY d, o) FROM tied, claim_edits(day, ruleset('medicare')) WITH ORDINALITY e(a, b, rule, c, f, g, h, suggestion, condition, i, j, k, l, facts, o)),
	(SELECT string_agg(concat_ws(' ', d, o, (f).rule, (f).suggestion, (f).condition), E'\n' ORDER BY d, o)
	FROM tied, LATERAL (SELECT e AS f, row_number() OVER () AS o FROM claim_edits(day, ruleset('medicare')) e) x), 'their order');

-- no column at all
SELECT is((SELECT count(*) FROM days, claim_edits(day, ruleset('medicare')) e), (SELECT count(*) FROM wanted), 'rows are counted, from');
SELECT is((SELECT count(*) FROM found), (SELECT count(*) FROM wanted), 'rows are counted, select list');
SELECT is((SELECT count(*) FROM days WHERE EXISTS (SELECT FROM claim_edits(day, ruleset('medicare')))), (SELECT count(DISTINCT k) FROM wanted), 'EXISTS');
SELECT is((SELECT count(*) FROM days, claim_edits(day, ruleset('medicare')) WITH ORDINALITY e WHERE e.ordinality = 1), (SELECT count(DISTINCT k) FROM wanted), 'WITH ORDINALITY');
SELECT is((SELECT count(*) FROM days, claim_edits(day, ruleset('medicare')) e WHERE e IS DISTINCT FROM NULL), (SELECT count(*) FROM wanted), 'a row that is read as a whole');

-- who may not call what is internal gets all columns made
CREATE ROLE edits_columns_user;
GRANT USAGE ON SCHEMA edits_columns TO edits_columns_user;
GRANT SELECT ON ALL TABLES IN SCHEMA edits_columns TO edits_columns_user;
REVOKE EXECUTE ON FUNCTION claimline_internal.claim_edits_columns(claimday, claim_ruleset, integer) FROM PUBLIC;
SET LOCAL ROLE edits_columns_user;
SELECT is((SELECT count(e.rule) FROM days, claim_edits(day, ruleset('medicare')) e), (SELECT count(*) FROM wanted), 'without the right to the internal call');
RESET ROLE;

SELECT is((error_of('SELECT claimline_internal.claim_edits_columns(NULL, ruleset(''medicare''), NULL)')).message, 'set of columns must not be null', 'a null set of columns');

SELECT * FROM finish();
ROLLBACK;

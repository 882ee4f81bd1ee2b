-- What PostgreSQL 17 has: COPY that passes over rows which cannot be read, into columns of our types and into guarded tables;
-- MERGE that returns rows.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

\set file `pwd`/since_17.copy

-- ------------------------------------------ columns of our types

CREATE TABLE written (n int, t text);
INSERT INTO written SELECT n, (ARRAY['97124-GP', '98941', '9712', '97124-GP-', '97140-59-GP', ''])[1 + lib.draw(n, 1, 6)]
	|| (ARRAY['', ' x1', ' x2.5', ' x1000000', ' x-1', ' 15min', ' 2000min'])[1 + lib.draw(n, 2, 7)]
	|| (ARRAY['', ' 2024-08-01', ' 2024-02-30', ' dx=M99.01', ' region=knee', ' 2024-08-01 2024-08-01'])[1 + lib.draw(n, 3, 6)]
FROM generate_series(1, 3000) n;
SELECT format('COPY written TO %L', :'file') AS copy \gset
\copy written TO since_17.copy
CREATE TABLE lines (n int, line claimline);
SELECT is(result(format('COPY lines FROM %L (ON_ERROR ignore)', :'file')), (SELECT count(*)::text FROM written WHERE pg_input_is_valid(t, 'claimline')), 'ON_ERROR ignore keeps as many rows as are lines');
SELECT ok((SELECT count(*) BETWEEN 100 AND 2900 FROM lines), 'which are some and not all');
SELECT is_empty($$SELECT n, line::text FROM lines EXCEPT SELECT n, t::claimline::text FROM written WHERE pg_input_is_valid(t, 'claimline')$$, 'they are those rows');
SELECT is(result(format('COPY lines FROM %L', :'file')) LIKE '22___ %', true, 'without it the first other one is an error');

TRUNCATE written;
INSERT INTO written VALUES (1, claimday(ARRAY['97124 x1', '98941']::claimline[])::text), (2, '{"lines"'), (3, starter_ruleset()::text), (4, jsonb_set(starter_ruleset()::text::jsonb, '{policy,visits_limit}', '"many"')::text), (5, '');
\copy written TO since_17.copy
CREATE TABLE days (n int, day claimday);
CREATE TABLE rulesets (n int, rules claim_ruleset);
SELECT result(format('COPY %I FROM %L (ON_ERROR ignore)', t, :'file')) FROM unnest('{days,rulesets}'::text[]) t \g /dev/null
SELECT is((SELECT string_agg(n::text, ',' ORDER BY n) FROM days), (SELECT string_agg(n::text, ',' ORDER BY n) FROM written WHERE pg_input_is_valid(t, 'claimday')), 'days');
SELECT is((SELECT string_agg(n::text, ',' ORDER BY n) FROM rulesets), '3', 'rulesets');

-- a CHECK is no matter of reading: it stops the COPY
CREATE TABLE checked (n int, line claimline CHECK (claim_passes(line)));
TRUNCATE written;
INSERT INTO written VALUES (1, '97124-GP x1 2024-08-01'), (2, '9712'), (3, '97124-GP x5 75min 2024-08-01');
\copy written TO since_17.copy
SELECT is(result(format('COPY checked FROM %L (ON_ERROR ignore)', :'file')), 'checked_line_check', 'a line that is refused by a CHECK is not passed over');
\copy (SELECT * FROM written WHERE n < 3) TO since_17.copy
SELECT is(result(format('COPY checked FROM %L (ON_ERROR ignore)', :'file')), '1', 'one that is no line is');

-- ------------------------------------------------ guarded tables

-- a row whose date cannot be read would be in conflict; the third is, and the fourth is another day's
CREATE TABLE raw (patient text, provider text, dos text, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text);
INSERT INTO raw VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P', 'a', '2024-08-32', 'C', 2, '97124', 'GP', 1, 15, 'M99.01'),
	('P', 'a', '2024-08-01', 'C', 3, '97124', 'GP', 1, 15, 'M99.01'), ('Q', 'a', '2024-08-01', 'D', 1, '97110', 'GP', 1, 15, 'M99.01');
SELECT make('g'), claim_guard_add('g'), claim_source_track('g') \g /dev/null
DELETE FROM claimline_internal.claim_change;
CREATE FUNCTION logged() RETURNS text LANGUAGE sql AS $$ WITH d AS (DELETE FROM claimline_internal.claim_change WHERE source = 'g' RETURNING *)
	SELECT coalesce(string_agg(DISTINCT CASE WHEN whole THEN 'whole' ELSE concat_ws(' ', patient, provider, dos) END, ', '), 'none') FROM d $$;
\copy (SELECT * FROM raw WHERE line_no <> 3) TO since_17.copy
SELECT is(result(format('COPY g FROM %L (ON_ERROR ignore)', :'file')), '2', 'a row that cannot be read is passed over, and judged by nobody');
SELECT is(logged(), 'P a 2024-08-01, Q a 2024-08-01', 'the others are logged');
DELETE FROM g;
SELECT logged() \g /dev/null
\copy raw TO since_17.copy
SELECT is(result(format('COPY g FROM %L (ON_ERROR ignore)', :'file')), 'ptp', 'a row that is denied is not passed over');
SELECT is((SELECT count(*)::int FROM g), 0, 'nothing is written');
SELECT claim_guard_add('g', action => 'quarantine') \g /dev/null
SELECT is(result(format('COPY g FROM %L (ON_ERROR ignore)', :'file')), '3', 'a guard that quarantines');
SELECT is((SELECT string_agg(claim_id || line_no, ', ' ORDER BY claim_id, line_no) FROM g), 'C1, D1', 'moves it');
SELECT is((SELECT string_agg(row_data ->> 'line_no', ', ') FROM claim_quarantine WHERE source = 'g'), '3', 'and it alone');

-- -------------------------------------------- MERGE that returns rows

-- what a statement returns it returns before the guard looks: rows as it wrote them
WITH r AS (
	MERGE INTO g USING (VALUES (1, 1), (4, 9)) v (n, u) ON g.claim_id = 'D' AND g.line_no = v.n
	WHEN MATCHED THEN UPDATE SET units = 9
	WHEN NOT MATCHED THEN INSERT VALUES ('R', 'a', '2024-08-01', 'D', v.n, '97110', 'GP', 1, 15, 'M99.01')
	RETURNING merge_action() AS action, g.line_no, g.units
) SELECT is((SELECT string_agg(concat_ws(' ', action, line_no, units), ', ' ORDER BY line_no) FROM r), 'UPDATE 1 9, INSERT 4 1', 'MERGE returns rows as it wrote them');
SELECT is((SELECT string_agg(concat_ws(' ', claim_id, line_no, units), ', ' ORDER BY claim_id, line_no) FROM g), 'C 1 1, D 4 1', 'and the guard moves what is denied of them');
SELECT is((SELECT row_data ->> 'units' || ', was ' || (replaced ->> 'units') FROM claim_quarantine WHERE source = 'g' AND row_data ->> 'claim_id' = 'D'), '9, was 1', 'with the row as it was');

SELECT * FROM finish();
ROLLBACK;

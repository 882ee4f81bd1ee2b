-- Rows loaded twice and reversals are netted before a day is judged.
--
-- The oracle is net_of in lib_net.sql: the words of doc/sources.md in SQL.  A day is to have the findings of the day of its net lines.

BEGIN;
\i test/tap/lib.sql

SELECT plan(44);

-- the line: a reversal is another line than the one it takes back, and comes directly behind it

SELECT is('97124-GP x2 2024-08-01 reversal'::claimline::text, '97124-GP x2 2024-08-01 reversal', 'the text form');
SELECT is('97124 REVERSAL 2024-08-01 x2 dx=M54.2 dxof=claim'::claimline::text, '97124 x2 2024-08-01 dx=M54.2 dxof=claim reversal', 'in any order and case');
SELECT is(claimline('97124', '{GP}', 2, dos => '2024-08-01', reversal => true), '97124-GP x2 2024-08-01 reversal', 'constructed');
SELECT is(claimline('97124', '{GP}', 2, dos => '2024-08-01', reversal => r), '97124-GP x2 2024-08-01', 'and not') FROM (VALUES (false), (NULL)) v (r);
SELECT is(ARRAY[line_reversal('97124 reversal'), line_reversal('97124'), line_reversal('97124 2024-08-01..2024-08-02')], '{t,f,f}', 'line_reversal');
SELECT is(line_set_modifiers('97124 x1 reversal', '{59}'), '97124-59 x1 reversal', 'with other modifiers it is one');
SELECT is((SELECT string_agg(l::text, ' < ' ORDER BY l) FROM unnest('{97124 x2,97124 x1 reversal,97124 x1,97124 x1 dx=M54.2,97124 x1 dx=M54.2 reversal}'::claimline[]) l),
	'97124 x1 < 97124 x1 reversal < 97124 x1 dx=M54.2 < 97124 x1 dx=M54.2 reversal < 97124 x2', 'in order');
SELECT is((SELECT count(DISTINCT l) FROM unnest('{97124 x1,97124 x1 reversal,97124 x1 reversal}'::claimline[]) l), 2::bigint, 'two lines');
SELECT is(pg_column_size('97124 x1 2024-08-01 reversal'::claimline) - pg_column_size('97124 x1 2024-08-01'::claimline), 8, 'a line that is none is as it was');
SELECT is((SELECT detail FROM error_of($$SELECT '97124 reversal reversal'::claimline$$)), 'Field "reversal" is repeated, at character 16.', 'once');
SELECT is((SELECT detail FROM error_of($$SELECT '97124 x-1'::claimline$$)), 'Units are -1, must be 0 to 999999.999, at character 8.', 'units of a text are positive');
SELECT is(claimline_error('97124', units => -1), 'Units are -1, must be 0 to 999999.999.', 'and those of the constructor');

-- cases

CREATE FUNCTION said(day claimday) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', e.claim_id, e.line_no, e.rule, e.severity), ', ' ORDER BY e.claim_id COLLATE "C", e.line_no, e.rule)
	FROM claim_edits(day) e WHERE e.rule <> ALL ('{units-underbilled,units-split-lines,units-unknown}')
$$;
SELECT is(said(day::claimday), wanted, what) FROM (VALUES
	('{"C" 1 97124-GP x5 75min 2024-08-01}', 'C 1 mue-day deny', 'five units are above the limit'),
	('{"C" 1 97124-GP x5 75min 2024-08-01; "C" 1 97124-GP x5 75min 2024-08-01 reversal}', NULL, 'a reversal of the line'),
	('{"C" 1 97124-GP x5 75min 2024-08-01; "R" 7 97124-GP x5 2024-08-01 reversal}', NULL, 'under a number of its own, without minutes'),
	('{"C" 1 97124-GP-59 x5 75min 2024-08-01; - - 97124-59-GP x5 2024-08-01 reversal}', NULL, 'without a number, modifiers in another order'),
	('{"C" 1 97124-GP x5 75min 2024-08-01; "R" 1 97124-GP x1 2024-08-01 reversal}', 'C 1 line-partial info', 'a part of it: four are left'),
	('{"C" 1 97124-GP x6 90min 2024-08-01; "R" 1 97124-GP x1 2024-08-01 reversal}', 'C 1 line-partial info, C 1 mue-day deny', 'five are left'),
	('{"C" 1 97124-GP x5 75min 2024-08-01; "R" 1 97124-GP x2 2024-08-01 reversal; "R" 2 97124-GP x3 2024-08-01 reversal}', NULL, 'in two parts'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "R" 1 97124-GP x2 2024-08-01 reversal}', 'R 1 line-invalid unknown', 'more than was billed takes back nothing'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "R" 1 97124-GO x1 2024-08-01 reversal}', 'R 1 line-invalid unknown', 'nor do other modifiers'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "R" 1 97124-GP x1 2024-08-02 reversal}', 'R 1 line-invalid unknown', 'nor another date'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 1 97124-GP x1 2024-08-01 reversal; "C" 1 97124-GP x1 15min 2024-08-01 reversal}', 'C 1 line-invalid unknown', 'one line is taken back once'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 2 97140-GP x1 15min 2024-08-01}', 'C 1 ptp deny', 'a pair'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 2 97140-GP x1 15min 2024-08-01; "R" 1 97140-GP x1 2024-08-01 reversal}', NULL, 'of which one line was taken back'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 1 97124-GP x1 15min 2024-08-01; "C" 1 97124-GP x1 15min 2024-08-01}', 'C 1 duplicate info', 'a row three times'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 2 97124-GP x1 15min 2024-08-01}', 'C 2 duplicate deny', 'two lines of a claim are a duplicate'),
	('{"C" - 97124-GP x1 15min 2024-08-01; "C" - 97124-GP x1 15min 2024-08-01}', 'C duplicate deny', 'and so are rows without a number'),
	('{"C" 1 97124-GP x1 15min 2024-08-01; "C" 1 97124-GP x1 2024-08-01}', 'C 1 duplicate deny', 'and rows of a number that differ'),
	('{"C" 1 97124-GP-76 x2 30min 2024-08-01; "C" 1 97124-GP-76 x2 30min 2024-08-01; "C" 2 97124-GP-76 x2 30min 2024-08-01}', 'C 1 duplicate info', 'four units and not six'),
	('{"C" 1 97124-GP x5 75min 2024-08-01; "C" 1 97124-GP x5 75min 2024-08-01; "R" 1 97124-GP x5 2024-08-01 reversal; "R" 1 97124-GP x5 2024-08-01 reversal}',
		'C 1 duplicate info, R 1 duplicate info', 'line and reversal loaded twice'),
	('{"A" 1 97124-GP x5 75min 2024-08-01; "B" 1 97124-GP x1 15min 2024-08-01; "A" 1 97124-GP x1 2024-08-01 reversal}',
		'A 1 line-partial info, A 1 mue-day deny, B 1 mue-day deny', 'the claim line goes before equal units elsewhere')) v (day, wanted, what);
SELECT is((SELECT n FROM claimline_internal.claim_day_netted('{"C" 1 97124 x1; "C" 1 97124 x1; "C" 1 97124 x1; "R" 1 97124 x1 reversal; "R" 2 97140 x1 reversal; - - -}') n)::text, '("{2,3}",{4},{5})', 'claim_day_netted');
SELECT is((SELECT message FROM claim_edits('{"C" 1 97124-GP x3 2024-08-01 reversal}'::claimday)),
	'the row is a reversal, and no line of the day is what it takes back: 97124 x3 with the same modifiers, on the same date', 'a reversal of nothing says so');
SELECT is(claim_passes('97124 x40 2024-08-01 reversal'), true, 'it is no denial');
SELECT is((SELECT array_agg(p.place || ' ' || p.line ORDER BY p.place) FROM claimline_internal.claim_edits_placed(
	'{"A" 1 97124-GP x1 2024-08-01; "A" 1 97124-GP x1 2024-08-01 reversal; "B" 1 97124-GP x7 2024-08-01; "C" 1 97124-GP x1 2024-08-01 reversal; - 1 97140 x2 2024-08-01 reversal}'::claimday, starter_ruleset()) p
	WHERE (p.finding).rule ~ '^(mue|line)'), '{"4 97124-GP x7 2024-08-01","4 97124-GP x7 2024-08-01","5 97140 x2 2024-08-01 reversal"}', 'findings keep the place and the line of day_lines');
SELECT is((SELECT array_agg(coalesce(f.rule, '-') ORDER BY o, f.rule) FROM (SELECT o, line_edits(line) OVER () AS fs FROM unnest('{97124-GP x5 75min 2024-08-01 reversal,97124-GP x5 75min 2024-08-01,97124-GP x6 2024-08-02}'::claimline[]) WITH ORDINALITY u (line, o)) l
	LEFT JOIN unnest(l.fs) f ON f.severity = 'deny'), '{-,-,mue-day}', 'and in windows their rows');

-- the model

\i test/tap/lib_net.sql

SELECT setseed(0.4) \g /dev/null
INSERT INTO r SELECT n, i, claim_id, line_no, line, NULL, line_units(line) FROM (
	SELECT n, i, (ARRAY['A', 'B', 'C', NULL])[ceil(random() * 4)] AS claim_id, nullif(floor(random() * 3)::int, 0) AS line_no,
		claimline((ARRAY['97124', '97140', '98940'])[ceil(random() * 2.2)], (ARRAY['{GP}', '{GP,59}', '{59,GP}'])[ceil(random() * 3)]::text[], floor(random() * 4)::numeric, CASE WHEN random() < 0.4 THEN 15 * ceil(random() * 3) END::int,
			date '2024-08-01' + CASE WHEN random() < 0.8 THEN 0 WHEN random() < 0.8 THEN 1 END, CASE WHEN random() < 0.2 THEN (ARRAY['09:00', '10:00'])[ceil(random() * 2)]::time END,
			CASE WHEN random() < 0.3 THEN (ARRAY['{M54.2}', '{M54.5}'])[ceil(random() * 2)]::text[] ELSE '{}' END, reversal => random() < 0.35) AS line
	FROM generate_series(1, 700) n, LATERAL (SELECT i FROM generate_series(1, (2 + n % 7)) i) i OFFSET 0) x;
-- most reversals are of lines that are there, and rows are loaded twice
INSERT INTO r SELECT n, 100 + i, CASE WHEN random() < 0.7 THEN claim_id ELSE 'R' END, CASE WHEN random() < 0.7 THEN line_no ELSE 9 END,
	claimline(line_code(line), line_modifiers(line), line_units(line), dos => line_dos(line), dx => CASE WHEN random() < 0.5 THEN line_dx(line) ELSE '{}' END, reversal => true), NULL, line_units(line)
	FROM r WHERE NOT line_reversal(line) AND random() < 0.3;
INSERT INTO r SELECT n, 200 + i, claim_id, line_no, line, NULL, line_units(line) FROM r WHERE random() < 0.15;
ANALYZE r;
DO $$ BEGIN FOR n IN 1 .. 700 LOOP CALL net_of(n); END LOOP; END $$;
CREATE TABLE judged AS SELECT n, claimday(claim_id, line_no, line) AS day, claimday(claim_id, line_no, line ORDER BY random()) AS shuffled,
	claimday(claim_id, line_no, CASE WHEN left_units = line_units(line) THEN line ELSE replace(line::text, ' x' || trim_scale(line_units(line)), ' x' || trim_scale(left_units))::claimline END) FILTER (WHERE net IS NULL) AS net,
	count(*) FILTER (WHERE net = 'copy')::int AS copies, count(*) FILTER (WHERE net = 'reversal')::int AS reversals, count(*) FILTER (WHERE net IS NULL AND line_reversal(line))::int AS unmatched,
	count(*) FILTER (WHERE net IS NULL AND left_units < line_units(line))::int AS reduced
	FROM r GROUP BY n;
CREATE FUNCTION findings(day claimday, from_severity claim_severity) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(f ORDER BY f) FROM (SELECT concat_ws('|', e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no, e.suggestion, e.condition) AS f
		FROM claim_edits(day) e WHERE e.severity >= from_severity) x
$$;
SELECT is((SELECT count(*) FROM judged WHERE findings(day, 'unknown') IS DISTINCT FROM findings(net, 'unknown')), 0::bigint, 'a day has the findings of its net lines');
SELECT is((SELECT count(*) FROM judged j, claimline_internal.claim_day_netted(day) c WHERE ROW(coalesce(cardinality(c.loaded_twice), 0), coalesce(cardinality(c.reversed), 0), coalesce(cardinality(c.unmatched), 0)) IS DISTINCT FROM ROW(j.copies, j.reversals, j.unmatched)), 0::bigint, 'and the counts');
SELECT is((SELECT count(*) FROM judged WHERE findings(day, 'info') IS DISTINCT FROM findings(shuffled, 'info')), 0::bigint, 'in whatever order it came');
SELECT is((SELECT count(*) FROM judged j WHERE reduced <> (SELECT count(*) FROM claim_edits(day) e WHERE e.rule = 'line-partial')
	OR (copies > 0) <> EXISTS (SELECT FROM claim_edits(day) e WHERE e.rule = 'duplicate' AND e.severity = 'info')), 0::bigint, 'what is there twice or taken back in part is told');
SELECT is((SELECT count(*) FROM judged WHERE claim_passes(day) IS DISTINCT FROM claim_passes(net) AND net IS NOT NULL), 0::bigint, 'the verdict is that of the net lines');
SELECT ok((SELECT min(c) > 40 FROM (SELECT unnest(ARRAY[sum(copies), sum(reversals), sum(unmatched), sum(reduced)]) AS c FROM judged) x), 'there is enough of each');

SELECT * FROM finish();
ROLLBACK;

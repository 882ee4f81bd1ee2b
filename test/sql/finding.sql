-- findings: rows, verdicts, the window function; where and how they are called

CREATE SCHEMA finding_test;
SET search_path = finding_test, public;
SET datestyle = 'ISO, YMD';
\pset null (null)

--
-- the whole row
--

CREATE TABLE days (n int PRIMARY KEY, d claimday);
INSERT INTO days VALUES
	(1, '{"C1" 1 97124-59-GP x2 20min 2024-08-01 dx=M54.2; "C1" 2 98941-AT x1 2024-08-01 dx=M54.2,M99.02,M99.03; "C2" 1 97140-GP x1 30min 2024-08-01}'),
	(2, '{"C1" 1 97124 x1 15min 2019-08-01; "C1" 2 98940 x1}'),
	(3, '{- 1 -; - 2 X9999 x1 2024-08-01; - 3 97110-GP x1 15min 2024-08-01}'),
	(4, '{"C1" 1 98941-AT x1 2024-08-01 region=cervical,thoracic,lumbar; "C2" 1 99213-25 x1 2024-08-01; "C2" 2 99212 x1 2024-08-01}'),
	(5, '{- - 97012-GP x0.5 2024-08-01; "é" - 97124-GP x1 35min 2014-12-31; - 5 98940-XS-AT x1 2014-12-31 dx=M99.01}');
\x on
SELECT e.* FROM days, claim_edits(d) e WHERE n = 1;
SELECT e.* FROM days, claim_edits(d) e WHERE n = 2;
SELECT e.* FROM days, claim_edits(d) e WHERE n = 3;
SELECT e.* FROM days, claim_edits(d) e WHERE n = 4;
SELECT e.* FROM days, claim_edits(d) e WHERE n = 5;
\x off

-- a clean day has none; so has an empty one
SELECT count(*) FROM claim_edits('{"C1" 1 97124-GP x1 15min 2024-08-01}'::claimday);
SELECT count(*) FROM claim_edits('{}'::claimday);

--
-- every family, in short
--

CREATE FUNCTION short(day claimday, rules claim_ruleset = starter_ruleset(),
	OUT line_no int, OUT rule text, OUT severity claim_severity, OUT with_line_no int, OUT suggestion claimline, OUT carc text, OUT rarc text, OUT covered boolean) RETURNS SETOF record
LANGUAGE sql AS $$ SELECT line_no, rule, severity, with_line_no, suggestion, carc, rarc, covered FROM claim_edits(day, rules) $$;
CREATE FUNCTION lines(VARIADIC lines text[]) RETURNS claimday
LANGUAGE sql IMMUTABLE AS $$ SELECT claimday(lines::claimline[]) $$;

-- units
SELECT * FROM short(lines('97124-GP x1 2024-08-01'));
SELECT * FROM short(lines('97124-GP x2 22min 2024-08-01', '97110-GP x1 38min 2024-08-01'));
SELECT * FROM short(lines('97124-GP x1 15min 2024-08-01 10:00', '97110-GP x1 15min 2024-08-01 10:14'));
SELECT * FROM short(lines('97124-GP x1 15min 2024-08-01 10:00', '97110-GP x1 15min 2024-08-01 10:15'));
SELECT * FROM short(lines('97124-GP x1 15min 2024-08-01 10:00', '97124-GP x2 30min 2024-08-01 10:15'));
SELECT * FROM short(lines('97124-GP-CQ x1 15min 2024-08-01', '97124-GP x2 30min 2024-08-01'));
SELECT * FROM short(lines('97124 x1 15min 2024-08-01', '97110 x1 8min 2024-08-01'), ruleset('cpt'));
SELECT * FROM short(lines('97124 x1 8min 2024-08-01', '97110 x1 8min 2024-08-01'), ruleset('cpt'));
SELECT * FROM short(lines('97124-GP x1 8min 2024-08-01', '97110-GP x1 8min 2024-08-01'));
-- unit limits
SELECT * FROM short(lines('97124-GP x5 75min 2024-08-01'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=cervical,thoracic,lumbar', '98941-AT-76 x1 2024-08-01 region=cervical,thoracic,lumbar', '97010 x1 2024-08-01'));
-- code pairs
SELECT * FROM short(lines('97140-GP x1 15min 2024-08-01', '97124-XS-GP x1 15min 2024-08-01'));
SELECT * FROM short(lines('97150-GP x1 2024-08-01', '97124-GP x1 15min 2024-08-01'));
SELECT * FROM short(lines('97150-59-GP x1 2024-08-01', '97124-GP x1 15min 2024-08-01'));
SELECT * FROM short(lines('97150-GP x1 2024-08-01', '97124-GP-76 x1 15min 2024-08-01'));
SELECT * FROM short(lines('97150-GP x1 2024-08-01', '97124-GP x1 15min 2024-08-02'));
-- manipulation
SELECT * FROM short(lines('98941-AT x1 2024-08-01', '97124-XS-GP x1 15min 2024-08-01'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-XS-GP x1 15min 2024-08-01 region=cervical'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-XS-GP x1 15min 2024-08-01 region=lumbar,cervical'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic', '98943 x1 2024-08-01 region=head'));
SELECT * FROM short(lines('98940-GA x1 2024-08-01 region=thoracic'));
SELECT * FROM short(lines('98940-GY x1 2024-08-01 region=thoracic'));
-- modifiers
SELECT * FROM short(lines('97124-59-XS-GP-KX-76 x1 15min 2024-08-01'));
SELECT * FROM short(lines('97124-GP-GP-AT-CO x1 15min 2024-08-01'));
SELECT * FROM short(lines('97124-ZZ-GP x1 15min 2024-08-01'));
SELECT * FROM short(lines('97124-GP x1 15min 2024-08-01', '97124-59-GP x2 30min 2024-08-02', '97124-59-GP x1 15min 2024-08-02'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-59-GP x1 15min 2024-08-01 region=cervical'));
SELECT * FROM short(lines('99213-59 x1 2024-08-01', '97124-25-GP x1 15min 2024-08-01'));
-- duplicates: what is the same is denied, what differs in a known region is reviewed, also beside each other
SELECT * FROM short(lines('97012-GP x1 2024-08-01', '97012-GP x1 2024-08-01'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '98941-AT x1 2024-08-01 region=thoracic,lumbar,cervical'));
SELECT * FROM short(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '98941-AT x1 2024-08-01 region=thoracic,lumbar,cervical'));
-- outside the edition: review; without a date: unknown; line-invalid stays
SELECT * FROM short(lines('97124-GP x5 75min 2026-08-01', NULL, '97140-GP x1 15min 2026-08-01'));
SELECT * FROM short(lines('97124-GP x5 75min', NULL, '97140-GP x1 15min'));
SELECT * FROM short(lines('97124-GP x5 75min 2020-09-30'));
SELECT * FROM short(lines('97124-GP x5 75min 2020-10-01'));
SELECT * FROM short(lines('97124-GP x5 75min 2024-09-30'));
SELECT * FROM short(lines('97124-GP x5 75min 2024-10-01'));

--
-- overloads
--

-- a day, an array, a line; with rules and without
SELECT line_no, rule, severity FROM claim_edits(lines('97124 x1 15min 2024-08-01', NULL));
SELECT line_no, rule, severity FROM claim_edits(lines('97124 x1 15min 2024-08-01', NULL), ruleset('cpt'));
SELECT claim_id, line_no, rule, severity FROM claim_edits(ARRAY['97124 x1 15min 2024-08-01', NULL]::claimline[]);
SELECT claim_id, line_no, rule, severity FROM claim_edits(ARRAY['97124 x1 15min 2024-08-01', NULL]::claimline[], ruleset('cpt'));
SELECT claim_id, line_no, rule, severity FROM claim_edits('97124 x1 15min 2024-08-01'::claimline);
SELECT claim_id, line_no, rule, severity FROM claim_edits('97124 x5 75min 2024-08-01'::claimline, ruleset('cpt'));
SELECT line_no, rule FROM claim_edits(day => '{- 7 -}'::claimday, rules => starter_ruleset()) UNION ALL SELECT line_no, rule FROM claim_edits(lines => '{NULL}'::claimline[], rules => starter_ruleset())
	UNION ALL SELECT line_no, rule FROM claim_edits(line => NULL::claimline, rules => starter_ruleset());
-- positions are of the array, whatever the order in the day
SELECT line_no, rule, with_line_no FROM claim_edits(ARRAY['98941-AT 2024-08-01 region=thoracic,lumbar,sacral', NULL, '97124-GP 15min 2024-08-01']::claimline[]);
-- nulls: no day has no findings, a line that is null is invalid, rules must be there
SELECT count(*) FROM claim_edits(NULL::claimday);
SELECT count(*) FROM claim_edits(NULL::claimday, starter_ruleset());
SELECT claim_id, line_no, rule, severity, carc, covered FROM claim_edits(NULL::claimline);
SELECT * FROM claim_edits('{}'::claimday, NULL);
SELECT * FROM claim_edits(NULL::claimday, NULL);
SELECT * FROM claim_edits('{}'::claimline[], NULL);
SELECT * FROM claim_edits('97124'::claimline, NULL);

-- verdicts at each severity: info, unknown, review, deny
CREATE TABLE graded (severity claim_severity, l claimline);
INSERT INTO graded VALUES ('info', '97124-GP x1 30min 2024-08-01'), ('unknown', '97124-GP x1 2024-08-01'), ('review', '97124 x1 15min 2019-08-01'), ('deny', '97124 x1 15min 2024-08-01'), (NULL, '97124-GP x1 15min 2024-08-01');
SELECT severity, (SELECT max(e.severity) FROM claim_edits(l) e) AS worst, claim_passes(l, fail_at => 'info') AS info, claim_passes(l, fail_at => 'unknown') AS unknown, claim_passes(l, fail_at => 'review') AS review, claim_passes(l, fail_at => 'deny') AS deny, claim_passes(l) AS by_default
FROM graded ORDER BY severity;
-- the six forms agree
SELECT g.severity, f.fail_at, bool_and(p = (g.severity IS NULL OR g.severity < f.fail_at)) AS right, count(p)
FROM graded g, unnest(enum_range(NULL::claim_severity)) f(fail_at),
	LATERAL (VALUES (claim_passes(l, f.fail_at)), (claim_passes(l, starter_ruleset(), f.fail_at)), (claim_passes(ARRAY[l], f.fail_at)), (claim_passes(ARRAY[l], starter_ruleset(), f.fail_at)),
		(claim_passes(claimday(ARRAY[l]), f.fail_at)), (claim_passes(claimday(ARRAY[l]), starter_ruleset(), f.fail_at))) v(p)
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT claim_passes(l, ruleset('cpt')), claim_passes(ARRAY[l], ruleset('cpt')), claim_passes(claimday(ARRAY[l]), ruleset('cpt')), claim_passes(l), claim_passes(ARRAY[l]), claim_passes(claimday(ARRAY[l])) FROM graded WHERE severity = 'deny';
-- nulls
SELECT claim_passes(NULL::claimline) AS line, claim_passes(NULL::claimday) AS day, claim_passes(NULL::claimline[]) AS lines, claim_passes('{NULL}'::claimline[]) AS null_line, claim_passes('{- 1 -}'::claimday) AS day_with_null_line,
	claim_passes('{}'::claimday) AS empty, claim_passes('{}'::claimline[]) AS empty_array;
SELECT claim_passes('97124'::claimline, NULL::claim_ruleset);
SELECT claim_passes('{97124}'::claimline[], NULL::claim_ruleset);
SELECT claim_passes(NULL::claimday, NULL::claim_ruleset);
SELECT claim_passes('97124'::claimline, NULL::claim_severity);
SELECT claim_passes('{}'::claimday, fail_at => 'fatal');

-- the order of severities
SELECT enum_range(NULL::claim_severity);

--
-- window function
--

CREATE TABLE stored (patient int, pos int, line claimline);
INSERT INTO stored VALUES (1, 1, '98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral'), (1, 2, '97124-GP x1 15min 2024-08-01'), (1, 3, NULL),
	(2, 1, '97124-GP x1 15min 2024-08-01'), (2, 2, '97124-GP x1 15min 2024-08-01'), (3, 1, '97124-GP x1 15min 2024-08-01');
SELECT patient, pos, cardinality(f) AS n, (SELECT array_agg(e.line_no || ' ' || e.rule || ' ' || coalesce(e.with_line_no::text, '-')) FROM unnest(f) e) AS findings
FROM (SELECT *, line_edits(line) OVER (PARTITION BY patient ORDER BY pos) AS f FROM stored) x ORDER BY patient, pos;
-- each row its own, whatever the order of the partition
SELECT patient, pos, (SELECT array_agg(e.rule) FROM unnest(f) e) AS findings
FROM (SELECT *, line_edits(line) OVER (PARTITION BY patient ORDER BY pos DESC) AS f FROM stored) x ORDER BY patient, pos;
SELECT count(*) AS rows, sum(cardinality(f)) AS findings FROM (SELECT line_edits(line) OVER (PARTITION BY patient) AS f FROM stored) x;
-- with rules
SELECT patient, pos, (SELECT array_agg(e.rule) FROM unnest(f) e) AS findings
FROM (SELECT *, line_edits(line, ruleset('cpt')) OVER (PARTITION BY patient ORDER BY pos) AS f FROM stored) x ORDER BY patient, pos;
-- rules that change from partition to partition; the first row's count
SELECT patient, pos, (SELECT array_agg(e.rule) FROM unnest(f) e) AS findings
FROM (SELECT *, line_edits(line, CASE patient WHEN 2 THEN ruleset('cpt') ELSE starter_ruleset() END) OVER (PARTITION BY patient ORDER BY pos) AS f FROM stored) x ORDER BY patient, pos;
SELECT line_edits(line, NULL) OVER () FROM stored;
SELECT line_edits('97124');
-- no partition: everything is one day; a row by itself
SELECT count(*) AS rows, sum(cardinality(f)) AS findings FROM (SELECT line_edits(line) OVER () AS f FROM stored) x;
SELECT f FROM (SELECT line_edits(line) OVER (PARTITION BY patient) AS f FROM stored WHERE patient = 3) x;
-- a frame does not narrow it
SELECT patient, pos, cardinality(f) AS n FROM (SELECT *, line_edits(line) OVER (PARTITION BY patient ORDER BY pos ROWS BETWEEN CURRENT ROW AND CURRENT ROW) AS f FROM stored) x ORDER BY patient, pos;
-- it agrees with the array
SELECT patient, w.f = a.f AS same
FROM (SELECT patient, array_agg(e ORDER BY e.line_no, e.rule, e.with_line_no) AS f FROM (SELECT patient, line_edits(line) OVER (PARTITION BY patient ORDER BY pos) AS f FROM stored) x, unnest(f) e GROUP BY patient) w
	JOIN (SELECT patient, array_agg(e ORDER BY e.line_no, e.rule, e.with_line_no) AS f FROM (SELECT patient, array_agg(line ORDER BY pos) AS lines FROM stored GROUP BY patient) x, claim_edits(lines) e GROUP BY patient) a USING (patient)
ORDER BY patient;

--
-- sets: in FROM, in the select list, left before their end and begun again
--

SELECT n, count(e.rule), count(e.suggestion) AS suggestions FROM days LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY n ORDER BY n;
-- in the select list, beside another set
SELECT n, (claim_edits(d)).rule FROM days WHERE n IN (3, 5) ORDER BY n;
SELECT n, (claim_edits(d)).rule, generate_series(1, 4) FROM days WHERE n = 3;
SELECT count(*) AS rows, bool_and(x.message = (y.e).message AND x.suggestion IS NOT DISTINCT FROM (y.e).suggestion AND x.covered = (y.e).covered) AS same
FROM (SELECT row_number() OVER () AS k, x.* FROM (SELECT (claim_edits(d)).* FROM days WHERE n = 1) x) x JOIN (SELECT row_number() OVER () AS k, e FROM days, claim_edits(d) e WHERE n = 1) y USING (k);
-- the same rows by either way, from stored, from compressed and from plain values
CREATE TABLE wide (n int, d claimday);
INSERT INTO wide SELECT n, d FROM days;
INSERT INTO wide SELECT 100, claimday('C' || i % 7, i, claimline('97124', CASE WHEN i % 3 = 0 THEN '{59,CQ}'::text[] ELSE '{}' END, 1 + i % 5, i % 60, '2024-08-01')) FROM generate_series(1, 300) i;
SELECT n, a.f = b.f AS select_list, a.f = c.f AS plain, cardinality(a.f) > 0 AS any
FROM (SELECT n, (SELECT array_agg(e) FROM claim_edits(d) e) AS f FROM wide) a JOIN (SELECT n, array_agg(e) AS f FROM (SELECT n, claim_edits(d) AS e FROM wide) x GROUP BY n) b USING (n)
	JOIN (SELECT n, (SELECT array_agg(e) FROM claim_edits(d::text::claimday) e) AS f FROM wide) c USING (n) ORDER BY n;
-- lines and arrays that are stored, too
CREATE TABLE one (l claimline, a claimline[]);
INSERT INTO one VALUES ('97124-59-CQ x5 30min 2024-08-01', ARRAY['97124-59-CQ x5 30min 2024-08-01', '97124 x1', NULL]::claimline[]);
SELECT rule, suggestion FROM one, claim_edits(l);
SELECT rule, suggestion FROM claim_edits('97124-59-CQ x5 30min 2024-08-01'::claimline);
SELECT (SELECT array_agg(e) FROM claim_edits(a) e) = (SELECT array_agg(e) FROM claim_edits(ARRAY['97124-59-CQ x5 30min 2024-08-01', '97124 x1', NULL]::claimline[]) e) AS same FROM one;

-- only the first of them
SELECT n, (SELECT e.rule FROM claim_edits(d) e LIMIT 1), ((SELECT claim_edits(d) LIMIT 1)).line_no AS select_list FROM days ORDER BY n;
SELECT n, (SELECT (claim_edits(x.d)).rule FROM days x WHERE x.n = y.n LIMIT 1) FROM days y ORDER BY n;
SELECT e.rule FROM days, LATERAL (SELECT * FROM claim_edits(d) LIMIT 1) e WHERE n <= 3 ORDER BY n;
SELECT n FROM days WHERE NOT EXISTS (SELECT FROM claim_edits(d) WHERE severity = 'deny') ORDER BY n;
SELECT n FROM days WHERE EXISTS (SELECT FROM claim_edits(d) WHERE rule = 'ptp') ORDER BY n;
SELECT n FROM days WHERE 'ptp' IN (SELECT (claim_edits(d)).rule) ORDER BY n;
-- from cursors that are closed early
BEGIN;
DECLARE early CURSOR FOR SELECT n, (claim_edits(d)).rule FROM days ORDER BY n;
FETCH 2 FROM early;
FETCH 1 FROM early;
CLOSE early;
DECLARE back SCROLL CURSOR FOR SELECT e.line_no, e.rule FROM days, claim_edits(d) e WHERE n = 2;
FETCH 3 FROM back;
FETCH BACKWARD 2 FROM back;
FETCH 1 FROM back;
COMMIT;

-- from PL/pgSQL: a loop that is left, an expression that is evaluated again and again
CREATE FUNCTION first_rules() RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	day record;
	finding claim_finding;
BEGIN
	FOR day IN SELECT * FROM days ORDER BY n LOOP
		FOR finding IN SELECT * FROM claim_edits(day.d) LOOP
			RETURN NEXT day.n || ' ' || finding.rule || ' ' || coalesce(finding.suggestion::text, '-');
			EXIT;
		END LOOP;
		RETURN NEXT day.n || ' ' || claim_passes(day.d);
	END LOOP;
END $$;
SELECT first_rules();
-- an error on the way leaves nothing behind
SELECT n, 1 / (n - 2), (claim_edits(d)).rule FROM days ORDER BY n;
SELECT count(*) FROM (SELECT claim_edits(d) FROM days) x;

-- prepared, with a generic plan
SET plan_cache_mode = force_generic_plan;
PREPARE judge (claimday, claim_ruleset) AS SELECT line_no, rule FROM claim_edits($1, $2);
EXECUTE judge('{- 1 97124 x1 15min 2024-08-01}', starter_ruleset());
EXECUTE judge('{- 1 97124 x1 15min 2024-08-01}', ruleset('cpt'));
EXECUTE judge('{- 1 97124 x1 15min 2024-08-01}', NULL);
EXECUTE judge('{- 1 97124 x1 15min 2024-08-01}', starter_ruleset());
RESET plan_cache_mode;

--
-- in constraints, indexes and generated columns
--

CREATE TABLE checked (line claimline CONSTRAINT passes CHECK (claim_passes(line)), ok boolean GENERATED ALWAYS AS (claim_passes(line, fail_at => 'info')) STORED);
INSERT INTO checked (line) VALUES ('97124-GP x1 15min 2024-08-01'), ('97124-GP x1 30min 2024-08-01');
INSERT INTO checked (line) VALUES ('97124 x1 15min 2024-08-01');
INSERT INTO checked (line) VALUES (NULL);
UPDATE checked SET line = line_set_modifiers(line, '{}');
UPDATE checked SET line = '97124-GP x2 30min 2024-08-01' WHERE line_minutes(line) = 30;
SELECT line, ok FROM checked ORDER BY line;

CREATE TABLE indexed (i int, line claimline, day claimday, CHECK (claim_passes(day, starter_ruleset(), 'deny') IS NOT NULL));
INSERT INTO indexed SELECT i, l, claimday(ARRAY[l]) FROM generate_series(1, 200) i, LATERAL (SELECT claimline('97124', CASE WHEN i % 50 > 0 THEN '{GP}'::text[] END, 1, 15, '2024-08-01') AS l) x;
CREATE INDEX indexed_denied ON indexed (i) WHERE NOT claim_passes(line, fail_at => 'deny');
CREATE INDEX indexed_verdict ON indexed (claim_passes(day));
ANALYZE indexed;
SET enable_seqscan = off; SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT i FROM indexed WHERE NOT claim_passes(line, fail_at => 'deny') ORDER BY i;
SELECT i FROM indexed WHERE NOT claim_passes(line, fail_at => 'deny') ORDER BY i;
EXPLAIN (COSTS OFF) SELECT i FROM indexed WHERE claim_passes(day) = false ORDER BY i;
SELECT i FROM indexed WHERE claim_passes(day) = false ORDER BY i;
RESET enable_seqscan; RESET enable_bitmapscan;

--
-- parallel: the edits in workers
--

CREATE TABLE many (day int, claim_id text, line_no int, line claimline) WITH (autovacuum_enabled = off);
INSERT INTO many SELECT i % 100, 'C' || i % 100, i, claimline((ARRAY['97124', '97140', '98941'])[1 + i % 3], '{GP}', 1 + i % 4, 15 + i % 30, '2024-08-01') FROM generate_series(1, 1000) i;
ANALYZE many;
CREATE TABLE found AS SELECT day, e.* FROM (SELECT day, claimday(claim_id, line_no, line) AS d FROM many GROUP BY day) x, claim_edits(d) e;
CREATE TABLE denied AS SELECT count(*) AS n FROM many WHERE NOT claim_passes(line);
SELECT n > 0 AND n < 1000 AS some, (SELECT count(*) FROM found) > 1000 AS many FROM denied;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many WHERE NOT claim_passes(line);
SELECT count(*) = (SELECT n FROM denied) AS same FROM many WHERE NOT claim_passes(line);
SELECT count(*) FROM (SELECT day, e.* FROM (SELECT day, claimday(claim_id, line_no, line) AS d FROM many GROUP BY day) x, claim_edits(d) e EXCEPT ALL SELECT * FROM found) x;
SELECT count(*) FROM (SELECT * FROM found EXCEPT ALL SELECT day, e.* FROM (SELECT day, claimday(claim_id, line_no, line) AS d FROM many GROUP BY day) x, claim_edits(d) e) x;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather; RESET parallel_leader_participation;

--
-- every function states what it may be used for, and has a comment
--

CREATE VIEW functions AS
SELECT p.oid, CASE p.pronamespace WHEN 'claimline_internal'::regnamespace THEN 'claimline_internal.' ELSE '' END || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS function, p.prokind AS kind, p.provolatile AS volatile, p.proparallel AS parallel, p.proisstrict AS strict, p.proretset AS set,
	obj_description(p.oid, 'pg_proc') IS NOT NULL AS comment
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'claimline';
\pset format unaligned
SELECT function, kind, volatile, parallel, strict, set, comment FROM functions ORDER BY function COLLATE "C";
\pset format aligned
-- all are immutable and safe in parallel but what reads or writes tables, triggers, and what reads a file in its order
SELECT split_part(function, '(', 1) AS function, volatile, parallel FROM functions WHERE kind <> 'a' AND (volatile <> 'i' OR parallel <> 's') ORDER BY function COLLATE "C";
-- without a comment: input and output, the operators' support, the parts of the aggregates
SELECT string_agg(function, E'\n' ORDER BY function COLLATE "C") AS without_comment FROM functions WHERE NOT comment;
-- types have one, too
SELECT t.typname, obj_description(t.oid, 'pg_type') IS NOT NULL AS comment, t.typstorage, t.typalign
FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e' JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'claimline' WHERE t.typelem = 0 AND (t.typrelid = 0 OR t.typname = 'claim_finding') ORDER BY t.typname;

SET client_min_messages = warning;
DROP SCHEMA finding_test CASCADE;

-- a bare literal as second argument is a severity
SELECT claim_passes('97124-GP x1 2024-08-01'::claimline, 'review') AS unknown_passes_review,
	claim_passes('97124-GP x1 2024-08-01'::claimline, 'unknown') AS but_not_unknown,
	claim_passes(ARRAY['97124-GP x1 2024-08-01'::claimline], 'unknown') AS lines,
	claim_passes('{- 1 97124-GP x1 2024-08-01}'::claimday, 'unknown') AS day;

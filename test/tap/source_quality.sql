-- claim_source_quality: what is in the relation of a source, counted in one pass; rows that are no lines in guards, scans and reports.

BEGIN;
\i test/tap/lib.sql

SELECT * FROM no_plan();

CREATE SCHEMA quality;
SELECT set_config('search_path', 'quality, ' || current_setting('search_path'), true) \g /dev/null

-- the rows of a source's quality, one text each
CREATE FUNCTION said(src text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', q.kind, q.field, q.what, q."rows", q.charge, q.example) FROM claim_source_quality(src) q
$$;

-- ------------------------------------------------------------ kinds and fields

CREATE TABLE raw (claim text, line text, p text, v text, d text, code text, m1 text, m2 text, units text, minutes text, start text, dx text, region text, spec text, ref text, visit text, charge numeric);
INSERT INTO raw (claim, line, p, d, code, units, charge) SELECT 'C' || n, '1', 'P', '2024-08-01', '97124', '1', 10 FROM generate_series(1, 5) n;
INSERT INTO raw (claim, line, p, d, code, units, dx, spec, charge) VALUES ('D1', '1', 'P', '2024-08-01', '97124', '1', 'NA', NULL, 1), ('D2', '2', 'P', '2024-08-01', '97124', '1', 'UNK!', NULL, 2), ('D0', '3', 'P', '2024-08-01', '97124', '1', 'x"y', NULL, 4),
    ('E1', '1', 'P', '2024-08-01', '97124', '1', 'NA', '207Q', 8), ('E2', '1', 'P', '2024-08-01', '97124', '1', 'M54.2', '207Q', NULL);
INSERT INTO raw (claim, line, p, d, code, units, dx, charge) VALUES ('F1', '1', 'P', '2024-08-01', '0120', '1', NULL, 100), ('F2', NULL, 'P', '2024-08-01', '9712', '1', 'NA', 200), ('F3', '1', 'P', '2024-08-01', NULL, '1', NULL, 400),
    ('F4', '1', 'P', '2024-13-01', '97124', '1', NULL, 800), (NULL, '7', 'P', '2024-08-01', '97124', '1000001', NULL, 1600), ('F6', '1', 'P', '2024-08-01', '97124', '1000002.5', NULL, 3200), ('F7', '1', 'P', '2024-08-01', '97124', 'one', NULL, 6400), ('F8', '1', 'P', '2024-08-01', '97124', NULL, NULL, 12800);
SELECT claim_source_add('raw', 'raw', NULL, '{"patient": "p", "dos": "d", "claim_id": "claim", "line_no": "line", "code": "code", "modifiers": ["m1", "m2"], "units": "units", "minutes": "minutes", "start_time": "start", "dx": "dx",
    "regions": "region", "specialty": "spec", "referral": "ref", "visit": "visit"}', charge => 'charge') \g /dev/null
SELECT results_eq('SELECT * FROM said(''raw'')', $$VALUES
    ('line | 5 | 50'),
    ('line-partial | dx | Diagnosis "..." must be an ICD-10-CM code of 3 to 7 characters. | 3 | 7 | claim D0 line 3: Diagnosis "x" must be an ICD-10-CM code of 3 to 7 characters.'),
    ('line-partial | dx, specialty | Diagnosis "..." must be an ICD-10-CM code of 3 to 7 characters. Specialty "..." must be a CMS code of 2 characters or a NUCC taxonomy code of 10. | 1 | 8 | claim E1 line 1: Diagnosis "NA" must be an ICD-10-CM code of 3 to 7 characters. Specialty "207Q" must be a CMS code of 2 characters or a NUCC taxonomy code of 10.'),
    ('line-partial | specialty | Specialty "..." must be a CMS code of 2 characters or a NUCC taxonomy code of 10. | 1 | claim E2 line 1: Specialty "207Q" must be a CMS code of 2 characters or a NUCC taxonomy code of 10.'),
    ('line-invalid | code | Code "..." must be 5 characters of 0-9 and A-Z. | 2 | 300 | claim F1 line 1: Code "0120" must be 5 characters of 0-9 and A-Z.'),
    ('line-invalid | units | Units are ..., must be 0 to 999999.999. | 2 | 4800 | claim F6 line 1: Units are 1000002.5, must be 0 to 999999.999.'),
    ('line-invalid | code | Code must not be null. | 1 | 400 | claim F3 line 1: Code must not be null.'),
    ('line-invalid | dos | Date of service is "...", not a date. | 1 | 800 | claim F4 line 1: Date of service is "2024-13-01", not a date.'),
    ('line-invalid | units | Units are "...", not a number. | 1 | 6400 | claim F7 line 1: Units are "one", not a number.'),
    ('line-invalid | units | Units must not be null. | 1 | 12800 | claim F8 line 1: Units must not be null.')$$, 'by kind, field and reason, each with an example');
SELECT is((SELECT sum("rows") FROM claim_source_quality('raw')), (SELECT count(*)::numeric FROM raw), 'each row is counted once');
SELECT is((SELECT sum(charge) FROM claim_source_quality('raw')), (SELECT sum(charge) FROM raw), 'and so is what it charges');
SELECT results_eq($$SELECT kind, sum("rows") FROM claim_source_quality('raw') GROUP BY 1 ORDER BY 1$$,
    $$SELECT CASE WHEN line IS NULL THEN 'line-invalid' WHEN line_error IS NULL THEN 'line' ELSE 'line-partial' END, count(*)::numeric FROM raw_lines GROUP BY 1 ORDER BY 1$$, 'kinds are those of the view');
SELECT is((SELECT example FROM claim_source_quality('raw') WHERE what LIKE 'Units are ...%'), 'claim F6 line 1: Units are 1000002.5, must be 0 to 999999.999.', 'of several examples the first as they sort');
DELETE FROM raw WHERE claim = 'F6';
SELECT is((SELECT example FROM claim_source_quality('raw') WHERE what LIKE 'Units are ...%'), 'patient P line 7: Units are 1000001, must be 0 to 999999.999.', 'a row without a claim is found by its patient');

-- of many values there are few reasons: no value is in one, whatever it holds
TRUNCATE raw;
CREATE FUNCTION junk(n int, seed int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE draw(n, seed, 8) WHEN 0 THEN 'Z!' || n WHEN 1 THEN n || '", must be "' || n WHEN 2 THEN '"' WHEN 3 THEN repeat('long ' || n, 20) WHEN 4 THEN '-' || n WHEN 5 THEN n || ' is not, must ' || n WHEN 6 THEN U&'\00E9' || n ELSE '99' || n || '.5' END
$$;
INSERT INTO raw SELECT 'C' || n, '1', 'P', NULL, CASE draw(n, 1, 9) WHEN 0 THEN junk(n, 11) ELSE '2024-08-01' END, CASE draw(n, 2, 9) WHEN 0 THEN junk(n, 12) ELSE '97124' END,
    CASE draw(n, 3, 9) WHEN 0 THEN junk(n, 13) END, CASE draw(n, 4, 9) WHEN 0 THEN junk(n, 14) END, CASE draw(n, 5, 9) WHEN 0 THEN junk(n, 15) ELSE '1' END, CASE draw(n, 6, 9) WHEN 0 THEN junk(n, 16) END,
    CASE draw(n, 7, 9) WHEN 0 THEN junk(n, 17) END, CASE draw(n, 8, 9) WHEN 0 THEN junk(n, 18) END, CASE draw(n, 9, 9) WHEN 0 THEN junk(n, 19) END, CASE draw(n, 10, 9) WHEN 0 THEN junk(n, 20) END,
    CASE draw(n, 21, 9) WHEN 0 THEN junk(n, 22) END, CASE draw(n, 23, 9) WHEN 0 THEN junk(n, 24) END FROM generate_series(1001, 9000) n;
SELECT is((SELECT sum("rows") FROM claim_source_quality('raw')), 8000::numeric, 'of random rows each is counted once');
SELECT cmp_ok((SELECT count(DISTINCT line_error) FROM raw_lines), '>', 3000::bigint, 'of thousands of reasons');
SELECT is((SELECT string_agg(DISTINCT w, E'\n') FROM claim_source_quality('raw') q, regexp_split_to_table(q.what, '(?<=\.) (?=[A-Z])') w WHERE regexp_replace(w, ', must be [0-9].*', '') ~ '[1-9][0-9]{3}'), NULL, 'none has a value in it');
SELECT cmp_ok((SELECT count(DISTINCT w) FROM claim_source_quality('raw') q, regexp_split_to_table(q.what, '(?<=\.) (?=[A-Z])') w), '<', 40::bigint, 'there are few, field by field');
SELECT results_eq($$SELECT f, sum("rows") FROM claim_source_quality('raw') q, regexp_split_to_table(q.field, ', ') f WHERE q.kind = 'line-partial' GROUP BY 1 ORDER BY 1$$,
    $$SELECT CASE u WHEN 'start' THEN 'start_time' WHEN 'region' THEN 'regions' ELSE u END AS f, count(*)::numeric FROM raw_lines, unnest(line_unread(line)) u WHERE NOT line_reversal(line) GROUP BY 1 ORDER BY 1$$, 'fields of partial lines are those that the lines name');
SELECT results_eq($$SELECT what, count(*) FROM (SELECT 'x') x, LATERAL (SELECT what FROM claim_source_quality('raw') WHERE kind = 'line-invalid') q GROUP BY 1 HAVING count(*) > 1$$, 'SELECT NULL::text, NULL::bigint WHERE false', 'a reason has one field');

-- ------------------------------------------------------- every kind of source

CREATE TABLE part (claim text, code text, units int, y int) PARTITION BY LIST (y);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1); CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
INSERT INTO part SELECT 'C' || n, CASE n % 4 WHEN 0 THEN '0120' ELSE '97124' END, 1, 1 + n % 2 FROM generate_series(1, 20000) n;
CREATE VIEW part_view AS SELECT * FROM part; CREATE MATERIALIZED VIEW part_kept AS SELECT * FROM part;
SELECT claim_source_add('s_' || relname, oid, NULL, '{"claim_id": "claim", "code": "code", "units": "units"}') FROM pg_class WHERE relname IN ('part', 'part_view', 'part_kept') AND relnamespace = 'quality'::regnamespace \g /dev/null
SELECT results_eq(format('SELECT kind, "rows", charge, example FROM claim_source_quality(%L)', s), $$VALUES ('line', 15000::bigint, NULL::numeric, NULL),
    ('line-invalid', 5000, NULL, 'claim C10000: Code "0120" must be 5 characters of 0-9 and A-Z.')$$, s) FROM unnest('{s_part,s_part_view,s_part_kept}'::text[]) s;
CREATE TABLE nothing (claim text, code text); SELECT claim_source_add('nothing', 'nothing', NULL, '{"claim_id": "claim", "code": "code"}') \g /dev/null
SELECT is_empty('SELECT * FROM claim_source_quality(''nothing'')', 'an empty table has no rows');
SELECT is((SELECT string_agg(kind, ' ') FROM claim_source_quality('s_part') WHERE "rows" > (SELECT count(*) FROM nothing)), 'line line-invalid', 'it is a relation of its query like any');
-- read once, by workers too
ANALYZE part;
SET LOCAL parallel_setup_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL enable_sort = off;
SELECT matches(plan_of(claimline_internal.claim_source_quality_sql('s_part')), 'Finalize HashAggregate.*Gather.*Partial HashAggregate', 'in parallel');
SELECT is((SELECT count(*) FROM regexp_matches(plan_of(claimline_internal.claim_source_quality_sql('s_part'), 'VERBOSE, COSTS OFF'), 'claim_source_(fault|line)\(', 'g')), 2::bigint, 'the line of a row is read once: each partition has one call');
RESET enable_sort; RESET parallel_setup_cost; RESET min_parallel_table_scan_size;

-- ------------------------------------------------------------- errors, rights

SELECT results_eq($$SELECT state, message, hint FROM error_of('SELECT * FROM claim_source_quality(''rwa'')')$$, $$VALUES ('42704', 'claim source "rwa" does not exist', 'Sources are: nothing, raw, s_part, s_part_kept, s_part_view.')$$, 'an unknown source is an error');
SELECT is((SELECT state FROM error_of('SELECT * FROM claim_source_quality(NULL)')), '42704', 'so is null');
DROP TABLE nothing CASCADE;
SELECT results_eq($$SELECT state, message, hint FROM error_of('SELECT * FROM claim_source_quality(''nothing'')')$$, $$VALUES ('42P01', 'the relation of claim source "nothing" is gone', 'claim_source_rebind puts the source over another relation with the same columns.')$$, 'and one whose relation is gone');
CREATE ROLE claimline_quality; GRANT USAGE ON SCHEMA quality TO claimline_quality;
SET LOCAL ROLE claimline_quality;
SELECT is((SELECT state FROM error_of('SELECT * FROM claim_source_quality(''raw'')')), '42501', 'it has the rights of its user');
RESET ROLE;
GRANT SELECT ON part TO claimline_quality; ALTER TABLE part ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON part FOR SELECT TO claimline_quality USING (y = 1);
SET LOCAL ROLE claimline_quality;
SELECT is((SELECT sum("rows") FROM claim_source_quality('s_part')), 10000::numeric, 'and sees its rows');
RESET ROLE;
SELECT is((SELECT concat(provolatile, proparallel, prosecdef) FROM pg_proc WHERE proname = 'claim_source_quality'), 'suf', 'nothing more');

-- ---------------------------------------------- marks of rows that are no lines

CREATE TABLE marked (v text, marks text[], want boolean);
INSERT INTO marked VALUES (NULL, '{blank}', true), ('', '{blank}', true), ('  ', '{blank}', true), ('x', '{blank}', false), (NULL, '{x}', false), ('', '{x,~}', false), ('~', '{~}', true), (' ~ ', '{~}', true), ('~~', '{~}', false),
    ('n', '{N}', true), ('N', '{Y,N}', true), ('1.0', '{1}', true), ('1.5', '{1}', false), ('10', '{1}', false), ('0120', '{0###}', true), ('120', '{0###}', false), ('00120', '{0###}', false), ('012A', '{0###}', false), ('0120.0', '{0###}', true),
    ('12345678', '{########+}', true), ('123456789012345678', '{########+}', true), ('1234567', '{########+}', false), ('12345678x', '{########+}', false), ('d0120', '{D####}', true), ('D012', '{D####}', false), ('E0120', '{D####}', false),
    ('0093-7214-01', '{####-####-##}', true), ('00937214-01', '{####-####-##}', false), ('97124', '{code}', true), ('97124-59', '{code}', true), ('HC:97140:GP', '{code}', true), ('97124.0', '{code}', true), ('cpt4:97124', '{code}', true), ('G0283', '{code}', true),
    ('9712', '{code}', false), ('387854002', '{code}', false), ('massage', '{code}', false), (NULL, '{code}', false), (NULL, '{}', false), ('x', '{}', false), (NULL, NULL, false), ('x', NULL, false), ('x', '{NULL,x}', true), ('blank', '{blank}', false), (U&'\0661\0661\0661\0661', '{####}', false);
SELECT is(claimline_internal.claim_is_marked(v, marks), want, format('%L is%s one of %s', v, CASE WHEN want THEN '' ELSE ' not' END, marks)) FROM marked;
SELECT ok((SELECT plan_rows < 100 FROM (SELECT (regexp_match(plan_of('SELECT * FROM part WHERE claimline_internal.claim_is_marked(code, ''{blank}'') AND claimline_internal.claim_is_marked(claim, ''{blank}'')', 'COSTS ON'), 'rows=(\d+)'))[1]::int AS plan_rows) p), 'the planner expects few');

-- a mapping as release 0.1 stored it: the tests alone, of values and of blanks
UPDATE claimline_internal.claim_source SET mapping = mapping || jsonb_build_object('skip', jsonb_build_array(jsonb_build_array(
    jsonb_build_object('column', mapping #> '{fields,code,columns,0}', 'values', '["0120"]'::jsonb, 'blank', true), jsonb_build_object('column', mapping #> '{fields,units,columns,0}', 'values', '["1"]'::jsonb, 'blank', false)))) WHERE name = 's_part_view';
SELECT results_eq($$SELECT kind, what, "rows" FROM claim_source_quality('s_part_view')$$, $$VALUES ('line', NULL, 15000::bigint), ('left out', 'left out by the mapping', 5000)$$, 'rows that a mapping of release 0.1 leaves out');

SELECT * FROM finish();

ROLLBACK;

-- A field of several columns: in each row the first that is filled counts. Rows of columns of all types drawn by chance, against a source over
-- one column of text that holds what plain SQL says is the first value; then what it does to days, guards, scans and indexes; then the presets.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA first;
SELECT set_config('search_path', 'first, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

-- ------------------------------------------------------------- by chance

-- the values that a column of a type may hold for a field; of text those of every field, blanks, words for null and marks
CREATE TABLE pool (field text, of_type text, vals text[]);
INSERT INTO pool VALUES
    ('', 'text', '{NULL,"","  ","null","NULL",None,nan,NaT,<NA>,n/a,#N/A,~," ~ ",-1}'),
    ('dos', 'text', '{2024-08-01,20240802," 8/3/2024 ",junk,20241345,2024-08-04T10:00:00Z,0001-01-01 00:00:00,02/08/2024}'), ('dos', 'date', '{NULL,2024-08-01,2024-08-02,0001-01-01,9999-12-31}'),
    ('dos', 'timestamp', '{NULL,2024-08-01 10:00,2024-08-02,0001-01-01 00:00}'),
    ('patient', 'text', '{P1," P1 ",1999000001.0,1999000001,"97124 x"}'), ('patient', 'bigint', '{NULL,1999000001,-1,7}'), ('patient', 'varchar(12)', '{NULL,P1,"",1999000001}'), ('patient', 'char(12)', '{NULL,P1,"",7}'),
    ('patient', 'uuid', '{NULL,00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002}'),
    ('claim_id', 'text', '{C1," C1 ",7}'), ('claim_id', 'int', '{NULL,7,-1}'),
    ('line_no', 'text', '{1," 2 ",3.0,x}'), ('line_no', 'int', '{NULL,1,-1,2}'), ('line_no', 'numeric', '{NULL,1,-1,2.5,NaN}'), ('line_no', 'smallint', '{NULL,1,-1,3}'),
    ('code', 'text', '{97124," 97140 ",9712,97124.0,HC:97140:GP,x}'), ('code', 'varchar(12)', '{NULL,"",97124,~}'), ('code', 'int', '{NULL,97124,-1,120}'),
    ('units', 'text', '{1," 2.00 ",x,-3,1e5}'), ('units', 'int', '{NULL,1,-1,0,2000000}'), ('units', 'numeric', '{NULL,1.5,-1.0,NaN,0}'), ('units', 'float8', '{NULL,1.5,-1,NaN,0}'),
    ('minutes', 'text', '{15,2000,x,30.0}'), ('minutes', 'int', '{NULL,15,-1,2000}'),
    ('start_time', 'text', '{9:30,0930,x,9:30 PM}'), ('start_time', 'time', '{NULL,09:30,23:59:59}'), ('start_time', 'timestamp', '{NULL,2024-08-01 10:15,0001-01-01 00:00}'),
    ('specialty', 'text', '{35,05,225100000X,x y}'), ('specialty', 'int', '{NULL,35,5,-1}'),
    ('referral', 'text', '{Y,no,maybe}'), ('referral', 'boolean', '{NULL,true,false}'),
    ('visit', 'text', '{1,20.0,x}'), ('visit', 'int', '{NULL,3,-1}'),
    ('charge', 'text', '{12.50,"1,000",x}'), ('charge', 'numeric', '{NULL,40.25,-1,NaN}'), ('charge', 'int', '{NULL,40,-1}');
INSERT INTO pool SELECT 'provider', of_type, vals FROM pool WHERE field = 'patient';

-- how a value of a type is written as text, and whether it is filled: in SQL alone
CREATE FUNCTION written(field text, of_type text, v text, format text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN field = 'dos' AND of_type <> 'text' THEN replace(replace(replace(coalesce(format, 'YYYY-MM-DD'), 'YYYY', to_char(v::date, 'YYYY')), 'MM', to_char(v::date, 'MM')), 'DD', to_char(v::date, 'DD'))
        WHEN field = 'start_time' AND of_type <> 'text' THEN substring(v FROM '[0-9]+:[0-9:]+$')
        WHEN field = 'specialty' AND of_type = 'int' THEN regexp_replace(v, '^(\d)$', '0\1')
        WHEN of_type = 'text' OR of_type LIKE '%char%' THEN btrim(v) ELSE v END
$$;
CREATE FUNCTION filled(field text, of_type text, v text, marks text[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT v IS NOT NULL AND btrim(v) <> '' AND lower(btrim(v)) <> ALL ('{"null",none,nan,nat,<na>,n/a,#n/a}')
        AND CASE WHEN of_type IN ('int', 'bigint', 'smallint', 'numeric', 'float8') THEN v::numeric <> ALL (ARRAY(SELECT m::numeric FROM unnest(marks) m WHERE m ~ '^-?\d+$'))
            WHEN of_type IN ('date', 'timestamp') THEN v::date <> ALL (ARRAY(SELECT m::date FROM unnest(marks) m WHERE m ~ '^\d+-\d+-\d+$'))
            WHEN field = 'dos' AND v LIKE '0001-01-01%' THEN '0001-01-01' <> ALL (marks)
            ELSE btrim(v) <> ALL (marks) END
$$;

CREATE FUNCTION compare(field text, types text[], marks text[] DEFAULT '{}', format text DEFAULT NULL) RETURNS SETOF text LANGUAGE plpgsql AS $f$
DECLARE
    what CONSTANT text := format('%s of %s%s%s', field, types, CASE WHEN marks = '{}' THEN '' ELSE ' without ' || marks::text END, coalesce(' by ' || format, ''));
    n int := cardinality(types);
    i int;
    how jsonb;
    others jsonb := '{"patient": "k", "code": "hcpcs"}'::jsonb - field;
BEGIN
    EXECUTE format('CREATE TABLE several (k int, hcpcs text, %s)', (SELECT string_agg(format('c%s %s', o, t), ', ' ORDER BY o) FROM unnest(types) WITH ORDINALITY u(t, o)));
    CREATE TABLE one (k int, hcpcs text, v text);
    FOR k IN 1..400 LOOP
        DECLARE
            vals text[] := '{}';
            first text := NULL;
            pools text[];
        BEGIN
            FOR i IN 1..n LOOP
                pools := ARRAY(SELECT v FROM pool p, unnest(p.vals) v WHERE p.of_type = types[i] AND p.field IN (compare.field, CASE WHEN types[i] = 'text' THEN '' ELSE compare.field END));
                vals := vals || pools[1 + draw(10 * k + i, 7, cardinality(pools))];
            END LOOP;
            SELECT written(field, types[o], v, format) INTO first FROM unnest(vals) WITH ORDINALITY u(v, o) WHERE filled(field, types[o], v, marks) ORDER BY o LIMIT 1;
            EXECUTE format('INSERT INTO several VALUES (%s, 97124, %s)', k, (SELECT string_agg(quote_nullable(v), ', ' ORDER BY o) FROM unnest(vals) WITH ORDINALITY u(v, o)));
            INSERT INTO one VALUES (k, '97124', first);
        END;
    END LOOP;
    how := jsonb_strip_nulls(jsonb_build_object('missing', nullif(to_jsonb(marks), '[]'), 'format', format));
    IF field = 'charge' THEN
        PERFORM claim_source_add('several', 'several', NULL, others, (SELECT jsonb_agg('c' || o)::text FROM generate_series(1, n) o)), claim_source_add('one', 'one', NULL, others, 'v');
    ELSE
        PERFORM claim_source_add('several', 'several', NULL, others || jsonb_build_object(field, how || jsonb_build_object('column', (SELECT jsonb_agg('c' || o) FROM generate_series(1, n) o)))),
            claim_source_add('one', 'one', NULL, others || jsonb_build_object(field, how || '{"column": "v"}'));
    END IF;
    RETURN NEXT is((SELECT count(DISTINCT v) FROM one) > 0 AND (SELECT count(*) FROM one WHERE v IS NULL) > 3, true, what || ': there are values, and rows without one');
    RETURN NEXT is((SELECT string_agg(d::text, E'\n' ORDER BY d::text) FROM (
            (SELECT 'several', patient::text, provider::text, dos, claim_id, line_no, line::text, line_error, charge, code::text FROM several_lines EXCEPT ALL SELECT 'several', patient::text, provider::text, dos, claim_id, line_no, line::text, line_error, charge, code::text FROM one_lines)
            UNION ALL (SELECT 'one', patient::text, provider::text, dos, claim_id, line_no, line::text, line_error, charge, code::text FROM one_lines EXCEPT ALL SELECT 'one', patient::text, provider::text, dos, claim_id, line_no, line::text, line_error, charge, code::text FROM several_lines)) d),
        NULL, what || ': as one column with the first value');
    PERFORM claim_source_drop('several'), claim_source_drop('one');
    DROP TABLE several, one;
END $f$;
SELECT compare(field, types::text[], marks::text[], format) FROM (VALUES
    ('dos', '{date,date}', '{}', NULL), ('dos', '{date,date}', '{0001-01-01}', NULL), ('dos', '{date,timestamp}', '{0001-01-01}', NULL), ('dos', '{text,text}', '{~,0001-01-01}', NULL), ('dos', '{date,text}', '{0001-01-01}', NULL),
    ('dos', '{text,timestamp,date}', '{~}', NULL), ('dos', '{timestamp,text}', '{0001-01-01,~}', NULL), ('dos', '{date,text}', '{}', 'DD/MM/YYYY'), ('dos', '{text,date}', '{9999-12-31}', 'DD"MM"YYYY'),
    ('patient', '{text,text}', '{~}', NULL), ('patient', '{text,bigint}', '{-1,~}', NULL), ('patient', '{bigint,bigint}', '{-1}', NULL), ('patient', '{varchar(12),char(12)}', '{}', NULL), ('patient', '{uuid,uuid}', '{}', NULL),
    ('provider', '{text,varchar(12),bigint}', '{-1}', NULL), ('provider', '{bigint,bigint,bigint}', '{-1}', NULL), ('provider', '{uuid,text}', '{}', NULL),
    ('claim_id', '{text,int}', '{~}', NULL), ('claim_id', '{int,int}', '{-1}', NULL), ('line_no', '{int,text}', '{-1}', NULL), ('line_no', '{numeric,int}', '{-1}', NULL), ('line_no', '{smallint,int}', '{}', NULL),
    ('code', '{text,varchar(12)}', '{~}', NULL), ('code', '{varchar(12),text}', '{}', NULL), ('code', '{int,text}', '{-1}', NULL), ('units', '{int,numeric}', '{-1}', NULL), ('units', '{numeric,float8}', '{}', NULL),
    ('units', '{text,numeric}', '{~}', NULL), ('units', '{float8,int,text}', '{-1}', NULL), ('units', '{float8,float8}', '{-1}', NULL), ('minutes', '{int,text}', '{-1}', NULL), ('minutes', '{int,int}', '{}', NULL),
    ('start_time', '{time,text}', '{}', NULL), ('start_time', '{time,timestamp}', '{0001-01-01}', NULL), ('start_time', '{timestamp,text}', '{0001-01-01,~}', NULL), ('start_time', '{timestamp,timestamp}', '{0001-01-01}', NULL),
    ('specialty', '{int,text}', '{-1}', NULL), ('specialty', '{int,int}', '{-1}', NULL), ('specialty', '{text,text}', '{}', NULL), ('referral', '{boolean,text}', '{}', NULL), ('referral', '{boolean,boolean}', '{}', NULL),
    ('visit', '{int,text}', '{-1}', NULL), ('visit', '{text,text}', '{~}', NULL), ('charge', '{numeric,text}', '{}', NULL), ('charge', '{int,numeric}', '{}', NULL)) v(field, types, marks, format);

-- the settings of the session do not turn a date around
SET LOCAL datestyle = 'SQL, DMY';
SELECT compare('dos', '{date,text}', '{0001-01-01}');
SET LOCAL datestyle = 'ISO';

-- --------------------------------------------------------- what it is in SQL

CREATE TABLE lines (claim_id text, n int, person text, npi text, billing text, line_day date, claim_day date, hcpcs text, m text);
CREATE INDEX ON lines (COALESCE(line_day, claim_day)); CREATE INDEX ON lines (person, npi, line_day);
INSERT INTO lines VALUES ('1', 1, 'P', 'A', 'G', NULL, '2024-08-01', '98940', 'AT'), ('1', 2, 'P', ' ', 'A', '2024-08-01', '2024-08-02', '97124', 'GP'), ('2', 1, 'P', 'n/a', 'G', '2024-08-01', NULL, '97124', 'GP');
SELECT claim_source_add('lines', 'lines', NULL, '{"claim_id": ["claim_id"], "line_no": "n", "patient": "person", "provider": ["npi", "billing"], "dos": ["line_day", "claim_day"], "code": "hcpcs", "modifiers": "m"}') \g /dev/null
SELECT claim_source_add('single', 'lines', NULL, '{"claim_id": "claim_id", "line_no": "n", "patient": "person", "provider": "npi", "dos": "line_day", "code": "hcpcs", "modifiers": "m"}') \g /dev/null
SELECT claim_source_add('list_of_one', 'lines', NULL, '{"claim_id": {"column": ["claim_id"]}, "line_no": ["n"], "patient": ["person"], "provider": ["npi"], "dos": ["line_day"], "code": ["hcpcs"], "modifiers": "m"}') \g /dev/null
SELECT is(claim_source_select('list_of_one'), claim_source_select('single'), 'a list of one column is the column');
SELECT is((SELECT mapped FROM claim_sources WHERE name = 'lines'), '{"claim_id": "claim_id", "line_no": "n", "patient": "person", "provider": ["npi", "billing"], "dos": ["line_day", "claim_day"], "code": "hcpcs", "modifiers": "m"}'::jsonb, 'claim_sources lists the columns');
SELECT results_eq('SELECT patient, provider, dos, array_agg(claim_id || line_no ORDER BY claim_id, line_no) FROM lines_lines GROUP BY 1, 2, 3 ORDER BY 2', $$VALUES ('P', 'A', date '2024-08-01', '{11,12}'::text[]), ('P', 'G', '2024-08-01', '{21}')$$,
    'days are grouped by the first that is filled');
SELECT results_eq($$SELECT e.claim_id, e.line_no, e.rule FROM (SELECT claimday(claim_id, line_no, line) AS day FROM lines_lines GROUP BY patient, provider, dos) d, claim_edits(d.day) e WHERE e.severity = 'deny' ORDER BY 1, 2, 3$$,
    $$VALUES ('1'::text, 2, 'ptp')$$, 'and judged so');
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of('SELECT line FROM lines_lines WHERE dos = date ''2024-08-01'''), 'Index Cond: \(COALESCE\(line_day, claim_day\) = ', 'an index on the same expression serves');
SELECT matches(plan_of('SELECT line FROM lines_lines WHERE patient = ''P'' AND provider = ''A'' AND dos = date ''2024-08-01'''), 'Index Cond: .*person = ''P''', 'and one on the patient, who is one column');
SET LOCAL enable_seqscan = on;
ALTER TABLE lines RENAME billing TO "Billing NPI";
SELECT alike(claim_source_select('lines'), '%claim_read_filled(t."Billing NPI"::text)%', 'a renamed column is followed');
SELECT is((SELECT row(kind, type)::text FROM (SELECT mapping #>> '{fields,provider,kind}', mapping #>> '{fields,provider,type}' FROM claimline_internal.claim_source WHERE name = 'lines') m(kind, type)), '(text,text)', 'columns of text are text');

-- a value that cannot be read is one: no other column stands in for it
CREATE TABLE unread (p text, c text, d text, d2 date, m text, m2 int);
INSERT INTO unread VALUES ('P', '97124', 'junk', '2024-08-01', 'x', 15), ('P', '97124', '', '2024-08-01', 'None', 15);
SELECT claim_source_add('unread', 'unread', NULL, '{"patient": "p", "code": "c", "dos": ["d", "d2"], "minutes": ["m", "m2"]}') \g /dev/null
SELECT results_eq('SELECT dos, line::text, line_error FROM unread_lines ORDER BY dos', $$VALUES (date '2024-08-01', '97124 x1 15min 2024-08-01', NULL), (NULL, NULL, 'Date of service is "junk", not a date.')$$, 'what is not read is no line, as it is of one column');

-- guards and scans see the same days
DELETE FROM lines;
SELECT claim_guard_add('lines') \g /dev/null
INSERT INTO lines VALUES ('1', 1, 'P', 'A', 'G', NULL, '2024-08-01', '98940', 'AT');
SELECT throws_ok($$INSERT INTO lines VALUES ('1', 2, 'P', '', 'A', '2024-08-01', '2024-07-01', '97124', 'GP')$$, '23514', NULL, 'a guard finds the pair of one that is named in the first column and in the second');
SELECT lives_ok($$INSERT INTO lines VALUES ('1', 2, 'P', 'B', 'A', '2024-08-01', '2024-07-01', '97124', 'GP')$$, 'and none where the first names another');
SELECT throws_ok($$UPDATE lines SET npi = NULL WHERE npi = 'B'$$, '23514', NULL, 'until it does not');
SELECT claim_guard_drop('lines') \g /dev/null

-- ----------------------------------------------------------------- presets

-- 2,596 lines of which 165 have no date but that of their claim: as many denials as where the date is written in
CREATE TABLE medical_claim (claim_id text, claim_line_number int, person_id text, rendering_npi text, billing_npi text, claim_start_date date, claim_line_start_date date, hcpcs_code text, hcpcs_modifier_1 text, service_unit_quantity numeric);
INSERT INTO medical_claim SELECT 'C' || n / 2, n % 2 + 1, 'P' || n / 2 % 400, CASE WHEN n % 7 = 0 THEN NULL WHEN n % 11 = 0 THEN '' ELSE '1999000001' END, '1999000001', date '2024-01-01' + n / 2 / 400, CASE WHEN (n * 7) % 2596 < 165 THEN NULL ELSE date '2024-01-01' + n / 2 / 400 END,
    (ARRAY['98940', '97124', '97110', '97140', '99213'])[1 + draw(n, 3, 5)], CASE draw(n, 5, 3) WHEN 0 THEN '59' WHEN 1 THEN 'GP' END, 1 + draw(n, 9, 6) FROM generate_series(0, 2595) n;
CREATE TABLE filled_in AS SELECT claim_id, claim_line_number, person_id, coalesce(nullif(rendering_npi, ''), billing_npi) AS rendering_npi, coalesce(claim_line_start_date, claim_start_date) AS claim_line_start_date, hcpcs_code, hcpcs_modifier_1, service_unit_quantity FROM medical_claim;
SELECT claim_source_add('tuva', 'medical_claim', 'tuva'), claim_source_add('filled_in', 'filled_in', 'tuva'), claim_source_add('line_only', 'medical_claim', 'tuva', '{"dos": "claim_line_start_date"}') \g /dev/null
CREATE FUNCTION denials(source text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I GROUP BY patient, provider, dos) d, claim_edits(d.day) e WHERE e.severity = ''deny''', source || '_lines') INTO n;
    RETURN n;
END $$;
SELECT is((SELECT count(*) FROM medical_claim WHERE claim_line_start_date IS NULL), 165::bigint, 'tuva: lines without a date');
SELECT is((SELECT count(*) FROM tuva_lines WHERE dos IS NULL OR provider IS NULL), 0::bigint, 'tuva: each has a date and a provider');
SELECT is(denials('tuva'), denials('filled_in'), 'tuva: as many denials as with dates and providers written in');
SELECT cmp_ok(denials('line_only'), '<>', denials('tuva'), 'tuva: not as many by the dates of lines alone');
SELECT ok((SELECT unmapped @> '{"Lines without a date of their own (claim_line_start_date) are of the first day of their claim."}' FROM claim_sources WHERE name = 'tuva'), 'tuva: it says so');
SELECT ok(NOT (SELECT unmapped @> '{"Lines without a date of their own (claim_line_start_date) are of the first day of their claim."}' FROM claim_sources WHERE name = 'line_only'), 'tuva: and not where the date is mapped by hand');

CREATE TABLE apcd (medical_claim_header_id bigint, line_counter int, internal_member_id bigint, rendering_internal_provider_id bigint, billing_internal_provider_id bigint, first_service_dt date, procedure_code text, quantity numeric);
INSERT INTO apcd VALUES (1, 1, 7, 75, 80, '2024-08-01', '98940', 1), (1, 2, 7, -1, 75, '2024-08-01', '97124', 1), (1, 3, 7, -1, -2, '2024-08-01', '97124', 1), (1, 4, 7, -2, NULL, '2024-08-01', '97124', 1);
SELECT claim_source_add('apcd', 'apcd', 'apcd') \g /dev/null
SELECT results_eq('SELECT line_no, provider FROM apcd_lines ORDER BY 1', 'VALUES (1, 75::bigint), (2, 75), (3, NULL), (4, NULL)', 'apcd: who bills where who renders is not known');

CREATE TABLE partb (cur_clm_uniq_id text, clm_line_num int, bene_mbi_id char(11), rndrg_prvdr_npi_num char(10), clm_line_from_dt date, clm_from_dt date, clm_line_hcpcs_cd text);
INSERT INTO partb VALUES ('1', 1, 'B', 'N', NULL, '2024-08-01', '97124'), ('1', 2, 'B', 'N', '2024-08-02', '2024-08-01', '97124');
SELECT claim_source_add('partb', 'partb', 'cclf5') \g /dev/null
SELECT results_eq('SELECT line_no, dos, line::text FROM partb_lines ORDER BY 1', $$VALUES (1, date '2024-08-01', '97124 x1 2024-08-01'), (2, '2024-08-02', '97124 x1 2024-08-02')$$, 'cclf5: the first day of the claim where the line has none');

INSERT INTO claim_preset (preset, part, field, rank, column_name, marks, source) VALUES ('ours', 'map', 'code', 1, 'c', NULL, 'x'), ('ours', 'else', 'code', 2, 'c2', NULL, 'x'), ('ours', 'map', 'patient', 1, 'p', NULL, 'x'),
    ('ours', 'presence', 'referral', 1, 'r', NULL, 'x'), ('ours', 'else', 'referral', 2, 'r2', NULL, 'x'), ('ours', 'else', 'dos', 1, 'd', NULL, 'x'), ('ours', 'missing', NULL, 1, NULL, '~', 'x'), ('ours', 'map', 'dx', 1, 'x1', NULL, 'x'), ('ours', 'else', 'dx', 2, 'x2', NULL, 'x');
CREATE TABLE ours (p text, c text, c2 text, r text, r2 bigint, d date, x1 text, x2 text);
INSERT INTO ours VALUES ('1', '~', '97124', NULL, 5, '2024-08-01', 'M54.2', 'M99.01'), ('2', '97140', '97124', '~', NULL, NULL, '', 'M99.01');
SELECT claim_source_add('ours', 'ours', 'ours') \g /dev/null
SELECT results_eq('SELECT patient, line::text FROM ours_lines ORDER BY 1', $$VALUES ('1', '97124 x1 2024-08-01 dx=M54.2 referral=yes'), ('2', '97140 x1')$$, 'a preset of our own: else is of rows where those before are not filled');

ALTER TABLE ours DROP COLUMN x1 CASCADE;
SELECT claim_source_drop('ours'), claim_source_add('ours', 'ours', 'ours') \g /dev/null
SELECT results_eq('SELECT patient, line::text FROM ours_lines ORDER BY 1', $$VALUES ('1', '97124 x1 2024-08-01 dx=M99.01 referral=yes'), ('2', '97140 x1 dx=M99.01')$$, 'of a list it is of tables without the columns before');

SELECT * FROM finish();

ROLLBACK;

-- Sources: what is read without errors, what a mapping may say, names and expressions that try to break out, plans, types, rights,
-- row security, columns that are renamed and relations that are dropped. source_presets.sql has the presets.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA src;
SELECT set_config('search_path', 'src, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

-- What a statement says before it fails: state, message, detail, hint
CREATE FUNCTION refusal(statement text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(nullif(concat_ws(' | ', state, message, nullif(detail, ''), nullif(hint, '')), ''), 'no error') FROM error_of(statement)
$$;
-- ------------------------------------------------------------ what is read

SELECT is(claim_read_date(t), d, format('claim_read_date(%L)', t)) FROM (VALUES
    ('20240229', date '2024-02-29'), ('2024-02-29', '2024-02-29'), (' 2024-2-9 ', '2024-02-09'), ('02/29/2024', '2024-02-29'), ('2/9/2024', '2024-02-09'),
    ('29-FEB-2024', '2024-02-29'), ('29-feb-2024', '2024-02-29'), ('29FEB2024', '2024-02-29'), ('2024/02/29', '2024-02-29'),
    ('2024-02-29 00:00:00', '2024-02-29'), ('2024-02-29T10:11:12.123Z', '2024-02-29'), ('20240229 10:00', '2024-02-29'), ('9999-12-31', '9999-12-31'), ('00010101', '0001-01-01'),
    ('20230229', NULL), ('20241345', NULL), ('2024-13-01', NULL), ('2024-00-10', NULL), ('00000101', NULL), ('', NULL), (' ', NULL), ('~', NULL), ('2024', NULL), ('2024022', NULL),
    ('202402290', NULL), ('2024-02-29x', NULL), ('2024-02-29 25:00', NULL), ('31/12/2024', NULL), ('12-31-2024', '2024-12-31'), ('29-FEV-2024', NULL), ('infinity', NULL), ('today', NULL),
    ('20240229; DROP TABLE x', NULL), ('２０２４０２２９', NULL), (repeat('1', 100000), NULL)) v(t, d);
SELECT is(claim_read_date(t, f), d, format('claim_read_date(%L, %L)', t, f)) FROM (VALUES
    ('29/02/2024', 'DD/MM/YYYY', date '2024-02-29'), ('29022024', 'DDMMYYYY', '2024-02-29'), ('02292024', 'MMDDYYYY', '2024-02-29'), ('29.2.2024', 'DD.MM.YYYY', '2024-02-29'),
    ('02/03/2024', 'DD/MM/YYYY', '2024-03-02'), ('02/03/2024', 'MM/DD/YYYY', '2024-02-03'), ('2024-02-29', 'YYYYMMDD', NULL), ('2292024', 'MMDDYYYY', NULL)) v(t, f, d);
SELECT is(claimline_internal.claim_date_format_check(f), ok, format('claim_date_format_check(%L)', f)) FROM (VALUES
    ('YYYYMMDD', true), ('yyyy-mm-dd', true), ('DD-MON-YYYY', true), ('YYYY', false), ('YYYYMM', false), ('YYYYMMDDDD', false), ('YYMMDD', false), ('', false), ('YYYY-MM-DD HH', false)) v(f, ok);
SELECT is(claimline_internal.claim_read_number(t), d, format('claim_read_number(%L)', t)) FROM (VALUES
    ('1.00', 1.00), (' 2 ', 2), ('+3', 3), ('-1', -1), ('.5', .5), ('5.', 5), ('0', 0), ('99999999999999999999', 99999999999999999999), ('', NULL), ('.', NULL), ('-', NULL), ('1,000', NULL),
    ('1e5', NULL), ('NaN', NULL), ('Infinity', NULL), ('0x10', NULL), ('1 2', NULL), ('1.2.3', NULL), ('$1', NULL), ('1-', NULL), (repeat('9', 100), NULL)) v(t, d);
SELECT is(claimline_internal.claim_read_integer(t), d, format('claim_read_integer(%L)', t)) FROM (VALUES
    ('22', 22), ('22.0', 22), ('22.', 22), ('-5', -5), ('+7', 7), ('2147483647', 2147483647), ('-2147483648', -2147483648), ('2147483648', NULL), ('-2147483649', NULL),
    ('22.5', NULL), ('', NULL), ('.', NULL), ('.0', 0), ('99999999999999999999999', NULL), ('x', NULL)) v(t, d);
SELECT is(claimline_internal.claim_read_integer(n), d, format('claim_read_integer(%s)', n)) FROM (VALUES
    (22::numeric, 22), (22.000, 22), (22.5, NULL), ('NaN', NULL), ('Infinity', NULL), (1e20, NULL), (-3, -3)) v(n, d);
-- A field of a line that claim_source_line reads from columns, by their expressions: its value, none, or why it cannot be read
CREATE FUNCTION as_read(field text, columns text, how jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    arguments text := format('%L, %s', CASE WHEN field = 'code' THEN jsonb_build_array('{"field": "code"}' || how)
        ELSE jsonb_build_array('{"field": "code"}'::jsonb, jsonb_build_object('field', field) || how) END,
        CASE WHEN field = 'code' THEN columns ELSE $c$'97124'::text, $c$ || columns END);
    answer text;
BEGIN
    EXECUTE format('SELECT coalesce(e, line_%s(l)::text, %L) FROM (SELECT claimline_internal.claim_source_line(%s) AS l,
        claimline_internal.claim_source_line_error(%s) AS e) s', replace(field, '_time', ''), 'none', arguments, arguments) INTO answer;
    RETURN answer;
END $$;
SELECT is(as_read('referral', quote_literal(t) || '::text'), d, format('a referral: %L', t)) FROM (VALUES
    ('Y', 'true'), ('yes', 'true'), (' T ', 'true'), ('true', 'true'), ('1', 'true'), ('n', 'false'), ('NO', 'false'), ('f', 'false'), ('False', 'false'), ('0', 'false'), ('', 'none'),
    ('maybe', 'Referral is "maybe", must be yes or no.'), ('2', 'Referral is "2", must be yes or no.')) v(t, d);
SELECT is(as_read('start_time', quote_literal(t) || '::text'), d, format('a start time: %L', t)) FROM (VALUES
    ('09:30', '09:30:00'), ('9:30', '09:30:00'), ('0930', '09:30:00'), ('09:30:59', '09:30:00'), ('09:30:59.999', '09:30:00'), ('9:30 PM', '21:30:00'), ('12:00 AM', '00:00:00'), ('12:15pm', '12:15:00'),
    ('23:59', '23:59:00'), ('', 'none')) v(t, d);
SELECT is(as_read('start_time', quote_literal(t) || '::text'), format('Start time is "%s", not a time.', t), format('no start time: %L', t))
    FROM unnest('{24:00,9:60,930,0:30 AM,13:00 PM,9,M,AM,9:30 XM,9:30:60,noon}'::text[]) t;
SELECT is(as_read('start_time', $$time '09:30:15.5'$$), '09:30:00', 'a start time drops seconds');
SELECT is(as_read(field, quote_literal(t) || '::text'), d, format('%s in one column: %L', field, t)) FROM (VALUES
    ('modifiers', '59,GP', '{59,GP}'), ('modifiers', ' 59 GP ', '{59,GP}'), ('modifiers', '59-GP|AT', '{59,GP,AT}'), ('dx', 'M54.2;M99.01', '{M54.2,M99.01}'),
    ('regions', 'upper_extremity, head', '{head,upper_extremity}'), ('modifiers', '', '{}'), ('modifiers', ',;', '{}'), ('modifiers', '59é', claimline_error('97124', '{59é}'))) v(field, t, d);
SELECT is(as_read('modifiers', $$'59 ~ -1 GP'::text$$, '{"missing": ["~", "1"]}'), '{59,GP}', 'a list leaves marks out');
SELECT is(as_read('modifiers', $$'~'::text$$, '{"missing": ["~"]}'), '{}', 'a list that is a mark');
SELECT is(as_read('modifiers', $$'{59,NULL,"",~," ",GP," ~ "}'::text[]$$, '{"missing": ["~"]}'), '{59,GP}', 'an array leaves out what is missing');
SELECT is(as_read('modifiers', $$'59'::text, NULL::text, ''::text, '~'::text, 'GP'::text$$, '{"columns": 5, "missing": ["~"]}'), '{59,GP}', 'so do columns');
SELECT is(as_read('dx', $$'{M54.2,m542,NULL,~,M99.01,"",M5.42}'::text[]$$, '{"first": true, "missing": ["~"]}'), '{M54.2,M99.01}', 'the first diagnoses, each once, those that are none left out');
SELECT is(cardinality(as_read('dx', format('%L::text[]', ARRAY(SELECT 'A' || n FROM generate_series(10, 39) n)), '{"first": true}')::text[]), 12, 'no more than twelve of them');
SELECT is(as_read('dx', format('%L::text[]', ARRAY(SELECT 'A' || n FROM generate_series(10, 39) n))), claimline_error('97124', dx => ARRAY(SELECT 'A' || n FROM generate_series(10, 39) n)), 'more than twelve are an error where not the first are asked for');
SELECT is(claimline_internal.claim_read_text(' x '), 'x', 'claim_read_text trims');
SELECT is(claimline_internal.claim_read_text('  '), NULL, 'claim_read_text: blank is null');
SELECT is(claimline_internal.claim_read_text(' ~ ', '{-1,~}'), NULL, 'claim_read_text: a mark is null');
SELECT is(as_read('code', quote_literal(t) || $$::text, '97140'::text, 'CPT4'::text$$, '{"concepts": 1}') || ' ' || as_read('modifiers', 'NULL::text, ' || quote_literal(t) || '::text', '{"behind": true}'),
    d, format('a procedure with its modifiers: %L', t)) FROM (VALUES
    ('97124', '97124 {}'), ('97124-59', '97124 {59}'), ('CPT4:97124', '97124 {}'), ('HC:97124:59:GP', '97124 {59,GP}'), ('hcpcs g0283 59', 'G0283 {59}'), ('0213T', '0213T {}'), ('97124-591', '97124 {}')) v(t, d);
SELECT is(as_read('code', quote_literal(t) || $$::text, '97140'::text, 'CPT4'::text$$, '{"concepts": 1}'), '97140', format('none, so that the code of the concept is taken: %L', t)) FROM (VALUES
    ('0SB20ZZ'), ('70995007'), ('MASSA'), (''), ('CPT4:'), ('97124é'), ('é97124')) v(t);

-- ------------------------------------------------------------- expressions

SELECT is(claimline_internal.claim_expression_columns(e), d, format('claim_expression_columns(%s)', e)) FROM (VALUES
    ('a', '{a}'::text[]), ('t.a', '{a}'), ('t . "B c"', '{"B c"}'), ('A', '{a}'), ('"a""b" || x', '{"a\"b",x}'), ('CASE WHEN a = ''x'' THEN b ELSE a END -- c', '{a,b,a}'), ('coalesce(a, ''t.b'')', '{a}'),
    ('1', '{}'), ('a::pg_catalog.text', '{a}'), ('a[1]', '{a}'), ('b IN (1, 2)', '{b}'), ('$$; DROP TABLE x$$', '{}'), ('é', '{é}'), ('/* x */ a', '{a}'), ('extract(year FROM a)', '{a}'),
    ('a BETWEEN b AND c', '{a,b,c}'), ('pg_catalog.lower(string => a)', '{a}'), ('a + -b', '{a,b}')) v(e, d);
SELECT is(claimline_internal.claim_expression('upper("B c") || t.a || b -- x', '{d,"E f",select}'), E'(\nupper(t.d) || t."E f" || t."select" -- x\n)', 'claim_expression renames columns');
SELECT throws_ok(format('SELECT claimline_internal.claim_expression_columns(%L)', e), NULL::text, NULL::text, format('no lone expression: %s', e)) FROM unnest(ARRAY[
    '', ' ', '--', 'a, b', 'a; DROP TABLE x', 'a b', 'a AS b', '*', 't.*', 'a FROM x', 'a WHERE true', '1) OR (1 = 1', 'a)', '(a', 'a UNION SELECT 1', '(SELECT 1)', 'EXISTS (SELECT 1)', 'ARRAY(SELECT 1)',
    'a = ANY (SELECT 1)', 'DISTINCT a', 'ALL', 'a ORDER BY 1', 'a LIMIT 1', 'a GROUP BY a', 'a HAVING true', 'a FOR UPDATE', 'a INTO x', '$1', 'count(*)', 'sum(a) FILTER (WHERE true)', 'string_agg(a, a ORDER BY a)',
    'row_number() OVER ()', 'sum(a) OVER (PARTITION BY b)', 'x.a', 's.x.a', '''a', '"a', '/* a', '$x$ a', 'SELECT a', 'VALUES (1)', 'WITH x AS (SELECT 1) SELECT 1', 'a WINDOW w AS ()',
    't./**/a', 'U&"\0061"', 'DEFAULT', 'a \; b']) e;
SELECT is(refusal($$SELECT claimline_internal.claim_expression_columns('a ++ (')$$), '42601 | syntax error at end of input', 'a syntax error is that of the expression');
SELECT current_setting('server_version_num')::int < 190000 AS has_old_strings \gset
\if :has_old_strings
SAVEPOINT old_strings;
SET LOCAL standard_conforming_strings = off;
SELECT is(refusal($$SELECT claimline_internal.claim_expression_columns($x$'\' || a -- '$x$)$$), '22023 | invalid expression in a mapping | It holds a backslash, and standard_conforming_strings is off. | Give one scalar expression over columns of the relation; functions and types outside pg_catalog with their schema.',
    'what a backslash means is not left to a setting');
ROLLBACK TO old_strings;
\else
SELECT skip('the server has standard strings only', 1);
\endif

-- ----------------------------------------------------------------- mapping

CREATE TABLE clean (person varchar(20), npi varchar(10), d date, claim_no bigint, n int, hcpcs varchar(5), m1 varchar(5), m2 varchar(5), u numeric(18, 3), dx1 varchar(7), dx2 varchar(7), mins int, amount numeric(12, 2), loaded timestamptz);
INSERT INTO clean VALUES
    ('P1', '1', '2024-08-01', 7, 1, '98941', 'AT', NULL, 1, 'M9901', 'M99.02', NULL, 60),
    ('P1', '1', '2024-08-01', 7, 2, '97124', '', '59', 2, 'M542', NULL, 30, 80.5),
    ('P1', '1', '2024-08-01', 8, 1, '9712', NULL, NULL, 1, NULL, NULL, NULL, NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('P2', '1', '2024-08-01', 9, 1, '97124', 'XYZ', NULL, 1, NULL, NULL, NULL, NULL),
    ('P2', '1', '2024-08-01', 9, 2, '97124', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('P2', '1', 'infinity', 9, 3, '97124', NULL, NULL, 1, NULL, NULL, NULL, NULL),
    ('P2', '1', '2024-08-01', 9, 4, '97124', NULL, NULL, 1, 'bad!', NULL, NULL, NULL),
    ('P2', '1', '2024-08-01', 9, 5, '97124', NULL, NULL, 1, NULL, NULL, 1441, NULL);

SELECT is(claim_source_add('clean', 'clean', NULL, '{"patient": "person", "provider": "npi", "dos": "d", "claim_id": "claim_no", "line_no": "n", "code": "HCPCS", "modifiers": ["m1", "m2"], "units": "u",
    "dx": ["dx1", "dx2"], "minutes": "mins"}', 'amount', 'loaded')::text, 'clean_lines', 'claim_source_add returns the view');
SELECT is((SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'clean_lines'::regclass AND attnum > 0), '{patient,provider,dos,claim_id,line_no,line,line_error,charge,code}', 'columns in their order');
SELECT is((SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'clean_lines'::regclass AND attnum > 0),
    '{text,text,date,text,integer,claimline,text,"numeric(12,2)",character varying(5)}', 'columns have the types of the base table, but keys in text');
SELECT results_eq($$SELECT claim_id, line_no, line::text, line_error, charge FROM clean_lines ORDER BY claim_id, line_no$$,
    $$VALUES ('7', 1, '98941-AT x1 2024-08-01 dx=M99.01,M99.02', NULL, 60.00), ('7', 2, '97124-59 x2 30min 2024-08-01 dx=M54.2', NULL, 80.50),
        ('8', 1, NULL, claimline_error('9712'), NULL), ('9', 1, '97124 x1 2024-08-01 unread=modifiers', claimline_error('97124', '{XYZ}'), NULL), ('9', 2, NULL, claimline_error('97124', units => NULL), NULL),
        ('9', 3, NULL, claimline_error('97124', dos => 'infinity'), NULL), ('9', 4, '97124 x1 2024-08-01 unread=dx', claimline_error('97124', dx => '{bad!}'), NULL),
        ('9', 5, '97124 x1 2024-08-01 unread=minutes', claimline_error('97124', minutes => 1441), NULL),
        (NULL, NULL, NULL, claimline_error(NULL), NULL)$$, 'every row is there, with its line or its error');
SELECT is((SELECT count(*) FROM clean_lines WHERE (line IS NULL OR line_unread(line) <> '{}') = (line_error IS NULL)), 0::bigint, 'a line or an error, or a line without what has one');
SELECT is((SELECT row(name, owner, relation, view, preset, charge, watermark, state)::text FROM claim_sources WHERE name = 'clean'),
    row('clean', current_user, 'clean', 'clean_lines', NULL, 'amount', 'loaded', 'ok')::text, 'claim_sources lists the source');
SELECT is((SELECT mapped FROM claim_sources WHERE name = 'clean'), '{"patient": "person", "provider": "npi", "dos": "d", "claim_id": "claim_no", "line_no": "n", "code": "hcpcs", "modifiers": ["m1", "m2"], "units": "u",
    "dx": ["dx1", "dx2"], "minutes": "mins", "charge": "amount"}'::jsonb, 'claim_sources says what is mapped');
SELECT is((SELECT unmapped FROM claim_sources WHERE name = 'clean'), '{"No start times are mapped: services that overlap are not seen.","No specialty is mapped: who may bill what cannot be decided.",
    "No referral is mapped: rules that want one answer unknown.","No visit number is mapped: limits of visits are not checked."}', 'claim_sources says what is not');
SELECT is((SELECT row(patient_type, provider_type)::text FROM claimline_internal.claim_source WHERE name = 'clean'), row('text'::regtype, 'text'::regtype)::text, 'types of the keys');

-- the findings are those of the same lines by hand
SELECT results_eq($$SELECT e.claim_id, e.line_no, e.rule, e.severity::text FROM (SELECT claimday(claim_id, line_no, line) AS day FROM clean_lines WHERE patient = 'P1' GROUP BY patient, provider, dos) d,
        claim_edits(d.day) e ORDER BY 1, 2, 3$$,
    $$SELECT e.claim_id, e.line_no, e.rule, e.severity::text FROM (SELECT claimday(c, n, l::claimline) AS day FROM (VALUES ('7', 1, '98941-AT x1 2024-08-01 dx=M99.01,M99.02'),
        ('7', 2, '97124-59 x2 30min 2024-08-01 dx=M54.2'), ('8', 1, NULL)) v(c, n, l)) d, claim_edits(d.day) e ORDER BY 1, 2, 3$$, 'findings through the view are those of lines by hand');

-- text for everything, and marks for what is missing
CREATE TABLE raw (id int, pid text, npi bigint, d text, code text, mods text, u text, mins text, st text, ref text, ln text, dx text, regions text, spec text, visit text, amount text);
INSERT INTO raw VALUES
    (1, 'P', 1, '20240801', '97124', '59,GP', '2.00', '30', '9:30 AM', 'Y', '1', 'M54.2;M99.01', 'cervical', '35', '3', '40.00'),
    (2, 'P', 1, '2024-08-01', 'g0283', '~', ' 1 ', '22.0', '', '', '2.0', '', '', '', '', ''),
    (3, 'P', 1, '20241345', '97124', '', '1', '', '', '', '3', '', '', '', '', ''),
    (4, 'P', 1, '20240801', '97124', '', 'two', '', '', '', '1.5', '', '', '', '', 'x'),
    (5, 'P', 1, '20240801', '97124', '', '1', '22.5', '', '', 'x', '', '', '', '', ''),
    (6, 'P', 1, '20240801', '97124', '', '1', '', '25:00', '', '', '', '', '', '', ''),
    (7, 'P', 1, '20240801', '97124', '', '1', '', '', 'maybe', NULL, '', '', '', '', ''),
    (8, 'P', 1, '20240801', '97124', '', '~', '', '', '', '8', '', '', '', '', ''),
    (9, 'P', 1, '~', '97124', '', '1', '~', '~', '~', '9', '~', '~', '~', '~', '~'),
    (10, 'P', 1, NULL, '97124', NULL, '1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (11, 'P', 1, '20240801', '~', NULL, '1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (12, 'P', 1, '20240801', '97124', '', '1', '99999999999', '', '', '99999999999', '', '', '', '', ''),
    (13, 'P', 1, '20240801', '97124', '', '1', '', '', '', '1', '', 'knee', '', '', ''),
    (14, 'P', 1, '20240801', '97124', '', '1', '', '', '', '1', '', '', '', '1.5', ''),
    (15, 'P', 1, '20240801', '97124', '', '-1', '', '', '', '1', '', '', '', '', ''),
    (16, 'P', 1, '20240801', '97124', '', repeat('x', 100), '', '', '', '1', '', '', '', '', '');
SELECT claim_source_add('raw', 'raw', NULL, (SELECT jsonb_object_agg(f, jsonb_build_object('column', c, 'missing', '["~"]'::jsonb)) FROM (VALUES ('dos', 'd'), ('code', 'code'), ('modifiers', 'mods'), ('units', 'u'),
    ('minutes', 'mins'), ('start_time', 'st'), ('referral', 'ref'), ('line_no', 'ln'), ('dx', 'dx'), ('regions', 'regions'), ('specialty', 'spec'), ('visit', 'visit')) v(f, c))
    || '{"patient": "pid", "provider": "npi", "claim_id": "id"}', 'amount') \g /dev/null
SELECT results_eq($$SELECT claim_id::int, line_no, line::text, line_error, charge, dos FROM raw_lines ORDER BY claim_id::int$$, $$VALUES
    (1, 1, '97124-59-GP x2 30min 2024-08-01 09:30 dx=M54.2,M99.01 region=cervical specialty=35 referral=yes visit=3', NULL, 40.00, date '2024-08-01'),
    (2, 2, 'G0283 x1 22min 2024-08-01', NULL, NULL, date '2024-08-01'),
    (3, 3, NULL, 'Date of service is "20241345", not a date.', NULL, NULL),
    (4, NULL, NULL, 'Units are "two", not a number.', NULL, '2024-08-01'),
    (5, NULL, '97124 x1 2024-08-01 unread=minutes', 'Minutes are "22.5", not a whole number.', NULL, '2024-08-01'),
    (6, NULL, '97124 x1 2024-08-01 unread=start', 'Start time is "25:00", not a time.', NULL, '2024-08-01'),
    (7, NULL, '97124 x1 2024-08-01 unread=referral', 'Referral is "maybe", must be yes or no.', NULL, '2024-08-01'),
    (8, 8, NULL, claimline_error('97124', units => NULL), NULL, '2024-08-01'),
    (9, 9, '97124 x1', NULL, NULL, NULL),
    (10, NULL, '97124 x1', NULL, NULL, NULL),
    (11, NULL, NULL, claimline_error(NULL), NULL, '2024-08-01'),
    (12, NULL, '97124 x1 2024-08-01 unread=minutes', 'Minutes are "99999999999", not a whole number.', NULL, '2024-08-01'),
    (13, 1, '97124 x1 2024-08-01 unread=region', claimline_error('97124', regions => '{knee}'), NULL, '2024-08-01'),
    (14, 1, '97124 x1 2024-08-01 unread=visit', 'Visit is "1.5", not a whole number.', NULL, '2024-08-01'),
    (15, 1, '97124 x1 2024-08-01 reversal', NULL, NULL, '2024-08-01'),
    (16, 1, NULL, 'Units are "' || repeat('x', 60) || '", not a number.', NULL, '2024-08-01')$$, 'text for everything: what cannot be read is said, whatever it is');
SELECT is((SELECT row(patient_type, provider_type)::text FROM claimline_internal.claim_source WHERE name = 'raw'), row('text'::regtype, 'bigint'::regtype)::text, 'a provider keeps its type');

-- other types
CREATE DOMAIN units_domain AS numeric(8, 1);
CREATE TABLE typed (id uuid, pid char(8), npi int, ts timestamp, code char(7), mods text[], u units_domain, f float8, big bigint, st time, ref boolean, spec int, dx char(7)[], amount money);
INSERT INTO typed VALUES ('00000000-0000-0000-0000-000000000001', 'P', 1, '2024-08-01 09:30:15', '97124', '{59,NULL}', 2.0, 30.0, 7, '09:30:15', true, 1, '{M542,NULL}', 40),
    ('00000000-0000-0000-0000-000000000002', 'P', 1, '2024-08-01', '97124', NULL, 2.5, 22.5, 7, NULL, false, 35, NULL, NULL),
    ('00000000-0000-0000-0000-000000000003', 'P', 1, 'infinity', '97124', NULL, 1, NULL, 7, NULL, NULL, NULL, NULL, NULL),
    ('00000000-0000-0000-0000-000000000004', 'P', 1, NULL, '97124', NULL, 1, 'NaN', 7, NULL, NULL, NULL, NULL, NULL),
    ('00000000-0000-0000-0000-000000000005', 'P', 1, NULL, '97124', NULL, 1, 'Infinity', 99999999999, NULL, NULL, NULL, NULL, NULL);
SELECT claim_source_add('typed', 'typed', NULL, '{"patient": "pid", "provider": "npi", "dos": "ts", "claim_id": "id", "line_no": "big", "code": "code", "modifiers": "mods", "units": "u", "minutes": "f", "start_time": "ts",
    "referral": "ref", "specialty": "spec", "dx": "dx"}', 'amount') \g /dev/null
SELECT results_eq($$SELECT right(claim_id, 1), line_no, line::text, line_error, charge FROM typed_lines ORDER BY claim_id$$, $$VALUES
    ('1', 7, '97124-59 x2 30min 2024-08-01 09:30 dx=M54.2 specialty=01 referral=yes', NULL, 40.00),
    ('2', 7, '97124 x2.5 2024-08-01 00:00 specialty=35 referral=no unread=minutes', 'Minutes are "22.5", not a whole number.', NULL),
    ('3', 7, NULL, claimline_error('97124', dos => 'infinity'), NULL), ('4', 7, '97124 x1 unread=minutes', 'Minutes are "NaN", not a whole number.', NULL), ('5', NULL, '97124 x1 unread=minutes', 'Minutes are "Infinity", not a whole number.', NULL)$$,
    'domains, char, timestamp, float, arrays, money');

-- what writes floats writes NaN for a charge that is missing, and one NaN would be the sum of all
CREATE TABLE nan (code text, exact numeric, cents numeric(12,2), half real, float float8, word text, number int);
INSERT INTO nan VALUES ('97124', 'NaN', 'NaN', 'NaN', 'NaN', 'NaN', NULL), ('97124', 64, 64, 64, 64, '64', 64);
SELECT claim_source_add('nan_' || attname, 'nan', columns => '{"code": "code", "patient": "word"}', charge => attname) FROM pg_attribute WHERE attrelid = 'nan'::regclass AND attnum > 1 \g /dev/null
SELECT is(array_agg(charge ORDER BY charge), '{64,NULL}', 'a charge that is NaN is none: ' || kind) FROM (SELECT 'exact', charge FROM nan_exact_lines UNION ALL SELECT 'cents', charge FROM nan_cents_lines
	UNION ALL SELECT 'half', charge FROM nan_half_lines UNION ALL SELECT 'float', charge FROM nan_float_lines UNION ALL SELECT 'word', charge FROM nan_word_lines UNION ALL SELECT 'number', charge FROM nan_number_lines) v (kind, charge) GROUP BY kind;
SELECT is(sum(charge), 64::numeric, 'and what is left adds up') FROM claim_source_quality('nan_cents');

-- constants, expressions, null, marks of numbers and dates
CREATE TABLE odd ("Patient Id" text, "t" text, "select" text, d date, qty int, "qty""x" numeric, ids int[]);
INSERT INTO odd VALUES ('P', '97124', 'GP', '2024-08-01', 2, -1, '{1}'), ('P', '97124', NULL, '9999-12-31', -2, 3, NULL);
SELECT claim_source_add('odd', 'odd', NULL, '{"patient": "Patient Id", "code": {"expression": "upper(t.t)"}, "modifiers": {"expression": "ARRAY[\"select\", CASE WHEN qty > 0 THEN ''59'' END]"},
    "units": {"column": "qty", "missing": [-2, "x"]}, "minutes": {"expression": "\"qty\"\"x\" * 15", "missing": ["-15"]}, "dos": {"column": "d", "missing": ["9999-12-31"]}, "specialty": {"value": "35"}, "regions": {"value": ["cervical"]},
    "referral": {"value": true}, "visit": {"value": 2}, "claim_id": {"value": "it''s \\ one"}}') \g /dev/null
SELECT results_eq($$SELECT claim_id, line::text, line_error, dos, code FROM odd_lines ORDER BY dos$$, $$VALUES ('it''s \ one', '97124-GP-59 x2 2024-08-01 region=cervical specialty=35 referral=yes visit=2', NULL, date '2024-08-01', '97124'),
    ('it''s \ one', NULL, claimline_error('97124', units => NULL), '9999-12-31', '97124')$$, 'constants, expressions and marks');
SELECT is((SELECT mapped -> 'units' FROM claim_sources WHERE name = 'odd'), '"qty"', 'mapped: a column');
SELECT is((SELECT mapped -> 'code' FROM claim_sources WHERE name = 'odd'), '{"expression": "upper(t.t)"}', 'mapped: an expression');
SELECT is((SELECT mapped -> 'visit' FROM claim_sources WHERE name = 'odd'), '{"value": 2}', 'mapped: a constant');

-- columns of types that do not go with their field
CREATE TABLE off (id int, code text[], u text, at timestamp);
INSERT INTO off VALUES (1, '{97124}', '1', '2024-08-01 10:00'), (2, NULL, '1000000.0', '1900-01-01 10:00');
SELECT claim_source_add('off_code', 'off', NULL, '{"claim_id": "id", "code": "code"}') \g /dev/null
SELECT results_eq('SELECT line_error FROM off_code_lines ORDER BY claim_id', $$VALUES (claimline_error('{97124}')), (claimline_error(NULL))$$, 'a code in an array is none');
SELECT claim_source_add('off', 'off', NULL, '{"claim_id": "id", "code": {"value": "97124"}, "units": "u", "start_time": {"column": "at", "missing": ["19000101"]}}') \g /dev/null
SELECT results_eq('SELECT line::text, line_error FROM off_lines ORDER BY claim_id', $$VALUES ('97124 x1 10:00', NULL), (NULL, claimline_error('97124', units => 1000000.0))$$, 'what is wrong with units is said in the digits of the text');
SELECT claim_source_add('off_start', 'off', NULL, '{"claim_id": "id", "code": {"value": "97124"}, "start_time": {"column": "at", "missing": ["19000101"]}}') \g /dev/null
SELECT results_eq('SELECT line::text FROM off_start_lines ORDER BY claim_id', $$VALUES ('97124 x1 10:00'), ('97124 x1')$$, 'a timestamp on a date that is a mark is no start time');
SELECT claim_source_add('off_list', 'off', NULL, '{"claim_id": "id", "code": {"value": "97124"}, "modifiers": {"value": ["GP", null, ["59"]]}}') \g /dev/null
SELECT results_eq('SELECT DISTINCT line_modifiers(line)::text FROM off_list_lines', $$VALUES ('{GP,59}')$$, 'a list in a list of constants is not left out');

-- few fields
SELECT claim_source_add('few', 'clean', NULL, '{"claim_id": "claim_no", "code": "hcpcs"}') \g /dev/null
SELECT results_eq('SELECT DISTINCT patient, provider, dos FROM few_lines ORDER BY 1', $$VALUES (7::bigint, NULL::text, NULL::date), (8, NULL, NULL), (9, NULL, NULL), (NULL, NULL, NULL)$$, 'without a patient each claim is judged by itself');
SELECT is((SELECT line::text FROM few_lines WHERE claim_id = '7' AND code = '97124'), '97124 x1', 'units that are not mapped are 1');
SELECT ok((SELECT unmapped @> '{"No patient is mapped: each claim is judged by itself, without the other claims of the day.","No units are mapped: each line has 1."}' FROM claim_sources WHERE name = 'few'), 'and both are said');

-- ------------------------------------------------------------------- names

CREATE TABLE x (id int);
CREATE TABLE "b""; DROP TABLE x; --" ("c""; DROP TABLE x; --" text, "p'; DROP TABLE x; --" text, "%s %I" date, "e\" int);
INSERT INTO "b""; DROP TABLE x; --" VALUES ('97124', 'P', '2024-08-01', 1);
CREATE SCHEMA "s""; DROP TABLE x; --";
SELECT lives_ok($$SELECT claim_source_add('a"; DROP TABLE x; --', '"b""; DROP TABLE x; --"', NULL, '{"patient": "p''; DROP TABLE x; --", "code": "c\"; DROP TABLE x; --", "dos": {"column": "%s %I", "missing": ["'';DROP TABLE x;--"]},
    "units": {"column": "e\\", "missing": ["\\", "''"]}, "claim_id": {"value": "''; DROP TABLE x; --"}, "dx": {"value": ["''; DROP", "\"}"]}}', NULL, NULL, 's"; DROP TABLE x; --')$$, 'hostile names are quoted');
SELECT is((SELECT claim_id || dos || code FROM "s""; DROP TABLE x; --"."a""; DROP TABLE x; --_lines"), '''; DROP TABLE x; --2024-08-0197124', 'and the view reads');
SELECT lives_ok(claim_source_select('a"; DROP TABLE x; --'), 'and so does its SELECT');
SELECT has_table('src', 'x', 'nothing was dropped');
SELECT lives_ok($$SELECT claim_source_drop('a"; DROP TABLE x; --')$$, 'and it is dropped');
SELECT has_table('src', 'x', 'nothing else was');
SELECT is(refusal(format($$SELECT claim_source_add('bad', 'clean', NULL, jsonb_build_object('patient', 'person', 'code', jsonb_build_object('expression', %L)))$$, e)) LIKE '4_803%' OR
    refusal(format($$SELECT claim_source_add('bad', 'clean', NULL, jsonb_build_object('patient', 'person', 'code', jsonb_build_object('expression', %L)))$$, e)) NOT LIKE 'no error%', true, format('no view of %s', e))
FROM unnest(ARRAY['1); DROP TABLE x; --', 'max(hcpcs)', 'unnest(ARRAY[''97124'', ''98941''])', 'row_number() OVER ()', 'nothing', 'clean.hcpcs', 't', 't.ctid::text', 'tableoid::text', '1/0', 'no_such_function(hcpcs)']) e;
SELECT hasnt_view('src', 'bad_lines', 'nothing is left of a source that was refused');
SELECT is((SELECT count(*) FROM claimline_internal.claim_source WHERE name = 'bad'), 0::bigint, 'nor a row');
SELECT is(refusal($$SELECT claim_source_add('bad', 'clean', NULL, '{"patient": "person", "code": {"expression": "CASE WHEN random() > 0.5 THEN hcpcs END"}}')$$),
    '22023 | the mapping of claim source "bad" calls a volatile function | A row would give another line each time. | A function of yours that is not volatile is declared IMMUTABLE or STABLE.', 'a volatile function is refused');

-- ------------------------------------------------------------------ errors

CREATE TEMP TABLE temporary (code text);
CREATE SEQUENCE seq;
CREATE TABLE two_cases (a int, "A" int, code text, claim_id text);
CREATE VIEW taken_lines AS SELECT 1;
SELECT is(refusal(statement), says, says) FROM (VALUES
    ($$SELECT claim_source_add('clean', 'clean')$$, '42710 | claim source "clean" already exists | Drop it with claim_source_drop, or choose another name.'),
    ($$SELECT claim_source_add('', 'clean')$$, '22023 | invalid name of a claim source: "" | A name has 1 to 50 bytes.'),
    ($$SELECT claim_source_add(NULL, 'clean')$$, '22023 | invalid name of a claim source: null | A name has 1 to 50 bytes.'),
    ($$SELECT claim_source_add(repeat('é', 26), 'clean')$$, '22023 | invalid name of a claim source: "' || repeat('é', 26) || '" | A name has 1 to 50 bytes.'),
    ($$SELECT claim_source_add('taken', 'clean')$$, '42P07 | relation "taken_lines" already exists in schema "src"'),
    ($$SELECT claim_source_add('n', 'seq')$$, '42809 | src.seq is no table and no view | A source is a table, partitioned table, foreign table, view or materialized view.'),
    ($$SELECT claim_source_add('n', 'temporary')$$, '42809 | relation temporary is temporary | A source outlives the session.'),
    ($$SELECT claim_source_add('n', NULL)$$, '42P01 | the relation of a claim source is null'),
    ($$SELECT claim_source_add('n', 4294967295::oid::regclass)$$, '42P01 | the relation of a claim source is gone: 4294967295'),
    ($$SELECT claim_source_add('n', 'clean', schema => NULL)$$, '3F000 | no schema for view "n_lines" | The search path names no schema that exists. | Give the argument "schema".'),
    ($$SELECT claim_source_add('n', 'clean', schema => 'no such')$$, '3F000 | schema "no such" does not exist'),
    ($$SELECT claim_source_add('n', 'clean', columns => NULL)$$, '22023 | columns of a claim source must be a JSON object'),
    ($$SELECT claim_source_add('n', 'clean', columns => '[]')$$, '22023 | columns of a claim source must be a JSON object'),
    ($$SELECT claim_source_add('n', 'clean')$$, '22023 | no column of relation src.clean is mapped to field "code" | Give {"code": "column"} in argument "columns", or a preset.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"code": "hcpcs"}')$$, '22023 | no column of relation src.clean is mapped to field "patient" or "claim_id" | All rows would be lines of one day.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"kode": "hcpcs"}')$$, '22023 | unknown field "columns.kode" | Fields are patient, provider, dos, thru, claim_id, line_no, code, modifiers, units, minutes, start_time, dx, regions, specialty, referral, visit, assistant, frequency, replaces, status, allowed, line, line_error; besides, service_type.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"charge": "amount"}')$$, '22023 | unknown field "columns.charge" | Give the argument "charge".'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"code": "hcpc"}')$$, '42703 | column "hcpc" of relation src.clean does not exist | Columns with names like it: hcpcs.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"code": "ctid"}')$$, '42703 | column "ctid" of relation src.clean does not exist | See \d of the relation for its columns.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"code": "hcpcs", "patient": "person"}', charge => 'charge')$$, '42703 | column "charge" of relation src.clean does not exist | See \d of the relation for its columns.'),
    ($$SELECT claim_source_add('n', 'clean', columns => '{"code": "hcpcs", "patient": "person"}', watermark => 'load')$$, '42703 | column "load" of relation src.clean does not exist | Columns with names like it: loaded.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"column": "code", "mising": []}}')$$, '22023 | unknown key "columns.code.mising" | Keys are column, value, expression, missing, format, as_is and of.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"column": "code", "value": "97124"}}')$$, '22023 | invalid mapping of field "code" | columns.code must have one of the keys column, value and expression.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {}}')$$, '22023 | invalid mapping of field "code" | columns.code must have one of the keys column, value and expression.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": 1}')$$, '22023 | invalid mapping of field "code" | columns.code is 1. | Give a column name, a list of them, null or an object of "column", "value" or "expression".'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": [["code"]]}')$$, '22023 | invalid mapping of field "code" | columns.code is [["code"]]. | A list holds the names of columns.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": []}')$$, '22023 | invalid mapping of field "code" | columns.code is []. | A list holds the names of columns.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"dx": []}')$$, '22023 | invalid mapping of field "dx" | columns.dx is []. | A list holds the names of columns.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"column": null}}')$$, '22023 | invalid mapping of field "code" | columns.code.column is null, must be the name of a column.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"column": "code", "missing": "~"}}')$$, '22023 | invalid mapping of field "code" | columns.code.missing must be a list of texts or numbers.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"value": ["97124"]}}')$$, '22023 | invalid constant for field "code" | columns.code.value must be a text, number or boolean and stand alone.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"dos": {"column": "code", "format": "YYMMDD"}}')$$, '22023 | invalid format for field "dos" | columns.dos.format is "YYMMDD". | A format is for dos and thru and holds YYYY, MM or MON, and DD, each once, like YYYYMMDD or MM/DD/YYYY.'),
    ($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": {"expression": 1}}')$$, '22023 | invalid mapping of field "code" | columns.code.expression must be a text.'),
    ($$SELECT claim_source_add('n', 'clean', 'tuwa')$$, '42704 | preset "tuwa" does not exist | Presets are apcd, bfd, cclf5, fhir, omop, rif, synpuf, tuva, x12.'),
    ($$SELECT claim_source_add('n', 'clean', 'tuva')$$, '22023 | relation src.clean is not of the layout of preset "tuva" | It has none of the columns of the code: hcpcs_code. | Map its columns with the argument "columns".'),
    ($$SELECT claim_source_drop('none')$$, '42704 | claim source "none" does not exist | Sources are: ' || (SELECT string_agg(name, ', ' ORDER BY name) FROM claim_sources) || '.'),
    ($$SELECT claim_source_select('none')$$, '42704 | claim source "none" does not exist | Sources are: ' || (SELECT string_agg(name, ', ' ORDER BY name) FROM claim_sources) || '.')) v(statement, says);
SELECT lives_ok($$SELECT claim_source_add('cases', 'two_cases', columns => '{"code": "code", "claim_id": "CLAIM_ID", "line_no": "A"}')$$, 'the exact name goes before one in another case');
ALTER TABLE two_cases RENAME a TO "AA"; ALTER TABLE two_cases RENAME "A" TO aa;
SELECT is(refusal($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": "code", "claim_id": "claim_id", "line_no": "Aa"}')$$), '42702 | column "Aa" of relation src.two_cases is ambiguous | Give the name in its own case.', 'an ambiguous name is refused');
SELECT is(refusal($$SELECT claim_source_add('n', 'two_cases', columns => '{"code": "code", "claim_id": "claim_id", "units": {"value": "x"}}')$$), '22P02 | invalid input syntax for type numeric: "x"', 'a constant of a wrong type is refused');

-- ------------------------------------------------------------------- plans

CREATE TABLE base (p varchar(20), v bigint, d date, c char(5), pt text, id int);
INSERT INTO base SELECT 'P' || n % 100, n % 10, date '2024-01-01' + n % 300, (ARRAY['97124', '98941'])[1 + n % 2], 'P' || n % 100, n FROM generate_series(1, 2000) n;
CREATE INDEX base_p ON base (claim_read_key(p)); CREATE INDEX base_v ON base (v); CREATE INDEX base_d ON base (d); CREATE INDEX base_c ON base (c); CREATE INDEX base_pt ON base (pt); CREATE INDEX base_key ON base (claim_read_key(pt)); CREATE INDEX base_char ON base (claim_read_key(c));
CREATE INDEX base_day ON base (claim_read_key(p), v, d);
ANALYZE base;
SELECT claim_source_add('base', 'base', NULL, '{"patient": "p", "provider": "v", "dos": "d", "code": "c", "line_no": "id"}') \g /dev/null
SELECT claim_source_add('base2', 'base', NULL, '{"patient": {"column": "pt", "as_is": false}, "provider": {"column": "c", "as_is": false}, "dos": "d", "code": "c", "line_no": "id"}') \g /dev/null
-- columns that have an index and clean rows are taken as they are
SELECT claim_source_add('base3', 'base', NULL, '{"patient": "pt", "provider": "c", "dos": "d", "code": "c", "line_no": "id"}') \g /dev/null
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of('SELECT line FROM base_lines WHERE ' || filter), 'Index Cond: .*' || col || '.* = ', format('a filter reaches the index: %s', filter)) FROM (VALUES
    ('patient = ''P1''', 'p'), ('provider = 3', 'v'), ('dos = date ''2024-02-01''', 'd'), ('code = ''97124''', 'c')) v(filter, col);
SELECT matches(plan_of('SELECT line FROM base2_lines WHERE patient = ''P1'''), 'Index Cond: \(claim_read_key\(pt\) = ''P1''::text\)', 'a filter on a text column reaches the index on its keys');
SELECT matches(plan_of('SELECT line FROM base2_lines WHERE provider = ''97124'''), 'Index Cond: \(claim_read_key\(\(c\)::text\) = ''97124''::text\)', 'and so does one on a char column');
SELECT matches(plan_of('SELECT line FROM base3_lines WHERE patient = ''P1'''), 'Index Cond: \(pt = ''P1''::text\)', 'a filter on a column that is taken as it is reaches its own index');
SELECT matches(plan_of('SELECT line FROM base3_lines WHERE provider = ''97124'''), 'Index Cond: \(c = ''97124''::bpchar\)', 'a char column too');
SELECT matches(plan_of('SELECT line FROM base_lines WHERE dos BETWEEN ''2024-02-01'' AND ''2024-02-03'''), 'Index Cond: \(\(d >= ''2024-02-01''::date\) AND \(d <= ''2024-02-03''::date\)\)', 'a range of dates reaches the index');
SELECT matches(plan_of('SELECT * FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) FROM base_lines GROUP BY patient, provider, dos) g WHERE patient = ''P1'''), 'Index Cond: .*claim_read_key\(\(p\)::text\) = ''P1''::text', 'through the grouping into days too');
SELECT matches(plan_of('SELECT g.* FROM (VALUES (''P1'', 1::bigint, date ''2024-01-02''), (''P2'', 2, ''2024-01-03'')) k(p, v, d),
    LATERAL (SELECT claimday(l.claim_id, l.line_no, l.line) FROM base_lines l WHERE l.patient = k.p AND l.provider = k.v AND l.dos = k.d) g'), 'Index Cond: .*\(claim_read_key\(\(p\)::text\) = .* AND \(v = .* AND \(d = ', 'a join on the keys of a day uses the index of the day');
SELECT doesnt_match(plan_of('SELECT line FROM base_lines'), 'Subquery Scan|Join|Loop', 'the planner sees through the view');
SET LOCAL enable_seqscan = on;
SELECT is((SELECT count(*) FROM regexp_matches(plan_of('SELECT line FROM clean_lines', 'COSTS OFF, VERBOSE'), 'try_claimline|claim_source_line|claim_read', 'g')), 1::bigint, 'a clean table costs one call a row');
SELECT is(regexp_replace(substring(plan_of('SELECT line FROM clean_lines', 'COSTS OFF, VERBOSE') FROM 'claim_source_line.*\)'), 'src\.|public\.', '', 'g'),
    $$claim_source_line('[{"field": "code"}, {"field": "modifiers", "columns": 2}, {"field": "units"}, {"field": "minutes"}, {"field": "dos"}, {"field": "dx", "columns": 2}, {"field": "charge"}]'::jsonb, $$
        || '(t.hcpcs)::text, (t.m1)::text, (t.m2)::text, t.u, t.mins, t.d, (t.dx1)::text, (t.dx2)::text, t.amount)', 'and no conversion');

-- an index on the date as it is read
CREATE INDEX raw_d ON raw (claim_read_date(d)); SET LOCAL enable_seqscan = off;
SELECT matches(plan_of('SELECT line FROM raw_lines WHERE dos = date ''2024-08-01'''), 'Index Cond: \(claim_read_date\(d\) = ', 'an index on claim_read_date serves dates in text');
SET LOCAL enable_seqscan = on;

-- --------------------------------------------------- columns and relations

ALTER TABLE clean RENAME hcpcs TO "Procedure Code"; ALTER TABLE clean RENAME person TO who; ALTER TABLE clean RENAME TO cleaner;
SELECT is((SELECT line::text FROM clean_lines WHERE claim_id = '7' AND line_no = 2), '97124-59 x2 30min 2024-08-01 dx=M54.2', 'renames: the view follows');
SELECT ok(claim_source_select('clean') LIKE '%t."Procedure Code"::text%FROM src.cleaner AS t', 'renames: so does its SELECT');
SELECT is((SELECT state FROM claim_sources WHERE name = 'clean'), 'ok', 'renames: the source is ok');
ALTER TABLE odd RENAME t TO "T T"; ALTER TABLE odd RENAME "select" TO "from";
SELECT ok(claim_source_select('odd') LIKE E'%(\nupper(t."T T")\n)%ARRAY[t."from", CASE WHEN t.qty > 0%', 'renames: in expressions too');
CREATE FUNCTION rows_of(query text) RETURNS SETOF text LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN RETURN QUERY EXECUTE 'SELECT q::text FROM (' || query || ') q'; END $$;
SELECT results_eq(format('SELECT rows_of(claim_source_select(%L)) ORDER BY 1', s), format('SELECT q::text FROM %I q ORDER BY 1', s || '_lines'), format('the SELECT of %s gives what the view gives, under search_path pg_catalog', s))
    FROM unnest('{clean,raw,typed,odd,few}'::text[]) s;
SELECT throws_ok('ALTER TABLE cleaner ALTER "Procedure Code" TYPE char(5)', '0A000', NULL, 'a column keeps its type while the view needs it');
SELECT throws_ok('ALTER TABLE cleaner DROP "Procedure Code"', '2BP01', NULL, 'and is not dropped without CASCADE');
SELECT throws_ok('DROP TABLE cleaner', '2BP01', NULL, 'nor is the relation');
ALTER TABLE cleaner DROP COLUMN amount CASCADE;
SELECT is((SELECT state FROM claim_sources WHERE name = 'clean'), 'view dropped', 'CASCADE: the source says that its view is dropped');
SELECT is(refusal($$SELECT claim_source_select('clean')$$), '42703 | column "amount" of relation src.cleaner is gone | Drop the source with claim_source_drop and add it again.', 'CASCADE: and its SELECT that the column is gone');
SELECT lives_ok($$SELECT claim_source_drop('clean')$$, 'a source without its view is dropped');
DROP TABLE typed CASCADE;
SELECT is((SELECT state FROM claim_sources WHERE name = 'typed'), 'relation dropped', 'a dropped relation is said');
SELECT is(refusal($$SELECT claim_source_select('typed')$$), '42P01 | the relation of claim source "typed" is gone | claim_source_rebind puts the source over another relation with the same columns.', 'and so says the SELECT');
SELECT lives_ok($$SELECT claim_source_drop('typed')$$, 'and the source is dropped');
SELECT claim_source_drop('raw') \g /dev/null
SELECT hasnt_view('src', 'raw_lines', 'a source is dropped with its view');
SELECT has_table('src', 'raw', 'and not with its relation');
SELECT lives_ok($$SELECT claim_source_add('raw', 'raw', NULL, '{"patient": "pid", "code": "code"}')$$, 'and can be added again');

-- as after a dump and restore: numbers of columns and the relation's own are others
CREATE TABLE moved (gone int, pid text, code text, m text);
SELECT claim_source_add('moved', 'moved', NULL, '{"patient": "pid", "code": {"expression": "t.code"}, "modifiers": ["m"]}') \g /dev/null
CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM claimline_internal.claim_source WHERE name = 'moved';
SELECT claim_source_drop('moved') \g /dev/null
DROP TABLE moved; CREATE TABLE moved (pid text, code text, m text);
INSERT INTO claimline_internal.claim_source SELECT (jsonb_populate_record(k, jsonb_build_object('relation', 'src.moved', 'view', NULL))).* FROM kept k;
SELECT alike(claim_source_select('moved'), E'%claim_read_key(t.pid::text) AS patient%(\nt.code\n)::text, t.m::text)%', 'a restored source finds its columns by name');
DELETE FROM claimline_internal.claim_source WHERE name = 'moved';

-- --------------------------------------------------- other kinds of relation

CREATE VIEW v AS SELECT * FROM base; CREATE MATERIALIZED VIEW mv AS SELECT * FROM base;
CREATE TABLE part (p text, c text, d date) PARTITION BY RANGE (d); CREATE TABLE part1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); CREATE TABLE part2 PARTITION OF part FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
SELECT lives_ok(format($$SELECT claim_source_add('on_%1$s', '%1$s', NULL, '{"patient": "p", "code": "c", "dos": "d"}')$$, r), format('a source over %s', r)) FROM unnest('{v,mv,part}'::text[]) r;
SELECT doesnt_match(plan_of('SELECT line FROM on_part_lines WHERE dos = ''2024-05-05'''), 'part2', 'a filter on the date prunes partitions');

-- the SELECT over the rows of a trigger
CREATE TABLE log (line text, error text);
CREATE FUNCTION log_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO src.log SELECT q.line::text, q.line_error FROM (' || claim_source_select('on_part', 'claimline_new') || ') q';
    RETURN NULL;
END $$;
CREATE TRIGGER log_lines AFTER INSERT ON part REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT EXECUTE FUNCTION log_lines();
INSERT INTO part VALUES ('P', '97124', '2024-05-05'), ('P', '9712', '2025-05-05');
SELECT results_eq('SELECT line, error FROM log ORDER BY line', $$VALUES ('97124 x1 2024-05-05', NULL), (NULL, claimline_error('9712'))$$, 'the SELECT reads a transition table');
SELECT ok(rows_of(claim_source_select('few', NULL, 't.ctid, t.tableoid')) IS NOT NULL, 'and selects more of its rows') LIMIT 1;

-- ------------------------------------------------------------------ rights

CREATE ROLE claimline_src_a; CREATE ROLE claimline_src_b; CREATE ROLE claimline_src_c IN ROLE claimline_src_a;
CREATE SCHEMA src_a AUTHORIZATION claimline_src_a;
GRANT USAGE ON SCHEMA src TO claimline_src_a, claimline_src_b;
GRANT USAGE ON SCHEMA src_a TO claimline_src_b;
CREATE TABLE secret (p text, c text, who name);
INSERT INTO secret VALUES ('P1', '97124', 'claimline_src_a'), ('P2', '97124', 'claimline_src_b'), ('P3', '97124', 'x');
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (who = current_user);
CREATE FUNCTION as_user(who name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', who);
    BEGIN
        EXECUTE statement INTO r;
    EXCEPTION WHEN OTHERS THEN
        r := SQLSTATE || ' ' || SQLERRM;
    END;
    RESET ROLE;
    RETURN r;
END $$;
SELECT is(as_user('claimline_src_a', $$SELECT claim_source_add('a', 'src.secret', NULL, '{"patient": "p", "code": "c"}', NULL, NULL, 'src_a')$$), '42501 permission denied for relation src.secret', 'no source over what its user cannot read');
GRANT SELECT ON secret TO claimline_src_a, claimline_src_b;
SELECT is(as_user('claimline_src_a', $$SELECT claim_source_add('a', 'src.secret', NULL, '{"patient": "p", "code": "c"}', NULL, NULL, 'src')$$), '42501 permission denied for schema "src"', 'nor a view where its user cannot create');
SELECT is(as_user('claimline_src_a', $$SELECT claim_source_add('a', 'src.secret', NULL, '{"patient": "p", "code": "c"}', NULL, NULL, 'src_a')$$), 'src_a.a_lines', 'a user adds a source with its own rights');
SELECT is((SELECT owner::text || ' ' || (SELECT relowner::regrole FROM pg_class c WHERE c.oid = view) FROM claimline_internal.claim_source WHERE name = 'a'), 'claimline_src_a claimline_src_a', 'and owns it and its view');
SELECT is(as_user('claimline_src_a', 'SELECT string_agg(patient, '','') FROM src_a.a_lines'), 'P1', 'row security is that of the user');
SELECT is(as_user('claimline_src_b', 'SELECT string_agg(patient, '','') FROM src_a.a_lines'), '42501 permission denied for view a_lines', 'another user needs a right on the view');
SELECT is(as_user('claimline_src_b', 'SELECT state FROM claim_sources WHERE name = ''a'''), 'no right to select from the view', 'and is told so');
GRANT SELECT ON src_a.a_lines TO claimline_src_b;
SELECT is(as_user('claimline_src_b', 'SELECT string_agg(patient, '','') FROM src_a.a_lines'), 'P2', 'and then sees its own rows, not those of the owner');
REVOKE SELECT ON secret FROM claimline_src_b;
SELECT is(as_user('claimline_src_b', 'SELECT string_agg(patient, '','') FROM src_a.a_lines'), '42501 permission denied for table secret', 'the view gives no right on its relation');
SELECT is(as_user('claimline_src_b', 'SELECT state FROM claim_sources WHERE name = ''a'''), 'no right to select from the relation', 'and claim_sources says so');
SELECT is(as_user('claimline_src_b', 'SELECT claim_source_drop(''a'')'), '42501 must be owner of claim source "a"', 'another user cannot drop it');
SELECT is(as_user('claimline_src_b', 'WITH d AS (DELETE FROM claimline_internal.claim_source WHERE name = ''a'' RETURNING 1) SELECT count(*) FROM d'), '0', 'nor delete its row');
SELECT is(as_user('claimline_src_b', 'WITH d AS (UPDATE claimline_internal.claim_source SET mapping = ''{}'' WHERE name = ''a'' RETURNING 1) SELECT count(*) FROM d'), '0', 'nor change it');
SELECT is(as_user('claimline_src_b', $$INSERT INTO claimline_internal.claim_source (name, owner, relation, columns, mapping, mapped, unmapped) VALUES ('z', 'claimline_src_a', 'src.secret', '{}', '{}', '{}', '{}') RETURNING 1$$),
    '42501 new row violates row-level security policy for table "claim_source"', 'nor add one in the name of another');
SELECT is(as_user('claimline_src_b', $$INSERT INTO claimline_internal.claim_source (name, owner, relation, view, columns, mapping, mapped, unmapped) VALUES ('z', 'claimline_src_b', 'src.secret', 'src_a.a_lines', '{}',
    '{"relations": {"t": {"oid": "0"}}, "fields": {"code": {"expression": "1); DROP TABLE src.x; --", "columns": []}}}', '{}', '{}') RETURNING 1$$), '1', 'a row made by hand');
SELECT is(refusal('SELECT claim_source_select(''z'')'), '42601 | syntax error at or near ")"', 'is checked like any');
SELECT lives_ok('SELECT claim_source_drop(''z'')', 'and dropping it');
SELECT has_view('src_a', 'a_lines', 'drops no view of another source');
SELECT is(as_user('claimline_src_c', 'SELECT claim_source_drop(''a'')'), '', 'a member of the owner''s role drops it');
SELECT hasnt_view('src_a', 'a_lines', 'with its view');
GRANT SELECT (p, c) ON secret TO claimline_src_b; CREATE SCHEMA src_b AUTHORIZATION claimline_src_b;
SELECT is(as_user('claimline_src_b', $$SELECT claim_source_add('b', 'src.secret', NULL, '{"patient": "p", "code": "c"}', NULL, NULL, 'src_b')$$), 'src_b.b_lines', 'rights on the mapped columns are enough');

-- ------------------------------------------------------------ the extension

SELECT is((SELECT count(*) FROM pg_extension e, unnest(e.extconfig) c WHERE e.extname = 'claimline' AND c = 'claimline_internal.claim_source'::regclass), 1::bigint, 'sources are dumped');
SELECT is((SELECT string_agg(p.proname, ', ') FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE p.proname ~ '^claim_(source|read|expression|view|date_format)' AND p.prosecdef), NULL, 'no function runs with other rights than its caller''s');
SELECT is((SELECT string_agg(p.proname, ', ') FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE p.proname ~ '^claim_(source|read|expression|view|date_format)' AND obj_description(p.oid, 'pg_proc') IS NULL), NULL, 'each function has a comment');
SELECT throws_ok('DROP EXTENSION claimline', '2BP01', NULL, 'the extension is not dropped under the views without CASCADE');
SELECT set_config('src.schema', (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'claimline'), true) \g /dev/null
DROP EXTENSION claimline CASCADE;
SELECT hasnt_view('src', 'base_lines', 'with CASCADE the views go too');
CREATE EXTENSION claimline;
SELECT is((SELECT count(*) FROM claimline_internal.claim_source), 0::bigint, 'created again it has no sources');
SELECT lives_ok($$SELECT claim_source_add('base', 'base', NULL, '{"patient": "p", "provider": "v", "dos": "d", "code": "c", "line_no": "id"}')$$, 'and they can be added again');

SELECT * FROM finish();

ROLLBACK;

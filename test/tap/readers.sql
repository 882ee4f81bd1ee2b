-- How values of claims tables are read, in the spellings of the programs that write them: a generator knows the true value, and to_char and
-- the operators of PostgreSQL write it down; what is beside a form stays refused. doc/sources.md has the forms, with who writes them.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA readers;
SELECT set_config('search_path', 'readers, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

-- Where a spelling is read as something else than the value that was written, some of them
CREATE TABLE misread (what text, spelled text, have text, want text);
CREATE FUNCTION all_read(of text, at_least bigint, written bigint, says text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT cmp_ok(written, '>=', at_least, of || ': enough is tried')
    UNION ALL SELECT is((SELECT string_agg(format('%s is %s, not %s', spelled, coalesce(have, 'null'), coalesce(want, 'null')), E'\n')
        FROM (SELECT * FROM misread WHERE what = of ORDER BY spelled LIMIT 12) m), NULL, says)
$$;

-- ------------------------------------------------------------------- dates

-- Days from 1950 to 2039, with the time of day that stands behind them
CREATE TABLE moment AS SELECT i, date '1950-01-01' + draw(i, 1, 32800) AS day, time '00:00' + draw(i, 2, 86400) * interval '1 s' AS of_day FROM generate_series(1, 3000) i;
INSERT INTO moment SELECT 3000 + i, d, t FROM (VALUES (1, date '2024-02-29', time '00:00'), (2, '2000-02-29', '23:59:59'), (3, '2024-12-31', '12:00'), (4, '2024-01-01', '0:30'), (5, '2023-10-01', '12:30')) v(i, d, t);

-- The forms of a day as to_char has them; `sas`: a colon may stand before the time; `digits`: zeros behind a point may follow, and a time without a separator
CREATE TABLE day_form (form text, sas boolean, digits boolean, who text);
INSERT INTO day_form VALUES
    ('YYYY-MM-DD', false, false, 'pandas, R, PostgreSQL, Snowflake, SQL Server, Spark, BigQuery'), ('FMYYYY-FMMM-FMDD', false, false, 'MySQL clients, hand-made'),
    ('YYYYMMDD', false, true, 'X12, CCLF, SQL Server 112, Oracle'), ('YYYY/MM/DD', false, false, 'SQL Server 111, SAS YYMMDDS10.'), ('YYYY.MM.DD', false, false, 'SQL Server 102'),
    ('MM/DD/YYYY', false, false, 'Excel, SQL Server 101, SAS MMDDYY10.'), ('FMMM/FMDD/YYYY', false, false, 'Excel'), ('MM-DD-YYYY', false, false, 'SQL Server 110'), ('FMMM-FMDD-YYYY', false, false, 'Excel'),
    ('DD-MON-YYYY', true, false, 'Oracle'), ('DD-Mon-YYYY', true, false, 'Excel'), ('DDMONYYYY', true, false, 'SAS DATE9.'), ('DD Mon YYYY', true, false, 'SQL Server 106'), ('DD/Mon/YYYY', true, false, 'web logs'),
    ('FMDD FMMonth YYYY', false, false, 'Excel'), ('FMMonth FMDD, YYYY', false, false, 'Excel'), ('Mon DD YYYY', false, false, 'SQL Server 100'), ('Mon FMDD, YYYY', false, false, 'SQL Server 107'),
    ('Mon-DD-YYYY', false, false, 'hand-made'), ('YYYY-Mon-DD', false, false, 'hand-made'), ('Dy, DD Mon YYYY', false, false, 'Snowflake'), ('FMDay, FMMonth DD, YYYY', false, false, 'Excel');
-- What stands behind a day: a time, or nothing
CREATE TABLE time_form (form text, only_sas boolean DEFAULT false, only_digits boolean DEFAULT false);
INSERT INTO time_form (form) VALUES (''), (' HH24:MI'), (' HH24:MI:SS'), (' FMHH24:MI:SS'), (' FMHH24:MI'), ('"T"HH24:MI:SS'), ('"T"HH24:MI:SS.MS'), (' HH24:MI:SS.US'), (' HH24:MI:SS.US"0"'), ('"T"HH24:MI:SS.US"000"'),
    (' HH24:MI:SS,MS'), (' FMHH12:MI AM'), (' HH12:MI:SS AM'), (' FMHH12:MI:SS pm'), (' HH12:MIAM'), (' HH12:MI:SS:MSAM'), (' HH12.MI.SS.US AM'), (' HH24MISS'), ('"T"HH24MISS'), ('  HH24:MI:SS'), ('"t"HH24:MI:SS');
INSERT INTO time_form VALUES (':HH24:MI:SS', true, false), (':HH24:MI:SS.MS', true, false), (':HH12:MI:SS AM', true, false), ('HH24MI', false, true), ('HH24MISS', false, true);
CREATE TABLE zone_form AS SELECT * FROM unnest(ARRAY['', '', '', 'Z', '+00', '-04', '-0400', '+05:30', '+00:00', ' +0000', ' -07:00', ' UTC', ' GMT', ' EST', ' America/New_York', '-05:53:28']) WITH ORDINALITY z(zone, n);

CREATE TABLE spelled_day AS
    SELECT m.day, to_char(m.day + m.of_day, d.form || t.form) || CASE WHEN t.form = '' THEN '' WHEN t.form ~* '[ap]m$' THEN regexp_replace(z.zone, '^(?=[^ ])', ' ') ELSE z.zone END AS spelled
    FROM moment m, LATERAL (SELECT * FROM day_form ORDER BY hashtextextended(form, m.i) LIMIT 6) d,
        LATERAL (SELECT * FROM time_form t WHERE (d.sas OR NOT t.only_sas) AND (d.digits OR NOT t.only_digits) ORDER BY hashtextextended(t.form, m.i + 7) LIMIT 3) t,
        LATERAL (SELECT zone FROM zone_form WHERE n = 1 + draw(m.i, 9, 16)) z;
INSERT INTO misread SELECT 'date', s, claim_read_date(s), day FROM (SELECT day, repeat(' ', draw(hashtext(spelled), 1, 3)) || spelled || repeat(' ', draw(hashtext(spelled), 2, 3)) AS s FROM spelled_day) x
    WHERE claim_read_date(s) IS DISTINCT FROM day;
SELECT * FROM all_read('date', 50000, (SELECT count(*) FROM spelled_day), 'a day is the day of the text in every form, whatever time and zone stand behind it');
-- upper and lower case
INSERT INTO misread SELECT 'case', s, claim_read_date(s), day FROM (SELECT day, CASE draw(hashtext(spelled), 3, 2) WHEN 0 THEN upper(spelled) ELSE lower(spelled) END AS s FROM spelled_day) x WHERE claim_read_date(s) IS DISTINCT FROM day;
SELECT * FROM all_read('case', 50000, (SELECT count(*) FROM spelled_day), 'and letter case is nothing');
SELECT set_config('timezone', 'Asia/Tokyo', true) \g /dev/null
SELECT is(count(*), 0::bigint, 'the zone of the session is nothing') FROM spelled_day WHERE claim_read_date(spelled) IS DISTINCT FROM day;
SELECT set_config('timezone', 'America/New_York', true) \g /dev/null
-- numbers
INSERT INTO misread SELECT 'number', s, claim_read_date(s), day FROM (SELECT day, to_char(day, 'YYYYMMDD') || z AS s FROM moment, unnest(ARRAY['.0', '.00', '.000000']) z) x WHERE claim_read_date(s) IS DISTINCT FROM day;
SELECT * FROM all_read('number', 9000, (SELECT 3 * count(*) FROM moment), 'a day in a table of floats');
-- spans: the first day; one that ends before it begins is none
INSERT INTO misread SELECT 'span', s, claim_read_date(s), want FROM (
    SELECT to_char(day, f) || sep || to_char(day + n, f) AS s, CASE WHEN n >= 0 THEN day END AS want
    FROM moment, LATERAL (SELECT draw(i, 5, 40) - 8) d(n), unnest(ARRAY['YYYYMMDD', 'MM/DD/YYYY', 'YYYY-MM-DD', 'DDMONYYYY']) f, unnest(ARRAY['-', ' - ']) sep) x WHERE claim_read_date(s) IS DISTINCT FROM want;
SELECT * FROM all_read('span', 20000, (SELECT 8 * count(*) FROM moment), 'a span is its first day');

-- by a format too: time, zone, zeros and spans
INSERT INTO misread SELECT 'format', s, claim_read_date(s, f), day FROM (
    SELECT day, f, to_char(day + of_day, f || t) || z AS s FROM moment, unnest(ARRAY['DD/MM/YYYY', 'DD.MM.YYYY', 'DDMMYYYY', 'YYYY-DD-MM', 'DD-MON-YYYY']) f,
        unnest(ARRAY['', ' HH24:MI:SS', '"T"HH24:MI', ' FMHH12:MI AM']) t, unnest(ARRAY['', ' -0400', ' UTC']) z WHERE t <> '' OR z = '') x
    WHERE claim_read_date(s, f) IS DISTINCT FROM day;
SELECT * FROM all_read('format', 100000, (SELECT 50 * count(*) FROM moment), 'a day by a format, whatever time and zone stand behind it');
SELECT is(claim_read_date('01/02/2024-05/02/2024', 'DD/MM/YYYY'), date '2024-02-01', 'a span by a format');

SELECT is(claim_read_date(t), d, format('%L', t)) FROM (VALUES
    ('2024-08-01T10:15:00-04:00', date '2024-08-01'), ('1991-06-07T23:37:54+00:00', '1991-06-07'), ('2024-08-01 10:15:00+00', '2024-08-01'), ('8/1/2024 0:00', '2024-08-01'), ('08/01/2024 12:00:00 AM', '2024-08-01'),
    ('2021-01-19 0:00:00', '2021-01-19'), ('20180123-20180123', '2018-01-23'), ('20240801.0', '2024-08-01'), ('08-01-2024', '2024-08-01'), ('01AUG2024:00:00:00', '2024-08-01'), ('2024-08-01T23:59:59.999999999Z', '2024-08-01'),
    ('Aug  1 2024 12:00AM', '2024-08-01'), ('20240801101500-0400', '2024-08-01'), ('01-AUG-2024 10.15.00.000000 AM AMERICA/NEW_YORK', '2024-08-01'), ('01/Aug/2024:00:00:00 -0700', '2024-08-01'),
    ('2024-08-01 00:00:00.0000000 -04:00', '2024-08-01'), ('1/2/2024', '2024-01-02')) v(t, d);
-- what stays refused
SELECT is(claim_read_date(t), NULL, format('no date: %L', t)) FROM unnest(ARRAY[
    '13/13/2024', '2024-02-30', '24-08-01', '8/1/24', '08/01/24', '01-AUG-24', '01AUG24', 'Aug 1, 24', '240801', '0801/2024', '2024-0801', '20240832', '20241301', '2023-02-29', '02/29/2023', '31-SEP-2024', '31/12/2024',
    '2024-01-05 Z10:00', '2024-01-05 Z', '2024-01-05TZ10:00', '2024-01-05Z', '2024-01-05T', '2024-01-05 24:00', '2024-01-05 10:60', '2024-01-05 10:00:60', '2024-01-05 13:00 PM', '2024-01-05 0:30 AM', '2024-01-05 10', '2024-01-05 10:00 XM',
    '2024-01-05 10:00+4', '2024-01-05 10:00 + 04', '2024-01-05 10:00 Foo', '2024-01-05 10:00 foo bar', '2024-01-05 -04:00', '2024-01-05.0', '20240105.5', '20240105.', '20240105.0.0', '202401051', '2024010510', '20240105256060', '2024010525',
    '45505', '23589', '1722470400', '1722470400000', '1.7224704E12', '2.0240801E7', '2.02408e+07', '20180123-20180122', '20180123-', '20180123--20180124', '20180123-20180124-20180125', '20180123-2018012', '2018-01-23/2018-01-24',
    '2024-08', '2024', 'Aug 2024', '2024-W31-4', '2024-214', '2024214', '1 2024', '08 01 2024', '08.01.2024', '2024 08 01', '2024-08/01', '08/01-2024', 'infinity', 'now', '0000-00-00', '00/00/0000', '2024-00-10', '2024-10-00', '10000-01-01',
    'Foo, 01 Aug 2024', '01 Foo 2024', '01 Augu 2024', '0x20240801', '=DATE(2024,8,1)', '"2024-08-01"', '''2024-08-01', '2024-08-01 00:00:00 BC', '01 Aug 2024 BC', 'NaT', 'NULL', 'None', 'NA']) t;
-- no digit can be taken from a date or put to it
SELECT is(count(*), 0::bigint, 'a date with a digit more is none') FROM moment, unnest(ARRAY['YYYY-MM-DD', 'YYYYMMDD', 'MM/DD/YYYY', 'DDMONYYYY', 'YYYY/MM/DD']) f,
    LATERAL (SELECT to_char(day, f) AS s) s, generate_series(0, 9, 3) n WHERE claim_read_date(s || n) IS NOT NULL OR claim_read_date(n || s) IS NOT NULL;
SELECT is(count(*), 0::bigint, 'days that the calendar does not have') FROM generate_series(2019, 2028) y, generate_series(0, 14) m, generate_series(0, 33) d,
    unnest(ARRAY['%1$s-%2$s-%3$s', '%2$s/%3$s/%1$s', '%1$s%4$s%5$s', '%2$s-%3$s-%1$s', '%1$s/%2$s/%3$s 00:00']) f, LATERAL (SELECT format(f, y, m, d, lpad(m::text, 2, '0'), lpad(d::text, 2, '0')) AS s) s
    WHERE claim_read_date(s) IS DISTINCT FROM CASE WHEN m BETWEEN 1 AND 12 AND d BETWEEN 1 AND extract(day FROM make_date(y, greatest(least(m, 12), 1), 1) + interval '1 month' - interval '1 day') THEN make_date(y, m, d) END;

-- --------------------------------------------------------------- modifiers

CREATE TABLE billed (i int, code text, modifiers text[]);
INSERT INTO billed SELECT i, (ARRAY['97124', '97140', '98941', 'G0283', '0101T', '20560', 'A0428', '00100'])[1 + draw(i, 20, 8)],
    ARRAY(SELECT m FROM unnest(ARRAY['59', '25', 'GP', 'KX', 'XS', 'CQ', 'AT', 'GA', '76', '1P', 'F1', 'T5', 'RT', '50']) m ORDER BY hashtextextended(m, i) LIMIT 1 + draw(i, 21, 4)) FROM generate_series(1, 2000) i;
-- A modifier as a table of floats has it
CREATE FUNCTION floated(m text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN m ~ '^\d+$' THEN m || '.0' ELSE m END $$;
-- all of them in one text
CREATE TABLE in_one (how text, i int, spelled text);
INSERT INTO in_one SELECT how, i, s FROM billed, LATERAL (VALUES
    ('comma', array_to_string(modifiers, ',')), ('comma and blank', array_to_string(modifiers, ', ')), ('blank', array_to_string(modifiers, ' ')), ('dash', array_to_string(modifiers, '-')),
    ('bar', array_to_string(modifiers, '|')), ('colon', array_to_string(modifiers, ':')), ('semicolon', array_to_string(modifiers, ';')), ('tilde', array_to_string(modifiers, '~')),
    ('nothing', array_to_string(modifiers, '')), ('fixed width', rpad(array_to_string(modifiers, ''), 10)), ('small', lower(array_to_string(modifiers, ','))), ('array', (modifiers || NULL)::text),
    ('array of four', (modifiers || array_fill(NULL::text, ARRAY[4 - cardinality(modifiers)]))::text), ('json', to_json(modifiers || NULL)::text), ('jsonb', to_jsonb(modifiers || NULL)::text),
    ('floats', (SELECT string_agg(floated(m), ',' ORDER BY n) FROM unnest(modifiers) WITH ORDINALITY u(m, n))), ('list of python', replace(translate(to_jsonb(modifiers || NULL)::text, '"', ''''), 'null', 'None')),
    ('array of floats', (SELECT array_agg(floated(m) ORDER BY n)::text FROM unnest(modifiers || NULL) WITH ORDINALITY u(m, n)))) v(how, s);
CREATE TABLE one_column AS SELECT format('%s/%s', how, i) AS claim, b.code, o.spelled FROM in_one o JOIN billed b USING (i);
SELECT claim_source_add('one_column', 'one_column', columns => '{"claim_id": "claim", "code": "code", "modifiers": "spelled"}') \g /dev/null
INSERT INTO misread SELECT 'one column', o.spelled, coalesce(line_modifiers(l.line)::text, l.line_error), b.modifiers::text
    FROM one_column_lines l JOIN one_column o ON o.claim = l.claim_id JOIN billed b ON b.i = split_part(o.claim, '/', 2)::int WHERE line_modifiers(l.line) IS DISTINCT FROM b.modifiers;
SELECT * FROM all_read('one column', 36000, (SELECT count(*) FROM one_column_lines), 'modifiers in one text, however they stand in it');
-- in four columns: floats, blanks, words for null, and two in a field
CREATE TABLE four_columns AS SELECT i, code, CASE draw(i, 22, 3) WHEN 0 THEN floated(modifiers[1]) WHEN 1 THEN ' ' || modifiers[1] ELSE modifiers[1] || '  ' END AS m1,
    coalesce(floated(modifiers[2]), (ARRAY['NULL', '', 'nan', 'None', NULL])[1 + draw(i, 23, 5)]) AS m2,
    CASE WHEN draw(i, 24, 2) = 0 THEN coalesce(modifiers[3] || coalesce(modifiers[4], ''), '<NA>') ELSE modifiers[3] END AS m3, CASE WHEN draw(i, 24, 2) = 1 THEN modifiers[4] END AS m4 FROM billed;
SELECT claim_source_add('four_columns', 'four_columns', columns => '{"claim_id": "i", "code": "code", "modifiers": ["m1", "m2", "m3", "m4"]}') \g /dev/null
INSERT INTO misread SELECT 'four columns', f::text, coalesce(line_modifiers(l.line)::text, l.line_error), b.modifiers::text
    FROM four_columns_lines l JOIN four_columns f ON f.i = l.claim_id::int JOIN billed b ON b.i = f.i WHERE line_modifiers(l.line) IS DISTINCT FROM b.modifiers;
SELECT * FROM all_read('four columns', 2000, (SELECT count(*) FROM four_columns_lines), 'modifiers in columns of their own');

-- ------------------------------------------------------------------- codes

-- with modifiers behind, which go first; and some once more in a column
CREATE TABLE behind_code AS SELECT row_number() OVER () AS i, b.i AS b, s, CASE draw(b.i, 25, 3) WHEN 0 THEN modifiers[1] WHEN 1 THEN 'GY' END AS again FROM billed b, LATERAL (VALUES
    ('HC:' || code || ':' || array_to_string(modifiers, ':')), ('hc:' || lower(code) || ':' || array_to_string(modifiers, ':')), ('HC>' || code || '>' || array_to_string(modifiers, '>')),
    ('HC:' || code || ':' || array_to_string(modifiers || array_fill(''::text, ARRAY[4 - cardinality(modifiers)]), ':') || ':MANUAL: THERAPY'),
    (code || '-' || array_to_string(modifiers, '-')), (code || ' ' || array_to_string(modifiers, ' ')), (code || ', ' || array_to_string(modifiers, ', ')),
    ('CPT4:' || code || '-' || array_to_string(modifiers, '-')), ('HCPCS ' || code || ' ' || array_to_string(modifiers, ' ')), (code || '|' || array_to_string(modifiers, '|'))) v(s);
SELECT claim_source_add('behind_code', 'behind_code', columns => '{"claim_id": "i", "code": "s", "modifiers": ["again"]}') \g /dev/null
INSERT INTO misread SELECT 'behind', c.s, coalesce(line_code(l.line) || line_modifiers(l.line)::text, l.line_error), want FROM behind_code_lines l JOIN behind_code c ON c.i = l.claim_id::bigint JOIN billed b ON b.i = c.b,
    LATERAL (SELECT b.code || (CASE WHEN c.again = 'GY' THEN b.modifiers || 'GY'::text ELSE b.modifiers END)::text AS want) w WHERE line_code(l.line) || line_modifiers(l.line)::text IS DISTINCT FROM want;
SELECT * FROM all_read('behind', 20000, (SELECT count(*) FROM behind_code_lines), 'modifiers behind the code go before those of columns, and are not there twice');
CREATE TABLE one_code (n int GENERATED ALWAYS AS IDENTITY, s text, want text);
INSERT INTO one_code (s, want) VALUES ('97124.0', '97124'), ('97124.00', '97124'), (' 97124 ', '97124'), ('HC:97140', '97140'), ('HC:97140:GP', '97140'), ('cpt:97140', '97140'), ('97124', '97124'), ('g0283', 'G0283'),
    ('HC:97140:GP::::therapy', '97140'), ('HC:97140::GP', '97140'),
    ('9712', NULL), ('97124.5', NULL), ('97124.', NULL), ('9712.0', NULL), ('971240.0', NULL), ('0120', NULL), ('HC:9714', NULL), ('NU:0120', NULL), ('AD:D2740', NULL), ('97124-97126', NULL), ('97124-GP-OLD', NULL),
    ('HC:97140:MANUAL', NULL), ('9714059', NULL), ('97140GP', NULL), ('0SG00AJ', NULL), ('0016070', NULL), ('="97124"', NULL), ('''97124', NULL), ('"97124"', NULL), ('9.7124E4', NULL), ('97124 MASSAGE', NULL), ('NULL', NULL),
    ('54868-5', NULL), ('60219-1748-2', NULL), ('HC:', NULL), ('HC', NULL), ('97140:GP:59:KX:CQ:AT', '97140');
SELECT claim_source_add('one_code', 'one_code', columns => '{"claim_id": "n", "code": "s"}') \g /dev/null
SELECT is(line_code(l.line), c.want, format('a code: %L', c.s)) FROM one_code c JOIN one_code_lines l ON l.claim_id::int = c.n ORDER BY c.n;
SELECT is(count(*), 0::bigint, 'a row without a line says why') FROM one_code_lines WHERE (line IS NULL) = (line_error IS NULL);

-- what is no modifier is said as it stands there
CREATE TABLE no_modifier (n int GENERATED ALWAYS AS IDENTITY, s text);
INSERT INTO no_modifier (s) SELECT unnest(ARRAY['99999', '9999', '0000', 'GP5', '5.0', '59.5', '5', 'X', 'GP.59', 'code', 'test', '59,none of them', '59é', 'GP59A', '59,GP,9', 'XXXX']);
SELECT claim_source_add('no_modifier', 'no_modifier', columns => '{"claim_id": "n", "code": {"value": "97124"}, "modifiers": "s"}') \g /dev/null
SELECT matches(l.line_error, '^Modifier ".+" must be 2 characters', format('no modifier: %L', m.s)) FROM no_modifier m JOIN no_modifier_lines l ON l.claim_id::int = m.n ORDER BY m.n;
-- diagnoses in the same texts
CREATE TABLE of_dx (n int, s text, want text[]);
INSERT INTO of_dx VALUES (1, '{M54.50,NULL}', '{M54.50}'), (2, '["M5450", null, "M99.01"]', '{M54.50,M99.01}'), (3, 'NULL', '{}'), (4, 'nan', '{}'), (5, '{NULL,NULL}', '{}');
SELECT claim_source_add('of_dx', 'of_dx', columns => '{"claim_id": "n", "code": {"value": "97124"}, "dx": "s"}') \g /dev/null
SELECT is(line_dx(l.line), d.want, format('diagnoses: %L', d.s)) FROM of_dx d JOIN of_dx_lines l ON l.claim_id::int = d.n ORDER BY d.n;
-- dates that mean "missing", in any spelling
CREATE TABLE marked (n int, d text, want date);
INSERT INTO marked VALUES (1, '0001-01-01', NULL), (2, '0001-01-01 00:00:00', NULL), (3, '1/1/0001 0:00', NULL), (4, '9999-12-31T00:00:00Z', NULL), (5, '2024-08-01T00:00:00Z', '2024-08-01'), (6, '00010102', '0001-01-02'),
    (7, 'NaT', NULL), (8, 'NULL', NULL);
SELECT claim_source_add('marked', 'marked', columns => '{"claim_id": "n", "code": {"value": "97124"}, "dos": {"column": "d", "missing": ["0001-01-01", "9999-12-31"]}}') \g /dev/null
SELECT is(coalesce(line_dos(l.line)::text, l.line_error, 'none'), coalesce(m.want::text, 'none'), format('a date or a mark: %L', m.d)) FROM marked m JOIN marked_lines l ON l.claim_id::int = m.n ORDER BY m.n;

-- -------------------------------------------------- numbers of days' keys

SELECT is(claim_read_key(t), k, format('a key: %L', t)) FROM (VALUES
    ('1999000001.0', '1999000001'), ('1999000001 ', '1999000001'), (' 1999000001', '1999000001'), (E'1999000001.00\t ', '1999000001'), ('1999000001', '1999000001'), ('0.0', '0'), ('007.0', '007'), ('', ''), ('   ', ''), ('P1', 'P1'), ('P1.0', 'P1.0'),
    ('007', '007'), ('p1', 'p1'), ('1.999E+09', '1.999E+09'), ('1999000001.5', '1999000001.5'), ('1999000001.', '1999000001.'), ('.0', '.0'), ('-1.0', '-1.0'), ('1EG4-TE5-MK73', '1EG4-TE5-MK73'), ('1 2', '1 2'), ('~', '~'), (NULL, NULL)) v(t, k);
-- Every second of which line is written in another way: the days are those of the true numbers
CREATE TABLE keyed (person varchar(20), npi text, true_person int, true_npi bigint, dos date, claim text, line_no int, code text, mods text);
INSERT INTO keyed SELECT CASE draw(i, 30, 4) WHEN 0 THEN p || '.0' WHEN 1 THEN p || '  ' WHEN 2 THEN ' ' || p ELSE p::text END, CASE draw(i, 31, 4) WHEN 0 THEN n || '.0' WHEN 1 THEN rpad(n::text, 15) WHEN 2 THEN lpad(n::text, 12) ELSE n::text END,
    p, n, date '2024-08-01' + draw(i, 32, 3), 'C' || i, 1, c, CASE WHEN c LIKE '98%' THEN 'AT' ELSE 'GP' END
    FROM generate_series(1, 1500) i, LATERAL (SELECT 1 + draw(i, 33, 40) AS p, 1999000001 + draw(i, 34, 3) AS n, (ARRAY['97124', '97140', '98940', '98941'])[1 + draw(i, 35, 4)] AS c) d;
CREATE TABLE keyed_char (LIKE keyed); ALTER TABLE keyed_char ALTER person TYPE char(12), ALTER npi TYPE char(16); INSERT INTO keyed_char SELECT * FROM keyed;
SELECT claim_source_add('keyed', 'keyed', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "line_no", "code": "code", "modifiers": "mods"}') \g /dev/null
SELECT claim_source_add('keyed_char', 'keyed_char', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "line_no", "code": "code", "modifiers": "mods"}') \g /dev/null
SELECT claim_source_add('keyed_raw', 'keyed', columns => '{"patient": {"column": "person", "as_is": true}, "provider": {"column": "npi", "as_is": true}, "dos": "dos", "claim_id": "claim", "line_no": "line_no", "code": "code", "modifiers": "mods"}') \g /dev/null
SELECT claim_source_add('keyed_claim', 'keyed', columns => '{"claim_id": "person", "provider": "npi", "dos": "dos", "line_no": "line_no", "code": "code", "modifiers": "mods"}') \g /dev/null
CREATE FUNCTION days_of(view text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE format('SELECT format(''%%s %%s %%s %%s'', patient, provider, dos, claimday(claim_id, line_no, line)) FROM %s GROUP BY patient, provider, dos', view); END $$;
CREATE TABLE true_day AS SELECT format('%s %s %s %s', true_person, true_npi, dos, claimday(claim, line_no, claimline(code => code, modifiers => ARRAY[mods], dos => dos))) AS day FROM keyed GROUP BY true_person, true_npi, dos;
SELECT cmp_ok(count(*), '>', 300::bigint, 'days enough') FROM true_day;
SELECT bag_eq($$SELECT days_of('keyed_lines')$$, 'SELECT day FROM true_day', 'days are those of the true numbers, however they are written');
SELECT bag_eq($$SELECT days_of('keyed_char_lines')$$, 'SELECT day FROM true_day', 'and so are those of columns of type char');
SELECT cmp_ok((SELECT count(*) FROM days_of('keyed_raw_lines')), '>', (SELECT count(*) * 2 FROM true_day), 'keys that are taken as they are: each spelling is a day');
SELECT is((SELECT count(DISTINCT patient) FROM keyed_claim_lines), 40::bigint, 'a claim that stands for the patient is a key');
-- a guard and a log find the rest of the day
SELECT claim_source_track('keyed') \g /dev/null
SELECT claim_guard_add('keyed') \g /dev/null
INSERT INTO keyed VALUES ('900', '1999000009', 900, 1999000009, '2024-08-20', 'G1', 1, '98940', 'AT');
SELECT throws_ok(format($$INSERT INTO keyed VALUES (%L, %L, 900, 1999000009, '2024-08-20', 'G2', 1, '97140', 'GP')$$, p, n), '23514', NULL, format('a guard sees the conflict of patient %L, provider %L', p, n))
    FROM unnest(ARRAY['900', '900.0', ' 900 ']) p, unnest(ARRAY['1999000009', '1999000009.0', '1999000009  ']) n;
SELECT lives_ok($$INSERT INTO keyed VALUES ('0900', '1999000009', 900, 1999000009, '2024-08-20', 'G3', 1, '97140', 'GP'), ('900', '1999000009.5', 900, 1999000009, '2024-08-20', 'G4', 1, '97140', 'GP')$$, 'another number is another day');
SELECT bag_eq($$SELECT patient, provider, dos FROM claimline_internal.claim_change WHERE source = 'keyed' AND NOT whole$$,
    $$VALUES ('900', '1999000009', date '2024-08-20'), ('0900', '1999000009', '2024-08-20'), ('900', '1999000009.5', '2024-08-20')$$, 'a log has the days as they group');
SELECT throws_ok($$SELECT claim_source_add('n', 'keyed', columns => '{"patient": "person", "code": {"column": "code", "as_is": true}}')$$, '22023', 'invalid mapping of field "code"', 'a code is no key');
SELECT throws_ok($$SELECT claim_source_add('n', 'keyed', columns => '{"code": "code", "patient": {"expression": "person", "as_is": true}}')$$, '22023', 'invalid mapping of field "patient"', 'an expression is as it is');
SELECT throws_ok($$SELECT claim_source_add('n', 'keyed', columns => '{"code": "code", "patient": {"column": "person", "as_is": "yes"}}')$$, '22023', 'invalid mapping of field "patient"', 'as_is is true or false');

-- a constraint that keeps a column clean makes it its own key, as long as it is there
CREATE TABLE neat (person text CONSTRAINT neat_person CHECK (person = claim_read_key(person)), npi varchar(12) CONSTRAINT neat_npi CHECK (length(npi) > 2 AND claim_read_key(npi) = npi), d date, code text);
INSERT INTO neat SELECT 'P' || n % 50, 1999000000 + n % 7, date '2024-01-01' + n % 100, '97124' FROM generate_series(1, 3000) n;
CREATE INDEX neat_day ON neat (person, npi, d);
ANALYZE neat;
SELECT claim_source_add('neat', 'neat', columns => '{"patient": {"column": "person", "as_is": false}, "provider": {"column": "npi", "as_is": false}, "dos": "d", "code": "code"}') \g /dev/null
SET LOCAL enable_seqscan = off;
PREPARE of_patient AS SELECT line FROM neat_lines WHERE patient = 'P1' AND provider = '1999000001';
SELECT matches(plan_of('EXECUTE of_patient'), 'Index Cond: \(\(person = ''P1''::text\) AND \(\(npi\)::text = ''1999000001''::text\)\)', 'a column that a constraint keeps clean has its own index');
SELECT matches(plan_of('SELECT claimday(claim_id, line_no, line) FROM neat_lines GROUP BY patient, provider, dos'), 'Group Key: t.person, (\(t.npi\)::text|t.npi), t.d', 'and groups by itself');
ALTER TABLE neat DROP CONSTRAINT neat_person;
SELECT matches(plan_of('EXECUTE of_patient'), 'claim_read_key\(person\)', 'without the constraint a plan that was made is made anew');
ALTER TABLE neat ADD CONSTRAINT neat_person CHECK (person = claim_read_key(person)) NOT VALID;
SELECT matches(plan_of('EXECUTE of_patient'), 'claim_read_key\(person\)', 'a constraint that is not valid proves nothing');
ALTER TABLE neat VALIDATE CONSTRAINT neat_person;
SELECT doesnt_match(plan_of('EXECUTE of_patient'), 'claim_read_key', 'once valid it does');
ALTER TABLE neat DROP CONSTRAINT neat_person, ADD CONSTRAINT neat_person CHECK (person = claim_read_key(person) OR person = ' ');
SELECT matches(plan_of('EXECUTE of_patient'), 'claim_read_key\(person\)', 'nor does one of another meaning');
ALTER TABLE neat DROP CONSTRAINT neat_person, ADD CONSTRAINT neat_person CHECK (npi = claim_read_key(person)) NO INHERIT NOT VALID;
SELECT matches(plan_of('EXECUTE of_patient'), 'claim_read_key\(person\)', 'nor one of another column');
ALTER TABLE neat DROP CONSTRAINT neat_person, ADD CONSTRAINT neat_person CHECK (person = claim_read_key(person)) NO INHERIT;
CREATE TABLE neat_child () INHERITS (neat);
INSERT INTO neat_child VALUES ('P1 ', '1999000001', '2024-01-02', '97124');
SELECT ok(count(*) > 0 AND count(*) FILTER (WHERE patient = 'P1') = count(*), 'nor one that children do not have') FROM neat_lines WHERE patient = 'P1' AND dos = '2024-01-02';
SELECT is((SELECT count(*) FROM neat_lines WHERE patient = 'P1'), (SELECT count(*) FROM neat WHERE trim(person) = 'P1'), 'the row of the child is found');
SET LOCAL enable_seqscan = on;

SELECT * FROM finish();
ROLLBACK;

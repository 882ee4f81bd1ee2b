-- The third part of an edition, CMS's file of add-on codes: an excerpt loads as it is shipped, wrong files are refused, and random
-- editions, one after the other, are what a plain recomputation in SQL makes of their lines.
--
-- What a file says is read a second time here, by the columns of its lines.
--
-- Run from the root of the project, by a superuser on the server's machine: wrong files are read by COPY.

\set dir `pwd`

BEGIN;
\i test/tap/lib.sql
SELECT plan(68);

--
-- an excerpt, as shipped
--

CREATE TABLE raw (line text);
\copy raw from 'test/data/AOC_V2026Q3-F-MCR.excerpt.lf.txt'
CREATE FUNCTION day_of(text) RETURNS date LANGUAGE sql AS $$
	SELECT make_date(left(trim($1), 4)::int, 1, 1) + right(trim($1), 3)::int - 1 WHERE trim($1) <> ''
$$;
CREATE TABLE want AS
SELECT substr(line, 2, 5) AS code, substr(line, 14, 5) AS primary_code, left(line, 1)::int AS type, day_of(substr(line, 26, 7)) AS effective,
	least(day_of(substr(line, 33, 7)), day_of(substr(line, 7, 7)), day_of(substr(line, 19, 7))) AS deletion
FROM raw;
SELECT is((SELECT count(*) FROM want), 33::bigint, 'the excerpt has 33 lines');
SELECT is((SELECT array_agg(DISTINCT type ORDER BY type) FROM want), '{1,2,3}', 'of each type');
CREATE TABLE before AS SELECT ruleset_hash(ruleset('medicare')) AS hash;

CREATE TABLE counted (edition text, change text, n bigint);
\copy ncci_addon_import from 'test/data/AOC_V2026Q3-F-MCR.excerpt.crlf.txt' (encoding 'WIN1252')
SELECT lives_ok($$ INSERT INTO counted SELECT '2026q3', * FROM ncci_publish('2026q3', 'practitioner', '[2026-07-01,2026-09-30]') $$, 'add-on codes alone are published');
SELECT bag_eq($$ SELECT code, primary_code, type, effective, deletion FROM ncci_addon('2026q3') $$, 'TABLE want', 'CRLF: ncci_addon() has the lines of the file');
SELECT is((SELECT string_agg(change || ' ' || n, ', ' ORDER BY change) FROM counted WHERE n > 0), 'addon rows 33', 'they are counted');
SELECT is((SELECT (ptp_rows, mue_rows, addon_rows)::text FROM ncci_editions), '(0,0,33)', 'and shown');
SELECT is((SELECT count(*) FROM ncci_addon_import), 0::bigint, 'the import table is empty');

-- what it says
SELECT is(ruleset_coverage(ruleset('medicare'), 'addon'), '[2020-10-01,2026-10-01)', 'the part covers the dates of the starter and of the edition');
SELECT is(sev(on_day('2025-06-01', '97130-GO x1 15min'), 'addon-missing', 1, ruleset('medicare')), 'review', 'and not those between');
SELECT is(sev(on_day(dos, VARIADIC line || beside), 'addon-missing', 1, ruleset('medicare')), said, format('%s on %s beside %s: %s', line, dos, beside, coalesce(said, 'nothing')))
FROM (VALUES
	('97130-GO x1 15min', '2026-08-01'::date, '{}'::text[], 'deny'),
	('97130-GO x1 15min', '2026-08-01', '{97129-GO x1 15min}', NULL),
	('97009 x1', '2026-08-01', '{}', 'deny'),
	('97009 x1', '2026-08-01', '{97008 x1}', NULL),
	('97814 x1 15min', '2026-08-01', '{97813 x1 15min}', NULL),
	('0054T x1', '2026-08-01', '{}', 'review'),
	('0054T x1', '2026-08-01', '{27235 x1}', 'unknown'),
	('G0532 x1', '2026-08-01', '{99213 x1}', 'unknown'),
	('96160 x1', '2026-08-01', '{}', 'review'),
	('96160 x1', '2026-08-01', '{27235 x1}', 'review'),
	('96160 x1', '2026-08-01', '{99213 x1}', NULL),
	('97551-GP x1 15min', '2021-01-01', '{}', NULL),
	('97598 x1', '2021-01-01', '{}', 'deny'),
	('20561 x1', '2026-08-01', '{}', NULL)
) v(line, dos, beside, said);

-- the same again is there already; with other parts; other service types
\copy ncci_addon_import from 'test/data/AOC_V2026Q3-F-MCR.excerpt.lf.txt'
SELECT is((SELECT (what, name)::text FROM claimline_internal.ncci_load('2026q3', 'practitioner', '[2026-07-01,2026-10-01)', false)), '("there addon",2026q3)', 'the program finds it there');
\copy ncci_addon_import from program 'head -n 32 test/data/AOC_V2026Q3-F-MCR.excerpt.lf.txt'
SELECT matches((error_of($$ SELECT claimline_internal.ncci_load('2026q3', 'practitioner', '[2026-07-01,2026-10-01)', false) $$)).detail, '1 add-on codes of the files differ', 'with other rows it is refused');
SELECT ncci_import_clear() \g /dev/null
\copy ncci_addon_import from 'test/data/AOC_V2026Q3-F-MCR.excerpt.lf.txt'
SELECT is((error_of($$ SELECT ncci_publish('d', 'dme', '[2026-07-01,2026-09-30]') $$)).message, 'service type "dme" has no add-on codes', 'suppliers of equipment have none');
SELECT lives_ok($$ SELECT ncci_publish('2026q3', 'outpatient', '[2026-07-01,2026-09-30]') $$, 'a hospital''s');
SELECT is((SELECT count(*) FROM ncci_addon('2026q3', 'outpatient')), 33::bigint, 'are an edition of their own');
SELECT is((SELECT count(*) FROM ncci_addon('2026q3', 'outpatient') WHERE primary_code = 'CCCCC' AND type > 1), 5::bigint, 'CCCCC as CMS writes it');
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$ SELECT ncci_publish('2026q4', 'practitioner', '[2026-10-01,2026-12-31]') $$, 'an edition without them');
SELECT is((SELECT count(*) FROM ncci_addon('2026q4')), 0::bigint, 'has none');
SELECT is(sev(on_day('2026-08-01', '97009 x1'), 'addon-missing', 1, ruleset('medicare')), 'deny', 'but a ruleset uses those of the one before');
SELECT is(sev(on_day('2026-11-01', '97009 x1'), 'addon-missing', 1, ruleset('medicare')), 'review', 'on its dates they are not known');
SELECT lives_ok($$ SELECT ncci_retire('2026q3', 'practitioner', 'a trial') $$, 'retired');
SELECT is(sev(on_day('2026-08-01', '97009 x1'), 'addon-missing', 1, ruleset('medicare')), NULL, 'they count no more');
SELECT is((SELECT jsonb_agg(r) FROM jsonb_array_elements(ruleset('medicare')::text::jsonb -> 'addon') r),
	(SELECT jsonb_agg(r) FROM jsonb_array_elements(starter_ruleset()::text::jsonb -> 'addon') r), 'those that are built in do');

--
-- wrong files
--

CREATE FUNCTION refused(file text, dir text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
	more text;
BEGIN
	EXECUTE format('COPY ncci_addon_import FROM %L (ENCODING ''WIN1252'')', dir || '/test/data/' || file);
	PERFORM ncci_publish('wrong', 'practitioner', '[2027-01-01,2027-03-31]', true);
	RAISE SQLSTATE 'TAP00';
EXCEPTION WHEN SQLSTATE 'TAP00' THEN
	RETURN 'published';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(E'\n', said, more);
END $$;
SELECT matches(refused(file, :'dir'), says, what)
FROM (VALUES
	('wrong/addon_overlap.txt', 'line 3: pair X0003/X0002 overlaps the period of line 2', 'a primary twice on a date'),
	('wrong/addon_two_types.txt', 'line 3: pair X0003/X0002 ', 'of two types'),
	('wrong/addon_cut_in_line.txt', 'line 2: Effective date "2013" is not a date YYYYDDD', 'cut in a line'),
	('wrong/addon_workbook.csv', 'line 2: the columns are those of CMS''s workbook: the text file', 'the workbook, saved as text'),
	('wrong/page.txt', 'literal newline|the file ends without a record', 'an HTML page'),
	('wrong/empty.txt', 'there is nothing to publish', 'empty'),
	('wrong/book.txt', 'invalid byte sequence', 'a workbook'),
	('ccipra-v322r0-f1.excerpt.lf.txt', 'extra data', 'code pairs'),
	('wrong/addon_bad_lines.txt', 'the add-on code file has 13 bad records', 'bad lines')
) v(file, says, what);
CREATE TABLE bad AS
SELECT (regexp_match(l, '^line (\d+): '))[1]::int AS at, l FROM regexp_split_to_table(refused('wrong/addon_bad_lines.txt', :'dir'), E'\n') l WHERE l ~ '^line';
SELECT is((SELECT array_agg(at ORDER BY at) FROM bad), '{2,3,4,5,6,7,8,9,10,12}'::int[], 'the first ten are named; of codes deleted before, the line is right');
SELECT ok((SELECT l ~ says FROM bad WHERE bad.at = v.at), format('line %s: %s', v.at, says))
FROM (VALUES (2, 'Type "4" must be 1, 2 or 3'), (4, '"2023366" is not a date'), (7, '"CCCCC" does not go with type 1'), (8, '"X0004" does not go with type 2'),
	(9, 'its own primary'), (10, 'Deletion date "2013090" is before'), (12, 'has 16 characters')) v(at, says);

--
-- random editions
--

CREATE TABLE edition AS
SELECT n, 'r' || n AS name, daterange(d, (d + interval '3 months')::date) AS covers FROM generate_series(1, 4) n, LATERAL (SELECT (date '2027-01-01' + (n - 1) * interval '3 months')::date) s(d);

-- a line of pair i in edition n is that of its version; one in twelve is deleted with its add-on code or its primary; one in forty is missing
CREATE TABLE written AS
SELECT n, i, format('A%s', lpad((draw(i, 1, 40))::text, 4, '0')) AS code, CASE WHEN draw(i, 1, 40) % 10 = 7 THEN 'CCCCC' ELSE format('P%s', lpad(i::text, 4, '0')) END AS prim,
	CASE draw(i, 1, 40) % 10 WHEN 7 THEN 2 WHEN 8 THEN 3 ELSE 1 END AS type,
	date '2024-01-01' + draw(i * 8 + v, 2, 1500) AS effective,
	CASE WHEN draw(i * 8 + v, 3, 4) = 0 THEN date '2024-01-01' + draw(i * 8 + v, 2, 1500) + draw(i * 8 + v, 4, 400) END AS deletion,
	CASE WHEN draw(i * 8 + v, 5, 12) = 0 THEN date '2026-01-01' + draw(i * 8 + v, 6, 700) END AS code_deletion,
	CASE WHEN draw(i * 8 + v, 7, 12) = 0 THEN date '2026-01-01' + draw(i * 8 + v, 8, 700) END AS prim_deletion
FROM (SELECT n, i, (SELECT count(*) FROM generate_series(2, n) e WHERE draw(i, 20 + e, 7) = 0) AS v FROM generate_series(1, 4) n, generate_series(1, 400) i
	WHERE draw(i, 30 + n, 40) > 0) x;
-- of a contractor's codes one line
DELETE FROM written a USING written b WHERE a.prim = 'CCCCC' AND b.prim = 'CCCCC' AND a.n = b.n AND a.code = b.code AND a.i > b.i;
CREATE FUNCTION line_of(w written) RETURNS text LANGUAGE sql AS $$
	SELECT rpad(w.type || w.code || coalesce(to_char(w.code_deletion, 'YYYYDDD'), '       ') || w.prim || coalesce(to_char(w.prim_deletion, 'YYYYDDD'), '       ')
		|| to_char(w.effective, 'YYYYDDD') || coalesce(to_char(w.deletion, 'YYYYDDD'), ''), 97)
$$;

CREATE TABLE hash (n int, of int, hash text);
CREATE PROCEDURE publish_all() LANGUAGE plpgsql AS $$
DECLARE
	e edition;
BEGIN
	FOR e IN SELECT * FROM edition ORDER BY n LOOP
		INSERT INTO ncci_addon_import SELECT line_of(w) FROM written w WHERE w.n = e.n ORDER BY draw(w.i, 50 + w.n, 100000);
		INSERT INTO counted SELECT e.name, * FROM ncci_publish(e.name, 'practitioner', e.covers);
		INSERT INTO hash SELECT e.n, x.n, ruleset_hash(ruleset('medicare', x.name)) FROM edition x WHERE x.n <= e.n;
	END LOOP;
END $$;
CALL publish_all();

-- the rows of an edition: those of its file, and of pairs that it lacks those of the edition before, ended before it
CREATE TABLE expected (n int, code text, prim text, type int, effective date, deletion date);
CREATE PROCEDURE expect() LANGUAGE plpgsql AS $$
BEGIN
	FOR which IN 1..4 LOOP
		INSERT INTO expected
		SELECT n, code, prim, type, effective, least(deletion, code_deletion, prim_deletion) FROM written WHERE n = which
			AND effective <= coalesce(least(code_deletion, prim_deletion), 'infinity');
		INSERT INTO expected
		SELECT which, x.code, x.prim, x.type, x.effective, least(x.deletion, lower(e.covers) - 1) FROM expected x JOIN edition e ON e.n = which
		WHERE x.n = which - 1 AND x.effective < lower(e.covers)
			AND NOT EXISTS (SELECT FROM written w WHERE w.n = which AND w.code = x.code AND w.prim = x.prim);
	END LOOP;
END $$;
CALL expect();

SELECT bag_eq($$ SELECT e.n, a.code, a.primary_code, a.type, a.effective, a.deletion FROM edition e, ncci_addon(e.name) a $$, 'TABLE expected', 'each edition has the rows of the model');
SELECT cmp_ok((SELECT count(*) FROM expected x JOIN edition e USING (n) WHERE x.deletion = lower(e.covers) - 1), '>', 10::bigint, 'some of pairs that its file lacks');
SELECT bag_eq($$ SELECT e.n, r->>0 AS code, coalesce(r->>1, 'CCCCC') AS prim, (r->>2)::int AS type, (r->>3)::date AS effective, (r->>4)::date AS deletion
	FROM edition e, LATERAL (SELECT ruleset('medicare', e.name)::text::jsonb -> 'addon' AS rows) t, jsonb_array_elements(t.rows) r $$, 'TABLE expected', 'and so has its ruleset');
SELECT is((SELECT count(*) FROM claimline_internal.ncci_edition WHERE addon_over IS NOT NULL AND edition LIKE 'r_'), 3::bigint, 'later ones are stored over earlier ones');
SELECT is((SELECT count(DISTINCT (of, hash)) FROM hash), 4::bigint, 'none changes one before');
-- a dump has the text form
SELECT is((SELECT count(*) FROM claimline_internal.ncci_edition e WHERE e.addon IS NOT NULL
	AND claimline_internal.ncci_rows_hash(e.addon::text::claimline_internal.ncci_rows) IS DISTINCT FROM e.addon_hash), 0::bigint, 'the text form has the same rows');
SELECT is((error_of($$ SELECT '{"claimline_ncci": 1, "addon": [["97130", "97129", null, null, 0, "4"]]}'::claimline_internal.ncci_rows $$)).detail IS NULL, false, 'a row without a type is refused');

-- what changed, from the rows of the model that are ever in force
CREATE TABLE told AS SELECT e.n, c.* FROM edition e JOIN edition b ON b.n = e.n - 1 CROSS JOIN LATERAL ncci_changes(b.name, e.name) c;
SELECT bag_eq($$ SELECT DISTINCT n, column_1, column_2 FROM told $$,
	$$ SELECT DISTINCT n, code, prim FROM ((SELECT n, code, prim, type, effective, deletion FROM expected WHERE n > 1 EXCEPT SELECT n + 1, code, prim, type, effective, deletion FROM expected)
		UNION ALL (SELECT n + 1, code, prim, type, effective, deletion FROM expected WHERE n < 4 EXCEPT SELECT n, code, prim, type, effective, deletion FROM expected)) x $$,
	'ncci_changes() names the pairs whose rows differ, and no others');
SELECT bag_eq($$ SELECT edition, change, n FROM counted WHERE edition > 'r1' AND edition LIKE 'r_' AND change <> 'addon rows' AND n > 0 AND change LIKE 'addon%' $$,
	$$ SELECT e.name, change, count(*) FROM told JOIN edition e USING (n) GROUP BY 1, 2 $$, 'ncci_publish() counted them');
SELECT is((SELECT string_agg(DISTINCT change, ', ' ORDER BY change) FROM told), 'addon added, addon expired, addon re-dated', 'of each kind that the model makes');

-- judged by date: alone, beside a primary of the date, beside one of another date
CREATE TABLE asked AS
SELECT x.n, x.code, x.prim, d.dos FROM (SELECT DISTINCT n, code, prim FROM expected WHERE draw(hashtext(code || prim), n, 3) = 0) x
	JOIN edition e USING (n) CROSS JOIN LATERAL (SELECT lower(e.covers) + draw(hashtext(x.prim), 60 + x.n, 88) AS dos) d;
CREATE TABLE judge AS SELECT n, ruleset('medicare', name) AS rules FROM edition;
SELECT is_empty($$ SELECT a.*, s.said, w.want FROM asked a JOIN judge j USING (n)
	CROSS JOIN LATERAL (SELECT sev(on_day(a.dos, a.code || ' x1'), 'addon-missing', 1, j.rules) AS said) s
	CROSS JOIN LATERAL (SELECT (ARRAY['deny', 'review', 'review'])[min(x.type)] AS want FROM expected x
		WHERE x.n = a.n AND x.code = a.code AND a.dos BETWEEN x.effective AND coalesce(x.deletion, 'infinity')) w
	WHERE s.said IS DISTINCT FROM w.want $$, 'alone: by the type that the model has on the date');
SELECT is_empty($$ SELECT a.*, s.said FROM asked a JOIN judge j USING (n)
	CROSS JOIN LATERAL (SELECT sev(on_day(a.dos, a.code || ' x1', a.prim || ' x1'), 'addon-missing', 1, j.rules) AS said) s
	WHERE a.prim <> 'CCCCC' AND (s.said IS NULL) <> (
		EXISTS (SELECT FROM expected x WHERE x.n = a.n AND x.code = a.code AND x.prim = a.prim AND a.dos BETWEEN x.effective AND coalesce(x.deletion, 'infinity'))
		OR NOT EXISTS (SELECT FROM expected x WHERE x.n = a.n AND x.code = a.code AND a.dos BETWEEN x.effective AND coalesce(x.deletion, 'infinity'))) $$,
	'beside a primary: nothing where it is one on the date');

-- too many missing
INSERT INTO ncci_addon_import SELECT line_of(w) FROM written w WHERE w.n = 4 AND w.i > 60;
SELECT matches((error_of($$ SELECT ncci_publish('r5', 'practitioner', '[2028-01-01,2028-03-31]') $$)).message, '^the file lacks \d+ of the \d+ add-on codes of edition "r4"$', 'a file that lacks more than one in twenty is refused');
SELECT lives_ok($$ SELECT ncci_publish('r5', 'practitioner', '[2028-01-01,2028-03-31]', true) $$, 'unless that is allowed');
SELECT bag_eq($$ SELECT DISTINCT code, primary_code FROM ncci_addon('r5') $$, $$ SELECT code, prim FROM written WHERE n = 4 AND i > 60 AND effective <= coalesce(least(code_deletion, prim_deletion), 'infinity')
	UNION SELECT code, prim FROM expected x WHERE n = 4 AND effective < '2028-01-01' AND NOT EXISTS (SELECT FROM written w WHERE w.n = 4 AND w.i > 60 AND w.code = x.code AND w.prim = x.prim) $$,
	'and what is missing is kept as ended');

SELECT * FROM finish();
ROLLBACK;

-- CMS's NCCI files: excerpts of real ones load as they are shipped, wrong ones are refused and leave the editions as they were, and
-- a published edition stays what it is.
--
-- What a file says is read a second time here, as lines of text with regular expressions, and compared with what was published.
--
-- Run from the root of the project, by a superuser on the server's machine: \copy tells psql nothing about an error, so the wrong
-- files are read by COPY.   psql -X -f test/tap/ncci_files.sql

\set dir `pwd`

BEGIN;
\i test/tap/lib.sql

SELECT plan(147);

--
-- helpers
--

-- everything that the editions say
CREATE FUNCTION pg_temp.everything() RETURNS text
LANGUAGE sql AS $$
	SELECT md5(coalesce(string_agg(said, '|' ORDER BY said COLLATE "C"), ''))
	FROM (
		SELECT e::text AS said FROM ncci_editions e
		UNION ALL
		SELECT e.service_type || e.edition || p::text FROM ncci_editions e, ncci_ptp(e.edition, e.service_type) p
		WHERE e.service_type <> 'dme' AND e.retired_at IS NULL
		UNION ALL
		SELECT e.service_type || e.edition || m::text FROM ncci_editions e, ncci_mue(e.edition, e.service_type) m WHERE e.retired_at IS NULL
		UNION ALL
		SELECT e.service_type || e.edition || ruleset_hash(ruleset('medicare', e.edition, e.service_type)) FROM ncci_editions e
		WHERE e.retired_at IS NULL
		UNION ALL
		SELECT ruleset_hash(ruleset('medicare'))
	) x $$;

-- ncci_publish as a table of counts; a change that it does not name has none
CREATE TABLE counted (edition text, change text, n bigint);
CREATE FUNCTION pg_temp.n(edition text, change text) RETURNS bigint
LANGUAGE sql AS $$ SELECT coalesce(sum(c.n), 0)::bigint FROM counted c WHERE c.edition = $1 AND c.change = $2 $$;

-- the findings of two lines on a day, by an edition
CREATE FUNCTION pg_temp.said(line_1 text, line_2 text, dos date, rules claim_ruleset) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(f.line_no || ' ' || f.rule || ' ' || f.severity, ', ' ORDER BY f.line_no, f.rule), 'nothing')
	FROM claim_edits(ARRAY[line_1 || ' x1 ' || dos, line_2 || ' x1 ' || dos]::claimline[], rules) f
	WHERE f.rule IN ('ptp', 'ptp-bypassed') $$;

-- the files a second time: lines of text
CREATE TABLE raw (line_no int GENERATED ALWAYS AS IDENTITY, line text);
\copy raw (line) from 'test/data/ccipra-v322r0-f1.excerpt.lf.txt' (format csv, delimiter E'\x01', quote E'\x02', encoding 'WIN1252')
CREATE TABLE want_ptp AS
SELECT m[1] AS column_1, m[2] AS column_2, to_date(m[4], 'YYYYMMDD') AS effective, to_date(nullif(m[5], '*'), 'YYYYMMDD') AS deletion,
	m[6]::int AS indicator, m[7] AS rationale
FROM (SELECT regexp_match(line, '^(\w{5})\t(\w{5})\t([*]?)\t(\d{8})\t(\d{8}|[*])\t(\d)\t(.*)$') AS m FROM raw) r
WHERE m IS NOT NULL;
CREATE TABLE want_mue (service_type text, code text, units int, mai int);
TRUNCATE raw;
\copy raw (line) from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, delimiter E'\x01', quote E'\x02', encoding 'WIN1252')
INSERT INTO want_mue
SELECT 'practitioner', m[1], m[2]::int, m[3]::int
FROM (SELECT regexp_match(line, '^(\w{5}),(\d+),([123]) (?:Date of Service|Line) Edit') AS m FROM raw) r WHERE m IS NOT NULL;
TRUNCATE raw;
\copy raw (line) from 'test/data/MCR_MUE_OutpatientHospitalServices.excerpt.lf.csv' (format csv, delimiter E'\x01', quote E'\x02', encoding 'WIN1252')
INSERT INTO want_mue
SELECT 'outpatient', m[1], m[2]::int, m[3]::int
FROM (SELECT regexp_match(line, '^(\w{5}),(\d+),([123]) (?:Date of Service|Line) Edit') AS m FROM raw) r WHERE m IS NOT NULL;

SELECT is((SELECT count(*) FROM want_ptp), 14::bigint, 'the excerpt has 14 rows');
SELECT is((SELECT count(*) FROM want_ptp WHERE indicator = 9), 4::bigint, 'of which 4 were never in force');
SELECT is((SELECT string_agg(service_type || ' ' || n, ', ' ORDER BY service_type) FROM (SELECT service_type, count(*) AS n FROM want_mue GROUP BY 1) x),
	'outpatient 52, practitioner 52', 'the excerpts of the unit limits have 52 codes each');

--
-- before any edition
--

SELECT is((SELECT count(*) FROM ncci_editions), 0::bigint, 'no edition is published at first');
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(starter_ruleset()), 'the newest edition is then the starter');
SELECT isnt((SELECT state FROM error_of($$SELECT ruleset('medicare', '2026q2')$$, undo => true)), NULL, 'an edition that is not published is an error');
SELECT isnt((SELECT state FROM error_of($$SELECT * FROM ncci_publish('2026q2', 'practitioner', '[2026-04-01,2026-07-01)')$$, undo => true)), NULL,
	'publishing nothing is an error');

--
-- as shipped: CRLF, and the unit limits with a notice of several lines, a header with a line break, and a byte that is not UTF-8
--

\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$INSERT INTO counted SELECT '2026q2', * FROM ncci_publish('2026q2', 'practitioner', '[2026-04-01,2026-07-01)')$$, 'as shipped: published');

SELECT is(pg_temp.n('2026q2', 'ptp rows'), 14::bigint, 'CRLF: the rows are counted');
SELECT is(pg_temp.n('2026q2', 'ptp never in force'), 4::bigint, 'and those never in force');
SELECT is(pg_temp.n('2026q2', 'mue rows'), 52::bigint, 'and the unit limits');
SELECT is((SELECT (ptp_whole, mue_whole) FROM claimline_internal.ncci_edition WHERE edition = '2026q2' AND service_type = 'practitioner'), (false, false),
	'an excerpt lacks what the built-in edition has, and is known as a part');
SELECT is((SELECT string_agg(DISTINCT rule || ' ' || severity, ', ') FROM claim_edits('{97140-GP x1 15min 2026-05-01,97124-GP x1 15min 2026-05-01}'::claimline[], ruleset())),
	'edition-coverage unknown', 'so a pair without a row in it is unknown, not clean');
SELECT is((SELECT count(*) FROM counted WHERE change NOT IN ('ptp rows', 'ptp never in force', 'ptp added', 'ptp expired', 'ptp re-dated',
		'ptp indicator', 'ptp swapped', 'mue rows', 'mue added', 'mue removed', 'mue changed')), 0::bigint, 'no other change has a name');
SELECT is((SELECT count(*) FROM counted GROUP BY edition, change ORDER BY 1 DESC LIMIT 1), 1::bigint, 'each is there once');
SELECT bag_eq($$SELECT column_1, column_2, effective, deletion, indicator::int, rationale FROM ncci_ptp('2026q2')$$, 'TABLE want_ptp',
	'CRLF: ncci_ptp() has the rows of the file');
SELECT bag_eq($$SELECT code, units::int, mai::int FROM ncci_mue('2026q2')$$, $$SELECT code, units, mai FROM want_mue WHERE service_type = 'practitioner'$$,
	'ncci_mue() has the rows of the file');
SELECT is((SELECT count(*) FROM ncci_ptp_import), 0::bigint, 'publishing empties the import of pairs');
SELECT is((SELECT count(*) FROM ncci_mue_import), 0::bigint, 'and of unit limits');
SELECT is((SELECT (service_type, edition, covers, published_by::text, ptp_rows, mue_rows, retired_at IS NULL, retired_why IS NULL)::text FROM ncci_editions),
	(SELECT ('practitioner'::text, '2026q2'::text, daterange('2026-04-01', '2026-07-01'), current_user::text, 14, 52, true, true)::text),
	'ncci_editions shows it');
SELECT ok((SELECT published_at <= clock_timestamp() AND published_at >= now() FROM ncci_editions), 'and when it was published');

-- what it says
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(ruleset('medicare', '2026q2')), 'it is the newest');
SELECT isnt(ruleset_hash(ruleset('medicare')), ruleset_hash(starter_ruleset()), 'and not the starter');
SELECT is(ruleset_hash(ruleset('cpt', '2026q2')) = ruleset_hash(ruleset('medicare', '2026q2')), false, 'by another policy it is another ruleset');
SELECT is(pg_temp.said(a, b, dos, ruleset('medicare')), said, a || ' ' || b || ' on ' || dos || ': ' || said)
FROM (VALUES
	('13121', '13120', date '2026-05-01', '2 ptp deny'),
	('13120', '13121', date '2026-05-01', '1 ptp deny'),
	('13121', '13120-59', date '2026-05-01', '2 ptp deny'),
	('0001U', '81161', date '2026-05-01', '2 ptp deny'),
	('0001U', '81161-59', date '2026-05-01', '2 ptp-bypassed info'),
	('0001U', '0029U', date '2026-06-30', '2 ptp deny'),
	('0001U', '0029U', date '2026-07-01', 'nothing'),
	('0001U', '0030U', date '2026-07-01', '2 ptp review'),
	('0001A', '0591T', date '2022-01-01', '2 ptp deny'),
	('0001A', '0591T', date '2021-12-31', 'nothing'),
	('0001A', '0591T', date '2023-12-31', '2 ptp deny'),
	('0001A', '0591T', date '2024-01-01', 'nothing'),
	('0001A', '90473', date '2022-01-01', 'nothing'),
	('0001A', 'G0008', date '2022-01-01', 'nothing'),
	('17000', '17281', date '2004-12-31', '2 ptp review'),
	('17000', '17281', date '2005-01-01', 'nothing'),
	('17000', '17281', date '1999-07-01', '2 ptp review'),
	('17000', '17281', date '1999-06-30', 'nothing'),
	('98941', '97124', date '2026-05-01', 'nothing')
) v (a, b, dos, said);
SELECT is((SELECT string_agg(f.rule || ' ' || f.severity, ', ') FROM claim_edits(ARRAY[line]::claimline[], ruleset('medicare')) f WHERE f.rule LIKE 'mue%'), said,
	line || ': ' || coalesce(said, 'nothing'))
FROM (VALUES
	('97124 x4 60min 2026-05-01', NULL),
	('97124 x5 75min 2026-05-01', 'mue-day deny'),
	('97010 x1 2026-05-01', 'mue-day deny'),
	('99486 x5 2026-05-01', 'mue-line deny'),
	('99486 x4 2026-05-01', NULL),
	('0373T x24 2026-06-30', NULL),
	('0373T x25 2026-06-30', 'mue-day deny')
) v (line, said);

--
-- LF; in two parts, one after the other, as CMS ships a release
--

\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.lf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.crlf.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$INSERT INTO counted SELECT '2026q3', * FROM ncci_publish('2026q3', 'practitioner', '[2026-07-01,2026-10-01)')$$, 'the other line ends: published');
TRUNCATE ncci_ptp_import, ncci_mue_import;
SELECT bag_eq($$SELECT column_1, column_2, effective, deletion, indicator::int, rationale FROM ncci_ptp('2026q3')$$, 'TABLE want_ptp',
	'LF: ncci_ptp() has the rows of the file');
SELECT bag_eq($$SELECT code, units::int, mai::int FROM ncci_mue('2026q3')$$, $$SELECT code, units, mai FROM want_mue WHERE service_type = 'practitioner'$$,
	'unit limits with CRLF: ncci_mue() has the rows of the file');
SELECT is((SELECT string_agg(change || ' ' || n, ', ' ORDER BY change) FROM counted WHERE edition = '2026q3' AND n > 0),
	'mue rows 52, ptp never in force 4, ptp rows 14', 'the same file again changes nothing');
SELECT is((SELECT count(*) FROM ncci_changes('2026q2', '2026q3')), 0::bigint, 'and ncci_changes() has no row');
SELECT is((SELECT based_on::text FROM ncci_editions WHERE edition = '2026q3'), '2026q2', 'it is stored as what differs from the edition before');

\copy ncci_ptp_import from program 'head -n 13 test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_ptp_import from program 'head -n 6 test/data/ccipra-v322r0-f1.excerpt.lf.txt; tail -n +14 test/data/ccipra-v322r0-f1.excerpt.lf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$INSERT INTO counted SELECT '2026q4', * FROM ncci_publish('2026q4', 'practitioner', '[2026-10-01,2027-01-01)')$$, 'in two parts: published');
TRUNCATE ncci_ptp_import, ncci_mue_import;
SELECT bag_eq($$SELECT column_1, column_2, effective, deletion, indicator::int, rationale FROM ncci_ptp('2026q4')$$, 'TABLE want_ptp',
	'in two parts: ncci_ptp() has the rows of both');

--
-- service types are kept apart
--

\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_OutpatientHospitalServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$INSERT INTO counted SELECT 'outpatient', * FROM ncci_publish('2026q2', 'outpatient', '[2026-04-01,2026-07-01)')$$, 'another service type: published');
TRUNCATE ncci_ptp_import, ncci_mue_import;
SELECT is(pg_temp.n('outpatient', 'mue rows'), 52::bigint, 'an edition of another service type may have the same name');
SELECT bag_eq($$SELECT code, units::int, mai::int FROM ncci_mue('2026q2', 'outpatient')$$, $$SELECT code, units, mai FROM want_mue WHERE service_type = 'outpatient'$$,
	'and has its own limits');
SELECT bag_eq($$SELECT code, units::int, mai::int FROM ncci_mue('2026q2')$$, $$SELECT code, units, mai FROM want_mue WHERE service_type = 'practitioner'$$,
	'those of the first are as they were');
SELECT is((SELECT string_agg(v.service_type, ' ' ORDER BY v.service_type) FROM unnest('{practitioner,outpatient}'::text[]) v (service_type)
		WHERE EXISTS (SELECT FROM claim_edits('97110 x8 120min 2026-05-01'::claimline, ruleset('medicare', '2026q2', v.service_type)) f WHERE f.rule = 'mue-day')),
	'practitioner', '97110 x8 is too many for a practitioner only');

\copy ncci_mue_import from 'test/data/wrong/mue_dme.csv' (format csv, encoding 'WIN1252')
SELECT lives_ok($$INSERT INTO counted SELECT 'dme', * FROM ncci_publish('2026q2', 'dme', '[2026-04-01,2026-07-01)')$$, 'only unit limits: published');
TRUNCATE ncci_ptp_import, ncci_mue_import;
SELECT is(pg_temp.n('dme', 'mue rows'), 2::bigint, 'suppliers of medical equipment have unit limits');
SELECT is((SELECT string_agg(f.rule, ', ') FROM claim_edits('A4225 x3 2026-05-01'::claimline, ruleset('medicare', '2026q2', 'dme')) f WHERE f.rule LIKE 'mue%'),
	'mue-day', 'that are applied');
SELECT is((SELECT string_agg(f.rule, ', ') FROM claim_edits('A4225 x3 2026-05-01'::claimline, ruleset('medicare', '2026q2')) f WHERE f.rule LIKE 'mue%'),
	NULL, 'to nobody else');

--
-- wrong files
--

CREATE TABLE before AS SELECT pg_temp.everything() AS everything;

-- A wrong file, and a right one of the other kind, read and published: what is raised, and at which step.  allow_loss, so that
-- it is refused for what is wrong with it and not for the rows it lacks.
CREATE FUNCTION pg_temp.try_file(file text, kind text, service_type text, dir text,
	OUT step text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	empty constant boolean := file ~ 'empty';
BEGIN
	step := 'other file';
	IF kind = 'mue' AND service_type <> 'dme' AND NOT empty THEN
		EXECUTE format('COPY ncci_ptp_import FROM %L (ENCODING ''WIN1252'')', dir || '/test/data/ccipra-v322r0-f1.excerpt.crlf.txt');
	ELSIF kind = 'ptp' AND service_type = 'practitioner' AND NOT empty THEN
		EXECUTE format('COPY ncci_mue_import FROM %L (FORMAT csv, ENCODING ''WIN1252'')', dir || '/test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv');
	END IF;
	step := 'read';
	IF kind = 'ptp' THEN
		EXECUTE format('COPY ncci_ptp_import FROM %L (ENCODING ''WIN1252'')', dir || '/test/data/' || file);
	ELSE
		EXECUTE format('COPY ncci_mue_import FROM %L (FORMAT csv, ENCODING ''WIN1252'')', dir || '/test/data/' || file);
	END IF;
	step := 'publish';
	PERFORM ncci_publish('wrong', service_type, '[2027-01-01,2027-04-01)', true);
	step := 'published';
	RAISE EXCEPTION USING ERRCODE = 'TAP00';
EXCEPTION WHEN SQLSTATE 'TAP00' THEN
	NULL;
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

CREATE TABLE tried AS
SELECT v.*, t.*, concat_ws(E'\n', t.message, t.detail, t.hint) AS said
FROM (VALUES
	-- what they are, where it is found, what the error says
	('wrong/ptp_cut_in_row.txt', 'ptp', 'practitioner', 'cut in a row', 'read', 'missing data'),
	('wrong/ptp_cut_in_rationale.txt', 'ptp', 'practitioner', 'cut in the rationale', 'publish', 'line 19.*Mutually exclus'),
	('wrong/ptp_cut_before_rationale.txt', 'ptp', 'practitioner', 'cut before the rationale', 'publish', 'line 19.*rationale'),
	('wrong/ptp_other_layout.txt', 'ptp', 'practitioner', 'columns in another order', 'publish', 'heading|layout'),
	('wrong/ptp_six_columns.txt', 'ptp', 'practitioner', 'a layout without rationale', 'read', 'missing data'),
	('wrong/ptp_no_heading.txt', 'ptp', 'practitioner', 'no heading', 'publish', 'heading'),
	('wrong/ptp_heading_only.txt', 'ptp', 'practitioner', 'a heading without rows', 'publish', 'without a record'),
	('wrong/page.txt', 'ptp', 'practitioner', 'an HTML page', 'read', 'missing data'),
	('wrong/book.txt', 'ptp', 'practitioner', 'a workbook', 'read', 'invalid byte sequence'),
	('wrong/empty.txt', 'ptp', 'practitioner', 'empty', 'publish', 'empty|no rows|nothing'),
	('wrong/ptp_bad_date.txt', 'ptp', 'practitioner', 'a date that does not exist', 'publish', 'line 8.*deletion.*20231301'),
	('wrong/ptp_bad_indicator.txt', 'ptp', 'practitioner', 'an indicator that does not exist', 'publish', 'line 8.*indicator.*2'),
	('wrong/ptp_bad_code.txt', 'ptp', 'practitioner', 'a code of four characters', 'publish', 'line 8.*X008'),
	('wrong/ptp_overlap.txt', 'ptp', 'practitioner', 'windows that overlap by a day', 'publish', 'line [79].*X0001.*X0002'),
	('wrong/ptp_duplicate.txt', 'ptp', 'practitioner', 'a row twice', 'publish', 'line [79].*X0001.*X0002'),
	('ccipra-v322r0-f1.excerpt.crlf.txt', 'ptp', 'dme', 'pairs for medical equipment', 'publish', 'dme'),
	('wrong/mue_dme.csv', 'mue', 'practitioner', 'DME limits as a practitioner''s', 'publish', 'DME|dme'),
	('wrong/mue_dme.csv', 'mue', 'outpatient', 'DME limits as a hospital''s', 'publish', 'DME|dme'),
	('MCR_MUE_OutpatientHospitalServices.excerpt.lf.csv', 'mue', 'practitioner', 'a hospital''s limits as a practitioner''s', 'publish', 'Outpatient|outpatient'),
	('MCR_MUE_PractitionerServices.excerpt.lf.csv', 'mue', 'outpatient', 'a practitioner''s limits as a hospital''s', 'publish', 'Practitioner|practitioner'),
	('MCR_MUE_PractitionerServices.excerpt.crlf.csv', 'mue', 'dme', 'a practitioner''s limits as those of DME', 'publish', 'Practitioner|practitioner'),
	('wrong/mue_cut_in_row.csv', 'mue', 'practitioner', 'limits cut in a row', 'read', 'missing data'),
	('wrong/mue_cut_in_notice.csv', 'mue', 'practitioner', 'limits cut in the notice', 'read', 'unterminated'),
	('wrong/mue_cut_in_rationale.csv', 'mue', 'practitioner', 'limits cut in the rationale', 'publish', 'line 11.*Clinical: Da'),
	('wrong/mue_other_layout.csv', 'mue', 'practitioner', 'limits with columns in another order', 'publish', 'heading|layout'),
	('wrong/mue_five_columns.csv', 'mue', 'practitioner', 'limits in five columns', 'read', 'extra data'),
	('wrong/mue_no_heading.csv', 'mue', 'practitioner', 'limits without a heading', 'publish', 'heading'),
	('wrong/page.txt', 'mue', 'practitioner', 'an HTML page for limits', 'read', 'missing data'),
	('wrong/book.txt', 'mue', 'practitioner', 'a workbook for limits', 'read', 'invalid byte sequence'),
	('wrong/empty.txt', 'mue', 'practitioner', 'empty for limits', 'publish', 'empty|no rows|nothing'),
	('wrong/mue_duplicate.csv', 'mue', 'practitioner', 'a limit twice', 'publish', 'line 1[02].*X0001'),
	('wrong/mue_bad_rows.csv', 'mue', 'practitioner', 'bad limits', 'publish', 'line 11.*X002'),
	('wrong/ptp_bad_rows.txt', 'ptp', 'practitioner', 'bad rows', 'publish', 'line 8.*20231301')
) v (file, kind, service_type, what, want_step, want_text)
	CROSS JOIN LATERAL pg_temp.try_file(v.file, v.kind, v.service_type, :'dir') t;

SELECT ok(step = want_step AND said ~* want_text, format('%s: refused at %s, which says %s', what, want_step, want_text)) FROM tried;
SELECT diag(format('%s (%s as %s): step %s, %s %s', what, file, service_type, step, state, said)) FROM tried
WHERE NOT coalesce(step = want_step AND said ~* want_text, false);
-- not a fault of the program
SELECT is((SELECT string_agg(what || ' ' || state, ', ') FROM tried WHERE state !~ '^22|^P0002$'), NULL, 'each is a data exception, or no data');
SELECT is((SELECT string_agg(what, ', ') FROM tried WHERE step = 'publish' AND message ~ '^[A-Z][a-z ]|[.]$'), NULL,
	'the messages are those of PostgreSQL: no capital, no period');

-- the first ten bad rows, in the order of the file, each with its line and reason
CREATE TABLE bad_row AS
SELECT what, n, (regexp_match(line, 'line (\d+): (.+)'))[1]::int AS at, (regexp_match(line, 'line (\d+): (.+)'))[2] AS reason
FROM tried, regexp_split_to_table(detail, E'\n') WITH ORDINALITY l (line, n)
WHERE what IN ('bad rows', 'bad limits') AND line ~ 'line \d+: ';
SELECT is((SELECT array_agg(at ORDER BY n) FROM bad_row WHERE what = 'bad rows'), '{8,9,10,11,12,13,14,15,16,17}'::int[],
	'of twelve bad rows the first ten are named');
SELECT ok(EXISTS (SELECT FROM bad_row WHERE what = 'bad rows' AND at = v.at AND reason ~* v.reason), format('line %s: %s', v.at, v.reason))
FROM (VALUES (8, '20231301'), (9, '20230229'), (10, '2020010'), (11, '2019-?12-?31.*2020-?01-?01|2020-?01-?01.*2019-?12-?31'), (12, 'indicator'),
	(13, 'X008'), (14, 'indicator'), (15, 'effective'), (16, 'X00!1'), (17, 'same code')) v (at, reason);
SELECT is((SELECT array_agg(at ORDER BY n) FROM bad_row WHERE what = 'bad limits'), '{11,12,13,14,15,16,17}'::int[],
	'bad limits are named by the line that an editor shows');
SELECT diag(b) FROM bad_row b WHERE what = 'bad limits' AND (SELECT array_agg(at ORDER BY n) FROM bad_row WHERE what = 'bad limits') <> '{11,12,13,14,15,16,17}';

-- in the second of two parts
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_ptp_import from 'test/data/wrong/ptp_bad_indicator.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT alike((SELECT detail FROM error_of($$SELECT ncci_publish('wrong', 'practitioner', '[2027-01-01,2027-04-01)', true)$$, undo => true)), '%file 2 line 8: %',
	'a bad row is named by its part');
SELECT is((SELECT count(*) FROM ncci_ptp_import), 28::bigint, 'a failed publish leaves the import as it was');
SELECT is((SELECT count(*) FROM ncci_mue_import), 54::bigint, 'also that of the limits');
TRUNCATE ncci_ptp_import, ncci_mue_import;

-- the limits cut between two rows (pairs: ncci_editions); a part twice; a second file of limits
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from program 'head -n 40 test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT alike((SELECT concat_ws(' ', message, detail, hint) FROM error_of($$SELECT ncci_publish('wrong', 'practitioner', '[2027-01-01,2027-04-01)')$$, undo => true)),
	'%allow_loss%', 'limits cut between two rows are refused, with the way to say that they are right');
TRUNCATE ncci_ptp_import, ncci_mue_import;
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.lf.txt' (encoding 'WIN1252')
SELECT matches((SELECT detail FROM error_of($$SELECT ncci_publish('wrong', 'practitioner', '[2027-01-01,2027-04-01)')$$, undo => true)), 'file 2 line 7: .*0001A.*0591T',
	'a part that is there twice is refused');
TRUNCATE ncci_ptp_import;
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_OutpatientHospitalServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT isnt((SELECT state FROM error_of($$SELECT ncci_publish('wrong', 'practitioner', '[2027-01-01,2027-04-01)', true)$$, undo => true)), NULL,
	'limits of two service types are refused');
TRUNCATE ncci_ptp_import, ncci_mue_import;

-- wrong arguments, right files
\copy ncci_ptp_import from 'test/data/ccipra-v322r0-f1.excerpt.crlf.txt' (encoding 'WIN1252')
\copy ncci_mue_import from 'test/data/MCR_MUE_PractitionerServices.excerpt.lf.csv' (format csv, encoding 'WIN1252')
SELECT isnt((SELECT state FROM error_of(statement, undo => true)), NULL, what || ' is refused')
FROM (VALUES
	('an edition that exists', $$SELECT ncci_publish('2026q2', 'practitioner', '[2026-04-01,2026-07-01)')$$),
	('an edition without name', $$SELECT ncci_publish(NULL, 'practitioner', '[2027-01-01,2027-04-01)')$$),
	('an empty name', $$SELECT ncci_publish('', 'practitioner', '[2027-01-01,2027-04-01)')$$),
	('the name of the starter', $$SELECT ncci_publish('starter', 'practitioner', '[2027-01-01,2027-04-01)')$$),
	('a service type that does not exist', $$SELECT ncci_publish('2027q1', 'dentist', '[2027-01-01,2027-04-01)')$$),
	('no service type', $$SELECT ncci_publish('2027q1', NULL, '[2027-01-01,2027-04-01)')$$),
	('an edition that covers nothing', $$SELECT ncci_publish('2027q1', 'practitioner', 'empty')$$),
	('an edition that says not what it covers', $$SELECT ncci_publish('2027q1', 'practitioner', NULL)$$)
) v (what, statement);

SELECT is(pg_temp.everything(), (SELECT everything FROM before), 'after all that the editions are as they were');
SELECT is((SELECT count(*) FROM ncci_ptp_import), 20::bigint, 'and the import can still be published');
SELECT lives_ok($$SELECT ncci_publish('2027q1', 'practitioner', '[2027-01-01,2027-04-01)')$$, 'as it is');

--
-- frozen, and retired
--

UPDATE before SET everything = pg_temp.everything();

-- every table of the extension that keeps editions
CREATE TABLE kept AS
SELECT c.oid::regclass AS name, (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum LIMIT 1) AS attribute
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
	JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND x.extname = 'claimline'
WHERE c.relkind IN ('r', 'p') AND c.relname LIKE 'ncci%' AND c.relname NOT LIKE '%import%';
CREATE FUNCTION pg_temp.is_empty(name regclass) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	empty boolean;
BEGIN
	EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s)', name) INTO empty;
	RETURN empty;
END $$;
DELETE FROM kept WHERE pg_temp.is_empty(name);
SELECT ok('claimline_internal.ncci_edition' IN (SELECT name::text FROM kept), 'ncci_edition keeps the editions');
SELECT is((SELECT string_agg(name::text, ' ') FROM kept WHERE (SELECT state FROM error_of(format('UPDATE %s SET %I = %I', name, attribute, attribute), undo => true)) IS NULL), NULL,
	'no table of the editions can be updated');
SELECT is((SELECT string_agg(name::text, ' ') FROM kept WHERE (SELECT state FROM error_of(format('DELETE FROM %s', name), undo => true)) IS NULL), NULL, 'nor deleted from');
SELECT is((SELECT string_agg(name::text, ' ') FROM kept WHERE (SELECT state FROM error_of(format('TRUNCATE %s CASCADE', name), undo => true)) IS NULL), NULL, 'nor truncated');
SELECT is((SELECT state FROM error_of($$UPDATE claimline_internal.ncci_edition SET covers = '[2020-01-01,2030-01-01)' WHERE edition = '2026q2'$$, undo => true)) IS NULL, false,
	'what an edition covers cannot be changed');
SELECT is(pg_temp.everything(), (SELECT everything FROM before), 'the editions are as they were');

SELECT isnt((SELECT state FROM error_of($$SELECT ncci_retire('2031q1', 'practitioner', 'a trial')$$, undo => true)), NULL, 'an edition that does not exist cannot be retired');
SELECT isnt((SELECT state FROM error_of($$SELECT ncci_retire('2027q1', 'dme', 'a trial')$$, undo => true)), NULL, 'nor one of another service type');
CREATE TABLE hash AS SELECT ruleset_hash(ruleset('medicare', '2026q4')) AS previous, ruleset_hash(ruleset('medicare', '2027q1')) AS newest;
SELECT is(ruleset_hash(ruleset('medicare')), newest, 'the newest edition is the one that covers last') FROM hash;
SELECT lives_ok($$SELECT ncci_retire('2027q1', 'practitioner', 'CMS replaced the file')$$, 'an edition is retired');
SELECT is(ruleset_hash(ruleset('medicare')), previous, 'the one before is the newest again') FROM hash;
SELECT isnt((SELECT state FROM error_of($$SELECT ruleset('medicare', '2027q1')$$, undo => true)), NULL, 'asking for it by name is an error');
SELECT alike((SELECT concat_ws(' ', message, detail, hint) FROM error_of($$SELECT ruleset('medicare', '2027q1')$$, undo => true)), '%retired%', 'that says so');
SELECT ok((SELECT retired_at IS NOT NULL AND retired_why = 'CMS replaced the file' FROM ncci_editions WHERE edition = '2027q1'), 'ncci_editions says so');
SELECT isnt((SELECT state FROM error_of($$UPDATE claimline_internal.ncci_edition SET edition = edition$$, undo => true)), NULL, 'it stays frozen');
SELECT is((SELECT count(*) FROM ncci_editions WHERE retired_at IS NOT NULL), 1::bigint, 'and the others are not retired');

SELECT * FROM finish();

ROLLBACK;

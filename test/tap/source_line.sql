-- Lines that a column has as they are: a source over rows of the readers by the presets x12 and fhir shows the lines that were read, leaves
-- out what is no claim line, and keeps what is one that cannot be read; fields of the line beside it; tables of claims files.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();
SET client_min_messages = error;

CREATE FUNCTION pg_temp.refused(statement text, wanted text) RETURNS text LANGUAGE sql AS $$ SELECT is((SELECT concat_ws(' | ', state, message, detail, hint) FROM error_of(statement)), wanted, statement) $$;

CREATE TABLE rows_read (n int, x_kind text, kind text, claim_id text, line_no int, patient text, rendering text, referring text, taxonomy text, bill_type text, dos date, thru date, qualifier text, code text,
	modifiers text[], revenue text, units numeric, minutes numeric, charge numeric, dx text[], icd int, frequency text, replaces text, line claimline, line_error text, status text);
INSERT INTO rows_read (n, x_kind, kind, claim_id, line_no, patient, rendering, dos, qualifier, code, revenue, units, minutes, charge, bill_type, line, line_error, status) VALUES
	(1, 'line', 'professional', 'C1', 1, 'P1', '1', '2024-08-01', 'HC', '97124', NULL, 2, NULL, 60, NULL, '97124-GP x2 2024-08-01 dx=M54.2', NULL, NULL),
	(2, 'line', 'professional', 'C1', 2, 'P1', '1', '2024-08-01', 'HC', '00100', NULL, NULL, 61, 90, NULL, '00100 x1 61min 2024-08-01 dxof=claim dx=M54.2,M99.01', NULL, NULL),
	(3, 'line-partial dx', 'professional', 'C1', 3, 'P1', '1', '2024-08-01', 'HC', '97110', NULL, 1, NULL, 30, NULL, '97110 x1 2024-08-01 unread=dx', 'Diagnosis "7242" is of ICD-9-CM.', NULL),
	(4, 'line-partial line', 'professional', 'C1', 4, NULL, '1', '2024-08-01', 'HC', '97112', NULL, 1, NULL, 30, NULL, '97112 x1 2024-08-01', 'Claim has no patient.', NULL),
	(5, 'line-invalid line', 'professional', 'C1', 5, 'P1', '1', NULL, 'HC', '97124', NULL, 1, NULL, 30, NULL, NULL, 'Date of service is "20230229", not a date.', NULL),
	(6, 'line-invalid line', 'professional', 'C1', 6, 'P1', '1', '2024-08-01', 'HC', '97124', NULL, NULL, NULL, 30, NULL, NULL, NULL, NULL),
	(7, 'no procedure code', 'professional', 'C1', 7, 'P1', '1', '2024-08-01', NULL, NULL, NULL, 1, NULL, 30, NULL, NULL, 'Code must not be null.', NULL),
	(8, 'code of another list than HCPCS', 'professional', 'C1', 8, 'P1', '1', '2024-08-01', 'HP', '1AFKS', NULL, 1, NULL, 30, NULL, NULL, 'Code "1AFKS" is no HCPCS code: qualifier "HP", HIPPS rate codes.', NULL),
	(9, 'dental claim', 'dental', 'C2', 1, 'P1', '1', '2024-08-01', 'AD', 'D0120', NULL, 1, NULL, 30, NULL, 'D0120 x1 2024-08-01', NULL, NULL),
	(10, 'revenue line, no procedure code', 'institutional', 'C3', 1, 'P1', '1', '2024-08-01', NULL, NULL, '0120', 1, NULL, 300, '131', NULL, 'Revenue line 0120, no procedure code.', NULL),
	(11, 'institutional claim line: one of a source of service type outpatient', 'institutional', 'C3', 2, 'P1', '1', '2024-08-01', 'HC', '97124', '0420', 1, NULL, 30, '131', '97124 x1 2024-08-01 dx=M54.2', NULL, NULL),
	(12, 'institutional claim line: one of a source of service type outpatient', 'institutional', 'C4', 1, 'P1', '1', '2024-08-01', 'HC', '97124', '0420', 1, NULL, 30, '111', '97124 x1 2024-08-01 dx=M54.2', NULL, NULL),
	(13, 'cancelled', 'professional', 'E1', 1, 'P1', '1', '2024-08-01', 'HC', '97124', NULL, 1, NULL, 30, NULL, NULL, 'Claim has status "cancelled", must be active.', 'cancelled'),
	(14, 'pharmacy claim', 'pharmacy', 'E2', 1, 'P1', '1', '2024-08-01', 'HC', 'J3301', NULL, 1, NULL, 30, NULL, 'J3301 x1 2024-08-01', NULL, NULL);

SELECT claim_source_add('read', 'rows_read', 'fhir') \g /dev/null
SELECT results_eq('SELECT claim_id, line_no, line::text, line_error, charge FROM read_lines ORDER BY 1, 2', 'SELECT claim_id, line_no, line::text, line_error, charge FROM rows_read WHERE n < 7 ORDER BY 1, 2', 'lines are those of the column');
SELECT set_eq($$SELECT concat_ws(' ', CASE WHEN kind = 'left out' THEN what ELSE kind END, field) AS k, sum("rows") AS n, sum(charge) AS c FROM claim_source_quality('read') GROUP BY 1$$,
	'SELECT x_kind, count(*)::numeric AS n, sum(charge) AS c FROM rows_read GROUP BY 1', 'and each row is counted by what it is');
SELECT set_eq($$SELECT what FROM claim_source_quality('read') WHERE kind ~ '^line-'$$, $$VALUES ('Diagnosis "..." is of ICD-9-CM.'), ('Claim has no patient.'), ('Date of service is "...", not a date.'), ('There is no line.')$$, 'with the reason, without the value');
SELECT claim_source_add('hospital', 'rows_read', 'x12', '{"service_type": "outpatient"}') \g /dev/null
SELECT is((SELECT string_agg(concat_ws(' ', claim_id, line_no), ', ') FROM hospital_lines), 'C3 2, E2 1', 'outpatients: by kind and type of bill');
SELECT claim_source_add('made', 'rows_read', 'x12', '{"line": null, "minutes": "minutes"}') \g /dev/null
SELECT is((SELECT line::text FROM made_lines WHERE (claim_id, line_no) = ('C1', 1)), '97124 x2 2024-08-01', 'with "line": null they are made of their fields');
SELECT pg_temp.refused($$SELECT claim_source_add('n', 'rows_read', 'x12', '{"minutes": "minutes"}')$$, '22023 | invalid mapping of field "minutes" | The preset takes lines as they are, from column line. | With "line": null they are made of their fields.');
SELECT pg_temp.refused($$SELECT claim_source_add('n', 'rows_read', 'x12', '{"line": "code"}')$$, '22023 | invalid mapping of field "line" | It must be one column of type claimline. | ');

-- a guard judges such lines
SELECT claim_guard_add('read') \g /dev/null
SELECT matches((SELECT message FROM error_of($$INSERT INTO rows_read (kind, claim_id, line_no, patient, rendering, dos, qualifier, code, units, line) VALUES ('professional', 'C9', 1, 'P9', '1', '2024-08-01', 'HC', '97124', 9, '97124-GP x9 2024-08-01')$$)),
	'claim line violates rule', 'and a guard judges them');

-- tables of claims files
SELECT lives_ok('SELECT claim_files_create(''public'')', 'they are made');
SELECT lives_ok('SELECT claim_files_create(''public'')', 'once');
SELECT pg_temp.refused('SELECT claim_files_create(''nowhere'')', '3F000 | schema "nowhere" does not exist |  | ');
SELECT pg_temp.refused('SELECT claim_files_create(NULL)', '3F000 | no schema for the tables of claims files | The search path names no schema that exists. | Give the argument "schema".');
SELECT set_eq($$SELECT a.attname::text, a.atttypid FROM pg_attribute a WHERE a.attrelid = 'public.claim_file_line'::regclass AND a.attnum > 0 AND a.attname NOT IN ('file', 'ordinal', 'status')$$,
	$$SELECT a.attname::text, a.atttypid FROM pg_attribute a WHERE a.attrelid = 'claims.claim_file_line'::regclass AND a.attnum > 0$$, 'with the columns of what is read');
INSERT INTO public.claim_file (name, bytes, sha256) VALUES ('f', 1, 'x') \g /dev/null
INSERT INTO public.claim_file_line (file, ordinal, claim_id, line_error) SELECT f.id, e.n, e.error, e.error FROM public.claim_file f, unnest(ARRAY['Claim has status "draft", must be active.', 'Claim has use "preauthorization", must be claim.', 'Claim was replaced by "E2".', 'Claim has no item.', NULL]) WITH ORDINALITY e(error, n);
SELECT is((SELECT string_agg(coalesce(status, '-'), ' ' ORDER BY ordinal) FROM public.claim_file_line), 'cancelled cancelled cancelled - -', 'a FHIR claim that does not count is cancelled');

SELECT * FROM finish();
ROLLBACK;

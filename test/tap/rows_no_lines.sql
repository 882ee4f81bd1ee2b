-- Rows that are no claim lines beside those that are: a guard does not refuse them, a scan says why they are none, no report counts them as
-- charge at risk. claim_scan commits, so this is not one transaction.

\i test/tap/lib.sql

SELECT no_plan();

CREATE TABLE tuva (claim_id text, claim_line_number int, claim_type text, person_id text, rendering_npi text, claim_line_start_date date, revenue_center_code text, hcpcs_code text, hcpcs_modifier_1 text,
	service_unit_quantity numeric, charge_amount numeric, diagnosis_code_1 text);
CREATE TABLE own (LIKE tuva);
SELECT claim_source_add('tuva', 'tuva', 'tuva') \g /dev/null
SELECT claim_source_add('own', 'own', columns => '{"patient": "person_id", "provider": "rendering_npi", "dos": "claim_line_start_date", "claim_id": "claim_id", "line_no": "claim_line_number", "code": "hcpcs_code",
	"modifiers": "hcpcs_modifier_1", "units": "service_unit_quantity", "dx": "diagnosis_code_1"}', charge => 'charge_amount') \g /dev/null

-- the same rows into both: a statement's result, and the message of its error
CREATE FUNCTION wrote(source text, statement text, OUT result text, OUT detail text) LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format(statement, source);
	GET DIAGNOSTICS n = ROW_COUNT;
	result := n;
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS result = CONSTRAINT_NAME, detail = PG_EXCEPTION_DETAIL;
END $$;

-- a guard that asks for denials lets through what is no line, whatever the mapping knows of it
SELECT claim_guard_add(s) FROM unnest('{tuva,own}'::text[]) s \g /dev/null
SELECT is((wrote(s, $$INSERT INTO %I VALUES ('H1', 1, 'institutional', 'P1', '1999000001', '2024-08-01', '0120', '0120', NULL, 1, 5000, NULL)$$)).result, '1', s || ': a revenue code in the column of the code is not refused') FROM unnest('{tuva,own}'::text[]) s;
SELECT is((wrote(s, $$INSERT INTO %I VALUES ('H1', 2, 'institutional', 'P1', '1999000001', '2024-08-01', '0420', NULL, NULL, 1, 5000, NULL)$$)).result, '1', s || ': nor is a revenue line') FROM unnest('{tuva,own}'::text[]) s;
SELECT is((wrote(s, $$INSERT INTO %I SELECT 'I' || n, 1, 'institutional', 'P' || n, '1999000001', '2024-08-01', '0120', NULL, NULL, 1, 5000, NULL FROM generate_series(1, 1000) n$$)).result, '1000', s || ': nor are many') FROM unnest('{tuva,own}'::text[]) s;
SELECT is((wrote(s, $$INSERT INTO %I VALUES ('C1', 1, 'professional', 'P1', '1999000001', '2024-08-01', NULL, '97124', 'GP', 9, 360, 'M54.2')$$)).result, 'mue-day', s || ': a denial beside them is') FROM unnest('{tuva,own}'::text[]) s;
SELECT is((wrote(s, $$INSERT INTO %I VALUES ('C1', 1, 'professional', 'P1', '1999000001', '2024-08-01', NULL, '97124', 'GP', 9, 360, 'UNK')$$)).result, 'mue-day', s || ': also of a line that is partial') FROM unnest('{tuva,own}'::text[]) s;
SELECT is((SELECT count(*) FROM tuva_lines), 0::bigint, 'what the preset leaves out is no line');
SELECT is((SELECT count(*) FROM own_lines WHERE line IS NULL), 1002::bigint, 'what is mapped by hand cannot be told, and stays');

-- one that asks for what is unknown says why, for one row, many and one changed
SELECT claim_guard_add(s, at_least => 'unknown') FROM unnest('{tuva,own}'::text[]) s \g /dev/null
SELECT is((wrote('tuva', $$INSERT INTO %I VALUES ('H1', 3, 'institutional', 'P1', '1999000001', '2024-08-01', '0120', '0120', NULL, 1, 5000, NULL)$$)).result, '1', 'a row that is left out is not judged');
SELECT matches(w.detail, 'Claim H2 line 1 .*: the row is not a valid claim line: Code "0120" must be 5 characters of 0-9 and A-Z\.', w.result || ': one row') FROM wrote('own', $$INSERT INTO %I VALUES ('H2', 1, NULL, 'P2', '1', '2024-08-01', NULL, '0120', NULL, 1, 1, NULL)$$) w;
SELECT matches(w.detail, ': the row is not a valid claim line: Units must not be null\.', w.result || ': many') FROM wrote('own', $$INSERT INTO %I SELECT 'N' || n, 1, NULL, 'N' || n, '1', '2024-08-01', NULL, '97124', 'GP', NULL, 1, NULL FROM generate_series(1, 200) n$$) w;
SELECT is((wrote('own', $$UPDATE %I SET revenue_center_code = '0121', hcpcs_code = '0121' WHERE claim_id = 'H1' AND claim_line_number = 1$$)).result, '1', 'what was no line before is not refused for being none');
SELECT matches(w.detail, 'Claim C1 line 1 .*: the row''s dx could not be read', w.result || ': a partial line') FROM wrote('own', $$INSERT INTO %I VALUES ('C1', 1, NULL, 'P9', '1', '2024-08-01', NULL, '97124', 'GP', 1, 1, 'UNK')$$) w;
SELECT claim_guard_drop(s) FROM unnest('{tuva,own}'::text[]) s \g /dev/null

-- scans and reports: a denial, one on a partial line, and a thousand and two rows that are no lines
INSERT INTO tuva VALUES ('C1', 1, 'professional', 'P1', '1999000001', '2024-08-01', NULL, '97124', 'GP', 9, 360, 'M54.2'), ('C2', 1, 'professional', 'P5000', '1999000001', '2024-08-01', NULL, '97124', 'GP', 9, 40, 'UNK');
INSERT INTO own SELECT * FROM tuva WHERE claim_type = 'professional';
CALL claim_scan('tuva');
CALL claim_scan('own');
SELECT results_eq($$SELECT source, lines, charge, days FROM claim_report_charge ORDER BY source$$, $$VALUES ('own', 2::bigint, 400::numeric, 2::bigint), ('tuva', 2, 400, 2)$$, 'what is no line is no charge at risk');
CALL claim_scan('tuva', at_least => 'unknown');
CALL claim_scan('own', at_least => 'unknown');
SELECT results_eq($$SELECT source, lines, charge, days FROM claim_report_charge ORDER BY source$$, $$VALUES ('own', 2::bigint, 400::numeric, 2::bigint), ('tuva', 2, 400, 2)$$, 'nor where it is stored');
SELECT results_eq($$SELECT message, count(*) FROM claim_findings WHERE source = 'own' AND rule = 'line-invalid' GROUP BY 1 ORDER BY 2$$,
	$$VALUES ('the row is not a valid claim line: Code "0121" must be 5 characters of 0-9 and A-Z.', 1::bigint), ('the row is not a valid claim line: Code must not be null.', 1001)$$, 'a scan says why a row is no line');
SELECT is_empty($$SELECT * FROM claim_findings WHERE source = 'tuva' AND rule = 'line-invalid'$$, 'of what is left out nothing is found');
SELECT results_eq($$SELECT source, days FROM claim_report_undecided WHERE why = 'line-invalid'$$, $$VALUES ('own', 1000::bigint)$$, 'they are undecided');
SELECT results_eq($$SELECT rule, severity::text, sum(charge) FROM claim_report_rules WHERE source = 'own' AND rule IN ('line-invalid', 'line-partial', 'mue-day') GROUP BY 1, 2 ORDER BY 1$$,
	$$VALUES ('line-invalid', 'unknown', 5010000::numeric), ('line-partial', 'unknown', 40), ('mue-day', 'deny', 400)$$, 'reports keep them apart');
-- days that are looked at again, one by one: by the log
SELECT claim_source_track('own') \g /dev/null
CALL claim_scan('own', at_least => 'unknown');
UPDATE own SET hcpcs_code = '9712' WHERE claim_id = 'I7';
CALL claim_scan('own', at_least => 'unknown');
SELECT results_eq($$SELECT message FROM claim_findings WHERE source = 'own' AND rule = 'line-invalid' AND claim_id = 'I7'$$, $$VALUES ('the row is not a valid claim line: Code "9712" must be 5 characters of 0-9 and A-Z.')$$, 'a row that is no line for another reason has another finding');
SELECT results_eq($$SELECT kind, what, "rows", charge FROM claim_source_quality('tuva')$$, $$VALUES ('line', NULL, 1::bigint, 360::numeric), ('line-partial', 'Diagnosis "..." must be an ICD-10-CM code of 3 to 7 characters.', 1, 40),
	('left out', 'revenue line, no procedure code', 1001, 5005000), ('left out', 'revenue code in place of a procedure code', 2, 10000)$$, 'and all are counted');

SELECT * FROM finish();

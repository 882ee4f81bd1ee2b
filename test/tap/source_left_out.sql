-- What presets leave out, for it is no professional claim line: of each layout rows of every kind beside rows that are lines. A row may be of
-- several kinds, and is counted as the first.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_presets.sql

SELECT * FROM no_plan();

-- ------------------------------------------------------------------- tuva

CREATE TABLE tuva_kinds (claim_id text, claim_line_number int, person_id text, claim_type text, revenue_center_code text, hcpcs_code text, service_unit_quantity numeric);
INSERT INTO tuva_kinds (claim_id, claim_line_number, person_id, claim_type, revenue_center_code, hcpcs_code, service_unit_quantity) VALUES
    ('in', 1, 'K', 'professional', NULL, '97124', 1), ('in', 2, 'K', 'institutional', '0420', '97124', 1), ('in', 3, 'K', 'institutional', NULL, '97110', 1), ('in', 4, 'K', 'undetermined', NULL, '0213T', 1),
    ('in', 5, 'K', NULL, '', '00120', 1), ('in', 6, 'K', 'professional', NULL, '9712', 1), ('in', 7, 'K', 'professional', NULL, '120', 1), ('in', 8, 'K', 'professional', NULL, '9714059', 1),
    ('in', 9, 'K', 'professional', NULL, 'E0120', 1), ('in', 10, 'K', 'professional', NULL, '1234567890', 1), ('in', 11, 'K', 'professional', NULL, '1106', 1), ('in', 12, 'K', 'professional', NULL, 'NA', 1),
    ('none', 1, 'K', 'professional', NULL, NULL, 1), ('none', 2, 'K', 'professional', ' ', '  ', 1), ('none', 3, 'K', NULL, '', '', NULL),
    ('inst', 1, 'K', 'institutional', NULL, '', 1), ('inst', 2, 'K', 'Institutional', '', NULL, 1), ('rev', 1, 'K', 'institutional', '0120', NULL, 1), ('rev', 2, 'K', NULL, '0450', ' ', 1),
    ('code', 1, 'K', 'professional', NULL, '0120', 1), ('code', 2, 'K', 'institutional', '0120', ' 0120 ', 1), ('code', 3, 'K', NULL, NULL, '1001', 1), ('code', 4, 'K', NULL, NULL, '3101', 1), ('code', 5, 'K', NULL, NULL, '2106', 1),
    ('ndc', 1, 'K', 'professional', NULL, '00093721401', 1), ('ndc', 2, 'K', NULL, NULL, '00093-7214-01', 1), ('ndc', 3, 'K', NULL, NULL, '0093-7214-01', 1), ('ndc', 4, 'K', NULL, NULL, '93721401000.0', 1),
    ('cdt', 1, 'K', 'professional', NULL, 'D0120', 1), ('cdt', 2, 'K', NULL, NULL, 'd7210', 1), ('rx', 1, 'K', 'pharmacy', NULL, '97124', 1), ('rx', 2, 'K', 'Pharmacy', NULL, NULL, 1), ('dent', 1, 'K', 'dental', NULL, 'D0120', 1);
SELECT claim_source_add('tuva_kinds', 'tuva_kinds', 'tuva') \g /dev/null
SELECT is((SELECT string_agg(line_no::text, ' ' ORDER BY claim_id, line_no) || ' ' || string_agg(DISTINCT claim_id, ' ') FROM tuva_kinds_lines), '1 4 5 6 7 8 9 10 11 12 in', 'tuva: and their neighbours stay');
SELECT is(left_out('tuva_kinds'), '2 dental (CDT); 1 dental claim; 4 drug (NDC in place of a procedure code); 2 institutional claim line: one of a source of service type outpatient; 2 institutional line, no procedure code; 3 no procedure code; 2 pharmacy claim; '
    '5 revenue code in place of a procedure code; 2 revenue line, no procedure code', 'tuva: kinds of rows that are left out');
SELECT is((SELECT sum("rows") FROM claim_source_quality('tuva_kinds')), (SELECT count(*)::numeric FROM tuva_kinds), 'tuva: each row is counted once');
SELECT is((SELECT example FROM claim_source_quality('tuva_kinds') WHERE what = 'dental claim'), 'claim dent line 1: code "D0120"', 'tuva: with an example');
-- where the code is that of another column, rows are not left out for want of this one
SELECT claim_source_add('tuva_other', 'tuva_kinds', 'tuva', '{"code": {"expression": "coalesce(nullif(btrim(hcpcs_code), ''''), ''97124'')"}}') \g /dev/null
SELECT is(left_out('tuva_other'), '1 dental claim; 6 institutional claim line: one of a source of service type outpatient; 2 pharmacy claim', 'tuva: of a code that is given, the column of the preset says nothing');
SELECT ok((SELECT unmapped::text NOT LIKE '%without a procedure code%' FROM claim_sources WHERE name = 'tuva_other'), 'tuva: nor is it said');
-- a table without the column of a test
CREATE VIEW tuva_no_revenue AS SELECT claim_id, claim_line_number, person_id, hcpcs_code, service_unit_quantity FROM tuva_kinds;
SELECT claim_source_add('tuva_no_revenue', 'tuva_no_revenue', 'tuva') \g /dev/null
SELECT is(left_out('tuva_no_revenue'), '3 dental (CDT); 4 drug (NDC in place of a procedure code); 8 no procedure code; 5 revenue code in place of a procedure code', 'tuva: what a table lacks tells nothing');

-- ------------------------------------------------------------------ cclf5

CREATE TABLE cclf_kinds (cur_clm_uniq_id text, clm_line_num text, bene_mbi_id text, clm_line_hcpcs_cd text, clm_line_srvc_unit_qty text, clm_adjsmt_type_cd text);
INSERT INTO cclf_kinds VALUES ('K', '1', 'K', '0120', '1', '0'), ('K', '2', 'K', '', '1', '0'), ('K', '3', 'K', NULL, '1', NULL), ('K', '4', 'K', 'D0120', '1', '0'), ('K', '5', 'K', '00093-7214-01', '1', '0'), ('K', '6', 'K', '~', '1', '0'),
    ('K', '7', 'K', '97124', '1', '1'), ('K', '8', 'K', '', '1', '1.0'), ('K', '9', 'K', '97124', '1', '2');
SELECT claim_source_add('cclf_kinds', 'cclf_kinds', 'cclf5') \g /dev/null
SELECT is(left_out('cclf_kinds'), '1 dental (CDT); 1 drug (NDC in place of a procedure code); 4 no procedure code; 1 revenue code in place of a procedure code', 'cclf5: kinds of rows that are left out');
SELECT is((SELECT string_agg(line_no::text, ' ') FROM cclf_kinds_lines), '7 9', 'cclf5: and their neighbours stay');

-- ------------------------------------------------------------------- omop

CREATE TABLE concept (concept_id int PRIMARY KEY, vocabulary_id text, concept_code text);
CREATE TABLE omop_kinds (procedure_occurrence_id int, person_id int, procedure_date date, procedure_source_value text, procedure_source_concept_id int, procedure_concept_id int);
-- by the vocabularies of source and standard concept; a code of CPT or HCPCS in any of the three places is a line
INSERT INTO concept VALUES (9101, 'CPT4', '97124'), (9102, 'HCPCS', 'G0283'), (9103, 'SNOMED', '387854002'), (9104, 'ICD10PCS', 'F07Z5ZZ'), (9105, 'CVX', '140'), (9106, 'CDT', 'D0120'), (9107, 'None', 'No matching concept');
INSERT INTO omop_kinds SELECT row_number() OVER (), 1, '2024-08-01', v, s, c FROM unnest('{NULL,"",97124,97124-59,CPT4:97124,387854002,F07Z5ZZ,140,D0120,massage,9712}'::text[]) v, unnest('{NULL,9107,9101,9102,9103,9104,9105,9106}'::int[]) s, unnest('{9107,9101,9102,9103,9104,9105,9106}'::int[]) c;
SELECT claim_source_add('omop_kinds', 'omop_kinds', 'omop') \g /dev/null
-- said again: what a row is, from its three columns
CREATE VIEW omop_kind AS SELECT procedure_occurrence_id AS n, CASE
    WHEN procedure_source_concept_id IN (9101, 9102) OR procedure_concept_id IN (9101, 9102) THEN CASE procedure_source_value WHEN 'D0120' THEN 'dental (CDT)' WHEN '387854002' THEN 'procedure of another vocabulary' END
    WHEN procedure_source_concept_id BETWEEN 9103 AND 9106 THEN 'procedure of another vocabulary'
    WHEN procedure_concept_id BETWEEN 9103 AND 9106 AND procedure_source_value NOT LIKE '%97124%' AND procedure_source_value <> 'D0120' THEN 'procedure of another vocabulary'
    WHEN procedure_concept_id BETWEEN 9103 AND 9106 AND coalesce(procedure_source_value, '') = '' THEN 'procedure of another vocabulary'
    WHEN coalesce(procedure_source_value, '') = '' THEN 'no procedure code'
    WHEN procedure_source_value = '387854002' THEN 'procedure of another vocabulary'
    WHEN procedure_source_value = 'D0120' THEN 'dental (CDT)' END AS kind FROM omop_kinds;
SELECT results_eq($$SELECT what, "rows" FROM claim_source_quality('omop_kinds') WHERE kind = 'left out' ORDER BY what COLLATE "C"$$, 'SELECT kind, count(*) FROM omop_kind WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind COLLATE "C"', 'omop: kinds of rows that are left out');
SELECT results_eq('SELECT line_no FROM omop_kinds_lines ORDER BY 1', 'SELECT n::int FROM omop_kind WHERE kind IS NULL ORDER BY 1', 'omop: and their neighbours stay');

-- ------------------------------------------------------------------- apcd

CREATE TABLE apcd_kinds (medical_claim_header_id bigint, line_counter int, internal_member_id bigint, revenue_code text, national_drug_code text, procedure_code text, quantity numeric, type_of_bill_code text);
INSERT INTO apcd_kinds VALUES (1, 1, 1, '0120', '-1', '97124', 1), (1, 2, 1, '0120', '-1', '-1', 1),
    (1, 3, 1, '-2', '00093721401', '-1', 1), (1, 4, 1, '-1', '-1', '-2', 1), (1, 5, 1, NULL, NULL, NULL, 1), (1, 6, 1, '-1', '00093721401', 'J3490', 1), (1, 7, 1, '-1', '~', '0120', 1), (1, 8, 1, '-1', '~', 'D0120', 1);
INSERT INTO apcd_kinds VALUES (1, 9, 1, '-1', '~', '-2', 1, '131'), (1, 10, 1, '0450', '~', '97110', 1, '131');
SELECT claim_source_add('apcd_kinds', 'apcd_kinds', 'apcd') \g /dev/null
SELECT is(left_out('apcd_kinds'), '1 dental (CDT); 1 drug line, no procedure code; 1 institutional claim line: one of a source of service type outpatient; 1 institutional line, no procedure code; 2 no procedure code; 1 revenue code in place of a procedure code; 1 revenue line, no procedure code', 'apcd: kinds of rows that are left out');
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM apcd_kinds_lines), '97124 J3490', 'apcd: and their neighbours stay');

-- -------------------------------------------------------------------- bfd

CREATE TABLE carrier_kinds (clm_id bigint, line_num int, hcpcs_cd text, line_ndc_cd text, line_srvc_cnt numeric);
INSERT INTO carrier_kinds VALUES (1, 1, '97124', NULL, 1), (1, 2, 'J3490', '00093721401', 1), (1, 3, '', '00093721401', 1), (1, 4, '~', '~', 1), (1, 5, '0120', '', 1), (1, 6, 'D0120', '', 1);
SELECT claim_source_add('carrier_kinds', 'carrier_kinds', 'bfd') \g /dev/null
SELECT is(left_out('carrier_kinds'), '1 dental (CDT); 1 drug line, no procedure code; 1 no procedure code; 1 revenue code in place of a procedure code', 'carrier: kinds of rows that are left out');
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM carrier_kinds_lines), '97124 J3490', 'carrier: and their neighbours stay');
-- of 2025: claims in a table of their own
CREATE TABLE claim (clm_uniq_id bigint PRIMARY KEY, clm_type_cd int, clm_ltst_clm_ind text);
CREATE TABLE claim_item (clm_uniq_id bigint, clm_line_num int, clm_line_hcpcs_cd text, clm_line_ndc_cd text, clm_line_rev_ctr_cd text, clm_line_srvc_unit_qty numeric);
INSERT INTO claim VALUES (1, 71, 'Y'), (2, 40, 'Y'), (3, 1, 'Y'), (4, 4, 'Y'), (5, 71, 'N'), (6, 10, NULL);
INSERT INTO claim_item VALUES (1, 1, '97124', '~', '~', 1), (2, 1, '97110', '', '0420', 1), (2, 2, '', '', '0120', 1), (2, 3, '~', '00093721401', '0250', 1), (2, 4, '~', '~', '~', 1), (1, 0, '~', '~', '~', 0), (1, 0, '97140', '', '', 1),
    (3, 1, '~', '00093721401', '~', 1), (4, 1, '97124', '', '', 1), (5, 1, '97124', '', '', 1), (5, 2, '', '', '0120', 1), (6, 1, '0120', '', '', 1), (6, 2, 'd0120', '', '', 1), (6, 3, '00093721401', '', '', 1), (6, 4, 'G0283', '', '', 1), (7, 1, '97124', '', '', 1);
SELECT claim_source_add('idr_kinds', 'claim_item', 'bfd') \g /dev/null
SELECT is(left_out('idr_kinds'), '2 Part D event; 1 dental (CDT); 1 diagnosis or value of a claim; 1 drug (NDC in place of a procedure code); 1 drug line, no procedure code; 1 institutional claim line: one of a source of service type outpatient; 1 no procedure code; '
    '1 revenue code in place of a procedure code; 1 revenue line, no procedure code; 2 superseded claim', 'idr: kinds of rows that are left out');
SELECT is((SELECT string_agg(claim_id || '.' || line_no, ' ' ORDER BY claim_id, line_no) FROM idr_kinds_lines), '1.0 1.1 6.4 7.1', 'idr: and their neighbours stay');

SELECT * FROM finish();

ROLLBACK;

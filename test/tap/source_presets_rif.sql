-- The preset rif: CMS's flat RIF files as they are loaded, all columns text; test/data/README.md says where the rows are from.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA rif;
SELECT set_config('search_path', 'rif, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

CREATE TEMP TABLE text_of (n int GENERATED ALWAYS AS IDENTITY, line text);
-- a table of what text_of holds, which is a header and rows
CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cols text[] := (SELECT string_to_array(lower(line), '|') FROM text_of ORDER BY n LIMIT 1);
BEGIN
    EXECUTE format('CREATE TABLE %I (%s)', name, (SELECT string_agg(quote_ident(c) || ' text', ', ' ORDER BY i) FROM unnest(cols) WITH ORDINALITY u(c, i)));
    EXECUTE format('INSERT INTO %I SELECT %s FROM (SELECT string_to_array(line, ''|'') AS f FROM text_of ORDER BY n OFFSET 1) r', name, (SELECT string_agg(format('f[%s]', i), ', ' ORDER BY i) FROM generate_series(1, cardinality(cols)) i));
    TRUNCATE text_of;
END $$;
\copy text_of (line) FROM 'test/data/rif_carrier.excerpt.txt' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT make('carrier') \g /dev/null
\copy text_of (line) FROM 'test/data/rif_carrier_synthea.excerpt.txt' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT make('synthea') \g /dev/null
\copy text_of (line) FROM 'test/data/rif_dme.excerpt.txt' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT make('dme') \g /dev/null
\copy text_of (line) FROM 'test/data/rif_outpatient.excerpt.txt' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT make('outpatient') \g /dev/null
INSERT INTO carrier SELECT (jsonb_populate_record(c, '{"final_action": "N", "line_num": "91"}')).* FROM carrier c WHERE line_num = '1';
INSERT INTO carrier SELECT (jsonb_populate_record(c, '{"dml_ind": "DELETE", "line_num": "92"}')).* FROM carrier c WHERE line_num = '1';
INSERT INTO carrier SELECT (jsonb_populate_record(c, '{"line_1st_expns_dt": "", "line_last_expns_dt": "", "clm_from_dt": "28-OCT-1999", "hcpcs_1st_mdfr_cd": "", "line_num": "93", "rfr_physn_npi": "", "line_icd_dgns_cd": "72400", "line_icd_dgns_vrsn_cd": "9"}')).* FROM carrier c WHERE line_num = '1';

SELECT claim_source_add(s, s, 'rif') FROM unnest('{carrier,synthea,dme,outpatient}'::text[]) s \g /dev/null
SELECT is((SELECT mapped FROM claim_sources WHERE name = 'carrier'), '{"patient": "bene_id", "provider": "prf_physn_npi", "dos": ["line_1st_expns_dt", "clm_from_dt"], "thru": "line_last_expns_dt", "claim_id": "clm_id", "line_no": "line_num", "code": "hcpcs_cd",
    "modifiers": ["hcpcs_1st_mdfr_cd", "hcpcs_2nd_mdfr_cd"], "units": "line_srvc_cnt", "dx": ["line_icd_dgns_cd"], "specialty": "prvdr_spclty", "referral": "rfr_physn_npi", "charge": "line_sbmtd_chrg_amt"}'::jsonb, 'carrier: every field that a line has');
SELECT results_eq('SELECT patient, provider, dos, claim_id, line_no, line::text, line_error, charge FROM carrier_lines ORDER BY line_no', $$VALUES
    ('567834', '1923124', date '1999-10-27', '9991831999', 1, '92999-LT x1 1999-10-27 dx=A52 specialty=41 referral=yes dxof=first', NULL::text, 75.0),
    ('567834', '1923124', '1999-10-27', '9991831999', 2, '92998-LT x1 1999-10-27 dx=A52 specialty=41 referral=yes dxof=first', NULL, 75),
    ('567834', '1923124', '1999-10-27', '9991831999', 3, '92997-LT x1 1999-10-27 dx=A52 specialty=41 referral=yes dxof=first', NULL, 85),
    ('567834', '1923124', '1999-10-28', '9991831999', 93, '92999 x1 1999-10-28 specialty=41', NULL, 75)$$, 'carrier: lines');
SELECT results_eq($$SELECT what, rows FROM claim_source_quality('carrier') WHERE kind = 'left out' ORDER BY 1$$, $$VALUES ('deleted claim', 1::bigint), ('superseded claim', 1)$$, 'carrier: claims that are not final, and deleted ones, are left out');
SELECT ok((SELECT unmapped @> '{"There is one diagnosis a line: regions and necessity are judged by that one.","Claims that are not final (FINAL_ACTION N) are left out."}' FROM claim_sources WHERE name = 'carrier'), 'carrier: and it says so');
SELECT results_eq('SELECT patient, provider, claim_id, line_no, line::text, charge FROM synthea_lines ORDER BY dos', $$VALUES
    ('-1000006', '9999310391', '-100000486', 8, 'G0444 x9 2015-05-30 dx=E03.4 specialty=01 referral=yes dxof=first', 0.00),
    ('-1000006', '9999310391', '-100000489', 10, 'G0444 x11 2016-06-04 dx=O03.9 specialty=01 referral=yes dxof=first', 0.00),
    ('-1000006', '9999310391', '-100000493', 11, 'G0444 x17 2018-06-16 specialty=01 referral=yes', 0.00)$$, 'synthea: lines');
SELECT results_eq($$SELECT kind, what, rows FROM claim_source_quality('synthea') ORDER BY 1$$, $$VALUES ('left out', 'no procedure code', 3::bigint), ('line', NULL, 3)$$, 'synthea: and rows without a code');
SELECT results_eq('SELECT patient, provider, dos, claim_id, line_no, line::text, charge FROM dme_lines ORDER BY claim_id', $$VALUES
    ('567834', '1244444444', date '2014-02-03', '9991831606', 1, 'G0137-YY x60 2014-02-03 dx=A25 specialty=A5 referral=yes dxof=first', 130.45),
    ('567834', '1244444444', '2014-02-03', '9991831607', 1, 'G0137-YY x60 2014-02-03 dx=A25 specialty=A5 referral=yes dxof=first', 130.45)$$, 'dme: lines');
SELECT is((SELECT mapped - 'dx' FROM claim_sources WHERE name = 'outpatient'), '{"service_type": "outpatient", "patient": "bene_id", "provider": ["org_npi_num", "prvdr_num"], "dos": ["rev_cntr_dt", "clm_from_dt"], "claim_id": "clm_id", "line_no": "clm_line_num", "code": "hcpcs_cd",
    "modifiers": ["hcpcs_1st_mdfr_cd", "hcpcs_2nd_mdfr_cd"], "units": "rev_cntr_unit_cnt", "charge": "rev_cntr_tot_chrg_amt"}'::jsonb, 'outpatient: every field that a line has');
SELECT is((SELECT jsonb_array_length(mapped -> 'dx') FROM claim_sources WHERE name = 'outpatient'), 25, 'outpatient: the diagnoses of the claim');
SELECT results_eq('SELECT patient, provider, dos, line_no, line::text, line_error, charge FROM outpatient_lines ORDER BY claim_id', $$VALUES
    ('567834', '999999', date '1942-01-03', 25, NULL, claimline_error('M99'), 999.85), ('567834', '999999', '1942-01-03', 25, NULL, claimline_error('M99'), 999.85),
    ('567834', '999999', '1942-01-03', 25, '4320F-XX x111 1942-01-03', NULL, 999.85), ('567834', '999999', '1942-01-03', 25, 'H0005-XX x111 1942-01-03', NULL, 999.85)$$, 'outpatient: lines, of the institution, and without ICD-9');
UPDATE outpatient SET icd_dgns_vrsn_cd1 = '0', icd_dgns_cd1 = 'A40', rev_cntr_dt = '';
SELECT results_eq($$SELECT dos, line::text FROM outpatient_lines WHERE code = 'H0005'$$, $$VALUES (date '2011-01-24', 'H0005-XX x111 2011-01-24 dx=A40,A52 dxof=claim')$$, 'outpatient: ICD-10 of the claim, and its first day');

SELECT * FROM finish();

ROLLBACK;

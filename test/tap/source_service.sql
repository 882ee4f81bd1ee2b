-- The service type of a source: which rows of a table of both kinds are its lines, and by which edits guards and scans judge them if they are not told.

\i test/tap/lib.sql
CREATE SCHEMA service;
SELECT set_config('search_path', 'service, ' || current_setting('search_path'), false) \g /dev/null

SELECT * FROM no_plan();

-- a hospital's day of therapy and a practitioner's, of bill type 131 and of none; an inpatient claim; rows that say only one of the two
CREATE TABLE medical_claim (claim_id text, claim_line_number int, claim_type text, bill_type_code text, person_id text, rendering_npi text, claim_line_start_date date, hcpcs_code text, hcpcs_modifier_1 text, service_unit_quantity numeric);
INSERT INTO medical_claim SELECT t.claim || '-' || l.n, l.n, t.claim_type, t.bill, t.claim || l.n / 10, 'N', '2024-08-01', l.code, l.modifier, l.units
    FROM (VALUES ('pro', 'professional', NULL), ('op', 'institutional', '131'), ('op4', 'institutional', '0131'), ('ip', 'institutional', '111'), ('bill', NULL, '131'), ('type', 'institutional', ' '), ('none', NULL, NULL)) t(claim, claim_type, bill),
        (VALUES (10, '93005', NULL, 5), (20, '93041', NULL, 3), (30, '94668', NULL, 5), (40, '94669', NULL, 4), (50, '97140', 'GP', 1), (51, '97530', 'GP', 1), (60, '97110', 'GP', 9)) l(n, code, modifier, units);
SELECT claim_source_add('practitioner', 'medical_claim', 'tuva'), claim_source_add('outpatient', 'medical_claim', 'tuva', '{"service_type": "outpatient"}'), claim_source_add('everything', 'medical_claim', 'tuva', '{"service_type": null}') \g /dev/null
CREATE FUNCTION claims(source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT string_agg(DISTINCT split_part(claim_id, ''-'', 1), '','' ORDER BY split_part(claim_id, ''-'', 1)) FROM %I', source || '_lines') INTO answer;
    RETURN answer;
END $$;
SELECT is(claims('practitioner'), 'none,pro', 'a source is of practitioners: no institutional claim, by its type or its type of bill');
SELECT is(claims('outpatient'), 'bill,none,op,op4,type', 'one of hospital outpatients has what outpatient edits read');
SELECT is(claims('everything'), 'bill,ip,none,op,op4,pro,type', 'and one of no type has all');
SELECT results_eq($$SELECT what, rows FROM claim_source_quality('practitioner') WHERE kind = 'left out' ORDER BY 1$$, $$VALUES ('institutional claim line: one of a source of service type outpatient', 35::bigint)$$, 'what is left out is counted');
SELECT results_eq($$SELECT what, rows FROM claim_source_quality('outpatient') WHERE kind = 'left out' ORDER BY 1$$,
    $$VALUES ('institutional claim line of a type of bill that has no outpatient edits', 7::bigint), ('professional claim line: one of a source of service type practitioner', 7)$$, 'by what it is');
SELECT is((SELECT jsonb_object_agg(name, mapped -> 'service_type') FROM claim_sources), '{"practitioner": null, "outpatient": "outpatient", "everything": null}', 'claim_sources says the type that is given');
SELECT is((SELECT string_agg(name || ': ' || u, E'\n' ORDER BY name) FROM claim_sources, unnest(unmapped) u WHERE u LIKE 'Lines of % claims%'), E'outpatient: Lines of professional claims are left out: they are judged in a source of their own.
practitioner: Lines of institutional claims are left out: the outpatient edits judge them in a source of service type outpatient.', 'and what is left out');
SELECT throws_ok(format('SELECT claim_source_add(''x'', ''medical_claim'', ''tuva'', %L)', given), '22023', NULL, given || ' is none') FROM unnest('{"{\"service_type\": \"hospital\"}","{\"service_type\": 1}","{\"service_type\": [\"outpatient\"]}"}'::text[]) given;

-- denials of the hospital's day by the edits of practitioners, and by its own
CREATE FUNCTION denials(source text, service_type text, claim text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT string_agg(DISTINCT e.rule || '' '' || e.line_no, '', '' ORDER BY e.rule || '' '' || e.line_no) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %I WHERE split_part(claim_id, ''-'', 1) = %L GROUP BY patient, provider, dos) d,
        claim_edits(d.day, ruleset(''medicare'', NULL, %L)) e WHERE e.severity = ''deny''', source || '_lines', claim, service_type) INTO answer;
    RETURN answer;
END $$;
SELECT is(denials('everything', 'practitioner', 'op'), 'mue-day 10, mue-day 20, mue-day 30, mue-day 40, mue-day 60', 'of a hospital''s lines the edits of practitioners deny four');
SELECT is(denials('outpatient', 'outpatient', 'op'), 'mue-day 60', 'that its own do not');
SELECT is(denials('practitioner', 'practitioner', 'pro'), denials('everything', 'practitioner', 'pro'), 'a practitioner''s lines are judged as ever');
SELECT is(denials('outpatient', 'outpatient', 'op'), denials('everything', 'outpatient', 'op'), 'a hospital''s by their own edits');

-- scans and guards judge by the type of the source, if they are not told another
CALL claim_scan('outpatient');
CALL claim_scan('practitioner');
SELECT results_eq('SELECT source, service_type FROM claimline_internal.claim_scan_state ORDER BY 1', $$VALUES ('outpatient', 'outpatient'), ('practitioner', 'practitioner')$$, 'scans are of the type of their source');
SELECT is((SELECT string_agg(DISTINCT f.rule || ' ' || f.line_no, ', ' ORDER BY f.rule || ' ' || f.line_no) FROM claim_findings f WHERE f.source = 'outpatient' AND f.severity = 'deny' AND split_part(f.claim_id, '-', 1) = 'op'),
    denials('outpatient', 'outpatient', 'op'), 'and find what its edits deny');
CALL claim_scan('everything', service_type => 'outpatient');
SELECT is((SELECT service_type FROM claimline_internal.claim_scan_state WHERE source = 'everything'), 'outpatient', 'what is told counts');
SELECT claim_guard_add('outpatient', action => 'annotate'), claim_guard_add('practitioner', action => 'annotate'), claim_guard_add('everything', action => 'annotate', service_type => 'outpatient') \g /dev/null
SELECT results_eq('SELECT source, service_type FROM claim_guards ORDER BY 1', $$VALUES ('everything', 'outpatient'), ('outpatient', 'outpatient'), ('practitioner', 'practitioner')$$, 'so are guards');

-- the other layouts
CREATE TABLE apcd (medical_claim_header_id bigint, line_counter int, internal_member_id bigint, first_service_dt date, procedure_code text, type_of_bill_code text);
INSERT INTO apcd VALUES (1, 1, 1, '2024-08-01', '97124', '-1'), (2, 1, 1, '2024-08-01', '97124', '131'), (3, 1, 1, '2024-08-01', '97124', '111'), (4, 1, 1, '2024-08-01', '97124', NULL);
SELECT claim_source_add('apcd', 'apcd', 'apcd'), claim_source_add('apcd_op', 'apcd', 'apcd', '{"service_type": "outpatient"}'), claim_source_add('apcd_medicaid', 'apcd', 'apcd', '{"service_type": "medicaid-outpatient"}'), claim_source_add('apcd_dme', 'apcd', 'apcd', '{"service_type": "dme"}') \g /dev/null
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM apcd_lines), '1,4', 'apcd: by the type of bill');
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM apcd_op_lines), '2', 'apcd: of outpatients');
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM apcd_medicaid_lines), '2', 'apcd: of Medicaid''s too');
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM apcd_dme_lines), '1,4', 'apcd: suppliers bill as practitioners do');
CREATE TABLE claim_item (clm_uniq_id bigint, clm_line_num int, clm_line_hcpcs_cd text, clm_line_from_dt date, clm_line_rev_ctr_cd text);
CREATE TABLE claim (clm_uniq_id bigint PRIMARY KEY, bene_sk bigint, clm_rndrg_prvdr_npi_num text, clm_bill_fac_type_cd text, clm_bill_clsfctn_cd text, clm_ltst_clm_ind text, clm_type_cd int);
INSERT INTO claim SELECT 10 * f + c, 1, 'N', nullif(f, 0)::text, nullif(c, 0)::text, 'Y', 0 FROM generate_series(0, 9) f, generate_series(0, 9) c WHERE (f = 0) = (c = 0);
INSERT INTO claim_item SELECT clm_uniq_id, 1, '97124', '2024-08-01', CASE WHEN clm_uniq_id = 0 THEN '~' ELSE '0420' END FROM claim;
SELECT claim_source_add('bfd', 'claim_item', 'bfd'), claim_source_add('bfd_op', 'claim_item', 'bfd', '{"service_type": "outpatient"}') \g /dev/null
SELECT is((SELECT string_agg(claim_id, ',') FROM bfd_lines), '0', 'bfd: professional claims have no type of bill');
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM bfd_op_lines), '12,13,14,22,23,34,72,74,75,76,85', 'bfd: of all types of bill those that have outpatient edits');
CREATE TABLE rif (bene_id text, clm_id text, clm_line_num text, clm_from_dt text, hcpcs_cd text, rev_cntr text, rev_cntr_dt text, org_npi_num text, clm_fac_type_cd text, clm_srvc_clsfctn_type_cd text);
INSERT INTO rif SELECT 'B', clm_uniq_id, 1, '01-AUG-2024', '97124', '0420', '01-AUG-2024', 'N', clm_bill_fac_type_cd, clm_bill_clsfctn_cd FROM claim WHERE clm_uniq_id > 0;
SELECT claim_source_add('rif', 'rif', 'rif'), claim_source_add('rif_pro', 'rif', 'rif', '{"service_type": "practitioner"}') \g /dev/null
SELECT is((SELECT string_agg(claim_id, ',' ORDER BY claim_id) FROM rif_lines), '12,13,14,22,23,34,72,74,75,76,85', 'rif: a file of revenue lines is of outpatients');
SELECT is((SELECT count(*) FROM rif_pro_lines), 0::bigint, 'rif: and has none of practitioners');
SELECT is((SELECT mapped ->> 'service_type' FROM claim_sources WHERE name = 'rif'), 'outpatient', 'rif: which claim_sources says');
-- of a service type without an edition a source can be there, what judges it says what to do
SELECT claim_source_add('no_edition', 'apcd', columns => '{"patient": "internal_member_id", "code": "procedure_code", "service_type": "dme"}') \g /dev/null
SELECT is((SELECT concat_ws(' | ', state, message, hint) FROM error_of(statement)), '42704 | no edition of service type "dme" is published | Load the files of CMS: claimline-ncci FILE..., as downloaded; doc/editions.md says where they are.', statement)
FROM unnest('{"SELECT ruleset(''medicare'', NULL, ''dme'')","SELECT claim_guard_add(''no_edition'')","SELECT claimline_internal.claim_scan_check(''no_edition'', ''medicare'', NULL, ''dme'', ''review'', 1, false)"}'::text[]) statement;
-- by columns alone nothing is left out; the type is that of guards and scans
SELECT claim_source_add('by_hand', 'apcd', columns => '{"patient": "internal_member_id", "code": "procedure_code", "service_type": "outpatient"}') \g /dev/null
CALL claim_scan('by_hand');
SELECT results_eq($$SELECT (SELECT count(*) FROM by_hand_lines), service_type FROM claimline_internal.claim_scan_state WHERE source = 'by_hand'$$, $$VALUES (4::bigint, 'outpatient')$$, 'by columns alone all rows are lines');

SELECT * FROM finish();

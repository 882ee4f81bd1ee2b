-- The preset bfd, as source_presets.sql has the others: the claims tables of CMS's Beneficiary FHIR Data server, of both ages.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_presets.sql

SELECT * FROM no_plan();

-- ---------------------------------------------------------- bfd: carrier lines

CREATE SCHEMA ccw;

CREATE TABLE ccw.carrier_claim_lines (
    clm_id bigint NOT NULL, line_num smallint NOT NULL, carr_line_rdcd_pmt_phys_astn_c char(1) NOT NULL, carr_line_prvdr_type_cd char(1) NOT NULL, carr_line_prcng_lclty_cd varchar(2) NOT
    NULL, carr_line_mtus_cnt numeric NOT NULL, carr_line_ansthsa_unit_cnt numeric NOT NULL, carr_prfrng_pin_num varchar(15) NOT NULL, carr_line_mtus_cd char(1), carr_line_rx_num varchar(30),
    carr_line_clia_lab_num varchar(10), line_1st_expns_dt date, line_last_expns_dt date, line_alowd_chrg_amt numeric(12,2) NOT NULL, line_coinsrnc_amt numeric(12,2) NOT NULL,
    line_sbmtd_chrg_amt numeric(12,2) NOT NULL, line_bene_pmt_amt numeric(12,2) NOT NULL, line_prvdr_pmt_amt numeric(12,2) NOT NULL, line_bene_prmry_pyr_cd char(1),
    line_bene_prmry_pyr_pd_amt numeric(12,2) NOT NULL, line_bene_ptb_ddctbl_amt numeric(12,2) NOT NULL, line_place_of_srvc_cd varchar(2) NOT NULL, line_pmt_80_100_cd char(1), line_srvc_cnt
    numeric NOT NULL, line_cms_type_srvc_cd char(1) NOT NULL, line_hct_hgb_type_cd varchar(2), line_hct_hgb_rslt_num numeric(4,1) NOT NULL, line_ndc_cd varchar(11), line_nch_pmt_amt
    numeric(12,2) NOT NULL, line_icd_dgns_cd varchar(7), line_icd_dgns_vrsn_cd char(1), line_prcsg_ind_cd varchar(2), line_service_deductible char(1), betos_cd varchar(3), hcpcs_cd
    varchar(5), hcpcs_1st_mdfr_cd varchar(5), hcpcs_2nd_mdfr_cd varchar(5), hpsa_scrcty_ind_cd char(1), prvdr_state_cd varchar(2), prvdr_spclty varchar(3), prvdr_zip varchar(9), tax_num
    varchar(10) NOT NULL, org_npi_num varchar(10), prf_physn_npi varchar(12), prf_physn_upin varchar(12), prtcptng_ind_cd char(1)
);

CREATE TABLE ccw.carrier_claims (clm_id bigint NOT NULL, bene_id bigint NOT NULL);
CALL load_defaults('ccw.carrier_claim_lines');

CREATE TEMP TABLE rows_carrier (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then clm_id, line_num, prf_physn_npi, line_1st_expns_dt, hcpcs_cd, hcpcs_1st_mdfr_cd, hcpcs_2nd_mdfr_cd, line_srvc_cnt, line_sbmtd_chrg_amt, line_icd_dgns_cd, line_icd_dgns_vrsn_cd, prvdr_spclty, carr_line_mtus_cnt
INSERT INTO rows_carrier VALUES
    (1, '1001', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01 dx=M99.01 specialty=35', NULL, 60, false,  '1001', '1', '1999000001', '2024-08-01', '98941', 'AT', NULL, '1', '60', 'M9901', '0', '35', '99'),
    (2, '1001', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01 dx=M99.01 specialty=35', NULL, 40, false,  '1001', '2', '1999000001', '2024-08-01', '97124', NULL, NULL, '1', '40', 'M9901', '0', '35', '99'),
    (3, '1001', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01 dx=M54.5 specialty=35', NULL, 70, false,  '1001', '3', '1999000001', '2024-08-01', '97110', 'GP', NULL, '2', '70', 'M545', '0', '35', '99'),
    (4, '1002', 1, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05 dx=M99.01 specialty=35', NULL, 45, false,  '1002', '1', '1999000001', '2024-08-05', '98940', 'AT', NULL, '1', '45', 'M9901', '0', '35', '99'),
    (5, '1002', 2, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, 50, false,  '1002', '2', '1999000001', '2024-08-05', '97140', '59', NULL, '1', '50', 'M9903', '0', '35', '99'),
    (6, '1003', 1, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, 50, false,  '1003', '1', '1999000001', '2024-08-05', '97140', '59', NULL, '1', '50', 'M9903', '0', '35', '99'),
    (7, '1004', 1, 'P2 1 2024-08-01', '97124 x9 2024-08-01 dx=M54.2 specialty=35', NULL, 360, false,  '1004', '1', '1999000001', '2024-08-01', '97124', NULL, NULL, '9', '360', 'M542', '0', '35', '99'),
    (8, '1005', 1, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, 80, false,  '1005', '1', '1999000002', '2024-08-02', '97124', 'GP', NULL, '2', '80', 'M542', '0', '35', '99'),
    (9, '1005', 2, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, 80, false,  '1005', '2', '1999000002', '2024-08-02', '97110', 'GP', NULL, '2', '80', 'M542', '0', '35', '99'),
    (10, '1005', 3, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02 dx=M54.2 specialty=35', NULL, 50, false,  '1005', '3', '1999000002', '2024-08-02', '97530', 'GP', '59', '1', '50', 'M542', '0', '35', '99'),
    (11, '1006', 1, 'P3 2 2024-08-02', '97012 x1 2024-08-02 dx=M54.16 specialty=35', NULL, 25, false,  '1006', '1', '1999000002', '2024-08-02', '97012', NULL, NULL, '1', '25', 'M5416', '0', '35', '99'),
    (12, '1006', 2, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02 dx=M99.01 specialty=35', NULL, 75, false,  '1006', '2', '1999000002', '2024-08-02', '98942', 'AT', NULL, '1', '75', 'M9901', '0', '35', '99'),
    (13, '1007', 1, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09 dx=M54.2 specialty=35', NULL, 40, false,  '1007', '1', '1999000002', '2024-08-09', '97124', 'XS', NULL, '1', '40', 'M542', '0', '35', '99'),
    (14, '1007', 2, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09 dx=M99.03 specialty=35', NULL, 60, false,  '1007', '2', '1999000002', '2024-08-09', '98941', 'AT', NULL, '1', '60', 'M9903', '0', '35', '99'),
    (15, '1008', 1, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, 50, false,  '1008', '1', '1999000003', '2024-09-10', '97140', 'GP', NULL, '1', '50', 'M25511', '0', '35', '99'),
    (16, '1008', 2, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, 40, false,  '1008', '2', '1999000003', '2024-09-10', '97124', 'GP', NULL, '1', '40', 'M25511', '0', '35', '99'),
    (17, '1009', 1, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, 55, false,  '1009', '1', '1999000003', '2024-09-10', '97530', 'GP', NULL, '1', '55', 'M25511', '0', '35', '99'),
    (18, '1010', 1, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '1010', '1', '1999000003', '2024-09-11', 'G0283', 'GP', NULL, '1', '20', 'M545', '0', '35', '99'),
    (19, '1010', 2, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '1010', '2', '1999000003', '2024-09-11', '97035', 'GP', NULL, '1', '20', 'M545', '0', '35', '99'),
    (20, '1010', 3, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '1010', '3', '1999000003', '2024-09-11', '97035', 'GP', NULL, '1', '20', 'M545', '0', '35', '99'),
    (21, '1011', 1, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12 dx=M54.2 specialty=35', NULL, 110, false,  '1011', '1', '1999000003', '2024-09-12', '99213', '25', NULL, '1', '110', 'M542', '0', '35', '99'),
    (22, '1011', 2, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12 dx=M99.01 specialty=35', NULL, 45, false,  '1011', '2', '1999000003', '2024-09-12', '98940', 'AT', NULL, '1', '45', 'M9901', '0', '35', '99'),
    (23, '1011', 3, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12 dx=M54.5 specialty=35', NULL, 40, false,  '1011', '3', '1999000003', '2024-09-12', '97124', '59', NULL, '1', '40', 'M545', '0', '35', '99'),
    (24, '1012', 1, 'P7 4 2024-10-01', '97810 x1 2024-10-01 dx=M54.2 specialty=35', NULL, 65, false,  '1012', '1', '1999000004', '2024-10-01', '97810', NULL, NULL, '1', '65', 'M542', '0', '35', '99'),
    (25, '1012', 2, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01 dx=M54.2 specialty=35', NULL, 40, false,  '1012', '2', '1999000004', '2024-10-01', '97124', 'GP', NULL, '1', '40', 'M542', '0', '35', '99'),
    (26, '1013', 1, 'P8 4 2024-10-02', '98943 x1 2024-10-02 dx=M25.511 specialty=35', NULL, 40, false,  '1013', '1', '1999000004', '2024-10-02', '98943', NULL, NULL, '1', '40', 'M25511', '0', '35', '99'),
    (27, '1013', 2, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02 dx=M99.01 specialty=35', NULL, 45, false,  '1013', '2', '1999000004', '2024-10-02', '98940', 'AT', NULL, '1', '45', 'M9901', '0', '35', '99'),
    (28, '1014', 1, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02 dx=M54.5 specialty=35', NULL, 40, false,  '1014', '1', '1999000004', '2024-10-02', '97124', '76', NULL, '1', '40', 'M545', '0', '35', '99'),
    (29, '1015', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, 40, false,  '1015', '1', '1999000004', '2024-10-03', '97124', 'GP', NULL, '1', '40', 'M542', '0', '35', '99'),
    (30, '1016', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, 40, false,  '1016', '1', '1999000004', '2024-10-03', '97124', 'GP', NULL, '1', '40', 'M542', '0', '35', '99'),
    (31, '1017', 1, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, 40, false,  '1017', '1', '1999000005', '2024-10-03', '97124', 'GP', NULL, '1', '40', 'M542', '0', '35', '99'),
    (32, '1018', 1, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04 dx=M54.5 specialty=35', NULL, 120, false,  '1018', '1', '1999000005', '2024-10-04', '97112', 'GP', NULL, '3', '120', 'M545', '0', '35', '99'),
    (33, '1018', 2, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04 dx=M54.5 specialty=35', NULL, 40, false,  '1018', '2', '1999000005', '2024-10-04', '97116', 'GP', NULL, '1', '40', 'M545', '0', '35', '99'),
    (34, '1019', 1, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05 dx=M99.01 specialty=35', NULL, 60, false,  '1019', '1', '1999000005', '2024-10-05', '98941', 'AT', NULL, '1', '60', 'M9901', '0', '35', '99'),
    (35, '1019', 2, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05 dx=M99.01 specialty=35', NULL, 45, false,  '1019', '2', '1999000005', '2024-10-05', '97112', '59', NULL, '1', '45', 'M9901', '0', '35', '99'),
    (36, '1020', 1, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06 dx=S13.4XXA specialty=35', NULL, 80, false,  '1020', '1', '1999000005', '2024-10-06', '97124', 'GP', '59', '2', '80', 'S134XXA', '0', '35', '99'),
    (37, '2000', 1, 'P20', '97124-GP x2 2024-11-01 dx=M54.2 specialty=65', NULL, 40, false,  '2000', '1', '1999000009', '2024-11-01', '97124', 'GP', '', '2.0', '40', 'M542', '0', '65', '1'),
    (38, '2000', 2, 'P20', '97124 x1 2024-11-01 specialty=35', NULL, 40, false,  '2000', '2', '1999000009', '2024-11-01', '97124', '', '', '1', '40', '7242', '9', '35', '1'),
    (39, '2000', 3, 'P20', '97124 x1 2024-11-01 specialty=35 unread=dx', 'Diagnosis "7242" must be an ICD-10-CM code of 3 to 7 characters.', 40, false,  '2000', '3', '1999000009', '2024-11-01', '97124', '', '', '1', '40', '7242', '0', '35', '1'),
    (40, '2000', 4, 'P20', NULL, 'Code must not be null.', 40, true,  '2000', '4', '1999000009', '2024-11-01', NULL, NULL, NULL, '1', '40', NULL, NULL, NULL, '1'),
    (140, '2000', 4, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 40, false,  '2000', '4', '1999000009', '2024-11-01', '9712', NULL, NULL, '1', '40', NULL, NULL, NULL, '1'),
    (41, '2000', 5, 'P20', NULL, 'Code must not be null.', 40, true,  '2000', '5', '1999000009', '2024-11-01', '', '', '', '1', '40', '', '', '', '1'),
    (141, '2000', 5, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 40, false,  '2000', '5', '1999000009', '2024-11-01', '9712', '', '', '1', '40', '', '', '', '1'),
    (42, '2000', 6, 'P20', NULL, 'Code must not be null.', 40, true,  '2000', '6', '1999000009', '2024-11-01', '~', '~', '~', '1', '40', '~', '~', '~', '1'),
    (142, '2000', 6, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 40, false,  '2000', '6', '1999000009', '2024-11-01', '9712', '~', '~', '1', '40', '~', '~', '~', '1'),
    (43, '2000', 7, 'P20', '97110-59 x3 2024-11-01 dx=M54.2 specialty=35', NULL, 40, false,  '2000', '7', '1999000009', '2024-11-01', '97110', '59   ', '~', '3', '40', 'M542', '0', ' 35', '1'),
    (44, '2000', 8, 'P20', '97110 x1 2024-11-01 dx=M54.2 specialty=35 reversal', NULL, -40, false,  '2000', '8', '1999000009', '2024-11-01', '97110', '', '', '-1', '-40', 'M542', '0', '35', '1'),
    (45, '2000', 9, 'P20', '97110 x0 2024-11-01 dx=M54.2 specialty=35', NULL, 0, false,  '2000', '9', '1999000009', '2024-11-01', '97110', '', '', '0', '0', 'M542', '0', '35', '1'),
    (46, '2000', 10, 'P20', '97110 x1 2024-11-01 dx=M54.2 unread=specialty', 'Specialty "035" must be a CMS code of 2 characters or a NUCC taxonomy code of 10.', 40, false,  '2000', '10', '1999000009', '2024-11-01', '97110', '', '', '1', '40', 'M542', '0', '035', '1'),
    (47, '2000', 11, 'P20 undated', '97112-GP x1 dx=M54.2 specialty=65', NULL, 40, false,  '2000', '11', '1999000009', NULL, '97112', 'GP', '', '1', '40', 'M542', '0', '65', '1'),
    (48, '2000', 12, 'P20 nobody', '97112-GP x1 2024-11-01 dx=M54.2 specialty=65', NULL, 40, false,  '2000', '12', NULL, '2024-11-01', '97112', 'GP', '', '1', '40', 'M542', '0', '65', '1'),
    (49, '2000', 13, 'P20', '97112 x1 2024-11-01 dx=M54.2 specialty=65 unread=modifiers', 'Modifier "GPTHE" must be 2 characters of 0-9 and A-Z.', 40, false,  '2000', '13', '1999000009', '2024-11-01', '97112', 'GPTHE', '', '1', '40', 'M542', '0', '65', '1'),
    (50, '2000', 14, 'P20', 'A4595-NU-KX x1 2024-11-01 dx=M54.5 specialty=65', NULL, 15.5, false,  '2000', '14', '1999000009', '2024-11-01', 'A4595', 'NU', 'KX', '1', '15.5', 'M545', '0', '65', '1');
SELECT load('carrier', 'ccw.carrier_claim_lines', '{clm_id,line_num,prf_physn_npi,line_1st_expns_dt,hcpcs_cd,hcpcs_1st_mdfr_cd,hcpcs_2nd_mdfr_cd,line_srvc_cnt,line_sbmtd_chrg_amt,line_icd_dgns_cd,line_icd_dgns_vrsn_cd,prvdr_spclty,carr_line_mtus_cnt}') \g /dev/null
INSERT INTO ccw.carrier_claims VALUES (1001, 1), (1002, 1), (1003, 1), (1004, 2), (1005, 2), (1006, 3), (1007, 3), (1008, 4), (1009, 4), (1010, 5), (1011, 6), (1012, 7), (1013, 8), (1014, 8), (1015, 9), (1016, 9), (1017, 9), (1018, 10), (1019, 11), (1020, 12), (2000, 20);
CREATE UNIQUE INDEX ON ccw.carrier_claims (clm_id);
SELECT claim_source_add('carrier', 'ccw.carrier_claim_lines', 'bfd') \g /dev/null
SELECT pointers('carrier', 'first') \g /dev/null
SELECT check_source('carrier', 50);
SELECT is(left_out('carrier'), '3 no procedure code', 'carrier: what is left out');
SELECT is((SELECT mapped ->> 'patient' FROM claim_sources WHERE name = 'carrier'), 'ccw.carrier_claims.bene_id', 'carrier: the patient is that of the claim');
CREATE INDEX ON ccw.carrier_claim_lines (clm_id); CREATE INDEX ON ccw.carrier_claims (bene_id);
-- without the table of claims, or without its index, patients are not known
DROP INDEX ccw.carrier_claims_clm_id_idx;
SELECT claim_source_add('alone', 'ccw.carrier_claim_lines', 'bfd') \g /dev/null
SELECT ok((SELECT NOT mapped ? 'patient' AND unmapped @> '{"Table ccw.carrier_claims is not joined: it has no unique index on (clm_id), so that a line could come twice. It would give patient."}'
    FROM claim_sources WHERE name = 'alone'), 'carrier: a table that could give lines twice is not joined, and it says so');
SELECT is((SELECT count(*) FROM alone_lines), (SELECT count(*) FROM ccw.carrier_claim_lines WHERE btrim(coalesce(hcpcs_cd, ''), ' ~') <> ''), 'carrier: and no row is lost or doubled');
SELECT is((SELECT count(DISTINCT patient) FROM alone_lines), (SELECT count(DISTINCT clm_id) FROM ccw.carrier_claim_lines), 'carrier: each claim is judged by itself');
SELECT is((SELECT unmapped[1] FROM claim_sources WHERE name = 'alone'), 'No patient is mapped: each claim is judged by itself, without the other claims of the day.', 'carrier: and it says so');

-- ------------------------------------------------------- bfd: tables of 2025

CREATE SCHEMA idr;

CREATE TABLE idr.claim (
    clm_uniq_id bigint NOT NULL, geo_bene_sk bigint NOT NULL, clm_dt_sgntr_sk bigint NOT NULL, clm_type_cd int NOT NULL, clm_num_sk bigint NOT NULL, bene_sk bigint NOT NULL, clm_cntl_num
    varchar(40) NOT NULL, clm_orig_cntl_num varchar(40) NOT NULL, clm_from_dt date NOT NULL, clm_thru_dt date NOT NULL, clm_efctv_dt date NOT NULL, clm_obslt_dt date NOT NULL,
    clm_bill_clsfctn_cd varchar(1) NOT NULL, clm_bill_fac_type_cd varchar(1) NOT NULL, clm_bill_freq_cd varchar(1) NOT NULL, clm_finl_actn_ind varchar(1) NOT NULL, clm_src_id varchar(5) NOT
    NULL, clm_query_cd varchar(1) NOT NULL, clm_mdcr_coinsrnc_amt numeric NOT NULL, clm_blood_lblty_amt numeric NOT NULL, clm_ncvrd_chrg_amt numeric NOT NULL, clm_mdcr_ddctbl_amt numeric NOT
    NULL, clm_prvdr_pmt_amt numeric NOT NULL, clm_alowd_chrg_amt numeric NOT NULL, clm_bene_pmt_amt numeric NOT NULL, clm_cntrctr_num varchar(5) NOT NULL, clm_pmt_amt numeric NOT NULL,
    clm_pd_dt date NOT NULL, clm_ltst_clm_ind varchar(1) NOT NULL, clm_atndg_prvdr_npi_num varchar(10) NOT NULL, clm_atndg_prvdr_last_name varchar(60) NOT NULL, clm_oprtg_prvdr_npi_num
    varchar(10) NOT NULL, clm_oprtg_prvdr_last_name varchar(60) NOT NULL, clm_othr_prvdr_npi_num varchar(10) NOT NULL, clm_othr_prvdr_last_name varchar(60) NOT NULL, clm_rndrg_prvdr_npi_num
    varchar(10) NOT NULL, clm_rndrg_prvdr_last_name varchar(60) NOT NULL, prvdr_blg_prvdr_npi_num varchar(10) NOT NULL, prvdr_rfrg_prvdr_npi_num varchar(10) NOT NULL, clm_disp_cd varchar(2)
    NOT NULL, clm_ric_cd varchar(1) NOT NULL, clm_sbmt_chrg_amt numeric NOT NULL, clm_blood_pt_frnsh_qty int NOT NULL, clm_nch_prmry_pyr_cd varchar(1) NOT NULL, clm_blg_prvdr_oscar_num
    varchar(20) NOT NULL, clm_idr_ld_dt date NOT NULL, clm_nrln_ric_cd varchar(1) NOT NULL, clm_srvc_prvdr_gnrc_id_num varchar(20) NOT NULL, prvdr_prscrbng_prvdr_npi_num varchar(10) NOT
    NULL, idr_insrt_ts_clm timestamptz NOT NULL, idr_updt_ts_clm timestamptz NOT NULL, idr_insrt_ts_dcmtn timestamptz NOT NULL, idr_updt_ts_dcmtn timestamptz NOT NULL, bfd_created_ts
    timestamptz NOT NULL, bfd_updated_ts timestamptz NOT NULL
);
CREATE TABLE idr.claim_line_professional (
    clm_uniq_id bigint NOT NULL, clm_line_num int NOT NULL, clm_bene_prmry_pyr_pd_amt numeric NOT NULL, clm_fed_type_srvc_cd varchar(1) NOT NULL, clm_line_carr_clncl_lab_num varchar(10) NOT
    NULL, clm_line_carr_hpsa_scrcty_cd varchar(1) NOT NULL, clm_line_dmerc_scrn_svgs_amt numeric NOT NULL, clm_line_hct_hgb_rslt_num numeric NOT NULL, clm_line_hct_hgb_type_cd varchar(2) NOT
    NULL, clm_line_prfnl_dme_price_amt numeric NOT NULL, clm_line_prfnl_mtus_cnt numeric NOT NULL, clm_mtus_ind_cd varchar(1) NOT NULL, clm_physn_astnt_cd varchar(1) NOT NULL,
    clm_pmt_80_100_cd varchar(1) NOT NULL, clm_prcng_lclty_cd varchar(2) NOT NULL, clm_prcsg_ind_cd varchar(2) NOT NULL, clm_prmry_pyr_cd varchar(1) NOT NULL, clm_prvdr_spclty_cd varchar(2)
    NOT NULL, clm_srvc_ddctbl_sw varchar(1) NOT NULL, clm_suplr_type_cd varchar(1) NOT NULL, idr_insrt_ts timestamptz, idr_updt_ts timestamptz, bfd_created_ts timestamptz NOT NULL,
    bfd_updated_ts timestamptz NOT NULL
);
CREATE TABLE idr.claim_item (
    clm_uniq_id bigint NOT NULL, bfd_row_id int NOT NULL, clm_line_num int NOT NULL, clm_line_ansthsa_unit_cnt numeric NOT NULL, clm_line_dgns_cd varchar(7) NOT NULL, clm_line_sbmt_chrg_amt
    numeric NOT NULL, clm_line_alowd_chrg_amt numeric NOT NULL, clm_line_ncvrd_chrg_amt numeric NOT NULL, clm_line_prvdr_pmt_amt numeric NOT NULL, clm_line_bene_pmt_amt numeric NOT NULL,
    clm_line_bene_pd_amt numeric NOT NULL, clm_line_cvrd_pd_amt numeric NOT NULL, clm_line_blood_ddctbl_amt numeric NOT NULL, clm_line_mdcr_ddctbl_amt numeric NOT NULL,
    clm_line_mdcr_coinsrnc_amt numeric NOT NULL, clm_line_hcpcs_cd varchar(5) NOT NULL, clm_line_from_dt date NOT NULL, clm_line_ndc_cd varchar(11) NOT NULL, clm_line_ndc_qty numeric NOT
    NULL, clm_line_ndc_qty_qlfyr_cd varchar(2) NOT NULL, clm_line_srvc_unit_qty numeric NOT NULL, clm_line_rev_ctr_cd varchar(4) NOT NULL, clm_line_rx_num varchar(30) NOT NULL,
    clm_line_thru_dt date NOT NULL, clm_pos_cd varchar(2) NOT NULL, clm_rndrg_prvdr_prtcptg_cd varchar(1) NOT NULL, clm_rndrg_prvdr_tax_num varchar(10) NOT NULL, hcpcs_1_mdfr_cd varchar(2)
    NOT NULL, hcpcs_2_mdfr_cd varchar(2) NOT NULL, hcpcs_3_mdfr_cd varchar(2) NOT NULL, hcpcs_4_mdfr_cd varchar(2) NOT NULL, hcpcs_5_mdfr_cd varchar(2) NOT NULL, idr_insrt_ts_line
    timestamptz NOT NULL, idr_updt_ts_line timestamptz NOT NULL, clm_val_sqnc_num_prod int NOT NULL, clm_dgns_prcdr_icd_ind varchar(1) NOT NULL, clm_dgns_cd varchar(7) NOT NULL, clm_prcdr_cd
    varchar(7) NOT NULL, clm_prod_type_cd varchar(1) NOT NULL, clm_poa_ind varchar(1) NOT NULL, clm_prcdr_prfrm_dt date NOT NULL, idr_insrt_ts_prod timestamptz NOT NULL, idr_updt_ts_prod
    timestamptz NOT NULL, clm_val_sqnc_num_val int NOT NULL, clm_val_cd varchar(2) NOT NULL, clm_val_amt numeric NOT NULL, idr_insrt_ts_val timestamptz NOT NULL, idr_updt_ts_val timestamptz
    NOT NULL, bfd_created_ts timestamptz NOT NULL, bfd_updated_ts timestamptz NOT NULL
);

CALL load_defaults('idr.claim'); CALL load_defaults('idr.claim_line_professional'); CALL load_defaults('idr.claim_item');
ALTER TABLE idr.claim ADD PRIMARY KEY (clm_uniq_id); ALTER TABLE idr.claim_line_professional ADD PRIMARY KEY (clm_uniq_id, clm_line_num); ALTER TABLE idr.claim_item ADD PRIMARY KEY (clm_uniq_id, bfd_row_id);

CREATE TEMP TABLE rows_idr (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then clm_uniq_id, bfd_row_id, clm_line_num, clm_line_hcpcs_cd, hcpcs_1_mdfr_cd, hcpcs_2_mdfr_cd, hcpcs_3_mdfr_cd, hcpcs_4_mdfr_cd, hcpcs_5_mdfr_cd, clm_line_srvc_unit_qty, clm_line_sbmt_chrg_amt, clm_line_dgns_cd, clm_line_from_dt, clm_dgns_cd, clm_dgns_prcdr_icd_ind, clm_val_cd
INSERT INTO rows_idr VALUES
    (1, '3001', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01 dx=M99.01 specialty=35 referral=yes', NULL, 60, false,  '3001', '1', '1', '98941', 'AT', '', '', '', '', '1', '60', 'M9901', '2024-08-01', 'M9901', '0', ''),
    (2, '3001', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01 dx=M99.01 specialty=35 referral=yes', NULL, 40, false,  '3001', '2', '2', '97124', '', '', '', '', '', '1', '40', 'M9901', '2024-08-01', 'M9901', '0', ''),
    (3, '3001', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01 dx=M54.5 specialty=35 referral=yes', NULL, 70, false,  '3001', '3', '3', '97110', 'GP', '', '', '', '', '2', '70', 'M545', '2024-08-01', 'M545', '0', ''),
    (4, '3002', 1, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05 dx=M99.01 specialty=35', NULL, 45, false,  '3002', '1', '1', '98940', 'AT', '', '', '', '', '1', '45', 'M9901', '2024-08-05', 'M9901', '0', ''),
    (5, '3002', 2, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, 50, false,  '3002', '2', '2', '97140', '59', '', '', '', '', '1', '50', 'M9903', '2024-08-05', 'M9903', '0', ''),
    (6, '3003', 1, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35 referral=yes', NULL, 50, false,  '3003', '1', '1', '97140', '59', '', '', '', '', '1', '50', 'M9903', '2024-08-05', 'M9903', '0', ''),
    (7, '3004', 1, 'P2 1 2024-08-01', '97124 x9 2024-08-01 dx=M54.2 specialty=35', NULL, 360, false,  '3004', '1', '1', '97124', '', '', '', '', '', '9', '360', 'M542', '2024-08-01', 'M542', '0', ''),
    (8, '3005', 1, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02 dx=M54.2 specialty=35 referral=yes', NULL, 80, false,  '3005', '1', '1', '97124', 'GP', '', '', '', '', '2', '80', 'M542', '2024-08-02', 'M542', '0', ''),
    (9, '3005', 2, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02 dx=M54.2 specialty=35 referral=yes', NULL, 80, false,  '3005', '2', '2', '97110', 'GP', '', '', '', '', '2', '80', 'M542', '2024-08-02', 'M542', '0', ''),
    (10, '3005', 3, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02 dx=M54.2 specialty=35 referral=yes', NULL, 50, false,  '3005', '3', '3', '97530', 'GP', '59', '', '', '', '1', '50', 'M542', '2024-08-02', 'M542', '0', ''),
    (11, '3006', 1, 'P3 2 2024-08-02', '97012 x1 2024-08-02 dx=M54.16 specialty=35', NULL, 25, false,  '3006', '1', '1', '97012', '', '', '', '', '', '1', '25', 'M5416', '2024-08-02', 'M5416', '0', ''),
    (12, '3006', 2, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02 dx=M99.01 specialty=35', NULL, 75, false,  '3006', '2', '2', '98942', 'AT', '', '', '', '', '1', '75', 'M9901', '2024-08-02', 'M9901', '0', ''),
    (13, '3007', 1, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09 dx=M54.2 specialty=35 referral=yes', NULL, 40, false,  '3007', '1', '1', '97124', 'XS', '', '', '', '', '1', '40', 'M542', '2024-08-09', 'M542', '0', ''),
    (14, '3007', 2, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09 dx=M99.03 specialty=35 referral=yes', NULL, 60, false,  '3007', '2', '2', '98941', 'AT', '', '', '', '', '1', '60', 'M9903', '2024-08-09', 'M9903', '0', ''),
    (15, '3008', 1, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, 50, false,  '3008', '1', '1', '97140', 'GP', '', '', '', '', '1', '50', 'M25511', '2024-09-10', 'M25511', '0', ''),
    (16, '3008', 2, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, 40, false,  '3008', '2', '2', '97124', 'GP', '', '', '', '', '1', '40', 'M25511', '2024-09-10', 'M25511', '0', ''),
    (17, '3009', 1, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10 dx=M25.511 specialty=35 referral=yes', NULL, 55, false,  '3009', '1', '1', '97530', 'GP', '', '', '', '', '1', '55', 'M25511', '2024-09-10', 'M25511', '0', ''),
    (18, '3010', 1, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '3010', '1', '1', 'G0283', 'GP', '', '', '', '', '1', '20', 'M545', '2024-09-11', 'M545', '0', ''),
    (19, '3010', 2, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '3010', '2', '2', '97035', 'GP', '', '', '', '', '1', '20', 'M545', '2024-09-11', 'M545', '0', ''),
    (20, '3010', 3, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, 20, false,  '3010', '3', '3', '97035', 'GP', '', '', '', '', '1', '20', 'M545', '2024-09-11', 'M545', '0', ''),
    (21, '3011', 1, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12 dx=M54.2 specialty=35 referral=yes', NULL, 110, false,  '3011', '1', '1', '99213', '25', '', '', '', '', '1', '110', 'M542', '2024-09-12', 'M542', '0', ''),
    (22, '3011', 2, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12 dx=M99.01 specialty=35 referral=yes', NULL, 45, false,  '3011', '2', '2', '98940', 'AT', '', '', '', '', '1', '45', 'M9901', '2024-09-12', 'M9901', '0', ''),
    (23, '3011', 3, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12 dx=M54.5 specialty=35 referral=yes', NULL, 40, false,  '3011', '3', '3', '97124', '59', '', '', '', '', '1', '40', 'M545', '2024-09-12', 'M545', '0', ''),
    (24, '3012', 1, 'P7 4 2024-10-01', '97810 x1 2024-10-01 dx=M54.2 specialty=35', NULL, 65, false,  '3012', '1', '1', '97810', '', '', '', '', '', '1', '65', 'M542', '2024-10-01', 'M542', '0', ''),
    (25, '3012', 2, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01 dx=M54.2 specialty=35', NULL, 40, false,  '3012', '2', '2', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-10-01', 'M542', '0', ''),
    (26, '3013', 1, 'P8 4 2024-10-02', '98943 x1 2024-10-02 dx=M25.511 specialty=35 referral=yes', NULL, 40, false,  '3013', '1', '1', '98943', '', '', '', '', '', '1', '40', 'M25511', '2024-10-02', 'M25511', '0', ''),
    (27, '3013', 2, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02 dx=M99.01 specialty=35 referral=yes', NULL, 45, false,  '3013', '2', '2', '98940', 'AT', '', '', '', '', '1', '45', 'M9901', '2024-10-02', 'M9901', '0', ''),
    (28, '3014', 1, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02 dx=M54.5 specialty=35', NULL, 40, false,  '3014', '1', '1', '97124', '76', '', '', '', '', '1', '40', 'M545', '2024-10-02', 'M545', '0', ''),
    (29, '3015', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35 referral=yes', NULL, 40, false,  '3015', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-10-03', 'M542', '0', ''),
    (30, '3016', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, 40, false,  '3016', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-10-03', 'M542', '0', ''),
    (31, '3017', 1, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35 referral=yes', NULL, 40, false,  '3017', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-10-03', 'M542', '0', ''),
    (32, '3018', 1, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04 dx=M54.5 specialty=35', NULL, 120, false,  '3018', '1', '1', '97112', 'GP', '', '', '', '', '3', '120', 'M545', '2024-10-04', 'M545', '0', ''),
    (33, '3018', 2, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04 dx=M54.5 specialty=35', NULL, 40, false,  '3018', '2', '2', '97116', 'GP', '', '', '', '', '1', '40', 'M545', '2024-10-04', 'M545', '0', ''),
    (34, '3019', 1, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05 dx=M99.01 specialty=35 referral=yes', NULL, 60, false,  '3019', '1', '1', '98941', 'AT', '', '', '', '', '1', '60', 'M9901', '2024-10-05', 'M9901', '0', ''),
    (35, '3019', 2, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05 dx=M99.01 specialty=35 referral=yes', NULL, 45, false,  '3019', '2', '2', '97112', '59', '', '', '', '', '1', '45', 'M9901', '2024-10-05', 'M9901', '0', ''),
    (36, '3020', 1, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06 dx=S13.4XXA specialty=35', NULL, 80, false,  '3020', '1', '1', '97124', 'GP', '59', '', '', '', '2', '80', 'S134XXA', '2024-10-06', 'S134XXA', '0', ''),
    (37, '4000', 1, 'P20 9', '97124-GP x2 2024-11-01 dx=M54.2 specialty=65', NULL, 40, false,  '4000', '1', '1', '97124', 'GP', '', '', '', '', '2', '40', 'M542', '2024-11-01', '', '0', ''),
    (38, '4000', 2, 'P20 9', '97124 x1 2024-11-01', NULL, 40, false,  '4000', '2', '2', '97124', '~', '~', '', '', '', '1', '40', '~', '2024-11-01', '', '0', ''),
    (39, '4000', 3, 'P20 9', '97110-59-GP x1.5 2024-11-01', NULL, 40, false,  '4000', '3', '3', '97110', '', '59', '', 'GP', '', '1.5', '40', '', '2024-11-01', '', '0', ''),
    (40, '4000', 4, 'P20 9', NULL, 'Code must not be null.', 40, true,  '4000', '4', '4', '', '', '', '', '', '', '1', '40', '', '2024-11-01', '', '0', ''),
    (140, '4000', 4, 'P20 9', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 40, false,  '4000', '104', '4', '9712', '', '', '', '', '', '1', '40', '', '2024-11-01', '', '0', ''),
    (41, '4000', 5, 'P20 9', NULL, 'Code must not be null.', 40, true,  '4000', '5', '5', '~', '', '', '', '', '', '1', '40', '', '2024-11-01', '', '0', ''),
    (141, '4000', 5, 'P20 9', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 40, false,  '4000', '105', '5', '9712', '', '', '', '', '', '1', '40', '', '2024-11-01', '', '0', ''),
    (42, '4000', 6, 'P20 9', '97110 x1 2024-11-01 reversal', NULL, -40, false,  '4000', '6', '6', '97110', '', '', '', '', '', '-1', '-40', '', '2024-11-01', '', '0', ''),
    (43, '4000', 0, 'P20 9', '97012 x1 2024-11-01 dx=M54.5', NULL, 40, false,  '4000', '7', '0', '97012', '', '', '', '', '', '1', '40', 'M545', '2024-11-01', '', '0', ''),
    (44, '4000', 8, 'P20 no date', '97112-GP x1 dx=M54.2', NULL, 40, false,  '4000', '8', '8', '97112', 'GP', '', '', '', '', '1', '40', 'M542', '0001-01-01', '', '0', ''),
    (45, '4000', 9, 'P20 never', '97116-GP x1 dx=M54.2', NULL, 40, false,  '4000', '9', '9', '97116', 'GP', '', '', '', '', '1', '40', 'M542', '9999-12-31', '', '0', ''),
    (46, '4000', 14, 'P20 9', '97113-GP-KX-CQ-XS-59 x1 2024-11-01 dx=M54.2', NULL, 40, false,  '4000', '14', '14', '97113', 'GP', 'KX', 'CQ', 'XS', '59', '1', '40', 'M542', '2024-11-01', '', '0', ''),
    (47, '4000', 15, 'P20 9', '97535-GP x0 2024-11-01', NULL, 0, false,  '4000', '15', '15', '97535', 'GP', '', '', '', '', '0', '0', '~', '2024-11-01', '', '0', ''),
    (48, '4000', 16, 'P20 9', '97124 x1 2024-11-01 unread=modifiers', 'Modifier "G" must be 2 characters of 0-9 and A-Z.', 0, false,  '4000', '16', '16', '97124', 'G', '', '', '', '', '1', '0', '~', '2024-11-01', '', '0', ''),
    (49, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4000', '10', '0', '', '', '', '', '', '', '0', '0', '', '0001-01-01', 'M542', '0', ''),
    (50, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4000', '11', '0', '', '', '', '', '', '', '0', '0', '', '0001-01-01', 'M545', '0', ''),
    (51, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4000', '12', '0', '', '', '', '', '', '', '0', '0', '', '0001-01-01', 'M9901', '0', ''),
    (52, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4000', '13', '0', '~', '', '', '', '', '', '0', '0', '', '0001-01-01', '', '0', '80'),
    (53, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4001', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-11-01', '', '0', ''),
    (54, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4001', '2', '2', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-11-01', '', '0', ''),
    (55, NULL, NULL, NULL, NULL, NULL, NULL, true,  '4001', '3', '3', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-11-01', '', '0', ''),
    (56, '4002', 1, 'P20 ~', '97124-GP x1 2024-11-01 dx=M54.2 referral=yes', NULL, 40, false,  '4002', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-11-01', '', '0', ''),
    (57, '4003', 1, 'P20 blank', '97124-GP x1 2024-11-01 dx=M54.2', NULL, 40, false,  '4003', '1', '1', '97124', 'GP', '', '', '', '', '1', '40', 'M542', '2024-11-01', '', '0', '');
SELECT load('idr', 'idr.claim_item', '{clm_uniq_id,bfd_row_id,clm_line_num,clm_line_hcpcs_cd,hcpcs_1_mdfr_cd,hcpcs_2_mdfr_cd,hcpcs_3_mdfr_cd,hcpcs_4_mdfr_cd,hcpcs_5_mdfr_cd,clm_line_srvc_unit_qty,clm_line_sbmt_chrg_amt,clm_line_dgns_cd,clm_line_from_dt,clm_dgns_cd,clm_dgns_prcdr_icd_ind,clm_val_cd}') \g /dev/null
INSERT INTO idr.claim (clm_uniq_id, bene_sk, clm_rndrg_prvdr_npi_num, clm_ltst_clm_ind, prvdr_rfrg_prvdr_npi_num) VALUES
    (3001, 1, '1999000001', 'Y', '1888000001'), (3002, 1, '1999000001', 'Y', ''), (3003, 1, '1999000001', 'Y', '1888000001'), (3004, 2, '1999000001', 'Y', ''), (3005, 2, '1999000002', 'Y', '1888000001'), (3006, 3, '1999000002', 'Y', ''), (3007, 3, '1999000002', 'Y', '1888000001'), (3008, 4, '1999000003', 'Y', ''), (3009, 4, '1999000003', 'Y', '1888000001'), (3010, 5, '1999000003', 'Y', ''), (3011, 6, '1999000003', 'Y', '1888000001'), (3012, 7, '1999000004', 'Y', ''), (3013, 8, '1999000004', 'Y', '1888000001'), (3014, 8, '1999000004', 'Y', ''), (3015, 9, '1999000004', 'Y', '1888000001'), (3016, 9, '1999000004', 'Y', ''), (3017, 9, '1999000005', 'Y', '1888000001'), (3018, 10, '1999000005', 'Y', ''), (3019, 11, '1999000005', 'Y', '1888000001'), (3020, 12, '1999000005', 'Y', ''), (4000, 20, '1999000009', 'Y', '~'), (4001, 20, '1999000009', 'N', ''), (4002, 20, '~', 'Y', '1888000001'), (4003, 20, '', 'Y', '');
INSERT INTO idr.claim_line_professional (clm_uniq_id, clm_line_num, clm_prvdr_spclty_cd) VALUES
    (3001, 1, '35'), (3001, 2, '35'), (3001, 3, '35'), (3002, 1, '35'), (3002, 2, '35'), (3003, 1, '35'), (3004, 1, '35'), (3005, 1, '35'), (3005, 2, '35'), (3005, 3, '35'), (3006, 1, '35'), (3006, 2, '35'), (3007, 1, '35'), (3007, 2, '35'), (3008, 1, '35'), (3008, 2, '35'), (3009, 1, '35'), (3010, 1, '35'), (3010, 2, '35'), (3010, 3, '35'), (3011, 1, '35'), (3011, 2, '35'), (3011, 3, '35'), (3012, 1, '35'), (3012, 2, '35'), (3013, 1, '35'), (3013, 2, '35'), (3014, 1, '35'), (3015, 1, '35'), (3016, 1, '35'), (3017, 1, '35'), (3018, 1, '35'), (3018, 2, '35'), (3019, 1, '35'), (3019, 2, '35'), (3020, 1, '35'), (4000, 1, '65');
SELECT claim_source_add('idr', 'idr.claim_item', 'bfd') \g /dev/null
SELECT pointers('idr', 'first') \g /dev/null
SELECT check_source('idr', 50);
SELECT is((SELECT count(*) FROM idr.claim_item) - (SELECT count(*) FROM idr_lines), 9::bigint, 'idr: diagnoses, values, superseded claims and lines without a code are left out');
SELECT is(left_out('idr'), '4 diagnosis or value of a claim; 2 no procedure code; 3 superseded claim', 'idr: each kind is counted');
SELECT ok((SELECT unmapped @> '{"Rows of claim_item with neither a line number nor a code are left out: they hold diagnoses or values of the claim.","Superseded claims (clm_ltst_clm_ind N) are left out."}' FROM claim_sources
    WHERE name = 'idr'), 'idr: and it says so');

-- --------------------------------------------- bfd: tables of professional claims, 2026

CREATE TABLE idr.claim_item_professional_nch (
    clm_uniq_id bigint not null, bfd_row_id integer not null, clm_line_num integer, clm_line_ansthsa_unit_cnt numeric, clm_line_dgns_cd varchar(7) not null, clm_line_sbmt_chrg_amt
    numeric, clm_line_alowd_chrg_amt numeric, clm_line_prvdr_pmt_amt numeric, clm_line_bene_pd_amt numeric, clm_line_cvrd_pd_amt numeric, clm_line_mdcr_ddctbl_amt numeric,
    clm_line_mdcr_coinsrnc_amt numeric, clm_line_hcpcs_cd varchar(5) not null, clm_line_from_dt date, clm_line_ndc_cd varchar(11) not null, clm_line_srvc_unit_qty numeric,
    clm_line_thru_dt date, clm_pos_cd varchar(2) not null, hcpcs_1_mdfr_cd varchar(2) not null, hcpcs_2_mdfr_cd varchar(2) not null, hcpcs_3_mdfr_cd varchar(2) not null, hcpcs_4_mdfr_cd
    varchar(2) not null, hcpcs_5_mdfr_cd varchar(2) not null, clm_val_sqnc_num_prod integer, clm_dgns_prcdr_icd_ind varchar(1) not null, clm_dgns_cd varchar(7) not null, clm_prod_type_cd
    varchar(1) not null, clm_line_bnft_enhncmt_2_cd varchar(2), clm_line_bnft_enhncmt_3_cd varchar(2), clm_line_bnft_enhncmt_4_cd varchar(2), clm_line_bnft_enhncmt_5_cd varchar(2),
    clm_line_ngaco_cptatn_sw varchar(1), clm_line_ngaco_pdschrg_hcbs_sw varchar(1), clm_line_ngaco_snf_wvr_sw varchar(1), clm_line_ngaco_tlhlth_sw varchar(1),
    clm_line_aco_care_mgmt_hcbs_sw varchar(1), clm_line_ngaco_pbpmt_sw varchar(1), clm_line_pmd_uniq_trkng_num varchar(14), clm_line_bnft_enhncmt_1_cd varchar(2),
    prvdr_rndrng_prvdr_npi_num varchar(10), bfd_prvdr_rndrng_careteam_name varchar(135), clm_rndrg_fed_prvdr_spclty_cd varchar(2), clm_rndrg_prvdr_tax_num varchar(10),
    geo_rndrg_ssa_state_cd varchar(2), clm_rndrg_prvdr_type_cd varchar(3), clm_bene_prmry_pyr_pd_amt numeric, clm_fed_type_srvc_cd varchar(1) not null, clm_line_carr_clncl_lab_num
    varchar(10) not null, clm_line_carr_hpsa_scrcty_cd varchar(1) not null, clm_line_dmerc_scrn_svgs_amt numeric, clm_line_hct_hgb_rslt_num numeric, clm_line_hct_hgb_type_cd varchar(2)
    not null, clm_line_prfnl_dme_price_amt numeric, clm_line_prfnl_mtus_cnt numeric, clm_mtus_ind_cd varchar(1) not null, clm_physn_astnt_cd varchar(1) not null, clm_pmt_80_100_cd
    varchar(1) not null, clm_prcng_lclty_cd varchar(2) not null, clm_prcsg_ind_cd varchar(2) not null, clm_prmry_pyr_cd varchar(1) not null, clm_prvdr_spclty_cd varchar(2) not null,
    clm_srvc_ddctbl_sw varchar(1) not null, clm_suplr_type_cd varchar(1) not null, bfd_created_ts timestamptz not null, bfd_updated_ts timestamptz not null, clm_line_prfnl_intrst_amt
    numeric, clm_line_carr_psych_ot_lmt_amt numeric, clm_line_carr_clncl_chrg_amt numeric, clm_mdcr_prmry_pyr_alowd_amt numeric, primary key (clm_uniq_id, bfd_row_id)
);
CREATE TABLE idr.claim_professional_nch (
    clm_uniq_id bigint not null primary key, clm_submsn_dt date, clm_nch_wkly_proc_dt date, clm_type_cd integer not null, bene_sk bigint not null, clm_cntl_num varchar(40) not null,
    clm_orig_cntl_num varchar(40) not null, clm_from_dt date not null, clm_thru_dt date, clm_efctv_dt date, clm_obslt_dt date, clm_finl_actn_ind varchar(1) not null, clm_query_cd
    varchar(1) not null, clm_mdcr_ddctbl_amt numeric, clm_prvdr_pmt_amt numeric, clm_alowd_chrg_amt numeric, clm_bene_pmt_amt numeric, clm_cntrctr_num varchar(5) not null, clm_pmt_amt
    numeric, clm_pd_dt date, clm_ltst_clm_ind varchar(1) not null, prvdr_blg_prvdr_npi_num varchar(10), clm_blg_prvdr_tax_num varchar(10), prvdr_blg_1st_name varchar(35),
    bfd_prvdr_blg_last_or_lgl_name varchar(135), prvdr_rfrg_prvdr_npi_num varchar(10), bfd_prvdr_rfrg_careteam_name varchar(135), clm_disp_cd varchar(2) not null, clm_sbmt_chrg_amt
    numeric, clm_blood_pt_frnsh_qty integer, clm_idr_ld_dt date, clm_nrln_ric_cd varchar(1) not null, bfd_created_ts timestamptz not null, bfd_updated_ts timestamptz not null,
    clm_adjstmt_type_cd varchar(2), clm_bene_pd_amt numeric, prvdr_srvc_prvdr_npi_num varchar(20), bfd_prvdr_srvc_careteam_name varchar(135), clm_mdcr_prfnl_prmry_pyr_amt numeric,
    clm_mdcr_prfnl_prvdr_asgnmt_sw varchar(2) not null, bfd_claim_updated_ts timestamptz default now(), clm_clncl_tril_num varchar(8), clm_carr_pmt_dnl_cd varchar(2)
);
CREATE TABLE idr.claim_item_professional_ss (LIKE idr.claim_item_professional_nch INCLUDING ALL);
CREATE TABLE idr.claim_professional_ss (LIKE idr.claim_professional_nch INCLUDING ALL);
CALL load_defaults('idr.claim_item_professional_nch');
CALL load_defaults('idr.claim_professional_nch');
CALL load_defaults('idr.claim_item_professional_ss');
CALL load_defaults('idr.claim_professional_ss');
-- the lines of the tables before, in those of 2026: who renders and the specialty stand in the line, the claims of one carry another patient number
INSERT INTO idr.claim_item_professional_nch (clm_uniq_id, bfd_row_id, clm_line_num, clm_line_hcpcs_cd, hcpcs_1_mdfr_cd, hcpcs_2_mdfr_cd, hcpcs_3_mdfr_cd, hcpcs_4_mdfr_cd, hcpcs_5_mdfr_cd, clm_line_srvc_unit_qty,
        clm_line_sbmt_chrg_amt, clm_line_dgns_cd, clm_line_from_dt, clm_dgns_cd, clm_dgns_prcdr_icd_ind, prvdr_rndrng_prvdr_npi_num, clm_prvdr_spclty_cd)
    SELECT i.clm_uniq_id, i.bfd_row_id, i.clm_line_num, i.clm_line_hcpcs_cd, i.hcpcs_1_mdfr_cd, i.hcpcs_2_mdfr_cd, i.hcpcs_3_mdfr_cd, i.hcpcs_4_mdfr_cd, i.hcpcs_5_mdfr_cd, i.clm_line_srvc_unit_qty,
        i.clm_line_sbmt_chrg_amt, i.clm_line_dgns_cd, i.clm_line_from_dt, i.clm_dgns_cd, i.clm_dgns_prcdr_icd_ind, c.clm_rndrg_prvdr_npi_num, coalesce(p.clm_prvdr_spclty_cd, '')
    FROM idr.claim_item i JOIN idr.claim c USING (clm_uniq_id) LEFT JOIN idr.claim_line_professional p USING (clm_uniq_id, clm_line_num);
INSERT INTO idr.claim_professional_nch (clm_uniq_id, bene_sk, clm_ltst_clm_ind, prvdr_rfrg_prvdr_npi_num) SELECT clm_uniq_id, bene_sk, clm_ltst_clm_ind, prvdr_rfrg_prvdr_npi_num FROM idr.claim;
INSERT INTO idr.claim_item_professional_ss SELECT * FROM idr.claim_item_professional_nch;
INSERT INTO idr.claim_professional_ss (clm_uniq_id, bene_sk, clm_ltst_clm_ind) SELECT clm_uniq_id, bene_sk + 1000, clm_ltst_clm_ind FROM idr.claim;
SELECT claim_source_add('nch', 'idr.claim_item_professional_nch', 'bfd'), claim_source_add('ss', 'idr.claim_item_professional_ss', 'bfd') \g /dev/null
SELECT results_eq('SELECT patient, provider, dos, claim_id, line_no, line::text, line_error, charge, code FROM nch_lines ORDER BY 4, 5, 6, 9', 'SELECT patient, provider, dos, claim_id, line_no, line::text, line_error, charge, code FROM idr_lines ORDER BY 4, 5, 6, 9',
    'nch: lines as of the tables before');
SELECT is((SELECT mapped FROM claim_sources WHERE name = 'nch'), '{"patient": "idr.claim_professional_nch.bene_sk", "provider": "prvdr_rndrng_prvdr_npi_num", "dos": "clm_line_from_dt", "thru": "clm_line_thru_dt", "claim_id": "clm_uniq_id", "line_no": "clm_line_num",
    "code": "clm_line_hcpcs_cd", "modifiers": ["hcpcs_1_mdfr_cd", "hcpcs_2_mdfr_cd", "hcpcs_3_mdfr_cd", "hcpcs_4_mdfr_cd", "hcpcs_5_mdfr_cd"], "units": "clm_line_srvc_unit_qty", "dx": ["clm_line_dgns_cd"],
    "specialty": "clm_prvdr_spclty_cd", "referral": "idr.claim_professional_nch.prvdr_rfrg_prvdr_npi_num", "charge": "clm_line_sbmt_chrg_amt"}'::jsonb, 'nch: what is mapped');
SELECT is((SELECT string_agg(u, E'\n') FROM claim_sources, unnest(unmapped) u WHERE name = 'nch' AND u ~ 'joined|beside|itself|no table'), NULL, 'nch: nothing is said of the tables before');
SELECT is((SELECT min(patient) FROM ss_lines), 1001::bigint, 'ss: joined to the claims of its own name');
SELECT is((SELECT count(*) FROM nch_lines WHERE claim_id = '4001'), 0::bigint, 'nch: superseded claims are left out');
SELECT is((SELECT string_agg(what || ' ' || rows, ', ' ORDER BY what) FROM claim_source_quality('nch') WHERE kind = 'left out'), (SELECT string_agg(what || ' ' || rows, ', ' ORDER BY what) FROM claim_source_quality('idr') WHERE kind = 'left out'), 'nch: what is left out is as before');
SELECT ok((SELECT count(*) FILTER (WHERE e.severity = 'deny') > 3 FROM (SELECT claimday(claim_id, line_no, line) AS day FROM nch_lines GROUP BY patient, provider, dos) d, claim_edits(d.day) e), 'nch: and there are denials');
CREATE TABLE idr.copied AS TABLE idr.claim_item_professional_nch;
SELECT claim_source_add('copied', 'idr.copied', 'bfd') \g /dev/null
SELECT is((SELECT mapped ->> 'patient' FROM claim_sources WHERE name = 'copied'), 'idr.claim_professional_nch.bene_sk', 'nch: under another name, joined to the first');
ALTER TABLE idr.claim_professional_nch DROP CONSTRAINT claim_professional_nch_pkey CASCADE; DROP TABLE idr.claim_professional_ss CASCADE;
SELECT claim_source_add('no_key', 'idr.copied', 'bfd') \g /dev/null
SELECT is((SELECT array_agg(u ORDER BY u) FROM claim_sources, unnest(unmapped) u WHERE name = 'no_key' AND u ~ 'itself|joined'), '{"No patient is mapped: each claim is judged by itself, without the other claims of the day.",
    "Table idr.claim_professional_nch is not joined: it has no unique index on (clm_uniq_id), so that a line could come twice. It would give patient, referral. It would tell what is left out: superseded claim."}', 'nch: what is lost where it is not joined');
SELECT claim_source_add('by_hand', 'idr.copied', 'bfd', '{"patient": "clm_uniq_id", "referral": null}') \g /dev/null
SELECT is((SELECT array_agg(u ORDER BY u) FROM claim_sources, unnest(unmapped) u WHERE name = 'by_hand' AND u ~ 'itself|joined'),
    '{"Table idr.claim_professional_nch is not joined: it has no unique index on (clm_uniq_id), so that a line could come twice. It would tell what is left out: superseded claim."}', 'nch: and what is not, where the patient is mapped by hand');

SET LOCAL enable_seqscan = off;
SELECT matches(plan_of($$SELECT line FROM carrier_lines WHERE patient = 3$$), 'Index Cond: \(bene_id = 3\)', 'carrier: a filter on the patient reaches the index of the claims');

SELECT * FROM finish();

ROLLBACK;

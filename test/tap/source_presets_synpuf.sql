-- The preset synpuf, as source_presets.sql has the others: thirteen lines in a row.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_presets.sql

SELECT * FROM no_plan();

CREATE TABLE carrier_claims (
    desynpuf_id text, clm_id text, clm_from_dt date, clm_thru_dt date, icd9_dgns_cd_1 text, icd9_dgns_cd_2 text, icd9_dgns_cd_3 text, icd9_dgns_cd_4 text, icd9_dgns_cd_5 text, icd9_dgns_cd_6
    text, icd9_dgns_cd_7 text, icd9_dgns_cd_8 text, prf_physn_npi_1 text, prf_physn_npi_2 text, prf_physn_npi_3 text, prf_physn_npi_4 text, prf_physn_npi_5 text, prf_physn_npi_6 text,
    prf_physn_npi_7 text, prf_physn_npi_8 text, prf_physn_npi_9 text, prf_physn_npi_10 text, prf_physn_npi_11 text, prf_physn_npi_12 text, prf_physn_npi_13 text, tax_num_1 text, tax_num_2
    text, tax_num_3 text, tax_num_4 text, tax_num_5 text, tax_num_6 text, tax_num_7 text, tax_num_8 text, tax_num_9 text, tax_num_10 text, tax_num_11 text, tax_num_12 text, tax_num_13 text,
    hcpcs_cd_1 text, hcpcs_cd_2 text, hcpcs_cd_3 text, hcpcs_cd_4 text, hcpcs_cd_5 text, hcpcs_cd_6 text, hcpcs_cd_7 text, hcpcs_cd_8 text, hcpcs_cd_9 text, hcpcs_cd_10 text, hcpcs_cd_11
    text, hcpcs_cd_12 text, hcpcs_cd_13 text, line_nch_pmt_amt_1 numeric, line_nch_pmt_amt_2 numeric, line_nch_pmt_amt_3 numeric, line_nch_pmt_amt_4 numeric, line_nch_pmt_amt_5 numeric,
    line_nch_pmt_amt_6 numeric, line_nch_pmt_amt_7 numeric, line_nch_pmt_amt_8 numeric, line_nch_pmt_amt_9 numeric, line_nch_pmt_amt_10 numeric, line_nch_pmt_amt_11 numeric,
    line_nch_pmt_amt_12 numeric, line_nch_pmt_amt_13 numeric, line_bene_ptb_ddctbl_amt_1 numeric, line_bene_ptb_ddctbl_amt_2 numeric, line_bene_ptb_ddctbl_amt_3 numeric,
    line_bene_ptb_ddctbl_amt_4 numeric, line_bene_ptb_ddctbl_amt_5 numeric, line_bene_ptb_ddctbl_amt_6 numeric, line_bene_ptb_ddctbl_amt_7 numeric, line_bene_ptb_ddctbl_amt_8 numeric,
    line_bene_ptb_ddctbl_amt_9 numeric, line_bene_ptb_ddctbl_amt_10 numeric, line_bene_ptb_ddctbl_amt_11 numeric, line_bene_ptb_ddctbl_amt_12 numeric, line_bene_ptb_ddctbl_amt_13 numeric,
    line_bene_prmry_pyr_pd_amt_1 numeric, line_bene_prmry_pyr_pd_amt_2 numeric, line_bene_prmry_pyr_pd_amt_3 numeric, line_bene_prmry_pyr_pd_amt_4 numeric, line_bene_prmry_pyr_pd_amt_5
    numeric, line_bene_prmry_pyr_pd_amt_6 numeric, line_bene_prmry_pyr_pd_amt_7 numeric, line_bene_prmry_pyr_pd_amt_8 numeric, line_bene_prmry_pyr_pd_amt_9 numeric,
    line_bene_prmry_pyr_pd_amt_10 numeric, line_bene_prmry_pyr_pd_amt_11 numeric, line_bene_prmry_pyr_pd_amt_12 numeric, line_bene_prmry_pyr_pd_amt_13 numeric, line_coinsrnc_amt_1 numeric,
    line_coinsrnc_amt_2 numeric, line_coinsrnc_amt_3 numeric, line_coinsrnc_amt_4 numeric, line_coinsrnc_amt_5 numeric, line_coinsrnc_amt_6 numeric, line_coinsrnc_amt_7 numeric,
    line_coinsrnc_amt_8 numeric, line_coinsrnc_amt_9 numeric, line_coinsrnc_amt_10 numeric, line_coinsrnc_amt_11 numeric, line_coinsrnc_amt_12 numeric, line_coinsrnc_amt_13 numeric,
    line_alowd_chrg_amt_1 numeric, line_alowd_chrg_amt_2 numeric, line_alowd_chrg_amt_3 numeric, line_alowd_chrg_amt_4 numeric, line_alowd_chrg_amt_5 numeric, line_alowd_chrg_amt_6 numeric,
    line_alowd_chrg_amt_7 numeric, line_alowd_chrg_amt_8 numeric, line_alowd_chrg_amt_9 numeric, line_alowd_chrg_amt_10 numeric, line_alowd_chrg_amt_11 numeric, line_alowd_chrg_amt_12
    numeric, line_alowd_chrg_amt_13 numeric, line_prcsg_ind_cd_1 text, line_prcsg_ind_cd_2 text, line_prcsg_ind_cd_3 text, line_prcsg_ind_cd_4 text, line_prcsg_ind_cd_5 text,
    line_prcsg_ind_cd_6 text, line_prcsg_ind_cd_7 text, line_prcsg_ind_cd_8 text, line_prcsg_ind_cd_9 text, line_prcsg_ind_cd_10 text, line_prcsg_ind_cd_11 text, line_prcsg_ind_cd_12 text,
    line_prcsg_ind_cd_13 text, line_icd9_dgns_cd_1 text, line_icd9_dgns_cd_2 text, line_icd9_dgns_cd_3 text, line_icd9_dgns_cd_4 text, line_icd9_dgns_cd_5 text, line_icd9_dgns_cd_6 text,
    line_icd9_dgns_cd_7 text, line_icd9_dgns_cd_8 text, line_icd9_dgns_cd_9 text, line_icd9_dgns_cd_10 text, line_icd9_dgns_cd_11 text, line_icd9_dgns_cd_12 text, line_icd9_dgns_cd_13 text
);

CREATE TEMP TABLE rows_synpuf (n int, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text, c18 text, c19 text, c20 text, c21 text, c22 text, c23 text, c24 text, c25 text, c26 text, c27 text, c28 text, c29 text, c30 text, x_out boolean, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric) ON COMMIT DROP;
INSERT INTO rows_synpuf (n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30) VALUES
    (1, '00013D2EFD8E1', '887331', '2009-08-01', '7242', '98941', '1999000001', '97124', '1999000001', '97110', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (2, '00013D2EFD8E1', '887332', '2009-08-05', '7242', '98940', '1999000001', '97140', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (3, '00013D2EFD8E1', '887333', '2009-08-05', '7242', '97140', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (4, '00013D2EFD8E2', '887334', '2009-08-01', '7242', '97124', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (5, '00013D2EFD8E2', '887335', '2009-08-02', '7242', '97124', '1999000002', '97110', '1999000002', '97530', '1999000002', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (6, '00013D2EFD8E3', '887336', '2009-08-02', '7242', '97012', '1999000002', '98942', '1999000002', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (7, '00013D2EFD8E3', '887337', '2009-08-09', '7242', '97124', '1999000002', '98941', '1999000002', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (8, '00013D2EFD8E4', '887338', '2009-09-10', '7242', '97140', '1999000003', '97124', '1999000003', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (9, '00013D2EFD8E4', '887339', '2009-09-10', '7242', '97530', '1999000003', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (10, '00013D2EFD8E5', '8873310', '2009-09-11', '7242', 'G0283', '1999000003', '97035', '1999000003', '97035', '1999000003', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (11, '00013D2EFD8E6', '8873311', '2009-09-12', '7242', '99213', '1999000003', '98940', '1999000003', '97124', '1999000003', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (12, '00013D2EFD8E7', '8873312', '2009-10-01', '7242', '97810', '1999000004', '97124', '1999000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (13, '00013D2EFD8E8', '8873313', '2009-10-02', '7242', '98943', '1999000004', '98940', '1999000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (14, '00013D2EFD8E8', '8873314', '2009-10-02', '7242', '97124', '1999000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (15, '00013D2EFD8E9', '8873315', '2009-10-03', '7242', '97124', '1999000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (16, '00013D2EFD8E9', '8873316', '2009-10-03', '7242', '97124', '1999000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (17, '00013D2EFD8E9', '8873317', '2009-10-03', '7242', '97124', '1999000005', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (18, '00013D2EFD8E10', '8873318', '2009-10-04', '7242', '97112', '1999000005', '97116', '1999000005', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (19, '00013D2EFD8E11', '8873319', '2009-10-05', '7242', '98941', '1999000005', '97112', '1999000005', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (20, '00013D2EFD8E12', '8873320', '2009-10-06', '7242', '97124', '1999000005', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (21, 'PQ1', 'Q1', '2009-05-01', '7242', '98940', '1999000009', '97124', '1999000009', '97140', '1999000009', '97110', '1999000009', '97112', '1999000009', '97116', '1999000009', '97530', '1999000009', '97012', '1999000009', '97035', '1999000009', 'G0283', '1999000009', '99213', '1999000009', '98943', '1999000009', '97124', '1999000009', '40'),
    (22, 'PQ2', 'Q2', '2009-05-02', '7242', '97124', '1999000009', '', '', NULL, NULL, NULL, NULL, '98941', '1999000009', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (23, 'PQ3', 'Q3', '2009-05-03', '7242', '', ' 1999000009', '97124', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '1999000009', '40'),
    (24, 'PQ4', 'Q4', NULL, '7242', '97124', '1999000009', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (25, 'PQ5', 'Q5', '2009-05-05', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (26, 'PQ6', 'Q6', '2009-05-06', '7242', '9712', '1999000009', 'a0425', '1999000009', 'OTHER', '1999000009', '97124 ', '1999000009', '971', '1999000009', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (27, 'PR2', 'R7', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97012', '1999000001', '98943', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (28, 'PR3', 'R8', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97035', '1999000000', '97110', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (29, 'PR4', 'R9', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'G0283', '1999000001', '97035', '1999000001', NULL, NULL, NULL, NULL, '40'),
    (30, 'PR0', 'R10', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '99213', '1999000000', '98940', '1999000000', NULL, NULL, '40'),
    (31, 'PR1', 'R11', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '98943', '1999000001', '97116', '1999000001', '40'),
    (32, 'PR2', 'R12', '2009-06-01', '7242', '97124', '1999000000', '99213', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (33, 'PR3', 'R13', '2009-06-02', '7242', NULL, NULL, '98940', '1999000001', '97140', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (34, 'PR4', 'R14', '2009-06-03', '7242', NULL, NULL, NULL, NULL, '97124', '1999000000', '97012', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (35, 'PR0', 'R15', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, '97140', '1999000001', '97124', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (36, 'PR1', 'R16', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97110', '1999000000', '97112', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (37, 'PR2', 'R17', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97112', '1999000001', 'G0283', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (38, 'PR3', 'R18', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97116', '1999000000', '97124', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (39, 'PR4', 'R19', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97530', '1999000001', '97530', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (40, 'PR0', 'R20', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97012', '1999000000', '98943', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (41, 'PR1', 'R21', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97035', '1999000001', '97110', '1999000001', NULL, NULL, NULL, NULL, '40'),
    (42, 'PR2', 'R22', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'G0283', '1999000000', '97035', '1999000000', NULL, NULL, '40'),
    (43, 'PR3', 'R23', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '99213', '1999000001', '98940', '1999000001', '40'),
    (44, 'PR4', 'R24', '2009-06-01', '7242', '98943', '1999000000', '97116', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (45, 'PR0', 'R25', '2009-06-02', '7242', NULL, NULL, '97124', '1999000001', '99213', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (46, 'PR1', 'R26', '2009-06-03', '7242', NULL, NULL, NULL, NULL, '98940', '1999000000', '97140', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (47, 'PR2', 'R27', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, '97124', '1999000001', '97012', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (48, 'PR3', 'R28', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97140', '1999000000', '97124', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (49, 'PR4', 'R29', '2009-06-03', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97110', '1999000001', '97112', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (50, 'PR0', 'R30', '2009-06-01', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97112', '1999000000', 'G0283', '1999000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40'),
    (51, 'PR1', 'R31', '2009-06-02', '7242', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '97116', '1999000001', '97124', '1999000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '40');
UPDATE rows_synpuf SET x_out = true;
SELECT load('synpuf', 'carrier_claims', '{desynpuf_id,clm_id,clm_from_dt,icd9_dgns_cd_1,hcpcs_cd_1,prf_physn_npi_1,hcpcs_cd_2,prf_physn_npi_2,hcpcs_cd_3,prf_physn_npi_3,hcpcs_cd_4,prf_physn_npi_4,hcpcs_cd_5,prf_physn_npi_5,hcpcs_cd_6,prf_physn_npi_6,hcpcs_cd_7,prf_physn_npi_7,hcpcs_cd_8,prf_physn_npi_8,hcpcs_cd_9,prf_physn_npi_9,hcpcs_cd_10,prf_physn_npi_10,hcpcs_cd_11,prf_physn_npi_11,hcpcs_cd_12,prf_physn_npi_12,hcpcs_cd_13,prf_physn_npi_13,line_alowd_chrg_amt_1}') \g /dev/null
INSERT INTO expected VALUES
    ('synpuf', '887331', 1, '00013D2EFD8E1 1 2009-08-01', '98941 x1 2009-08-01', NULL, NULL),
    ('synpuf', '887331', 2, '00013D2EFD8E1 1 2009-08-01', '97124 x1 2009-08-01', NULL, NULL),
    ('synpuf', '887331', 3, '00013D2EFD8E1 1 2009-08-01', '97110 x1 2009-08-01', NULL, NULL),
    ('synpuf', '887332', 1, '00013D2EFD8E1 1 2009-08-05', '98940 x1 2009-08-05', NULL, NULL),
    ('synpuf', '887332', 2, '00013D2EFD8E1 1 2009-08-05', '97140 x1 2009-08-05', NULL, NULL),
    ('synpuf', '887333', 1, '00013D2EFD8E1 1 2009-08-05', '97140 x1 2009-08-05', NULL, NULL),
    ('synpuf', '887334', 1, '00013D2EFD8E2 1 2009-08-01', '97124 x1 2009-08-01', NULL, NULL),
    ('synpuf', '887335', 1, '00013D2EFD8E2 2 2009-08-02', '97124 x1 2009-08-02', NULL, NULL),
    ('synpuf', '887335', 2, '00013D2EFD8E2 2 2009-08-02', '97110 x1 2009-08-02', NULL, NULL),
    ('synpuf', '887335', 3, '00013D2EFD8E2 2 2009-08-02', '97530 x1 2009-08-02', NULL, NULL),
    ('synpuf', '887336', 1, '00013D2EFD8E3 2 2009-08-02', '97012 x1 2009-08-02', NULL, NULL),
    ('synpuf', '887336', 2, '00013D2EFD8E3 2 2009-08-02', '98942 x1 2009-08-02', NULL, NULL),
    ('synpuf', '887337', 1, '00013D2EFD8E3 2 2009-08-09', '97124 x1 2009-08-09', NULL, NULL),
    ('synpuf', '887337', 2, '00013D2EFD8E3 2 2009-08-09', '98941 x1 2009-08-09', NULL, NULL),
    ('synpuf', '887338', 1, '00013D2EFD8E4 3 2009-09-10', '97140 x1 2009-09-10', NULL, NULL),
    ('synpuf', '887338', 2, '00013D2EFD8E4 3 2009-09-10', '97124 x1 2009-09-10', NULL, NULL),
    ('synpuf', '887339', 1, '00013D2EFD8E4 3 2009-09-10', '97530 x1 2009-09-10', NULL, NULL),
    ('synpuf', '8873310', 1, '00013D2EFD8E5 3 2009-09-11', 'G0283 x1 2009-09-11', NULL, NULL),
    ('synpuf', '8873310', 2, '00013D2EFD8E5 3 2009-09-11', '97035 x1 2009-09-11', NULL, NULL),
    ('synpuf', '8873310', 3, '00013D2EFD8E5 3 2009-09-11', '97035 x1 2009-09-11', NULL, NULL),
    ('synpuf', '8873311', 1, '00013D2EFD8E6 3 2009-09-12', '99213 x1 2009-09-12', NULL, NULL),
    ('synpuf', '8873311', 2, '00013D2EFD8E6 3 2009-09-12', '98940 x1 2009-09-12', NULL, NULL),
    ('synpuf', '8873311', 3, '00013D2EFD8E6 3 2009-09-12', '97124 x1 2009-09-12', NULL, NULL),
    ('synpuf', '8873312', 1, '00013D2EFD8E7 4 2009-10-01', '97810 x1 2009-10-01', NULL, NULL),
    ('synpuf', '8873312', 2, '00013D2EFD8E7 4 2009-10-01', '97124 x1 2009-10-01', NULL, NULL),
    ('synpuf', '8873313', 1, '00013D2EFD8E8 4 2009-10-02', '98943 x1 2009-10-02', NULL, NULL),
    ('synpuf', '8873313', 2, '00013D2EFD8E8 4 2009-10-02', '98940 x1 2009-10-02', NULL, NULL),
    ('synpuf', '8873314', 1, '00013D2EFD8E8 4 2009-10-02', '97124 x1 2009-10-02', NULL, NULL),
    ('synpuf', '8873315', 1, '00013D2EFD8E9 4 2009-10-03', '97124 x1 2009-10-03', NULL, NULL),
    ('synpuf', '8873316', 1, '00013D2EFD8E9 4 2009-10-03', '97124 x1 2009-10-03', NULL, NULL),
    ('synpuf', '8873317', 1, '00013D2EFD8E9 5 2009-10-03', '97124 x1 2009-10-03', NULL, NULL),
    ('synpuf', '8873318', 1, '00013D2EFD8E10 5 2009-10-04', '97112 x1 2009-10-04', NULL, NULL),
    ('synpuf', '8873318', 2, '00013D2EFD8E10 5 2009-10-04', '97116 x1 2009-10-04', NULL, NULL),
    ('synpuf', '8873319', 1, '00013D2EFD8E11 5 2009-10-05', '98941 x1 2009-10-05', NULL, NULL),
    ('synpuf', '8873319', 2, '00013D2EFD8E11 5 2009-10-05', '97112 x1 2009-10-05', NULL, NULL),
    ('synpuf', '8873320', 1, '00013D2EFD8E12 5 2009-10-06', '97124 x1 2009-10-06', NULL, NULL),
    ('synpuf', 'Q1', 1, 'PQ1 9 2009-05-01', '98940 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 2, 'PQ1 9 2009-05-01', '97124 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 3, 'PQ1 9 2009-05-01', '97140 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 4, 'PQ1 9 2009-05-01', '97110 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 5, 'PQ1 9 2009-05-01', '97112 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 6, 'PQ1 9 2009-05-01', '97116 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 7, 'PQ1 9 2009-05-01', '97530 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 8, 'PQ1 9 2009-05-01', '97012 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 9, 'PQ1 9 2009-05-01', '97035 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 10, 'PQ1 9 2009-05-01', 'G0283 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 11, 'PQ1 9 2009-05-01', '99213 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 12, 'PQ1 9 2009-05-01', '98943 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q1', 13, 'PQ1 9 2009-05-01', '97124 x1 2009-05-01', NULL, NULL),
    ('synpuf', 'Q2', 1, 'PQ2 9 2009-05-02', '97124 x1 2009-05-02', NULL, NULL),
    ('synpuf', 'Q2', 5, 'PQ2 9 2009-05-02', '98941 x1 2009-05-02', NULL, NULL),
    ('synpuf', 'Q3', 2, 'PQ3 - 2009-05-03', '97124 x1 2009-05-03', NULL, NULL),
    ('synpuf', 'Q4', 1, 'PQ4 9 None', '97124 x1', NULL, NULL),
    ('synpuf', 'Q6', 1, 'PQ6 9 2009-05-06', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL),
    ('synpuf', 'Q6', 2, 'PQ6 9 2009-05-06', 'A0425 x1 2009-05-06', NULL, NULL),
    ('synpuf', 'Q6', 3, 'PQ6 9 2009-05-06', 'OTHER x1 2009-05-06', NULL, NULL),
    ('synpuf', 'Q6', 4, 'PQ6 9 2009-05-06', '97124 x1 2009-05-06', NULL, NULL),
    ('synpuf', 'Q6', 5, 'PQ6 9 2009-05-06', NULL, 'Code "971" must be 5 characters of 0-9 and A-Z.', NULL),
    ('synpuf', 'R7', 8, 'PR2 1 2009-06-02', '97012 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R7', 9, 'PR2 1 2009-06-02', '98943 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R8', 9, 'PR3 0 2009-06-03', '97035 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R8', 10, 'PR3 0 2009-06-03', '97110 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R9', 10, 'PR4 1 2009-06-01', 'G0283 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R9', 11, 'PR4 1 2009-06-01', '97035 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R10', 11, 'PR0 0 2009-06-02', '99213 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R10', 12, 'PR0 0 2009-06-02', '98940 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R11', 12, 'PR1 1 2009-06-03', '98943 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R11', 13, 'PR1 1 2009-06-03', '97116 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R12', 1, 'PR2 0 2009-06-01', '97124 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R12', 2, 'PR2 0 2009-06-01', '99213 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R13', 2, 'PR3 1 2009-06-02', '98940 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R13', 3, 'PR3 1 2009-06-02', '97140 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R14', 3, 'PR4 0 2009-06-03', '97124 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R14', 4, 'PR4 0 2009-06-03', '97012 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R15', 4, 'PR0 1 2009-06-01', '97140 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R15', 5, 'PR0 1 2009-06-01', '97124 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R16', 5, 'PR1 0 2009-06-02', '97110 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R16', 6, 'PR1 0 2009-06-02', '97112 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R17', 6, 'PR2 1 2009-06-03', '97112 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R17', 7, 'PR2 1 2009-06-03', 'G0283 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R18', 7, 'PR3 0 2009-06-01', '97116 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R18', 8, 'PR3 0 2009-06-01', '97124 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R19', 8, 'PR4 1 2009-06-02', '97530 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R19', 9, 'PR4 1 2009-06-02', '97530 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R20', 9, 'PR0 0 2009-06-03', '97012 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R20', 10, 'PR0 0 2009-06-03', '98943 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R21', 10, 'PR1 1 2009-06-01', '97035 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R21', 11, 'PR1 1 2009-06-01', '97110 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R22', 11, 'PR2 0 2009-06-02', 'G0283 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R22', 12, 'PR2 0 2009-06-02', '97035 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R23', 12, 'PR3 1 2009-06-03', '99213 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R23', 13, 'PR3 1 2009-06-03', '98940 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R24', 1, 'PR4 0 2009-06-01', '98943 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R24', 2, 'PR4 0 2009-06-01', '97116 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R25', 2, 'PR0 1 2009-06-02', '97124 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R25', 3, 'PR0 1 2009-06-02', '99213 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R26', 3, 'PR1 0 2009-06-03', '98940 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R26', 4, 'PR1 0 2009-06-03', '97140 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R27', 4, 'PR2 1 2009-06-01', '97124 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R27', 5, 'PR2 1 2009-06-01', '97012 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R28', 5, 'PR3 0 2009-06-02', '97140 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R28', 6, 'PR3 0 2009-06-02', '97124 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R29', 6, 'PR4 1 2009-06-03', '97110 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R29', 7, 'PR4 1 2009-06-03', '97112 x1 2009-06-03', NULL, NULL),
    ('synpuf', 'R30', 7, 'PR0 0 2009-06-01', '97112 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R30', 8, 'PR0 0 2009-06-01', 'G0283 x1 2009-06-01', NULL, NULL),
    ('synpuf', 'R31', 8, 'PR1 1 2009-06-02', '97116 x1 2009-06-02', NULL, NULL),
    ('synpuf', 'R31', 9, 'PR1 1 2009-06-02', '97124 x1 2009-06-02', NULL, NULL);
SELECT claim_source_add('synpuf', 'carrier_claims', 'synpuf') \g /dev/null
SELECT ok((SELECT count(*) FROM carrier_claims) >= 50, 'synpuf: rows enough');
-- years before any edition: what would be denied is to be reviewed
SELECT check_source('synpuf', 50, 'review');
INSERT INTO carrier_claims (desynpuf_id, clm_id, clm_from_dt, hcpcs_cd_1, prf_physn_npi_1, hcpcs_cd_2, prf_physn_npi_2, hcpcs_cd_3, hcpcs_cd_4, hcpcs_cd_5, prf_physn_npi_6)
    VALUES ('PK', 'K1', '2009-05-07', '0120', '9', '00093721401', '9', 'd0120', '97124', '9712', '9');
SELECT is(left_out('synpuf'), format('1 dental (CDT); 1 drug (NDC in place of a procedure code); %s empty slot of a row; 3 no procedure code; 1 revenue code in place of a procedure code',
    (SELECT count(*) FROM carrier_claims) * 13 - (SELECT count(*) FROM synpuf_lines) - 6), 'synpuf: what is left out');
SELECT is((SELECT sum("rows") FROM claim_source_quality('synpuf')), (SELECT count(*) FROM carrier_claims) * 13::numeric, 'synpuf: each slot is counted once');
SELECT is((SELECT mapped ->> 'code' FROM claim_sources WHERE name = 'synpuf'), 'hcpcs_cd_#', 'synpuf: thirteen columns are one field');
SELECT ok((SELECT unmapped @> '{"No modifiers are mapped: pairs that a modifier may open are denied, if none stands behind the code.","No units are mapped: each line has 1.","Diagnoses are ICD-9-CM and are left out: regions and necessity cannot be decided."}'
    FROM claim_sources WHERE name = 'synpuf'), 'synpuf: what it says');
CREATE INDEX carrier_claims_patient ON carrier_claims (claim_read_key(desynpuf_id)); CREATE INDEX carrier_claims_date ON carrier_claims (clm_from_dt);
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of($$SELECT line FROM synpuf_lines WHERE patient = 'PQ1'$$), 'Index Cond: \(claim_read_key\(.*desynpuf_id.*\) = ''PQ1''', 'synpuf: a filter on the patient reaches the index');
SELECT matches(plan_of($$SELECT line FROM synpuf_lines WHERE dos = '2009-05-01'$$), 'Index Cond: \(clm_from_dt = ''2009-05-01''', 'synpuf: so does one on the date');
SET LOCAL enable_seqscan = on;
SELECT ok(claim_source_select('synpuf') LIKE '%FROM layouts.carrier_claims AS t CROSS JOIN LATERAL (VALUES (1, t.hcpcs_cd_1, t.prf_physn_npi_1)%', 'synpuf: rows become lines beside them');

SELECT * FROM finish();

ROLLBACK;

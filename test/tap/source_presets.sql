-- The presets of sources: for each layout a table made of its columns, with rows that have its ways of writing and of saying
-- "missing", the line or the error of each row written out by hand, and the findings of its days against those of the lines by hand.
-- source_presets_bfd.sql and source_presets_synpuf.sql have the widest layouts.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_presets.sql

SELECT * FROM no_plan();

-- ------------------------------------------------------------------- tuva

CREATE TABLE tuva_input (
    claim_id varchar(255), claim_line_number int, claim_type varchar(255), person_id varchar(255), member_id varchar(255), payer varchar(255), plan varchar(255), claim_start_date date,
    claim_end_date date, claim_line_start_date date, claim_line_end_date date, admission_date date, discharge_date date, admit_source_code varchar(255), admit_type_code varchar(255),
    discharge_disposition_code varchar(255), place_of_service_code varchar(255), bill_type_code varchar(255), drg_code_type varchar(255), drg_code varchar(255), revenue_center_code
    varchar(255), service_unit_quantity numeric, hcpcs_code varchar(255), hcpcs_modifier_1 varchar(255), hcpcs_modifier_2 varchar(255), hcpcs_modifier_3 varchar(255), hcpcs_modifier_4
    varchar(255), hcpcs_modifier_5 varchar(255), rendering_npi varchar(255), rendering_tin varchar(255), billing_npi varchar(255), billing_tin varchar(255), facility_npi varchar(255),
    paid_date date, paid_amount numeric, allowed_amount numeric, charge_amount numeric, coinsurance_amount numeric, copayment_amount numeric, deductible_amount numeric, total_cost_amount
    numeric, diagnosis_code_type varchar(255), diagnosis_code_1 varchar(255), diagnosis_code_2 varchar(255), diagnosis_code_3 varchar(255), diagnosis_code_4 varchar(255), diagnosis_code_5
    varchar(255), diagnosis_code_6 varchar(255), diagnosis_code_7 varchar(255), diagnosis_code_8 varchar(255), diagnosis_code_9 varchar(255), diagnosis_code_10 varchar(255),
    diagnosis_code_11 varchar(255), diagnosis_code_12 varchar(255), diagnosis_code_13 varchar(255), diagnosis_code_14 varchar(255), diagnosis_code_15 varchar(255), diagnosis_code_16
    varchar(255), diagnosis_code_17 varchar(255), diagnosis_code_18 varchar(255), diagnosis_code_19 varchar(255), diagnosis_code_20 varchar(255), diagnosis_code_21 varchar(255),
    diagnosis_code_22 varchar(255), diagnosis_code_23 varchar(255), diagnosis_code_24 varchar(255), diagnosis_code_25 varchar(255), diagnosis_poa_1 varchar(255), diagnosis_poa_2
    varchar(255), diagnosis_poa_3 varchar(255), diagnosis_poa_4 varchar(255), diagnosis_poa_5 varchar(255), diagnosis_poa_6 varchar(255), diagnosis_poa_7 varchar(255), diagnosis_poa_8
    varchar(255), diagnosis_poa_9 varchar(255), diagnosis_poa_10 varchar(255), diagnosis_poa_11 varchar(255), diagnosis_poa_12 varchar(255), diagnosis_poa_13 varchar(255), diagnosis_poa_14
    varchar(255), diagnosis_poa_15 varchar(255), diagnosis_poa_16 varchar(255), diagnosis_poa_17 varchar(255), diagnosis_poa_18 varchar(255), diagnosis_poa_19 varchar(255), diagnosis_poa_20
    varchar(255), diagnosis_poa_21 varchar(255), diagnosis_poa_22 varchar(255), diagnosis_poa_23 varchar(255), diagnosis_poa_24 varchar(255), diagnosis_poa_25 varchar(255),
    procedure_code_type varchar(255), procedure_code_1 varchar(255), procedure_code_2 varchar(255), procedure_code_3 varchar(255), procedure_code_4 varchar(255), procedure_code_5
    varchar(255), procedure_code_6 varchar(255), procedure_code_7 varchar(255), procedure_code_8 varchar(255), procedure_code_9 varchar(255), procedure_code_10 varchar(255),
    procedure_code_11 varchar(255), procedure_code_12 varchar(255), procedure_code_13 varchar(255), procedure_code_14 varchar(255), procedure_code_15 varchar(255), procedure_code_16
    varchar(255), procedure_code_17 varchar(255), procedure_code_18 varchar(255), procedure_code_19 varchar(255), procedure_code_20 varchar(255), procedure_code_21 varchar(255),
    procedure_code_22 varchar(255), procedure_code_23 varchar(255), procedure_code_24 varchar(255), procedure_code_25 varchar(255), procedure_date_1 date, procedure_date_2 date,
    procedure_date_3 date, procedure_date_4 date, procedure_date_5 date, procedure_date_6 date, procedure_date_7 date, procedure_date_8 date, procedure_date_9 date, procedure_date_10 date,
    procedure_date_11 date, procedure_date_12 date, procedure_date_13 date, procedure_date_14 date, procedure_date_15 date, procedure_date_16 date, procedure_date_17 date, procedure_date_18
    date, procedure_date_19 date, procedure_date_20 date, procedure_date_21 date, procedure_date_22 date, procedure_date_23 date, procedure_date_24 date, procedure_date_25 date,
    in_network_flag varchar(255), data_source varchar(255), file_name varchar(255), file_date date, ingest_datetime date
);

CREATE TEMP TABLE rows_tuva (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text, c18 text, c19 text, c20 text, c21 text, c22 text, c23 text, c24 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then claim_id, claim_line_number, person_id, member_id, rendering_npi, billing_npi, claim_line_start_date, claim_start_date, claim_type, hcpcs_code, hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4, hcpcs_modifier_5, service_unit_quantity, charge_amount, diagnosis_code_type, diagnosis_code_1, diagnosis_code_2, diagnosis_code_3, diagnosis_code_4, diagnosis_code_5, diagnosis_code_12, diagnosis_code_13
INSERT INTO rows_tuva VALUES
    (1, 'C1', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03', NULL, 60, false,  'C1', '1', 'P1', 'M1', '1999000001', 'B1', '2024-08-01', '2024-08-01', 'professional', '98941', 'AT', NULL, NULL, NULL, NULL, '1.000', '60', 'icd-10-cm', 'M9901', 'M9902', 'M9903', NULL, NULL, NULL, NULL),
    (2, 'C1', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01 dx=M99.01', NULL, 40, false,  'C1', '2', 'P1', 'M1', '1999000001', 'B1', '2024-08-01', '2024-08-01', 'professional', '97124', NULL, NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M9901', NULL, NULL, NULL, NULL, NULL, NULL),
    (3, 'C1', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01 dx=M54.5', NULL, 70, false,  'C1', '3', 'P1', 'M1', '1999000001', 'B1', '2024-08-01', '2024-08-01', 'professional', '97110', 'GP', NULL, NULL, NULL, NULL, '2.000', '70', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (4, 'C2', 1, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05 dx=M99.01', NULL, 45, false,  'C2', '1', 'P1', 'M1', '1999000001', 'B1', '2024-08-05', '2024-08-05', 'professional', '98940', 'AT', NULL, NULL, NULL, NULL, '1.000', '45', 'icd-10-cm', 'M9901', NULL, NULL, NULL, NULL, NULL, NULL),
    (5, 'C2', 2, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03', NULL, 50, false,  'C2', '2', 'P1', 'M1', '1999000001', 'B1', '2024-08-05', '2024-08-05', 'professional', '97140', '59', NULL, NULL, NULL, NULL, '1.000', '50', 'icd-10-cm', 'M9903', NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 'C3', 1, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03', NULL, 50, false,  'C3', '1', 'P1', 'M1', '1999000001', 'B1', '2024-08-05', '2024-08-05', 'professional', '97140', '59', NULL, NULL, NULL, NULL, '1.000', '50', 'icd-10-cm', 'M9903', NULL, NULL, NULL, NULL, NULL, NULL),
    (7, 'C4', 1, 'P2 1 2024-08-01', '97124 x9 2024-08-01 dx=M54.2', NULL, 360, false,  'C4', '1', 'P2', 'M1', '1999000001', 'B1', '2024-08-01', '2024-08-01', 'professional', '97124', NULL, NULL, NULL, NULL, NULL, '9.000', '360', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (8, 'C5', 1, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02 dx=M54.2', NULL, 80, false,  'C5', '1', 'P2', 'M1', '1999000002', 'B1', '2024-08-02', '2024-08-02', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '2.000', '80', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (9, 'C5', 2, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02 dx=M54.2', NULL, 80, false,  'C5', '2', 'P2', 'M1', '1999000002', 'B1', '2024-08-02', '2024-08-02', 'professional', '97110', 'GP', NULL, NULL, NULL, NULL, '2.000', '80', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (10, 'C5', 3, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02 dx=M54.2', NULL, 50, false,  'C5', '3', 'P2', 'M1', '1999000002', 'B1', '2024-08-02', '2024-08-02', 'professional', '97530', 'GP', '59', NULL, NULL, NULL, '1.000', '50', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (11, 'C6', 1, 'P3 2 2024-08-02', '97012 x1 2024-08-02 dx=M54.16', NULL, 25, false,  'C6', '1', 'P3', 'M1', '1999000002', 'B1', '2024-08-02', '2024-08-02', 'professional', '97012', NULL, NULL, NULL, NULL, NULL, '1.000', '25', 'icd-10-cm', 'M5416', NULL, NULL, NULL, NULL, NULL, NULL),
    (12, 'C6', 2, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02 dx=M99.01,M99.02,M99.03,M99.04,M99.05', NULL, 75, false,  'C6', '2', 'P3', 'M1', '1999000002', 'B1', '2024-08-02', '2024-08-02', 'professional', '98942', 'AT', NULL, NULL, NULL, NULL, '1.000', '75', 'icd-10-cm', 'M9901', 'M9902', 'M9903', 'M9904', 'M9905', NULL, NULL),
    (13, 'C7', 1, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09 dx=M54.2', NULL, 40, false,  'C7', '1', 'P3', 'M1', '1999000002', 'B1', '2024-08-09', '2024-08-09', 'professional', '97124', 'XS', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (14, 'C7', 2, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09 dx=M99.03,M99.04,M99.05', NULL, 60, false,  'C7', '2', 'P3', 'M1', '1999000002', 'B1', '2024-08-09', '2024-08-09', 'professional', '98941', 'AT', NULL, NULL, NULL, NULL, '1.000', '60', 'icd-10-cm', 'M9903', 'M9904', 'M9905', NULL, NULL, NULL, NULL),
    (15, 'C8', 1, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10 dx=M25.511', NULL, 50, false,  'C8', '1', 'P4', 'M1', '1999000003', 'B1', '2024-09-10', '2024-09-10', 'professional', '97140', 'GP', NULL, NULL, NULL, NULL, '1.000', '50', 'icd-10-cm', 'M25511', NULL, NULL, NULL, NULL, NULL, NULL),
    (16, 'C8', 2, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10 dx=M25.511', NULL, 40, false,  'C8', '2', 'P4', 'M1', '1999000003', 'B1', '2024-09-10', '2024-09-10', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M25511', NULL, NULL, NULL, NULL, NULL, NULL),
    (17, 'C9', 1, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10 dx=M25.511', NULL, 55, false,  'C9', '1', 'P4', 'M1', '1999000003', 'B1', '2024-09-10', '2024-09-10', 'professional', '97530', 'GP', NULL, NULL, NULL, NULL, '1.000', '55', 'icd-10-cm', 'M25511', NULL, NULL, NULL, NULL, NULL, NULL),
    (18, 'C10', 1, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11 dx=M54.5', NULL, 20, false,  'C10', '1', 'P5', 'M1', '1999000003', 'B1', '2024-09-11', '2024-09-11', 'professional', 'G0283', 'GP', NULL, NULL, NULL, NULL, '1.000', '20', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (19, 'C10', 2, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5', NULL, 20, false,  'C10', '2', 'P5', 'M1', '1999000003', 'B1', '2024-09-11', '2024-09-11', 'professional', '97035', 'GP', NULL, NULL, NULL, NULL, '1.000', '20', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (20, 'C10', 3, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5', NULL, 20, false,  'C10', '3', 'P5', 'M1', '1999000003', 'B1', '2024-09-11', '2024-09-11', 'professional', '97035', 'GP', NULL, NULL, NULL, NULL, '1.000', '20', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (21, 'C11', 1, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12 dx=M54.2', NULL, 110, false,  'C11', '1', 'P6', 'M1', '1999000003', 'B1', '2024-09-12', '2024-09-12', 'professional', '99213', '25', NULL, NULL, NULL, NULL, '1.000', '110', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (22, 'C11', 2, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12 dx=M99.01', NULL, 45, false,  'C11', '2', 'P6', 'M1', '1999000003', 'B1', '2024-09-12', '2024-09-12', 'professional', '98940', 'AT', NULL, NULL, NULL, NULL, '1.000', '45', 'icd-10-cm', 'M9901', NULL, NULL, NULL, NULL, NULL, NULL),
    (23, 'C11', 3, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12 dx=M54.5', NULL, 40, false,  'C11', '3', 'P6', 'M1', '1999000003', 'B1', '2024-09-12', '2024-09-12', 'professional', '97124', '59', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (24, 'C12', 1, 'P7 4 2024-10-01', '97810 x1 2024-10-01 dx=M54.2', NULL, 65, false,  'C12', '1', 'P7', 'M1', '1999000004', 'B1', '2024-10-01', '2024-10-01', 'professional', '97810', NULL, NULL, NULL, NULL, NULL, '1.000', '65', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (25, 'C12', 2, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01 dx=M54.2', NULL, 40, false,  'C12', '2', 'P7', 'M1', '1999000004', 'B1', '2024-10-01', '2024-10-01', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (26, 'C13', 1, 'P8 4 2024-10-02', '98943 x1 2024-10-02 dx=M25.511', NULL, 40, false,  'C13', '1', 'P8', 'M1', '1999000004', 'B1', '2024-10-02', '2024-10-02', 'professional', '98943', NULL, NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M25511', NULL, NULL, NULL, NULL, NULL, NULL),
    (27, 'C13', 2, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02 dx=M99.01', NULL, 45, false,  'C13', '2', 'P8', 'M1', '1999000004', 'B1', '2024-10-02', '2024-10-02', 'professional', '98940', 'AT', NULL, NULL, NULL, NULL, '1.000', '45', 'icd-10-cm', 'M9901', NULL, NULL, NULL, NULL, NULL, NULL),
    (28, 'C14', 1, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02 dx=M54.5', NULL, 40, false,  'C14', '1', 'P8', 'M1', '1999000004', 'B1', '2024-10-02', '2024-10-02', 'professional', '97124', '76', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (29, 'C15', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2', NULL, 40, false,  'C15', '1', 'P9', 'M1', '1999000004', 'B1', '2024-10-03', '2024-10-03', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (30, 'C16', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2', NULL, 40, false,  'C16', '1', 'P9', 'M1', '1999000004', 'B1', '2024-10-03', '2024-10-03', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (31, 'C17', 1, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2', NULL, 40, false,  'C17', '1', 'P9', 'M1', '1999000005', 'B1', '2024-10-03', '2024-10-03', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (32, 'C18', 1, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04 dx=M54.5', NULL, 120, false,  'C18', '1', 'P10', 'M1', '1999000005', 'B1', '2024-10-04', '2024-10-04', 'professional', '97112', 'GP', NULL, NULL, NULL, NULL, '3.000', '120', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (33, 'C18', 2, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04 dx=M54.5', NULL, 40, false,  'C18', '2', 'P10', 'M1', '1999000005', 'B1', '2024-10-04', '2024-10-04', 'professional', '97116', 'GP', NULL, NULL, NULL, NULL, '1.000', '40', 'icd-10-cm', 'M545', NULL, NULL, NULL, NULL, NULL, NULL),
    (34, 'C19', 1, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05 dx=M99.01,M99.02,M99.03', NULL, 60, false,  'C19', '1', 'P11', 'M1', '1999000005', 'B1', '2024-10-05', '2024-10-05', 'professional', '98941', 'AT', NULL, NULL, NULL, NULL, '1.000', '60', 'icd-10-cm', 'M9901', 'M9902', 'M9903', NULL, NULL, NULL, NULL),
    (35, 'C19', 2, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05 dx=M99.01', NULL, 45, false,  'C19', '2', 'P11', 'M1', '1999000005', 'B1', '2024-10-05', '2024-10-05', 'professional', '97112', '59', NULL, NULL, NULL, NULL, '1.000', '45', 'icd-10-cm', 'M9901', NULL, NULL, NULL, NULL, NULL, NULL),
    (36, 'C20', 1, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06 dx=S13.4XXA', NULL, 80, false,  'C20', '1', 'P12', 'M1', '1999000005', 'B1', '2024-10-06', '2024-10-06', 'professional', '97124', 'GP', '59', NULL, NULL, NULL, '2.000', '80', 'icd-10-cm', 'S134XXA', NULL, NULL, NULL, NULL, NULL, NULL),
    (37, 'Q1', 1, 'PQ 9 2024-11-01', '97124-GP x2.5 2024-11-01 dx=M54.2,M99.01', NULL, NULL, false,  'Q1', '1', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97124', 'gp', ' ', '', NULL, NULL, '2.500', NULL, 'icd-10-cm', 'm54.2', '', 'M9901 ', NULL, NULL, NULL, NULL),
    (38, 'Q1', 2, 'PQ 9 2024-11-01', NULL, 'Code must not be null.', 100, true,  'Q1', '2', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'institutional', NULL, NULL, NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (138, 'Q1', 2, 'PQ 9 2024-11-01', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 100, false,  'Q1', '2', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '9712', NULL, NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (39, 'Q1', 3, 'PQ 9 2024-11-01', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', 100, false,  'Q1', '3', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '9712', NULL, NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (40, 'Q1', 4, 'PQ 9 2024-11-01', NULL, 'Units must not be null.', 100, false,  'Q1', '4', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97124', NULL, NULL, NULL, NULL, NULL, NULL, '100', 'icd-10-cm', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (41, 'Q1', 5, 'PQ 9 2024-11-01', '97124-59-GP x0 2024-11-01 dx=M54.2', NULL, 100, false,  'Q1', '5', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97124', '', '59', NULL, 'GP', NULL, '0', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (42, 'Q1', 6, 'PQ 9 2024-11-01', '97110 x1 2024-11-01 dx=M54.2 reversal', NULL, -100, false,  'Q1', '6', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97110', NULL, NULL, NULL, NULL, NULL, '-1', '-100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (43, 'Q1', 7, 'PQ 9 2024-11-01', '97110 x1 2024-11-01', NULL, 100, false,  'Q1', '7', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97110', NULL, NULL, NULL, NULL, NULL, '1', '100', 'icd-9-cm', '7242', '72410', NULL, NULL, NULL, NULL, NULL),
    (44, 'Q1', 8, 'PQ 9 2024-11-01', '97110 x1 2024-11-01 unread=dx', 'Diagnosis "7242" must be an ICD-10-CM code of 3 to 7 characters.', 100, false,  'Q1', '8', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97110', NULL, NULL, NULL, NULL, NULL, '1', '100', NULL, '7242', NULL, NULL, NULL, NULL, NULL, NULL),
    (45, 'Q1', 9, 'PQ 9 2024-11-01', '97110 x1 2024-11-01 unread=modifiers', 'Modifier "GPX" must be 2 characters of 0-9 and A-Z.', 100, false,  'Q1', '9', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97110', 'GPX', NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (46, 'Q1', 10, 'PQ 9 2024-11-01', '97112-GP x1 2024-11-01 dx=M54.2,M54.16', NULL, 100, false,  'Q1', '10', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '97112', 'GP', NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, 'M5416', 'Z9999'),
    (47, 'Q1', 11, 'PQ 9 2024-01-01', '97112-GP x1 2024-01-01 dx=M54.2', NULL, 100, false,  'Q1', '11', 'PQ', 'M1', '1999000009', 'B1', NULL, '2024-01-01', 'professional', '97112', 'GP', NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (48, 'Q1', 12, 'PQ B1', '97112-GP x1 2024-11-01 dx=M54.2', NULL, 100, false,  'Q1', '12', 'PQ', 'M1', NULL, 'B1', '2024-11-01', '2024-11-01', 'professional', '97112', 'GP', NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (49, 'Q1', 13, 'PQ B1', '97124-GP x1 2024-11-01 dx=M54.2', NULL, 100, false,  'Q1', '13', 'PQ', 'M1', NULL, 'B1', '2024-11-01', '2024-11-01', 'professional', '97124', 'GP', NULL, NULL, NULL, NULL, '1', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL),
    (50, 'Q1', 14, 'PQ 9 2024-11-01', '0213T-GP-59-KX-CQ-XS x1 2024-11-01 dx=M54.2', NULL, 100, false,  'Q1', '14', 'PQ', 'M1', '1999000009', 'B1', '2024-11-01', '2024-11-01', 'professional', '0213T', 'GP', '59', 'KX', 'CQ', 'XS', '1', '100', 'icd-10-cm', 'M542', NULL, NULL, NULL, NULL, NULL, NULL);
SELECT load('tuva', 'tuva_input', '{claim_id,claim_line_number,person_id,member_id,rendering_npi,billing_npi,claim_line_start_date,claim_start_date,claim_type,hcpcs_code,hcpcs_modifier_1,hcpcs_modifier_2,hcpcs_modifier_3,hcpcs_modifier_4,hcpcs_modifier_5,service_unit_quantity,charge_amount,diagnosis_code_type,diagnosis_code_1,diagnosis_code_2,diagnosis_code_3,diagnosis_code_4,diagnosis_code_5,diagnosis_code_12,diagnosis_code_13}') \g /dev/null
SELECT claim_source_add('tuva', 'tuva_input', 'tuva', watermark => 'ingest_datetime') \g /dev/null
SELECT pointers('tuva', 'claim') \g /dev/null
SELECT check_source('tuva', 50);
SELECT is((SELECT unmapped FROM claim_sources WHERE name = 'tuva'), '{"No minutes are mapped: units of timed codes cannot be compared with them.","No start times are mapped: services that overlap are not seen.",
    "No specialty is mapped: who may bill what cannot be decided.","No referral is mapped: rules that want one answer unknown.","No visit number is mapped: limits of visits are not checked.",
    "Lines without a date of their own (claim_line_start_date) are of the first day of their claim.","Lines without a rendering provider are of the billing provider (billing_npi): a claim names the one who renders where it is another.",
    "Diagnoses of rows with diagnosis_code_type icd-9-cm are left out: a line has ICD-10-CM codes.","Rows without a procedure code are left out: claim_source_quality counts them and what else is no professional claim line.","Lines of institutional claims are left out: the outpatient edits judge them in a source of service type outpatient.","Diagnoses are the first twelve of the claim and not those that the line points to: which regions were treated stays unknown where a claim has several.","The frequency is the last character of bill_type_code and the claim that is meant is not named: voids are left out and of a claim_id with several frequencies the highest counts. Professional claims have none."}', 'tuva: what is not mapped');

SELECT is(left_out('tuva'), '1 institutional line, no procedure code', 'tuva: what is left out of these');
-- the core table has no diagnoses, that of the PostgreSQL port another name for the provider and numeric(18,3) units
CREATE TABLE tuva_port (
    medical_claim_id varchar NOT NULL, claim_id varchar, claim_line_number int, encounter_id varchar, encounter_type varchar, encounter_group varchar, claim_type varchar, person_id varchar,
    member_id varchar, payer varchar, plan varchar, claim_start_date date, claim_end_date date, claim_line_start_date date, claim_line_end_date date, admission_date date, discharge_date
    date, service_category_1 varchar, service_category_2 varchar, service_category_3 varchar, admit_source_code varchar, admit_source_description varchar, admit_type_code varchar,
    admit_type_description varchar, discharge_disposition_code varchar, discharge_disposition_description varchar, place_of_service_code varchar, place_of_service_description varchar,
    bill_type_code varchar, bill_type_description varchar, drg_code_type varchar, drg_code varchar, drg_description varchar, revenue_center_code varchar, revenue_center_description varchar,
    service_unit_quantity numeric(18,3), hcpcs_code varchar, hcpcs_modifier_1 varchar, hcpcs_modifier_2 varchar, hcpcs_modifier_3 varchar, hcpcs_modifier_4 varchar, hcpcs_modifier_5 varchar,
    rendering_id varchar, rendering_tin varchar, rendering_name varchar, billing_id varchar, billing_tin varchar, billing_name varchar, facility_id varchar, facility_name varchar, paid_date
    date, paid_amount numeric(18,2), allowed_amount numeric(18,2), charge_amount numeric(18,2), coinsurance_amount numeric(18,2), copayment_amount numeric(18,2), deductible_amount
    numeric(18,2), total_cost_amount numeric(18,2), in_network_flag int, enrollment_flag int, member_month_key bigint, data_source varchar, file_date date, tuva_last_run timestamp
);

INSERT INTO tuva_port (medical_claim_id, claim_id, claim_line_number, person_id, rendering_id, claim_line_start_date, hcpcs_code, hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4, hcpcs_modifier_5,
    service_unit_quantity, charge_amount) SELECT row_number() OVER (), claim_id, claim_line_number, person_id, rendering_npi, claim_line_start_date, hcpcs_code, hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3,
    hcpcs_modifier_4, hcpcs_modifier_5, service_unit_quantity, charge_amount FROM tuva_input;
CREATE VIEW tuva_core AS SELECT medical_claim_id, claim_id, claim_line_number, person_id, claim_line_start_date, service_unit_quantity, hcpcs_code, hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4,
    hcpcs_modifier_5, rendering_id AS rendering_npi, charge_amount FROM tuva_port;
INSERT INTO expected SELECT s, claim_id, line_no, day, CASE WHEN error LIKE 'Diagnosis%' THEN '97110 x1 2024-11-01' ELSE replace(regexp_replace(line, ' (dx|dxof)=[^ ]*', '', 'g'), ' 2024-01-01', '') END, CASE WHEN error NOT LIKE 'Diagnosis%' THEN replace(error, '-1,', '-1.000,') END, charge
    FROM expected, unnest('{port,core}'::text[]) s WHERE source = 'tuva';
SELECT claim_source_add('port', 'tuva_port', 'tuva'), claim_source_add('core', 'tuva_core', 'tuva') \g /dev/null
SELECT check_source(s, 50) FROM unnest('{port,core}'::text[]) s;
SELECT is((SELECT string_agg(p, ', ') FROM claim_sources, jsonb_array_elements_text(mapped -> 'provider') p WHERE name = 'port'), 'rendering_id, billing_id', 'port: the provider, and who stands for it');
SELECT ok((SELECT 'No diagnoses are mapped: regions and necessity cannot be decided.' = ANY (unmapped) FROM claim_sources WHERE name = 'core'), 'core: no diagnoses, and it says so');
CREATE VIEW tuva_billing AS SELECT claim_id, claim_line_number, member_id, claim_start_date, hcpcs_code, billing_npi FROM tuva_input;
SELECT claim_source_add('billing', 'tuva_billing', 'tuva') \g /dev/null
SELECT ok((SELECT unmapped @> '{"There is no person_id: patients are those of member_id and a person with two memberships is two patients.","Lines without a rendering provider are of the billing provider (billing_npi): a claim names the one who renders where it is another.",
    "Lines without a date of their own (claim_line_start_date) are of the first day of their claim.","No units are mapped: each line has 1."}' FROM claim_sources WHERE name = 'billing'), 'tuva: second choices are said');
SELECT claim_source_add('own', 'tuva_input', 'tuva', '{"provider": "facility_npi", "minutes": {"value": 15}, "modifiers": null, "dx": "diagnosis_code_2"}', 'allowed_amount') \g /dev/null
SELECT is((SELECT mapped - 'patient' - 'claim_id' - 'line_no' - 'dos' - 'thru' FROM claim_sources WHERE name = 'own'), '{"provider": "facility_npi", "minutes": {"value": 15}, "dx": "diagnosis_code_2", "charge": "allowed_amount", "code": "hcpcs_code",
    "units": "service_unit_quantity", "frequency": "bill_type_code"}', 'columns go before the preset, null takes a field out');

-- ------------------------------------------------------------------ cclf5

CREATE TABLE partb_physicians (
    "CUR_CLM_UNIQ_ID" varchar(255), "CLM_LINE_NUM" varchar(255), "BENE_MBI_ID" varchar(255), "BENE_HIC_NUM" varchar(255), "CLM_TYPE_CD" varchar(255), "CLM_FROM_DT" varchar(255),
    "CLM_THRU_DT" varchar(255), "RNDRG_PRVDR_TYPE_CD" varchar(255), "RNDRG_PRVDR_FIPS_ST_CD" varchar(255), "CLM_PRVDR_SPCLTY_CD" varchar(255), "CLM_FED_TYPE_SRVC_CD" varchar(255),
    "CLM_POS_CD" varchar(255), "CLM_LINE_FROM_DT" varchar(255), "CLM_LINE_THRU_DT" varchar(255), "CLM_LINE_HCPCS_CD" varchar(255), "CLM_LINE_CVRD_PD_AMT" varchar(255),
    "CLM_LINE_PRMRY_PYR_CD" varchar(255), "CLM_LINE_DGNS_CD" varchar(255), "CLM_RNDRG_PRVDR_TAX_NUM" varchar(255), "RNDRG_PRVDR_NPI_NUM" varchar(255), "CLM_CARR_PMT_DNL_CD" varchar(255),
    "CLM_PRCSG_IND_CD" varchar(255), "CLM_ADJSMT_TYPE_CD" varchar(255), "CLM_EFCTV_DT" varchar(255), "CLM_IDR_LD_DT" varchar(255), "CLM_CNTL_NUM" varchar(255), "BENE_EQTBL_BIC_HICN_NUM"
    varchar(255), "CLM_LINE_ALOWD_CHRG_AMT" varchar(255), "CLM_LINE_SRVC_UNIT_QTY" varchar(255), "HCPCS_1_MDFR_CD" varchar(255), "HCPCS_2_MDFR_CD" varchar(255), "HCPCS_3_MDFR_CD"
    varchar(255), "HCPCS_4_MDFR_CD" varchar(255), "HCPCS_5_MDFR_CD" varchar(255), "CLM_DISP_CD" varchar(255), "CLM_DGNS_1_CD" varchar(255), "CLM_DGNS_2_CD" varchar(255), "CLM_DGNS_3_CD"
    varchar(255), "CLM_DGNS_4_CD" varchar(255), "CLM_DGNS_5_CD" varchar(255), "CLM_DGNS_6_CD" varchar(255), "CLM_DGNS_7_CD" varchar(255), "CLM_DGNS_8_CD" varchar(255), "DGNS_PRCDR_ICD_IND"
    varchar(255), "CLM_DGNS_9_CD" varchar(255), "CLM_DGNS_10_CD" varchar(255), "CLM_DGNS_11_CD" varchar(255), "CLM_DGNS_12_CD" varchar(255), "HCPCS_BETOS_CD" varchar(255),
    "CLM_RNDRG_PRVDR_NPI_NUM" varchar(255), "CLM_RFRG_PRVDR_NPI_NUM" varchar(255), "CLM_CNTRCTR_NUM" varchar(255), "FILE_NAME" varchar(255), "FILE_DATE" varchar(255)
);

CREATE TEMP TABLE rows_cclf5 (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text, c18 text, c19 text, c20 text, c21 text, c22 text, c23 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then CUR_CLM_UNIQ_ID, CLM_LINE_NUM, BENE_MBI_ID, RNDRG_PRVDR_NPI_NUM, CLM_LINE_FROM_DT, CLM_LINE_HCPCS_CD, HCPCS_1_MDFR_CD, HCPCS_2_MDFR_CD, HCPCS_3_MDFR_CD, HCPCS_4_MDFR_CD, HCPCS_5_MDFR_CD, CLM_LINE_SRVC_UNIT_QTY, CLM_LINE_ALOWD_CHRG_AMT, CLM_LINE_DGNS_CD, CLM_DGNS_1_CD, CLM_DGNS_2_CD, CLM_DGNS_3_CD, CLM_DGNS_4_CD, CLM_DGNS_5_CD, CLM_DGNS_12_CD, DGNS_PRCDR_ICD_IND, CLM_PRVDR_SPCLTY_CD, CLM_RFRG_PRVDR_NPI_NUM, CLM_ADJSMT_TYPE_CD
INSERT INTO rows_cclf5 VALUES
    (1, '900001', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01 dx=M99.01,M99.03,M99.02 specialty=35', NULL, NULL, false,  '900001', '1', '1EG4TE5MK71', '1999000001', '2024-08-01', '98941', 'AT', '~', '~', '~', '~', '1.00', '60.00', 'M9901', 'M9903', 'M9902', 'M9901', '~', '~', '~', '0', '35', '~', '0'),
    (2, '900001', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01 dx=M99.01 specialty=35', NULL, NULL, false,  '900001', '2', '1EG4TE5MK71', '1999000001', '2024-08-01', '97124', '~', '~', '~', '~', '~', '1.00', '40.00', 'M9901', 'M9901', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (3, '900001', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01 dx=M54.5 specialty=35', NULL, NULL, false,  '900001', '3', '1EG4TE5MK71', '1999000001', '2024-08-01', '97110', 'GP', '~', '~', '~', '~', '2.00', '70.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (4, '900002', 1, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05 dx=M99.01 specialty=35', NULL, NULL, false,  '900002', '1', '1EG4TE5MK71', '1999000001', '20240805', '98940', 'AT', '~', '~', '~', '~', '1.00', '45.00', 'M9901', 'M9901', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (5, '900002', 2, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, NULL, false,  '900002', '2', '1EG4TE5MK71', '1999000001', '20240805', '97140', '59', '~', '~', '~', '~', '1.00', '50.00', 'M9903', 'M9903', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (6, '900003', 1, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35 referral=yes', NULL, NULL, false,  '900003', '1', '1EG4TE5MK71', '1999000001', '2024-08-05', '97140', '59', '~', '~', '~', '~', '1.00', '50.00', 'M9903', 'M9903', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (7, '900004', 1, 'P2 1 2024-08-01', '97124 x9 2024-08-01 dx=M54.2 specialty=35', NULL, NULL, false,  '900004', '1', '1EG4TE5MK72', '1999000001', '20240801', '97124', '~', '~', '~', '~', '~', '9.00', '360.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (8, '900005', 1, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '900005', '1', '1EG4TE5MK72', '1999000002', '2024-08-02', '97124', 'GP', '~', '~', '~', '~', '2.00', '80.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (9, '900005', 2, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '900005', '2', '1EG4TE5MK72', '1999000002', '2024-08-02', '97110', 'GP', '~', '~', '~', '~', '2.00', '80.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (10, '900005', 3, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '900005', '3', '1EG4TE5MK72', '1999000002', '2024-08-02', '97530', 'GP', '59', '~', '~', '~', '1.00', '50.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (11, '900006', 1, 'P3 2 2024-08-02', '97012 x1 2024-08-02 dx=M54.16 specialty=35 referral=yes', NULL, NULL, false,  '900006', '1', '1EG4TE5MK73', '1999000002', '20240802', '97012', '~', '~', '~', '~', '~', '1.00', '25.00', 'M5416', 'M5416', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (12, '900006', 2, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02 dx=M99.01,M99.05,M99.04,M99.03,M99.02 specialty=35 referral=yes', NULL, NULL, false,  '900006', '2', '1EG4TE5MK73', '1999000002', '20240802', '98942', 'AT', '~', '~', '~', '~', '1.00', '75.00', 'M9901', 'M9905', 'M9904', 'M9903', 'M9902', 'M9901', '~', '0', '35', '1888000001', '0'),
    (13, '900007', 1, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09 dx=M54.2 specialty=35', NULL, NULL, false,  '900007', '1', '1EG4TE5MK73', '1999000002', '2024-08-09', '97124', 'XS', '~', '~', '~', '~', '1.00', '40.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (14, '900007', 2, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09 dx=M99.03,M99.05,M99.04 specialty=35', NULL, NULL, false,  '900007', '2', '1EG4TE5MK73', '1999000002', '2024-08-09', '98941', 'AT', '~', '~', '~', '~', '1.00', '60.00', 'M9903', 'M9905', 'M9904', 'M9903', '~', '~', '~', '0', '35', '~', '0'),
    (15, '900008', 1, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, NULL, false,  '900008', '1', '1EG4TE5MK74', '1999000003', '20240910', '97140', 'GP', '~', '~', '~', '~', '1.00', '50.00', 'M25511', 'M25511', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (16, '900008', 2, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, NULL, false,  '900008', '2', '1EG4TE5MK74', '1999000003', '20240910', '97124', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M25511', 'M25511', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (17, '900009', 1, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10 dx=M25.511 specialty=35 referral=yes', NULL, NULL, false,  '900009', '1', '1EG4TE5MK74', '1999000003', '2024-09-10', '97530', 'GP', '~', '~', '~', '~', '1.00', '55.00', 'M25511', 'M25511', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (18, '9000010', 1, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '9000010', '1', '1EG4TE5MK75', '1999000003', '20240911', 'G0283', 'GP', '~', '~', '~', '~', '1.00', '20.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (19, '9000010', 2, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '9000010', '2', '1EG4TE5MK75', '1999000003', '20240911', '97035', 'GP', '~', '~', '~', '~', '1.00', '20.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (20, '9000010', 3, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '9000010', '3', '1EG4TE5MK75', '1999000003', '20240911', '97035', 'GP', '~', '~', '~', '~', '1.00', '20.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (21, '9000011', 1, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12 dx=M54.2 specialty=35', NULL, NULL, false,  '9000011', '1', '1EG4TE5MK76', '1999000003', '2024-09-12', '99213', '25', '~', '~', '~', '~', '1.00', '110.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (22, '9000011', 2, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12 dx=M99.01 specialty=35', NULL, NULL, false,  '9000011', '2', '1EG4TE5MK76', '1999000003', '2024-09-12', '98940', 'AT', '~', '~', '~', '~', '1.00', '45.00', 'M9901', 'M9901', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (23, '9000011', 3, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12 dx=M54.5 specialty=35', NULL, NULL, false,  '9000011', '3', '1EG4TE5MK76', '1999000003', '2024-09-12', '97124', '59', '~', '~', '~', '~', '1.00', '40.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (24, '9000012', 1, 'P7 4 2024-10-01', '97810 x1 2024-10-01 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '9000012', '1', '1EG4TE5MK77', '1999000004', '20241001', '97810', '~', '~', '~', '~', '~', '1.00', '65.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (25, '9000012', 2, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '9000012', '2', '1EG4TE5MK77', '1999000004', '20241001', '97124', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (26, '9000013', 1, 'P8 4 2024-10-02', '98943 x1 2024-10-02 dx=M25.511 specialty=35', NULL, NULL, false,  '9000013', '1', '1EG4TE5MK78', '1999000004', '2024-10-02', '98943', '~', '~', '~', '~', '~', '1.00', '40.00', 'M25511', 'M25511', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (27, '9000013', 2, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02 dx=M99.01 specialty=35', NULL, NULL, false,  '9000013', '2', '1EG4TE5MK78', '1999000004', '2024-10-02', '98940', 'AT', '~', '~', '~', '~', '1.00', '45.00', 'M9901', 'M9901', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (28, '9000014', 1, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02 dx=M54.5 specialty=35', NULL, NULL, false,  '9000014', '1', '1EG4TE5MK78', '1999000004', '20241002', '97124', '76', '~', '~', '~', '~', '1.00', '40.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (29, '9000015', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '9000015', '1', '1EG4TE5MK79', '1999000004', '2024-10-03', '97124', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (30, '9000016', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, NULL, false,  '9000016', '1', '1EG4TE5MK79', '1999000004', '20241003', '97124', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (31, '9000017', 1, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, NULL, false,  '9000017', '1', '1EG4TE5MK79', '1999000005', '2024-10-03', '97124', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M542', 'M542', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (32, '9000018', 1, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04 dx=M54.5 specialty=35 referral=yes', NULL, NULL, false,  '9000018', '1', '1EG4TE5MK710', '1999000005', '20241004', '97112', 'GP', '~', '~', '~', '~', '3.00', '120.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (33, '9000018', 2, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04 dx=M54.5 specialty=35 referral=yes', NULL, NULL, false,  '9000018', '2', '1EG4TE5MK710', '1999000005', '20241004', '97116', 'GP', '~', '~', '~', '~', '1.00', '40.00', 'M545', 'M545', '~', '~', '~', '~', '~', '0', '35', '1888000001', '0'),
    (34, '9000019', 1, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05 dx=M99.01,M99.03,M99.02 specialty=35', NULL, NULL, false,  '9000019', '1', '1EG4TE5MK711', '1999000005', '2024-10-05', '98941', 'AT', '~', '~', '~', '~', '1.00', '60.00', 'M9901', 'M9903', 'M9902', 'M9901', '~', '~', '~', '0', '35', '~', '0'),
    (35, '9000019', 2, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05 dx=M99.01 specialty=35', NULL, NULL, false,  '9000019', '2', '1EG4TE5MK711', '1999000005', '2024-10-05', '97112', '59', '~', '~', '~', '~', '1.00', '45.00', 'M9901', 'M9901', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (36, '9000020', 1, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06 dx=S13.4XXA specialty=35', NULL, NULL, false,  '9000020', '1', '1EG4TE5MK712', '1999000005', '20241006', '97124', 'GP', '59', '~', '~', '~', '2.00', '80.00', 'S134XXA', 'S134XXA', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (37, 'Q', 1, 'Q9', '97124-GP-59 x2 2024-11-01 dx=M54.2,M99.01', NULL, NULL, false,  'Q', '1', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', 'gp', '~', '59', '~', '~', '2.00', '80.00', 'M54.2', 'M542', 'm54.2', 'M9901', '~', '~', '~', '0', '~', '~', '0'),
    (38, 'Q', 2, 'Q9', NULL, 'Units must not be null.', NULL, false,  'Q', '2', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', '~', '~', '~', '~', '~', '~', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (39, 'Q', 3, 'Q9', NULL, 'Code must not be null.', NULL, true,  'Q', '3', '1EG4TE5MKQ', '1999000009', '2024-11-01', '~', '~', '~', '~', '~', '~', '1.00', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (139, 'Q', 3, 'Q9', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  'Q', '3', '1EG4TE5MKQ', '1999000009', '2024-11-01', '9712', '~', '~', '~', '~', '~', '1.00', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (40, 'Q', 4, 'Q9', NULL, 'Units are "1,000", not a number.', NULL, false,  'Q', '4', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', '~', '~', '~', '~', '~', '1,000', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (41, 'Q', 5, 'Q9', '97124 x1 2024-11-01 specialty=35', NULL, NULL, false,  'Q', '5', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', '~', '~', '~', '~', '~', ' 1.00 ', ' ', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (42, 'Q', 6, 'Q9 no date', NULL, 'Date of service is "20241345", not a date.', NULL, false,  'Q', '6', '1EG4TE5MKQ', '1999000009', '20241345', '97124', '~', '~', '~', '~', '~', '1.00', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (43, 'Q', 7, 'Q9 no date', '97124 x1 specialty=35', NULL, NULL, false,  'Q', '7', '1EG4TE5MKQ', '1999000009', '~', '97124', '~', '~', '~', '~', '~', '1.00', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (44, 'Q', 8, 'Q9', '97110-GP x1 2024-11-01 specialty=35', NULL, NULL, false,  'Q', '8', '1EG4TE5MKQ', '1999000009', '11/01/2024', '97110', 'GP', '~', '~', '~', '~', '1', '80.00', '~', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (45, 'Q', 9, 'Q9', '97110-GP x1 2024-11-01 specialty=35', NULL, NULL, false,  'Q', '9', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97110', 'GP', '~', '~', '~', '~', '1.00', '80.00', '7242', '72410', '~', '~', '~', '~', '~', '9', '35', '~', '0'),
    (46, 'Q', 10, 'Q9', '97112-GP x1 2024-11-01 dx=M54.2,M54.5,M54.16,M25.511,M99.01,M99.02,S13.4XXA specialty=35', NULL, NULL, false,  'Q', '10', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97112', 'GP', '~', '~', '~', '~', '1.00', '80.00', 'M542', 'M545', 'M5416', 'M25511', 'M9901', 'M9902', 'S134XXA', '0', '35', '~', '0'),
    (47, 'Q', 11, 'Q9', '97124-GP x1 2024-11-01 dx=M54.2 specialty=35 reversal', NULL, NULL, false,  'Q', '11', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', 'GP', '~', '~', '~', '~', '1.00', '80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '35', '~', '1'),
    (48, 'Q', 12, 'Q9', '97124-GP x1 2024-11-01 dx=M54.2 specialty=35 reversal', NULL, NULL, false,  'Q', '12', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', 'GP', '~', '~', '~', '~', '-1.00', '-80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '35', '~', '1'),
    (49, 'Q', 13, 'Q9', '97530-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  'Q', '13', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97530', 'GP', '~', '~', '~', '~', '1.00', '80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '35', '~', '2'),
    (50, 'Q', 14, 'Q unknown', '97116-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  'Q', '14', '1EG4TE5MKQ', '~', '2024-11-01', '97116', 'GP', '~', '~', '~', '~', '1.00', '80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (51, 'Q', 15, 'Q9', '97124 x1 2024-11-01 dx=M54.2 specialty=35 unread=modifiers', 'Modifier "G" must be 2 characters of 0-9 and A-Z.', NULL, false,  'Q', '15', '1EG4TE5MKQ', '1999000009', '2024-11-01', '97124', 'G', '~', '~', '~', '~', '1.00', '80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '35', '~', '0'),
    (52, 'Q', 16, 'Q9', '97035-GP x1 2024-11-01 dx=M54.2 specialty=65', NULL, NULL, false,  'Q', '16', '1EG4TE5MKQ', '1999000009', '2024-11-01 00:00:00', '97035', 'GP', '~', '~', '~', '~', '1.00', '80.00', 'M542', '~', '~', '~', '~', '~', '~', '0', '65', '~', '0');
SELECT load('cclf5', 'partb_physicians', '{CUR_CLM_UNIQ_ID,CLM_LINE_NUM,BENE_MBI_ID,RNDRG_PRVDR_NPI_NUM,CLM_LINE_FROM_DT,CLM_LINE_HCPCS_CD,HCPCS_1_MDFR_CD,HCPCS_2_MDFR_CD,HCPCS_3_MDFR_CD,HCPCS_4_MDFR_CD,HCPCS_5_MDFR_CD,CLM_LINE_SRVC_UNIT_QTY,CLM_LINE_ALOWD_CHRG_AMT,CLM_LINE_DGNS_CD,CLM_DGNS_1_CD,CLM_DGNS_2_CD,CLM_DGNS_3_CD,CLM_DGNS_4_CD,CLM_DGNS_5_CD,CLM_DGNS_12_CD,DGNS_PRCDR_ICD_IND,CLM_PRVDR_SPCLTY_CD,CLM_RFRG_PRVDR_NPI_NUM,CLM_ADJSMT_TYPE_CD}') \g /dev/null
SELECT claim_source_add('cclf5', 'partb_physicians', 'cclf5') \g /dev/null
SELECT pointers('cclf5', 'claim') \g /dev/null
SELECT check_source('cclf5', 50);
SELECT is((SELECT count(*) FROM partb_physicians WHERE "CLM_ADJSMT_TYPE_CD" = '1') || ' ' || (SELECT count(*) FROM cclf5_lines WHERE line_reversal(line)), '2 2', 'cclf5: cancellations are reversals');
SELECT ok((SELECT unmapped @> '{"Cancellations (CLM_ADJSMT_TYPE_CD 1) are reversals: each takes back a line of the same code and modifiers and units on its date.",
    "The billed charge is not in this file: CLM_LINE_ALOWD_CHRG_AMT is what was allowed. The argument charge can map it."}' FROM claim_sources WHERE name = 'cclf5'), 'cclf5: what it says');
SELECT is(left_out('cclf5'), '1 no procedure code', 'cclf5: what is left out');
SELECT claim_source_add('allowed', 'partb_physicians', 'cclf5', charge => 'clm_line_alowd_chrg_amt') \g /dev/null
SELECT is((SELECT sum(charge) FROM allowed_lines WHERE claim_id = '900001'), 170.00, 'cclf5: the argument charge maps what was allowed');
SELECT is((SELECT charge FROM allowed_lines WHERE claim_id = 'Q' AND line_no = 5), NULL, 'cclf5: a blank amount is none');

-- ------------------------------------------------------------------- omop

CREATE TABLE procedure_occurrence (
    procedure_occurrence_id int NOT NULL, person_id int NOT NULL, procedure_concept_id int NOT NULL, procedure_date date NOT NULL, procedure_datetime timestamp, procedure_end_date date,
    procedure_end_datetime timestamp, procedure_type_concept_id int NOT NULL, modifier_concept_id int, quantity int, provider_id int, visit_occurrence_id int, visit_detail_id int,
    procedure_source_value varchar(50), procedure_source_concept_id int, modifier_source_value varchar(50)
);
CREATE TABLE concept (
    concept_id int NOT NULL, concept_name varchar(255) NOT NULL, domain_id varchar(20) NOT NULL, vocabulary_id varchar(20) NOT NULL, concept_class_id varchar(20) NOT NULL, standard_concept
    varchar(1), concept_code varchar(50) NOT NULL, valid_start_date date NOT NULL, valid_end_date date NOT NULL, invalid_reason varchar(1)
);

CALL load_defaults('procedure_occurrence'); CALL load_defaults('concept');
CREATE UNIQUE INDEX ON concept (concept_id);
INSERT INTO concept (concept_id, concept_name, vocabulary_id, concept_code) VALUES (0, 'none', 'None', 'No matching concept'), (1, 'a', 'CPT4', '97124'), (2, 'b', 'HCPCS', 'G0283'), (3, 'c', 'SNOMED', '387854002'), (4, 'd', 'ICD10PCS', 'F07Z5ZZ'), (5, 'e', 'CPT4', '98941');
CREATE TEMP TABLE rows_omop (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then procedure_occurrence_id, person_id, procedure_date, quantity, provider_id, visit_occurrence_id, procedure_source_value, modifier_source_value, procedure_source_concept_id, procedure_concept_id, procedure_datetime
INSERT INTO rows_omop VALUES
    (1, '501', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01', NULL, NULL, false,  '1', '1', '2024-08-01', '1', '1', '501', '98941-AT', NULL, '0', '0', '2024-08-01 00:00:00'),
    (2, '501', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01', NULL, NULL, false,  '2', '1', '2024-08-01', '1', '1', '501', 'CPT4:97124', '', '0', '0', '2024-08-01 00:00:00'),
    (3, '501', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01', NULL, NULL, false,  '3', '1', '2024-08-01', '2', '1', '501', 'HC:97110:GP', '', '0', '0', '2024-08-01 00:00:00'),
    (4, '502', 4, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05', NULL, NULL, false,  '4', '1', '2024-08-05', '1', '1', '502', '98940-AT', NULL, '0', '0', '2024-08-05 00:00:00'),
    (5, '502', 5, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05', NULL, NULL, false,  '5', '1', '2024-08-05', '1', '1', '502', '97140', '59', '0', '0', '2024-08-05 00:00:00'),
    (6, '503', 6, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05', NULL, NULL, false,  '6', '1', '2024-08-05', '1', '1', '503', '97140-59', NULL, '0', '0', '2024-08-05 00:00:00'),
    (7, '504', 7, 'P2 1 2024-08-01', '97124 x9 2024-08-01', NULL, NULL, false,  '7', '2', '2024-08-01', '9', '1', '504', 'CPT4:97124', '', '0', '0', '2024-08-01 00:00:00'),
    (8, '505', 8, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02', NULL, NULL, false,  '8', '2', '2024-08-02', '2', '2', '505', 'HC:97124:GP', '', '0', '0', '2024-08-02 00:00:00'),
    (9, '505', 9, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02', NULL, NULL, false,  '9', '2', '2024-08-02', '2', '2', '505', '97110-GP', NULL, '0', '0', '2024-08-02 00:00:00'),
    (10, '505', 10, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02', NULL, NULL, false,  '10', '2', '2024-08-02', '1', '2', '505', '97530', 'GP-59', '0', '0', '2024-08-02 00:00:00'),
    (11, '506', 11, 'P3 2 2024-08-02', '97012 x1 2024-08-02', NULL, NULL, false,  '11', '3', '2024-08-02', '1', '2', '506', '97012', NULL, '0', '0', '2024-08-02 00:00:00'),
    (12, '506', 12, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02', NULL, NULL, false,  '12', '3', '2024-08-02', '1', '2', '506', 'CPT4:98942', 'AT', '0', '0', '2024-08-02 00:00:00'),
    (13, '507', 13, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09', NULL, NULL, false,  '13', '3', '2024-08-09', '1', '2', '507', 'HC:97124:XS', '', '0', '0', '2024-08-09 00:00:00'),
    (14, '507', 14, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09', NULL, NULL, false,  '14', '3', '2024-08-09', '1', '2', '507', '98941-AT', NULL, '0', '0', '2024-08-09 00:00:00'),
    (15, '508', 15, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10', NULL, NULL, false,  '15', '4', '2024-09-10', '1', '3', '508', '97140', 'GP', '0', '0', '2024-09-10 00:00:00'),
    (16, '508', 16, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10', NULL, NULL, false,  '16', '4', '2024-09-10', '1', '3', '508', '97124-GP', NULL, '0', '0', '2024-09-10 00:00:00'),
    (17, '509', 17, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10', NULL, NULL, false,  '17', '4', '2024-09-10', '1', '3', '509', 'CPT4:97530', 'GP', '0', '0', '2024-09-10 00:00:00'),
    (18, '510', 18, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11', NULL, NULL, false,  '18', '5', '2024-09-11', '1', '3', '510', 'HC:G0283:GP', '', '0', '0', '2024-09-11 00:00:00'),
    (19, '510', 19, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11', NULL, NULL, false,  '19', '5', '2024-09-11', '1', '3', '510', '97035-GP', NULL, '0', '0', '2024-09-11 00:00:00'),
    (20, '510', 20, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11', NULL, NULL, false,  '20', '5', '2024-09-11', '1', '3', '510', '97035', 'GP', '0', '0', '2024-09-11 00:00:00'),
    (21, '511', 21, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12', NULL, NULL, false,  '21', '6', '2024-09-12', '1', '3', '511', '99213-25', NULL, '0', '0', '2024-09-12 00:00:00'),
    (22, '511', 22, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12', NULL, NULL, false,  '22', '6', '2024-09-12', '1', '3', '511', 'CPT4:98940', 'AT', '0', '0', '2024-09-12 00:00:00'),
    (23, '511', 23, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12', NULL, NULL, false,  '23', '6', '2024-09-12', '1', '3', '511', 'HC:97124:59', '', '0', '0', '2024-09-12 00:00:00'),
    (24, '512', 24, 'P7 4 2024-10-01', '97810 x1 2024-10-01', NULL, NULL, false,  '24', '7', '2024-10-01', '1', '4', '512', '97810', NULL, '0', '0', '2024-10-01 00:00:00'),
    (25, '512', 25, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01', NULL, NULL, false,  '25', '7', '2024-10-01', '1', '4', '512', '97124', 'GP', '0', '0', '2024-10-01 00:00:00'),
    (26, '513', 26, 'P8 4 2024-10-02', '98943 x1 2024-10-02', NULL, NULL, false,  '26', '8', '2024-10-02', '1', '4', '513', '98943', NULL, '0', '0', '2024-10-02 00:00:00'),
    (27, '513', 27, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02', NULL, NULL, false,  '27', '8', '2024-10-02', '1', '4', '513', 'CPT4:98940', 'AT', '0', '0', '2024-10-02 00:00:00'),
    (28, '514', 28, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02', NULL, NULL, false,  '28', '8', '2024-10-02', '1', '4', '514', 'HC:97124:76', '', '0', '0', '2024-10-02 00:00:00'),
    (29, '515', 29, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03', NULL, NULL, false,  '29', '9', '2024-10-03', '1', '4', '515', '97124-GP', NULL, '0', '0', '2024-10-03 00:00:00'),
    (30, '516', 30, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03', NULL, NULL, false,  '30', '9', '2024-10-03', '1', '4', '516', '97124', 'GP', '0', '0', '2024-10-03 00:00:00'),
    (31, '517', 31, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03', NULL, NULL, false,  '31', '9', '2024-10-03', '1', '5', '517', '97124-GP', NULL, '0', '0', '2024-10-03 00:00:00'),
    (32, '518', 32, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04', NULL, NULL, false,  '32', '10', '2024-10-04', '3', '5', '518', 'CPT4:97112', 'GP', '0', '0', '2024-10-04 00:00:00'),
    (33, '518', 33, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04', NULL, NULL, false,  '33', '10', '2024-10-04', '1', '5', '518', 'HC:97116:GP', '', '0', '0', '2024-10-04 00:00:00'),
    (34, '519', 34, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05', NULL, NULL, false,  '34', '11', '2024-10-05', '1', '5', '519', '98941-AT', NULL, '0', '0', '2024-10-05 00:00:00'),
    (35, '519', 35, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05', NULL, NULL, false,  '35', '11', '2024-10-05', '1', '5', '519', '97112', '59', '0', '0', '2024-10-05 00:00:00'),
    (36, '520', 36, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06', NULL, NULL, false,  '36', '12', '2024-10-06', '2', '5', '520', '97124-GP-59', NULL, '0', '0', '2024-10-06 00:00:00'),
    (37, '900', 37, 'P20', '97124-GP x1 2024-11-01', NULL, NULL, false,  '37', '20', '2024-11-01', NULL, '9', '900', '97124', 'GP', '0', '0', NULL),
    (38, '900', 38, 'P20', '97124 x1 2024-11-01', NULL, NULL, false,  '38', '20', '2024-11-01', '0', '9', '900', '97124', NULL, '0', '0', NULL),
    (39, '900', 39, 'P20', '97110-GP x3 2024-11-01', NULL, NULL, false,  '39', '20', '2024-11-01', '3', '9', '900', '97110 ', ' gp ', '0', '0', NULL),
    (40, '900', 40, 'P20', '97124-59 x1 2024-11-01', NULL, NULL, false,  '40', '20', '2024-11-01', '1', '9', '900', NULL, '59', '1', '0', NULL),
    (41, '900', 41, 'P20', '97124 x1 2024-11-01', NULL, NULL, false,  '41', '20', '2024-11-01', '1', '9', '900', 'MASSAGE 15 MIN', NULL, '1', '3', NULL),
    (42, '900', 42, 'P20', 'G0283 x1 2024-11-01', NULL, NULL, false,  '42', '20', '2024-11-01', '1', '9', '900', 'LOCAL', NULL, NULL, '2', NULL),
    (43, '900', 43, 'P20', '98941-AT x2 2024-11-01', NULL, NULL, false,  '43', '20', '2024-11-01', '2', '9', '900', 'spinal', 'AT', '3', '5', NULL),
    (44, '900', 44, 'P20', NULL, 'Code "F07Z5ZZ" must be 5 characters of 0-9 and A-Z.', NULL, true,  '44', '20', '2024-11-01', '1', '9', '900', 'F07Z5ZZ', NULL, '4', '4', NULL),
    (144, '900', 44, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '44', '20', '2024-11-01', '1', '9', '900', '9712', NULL, '0', '0', NULL),
    (45, '900', 45, 'P20', NULL, 'Code "387854002" must be 5 characters of 0-9 and A-Z.', NULL, true,  '45', '20', '2024-11-01', '1', '9', '900', '387854002', NULL, '3', '3', NULL),
    (145, '900', 45, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '45', '20', '2024-11-01', '1', '9', '900', '9712', NULL, '0', '0', NULL),
    (46, '900', 46, 'P20', NULL, 'Code must not be null.', NULL, true,  '46', '20', '2024-11-01', '1', '9', '900', NULL, NULL, '0', '0', NULL),
    (146, '900', 46, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '46', '20', '2024-11-01', '1', '9', '900', '9712', NULL, '0', '0', NULL),
    (47, '900', 47, 'P20', NULL, 'Code "" must be 5 characters of 0-9 and A-Z.', NULL, true,  '47', '20', '2024-11-01', '1', '9', '900', '', NULL, NULL, '0', NULL),
    (147, '900', 47, 'P20', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '47', '20', '2024-11-01', '1', '9', '900', '9712', NULL, NULL, '0', NULL),
    (48, '900', 48, 'P20', '97110 x2 2024-11-01 reversal', NULL, NULL, false,  '48', '20', '2024-11-01', '-2', '9', '900', '97110', NULL, '0', '0', NULL),
    (49, '900', 49, 'P20 nobody', '97112-GP x1 2024-11-01', NULL, NULL, false,  '49', '20', '2024-11-01', '1', NULL, '900', '97112', 'GP', '0', '0', NULL),
    (50, NULL, 50, 'P20', '97116-GP-59 x1 2024-11-01', NULL, NULL, false,  '50', '20', '2024-11-01', '1', '9', NULL, '97116', 'GP/59', '0', '0', NULL),
    (51, '900', 51, 'P20', '97124-59 x1 2024-11-01 unread=modifiers', 'Modifier "XYZ" must be 2 characters of 0-9 and A-Z.', NULL, false,  '51', '20', '2024-11-01', '1', '9', '900', '97124-59', 'XYZ', '0', '0', NULL);
SELECT load('omop', 'procedure_occurrence', '{procedure_occurrence_id,person_id,procedure_date,quantity,provider_id,visit_occurrence_id,procedure_source_value,modifier_source_value,procedure_source_concept_id,procedure_concept_id,procedure_datetime}') \g /dev/null
SELECT claim_source_add('omop', 'procedure_occurrence', 'omop') \g /dev/null
SELECT check_source('omop', 50);
SELECT is((SELECT patient_type::text || ' ' || provider_type FROM claimline_internal.claim_source WHERE name = 'omop'), 'integer integer', 'omop: keys keep their type');
SELECT ok((SELECT unmapped @> '{"A quantity that is null or 0 is 1 unit as the conventions of OMOP say.","Start times are not mapped: procedure_datetime is midnight where the time is not known."}' FROM claim_sources
    WHERE name = 'omop'), 'omop: what it says');
SELECT is(left_out('omop'), '2 no procedure code; 2 procedure of another vocabulary', 'omop: what is left out');
DROP INDEX concept_concept_id_idx;
SELECT claim_source_add('no_concept', 'procedure_occurrence', 'omop') \g /dev/null
SELECT results_eq($$SELECT DISTINCT line_error FROM no_concept_lines WHERE claim_id = '900' AND (code IN ('LOCAL', 'MASSAGE 15 MIN') OR code IS NULL) ORDER BY 1$$, $$VALUES ('Code "MASSAGE 15 MIN" must be 5 characters of 0-9 and A-Z.'), ('Code must not be null.'), (NULL)$$, 'omop: without a unique index on concept, rows without a code stay with their error');
SELECT bag_eq('SELECT claim_id, line_no, line::text FROM no_concept_lines WHERE claimline_internal.claim_read_text(code) ~* ''^(cpt4:)?97''',
    'SELECT claim_id, line_no, line::text FROM omop_lines WHERE claimline_internal.claim_read_text(code) ~* ''^(cpt4:)?97''', 'omop: and those with one are read as with concepts');
ALTER TABLE procedure_occurrence RENAME modifier_source_value TO modifier;
SELECT claim_source_add('no_modifier', 'procedure_occurrence', 'omop') \g /dev/null
SELECT is((SELECT line::text FROM no_modifier_lines WHERE line_no = 6), '97140-59 x1 2024-08-05', 'omop: modifiers behind the code need no column of their own');

-- ------------------------------------------------------------------- apcd

CREATE TABLE apcd_medical_claim (
    medical_claim_service_line_id bigint, extract_id bigint, submitter_id bigint, internal_member_id bigint, submitter_clm_control_num varchar(98), product_code_id bigint, product_code
    varchar(4), gender_code varchar(2), age int, age_in_months int, subscriber_relationship_id bigint, subscriber_relationship_code varchar(4), line_counter int, first_service_dt date,
    last_service_dt date, first_paid_dt date, last_paid_dt date, admission_dt date, discharge_dt date, type_of_bill_code varchar(6), place_of_service_code varchar(4), revenue_code
    varchar(8), revenue_code_id bigint, procedure_code varchar(10), procedure_modifier_code_1 varchar(4), procedure_modifier_code_2 varchar(4), procedure_modifier_code_3 varchar(4),
    procedure_modifier_code_4 varchar(4), procedure_modifier_code_id_1 bigint, procedure_modifier_code_id_2 bigint, procedure_modifier_code_id_3 bigint, procedure_modifier_code_id_4 bigint,
    national_drug_code varchar(61), claim_status_id bigint, claim_status_code varchar(4), payment_arrangement_ind_id bigint, payment_arrangement_ind_code varchar(4), quantity numeric(38,2),
    icd_version_ind varchar(2), admitting_diagnosis_code varchar(14), principal_diagnosis_code varchar(14), diagnosis_code_other_1 varchar(14), diagnosis_code_other_2 varchar(14),
    diagnosis_code_other_3 varchar(14), diagnosis_code_other_4 varchar(14), diagnosis_code_other_5 varchar(14), diagnosis_code_other_6 varchar(14), diagnosis_code_other_7 varchar(14),
    diagnosis_code_other_8 varchar(14), diagnosis_code_other_9 varchar(14), diagnosis_code_other_10 varchar(14), diagnosis_code_other_11 varchar(14), diagnosis_code_other_12 varchar(14),
    diagnosis_code_other_13 varchar(14), diagnosis_code_other_14 varchar(14), diagnosis_code_other_15 varchar(14), diagnosis_code_other_16 varchar(14), diagnosis_code_other_17 varchar(14),
    diagnosis_code_other_18 varchar(14), diagnosis_code_other_19 varchar(14), diagnosis_code_other_20 varchar(14), diagnosis_code_other_21 varchar(14), diagnosis_code_other_22 varchar(14),
    diagnosis_code_other_23 varchar(14), diagnosis_code_other_24 varchar(14), eci_diagnosis varchar(14), principal_icd_procedure_code varchar(14), icd_procedure_code_1 varchar(14),
    icd_procedure_code_2 varchar(14), icd_procedure_code_3 varchar(14), icd_procedure_code_4 varchar(14), icd_procedure_code_5 varchar(14), icd_procedure_code_6 varchar(14),
    icd_procedure_code_7 varchar(14), icd_procedure_code_8 varchar(14), icd_procedure_code_9 varchar(14), icd_procedure_code_10 varchar(14), icd_procedure_code_11 varchar(14),
    icd_procedure_code_12 varchar(14), icd_procedure_code_13 varchar(14), icd_procedure_code_14 varchar(14), icd_procedure_code_15 varchar(14), icd_procedure_code_16 varchar(14),
    icd_procedure_code_17 varchar(14), icd_procedure_code_18 varchar(14), icd_procedure_code_19 varchar(14), icd_procedure_code_20 varchar(14), icd_procedure_code_21 varchar(14),
    icd_procedure_code_22 varchar(14), icd_procedure_code_23 varchar(14), icd_procedure_code_24 varchar(14), discharge_status_code varchar(4), discharge_status_id bigint,
    admission_point_of_origin_code varchar(4), admission_point_of_origin_id bigint, admission_type varchar(4), admission_type_id bigint, family_planning_ind_code varchar(4),
    rendering_provider_id bigint, rendering_internal_provider_id bigint, rendering_provider_npi bigint, billing_provider_id bigint, billing_internal_provider_id bigint, billing_provider_npi
    bigint, attending_provider_id bigint, attending_internal_provider_id bigint, attending_provider_npi bigint, referring_provider_id bigint, referring_internal_provider_id bigint,
    referring_provider_npi bigint, network_indicator_id bigint, network_indicator_code varchar(4), city varchar(78), state varchar(4), zip varchar(10), age_65_flag varchar(2),
    out_of_state_flag varchar(2), claim_type_id bigint, type_of_setting_id bigint, place_of_setting_id bigint, orphaned_adjustment_flag varchar(2), denied_claim_flag varchar(2),
    emergency_room_flag varchar(2), dup_flag_pbm_tpa varchar(2), dup_flag_managed_care varchar(2), poa_diagnosis_code_principal varchar(4), poa_diagnosis_code_other_1 varchar(4),
    poa_diagnosis_code_other_2 varchar(4), poa_diagnosis_code_other_3 varchar(4), poa_diagnosis_code_other_4 varchar(4), poa_diagnosis_code_other_5 varchar(4), poa_diagnosis_code_other_6
    varchar(4), poa_diagnosis_code_other_7 varchar(4), poa_diagnosis_code_other_8 varchar(4), poa_diagnosis_code_other_9 varchar(4), poa_diagnosis_code_other_10 varchar(4),
    poa_diagnosis_code_other_11 varchar(4), medicaid_ffs_flag varchar(2), injury_dt date, benefits_exhausted_dt date, injury_occurrence_code varchar(4), benefits_exhausted_code varchar(4),
    claim_coinsurance_days int, claim_utilization_day_count int, data_source_type_id bigint, data_source_type_code varchar(6), non_payment_reason_id bigint, non_payment_reason_code
    varchar(4), submitted_claim_type_id bigint, submitted_claim_type varchar(4), line_processing_ind_id bigint, line_processing_ind_code varchar(4), final_bill_code_id bigint,
    final_bill_code varchar(4), mco_paid_code_id bigint, mco_paid_code varchar(4), primary_payer_code_id bigint, primary_payer_code varchar(4), header_detail_payment_ind varchar(2),
    drg_outlier_code_id bigint, drg_outlier_code varchar(4), type_of_service_code varchar(4), operating_provider_id bigint, operating_internal_provider_id bigint, operating_provider_npi
    bigint, ordering_provider_id bigint, ordering_internal_provider_id bigint, ordering_provider_npi bigint, other_provider_id bigint, other_internal_provider_id bigint, demo_id_sqnc_num
    int, demo_id_num varchar(4), demo_info_txt varchar(2), provider_ccn_full varchar(18), rendering_provider_specialty_medicare varchar(4), zip_code_ambulance_pickup varchar(10),
    zip_code_ambulance_drop_off varchar(10), type_of_bill_id bigint, inpatient_acute_flag varchar(2), inpatient_nonacute_flag varchar(2), hospice_utilization_flag varchar(2),
    health_home_utilization_flag varchar(2), operating_room_flag varchar(2), preventive_screenings_flag varchar(2), preventive_vaccinations_flag varchar(2), preventive_visits_flag
    varchar(2), consultations_flag varchar(2), evaluation_and_management_flag varchar(2), psychiatric_visits_flag varchar(2), physical_therapy_rehab_flag varchar(2),
    surgery_and_anesthesia_flag varchar(2), endoscopic_procedure_flag varchar(2), imaging_advanced_flag varchar(2), cardiac_imaging_and_tests_flag varchar(2), echography_flag varchar(2),
    imaging_standard_flag varchar(2), lab_and_pathology_flag varchar(2), oncology_and_chemotherapy_flag varchar(2), dialysis_flag varchar(2), chiropractic_flag varchar(2),
    durable_medical_equip_flag varchar(2), telehealth_flag varchar(2), covid19_flag varchar(2), observation_stay_flag varchar(2), pc_flag varchar(2), aco_identifier varchar(14), apc
    varchar(10), apc_version varchar(2), denied_claim_line_reason_code varchar(6), drg_payer_submitted varchar(14), drg_payer_submitted_version varchar(16), entity_type varchar(2),
    insured_group_policy_number varchar(64), naic varchar(10), value_amt_01 numeric(38,2), value_code_01 varchar(4), medical_claim_header_id bigint, inpatient_discharge_id bigint
);

CREATE TEMP TABLE rows_apcd (n int, x_claim text, x_line int, x_day text, x_text text, x_error text, x_charge numeric, x_out boolean, c0 text, c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text, c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text, c18 text, c19 text, c20 text, c21 text, c22 text, c23 text) ON COMMIT DROP;
-- claim, line, day, line or error, charge, whether left out; then medical_claim_service_line_id, medical_claim_header_id, line_counter, internal_member_id, rendering_internal_provider_id, first_service_dt, procedure_code, procedure_modifier_code_1, procedure_modifier_code_2, procedure_modifier_code_3, procedure_modifier_code_4, quantity, icd_version_ind, principal_diagnosis_code, diagnosis_code_other_1, diagnosis_code_other_2, diagnosis_code_other_3, diagnosis_code_other_4, diagnosis_code_other_11, diagnosis_code_other_12, rendering_provider_specialty_medicare, referring_internal_provider_id, denied_claim_flag, orphaned_adjustment_flag
INSERT INTO rows_apcd VALUES
    (1, '6001', 1, 'P1 1 2024-08-01', '98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03 specialty=35', NULL, NULL, false,  '1', '6001', '1', '1', '71', '2024-08-01', '98941', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', 'M9902', 'M9903', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (2, '6001', 2, 'P1 1 2024-08-01', '97124 x1 2024-08-01 dx=M99.01 specialty=35', NULL, NULL, false,  '2', '6001', '2', '1', '71', '2024-08-01', '97124', '-1', '-2', '-1', '-2', '1.00', '10', 'M9901', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (3, '6001', 3, 'P1 1 2024-08-01', '97110-GP x2 2024-08-01 dx=M54.5 specialty=35', NULL, NULL, false,  '3', '6001', '3', '1', '71', '2024-08-01', '97110', 'GP', '-2', '-1', '-2', '2.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (4, '6002', 1, 'P1 1 2024-08-05', '98940-AT x1 2024-08-05 dx=M99.01 specialty=35', NULL, NULL, false,  '4', '6002', '1', '1', '71', '2024-08-05', '98940', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (5, '6002', 2, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, NULL, false,  '5', '6002', '2', '1', '71', '2024-08-05', '97140', '59', '-2', '-1', '-2', '1.00', '10', 'M9903', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (6, '6003', 1, 'P1 1 2024-08-05', '97140-59 x1 2024-08-05 dx=M99.03 specialty=35', NULL, NULL, false,  '6', '6003', '1', '1', '71', '2024-08-05', '97140', '59', '-2', '-1', '-2', '1.00', '10', 'M9903', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (7, '6004', 1, 'P2 1 2024-08-01', '97124 x9 2024-08-01 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '7', '6004', '1', '2', '71', '2024-08-01', '97124', '-1', '-2', '-1', '-2', '9.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (8, '6005', 1, 'P2 2 2024-08-02', '97124-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '8', '6005', '1', '2', '72', '2024-08-02', '97124', 'GP', '-2', '-1', '-2', '2.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (9, '6005', 2, 'P2 2 2024-08-02', '97110-GP x2 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '9', '6005', '2', '2', '72', '2024-08-02', '97110', 'GP', '-2', '-1', '-2', '2.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (10, '6005', 3, 'P2 2 2024-08-02', '97530-GP-59 x1 2024-08-02 dx=M54.2 specialty=35', NULL, NULL, false,  '10', '6005', '3', '2', '72', '2024-08-02', '97530', 'GP', '59', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (11, '6006', 1, 'P3 2 2024-08-02', '97012 x1 2024-08-02 dx=M54.16 specialty=35', NULL, NULL, false,  '11', '6006', '1', '3', '72', '2024-08-02', '97012', '-1', '-2', '-1', '-2', '1.00', '10', 'M5416', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (12, '6006', 2, 'P3 2 2024-08-02', '98942-AT x1 2024-08-02 dx=M99.01,M99.02,M99.03,M99.04,M99.05 specialty=35', NULL, NULL, false,  '12', '6006', '2', '3', '72', '2024-08-02', '98942', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', 'M9902', 'M9903', 'M9904', 'M9905', '-1', '-1', '35', '-2', 'N', 'N'),
    (13, '6007', 1, 'P3 2 2024-08-09', '97124-XS x1 2024-08-09 dx=M54.2 specialty=35', NULL, NULL, false,  '13', '6007', '1', '3', '72', '2024-08-09', '97124', 'XS', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (14, '6007', 2, 'P3 2 2024-08-09', '98941-AT x1 2024-08-09 dx=M99.03,M99.04,M99.05 specialty=35', NULL, NULL, false,  '14', '6007', '2', '3', '72', '2024-08-09', '98941', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9903', 'M9904', 'M9905', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (15, '6008', 1, 'P4 3 2024-09-10', '97140-GP x1 2024-09-10 dx=M25.511 specialty=35 referral=yes', NULL, NULL, false,  '15', '6008', '1', '4', '73', '2024-09-10', '97140', 'GP', '-2', '-1', '-2', '1.00', '10', 'M25511', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (16, '6008', 2, 'P4 3 2024-09-10', '97124-GP x1 2024-09-10 dx=M25.511 specialty=35 referral=yes', NULL, NULL, false,  '16', '6008', '2', '4', '73', '2024-09-10', '97124', 'GP', '-2', '-1', '-2', '1.00', '10', 'M25511', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (17, '6009', 1, 'P4 3 2024-09-10', '97530-GP x1 2024-09-10 dx=M25.511 specialty=35', NULL, NULL, false,  '17', '6009', '1', '4', '73', '2024-09-10', '97530', 'GP', '-2', '-1', '-2', '1.00', '10', 'M25511', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (18, '6010', 1, 'P5 3 2024-09-11', 'G0283-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '18', '6010', '1', '5', '73', '2024-09-11', 'G0283', 'GP', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (19, '6010', 2, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '19', '6010', '2', '5', '73', '2024-09-11', '97035', 'GP', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (20, '6010', 3, 'P5 3 2024-09-11', '97035-GP x1 2024-09-11 dx=M54.5 specialty=35', NULL, NULL, false,  '20', '6010', '3', '5', '73', '2024-09-11', '97035', 'GP', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (21, '6011', 1, 'P6 3 2024-09-12', '99213-25 x1 2024-09-12 dx=M54.2 specialty=35', NULL, NULL, false,  '21', '6011', '1', '6', '73', '2024-09-12', '99213', '25', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (22, '6011', 2, 'P6 3 2024-09-12', '98940-AT x1 2024-09-12 dx=M99.01 specialty=35', NULL, NULL, false,  '22', '6011', '2', '6', '73', '2024-09-12', '98940', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (23, '6011', 3, 'P6 3 2024-09-12', '97124-59 x1 2024-09-12 dx=M54.5 specialty=35', NULL, NULL, false,  '23', '6011', '3', '6', '73', '2024-09-12', '97124', '59', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (24, '6012', 1, 'P7 4 2024-10-01', '97810 x1 2024-10-01 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '24', '6012', '1', '7', '74', '2024-10-01', '97810', '-1', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (25, '6012', 2, 'P7 4 2024-10-01', '97124-GP x1 2024-10-01 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '25', '6012', '2', '7', '74', '2024-10-01', '97124', 'GP', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (26, '6013', 1, 'P8 4 2024-10-02', '98943 x1 2024-10-02 dx=M25.511 specialty=35', NULL, NULL, false,  '26', '6013', '1', '8', '74', '2024-10-02', '98943', '-1', '-2', '-1', '-2', '1.00', '10', 'M25511', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (27, '6013', 2, 'P8 4 2024-10-02', '98940-AT x1 2024-10-02 dx=M99.01 specialty=35', NULL, NULL, false,  '27', '6013', '2', '8', '74', '2024-10-02', '98940', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (28, '6014', 1, 'P8 4 2024-10-02', '97124-76 x1 2024-10-02 dx=M54.5 specialty=35', NULL, NULL, false,  '28', '6014', '1', '8', '74', '2024-10-02', '97124', '76', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (29, '6015', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, NULL, false,  '29', '6015', '1', '9', '74', '2024-10-03', '97124', 'GP', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (30, '6016', 1, 'P9 4 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35 referral=yes', NULL, NULL, false,  '30', '6016', '1', '9', '74', '2024-10-03', '97124', 'GP', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (31, '6017', 1, 'P9 5 2024-10-03', '97124-GP x1 2024-10-03 dx=M54.2 specialty=35', NULL, NULL, false,  '31', '6017', '1', '9', '75', '2024-10-03', '97124', 'GP', '-2', '-1', '-2', '1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (32, '6018', 1, 'P10 5 2024-10-04', '97112-GP x3 2024-10-04 dx=M54.5 specialty=35', NULL, NULL, false,  '32', '6018', '1', '10', '75', '2024-10-04', '97112', 'GP', '-2', '-1', '-2', '3.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (33, '6018', 2, 'P10 5 2024-10-04', '97116-GP x1 2024-10-04 dx=M54.5 specialty=35', NULL, NULL, false,  '33', '6018', '2', '10', '75', '2024-10-04', '97116', 'GP', '-2', '-1', '-2', '1.00', '10', 'M545', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (34, '6019', 1, 'P11 5 2024-10-05', '98941-AT x1 2024-10-05 dx=M99.01,M99.02,M99.03 specialty=35', NULL, NULL, false,  '34', '6019', '1', '11', '75', '2024-10-05', '98941', 'AT', '-2', '-1', '-2', '1.00', '10', 'M9901', 'M9902', 'M9903', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (35, '6019', 2, 'P11 5 2024-10-05', '97112-59 x1 2024-10-05 dx=M99.01 specialty=35', NULL, NULL, false,  '35', '6019', '2', '11', '75', '2024-10-05', '97112', '59', '-2', '-1', '-2', '1.00', '10', 'M9901', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-2', 'N', 'N'),
    (36, '6020', 1, 'P12 5 2024-10-06', '97124-GP-59 x2 2024-10-06 dx=S13.4XXA specialty=35 referral=yes', NULL, NULL, false,  '36', '6020', '1', '12', '75', '2024-10-06', '97124', 'GP', '59', '-1', '-2', '2.00', '10', 'S134XXA', '-1', '-1', '-1', '-1', '-1', '-1', '35', '77', 'N', 'N'),
    (37, '7000', 1, 'P20 79', '97124-GP x2.5 2024-11-01 dx=M54.2', NULL, NULL, false,  '37', '7000', '1', '20', '79', '2024-11-01', '97124', 'GP', '-2', '-1', '-2', '2.50', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '-1', 'N', 'N'),
    (38, '7000', 2, 'P20 79', NULL, 'Units must not be null.', NULL, false,  '38', '7000', '2', '20', '79', '2024-11-01', '97124', '-1', '-2', '-1', '-2', '-1.00', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (39, '7000', 3, 'P20 79', NULL, 'Units must not be null.', NULL, false,  '39', '7000', '3', '20', '79', '2024-11-01', '97124', '-1', '-2', '-1', '-2', '-2', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (40, '7000', 4, 'P20 79', NULL, 'Code must not be null.', NULL, true,  '40', '7000', '4', '20', '79', '2024-11-01', '-1', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (140, '7000', 4, 'P20 79', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '40', '7000', '4', '20', '79', '2024-11-01', '9712', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (41, '7000', 5, 'P20 79', NULL, 'Code must not be null.', NULL, true,  '41', '7000', '5', '20', '79', '2024-11-01', '-2', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (141, '7000', 5, 'P20 79', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '41', '7000', '5', '20', '79', '2024-11-01', '9712', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (42, '7000', 6, 'P20 79', NULL, 'Code must not be null.', NULL, true,  '42', '7000', '6', '20', '79', '2024-11-01', NULL, '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (142, '7000', 6, 'P20 79', NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.', NULL, false,  '42', '7000', '6', '20', '79', '2024-11-01', '9712', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (43, '7000', 7, 'P20 79', '97110-GP x3 2024-11-01 specialty=35 reversal', NULL, NULL, false,  '43', '7000', '7', '20', '79', '2024-11-01', '97110', 'GP', '-2', '-1', '-2', '-3', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (44, '7000', 8, 'P20 79', '97110-GP x1 2024-11-01 specialty=35', NULL, NULL, false,  '44', '7000', '8', '20', '79', '2024-11-01', '97110', 'GP', '-2', '-1', '-2', '1', '9', '7242', '72410', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (45, '7000', 9, 'P20 79', '97110-GP x1 2024-11-01 specialty=35 unread=dx', 'Diagnosis "7242" must be an ICD-10-CM code of 3 to 7 characters.', NULL, false,  '45', '7000', '9', '20', '79', '2024-11-01', '97110', 'GP', '-2', '-1', '-2', '1', '-1', '7242', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (46, '7000', 10, 'P20 79', '97112-GP x1 2024-11-01 dx=M54.2,M54.5,M54.16 specialty=35', NULL, NULL, false,  '46', '7000', '10', '20', '79', '2024-11-01', '97112', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', 'M545', '-1', '-1', 'M5416', 'Z9999', '35', '-1', 'N', 'N'),
    (47, '7000', 11, 'P20 79', '97116-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, true,  '47', '7000', '11', '20', '79', '2024-11-01', '97116', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'Y', 'N'),
    (48, '7000', 12, 'P20 79', '97530-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  '48', '7000', '12', '20', '79', '2024-11-01', '97530', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'Y'),
    (49, '7000', 13, 'P20 nobody', '97124-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  '49', '7000', '13', '20', '-1', '2024-11-01', '97124', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (50, '7000', 14, 'P20 nobody', '97112-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  '50', '7000', '14', '20', '-1', '2024-11-01', '97112', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (51, '7000', 15, 'P20 nobody', '97112-GP x1 2024-11-01 dx=M54.2 specialty=35', NULL, NULL, false,  '51', '7000', '15', '20', '-2', '2024-11-01', '97112', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (52, '7000', 16, 'P20 79 undated', '97113-GP x1 dx=M54.2 specialty=35', NULL, NULL, false,  '52', '7000', '16', '20', '79', NULL, '97113', 'GP', '-2', '-1', '-2', '1', '10', 'M542', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N'),
    (53, '7000', 17, 'P20 79', '98940-AT x1 2024-11-01 specialty=35', NULL, NULL, false,  '53', '7000', '17', '20', '79', '2024-11-01', '98940-AT', '-1', '-2', '-1', '-2', '1', '10', '-1', '-1', '-1', '-1', '-1', '-1', '-1', '35', '-1', 'N', 'N');
SELECT load('apcd', 'apcd_medical_claim', '{medical_claim_service_line_id,medical_claim_header_id,line_counter,internal_member_id,rendering_internal_provider_id,first_service_dt,procedure_code,procedure_modifier_code_1,procedure_modifier_code_2,procedure_modifier_code_3,procedure_modifier_code_4,quantity,icd_version_ind,principal_diagnosis_code,diagnosis_code_other_1,diagnosis_code_other_2,diagnosis_code_other_3,diagnosis_code_other_4,diagnosis_code_other_11,diagnosis_code_other_12,rendering_provider_specialty_medicare,referring_internal_provider_id,denied_claim_flag,orphaned_adjustment_flag}') \g /dev/null
SELECT claim_source_add('apcd', 'apcd_medical_claim', 'apcd') \g /dev/null
SELECT pointers('apcd', 'claim') \g /dev/null
SELECT check_source('apcd', 50);
SELECT ok((SELECT unmapped @> '{"Denied lines (denied_claim_flag Y) are left out.","Adjustments without an original (orphaned_adjustment_flag) are judged like the others.",
    "Providers -1 and -2 are not known: lines with them are judged together like lines without a provider.","No charge is mapped: amounts at risk cannot be reported."}' FROM claim_sources WHERE name = 'apcd'), 'apcd: what it says');
SELECT is(left_out('apcd'), '1 denied; 3 no procedure code', 'apcd: what is left out');
-- the older extract has the charge, and no number of the claim but the submitter's
CREATE TABLE apcd_old AS SELECT medical_claim_service_line_id, medical_claim_header_id::text AS submitter_clm_control_num, line_counter, internal_member_id, rendering_internal_provider_id, first_service_dt, procedure_code,
    procedure_modifier_code_1, procedure_modifier_code_2, procedure_modifier_code_3, procedure_modifier_code_4, quantity, CASE line_counter WHEN 1 THEN -1.00 ELSE 40.25 END::numeric(38, 2) AS charge_amt FROM apcd_medical_claim;
SELECT claim_source_add('apcd_old', 'apcd_old', 'apcd') \g /dev/null
SELECT is((SELECT mapped ->> 'claim_id' || ' ' || (mapped ->> 'charge') FROM claim_sources WHERE name = 'apcd_old'), 'submitter_clm_control_num charge_amt', 'apcd: claim and charge of the older extract');
SELECT is((SELECT sum(charge) FROM apcd_old_lines WHERE claim_id = '6001'), 80.50, 'apcd: a charge of -1 is none');

-- ------------------------------------------------------------------ presets

SELECT is((SELECT string_agg(DISTINCT preset, ' ' ORDER BY preset) FROM claim_preset), 'apcd bfd cclf5 fhir omop rif synpuf tuva x12', 'the presets');
SELECT is((SELECT count(*) FROM claim_preset WHERE source = '' OR NOT shipped), 0::bigint, 'each row of a preset has its source');
SELECT throws_ok('DELETE FROM claim_preset', '55000', NULL, 'shipped rows stay as they are');
INSERT INTO claim_preset (preset, part, field, column_name, source) VALUES ('ours', 'map', 'code', 'proc', 'our warehouse'), ('ours', 'map', 'claim_id', 'no', 'our warehouse');
CREATE TABLE ours (no int, proc text); INSERT INTO ours VALUES (1, '97124');
SELECT claim_source_add('ours', 'ours', 'ours') \g /dev/null
SELECT is((SELECT line::text FROM ours_lines), '97124 x1', 'a preset of our own');
-- of each field, what stands where nothing is, and where it is absent
CREATE TABLE filled (patient text, code text, claim_id text, line_no int, modifiers text, specialty text, charge numeric, units int, gone text);
INSERT INTO filled VALUES ('nothing');
INSERT INTO filled SELECT f, '97124', 'C1', 1, 'XS', '65', 1, 1, f FROM unnest('{code,claim_id,line_no,modifiers,specialty,charge,units}'::text[]) f;
INSERT INTO claim_preset (preset, part, field, column_name, source) VALUES ('filled', 'map', 'patient', 'patient', 'our warehouse');
INSERT INTO claim_preset (preset, part, field, column_name, marks, source) SELECT 'filled', p.part, f.field, p.column_name, p.marks, 'our warehouse'
    FROM (VALUES ('code', '97140'), ('claim_id', 'C0'), ('line_no', '9'), ('modifiers', 'GP 59'), ('specialty', '35'), ('charge', '7.5'), ('units', '3')) f (field, stands),
        LATERAL (VALUES ('map', f.field, NULL), ('default', f.field, f.stands), ('drop', 'gone', f.field)) p (part, column_name, marks);
SELECT claim_source_add('filled', 'filled', 'filled') \g /dev/null
SELECT results_eq('SELECT patient, claim_id, line_no, line::text, line_error, charge FROM filled_lines ORDER BY patient', $$VALUES
    ('charge', 'C1', 1, '97124-XS x1 specialty=65', NULL, NULL),
    ('claim_id', NULL, 1, '97124-XS x1 specialty=65', NULL, 1),
    ('code', 'C1', 1, NULL, claimline_error(NULL), 1),
    ('line_no', 'C1', NULL, '97124-XS x1 specialty=65', NULL, 1),
    ('modifiers', 'C1', 1, '97124 x1 specialty=65', NULL, 1),
    ('nothing', 'C0', 9, '97140-GP-59 x3 specialty=35', NULL, 7.5),
    ('specialty', 'C1', 1, '97124-XS x1', NULL, 1),
    ('units', 'C1', 1, '97124-XS x1 specialty=65', NULL, 1)$$, 'a preset of our own: default and drop, of every field');

SELECT * FROM finish();

ROLLBACK;

-- Service lines of public 837 files: what stands in each file was written down from it by eye, after the implementation guides; segments and
-- service lines are counted by regular expressions. test/data/README.md says where the files are from.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();
SET client_min_messages = error;	-- the files with another component separator than ISA has are told below

CREATE TEMP TABLE coded (name text, content text);
\copy coded FROM PROGRAM 'for f in test/data/x12/*.837; do printf "%s\t" "$(basename "$f" .837)"; base64 "$f" | tr -d "\n"; echo; done'
CREATE TEMP TABLE file AS SELECT name, convert_from(decode(content, 'base64'), 'UTF8') AS body FROM coded;

-- what the claim of a file says for all its lines; a patient without a number is subscriber, name and birth date
CREATE TEMP TABLE claim (name text, kind text, claim_id text, place text, patient text, subscriber text, billing text, rendering text, taxonomy text, referring text, payer text);
INSERT INTO claim VALUES
	('automobile-accident', 'institutional', '6721', '131', '000000032', 'B999777791G', '888HF444', '888HF444', '203BA0200N', NULL, '999888777'),
	('coordination-of-benefits', 'professional', '26407789', '11', 'JS01111223333', '111223333', '587654321', '999996666', '203BF0100Y', NULL, '999996666'),
	('demo.ambulance.example5', 'professional', '051068', '41', '012345678A', '012345678A', '2366554859', '2366554859', '3416L0300X', NULL, '123245'),
	('demo.cob.2ndary.example4', 'professional', '125WILL', '11', '123456789A', '123456789A', '1234567890', '1234567890', NULL, NULL, 'C12345'),
	('demo.cob.example3.C', 'professional', '26407789', '11', '22233444/SMITH/TED/19730501', '22233444', '1999996666', '1999996666', '204C00000X', NULL, '567890'),
	('demo.cob.example4', 'professional', '101KEN6055', '11', '102200221B1', '102200221B1', '0100000009', '9090909090', '207X00000X', 'B01010', '10234'),
	('demo.drug.example10.1', 'professional', 'CLMNO12345', '11', 'MBRID12345', 'MBRID12345', '1234567893', '1122333341', '208D00000X', NULL, 'PLANID12345'),
	('demo.drug.example10.3', 'professional', 'CLMNO12345', '12', 'MBRID01234', 'MBRID01234', '1234567893', '1234567893', NULL, '1112223338', 'PLANID12345'),
	('demo.example11', 'professional', 'ABC123-RI', '11', '00124A089', '00124A089', '1234567890', '1122334455', NULL, '9988776655', '12345'),
	('demo.example12', 'professional', 'TS234H3', '23', '57976235C/SMITH/TOM/19960807', '57976235C', '1122334455', '1112223336', NULL, NULL, '00123'),
	('demo.example2', 'professional', '26462967', '11', '00221111', '00221111', '9876543210', '9876543210', '203BF0100Y', NULL, '741234'),
	('demo.example7', 'professional', 'R03996273 #01', '11', '111222333A', '111222333A', '9992233334', '9992233334', NULL, '5555511111', '99999'),
	('demo.example8', 'professional', 'SMI123', '12', '987654321A', '987654321A', '7778889999', '7778889999', NULL, '1111155555', '99999'),
	('demo.example9', 'professional', '153829140', '22', '123456789A', '123456789A', '2366554859', '5678912345', '207L00000X', NULL, '05440'),
	('dependent-commercial-insurance-01', 'professional', '686868686', '11', '234557329', '970925824', '777BH666', '999OU812', '111NS0005N', '999DS427', '123456789'),
	('dependent-commercial-insurance-02', 'professional', '888228888', '11', '115683870', 'WC962222L', '333119999', '777ST123', '203BE004Y', NULL, '345345345'),
	('homeowners', 'institutional', '67129', '131', '686868686', '970925824', '111DM222', '111DM222', '203BA0200N', NULL, '123456789'),
	('institutional', 'institutional', '756048Q', '141', '030005074A', '030005074A', '330127', '330127', '203BA0200N', NULL, '00435'),
	('institutional-ppo-repriced', 'institutional', '72255589', '111', '32762113503/BOZARTH/MAGGIE/19691125', '32762113503', '370673111', '370673111', '203BA0200N', NULL, '66783JJT'),
	('patient-is-dependent', 'professional', '26463774', '11', 'JS01111223333', '11223333', '587654321', '999996666', '203BF0100Y', NULL, '999996666'),
	('patient-is-subscriber', 'professional', '26462967', '11', '000221111', '000221111', '587654321', '112233334', '203BF0100Y', NULL, '741234'),
	('workers-compensation', 'institutional', '67188', '131', '888228888', 'WC962222L', '222PC333', '222PC333', '203BA0200N', NULL, '345345345');

-- and each line: how many are units, unless with the measure before it; all diagnoses are of ICD-9-CM
CREATE TEMP TABLE said (name text, line_no int, segment int, code text, many text, charge numeric, dos date, thru date, dx text, other text);
INSERT INTO said VALUES
	('automobile-accident', 1, 35, '98765', '1.00', 150.00, '1994-06-17', NULL, '884.2 884.2', 'rev 450'),
	('automobile-accident', 2, 38, '26591', '1.00', 75.00, '1997-03-18', NULL, '884.2 884.2', 'rev 360'),
	('automobile-accident', 3, 41, '86225', '2.00', 100.00, '1994-03-18', NULL, '884.2 884.2', 'rev 312'),
	('automobile-accident', 4, 44, '99283', '1.00', 220.00, '1994-03-18', NULL, '884.2 884.2', 'rev 360'),
	('coordination-of-benefits', 1, 43, '99213', '1.00', 43.00, '1997-10-03', NULL, '4779 2724 2780 53081', NULL),
	('coordination-of-benefits', 2, 46, '90782', '1.00', 15.00, '1997-10-03', NULL, '4779 2724', NULL),
	('coordination-of-benefits', 3, 49, 'J3301', '1.00', 21.04, '1997-10-03', NULL, '4779 2724', NULL),
	('demo.ambulance.example5', 1, 36, 'A0427-RH', '1.00', 700.00, '2005-02-08', NULL, '8628 E8888 9592 8540', 'control 1001'),
	('demo.ambulance.example5', 2, 42, 'A0425-RH', '21.00', 8.20, '2005-02-08', NULL, '8628 E8888 9592 8540', 'control 1002'),
	('demo.ambulance.example5', 3, 47, 'A0422-RH', '1.00', 46.00, '2005-02-08', NULL, '8628 E8888 9592 8540', 'control 1003'),
	('demo.ambulance.example5', 4, 51, 'A0382-RH', '1.00', 12.30, '2005-02-08', NULL, '8628 E8888 9592 8540', 'control 1004'),
	('demo.cob.2ndary.example4', 1, 28, '98940', '1.00', 145.50, '2005-02-15', NULL, '7215', 'control 01'),
	('demo.cob.example3.C', 1, 51, '99213', '1.00', 43.00, '2005-10-03', NULL, '4779 2724 2780 53081', NULL),
	('demo.cob.example3.C', 2, 57, '90782', '1.00', 15.00, '2005-10-03', NULL, '4779 2724', NULL),
	('demo.cob.example3.C', 3, 62, 'J3301', '1.00', 21.04, '2005-10-03', NULL, '4779 2724', NULL),
	('demo.cob.example4', 1, 38, '99203-25', '1.00', 120.00, '2005-01-19', NULL, '71516 71906', NULL),
	('demo.drug.example10.1', 1, 25, '90782', '1.00', 50.00, '2004-07-11', NULL, '03591', NULL),
	('demo.drug.example10.1', 2, 28, 'J1550', '1.00', 53.37, '2004-07-11', NULL, '03591', NULL),
	('demo.drug.example10.3', 1, 24, 'S9500', '7.00', 1400.00, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.drug.example10.3', 2, 28, 'J0696', '56.00', 682.50, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.drug.example10.3', 3, 36, 'J7051', '28.00', 15.12, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.drug.example10.3', 4, 44, 'J3490', '7.00', 67.69, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.drug.example10.3', 5, 52, 'J3490', '14.00', 57.12, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.drug.example10.3', 6, 60, 'J3490', '7.00', 10.50, '2004-02-01', '2004-02-07', '4659', NULL),
	('demo.example11', 1, 32, 'E0570-RR', '1.00', 25.00, '2005-05-14', NULL, '496 25000', NULL),
	('demo.example11', 2, 36, 'A7003-NU', '1.00', 3.75, '2005-05-14', NULL, '496', NULL),
	('demo.example12', 1, 39, '99284', '1.00', 252.71, '2005-05-06', NULL, '9951', NULL),
	('demo.example2', 1, 32, '99213', '1.00', 40.00, '2006-10-03', NULL, '0340', NULL),
	('demo.example2', 2, 35, '87072', '1.00', 15.00, '2006-10-03', NULL, '0340', NULL),
	('demo.example2', 3, 38, '99214', '1.00', 35.00, '2006-10-10', NULL, 'V7389', NULL),
	('demo.example2', 4, 41, '86663', '1.00', 10.00, '2006-10-10', NULL, 'V7389', NULL),
	('demo.example7', 1, 23, 'E1390-RR', '1.00', 461.10, '2005-03-21', NULL, '496 51881', NULL),
	('demo.example7', 2, 46, 'E0431-RR', '1.00', 59.14, '2005-03-21', NULL, '496 51881', NULL),
	('demo.example8', 1, 25, 'K0001-RR-KH-BR', '1.00', 75.00, '2005-03-21', NULL, '436 3449', NULL),
	('demo.example9', 1, 29, '00142-QK-QS-P1', 'MJ 61.00', 827.00, '2005-01-12', NULL, '36616', NULL),
	('dependent-commercial-insurance-01', 1, 39, '99204', '1.00', 60.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-01', 2, 42, '72100', '1.00', 75.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-01', 3, 45, '97010', '1.00', 25.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-01', 4, 48, '97014', '1.00', 25.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-01', 5, 51, '97124', '1.00', 35.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-01', 6, 54, '97035', '1.00', 25.00, '1997-03-18', NULL, '8472', NULL),
	('dependent-commercial-insurance-02', 1, 42, '99242', '1.00', 120.00, '1997-02-26', NULL, '81602', NULL),
	('dependent-commercial-insurance-02', 2, 45, 'A4570', '1.00', 25.00, '1997-02-26', NULL, '81602', NULL),
	('dependent-commercial-insurance-02', 3, 48, '73140', '1.00', 50.00, '1997-02-26', NULL, '81602', NULL),
	('dependent-commercial-insurance-02', 4, 51, '99283', '1.00', 210.00, '1997-02-12', NULL, '81602 354', 'pos 23'),
	('homeowners', 1, 36, '98765', '1.00', 75.00, '1997-03-18', NULL, '922.3 847.2', 'rev 450'),
	('homeowners', 2, 39, '72110', '1.00', 150.00, '1997-03-18', NULL, '922.3 847.2', 'rev 320'),
	('homeowners', 3, 42, '99282', '1.00', 225.00, '1997-03-18', NULL, '922.3 847.2', 'rev 360'),
	('institutional', 1, 41, '85025', '1.00', 13.39, '1996-09-11', NULL, '366.9 401.9 794.31', 'rev 305'),
	('institutional', 2, 44, '93005', '3.00', 76.54, '1996-09-11', NULL, '366.9 401.9 794.31', 'rev 730'),
	('institutional-ppo-repriced', 1, 40, NULL, 'DA 2.00', 802.00, '1996-12-22', '1996-12-24', '643.03', 'rev 120'),
	('institutional-ppo-repriced', 2, 42, NULL, '1.00', 354.49, '1996-12-22', '1996-12-24', '643.03', 'rev 250'),
	('institutional-ppo-repriced', 3, 44, NULL, '1.00', 949.68, '1996-12-22', '1996-12-24', '643.03', 'rev 258'),
	('institutional-ppo-repriced', 4, 46, NULL, '1.00', 112.02, '1996-12-22', '1996-12-24', '643.03', 'rev 270'),
	('institutional-ppo-repriced', 5, 48, NULL, '1.00', 375.50, '1996-12-22', '1996-12-24', '643.03', 'rev 300'),
	('patient-is-dependent', 1, 42, '99213', '1.00', 40.00, '1998-10-03', NULL, '0340', NULL),
	('patient-is-dependent', 2, 45, '87072', '1.00', 15.00, '1998-10-03', NULL, '0340', NULL),
	('patient-is-dependent', 3, 48, '99214', '1.00', 35.00, '1998-10-10', NULL, 'V7389', NULL),
	('patient-is-dependent', 4, 51, '86663', '1.00', 10.00, '1998-10-10', NULL, 'V7389', NULL),
	('patient-is-subscriber', 1, 33, '99213', '1.00', 40.00, '1998-10-03', NULL, '0340', NULL),
	('patient-is-subscriber', 2, 36, '87072', '1.00', 15.00, '1998-10-03', NULL, '0340', NULL),
	('patient-is-subscriber', 3, 39, '99214', '1.00', 35.00, '1998-10-10', NULL, 'V7389', NULL),
	('patient-is-subscriber', 4, 42, '86663', '1.00', 10.00, '1998-10-10', NULL, 'V7389', NULL),
	('workers-compensation', 1, 37, '98765', '1.00', 100.00, '1997-02-12', NULL, '816.02 354.0', 'rev 450'),
	('workers-compensation', 2, 40, '73140', '1.00', 50.00, '1997-02-12', NULL, '816.02 354.0', 'rev 320'),
	('workers-compensation', 3, 43, '99283', '1.00', 200.00, '1997-02-12', NULL, '816.02 354.0', 'rev 360');

CREATE TEMP TABLE got AS SELECT f.name, l.* FROM file f, claim_lines_of_837(f.body) l;
CREATE TEMP VIEW expected AS
SELECT c.name, c.kind, c.claim_id, s.line_no, substring(s.other FROM '^control (.*)') AS line_control, '1' AS frequency, NULL::text AS replaces, c.patient, c.subscriber, c.billing, c.rendering, c.referring,
	c.taxonomy, CASE WHEN c.kind = 'professional' THEN coalesce(substring(s.other FROM '^pos (.*)'), c.place) END AS pos, CASE WHEN c.kind = 'institutional' THEN c.place END AS bill_type, c.payer,
	s.dos, coalesce(s.thru, s.dos) AS thru, CASE WHEN s.code IS NOT NULL THEN 'HC' END AS qualifier, split_part(s.code, '-', 1) AS code, nullif((string_to_array(s.code, '-'))[2:], '{}') AS modifiers,
	substring(s.other FROM '^rev (.*)') AS revenue, CASE WHEN s.many !~ 'MJ' THEN substring(s.many FROM '[0-9.]+')::numeric END AS units,
	CASE WHEN s.many ~ 'MJ' THEN substring(s.many FROM '[0-9.]+')::numeric END AS minutes, CASE WHEN s.many ~ 'DA' THEN substring(s.many FROM '[0-9.]+')::numeric END AS days,
	s.charge, string_to_array(s.dx, ' ') AS dx, 9 AS icd, s.segment
FROM claim c JOIN said s USING (name);

SELECT is((SELECT count(DISTINCT name) FROM said), (SELECT count(*) FROM file), 'each file is written down');
SELECT is((SELECT string_agg(format('%s %s: %s', name, line_no, t), E'\n') FROM (SELECT name, line_no, 'missing ' || e AS t FROM (SELECT * FROM expected EXCEPT SELECT name, kind, claim_id, line_no, line_control, frequency,
			replaces, patient, subscriber, billing, rendering, referring, taxonomy, pos, bill_type, payer, dos, thru, qualifier, code, modifiers, revenue, units, minutes, days, charge, dx, icd, segment FROM got) e
		UNION ALL SELECT name, line_no, 'too many ' || e FROM (SELECT name, kind, claim_id, line_no, line_control, frequency,
			replaces, patient, subscriber, billing, rendering, referring, taxonomy, pos, bill_type, payer, dos, thru, qualifier, code, modifiers, revenue, units, minutes, days, charge, dx, icd, segment FROM got EXCEPT SELECT * FROM expected) e) d), NULL,
	'every line of every file is as it was written down');

-- the line is what the columns say; diagnoses of ICD-9-CM are none of it
SELECT is_empty($$SELECT name, line_no, line, line_error FROM got WHERE code IS NOT NULL AND (line IS NULL OR line_code(line) <> code OR line_modifiers(line) IS DISTINCT FROM coalesce(modifiers, '{}')
	OR line_units(line) <> coalesce(units, 1) OR line_minutes(line) IS DISTINCT FROM minutes OR line_dos(line) <> dos OR coalesce(line_thru(line), dos) <> thru OR cardinality(coalesce(line_dx(line), '{}')) > 0
	OR line_error !~ '^Diagnosis ".*" is of ICD-9-CM.$' OR NOT 'dx' = ANY (line_unread(line)))$$, 'each line is as its columns');
SELECT results_eq($$SELECT DISTINCT line_error FROM got WHERE line IS NULL ORDER BY 1$$, $$VALUES ('Revenue line 120, no procedure code.'), ('Revenue line 250, no procedure code.'), ('Revenue line 258, no procedure code.'),
	('Revenue line 270, no procedure code.'), ('Revenue line 300, no procedure code.')$$, 'lines without a procedure code say so');
SELECT is((SELECT line FROM got WHERE name = 'demo.example9'), '00142-QK-QS-P1 61min 2005-01-12 specialty=207L00000X unread=dx'::claimline, 'anesthesia is billed once, in minutes');
SELECT is((SELECT line FROM got WHERE name = 'demo.drug.example10.3' AND line_no = 2), 'J0696 x56 2004-02-01..2004-02-07 referral=yes unread=dx'::claimline, 'a line of several days, ordered by someone');

-- nothing is lost: segments in are segments out, lines out are SV1, SV2 and SV3, and nothing is wrong but the separators
CREATE TEMP TABLE segment AS SELECT f.name AS file, s.* FROM file f, claim_segments_of_x12(f.body) s;
SELECT is_empty($$SELECT f.name FROM file f LEFT JOIN segment s ON s.file = f.name GROUP BY f.name, f.body HAVING string_agg(s.body, '~' ORDER BY s.segment) || '~' <> regexp_replace(f.body, '[\r\n]', '', 'g')
	OR count(*) <> regexp_count(f.body, '~') OR max(s.segment) <> count(*)$$, 'the segments of each file are its text');
SELECT is_empty($$SELECT name FROM file f WHERE regexp_count(body, '(^|~)\s*SV[123]\*') <> (SELECT count(*) FROM got WHERE got.name = f.name)$$, 'the lines of each file are its SV1 and SV2');
SELECT is_empty($$SELECT file, segment, name FROM segment WHERE name ~ '^(CLM|SV[123]|LX|HL|ST|SE|GS|GE|ISA|IEA)$' AND NOT is_read$$, 'what makes a claim is read');
SELECT is((SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM segment WHERE NOT is_read),
	'AMT BHT CAS CL1 CR1 CR2 CR3 CRC CTP DMG DTP FRM HCP HI LIN LQ MEA N3 N4 NM1 NTE OI PAT PER PRV PWK QTY REF SBR SVD', 'what is not read into lines says so');
SELECT results_eq($$SELECT file, fault FROM segment WHERE fault IS NOT NULL ORDER BY 1$$,
	$$SELECT n, 'components are separated by ">", not by ":" as before' FROM unnest('{demo.cob.2ndary.example4,demo.example11,demo.example12,demo.example9}'::text[]) n$$, 'another component separator than ISA has is told');
SELECT * FROM finish();

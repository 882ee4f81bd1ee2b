-- What is said beside an answer, and to who is refused: notices of policies and guards, hints of the form of a line.

SET datestyle = 'ISO';

-- a shipped policy is replaced

CREATE TABLE visit (patient text, provider text, dos date, claim_id text, line_no int, code text, modifiers text[], units numeric, minutes int, dx text[]);
CREATE INDEX ON visit (patient, provider, dos);
SELECT claim_source_add('visits', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no",
	"code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes", "dx": "dx"}');
SELECT claim_guard_add('visits', 'medicare-secondary');
BEGIN;
UPDATE claim_policy SET settings = jsonb_set(settings, '{unit_rule}', '"ama"') WHERE name = 'medicare';
-- the row is another, what it says is not
UPDATE claim_policy SET note = 'ours' WHERE name = 'medicare';
UPDATE claim_policy SET settings = settings WHERE name = 'medicare';
-- and again
UPDATE claim_policy SET settings = jsonb_set(settings, '{unit_rule}', '"cms"') WHERE name = 'medicare';
DELETE FROM claim_policy WHERE name = 'medicare';
ROLLBACK;
BEGIN;
INSERT INTO claim_policy (name, settings) VALUES ('hns', '{"extends": "medicare"}'), ('ours', '{"extends": "hns"}');
INSERT INTO claim_policy (name, settings) VALUES ('cpt', '{"extends": "medicare"}') ON CONFLICT (name) DO UPDATE SET settings = excluded.settings;
-- what was shipped under another name, and what was not shipped
INSERT INTO claim_policy (name, settings) SELECT 'same', settings FROM claim_policy WHERE name = 'medicare';
UPDATE claim_policy SET settings = settings || '{"extends": "cpt"}' WHERE name = 'ours';
DELETE FROM claim_policy WHERE name IN ('hns', 'ours');
ROLLBACK;
-- by a role that may write policies and see no scans
BEGIN;
CREATE ROLE notices_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON claim_policy TO notices_writer;
SET LOCAL ROLE notices_writer;
SET LOCAL row_security = off;
UPDATE claim_policy SET settings = jsonb_set(settings, '{unit_rule}', '"ama"') WHERE name = 'medicare';
ROLLBACK;

-- rows go to quarantine

SELECT claim_guard_add('visits', action => 'quarantine');
INSERT INTO visit VALUES ('P1', 'N', '2024-08-01', 'A', 1, '98940', '{AT}', 1, NULL, '{M99.01}');
INSERT INTO visit VALUES ('P1', 'N', '2024-08-01', 'A', 2, '97124', '{GP}', 1, 15, '{M99.01}');
INSERT INTO visit VALUES ('P2', 'N', '2024-08-01', 'B', 1, '98940', '{AT}', 1, NULL, '{M99.01}'), ('P2', 'N', '2024-08-01', 'B', 2, '97124', '{GP}', 1, 15, '{M99.01}'),
	('P3', 'N', '2024-08-01', 'C', 1, '97124', '{GP}', 9, 15, '{M99.01}'), ('P4', 'N', '2024-08-01', 'D', 1, '97110', '{GP}', 1, 15, '{M54.2}');
UPDATE visit SET code = '97124', modifiers = '{GP}', units = 9 WHERE patient = 'P4';
-- nothing to move
DELETE FROM visit WHERE patient = 'P1' AND line_no = 2;
INSERT INTO visit VALUES ('P5', 'N', '2024-08-01', 'E', 1, '97110', '{GP}', 1, 15, '{M54.2}');
SELECT patient, count(*) FROM claim_quarantine GROUP BY 1 ORDER BY 1;
-- guards that do otherwise say nothing of it
SELECT claim_guard_add('visits', action => 'annotate');
INSERT INTO visit VALUES ('P6', 'N', '2024-08-01', 'F', 1, '97124', '{GP}', 9, 15, '{M99.01}');
SELECT claim_source_drop('visits');
DELETE FROM claim_quarantine WHERE source = 'visits';
DROP TABLE visit;

-- another form of a line

SELECT '97124 08/01/2024'::claimline;
SELECT '97124-GP 2'::claimline;
SELECT '97124 GP'::claimline;
SELECT '97124:GP'::claimline;
SELECT '97124 M54.2'::claimline;
SELECT '97124 9:05'::claimline;
SELECT '97124 units=2'::claimline;
SELECT claim_edits('{97124 x2,98941}');
SELECT ''::claimline;
SELECT claim_edits('97124'::claimline, 'hns');
SELECT claim_passes('97124', 'hns');

-- claims files that are not as they should be

CREATE FUNCTION file_of(claims text, set text DEFAULT '837', trailer text DEFAULT 'IEA*1*000000001~') RETURNS text LANGUAGE sql AS $$
	SELECT 'ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240801*1200*^*00501*000000001*0*T*:~GS*HC*A*B*20240801*1200*7*X*005010X222A1~ST*' || set || '*1~' || claims
		|| 'SE*' || regexp_count(claims, '~') + 2 || '*1~GE*1*7~' || trailer $$;
SELECT claim_id, line FROM claim_lines_of_837(file_of('HL*1**20*1~HL*2*1*22*0~NM1*IL*1*PATIENT*ONE****MI*M1~CLM*A*45***11:B:1~LX*1~SV1*HC:97124*45*UN*2~'));
SELECT claim_id, line FROM claim_lines_of_837(file_of('HL*1**20*1~HL*2*1*22*0~NM1*IL*1*PATIENT*ONE****MI*M1~CLM*A*45***11>B>1~LX*1~SV1*HC>97124*45*UN*2~', trailer => 'IEA*2*000000001~'));
SELECT claim_id, line FROM claim_lines_of_837(file_of('', '835'));
SELECT claim_id, paid FROM claim_payments_of_835(file_of('CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*15~', '835', ''));
SELECT claim_id, paid FROM claim_payments_of_835('/in/20240801.835');
DROP FUNCTION file_of;

-- A database of release 0.1.0 with all that it can keep, made by the role that installs the extension.

CREATE SCHEMA claims;
CREATE EXTENSION claimline SCHEMA claims;
GRANT USAGE ON SCHEMA claims TO analyst;

-- values
CREATE TABLE kept (line claimline PRIMARY KEY, day claimday, rules claim_ruleset);
INSERT INTO kept VALUES
	('97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2 region=cervical specialty=35 referral=yes visit=3', '{"C1" 1 97124-GP x2 30min 2024-08-01; "C1" 2 -; - - 98941}', starter_ruleset()),
	('98941-AT x1 2024-08-01 dx=M99.01', '{- 1 97124}', ruleset('hns')), ('97140', NULL, ruleset('cpt', 'starter'));
CREATE INDEX ON kept (line_code(line)) WHERE claim_passes(line);
ALTER TABLE kept ADD CHECK (line_units(line) < 100), ADD judged boolean GENERATED ALWAYS AS (claim_passes(line)) STORED;
CREATE TABLE kept_finding (finding claim_finding);
INSERT INTO kept_finding SELECT e FROM claim_edits('97124 x1 2024-08-01'::claimline) e;
CREATE TABLE kept_row OF claim_finding;
INSERT INTO kept_row SELECT * FROM claim_edits('97124 x1 2024-08-01'::claimline);

-- policies, figures and presets of one's own
UPDATE claim_policy SET settings = settings || '{"visits_limit": 7}', note = 'our contract' WHERE name = 'hns';
INSERT INTO claim_policy (name, settings) VALUES ('plan', '{"extends": "cpt", "massage_codes": ["97124"], "visits_limit": 12, "cmt_massage": "bundled"}');
INSERT INTO claim_conversion_factor (valid_from, factor, source) VALUES ('2024-01-01', 40, 'our contract');
INSERT INTO claim_preset (preset, part, field, column_name, source) VALUES ('mine', 'map', 'code', 'code', 'our table'), ('mine', 'map', 'patient', 'person', 'our table');

-- editions
INSERT INTO ncci_mue_import VALUES ('HCPCS/ CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '3', '3 Date of Service Edit: Clinical', 'CMS Policy'),
	('97140', '3', '3 Date of Service Edit: Clinical', 'CMS Policy');
SELECT ncci_publish('q1', 'practitioner', '[2024-07-01,2024-09-30]');
INSERT INTO ncci_mue_import VALUES ('HCPCS/ CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '2', '3 Date of Service Edit: Clinical', 'CMS Policy'),
	('97140', '3', '3 Date of Service Edit: Clinical', 'CMS Policy');
SELECT ncci_publish('q2', 'practitioner', '[2024-10-01,2024-12-31]');
SELECT ncci_retire('q2', 'practitioner', 'an example');

-- sources: by columns, by a preset with several lines a row, by one with joined tables, with an expression, partitioned
CREATE TABLE visit (gone int, person text, npi bigint, day text, claim text, no int, code text, mods text, units text, minutes numeric, dx text[], billed numeric, changed timestamptz);
ALTER TABLE visit DROP gone;
INSERT INTO visit SELECT 'P' || i % 40, 1999000000 + i % 3, to_char(date '2024-08-01' + i % 5, CASE i % 2 WHEN 0 THEN 'YYYYMMDD' ELSE 'MM/DD/YYYY' END), 'C' || i, 1,
	(ARRAY['97124', '97140', '98941', 'nonsense'])[1 + i % 4], CASE i % 3 WHEN 0 THEN 'GP 59' END, (i % 5)::text || '.0', i % 61, '{M54.2,M9901}', i + 0.5, '2026-01-01'::timestamptz + i * interval '1 hour'
	FROM generate_series(1, 400) i;
CREATE INDEX ON visit (person, npi, claim_read_date(day));
SELECT claim_source_add('visits', 'visit', charge => 'billed', watermark => 'changed', columns => '{"patient": "person", "provider": "npi", "dos": "day", "claim_id": "claim", "line_no": "no",
	"code": "code", "modifiers": {"column": "mods", "missing": ["~"]}, "units": "units", "minutes": "minutes", "dx": "dx", "referral": {"value": true},
	"specialty": {"expression": "CASE WHEN npi = 1999000001 THEN ''35'' END"}}');
CREATE TABLE carrier AS SELECT 'P' || i % 9 AS desynpuf_id, i::text AS clm_id, '20240801' AS clm_from_dt, '20240801' AS clm_thru_dt, '1999' AS prf_physn_npi_1, '97124' AS hcpcs_cd_1,
	'1999' AS prf_physn_npi_2, '97140' AS hcpcs_cd_2, 'M542' AS line_icd9_dgns_cd_1 FROM generate_series(1, 20) i;
SELECT claim_source_add('carrier', 'carrier', 'synpuf');
CREATE TABLE own AS SELECT 'P1' AS person, '97124' AS code;
SELECT claim_source_add('own', 'own', 'mine');
CREATE TABLE part (person text, npi text, dos date, claim text, no int, code text, mods text[], units numeric, minutes int) PARTITION BY RANGE (dos);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2024-09-01');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2024-09-01') TO ('2025-01-01');
CREATE INDEX ON part (person, npi, dos);
SELECT claim_source_add('parts', 'part', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}');
INSERT INTO part SELECT 'P' || i % 30, 'N', date '2024-08-01' + i % 60, 'C' || i, 1, (ARRAY['97124', '97140', '98940'])[1 + i % 3], '{GP}', 1 + i % 3, 15 FROM generate_series(1, 300) i;

-- scans, the log, guards
CALL claim_scan('visits');
CALL claim_scan('visits', 'plan', at_least => 'review');
SELECT claim_source_track('parts');
CALL claim_scan('parts', 'plan');
UPDATE part SET units = 5 WHERE claim = 'C7';
DELETE FROM part WHERE claim = 'C9';
UPDATE visit SET units = '9', changed = '2026-06-01' WHERE claim = 'C12';
CALL claim_scan('visits');
CALL claim_scan('parts', 'plan');
UPDATE part SET minutes = 16 WHERE claim = 'C20';
SELECT claim_guard_add('parts', 'plan', action => 'annotate');
INSERT INTO part VALUES ('P1', 'N2', '2024-08-01', 'D1', 1, '97124', '{GP}', 4, 15);
SELECT claim_guard_add('parts', 'plan', action => 'quarantine');
INSERT INTO part VALUES ('P2', 'N2', '2024-08-01', 'D2', 1, '97124', '{GP}', 4, 15);
SELECT claim_guard_add('parts', 'plan', 'review');
SELECT claim_guard_add('visits', 'hns', 'deny', 'annotate');
UPDATE visit SET minutes = 5 WHERE claim = 'C13';

-- what users build on it
CREATE VIEW worst AS SELECT f.patient, f.rule, l.line FROM claim_findings f LEFT JOIN visits_lines l ON l.claim_id = f.claim_id AND l.line_no = f.line_no WHERE f.severity = 'deny';
GRANT SELECT ON claim_findings TO analyst;
REVOKE SELECT ON claim_report_rules FROM PUBLIC;

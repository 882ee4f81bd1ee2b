-- The database that is upgraded: an edition is in the import tables.
SELECT ncci_publish('q1', 'practitioner', '[2025-04-01,2025-07-01)');
UPDATE claim_policy SET settings = settings || '{"visits_limit": 7}', note = 'our contract' WHERE name = 'hns';
INSERT INTO claim_policy (name, settings, note, source) VALUES ('plan', '{"extends": "cpt", "massage_codes": ["97124"], "visits_limit": 12, "cmt_massage": "bundled"}', 'it''s ours', 'contract 2025');

-- stored values, with what they hash to
CREATE TABLE kept (n int, line claimline, day claimday, rules claim_ruleset, hash bigint, day_hash bigint, rules_hash text, passes boolean GENERATED ALWAYS AS (claim_passes(line)) STORED);
INSERT INTO kept (n, line, day, rules)
SELECT n, l, claimday(ARRAY[l, '98941-AT x1 2025-08-01']::claimline[]), CASE WHEN n % 100 = 0 THEN ruleset(CASE WHEN n % 200 = 0 THEN 'plan' ELSE 'medicare' END, 'q1') END
FROM generate_series(1, 1000) n, LATERAL (SELECT claimline((ARRAY['97124', '97140', '97110', 'Y0001'])[1 + n % 4], CASE WHEN n % 3 = 0 THEN '{59,GP}' ELSE '{}' END::text[], n % 9 + n % 2 / 2.0,
	nullif(n % 70, 0), date '2025-08-01' + n % 90, CASE WHEN n % 5 = 0 THEN time '10:00' END, CASE WHEN n % 7 > 2 THEN ARRAY['M99.0' || n % 5] ELSE '{}' END) AS l) x;
UPDATE kept SET hash = claimline_hash_extended(line, 1), day_hash = claimday_hash_extended(day, 1), rules_hash = ruleset_hash(rules);
CREATE INDEX kept_line ON kept (line);
CREATE INDEX kept_hash ON kept USING hash (line);
CREATE INDEX kept_denied ON kept (n) WHERE NOT claim_passes(line);

-- a source with all that there is
CREATE TABLE visit (gone int, patient text, npi text, dos date, claim text, code text, mods text[], units numeric, minutes int, dx text[], billed numeric);
ALTER TABLE visit DROP gone;
CREATE INDEX ON visit (patient, npi, dos);
SELECT claim_source_add('visits', 'visit', charge => 'billed', columns => '{"patient": "patient", "provider": "npi", "dos": "dos",
	"claim_id": "claim", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes", "dx": "dx"}');
INSERT INTO visit SELECT 'P' || i % 50, 'N1', date '2024-08-01' + i % 7, 'C' || i, (ARRAY['97124', '97140', '98941'])[1 + i % 3], '{GP}', 1 + i % 2, 15, '{M99.01}', 40
FROM generate_series(1, 300) i;
SELECT claim_source_track('visits');
CALL claim_scan('visits', 'plan');
UPDATE visit SET units = 3 WHERE claim = 'C7';
CALL claim_scan('visits', 'plan');
SELECT claim_guard_add('visits', 'plan', action => 'annotate');
INSERT INTO visit VALUES ('P1', 'N2', '2024-08-01', 'D1', '97124', '{GP}', 4, 15, NULL, 40);
SELECT claim_guard_add('visits', 'plan', action => 'quarantine');
INSERT INTO visit VALUES ('P2', 'N2', '2024-08-01', 'D2', '97124', '{GP}', 4, 15, NULL, 40);
SELECT claim_guard_add('visits', 'plan');
CALL claim_scan('visits', 'plan');
INSERT INTO visit VALUES ('P3', 'N2', '2024-08-01', 'D3', '97124', '{GP}', 1, 15, '{F41.1}', 40);

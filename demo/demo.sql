-- demo/demo.sql
--
-- Run after claims.sql: ask the claims tables in SQL, then compare with what was planted.

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS claimline;
DROP VIEW IF EXISTS lines CASCADE;
DROP TABLE IF EXISTS finding, accepted_line CASCADE;
SELECT claim_source_drop(name) FROM claim_sources WHERE name = 'claims' \g /dev/null
DROP TABLE IF EXISTS guarded_claim;
RESET client_min_messages;
\pset footer off
\pset pager off
\pset columns 100
\pset format wrapped
\pset null '-'

\echo
\echo '1. The claims'
\echo

-- A row that is not a valid line stays, with its error.
CREATE VIEW lines AS
SELECT c.person_id AS patient_id, c.rendering_npi AS npi, d.dos,
	   c.claim_id, c.claim_line_number AS line_no,
	   try_claimline(code => c.hcpcs_code, modifiers => m.modifiers, units => c.service_unit_quantity,
					 minutes => v.minutes, dos => d.dos, start_time => v.start_time,
					 dx => m.dx, regions => m.regions) AS line,
	   claimline_error(code => c.hcpcs_code, modifiers => m.modifiers, units => c.service_unit_quantity,
					   minutes => v.minutes, dos => d.dos, start_time => v.start_time,
					   dx => m.dx, regions => m.regions) AS line_error
FROM medical_claim c
LEFT JOIN visit_note v USING (claim_id, claim_line_number)
CROSS JOIN LATERAL (SELECT coalesce(c.claim_line_start_date, c.claim_start_date) AS dos) d
CROSS JOIN LATERAL (SELECT
	ARRAY[c.hcpcs_modifier_1, c.hcpcs_modifier_2, c.hcpcs_modifier_3, c.hcpcs_modifier_4, c.hcpcs_modifier_5] AS modifiers,
	ARRAY[c.diagnosis_code_1, c.diagnosis_code_2, c.diagnosis_code_3, c.diagnosis_code_4] AS dx,
	coalesce(v.regions, '{}') AS regions) m;

SELECT count(*) AS lines,
	   count(*) FILTER (WHERE line IS NULL) AS not_valid,
	   (SELECT count(*) FROM (SELECT FROM lines GROUP BY patient_id, npi, dos) d) AS provider_days,
	   count(DISTINCT patient_id) AS patients,
	   count(DISTINCT npi) AS providers,
	   min(dos) AS first_dos, max(dos) AS last_dos
FROM lines;

SELECT claim_id, line_no, line FROM lines WHERE line IS NOT NULL ORDER BY claim_id, line_no LIMIT 4;

SELECT DISTINCT ON (line_error) claim_id, line_no, line_error
FROM lines WHERE line IS NULL ORDER BY line_error, claim_id LIMIT 4;

\echo
\echo '2. All findings of all provider-days, Medicare rules'
\echo

\timing on
CREATE TABLE finding AS
SELECT e.*
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM lines GROUP BY patient_id, npi, dos) d,
	 claim_edits(d.day, ruleset('medicare')) e;
\timing off
\echo

SELECT r.family, r.rule, f.severity, count(*) AS findings
FROM finding f JOIN claim_rules() r USING (rule)
GROUP BY r.family, r.rule, f.severity
ORDER BY r.family, r.rule, f.severity DESC;

\echo
\echo '3. Some of them in full'
\echo

\x on
SELECT f.claim_id, f.line_no, l.line AS billed, f.rule, f.severity, f.message,
	   f.with_claim_id, f.with_line_no, f.suggestion, f.condition,
	   concat_ws(' ', f.carc, f.rarc) AS codes, f.citation
FROM (VALUES (1, 'units-minutes'), (2, 'mue-day'), (3, 'ptp'), (4, 'cmt-region'),
			 (5, 'mod-missing'), (6, 'mod-prefer'), (7, 'units-unknown'), (8, 'edition-coverage')) AS chosen (position, rule),
	 LATERAL (SELECT * FROM finding f WHERE f.rule = chosen.rule
			  ORDER BY f.severity DESC, f.suggestion IS NULL, f.claim_id, f.line_no LIMIT 1) f
JOIN lines l USING (claim_id, line_no)
ORDER BY chosen.position;
\x off

\echo
\echo '4. Which modifier, and on what condition'
\echo

-- Three days: the regions differ; 59 where XS says more; a pair that no modifier opens.
CREATE TEMP TABLE chosen_day AS
SELECT note, patient_id, npi, dos
FROM (SELECT DISTINCT ON (p.note) p.note, l.patient_id, l.npi, l.dos
	  FROM planted p JOIN lines l ON (l.claim_id, l.line_no) = (p.claim_id, p.claim_line_number)
	  WHERE p.note IN ('massage with CMT and no modifier, regions differ',
					   '59 counts; XS would say more',
					   '97140/97124 is never bypassed')
	  ORDER BY p.note, p.claim_id) d;

SELECT c.note AS day, l.claim_id, l.line_no, l.line
FROM chosen_day c JOIN lines l USING (patient_id, npi, dos)
ORDER BY c.note, l.claim_id, l.line_no;

\x on
SELECT c.note AS day, s.claim_id, s.line_no, s.line AS billed, s.suggestion, s.condition, s.reason
FROM (SELECT patient_id, npi, dos, claimday(claim_id, line_no, line) AS day
	  FROM lines JOIN chosen_day USING (patient_id, npi, dos) GROUP BY patient_id, npi, dos) d
JOIN chosen_day c USING (patient_id, npi, dos),
	 suggest_modifiers(d.day, ruleset('medicare')) s
ORDER BY c.note, s.claim_id, s.line_no;
\x off

\echo
\echo '5. A table that refuses a bad line'
\echo

CREATE TABLE accepted_line (
	line claimline NOT NULL,
	CONSTRAINT line_passes CHECK (claim_passes(line))
);
\echo 'INSERT 97124-GP x4 60min 2024-08-01'
INSERT INTO accepted_line VALUES ('97124-GP x4 60min 2024-08-01');
\echo 'INSERT 97124-GP x5 75min 2024-08-01'
\set ON_ERROR_STOP off
INSERT INTO accepted_line VALUES ('97124-GP x5 75min 2024-08-01');
\set ON_ERROR_STOP on
\echo
SELECT rule, severity, message FROM claim_edits('97124-GP x5 75min 2024-08-01'::claimline);
SELECT line AS accepted FROM accepted_line;

\echo
\echo '6. The table as a source: guarded, and scanned every night'
\echo

-- On a copy. The preset knows the columns of the layout, and says what they do not tell.
CREATE TABLE guarded_claim AS TABLE medical_claim;
SELECT claim_source_add('claims', 'guarded_claim', 'tuva') AS lines;
CREATE INDEX ON guarded_claim (claim_read_key(person_id), claim_read_key(rendering_npi), claim_line_start_date);
SELECT claim_source_track('claims') \g /dev/null
\echo
\echo 'CALL claim_scan: the first night, the second'
CALL claim_scan('claims');
CALL claim_scan('claims');
\echo

-- A day of manipulation; massage of the same region is written beside it.
SELECT claim_guard_add('claims') \g /dev/null
INSERT INTO guarded_claim (claim_id, claim_line_number, person_id, rendering_npi, claim_line_start_date, service_unit_quantity,
	hcpcs_code, hcpcs_modifier_1, diagnosis_code_1)
VALUES ('DEMO-1', 1, 'DEMO', '1999999999', '2024-08-01', 1, '98940', 'AT', 'M99.01');
\echo 'INSERT 97140-GP beside 98940-AT of the same day'
\set ON_ERROR_STOP off
INSERT INTO guarded_claim (claim_id, claim_line_number, person_id, rendering_npi, claim_line_start_date, service_unit_quantity,
	hcpcs_code, hcpcs_modifier_1, diagnosis_code_1)
VALUES ('DEMO-2', 1, 'DEMO', '1999999999', '2024-08-01', 1, '97140', 'GP', 'M99.03');
\set ON_ERROR_STOP on
\echo
SELECT claim_guard_add('claims', action => 'quarantine') \g /dev/null
INSERT INTO guarded_claim (claim_id, claim_line_number, person_id, rendering_npi, claim_line_start_date, service_unit_quantity,
	hcpcs_code, hcpcs_modifier_1, diagnosis_code_1)
VALUES ('DEMO-2', 1, 'DEMO', '1999999999', '2024-08-01', 1, '97140', 'GP', 'M99.03');
SELECT row_data ->> 'claim_id' AS moved_aside, row_data ->> 'hcpcs_code' AS code, findings -> 0 ->> 'rule' AS rule FROM claim_quarantine;

-- A line that was denied is taken away: the next scan judges the days that were touched.
DELETE FROM guarded_claim WHERE (claim_id, claim_line_number) =
	(SELECT claim_id, line_no FROM claim_findings WHERE rule = 'units-split-lines' AND severity = 'deny' ORDER BY claim_id, line_no LIMIT 1);
\echo
CALL claim_scan('claims');
\echo
SELECT change, claim_id, line_no, rule, severity FROM claim_changes ORDER BY change, claim_id, line_no, rule;
SELECT rule, severity, findings, days, charge FROM claim_report_rules WHERE severity = 'deny' ORDER BY findings DESC, rule LIMIT 5;
SELECT lines, days, charge FROM claim_report_charge;

\echo
\echo '7. Against what was planted'
\echo

-- A line and rule once. Found: with the severity that was planted.
CREATE TEMP TABLE judged AS
SELECT claim_id, line_no, rule, r.family, f.severity AS found, p.severity::claim_severity AS planted
FROM (SELECT claim_id, line_no, rule, max(severity) AS severity FROM finding GROUP BY 1, 2, 3) f
FULL JOIN (SELECT claim_id, claim_line_number AS line_no, rule, severity
		   FROM planted WHERE rule IS NOT NULL) p USING (claim_id, line_no, rule)
JOIN claim_rules() r USING (rule);

SELECT CASE WHEN grouping(family) = 1 THEN 'all' ELSE family END AS family,
	   count(planted) AS planted,
	   count(*) FILTER (WHERE found = planted) AS found,
	   round(count(*) FILTER (WHERE found = planted)::numeric / nullif(count(planted), 0), 3) AS recall,
	   count(*) FILTER (WHERE found = 'deny') AS denied,
	   count(*) FILTER (WHERE found = 'deny' AND planted IS DISTINCT FROM 'deny') AS wrongly,
	   round(count(*) FILTER (WHERE found = 'deny' AND planted = 'deny')::numeric
			 / nullif(count(*) FILTER (WHERE found = 'deny'), 0), 3) AS precision
FROM judged
GROUP BY ROLLUP (family)
ORDER BY grouping(family), family;

\echo 'Missed, or found with another severity:'
SELECT j.claim_id, j.line_no, j.rule, j.planted, j.found, p.note
FROM judged j
JOIN planted p ON (p.claim_id, p.claim_line_number, p.rule) = (j.claim_id, j.line_no, j.rule)
WHERE j.found IS DISTINCT FROM j.planted
ORDER BY j.rule, j.claim_id, j.line_no LIMIT 20;

\echo 'Denied, not planted:'
SELECT j.claim_id, j.line_no, j.rule, l.line
FROM judged j JOIN lines l USING (claim_id, line_no)
WHERE j.found = 'deny' AND j.planted IS DISTINCT FROM 'deny'
ORDER BY j.rule, j.claim_id, j.line_no LIMIT 20;

\echo 'Decoys: lines that look wrong and are right'
SELECT count(*) AS decoys,
	   count(*) FILTER (WHERE EXISTS (SELECT FROM judged j
			WHERE (j.claim_id, j.line_no) = (p.claim_id, p.claim_line_number)
			  AND j.found = 'deny' AND j.planted IS DISTINCT FROM 'deny')) AS denied
FROM planted p WHERE rule IS NULL;

-- Three stories, start to end, in the words of the tour, doc/tour.md: an analyst over a claims warehouse in the layout of Tuva, a trigger
-- author with a guarded table and a client that reads the error's fields, a nightly job over three nights.
--
-- What is taken as given: for the analyst the planted problems with the answers that a careful biller gives, written down beside
-- each; for the nightly job the analyst's query over all days, after every night.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own. The client of the second story is a psql
-- that runs beside this one: the server must let the roles in that are made here.

\i test/tap/lib.sql

SELECT no_plan();

--
-- For analysts: a claims warehouse
--

CREATE TABLE medical_claim (
	claim_id text, claim_line_number int, claim_type text, person_id text, rendering_npi text, claim_line_start_date date,
	service_unit_quantity numeric(18,3), hcpcs_code text,
	hcpcs_modifier_1 text, hcpcs_modifier_2 text, hcpcs_modifier_3 text, hcpcs_modifier_4 text, hcpcs_modifier_5 text,
	diagnosis_code_type text, diagnosis_code_1 text, diagnosis_code_2 text, diagnosis_code_3 text, diagnosis_code_4 text,
	charge_amount numeric(18,2)
);
CREATE INDEX ON medical_claim (person_id, rendering_npi, claim_line_start_date);

-- 120 days with nothing to object to: manipulation of one region with exercise, or exercise with re-education
INSERT INTO medical_claim
SELECT 'CLEAN-' || d, l, 'professional', 'PAT' || d % 40, '19990000' || d % 3 + 10, date '2024-01-01' + d, 1,
	CASE WHEN l = 1 THEN CASE WHEN d % 2 = 0 THEN '98940' ELSE '97112' END ELSE '97110' END,
	CASE WHEN l = 1 AND d % 2 = 0 THEN 'AT' ELSE 'GP' END, NULL, '', NULL, NULL,
	'icd-10-cm', CASE WHEN d % 2 = 0 THEN 'M9901' ELSE 'M54.50' END, NULL, NULL, NULL, 40
FROM generate_series(1, 120) d, generate_series(1, 2) l;

-- what is planted, a row a line; wanted: the denials and reviews that a careful biller finds on it
CREATE TABLE planted (
	what text, claim text, no int, person text, dos date, units numeric, code text, m1 text, m2 text, m3 text, dx_type text, dx text[], charge numeric,
	wanted text[]);
INSERT INTO planted VALUES
	('massage with manipulation, no modifier', 'P01', 1, 'S01', '2024-03-04', 1, '98941', 'AT', NULL, NULL, 'icd-10-cm', '{M9901,M99.02,M9903}', 60, '{}'),
	('massage with manipulation, no modifier', 'P01', 2, 'S01', '2024-03-04', 1, '97124', 'GP', NULL, NULL, 'icd-10-cm', '{M9903}', 35, '{ptp deny}'),
	('59 on massage of a region that was manipulated', 'P02', 1, 'S02', '2024-03-04', 1, '98941', 'AT', NULL, '', 'icd-10-cm', '{M9901,M9902,M9903}', 60, '{}'),
	('59 on massage of a region that was manipulated', 'P02', 2, 'S02', '2024-03-04', 1, '97124', 'GP', '', '59', 'icd-10-cm', '{M9903}', 35, '{cmt-region deny}'),
	('the pair is on two claims', 'P03A', 1, 'S03', '2024-03-05', 1, '98940', 'AT', NULL, NULL, 'icd-10-cm', '{M9901}', 45, '{}'),
	('the pair is on two claims', 'P03B', 1, 'S03', '2024-03-05', 1, '97140', 'GP', NULL, NULL, 'icd-10-cm', '{M9904}', 38, '{ptp deny}'),
	('massage beside manual therapy: no modifier opens it', 'P04', 1, 'S04', '2024-03-05', 1, '97140', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 38, '{}'),
	('massage beside manual therapy: no modifier opens it', 'P04', 2, 'S04', '2024-03-05', 1, '97124', '59', 'GP', NULL, 'icd-10-cm', '{M54.2}', 35, '{ptp deny}'),
	('five units of massage, four are the limit', 'P05', 1, 'S05', '2024-03-06', 5, '97124', 'gp', NULL, NULL, 'icd-10-cm', '{M54.2}', 175, '{mue-day deny}'),
	('therapy without its discipline', 'P06', 1, 'S06', '2024-03-06', 1, '97110', NULL, NULL, '', 'icd-10-cm', '{M54.2}', 40, '{mod-missing deny}'),
	('manipulation without AT', 'P07', 1, 'S07', '2024-03-07', 1, '98940', '', NULL, NULL, 'icd-10-cm', '{M9901}', 45, '{mod-missing deny}'),
	('a code of four characters', 'P08', 1, 'S08', '2024-03-07', 1, '9712', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 35, '{}'),
	('no units', 'P09', 1, 'S09', '2024-03-07', NULL, '97124', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 35, '{}'),
	('an office visit billed twice', 'P10A', 1, 'S10', '2024-03-08', 1, '99213', NULL, NULL, NULL, 'icd-10-cm', '{M54.2}', 90, '{}'),
	('an office visit billed twice', 'P10B', 1, 'S10', '2024-03-08', 1, '99213', NULL, NULL, NULL, 'icd-10-cm', '{M54.2}', 90, '{duplicate deny}'),
	('a date that the edition does not cover', 'P11', 1, 'S11', '2025-03-08', 1, '97113', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 40, '{edition-coverage review}'),
	('a modifier that there is not', 'P12', 1, 'S12', '2024-03-08', 1, '97110', 'GP', 'Q?', NULL, 'icd-10-cm', '{M54.2}', 40, '{}'),
	('three regions billed, two diagnosed', 'P13', 1, 'S13', '2024-03-11', 1, '98941', 'AT', NULL, NULL, 'icd-10-cm', '{M99.01,M9903}', 60, '{cmt-level review}'),
	('one timed code on two lines', 'P14', 1, 'S14', '2024-03-11', 1, '97110', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 40, '{units-split-lines deny}'),
	('one timed code on two lines', 'P14', 2, 'S14', '2024-03-11', 2, '97110', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 80, '{units-split-lines deny}'),
	-- what looks wrong and is right
	('massage of another region, XS', 'D01', 1, 'S21', '2024-03-12', 1, '98941', 'AT', NULL, '', 'icd-10-cm', '{M9901,M99.02,M9903}', 60, '{}'),
	('massage of another region, XS', 'D01', 2, 'S21', '2024-03-12', 1, '97124', 'xs', 'gp', '', 'icd-10-cm', '{M99.04}', 35, '{}'),
	('the same codes with two providers', 'D02', 1, 'S22', '2024-03-12', 1, '98940', 'AT', NULL, NULL, 'icd-10-cm', '{M9901}', 45, '{}'),
	('the same codes with two providers', 'D02', 2, 'S22', '2024-03-12', 1, '97124', 'GP', NULL, NULL, 'icd-10-cm', '{M9901}', 35, '{}'),
	('four units, the limit', 'D03', 1, 'S23', '2024-03-13', 4, '97124', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 140, '{}'),
	('a diagnosis of ICD-9 is left out', 'D04', 1, 'S24', '2024-03-13', 1, '97110', 'GP', NULL, NULL, 'icd-9-cm', '{724.2}', 40, '{}'),
	('the same patient a day later', 'D05', 1, 'S25', '2024-03-14', 1, '98940', 'AT', NULL, NULL, 'icd-10-cm', '{M9901}', 45, '{}'),
	('the same patient a day later', 'D05', 2, 'S25', '2024-03-15', 1, '97140', 'GP', NULL, NULL, 'icd-10-cm', '{M9901}', 38, '{}'),
	('no date of service', 'D06', 1, 'S26', NULL, 1, '97110', 'GP', NULL, NULL, 'icd-10-cm', '{M54.2}', 40, '{}');
INSERT INTO medical_claim
SELECT claim, no, 'professional', person, CASE WHEN claim = 'D02' AND no = 2 THEN '1999000099' ELSE '1999000001' END, dos, units, code,
	m1, m2, m3, NULL, NULL, dx_type, dx[1], dx[2], dx[3], dx[4], charge
FROM planted;
ANALYZE medical_claim;

SELECT is(claim_source_add('claims', 'medical_claim', 'tuva', columns => '{"dx": {"column": ["diagnosis_code_1", "diagnosis_code_2", "diagnosis_code_3", "diagnosis_code_4"], "of": "line"}}')::text, 'claims_lines', 'the table is a source');
SELECT is((SELECT count(*) FROM claims_lines), 269::bigint, 'each row of it is a row of the view');
SELECT results_eq('SELECT claim_id FROM claims_lines WHERE line_error IS NOT NULL ORDER BY 1', $$VALUES ('D04'), ('P08'), ('P09'), ('P12')$$, 'also those that are no lines, and those that lack a field which could not be read');
SELECT is((SELECT line::text FROM claims_lines WHERE claim_id = 'D01' AND line_no = 2), '97124-XS-GP x1 2024-03-12 dx=M99.04', 'blank slots and lower case are read');
SELECT bag_eq($$SELECT split_part(u, ':', 1) FROM claim_sources, unnest(unmapped) u WHERE name = 'claims' AND u ~ 'mapped:'$$,
	$$VALUES ('No minutes are mapped'), ('No start times are mapped'), ('No specialty is mapped'), ('No referral is mapped'), ('No visit number is mapped')$$,
	'and what the table cannot tell is said');

CREATE TABLE found AS
SELECT e.*
FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e;
SELECT bag_eq($$SELECT claim_id, line_no, rule || ' ' || severity FROM found WHERE severity >= 'review'$$,
	'SELECT claim, no, unnest(wanted) FROM planted', 'the whole analysis is one query: it denies what was planted and nothing else');
SELECT bag_eq($$SELECT claim_id, line_no FROM found WHERE rule = 'units-unknown'$$,
	$$SELECT claim_id, claim_line_number FROM medical_claim WHERE hcpcs_code IN ('97110', '97112', '97113', '97124', '97140') AND claim_id <> 'P09'$$,
	'and says of every timed line that its minutes are not known');
SELECT results_eq($$SELECT suggestion::text, condition IS NOT NULL FROM found WHERE claim_id = 'P03B' AND rule = 'ptp'$$,
	$$VALUES ('97140-XS-GP x1 2024-03-05 dx=M99.04', true)$$, 'with the modifier that fits, if the record shows it');
SELECT bag_eq($$SELECT l.claim_id, l.line_no, f.rule FROM (SELECT *, line_edits(line) OVER (PARTITION BY patient, provider, dos) AS findings FROM claims_lines) l,
	unnest(l.findings) f WHERE f.severity >= 'review'$$, $$SELECT claim_id, line_no, rule FROM found WHERE severity >= 'review'$$,
	'the window function has each finding beside its row');

CREATE FUNCTION reads(query text) RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Cond:' THEN
			RETURN trim(line);
		END IF;
	END LOOP;
	RETURN NULL;
END $$;
SELECT matches(reads($$SELECT e.* FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines WHERE patient = 'S03' GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e$$), 'person_id = ''S03''', 'a filter on the patient reaches the index of the table');
SELECT results_eq($$SELECT rule FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines WHERE patient = 'S03' GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity = 'deny'$$, $$VALUES ('ptp')$$, 'and answers for that patient');

-- what another payer's rules would change: this one pays nothing for massage with manipulation, whatever the modifier
WITH days AS MATERIALIZED (
	SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos
), before AS (
	SELECT e.claim_id, e.line_no FROM days, claim_edits(days.day, ruleset('medicare')) e WHERE e.severity = 'deny'
), after AS (
	SELECT e.claim_id, e.line_no FROM days, claim_edits(days.day, ruleset('mountain-state')) e WHERE e.severity = 'deny'
)
SELECT is((SELECT string_agg(claim_id || ' ' || line_no, ', ' ORDER BY 1) FROM (TABLE after EXCEPT TABLE before) g WHERE claim_id !~ 'CLEAN' AND claim_id ~ '^D'),
	'D01 2', 'another policy denies another line');

--
-- For trigger authors: refusing bad lines
--

CREATE TABLE billed (
	claim_id text, line_no int, line claimline NOT NULL,
	CONSTRAINT line_passes CHECK (claim_passes(line))
);
SELECT lives_ok($$INSERT INTO billed VALUES ('C3', 1, '97124-GP x4 60min 2024-08-01')$$, 'what a line shows by itself can be a constraint');
SELECT throws_ok($$INSERT INTO billed VALUES ('C3', 2, '97124-GP x5 75min 2024-08-01')$$, '23514', NULL, 'five units are refused');

CREATE SCHEMA clinic;
CREATE TABLE clinic.visit_line (
	patient_id text, npi text, dos date, claim_id text, line_no int,
	code text, modifiers text[], units numeric, minutes int, dx text[], PRIMARY KEY (claim_id, line_no)
);
CREATE INDEX ON clinic.visit_line (patient_id, npi, dos);
SELECT claim_source_add('visits', 'clinic.visit_line', columns => '{
	"patient": "patient_id", "provider": "npi", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no",
	"code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes", "dx": "dx"}') \g /dev/null
SELECT claim_guard_add('visits') \g /dev/null
INSERT INTO clinic.visit_line VALUES
	('P1', '1999000001', '2024-08-01', 'C4', 1, '98940', '{AT}', 1, NULL, '{M99.01}'),
	('P1', '1999000001', '2024-08-01', 'C4', 2, '97124', '{XS,GP}', 1, 15, '{M99.03}');

-- the client may insert, and read
CREATE ROLE story_client LOGIN;
GRANT USAGE ON SCHEMA clinic TO story_client;
GRANT SELECT, INSERT ON clinic.visit_line TO story_client;
CREATE ROLE story_writer LOGIN;
GRANT USAGE ON SCHEMA clinic TO story_writer;
GRANT INSERT ON clinic.visit_line TO story_writer;

-- another process: the program that runs this file, given the statement, and what it prints
\setenv PGHOST :HOST
\setenv PGPORT :PORT
\setenv PGDATABASE :DBNAME
\set statement 'INSERT INTO clinic.visit_line VALUES (\'P1\', \'1999000001\', \'2024-08-01\', \'C5\', 1, \'97140\', \'{GP}\', 1, 15, \'{M99.04}\')'
\setenv STATEMENT :statement
\set says `client=$(readlink -f /proc/$PPID/exe); PGUSER=story_client "${client:-psql}" -X -q -v VERBOSITY=verbose -c "$STATEMENT" 2>&1; echo "exit status $?"`
CREATE TABLE said AS SELECT m[1] AS field, m[2] AS value FROM regexp_split_to_table(:'says', '\n') l, regexp_match(l, '^(ERROR|DETAIL|HINT|[A-Z]+ NAME|exit status)[: ]+(.*)$') m;
SELECT is(value, w::text, 'a client reads the field ' || field) FROM said FULL JOIN (VALUES
	('ERROR', '23514: claim line violates rule "ptp"'),
	('DETAIL', 'Claim C5 line 1 (patient P1, provider 1999000001, date 2024-08-01): NCCI pair 98940/97140 [1] (Standards of medical/surgical practice; '
		'effective 2002-04-01, not deleted): 97140 is not payable beside 98940 of claim C4 line 1; a modifier that opens the pair is on neither line'),
	('SCHEMA NAME', 'clinic'), ('TABLE NAME', 'visit_line'), ('CONSTRAINT NAME', 'ptp'), ('exit status', '1')) v (field, w) USING (field) ORDER BY field;
SELECT is((SELECT count(*) FROM clinic.visit_line), 2::bigint, 'and nothing of it is stored');

-- the same in PL/pgSQL: the handler bills what the rule suggests
CREATE FUNCTION bill(statement text, OUT state text, OUT rule text, OUT hint text, OUT detail text, OUT schema_name text, OUT table_name text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME, hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL,
		schema_name = SCHEMA_NAME, table_name = TABLE_NAME;
END $$;
SELECT is(ROW(b.state, b.rule, b.schema_name, b.table_name, b.hint, left(b.detail, 15)), ROW('23514'::text, 'ptp'::text, 'clinic'::text, 'visit_line'::text,
	''::text, 'Claim C5 line 1'::text), 'a function reads the same fields') FROM bill(:'statement') b;
-- the pair is open now; the day has 97140 beside 97124 as well, which no modifier opens
SELECT is((bill(replace(:'statement', '{GP}', '{XS,GP}'))).rule, 'ptp', 'the second finding of the day, once the first is gone');
SELECT matches((bill(:'statement')).detail, E'is on neither line\n.*97140/97124', 'which the error names too');
DELETE FROM clinic.visit_line WHERE claim_id = 'C4' AND line_no = 2;
SELECT is((bill(:'statement')).hint, 'Bill 97140-XS-GP x1 15min 2024-08-01 dx=M99.04, if the record shows that 97140 treated sacral and 98940 manipulated cervical.', 'a line that would pass is a hint');
SELECT is((bill(replace(:'statement', '{GP}', '{XS,GP}'))).rule, NULL, 'and the line as suggested is stored, when the other is not billed');

-- a user who may only write is not told what is stored
SET ROLE story_writer;
SELECT is(ROW(b.rule, b.hint, b.detail), ROW('ptp'::text, ''::text, 'Claim C7 line 1 (patient P1, provider 1999000001, date 2024-08-01): '
	'it does not pass with the lines of its day that are already stored (and 1 more finding)'::text), 'who may not read the table is not told the other line')
FROM bill($$INSERT INTO clinic.visit_line VALUES ('P1', '1999000001', '2024-08-01', 'C7', 1, '97124', '{GP}', 1, 15, '{M99.01}')$$) b;
RESET ROLE;

-- a whole file, or nothing of it
\set says `client=$(readlink -f /proc/$PPID/exe); (for i in $(seq 1 200); do printf 'F%s\t1999000001\t2024-08-01\tF%s\t1\t97110\t{GP}\t1\t15\t{M54.50}\n' $i $i; done; printf 'F77\t1999000001\t2024-08-01\tG1\t1\t97140\t{GP}\t3\t20\t{M54.50}\n') | PGUSER=story_client "${client:-psql}" -X -q -v VERBOSITY=verbose -c 'COPY clinic.visit_line FROM STDIN' 2>&1 | grep 'CONSTRAINT NAME'`
SELECT is(:'says'::text, 'CONSTRAINT NAME:  units-minutes', 'COPY of 201 lines with one that is wrong is refused');
SELECT is((SELECT count(*) FROM clinic.visit_line WHERE patient_id ~ '^F'), 0::bigint, 'as a whole');

SELECT claim_guard_add('visits', at_least => 'deny', action => 'quarantine') \g /dev/null
\set says `client=$(readlink -f /proc/$PPID/exe); (for i in $(seq 1 200); do printf 'F%s\t1999000001\t2024-08-01\tF%s\t1\t97110\t{GP}\t1\t15\t{M54.50}\n' $i $i; done; printf 'F77\t1999000001\t2024-08-01\tG1\t1\t97140\t{GP}\t3\t20\t{M54.50}\n') | PGUSER=story_client "${client:-psql}" -X -q -v VERBOSITY=verbose -c 'COPY clinic.visit_line FROM STDIN' 2>&1; echo done`
SELECT is(regexp_replace(:'says', '\nDETAIL.*LOCATION[^\n]*', ''), E'NOTICE:  00000: the guard of claim source "visits" moved 1 row of 1 provider-day to quarantine\ndone',
	'quarantine lets it through, and says what did not go in');
SELECT is((SELECT count(*) FROM clinic.visit_line WHERE patient_id ~ '^F'), 200::bigint, 'keeps what passes');
SELECT results_eq($$SELECT event, row_data ->> 'claim_id', findings -> 0 ->> 'rule', moved_by::text COLLATE "default" FROM claim_quarantine$$,
	$$VALUES ('INSERT', 'G1', 'units-minutes', 'story_client')$$, 'and moves the line aside that the minutes of its day do not support');
-- put back, repaired
WITH back AS (
	DELETE FROM claim_quarantine WHERE source = 'visits' RETURNING row_data
)
INSERT INTO clinic.visit_line SELECT r.* FROM back, jsonb_populate_record(NULL::clinic.visit_line, row_data || '{"units": 1}') r;
SELECT is((SELECT count(*) FROM clinic.visit_line WHERE patient_id ~ '^F'), 201::bigint, 'it goes back when it is right');
SELECT is_empty('SELECT FROM claim_quarantine', 'and stays there');

SELECT claim_guard_add('visits', at_least => 'info', action => 'annotate') \g /dev/null
UPDATE clinic.visit_line SET minutes = 40 WHERE claim_id = 'F5';
SELECT results_eq('SELECT claim_id, rule, severity::text, suggestion::text FROM claim_guard_finding',
	$$VALUES ('F5', 'units-underbilled', 'info', '97110-GP x3 40min 2024-08-01 dx=M54.50')$$, 'annotate keeps the line and says what the minutes support');
UPDATE clinic.visit_line SET units = 3 WHERE claim_id = 'F5';
SELECT is_empty('SELECT FROM claim_guard_finding', 'until it is billed');
SELECT claim_guard_drop('visits') \g /dev/null
SELECT lives_ok(replace(:'statement', 'C5', 'C8'), 'without the guard the line is stored');

--
-- For nightly jobs: what changed
--

-- the same claims by two sources: changes found by a log, and by comparing
SELECT claim_source_add('nightly', 'medical_claim', 'tuva', columns => '{"minutes": {"expression": "(20 + service_unit_quantity * 10)::int"}}') \g /dev/null
SELECT claim_source_track('claims') \g /dev/null
INSERT INTO claim_policy (name, settings, note, source)
	VALUES ('our-plan', '{"extends": "medicare", "daily_limits": {"97124": 3}}', 'our plan: as Medicare, three units of massage a day', 'contract of 2024, appendix C');

-- the oracle: the analyst's query over all days; what is missing from the findings that stand open, and what should not
CREATE FUNCTION differs(of_source text, policy text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('
		WITH wanted AS (
			SELECT d.patient, d.provider, d.dos, e.* FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line, line_error) AS day FROM %I GROUP BY patient, provider, dos) d,
				claim_edits(d.day, ruleset($2)) e
			-- the source maps no minutes: that is counted by day
			WHERE $1 <> ''claims'' OR e.rule <> ''units-unknown''
		), stored AS (
			SELECT patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts
			FROM claim_findings f WHERE f.source = $1 AND f.policy = $2
		)
		SELECT ''missing '' || w::text FROM (TABLE wanted EXCEPT ALL TABLE stored) w
		UNION ALL SELECT ''surplus '' || s::text FROM (TABLE stored EXCEPT ALL TABLE wanted) s', of_source || '_lines') USING of_source, policy;
END $$;

-- what was said after each night, as a copy beside the history
CREATE TABLE diary (night int, at timestamptz, source text, policy text, findings jsonb);
CREATE FUNCTION told(of_source text, policy text, at timestamptz) RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(jsonb_agg(j ORDER BY j), '[]')
	FROM (SELECT jsonb_build_array(claim_id, line_no, rule, severity, message, suggestion) AS j FROM claim_findings_at($1, $2, $3)) f
$$;
CREATE TABLE checked (night int, source text, policy text, method text, why text, days_done bigint, wrong text);

CREATE PROCEDURE night(n int) LANGUAGE plpgsql AS $$
DECLARE
	of_source text;
	by_policy text;
BEGIN
	FOREACH of_source IN ARRAY '{claims,nightly}'::text[] LOOP
		FOREACH by_policy IN ARRAY '{medicare,our-plan}'::text[] LOOP
			CALL claim_scan(of_source, by_policy, at_least => 'info', batch_days => 25);
			INSERT INTO checked
			SELECT n, r.source, r.policy, r.method, r.why, r.days_done, (SELECT string_agg(left(d, 300), E'\n') FROM differs(of_source, by_policy) d)
			FROM claim_scan_progress r WHERE r.source = of_source AND r.policy = by_policy ORDER BY r.scan DESC LIMIT 1;
			INSERT INTO diary SELECT n, clock_timestamp(), of_source, by_policy,
				(SELECT coalesce(jsonb_agg(j ORDER BY j), '[]') FROM (SELECT jsonb_build_array(claim_id, line_no, rule, severity, message, suggestion) AS j
					FROM claim_findings f WHERE f.source = of_source AND f.policy = by_policy) f);
			COMMIT;
		END LOOP;
	END LOOP;
END $$;

-- a small edition in CMS's layout: exercise beside re-education is a pair from October 2024, and massage has two units
CREATE FUNCTION publish() RETURNS void LANGUAGE sql AS $$
	INSERT INTO ncci_ptp_import (column_1, column_2, before_1996, effective, deletion, indicator, rationale) VALUES
		('CPT only copyright 2025 American Medical Association.  All rights reserved.', '', '', '', '', '', ''),
		('Column1/Column2 Edits', '', '', '', '', '', ''),
		('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale'),
		('', '', 'prior to 1996', 'Date', 'Date', '0=not allowed', ''),
		('', '', '', '', '*=no data', '1=allowed', ''),
		('', '', '', '', '', '9=not applicable', ''),
		('97110', '97112', '', '20241001', '*', '0', 'Misuse of Column Two code with Column One code'),
		('97140', '97124', '', '19960101', '*', '0', 'Misuse of Column Two code with Column One code'),
		('98940', '97124', '', '20201001', '*', '1', 'Standards of medical/surgical practice'),
		('98940', '97140', '', '20201001', '*', '1', 'Standards of medical/surgical practice'),
		('98941', '97124', '', '20201001', '*', '1', 'Standards of medical/surgical practice'),
		('98941', '97140', '', '20201001', '*', '1', 'Standards of medical/surgical practice');
	INSERT INTO ncci_mue_import (code, units, adjudication, rationale) VALUES
		(E'CPT codes, descriptions and other data only are copyright 2025 American Medical Association. All rights reserved.\n\n\nApplicable FARS/DFARS', NULL, NULL, NULL),
		(E'HCPCS/\nCPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'),
		('97110', '6', '3 Date of Service Edit: Clinical', 'CMS Policy'), ('97112', '4', '3 Date of Service Edit: Clinical', 'CMS Policy'),
		('97124', '2', '3 Date of Service Edit: Clinical', 'CMS Policy'), ('97140', '6', '3 Date of Service Edit: Clinical', 'CMS Policy'),
		('98940', '1', '2 Date of Service Edit: Policy', 'CMS Policy'), ('98941', '1', '2 Date of Service Edit: Policy', 'CMS Policy');
	SELECT ncci_publish('2024q4', 'practitioner', '[2024-10-01,2025-01-01)', allow_loss => true);
$$;

CALL night(0);
SELECT is((SELECT count(*) FROM claim_findings WHERE source = 'claims' AND policy = 'medicare' AND severity >= 'review'), (SELECT sum(cardinality(wanted)) FROM planted), 'the first scan stores what was planted');

-- the first night: inserts, updates, deletes
INSERT INTO medical_claim SELECT 'NEW-' || i, l, 'professional', 'PAT' || i, '1999000010', date '2024-09-25' + i, 1 + (i + l) % 5, (ARRAY['97110', '97112', '97124'])[l],
	'GP', NULL, NULL, NULL, NULL, 'icd-10-cm', 'M54.50', NULL, NULL, NULL, 50 FROM generate_series(1, 20) i, generate_series(1, 3) l;
UPDATE medical_claim SET service_unit_quantity = 4 WHERE claim_id = 'P05';	-- repaired
UPDATE medical_claim SET hcpcs_modifier_2 = NULL WHERE claim_id = 'D01' AND claim_line_number = 2;
UPDATE medical_claim SET hcpcs_modifier_1 = 'GP' WHERE claim_id = 'D01' AND claim_line_number = 2;	-- spoilt
UPDATE medical_claim SET claim_line_start_date = claim_line_start_date + 1 WHERE claim_id = 'P03A';	-- moved to another day
UPDATE medical_claim SET charge_amount = 99 WHERE claim_id = 'CLEAN-7';
DELETE FROM medical_claim WHERE claim_id IN ('P10B', 'CLEAN-9');
CALL night(1);
SELECT results_eq($$SELECT change, claim_id, line_no, rule FROM claim_changes WHERE source = 'claims' AND policy = 'medicare' AND severity = 'deny' AND claim_id !~ 'NEW' ORDER BY change, claim_id, rule$$,
	$$VALUES ('closed', 'P03B', 1, 'ptp'), ('closed', 'P05', 1, 'mue-day'), ('closed', 'P10B', 1, 'duplicate'),
		('opened', 'D01', 2, 'ptp')$$, 'the first night: what was repaired is closed, what was spoilt is new');

-- the second night: rows, and a new edition
UPDATE medical_claim SET service_unit_quantity = service_unit_quantity + 1 WHERE claim_id ~ '^NEW-1';
INSERT INTO medical_claim SELECT 'LATE-' || i, 1, 'professional', 'PAT' || i, '1999000010', '2024-10-05', 3, '97124', 'GP', NULL, NULL, NULL, NULL, 'icd-10-cm', 'M54.50', NULL, NULL, NULL, 50
	FROM generate_series(1, 5) i;
DELETE FROM medical_claim WHERE claim_id = 'P14' AND claim_line_number = 2;
SELECT publish() \g /dev/null
CALL night(2);
SELECT results_eq($$SELECT claim_id, line_code(line), line_units(line), rule FROM claim_changes WHERE source = 'claims' AND policy = 'medicare' AND change <> 'closed' AND severity = 'deny'
	AND claim_id ~ '^NEW-[6-9]' ORDER BY 1, 2, 4 DESC$$,
	$$VALUES ('NEW-6', '97112', 4.000, 'ptp'), ('NEW-6', '97124', 5.000, 'mue-day'), ('NEW-7', '97112', 5.000, 'ptp'),
		('NEW-8', '97112', 1.000, 'ptp'), ('NEW-9', '97112', 2.000, 'ptp'), ('NEW-9', '97124', 3.000, 'mue-day')$$,
	'the second night: the new edition denies by its pair and its limits, on its dates');
SELECT is((SELECT string_agg(DISTINCT rule, ' ') FROM claim_findings WHERE source = 'claims' AND policy = 'medicare' AND claim_id ~ '^LATE' AND severity = 'deny'), 'mue-day', 'also on rows that are new');

-- the third night: rows, and a changed policy
DELETE FROM medical_claim WHERE claim_id = 'LATE-1';
UPDATE medical_claim SET rendering_npi = '1999000002' WHERE claim_id = 'P04' AND claim_line_number = 1;
UPDATE claim_policy SET settings = '{"extends": "medicare", "daily_limits": {"97124": 1}, "cmt_massage": "bundled"}' WHERE name = 'our-plan';
CALL night(3);
SELECT is((SELECT count(*) FROM claim_findings WHERE source = 'claims' AND policy = 'our-plan' AND rule = 'mue-day' AND line_code(line) = '97124' AND line_units(line) = 2 AND dos < '2024-10-01')
	- (SELECT count(*) FROM medical_claim WHERE hcpcs_code = '97124' AND service_unit_quantity = 2 AND claim_line_start_date < '2024-10-01'), 0::bigint,
	'the third night: the changed policy denies two units, also on days that did not change');
SELECT isnt_empty($$SELECT FROM claim_changes WHERE source = 'claims' AND policy = 'our-plan' AND change = 'opened' AND rule = 'cmt-bundled'$$, 'and pays nothing beside manipulation');
SELECT is_empty($$SELECT FROM claim_findings WHERE policy = 'medicare' AND rule = 'cmt-bundled'$$, 'Medicare is as it was');

-- and a quiet one
CALL night(4);
SELECT is(string_agg(wrong, E'\n'), NULL, format('%s, %s: no difference from a full recomputation after any night', source, policy)) FROM checked GROUP BY source, policy ORDER BY source, policy;
SELECT is(count(*), 20::bigint, 'five nights of two sources by two policies') FROM checked;
SELECT results_eq('SELECT DISTINCT source, method FROM checked WHERE night > 0 ORDER BY 1', $$VALUES ('claims', 'log'), ('nightly', 'hash')$$, 'by a log and by comparing');
SELECT is(days_done, 0::bigint, format('%s, %s: the quiet night judges nothing', source, policy)) FROM checked WHERE night = 4 ORDER BY source, policy;
SELECT cmp_ok(days_done, '<', (SELECT count(*) / 3 FROM claimline_internal.claim_scan_day d WHERE d.source = c.source AND d.policy = c.policy), format('%s: the first night judges few days', source))
	FROM checked c WHERE night = 1 AND policy = 'medicare' ORDER BY source;
SELECT is((SELECT count(*) FROM diary d WHERE told(d.source, d.policy, d.at) IS DISTINCT FROM d.findings), 0::bigint, 'what was said after each night can be asked afterwards');
SELECT is((SELECT count(DISTINCT findings) FROM diary WHERE source = 'claims' AND policy = 'our-plan'), 4::bigint, 'and was something else each time');
SELECT is((SELECT charge FROM claim_report_charge WHERE source = 'claims' AND policy = 'medicare'),
	(SELECT sum(charge_amount) FROM medical_claim WHERE (claim_id, claim_line_number) IN (
		SELECT e.claim_id, e.line_no FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, ruleset('medicare')) e
		WHERE e.severity = 'deny')), 'the report of charges is the sum over denied lines');
SELECT bag_eq($$SELECT rule, severity, findings FROM claim_report_rules WHERE source = 'nightly' AND policy = 'our-plan'$$,
	$$SELECT e.rule, e.severity, count(*) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM nightly_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, ruleset('our-plan')) e GROUP BY 1, 2$$,
	'and that by rule is the analyst''s count');

DROP OWNED BY story_client, story_writer;
DROP ROLE story_client, story_writer;
SELECT * FROM finish();

-- The SQL of README.md runs as it stands there, statement by statement.
\set ON_ERROR_STOP 1
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET LOCAL client_min_messages = warning;

CREATE TEMP TABLE readme (line_no int GENERATED ALWAYS AS IDENTITY, line text);
\copy readme (line) FROM 'README.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- statements of the sql fences: a statement ends with a line that ends with ;
-- outside of a $$ body
CREATE TEMP TABLE statement (n int GENERATED ALWAYS AS IDENTITY, line_no int, sql text);
DO $$
DECLARE
	r record;
	fenced boolean := false;
	body boolean := false;
	sql text := '';
BEGIN
	FOR r IN SELECT * FROM readme ORDER BY line_no LOOP
		IF r.line ~ '^```' THEN
			ASSERT sql = '', 'statement without end before line ' || r.line_no;
			fenced := r.line = '```sql';
		ELSIF fenced THEN
			sql := sql || coalesce(r.line, '') || E'\n';
			IF (length(r.line) - length(replace(r.line, '$' || '$', ''))) / 2 % 2 = 1 THEN
				body := NOT body;
			END IF;
			IF r.line LIKE '%;' AND NOT body THEN
				INSERT INTO statement (line_no, sql) VALUES (r.line_no, sql);
				sql := '';
			END IF;
		END IF;
	END LOOP;
END $$;

SELECT plan((SELECT count(*)::int FROM statement) + 8);
SELECT cmp_ok((SELECT count(*) FROM statement), '>=', 26::bigint, 'the README has statements');
SELECT lives_ok(sql, 'README line ' || line_no) FROM statement ORDER BY n;

-- and say what the README says
SELECT results_eq($$SELECT line_no, rule, suggestion::text FROM claim_edits(ARRAY[
	'98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03', '97124-GP x2 22min 2024-08-01 dx=M99.04']::claimline[])$$,
	$$VALUES (2, 'units-minutes', '97124-GP x1 22min 2024-08-01 dx=M99.04'), (2, 'ptp', '97124-XS-GP x2 22min 2024-08-01 dx=M99.04')$$,
	'the ten lines find what is shown');
SELECT results_eq($$SELECT rule FROM (SELECT claimday(claim_id, line_no, line) AS day FROM lines GROUP BY patient_id, npi, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity = 'deny' ORDER BY 1$$,
	$$VALUES ('cmt-region'), ('line-invalid')$$, 'the analyst sees the region conflict and the invalid row');
SELECT results_eq($$SELECT rule, severity::text FROM claim_edits('97124 x3 45min 2024-08-01 dx=F41.1 specialty=225700000X visit=13'::claimline, ruleset('our-plan'))$$,
	$$VALUES ('mue-day', 'deny'), ('dx-not-necessary', 'deny'), ('units-scrutiny', 'review'), ('visits-scrutiny', 'review'), ('visits-limit', 'deny')$$,
	'the policy of the README denies what it says, beside what it inherits');
SELECT is((SELECT count(*) FROM ruleset_diff(ruleset('hns'), ruleset('our-plan')) WHERE path <> 'policy.name'), 2::bigint, 'and differs from the one that it extends in two settings');
SELECT throws_ok($$INSERT INTO billed VALUES ('C3', 2, '97124-GP x5 75min 2024-08-01')$$, '23514', NULL, 'the constraint refuses');
SELECT throws_ok($$INSERT INTO visit_line VALUES ('P1', '1999000001', '2024-08-01', 'C5', 1, '97140-GP x1 15min 2024-08-01 dx=M99.01')$$,
	'23514', NULL, 'the trigger refuses a conflict with rows already stored');
SELECT is((SELECT count(*) FROM judged), 1::bigint, 'the nightly job has judged the day');
SELECT * FROM finish();
ROLLBACK;

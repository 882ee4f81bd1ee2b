-- claim_guard_preview says what the guard would say, without writing; hints of the guard pass it.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

SELECT make('v'), claim_guard_add('v') \g /dev/null
INSERT INTO v VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');

-- ----------------------------------------------------------------- forms of rows

SELECT is((SELECT string_agg(concat_ws(' ', p.patient, p.provider, p.dos, p.claim_id, p.line_no, p.rule, p.severity, p.with_claim_id), ', ') FROM claim_guard_preview('v', rows) p),
	'P1 N1 2024-08-01 C2 1 ptp deny C1, P1 N1 2024-08-01 C2 1 units-minutes deny', form)
FROM (VALUES ('jsonb, an object', '{"patient": "P1", "provider": "N1", "dos": "2024-08-01", "claim_id": "C2", "line_no": 1, "code": "97124", "modifier": "GP", "units": 2, "minutes": 15, "dx": "M99.01"}'::jsonb),
	('jsonb, an array', '[{"patient": "P1", "provider": "N1", "dos": "2024-08-01", "claim_id": "C2", "line_no": 1, "code": "97124", "modifier": "GP", "units": 2, "minutes": 15, "dx": "M99.01"}, null]')) x (form, rows);
SELECT is((SELECT string_agg(p.rule, ', ') FROM claim_guard_preview('v', ARRAY[('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01')]::v[]) p), 'ptp, units-minutes', 'an array of the row type');
SELECT is((SELECT string_agg(p.rule, ', ') FROM claim_guard_preview('v', (SELECT array_agg(q) FROM (SELECT 'P1' AS patient, 'N1' AS provider, date '2024-08-01' AS dos, 'C2' AS claim_id, 1 AS line_no, '97124' AS code, 'GP' AS modifier, 2 AS units, 15 AS minutes, 'M99.01' AS dx) q)) p),
	'ptp, units-minutes', 'the rows of a query as an array');
CREATE TEMP TABLE staged AS SELECT * FROM v LIMIT 0;
INSERT INTO staged VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01');
SELECT is((SELECT string_agg(p.rule, ', ') FROM claim_guard_preview('v', 'SELECT * FROM staged') p), 'ptp, units-minutes', 'a query as text');
SELECT is((SELECT string_agg(p.rule, ', ') FROM claim_guard_preview('v', '[{"patient": "P1", "provider": "N1", "dos": "2024-08-01", "code": "97124", "modifier": "GP", "units": 1, "minutes": 15, "dx": "M99.01"}]') p), 'ptp', 'JSON as text');
SELECT is((SELECT count(*)::int FROM claim_guard_preview('v', r)), 0, 'no rows: ' || coalesce(r, 'null')) FROM unnest('{"[]", "SELECT * FROM staged WHERE false", NULL}'::text[]) r;
SELECT is((SELECT count(*)::int FROM claim_guard_preview('v', '{}'::v[])), 0, 'an empty array');
SELECT is((SELECT count(*)::int FROM v), 1, 'nothing is written');
SELECT is((error_of(format('SELECT * FROM claim_guard_preview(%s)', a))).state, s, a)
FROM (VALUES ('''none'', ''[]''::jsonb', '42704'), ('NULL, ''[]''::jsonb', '42704'), ('''v'', ''7''::jsonb', '22023'), ('''v'', ''[7]''::jsonb', '22023'), ('''v'', ''DELETE FROM v''', '42601'),
	('''v'', ''[{"line_no": "x"}]''', '22P02')) x (a, s);
SELECT make('bare') \g /dev/null
SELECT is((error_of($$SELECT * FROM claim_guard_preview('bare', '[]')$$)).message, 'claim source "bare" has no guard', 'a source without a guard');

-- ------------------------------------------------------------- what it answers for

INSERT INTO v VALUES (NULL, NULL, NULL, 'C0', 1, '98940', 'AT', 1, NULL, 'M99.01');
SELECT is((SELECT string_agg(concat_ws(' ', coalesce(p.patient, '-'), p.rule), ', ') FROM claim_guard_preview('v', '[{"dos": "2024-08-01", "claim_id": "C5", "code": "97124", "modifier": "GP", "units": 3, "minutes": 15}]') p), '- units-minutes', 'keys that are null');
SELECT claim_guard_drop('v') \g /dev/null
INSERT INTO v VALUES ('P7', 'N1', '2024-08-01', 'C7', 1, '97124', 'GP', 4, 15, 'M99.01');
SELECT claim_guard_add('v') \g /dev/null
SELECT is((SELECT string_agg(p.claim_id || ' ' || p.rule, ', ') FROM claim_guard_preview('v', '{"patient": "P7", "provider": "N1", "dos": "2024-08-01", "claim_id": "C8", "line_no": 1, "code": "99000", "units": 1}') p), NULL, 'what was wrong before is not held against it');
SELECT is((SELECT string_agg(p.claim_id || ' ' || p.rule, ', ') FROM claim_guard_preview('v', '{"patient": "P7", "provider": "N1", "dos": "2024-08-01", "claim_id": "C8", "line_no": 1, "code": "98940", "modifier": "AT", "units": 1, "dx": "M99.01"}') p), 'C7 ptp', 'what becomes wrong by it is');
SELECT claim_guard_add('v', at_least => 'unknown') \g /dev/null
SELECT is((SELECT string_agg(p.rule || ' ' || p.message, ', ') FROM claim_guard_preview('v', '{"patient": "P8", "provider": "N1", "dos": "2024-08-01", "claim_id": "C8", "line_no": 1, "code": "9712"}') p),
	(error_of($$INSERT INTO v (patient, provider, dos, claim_id, line_no, code) VALUES ('P8', 'N1', '2024-08-01', 'C8', 1, '9712')$$)).rule || ' ' ||
	regexp_replace((error_of($$INSERT INTO v (patient, provider, dos, claim_id, line_no, code) VALUES ('P8', 'N1', '2024-08-01', 'C8', 1, '9712')$$)).detail, '^[^:]*: ', ''), 'a row that is no line, with the reason');

-- ------------------------------------------------------ random days, and their hints

-- a line as a row of v
CREATE FUNCTION as_row(l claimline, claim text, n int) RETURNS v LANGUAGE sql AS $$
	SELECT ROW('R', 'N1', line_dos(l), claim, n, line_code(l), array_to_string(line_modifiers(l), ' '), line_units(l), line_minutes(l), array_to_string(line_dx(l), ' '))::app.v $$;
CREATE FUNCTION pick(k int, seed int) RETURNS claimline LANGUAGE sql AS $$
	SELECT (ARRAY['98940-AT x1 2024-08-01 dx=M99.01', '98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03', '97124-GP x1 15min 2024-08-01 dx=M99.04', '97124 x2 15min 2024-08-01 dx=M99.01', '97140-GP x1 15min 2024-08-01 dx=M99.04',
		'97140-GP x4 30min 2024-08-01 dx=M99.06', '97110-GP x2 30min 2024-08-01 dx=M54.2', '97110 x1 15min 2024-08-01 dx=M54.2', '97112-GP x1 8min 2024-08-01 dx=M54.2', '97530-GP x1 15min 2024-08-01 dx=M54.2', '97150-GP x1 2024-08-01 dx=M54.2',
		'99213 x1 2024-08-01 dx=M99.01', '99213-25 x1 2024-08-01 dx=M99.01', '97012-GP x2 2024-08-01 dx=M54.2', '97014 x1 2024-08-01 dx=M54.2', '97124-GP x9 15min 2024-08-01 dx=M99.04'])[1 + lib.draw(k, seed, 16)]::claimline $$;
CREATE FUNCTION write(rows v[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text; detail text; hint text;
BEGIN
	INSERT INTO app.v SELECT * FROM unnest(rows);
	DELETE FROM app.v WHERE patient = 'R' AND claim_id <> 'S';
	RETURN 'taken';
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
	RETURN detail || ' HINT ' || hint;
END $$;
-- rows with the lines of a hint in place of theirs
CREATE FUNCTION hinted(rows v[], said text) RETURNS v[] LANGUAGE plpgsql AS $$
DECLARE
	first text[] := regexp_match(said, '^Claim (\S+) line (\d+)');
	hint text := regexp_replace(substring(said, ' HINT (.*)$'), ', if .*$|\.$', '');
	part text[];
	i int;
BEGIN
	FOR part IN SELECT ARRAY[m[1], coalesce(m[2], first[1]), coalesce(m[3], first[2])] FROM regexp_matches(regexp_replace(hint, '^(Bill|Only together, bill) ', ''), '(\S.*?)(?: for claim (\S+) line (\d+))?(?:, | and |$)', 'g') m LOOP
		i := (SELECT n FROM unnest(rows) WITH ORDINALITY r (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, n) WHERE r.claim_id = part[2] AND r.line_no = part[3]::int);
		IF i IS NULL THEN
			RETURN NULL;
		END IF;
		rows[i] := app.as_row(part[1]::claimline, part[2], part[3]::int);
	END LOOP;
	RETURN rows;
END $$;
SELECT claim_guard_add('v') \g /dev/null
CREATE TABLE tried AS
SELECT k, rows, write(rows) AS said, (SELECT count(*)::int FROM claim_guard_preview('v', rows)) AS previewed, (SELECT string_agg(p.message, '|') FROM claim_guard_preview('v', rows) p) AS messages
FROM (SELECT k, ARRAY(SELECT as_row(pick(k, n), 'T', n) FROM generate_series(1, 1 + lib.draw(k, 99, 4)) n) AS rows FROM generate_series(1, 600) k) d;
SELECT cmp_ok((SELECT count(*)::int FROM tried WHERE said = 'taken'), '>', 50, 'random days: some are taken');
SELECT cmp_ok((SELECT count(*)::int FROM tried WHERE said <> 'taken'), '>', 200, 'some are refused');
SELECT is((SELECT count(*)::int FROM tried WHERE (said = 'taken') <> (previewed = 0)), 0, 'a preview has findings where the guard refuses');
SELECT is((SELECT count(*)::int FROM tried, regexp_split_to_table(messages, '\|') m WHERE said <> 'taken' AND said !~ 'more finding' AND strpos(said, m) = 0), 0, 'the same as the error');
SELECT is((SELECT count(*)::int FROM tried WHERE said <> 'taken' AND said !~ 'more finding' AND previewed <> 1 + length(said) - length(replace(said, E'\n', ''))), 0, 'and as many');
CREATE TABLE again AS SELECT k, said, hinted(rows, said) AS rows FROM tried WHERE said ~ ' HINT (Bill|Only) ';
SELECT cmp_ok((SELECT count(*)::int FROM again WHERE said ~ 'HINT Bill'), '>', 40, 'some have a hint of a line');
SELECT cmp_ok((SELECT count(*)::int FROM again WHERE said ~ 'HINT Only'), '>', 10, 'some one of several lines');
SELECT is((SELECT string_agg(k || ' ' || substring(said, ' HINT .*'), '; ') FROM again WHERE rows IS NULL), NULL, 'each names lines that are written');
SELECT is((SELECT string_agg(k || ': ' || substring(said, ' HINT .*') || ' -> ' || w, E'\n') FROM (SELECT k, said, write(rows) AS w FROM again) x WHERE w <> 'taken'), NULL, 'what a hint says passes the guard');
SELECT is((SELECT count(*)::int FROM tried WHERE said ~ ' HINT $' AND EXISTS (SELECT FROM claim_guard_preview('v', rows) p JOIN LATERAL unnest(rows) WITH ORDINALITY r (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, n)
		ON r.line_no = p.line_no, LATERAL (SELECT rows[:r.n - 1] || as_row(p.suggestion, r.claim_id, r.line_no) || rows[r.n + 1:] AS changed) c
	WHERE p.suggestion IS NOT NULL AND NOT EXISTS (SELECT FROM claim_guard_preview('v', c.changed)))), 0, 'where none is given, no suggestion of a finding alone passes');

SELECT * FROM finish();
ROLLBACK;

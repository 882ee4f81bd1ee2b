-- hostile values: large days, values as they are stored, forged binary values; random ones only by what must not happen

SET client_min_messages = warning;
-- what users do not call is called here
SET search_path = public, claimline_internal;

-- ------------------------------------------------------------- large days

-- all lines the same: every line but the first is a duplicate
SELECT count(*) FILTER (WHERE rule = 'duplicate') AS duplicates, count(DISTINCT line_no) AS lines,
	min(line_no), max(line_no)
FROM claim_edits(array_fill('97124-GP x1 15min 2024-08-01'::claimline, '{4000}'));

SELECT count(*) AS findings, count(DISTINCT line_no) AS lines, min(rule), max(rule)
FROM claim_edits(array_fill(NULL::claimline, '{4000}'));

CREATE TEMP TABLE hostile_lines AS
SELECT i AS line_no, format('%s%s x%s %smin 2024-08-0%s %s', 97000 + i * 7 % 160, (ARRAY['', '-GP', '-59', '-GP-XS', '-ZZ'])[1 + i % 5],
	i % 4, i % 50, 1 + i % 2, CASE WHEN i % 3 = 0 THEN '10:' || lpad((i % 60)::text, 2, '0') ELSE '' END)::claimline AS line
FROM generate_series(1, 3900) AS i
UNION ALL
SELECT i, CASE WHEN i % 10 > 0 THEN format('9894%s-AT 2024-08-01', i % 4)::claimline END
FROM generate_series(3901, 4000) AS i;

-- the same findings from the array, the aggregate in two orders, and the window
CREATE TEMP TABLE hostile_findings AS
SELECT 'array' AS way, e.* FROM claim_edits((SELECT array_agg(line ORDER BY line_no) FROM hostile_lines)) e
UNION ALL
SELECT 'aggregate', e.* FROM claim_edits((SELECT claimday(NULL, line_no, line ORDER BY line_no) FROM hostile_lines)) e
UNION ALL
SELECT 'other order', e.* FROM claim_edits((SELECT claimday(NULL, line_no, line ORDER BY line_no * 1237 % 4001) FROM hostile_lines)) e
UNION ALL
SELECT 'window', e.* FROM (SELECT line_edits(line) OVER (ORDER BY line_no) AS found FROM hostile_lines) w, unnest(found) e;

SELECT count(DISTINCT findings) AS answers, min(findings) > 4000 AS many, min(lines) AS lines
FROM (SELECT way, count(*) AS findings, count(DISTINCT line_no) AS lines FROM hostile_findings GROUP BY way) s;

SELECT count(*) AS differences
FROM (SELECT line_no, rule, severity, message, with_line_no, suggestion::text, condition, carc, rarc, count(*) AS ways
	FROM hostile_findings GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) s WHERE ways % 4 <> 0;

SELECT claim_passes(array_agg(line)) AS passes, claim_passes(array_agg(line), fail_at => 'info') AS clean FROM hostile_lines;
-- suggestions are tried on the whole day, so only on days of up to 100 lines
SELECT n, count(s.line) > 0 AS some, bool_and(line_no BETWEEN 1 AND n AND s.line <> suggestion) AS sane
FROM (VALUES (100), (4000)) AS days(n)
	LEFT JOIN LATERAL suggest_modifiers((SELECT array_agg(line ORDER BY line_no) FROM hostile_lines WHERE line_no <= n)) s ON true
GROUP BY n ORDER BY n;
SELECT day::text::claimday = day AS same, length(day::text) > 100000 AS long
FROM (SELECT claimday('C', line_no, line) AS day FROM hostile_lines) s;

-- a claim id of a megabyte
SELECT e.line_no, e.rule, length(e.claim_id), length(e.message) < 500 AS short
FROM claim_edits((SELECT claimday(repeat('C', 1000000), i, '97124-GP x1 15min 2024-08-01') FROM generate_series(1, 2) i)) e
WHERE e.rule = 'duplicate';

-- ------------------------------------------------------------ stored values

-- small values have a short header in a row, large ones are compressed or moved
-- out of it: the findings are those of the plain value, with every row of them
CREATE TABLE hostile_days (n int, day claimday, lines claimline[], line claimline, rules claim_ruleset);
INSERT INTO hostile_days
SELECT i, claimday('C1', i, '97124-59-59-ZZ x3.5 10min 2024-08-01'),
	ARRAY['97124-59-59-ZZ x3.5 10min 2024-08-01', '98941 2024-08-01']::claimline[],
	'97124-59-59-ZZ x3.5 10min 2024-08-01', starter_ruleset()
FROM generate_series(1, 3) i GROUP BY i;
INSERT INTO hostile_days
SELECT 4, claimday('C1', line_no, line), array_agg(line), '97124-GP-GP-GP-GP-GP x1.5 dx=M54.2,M54.50,M99.01 region=head', ruleset('cpt')
FROM hostile_lines WHERE line_no <= 200;

CREATE TEMP TABLE hostile_found AS
SELECT 'day' AS what, 'plain' AS way, n, e::text AS finding FROM hostile_days, claim_edits(day::text::claimday, rules::text::claim_ruleset) e
UNION ALL
SELECT 'day', 'stored', n, e::text FROM hostile_days, claim_edits(day, rules) e
UNION ALL
SELECT 'day', 'in the list', n, e::text FROM (SELECT n, claim_edits(day, rules) AS e FROM hostile_days) s
UNION ALL
SELECT 'lines', 'plain', n, e::text FROM hostile_days, claim_edits(lines::text::claimline[], rules::text::claim_ruleset) e
UNION ALL
SELECT 'lines', 'stored', n, e::text FROM hostile_days, claim_edits(lines, rules) e
UNION ALL
SELECT 'lines', 'in the list', n, e::text FROM (SELECT n, claim_edits(lines, rules) AS e FROM hostile_days) s
UNION ALL
SELECT 'line', 'plain', n, e::text FROM hostile_days, claim_edits(line::text::claimline, rules::text::claim_ruleset) e
UNION ALL
SELECT 'line', 'stored', n, e::text FROM hostile_days, claim_edits(line, rules) e
UNION ALL
SELECT 'line', 'in the list', n, e::text FROM (SELECT n, claim_edits(line, rules) AS e FROM hostile_days) s;

SELECT what, way, count(*) > 10 AS some,
	(SELECT count(*) FROM (
		(SELECT n, finding, count(*) FROM hostile_found g WHERE (g.what, g.way) = (f.what, f.way) GROUP BY 1, 2
		 EXCEPT SELECT n, finding, count(*) FROM hostile_found g WHERE (g.what, g.way) = (f.what, 'plain') GROUP BY 1, 2)
		UNION ALL
		(SELECT n, finding, count(*) FROM hostile_found g WHERE (g.what, g.way) = (f.what, 'plain') GROUP BY 1, 2
		 EXCEPT SELECT n, finding, count(*) FROM hostile_found g WHERE (g.what, g.way) = (f.what, f.way) GROUP BY 1, 2)) d) AS differences
FROM hostile_found f GROUP BY what, way ORDER BY what, way;

SELECT n, bool_and(day = day::text::claimday) AS day, bool_and(line = line::text::claimline) AS line,
	bool_and(ruleset_hash(rules) = ruleset_hash(rules::text::claim_ruleset)) AS rules
FROM hostile_days GROUP BY n ORDER BY n;

-- ------------------------------------------------------------ binary values

-- The receive functions are reached by COPY alone: a bytea column written in
-- binary is a file with any bytes at all in place of the value.
CREATE TEMP TABLE hostile_claimline (v claimline);
CREATE TEMP TABLE hostile_claimday (v claimday);
CREATE TEMP TABLE hostile_claim_ruleset (v claim_ruleset);
CREATE TEMP TABLE hostile_ncci_rows (v ncci_rows);

-- 'value', 'changed' if it does not survive its own text and binary form, or the error code
CREATE FUNCTION hostile_receive(type text, payload bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	path text := current_setting('data_directory') || '/claimline_hostile.bin';
	same boolean;
BEGIN
	EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', payload, path);
	BEGIN
		EXECUTE format('COPY hostile_%s FROM %L (FORMAT binary)', type, path);
	EXCEPTION WHEN OTHERS THEN
		RETURN SQLSTATE;
	END;
	EXECUTE format('SELECT %2$s_send(v) = %2$s_send(v::text::%1$s) FROM hostile_%1$s', type,
		type) INTO same;
	EXECUTE format('DELETE FROM hostile_%s', type);
	RETURN CASE WHEN same THEN 'value' ELSE 'changed' END;
END $$;

-- of the ruleset a small one, whose rules are the built-in ones
CREATE TEMP TABLE hostile_payloads AS
SELECT 'claimline' AS type, claimline_send('97124-59-GP x2.5 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=cervical specialty=35 referral=yes visit=3') AS payload
UNION ALL
SELECT 'claimday', claimday_send('{"C\"1" 1 97124-GP x2 30min 2024-08-01; "C1" 2 98941-AT x1 2024-08-01 dx=M99.01; - -3 -; - - 97140 x0}')
UNION ALL
SELECT 'claim_ruleset', '\x01' || convert_to((starter_ruleset()::text::jsonb || '{"codes": [["97124", "timed therapy", null, null, null]],
	"mue": [["97124", 4, 3, null, null]], "ptp": [["98941", "97124", "2002-04-01", null, 1, "why"]], "scope": [], "modifiers": [],
	"modifier_conflicts": [], "regions": [], "denials": [], "specialties": [], "gaps": [], "mue_whole": [], "rules": [],
	"coverage": [["mue", "97124", null, null, "2026-06-30", "why"]], "taxonomies": [], "code_modifiers": [], "addon": []}')::text || E'\n', 'UTF8')
UNION ALL
SELECT 'ncci_rows', ncci_rows_send('{"claimline_ncci": 1, "ptp": [["98941", "97124", "2002-04-01", null, 1, "why"], ["98941", "97140", null, null, null, null], ["99213", "97124", null, "2019-12-31", 9, "b"]]}');

SELECT type, hostile_receive(type, payload) AS whole, hostile_receive(type, '') AS empty,
	hostile_receive(type, '\x01') AS version_only, hostile_receive(type, '\x00' || payload) AS version_0,
	hostile_receive(type, '\x02' || substr(payload, 2)) AS version_2, hostile_receive(type, payload || '\x00') AS zero_behind,
	hostile_receive(type, '\x01' || repeat(' ', 100000)::bytea || substr(payload, 2)) AS blanks,
	hostile_receive(type, payload || payload) AS twice
FROM hostile_payloads ORDER BY type COLLATE "C";

-- cut at every length
CREATE TEMP TABLE hostile_cut AS
SELECT type, n, hostile_receive(type, substr(payload, 1, n)) AS outcome
FROM hostile_payloads, generate_series(0, length(payload) - 1) AS n;

SELECT type, outcome, count(*) FROM hostile_cut GROUP BY 1, 2 ORDER BY type COLLATE "C", outcome COLLATE "C";

-- random bytes, and the value with some bytes changed
SELECT setseed(0.97124);
CREATE TEMP TABLE hostile_random AS
SELECT type, hostile_receive(type, bytes) AS outcome
FROM (
	SELECT type, CASE WHEN n % 2 = 0 THEN '\x01'::bytea ELSE '' END || (
		SELECT string_agg(set_byte('\x00', 0, (random() * 255)::int), '')
		FROM generate_series(0, n % 64)) AS bytes
	FROM hostile_payloads, generate_series(1, 350) AS n
	UNION ALL
	SELECT type, set_byte(set_byte(payload,
			(random() * (length(payload) - 1))::int, (random() * 255)::int),
			(random() * (length(payload) - 1))::int, 32 + (random() * 94)::int)
	FROM hostile_payloads, generate_series(1, 350) AS n
) s;

SELECT type, count(*) AS tried, count(*) FILTER (WHERE outcome = 'changed') AS changed,
	count(*) FILTER (WHERE outcome LIKE 'XX%') AS internal_errors,
	count(*) FILTER (WHERE outcome NOT IN ('value', 'changed') AND outcome !~ '^(22|08)') AS other_errors
FROM (SELECT type, outcome FROM hostile_cut UNION ALL SELECT type, outcome FROM hostile_random) s
GROUP BY type ORDER BY type COLLATE "C";

DROP TABLE hostile_days;
DROP FUNCTION hostile_receive;
-- the server's data directory is left as it was
COPY (SELECT) TO PROGRAM 'cat >/dev/null && rm claimline_hostile.bin';

-- The nightly scan: after each of many nights, the findings that it stored are those of a full recomputation, whichever method
-- finds what changed; a change of the rules has only the days judged again that it can concern; what was found earlier stays to
-- be asked; reports are what plain SQL over the claims gives. scan_rights.sql has who may do what, and errors.
--
-- The oracle is the analyst's query: GROUP BY patient, provider, dos over the claims as the test maps them to lines itself, then
-- claim_edits. claim_edits has tests of its own.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own, and a server without long transactions.

\i test/tap/lib.sql

SELECT no_plan();

--
-- claims: keys of other types than text, some missing; codes in any case, some no codes; claim numbers twice
--

CREATE TABLE claims (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	claim text, no int, person bigint, npi varchar(10), dos date, code text, mods text[], units numeric, minutes int, dx text[],
	billed numeric(10,2), changed timestamptz DEFAULT clock_timestamp());
CREATE INDEX ON claims (person, npi, dos);

CREATE FUNCTION h(VARIADIC seed bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || substr(md5(seed::text), 1, 8))::bit(32)::bigint $$;

CREATE FUNCTION pick(seed bigint, VARIADIC choices text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT choices[1 + h(seed) % cardinality(choices)] $$;

-- a row, drawn; the few persons, providers and days make days of several lines
CREATE FUNCTION drawn(n bigint, OUT claim text, OUT no int, OUT person bigint, OUT npi text, OUT dos date, OUT code text, OUT mods text[],
	OUT units numeric, OUT minutes int, OUT dx text[], OUT billed numeric)
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN h(n, 1) % 20 > 0 THEN 'C' || h(n, 2) % 60 END, CASE WHEN h(n, 3) % 20 > 0 THEN (h(n, 4) % 4)::int END,
		CASE WHEN h(n, 5) % 25 > 0 THEN h(n, 6) % 14 END, CASE WHEN h(n, 7) % 25 > 0 THEN pick(h(n, 8), '1999000001', '1999000002', '') END,
		CASE WHEN h(n, 9) % 25 > 0 THEN date '2024-08-01' + (h(n, 10) % 8 * 45)::int END,
		pick(h(n, 11), '97110', '97110', '97140', '97124', '97124', '97530', '98941', '98941', ' g0283 ', 'X0001', 'X0002', 'Y0001', '9711', ''),
		string_to_array(pick(h(n, 12), 'GP', 'GP,59', 'AT', 'AT,GP', '', 'gp,,kx', 'XS'), ','),
		CASE WHEN h(n, 13) % 30 > 0 THEN 1 + h(n, 14) % 4 END, CASE WHEN h(n, 15) % 3 > 0 THEN (h(n, 16) % 70)::int END,
		string_to_array(pick(h(n, 17), 'M54.2', 'M99.01', 'M9903', '', 'M54.2,M99.01'), ','),
		CASE WHEN h(n, 18) % 10 > 0 THEN (h(n, 19) % 20000) / 100.0 END
$$;

CREATE VIEW lines AS
SELECT person, npi, dos, claim, no, billed, id,
	try_claimline(code => code, modifiers => mods, units => units, minutes => minutes, dos => dos, dx => dx) AS line,
	claimline_error(code => code, modifiers => mods, units => units, minutes => minutes, dos => dos, dx => dx) AS why
FROM claims;

SELECT claim_source_add(name, 'claims', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no",
	"code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes", "dx": "dx"}', charge => 'billed',
	watermark => CASE name WHEN 'by_mark' THEN 'changed' END)
FROM unnest('{by_log,by_mark,by_hash}'::text[]) name \g /dev/null

-- from which severity on a source's findings are stored, nightly: review is the default
CREATE FUNCTION bar(source text) RETURNS claim_severity
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE source WHEN 'by_log' THEN 'info' WHEN 'by_hash' THEN 'unknown' ELSE 'review' END::claim_severity $$;

-- what differs between the stored and the counted findings and those of the oracle; null where nothing does
CREATE FUNCTION differs(source text, policy text, at_least claim_severity = NULL, edition text = NULL) RETURNS text
LANGUAGE sql AS $$
	WITH days AS (
		SELECT person::text, npi::text, dos, claimday(claim, no, line, why) AS day, count(*) AS n FROM lines GROUP BY person, npi, dos
	), judged AS (
		SELECT d.person, d.npi, d.dos, e AS finding, e.rule, e.severity,
			CASE WHEN e.rule = 'edition-coverage' AND e.severity = 'review' THEN 'unknown' ELSE e.severity END >= coalesce(at_least, bar(source)) AS stored
		FROM days d, claim_edits(d.day, ruleset(policy, edition)) e
	), wanted AS (
		SELECT person, npi, dos, (finding).* FROM judged WHERE stored
	), undecided AS (
		SELECT rule AS why, count(DISTINCT ROW(person, npi, dos)) AS n FROM judged WHERE severity = 'unknown' GROUP BY rule
		UNION ALL SELECT 'any rule', count(DISTINCT ROW(person, npi, dos)) FROM judged WHERE severity = 'unknown' HAVING EXISTS (SELECT FROM days)
	), stored AS (
		SELECT patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition,
			carc, rarc, citation, covered, facts
		FROM claim_findings f WHERE f.source = differs.source AND f.policy = differs.policy
	), wrong AS (
		SELECT 'missing ' || w::text AS says FROM (TABLE wanted EXCEPT ALL TABLE stored) w
		UNION ALL
		SELECT 'surplus ' || s::text FROM (TABLE stored EXCEPT ALL TABLE wanted) s
		UNION ALL
		SELECT 'day ' || x::text FROM (
			SELECT claimline_internal.claim_scan_key(person, npi, dos), n FROM days
			EXCEPT ALL SELECT day_key, n_lines FROM claimline_internal.claim_scan_day d WHERE d.source = differs.source AND d.policy = differs.policy) x
		UNION ALL
		SELECT 'surplus day ' || x::text FROM (
			SELECT day_key, n_lines FROM claimline_internal.claim_scan_day d WHERE d.source = differs.source AND d.policy = differs.policy
			EXCEPT ALL SELECT claimline_internal.claim_scan_key(person, npi, dos), n FROM days) x
		UNION ALL
		-- the line and the charge of a finding, taken from all rows of its number
		SELECT 'line of ' || x::text FROM (
			SELECT patient, provider, dos, claim_id, line_no, line, charge FROM claim_findings f
			WHERE f.source = differs.source AND f.policy = differs.policy
			EXCEPT SELECT person::text, npi, dos, claim, no, line, billed FROM lines) x
		UNION ALL
		(SELECT 'undecided ' || x::text FROM ((TABLE undecided EXCEPT SELECT u.why, u.days FROM claim_report_undecided u WHERE u.source = differs.source AND u.policy = differs.policy)
			UNION ALL (SELECT u.why, u.days FROM claim_report_undecided u WHERE u.source = differs.source AND u.policy = differs.policy AND u.why !~ '^no ' EXCEPT TABLE undecided)) x)
		UNION ALL
		(SELECT 'counted ' || x::text FROM (
			SELECT rule, severity, count(*), count(DISTINCT ROW(person, npi, dos)) FROM judged WHERE NOT stored GROUP BY rule, severity
			EXCEPT SELECT c.rule, c.severity, c.findings, c.days FROM claim_report_counted c WHERE c.source = differs.source AND c.policy = differs.policy) x)
		UNION ALL
		(SELECT 'surplus counted ' || x::text FROM (
			SELECT c.rule, c.severity, c.findings, c.days FROM claim_report_counted c WHERE c.source = differs.source AND c.policy = differs.policy
			EXCEPT SELECT rule, severity, count(*), count(DISTINCT ROW(person, npi, dos)) FROM judged WHERE NOT stored GROUP BY rule, severity) x)
		UNION ALL
		SELECT 'pending ' || p::text FROM claimline_internal.claim_scan_pending p WHERE p.source = differs.source AND p.policy = differs.policy
	)
	SELECT count(*) || ' differ: ' || string_agg(left(says, 300), E'\n' ORDER BY says) FROM wrong HAVING count(*) > 0
$$;

-- the last scan
CREATE FUNCTION last_run(source text, policy text) RETURNS claimline_internal.claim_scan_run
LANGUAGE sql AS $$ SELECT r.* FROM claimline_internal.claim_scan_run r WHERE r.source = $1 AND r.policy = $2 ORDER BY id DESC LIMIT 1 $$;

CREATE FUNCTION stored(source text, policy text) RETURNS text
LANGUAGE sql AS $$
	SELECT md5(coalesce(string_agg(x::text, E'\n' ORDER BY x::text), ''))
	FROM (SELECT f::text AS x FROM claimline_internal.claim_scan_finding f WHERE f.source = $1 AND f.policy = $2
		UNION ALL SELECT d::text FROM claimline_internal.claim_scan_day d WHERE d.source = $1 AND d.policy = $2) s
$$;

CREATE TABLE night_result (night int, source text, policy text, method text, what text, bad text, days_done bigint, all_days bigint, why text);

--
-- the first scan, and one more over the same claims
--

CALL claim_scan('by_hash', at_least => 'unknown');
SELECT is((last_run('by_hash', 'medicare')).days_done, 0::bigint, 'a source without rows is scanned');
SELECT is(differs('by_hash', 'medicare'), NULL, 'and has no findings');

INSERT INTO claims (claim, no, person, npi, dos, code, mods, units, minutes, dx, billed) SELECT d.* FROM generate_series(1, 900) n, drawn(n) d;
ANALYZE claims;
SELECT claim_source_track('by_log') \g /dev/null
INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare"}');

CALL claim_scan('by_log', at_least => 'info', batch_days => 37);
CALL claim_scan('by_mark', batch_days => 1000000);
CALL claim_scan('by_hash', at_least => 'unknown', batch_days => 1);
SELECT is((last_run(s, 'medicare')).method, substr(s, 4), s || ': the method is the best there is')
	FROM unnest('{by_log,by_hash}'::text[]) s;
SELECT is((last_run('by_mark', 'medicare')).method, 'watermark', 'by_mark: the method is the best there is');
SELECT is(differs(s, 'medicare'), NULL, s || ': the first scan finds what the recomputation finds')
	FROM unnest('{by_log,by_mark,by_hash}'::text[]) s;
SELECT cmp_ok((SELECT count(*) FROM claim_findings WHERE source = 'by_log'), '>', 500::bigint, 'there are many findings');
SELECT cmp_ok((SELECT count(DISTINCT rule) FROM claim_findings WHERE source = 'by_log'), '>', 10::bigint, 'of many rules');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_day WHERE source = 'by_log' AND undecided),
	(SELECT count(DISTINCT day_key) FROM claimline_internal.claim_scan_finding WHERE source = 'by_log' AND (finding).severity = 'unknown'), 'days are marked undecided');

SELECT string_agg(stored(s, 'medicare'), ' ') AS before FROM unnest('{by_log,by_mark,by_hash}'::text[]) s \gset
CALL claim_scan('by_log', at_least => 'info');
CALL claim_scan('by_mark');
CALL claim_scan('by_hash', at_least => 'unknown');
SELECT is(string_agg(stored(s, 'medicare'), ' '), :'before', 'a second scan changes nothing') FROM unnest('{by_log,by_mark,by_hash}'::text[]) s;
SELECT is((last_run(s, 'medicare')).days_done, 0::bigint, s || ': and judges nothing') FROM unnest('{by_log,by_mark,by_hash}'::text[]) s;
SELECT is((last_run('by_hash', 'medicare')).why, 'all days are compared', 'without a log and a watermark all days are compared');

--
-- nights
--

CREATE PROCEDURE change(night int)
LANGUAGE plpgsql AS $$
DECLARE
	seed bigint := night * 100000;
BEGIN
	INSERT INTO claims (claim, no, person, npi, dos, code, mods, units, minutes, dx, billed)
		SELECT d.* FROM generate_series(seed + 1, seed + 20) n, drawn(n) d;
	UPDATE claims SET units = h(id, seed) % 5, changed = clock_timestamp() WHERE h(id, seed, 1) % 40 = 0;
	UPDATE claims SET minutes = h(id, seed, 2) % 60, changed = clock_timestamp() WHERE h(id, seed, 3) % 60 = 0;
	UPDATE claims SET code = pick(h(id, seed, 4), '97124', '97140', '98941', 'X0001', 'Y0001', 'bad'), changed = clock_timestamp() WHERE h(id, seed, 5) % 60 = 0;
	UPDATE claims SET billed = h(id, seed, 6) % 300, changed = clock_timestamp() WHERE h(id, seed, 7) % 60 = 0;
	-- moved to another day
	IF night % 2 = 0 THEN
		UPDATE claims SET dos = CASE WHEN h(id, seed, 8) % 9 > 0 THEN dos + 45 END, changed = clock_timestamp() WHERE h(id, seed, 9) % 80 = 0;
		UPDATE claims SET person = NULL, changed = clock_timestamp() WHERE h(id, seed, 10) % 150 = 0;
	END IF;
	IF night % 3 > 0 THEN
		DELETE FROM claims WHERE h(id, seed, 11) % 50 = 0;
	END IF;
	-- a whole day
	DELETE FROM claims WHERE (person, npi, dos) = (SELECT person, npi, dos FROM claims WHERE person IS NOT NULL AND npi IS NOT NULL AND dos IS NOT NULL
		ORDER BY h(id, seed, 12) LIMIT 1);
END $$;

-- three editions in CMS's layout; each has the pairs of the one before with a few changes
CREATE FUNCTION publish(n int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ncci_ptp_import (column_1, column_2, before_1996, effective, deletion, indicator, rationale) VALUES
		('CPT only copyright 2025 American Medical Association.  All rights reserved.', '', '', '', '', '', ''),
		('Column1/Column2 Edits', '', '', '', '', '', ''),
		('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale'),
		('', '', 'prior to 1996', 'Date', 'Date', '0=not allowed', ''),
		('', '', '', '', '*=no data', '1=allowed', ''),
		('', '', '', '', '', '9=not applicable', '');
	INSERT INTO ncci_ptp_import (column_1, column_2, before_1996, effective, deletion, indicator, rationale)
	SELECT a, b, '', '20100101', CASE WHEN b = 'Y0001' AND n > 1 THEN '20241231' ELSE '*' END, CASE WHEN a = 'X0001' AND n = 3 THEN '0' ELSE '1' END, 'Misuse of Column Two code with Column One code'
	FROM (VALUES ('97140', '97124'), ('97530', '97140'), ('98941', '97124'), ('98941', '97140'), ('X0001', 'X0002'), ('X0001', 'Y0001')) p(a, b)
	UNION ALL SELECT 'W' || lpad(i::text, 4, '0'), 'W' || 5000 + i, '', '20100101', '*', '1', 'Misuse of Column Two code with Column One code' FROM generate_series(1, 100) i
	ORDER BY 1, 2;
	INSERT INTO ncci_mue_import (code, units, adjudication, rationale) VALUES
		(E'CPT codes, descriptions and other data only are copyright 2025 American Medical Association. All rights reserved.\n\n\nApplicable FARS/DFARS', NULL, NULL, NULL),
		(E'HCPCS/\nCPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale');
	INSERT INTO ncci_mue_import (code, units, adjudication, rationale)
	SELECT c, u::text, '3 Date of Service Edit: Clinical', 'CMS Policy'
	FROM (VALUES ('97110', 6), ('97124', CASE n WHEN 2 THEN 3 ELSE 4 END), ('97140', 6), ('97530', 6), ('98941', 1), ('X0001', n), ('X0002', 2)) m(c, u)
	UNION ALL SELECT 'W' || lpad(i::text, 4, '0'), '9', '3 Date of Service Edit: Clinical', 'CMS Policy' FROM generate_series(1, 60) i;
	PERFORM ncci_publish('e' || n, 'practitioner', daterange((date '2024-10-01' + make_interval(months => 3 * (n - 1)))::date,
		(date '2024-10-01' + make_interval(months => 3 * n))::date));
END $$;

CREATE PROCEDURE nights(first int, last int, what text = NULL)
LANGUAGE plpgsql AS $$
DECLARE
	of_source text;
	by_policy text;
BEGIN
	FOR night IN first..last LOOP
		IF what IS NULL THEN
			CALL change(night);
		END IF;
		COMMIT;
		FOREACH of_source IN ARRAY '{by_log,by_mark,by_hash}'::text[] LOOP
			FOREACH by_policy IN ARRAY '{medicare,mine}'::text[] LOOP
				CONTINUE WHEN by_policy = 'mine' AND of_source <> 'by_log' AND night % 3 > 0;
				CALL claim_scan(of_source, by_policy, at_least => bar(of_source), batch_days => (5 + h(night, 1) % 100)::int);
				INSERT INTO night_result
				SELECT night, r.source, r.policy, r.method, what, differs(r.source, r.policy), r.days_done,
					(SELECT count(*) FROM claimline_internal.claim_scan_day d WHERE d.source = r.source AND d.policy = r.policy), r.why
				FROM last_run(of_source, by_policy) r;
				COMMIT;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;

CALL nights(1, 10);
SELECT is(string_agg(bad, E'\n'), NULL, format('%s, %s: ten nights, no difference', source, policy)) FROM night_result GROUP BY source, policy ORDER BY source, policy;
SELECT cmp_ok(max(days_done), '<', min(all_days) / 2, format('%s: and few days are judged', source)) FROM night_result
	WHERE night > 1 AND policy = 'medicare' GROUP BY source ORDER BY source;
SELECT cmp_ok(min(days_done), '>', 0::bigint, format('%s: but some are', source)) FROM night_result WHERE policy = 'medicare' GROUP BY source ORDER BY source;
SELECT isnt_empty($$SELECT FROM night_result WHERE source = 'by_mark' AND why ~ 'the watermark did not show'$$, 'deletes are seen beside the watermark, by the number of lines');
SELECT isnt_empty($$SELECT FROM claim_finding_history WHERE closed_at IS NOT NULL$$, 'findings were closed');
SELECT is((SELECT count(*) FROM claim_finding_history WHERE closed_at < first_seen OR last_seen < first_seen OR closed_scan < last_scan OR last_scan < first_scan),
	0::bigint, 'times and scans of findings are in order');

--
-- the rules change
--

SELECT publish(1) \g /dev/null
CALL nights(11, 11, 'first edition');
SELECT is(string_agg(bad, E'\n'), NULL, 'a first edition: no difference') FROM night_result WHERE night = 11;
CALL nights(12, 13);
SELECT publish(2) \g /dev/null
CALL nights(14, 14, 'next edition');
SELECT is(string_agg(bad, E'\n'), NULL, 'the next edition: no difference') FROM night_result WHERE night BETWEEN 12 AND 14;
SELECT publish(3) \g /dev/null
CALL nights(15, 15, 'one more');
SELECT is(string_agg(bad, E'\n'), NULL, 'one more: no difference') FROM night_result WHERE night = 15;
SELECT is(string_agg(DISTINCT why, '; '), 'the ruleset changed for 4 codes', 'it has days judged by the codes that changed and the dates that it covers')
	FROM night_result WHERE night = 15 AND source = 'by_log';

-- days within what both editions cover: only those with a code that changed, or of which the edition's name was spoken
CREATE TABLE quiet (claim text, no int, person text, npi text, dos date, code text, units numeric);
INSERT INTO quiet SELECT 'Q' || d, i, 'P' || d, '1999000009', date '2025-01-01' + d % 80, CASE WHEN d % 10 = 0 THEN '97124' ELSE '97110' END, 1 + d % 6
FROM generate_series(1, 500) d, generate_series(1, 1 + d % 2) i;
SELECT claim_source_add('quiet', 'quiet', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no",
	"code": "code", "units": "units"}') \g /dev/null
CALL claim_scan('quiet', edition => 'e2');
SELECT cmp_ok((SELECT count(*) FROM claim_findings WHERE source = 'quiet' AND edition = 'e2'), '>', 0::bigint, 'a scan by an edition that is named');
SELECT count(*) AS spoken FROM (
	SELECT claimline_internal.claim_scan_key(d.person, d.npi, d.dos)
	FROM (SELECT person, npi, dos, claimday(claim, no, try_claimline(code, units => units, dos => dos)) AS day FROM quiet GROUP BY 1, 2, 3) d,
		claim_edits(d.day, ruleset('medicare', 'e2')) e WHERE e.rule = 'edition-coverage'
	UNION
	SELECT claimline_internal.claim_scan_key(person, npi, dos) FROM quiet
	WHERE code = ANY (ARRAY(SELECT unnest(codes) FROM ruleset_diff(ruleset('medicare', 'e2'), ruleset('medicare', 'e3'))))) d \gset
CALL claim_scan('quiet', edition => 'e3');
SELECT is((last_run('quiet', 'medicare')).days_done, :spoken::bigint, 'another edition: the days judged are those it can concern');
SELECT cmp_ok(:spoken, '<', 200, 'few');
SELECT is((SELECT count(*) FROM (
	SELECT d.person, d.npi, d.dos, e.* FROM (SELECT person, npi, dos, claimday(claim, no, try_claimline(code, units => units, dos => dos)) AS day FROM quiet GROUP BY 1, 2, 3) d,
		claim_edits(d.day, ruleset('medicare', 'e3')) e WHERE e.severity >= 'review' AND e.rule <> 'edition-coverage'
	EXCEPT ALL SELECT patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts
		FROM claim_findings WHERE source = 'quiet') x), 0::bigint, 'and the findings are right');
SELECT bag_eq($$SELECT rule, severity, findings, days FROM claim_report_counted WHERE source = 'quiet'$$, $$SELECT e.rule, e.severity, count(*), count(DISTINCT ROW(d.person, d.npi, d.dos)) AS days
	FROM (SELECT person, npi, dos, claimday(claim, no, try_claimline(code, units => units, dos => dos)) AS day FROM quiet GROUP BY 1, 2, 3) d,
		claim_edits(d.day, ruleset('medicare', 'e3')) e WHERE e.severity < 'review' OR e.rule = 'edition-coverage' GROUP BY 1, 2$$, 'so is what is counted');

-- a policy
UPDATE claim_policy SET settings = '{"extends": "medicare", "unit_rule": "ama", "cmt_massage": "bundled"}' WHERE name = 'mine';
CALL nights(16, 16, 'policy');
SELECT is(string_agg(bad, E'\n'), NULL, 'a setting of the policy changes: no difference') FROM night_result WHERE night = 16;
SELECT is(string_agg(DISTINCT why || ' ' || (days_done = all_days), ', ' ORDER BY why || ' ' || (days_done = all_days)), 'the ruleset changed for any line true',
	'it may concern any line') FROM night_result WHERE night = 16 AND policy = 'mine' AND source = 'by_log';
SELECT is(max(days_done), 0::bigint, 'and no other policy') FROM night_result WHERE night = 16 AND policy = 'medicare';

-- both at once, while rows change
UPDATE claim_policy SET settings = '{"extends": "medicare", "severity": {"ptp": "review"}}' WHERE name = 'mine';
CALL nights(17, 19);
SELECT is(string_agg(bad, E'\n'), NULL, 'rules and rows change: no difference') FROM night_result WHERE night >= 17;

--
-- what is asked changes
--

CALL claim_scan('by_hash', at_least => 'deny');
SELECT is(differs('by_hash', 'medicare', 'deny'), NULL, 'findings from a severity on only');
SELECT is((last_run('by_hash', 'medicare')).why, 'another severity', 'which has all days judged again');
CALL claim_scan('by_hash', at_least => 'deny');
SELECT is((last_run('by_hash', 'medicare')).days_done, 0::bigint, 'once');
CALL claim_scan('by_hash', at_least => 'unknown');
SELECT is(differs('by_hash', 'medicare'), NULL, 'and back');
SELECT ok(bool_and(c.id = ANY (ARRAY(SELECT d.counted FROM claimline_internal.claim_scan_day d WHERE d.source = c.source AND d.policy = c.policy))),
	'what no day has any more is not kept') FROM claimline_internal.claim_scan_counted c WHERE source = 'by_hash' AND policy = 'medicare';
SELECT stored('by_log', 'medicare') AS before \gset
CALL claim_scan('by_log', at_least => 'info', full => true);
SELECT is(differs('by_log', 'medicare'), NULL, 'full: every day is judged');
SELECT is((SELECT ROW(r.days_done, r.opened, r.closed) FROM last_run('by_log', 'medicare') r),
	(SELECT ROW(count(*), 0::bigint, 0::bigint) FROM claimline_internal.claim_scan_day WHERE source = 'by_log' AND policy = 'medicare'), 'and nothing else is said');

-- another method, the table emptied and filled, a column renamed
CALL change(20);
CALL claim_scan('by_log', at_least => 'info', method => 'hash');
SELECT is(differs('by_log', 'medicare'), NULL, 'a method for once');
CALL claim_scan('by_mark', method => 'hash');
SELECT is(differs('by_mark', 'medicare'), NULL, 'also beside a watermark');
CALL change(21);
CALL claim_scan('by_mark');
SELECT is(differs('by_mark', 'medicare'), NULL, 'and back to it');
CALL claim_scan('by_log', at_least => 'info');
CREATE TABLE kept AS TABLE claims;
TRUNCATE claims;
CALL claim_scan('by_log', at_least => 'info');
SELECT is((SELECT count(*) FROM claim_findings WHERE source = 'by_log' AND policy = 'medicare'), 0::bigint, 'a table that is emptied has no findings left');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_day WHERE source = 'by_log' AND policy = 'medicare'), 0::bigint, 'and no days');
INSERT INTO claims OVERRIDING SYSTEM VALUE SELECT * FROM kept;
CALL nights(22, 22, 'filled');
SELECT is(string_agg(bad, E'\n'), NULL, 'filled again: no difference') FROM night_result WHERE night = 22;
ALTER TABLE claims RENAME COLUMN changed TO touched;
ALTER TABLE claims RENAME COLUMN billed TO "Billed $";
ALTER TABLE claims RENAME COLUMN npi TO "the npi";
UPDATE claims SET units = 9, touched = clock_timestamp() WHERE id % 97 = 0;
CALL claim_scan('by_mark');
CALL claim_scan('by_log', at_least => 'info');
SELECT is(differs('by_mark', 'medicare'), NULL, 'columns are renamed, the watermark too');
SELECT is(differs('by_log', 'medicare'), NULL, 'and with the log');
ALTER TABLE claims RENAME COLUMN touched TO changed;
ALTER TABLE claims RENAME COLUMN "Billed $" TO billed;
ALTER TABLE claims RENAME COLUMN "the npi" TO npi;

-- a day of 10,000 lines, all of one number; numbers of any scale as keys
CREATE TABLE big (person numeric, dos date, claim text, code text, units numeric, charge numeric);
INSERT INTO big SELECT 1.0, '2024-08-01', 'C1', '97124', 1, i FROM generate_series(1, 10000) i;
INSERT INTO big VALUES (2, '2024-08-01', 'C2', '97124', 9, 10), (2.00, '2024-08-01', 'C2', '97124', 9, 20.5), ('NaN', 'infinity', NULL, '97140', 1, NULL);
SELECT claim_source_add('big', 'big', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "code": "code", "units": "units"}', charge => 'charge') \g /dev/null
SELECT claim_source_track('big') \g /dev/null
CALL claim_scan('big');
SELECT is((SELECT sum(charge) FROM (SELECT DISTINCT patient, place, charge FROM claimline_internal.claim_scan_finding WHERE source = 'big' AND patient = '1') x), 50005000::numeric,
	'lines that nothing tells apart keep their charges');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_day WHERE source = 'big'), 3::bigint, 'equal numbers are one key');
UPDATE big SET units = 8 WHERE person = 2;
CALL claim_scan('big');
SELECT is((SELECT ROW(days_done, lines_done) FROM last_run('big', 'medicare')), ROW(1::bigint, 2::bigint), 'also in the log');
SELECT is((SELECT ROW(lines, charge) FROM claim_report_charge WHERE source = 'big'), ROW(10002::bigint, 50005030.5), 'each line is at risk once, and what is no line is not');

-- partitions come and go without a statement that a trigger or a watermark could see
CREATE TABLE parted (claim text, person text, npi text, dos date, code text, units int) PARTITION BY RANGE (dos);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');
INSERT INTO parted SELECT 'C' || i, 'P' || i / 3, 'N', date '2024-01-02' + i % 300, '97124', 1 + i % 7 FROM generate_series(1, 500) i;
SELECT claim_source_add('parted', 'parted', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "code": "code", "units": "units"}') \g /dev/null
CALL claim_scan('parted');
CALL claim_scan('parted');
SELECT is((last_run('parted', 'medicare')).days_done, 0::bigint, 'a partitioned table is as it was');
SELECT claim_source_track('parted') \g /dev/null
CALL claim_scan('parted');
UPDATE parted_1 SET units = 9 WHERE claim = 'C6';
CALL claim_scan('parted');
SELECT is((SELECT ROW(method, days_done) FROM last_run('parted', 'medicare')), ROW('log'::text, 1::bigint), 'a change of a partition is logged');
ALTER TABLE parted DETACH PARTITION parted_2;
CALL claim_scan('parted');
SELECT is((SELECT max(dos) FROM claim_findings WHERE source = 'parted'), date '2024-06-30', 'the days of a detached partition are gone');
-- not every minor release lets a table in that has such triggers
DO $$
DECLARE
	trigger name;
BEGIN
	FOR trigger IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'parted_2'::regclass LOOP
		EXECUTE format('DROP TRIGGER %I ON parted_2', trigger);
	END LOOP;
END $$;
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');
CALL claim_scan('parted');
SELECT cmp_ok((SELECT max(dos) FROM claim_findings WHERE source = 'parted'), '>', date '2024-10-01', 'and back with it');
SELECT is((last_run('parted', 'medicare')).method, 'hash', 'a partition that is not logged has all days compared');

-- what a table alone does not tell
CREATE TABLE lookups (key text, setting text);
CREATE FUNCTION lookup(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT max(setting) FROM public.lookups WHERE key = $1 $$;
INSERT INTO lookups VALUES ('a', '97124');
CREATE TABLE coded (claim text, person text, dos date, code text);
INSERT INTO coded VALUES ('C1', 'P1', '2024-08-01', 'a');
SELECT claim_source_add('coded', 'coded', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "code": {"expression": "public.lookup(code)"}}') \g /dev/null
CALL claim_scan('coded');
UPDATE lookups SET setting = '97140';
CALL claim_scan('coded');
SELECT is((SELECT string_agg(DISTINCT line_code(line), ' ') FROM claim_findings WHERE source = 'coded'), '97140', 'an expression that reads another table is compared each time');

--
-- what was said before
--

CREATE TABLE story (claim text, no int, person text, npi text, dos date, code text, mods text[], units numeric, minutes int);
SELECT claim_source_add('story', 'story', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no",
	"code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}') \g /dev/null
INSERT INTO story VALUES ('C1', 1, 'P1', 'N', '2024-08-01', '97124', '{GP}', 3, 23), ('C2', 1, 'P2', 'N', '2024-08-01', '97124', '{GP}', 2, 23),
	('C3', 1, 'P3', 'N', '2024-08-01', '97124', '{GP}', 1, 23), ('C4', 1, 'P4', NULL, '2024-08-01', '97124', '{GP}', 1, NULL);
CREATE FUNCTION says(at timestamptz) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', claim_id, rule, severity), ', ' ORDER BY claim_id, rule, severity)
	FROM claim_findings_at('story', 'medicare', at) WHERE rule ~ '^units-(minutes|underbilled|unknown)'
$$;
SELECT clock_timestamp() AS before_all \gset
CALL claim_scan('story', at_least => 'info', edition => 'starter');
SELECT clock_timestamp() AS monday \gset
UPDATE story SET units = 2 WHERE claim = 'C1';
UPDATE story SET units = 3 WHERE claim = 'C2';
DELETE FROM story WHERE claim = 'C4';
CALL claim_scan('story', at_least => 'info', edition => 'starter');
SELECT clock_timestamp() AS tuesday \gset
UPDATE story SET units = 3 WHERE claim = 'C1';
CALL claim_scan('story', at_least => 'info', edition => 'starter');
SELECT is(says(:'before_all'), NULL, 'before the first scan nothing was said');
SELECT is(says(:'monday'), 'C1 units-minutes deny, C3 units-underbilled info, C4 units-unknown unknown', 'what was said on Monday');
SELECT is(says(:'tuesday'), 'C2 units-minutes deny, C3 units-underbilled info', 'on Tuesday');
SELECT is(says(now()), 'C1 units-minutes deny, C2 units-minutes deny, C3 units-underbilled info', 'and now');
SELECT bag_eq($$SELECT (to_jsonb(f) - 'last_seen' - 'judged_at' - 'judged_scan' - 'last_scan' - 'edition') -> 'id' FROM claim_findings f WHERE source = 'story'$$,
	$$SELECT to_jsonb(id) FROM claim_findings_at('story', 'medicare', now())$$, 'now is what claim_findings shows');
SELECT is((SELECT count(DISTINCT first_scan) FROM claim_finding_history WHERE source = 'story' AND claim_id = 'C1' AND rule = 'units-minutes'), 2::bigint,
	'what comes back is a finding of its own');
SELECT is((SELECT string_agg(change || ' ' || claim_id || ' ' || rule, ', ' ORDER BY change, claim_id) FROM claim_changes WHERE source = 'story' AND rule ~ '^units'),
	'opened C1 units-minutes', 'what the last scan changed');

--
-- reports beside plain SQL over the claims
--

CALL claim_scan('by_log', at_least => 'info');
CREATE VIEW judged AS
SELECT d.person::text AS patient, d.npi::text AS provider, d.dos, e.*
FROM (SELECT person, npi, dos, claimday(claim, no, line, why) AS day FROM lines GROUP BY person, npi, dos) d, claim_edits(d.day, ruleset('medicare')) e;
SELECT bag_eq($$SELECT rule, severity, findings, days FROM claim_report_rules WHERE source = 'by_log' AND policy = 'medicare'$$,
	$$SELECT rule, severity, count(*), count(DISTINCT ROW(patient, provider, dos)) AS days FROM judged GROUP BY rule, severity$$, 'report by rule');
SELECT bag_eq($$SELECT provider, rule, severity, findings FROM claim_report_providers WHERE source = 'by_log' AND policy = 'medicare'$$,
	$$SELECT provider, rule, severity, count(*) FROM judged GROUP BY provider, rule, severity$$, 'by provider');
SELECT bag_eq($$SELECT month, rule, severity, findings FROM claim_report_months WHERE source = 'by_log' AND policy = 'medicare'$$,
	$$SELECT to_char(dos, 'YYYY-MM-01')::date, rule, severity, count(*) FROM judged GROUP BY 1, 2, 3$$, 'by month');
SELECT is((SELECT days FROM claim_report_undecided WHERE source = 'by_log' AND policy = 'medicare' AND why = 'any rule'),
	(SELECT count(DISTINCT ROW(patient, provider, dos)) FROM judged WHERE severity = 'unknown'), 'days that were not decided');
SELECT bag_eq($$SELECT why, days, all_days FROM claim_report_undecided WHERE source = 'by_log' AND policy = 'medicare' AND why !~ 'any rule'$$,
	$$SELECT w.*, (SELECT count(*) FROM (SELECT FROM lines GROUP BY person, npi, dos) d) AS all_days FROM (
		SELECT rule, count(DISTINCT ROW(patient, provider, dos)) AS days FROM judged WHERE severity = 'unknown' GROUP BY rule
		UNION ALL SELECT 'no patient', count(*) FROM (SELECT FROM lines WHERE person IS NULL GROUP BY person, npi, dos) d
		UNION ALL SELECT 'no provider', count(*) FROM (SELECT FROM lines WHERE npi IS NULL GROUP BY person, npi, dos) d
		UNION ALL SELECT 'no date of service', count(*) FROM (SELECT FROM lines WHERE dos IS NULL GROUP BY person, npi, dos) d) w$$, 'and why');
-- lines told apart by a number of their own: then the charge is plain SQL
CREATE TABLE charged AS SELECT id::text AS claim, 1 AS no, person, npi, dos, code, mods, units, minutes, dx, billed FROM claims;
SELECT claim_source_add('charged', 'charged', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no",
	"code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes", "dx": "dx"}', charge => 'billed') \g /dev/null
CALL claim_scan('charged', at_least => 'info');
SELECT is((SELECT ROW(lines, charge, lines_without_charge) FROM claim_report_charge WHERE source = 'charged'),
	(SELECT ROW(count(*), sum(c.billed), count(*) FILTER (WHERE c.billed IS NULL)) FROM charged c WHERE c.claim IN (
		SELECT e.claim_id FROM (SELECT claimday(claim, no, try_claimline(code, mods, units, minutes, dos, NULL, dx)) AS day FROM charged GROUP BY person, npi, dos) d,
			claim_edits(d.day, ruleset('medicare')) e WHERE e.severity = 'deny')), 'charge at risk');
SELECT bag_eq($$SELECT provider, code, lines, lines_at_limit, units_billed, units_supported, units_underbilled FROM claim_report_underbilled WHERE source = 'charged'$$,
	$$SELECT c.npi::text, c.code, count(*) FILTER (WHERE e.suggestion IS NOT NULL) AS n, count(*) FILTER (WHERE e.suggestion IS NULL) AS n_at_limit,
			sum(c.units) FILTER (WHERE e.suggestion IS NOT NULL) AS billed, sum(line_units(e.suggestion)) AS supported, sum(line_units(e.suggestion) - c.units) AS missing
		FROM (SELECT claimday(claim, no, try_claimline(code, mods, units, minutes, dos, NULL, dx)) AS day FROM charged GROUP BY person, npi, dos) d,
			claim_edits(d.day, ruleset('medicare')) e JOIN charged c ON c.claim = e.claim_id
		WHERE e.rule = 'units-underbilled' GROUP BY 1, 2$$, 'units under-billed');
SELECT cmp_ok((SELECT count(*) FROM claim_report_underbilled WHERE source = 'charged'), '>', 3::bigint, 'by several providers and codes');
SELECT is((SELECT sum(new) FROM claim_report_changes WHERE source = 'charged'), (SELECT count(*)::numeric FROM claim_findings WHERE source = 'charged'), 'all is new after a first scan');
CALL claim_scan('charged', at_least => 'info');
SELECT is((SELECT sum(new) FROM claim_report_changes WHERE source = 'charged'), (SELECT count(*)::numeric FROM claim_findings WHERE source = 'charged'), 'and after one that changes nothing');

-- what was found goes with the source
SELECT claim_source_untrack('by_log') \g /dev/null
DELETE FROM claimline_internal.claim_source WHERE name = 'by_log';
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_finding WHERE source = 'by_log') + (SELECT count(*) FROM claimline_internal.claim_scan_day WHERE source = 'by_log')
	+ (SELECT count(*) FROM claimline_internal.claim_scan_state WHERE source = 'by_log') + (SELECT count(*) FROM claimline_internal.claim_scan_run WHERE source = 'by_log'), 0::bigint,
	'what scans stored goes with the source');
SELECT cmp_ok((SELECT count(*) FROM claim_findings WHERE source = 'by_mark'), '>', 0::bigint, 'and that of other sources stays');

SELECT * FROM finish();

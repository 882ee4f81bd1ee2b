-- Courses in scans: after each night, by every method, what is stored of family course is what claim_course says of every patient, and of the other
-- rules what claim_edits says; a finding that stays keeps its number. Rows come, change, move to other days and patients and go; periods change,
-- too, and the policy. What lies before a change is not judged again.

\i test/tap/lib.sql

SELECT no_plan();

CREATE TABLE care (id bigint GENERATED ALWAYS AS IDENTITY, patient text, provider text, dos date, claim text, no int, code text, mods text[], units numeric, allowed numeric, billed numeric, changed bigint);
CREATE SEQUENCE change;
CREATE INDEX ON care (patient, provider, dos);
INSERT INTO claim_policy (name, settings, note, source) VALUES
	('limits', '{"extends": "medicare", "kx_threshold": {"2023": 200, "2024": 300}, "review_threshold": {"2024": 400}, "visits_limit": 6, "visits_scrutiny": 3, "course_limits": {"visits_year": 9, "units_week": 4, "episode_days": 20}}', 'tried', 'here');
SELECT claim_source_add('by_' || m, 'care', charge => 'billed', watermark => CASE m WHEN 'mark' THEN 'changed' END, columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim",
	"line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "allowed": "allowed"}') FROM unnest('{hash,log,mark}'::text[]) m \g /dev/null
SELECT claim_source_track('by_log') \g /dev/null

CREATE PROCEDURE put(seed int, n int) LANGUAGE sql AS $$
	INSERT INTO care (patient, provider, dos, claim, no, code, mods, units, allowed, billed, changed)
	SELECT CASE WHEN draw(i, seed, 30) > 0 THEN 'P' || draw(i, seed + 1, 12) END, 'N' || draw(i, seed + 2, 2), CASE WHEN draw(i, seed + 3, 40) > 0 THEN '2023-11-01'::date + draw(i, seed + 4, 200) END, 'C' || draw(i, seed + 5, 1000000), 1 + draw(i, seed + 6, 2),
		(ARRAY['97124', '97124', '97110', '98940', 'bad'])[1 + draw(i, seed + 7, 5)], (ARRAY['{GP}', '{GP}', '{GO}', '{GP,KX}', '{}'])[1 + draw(i, seed + 8, 5)]::text[], 1 + draw(i, seed + 9, 3), draw(i, seed + 10, 5000) / 100.0, draw(i, seed + 11, 90), nextval('change')
	FROM generate_series(1::bigint, n) i
$$;

-- what differs between what is stored and what is so
CREATE FUNCTION differs(source text) RETURNS text LANGUAGE sql AS $$
	WITH stored AS (
		SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, line, charge, suggestion, carc, facts FROM claim_findings f WHERE f.source = differs.source AND policy = 'limits'
	), courses AS (
		SELECT p.patient, c.provider, c.dos, (c.finding).rule, (c.finding).severity, (c.finding).message, (c.finding).claim_id, (c.finding).line_no, c.line, NULL::numeric AS charge, (c.finding).suggestion, (c.finding).carc, (c.finding).facts
		FROM (SELECT DISTINCT patient FROM care WHERE patient IS NOT NULL) p, claim_course(differs.source, 'limits', p.patient) c WHERE (c.finding).severity >= 'review'
	), days AS (
		SELECT d.patient, d.provider, d.dos, e.rule, e.severity, e.message, e.claim_id, e.line_no, NULL::claimline, NULL::numeric, e.suggestion, e.carc, e.facts
		FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM by_hash_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, ruleset('limits')) e
		WHERE e.severity >= 'review' AND e.rule <> 'edition-coverage'
	)
	SELECT string_agg(x, E'\n') FROM (
		(SELECT 'stored ' || s::text AS x FROM (SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, line, suggestion, carc, facts FROM stored WHERE rule ~ '^course-'
			EXCEPT ALL SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, line, suggestion, carc, facts FROM courses) s LIMIT 3)
		UNION ALL (SELECT 'so ' || s::text FROM (SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, line, suggestion, carc, facts FROM courses
			EXCEPT ALL SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, line, suggestion, carc, facts FROM stored) s LIMIT 3)
		UNION ALL (SELECT 'stored day ' || s::text FROM (SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, suggestion FROM stored WHERE rule !~ '^course-'
			EXCEPT ALL SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, suggestion FROM days) s LIMIT 3)
		UNION ALL (SELECT 'so of a day ' || s::text FROM (SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, suggestion FROM days
			EXCEPT ALL SELECT patient, provider, dos, rule, severity, message, claim_id, line_no, suggestion FROM stored) s LIMIT 3)
		UNION ALL (SELECT 'charge ' || s::text FROM stored s WHERE rule ~ '^course-' AND NOT EXISTS (SELECT FROM care c WHERE c.claim = s.claim_id AND c.no = s.line_no AND c.billed = s.charge) LIMIT 3)
		UNION ALL (SELECT 'waits ' || c::text FROM claimline_internal.claim_scan_course c WHERE c.source = differs.source LIMIT 3)) d(x)
$$;

-- findings of courses and when they were judged
CREATE TABLE before (source text, id bigint, patient text, dos date, judged_scan bigint);
CREATE FUNCTION remember() RETURNS void LANGUAGE sql AS $$
	DELETE FROM before;
	INSERT INTO before SELECT source, id, patient, dos, judged_scan FROM claim_findings WHERE rule ~ '^course-' AND policy = 'limits';
$$;

CALL put(1, 900);
CALL claim_scan('by_hash', 'limits');
CALL claim_scan('by_log', 'limits');
CALL claim_scan('by_mark', 'limits');
SELECT is(differs('by_' || m), NULL, 'the first night: ' || m) FROM unnest('{hash,log,mark}'::text[]) m;
SELECT cmp_ok(count(*), '>', 20::bigint, 'of ' || rule) FROM claim_findings WHERE source = 'by_log' AND rule ~ '^course-' GROUP BY rule HAVING rule <> 'course-review' ORDER BY rule;

SELECT remember() \g /dev/null
CALL claim_scan('by_hash', 'limits');
CALL claim_scan('by_log', 'limits');
CALL claim_scan('by_mark', 'limits');
-- a watermark shows the days of the highest value again
SELECT is_empty($$SELECT * FROM before WHERE source <> 'by_mark' EXCEPT SELECT source, id, patient, dos, judged_scan FROM claim_findings$$, 'nothing changed: nothing is judged');

-- a row of one patient: what is before it stays as it was judged, what is behind it is judged, under its number
INSERT INTO care (patient, provider, dos, claim, no, code, mods, units, allowed, billed, changed) VALUES ('P8', 'N0', '2024-02-10', 'new', 1, '97110', '{GP}', 1, 0.01, 1, nextval('change'));
CALL claim_scan('by_hash', 'limits');
CALL claim_scan('by_log', 'limits');
CALL claim_scan('by_mark', 'limits');
SELECT is(differs('by_' || m), NULL, 'a row more: ' || m) FROM unnest('{hash,log,mark}'::text[]) m;
SELECT is_empty($$SELECT b.* FROM before b LEFT JOIN claim_findings f USING (source, id) WHERE f.id IS NULL OR (b.patient, b.dos >= '2024-02-10') = ('P8', true) AND f.judged_scan = b.judged_scan
	OR b.source <> 'by_mark' AND (b.patient, b.dos >= '2024-02-10') <> ('P8', true) AND f.judged_scan <> b.judged_scan$$, 'only what comes after it in the course is judged again, and keeps its number');
SELECT cmp_ok((SELECT count(*) FROM before WHERE patient = 'P8' AND dos >= '2024-02-10'), '>', 3::bigint, 'and that is something');

-- nights
CREATE PROCEDURE night(n int) LANGUAGE plpgsql AS $$
BEGIN
	CALL put(100 * n, 8);
	UPDATE care SET units = 1 + draw(id, n, 3), changed = nextval('change') WHERE draw(id, 7 * n, 90) = 0;
	UPDATE care SET dos = dos + draw(id, n + 1, 30) - 15, changed = nextval('change') WHERE draw(id, 7 * n + 1, 90) = 0;
	UPDATE care SET patient = 'P' || draw(id, n + 2, 12), changed = nextval('change') WHERE draw(id, 7 * n + 2, 90) = 0;
	UPDATE care SET allowed = draw(id, n + 3, 5000) / 100.0, units = units + 1, changed = nextval('change') WHERE draw(id, 7 * n + 3, 90) = 0;
	DELETE FROM care WHERE draw(id, 7 * n + 4, 60) = 0;
	DELETE FROM claim_period WHERE draw(id, n, 5) = 0;
	UPDATE claim_period SET visits = draw(id, n + 1, 9), patient = 'P' || draw(id, n + 2, 12) WHERE draw(id, n + 3, 5) = 0;
	INSERT INTO claim_period (source, patient, kind, from_date, to_date, visits, number)
	SELECT s, 'P' || draw(n, p, 12), (ARRAY['certification', 'authorization'])[1 + draw(n, p + 20, 2)], '2023-11-01'::date + draw(n, p + 30, 100), '2024-03-01'::date + draw(n, p + 40, 90), 1 + draw(n, p + 50, 12), 'A' || n FROM unnest('{by_hash,by_log,by_mark}'::text[]) s, generate_series(1, 2) p;
	IF n = 4 THEN
		UPDATE claim_policy SET settings = settings || '{"visits_limit": 5}' WHERE name = 'limits';
	ELSIF n = 6 THEN
		TRUNCATE claim_period;
	END IF;
END $$;
SELECT format('CALL night(%s)', n), $$CALL claim_scan('by_hash', 'limits')$$, $$CALL claim_scan('by_log', 'limits')$$, $$CALL claim_scan('by_mark', 'limits')$$,
	format($$SELECT is(differs('by_' || m), NULL, 'night %s: ' || m) FROM unnest('{hash,log,mark}'::text[]) m$$, n) FROM generate_series(1, 8) n \gexec

-- amounts alone: lines and charges are as they were, so it takes a scan of all
UPDATE care SET allowed = allowed + 40, changed = nextval('change') WHERE patient = 'P5';
CALL claim_scan('by_mark', 'limits');
SELECT is(differs('by_mark'), NULL, 'another amount: by the watermark');
CALL claim_scan('by_log', 'limits', "full" => true);
CALL claim_scan('by_hash', 'limits', "full" => true);
SELECT is(differs('by_' || m), NULL, 'and in full: ' || m) FROM unnest('{hash,log}'::text[]) m;

-- a policy that asks nothing more
UPDATE claim_policy SET settings = '{"extends": "cpt"}' WHERE name = 'limits';
TRUNCATE claim_period;
CALL claim_scan('by_log', 'limits');
SELECT is((SELECT count(*) FROM claim_findings WHERE source = 'by_log' AND rule ~ '^course-'), 0::bigint, 'a policy that asks nothing closes what stood open');

-- a source that goes takes its periods along
INSERT INTO claim_period (source, patient, kind, from_date, to_date) VALUES ('by_mark', 'P1', 'authorization', '2024-01-01', '2024-01-31');
SELECT claim_source_drop('by_mark') \g /dev/null
SELECT is((SELECT count(*) FROM claim_period), 0::bigint, 'periods of a source that was dropped');

SELECT * FROM finish();

-- What scans changed: a finding is the same while it is on the same line by the same rule with the same partner; what it said before
-- can be asked.  The oracle is a copy of claim_findings after each scan.

\i test/tap/lib.sql

SELECT no_plan();

CREATE FUNCTION changes(source text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', change, claim_id, line_no, rule), ', ' ORDER BY change, claim_id, line_no, rule) FROM claim_changes c WHERE c.source = $1
$$;
CREATE FUNCTION since(source text, at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', change, claim_id, line_no, rule), ', ' ORDER BY change, claim_id, line_no, rule) FROM claim_changes_since($1, 'medicare', at)
$$;

--
-- one finding's life
--

CREATE TABLE life (claim text, no int, person text, dos date, code text, mods text, units int, minutes int);
SELECT claim_source_add('life', 'life', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods",
	"units": "units", "minutes": "minutes"}') \g /dev/null
INSERT INTO life VALUES ('A', 1, 'P1', '2024-08-01', '97110', 'GP', 4, 30), ('B', 1, 'P2', '2024-08-01', '97110', 'GP', 4, 30);
SELECT clock_timestamp() AS t0 \gset
CALL claim_scan('life');
SELECT clock_timestamp() AS t1, id, message, suggestion FROM claim_findings WHERE source = 'life' AND claim_id = 'A' AND rule = 'units-minutes' \gset
SELECT is(changes('life'), 'opened A 1 units-minutes, opened B 1 units-minutes', 'a first scan opens');
CALL claim_scan('life');
SELECT is(changes('life'), 'opened A 1 units-minutes, opened B 1 units-minutes', 'one that changes nothing leaves what changed last');
SELECT is((SELECT count(*) FROM claim_changes WHERE source = 'life' AND scan = (SELECT max(scan) FROM claim_scan_progress)), 0::bigint, 'and says which scan that was');

UPDATE life SET units = 5 WHERE claim = 'A';
CALL claim_scan('life');
SELECT clock_timestamp() AS t2 \gset
SELECT is((SELECT ROW(id, first_seen < :'t1', message <> :'message', suggestion = :'suggestion') FROM claim_findings WHERE claim_id = 'A'), ROW(:id::bigint, true, true, true),
	'other units in its words: the same finding, as old as it is');
SELECT is((SELECT ROW(change, was_message, was_severity, was_suggestion) FROM claim_changes WHERE source = 'life'),
	ROW('changed'::text, :'message'::text, 'deny'::claim_severity, :'suggestion'::claimline), 'it is told as changed, with what it said');
SELECT is(changes('life'), 'changed A 1 units-minutes', 'and no other');
SELECT is((SELECT ROW(opened, changed, kept, closed) FROM claim_scan_progress ORDER BY scan DESC LIMIT 1), ROW(0::bigint, 1::bigint, 0::bigint, 0::bigint), 'the scan counts it');
SELECT is((SELECT ROW(new, changed, closed) FROM claim_report_changes WHERE source = 'life'), ROW(0::bigint, 1::bigint, 0::bigint), 'the report too');

-- another suggestion and severity
UPDATE life SET minutes = 10 WHERE claim = 'A';
CALL claim_scan('life');
SELECT clock_timestamp() AS t3 \gset
UPDATE claim_policy SET settings = settings || '{"severity": {"units-minutes": "review"}}' WHERE name = 'medicare';
CALL claim_scan('life');
SELECT clock_timestamp() AS t4 \gset
SELECT is(changes('life'), 'changed A 1 units-minutes, changed B 1 units-minutes', 'another severity changes');
SELECT is((SELECT string_agg(severity::text, ' ') FROM claim_finding_versions WHERE id = :id), 'deny deny deny review', 'each time is kept') FROM (SELECT) x;
SELECT is((SELECT count(*) FROM (SELECT said_at, lag(until_at) OVER (ORDER BY said_at) AS before FROM claim_finding_versions WHERE id = :id) v WHERE said_at <> before), 0::bigint, 'without a gap');
SELECT is((SELECT ROW(severity, message) FROM claim_findings_at('life', 'medicare', :'t1') WHERE claim_id = 'A'), ROW('deny'::claim_severity, :'message'::text), 'what was said first');
SELECT is((SELECT ROW(severity, message ~ 'x5|5 units') FROM claim_findings_at('life', 'medicare', :'t2') WHERE claim_id = 'A'), ROW('deny'::claim_severity, true), 'then');
SELECT is((SELECT severity FROM claim_findings_at('life', 'medicare', now()) WHERE claim_id = 'A'), 'review', 'and now');

UPDATE claim_policy SET settings = settings - 'severity' WHERE name = 'medicare';
UPDATE life SET units = 4, minutes = 30 WHERE claim = 'A';
CALL claim_scan('life');
SELECT is(since('life', :'t1'), NULL, 'what is as it was is no change since');
SELECT is(since('life', :'t0'), 'opened A 1 units-minutes, opened B 1 units-minutes', 'before the first scan there was nothing');
SELECT is(since('life', :'t2'), 'changed A 1 units-minutes', 'what is not is one');
SELECT is((SELECT was_message ~ 'x5|5 units' FROM claim_changes_since('life', 'medicare', :'t2')), true, 'with what was said then');
UPDATE life SET units = 2 WHERE claim = 'A';
CALL claim_scan('life');
SELECT is(changes('life'), 'closed A 1 units-minutes', 'what no longer holds is closed');
SELECT clock_timestamp() AS t5 \gset
UPDATE life SET units = 4 WHERE claim = 'A';
CALL claim_scan('life');
SELECT is(changes('life'), 'opened A 1 units-minutes', 'and what comes back is opened');
SELECT is(since('life', :'t3'), 'closed A 1 units-minutes, opened A 1 units-minutes', 'both, since before');
SELECT is(since('life', :'t5'), 'opened A 1 units-minutes', 'one, since between');
SELECT is((SELECT count(*) FROM claim_changes_since('life', 'medicare', 'infinity')), 0::bigint, 'nothing since a time to come');
SELECT is((SELECT count(*) FROM claim_changes_since('life', 'medicare', NULL)), 0::bigint, 'nor since none');
SELECT throws_ok($$SELECT * FROM claim_changes_since('lift', 'medicare', now())$$, '42704', 'claim source "lift" does not exist');
SELECT throws_ok($$SELECT * FROM claim_changes_since('life', 'medicar', now())$$, '42704');

-- its history goes with it
DELETE FROM claim_finding_history WHERE id = :id;
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_said WHERE finding_id = :id), 0::bigint, 'what it said goes with a finding that is deleted');
SELECT claim_source_drop('life') \g /dev/null
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_said), 0::bigint, 'and with the source');

-- lines that nothing tells apart: those that say the same are the same
CREATE TABLE twins (person text, dos date, code text, mods text, units int, minutes int);
SELECT claim_source_add('twins', 'twins', columns => '{"patient": "person", "dos": "dos", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}') \g /dev/null
INSERT INTO twins VALUES ('P1', '2024-08-01', '97012', 'GP', 2, NULL), ('P1', '2024-08-01', '97016', 'GP', 3, NULL), ('P1', '2024-08-01', '97018', 'GP', 4, NULL);
CALL claim_scan('twins');
CREATE TABLE before AS SELECT id, rule, message FROM claim_findings WHERE source = 'twins';
SELECT cmp_ok((SELECT max(n) FROM (SELECT count(*) AS n FROM before GROUP BY rule) x), '>=', 3::bigint, 'a rule finds something on each of them');
DELETE FROM twins WHERE code = '97012';
CALL claim_scan('twins');
SELECT is((SELECT count(*) FROM claim_findings f JOIN before b USING (id) WHERE f.source = 'twins' AND f.message <> b.message), 0::bigint, 'without the first one the others are who they were');
SELECT is((SELECT ROW(changed, opened) FROM claim_scan_progress ORDER BY scan DESC LIMIT 1), ROW(0::bigint, 0::bigint), 'and nothing is told of them');
UPDATE twins SET units = 9 WHERE code = '97016';
CALL claim_scan('twins');
SELECT is((SELECT ROW(opened, closed) FROM claim_scan_progress ORDER BY scan DESC LIMIT 1), ROW(0::bigint, 0::bigint), 'one that says something else is changed');

--
-- nights: all that is told of each pair of them is what the copies say
--

CREATE TABLE nightly (id int PRIMARY KEY, claim text, no int, person text, dos date, code text, mods text, units int, minutes int);
SELECT claim_source_add('nightly', 'nightly', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods",
	"units": "units", "minutes": "minutes"}') \g /dev/null
INSERT INTO nightly SELECT i, CASE WHEN draw(i, 1, 5) > 0 THEN 'C' || draw(i, 2, 30) END, nullif(draw(i, 3, 4), 0), 'P' || draw(i, 4, 20), date '2024-08-01' + draw(i, 5, 3),
	(ARRAY['97110', '97140', '97124', '98941', '97530', '97012'])[1 + draw(i, 6, 6)], (ARRAY['GP', 'GP,59', 'AT', ''])[1 + draw(i, 7, 4)], 1 + draw(i, 8, 5), draw(i, 9, 70)
FROM generate_series(1, 250) i;
CREATE TABLE copy (night int, at timestamptz, f claim_findings);
CREATE TABLE bad (night int, what text);

CREATE PROCEDURE compare(night int) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	seen CONSTANT timestamptz := clock_timestamp();
BEGIN
	INSERT INTO copy SELECT compare.night, seen, f FROM claim_findings f WHERE source = 'nightly';
	-- as they were
	INSERT INTO bad SELECT compare.night, 'at ' || c.night FROM (SELECT DISTINCT c.night, c.at FROM copy c) c WHERE EXISTS (
		(SELECT (x.f).id, (x.f).severity, (x.f).message, (x.f).suggestion, (x.f).first_seen FROM copy x WHERE x.night = c.night
			EXCEPT SELECT id, severity, message, suggestion, first_seen FROM claim_findings_at('nightly', 'medicare', c.at))
		UNION ALL
		(SELECT id, severity, message, suggestion, first_seen FROM claim_findings_at('nightly', 'medicare', c.at)
			EXCEPT SELECT (x.f).id, (x.f).severity, (x.f).message, (x.f).suggestion, (x.f).first_seen FROM copy x WHERE x.night = c.night) LIMIT 1);
	-- what changed since
	INSERT INTO bad SELECT compare.night, 'since ' || c.night FROM (SELECT DISTINCT c.night, c.at FROM copy c) c WHERE EXISTS (
		WITH was AS (SELECT (x.f).* FROM copy x WHERE x.night = c.night), now AS (SELECT (x.f).* FROM copy x WHERE x.night = compare.night),
		wanted AS (
			SELECT 'opened' AS change, id, NULL AS was_message FROM now WHERE id NOT IN (SELECT id FROM was)
			UNION ALL SELECT 'closed', id, NULL FROM was WHERE id NOT IN (SELECT id FROM now)
			UNION ALL SELECT 'changed', n.id, w.message FROM now n JOIN was w USING (id)
				WHERE ROW(n.severity, n.message, n.suggestion, n.condition, n.citation) IS DISTINCT FROM ROW(w.severity, w.message, w.suggestion, w.condition, w.citation)
		), told AS (
			SELECT change, id, was_message FROM claim_changes_since('nightly', 'medicare', c.at)
		)
		(TABLE wanted EXCEPT TABLE told) UNION ALL (TABLE told EXCEPT TABLE wanted));
	-- what changed last
	INSERT INTO bad SELECT compare.night, 'last' WHERE EXISTS (
		WITH since AS (SELECT s.* FROM (SELECT max(c.at) AS at FROM copy c WHERE c.night < compare.night) c, claim_changes_since('nightly', 'medicare', c.at) s),
		last AS (SELECT * FROM claim_changes WHERE source = 'nightly')
		(SELECT change, id, message, was_message FROM since EXCEPT ALL SELECT change, id, message, was_message FROM last)
		UNION ALL (SELECT change, id, message, was_message FROM last EXCEPT ALL SELECT change, id, message, was_message FROM since)) AND compare.night > 1;
END $$;
CREATE PROCEDURE nights(last int) LANGUAGE plpgsql AS $$
BEGIN
	FOR night IN 1..last LOOP
		UPDATE nightly SET units = 1 + draw(id, night * 10, 6) WHERE draw(id, night * 10 + 1, 12) = 0;
		UPDATE nightly SET minutes = draw(id, night * 10 + 2, 70) WHERE draw(id, night * 10 + 3, 12) = 0;
		UPDATE nightly SET mods = (ARRAY['GP', 'GP,59', 'AT', ''])[1 + draw(id, night * 10 + 4, 4)] WHERE draw(id, night * 10 + 5, 20) = 0;
		DELETE FROM nightly WHERE draw(id, night * 10 + 6, 40) = 0;
		UPDATE claim_policy SET settings = settings || jsonb_build_object('severity', jsonb_build_object('units-minutes', (ARRAY['deny', 'review'])[1 + night / 3 % 2])) WHERE name = 'medicare';
		COMMIT;
		CALL claim_scan('nightly', batch_days => 7);
		CALL compare(night);
		CALL claim_scan('nightly');
		COMMIT;
	END LOOP;
END $$;
CALL nights(12);
SELECT is((SELECT string_agg(concat_ws(' ', night, what), ', ') FROM bad), NULL, 'twelve nights: what was said, what changed since each and what changed last is what the copies say');
SELECT cmp_ok((SELECT count(*) FROM claim_finding_versions WHERE source = 'nightly' AND until_at IS NOT NULL), '>', 50::bigint, 'much changed');
SELECT cmp_ok((SELECT count(*) FROM claim_finding_history WHERE source = 'nightly' AND closed_at IS NOT NULL), '>', 20::bigint, 'and much was closed');

SELECT * FROM finish();

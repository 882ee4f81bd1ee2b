-- Findings as they are stored: what they have in common is a row that many share, and put together again they are what was found.

\i test/tap/lib.sql

SELECT no_plan();

--
-- random findings with random partners: claims whose number is in the message elsewhere, is a part of another, has a character 1, is empty or null
--

CREATE TABLE made AS
SELECT i, ROW('C' || draw(i, 1, 5), NULLIF(draw(i, 2, 3), 2), pick.rule, ('{info,unknown,review,deny}'::claim_severity[])[1 + draw(i, 3, 4)], replace(replace(pick.message, '{claim}', coalesce(claim.id, '')), '{line}', draw(i, 4, 3)::text),
	claim.id, NULLIF(draw(i, 5, 4), 3), CASE draw(i, 6, 3) WHEN 0 THEN '97140-GP 2024-08-01'::claimline END, CASE draw(i, 7, 3) WHEN 0 THEN 'it was so' WHEN 1 THEN '' END,
	CASE draw(i, 8, 2) WHEN 0 THEN 'CO-4' END, NULL, 'source', (ARRAY[true, false, NULL])[1 + draw(i, 9, 3)], jsonb_build_object('limit', draw(i, 13, 2)))::claim_finding AS finding
FROM generate_series(1, 6000) i,
	LATERAL (SELECT (ARRAY['C1', 'C12', 'C', '1', '', NULL, E'\x01', E'a\x01b', 'claim', ' of claim C1', 'C\1', '%s', 'of', E'C1 line 1', 'ä漢', repeat('long', 40)])[1 + draw(i, 10, 16)] AS id) claim,
	LATERAL (SELECT (ARRAY['ptp', 'cmt-region', 'mod-missing'])[1 + draw(i, 11, 3)] AS rule, (ARRAY['97112 is not payable beside 98940 of claim {claim} line {line}', 'beside 98940 of claim {claim}', 'of claim {claim} of claim {claim}12',
		'97112 of line {line}', '97112 of another line', '', NULL, E'of claim \x01 and of claim {claim}', E'\x01', '{claim} of claims', ' of claim {claim}', 'of claim C12 beside one of claim {claim}', '97124 has 1 unit'])[1 + draw(i, 12, 13)] AS message) pick;
CREATE TABLE worded AS
SELECT m.*, claimline_internal.claim_words_of(m.finding) AS words, claimline_internal.claim_scan_finding_of(
	ROW(1, now(), 1, NULL, 1, 1, 1, NULL, (m.finding).line_no, (m.finding).with_line_no, NULL, NULL, NULL, (m.finding).claim_id, (m.finding).with_claim_id, NULL, (m.finding).suggestion,
		NULL, NULL, NULL, NULL, NULL, NULL, NULL)::claimline_internal.claim_scan_stored,
	ROW(1, 1, 0, (w.x).rule, (w.x).severity, (w.x).message, (w.x).partner, (w.x).condition, (w.x).carc, (w.x).rarc, (w.x).citation, (w.x).covered, (w.x).facts)::claimline_internal.claim_scan_words) AS again
FROM made m, LATERAL (SELECT claimline_internal.claim_words_of(m.finding) AS x OFFSET 0) w;
SELECT is_empty('SELECT finding, words, again FROM worded WHERE again IS DISTINCT FROM finding', 'put together again, findings are what they were');
SELECT cmp_ok(count(*), '>', 1000::bigint, 'many of them without their partner''s claim') FROM worded WHERE (words).partner;
SELECT cmp_ok(count(*), '>', 1000::bigint, 'and many as they are') FROM worded WHERE NOT (words).partner;
SELECT is(claimline_internal.claim_words_of(NULL), ROW(NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL)::claimline_internal.claim_words, 'no finding has no words');

--
-- of a source: what the view says is what claim_edits says, few rows are shared by many findings, and their bytes
--

CREATE TABLE claims (claim text, no int, person text, npi text, dos date, code text, mods text[], units int, dx text[], billed numeric);
INSERT INTO claims SELECT 'C' || lpad(d::text, 9, '0'), i, 'P' || lpad((d / 9)::text, 8, '0'), '1999' || lpad((d % 211)::text, 6, '0'), date '2022-01-03' + (d % 900)::int,
	(ARRAY['98940', '97140', '97110', 'G0283', '97112', '97010'])[i], CASE WHEN draw(d * 7 + i, 1, 3) > 0 THEN '{GP}'::text[] END, 1, '{M54.50,M54.2}', 50 + draw(d * 7 + i, 2, 400)
FROM generate_series(1, 2500) d, generate_series(1, 2 + d % 5) i;
ANALYZE claims;
SELECT claim_source_add('c', 'claims', charge => 'billed', columns => '{"claim_id": "claim", "line_no": "no", "patient": "person", "provider": "npi", "dos": "dos", "code": "code", "modifiers": "mods",
	"units": "units", "dx": "dx"}') \g /dev/null
CALL claim_scan('c', at_least => 'info', batch_days => 300);
CREATE FUNCTION differs() RETURNS text LANGUAGE sql AS $$
	WITH want AS (
		SELECT d.patient, d.provider, d.dos, (e).* FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM c_lines GROUP BY patient, provider, dos) d,
			claim_edits(d.day, ruleset('medicare')) e
		-- what no line has is counted
		WHERE NOT (e.severity = 'unknown' AND e.rule IN ('units-unknown'))
	), got AS (
		SELECT f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no, f.suggestion, f.condition, f.carc, f.rarc, f.citation, f.covered, f.facts
		FROM claim_findings f WHERE source = 'c'
	)
	SELECT string_agg(x::text, E'\n') FROM ((SELECT * FROM ((TABLE want EXCEPT ALL TABLE got) UNION ALL (TABLE got EXCEPT ALL TABLE want)) y LIMIT 5)) x
$$;
SELECT is(differs(), NULL, 'the findings of a scan are those of claim_edits, word for word');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_words w WHERE NOT EXISTS (SELECT FROM claimline_internal.claim_scan_stored s WHERE s.words = w.id)), 0::bigint, 'all words are of a finding');
SELECT is((SELECT count(*) - count(DISTINCT (w.rule, w.severity, w.message, w.partner, w.condition, w.carc, w.rarc, w.citation, w.covered, w.facts)) FROM claimline_internal.claim_scan_words w), 0::bigint, 'each once');
SELECT cmp_ok((SELECT count(*) FROM claimline_internal.claim_scan_words), '<', (SELECT count(*) / 50 FROM claim_findings), 'many findings share them');
SELECT cmp_ok((SELECT sum(pg_total_relation_size(r)) / (SELECT count(*) FROM claim_findings) FROM unnest('{claimline_internal.claim_scan_stored,claimline_internal.claim_scan_words}'::regclass[]) r), '<=', 300::numeric,
	'a finding takes at most 300 bytes, with its indexes');
SELECT cmp_ok((SELECT pg_total_relation_size('claimline_internal.claim_scan_judged_day')::numeric / (SELECT count(*) FROM claims)), '<=', 24::numeric, 'days take at most 24 bytes a line, with their charges');
SELECT is((SELECT count(*) FROM claim_finding_history WHERE edition IS NULL OR ruleset_hash IS NULL OR said_at <> first_seen OR last_seen <> first_seen OR said_scan <> first_scan OR last_scan <> first_scan), 0::bigint,
	'what is as when they were opened is said so');

-- another policy has words of its own; what one no longer needs goes with it
INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare"}');
CALL claim_scan('c', 'mine');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_words w JOIN claimline_internal.claim_scan_stored s ON s.words = w.id WHERE s.state <> w.state), 0::bigint, 'no finding has the words of another policy');

-- the history: deleted by its owner, a row at a time or many
SELECT count(*) AS n FROM claim_finding_history WHERE policy = 'medicare' \gset
WITH gone AS (DELETE FROM claim_finding_history WHERE policy = 'medicare' AND rule = 'ptp' RETURNING rule) SELECT is(count(*) > 100 AND bool_and(rule = 'ptp'), true, 'what is deleted from the history is told') FROM gone;
SELECT is((SELECT count(*) FROM claim_findings WHERE policy = 'medicare' AND rule = 'ptp'), 0::bigint, 'and is gone');
SELECT cmp_ok((SELECT count(*) FROM claim_findings WHERE policy = 'mine' AND rule = 'ptp'), '>', 100::bigint, 'that of the other policy is not');
SELECT throws_ok('UPDATE claim_finding_history SET message = NULL', '0A000', NULL, 'nothing else can be done to it');
SELECT claim_source_drop('c') \g /dev/null
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_stored) + (SELECT count(*) FROM claimline_internal.claim_scan_words), 0::bigint, 'all goes with the source');

--
-- what a scan wants of a day: those kinds of findings that are stored, the others counted, as claim_edits_placed has them
--

CREATE TABLE kind AS
SELECT ((r.n - 1) * 4 + v.n - 1) * 2 + u.n AS id, r.rule, r.n AS rule_n, v.severity, u.n = 1 AS undated
FROM (SELECT rule, row_number() OVER () AS n FROM claim_rules()) r, unnest(enum_range(NULL::claim_severity)) WITH ORDINALITY v(severity, n), (VALUES (0), (1)) u(n);
SELECT set_eq('SELECT id FROM kind', 'SELECT generate_series(0, (SELECT count(*) FROM kind) - 1)', 'kinds are numbered without a gap');
CREATE TABLE day AS
SELECT d, claimday('C' || draw(d * 10 + i, 1, 2), i, claimline(code => (ARRAY['97110', '97140', '97112', '98940', '98941', '97530', 'G0283', '99213', '20610', 'X0001'])[1 + draw(d * 10 + i, 2, 10)],
	modifiers => CASE draw(d * 10 + i, 3, 3) WHEN 0 THEN '{GP}'::text[] WHEN 1 THEN '{GP,59}' END, units => draw(d * 10 + i, 4, 5), minutes => NULLIF(draw(d * 10 + i, 5, 60), 0),
	dos => CASE WHEN draw(d * 10 + i, 6, 8) > 0 THEN (ARRAY[date '2024-05-01', '2025-03-01', '2019-01-01'])[1 + draw(d, 7, 3)] END, dx => CASE WHEN draw(d * 10 + i, 8, 3) > 0 THEN '{M54.50}'::text[] END)) AS day
FROM generate_series(1::bigint, 1500) d, generate_series(1, 1 + draw(d, 9, 5)) i GROUP BY d;
CREATE TABLE asked AS
SELECT q, CASE q WHEN 1 THEN '{}' WHEN 2 THEN (SELECT array_agg(id::int) FROM kind) ELSE (SELECT array_agg(k.id::int) FROM kind k WHERE draw(k.id, q, 4) > 0) END AS kinds FROM generate_series(1, 4) q;
CREATE TABLE placed AS
SELECT d.d, e.n, e.place, e.line, e.finding, e.undated, k.id AS kind, k.rule_n
FROM day d, claimline_internal.claim_edits_placed(d.day, ruleset('medicare')) WITH ORDINALITY e(place, line, finding, undated, n)
	JOIN kind k ON k.rule = (e.finding).rule AND k.severity = (e.finding).severity AND k.undated = e.undated;
SELECT is_empty($$
	WITH got AS (
		SELECT a.q, d.d, (f.x).stored, (f.x).counted::jsonb AS counted, (f.x).undecided
		FROM asked a, day d, LATERAL (SELECT claimline_internal.claim_edits_found(d.day, ruleset('medicare'), a.kinds) AS x OFFSET 0) f
	), want AS (
		SELECT a.q, d.d,
			(SELECT array_agg(ROW(p.place, p.line, p.finding, p.undated)::claimline_internal.claim_placed ORDER BY p.n) FROM placed p WHERE p.d = d.d AND p.kind = ANY (a.kinds)) AS stored,
			(SELECT jsonb_agg(jsonb_build_array(c.rule, c.severity, c.n) ORDER BY c.rule_n, c.severity) FROM (
				SELECT (p.finding).rule, p.rule_n, (p.finding).severity, count(*) AS n FROM placed p WHERE p.d = d.d AND p.kind <> ALL (a.kinds) GROUP BY 1, 2, 3) c) AS counted,
			(SELECT bool_or((p.finding).severity = 'unknown') FROM placed p WHERE p.d = d.d) AS undecided
		FROM asked a, day d
	)
	SELECT w.q, w.d FROM want w JOIN got g USING (q, d) WHERE (w.stored, w.counted, w.undecided) IS DISTINCT FROM (g.stored, g.counted, g.undecided)$$, 'of random days random kinds are stored, and the others counted');
SELECT cmp_ok(count(*), '>', 3000::bigint, 'of many findings') FROM placed;
SELECT cmp_ok(count(DISTINCT kind), '>', 20::bigint, 'of many kinds') FROM placed;
SELECT cmp_ok(count(*), '>', 10::bigint, 'some for want of a date') FROM placed WHERE undated;
SELECT is(claimline_internal.claim_edits_found(NULL, ruleset('medicare'), '{}')::text, NULL, 'of no day nothing');
SELECT throws_ok($$SELECT claimline_internal.claim_edits_found(day, ruleset('medicare'), '{-1}') FROM day$$, '22023', 'kind of finding -1 does not exist', 'a kind that there is not');
SELECT throws_ok($$SELECT claimline_internal.claim_edits_found(day, ruleset('medicare'), ARRAY[(SELECT count(*) FROM kind)]::int[]) FROM day$$, '22023', NULL, 'nor one behind the last');

SELECT * FROM finish();

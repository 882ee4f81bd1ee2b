-- Reports that add up: lines at risk by rule, family, provider, month and policy, each with what was judged. Every total is
-- recomputed in plain SQL that uses none of the views nor what scans store: over random claims, of claim_edits, night after night; and
-- over random findings that are put into the tables, of the draws that they were made of.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();

--
-- random claims, numbers of lines once each, charges of several scales
--

CREATE TABLE claims (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person text, npi text, dos date, code text, mods text[], units numeric, minutes int, dx text[], billed numeric);
CREATE PROCEDURE more(seed int, n int) LANGUAGE sql AS $$
	INSERT INTO claims (person, npi, dos, code, mods, units, minutes, dx, billed)
	SELECT 'P' || draw(i, seed, 9), CASE WHEN draw(i, seed + 1, 12) > 0 THEN 'N' || draw(i, seed + 2, 4) END,
		CASE WHEN draw(i, seed + 3, 20) > 0 THEN date '2024-01-15' + draw(i, seed + 4, 8) * 29 END,
		(ARRAY['97110', '97140', '97124', '97124', '97530', '98940', '98941', '98943', '99213', '9711'])[1 + draw(i, seed + 5, 10)],
		string_to_array((ARRAY['GP', 'GP,59', 'AT', 'AT,GP', '', 'XS', 'GP,KX,GP'])[1 + draw(i, seed + 6, 7)], ','), 1 + draw(i, seed + 7, 5),
		CASE WHEN draw(i, seed + 8, 4) > 0 THEN draw(i, seed + 9, 70) END,
		string_to_array((ARRAY['M54.2', 'M99.01', 'M9903', '', 'M54.2,M99.01'])[1 + draw(i, seed + 10, 5)], ','),
		CASE WHEN draw(i, seed + 11, 9) > 0 THEN draw(i, seed + 12, 30000) / (ARRAY[1, 10.0, 100.00])[1 + draw(i, seed + 13, 3)] END
	FROM generate_series(1, n) i
$$;
CALL more(100, 800);
INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare", "cmt_massage": "bundled"}');
SELECT claim_source_add(s, 'claims', columns => ('{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "id", "code": "code", "modifiers": "mods",
	"units": "units", "minutes": "minutes", "dx": "dx"}'::jsonb), charge => CASE WHEN s <> 'uncharged' THEN 'billed' END) FROM unnest('{logged,compared,uncharged}'::text[]) s \g /dev/null
SELECT claim_source_track('logged') \g /dev/null

CREATE VIEW oracle AS
WITH days AS (
	SELECT person, npi, dos, claimday(id::text, NULL, try_claimline(code => code, modifiers => mods, units => units, minutes => minutes, dos => dos, dx => dx)) AS day
	FROM claims GROUP BY person, npi, dos
), ranked AS (
	SELECT p.policy, e.claim_id::int AS id, e.rule, e.severity, e.suggestion, row_number() OVER (PARTITION BY p.policy, e.claim_id ORDER BY e.severity DESC, r.n) AS nth,
		count(*) OVER (PARTITION BY p.policy, e.claim_id) AS findings
	FROM unnest('{medicare,mine}'::text[]) p(policy), days d, claim_edits(d.day, ruleset(p.policy)) e
		JOIN (SELECT rule, row_number() OVER () AS n FROM claim_rules()) r USING (rule) WHERE e.severity >= 'review' AND e.rule <> 'edition-coverage'
)
SELECT r.*, f.family, c.npi, date_trunc('month', c.dos)::date AS month, c.billed,
	(SELECT count(DISTINCT o.suggestion) = 1 AND count(o.suggestion) = count(*) FROM ranked o WHERE o.policy = r.policy AND o.id = r.id AND o.severity = r.severity) AS would_pass
FROM ranked r JOIN claims c USING (id) JOIN claim_rules() f USING (rule) WHERE r.nth = 1;

-- one text a row of a report: what the views say, and what plain SQL says
CREATE FUNCTION said(source text, policy text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', k, v, found, risk, risk_charge, pass, pass_charge,
		review, review_charge, lines, charge, days)
	FROM (SELECT 'all' AS k, '' AS v, lines_found AS found, lines_at_risk AS risk, charge_at_risk AS risk_charge, lines_would_pass AS pass, charge_would_pass AS pass_charge,
			lines_to_review AS review, charge_to_review AS review_charge, lines, charge, days FROM claim_report_risk r WHERE r.source = $1 AND r.policy = $2
		UNION ALL SELECT 'rule', rule, lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review, lines, charge, days
			FROM claim_report_risk_rules r WHERE r.source = $1 AND r.policy = $2
		UNION ALL SELECT 'family', family, lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review, lines, charge, days
			FROM claim_report_risk_families r WHERE r.source = $1 AND r.policy = $2
		UNION ALL SELECT 'npi', coalesce(provider, '-'), lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review, lines, charge, days
			FROM claim_report_risk_providers r WHERE r.source = $1 AND r.policy = $2
		UNION ALL SELECT 'month', coalesce(month::text, '-'), lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review, lines, charge, days
			FROM claim_report_risk_months r WHERE r.source = $1 AND r.policy = $2) x
$$;
CREATE FUNCTION recomputed(source text, policy text) RETURNS SETOF text LANGUAGE sql AS $$
	WITH line AS (
		SELECT c.person, c.npi, c.dos, date_trunc('month', c.dos)::date AS month, o.rule, o.family, o.severity, o.would_pass, CASE WHEN $1 <> 'uncharged' THEN c.billed END AS charge
		FROM claims c LEFT JOIN oracle o ON o.id = c.id AND o.policy = $2
	), cut AS (
		SELECT k, v, line FROM line, LATERAL (VALUES ('all', ''), ('npi', coalesce(npi, '-')), ('month', coalesce(month::text, '-')), ('rule', rule), ('family', family)) x(k, v)
		WHERE v IS NOT NULL
	)
	SELECT concat_ws('|', k, v, count((line).rule), count(*) FILTER (WHERE (line).severity = 'deny'), CASE WHEN count(*) FILTER (WHERE (line).severity = 'deny') > 0 THEN sum((line).charge) FILTER (WHERE (line).severity = 'deny') WHEN $1 <> 'uncharged' THEN CASE WHEN k IN ('rule', 'family') OR count((line).charge) > 0 THEN 0 END END,
		count(*) FILTER (WHERE (line).severity = 'deny' AND (line).would_pass),
		CASE WHEN count(*) FILTER (WHERE (line).severity = 'deny' AND (line).would_pass) > 0 THEN sum((line).charge) FILTER (WHERE (line).severity = 'deny' AND (line).would_pass) WHEN $1 <> 'uncharged' THEN CASE WHEN k IN ('rule', 'family') OR count((line).charge) > 0 THEN 0 END END,
		count(*) FILTER (WHERE (line).severity = 'review'), CASE WHEN count(*) FILTER (WHERE (line).severity = 'review') > 0 THEN sum((line).charge) FILTER (WHERE (line).severity = 'review') WHEN $1 <> 'uncharged' THEN CASE WHEN k IN ('rule', 'family') OR count((line).charge) > 0 THEN 0 END END,
		CASE WHEN k IN ('rule', 'family') THEN (SELECT count(*) FROM line) ELSE count(*) END, CASE WHEN k IN ('rule', 'family') THEN (SELECT sum(charge) FROM line) ELSE sum((line).charge) END,
		CASE WHEN k IN ('rule', 'family') THEN (SELECT count(DISTINCT ROW(person, npi, dos)) FROM line) ELSE count(DISTINCT ROW((line).person, (line).npi, (line).dos)) END)
	FROM cut GROUP BY k, v
$$;

-- numbers as numbers: 0 and 0.00 are one here, scales have a test below
CREATE FUNCTION differs(source text, policy text) RETURNS text LANGUAGE sql AS $$
	WITH a AS (SELECT regexp_replace(regexp_replace(s, '(\.\d*?)0+(?=\||$)', '\1', 'g'), '\.(?=\||$)', '', 'g') AS s FROM said($1, $2) s),
		b AS (SELECT regexp_replace(regexp_replace(s, '(\.\d*?)0+(?=\||$)', '\1', 'g'), '\.(?=\||$)', '', 'g') AS s FROM recomputed($1, $2) s)
	SELECT string_agg(x, E'\n' ORDER BY x) FROM (SELECT 'said ' || s AS x FROM (TABLE a EXCEPT ALL TABLE b) d UNION ALL SELECT 'true ' || s FROM (TABLE b EXCEPT ALL TABLE a) d) x
$$;

-- what stood at the end of a night, for asking since then
CREATE TABLE stood AS SELECT 0 AS night, clock_timestamp() AS at, o.policy, o.id, c.person, c.npi, c.dos, o.rule, o.severity, c.billed FROM oracle o JOIN claims c USING (id) LIMIT 0;
CREATE TABLE night (n int, what text, source text, policy text, bad text);
CREATE PROCEDURE nights(n int, what text) LANGUAGE sql AS $$
	INSERT INTO stood SELECT n, clock_timestamp(), o.policy, o.id, c.person, c.npi, c.dos, o.rule, o.severity, c.billed FROM oracle o JOIN claims c USING (id);
	INSERT INTO night SELECT n, what, s, p, differs(s, p) FROM (VALUES ('logged', 'medicare'), ('logged', 'mine'), ('compared', 'medicare'), ('uncharged', 'medicare')) v(s, p)
$$;
CALL claim_scan('logged', batch_days => 13);
CALL claim_scan('logged', 'mine');
CALL claim_scan('compared');
CALL claim_scan('uncharged');
CALL nights(1, 'first scan');
UPDATE claims SET billed = billed * 1.5 WHERE id % 5 = 0;
UPDATE claims SET npi = 'N9' WHERE id % 31 = 0;
UPDATE claims SET units = units + 1 WHERE id % 7 = 0;
UPDATE claims SET minutes = minutes + 9 WHERE id % 13 = 0;
CALL claim_scan('logged', batch_days => 7);
CALL claim_scan('logged', 'mine');
CALL claim_scan('compared');
CALL claim_scan('uncharged');
CALL nights(2, 'charges and providers that changed');
DELETE FROM claims WHERE person IN ('P1', 'P2') OR id % 17 = 0;
UPDATE claims SET dos = dos + 40 WHERE id % 11 = 0;
CALL claim_scan('logged', batch_days => 7);
CALL claim_scan('logged', 'mine');
CALL claim_scan('compared');
CALL claim_scan('uncharged');
CALL nights(3, 'rows gone and moved');
CALL more(900, 150);
UPDATE claim_policy SET settings = settings || '{"cmt_massage": "by-region", "severity": {"ptp": "review"}}' WHERE name = 'mine';
CALL claim_scan('logged');
CALL claim_scan('logged', 'mine');
CALL claim_scan('compared', "full" => true);
CALL claim_scan('uncharged');
CALL nights(4, 'more rows, another policy');
SELECT is(bad, NULL, format('night %s, %s: %s by %s', n, what, source, policy)) FROM night ORDER BY n, source, policy;
SELECT cmp_ok((SELECT count(*) FROM said('logged', 'medicare')), '>', 20::bigint, 'the reports have rows');
SELECT cmp_ok((SELECT lines_would_pass FROM claim_report_risk WHERE source = 'logged' AND policy = 'medicare'), '>', 5::bigint, 'of lines that a change would mend, too');
SELECT cmp_ok((SELECT count(*) FROM oracle WHERE findings > 2), '>', 5::bigint, 'and lines with several findings');

-- since the end of a night: what stood then, in figures and by rule, and what is new
CREATE FUNCTION since(source text, policy text, night int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls((SELECT claim_report($1, $2, since => max(s.at)) -> 'since' FROM stood s WHERE s.night = $3) - '{at}'::text[])
$$;
CREATE FUNCTION since_recomputed(source text, policy text, night int) RETURNS jsonb LANGUAGE sql AS $$
	WITH "then" AS (SELECT s.*, CASE WHEN $1 <> 'uncharged' THEN s.billed END AS charge FROM stood s WHERE s.night = $3 AND s.policy = $2),
		now AS (SELECT s.*, CASE WHEN $1 <> 'uncharged' THEN s.billed END AS charge FROM stood s WHERE s.night = (SELECT max(night) FROM stood) AND s.policy = $2 AND s.severity = 'deny'),
		new AS (SELECT * FROM now n WHERE NOT EXISTS (SELECT FROM "then" t WHERE t.severity = 'deny' AND ROW(t.id, t.person, t.npi, t.dos) IS NOT DISTINCT FROM ROW(n.id, n.person, n.npi, n.dos)))
	SELECT jsonb_strip_nulls(jsonb_build_object('scanned', true, 'lines_at_risk', count(*) FILTER (WHERE severity = 'deny'), 'charge_at_risk', sum(charge) FILTER (WHERE severity = 'deny'),
		'lines_to_review', count(*) FILTER (WHERE severity = 'review'), 'charge_to_review', sum(charge) FILTER (WHERE severity = 'review'),
		'new_lines_at_risk', (SELECT count(*) FROM new), 'new_charge_at_risk', (SELECT CASE WHEN count(*) > 0 THEN sum(charge) WHEN $1 <> 'uncharged' THEN 0 END FROM new),
		'rules', (SELECT jsonb_agg(jsonb_build_object('rule', rule, 'title', title, 'lines_at_risk', n, 'charge_at_risk', charge) ORDER BY charge DESC NULLS LAST, rule)
			FROM (SELECT rule, count(*) AS n, sum(charge) AS charge FROM "then" WHERE severity = 'deny' GROUP BY rule) r JOIN claim_rules() USING (rule)))) FROM "then"
$$;
SELECT is(since(v.source, v.policy, n), since_recomputed(v.source, v.policy, n), format('since night %s, %s by %s', n, v.source, v.policy))
FROM (VALUES ('logged', 'medicare'), ('logged', 'mine'), ('compared', 'medicare'), ('uncharged', 'medicare')) v(source, policy), generate_series(1, 4) n ORDER BY v, n;
SELECT cmp_ok((SELECT count(*) FROM claim_finding_versions v JOIN claim_finding_history h USING (id) WHERE v.until_at IS NOT NULL AND v.message = h.message AND v.charge <> h.charge), '>', 5::bigint,
	'bills of before are kept where the same is said of them');
SELECT is_empty($$SELECT c.* FROM claim_changes c WHERE c.change = 'changed' AND ROW(c.was_message, c.was_severity, c.was_suggestion, c.condition)
	IS NOT DISTINCT FROM ROW(c.message, c.severity, c.suggestion, (SELECT max(v.condition) FROM claim_finding_versions v WHERE v.id = c.id AND v.until_scan = c.scan))$$, 'and are no change of a finding');

-- line by line
SELECT bag_eq($$SELECT claim_id::int, rule, family, severity, would_pass, findings, provider, month, charge FROM claim_report_lines WHERE source = 'logged' AND policy = 'medicare'$$,
	$$SELECT id, rule, family, severity, would_pass, findings, npi, month, billed FROM oracle WHERE policy = 'medicare'$$, 'claim_report_lines has each line with findings once');
SELECT is(sum(charge), (SELECT charge FROM claim_report_charge WHERE source = 'logged' AND policy = 'medicare'), 'and adds up to the charge at risk')
FROM claim_report_lines WHERE source = 'logged' AND policy = 'medicare' AND severity = 'deny';
-- a change that would pass does: the day with that line changed has no denial of the line
SELECT is_empty($$SELECT l.claim_id, l.suggestion, e.rule FROM claim_report_lines l JOIN claims c ON c.id = l.claim_id::int
	CROSS JOIN LATERAL (SELECT claimday(o.id::text, NULL, CASE WHEN o.id = c.id THEN l.suggestion
			ELSE try_claimline(code => o.code, modifiers => o.mods, units => o.units, minutes => o.minutes, dos => o.dos, dx => o.dx) END) AS day
		FROM claims o WHERE ROW(o.person, o.npi, o.dos) IS NOT DISTINCT FROM ROW(c.person, c.npi, c.dos)) d,
	claim_edits(d.day, ruleset('medicare')) e
	WHERE l.source = 'logged' AND l.policy = 'medicare' AND l.severity = 'deny' AND l.would_pass AND e.claim_id = l.claim_id AND e.severity = 'deny'$$, 'a line that would pass with its suggestion does');

-- trend and age
SELECT results_eq($$SELECT opened, changed, closed, days FROM claim_report_trend WHERE source = 'logged' AND policy = 'mine' ORDER BY scan$$,
	$$SELECT opened, changed, closed, days_done FROM claim_scan_progress WHERE source = 'logged' AND policy = 'mine' ORDER BY scan$$, 'the trend is that of the scans');
SELECT is_empty($$SELECT t.scan, t.open, count(f) FROM claim_report_trend t LEFT JOIN claim_finding_history f ON f.source = t.source AND f.policy = t.policy
	AND f.first_scan <= t.scan AND (f.closed_scan IS NULL OR f.closed_scan > t.scan) GROUP BY t.source, t.policy, t.scan, t.open HAVING t.open <> count(f)$$, 'what stood open behind each is what the history has');
SELECT results_eq($$SELECT open FROM claim_report_trend WHERE source = 'compared' ORDER BY scan DESC LIMIT 1$$, $$SELECT count(*) FROM claim_findings WHERE source = 'compared'$$, 'and last what is open');
SELECT is((SELECT count(DISTINCT age) || ' ' || min(age) FROM claim_report_lines), '1 0', 'findings of today are no day old');

-- what is missing where something could not be decided
SELECT is_empty($$SELECT * FROM claim_report_undecided WHERE (missing IS NULL OR decided_by IS NULL) <> (why = 'any rule')$$, 'all that is undecided says what is missing, and what would decide it');
SELECT is((SELECT missing || ': ' || decided_by FROM claim_report_undecided WHERE source = 'logged' AND policy = 'medicare' AND why = 'units-unknown'),
	'minutes: minutes on the lines that lack them', 'of a field that is mapped, the lines');
SELECT claim_source_add('bare', 'claims', columns => '{"patient": "person", "code": "code", "dos": "dos", "units": "units", "dx": "dx"}') \g /dev/null
CALL claim_scan('bare');
SELECT is((SELECT missing || ': ' || decided_by FROM claim_report_undecided WHERE source = 'bare' AND why = 'units-unknown'),
	'minutes: a column of minutes in the mapping, or of the visit notes joined to it', 'of one that is not, the field');

--
-- random findings: a line with five of them, several with one claim number, charges with their scale, other sources beside it
--

CREATE TABLE made AS
SELECT s.n AS state, 'made' || s.n AS source, f.i, 'N' || draw(d, s.n, 5) AS provider, date '2024-01-01' + draw(d, s.n + 10, 300) AS dos, d AS day, p AS place,
	(ARRAY['10', '10.5', '10.50', '7.005', NULL])[1 + draw(d * 10 + p, s.n + 20, 5)]::numeric AS charge, r.rule, r.n AS rule_n,
	('{info,unknown,review,deny}'::claim_severity[])[1 + draw(f.i, s.n + 40, 4)] AS severity,
	(ARRAY['97124-GP 2024-08-01', '97124-GP 2024-08-01', '97140-GP 2024-08-01', NULL])[1 + draw(f.i, s.n + 50, 4)]::claimline AS suggestion, draw(f.i, s.n + 60, 5) = 0 AS closed
FROM generate_series(1, 3) s(n), generate_series(1::bigint, 1500) f(i), LATERAL (SELECT draw(f.i, s.n + 70, 150)::bigint AS d, draw(f.i, s.n + 80, 4) AS p) x,
	(SELECT rule, row_number() OVER () AS n, count(*) OVER () AS all_n FROM claim_rules()) r WHERE r.n = 1 + draw(f.i, s.n + 30, r.all_n::int);
DELETE FROM made WHERE day = 0;
INSERT INTO made SELECT 1, 'made1', 9000 + n, 'N1', '2024-05-05', 0, 0, 100.10, rule, n, 'deny', NULL, false FROM (SELECT rule, row_number() OVER () AS n FROM claim_rules()) r WHERE n BETWEEN 3 AND 7;
INSERT INTO claimline_internal.claim_scan_state (id, source, policy, edition, service_type, at_least, ruleset_hash, epoch, full_pending)
OVERRIDING SYSTEM VALUE SELECT 1000 + state, source, 'medicare', 'starter', 'practitioner', 'info', '', 0, false FROM made GROUP BY 1, 2;
CREATE TABLE made_day AS
SELECT state, source, day, claimline_internal.claim_scan_key(day::text, provider, dos) AS key, provider, dos, 4 AS n_lines, 12.345 + day AS charge FROM made GROUP BY state, source, day, provider, dos;
INSERT INTO made_day SELECT 1, 'made1', 900 + i, claimline_internal.claim_scan_key(i::text, 'clean', '2024-09-01'), 'clean', '2024-09-01', 2, 5 FROM generate_series(1, 9) i;
INSERT INTO claimline_internal.claim_scan_bucket (source, policy, id, provider, month)
SELECT source, 'medicare', row_number() OVER (PARTITION BY source), provider, month
FROM (SELECT DISTINCT source, provider, date_trunc('month', dos)::date AS month FROM made_day) m;
SELECT claimline_internal.claim_scan_put(1000 + m.state, claimline_internal.claim_scan_pack(m.key, 0, m.n_lines, 0, b.id, 0::smallint, 0::smallint, ARRAY[m.charge]))
FROM made_day m JOIN claimline_internal.claim_scan_bucket b
	ON b.source = m.source AND b.provider = m.provider AND b.month = date_trunc('month', m.dos)::date GROUP BY m.state \g /dev/null
INSERT INTO claimline_internal.claim_scan_words (state, key, rule, severity, message, partner, citation, covered)
SELECT DISTINCT 1000 + state, 0, rule, severity, 'said', false, 'x', true FROM made;
INSERT INTO claimline_internal.claim_scan_stored (state, words, day_key, patient, provider, dos, claim_id, line_no, suggestion, bucket, place, charge, first_scan, first_seen, closed_scan, closed_at)
SELECT w.state, w.id, claimline_internal.claim_scan_key(day::text, provider, dos), 'P' || day, provider, dos, 'C1', 1, suggestion,
	(SELECT b.id FROM claimline_internal.claim_scan_bucket b WHERE b.source = made.source AND b.provider = made.provider AND b.month = date_trunc('month', made.dos)::date), place, charge,
	1, now() - i * interval '1 hour', CASE WHEN closed THEN 2 END, CASE WHEN closed THEN now() END
FROM made JOIN claimline_internal.claim_scan_words w ON w.state = 1000 + made.state AND w.rule = made.rule AND w.severity = made.severity ORDER BY draw(i, 5, 1000000);

CREATE TABLE made_line AS
SELECT source, provider, date_trunc('month', dos)::date AS month, day, place, max(charge) AS charge, max(severity) AS worst, count(*) AS findings,
	(array_agg(rule ORDER BY severity DESC, rule_n))[1] AS rule,
	(SELECT bool_and(n.suggestion IS NOT NULL) AND count(DISTINCT n.suggestion) = 1 FROM made n WHERE n.source = m.source AND n.day = m.day AND n.place = m.place AND NOT n.closed AND n.severity = max(m.severity)) AS would_pass,
	(SELECT max(n.i) FROM made n WHERE n.source = m.source AND n.day = m.day AND n.place = m.place AND NOT n.closed AND n.severity = max(m.severity)) AS oldest
FROM made m WHERE NOT closed GROUP BY source, provider, date_trunc('month', dos), day, place;
SELECT bag_eq($$SELECT source, provider, month, patient, charge::text, severity, rule, findings, would_pass FROM claim_report_lines WHERE source ~ '^made'$$,
	$$SELECT source, provider, month, 'P' || day, charge::text, worst, rule, findings, would_pass FROM made_line$$, 'random findings: every line once, by its worst; charges keep their scale');
SELECT is_empty($$SELECT id FROM (SELECT l.id, l.first_seen, (SELECT min(h.first_seen) FROM claimline_internal.claim_scan_finding h JOIN claimline_internal.claim_scan_finding g ON g.id = l.id
	WHERE h.source = g.source AND h.day_key = g.day_key AND h.place = g.place AND h.closed_at IS NULL AND (h.finding).severity = l.severity) AS oldest FROM claim_report_lines l WHERE l.source ~ '^made') x
	WHERE first_seen <> oldest$$, 'since it has a finding of this severity');
SELECT is((SELECT concat_ws(' ', count(*), max(findings), sum(charge)) FROM claim_report_lines WHERE source = 'made1' AND patient = 'P0'), '1 5 100.10', 'a line with five findings counts once');
SELECT bag_eq(format('SELECT source, %1$s, lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review FROM claim_report_risk_%2$s WHERE source ~ ''^made'' AND lines_found > 0', k, v),
	format($$SELECT * FROM (SELECT source, %1$s, count(*), count(*) FILTER (WHERE worst = 'deny'), CASE WHEN count(*) FILTER (WHERE worst = 'deny') > 0 THEN sum(charge) FILTER (WHERE worst = 'deny') ELSE 0 END,
	count(*) FILTER (WHERE worst = 'deny' AND would_pass), CASE WHEN count(*) FILTER (WHERE worst = 'deny' AND would_pass) > 0 THEN sum(charge) FILTER (WHERE worst = 'deny' AND would_pass) ELSE 0 END,
	count(*) FILTER (WHERE worst = 'review'), CASE WHEN count(*) FILTER (WHERE worst = 'review') > 0 THEN sum(charge) FILTER (WHERE worst = 'review') ELSE 0 END FROM made_line GROUP BY source, %1$s) x(a, b, c, d, e, f, g, h, i)$$, k), 'random findings by ' || k)
FROM (VALUES ('rule', 'rules'), ('provider', 'providers'), ('month', 'months')) x(k, v);
SELECT bag_eq(format('SELECT source, sum(lines_found) AS lines_found, sum(lines_at_risk) AS lines_at_risk, sum(charge_at_risk) AS charge_at_risk, sum(lines_would_pass) AS lines_would_pass, sum(charge_would_pass) AS charge_would_pass, sum(lines_to_review) AS lines_to_review, sum(charge_to_review) AS charge_to_review FROM claim_report_risk_%s GROUP BY source, policy', v),
	'SELECT source, lines_found, lines_at_risk, charge_at_risk, lines_would_pass, charge_would_pass, lines_to_review, charge_to_review FROM claim_report_risk WHERE lines_found > 0', v || ' add up to the whole')
FROM unnest('{rules,families}'::text[]) v;
SELECT bag_eq(format('SELECT source, policy, sum(lines_found) AS lines_found, sum(lines_at_risk) AS lines_at_risk, sum(charge_at_risk) AS charge_at_risk, sum(charge_would_pass) AS charge_would_pass, sum(charge_to_review) AS charge_to_review, sum(lines) AS lines, sum(charge) AS charge, sum(days) AS days FROM claim_report_risk_%s GROUP BY source, policy', v),
	'SELECT source, policy, lines_found, lines_at_risk, charge_at_risk, charge_would_pass, charge_to_review, lines, charge, days FROM claim_report_risk', v || ' add up to the whole, what was judged too')
FROM unnest('{providers,months}'::text[]) v;
SELECT is((SELECT concat_ws(' ', lines_at_risk, charge_at_risk, lines, charge, days) FROM claim_report_risk_providers WHERE source = 'made1' AND provider = 'clean'), '0 0 18 45 9', 'a provider without findings has what was judged');
SELECT bag_eq('SELECT source, lines, charge::text, days FROM claim_report_risk WHERE source ~ ''^made''', 'SELECT source, sum(n_lines) AS lines, sum(charge)::text AS charge, count(*) FROM made_day GROUP BY source', 'what was judged is as it was drawn');
SELECT is((SELECT scale(charge_at_risk) FROM claim_report_risk WHERE source = 'made1'), (SELECT scale(sum(charge)) FROM made_line WHERE source = 'made1' AND worst = 'deny'), 'sums have the scale of the charges');

-- all of it goes with the source
SELECT claim_source_drop(s) FROM unnest('{logged,compared,uncharged,bare}'::text[]) s \g /dev/null
SELECT is_empty($$SELECT source FROM claimline_internal.claim_scan_bucket WHERE source !~ '^made'$$, 'nothing is left of a source that was dropped');

SELECT * FROM finish();

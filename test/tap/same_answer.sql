-- The same findings whatever the order of the lines, the plan, the form of the day or of the ruleset.
--
-- 20,000 provider-days of 2 to 12 lines are drawn from the reference data by a hash of the day and line number, so every run
-- and every plan sees the same days: mostly therapy and manipulation codes, real modifiers (and some that are none), minutes,
-- start times, diagnoses and regions on a part of the lines, dates from 2018 to 2026, days with several dates or none,
-- lines that are the same, lines that are null.
--
-- How findings are compared:
--   by content   where the lines have other numbers: a line stands for its number; the message, which names numbers, is left out
--   in full      where claim ids and line numbers are the same: every column
-- The findings of a day are a multiset: their number, and the sum of the hashes of their rows.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql
SET LOCAL work_mem = '64MB';
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE SCHEMA same_answer;
SELECT set_config('search_path', 'same_answer, ' || current_setting('search_path'), true) \g /dev/null

SELECT plan(62);

--
-- the days
--

-- what to draw from; an element that is there twice is drawn twice as often
CREATE TABLE draw AS
SELECT (SELECT array_agg(code ORDER BY code) FROM (SELECT unnest(ARRAY['97124', '97140', '97110', '97112', '97530', '98940', '98941', '98942', '98943', '97150', '97164', '97035', 'G0283', '99213', '97012']) UNION ALL
		SELECT '97124' FROM generate_series(1, 3) UNION ALL SELECT '98941' FROM generate_series(1, 2) UNION ALL SELECT '97140' FROM generate_series(1, 2)) x(code)) AS often,
	(SELECT array_agg(code ORDER BY code) FROM code_csv WHERE classes <> '') AS classed,
	(SELECT array_agg(DISTINCT code ORDER BY code) FROM scope_csv) AS scoped,
	(SELECT array_agg(code ORDER BY code) FROM code_csv) || '{X9999,00000}'::text[] AS any_code,
	(SELECT array_agg(modifier ORDER BY modifier) FROM (SELECT unnest(ARRAY['59', 'XE', 'XS', 'XP', 'XU', 'GP', 'GP', 'GP', 'GP', 'GO', 'GN', 'AT', 'AT', 'KX', 'CQ', 'CO', 'GA', 'GY', 'GX', 'GZ', '25', '76', '77', '91', 'LT', 'RT', '22', '51', '52'])) x(modifier)) AS often_modifier,
	(SELECT array_agg(modifier ORDER BY modifier) FROM modifier_csv) || '{ZZ,00}'::text[] AS any_modifier,
	'{M54.2,M54.50,M54.6,M99.01,M99.02,M99.03,M99.04,M99.05,S13.4XXA,M25.511,Z00.00}'::text[] AS dx,
	'{cervical,thoracic,lumbar,sacral,pelvic,head,upper_extremity,lower_extremity,rib_cage,abdomen}'::text[] AS regions;

-- each line from its seed; a line that is the same as another has its seed
CREATE TABLE seeds AS
SELECT day, k, date '2018-01-01' + draw(day, 2, 3287) AS base,
	CASE WHEN k > 1 AND draw(day * 16 + k, 3, 100) < 12 THEN day * 16 + 1 + draw(day * 16 + k, 4, k - 1) ELSE day * 16 + k END AS seed,
	draw(day * 16 + k, 5, 100) < 2 AS is_null
FROM generate_series(1::bigint, 20000) day, LATERAL (SELECT 2 + least(draw(day, 1, 11), draw(day, 8, 11), draw(day, 9, 11)) AS size) s, LATERAL generate_series(1, size) k;

CREATE TABLE lines (day bigint, line_no int, claim_id text, line claimline, shuffle_1 int, shuffle_2 int, shuffle_3 int) WITH (autovacuum_enabled = off);
INSERT INTO lines
SELECT day, k, CASE WHEN draw(day * 16 + k, 6, 10) > 0 THEN 'C' || draw(day * 16 + k, 7, 3) END,
	CASE WHEN NOT is_null THEN claimline(
		CASE WHEN draw(s, 10, 100) < 60 THEN often[1 + draw(s, 11, cardinality(often))] WHEN draw(s, 10, 100) < 80 THEN scoped[1 + draw(s, 11, cardinality(scoped))]
			WHEN draw(s, 10, 100) < 95 THEN classed[1 + draw(s, 11, cardinality(classed))] ELSE any_code[1 + draw(s, 11, cardinality(any_code))] END,
		(SELECT array_agg(CASE WHEN draw(s, 20 + m, 100) < 85 THEN often_modifier[1 + draw(s, 30 + m, cardinality(often_modifier))] ELSE any_modifier[1 + draw(s, 30 + m, cardinality(any_modifier))] END ORDER BY m)
			FROM generate_series(1, CASE WHEN draw(s, 12, 100) < 20 THEN 0 WHEN draw(s, 12, 100) < 60 THEN 1 WHEN draw(s, 12, 100) < 85 THEN 2 ELSE 1 + draw(s, 13, 5) END) m),
		CASE WHEN draw(s, 14, 100) < 60 THEN 1 WHEN draw(s, 14, 100) < 97 THEN draw(s, 15, 6) ELSE draw(s, 15, 12) / 4.0 END,
		CASE WHEN draw(s, 16, 100) < 70 THEN draw(s, 17, 70) END,
		CASE WHEN draw(s, 18, 100) < 86 THEN base WHEN draw(s, 18, 100) < 94 THEN base + draw(s, 19, 3) END,
		CASE WHEN draw(s, 40, 100) < 35 THEN time '08:00' + draw(s, 41, 36) * interval '5 minutes' END,
		CASE WHEN draw(s, 42, 100) < 45 THEN dx[1 + draw(s, 43, cardinality(dx)):1 + draw(s, 43, cardinality(dx)) + draw(s, 44, 3)] END,
		CASE WHEN draw(s, 45, 100) < 30 THEN regions[1 + draw(s, 46, cardinality(regions)):1 + draw(s, 46, cardinality(regions)) + draw(s, 47, 4)] END,
		CASE WHEN draw(s, 48, 100) < 20 THEN ('{35,65,67,15,225700000X}'::text[])[1 + draw(s, 49, 5)] END,
		CASE WHEN draw(s, 50, 100) < 10 THEN draw(s, 51, 2) = 0 END,
		CASE WHEN draw(s, 52, 100) < 10 THEN 1 + draw(s, 53, 30) END) END,
	draw(day * 16 + k, 61, 1000000), draw(day * 16 + k, 62, 1000000), draw(day * 16 + k, 63, 1000000)
FROM (SELECT *, CASE WHEN is_null THEN 0 ELSE seed END AS s FROM seeds) x, draw;
ANALYZE lines;

CREATE TABLE days AS
SELECT day, array_agg(line ORDER BY line_no) AS lines, array_agg(line ORDER BY line_no DESC) AS reversed,
	array_agg(line ORDER BY shuffle_1, line_no) AS shuffled_1, array_agg(line ORDER BY shuffle_2, line_no) AS shuffled_2, array_agg(line ORDER BY shuffle_3, line_no) AS shuffled_3
FROM lines GROUP BY day;

SELECT ok(count(*) = 20000 AND min(cardinality(lines)) = 2 AND max(cardinality(lines)) = 12, 'there are 20,000 days of 2 to 12 lines') FROM days;
SELECT ok(count(*) FILTER (WHERE n_dos > 1) > 3000 AND count(*) FILTER (WHERE no_dos) > 3000 AND count(*) FILTER (WHERE n_dos = 0) > 0, 'some have several dates of service, some lines have none')
FROM (SELECT day, count(DISTINCT line_dos(line)) AS n_dos, bool_or(line IS NOT NULL AND line_dos(line) IS NULL) AS no_dos FROM lines GROUP BY day) x;
SELECT ok(count(*) > 1000, 'some have lines that are the same') FROM (SELECT day FROM lines WHERE line IS NOT NULL GROUP BY day, line HAVING count(*) > 1) x;
SELECT ok(count(*) > 1000, 'some lines are null') FROM lines WHERE line IS NULL;

--
-- what is said of them, in the order in which they came
--

-- a row by content: the lines instead of their numbers, without the message; in full
CREATE FUNCTION by_content(e claim_finding, lines claimline[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN e.rule <> '' THEN
		hash_record_extended(ROW(lines[e.line_no], e.rule, e.severity, e.with_line_no IS NULL, lines[e.with_line_no], e.suggestion, e.condition, e.carc, e.rarc, e.citation, e.covered, e.facts), 1) END $$;
CREATE FUNCTION in_full(e claim_finding) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN e.rule <> '' THEN
		hash_record_extended(ROW(e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no, e.suggestion, e.condition, e.carc, e.rarc, e.citation, e.covered, e.facts), 1) END $$;

-- as a table: variants of a day, each with its findings
CREATE TABLE said (variant text, day bigint, n bigint, content numeric, whole numeric);
INSERT INTO said SELECT 'array', day, count(e.rule), sum(by_content(e, lines)), sum(in_full(e)) FROM days LEFT JOIN LATERAL claim_edits(lines) e ON true GROUP BY day;
INSERT INTO said SELECT 'array, cpt', day, count(e.rule), sum(by_content(e, lines)), NULL FROM days LEFT JOIN LATERAL claim_edits(lines, ruleset('cpt', 'starter-outpatient')) e ON true WHERE day <= 5000 GROUP BY day;

-- where a variant of a day differs from what it should be the same as
CREATE FUNCTION differs(variant text, expected text, whole boolean, OUT days bigint, OUT different bigint, OUT examples text)
LANGUAGE sql STABLE AS $$
	SELECT count(*), count(*) FILTER (WHERE d), string_agg(v.day::text, ', ' ORDER BY v.day) FILTER (WHERE d AND nth <= 3)
	FROM (SELECT v.day, d, count(*) FILTER (WHERE d) OVER (ORDER BY v.day) AS nth
		FROM (SELECT v.day, v.n <> x.n OR CASE WHEN $3 THEN v.whole IS DISTINCT FROM x.whole ELSE v.content IS DISTINCT FROM x.content END AS d
			FROM said v JOIN said x USING (day) WHERE v.variant = $1 AND x.variant = $2) v) v $$;
CREATE FUNCTION same(variant text, expected text, n bigint, what text, whole boolean = false) RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT is(days || ' days, ' || different || ' differ' || coalesce(': ' || examples, ''), n || ' days, 0 differ', what) FROM differs($1, $2, $5) $$;

SELECT ok(count(*) = 20000 AND sum(n) > 100000, 'there are findings to compare') FROM said WHERE variant = 'array';
-- not those of which the policy medicare has no setting, nor the unit limit by line, of which the edition has none
SELECT is(string_agg(rule, ' '), NULL, 'the rules of the policy medicare speak')
FROM (SELECT regexp_split_to_table('units-fraction units-minutes units-underbilled units-unknown units-split-lines time-overlap mue-day
		ptp ptp-bypassed cmt-region cmt-region-unknown cmt-level mod-unknown mod-repeated mod-conflict mod-requires mod-not-allowed
		mod-position mod-missing mod-unneeded mod-prefer mod-repeat-service duplicate specialty-not-covered edition-coverage line-invalid', '\s+') AS rule
	EXCEPT SELECT e.rule FROM days, claim_edits(lines) e WHERE day <= 5000) x;
SELECT is(count(DISTINCT e.severity), 4::bigint, 'at every severity') FROM days, claim_edits(lines) e WHERE day <= 100;

--
-- arrays in another order
--

INSERT INTO said SELECT 'reversed', day, count(e.rule), sum(by_content(e, reversed)), NULL FROM days LEFT JOIN LATERAL claim_edits(reversed) e ON true GROUP BY day;
INSERT INTO said SELECT 'shuffled 1', day, count(e.rule), sum(by_content(e, shuffled_1)), NULL FROM days LEFT JOIN LATERAL claim_edits(shuffled_1) e ON true GROUP BY day;
INSERT INTO said SELECT 'shuffled 2', day, count(e.rule), sum(by_content(e, shuffled_2)), NULL FROM days LEFT JOIN LATERAL claim_edits(shuffled_2) e ON true GROUP BY day;
INSERT INTO said SELECT 'shuffled 3', day, count(e.rule), sum(by_content(e, shuffled_3)), NULL FROM days LEFT JOIN LATERAL claim_edits(shuffled_3) e ON true GROUP BY day;
INSERT INTO said SELECT 'shuffled, cpt', day, count(e.rule), sum(by_content(e, shuffled_1)), NULL FROM days LEFT JOIN LATERAL claim_edits(shuffled_1, ruleset('cpt', 'starter-outpatient')) e ON true WHERE day <= 5000 GROUP BY day;
SELECT same('reversed', 'array', 20000, 'an array and its reverse');
SELECT same('shuffled 1', 'array', 20000, 'an array and its lines in another order');
SELECT same('shuffled 2', 'array', 20000, 'and in yet another');
SELECT same('shuffled 3', 'array', 20000, 'and in a third');
SELECT same('shuffled, cpt', 'array, cpt', 5000, 'the same by another policy and edition');

--
-- the aggregate: in any order, in parallel, in parts; as text, as binary, stored
--

CREATE TABLE assembled AS
SELECT day, claimday(claim_id, line_no, line ORDER BY line_no) AS d, claimday(claim_id, line_no, line ORDER BY line_no DESC) AS reversed, claimday(claim_id, line_no, line ORDER BY shuffle_1) AS shuffled
FROM lines GROUP BY day;
SELECT is(count(*) FILTER (WHERE d = reversed AND d = shuffled AND d::text = reversed::text AND d::text = shuffled::text), 20000::bigint, 'the day is the same in whatever order the aggregate sees its lines') FROM assembled;
INSERT INTO said SELECT 'aggregate', day, count(e.rule), sum(by_content(e, lines)), sum(in_full(e)) FROM assembled JOIN days USING (day) LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY day;
INSERT INTO said SELECT 'aggregate, shuffled', day, count(e.rule), NULL, sum(in_full(e)) FROM assembled LEFT JOIN LATERAL claim_edits(assembled.shuffled) e ON true WHERE day <= 5000 GROUP BY day;
SELECT same('aggregate', 'array', 20000, 'the aggregate and the array');
SELECT same('aggregate, shuffled', 'aggregate', 5000, 'the aggregate in whatever order, every column', true);

-- without ids, the position makes the difference
INSERT INTO said SELECT 'claimday(array)', day, count(e.rule), NULL, sum(in_full(e)) FROM days LEFT JOIN LATERAL claim_edits(claimday(lines)) e ON true GROUP BY day;
SELECT same('claimday(array)', 'array', 20000, 'a day made of the array, every column', true);
-- without any number
CREATE FUNCTION without_ids(e claim_finding) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN e.rule <> '' THEN hash_record_extended(ROW(e.rule, e.severity, e.suggestion, e.condition, e.carc, e.rarc, e.citation, e.covered, e.facts), 1) END $$;
INSERT INTO said
SELECT 'no ids', day, count(e.rule), sum(without_ids(e)), NULL FROM (SELECT day, claimday(NULL, NULL, line) AS d FROM lines WHERE day <= 5000 GROUP BY day) x LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY day;
INSERT INTO said SELECT 'with ids', day, count(e.rule), sum(without_ids(e)), NULL FROM assembled LEFT JOIN LATERAL claim_edits(d) e ON true WHERE day <= 5000 GROUP BY day;
SELECT same('no ids', 'with ids', 5000, 'with claim ids and line numbers and without');

-- the text of the day and back
INSERT INTO said SELECT 'text', day, count(e.rule), NULL, sum(in_full(e)) FROM assembled LEFT JOIN LATERAL claim_edits(d::text::claimday) e ON true GROUP BY day;
SELECT same('text', 'aggregate', 20000, 'a day that was text, every column', true);

-- its binary form and back
SELECT current_setting('data_directory') || '/claimline_same_answer.bin' AS file, 'cat > /dev/null && rm ' || quote_literal(current_setting('data_directory') || '/claimline_same_answer.bin') AS remove \gset
COPY (SELECT day, d FROM assembled) TO :'file' (FORMAT binary);
CREATE TABLE received (day bigint, d claimday);
COPY received FROM :'file' (FORMAT binary);
COPY (SELECT) TO PROGRAM :'remove';
SELECT is(count(*) FILTER (WHERE r.d = a.d), 20000::bigint, 'a day that was binary is the same') FROM received r JOIN assembled a USING (day);
INSERT INTO said SELECT 'binary', day, count(e.rule), NULL, sum(in_full(e)) FROM received LEFT JOIN LATERAL claim_edits(d) e ON true WHERE day <= 5000 GROUP BY day;
SELECT same('binary', 'aggregate', 5000, 'and so are its findings, every column', true);

-- in the select list instead of FROM
INSERT INTO said SELECT 'select list', day, count(e), NULL, sum(in_full(e)) FROM (SELECT day, claim_edits(d) AS e FROM assembled WHERE day <= 5000) x GROUP BY day;
INSERT INTO said SELECT 'select list', day, 0, NULL, NULL FROM days WHERE day <= 5000 AND NOT EXISTS (SELECT FROM said WHERE variant = 'select list' AND said.day = days.day);
SELECT same('select list', 'aggregate', 5000, 'in the select list, every column', true);

-- in parallel: the lines of a day are seen by several workers, their parts are combined
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_leader_participation = off;
SET LOCAL claimline.enable_claim_days = off;
-- make it worth while
ALTER FUNCTION claimday_accum(claimday, text, int, claimline) COST 10000;
SELECT ok(p ~ 'Finalize (Hash|Group)Aggregate.*Gather.*Workers Planned: 2.*Partial (Hash|Group)Aggregate.*Parallel Seq Scan on lines', 'the plan is parallel and in parts: ' || p)
FROM plan_of('SELECT day, claimday(claim_id, line_no, line) FROM lines GROUP BY day') p;
CREATE TABLE parallel AS SELECT day, claimday(claim_id, line_no, line) AS d FROM lines GROUP BY day;
SELECT is(count(*) FILTER (WHERE p.d = a.d AND p.d::text = a.d::text), 20000::bigint, 'a day that was aggregated in parallel is the same') FROM parallel p JOIN assembled a USING (day);
-- the edits in the workers
SELECT ok(p ~ 'Gather.*Function Scan on claim_edits', 'the edits run in the workers: ' || p)
FROM plan_of('SELECT day, count(e.rule), sum(in_full(e)) FROM parallel LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY day') p;
CREATE TABLE said_in_parallel AS SELECT 'parallel'::text AS variant, day, count(e.rule) AS n, NULL::numeric AS content, sum(in_full(e)) AS whole FROM parallel LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY day;
INSERT INTO said SELECT * FROM said_in_parallel;
SELECT same('parallel', 'aggregate', 20000, 'aggregated and edited in parallel, every column', true);
SELECT ok(p ~ 'Gather', 'verdicts are found in the workers: ' || p) FROM plan_of('SELECT day FROM parallel WHERE claim_passes(d)') p;
SELECT is((SELECT count(*) FROM parallel WHERE claim_passes(d)), (SELECT count(*) FROM assembled WHERE NOT EXISTS (SELECT FROM claim_edits(d) WHERE severity = 'deny')), 'verdicts in parallel');

-- by the plan node: alone, shared by processes, in temporary files
SET LOCAL claimline.enable_claim_days = on;
SELECT ok(p ~ 'Gather.*Parallel Custom Scan \(ClaimDays\).*Parallel Seq Scan on lines', 'the node is parallel: ' || p)
FROM plan_of('SELECT day, claimday(claim_id, line_no, line) FROM lines GROUP BY day') p;
CREATE TABLE by_node AS SELECT 'shared'::text AS how, day, claimday(claim_id, line_no, line) AS d FROM lines GROUP BY day;
SET LOCAL max_parallel_workers_per_gather = 0;
INSERT INTO by_node SELECT 'alone', day, claimday(claim_id, line_no, line) FROM lines GROUP BY day;
SET LOCAL work_mem = '64kB';
INSERT INTO by_node SELECT 'in files', day, claimday(claim_id, line_no, line) FROM lines GROUP BY day;
SET LOCAL work_mem = '64MB';
SELECT is(count(*) FILTER (WHERE p.d = a.d AND p.d::text = a.d::text), 20000::bigint, 'a day of the node is the same: ' || how)
FROM by_node p JOIN assembled a USING (day) GROUP BY how ORDER BY how;

--
-- the window function
--

-- positions are of the window's order: so are the lines
CREATE TABLE window_1 AS
SELECT day, line, row_number() OVER w AS pos, line_edits(line) OVER w AS f, array_agg(line) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS lines
FROM lines WINDOW w AS (PARTITION BY day ORDER BY line_no);
CREATE TABLE window_2 AS
SELECT day, line, row_number() OVER w AS pos, line_edits(line) OVER w AS f, array_agg(line) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS lines
FROM lines WINDOW w AS (PARTITION BY day ORDER BY shuffle_2, line_no);
SELECT is(count(*), 0::bigint, 'line_edits gives each row its own findings') FROM window_1, unnest(f) e WHERE e.line_no <> pos OR lines[e.line_no] IS DISTINCT FROM line;
SELECT is(count(*), 0::bigint, 'in another order, too') FROM window_2, unnest(f) e WHERE e.line_no <> pos OR lines[e.line_no] IS DISTINCT FROM line;
INSERT INTO said SELECT 'window', day, count(e.rule), NULL, sum(in_full(e)) FROM window_1 LEFT JOIN LATERAL unnest(f) e ON true GROUP BY day;
INSERT INTO said SELECT 'window, shuffled', day, count(e.rule), sum(by_content(e, lines)), NULL FROM window_2 LEFT JOIN LATERAL unnest(f) e ON true GROUP BY day;
SELECT same('window', 'array', 20000, 'line_edits over the order of the array, every column', true);
SELECT same('window, shuffled', 'array', 20000, 'line_edits over another order');
SELECT throws_ok($$SELECT line_edits('97124'::claimline) IGNORE NULLS OVER ()$$, CASE WHEN current_setting('server_version_num')::int >= 190000 THEN '0A000' ELSE '42601' END, NULL, 'it takes no IGNORE NULLS, a word of PostgreSQL 19');

--
-- the ruleset: as text and back, stored
--

CREATE TABLE rulesets (name text, rules claim_ruleset);
INSERT INTO rulesets VALUES ('starter', starter_ruleset()), ('text', starter_ruleset()::text::claim_ruleset), ('cpt', ruleset('cpt', 'starter-outpatient'));
SELECT ok(pg_relation_size(reltoastrelid) > 200000, 'stored rulesets lie out of line') FROM pg_class WHERE oid = 'same_answer.rulesets'::regclass;
INSERT INTO said
SELECT 'ruleset from text', day, count(e.rule), NULL, sum(in_full(e))
FROM (SELECT starter_ruleset()::text::claim_ruleset AS rules OFFSET 0) r, assembled LEFT JOIN LATERAL claim_edits(d, rules) e ON true GROUP BY day;
INSERT INTO said SELECT 'ruleset given', day, count(e.rule), NULL, sum(in_full(e)) FROM assembled LEFT JOIN LATERAL claim_edits(d, starter_ruleset()) e ON true WHERE day <= 5000 GROUP BY day;
INSERT INTO said SELECT 'ruleset stored', day, count(e.rule), NULL, sum(in_full(e)) FROM rulesets, assembled LEFT JOIN LATERAL claim_edits(d, rules) e ON true WHERE name = 'starter' GROUP BY day;
INSERT INTO said SELECT 'ruleset stored from text', day, count(e.rule), sum(by_content(e, lines)), NULL FROM rulesets, days LEFT JOIN LATERAL claim_edits(lines, rules) e ON true WHERE name = 'text' AND day <= 5000 GROUP BY day;
INSERT INTO said SELECT 'cpt stored', day, count(e.rule), sum(by_content(e, lines)), NULL FROM rulesets, days LEFT JOIN LATERAL claim_edits(lines, rules) e ON true WHERE name = 'cpt' AND day <= 5000 GROUP BY day;
SELECT same('ruleset given', 'aggregate', 5000, 'the starter ruleset as an argument, every column', true);
SELECT same('ruleset from text', 'aggregate', 20000, 'a ruleset that was text, every column', true);
SELECT same('ruleset stored', 'aggregate', 20000, 'a stored ruleset, every column', true);
SELECT same('ruleset stored from text', 'array', 5000, 'a ruleset that was text and then stored');
SELECT same('cpt stored', 'array, cpt', 5000, 'another stored ruleset');
-- two rulesets turn about at one call site
INSERT INTO said
SELECT 'by turns, ' || name, day, count(e.rule), sum(by_content(e, lines)), NULL
FROM (SELECT * FROM days, rulesets WHERE day <= 2000 AND name IN ('starter', 'cpt') ORDER BY day, name OFFSET 0) x LEFT JOIN LATERAL claim_edits(lines, rules) e ON true GROUP BY name, day;
SELECT same('by turns, starter', 'array', 2000, 'two rulesets by turns: the one');
SELECT same('by turns, cpt', 'array, cpt', 2000, 'and the other');
-- by the window function
INSERT INTO said
SELECT 'window, cpt', day, count(e.rule), sum(by_content(e, lines)), NULL
FROM (SELECT day, line_edits(line, rules) OVER w AS f, array_agg(line) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS lines
	FROM lines, rulesets WHERE day <= 5000 AND name = 'cpt' WINDOW w AS (PARTITION BY day ORDER BY shuffle_3, line_no)) x LEFT JOIN LATERAL unnest(f) e ON true GROUP BY day;
SELECT same('window, cpt', 'array, cpt', 5000, 'line_edits by a stored ruleset');

--
-- verdicts: claim_passes agrees with claim_edits at each severity
--

CREATE TABLE worst AS
SELECT day, max(e.severity) AS severity FROM assembled LEFT JOIN LATERAL claim_edits(d) e ON true GROUP BY day;
SELECT is(count(*) FILTER (WHERE claim_passes(d, fail_at) = (severity IS NULL OR severity < fail_at)), 20000::bigint, 'claim_passes(day) at ' || fail_at)
FROM assembled JOIN worst USING (day), unnest(enum_range(NULL::claim_severity)) fail_at GROUP BY fail_at ORDER BY fail_at;
SELECT is(count(*) FILTER (WHERE claim_passes(shuffled_1, fail_at) = (severity IS NULL OR severity < fail_at)), 20000::bigint, 'claim_passes(lines) at ' || fail_at)
FROM days JOIN worst USING (day), unnest(enum_range(NULL::claim_severity)) fail_at GROUP BY fail_at ORDER BY fail_at;
SELECT is(count(*) FILTER (WHERE claim_passes(d, rules, 'review') = (severity IS NULL OR severity < 'review')), 5000::bigint, 'claim_passes(day) by a ruleset that was ' || name)
FROM assembled JOIN worst USING (day), rulesets WHERE name IN ('text', 'starter') AND day <= 5000 GROUP BY name ORDER BY name;
SELECT is(count(*) FILTER (WHERE claim_passes(d)), (SELECT count(*) FROM worst WHERE severity IS NULL OR severity < 'deny'), 'claim_passes(day) fails at deny') FROM assembled;

-- lines by themselves
CREATE TABLE single AS SELECT DISTINCT line FROM lines WHERE day <= 5000;
CREATE TABLE single_said AS
SELECT line, a.n, a.whole, a.severity, b.n AS array_n, b.whole AS array_whole, c.n AS day_n, c.whole AS day_whole
FROM single, LATERAL (SELECT count(*) AS n, sum(in_full(e)) AS whole, max(e.severity) AS severity FROM claim_edits(line) e) a,
	LATERAL (SELECT count(*) AS n, sum(in_full(e)) AS whole FROM claim_edits(ARRAY[line]) e) b, LATERAL (SELECT count(*) AS n, sum(in_full(e)) AS whole FROM claim_edits(claimday(ARRAY[line])) e) c;
SELECT is(count(*) FILTER (WHERE n <> array_n OR whole IS DISTINCT FROM array_whole OR n <> day_n OR whole IS DISTINCT FROM day_whole), 0::bigint, 'a line by itself, an array of it and a day of it: ' || (count(*) > 15000)::text) FROM single_said;
SELECT is(count(*) FILTER (WHERE claim_passes(line, fail_at) <> (severity IS NULL OR severity < fail_at)), 0::bigint, 'claim_passes(line) at ' || fail_at)
FROM single_said, unnest(enum_range(NULL::claim_severity)) fail_at GROUP BY fail_at ORDER BY fail_at;

--
-- suggestions
--

CREATE FUNCTION suggested(lines claimline[]) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT sum(hash_record_extended(ROW(line, suggestion, condition), 1)) FROM suggest_modifiers(lines) $$;
SELECT is(count(*) FILTER (WHERE suggested(lines) IS DISTINCT FROM suggested(shuffled_1) OR suggested(lines) IS DISTINCT FROM suggested(reversed)), 0::bigint, 'suggestions for an array in any order: ' || (count(*) FILTER (WHERE suggested(lines) IS NOT NULL) > 1000)::text)
FROM days WHERE day <= 2000;

SELECT * FROM finish();

ROLLBACK;

-- CQ and CO unit by unit: published cases, and all minutes of therapist and assistant to 45 each against a model.
--
-- The oracle is written from the sources. Units of a day: the chart of Medicare Claims Processing Manual ch. 5 s. 20.2, whole units of each code, and
-- any allocation of the rest in which no code has a unit for fewer minutes left than one that has none. Units of an assistant: CMS, billing examples
-- using CQ/CO modifiers; 84 FR 62702-62707; 86 FR 64996. It takes 15 minutes away as long as it can, and lists what may be; the edit divides.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA assistant;
SELECT set_config('search_path', 'assistant, ' || current_setting('search_path'), true) \g /dev/null
SELECT * FROM no_plan();

--
-- published
--

-- CMS's example 1: 23 minutes of an assistant and 13 of the therapist, 97110, and 30 of the therapist, 97140: four units, one with CQ
CREATE FUNCTION example(dos date, with_cq int, without_cq int) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(e.rule || ' ' || e.severity, ', ') FROM claim_edits(on_day(dos, VARIADIC ARRAY[
		CASE WHEN with_cq > 0 THEN format('97110-CQ-GP x%s 23min assistant=23min', with_cq) END, CASE WHEN without_cq > 0 THEN format('97110-GP x%s 13min assistant=0min', without_cq) END,
		CASE WHEN with_cq = 0 THEN '97110-GP x0 23min assistant=23min' WHEN without_cq = 0 THEN '97110-GP x0 13min assistant=0min' END, '97140-GP x2 30min assistant=0min'])::claimline[]) e
	WHERE e.rule = 'mod-assistant' $$;
SELECT is(example('2022-01-01', 1, 1), NULL, 'CMS example 1: one unit of two');
SELECT is(example('2022-01-01', 2, 0), 'mod-assistant deny', 'not both');
SELECT is(example('2022-01-01', 0, 2), 'mod-assistant deny', 'nor none');
SELECT is(example('2021-12-31', 2, 0), NULL, 'before 2022, 8 of the 21 minutes of the last unit are the assistant''s: both');
SELECT is(example('2021-12-31', 1, 1), 'mod-assistant deny', 'and not one');
-- therapycomply, example A: 10 minutes of an assistant, 5 of the therapist
SELECT is(sev(lines('97110-CQ-GP x1 15min assistant=10min'), 'mod-assistant', 1), NULL, 'therapycomply A: the unit has CQ');
SELECT is(sev(lines('97110-GP x1 15min assistant=10min'), 'mod-assistant', 1), 'deny', 'and is denied without');
SELECT is(suggests(lines('97110-GP x1 15min assistant=10min'), 'mod-assistant', 1), 'CQ GP', 'which is added');

-- occupational therapy, a needless modifier, codes of denial, the message
SELECT is(suggests(lines('97535-GO x1 15min assistant=10min'), 'mod-assistant', 1), 'CO GO', 'CO goes with GO');
SELECT is(suggests(lines('97535-CO-GO x1 15min assistant=0min'), 'mod-assistant', 1), 'GO', 'and away where the therapist gave all');
SELECT is(codes(lines('97110-GP x1 15min assistant=10min'), 'mod-assistant', 1), 'deny CO-4/N822', 'it is missing');
SELECT is(codes(lines('97110-CQ-GP x1 15min assistant=0min'), 'mod-assistant', 1), 'deny CO-4/N823', 'it is wrong');
SELECT is(codes(on_day('2019-12-31', '97110-GP x1 15min assistant=15min'), 'mod-assistant', 1), NULL, 'nothing before 2020');
SELECT is(e.message || ' | ' || e.with_line_no, '97110 x2 without modifier CQ: of 40 minutes an assistant gave 30 alone, which are x2 of x3, which are paid at 85 percent (assistant_percent): bill 97110-GP x1 and 97110-CQ-GP x2 | 2',
	'the units go to the line that has the others') FROM claim_edits(lines('97110-GP x2 10min assistant=0min', '97110-CQ-GP x1 30min assistant=30min')::claimline[]) e WHERE e.rule = 'mod-assistant';
SELECT ok(e.message ~ ', which are paid in full \(assistant_percent\)', 'in full before 2022') FROM claim_edits(on_day('2021-12-31', '97110-GP x1 15min assistant=10min')::claimline[]) e WHERE e.rule = 'mod-assistant';

-- untimed: 10 percent of the line
SELECT is(sev(lines('97150-GP x1 40min assistant=4min'), 'mod-assistant', 1), NULL, '10 percent of an untimed code');
SELECT is(sev(lines('97150-GP x1 40min assistant=5min'), 'mod-assistant', 1), 'deny', 'and more');
SELECT is(sev(lines('97150-CQ-GP x1 40min assistant=5min'), 'mod-assistant', 1), NULL, 'with CQ');
SELECT is(sev(lines('97150-CQ-GP x1 40min assistant=4min'), 'mod-assistant', 1), 'deny', 'which 10 percent have not');
-- who has no such modifier
SELECT is(sev(lines('97161-GP x1 30min assistant=30min'), 'mod-assistant', 1), NULL, 'an evaluation');
SELECT is(sev(lines('97129-GN x1 15min assistant=15min'), 'mod-assistant', 1), NULL, 'speech-language pathology');
SELECT is(sev(lines('98941-AT x1 15min assistant=15min'), 'mod-assistant', 1), NULL, 'manipulation');
SELECT is(sev(lines('97110-GP-GY x1 15min assistant=15min'), 'mod-assistant', 1), NULL, 'what is billed for a denial');
SELECT is(sev(lines('97110-CQ-GP x1 15min', '97112-GP x1 15min assistant=0min'), 'mod-assistant', 1), NULL, 'a code that says nothing of an assistant');
-- what is not known
SELECT is(sev(lines('97110-GP x1 assistant=5min'), 'mod-assistant', 1), 'unknown', 'the minutes of the line');
SELECT is(sev(lines('97110-CQ-GP x1 assistant=0min'), 'mod-assistant', 1), 'deny', 'whatever they are, none is an assistant''s');
SELECT is(sev(lines('97110-GP x1 15min assistant=0min', '97110-KX-GP x1 15min'), 'mod-assistant', 2), 'unknown', 'the assistant''s of another line');
SELECT is(sev(lines('97110-GP x1 20min assistant=0min', '97140-GP x1'), 'mod-assistant', 1), NULL, 'those of another code, where the therapist gave all');
SELECT is(sev(lines('97110-GP x1 20min assistant=20min', '97140-GP x1'), 'mod-assistant', 1), 'unknown', 'or the assistant did');
SELECT is(sev(lines('97110-GP x1 15min assistant=10min unread=modifiers'), 'mod-assistant', 1), 'unknown', 'modifiers that could not be read');

-- the figures are the policy's
CREATE FUNCTION with_figures(figures jsonb) RETURNS claim_ruleset LANGUAGE sql AS $$
	SELECT jsonb_set(starter_ruleset()::text::jsonb, '{policy}', starter_ruleset()::text::jsonb -> 'policy' || figures)::text::claim_ruleset $$;
SELECT is(sev(lines('97110-CQ-GP x1 9min assistant=9min', '97110-GP x1 14min assistant=0min'), 'mod-assistant', 2), NULL, 'of 23 minutes one unit');
SELECT is(sev(lines('97110-CQ-GP x1 9min assistant=9min', '97110-GP x1 14min assistant=0min'), 'mod-assistant', 2, with_figures('{"assistant_shared_minutes": {"2022": 24}}')), 'deny', 'or from 24 on');
SELECT is(sev(lines('97150-GP x1 40min assistant=5min'), 'mod-assistant', 1, with_figures('{"assistant_percent": {"2020": 10, "2024": 20}}')), NULL, 'another percentage');
SELECT is(sev(on_day('2023-12-31', '97150-GP x1 40min assistant=5min'), 'mod-assistant', 1, with_figures('{"assistant_percent": {"2020": 10, "2024": 20}}')), 'deny', 'from its year on');
SELECT is(sev(lines('97110-GP x1 15min assistant=15min'), 'mod-assistant', 1, with_figures('{"assistant_percent": {}}')), NULL, 'none asks for nothing');

--
-- the model
--

CREATE FUNCTION chart(minutes int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT count(*)::int FROM generate_series(1, 40) n WHERE minutes >= 15 * n - 7 $$;

-- How many of the units of a code may have the modifier
CREATE FUNCTION may_have(therapist int, assistant int, units int, dos date) RETURNS int[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	own int := 0;
	is_part boolean;
BEGIN
	IF dos < '2020-01-01' THEN
		RETURN ARRAY(SELECT generate_series(0, units));
	END IF;
	WHILE therapist >= 15 LOOP
		therapist := therapist - 15;
		units := units - 1;
	END LOOP;
	WHILE assistant >= 15 LOOP
		assistant := assistant - 15;
		units := units - 1;
		own := own + 1;
	END LOOP;
	is_part := assistant::numeric / nullif(therapist + assistant, 0) > 0.10;
	RETURN CASE
		WHEN units = 0 OR NOT is_part THEN ARRAY[own]
		WHEN units = 1 AND dos >= '2022-01-01' AND therapist >= 8 THEN ARRAY[own]
		WHEN units = 1 THEN ARRAY[own + 1]
		-- what is left of both is two units by itself
		WHEN therapist BETWEEN 9 AND 14 AND assistant BETWEEN 9 AND 14 AND therapist + assistant BETWEEN 23 AND 28 THEN ARRAY[own + CASE WHEN dos >= '2022-01-01' THEN 1 ELSE 2 END]
		-- or only beside what is left of other codes
		ELSE ARRAY[own + 1, own + 2] END;
END $$;

-- Lines of a code: with units that have the modifier and that have not; minutes stand on either, as `form` has it
CREATE FUNCTION lines_of(code text, therapist int, assistant int, marked int, unmarked int, dos date, form int) RETURNS claimline[] LANGUAGE sql IMMUTABLE AS $$
	SELECT array_agg(claimline(code, m.modifiers, m.units, CASE WHEN alone THEN therapist + assistant WHEN form % 3 = 0 THEN m.own WHEN form % 3 = m.n THEN therapist + assistant ELSE 0 END, dos,
		assistant => CASE WHEN alone OR form % 3 = m.n THEN assistant WHEN form % 3 = 0 THEN m.n % 2 * m.own ELSE 0 END))
	FROM (SELECT marked = 0 OR unmarked = 0 AS alone) a, (VALUES (1, '{CQ,GP}'::text[], marked, assistant), (2, '{GP}', unmarked, therapist)) m(n, modifiers, units, own)
	WHERE m.units > 0 OR (marked + unmarked = 0 AND m.n = 2) $$;

-- one code: every number of units with the modifier
CREATE TABLE one AS
SELECT row_number() OVER () AS id, t AS therapist, a AS assistant, d.dos, m AS marked, u.units - m AS unmarked, m = ANY (may_have(t, a, u.units, d.dos)) AS is_right, lines_of('97110', t, a, m, u.units - m, d.dos, (t + a + m) % 3) AS lines
FROM generate_series(0, 45) t, generate_series(0, 45) a, LATERAL (SELECT chart(t + a) AS units) u, generate_series(0, u.units) m,
	(VALUES (date '2019-12-31'), ('2020-01-01'), ('2021-12-31'), ('2022-01-01')) d(dos);
CREATE TABLE one_found AS SELECT o.id, e.* FROM one o, claim_edits(o.lines) e;
SELECT is_empty($$ SELECT o.therapist, o.assistant, o.dos, o.marked, o.unmarked, o.is_right FROM one o
	WHERE o.is_right = EXISTS (SELECT FROM one_found f WHERE f.id = o.id AND f.rule = 'mod-assistant') $$, 'all minutes to 45 each of one code');
SELECT is_empty($$ SELECT * FROM one_found WHERE rule = 'mod-assistant' AND severity <> 'deny' $$, 'are decided');
SELECT is_empty($$ SELECT * FROM one_found WHERE rule IN ('units-minutes', 'units-underbilled', 'units-split-lines', 'mod-requires', 'mod-conflict') $$, 'and nothing else of them is wrong');
SELECT ok(count(*) > 15000 AND count(*) FILTER (WHERE is_right) > 5000 AND count(*) FILTER (WHERE NOT is_right) > 5000, count(*) || ' days') FROM one;

-- What is proposed passes: the line with another modifier, or the lines to bill in place of it and of the other
CREATE FUNCTION repaired(lines claimline[], f claim_finding) RETURNS claimline[] LANGUAGE plpgsql AS $$
DECLARE
	line claimline := lines[f.line_no];
	kept claimline[] := ARRAY(SELECT l FROM unnest(lines) WITH ORDINALITY u(l, n) WHERE n <> f.line_no AND n IS DISTINCT FROM f.with_line_no ORDER BY n);
	other claimline := lines[f.with_line_no];
BEGIN
	IF f.suggestion IS NOT NULL THEN
		RETURN kept || f.suggestion;
	END IF;
	-- minutes and what the assistant gave of them may stand on any of the lines
	RETURN kept || ARRAY(SELECT claimline(line_code(b.l), line_modifiers(b.l), line_units(b.l), CASE b.n WHEN 1 THEN line_minutes(line) + coalesce(line_minutes(other), 0) ELSE 0 END, line_dos(line),
		assistant => CASE b.n WHEN 1 THEN line_assistant(line) + coalesce(line_assistant(other), 0) ELSE 0 END)
		FROM (SELECT t::claimline AS l, n FROM string_to_table(f.facts ->> 'bill', ' and ') WITH ORDINALITY u(t, n)) b);
END $$;
SELECT is_empty($$ SELECT * FROM one_found WHERE rule = 'mod-assistant' AND suggestion IS NULL AND facts ->> 'bill' IS NULL $$, 'each says what to bill');
CREATE TABLE one_repaired AS SELECT f.id, repaired(o.lines, ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no, f.suggestion, f.condition, f.carc, f.rarc, f.citation, f.covered, f.facts)::claim_finding) AS lines
FROM one_found f JOIN one o USING (id) WHERE f.rule = 'mod-assistant';
SELECT is_empty($$ SELECT r.lines, e.rule, e.message FROM one_repaired r, claim_edits(r.lines) e WHERE e.severity IN ('deny', 'unknown') AND NOT EXISTS (SELECT FROM one_found f WHERE f.id = r.id AND f.rule = e.rule AND e.rule <> 'mod-assistant') $$, 'and that passes');
SELECT is_empty($$ SELECT r.lines, o.lines FROM one_repaired r JOIN one o USING (id) WHERE (SELECT sum(line_units(l)) FROM unnest(r.lines) l) <> (SELECT sum(line_units(l)) FROM unnest(o.lines) l) $$, 'with as many units');

-- two and three codes, drawn: any valid allocation, any number of units with the modifier
CREATE TABLE code AS SELECT d AS day, c AS n, (ARRAY['97110', '97112', '97140'])[c] AS code, draw(d * 4 + c, 1, 46) AS therapist, CASE draw(d * 4 + c, 2, 4) WHEN 0 THEN 0 ELSE draw(d * 4 + c, 3, 46) END AS assistant,
	CASE WHEN draw(d, 4, 2) = 0 THEN date '2024-08-01' ELSE date '2021-05-01' END AS dos
FROM generate_series(1, 8000) d, generate_series(1, 2 + draw(d, 5, 2)) c;
-- 0 or 1 for each code beyond its whole units, drawn, and kept where the day has so many and nobody with fewer minutes left is served first
CREATE TABLE billed AS
SELECT c.*, (c.therapist + c.assistant) / 15 + x.extra AS units FROM code c, LATERAL (SELECT (draw(c.day, 6, 8) >> (c.n - 1)) & 1 AS extra) x;
CREATE TABLE allocated AS SELECT day FROM billed a GROUP BY day
HAVING sum(units) = chart(sum(therapist + assistant)::int)
	AND NOT EXISTS (SELECT FROM billed s, billed l WHERE s.day = a.day AND l.day = a.day AND s.units > (s.therapist + s.assistant) / 15 AND l.units = (l.therapist + l.assistant) / 15
		AND ((s.therapist + s.assistant) % 15 < (l.therapist + l.assistant) % 15))
	AND NOT EXISTS (SELECT FROM billed s WHERE s.day = a.day AND s.units > (s.therapist + s.assistant) / 15 AND (s.therapist + s.assistant) % 15 = 0);
CREATE TABLE marked AS SELECT b.*, draw(b.day * 4 + b.n, 7, b.units + 1) AS marked FROM billed b JOIN allocated USING (day);
CREATE TABLE several AS SELECT day, claimday(code, n, l.line) AS lines FROM marked m, LATERAL (SELECT unnest(lines_of(m.code, m.therapist, m.assistant, m.marked, m.units - m.marked, m.dos, m.day % 3)) AS line) l GROUP BY day;
CREATE TABLE several_found AS SELECT s.day, e.* FROM several s, claim_edits(s.lines) e;
SELECT is_empty($$ SELECT m.* FROM marked m WHERE m.marked = ANY (may_have(m.therapist, m.assistant, m.units, m.dos))
	= EXISTS (SELECT FROM several_found f WHERE f.day = m.day AND f.claim_id = m.code AND f.rule = 'mod-assistant') $$, 'several codes, each by its own units');
SELECT is_empty($$ SELECT * FROM several_found WHERE rule IN ('units-minutes', 'units-underbilled') $$, 'whose units are right');
SELECT ok(count(*) > 1500, count(*) || ' days') FROM several;
SELECT ok(count(*) > 20, count(*) || ' codes with two units of few minutes') FROM marked WHERE cardinality(may_have(therapist, assistant, units, dos)) > 1 AND dos > '2020-01-01';

SELECT * FROM finish();
ROLLBACK;

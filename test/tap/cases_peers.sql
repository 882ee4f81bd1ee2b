-- The mistakes found in other checkers, each as a test that their answer fails.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA claim_cases;
SELECT set_config('search_path', 'claim_cases, ' || current_setting('search_path'), true) \g /dev/null

-- Everything that the edits say, in one text
CREATE FUNCTION answer(lines text[], rules claim_ruleset DEFAULT starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(e::text, E'\n' ORDER BY e::text COLLATE "C") FROM claim_edits($1::claimline[], $2) e
$$;

-- The same without the words: a message may quote the dates of a row
CREATE FUNCTION verdict(lines text[], rules claim_ruleset DEFAULT starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(v, E'\n' ORDER BY v COLLATE "C")
    FROM (SELECT row(e.line_no, e.rule, e.severity, e.with_line_no, e.suggestion, e.condition, e.carc, e.rarc, e.covered)::text AS v
          FROM claim_edits($1::claimline[], $2) e) s
$$;

-- A ruleset whose pairs of two codes, in either direction, are replaced by other rows: [from, to, indicator] for (one, two), ...
CREATE FUNCTION with_pairs(rules claim_ruleset, code_a text, code_b text, new_rows jsonb) RETURNS claim_ruleset
LANGUAGE plpgsql AS $$
DECLARE
    j   jsonb := rules::text::jsonb;
    r   jsonb := j->'ptp'->0;
    p   jsonb;
BEGIN
    IF jsonb_typeof(r) IS DISTINCT FROM 'array' OR jsonb_array_length(r) < 5 THEN
        RAISE EXCEPTION 'the text of the ruleset has no ptp rows of the known shape';
    END IF;
    SELECT coalesce(jsonb_agg(e ORDER BY n), '[]')
    INTO p FROM jsonb_array_elements(j->'ptp') WITH ORDINALITY u(e, n)
    WHERE NOT (e->>0 = code_a AND e->>1 = code_b OR e->>0 = code_b AND e->>1 = code_a);
    -- a row as the first one is, with the five fields replaced
    SELECT p || jsonb_agg(jsonb_set(jsonb_set(jsonb_set(jsonb_set(jsonb_set(r, '{0}', e->0), '{1}', e->1), '{2}', e->2), '{3}', e->3), '{4}',
                                    CASE WHEN jsonb_typeof(r->4) = 'string' THEN to_jsonb(e->>4) ELSE e->4 END) ORDER BY n)
    INTO p FROM jsonb_array_elements(new_rows) WITH ORDINALITY u(e, n);
    RETURN jsonb_set(j, '{ptp}', p)::text::claim_ruleset;
END
$$;

SELECT plan(103);

-- 1 indicator 0 escapes with any modifier
SELECT is(against(lines('97140-59-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2), 'deny 1', '1 indicator 0 with 59 on column one');
SELECT is(against(lines('97140-GP x1 15min', '97124-59-GP x1 15min'), 'ptp', 2), 'deny 1', '1 indicator 0 with 59 on column two');
SELECT is(spoken(lines('97140-59-GP x1 15min', '97124-59-GP x1 15min'), 'ptp-bypassed', 2), NULL, '1 indicator 0 is never bypassed');
SELECT is((SELECT string_agg(m, ' ') FROM unnest('{22,24,25,27,57,58,59,76,77,78,79,91,E1,F5,LC,LT,RT,T3,TA,XE,XP,XS,XU}'::text[]) m
           WHERE against(lines('97140-' || m || '-GP x1 15min', '97124-' || m || '-GP x1 15min'), 'ptp', 2) IS DISTINCT FROM 'deny 1'),
          NULL, '1 no modifier opens indicator 0');

-- 2 indicator 1 without modifier never flagged
SELECT is(against(lines('98941-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1', '2 indicator 1 without modifier');
SELECT is(against(lines('97150-GP x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1', '2 the same beside 97150');

-- 3 modifiers ignored
SELECT is(spoken(lines('98941-AT x1', '97124-59-GP x1 15min'), 'ptp', 2), 'ptp-bypassed info', '3 indicator 1 with 59 is bypassed, and said to be');

-- 4 59 anywhere on the claim bypasses all pairs
SELECT is(against(lines('98941-AT x1', '97124-GP x1 15min', '97110-59-GP x1 15min'), 'ptp', 2), 'deny 1', '4 59 on a third line');
SELECT is(spoken(lines('98941-AT x1', '97124-GP x1 15min', '97110-59-GP x1 15min'), 'ptp-bypassed', 2), NULL, '4 does not bypass');
SELECT is(against(lines('98941-AT x1', '97124-GP x1 15min', '97140-59-GP x1 15min'), 'ptp', 3), NULL, '4 59 on 97140 bypasses its own pair');
SELECT is((SELECT string_agg(e.severity || ' ' || e.with_line_no, '; ' ORDER BY e.with_line_no)
           FROM claim_edits(lines('98941-AT x1', '97124-GP x1 15min', '97140-59-GP x1 15min')::claimline[]) e
           WHERE e.rule = 'ptp' AND e.line_no = 2), 'deny 1; deny 3', '4 and not those of 97124');

-- 5 no or one-sided dates
SELECT is(spoken(on_day('2002-03-31', '98941-AT x1', '97124 x1 15min'), 'ptp', 2), NULL, '5 before the effective date');
SELECT is(spoken(on_day('2002-04-01', '98941-AT x1', '97124 x1 15min'), 'ptp', 2), 'ptp review', '5 from the effective date');
SELECT is(spoken(on_day('2019-12-31', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), 'ptp review', '5 until the deletion date');
SELECT is(spoken(on_day('2020-01-01', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), NULL, '5 after the deletion date');
SELECT is(spoken(lines('98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), 'ptp deny', '5 the next row of the pair');
SELECT is(spoken(lines('97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), NULL, '5 a deleted pair without a next row');

-- 6 the prior quarter is overwritten
CREATE TEMP TABLE later ON COMMIT DROP AS
SELECT with_pairs(starter_ruleset(), '98941', '97124',
                  '[["98941", "97124", "2002-04-01", "2025-12-31", 1], ["98941", "97124", "2026-01-01", null, 0]]') AS rules;
SELECT is(ruleset_hash(starter_ruleset()::text::claim_ruleset), ruleset_hash(starter_ruleset()), '6 the text of a ruleset is the ruleset');
SELECT is(answer(on_day('2023-05-02', '98941-AT x1', '97124-GP x5 75min', '97140-59-GP x1'), starter_ruleset()::text::claim_ruleset),
          answer(on_day('2023-05-02', '98941-AT x1', '97124-GP x5 75min', '97140-59-GP x1')), '6 it gives the same answer for 2023');
SELECT isnt(answer(on_day('2023-05-02', '98941-AT x1', '97124-GP x5 75min', '97140-59-GP x1')), NULL, '6 which is not an empty one');
SELECT isnt(ruleset_hash(rules), ruleset_hash(starter_ruleset()), '6 a later release is another ruleset') FROM later;
SELECT is(verdict(on_day('2023-05-02', '98941-AT x1', '97124-59-GP x1 15min'), rules),
          verdict(on_day('2023-05-02', '98941-AT x1', '97124-59-GP x1 15min')), '6 and does not change the answer for 2023') FROM later;
SELECT is(spoken(on_day('2023-05-02', '98941-AT x1', '97124-59-GP x1 15min'), 'ptp', 2, rules), 'ptp-bypassed info', '6 bypassed in 2023') FROM later;
SELECT is(spoken(on_day('2026-01-01', '98941-AT x1', '97124-59-GP x1 15min'), 'ptp', 2, rules), 'ptp review', '6 no longer in 2026') FROM later;
SELECT is(spoken(on_day('2025-12-31', '98941-AT x1', '97124-59-GP x1 15min'), 'ptp', 2, rules), 'ptp-bypassed info', '6 still on the last day of the first row') FROM later;

-- 7 a reversed key invents an edit direction
CREATE TEMP TABLE swapped ON COMMIT DROP AS
SELECT with_pairs(starter_ruleset(), '97110', '97124',
                  '[["97110", "97124", null, "2022-12-31", 1], ["97124", "97110", "2023-01-01", null, 1]]') AS rules;
SELECT is(against(on_day('2022-12-31', '97110-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2, rules), 'deny 1', '7 first era: 97124 is column two') FROM swapped;
SELECT is(against(on_day('2022-12-31', '97110-GP x1 15min', '97124-GP x1 15min'), 'ptp', 1, rules), NULL, '7 and 97110 is not') FROM swapped;
SELECT is(against(on_day('2023-01-01', '97110-GP x1 15min', '97124-GP x1 15min'), 'ptp', 1, rules), 'deny 2', '7 second era: 97110 is column two') FROM swapped;
SELECT is(against(on_day('2023-01-01', '97110-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2, rules), NULL, '7 and 97124 is not') FROM swapped;
SELECT is(against(on_day('2022-12-31', '97124-GP x1 15min', '97110-GP x1 15min'), 'ptp', 1, rules), 'deny 2', '7 the lines in the other order, first era') FROM swapped;
SELECT is(against(on_day('2023-01-01', '97124-GP x1 15min', '97110-GP x1 15min'), 'ptp', 2, rules), 'deny 1', '7 the lines in the other order, second era') FROM swapped;
SELECT is(spoken(on_day('2023-01-01', '97110-GP x1 15min', '97124-GP x1 15min'), 'ptp', 1), NULL, '7 the starter edition has no such pair');
SELECT is(against(lines('97124-GP x1 15min', '97140-GP x1 15min'), 'ptp', 2), NULL, '7 97140 is not column two of 97124');

-- 8 MUE with MAI 2 or 3 per line only
SELECT is(against(lines('97124-GP x3 45min', '97124-GP-76 x2 30min'), 'mue-line', 1), NULL, '8 no line is above the limit');
SELECT is(sev(lines('97124-GP x3 45min', '97124-GP-76 x2 30min'), 'mue-day', 1), 'deny', '8 the day is: first line');
SELECT is(sev(lines('97124-GP x3 45min', '97124-GP-76 x2 30min'), 'mue-day', 2), 'deny', '8 the day is: second line');
SELECT is(sev(lines('97124-GP x2 30min', '97124-GP-76 x2 30min'), 'mue-day', 1), NULL, '8 two and two are within it');

-- 9 MAI 2 treated as claim-level
CREATE FUNCTION of_claims(rule text, VARIADIC lines text[]) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(e.claim_id || ' ' || e.line_no || ' ' || e.severity, '; ' ORDER BY e.claim_id, e.line_no)
    FROM (SELECT claimday(chr(64 + n::int), 1, l::claimline) AS day FROM unnest(lines) WITH ORDINALITY u(l, n)) d, claim_edits(d.day) e
    WHERE e.rule = $1
$$;
SELECT is(of_claims('mue-day', '98941-AT x1 2024-08-01', '98941-AT-76 x1 2024-08-01'), 'A 1 deny; B 1 deny', '9 two claims of one day are summed, MAI 2');
SELECT is(of_claims('mue-day', '97124-GP x3 45min 2024-08-01', '97124-GP-76 x2 30min 2024-08-01'), 'A 1 deny; B 1 deny', '9 and MAI 3');
SELECT is(of_claims('mue-day', '98941-AT x1 2024-08-01', '98941-AT x1 2024-08-02'), NULL, '9 two days are not');
SELECT is(of_claims('ptp', '98941-AT x1 2024-08-01', '97124-GP x1 15min 2024-08-01'), 'B 1 deny', '9 pairs are compared across claims');

-- 10 MUE grouped without provider: the analyst's query
CREATE TEMP TABLE claim_lines (patient_id text, npi text, dos date, claim_id text, line_no int, line claimline) ON COMMIT DROP;
INSERT INTO claim_lines VALUES
    ('p1', '1000000004', '2024-08-01', 'A', 1, '97124-GP x3 45min 2024-08-01'),
    ('p1', '2000000008', '2024-08-01', 'B', 1, '97124-GP x2 30min 2024-08-01'),
    ('p2', '1000000004', '2024-08-01', 'C', 1, '98941-AT x1 2024-08-01'),
    ('p2', '2000000008', '2024-08-01', 'D', 1, '97124-GP x1 15min 2024-08-01');
SELECT is((SELECT string_agg(e.claim_id, ' ')
           FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claim_lines GROUP BY patient_id, npi, dos) d, claim_edits(d.day, ruleset('medicare')) e
           WHERE e.rule IN ('mue-day', 'ptp')), NULL, '10 two providers are separate');
SELECT is((SELECT string_agg(e.rule || ' ' || e.claim_id, '; ' ORDER BY e.rule, e.claim_id)
           FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claim_lines GROUP BY patient_id, dos) d, claim_edits(d.day, ruleset('medicare')) e
           WHERE e.rule IN ('mue-day', 'ptp')), 'mue-day A; mue-day B; ptp D', '10 one provider would not be');

-- 11 occurrences counted instead of units
SELECT is(sev(lines('97124-GP x6 90min'), 'mue-day', 1), 'deny', '11 one line of six units');
SELECT is(sev(lines('97124-GP x1 15min', '97124-GP-76 x1 15min', '97124-GP-76-KX x1 15min', '97124-GP-76-59 x0 8min', '97124-GP-77 x1 15min'), 'mue-day', 1),
          NULL, '11 five lines of four units');

-- 12 MUE 0 skipped
SELECT is(sev(lines('97010 x1'), 'mue-day', 1), 'deny', '12 one unit of a code with MUE 0');
SELECT is(sev(lines('98943 x1'), 'mue-day', 1), 'deny', '12 98943 as well');
SELECT is(sev(lines('97010 x0'), 'mue-day', 1), NULL, '12 nothing billed is nothing above it');

-- 13 a missing DOS becomes today
SELECT is(against(ARRAY['98941-AT x1', '97124-GP x1 15min'], 'ptp', 2), 'unknown 1', '13 without DOS the pair is not decided');
SELECT is(sev(ARRAY['97124-GP x5 75min'], 'mue-day', 1), 'unknown', '13 nor the limit');
SELECT is(sev(ARRAY['97124-GP x1 15min'], 'edition-coverage', 1), 'unknown', '13 and it is said');
SELECT is((SELECT bool_or(e.covered) FROM claim_edits(ARRAY['98941-AT x1', '97124-GP x1 15min']::claimline[]) e), false, '13 nothing covers it');
SELECT is((SELECT max(e.severity)::text FROM claim_edits(ARRAY['98941-AT x1', '97124-GP x5 75min']::claimline[]) e), 'unknown', '13 nothing is denied');
SELECT ok(NOT claim_passes(ARRAY['97124-GP x1 15min']::claimline[], fail_at => 'unknown'), '13 and nothing is clean');
SELECT is(against(ARRAY['98941-AT x1', '97124-GP x1 15min 2024-08-01'], 'ptp', 2), NULL, '13 a line without DOS is not of that day');

-- 14 band table off by one
SELECT is((SELECT array_agg(timed_units(m) ORDER BY m) FROM unnest('{7,8,22,23,37,38,52,53,67,68}'::int[]) m),
          '{0,1,1,2,2,3,3,4,4,5}'::int[], '14 the bounds of the bands');
SELECT is(spoken(lines('97124-GP x2 23min'), 'units-', 1), NULL, '14 23 minutes are two units');
SELECT is(spoken(lines('97124-GP x1 23min'), 'units-', 1), 'units-underbilled info', '14 and more than one');
SELECT is(spoken(lines('97124-GP x2 22min'), 'units-', 1), 'units-minutes deny', '14 22 minutes are not two');
SELECT is(spoken(lines('97124-GP x3 38min'), 'units-', 1), NULL, '14 38 minutes are three units');

-- 15 the extra unit by list order or proportional share
SELECT is(allocate_units('{97110,97140}', '{33,7}'), '{2,1}'::int[], '15 33 and 7');
SELECT is(allocate_units('{97140,97110}', '{7,33}'), '{1,2}'::int[], '15 7 and 33');
SELECT is(allocate_units('{97110,97140}', '{5,18}'), '{1,1}'::int[], '15 5 and 18');
SELECT is(allocate_units('{97140,97110}', '{18,5}'), '{1,1}'::int[], '15 18 and 5');
SELECT is(spoken(lines('97110-GP x2 33min', '97140-GP x1 7min'), 'units-', 1), NULL, '15 33 and 7 as 2 and 1, first line');
SELECT is(spoken(lines('97110-GP x2 33min', '97140-GP x1 7min'), 'units-', 2), NULL, '15 33 and 7 as 2 and 1, second line');
SELECT is(sev(lines('97110-GP x3 33min', '97140-GP x0 7min'), 'units-minutes', 1), 'deny', '15 33 and 7 as 3 and 0');
SELECT is(spoken(lines('97110-GP x1 5min', '97140-GP x1 18min'), 'units-', 1), NULL, '15 5 and 18 as 1 and 1, first line');
SELECT is(spoken(lines('97110-GP x1 5min', '97140-GP x1 18min'), 'units-', 2), NULL, '15 5 and 18 as 1 and 1, second line');
SELECT is(sev(lines('97110-GP x0 5min', '97140-GP x2 18min'), 'units-minutes', 2), 'deny', '15 5 and 18 as 0 and 2');
-- every order of the four services of the manual's example 4 with one more unit billed: one answer
CREATE TEMP TABLE four (n int, line text) ON COMMIT DROP;
INSERT INTO four VALUES (1, '97110-GP x1 18min 2024-08-01'), (2, '97140-GP x1 13min 2024-08-01'), (3, '97116-GP x1 10min 2024-08-01'), (4, '97035-GP x1 8min 2024-08-01');
CREATE TEMP TABLE orders ON COMMIT DROP AS
SELECT ARRAY[a.n, b.n, c.n, d.n] AS ns FROM four a, four b, four c, four d
WHERE a.n <> b.n AND a.n <> c.n AND a.n <> d.n AND b.n <> c.n AND b.n <> d.n AND c.n <> d.n;
CREATE TEMP TABLE answers ON COMMIT DROP AS
SELECT o.ns, (SELECT string_agg(e::text, E'\n' ORDER BY e::text COLLATE "C") FROM claim_edits(d.day) e) AS said,
       (SELECT string_agg(e.rule || ' ' || e.line_no, '; ') FROM claim_edits(d.day) e WHERE e.rule = 'units-minutes') AS flagged
FROM orders o, LATERAL (SELECT claimday('A', f.n, f.line::claimline ORDER BY array_position(o.ns, f.n)) AS day FROM four f) d;
SELECT is((SELECT count(*) FROM answers), 24::bigint, '15 there are 24 orders');
SELECT is((SELECT count(DISTINCT said) FROM answers), 1::bigint, '15 with one answer');
SELECT is((SELECT min(flagged) FROM answers), 'units-minutes 4', '15 97035 gets no unit');
SELECT is((SELECT bool_and(allocate_units(ARRAY(SELECT ('{97110,97140,97116,97035}'::text[])[i] FROM unnest(ns) WITH ORDINALITY u(i, k) ORDER BY k),
                                          ARRAY(SELECT ('{18,13,10,8}'::int[])[i] FROM unnest(ns) WITH ORDINALITY u(i, k) ORDER BY k))
                           = ARRAY(SELECT ('{1,1,1,0}'::int[])[i] FROM unnest(ns) WITH ORDINALITY u(i, k) ORDER BY k)) FROM orders), true,
          '15 the allocation follows its code in all of them');

-- 16 a list of anatomical conflicts with 59 and 76 in it
SELECT is(sev(lines('97124-59-GP-76 x1 15min'), 'mod-conflict', 1), NULL, '16 59 with 76');
SELECT is(sev(lines('97124-59-GP-RT x1 15min'), 'mod-conflict', 1), NULL, '16 59 with RT');
SELECT is(sev(lines('97124-GP-76-LT x1 15min'), 'mod-conflict', 1), NULL, '16 76 with LT');
SELECT is(sev(lines('97124-59-GP-50 x1 15min'), 'mod-conflict', 1), NULL, '16 59 with 50');
SELECT is(sev(lines('97124-59-GP-KX-CQ x1 15min'), 'mod-conflict', 1), NULL, '16 59 with GP, KX and CQ');
SELECT is(sev(lines('97124-59-GP-XS x1 15min'), 'mod-conflict', 1), 'deny', '16 but 59 with XS');

-- 17 only two of four modifier slots read
SELECT is(spoken(lines('98941-AT x1', '97124-GP-CQ-KX-59 x1 15min'), 'ptp', 2), 'ptp-bypassed info', '17 59 in the fourth slot');
SELECT is(spoken(lines('98941-AT x1', '97124-GP-CQ-59 x1 15min'), 'ptp', 2), 'ptp-bypassed info', '17 59 in the third slot');
SELECT is(spoken(lines('98941-AT-KX-CQ-59 x1', '97124-GP x1 15min'), 'ptp', 2), 'ptp-bypassed info', '17 59 in the fourth slot of column one');
SELECT is(sev(lines('97124-GP-CQ-KX-GO x1 15min'), 'mod-conflict', 1), 'deny', '17 a conflict with the fourth slot');

-- 18 practitioner and hospital tables mixed
SELECT is(sev(lines('97150-GP x2'), 'mue-day', 1), 'deny', '18 two groups are above the practitioner limit');
SELECT is(sev(lines('97150-GP x2'), 'mue-day', 1, ruleset('medicare', 'starter-outpatient')), NULL, '18 and within the hospital limit');
SELECT is(sev(lines('97150-GP x3'), 'mue-day', 1, ruleset('medicare', 'starter-outpatient')), 'deny', '18 three are not');
SELECT is(sev(lines('97110-GP x8 120min'), 'mue-day', 1, ruleset('medicare', 'starter')), 'deny', '18 97110 has other limits too');
SELECT is(sev(lines('97110-GP x8 120min'), 'mue-day', 1, ruleset('medicare', 'starter-outpatient')), NULL, '18 eight units in hospital');
SELECT is(against(lines('97124-GP x1 15min', '96523 x1'), 'ptp', 2), 'deny 1', '18 a pair of the practitioner file');
SELECT is(against(lines('97124-GP x1 15min', '96523 x1'), 'ptp', 2, ruleset('medicare', 'starter-outpatient')), NULL, '18 is not one of the hospital file');
SELECT is(against(lines('98941-AT x1', '97124-GP x1 15min'), 'ptp', 2, ruleset('medicare', 'starter-outpatient')), 'deny 1', '18 a pair of both files');

-- 19 untimed codes treated as timed
SELECT is(sev(lines('97124-GP x2 15min', '97150-GP-59 x1 30min'), 'units-minutes', 1), 'deny', '19 group minutes support no massage');
SELECT is(sev(lines('97124-GP x2 15min', '97010 x1 30min'), 'units-minutes', 1), 'deny', '19 nor do those of a supervised modality');
SELECT is(sev(lines('97124-GP x2 15min', '97014 x1 30min'), 'units-minutes', 1), 'deny', '19 nor those of 97014');
SELECT is(spoken(lines('97150-GP x1 60min'), 'units-', 1), NULL, '19 60 minutes of a group are one unit');

-- 20 the deletion date taken as exclusive
SELECT is(sev(on_day('2019-12-31', '97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), 'review', '20 in force on the deletion date');
SELECT is(sev(on_day('2020-01-01', '97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), NULL, '20 and not the day after');

-- 21 NOT IN with a null modifier drops the line
SELECT is(against(lines('98941 x1', '97124 x1'), 'ptp', 2), 'deny 1', '21 lines without modifiers are checked');
SELECT is(sev(lines('97124 x1 15min'), 'mod-missing', 1), 'deny', '21 a line without modifiers misses one');

-- 22 one round trip per pair of codes: a day of 4000 lines in one pass
SET LOCAL statement_timeout = '60s';
CREATE TEMP TABLE big ON COMMIT DROP AS
SELECT claimday('C' || n, n, CASE WHEN n % 2 = 0 THEN '98941-AT x1 2024-08-01'::claimline ELSE '97124-GP x1 15min 2024-08-01'::claimline END) AS day
FROM generate_series(1, 4000) n;
SELECT is((SELECT count(*) FROM big, day_lines(big.day)), 4000::bigint, '22 a day of 4000 lines');
SELECT is((SELECT count(*) FROM big, claim_edits(big.day) e WHERE e.rule = 'ptp'), 2000::bigint, '22 one finding on each column two line');
SELECT is((SELECT count(*) FROM big, claim_edits(big.day) e WHERE e.rule = 'mue-day'), 4000::bigint, '22 and the limit on all of them');
SET LOCAL statement_timeout = 0;

SELECT * FROM finish();

ROLLBACK;

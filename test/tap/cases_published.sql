-- Worked examples from published sources, numbered W01 to W40, as claim lines.
-- Unit cases: every valid allocation is accepted; a unit more on any code is a finding on exactly one line.
--
-- Left out here:
--   W37 W38 W39 and the payment half of W28: fees

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA claim_cases;
SELECT set_config('search_path', 'claim_cases, ' || current_setting('search_path'), true) \g /dev/null

-- The rules of one family that speak anywhere
CREATE FUNCTION spoken(lines text[], prefix text, rules claim_ruleset DEFAULT starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(e.line_no || ' ' || e.rule || ' ' || e.severity::text, '; ' ORDER BY e.line_no, e.rule)
    FROM claim_edits($1::claimline[], $3) e WHERE starts_with(e.rule, $2)
$$;

CREATE FUNCTION rules_of(unit_rule text) RETURNS claim_ruleset
LANGUAGE sql AS $$ SELECT CASE unit_rule WHEN 'cms' THEN ruleset('medicare') ELSE ruleset('cpt') END $$;

-- Codes, their minutes and the units billed, as lines
CREATE FUNCTION billed(codes text[], minutes int[], units int[]) RETURNS text[]
LANGUAGE sql AS $$
    SELECT lines(VARIADIC array_agg(format('%s-GP x%s %smin', c, u, m) ORDER BY n))
    FROM unnest(codes, minutes, units) WITH ORDINALITY x(c, m, u, n)
$$;

-- One row for each valid allocation
CREATE TEMP TABLE unit_cases (id text, unit_rule text, codes text[], minutes int[], units int[]) ON COMMIT DROP;
INSERT INTO unit_cases VALUES
    ('W01', 'cms', '{97112,97110}', '{24,23}', '{2,1}'),
    ('W02', 'cms', '{97112,97110}', '{20,20}', '{2,1}'),
    ('W02', 'cms', '{97112,97110}', '{20,20}', '{1,2}'),
    ('W03', 'cms', '{97110,97140}', '{33,7}', '{2,1}'),
    ('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{1,1,1,0}'),
    ('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', '{1,0,0}'),
    ('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', '{0,1,0}'),
    ('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', '{0,0,1}'),
    ('W07', 'cms', '{97140,97110}', '{20,20}', '{2,1}'),
    ('W07', 'cms', '{97140,97110}', '{20,20}', '{1,2}'),
    ('W10', 'cms', '{97124,97110}', '{10,10}', '{1,0}'),
    ('W10', 'cms', '{97124,97110}', '{10,10}', '{0,1}'),
    ('W11', 'cms', '{97110,97112}', '{10,10}', '{1,0}'),
    ('W11', 'cms', '{97110,97112}', '{10,10}', '{0,1}'),
    ('W12', 'cms', '{97110,97112}', '{10,15}', '{1,1}'),
    ('W15', 'cms', '{97124}', '{7}', '{0}'),
    ('W16', 'cms', '{97124}', '{8}', '{1}'),
    ('W17', 'cms', '{97124}', '{22}', '{1}'),
    ('W18', 'cms', '{97124}', '{23}', '{2}'),
    ('W20', 'cms', '{97124}', '{52}', '{3}'),
    ('W21', 'cms', '{97124}', '{53}', '{4}'),
    ('W22.37', 'cms', '{97124}', '{37}', '{2}'),
    ('W22.67', 'cms', '{97124}', '{67}', '{4}'),
    ('W22.82', 'cms', '{97124}', '{82}', '{5}'),
    ('W22.97', 'cms', '{97124}', '{97}', '{6}'),
    ('W22.98', 'cms', '{97124}', '{98}', '{7}'),
    ('W22.112', 'cms', '{97124}', '{112}', '{7}'),
    ('W22.127', 'cms', '{97124}', '{127}', '{8}'),
    ('W22.128', 'cms', '{97124}', '{128}', '{9}'),
    ('W23', 'ama', '{97124,97110}', '{8,8}', '{1,1}'),
    ('W24', 'ama', '{97124,97110}', '{7,7}', '{0,0}'),
    ('W26', 'cms', '{97124}', '{60}', '{4}'),
    ('W27', 'ama', '{97110}', '{16}', '{1}'),
    ('W28', 'cms', '{97124}', '{25}', '{2}');

-- The same with one unit more on one of the codes
CREATE TEMP VIEW over_cases AS
SELECT DISTINCT id, unit_rule, codes, minutes, ARRAY(SELECT u + (n = k)::int FROM unnest(units) WITH ORDINALITY x(u, n) ORDER BY n) AS units
FROM unit_cases, generate_subscripts(codes, 1) k;

-- An allocation that is not valid must be found, also with the right total
CREATE TEMP TABLE wrong_cases (id text, unit_rule text, codes text[], minutes int[], units int[]) ON COMMIT DROP;
INSERT INTO wrong_cases VALUES
    ('W01 1 and 2', 'cms', '{97112,97110}', '{24,23}', '{1,2}'),
    ('W02 3 units of one code', 'cms', '{97112,97110}', '{20,20}', '{3,0}'),
    ('W03 3 units of one code', 'cms', '{97110,97140}', '{33,7}', '{3,0}'),
    ('W04 97035 instead of 97116', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{1,1,0,1}'),
    ('W12 2 units of one code', 'cms', '{97110,97112}', '{10,15}', '{0,2}'),
    ('W23 by Medicare', 'cms', '{97124,97110}', '{8,8}', '{1,1}'),
    ('W01 by the midpoint', 'ama', '{97112,97110}', '{24,23}', '{3,2}'),
    ('W05 by the midpoint', 'ama', '{97112,97110,97140}', '{7,7,7}', '{1,0,0}'),
    ('W03 by the midpoint', 'ama', '{97110,97140}', '{33,7}', '{2,1}');

SELECT plan(126);

SELECT is(spoken(billed(codes, minutes, units), 'units-', rules_of(unit_rule)), NULL,
          format('%s %s: %s for %s minutes is valid', id, codes::text, units::text, minutes::text))
FROM unit_cases ORDER BY id, units;

SELECT is((SELECT string_agg(e.severity::text || ' ' || e.carc || '/' || e.rarc, '; ')
           FROM claim_edits(billed(codes, minutes, units)::claimline[], rules_of(unit_rule)) e WHERE e.rule = 'units-minutes'), 'deny CO-16/M53',
          format('%s %s: %s for %s minutes is one too many', id, codes::text, units::text, minutes::text))
FROM over_cases ORDER BY id, units;

SELECT is((SELECT string_agg(e.severity::text || ' ' || e.carc || '/' || e.rarc, '; ')
           FROM claim_edits(billed(codes, minutes, units)::claimline[], rules_of(unit_rule)) e WHERE e.rule = 'units-minutes'), 'deny CO-16/M53',
          format('%s: %s %s for %s minutes is not valid', id, codes::text, units::text, minutes::text))
FROM wrong_cases ORDER BY id;

-- the same minutes under the other rule
SELECT is(spoken(billed('{97112,97110}', '{24,23}', '{2,2}'), 'units-', ruleset('cpt')), NULL, 'W01 by the midpoint: 2 and 2');
SELECT is(spoken(billed('{97110,97140,97116,97035}', '{18,13,10,8}', '{1,1,1,1}'), 'units-', ruleset('cpt')), NULL, 'W04 by the midpoint: 4');
SELECT is(spoken(billed('{97124,97110}', '{10,10}', '{1,1}'), 'units-', ruleset('cpt')), NULL, 'W10 by the midpoint: 1 and 1');
SELECT is(spoken(billed('{97124,97110}', '{7,7}', '{1,0}'), 'units-', ruleset('medicare')), NULL, 'W24 by Medicare: 1');

--
-- assistants
--
SELECT is(spoken(on_day('2022-01-01', '97110-CQ-GP x1 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'units-'), NULL, 'W29 units and lines are right');
SELECT is(spoken(on_day('2022-01-01', '97110-CQ-GP x1 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'mod-'), NULL, 'W29 the modifiers too');
SELECT is(spoken(on_day('2022-01-01', '97110-CQ-GP x1 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'duplicate'), NULL, 'W29 and nothing is a duplicate');
SELECT ok(claim_passes(on_day('2022-01-01', '97110-CQ-GP x1 23min', '97110-GP x1 13min', '97140-GP x2 30min')::claimline[]), 'W29 the day passes');
SELECT is(codes(on_day('2022-01-01', '97110-CQ-GP x2 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'units-minutes', 1), 'deny CO-16/M53', 'W29 five units are too many');
SELECT isnt(spoken(on_day('2022-01-01', '97110-GP x1 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'units-split-lines'), NULL, 'W29 without CQ it is a split');
SELECT is(codes(on_day('2022-01-01', '97110-CQ x1 23min', '97110-GP x1 13min', '97140-GP x2 30min'), 'mod-requires', 1), 'deny CO-4/N822', 'W29 CQ needs GP');
SELECT is(spoken(on_day('2022-01-01', '97110-CQ-GP x1 15min'), 'units-'), NULL, 'W30 one unit');
SELECT is(spoken(on_day('2022-01-01', '97110-CQ-GP x1 15min'), 'mod-'), NULL, 'W30 with the assistant''s modifier');
SELECT is(codes(on_day('2022-01-01', '97110-CQ-GP x2 15min'), 'units-minutes', 1), 'deny CO-16/M53', 'W30 not two');

--
-- liability and active treatment
--
SELECT is(spoken(lines('99203-25-GX-GY x1 specialty=35'), 'mod-'), NULL, 'W31 nothing on the modifiers');
SELECT is(codes(lines('99203-59-GX-GY x1 specialty=35'), 'mod-not-allowed', 1), 'deny CO-4/N823', 'W31 but 59 is not for a visit');
SELECT is(spoken(lines('97110-GX-GP-GY x1 15min specialty=35'), 'mod-'), NULL, 'W32 nothing on the modifiers');
SELECT is(spoken(lines('97124-GX-GP-GY x1 15min specialty=35'), 'mod-'), NULL, 'W32 nor with massage');
SELECT is(codes(lines('97124-GX-GY-GP x1 15min specialty=35'), 'mod-position', 1), 'deny CO-4/N823', 'W32 but GP has to be first or second');
SELECT is(codes(lines('98941-GA x1 specialty=35'), 'mod-missing', 1), 'deny PR-50/-', 'W33 maintenance with a notice on file: the patient is liable');
SELECT is(spoken(lines('98941-GA x1 specialty=35'), 'mod-conflict'), NULL, 'W33 GA alone conflicts with nothing');
SELECT is(codes(on_day('2015-11-01', '98941-AT-GA x1'), 'mod-conflict', 1), 'deny CO-4/N519', 'W35 AT with GA, outside the edition');
SELECT is(codes(on_day('2015-10-31', '98941-AT-GA x1'), 'mod-conflict', 1), NULL, 'W35 not before 2015-11-01');
SELECT is(codes(lines('98941-AT-GA x1'), 'mod-conflict', 1), 'deny CO-4/N519', 'W35 in the edition');
SELECT is(codes(lines('98941-AT-GA x1'), 'mod-missing', 1), NULL, 'W35 AT is there');

--
-- a service that is excluded by statute; the yearly threshold
--
SELECT is(codes(lines('99203-25-GX-GY x1 specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'W31 excluded by statute');
SELECT is(codes(lines('97110-GX-GP-GY x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'W32 excluded by statute');
SELECT is(codes(lines('97124-GX-GP-GY x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'W32 massage as well');
SELECT is(codes(lines('97124-GX-GP-GY x1 15min specialty=35'), 'specialty-not-covered', 1, ruleset('medicare-secondary')), 'info -/-', 'W32 as the secondary payer wants it');
SELECT is(codes(lines('97110-GP x1 15min specialty=65'), 'specialty-not-covered', 1), NULL, 'W32 not from a physical therapist');
SELECT is(kx_required('2025-06-01', 1800 + 700, ruleset('medicare')), true, 'W40 1800 and 700 are above the threshold of 2025');
SELECT is(kx_required('2025-06-01', 1800, ruleset('medicare')), false, 'W40 1800 are not');
SELECT is(array[kx_required('2020-06-01', 2080), kx_required('2020-06-01', 2080.01), kx_required('2019-06-01', 9999)], '{f,t,NULL}', '2020 had 2080; before it nothing is known');
SELECT is(kx_required('2026-06-01', 2450, ruleset('medicare')), false, 'W40 that of 2026 is higher');

SELECT * FROM finish();

ROLLBACK;

-- Cases derived from a cited rule, numbered D01 to D77: the odd ids are the cases, the even ones their complements.
-- Each expectation follows from the published rule, not from the code.
--
-- Left out here, by reason:
--   fees: D73 D74 D75 D76 D77
-- The payers of D61 to D72 are shipped policies; policies.sql has more of each.
--
-- Two cases that are often stated otherwise:
--   D31 N822 for DOS 2018-01-01. N822 exists since mid-2019 (CARC and RARC list), and a finding carries
--       the codes in force on the DOS. So CO-4 without remark on 2018-01-01, CO-4 with N822 from 2019-07-01.
--   D43 only the invalid modifier. The pair is bypassed at the same time: a bypass is mechanical,
--       and whether a code takes the modifier is another rule.
-- DOS outside 2020-10-01..2024-09-30 are outside the pairs of the starter edition, those outside 2020-10-01..2026-06-30 outside its unit limits:
-- what reads them and would be deny is review.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA claim_cases;
SELECT set_config('search_path', 'claim_cases, ' || current_setting('search_path'), true) \g /dev/null

-- The findings of one rule on one line: severity, the other line, the denial codes; null when there is none
CREATE FUNCTION said(lines text[], rule text, line_no int, rules claim_ruleset DEFAULT starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', e.severity::text, coalesce(e.with_line_no::text, '-'),
                                coalesce(e.carc, '-') || '/' || coalesce(e.rarc, '-')), '; ' ORDER BY e.with_line_no)
    FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

-- One rule on whichever line: the distinct severities and denial codes
CREATE FUNCTION anywhere(lines text[], rule text, rules claim_ruleset DEFAULT starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(DISTINCT e.severity::text || ' ' || coalesce(e.carc, '-') || '/' || coalesce(e.rarc, '-'), '; ')
    FROM claim_edits($1::claimline[], $3) e WHERE e.rule = $2
$$;

-- Whether the finding's suggestion states its condition; null without finding
CREATE FUNCTION conditional(lines text[], rule text, line_no int, rules claim_ruleset DEFAULT starter_ruleset()) RETURNS boolean
LANGUAGE sql AS $$
    SELECT bool_and(e.suggestion IS NULL OR coalesce(e.condition, '') <> '')
    FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

SELECT plan(339);

--
-- 97140 with 97124: indicator 0, nothing opens it
--
SELECT is(said(lines('97140-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D01 97124 is denied against 97140');
SELECT is(said(lines('97140-GP x1 15min', '97124-GP x1 15min'), 'ptp', 1), NULL, 'D01 97140 is not');
SELECT is(suggests(lines('97140-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2), 'none', 'D01 no modifier is suggested');
SELECT is(suggests(lines('97140-GP x1 15min region=cervical', '97124-GP x1 15min region=lumbar'), 'ptp', 2), 'none', 'D01 nor when the regions differ');
SELECT is(said(lines('97124-GP x1 15min', '97140-GP x1 15min'), 'ptp', 1), 'deny 2 CO-236/-', 'D01 the order of the lines does not matter');
SELECT ok(NOT claim_passes(lines('97140-GP x1 15min', '97124-GP x1 15min')::claimline[]), 'D01 the day does not pass');
SELECT is(said(lines('97140-59-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D02 59 on 97140 does not open it');
SELECT is(said(lines('97140-GP x1 15min', '97124-59-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D02 59 on 97124 does not open it');
SELECT is(sev(lines('97140-59-GP x1 15min', '97124-59-GP x1 15min'), 'ptp-bypassed', 2), NULL, 'D02 and nothing says bypassed');
SELECT is(said(lines('97140-XS-GP x1 15min', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D03 XS on 97140 does not open it');
SELECT is(said(lines('97140-GP x1 15min', '97124-XS-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D04 XS on 97124 does not open it');
SELECT is(said(lines('97140-GP x1 15min 09:00', '97124-XE-GP x1 15min 15:00'), 'ptp', 2), 'deny 1 CO-236/-', 'D04 nor does a second session with XE');
SELECT is(suggests(lines('97140-GP x1 15min 09:00', '97124-GP x1 15min 15:00'), 'ptp', 2), 'none', 'D04 nor is XE suggested for it');

--
-- manipulation with massage: indicator 1
--
SELECT is(said(lines('98941-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D05 97124 is denied against 98941');
SELECT is(said(lines('98941-AT x1', '97124 x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D05 also without any modifier');
SELECT is(said(lines('98941-AT x1', '97124-GP x1 15min'), 'ptp', 1), NULL, 'D05 the manipulation is not denied');
SELECT ok(conditional(lines('98941-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'D05 a suggestion states its condition');
SELECT is(suggests(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-GP x1 15min region=sacral'), 'ptp', 2), 'GP XS', 'D05 XS is suggested when the regions differ');
SELECT ok(conditional(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-GP x1 15min region=sacral'), 'ptp', 2), 'D05 on its condition');
SELECT is(said(lines('98940-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D05 98940 the same');
SELECT is(said(lines('98942-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D05 98942 the same');
SELECT is(said(lines('98941-AT x1', '97140-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D05 97140 the same');

SELECT is(sev(lines('98941-AT x1', '97124-59-GP x1 15min'), 'ptp', 2), NULL, 'D06 59 on 97124 bypasses');
SELECT is(against(lines('98941-AT x1', '97124-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D06 and the bypass is said');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'mod-prefer', 2), 'info', 'D06 a more specific modifier is preferred');
SELECT is(suggests(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'mod-prefer', 2), 'GP XS', 'D06 it is XS');
SELECT is(sev(on_day('2014-12-31', '98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'mod-prefer', 2), NULL, 'D06 not before XS existed');
SELECT is(suggests(on_day('2014-12-31', '98941-AT x1 region=cervical,thoracic,lumbar', '97124-GP x1 15min region=sacral'), 'ptp', 2), '59 GP', 'D06 then 59 is the suggestion');

SELECT is(sev(lines('98941-AT x1', '97124-XS-GP x1 15min'), 'ptp', 2), NULL, 'D07 XS on 97124 bypasses');
SELECT is(against(lines('98941-AT x1', '97124-XS-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D07 and the bypass is said');
SELECT is(sev(lines('98941-AT x1', '97124-XS-GP x1 15min'), 'mod-prefer', 2), NULL, 'D07 nothing is preferred to XS');
SELECT is(against(lines('98941-AT x1', '97124-XE-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D07 XE bypasses');
SELECT is(against(lines('98941-AT x1', '97124-XP-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D07 XP bypasses');
SELECT is(against(lines('98941-AT x1', '97124-XU-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D07 XU bypasses');
SELECT is(codes(lines('98941-AT x1', '97124-59-GP-XS x1 15min'), 'mod-conflict', 2), 'deny CO-4/N519', 'D08 59 and XS on one line exclude each other');
SELECT is(sev(on_day('2014-12-31', '98941-AT x1', '97124-XS-GP x1 15min'), 'ptp', 2), 'review', 'D08 XS before 2015 does not bypass');
SELECT is(sev(on_day('2014-12-31', '98941-AT x1', '97124-XS-GP x1 15min'), 'mod-unknown', 2), 'deny', 'D08 it did not exist');
SELECT is(sev(on_day('2015-01-01', '98941-AT x1', '97124-XS-GP x1 15min'), 'ptp', 2), NULL, 'D08 from 2015-01-01 it bypasses');
SELECT is(sev(on_day('2015-01-01', '98941-AT x1', '97124-XS-GP x1 15min'), 'mod-unknown', 2), NULL, 'D08 and is known');

SELECT is(said(on_day('2019-06-30', '98941-AT-59 x1', '97124-GP x1 15min'), 'ptp', 2), 'review 1 CO-236/-', 'D09 59 on column one does not count before 2019-07-01');
SELECT is(sev(on_day('2019-06-30', '98941-AT-59 x1', '97124-GP x1 15min'), 'ptp-bypassed', 2), NULL, 'D09 it is not bypassed');
SELECT is(sev(on_day('2019-06-30', '98941-AT-XS x1', '97124-GP x1 15min'), 'ptp', 2), 'review', 'D09 nor does XS');
SELECT is(against(on_day('2019-06-30', '98941-AT x1', '97124-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D09 on column two it counts');
SELECT is(sev(on_day('2019-07-01', '98941-AT-59 x1', '97124-GP x1 15min'), 'ptp', 2), NULL, 'D10 from 2019-07-01 either line counts');
SELECT is(against(on_day('2019-07-01', '98941-AT-59 x1', '97124-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D10 and the bypass is said');
SELECT is(against(lines('98941-AT-XS x1', '97124-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D10 XS on column one');
SELECT is(sev(lines('98941-AT-LT x1', '97124-GP x1 15min'), 'ptp', 2), 'deny', 'D10 but LT counts on column two only');
SELECT is(against(lines('98941-AT x1', '97124-LT-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D10 where it bypasses');

SELECT is(said(lines('98941-AT x1', '97124-22-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D11 22 does not bypass');
SELECT is(said(lines('98941-AT-22 x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D11 nor on column one');
SELECT is(said(lines('98941-AT x1', '97124-76-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D12 76 does not bypass');
SELECT is(said(lines('98941-AT x1', '97124-77-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D12 77 does not bypass');
SELECT is(sev(lines('98941-AT x1', '97124-76-GP x1 15min'), 'ptp-bypassed', 2), NULL, 'D12 and nothing says bypassed');

--
-- regions
--
SELECT is(said(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=lumbar'), 'cmt-region', 2), 'deny 1 CO-97/N20', 'D13 massage in a manipulated region');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=lumbar'), 'ptp', 2), NULL, 'D13 the pair itself is bypassed');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=lumbar'), 'cmt-level', 1), NULL, 'D13 three regions fit 98941');
SELECT is(against(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-XS-GP x1 15min region=lumbar,sacral'), 'cmt-region', 2), 'deny 1', 'D13 one shared region is enough');
SELECT is(against(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97140-59-GP x1 15min region=cervical'), 'cmt-region', 2), 'deny 1', 'D13 97140 the same');
SELECT is(against(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97112-59-GP x1 15min region=cervical'), 'cmt-region', 2), 'deny 1', 'D13 97112 the same');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97110-GP x1 15min region=cervical'), 'cmt-region', 2), NULL, 'D13 97110 is not concerned');
SELECT is(against(on_day('2020-06-01', '98940-AT x1 region=cervical', '97112-GP x1 15min region=cervical'), 'cmt-region', 2), 'deny 1', 'D13 97112 also while its pair was not in force');
SELECT is(suggests(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-GP x1 15min region=lumbar'), 'ptp', 2), 'none', 'D13 no modifier is suggested when the regions meet');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-GP x1 15min region=lumbar'), 'cmt-region', 2), NULL, 'D13 without modifier the pair alone denies');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=lumbar'), 'cmt-region', 2, ruleset('cpt')), NULL, 'D13 a policy that keeps them separate has no such finding');

SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'cmt-region', 2), NULL, 'D14 another spinal region passes');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'cmt-region-unknown', 2), NULL, 'D14 and is decided');
SELECT is(sev(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral'), 'ptp-bypassed', 2), 'info', 'D14 the bypass is said');
SELECT ok(claim_passes(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=sacral')::claimline[]), 'D14 the day passes');
SELECT is(spoken(lines('98941-AT x1 region=cervical,thoracic,lumbar', '97124-59-GP x1 15min region=upper_extremity'), 'cmt-', 2), NULL, 'D14 an extraspinal region passes');
SELECT is(spoken(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min dx=M99.02'), 'cmt-', 2), NULL, 'D14 another region by diagnosis passes');
SELECT is(spoken(lines('98940-AT x1 region=cervical dx=M99.01,M99.03', '97124-59-GP x1 15min dx=M99.03'), 'cmt-', 2), NULL, 'D14 region= goes before the diagnoses');

SELECT is(said(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min dx=M99.03'), 'cmt-region', 2), 'deny 1 CO-97/N20', 'D15 the same region by diagnosis');
SELECT is(against(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min dx=M54.50'), 'cmt-region', 2), 'deny 1', 'D15 low back pain is lumbar');
SELECT is(against(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min region=cervical'), 'cmt-region', 2), 'deny 1', 'D15 a region against a diagnosis');
SELECT is(against(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min dx=I10,M99.01'), 'cmt-region', 2), 'deny 1', 'D15 a diagnosis that maps decides beside one that does not');

SELECT is(sev(lines('98940-AT x1', '97124-59-GP x1 15min'), 'cmt-region-unknown', 2), 'unknown', 'D16 no regions, no diagnoses');
SELECT is(sev(lines('98940-AT x1', '97124-59-GP x1 15min'), 'cmt-region', 2), NULL, 'D16 is not a conflict');
SELECT is(sev(lines('98940-AT x1 region=cervical', '97124-59-GP x1 15min'), 'cmt-region-unknown', 2), 'unknown', 'D16 the massage is not known');
SELECT is(sev(lines('98940-AT x1', '97124-59-GP x1 15min region=cervical'), 'cmt-region-unknown', 2), 'unknown', 'D16 the manipulation is not known');
SELECT is(sev(lines('98940-AT x1 dx=M99.01,M99.03', '97124-59-GP x1 15min dx=I10'), 'cmt-region-unknown', 2), 'unknown', 'D16 the diagnosis does not map');
SELECT ok(claim_passes(lines('98940-AT x1 region=cervical', '97124-59-GP x1 15min')::claimline[]), 'D16 nothing is denied');
SELECT ok(NOT claim_passes(lines('98940-AT x1 region=cervical', '97124-59-GP x1 15min')::claimline[], fail_at => 'unknown'), 'D16 but it is not clean');

SELECT is(said(lines('98941-AT x1 region=cervical,lumbar'), 'cmt-level', 1), 'deny - CO-150/-', 'D16 two regions do not carry 98941');
SELECT is(sev(lines('98940-AT x1 region=cervical,thoracic,lumbar'), 'cmt-level', 1), 'info', 'D16 three regions are more than 98940');
SELECT is(sev(lines('98940-AT x1 region=cervical,lumbar'), 'cmt-level', 1), NULL, 'D16 two regions are 98940');
SELECT is(sev(lines('98942-AT x1 region=cervical,thoracic,lumbar,sacral,pelvic'), 'cmt-level', 1), NULL, 'D16 five regions are 98942');
SELECT is(sev(lines('98942-AT x1 region=cervical,thoracic,lumbar,sacral'), 'cmt-level', 1), 'deny', 'D16 four regions do not carry 98942');
SELECT is(sev(lines('98941-AT x1 region=cervical,lumbar,head'), 'cmt-level', 1), 'deny', 'D16 the head does not count as spinal');
SELECT is(sev(lines('98941-AT x1 dx=M99.01'), 'cmt-level', 1), 'review', 'D16 too few by diagnosis: look');
SELECT is(sev(lines('98941-AT x1 dx=M99.01,M99.02,M99.03'), 'cmt-level', 1), NULL, 'D16 three by diagnosis are 98941');
SELECT is(sev(lines('98941-AT x1'), 'cmt-level', 1), 'unknown', 'D16 none known');

--
-- manipulation codes among themselves, and the extraspinal one
--
SELECT is(said(lines('98940-AT x1', '98941-AT x1'), 'ptp', 1), 'deny 2 CO-236/-', 'D17 98940 is denied against 98941');
SELECT is(said(lines('98940-AT x1', '98941-AT x1'), 'ptp', 2), NULL, 'D17 98941 is not');
SELECT is(said(lines('98940-AT-59 x1', '98941-AT x1'), 'ptp', 1), 'deny 2 CO-236/-', 'D17 59 does not open it');
SELECT is(suggests(lines('98940-AT x1', '98941-AT x1'), 'ptp', 1), 'none', 'D17 no modifier is suggested');
SELECT is(said(lines('98941-AT x1', '98942-AT x1'), 'ptp', 1), 'deny 2 CO-236/-', 'D17 98941 against 98942');
SELECT is(spoken(lines('98943 x1', '97124-GP x1 15min'), 'ptp', 2), NULL, 'D18 98943 has no pair with 97124');
SELECT is(spoken(lines('98943 x1', '97124-GP x1 15min'), 'ptp', 1), NULL, 'D18 in neither direction');
SELECT is(spoken(lines('98943 x1', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D18 nor with 97140');
SELECT is(sev(lines('98943 x1 region=upper_extremity', '97124-GP x1 15min region=upper_extremity'), 'cmt-region', 2), NULL, 'D18 nor a spinal conflict');
SELECT is(codes(lines('98943 x1', '97124-GP x1 15min'), 'mue-day', 1), 'deny PR-96/N425', 'D18 98943 itself has MUE 0: excluded');

--
-- pairs by date
--
SELECT is(said(on_day('2019-12-31', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), 'review 1 CO-236/-', 'D19 98940 with 97112 on 2019-12-31');
SELECT is(said(on_day('2020-10-01', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D19 and on 2020-10-01');
SELECT is(against(on_day('2019-12-31', '98940-AT x1', '97112-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D19 bypassed on 2019-12-31');
SELECT is(against(on_day('2020-10-01', '98940-AT x1', '97112-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D19 bypassed on 2020-10-01');
SELECT is(spoken(on_day('2020-01-01', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), NULL, 'D20 no edit on 2020-01-01');
SELECT is(spoken(on_day('2020-09-30', '98940-AT x1', '97112-GP x1 15min'), 'ptp', 2), NULL, 'D20 no edit on 2020-09-30');
SELECT is(sev(on_day('2020-06-01', '98940-AT x1', '97112-GP x1 15min'), 'edition-coverage', 2), 'review', 'D20 but the edition does not cover the date');
SELECT is(sev(on_day('2020-06-01', '98940-AT x1', '97124-GP x1 15min'), 'ptp', 2), 'review', 'D20 98940 with 97124 stayed in force');

SELECT is(said(on_day('2019-12-31', '97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), 'review 1 CO-236/-', 'D21 97530 against 97140 until 2019-12-31');
SELECT is(against(on_day('2019-12-31', '97140-GP x1 15min', '97530-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D21 unless there is a modifier');
SELECT is(spoken(on_day('2020-01-01', '97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), NULL, 'D22 no edit from 2020-01-01');
SELECT is(spoken(on_day('2020-10-01', '97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), NULL, 'D22 it did not come back on 2020-10-01');
SELECT is(spoken(lines('97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 2), NULL, 'D22 nor later');
SELECT is(spoken(lines('97140-GP x1 15min', '97530-GP x1 15min'), 'ptp', 1), NULL, 'D22 nor the other way round');
SELECT is(sev(lines('97140-GP x1 15min', '97530-59-GP x1 15min'), 'mod-unneeded', 2), 'info', 'D22 a 59 for it is not needed');

SELECT is(spoken(on_day('2020-01-15', '97161-GP x1', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 97161 with 97140 on 2020-01-15: indicator 9');
SELECT is(spoken(on_day('2020-01-01', '97161-GP x1', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 nor on the very date of the row');
SELECT is(spoken(on_day('2020-10-01', '97161-GP x1', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 nor on 2020-10-01');
SELECT is(spoken(lines('97161-GP x1', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 nor on 2024-08-01');
SELECT is(spoken(lines('97161-GP x1', '97140-GP x1 15min'), 'ptp', 1), NULL, 'D23 nor the other way round');
SELECT is(spoken(lines('97110-GP x1 15min', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 97110 with 97140: indicator 9 of 1999');
SELECT is(spoken(on_day('1999-04-01', '97110-GP x1 15min', '97140-GP x1 15min'), 'ptp', 2), NULL, 'D23 not even on that day');

SELECT is(said(lines('97124-GP x1 15min', '96523 x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D24 96523 is denied against 97124');
SELECT is(said(lines('97124-GP x1 15min', '96523-59 x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D24 59 does not open it');
SELECT is(said(lines('97140-GP x1 15min', '96523 x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D24 nor with 97140');

SELECT is(said(lines('97124-GP x1 15min', '97164-GP x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D25 97164 is denied against 97124');
SELECT is(said(lines('97124-GP x1 15min', '97164-GP x1'), 'ptp', 1), NULL, 'D25 97124 is not');
SELECT is(said(lines('97124-GP x1 15min', '97168-GP x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D25 97168 the same');
SELECT ok(conditional(lines('97124-GP x1 15min', '97164-GP x1'), 'ptp', 2), 'D25 a suggestion states its condition');
SELECT is(against(lines('97124-GP x1 15min', '97164-59-GP x1'), 'ptp-bypassed', 2), 'info 1', 'D26 59 bypasses');
SELECT is(against(lines('97124-GP x1 15min', '97164-XU-GP x1'), 'ptp-bypassed', 2), 'info 1', 'D26 XU bypasses');
SELECT is(sev(lines('97124-GP x1 15min', '97164-XU-GP x1'), 'ptp', 2), NULL, 'D26 and it is not denied');
SELECT is(against(lines('97124-XU-GP x1 15min', '97164-GP x1'), 'ptp-bypassed', 2), 'info 1', 'D26 on column one as well');
SELECT is(spoken(on_day('2020-06-01', '97124-GP x1 15min', '97164-GP x1'), 'ptp', 2), NULL, 'D26 no edit in the gap of 2020');
SELECT is(sev(on_day('2019-12-31', '97124-GP x1 15min', '97164-GP x1'), 'ptp', 2), 'review', 'D26 the day before it was in force');

SELECT is(said(lines('97150-GP x1', '97124-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D27 97124 is denied against 97150');
SELECT is(suggests(lines('97150-GP x1 60min 09:00', '97124-GP x1 15min 15:00'), 'ptp', 2), 'GP XE', 'D27 XE is suggested when the times differ');
SELECT ok(conditional(lines('97150-GP x1 60min 09:00', '97124-GP x1 15min 15:00'), 'ptp', 2), 'D27 on its condition');
SELECT is(against(lines('97150-GP x1', '97124-59-GP x1 15min'), 'ptp-bypassed', 2), 'info 1', 'D28 59 bypasses');
SELECT is(sev(lines('97150-GP x1', '97124-59-GP x1 15min'), 'ptp', 2), NULL, 'D28 and it is not denied');
SELECT is(against(lines('97150-GP x1 60min 09:00', '97124-XE-GP x1 15min 15:00'), 'ptp-bypassed', 2), 'info 1', 'D28 XE bypasses');

SELECT is(spoken(lines('97018-GP x1', '97124-GP x1 15min'), 'ptp', 2), NULL, 'D29 97018 has no pair with 97124');
SELECT is(spoken(lines('97018-GP x1', '97124-GP x1 15min'), 'ptp', 1), NULL, 'D29 in neither direction');
SELECT is(spoken(on_day('1996-01-01', '97018 x1', '97124 x1'), 'ptp', 2), NULL, 'D29 not even in 1996');
SELECT is(spoken(lines('97010 x1', '97124-GP x1 15min'), 'ptp', 2), NULL, 'D30 97010 has no pair with 97124');
SELECT is(codes(lines('97010 x1', '97124-GP x1 15min'), 'mue-day', 1), 'deny CO-97/M15', 'D30 it has MUE 0: bundled');
SELECT is(said(lines('97140-GP x1 15min', '97018-GP x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D30 97018 has a pair with 97140');

--
-- therapy modifiers
--
SELECT is(said(on_day('2018-01-01', '97124 x1 15min specialty=65'), 'mod-missing', 1), 'deny - CO-4/-', 'D31 no GP on 2018-01-01, before N822');
SELECT is(said(on_day('2019-06-30', '97124 x1 15min specialty=65'), 'mod-missing', 1), 'deny - CO-4/-', 'D31 nor on 2019-06-30');
SELECT is(said(on_day('2019-07-01', '97124 x1 15min specialty=65'), 'mod-missing', 1), 'deny - CO-4/N822', 'D31 N822 from 2019-07-01');
SELECT is(said(lines('97124 x1 15min specialty=65'), 'mod-missing', 1), 'deny - CO-4/N822', 'D31 in the edition');
SELECT is(suggests(lines('97124 x1 15min specialty=65'), 'mod-missing', 1), 'GP', 'D31 GP for a physical therapist');
SELECT is(suggests(lines('97124 x1 15min specialty=67'), 'mod-missing', 1), 'GO', 'D31 GO for an occupational therapist');
SELECT is(sev(lines('97124-59-KX x1 15min'), 'mod-missing', 1), 'deny', 'D31 other modifiers do not stand for it');
SELECT is(sev(lines('97161 x1'), 'mod-missing', 1), 'deny', 'D31 an evaluation is always therapy');
SELECT is(sev(on_day('2017-12-31', '97124 x1 15min'), 'mod-missing', 1), NULL, 'D32 not asked before 2018-01-01');
SELECT is(sev(lines('97124-GP x1 15min'), 'mod-missing', 1), NULL, 'D32 GP is there');
SELECT is(sev(lines('97124-GO x1 15min'), 'mod-missing', 1), NULL, 'D32 GO will do');
SELECT is(sev(lines('97010 x1'), 'mod-missing', 1), NULL, 'D32 97010 is not always therapy');
SELECT is(sev(lines('99213 x1'), 'mod-missing', 1), NULL, 'D32 nor is a visit');
SELECT is(sev(lines('97124 x1 15min'), 'mod-missing', 1, ruleset('cpt')), NULL, 'D32 Medicare alone asks for it');
SELECT is(codes(lines('97124-59-KX-GP x1 15min'), 'mod-position', 1), 'deny CO-4/N823', 'D32 GP is read in the first two positions');
SELECT is(sev(lines('97124-KX-GP x1 15min'), 'mod-position', 1), NULL, 'D32 the second is one of them');
SELECT is(sev(lines('97124-59-GP-CQ-KX-76 x1 15min'), 'mod-position', 1), 'deny', 'D32 a fifth modifier is not read');
SELECT is(sev(lines('97124-59-GP-CQ-KX x1 15min'), 'mod-position', 1), NULL, 'D32 four are');

SELECT is(said(lines('97124-GP-GO x1 15min'), 'mod-conflict', 1), 'deny - CO-4/N519', 'D33 two disciplines');
SELECT is(sev(lines('97124-GP-GN x1 15min'), 'mod-conflict', 1), 'deny', 'D33 GP with GN');
SELECT is(sev(lines('97124-GO-GN x1 15min'), 'mod-conflict', 1), 'deny', 'D33 GO with GN');
SELECT is(sev(lines('97124-GP x1 15min', '97110-GO x1 15min'), 'mod-conflict', 1), NULL, 'D34 two lines may have two disciplines');
SELECT is(spoken(lines('97124-GP x1 15min'), 'mod-', 1), NULL, 'D34 one discipline, nothing to say');
SELECT is(codes(lines('97124-GP-GP x1 15min'), 'mod-repeated', 1), 'deny CO-4/N519', 'D34 the same one twice');
SELECT is(sev(lines('97124-GP x1 15min'), 'mod-repeated', 1), NULL, 'D34 the same one once');
SELECT is(codes(lines('97124-GP-ZZ x1 15min'), 'mod-unknown', 1), 'deny CO-4/N823', 'D34 a modifier that does not exist');

SELECT is(said(on_day('2020-01-01', '97124-CQ x1 15min'), 'mod-requires', 1), 'deny - CO-4/N822', 'D35 CQ without GP');
SELECT is(said(lines('97124-CQ x1 15min'), 'mod-requires', 1), 'deny - CO-4/N822', 'D35 in the edition');
SELECT is(sev(lines('97124-CO x1 15min'), 'mod-requires', 1), 'deny', 'D35 CO without GO');
SELECT is(sev(lines('97124-CQ-GO x1 15min'), 'mod-requires', 1), 'deny', 'D35 CQ with GO');
SELECT is(sev(on_day('2019-12-31', '97124-CQ x1 15min'), 'mod-requires', 1), NULL, 'D36 not before 2020-01-01');
SELECT is(spoken(lines('97124-CQ-GP x1 15min'), 'mod-', 1), NULL, 'D36 CQ with GP');
SELECT is(spoken(lines('97124-GO-CO x1 15min'), 'mod-', 1), NULL, 'D36 CO with GO');
SELECT is(sev(lines('97124-GP-CQ-CO x1 15min'), 'mod-conflict', 1), 'deny', 'D36 CQ with CO');

--
-- modifiers of the chiropractor
--
SELECT is(said(lines('98941 x1 specialty=35'), 'mod-missing', 1), 'deny - CO-50/-', 'D37 98941 without AT');
SELECT ok(conditional(lines('98941 x1 specialty=35'), 'mod-missing', 1), 'D37 AT is not suggested without condition');
SELECT is(sev(lines('98940 x1'), 'mod-missing', 1), 'deny', 'D37 98940 the same');
SELECT is(sev(lines('98942 x1'), 'mod-missing', 1), 'deny', 'D37 98942 the same');
SELECT is(sev(on_day('2004-10-01', '98941 x1'), 'mod-missing', 1), 'deny', 'D37 from 2004-10-01');
SELECT is(sev(on_day('2004-09-30', '98941 x1'), 'mod-missing', 1), NULL, 'D38 not before');
SELECT is(sev(lines('98941-AT x1 specialty=35'), 'mod-missing', 1), NULL, 'D38 with AT');
SELECT is(sev(lines('98943 x1'), 'mod-missing', 1), NULL, 'D38 98943 takes none');
SELECT is(sev(lines('98941 x1'), 'mod-missing', 1, ruleset('cpt')), NULL, 'D38 Medicare alone asks for it');
SELECT is(said(lines('98941-GA x1'), 'mod-missing', 1), 'deny - PR-50/-', 'D38 with GA the patient is liable');
SELECT is(said(lines('98941-GY x1'), 'mod-missing', 1), 'deny - PR-96/N425', 'D38 with GY it is excluded');
SELECT is(codes(lines('98941-GX x1'), 'mod-missing', 1), 'deny PR-96/N425', 'D38 with GX the same');
SELECT is(codes(lines('98941-GZ x1'), 'mod-missing', 1), 'deny CO-50/-', 'D38 with GZ the provider is liable');
SELECT is(sev(lines('98941-AT-GY x1'), 'mod-conflict', 1), 'deny', 'D38 AT with GY');
SELECT is(sev(lines('98941-AT-GZ x1'), 'mod-conflict', 1), 'deny', 'D38 AT with GZ');
SELECT is(codes(lines('97124-GP-AT x1 15min'), 'mod-not-allowed', 1), 'deny CO-4/N823', 'D38 AT belongs to manipulation alone');
SELECT is(sev(lines('98941-AT x1'), 'mod-not-allowed', 1), NULL, 'D38 where it is allowed');
SELECT is(sev(lines('97124-GP-51 x1 15min'), 'mod-not-allowed', 1), 'deny', 'D38 51 not with therapy');
SELECT is(sev(lines('97124-GP-52 x1 15min'), 'mod-not-allowed', 1), 'deny', 'D38 52 not for a short timed service');

SELECT is(spoken(lines('97124-GY-GP x1 15min specialty=35'), 'mod-', 1), NULL, 'D39 97124-GY-GP: nothing on its modifiers');
SELECT is(sev(lines('97124-GY-GP-GA x1 15min specialty=35'), 'mod-conflict', 1), 'review', 'D39 GA beside GY: look');
SELECT is(sev(lines('97124-GZ-GP-GA x1 15min specialty=35'), 'mod-conflict', 1), 'deny', 'D39 GA beside GZ');

--
-- visits
--
SELECT is(said(lines('99213 x1', '98941-AT x1'), 'ptp', 1), 'deny 2 CO-236/-', 'D41 99213 is denied against 98941');
SELECT is(suggests(lines('99213 x1', '98941-AT x1'), 'ptp', 1), '25', 'D41 25 is suggested');
SELECT ok(conditional(lines('99213 x1', '98941-AT x1'), 'ptp', 1), 'D41 on its condition');
SELECT is(said(lines('98940-AT x1', '99203 x1'), 'ptp', 2), 'deny 1 CO-236/-', 'D41 a new patient the same');
SELECT is(sev(lines('99213-25 x1', '98941-AT x1'), 'ptp', 1), NULL, 'D42 25 bypasses');
SELECT is(against(lines('99213-25 x1', '98941-AT x1'), 'ptp-bypassed', 1), 'info 2', 'D42 and the bypass is said');
SELECT is(sev(lines('99213 x1', '98941-AT-25 x1'), 'ptp', 1), 'deny', 'D42 not on the manipulation');
SELECT is(sev(on_day('2020-06-01', '99213 x1', '98941-AT x1'), 'ptp', 1), NULL, 'D42 no edit in the gap of 2020');
SELECT is(said(lines('99213-59 x1', '98941-AT x1'), 'mod-not-allowed', 1), 'deny - CO-4/N823', 'D43 59 on a visit');
SELECT is(sev(lines('99213-59 x1', '98941-AT x1'), 'ptp-bypassed', 1), 'info', 'D43 the bypass is mechanical');
SELECT is(sev(lines('99213-XU x1', '98941-AT x1'), 'mod-not-allowed', 1), 'deny', 'D43 XU the same');
SELECT is(sev(lines('99213-25 x1', '98941-AT x1'), 'mod-not-allowed', 1), NULL, 'D43 25 is allowed');
SELECT is(sev(lines('98941-AT x1', '97124-25-GP x1 15min'), 'mod-not-allowed', 2), 'deny', 'D44 25 on massage');
SELECT is(said(lines('98941-AT x1', '97124-25-GP x1 15min'), 'ptp', 2), 'deny 1 CO-236/-', 'D44 and it does not bypass');

--
-- medically unlikely edits
--
SELECT is(codes(lines('97124-GP x5 75min'), 'mue-day', 1), 'deny CO-151/N362', 'D45 five units');
SELECT ok((SELECT count(*) = 1 AND bool_and(e.message ~ '(^|[^0-9])5([^0-9]|$)' AND e.message ~ '(^|[^0-9])4([^0-9]|$)')
           FROM claim_edits(lines('97124-GP x5 75min')::claimline[]) e WHERE e.rule = 'mue-day'), 'D45 the message has both figures');
SELECT is(sev(lines('97124-GP x5 75min'), 'units-minutes', 1), NULL, 'D45 75 minutes do support five units');
SELECT is(sev(lines('97124-GP x3 45min', '97124-GP-76 x2 30min'), 'mue-day', 1), 'deny', 'D45 all units are denied, the first line');
SELECT is(sev(lines('97124-GP x3 45min', '97124-GP-76 x2 30min'), 'mue-day', 2), 'deny', 'D45 and the second');
SELECT is(sev(lines('97124-GP x4.001 75min'), 'mue-day', 1), 'deny', 'D45 a fraction above the limit');
SELECT is(sev(lines('97124-GP x4 60min'), 'mue-day', 1), NULL, 'D46 four units are the limit');
SELECT is(sev(lines('97124-GP x3 45min', '97124-GP-76 x2 30min', '97124-GP-KX x0 15min'), 'mue-day', 3), NULL, 'D46 a line with no units is not denied');
SELECT is(sev(ARRAY['97124-GP x3 45min 2024-08-01', '97124-GP x3 45min 2024-08-02'], 'mue-day', 1), NULL, 'D46 another day counts for itself');
SELECT is(sev(lines('97140-GP x6 90min'), 'mue-day', 1), NULL, 'D46 the limit of 97140 is six');
SELECT is(sev(on_day('2026-06-30', '97124-GP x5 75min'), 'mue-day', 1), 'deny', 'D46 the last day of the limits');
SELECT is(sev(on_day('2026-07-01', '97124-GP x5 75min'), 'mue-day', 1), 'review', 'D46 outside the edition: look');

SELECT is(anywhere(lines('97124-GP x2 30min', '97124-GP-76 x2 30min'), 'mue-day'), NULL, 'D47 two and two are four');
SELECT is(anywhere(lines('97124-GP x2 30min', '97124-GP-76 x2 30min'), 'units-split-lines'), 'deny CO-16/M53', 'D47 but one timed code belongs on one line');
SELECT is(anywhere(on_day('2021-04-19', '97124-GP x2 30min', '97124-GP-76 x2 30min'), 'units-split-lines'), 'deny CO-16/M53', 'D47 from 2021-04-19');
SELECT is(anywhere(on_day('2021-04-18', '97124-GP x2 30min', '97124-GP-76 x2 30min'), 'units-split-lines'), NULL, 'D48 not before');
SELECT is(anywhere(lines('97124-GP x2 30min', '97124-GP-CQ x2 30min'), 'units-split-lines'), NULL, 'D48 an assistant has a line');
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GO x1 15min'), 'units-split-lines'), NULL, 'D48 each discipline has a line');
SELECT is(anywhere(lines('97124-GP x2 30min', '97110-GP x2 30min'), 'units-split-lines'), NULL, 'D48 two codes have two lines');
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP-76 x1 15min'), 'units-split-lines', ruleset('cpt')), NULL, 'D48 Medicare alone asks for it');

--
-- minutes
--
SELECT is(codes(lines('97124-GP x2 22min'), 'units-minutes', 1), 'deny CO-16/M53', 'D51 22 minutes are one unit');
SELECT ok((SELECT count(*) = 1 AND bool_and(line_units(e.suggestion) = 1)
           FROM claim_edits(lines('97124-GP x2 22min')::claimline[]) e WHERE e.rule = 'units-minutes'), 'D51 one unit is suggested');
SELECT is(sev(lines('97124-GP x1 7min'), 'units-minutes', 1), 'deny', 'D51 seven minutes are none');
SELECT is(spoken(lines('97124-GP x2 23min'), 'units-', 1), NULL, 'D52 23 minutes are two units');
SELECT is(spoken(lines('97124-GP x1 22min'), 'units-', 1), NULL, 'D52 22 minutes are one');
SELECT is(sev(lines('97124-GP x1 23min'), 'units-underbilled', 1), 'info', 'D52 23 minutes billed as one');
SELECT is(sev(lines('97124-GP x1 23min'), 'units-minutes', 1), NULL, 'D52 are not too many');
SELECT is(spoken(lines('97124-GP x1 8min'), 'units-', 1), NULL, 'D52 eight minutes are one unit');
SELECT is(sev(lines('97124-GP x1'), 'units-unknown', 1), 'unknown', 'D52 without minutes it is not decided');
SELECT is(sev(lines('97124-GP x1'), 'units-minutes', 1), NULL, 'D52 nor denied');
SELECT is(codes(lines('97124-GP x1.5 23min'), 'units-fraction', 1), 'deny CO-16/M53', 'D52 half a unit');
SELECT is(sev(lines('97124-GP x2 23min'), 'units-fraction', 1), NULL, 'D52 whole units');

SELECT is(anywhere(lines('97124-GP x3 44min', '97110-GP x1 8min'), 'units-minutes', ruleset('cpt')), NULL, 'D53 3 and 1 by the midpoint');
SELECT is(sev(lines('97124-GP x4 44min', '97110-GP x1 8min'), 'units-minutes', 1, ruleset('cpt')), 'deny', 'D53 but not 4');
SELECT is(sev(lines('97124-GP x3 44min', '97110-GP x2 8min'), 'units-minutes', 2, ruleset('cpt')), 'deny', 'D53 nor 2');
SELECT is(codes(lines('97124-GP x3 44min', '97110-GP x1 8min'), 'units-minutes', 2), 'deny CO-16/M53', 'D54 52 minutes are three units for Medicare');
SELECT is(sev(lines('97124-GP x3 44min', '97110-GP x1 8min'), 'units-minutes', 1), NULL, 'D54 the three of 97124');
SELECT is(anywhere(lines('97124-GP x3 44min', '97110-GP x0 8min'), 'units-minutes'), NULL, 'D54 three and none');
SELECT is(anywhere(lines('97124-GP x1 10min', '97110-GP x1 10min'), 'units-minutes', ruleset('cpt')), NULL, 'D55 10 and 10 minutes are two units by the midpoint');
SELECT is(sev(lines('97124-GP x1 10min', '97110-GP x1 10min'), 'units-minutes', 1), 'deny', 'D56 and one for Medicare');
SELECT is(sev(lines('97124-GP x1 10min', '97110-GP x1 10min'), 'units-minutes', 2), NULL, 'D56 one of the two stays');
SELECT is(anywhere(lines('97124-GP x1 10min', '97110-GP x0 10min'), 'units-minutes'), NULL, 'D56 either of them');
SELECT is(anywhere(lines('97124-GP x0 10min', '97110-GP x1 10min'), 'units-minutes'), NULL, 'D56 or the other');
SELECT is(anywhere(lines('97124-GP x1 10min', '97110-GO x1 10min'), 'units-minutes'), NULL, 'D56 two disciplines are counted apart');
SELECT is(anywhere(lines('97124-GP x1 7min', '97110-GO x0 7min'), 'units-minutes'), 'deny CO-16/M53', 'D56 and do not lend each other minutes');
SELECT is(anywhere(lines('97124-GP x1 7min', '97110-GP x0 7min'), 'units-minutes'), NULL, 'D56 where one discipline does');

--
-- one period, one timed service
--
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97014 x1 15min 10:00'), 'time-overlap'), NULL, 'D57 a supervised modality may run at the same time');
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97010 x1 15min 10:00'), 'time-overlap'), NULL, 'D57 97010 as well');
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97110-GP x1 15min 10:00'), 'time-overlap'), 'deny CO-152/-', 'D58 two timed services may not');
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97110-GP x1 15min 10:14'), 'time-overlap'), 'deny CO-152/-', 'D58 not for one minute');
SELECT is(anywhere(lines('97110-GP x1 15min 10:14', '97124-GP x1 15min 10:00'), 'time-overlap'), 'deny CO-152/-', 'D58 in whatever order');
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97110-GP x1 15min 10:15'), 'time-overlap'), NULL, 'D58 one after the other');
SELECT is(anywhere(lines('97124-GP x1 15min 10:00', '97110-GP x1 15min'), 'time-overlap'), NULL, 'D58 a time that is not known');
SELECT is(anywhere(ARRAY['97124-GP x1 15min 2024-08-01 10:00', '97110-GP x1 15min 2024-08-02 10:00'], 'time-overlap'), NULL, 'D58 another day');

--
-- duplicates
--
SELECT is(said(lines('97124-GP x1 15min', '97124-GP x1 15min'), 'duplicate', 2), 'deny 1 OA-18/-', 'D59 the same line twice');
SELECT is(said(lines('97124-GP x1 15min', '97124-GP x1 15min'), 'duplicate', 1), NULL, 'D59 the first one stays');
SELECT is(anywhere(lines('97124-GP-KX x1 15min', '97124-KX-GP x1 15min'), 'duplicate'), 'deny OA-18/-', 'D59 the order of the modifiers does not matter');
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP-76 x1 15min'), 'duplicate'), NULL, 'D60 76 says it is a repeat');
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP-77 x1 15min'), 'duplicate'), NULL, 'D60 77 as well');
SELECT is(anywhere(lines('97124-GP-76 x1 15min', '97124-GP-76 x1 15min'), 'duplicate'), NULL, 'D60 also when both lines carry it');
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP x2 30min'), 'duplicate'), NULL, 'D60 other units');
SELECT is(anywhere(lines('97124-GP x1 15min', '97110-GP x1 15min'), 'duplicate'), NULL, 'D60 another code');
SELECT is(anywhere(lines('97124-GP x1 15min 09:00', '97124-GP x1 15min 15:00'), 'duplicate'), NULL, 'D60 another time');
SELECT is(anywhere(lines('97124-GP x1 15min 09:00', '97124-GP x1 15min'), 'duplicate'), 'deny OA-18/-', 'D60 a time that is known for one line only');
SELECT is(anywhere(ARRAY['97124-GP x1 15min 2024-08-01', '97124-GP x1 15min 2024-08-02'], 'duplicate'), NULL, 'D60 another day');
SELECT ok(anywhere(lines('97124-GP x1 15min dx=M54.2', '97124-GP x1 15min dx=M99.03'), 'duplicate') LIKE 'review %', 'D60 other diagnoses: look');
SELECT is(sev(lines('97124-GP x1 15min', '97124-59-GP x1 15min'), 'mod-repeat-service', 2), 'review', 'D60 59 on a repeat of the same code: look');
SELECT is(sev(lines('97124-GP x1 15min', '97124-GP-76 x1 15min'), 'mod-repeat-service', 2), NULL, 'D60 76 is the modifier for it');
SELECT is(sev(lines('97124-59-GP x1 15min'), 'mod-unneeded', 1), 'info', 'D60 59 where no edit asks for it');
SELECT is(sev(lines('98941-AT x1', '97124-59-GP x1 15min'), 'mod-unneeded', 2), NULL, 'D60 and where one does');

--
-- what is not known, and what is not a line
--
SELECT is(sev(lines('Z9999 x1'), 'edition-coverage', 1), 'unknown', 'a code that the edition does not know');
SELECT is(sev(lines('97124-GP x1 15min'), 'edition-coverage', 1), NULL, 'a code that it knows');
SELECT is(sev(lines('97124-GP x1 15min', NULL), 'line-invalid', 2), 'unknown', 'a line that is not one');
SELECT is(sev(lines('97124-GP x1 15min', NULL), 'line-invalid', 1), NULL, 'and one that is');
SELECT ok(claim_passes(lines('97124-GP x2 30min')::claimline[], fail_at => 'info'), 'a line with nothing to say');

--
-- an edit by line: no code of the starter edition has MAI 1, so 97124 gets one, limit 1
--
CREATE FUNCTION with_mue(rules claim_ruleset, code text, units int, mai int) RETURNS claim_ruleset
LANGUAGE plpgsql AS $$
DECLARE
    j   jsonb := rules::text::jsonb;
    m   jsonb;
BEGIN
    SELECT jsonb_agg(CASE WHEN jsonb_typeof(r) = 'array' AND r->>0 = code
                              THEN jsonb_set(jsonb_set(r, '{1}', to_jsonb(units)), '{2}', to_jsonb(mai))
                          WHEN jsonb_typeof(r) = 'object' AND r->>'code' = code
                              THEN r || jsonb_build_object('units', units, 'mai', mai)
                          ELSE r END ORDER BY n)
    INTO m FROM jsonb_array_elements(j->'mue') WITH ORDINALITY u(r, n);
    IF m IS NULL OR m = j->'mue' THEN
        RAISE EXCEPTION 'the text of the ruleset has no MUE row of %', code;
    END IF;
    RETURN jsonb_set(j - 'hash', '{mue}', m)::text::claim_ruleset;
END
$$;
CREATE TEMP TABLE mai1 ON COMMIT DROP AS SELECT with_mue(starter_ruleset(), '97124', 1, 1) AS rules;

SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP-76 x1 15min'), 'mue-line', rules), NULL, 'D49 two lines within the limit') FROM mai1;
SELECT is(anywhere(lines('97124-GP x1 15min', '97124-GP-76 x1 15min'), 'mue-day', rules), NULL, 'D49 their sum is not compared') FROM mai1;
SELECT is(codes(lines('97124-GP x2 30min', '97124-GP-76 x1 15min'), 'mue-line', 1, rules), 'deny CO-151/N362', 'D50 a line above the limit') FROM mai1;
SELECT is(sev(lines('97124-GP x2 30min', '97124-GP-76 x1 15min'), 'mue-line', 2, rules), NULL, 'D50 the other line stays') FROM mai1;
SELECT is(anywhere(lines('97124-GP x2 30min', '97124-GP-76 x1 15min'), 'mue-line'), NULL, 'D50 the starter edition has no edit by line');

--
-- payers: each in the shipped policy that is such a payer
--
SELECT is(codes(lines('97124-GY-GP x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'D39 excluded by statute: the patient is liable');
SELECT is(spoken(lines('97124-GY-GP x1 15min specialty=35'), 'mod-', 1), NULL, 'D39 and no notice is asked for');
SELECT is(sev(lines('97124-GP x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny', 'D40 without GY');
SELECT is(codes(lines('97124-GP x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'D40 it is excluded all the same');
SELECT is(sev(lines('97124-GP x1 15min specialty=65'), 'specialty-not-covered', 1), NULL, 'D40 from a physical therapist it is covered');
SELECT is(sev(lines('98941-AT x1 specialty=35'), 'specialty-not-covered', 1), NULL, 'D40 as is manipulation from a chiropractor');

SELECT is(codes(lines('97124 x1 15min dx=F41.1'), 'dx-not-necessary', 1, ruleset('hns')), 'deny CO-50/-', 'D61 massage for anxiety alone');
SELECT is(codes(lines('97124 x1 15min dx=R45.0'), 'dx-not-necessary', 1, ruleset('hns')), 'deny CO-50/-', 'D61 for nervousness alone');
SELECT is(sev(lines('97124 x1 15min dx=F41.1,R45.7'), 'dx-not-necessary', 1, ruleset('hns')), 'deny', 'D61 for both');
SELECT is(sev(lines('97124 x1 15min dx=M54.2'), 'dx-not-necessary', 1, ruleset('hns')), NULL, 'D62 for the neck');
SELECT is(sev(lines('97124 x1 15min dx=F41.1,M54.2'), 'dx-not-necessary', 1, ruleset('hns')), NULL, 'D62 for the neck as well');
SELECT is(sev(lines('97110 x1 15min dx=F41.1'), 'dx-not-necessary', 1, ruleset('hns')), NULL, 'D62 another code');
SELECT is(sev(lines('97124 x1 15min dx=F41.1'), 'dx-not-necessary', 1, ruleset('cpt')), NULL, 'D62 no such payer');

SELECT is(codes(lines('97124 x1 15min'), 'dx-missing', 1, ruleset('evicore-massage')), 'deny CO-16/M76', 'D63 no diagnosis');
SELECT is(sev(lines('97124 x1 15min dx=M54.2'), 'dx-missing', 1, ruleset('evicore-massage')), NULL, 'D64 a diagnosis');
SELECT is(sev(lines('97124 x1 15min'), 'dx-missing', 1, ruleset('cpt')), NULL, 'D64 no such payer');
SELECT is(sev(lines('97124 x1 15min'), 'dx-not-necessary', 1, ruleset('hns')), NULL, 'D64 no diagnosis is not one that does not support massage');

SELECT is(sev(lines('97140 x1 15min specialty=225700000X'), 'specialty-code-limit', 1, ruleset('lmt-97124-only')), 'deny', 'D65 a massage therapist bills 97140');
SELECT is(sev(lines('97112 x1 15min specialty=225700000X'), 'specialty-code-limit', 1, ruleset('lmt-97124-only')), 'deny', 'D65 or 97112');
SELECT is(sev(lines('97010 x1 specialty=225700000X'), 'specialty-code-limit', 1, ruleset('lmt-97124-only')), 'deny', 'D65 or 97010');
SELECT is(sev(lines('97124 x1 15min specialty=225700000X'), 'specialty-code-limit', 1, ruleset('lmt-97124-only')), NULL, 'D66 97124 is left');
SELECT is(sev(lines('97140 x1 15min specialty=225100000X'), 'specialty-code-limit', 1, ruleset('lmt-97124-only')), NULL, 'D66 a physical therapist is not limited');
SELECT is(sev(lines('97140 x1 15min specialty=225700000X'), 'specialty-code-limit', 1, ruleset('cpt')), NULL, 'D66 no such payer');

SELECT ok(codes(on_day('2018-06-01', '97124 x1 15min referral=no'), 'referral-missing', 1, ruleset('wa-lni')) ~ '^deny CO-288/', 'D67 no referral on 2018-06-01: 288');
SELECT ok(codes(on_day('2017-10-31', '97124 x1 15min referral=no'), 'referral-missing', 1, ruleset('wa-lni')) ~ '^deny CO-165/', 'D67 288 did not exist on 2017-10-31');
SELECT is(sev(lines('97124 x1 15min referral=no'), 'referral-missing', 1, ruleset('wa-lni')), 'deny', 'D67 in the edition it is a denial');
SELECT is(sev(lines('97124 x1 15min'), 'referral-missing', 1, ruleset('wa-lni')), 'unknown', 'D67 not stated is not known');
SELECT is(sev(on_day('2018-06-01', '97124 x1 15min referral=yes'), 'referral-missing', 1, ruleset('wa-lni')), NULL, 'D68 a referral');
SELECT is(sev(on_day('2008-06-30', '97124 x1 15min referral=no'), 'referral-missing', 1, ruleset('wa-lni')), NULL, 'D68 before the rule');
SELECT is(sev(lines('97110 x1 15min referral=no'), 'referral-missing', 1, ruleset('wa-lni')), NULL, 'D68 another code');

SELECT is(sev(lines('97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, ruleset('hns')), 'review', 'D69 two units are looked at');
SELECT is(sev(lines('97124 x1 15min dx=M54.2', '97124-76 x1 15min dx=M54.2'), 'units-scrutiny', 2, ruleset('hns')), 'review', 'D69 on two lines too');
SELECT is(sev(lines('97124 x1 15min dx=M54.2'), 'units-scrutiny', 1, ruleset('hns')), NULL, 'D70 one is not');
SELECT is(sev(ARRAY['97124 x1 15min 2024-08-01 dx=M54.2', '97124 x1 15min 2024-08-02 dx=M54.2'], 'units-scrutiny', 1, ruleset('hns')), NULL, 'D70 nor one each day');
SELECT is(sev(lines('97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, ruleset('cpt')), NULL, 'D70 no such payer');

SELECT is(said(lines('98940 x1', '97140-59 x1 15min'), 'cmt-bundled', 2, ruleset('bcbs-mn-cmt')), 'deny 1 CO-97/N20', 'D71 97140 with manipulation despite 59');
SELECT is(sev(lines('98940 x1', '97140-XS x1 15min region=sacral'), 'cmt-bundled', 2, ruleset('bcbs-mn-cmt')), 'deny', 'D71 or XS and another region');
SELECT is(sev(lines('98940 x1', '97140-59 x1 15min'), 'cmt-bundled', 1, ruleset('bcbs-mn-cmt')), NULL, 'D71 the manipulation is not');
SELECT is(sev(lines('97140-59 x1 15min'), 'cmt-bundled', 1, ruleset('bcbs-mn-cmt')), NULL, 'D72 97140 alone');
SELECT is(sev(lines('98940 x1', '97124-59 x1 15min'), 'cmt-bundled', 2, ruleset('bcbs-mn-cmt')), NULL, 'D72 97124');
SELECT is(sev(lines('98940 x1', '97140-59 x1 15min'), 'cmt-bundled', 2, ruleset('medicare')), NULL, 'D72 Medicare');

SELECT * FROM finish();

ROLLBACK;

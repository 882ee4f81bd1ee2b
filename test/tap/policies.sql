-- The payers' policies: what each shipped one denies and passes, what a row of claim_policy may say, what its settings change,
-- and what differs between two rulesets. payer_oracle.sql has the rules over random policies.
--
-- The last part reads doc/article.md: every rule, policy and test that it names exists.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA claim_policies;
SELECT set_config('search_path', 'claim_policies, ' || current_setting('search_path'), true) \g /dev/null

-- The rules that deny a line under a policy; null when there is none
CREATE FUNCTION denied(lines text[], line_no int, policy text) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(e.rule, ' ' ORDER BY e.rule)
    FROM claim_edits($1::claimline[], ruleset($3)) e WHERE e.severity = 'deny' AND e.line_no = $2
$$;

-- The rules of the family payer that speak on a line
CREATE FUNCTION payer(lines text[], line_no int, policy text) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(e.rule || ' ' || e.severity::text, '; ' ORDER BY e.rule)
    FROM claim_edits($1::claimline[], ruleset($3)) e JOIN claim_rules() r USING (rule) WHERE r.family = 'payer' AND e.line_no = $2
$$;

-- A policy of the user's
CREATE FUNCTION policy(name text, settings jsonb) RETURNS text
LANGUAGE sql AS $$
    INSERT INTO claim_policy (name, settings, note, source) VALUES (name, settings, 'a test', 'none') RETURNING name
$$;

-- What a statement is refused with: SQLSTATE class, message and detail; 'accepted' where it is not
CREATE FUNCTION refused(statement text) RETURNS text
LANGUAGE sql AS $$
    SELECT coalesce(nullif(concat_ws(' | ', left(state, 2), message, nullif(detail, ''), nullif(hint, '')), ''), 'accepted')
    FROM error_of(statement, undo => true)
$$;
-- The key path at which settings are refused; the whole answer where it is no error of the value
CREATE FUNCTION wrong_at(settings text) RETURNS text
LANGUAGE sql AS $$
    SELECT CASE WHEN r ~ '^(22|23) ' THEN coalesce(substring(r FROM 'At "([^"]*)"'), r) ELSE r END
    FROM refused(format('INSERT INTO claim_policy (name, settings, note, source) VALUES (''wrong'', %L, ''a test'', ''none'')', settings)) r
$$;

SELECT plan(282);

--
-- the shipped policies: a line that each denies, the neighbour that it passes, the policy that passes the denied line
--
CREATE TEMP TABLE example (policy text, denied text[], line_no int, rule text, passed text[], elsewhere text) ON COMMIT DROP;
INSERT INTO example VALUES
    -- only manipulation is covered from a chiropractor; NGS
    ('medicare', '{97124-GP x1 15min specialty=35 dx=M54.2}', 1, 'specialty-not-covered', '{97124-GP x1 15min specialty=65 dx=M54.2}', 'cpt'),
    ('medicare', '{97124-GP x1 15min specialty=111N00000X dx=M54.2}', 1, 'specialty-not-covered', '{"98941-AT x1 specialty=111N00000X dx=M99.01,M99.02,M99.03"}', 'cpt'),
    ('medicare', '{98943 x1 specialty=35 region=head,98941-AT x1 specialty=35}', 1, 'mue-day specialty-not-covered', '{98941-AT x1 specialty=35}', NULL),
    -- a massage therapist furnishes no therapy; Benefit Policy Manual ch. 15 s. 230.5
    ('medicare', '{97124-GP x1 15min specialty=225700000X dx=M54.2}', 1, 'specialty-not-covered', '{97124-GP x1 15min specialty=225100000X dx=M54.2}', 'cpt'),
    -- minutes are pooled
    ('medicare', '{97124-GP x1 10min,97110-GP x1 10min}', 1, 'units-minutes', '{97124-GP x1 10min,97110-GP x0 10min}', 'cpt'),
    -- the denial is wanted, and the line has to say so
    ('medicare-secondary', '{97124-GP x1 15min specialty=35 dx=M54.2}', 1, 'specialty-not-covered', '{97124-GY-GP x1 15min specialty=35 dx=M54.2}', 'cpt'),
    ('cpt', '{97124 x2 22min}', 1, 'units-minutes', '{97124 x2 23min}', NULL),
    ('cpt', '{97124-GP x1 7min,97110-GP x0 7min}', 1, 'units-minutes', '{97124-GP x1 8min,97110-GP x0 7min}', 'medicare'),
    -- 59 beside 98943 too, though there is no pair; relaxation is not paid
    ('hns', '{97124 x1 15min dx=M54.2,98943 x1 region=head}', 1, 'cmt-modifier-required', '{97124-59 x1 15min dx=M54.2,98943 x1 region=head}', 'cpt'),
    ('hns', '{97124 x1 15min dx=F41.1}', 1, 'dx-not-necessary', '{97124 x1 15min dx=M54.2}', 'cpt'),
    -- massage is part of manipulation, whatever the modifier
    ('mountain-state', '{97124-59 x1 15min region=sacral,98940 x1 region=cervical}', 1, 'cmt-bundled', '{97110 x1 15min,98940 x1 region=cervical}', 'cpt'),
    ('mountain-state', '{97140-59 x1 15min region=sacral,98940 x1 region=cervical}', 1, 'cmt-bundled', '{97140-59 x1 15min region=sacral}', 'cpt'),
    -- manual therapy is, massage is not
    ('bcbs-mn-cmt', '{97140-59 x1 15min region=sacral,98940 x1 region=cervical}', 1, 'cmt-bundled', '{97124-59 x1 15min region=sacral,98940 x1 region=cervical}', 'cpt'),
    -- a therapist who works independently is not eligible, a supervised one is
    ('u7-supervised', '{97124 x1 15min specialty=225700000X dx=M54.2}', 1, NULL, '{97124-U7 x1 15min specialty=225700000X dx=M54.2}', 'cpt'),
    -- massage therapists bill massage
    ('lmt-97124-only', '{97140 x1 15min specialty=225700000X dx=M54.2}', 1, 'specialty-code-limit', '{97124 x1 15min specialty=225700000X dx=M54.2}', 'cpt'),
    ('lmt-97124-only', '{97112 x1 15min specialty=225700000X dx=M54.2}', 1, 'specialty-code-limit', '{97112 x1 15min specialty=65 dx=M54.2}', 'cpt'),
    -- on the order of the attending doctor
    ('wa-lni', '{97124 x1 15min dx=M54.2 referral=no visit=1}', 1, 'referral-missing', '{97124 x1 15min dx=M54.2 referral=yes visit=1}', 'cpt'),
    -- up to 60 minutes, for a diagnosis
    ('evicore-massage', '{97124 x5 75min dx=M54.2}', 1, 'mue-day', '{97124 x4 60min dx=M54.2}', NULL),
    ('evicore-massage', '{97124 x1 15min}', 1, 'dx-missing', '{97124 x1 15min dx=M54.2}', 'cpt');

SELECT set_eq('SELECT name FROM claim_policy WHERE shipped', 'SELECT policy FROM example',
    'each shipped policy has an example, and no other');
SELECT is((SELECT string_agg(name, ', ') FROM claim_policy WHERE shipped AND (coalesce(note, '') = '' OR coalesce(source, '') = '')), NULL,
    'each says what it is and where it is from');
SELECT is((SELECT count(DISTINCT ruleset_hash(ruleset(name))) FROM claim_policy WHERE shipped), (SELECT count(*) FROM claim_policy WHERE shipped),
    'each makes a ruleset of its own');
SELECT is((SELECT string_agg(name, ', ') FROM claim_policy WHERE shipped AND (ruleset(name)::text::jsonb)->'policy'->>'name' <> name), NULL,
    'which carries its name');

SELECT is(coalesce(denied(lines(VARIADIC denied), line_no, policy), 'nothing'), coalesce(rule, denied(lines(VARIADIC denied), line_no, policy)),
    format('%s denies %s', policy, denied[line_no]))
FROM example ORDER BY policy, denied;
SELECT is(denied(lines(VARIADIC passed), line_no, policy), NULL, format('%s passes %s', policy, passed[line_no]))
FROM example ORDER BY policy, denied;
SELECT is(denied(lines(VARIADIC denied), line_no, elsewhere), NULL, format('%s passes %s', elsewhere, denied[line_no]))
FROM example WHERE elsewhere IS NOT NULL ORDER BY policy, denied;

-- medicare, and a secondary payer behind it
SELECT is(codes(lines('97124-GY-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare'), 'deny PR-96/N425', 'medicare: GY, the patient is liable');
SELECT is(codes(lines('97124-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare'), 'deny PR-96/N425', 'medicare: without GY too, by statute');
SELECT is(codes(lines('97124-GP x1 15min specialty=225700000X'), 'specialty-not-covered', 1, 'medicare'), 'deny CO-170/N95', 'medicare: of a massage therapist the provider is');
SELECT is(sev(lines('97124-GP x1 15min'), 'specialty-not-covered', 1, 'medicare'), NULL, 'medicare: a line that names no specialty is not asked for it');
SELECT is(payer(lines('97124-GP x1 15min'), 1, 'medicare'), NULL, 'medicare: nothing is asked of a therapist''s line');
SELECT is(payer(lines('97124 x1 15min specialty=35'), 1, 'cpt'), NULL, 'cpt: no payer');
SELECT is(sev(lines('97124-GY-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare-secondary'), 'info', 'medicare-secondary: GY, the denial is wanted');
SELECT is(codes(lines('97124-GY-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare-secondary'), 'info -/-', 'medicare-secondary: what is wanted has no denial code');
SELECT ok(claim_passes(lines('97124-GY-GP x1 15min specialty=35 dx=M54.2')::claimline[], ruleset('medicare-secondary')), 'medicare-secondary: the line passes');
SELECT ok(NOT claim_passes(lines('97124-GY-GP x1 15min specialty=35 dx=M54.2')::claimline[], ruleset('medicare')), 'medicare: it does not');
SELECT is(suggests(lines('97124-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare-secondary'), 'GP GY', 'medicare-secondary: GY is suggested');
SELECT is(suggests(lines('97124-GP x1 15min specialty=35'), 'specialty-not-covered', 1, 'medicare'), 'none', 'medicare: nothing helps');

-- hns
SELECT is(sev(lines('97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, 'hns'), 'review', 'hns: two units are looked at');
SELECT is(sev(lines('97124 x1 15min dx=M54.2'), 'units-scrutiny', 1, 'hns'), NULL, 'hns: one is not');
SELECT is(sev(lines('97124 x1 15min dx=M54.2', '97124-76 x1 15min dx=M54.2'), 'units-scrutiny', 1, 'hns'), 'review', 'hns: one and one are two, the first line');
SELECT is(sev(lines('97124 x1 15min dx=M54.2', '97124-76 x1 15min dx=M54.2'), 'units-scrutiny', 2, 'hns'), 'review', 'hns: and the second');
SELECT is(sev(lines('97110 x2 30min dx=M54.2'), 'units-scrutiny', 1, 'hns'), NULL, 'hns: of massage only');
SELECT is(sev(lines('97124 x1 15min dx=M54.2 visit=4'), 'visits-scrutiny', 1, 'hns'), 'review', 'hns: the fourth visit is looked at');
SELECT is(sev(lines('97124 x1 15min dx=M54.2 visit=3'), 'visits-scrutiny', 1, 'hns'), NULL, 'hns: the third is not');
SELECT is(sev(lines('97124 x1 15min dx=M54.2'), 'visits-scrutiny', 1, 'hns'), 'unknown', 'hns: which visit it is must be known');
SELECT is(sev(lines('97124 x1 15min dx=F41.1,M54.2'), 'dx-not-necessary', 1, 'hns'), NULL, 'hns: one diagnosis that supports massage is enough');
SELECT is(codes(lines('97124 x1 15min dx=F41.1'), 'dx-not-necessary', 1, 'hns'), 'deny CO-50/-', 'hns: relaxation is not necessary');
SELECT is(codes(lines('97124-GA x1 15min dx=F41.1'), 'dx-not-necessary', 1, 'hns'), 'deny PR-50/-', 'hns: with GA the patient is liable');
SELECT is(denied(lines('97124-59 x1 15min dx=M99.01 region=cervical', '98940 x1 region=cervical'), 1, 'hns'), 'cmt-region', 'hns: the region has to be another one');
SELECT is(suggests(lines('97124 x1 15min dx=M54.2', '98943 x1 region=head'), 'cmt-modifier-required', 1, 'hns'), '59', 'hns: 59 is suggested');

-- mountain-state, bcbs-mn-cmt
SELECT is(sev(on_day('2005-07-31', '97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'mountain-state'), NULL, 'mountain-state: not before 2005-08-01');
SELECT is(sev(on_day('2005-08-01', '97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'mountain-state'), 'deny', 'mountain-state: from then, whatever the edition covers');
SELECT is(sev(lines('97010-59 x1', '98940 x1'), 'cmt-bundled', 1, 'mountain-state'), 'deny', 'mountain-state: 97010 is part of it as well');
SELECT is(sev(lines('97124-XS x1 15min', '98943 x1'), 'cmt-bundled', 1, 'mountain-state'), 'deny', 'mountain-state: extraspinal manipulation the same');
SELECT is(codes(lines('97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'mountain-state'), 'deny CO-97/N20', 'mountain-state: the provider is liable');
SELECT is(sev(lines('97140-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bcbs-mn-cmt'), 'deny', 'bcbs-mn-cmt: 97140 despite 59');
SELECT is(sev(lines('97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bcbs-mn-cmt'), NULL, 'bcbs-mn-cmt: not 97124');
SELECT is(sev(lines('99214-25 x1', '98940 x1'), 'cmt-bundled', 1, 'bcbs-mn-cmt'), 'deny', 'bcbs-mn-cmt: nor is 99214 paid');
SELECT is(denied(lines('99213-25 x1', '98940 x1'), 1, 'bcbs-mn-cmt'), NULL, 'bcbs-mn-cmt: 99213 with 25 is');
SELECT is(denied(lines('99213 x1', '98940 x1'), 1, 'bcbs-mn-cmt'), 'ptp', 'bcbs-mn-cmt: 99213 without is not');

-- u7-supervised
SELECT is(sev(lines('97124 x1 15min specialty=225700000X dx=M54.2'), 'specialty-not-covered', 1, 'u7-supervised'), 'deny', 'u7-supervised: an independent massage therapist is not eligible');
SELECT is(sev(lines('97124-U7 x1 15min specialty=225700000X dx=M54.2'), 'specialty-not-covered', 1, 'u7-supervised'), NULL, 'u7-supervised: a supervised one is');
SELECT is(sev(lines('97124 x1 15min specialty=35 dx=M54.2'), 'supervision-modifier', 1, 'u7-supervised'), 'review', 'u7-supervised: a chiropractor is asked whether a therapist did it');
SELECT is(sev(lines('97124-U7 x1 15min specialty=35 dx=M54.2'), 'supervision-modifier', 1, 'u7-supervised'), NULL, 'u7-supervised: U7 answers');
SELECT is(payer(lines('97124 x1 15min specialty=65 dx=M54.2'), 1, 'u7-supervised'), NULL, 'u7-supervised: a physical therapist is not asked');
SELECT is(suggests(lines('97124 x1 15min specialty=35 dx=M54.2'), 'supervision-modifier', 1, 'u7-supervised'), 'U7', 'u7-supervised: U7 is suggested');
SELECT is((SELECT count(*) FROM claim_edits(lines('97124 x1 15min specialty=35 dx=M54.2')::claimline[], ruleset('u7-supervised')) e
           WHERE e.rule = 'supervision-modifier' AND e.condition ~* 'supervis'), 1::bigint, 'u7-supervised: on the condition that there is a supervised therapist');

-- lmt-97124-only, wa-lni, evicore-massage
SELECT is(sev(lines('97140 x1 15min dx=M54.2'), 'specialty-code-limit', 1, 'lmt-97124-only'), (SELECT CASE (ruleset('lmt-97124-only')::text::jsonb)->'policy'->>'specialty_required' WHEN 'yes' THEN 'unknown' END),
    'lmt-97124-only: no specialty on the line');
SELECT ok(codes(lines('97140 x1 15min specialty=225700000X'), 'specialty-code-limit', 1, 'lmt-97124-only') ~ '^deny CO-(170|185|B7)/N95$', 'lmt-97124-only: by the provider''s type');
SELECT is(sev(on_day('2008-06-30', '97124 x1 15min referral=no'), 'referral-missing', 1, 'wa-lni'), NULL, 'wa-lni: no referral before 2008-07-01');
SELECT is(sev(on_day('2008-07-01', '97124 x1 15min referral=no'), 'referral-missing', 1, 'wa-lni'), 'deny', 'wa-lni: from then');
SELECT is(sev(lines('97124 x1 15min'), 'referral-missing', 1, 'wa-lni'), 'unknown', 'wa-lni: whether there is one must be known');
SELECT is(sev(lines('97124 x1 15min referral=yes visit=7'), 'visits-scrutiny', 1, 'wa-lni'), 'review', 'wa-lni: a report after six visits');
SELECT is(sev(lines('97124 x1 15min referral=yes visit=6'), 'visits-scrutiny', 1, 'wa-lni'), NULL, 'wa-lni: not before');
SELECT is(codes(lines('97124 x5 75min dx=M54.2'), 'mue-day', 1, 'evicore-massage'), 'deny CO-222/-', 'evicore-massage: its own limit');
SELECT is(codes(lines('97124 x5 75min dx=M54.2'), 'mue-day', 1, 'cpt'), 'deny CO-151/N362', 'cpt: the medically unlikely edit');
SELECT is(codes(lines('97124 x1 15min'), 'dx-missing', 1, 'evicore-massage'), 'deny CO-16/M76', 'evicore-massage: a diagnosis');

--
-- what a policy may say
--
SELECT is(policy('mine', '{"extends": "cpt", "units_scrutiny": 3}'), 'mine', 'a policy of one''s own');
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'mine'), false, 'is not shipped');
SELECT is(sev(lines('97124 x4 60min'), 'units-scrutiny', 1, 'mine'), 'review', 'judges by its setting');
SELECT is(sev(lines('97124 x3 45min'), 'units-scrutiny', 1, 'mine'), NULL, 'at the threshold too');
SELECT is(denied(lines('97124 x1 10min', '97110 x1 10min'), 1, 'mine'), NULL, 'and otherwise by those of the policy that it extends');
SELECT is(policy('mine-too', '{"extends": "mine", "unit_rule": "cms"}'), 'mine-too', 'one can extend it');
SELECT is(sev(lines('97124 x4 60min'), 'units-scrutiny', 1, 'mine-too'), 'review', 'with what it says');
SELECT is(denied(lines('97124 x1 10min', '97110 x1 10min'), 1, 'mine-too'), 'units-minutes', 'and what is changed');
UPDATE claim_policy SET settings = settings || '{"units_scrutiny": 1}' WHERE name = 'mine';
SELECT is(sev(lines('97124 x2 30min'), 'units-scrutiny', 1, 'mine-too'), 'review', 'a change is one of all that extend it');
SELECT is(policy('whole', (SELECT (j->'policy') - 'name' FROM (SELECT ruleset('cpt')::text::jsonb AS j) r)), 'whole', 'a policy can say everything itself');
SELECT is((SELECT jsonb_object_agg(key, value) FROM jsonb_each((ruleset('whole')::text::jsonb)->'policy') WHERE key <> 'name'),
          (SELECT jsonb_object_agg(key, value) FROM jsonb_each((ruleset('cpt')::text::jsonb)->'policy') WHERE key <> 'name'), 'and is the same');
SELECT is(policy('lists', '{"extends": "u7-supervised", "supervision_required_of": []}'), 'lists', 'a list of the child');
SELECT is(sev(lines('97124 x1 15min specialty=225700000X'), 'supervision-modifier', 1, 'lists'), NULL, 'replaces the parent''s as a whole');

CREATE TEMP TABLE wrong (what text, settings text, at text) ON COMMIT DROP;
INSERT INTO wrong VALUES
    ('an unknown key', '{"extends": "cpt", "colour": "red"}', 'policy.colour'),
    ('an unknown key without a parent', '{"colour": "red"}', 'policy.colour'),
    ('an unknown choice', '{"extends": "cpt", "unit_rule": "rule of eights"}', 'policy.unit_rule'),
    ('a choice that is a number', '{"extends": "cpt", "cmt_massage": 1}', 'policy.cmt_massage'),
    ('a choice that is null', '{"extends": "cpt", "unit_rule": null}', 'policy.unit_rule'),
    ('yes as true', '{"extends": "cpt", "mue": true}', 'policy.mue'),
    ('a number that is a word', '{"extends": "cpt", "units_scrutiny": "many"}', 'policy.units_scrutiny'),
    ('a number that is no whole one', '{"extends": "cpt", "visits_limit": 1.5}', 'policy.visits_limit'),
    ('a number that is negative', '{"extends": "cpt", "visits_scrutiny": -1}', 'policy.visits_scrutiny'),
    ('a number that is too large', '{"extends": "cpt", "modifier_positions": 6}', 'policy.modifier_positions'),
    ('a number that is a list', '{"extends": "cpt", "visits_limit": [3]}', 'policy.visits_limit'),
    ('a date that does not exist', '{"extends": "cpt", "referral_from": "2023-02-29"}', 'policy.referral_from'),
    ('a date that is a number', '{"extends": "cpt", "cmt_bundled_from": 2023}', 'policy.cmt_bundled_from'),
    ('a modifier of three characters', '{"extends": "cpt", "denial_modifier": "GYX"}', 'policy.denial_modifier'),
    ('a modifier that is a list', '{"extends": "cpt", "supervision_modifier": ["U7"]}', 'policy.supervision_modifier'),
    ('a list that is a text', '{"extends": "cpt", "massage_codes": "97124"}', 'policy.massage_codes'),
    ('a list that is an object', '{"extends": "cpt", "massage_codes": {"97124": 1}}', 'policy.massage_codes'),
    ('a code of four characters', '{"extends": "cpt", "massage_codes": ["97124", "9714"]}', 'policy.massage_codes[1]'),
    ('a code that is a number', '{"extends": "cpt", "cmt_bundled": [97124.5]}', 'policy.cmt_bundled[0]'),
    ('a specialty of three characters', '{"extends": "cpt", "specialties_not_covered": {"35": [], "351": []}}', 'policy.specialties_not_covered.351'),
    ('specialties without their codes', '{"extends": "cpt", "specialties_not_covered": ["35"]}', 'policy.specialties_not_covered'),
    ('a specialty''s code', '{"extends": "cpt", "specialty_codes": {"225700000X": ["97124", "x"]}}', 'policy.specialty_codes.225700000X[1]'),
    ('a specialty''s codes', '{"extends": "cpt", "specialty_codes": {"225700000X": "97124"}}', 'policy.specialty_codes.225700000X'),
    ('a specialty in a list', '{"extends": "cpt", "supervision_asked_of": ["35", "chiropractor"]}', 'policy.supervision_asked_of[1]'),
    ('no diagnosis', '{"extends": "cpt", "dx_not_necessary": ["F41", "anxiety and tension"]}', 'policy.dx_not_necessary[1]'),
    ('a limit of no code', '{"extends": "cpt", "daily_limits": {"massage": 4}}', 'policy.daily_limits.massage'),
    ('a limit below zero', '{"extends": "cpt", "daily_limits": {"97124": -1}}', 'policy.daily_limits.97124'),
    ('a limit that is a word', '{"extends": "cpt", "daily_limits": {"97124": "four"}}', 'policy.daily_limits.97124'),
    ('no year', '{"extends": "cpt", "kx_threshold": {"20x5": 2410}}', 'policy.kx_threshold.20x5'),
    ('a threshold that is a word', '{"extends": "cpt", "kx_threshold": {"2025": "much"}}', 'policy.kx_threshold.2025'),
    ('a severity of no rule', '{"extends": "cpt", "severity": {"no-such-rule": "deny"}}', 'policy.severity.no-such-rule'),
    ('no severity', '{"extends": "cpt", "severity": {"ptp": "fatal"}}', 'policy.severity.ptp'),
    ('a parent that does not exist', '{"extends": "nobody"}', 'policy.extends'),
    ('a parent that is no name', '{"extends": 1}', 'policy.extends'),
    ('a parent that is null', '{"extends": null}', 'policy.extends'),
    ('itself as parent', '{"extends": "wrong"}', 'policy.extends');

SELECT is(wrong_at(settings), at, format('refused: %s, at %s', what, at)) FROM wrong;
SELECT ok(refused(format('SELECT policy(''wrong'', %L)', '{"unit_rule": "ama"}')) ~ 'policy\.[a-z_]+', 'refused: not complete and extends nothing, with a key that is missing');
SELECT ok(refused(format('SELECT policy(''wrong'', %L)', (SELECT ((j->'policy') - 'name' - 'referral_from') FROM (SELECT ruleset('cpt')::text::jsonb AS j) r))) ~ 'policy\.referral_from',
    'refused: one key is missing, and named');
SELECT ok(refused($$SELECT policy('wrong', '{"extends": "cpt", "massage_codes": ["97124", "97140", "97124"]}')$$) ~ '^22 .*policy\.massage_codes', 'refused: a code twice in a list');
SELECT ok(refused($$SELECT policy('wrong', '{"extends": "cpt", "unit_threshold": 20}')$$) ~ '^22 .*policy\.unit_threshold', 'refused: settings that contradict each other');
SELECT isnt(refused($$SELECT policy('wrong', '[]')$$), 'accepted', 'refused: an array');
SELECT isnt(refused($$SELECT policy('wrong', '"cpt"')$$), 'accepted', 'refused: a text');
SELECT isnt(refused($$SELECT policy('wrong', NULL)$$), 'accepted', 'refused: null');
SELECT isnt(refused($$SELECT policy('', '{"extends": "cpt"}')$$), 'accepted', 'refused: an empty name');
SELECT isnt(refused($$SELECT policy('mine', '{"extends": "cpt"}')$$), 'accepted', 'refused: a name that is taken');
SELECT is(wrong_at('{"extends": "cpt"}'), 'accepted', 'accepted: the parent as it is');
SELECT is(refused($$UPDATE claim_policy SET settings = '{"extends": "mine-too"}' WHERE name = 'mine'$$) ~ 'policy\.extends', true, 'refused: a cycle, at policy.extends');
SELECT is(refused($$UPDATE claim_policy SET settings = settings || '{"unit_rule": "both"}' WHERE name = 'mine'$$) ~ 'At "policy\.unit_rule"', true, 'refused: an update to a bad value');
SELECT isnt(refused($$DELETE FROM claim_policy WHERE name = 'mine'$$), 'accepted', 'refused: the deletion of a policy that another extends');
SELECT isnt(refused($$UPDATE claim_policy SET name = 'other' WHERE name = 'mine'$$), 'accepted', 'refused: a new name of a policy that another extends');
SELECT is(refused($$DELETE FROM claim_policy WHERE name IN ('mine', 'mine-too')$$), 'accepted', 'accepted: the deletion of both');
SELECT ok(refused($$SELECT ruleset('nobody')$$) ~ 'nobody', 'a policy that does not exist is named');

SELECT is(refused($$INSERT INTO claim_policy (name, settings) VALUES ('child', '{"extends": "parent"}'), ('parent', '{"extends": "cpt"}')$$), 'accepted',
    'accepted: a child before its parent in one statement, as a restore may have it');
SELECT ok(refused($$INSERT INTO claim_policy (name, settings)
    SELECT 'deep-' || n, jsonb_build_object('extends', CASE n WHEN 1 THEN 'cpt' ELSE 'deep-' || n - 1 END) FROM generate_series(1, 20) n$$) = 'accepted', 'accepted: a chain of twenty');
SELECT ok(refused($$INSERT INTO claim_policy (name, settings)
    SELECT 'deep-' || n, jsonb_build_object('extends', CASE n WHEN 1 THEN 'cpt' ELSE 'deep-' || n - 1 END) FROM generate_series(1, 500) n$$) ~ '^2[23] .*policy\.extends', 'refused: one without end in sight');

-- shipped rows
SAVEPOINT shipped;
UPDATE claim_policy SET settings = settings || '{"visits_scrutiny": 12}' WHERE name = 'hns';
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'hns'), false, 'a shipped policy that the user changes is the user''s');
SELECT is(sev(lines('97124 x1 15min dx=M54.2 visit=12'), 'visits-scrutiny', 1, 'hns'), NULL, 'and judges so');
UPDATE claim_policy SET note = 'ours' WHERE name = 'wa-lni';
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'wa-lni'), false, 'with another note too');
INSERT INTO claim_policy (name, settings, note, source, shipped) VALUES ('posing', '{"extends": "cpt"}', '', '', true);
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'posing'), false, 'a user''s policy cannot pose as shipped');
SELECT isnt(refused($$DELETE FROM claim_policy WHERE name = 'cpt'$$), 'accepted', 'cpt is extended and stays');
SELECT isnt(refused($$DELETE FROM claim_policy WHERE name = 'lmt-97124-only'$$), 'accepted', 'nor is one deleted that nothing extends');
SELECT isnt(refused($$TRUNCATE claim_policy$$), 'accepted', 'nor all of them');
UPDATE claim_policy p SET settings = s.settings, note = s.note, source = s.source FROM claim_policies_shipped() s WHERE s.name = p.name AND p.name = 'wa-lni';
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'wa-lni'), true, 'what is put back as it was is shipped again');
DELETE FROM claim_policy WHERE name = 'hns';
SELECT results_eq($$SELECT p.shipped, p.settings FROM claim_policy p WHERE name = 'hns'$$, $$SELECT true, settings FROM claim_policies_shipped() WHERE name = 'hns'$$, 'a changed one that is deleted comes back');
-- as a restore writes a changed row: over the shipped one, which the new extension has
SELECT is(refused($$INSERT INTO claim_policy (name, settings) VALUES ('ours', '{"extends": "cpt"}'), ('hns', '{"extends": "ours"}')$$), 'accepted', 'a row for a shipped name takes its place');
SELECT is(refused($$INSERT INTO claim_policy (name, settings) VALUES ('hns', '{"extends": "ours"}'), ('ours', '{"extends": "cpt"}')$$), 'accepted', 'in whatever order the rows come');
INSERT INTO claim_policy (name, settings) VALUES ('hns', '{"extends": "cpt"}');
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'hns'), false, 'and is the user''s');
SELECT isnt(refused($$INSERT INTO claim_policy (name, settings) VALUES ('hns', '{"extends": "medicare"}')$$), 'accepted', 'which no other takes');
ROLLBACK TO SAVEPOINT shipped;
CREATE ROLE claim_policies_reader;
GRANT USAGE ON SCHEMA claim_policies TO claim_policies_reader;
SET LOCAL ROLE claim_policies_reader;
SELECT isnt(refused($$SELECT policy('theirs', '{"extends": "cpt"}')$$), 'accepted', 'a role without rights writes no policy');
SELECT is(refused($$SELECT ruleset('hns')$$), 'accepted', 'and reads them');
RESET ROLE;
SELECT is((SELECT shipped FROM claim_policy WHERE name = 'hns'), true, 'as it was');

--
-- what settings change
--

-- the severity of a rule, not its id
SELECT policy('strict', '{"extends": "hns", "severity": {"units-scrutiny": "deny", "dx-not-necessary": "review", "mod-unneeded": "review", "ptp": "info"}}') \g /dev/null
SELECT is(sev(lines('97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, 'strict'), 'deny', 'a severity can be raised');
SELECT is(sev(lines('97124 x1 15min dx=F41.1'), 'dx-not-necessary', 1, 'strict'), 'review', 'and lowered');
SELECT is(sev(lines('97110-59 x1 15min'), 'mod-unneeded', 1, 'strict'), 'review', 'of a rule of another family');
SELECT is(sev(lines('97124 x1 15min dx=M54.2', '97140 x1 15min'), 'ptp', 1, 'strict'), 'info', 'of the code pairs too');
SELECT is(sev(on_day('2024-10-01', '97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, 'strict'), 'deny', 'it reads no edition, and is a denial outside it too');
SELECT is(sev(lines('97124 x2 30min dx=M54.2'), 'units-scrutiny', 1, 'hns'), 'review', 'the parent is as it was');

-- the unit rule by the date of service
SELECT policy('adopted-cms', '{"extends": "cpt", "unit_rule": "cms", "unit_rule_from": "2022-01-01", "unit_rule_earlier": "ama"}') \g /dev/null
SELECT is(denied(on_day('2021-12-31', '97124 x1 10min', '97110 x1 10min'), 1, 'adopted-cms'), NULL, 'each code alone before the date');
SELECT is(denied(on_day('2022-01-01', '97124 x1 10min', '97110 x1 10min'), 1, 'adopted-cms'), 'units-minutes', 'the minutes of the day from the date');
SELECT is(denied(on_day('2021-12-31', '97124 x1 7min', '97110 x0 7min'), 1, 'adopted-cms'), 'units-minutes', 'and the other way round before');
SELECT is(denied(on_day('2022-01-01', '97124 x1 7min', '97110 x0 7min'), 1, 'adopted-cms'), NULL, 'and from the date');
SELECT is(denied(ARRAY['97124 x1 10min 2021-12-31', '97110 x1 10min 2021-12-31', '97124 x1 10min 2022-01-01', '97110 x1 10min 2022-01-01'], 1, 'adopted-cms'), NULL, 'each date by its own');
SELECT is(denied(ARRAY['97124 x1 10min 2021-12-31', '97110 x1 10min 2021-12-31', '97124 x1 10min 2022-01-01', '97110 x1 10min 2022-01-01'], 3, 'adopted-cms'), 'units-minutes', 'in one day too');

-- unit limits
SELECT policy('no-mue', '{"extends": "cpt", "mue": "no"}') \g /dev/null
SELECT policy('own-limits', '{"extends": "cpt", "mue": "no", "daily_limits": {"97124": 2}}') \g /dev/null
SELECT policy('more-units', '{"extends": "cpt", "daily_limits": {"97124": 6, "98943": 1}}') \g /dev/null
SELECT is(denied(lines('97124 x5 75min'), 1, 'no-mue'), NULL, 'no medically unlikely edit');
SELECT is(denied(lines('97124 x5 75min'), 1, 'cpt'), 'mue-day', 'where the other policy has it');
SELECT is(codes(lines('97124 x3 45min'), 'mue-day', 1, 'own-limits'), 'deny CO-222/-', 'a limit of the payer''s own');
SELECT is(denied(lines('97124 x2 30min'), 1, 'own-limits'), NULL, 'at the limit');
SELECT is(sev(lines('97124 x2 30min', '97124-76 x1 15min'), 'mue-day', 1, 'own-limits'), 'deny', 'of all lines of the day, the first');
SELECT is(sev(lines('97124 x2 30min', '97124-76 x1 15min'), 'mue-day', 2, 'own-limits'), 'deny', 'and the second');
SELECT is(denied(lines('97140 x7 105min'), 1, 'own-limits'), NULL, 'other codes have none');
SELECT is(denied(lines('97124 x6 90min'), 1, 'more-units'), NULL, 'a limit can be above the medically unlikely edit');
SELECT is(codes(lines('97124 x7 105min'), 'mue-day', 1, 'more-units'), 'deny CO-222/-', 'and holds');
SELECT is(denied(lines('98943 x1 region=head'), 1, 'more-units'), NULL, 'also where that is 0');
SELECT is(codes(lines('97140 x7 105min'), 'mue-day', 1, 'more-units'), 'deny CO-151/N362', 'other codes keep it');

-- bundled from a date
SELECT policy('bundles', '{"extends": "cpt", "cmt_bundled": ["97124"], "cmt_bundled_from": "2022-07-01"}') \g /dev/null
SELECT policy('bundles-never', '{"extends": "bundles", "cmt_bundled_from": null}') \g /dev/null
SELECT is(sev(on_day('2022-06-30', '97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bundles'), NULL, 'massage is not bundled before the date');
SELECT is(sev(on_day('2022-07-01', '97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bundles'), 'deny', 'and is from the date');
SELECT is(sev(on_day('2022-07-01', '97140-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bundles'), NULL, 'only the codes of the list');
SELECT is(sev(on_day('2022-07-01', '97124-59 x1 15min', '98943 x1'), 'cmt-bundled', 1, 'bundles'), 'deny', 'extraspinal manipulation too');
SELECT is(sev(on_day('2022-07-01', '97124-59 x1 15min'), 'cmt-bundled', 1, 'bundles'), NULL, 'not massage alone');
SELECT is(sev(on_day('2022-07-01', '97124-59 x1 15min', '98940 x0'), 'cmt-bundled', 1, 'bundles'), NULL, 'nor beside manipulation that is not billed');
SELECT is(sev(ARRAY['97124-59 x1 15min 2022-07-01', '98940 x1 2022-07-02'], 'cmt-bundled', 1, 'bundles'), NULL, 'nor on another day');
SELECT is(sev(on_day('2022-07-01', '97124-59 x1 15min', '98940 x1'), 'cmt-bundled', 1, 'bundles-never'), NULL, 'no date is never');

-- who, and what is not known
SELECT policy('asks-who', '{"extends": "medicare", "specialty_required": "yes"}') \g /dev/null
SELECT policy('asks-which', '{"extends": "lmt-97124-only", "specialty_required": "yes"}') \g /dev/null
SELECT policy('asks-both', '{"extends": "asks-who", "specialty_codes": {"225700000X": ["97124"]}}') \g /dev/null
SELECT is(payer(lines('97124-GP x1 15min'), 1, 'asks-who'), 'specialty-not-covered unknown', 'who billed must be known');
SELECT is(payer(lines('97124-GP x1 15min specialty=65'), 1, 'asks-who'), NULL, 'and is');
SELECT is(payer(lines('97124 x1 15min'), 1, 'asks-which'), 'specialty-code-limit unknown', 'for the codes of a specialty as well');
SELECT is(payer(lines('97124-GP x1 15min'), 1, 'asks-both'), 'specialty-not-covered unknown', 'it is said once');
SELECT is(payer(lines('97140-GP x1 15min specialty=225700000X'), 1, 'asks-both'), 'specialty-code-limit deny; specialty-not-covered deny', 'each says what it knows');

-- visits
SELECT policy('sixteen', '{"extends": "cpt", "visits_limit": 16, "visits_scrutiny": 12}') \g /dev/null
SELECT is(payer(lines('97124 x1 15min visit=12'), 1, 'sixteen'), NULL, 'twelve visits');
SELECT is(payer(lines('97124 x1 15min visit=13'), 1, 'sixteen'), 'visits-scrutiny review', 'thirteen are looked at');
SELECT is(payer(lines('97124 x1 15min visit=17'), 1, 'sixteen'), 'visits-limit deny; visits-scrutiny review', 'seventeen are too many');
SELECT is(payer(lines('97124 x1 15min'), 1, 'sixteen'), 'visits-limit unknown; visits-scrutiny unknown', 'which visit is not known');
SELECT is(payer(lines('97110 x1 15min visit=17'), 1, 'sixteen'), NULL, 'visits of massage are counted');
SELECT is(payer(lines('97124 x0 15min visit=17'), 1, 'sixteen'), NULL, 'that are billed');
SELECT ok(codes(lines('97124 x1 15min visit=17'), 'visits-limit', 1, 'sixteen') ~ '^deny CO-(119|273)/(N435|N640|-)$', 'the denial code of a limit of visits');

-- denial codes of the date of service
SELECT ok(codes(on_day('2017-10-31', '97124 x1 15min referral=no'), 'referral-missing', 1, 'wa-lni') ~ '^deny CO-165/', 'the code of 2017 of a missing referral');
SELECT ok(codes(on_day('2018-06-01', '97124 x1 15min referral=no'), 'referral-missing', 1, 'wa-lni') ~ '^deny CO-288/', 'that of 2018');
SELECT ok(codes(lines('97124 x1 15min referral=no'), 'referral-missing', 1, 'wa-lni') ~ '^deny CO-288/', 'that of 2024');
SELECT policy('all-rules', '{"extends": "medicare", "massage_codes": ["97124"], "dx_required": "yes", "dx_not_necessary": ["F41"], "referral_from": "2008-07-01",
    "units_scrutiny": 1, "visits_scrutiny": 3, "visits_limit": 6, "supervision_modifier": "U7", "supervision_required_of": ["35"], "specialty_codes": {"35": ["98940"]},
    "daily_limits": {"97124": 2}, "cmt_bundled": ["97124"], "cmt_bundled_from": "2005-08-01", "cmt_extraspinal_modifier": "yes"}') \g /dev/null
CREATE TEMP TABLE dated (dos date, rule text, carc text, rarc text) ON COMMIT DROP;
INSERT INTO dated SELECT dos, e.rule, e.carc, e.rarc FROM unnest('{2010-06-01,2012-06-01,2015-06-01,2017-06-01,2018-06-01,2019-06-30,2019-07-01,2024-08-01}'::date[]) dos,
    claim_edits(on_day(dos, '97124-ZZ x3 22min 10:00 specialty=35 referral=no visit=7', '97124-GP-GP x1 22min 10:00 dx=F41.1', '98940 x1 region=cervical', '98943 x1', '97140-CQ x1 30min')::claimline[],
        ruleset('all-rules')) e;
SELECT cmp_ok((SELECT count(DISTINCT rule) FROM dated WHERE carc IS NOT NULL AND dos = '2017-06-01'), '>=', 16::bigint, 'findings of many rules with a denial code');
SELECT is((SELECT string_agg(format('%s %s %s/%s', dos, rule, carc, rarc), '; ' ORDER BY dos, rule) FROM dated
    WHERE (dos < '2017-11-01' AND carc ~ '-288$') OR (dos > '2018-05-01' AND carc ~ '-165$') OR (dos > '2016-05-01' AND carc ~ '-B5$') OR (dos > '2013-11-01' AND carc ~ '-125$')
       OR (dos < '2011-01-30' AND carc ~ '-236$') OR (dos < '2019-07-01' AND rarc IN ('N822', 'N823'))), NULL, 'none with a code that was not in force');
SELECT ok(EXISTS (SELECT FROM dated WHERE dos = '2019-07-01' AND rarc = 'N822') AND EXISTS (SELECT FROM dated WHERE dos = '2017-06-01' AND carc = 'CO-165'), 'which then come');

--
-- the KX threshold
--
SELECT is(kx_required('2025-06-01', 1800 + 700, ruleset('medicare')), true, 'W40 2500 in 2025 needs KX');
SELECT is(kx_required('2025-06-01', 2410, ruleset('medicare')), false, 'W40 at the threshold it does not');
SELECT is(kx_required('2025-06-01', 2410.01, ruleset('medicare')), true, 'W40 a cent above it does');
SELECT is(kx_required('2025-06-01', 2410.01), true, 'W40 the built-in policy is the default');
SELECT is((SELECT array_agg(y) FROM unnest('{2021,2022,2023,2024,2025,2026}'::int[], '{2110,2150,2230,2330,2410,2480}'::int[]) t(y, d)
    WHERE kx_required(make_date(y, 1, 1), d) OR NOT kx_required(make_date(y, 12, 31), d + 1)), NULL, 'the thresholds of 2021 to 2026');
SELECT is(kx_required('2019-06-01', 99999), NULL, 'a year without a threshold is not decided');
SELECT is(kx_required(NULL, 99999), NULL, 'nor is no date');
SELECT policy('kx', '{"extends": "cpt", "kx_threshold": {"2025": 100}}') \g /dev/null
SELECT is(kx_required('2025-06-01', 101, ruleset('kx')), true, 'a threshold of the policy''s own');
SELECT is(kx_required('2024-06-01', 101, ruleset('kx')), NULL, 'and no other');

--
-- what differs between two rulesets
--
CREATE TEMP TABLE differs ON COMMIT DROP AS SELECT * FROM ruleset_diff(ruleset('medicare'), ruleset('cpt'));
SELECT is((SELECT count(*) FROM ruleset_diff(ruleset('medicare'), ruleset('medicare'))), 0::bigint, 'a ruleset does not differ from itself');
SELECT is((SELECT count(*) FROM ruleset_diff(ruleset('medicare')::text::claim_ruleset, starter_ruleset())), 0::bigint, 'nor from its text');
SELECT results_eq($$SELECT trim(both '"' FROM before), trim(both '"' FROM after) FROM differs WHERE path = 'policy.unit_rule'$$, $$VALUES ('cms', 'ama')$$, 'medicare and cpt differ in the unit rule');
SELECT results_eq($$SELECT trim(both '"' FROM before), trim(both '"' FROM after) FROM differs WHERE path = 'policy.therapy_modifier_from'$$, $$VALUES ('2018-01-01', 'null')$$, 'and in the therapy modifier, which is null');
SELECT is((SELECT string_agg(path, ', ') FROM differs WHERE path !~ '^policy\.'), NULL, 'and in nothing but the policy');
SELECT is((SELECT string_agg(path, ', ') FROM differs WHERE path ~ '^policy\.(unit_minutes|unit_threshold|modifier_positions|outside_coverage)'), NULL, 'of what is equal nothing is said');
SELECT isnt((SELECT string_agg(path, ', ') FROM differs WHERE path ~ '^policy\.specialties_not_covered'), NULL, 'lists are compared');
SELECT results_eq('SELECT path, codes, after, before FROM ruleset_diff(ruleset(''cpt''), ruleset(''medicare'')) ORDER BY path, codes', 'SELECT path, codes, before, after FROM differs ORDER BY path, codes', 'the other way round it is the same, turned');
SELECT is((SELECT string_agg(path, ', ') FROM ruleset_diff(ruleset('hns'), ruleset('strict')) WHERE path !~ '^(policy\.(severity|name)|rules)'), NULL, 'a changed severity is the difference');
SELECT results_eq($$SELECT codes FROM ruleset_diff(starter_ruleset(), (SELECT jsonb_set(j, '{ptp}', (j->'ptp') || '[["98943", "97124", "2024-01-01", null, 1, "contract"]]')::text::claim_ruleset
    FROM (SELECT starter_ruleset()::text::jsonb AS j) s))$$, $$VALUES ('{98943,97124}'::text[])$$, 'a pair more is told by its codes');

-- what if: the same days by both
CREATE TEMP TABLE visit (day int, line_no int, line claimline) ON COMMIT DROP;
INSERT INTO visit VALUES
    (1, 1, '97124-GP x1 10min 2024-08-01'), (1, 2, '97110-GP x1 10min 2024-08-01'),
    (2, 1, '97124-GP x1 7min 2024-08-02'), (2, 2, '97110-GP x0 7min 2024-08-02'),
    (3, 1, '97124 x1 15min 2024-08-03'),
    (4, 1, '97124-GP x1 15min 2024-08-04 specialty=35'),
    (5, 1, '97124-GP x5 75min 2024-08-05');
PREPARE what_if AS
    WITH day AS (
        SELECT claimday(day::text, line_no, line) AS day FROM visit GROUP BY day
    ), before AS (
        SELECT e.claim_id, e.line_no, e.rule, e.severity FROM day, claim_edits(day, ruleset('medicare')) e
    ), after AS (
        SELECT e.claim_id, e.line_no, e.rule, e.severity FROM day, claim_edits(day, ruleset('cpt')) e
    )
    SELECT 'gained' AS change, * FROM (TABLE after EXCEPT ALL TABLE before) g
    UNION ALL
    SELECT 'lost', * FROM (TABLE before EXCEPT ALL TABLE after) l
    ORDER BY 1, 2, 3, 4;
SELECT results_eq('EXECUTE what_if', $$VALUES ('gained', '2', 1, 'units-minutes', 'deny'::claim_severity), ('lost', '1', 1, 'units-minutes', 'deny'),
    ('lost', '3', 1, 'mod-missing', 'deny'), ('lost', '4', 1, 'specialty-not-covered', 'deny')$$, 'what if the payer were another one');

--
-- the article's own cases, and what it passes over
--
SELECT is(denied(lines('97124-GP x1 15min', '94667 x1'), 1, 'medicare'), 'ptp', '94667 bundles massage');
SELECT is(denied(lines('97124-59-GP x1 15min', '94667 x1'), 1, 'medicare'), NULL, '94667 and massage at another time');
SELECT policy('three-codes', '{"extends": "lmt-97124-only", "specialty_codes": {"225700000X": ["97010", "97124", "97140"]}}') \g /dev/null
SELECT is(denied(lines('97140 x1 15min specialty=225700000X'), 1, 'three-codes'), NULL, 'three codes for massage therapists');
SELECT is(denied(lines('97112 x1 15min specialty=225700000X'), 1, 'three-codes'), 'specialty-code-limit', 'three codes, and no fourth');
-- carpal tunnel: an hour on the right arm, a quarter on the left later that day
SELECT is(denied(lines('97124-GP x4 60min 09:00 dx=G56.01', '97124-59-GP x1 15min 15:00 dx=G56.02'), 1, 'medicare'), 'mue-day units-split-lines', 'article: two lines for Medicare');
SELECT is(denied(lines('97124 x3 45min 09:00 dx=G56.01', '97124 x1 15min 15:00 dx=G56.02'), 2, 'cpt'), NULL, 'article: two lines elsewhere');
SELECT is(sev(lines('97124 x3 45min dx=G56.01', '97124 x3 45min dx=G56.02'), 'duplicate', 2, 'cpt'), 'review', 'article: without start times a person looks');
SELECT is(denied(lines('97124-GP x4 60min dx=G56.01,G56.02'), 1, 'medicare'), NULL, 'article: two appointments, one line');
SELECT is(sev(lines('97124 x3 45min 09:00 dx=G56.01', '97124-59 x1 15min 15:00 dx=G56.02'), 'mod-repeat-service', 2, 'cpt'), 'review', 'article: 59 on the second appointment');
SELECT is(sev(lines('97124-LT-GP x1 15min dx=G56.02'), 'mod-unneeded', 1, 'medicare'), 'info', 'article: LT is not needed');
SELECT is(denied(lines('97124 x4 60min 09:00 dx=G56.01', '97124 x1 15min 15:00 dx=G56.02'), 2, 'cpt'), 'mue-day', 'article: five units are above the limit');
SELECT is(sev(lines('97124 x4 60min 09:00 dx=G56.01', '97124 x1 15min 15:00 dx=G56.02'), 'units-scrutiny', 2, 'hns'), 'review', 'article: and are looked at');

--
-- doc/article.md
--
CREATE TEMP TABLE source (file text, n int GENERATED ALWAYS AS IDENTITY, line text) ON COMMIT DROP;
ALTER TABLE source ALTER file SET DEFAULT 'article';
\copy source (line) FROM 'doc/article.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
ALTER TABLE source ALTER file SET DEFAULT 'cases_derived';
\copy source (line) FROM 'test/tap/cases_derived.sql' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
ALTER TABLE source ALTER file SET DEFAULT 'cases_published';
\copy source (line) FROM 'test/tap/cases_published.sql' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
ALTER TABLE source ALTER file SET DEFAULT 'cases_peers';
\copy source (line) FROM 'test/tap/cases_peers.sql' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
ALTER TABLE source ALTER file SET DEFAULT 'fee';
\copy source (line) FROM 'test/tap/fee.sql' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
ALTER TABLE source ALTER file SET DEFAULT 'policies';
\copy source (line) FROM 'test/tap/policies.sql' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- | number | what the article says | what the source says | rules and policies | tests |
CREATE TEMP TABLE article ON COMMIT DROP AS
SELECT trim(c[2])::int AS number, trim(c[3]) AS statement, trim(c[4]) AS authority, trim(c[5]) AS rules, trim(c[6]) AS tests, cardinality(c) AS columns
FROM (SELECT string_to_array(line, '|') AS c FROM source WHERE file = 'article' AND line ~ '^\| *[0-9]+ *\|') t;
CREATE TEMP TABLE article_test ON COMMIT DROP AS
SELECT number, m[1] AS file, m[2] AS name FROM article, regexp_matches(tests, '`([a-z_]+): ([^`]+)`', 'g') m;

SELECT is((SELECT array_agg(number ORDER BY number) FROM article), (SELECT array_agg(n::int) FROM generate_series(1, (SELECT count(*) FROM article)) n), 'article.md: the rows are numbered');
SELECT is((SELECT string_agg(number::text, ', ') FROM article WHERE columns <> 7 OR '' IN (statement, authority, rules, tests)), NULL, 'article.md: each row has all its columns');
SELECT is((SELECT string_agg(DISTINCT format('%s: %s', number, w[1]), ', ') FROM article, regexp_matches(rules, '`([^`]+)`', 'g') w
    WHERE w[1] NOT IN (SELECT rule FROM claim_rules() UNION SELECT name FROM claim_policy UNION SELECT jsonb_object_keys(settings) FROM claim_policy
        UNION SELECT p.proname FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e')), NULL, 'article.md: each rule, policy, setting and function exists');
SELECT is((SELECT string_agg(format('%s: %s: %s', number, t.file, t.name), '; ') FROM article_test t
    WHERE NOT EXISTS (SELECT FROM source s WHERE s.file = t.file AND position('''' || replace(t.name, '''', '''''') IN s.line) > 0)
        AND NOT EXISTS (SELECT FROM example e WHERE t.file = 'policies' AND (starts_with(format('%s denies %s', e.policy, e.denied[e.line_no]), t.name)
            OR starts_with(format('%s passes %s', e.policy, e.passed[e.line_no]), t.name)))), NULL, 'article.md: each test exists');
SELECT is((SELECT string_agg(number::text, ', ') FROM article WHERE rules ~ '`' AND tests !~ '`'), NULL, 'article.md: what a rule checks, a test shows');
SELECT is((SELECT string_agg(number::text, ', ') FROM article WHERE rules !~ '`' AND length(rules) < 20), NULL, 'article.md: what no rule checks says why');
SELECT is((SELECT string_agg(r.rule, ', ') FROM claim_rules() r WHERE r.family = 'payer' AND NOT EXISTS (SELECT FROM article a WHERE position('`' || r.rule || '`' IN a.rules) > 0)), NULL,
    'article.md: each rule of the family payer has its place');

SELECT * FROM finish();

ROLLBACK;

-- A field that cannot be read takes no denial of another rule away: over random days of all codes, modifiers and optional fields, each denial
-- of the clean rows, by rule, claim and line, is there when one field of some rows is made unreadable, unless its rule reads the field.
-- Which rule reads which field is written out here from doc/rules.md.

BEGIN;
\i test/tap/lib.sql

SELECT * FROM no_plan();

CREATE SCHEMA unread;
SELECT set_config('search_path', 'unread, ' || current_setting('search_path'), true) \g /dev/null

-- fields that a denial of the rule is made of; of modifiers where what they say can take it away, not where they can only explain it
CREATE TABLE reads (rule text PRIMARY KEY, fields text[]);
INSERT INTO reads VALUES
    ('units-fraction', '{}'), ('mue-line', '{}'), ('mue-day', '{}'), ('ptp', '{}'), ('cmt-bundled', '{}'), ('dx-missing', '{dx}'), ('dx-not-necessary', '{dx}'), ('referral-missing', '{referral}'), ('visits-limit', '{visit}'),
    -- minutes are pooled apart where a line is billed for its denial; a code is on several lines where their modifiers do not differ
    ('units-minutes', '{minutes,modifiers}'), ('units-split-lines', '{modifiers}'), ('time-overlap', '{start_time,minutes}'),
    -- where a pair is not bypassed any more, it speaks instead
    ('cmt-region', '{regions,dx,modifiers}'), ('cmt-level', '{regions,dx}'), ('cmt-modifier-required', '{modifiers}'),
    ('mod-unknown', '{modifiers}'), ('mod-repeated', '{modifiers}'), ('mod-conflict', '{modifiers}'), ('mod-requires', '{modifiers}'), ('mod-not-allowed', '{modifiers}'), ('mod-position', '{modifiers}'), ('mod-missing', '{modifiers}'), ('mod-assistant', '{modifiers,minutes,assistant}'),
    ('duplicate', '{modifiers,start_time,minutes,dx,regions}'), ('specialty-not-covered', '{specialty,modifiers}'), ('specialty-code-limit', '{specialty,modifiers}'), ('billed-for-denial', '{modifiers,specialty}'), ('supervision-modifier', '{specialty,modifiers}'),
    -- what denies the primary is any rule
    ('addon-missing', '{}'), ('addon-denied', '{modifiers,minutes,assistant,start_time,dx,regions,specialty,referral,visit}');
-- those of a patient's course are of no day
SELECT is_empty('SELECT rule FROM claim_rules() WHERE severity = ''deny'' AND family <> ''course'' EXCEPT SELECT rule FROM reads', 'each rule of a day that denies is here');

CREATE FUNCTION pick(n int, seed int, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(choices[1 + draw(n, seed, cardinality(choices))], '') $$;
CREATE TABLE clean AS SELECT 'P' || n / 3 AS patient, 'C' || n AS claim, '1' AS line_no, pick(n / 3, 1, '2024-08-01', '2024-08-01', '2026-11-02', '2016-05-05') AS dos,
    pick(n, 2, '97124', '97124', '97124', '97140', '97110', '97112', '97530', '97150', '97010', '98940', '98941', '98942', '98943', '99213', '97161', '97164', 'G0283', '97012', '97810', '97811', '97129') AS code,
    pick(n, 3, '', 'GP', 'GP', 'GP', 'AT', 'AT', 'GP59', 'XS', 'GY', 'GZ', '76', '25', 'ZZ', 'GP,GP', 'GP,GO', 'CQ', 'GO', 'U7', 'AT,GA', '59,76,GP', 'XP') AS modifiers,
    pick(n, 4, '1', '1', '1', '2', '3', '5', '9', '1.5', '0') AS units, pick(n, 5, '', '8', '15', '22', '30', '60') AS minutes, pick(n, 6, '', '', '9:00', '9:00', '9:10', '13:30') AS start_time,
    pick(n, 7, '', 'M54.2', 'M99.01,M99.02', 'F41.1', 'M99.01', 'M54.17', 'R45.0') AS dx, pick(n, 8, '', '', '', 'cervical', 'lumbar,cervical', 'cervical,thoracic,lumbar') AS regions,
    pick(n, 9, '', '35', '65', '225700000X', '111N00000X') AS specialty, pick(n, 10, '', 'no', 'yes') AS referral, pick(n, 11, '', '1', '4', '17') AS visit
FROM generate_series(1, 2400) n;
-- an assistant gave all of some lines, and nothing of others
ALTER TABLE clean ADD assistant text;
UPDATE clean SET assistant = CASE draw(substr(claim, 2)::int, 13, 4) WHEN 0 THEN minutes WHEN 1 THEN '0' END;
-- some are billed again
INSERT INTO clean SELECT patient, claim || '0000', line_no, dos, code, modifiers, units, minutes, start_time, dx, regions, specialty, referral, visit, assistant FROM clean WHERE draw(substr(claim, 2)::int, 12, 10) = 0;
CREATE TABLE broken (LIKE clean);
CREATE FUNCTION mapping() RETURNS jsonb LANGUAGE sql AS $$ SELECT '{"patient": "patient", "dos": "dos", "claim_id": "claim", "line_no": "line_no", "code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes",
    "start_time": "start_time", "dx": "dx", "regions": "regions", "specialty": "specialty", "referral": "referral", "visit": "visit", "assistant": "assistant"}'::jsonb $$;
SELECT claim_source_add(s, s, NULL, mapping()) FROM unnest('{clean,broken}'::text[]) s \g /dev/null

-- Of a duplicate, and of units above the minutes, the order of the lines says which of a day's equal ones is denied: how many of a code counts.
CREATE FUNCTION denials(src regclass, policy text) RETURNS TABLE (rule text, place text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT e.rule, CASE WHEN e.rule IN (''duplicate'', ''units-minutes'') THEN c.patient || '' '' || c.code || '' '' || row_number() OVER (PARTITION BY e.rule, c.patient, c.code) ELSE e.claim_id END
        FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient, provider, dos) d, claim_edits(d.day, $1) e, clean c WHERE e.severity = ''deny'' AND c.claim = e.claim_id', src)
        USING CASE policy WHEN 'visits' THEN ruleset_of('{"extends": "hns", "visits_limit": 16}') WHEN 'bundled' THEN ruleset_of('{"extends": "medicare", "cmt_massage": "bundled"}') ELSE ruleset(policy) END;
END $$;
CREATE FUNCTION ruleset_of(settings jsonb) RETURNS claim_ruleset LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO claim_policy (name, settings, note, source) VALUES ('tried', settings, 'tried', 'here') ON CONFLICT (name) DO UPDATE SET settings = excluded.settings;
    RETURN ruleset('tried');
END $$;
CREATE TABLE policies (policy text); INSERT INTO policies VALUES ('medicare'), ('visits'), ('bundled'), ('wa-lni'), ('u7-supervised'), ('mountain-state'), ('lmt-97124-only'), ('medicare-secondary');
CREATE TABLE denied AS SELECT DISTINCT p.policy, d.rule, d.place FROM policies p, denials('clean_lines', p.policy) d;
SELECT is_empty('SELECT rule FROM reads WHERE rule <> ''mue-line'' EXCEPT SELECT rule FROM denied GROUP BY rule HAVING count(*) > 10', 'each rule denies many of the clean rows: of MAI 1 the starter has none');
SELECT is((SELECT count(*) FROM clean_lines WHERE line_error IS NOT NULL), 0::bigint, 'which can all be read');

CREATE TABLE lost (field text, policy text, rule text, place text);
CREATE TABLE still (policy text, rule text, place text);
CREATE TABLE kept (field text, n bigint);
CREATE FUNCTION break(field text, VARIADIC junk text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unread text := CASE field WHEN 'start_time' THEN 'start' WHEN 'regions' THEN 'region' ELSE field END;
BEGIN
    TRUNCATE broken;
    INSERT INTO broken TABLE clean;
    EXECUTE format('UPDATE broken SET %I = pick(substr(claim, 2)::int, 100, VARIADIC $1) WHERE draw(substr(claim, 2)::int, 101, 2) = 0', field) USING junk;
    INSERT INTO kept SELECT field, count(*) FROM broken_lines WHERE line_unread(line) = ARRAY[unread];
    TRUNCATE still;
    INSERT INTO still SELECT DISTINCT p.policy, b.rule, b.place FROM policies p, denials('broken_lines', p.policy) b;
    INSERT INTO lost SELECT field, d.policy, d.rule, d.place FROM denied d LEFT JOIN still s USING (policy, rule, place) WHERE s.place IS NULL;
END $$;
-- what is found, by three policies, where every other row has a field that cannot be read
CREATE TABLE again (rule text, severity claim_severity, message text, line claimline, partial boolean);
CREATE FUNCTION judge_again(field text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rules claim_ruleset;
BEGIN
    TRUNCATE broken;
    INSERT INTO broken TABLE clean;
    EXECUTE format('UPDATE broken SET %1$I = concat(%1$I || '','', ''G'') WHERE draw(substr(claim, 2)::int, 101, 2) = 0', field);
    FOREACH rules IN ARRAY ARRAY[ruleset('hns'), ruleset('medicare'), ruleset('u7-supervised')] LOOP
        INSERT INTO again SELECT e.rule, e.severity, e.message, l.line, l.line_error IS NOT NULL
        FROM (SELECT claimday(claim_id, line_no, line) AS day FROM broken_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, rules) e JOIN broken_lines l USING (claim_id);
    END LOOP;
END $$;
SELECT break('modifiers', '99999', 'GP5', 'G', 'G.P', 'modifiers'), break('minutes', 'x', '-1', '1441', '15.5', '1 hour'), break('start_time', '25:00', 'noon', '9', '99:99'), break('dx', '0', 'UNK!', '9999999', '724.2', 'NA'),
    break('regions', 'knee', 'C1', 'neck pain'), break('specialty', '207Q', 'x', 'DC chiropractor', '1'), break('referral', 'maybe', '2', '?'), break('visit', '0', 'x', '40000', '1.5'), break('assistant', 'x', '-1', '1441', '15.5', '1 hour') \g /dev/null
SELECT ok(n > 1000, format('%s is not read in %s rows, which are lines', field, n)) FROM kept;
SELECT is((SELECT count(*) FROM broken_lines WHERE line IS NULL), 0::bigint, 'no row is lost for it');
SELECT is_empty($$SELECT l.field, l.rule, count(*), min(l.policy || ' ' || l.place) FROM lost l JOIN reads r USING (rule) WHERE l.field <> ALL (r.fields) GROUP BY 1, 2$$, 'no denial of a rule that does not read it is lost');
-- what is denied for want of the field is not decided where the row has it
CREATE TABLE wants (rule text, field text);
INSERT INTO wants VALUES ('mod-missing', 'modifiers'), ('mod-requires', 'modifiers'), ('mod-assistant', 'modifiers'), ('cmt-modifier-required', 'modifiers'), ('supervision-modifier', 'modifiers'), ('dx-missing', 'dx'), ('dx-not-necessary', 'dx'), ('cmt-level', 'dx'), ('cmt-level', 'region');
SELECT judge_again('modifiers'), judge_again('dx'), judge_again('regions') \g /dev/null
SELECT is_empty($$SELECT a.rule, a.severity, a.line::text FROM again a JOIN wants w USING (rule) WHERE w.field = ANY (line_unread(a.line)) AND a.severity = 'deny'$$, 'what is denied for want of a field that the row has is not');
SELECT is((SELECT string_agg(DISTINCT a.rule, ' ') FROM again a JOIN wants w USING (rule) WHERE w.field = ANY (line_unread(a.line)) AND a.severity = 'unknown' AND a.message ~ '; not decided: the row''s .* could not be read$'),
    'cmt-level cmt-modifier-required dx-missing dx-not-necessary mod-assistant mod-missing mod-requires supervision-modifier', 'but unknown, and says so');
SELECT cmp_ok((SELECT count(*) FROM again a WHERE NOT a.partial AND a.severity = 'deny' AND a.rule IN (SELECT rule FROM wants)), '>', 100::bigint, 'beside them rows that lack it are denied');
SELECT is(sev(lines('97124-CQ x1 unread=modifiers', '97124-GP-GO x1 unread=modifiers'), r, n), w, format('%s on line %s', r, n)) FROM (VALUES ('mod-requires', 1, 'unknown'), ('mod-missing', 1, 'unknown'), ('mod-conflict', 2, 'deny'), ('mod-missing', 2, NULL)) v(r, n, w);
SELECT ok((SELECT count(DISTINCT field) FROM lost) >= 6, 'those that do, can be');
-- a line that was denied whatever its modifiers say is denied still, by this rule or another
SELECT is_empty($$SELECT l.policy, l.place, l.rule FROM lost l WHERE l.field = 'modifiers' AND l.rule IN ('ptp', 'mue-day', 'cmt-bundled', 'units-fraction', 'time-overlap', 'visits-limit', 'referral-missing', 'dx-missing', 'dx-not-necessary')$$, 'modifiers that cannot be read open no pair and no limit');

SELECT * FROM finish();

ROLLBACK;

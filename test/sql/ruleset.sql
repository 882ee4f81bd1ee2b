-- the type claim_ruleset: text form, content and hash, the built-in rulesets, the catalogue

CREATE SCHEMA ruleset_test;
SET search_path = ruleset_test, public;
SET datestyle = 'ISO, YMD';
\pset null (null)

--
-- the built-in rulesets
--

SELECT p AS policy, e AS edition, r->'policy'->>'name' AS policy_name, r->'edition'->>'name' AS edition_name, r->'edition'->>'service_type' AS service_type, ruleset_coverage(ruleset(p, e)) AS coverage
FROM unnest(ARRAY['medicare', 'cpt']) p, unnest(ARRAY['starter', 'starter-outpatient', NULL]) e, LATERAL (SELECT ruleset(p, e)::text::jsonb AS r) x
ORDER BY p DESC, e;
SELECT ruleset_hash(starter_ruleset()) ~ '^[0-9a-f]{32}$' AS hash, ruleset_hash(starter_ruleset()) = ruleset_hash(ruleset()) AS default_both,
	ruleset_hash(ruleset('medicare')) = ruleset_hash(ruleset('medicare', NULL)) AS default_edition, ruleset_hash(ruleset()) = ruleset_hash(ruleset(edition => 'starter', policy => 'medicare')) AS named,
	(SELECT count(DISTINCT ruleset_hash(ruleset(p, e))) FROM unnest(ARRAY['medicare', 'cpt']) p, unnest(ARRAY['starter', 'starter-outpatient']) e) AS different;
SELECT ruleset('nobody');
SELECT ruleset('medicare', '2024Q3');
SELECT ruleset('nobody', 'nothing');
SELECT ruleset('MEDICARE');
-- a policy has a name: null is refused or gives null, and nothing else
DO $$
BEGIN
	IF ruleset(NULL) IS NOT NULL THEN
		RAISE NOTICE 'ruleset(NULL) gave a ruleset';
	END IF;
EXCEPTION WHEN null_value_not_allowed OR undefined_object THEN
	NULL;
END $$;

--
-- text form
--

-- JSON: two objects of settings, the tables as arrays of rows
SELECT k, jsonb_typeof(v) AS type, v->0 IS NOT NULL AS has_rows, (SELECT max(jsonb_array_length(r)) = min(jsonb_array_length(r)) FROM jsonb_array_elements(CASE WHEN jsonb_typeof(v) = 'array' THEN v ELSE '[[]]' END) r) AS same_width
FROM jsonb_each(starter_ruleset()::text::jsonb) e(k, v) ORDER BY k COLLATE "C";
SELECT k, v FROM jsonb_each(starter_ruleset()::text::jsonb->'policy') e(k, v) ORDER BY k COLLATE "C";
SELECT k, v FROM jsonb_each(ruleset('cpt', 'starter-outpatient')::text::jsonb->'policy') e(k, v) ORDER BY k COLLATE "C";
SELECT k, v FROM jsonb_each(starter_ruleset()::text::jsonb->'edition') e(k, v) ORDER BY k COLLATE "C";
-- a few of the rows
SELECT k, r
FROM jsonb_each(starter_ruleset()::text::jsonb) e(k, v), jsonb_array_elements(CASE WHEN jsonb_typeof(v) = 'array' THEN v ELSE '[]' END) r
WHERE (k, r->>0) IN (('codes', '97124'), ('codes', '98941'), ('codes', '98943'), ('scope', '97124'), ('scope', '97140'), ('mue', '97124'), ('modifiers', 'XS'), ('modifiers', 'CQ'), ('specialties', '35'))
	OR k = 'ptp' AND r->>0 IN ('97140', '98941') AND r->>1 = '97124' OR k = 'denials' AND r->>0 IN ('ptp', 'mod-missing') OR k = 'modifier_conflicts' AND r->>0 = '59' AND r->>1 = 'XS'
ORDER BY k COLLATE "C", r;

-- out and in again: the same content; so too with keys in another order and other white space
SELECT p, e, ruleset_hash(r::text::claim_ruleset) = ruleset_hash(r) AS same, r::text::claim_ruleset::text = r::text AS same_text,
	ruleset_hash(r::text::jsonb::text::claim_ruleset) = ruleset_hash(r) AS from_jsonb, ruleset_hash(jsonb_pretty(r::text::jsonb)::claim_ruleset) = ruleset_hash(r) AS pretty
FROM unnest(ARRAY['medicare', 'cpt']) p, unnest(ARRAY['starter', 'starter-outpatient']) e, LATERAL (SELECT ruleset(p, e) AS r) x ORDER BY p, e;

-- the order of rows does not matter
CREATE TABLE base AS SELECT starter_ruleset()::text::jsonb AS r;
SELECT k, ruleset_hash(jsonb_set(r, ARRAY[k], (SELECT coalesce(jsonb_agg(x ORDER BY n DESC), '[]') FROM jsonb_array_elements(v) WITH ORDINALITY u(x, n)))::text::claim_ruleset) = ruleset_hash(starter_ruleset()) AS reversed,
	ruleset_hash(jsonb_set(r, ARRAY[k], (SELECT coalesce(jsonb_agg(x ORDER BY md5(x::text)), '[]') FROM jsonb_array_elements(v) u(x)))::text::claim_ruleset) = ruleset_hash(starter_ruleset()) AS shuffled
FROM base, jsonb_each(r) e(k, v) WHERE jsonb_typeof(v) = 'array' ORDER BY k COLLATE "C";
-- all tables at once
SELECT ruleset_hash((r || (SELECT jsonb_object_agg(k, (SELECT coalesce(jsonb_agg(x ORDER BY md5('again' || x::text)), '[]') FROM jsonb_array_elements(v) u(x))) FROM jsonb_each(r) e(k, v) WHERE jsonb_typeof(v) = 'array'))::text::claim_ruleset)
	= ruleset_hash(starter_ruleset()) AS same
FROM base;
-- where two rows say different things of the same case, they are refused or the order still does not matter
CREATE FUNCTION hash_or_refused(rules text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	RETURN ruleset_hash(rules::claim_ruleset);
EXCEPTION WHEN data_exception THEN
	RETURN 'refused';
END $$;
SELECT k, hash_or_refused(jsonb_set(r, ARRAY[k], jsonb_build_array(a, b))::text) = hash_or_refused(jsonb_set(r, ARRAY[k], jsonb_build_array(b, a))::text) AS same
FROM base, (VALUES ('codes', '["97124", "timed", null, null, null]'::jsonb, '["97124", "pmr", null, null, null]'::jsonb), ('scope', '["97124", "set"]', '["97124", "whole"]'),
	('modifiers', '["59", null, "distinct", null, null, null, null]', '["59", null, null, null, null, null, null]'), ('modifier_conflicts', '["59", "XS", null, "deny"]', '["XS", "59", null, "info"]'),
	('ptp', '["98941", "97124", null, null, 0, null]', '["98941", "97124", null, null, 1, null]'), ('ptp', '["98941", "97124", "2020-01-01", "2020-01-01", 9, "a"]', '["98941", "97124", "2020-01-01", "2020-01-01", 9, "b"]'),
	('mue', '["97124", 4, 3, null, null]', '["97124", 5, 3, null, null]'), ('regions', '["M54", "head"]', '["M54", "pelvic"]'),
	('denials', '["ptp", null, "CO-97", null, null, null, null, null]', '["ptp", null, "CO-236", null, null, null, null, null]'),
	('denials', '["ptp", null, "CO-97", null, "2020-01-01", null, null, null]', '["ptp", null, "CO-236", "2019-01-01", null, null, null, null]'), ('specialties', '["35", "GP"]', '["35", "GO"]'),
	('gaps', '["2021-01-01", "2021-01-31"]', '["2021-01-01", "2021-02-28"]'), ('gaps', '["2021-01-01", "2021-01-31"]', '["2021-01-15", null]'), ('mue_whole', '[null, "2021-01-31"]', '[null, null]')) v(k, a, b);

-- every change of content changes the hash
CREATE FUNCTION hash_with(path text, value jsonb) RETURNS text
LANGUAGE sql AS $$ SELECT ruleset_hash(jsonb_set(r, path::text[], value)::text::claim_ruleset) FROM base $$;
SELECT path, value, hash_with(path, value) <> ruleset_hash(starter_ruleset()) AS differs
FROM (VALUES ('{policy,name}', '"other"'::jsonb), ('{policy,unit_rule}', '"ama"'), ('{policy,unit_minutes}', '30'), ('{policy,unit_threshold}', '9'), ('{policy,mue}', '"no"'),
	('{policy,cmt_massage}', '"bundled"'), ('{policy,cmt_extraspinal_modifier}', '"yes"'), ('{policy,distinct_modifier}', '"59"'), ('{policy,either_line_from}', '"2019-07-02"'),
	('{policy,outside_coverage}', '"apply"'), ('{policy,therapy_modifier_from}', 'null'), ('{policy,therapy_modifier_positions}', '3'), ('{policy,modifier_positions}', '5'),
	('{policy,one_line_from}', 'null'), ('{policy,at_required_from}', '"2004-10-02"'),
	('{policy,unit_rule_from}', '"2016-03-02"'), ('{policy,unit_rule_earlier}', '"ama"'), ('{policy,cmt_bundled_from}', '"2005-08-01"'), ('{policy,specialty_required}', '"yes"'), ('{policy,denial_modifier}', 'null'),
	('{policy,denial_modifier_wanted}', '"yes"'), ('{policy,supervision_modifier}', '"U7"'), ('{policy,dx_required}', '"yes"'), ('{policy,referral_from}', '"2020-01-01"'),
	('{policy,units_scrutiny}', '0'), ('{policy,visits_scrutiny}', '2'), ('{policy,visits_limit}', '20'),
	('{policy,daily_limits}', '{"97124": 2}'), ('{policy,cmt_bundled}', '["97010"]'), ('{policy,massage_codes}', '["97124", "97140"]'), ('{policy,specialties_not_covered}', '{"35": []}'),
	('{policy,specialty_codes}', '{"225700000X": []}'), ('{policy,supervision_required_of}', '["225700000X"]'), ('{policy,supervision_asked_of}', '["35"]'), ('{policy,dx_not_necessary}', '["F41"]'),
	('{policy,assistant_percent,2020}', '11'), ('{policy,assistant_alone_minutes}', '{}'), ('{policy,assistant_shared_minutes,2022}', '24'), ('{policy,assistant_payment,2023}', '88'),
	('{policy,kx_threshold,2024}', '2331'), ('{policy,review_threshold,2024}', '3001'), ('{policy,course_limits}', '{"visits_year": 16}'), ('{policy,periods_required}', '["authorization"]'), ('{policy,severity}', '{"ptp": "review"}'), ('{gaps,0}', '["2021-01-01", "2021-01-31"]'), ('{mue_whole,0}', '["2021-01-01", "2021-01-31"]'),
	('{edition,name}', '"other"'), ('{edition,service_type}', '"other"'), ('{edition,from}', 'null'), ('{edition,to}', '"2024-10-01"'), ('{edition,scope}', '"all"'),
	('{codes,0,1}', '"timed"'), ('{scope,0,1}', '"whole"'), ('{modifiers,0,1}', '"2020-01-01"'), ('{modifiers,0,2}', '"repeat"'), ('{modifiers,0,3}', '"em"'), ('{modifiers,0,4}', '"em"'), ('{modifiers,0,5}', '"GP"'),
	('{modifier_conflicts,0,3}', '"review"'), ('{ptp,0,2}', '"1996-01-01"'), ('{ptp,0,3}', '"2030-01-01"'), ('{ptp,0,4}', '1'), ('{ptp,0,5}', '"other"'),
	('{mue,0,1}', '7'), ('{mue,0,2}', '1'), ('{mue,0,3}', '"2020-01-01"'), ('{mue,0,4}', '"2030-01-01"'), ('{regions,0,1}', '"head"'),
	('{rules,0,1}', '"other"'), ('{rules,0,2}', '"info"'), ('{rules,0,3}', '"other"'), ('{rules,0,4}', '"other"'),
	('{denials,0,2}', '"CO-1"'), ('{denials,0,3}', '"2000-01-01"'), ('{denials,0,5}', 'null'), ('{denials,0,6}', '"2000-01-01"'), ('{specialties,0,1}', '"GP"')) v(path, value);
-- and changing it back changes it back
SELECT hash_with('{policy,unit_rule}', '"cms"') = ruleset_hash(starter_ruleset()) AS same;

-- a severity that the policy changes is the rule's, and stays it without the policy's list
SELECT (SELECT rule FROM jsonb_array_elements(x->'rules') rule WHERE rule->>0 = 'ptp'), ruleset_hash(x::text::claim_ruleset) <> ruleset_hash((x #- '{policy,severity}')::text::claim_ruleset) AS differs
FROM (SELECT (jsonb_set(r, '{policy,severity}', '{"ptp": "review"}')::text::claim_ruleset)::text::jsonb AS x FROM base) s;

-- what the settings do is content too: coverage with open ends
SELECT ruleset_coverage(jsonb_set(r, '{edition,from}', 'null')::text::claim_ruleset), ruleset_coverage(jsonb_set(r, '{edition,to}', 'null')::text::claim_ruleset),
	ruleset_coverage(jsonb_set(jsonb_set(r, '{edition,from}', '"2024-09-30"'), '{edition,to}', '"2024-09-30"')::text::claim_ruleset) FROM base;
SELECT starter_ruleset()::text LIKE '{"claimline_ruleset": 2,%' AS versioned;

--
-- errors name the key path
--

-- a small ruleset to break; its other rules are the built-in ones
CREATE TABLE small AS SELECT r || '{"codes": [["97124", "timed therapy pmr with-cmt", null, null, null], ["98941", "cmt", 3, 4, null]], "scope": [["97124", "whole"]], "addon": [["98941", "97124", 3, "2021-01-01", null]],
	"modifiers": [["59", null, "bypass-either distinct", null, "em", null, null], ["GP", null, "discipline", null, null, null, null]],
	"modifier_conflicts": [["59", "GP", null, "review"]],
	"ptp": [["98941", "97124", "1996-01-01", "2002-03-31", 0, null], ["98941", "97124", "2002-04-01", null, 1, "a reason"]],
	"mue": [["97124", 4, 3, null, null], ["98941", 1, 2, "2020-01-01", "2020-12-31"], ["98941", 2, 2, "2021-01-01", null]], "regions": [["M54", "cervical"], ["M54.5", "lumbar sacral"]],
	"rules": [["mue-day", "mue", "deny", "t", "c"], ["ptp", "ptp", "deny", "t", "c"], ["ptp-bypassed", "ptp", "info", "t", "c"]],
	"denials": [["ptp", null, "CO-236", "2011-01-30", null, null, null, null]], "specialties": [["35", "GP"]],
	"gaps": [["2021-01-01", "2021-03-31"], ["2022-01-01", "2022-01-01"]], "mue_whole": [[null, "2020-12-31"], ["2021-04-01", null]]}' AS r FROM base;
SELECT ruleset_coverage(r::text::claim_ruleset), r::text::claim_ruleset::text::jsonb - '{rules,denials}'::text[] = r - '{rules,denials}'::text[] AS same FROM small;
-- coverage is from the first date to the last; a date in a gap is outside
SELECT dos, (SELECT count(*) FROM claim_edits(claimline('97124', dos => dos), r::text::claim_ruleset) WHERE rule = 'edition-coverage' AND severity = 'review') AS outside
FROM small, (VALUES (date '2020-09-30'), ('2020-10-01'), ('2020-12-31'), ('2021-01-01'), ('2021-03-31'), ('2021-04-01'), ('2022-01-01'), ('2022-01-02')) d(dos) ORDER BY dos;
-- a code without a limit is undecided, unless all limits of the date are there
SELECT dos, coalesce((SELECT string_agg(message, '; ') FROM claim_edits(claimline('97140', units => 1, dos => dos), jsonb_set(r, '{edition,scope}', '"all"')::text::claim_ruleset) WHERE rule = 'edition-coverage' AND severity = 'unknown'), 'decided') AS units
FROM small, (VALUES (date '2020-12-31'), ('2021-02-01'), ('2021-04-01'), (NULL)) d(dos) ORDER BY dos;

CREATE FUNCTION refused(input text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::claim_ruleset;
	message := 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	message := regexp_replace(message, ': ".*', '');
END $$;

\pset format unaligned
-- settings
SELECT path, value, state, message, detail
FROM (VALUES ('{policy,unheard_of}', '1'::jsonb), ('{policy,unit_rule}', '"cmss"'), ('{policy,unit_rule}', 'null'), ('{policy,unit_minutes}', '0'), ('{policy,unit_minutes}', '61'), ('{policy,unit_minutes}', '"x"'),
	('{policy,unit_minutes}', '15.5'), ('{policy,unit_minutes}', 'null'), ('{policy,unit_threshold}', '16'), ('{policy,mue}', '"maybe"'), ('{policy,either_line_from}', '"2019-7-1"'),
	('{policy,either_line_from}', '"2019-02-29"'), ('{policy,modifier_positions}', '6'), ('{policy,name}', 'null'), ('{policy,name}', '""'),
	('{policy,unit_rule_from}', '"never"'), ('{policy,denial_modifier}', '"GYY"'), ('{policy,specialty_required}', 'null'), ('{policy,visits_limit}', '-1'), ('{policy,visits_limit}', '1000000'), ('{policy,extends}', '"cpt"'),
	('{policy,daily_limits}', '[]'), ('{policy,daily_limits}', '{"9712": 1}'), ('{policy,daily_limits}', '{"97124": -1}'), ('{policy,daily_limits}', '{"97124": "x"}'), ('{policy,cmt_bundled}', '{}'), ('{policy,cmt_bundled}', '"97124"'),
	('{policy,cmt_bundled}', '["97124", "9712"]'), ('{policy,cmt_bundled}', '["97124", "97124"]'), ('{policy,specialties_not_covered}', '{"355": []}'), ('{policy,specialties_not_covered}', '{"35": ["9894"]}'), ('{policy,specialties_not_covered}', '{"35": null}'),
	('{policy,course_limits}', '{"visits": 3}'), ('{policy,course_limits}', '{"units_week": 1.5}'), ('{policy,periods_required}', '["referral"]'), ('{policy,specialty_codes}', '{"35": ["97124", null]}'), ('{policy,supervision_asked_of}', '["35", "3"]'), ('{policy,dx_not_necessary}', '["F41", "F4"]'), ('{policy,kx_threshold}', '{"1899": 1}'), ('{policy,kx_threshold}', '{"2024": null}'),
	('{policy,severity}', '{"unheard-of": "deny"}'), ('{policy,severity}', '{"ptp": "never"}'), ('{policy,severity}', '{"ptp": null}'),
	('{edition,unheard_of}', '1'), ('{edition,name}', 'null'), ('{edition,service_type}', 'null'), ('{edition,from}', '"yesterday"'), ('{edition,to}', '"1990-01-01"'), ('{edition,scope}', '"some"')) v(path, value),
	small, refused(jsonb_set(r, path::text[], value)::text);
-- what is no setting and no table, or of another shape
SELECT path, value, state
FROM (VALUES ('{claimline_ruleset}', '1'::jsonb), ('{claimline_ruleset}', '3'), ('{claimline_ruleset}', '"one"'), ('{unheard_of}', '1'), ('{policy,mue}', '{}'), ('{policy}', '[]'), ('{ptp}', '{}'), ('{ptp,0}', '{}'), ('{ptp,0,0}', '[]')) v(path, value),
	small, refused(jsonb_set(r, path::text[], value)::text);
-- settings left out
SELECT path, state, message, detail
FROM (SELECT '{claimline_ruleset}' AS path UNION ALL SELECT '{policy}' UNION ALL SELECT '{edition}' UNION ALL
	SELECT '{policy,' || k || '}' FROM small, jsonb_object_keys(r->'policy') k UNION ALL SELECT '{edition,' || k || '}' FROM small, jsonb_object_keys(r->'edition') k) v,
	small, refused((r #- path::text[])::text) ORDER BY path COLLATE "C";
-- rows
SELECT path, value, state, message, detail
FROM (VALUES ('{codes,1}', '["98941", "cmt", 3, 4]'::jsonb), ('{codes,1}', '["98941", "cmt", 3, 4, null, null]'), ('{codes,1}', '[]'), ('{codes,1,0}', '"9894"'), ('{codes,1,0}', 'null'), ('{codes,1,0}', '"97124"'), ('{codes,1,1}', '"cmt unheard-of"'),
	('{codes,1,2}', '11'), ('{codes,1,3}', '"x"'), ('{codes,1,4}', '-1'),
	('{scope,0,0}', '"?"'), ('{scope,0,1}', '"part"'), ('{scope,0,1}', 'null'), ('{scope,1}', '["97124", "set"]'),
	('{modifiers,1,0}', '"G"'), ('{modifiers,1,0}', '"59"'), ('{modifiers,1,1}', '"2020"'), ('{modifiers,1,2}', '"unheard-of"'), ('{modifiers,1,3}', '"unheard-of"'), ('{modifiers,1,4}', '"unheard-of"'), ('{modifiers,1,5}', '"unheard-of"'), ('{modifiers,1,6}', '"2020-13-01"'),
	('{modifier_conflicts,0,0}', '"GP"'), ('{modifier_conflicts,0,1}', 'null'), ('{modifier_conflicts,0,2}', '"x"'), ('{modifier_conflicts,0,3}', '"never"'), ('{modifier_conflicts,1}', '["GP", "59", null, "deny"]'),
	('{ptp,0,0}', '"9894"'), ('{ptp,0,1}', '"9894"'), ('{ptp,0,1}', '"98941"'), ('{ptp,0,2}', '"x"'), ('{ptp,0,3}', '"x"'), ('{ptp,0,3}', '"1995-12-31"'), ('{ptp,0,3}', '"2002-04-01"'), ('{ptp,0,3}', 'null'), ('{ptp,0,4}', '2'), ('{ptp,0,4}', '10'), ('{ptp,0,4}', 'null'),
	('{mue,1,0}', '"9894"'), ('{mue,1,1}', '-1'), ('{mue,1,1}', '1.5'), ('{mue,1,1}', 'null'), ('{mue,1,1}', '1000000'), ('{mue,1,2}', '0'), ('{mue,1,2}', '4'), ('{mue,1,3}', '"x"'), ('{mue,1,4}', '"2019-12-31"'), ('{mue,1,4}', '"2021-01-01"'),
	('{regions,1,0}', '"M5"'), ('{regions,1,0}', '"M54"'), ('{regions,1,0}', 'null'), ('{regions,1,1}', '"neck"'),
	('{rules,2,0}', '"unheard-of"'), ('{rules,2,0}', '"ptp"'), ('{rules,2,1}', 'null'), ('{rules,2,2}', '"never"'), ('{rules,2,3}', '""'), ('{rules,2,4}', 'null'),
	('{denials,0,0}', '"unheard-of"'), ('{denials,0,2}', 'null'), ('{denials,0,3}', '"x"'), ('{denials,0,4}', '"2011-01-29"'), ('{denials,0,6}', '"x"'),
	('{specialties,0,0}', '"355"'), ('{specialties,0,1}', '"G"'), ('{specialties,1}', '["35", "GO"]'),
	('{gaps,0}', '["2021-01-01"]'), ('{gaps,0,0}', '"x"'), ('{gaps,0,1}', '"2020-12-31"'), ('{gaps,1,0}', '"2021-01-01"'), ('{mue_whole,1,1}', '"2020-12-31"'), ('{mue_whole,1,0}', 'null'),
	('{rules,0,3}', jsonb '"two\nlines"')) v(path, value),
	small, refused(jsonb_set(r, path::text[], value)::text);
SELECT state, message, detail FROM small, refused(jsonb_set(r, '{rules,0,3}', to_jsonb(repeat('x', 1001)))::text);
-- what is not of the form
SELECT left(t, 60) AS input, state, message, detail
FROM (VALUES (''), ('x'), ('[]'), ('{'), ('{}'), ('{"claimline_ruleset": 2}'), ('{"claimline_ruleset": 2, "claimline_ruleset": 2}'), ('{"claimline_ruleset" 1}'), ('{"claimline_ruleset": 2} x'), ('{"claimline_ruleset": 2, }'),
	('{"claimline_ruleset": 2, "policy": {"name": "a", "name": "b"}}'), ('{"claimline_ruleset": 2, "policy": {"mue": "yes", "mue": "yes"}}'), ('{"claimline_ruleset": 2, "policy": {"name": "\x"}}'),
	('{"claimline_ruleset": 2, "policy": {"name": "\ud800"}}'), ('{"claimline_ruleset": 2, "policy": {"name": "open}'), ('{"claimline_ruleset": 2, "é": 1}')) v(t), refused(t);
\pset format aligned

-- a rule that the text lacks is that of the built-in ruleset, with its denial codes; codes that the text says stay
SELECT ruleset_hash((r || '{"rules": [], "denials": []}')::text::claim_ruleset) = ruleset_hash(starter_ruleset()) AS filled FROM base;
SELECT e.rule, e.severity, e.carc
FROM (SELECT jsonb_set(r, '{rules}', (SELECT jsonb_agg(x) FROM jsonb_array_elements(r->'rules') x WHERE x->>0 NOT IN ('units-fraction', 'ptp')))
	|| '{"denials": [["ptp", null, "CO-1", null, null, null, null, null], ["mue-day", null, "CO-2", null, null, null, null, null]]}' AS r FROM base) x,
	claim_edits('{97124 x1.5 30min 2024-08-01,97124-76 x4 60min 2024-08-01,98941-AT x1 2024-08-01}'::claimline[],
		jsonb_set(r, '{policy,severity}', '{"units-fraction": "review"}')::text::claim_ruleset) e
WHERE e.line_no = 1 AND e.rule IN ('units-fraction', 'ptp', 'mue-day') ORDER BY e.rule;

-- names may hold any character
SELECT r::text::claim_ruleset::text::jsonb->'policy'->>'name' AS name
FROM (SELECT jsonb_set(r, '{policy,name}', to_jsonb(n)) AS r FROM small, unnest(ARRAY['a "quoted" \ name', 'é €', '/\/']) n) x;
SELECT (replace(r::text, '"medicare"', '"\u00e9\ud83d\ude00\/"')::claim_ruleset)::text::jsonb->'policy'->>'name' AS name FROM small;

--
-- the catalogue
--

-- doc/rules.md says the same of each rule: test/tap/doc_rules.sql
SELECT count(*) = count(DISTINCT rule) AS distinct, pg_typeof(min(severity)) AS severity,
	bool_and(title <> '') AS titles, bool_and(citation <> '') AS citations FROM claim_rules();
SELECT * FROM claim_rules() WHERE rule IN ('ptp', 'ptp-bypassed', 'mod-repeat-service');

--
-- regions of diagnoses
--

SELECT dx, claim_regions(dx)
FROM (VALUES (1, '{M54.2}'::text[]), (2, '{m542}'), (3, '{M99.01,M99.03}'), (4, '{M99.03,M99.01}'), (5, '{M54.2,M99.01}'), (6, '{Z00.00}'), (7, '{M54.2,Z00.00}'), (8, '{}'), (9, '{NULL,""," M54.2 "}'), (10, NULL),
	(11, '{M99.05}'), (12, '{M99.00}'), (13, '{M99.04}'), (14, '{M99.02}'), (15, '{M99.06,M99.07,M99.08,M99.09}')) v(n, dx) ORDER BY n;
SELECT claim_regions('{M54.2,x}');
-- by a ruleset: the longest prefix decides
SELECT claim_regions('{M54.2}', r::text::claim_ruleset) AS short, claim_regions('{M54.50}', r::text::claim_ruleset) AS long, claim_regions('{M54.2,M54.59}', r::text::claim_ruleset) AS both,
	claim_regions('{M53}', r::text::claim_ruleset) AS none, claim_regions(NULL, starter_ruleset()) AS no_diagnoses FROM small;
SELECT claim_regions('{M54}', NULL);

--
-- stored
--

CREATE TABLE rulesets (name text PRIMARY KEY, r claim_ruleset);
INSERT INTO rulesets SELECT p || ' ' || e, ruleset(p, e) FROM unnest(ARRAY['medicare', 'cpt']) p, unnest(ARRAY['starter', 'starter-outpatient']) e;
SELECT pg_relation_size(reltoastrelid) > 4 * 50000 AS out_of_line FROM pg_class WHERE oid = 'rulesets'::regclass;
SELECT name, ruleset_hash(r) = ruleset_hash(ruleset(split_part(name, ' ', 1), split_part(name, ' ', 2))) AS same, r::text = ruleset(split_part(name, ' ', 1), split_part(name, ' ', 2))::text AS same_text FROM rulesets ORDER BY name COLLATE "C";

CREATE TABLE days AS SELECT n, d::claimday FROM (VALUES
	(1, '{"C1" 1 97124-59-GP x2 20min 2024-08-01 dx=M54.2; "C1" 2 98941-AT x1 2024-08-01 dx=M54.2,M99.02,M99.03; "C2" 1 97140-GP x1 30min 2024-08-01}'),
	(2, '{- 1 97124 x5 20min 2024-08-01; - 2 97110 x2 15min 2024-08-01; - 3 -}'), (3, '{- 1 97124-GP x1 15min 2024-08-01}'), (4, '{"C" 1 97124 x1 15min 2019-08-01; "C" 2 98940 x1}')) v(n, d);
-- every stored ruleset finds what the built-in one finds
SELECT name, n, (SELECT array_agg(e::text) FROM claim_edits(d, r) e) IS NOT DISTINCT FROM (SELECT array_agg(e::text) FROM claim_edits(d, ruleset(split_part(name, ' ', 1), split_part(name, ' ', 2))) e) AS same,
	claim_passes(d, r) = claim_passes(d, ruleset(split_part(name, ' ', 1), split_part(name, ' ', 2))) AS same_verdict
FROM rulesets, days ORDER BY name COLLATE "C", n;
-- the policies differ in what they find, so the rows before were judged by the right one
SELECT n, (SELECT array_agg(e::text) FROM rulesets, claim_edits(d, r) e WHERE name = 'medicare starter') IS DISTINCT FROM (SELECT array_agg(e::text) FROM rulesets, claim_edits(d, r) e WHERE name = 'cpt starter') AS differ
FROM days ORDER BY n;
-- one call site, the ruleset changes from row to row
SELECT count(*) AS calls, bool_and(x.f IS NOT DISTINCT FROM y.f) AS same
FROM (SELECT name, n, (SELECT array_agg(e::text) FROM claim_edits(d, r) e) AS f FROM rulesets, days ORDER BY n, name) x
	JOIN (SELECT name, n, (SELECT array_agg(e::text) FROM claim_edits(d, ruleset(split_part(name, ' ', 1), split_part(name, ' ', 2))) e) AS f FROM rulesets, days) y USING (name, n);
\copy (SELECT * FROM rulesets) TO 'results/claim_ruleset.bin' (FORMAT binary)
CREATE TABLE rulesets_binary (LIKE rulesets);
\copy rulesets_binary FROM 'results/claim_ruleset.bin' (FORMAT binary)
SELECT count(*) AS rulesets, bool_and(ruleset_hash(a.r) = ruleset_hash(b.r)) AS same FROM rulesets a JOIN rulesets_binary b USING (name);

-- a null ruleset is an error, null in means null out for what only looks
SELECT * FROM claim_edits('{}'::claimday, NULL::claim_ruleset);
SELECT claim_passes('97124'::claimline, NULL::claim_ruleset);
SELECT ruleset_hash(NULL), ruleset_coverage(NULL);

SET client_min_messages = warning;
DROP SCHEMA ruleset_test CASCADE;

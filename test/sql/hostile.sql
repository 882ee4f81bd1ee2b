-- hostile input: malformed texts, oversized ones, nulls everywhere; errors are shown with message and detail

SET client_min_messages = warning;
-- what users do not call is called here
SET search_path = public, claimline_internal;

-- ---------------------------------------------------------------- helpers

-- the first column of a query's first row, or why it failed
CREATE FUNCTION hostile_try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	message text;
	detail text;
	state text;
BEGIN
	EXECUTE query INTO result;
	RETURN coalesce(result, '(null)');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
	RETURN state || ' ' || left(message, 90) || CASE WHEN detail <> '' THEN ' / ' || left(detail, 200) ELSE '' END;
END $$;

-- a value of a type from a text: its length, of a ruleset without the rules; or the start of the message
CREATE FUNCTION hostile_input(type text, input text) RETURNS text LANGUAGE sql AS $$
	SELECT hostile_try(format('SELECT %L || length((%L::%s::text%s)::text) || %L', 'value of ', input, type,
		CASE WHEN type = 'claim_ruleset' THEN '::jsonb - ''{rules,denials}''::text[]' ELSE '' END, ' characters'))
$$;

-- a small ruleset, with a part of its text replaced; its other rules are the built-in ones
CREATE FUNCTION hostile_ruleset(old text DEFAULT '', new text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT replace('{"claimline_ruleset": 2, "policy": {"name": "p", "unit_rule": "cms", "unit_rule_from": null, "unit_rule_earlier": "cms", "unit_minutes": 15,'
		' "unit_threshold": 8, "mue": "yes", "cmt_massage": "by-region", "cmt_extraspinal_modifier": "no",'
		' "distinct_modifier": "X", "either_line_from": "2019-07-01", "outside_coverage": "review",'
		' "therapy_modifier_from": "2018-01-01", "therapy_modifier_positions": 2, "modifier_positions": 4,'
		' "one_line_from": null, "at_required_from": "2004-10-01", "cmt_bundled_from": null, "specialty_required": "no",'
		' "denial_modifier": null, "denial_modifier_wanted": "no", "supervision_modifier": null, "dx_required": "no",'
		' "referral_from": null, "units_scrutiny": null, "visits_scrutiny": null, "visits_limit": null},'
		' "edition": {"name": "e", "service_type": "practitioner", "from": "2020-10-01", "to": "2024-09-30", "scope": "all"},'
		' "codes": [["97124", "timed therapy", null, null, null]], "mue": [["97124", 4, 3, null, null]],'
		' "ptp": [["98941", "97124", "2002-04-01", null, 1, "why"]],'
		' "scope": [], "modifiers": [], "modifier_conflicts": [], "regions": [], "denials": [], "specialties": [], "gaps": [], "mue_whole": [],'
		' "rules": [["mod-prefer", "f", "info", "t", "c"], ["ptp", "f", "deny", "t", "c"], ["units-minutes", "f", "deny", "t", "c"]]}', old, new)
$$;

-- ------------------------------------------------- malformed texts: lines

SELECT ''::claimline;
SELECT '   '::claimline;
SELECT '9712'::claimline;
SELECT '971244'::claimline;
SELECT '9712!'::claimline;
SELECT 'x2 97124'::claimline;
SELECT '97124-'::claimline;
SELECT '97124-5'::claimline;
SELECT '97124-59-'::claimline;
SELECT '97124--59'::claimline;
SELECT '97124-5_'::claimline;
SELECT '97124-59-GP-KX-CQ-XS-AT'::claimline;
SELECT 'HC:'::claimline;
SELECT 'HC:97124:'::claimline;
SELECT 'HC:97124-59'::claimline;
SELECT '97124:59'::claimline;
SELECT '97124 x'::claimline;
SELECT '97124 x.'::claimline;
SELECT '97124 x-1'::claimline;
SELECT '97124 x1e3'::claimline;
SELECT '97124 x1000000'::claimline;
SELECT '97124 x0.0001'::claimline;
SELECT '97124 x99999999999999999999999999999999999999'::claimline;
SELECT '97124 x1 x1'::claimline;
SELECT '97124 min'::claimline;
SELECT '97124 -1min'::claimline;
SELECT '97124 1441min'::claimline;
SELECT '97124 15.5min'::claimline;
SELECT '97124 18446744073709551617min'::claimline;
SELECT '97124 30min 30min'::claimline;
SELECT '97124 2023-02-29'::claimline;
SELECT '97124 0000-01-01'::claimline;
SELECT '97124 2024-8-1'::claimline;
SELECT '97124 08/01/2024'::claimline;
SELECT '97124 infinity'::claimline;
SELECT '97124 10000-01-01'::claimline;
SELECT '97124 24:00'::claimline;
SELECT '97124 10:60'::claimline;
SELECT '97124 10:00:00'::claimline;
SELECT '97124 dx='::claimline;
SELECT '97124 dx=M54.2,'::claimline;
SELECT '97124 dx=542.M'::claimline;
SELECT '97124 dx=M54.23456'::claimline;
SELECT '97124 dx=M5.42'::claimline;
SELECT '97124 dx=A00,A01,A02,A03,A04,A05,A06,A07,A08,A09,B00,B01,B02'::claimline;
SELECT '97124 region=spine'::claimline;
SELECT '97124 region=cervical,,lumbar'::claimline;
SELECT '97124 specialty=5'::claimline;
SELECT '97124 specialty=225700000'::claimline;
SELECT '97124 referral=maybe'::claimline;
SELECT '97124 visit=0'::claimline;
SELECT '97124 visit=32768'::claimline;
SELECT '97124 colour=red'::claimline;
SELECT '97124 x1 ''; DROP TABLE claims; --'::claimline;
SELECT '97124 %s%n%d'::claimline;

-- -------------------------------------------------- malformed texts: days

SELECT ''::claimday;
SELECT '97124'::claimday;
SELECT '{'::claimday;
SELECT '{97124}'::claimday;
SELECT '{- 1 97124'::claimday;
SELECT '{- 1 97124;}'::claimday;
SELECT '{- 1 97124}}'::claimday;
SELECT '{- 1}'::claimday;
SELECT '{- x 97124}'::claimday;
SELECT '{- 2147483648 97124}'::claimday;
SELECT '{- -2147483649 97124}'::claimday;
SELECT '{"C1 1 97124}'::claimday;
SELECT '{"C1\" 1 97124}'::claimday;
SELECT '{"C1" 1 97124; "C1" 2 97124 x1000000}'::claimday;
SELECT '{- - --}'::claimday;

-- ---------------------------------------------- malformed texts: rulesets

SELECT ''::claim_ruleset;
SELECT '[]'::claim_ruleset;
SELECT '{}'::claim_ruleset;
SELECT '{"claimline_ruleset": 2}'::claim_ruleset;
SELECT '{"claimline_ruleset": 1}'::claim_ruleset;
SELECT '{"claimline_ruleset": 3}'::claim_ruleset;
SELECT '{"claimline_ruleset": null}'::claim_ruleset;
SELECT '{"claimline_ruleset": 2, "claimline_ruleset": 2}'::claim_ruleset;
SELECT '{"colour": 1}'::claim_ruleset;
SELECT '{"policy": {"colour": 1}}'::claim_ruleset;
SELECT '{"policy": {"name": ""}}'::claim_ruleset;
SELECT '{"policy": {"name": "a", "name": "b"}}'::claim_ruleset;
SELECT '{"policy": {"name": "\ud800"}}'::claim_ruleset;
SELECT '{"policy": {"name": "\u0000"}}'::claim_ruleset;
SELECT '{"policy": {"name": "\x"}}'::claim_ruleset;
SELECT E'{"policy": {"name": "tab\t"}}'::claim_ruleset;
SELECT '{"policy": {"name": "tab\t"}}'::claim_ruleset;
SELECT '{"policy": {"unit_rule": "cpt"}}'::claim_ruleset;
SELECT '{"policy": {"unit_minutes": 0}}'::claim_ruleset;
SELECT '{"policy": {"unit_minutes": 1e1}}'::claim_ruleset;
SELECT '{"policy": {"unit_minutes": true}}'::claim_ruleset;
SELECT '{"policy": {"unit_minutes": {}}}'::claim_ruleset;
SELECT '{"policy": {"either_line_from": "never"}}'::claim_ruleset;
SELECT '{"policy": {"units_scrutiny": -1}}'::claim_ruleset;
SELECT '{"policy": {"denial_modifier": "00"}}'::claim_ruleset;
SELECT '{"policy": {"extends": "cpt"}}'::claim_ruleset;
SELECT '{"policy": {"cmt_bundled": null}}'::claim_ruleset;
SELECT '{"policy": {"cmt_bundled": ["97124", ["97140"]]}}'::claim_ruleset;
SELECT '{"policy": {"cmt_bundled": ["97124", "9714"]}}'::claim_ruleset;
SELECT '{"policy": {"cmt_bundled": [], "cmt_bundled": []}}'::claim_ruleset;
SELECT '{"policy": {"daily_limits": {"97124": null}}}'::claim_ruleset;
SELECT '{"policy": {"daily_limits": {"97124": 1e3}}}'::claim_ruleset;
SELECT '{"policy": {"specialty_codes": {"35": "97124"}}}'::claim_ruleset;
SELECT '{"policy": {"specialty_codes": {"": ["97124"]}}}'::claim_ruleset;
SELECT '{"policy": {"specialty_codes": {"225700000X": [null]}}}'::claim_ruleset;
SELECT '{"policy": {"supervision_asked_of": [35, null]}}'::claim_ruleset;
SELECT '{"policy": {"dx_not_necessary": ["F4"]}}'::claim_ruleset;
SELECT '{"policy": {"kx_threshold": {"24": 2330}}}'::claim_ruleset;
SELECT '{"policy": {"kx_threshold": {"2024": 2330.5}}}'::claim_ruleset;
SELECT '{"policy": {"severity": {"ptp": "fine"}}}'::claim_ruleset;
SELECT '{"policy": {"severity": {"no-such-rule": "deny"}}}'::claim_ruleset;
SELECT '{"edition": {"scope": null}}'::claim_ruleset;
SELECT '{"codes": [["97124"]]}'::claim_ruleset;
SELECT '{"codes": [["97124", "timed fast", null, null, null]]}'::claim_ruleset;
SELECT '{"codes": [["97124", null, 11, null, null]]}'::claim_ruleset;
SELECT '{"ptp": [["98941", "97124", null, null, 0, null], ["98941", "97124", null, null, 2, null]]}'::claim_ruleset;
SELECT '{"ptp": [["97124", "97124", null, null, 0, null]]}'::claim_ruleset;
SELECT '{"ptp": [["98941", "97124", "2024-01-01", "2023-12-31", 0, null]]}'::claim_ruleset;
SELECT '{"mue": [["97124", -1, 3, null, null]]}'::claim_ruleset;
SELECT '{"modifiers": [["GP", null, null, null, null, "GPP", null]]}'::claim_ruleset;
SELECT '{"modifier_conflicts": [["59", "59", null, "deny"]]}'::claim_ruleset;
SELECT '{"regions": [["M5", "cervical"]]}'::claim_ruleset;
SELECT '{"rules": [["no-such-rule", "f", "deny", "t", "c"]]}'::claim_ruleset;
SELECT '{"denials": [["ptp", null, null, null, null, null, null, null]]}'::claim_ruleset;
SELECT '{"specialties": [["", "GP"]]}'::claim_ruleset;
SELECT '{"gaps": [["2021-01-01"]]}'::claim_ruleset;
SELECT '{"gaps": [["2021-02-01", "2021-01-31"]]}'::claim_ruleset;
SELECT '{"mue_whole": [["2021", null]]}'::claim_ruleset;
SELECT '{"codes": [[[[[[[[[[[[[[[['::claim_ruleset;

-- well formed, but not a whole
SELECT what, hostile_try(format('SELECT length(%L::claim_ruleset::text) > 1000', hostile_ruleset(old, new)))
FROM (VALUES
	(1, 'as it is', '', ''),
	(2, 'no policy name', '"name": "p", ', ''),
	(3, 'no setting', '"mue": "yes", ', ''),
	(4, 'no date', '"from": "2020-10-01", ', ''),
	(5, 'period of the edition', '"to": "2024-09-30"', '"to": "2020-09-30"'),
	(6, 'threshold', '"unit_threshold": 8', '"unit_threshold": 16'),
	(7, 'a rule left out', '["ptp", "f", "deny", "t", "c"], ', ''),
	(8, 'repeated rule', '["ptp", "f"', '["units-minutes", "f"'),
	(9, 'repeated code', '"codes": [', '"codes": [["97124", null, null, null, null], '),
	(10, 'overlapping pairs', '"ptp": [', '"ptp": [["98941", "97124", null, "2002-04-01", 0, null], '),
	(11, 'overlapping limits', '"mue": [', '"mue": [["97124", 1, 1, "2024-01-01", null], '),
	(12, 'repeated scope', '"scope": [', '"scope": [["97124", "set"], ["97124", "set"]'),
	(13, 'repeated modifier', '"modifiers": [', '"modifiers": [["GP", null, null, null, null, null, null], ["gp", null, null, null, null, null, null]'),
	(14, 'repeated conflict', '"modifier_conflicts": [', '"modifier_conflicts": [["59", "XS", null, "deny"], ["XS", "59", null, "deny"]'),
	(15, 'repeated prefix', '"regions": [', '"regions": [["M542", "lumbar"], ["M54.2", "lumbar"]'),
	(16, 'repeated denial', '"denials": [', '"denials": [["ptp", null, "CO-1", null, null, null, null, null], ["ptp", null, "CO-2", null, null, null, null, null]'),
	(17, 'repeated specialty', '"specialties": [', '"specialties": [["65", "GP"], ["65", "GO"]'),
	(18, 'no table', '"regions": [], ', ''),
	(19, 'repeated table', '"regions": [],', '"regions": [], "regions": [],'),
	(20, 'text behind', '"c"]]}', '"c"]]} {}'),
	(21, 'open edition', '"2020-10-01", "to": "2024-09-30"', 'null, "to": null'),
	(22, 'repeated gap', '"gaps": [', '"gaps": [["2021-01-01", null], ["2021-01-01", "2021-01-31"]'),
	(23, 'repeated period', '"mue_whole": [', '"mue_whole": [[null, null], [null, "2021-01-31"]'),
	(24, 'gaps beside the edition', '"gaps": [', '"gaps": [[null, "1999-12-31"], ["2030-01-01", null]'),
	(25, 'repeated code of a list', '"dx_required"', '"cmt_bundled": ["97124", "97140", "97124"], "dx_required"'),
	(26, 'repeated limit', '"dx_required"', '"daily_limits": {"97124": 1, "97124": 2}, "dx_required"'),
	(27, 'repeated specialty of a list', '"dx_required"', '"specialty_codes": {"35": [], "35": ["97124"]}, "dx_required"'),
	(28, 'empty lists', '"dx_required"', '"daily_limits": {}, "cmt_bundled": [], "specialty_codes": {}, "severity": {}, "dx_required"')
) AS cases(n, what, old, new) ORDER BY n;

-- a modifier of two zeros, and rows that differ in little: refused, or the same in any order
SELECT what, hostile_try(format('SELECT ruleset_hash(%L) = ruleset_hash(%L) AND ruleset_hash(%1$L) = ruleset_hash((%1$L::claim_ruleset)::text::claim_ruleset)',
	hostile_ruleset(old, format('%s%s, %s', left(old, strpos(old, '[')), a, b)),
	hostile_ruleset(old, format('%s%s, %s', left(old, strpos(old, '[')), b, a))))
FROM (VALUES
	(1, 'zeros in a conflict', '"modifier_conflicts": [', '["00", "59", null, "deny"]', '["GP", "GO", null, "deny"]'),
	(2, 'zeros for a specialty', '"specialties": [', '["65", "00"]', '["67", "GO"]'),
	(3, 'zeros required', '"modifiers": [', '["CQ", null, null, null, null, "00", null]', '["CO", null, null, null, null, "GO", null]'),
	(4, 'denials of a rule', '"denials": [', '["ptp", null, "CO-1", null, "2020-12-31", null, null, null]', '["ptp", null, "CO-2", "2021-01-01", null, null, null, null]'),
	(5, 'pairs never in force', '"ptp": [["98941", "97124", "2002-04-01", null, 1, "why"]', '["98940", "97124", null, null, 9, "b"]', '["98940", "97124", null, null, 9, "a"]')
) AS cases(n, what, old, a, b) ORDER BY n;

-- what overlaps, or is said in another order, is the same
SELECT what, hostile_try(format('SELECT ruleset_hash(%L) = ruleset_hash(%L)', hostile_ruleset(old, a), hostile_ruleset(old, b)))
FROM (VALUES
	(1, 'gaps', '"gaps": [', '"gaps": [["2021-01-01", "2021-06-30"], ["2021-03-01", null]', '"gaps": [["2021-03-01", null], ["2021-01-01", "2021-06-30"]'),
	(2, 'a list', '"dx_required"', '"dx_not_necessary": ["F41", "Z73.3"], "dx_required"', '"dx_not_necessary": ["z733", "f41"], "dx_required"'),
	(3, 'specialties', '"dx_required"', '"specialty_codes": {"35": ["97124", "97140"], "225700000X": []}, "dx_required"',
		'"specialty_codes": {"225700000x": [], "35": ["97140", "97124"]}, "dx_required"'),
	(4, 'an empty list', '"dx_required"', '"massage_codes": [], "dx_required"', '"dx_required"')
) AS cases(n, what, old, a, b) ORDER BY n;

-- an edition that is open on one side judges the dates on the other
SELECT what, severity, message
FROM (VALUES
	(1, 'no end', '"to": "2024-09-30"', '"to": null', '97124-GP x1 15min 2019-01-01'::claimline),
	(2, 'no start', '"from": "2020-10-01"', '"from": null', '97124-GP x1 15min 2030-01-01')
) AS cases(n, what, old, new, line), claim_edits(line, hostile_ruleset(old, new)::claim_ruleset)
WHERE rule = 'edition-coverage' ORDER BY n;

-- ------------------------------------------ malformed texts: rows of NCCI

SELECT ''::ncci_rows;
SELECT '[]'::ncci_rows;
SELECT '{"claimline_ncci": 2, "ptp": []}'::ncci_rows;
SELECT '{"ptp": [], "claimline_ncci": 1}'::ncci_rows;
SELECT '{"claimline_ncci": 1}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "codes": []}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "ptp": [], "mue": []}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "ptp": [["98941", "97124", null, null, 3, null]]}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "ptp": [["98941", "97124", "1979-12-31", null, 1, null]]}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "ptp": [["98941", "97124", "2020-01-01", null, 1, null], ["98941", "97124", null, "2020-01-01", 0, null]]}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "mue": [["97124", 4, 3, null, null], ["97124", 4, 3, null, null]]}'::ncci_rows;
SELECT '{"claimline_ncci": 1, "mue": [["97124", 4, null, null, null]]}'::ncci_rows;
SELECT hostile_try(format('SELECT length(%L::ncci_rows::text)', '{"claimline_ncci": 1, "ptp": [' ||
	(SELECT string_agg(format('["98941", "97124", "20%s-01-01", "20%1$s-12-31", 1, "%1$s"]', i), ',') FROM generate_series(10, 25) i) || ']}'));

-- ------------------------------------------- malformed settings of a policy

SELECT what, hostile_try(format('SELECT coalesce(claim_policy_check(%L), ''root'')', settings))
FROM (VALUES
	(1, 'nothing', '{}'),
	(2, 'an array', '[]'),
	(3, 'a text', '"cpt"'),
	(4, 'extends null', '{"extends": null}'),
	(5, 'extends nothing', '{"extends": ""}'),
	(6, 'extends two', '{"extends": ["cpt", "hns"]}'),
	(7, 'a name', '{"extends": "cpt", "name": "p"}'),
	(8, 'no such key', '{"extends": "cpt", "unitrule": "ama"}'),
	(9, 'key of a ruleset', '{"extends": "cpt", "codes": []}'),
	(10, 'an object for a value', '{"extends": "cpt", "mue": {"97124": "yes"}}'),
	(11, 'an entry of a list', '{"extends": "cpt", "specialty_codes": {"225700000X": ["97124", "971"]}}'),
	(12, 'a large number', '{"extends": "cpt", "visits_limit": 99999999999999999999}'),
	(13, 'a long key', format('{"extends": "cpt", "%s": 1}', repeat('k', 100000))),
	(14, 'a long list', format('{"extends": "cpt", "massage_codes": [%s"97124"]}', repeat('"97124", ', 20000))),
	(15, 'a long parent', format('{"extends": "%s"}', repeat('p', 120))),
	(16, 'whole', (SELECT (r->'policy') - 'name' FROM (SELECT hostile_ruleset()::jsonb AS r) h)::text)
) AS cases(n, what, settings) ORDER BY n;

-- ----------------------------------------------------- hostile arguments

SELECT what, hostile_try('SELECT ' || call)
FROM (VALUES
	(1, 'units not a number', $$claimline('97124', units => 'NaN')$$),
	(2, 'units infinite', $$claimline('97124', units => 'Infinity')$$),
	(3, 'units negative', $$claimline('97124', units => -1)$$),
	(4, 'units too fine', $$claimline('97124', units => 1e-20)$$),
	(5, 'units too large', $$claimline('97124', units => 1e1000)$$),
	(6, 'units with zeros', $$claimline('97124', units => 1.5000000000)$$),
	(7, 'minutes negative', $$claimline('97124', minutes => -2147483648)$$),
	(8, 'date infinite', $$claimline('97124', dos => 'infinity')$$),
	(9, 'date infinite', $$claimline('97124', dos => '-infinity')$$),
	(10, 'date too early', $$claimline('97124', dos => '0001-12-31 BC')$$),
	(11, 'date too late', $$claimline('97124', dos => '10000-01-01')$$),
	(12, 'first date', $$claimline('97124', dos => '0001-01-01')$$),
	(13, 'last date', $$claimline('97124', dos => '9999-12-31')$$),
	(14, 'time at the end', $$claimline('97124', start_time => '24:00')$$),
	(15, 'time with seconds', $$claimline('97124', start_time => '10:00:00.000001')$$),
	(16, 'visit negative', $$claimline('97124', visit => -1)$$),
	(17, 'modifiers of two dimensions', $$claimline('97124', modifiers => '{{GP,59},{KX,NULL}}')$$),
	(18, 'modifiers blank', $$claimline('97124', modifiers => '{" ",NULL,""," gp "}')$$),
	(19, 'six modifiers', $$line_set_modifiers('97124', '{GP,59,KX,CQ,XS,AT}')$$),
	(20, 'many modifiers', $$line_set_modifiers('97124', array_fill('GP'::text, '{100000}'))$$),
	(21, 'a long modifier', $$line_set_modifiers('97124', array[repeat('X', 100000)])$$),
	(22, 'thirteen diagnoses', $$claimline('97124', dx => array_fill('M54.2'::text, '{13}'))$$),
	(23, 'a region that is not', $$claimline('97124', regions => '{spine}')$$),
	(24, 'a diagnosis that is not', $$claim_regions('{M54.2,42}')$$),
	(25, 'many diagnoses', $$claim_regions(array_fill('M54.2'::text, '{100000}'))$$),
	(26, 'no such policy', $$ruleset('none')$$),
	(27, 'no such edition', $$ruleset('cpt', 'none')$$),
	(28, 'minutes negative', $$timed_units(-1)$$),
	(29, 'all minutes', $$timed_units(2147483647)$$),
	(30, 'units negative', $$timed_minutes(-1)$$),
	(31, 'all units', $$timed_minutes(2147483647)$$),
	(32, 'the most units', $$timed_minutes(143165575)$$),
	(33, 'one more', $$timed_minutes(143165576)$$),
	(34, 'allocate nothing', $$allocate_units('{}', '{}')$$),
	(35, 'allocate unequal', $$allocate_units('{97124}', '{1,2}')$$),
	(36, 'allocate a null', $$allocate_units('{97124}', '{NULL}')$$),
	(37, 'allocate negative', $$allocate_units('{97124}', '{-1}')$$),
	(38, 'allocate everything', $$allocate_units('{97124,97124,97110}', '{2147483647,2147483647,2147483647}')$$),
	(39, 'allocate by no rule', $$allocate_units('{97124}', '{1}', '8-minute')$$),
	(40, 'allocate no code', $$allocate_units('{massage}', '{1}')$$),
	(41, 'support everything', $$units_supported('{97124,97110}', '{2147483647,2147483647}', '{2147483647,2147483647}')$$),
	(42, 'an empty day', $$(SELECT count(*) FROM claim_edits('{}'::claimday))$$),
	(43, 'an empty array', $$(SELECT count(*) FROM claim_edits('{}'::claimline[]))$$),
	(44, 'lines of two dimensions', $$claimday('{{97124,98941},{97140,NULL}}'::claimline[])$$),
	(45, 'only invalid lines', $$(SELECT count(*) FROM suggest_modifiers('{- 1 -; "C1" 2 -}'::claimday))$$),
	(46, 'only invalid lines', $$(SELECT count(*) FROM suggest_modifiers('{NULL,97124-GP-GP,NULL}'::claimline[]))$$),
	(47, 'a quoted claim id', $$(SELECT count(*) FROM claim_edits('{"\"\\;}%s" 1 97124; "" 2 97124; "\"\\;}%s" 3 98941}'::claimday))$$),
	(48, 'no such service type', $$ruleset('cpt', NULL, 'dental')$$),
	(49, 'an edition of another service type', $$(ruleset('cpt', 'starter-outpatient', 'practitioner'))::text::jsonb->'edition'->>'service_type'$$),
	(50, 'dollars not a number', $$kx_required('2024-08-01', 'NaN')$$),
	(51, 'dollars without end', $$kx_required('2024-08-01', 'Infinity')$$),
	(52, 'dollars negative', $$kx_required('2024-08-01', -1)$$),
	(53, 'dollars at the threshold', $$kx_required('2024-08-01', 2330.00) || ' ' || kx_required('2024-08-01', 2330.01)$$),
	(54, 'date infinite', $$kx_required('infinity', 1e1000)$$),
	(55, 'no threshold', $$kx_required('2024-08-01', 5000, ruleset('cpt'))$$),
	(56, 'the difference to itself', $$(SELECT count(*) FROM ruleset_diff(ruleset('hns'), ruleset('hns')))$$),
	(57, 'pairs with unit limits', $$ncci_overlay('{"claimline_ncci": 1, "ptp": []}', '{"claimline_ncci": 1, "mue": []}')$$)
) AS cases(n, what, call) ORDER BY n;

-- ------------------------------------------------------- nulls everywhere

-- each function with all arguments, then with each of them null
CREATE FUNCTION hostile_nulls() RETURNS TABLE (function text, argument int, outcome text) LANGUAGE plpgsql AS $$
DECLARE
	f record;
	names text[];
	types text[];
	arguments text[];
	bad int;
	i int;
	query text;
BEGIN
	FOR f IN
		SELECT p.oid, p.proname, p.pronargs, p.proretset, p.proargnames, p.proargtypes::oid[] AS args,
			p.oid::regprocedure::text COLLATE "C" AS signature
		FROM pg_proc p
			JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
			JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'claimline'
			JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
		WHERE p.prokind = 'f' AND p.pronargs > 0
			AND NOT p.proargtypes::oid[] && ARRAY['internal'::regtype::oid, 'cstring'::regtype::oid]
		ORDER BY p.oid::regprocedure::text COLLATE "C"
	LOOP
		names := f.proargnames;
		FOR bad IN 0 .. f.pronargs LOOP
			arguments := '{}';
			FOR i IN 1 .. f.pronargs LOOP
				arguments := array_append(arguments, CASE
					WHEN i = bad THEN 'NULL'
					WHEN names[i] IN ('codes') THEN '''{97124}'''
					WHEN names[i] = 'dx' THEN '''{M54.2}'''
					WHEN names[i] = 'regions' THEN '''{cervical}'''
					WHEN names[i] = 'policy' THEN '''medicare'''
					WHEN names[i] = 'name' THEN '''medicare'''
					WHEN names[i] = 'service_type' THEN '''practitioner'''
					WHEN names[i] = 'settings' THEN '''{"extends": "cpt"}'''
					WHEN names[i] = 'edition' THEN '''starter'''
					WHEN names[i] = 'unit_rule' THEN '''cms'''
					WHEN names[i] = 'specialty' THEN '''35'''
					WHEN names[i] = 'fail_at' THEN '''deny'''
					ELSE CASE f.args[i - 1]::regtype::text
						WHEN 'text' THEN '''97124'''
						WHEN 'text[]' THEN '''{GP}'''
						WHEN 'integer[]' THEN '''{1}'''
						WHEN 'bytea' THEN '''\x01'''
						WHEN 'bytea[]' THEN '''{"\\x01"}'''
						WHEN 'date' THEN '''2024-08-01'''
						WHEN 'date[]' THEN '''{2024-08-01}'''
						WHEN 'time without time zone' THEN '''10:00'''
						WHEN 'boolean' THEN 'true'
						WHEN 'jsonb' THEN '''{}'''
						WHEN 'claimline' THEN '''97124-GP x1 15min 2024-08-01 10:00 specialty=35 referral=no visit=1'''
						WHEN 'claimline[]' THEN '''{97124}'''
						WHEN 'claimday' THEN '''{- 1 97124}'''
						WHEN 'claim_ruleset' THEN CASE names[i] WHEN 'b' THEN 'ruleset(''cpt'')' ELSE 'starter_ruleset()' END
						WHEN 'ncci_rows' THEN '''{"claimline_ncci": 1, "ptp": [["98941", "97124", null, null, 1, null]]}'''
						WHEN 'claim_severity' THEN '''deny'''
						ELSE '1' END
					END || '::' || CASE f.args[i - 1] WHEN '"any"'::regtype THEN 'text' ELSE f.args[i - 1]::regtype::text END);
			END LOOP;
			query := f.proname || '(' || array_to_string(arguments, ', ') || ')';
			query := CASE WHEN f.proretset
				THEN format('SELECT CASE count(*) WHEN 0 THEN %L ELSE %L END FROM %s', 'no rows', 'rows', query)
				ELSE format('SELECT CASE WHEN %s IS NULL THEN %L ELSE %L END', query, 'null', 'value') END;
			function := f.signature;
			argument := bad;
			outcome := hostile_try(query);
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;

SELECT function, string_agg(outcome, ', ' ORDER BY argument) AS all_then_each_null
FROM hostile_nulls() GROUP BY function ORDER BY function COLLATE "C";

SELECT claimday(NULL, NULL, NULL), claimday(NULL, NULL, NULL::claimline) IS NULL AS is_null;
SELECT claimday(NULL, NULL, NULL::claimline) FROM generate_series(1, 2);
SELECT claimday(NULL, NULL, NULL::claimline) FROM generate_series(1, 0);
SELECT line_edits(NULL::claimline);
SELECT line_edits(NULL::claimline) OVER ();
SELECT line_edits('97124', NULL) OVER ();

-- parts of the aggregate by themselves
SELECT claimday_accum(NULL, 'C1', 1, '97124');
SELECT claimday_accum('{}', NULL, NULL, NULL);
SELECT claimday_combine('{}', '{}');
SELECT claimday_final('{}');

-- ------------------------------------------- literals of 100,000 characters

SELECT what, hostile_input(type, input)
FROM (VALUES
	(1, 'claimline', 'blanks before', repeat(' ', 100000) || '97124'),
	(2, 'claimline', 'blanks behind', '97124' || repeat(E'\n', 100000)),
	(3, 'claimline', 'only blanks', repeat(' ', 100000)),
	(4, 'claimline', 'a code', repeat('9', 100000)),
	(5, 'claimline', 'modifiers', '97124' || repeat('-GP', 33333)),
	(6, 'claimline', 'dashes', '97124' || repeat('-', 100000)),
	(7, 'claimline', 'digits of units', '97124 x' || repeat('9', 100000)),
	(8, 'claimline', 'zeros of units', '97124 x' || repeat('0', 50000) || '1.5' || repeat('0', 50000)),
	(9, 'claimline', 'points', '97124 x1' || repeat('.', 100000)),
	(10, 'claimline', 'digits of minutes', '97124 ' || repeat('1', 100000) || 'min'),
	(11, 'claimline', 'diagnoses', '97124 dx=' || repeat('M54.2,', 20000) || 'I10'),
	(12, 'claimline', 'regions', '97124 region=' || repeat('cervical,', 10000) || 'lumbar'),
	(13, 'claimline', 'commas', '97124 dx=' || repeat(',', 100000)),
	(14, 'claimline', 'a field', '97124 ' || repeat('z', 100000)),
	(15, 'claimday', 'a claim id', '{"' || repeat('C', 100000) || '" 1 97124}'),
	(16, 'claimday', 'quotes', '{"' || repeat('\"', 50000) || '" 1 97124}'),
	(17, 'claimday', 'backslashes', '{"' || repeat('\', 100000) || '" 1 97124}'),
	(18, 'claimday', 'a backslash too many', '{"' || repeat('\', 100001) || '" 1 97124}'),
	(19, 'claimday', 'a line number', '{- ' || repeat('1', 100000) || ' 97124}'),
	(20, 'claimday', 'invalid lines', '{' || repeat('- - -;', 16666) || '- - -}'),
	(21, 'claimday', 'lines', '{' || repeat('- 1 97124;', 9999) || '- 1 97124}'),
	(22, 'claimday', 'braces', repeat('{', 100000)),
	(23, 'claimday', 'junk', '{}' || repeat('}', 100000)),
	(24, 'claim_ruleset', 'brackets', repeat('[', 100000)),
	(25, 'claim_ruleset', 'braces', repeat('{', 100000)),
	(26, 'claim_ruleset', 'nested', '{"codes": ' || repeat('[', 100000)),
	(27, 'claim_ruleset', 'a key', '{"' || repeat('k', 100000) || '": 1}'),
	(28, 'claim_ruleset', 'a setting', '{"policy": {"' || repeat('k', 100000) || '": 1}}'),
	(29, 'claim_ruleset', 'a name', hostile_ruleset('"name": "p"', '"name": "' || repeat('n', 100000) || '"')),
	(30, 'claim_ruleset', 'escapes', hostile_ruleset('"name": "p"', '"name": "' || repeat('\u00e9', 16666) || '"')),
	(31, 'claim_ruleset', 'blanks', hostile_ruleset('"policy":', '"policy":' || repeat(' ', 100000))),
	(32, 'claim_ruleset', 'a number', hostile_ruleset('"unit_minutes": 15', '"unit_minutes": ' || repeat('1', 100000))),
	(33, 'claim_ruleset', 'zeros', hostile_ruleset('"unit_minutes": 15', '"unit_minutes": ' || repeat('0', 100000) || '15')),
	(34, 'claim_ruleset', 'values', '{"codes": [[' || repeat('1,', 50000) || '1]]}'),
	(35, 'claim_ruleset', 'classes', hostile_ruleset('"timed therapy"', '"' || repeat('timed ', 16666) || '"')),
	(36, 'claim_ruleset', 'rows of a code', hostile_ruleset('"mue": [', '"mue": [' || repeat('["97110",1,1,null,null],', 4166))),
	(37, 'claim_ruleset', 'rows', hostile_ruleset('"codes": [', '"codes": [' ||
		(SELECT string_agg(format('["%s",null,null,null,null],', 10000 + i), '') FROM generate_series(1, 3333) i)))
) AS cases(n, type, what, input) ORDER BY n;

-- characters of four bytes are counted as one, and not cut in half
SELECT hostile_input('claimline', '97124 ' || wide || ' ' || wide) ~ 'Unknown field "[^"]{10,40}", at character 7\.$' AS refused,
	hostile_input('claimline', '97124 dx=' || wide || ',') ~ 'Diagnosis "[^"]{10,40}" must be' AS refused
FROM (SELECT repeat(hostile_try(CASE getdatabaseencoding() WHEN 'UTF8' THEN 'SELECT chr(128512)' ELSE 'SELECT ''zzzz''' END),
	25000) AS wide) s;

DROP FUNCTION hostile_nulls, hostile_ruleset, hostile_input, hostile_try;

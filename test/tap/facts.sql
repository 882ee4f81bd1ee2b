-- What a finding compared: over random days and policies the facts of each finding say what its message says, and the message what they say.
--
-- The oracle is the list of messages below: for each rule, every sentence that it says, with the names of facts in the places of its figures. A
-- message must be one of those of its rule once the values of its facts stand in their places, so a fact under another's name is found; and
-- each value must stand in the message, but for what only the facts say, which is named beside the sentence. Claims and line numbers
-- are columns of their own. What doc/rules.md lists for a rule is what came up here.

BEGIN;
\i test/tap/lib.sql
SELECT * FROM no_plan();

CREATE SCHEMA facts;
SELECT set_config('search_path', 'facts, ' || current_setting('search_path'), true) \g /dev/null

--
-- what is said: regular expressions, {fact} is its value, {own} and {with} are "CODE of claim C line N" of the two lines
--

CREATE TABLE sentence (rule text, says text, only_facts text[]);
INSERT INTO sentence SELECT unnest(rules), says, only_facts FROM (VALUES
	('{units-fraction}'::text[], '{code} x{billed}: its units are whole numbers', '{}'::text[]),
	('{units-minutes,units-underbilled}', '{code} x{billed} billed for {minutes} minutes, x{supported} supported: the {day_minutes} timed minutes of the day support {day_units} in all \({unit_rule} rule\)', '{}'),
	('{units-minutes,units-underbilled}', '{code} x{billed} billed for {minutes} minutes, x{supported} supported \({unit_rule} rule: each code alone\)', '{}'),
	('{units-minutes,units-underbilled}', '{code} x{billed} billed: {minutes} minutes are {first_code} x{first_units} and {further_code} x{further_units}', '{}'),
	('{units-minutes}', '{code} billed above x{most}, the most that its {minutes} minutes support whatever the missing {missing} of {missing_on} codes are \({unit_rule} rule\)', '{missing_on}'),
	('{units-minutes}', '{code} x{billed}( on {lines} lines)? billed for {minutes} minutes on {dates} dates, at most x{most} supported however they are divided', '{}'),
	('{units-minutes}', '{code} x{billed} billed on {dates} dates: further units of a date have another code', '{}'),
	('{units-underbilled}', '{code} x{billed}( on {lines} lines)? billed for {minutes} minutes on {dates} dates, at least x{least} supported however they are divided', '{}'),
	('{units-underbilled}', '{minutes} minutes are {first_code} x{first_units} and {further_code} x{further_units}, and no {further_code} is billed', '{}'),
	('{units-unknown}', '{code} x{billed} without its {missing}', '{missing_on}'),
	('{units-unknown}', '{code} x{billed} in {minutes} minutes depends on the {missing} of other timed lines, which are (missing|of several dates together)', '{missing_on}'),
	('{units-unknown}', '{code} x{billed}( on {lines} lines)? for {minutes} minutes on {dates} dates: how many minutes were on each is not on the line; x{least} to x{most} can be supported', '{}'),
	('{units-split-lines}', '{code} is on this line and on {with}: from {rule_from} a timed code goes on one line per date of service', '{key}'),
	('{time-overlap}', 'from {start} (for {minutes} minutes|on) overlaps {with}, from {with_start} (for {with_minutes} minutes|on): a provider furnishes one service at a time', '{}'),
	('{mue-line,mue-day}', '{code} is not payable, its medically unlikely edit is {limit}: .*', '{cause}'),
	('{mue-line,mue-day}', '{code} x{billed} on this (line|date of service) \({lines} lines?\), the medically unlikely edit is {limit} \(MAI {mai}\): all units of the .* are denied', '{}'),
	('{mue-line,mue-day}', '{code} x{line_units} from {from} to {to} is x{units_a_date} a day, rounded(; x{billed} on {counted_on}|, on this line) \({lines} lines?\), the medically unlikely edit is {limit} \(MAI {mai}\): all units of the .* are denied', '{}'),
	('{mue-day}', '{code} x{billed} on this date of service \({lines} lines?\), policy {policy} allows {limit} a day: all units of the code on that date are denied', '{key}'),
	('{mue-day}', '{code} x{line_units} from {from} to {to} is x{units_a_date} a day, rounded; x{billed} on {counted_on} \({lines} lines?\), policy {policy} allows {limit} a day: all units of the code on that date are denied', '{key}'),
	('{ptp}', 'NCCI pair {column_1}/{column_2} \[{indicator}\] \(({rationale}|no rationale given); effective ({effective}|at an unknown date), (not deleted|deleted {deleted})\): {column_2} is not payable beside {with}(, and no modifier opens the pair|, unless a modifier opens the pair on that date|; a modifier that opens the pair is on neither line)', '{}'),
	('{ptp-bypassed}', 'NCCI pair {column_1}/{column_2} \[{indicator}\] \(({rationale}|no rationale given); effective ({effective}|at an unknown date), (not deleted|deleted {deleted})\) with {with} is bypassed by modifier {modifier} on the column {column} line', '{}'),
	('{addon-missing}', '{code} is an add-on code \(type {addon_type}\), payable beside a primary code that the payer''s contractor names: (whether a service of the day is one is not known|no service of the day could be one)', '{}'),
	('{addon-missing}', '{code} is an add-on code \(type {addon_type}\), payable where ({primaries}|one of {primaries}|one of {n_primaries} codes \({primaries}, ...\)) is payable on the same date(, or another code that the payer''s contractor names)?(, to this provider or to another of the same group and specialty)?: ({with} has no units|{with} may be it|the day has none)(, but a line that is not valid or has no date of service)?', '{with_code}'),
	('{addon-denied}', '{code} is an add-on code, payable where ({primaries}|one of {primaries}|one of {n_primaries} codes \({primaries}, ...\)) is payable on the same date: {with} is (billed for a denial|denied by {denied_by})', '{}'),
	('{cmt-region}', '{code} treated the {shared_regions} region, which was manipulated with {with} \({regions} against {with_regions}\)', '{}'),
	('{cmt-region}', '{code} may have treated the {shared_regions} region, which may have been manipulated with {with}: a diagnosis of a junction names both of its regions', '{}'),
	('{cmt-region-unknown}', 'whether {code} treated a region that was manipulated cannot be decided: region= and diagnoses(, which are those of the claim,|, of which the line has the first,)? name no (region on this line|spinal region on {with})', '{missing,missing_on,with_code}'),
	('{cmt-level}', '{code} is for ({regions_least} to )?{regions_most} {region_kind} regions; neither region= nor the diagnoses(, which are those of the claim,|, of which the line has the first,)? say how many were treated', '{missing,missing_on}'),
	('{cmt-level}', '{code} is for ({regions_least} to )?{regions_most} {region_kind} regions; (region= names|the diagnoses point to) {counted}(: {regions})?', '{regions_from}'),
	('{cmt-bundled}', 'policy {policy} pays no {code} beside {with}( from {rule_from})?, whatever the modifier', '{key}'),
	('{cmt-modifier-required}', 'policy {policy} wants modifier 59 or X\{EPSU\} on {code} beside {with}', '{key,wanted}'),
	('{mod-unknown}', '{modifier} is not a CPT or HCPCS modifier', '{}'),
	('{mod-unknown}', 'modifier {modifier} exists from {exists_from} only', '{}'),
	('{mod-repeated}', 'modifier {modifier} is on the line twice, in positions {first_position} and {position}', '{}'),
	('{mod-conflict}', 'modifiers {modifier} and {other_modifier} exclude each other', '{}'),
	('{mod-requires}', 'modifier {modifier} needs modifier {wanted} beside it', '{}'),
	('{mod-not-allowed}', 'modifier {modifier} does not go with {code}', '{}'),
	('{mod-not-allowed}', 'modifier {modifier} says that another provider furnished {code}, and {with} is of the same provider', '{}'),
	('{mod-position}', 'modifier {modifier} is in position {position}, (a line is read up to|it must be among) the first {limit}', '{key}'),
	('{mod-missing}', '{code} is always therapy: it needs modifier ({wanted}|GP, GO or GN)', '{key}'),
	('{mod-missing}', '{code} without modifier {wanted} is maintenance care(, billed as not covered: the patient is liable|, billed with an advance notice: the patient is liable)?', '{}'),
	('{mod-assistant}', '{code} x{billed} with(out modifier ({wanted}|CQ or CO)| modifier {modifier}): of {minutes} minutes an assistant gave {assistant_minutes} alone, which are x{assistant_units} of x{supported}(, which are paid (at {paid_percent} percent|in full))? \({key}\)(: bill {bill})?', '{}'),
	('{mod-assistant}', '{code} x{billed} with modifier {modifier}: an assistant gave none of its minutes alone(: bill {bill})?', '{minutes,assistant_minutes,assistant_units,supported,key}'),
	('{mod-assistant}', 'whether {code} x{billed} needs modifier ({wanted}|CQ or CO) depends on minutes that are missing: of {minutes} known ones an assistant gave {assistant_minutes} alone', '{missing,key}'),
	('{mod-unneeded}', 'modifier {modifier} on {code} opens no pair with another line of the day', '{}'),
	('{mod-prefer}', 'modifier {wanted} says why {code} is distinct from {with} better than {modifier}', '{}'),
	('{mod-repeat-service}', 'modifier {modifier} does not make a repeat of {code} distinct: (a timed code goes on one line|a repeat takes {wanted}) \(also on {with}\)', '{}'),
	('{duplicate}', 'same code, modifiers and units \(x{billed}\) as {with}(; only diagnoses, minutes or regions differ)?', '{}'),
	('{duplicate}', 'same code, modifiers and units( a date)? as {with}', '{}'),
	('{duplicate}', 'the row of {own} is there {times}: loaded twice, or two lines under one number(; only diagnoses, minutes or regions differ)?', '{}'),
	('{duplicate}', 'the row of {own} is there {times} times: loaded again, it counts once(, and a reversal takes that back; what is billed anew needs a line number of its own)?', '{}'),
	('{duplicate}', '{own} is in several rows, one with modifier {modifier} and one with {other_modifier}: a row a modifier, which belong on one line', '{}'),
	('{specialty-not-covered,specialty-code-limit}', 'policy {policy} does not cover {code} from specialty {specialty}(; modifier {denial_modifier} .*)?', '{key}'),
	('{specialty-not-covered,specialty-code-limit}', 'policy {policy} covers only ({codes}|{n_codes} codes) from specialty {specialty}, not {code}(; modifier {denial_modifier} .*)?', '{key}'),
	('{specialty-not-covered,specialty-code-limit}', 'whether policy {policy} takes {code} depends on the {missing} of the rendering provider, which the line does not state', '{key}'),
	('{billed-for-denial}', 'modifier {modifier} asks that {code} is denied as not covered', '{}'),
	('{billed-for-denial}', 'modifier {modifier} bills {code} as not (covered: it is denied, and the patient is liable|necessary and without a notice: it is denied, and the patient is not liable)', '{}'),
	('{supervision-modifier}', 'policy {policy} takes {code} from specialty {specialty} only with modifier {wanted}', '{key}'),
	('{supervision-modifier}', '{code} from specialty {specialty} without modifier {wanted}: policy {policy} wants it where a supervised therapist furnished the service', '{key}'),
	('{dx-missing}', '{code} points to no diagnosis: policy {policy} wants the one that it is for', '{key}'),
	('{dx-not-necessary}', '{code} may point to diagnoses for which policy {policy} does not find it medically necessary: (those|the first) of the claim are known, not to which the line points', '{key,missing}'),
	('{dx-not-necessary}', '{code} points to {dx} only: policy {policy} does not find it medically necessary for that(; billed with an advance notice: the patient is liable)?', '{key}'),
	('{referral-missing}', 'policy {policy} wants a referral for {code} from {rule_from}; (there is none|the line does not say whether there is one)', '{key,missing}'),
	('{visits-scrutiny,visits-limit}', '{code} of visit {visit}: policy {policy} (looks closely beyond|pays up to) visit {limit}', '{key}'),
	('{visits-scrutiny,visits-limit}', 'policy {policy} (looks closely beyond|pays up to) visit {limit}; {code} does not say which {missing} it is of', '{key}'),
	('{units-scrutiny}', '{code} x{billed} on this date of service: policy {policy} looks closely at more than {limit} a day', '{key}'),
	('{units-scrutiny}', '{code} x{line_units} from {from} to {to} is x{units_a_date} a day, rounded; x{billed} on {counted_on}: policy {policy} looks closely at more than {limit} a day', '{key}'),
	('{course-kx}', '{total} dollars allowed for {therapy} in {year} with (this line|all lines of this date), above the threshold of {limit} of policy {policy}: {code} needs modifier {wanted}( if it is processed behind the others)?', '{key}'),
	('{course-kx}', 'what is allowed for {code} is not known: {total} dollars allowed for {therapy} in {year} without it, the threshold of policy {policy} is {limit}', '{key,missing}'),
	('{course-kx}', 'policy {policy} has no threshold of {year} for {therapy}', '{key,code}'),
	('{course-review}', '{total} dollars allowed for {therapy} in {year} through this date: above {limit}, policy {policy} may ask for the record', '{key,code}'),
	('{course-visits}', '{code} of visit {visit} in {year}: policy {policy} pays up to visit {limit} of a year', '{key}'),
	('{course-visits}', '{code} of visit {visit} since {episode_from}: policy {policy} pays up to visit {limit} of an episode', '{key}'),
	('{course-sessions}', '{code} of visit {visit} since {episode_from}: policy {policy} looks closely beyond visit {limit} of an episode', '{key}'),
	('{course-units-week}', '{code}: massage x{billed} in the week of {week_from} with (this line|all lines of this date), policy {policy} pays up to {limit} a week', '{key}'),
	('{course-certification,course-authorization}', '({period} {number}|the {period}) allows x{authorized} from {period_from} to {period_to}, x{billed} with this line of {code}', '{}'),
	('{course-certification,course-authorization}', '({period} {number}|the {period}) allows {limit} visits from {period_from} to {period_to}, this one of {code} is visit {visit}', '{}'),
	('{course-certification,course-authorization}', 'no {period} of the patient covers {code} on {dos}', '{}'),
	('{course-certification,course-authorization}', 'no {period} is known for {code} on {dos}, and policy {policy} wants one', '{key}'),
	-- a sentence of each part
	('{edition-coverage}', '(the line has no date of service: edits that depend on the date are not decided)?(edition {edition} covers {coverage}, the date of service is {dos}: load the edition of that date)?'
		'(; )?(edition {edition} does not know code {code}: neither its {undecided} were checked|edition {edition} does not carry {undecided})?(; )?(the day has a line that is not valid or has no date of service: pairs and sums with it were not checked)?', '{missing,beside}'),
	('{line-invalid}', 'the row is not a valid claim line: ({reason}|line_error of its source''s view says why)', '{}'),
	('{line-invalid}', 'the row is a reversal, and no line of the day is what it takes back: {code} x{taken_back} with the same modifiers, on the same date', '{}'),
	('{line-partial}', 'the row''s {missing} could not be read: the line is judged without', '{}'),
	('{line-partial}', 'a reversal takes {taken_back} of {billed} units back: the line is judged as x{left}', '{}')) s(rules, says, only_facts);

-- what may follow: why a denial is none
CREATE TABLE suffix AS SELECT * FROM (VALUES
	(1, '(; they are of {from}( to {to})? and of {with_from}( to {with_to})?, and may be of one date or not)?'),
	(2, '(; not decided: the row''s {missing} could not be read)?'),
	(3, '(; not decided without a date of service|; edition {edition} covers {coverage}: load the edition of the date of service)?')) s(n, says);
SELECT is_empty('SELECT rule FROM claim_rules() EXCEPT SELECT rule FROM sentence', 'each rule says something');

CREATE FUNCTION quoted(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT regexp_replace(value, '(\W)', '\\\1', 'g') $$;

-- "a, b and c"
CREATE FUNCTION joined(list jsonb, last text = ' and ') RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN n > 1 THEN array_to_string(e[:n - 1], ', ') || last || e[n] ELSE e[1] END FROM (SELECT array_agg(x) AS e, count(*)::int AS n FROM jsonb_array_elements_text(list) x) l
$$;

-- dates of a part that the edition knows
CREATE FUNCTION part_text(facts jsonb, part text, name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN facts ? (part || '_from') THEN name
		|| CASE WHEN facts->>(part || '_from') IS NULL AND facts->>(part || '_to') IS NULL THEN ' of all dates' ELSE coalesce(' from ' || (facts->>(part || '_from')), '') || coalesce(' to ' || (facts->>(part || '_to')), '') END
		|| CASE WHEN facts ? (part || '_gap_from') THEN ', but not ' || coalesce(facts->>(part || '_gap_from'), 'the beginning') || ' to ' || coalesce(facts->>(part || '_gap_to'), 'the end') ELSE '' END
		|| coalesce(' (' || (facts->>(part || '_note')) || ')', '') END
$$;

-- the value of a fact as messages have it
CREATE FUNCTION said_as(name text, value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE name WHEN 'column' THEN CASE value::text WHEN '1' THEN 'one' ELSE 'two' END
		WHEN 'missing' THEN joined(value, ', ')
		WHEN 'total' THEN value::text || CASE WHEN value::text ~ '\.' THEN '' ELSE '.00' END
		WHEN 'primaries' THEN joined(value, ', ')
		WHEN 'missing_on' THEN replace(value #>> '{}', ' lines', '')
		WHEN 'undecided' THEN CASE value::text WHEN '["code", "pairs", "limits"]' THEN 'pairs nor its units' WHEN '["pairs"]' THEN 'every pair of the code with the other codes of the day'
			WHEN '["limits"]' THEN 'a unit limit of the code' WHEN '["pairs", "limits"]' THEN 'every pair of the code with the other codes of the day, nor a unit limit of the code' END
		ELSE CASE jsonb_typeof(value) WHEN 'array' THEN joined(value) ELSE value #>> '{}' END END
$$;

CREATE FUNCTION expanded(says text, facts jsonb, own text, with_line text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	name text;
	value jsonb;
BEGIN
	says := replace(replace(says, '{own}', coalesce(own, E'\x01')), '{with}', coalesce(with_line, E'\x01'));
	says := replace(says, '{coverage}', quoted(concat_ws(' and ', part_text(facts, 'pairs', 'code pairs'), part_text(facts, 'limits', 'unit limits'), part_text(facts, 'addons', 'add-on codes'))));
	FOR name, value IN SELECT * FROM jsonb_each(facts) LOOP
		IF jsonb_typeof(value) <> 'null' THEN
			says := replace(says, '{' || name || '}', quoted(CASE WHEN name = 'times' AND value = '2' THEN '(twice|2)' ELSE coalesce(said_as(name, value), '') END));
		END IF;
	END LOOP;
	-- what there is not is not said
	RETURN '^' || regexp_replace(replace(says, quoted('(twice|2)'), '(twice|2)'), '\{[a-z_0-9]+\}', E'\x01', 'g') || '$';
END $$;

--
-- the days
--

CREATE FUNCTION pick(n bigint, seed int, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT choices[1 + draw(n, seed, cardinality(choices))] $$;
CREATE TABLE line AS
SELECT day, 'C' || draw(s, 1, 3) AS claim_id, CASE WHEN draw(s, 2, 20) = 0 THEN 1 ELSE k END AS line_no, CASE WHEN draw(s, 3, 60) > 0 THEN concat_ws(' ',
	pick(s, 4, '97124', '97124', '97124', '97140', '97110', '97112', '97530', '97150', '97010', '98940', '98940', '98941', '98942', '98943', '99213', '97161', '97164', 'G0283', '97012', '97810', '97811', '97129', '97130', '97811', '97130', '97814', '99292', '20610', '99486', 'X0001')
		|| CASE WHEN draw(s, 31, 8) = 0 THEN pick(s, 32, '-CQ-GP', '-GP', '-GO-CO') ELSE pick(s, 5, '', '-GP', '-GP', '-GP-59', '-AT', '-AT', '-59-GP', '-XS-GP', '-GY', '-GZ', '-76', '-25', '-ZZ', '-GP-GP', '-GP-GO', '-CQ', '-GO', '-U7', '-AT-GA', '-59-76-GP', '-XP-GP', '-GX-GY', '-59-XS', '-LT', '-96-97-22-51-GP') END,
	'x' || pick(s, 6, '1', '1', '1', '2', '3', '5', '9', '1.5', '0', '17.25'), pick(s, 7, '', '', '8min', '15min', '22min', '30min', '64min'),
	CASE WHEN draw(s, 8, 40) > 0 THEN dos || CASE WHEN draw(s, 9, 9) = 0 THEN '..' || (dos + 1 + draw(s, 10, 5)) ELSE '' END END,
	CASE WHEN draw(s, 11, 3) = 0 THEN pick(s, 12, '09:00', '09:10', '13:30') END,
	CASE WHEN draw(s, 13, 2) = 0 THEN 'dx=' || pick(s, 14, 'M54.2', 'M99.01,M99.02', 'F41.1', 'M99.01', 'M54.17', 'R45.0', 'F41.1,M54.2', 'M99.03') || pick(s, 15, '', '', ' dxof=claim', ' dxof=first') END,
	CASE WHEN draw(s, 16, 3) = 0 THEN 'region=' || pick(s, 17, 'cervical', 'cervical,lumbar', 'cervical,thoracic,lumbar', 'head', 'cervical,thoracic,lumbar,sacral,pelvic') END,
	CASE WHEN draw(s, 18, 3) = 0 THEN 'specialty=' || pick(s, 19, '35', '65', '225700000X', '111N00000X') END,
	CASE WHEN draw(s, 20, 3) = 0 THEN 'referral=' || pick(s, 21, 'yes', 'no') END, CASE WHEN draw(s, 22, 3) = 0 THEN 'visit=' || pick(s, 23, '1', '4', '7', '17') END,
	CASE WHEN draw(s, 29, 4) = 0 THEN 'assistant=' || pick(s, 30, '0min', '0min', '2min', '6min', '8min') END,
	CASE WHEN draw(s, 24, 12) = 0 THEN 'unread=' || pick(s, 25, 'modifiers', 'dx', 'minutes', 'dx,region', 'specialty') END, CASE WHEN draw(s, 26, 25) = 0 THEN 'reversal' END)::claimline END AS line
FROM (SELECT day, k, pick(day, 1, '2024-08-05', '2024-08-05', '2024-08-05', '2026-11-02', '2016-05-05', '2019-06-28', '2014-06-01', '2025-03-03', '2030-01-01')::date + draw(day * 16 + k, 27, 2) AS dos,
		CASE WHEN k > 1 AND draw(day * 16 + k, 28, 5) = 0 THEN day * 16 + 1 ELSE day * 16 + k END AS s
	FROM generate_series(1::bigint, 6000) day, LATERAL generate_series(1, 2 + draw(day, 2, 5)) k) x;
CREATE INDEX ON line (day);
ANALYZE line;
CREATE TABLE day AS SELECT day, claimday(claim_id, line_no, line) AS lines FROM line GROUP BY day;

INSERT INTO claim_policy (name, settings, note, source) VALUES
	('all', '{"extends": "hns", "visits_limit": 6, "visits_scrutiny": 3, "cmt_extraspinal_modifier": "yes", "supervision_modifier": "U7", "supervision_required_of": ["225700000X"], "supervision_asked_of": ["35"],
		"referral_from": "2016-01-01", "dx_required": "yes", "specialty_codes": {"65": ["97124", "97140", "97110"], "35": ["98940", "98941", "98942", "98943", "97012", "97161", "97164", "97810", "97811", "20610"]}, "specialty_required": "yes", "daily_limits": {"97124": 2}}', 'tried', 'here'),
	('bundled', '{"extends": "medicare", "cmt_massage": "bundled", "cmt_bundled": ["97012"], "cmt_bundled_from": "2016-01-01", "outside_coverage": "apply"}', 'tried', 'here');
CREATE TABLE rules AS
-- a unit limit by line; add-on codes with many primary codes, or with what a contractor names; a gap in what is known of both parts, and something beyond
SELECT 'limits' AS name, (j || jsonb_build_object('addon', '[["97150", "97035", 1, null, null], ["97150", "97110", 1, null, null], ["97150", "97112", 1, null, null], ["97150", "97116", 1, null, null], ["97150", "97124", 1, null, null],
	["97150", "97140", 1, null, null], ["97150", "97530", 1, null, null], ["20610", null, 2, null, null], ["97811", "97810", 3, null, null], ["99292", "99291", 1, null, null]]'::jsonb, 'mue', (j->'mue') || '[["99486", 1, 1, null, null]]', 'coverage', '[["mue", null, null, "2010-01-01", "2014-12-31", null], ["mue", null, null, "2020-10-01", "2024-12-31", "elsewhere to 2026"],
	["ptp", null, null, "2010-01-01", "2014-12-31", null], ["ptp", null, null, "2020-10-01", "2024-12-31", "elsewhere to 2026"],
	["addon", null, null, "2010-01-01", "2014-12-31", null], ["addon", null, null, "2020-10-01", "2024-12-31", "elsewhere to 2026"]]'::jsonb))::text::claim_ruleset AS rules FROM (SELECT starter_ruleset()::text::jsonb AS j) s
UNION ALL SELECT 'outpatient', ruleset('medicare', 'starter-outpatient')
UNION ALL SELECT p, ruleset(p) FROM unnest('{all,bundled,medicare,cpt,medicare-secondary,mountain-state,lmt-97124-only,evicore-massage}'::text[]) p;

-- the code is of one of the lines under the number
CREATE TABLE label AS SELECT day, claim_id, line_no, '(' || string_agg(DISTINCT line_code(line), '|') || ') of claim ' || claim_id || ' line ' || line_no AS label FROM line GROUP BY day, claim_id, line_no;
ANALYZE label;
CREATE TABLE found AS
SELECT f.*, o.label AS own, w.label AS with_line
FROM (SELECT r.name, d.day, e.* FROM rules r, day d, claim_edits(d.lines, r.rules) e WHERE d.day % 9 = ascii(r.name) % 9 OR d.day <= 700) f
	LEFT JOIN label o USING (day, claim_id, line_no) LEFT JOIN label w ON w.day = f.day AND w.claim_id = f.with_claim_id AND w.line_no = f.with_line_no;

-- and of courses: provider-days of a patient with what is allowed, and periods
INSERT INTO claim_policy (name, settings, note, source) VALUES
	('course', '{"extends": "medicare", "visits_limit": 9, "visits_scrutiny": 3, "course_limits": {"visits_year": 12, "units_week": 6, "episode_days": 30}, "periods_required": ["certification", "authorization"]}', 'tried', 'here');
CREATE TABLE course AS
SELECT course, array_agg(ROW('N' || provider, day, ARRAY(SELECT CASE WHEN draw(course * 1000 + dos, 3 + i, 5) > 0 THEN draw(course * 1000 + dos, 20 + i, 60000) / 100.0 END FROM generate_series(1, 3) i), NULL)::claimline_internal.claim_course_day) AS days,
	CASE WHEN course % 3 > 0 THEN ARRAY(SELECT ROW(pick(course * 10 + i, 1, 'certification', 'authorization'), pick(course * 10 + i, 2, NULL, 'N1'), pick(course * 10 + i, 3, NULL, 'GP'), '2024-01-01'::date + draw(course * 10 + i, 4, 90), '2024-04-01'::date + draw(course * 10 + i, 5, 90),
		CASE WHEN draw(course * 10 + i, 6, 2) = 0 THEN 9.5 END, CASE WHEN draw(course * 10 + i, 7, 2) = 0 THEN 4 END, pick(course * 10 + i, 8, NULL, 'A1'))::claimline_internal.claim_course_period FROM generate_series(1, 3) i) END AS periods
FROM (SELECT course, dos, 1 + draw(course * 1000 + dos, 1, 2) AS provider, claimday('C' || dos, 1 + k, concat_ws(' ', pick(course * 1000 + dos, 10 + k, '97124', '97124', '97110', '97140') || pick(course * 1000 + dos, 13 + k, '-GP', '-GP', '-GO', '', '-GP-KX'),
		'x' || pick(course * 1000 + dos, 16 + k, '1', '2', '3', '1.5'), '2023-12-01'::date + dos)::claimline) AS day
	FROM generate_series(1::bigint, 150) course, generate_series(1, 420) dos, generate_series(0, 1) k WHERE draw(course * 1000 + dos, 2, 12) = 0 GROUP BY course, dos) d GROUP BY course;
INSERT INTO found (name, day, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts)
SELECT r.name, 1000000 + c.course, (f.finding).* FROM course c, (VALUES ('course', ruleset('course')), ('medicare', ruleset('medicare')), ('undated', jsonb_set(starter_ruleset()::text::jsonb, '{policy,kx_threshold}', '{"2023": 900}')::text::claim_ruleset)) r(name, rules),
	claimline_internal.claim_course_days(c.days, r.rules, c.periods, NULL) f;
ANALYZE found;

SELECT is_empty('SELECT rule FROM claim_rules() EXCEPT SELECT rule FROM found ', 'each rule speaks');
SELECT is((SELECT count(*) FROM found WHERE facts IS NULL OR jsonb_typeof(facts) <> 'object'), 0::bigint, 'each finding has its facts');

-- one of the sentences of its rule; x1.500 is x1.5
CREATE TABLE matched AS
SELECT f.name, f.day, f.rule, f.message, f.facts, (SELECT s.only_facts FROM sentence s WHERE s.rule = f.rule AND f.said ~ expanded(s.says || x.says, f.facts, f.own, f.with_line) LIMIT 1) AS only_facts
FROM (SELECT f.*, regexp_replace(message, '(\.\d*?[1-9])0+ ', '\1 ', 'g') AS said FROM (SELECT DISTINCT ON (rule, message, facts) * FROM found ORDER BY rule, message, facts, name, day) f) f,
	(SELECT string_agg(says, '' ORDER BY n) AS says FROM suffix) x;
SELECT is((SELECT string_agg(format('%s day %s %s: %s %s', name, day, rule, message, facts), E'\n') FROM (SELECT * FROM matched WHERE only_facts IS NULL ORDER BY rule LIMIT 12) m), NULL, 'a message says its facts');
SELECT cmp_ok((SELECT count(*) FROM matched), '>', 5000::bigint, 'of many messages');

-- and every value is in the message
SELECT is((SELECT string_agg(format('%s: %s of %s in %s', rule, key, facts, message), E'\n') FROM (
	SELECT m.rule, f.key, m.facts, m.message FROM matched m, jsonb_each(m.facts) f
	WHERE NOT (f.key = ANY (m.only_facts || '{regions_least,missing,to,with_to}'::text[])) AND jsonb_typeof(f.value) <> 'null'
		AND position(CASE f.key WHEN 'times' THEN '' WHEN 'billed' THEN trim_scale((f.value #>> '{}')::numeric)::text ELSE said_as(f.key, f.value) END IN m.message) = 0 AND NOT (f.key = 'wanted' AND m.message ~ 'GP, GO or GN') LIMIT 12) x),
	NULL, 'and it says all of them');

--
-- what they are
--

SELECT is_empty('SELECT key FROM found, jsonb_object_keys(facts) key EXCEPT SELECT fact FROM claim_facts()', 'facts are those of the catalogue');
SELECT is_empty('SELECT fact FROM claim_facts() EXCEPT SELECT key FROM found, jsonb_object_keys(facts) key', 'all of which there are');
SELECT is_empty($$SELECT DISTINCT c.fact, c.type, jsonb_typeof(f.value) FROM found, jsonb_each(facts) f JOIN claim_facts() c ON c.fact = f.key
	WHERE jsonb_typeof(f.value) <> CASE WHEN c.type IN ('integer', 'units') THEN 'number' WHEN c.type IN ('texts', 'codes', 'modifiers', 'dx', 'regions') THEN 'array' ELSE 'string' END
		AND NOT (jsonb_typeof(f.value) = 'null' AND c.type IN ('date', 'text'))$$, 'each of its type');
SELECT is_empty($$SELECT f.key, f.value FROM found, jsonb_each_text(facts) f JOIN claim_facts() c ON c.fact = f.key
	WHERE f.value !~ CASE c.type WHEN 'date' THEN '^\d{4}-\d\d-\d\d$' WHEN 'time' THEN '^\d\d:\d\d$' WHEN 'code' THEN '^[0-9A-Z]{5}$' WHEN 'modifier' THEN '^[0-9A-Z]{2}$' WHEN 'integer' THEN '^\d+$' ELSE '' END$$, 'and of its form');
SELECT is_empty($$SELECT f.facts, l.line FROM found f JOIN line l USING (day, claim_id, line_no) WHERE f.facts->>'code' <> line_code(l.line)
	AND (SELECT count(*) FROM line m WHERE m.day = f.day AND m.claim_id = f.claim_id AND m.line_no = f.line_no) = 1$$, 'the code is that of the line');
SELECT is_empty($$SELECT f.facts, l.line FROM found f JOIN line l ON l.day = f.day AND l.claim_id = f.with_claim_id AND l.line_no = f.with_line_no WHERE coalesce(f.facts->>'with_code', f.facts->>'column_1') <> line_code(l.line)
	AND (SELECT count(*) FROM line m WHERE m.day = f.day AND m.claim_id = f.with_claim_id AND m.line_no = f.with_line_no) = 1$$, 'and that of the other line of the other');

-- they are the same facts however they are asked for
SELECT is_empty($$SELECT d.day, e.facts FROM day d, claim_edits(d.lines, starter_ruleset()) e WHERE day <= 300
	EXCEPT ALL SELECT d.day, (e).facts FROM (SELECT day, claim_edits(lines) AS e FROM day OFFSET 0) d WHERE day <= 300$$, 'alone as with all columns');
SELECT is_empty($$SELECT l.day, f.facts FROM (SELECT day, line_edits(line) OVER (PARTITION BY day) AS found FROM line WHERE day <= 300) l, unnest(l.found) f
	EXCEPT SELECT day, e.facts FROM (SELECT day, array_agg(line) AS lines FROM line WHERE day <= 300 GROUP BY day) d, claim_edits(d.lines) e$$, 'and of rows of a window');

-- of each rule, those that doc/rules.md lists
CREATE TABLE page (n int GENERATED ALWAYS AS IDENTITY, line text);
\copy page (line) from 'doc/rules.md' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')
CREATE TABLE documented AS
SELECT (SELECT substring(h.line FROM '^### (.*)') FROM page h WHERE h.line LIKE '### %' AND h.n < p.n ORDER BY h.n DESC LIMIT 1) AS rule, fact[1] AS fact FROM page p, regexp_matches(p.line, '`(\w+)`', 'g') fact WHERE p.line LIKE '- Facts: %';
CREATE TABLE given AS SELECT DISTINCT f.rule, key AS fact FROM found f, jsonb_object_keys(f.facts) key
-- those of any denial that was lowered stand above
WHERE NOT (key IN ('from', 'to', 'with_from', 'with_to') AND f.facts ? 'with_from') AND NOT (key IN ('missing') AND f.severity = 'unknown' AND f.message ~ '; not decided') AND NOT (key ~ '^(pairs|limits|addons)_' AND f.rule <> 'edition-coverage') AND NOT (key = 'edition' AND f.rule <> 'edition-coverage');
SELECT is((SELECT string_agg(format('- Facts: %s   (%s)', f.facts, r.rule), E'\n') FROM claim_rules() r, LATERAL (SELECT string_agg('`' || c.fact || '`', ', ' ORDER BY c.n) AS facts FROM given g JOIN claim_facts() WITH ORDINALITY c(fact, type, unit, meaning, n) USING (fact) WHERE g.rule = r.rule) f
	WHERE f.facts IS DISTINCT FROM (SELECT string_agg('`' || c.fact || '`', ', ' ORDER BY c.n) FROM documented d JOIN claim_facts() WITH ORDINALITY c(fact, type, unit, meaning, n) USING (fact) WHERE d.rule = r.rule)), NULL, 'each rule is documented with its facts');

SELECT * FROM finish();
ROLLBACK;

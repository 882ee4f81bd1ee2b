-- A code that Medicare does not take suggests the one that it takes, where that helps on the day: 97014 and G0283.

BEGIN;
\i test/tap/lib.sql
SELECT plan(17);

CREATE FUNCTION pg_temp.instead(lines text[], rules claim_ruleset = starter_ruleset()) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(e.suggestion::text, 'none') || coalesce(' | ' || e.condition, '') FROM claim_edits($1::claimline[], $2) e WHERE e.rule = 'mue-day' AND e.line_no = 1
$$;

-- HCPCS level II: G0283 is not for wound care, and within a therapy plan of care; Medicare's fee schedule: 97014 status I, G0283 status A
SELECT is(pg_temp.instead(lines('97014-GP x1 15min dx=M54.50')),
	'G0283-GP x1 15min 2024-08-01 dx=M54.50 | the record shows a therapy plan of care and an indication other than wound care', 'the code, and on what condition');
SELECT is(pg_temp.instead(lines('97014 x1')),
	'G0283-GP x1 2024-08-01 | the record shows a therapy plan of care and an indication other than wound care; the service was furnished under a physical therapy plan of care',
	'with the modifier that it needs');
SELECT matches(pg_temp.instead(lines('97014 x1', '97110-GO x1 15min')), '^G0283-GO x1 ', 'that of the day''s other lines');
SELECT matches(pg_temp.instead(lines('97014 x1 specialty=67')), '^G0283-GO x1 ', 'or of the specialty');
SELECT is((SELECT string_agg(e.rule || ' ' || e.severity, ', ') FROM claim_edits('G0283-GP x1 15min 2024-08-01 dx=M54.50'::claimline) e WHERE e.severity >= 'review'), NULL, 'which is payable');
SELECT is(pg_temp.instead(lines('97014-GP x1', 'G0283-GP x1')), 'none', 'not beside one: two are above its limit');
SELECT is(pg_temp.instead(lines('97014-GP x2')), 'none', 'nor for two units');
SELECT is(pg_temp.instead(lines('98943 x1')), 'none', 'nor for what is excluded');
SELECT is(pg_temp.instead(lines('97169-GP x1')), 'none', 'nor for what nothing replaces');
SELECT is(pg_temp.instead(lines('97014-GP x1'), ruleset('cpt')), NULL, 'a payer that takes 97014 has nothing to suggest');
SELECT is((SELECT count(*) FROM suggest_modifiers(lines('97014-GP x1')::claimline[])), 0::bigint, 'it is no matter of modifiers');

-- What is suggested helps: over random days, judged again with the line changed
CREATE TABLE day AS
SELECT d, array_agg(format('%s%s x%s 15min 2024-08-01', CASE n WHEN 1 THEN '97014' ELSE code[1 + draw(d, 100 + n, 9)] END, modifier[1 + draw(d, 200 + n, 8)],
	1 + (draw(d, 300 + n, 6) = 0)::int)::claimline ORDER BY n) AS lines
FROM generate_series(1, 1500) d, generate_series(1, 1 + draw(d, 1, 4)) n,
	(VALUES ('{97014,G0283,97032,97110,97124,97140,97161,98941,97597}'::text[], '{"",-GP,-GP,-GO,-GY,-59-GP,-GP-KX,-GP-GP}'::text[])) v(code, modifier)
GROUP BY d;
CREATE TABLE proposed AS
SELECT d.d, d.lines, e.line_no, e.rule, e.suggestion FROM day d, claim_edits(d.lines) e WHERE line_code(e.suggestion) <> line_code(d.lines[e.line_no]);
SELECT cmp_ok((SELECT count(*) FROM proposed), '>', 300::bigint, 'many are suggested');
SELECT is((SELECT string_agg(DISTINCT rule || ' ' || line_code(lines[line_no]) || ' ' || line_code(suggestion), ', ') FROM proposed), 'mue-day 97014 G0283', 'each G0283 for 97014');
SELECT is_empty($$ SELECT p.d, p.line_no, a.rule FROM proposed p
	CROSS JOIN LATERAL claim_edits(p.lines[:p.line_no - 1] || p.suggestion || p.lines[p.line_no + 1:]) a
	WHERE a.line_no = p.line_no AND a.severity = 'deny'
		AND NOT EXISTS (SELECT FROM claim_edits(p.lines) b WHERE b.line_no = p.line_no AND b.rule = a.rule AND b.rule <> 'mue-day') $$,
	'none is denied for what it was not denied for before');

-- The table
SELECT is((SELECT starter_ruleset()::text::jsonb #> '{replacements,0}'),
	'["97014", "G0283", "the record shows a therapy plan of care and an indication other than wound care"]', 'a ruleset has it');
SELECT matches((error_of($$ SELECT jsonb_set(starter_ruleset()::text::jsonb, '{replacements}', '[["97014", "97014", "c"]]')::text::claim_ruleset $$)).detail, 'does not replace itself', 'a code with itself');
SELECT matches((error_of($$ SELECT jsonb_set(starter_ruleset()::text::jsonb, '{replacements}', '[["97014", "G0283", "c"], ["97014", "97032", "c"]]')::text::claim_ruleset $$)).detail, 'code 97014 twice', 'a code twice');

SELECT * FROM finish();
ROLLBACK;

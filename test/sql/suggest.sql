-- suggestions: which modifier would put a line right, and on what condition

CREATE SCHEMA suggest_test;
SET search_path = suggest_test, public;
\pset null (null)

CREATE FUNCTION lines(VARIADIC lines text[]) RETURNS claimline[]
LANGUAGE sql IMMUTABLE AS $$ SELECT lines::claimline[] $$;

\x on
-- the whole row
SELECT * FROM suggest_modifiers('{"C1" 1 98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral; "C2" 1 97124-GP x1 15min 2024-08-01 region=cervical}'::claimday);
-- several changes of one line are taken together
SELECT * FROM suggest_modifiers(lines('98941 x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-KX-KX-AT x1 15min 2024-08-01 specialty=67'));
\x off

-- beside manipulation: XS where the regions are known to differ or nothing is known of them; nothing where they meet
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-GP x1 15min 2024-08-01 dx=M54.2'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01', '97124-GP x1 15min 2024-08-01 region=cervical'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,cervical', '97124-GP x1 15min 2024-08-01 region=cervical'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-59-GP x1 15min 2024-08-01 region=cervical'));
-- the times are known to differ: XE; they overlap, or one is missing: nothing
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97150-GP x1 30min 2024-08-01 10:00', '97124-GP x1 15min 2024-08-01 10:30'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97150-GP x1 30min 2024-08-01 10:00', '97124-GP x1 15min 2024-08-01 10:29'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97150-GP x1 2024-08-01 10:00', '97124-GP x1 15min 2024-08-01 10:30'));
-- before X{EPSU}, and where the payer wants it: 59
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2014-12-31 region=thoracic,lumbar,sacral', '97124-GP x1 15min 2014-12-31 region=cervical'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2015-01-01 region=thoracic,lumbar,sacral', '97124-GP x1 15min 2015-01-01 region=cervical'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '97124-GP x1 15min 2024-08-01 region=cervical'),
	jsonb_set(starter_ruleset()::text::jsonb, '{policy,distinct_modifier}', '"59"')::text::claim_ruleset);
-- 25 on evaluation and management, XU on a re-evaluation
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral', '99213 x1 2024-08-01'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124-GP x1 15min 2024-08-01', '97164-GP x1 2024-08-01'));
-- no modifier opens indicator 0; a date is missing
SELECT count(*) FROM suggest_modifiers(lines('97140-GP x1 15min 2024-08-01 10:00 region=lumbar', '97124-GP x1 15min 2024-08-01 11:00 region=cervical'));
SELECT count(*) FROM suggest_modifiers(lines('98941-AT x1 region=thoracic,lumbar,sacral', '97124-GP x1 15min region=cervical'));

-- the discipline: by the assistant's modifier, by the specialty, else on a condition
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124-CQ x1 15min 2024-08-01'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124-CO x1 15min 2024-08-01 specialty=65'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124 x1 15min 2024-08-01 specialty=15'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124 x1 15min 2024-08-01'));
SELECT line, suggestion, condition FROM suggest_modifiers(lines('97124 x1 15min 2024-08-01'), ruleset('cpt'));
-- active treatment; not where the modifiers say that it is not
SELECT line, suggestion, condition FROM suggest_modifiers(lines('98940 x1 2024-08-01 region=cervical'));
SELECT count(*) FROM suggest_modifiers(lines('98940-GA x1 2024-08-01 region=cervical'));
-- repeated, unneeded, excluding, out of place
SELECT line, suggestion, condition, reason FROM suggest_modifiers(lines('97124-GP-GP x1 15min 2024-08-01'));
SELECT line, suggestion, condition, reason FROM suggest_modifiers(lines('97124-59-GP x1 15min 2024-08-01'));
SELECT line, suggestion, condition, reason FROM suggest_modifiers(lines('97124-KX-76-GP x1 15min 2024-08-01'));
SELECT line, suggestion, condition, reason FROM suggest_modifiers(lines('97150-GP x1 2024-08-01', '97124-59-XS-GP x1 15min 2024-08-01'));
-- other units are no modifier; what is right has none
SELECT count(*) FROM suggest_modifiers(lines('97124-GP x4 15min 2024-08-01'));
SELECT count(*) FROM suggest_modifiers(lines('97124-GP x1 15min 2024-08-01'));

-- a day or an array, with rules or without
SELECT claim_id, line_no, suggestion FROM suggest_modifiers('{"C1" 7 97124 x1 15min 2024-08-01; "C2" - 98940 x1 2024-08-01; - 3 -}'::claimday);
SELECT claim_id, line_no, suggestion FROM suggest_modifiers('{"C1" 7 97124 x1 15min 2024-08-01; "C2" - 98940 x1 2024-08-01; - 3 -}'::claimday, ruleset('cpt'));
SELECT claim_id, line_no, suggestion FROM suggest_modifiers(ARRAY[NULL, '98940 x1 2024-08-01', '97124 x1 15min 2024-08-01']::claimline[]);
SELECT claim_id, line_no, suggestion FROM suggest_modifiers(lines => ARRAY[NULL, '98940 x1 2024-08-01', '97124 x1 15min 2024-08-01']::claimline[], rules => starter_ruleset());
SELECT count(*) FROM suggest_modifiers(NULL::claimday);
SELECT count(*) FROM suggest_modifiers(NULL::claimline[]);
SELECT count(*) FROM suggest_modifiers('{}'::claimday);
SELECT * FROM suggest_modifiers('{}'::claimday, NULL);
SELECT * FROM suggest_modifiers('{}'::claimline[], NULL);
SELECT * FROM suggest_modifiers(NULL::claimday, NULL);

-- billed as suggested, what was suggested for is gone
CREATE TABLE days AS SELECT n, d::claimday FROM (VALUES
	(1, '{- 1 98941 x1 2024-08-01 region=thoracic,lumbar,sacral; - 2 97124-KX-KX-AT x1 15min 2024-08-01 specialty=67 region=cervical}'),
	(2, '{- 1 98940-AT x1 2024-08-01 region=thoracic; - 2 99213 x1 2024-08-01; - 3 97124 x1 15min 2024-08-01 region=head; - 4 97112-GP x1 15min 2024-08-01 region=cervical}'),
	(3, '{- 1 97124-GP x1 15min 2024-08-01 10:00; - 2 97164 x1 2024-08-01; - 3 97150-GP x1 20min 2024-08-01 11:00}')) v(n, d);
SELECT n, line_no, line, suggestion FROM days, suggest_modifiers(d) ORDER BY n, line_no;
SELECT n, e.line_no, e.rule, e.severity, e.with_line_no
FROM (SELECT n, claimday(l.claim_id, l.line_no, coalesce(s.suggestion, l.line)) AS d FROM days, day_lines(d) l LEFT JOIN LATERAL suggest_modifiers(d) s ON s.line_no = l.line_no GROUP BY n) x, claim_edits(d) e
ORDER BY n, e.line_no, e.rule;

SET client_min_messages = warning;
DROP SCHEMA suggest_test CASCADE;

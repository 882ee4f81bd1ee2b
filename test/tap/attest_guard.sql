-- Guards and what a session attests: which finding is accepted, and what is written down; who may.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

SET LOCAL ROLE guard_owner;
SELECT make('a'), claim_guard_add('a'), make('q'), claim_guard_add('q', action => 'quarantine'), make('n'), claim_guard_add('n', action => 'annotate') \g /dev/null
GRANT SELECT, INSERT ON a TO guard_writer;
RESET ROLE;
GRANT guard_owner TO SESSION_USER;

CREATE FUNCTION attest(rule text, claim text, line int, reason text = 'seen', evidence text = 'chart 7') RETURNS text LANGUAGE sql AS $$
	SELECT set_config('claimline.attest', jsonb_strip_nulls(jsonb_build_object('rule', rule, 'claim_id', claim, 'line_no', line, 'reason', reason, 'evidence', evidence))::text, true)
$$;
CREATE FUNCTION logged(t text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', claim_id, line_no, rule, severity, reason, evidence, attested_by = session_user, given_to, state), ', ' ORDER BY id) FROM claim_attestations WHERE source = t
$$;
-- 5 units of massage: above the limit of 4, in 75 minutes
CREATE FUNCTION row_of(t text, claim text, units int = 5, person text = 'P1') RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO app.%I VALUES (%L, ''N1'', ''2024-08-01'', %L, 1, ''97124'', ''GP'', %s, %s, ''M54.2'')', t, person, claim, units, units * 15)
$$;

SELECT is(result_as('guard_owner', row_of('a', 'C1')), 'mue-day', 'without an attestation it is refused');
SELECT attest('mue-day', 'C1', 1) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C1')), '1', 'with it, it is accepted');
SELECT is(logged('a'), 'C1 1 mue-day deny seen chart 7 t guard not scanned yet', 'and written down');
SELECT is((SELECT ROW(a.message, a.suggestion, a.condition, a.line) FROM claim_attestations a), (SELECT ROW(e.message, e.suggestion, e.condition, l.line) FROM a_lines l, claim_edits(claimday(ARRAY[l.line])) e WHERE e.rule = 'mue-day'),
	'with the line and the words of the finding');
SELECT is((SELECT ROW(day_key, patient, provider, dos) FROM claimline_internal.claim_attestation WHERE source = 'a'), ROW(claimline_internal.claim_scan_key('P1', 'N1', '2024-08-01'), 'P1'::text, 'N1'::text, '2024-08-01'::date), 'a scan will find the day');
-- another rule, claim, line; nothing of another is accepted
SELECT is(result_as('guard_owner', row_of('a', 'C2', person => 'P2')), 'mue-day', 'another claim is refused');
SELECT attest('ptp', 'C2', 1) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C2', person => 'P2')), 'mue-day', 'by another rule it is refused');
SELECT attest('mue-day', 'C2', 2) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C2', person => 'P2')), 'mue-day', 'of another line it is refused');
SELECT attest('mue-day', NULL, NULL) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C2', person => 'P2')), 'mue-day', 'what names no claim is of lines that have none');
-- a second finding of the line
SELECT attest('mue-day', 'C3', 1) \g /dev/null
SELECT is(result_as('guard_owner', $$INSERT INTO app.a VALUES ('P3', 'N1', '2024-08-01', 'C3', 1, '97124', 'GP', 5, 22, 'M54.2')$$), 'units-minutes', 'one of two findings attested is not enough');
SELECT set_config('claimline.attest', '[{"rule": "mue-day", "claim_id": "C3", "line_no": 1, "reason": "one"}, {"rule": "units-minutes", "claim_id": "C3", "line_no": "1", "reason": "two"}]', true) \g /dev/null
SELECT is(result_as('guard_owner', $$INSERT INTO app.a VALUES ('P3', 'N1', '2024-08-01', 'C3', 1, '97124', 'GP', 5, 22, 'M54.2')$$), '1', 'both are');
SELECT is((SELECT string_agg(rule || ' ' || reason, ', ' ORDER BY rule) FROM claim_attestations WHERE claim_id = 'C3'), 'mue-day one, units-minutes two', 'each is written down with its reason');
-- what is refused is not written down
SELECT set_config('claimline.attest', '{"rule": "mue-day", "claim_id": "C4", "line_no": 1, "reason": "one"}', true) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C4', person => 'P4') || $$, ('P5', 'N1', '2024-08-01', 'C5', 1, '97124', 'GP', 5, 75, 'M54.2')$$), 'mue-day', 'a statement with another line that does not pass is refused');
SELECT is((SELECT count(*) FROM claim_attestations WHERE claim_id = 'C4'), 0::bigint, 'and leaves nothing in the log');

-- quarantine: what is attested stays
SELECT attest('mue-day', 'C1', 1) \g /dev/null
SELECT is(result_as('guard_owner', row_of('q', 'C1') || $$, ('P9', 'N1', '2024-08-01', 'C9', 1, '97124', 'GP', 5, 75, 'M54.2')$$), '2', 'quarantine');
SELECT is((SELECT string_agg(claim_id, ' ') FROM q), 'C1', 'the line that is attested stays, the other is moved');
SELECT is(logged('q'), 'C1 1 mue-day deny seen chart 7 t guard not scanned yet', 'once in the log');
SELECT is(result_as('guard_owner', row_of('n', 'C1')), '1', 'annotate');
SELECT is((SELECT string_agg(rule, ' ') FROM claim_guard_finding WHERE source = 'n'), 'mue-day', 'notes what it is');
SELECT is(logged('n'), 'C1 1 mue-day deny seen chart 7 t guard not scanned yet', 'and who answers for it');

-- who may: members of the source's owner, in their own session
SELECT attest('mue-day', 'C7', 1) \g /dev/null
SELECT is(result_as('guard_writer', row_of('a', 'C7', person => 'P7')), '42501 must be owner of claim source "a" to attest', 'who may only write may not attest');
SELECT is(result_as('guard_writer', row_of('a', 'C8', person => 'P7')), 'mue-day', 'other lines are refused as ever');
SELECT is(result_as('guard_writer', row_of('a', 'C8', 1, person => 'P7')), '1', 'what passes passes');
-- a function with the owner's rights, called by another session
SET LOCAL ROLE guard_owner;
RESET ROLE;
GRANT CREATE ON SCHEMA app TO guard_owner;
SET LOCAL ROLE guard_owner;
CREATE FUNCTION app.put(statement text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE statement; END $$;
RESET ROLE;
SET LOCAL SESSION AUTHORIZATION guard_writer;
SELECT (lib.error_of(format('SELECT app.put(%L)', row_of('a', 'C7', person => 'P7')))).state AS definer \gset
RESET SESSION AUTHORIZATION;
SELECT is(:'definer'::text, '42501', 'nor by a function with the owner''s rights');

-- what is no attestation
SELECT is(array_agg(e.state || ' ' || e.detail ORDER BY n), ARRAY['22023 It is not JSON.', '22023 It is no object: 7', '22023 There is no rule "no-rule".', '22023 The reason is empty.', '22023 Unknown keys: {"who": "me"}',
	'22023 "x" is no line number.'], 'what is no attestation is said')
FROM unnest(ARRAY['junk', '[7]', '{"rule": "no-rule", "reason": "x"}', '{"rule": "ptp"}', '{"rule": "ptp", "reason": "x", "who": "me"}', '{"rule": "ptp", "reason": "x", "line_no": "x"}']) WITH ORDINALITY u(given, n),
	LATERAL (SELECT set_config('claimline.attest', given, true)) s, lib.error_of(row_of('a', 'C7', person => 'P7') || CASE WHEN s.set_config <> '' THEN '' END) e;
SELECT matches((lib.error_of($$ALTER ROLE guard_owner SET claimline.attest = '{"rule": "ptp", "reason": "x"}'$$)).detail, 'SET LOCAL', 'a role does not have it always');
SELECT matches((lib.error_of(format($$ALTER DATABASE %I SET claimline.attest = '{"rule": "ptp", "reason": "x"}'$$, current_database()))).detail, 'SET LOCAL', 'nor a database');
SELECT set_config('claimline.attest', '', true) \g /dev/null
SELECT is(result_as('guard_owner', row_of('a', 'C7', person => 'P7')), 'mue-day', 'an empty one attests nothing');

-- keys of other types: the day is the one that a scan finds
SET LOCAL ROLE guard_owner;
CREATE TABLE app.k (patient numeric, provider int, dos date, claim_id text, line_no int, code text, units int, minutes int, modifier text);
SELECT claim_source_add('k', 'app.k', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no", "code": "code", "units": "units", "minutes": "minutes", "modifiers": "modifier"}'),
	claim_guard_add('k'), attest('mue-day', 'C1', 1) \g /dev/null
INSERT INTO app.k VALUES (7.10, 3, '2024-08-01', 'C1', 1, '97124', 5, 75, 'GP'), (8, NULL, NULL, 'C2', 1, '97124', 1, 15, 'GP');
SELECT is((SELECT day_key FROM claimline_internal.claim_attestation WHERE source = 'k'), claimline_internal.claim_scan_key('7.1', '3', '2024-08-01'), 'of keys that are no text');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;

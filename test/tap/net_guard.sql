-- Guards over claims that are replaced, voided, reversed or loaded twice: what is written answers for itself, by what counts.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT plan(31);

CREATE TABLE g (pid text, npi text, d date, cid text, ln int, code text, mods text, u numeric, mins int, freq text, rep text, chg numeric);
SELECT claim_source_add('g', 'g', columns => '{"patient": {"column": "pid", "as_is": true}, "provider": {"column": "npi", "as_is": true}, "dos": "d", "claim_id": "cid", "line_no": "ln", "code": "code", "modifiers": "mods",
	"units": "u", "minutes": "mins", "frequency": "freq", "replaces": "rep"}', charge => 'chg') \g /dev/null
CREATE FUNCTION put(d int, cid text, code text, u numeric, freq text DEFAULT '1', rep text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT result(format('INSERT INTO g VALUES (%L, %L, %L, %L, 1, %L, %L, %s, %L, %L, %L, 30)', 'P', '1', date '2024-08-01' + d, cid, code, CASE WHEN code LIKE '98%' THEN 'AT' ELSE 'GP' END, u, CASE WHEN code LIKE '98%' THEN NULL ELSE 15 * abs(u) END, freq, rep))
$$;

-- an index by which they are found

SELECT ok(NOT claimline_internal.claim_adjust_indexed(relation, mapping), 'without an index') FROM claimline_internal.claim_source WHERE name = 'g';
CREATE INDEX ON g (npi, d);
SELECT is(claimline_internal.claim_source_indexed(relation, mapping) || ' ' || claimline_internal.claim_adjust_indexed(relation, mapping), 'true false', 'one of the day is none of the patient') FROM claimline_internal.claim_source WHERE name = 'g';
CREATE INDEX ON g (pid, npi, d);
SELECT ok(claimline_internal.claim_adjust_indexed(relation, mapping), 'one that begins with the patient is') FROM claimline_internal.claim_source WHERE name = 'g';

-- reject

SELECT claim_guard_add('g') \g /dev/null
SELECT is(put(0, 'A', '98940', 1), '1', 'manipulation');
SELECT is(put(0, 'B', '97124', 1), 'ptp', 'massage beside it is refused');
SELECT is(put(0, 'V', '98940', 1, '8', 'A'), '1', 'the manipulation is voided');
SELECT is(put(0, 'B', '97124', 1), '1', 'then massage is none beside it');
SELECT is(result('DELETE FROM g WHERE cid = ''V'''), '1', 'what brings a stored line back is not refused');
SELECT is((SELECT count(*) FROM g_lines), 2::bigint, 'both count');
SELECT is(put(0, 'B', '97124', 1), 'ptp', 'a row that does not pass is refused when it is loaded again, too');
SELECT is(put(0, 'R', '97124', -1), '1', 'a reversal is not');
SELECT is(put(0, 'W', '98940', 1, '7', 'A'), '1', 'nor a replacement that passes');
SELECT is(put(0, 'X', '97124', 1), 'ptp', 'but what does not pass beside it is');
SELECT is(put(1, 'C', '97124', 5), 'mue-day', 'five units are refused');
SELECT is(result($$INSERT INTO g SELECT 'P', '1', '2024-08-02', c, 1, '97124', 'GP', u, 75, '1', NULL, 30 FROM (VALUES ('C', 5), ('RC', -5)) v (c, u)$$), '2', 'and are not with what takes them back');
SELECT is(put(1, 'D', '97124', 4), '1', 'four are right');
SELECT is(put(1, 'E', '97124', 5, '7', 'D'), 'mue-day', 'a replacement of five units is refused');
SELECT is(put(1, 'E', '97124', 3, '7', 'D'), '1', 'one of three is not');
SELECT is((SELECT string_agg(claim_id, ' ' ORDER BY claim_id) FROM g_lines WHERE dos = '2024-08-02'), 'C E RC', 'and it counts alone');
SELECT is(put(2, 'F', '97124', -1), '1', 'a reversal of nothing is undecided, and no denial');
SELECT is(put(3, 'H', '97124', 9, '8', 'none'), '1', 'a void of nothing is no line');

-- quarantine

SELECT claim_guard_add('g', action => 'quarantine') \g /dev/null
SELECT is(put(4, 'K', '97124', 4), '1', 'four units');
SELECT is(put(4, 'K', '97124', 4), '1', 'loaded again');
SELECT is(put(4, 'L', '97124', 4), '1', 'four more');
SELECT is(put(4, 'M', '97124', 4, '7', 'K'), '1', 'and four that replace the first');
SELECT is((SELECT string_agg(row_data ->> 'cid', ' ') FROM claim_quarantine), 'L', 'what is one too many is moved');
SELECT is((SELECT string_agg(cid, ' ' ORDER BY cid) FROM g WHERE d = '2024-08-05'), 'K K M', 'the others stay');

-- annotate: also the days of what is voided, and of what comes back

DELETE FROM g;
SELECT claim_guard_add('g', action => 'annotate') \g /dev/null
SELECT put(5, 'N', '97124', 5), put(6, 'O', '97124', 5) \g /dev/null
SELECT is((SELECT string_agg(claim_id, ' ' ORDER BY claim_id) FROM claim_guard_finding WHERE source = 'g'), 'N O', 'notes');
SELECT put(9, 'P', '97124', 1, '8', 'N') \g /dev/null
SELECT is((SELECT string_agg(claim_id, ' ' ORDER BY claim_id) FROM claim_guard_finding WHERE source = 'g'), 'O', 'go with the claim that a row of another day voids');
UPDATE g SET rep = 'O' WHERE cid = 'P';
SELECT is((SELECT string_agg(claim_id, ' ' ORDER BY claim_id) FROM claim_guard_finding WHERE source = 'g'), 'N', 'and come back with it');
DELETE FROM g WHERE cid = 'P';
SELECT is((SELECT string_agg(claim_id, ' ' ORDER BY claim_id) FROM claim_guard_finding WHERE source = 'g'), 'N O', 'when the void is taken away');

SELECT * FROM finish();
ROLLBACK;

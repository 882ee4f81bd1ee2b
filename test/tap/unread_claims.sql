-- What says which dates a line is of and whether its claim counts, where it cannot be read: the last date, the frequency, the claim that is replaced,
-- the status, the charge.  Over random claims of originals, replacements, voids, denials, reversals and spans, a value that cannot be read loses no
-- row, and no denial of a rule that does not read it.  Which rule reads which is written out here from doc/rules.md and doc/sources.md.

BEGIN;
\i test/tap/lib.sql

SELECT * FROM no_plan();

CREATE SCHEMA unread;
SELECT set_config('search_path', 'unread, ' || current_setting('search_path'), true) \g /dev/null

CREATE FUNCTION pick(n int, seed int, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(choices[1 + draw(n, seed, cardinality(choices))], '') $$;
-- a claim has one row, and every third is of the claim before: it replaces it, voids it, or bills it again
CREATE TABLE clean AS SELECT 'P' || n / 3 AS patient, 'C' || n AS claim, '2024-08-0' || 1 + draw(n / 3, 1, 2) AS dos, CASE WHEN draw(n, 2, 3) = 0 THEN '2024-08-0' || 3 + draw(n, 3, 3) END AS thru,
    pick(CASE WHEN n % 3 = 2 THEN n - 1 ELSE n END, 4, '97124', '97124', '97140', '97110', '97150', '97010', '98940', '98941', '99213', '97161', 'G0283', '97012') AS code,
    pick(CASE WHEN n % 3 = 2 THEN n - 1 ELSE n END, 5, '', 'GP', 'GP', 'AT', 'GP59', 'GY', 'GZ', '25', 'ZZ', 'GP,GP', 'GP,GO', 'CQ', 'AT,GA') AS modifiers,
    pick(CASE WHEN n % 3 = 2 THEN n - 1 ELSE n END, 6, '1', '1', '2', '5', '9', '1.5') AS units, pick(n, 7, '', '8', '15', '30') AS minutes, pick(n, 8, '', '9:00', '9:10') AS start_time, pick(n, 9, '', '35', '65', '225700000X') AS specialty,
    CASE WHEN n % 3 = 2 THEN pick(n, 10, '1', '7', '7', '8') ELSE pick(n, 11, '1', '1', '') END AS frequency, CASE WHEN n % 3 = 2 THEN pick(n, 12, '', 'C' || n - 1, 'C' || n - 1) END AS replaces,
    pick(n, 13, 'paid', 'paid', '', 'denied', 'reversed') AS status, pick(n, 14, '50', '50', '50', '') AS charge
FROM generate_series(1, 3000) n;
-- some are taken back: by units, by the charge, by the status
INSERT INTO clean SELECT patient, 'R' || claim, dos, thru, code, modifiers, CASE pick(n, 15, 'u', 'c', 's') WHEN 'u' THEN '-' ELSE '' END || units, minutes, start_time, specialty, '1', NULL, pick(n, 15, 'paid', 'paid', 'reversal'), CASE pick(n, 15, 'u', 'c', 's') WHEN 'c' THEN '-50' ELSE '50' END
FROM (SELECT c.*, substr(claim, 2)::int AS n FROM clean c) c WHERE draw(n, 16, 5) = 0;
CREATE TABLE broken (LIKE clean);
SELECT claim_source_add(s, s, NULL, '{"patient": "patient", "dos": "dos", "thru": "thru", "claim_id": "claim", "line_no": {"value": "1"}, "code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes",
    "start_time": "start_time", "specialty": "specialty", "frequency": "frequency", "replaces": "replaces", "status": "status"}', charge => 'charge') FROM unnest('{clean,broken}'::text[]) s \g /dev/null

-- of a duplicate and of units above the minutes the order of lines says which is denied: how many of a code counts
CREATE FUNCTION denials(src regclass, policy text) RETURNS TABLE (rule text, place text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT e.rule, CASE WHEN e.rule IN (''duplicate'', ''units-minutes'') THEN c.patient || '' '' || c.code || '' '' || row_number() OVER (PARTITION BY e.rule, c.patient, c.code) ELSE e.claim_id END
        FROM (SELECT claimday(claim_id, line_no, line) AS day FROM %s GROUP BY patient, provider, dos) d, claim_edits(d.day, $1) e, clean c WHERE e.severity = ''deny'' AND c.claim = e.claim_id', src) USING ruleset(policy);
END $$;
CREATE TABLE policies (policy text); INSERT INTO policies VALUES ('medicare'), ('medicare-secondary'), ('mountain-state'), ('lmt-97124-only');
CREATE TABLE denied AS SELECT DISTINCT p.policy, d.rule, d.place FROM policies p, denials('clean_lines', p.policy) d;
SELECT cmp_ok((SELECT count(DISTINCT rule) FROM (SELECT rule FROM denied GROUP BY rule HAVING count(*) > 10) r), '>=', 15::bigint, 'many rules deny many of the clean rows');
SELECT is((SELECT count(*) FROM clean_lines WHERE line_error IS NOT NULL), 0::bigint, 'which can all be read');
SELECT cmp_ok((SELECT count(*) FROM claim_source_quality('clean') WHERE kind IN ('left out', 'netted') AND "rows" > 20), '>=', 5::bigint, 'claims are left out for each reason, and netted');

-- what a value that cannot be read may change: what is made of the dates; the minutes of a day, where more of its lines count.  A replacement or a void
-- that was not denied for all that is known takes out what it is of; of lines that differ in their dates alone, one or the other is taken back.
CREATE TABLE reads (field text, rules text[], junk text[], but text DEFAULT 'false');
INSERT INTO reads VALUES ('thru', '{mue-day,units-minutes,units-split-lines,duplicate,time-overlap}', '{x,20241345,9/9,45505,2024-07-01,2094-08-01}'), ('frequency', '{units-minutes}', '{x,137x,99,-}'), ('replaces', '{units-minutes}', '{?,x,0}'),
    ('status', '{units-minutes}', '{x,99,pended?}'), ('charge', '{units-minutes}', '{x,$5,(50),-x}');
UPDATE reads SET but = CASE field WHEN 'status' THEN 'frequency IN (''7'', ''8'')' ELSE 'patient IN (SELECT patient FROM clean WHERE claim LIKE ''R%'')' END WHERE field IN ('status', 'thru');
CREATE TABLE lost (field text, policy text, rule text, place text);
CREATE TABLE kept (field text, said bigint, gone bigint, silent bigint);
CREATE FUNCTION break(of_field text, junk text[], but text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE broken;
    INSERT INTO broken TABLE clean;
    EXECUTE format('UPDATE broken SET %I = pick(hashtext(claim) & 65535, 100, VARIADIC $1) WHERE draw(hashtext(claim) & 65535, 101, 2) = 0 AND (%s) IS NOT TRUE', of_field, but) USING junk;
    INSERT INTO kept SELECT of_field, (SELECT count(*) FROM broken_lines WHERE line_unread(line) = ARRAY[of_field]), (SELECT count(*) FROM (SELECT claim_id FROM clean_lines EXCEPT SELECT claim_id FROM broken_lines WHERE line IS NOT NULL) x),
        (SELECT count(*) FROM broken_lines l JOIN broken b ON b.claim = l.claim_id WHERE b.thru = ANY (junk) AND line_error IS NULL);
    INSERT INTO lost SELECT of_field, d.policy, d.rule, d.place FROM denied d WHERE NOT EXISTS (SELECT FROM still s WHERE (s.policy, s.rule, s.place) = (d.policy, d.rule, d.place));
END $$;
CREATE VIEW still AS SELECT p.policy, b.rule, b.place FROM policies p, denials('broken_lines', p.policy) b;
SELECT break(field, junk, but) FROM reads \g /dev/null
SELECT is(gone, 0::bigint, 'no line is lost for its ' || field) FROM kept;
SELECT is_empty($$SELECT l.field, l.rule, count(*), min(l.policy || ' ' || l.place) FROM lost l JOIN reads r USING (field) WHERE l.rule <> ALL (r.rules) GROUP BY 1, 2$$, 'no denial of a rule that does not read it is lost');
SELECT cmp_ok(said, '>', 300::bigint, 'a last date that cannot be read is named on the line') FROM kept WHERE field = 'thru';
SELECT is(silent, 0::bigint, 'and said in line_error') FROM kept WHERE field = 'thru';
SELECT is(said, 0::bigint, 'a line has no ' || field) FROM kept WHERE field <> 'thru';

SELECT * FROM finish();

ROLLBACK;

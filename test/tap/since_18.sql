-- What PostgreSQL 18 has: a limit of rows that COPY passes over; rows as they were and as they are from RETURNING; keys with
-- periods; generated columns that are computed when they are read.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

\set file `pwd`/since_18.copy

-- ------------------------------------------------ COPY with a limit

CREATE TABLE lines (n int, line claimline);
CREATE TABLE written (n int, t text);
INSERT INTO written VALUES (1, '97124-GP'), (2, '9712'), (3, '97124 x-1'), (4, '98941');
\copy written TO since_18.copy
SELECT is(result(format('COPY lines FROM %L (ON_ERROR ignore, REJECT_LIMIT %s)', :'file', n)), r, 'REJECT_LIMIT ' || n)
FROM (VALUES (1, '22P02 skipped more than REJECT_LIMIT (1) rows due to data type incompatibility'), (2, '2')) v (n, r);
SELECT is((SELECT string_agg(n::text, ',' ORDER BY n) FROM lines), '1,4', 'the lines of the one that was not stopped');

-- ----------------------------------------- rows old and new, under a guard that quarantines

SELECT make('g'), claim_guard_add('g', action => 'quarantine') \g /dev/null
INSERT INTO g VALUES ('P', 'a', '2024-08-01', 'C', 1, '97110', 'GP', 1, 15, 'M99.01'), ('P', 'a', '2024-08-01', 'C', 2, '97112', 'GP', 1, 15, 'M99.01');
ALTER TABLE g ADD UNIQUE (claim_id, line_no);
WITH r AS (UPDATE g SET units = CASE line_no WHEN 1 THEN 9 ELSE units END, minutes = 30 RETURNING old.units AS was, new.units AS is, new.line_no)
SELECT is((SELECT string_agg(concat_ws(' ', line_no, was, r.is), ', ' ORDER BY line_no) FROM r), '1 1 9, 2 1 1', 'UPDATE returns rows as they were and as it wrote them');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, units), ', ' ORDER BY line_no) FROM g), '2 1', 'the denied one is moved');
SELECT is((SELECT concat_ws(' was ', row_data ->> 'units', replaced ->> 'units') FROM claim_quarantine WHERE source = 'g'), '9 was 1', 'with the row as it was');
WITH r AS (
	INSERT INTO g VALUES ('P', 'a', '2024-08-01', 'C', 2, '97112', 'GP', 9, 15, 'M99.01'), ('P', 'a', '2024-08-01', 'C', 3, '97116', 'GP', 1, 15, 'M99.01')
	ON CONFLICT (claim_id, line_no) DO UPDATE SET units = excluded.units RETURNING old.units AS was, new.units AS is, new.line_no
) SELECT is((SELECT string_agg(concat_ws(' ', line_no, coalesce(was::text, 'none'), r.is), ', ' ORDER BY line_no) FROM r), '2 1 9, 3 none 1', 'so does INSERT ON CONFLICT DO UPDATE');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, units), ', ' ORDER BY line_no) FROM g), '3 1', 'of which the denied one is moved too');
WITH r AS (
	MERGE INTO g USING (VALUES (3, 9), (4, 1)) v (n, u) ON g.line_no = v.n
	WHEN MATCHED THEN UPDATE SET units = v.u
	WHEN NOT MATCHED THEN INSERT VALUES ('P', 'a', '2024-08-01', 'C', v.n, '97110', 'GP', v.u, 15, 'M99.01')
	RETURNING merge_action() AS action, old.units AS was, new.units AS is, new.line_no
) SELECT is((SELECT string_agg(concat_ws(' ', line_no, action, coalesce(was::text, 'none'), r.is), ', ' ORDER BY line_no) FROM r), '3 UPDATE 1 9, 4 INSERT none 1', 'and MERGE');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, units), ', ' ORDER BY line_no) FROM g), '4 1', 'and of that');

-- ------------------------------------------------ keys with periods

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE v (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text,
	valid daterange, PRIMARY KEY (claim_id, line_no, valid WITHOUT OVERLAPS));
CREATE INDEX ON v (patient, provider, dos);
SELECT claim_source_add('v', 'v', columns => mapping()), claim_guard_add('v'), claim_source_track('v') \g /dev/null
SELECT is(result($$INSERT INTO v VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01', '[2024-08-01,2024-09-01)'), ('P', 'a', '2024-08-01', 'C', 2, '97110', 'GP', 1, 15, 'M99.01', '[2024-08-01,)')$$), '2', 'a table with a temporal key is guarded');
SELECT is(result($$INSERT INTO v VALUES ('P', 'a', '2024-08-01', 'C', 3, '97124', 'GP', 1, 15, 'M99.01', '[2024-08-01,)')$$), 'ptp', 'and refuses');
SELECT is(result($$INSERT INTO v VALUES ('P', 'a', '2024-08-01', 'C', 2, '97110', 'GP', 1, 15, 'M99.01', '[2024-08-05,)')$$) LIKE '23P01 %', true, 'the key refuses what it always did');
-- versions that are not current are no lines of the day: a view of those that are is what is mapped
CREATE VIEW v_now AS SELECT * FROM v WHERE upper_inf(valid);
SELECT claim_source_add('v_now', 'v_now', columns => mapping()) \g /dev/null
SELECT is((SELECT string_agg(line_no::text, ',' ORDER BY line_no) FROM v_now_lines), '2', 'a source over the current versions');

-- ------------------------------------------ virtual generated columns

SELECT is(result(format('CREATE TABLE made_%s (code text, units numeric, line claimline GENERATED ALWAYS AS (claimline(code, units => units)) %s)', lower(k), k)), r, 'a line that is generated, ' || k)
FROM (VALUES ('STORED', '0'), ('VIRTUAL', '0A000 virtual generated column "line" cannot have a user-defined type')) v (k, r);
SELECT is(result(format('CREATE TABLE passes_%s (line claimline, passes boolean GENERATED ALWAYS AS (claim_passes(line)) %s)', lower(k), k)), r, 'a verdict that is generated, ' || k)
FROM (VALUES ('STORED', '0'), ('VIRTUAL', '0A000 generation expression uses user-defined function')) v (k, r);
INSERT INTO passes_stored VALUES ('97124-GP x5 75min 2024-08-01'), ('97124-GP x1 15min 2024-08-01');
SELECT is((SELECT string_agg(passes::text, ', ' ORDER BY line) FROM passes_stored), 'true, false', 'what is stored is computed as it is written');

SELECT * FROM finish();
ROLLBACK;

-- What PostgreSQL 19 has: COPY that puts a null where a value cannot be read, ON CONFLICT DO SELECT.  Of REPACK see
-- test/cluster/rewritten.sh, of IGNORE NULLS same_answer.sql.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

\set file `pwd`/since_19.copy

-- ------------------------------------------------ COPY that puts nulls

CREATE TABLE written (n int, t text);
INSERT INTO written SELECT n, (ARRAY['97124-GP', '98941', '9712', '97124-GP-', '97140-59-GP', ''])[1 + lib.draw(n, 1, 6)]
	|| (ARRAY['', ' x1', ' x2.5', ' x1000000', ' 2000min'])[1 + lib.draw(n, 2, 5)] FROM generate_series(1, 500) n;
\copy written TO since_19.copy
CREATE TABLE lines (n int, line claimline);
SELECT is(result(format('COPY lines FROM %L (ON_ERROR set_null)', :'file')), '500', 'ON_ERROR set_null keeps all rows');
SELECT is_empty($$SELECT n, line::text FROM lines EXCEPT SELECT n, CASE WHEN pg_input_is_valid(t, 'claimline') THEN t::claimline::text END FROM written$$, 'with a null for what is no line');
SELECT ok((SELECT count(*) BETWEEN 50 AND 450 FROM lines WHERE line IS NULL), 'which are some and not all');
CREATE TABLE needed (n int, line claimline NOT NULL);
SELECT ok(result(format('COPY needed FROM %L (ON_ERROR set_null)', :'file')) LIKE '23502 %', 'where null is not allowed it is an error');

-- a guarded table: what was no date is none, so the row is no part of the day that it would be in conflict with
CREATE TABLE raw (patient text, provider text, dos text, claim_id text, line_no int, code text, modifier text, units text, minutes int, dx text);
INSERT INTO raw VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P', 'a', '2024-08-32', 'C', 2, '97124', 'GP', 1, 15, 'M99.01'),
	('P', 'a', '2024-08-01', 'C', 3, '97110', 'GP', 'two', 15, 'M99.01');
\copy raw TO since_19.copy
SELECT make('g'), claim_guard_add('g'), claim_source_track('g') \g /dev/null
SELECT is(result(format('COPY g FROM %L (ON_ERROR set_null)', :'file')), '3', 'a guarded table takes rows with nulls');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, coalesce(dos::text, 'null'), coalesce(units::text, 'null')), ', ' ORDER BY line_no) FROM g), '1 2024-08-01 1, 2 null 1, 3 2024-08-01 null', 'for what cannot be read');
UPDATE raw SET dos = '2024-08-01', units = '1' WHERE line_no < 3;
DELETE FROM g;
\copy raw TO since_19.copy
SELECT is(result(format('COPY g FROM %L (ON_ERROR set_null)', :'file')), 'ptp', 'and refuses what is in conflict beside them');

-- ---------------------------------------------- ON CONFLICT DO SELECT

ALTER TABLE g ADD UNIQUE (claim_id, line_no);
SELECT claim_guard_add('g', action => 'quarantine') \g /dev/null
INSERT INTO g VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01');
DELETE FROM claimline_internal.claim_change;
WITH r AS (
	INSERT INTO g VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT (claim_id, line_no) DO SELECT RETURNING code
) SELECT is((SELECT string_agg(code, ', ') FROM r), '98940', 'ON CONFLICT DO SELECT returns the row that is there');
SELECT is((SELECT count(*)::int FROM claimline_internal.claim_change) + (SELECT count(*)::int FROM claim_quarantine WHERE source = 'g'), 0, 'and is nothing written, to logs and to guards');
WITH r AS (
	INSERT INTO g VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 1, 15, 'M99.01'), ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01')
	ON CONFLICT (claim_id, line_no) DO SELECT FOR UPDATE RETURNING line_no, code
) SELECT is((SELECT string_agg(concat_ws(' ', line_no, code), ', ' ORDER BY line_no) FROM r), '1 98940, 2 97124', 'one that is there and one that is written');
SELECT is((SELECT string_agg(row_data ->> 'line_no', ', ') FROM claim_quarantine WHERE source = 'g'), '2', 'which alone is judged, and moved');

SELECT * FROM finish();
ROLLBACK;

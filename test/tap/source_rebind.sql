-- A source whose table was rebuilt (a new table, a rename, DROP ... CASCADE) goes on: view, guard, log, findings and their history.

\i test/tap/lib.sql

SELECT no_plan();
SET client_min_messages = error;

CREATE SCHEMA "my views";
CREATE TABLE visit (gone int, claim text, no int, person text, npi text, dos date, code text, mods text, units int, minutes int, "Billed $" numeric(10,2), changed int);
ALTER TABLE visit DROP gone;
CREATE INDEX ON visit (person, npi, dos);
SELECT claim_source_add(s, 'visit', charge => 'Billed $', schema => 'my views', watermark => CASE s WHEN 'marked' THEN 'changed' END, columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim",
	"line_no": "no", "code": "code", "modifiers": "mods", "units": {"expression": "units + 0"}, "minutes": "minutes"}') FROM unnest('{visits,marked,hashed}'::text[]) s \g /dev/null
INSERT INTO visit SELECT 'C' || i, 1, 'P' || i % 20, 'N', date '2024-08-01' + i % 3, (ARRAY['97110', '97140', '98941', '97124'])[1 + i % 4], 'GP', 1 + i % 4, 15, i, i FROM generate_series(1, 120) i;
SELECT claim_source_track('visits'), claim_guard_add('visits') \g /dev/null
CALL claim_scan('visits');
CALL claim_scan('marked');
CALL claim_scan('hashed');
CREATE FUNCTION found(source text) RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(concat_ws(' ', id, claim_id, line_no, rule, message, charge, first_seen), E'\n' ORDER BY id)) FROM claim_findings f WHERE f.source = $1
$$;
CREATE FUNCTION of_lines(source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SELECT md5(string_agg(l::text, E''\n'' ORDER BY l::text)) FROM "my views".%I l', source || '_lines') INTO said;
	RETURN said;
END $$;
SELECT found('visits') AS found, found('marked') AS marked, found('hashed') AS hashed, of_lines('visits') AS lines, count(*) AS n FROM claim_findings WHERE source = 'visits' \gset
SELECT cmp_ok(:n, '>', 20, 'there is something to lose');

-- as dbt does: the columns in another order, one more among them
CREATE PROCEDURE rebuild(renames boolean = true, drops boolean = true) LANGUAGE plpgsql AS $$
BEGIN
	CREATE TABLE visit__tmp AS SELECT changed, "Billed $", minutes, 'x'::text AS added, units, mods, code, dos, npi, person, no, claim FROM visit;
	CREATE INDEX ON visit__tmp (person, npi, dos);
	IF renames THEN
		ALTER TABLE visit RENAME TO visit__backup;
	ELSE
		DROP TABLE visit CASCADE;
	END IF;
	ALTER TABLE visit__tmp RENAME TO visit;
	IF renames AND drops THEN
		DROP TABLE visit__backup CASCADE;
	END IF;
END $$;
CALL rebuild();
SELECT is(state, 'relation rebuilt: claim_source_rebind, or the next scan, takes it', 'a source knows that its table was rebuilt') FROM claim_sources WHERE name = 'visits';
CALL claim_scan('visits');
CALL claim_scan('marked');
CALL claim_scan('hashed');
SELECT is(found('visits'), :'found', 'after a rebuild the findings are the same ones');
SELECT is(found('marked'), :'marked', 'by a watermark');
SELECT is(found('hashed'), :'hashed', 'and by content');
SELECT is(of_lines('visits'), :'lines', 'the view is there again, where it was, with the same lines');
SELECT is(string_agg(DISTINCT state, ', '), 'ok', 'all is well') FROM claim_sources;
SELECT is((SELECT ROW(opened, changed, closed) FROM claim_scan_progress WHERE source = 'visits' ORDER BY scan DESC LIMIT 1), ROW(0::bigint, 0::bigint, 0::bigint), 'and nothing changed');
SELECT throws_ok($$INSERT INTO visit (claim, no, person, npi, dos, code, mods, units, minutes) VALUES ('X', 1, 'X', 'N', '2024-08-01', '97110', 'GP', 9, 10)$$, '23514', NULL, 'the guard stands on the new table');
DELETE FROM visit WHERE claim = 'C3';
CALL claim_scan('visits');
SELECT is((SELECT ROW(method, days_done) FROM claim_scan_progress WHERE source = 'visits' ORDER BY scan DESC LIMIT 1), ROW('log'::text, 1::bigint), 'changes are logged');
SELECT is((SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = 'visit'::regclass), 3::bigint, 'it has statistics again, for each source');

-- rebuilt with other rows, by DROP
ALTER TABLE visit DISABLE TRIGGER USER;
UPDATE visit SET minutes = 7, "Billed $" = 99 WHERE claim ~ '^C1';
CALL rebuild(renames => false);
CALL claim_scan('visits');
CALL claim_scan('marked');
CALL claim_scan('hashed');
CREATE FUNCTION differs(source text) RETURNS bigint LANGUAGE sql AS $$
	WITH wanted AS (
		SELECT e.claim_id, e.line_no, e.rule, e.severity, e.message FROM (SELECT claimday(claim, no, try_claimline(code => code, modifiers => string_to_array(mods, ','), units => units, minutes => minutes, dos => dos)) AS day
			FROM visit GROUP BY person, npi, dos) d, claim_edits(day, ruleset('medicare')) e WHERE severity >= 'review' AND rule <> 'edition-coverage'
	), stored AS (SELECT claim_id, line_no, rule, severity, message FROM claim_findings f WHERE f.source = $1)
	SELECT (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE stored) x) + (SELECT count(*) FROM (TABLE stored EXCEPT ALL TABLE wanted) x)
$$;
SELECT is(differs(s), 0::bigint, s || ': rebuilt with other rows, a scan finds what a recomputation finds') FROM unnest('{visits,marked,hashed}'::text[]) s;

-- renamed, and the old one kept
CALL rebuild(drops => false);
UPDATE visit SET units = 4 WHERE claim ~ '^C2';
CALL claim_scan('visits');
CALL claim_scan('marked');
CALL claim_scan('hashed');
SELECT is((SELECT string_agg(DISTINCT relation::text, ' ') FROM claim_sources), 'visit', 'beside the old table the one of the name counts');
SELECT is(differs(s), 0::bigint, s || ': and is scanned') FROM unnest('{visits,marked,hashed}'::text[]) s;
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'visit__backup'::regclass), 0::bigint, 'the old one has no triggers left');
SELECT lives_ok('INSERT INTO visit__backup SELECT * FROM visit LIMIT 1', 'and can be written');
DROP TABLE visit__backup;

-- a view that was dropped
DROP VIEW "my views".visits_lines;
CALL claim_scan('visits');
SELECT is((SELECT view::text FROM claim_sources WHERE name = 'visits'), '"my views".visits_lines', 'a view that was dropped is made again, where it was');

-- a name alone is no rebuild: a table that was renamed is followed, and another thing of its name is left alone
ALTER TABLE visit RENAME TO encounter;
CREATE TABLE visit (other int);
CALL claim_scan('visits');
SELECT is((SELECT relation::text FROM claim_sources WHERE name = 'visits'), 'encounter', 'another table of its name does not take its place');
DROP TABLE visit;
CALL claim_scan('visits');
SELECT is((SELECT relation::text FROM claim_sources WHERE name = 'visits'), 'encounter', 'nor does nothing');

-- by hand: another name, another schema, a column renamed; what users built on the view and their rights stay
CREATE ROLE rebind_reader;
GRANT SELECT ON "my views".visits_lines TO rebind_reader;
CREATE VIEW mine AS SELECT count(*) AS n FROM "my views".visits_lines;
CREATE SCHEMA new;
ALTER TABLE encounter RENAME COLUMN person TO "the person";
CREATE TABLE new.parted (LIKE encounter INCLUDING INDEXES) PARTITION BY RANGE (dos);
CREATE TABLE new.parted_1 PARTITION OF new.parted DEFAULT;
INSERT INTO new.parted SELECT * FROM encounter;
SELECT found('visits') AS found \gset
SELECT is(claim_source_rebind('visits', 'new.parted'), '"my views".visits_lines'::regclass, 'rebound by hand, it returns the view');
SELECT is((SELECT n FROM mine), (SELECT count(*) FROM new.parted), 'views over it stay');
SELECT ok(has_table_privilege('rebind_reader', '"my views".visits_lines', 'SELECT'), 'so do rights');
CALL claim_scan('visits');
SELECT is(found('visits'), :'found', 'and findings');
SELECT is((SELECT string_agg(relation::text || ' ' || enabled, ', ' ORDER BY 1) FROM claim_guards WHERE source = 'visits'), 'new.parted true, new.parted_1 true', 'the guard stands on it and its partitions');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'encounter'::regclass), 0::bigint, 'and not on the table before');
SELECT is((SELECT method FROM claim_scan_progress ORDER BY scan DESC LIMIT 1), 'log', 'it is logged');

-- errors, which change nothing
CREATE FUNCTION source_is() RETURNS text LANGUAGE sql AS $$ SELECT md5(s::text) FROM claimline_internal.claim_source s WHERE s.name = 'visits' $$;
SELECT source_is() AS was \gset
CREATE TABLE lacks AS SELECT claim, no, npi, dos, code, mods, units, minutes, "Billed $", changed FROM encounter;
CREATE TABLE typed AS SELECT claim, no::bigint, "the person", npi, dos, code, mods, units, minutes, "Billed $", changed FROM encounter;
CREATE TEMP TABLE passing AS TABLE encounter;
SELECT throws_ok($$SELECT claim_source_rebind('visits', 'lacks')$$, '42703', 'column "the person" of relation public.lacks does not exist');
SELECT throws_ok($$SELECT claim_source_rebind('visits', 'typed')$$, '42804', 'relation public.typed has other columns than claim source "visits"');
SELECT throws_ok($$SELECT claim_source_rebind('visits', 'passing')$$, '42809', NULL);
SELECT throws_ok($$SELECT claim_source_rebind('visits', 0::regclass)$$, '42P01');
SELECT throws_ok($$SELECT claim_source_rebind('visit', 'encounter')$$, '42704', 'claim source "visit" does not exist');
SELECT is(claim_source_rebind('visits', NULL), NULL::regclass, 'nothing is no relation');
GRANT ALL ON encounter TO rebind_reader;
SET ROLE rebind_reader;
SELECT throws_ok($$SELECT claim_source_rebind('visits', 'encounter')$$, '42501', 'must be owner of claim source "visits"');
RESET ROLE;
SELECT is(source_is(), :'was'::text, 'the source is as it was');
CALL claim_scan('visits');
SELECT is(found('visits'), :'found', 'and its findings');

-- a table that is gone, and nothing has its name
DROP TABLE new.parted CASCADE;
SELECT is(state, 'relation dropped', 'a source without a table says so') FROM claim_sources WHERE name = 'visits';
SELECT lives_ok($$SELECT claim_source_rebind('visits', 'encounter')$$, 'and takes another one');
CALL claim_scan('visits');
SELECT is(found('visits'), :'found', 'findings and all');
SELECT is((SELECT string_agg(enabled::text, '') FROM claim_guards WHERE source = 'visits'), 'true', 'guard and all');

-- a table that is joined
INSERT INTO claim_preset (preset, part, field, rank, sibling, column_name, source)
	VALUES ('two tables', 'join', NULL, 1, 'header', 'claim_id', 'made up'), ('two tables', 'map', 'patient', 1, 'header', 'person', 'made up'), ('two tables', 'map', 'dos', 1, NULL, 'dos', 'made up'),
	('two tables', 'map', 'code', 1, NULL, 'code', 'made up'), ('two tables', 'map', 'claim_id', 1, NULL, 'claim_id', 'made up');
CREATE TABLE header (claim_id text PRIMARY KEY, person text);
CREATE TABLE body (claim_id text, dos date, code text);
INSERT INTO header VALUES ('A', 'P1'), ('B', 'P1');
INSERT INTO body VALUES ('A', '2024-08-01', '98940'), ('B', '2024-08-01', '97124');
SELECT claim_source_add('joined', 'body', preset => 'two tables') \g /dev/null
CALL claim_scan('joined');
SELECT found('joined') AS found \gset
SELECT isnt(:'found'::text, '', 'a source of two tables');
ALTER TABLE header RENAME TO header_old;
CREATE TABLE header (person text, claim_id text PRIMARY KEY);
INSERT INTO header SELECT person, claim_id FROM header_old;
DROP TABLE header_old CASCADE;
CALL claim_scan('joined');
SELECT is(found('joined'), :'found', 'goes on where the joined one is rebuilt');
SELECT is(state, 'ok', 'and is well') FROM claim_sources WHERE name = 'joined';

SELECT * FROM finish();

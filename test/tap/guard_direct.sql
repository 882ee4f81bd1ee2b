-- Guards that read days by an index judge as those that read them by queries: keys of every type, written in other ways that are
-- equal, and mappings that come to code of users.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION any_accent (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
CREATE EXTENSION citext;
CREATE DOMAIN chart AS text COLLATE any_case;
GRANT USAGE ON SCHEMA public TO guard_owner, guard_writer;

SELECT * FROM no_plan();

-- a source with a guard whose patient is of a type; one is a value, other the same written otherwise, third is another
CREATE FUNCTION judges(type text, one text, other text, third text, by_index boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	what text := format('%s, by %s', type, CASE WHEN by_index THEN 'an index' ELSE 'queries' END);
	manipulation text := $sql$(%L, 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$sql$;
	massage text := $sql$(%L, 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$sql$;
BEGIN
	SET LOCAL client_min_messages = error;
	EXECUTE format('CREATE TABLE app.k (patient %s, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text)', type);
	IF by_index THEN
		CREATE INDEX ON app.k (patient, provider, dos);
	END IF;
	PERFORM claim_source_add('k', 'app.k', columns => replace(app.mapping()::text, '"patient": "patient"', '"patient": {"column": "patient", "as_is": true}')::jsonb);
	PERFORM claim_guard_add('k');
	RETURN NEXT is(app.result(format('INSERT INTO app.k VALUES ' || manipulation || ', ' || massage, one, other)), 'ptp', what || ': one day in one statement');
	RETURN NEXT is(app.result(format('INSERT INTO app.k VALUES ' || manipulation || ', ' || massage, one, third)), '2', what || ': two days');
	RETURN NEXT is(app.result(format('INSERT INTO app.k VALUES ' || massage, other)), 'ptp', what || ': beside what is stored');
	RETURN NEXT is(app.result(format('INSERT INTO app.k VALUES ' || manipulation, third)), 'ptp', what || ': and of the other day');
	DELETE FROM app.k;
	PERFORM claim_guard_drop('k'), claim_guard_add('k', action => 'quarantine');
	EXECUTE format('INSERT INTO app.k VALUES ' || manipulation || ', ' || massage, one, other);
	RETURN NEXT is((SELECT string_agg(code, ',') FROM app.k) || ', ' || (SELECT count(*) FROM claim_quarantine WHERE source = 'k'), '98940, 1', what || ': moved aside');
	DELETE FROM claim_quarantine WHERE source = 'k';
	PERFORM claim_source_drop('k');
	DROP TABLE app.k;
END $$;
SELECT judges(type, one, other, third, by_index) FROM (VALUES ('text', 'P1', 'P1', 'p1'), ('text COLLATE "C"', 'P1', 'P1', 'p1'), ('text COLLATE any_case', 'P1', 'p1', 'P2'),
	('varchar(9) COLLATE any_accent', 'Peña', 'PENA', 'Pena2'), ('chart', 'P1', 'p1', 'P2'), ('citext', 'P1', 'p1', 'P2'), ('bpchar', 'P1', 'P1  ', 'p1'), ('char(9) COLLATE any_case', 'P1', 'p1 ', 'P2'),
	('numeric', '1', '1.00', '2'), ('float8', '0', '-0', '1'), ('int', '1', '01', '2'), ('uuid', '00000000-0000-0000-0000-00000000000a', '0000000000000000000000000000000A', '00000000-0000-0000-0000-00000000000b'),
	('interval', '24:00', '1 day', '2 days')) t (type, one, other, third), (VALUES (true), (false)) b (by_index);

-- code of the owner that a mapping comes to through a type finds its names as the owner's, not the writer's
CREATE FUNCTION app.is_long(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN length($1) > 0; END $$;
CREATE DOMAIN app.code_text AS text CHECK (app.is_long(VALUE));
SET LOCAL ROLE guard_owner;
SELECT make('d') \g /dev/null
SELECT claim_source_drop('d') \g /dev/null
SELECT claim_source_add('d', 'd', columns => mapping() || '{"code": {"expression": "((t.code::app.code_text[])[1])::text"}}'), claim_guard_add('d') \g /dev/null
INSERT INTO d VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '{98940}', 'AT', 1, NULL, 'M99.01');
GRANT INSERT ON d TO guard_writer;
RESET ROLE;
CREATE SCHEMA theirs AUTHORIZATION guard_writer;
SET LOCAL ROLE guard_writer;
GRANT USAGE ON SCHEMA theirs TO PUBLIC;
CREATE FUNCTION theirs.length(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'runs as %', current_user; END $$;
SELECT set_config('search_path', 'theirs, pg_catalog', true) \g /dev/null
SELECT lib.error_of($$INSERT INTO app.d VALUES ('P2', 'N1', '2024-08-01', 'C2', 1, '{97124}', 'GP', 1, 15, 'M99.04')$$) AS passes,
	(lib.error_of($$INSERT INTO app.d VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '{97124}', 'GP', 1, 15, 'M99.04')$$)).message AS fails \gset
RESET ROLE;
SELECT set_config('search_path', 'app, public, claims, lib', true) \g /dev/null
SELECT is(:'fails'::text, 'claim line violates rule "ptp"', 'a check of a domain does not run a function of the writer''s');
SELECT is((SELECT count(*) FROM d), 2::bigint, 'nor where the row passes');
SELECT is(current_setting('search_path'), 'app, public, claims, lib', 'the path is the writer''s again');

-- what is made anew is run anew, in the same session
CREATE FUNCTION app.code_of(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
SELECT make('f'), claim_source_drop('f') \g /dev/null
SELECT claim_source_add('f', 'f', columns => mapping() || '{"code": {"expression": "app.code_of(t.code)"}}'), claim_guard_add('f') \g /dev/null
SELECT is(result($$INSERT INTO f VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '1', 'a function in SQL');
CREATE OR REPLACE FUNCTION app.code_of(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '98940' $$;
SELECT is(result($$INSERT INTO f VALUES ('P2', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, 15, 'M99.04')$$), 'mod-missing', 'that is replaced');
CREATE OR REPLACE FUNCTION app.code_of(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
SELECT is(result($$INSERT INTO f VALUES ('P3', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '1', 'and again');

SELECT * FROM finish();
ROLLBACK;

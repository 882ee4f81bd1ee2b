-- What the tests of guards begin with, after lib.sql: a schema of claims tables, users, and what they are told

CREATE SCHEMA app;
SELECT set_config('search_path', 'app, ' || current_setting('search_path'), true) \g /dev/null

CREATE ROLE guard_owner;
CREATE ROLE guard_writer;
CREATE ROLE guard_other;
GRANT USAGE ON SCHEMA app TO guard_owner, guard_writer, guard_other;
GRANT CREATE ON SCHEMA app TO guard_owner, guard_other;

-- The rule by which a statement is refused, or how many rows it wrote
CREATE FUNCTION result(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text; rule text; said text; n bigint;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME, said = MESSAGE_TEXT;
	RETURN CASE state WHEN '23514' THEN rule ELSE state || ' ' || said END;
END $$;

-- The same as another user
CREATE FUNCTION result_as(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	was text := current_user;
	r text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	r := app.result(statement);
	EXECUTE format('SET LOCAL ROLE %I', was);
	RETURN r;
END $$;

CREATE FUNCTION error_as(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	was text := current_user;
	r text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	SELECT concat_ws(' | ', e.state, e.rule, e.message, nullif(e.detail, ''), nullif(e.hint, '')) INTO r FROM lib.error_of(statement) e;
	EXECUTE format('SET LOCAL ROLE %I', was);
	RETURN r;
END $$;

-- A claims table with its source, by default of the same name
CREATE FUNCTION make(t name, more text = '', source text = NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE app.%I (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text,
		units numeric, minutes int, dx text %s)', t, more);
	EXECUTE format('CREATE INDEX ON app.%I (patient, provider, dos)', t);
	PERFORM claim_source_add(coalesce(source, t), format('app.%I', t)::regclass, columns => app.mapping());
END $$;

CREATE FUNCTION mapping() RETURNS jsonb LANGUAGE sql AS $$ SELECT '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id",
	"line_no": "line_no", "code": "code", "modifiers": "modifier", "units": "units", "minutes": "minutes", "dx": ["dx"]}'::jsonb $$;

-- Names of the triggers on a table
CREATE FUNCTION triggers_of(t regclass) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(format('%s %s', tgname, tgenabled), ', ' ORDER BY tgname), 'none') FROM pg_trigger WHERE tgrelid = t AND NOT tgisinternal
$$;

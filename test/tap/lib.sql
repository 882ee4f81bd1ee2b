-- What every test of this folder begins with. They run from the root of the tree, each in a database of its own:
--   pg_prove -d DATABASE test/tap/NAME.sql
--   psql -X -d DATABASE -f test/tap/NAME.sql

\set ON_ERROR_STOP 1
\set QUIET 1
\encoding UTF8
\pset format unaligned
\pset tuples_only true
\pset pager off

SET client_min_messages = warning;
SET datestyle = 'ISO';
SET jit = off;
CREATE EXTENSION IF NOT EXISTS pgtap;
-- as the tour has it
CREATE SCHEMA IF NOT EXISTS claims;
CREATE EXTENSION IF NOT EXISTS claimline SCHEMA claims;
GRANT USAGE ON SCHEMA claims TO PUBLIC;

CREATE SCHEMA lib;
GRANT USAGE ON SCHEMA lib TO PUBLIC;
SELECT set_config('search_path', current_setting('search_path') || ', claims, lib', false) \g /dev/null

-- A number from 0 to n - 1 for a key and a seed, without a pattern
CREATE FUNCTION lib.draw(key bigint, seed int, n int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ((hashint8extended(key, seed) & 2147483647) % n)::int $$;

-- The plan of a query, its lines joined
CREATE FUNCTION lib.plan_of(query text, options text = 'COSTS OFF') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;

-- What a statement raises, nulls where it raises nothing; then it is undone, if that is wanted
CREATE FUNCTION lib.error_of(statement text, undo boolean = false,
	OUT state text, OUT message text, OUT detail text, OUT hint text, OUT rule text, OUT schema text, OUT relation text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	IF undo THEN
		RAISE EXCEPTION USING ERRCODE = 'TAP00';
	END IF;
EXCEPTION WHEN SQLSTATE 'TAP00' THEN
	NULL;
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
		rule = CONSTRAINT_NAME, schema = SCHEMA_NAME, relation = TABLE_NAME;
END $$;

--
-- Cases are written as lines, and told by one rule on one of them. Each answer is null where the rule does not speak.
--

-- The lines, each with the date of service appended
CREATE FUNCTION lib.on_day(dos date, VARIADIC lines text[]) RETURNS text[]
LANGUAGE sql AS $$
	SELECT array_agg(l || ' ' || to_char(dos, 'YYYY-MM-DD') ORDER BY n) FROM unnest(lines) WITH ORDINALITY u(l, n)
$$;

-- A date inside the starter edition
CREATE FUNCTION lib.lines(VARIADIC lines text[]) RETURNS text[]
LANGUAGE sql AS $$ SELECT lib.on_day('2024-08-01', VARIADIC lines) $$;

-- The severity
CREATE FUNCTION lib.sev(lines text[], rule text, line_no int, rules claim_ruleset = starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(e.severity::text, '; ' ORDER BY e.severity)
	FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

-- The severity and the other line
CREATE FUNCTION lib.against(lines text[], rule text, line_no int, rules claim_ruleset = starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(e.severity::text || ' ' || coalesce(e.with_line_no::text, '-'), '; ' ORDER BY e.with_line_no)
	FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

-- The severity and the denial codes
CREATE FUNCTION lib.codes(lines text[], rule text, line_no int, rules claim_ruleset = starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(e.severity::text || ' ' || coalesce(e.carc, '-') || '/' || coalesce(e.rarc, '-'), '; ' ORDER BY e.severity)
	FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

-- The modifiers of the suggestion, sorted; 'none' for a finding without suggestion
CREATE FUNCTION lib.suggests(lines text[], rule text, line_no int, rules claim_ruleset = starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(CASE WHEN e.suggestion IS NULL THEN 'none'
		ELSE (SELECT coalesce(string_agg(m, ' ' ORDER BY m COLLATE "C"), '') FROM unnest(line_modifiers(e.suggestion)) m) END, '; ')
	FROM claim_edits($1::claimline[], $4) e WHERE e.rule = $2 AND e.line_no = $3
$$;

-- The rules of one family that speak on a line
CREATE FUNCTION lib.spoken(lines text[], prefix text, line_no int, rules claim_ruleset = starter_ruleset()) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(e.rule || ' ' || e.severity::text, '; ' ORDER BY e.rule)
	FROM claim_edits($1::claimline[], $4) e WHERE starts_with(e.rule, $2) AND e.line_no = $3
$$;

-- The same under a policy, over the newest edition

CREATE FUNCTION lib.sev(lines text[], rule text, line_no int, policy text) RETURNS text
LANGUAGE sql AS $$ SELECT lib.sev($1, $2, $3, ruleset($4)) $$;

CREATE FUNCTION lib.codes(lines text[], rule text, line_no int, policy text) RETURNS text
LANGUAGE sql AS $$ SELECT lib.codes($1, $2, $3, ruleset($4)) $$;

CREATE FUNCTION lib.suggests(lines text[], rule text, line_no int, policy text) RETURNS text
LANGUAGE sql AS $$ SELECT lib.suggests($1, $2, $3, ruleset($4)) $$;

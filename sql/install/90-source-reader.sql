
-- who may read what was found in a source, beside the members of its owner

CREATE TABLE claimline_internal.claim_source_reader (
	source text NOT NULL,
	reader regrole NOT NULL,
	all_rows boolean NOT NULL,
	granted_by name NOT NULL DEFAULT session_user,
	granted_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	PRIMARY KEY (source, reader)
);
ALTER TABLE claimline_internal.claim_source_reader OWNER TO @extowner@;
COMMENT ON TABLE claimline_internal.claim_source_reader IS
	'roles that claim_source_grant let read the findings and reports of a source; '
	'all_rows: also where its table has row security';
ALTER TABLE claimline_internal.claim_source_reader ENABLE ROW LEVEL SECURITY;
CREATE POLICY claim_source_reader_read ON claimline_internal.claim_source_reader FOR SELECT USING (true);
CREATE POLICY own_sources ON claimline_internal.claim_source_reader
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_source_reader TO PUBLIC;
-- the number of a role that was dropped may be that of another one where the dump is restored
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_source_reader', $$WHERE EXISTS (
	SELECT FROM pg_catalog.pg_roles r WHERE r.oid OPERATOR(pg_catalog.=) reader)$$);

CREATE FUNCTION claimline_internal.claim_source_secured(s claimline_internal.claim_source) RETURNS text
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE read(oid) AS (
		SELECT o FROM unnest(ARRAY[s.relation::oid, s.view::oid]) o
		UNION
		-- what a view reads, that of the source too
		SELECT d.refobjid FROM read r JOIN pg_rewrite w ON w.ev_class = r.oid
			JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
				AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.oid
	)
	SELECT min(c.oid::regclass::text COLLATE "C") FROM read r JOIN pg_class c ON c.oid = r.oid
	WHERE c.relrowsecurity
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_secured(claimline_internal.claim_source) IS
	'a table with row security that the lines of a source are read from; null where there is none';

CREATE FUNCTION claimline_internal.claim_said_once() RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION claimline_internal.claim_said_once() IS
	'part of claim_sources_read: false where it was called in this statement before';

CREATE FUNCTION claimline_internal.claim_sources_read() RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	granted CONSTANT text[] := (SELECT array_agg(DISTINCT g.source)
		FROM claimline_internal.claim_source_reader g
			JOIN claimline_internal.claim_source s ON s.name = g.source
			JOIN pg_roles r ON r.oid = g.reader
		WHERE pg_has_role(r.oid, 'USAGE')
			AND (g.all_rows OR claimline_internal.claim_source_secured(s) IS NULL));
BEGIN
	IF granted IS NULL AND NOT EXISTS (SELECT FROM claimline_internal.claim_source s
			WHERE pg_has_role(s.owner::oid, 'USAGE')) AND claimline_internal.claim_said_once() THEN
		RAISE NOTICE 'findings of claim sources are hidden: none is yours to read'
			USING DETAIL = 'What is empty here was not found to be clean.',
				HINT = 'The view claim_sources has their owners, '
					'who may call claim_source_grant(source, role).';
	END IF;
	RETURN coalesce(granted, '{}');
END $$;
COMMENT ON FUNCTION claimline_internal.claim_sources_read() IS
	'part of row security: the sources that were granted to the current user; '
	'says in a notice where there are findings and none are his to read';

CREATE POLICY read_sources ON claimline_internal.claim_scan_state FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));
CREATE POLICY read_sources ON claimline_internal.claim_scan_counted FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));
CREATE POLICY read_sources ON claimline_internal.claim_scan_bucket FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));
CREATE POLICY read_sources ON claimline_internal.claim_scan_run FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));
CREATE POLICY read_sources ON claimline_internal.claim_attestation FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[])
		AND EXISTS (SELECT FROM claimline_internal.claim_source s
			WHERE s.name OPERATOR(pg_catalog.=) source
				AND s.added_at OPERATOR(pg_catalog.=) source_added_at));
CREATE POLICY read_sources ON claimline_internal.claim_scan_said FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));
CREATE POLICY read_sources ON claimline_internal.claim_scan_words FOR SELECT
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x WHERE x.source OPERATOR(pg_catalog.=)
			ANY ((SELECT claimline_internal.claim_sources_read())::text[]))));
CREATE POLICY read_sources ON claimline_internal.claim_scan_stored FOR SELECT
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x WHERE x.source OPERATOR(pg_catalog.=)
			ANY ((SELECT claimline_internal.claim_sources_read())::text[]))));
CREATE POLICY read_sources ON claimline_internal.claim_scan_judged_day FOR SELECT
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x WHERE x.source OPERATOR(pg_catalog.=)
			ANY ((SELECT claimline_internal.claim_sources_read())::text[]))));

CREATE FUNCTION claimline_internal.claim_source_granting(source text, role text) RETURNS regrole
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s claimline_internal.claim_source;
	reader CONSTANT regrole := (SELECT r.oid FROM pg_roles r WHERE r.rolname = role);
BEGIN
	IF source IS NULL OR role IS NULL THEN
		RAISE EXCEPTION 'source and role must not be null' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	s := claimline_internal.claim_source_known(source);
	IF NOT pg_has_role(s.owner::oid, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of claim source "%"', source
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('It was added by %s.', s.owner);
	ELSIF reader IS NULL THEN
		RAISE EXCEPTION 'role "%" does not exist', role
			USING ERRCODE = 'undefined_object', HINT = 'A source is granted to roles by name, as they stand '
				'in pg_roles: for several, grant it to one that they are members of.';
	END IF;
	RETURN reader;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_granting(text, text) IS
	'part of claim_source_grant and claim_source_revoke: the role; raises an error where there is no such '
	'source or role, or the source is not the current user''s';

CREATE FUNCTION claim_source_grant(source text, role text, all_rows boolean = false) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_column
DECLARE
	role_id CONSTANT regrole := claimline_internal.claim_source_granting(source, role);
	every_row CONSTANT boolean := coalesce(all_rows, false);
	secured CONSTANT text := (SELECT claimline_internal.claim_source_secured(s)
		FROM claimline_internal.claim_source s WHERE s.name = claim_source_grant.source);
BEGIN
	IF secured IS NOT NULL AND NOT every_row THEN
		RAISE EXCEPTION 'table % of claim source "%" has row security', secured, claim_source_grant.source
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'Findings are of all rows that the scan saw, '
					'whatever the role may see of the table.',
				HINT = 'Make a source for each part of the table, or say all_rows => true.';
	END IF;
	INSERT INTO claimline_internal.claim_source_reader AS g (source, reader, all_rows)
		VALUES (claim_source_grant.source, role_id, every_row)
		ON CONFLICT (source, reader) DO UPDATE SET all_rows = excluded.all_rows,
			granted_by = session_user, granted_at = now();
	IF NOT has_schema_privilege(role_id, '@extschema@'::regnamespace, 'USAGE') THEN
		RAISE NOTICE 'role "%" may not use the schema of the views yet', claim_source_grant.role
			USING HINT = format('GRANT USAGE ON SCHEMA @extschema@ TO %s;', role_id);
	END IF;
END $$;
COMMENT ON FUNCTION claim_source_grant(text, text, boolean) IS
	'lets a role and its members read the findings and reports of a source, and nothing else; by members of '
	'the source''s owner; all_rows: also where a table that it reads has row security, '
	'which is an error else; '
	'raises an error for a source or a role that does not exist, or a null one';

CREATE FUNCTION claim_source_revoke(source text, role text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	role_id CONSTANT regrole := claimline_internal.claim_source_granting(source, role);
	others text;
BEGIN
	DELETE FROM claimline_internal.claim_source_reader g
		WHERE g.source = claim_source_revoke.source AND g.reader = role_id;
	IF NOT FOUND THEN
		RAISE NOTICE 'claim source "%" was not granted to role "%"', source, role;
	END IF;
	SELECT string_agg(DISTINCT r.rolname, ', ') INTO others FROM pg_roles r
		WHERE pg_has_role(role_id, r.oid, 'USAGE') AND (EXISTS (
				SELECT FROM claimline_internal.claim_source_reader g
				WHERE g.source = claim_source_revoke.source AND g.reader = r.oid)
			OR r.oid = (SELECT s.owner FROM claimline_internal.claim_source s
				WHERE s.name = claim_source_revoke.source));
	IF others IS NOT NULL THEN
		RAISE NOTICE 'role "%" still reads claim source "%" as a member of %', role, source, others;
	END IF;
END $$;
COMMENT ON FUNCTION claim_source_revoke(text, text) IS
	'takes back what claim_source_grant gave; says in a notice where the role reads the source still, '
	'as a member of another; raises an error for a source or a role that does not exist, or a null one';

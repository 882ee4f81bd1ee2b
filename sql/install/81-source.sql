
-- sources: the claims tables that users have, mapped to lines

CREATE TABLE claim_preset (
	preset text NOT NULL CHECK (preset OPERATOR(pg_catalog.<>) ''),
	part text NOT NULL CHECK (part OPERATOR(pg_catalog.=) ANY
		('{map,else,split,wide,presence,procedure,concept,join,missing,default,drop,skip,note,'
		'service_type,practitioner,outpatient}')),
	field text,
	rank int NOT NULL DEFAULT 1,
	sibling text,
	column_name text,
	marks text,
	note text,
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false
);
ALTER TABLE claim_preset OWNER TO @extowner@;
GRANT SELECT ON claim_preset TO PUBLIC;
COMMENT ON TABLE claim_preset IS
	'presets of claim_source_add, a row each candidate of a field and each thing to say; '
	'see doc/sources.md for the parts';
SELECT pg_catalog.pg_extension_config_dump('claim_preset', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_preset
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_preset
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();

CREATE TABLE claimline_internal.claim_source (
	name text PRIMARY KEY CHECK (pg_catalog.octet_length(name) BETWEEN 1 AND 50),
	owner regrole NOT NULL,
	relation regclass NOT NULL,
	view regclass,
	preset text,
	columns jsonb NOT NULL,
	mapping jsonb NOT NULL,
	charge text,
	watermark text,
	mapped jsonb NOT NULL,
	unmapped text[] NOT NULL,
	patient_type regtype,
	provider_type regtype,
	added_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
ALTER TABLE claimline_internal.claim_source OWNER TO @extowner@;
COMMENT ON TABLE claimline_internal.claim_source IS
	'sources: a relation and how its columns are the fields of lines; '
	'rows are made by claim_source_add, each user has its own';
ALTER TABLE claimline_internal.claim_source ENABLE ROW LEVEL SECURITY;
CREATE POLICY claim_source_read ON claimline_internal.claim_source FOR SELECT USING (true);
CREATE POLICY claim_source_add ON claimline_internal.claim_source FOR INSERT
	WITH CHECK (owner::pg_catalog.oid OPERATOR(pg_catalog.=)
		(SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_source TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_source', '');

-- In a mapping a column is {"alias", "attnum", "name"}: alias t is the
-- relation, others are relations joined to it.

CREATE FUNCTION claimline_internal.claim_source_name(relation oid) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_name(oid) IS
	'the name of a relation with its schema, quoted; null where it is gone';

CREATE FUNCTION claimline_internal.claim_source_column(relation oid, mapping jsonb, col jsonb) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_column(oid, jsonb, jsonb) IS
	'a column of a mapping by its present name, quoted, behind its alias; raises an error if it is gone';

CREATE FUNCTION claimline_internal.claim_source_sql(relation oid, mapping jsonb,
		replacement text = NULL, extra text = NULL, all_rows boolean = false) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_sql(oid, jsonb, text, text, boolean) IS
	'the SELECT of a mapping, see claim_source_select; all_rows: also those that it leaves out, '
	'with columns left_out, what such a row is, and fault, as claim_source_fault gives it; '
	'raises an error if a column or a relation that it names is gone';

CREATE FUNCTION claimline_internal.claim_source_known(source text) RETURNS claimline_internal.claim_source
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source;
BEGIN
	SELECT s.* INTO known FROM claimline_internal.claim_source s WHERE s.name = source;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'claim source "%" does not exist', source
			USING ERRCODE = 'undefined_object', HINT = coalesce(
				(SELECT 'Sources are: ' || string_agg(s.name, ', ' ORDER BY s.name) || '.'
					FROM claimline_internal.claim_source s),
				'There is none: claim_source_add makes one.');
	END IF;
	RETURN known;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_known(text) IS
	'the row of a source; raises an error if there is none';

CREATE FUNCTION claim_source_select(source text, relation text = NULL, extra text = NULL) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source := claimline_internal.claim_source_known(source);
BEGIN
	IF claimline_internal.claim_source_name(known.relation) IS NULL THEN
		RAISE EXCEPTION 'the relation of claim source "%" is gone', source
			USING ERRCODE = 'undefined_table',
				HINT = 'claim_source_rebind puts the source over another relation with the same columns.';
	END IF;
	RETURN claimline_internal.claim_source_sql(known.relation, known.mapping, relation, extra);
END $$;
COMMENT ON FUNCTION claim_source_select(text, text, text) IS
	'the SELECT of the view of a source, for search_path pg_catalog; '
	'relation: what to read instead of its relation; extra: more to select; '
	'the row of the relation has the alias t';

CREATE FUNCTION claimline_internal.claim_source_orphaned(source text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE
		WHEN r.oid IS NULL THEN 'owner dropped'
		WHEN NOT has_any_column_privilege(r.oid, s.relation, 'SELECT')
			THEN format('owner %s has no right to select from the relation', s.owner)
		WHEN NOT pg_has_role(r.oid, c.relowner, 'USAGE')
			AND EXISTS (SELECT FROM claimline_internal.claim_source_triggers_on(c.oid) t
				WHERE t.source = s.name)
			THEN format('owner %s has not the rights of %s, who owns the table: its triggers fail',
				s.owner, c.relowner::regrole) END
	FROM claimline_internal.claim_source s JOIN pg_class c ON c.oid = s.relation
		LEFT JOIN pg_roles r ON r.oid = s.owner::oid
	WHERE s.name = source
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_orphaned(text) IS
	'what keeps a source from working for want of rights of its owner, as after its table got another owner; '
	'null for nothing';

CREATE FUNCTION claimline_internal.claim_source_mine(source text) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_has_role(s.owner::oid, 'USAGE') OR EXISTS (SELECT FROM pg_class c
		WHERE c.oid = s.relation AND pg_has_role(c.relowner, 'USAGE')
			AND claimline_internal.claim_source_orphaned(s.name) IS NOT NULL)
	FROM claimline_internal.claim_source s WHERE s.name = source
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_mine(text) IS
	'may the current user drop a source: as its owner or, where that has not the rights that the source '
	'needs, as the owner of its table';

CREATE POLICY claim_source_change ON claimline_internal.claim_source FOR UPDATE
	USING (claimline_internal.claim_source_mine(name)) WITH CHECK (pg_catalog.pg_has_role(owner, 'USAGE'));
CREATE POLICY claim_source_remove ON claimline_internal.claim_source FOR DELETE
	USING (claimline_internal.claim_source_mine(name));

CREATE FUNCTION claimline_internal.claim_source_view_drop(view oid, relation oid) RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_view_drop(oid, oid) IS
	'part of claim_source_drop: drops a view over a relation, by the owner of either: '
	'who may drop a table with CASCADE may drop its views';

CREATE FUNCTION claim_source_drop(name text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	source claimline_internal.claim_source := claimline_internal.claim_source_known(name);
BEGIN
	IF NOT claimline_internal.claim_source_mine(name) THEN
		RAISE EXCEPTION 'must be owner of claim source "%"', name
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('It was added by %s.', source.owner);
	END IF;
	-- the owner of the table takes it over first: what belongs to it is seen by the owner of the source
	IF NOT pg_has_role(source.owner, 'USAGE') THEN
		UPDATE claimline_internal.claim_source s SET owner = quote_ident(current_user)::regrole
			WHERE s.name = source.name;
	END IF;
	PERFORM claimline_internal.claim_source_triggers(name, 'guard', '{}'),
		claimline_internal.claim_source_triggers(name, 'track', '{}');
	-- its view, if that is still there
	PERFORM claimline_internal.claim_source_view_drop(c.oid, source.relation) FROM pg_class c
		WHERE c.oid = source.view AND c.relkind = 'v' AND c.relname = source.name || '_lines';
	PERFORM claimline_internal.claim_source_statistics_drop(source.relation, source.mapping);
	DELETE FROM claimline_internal.claim_source s WHERE s.name = source.name;
END $$;
COMMENT ON FUNCTION claim_source_drop(text) IS
	'drops a source with its view, its statistics, its guards and what was found by its scans';

CREATE FUNCTION claimline_internal.claim_source_state(source text) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source := claimline_internal.claim_source_known(source);
BEGIN
	IF claimline_internal.claim_source_name(known.relation) IS NULL THEN
		RETURN CASE WHEN claimline_internal.claim_source_rebuilt(known) IS NULL THEN 'relation dropped'
			ELSE 'relation rebuilt: claim_source_rebind, or the next scan, takes it' END;
	ELSIF claimline_internal.claim_source_name(known.view) IS NULL THEN
		RETURN 'view dropped';
	ELSIF claimline_internal.claim_source_orphaned(source) IS NOT NULL THEN
		RETURN claimline_internal.claim_source_orphaned(source);
	END IF;
	BEGIN
		PERFORM claimline_internal.claim_source_sql(known.relation, known.mapping, NULL, NULL);
	EXCEPTION WHEN OTHERS THEN
		RETURN SQLERRM;
	END;
	IF NOT has_table_privilege(known.view, 'SELECT') THEN
		RETURN 'no right to select from the view';
	ELSIF NOT has_any_column_privilege(known.relation, 'SELECT') THEN
		RETURN 'no right to select from the relation';
	END IF;
	RETURN 'ok';
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_state(text) IS
	'ok, or what is wrong with a source for the current user';

CREATE FUNCTION claimline_internal.claim_source_access(source text) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	secured text;
BEGIN
	IF pg_has_role(s.owner::oid, 'USAGE')
			OR NOT row_security_active('claimline_internal.claim_scan_stored'::regclass) THEN
		RETURN 'yours';
	END IF;
	secured := claimline_internal.claim_source_secured(s);
	RETURN coalesce((
		SELECT min(CASE WHEN secured IS NULL OR g.all_rows THEN 'granted'
			ELSE 'not yours to read: ' || secured || ' has row security' END)
		FROM claimline_internal.claim_source_reader g JOIN pg_roles r ON r.oid = g.reader
		WHERE g.source = s.name AND pg_has_role(r.oid, 'USAGE')), 'not yours to read');
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_access(text) IS
	'whose the findings of a source are to the current user: yours, granted, or not yours to read';

CREATE VIEW claim_sources WITH (security_invoker = true) AS
	SELECT s.name, s.owner, s.relation, s.view, s.preset, s.mapped, s.unmapped, s.charge, s.watermark,
		claimline_internal.claim_source_state(s.name) AS state,
		claimline_internal.claim_source_access(s.name) AS findings
	FROM claimline_internal.claim_source s;
COMMENT ON VIEW claim_sources IS
	'sources: what each field is mapped to, what could not be mapped and what follows, '
	'and whether the source works';
ALTER VIEW claim_sources OWNER TO @extowner@;
GRANT SELECT ON claim_sources TO PUBLIC;


-- the triggers of a source: on its table and, for statements that name a partition or a child, on each

CREATE FUNCTION claimline_internal.claim_source_parts(relation regclass) RETURNS regclass[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE part (oid) AS (
		SELECT relation::oid
		UNION
		SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid
	)
	SELECT array_agg(c.oid::regclass ORDER BY c.oid) FROM part p JOIN pg_class c ON c.oid = p.oid
	-- temporary children of other sessions are no rows of ours
	WHERE NOT pg_is_other_temp_schema(c.relnamespace)
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_parts(regclass) IS
	'a table, its partitions and the tables that inherit from it; null where it is gone';

CREATE FUNCTION claimline_internal.claim_source_triggers_on(relation oid,
		OUT source text, OUT kind text, OUT event text, OUT name text, OUT always boolean)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION claimline_internal.claim_source_triggers_on(oid) IS
	'the triggers of sources on a table: kind guard or track, event insert, update, '
	'delete or truncate, whether they always fire';

CREATE FUNCTION claimline_internal.claim_source_standing(source text, OUT relation regclass, OUT kind text,
		OUT name text) RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.tgrelid::regclass, t.kind, t.name
	FROM (SELECT DISTINCT g.tgrelid FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
			WHERE p.pronamespace = 'claimline_internal'::regnamespace
				AND p.proname = ANY ('{claim_guard,claim_track}')) r,
		claimline_internal.claim_source_triggers_on(r.tgrelid) t
	WHERE t.source = $1
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_standing(text) IS
	'the triggers of a source on whatever table: a partition that was detached keeps its own';

CREATE FUNCTION claimline_internal.claim_guard_loaded() RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_guard_loaded() IS
	'true; as the condition of triggers on UPDATE of partitioned tables it has the library loaded '
	'in time to see which rows a MERGE moves to another partition';

CREATE FUNCTION claimline_internal.claim_source_unseen(source text, OUT relation regclass, OUT reason text)
		RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT c.oid::regclass, CASE WHEN c.relkind = 'f'
			THEN 'is a foreign table: PostgreSQL collects no rows of it for triggers, and refuses '
				'statements on its parent that write to it'
			ELSE 'belongs to another role' END
	FROM claimline_internal.claim_source s,
		unnest(claimline_internal.claim_source_parts(s.relation)) p (part), pg_class c
	WHERE s.name = $1 AND c.oid = p.part AND c.oid <> s.relation
		AND (c.relkind = 'f' OR NOT pg_has_role(c.relowner, 'USAGE')
			OR NOT pg_has_role(s.owner::oid, c.relowner, 'USAGE'))
	ORDER BY c.oid
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_unseen(text) IS
	'the partitions and children of the table of a source that no trigger can be put on, and why';

CREATE FUNCTION claimline_internal.claim_source_unseen_notice(source text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	unseen CONSTANT text := (SELECT string_agg(format('Table %s %s.', u.relation, u.reason), E'\n')
		FROM claimline_internal.claim_source_unseen(source) u);
BEGIN
	IF unseen IS NOT NULL THEN
		RAISE NOTICE 'not all tables of claim source "%" can have triggers', source
			USING DETAIL = unseen,
				HINT = 'Rows that are written there directly are not seen: let scans compare by content, '
					'method => ''hash''.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_unseen_notice(text) IS
	'part of claim_guard_add and claim_source_track: says which partitions and children have no triggers';

CREATE FUNCTION claimline_internal.claim_source_triggers(source text, kind text, events text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	target regclass;
	event text;
	trigger name;
	is_partitioned boolean;
BEGIN
	-- also those for events that are not asked for now, and on what is no part of the table any more
	FOR target, trigger IN SELECT t.relation, t.name
			FROM claimline_internal.claim_source_standing(source) t WHERE t.kind = $2
			ORDER BY t.relation, t.name LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', trigger, target);
	END LOOP;
	FOR target, is_partitioned IN
		SELECT c.oid, c.relkind = 'p'
		FROM claimline_internal.claim_source s,
			unnest(claimline_internal.claim_source_parts(s.relation)) p (part), pg_class c
		WHERE s.name = $1 AND c.oid = p.part AND c.relkind IN ('r', 'p') AND events <> '{}'
			AND NOT EXISTS (SELECT FROM claimline_internal.claim_source_unseen(s.name) u
				WHERE u.relation = c.oid)
		-- the table itself first: it is what an error is to name
		ORDER BY c.oid <> s.relation, c.oid
	LOOP
		FOREACH event IN ARRAY events LOOP
			trigger := source || '_' || kind || '_' || event;
			EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT %s '
				'EXECUTE FUNCTION claimline_internal.%I(%L)',
				trigger, upper(event), target,
				CASE event
					WHEN 'insert' THEN 'REFERENCING NEW TABLE AS claimline_new'
					WHEN 'delete' THEN 'REFERENCING OLD TABLE AS claimline_old'
					WHEN 'update' THEN 'REFERENCING OLD TABLE AS claimline_old NEW TABLE AS claimline_new'
					ELSE '' END,
				CASE WHEN is_partitioned AND event = 'update'
					THEN 'WHEN (claimline_internal.claim_guard_loaded())' ELSE '' END,
				'claim_' || kind, source);
			EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, trigger);
		END LOOP;
	END LOOP;
	IF events <> '{}' THEN
		PERFORM claimline_internal.claim_source_unseen_notice(source);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_triggers(text, text, text[]) IS
	'part of claim_guard_add and claim_source_track: makes the triggers of a source for some events, '
	'drops those for the others; says on what no trigger can stand';

CREATE FUNCTION claimline_internal.claim_source_table(source text) RETURNS claimline_internal.claim_source
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	kind "char";
	owner oid;
	home regnamespace;
BEGIN
	SELECT c.relkind, c.relowner INTO kind, owner FROM pg_class c WHERE c.oid = known.relation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the table of claim source "%" does not exist any more', source
			USING ERRCODE = 'undefined_table', HINT = 'Drop the source with claim_source_drop.';
	ELSIF kind NOT IN ('r', 'p') THEN
		RAISE EXCEPTION 'claim source "%" is not over a table', source
			USING ERRCODE = 'wrong_object_type',
				DETAIL = format('"%s" is a view or a foreign table.', known.relation),
				HINT = 'Triggers can stand on the table itself: add a source over it.';
	ELSIF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of table %', known.relation USING ERRCODE = 'insufficient_privilege';
	ELSIF NOT pg_has_role(known.owner::oid, owner, 'USAGE') THEN
		RAISE EXCEPTION 'claim source "%" belongs to a role without the rights of the owner of table %',
			source, known.relation
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'The owner of a table adds the source that guards it.';
	END IF;
	-- the triggers run as the owner of the table
	SELECT e.extnamespace INTO home FROM pg_extension e WHERE e.extname = 'claimline';
	IF NOT has_schema_privilege(owner, home, 'USAGE') THEN
		RAISE EXCEPTION 'the owner of table % has no right to use schema %', known.relation, home
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('GRANT USAGE ON SCHEMA %s TO %s.', home, owner::regrole);
	END IF;
	RETURN known;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_table(text) IS
	'a source, if the current user may put triggers on its table; raises an error if not';

CREATE FUNCTION claimline_internal.claim_source_refuse_virtual(source text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	col text;
	relation regclass;
BEGIN
	SELECT a.attname, s.relation INTO col, relation
		FROM claimline_internal.claim_source s,
			jsonb_path_query(s.mapping::jsonb, '$.** ? (@.alias == "t").attnum') n (attnum), pg_attribute a
		WHERE s.name = source AND a.attrelid = s.relation AND a.attnum = n.attnum::int
			AND a.attgenerated = 'v' LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'column "%" of table % is a virtual generated column', col, relation
			USING ERRCODE = 'feature_not_supported',
				DETAIL = format('Claim source "%s" maps it, and triggers get rows without such columns.',
					source),
				HINT = 'Make it STORED, or map an expression over the columns that it is made from.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_refuse_virtual(text) IS
	'part of guards and logs: raises an error for a source that maps a virtual generated column of its table';

CREATE FUNCTION claimline_internal.claim_source_refuse_distributed(relation regclass) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	distributed regclass;
BEGIN
	IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN
		RETURN;
	END IF;
	EXECUTE 'SELECT d.logicalrelid FROM pg_catalog.pg_dist_partition d '
			'WHERE d.logicalrelid = ANY ($1) LIMIT 1'
		INTO distributed USING claimline_internal.claim_source_parts(relation);
	IF distributed IS NOT NULL THEN
		RAISE EXCEPTION 'table % is distributed by Citus', distributed
			USING ERRCODE = 'feature_not_supported',
				DETAIL = 'Triggers for a source would stand on its shards, where the source is not known: '
					'every write would fail.',
				HINT = 'Let claim_scan compare its rows by content, method => ''hash''.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_refuse_distributed(regclass) IS
	'part of guards and logs: raises an error for a table that Citus distributes';

CREATE FUNCTION claimline_internal.claim_source_distributed(source text) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	found boolean := false;
BEGIN
	IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
		EXECUTE $sql$
			WITH RECURSIVE read (oid) AS (
				SELECT s.view::oid FROM claimline_internal.claim_source s WHERE s.name = $1
				UNION
				SELECT d.refobjid FROM read r JOIN pg_rewrite w ON w.ev_class = r.oid
					JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
						AND d.refclassid = 'pg_class'::regclass
			)
			SELECT EXISTS (SELECT FROM read r JOIN pg_catalog.pg_dist_partition p ON p.logicalrelid = r.oid)
			$sql$ INTO found USING source;
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_distributed(text) IS
	'whether the lines of a source are of tables that Citus distributes, or copies to every node: '
	'it plans such queries itself, and not all that PostgreSQL does';

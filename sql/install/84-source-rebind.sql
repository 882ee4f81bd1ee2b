
-- a source whose relation was rebuilt: the same columns of another relation

CREATE FUNCTION claimline_internal.claim_source_named(name text) RETURNS regclass
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- to_regclass raises an error for a schema that the user may not use
SELECT c.oid::regclass FROM parse_ident(name) p (part), pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = p.part[2]::name AND n.nspname = p.part[1]::name
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_named(text) IS
	'part of claim_source_rebind: the relation of a name with its schema; null where there is none';

CREATE FUNCTION claimline_internal.claim_source_relation(known claimline_internal.claim_source, alias text)
		RETURNS regclass
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- by the number where it was mapped, else by the name
SELECT c.oid::regclass FROM pg_class c, (SELECT known.mapping #> ARRAY['relations', alias] AS is) r
WHERE c.oid IN ((r.is ->> 'oid')::oid, claimline_internal.claim_source_named(r.is ->> 'name'))
ORDER BY c.oid <> CASE WHEN known.relation::oid = (known.mapping #>> '{relations,t,oid}')::oid
	THEN (r.is ->> 'oid')::oid ELSE claimline_internal.claim_source_named(r.is ->> 'name') END LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_relation(claimline_internal.claim_source, text) IS
	'part of claim_source_rebind: a relation that a source joins, by its alias: where that is gone, the one '
	'that has its name; null where there is none';

CREATE FUNCTION claimline_internal.claim_source_remap(part jsonb, known claimline_internal.claim_source,
		target regclass) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	rel CONSTANT regclass := CASE part ->> 'alias' WHEN 't' THEN target
		ELSE claimline_internal.claim_source_relation(known, part ->> 'alias') END;
	was CONSTANT oid := (SELECT c.oid FROM pg_class c WHERE c.oid = CASE part ->> 'alias'
		WHEN 't' THEN known.relation::oid
		ELSE (known.mapping #>> ARRAY['relations', part ->> 'alias', 'oid'])::oid END);
	name text := part ->> 'name';
	number int;
BEGIN
	IF jsonb_typeof(part) = 'array' THEN
		RETURN coalesce((SELECT jsonb_agg(claimline_internal.claim_source_remap(e.value, known, target)
			ORDER BY e.n) FROM jsonb_array_elements(part) WITH ORDINALITY e (value, n)), '[]');
	ELSIF jsonb_typeof(part) <> 'object' THEN
		RETURN part;
	ELSIF NOT part ?& '{alias,attnum,name}' THEN
		RETURN coalesce((SELECT jsonb_object_agg(e.key,
			claimline_internal.claim_source_remap(e.value, known, target)) FROM jsonb_each(part) e), '{}');
	END IF;
	-- a column that was renamed is told by its name now
	IF was IS NOT NULL THEN
		name := (parse_ident(claimline_internal.claim_source_column(known.relation, known.mapping, part)))[2];
	END IF;
	SELECT a.attnum INTO number FROM pg_attribute a
		WHERE a.attrelid = rel AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'column "%" of relation % does not exist', name,
			coalesce(rel::text, known.mapping #>> ARRAY['relations', part ->> 'alias', 'name'])
			USING ERRCODE = 'undefined_column',
				DETAIL = format('Claim source "%s" is made of it.', known.name),
				HINT = 'Drop the source with claim_source_drop and add it again.';
	END IF;
	RETURN part || jsonb_build_object('name', name, 'attnum', number);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_remap(jsonb, claimline_internal.claim_source, regclass) IS
	'part of claim_source_rebind: a part of a mapping with the columns of another relation that have the '
	'same names; raises an error for one that it does not have';

CREATE FUNCTION claimline_internal.claim_source_remapped(known claimline_internal.claim_source,
		target regclass) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	mapping jsonb := claimline_internal.claim_source_remap(known.mapping, known, target);
	other text;
BEGIN
	mapping := mapping || jsonb_build_object(
		'system', (SELECT c.system_identifier::text FROM pg_control_system() c),
		'relations', (SELECT jsonb_object_agg(r.key, jsonb_build_object('oid', f.found::oid::text,
				'name', claimline_internal.claim_source_name(f.found)))
			FROM jsonb_each(mapping -> 'relations' || '{"t": {}}') r, LATERAL (SELECT CASE r.key WHEN 't'
				THEN target ELSE claimline_internal.claim_source_relation(known, r.key) END AS found) f));
	SELECT format('Column "%s" is of type %s, it was %s.', a.attname, format_type(a.atttypid, NULL),
			f.value ->> 'type') INTO other
		FROM jsonb_each(mapping -> 'fields') f, jsonb_array_elements(f.value -> 'columns') c
			JOIN pg_attribute a
				ON a.attrelid = (mapping #>> ARRAY['relations', c.value ->> 'alias', 'oid'])::oid
				AND a.attnum = (c.value ->> 'attnum')::int
		WHERE f.value ? 'type' AND NOT f.value ?| '{expression,kinds}'
			AND format_type(a.atttypid, NULL) <> f.value ->> 'type'
		ORDER BY f.key LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'relation % has other columns than claim source "%"', target, known.name
			USING ERRCODE = 'datatype_mismatch', DETAIL = other,
				HINT = 'Drop the source with claim_source_drop and add it again.';
	END IF;
	RETURN mapping - 'statistics';
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_remapped(claimline_internal.claim_source, regclass) IS
	'part of claim_source_rebind: the mapping of a source over another relation; '
	'raises an error where its columns are not the same';

CREATE FUNCTION claimline_internal.claim_source_view_again(known claimline_internal.claim_source,
		target regclass, mapping jsonb) RETURNS regclass
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	qualified text := claimline_internal.claim_source_name(known.view);
	made regclass;
BEGIN
	IF qualified IS NOT NULL THEN
		BEGIN
			EXECUTE format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS %s', qualified,
				claimline_internal.claim_source_sql(target, mapping, NULL, NULL));
		EXCEPTION WHEN invalid_table_definition THEN
			RAISE EXCEPTION 'relation % has other columns than claim source "%"', target, known.name
				USING ERRCODE = 'datatype_mismatch', DETAIL = format('The view %s: %s.', qualified, SQLERRM),
					HINT = 'Drop the source with claim_source_drop and add it again.';
		END;
		RETURN known.view;
	END IF;
	qualified := coalesce(mapping ->> 'view', (SELECT format('%I.%I', n.nspname, known.name || '_lines')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = target));
	made := claimline_internal.claim_source_view(known.name, target, qualified, mapping);
	IF quote_ident(current_user)::regrole <> known.owner THEN
		EXECUTE format('ALTER VIEW %s OWNER TO %s', qualified, known.owner);
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_view_again(claimline_internal.claim_source, regclass,
		jsonb) IS
	'part of claim_source_rebind: the view of a source over another relation; where it is gone it is made '
	'again where it was';

CREATE FUNCTION claimline_internal.claim_source_was_tracked(known claimline_internal.claim_source)
		RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- where the table is gone its triggers are: by what was logged, or how the last scan looked
SELECT EXISTS (SELECT FROM claimline_internal.claim_source_triggers_on(known.relation::oid) t
		WHERE t.source = known.name AND t.kind = 'track')
	OR NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = known.relation) AND (
		EXISTS (SELECT FROM claimline_internal.claim_change c WHERE c.source = known.name)
		OR (SELECT r.method = 'log' FROM claimline_internal.claim_scan_run r WHERE r.source = known.name
			ORDER BY r.id DESC LIMIT 1))
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_was_tracked(claimline_internal.claim_source) IS
	'part of claim_source_rebind: whether changes of a source are logged, or were while its table was there';

CREATE FUNCTION claim_source_rebind(source text, relation regclass) RETURNS regclass
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	tracked CONSTANT boolean := claimline_internal.claim_source_was_tracked(known);
	guard CONSTANT text := (SELECT g.action FROM claimline_internal.claim_guard g
		WHERE g.source = known.name);
	new_mapping jsonb;
	made regclass;
BEGIN
	IF NOT pg_has_role(known.owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of claim source "%"', source
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('It was added by %s.', known.owner);
	END IF;
	PERFORM claimline_internal.claim_source_relation_check(relation);
	new_mapping := claimline_internal.claim_source_remapped(known, relation);
	IF claimline_internal.claim_source_name(known.relation) IS NOT NULL THEN
		PERFORM claimline_internal.claim_source_triggers(source, 'guard', '{}'),
			claimline_internal.claim_source_triggers(source, 'track', '{}'),
			claimline_internal.claim_source_statistics_drop(known.relation, known.mapping);
	END IF;
	made := claimline_internal.claim_source_view_again(known, relation, new_mapping);
	new_mapping := claimline_internal.claim_source_statistics_add(source, relation,
		(SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE c.oid = made), new_mapping);
	UPDATE claimline_internal.claim_source s SET relation = claim_source_rebind.relation, view = made,
			mapping = new_mapping WHERE s.name = known.name;
	-- what differs is not known: the next scan compares all days
	UPDATE claimline_internal.claim_scan_state x SET parts = '{}' WHERE x.source = known.name;
	IF guard IS NOT NULL THEN
		PERFORM claimline_internal.claim_source_table(source), claimline_internal.claim_source_triggers(
			source, 'guard', CASE guard WHEN 'reject' THEN ARRAY['insert', 'update', 'delete']
				ELSE ARRAY['insert', 'update', 'delete', 'truncate'] END);
	END IF;
	IF tracked THEN
		PERFORM @extschema@.claim_source_track(source);
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION claim_source_rebind(text, regclass) IS
	'puts a source over another relation that has the same columns: its view, guard, log, findings and their '
	'history are kept, and the next scan compares all days; returns the view; raises an error where a column '
	'is not there or of another type; by members of the owner of the source, of a guarded or logged table by '
	'its owner; null for a null argument';

CREATE FUNCTION claimline_internal.claim_source_rebuilt(known claimline_internal.claim_source)
		RETURNS regclass
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT CASE
	-- beside the relation itself another of its kind: a view of its name over it is none
	WHEN n.now <> known.relation AND (claimline_internal.claim_source_name(known.relation) IS NULL
		OR EXISTS (SELECT FROM pg_class w, pg_class c WHERE w.oid = known.relation AND c.oid = n.now
			AND (c.relkind = w.relkind OR c.relkind IN ('r', 'p') AND w.relkind IN ('r', 'p')))) THEN n.now
	-- a joined relation, or the view, is gone
	WHEN claimline_internal.claim_source_name(known.relation) IS NOT NULL
		AND (claimline_internal.claim_source_name(known.view) IS NULL
			OR EXISTS (SELECT FROM jsonb_object_keys(known.mapping -> 'relations') r
			WHERE known.relation::oid = (known.mapping #>> '{relations,t,oid}')::oid
				AND claimline_internal.claim_source_name(
					(known.mapping #>> ARRAY['relations', r, 'oid'])::oid) IS NULL
				AND claimline_internal.claim_source_relation(known, r) IS NOT NULL)) THEN known.relation END
FROM (SELECT claimline_internal.claim_source_named(known.mapping #>> '{relations,t,name}') AS now) n
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_rebuilt(claimline_internal.claim_source) IS
	'the relation that a source is to be put over: another one has its name now, or the view or a relation '
	'that it joins is to be made out anew; null where all is as it was, or nothing has its name';

CREATE FUNCTION claimline_internal.claim_source_heal(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	rebuilt CONSTANT regclass := claimline_internal.claim_source_rebuilt(known);
BEGIN
	IF rebuilt IS NULL OR NOT pg_has_role(known.owner, 'USAGE') THEN
		RETURN;
	END IF;
	BEGIN
		PERFORM @extschema@.claim_source_rebind(source, rebuilt);
	EXCEPTION WHEN undefined_column OR datatype_mismatch OR insufficient_privilege THEN
		IF rebuilt = known.relation OR claimline_internal.claim_source_name(known.relation) IS NULL THEN
			RAISE;
		END IF;
		-- another thing that has its name
		RAISE NOTICE 'claim source "%" stays over relation %, while % has its name', source,
			known.relation, rebuilt USING DETAIL = SQLERRM,
				HINT = format('claim_source_rebind(%L, %L) says which one is meant.', source, known.relation);
		RETURN;
	END;
	RAISE NOTICE 'claim source "%" is put over relation % again', source, rebuilt
		USING DETAIL = CASE WHEN rebuilt <> known.relation THEN
				'That was made anew, or another one has its name now.  Findings and their history are kept.'
			ELSE 'Its view, or a relation that it joins, had gone.' END,
			HINT = format('claim_source_rebind(%L, ...) puts it over another one.', source);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_heal(text) IS
	'part of claim_scan: puts a source over what was rebuilt, with a notice; see claim_source_rebind';

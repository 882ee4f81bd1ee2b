
-- statistics of the keys of a source: how many provider-days there are, which the planner cannot know of
-- columns one by one.  They are the user's own, in the schema of the view, and go with the source.

CREATE FUNCTION claimline_internal.claim_source_key_columns(relation regclass, mapping jsonb) RETURNS name[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- of a list all: the planner takes an expression over columns for these
SELECT ARRAY(SELECT DISTINCT a.attname
	FROM unnest(ARRAY['provider', 'dos',
			CASE WHEN mapping -> 'fields' ? 'patient' THEN 'patient' ELSE 'claim_id' END]) key,
		jsonb_array_elements(mapping -> 'fields' -> key -> 'columns') c
		JOIN pg_attribute a ON a.attrelid = relation AND a.attname = c.value ->> 'name'
	WHERE c.value ->> 'alias' = 't' AND NOT mapping -> 'fields' -> key ? 'expression'
	ORDER BY 1)
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_key_columns(regclass, jsonb) IS
	'the columns of a relation that the keys of its provider-days are, or are read from';

CREATE FUNCTION claimline_internal.claim_source_statistics(relation regclass, mapping jsonb)
		RETURNS SETOF pg_statistic_ext
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- by its number where it was made, else by its name
SELECT e.* FROM pg_statistic_ext e JOIN pg_namespace n ON n.oid = e.stxnamespace
WHERE e.stxrelid = relation AND (
	e.oid::text = mapping #>> '{statistics,oid}' AND mapping ->> 'system' = (
		SELECT c.system_identifier::text FROM pg_control_system() c)
	OR format('%I.%I', n.nspname, e.stxname) = mapping #>> '{statistics,name}')
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_statistics(regclass, jsonb) IS
	'the statistics that were made with a source, if they are still there';

CREATE FUNCTION claimline_internal.claim_source_statistics_add(source text, relation regclass, schema text,
		mapping jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	keys CONSTANT name[] := claimline_internal.claim_source_key_columns(relation, mapping);
	made text;
BEGIN
	-- a table of the user's own, without statistics that the user made
	IF cardinality(keys) NOT BETWEEN 2 AND 8 OR NOT EXISTS (SELECT FROM pg_class c
			WHERE c.oid = relation AND c.relkind = ANY ('{r,p}') AND pg_has_role(c.relowner, 'USAGE'))
		OR EXISTS (SELECT FROM pg_statistic_ext e WHERE e.stxrelid = relation AND 'd' = ANY (e.stxkind)
			AND e.stxexprs IS NULL AND keys = ARRAY(SELECT a.attname FROM pg_attribute a
				WHERE a.attrelid = relation AND a.attnum = ANY (e.stxkeys) ORDER BY 1)
			AND NOT EXISTS (SELECT FROM claimline_internal.claim_source s, LATERAL
				claimline_internal.claim_source_statistics(s.relation, s.mapping) own
				WHERE s.relation = claim_source_statistics_add.relation AND own.oid = e.oid)) THEN
		RETURN mapping;
	END IF;
	SELECT format('%I.%I', schema, u.name) INTO made
		FROM (SELECT source || '_keys' || CASE n WHEN 1 THEN '' ELSE n::text END, n
			FROM generate_series(1, 1000) n) u(name, n)
		WHERE NOT EXISTS (SELECT FROM pg_statistic_ext e WHERE e.stxname = u.name
			AND e.stxnamespace = to_regnamespace(quote_ident(schema)))
		ORDER BY u.n LIMIT 1;
	BEGIN
		-- not behind a VACUUM
		EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT', relation);
		EXECUTE format('CREATE STATISTICS %s (ndistinct) ON %s FROM %s', made,
			(SELECT string_agg(quote_ident(k), ', ') FROM unnest(keys) k), relation);
	EXCEPTION WHEN OTHERS THEN
		-- it is right without
		RETURN mapping;
	END;
	RETURN mapping || jsonb_build_object('statistics', jsonb_build_object('name', made,
		'oid', (SELECT e.oid::text FROM pg_statistic_ext e JOIN pg_namespace n ON n.oid = e.stxnamespace
			WHERE format('%I.%I', n.nspname, e.stxname) = made)));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_statistics_add(text, regclass, text, jsonb) IS
	'part of claim_source_add: makes statistics of the number of provider-days, where the relation is a '
	'table of the user and its keys are columns; the mapping with their name, or as it is where there are '
	'none';

CREATE FUNCTION claimline_internal.claim_source_statistics_drop(relation regclass, mapping jsonb)
		RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	made text;
BEGIN
	SELECT format('%I.%I', n.nspname, e.stxname) INTO made
		FROM claimline_internal.claim_source_statistics(relation, mapping) e
			JOIN pg_namespace n ON n.oid = e.stxnamespace
		WHERE pg_has_role(e.stxowner, 'USAGE') LIMIT 1;
	IF FOUND THEN
		EXECUTE 'DROP STATISTICS ' || made;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_statistics_drop(regclass, jsonb) IS
	'part of claim_source_drop: drops the statistics of a source, if they are there and the user may';


-- adding a source

CREATE FUNCTION claimline_internal.claim_source_relation_check(relation regclass) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	rel pg_class;
BEGIN
	SELECT c.* INTO rel FROM pg_class c WHERE c.oid = relation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the relation of a claim source is %', coalesce('gone: ' || relation::text, 'null')
			USING ERRCODE = 'undefined_table';
	ELSIF rel.relkind <> ALL ('{r,p,v,m,f}') THEN
		RAISE EXCEPTION '% is no table and no view', relation
			USING ERRCODE = 'wrong_object_type',
				HINT = 'A source is a table, partitioned table, foreign table, view or materialized view.';
	ELSIF rel.relpersistence = 't' THEN
		RAISE EXCEPTION 'relation % is temporary', relation
			USING ERRCODE = 'wrong_object_type', DETAIL = 'A source outlives the session.';
	ELSIF NOT has_any_column_privilege(relation, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for relation %', relation
			USING ERRCODE = 'insufficient_privilege',
				DETAIL = 'A source is added and read with the rights of its user.',
				HINT = 'It needs the right to SELECT.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_relation_check(regclass) IS
	'part of claim_source_add and claim_source_rebind: raises an error for a relation that a source '
	'cannot have';

CREATE FUNCTION claimline_internal.claim_source_add_check(name text, relation regclass, schema text)
		RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	view_name CONSTANT text := name || '_lines';
BEGIN
	IF name IS NULL OR octet_length(name) NOT BETWEEN 1 AND 50 THEN
		RAISE EXCEPTION 'invalid name of a claim source: %', coalesce('"' || name || '"', 'null')
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'A name has 1 to 50 bytes.';
	ELSIF EXISTS (SELECT FROM claimline_internal.claim_source s
			WHERE s.name = claim_source_add_check.name) THEN
		RAISE EXCEPTION 'claim source "%" already exists', name
			USING ERRCODE = 'duplicate_object',
				HINT = 'Drop it with claim_source_drop, or choose another name.';
	END IF;
	PERFORM claimline_internal.claim_source_relation_check(relation);
	IF schema IS NULL THEN
		RAISE EXCEPTION 'no schema for view "%"', view_name
			USING ERRCODE = 'invalid_schema_name',
				DETAIL = 'The search path names no schema that exists.', HINT = 'Give the argument "schema".';
	ELSIF to_regnamespace(quote_ident(schema)) IS NULL THEN
		RAISE EXCEPTION 'schema "%" does not exist', schema USING ERRCODE = 'invalid_schema_name';
	ELSIF NOT has_schema_privilege(schema, 'CREATE') THEN
		RAISE EXCEPTION 'permission denied for schema "%"', schema
			USING ERRCODE = 'insufficient_privilege',
				DETAIL = format('View "%s" is made there.', view_name), HINT = 'Give the argument "schema".';
	ELSIF to_regclass(format('%I.%I', schema, view_name)) IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" already exists in schema "%"', view_name, schema
			USING ERRCODE = 'duplicate_table';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_add_check(text, regclass, text) IS
	'part of claim_source_add: raises an error for a name, a relation or a schema that a source cannot have';

CREATE FUNCTION claimline_internal.claim_source_key_clean(relation regclass, col name) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	clean boolean;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = col
			WHERE i.indrelid = relation AND i.indisvalid AND a.attnum = ANY (i.indkey)) THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT NOT EXISTS (SELECT FROM (SELECT t.%1$I::text AS key FROM %2$s t LIMIT 100000) x '
		'WHERE x.key <> @extschema@.claim_read_key(x.key))', col, relation) INTO clean;
	RETURN clean;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_key_clean(regclass, name) IS
	'part of claim_source_add: whether a column of text has an index, and in the first 100,000 rows '
	'nothing but keys as they are read: then it is taken as it is, so that the index serves';

CREATE FUNCTION claimline_internal.claim_source_keys(defs jsonb, relations jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- a constant and an expression are as they are
SELECT jsonb_object_agg(d.key, d.value - 'as_is' || CASE
	WHEN d.key = ANY (ARRAY['provider', CASE WHEN defs ? 'patient' THEN 'patient' ELSE 'claim_id' END])
		AND d.value ? 'type' AND NOT d.value ? 'expression'
		AND claimline_internal.claim_source_is_text((d.value ->> 'type')::regtype)
		AND NOT coalesce((d.value ->> 'as_is')::boolean,
			NOT d.value ? 'kinds' AND claimline_internal.claim_source_key_clean(
			(relations #>> ARRAY[d.value #>> '{columns,0,alias}', 'oid'])::oid,
			(d.value #>> '{columns,0,name}')::name), false)
		THEN '{"key": true}'::jsonb ELSE '{}' END)
FROM jsonb_each(defs) d
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_keys(jsonb, jsonb) IS
	'part of claim_source_add: fields, those of text by which days are grouped marked as keys';

CREATE FUNCTION claimline_internal.claim_source_service(given jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF jsonb_typeof(given) = 'string' THEN
		PERFORM claimline_internal.claim_service_type_check(given #>> '{}');
	ELSIF given <> 'null' THEN
		PERFORM claimline_internal.claim_source_refuse('service_type', format('columns.service_type is %s.',
			given), 'It is a service type, or null where lines of every type are judged together.');
	END IF;
	RETURN given;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_service(jsonb) IS
	'part of claim_source_add: the service type that is given, checked; null where none is';

CREATE FUNCTION claimline_internal.claim_source_type(source text, service_type text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT coalesce(service_type, (SELECT s.mapping ->> 'service_type' FROM claimline_internal.claim_source s
	WHERE s.name = source), 'practitioner')
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_type(text, text) IS
	'a service type; of null that of the source';

-- the line as a column has it, which goes before its fields

CREATE FUNCTION claimline_internal.claim_source_line_given(defs jsonb, columns jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	field text;
BEGIN
	SELECT c.key INTO field FROM jsonb_each(columns) c WHERE defs ? 'line' AND NOT columns ? 'line'
		AND c.key = ANY ('{code,modifiers,units,minutes,thru,start_time,dx,regions,specialty,referral,'
			'visit,assistant}');
	IF FOUND THEN
		PERFORM claimline_internal.claim_source_refuse(field,
			format('The preset takes lines as they are, from column %s.', defs #>> '{line,columns,0,name}'),
			'With "line": null they are made of their fields.');
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_line_given(jsonb, jsonb) IS
	'part of claim_source_add: raises an error where a field is given that the lines of the preset have';

CREATE FUNCTION claimline_internal.claim_source_line_checked(defs jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF defs ? 'line'
			AND ((defs #>> '{line,type}')::regtype = '@extschema@.claimline'::regtype) IS NOT TRUE THEN
		PERFORM claimline_internal.claim_source_refuse('line', 'It must be one column of type claimline.');
	END IF;
	RETURN CASE WHEN defs ? 'line' THEN defs ELSE defs - 'line_error' END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_line_checked(jsonb) IS
	'part of claim_source_add: fields, without what is said of lines where no column has them';

CREATE FUNCTION claimline_internal.claim_source_map(relation regclass, preset text, columns jsonb,
		charge text, watermark text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	fields CONSTANT text[] :=
		'{patient,provider,dos,thru,claim_id,line_no,code,modifiers,units,minutes,'
		'start_time,dx,regions,specialty,referral,visit,assistant,frequency,replaces,status,allowed,line,'
		'line_error}';
	mapping jsonb := jsonb_build_object('relations', jsonb_build_object('t',
		jsonb_build_object('oid', relation::oid::text,
			'name', claimline_internal.claim_source_name(relation))),
		'fields', '{}'::jsonb, 'notes', '[]'::jsonb);
	defs jsonb;
	field text;
	how jsonb;
	service jsonb;
BEGIN
	IF columns IS NULL OR jsonb_typeof(columns) <> 'object' THEN
		RAISE EXCEPTION 'columns of a claim source must be a JSON object'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- a key of all rows, and no field
	service := claimline_internal.claim_source_service(columns -> 'service_type');
	columns := columns - 'service_type';
	SELECT k INTO field FROM jsonb_object_keys(columns) k WHERE k <> ALL (fields) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'unknown field "columns.%"', field
			USING ERRCODE = 'invalid_parameter_value',
				HINT = CASE WHEN field IN ('charge', 'watermark')
					THEN format('Give the argument "%s".', field)
					ELSE format('Fields are %s; besides, service_type.', array_to_string(fields, ', ')) END;
	END IF;
	IF preset IS NOT NULL THEN
		mapping := claimline_internal.claim_source_preset(relation, preset,
			ARRAY(SELECT jsonb_object_keys(columns))
				|| CASE WHEN charge IS NULL THEN '{}' ELSE '{charge}'::text[] END
				|| CASE WHEN service IS NULL THEN '{}' ELSE '{service_type}'::text[] END, service);
	END IF;
	IF service IS NOT NULL OR mapping ->> 'service_type' = 'practitioner' THEN
		mapping := jsonb_strip_nulls(mapping - 'fields' || jsonb_build_object('service_type', service))
			|| jsonb_build_object('fields', mapping -> 'fields');
	END IF;
	defs := mapping -> 'fields';
	PERFORM claimline_internal.claim_source_line_given(defs, columns);
	FOR field, how IN SELECT c.key, c.value FROM jsonb_each(columns) c LOOP
		defs := CASE WHEN how = 'null' THEN defs - field
			ELSE defs || jsonb_build_object(field,
				claimline_internal.claim_source_field(relation, field, how)) END;
	END LOOP;
	IF charge IS NOT NULL THEN
		defs := defs || jsonb_build_object('charge',
			claimline_internal.claim_source_resolve(relation, 'charge',
				-- a name, or names as JSON
				CASE WHEN charge ~ '^\s*\[' THEN charge::jsonb ELSE to_jsonb(charge) END));
	END IF;
	IF watermark IS NOT NULL THEN
		mapping := mapping || jsonb_build_object('watermark',
			claimline_internal.claim_source_typed(relation,
				claimline_internal.claim_source_find(relation, 't', watermark)));
	END IF;
	defs := claimline_internal.claim_source_line_checked(defs);
	IF NOT defs ? 'code' THEN
		RAISE EXCEPTION 'no column of relation % is mapped to field "code"', relation
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give {"code": "column"} in argument "columns", or a preset.';
	ELSIF NOT defs ? 'patient' AND NOT defs ? 'claim_id' THEN
		RAISE EXCEPTION 'no column of relation % is mapped to field "patient" or "claim_id"', relation
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'All rows would be lines of one day.';
	ELSIF defs ? 'replaces' AND NOT defs ? 'claim_id' THEN
		PERFORM claimline_internal.claim_source_refuse('replaces',
			'Field "claim_id" is not mapped: which claim is replaced is told by its number.');
	END IF;
	RETURN mapping || jsonb_build_object(
		'fields', claimline_internal.claim_source_keys(defs, mapping -> 'relations'),
		'system', (SELECT c.system_identifier::text FROM pg_control_system() c));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_map(regclass, text, jsonb, text, text) IS
	'part of claim_source_add: a mapping by a preset and by columns, with notes of what there is to say';

CREATE FUNCTION claimline_internal.claim_source_lacks(mapping jsonb) RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT ARRAY(SELECT n.says FROM (SELECT mapping -> 'fields' AS fields,
		CASE WHEN mapping -> 'fields' ? 'patient' THEN 'patient' ELSE 'claim' END AS who) m, LATERAL (VALUES
	('patient', 'No patient is mapped: each claim is judged by itself, without the other claims of the day.'),
	('provider', 'No provider is mapped: all lines of a ' || m.who || '''s day are judged together.'),
	('dos', 'No date of service is mapped: rules that depend on the date answer unknown, and all lines of a '
		|| m.who || CASE WHEN m.fields ? 'provider' THEN ' by one provider' ELSE '' END
		|| ' are judged together.'),
	('claim_id', 'No claim number is mapped: findings do not name the claim.'),
	('line_no', 'No line number is mapped: findings do not name the line of the claim.'),
	('modifiers', 'No modifiers are mapped: pairs that a modifier may open are denied'
		-- a code in text is read with them
		|| CASE WHEN m.fields -> 'code' ->> 'kind' = 'text' THEN ', if none stands behind the code.'
			ELSE '.' END),
	('units', 'No units are mapped: each line has 1.'),
	('minutes', 'No minutes are mapped: units of timed codes cannot be compared with them.'),
	('start_time', 'No start times are mapped: services that overlap are not seen.'),
	('dx', 'No diagnoses are mapped: ' || CASE WHEN m.fields ? 'regions' THEN '' ELSE 'regions and ' END
		|| 'necessity cannot be decided.'),
	('specialty', 'No specialty is mapped: who may bill what cannot be decided.'),
	('referral', 'No referral is mapped: rules that want one answer unknown.'),
	('visit', 'No visit number is mapped: limits of visits are not checked.'),
	('charge', 'No charge is mapped: amounts at risk cannot be reported.')) n(field, says)
	WHERE NOT m.fields ? n.field
		AND NOT EXISTS (SELECT FROM jsonb_array_elements(mapping -> 'notes') said
			WHERE n.field = ANY (string_to_array(said.value ->> 'field', ' '))))
	|| ARRAY(SELECT (array_agg(n.value ->> 'says' ORDER BY i))[1]
		FROM jsonb_array_elements(mapping -> 'notes') WITH ORDINALITY n(value, i)
		GROUP BY coalesce(n.value ->> 'about', i::text) ORDER BY min(i))
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_lacks(jsonb) IS
	'part of claim_source_add: what is not mapped, and what follows, as sentences';

CREATE FUNCTION claimline_internal.claim_source_mapped(mapping jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT jsonb_object_agg(d.key, CASE
		WHEN d.value ? 'value' THEN jsonb_build_object('value', d.value -> 'value')
		WHEN d.value ? 'expression' THEN jsonb_build_object('expression', d.value -> 'expression')
		WHEN jsonb_array_length(d.value -> 'columns') = 1 AND d.value ->> 'kind' <> 'list'
			THEN to_jsonb(n.names[1])
		ELSE to_jsonb(n.names) END)
	|| CASE WHEN mapping ? 'service_type' THEN jsonb_build_object('service_type', mapping -> 'service_type')
		ELSE '{}' END
	FROM jsonb_each(mapping -> 'fields') d, LATERAL (SELECT ARRAY(
		SELECT CASE c.value ->> 'alias' WHEN 't' THEN '' WHEN 'v' THEN ''
				ELSE (mapping #>> ARRAY['relations', c.value ->> 'alias', 'name']) || '.' END
			|| (c.value ->> 'name')
			|| CASE WHEN c.value ->> 'alias' = 'v' AND c.value ->> 'name' <> 'line_no' THEN '_#' ELSE '' END
		FROM jsonb_array_elements(d.value -> 'columns') WITH ORDINALITY c(value, i) ORDER BY c.i) AS names) n
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_mapped(jsonb) IS
	'part of claim_source_add: what each field is mapped to, as a user would say it';

CREATE FUNCTION claimline_internal.claim_source_view(name text, relation regclass, qualified text,
		mapping jsonb) RETURNS regclass
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	made regclass;
BEGIN
	EXECUTE format('CREATE VIEW %s WITH (security_invoker = true) AS ', qualified)
		|| claimline_internal.claim_source_sql(relation, mapping, NULL, NULL);
	made := qualified::regclass;
	IF claimline_internal.claim_view_volatile(made) THEN
		RAISE EXCEPTION 'the mapping of claim source "%" calls a volatile function', name
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'A row would give another line each time.',
				HINT = 'A function of yours that is not volatile is declared IMMUTABLE or STABLE.';
	END IF;
	-- provider-days are grouped, hashed and looked up by their keys
	BEGIN
		-- a row of nulls, also of domains that admit none
		EXECUTE format('SELECT hash_record_extended(ROW(v.patient, v.provider, v.dos), 0::int8) '
			'FROM (SELECT) n LEFT JOIN (SELECT DISTINCT patient, provider, dos FROM %s LIMIT 0) v ON true',
			qualified);
	EXCEPTION WHEN undefined_function THEN
		RAISE EXCEPTION 'patient or provider of claim source "%" '
			'has a type that cannot be grouped and hashed', name
			USING ERRCODE = 'datatype_mismatch',
				DETAIL = SQLERRM, HINT = 'Map an expression that casts it to text.';
	END;
	EXECUTE format('COMMENT ON VIEW %s IS %L', qualified,
		format('lines of %s, made by claim_source_add', relation));
	RETURN made;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_view(text, regclass, text, jsonb) IS
	'part of claim_source_add: makes the view of a source; '
	'raises an error for a mapping that a view can have but a source cannot';

CREATE FUNCTION claim_source_add(name text, relation regclass, preset text = NULL, columns jsonb = '{}',
		charge text = NULL, watermark text = NULL, schema text = pg_catalog.current_schema()) RETURNS regclass
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	mapping jsonb;
	notes text[];
	made regclass;
BEGIN
	PERFORM claimline_internal.claim_source_add_check(name, relation, schema);
	mapping := claimline_internal.claim_source_map(relation, preset, columns, charge, watermark);
	notes := claimline_internal.claim_source_lacks(mapping)
		|| claimline_internal.claim_source_adjust_lacks(mapping);
	mapping := mapping - 'notes';
	made := claimline_internal.claim_source_view(name, relation,
		format('%I.%I', schema, name || '_lines'), mapping);
	mapping := claimline_internal.claim_source_statistics_add(name, relation, schema,
		mapping || jsonb_build_object('view', format('%I.%I', schema, name || '_lines')));
	INSERT INTO claimline_internal.claim_source (name, owner, relation, view, preset, columns, mapping,
			charge, watermark, mapped, unmapped, patient_type, provider_type)
		VALUES (name, quote_ident(current_user)::regrole, relation, made, preset, columns, mapping,
			charge, watermark,
			claimline_internal.claim_source_mapped(mapping), notes,
			(SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = made AND a.attnum = 1),
			(SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = made AND a.attnum = 2));
	IF notes <> '{}' THEN
		RAISE NOTICE 'claim source "%" is mapped in part', name USING DETAIL = array_to_string(notes, E'\n');
	END IF;
	BEGIN
		PERFORM claimline_internal.claim_coverage_notice('medicare',
			claimline_internal.claim_source_type(name, NULL));
	EXCEPTION WHEN undefined_object THEN
		-- a source may be there before the first edition of its service type
		RAISE NOTICE '%', SQLERRM
			USING DETAIL = 'Guards and scans of the source are refused until one is.',
				HINT = 'Load the quarter: claimline-ncci FILE..., with the files of CMS as downloaded; '
					'doc/editions.md says where they are.';
	END;
	RETURN made;
END $$;
COMMENT ON FUNCTION claim_source_add(text, regclass, text, jsonb, text, text, text) IS
	'maps a relation to lines, by a preset, by columns (field: column name, list of them of which the first '
	'that is filled counts, and of modifiers, dx and regions all, {"column", "missing", "format"}, '
	'{"value"}, {"expression"} or null) or by both; charge: a column name, or a JSON list of them; '
	'makes view NAME_lines in the schema and returns it';

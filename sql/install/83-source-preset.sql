
-- layouts that are known: a mapping is built up row by row of claim_preset.  While it is, it has more keys
-- than one that is stored: siblings (name of a joined table: its alias), concepts, skips (by rank) and notes.

CREATE FUNCTION claimline_internal.claim_source_sibling(relation regclass, sibling text, keys text[],
		OUT sibling_oid oid, OUT why text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	attnums int[];
BEGIN
	-- of several names the one that ends most like that of the relation
	SELECT s.oid INTO sibling_oid
		FROM pg_class c JOIN pg_class s ON s.relnamespace = c.relnamespace,
			string_to_table(sibling, '|') WITH ORDINALITY named(name, place)
		WHERE c.oid = relation AND s.relkind = ANY ('{r,p,m}') AND lower(s.relname) = named.name
		ORDER BY (SELECT max(n) FROM generate_series(0, length(named.name)) n
				WHERE "right"(named.name, n) = "right"(lower(c.relname), n)) DESC,
			named.place, s.relname = named.name DESC LIMIT 1;
	IF NOT FOUND THEN
		why := format('There is no table "%s" beside %s.', split_part(sibling, '|', 1), relation);
		RETURN;
	END IF;
	attnums := ARRAY(
		SELECT (claimline_internal.claim_source_find(sibling_oid, 's', k, true) ->> 'attnum')::int
		FROM unnest(keys) k ORDER BY 1);
	IF NOT EXISTS (SELECT FROM pg_index i
			WHERE i.indrelid = sibling_oid AND i.indisunique AND i.indisvalid AND i.indimmediate
			AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = cardinality(keys)
			AND attnums = ARRAY(SELECT i.indkey[n]::int
				FROM generate_series(0, i.indnkeyatts - 1) n ORDER BY 1)) THEN
		why := format('Table %s is not joined: it has no unique index on (%s), '
			'so that a line could come twice.', sibling_oid::regclass, array_to_string(keys, ', '));
	ELSIF NOT has_table_privilege(sibling_oid, 'SELECT') THEN
		why := format('Table %s is not joined: no right to select from it.', sibling_oid::regclass);
	END IF;
	IF why IS NOT NULL THEN
		sibling_oid := NULL;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_sibling(regclass, text, text[]) IS
	'a table of the schema of a relation that has one row for each value of keys, or why there is none; '
	'several names are alternatives, with | between them';

CREATE FUNCTION claimline_internal.claim_preset_is_of(relation regclass, marks text) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT coalesce((claimline_internal.claim_source_find(relation, 't', regexp_replace(marks, '^not ', ''), true)
	IS NULL) = (marks LIKE 'not %'), true)
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_is_of(regclass, text) IS
	'part of claim_source_preset: whether a relation has a column, or after "not" has it not; true of null';

CREATE FUNCTION claimline_internal.claim_preset_join(mapping jsonb, relation regclass, p claim_preset)
		RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	is_concept CONSTANT boolean := p.part = 'concept';
	keys text[] := string_to_array(p.column_name, ' ');
	on_keys CONSTANT jsonb := (
		SELECT jsonb_agg(claimline_internal.claim_source_find(relation, 't', k, true) ORDER BY n)
		FROM unnest(keys) WITH ORDINALITY u(k, n));
	near record;
	alias text;
BEGIN
	IF on_keys @> '[null]' OR NOT claimline_internal.claim_preset_is_of(relation, p.marks) THEN
		RETURN mapping;
	END IF;
	IF is_concept THEN
		keys := '{concept_id}';
	END IF;
	SELECT * INTO near FROM claimline_internal.claim_source_sibling(relation, p.sibling, keys);
	IF near.sibling_oid IS NULL AND is_concept THEN
		RETURN jsonb_set(mapping, '{notes}', mapping -> 'notes' || jsonb_build_array(
			jsonb_build_object('says', concat_ws(' ', near.why, p.note), 'about', p.sibling)));
	ELSIF near.sibling_oid IS NULL THEN
		-- what is lost is known when the fields are mapped
		RETURN jsonb_set(mapping, ARRAY['unjoined', p.sibling], to_jsonb(near.why));
	END IF;
	alias := 's' || jsonb_array_length(mapping -> 'joins') + 1;
	mapping := jsonb_set(mapping, ARRAY['relations', alias],
		jsonb_build_object('oid', near.sibling_oid::text,
			'name', claimline_internal.claim_source_name(near.sibling_oid)));
	mapping := jsonb_set(mapping, '{joins}', mapping -> 'joins' || jsonb_build_array(
		jsonb_build_object('alias', alias, 'on',
			(SELECT jsonb_agg(jsonb_build_array(on_keys -> (n - 1)::int,
				claimline_internal.claim_source_find(near.sibling_oid, alias, k)) ORDER BY n)
			FROM unnest(keys) WITH ORDINALITY u(k, n)))));
	IF is_concept THEN
		-- rows that need the table name it by its key: it is joined once for each
		mapping := jsonb_set(mapping, ARRAY['siblings', p.column_name], to_jsonb(alias));
		RETURN jsonb_set(mapping, '{concepts}', mapping -> 'concepts' || jsonb_build_array(jsonb_build_array(
			claimline_internal.claim_source_find(near.sibling_oid, alias, 'concept_code'),
			claimline_internal.claim_source_find(near.sibling_oid, alias, 'vocabulary_id'))));
	END IF;
	RETURN jsonb_set(mapping, ARRAY['siblings', split_part(p.sibling, '|', 1)], to_jsonb(alias));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preset_join(jsonb, regclass, claim_preset) IS
	'part of claim_source_preset: a mapping with another table joined, or with a note why it is not';

CREATE FUNCTION claimline_internal.claim_preset_wide(mapping jsonb, relation regclass, p claim_preset,
		given text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name CONSTANT text := replace(p.column_name, '_#', '');
	slots CONSTANT jsonb := (
		SELECT jsonb_agg(claimline_internal.claim_source_find(relation, 't',
			replace(p.column_name, '#', n::text), true) ORDER BY n)
		FROM generate_series(1, p.marks::int) n);
	col CONSTANT jsonb := (SELECT s.value FROM jsonb_array_elements(slots) s WHERE s.value <> 'null' LIMIT 1);
BEGIN
	IF col IS NULL THEN
		RETURN mapping;
	END IF;
	IF NOT mapping ? 'wide' THEN
		mapping := mapping || jsonb_build_object('wide',
			jsonb_build_object('alias', 'v', 'slots', p.marks::int, 'columns', '{}'::jsonb));
	END IF;
	mapping := jsonb_set(mapping, ARRAY['wide', 'columns', name], slots);
	mapping := jsonb_set(mapping, ARRAY['fields', p.field],
		claimline_internal.claim_source_typed(relation, col)
		|| jsonb_build_object('columns', jsonb_build_array(jsonb_build_object('alias', 'v', 'name', name))));
	IF NOT mapping -> 'fields' ? 'line_no' AND 'line_no' <> ALL (given) THEN
		mapping := jsonb_set(mapping, '{fields,line_no}',
			'{"columns": [{"alias": "v", "name": "line_no"}], "kind": "integer", "type": "integer"}');
	END IF;
	RETURN mapping;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preset_wide(jsonb, regclass, claim_preset, text[]) IS
	'part of claim_source_preset: a mapping with columns that stand side by side, one for each line of a row';

CREATE FUNCTION claimline_internal.claim_preset_column(mapping jsonb, relation regclass, p claim_preset)
		RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name CONSTANT text := replace(p.column_name, '_#', '');
	alias CONSTANT text := mapping -> 'siblings' ->> p.sibling;
BEGIN
	IF p.column_name LIKE '%#' THEN
		RETURN CASE WHEN mapping -> 'wide' -> 'columns' ? name
			THEN jsonb_build_object('alias', 'v', 'name', name) END;
	ELSIF p.column_name IS NOT NULL AND p.sibling IS NULL THEN
		RETURN claimline_internal.claim_source_find(relation, 't', p.column_name, true);
	ELSIF p.column_name IS NOT NULL AND alias IS NOT NULL THEN
		RETURN claimline_internal.claim_source_find((mapping #>> ARRAY['relations', alias, 'oid'])::oid,
			alias, p.column_name, true);
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preset_column(jsonb, regclass, claim_preset) IS
	'part of claim_source_preset: the column that a row is about, null where there is none';

CREATE FUNCTION claimline_internal.claim_preset_else(mapping jsonb, field text, col jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT def || claimline_internal.claim_source_first(field, (SELECT jsonb_agg(
			claimline_internal.claim_source_typed(
				(mapping #>> ARRAY['relations', c.value ->> 'alias', 'oid'])::oid, c.value) ORDER BY c.n)
		FROM jsonb_array_elements(def -> 'columns' || jsonb_build_array(col)) WITH ORDINALITY c(value, n)))
	-- any value means yes, whatever it is
	|| CASE WHEN def ->> 'kind' = 'presence' THEN '{"kind": "presence"}' ELSE '{}'::jsonb END
FROM (SELECT mapping -> 'fields' -> field AS def) d
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_else(jsonb, text, jsonb) IS
	'part of claim_source_preset: a field with one more column, for rows where those before are not filled';

CREATE FUNCTION claimline_internal.claim_preset_words(p claim_preset) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT claimline_internal.claim_source_words(p.field, coalesce((
	SELECT jsonb_object_agg(m.meaning, m.words) FROM (
		SELECT split_part(w, '=', 1) AS meaning, jsonb_agg(split_part(w, '=', 2)) AS words
		FROM unnest(string_to_array(p.marks, ' ')) w GROUP BY 1) m), '{}'))
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_words(claim_preset) IS
	'part of claim_source_preset: what values of a field mean, by the marks of its row: denied=Y denied=1';

CREATE FUNCTION claimline_internal.claim_preset_map(mapping jsonb, p claim_preset, col jsonb, given text[])
		RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	def jsonb := mapping -> 'fields' -> p.field;
	empty_list CONSTANT jsonb := '{"columns": [], "kind": "list"}';
BEGIN
	IF claimline_internal.claim_source_is_list(p.field) AND p.part = ANY ('{map,else}') THEN
		IF p.part = 'else' AND def IS NOT NULL AND NOT def ? 'else' THEN
			-- those of "map" are there
			RETURN NULL;
		END IF;
		def := coalesce(def,
			empty_list || CASE WHEN p.part = 'else' THEN '{"else": true}'::jsonb ELSE '{}' END);
		def := jsonb_set(def, '{columns}', def -> 'columns' || jsonb_build_array(col))
			|| CASE WHEN p.marks IS NULL THEN '{}' ELSE jsonb_build_object('of', p.marks) END;
	ELSIF p.part = 'else' AND def IS NOT NULL THEN
		def := claimline_internal.claim_preset_else(mapping, p.field, col);
	ELSIF def IS NOT NULL THEN
		-- another candidate was there
		RETURN NULL;
	ELSE
		def := claimline_internal.claim_source_typed(
				(mapping #>> ARRAY['relations', col ->> 'alias', 'oid'])::oid, col)
			|| CASE p.part WHEN 'presence' THEN '{"kind": "presence"}'::jsonb
				WHEN 'procedure' THEN jsonb_build_object('concepts', mapping -> 'concepts') ELSE '{}' END
			|| CASE WHEN claimline_internal.claim_source_meanings(p.field) = '{}' THEN '{}'::jsonb
				ELSE jsonb_build_object('values', claimline_internal.claim_preset_words(p)) END;
	END IF;
	mapping := jsonb_set(mapping, ARRAY['fields', p.field], def);
	IF p.part = 'procedure' AND 'modifiers' <> ALL (given) THEN
		mapping := jsonb_set(mapping, '{fields,modifiers}',
			coalesce(mapping -> 'fields' -> 'modifiers', empty_list) || jsonb_build_object('behind', col));
	END IF;
	RETURN mapping;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preset_map(jsonb, claim_preset, jsonb, text[]) IS
	'part of claim_source_preset: a mapping with a field mapped to a column; null where it is mapped already';

CREATE FUNCTION claimline_internal.claim_preset_missing(mapping jsonb, p claim_preset) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT jsonb_set(mapping, '{fields}', mapping -> 'fields' || coalesce((
	SELECT jsonb_object_agg(f.key, f.value || jsonb_build_object('missing',
		coalesce(f.value -> 'missing', '[]') || to_jsonb(string_to_array(p.marks, ' '))))
	FROM jsonb_each(mapping -> 'fields') f
	WHERE f.key = p.field OR p.field IS NULL AND f.key <> ALL ('{patient,provider,line_no}')), '{}'))
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_missing(jsonb, claim_preset) IS
	'part of claim_source_preset: a mapping with marks for missing values of a field, or of all but the keys';

CREATE FUNCTION claimline_internal.claim_preset_skip(mapping jsonb, p claim_preset, col jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- those of a rank are one: the field says what the rows are; what is left out by service type goes last
SELECT jsonb_set(mapping, ARRAY['skips', k.key], jsonb_build_object(
	'kind', coalesce(mapping #>> ARRAY['skips', k.key, 'kind'], p.field),
	'tests', coalesce(mapping #> ARRAY['skips', k.key, 'tests'], '[]')
		|| jsonb_build_array(jsonb_build_object('column', col,
			'values', (SELECT coalesce(jsonb_agg(m.mark ORDER BY m.n), '[]')
				FROM unnest(string_to_array(p.marks, ' ')) WITH ORDINALITY m(mark, n)
				WHERE m.mark <> 'blank' AND (m.n > 1 OR m.mark <> 'not')),
			'blank', 'blank' = ANY (string_to_array(p.marks, ' ')))
		|| CASE WHEN p.marks LIKE 'not %' THEN '{"not": true}'::jsonb ELSE '{}' END)))
FROM (SELECT (p.rank + CASE p.part WHEN 'skip' THEN 0 ELSE 1000 END)::text AS key) k
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_skip(jsonb, claim_preset, jsonb) IS
	'part of claim_source_preset: a mapping with a test of rows that are no lines: '
	'that a column has one of the marks, or none of them';

CREATE FUNCTION claimline_internal.claim_preset_skips(mapping jsonb, relation regclass, p claim_preset,
		given text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT NOT EXISTS (SELECT FROM @extschema@.claim_preset c
	WHERE c.preset = p.preset AND c.part = p.part AND c.rank = p.rank
		AND (claimline_internal.claim_preset_column(mapping, relation, c) IS NULL
			OR 'code' = ANY (given) AND EXISTS (SELECT FROM @extschema@.claim_preset code
				WHERE code.preset = c.preset AND code.field = 'code' AND code.column_name = c.column_name)))
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_skips(jsonb, regclass, claim_preset, text[]) IS
	'part of claim_source_preset: whether rows can be told by the tests of a rank: all of its columns are '
	'there, and none is that of the code where the user gives another';

CREATE FUNCTION claimline_internal.claim_preset_add(mapping jsonb, relation regclass, p claim_preset,
		given text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	marks CONSTANT text[] := string_to_array(p.marks, ' ');
	col jsonb;
	changed jsonb := mapping;
BEGIN
	CASE p.part
		WHEN 'join', 'concept' THEN
			RETURN claimline_internal.claim_preset_join(mapping, relation, p);
		WHEN 'wide' THEN
			RETURN claimline_internal.claim_preset_wide(mapping, relation, p, given);
		WHEN 'missing' THEN
			RETURN claimline_internal.claim_preset_missing(mapping, p);
		ELSE
			col := claimline_internal.claim_preset_column(mapping, relation, p);
	END CASE;
	IF col IS NULL OR p.part IN ('drop', 'default') AND NOT mapping -> 'fields' ? p.field
			OR p.part = 'drop' AND mapping -> 'fields' -> p.field ? 'drop' THEN
		RETURN mapping;
	END IF;
	CASE p.part
		WHEN 'map', 'split', 'presence', 'procedure', 'else' THEN
			changed := claimline_internal.claim_preset_map(mapping, p, col, given);
		WHEN 'drop' THEN
			changed := jsonb_set(mapping, ARRAY['fields', p.field, 'drop'],
				jsonb_build_object('column', col, 'values', marks));
		WHEN 'default' THEN
			changed := jsonb_set(mapping, ARRAY['fields', p.field, 'default'], to_jsonb(p.marks));
		WHEN 'skip', 'practitioner', 'outpatient' THEN
			changed := claimline_internal.claim_preset_skip(mapping, p, col);
		WHEN 'service_type' THEN
			changed := jsonb_build_object('service_type', p.marks) || mapping;
		WHEN 'note' THEN
			NULL;
	END CASE;
	IF changed IS NOT NULL AND p.note IS NOT NULL THEN
		changed := jsonb_set(changed, '{notes}', changed -> 'notes' || jsonb_build_array(
			jsonb_build_object('says', p.note,
				'field',
				CASE WHEN p.part <> ALL ('{skip,practitioner,outpatient}') THEN p.field END)));
	END IF;
	RETURN coalesce(changed, mapping);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preset_add(jsonb, regclass, claim_preset, text[]) IS
	'part of claim_source_preset: a mapping with what one row of claim_preset says';

CREATE FUNCTION claimline_internal.claim_preset_unjoined(mapping jsonb, preset text, given text[])
		RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT coalesce(jsonb_agg(jsonb_build_object('says', concat_ws(' ', u.value,
		'It would give ' || lost.fields || '.', 'It would tell what is left out: ' || lost.kinds || '.'))
	ORDER BY u.key), '[]')
FROM jsonb_each_text(mapping -> 'unjoined') u(key, value), LATERAL (
	SELECT string_agg(DISTINCT c.field, ', ') FILTER (WHERE c.part <> 'skip'
			AND c.field <> ALL (given) AND NOT mapping -> 'fields' ? c.field) AS fields,
		string_agg(DISTINCT c.field, ', ') FILTER (WHERE c.part = 'skip') AS kinds
	FROM @extschema@.claim_preset c
	WHERE c.preset = claim_preset_unjoined.preset AND c.sibling = split_part(u.key, '|', 1)
		AND c.part = ANY ('{map,else,split,presence,skip}')) lost
WHERE lost.fields IS NOT NULL OR lost.kinds IS NOT NULL
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_unjoined(jsonb, text, text[]) IS
	'part of claim_source_preset: notes of the tables that are not joined: why, and what is lost by it';

CREATE FUNCTION claimline_internal.claim_preset_says(mapping jsonb, relation regclass, p claim_preset,
		given text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT CASE
	-- a note may be about several fields: it is true while none of them is given
	WHEN p.part = 'note' THEN NOT coalesce(string_to_array(p.field, ' ') && given, false)
	WHEN p.part = 'service_type' THEN 'service_type' <> ALL (given)
	WHEN p.part = 'skip' THEN claimline_internal.claim_preset_skips(mapping, relation, p, given)
	-- suppliers bill as practitioners do
	WHEN p.part = ANY ('{practitioner,outpatient}') THEN p.part = regexp_replace(regexp_replace(
			mapping ->> 'service_type', '^medicaid-', ''), '^dme$', 'practitioner')
		AND claimline_internal.claim_preset_skips(mapping, relation, p, given)
	ELSE NOT coalesce(p.field = ANY (given), false) END
$$;
COMMENT ON FUNCTION claimline_internal.claim_preset_says(jsonb, regclass, claim_preset, text[]) IS
	'part of claim_source_preset: whether a row counts, by what is given and by the service type; '
	'null for a source of every service type';

CREATE FUNCTION claimline_internal.claim_source_preset(relation regclass, preset text, given text[],
		service_type jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	mapping jsonb := jsonb_build_object('relations', jsonb_build_object('t',
			jsonb_build_object('oid', relation::oid::text,
				'name', claimline_internal.claim_source_name(relation))))
		|| '{"siblings": {}, "joins": [], "unjoined": {}, "fields": {}, "concepts": [], "skips": {}}'
		|| '{"notes": []}';
	p @extschema@.claim_preset;
BEGIN
	IF NOT EXISTS (SELECT FROM @extschema@.claim_preset c WHERE c.preset = claim_source_preset.preset) THEN
		RAISE EXCEPTION 'preset "%" does not exist', preset
			USING ERRCODE = 'undefined_object',
				HINT = format('Presets are %s.',
					(SELECT string_agg(DISTINCT c.preset COLLATE "C", ', ' ORDER BY c.preset COLLATE "C")
						FROM @extschema@.claim_preset c));
	END IF;
	-- first what is joined, then the fields, then what they need
	FOR p IN SELECT c.* FROM @extschema@.claim_preset c WHERE c.preset = claim_source_preset.preset
			ORDER BY array_position(
				'{service_type,join,concept,wide,map,split,presence,procedure,else,drop,missing,default,skip,'
				'practitioner,outpatient,note}',
				c.part), c.rank, c.field, c.column_name, c.shipped LOOP
		IF p.part <> 'service_type' AND NOT mapping ? 'service_type' THEN
			mapping := mapping
				|| jsonb_build_object('service_type', coalesce(service_type, '"practitioner"'));
		END IF;
		CONTINUE WHEN claimline_internal.claim_preset_says(mapping, relation, p, given) IS NOT TRUE;
		mapping := claimline_internal.claim_preset_add(mapping, relation, p, given);
	END LOOP;
	IF NOT mapping -> 'fields' ? 'code' AND 'code' <> ALL (given) THEN
		RAISE EXCEPTION 'relation % is not of the layout of preset "%"', relation, preset
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('It has none of the columns of the code: %s.',
					(SELECT string_agg(DISTINCT c.column_name COLLATE "C", ', '
							ORDER BY c.column_name COLLATE "C")
						FROM @extschema@.claim_preset c
						WHERE c.preset = claim_source_preset.preset
							AND c.field = 'code' AND c.part = ANY ('{map,wide,procedure}'))),
				HINT = 'Map its columns with the argument "columns".';
	END IF;
	RETURN jsonb_strip_nulls(mapping - '{siblings,unjoined,concepts,skips,wide,fields,notes}'::text[]
			|| jsonb_build_object('skip', coalesce((SELECT jsonb_agg(s.value ORDER BY s.key::int)
				FROM jsonb_each(mapping -> 'skips') s), '[]')))
		|| CASE WHEN mapping ? 'wide' THEN jsonb_build_object('wide', mapping -> 'wide') ELSE '{}' END
		|| jsonb_build_object('fields', mapping -> 'fields', 'notes',
			claimline_internal.claim_preset_unjoined(mapping, preset, given) || (mapping -> 'notes'));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_preset(regclass, text, text[], jsonb) IS
	'what a preset maps of a relation, without the fields that are given, and what there is to say; '
	'service_type: of which rows are lines, as given, JSON null for all';

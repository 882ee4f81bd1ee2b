-- sources: the claims tables that users have, mapped to lines

-- values of any stored form, read without errors

CREATE FUNCTION claim_read_text(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_text(text) IS 'the text without blanks around it; null where nothing is left';
CREATE FUNCTION claim_read_text(value text, missing text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_text(text, text[]) IS
	'the text without blanks around it; null where nothing is left or what is left is one of the marks for a missing value';

CREATE FUNCTION claim_read_date(value text) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_date(text) IS
	'a date written YYYYMMDD, YYYY-MM-DD, YYYY/MM/DD, MM/DD/YYYY, DD-MON-YYYY or DDMONYYYY, a time behind it left out; null where it is none';
CREATE FUNCTION claim_read_date(value text, format text) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_date(text, text) IS
	'a date in a format of YYYY, MM or MON, DD and characters for themselves; null where it is none';

CREATE FUNCTION claim_read_number(value text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_number(text) IS 'a number of digits with a sign and a point; null where it is none';

CREATE FUNCTION claim_read_integer(value text) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_integer(text) IS
	'a whole number, also one written 22.0; null where it is none or does not fit';
CREATE FUNCTION claim_read_integer(value numeric) RETURNS int
	AS 'MODULE_PATHNAME', 'claim_read_integer_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_integer(numeric) IS 'the number where it is whole and fits, else null';

CREATE FUNCTION claim_read_boolean(value text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_boolean(text) IS 'y, yes, t, true, 1 or n, no, f, false, 0 in either case; else null';

CREATE FUNCTION claim_read_time(value text) RETURNS time
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_time(text) IS
	'the minute of a time written 9:30, 09:30, 09:30:15, 0930 or 9:30 PM; null where it is none';
CREATE FUNCTION claim_read_time(value time) RETURNS time
	AS 'MODULE_PATHNAME', 'claim_read_minute' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_time(time) IS 'the time without its seconds';

CREATE FUNCTION claim_read_list(value text, missing text[] = '{}') RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_list(text, text[]) IS
	'the words of a text, split at anything but letters, digits, point and underscore, without marks for a missing value';

CREATE FUNCTION claim_read_codes(items text[], missing text[]) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_codes(text[], text[]) IS
	'the elements that are not null, not blank and no mark for a missing value';

CREATE FUNCTION claim_read_diagnoses(items text[], missing text[]) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_diagnoses(text[], text[]) IS
	'the first twelve elements that are not null, not blank and no mark for a missing value, each once, points and case aside';

CREATE FUNCTION claim_read_procedure(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_procedure(text) IS
	'the code of a text like 97124, 97124-59, CPT4:97124 or HC:97124:59; null where there is none';

CREATE FUNCTION claim_read_procedure_modifiers(value text) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_procedure_modifiers(text) IS 'the modifiers behind the code that claim_read_procedure finds';

-- expressions in a mapping

CREATE FUNCTION claim_date_format_check(format text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_date_format_check(text) IS 'whether claim_read_date can read by the format';

CREATE FUNCTION claim_expression_columns(expression text) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_expression_columns(text) IS
	'the columns named in a scalar SQL expression, in order; raises an error for anything that is not one lone expression';

CREATE FUNCTION claim_expression(expression text, columns text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_expression(text, text[]) IS
	'the expression in parentheses, the columns that claim_expression_columns finds replaced by those given, each behind "t."';

CREATE FUNCTION claim_view_volatile(view regclass) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_view_volatile(regclass) IS 'whether a view calls a volatile function';

-- layouts that are known

CREATE TABLE claim_preset (
	preset text NOT NULL CHECK (preset OPERATOR(pg_catalog.<>) ''),
	part text NOT NULL CHECK (part OPERATOR(pg_catalog.=) ANY
		('{map,split,wide,presence,procedure,concept,join,missing,default,drop,skip,note}')),
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
	'presets of claim_source_add, a row each candidate of a field and each thing to say; see doc/sources.md for the parts';
SELECT pg_catalog.pg_extension_config_dump('claim_preset', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_preset
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claim_fee_shipped();

-- what is mapped

CREATE TABLE claim_source (
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
ALTER TABLE claim_source OWNER TO @extowner@;
COMMENT ON TABLE claim_source IS
	'sources: a relation and how its columns are the fields of lines; rows are made by claim_source_add, each user has its own';
ALTER TABLE claim_source ENABLE ROW LEVEL SECURITY;
CREATE POLICY claim_source_read ON claim_source FOR SELECT USING (true);
CREATE POLICY claim_source_add ON claim_source FOR INSERT
	WITH CHECK (owner::pg_catalog.oid OPERATOR(pg_catalog.=)
		(SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER));
CREATE POLICY claim_source_change ON claim_source FOR UPDATE USING (pg_catalog.pg_has_role(owner, 'USAGE'));
CREATE POLICY claim_source_remove ON claim_source FOR DELETE USING (pg_catalog.pg_has_role(owner, 'USAGE'));
GRANT SELECT, INSERT, UPDATE, DELETE ON claim_source TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claim_source', '');

-- In a mapping a column is {"alias", "attnum", "name"}: alias t is the relation, others are relations joined to it.

CREATE FUNCTION claim_source_name(relation oid) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
$$;
COMMENT ON FUNCTION claim_source_name(oid) IS 'the name of a relation with its schema, quoted; null where it is gone';

CREATE FUNCTION claim_source_column(relation oid, mapping jsonb, col jsonb) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	place jsonb := mapping -> 'relations' -> (col ->> 'alias');
	same CONSTANT boolean := relation = (mapping #>> '{relations,t,oid}')::oid;
	rel oid;
	col_name text;
BEGIN
	IF mapping -> 'wide' ->> 'alias' = col ->> 'alias' THEN
		RETURN format('%I.%I', col ->> 'alias', col ->> 'name');
	END IF;
	rel := CASE WHEN col ->> 'alias' = 't' THEN relation WHEN same THEN (place ->> 'oid')::oid ELSE to_regclass(place ->> 'name') END;
	-- In the database where it was mapped a column keeps its number whatever its name becomes; where it was restored from a
	-- dump it keeps its name, and the numbers may be others although that of the relation happens to be the same.
	SELECT a.attname INTO col_name FROM pg_attribute a
		WHERE a.attrelid = rel AND NOT a.attisdropped AND a.attnum > 0
			AND (a.attname = col ->> 'name' OR same AND a.attnum = (col ->> 'attnum')::int)
		ORDER BY (a.attnum = (col ->> 'attnum')::int) = (same AND mapping ->> 'system' = (SELECT c.system_identifier::text FROM pg_control_system() c)) DESC,
			a.attname = col ->> 'name' DESC
		LIMIT 1;
	IF col_name IS NULL THEN
		RAISE EXCEPTION 'column "%" of relation % is gone', col ->> 'name', coalesce(@extschema@.claim_source_name(rel), place ->> 'name')
			USING ERRCODE = 'undefined_column', HINT = 'Drop the source with claim_source_drop and add it again.';
	END IF;
	RETURN format('%I.%I', col ->> 'alias', col_name);
END $$;
COMMENT ON FUNCTION claim_source_column(oid, jsonb, jsonb) IS
	'a column of a mapping by its present name, quoted, behind its alias; raises an error if it is gone';

CREATE FUNCTION claim_source_value(field text, def jsonb, raw text[], OUT value text, OUT bad text, OUT says text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	ext CONSTANT text := '@extschema@.';
	kind CONSTANT text := def ->> 'kind';
	missing text[] := ARRAY(SELECT jsonb_array_elements_text(def -> 'missing'));
	marks text;
	item CONSTANT text := raw[1];
	known text;
	absent text;	-- when a value that is no text is one of the marks
	readable text;
	wrong text;
BEGIN
	missing := array_remove(missing, '');
	marks := quote_literal(missing::text) || '::text[]';
	-- the text that is there, if any
	known := ext || 'claim_read_text(' || item || '::text' || CASE WHEN missing = '{}' THEN ')' ELSE ', ' || marks || ')' END;

	IF kind IN ('integer', 'numeric', 'number') THEN
		absent := nullif(ARRAY(SELECT m FROM unnest(missing) m WHERE @extschema@.claim_read_number(m) IS NOT NULL)::text, '{}');
		absent := item || CASE WHEN kind = 'numeric' THEN '' ELSE '::numeric' END || ' = ANY (' || quote_literal(absent) || '::numeric[])';
	ELSIF kind IN ('date', 'timestamp') THEN
		absent := nullif(ARRAY(SELECT @extschema@.claim_read_date(m)::text FROM unnest(missing) m WHERE @extschema@.claim_read_date(m) IS NOT NULL)::text, '{}');
		absent := item || CASE WHEN kind = 'date' THEN '' ELSE '::date' END || ' = ANY (' || quote_literal(absent) || '::date[])';
	END IF;

	IF field IN ('modifiers', 'dx', 'regions') THEN
		IF raw = '{}' THEN
			value := '''{}''::text[]';
		ELSIF kind = 'list' THEN
			value := 'ARRAY[' || (SELECT string_agg(r || '::text', ', ' ORDER BY n) FROM unnest(raw) WITH ORDINALITY u(r, n)) || ']';
			IF field = 'dx' AND cardinality(raw) > 12 THEN
				value := ext || 'claim_read_diagnoses(' || value || ', ' || marks || ')';
			ELSIF missing <> '{}' THEN
				value := ext || 'claim_read_codes(' || value || ', ' || marks || ')';
			END IF;
		ELSIF kind = 'array' THEN
			value := item || '::text[]';
			IF missing <> '{}' THEN
				value := ext || 'claim_read_codes(' || value || ', ' || marks || ')';
			END IF;
		ELSE
			value := ext || 'claim_read_list(' || item || '::text' || CASE WHEN missing = '{}' THEN ')' ELSE ', ' || marks || ')' END;
		END IF;
		RETURN;
	END IF;

	IF field IN ('code', 'specialty', 'claim_id') THEN
		IF field = 'specialty' AND kind IN ('integer', 'number') THEN
			value := format('CASE WHEN %1$s BETWEEN 0 AND 9 THEN ''0'' || %1$s::text ELSE %1$s::text END', item);
		ELSE
			value := item || '::text';
		END IF;
		IF missing <> '{}' THEN
			value := ext || 'claim_read_text(' || value || ', ' || marks || ')';
		END IF;
		RETURN;
	END IF;

	-- what fits as it is, and how the rest is read; what cannot be read becomes a value that no line can have
	IF field IN ('units', 'charge') THEN
		IF kind IN ('numeric', 'integer', 'number') THEN
			value := CASE WHEN kind = 'numeric' THEN item ELSE item || '::numeric' END;
		ELSE
			readable := ext || 'claim_read_number(' || known || ')';
			wrong := '''NaN''::numeric';
			says := CASE field WHEN 'units' THEN 'Units are' ELSE 'Charge is' END || ' "%", not a number.';
		END IF;
	ELSIF field IN ('minutes', 'visit', 'line_no') THEN
		IF kind = 'integer' THEN
			value := CASE WHEN def ->> 'type' = 'integer' THEN item ELSE item || '::int' END;
		ELSE
			IF kind IN ('numeric', 'number') THEN
				known := item || '::numeric';
				IF absent IS NOT NULL THEN
					known := 'CASE WHEN ' || absent || ' THEN NULL ELSE ' || known || ' END';
				END IF;
			END IF;
			readable := ext || 'claim_read_integer(' || known || ')';
			wrong := '(-1)';
			says := CASE field WHEN 'minutes' THEN 'Minutes are' ELSE 'Visit is' END || ' "%", not a whole number.';
		END IF;
	ELSIF field = 'dos' THEN
		IF kind IN ('date', 'timestamp') THEN
			value := CASE WHEN kind = 'date' THEN item ELSE item || '::date' END;
		ELSE
			readable := ext || 'claim_read_date(' || known || CASE WHEN def ? 'format' THEN ', ' || quote_literal(def ->> 'format') ELSE '' END || ')';
			wrong := '''infinity''::date';
			says := 'Date of service is "%", not a date.';
		END IF;
	ELSIF field = 'start_time' THEN
		IF kind IN ('time', 'timestamp') THEN
			value := ext || 'claim_read_time(' || item || CASE WHEN def ->> 'type' = 'time without time zone' THEN ')' ELSE '::time)' END;
		ELSE
			readable := ext || 'claim_read_time(' || known || ')';
			wrong := '''24:00''::time';
			says := 'Start time is "%", not a time.';
		END IF;
	ELSIF field = 'referral' THEN
		IF kind = 'presence' THEN
			value := 'CASE WHEN ' || known || ' IS NOT NULL THEN true END';
		ELSIF kind = 'boolean' THEN
			value := item;
		ELSE
			readable := ext || 'claim_read_boolean(' || known || ')';
			says := 'Referral is "%", must be yes or no.';
		END IF;
	END IF;

	IF readable IS NULL THEN
		IF absent IS NOT NULL AND field <> 'referral' THEN
			value := 'CASE WHEN ' || absent || ' THEN NULL ELSE ' || value || ' END';
		END IF;
		RETURN;
	END IF;
	bad := '(' || known || ') IS NOT NULL AND ' || readable || ' IS NULL';
	says := quote_literal(split_part(says, '%', 1)) || ' || "left"((' || known || ')::text, 60) || ' || quote_literal(split_part(says, '%', 2));
	value := readable;
	IF wrong IS NOT NULL AND field NOT IN ('line_no', 'charge') THEN
		value := 'COALESCE(' || readable || ', CASE WHEN (' || known || ') IS NOT NULL THEN ' || wrong || ' END)';
	END IF;
END $$;
COMMENT ON FUNCTION claim_source_value(text, jsonb, text[]) IS
	'the SQL of a field of a line from that of its columns; when it cannot be read (null: never), and the sentence then';

CREATE FUNCTION claim_source_build(relation regclass, mapping jsonb, replacement text = NULL, extra text = NULL) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	ext CONSTANT text := '@extschema@.';
	defaults CONSTANT jsonb := '{"code": "NULL::text", "modifiers": "''{}''::text[]", "units": "1::numeric", "minutes": "NULL::int",
		"dos": "NULL::date", "start_time": "NULL::time", "dx": "''{}''::text[]", "regions": "''{}''::text[]",
		"specialty": "NULL::text", "referral": "NULL::boolean", "visit": "NULL::int"}';
	types CONSTANT jsonb := '{"units": "numeric", "charge": "numeric", "minutes": "int", "visit": "int", "line_no": "int", "dos": "date",
		"start_time": "time", "referral": "boolean"}';
	from_t text := @extschema@.claim_source_name(relation);
	field text;
	def jsonb;
	raws text[];
	base jsonb := '{}';	-- the columns as they are
	vals jsonb := '{}';	-- converted
	item record;
	part record;
	guards text[] := '{}';
	errors text := '';
	drop_if text;
	args text;
	line text;
	line_error text;
	filter text[] := '{}';
	entry jsonb;
	place jsonb;
	test jsonb;
	tests text[];
	raw text;
	dos text;
BEGIN
	IF from_t IS NULL THEN
		RAISE EXCEPTION 'the relation of the source is gone'
			USING ERRCODE = 'undefined_table', HINT = 'Drop the source with claim_source_drop and add it again.';
	END IF;
	FOR field, def IN SELECT f.key, f.value FROM jsonb_each(mapping -> 'fields') f
			ORDER BY array_position('{code,modifiers,units,minutes,dos,start_time,dx,regions,specialty,referral,visit}', f.key), f.key COLLATE "C" LOOP
		IF def ? 'value' THEN
			raw := CASE WHEN jsonb_typeof(def -> 'value') = 'array'
				THEN quote_literal(ARRAY(SELECT jsonb_array_elements_text(def -> 'value'))::text) || '::text[]'
				ELSE quote_nullable(def ->> 'value') || '::' || coalesce(types ->> field, 'text') END;
			base := base || jsonb_build_object(field, raw);
			vals := vals || jsonb_build_object(field, raw);
			CONTINUE;
		END IF;
		raws := ARRAY(SELECT @extschema@.claim_source_column(relation, mapping, c.value)
			FROM jsonb_array_elements(def -> 'columns') WITH ORDINALITY c(value, n) ORDER BY c.n);
		IF def ? 'expression' THEN
			raws := ARRAY[@extschema@.claim_expression(def ->> 'expression',
				ARRAY(SELECT (parse_ident(r))[2] FROM unnest(raws) WITH ORDINALITY u(r, n) ORDER BY n))];
		END IF;
		SELECT * INTO item FROM @extschema@.claim_source_value(field, def, raws);
		-- a code or modifiers that share a column, and codes of concepts
		IF def ? 'concepts' THEN
			item.value := 'COALESCE(' || ext || 'claim_read_procedure(' || raws[1] || '::text), '
				|| coalesce((SELECT string_agg(format('CASE WHEN %s = ANY (''{CPT4,HCPCS}''::text[]) THEN %s::text END, ',
						@extschema@.claim_source_column(relation, mapping, c.value -> 1) || '::text',
						@extschema@.claim_source_column(relation, mapping, c.value -> 0)), '' ORDER BY c.n)
					FROM jsonb_array_elements(def -> 'concepts') WITH ORDINALITY c(value, n)), '') || item.value || ')';
		ELSIF def ? 'behind' THEN
			item.value := ext || 'claim_read_procedure_modifiers(' || @extschema@.claim_source_column(relation, mapping, def -> 'behind')
				|| '::text) || ' || item.value;
		ELSIF def ? 'default' THEN
			item.value := 'COALESCE(' || item.value || ', ' || quote_literal(def ->> 'default') || '::' || (types ->> field) || ')';
		END IF;
		IF def ? 'drop' THEN
			drop_if := @extschema@.claim_source_column(relation, mapping, def -> 'drop' -> 'column') || '::text = ANY ('
				|| quote_literal(ARRAY(SELECT jsonb_array_elements_text(def -> 'drop' -> 'values'))::text) || '::text[])';
			item.value := 'CASE WHEN ' || drop_if || ' THEN ' || (defaults ->> field) || ' ELSE ' || item.value || ' END';
			item.bad := 'NOT coalesce(' || drop_if || ', false) AND ' || item.bad;
		END IF;
		base := base || jsonb_build_object(field, raws[1]);
		vals := vals || jsonb_build_object(field, item.value);
		IF field = 'dos' THEN
			SELECT * INTO part FROM @extschema@.claim_source_value('dos', def - 'missing', raws);
			dos := CASE WHEN def ->> 'kind' IN ('date', 'timestamp') THEN part.value
				ELSE ext || 'claim_read_date(' || raws[1] || '::text' || CASE WHEN def ? 'format' THEN ', ' || quote_literal(def ->> 'format') ELSE '' END || ')' END;
		END IF;
		IF item.bad IS NOT NULL AND field NOT IN ('line_no', 'charge') THEN
			errors := errors || ' WHEN ' || item.bad || ' THEN ' || item.says;
			IF field = 'referral' THEN
				guards := guards || item.bad;
			END IF;
		END IF;
	END LOOP;
	vals := defaults || vals;

	args := concat_ws(', ', vals ->> 'code', vals ->> 'modifiers', vals ->> 'units', vals ->> 'minutes', vals ->> 'dos', vals ->> 'start_time',
		vals ->> 'dx', vals ->> 'regions', vals ->> 'specialty', vals ->> 'referral', vals ->> 'visit');
	line := ext || 'try_claimline(' || args || ')';
	IF guards <> '{}' THEN
		line := 'CASE WHEN ' || array_to_string(guards, ' OR ') || ' THEN NULL ELSE ' || line || ' END';
	END IF;
	line_error := ext || 'claimline_error(' || args || ')';
	IF errors <> '' THEN
		line_error := 'CASE' || errors || ' ELSE ' || line_error || ' END';
	END IF;

	IF (mapping #>> '{wide,slots}')::int NOT BETWEEN 1 AND 100 THEN
		RAISE EXCEPTION 'a mapping has 1 to 100 lines a row, not %', mapping #>> '{wide,slots}' USING ERRCODE = 'invalid_parameter_value';
	END IF;

	-- rows that are no lines
	FOR entry IN SELECT s.value FROM jsonb_array_elements(mapping -> 'skip') s LOOP
		tests := '{}';
		FOR test IN SELECT e.value FROM jsonb_array_elements(entry) e LOOP
			raw := @extschema@.claim_source_column(relation, mapping, test -> 'column');
			tests := tests || ('(' || concat_ws(' OR ',
				CASE WHEN test -> 'values' <> '[]' THEN '(' || ext || 'claim_read_text(' || raw || '::text) = ANY ('
					|| quote_literal(ARRAY(SELECT jsonb_array_elements_text(test -> 'values'))::text) || '::text[])) IS TRUE' END,
				CASE WHEN (test -> 'blank')::boolean THEN ext || 'claim_read_text(' || raw || '::text) IS NULL' END) || ')');
		END LOOP;
		filter := filter || ('NOT (' || array_to_string(tests, ' AND ') || ')');
	END LOOP;

	from_t := coalesce(replacement, from_t) || ' AS t';
	FOR entry IN SELECT j.value FROM jsonb_array_elements(mapping -> 'joins') j LOOP
		place := mapping -> 'relations' -> (entry ->> 'alias');
		raw := @extschema@.claim_source_name(CASE WHEN relation::oid = (mapping #>> '{relations,t,oid}')::oid
			THEN (place ->> 'oid')::oid ELSE to_regclass(place ->> 'name') END);
		IF raw IS NULL THEN
			RAISE EXCEPTION 'relation % that the source joins is gone', place ->> 'name'
				USING ERRCODE = 'undefined_table', HINT = 'Drop the source with claim_source_drop and add it again.';
		END IF;
		from_t := from_t || format(' LEFT JOIN %s AS %I ON ', raw, entry ->> 'alias')
			|| (SELECT string_agg(@extschema@.claim_source_column(relation, mapping, o.value -> 0) || ' = '
					|| @extschema@.claim_source_column(relation, mapping, o.value -> 1), ' AND ')
				FROM jsonb_array_elements(entry -> 'on') o);
	END LOOP;
	IF mapping ? 'wide' THEN
		from_t := from_t || ' CROSS JOIN LATERAL (VALUES '
			|| (SELECT string_agg('(' || slot || (SELECT string_agg(', ' || CASE WHEN c.value -> (slot - 1) = 'null' THEN 'NULL'
						ELSE @extschema@.claim_source_column(relation, mapping, c.value -> (slot - 1)) END, '' ORDER BY c.key COLLATE "C")
					FROM jsonb_each(mapping -> 'wide' -> 'columns') c) || ')', ', ' ORDER BY slot)
				FROM generate_series(1, (mapping #>> '{wide,slots}')::int) slot)
			|| format(') AS %I (line_no', mapping #>> '{wide,alias}')
			|| (SELECT string_agg(format(', %I', c.key), '' ORDER BY c.key COLLATE "C") FROM jsonb_object_keys(mapping -> 'wide' -> 'columns') c(key))
			|| ')';
	END IF;
	RETURN 'SELECT ' || coalesce(base ->> 'patient', base ->> 'claim_id', 'NULL::text') || ' AS patient, '
		|| coalesce(base ->> 'provider', 'NULL::text') || ' AS provider, '
		|| coalesce(dos, base ->> 'dos', 'NULL::date') || ' AS dos, '
		|| coalesce(vals ->> 'claim_id', 'NULL::text') || ' AS claim_id, '
		|| coalesce(vals ->> 'line_no', 'NULL::int') || ' AS line_no, '
		|| line || ' AS line, ' || line_error || ' AS line_error, '
		|| coalesce(vals ->> 'charge', 'NULL::numeric') || ' AS charge, '
		|| coalesce(base ->> 'code', 'NULL::text') || ' AS code'
		|| coalesce(', ' || extra, '') || ' FROM ' || from_t
		|| coalesce(' WHERE ' || nullif(array_to_string(filter, ' AND '), ''), '');
END $$;
COMMENT ON FUNCTION claim_source_build(regclass, jsonb, text, text) IS 'the SELECT of a mapping; see claim_source_select';

CREATE FUNCTION claim_source_known(source text) RETURNS claim_source
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known @extschema@.claim_source;
BEGIN
	SELECT s.* INTO known FROM @extschema@.claim_source s WHERE s.name = source;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'source "%" does not exist', source
			USING ERRCODE = 'undefined_object', HINT = 'View claim_sources lists the sources.';
	END IF;
	RETURN known;
END $$;
COMMENT ON FUNCTION claim_source_known(text) IS 'the row of a source; raises an error if there is none';

CREATE FUNCTION claim_source_select(source text, relation text = NULL, extra text = NULL) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known @extschema@.claim_source := @extschema@.claim_source_known(source);
BEGIN
	IF @extschema@.claim_source_name(known.relation) IS NULL THEN
		RAISE EXCEPTION 'the relation of source "%" is gone', source
			USING ERRCODE = 'undefined_table', HINT = 'Drop the source with claim_source_drop and add it again.';
	END IF;
	RETURN @extschema@.claim_source_build(known.relation, known.mapping, relation, extra);
END $$;
COMMENT ON FUNCTION claim_source_select(text, text, text) IS
	'the SELECT of the view of a source, for search_path pg_catalog; relation: what to read instead of its relation; extra: more to select; the row of the relation has the alias t';

CREATE FUNCTION claim_source_kind(of_type oid) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
WITH RECURSIVE base AS (
	SELECT t.oid, t.typtype, t.typbasetype, t.typcategory FROM pg_type t WHERE t.oid = of_type
	UNION ALL
	SELECT t.oid, t.typtype, t.typbasetype, t.typcategory FROM base b JOIN pg_type t ON b.typtype = 'd' AND t.oid = b.typbasetype
)
SELECT CASE
	WHEN b.typcategory = 'A' THEN 'array'
	WHEN b.oid = ANY ('{int2,int4}'::regtype[]) THEN 'integer'
	WHEN b.oid = 'numeric'::regtype THEN 'numeric'
	WHEN b.oid = ANY ('{int8,float4,float8,money}'::regtype[]) THEN 'number'
	WHEN b.oid = 'date'::regtype THEN 'date'
	WHEN b.oid = ANY ('{timestamp,timestamptz}'::regtype[]) THEN 'timestamp'
	WHEN b.oid = ANY ('{time,timetz}'::regtype[]) THEN 'time'
	WHEN b.oid = 'boolean'::regtype THEN 'boolean'
	ELSE 'text' END
FROM base b WHERE b.typtype <> 'd'
$$;
COMMENT ON FUNCTION claim_source_kind(oid) IS 'how values of a type are read: integer, numeric, number, date, timestamp, time, boolean, array or text';

CREATE FUNCTION claim_source_find(relation regclass, alias text, col text, missing_ok boolean = false) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	columns jsonb[];
	near text;
BEGIN
	-- the exact name, else the only one that differs in case
	columns := ARRAY(SELECT jsonb_build_object('alias', alias, 'attnum', a.attnum, 'name', a.attname) FROM pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = col);
	IF columns = '{}' THEN
		columns := ARRAY(SELECT jsonb_build_object('alias', alias, 'attnum', a.attnum, 'name', a.attname) FROM pg_attribute a
			WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND lower(a.attname) = lower(col));
	END IF;
	IF cardinality(columns) = 1 THEN
		RETURN columns[1];
	ELSIF cardinality(columns) > 1 THEN
		RAISE EXCEPTION 'column "%" of relation % is ambiguous', col, relation
			USING ERRCODE = 'ambiguous_column', HINT = 'Give the name in its own case.';
	ELSIF missing_ok THEN
		RETURN NULL;
	END IF;
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO near FROM (SELECT a.attname, a.attnum FROM pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
			AND (position(lower(col) IN lower(a.attname)) > 0 OR length(a.attname) > 2 AND position(lower(a.attname) IN lower(col)) > 0
				OR "left"(lower(a.attname), 4) = "left"(lower(col), 4) OR "right"(lower(a.attname), 5) = "right"(lower(col), 5))
		ORDER BY a.attnum LIMIT 8) a;
	RAISE EXCEPTION 'column "%" of relation % does not exist', col, relation
		USING ERRCODE = 'undefined_column', HINT = coalesce('Columns with names like it: ' || near || '.', 'See \d of the relation for its columns.');
END $$;
COMMENT ON FUNCTION claim_source_find(regclass, text, text, boolean) IS 'a column as a mapping refers to it; raises an error if there is none';

CREATE FUNCTION claim_source_resolve(relation regclass, field text, how jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	lists CONSTANT text[] := '{modifiers,dx,regions}';
	key text;
	names text[];
	def jsonb := '{}';
	refs jsonb;
	of_type oid;
BEGIN
	IF jsonb_typeof(how) IN ('string', 'array') THEN
		how := jsonb_build_object('column', how);
	ELSIF jsonb_typeof(how) <> 'object' THEN
		RAISE EXCEPTION 'invalid mapping of field "%"', field
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s is %s.', field, how),
				HINT = 'Give a column name, a list of them, null or an object of "column", "value" or "expression".';
	END IF;
	SELECT k INTO key FROM jsonb_object_keys(how) k WHERE k <> ALL ('{column,value,expression,missing,format}') LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'unknown key "columns.%.%"', field, key
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Keys are column, value, expression, missing and format.';
	END IF;
	IF (SELECT count(*) FROM jsonb_object_keys(how) k WHERE k = ANY ('{column,value,expression}')) <> 1 THEN
		RAISE EXCEPTION 'invalid mapping of field "%"', field
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s must have one of the keys column, value and expression.', field);
	END IF;
	IF how ? 'value' THEN
		IF how ? 'missing' OR how ? 'format' OR jsonb_typeof(how -> 'value') IN ('object', 'null')
				OR (jsonb_typeof(how -> 'value') = 'array') <> (field = ANY (lists)) THEN
			RAISE EXCEPTION 'invalid constant for field "%"', field
				USING ERRCODE = 'invalid_parameter_value',
					DETAIL = format('columns.%s.value must be %s and stand alone.', field, CASE WHEN field = ANY (lists) THEN 'a list of texts' ELSE 'a text, number or boolean' END);
		END IF;
		RETURN jsonb_build_object('value', how -> 'value', 'kind', 'value');
	END IF;
	IF how ? 'missing' THEN
		IF jsonb_typeof(how -> 'missing') <> 'array'
				OR EXISTS (SELECT FROM jsonb_array_elements(how -> 'missing') m WHERE jsonb_typeof(m.value) NOT IN ('string', 'number')) THEN
			RAISE EXCEPTION 'invalid mapping of field "%"', field
				USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s.missing must be a list of texts or numbers.', field);
		END IF;
		def := def || jsonb_build_object('missing', how -> 'missing');
	END IF;
	IF how ? 'format' THEN
		IF field <> 'dos' OR jsonb_typeof(how -> 'format') <> 'string' OR NOT @extschema@.claim_date_format_check(how ->> 'format') THEN
			RAISE EXCEPTION 'invalid format for field "%"', field
				USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s.format is %s.', field, how -> 'format'),
					HINT = 'A format is for dos and holds YYYY, MM or MON, and DD, each once, like YYYYMMDD or MM/DD/YYYY.';
		END IF;
		def := def || jsonb_build_object('format', how ->> 'format');
	END IF;

	IF how ? 'expression' THEN
		IF jsonb_typeof(how -> 'expression') <> 'string' THEN
			RAISE EXCEPTION 'invalid mapping of field "%"', field
				USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s.expression must be a text.', field);
		END IF;
		SELECT coalesce(jsonb_agg(@extschema@.claim_source_find(relation, 't', n.name) ORDER BY n.i), '[]') INTO refs
			FROM unnest(@extschema@.claim_expression_columns(how ->> 'expression')) WITH ORDINALITY n(name, i);
		key := @extschema@.claim_expression(how ->> 'expression',
			ARRAY(SELECT r.value ->> 'name' FROM jsonb_array_elements(refs) WITH ORDINALITY r(value, i) ORDER BY r.i));
		-- where nothing but a scalar can stand, and nothing is read
		EXECUTE 'SELECT pg_catalog.pg_typeof((SELECT ' || key || ' FROM ' || @extschema@.claim_source_name(relation)
			|| ' AS t WHERE false AND ' || key || ' IS NULL))' INTO of_type;
		RETURN def || jsonb_build_object('expression', how ->> 'expression', 'columns', refs, 'kind', @extschema@.claim_source_kind(of_type),
			'type', format_type(of_type, NULL));
	END IF;

	IF jsonb_typeof(how -> 'column') = 'array' THEN
		IF field <> ALL (lists) OR how -> 'column' = '[]' OR EXISTS (SELECT FROM jsonb_array_elements(how -> 'column') c WHERE jsonb_typeof(c.value) <> 'string') THEN
			RAISE EXCEPTION 'invalid mapping of field "%"', field
				USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s is %s.', field, how -> 'column'),
					HINT = 'Modifiers, dx and regions may have a list of columns, other fields have one.';
		END IF;
		RETURN def || jsonb_build_object('kind', 'list', 'columns',
			(SELECT jsonb_agg(@extschema@.claim_source_find(relation, 't', c.value) ORDER BY c.n) FROM jsonb_array_elements_text(how -> 'column') WITH ORDINALITY c(value, n)));
	ELSIF jsonb_typeof(how -> 'column') <> 'string' THEN
		RAISE EXCEPTION 'invalid mapping of field "%"', field
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('columns.%s.column is %s, must be the name of a column.', field, how -> 'column');
	END IF;
	RETURN def || @extschema@.claim_source_typed(relation, @extschema@.claim_source_find(relation, 't', how ->> 'column'));
END $$;
COMMENT ON FUNCTION claim_source_resolve(regclass, text, jsonb) IS 'how a field is mapped, columns found and checked';

CREATE FUNCTION claim_source_typed(relation regclass, col jsonb) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT jsonb_build_object('columns', jsonb_build_array(col), 'kind', @extschema@.claim_source_kind(a.atttypid), 'type', format_type(a.atttypid, NULL))
	FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum = (col ->> 'attnum')::int
$$;
COMMENT ON FUNCTION claim_source_typed(regclass, jsonb) IS 'a field of one column with its type';

CREATE FUNCTION claim_source_sibling(relation regclass, sibling text, keys text[], OUT sibling_oid oid, OUT why text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	attnums int[];
BEGIN
	SELECT s.oid INTO sibling_oid FROM pg_class c JOIN pg_class s ON s.relnamespace = c.relnamespace
		WHERE c.oid = relation AND s.relkind = ANY ('{r,p,m}') AND lower(s.relname) = sibling ORDER BY s.relname = sibling DESC LIMIT 1;
	IF NOT FOUND THEN
		why := format('There is no table "%s" beside %s.', sibling, relation);
		RETURN;
	END IF;
	attnums := ARRAY(SELECT (@extschema@.claim_source_find(sibling_oid, 's', k, true) ->> 'attnum')::int FROM unnest(keys) k ORDER BY 1);
	IF NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = sibling_oid AND i.indisunique AND i.indisvalid AND i.indimmediate
			AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = cardinality(keys)
			AND attnums = ARRAY(SELECT i.indkey[n]::int FROM generate_series(0, i.indnkeyatts - 1) n ORDER BY 1)) THEN
		why := format('Table %s is not joined: it has no unique index on (%s), so that a line could come twice.', sibling_oid::regclass, array_to_string(keys, ', '));
	ELSIF NOT has_table_privilege(sibling_oid, 'SELECT') THEN
		why := format('Table %s is not joined: no right to select from it.', sibling_oid::regclass);
	END IF;
	IF why IS NOT NULL THEN
		sibling_oid := NULL;
	END IF;
END $$;
COMMENT ON FUNCTION claim_source_sibling(regclass, text, text[]) IS
	'a table of the schema of a relation that has one row for each value of keys, or why there is none';

CREATE FUNCTION claim_source_preset(relation regclass, preset text, given text[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	lists CONSTANT text[] := '{modifiers,dx,regions}';
	relations jsonb := jsonb_build_object('t', jsonb_build_object('oid', relation::oid::text, 'name', @extschema@.claim_source_name(relation)));
	siblings jsonb := '{}';	-- name of a joined table: its alias
	joins jsonb := '[]';
	wide jsonb := NULL;
	fields jsonb := '{}';
	concepts jsonb := '[]';
	skips jsonb := '{}';
	notes jsonb := '[]';
	p @extschema@.claim_preset;
	near record;
	keys text[];
	on_keys jsonb;
	alias text;
	col jsonb;
	slots jsonb;
	def jsonb;
BEGIN
	IF NOT EXISTS (SELECT FROM @extschema@.claim_preset c WHERE c.preset = claim_source_preset.preset) THEN
		RAISE EXCEPTION 'preset "%" does not exist', preset
			USING ERRCODE = 'undefined_object',
				HINT = format('Presets are %s.', (SELECT string_agg(DISTINCT c.preset, ', ' ORDER BY c.preset) FROM @extschema@.claim_preset c));
	END IF;
	-- first what is joined, then the fields, then what they need
	FOR p IN SELECT c.* FROM @extschema@.claim_preset c WHERE c.preset = claim_source_preset.preset
			ORDER BY array_position('{join,concept,wide,map,split,presence,procedure,drop,missing,default,skip,note}', c.part), c.rank, c.field, c.column_name, c.shipped LOOP
		CONTINUE WHEN p.field = ANY (given);
		IF p.part IN ('join', 'concept') THEN
			keys := string_to_array(p.column_name, ' ');
			on_keys := (SELECT jsonb_agg(@extschema@.claim_source_find(relation, 't', k, true) ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n));
			CONTINUE WHEN on_keys @> '[null]';
			IF p.part = 'concept' THEN
				keys := '{concept_id}';
			END IF;
			SELECT * INTO near FROM @extschema@.claim_source_sibling(relation, p.sibling, keys);
			IF near.sibling_oid IS NULL THEN
				notes := notes || jsonb_build_array(jsonb_build_object('says', concat_ws(' ', near.why, p.note), 'about', p.sibling));
				CONTINUE;
			END IF;
			alias := 's' || jsonb_array_length(joins) + 1;
			relations := relations || jsonb_build_object(alias, jsonb_build_object('oid', near.sibling_oid::text, 'name', @extschema@.claim_source_name(near.sibling_oid)));
			joins := joins || jsonb_build_array(jsonb_build_object('alias', alias, 'on',
				(SELECT jsonb_agg(jsonb_build_array(on_keys -> (n - 1)::int, @extschema@.claim_source_find(near.sibling_oid, alias, k)) ORDER BY n)
					FROM unnest(keys) WITH ORDINALITY u(k, n))));
			IF p.part = 'concept' THEN
				concepts := concepts || jsonb_build_array(jsonb_build_array(@extschema@.claim_source_find(near.sibling_oid, alias, 'concept_code'),
					@extschema@.claim_source_find(near.sibling_oid, alias, 'vocabulary_id')));
			ELSE
				siblings := siblings || jsonb_build_object(p.sibling, alias);
			END IF;
			CONTINUE;
		END IF;

		-- the column, where there is one
		col := NULL;
		IF p.part = 'wide' THEN
			slots := (SELECT jsonb_agg(@extschema@.claim_source_find(relation, 't', replace(p.column_name, '#', n::text), true) ORDER BY n)
				FROM generate_series(1, p.marks::int) n);
			SELECT s.value INTO col FROM jsonb_array_elements(slots) s WHERE s.value <> 'null' LIMIT 1;
			CONTINUE WHEN col IS NULL;
			wide := coalesce(wide, jsonb_build_object('alias', 'v', 'slots', p.marks::int, 'columns', '{}'::jsonb));
			wide := jsonb_set(wide, ARRAY['columns', replace(p.column_name, '_#', '')], slots);
			fields := fields || jsonb_build_object(p.field, @extschema@.claim_source_typed(relation, col)
				|| jsonb_build_object('columns', jsonb_build_array(jsonb_build_object('alias', 'v', 'name', replace(p.column_name, '_#', '')))));
			IF NOT fields ? 'line_no' AND 'line_no' <> ALL (given) THEN
				fields := fields || '{"line_no": {"columns": [{"alias": "v", "name": "line_no"}], "kind": "integer", "type": "integer"}}';
			END IF;
			CONTINUE;
		ELSIF p.column_name IS NOT NULL AND p.column_name LIKE '%#' THEN
			col := CASE WHEN wide -> 'columns' ? replace(p.column_name, '_#', '')
				THEN jsonb_build_object('alias', 'v', 'name', replace(p.column_name, '_#', '')) END;
		ELSIF p.column_name IS NOT NULL AND p.sibling IS NULL THEN
			col := @extschema@.claim_source_find(relation, 't', p.column_name, true);
		ELSIF p.column_name IS NOT NULL AND siblings ? p.sibling THEN
			alias := siblings ->> p.sibling;
			col := @extschema@.claim_source_find((relations #>> ARRAY[alias, 'oid'])::oid, alias, p.column_name, true);
		END IF;

		IF p.part = 'missing' THEN
			fields := fields || coalesce((SELECT jsonb_object_agg(f.key, f.value || jsonb_build_object('missing',
					coalesce(f.value -> 'missing', '[]') || to_jsonb(string_to_array(p.marks, ' '))))
				FROM jsonb_each(fields) f WHERE f.key = p.field OR p.field IS NULL AND f.key <> ALL ('{patient,provider,line_no}')), '{}');
			CONTINUE;
		END IF;
		CONTINUE WHEN col IS NULL;
		def := fields -> p.field;
		IF p.part IN ('map', 'split', 'presence', 'procedure') THEN
			IF p.field = ANY (lists) AND p.part = 'map' THEN
				def := coalesce(def, '{"columns": [], "kind": "list"}');
				fields := fields || jsonb_build_object(p.field, jsonb_set(def, '{columns}', def -> 'columns' || jsonb_build_array(col)));
			ELSIF def IS NULL THEN
				def := @extschema@.claim_source_typed((relations #>> ARRAY[col ->> 'alias', 'oid'])::oid, col);
				IF p.part = 'presence' THEN
					def := def || '{"kind": "presence"}';
				ELSIF p.part = 'procedure' THEN
					def := def || jsonb_build_object('concepts', concepts);
				END IF;
				fields := fields || jsonb_build_object(p.field, def);
			ELSE
				CONTINUE;
			END IF;
			IF p.part = 'procedure' AND 'modifiers' <> ALL (given) THEN
				fields := fields || jsonb_build_object('modifiers', coalesce(fields -> 'modifiers', '{"columns": [], "kind": "list"}')
					|| jsonb_build_object('behind', col));
			END IF;
		ELSIF p.part = 'drop' THEN
			CONTINUE WHEN def IS NULL;
			fields := fields || jsonb_build_object(p.field, def || jsonb_build_object('drop',
				jsonb_build_object('column', col, 'values', string_to_array(p.marks, ' '))));
		ELSIF p.part = 'default' THEN
			CONTINUE WHEN def IS NULL;
			fields := fields || jsonb_build_object(p.field, def || jsonb_build_object('default', p.marks));
		ELSIF p.part = 'skip' THEN
			skips := skips || jsonb_build_object(p.rank, coalesce(skips -> p.rank::text, '[]') || jsonb_build_array(jsonb_build_object('column', col,
				'values', array_remove(string_to_array(p.marks, ' '), 'blank'), 'blank', 'blank' = ANY (string_to_array(p.marks, ' ')))));
		END IF;
		IF p.note IS NOT NULL THEN
			notes := notes || jsonb_build_array(jsonb_build_object('says', p.note, 'field', p.field));
		END IF;
	END LOOP;
	IF NOT fields ? 'code' AND 'code' <> ALL (given) THEN
		RAISE EXCEPTION 'relation % is not of the layout of preset "%"', relation, preset
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('It has none of the columns of the code: %s.', (SELECT string_agg(DISTINCT c.column_name, ', ' ORDER BY c.column_name)
					FROM @extschema@.claim_preset c WHERE c.preset = claim_source_preset.preset AND c.field = 'code' AND c.part = ANY ('{map,wide,procedure}'))),
				HINT = 'Map its columns with the argument "columns".';
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('relations', relations, 'joins', joins, 'skip', coalesce((SELECT jsonb_agg(s.value) FROM jsonb_each(skips) s), '[]')))
		|| CASE WHEN wide IS NULL THEN '{}' ELSE jsonb_build_object('wide', wide) END
		|| jsonb_build_object('fields', fields, 'notes', notes);
END $$;
COMMENT ON FUNCTION claim_source_preset(regclass, text, text[]) IS
	'what a preset maps of a relation, without the fields that are given, and what there is to say';

CREATE FUNCTION claim_source_add(name text, relation regclass, preset text = NULL, columns jsonb = '{}', charge text = NULL,
		watermark text = NULL, schema text = pg_catalog.current_schema()) RETURNS regclass
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	fields CONSTANT text[] := '{patient,provider,dos,claim_id,line_no,code,modifiers,units,minutes,start_time,dx,regions,specialty,referral,visit}';
	rel pg_class;
	view_name text := name || '_lines';
	qualified text;
	view_oid regclass;
	mapping jsonb;
	defs jsonb := '{}';
	said jsonb := '[]';
	notes text[] := '{}';
	mapped jsonb;
	field text;
	how jsonb;
	lacking text;
BEGIN
	IF name IS NULL OR octet_length(name) NOT BETWEEN 1 AND 50 THEN
		RAISE EXCEPTION 'invalid name of a source: %', coalesce('"' || name || '"', 'null')
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'A name has 1 to 50 bytes.';
	ELSIF EXISTS (SELECT FROM @extschema@.claim_source s WHERE s.name = claim_source_add.name) THEN
		RAISE EXCEPTION 'source "%" already exists', name
			USING ERRCODE = 'duplicate_object', HINT = 'Drop it with claim_source_drop, or choose another name.';
	END IF;
	SELECT c.* INTO rel FROM pg_class c WHERE c.oid = relation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the relation of a source is %', coalesce('gone: ' || relation::text, 'null')
			USING ERRCODE = 'undefined_table';
	ELSIF rel.relkind <> ALL ('{r,p,v,m,f}') THEN
		RAISE EXCEPTION '% is no table and no view', relation
			USING ERRCODE = 'wrong_object_type', HINT = 'A source is a table, partitioned table, foreign table, view or materialized view.';
	ELSIF rel.relpersistence = 't' THEN
		RAISE EXCEPTION 'relation % is temporary', relation
			USING ERRCODE = 'wrong_object_type', DETAIL = 'A source outlives the session.';
	ELSIF NOT has_any_column_privilege(relation, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for relation %', relation
			USING ERRCODE = 'insufficient_privilege', DETAIL = 'A source is added and read with the rights of its user.', HINT = 'It needs the right to SELECT.';
	END IF;
	IF schema IS NULL THEN
		RAISE EXCEPTION 'no schema for view "%"', view_name
			USING ERRCODE = 'invalid_schema_name', DETAIL = 'The search path names no schema that exists.', HINT = 'Give the argument "schema".';
	ELSIF to_regnamespace(quote_ident(schema)) IS NULL THEN
		RAISE EXCEPTION 'schema "%" does not exist', schema USING ERRCODE = 'invalid_schema_name';
	ELSIF NOT has_schema_privilege(schema, 'CREATE') THEN
		RAISE EXCEPTION 'permission denied for schema "%"', schema
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('View "%s" is made there.', view_name), HINT = 'Give the argument "schema".';
	END IF;
	qualified := format('%I.%I', schema, view_name);
	IF to_regclass(qualified) IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" already exists in schema "%"', view_name, schema USING ERRCODE = 'duplicate_table';
	END IF;
	IF columns IS NULL OR jsonb_typeof(columns) <> 'object' THEN
		RAISE EXCEPTION 'columns of a source must be a JSON object' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT k INTO field FROM jsonb_object_keys(columns) k WHERE k <> ALL (fields) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'unknown field "columns.%"', field
			USING ERRCODE = 'invalid_parameter_value',
				HINT = CASE WHEN field IN ('charge', 'watermark') THEN format('Give the argument "%s".', field) ELSE format('Fields are %s.', array_to_string(fields, ', ')) END;
	END IF;

	mapping := jsonb_build_object('relations', jsonb_build_object('t',
		jsonb_build_object('oid', relation::oid::text, 'name', @extschema@.claim_source_name(relation))));
	IF preset IS NOT NULL THEN
		mapping := @extschema@.claim_source_preset(relation, preset,
			ARRAY(SELECT jsonb_object_keys(columns)) || CASE WHEN charge IS NULL THEN '{}' ELSE '{charge}'::text[] END);
		defs := mapping -> 'fields';
		said := mapping -> 'notes';
		mapping := mapping - 'notes';
	END IF;
	FOR field, how IN SELECT c.key, c.value FROM jsonb_each(columns) c LOOP
		defs := CASE WHEN how = 'null' THEN defs - field
			ELSE defs || jsonb_build_object(field, @extschema@.claim_source_resolve(relation, field, how)) END;
	END LOOP;
	IF charge IS NOT NULL THEN
		defs := defs || jsonb_build_object('charge', @extschema@.claim_source_resolve(relation, 'charge', to_jsonb(charge)));
	END IF;
	IF watermark IS NOT NULL THEN
		mapping := mapping || jsonb_build_object('watermark', @extschema@.claim_source_typed(relation, @extschema@.claim_source_find(relation, 't', watermark)));
	END IF;
	IF NOT defs ? 'code' THEN
		RAISE EXCEPTION 'no column of relation % is mapped to field "code"', relation
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give {"code": "column"} in argument "columns", or a preset.';
	ELSIF NOT defs ? 'patient' AND NOT defs ? 'claim_id' THEN
		RAISE EXCEPTION 'no column of relation % is mapped to field "patient" or "claim_id"', relation
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'All rows would be lines of one day.';
	END IF;
	mapping := mapping || jsonb_build_object('fields', defs, 'system', (SELECT c.system_identifier::text FROM pg_control_system() c));

	-- what there is not, and what follows
	notes := notes || ARRAY(SELECT n.says FROM (VALUES
		('patient', 'No patient is mapped: each claim is judged by itself, without the other claims of the day.'),
		('provider', 'No provider is mapped: all lines of a patient''s day are judged together.'),
		('dos', 'No date of service is mapped: rules that depend on the date answer unknown, and all lines of a patient are judged together.'),
		('claim_id', 'No claim number is mapped: findings do not name the claim.'),
		('line_no', 'No line number is mapped: findings do not name the line of the claim.'),
		('modifiers', 'No modifiers are mapped: pairs that a modifier may open are denied.'),
		('units', 'No units are mapped: each line has 1.'),
		('minutes', 'No minutes are mapped: units of timed codes cannot be compared with them.'),
		('start_time', 'No start times are mapped: services that overlap are not seen.'),
		('dx', 'No diagnoses are mapped: regions and necessity cannot be decided.'),
		('specialty', 'No specialty is mapped: who may bill what cannot be decided.'),
		('referral', 'No referral is mapped: rules that want one answer unknown.'),
		('visit', 'No visit number is mapped: limits of visits are not checked.'),
		('charge', 'No charge is mapped: amounts at risk cannot be reported.')) n(field, says)
		WHERE NOT defs ? n.field AND NOT said @> jsonb_build_array(jsonb_build_object('field', n.field)))
		|| ARRAY(SELECT (array_agg(n.value ->> 'says' ORDER BY i))[1] FROM jsonb_array_elements(said) WITH ORDINALITY n(value, i)
			GROUP BY coalesce(n.value ->> 'about', i::text) ORDER BY min(i));

	SELECT jsonb_object_agg(d.key, CASE WHEN d.value ? 'value' THEN jsonb_build_object('value', d.value -> 'value')
			WHEN d.value ? 'expression' THEN jsonb_build_object('expression', d.value -> 'expression')
			WHEN jsonb_array_length(d.value -> 'columns') = 1 AND d.value ->> 'kind' <> 'list' THEN to_jsonb(n.names[1])
			ELSE to_jsonb(n.names) END)
		INTO mapped FROM jsonb_each(defs) d, LATERAL (SELECT ARRAY(
			SELECT CASE c.value ->> 'alias' WHEN 't' THEN '' WHEN 'v' THEN '' ELSE (mapping #>> ARRAY['relations', c.value ->> 'alias', 'name']) || '.' END
				|| (c.value ->> 'name') || CASE WHEN c.value ->> 'alias' = 'v' AND c.value ->> 'name' <> 'line_no' THEN '_#' ELSE '' END
			FROM jsonb_array_elements(d.value -> 'columns') WITH ORDINALITY c(value, i) ORDER BY c.i) AS names) n;

	EXECUTE format('CREATE VIEW %s WITH (security_invoker = true) AS ', qualified) || @extschema@.claim_source_build(relation, mapping);
	view_oid := qualified::regclass;
	IF @extschema@.claim_view_volatile(view_oid) THEN
		RAISE EXCEPTION 'the mapping of source "%" calls a volatile function', name
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'A row would give another line each time.', HINT = 'A function of yours that is not volatile is declared IMMUTABLE or STABLE.';
	END IF;
	-- provider-days are grouped, hashed and looked up by their keys
	BEGIN
		EXECUTE format('SELECT hash_record_extended(ROW(v.patient, v.provider, v.dos), 0::int8) FROM (SELECT DISTINCT patient, provider, dos FROM %s LIMIT 0) v', qualified);
		EXECUTE format('SELECT hash_record_extended(ROW(v.patient, v.provider), 0::int8) FROM (SELECT NULL::%s AS patient, NULL::%s AS provider) v',
			(SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = view_oid AND a.attname = 'patient'),
			(SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = view_oid AND a.attname = 'provider'));
	EXCEPTION WHEN undefined_function THEN
		RAISE EXCEPTION 'patient or provider of source "%" has a type that cannot be grouped and hashed', name
			USING ERRCODE = 'datatype_mismatch', DETAIL = SQLERRM, HINT = 'Map an expression that casts it to text.';
	END;
	EXECUTE format('COMMENT ON VIEW %s IS %L', qualified, format('lines of %s, made by claim_source_add', relation));
	INSERT INTO @extschema@.claim_source (name, owner, relation, view, preset, columns, mapping, charge, watermark, mapped, unmapped, patient_type, provider_type)
		VALUES (name, quote_ident(current_user)::regrole, relation, view_oid, preset, columns, mapping, charge, watermark, mapped, notes,
			(SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = view_oid AND a.attnum = 1),
			(SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = view_oid AND a.attnum = 2));
	IF notes <> '{}' THEN
		RAISE NOTICE 'source "%" is mapped in part', name USING DETAIL = array_to_string(notes, E'\n');
	END IF;
	RETURN view_oid;
END $$;
COMMENT ON FUNCTION claim_source_add(text, regclass, text, jsonb, text, text, text) IS
	'maps a relation to lines, by a preset, by columns (field: column name, list of them, {"column", "missing", "format"}, {"value"}, {"expression"} or null) or by both; makes view NAME_lines in the schema and returns it';

CREATE FUNCTION claim_source_drop(name text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	source @extschema@.claim_source := @extschema@.claim_source_known(name);
	qualified text;
BEGIN
	IF NOT pg_has_role(source.owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of source "%"', name
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('It was added by %s.', source.owner);
	END IF;
	PERFORM @extschema@.claim_source_triggers(name, 'guard', NULL, '{}'), @extschema@.claim_source_triggers(name, 'track', NULL, '{}');
	-- its view, if that is still there
	SELECT format('%I.%I', n.nspname, c.relname) INTO qualified FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.oid = source.view AND c.relkind = 'v' AND c.relname = source.name || '_lines' AND c.relowner = source.owner::oid;
	IF FOUND THEN
		EXECUTE 'DROP VIEW ' || qualified;
	END IF;
	DELETE FROM @extschema@.claim_source s WHERE s.name = source.name;
END $$;
COMMENT ON FUNCTION claim_source_drop(text) IS 'drops a source with its view, its guards and what was found by its scans';

CREATE FUNCTION claim_source_state(source text) RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	known @extschema@.claim_source := @extschema@.claim_source_known(source);
BEGIN
	IF @extschema@.claim_source_name(known.relation) IS NULL THEN
		RETURN 'relation dropped';
	ELSIF @extschema@.claim_source_name(known.view) IS NULL THEN
		RETURN 'view dropped';
	END IF;
	BEGIN
		PERFORM @extschema@.claim_source_build(known.relation, known.mapping);
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
COMMENT ON FUNCTION claim_source_state(text) IS 'ok, or what is wrong with a source for the current user';

CREATE VIEW claim_sources WITH (security_invoker = true) AS
	SELECT s.name, s.owner, s.relation, s.view, s.preset, s.mapped, s.unmapped, s.charge, s.watermark, claim_source_state(s.name) AS state
	FROM claim_source s;
COMMENT ON VIEW claim_sources IS
	'sources: what each field is mapped to, what could not be mapped and what follows, and whether the source works';
ALTER VIEW claim_sources OWNER TO @extowner@;
GRANT SELECT ON claim_sources TO PUBLIC;


-- how columns are the fields of lines: what a user says, found and checked

CREATE FUNCTION claimline_internal.claim_date_format_check(format text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_date_format_check(text) IS
	'whether claim_read_date can read by the format';

CREATE FUNCTION claimline_internal.claim_expression_columns(expression text) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_expression_columns(text) IS
	'the columns named in a scalar SQL expression, in order; '
	'raises an error for anything that is not one lone expression';

CREATE FUNCTION claimline_internal.claim_expression(expression text, columns text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_expression(text, text[]) IS
	'the expression in parentheses, '
	'the columns that claim_expression_columns finds replaced by those given, each behind "t."';

CREATE FUNCTION claimline_internal.claim_view_volatile(view regclass) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_view_volatile(regclass) IS
	'whether a view calls a volatile function';

CREATE FUNCTION claimline_internal.claim_source_kind(of_type oid) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
WITH RECURSIVE base AS (
	SELECT t.oid, t.typtype, t.typbasetype, t.typcategory FROM pg_type t WHERE t.oid = of_type
	UNION ALL
	SELECT t.oid, t.typtype, t.typbasetype, t.typcategory
	FROM base b JOIN pg_type t ON b.typtype = 'd' AND t.oid = b.typbasetype
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
COMMENT ON FUNCTION claimline_internal.claim_source_kind(oid) IS
	'how values of a type are read: integer, numeric, number, date, timestamp, time, boolean, array or text';

CREATE FUNCTION claimline_internal.claim_source_is_text(of_type regtype) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
WITH RECURSIVE base AS (
	SELECT t.oid, t.typtype, t.typbasetype FROM pg_type t WHERE t.oid = of_type
	UNION ALL
	SELECT t.oid, t.typtype, t.typbasetype
	FROM base b JOIN pg_type t ON b.typtype = 'd' AND t.oid = b.typbasetype
)
SELECT EXISTS (SELECT FROM base b WHERE b.oid = ANY ('{text,varchar,bpchar}'::regtype[]))
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_is_text(regtype) IS
	'whether a type is text, varchar, char or a domain over one: a number has several forms in it';

CREATE FUNCTION claimline_internal.claim_source_find(relation regclass, alias text, col text,
		missing_ok boolean = false) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	columns jsonb[];
	near text;
BEGIN
	-- the exact name, else the only one that differs in case
	columns := ARRAY(SELECT jsonb_build_object('alias', alias, 'attnum', a.attnum, 'name', a.attname)
		FROM pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = col);
	IF columns = '{}' THEN
		columns := ARRAY(SELECT jsonb_build_object('alias', alias, 'attnum', a.attnum, 'name', a.attname)
			FROM pg_attribute a
			WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
				AND lower(a.attname) = lower(col));
	END IF;
	IF cardinality(columns) = 1 THEN
		RETURN columns[1];
	ELSIF cardinality(columns) > 1 THEN
		RAISE EXCEPTION 'column "%" of relation % is ambiguous', col, relation
			USING ERRCODE = 'ambiguous_column', HINT = 'Give the name in its own case.';
	ELSIF missing_ok THEN
		RETURN NULL;
	END IF;
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO near
		FROM (SELECT a.attname, a.attnum FROM pg_attribute a
			WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
				AND (position(lower(col) IN lower(a.attname)) > 0
					OR length(a.attname) > 2 AND position(lower(a.attname) IN lower(col)) > 0
					OR "left"(lower(a.attname), 4) = "left"(lower(col), 4)
					OR "right"(lower(a.attname), 5) = "right"(lower(col), 5))
			ORDER BY a.attnum LIMIT 8) a;
	RAISE EXCEPTION 'column "%" of relation % does not exist', col, relation
		USING ERRCODE = 'undefined_column',
			HINT = coalesce('Columns with names like it: ' || near || '.',
				'See \d of the relation for its columns.');
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_find(regclass, text, text, boolean) IS
	'a column as a mapping refers to it; raises an error if there is none, or returns null where that is ok';

CREATE FUNCTION claimline_internal.claim_source_typed(relation regclass, col jsonb) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT jsonb_build_object('columns', jsonb_build_array(col),
		'kind', claimline_internal.claim_source_kind(a.atttypid), 'type', format_type(a.atttypid, NULL))
	FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum = (col ->> 'attnum')::int
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_typed(regclass, jsonb) IS
	'a field of one column with its type';

CREATE FUNCTION claimline_internal.claim_source_first(field text, typed jsonb) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- columns of one kind are read as that kind, of several as text
SELECT jsonb_build_object('columns', c.columns, 'kinds', to_jsonb(c.kinds)) || CASE
	WHEN field = ANY ('{dos,thru}') AND c.kinds <@ '{date,timestamp}' THEN '{"kind": "date", "type": "date"}'
	WHEN field = 'start_time' AND c.kinds <@ '{time,timestamp}'
		THEN '{"kind": "time", "type": "time without time zone"}'
	WHEN cardinality(c.types) = 1 AND (c.kinds[1] = ANY ('{integer,numeric,number,boolean}')
			OR c.kinds[1] = 'text' AND NOT claimline_internal.claim_source_is_text(c.types[1]::regtype))
		THEN jsonb_build_object('kind', c.kinds[1], 'type', c.types[1])
	WHEN c.kinds <@ '{integer}' THEN '{"kind": "integer", "type": "integer"}'
	WHEN c.kinds <@ '{integer,numeric,number}' THEN '{"kind": "numeric", "type": "numeric"}'
	ELSE '{"kind": "text", "type": "text"}'::jsonb END
FROM (SELECT jsonb_agg(t.value #> '{columns,0}' ORDER BY t.n) AS columns,
		array_agg(t.value ->> 'kind' ORDER BY t.n) AS kinds,
		array_agg(DISTINCT t.value ->> 'type') AS types
	FROM jsonb_array_elements(typed) WITH ORDINALITY t(value, n)) c
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_first(text, jsonb) IS
	'a field of several columns, each as claim_source_typed gives it: the first that is filled counts';

-- what stands beside a field in the argument "columns" of claim_source_add

CREATE FUNCTION claimline_internal.claim_source_refuse(field text, detail text, hint text = NULL) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF hint IS NULL THEN
		RAISE EXCEPTION 'invalid mapping of field "%"', field
			USING ERRCODE = 'invalid_parameter_value', DETAIL = detail;
	END IF;
	RAISE EXCEPTION 'invalid mapping of field "%"', field
		USING ERRCODE = 'invalid_parameter_value', DETAIL = detail, HINT = hint;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_refuse(text, text, text) IS
	'raises the error of a field that is not mapped as it can be';

CREATE FUNCTION claimline_internal.claim_source_is_list(field text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN field OPERATOR(pg_catalog.=) ANY ('{modifiers,dx,regions}'::pg_catalog.text[]);
COMMENT ON FUNCTION claimline_internal.claim_source_is_list(text) IS
	'whether a line has several values of a field';

CREATE FUNCTION claimline_internal.claim_source_constant(field text, how jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	is_list CONSTANT boolean := claimline_internal.claim_source_is_list(field);
BEGIN
	IF how ? 'missing' OR how ? 'format' OR jsonb_typeof(how -> 'value') IN ('object', 'null')
			OR (jsonb_typeof(how -> 'value') = 'array') <> is_list THEN
		RAISE EXCEPTION 'invalid constant for field "%"', field
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('columns.%s.value must be %s and stand alone.', field,
					CASE WHEN is_list THEN 'a list of texts' ELSE 'a text, number or boolean' END);
	END IF;
	RETURN jsonb_build_object('value', how -> 'value', 'kind', 'value');
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_constant(text, jsonb) IS
	'a field that is the same in every row';

CREATE FUNCTION claimline_internal.claim_source_marks(field text, how jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	def jsonb := '{}';
BEGIN
	IF how ? 'missing' THEN
		IF jsonb_typeof(how -> 'missing') <> 'array'
				OR EXISTS (SELECT FROM jsonb_array_elements(how -> 'missing') m
					WHERE jsonb_typeof(m.value) NOT IN ('string', 'number')) THEN
			PERFORM claimline_internal.claim_source_refuse(field,
				format('columns.%s.missing must be a list of texts or numbers.', field));
		END IF;
		def := def || jsonb_build_object('missing', how -> 'missing');
	END IF;
	IF how ? 'format' THEN
		IF field <> ALL ('{dos,thru}') OR jsonb_typeof(how -> 'format') <> 'string'
				OR NOT claimline_internal.claim_date_format_check(how ->> 'format') THEN
			RAISE EXCEPTION 'invalid format for field "%"', field
				USING ERRCODE = 'invalid_parameter_value',
					DETAIL = format('columns.%s.format is %s.', field, how -> 'format'),
					HINT = 'A format is for dos and thru and holds YYYY, MM or MON, and DD, each once, '
						'like YYYYMMDD or MM/DD/YYYY.';
		END IF;
		def := def || jsonb_build_object('format', how ->> 'format');
	END IF;
	RETURN def;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_marks(text, jsonb) IS
	'the marks for a missing value, and the format of dates, checked';

CREATE FUNCTION claimline_internal.claim_source_expression(relation regclass, field text, how jsonb)
		RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	refs jsonb;
	expression text;
	of_type oid;
BEGIN
	IF jsonb_typeof(how -> 'expression') <> 'string' THEN
		PERFORM claimline_internal.claim_source_refuse(field,
			format('columns.%s.expression must be a text.', field));
	END IF;
	SELECT coalesce(jsonb_agg(claimline_internal.claim_source_find(relation, 't', n.name) ORDER BY n.i), '[]')
		INTO refs
		FROM unnest(claimline_internal.claim_expression_columns(how ->> 'expression'))
			WITH ORDINALITY n(name, i);
	expression := claimline_internal.claim_expression(how ->> 'expression',
		ARRAY(SELECT r.value ->> 'name'
			FROM jsonb_array_elements(refs) WITH ORDINALITY r(value, i) ORDER BY r.i));
	-- where nothing but a scalar can stand, and nothing is read
	EXECUTE 'SELECT pg_catalog.pg_typeof((SELECT ' || expression
		|| ' FROM ' || claimline_internal.claim_source_name(relation)
		|| ' AS t WHERE false AND ' || expression || ' IS NULL))' INTO of_type;
	RETURN jsonb_build_object('expression', how ->> 'expression', 'columns', refs,
		'kind', claimline_internal.claim_source_kind(of_type), 'type', format_type(of_type, NULL));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_expression(regclass, text, jsonb) IS
	'a field that is an expression over columns, which are found';

CREATE FUNCTION claimline_internal.claim_source_columns(relation regclass, field text, names jsonb)
		RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	columns jsonb;
BEGIN
	IF names = '[]' OR EXISTS (SELECT FROM jsonb_array_elements(names) c
			WHERE jsonb_typeof(c.value) <> 'string') THEN
		PERFORM claimline_internal.claim_source_refuse(field,
			format('columns.%s is %s.', field, names), 'A list holds the names of columns.');
	END IF;
	columns := (SELECT jsonb_agg(claimline_internal.claim_source_find(relation, 't', c.value) ORDER BY c.n)
		FROM jsonb_array_elements_text(names) WITH ORDINALITY c(value, n));
	IF claimline_internal.claim_source_is_list(field) THEN
		RETURN jsonb_build_object('kind', 'list', 'columns', columns);
	ELSIF jsonb_array_length(columns) = 1 THEN
		RETURN claimline_internal.claim_source_typed(relation, columns -> 0);
	END IF;
	RETURN claimline_internal.claim_source_first(field,
		(SELECT jsonb_agg(claimline_internal.claim_source_typed(relation, c.value) ORDER BY c.n)
			FROM jsonb_array_elements(columns) WITH ORDINALITY c(value, n)));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_columns(regclass, text, jsonb) IS
	'a field of a list of columns: all where a line has several values, else the first that is filled';

CREATE FUNCTION claimline_internal.claim_source_resolve(relation regclass, field text, how jsonb)
		RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	key text;
	def jsonb;
BEGIN
	IF jsonb_typeof(how) IN ('string', 'array') THEN
		how := jsonb_build_object('column', how);
	ELSIF jsonb_typeof(how) <> 'object' THEN
		PERFORM claimline_internal.claim_source_refuse(field, format('columns.%s is %s.', field, how),
			'Give a column name, a list of them, null or an object of "column", "value" or "expression".');
	END IF;
	SELECT k INTO key FROM jsonb_object_keys(how) k
		WHERE k <> ALL ('{column,value,expression,missing,format,as_is,of}') LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'unknown key "columns.%.%"', field, key
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Keys are column, value, expression, missing, format, as_is and of.';
	ELSIF (SELECT count(*) FROM jsonb_object_keys(how) k
			WHERE k = ANY ('{column,value,expression}')) <> 1 THEN
		PERFORM claimline_internal.claim_source_refuse(field,
			format('columns.%s must have one of the keys column, value and expression.', field));
	END IF;
	IF how ? 'value' THEN
		RETURN claimline_internal.claim_source_constant(field, how);
	END IF;
	def := claimline_internal.claim_source_marks(field, how);
	IF how ? 'as_is' THEN
		IF field NOT IN ('patient', 'provider', 'claim_id') OR jsonb_typeof(how -> 'as_is') <> 'boolean'
				OR NOT how ? 'column' THEN
			PERFORM claimline_internal.claim_source_refuse(field,
				format('columns.%s.as_is is %s.', field, how -> 'as_is'),
				'It is true or false, beside the column of patient, provider or claim_id.');
		END IF;
		def := def || jsonb_build_object('as_is', how -> 'as_is');
	END IF;
	IF how ? 'of' THEN
		IF field <> 'dx' OR coalesce(how ->> 'of', '') <> ALL ('{line,claim,first}') THEN
			PERFORM claimline_internal.claim_source_refuse(field,
				format('columns.%s.of is %s.', field, how -> 'of'),
				'Diagnoses (dx) are of the line, of the claim, or the first that the line points to.');
		END IF;
		def := def || jsonb_build_object('of', how -> 'of');
	END IF;
	IF how ? 'expression' THEN
		RETURN def || claimline_internal.claim_source_expression(relation, field, how);
	ELSIF jsonb_typeof(how -> 'column') = 'array' THEN
		RETURN def || claimline_internal.claim_source_columns(relation, field, how -> 'column');
	ELSIF jsonb_typeof(how -> 'column') <> 'string' THEN
		PERFORM claimline_internal.claim_source_refuse(field,
			format('columns.%s.column is %s, must be the name of a column.', field, how -> 'column'));
	END IF;
	RETURN def || claimline_internal.claim_source_typed(relation,
		claimline_internal.claim_source_find(relation, 't', how ->> 'column'));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_resolve(regclass, text, jsonb) IS
	'how a field is mapped, columns found and checked';


-- the tables of loaded claims files: ordinary ones of the user's, in a schema of his

CREATE FUNCTION claimline_internal.claim_files_columns(row_type text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
FROM pg_attribute a WHERE a.attrelid = format('@extschema@.%I', row_type)::regclass AND a.attnum > 0
$$;
COMMENT ON FUNCTION claimline_internal.claim_files_columns(text) IS
	'part of claim_files_create: the columns of a type of rows of files, with their types';

CREATE FUNCTION claimline_internal.claim_files_lack(relation regclass, own text[], row_type regclass)
		RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT string_agg(c.name, ', ' ORDER BY c.n)
FROM (SELECT o.name, o.n FROM unnest(own) WITH ORDINALITY o(name, n)
	UNION ALL SELECT a.attname, cardinality(own) + a.attnum FROM pg_attribute a
		WHERE a.attrelid = row_type AND a.attnum > 0) c
WHERE NOT EXISTS (SELECT FROM pg_attribute a
	WHERE a.attrelid = relation AND a.attname = c.name AND NOT a.attisdropped)
$$;
COMMENT ON FUNCTION claimline_internal.claim_files_lack(regclass, text[], regclass) IS
	'the columns that a relation lacks to be one of claims files, its own and those of a row type, '
	'which may be null; all for no relation, null for none';

CREATE FUNCTION claimline_internal.claim_files_check(schema text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	lacks record;
BEGIN
	SELECT t.tab, l.columns INTO lacks
	FROM (VALUES ('claim_file', NULL, '{id,name,bytes,sha256,kind,loaded_at,senders,interchanges,'
				'functional_groups,transactions,segments,lines,payments,faults}'::text[]),
			('claim_file_fault', NULL, '{file,ordinal,segment,name,body,fault}'),
			('claim_file_line', '@extschema@.claim_file_line'::regclass, '{file,ordinal}'),
			('claim_file_payment', '@extschema@.claim_file_payment', '{file,ordinal}')
		) t(tab, row_type, columns), claimline_internal.claim_files_lack(
			to_regclass(format('%I.%I', schema, t.tab)), t.columns, t.row_type) l(columns)
	WHERE l.columns IS NOT NULL ORDER BY t.tab LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'table "%" of schema "%" is not one of claims files', lacks.tab, schema
			USING ERRCODE = 'wrong_object_type', DETAIL = format('It lacks %s.', lacks.columns),
				HINT = 'Give another schema.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_files_check(text) IS
	'raises an error where the tables of claims files in a schema lack a column';

-- no foreign keys: the server keeps a check a row until the end of the statement, and a file is one
CREATE FUNCTION claimline_internal.claim_file_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	tab text;
BEGIN
	FOREACH tab IN ARRAY '{claim_file_line,claim_file_payment,claim_file_fault}'::text[] LOOP
		EXECUTE format(CASE TG_OP WHEN 'TRUNCATE' THEN 'TRUNCATE %I.%I'
			ELSE 'DELETE FROM %I.%I t USING gone g WHERE t.file = g.id' END, TG_TABLE_SCHEMA, tab);
	END LOOP;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_file_gone() IS
	'trigger of the tables of claims files: rows of files that are deleted from claim_file go with them';

CREATE FUNCTION claim_files_create(schema text = current_schema()) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET client_min_messages = warning
	AS $$
DECLARE
	made text;
BEGIN
	IF schema IS NULL THEN
		RAISE EXCEPTION 'no schema for the tables of claims files' USING ERRCODE = 'invalid_schema_name',
			DETAIL = 'The search path names no schema that exists.', HINT = 'Give the argument "schema".';
	END IF;
	IF to_regnamespace(quote_ident(schema)) IS NULL THEN
		RAISE EXCEPTION 'schema "%" does not exist', schema USING ERRCODE = 'invalid_schema_name';
	ELSIF to_regclass(format('%I.claim_file', schema)) IS NOT NULL THEN
		PERFORM claimline_internal.claim_files_check(schema);
		RETURN;
	ELSIF to_regtype(format('%I.claim_file_line', schema)) IS NOT NULL THEN
		RAISE EXCEPTION 'the tables of claims files cannot be made in schema "%"', schema
			USING ERRCODE = 'duplicate_object', DETAIL = 'The extension has types of the same names there.',
				HINT = 'Give another schema.';
	ELSIF NOT has_schema_privilege(schema, 'CREATE') THEN
		RAISE EXCEPTION 'permission denied for schema "%"', schema
			USING ERRCODE = 'insufficient_privilege', DETAIL = 'The tables of claims files are made there.',
				HINT = 'Give another schema.';
	END IF;
	-- keys are as sources read them, so that an index on them serves
	FOREACH made IN ARRAY ARRAY[
		'CREATE TABLE %1$I.claim_file (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, '
			'name text NOT NULL, bytes bigint NOT NULL, sha256 text NOT NULL UNIQUE, kind text, '
			'loaded_at timestamptz NOT NULL DEFAULT clock_timestamp(), senders text[], interchanges text[], '
			'functional_groups text[], transactions int, segments int, lines int, payments int, faults int)',
		'CREATE INDEX claim_file_interchanges ON %1$I.claim_file USING gin (interchanges)',
		'COMMENT ON TABLE %1$I.claim_file IS ''claims files that claimline-load has loaded: a row each''',
		'CREATE TABLE %1$I.claim_file_fault (file bigint, '
			'ordinal int, segment int, name text, body text, fault text NOT NULL, '
			'PRIMARY KEY (file, ordinal))',
		'COMMENT ON TABLE %1$I.claim_file_fault IS ''what is wrong with them, by segment or resource''',
		'CREATE TABLE %1$I.claim_file_line (file bigint, '
			'ordinal int, %2$s, status text GENERATED ALWAYS AS (CASE WHEN line IS NULL AND line_error '
			'~ ''^Claim (has (status|use) |was replaced )'' THEN ''cancelled'' END) STORED, '
			'PRIMARY KEY (file, ordinal), '
			'CHECK (patient = @extschema@.claim_read_key(patient)), '
			'CHECK (rendering = @extschema@.claim_read_key(rendering)))',
		'CREATE INDEX claim_file_line_day ON %1$I.claim_file_line (patient, rendering, dos)',
		'CREATE INDEX claim_file_line_claim ON %1$I.claim_file_line (claim_id)',
		'COMMENT ON TABLE %1$I.claim_file_line IS ''the lines of their claims, as claim_file_line has them''',
		'CREATE TABLE %1$I.claim_file_payment (file bigint, '
			'ordinal int, %3$s, PRIMARY KEY (file, ordinal))',
		'CREATE INDEX claim_file_payment_claim ON %1$I.claim_file_payment (claim_id)',
		'CREATE INDEX claim_file_payment_line ON %1$I.claim_file_payment (line_control)',
		'COMMENT ON TABLE %1$I.claim_file_payment IS ''their payments, as claim_file_payment has them''',
		'CREATE TRIGGER gone AFTER DELETE ON %1$I.claim_file REFERENCING OLD TABLE AS gone '
			'FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_file_gone()',
		'CREATE TRIGGER all_gone AFTER TRUNCATE ON %1$I.claim_file '
			'FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_file_gone()']
	LOOP
		EXECUTE format(made, schema, claimline_internal.claim_files_columns('claim_file_line'),
			claimline_internal.claim_files_columns('claim_file_payment'));
	END LOOP;
END $$;
COMMENT ON FUNCTION claim_files_create(text) IS
	'makes the tables that claimline-load fills: claim_file, claim_file_line, claim_file_payment and '
	'claim_file_fault, ordinary tables of the caller''s in a schema, which must exist: that given, else the '
	'first of the search path. Those that are there stay; raises an error for the schema of the extension, '
	'and for tables of these names that lack columns. A DELETE from claim_file takes the rows of the file '
	'with it';

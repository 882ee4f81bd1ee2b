
-- claims files into their tables: what the program claimline-load calls.  The file comes in parts, rows of a
-- temporary table, in base64; it is read as one text, however long it is

CREATE FUNCTION claimline_internal.claim_file_envelope(parts regclass, encoding text, OUT segment int,
		OUT name text, OUT body text, OUT interchange text, OUT functional_group text, OUT transaction text,
		OUT transaction_set text, OUT loop text, OUT claim_id text, OUT is_read boolean, OUT fault text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'claim_segments_of_x12' LANGUAGE C STABLE STRICT PARALLEL UNSAFE
	SET enable_sort = off
	COST 100000 ROWS 1000;
COMMENT ON FUNCTION claimline_internal.claim_file_envelope(regclass, text) IS
	'part of claimline-load: the segments of a file in parts that are headers, trailers or faulty; the last '
	'row has no name, the number of all segments, and what the file lacks at its end';

CREATE FUNCTION claimline_internal.claim_file_lines(parts regclass, encoding text)
		RETURNS SETOF claim_file_line
	AS 'MODULE_PATHNAME', 'claim_lines_of_837' LANGUAGE C STABLE STRICT PARALLEL UNSAFE
	SET enable_sort = off SET client_min_messages = error
	COST 100000 ROWS 1000;
COMMENT ON FUNCTION claimline_internal.claim_file_lines(regclass, text) IS
	'part of claimline-load: claim_lines_of_837 of a file in parts';

CREATE FUNCTION claimline_internal.claim_file_payments(parts regclass, encoding text)
		RETURNS SETOF claim_file_payment
	AS 'MODULE_PATHNAME', 'claim_payments_of_835' LANGUAGE C STABLE STRICT PARALLEL UNSAFE
	SET enable_sort = off SET client_min_messages = error
	COST 100000 ROWS 1000;
COMMENT ON FUNCTION claimline_internal.claim_file_payments(regclass, text) IS
	'part of claimline-load: claim_payments_of_835 of a file in parts';

CREATE FUNCTION claimline_internal.claim_file_texts(parts regclass, encoding text, whole boolean,
		OUT line int, OUT content text) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL UNSAFE
	SET enable_sort = off
	COST 100000 ROWS 1000;
COMMENT ON FUNCTION claimline_internal.claim_file_texts(regclass, text, boolean) IS
	'part of claimline-load: the lines of a file in parts that are not blank, with their numbers; whole: '
	'all of it as the first';

CREATE FUNCTION claimline_internal.claim_load_begin() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a part fits into a page, and is not worth to be packed
	CREATE TEMP TABLE claim_load_part (part int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text)
		ON COMMIT DROP;
	ALTER TABLE pg_temp.claim_load_part ALTER content SET STORAGE PLAIN;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load_begin() IS
	'part of claimline-load: makes the table of the parts of a file for the transaction';

CREATE FUNCTION claimline_internal.claim_load_insert(schema text, row_type text, source text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- keys of days are as sources read them
SELECT format('INSERT INTO %I.%I (file, ordinal, %s) SELECT $1, $2 + l.ordinality::int, %s '
		'FROM %s WITH ORDINALITY l', schema, row_type,
	string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum),
	string_agg(format(CASE WHEN row_type = 'claim_file_line' AND a.attname = ANY ('{patient,rendering}')
			THEN 'NULLIF(@extschema@.claim_read_key(l.%I), '''')' ELSE 'l.%I' END, a.attname), ', '
		ORDER BY a.attnum), source)
FROM pg_attribute a WHERE a.attrelid = format('@extschema@.%I', row_type)::regclass AND a.attnum > 0
$$;
COMMENT ON FUNCTION claimline_internal.claim_load_insert(text, text, text) IS
	'part of claimline-load: the INSERT of rows of a file that a call gives; parameters are the file and how '
	'many rows it has before them';

CREATE FUNCTION claimline_internal.claim_load_x12(schema text, file bigint, parts regclass, encoding text)
		RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	sets text[];
	n_lines bigint := 0;
	n_payments bigint := 0;
BEGIN
	EXECUTE format($sql$
		WITH e AS MATERIALIZED (
			SELECT * FROM claimline_internal.claim_file_envelope($2, $3) WITH ORDINALITY
		), told AS (
			INSERT INTO %1$I.claim_file_fault (file, ordinal, segment, name, body, fault)
			SELECT $1, row_number() OVER (ORDER BY e.ordinality), e.segment, e.name, e.body, concat_ws('; ',
				CASE WHEN e.name = 'ST' AND e.transaction_set <> ALL ('{837,835}')
					THEN format('transaction %%s is a %%s and not read', e.transaction,
						e.transaction_set) END,
				e.fault)
			FROM e WHERE e.fault IS NOT NULL OR e.name = 'ST' AND e.transaction_set <> ALL ('{837,835}')
			RETURNING ordinal
		)
		UPDATE %1$I.claim_file f SET kind = (SELECT string_agg(DISTINCT e.transaction_set, ' ') FROM e
				WHERE e.name = 'ST' AND e.transaction_set = ANY ('{837,835}')),
			senders = ARRAY(SELECT btrim(split_part(e.body, substr(e.body, 4, 1), 7)) FROM e
				WHERE e.name = 'ISA' ORDER BY e.ordinality),
			interchanges = ARRAY(SELECT coalesce(e.interchange, '') FROM e
				WHERE e.name = 'ISA' ORDER BY e.ordinality),
			functional_groups = ARRAY(SELECT coalesce(e.functional_group, '') FROM e
				WHERE e.name = 'GS' ORDER BY e.ordinality),
			transactions = (SELECT count(*) FROM e WHERE e.name = 'ST'),
			segments = (SELECT max(e.segment) FROM e),
			faults = (SELECT count(*) FROM told)
		WHERE f.id = $1 RETURNING string_to_array(f.kind, ' ')$sql$, schema)
		INTO sets USING file, parts, encoding;
	IF '837' = ANY (sets) THEN
		EXECUTE claimline_internal.claim_load_insert(schema, 'claim_file_line',
			'claimline_internal.claim_file_lines($3, $4)') USING file, 0, parts, encoding;
		GET DIAGNOSTICS n_lines = ROW_COUNT;
	END IF;
	IF '835' = ANY (sets) THEN
		EXECUTE claimline_internal.claim_load_insert(schema, 'claim_file_payment',
			'claimline_internal.claim_file_payments($3, $4)') USING file, 0, parts, encoding;
		GET DIAGNOSTICS n_payments = ROW_COUNT;
	END IF;
	EXECUTE format('UPDATE %I.claim_file SET lines = $2, payments = $3 WHERE id = $1', schema)
		USING file, n_lines, n_payments;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load_x12(text, bigint, regclass, text) IS
	'part of claimline-load: the rows of an X12 file in parts, its control numbers and its faults';

CREATE FUNCTION claimline_internal.claim_load_json(content text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN content::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load_json(text) IS
	'part of claimline-load: a text as JSON, null where it is none';

CREATE FUNCTION claimline_internal.claim_load_fhir(schema text, file bigint, parts regclass, encoding text)
		RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	put CONSTANT text := claimline_internal.claim_load_insert(schema, 'claim_file_line',
		'@extschema@.claim_lines_of_fhir($3)');
	put_fault CONSTANT text := format('INSERT INTO %I.claim_file_fault (file, ordinal, segment, name, fault) '
		'VALUES ($1, $2, $3, $4, $5)', schema);
	whole boolean;
	t record;
	resource jsonb;
	n_lines int := 0;
	n_claims int := 0;
	n_faults int := 0;
	n_resources int := 0;
	n int;
	why text;
BEGIN
	-- a resource a line; or one value, which may have many
	FOREACH whole IN ARRAY '{f,t}'::boolean[] LOOP
		FOR t IN SELECT x.line, claimline_internal.claim_load_json(x.content) AS value
				FROM claimline_internal.claim_file_texts(parts, encoding, whole) x LOOP
			EXIT WHEN t.value IS NULL AND n_resources = 0 AND NOT whole;
			FOR resource IN SELECT e.v FROM jsonb_array_elements(CASE jsonb_typeof(t.value)
					WHEN 'array' THEN t.value ELSE jsonb_build_array(t.value) END) e(v) LOOP
				n_resources := n_resources + 1;
				why := CASE WHEN t.value IS NULL AND whole THEN 'the file is no JSON'
					WHEN t.value IS NULL THEN format('line %s is no JSON', t.line)
					WHEN jsonb_typeof(resource) <> 'object' OR NOT resource ? 'resourceType'
						THEN format('line %s is no FHIR resource', t.line)
					WHEN resource ->> 'resourceType' <> ALL ('{ExplanationOfBenefit,Claim,Bundle}')
						THEN format('the resource of line %s is no claim', t.line) END;
				IF why IS NULL THEN
					EXECUTE put USING file, n_lines, resource;
					GET DIAGNOSTICS n = ROW_COUNT;
					n_lines := n_lines + n;
					n_claims := n_claims + 1;
				ELSE
					n_faults := n_faults + 1;
					EXECUTE put_fault USING file, n_faults, t.line,
						"left"(resource ->> 'resourceType', 60), why;
				END IF;
			END LOOP;
		END LOOP;
		EXIT WHEN n_resources > 0;
	END LOOP;
	EXECUTE format('UPDATE %I.claim_file SET kind = $2, segments = $3, lines = $4, payments = 0, faults = $5 '
		'WHERE id = $1', schema)
		USING file, CASE WHEN n_claims > 0 THEN 'fhir' END, n_resources, n_lines, n_faults;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load_fhir(text, bigint, regclass, text) IS
	'part of claimline-load: the rows of a file of FHIR claims in parts, a resource a line, an array or one';

CREATE FUNCTION claimline_internal.claim_load_is_remark(fault text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- several faults of a segment stand behind each other
SELECT bool_and(f.one ~ '^(components are separated by |HL |claim .* leaves |the transfer of BPR)')
FROM string_to_table(fault, '; ') f(one)
$$;
COMMENT ON FUNCTION claimline_internal.claim_load_is_remark(text) IS
	'part of claimline-load: whether a fault of a file loses nothing of it: separators other than ISA says, '
	'levels that are numbered otherwise, sums that do not come out. With others it is not loaded';

CREATE FUNCTION claimline_internal.claim_load_told(schema text, file bigint) RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	told text[];
BEGIN
	EXECUTE format($sql$
		SELECT ARRAY(SELECT concat_ws(': ', NULLIF(concat_ws(' ', 'segment ' || t.segment,
					'(' || t.name || ')'), ''), t.fault) FROM %1$I.claim_file_fault t
				WHERE t.file = f.id
				ORDER BY claimline_internal.claim_load_is_remark(t.fault), t.ordinal LIMIT 5)
			|| CASE WHEN f.faults > 5 THEN ARRAY[format('and %%s more', f.faults - 5)] END
			|| (SELECT format('interchange %%s of sender %%s is also in %%s with other content%%s',
					min(i.number), min(i.sender), (array_agg(other.name ORDER BY other.id))[1],
					', and in ' || NULLIF(count(*) - 1, 0) || ' more')
				FROM unnest(f.interchanges, f.senders) i(number, sender), %1$I.claim_file other
				WHERE other.interchanges && f.interchanges AND other.id <> f.id
					AND EXISTS (SELECT FROM unnest(other.interchanges, other.senders) o(number, sender)
						WHERE (o.number, o.sender) = (i.number, i.sender))
				HAVING count(*) > 0)
		FROM %1$I.claim_file f WHERE f.id = $1$sql$, schema) INTO told USING file;
	RETURN told;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load_told(text, bigint) IS
	'part of claimline-load: the first faults of a file, and files of the same interchanges';

CREATE FUNCTION claimline_internal.claim_load(schema text, parts regclass, encoding text, of text, name text,
		bytes bigint, sha256 text, accept_faults boolean, OUT status text, OUT kind text, OUT lines int,
		OUT invalid bigint, OUT payments int, OUT faults int, OUT told text)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	file bigint;
	is_whole boolean;
BEGIN
	EXECUTE format('INSERT INTO %I.claim_file (name, bytes, sha256) VALUES ($1, $2, $3) '
		'ON CONFLICT (sha256) DO NOTHING RETURNING id', schema) INTO file USING name, bytes, sha256;
	IF file IS NULL THEN
		status := 'known';
		EXECUTE format('SELECT name FROM %I.claim_file WHERE sha256 = $1', schema) INTO told USING sha256;
		RETURN;
	ELSIF of = 'fhir' THEN
		PERFORM claimline_internal.claim_load_fhir(schema, file, parts, encoding);
	ELSE
		PERFORM claimline_internal.claim_load_x12(schema, file, parts, encoding);
	END IF;
	EXECUTE format('SELECT f.kind, f.lines, f.payments, f.faults, '
		'(SELECT count(*) FROM %1$I.claim_file_line l WHERE l.file = f.id AND l.line IS NULL), '
		'NOT EXISTS (SELECT FROM %1$I.claim_file_fault t WHERE t.file = f.id '
		'AND NOT claimline_internal.claim_load_is_remark(t.fault)) '
		'FROM %1$I.claim_file f WHERE f.id = $1', schema)
		INTO kind, lines, payments, faults, invalid, is_whole USING file;
	told := array_to_string(claimline_internal.claim_load_told(schema, file), E'\n');
	status := CASE WHEN kind IS NULL THEN 'none' WHEN NOT is_whole AND NOT accept_faults THEN 'faulty'
		ELSE 'loaded' END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_load(text, regclass, text, text, text, bigint, text, boolean) IS
	'part of claimline-load: loads a file that came in parts. Unless the status is "loaded", the program '
	'rolls back: known: the same content was loaded before; none: it has no claims and no payments; faulty';


-- what a guard would say of rows, without writing them

CREATE FUNCTION claimline_internal.claim_preview_same(name text, type regtype, nullable boolean) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT format('x.%1$I %2$s d.%1$I', name, claimline_internal.claim_key_equals(type))
	|| CASE WHEN nullable THEN format(' OR x.%1$I IS NULL AND d.%1$I IS NULL', name) ELSE '' END
$$;
COMMENT ON FUNCTION claimline_internal.claim_preview_same(text, regtype, boolean) IS
	'part of claim_guard_preview: SQL of whether a key of x is that of d, also where both are null';

CREATE FUNCTION claimline_internal.claim_preview_sql(source text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	stored CONSTANT text := claimline_internal.claim_source_sql(s.relation, s.mapping, NULL, NULL);
	written CONSTANT text := claimline_internal.claim_source_sql(s.relation, s.mapping,
		format('(SELECT r.* FROM jsonb_populate_recordset(NULL::%s, $1) r)',
			claimline_internal.claim_source_name(s.relation)), NULL);
	same text;
	same_or_null text;
BEGIN
	SELECT string_agg('(' || claimline_internal.claim_preview_same(k.name, k.type, false) || ')', ' AND '),
			string_agg('(' || claimline_internal.claim_preview_same(k.name, k.type, true) || ')', ' AND ')
		INTO same, same_or_null
		FROM (VALUES ('patient', s.patient_type), ('provider', s.provider_type), ('dos', 'date'::regtype))
			k (name, type);
	RETURN format($q$
WITH written AS MATERIALIZED (SELECT x.* FROM (%1$s) x), key AS (
	SELECT DISTINCT w.patient, w.provider, w.dos FROM written w
), day AS MATERIALIZED (
	SELECT d.patient, d.provider, d.dos, l.* FROM key d, LATERAL (
		SELECT @extschema@.claimday(y.claim_id, y.line_no, y.line, y.line_error) AS now,
			@extschema@.claimday(y.claim_id, y.line_no, y.line, y.line_error)
				FILTER (WHERE y.is_stored) AS before
		FROM (SELECT x.claim_id, x.line_no, x.line, x.line_error, true AS is_stored FROM (%2$s) x
				WHERE num_nulls(d.patient, d.provider, d.dos) = 0 AND %3$s
			UNION ALL
			SELECT x.claim_id, x.line_no, x.line, x.line_error, true FROM (%2$s) x
				WHERE num_nulls(d.patient, d.provider, d.dos) > 0 AND %4$s
			UNION ALL
			SELECT x.claim_id, x.line_no, x.line, x.line_error, false FROM written x WHERE %4$s) y) l
), found AS (
	SELECT d.*, p.finding AS f, EXISTS (SELECT FROM written x
			WHERE %4$s AND x.claim_id IS NOT DISTINCT FROM (p.finding).claim_id
				AND x.line_no IS NOT DISTINCT FROM (p.finding).line_no
				AND (x.line OPERATOR(@extschema@.=) p.line OR x.line IS NULL AND p.line IS NULL))
			AS on_written
	FROM day d, claimline_internal.claim_edits_placed(d.now, $2) p WHERE (p.finding).severity >= $3
)
SELECT f.patient::text, f.provider::text, f.dos, (f.f).* FROM found f
WHERE f.on_written OR NOT EXISTS (SELECT FROM @extschema@.claim_edits(f.before, $2) b
	WHERE b.severity >= $3 AND b.rule = (f.f).rule AND b.claim_id IS NOT DISTINCT FROM (f.f).claim_id
		AND b.line_no IS NOT DISTINCT FROM (f.f).line_no
		AND (b.with_claim_id IS NOT DISTINCT FROM (f.f).with_claim_id
				AND b.with_line_no IS NOT DISTINCT FROM (f.f).with_line_no
			OR NOT EXISTS (SELECT FROM written w WHERE w.claim_id IS NOT DISTINCT FROM (f.f).with_claim_id
				AND w.line_no IS NOT DISTINCT FROM (f.f).with_line_no)))
ORDER BY 1, 2, 3, (f.f).severity DESC, f.on_written DESC, (f.f).claim_id COLLATE "C", (f.f).line_no,
	(f.f).rule COLLATE "C"
$q$, written, stored, same, same_or_null);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_preview_sql(text) IS
	'part of claim_guard_preview: the query, of rows as jsonb, a ruleset and a severity';

CREATE FUNCTION claim_guard_preview(source text, rows jsonb) RETURNS TABLE (patient text, provider text,
		dos date, claim_id text, line_no int, rule text, severity claim_severity, message text,
		with_claim_id text, with_line_no int, suggestion claimline, condition text, carc text, rarc text,
		citation text, covered boolean, facts jsonb)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	guard claimline_internal.claim_guard;
BEGIN
	PERFORM claimline_internal.claim_source_known(source);
	SELECT g.* INTO guard FROM claimline_internal.claim_guard g WHERE g.source = claim_guard_preview.source;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'claim source "%" has no guard', source
			USING ERRCODE = 'undefined_object', HINT = 'Add one with claim_guard_add.';
	END IF;
	rows := CASE jsonb_typeof(rows) WHEN 'object' THEN jsonb_build_array(rows) WHEN 'null' THEN '[]'
		WHEN 'array' THEN jsonb_path_query_array(rows, '$[*] ? (@ != null)') ELSE coalesce(rows, '[]') END;
	IF jsonb_typeof(rows) <> 'array' OR jsonb_path_exists(rows, '$[*] ? (@.type() != "object")') THEN
		RAISE EXCEPTION 'rows of a preview must be an object of columns, or an array of them'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY EXECUTE claimline_internal.claim_preview_sql(source)
		USING rows, @extschema@.ruleset(guard.policy, NULL, guard.service_type), guard.at_least;
END $$;
COMMENT ON FUNCTION claim_guard_preview(text, jsonb) IS
	'what the guard of a source would say were rows inserted, which they are not: all findings that an '
	'INSERT of them would answer for, with the lines stored, at the guard''s severity or above, the most '
	'severe of each day first; rows: an object of columns, or an array of them; a column that is not named '
	'is null; with the rights of the user; raises an error for a source without a guard';

CREATE FUNCTION claim_guard_preview(source text, rows anyarray) RETURNS TABLE (patient text, provider text,
		dos date, claim_id text, line_no int, rule text, severity claim_severity, message text,
		with_claim_id text, with_line_no int, suggestion claimline, condition text, carc text, rarc text,
		citation text, covered boolean, facts jsonb)
	LANGUAGE sql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT * FROM @extschema@.claim_guard_preview(source, to_jsonb(rows))
$$;
COMMENT ON FUNCTION claim_guard_preview(text, anyarray) IS
	'as claim_guard_preview(source, jsonb), of an array of rows: of the row type of the table, or of any '
	'with columns of the same names, as array_agg(q) of a query q gives it';

CREATE FUNCTION claim_guard_preview(source text, rows text) RETURNS TABLE (patient text, provider text,
		dos date, claim_id text, line_no int, rule text, severity claim_severity, message text,
		with_claim_id text, with_line_no int, suggestion claimline, condition text, carc text, rarc text,
		citation text, covered boolean, facts jsonb)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	AS $$
DECLARE
	found pg_catalog.jsonb;
BEGIN
	PERFORM claimline_internal.claim_source_known(source);
	-- in the path of the user, whose query it is
	IF rows OPERATOR(pg_catalog.~) '^\s*[[{]' THEN
		found := rows::pg_catalog.jsonb;
	ELSIF rows IS NOT NULL THEN
		EXECUTE pg_catalog.format('SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(q.*)) FROM (%s) q', rows)
			INTO found;
	END IF;
	RETURN QUERY SELECT p.* FROM @extschema@.claim_guard_preview(source, found) p;
END $$;
COMMENT ON FUNCTION claim_guard_preview(text, text) IS
	'as claim_guard_preview(source, jsonb), of the rows of a query that is given as text, or of JSON';

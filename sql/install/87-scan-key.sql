
-- which provider-days of a source are one, and what a scan finds them by

CREATE FUNCTION claimline_internal.claim_scan_key(patient text, provider text, dos date) RETURNS uuid
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_key(text, text, date) IS
	'what a provider-day is found by: a hash of patient, provider and date';

CREATE FUNCTION claimline_internal.claim_key_equals(type regtype) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_key_equals(regtype) IS
	'the operator by which keys of a type are grouped, with its schema';
CREATE FUNCTION claimline_internal.claim_key_folds(type regtype) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_key_folds(regtype) IS
	'whether keys of a type are equal that differ in case only: citext, or a domain over it';

CREATE FUNCTION claimline_internal.claim_scan_key_forms(s claimline_internal.claim_source, field text,
		OUT as_text text, OUT of_text text, OUT same text)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE part AS (
		SELECT a.atttypid AS type, c.collisdeterministic IS FALSE AS mixed, CASE WHEN c.collname <> 'default'
			THEN format(' COLLATE %s.%I', c.collnamespace::regnamespace, c.collname) ELSE '' END AS collated
		FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
		WHERE a.attrelid = s.view AND a.attname = field
	), base AS (
		SELECT p.type FROM part p
		UNION ALL SELECT t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
	)
	SELECT CASE t.oid WHEN 'numeric'::regtype THEN 'pg_catalog.trim_scale(%s)::pg_catalog.text'
			ELSE '%s::pg_catalog.text' END,
		-- not of the domain: keys may be null that it does not admit
		'%s::' || format_type(t.oid, -1) || p.collated,
		CASE WHEN t.oid = 'numeric'::regtype THEN 'pg_catalog.trim_scale(%s)::pg_catalog.text'
			-- as citext folds
			WHEN claimline_internal.claim_key_folds(t.oid)
				THEN 'pg_catalog.lower(%s::pg_catalog.text COLLATE pg_catalog."default")'
			-- of these, equal values have one text
			WHEN t.typtype = 'e' OR t.oid = ANY ('{text,varchar,bpchar,name,"\"char\"",int2,int4,int8,oid,
				date,bool,uuid,inet,cidr,macaddr,macaddr8}'::regtype[]) AND p.mixed IS NOT TRUE
				THEN '%s::pg_catalog.text'
			ELSE 'pg_catalog.concat(pg_catalog.hash_record_extended(ROW(%1$s), 0), '
				''' '', pg_catalog.hash_record_extended(ROW(%1$s), 1))' END
	FROM part p, base b JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd'
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_key_forms(claimline_internal.claim_source, text) IS
	'part of claim_scan: formats of expressions for a key of a source (patient, provider): as_text, the key '
	'as text; of_text, the key that is meant by such a text; same, a text that equal keys have in common';

CREATE FUNCTION claimline_internal.claim_scan_keys(s claimline_internal.claim_source, alias text,
		OUT patient text, OUT provider text)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format(p.as_text, alias || '.patient'), format(r.as_text, alias || '.provider')
	FROM claimline_internal.claim_scan_key_forms(s, 'patient') p,
		claimline_internal.claim_scan_key_forms(s, 'provider') r
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_keys(claimline_internal.claim_source, text) IS
	'part of claim_scan: expressions for the keys of a day of a source, behind an alias, as text';

CREATE FUNCTION claimline_internal.claim_scan_key_sql(s claimline_internal.claim_source,
		patient text, provider text, dos text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format('claimline_internal.claim_scan_key(%s, %s, %s)',
		format(p.same, patient), format(r.same, provider), dos)
	FROM claimline_internal.claim_scan_key_forms(s, 'patient') p,
		claimline_internal.claim_scan_key_forms(s, 'provider') r
$$;
COMMENT ON FUNCTION
	claimline_internal.claim_scan_key_sql(claimline_internal.claim_source, text, text, text) IS
	'part of claim_scan: an expression for the claim_scan_key of a day, of expressions for its keys';

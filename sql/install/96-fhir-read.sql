
-- FHIR claims: what its words mean, and how its parts are read.  Whatever stands where another thing belongs
-- is read as nothing here; what becomes of it is said of the line (97-fhir.sql).

CREATE TABLE claim_fhir_word (
	field text NOT NULL CHECK (field OPERATOR(pg_catalog.=) ANY ('{procedure,diagnosis,diagnosis type,role,'
		'identifier,qualification,kind,status,use,related,unit,amount,place,revenue,bill}')),
	word text NOT NULL CHECK (word OPERATOR(pg_catalog.=) pg_catalog.lower(word)),
	meaning text NOT NULL,
	rank int NOT NULL DEFAULT 1,
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false
);
ALTER TABLE claim_fhir_word OWNER TO @extowner@;
GRANT SELECT ON claim_fhir_word TO PUBLIC;
COMMENT ON TABLE claim_fhir_word IS
	'what code systems and codes of FHIR claims mean to claim_lines_of_fhir; rows of your own, say of a '
	'payer''s system of HCPCS codes, go before those that are shipped';
SELECT pg_catalog.pg_extension_config_dump('claim_fhir_word', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_fhir_word
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_fhir_word
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
ALTER TABLE claim_fhir_word REPLICA IDENTITY FULL;

CREATE FUNCTION claimline_internal.fhir_facts() RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	SELECT coalesce(jsonb_object_agg(f.field, f.words), '{}') FROM (
		SELECT w.field,
			jsonb_object_agg(w.word, jsonb_build_array(w.meaning, w.rank) ORDER BY w.shipped DESC) AS words
		FROM @extschema@.claim_fhir_word w GROUP BY w.field) f);
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_facts() IS
	'claim_fhir_word as {"field": {"word": [meaning, rank]}}: what the other functions look up';

CREATE FUNCTION claimline_internal.fhir_text(v jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN pg_catalog.jsonb_typeof(v) IN ('string', 'number')
		THEN NULLIF(pg_catalog.btrim(v #>> '{}', E' \t\r\n'), '') END;
COMMENT ON FUNCTION claimline_internal.fhir_text(jsonb) IS
	'a text or number without blanks around it; null for anything else';

CREATE FUNCTION claimline_internal.fhir_integer(v jsonb) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN claimline_internal.claim_read_integer(claimline_internal.fhir_text(v));
COMMENT ON FUNCTION claimline_internal.fhir_integer(jsonb) IS
	'a whole number, also one that is a text; null for anything else';

CREATE FUNCTION claimline_internal.fhir_number(v jsonb) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN claimline_internal.claim_read_number(claimline_internal.fhir_text(v));
COMMENT ON FUNCTION claimline_internal.fhir_number(jsonb) IS
	'a number, also one that is a text; null for anything else';

CREATE FUNCTION claimline_internal.fhir_list(v jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN pg_catalog.jsonb_typeof(v) = 'array' THEN v
		ELSE COALESCE('[]'::pg_catalog.jsonb || NULLIF(v, 'null'), '[]') END;
COMMENT ON FUNCTION claimline_internal.fhir_list(jsonb) IS
	'an array, one element for what is none, none for nothing';

CREATE FUNCTION claimline_internal.fhir_fact(facts jsonb, field text, word text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN facts #> ARRAY[field,
		pg_catalog.lower(pg_catalog.rtrim(pg_catalog.split_part(word, '|', 1), '/'))];
COMMENT ON FUNCTION claimline_internal.fhir_fact(jsonb, text, text) IS
	'meaning and rank of a code or system, letter case, its version (|) and a slash at its end aside';

CREATE FUNCTION claimline_internal.fhir_coding(facts jsonb, field text, concept jsonb, by_code boolean,
		OUT code text, OUT meaning text, OUT rank int, OUT system text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF concept -> 'coding' IS NULL THEN
		RETURN;
	END IF;
	SELECT c.code, f.fact ->> 0, (f.fact ->> 1)::int, c.system INTO code, meaning, rank, system
	FROM jsonb_array_elements(claimline_internal.fhir_list(concept -> 'coding')) WITH ORDINALITY e(v, n),
		LATERAL (SELECT claimline_internal.fhir_text(e.v -> 'code'),
			claimline_internal.fhir_text(e.v -> 'system')) c(code, system),
		LATERAL (SELECT claimline_internal.fhir_fact(facts, field,
			CASE WHEN by_code THEN c.code ELSE c.system END)) f(fact)
	WHERE c.code IS NOT NULL
	ORDER BY coalesce((f.fact ->> 1)::int, 5), e.n LIMIT 1;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_coding(jsonb, text, jsonb, boolean) IS
	'of the codings of a concept the one that means most by its system or its code, else the first '
	'with a code';

CREATE FUNCTION claimline_internal.fhir_date(v jsonb) RETURNS date
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	SELECT CASE WHEN t ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$' 
		THEN @extschema@.claim_read_date("left"(t, 10)) END
	FROM (SELECT CASE WHEN jsonb_typeof(v) = 'string' THEN claimline_internal.fhir_text(v) END) x(t));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_date(jsonb) IS
	'the day of a date or of a date with a time, as it is written, whatever the zone; null for a year '
	'or a month';

-- people and organizations

CREATE FUNCTION claimline_internal.fhir_identity(facts jsonb, resource jsonb, OUT number text, OUT rank int)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	SELECT v.number, r.rank INTO number, rank
	FROM jsonb_array_elements(claimline_internal.fhir_list(resource -> 'identifier')) WITH ORDINALITY i(v, n),
		LATERAL (SELECT claimline_internal.fhir_text(i.v -> 'value')) v(number),
		LATERAL claimline_internal.fhir_coding(facts, 'identifier', i.v -> 'type', true) c,
		LATERAL (SELECT claimline_internal.fhir_fact(facts, 'identifier',
			claimline_internal.fhir_text(i.v -> 'system'))) f(fact),
		LATERAL (SELECT coalesce(least((f.fact ->> 1)::int, c.rank), 5)) r(rank)
	WHERE v.number IS NOT NULL
	ORDER BY i.v ->> 'use' = 'old' IS TRUE, r.rank, i.n LIMIT 1;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_identity(jsonb, jsonb) IS
	'the number of a resource: an NPI (rank 1) before others, a tax number last, and those of old before '
	'none; null where it has none';

CREATE FUNCTION claimline_internal.fhir_reference(reference jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	SELECT regexp_replace(coalesce(claimline_internal.fhir_text(reference -> 'reference'),
		CASE WHEN jsonb_typeof(reference) = 'string' THEN claimline_internal.fhir_text(reference) END),
		'/_history/[^/]*$', ''));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_reference(jsonb) IS
	'what a reference refers to, without its version';

CREATE FUNCTION claimline_internal.fhir_tail(url text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN "substring"(url, '^https?://.*/([A-Za-z]+/[^/]+)$');
COMMENT ON FUNCTION claimline_internal.fhir_tail(text) IS 'Practitioner/7 of an absolute address';

CREATE FUNCTION claimline_internal.fhir_named(resource jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	SELECT coalesce(jsonb_object_agg(k.key, o.kept || jsonb_build_object('at', u.url)), '{}')
	FROM jsonb_array_elements(claimline_internal.fhir_list(resource -> 'entry')) e(v),
		LATERAL (SELECT regexp_replace(claimline_internal.fhir_text(e.v -> 'fullUrl'),
			'/_history/[^/]*$', '')) u(url),
		LATERAL (SELECT jsonb_object_agg(f.field, e.v -> 'resource' -> f.field)
			FROM unnest('{resourceType,identifier,practitioner,organization,requester,name,code,'
				'contained}'::text[]) f(field)) o(kept),
		LATERAL (VALUES (u.url), (claimline_internal.fhir_tail(u.url)),
			((e.v #>> '{resource,resourceType}') || '/' || (e.v #>> '{resource,id}'))) k(key)
	WHERE k.key IS NOT NULL AND e.v #>> '{resource,resourceType}' IN ('Practitioner', 'PractitionerRole',
		'Organization', 'Condition', 'ServiceRequest', 'ReferralRequest'));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_named(jsonb) IS
	'resources of a bundle that its claims may refer to, by what refers to them: what of them is read, and '
	'the address that they are at';

CREATE FUNCTION claimline_internal.fhir_find(reference text, within jsonb, named jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	tail CONSTANT text := claimline_internal.fhir_tail(reference);
BEGIN
	IF reference LIKE '#%' THEN
		RETURN (SELECT c.v
			FROM jsonb_array_elements(claimline_internal.fhir_list(within -> 'contained')) c(v)
			WHERE ltrim(c.v ->> 'id', '#') = "right"(reference, -1) LIMIT 1);
	END IF;
	-- what is at another address is somebody else
	RETURN coalesce(named -> reference,
		CASE WHEN coalesce(named #>> ARRAY[tail, 'at'], '') NOT LIKE 'http%' THEN named -> tail END);
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_find(text, jsonb, jsonb) IS
	'the resource that a reference refers to, contained in the resource it stands in or in the bundle; '
	'null where it is in neither';

CREATE FUNCTION claimline_internal.fhir_who(facts jsonb, reference jsonb, within jsonb, named jsonb,
		is_role boolean, OUT number text, OUT rank int)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	leads_to CONSTANT text := claimline_internal.fhir_reference(reference);
	-- Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1999000001
	asked CONSTANT text[] := regexp_match(leads_to, '^[A-Za-z]+\?identifier=(?:(.*)\|)?([^|]*)$');
	resource CONSTANT jsonb := claimline_internal.fhir_find(leads_to, within, named);
	inside CONSTANT jsonb := CASE WHEN leads_to LIKE '#%' THEN within ELSE resource END;
	person CONSTANT jsonb := CASE WHEN is_role THEN NULLIF(resource -> 'practitioner', 'null') END;
BEGIN
	SELECT w.number, w.rank INTO number, rank FROM (
		SELECT p.number, least(p.rank, 10), 1
		FROM claimline_internal.fhir_who(facts, person, inside, named, false) p WHERE person IS NOT NULL
		UNION ALL SELECT i.number, i.rank, 2 FROM claimline_internal.fhir_identity(facts, reference) i
		UNION ALL SELECT i.number, i.rank, 2 FROM claimline_internal.fhir_identity(facts, resource) i
		UNION ALL SELECT asked[2], coalesce((claimline_internal.fhir_fact(facts, 'identifier', asked[1])
			->> 1)::int, 5), 2
		-- whom it is of is no person: before nobody, and where there is no person, before its own number
		UNION ALL SELECT o.number, o.rank + CASE WHEN person IS NULL THEN 0 ELSE 10 END, 3
		FROM claimline_internal.fhir_who(facts, resource -> 'organization', inside, named, false) o
		WHERE is_role AND resource ? 'organization'
		UNION ALL SELECT claimline_internal.fhir_text(resource -> 'name'), 9, 4
		WHERE resource ->> 'resourceType' = 'Organization'
		UNION ALL SELECT leads_to, 30, 5 WHERE leads_to NOT LIKE '#%'
	) w(number, rank, near) WHERE w.number <> '' ORDER BY w.rank, w.near LIMIT 1;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_who(jsonb, jsonb, jsonb, jsonb, boolean) IS
	'who is meant by a reference: an NPI (rank 1) before other numbers; of a role, the person before the '
	'role and the organization; else the reference itself; null where nobody is';

CREATE FUNCTION claimline_internal.fhir_party(facts jsonb, reference jsonb, claim jsonb, named jsonb)
		RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (SELECT w.number FROM claimline_internal.fhir_who(facts, reference, claim, named, true) w);
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_party(jsonb, jsonb, jsonb, jsonb) IS
	'who is meant: the number in the reference, or of what it refers to in the claim (contained) or the '
	'bundle, else the reference itself; null where nobody is, or a contained resource without a number';

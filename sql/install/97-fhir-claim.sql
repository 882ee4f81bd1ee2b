
-- the service lines of FHIR claims

CREATE FUNCTION claimline_internal.fhir_claims(resource jsonb, OUT claim jsonb, OUT why text)
	RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN QUERY
	WITH RECURSIVE inside(resource, at, entry, is_answer) AS (
		SELECT fhir_claims.resource, '{}'::bigint[], NULL::bigint, false
		UNION ALL
		SELECT e.v -> 'resource', i.at || e.n, e.n, coalesce(e.v ?| '{request,response}', false)
		FROM inside i, jsonb_array_elements(claimline_internal.fhir_list(i.resource -> 'entry'))
			WITH ORDINALITY e(v, n)
		WHERE i.resource ->> 'resourceType' = 'Bundle'
	)
	SELECT CASE WHEN i.resource ->> 'resourceType' IN ('ExplanationOfBenefit', 'Claim') THEN i.resource END,
		CASE WHEN coalesce(i.resource ->> 'resourceType', '') NOT IN ('ExplanationOfBenefit', 'Claim')
			THEN format('Entry %s of the bundle is no resource.', i.entry) END
	FROM inside i
	-- an entry that only says what was done has no resource, and resources of other kinds are no claims
	WHERE i.resource ->> 'resourceType' IN ('ExplanationOfBenefit', 'Claim')
		OR NOT coalesce(jsonb_typeof(i.resource -> 'resourceType') = 'string',
			i.is_answer AND i.resource IS NULL)
	ORDER BY i.at;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_claims(jsonb) IS
	'the claims of a resource, in their order: itself, or those of the bundle that it is; '
	'why: what stands in their place where that is no resource';

CREATE FUNCTION claimline_internal.fhir_head(facts jsonb, claim jsonb, named jsonb) RETURNS claim_file_line
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	l @extschema@.claim_file_line;
	bill jsonb;
	other jsonb;
	referral CONSTANT jsonb := claimline_internal.fhir_find(
		claimline_internal.fhir_reference(claim -> 'referral'), claim, named);
	status CONSTANT text := claimline_internal.fhir_text(claim -> 'status');
	use CONSTANT text := claimline_internal.fhir_text(claim -> 'use');
BEGIN
	SELECT c.meaning INTO l.kind FROM claimline_internal.fhir_coding(facts, 'kind', claim -> 'type', true) c;
	l.claim_id := coalesce(claimline_internal.fhir_text(claim -> 'id'),
		(SELECT i.number FROM claimline_internal.fhir_identity(facts, claim) i));
	l.patient := claimline_internal.fhir_party(facts, claim -> 'patient', claim, NULL);
	l.billing := coalesce(claimline_internal.fhir_party(facts, claim -> 'provider', claim, named),
		claimline_internal.fhir_party(facts, claim -> 'organization', claim, named));
	l.payer := coalesce(claimline_internal.fhir_party(facts, claim -> 'insurer', claim, named),
		claimline_internal.fhir_text(claim #> '{insurer,display}'));
	-- who wrote the referral; one that leads nowhere says that somebody referred, not who
	l.referring := claimline_internal.fhir_party(facts,
		coalesce(referral #> '{requester,agent}', referral -> 'requester'),
		CASE WHEN claimline_internal.fhir_reference(claim -> 'referral') LIKE '#%' THEN claim
			ELSE referral END, named);
	SELECT jsonb_object_agg(f.meaning, e.v ->> 'code') INTO bill FROM (
			SELECT claim -> 'type' UNION ALL
			SELECT s.v -> 'code' FROM jsonb_array_elements(claimline_internal.fhir_list(
				coalesce(claim -> 'supportingInfo', claim -> 'information'))) s(v) UNION ALL
			SELECT jsonb_build_object('coding', x.v -> 'valueCoding')
			FROM jsonb_array_elements(claimline_internal.fhir_list(claim #> '{facility,extension}')) x(v)
		) s(concept),
		jsonb_array_elements(claimline_internal.fhir_list(s.concept -> 'coding')) e(v),
		LATERAL (SELECT claimline_internal.fhir_fact(facts, 'bill', e.v ->> 'system') ->> 0) f(meaning)
		WHERE f.meaning IS NOT NULL AND e.v ->> 'code' <> '';
	-- 0131 is 131
	l.bill_type := coalesce(regexp_replace(bill ->> 'type', '^0(?=.{3}$)', ''),
		(bill ->> 'facility') || (bill ->> 'class') || (bill ->> 'frequency'));
	FOR other IN SELECT r.v
			FROM jsonb_array_elements(claimline_internal.fhir_list(claim -> 'related')) r(v) LOOP
		SELECT CASE c.meaning WHEN 'replaces' THEN o.id ELSE l.replaces END,
			CASE c.meaning WHEN 'replaced' THEN format('Claim was replaced by "%s".', o.id)
				ELSE l.line_error END
			INTO l.replaces, l.line_error
		FROM claimline_internal.fhir_coding(facts, 'related', other -> 'relationship', true) c,
			LATERAL (SELECT coalesce(
				regexp_replace(claimline_internal.fhir_reference(other -> 'claim'), '^.*[/:]', ''),
				claimline_internal.fhir_text(other #> '{claim,identifier,value}'),
				claimline_internal.fhir_text(other #> '{reference,value}'))) o(id);
	END LOOP;
	l.frequency := coalesce(bill ->> 'frequency', "right"(bill ->> 'type', 1),
		CASE WHEN l.replaces IS NOT NULL THEN '7' END);
	IF claimline_internal.fhir_fact(facts, 'use', use) IS NULL AND claim ? 'use' THEN
		l.line_error := format('Claim has use "%s", must be claim.', coalesce(use, claim ->> 'use'));
	END IF;
	IF claimline_internal.fhir_fact(facts, 'status', status) IS NULL AND claim ? 'status' THEN
		l.line_error := format('Claim has status "%s", must be active.',
			coalesce(status, claim ->> 'status'));
	END IF;
	RETURN l;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_head(jsonb, jsonb, jsonb) IS
	'what a claim says for all its lines; line_error: why none of them is one';

CREATE FUNCTION claimline_internal.fhir_team(facts jsonb, claim jsonb, named jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	WITH linked(n) AS (
		SELECT claimline_internal.fhir_integer(l.v)
		FROM jsonb_array_elements(claimline_internal.fhir_list(claim -> 'item')) i(v),
			jsonb_array_elements(claimline_internal.fhir_list(
				coalesce(i.v -> 'careTeamSequence', i.v -> 'careTeamLinkId'))) l(v)
	)
	SELECT coalesce(jsonb_agg(jsonb_build_object('n', s.n, 'role', r.meaning, 'rank', r.rank,
			'number', claimline_internal.fhir_party(facts, t.v -> 'provider', claim, named),
			'linked', EXISTS (SELECT FROM linked WHERE linked.n = s.n),
			q.meaning, q.code) ORDER BY s.n, t.at), '[]')
	FROM jsonb_array_elements(claimline_internal.fhir_list(claim -> 'careTeam')) WITH ORDINALITY t(v, at),
		LATERAL (SELECT claimline_internal.fhir_integer(t.v -> 'sequence')) s(n),
		-- who is not said to do something else renders
		LATERAL (SELECT CASE WHEN c.code IS NULL THEN 'rendering' ELSE c.meaning END, coalesce(c.rank, 3)
			FROM claimline_internal.fhir_coding(facts, 'role', t.v -> 'role', true) c) r(meaning, rank),
		LATERAL (SELECT coalesce(c.meaning, 'other'), c.code
			FROM claimline_internal.fhir_coding(facts, 'qualification', CASE WHEN
				jsonb_typeof(t.v -> 'qualification') = 'array' THEN t.v #> '{qualification,0}'
				ELSE t.v -> 'qualification' END, false) c) q(meaning, code));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_team(jsonb, jsonb, jsonb) IS
	'the care team of a claim: number in it, role, who, taxonomy or specialty, and whether an item names it';

CREATE FUNCTION claimline_internal.fhir_member(team jsonb, links jsonb, of_role text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	WITH member AS (
		SELECT t.v, t.at, (t.v ->> 'rank')::int AS rank, t.v ->> 'number' AS number, l.at AS link,
			(t.v -> 'linked')::boolean AS is_linked
		FROM jsonb_array_elements(team) WITH ORDINALITY t(v, at)
			LEFT JOIN jsonb_array_elements(claimline_internal.fhir_list(links)) WITH ORDINALITY l(v, at)
				ON claimline_internal.fhir_integer(l.v) = (t.v ->> 'n')::int
		WHERE t.v ->> 'role' = of_role AND t.v ->> 'number' IS NOT NULL
	)
	SELECT coalesce(
		(SELECT m.v FROM member m WHERE m.link IS NOT NULL ORDER BY m.rank, m.link, m.at LIMIT 1),
		-- of the whole claim is whom no item names; of several who could have rendered nobody is picked
		(SELECT (array_agg(m.v ORDER BY m.at))[1] FROM member m
		WHERE NOT m.is_linked AND m.rank = (SELECT min(o.rank) FROM member o WHERE NOT o.is_linked)
		HAVING count(DISTINCT m.number) = 1 OR of_role <> 'rendering'),
		(SELECT (array_agg(m.v ORDER BY m.at))[1] FROM member m
		HAVING count(DISTINCT m.number) = 1 AND of_role = 'rendering')));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_member(jsonb, jsonb, text) IS
	'who of the team has a role for an item with these links; null where nobody has, or several could have';

CREATE FUNCTION claimline_internal.fhir_diagnoses(facts jsonb, claim jsonb, named jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RETURN (
	SELECT coalesce(jsonb_agg(jsonb_build_object('n', s.n,
			'code', c.code, 'icd', c.meaning, 'system', c.system, 'apart', EXISTS (
				SELECT FROM jsonb_array_elements(claimline_internal.fhir_list(d.v -> 'type')) k(v),
				claimline_internal.fhir_coding(facts, 'diagnosis type', k.v, true) t
				WHERE t.meaning IS NOT NULL)) ORDER BY s.n, d.at), '[]')
	FROM jsonb_array_elements(claimline_internal.fhir_list(claim -> 'diagnosis')) WITH ORDINALITY d(v, at),
		LATERAL (SELECT claimline_internal.fhir_integer(d.v -> 'sequence'),
			claimline_internal.fhir_reference(d.v -> 'diagnosisReference')) s(n, "to"),
		LATERAL claimline_internal.fhir_coding(facts, 'diagnosis', coalesce(d.v -> 'diagnosisCodeableConcept',
			claimline_internal.fhir_find(s.to, claim, named) -> 'code'), false) c);
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_diagnoses(jsonb, jsonb, jsonb) IS
	'the diagnoses of a claim: number, code, 9 or 10 for ICD-9-CM or ICD-10-CM, else null and the system; '
	'apart: it is why the patient came, and the like, no diagnosis of services';

CREATE FUNCTION claimline_internal.fhir_items(claim jsonb, OUT item jsonb, OUT top jsonb, OUT within jsonb,
		OUT line_no int, OUT path text)
	RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	number int;
	at_item text;
	at_detail text;
	i record;
	d record;
	s record;
BEGIN
	FOR i IN SELECT e.v, e.n FROM jsonb_array_elements(claimline_internal.fhir_list(claim -> 'item'))
			WITH ORDINALITY e(v, n) LOOP
		number := claimline_internal.fhir_integer(i.v -> 'sequence');
		number := CASE WHEN number > 0 THEN number ELSE i.n END;
		at_item := number;
		item := i.v;
		top := i.v;
		within := i.v;
		line_no := number;
		path := NULL;
		RETURN NEXT;
		line_no := NULL;
		FOR d IN SELECT e.v, e.n FROM jsonb_array_elements(claimline_internal.fhir_list(i.v -> 'detail'))
				WITH ORDINALITY e(v, n) LOOP
			at_detail := concat_ws('.', at_item,
				coalesce(claimline_internal.fhir_integer(d.v -> 'sequence'), d.n));
			item := d.v;
			within := i.v;
			path := at_detail;
			RETURN NEXT;
			FOR s IN SELECT e.v, e.n
					FROM jsonb_array_elements(claimline_internal.fhir_list(d.v -> 'subDetail'))
					WITH ORDINALITY e(v, n) LOOP
				item := s.v;
				within := d.v;
				path := concat_ws('.', at_detail,
					coalesce(claimline_internal.fhir_integer(s.v -> 'sequence'), s.n));
				RETURN NEXT;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_items(jsonb) IS
	'the items of a claim with their details and those of details, in their order: top, the item that it '
	'is or is of; within, the item or detail above; path, 1.2 or 1.2.3 for a detail';

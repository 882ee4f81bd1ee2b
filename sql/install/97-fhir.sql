
-- FHIR claims as rows and lines

-- Parts that are no fields of a line are not named by unread: their note alone tells of them.
CREATE FUNCTION claimline_internal.fhir_make(l claim_file_line, units text, minutes text, modifiers text[],
		dx text[], of_claim boolean, specialty text, referral boolean, unread text[], note text)
		RETURNS claim_file_line
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	fault text[];
BEGIN
	fault := claimline_internal.claim_source_fault(
		'[{"field": "code"}, {"field": "modifiers"}, {"field": "units"}, {"field": "minutes"},
		{"field": "dos"}, {"field": "thru"}, {"field": "dx"}, {"field": "specialty"},
		{"field": "referral"}, {"field": "charge"}, {"field": "status"}]', l.code, modifiers, units,
		minutes, l.dos, l.thru, dx, specialty, referral, l.charge, l.frequency = '8');
	l.line := claimline_internal.claim_source_line(
		'[{"field": "code"}, {"field": "modifiers"}, {"field": "units"}, {"field": "minutes"},
		{"field": "dos"}, {"field": "thru"}, {"field": "dx"}, {"field": "specialty"},
		{"field": "referral"}, {"field": "charge"}, {"field": "status"}]', l.code, modifiers, units,
		minutes, l.dos, l.thru, dx, specialty, referral, l.charge, l.frequency = '8');
	-- to the only diagnosis of a claim, its lines point
	of_claim := of_claim AND cardinality(l.dx) > 1;
	IF l.line IS NOT NULL AND (of_claim OR cardinality(unread) > 0) THEN
		unread := ARRAY(SELECT DISTINCT u FROM unnest(unread || @extschema@.line_unread(l.line)) u);
		l.line := (regexp_replace(l.line::text, ' unread=[^ ]*', '')
			|| CASE WHEN of_claim THEN ' dxof=claim' ELSE '' END
			|| coalesce(' unread=' || NULLIF(array_to_string(unread, ','), ''), ''))::@extschema@.claimline;
	END IF;
	l.line_error := CASE WHEN l.line IS NULL THEN fault[4]
		ELSE NULLIF(concat_ws(' ', note, fault[4]), '') END;
	RETURN l;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_make(claim_file_line, text, text, text[], text[], boolean, text,
		boolean, text[], text) IS
	'a row with its claim line, or with why it is none; unread: fields of which something could not be read, '
	'and note, what';

CREATE FUNCTION claimline_internal.fhir_line(facts jsonb, head claim_file_line, claim jsonb, team jsonb,
		diagnoses jsonb, item jsonb, within jsonb, top jsonb, line_no int, path text) RETURNS claim_file_line
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	l @extschema@.claim_file_line := head;
	links CONSTANT jsonb := coalesce(top -> 'careTeamSequence', top -> 'careTeamLinkId');
	renders CONSTANT jsonb := claimline_internal.fhir_member(team, links, 'rendering');
	refers CONSTANT jsonb := claimline_internal.fhir_member(team, links, 'referring');
	modifier record;
	quantity record;
	dates record;
	dx record;
	why text;
	charged text;
	unknown text;
	numbered text;
BEGIN
	l.line_no := line_no;
	l.line_control := path;
	l.rendering := coalesce(renders ->> 'number', l.billing);
	l.referring := coalesce(refers ->> 'number', l.referring);
	l.taxonomy := renders ->> 'taxonomy';
	SELECT CASE WHEN l.kind IS DISTINCT FROM 'institutional' THEN c.code END INTO l.pos
		FROM claimline_internal.fhir_coding(facts, 'place', top -> 'locationCodeableConcept', false) c;
	SELECT c.code INTO l.revenue FROM claimline_internal.fhir_coding(facts, 'revenue',
		coalesce(item -> 'revenue', within -> 'revenue', top -> 'revenue'), false) c;
	SELECT c.qualifier, c.code, c.why INTO l.qualifier, l.code, why
		FROM claimline_internal.fhir_code(facts, item, l.revenue) c;
	SELECT c.charge, c.note INTO l.charge, charged FROM claimline_internal.fhir_charge(facts, item) c;
	modifier := claimline_internal.fhir_modifiers(facts, item);
	quantity := claimline_internal.fhir_quantity(facts, item);
	dates := claimline_internal.fhir_dates(item, within, top, claim);
	dx := claimline_internal.fhir_dx(diagnoses,
		coalesce(top -> 'diagnosisSequence', top -> 'diagnosisLinkId'));
	l.modifiers := modifier.listed;
	l.dos := dates.dos;
	l.thru := dates.thru;
	l.units := CASE WHEN quantity.minutes IS NULL
		THEN claimline_internal.claim_read_number(quantity.units) END;
	l.minutes := claimline_internal.claim_read_number(quantity.minutes);
	l.days := quantity.days;
	l.dx := dx.listed;
	l.icd := CASE WHEN dx.listed IS NOT NULL THEN dx.icd END;
	SELECT format('Item names %s of the care team, the claim has none of that number.', "left"(k.v::text, 60))
		INTO unknown FROM jsonb_array_elements(claimline_internal.fhir_list(links)) k(v)
		WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(team) t(v)
			WHERE t.v -> 'n' = to_jsonb(claimline_internal.fhir_integer(k.v))) LIMIT 1;
	IF jsonb_typeof(item) <> 'object' THEN
		why := format('Item is %s, must be an object.', "left"(item::text, 60));
	ELSIF item ? 'sequence' AND path IS NULL
			AND (item -> 'sequence' <> to_jsonb(line_no)) IS NOT FALSE THEN
		numbered := format('Item is numbered %s, must be a whole number from 1.',
			"left"((item -> 'sequence')::text, 60));
	END IF;
	l.line_error := coalesce(head.line_error, why, dates.why, quantity.why);
	IF l.line_error IS NOT NULL THEN
		RETURN l;
	END IF;
	RETURN claimline_internal.fhir_make(l, quantity.units, quantity.minutes, modifier.readable, dx.readable,
		dx.of_claim, coalesce(renders ->> 'taxonomy', renders ->> 'specialty'),
		CASE WHEN l.referring IS NOT NULL OR jsonb_typeof(claim -> 'referral') = 'object' THEN true END,
		array_remove(ARRAY[CASE WHEN modifier.note IS NOT NULL THEN 'modifiers' END,
			CASE WHEN dates.note IS NOT NULL THEN 'thru' END,
			CASE WHEN dx.note IS NOT NULL THEN 'dx' END], NULL),
		NULLIF(concat_ws(' ', modifier.note, quantity.note, charged, dates.note, dx.note, numbered, unknown,
			CASE WHEN l.patient IS NULL THEN 'Claim has no patient.' END), ''));
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_line(jsonb, claim_file_line, jsonb, jsonb, jsonb, jsonb, jsonb,
		jsonb, int, text) IS
	'the row of an item or detail, with what its claim (head) says for all its lines';

CREATE FUNCTION claim_lines_of_fhir(resource jsonb) RETURNS SETOF claim_file_line
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 100000 ROWS 10
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	facts jsonb;
	named jsonb;
	found record;
	team jsonb;
	diagnoses jsonb;
	head @extschema@.claim_file_line;
	l @extschema@.claim_file_line;
	item record;
	n int := 0;
	before int;
BEGIN
	IF coalesce(resource ->> 'resourceType', '') NOT IN ('ExplanationOfBenefit', 'Claim', 'Bundle') THEN
		RAISE EXCEPTION 'not a FHIR claim' USING ERRCODE = 'invalid_parameter_value',
			DETAIL = CASE WHEN jsonb_typeof(resource) <> 'object'
				THEN format('The value is of type %s, must be an object with a resourceType.',
					jsonb_typeof(resource))
				WHEN resource ? 'resourceType'
				THEN format('The resourceType is %s, must be ExplanationOfBenefit, Claim or Bundle.',
					"left"((resource -> 'resourceType')::text, 60))
				ELSE 'The object has no resourceType, must have ExplanationOfBenefit, Claim or Bundle.' END,
			HINT = CASE WHEN jsonb_typeof(resource) = 'array'
				THEN 'Call it for each element: jsonb_array_elements(value).'
				ELSE 'A resource at a time is read; of a file with one a line, call it for each line.' END;
	END IF;
	facts := claimline_internal.fhir_facts();
	named := CASE WHEN resource ->> 'resourceType' = 'Bundle'
		THEN claimline_internal.fhir_named(resource) END;
	FOR found IN SELECT c.claim, c.why FROM claimline_internal.fhir_claims(resource) c LOOP
		before := n;
		head := claimline_internal.fhir_head(facts, found.claim, named);
		team := claimline_internal.fhir_team(facts, found.claim, named);
		diagnoses := claimline_internal.fhir_diagnoses(facts, found.claim, named);
		FOR item IN SELECT i.* FROM claimline_internal.fhir_items(found.claim) i LOOP
			n := n + 1;
			l := claimline_internal.fhir_line(facts, head, found.claim, team, diagnoses, item.item,
				item.within, item.top, item.line_no, item.path);
			l.segment := n;
			RETURN NEXT l;
		END LOOP;
		IF n = before THEN
			n := n + 1;
			head.segment := n;
			head.line_error := coalesce(found.why, head.line_error, 'Claim has no item.');
			RETURN NEXT head;
		END IF;
	END LOOP;
END $$;
COMMENT ON FUNCTION claim_lines_of_fhir(jsonb) IS
	'the items, details and details of details of a FHIR ExplanationOfBenefit or Claim, or of those of a '
	'Bundle, releases STU3 and R4: a row each, in their order; none for null. What is wrong with an item is '
	'said in its row; a claim without items is a row that says so. Raises an error for what is none of '
	'the three';

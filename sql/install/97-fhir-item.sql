
-- a service line of a FHIR claim: its parts, then the line.  why: it is no line; note: it is one without
-- what could not be read.

CREATE FUNCTION claimline_internal.fhir_code(facts jsonb, item jsonb, revenue text,
		OUT qualifier text, OUT code text, OUT why text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	SELECT c.code, CASE WHEN c.meaning IN ('HC', 'AD') THEN c.meaning ELSE c.system END, CASE
			WHEN c.meaning = 'HC' OR c.meaning = 'AD' AND upper(c.code) LIKE 'D%' THEN NULL
			WHEN c.system IS NULL THEN format('Code "%s" has no system, must be of HCPCS or CPT.', c.code)
			ELSE format('Code "%s" is no HCPCS code: system "%s"%s.', c.code, c.system, ', ' || c.meaning) END
		INTO code, qualifier, why
		FROM claimline_internal.fhir_coding(facts, 'procedure',
			coalesce(item -> 'productOrService', item -> 'service'), false) c
		WHERE c.code IS NOT NULL AND c.meaning IS DISTINCT FROM 'absent';
	IF code IS NULL THEN
		why := CASE WHEN revenue IS NULL THEN 'Code must not be null.'
			ELSE format('Revenue line %s, no procedure code.', revenue) END;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_code(jsonb, jsonb, text) IS
	'the procedure code of an item and its list: HC for HCPCS and CPT, AD for dental codes, else the system';

CREATE FUNCTION claimline_internal.fhir_modifiers(facts jsonb, item jsonb,
		OUT listed text[], OUT readable text[], OUT note text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF item -> 'modifier' IS NULL THEN
		readable := '{}';
		RETURN;
	END IF;
	WITH coding AS (
		-- the codings of a concept are of one modifier or, of some payers, of several: each code once
		SELECT m.n, c.n AS at, m.v AS modifier, k.code, k.system, f.is_read,
			bool_or(f.is_read) OVER (PARTITION BY m.n) AS any_read,
			row_number() OVER (PARTITION BY m.n, k.code ORDER BY f.is_read DESC NULLS LAST, c.n) AS again
		FROM jsonb_array_elements(claimline_internal.fhir_list(item -> 'modifier')) WITH ORDINALITY m(v, n)
			LEFT JOIN LATERAL jsonb_array_elements(claimline_internal.fhir_list(m.v -> 'coding'))
				WITH ORDINALITY c(v, n) ON true,
			LATERAL (SELECT claimline_internal.fhir_text(c.v -> 'code'),
				claimline_internal.fhir_text(c.v -> 'system')) k(code, system),
			LATERAL (SELECT claimline_internal.fhir_fact(facts, 'procedure', k.system) ->> 0
				IN ('HC', 'AD') AND k.code IS NOT NULL) f(is_read)
	), said AS (
		SELECT c.n, c.at, c.code, c.is_read, CASE
				WHEN c.code IS NULL
				THEN format('Modifier is %s, must have a code.', "left"(c.modifier::text, 60))
				WHEN c.system IS NULL
				THEN format('Modifier "%s" has no system, must be of HCPCS or CPT.', c.code)
				ELSE format('Modifier "%s" is no HCPCS modifier: system "%s".', c.code, c.system) END AS why
		FROM coding c WHERE CASE WHEN c.any_read THEN c.is_read AND c.again = 1
			ELSE c.at IS NULL OR c.at = 1 END
	)
	SELECT array_agg(s.code ORDER BY s.n, s.at) FILTER (WHERE s.code IS NOT NULL),
		coalesce(array_agg(s.code ORDER BY s.n, s.at) FILTER (WHERE s.is_read), '{}'),
		(array_agg(s.why ORDER BY s.n, s.at) FILTER (WHERE s.is_read IS NOT TRUE))[1]
		INTO listed, readable, note FROM said s;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_modifiers(jsonb, jsonb) IS
	'the modifiers of an item as they stand, and those of HCPCS and CPT';

CREATE FUNCTION claimline_internal.fhir_quantity(facts jsonb, item jsonb,
		OUT units text, OUT minutes text, OUT days numeric, OUT why text, OUT note text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	quantity CONSTANT jsonb := item -> 'quantity';
	value CONSTANT text := claimline_internal.fhir_text(quantity -> 'value');
	measure text := coalesce(claimline_internal.fhir_text(quantity -> 'code'),
		claimline_internal.fhir_text(quantity -> 'unit'));
	meaning CONSTANT text := coalesce(claimline_internal.fhir_fact(facts, 'unit', quantity ->> 'code'),
		claimline_internal.fhir_fact(facts, 'unit', quantity ->> 'unit')) ->> 0;
BEGIN
	IF value IS NULL AND jsonb_typeof(coalesce(quantity -> 'value', quantity)) NOT IN ('null', 'object') THEN
		why := format('Units are %s, not a quantity.', "left"(quantity::text, 60));
	ELSIF measure IS NOT NULL AND meaning IS NULL THEN
		why := format('Units are measured in "%s", must be units, days or minutes.', measure);
	ELSIF meaning = 'minutes' THEN
		units := '1';
		minutes := value;
	ELSE
		units := value;
		days := CASE WHEN meaning = 'days' THEN claimline_internal.claim_read_number(value) END;
	END IF;
	IF jsonb_typeof(quantity -> 'value') = 'string'
			AND claimline_internal.claim_read_number(value) IS NOT NULL THEN
		note := format('Units are the text "%s", read as a number.', value);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_quantity(jsonb, jsonb) IS
	'the units of an item, or where its unit says so its minutes, which are billed as one, or its days';

CREATE FUNCTION claimline_internal.fhir_dates(item jsonb, within jsonb, top jsonb, claim jsonb,
		OUT dos date, OUT thru date, OUT why text, OUT note text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	given CONSTANT jsonb := (SELECT d.v FROM unnest(ARRAY[
			item -> 'servicedDate', item -> 'servicedPeriod',
			within -> 'servicedDate', within -> 'servicedPeriod',
			top -> 'servicedDate', top -> 'servicedPeriod', claim -> 'billablePeriod'])
			WITH ORDINALITY d(v, n)
		WHERE d.v <> 'null' AND NOT (jsonb_typeof(d.v) = 'object' AND NOT d.v ?| '{start,end}')
		ORDER BY d.n LIMIT 1);
	begins CONSTANT jsonb := CASE WHEN jsonb_typeof(given) = 'object' THEN given -> 'start' ELSE given END;
	ends CONSTANT jsonb := CASE WHEN jsonb_typeof(given) = 'object' THEN NULLIF(given -> 'end', 'null') END;
BEGIN
	dos := claimline_internal.fhir_date(begins);
	IF begins IS NULL AND ends IS NOT NULL THEN
		why := format('Date of service is not known: the period that ends %s has no start.',
			"left"(ends::text, 60));
	ELSIF begins IS NOT NULL AND dos IS NULL THEN
		why := format('Date of service is "%s", not a date.', "left"(begins #>> '{}', 60));
	ELSIF ends IS NULL THEN
		thru := dos;
	ELSE
		thru := claimline_internal.fhir_date(ends);
		note := CASE WHEN thru IS NULL
			THEN format('Last date of service is "%s", not a date.', "left"(ends #>> '{}', 60)) END;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_dates(jsonb, jsonb, jsonb, jsonb) IS
	'the dates of an item: its own, of what it is a detail of, else the billable period of the claim; '
	'a year or a month is no date, and an error';

CREATE FUNCTION claimline_internal.fhir_charge(facts jsonb, item jsonb, OUT charge numeric, OUT note text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	amount jsonb;
BEGIN
	SELECT a.amount INTO amount FROM (
		SELECT NULLIF(item -> 'net', 'null') AS amount, 0 AS rank, 0::bigint AS n
		UNION ALL
		SELECT j.v -> 'amount', (
				SELECT min((claimline_internal.fhir_fact(facts, 'amount', e.v ->> 'code') ->> 1)::int)
				FROM jsonb_array_elements(claimline_internal.fhir_list(j.v #> '{category,coding}')) e(v)), j.n
		FROM jsonb_array_elements(claimline_internal.fhir_list(item -> 'adjudication'))
			WITH ORDINALITY j(v, n)
	) a WHERE a.amount IS NOT NULL AND a.rank IS NOT NULL ORDER BY a.rank, a.n LIMIT 1;
	charge := claimline_internal.fhir_number(amount -> 'value');
	IF amount IS NOT NULL AND charge IS NULL THEN
		note := format('Charge is %s, not an amount.', "left"(coalesce(amount -> 'value', amount)::text, 60));
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_charge(jsonb, jsonb) IS
	'what was charged for an item: net, else the amount of the adjudication of what was submitted; '
	'null for none';

CREATE FUNCTION claimline_internal.fhir_dx(diagnoses jsonb, links jsonb,
		OUT listed text[], OUT readable text[], OUT icd int, OUT of_claim boolean, OUT note text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	WITH link AS (
		SELECT l.v, l.n, claimline_internal.fhir_integer(l.v) AS number
		FROM jsonb_array_elements(claimline_internal.fhir_list(links)) WITH ORDINALITY l(v, n)
	), dx AS (
		SELECT d.v, d.at, (d.v ->> 'n')::int AS number
		FROM jsonb_array_elements(diagnoses) WITH ORDINALITY d(v, at)
	), pointed AS (
		-- to those that it points to, else all
		SELECT l.n, l.v AS link, d.v FROM link l
			LEFT JOIN LATERAL (SELECT dx.v FROM dx WHERE dx.number = l.number
				ORDER BY dx.at LIMIT 1) d ON true
		UNION ALL
		SELECT dx.at, NULL, dx.v FROM dx
		WHERE NOT EXISTS (SELECT FROM link) AND NOT (dx.v -> 'apart')::boolean
	), said AS (
		SELECT p.n, p.link, p.v ->> 'code' AS code, p.v ->> 'icd' AS icd,
			CASE WHEN p.v IS NULL
				THEN format('Line points to diagnosis %s, the claim has none of that number.',
					"left"(p.link::text, 60))
				WHEN p.v ->> 'code' IS NULL
				THEN format('Diagnosis %s has no code.', coalesce(p.v ->> 'n', p.n::text))
				WHEN p.v ->> 'icd' = '9' THEN format('Diagnosis "%s" is of ICD-9-CM.', p.v ->> 'code')
				WHEN p.v ->> 'icd' IS NULL AND p.v ->> 'system' IS NULL
					THEN format('Diagnosis "%s" has no system, must be of ICD-10-CM.', p.v ->> 'code')
				WHEN p.v ->> 'icd' IS NULL
					THEN format('Diagnosis "%s" is no ICD-10-CM code: system "%s".',
						p.v ->> 'code', p.v ->> 'system')
				END AS why
		FROM pointed p
	)
	SELECT array_agg(s.code ORDER BY s.n) FILTER (WHERE s.code IS NOT NULL),
		coalesce(array_agg(s.code ORDER BY s.n) FILTER (WHERE s.icd = '10'), '{}'),
		min(s.icd::int), coalesce(bool_and(s.link IS NULL), false),
		(array_agg(s.why ORDER BY s.n) FILTER (WHERE s.why IS NOT NULL))[1]
		INTO listed, readable, icd, of_claim, note FROM said s;
END $$;
COMMENT ON FUNCTION claimline_internal.fhir_dx(jsonb, jsonb) IS
	'the diagnoses that an item points to, in its order, as they stand and those of ICD-10-CM; '
	'of_claim: it points to none, and has those of its claim';

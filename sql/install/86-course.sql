
-- the course of a patient's care over the lines of a source: periods that the user keeps, and totals

CREATE TABLE claim_period (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	patient text NOT NULL,
	kind text NOT NULL CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['certification', 'authorization'])),
	provider text,
	discipline text CHECK (discipline OPERATOR(pg_catalog.~) '^[0-9A-Z]{2}$'),
	from_date date NOT NULL CHECK (pg_catalog.isfinite(from_date)),
	to_date date NOT NULL CHECK (pg_catalog.isfinite(to_date)),
	units numeric(9, 3) CHECK (units OPERATOR(pg_catalog.>=) 0.0),
	visits int CHECK (visits OPERATOR(pg_catalog.>=) 0),
	number text,
	CHECK (to_date OPERATOR(pg_catalog.>=) from_date)
);
CREATE INDEX claim_period_patient ON claim_period (source, patient);
COMMENT ON TABLE claim_period IS
	'what plans of care were certified for and payers authorized, a row each, filled by the user: patient '
	'and provider as the view of the source has them, as text; provider, discipline (GP, GO, GN), units, '
	'visits and number may be null: any, or no limit; both dates are included';
ALTER TABLE claim_period OWNER TO @extowner@;
ALTER TABLE claim_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claim_period
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claim_period TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claim_period', '');
SELECT pg_catalog.pg_extension_config_dump('claim_period_id_seq', '');

CREATE FUNCTION claimline_internal.claim_source_allowed(relation oid, mapping jsonb) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_allowed(oid, jsonb) IS
	'what is allowed for a line of a mapping, as SQL over the row t of its relation; '
	'null where no field "allowed" is mapped';

CREATE FUNCTION claimline_internal.claim_course_rules() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT array_agg(r.rule) FROM @extschema@.claim_rules() r WHERE r.family = 'course'
$$;
COMMENT ON FUNCTION claimline_internal.claim_course_rules() IS 'the rules of family course';

CREATE FUNCTION claimline_internal.claim_course_fees(day claimday) RETURNS numeric[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- only where a line is therapy
	SELECT CASE WHEN EXISTS (SELECT FROM @extschema@.day_lines(day) l
			WHERE @extschema@.line_modifiers(l.line) && '{GP,GO,GN}'::text[])
		THEN ARRAY(SELECT f.fee FROM @extschema@.day_fees(day) WITH ORDINALITY f(claim_id, line_no, line,
			fee, full_fee, reduction, assistant_reduction, why, n) ORDER BY f.n) END
$$;
COMMENT ON FUNCTION claimline_internal.claim_course_fees(claimday) IS
	'what the Medicare fee schedule allows for the lines of a day, as day_fees has it, in the order of '
	'day_lines; null for a day without therapy, and for a null day';

CREATE FUNCTION claimline_internal.claim_course_source(source text) RETURNS claimline_internal.claim_source
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
BEGIN
	IF NOT s.mapping -> 'fields' ? 'patient' OR NOT s.mapping -> 'fields' ? 'dos' THEN
		RAISE EXCEPTION 'claim source "%" has no patients or no dates of service', source
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'A course is all lines of a patient, in the order of their dates.',
				HINT = 'Map the fields "patient" and "dos" with claim_source_add.';
	END IF;
	RETURN s;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_course_source(text) IS
	'the row of a source; raises an error if there is none, or if it has no patients or dates';

CREATE FUNCTION claimline_internal.claim_course_sql(s claimline_internal.claim_source, who text,
		in_scan boolean = false) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'd');
	fees CONSTANT boolean := s.mapping #>> '{fields,allowed,value}' IS NOT DISTINCT FROM 'fees';
	allowed CONSTANT text := CASE WHEN NOT fees
		THEN claimline_internal.claim_source_allowed(s.relation, s.mapping) END;
BEGIN
	-- days in the order of their dates and providers: of all arrays the same
	RETURN format($sql$
		SELECT %1$s AS patient,
			array_agg(ROW(%2$s, d.day, %3$s, d.charges)::claimline_internal.claim_course_day
				ORDER BY d.dos, %2$s) AS days,
			array_agg(%2$s ORDER BY d.dos, %2$s) AS providers, array_agg(d.dos ORDER BY d.dos, %2$s) AS dates,
			array_agg(%4$s ORDER BY d.dos, %2$s) AS day_keys,
			ARRAY(SELECT ROW(p.kind, p.provider, p.discipline, p.from_date, p.to_date, p.units, p.visits,
					p.number)::claimline_internal.claim_course_period
				FROM @extschema@.claim_period p WHERE p.source = %5$L AND p.patient = %1$s) AS periods
		FROM (SELECT v.patient, v.provider, v.dos,
				@extschema@.claimday(v.claim_id, v.line_no, v.line) AS day, %6$s AS allowed, %9$s AS charges
			FROM %7$s v WHERE v.patient IS NOT NULL AND v.dos IS NOT NULL AND (%8$s)
			GROUP BY v.patient, v.provider, v.dos) d
		GROUP BY d.patient$sql$,
		k.patient, k.provider,
		CASE WHEN fees OR allowed IS NULL AND NOT in_scan THEN 'claimline_internal.claim_course_fees(d.day)'
			ELSE 'd.allowed' END,
		claimline_internal.claim_scan_key_sql(s, 'd.patient', 'd.provider', 'd.dos'), s.name,
		CASE WHEN allowed IS NULL THEN 'NULL::numeric[]'
			ELSE 'claimline_internal.claim_charges(v.claim_id, v.line_no, v.line, v.allowed)' END,
		CASE WHEN allowed IS NULL THEN s.view::text
			ELSE '(' || claimline_internal.claim_source_sql(s.relation, s.mapping, NULL,
				allowed || ' AS allowed') || ')' END, who,
		claimline_internal.claim_scan_charges_sql(s));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_course_sql(claimline_internal.claim_source, text, boolean) IS
	'a SELECT of the courses of a source: patient as text, provider-days, of each its provider, date and '
	'key, and the patient''s periods; who: a condition on rows v of its view; in_scan: what is allowed is '
	'not known where the source does not say from where';

CREATE FUNCTION claimline_internal.claim_course_who(s claimline_internal.claim_source) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT 'v.patient ' || claimline_internal.claim_key_equals(s.patient_type) || ' '
		|| format((claimline_internal.claim_scan_key_forms(s, 'patient')).of_text, '$1')
$$;
COMMENT ON FUNCTION claimline_internal.claim_course_who(claimline_internal.claim_source) IS
	'a condition: rows v of the view of a source are of the patient whose text is parameter 1';

CREATE FUNCTION claim_course(source text, policy text, patient text, OUT provider text, OUT dos date,
		OUT line claimline, OUT finding claim_finding) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 5
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_course_source(source);
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT c.providers[f.n], c.dates[f.n], f.line, f.finding
		FROM (%s) c, claimline_internal.claim_course_days(c.days, $2, c.periods, NULL) f$sql$,
		claimline_internal.claim_course_sql(s, claimline_internal.claim_course_who(s)))
		USING patient, @extschema@.ruleset(policy, NULL, claimline_internal.claim_source_type(source, NULL));
END $$;
COMMENT ON FUNCTION claim_course(text, text, text) IS
	'findings of family course over the lines of a patient that a source holds, by a policy: what no day '
	'shows by itself; none for a null argument or a patient without lines; raises an error for a source or a '
	'policy that does not exist (s. 1833(g) SSA; Medicare Claims Processing Manual ch. 5 s. 10.3)';

CREATE FUNCTION claim_totals(source text, policy text, patient text, OUT total text, OUT "of" text,
		OUT from_date date, OUT to_date date, OUT provider text, OUT number text, OUT used numeric,
		OUT most numeric, OUT unknown int) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 5
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_course_source(source);
BEGIN
	RETURN QUERY EXECUTE format($sql$
		SELECT t.* FROM (%s) c, claimline_internal.claim_course_totals(c.days, $2, c.periods) t
		ORDER BY t.from_date, t.to_date, t.total, t."of", t.number$sql$,
		claimline_internal.claim_course_sql(s, claimline_internal.claim_course_who(s)))
		USING patient, @extschema@.ruleset(policy, NULL, claimline_internal.claim_source_type(source, NULL));
END $$;
COMMENT ON FUNCTION claim_totals(text, text, text) IS
	'what was counted of a patient''s lines from a date to a date, by a policy: total is allowed (dollars of '
	'the year against the KX threshold), review (against that of targeted review), visits-year, '
	'visits-episode, units-week, or units or visits of a certification or authorization; of: the therapy, or '
	'the discipline of a period; most: what is allowed, null for no limit; unknown: lines whose amount is '
	'not known; none for a null argument or a patient without lines; raises an error for a source or a '
	'policy that does not exist (s. 1833(g) SSA)';


-- what is missing where something could not be decided, and what would decide it

CREATE FUNCTION claimline_internal.claim_undecided_wants(why text, mapping jsonb,
		OUT missing text, OUT decided_by text)
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT w.missing, CASE WHEN mapping -> 'fields' ?| w.fields::text[] THEN w.fill ELSE w.map END
	FROM (
		SELECT 0 AS n, w.* FROM (VALUES
			('units-unknown', '{minutes}', 'minutes', 'minutes on the lines that lack them',
				'a column of minutes in the mapping, or of the visit notes joined to it'),
			('cmt-region-unknown', '{regions,dx}', 'regions, or diagnoses of the line that show them',
				'regions, or the diagnoses that each line points to', 'a column of regions or diagnoses'),
			('cmt-level', '{regions,dx}', 'regions, or diagnoses of the line that show them',
				'regions, or the diagnoses that each line points to', 'a column of regions or diagnoses'),
			('specialty-not-covered', '{specialty}', 'specialty', 'the specialty on the lines that lack it',
				'a column of the specialty'),
			('specialty-code-limit', '{specialty}', 'specialty', 'the specialty on the lines that lack it',
				'a column of the specialty'),
			('referral-missing', '{referral}', 'referral', 'the referral on the lines that lack it',
				'a column of the referral'),
			('visits-scrutiny', '{visit}', 'number of the visit', 'the number on the lines that lack it',
				'a column of the number of the visit'),
			('visits-limit', '{visit}', 'number of the visit', 'the number on the lines that lack it',
				'a column of the number of the visit'),
			('dx-missing', '{dx}', 'diagnoses', 'diagnoses that can be read: see claim_source_quality',
				'a column of diagnoses'),
			('dx-not-necessary', '{dx}', 'diagnoses', 'diagnoses on the lines that lack them',
				'a column of diagnoses'),
			('edition-coverage', '{dos}', 'an edition with the code and the date of service',
				'the NCCI edition of the quarter, loaded with all its codes by claimline-ncci',
				'a column of the date of service'),
			('line-invalid', '{code}', 'a valid line', 'rows that can be read: see claim_source_quality',
				'a column of the code'),
			('line-partial', '{code}', 'a field that could not be read',
				'fields that can be read: see claim_source_quality', 'a column of the code'),
			('no patient', '{patient}', 'patient', 'the patient on the lines that lack it',
				'a column of the patient'),
			('no provider', '{provider}', 'provider', 'the provider on the lines that lack it',
				'a column of the provider'),
			('no date of service', '{dos}', 'date of service', 'the date on the lines that lack it',
				'a column of the date of service')) w(why, fields, missing, fill, map)
			WHERE w.why = claim_undecided_wants.why
		UNION ALL
		SELECT 1, why, '{dos}', 'date of service, or a field that could not be read',
			'dates and fields that can be read: see claim_source_quality', 'a column of the date of service'
		WHERE why <> 'any rule'
		ORDER BY n LIMIT 1
	) w
$$;
COMMENT ON FUNCTION claimline_internal.claim_undecided_wants(text, jsonb) IS
	'part of claim_report_undecided: what is missing where a rule answers unknown, and what would decide it: '
	'a field to be mapped where the source has none of it, else what to mend; nulls for any rule';


-- attestations in claim_report

CREATE FUNCTION claimline_internal.claim_attested_then(source text, policy text, at timestamptz,
		OUT finding_id bigint, OUT severity claim_severity, OUT message text, OUT line claimline)
		RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT f.id, a.severity, a.message, a.line
	FROM claimline_internal.claim_attestation a
		LEFT JOIN claimline_internal.claim_attestation b ON b.withdraws = a.id
		-- one that was given to a guard has no number of a finding; one that came back has another
		LEFT JOIN claimline_internal.claim_attestation_stands t ON t.attestation = a.id
		CROSS JOIN LATERAL (VALUES (a.finding_id), (t.finding_id)) f(id)
	WHERE a.source = claim_attested_then.source AND a.policy = claim_attested_then.policy
		AND a.withdraws IS NULL AND a.attested_at <= at AND (b.attested_at > at) IS NOT FALSE
$$;
COMMENT ON FUNCTION claimline_internal.claim_attested_then(text, text, timestamptz) IS
	'part of claim_report: what was attested at a time: the finding, its severity and words, the line';

CREATE FUNCTION claimline_internal.claim_report_attested(source text, policy text, items int) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT jsonb_build_object('attestations', coalesce((
		SELECT jsonb_agg(to_jsonb(a) - '{source,policy,line,suggestion}'::text[] || jsonb_build_object(
			'line', a.line::text, 'suggestion', a.suggestion::text) ORDER BY a.id DESC)
		FROM (SELECT * FROM @extschema@.claim_attestations a
			WHERE a.source = claim_report_attested.source AND a.policy = claim_report_attested.policy
			ORDER BY a.id DESC LIMIT items) a), '[]'))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_attested(text, text, int) IS
	'part of claim_report: the last attestations, whether they stand or not';

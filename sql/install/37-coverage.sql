-- do the editions cover the claims of today?  The only place that reads the clock

CREATE FUNCTION claimline_internal.claim_coverage_notice(policy text, service_type text) RETURNS void
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	today CONSTANT date := CURRENT_DATE;
	covered CONSTANT daterange := @extschema@.ruleset_coverage(
		@extschema@.ruleset(policy, NULL, service_type));
	pairs CONSTANT daterange := @extschema@.ruleset_coverage(
		@extschema@.ruleset(policy, NULL, service_type), 'ptp');
	limits CONSTANT daterange := @extschema@.ruleset_coverage(
		@extschema@.ruleset(policy, NULL, service_type), 'mue');
	edition text;
	built_in CONSTANT text := CASE service_type WHEN 'practitioner' THEN 'starter'
		WHEN 'outpatient' THEN 'starter-outpatient' END;
	gap CONSTANT boolean := NOT EXISTS (SELECT FROM @extschema@.ncci_editions e
			WHERE e.service_type = claim_coverage_notice.service_type AND e.retired_at IS NULL
				AND e.covers @> today)
		AND NOT CASE WHEN built_in IS NULL THEN false ELSE
			@extschema@.ruleset_coverage(@extschema@.ruleset(policy, built_in, service_type)) @> today END;
BEGIN
	IF covered @> today AND NOT gap THEN
		RETURN;
	END IF;
	edition := claimline_internal.claim_scan_edition(policy, NULL, service_type);
	RAISE NOTICE 'the newest NCCI edition of service type "%" does not cover today', service_type
		USING DETAIL = format('Edition "%s" covers %s.  '
				'On other dates a denial by code pairs or unit limits %s; other rules judge as ever.',
				edition,
				CASE WHEN NOT covered << daterange(today, today, '[]')
						THEN 'dates of service before or after today only'
					WHEN pairs = limits THEN format('dates of service to %s only', upper(covered) - 1)
					ELSE format('code pairs of dates of service to %s and unit limits to %s%s',
						upper(pairs) - 1, upper(limits) - 1,
						CASE edition WHEN built_in THEN ', those of some codes longer' ELSE '' END) END,
				CASE @extschema@.claim_policy_settings(policy) ->> 'outside_coverage'
					WHEN 'apply' THEN 'stays, by the rows as they were' ELSE 'is a review' END),
			HINT = 'Load the quarter of today: claimline-ncci FILE..., with the files of CMS as downloaded; '
				'doc/editions.md says where they are.';
END $$;
COMMENT ON FUNCTION claimline_internal.claim_coverage_notice(text, text) IS
	'part of claim_source_add, claim_guard_add and claim_scan: says in a notice that the newest edition '
	'of a service type does not cover today, what lines of other dates get by the policy, and how to load '
	'the quarter; nothing where it does';


-- all that a page shows of a source by a policy, as one value

CREATE FUNCTION claimline_internal.claim_report_work(ids bigint[], pass boolean[]) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('patient', f.patient, 'provider', f.provider, 'dos', f.dos,
			'claim_id', (f.finding).claim_id, 'line_no', (f.finding).line_no, 'line', f.line::text,
			'charge', f.charge, 'rule', (f.finding).rule, 'message', (f.finding).message,
			'suggestion', (f.finding).suggestion::text, 'condition', (f.finding).condition,
			'would_pass', u.pass,
			'carc', (f.finding).carc, 'first_seen', f.first_seen, 'id', f.id) ORDER BY u.n), '[]')
	FROM ROWS FROM (unnest(ids), unnest(pass)) WITH ORDINALITY u(id, pass, n)
		JOIN claimline_internal.claim_scan_finding f ON f.id = u.id
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_work(bigint[], boolean[]) IS
	'part of claim_report: lines of the worklist, by the numbers of their findings; '
	'pass: whether a change would mend them';

CREATE FUNCTION claimline_internal.claim_report_found(source text, policy text, items int) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	-- of a million findings
	SET work_mem = '64MB'
	AS $$
	WITH line AS MATERIALIZED (
		SELECT r.*, f.family, f.title, r.severity = 'deny' AS denied, r.severity = 'review' AS review
		FROM claimline_internal.claim_line_risk r LEFT JOIN @extschema@.claim_rules() f ON f.rule = r.rule
		WHERE r.source = claim_report_found.source AND r.policy = claim_report_found.policy
	), cell AS (
		SELECT l.provider, l.month, l.rule, l.family, count(*) AS found,
			count(*) FILTER (WHERE l.denied) AS at_risk,
			sum(l.charge) FILTER (WHERE l.denied) AS at_risk_charge,
			count(*) FILTER (WHERE l.denied AND l.would_pass) AS pass,
			sum(l.charge) FILTER (WHERE l.denied AND l.would_pass) AS pass_charge,
			count(*) FILTER (WHERE l.review) AS review,
			sum(l.charge) FILTER (WHERE l.review) AS review_charge,
			0::bigint AS lines, NULL::numeric AS charge, 0::bigint AS days
		FROM line l GROUP BY l.provider, l.month, l.rule, l.family
		UNION ALL
		SELECT j.provider, j.month, NULL, NULL, 0, 0, NULL, 0, NULL, 0, NULL, j.lines, j.charge, j.days
		FROM claimline_internal.claim_judged j
		WHERE j.source = claim_report_found.source AND j.policy = claim_report_found.policy
	), summed AS (
		SELECT CASE GROUPING(c.provider, c.month, c.rule, c.family) WHEN 15 THEN 'totals'
				WHEN 7 THEN 'providers' WHEN 11 THEN 'months' WHEN 13 THEN 'rules' ELSE 'families' END AS cut,
			c.provider, c.month, c.rule, c.family, sum(c.at_risk_charge) AS at_risk_charge,
			sum(c.at_risk) AS at_risk, jsonb_build_object('lines_found', sum(c.found),
				'lines_at_risk', sum(c.at_risk), 'charge_at_risk', coalesce(sum(c.at_risk_charge), z.zero),
				'lines_would_pass', sum(c.pass), 'charge_would_pass', coalesce(sum(c.pass_charge), z.zero),
				'lines_to_review', sum(c.review), 'charge_to_review', coalesce(sum(c.review_charge), z.zero)
				) AS found,
			jsonb_build_object('lines', sum(c.lines), 'charge', sum(c.charge), 'days', sum(c.days)) AS judged
		FROM cell c CROSS JOIN (SELECT sum(t.charge) * 0 AS zero FROM cell t) z
		GROUP BY GROUPING SETS ((z.zero), (z.zero, c.provider), (z.zero, c.month), (z.zero, c.rule),
			(z.zero, c.family))
	), ranked AS (
		SELECT s.*, row_number() OVER (PARTITION BY s.cut
			ORDER BY s.at_risk_charge DESC NULLS LAST, s.at_risk DESC, s.provider) AS nth FROM summed s
	), aged AS (
		SELECT a.n, a.days, count(l.id) AS lines,
			coalesce(sum(l.charge), (SELECT sum(c.charge) * 0 FROM cell c)) AS charge
		FROM (VALUES (1, '[0,7]'::int4range), (2, '[8,30]'), (3, '[31,90]'), (4, '[91,]')) a(n, days)
			LEFT JOIN line l ON l.denied AND extract(day FROM now() - l.first_seen)::int <@ a.days
		GROUP BY a.n, a.days
	)
	SELECT jsonb_build_object(
		'totals', (SELECT s.found || s.judged || jsonb_build_object('lines_without_charge',
				(SELECT count(*) FROM line l WHERE l.denied AND l.charge IS NULL), 'oldest_at_risk',
				(SELECT min(l.first_seen) FROM line l WHERE l.denied)) FROM summed s WHERE s.cut = 'totals'),
		'rules', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'family', f.family,
				'title', f.title) || r.found ORDER BY r.nth, r.rule), '[]') FROM ranked r
			LEFT JOIN @extschema@.claim_rules() f ON f.rule = r.rule
			WHERE r.cut = 'rules' AND r.rule IS NOT NULL),
		'families', (SELECT coalesce(jsonb_agg(jsonb_build_object('family', r.family) || r.found
				ORDER BY r.nth, r.family), '[]') FROM ranked r
			WHERE r.cut = 'families' AND r.family IS NOT NULL),
		'providers', (SELECT coalesce(jsonb_agg(
				jsonb_build_object('provider', r.provider) || r.found || r.judged
				ORDER BY r.nth), '[]') FROM ranked r WHERE r.cut = 'providers' AND r.nth <= items),
		'providers_in_all', (SELECT count(*) FROM ranked r WHERE r.cut = 'providers'),
		'months', (SELECT coalesce(jsonb_agg(jsonb_build_object('month', r.month) || r.found || r.judged
				ORDER BY r.month NULLS LAST), '[]') FROM ranked r WHERE r.cut = 'months'),
		'ages', (SELECT jsonb_agg(jsonb_build_object('from_days', lower(a.days), 'to_days', upper(a.days) - 1,
				'lines_at_risk', a.lines, 'charge_at_risk', a.charge) ORDER BY a.n) FROM aged a),
		'worklist', (SELECT claimline_internal.claim_report_work(coalesce(array_agg(w.id ORDER BY w.n), '{}'),
				coalesce(array_agg(w.would_pass ORDER BY w.n), '{}'))
			FROM (SELECT l.id, l.would_pass, row_number() OVER (ORDER BY l.charge DESC NULLS LAST, l.id) AS n
				FROM line l WHERE l.denied ORDER BY n LIMIT items) w))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_found(text, text, int) IS
	'part of claim_report: totals, and what was found by rule, family, provider, month and age; the worklist';

CREATE FUNCTION claimline_internal.claim_report_job(source text, policy text, items int) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH run AS (
		SELECT p.scan, to_jsonb(p) - '{source,policy,pid,days_per_second,remaining}'::text[] AS shown
		FROM @extschema@.claim_scan_progress p
		WHERE p.source = claim_report_job.source AND p.policy = claim_report_job.policy
		ORDER BY p.scan DESC LIMIT items
	), night AS (
		SELECT t.scan, to_jsonb(t) - '{source,policy}'::text[] AS shown FROM @extschema@.claim_report_trend t
		WHERE t.source = claim_report_job.source AND t.policy = claim_report_job.policy
		ORDER BY t.scan DESC LIMIT items
	)
	SELECT jsonb_build_object(
		'last_run', (SELECT r.shown FROM run r ORDER BY r.scan DESC LIMIT 1),
		'runs', (SELECT coalesce(jsonb_agg(r.shown ORDER BY r.scan), '[]') FROM run r),
		'nights', (SELECT coalesce(jsonb_agg(n.shown ORDER BY n.scan), '[]') FROM night n))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_job(text, text, int) IS
	'part of claim_report: the last scans, and what was found night by night';

CREATE FUNCTION claimline_internal.claim_report_undecided(source text, policy text) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH u AS MATERIALIZED (
		SELECT u.* FROM @extschema@.claim_report_undecided u
		WHERE u.source = claim_report_undecided.source AND u.policy = claim_report_undecided.policy
	)
	SELECT jsonb_build_object(
		'days_undecided', (SELECT u.days FROM u WHERE u.why = 'any rule'),
		'undecided', (SELECT coalesce(jsonb_agg(to_jsonb(u) - '{source,policy}'::text[]
			ORDER BY u.days DESC, u.why), '[]') FROM u WHERE u.why <> 'any rule' AND u.days > 0),
		'counted', (SELECT coalesce(jsonb_agg(to_jsonb(c) - '{source,policy}'::text[]
			ORDER BY c.severity DESC, c.findings DESC, c.rule), '[]') FROM @extschema@.claim_report_counted c
			WHERE c.source = claim_report_undecided.source AND c.policy = claim_report_undecided.policy))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_undecided(text, text) IS
	'part of claim_report: what could not be decided and why, and what was counted and not stored';

CREATE FUNCTION claimline_internal.claim_report_ruleset(source text, policy text) RETURNS jsonb
	LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	st claimline_internal.claim_scan_state;
	rules @extschema@.claim_ruleset;
	covered daterange[];
BEGIN
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = claim_report_ruleset.source AND x.policy = claim_report_ruleset.policy;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	BEGIN
		rules := @extschema@.ruleset(st.policy, st.edition, st.service_type);
		covered := ARRAY[@extschema@.ruleset_coverage(rules, 'ptp'),
			@extschema@.ruleset_coverage(rules, 'mue')];
	EXCEPTION WHEN undefined_object THEN
		-- a policy that was deleted, an edition that was retired: what it found stays
		covered := NULL;
	END;
	RETURN jsonb_build_object('edition', st.edition, 'service_type', st.service_type,
		'hash', st.ruleset_hash, 'at_least', st.at_least,
		'changed_since', @extschema@.ruleset_hash(rules) <> st.ruleset_hash,
		'pairs_from', lower(covered[1]), 'pairs_to', upper(covered[1]) - 1,
		'limits_from', lower(covered[2]), 'limits_to', upper(covered[2]) - 1);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_report_ruleset(text, text) IS
	'part of claim_report: what the last scan judged by, and the dates of service that it covers; '
	'null where none was';

CREATE FUNCTION claim_report(source text, policy text = 'medicare', items int = 50) RETURNS jsonb
	LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s claimline_internal.claim_source;
BEGIN
	IF items < 0 THEN
		RAISE EXCEPTION 'items is %, must be 0 or more', items USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM claimline_internal.claim_findings_known(source, policy);
	s := claimline_internal.claim_source_known(source);
	RETURN jsonb_build_object('version', 1, 'generated_at', now(), 'health_information', true,
			'source', jsonb_build_object('name', s.name, 'relation', s.relation::text,
				'has_charges', s.mapping -> 'fields' ? 'charge', 'unmapped', to_jsonb(s.unmapped)),
			'policy', policy, 'ruleset', claimline_internal.claim_report_ruleset(source, policy))
		|| claimline_internal.claim_report_job(source, policy, items)
		|| claimline_internal.claim_report_found(source, policy, items)
		|| claimline_internal.claim_report_undecided(source, policy);
END $$;
COMMENT ON FUNCTION claim_report(text, text, int) IS
	'all that a page shows of a source by a policy: totals, rules, families, providers, months, ages, '
	'nights, worklist, what could not be decided, the job, the ruleset; its keys, of version 1, are in '
	'doc/dashboards.md; items: how many providers, lines of the worklist, nights and runs; null for a null '
	'argument; raises an error for a source or a policy that does not exist, or a source that is not the '
	'caller''s to read';

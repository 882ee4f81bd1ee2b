
-- what stood at a time, beside what stands now

CREATE FUNCTION claimline_internal.claim_report_said(source text, policy text, at timestamptz,
		OUT id bigint, OUT day_key uuid, OUT line claimline, OUT charge numeric, OUT claim_id text,
		OUT line_no int, OUT rule text, OUT severity claim_severity) RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED ROWS 100000
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET work_mem = '256MB'
	AS $$
	WITH said AS (
		SELECT f.id, f.day_key, f.line, f.charge, f.finding
		FROM claimline_internal.claim_scan_finding f
		WHERE f.source = claim_report_said.source AND f.policy = claim_report_said.policy
			AND f.said_at <= at AND (f.closed_at IS NULL OR f.closed_at > at)
		UNION ALL
		SELECT f.id, f.day_key, s.line, s.charge, s.finding
		FROM claimline_internal.claim_scan_said s JOIN claimline_internal.claim_scan_finding f
			ON f.id = s.finding_id
		WHERE s.source = claim_report_said.source AND s.policy = claim_report_said.policy
			AND s.said_at <= at AND s.until_at > at
	)
	SELECT s.id, s.day_key, s.line, s.charge, (s.finding).claim_id, (s.finding).line_no,
		(s.finding).rule, (s.finding).severity
	FROM said s
	WHERE NOT EXISTS (
		SELECT FROM claimline_internal.claim_attested_then(source, policy, at) a
		WHERE a.finding_id = s.id AND a.severity = (s.finding).severity AND a.message = (s.finding).message
			AND a.line::text IS NOT DISTINCT FROM s.line::text)
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_said(text, text, timestamptz) IS
	'part of claim_report: the findings that were open at a time and not attested, with the bill of then';

CREATE FUNCTION claimline_internal.claim_report_then(source text, policy text, at timestamptz, whole numeric)
		RETURNS jsonb
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET work_mem = '256MB'
	AS $$
	WITH line AS (
		SELECT min((CASE s.severity WHEN 'deny' THEN 0 ELSE 1 END::bigint << 60) + (r.n << 48) + s.id)
			AS rank, max(s.charge) AS charge
		FROM claimline_internal.claim_report_said(source, policy, at) s
			JOIN (SELECT r.rule, row_number() OVER () AS n FROM @extschema@.claim_rules() r) r
				ON r.rule = s.rule
		WHERE s.severity IN ('deny', 'review')
		-- not by its place in the day, which may have been another
		GROUP BY s.day_key, s.claim_id, s.line_no, s.line
	), cell AS MATERIALIZED (
		SELECT l.rank >> 60 = 0 AS denied, l.rank >> 48 & 4095 AS n, count(*) AS lines,
			sum(l.charge) AS charge
		FROM line l GROUP BY 1, 2
	), rule AS (
		SELECT r.rule, r.title, coalesce(sum(c.lines) FILTER (WHERE c.denied), 0) AS lines,
			sum(c.charge) FILTER (WHERE c.denied) AS charge
		FROM cell c JOIN (SELECT row_number() OVER () AS n, r.* FROM @extschema@.claim_rules() r) r USING (n)
		GROUP BY r.rule, r.title
	)
	SELECT jsonb_build_object('at', at, 'scanned', EXISTS (SELECT FROM claimline_internal.claim_scan_run r
			WHERE r.source = claim_report_then.source AND r.policy = claim_report_then.policy
				AND r.status = 'finished' AND r.finished_at <= at),
		'lines_at_risk', coalesce(sum(c.lines) FILTER (WHERE c.denied), 0),
		'charge_at_risk', claimline_internal.claim_report_amount(
			sum(c.lines) FILTER (WHERE c.denied), sum(c.charge) FILTER (WHERE c.denied), whole),
		'lines_to_review', coalesce(sum(c.lines) FILTER (WHERE NOT c.denied), 0),
		'charge_to_review', claimline_internal.claim_report_amount(
			sum(c.lines) FILTER (WHERE NOT c.denied), sum(c.charge) FILTER (WHERE NOT c.denied), whole),
		'rules', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'title', r.title,
			'lines_at_risk', r.lines, 'charge_at_risk', r.charge)
			ORDER BY r.charge DESC NULLS LAST, r.rule), '[]') FROM rule r WHERE r.lines > 0))
	FROM cell c
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_then(text, text, timestamptz, numeric) IS
	'part of claim_report: what was at risk and to be reviewed at a time, each line once by its worst '
	'finding of then that was not attested; lines are told apart by day, claim, number and what was billed: '
	'those that are alike count once; whole: the charge of all lines';

CREATE FUNCTION claimline_internal.claim_report_new(source text, policy text, at timestamptz, whole numeric)
		RETURNS jsonb
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET work_mem = '256MB'
	AS $$
	WITH denied AS (
		SELECT f.id, f.day_key, (f.finding).claim_id, (f.finding).line_no, f.line, f.charge, f.said_at
		FROM claimline_internal.claim_scan_finding f
			LEFT JOIN claimline_internal.claim_attested t ON t.finding_id = f.id
		WHERE f.source = claim_report_new.source AND f.policy = claim_report_new.policy
			AND f.closed_at IS NULL AND (f.finding).severity = 'deny' AND t.finding_id IS NULL
	), day AS MATERIALIZED (
		-- no other has a line that is at risk now and was not
		SELECT DISTINCT d.day_key FROM denied d
		WHERE d.said_at > at OR d.id IN (SELECT a.finding_id
			FROM claimline_internal.claim_attested_then(source, policy, at) a)
	), line AS (
		SELECT d.day_key, d.claim_id, d.line_no, d.line, max(d.charge) AS charge, true AS now
		FROM denied d JOIN day USING (day_key) GROUP BY 1, 2, 3, 4
		UNION ALL
		SELECT s.day_key, s.claim_id, s.line_no, s.line, NULL, false
		FROM claimline_internal.claim_report_said(source, policy, at) s JOIN day USING (day_key)
		WHERE s.severity = 'deny' GROUP BY 1, 2, 3, 4
	), told AS (
		-- a line that is billed otherwise is the same line
		SELECT l.charge, l.now, row_number() OVER (PARTITION BY l.day_key, l.claim_id, l.line_no, l.now
				ORDER BY l.line) AS nth,
			count(*) FILTER (WHERE NOT l.now) OVER (PARTITION BY l.day_key, l.claim_id, l.line_no) AS n_then
		FROM line l
	)
	SELECT jsonb_build_object('new_lines_at_risk', count(*),
		'new_charge_at_risk', claimline_internal.claim_report_amount(count(*), sum(t.charge), whole))
	FROM told t WHERE t.now AND t.nth > t.n_then
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_new(text, text, timestamptz, numeric) IS
	'part of claim_report: the lines that are at risk and were not at a time, and their charge; lines are '
	'told apart by day, claim and number, those that have the same by their order; '
	'whole: the charge of all lines';

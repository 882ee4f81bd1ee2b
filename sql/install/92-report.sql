
-- reports: what a dashboard reads

CREATE VIEW claimline_internal.claim_open_line WITH (security_invoker = true) AS
	SELECT o.source, o.policy, (o.finding).rule, (o.finding).severity, o.day_key, o.place, o.provider, o.dos,
		pg_catalog.count(*) AS n, pg_catalog.max(o.charge) AS charge
	FROM claimline_internal.claim_scan_finding o WHERE o.closed_at IS NULL
	GROUP BY o.source, o.policy, (o.finding).rule, (o.finding).severity,
		o.day_key, o.place, o.provider, o.dos;
ALTER VIEW claimline_internal.claim_open_line OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_open_line TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_open_line IS
	'the lines with open findings of a rule and severity: how many, and the charge of the line once';

CREATE VIEW claim_report_rules WITH (security_invoker = true) AS
	SELECT f.source, f.policy, f.rule, r.family, r.title, f.severity,
		pg_catalog.sum(f.n)::pg_catalog.int8 AS findings, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge
	FROM claimline_internal.claim_open_line f
		LEFT JOIN @extschema@.claim_rules() r ON r.rule OPERATOR(pg_catalog.=) f.rule
	GROUP BY f.source, f.policy, f.rule, r.family, r.title, f.severity;
ALTER VIEW claim_report_rules OWNER TO @extowner@;
GRANT SELECT ON claim_report_rules TO PUBLIC;
COMMENT ON VIEW claim_report_rules IS
	'open findings by rule and severity: findings, the lines that they are on, the provider-days of these, '
	'the charge of these lines';

CREATE VIEW claim_report_providers WITH (security_invoker = true) AS
	SELECT f.source, f.policy, f.provider, f.rule, f.severity,
		pg_catalog.sum(f.n)::pg_catalog.int8 AS findings, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge
	FROM claimline_internal.claim_open_line f
	GROUP BY f.source, f.policy, f.provider, f.rule, f.severity;
ALTER VIEW claim_report_providers OWNER TO @extowner@;
GRANT SELECT ON claim_report_providers TO PUBLIC;
COMMENT ON VIEW claim_report_providers IS
	'open findings by provider, rule and severity: findings, lines, provider-days, charge of the lines';

CREATE VIEW claim_report_months WITH (security_invoker = true) AS
	SELECT f.source, f.policy,
		pg_catalog.date_trunc('month', f.dos::pg_catalog.timestamp)::pg_catalog.date AS month,
		f.rule, f.severity, pg_catalog.sum(f.n)::pg_catalog.int8 AS findings, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge
	FROM claimline_internal.claim_open_line f
	GROUP BY f.source, f.policy,
		pg_catalog.date_trunc('month', f.dos::pg_catalog.timestamp)::pg_catalog.date, f.rule, f.severity;
ALTER VIEW claim_report_months OWNER TO @extowner@;
GRANT SELECT ON claim_report_months TO PUBLIC;
COMMENT ON VIEW claim_report_months IS
	'open findings by month of service, rule and severity: findings, lines, provider-days, '
	'charge of the lines; month is null where there is no date';

CREATE VIEW claim_changes WITH (security_invoker = true) AS
	SELECT CASE WHEN f.closed_at IS NULL THEN 'new' ELSE 'closed' END AS change,
		l.last_scan AS scan, l.last_scan_at AS scanned_at,
		f.source, f.policy, f.patient, f.provider, f.dos,
		(f.finding).claim_id, (f.finding).line_no, f.line, f.charge,
		(f.finding).rule, (f.finding).severity, (f.finding).message,
		(f.finding).suggestion, (f.finding).condition, f.first_seen, f.closed_at, f.id
	FROM (
		SELECT s.source, s.policy, s.last_scan, s.last_scan_at, coalesce((
			SELECT pg_catalog.max(r.id) FROM claimline_internal.claim_scan_run r
			WHERE r.source OPERATOR(pg_catalog.=) s.source AND r.policy OPERATOR(pg_catalog.=) s.policy
				AND r.status OPERATOR(pg_catalog.=) 'finished'
				AND r.id OPERATOR(pg_catalog.<) s.last_scan), 0) AS before
		FROM claimline_internal.claim_scan_state s WHERE s.last_scan IS NOT NULL
	) l JOIN claimline_internal.claim_scan_finding f
		ON f.source OPERATOR(pg_catalog.=) l.source AND f.policy OPERATOR(pg_catalog.=) l.policy
		AND CASE WHEN f.closed_at IS NULL
			THEN f.first_scan OPERATOR(pg_catalog.>) l.before
				AND f.first_scan OPERATOR(pg_catalog.<=) l.last_scan
			ELSE f.first_scan OPERATOR(pg_catalog.<=) l.before
				AND f.closed_scan OPERATOR(pg_catalog.>) l.before
				AND f.closed_scan OPERATOR(pg_catalog.<=) l.last_scan END;
ALTER VIEW claim_changes OWNER TO @extowner@;
GRANT SELECT ON claim_changes TO PUBLIC;
COMMENT ON VIEW claim_changes IS
	'what the last finished scan changed: findings that it opened (new), '
	'and those that no longer hold (closed)';

CREATE VIEW claim_report_changes WITH (security_invoker = true) AS
	SELECT c.source, c.policy, c.scan, c.scanned_at, c.rule, c.severity,
		pg_catalog.count(*) FILTER (WHERE c.change OPERATOR(pg_catalog.=) 'new') AS new,
		pg_catalog.count(*) FILTER (WHERE c.change OPERATOR(pg_catalog.=) 'closed') AS closed
	FROM @extschema@.claim_changes c
	GROUP BY c.source, c.policy, c.scan, c.scanned_at, c.rule, c.severity;
ALTER VIEW claim_report_changes OWNER TO @extowner@;
GRANT SELECT ON claim_report_changes TO PUBLIC;
COMMENT ON VIEW claim_report_changes IS
	'new and closed findings of the last finished scan, by rule and severity';

CREATE VIEW claim_report_charge WITH (security_invoker = true) AS
	SELECT f.source, f.policy, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge,
		pg_catalog.count(*) FILTER (WHERE f.charge IS NULL) AS lines_without_charge
	FROM (
		SELECT o.source, o.policy, o.day_key, o.place, pg_catalog.max(o.charge) AS charge
		FROM claimline_internal.claim_scan_finding o
		WHERE o.closed_at IS NULL
			AND (o.finding).severity OPERATOR(pg_catalog.=) 'deny'::@extschema@.claim_severity
		GROUP BY o.source, o.policy, o.day_key, o.place
	) f
	GROUP BY f.source, f.policy;
ALTER VIEW claim_report_charge OWNER TO @extowner@;
GRANT SELECT ON claim_report_charge TO PUBLIC;
COMMENT ON VIEW claim_report_charge IS
	'charge at risk: lines with an open finding of severity deny, each once whatever many it has, '
	'and what was charged for them';

CREATE VIEW claim_report_underbilled WITH (security_invoker = true) AS
	SELECT f.source, f.policy, f.provider, @extschema@.line_code(f.line) AS code,
		pg_catalog.count((f.finding).suggestion) AS lines,
		pg_catalog.sum(@extschema@.line_units(f.line))
			FILTER (WHERE (f.finding).suggestion IS NOT NULL) AS units_billed,
		pg_catalog.sum(@extschema@.line_units((f.finding).suggestion)) AS units_supported,
		pg_catalog.sum(@extschema@.line_units((f.finding).suggestion)
			OPERATOR(pg_catalog.-) @extschema@.line_units(f.line)) AS units_underbilled,
		pg_catalog.count(*) OPERATOR(pg_catalog.-) pg_catalog.count((f.finding).suggestion) AS lines_at_limit
	FROM claimline_internal.claim_scan_finding f
	WHERE f.closed_at IS NULL AND (f.finding).rule OPERATOR(pg_catalog.=) 'units-underbilled'
	GROUP BY f.source, f.policy, f.provider, @extschema@.line_code(f.line);
ALTER VIEW claim_report_underbilled OWNER TO @extowner@;
GRANT SELECT ON claim_report_underbilled TO PUBLIC;
COMMENT ON VIEW claim_report_underbilled IS
	'units that the minutes support and that were not billed (rule units-underbilled, which is info: '
	'of scans with at_least info), '
	'by provider and code; lines_at_limit: lines whose minutes support more, but another edit would deny it, '
	'so that nothing is suggested';

-- what scans did not store

CREATE VIEW claimline_internal.claim_counted WITH (security_invoker = true) AS
	SELECT d.source, d.policy, (e.value OPERATOR(pg_catalog.->>) 0) AS rule,
		(e.value OPERATOR(pg_catalog.->>) 1)::@extschema@.claim_severity AS severity,
		(pg_catalog.sum(d.days OPERATOR(pg_catalog.*) (e.value OPERATOR(pg_catalog.->>) 2)::pg_catalog.int8))
			::pg_catalog.int8 AS findings,
		pg_catalog.sum(d.days)::pg_catalog.int8 AS days
	FROM (
		SELECT c.source, c.policy, c.counted, pg_catalog.count(*) AS days
		FROM claimline_internal.claim_scan_day c GROUP BY c.source, c.policy, c.counted
	) d JOIN claimline_internal.claim_scan_counted s ON s.source OPERATOR(pg_catalog.=) d.source
			AND s.policy OPERATOR(pg_catalog.=) d.policy AND s.id OPERATOR(pg_catalog.=) d.counted,
		LATERAL pg_catalog.jsonb_array_elements(s.findings) e
	GROUP BY d.source, d.policy, e.value OPERATOR(pg_catalog.->>) 0, e.value OPERATOR(pg_catalog.->>) 1;
ALTER VIEW claimline_internal.claim_counted OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_counted TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_counted IS
	'findings that scans counted by day, by rule and severity: how many, on how many days';

CREATE VIEW claim_report_counted WITH (security_invoker = true) AS
	SELECT c.source, c.policy, c.rule, r.family, r.title, c.severity, c.findings, c.days
	FROM claimline_internal.claim_counted c
		LEFT JOIN @extschema@.claim_rules() r ON r.rule OPERATOR(pg_catalog.=) c.rule;
ALTER VIEW claim_report_counted OWNER TO @extowner@;
GRANT SELECT ON claim_report_counted TO PUBLIC;
COMMENT ON VIEW claim_report_counted IS
	'what stands of findings that scans counted by day and did not store, by rule and severity: '
	'below at_least, of what an edition does not cover, '
	'and unknown for want of a field that the source does not map';

CREATE VIEW claimline_internal.claim_undecided_stored WITH (security_invoker = true) AS
	SELECT o.source, o.policy, (o.finding).rule AS rule, pg_catalog.count(DISTINCT o.day_key) AS days
	FROM claimline_internal.claim_scan_finding o
		JOIN claimline_internal.claim_scan_day d ON d.source OPERATOR(pg_catalog.=) o.source
			AND d.policy OPERATOR(pg_catalog.=) o.policy AND d.day_key OPERATOR(pg_catalog.=) o.day_key
		LEFT JOIN claimline_internal.claim_scan_counted s ON s.source OPERATOR(pg_catalog.=) d.source
			AND s.policy OPERATOR(pg_catalog.=) d.policy AND s.id OPERATOR(pg_catalog.=) d.counted
	WHERE o.closed_at IS NULL
		AND (o.finding).severity OPERATOR(pg_catalog.=) 'unknown'::@extschema@.claim_severity
		-- a day is counted once, also where one finding of a rule is stored and another is not
		AND (s.findings OPERATOR(pg_catalog.@>) pg_catalog.jsonb_build_array(
				pg_catalog.jsonb_build_array((o.finding).rule, 'unknown'))) IS NOT TRUE
	GROUP BY o.source, o.policy, (o.finding).rule;
ALTER VIEW claimline_internal.claim_undecided_stored OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_undecided_stored TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_undecided_stored IS
	'days with a stored finding of severity unknown and none that is counted, by rule';

CREATE VIEW claim_report_undecided WITH (security_invoker = true) AS
	SELECT u.source, u.policy, u.why, u.days, d.days AS all_days,
		pg_catalog.round(u.days::pg_catalog.numeric
			OPERATOR(pg_catalog./) d.days::pg_catalog.numeric, 4) AS share
	FROM (
		SELECT b.source, b.policy, b.rule AS why, pg_catalog.sum(b.days)::pg_catalog.int8 AS days
		FROM (
			SELECT c.source, c.policy, c.rule, c.days FROM claimline_internal.claim_counted c
			WHERE c.severity OPERATOR(pg_catalog.=) 'unknown'::@extschema@.claim_severity
			UNION ALL
			SELECT * FROM claimline_internal.claim_undecided_stored
		) b GROUP BY b.source, b.policy, b.rule
		UNION ALL
		SELECT t.source, t.policy, w.why, w.days
		FROM (
			SELECT c.source, c.policy,
				pg_catalog.count(*) FILTER (WHERE c.undecided) AS undecided,
				pg_catalog.count(*) FILTER (WHERE c.patient IS NULL) AS no_patient,
				pg_catalog.count(*) FILTER (WHERE c.provider IS NULL) AS no_provider,
				pg_catalog.count(*) FILTER (WHERE c.dos IS NULL) AS no_dos
			FROM claimline_internal.claim_scan_day c GROUP BY c.source, c.policy
		) t, LATERAL (VALUES ('any rule', t.undecided), ('no patient', t.no_patient),
			('no provider', t.no_provider), ('no date of service', t.no_dos)) w (why, days)
	) u JOIN (
		SELECT c.source, c.policy, pg_catalog.count(*) AS days
		FROM claimline_internal.claim_scan_day c GROUP BY c.source, c.policy
	) d ON d.source OPERATOR(pg_catalog.=) u.source AND d.policy OPERATOR(pg_catalog.=) u.policy;
ALTER VIEW claim_report_undecided OWNER TO @extowner@;
GRANT SELECT ON claim_report_undecided TO PUBLIC;
COMMENT ON VIEW claim_report_undecided IS
	'provider-days that could not be decided, by the rule that answers unknown and by any, '
	'and those without a patient, a provider or a date, which are judged together; '
	'share is that of all days. What scans counted and did not store is in it';

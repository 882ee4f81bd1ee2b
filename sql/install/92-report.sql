
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
		claimline_internal.claim_scan_month(f.dos) AS month,
		f.rule, f.severity, pg_catalog.sum(f.n)::pg_catalog.int8 AS findings, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge
	FROM claimline_internal.claim_open_line f
	GROUP BY f.source, f.policy,
		claimline_internal.claim_scan_month(f.dos), f.rule, f.severity;
ALTER VIEW claim_report_months OWNER TO @extowner@;
GRANT SELECT ON claim_report_months TO PUBLIC;
COMMENT ON VIEW claim_report_months IS
	'open findings by month of service, rule and severity: findings, lines, provider-days, '
	'charge of the lines; month is null where there is no date';

-- a scan goes on where an interrupted one was: what they did is told with the one that finished
CREATE VIEW claimline_internal.claim_scan_grouped WITH (security_invoker = true) AS
	SELECT g.source, g.policy, g.scan,
		coalesce(pg_catalog.lag(g.scan) OVER (PARTITION BY g.source, g.policy ORDER BY g.scan), 0) AS before,
		g.finished_at, g.changes
	FROM (
		SELECT r.source, r.policy, r.scan, pg_catalog.max(r.finished_at) AS finished_at,
			pg_catalog.sum(r.opened OPERATOR(pg_catalog.+) r.changed OPERATOR(pg_catalog.+) r.closed)
				::pg_catalog.int8 AS changes
		FROM (
			SELECT r.*, pg_catalog.min(r.id) FILTER (WHERE r.status OPERATOR(pg_catalog.=) 'finished')
				OVER (PARTITION BY r.source, r.policy ORDER BY r.id DESC) AS scan
			FROM claimline_internal.claim_scan_run r
		) r WHERE r.scan IS NOT NULL GROUP BY r.source, r.policy, r.scan
	) g;
ALTER VIEW claimline_internal.claim_scan_grouped OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_scan_grouped TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_scan_grouped IS
	'finished scans with the one that finished before, and how many findings were opened, changed and '
	'closed since that';

CREATE VIEW claim_changes WITH (security_invoker = true) AS
	SELECT CASE WHEN f.first_scan OPERATOR(pg_catalog.>) l.before THEN 'opened'
			WHEN f.closed_scan OPERATOR(pg_catalog.<=) l.scan THEN 'closed' ELSE 'changed' END AS change,
		l.scan, l.finished_at AS scanned_at,
		f.source, f.policy, f.patient, f.provider, f.dos,
		(f.finding).claim_id, (f.finding).line_no, f.line, f.charge,
		(f.finding).rule, (f.finding).severity, (f.finding).message,
		(f.finding).suggestion, (f.finding).condition, f.first_seen, f.closed_at, f.id,
		(w.was).severity AS was_severity, (w.was).message AS was_message, (w.was).suggestion AS was_suggestion
	FROM (
		SELECT g.source, g.policy, pg_catalog.max(g.scan) AS scan
		FROM claimline_internal.claim_scan_grouped g WHERE g.changes OPERATOR(pg_catalog.>) 0
		GROUP BY g.source, g.policy
	) c JOIN claimline_internal.claim_scan_grouped l ON l.source OPERATOR(pg_catalog.=) c.source
			AND l.policy OPERATOR(pg_catalog.=) c.policy AND l.scan OPERATOR(pg_catalog.=) c.scan
		JOIN claimline_internal.claim_scan_finding f ON f.source OPERATOR(pg_catalog.=) l.source
			AND f.policy OPERATOR(pg_catalog.=) l.policy
			AND f.first_scan OPERATOR(pg_catalog.<=) l.scan
			AND (f.closed_scan IS NULL OR f.closed_scan OPERATOR(pg_catalog.>) l.before)
		LEFT JOIN LATERAL (
			SELECT s.finding AS was FROM claimline_internal.claim_scan_said s
			WHERE s.finding_id OPERATOR(pg_catalog.=) f.id
				AND s.until_scan OPERATOR(pg_catalog.>) l.before
				AND s.until_scan OPERATOR(pg_catalog.<=) l.scan
			ORDER BY s.until_at LIMIT 1
		) w ON f.first_scan OPERATOR(pg_catalog.<=) l.before
			AND (f.closed_scan IS NULL OR f.closed_scan OPERATOR(pg_catalog.>) l.scan)
	WHERE CASE WHEN f.first_scan OPERATOR(pg_catalog.>) l.before
			THEN f.closed_scan IS NULL OR f.closed_scan OPERATOR(pg_catalog.>) l.scan
		ELSE f.closed_scan OPERATOR(pg_catalog.<=) l.scan
			-- where only the bill is another, the words are the same
			OR (w.was IS DISTINCT FROM NULL AND w.was IS DISTINCT FROM f.finding) END;
ALTER VIEW claim_changes OWNER TO @extowner@;
GRANT SELECT ON claim_changes TO PUBLIC;
COMMENT ON VIEW claim_changes IS
	'what the last scan that changed something changed: findings that it opened, changed (the same on the '
	'same line in other words, with another severity or suggestion), and closed (no longer true)';

CREATE FUNCTION claim_changes_since(source text, policy text, at timestamptz) RETURNS SETOF claim_changes
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 1000
	BEGIN ATOMIC
		SELECT k.change, k.scan, k.scanned_at,
			f.source, f.policy, f.patient, f.provider, f.dos,
			(f.finding).claim_id, (f.finding).line_no, f.line, f.charge,
			(f.finding).rule, (f.finding).severity, (f.finding).message,
			(f.finding).suggestion, (f.finding).condition, f.first_seen, f.closed_at, f.id,
			(k.was).severity, (k.was).message, (k.was).suggestion
		FROM claimline_internal.claim_scan_finding f
			LEFT JOIN LATERAL (
				SELECT s.finding AS was FROM claimline_internal.claim_scan_said s
				WHERE s.finding_id OPERATOR(pg_catalog.=) f.id
					AND s.until_at OPERATOR(pg_catalog.>) at AND s.said_at OPERATOR(pg_catalog.<=) at
			) w ON f.said_at OPERATOR(pg_catalog.>) at,
			LATERAL (VALUES
				('opened', f.first_scan, f.first_seen, NULL::@extschema@.claim_finding,
					f.closed_at IS NULL AND f.first_seen OPERATOR(pg_catalog.>) at),
				('closed', f.closed_scan, f.closed_at, NULL, f.closed_at OPERATOR(pg_catalog.>) at
					AND f.first_seen OPERATOR(pg_catalog.<=) at),
				('changed', f.said_scan, f.said_at, w.was,
					f.closed_at IS NULL AND w.was IS DISTINCT FROM f.finding
					AND f.said_at OPERATOR(pg_catalog.>) at AND f.first_seen OPERATOR(pg_catalog.<=) at)
			) k (change, scan, scanned_at, was, holds)
		WHERE f.source OPERATOR(pg_catalog.=) claim_changes_since.source
			AND f.policy OPERATOR(pg_catalog.=) claim_changes_since.policy AND k.holds
			AND claimline_internal.claim_findings_known(claim_changes_since.source,
				claim_changes_since.policy);
	END;
COMMENT ON FUNCTION claim_changes_since(text, text, timestamptz) IS
	'what scans changed since a time, in all, as rows of claim_changes: findings that are open and were '
	'not, that say something else than then, and that were open and are not; scan and scanned_at are of '
	'the change; raises an error for a source or a policy that does not exist; none for a null argument';

CREATE VIEW claim_report_changes WITH (security_invoker = true) AS
	SELECT c.source, c.policy, c.scan, c.scanned_at, c.rule, c.severity,
		pg_catalog.count(*) FILTER (WHERE c.change OPERATOR(pg_catalog.=) 'opened') AS new,
		pg_catalog.count(*) FILTER (WHERE c.change OPERATOR(pg_catalog.=) 'closed') AS closed,
		pg_catalog.count(*) FILTER (WHERE c.change OPERATOR(pg_catalog.=) 'changed') AS changed
	FROM @extschema@.claim_changes c
	GROUP BY c.source, c.policy, c.scan, c.scanned_at, c.rule, c.severity;
ALTER VIEW claim_report_changes OWNER TO @extowner@;
GRANT SELECT ON claim_report_changes TO PUBLIC;
COMMENT ON VIEW claim_report_changes IS
	'opened (new), closed and changed findings of the last scan that changed something, by rule and severity';

CREATE VIEW claim_report_charge WITH (security_invoker = true) AS
	SELECT f.source, f.policy, pg_catalog.count(*) AS lines,
		pg_catalog.count(DISTINCT f.day_key) AS days, pg_catalog.sum(f.charge) AS charge,
		pg_catalog.count(*) FILTER (WHERE f.charge IS NULL) AS lines_without_charge
	FROM (
		SELECT o.source, o.policy, o.day_key, o.place, pg_catalog.max(o.charge) AS charge
		FROM claimline_internal.claim_scan_finding o
		WHERE o.closed_at IS NULL
			AND (o.finding).severity OPERATOR(pg_catalog.=) 'deny'::@extschema@.claim_severity
			AND NOT EXISTS (SELECT FROM claimline_internal.claim_attestation_stands t
				WHERE t.finding_id OPERATOR(pg_catalog.=) o.id)
		GROUP BY o.source, o.policy, o.day_key, o.place
	) f
	GROUP BY f.source, f.policy;
ALTER VIEW claim_report_charge OWNER TO @extowner@;
GRANT SELECT ON claim_report_charge TO PUBLIC;
COMMENT ON VIEW claim_report_charge IS
	'charge at risk: lines with an open finding of severity deny that is not attested, each once whatever '
	'many it has, and what was charged for them';

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
		JOIN claimline_internal.claim_scan_state x ON x.source OPERATOR(pg_catalog.=) o.source
			AND x.policy OPERATOR(pg_catalog.=) o.policy
		-- the row that the day is in, whatever the plan
		CROSS JOIN LATERAL claimline_internal.claim_scan_unpack((
			SELECT j.days FROM claimline_internal.claim_scan_judged_day j
			WHERE j.state OPERATOR(pg_catalog.=) x.id AND j.first OPERATOR(pg_catalog.<=) o.day_key
			ORDER BY j.first DESC LIMIT 1)) d
		LEFT JOIN claimline_internal.claim_scan_counted s ON s.source OPERATOR(pg_catalog.=) o.source
			AND s.policy OPERATOR(pg_catalog.=) o.policy AND s.id OPERATOR(pg_catalog.=) d.counted
	WHERE o.closed_at IS NULL AND d.day_key OPERATOR(pg_catalog.=) o.day_key
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
			OPERATOR(pg_catalog./) d.days::pg_catalog.numeric, 4) AS share, w.missing, w.decided_by
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
				pg_catalog.count(*) FILTER (WHERE c.no_patient) AS no_patient,
				pg_catalog.count(*) FILTER (WHERE c.no_provider) AS no_provider,
				pg_catalog.count(*) FILTER (WHERE c.no_dos) AS no_dos
			FROM claimline_internal.claim_scan_day c GROUP BY c.source, c.policy
		) t, LATERAL (VALUES ('any rule', t.undecided), ('no patient', t.no_patient),
			('no provider', t.no_provider), ('no date of service', t.no_dos)) w (why, days)
	) u JOIN (
		SELECT c.source, c.policy, pg_catalog.count(*) AS days
		FROM claimline_internal.claim_scan_day c GROUP BY c.source, c.policy
	) d ON d.source OPERATOR(pg_catalog.=) u.source AND d.policy OPERATOR(pg_catalog.=) u.policy
		LEFT JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) u.source
		LEFT JOIN LATERAL claimline_internal.claim_undecided_wants(u.why, s.mapping) w ON true;
ALTER VIEW claim_report_undecided OWNER TO @extowner@;
GRANT SELECT ON claim_report_undecided TO PUBLIC;
COMMENT ON VIEW claim_report_undecided IS
	'provider-days that could not be decided, by the rule that answers unknown and by any, '
	'and those without a patient, a provider or a date, which are judged together; '
	'share is that of all days. What scans counted and did not store is in it; '
	'with what is missing, and what would decide it';

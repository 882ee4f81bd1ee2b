
-- reports that add up: each line once, by its worst finding, beside all that was judged

CREATE VIEW claimline_internal.claim_line_worst WITH (security_invoker = true) AS
	SELECT w.source, w.policy, w.day_key, w.place, pg_catalog.max(w.bucket) AS bucket,
		pg_catalog.min(w.id) AS id,
		pg_catalog.min(w.rule) AS rule, pg_catalog.max(w.shown) AS severity,
		pg_catalog.max(w.charge) AS charge, pg_catalog.count(*) AS findings,
		pg_catalog.min(w.first_seen) FILTER (WHERE w.rank OPERATOR(pg_catalog.=) w.worst) AS first_seen,
		-- one change that every finding of this severity is gone with
		pg_catalog.bool_and((w.suggestion OPERATOR(@extschema@.=) w.change) IS TRUE)
			FILTER (WHERE w.rank OPERATOR(pg_catalog.=) w.worst) AS would_pass,
		pg_catalog.max(w.attestation) AS attestation
	FROM (
		SELECT o.source, o.policy, o.day_key, o.bucket, o.place, o.charge, o.first_seen,
			o.rank, (o.finding).suggestion,
			pg_catalog.first_value(o.rank) OVER line AS worst,
			pg_catalog.first_value((o.finding).severity) OVER line AS shown,
			pg_catalog.first_value((o.finding).rule) OVER line AS rule,
			pg_catalog.first_value((o.finding).suggestion) OVER line AS change,
			pg_catalog.first_value(o.id) OVER line AS id,
			pg_catalog.first_value(o.attestation) OVER line AS attestation
		FROM (
			SELECT f.*, t.attestation, claimline_internal.claim_finding_rank((f.finding).severity,
				t.attestation IS NOT NULL) AS rank
			FROM claimline_internal.claim_scan_finding f
				LEFT JOIN claimline_internal.claim_attested t ON t.finding_id OPERATOR(pg_catalog.=) f.id
			WHERE f.closed_at IS NULL
		) o
			LEFT JOIN (SELECT r.rule, pg_catalog.row_number() OVER () AS n
					FROM @extschema@.claim_rules() r) r
				ON r.rule OPERATOR(pg_catalog.=) (o.finding).rule
		WINDOW line AS (PARTITION BY o.source, o.policy, o.day_key, o.place
			ORDER BY o.rank, r.n, o.id)
	) w GROUP BY w.source, w.policy, w.day_key, w.place;
ALTER VIEW claimline_internal.claim_line_worst OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_line_worst TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_line_worst IS
	'each line with open findings once: its worst finding (of the highest severity; of these the first '
	'in the order of claim_rules(); what is attested is behind what is to be denied or reviewed), '
	'how many it has, since when it has one of this severity; attestation: where that finding is attested';

CREATE VIEW claimline_internal.claim_line_risk WITH (security_invoker = true) AS
	SELECT w.source, w.policy, b.provider, b.month, w.id, w.rule, w.severity, w.charge, w.findings,
		w.first_seen, w.would_pass, w.attestation
	FROM claimline_internal.claim_line_worst w LEFT JOIN LATERAL (
		-- by its key, whatever the server knows of the table
		SELECT b.provider, b.month FROM claimline_internal.claim_scan_bucket b
		WHERE b.source OPERATOR(pg_catalog.=) w.source AND b.policy OPERATOR(pg_catalog.=) w.policy
			AND b.id OPERATOR(pg_catalog.=) w.bucket OFFSET 0) b ON true;
ALTER VIEW claimline_internal.claim_line_risk OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_line_risk TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_line_risk IS
	'claim_line_worst with the provider and the month of the day as it was judged';

CREATE VIEW claim_report_lines WITH (security_invoker = true) AS
	SELECT w.source, w.policy, f.patient, w.provider, f.dos, w.month, (f.finding).claim_id,
		(f.finding).line_no, f.line, w.charge, w.rule, r.family, r.title, w.severity, (f.finding).message,
		w.findings, (f.finding).suggestion, (f.finding).condition, w.would_pass, (f.finding).carc,
		w.first_seen, EXTRACT(day FROM pg_catalog.now() OPERATOR(pg_catalog.-) w.first_seen)::int AS age,
		w.id, w.attestation
	FROM claimline_internal.claim_line_risk w
		JOIN claimline_internal.claim_scan_finding f ON f.id OPERATOR(pg_catalog.=) w.id
		LEFT JOIN @extschema@.claim_rules() r ON r.rule OPERATOR(pg_catalog.=) w.rule;
ALTER VIEW claim_report_lines OWNER TO @extowner@;
GRANT SELECT ON claim_report_lines TO PUBLIC;
COMMENT ON VIEW claim_report_lines IS
	'each line with open findings once, with its worst finding (the highest severity; of these the first in '
	'the order of claim_rules()): charges and lines of it add up; attestation: where nothing is left to be '
	'denied or reviewed that is not attested: such a line is not at risk';

CREATE VIEW claimline_internal.claim_judged WITH (security_invoker = true) AS
	SELECT g.source, g.policy, b.provider, b.month, g.days, g.lines, g.charge
	FROM (
		SELECT d.source, d.policy, d.bucket, pg_catalog.count(*) AS days,
			pg_catalog.sum(d.n_lines)::pg_catalog.int8 AS lines, pg_catalog.sum(d.charge) AS charge
		FROM claimline_internal.claim_scan_day d
		GROUP BY d.source, d.policy, d.bucket
	) g LEFT JOIN claimline_internal.claim_scan_bucket b ON b.source OPERATOR(pg_catalog.=) g.source
		AND b.policy OPERATOR(pg_catalog.=) g.policy AND b.id OPERATOR(pg_catalog.=) g.bucket;
ALTER VIEW claimline_internal.claim_judged OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_judged TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_judged IS
	'what was judged: provider-days, lines and their charge by provider and month of service';

-- what is found of a line and what was judged of a month, one below the other: sums of it need no join
CREATE VIEW claimline_internal.claim_risk WITH (security_invoker = true) AS
	SELECT r.source, r.policy, r.provider, r.month, r.rule, 1::pg_catalog.int8 AS found,
		t.denied::int::pg_catalog.int8 AS denied, CASE WHEN t.denied THEN r.charge END AS denied_charge,
		(t.denied AND r.would_pass)::int::pg_catalog.int8 AS mended,
		CASE WHEN t.denied AND r.would_pass THEN r.charge END AS mended_charge,
		t.review::int::pg_catalog.int8 AS review, CASE WHEN t.review THEN r.charge END AS review_charge,
		(r.attestation IS NOT NULL)::int::pg_catalog.int8 AS attested,
		CASE WHEN r.attestation IS NOT NULL THEN r.charge END AS attested_charge,
		0::pg_catalog.int8 AS days, 0::pg_catalog.int8 AS lines, NULL::pg_catalog.numeric AS charge
	FROM claimline_internal.claim_line_risk r, LATERAL (SELECT
		r.attestation IS NULL
			AND r.severity OPERATOR(pg_catalog.=) 'deny'::@extschema@.claim_severity AS denied,
		r.attestation IS NULL
			AND r.severity OPERATOR(pg_catalog.=) 'review'::@extschema@.claim_severity AS review) t
	UNION ALL
	SELECT j.source, j.policy, j.provider, j.month, NULL, 0, 0, NULL, 0, NULL, 0, NULL, 0, NULL,
		j.days, j.lines, j.charge
	FROM claimline_internal.claim_judged j;
ALTER VIEW claimline_internal.claim_risk OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_risk TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_risk IS
	'rows of claim_line_risk as numbers to be summed, and those of claim_judged (rule is null)';

CREATE FUNCTION claimline_internal.claim_report_amount(lines numeric, charge numeric, whole numeric)
		RETURNS numeric
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN CASE WHEN lines OPERATOR(pg_catalog.>) 0::pg_catalog.numeric THEN charge
		ELSE whole OPERATOR(pg_catalog.*) 0::pg_catalog.numeric END;
COMMENT ON FUNCTION claimline_internal.claim_report_amount(numeric, numeric, numeric) IS
	'part of reports: what some lines cost, null where that is not known; of no line 0 in the scale of the '
	'whole, null where that has no charges';

CREATE VIEW claim_report_risk WITH (security_invoker = true) AS
	SELECT k.source, k.policy, pg_catalog.sum(k.found)::pg_catalog.int8 AS lines_found,
		pg_catalog.sum(k.denied)::pg_catalog.int8 AS lines_at_risk,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.denied),
			pg_catalog.sum(k.denied_charge), pg_catalog.sum(k.charge)) AS charge_at_risk,
		pg_catalog.sum(k.mended)::pg_catalog.int8 AS lines_would_pass,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.mended),
			pg_catalog.sum(k.mended_charge), pg_catalog.sum(k.charge)) AS charge_would_pass,
		pg_catalog.sum(k.review)::pg_catalog.int8 AS lines_to_review,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.review),
			pg_catalog.sum(k.review_charge), pg_catalog.sum(k.charge)) AS charge_to_review,
		pg_catalog.sum(k.attested)::pg_catalog.int8 AS lines_attested,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.attested),
			pg_catalog.sum(k.attested_charge), pg_catalog.sum(k.charge)) AS charge_attested,
		pg_catalog.sum(k.lines)::pg_catalog.int8 AS lines, pg_catalog.sum(k.charge) AS charge,
		pg_catalog.sum(k.days)::pg_catalog.int8 AS days
	FROM claimline_internal.claim_risk k GROUP BY k.source, k.policy;
ALTER VIEW claim_report_risk OWNER TO @extowner@;
GRANT SELECT ON claim_report_risk TO PUBLIC;
COMMENT ON VIEW claim_report_risk IS
	'lines and charge at risk (an open finding of severity deny) of a source by a policy, each line once by '
	'its worst finding, what one change would mend, what is to be reviewed, what is attested and so neither, '
	'and all that was judged';

CREATE VIEW claim_report_risk_providers WITH (security_invoker = true) AS
	SELECT k.source, k.policy, k.provider, pg_catalog.sum(k.found)::pg_catalog.int8 AS lines_found,
		pg_catalog.sum(k.denied)::pg_catalog.int8 AS lines_at_risk,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.denied),
			pg_catalog.sum(k.denied_charge), pg_catalog.sum(k.charge)) AS charge_at_risk,
		pg_catalog.sum(k.mended)::pg_catalog.int8 AS lines_would_pass,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.mended),
			pg_catalog.sum(k.mended_charge), pg_catalog.sum(k.charge)) AS charge_would_pass,
		pg_catalog.sum(k.review)::pg_catalog.int8 AS lines_to_review,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.review),
			pg_catalog.sum(k.review_charge), pg_catalog.sum(k.charge)) AS charge_to_review,
		pg_catalog.sum(k.attested)::pg_catalog.int8 AS lines_attested,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.attested),
			pg_catalog.sum(k.attested_charge), pg_catalog.sum(k.charge)) AS charge_attested,
		pg_catalog.sum(k.lines)::pg_catalog.int8 AS lines, pg_catalog.sum(k.charge) AS charge,
		pg_catalog.sum(k.days)::pg_catalog.int8 AS days
	FROM claimline_internal.claim_risk k GROUP BY k.source, k.policy, k.provider;
ALTER VIEW claim_report_risk_providers OWNER TO @extowner@;
GRANT SELECT ON claim_report_risk_providers TO PUBLIC;
COMMENT ON VIEW claim_report_risk_providers IS
	'claim_report_risk by provider: rows add up to it';

CREATE VIEW claim_report_risk_months WITH (security_invoker = true) AS
	SELECT k.source, k.policy, k.month, pg_catalog.sum(k.found)::pg_catalog.int8 AS lines_found,
		pg_catalog.sum(k.denied)::pg_catalog.int8 AS lines_at_risk,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.denied),
			pg_catalog.sum(k.denied_charge), pg_catalog.sum(k.charge)) AS charge_at_risk,
		pg_catalog.sum(k.mended)::pg_catalog.int8 AS lines_would_pass,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.mended),
			pg_catalog.sum(k.mended_charge), pg_catalog.sum(k.charge)) AS charge_would_pass,
		pg_catalog.sum(k.review)::pg_catalog.int8 AS lines_to_review,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.review),
			pg_catalog.sum(k.review_charge), pg_catalog.sum(k.charge)) AS charge_to_review,
		pg_catalog.sum(k.attested)::pg_catalog.int8 AS lines_attested,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.attested),
			pg_catalog.sum(k.attested_charge), pg_catalog.sum(k.charge)) AS charge_attested,
		pg_catalog.sum(k.lines)::pg_catalog.int8 AS lines, pg_catalog.sum(k.charge) AS charge,
		pg_catalog.sum(k.days)::pg_catalog.int8 AS days
	FROM claimline_internal.claim_risk k GROUP BY k.source, k.policy, k.month;
ALTER VIEW claim_report_risk_months OWNER TO @extowner@;
GRANT SELECT ON claim_report_risk_months TO PUBLIC;
COMMENT ON VIEW claim_report_risk_months IS
	'claim_report_risk by month of service: rows add up to it; month is null where there is no date';

CREATE VIEW claim_report_risk_rules WITH (security_invoker = true) AS
	SELECT k.source, k.policy, k.rule, r.family, r.title,
		pg_catalog.sum(k.found)::pg_catalog.int8 AS lines_found,
		pg_catalog.sum(k.denied)::pg_catalog.int8 AS lines_at_risk,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.denied),
			pg_catalog.sum(k.denied_charge), j.charge) AS charge_at_risk,
		pg_catalog.sum(k.mended)::pg_catalog.int8 AS lines_would_pass,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.mended),
			pg_catalog.sum(k.mended_charge), j.charge) AS charge_would_pass,
		pg_catalog.sum(k.review)::pg_catalog.int8 AS lines_to_review,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.review),
			pg_catalog.sum(k.review_charge), j.charge) AS charge_to_review,
		pg_catalog.sum(k.attested)::pg_catalog.int8 AS lines_attested,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.attested),
			pg_catalog.sum(k.attested_charge), j.charge) AS charge_attested,
		j.lines, j.charge, j.days
	FROM claimline_internal.claim_risk k
		JOIN (
			SELECT a.source, a.policy, pg_catalog.sum(a.lines)::pg_catalog.int8 AS lines,
				pg_catalog.sum(a.charge) AS charge, pg_catalog.sum(a.days)::pg_catalog.int8 AS days
			FROM claimline_internal.claim_judged a GROUP BY a.source, a.policy
		) j ON j.source OPERATOR(pg_catalog.=) k.source AND j.policy OPERATOR(pg_catalog.=) k.policy
		LEFT JOIN @extschema@.claim_rules() r ON r.rule OPERATOR(pg_catalog.=) k.rule
	WHERE k.rule IS NOT NULL
	GROUP BY k.source, k.policy, k.rule, r.family, r.title, j.lines, j.charge, j.days;
ALTER VIEW claim_report_risk_rules OWNER TO @extowner@;
GRANT SELECT ON claim_report_risk_rules TO PUBLIC;
COMMENT ON VIEW claim_report_risk_rules IS
	'claim_report_risk by the rule of the worst finding of a line: what was found adds up to it; lines, '
	'charge and days are all that was judged';

CREATE VIEW claim_report_risk_families WITH (security_invoker = true) AS
	SELECT k.source, k.policy, r.family, pg_catalog.sum(k.found)::pg_catalog.int8 AS lines_found,
		pg_catalog.sum(k.denied)::pg_catalog.int8 AS lines_at_risk,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.denied),
			pg_catalog.sum(k.denied_charge), j.charge) AS charge_at_risk,
		pg_catalog.sum(k.mended)::pg_catalog.int8 AS lines_would_pass,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.mended),
			pg_catalog.sum(k.mended_charge), j.charge) AS charge_would_pass,
		pg_catalog.sum(k.review)::pg_catalog.int8 AS lines_to_review,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.review),
			pg_catalog.sum(k.review_charge), j.charge) AS charge_to_review,
		pg_catalog.sum(k.attested)::pg_catalog.int8 AS lines_attested,
		claimline_internal.claim_report_amount(pg_catalog.sum(k.attested),
			pg_catalog.sum(k.attested_charge), j.charge) AS charge_attested,
		j.lines, j.charge, j.days
	FROM claimline_internal.claim_risk k
		JOIN (
			SELECT a.source, a.policy, pg_catalog.sum(a.lines)::pg_catalog.int8 AS lines,
				pg_catalog.sum(a.charge) AS charge, pg_catalog.sum(a.days)::pg_catalog.int8 AS days
			FROM claimline_internal.claim_judged a GROUP BY a.source, a.policy
		) j ON j.source OPERATOR(pg_catalog.=) k.source AND j.policy OPERATOR(pg_catalog.=) k.policy
		LEFT JOIN @extschema@.claim_rules() r ON r.rule OPERATOR(pg_catalog.=) k.rule
	WHERE k.rule IS NOT NULL
	GROUP BY k.source, k.policy, r.family, j.lines, j.charge, j.days;
ALTER VIEW claim_report_risk_families OWNER TO @extowner@;
GRANT SELECT ON claim_report_risk_families TO PUBLIC;
COMMENT ON VIEW claim_report_risk_families IS
	'claim_report_risk_rules by family of rules';

CREATE VIEW claim_report_trend WITH (security_invoker = true) AS
	SELECT g.source, g.policy, g.scan, g.finished_at::pg_catalog.date AS night, g.finished_at,
		g.opened, g.changed, g.closed,
		(pg_catalog.sum(g.opened OPERATOR(pg_catalog.-) g.closed)
			OVER (PARTITION BY g.source, g.policy ORDER BY g.scan))::pg_catalog.int8 AS open,
		g.days, g.lines, g.seconds
	FROM (
		SELECT r.source, r.policy, r.scan, pg_catalog.max(r.finished_at) AS finished_at,
			pg_catalog.sum(r.opened)::pg_catalog.int8 AS opened,
			pg_catalog.sum(r.changed)::pg_catalog.int8 AS changed,
			pg_catalog.sum(r.closed)::pg_catalog.int8 AS closed,
			pg_catalog.sum(r.days_done)::pg_catalog.int8 AS days,
			pg_catalog.sum(r.lines_done)::pg_catalog.int8 AS lines,
			pg_catalog.round(pg_catalog.sum(EXTRACT(epoch FROM coalesce(r.finished_at, r.seen_at)
				OPERATOR(pg_catalog.-) r.started_at)), 3) AS seconds
		FROM (
			SELECT r.*, pg_catalog.min(r.id) FILTER (WHERE r.status OPERATOR(pg_catalog.=) 'finished')
				OVER (PARTITION BY r.source, r.policy ORDER BY r.id DESC) AS scan
			FROM claimline_internal.claim_scan_run r
		) r WHERE r.scan IS NOT NULL GROUP BY r.source, r.policy, r.scan
	) g;
ALTER VIEW claim_report_trend OWNER TO @extowner@;
GRANT SELECT ON claim_report_trend TO PUBLIC;
COMMENT ON VIEW claim_report_trend IS
	'night by night: findings that a scan opened, changed and closed, and how many stood open behind it; '
	'what an interrupted scan did is told with the one that finished';

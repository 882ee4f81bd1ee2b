
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

CREATE TYPE claimline_internal.claim_report_cell AS (
	bucket int,
	rule_no int,
	by_rule boolean,
	severity int,
	would_pass boolean,
	age int,
	lines bigint,
	charged bigint,
	charge numeric,
	denied_since timestamptz
);
COMMENT ON TYPE claimline_internal.claim_report_cell IS
	'part of claim_report: lines that are alike, of one rank (claim_finding_rank): all of them by '
	'provider and month (bucket), and once more by rule (its place in claim_rules()) and age (1 to 4)';

CREATE FUNCTION claimline_internal.claim_report_gather(source text, policy text, items int,
		OUT cells claimline_internal.claim_report_cell[], OUT worklist jsonb, OUT mendable jsonb)
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	-- of a million findings
	SET work_mem = '256MB'
	AS $$
	-- of the worst finding: its claim_finding_rank times 2^60, the place of its rule times 2^48, its id
	WITH finding AS (
		SELECT f.day_key, f.place, f.bucket, f.charge, k.rank = 0 AS denied, f.first_seen,
			@extschema@.claimline_hash_extended((f.finding).suggestion, 0) AS change,
			(k.rank::bigint << 60) + (coalesce(r.n, 4095) << 48) + f.id AS rank
		FROM claimline_internal.claim_scan_finding f
			LEFT JOIN (SELECT r.rule, row_number() OVER () AS n FROM @extschema@.claim_rules() r) r
				ON r.rule = (f.finding).rule
			LEFT JOIN claimline_internal.claim_attested t ON t.finding_id = f.id
			CROSS JOIN LATERAL (SELECT claimline_internal.claim_finding_rank((f.finding).severity,
				t.attestation IS NOT NULL)) k(rank)
		WHERE f.source = claim_report_gather.source AND f.policy = claim_report_gather.policy
			AND f.closed_at IS NULL
	), line AS MATERIALIZED (
		SELECT max(f.bucket) AS bucket, min(f.rank) AS rank, max(f.charge) AS charge,
			min(f.first_seen) FILTER (WHERE f.denied) AS denied_since,
			-- one change that every denial is gone with: where one has none, the first is not the last
			coalesce(min(coalesce(f.change, '-9223372036854775808')) FILTER (WHERE f.denied)
				= max(coalesce(f.change, '9223372036854775807')) FILTER (WHERE f.denied), false) AS would_pass
		FROM finding f GROUP BY f.day_key, f.place
	), cell AS (
		SELECT l.bucket, l.rule_no, GROUPING(l.bucket) = 1, l.severity, l.would_pass, l.age,
			count(*), count(l.charge), sum(l.charge), min(l.denied_since)
		FROM (
			SELECT l.bucket, (l.rank >> 48 & 4095)::int AS rule_no, (l.rank >> 60)::int AS severity,
				l.would_pass, CASE WHEN l.denied_since IS NULL THEN NULL
					WHEN l.denied_since > (SELECT now() - interval '192 hours') THEN 1
					WHEN l.denied_since > (SELECT now() - interval '744 hours') THEN 2
					WHEN l.denied_since > (SELECT now() - interval '2184 hours') THEN 3 ELSE 4 END AS age,
				l.charge, l.denied_since FROM line l
		) l GROUP BY GROUPING SETS ((l.bucket, l.severity, l.would_pass),
			(l.rule_no, l.severity, l.would_pass, l.age))
	), work AS (
		SELECT l.rank & ((1::bigint << 48) - 1) AS id, l.charge, l.would_pass, false AS mend FROM line l
		WHERE l.denied_since IS NOT NULL ORDER BY 2 DESC NULLS LAST, 1 LIMIT items
	), mend AS (
		SELECT l.rank & ((1::bigint << 48) - 1) AS id, l.charge, l.would_pass, true AS mend FROM line l
		WHERE l.would_pass ORDER BY 2 DESC NULLS LAST, 1 LIMIT items
	), listed AS (
		SELECT x.mend, claimline_internal.claim_report_work(
			array_agg(x.id ORDER BY x.charge DESC NULLS LAST, x.id),
			array_agg(x.would_pass ORDER BY x.charge DESC NULLS LAST, x.id)) AS list
		FROM (SELECT * FROM work UNION ALL SELECT * FROM mend) x GROUP BY x.mend
	)
	SELECT (SELECT array_agg(c::claimline_internal.claim_report_cell) FROM cell c),
		coalesce((SELECT x.list FROM listed x WHERE NOT x.mend), '[]'),
		coalesce((SELECT x.list FROM listed x WHERE x.mend), '[]')
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_gather(text, text, int) IS
	'part of claim_report: the lines with open findings, each by its worst as in claim_line_worst (equal '
	'suggestions are told by their hash), added up; the worklist, and what of it one '
	'change mends';

-- the score interval of Wilson (1927), 95 %: few lines do not make a high rate
CREATE FUNCTION claimline_internal.claim_rate_at_least(hits numeric, n numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT round(((p + z2 / (2 * n) - sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n))
		/ (1 + z2 / n))::numeric, 4)
	FROM (SELECT least(hits / nullif(n, 0), 1)::float8 AS p, 3.8415::float8 AS z2,
		nullif(n, 0)::float8 AS n) x
$$;
COMMENT ON FUNCTION claimline_internal.claim_rate_at_least(numeric, numeric) IS
	'part of claim_report: the lower limit of the rate that hits of n show, at 95 % (Wilson 1927); '
	'null for none';

CREATE FUNCTION claimline_internal.claim_report_found(source text, policy text, items int,
		cells claimline_internal.claim_report_cell[]) RETURNS jsonb
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	WITH rule AS MATERIALIZED (SELECT row_number() OVER () AS n, r.* FROM @extschema@.claim_rules() r
	), part AS (
		SELECT c.by_rule, b.provider, b.month, r.rule, r.family, c.severity, c.would_pass, c.lines AS found,
			c.charge AS found_charge, 0::bigint AS lines, NULL::numeric AS charge, 0::bigint AS days
		FROM unnest(cells) c LEFT JOIN rule r ON r.n = c.rule_no
			LEFT JOIN claimline_internal.claim_scan_bucket b ON b.source = claim_report_found.source
				AND b.policy = claim_report_found.policy AND b.id = c.bucket
		UNION ALL
		SELECT false, j.provider, j.month, NULL, NULL, NULL, NULL, 0, NULL, j.lines, j.charge, j.days
		FROM claimline_internal.claim_judged j
		WHERE j.source = claim_report_found.source AND j.policy = claim_report_found.policy
	), summed AS (
		SELECT GROUPING(p.provider, p.month, p.rule, p.family) AS cut, p.provider, p.month, p.rule, p.family,
			sum(p.found) AS found, sum(p.found) FILTER (WHERE p.severity = 0) AS at_risk,
			sum(p.found_charge) FILTER (WHERE p.severity = 0) AS at_risk_charge,
			sum(p.found) FILTER (WHERE p.would_pass) AS pass,
			sum(p.found_charge) FILTER (WHERE p.would_pass) AS pass_charge,
			sum(p.found) FILTER (WHERE p.severity = 1) AS review,
			sum(p.found_charge) FILTER (WHERE p.severity = 1) AS review_charge,
			sum(p.found) FILTER (WHERE p.severity IN (2, 3, 5, 7)) AS attested,
			sum(p.found_charge) FILTER (WHERE p.severity IN (2, 3, 5, 7)) AS attested_charge,
			sum(p.lines) AS lines, sum(p.charge) AS charge, sum(p.days) AS days
		FROM part p GROUP BY GROUPING SETS ((p.by_rule), (p.by_rule, p.provider), (p.by_rule, p.month),
			(p.by_rule, p.rule), (p.by_rule, p.family))
		HAVING p.by_rule = (GROUPING(p.rule, p.family) < 3)
	), said AS (
		SELECT s.cut, s.provider, s.month, s.rule, s.family, s.lines, s.at_risk, r.n, r.title,
			r.family AS family_of, claimline_internal.claim_rate_at_least(s.at_risk, s.lines) AS rate,
			row_number() OVER (PARTITION BY s.cut ORDER BY s.at_risk_charge DESC NULLS LAST,
				s.at_risk DESC NULLS LAST, s.provider) AS nth,
			jsonb_build_object('lines_found', s.found, 'lines_at_risk', coalesce(s.at_risk, 0),
				'charge_at_risk', claimline_internal.claim_report_amount(s.at_risk,
					s.at_risk_charge, z.whole),
				'lines_would_pass', coalesce(s.pass, 0),
				'charge_would_pass', claimline_internal.claim_report_amount(s.pass,
					s.pass_charge, z.whole),
				'lines_to_review', coalesce(s.review, 0),
				'charge_to_review', claimline_internal.claim_report_amount(s.review,
					s.review_charge, z.whole),
				'lines_attested', coalesce(s.attested, 0),
				'charge_attested', claimline_internal.claim_report_amount(s.attested,
					s.attested_charge, z.whole)) AS found,
			jsonb_build_object('lines', s.lines, 'charge', s.charge, 'days', s.days) AS judged
		FROM summed s CROSS JOIN (SELECT sum(t.charge) AS whole FROM summed t WHERE t.cut = 15) z
			LEFT JOIN rule r ON r.rule = s.rule
	), rated AS (
		SELECT s.*, row_number() OVER (ORDER BY s.rate DESC, s.lines DESC, s.provider) AS place
		FROM said s WHERE s.cut = 7 AND s.at_risk > 0 AND s.rate IS NOT NULL
	)
	SELECT jsonb_build_object(
		'totals', (SELECT s.found || s.judged FROM said s WHERE s.cut = 15 AND s.lines IS NOT NULL),
		'rules', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', s.rule, 'family', s.family_of,
				'title', s.title) || s.found ORDER BY s.nth, s.rule), '[]') FROM said s
			WHERE s.cut = 13 AND s.rule IS NOT NULL),
		'families', (SELECT coalesce(jsonb_agg(jsonb_build_object('family', s.family) || s.found
				ORDER BY s.nth, s.family), '[]') FROM said s WHERE s.cut = 14 AND s.family IS NOT NULL),
		'providers', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', s.provider) || s.found
				|| s.judged ORDER BY s.nth), '[]') FROM said s WHERE s.cut = 7 AND s.nth <= items),
		'providers_by_rate', (SELECT coalesce(jsonb_agg(jsonb_build_object('provider', s.provider,
				'rate_at_least', s.rate) || s.found || s.judged ORDER BY s.place), '[]')
			FROM rated s WHERE s.place <= items),
		'providers_in_all', (SELECT count(*) FROM said s WHERE s.cut = 7),
		'months', (SELECT coalesce(jsonb_agg(jsonb_build_object('month', s.month) || s.found || s.judged
				ORDER BY s.month NULLS LAST), '[]') FROM said s WHERE s.cut = 11))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_found(text, text, int,
		claimline_internal.claim_report_cell[]) IS
	'part of claim_report: totals, and what was found by rule, family, provider and month';

CREATE FUNCTION claimline_internal.claim_report_ages(cells claimline_internal.claim_report_cell[],
		whole numeric) RETURNS jsonb
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH denied AS MATERIALIZED (SELECT c.* FROM unnest(cells) c WHERE c.by_rule AND c.severity = 0
	), aged AS (
		SELECT a.n, a.days, coalesce(sum(c.lines), 0) AS lines,
			claimline_internal.claim_report_amount(sum(c.lines), sum(c.charge), whole) AS charge
		FROM (VALUES (1, '[0,7]'::int4range), (2, '[8,30]'), (3, '[31,90]'), (4, '[91,]')) a(n, days)
			LEFT JOIN denied c ON c.age = a.n
		GROUP BY a.n, a.days
	)
	SELECT jsonb_build_object(
		'ages', (SELECT jsonb_agg(jsonb_build_object('from_days', lower(a.days),
				'to_days', upper(a.days) - 1, 'lines_at_risk', a.lines, 'charge_at_risk', a.charge)
				ORDER BY a.n) FROM aged a),
		'without_charge', (SELECT coalesce(sum(c.lines - c.charged), 0) FROM denied c),
		'oldest', (SELECT min(c.denied_since) FROM denied c))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_ages(claimline_internal.claim_report_cell[],
		numeric) IS
	'part of claim_report: how long lines have been at risk';

CREATE FUNCTION claimline_internal.claim_report_job(source text, policy text, items int, at timestamptz)
		RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH run AS (
		SELECT p.scan, to_jsonb(p) - '{source,policy,pid,days_per_second,remaining}'::text[] AS shown
		FROM @extschema@.claim_scan_progress p
		WHERE p.source = claim_report_job.source AND p.policy = claim_report_job.policy
			AND p.started_at >= at
		ORDER BY p.scan DESC LIMIT items
	), night AS (
		SELECT t.scan, to_jsonb(t) - '{source,policy}'::text[] AS shown FROM @extschema@.claim_report_trend t
		WHERE t.source = claim_report_job.source AND t.policy = claim_report_job.policy
			AND t.finished_at >= at
		ORDER BY t.scan DESC LIMIT items
	)
	SELECT jsonb_build_object(
		'last_run', (SELECT to_jsonb(p) - '{source,policy,pid,days_per_second,remaining}'::text[]
			FROM @extschema@.claim_scan_progress p
			WHERE p.source = claim_report_job.source AND p.policy = claim_report_job.policy
			ORDER BY p.scan DESC LIMIT 1),
		'last_finished_at', (SELECT max(p.finished_at) FROM @extschema@.claim_scan_progress p
			WHERE p.source = claim_report_job.source AND p.policy = claim_report_job.policy
				AND p.status = 'finished'),
		'runs', (SELECT coalesce(jsonb_agg(r.shown ORDER BY r.scan), '[]') FROM run r),
		'nights', (SELECT coalesce(jsonb_agg(n.shown ORDER BY n.scan), '[]') FROM night n))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_job(text, text, int, timestamptz) IS
	'part of claim_report: the last scans, and what was found night by night, from a time on';

CREATE FUNCTION claimline_internal.claim_report_undecided(source text, policy text, mapping jsonb)
		RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	WITH day AS MATERIALIZED (
		SELECT d.counted, d.undecided, d.no_patient, d.no_provider, d.no_dos, count(*) AS days
		FROM claimline_internal.claim_scan_day d
		WHERE d.source = claim_report_undecided.source AND d.policy = claim_report_undecided.policy
		GROUP BY 1, 2, 3, 4, 5
	), counted AS MATERIALIZED (
		SELECT e ->> 0 AS rule, (e ->> 1)::@extschema@.claim_severity AS severity,
			sum(d.days * (e ->> 2)::bigint)::bigint AS findings, sum(d.days)::bigint AS days
		FROM (SELECT d.counted, sum(d.days) AS days FROM day d GROUP BY d.counted) d
			JOIN claimline_internal.claim_scan_counted c ON c.source = claim_report_undecided.source
				AND c.policy = claim_report_undecided.policy AND c.id = d.counted,
			jsonb_array_elements(c.findings) e
		GROUP BY 1, 2
	), stored AS MATERIALIZED (
		SELECT DISTINCT f.day_key, (f.finding).rule FROM claimline_internal.claim_scan_finding f
		WHERE f.source = claim_report_undecided.source AND f.policy = claim_report_undecided.policy
			AND f.closed_at IS NULL AND (f.finding).severity = 'unknown'
	), why AS (
		SELECT u.why, sum(u.days)::bigint AS days FROM (
			SELECT c.rule AS why, c.days FROM counted c WHERE c.severity = 'unknown'
			UNION ALL
			-- a day is counted once, also where one finding of a rule is stored and another is not
			SELECT s.rule, count(*) FROM stored s JOIN claimline_internal.claim_scan_day d
					ON d.source = claim_report_undecided.source AND d.policy = claim_report_undecided.policy
						AND d.day_key = s.day_key
				LEFT JOIN claimline_internal.claim_scan_counted c ON c.source = claim_report_undecided.source
					AND c.policy = claim_report_undecided.policy AND c.id = d.counted
			WHERE (c.findings @> jsonb_build_array(jsonb_build_array(s.rule, 'unknown'))) IS NOT TRUE
			GROUP BY s.rule
			UNION ALL
			SELECT k.why, d.days FROM day d, LATERAL (VALUES ('no patient', d.no_patient),
				('no provider', d.no_provider), ('no date of service', d.no_dos)) k(why, holds) WHERE k.holds
		) u GROUP BY u.why
	)
	SELECT jsonb_build_object(
		'days_undecided', (SELECT coalesce(sum(d.days) FILTER (WHERE d.undecided), 0)
			FROM day d HAVING count(*) > 0),
		'undecided', (SELECT coalesce(jsonb_agg(jsonb_build_object('why', u.why, 'days', u.days,
				'all_days', a.days, 'share', round(u.days / a.days, 4), 'missing', w.missing,
				'decided_by', w.decided_by) ORDER BY u.days DESC, u.why), '[]')
			FROM why u CROSS JOIN (SELECT sum(d.days) AS days FROM day d) a
				LEFT JOIN claimline_internal.claim_undecided_wants(u.why, mapping) w ON true
			WHERE u.days > 0),
		'counted', (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', c.rule, 'family', r.family,
				'title', r.title, 'severity', c.severity, 'findings', c.findings, 'days', c.days)
				ORDER BY c.severity DESC, c.findings DESC, c.rule), '[]') FROM counted c
			LEFT JOIN @extschema@.claim_rules() r ON r.rule = c.rule))
$$;
COMMENT ON FUNCTION claimline_internal.claim_report_undecided(text, text, jsonb) IS
	'part of claim_report: what could not be decided and why, and what was counted and not stored: the '
	'rows of claim_report_undecided and claim_report_counted, in one pass over the days';

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

CREATE FUNCTION claim_report(source text, policy text = 'medicare', items int = 50,
		since timestamptz = NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s claimline_internal.claim_source;
	gathered record;
	found jsonb;
	more jsonb;
	whole numeric;
BEGIN
	IF source IS NULL OR policy IS NULL OR items IS NULL THEN
		RETURN NULL;
	ELSIF items < 0 THEN
		RAISE EXCEPTION 'items is %, must be 0 or more', items USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM claimline_internal.claim_findings_known(source, policy);
	s := claimline_internal.claim_source_known(source);
	SELECT * INTO gathered FROM claimline_internal.claim_report_gather(source, policy, items);
	found := claimline_internal.claim_report_found(source, policy, items, gathered.cells);
	whole := (found -> 'totals' ->> 'charge')::numeric;
	more := claimline_internal.claim_report_ages(gathered.cells, whole);
	found := found || jsonb_build_object('worklist', gathered.worklist,
		'mendable', gathered.mendable, 'ages', more -> 'ages', 'totals',
		CASE WHEN found -> 'totals' <> 'null' THEN found -> 'totals' || jsonb_build_object(
			'lines_without_charge', more -> 'without_charge', 'oldest_at_risk', more -> 'oldest') END);
	RETURN jsonb_build_object('version', 1, 'generated_at', now(), 'health_information', true,
			'source', jsonb_build_object('name', s.name, 'relation', s.relation::text,
				'has_charges', s.mapping -> 'fields' ? 'charge', 'unmapped', to_jsonb(s.unmapped)),
			'policy', policy, 'ruleset', claimline_internal.claim_report_ruleset(source, policy),
			'since', CASE WHEN since IS NOT NULL THEN
				claimline_internal.claim_report_then(source, policy, since, whole)
				|| claimline_internal.claim_report_new(source, policy, since, whole) END)
		|| claimline_internal.claim_report_job(source, policy, items, coalesce(since, '-infinity'))
		|| claimline_internal.claim_report_attested(source, policy, items)
		|| jsonb_build_object('payments', claimline_internal.claim_report_payments(source, policy, items))
		|| found || claimline_internal.claim_report_undecided(source, policy, s.mapping);
END $$;
COMMENT ON FUNCTION claim_report(text, text, int, timestamptz) IS
	'all that a page shows of a source by a policy: totals, rules, families, providers, months, ages, '
	'nights, worklist, what could not be decided, the job, attestations, payments, the ruleset; '
	'its keys, of version 1, are in doc/dashboards.md; items: how many providers, lines of the worklist, '
	'nights, runs and attestations; since: also what was at risk at that time, and nights and runs from '
	'then on; null for another null argument; raises an error for a source or a policy that does not exist, '
	'or a source that is not the caller''s to read';

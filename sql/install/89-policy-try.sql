
-- what a draft of a policy would change

CREATE FUNCTION claimline_internal.claim_policy_draft(settings jsonb, parent text, name text, edition text,
		service_type text) RETURNS claim_ruleset
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION claimline_internal.claim_policy_draft(jsonb, text, text, text, text) IS
	'part of claim_policy_try: the ruleset of settings over those of a policy (null: they are whole), '
	'as of a policy of a name; nothing is stored; null where settings or name are null';

CREATE TYPE claimline_internal.claim_tried AS (
	change text,
	patient text,
	provider text,
	dos date,
	place int,
	line claimline,
	charge numeric,
	rule text,
	was claim_finding,
	finding claim_finding
);
COMMENT ON TYPE claimline_internal.claim_tried IS
	'part of claim_policy_try: a finding that a draft would make (gained), take away (lost) or have in other '
	'words (changed); rule null: a line that would be denied and is not, or the other way round';

CREATE FUNCTION claimline_internal.claim_tried_day(before claimline_internal.claim_placed[],
		after claimline_internal.claim_placed[], charges numeric[],
		patient text, provider text, dos date) RETURNS SETOF claimline_internal.claim_tried
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- as scans do it: the same rule on the same line with the same partner is the same finding
	WITH said AS (
		SELECT e.*, row_number() OVER (PARTITION BY e.side, e.place, (e.finding).rule,
			(e.finding).with_claim_id, (e.finding).with_line_no ORDER BY e.nth) AS n
		FROM (SELECT 1 AS side, x.place, x.line, x.finding, x.nth
				FROM unnest(before) WITH ORDINALITY x(place, line, finding, undated, nth)
			UNION ALL
			SELECT 2, x.place, x.line, x.finding, x.nth
				FROM unnest(after) WITH ORDINALITY x(place, line, finding, undated, nth)) e
	), pair AS (
		SELECT s.place, (s.finding).rule AS rule, (array_agg(s.line))[1] AS line,
			(array_agg(s.finding) FILTER (WHERE s.side = 1))[1] AS was,
			(array_agg(s.finding) FILTER (WHERE s.side = 2))[1] AS finding,
			count(*) FILTER (WHERE s.side = 1) AS n_before, count(*) FILTER (WHERE s.side = 2) AS n_after
		FROM said s
		GROUP BY s.place, (s.finding).rule, (s.finding).with_claim_id, (s.finding).with_line_no, s.n
	), denied AS (
		SELECT s.place, (array_agg(s.line))[1] AS line, bool_or(s.side = 1) AS before,
			bool_or(s.side = 2) AS after
		FROM said s WHERE (s.finding).severity = 'deny' GROUP BY s.place
	)
	SELECT CASE WHEN p.n_before = 0 THEN 'gained' WHEN p.n_after = 0 THEN 'lost' ELSE 'changed' END,
		patient, provider, dos, p.place, p.line, charges[p.place], p.rule, p.was, p.finding
	FROM pair p WHERE p.n_before = 0 OR p.n_after = 0 OR p.was IS DISTINCT FROM p.finding
	UNION ALL
	SELECT CASE WHEN d.after THEN 'gained' ELSE 'lost' END, patient, provider, dos, d.place, d.line,
		charges[d.place], NULL, NULL, NULL
	FROM denied d WHERE d.before IS DISTINCT FROM d.after
$$;
COMMENT ON FUNCTION claimline_internal.claim_tried_day(claimline_internal.claim_placed[],
		claimline_internal.claim_placed[], numeric[], text, text, date) IS
	'part of claim_policy_try: what is found on a day before and after, compared';

CREATE FUNCTION claimline_internal.claim_policy_try_days(settings jsonb, source text, policy text,
		edition text, service_type text) RETURNS SETOF claimline_internal.claim_tried
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	SET jit = off
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'a');
	began CONSTANT timestamptz := clock_timestamp();
	said timestamptz := clock_timestamp();
	n bigint := 0;
	lines bigint := 0;
	day record;
BEGIN
	-- the rulesets are made once; days on which they agree are compared as they are
	FOR day IN EXECUTE format($sql$
		SELECT j.patient, j.provider, j.dos, j.charges, j.n_lines, j.before, j.after,
			j.before IS DISTINCT FROM j.after AS differs
		FROM (SELECT %1$s AS patient, %2$s AS provider, a.dos, a.charges, a.n_lines,
				(SELECT array_agg(p) FROM claimline_internal.claim_edits_placed(a.day,
					(SELECT @extschema@.ruleset($1, $2, $3))) p) AS before,
				(SELECT array_agg(p) FROM claimline_internal.claim_edits_placed(a.day,
					(SELECT claimline_internal.claim_policy_draft($4, $5, $1, $2, $3))) p) AS after
			FROM (SELECT v.patient, v.provider, v.dos, %3$s FROM %4$s v
				GROUP BY v.patient, v.provider, v.dos) a OFFSET 0) j$sql$,
		k.patient, k.provider, claimline_internal.claim_scan_day_sql(s, 'info'), s.view)
		USING policy, edition, service_type, settings, @extschema@.claim_policy_check(settings) LOOP
		n := n + 1;
		lines := lines + day.n_lines;
		IF day.differs THEN
			RETURN QUERY SELECT * FROM claimline_internal.claim_tried_day(day.before, day.after, day.charges,
				day.patient, day.provider, day.dos);
		END IF;
		IF clock_timestamp() - said > interval '10 seconds' THEN
			said := clock_timestamp();
			RAISE NOTICE 'claim_policy_try: % provider-days judged by both (% lines), % days a second',
				n, lines, round(n / extract(epoch FROM said - began));
		END IF;
	END LOOP;
	RAISE NOTICE 'claim_policy_try: % provider-days (% lines) judged by policy "%" and by the draft in %',
		n, lines, policy, date_trunc('milliseconds', clock_timestamp() - began);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_policy_try_days(jsonb, text, text, text, text) IS
	'part of claim_policy_try: judges the days of a source by both, says how far it is';

CREATE FUNCTION claim_policy_try(settings jsonb, source text, policy text = NULL, edition text = NULL,
		service_type text = NULL, items int = 10, OUT change text, OUT rule text, OUT severity claim_severity,
		OUT was_severity claim_severity, OUT findings bigint, OUT lines bigint, OUT days bigint,
		OUT charge numeric, OUT examples jsonb) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	base text;
BEGIN
	IF settings IS NULL OR source IS NULL THEN
		RAISE EXCEPTION 'settings and source must not be null' USING ERRCODE = 'null_value_not_allowed';
	ELSIF items < 0 THEN
		RAISE EXCEPTION 'items is %, must be 0 or more', items USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM claimline_internal.claim_source_known(source);
	base := coalesce(policy, @extschema@.claim_policy_check(settings), 'medicare');
	-- raises an error for a policy that does not exist
	PERFORM @extschema@.claim_policy_settings(base);
	RETURN QUERY
	WITH tried AS MATERIALIZED (
		SELECT t.*, (t.finding).severity AS now, (t.was).severity AS before,
			row_number() OVER (PARTITION BY t.change, t.rule, (t.finding).severity, (t.was).severity
				ORDER BY t.charge DESC NULLS LAST, t.dos, t.patient, t.provider, t.place) AS nth,
			row_number() OVER (PARTITION BY t.change, t.rule, (t.finding).severity, (t.was).severity,
				t.patient, t.provider, t.dos, t.place) AS of_line,
			row_number() OVER (PARTITION BY t.change, t.rule, (t.finding).severity, (t.was).severity,
				t.patient, t.provider, t.dos) AS of_day
		FROM claimline_internal.claim_policy_try_days(settings, source, base, edition,
			claimline_internal.claim_source_type(source, service_type)) t
	)
	SELECT t.change, t.rule, CASE WHEN t.rule IS NULL THEN 'deny' ELSE t.now END, t.before,
		CASE WHEN t.rule IS NOT NULL THEN count(*) END, count(*) FILTER (WHERE t.of_line = 1),
		count(*) FILTER (WHERE t.of_day = 1), sum(t.charge) FILTER (WHERE t.of_line = 1),
		coalesce(jsonb_agg(jsonb_build_object('patient', t.patient, 'provider', t.provider, 'dos', t.dos,
			'claim_id', coalesce((t.finding).claim_id, (t.was).claim_id),
			'line_no', coalesce((t.finding).line_no, (t.was).line_no), 'line', t.line::text,
			'charge', t.charge, 'message', (t.finding).message, 'was_message', (t.was).message,
			'suggestion', (t.finding).suggestion::text) ORDER BY t.nth)
			FILTER (WHERE items IS NULL OR t.nth <= items), '[]')
	FROM tried t GROUP BY t.change, t.rule, t.now, t.before
	ORDER BY t.rule NULLS FIRST, t.change, t.now DESC;
END $$;
COMMENT ON FUNCTION claim_policy_try(jsonb, text, text, text, text, int) IS
	'what settings would change, were they a policy, over the claims of a source as they are stored now: '
	'findings gained, lost and changed beside those of a policy (null: the one that they extend, else '
	'medicare), by rule and severity, with the lines and days that they are on, the charge of these lines, '
	'each once, and some of them (items; null for all); rule null: lines that would come to be denied, or be '
	'denied no more; over the newest edition, or one that is given; nothing is published or stored; raises '
	'an error for settings that are no policy, a source or a policy that does not exist';

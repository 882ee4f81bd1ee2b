
-- what was found, batch by batch: findings opened, kept and closed

-- What is stored, and what is counted by day.  What a mapping lacks altogether was said when the source was
-- added; what an edition does not cover is said by a notice: neither is to be said of every line.

CREATE FUNCTION claimline_internal.claim_scan_waits(mapping jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
-- with neither of the fields no line decides the rule; with one of them some may, and the others matter
SELECT ARRAY(SELECT w.rule FROM (VALUES
	('units-unknown', '{minutes}'),
	('cmt-region-unknown', '{regions,dx}'),
	('cmt-level', '{regions,dx}'),
	('specialty-not-covered', '{specialty}'),
	('specialty-code-limit', '{specialty}'),
	('referral-missing', '{referral}'),
	('visits-scrutiny', '{visit}'),
	('visits-limit', '{visit}'),
	('edition-coverage', '{dos}'),
	('undated', '{dos}')) w(rule, fields)
	WHERE NOT mapping -> 'fields' ?| w.fields::text[])
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_waits(jsonb) IS
	'part of claim_scan: the rules that answer unknown for want of a field that a mapping does not have, '
	'so that no line has it; and "undated", whatever the rule, where it has no date of service';

CREATE FUNCTION claimline_internal.claim_scan_kinds(run claimline_internal.claim_scan_run) RETURNS int[]
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH waits AS MATERIALIZED (
		SELECT claimline_internal.claim_scan_waits(s.mapping) AS rules
		FROM claimline_internal.claim_source s WHERE s.name = run.source
	)
	SELECT coalesce(array_agg((((r.n - 1) * 4 + v.n - 1) * 2 + u.n)::int), '{}')
	FROM (SELECT r.rule, row_number() OVER () AS n FROM @extschema@.claim_rules() r) r,
		unnest(enum_range(NULL::@extschema@.claim_severity)) WITH ORDINALITY v(severity, n),
		(VALUES (0), (1)) u(n), waits w
	WHERE CASE
		WHEN v.severity = 'unknown'
			AND (r.rule = ANY (w.rules) OR (u.n = 1 AND 'undated' = ANY (w.rules))) THEN false
		WHEN r.rule = 'edition-coverage' THEN run.at_least <= least(v.severity, 'unknown')
		ELSE run.at_least <= v.severity END
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_kinds(claimline_internal.claim_scan_run) IS
	'part of claim_scan: the kinds of findings (rule, severity, whether it is unknown for want of a date) '
	'that are stored; others are counted: they are below at_least, the rule waits for what no line has '
	'(claim_scan_waits), or, as what could not be decided, an edition does not cover the line and less than '
	'"review" was not asked for';

-- A finding is the same while it is on the same line by the same rule with the same partner.

CREATE FUNCTION claimline_internal.claim_scan_same(finding claim_finding) RETURNS bigint
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN pg_catalog.hash_record_extended(ROW((finding).claim_id, (finding).line_no, (finding).rule,
		(finding).with_claim_id, (finding).with_line_no), 0);
COMMENT ON FUNCTION claimline_internal.claim_scan_same(claim_finding) IS
	'part of claim_scan: a hash of what makes a finding of a day the same, whatever it says';

CREATE FUNCTION claimline_internal.claim_scan_says(finding claim_finding) RETURNS bigint
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	-- facts are what the message says: where an older release kept none of them, it is said all the same
	RETURN pg_catalog.hash_record_extended(ROW((finding).claim_id, (finding).line_no, (finding).rule,
		(finding).severity, (finding).message, (finding).with_claim_id, (finding).with_line_no,
		(finding).suggestion, (finding).condition, (finding).carc, (finding).rarc, (finding).citation,
		(finding).covered), 0);
COMMENT ON FUNCTION claimline_internal.claim_scan_says(claim_finding) IS
	'part of claim_scan: a hash of all that a finding says, but for its facts';

CREATE FUNCTION claimline_internal.claim_scan_found(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	AS $$
BEGIN
	CREATE TEMP TABLE claim_scan_found ON COMMIT DROP AS
		SELECT f.*, hash_record_extended(f.said, 0) AS key
		FROM (SELECT row_number() OVER () AS n, j.day_key, j.known, j.patient, j.provider, j.dos, j.bucket,
				e.place, e.line, j.charges[e.place] AS charge, e.finding,
				claimline_internal.claim_words_of(e.finding) AS said
			FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL unnest(w.found) j
				CROSS JOIN LATERAL unnest(j.stored) e
			WHERE w.batch = run.batch) f;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_found(claimline_internal.claim_scan_run) IS
	'part of claim_scan: puts the findings of a batch that are stored into the temporary table '
	'claim_scan_found';

CREATE FUNCTION claimline_internal.claim_scan_worded(run claimline_internal.claim_scan_run,
		OUT id int, OUT key bigint, OUT said claimline_internal.claim_words) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
#variable_conflict use_column
DECLARE
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
BEGIN
	RETURN QUERY
	WITH wanted AS MATERIALIZED (
		SELECT n.key, n.said FROM pg_temp.claim_scan_found n
		WHERE n.n = ANY (ARRAY(SELECT min(m.n) FROM pg_temp.claim_scan_found m GROUP BY m.key))
	), there AS MATERIALIZED (
		SELECT w.id, w.key, ROW(w.rule, w.severity, w.message, w.partner, w.condition, w.carc, w.rarc,
			w.citation, w.covered, w.facts)::claimline_internal.claim_words AS said
		FROM claimline_internal.claim_scan_words w
		WHERE w.state = this_state AND w.key = ANY (ARRAY(SELECT n.key FROM wanted n))
	), new AS (
		INSERT INTO claimline_internal.claim_scan_words AS w (state, key, rule, severity, message, partner,
			condition, carc, rarc, citation, covered, facts)
		SELECT this_state, n.key, (n.said).*
		FROM wanted n LEFT JOIN there t ON t.key = n.key AND t.said = n.said
		WHERE t.id IS NULL
		RETURNING w.id, w.key, ROW(w.rule, w.severity, w.message, w.partner, w.condition, w.carc, w.rarc,
			w.citation, w.covered, w.facts)::claimline_internal.claim_words
	)
	TABLE there UNION ALL TABLE new;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_worded(claimline_internal.claim_scan_run) IS
	'part of claim_scan: the words of the findings of a batch, made where there are none';

CREATE FUNCTION claimline_internal.claim_scan_new(run claimline_internal.claim_scan_run, numbers bigint[])
		RETURNS bigint
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
DECLARE
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
	n_rows bigint;
BEGIN
	INSERT INTO claimline_internal.claim_scan_stored
		(state, first_scan, first_seen, day_key, patient, provider, dos, words, claim_id, line_no,
		with_claim_id, with_line_no, suggestion, bucket, place, line, charge)
	SELECT this_state, run.id, now(), n.day_key, n.patient, n.provider, n.dos, w.id,
		(n.finding).claim_id, (n.finding).line_no, (n.finding).with_claim_id,
		(n.finding).with_line_no, (n.finding).suggestion, n.bucket, n.place, n.line, n.charge
	-- other words with the same hash would be null, which is refused
	FROM pg_temp.claim_scan_found n
		LEFT JOIN claimline_internal.claim_scan_worded(run) w ON w.key = n.key AND w.said = n.said
	WHERE NOT n.known OR n.n IN (SELECT unnest(numbers));
	GET DIAGNOSTICS n_rows = ROW_COUNT;
	RETURN n_rows;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_new(claimline_internal.claim_scan_run, bigint[]) IS
	'part of claim_scan: opens findings of a batch: those of days that were not there, and by their numbers '
	'in claim_scan_found; returns how many';

CREATE FUNCTION claimline_internal.claim_scan_judge(run claimline_internal.claim_scan_run, courses boolean,
		OUT opened bigint, OUT changed bigint, OUT kept bigint, OUT closed bigint)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	-- What the server knows of the tables' sizes is old while they grow.  Stored rows
	-- are found by their index: by = ANY, or where nothing but a nested loop can do it;
	-- what is in the batch is joined by hashes.
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
DECLARE
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
BEGIN
	IF NOT EXISTS (SELECT FROM pg_temp.claim_scan_work w WHERE w.batch = run.batch AND w.known) THEN
		opened := claimline_internal.claim_scan_new(run, NULL);
		changed := 0;
		kept := 0;
		closed := 0;
		RETURN;
	END IF;
	WITH open AS MATERIALIZED (
		SELECT o.* FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL unnest(w.found) j CROSS JOIN LATERAL (
			SELECT f AS stored, f.words FROM claimline_internal.claim_scan_stored f
			WHERE f.state = this_state AND f.day_key = j.day_key AND f.closed_at IS NULL OFFSET 0) o
		WHERE w.batch = run.batch AND w.known AND j.known
	), stored AS MATERIALIZED (
		SELECT (o.stored).id, (o.stored).day_key, (o.stored).place, (o.stored).line, (o.stored).charge,
			claimline_internal.claim_scan_finding_of(o.stored, w) AS finding
		FROM open o JOIN claimline_internal.claim_scan_words w ON w.id = o.words
			AND w.id = ANY (ARRAY(SELECT o.words FROM open o))
			AND (w.rule = ANY (claimline_internal.claim_course_rules())) = courses
	), pairs AS MATERIALIZED (
		-- first those that say the same, then those that are of the same; both in the order of the lines
		SELECT max(u.id) AS id, max(u.n) AS n, u.as_said
		FROM (SELECT u.*, row_number() OVER (PARTITION BY u.day_key, u.same, u.as_said, u.id IS NULL
				ORDER BY u.place, u.id) AS m
			FROM (SELECT u.*, count(*) OVER (PARTITION BY u.day_key, u.words, u.nth) = 2 AS as_said
				FROM (SELECT u.*, row_number() OVER (PARTITION BY u.day_key, u.words, u.id IS NULL
						ORDER BY u.place, u.id) AS nth
					FROM (SELECT o.id, NULL::bigint AS n, o.day_key, o.place,
							claimline_internal.claim_scan_same(o.finding) AS same,
							claimline_internal.claim_scan_says(o.finding) AS words
						FROM stored o
						UNION ALL
						SELECT NULL, f.n, f.day_key, f.place,
							claimline_internal.claim_scan_same(f.finding),
							claimline_internal.claim_scan_says(f.finding)
						FROM pg_temp.claim_scan_found f WHERE f.known) u) u) u) u
		GROUP BY u.day_key, u.as_said, CASE WHEN u.as_said THEN u.words ELSE u.same END,
			CASE WHEN u.as_said THEN u.nth ELSE u.m END
	), billed AS MATERIALIZED (
		-- what was said of another bill is kept with it: what stood then is asked, and what it cost
		SELECT p.id FROM pairs p JOIN stored o ON o.id = p.id JOIN pg_temp.claim_scan_found n ON n.n = p.n
		WHERE p.as_said AND hash_record_extended(ROW(o.line, o.charge), 0)
			<> hash_record_extended(ROW(n.line, n.charge), 0)
	), gone AS (
		UPDATE claimline_internal.claim_scan_stored f SET closed_scan = run.id, closed_at = now()
		WHERE f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NULL))
		RETURNING 1
	), said AS (
		INSERT INTO claimline_internal.claim_scan_said (finding_id, source, policy, finding, place, line,
			charge, edition, ruleset_hash, last_scan, last_seen, said_scan, said_at, until_scan, until_at)
		SELECT f.id, f.source, f.policy, f.finding, f.place, f.line, f.charge,
			f.edition, f.ruleset_hash, f.last_scan, f.last_seen, f.said_scan, f.said_at, run.id, now()
		FROM claimline_internal.claim_scan_finding f
		WHERE f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NOT NULL AND NOT p.as_said
			UNION ALL TABLE billed))
	), stay AS (
		UPDATE claimline_internal.claim_scan_stored f
			SET words = w.id, suggestion = (n.finding).suggestion, bucket = n.bucket, place = n.place,
				line = n.line, charge = n.charge, last_scan = run.id, last_seen = now(),
				said_scan = CASE WHEN p.as_said AND b.id IS NULL THEN f.said_scan ELSE run.id END,
				said_at = CASE WHEN p.as_said AND b.id IS NULL THEN f.said_at ELSE now() END
		FROM pairs p JOIN pg_temp.claim_scan_found n ON n.n = p.n LEFT JOIN billed b ON b.id = p.id
			LEFT JOIN claimline_internal.claim_scan_worded(run) w ON w.key = n.key AND w.said = n.said
		WHERE f.id = p.id AND f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NOT NULL))
		RETURNING p.as_said
	)
	SELECT claimline_internal.claim_scan_new(run, ARRAY(SELECT p.n FROM pairs p WHERE p.id IS NULL)),
			count(*) FILTER (WHERE NOT s.as_said),
			count(*) FILTER (WHERE s.as_said), (SELECT count(*) FROM gone)
		INTO opened, changed, kept, closed FROM stay s;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_judge(claimline_internal.claim_scan_run, boolean) IS
	'part of claim_scan: opens, changes, keeps and closes findings of the days of a batch: '
	'those of family course, or all others';

CREATE FUNCTION claimline_internal.claim_scan_days(run claimline_internal.claim_scan_run,
		OUT counted jsonb)
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
#variable_conflict use_column
DECLARE
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
	others bytea;
	days bytea;
BEGIN
	WITH counts AS MATERIALIZED (
		SELECT j.day_key, j.counted, j.undecided
		FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL unnest(w.found) j
		WHERE w.batch = run.batch AND (j.counted IS NOT NULL OR j.undecided)
	), wanted AS MATERIALIZED (
		SELECT c.counted, c.counted::jsonb AS findings, count(*) AS days
		FROM counts c WHERE c.counted IS NOT NULL GROUP BY c.counted
	), sets AS MATERIALIZED (
		SELECT s.id, s.findings FROM claimline_internal.claim_scan_counted s
		WHERE s.source = run.source AND s.policy = run.policy
	), new_sets AS (
		INSERT INTO claimline_internal.claim_scan_counted (source, policy, id, findings)
		SELECT run.source, run.policy,
			(SELECT coalesce(max(s.id), 0) FROM sets s) + row_number() OVER (), c.findings
		FROM wanted c LEFT JOIN sets s ON s.findings = c.findings WHERE s.id IS NULL
		RETURNING id, findings
	), ids AS (
		SELECT c.counted, s.id
		FROM wanted c JOIN (TABLE sets UNION ALL TABLE new_sets) s ON s.findings = c.findings
	)
	SELECT claimline_internal.claim_scan_pack(c.day_key, 0, 0, coalesce(i.id, 0), 0, 0::smallint,
			c.undecided::int::smallint, NULL),
		(SELECT jsonb_object_agg(t.severity, t.n) FROM (
			SELECT e.value ->> 1 AS severity, sum(d.days * (e.value ->> 2)::bigint) AS n
			FROM wanted d, jsonb_array_elements(d.findings) e GROUP BY e.value ->> 1) t)
		INTO others, counted
		FROM counts c LEFT JOIN ids i ON i.counted = c.counted;
	SELECT string_agg(w.days, '' ORDER BY w.part) INTO days FROM pg_temp.claim_scan_work w
		WHERE w.batch = run.batch;
	PERFORM claimline_internal.claim_scan_put(this_state,
		coalesce(claimline_internal.claim_scan_fold(days, others), days));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_days(claimline_internal.claim_scan_run) IS
	'part of claim_scan: stores the days of a batch as they are, and what is found on them and not stored; '
	'counted: how many findings that are, by severity';

CREATE FUNCTION claimline_internal.claim_scan_judged(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM claimline_internal.claim_scan_pending p
			WHERE p.source = run.source AND p.policy = run.policy) THEN
		RETURN;
	END IF;
	DELETE FROM claimline_internal.claim_scan_pending p
		WHERE p.source = run.source AND p.policy = run.policy AND p.day_key = ANY (ARRAY(
			SELECT d.day_key
			FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL claimline_internal.claim_scan_unpack(w.days) d
			WHERE w.batch = run.batch));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_judged(claimline_internal.claim_scan_run) IS
	'part of claim_scan: forgets what was pending of a batch';

CREATE FUNCTION claimline_internal.claim_scan_say(run claimline_internal.claim_scan_run) RETURNS timestamptz
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	seconds CONSTANT float8 := extract(epoch FROM clock_timestamp() - run.judging_at);
BEGIN
	IF clock_timestamp() - run.said_at < interval '10 seconds' OR run.batch >= run.batches THEN
		RETURN run.said_at;
	END IF;
	RAISE NOTICE 'claim_scan: % of % provider-days judged (% lines), % days a second, about % left',
		run.days_done, run.days_found, run.lines_done, round(run.days_done / seconds),
		make_interval(secs => round(seconds * (run.days_found - run.days_done) / run.days_done));
	RETURN clock_timestamp();
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_say(claimline_internal.claim_scan_run) IS
	'part of claim_scan: says now and then how far it is; returns when it last said something';

CREATE FUNCTION claimline_internal.claim_scan_step(run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	AS $$
DECLARE
	run claimline_internal.claim_scan_run :=
		(SELECT r FROM claimline_internal.claim_scan_run r WHERE r.id = run_id);
	counts record;
BEGIN
	IF run.batch >= run.batches THEN
		RETURN false;
	END IF;
	IF claimline_internal.claim_scan_rules(run, run.ruleset_hash) IS NULL THEN
		RAISE EXCEPTION 'the ruleset of scan % is gone', run_id
			USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	PERFORM claimline_internal.claim_scan_found(run);
	SELECT * INTO counts FROM claimline_internal.claim_scan_judge(run, false) j,
		claimline_internal.claim_scan_days(run) d;
	PERFORM claimline_internal.claim_scan_judged(run);
	PERFORM claimline_internal.claim_scan_course_put(run);
	DROP TABLE pg_temp.claim_scan_found;
	EXECUTE 'SELECT $1 + coalesce(sum(w.n_days), 0), $2 + coalesce(sum(w.n_lines), 0) '
		'FROM pg_temp.claim_scan_work w WHERE w.batch = $3'
		INTO run.days_done, run.lines_done USING run.days_done, run.lines_done, run.batch;
	run.batch := run.batch + 1;
	UPDATE claimline_internal.claim_scan_run r
		SET batch = run.batch, days_done = run.days_done, lines_done = run.lines_done,
			opened = r.opened + counts.opened, changed = r.changed + counts.changed,
			kept = r.kept + counts.kept, closed = r.closed + counts.closed,
			counted = coalesce((SELECT jsonb_object_agg(c.severity, c.n) FROM (
				SELECT e.key AS severity, sum(e.value::bigint) AS n
				FROM (SELECT * FROM jsonb_each_text(r.counted)
					UNION ALL SELECT * FROM jsonb_each_text(counts.counted)) e
				GROUP BY e.key) c), '{}'),
			seen_at = clock_timestamp(), said_at = claimline_internal.claim_scan_say(run)
		WHERE r.id = run_id;
	RETURN run.batch < run.batches;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_step(bigint) IS
	'part of claim_scan: judges the next batch; false after the last one';


-- the days to be judged, batch by batch: findings opened, kept and closed

CREATE FUNCTION claimline_internal.claim_scan_forget() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF to_regclass('pg_temp.claim_scan_work') IS NOT NULL THEN
		DROP TABLE pg_temp.claim_scan_work;
	END IF;
	IF to_regclass('pg_temp.claim_scan_asked') IS NOT NULL THEN
		DROP TABLE pg_temp.claim_scan_asked;
	END IF;
	IF to_regclass('pg_temp.claim_scan_found') IS NOT NULL THEN
		DROP TABLE pg_temp.claim_scan_found;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_forget() IS
	'part of claim_scan: drops its temporary tables';

CREATE FUNCTION claimline_internal.claim_scan_day_sql(s claimline_internal.claim_source,
		at_least claim_severity) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- why a row is no line costs reading it again: only where that finding is stored
	SELECT '@extschema@.claimday(v.claim_id, v.line_no, v.line'
		|| CASE WHEN at_least <= 'unknown' THEN ', CASE WHEN v.line IS NULL THEN v.line_error END' ELSE '' END
		|| ') AS day, count(*)::int AS n_lines, '
		|| CASE WHEN s.mapping -> 'fields' ? 'charge'
			THEN 'claimline_internal.claim_charges(v.claim_id, v.line_no, v.line, v.charge)'
			ELSE 'NULL::numeric[]' END || ' AS charges'
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_day_sql(claimline_internal.claim_source, claim_severity) IS
	'part of claim_scan: what a provider-day is made of, over rows v of the view of a source';

-- of immutable functions, so that it is part of the query around it
CREATE FUNCTION claimline_internal.claim_scan_day_hash(day claimday, charges numeric[]) RETURNS bigint
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	-- in this order: that of an array of nulls is the same for any seed
	RETURN @extschema@.claimday_hash_extended(day, coalesce(pg_catalog.hash_array_extended(charges, 0), 0));
COMMENT ON FUNCTION claimline_internal.claim_scan_day_hash(claimday, numeric[]) IS
	'part of claim_scan: a hash of a day and of the charges of its lines, if it has any';

CREATE FUNCTION claimline_internal.claim_scan_known(source text, policy text,
		OUT day_key uuid, OUT day_hash bigint, OUT epoch int, OUT forced boolean) RETURNS SETOF record
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT d.day_key, d.day_hash, d.epoch::int, p.day_key IS NOT NULL
		FROM claimline_internal.claim_scan_judged_day d LEFT JOIN claimline_internal.claim_scan_pending p
			ON p.source OPERATOR(pg_catalog.=) claim_scan_known.source
				AND p.policy OPERATOR(pg_catalog.=) claim_scan_known.policy
				AND p.day_key OPERATOR(pg_catalog.=) d.day_key AND p.forced
		WHERE d.state OPERATOR(pg_catalog.=) (SELECT x.id FROM claimline_internal.claim_scan_state x
			WHERE x.source OPERATOR(pg_catalog.=) claim_scan_known.source
				AND x.policy OPERATOR(pg_catalog.=) claim_scan_known.policy);
	END;
COMMENT ON FUNCTION claimline_internal.claim_scan_known(text, text) IS
	'part of claim_scan: the days that were judged before; '
	'forced: to be judged again whatever their lines are';

CREATE FUNCTION claimline_internal.claim_scan_asked(run claimline_internal.claim_scan_run) RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	lines text;
BEGIN
	-- the keys in their own types, so that an index on them is of use
	EXECUTE format($sql$
		CREATE TEMP TABLE claim_scan_asked ON COMMIT DROP AS
		SELECT p.day_key, %1$s AS patient, %2$s AS provider, p.dos, p.forced
		FROM claimline_internal.claim_scan_pending p WHERE p.source = %3$L AND p.policy = %4$L$sql$,
		format((claimline_internal.claim_scan_key_forms(s, 'patient')).of_text, 'p.patient'),
		format((claimline_internal.claim_scan_key_forms(s, 'provider')).of_text, 'p.provider'),
		run.source, run.policy);
	ANALYZE pg_temp.claim_scan_asked;
	-- null keys are found by IS NULL: no operator with an index finds both
	EXECUTE $sql$
		SELECT string_agg(format('SELECT q.day_key, v.claim_id, v.line_no, v.line, v.line_error, v.charge '
				'FROM pg_temp.claim_scan_asked q JOIN %1$s v '
				'ON %2$s AND %3$s AND %4$s '
				'WHERE q.patient IS %5$s NULL AND q.provider IS %6$s NULL AND q.dos IS %7$s NULL', $1,
				CASE WHEN m.p THEN 'v.patient IS NULL' ELSE 'v.patient ' || $2 || ' q.patient' END,
				CASE WHEN m.r THEN 'v.provider IS NULL' ELSE 'v.provider ' || $3 || ' q.provider' END,
				CASE WHEN m.d THEN 'v.dos IS NULL' ELSE 'v.dos = q.dos' END,
				CASE WHEN m.p THEN '' ELSE 'NOT' END,
				CASE WHEN m.r THEN '' ELSE 'NOT' END,
				CASE WHEN m.d THEN '' ELSE 'NOT' END),
			' UNION ALL ')
		FROM (SELECT DISTINCT q.patient IS NULL AS p, q.provider IS NULL AS r, q.dos IS NULL AS d
			FROM pg_temp.claim_scan_asked q) m$sql$
		INTO lines USING s.view, claimline_internal.claim_key_equals(s.patient_type),
			claimline_internal.claim_key_equals(s.provider_type);
	RETURN coalesce(lines,
		format('SELECT NULL::uuid AS day_key, v.claim_id, v.line_no, v.line, v.line_error, v.charge '
			'FROM %s v WHERE false', s.view));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_asked(claimline_internal.claim_scan_run) IS
	'part of claim_scan: puts the pending days into the temporary table claim_scan_asked; '
	'returns a SELECT of their lines';

CREATE FUNCTION claimline_internal.claim_scan_found_sql(run claimline_internal.claim_scan_run,
		everything boolean) RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'a');
	day CONSTANT text := claimline_internal.claim_scan_day_sql(s, run.at_least);
BEGIN
	IF everything THEN
		RETURN format('SELECT %5$s AS day_key, '
			'%1$s AS patient, %2$s AS provider, a.dos, '
			'a.day, a.charges, a.n_lines, false AS asked '
			'FROM (SELECT v.patient, v.provider, v.dos, %3$s FROM %4$s v '
			'GROUP BY v.patient, v.provider, v.dos) a',
			k.patient, k.provider, day, s.view,
			claimline_internal.claim_scan_key_sql(s, 'a.patient', 'a.provider', 'a.dos'));
	END IF;
	RETURN format('SELECT a.day_key, %1$s AS patient, %2$s AS provider, a.dos, '
		'g.day, g.charges, g.n_lines, true AS asked '
		'FROM pg_temp.claim_scan_asked a '
		'LEFT JOIN (SELECT v.day_key, %3$s FROM (%4$s) v GROUP BY v.day_key) g ON g.day_key = a.day_key',
		k.patient, k.provider, day, claimline_internal.claim_scan_asked(run));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_found_sql(claimline_internal.claim_scan_run, boolean) IS
	'part of claim_scan: a SELECT of all days of the source, '
	'or of the pending ones (asked) with what they hold now';

CREATE FUNCTION claimline_internal.claim_scan_gather(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	SET jit = off
	-- what is known of a day is few bytes, what it holds is many: these are never sorted
	SET enable_mergejoin = off
	AS $$
DECLARE
	run CONSTANT claimline_internal.claim_scan_run :=
		(SELECT r FROM claimline_internal.claim_scan_run r WHERE r.id = run_id);
	st claimline_internal.claim_scan_state;
	n_pending CONSTANT bigint := (SELECT count(*) FROM claimline_internal.claim_scan_pending p
		WHERE p.source = run.source AND p.policy = run.policy);
	n_found bigint;
	n_batches int;
BEGIN
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy;
	PERFORM claimline_internal.claim_scan_forget();
	-- for this transaction: grouping a table is maintenance
	IF pg_size_bytes(current_setting('work_mem'))
			< pg_size_bytes(current_setting('maintenance_work_mem')) THEN
		PERFORM set_config('work_mem', current_setting('maintenance_work_mem'), true);
	END IF;
	-- days that were judged as they are, by this ruleset, are left out; those that are gone have no lines
	EXECUTE format($sql$
		CREATE TEMP TABLE claim_scan_work AS
		SELECT ((row_number() OVER () - 1) / %2$s)::int AS batch, w.*
		FROM (
			SELECT coalesce(g.day_key, k.day_key) AS day_key, g.patient, g.provider, g.dos,
				g.day, g.charges, g.day_hash, g.n_lines, k.day_key IS NOT NULL AS known
			FROM (SELECT f.*, claimline_internal.claim_scan_day_hash(f.day, f.charges) AS day_hash
				FROM (%1$s) f OFFSET 0) g
			%6$s JOIN claimline_internal.claim_scan_known(%3$L, %4$L) k ON k.day_key = g.day_key
			WHERE CASE WHEN g.n_lines IS NULL THEN k.day_key IS NOT NULL
				ELSE k.day_key IS NULL OR k.day_hash <> g.day_hash OR k.epoch <> %5$s OR k.forced END
		) w$sql$,
		claimline_internal.claim_scan_found_sql(run, st.full_pending),
		run.batch_days, run.source, run.policy, st.epoch % 32768,
		CASE WHEN st.full_pending THEN 'FULL' ELSE 'LEFT' END);
	-- batches are in the order of the rows
	CREATE INDEX ON pg_temp.claim_scan_work USING brin (batch) WITH (pages_per_range = 8);
	EXECUTE 'SELECT count(*), coalesce(max(w.batch) + 1, 0) FROM pg_temp.claim_scan_work w'
		INTO n_found, n_batches;
	UPDATE claimline_internal.claim_scan_run r
		SET status = 'judging', judging_at = clock_timestamp(), seen_at = clock_timestamp(),
			days_found = r.days_done + n_found, batch = 0, batches = n_batches
		WHERE r.id = run_id;
	RAISE NOTICE 'claim_scan: % provider-days to judge, found by %', n_found,
		CASE WHEN st.full_pending THEN 'comparing all days'
				WHEN run.method = 'log' THEN 'the log of changes' ELSE 'the watermark' END
			|| coalesce(' (' || run.why || ')', '')
		USING DETAIL = CASE WHEN st.full_pending THEN 'Every line of the source was read and grouped.'
			WHEN run.method = 'log' THEN format('%s keys were pending.', n_pending)
			ELSE 'The watermark was read of every line, unless it has an index. '
				'Deleted rows are seen by the number of lines only.' END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_gather(bigint) IS
	'part of claim_scan: puts the days to be judged into the temporary table claim_scan_work';

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

-- of immutable functions, so that it is part of the query around it
CREATE FUNCTION claimline_internal.claim_scan_stores(found claimline_internal.claim_placed,
		at_least claim_severity, waits text[]) RETURNS boolean
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN CASE
		WHEN (found.finding).severity OPERATOR(pg_catalog.=) 'unknown'::@extschema@.claim_severity
			AND ((found.finding).rule OPERATOR(pg_catalog.=) ANY (waits)
				OR (found.undated AND 'undated' OPERATOR(pg_catalog.=) ANY (waits))) THEN false
		WHEN (found.finding).rule OPERATOR(pg_catalog.=) 'edition-coverage'
			THEN at_least OPERATOR(pg_catalog.<=)
				least((found.finding).severity, 'unknown'::@extschema@.claim_severity)
		ELSE at_least OPERATOR(pg_catalog.<=) (found.finding).severity END;
COMMENT ON FUNCTION claimline_internal.claim_scan_stores(claimline_internal.claim_placed,
		claim_severity, text[]) IS
	'part of claim_scan: whether a finding is stored, or counted: it is below at_least, its rule '
	'waits for what no line has (claim_scan_waits), or, as what could not be decided, '
	'an edition does not cover the line and less than "review" was not asked for';

-- A finding is the same while it is on the same line by the same rule with the same partner.

CREATE FUNCTION claimline_internal.claim_scan_same(finding claim_finding) RETURNS bigint
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN pg_catalog.hash_record_extended(ROW((finding).claim_id, (finding).line_no, (finding).rule,
		(finding).with_claim_id, (finding).with_line_no), 0);
COMMENT ON FUNCTION claimline_internal.claim_scan_same(claim_finding) IS
	'part of claim_scan: a hash of what makes a finding of a day the same, whatever it says';

CREATE FUNCTION claimline_internal.claim_scan_found(run claimline_internal.claim_scan_run, waits text[])
		RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	AS $$
BEGIN
	CREATE TEMP TABLE claim_scan_found ON COMMIT DROP AS
		SELECT row_number() OVER () AS n, w.day_key, w.patient, w.provider, w.dos, w.known,
			e.place, e.line, w.charges[e.place] AS charge, e.finding, (e.finding).rule, (e.finding).severity,
			claimline_internal.claim_scan_stores(e, run.at_least, waits) AS stores
		FROM pg_temp.claim_scan_work w
		CROSS JOIN LATERAL claimline_internal.claim_edits_placed(w.day,
			(SELECT claimline_internal.claim_scan_rules(run, run.ruleset_hash))) e
		WHERE w.batch = run.batch;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_found(claimline_internal.claim_scan_run, text[]) IS
	'part of claim_scan: puts what is found on the days of a batch into the temporary table '
	'claim_scan_found';

CREATE FUNCTION claimline_internal.claim_scan_judge(run claimline_internal.claim_scan_run,
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
BEGIN
	WITH stored AS MATERIALIZED (
		SELECT o.* FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL (
			SELECT f.id, f.day_key, f.place, f.finding FROM claimline_internal.claim_scan_finding f
			WHERE f.source = run.source AND f.policy = run.policy
				AND f.day_key = w.day_key AND f.closed_at IS NULL OFFSET 0) o
		WHERE w.batch = run.batch AND w.known
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
							hash_record_extended(o.finding, 0) AS words
						FROM stored o
						UNION ALL
						SELECT NULL, f.n, f.day_key, f.place,
							claimline_internal.claim_scan_same(f.finding), hash_record_extended(f.finding, 0)
						FROM pg_temp.claim_scan_found f WHERE f.stores AND f.known) u) u) u) u
		GROUP BY u.day_key, u.as_said, CASE WHEN u.as_said THEN u.words ELSE u.same END,
			CASE WHEN u.as_said THEN u.nth ELSE u.m END
	), gone AS (
		UPDATE claimline_internal.claim_scan_finding f SET closed_scan = run.id, closed_at = now()
		WHERE f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NULL))
		RETURNING 1
	), said AS (
		INSERT INTO claimline_internal.claim_scan_said (finding_id, source, policy, finding, place, line,
			charge, edition, ruleset_hash, last_scan, last_seen, said_scan, said_at, until_scan, until_at)
		SELECT f.id, f.source, f.policy, f.finding, f.place, f.line, f.charge,
			f.edition, f.ruleset_hash, f.last_scan, f.last_seen, f.said_scan, f.said_at, run.id, now()
		FROM claimline_internal.claim_scan_finding f
		WHERE f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NOT NULL AND NOT p.as_said))
	), stay AS (
		UPDATE claimline_internal.claim_scan_finding f
			SET finding = n.finding, place = n.place, line = n.line, charge = n.charge, edition = run.edition,
				ruleset_hash = run.ruleset_hash, last_scan = run.id, last_seen = now(),
				said_scan = CASE WHEN p.as_said THEN f.said_scan ELSE run.id END,
				said_at = CASE WHEN p.as_said THEN f.said_at ELSE now() END
		FROM pairs p JOIN pg_temp.claim_scan_found n ON n.n = p.n
		WHERE f.id = p.id AND f.id = ANY (ARRAY(SELECT p.id FROM pairs p WHERE p.n IS NOT NULL))
		RETURNING p.as_said
	), new AS (
		INSERT INTO claimline_internal.claim_scan_finding
			(source, policy, day_key, patient, provider, dos, finding, place, line, charge, edition,
			ruleset_hash, first_scan, last_scan, first_seen, last_seen, said_scan, said_at)
		SELECT run.source, run.policy, n.day_key, n.patient, n.provider, n.dos, n.finding, n.place, n.line,
			n.charge, run.edition, run.ruleset_hash, run.id, run.id, now(), now(), run.id, now()
		FROM pg_temp.claim_scan_found n
		WHERE n.stores AND (NOT n.known OR n.n IN (SELECT p.n FROM pairs p WHERE p.id IS NULL))
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM new), count(*) FILTER (WHERE NOT s.as_said),
			count(*) FILTER (WHERE s.as_said), (SELECT count(*) FROM gone)
		INTO opened, changed, kept, closed FROM stay s;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_judge(claimline_internal.claim_scan_run) IS
	'part of claim_scan: opens, changes, keeps and closes findings of the days of a batch';

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
	this_epoch smallint;
	this_state int;
BEGIN
	SELECT x.epoch % 32768, x.id INTO this_epoch, this_state FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy;
	WITH counts AS MATERIALIZED (
		SELECT c.day_key, bool_or(c.severity = 'unknown') AS undecided,
			jsonb_agg(jsonb_build_array(c.rule, c.severity, c.n) ORDER BY c.rule, c.severity)
				FILTER (WHERE c.n > 0) AS findings
		FROM (SELECT j.day_key, j.rule, j.severity, count(*) FILTER (WHERE NOT j.stores) AS n
			FROM pg_temp.claim_scan_found j GROUP BY j.day_key, j.rule, j.severity) c
		GROUP BY c.day_key
	), sets AS MATERIALIZED (
		SELECT s.id, s.findings FROM claimline_internal.claim_scan_counted s
		WHERE s.source = run.source AND s.policy = run.policy
	), new_sets AS (
		INSERT INTO claimline_internal.claim_scan_counted (source, policy, id, findings)
		SELECT run.source, run.policy,
			(SELECT coalesce(max(s.id), 0) FROM sets s) + row_number() OVER (), c.findings
		FROM counts c LEFT JOIN sets s ON s.findings = c.findings
		WHERE c.findings IS NOT NULL AND s.id IS NULL GROUP BY c.findings
		RETURNING id, findings
	), days AS MATERIALIZED (
		SELECT w.day_key, w.day_hash, w.n_lines, w.known, coalesce(s.id, 0) AS counted, b.id AS bucket,
			(SELECT sum(m) FROM unnest(w.charges) m) AS charge,
			((coalesce(c.undecided, false))::int + 2 * (w.patient IS NULL)::int
				+ 4 * (w.provider IS NULL)::int + 8 * (w.dos IS NULL)::int)::smallint AS marks
		FROM pg_temp.claim_scan_work w
			LEFT JOIN counts c ON c.day_key = w.day_key
			LEFT JOIN (TABLE sets UNION ALL TABLE new_sets) s ON s.findings = c.findings
			LEFT JOIN claimline_internal.claim_scan_buckets(run) b
				ON b.key = claimline_internal.claim_scan_bucket_key(w.provider, w.dos)
				AND b.provider IS NOT DISTINCT FROM w.provider
				AND b.month IS NOT DISTINCT FROM claimline_internal.claim_scan_month(w.dos)
		WHERE w.batch = run.batch AND w.day IS NOT NULL
	), new AS (
		INSERT INTO claimline_internal.claim_scan_judged_day
			(state, day_key, day_hash, n_lines, epoch, marks, counted, bucket, charge)
		SELECT this_state, d.day_key, d.day_hash, d.n_lines, this_epoch, d.marks, d.counted,
			d.bucket, d.charge
		FROM days d WHERE NOT d.known ORDER BY d.day_key
	), again AS (
		UPDATE claimline_internal.claim_scan_judged_day j
		SET day_hash = d.day_hash, n_lines = d.n_lines, epoch = this_epoch, marks = d.marks,
			counted = d.counted, bucket = d.bucket, charge = d.charge
		FROM days d WHERE d.known AND j.state = this_state AND j.day_key = d.day_key
			AND j.day_key = ANY (ARRAY(SELECT d.day_key FROM days d WHERE d.known))
	)
	SELECT (SELECT jsonb_object_agg(j.severity, j.n) FROM (SELECT j.severity, count(*) AS n
				FROM pg_temp.claim_scan_found j WHERE NOT j.stores GROUP BY j.severity) j)
		INTO counted;
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
	DELETE FROM claimline_internal.claim_scan_judged_day d
		WHERE d.state = (SELECT x.id FROM claimline_internal.claim_scan_state x
			WHERE x.source = run.source AND x.policy = run.policy) AND d.day_key = ANY (ARRAY(
			SELECT w.day_key FROM pg_temp.claim_scan_work w
			WHERE w.batch = run.batch AND w.day IS NULL AND w.known));
	DELETE FROM claimline_internal.claim_scan_pending p
		WHERE p.source = run.source AND p.policy = run.policy AND p.day_key = ANY (ARRAY(
			SELECT w.day_key FROM pg_temp.claim_scan_work w WHERE w.batch = run.batch));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_judged(claimline_internal.claim_scan_run) IS
	'part of claim_scan: forgets the days of a batch that are gone, and what was pending of it';

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
	waits text[];
	counts record;
BEGIN
	IF run.batch >= run.batches THEN
		RETURN false;
	END IF;
	IF claimline_internal.claim_scan_rules(run, run.ruleset_hash) IS NULL THEN
		RAISE EXCEPTION 'the ruleset of scan % is gone', run_id
			USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	SELECT claimline_internal.claim_scan_waits(s.mapping) INTO waits
		FROM claimline_internal.claim_source s WHERE s.name = run.source;
	PERFORM claimline_internal.claim_scan_found(run, waits);
	SELECT * INTO counts FROM claimline_internal.claim_scan_judge(run) j,
		claimline_internal.claim_scan_days(run) d;
	PERFORM claimline_internal.claim_scan_judged(run);
	DROP TABLE pg_temp.claim_scan_found;
	EXECUTE 'SELECT $1 + count(*), $2 + coalesce(sum(w.n_lines), 0) '
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


-- the days to be judged: judged in the pass that reads them, and put where they are stored batch by batch

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

CREATE FUNCTION claimline_internal.claim_scan_charges_sql(s claimline_internal.claim_source) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN s.mapping -> 'fields' ? 'charge'
		THEN 'claimline_internal.claim_charges(v.claim_id, v.line_no, v.line, v.charge)'
		ELSE 'NULL::numeric[]' END
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_charges_sql(claimline_internal.claim_source) IS
	'part of claim_scan: the charges of the lines of a day, over rows v of the view of a source';

CREATE FUNCTION claimline_internal.claim_scan_day_sql(s claimline_internal.claim_source,
		at_least claim_severity) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- why a row is no line costs reading it again: only where that finding is stored
	SELECT '@extschema@.claimday(v.claim_id, v.line_no, v.line'
		|| CASE WHEN at_least <= 'unknown' THEN ', CASE WHEN v.line IS NULL THEN v.line_error END' ELSE '' END
		|| ') AS day, count(*)::int AS n_lines, '
		|| claimline_internal.claim_scan_charges_sql(s) || ' AS charges'
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

-- Where days are stored: in the last row that begins at or before them.

CREATE FUNCTION claimline_internal.claim_scan_number(source text, policy text) RETURNS int
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT x.id FROM claimline_internal.claim_scan_state x
	WHERE x.source = claim_scan_number.source AND x.policy = claim_scan_number.policy
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_number(text, text) IS
	'part of claim_scan: the number of the scans of a source by a policy; null where there were none';

CREATE FUNCTION claimline_internal.claim_scan_firsts(state int, keys uuid[]) RETURNS uuid[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	AS $$
	SELECT coalesce(array_agg(DISTINCT f.first), '{}')
	FROM unnest(keys) k (day_key), LATERAL (
		SELECT j.first FROM claimline_internal.claim_scan_judged_day j
		WHERE j.state = claim_scan_firsts.state AND j.first <= k.day_key ORDER BY j.first DESC LIMIT 1) f
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_firsts(int, uuid[]) IS
	'part of claim_scan: the rows of claim_scan_judged_day in which days are, or would be, by their first '
	'keys';

CREATE FUNCTION claimline_internal.claim_scan_put(state int, changes bytea) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
DECLARE
	keys CONSTANT uuid[] := ARRAY(SELECT d.day_key FROM claimline_internal.claim_scan_unpack(changes) d);
	n CONSTANT int := cardinality(keys);
	firsts uuid[] := claimline_internal.claim_scan_firsts(state, keys[1:1]);
	stored bytea[];
BEGIN
	-- many changes are in most of the rows between; for a few each has its row looked up
	IF n < (SELECT count(*) FROM (SELECT FROM claimline_internal.claim_scan_judged_day j
			WHERE j.state = claim_scan_put.state AND j.first > keys[1] AND j.first <= keys[n]
			LIMIT n + 1) j) THEN
		firsts := claimline_internal.claim_scan_firsts(state, keys);
	ELSE
		firsts := firsts || ARRAY(SELECT j.first FROM claimline_internal.claim_scan_judged_day j
			WHERE j.state = claim_scan_put.state AND j.first > keys[1] AND j.first <= keys[n]);
	END IF;
	SELECT coalesce(array_agg(j.days ORDER BY j.first), '{}') INTO stored
		FROM claimline_internal.claim_scan_judged_day j
		WHERE j.state = claim_scan_put.state AND j.first = ANY (firsts);
	WITH merged AS MATERIALIZED (
		SELECT m.* FROM claimline_internal.claim_scan_merge(stored, changes) m
	), gone AS (
		DELETE FROM claimline_internal.claim_scan_judged_day j
		WHERE j.state = claim_scan_put.state AND j.first = ANY (firsts)
			AND j.first <> ALL (ARRAY(SELECT m.first FROM merged m))
	), again AS (
		UPDATE claimline_internal.claim_scan_judged_day j SET n_lines = m.n_lines, days = m.days FROM merged m
		WHERE j.state = claim_scan_put.state AND j.first = ANY (firsts)
			AND j.first = m.first AND j.days <> m.days
	)
	INSERT INTO claimline_internal.claim_scan_judged_day (state, first, n_lines, days)
		SELECT claim_scan_put.state, m.first, m.n_lines, m.days FROM merged m WHERE m.first <> ALL (firsts);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_put(int, bytea) IS
	'part of claim_scan: stores days of a scan, as claim_scan_pack has them, in place of what they were; '
	'those without lines are gone';

CREATE FUNCTION claimline_internal.claim_scan_known_sql(run claimline_internal.claim_scan_run,
		everything boolean) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
BEGIN
	IF NOT EXISTS (SELECT FROM claimline_internal.claim_scan_judged_day j WHERE j.state = this_state) THEN
		RETURN NULL;
	END IF;
	RETURN format($sql$
		SELECT d.day_key, d.day_hash, d.epoch, p.day_key IS NOT NULL AS forced
		FROM claimline_internal.claim_scan_judged_day j
			CROSS JOIN LATERAL claimline_internal.claim_scan_unpack(j.days) d
			LEFT JOIN claimline_internal.claim_scan_pending p
				ON p.source = %2$L AND p.policy = %3$L AND p.day_key = d.day_key AND p.forced
		WHERE j.state = %1$s$sql$, this_state, run.source, run.policy)
		|| CASE WHEN everything THEN '' ELSE format(' AND j.first = ANY (
			claimline_internal.claim_scan_firsts(%s,
				ARRAY(SELECT a.day_key FROM pg_temp.claim_scan_asked a)))',
			this_state) END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_known_sql(claimline_internal.claim_scan_run, boolean) IS
	'part of claim_scan: a SELECT of the days that were judged before, or of the rows that pending ones are '
	'in; forced: to be judged again whatever their lines are; null where there are none';

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

CREATE FUNCTION claimline_internal.claim_scan_work_sql(run claimline_internal.claim_scan_run,
		st claimline_internal.claim_scan_state) RETURNS text
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	found text := claimline_internal.claim_scan_found_sql(run, st.full_pending);
	known CONSTANT text := claimline_internal.claim_scan_known_sql(run, st.full_pending);
BEGIN
	-- Citus groups the lines, where they are as far as it can; it does not plan all that is around them
	IF claimline_internal.claim_source_distributed(run.source) THEN
		EXECUTE 'CREATE TEMP TABLE claim_scan_fetched ON COMMIT DROP AS ' || found;
		found := 'SELECT * FROM pg_temp.claim_scan_fetched';
	END IF;
	-- Days that were judged as they are, by this ruleset, are left out; those that are gone have no lines.
	-- The ruleset is fetched once; most days have no findings.  What stands before OFFSET 0 is computed once,
	-- and before the days are sorted.
	RETURN format($sql$
		SELECT c.day_key, coalesce(c.day_hash, 0) AS day_hash, coalesce(c.n_lines, 0) AS n_lines, c.known,
			c.patient, c.provider, c.dos, c.charges,
			(2 * (c.patient IS NULL)::int + 4 * (c.provider IS NULL)::int
				+ 8 * (c.dos IS NULL)::int)::smallint AS marks,
			claimline_internal.claim_edits_found(c.day, %2$s, %3$L) AS found
		FROM (SELECT %1$s OFFSET 0) c OFFSET 0$sql$,
		CASE WHEN known IS NULL THEN format('g.*, claimline_internal.claim_scan_day_hash(g.day, g.charges)
				AS day_hash, false AS known FROM (%s) g WHERE g.n_lines IS NOT NULL', found)
			ELSE format('coalesce(g.day_key, k.day_key) AS day_key, g.patient, g.provider, g.dos,
				g.day, g.charges, g.day_hash, g.n_lines, k.day_key IS NOT NULL AS known
				FROM (SELECT f.*, claimline_internal.claim_scan_day_hash(f.day, f.charges) AS day_hash
					FROM (%1$s) f OFFSET 0) g
				%2$s JOIN (%3$s) k ON k.day_key = g.day_key
				WHERE CASE WHEN g.n_lines IS NULL THEN k.day_key IS NOT NULL
					ELSE k.day_key IS NULL OR k.day_hash <> g.day_hash OR k.epoch <> %4$s OR k.forced END',
				found, CASE WHEN st.full_pending THEN 'FULL' ELSE 'LEFT' END, known, st.epoch % 32768) END,
		claimline_internal.claim_scan_rules_sql(run), claimline_internal.claim_scan_kinds(run));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_work_sql(claimline_internal.claim_scan_run,
		claimline_internal.claim_scan_state) IS
	'part of claim_scan: a SELECT of the days to be judged, with what is found on them';

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
	-- of a batch that is stored at a time
	most CONSTANT int := 1000000;
	n_found bigint;
	n_batches int;
BEGIN
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy;
	PERFORM claimline_internal.claim_scan_forget();
	PERFORM claimline_internal.claim_scan_course_look(run);
	-- for this transaction: grouping a table is maintenance
	IF pg_size_bytes(current_setting('work_mem'))
			< pg_size_bytes(current_setting('maintenance_work_mem')) THEN
		PERFORM set_config('work_mem', current_setting('maintenance_work_mem'), true);
	END IF;
	EXECUTE format($sql$
		-- rows that fit a page are stored as they are: compressing them costs more than judging
		CREATE TEMP TABLE claim_scan_work WITH (toast_tuple_target = 8160) AS
		SELECT w.batch, w.part, count(*)::int AS n_days, sum(w.n_lines) AS n_lines, bool_or(w.known) AS known,
			claimline_internal.claim_scan_pack(w.day_key, w.day_hash, w.n_lines, 0, abs(w.bucket),
				%3$s::smallint, w.marks, w.charges) AS days,
			array_agg(ROW(w.day_key, w.known, w.patient, w.spelt, w.dos, abs(w.bucket), w.charges,
				(w.found).stored, (w.found).counted, (w.found).undecided)::claimline_internal.claim_found_day)
				FILTER (WHERE w.known OR (w.found).undecided IS NOT NULL) AS found,
			%7$s AS changed,
			array_agg(ROW(%5$L, %6$L, -w.bucket, w.spelt, claimline_internal.claim_scan_month(w.dos))
				::claimline_internal.claim_scan_bucket) FILTER (WHERE w.bucket < 0) AS buckets
		FROM (SELECT (n.n / %2$s)::int AS batch, (n.n %% %2$s / 20)::int AS part, n.*
			FROM (SELECT row_number() OVER (ORDER BY w.day_key) - 1 AS n,
					CASE WHEN w.n_lines > 0 THEN %4$s ELSE 0 END AS bucket, w.*
				FROM (%1$s) w) n) w
		GROUP BY w.batch, w.part$sql$,
		claimline_internal.claim_scan_spelt_sql(run, claimline_internal.claim_scan_work_sql(run, st)),
		least(run.batch_days, most), st.epoch % 32768,
		claimline_internal.claim_scan_bucket_sql(run, 'w.spelt', 'w.dos'), run.source, run.policy,
		claimline_internal.claim_scan_course_changed(st));
	CREATE INDEX ON pg_temp.claim_scan_work (batch);
	EXECUTE 'INSERT INTO claimline_internal.claim_scan_bucket (source, policy, id, provider, month)
		SELECT b.source, b.policy, b.id, b.provider, b.month
		FROM pg_temp.claim_scan_work w, unnest(w.buckets) b';
	EXECUTE 'SELECT coalesce(sum(w.n_days), 0), coalesce(max(w.batch) + 1, 0)
		FROM pg_temp.claim_scan_work w'
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
	'part of claim_scan: judges the days that are to be, and puts what was found into the temporary table '
	'claim_scan_work, in the order of their keys, some in a row, in batches';


-- courses in scans: those of patients of whom a day changed, judged from its date on

CREATE TABLE claimline_internal.claim_scan_course (
	source text NOT NULL,
	policy text NOT NULL,
	patient text NOT NULL,
	since date NOT NULL,
	PRIMARY KEY (source, policy, patient)
);
COMMENT ON TABLE claimline_internal.claim_scan_course IS
	'patients whose course is to be judged again by the scan that runs or comes next, from a date on';
ALTER TABLE claimline_internal.claim_scan_course OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_course ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claimline_internal.claim_scan_course
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_course TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_course', '');

CREATE FUNCTION claimline_internal.claim_period_changed() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a line before a period may have wanted it
	INSERT INTO claimline_internal.claim_scan_course AS c (source, policy, patient, since)
		SELECT DISTINCT x.source, x.policy, p.patient, '-infinity'::date
		FROM (VALUES (OLD.source, OLD.patient), (NEW.source, NEW.patient)) p(source, patient)
			JOIN claimline_internal.claim_scan_state x ON x.source = p.source
		WHERE p.patient IS NOT NULL
		ON CONFLICT ON CONSTRAINT claim_scan_course_pkey DO UPDATE SET since = '-infinity';
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_period_changed() IS
	'trigger: the course of a patient whose periods change is judged again by the next scan';
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON claim_period
	FOR EACH ROW EXECUTE FUNCTION claimline_internal.claim_period_changed();

CREATE FUNCTION claimline_internal.claim_period_truncated() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	UPDATE claimline_internal.claim_scan_state x SET course_epoch = NULL;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_period_truncated() IS
	'trigger: all courses are judged again by the next scan';
CREATE TRIGGER truncated AFTER TRUNCATE ON claim_period
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_period_truncated();

CREATE FUNCTION claimline_internal.claim_scan_course_look(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	INSERT INTO claimline_internal.claim_scan_course AS c (source, policy, patient, since)
	SELECT p.source, p.policy, p.patient, min(p.dos) FROM claimline_internal.claim_scan_pending p
	WHERE p.source = run.source AND p.policy = run.policy AND p.patient IS NOT NULL AND p.dos IS NOT NULL
	GROUP BY p.source, p.policy, p.patient
	ON CONFLICT ON CONSTRAINT claim_scan_course_pkey DO UPDATE SET since = least(c.since, excluded.since)
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_look(claimline_internal.claim_scan_run) IS
	'part of claim_scan: notes the patients of pending days';

-- where all days are compared, those that differ are known when they have been
CREATE FUNCTION claimline_internal.claim_scan_course_changed(st claimline_internal.claim_scan_state)
		RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN st.full_pending AND st.course_epoch = st.epoch
		THEN format('array_agg(ROW(%L, %L, w.patient, w.dos)::claimline_internal.claim_scan_course)
			FILTER (WHERE w.dos IS NOT NULL OR w.n_lines = 0)', st.source, st.policy)
		ELSE 'NULL::claimline_internal.claim_scan_course[]' END
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_changed(claimline_internal.claim_scan_state) IS
	'part of claim_scan: an aggregate over days w that are judged: their patients and dates, null where a '
	'day is gone and was found by its key alone; null where all courses are to be judged, or pending days '
	'are noted';

CREATE FUNCTION claimline_internal.claim_scan_course_put(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
BEGIN
	INSERT INTO claimline_internal.claim_scan_course AS c (source, policy, patient, since)
		SELECT d.source, d.policy, d.patient, min(d.since)
		FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL unnest(w.changed) d
		WHERE w.batch = run.batch AND d.patient IS NOT NULL AND d.since IS NOT NULL
		GROUP BY d.source, d.policy, d.patient
		ON CONFLICT ON CONSTRAINT claim_scan_course_pkey DO UPDATE SET since = least(c.since, excluded.since);
	-- whose the day was that is gone is not stored
	IF EXISTS (SELECT FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL unnest(w.changed) d
			WHERE w.batch = run.batch AND d.since IS NULL) THEN
		UPDATE claimline_internal.claim_scan_state x SET course_epoch = NULL
			WHERE x.source = run.source AND x.policy = run.policy AND x.course_epoch IS NOT NULL;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_put(claimline_internal.claim_scan_run) IS
	'part of claim_scan: notes the patients of the days of a batch that differ';

CREATE FUNCTION claimline_internal.claim_scan_course_ask(run claimline_internal.claim_scan_run,
		s claimline_internal.claim_source) RETURNS bigint
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	AS $$
DECLARE
	k CONSTANT record := claimline_internal.claim_scan_key_forms(s, 'patient');
	patients text[];
	dates date[];
	n bigint;
BEGIN
	-- what is noted from here on is for the next scan
	WITH taken AS (
		DELETE FROM claimline_internal.claim_scan_course c
		WHERE c.source = run.source AND c.policy = run.policy RETURNING c.patient, c.since
	) SELECT array_agg(t.patient), array_agg(t.since) INTO patients, dates FROM taken t;
	EXECUTE format('CREATE TEMP TABLE claim_scan_course_asked ON COMMIT DROP AS
		SELECT NULL::text AS same, %s AS patient, NULL::date AS since LIMIT 0', format(k.of_text, 'NULL'));
	EXECUTE format($sql$
		INSERT INTO pg_temp.claim_scan_course_asked (same, patient, since)
		SELECT DISTINCT ON (t.same) t.same, t.patient, t.since
		FROM (SELECT %2$s AS same, t.patient, t.since
			FROM (SELECT %1$s AS patient, u.since FROM unnest($1, $2) u(patient, since)) t) t
		ORDER BY t.same, t.since$sql$,
		format(k.of_text, 'u.patient'), format(k.same, 't.patient')) USING patients, dates;
	GET DIAGNOSTICS n = ROW_COUNT;
	ANALYZE pg_temp.claim_scan_course_asked;
	RETURN n;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_ask(claimline_internal.claim_scan_run,
		claimline_internal.claim_source) IS
	'part of claim_scan: moves the patients whose course is to be judged into the temporary table '
	'claim_scan_course_asked; returns how many';

CREATE FUNCTION claimline_internal.claim_scan_course_sql(run claimline_internal.claim_scan_run,
		s claimline_internal.claim_source, everybody boolean) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format($sql$
		SELECT c.day_keys[f.n] AS day_key, c.patient, c.providers[f.n] AS provider, c.dates[f.n] AS dos,
			(c.days[f.n]).charges AS charges,
			ROW(f.place, f.line, f.finding, false)::claimline_internal.claim_placed AS placed
		FROM (%1$s) c %2$s, claimline_internal.claim_course_days(c.days, %3$s, c.periods, %4$s) f
		WHERE (f.finding).severity >= %5$L$sql$,
		claimline_internal.claim_course_sql(s, CASE WHEN everybody THEN 'true' ELSE format(
			'EXISTS (SELECT FROM pg_temp.claim_scan_course_asked q WHERE v.patient %s q.patient)',
			claimline_internal.claim_key_equals(s.patient_type)) END, true),
		CASE WHEN everybody THEN '' ELSE format(
			'JOIN pg_temp.claim_scan_course_asked q ON q.same = %s',
			format(k.same, format(k.of_text, 'c.patient'))) END,
		claimline_internal.claim_scan_rules_sql(run),
		CASE WHEN everybody THEN 'NULL' ELSE 'q.since' END, run.at_least)
	FROM claimline_internal.claim_scan_key_forms(s, 'patient') k
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_sql(claimline_internal.claim_scan_run,
		claimline_internal.claim_source, boolean) IS
	'part of claim_scan: a SELECT of the findings of courses that are stored, with their days';

CREATE FUNCTION claimline_internal.claim_scan_course_open_sql(run claimline_internal.claim_scan_run,
		s claimline_internal.claim_source, everybody boolean) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format($sql$
		SELECT o.day_key, o.patient, o.provider, o.dos, NULL::numeric[],
			NULL::claimline_internal.claim_placed
		FROM claimline_internal.claim_scan_stored o JOIN claimline_internal.claim_scan_words w
			ON w.id = o.words AND w.rule = ANY (claimline_internal.claim_course_rules()) %2$s
		WHERE o.state = %1$s AND o.closed_at IS NULL$sql$,
		claimline_internal.claim_scan_number(run.source, run.policy),
		CASE WHEN everybody THEN '' ELSE format(
			'JOIN pg_temp.claim_scan_course_asked q ON q.since <= o.dos AND q.same = %s',
			format(k.same, format(k.of_text, 'o.patient'))) END)
	FROM claimline_internal.claim_scan_key_forms(s, 'patient') k
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_open_sql(claimline_internal.claim_scan_run,
		claimline_internal.claim_source, boolean) IS
	'part of claim_scan: a SELECT of the days that have open findings of courses which are judged again';

CREATE FUNCTION claimline_internal.claim_scan_course_work(run claimline_internal.claim_scan_run,
		s claimline_internal.claim_source, everybody boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	SET jit = off
	AS $$
DECLARE
	asks CONSTANT boolean := claimline_internal.claim_course_asks(
			claimline_internal.claim_scan_rules(run, run.ruleset_hash), s.mapping -> 'fields' ? 'allowed')
		OR EXISTS (SELECT FROM @extschema@.claim_period p WHERE p.source = run.source);
	this_state CONSTANT int := claimline_internal.claim_scan_number(run.source, run.policy);
BEGIN
	EXECUTE 'CREATE TEMP TABLE claim_scan_course_days ON COMMIT DROP AS
		SELECT d.day_key, min(d.patient) AS patient, min(d.provider) AS provider, min(d.dos) AS dos,
			max(d.charges) AS charges, array_agg(d.placed) FILTER (WHERE d.placed IS NOT NULL) AS stored
		FROM (' || claimline_internal.claim_scan_course_open_sql(run, s, everybody)
		|| CASE WHEN asks THEN ' UNION ALL '
			|| claimline_internal.claim_scan_course_sql(run, s, everybody) ELSE '' END
		|| ') d(day_key, patient, provider, dos, charges, placed) GROUP BY d.day_key';
	-- as one more batch, whose days are stored already
	INSERT INTO pg_temp.claim_scan_work (batch, part, n_days, n_lines, known, found)
		SELECT run.batch, 0, 0, 0, true, array_agg(ROW(c.day_key, true, c.patient, c.provider, c.dos,
			b.bucket, c.charges, c.stored, NULL, NULL)::claimline_internal.claim_found_day)
		FROM pg_temp.claim_scan_course_days c LEFT JOIN (
			SELECT d.day_key, d.bucket FROM claimline_internal.claim_scan_judged_day j
				CROSS JOIN LATERAL claimline_internal.claim_scan_unpack(j.days) d
			WHERE j.state = this_state AND j.first = ANY (claimline_internal.claim_scan_firsts(this_state,
				ARRAY(SELECT x.day_key FROM pg_temp.claim_scan_course_days x)))) b ON b.day_key = c.day_key
		HAVING count(*) > 0;
	DROP TABLE pg_temp.claim_scan_course_days;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_course_work(claimline_internal.claim_scan_run,
		claimline_internal.claim_source, boolean) IS
	'part of claim_scan: judges courses, and puts the days that have or had findings of them into '
	'claim_scan_work, as a batch';

CREATE FUNCTION claimline_internal.claim_scan_courses(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
DECLARE
	run claimline_internal.claim_scan_run :=
		(SELECT r FROM claimline_internal.claim_scan_run r WHERE r.id = run_id);
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	everybody CONSTANT boolean := (SELECT x.course_epoch IS DISTINCT FROM x.epoch
		FROM claimline_internal.claim_scan_state x WHERE x.source = run.source AND x.policy = run.policy);
	asked bigint;
	counts record;
BEGIN
	-- Citus does not plan what is around the grouping of lines
	IF NOT s.mapping -> 'fields' ?& '{patient,dos}' OR claimline_internal.claim_source_distributed(run.source)
	THEN
		DELETE FROM claimline_internal.claim_scan_course c
			WHERE c.source = run.source AND c.policy = run.policy;
		RETURN;
	END IF;
	asked := claimline_internal.claim_scan_course_ask(run, s);
	IF NOT everybody AND asked = 0 THEN
		RETURN;
	END IF;
	run.batch := run.batches;
	PERFORM claimline_internal.claim_scan_course_work(run, s, everybody);
	PERFORM claimline_internal.claim_scan_found(run);
	SELECT * INTO counts FROM claimline_internal.claim_scan_judge(run, true);
	DROP TABLE pg_temp.claim_scan_found;
	UPDATE claimline_internal.claim_scan_state x SET course_epoch = x.epoch
		WHERE x.source = run.source AND x.policy = run.policy;
	UPDATE claimline_internal.claim_scan_run r
		SET opened = r.opened + counts.opened, changed = r.changed + counts.changed,
			kept = r.kept + counts.kept, closed = r.closed + counts.closed, seen_at = clock_timestamp()
		WHERE r.id = run_id;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_courses(bigint) IS
	'part of claim_scan: judges the courses of patients of whom a day changed, or of all';

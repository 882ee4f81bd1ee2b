
-- what a scan has to judge: by another ruleset, for other rows, or what an earlier one left

-- one scan of a source at a time: a lock of the session in the extension's
-- own space, known by the view of the source

CREATE FUNCTION claimline_internal.claim_scan_lock(view regclass) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_lock(regclass) IS
	'takes the lock of the source with that view for this session, until it is given back or a transaction '
	'of the session fails; false if another session has it';
CREATE FUNCTION claimline_internal.claim_scan_unlock(view regclass) RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_unlock(regclass) IS
	'gives the lock back, however often this session took it';
CREATE FUNCTION claimline_internal.claim_scan_pid(view regclass) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_pid(regclass) IS
	'the process that scans the source with that view now, or null';

-- the looks; each notes in claim_scan_state and claim_scan_pending what is to be judged, and says why

CREATE FUNCTION claimline_internal.claim_scan_because(run claimline_internal.claim_scan_run, reason text,
		everything boolean = true) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	UPDATE claimline_internal.claim_scan_run r SET why = concat_ws('; ', r.why, reason) WHERE r.id = run.id;
	IF everything THEN
		UPDATE claimline_internal.claim_scan_state x SET full_pending = true
			WHERE x.source = run.source AND x.policy = run.policy;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_because(claimline_internal.claim_scan_run, text, boolean) IS
	'part of claim_scan: a reason to judge, and whether all days are to be compared for it';

CREATE FUNCTION claimline_internal.claim_scan_again(run claimline_internal.claim_scan_run, reason text)
		RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	UPDATE claimline_internal.claim_scan_state x SET epoch = x.epoch + 1
		WHERE x.source = run.source AND x.policy = run.policy;
	PERFORM claimline_internal.claim_scan_because(run, reason);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_again(claimline_internal.claim_scan_run, text) IS
	'part of claim_scan: a reason to judge every day again, also where its lines are the same';

-- A ruleset is never a parameter of a statement: an audit log would have its text, 390 kB each time.
CREATE FUNCTION claimline_internal.claim_scan_plain(claim_ruleset) RETURNS claim_ruleset
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_plain(claim_ruleset) IS
	'part of claim_scan: a stored ruleset, fetched once for a whole statement';

CREATE FUNCTION claimline_internal.claim_scan_rules(run claimline_internal.claim_scan_run, hash text)
		RETURNS claim_ruleset
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT claimline_internal.claim_scan_plain(r.rules) FROM claimline_internal.claim_scan_ruleset r
	WHERE r.source = run.source AND r.policy = run.policy AND r.hash = claim_scan_rules.hash
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_rules(claimline_internal.claim_scan_run, text) IS
	'part of claim_scan: a ruleset that is stored with the scans of a source by a policy; '
	'null where it is not';

CREATE FUNCTION claimline_internal.claim_scan_rules_sql(run claimline_internal.claim_scan_run) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format('(SELECT claimline_internal.claim_scan_plain(r.rules) '
		'FROM claimline_internal.claim_scan_ruleset r '
		'WHERE r.source = %L AND r.policy = %L AND r.hash = %L)', run.source, run.policy, run.ruleset_hash)
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_rules_sql(claimline_internal.claim_scan_run) IS
	'part of claim_scan: the ruleset that a scan judges by, as an expression for its statements';

CREATE FUNCTION claimline_internal.claim_scan_edition(policy text, edition text, service_type text)
		RETURNS text
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- the text of a ruleset is long: the built-in ones are small
	SELECT coalesce(edition, (
			SELECT e.edition FROM claimline_internal.ncci_edition e
			WHERE e.service_type = claim_scan_edition.service_type
				AND NOT EXISTS (SELECT FROM claimline_internal.ncci_retired r
					WHERE r.service_type = e.service_type AND r.edition = e.edition)
			ORDER BY upper(e.covers) DESC NULLS FIRST, lower(e.covers) DESC NULLS LAST, e.published_at DESC
			LIMIT 1),
		@extschema@.ruleset(policy, edition, service_type)::text::jsonb #>> '{edition,name}')
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_edition(text, text, text) IS
	'part of claim_scan: the name of the edition that ruleset() takes';

-- The dates of service whose answer depends on what an edition covers.  Its name is in
-- messages about dates that it does not cover, and about codes that it does not know: those
-- are findings of the rule edition-coverage.
CREATE FUNCTION claimline_internal.claim_scan_dates(run claimline_internal.claim_scan_run,
		was text, hash text) RETURNS datemultirange
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	dates datemultirange := '{(,)}'::datemultirange - datemultirange(
		@extschema@.ruleset_coverage(claimline_internal.claim_scan_rules(run, was))
		* @extschema@.ruleset_coverage(claimline_internal.claim_scan_rules(run, hash)));
	d record;
BEGIN
	FOR d IN
		SELECT coalesce(x.before, '[]')::jsonb AS before, coalesce(x.after, '[]')::jsonb AS after,
			CASE WHEN x.path LIKE 'coverage.%' THEN 3 ELSE 0 END AS at
		FROM @extschema@.ruleset_diff(claimline_internal.claim_scan_rules(run, was),
			claimline_internal.claim_scan_rules(run, hash)) x
		WHERE x.path = ANY ('{gaps,mue_whole,coverage.ptp,coverage.mue}'::text[])
	LOOP
		-- the dates of every row that only one of them has
		dates := dates + (
			SELECT coalesce(range_agg(
				daterange((j.value ->> d.at)::date, (j.value ->> d.at + 1)::date, '[]')), '{}')
			FROM (
				(SELECT jsonb_array_elements(d.before) EXCEPT SELECT jsonb_array_elements(d.after))
				UNION (SELECT jsonb_array_elements(d.after) EXCEPT SELECT jsonb_array_elements(d.before))
			) j(value));
	END LOOP;
	RETURN dates;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_dates(claimline_internal.claim_scan_run, text, text) IS
	'part of claim_scan: dates of service that one of two editions does not cover, '
	'or of which only one has all unit limits or knows a part';

CREATE FUNCTION claimline_internal.claim_scan_concerned(run claimline_internal.claim_scan_run,
		codes text[], dates datemultirange, edition_changed boolean) RETURNS bigint
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'k');
	by_lines bigint;
	by_coverage bigint;
BEGIN
	EXECUTE format($sql$
		INSERT INTO claimline_internal.claim_scan_pending AS p
			(source, policy, day_key, patient, provider, dos, forced)
		SELECT $1, $2, %4$s, %1$s, %2$s, k.dos, true
		FROM (
			SELECT v.patient, v.provider, v.dos FROM %3$s v
			WHERE @extschema@.line_code(v.line) = ANY ($3)
				OR CASE WHEN $5 THEN $4 @> @extschema@.line_dos(v.line)
					OR @extschema@.line_dos(v.line) IS NULL END
			GROUP BY v.patient, v.provider, v.dos
		) k
		ON CONFLICT (source, policy, day_key) DO UPDATE SET forced = true WHERE NOT p.forced$sql$,
		k.patient, k.provider, s.view,
		claimline_internal.claim_scan_key_sql(s, 'k.patient', 'k.provider', 'k.dos'))
		USING run.source, run.policy, codes, dates, edition_changed;
	GET DIAGNOSTICS by_lines = ROW_COUNT;
	-- days are stored without their keys: these are in the lines
	CREATE TEMP TABLE claim_scan_uncovered ON COMMIT DROP AS
		SELECT d.day_key FROM claimline_internal.claim_scan_day d
		WHERE edition_changed AND d.source = run.source AND d.policy = run.policy
			AND (d.counted = ANY (ARRAY(SELECT c.id FROM claimline_internal.claim_scan_counted c
					WHERE c.source = run.source AND c.policy = run.policy
						AND c.findings @> '[["edition-coverage"]]'))
				OR d.day_key IN (SELECT f.day_key FROM claimline_internal.claim_scan_finding f
					WHERE f.source = run.source AND f.policy = run.policy AND f.closed_at IS NULL
						AND (f.finding).rule = 'edition-coverage'))
			AND NOT EXISTS (SELECT FROM claimline_internal.claim_scan_pending p
				WHERE p.source = run.source AND p.policy = run.policy AND p.day_key = d.day_key AND p.forced);
	IF NOT EXISTS (SELECT FROM pg_temp.claim_scan_uncovered) THEN
		RETURN by_lines;
	END IF;
	EXECUTE format($sql$
		INSERT INTO claimline_internal.claim_scan_pending AS p
			(source, policy, day_key, patient, provider, dos, forced)
		SELECT $1, $2, u.day_key, %1$s, %2$s, k.dos, true
		FROM (SELECT v.patient, v.provider, v.dos FROM %3$s v GROUP BY v.patient, v.provider, v.dos) k
			JOIN pg_temp.claim_scan_uncovered u ON u.day_key = %4$s
		ON CONFLICT (source, policy, day_key) DO UPDATE SET forced = true WHERE NOT p.forced$sql$,
		k.patient, k.provider, s.view,
		claimline_internal.claim_scan_key_sql(s, 'k.patient', 'k.provider', 'k.dos'))
		USING run.source, run.policy;
	GET DIAGNOSTICS by_coverage = ROW_COUNT;
	RETURN by_lines + by_coverage;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_concerned(claimline_internal.claim_scan_run, text[],
		datemultirange, boolean) IS
	'part of claim_scan: notes the days with a line of one of the codes or, if the edition changed, '
	'of one of the dates or with a finding of what the edition does not cover, stored or counted; '
	'returns how many';

CREATE FUNCTION claimline_internal.claim_scan_other_rules(run claimline_internal.claim_scan_run, was text,
		hash text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	any_line boolean;
	edition_changed boolean;
	codes text[];
	days bigint;
BEGIN
	IF claimline_internal.claim_scan_rules(run, was) IS NULL THEN
		PERFORM claimline_internal.claim_scan_again(run, 'the ruleset changed');
		RETURN;
	END IF;
	SELECT coalesce(bool_or(d.codes IS NULL AND d.path <> ALL (
				ARRAY['edition.name', 'edition.from', 'edition.to', 'gaps', 'mue_whole'])), false),
			coalesce(bool_or(d.codes IS NULL), false),
			coalesce(array_agg(DISTINCT c.code) FILTER (WHERE c.code IS NOT NULL), '{}')
		INTO any_line, edition_changed, codes
		FROM @extschema@.ruleset_diff(claimline_internal.claim_scan_rules(run, was),
				claimline_internal.claim_scan_rules(run, hash)) d
			LEFT JOIN LATERAL unnest(d.codes) c (code) ON true;
	IF any_line THEN
		PERFORM claimline_internal.claim_scan_again(run, 'the ruleset changed for any line');
		RETURN;
	END IF;
	-- stored by another version of the extension, say: it has another hash, and says the same
	IF codes = '{}' AND NOT edition_changed THEN
		RETURN;
	END IF;
	-- an edition that differs in rows only concerns no other dates
	days := claimline_internal.claim_scan_concerned(run, codes,
		CASE WHEN edition_changed THEN claimline_internal.claim_scan_dates(run, was, hash) ELSE '{}' END,
		edition_changed);
	PERFORM claimline_internal.claim_scan_because(run,
		format('the ruleset changed for %s codes', cardinality(codes)), false);
	RAISE NOTICE 'claim_scan: the ruleset changed for % codes: % provider-days', cardinality(codes), days
		USING DETAIL = 'Finding them reads every line of the source once.';
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_other_rules(claimline_internal.claim_scan_run,
		text, text) IS
	'part of claim_scan: what a ruleset concerns that is not the one of the last scan, by their hashes';

CREATE FUNCTION claimline_internal.claim_scan_severity(run claimline_internal.claim_scan_run,
		was claimline_internal.claim_scan_state) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- unless every day is judged again anyway
	IF was.epoch = (SELECT x.epoch FROM claimline_internal.claim_scan_state x
			WHERE x.source = run.source AND x.policy = run.policy) THEN
		PERFORM claimline_internal.claim_scan_again(run, 'another severity');
	END IF;
	IF was.at_least < run.at_least THEN
		RAISE NOTICE 'claim_scan: findings below "%" are not stored any more, as they were from "%" on',
			run.at_least, was.at_least
			USING DETAIL = 'Those that stand open are closed. What is found of them is counted by day: '
					'see claim_report_counted.',
				HINT = format('at_least => %L stores them as before.', was.at_least);
	ELSE
		RAISE NOTICE 'claim_scan: findings are stored from "%" on, which were from "%" on',
			run.at_least, was.at_least
			USING HINT = format('at_least => %L stores as before.', was.at_least);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_severity(claimline_internal.claim_scan_run,
		claimline_internal.claim_scan_state) IS
	'part of claim_scan: every day is judged again where the last scan stored findings '
	'of another severity on, and a notice says so';

CREATE FUNCTION claimline_internal.claim_scan_question(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	new_hash CONSTANT text := @extschema@.ruleset_hash(
		@extschema@.ruleset(run.policy, run.edition, run.service_type));
	st claimline_internal.claim_scan_state;
	name text;
BEGIN
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy FOR UPDATE;
	INSERT INTO claimline_internal.claim_scan_ruleset (source, policy, hash, rules)
		SELECT run.source, run.policy, new_hash,
			@extschema@.ruleset(run.policy, run.edition, run.service_type)
		WHERE NOT EXISTS (SELECT FROM claimline_internal.claim_scan_ruleset r
			WHERE r.source = run.source AND r.policy = run.policy AND r.hash = new_hash);
	IF st.source IS NULL THEN
		INSERT INTO claimline_internal.claim_scan_state (source, policy, edition, service_type, at_least,
				ruleset_hash, epoch, full_pending)
			VALUES (run.source, run.policy, '', run.service_type, run.at_least, new_hash, 1, true);
		PERFORM claimline_internal.claim_scan_because(run, 'first scan');
	ELSIF run.judge_all THEN
		PERFORM claimline_internal.claim_scan_again(run, 'full');
	ELSIF st.ruleset_hash <> new_hash THEN
		PERFORM claimline_internal.claim_scan_other_rules(run, st.ruleset_hash, new_hash);
	ELSIF st.full_pending AND run.why IS NULL THEN
		PERFORM claimline_internal.claim_scan_because(run, 'a pass over all days was not finished');
	END IF;
	IF st.at_least <> run.at_least THEN
		PERFORM claimline_internal.claim_scan_severity(run, st);
	END IF;
	name := CASE WHEN st.ruleset_hash = new_hash AND run.edition IS NULL THEN st.edition
		ELSE claimline_internal.claim_scan_edition(run.policy, run.edition, run.service_type) END;
	UPDATE claimline_internal.claim_scan_state x
		SET edition = name, service_type = run.service_type, at_least = run.at_least, ruleset_hash = new_hash
		WHERE x.source = run.source AND x.policy = run.policy;
	UPDATE claimline_internal.claim_scan_run r SET edition = name, ruleset_hash = new_hash
		WHERE r.id = run.id;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_question(claimline_internal.claim_scan_run) IS
	'part of claim_scan: by which rules, from which severity on; '
	'what is to be judged again if that is not what it was';

CREATE FUNCTION claimline_internal.claim_scan_log(run claimline_internal.claim_scan_run) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 't');
	whole boolean;
BEGIN
	-- the log is for all policies
	EXECUTE format($sql$
		WITH taken AS (
			DELETE FROM claimline_internal.claim_change c WHERE c.source = $1
			RETURNING c.patient, c.provider, c.dos, c.whole
		), put AS (
			INSERT INTO claimline_internal.claim_scan_pending
				(source, policy, day_key, patient, provider, dos, forced)
			SELECT x.source, x.policy, %3$s, %1$s, %2$s, t.dos, false
			FROM (SELECT %4$s AS patient, %5$s AS provider, t.dos
					FROM (SELECT DISTINCT t.patient, t.provider, t.dos FROM taken t WHERE NOT t.whole) t) t,
				(SELECT x.source, x.policy FROM claimline_internal.claim_scan_state x WHERE x.source = $1) x
			ON CONFLICT ON CONSTRAINT claim_scan_pending_pkey DO NOTHING
		)
		SELECT coalesce(bool_or(t.whole), false) FROM taken t$sql$,
		k.patient, k.provider, claimline_internal.claim_scan_key_sql(s, 't.patient', 't.provider', 't.dos'),
		format((claimline_internal.claim_scan_key_forms(s, 'patient')).of_text, 't.patient'),
		format((claimline_internal.claim_scan_key_forms(s, 'provider')).of_text, 't.provider'))
		USING run.source INTO whole;
	IF NOT whole THEN
		RETURN;
	END IF;
	IF NOT (SELECT x.full_pending FROM claimline_internal.claim_scan_state x
			WHERE x.source = run.source AND x.policy = run.policy) THEN
		PERFORM claimline_internal.claim_scan_because(run, 'the log began or the table was truncated');
	END IF;
	UPDATE claimline_internal.claim_scan_state x SET full_pending = true WHERE x.source = run.source;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_log(claimline_internal.claim_scan_run) IS
	'part of claim_scan: hands what statements touched on to every policy of the source';

CREATE FUNCTION claimline_internal.claim_scan_watermark(run claimline_internal.claim_scan_run,
		everything boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	SET extra_float_digits = 1
	SET jit = off
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(run.source);
	k CONSTANT record := claimline_internal.claim_scan_keys(s, 'k');
	lines CONSTANT text := @extschema@.claim_source_select(run.source, NULL,
		claimline_internal.claim_source_column(s.relation, s.mapping, s.mapping #> '{watermark,columns,0}')
			|| ' AS watermark');
	seen CONSTANT text := (SELECT x.watermark FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy);
	mark text;
	n bigint;
BEGIN
	IF seen IS NULL AND NOT everything THEN
		PERFORM claimline_internal.claim_scan_because(run, 'no watermark was stored');
	ELSIF NOT everything THEN
		EXECUTE format($sql$
			INSERT INTO claimline_internal.claim_scan_pending
				(source, policy, day_key, patient, provider, dos, forced)
			SELECT $1, $2, %5$s, %1$s, %2$s, k.dos, false
			FROM (
				SELECT v.patient, v.provider, v.dos
				FROM (%3$s) v WHERE v.watermark >= $3::%4$s OR v.watermark IS NULL
				GROUP BY v.patient, v.provider, v.dos
			) k
			ON CONFLICT ON CONSTRAINT claim_scan_pending_pkey DO NOTHING$sql$,
			k.patient, k.provider, lines, format_type((s.mapping #>> '{watermark,type}')::regtype, -1),
			claimline_internal.claim_scan_key_sql(s, 'k.patient', 'k.provider', 'k.dos'))
			USING run.source, run.policy, seen;
	END IF;
	-- where all are compared, nobody asks how many there are
	EXECUTE format('SELECT max(v.watermark)::text, %s FROM (%s) v',
		CASE WHEN everything THEN 'NULL::bigint' ELSE 'count(*)' END, lines) INTO mark, n;
	UPDATE claimline_internal.claim_scan_state x SET watermark = mark, view_lines = n
		WHERE x.source = run.source AND x.policy = run.policy;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_watermark(claimline_internal.claim_scan_run, boolean) IS
	'part of claim_scan: notes the days with a row at or above the highest watermark seen, '
	'unless all are compared anyway; keeps the highest now, and how many lines there are';

CREATE FUNCTION claimline_internal.claim_scan_look(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	run CONSTANT claimline_internal.claim_scan_run :=
		(SELECT r FROM claimline_internal.claim_scan_run r WHERE r.id = run_id);
	present CONSTANT regclass[] := (SELECT claimline_internal.claim_scan_parts(s.relation)
		FROM claimline_internal.claim_source s WHERE s.name = run.source);
	st claimline_internal.claim_scan_state;
BEGIN
	PERFORM claimline_internal.claim_scan_question(run);
	PERFORM claimline_internal.claim_scan_log(run);
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy;
	-- no statement and no row tells that a partition came or went
	-- as sets: after a restore their numbers are in another order
	IF NOT (st.parts @> present AND st.parts <@ present) AND NOT st.full_pending THEN
		PERFORM claimline_internal.claim_scan_because(run, 'the table or its partitions are others');
		st.full_pending := true;
	END IF;
	UPDATE claimline_internal.claim_scan_state x SET parts = present, view_lines = NULL
		WHERE x.source = run.source AND x.policy = run.policy;
	IF run.method = 'watermark' THEN
		PERFORM claimline_internal.claim_scan_watermark(run, st.full_pending);
	ELSIF run.method = 'hash' AND NOT st.full_pending THEN
		PERFORM claimline_internal.claim_scan_because(run, 'all days are compared');
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_look(bigint) IS
	'part of claim_scan: notes in claim_scan_state and claim_scan_pending what is to be judged';


-- the nightly scan: what changed since the last one, judged; findings stored and closed

CREATE FUNCTION claimline_internal.claim_scan_outside() RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_outside() IS
	'part of claim_scan: raises an error where it cannot commit (inside a transaction block, several '
	'statements in one string) or write (on a standby)';

CREATE FUNCTION claimline_internal.claim_scan_check(source text, policy text, edition text, service_type text,
		at_least claim_severity, batch_days int, judge_all boolean) RETURNS claimline_internal.claim_source
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s claimline_internal.claim_source;
BEGIN
	IF source IS NULL OR policy IS NULL OR service_type IS NULL
			OR at_least IS NULL OR batch_days IS NULL OR judge_all IS NULL THEN
		RAISE EXCEPTION 'source, policy, service type, severity, batch_days and full must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF batch_days < 1 THEN
		RAISE EXCEPTION 'batch_days is %, must be 1 or more', batch_days
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	s := claimline_internal.claim_source_known(source);
	IF NOT pg_has_role(s.owner::oid, 'USAGE') THEN
		RAISE EXCEPTION 'claim source "%" belongs to role %', source, s.owner
			USING ERRCODE = 'insufficient_privilege', HINT = 'Members of that role can scan it.';
	ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = s.view) THEN
		RAISE EXCEPTION 'view %_lines of claim source "%" does not exist', source, source
			USING ERRCODE = 'undefined_table', DETAIL = 'The view or its table was dropped.',
				HINT = 'claim_source_rebind puts the source over another table with the same columns.';
	ELSIF NOT has_table_privilege(s.view, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for view % of claim source "%"', s.view, source
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	-- raises an error for a policy or an edition that does not exist
	PERFORM @extschema@.ruleset_hash(@extschema@.ruleset(policy, edition, service_type));
	RETURN s;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_check(text, text, text, text,
		claim_severity, int, boolean) IS
	'part of claim_scan: the source; raises an error for what cannot be scanned, or not so';

CREATE FUNCTION claimline_internal.claim_scan_open(source text, policy text, edition text, service_type text,
		at_least claim_severity, batch_days int, method text, judge_all boolean) RETURNS bigint
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_scan_check(source, policy, edition,
		service_type, at_least, batch_days, judge_all);
	how CONSTANT text := claimline_internal.claim_scan_method(source, method);
	run bigint;
BEGIN
	-- an older edition was asked for by its name
	IF edition IS NULL THEN
		PERFORM claimline_internal.claim_coverage_notice(policy, service_type);
	END IF;
	IF NOT claimline_internal.claim_scan_lock(s.view) THEN
		RAISE EXCEPTION 'claim source "%" is being scanned by process %',
			source, claimline_internal.claim_scan_pid(s.view)
			USING ERRCODE = 'lock_not_available', HINT = 'See the view claim_scan_progress.';
	END IF;
	UPDATE claimline_internal.claim_scan_run r SET status = 'interrupted'
		WHERE r.source = claim_scan_open.source AND r.status = ANY (ARRAY['looking', 'judging']);
	INSERT INTO claimline_internal.claim_scan_run AS r (source, policy, edition, service_type, at_least,
			method, judge_all, batch_days, pid, started_at, seen_at, said_at, status)
		VALUES (source, policy, edition, service_type, at_least,
			how, judge_all, batch_days, pg_backend_pid(), now(), now(), clock_timestamp(), 'looking')
		RETURNING r.id INTO run;
	RETURN run;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_open(text, text, text, text, claim_severity,
		int, text, boolean) IS
	'part of claim_scan: checks what is asked, takes the lock, returns the number of the run';

CREATE FUNCTION claimline_internal.claim_scan_more(run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	run CONSTANT claimline_internal.claim_scan_run :=
		(SELECT r FROM claimline_internal.claim_scan_run r WHERE r.id = run_id);
	st claimline_internal.claim_scan_state;
	lines bigint;
BEGIN
	SELECT * INTO st FROM claimline_internal.claim_scan_state x
		WHERE x.source = run.source AND x.policy = run.policy;
	IF run.method <> 'watermark' OR st.full_pending THEN
		RETURN false;
	END IF;
	SELECT coalesce(sum(j.n_lines), 0) INTO lines FROM claimline_internal.claim_scan_judged_day j
		WHERE j.state = st.id;
	IF lines = st.view_lines THEN
		RETURN false;
	END IF;
	RAISE NOTICE 'claim_scan: the source has % lines, % were judged: all days are compared',
		st.view_lines, lines
		USING DETAIL = 'Rows were deleted, moved to another day, or committed late with a lower watermark.';
	UPDATE claimline_internal.claim_scan_state x SET full_pending = true
		WHERE x.source = run.source AND x.policy = run.policy;
	UPDATE claimline_internal.claim_scan_run r
		SET status = 'looking', why = 'the watermark did not show all changes'
		WHERE r.id = run_id;
	RETURN true;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_more(bigint) IS
	'part of claim_scan: whether the watermark did not show all that changed, '
	'so that all days must be compared';

CREATE FUNCTION claimline_internal.claim_scan_close(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	run claimline_internal.claim_scan_run;
	not_stored text;
BEGIN
	UPDATE claimline_internal.claim_scan_run r
		SET status = 'finished', finished_at = clock_timestamp(), seen_at = clock_timestamp()
		WHERE r.id = run_id RETURNING * INTO run;
	-- days that turned out to be as they were
	DELETE FROM claimline_internal.claim_scan_pending p WHERE p.source = run.source AND p.policy = run.policy;
	DELETE FROM claimline_internal.claim_scan_ruleset r
		WHERE r.source = run.source AND r.policy = run.policy AND r.hash <> run.ruleset_hash;
	-- after a pass over all days but the first, which costs more: what no day has any more
	IF run.days_done > 0 AND EXISTS (SELECT FROM claimline_internal.claim_scan_state x
			WHERE x.source = run.source AND x.policy = run.policy
				AND x.full_pending AND x.last_scan IS NOT NULL) THEN
		DELETE FROM claimline_internal.claim_scan_counted c
			WHERE c.source = run.source AND c.policy = run.policy AND c.id <> ALL (ARRAY(
				SELECT DISTINCT d.counted FROM claimline_internal.claim_scan_day d
				WHERE d.source = run.source AND d.policy = run.policy));
		-- by EXCEPT: sizes that the server does not know yet would have it read the days again for each
		DELETE FROM claimline_internal.claim_scan_bucket b
			WHERE b.source = run.source AND b.policy = run.policy AND b.id = ANY (ARRAY(
				SELECT u.id FROM claimline_internal.claim_scan_bucket u
				WHERE u.source = run.source AND u.policy = run.policy
				EXCEPT
				SELECT d.bucket FROM claimline_internal.claim_scan_day d
				WHERE d.source = run.source AND d.policy = run.policy));
	END IF;
	UPDATE claimline_internal.claim_scan_state x
		SET full_pending = false, last_scan = run_id, last_scan_at = run.finished_at
		WHERE x.source = run.source AND x.policy = run.policy;
	PERFORM claimline_internal.claim_scan_forget();
	IF run.days_done = 0 AND run.opened + run.changed + run.closed = 0 THEN
		RAISE NOTICE 'claim_scan: nothing changed since the last scan of "%" by policy "%"',
			run.source, run.policy;
		RETURN;
	END IF;
	RAISE NOTICE 'claim_scan: % provider-days (% lines) judged in %: '
			'% findings opened, % changed, % kept, % closed',
		run.days_done, run.lines_done, date_trunc('milliseconds', run.finished_at - run.started_at),
		run.opened, run.changed, run.kept, run.closed;
	IF run.counted <> '{}' THEN
		SELECT string_agg(c.value || ' ' || c.key, ', ' ORDER BY c.key::@extschema@.claim_severity DESC)
			INTO not_stored FROM jsonb_each_text(run.counted) c;
		RAISE NOTICE 'claim_scan: counted by day and not stored: % findings', not_stored
			USING HINT = 'claim_report_counted has them by rule.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_close(bigint) IS
	'part of claim_scan: the state of a finished scan';

CREATE FUNCTION claimline_internal.claim_scan_do(step text, run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	CASE step
		WHEN 'look' THEN
			PERFORM claimline_internal.claim_scan_look(run_id);
			PERFORM claimline_internal.claim_scan_gather(run_id);
			RETURN true;
		WHEN 'step' THEN
			RETURN claimline_internal.claim_scan_step(run_id);
		WHEN 'courses' THEN
			PERFORM claimline_internal.claim_scan_courses(run_id);
			RETURN true;
		WHEN 'more' THEN
			RETURN claimline_internal.claim_scan_more(run_id);
		WHEN 'close' THEN
			PERFORM claimline_internal.claim_scan_close(run_id);
			RETURN true;
	END CASE;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_do(text, bigint) IS
	'part of claim_scan: a step';

-- a procedure that commits has no search_path of its own: it calls by full name and computes nothing
CREATE PROCEDURE claim_scan(source text, policy text = 'medicare', edition text = NULL,
		service_type text = NULL, at_least claim_severity = 'review', batch_days int = 20000,
		method text = NULL, "full" boolean = false)
	LANGUAGE plpgsql
	AS $$
DECLARE
	run pg_catalog.int8;
BEGIN
	PERFORM claimline_internal.claim_scan_outside();
	COMMIT;
	PERFORM claimline_internal.claim_source_heal(source);
	COMMIT;
	run := claimline_internal.claim_scan_open(source, policy, edition,
		claimline_internal.claim_source_type(source, service_type),
		at_least, batch_days, method, "full");
	COMMIT;
	LOOP
		-- one snapshot: what is read is what the log, the watermark and the number of lines are of
		SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
		PERFORM claimline_internal.claim_scan_do('look', run);
		COMMIT;
		WHILE claimline_internal.claim_scan_do('step', run) LOOP
			COMMIT;
		END LOOP;
		COMMIT;
		EXIT WHEN NOT claimline_internal.claim_scan_do('more', run);
		COMMIT;
	END LOOP;
	PERFORM claimline_internal.claim_scan_do('courses', run);
	COMMIT;
	PERFORM claimline_internal.claim_scan_do('close', run);
	COMMIT;
	PERFORM claimline_internal.claim_scan_done(source);
END $$;
COMMENT ON PROCEDURE claim_scan(text, text, text, text, claim_severity, int, text, boolean) IS
	'judges the provider-days of a source that changed since its last scan by the policy, '
	'and those whose answer the ruleset changed; stores findings from severity at_least on, '
	'counts the others by day, closes those that no longer hold; '
	'commits after every batch_days days, goes on where it was if it was interrupted; '
	'method: how changes are found (log, watermark, hash); full: judges every day';

CREATE FUNCTION claimline_internal.claim_scan_done(source text) RETURNS void
	LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE
	BEGIN ATOMIC
		SELECT claimline_internal.claim_scan_unlock(s.view) FROM claimline_internal.claim_source s
		WHERE s.name OPERATOR(pg_catalog.=) claim_scan_done.source;
	END;
COMMENT ON FUNCTION claimline_internal.claim_scan_done(text) IS
	'part of claim_scan: gives the lock of the source back';

-- what other connections see

CREATE VIEW claim_scan_progress WITH (security_invoker = true) AS
	SELECT r.id AS scan, r.source, r.policy, r.edition, r.method, r.why,
		CASE WHEN r.status OPERATOR(pg_catalog.=) ANY (ARRAY['looking', 'judging'])
				AND claimline_internal.claim_scan_pid(s.view) IS DISTINCT FROM r.pid
			THEN 'interrupted' ELSE r.status END AS status,
		r.pid, r.run_by, r.started_at, r.finished_at, r.days_found, r.days_done, r.lines_done,
		r.opened, r.kept, r.closed,
		t.seconds,
		pg_catalog.round(r.days_done::pg_catalog.numeric OPERATOR(pg_catalog./) t.seconds) AS days_per_second,
		CASE WHEN r.status OPERATOR(pg_catalog.=) 'judging' AND r.days_done OPERATOR(pg_catalog.>) 0 THEN
			pg_catalog.make_interval(secs => pg_catalog.round(t.seconds OPERATOR(pg_catalog.*)
				(r.days_found OPERATOR(pg_catalog.-) r.days_done)::pg_catalog.numeric
					OPERATOR(pg_catalog./) r.days_done::pg_catalog.numeric)
				::pg_catalog.float8) END AS remaining,
		r.changed
	FROM claimline_internal.claim_scan_run r
		LEFT JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) r.source,
		LATERAL (
			SELECT nullif(pg_catalog.round(EXTRACT(epoch FROM coalesce(r.finished_at, r.seen_at)
					OPERATOR(pg_catalog.-) coalesce(r.judging_at, r.started_at)), 3),
				0::pg_catalog.numeric) AS seconds) t;
ALTER VIEW claim_scan_progress OWNER TO @extowner@;
GRANT SELECT ON claim_scan_progress TO PUBLIC;
COMMENT ON VIEW claim_scan_progress IS
	'scans, also those that run now in other sessions: looking (for what changed), judging, finished, '
	'interrupted; days and lines judged so far, days a second, about how long it will take';

CREATE VIEW claim_findings WITH (security_invoker = true) AS
	SELECT f.source, f.policy, f.edition, f.patient, f.provider, f.dos,
		(f.finding).claim_id, (f.finding).line_no, f.line, f.charge,
		(f.finding).rule, (f.finding).severity, (f.finding).message,
		(f.finding).with_claim_id, (f.finding).with_line_no, (f.finding).suggestion, (f.finding).condition,
		(f.finding).carc, (f.finding).rarc, (f.finding).citation, (f.finding).covered,
		f.ruleset_hash, f.first_scan, f.first_seen, f.last_scan AS judged_scan, f.last_seen AS judged_at,
		s.last_scan, s.last_scan_at AS last_seen, f.id, (f.finding).facts, t.attestation
	FROM claimline_internal.claim_scan_finding f JOIN claimline_internal.claim_scan_state s
		ON s.source OPERATOR(pg_catalog.=) f.source AND s.policy OPERATOR(pg_catalog.=) f.policy
		LEFT JOIN claimline_internal.claim_attested t ON t.finding_id OPERATOR(pg_catalog.=) f.id
	WHERE f.closed_at IS NULL;
ALTER VIEW claim_findings OWNER TO @extowner@;
GRANT SELECT ON claim_findings TO PUBLIC;
COMMENT ON VIEW claim_findings IS
	'open findings: what the last scan of the source by the policy left standing, with the line as billed; '
	'judged_at: when its day was last judged, last_seen: the last finished scan, which it outlived; '
	'attestation: the last one that stands for it, a row of claim_attestations';

CREATE VIEW claim_finding_history WITH (security_invoker = true) AS
	SELECT f.id, f.source, f.policy, f.patient, f.provider, f.dos, (f.finding).*,
		f.line, f.charge, f.edition, f.ruleset_hash,
		f.first_scan, f.last_scan, f.first_seen, f.last_seen, f.said_scan, f.said_at,
		f.closed_scan, f.closed_at
	FROM claimline_internal.claim_scan_finding f;
ALTER VIEW claim_finding_history OWNER TO @extowner@;
GRANT SELECT, DELETE ON claim_finding_history TO PUBLIC;
COMMENT ON VIEW claim_finding_history IS
	'all findings that scans made, open while closed_at is null, in the words of the last time; '
	'what no longer holds is closed and stays until the owner of the source deletes it here';

CREATE FUNCTION claimline_internal.claim_finding_deleted() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM claimline_internal.claim_scan_stored f WHERE f.id = OLD.id;
	RETURN CASE WHEN FOUND THEN OLD END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_finding_deleted() IS
	'trigger: what is deleted from the history is deleted where it is stored';
CREATE TRIGGER deleted INSTEAD OF DELETE ON claim_finding_history
	FOR EACH ROW EXECUTE FUNCTION claimline_internal.claim_finding_deleted();

CREATE VIEW claim_finding_versions WITH (security_invoker = true) AS
	SELECT f.id, f.source, f.policy, f.patient, f.provider, f.dos, (s.finding).*,
		s.line, s.charge, s.edition, s.ruleset_hash,
		f.first_scan, s.last_scan, f.first_seen, s.last_seen, s.said_scan, s.said_at,
		s.until_scan, s.until_at
	FROM claimline_internal.claim_scan_said s
		JOIN claimline_internal.claim_scan_finding f ON f.id OPERATOR(pg_catalog.=) s.finding_id
	UNION ALL
	SELECT f.id, f.source, f.policy, f.patient, f.provider, f.dos, (f.finding).*,
		f.line, f.charge, f.edition, f.ruleset_hash,
		f.first_scan, f.last_scan, f.first_seen, f.last_seen, f.said_scan, f.said_at,
		f.closed_scan, f.closed_at
	FROM claimline_internal.claim_scan_finding f;
ALTER VIEW claim_finding_versions OWNER TO @extowner@;
GRANT SELECT ON claim_finding_versions TO PUBLIC;
COMMENT ON VIEW claim_finding_versions IS
	'what findings said and say, a row each time that a scan said the same of the same line in other words, '
	'with another severity or suggestion, or of another bill: from said_at until until_at, which is null '
	'while it holds';

CREATE FUNCTION claimline_internal.claim_findings_known(source text, policy text) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	access CONSTANT text := claimline_internal.claim_source_access(source);
BEGIN
	IF access NOT IN ('yours', 'granted') THEN
		RAISE EXCEPTION 'findings of claim source "%" are %', source, access
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'Members of its owner may call claim_source_grant(source, role).';
	END IF;
	-- a policy that was deleted has a history
	IF NOT EXISTS (SELECT FROM claimline_internal.claim_scan_state t
			WHERE t.source = claim_findings_known.source AND t.policy = claim_findings_known.policy) THEN
		PERFORM @extschema@.claim_policy_settings(policy);
	END IF;
	RETURN true;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_findings_known(text, text) IS
	'part of claim_findings_at and claim_changes_since: true; '
	'raises an error for a source or a policy that does not exist, or a source that is not his to read';

CREATE FUNCTION claim_findings_at(source text, policy text, at timestamptz)
		RETURNS SETOF claim_finding_history
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 10000
	BEGIN ATOMIC
		SELECT v.id, v.source, v.policy, v.patient, v.provider, v.dos, v.claim_id, v.line_no,
			v.rule, v.severity, v.message, v.with_claim_id, v.with_line_no, v.suggestion, v.condition,
			v.carc, v.rarc, v.citation, v.covered, v.facts, v.line, v.charge, v.edition, v.ruleset_hash,
			v.first_scan, v.last_scan, v.first_seen, v.last_seen, v.said_scan, v.said_at,
			f.closed_scan, f.closed_at
		FROM @extschema@.claim_finding_versions v
			JOIN claimline_internal.claim_scan_finding f ON f.id OPERATOR(pg_catalog.=) v.id
		WHERE v.source OPERATOR(pg_catalog.=) claim_findings_at.source
			AND v.policy OPERATOR(pg_catalog.=) claim_findings_at.policy
			AND v.said_at OPERATOR(pg_catalog.<=) at
			AND (v.until_at IS NULL OR v.until_at OPERATOR(pg_catalog.>) at)
			AND claimline_internal.claim_findings_known(claim_findings_at.source, claim_findings_at.policy);
	END;
COMMENT ON FUNCTION claim_findings_at(text, text, timestamptz) IS
	'the findings that were open at a time, in the words of then: what claim_findings showed; '
	'raises an error for a source or a policy that does not exist; none for a null argument';

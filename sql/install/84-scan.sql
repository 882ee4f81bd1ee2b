-- the nightly scan: what changed since the last one, judged; findings stored and closed

CREATE TYPE claim_placed AS (
	place int,
	line claimline,
	claim_id text,
	line_no int,
	rule text,
	severity claim_severity,
	message text,
	with_claim_id text,
	with_line_no int,
	suggestion claimline,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean
);
COMMENT ON TYPE claim_placed IS 'a finding with the line that it is on and that line''s place in day_lines(day)';

CREATE FUNCTION claim_edits_placed(day claimday, rules claim_ruleset) RETURNS SETOF claim_placed
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 1 SUPPORT claim_edits_support;
COMMENT ON FUNCTION claim_edits_placed(claimday, claim_ruleset) IS
	'as claim_edits(day, rules), with the line that each finding is on: several lines of a day may have the same claim id and line number, or none';

-- what is stored.  Rows belong to the source; they go with claim_scan_state, which goes with the source: a foreign key
-- of each finding and each day would cost more than judging them

CREATE TABLE claim_scan_state (
	source text NOT NULL REFERENCES claim_source (name) ON DELETE CASCADE,
	policy text NOT NULL,
	edition text NOT NULL,
	service_type text NOT NULL,
	at_least claim_severity NOT NULL,
	ruleset_hash text NOT NULL,
	epoch int NOT NULL,
	full_pending boolean NOT NULL,
	watermark text,
	view_lines bigint,
	parts oid[],
	seen_xmin bigint,
	seen_in text,
	last_scan bigint,
	last_scan_at timestamptz,
	PRIMARY KEY (source, policy)
);
COMMENT ON TABLE claim_scan_state IS
	'where the scans of a source by a policy are: the ruleset of the last one; epoch: raised when every day is to be judged again; full_pending: a pass over all days is due; watermark: the highest seen; view_lines: lines of the source at the last look; parts: the table and its partitions; seen_xmin, seen_in: how to tell that a table is as it was';

CREATE TABLE claim_scan_ruleset (
	source text NOT NULL,
	policy text NOT NULL,
	hash text NOT NULL CHECK (hash OPERATOR(pg_catalog.=) ruleset_hash(rules)),
	rules claim_ruleset NOT NULL,
	PRIMARY KEY (source, policy, hash)
);
COMMENT ON TABLE claim_scan_ruleset IS
	'the ruleset of the last scan, to see what the next one changes; not dumped: without it, a changed ruleset has all days judged again';

CREATE TABLE claim_scan_day (
	source text NOT NULL,
	policy text NOT NULL,
	day_key uuid NOT NULL,
	patient text,
	provider text,
	dos date,
	day_hash bigint NOT NULL,
	n_lines int NOT NULL,
	epoch int NOT NULL,
	undecided boolean NOT NULL,
	PRIMARY KEY (source, policy, day_key)
);
COMMENT ON TABLE claim_scan_day IS
	'the provider-days as they were judged last: a hash of their lines (and charges), how many, whether anything could not be decided';

CREATE TABLE claim_scan_pending (
	source text NOT NULL,
	policy text NOT NULL,
	day_key uuid NOT NULL,
	patient text,
	provider text,
	dos date,
	forced boolean NOT NULL,
	PRIMARY KEY (source, policy, day_key)
);
COMMENT ON TABLE claim_scan_pending IS
	'provider-days to be judged by the scan that runs or comes next; forced: also if their lines are the same, for the ruleset changed';

CREATE TABLE claim_scan_run (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	policy text NOT NULL,
	edition text,
	service_type text NOT NULL,
	ruleset_hash text,
	at_least claim_severity NOT NULL,
	method text NOT NULL,
	judge_all boolean NOT NULL,
	batch_days int NOT NULL,
	why text,
	pid int NOT NULL,
	run_by name NOT NULL DEFAULT session_user,
	started_at timestamptz NOT NULL,
	judging_at timestamptz,
	seen_at timestamptz NOT NULL,
	said_at timestamptz NOT NULL,
	finished_at timestamptz,
	status text NOT NULL CHECK (status OPERATOR(pg_catalog.=) ANY (ARRAY['looking', 'judging', 'finished', 'interrupted'])),
	days_found bigint NOT NULL DEFAULT 0,
	days_done bigint NOT NULL DEFAULT 0,
	lines_done bigint NOT NULL DEFAULT 0,
	opened bigint NOT NULL DEFAULT 0,
	kept bigint NOT NULL DEFAULT 0,
	closed bigint NOT NULL DEFAULT 0,
	batch int NOT NULL DEFAULT 0,
	batches int NOT NULL DEFAULT 0
);
CREATE INDEX ON claim_scan_run (source, policy, id);
COMMENT ON TABLE claim_scan_run IS
	'every scan: by which ruleset and method, when, how far it came, how many findings it opened, kept and closed';

CREATE TABLE claim_scan_finding (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	policy text NOT NULL,
	day_key uuid NOT NULL,
	patient text,
	provider text,
	dos date,
	claim_id text,
	line_no int,
	rule text NOT NULL,
	severity claim_severity NOT NULL,
	message text NOT NULL,
	with_claim_id text,
	with_line_no int,
	suggestion claimline,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean NOT NULL,
	place int NOT NULL,
	line claimline,
	charge numeric,
	finding_key uuid NOT NULL,
	nth int NOT NULL,
	edition text NOT NULL,
	ruleset_hash text NOT NULL,
	first_scan bigint NOT NULL,
	last_scan bigint NOT NULL,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	closed_scan bigint,
	closed_at timestamptz
);
-- also of text that a key may be too long for: the keys are hashes
CREATE UNIQUE INDEX claim_scan_finding_open ON claim_scan_finding (source, policy, day_key, finding_key, nth) WHERE closed_at IS NULL;
CREATE INDEX claim_scan_finding_closed ON claim_scan_finding (source, policy, closed_scan) WHERE closed_at IS NOT NULL;
COMMENT ON TABLE claim_scan_finding IS
	'all findings that scans made: open while closed_at is null; what no longer holds is closed, never deleted; place, line and charge are those of the line as billed (the place in its day tells lines apart that have the same number), last_seen is when its day was last judged';

DO LANGUAGE plpgsql $$
DECLARE
	room text;
BEGIN
	FOREACH room IN ARRAY ARRAY['claim_scan_state', 'claim_scan_ruleset', 'claim_scan_day', 'claim_scan_pending', 'claim_scan_run',
			'claim_scan_finding'] LOOP
		EXECUTE pg_catalog.format('ALTER TABLE @extschema@.%I OWNER TO @extowner@', room);
		EXECUTE pg_catalog.format('ALTER TABLE @extschema@.%I ENABLE ROW LEVEL SECURITY', room);
		EXECUTE pg_catalog.format('CREATE POLICY own_sources ON @extschema@.%I USING (source OPERATOR(pg_catalog.=) ANY (ARRAY('
			'SELECT s.name FROM @extschema@.claim_source s WHERE pg_catalog.pg_has_role(s.owner::pg_catalog.oid, ''USAGE''))))', room);
		EXECUTE pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON @extschema@.%I TO PUBLIC', room);
	END LOOP;
END $$;
SELECT pg_catalog.pg_extension_config_dump('claim_scan_state', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_day', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_pending', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_run', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_run_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_finding', '');
SELECT pg_catalog.pg_extension_config_dump('claim_scan_finding_id_seq', '');

CREATE FUNCTION claim_scan_state_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	DELETE FROM @extschema@.claim_scan_finding f WHERE f.source = OLD.source AND f.policy = OLD.policy;
	DELETE FROM @extschema@.claim_scan_day d WHERE d.source = OLD.source AND d.policy = OLD.policy;
	DELETE FROM @extschema@.claim_scan_pending p WHERE p.source = OLD.source AND p.policy = OLD.policy;
	DELETE FROM @extschema@.claim_scan_ruleset r WHERE r.source = OLD.source AND r.policy = OLD.policy;
	DELETE FROM @extschema@.claim_scan_run r WHERE r.source = OLD.source AND r.policy = OLD.policy;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claim_scan_state_gone() IS 'trigger: what scans stored goes with their state';

CREATE TRIGGER gone AFTER DELETE ON claim_scan_state FOR EACH ROW EXECUTE FUNCTION claim_scan_state_gone();

-- one scan of a source at a time: a lock of the session, found again by its number

CREATE FUNCTION claim_scan_lock_number(source text) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$ SELECT hashtextextended('claim_scan ' || source, 0) $$;
COMMENT ON FUNCTION claim_scan_lock_number(text) IS 'the advisory lock that a scan of the source holds';

CREATE FUNCTION claim_scan_pid(source text) RETURNS int
	LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT l.pid
	FROM pg_locks l, @extschema@.claim_scan_lock_number(source) n
	WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
		AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
		AND l.classid::bigint = (n >> 32) & 4294967295 AND l.objid::bigint = n & 4294967295
	LIMIT 1
$$;
COMMENT ON FUNCTION claim_scan_pid(text) IS 'the process that scans the source now, or null';

CREATE FUNCTION claim_scan_unlock(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	-- a scan that was cancelled between two steps may have left it
	WHILE @extschema@.claim_scan_pid(source) = pg_backend_pid() LOOP
		PERFORM pg_advisory_unlock(@extschema@.claim_scan_lock_number(source));
	END LOOP;
END $$;
COMMENT ON FUNCTION claim_scan_unlock(text) IS 'part of claim_scan: gives the lock back';

-- how the source is read

-- of operators and functions that are immutable, so that it is part of the query around it
CREATE FUNCTION claim_scan_key(patient text, provider text, dos date) RETURNS uuid
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN pg_catalog.md5(
		coalesce(pg_catalog.octet_length(patient)::pg_catalog.text OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) patient, '-')
		OPERATOR(pg_catalog.||) coalesce(pg_catalog.octet_length(provider)::pg_catalog.text OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) provider, '-')
		OPERATOR(pg_catalog.||) coalesce(pg_catalog.encode(pg_catalog.date_send(dos), 'hex'), ''))::pg_catalog.uuid;
COMMENT ON FUNCTION claim_scan_key(text, text, date) IS 'what a provider-day is found by: a hash of patient, provider and date';

CREATE FUNCTION claim_scan_key_text(key text, type regtype) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	-- values that are equal have one text
	SELECT CASE type WHEN 'numeric'::regtype THEN format('pg_catalog.trim_scale(%s)::pg_catalog.text', key)
		ELSE format('%s::pg_catalog.text', key) END
$$;
COMMENT ON FUNCTION claim_scan_key_text(text, regtype) IS 'part of claim_scan: an expression for a key column as text';

CREATE FUNCTION claim_scan_parts(relation regclass) RETURNS oid[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT array_agg(c.oid ORDER BY c.oid) FROM pg_class c
	WHERE c.oid = relation OR c.oid = ANY (ARRAY(SELECT t.relid::oid FROM pg_partition_tree(relation) t))
$$;
COMMENT ON FUNCTION claim_scan_parts(regclass) IS 'part of claim_scan: a table and its partitions';

CREATE FUNCTION claim_scan_method(source text, asked text) RETURNS text
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	s @extschema@.claim_source;
	tracked boolean;
BEGIN
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = $1;
	-- four events on the table and on each partition
	tracked := (SELECT bool_and(4 = (SELECT count(*) FROM pg_trigger g
			WHERE g.tgrelid = p.part AND g.tgfoid = '@extschema@.claim_track()'::regprocedure AND g.tgenabled = 'A'
				AND (@extschema@.claim_trigger_arguments(g.tgargs))[1] = s.name))
		FROM unnest(@extschema@.claim_scan_parts(s.relation)) p (part));
	IF asked <> ALL (ARRAY['log', 'watermark', 'hash']) THEN
		RAISE EXCEPTION 'scan method "%" does not exist', asked
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Methods are: log, watermark, hash; null takes the best there is.';
	ELSIF asked = 'log' AND NOT tracked THEN
		RAISE EXCEPTION 'changes of claim source "%" are not logged', source
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('SELECT claim_source_track(%L) begins that.', source);
	ELSIF asked = 'watermark' AND NOT s.mapping ? 'watermark' THEN
		RAISE EXCEPTION 'claim source "%" has no watermark', source
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'claim_source_add takes the name of the column.';
	END IF;
	RETURN coalesce(asked, CASE WHEN tracked THEN 'log' WHEN s.mapping ? 'watermark' THEN 'watermark' ELSE 'hash' END);
END $$;
COMMENT ON FUNCTION claim_scan_method(text, text) IS
	'how a scan of the source finds what changed: the method asked for, or the best there is: log, watermark, hash';

CREATE FUNCTION claim_scan_watermark(source text, OUT col text, OUT type text)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT @extschema@.claim_source_column(s.relation, s.mapping, s.mapping #> '{watermark,columns,0}'), (s.mapping #>> '{watermark,type}')::regtype::text
	FROM @extschema@.claim_source s WHERE s.name = source
$$;
COMMENT ON FUNCTION claim_scan_watermark(text) IS 'part of claim_scan: the watermark column of a source, and its type';

-- The rows of a table are the same as at an earlier snapshot if none has been written since, by the transaction that wrote it,
-- and as many are there.  That is true of plain tables that are read alone, by everybody alike, and not with expressions of users.
CREATE FUNCTION claim_scan_place(source text, since bigint, OUT place text, OUT n_new bigint)
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	s @extschema@.claim_source;
BEGIN
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = source;
	IF jsonb_path_exists(s.mapping, '$.fields.*.expression')
			OR NOT has_function_privilege('pg_control_system()', 'EXECUTE')
			OR EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
				WHERE w.ev_class = s.view AND NOT CASE d.refclassid
					WHEN 'pg_class'::regclass THEN d.refobjid = ANY (ARRAY[s.view::oid, s.relation::oid])
					WHEN 'pg_proc'::regclass THEN EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = d.refobjid
						AND e.deptype = 'e' AND e.refobjid = (SELECT x.oid FROM pg_extension x WHERE x.extname = 'claimline'))
					ELSE d.refclassid = ANY (ARRAY['pg_type'::regclass::oid, 'pg_collation'::regclass::oid]) END)
			OR EXISTS (SELECT FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam
				WHERE c.oid = ANY (@extschema@.claim_scan_parts(s.relation))
					AND (c.relrowsecurity OR c.relkind <> ALL (ARRAY['r', 'm', 'p']::"char"[])
						OR c.relkind <> 'p' AND a.amname IS DISTINCT FROM 'heap')) THEN
		RETURN;
	END IF;
	EXECUTE format('SELECT %L || md5(string_agg(concat_ws('' '', t.place, t.n), '', '' ORDER BY t.place)), coalesce(sum(t.n_new), 0) '
		'FROM (SELECT v.place, count(*) AS n, count(*) FILTER (WHERE age(v.written) <= age($1)) AS n_new FROM (%s) v GROUP BY v.place) t',
		(SELECT c.system_identifier FROM pg_control_system() c) || ' ' || (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
			|| ' ' || s.relation::oid || ' ',
		@extschema@.claim_source_select(source, NULL, 't.xmin AS written, t.tableoid AS place'))
		USING (coalesce(since, 3) & 4294967295)::text::xid INTO place, n_new;
	place := coalesce(place, 'empty');
END $$;
COMMENT ON FUNCTION claim_scan_place(text, bigint) IS
	'part of claim_scan: which tables the lines are in and how many, and how many were written by transactions from the given one on; null where that tells nothing';

-- the steps of claim_scan; each is one transaction, and what it is about is in claim_scan_run

CREATE FUNCTION claim_scan_outside() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	-- alone, a statement begins its transaction
	IF transaction_timestamp() < statement_timestamp() THEN
		RAISE EXCEPTION 'claim_scan cannot run inside a transaction block'
			USING ERRCODE = 'active_sql_transaction', DETAIL = 'It commits after every batch of provider-days.',
				HINT = 'CALL it by itself: without BEGIN, without psql -1, and with autocommit on.';
	END IF;
END $$;
COMMENT ON FUNCTION claim_scan_outside() IS 'part of claim_scan: raises an error inside a transaction block';

CREATE FUNCTION claim_scan_open(source text, policy text, edition text, service_type text, at_least claim_severity, batch_days int,
		method text, judge_all boolean) RETURNS bigint
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	s @extschema@.claim_source;
	how text;
	run bigint;
BEGIN
	IF source IS NULL OR policy IS NULL OR service_type IS NULL OR at_least IS NULL OR batch_days IS NULL OR judge_all IS NULL THEN
		RAISE EXCEPTION 'source, policy, service type, severity, batch_days and full must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF batch_days < 1 THEN
		RAISE EXCEPTION 'batch_days is %, must be 1 or more', batch_days USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = source;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'claim source "%" does not exist', source
			USING ERRCODE = 'undefined_object', HINT = 'See the view claim_sources.';
	ELSIF NOT pg_has_role(s.owner::oid, 'USAGE') THEN
		RAISE EXCEPTION 'claim source "%" belongs to role %', source, s.owner
			USING ERRCODE = 'insufficient_privilege', HINT = 'Members of that role can scan it.';
	ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = s.view) THEN
		RAISE EXCEPTION 'view %_lines of claim source "%" does not exist', source, source
			USING ERRCODE = 'undefined_table', DETAIL = 'The view or its table was dropped.',
				HINT = 'Drop the source with claim_source_drop and add it again.';
	ELSIF NOT has_table_privilege(s.view, 'SELECT') THEN
		RAISE EXCEPTION 'permission denied for view % of claim source "%"', s.view, source
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	how := @extschema@.claim_scan_method(source, method);
	-- raises an error for a policy or an edition that does not exist
	PERFORM @extschema@.ruleset_hash(@extschema@.ruleset(policy, edition, service_type));

	-- what a scan of this session left when it was cancelled
	PERFORM @extschema@.claim_scan_unlock(source);
	IF NOT pg_try_advisory_lock(@extschema@.claim_scan_lock_number(source)) THEN
		RAISE EXCEPTION 'claim source "%" is being scanned by process %', source, @extschema@.claim_scan_pid(source)
			USING ERRCODE = 'lock_not_available', HINT = 'See the view claim_scan_progress.';
	END IF;
	UPDATE @extschema@.claim_scan_run r SET status = 'interrupted'
		WHERE r.source = claim_scan_open.source AND r.status = ANY (ARRAY['looking', 'judging']);
	INSERT INTO @extschema@.claim_scan_run AS r (source, policy, edition, service_type, at_least, method, judge_all, batch_days, pid,
			started_at, seen_at, said_at, status)
		VALUES (source, policy, edition, service_type, at_least, how, judge_all, batch_days, pg_backend_pid(), now(), now(),
			clock_timestamp(), 'looking')
		RETURNING r.id INTO run;
	RETURN run;
EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
	-- the lock is the session's: it would outlive the error
	IF SQLSTATE <> '55P03' THEN
		PERFORM @extschema@.claim_scan_unlock(source);
	END IF;
	RAISE;
END $$;
COMMENT ON FUNCTION claim_scan_open(text, text, text, text, claim_severity, int, text, boolean) IS
	'part of claim_scan: checks what is asked, takes the lock, returns the number of the run';

CREATE FUNCTION claim_scan_edition(edition text, service_type text, rules claim_ruleset) RETURNS text
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	-- the text of a ruleset is long: the built-in ones are small
	SELECT coalesce(edition, (
			SELECT e.edition FROM @extschema@.ncci_edition e
			WHERE e.service_type = claim_scan_edition.service_type AND NOT EXISTS (SELECT FROM @extschema@.ncci_retired r
				WHERE r.service_type = e.service_type AND r.edition = e.edition)
			ORDER BY upper(e.covers) DESC NULLS FIRST, lower(e.covers) DESC NULLS LAST, e.published_at DESC LIMIT 1),
		rules::text::jsonb #>> '{edition,name}')
$$;
COMMENT ON FUNCTION claim_scan_edition(text, text, claim_ruleset) IS 'part of claim_scan: the name of the edition that ruleset() takes';

-- The dates of service whose answer depends on what an edition covers.  Its name is in messages about dates that it does not
-- cover, and about codes that it does not know: those are findings of the rule edition-coverage.
CREATE FUNCTION claim_scan_dates(old claim_ruleset, new claim_ruleset) RETURNS datemultirange
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	dates datemultirange := '{(,)}'::datemultirange
		- datemultirange(@extschema@.ruleset_coverage(old) * @extschema@.ruleset_coverage(new));
	d record;
	was datemultirange;
	is_now datemultirange;
BEGIN
	FOR d IN SELECT x.path, x.before, x.after FROM @extschema@.ruleset_diff(old, new) x WHERE x.path = ANY (ARRAY['gaps', 'mue_whole']) LOOP
		was := (SELECT coalesce(range_agg(daterange((j.value ->> 0)::date, (j.value ->> 1)::date, '[]')), '{}')
			FROM jsonb_array_elements(coalesce(d.before, '[]')::jsonb) j);
		is_now := (SELECT coalesce(range_agg(daterange((j.value ->> 0)::date, (j.value ->> 1)::date, '[]')), '{}')
			FROM jsonb_array_elements(coalesce(d.after, '[]')::jsonb) j);
		dates := dates + (was - is_now) + (is_now - was);
	END LOOP;
	RETURN dates;
END $$;
COMMENT ON FUNCTION claim_scan_dates(claim_ruleset, claim_ruleset) IS
	'part of claim_scan: dates of service that one of two editions does not cover, or of which only one has all unit limits';

CREATE FUNCTION claim_scan_look(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET datestyle = 'ISO, YMD'
	SET jit = off
	AS $$
DECLARE
	run @extschema@.claim_scan_run;
	s @extschema@.claim_source;
	st @extschema@.claim_scan_state;
	rules @extschema@.claim_ruleset;
	old_rules @extschema@.claim_ruleset;
	hash text;
	any_line boolean;
	changed_codes text[];
	changed_dates datemultirange;
	edition_changed boolean;
	marked bigint;
	reason text := '';
	whole boolean;
	mark text;
	mark_type text;
	n bigint;
	place text;
	snapshot_xmin bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
BEGIN
	SELECT * INTO run FROM @extschema@.claim_scan_run r WHERE r.id = run_id;
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = run.source;
	rules := @extschema@.ruleset(run.policy, run.edition, run.service_type);
	hash := @extschema@.ruleset_hash(rules);

	-- the question: by which rules, from which severity on
	SELECT * INTO st FROM @extschema@.claim_scan_state x WHERE x.source = run.source AND x.policy = run.policy FOR UPDATE;
	IF NOT FOUND THEN
		st.source := run.source;
		st.policy := run.policy;
		st.epoch := 1;
		st.full_pending := true;
		reason := 'first scan';
		INSERT INTO @extschema@.claim_scan_state
			VALUES (run.source, run.policy, '', run.service_type, run.at_least, hash, 1, true);
	ELSE
		IF st.full_pending THEN
			reason := coalesce(run.why, 'a pass over all days was not finished');
		END IF;
		IF run.judge_all THEN
			reason := 'full';
			st.epoch := st.epoch + 1;
			st.full_pending := true;
		ELSIF st.at_least <> run.at_least THEN
			reason := 'another severity';
			st.epoch := st.epoch + 1;
			st.full_pending := true;
		ELSIF st.ruleset_hash <> hash THEN
			SELECT r.rules INTO old_rules FROM @extschema@.claim_scan_ruleset r
				WHERE r.source = run.source AND r.policy = run.policy AND r.hash = st.ruleset_hash;
			SELECT count(*), coalesce(bool_or(d.codes IS NULL AND d.path <> ALL
					(ARRAY['edition.name', 'edition.from', 'edition.to', 'gaps', 'mue_whole'])), true),
					bool_or(d.codes IS NULL), coalesce(array_agg(DISTINCT c.code) FILTER (WHERE c.code IS NOT NULL), '{}')
				INTO n, any_line, edition_changed, changed_codes
				FROM @extschema@.ruleset_diff(old_rules, rules) d LEFT JOIN LATERAL unnest(d.codes) c (code) ON true;
			IF old_rules IS NULL OR any_line OR n = 0 THEN
				reason := CASE WHEN old_rules IS NULL THEN 'the ruleset changed' ELSE 'the ruleset changed for any line' END;
				st.epoch := st.epoch + 1;
				st.full_pending := true;
			ELSE
				-- an edition that differs in rows only concerns no other dates
				changed_dates := CASE WHEN edition_changed THEN @extschema@.claim_scan_dates(old_rules, rules) ELSE '{}' END;
				EXECUTE format($sql$
					INSERT INTO @extschema@.claim_scan_pending AS p
					SELECT $1, $2, @extschema@.claim_scan_key(k.patient, k.provider, k.dos), k.patient, k.provider, k.dos, true
					FROM (
						SELECT %1$s AS patient, %2$s AS provider, v.dos
						FROM %3$s v
						WHERE @extschema@.line_code(v.line) = ANY ($3)
							OR CASE WHEN $5 THEN $4 @> @extschema@.line_dos(v.line) OR @extschema@.line_dos(v.line) IS NULL END
						GROUP BY v.patient, v.provider, v.dos
					) k
					ON CONFLICT (source, policy, day_key) DO UPDATE SET forced = true WHERE NOT p.forced$sql$,
					@extschema@.claim_scan_key_text('v.patient', s.patient_type), @extschema@.claim_scan_key_text('v.provider', s.provider_type), s.view)
					USING run.source, run.policy, changed_codes, changed_dates, edition_changed;
				GET DIAGNOSTICS marked = ROW_COUNT;
				INSERT INTO @extschema@.claim_scan_pending AS p
					SELECT DISTINCT f.source, f.policy, f.day_key, f.patient, f.provider, f.dos, true
					FROM @extschema@.claim_scan_finding f
					WHERE f.source = run.source AND f.policy = run.policy AND f.closed_at IS NULL AND f.rule = 'edition-coverage'
						AND edition_changed
					ON CONFLICT ON CONSTRAINT claim_scan_pending_pkey DO UPDATE SET forced = true WHERE NOT p.forced;
				GET DIAGNOSTICS n = ROW_COUNT;
				reason := format('the ruleset changed for %s codes', cardinality(changed_codes));
				RAISE NOTICE 'claim_scan: the ruleset changed for % codes: % provider-days', cardinality(changed_codes), marked + n
					USING DETAIL = 'Finding them reads every line of the source once.';
			END IF;
		END IF;
	END IF;
	st.edition := CASE WHEN st.ruleset_hash = hash AND run.edition IS NULL THEN st.edition
		ELSE @extschema@.claim_scan_edition(run.edition, run.service_type, rules) END;
	st.ruleset_hash := hash;
	INSERT INTO @extschema@.claim_scan_ruleset VALUES (run.source, run.policy, hash, rules)
		ON CONFLICT ON CONSTRAINT claim_scan_ruleset_pkey DO NOTHING;

	-- the log is for all policies
	IF EXISTS (SELECT FROM @extschema@.claim_change c WHERE c.source = run.source) THEN
		EXECUTE format($sql$
			WITH taken AS (
				DELETE FROM @extschema@.claim_change c WHERE c.source = $1 RETURNING c.patient, c.provider, c.dos, c.whole
			), put AS (
				INSERT INTO @extschema@.claim_scan_pending
				SELECT x.source, x.policy, @extschema@.claim_scan_key(t.patient, t.provider, t.dos), t.patient, t.provider, t.dos, false
				FROM (SELECT DISTINCT %1$s AS patient, %2$s AS provider, t.dos FROM taken t WHERE NOT t.whole) t,
					(SELECT x.source, x.policy FROM @extschema@.claim_scan_state x WHERE x.source = $1) x
				ON CONFLICT ON CONSTRAINT claim_scan_pending_pkey DO NOTHING
			)
			SELECT coalesce(bool_or(t.whole), false) FROM taken t$sql$,
			@extschema@.claim_scan_key_text(format('t.patient::%s', s.patient_type), s.patient_type),
			@extschema@.claim_scan_key_text(format('t.provider::%s', s.provider_type), s.provider_type))
			USING run.source INTO whole;
		IF whole THEN
			UPDATE @extschema@.claim_scan_state x SET full_pending = true WHERE x.source = run.source;
			IF NOT st.full_pending THEN
				reason := concat_ws('; ', nullif(reason, ''), 'the log began or the table was truncated');
				st.full_pending := true;
			END IF;
		END IF;
	END IF;

	-- no statement and no row tells that a partition came or went
	IF st.parts <> @extschema@.claim_scan_parts(s.relation) AND NOT st.full_pending THEN
		reason := concat_ws('; ', nullif(reason, ''), 'the table has other partitions');
		st.full_pending := true;
	END IF;
	st.parts := @extschema@.claim_scan_parts(s.relation);

	-- the rows
	IF run.method = 'watermark' THEN
		SELECT w.col, w.type INTO mark, mark_type FROM @extschema@.claim_scan_watermark(run.source) w;
		IF st.watermark IS NOT NULL AND NOT st.full_pending THEN
			EXECUTE format($sql$
				INSERT INTO @extschema@.claim_scan_pending
				SELECT $1, $2, @extschema@.claim_scan_key(k.patient, k.provider, k.dos), k.patient, k.provider, k.dos, false
				FROM (
					SELECT %1$s AS patient, %2$s AS provider, v.dos
					FROM (%3$s) v WHERE v.watermark >= $3::%4$s OR v.watermark IS NULL
					GROUP BY v.patient, v.provider, v.dos
				) k
				ON CONFLICT ON CONSTRAINT claim_scan_pending_pkey DO NOTHING$sql$,
				@extschema@.claim_scan_key_text('v.patient', s.patient_type), @extschema@.claim_scan_key_text('v.provider', s.provider_type),
				@extschema@.claim_source_select(run.source, NULL, mark || ' AS watermark'), mark_type)
				USING run.source, run.policy, st.watermark;
		ELSIF NOT st.full_pending THEN
			reason := concat_ws('; ', nullif(reason, ''), 'no watermark was stored');
			st.full_pending := true;
		END IF;
		EXECUTE format('SELECT max(v.watermark)::text, count(*) FROM (%s) v',
			@extschema@.claim_source_select(run.source, NULL, mark || ' AS watermark'))
			INTO st.watermark, st.view_lines;
	ELSE
		st.view_lines := NULL;
	END IF;
	IF run.method = 'hash' THEN
		SELECT p.place, p.n_new INTO place, n FROM @extschema@.claim_scan_place(run.source, st.seen_xmin) p;
		IF st.full_pending THEN
			NULL;
		ELSIF st.seen_in = place AND snapshot_xmin - st.seen_xmin BETWEEN 0 AND 2000000000
				AND n = 0 THEN
			reason := concat_ws('; ', nullif(reason, ''), 'no row of the table is new and none is gone');
		ELSE
			reason := concat_ws('; ', nullif(reason, ''), 'all days are compared');
			st.full_pending := true;
		END IF;
		st.seen_in := place;
		st.seen_xmin := snapshot_xmin;
	ELSE
		st.seen_in := NULL;
	END IF;

	UPDATE @extschema@.claim_scan_state x SET edition = st.edition, service_type = run.service_type, at_least = run.at_least,
			ruleset_hash = hash, epoch = st.epoch, full_pending = st.full_pending, watermark = st.watermark,
			view_lines = st.view_lines, parts = st.parts, seen_in = st.seen_in, seen_xmin = st.seen_xmin
		WHERE x.source = run.source AND x.policy = run.policy;
	UPDATE @extschema@.claim_scan_run r SET edition = st.edition, ruleset_hash = hash, why = nullif(reason, '')
		WHERE r.id = run_id;
END $$;
COMMENT ON FUNCTION claim_scan_look(bigint) IS
	'part of claim_scan: notes in claim_scan_state and claim_scan_pending what is to be judged';

CREATE FUNCTION claim_scan_forget() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	IF to_regclass('pg_temp.claim_scan_work') IS NOT NULL THEN
		DROP TABLE pg_temp.claim_scan_work;
	END IF;
	IF to_regclass('pg_temp.claim_scan_asked') IS NOT NULL THEN
		DROP TABLE pg_temp.claim_scan_asked;
	END IF;
END $$;
COMMENT ON FUNCTION claim_scan_forget() IS 'part of claim_scan: drops its temporary tables';

CREATE FUNCTION claim_scan_gather(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET datestyle = 'ISO, YMD'
	SET jit = off
	AS $$
DECLARE
	run @extschema@.claim_scan_run;
	s @extschema@.claim_source;
	st @extschema@.claim_scan_state;
	patient text;
	provider text;
	day text;
	asked text;
	n_asked bigint;
	n_found bigint;
	n_batches int;
BEGIN
	SELECT * INTO run FROM @extschema@.claim_scan_run r WHERE r.id = run_id;
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = run.source;
	SELECT * INTO st FROM @extschema@.claim_scan_state x WHERE x.source = run.source AND x.policy = run.policy;
	patient := @extschema@.claim_scan_key_text('a.patient', s.patient_type);
	provider := @extschema@.claim_scan_key_text('a.provider', s.provider_type);
	-- one aggregate for lines and charges: the claim id with the charge behind it, after the last chr(1)
	day := format('@extschema@.claimday(%s, v.line_no, v.line) AS day, count(*)::int AS n_lines',
		CASE WHEN NOT s.mapping -> 'fields' ? 'charge' THEN 'v.claim_id'
			ELSE $e$coalesce(v.claim_id || chr(1), '') || coalesce(trim_scale(v.charge)::text, '')$e$ END);
	PERFORM @extschema@.claim_scan_forget();
	-- for this transaction: grouping a table is maintenance
	IF pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(current_setting('maintenance_work_mem')) THEN
		PERFORM set_config('work_mem', current_setting('maintenance_work_mem'), true);
	END IF;

	IF st.full_pending THEN
		EXECUTE format($sql$
			CREATE TEMP TABLE claim_scan_work AS
			SELECT ((row_number() OVER () - 1) / %5$s)::int AS batch, w.*
			FROM (
				SELECT coalesce(g.day_key, d.day_key) AS day_key, g.patient, g.provider, g.dos, g.day, g.day_hash, g.n_lines,
					d.day_key IS NOT NULL AS known
				FROM (
					SELECT @extschema@.claim_scan_key(%1$s, %2$s, a.dos) AS day_key, %1$s AS patient, %2$s AS provider, a.dos, a.day,
						@extschema@.claimday_hash_extended(a.day, 0) AS day_hash, a.n_lines
					FROM (SELECT v.patient, v.provider, v.dos, %3$s FROM %4$s v GROUP BY v.patient, v.provider, v.dos) a OFFSET 0
				) g
				FULL JOIN (SELECT d.* FROM @extschema@.claim_scan_day d WHERE d.source = %6$L AND d.policy = %7$L) d ON d.day_key = g.day_key
				LEFT JOIN (SELECT p.day_key FROM @extschema@.claim_scan_pending p WHERE p.source = %6$L AND p.policy = %7$L AND p.forced) p
					ON p.day_key = g.day_key
				WHERE g.n_lines IS NULL OR d.day_key IS NULL OR d.day_hash <> g.day_hash OR d.epoch <> %8$s OR p.day_key IS NOT NULL
			) w$sql$, patient, provider, day, s.view, run.batch_days, run.source, run.policy, st.epoch);
	ELSE
		-- the keys in their own types, so that an index on them is of use
		EXECUTE format($sql$
			CREATE TEMP TABLE claim_scan_asked ON COMMIT DROP AS
			SELECT p.day_key, p.patient::%1$s AS patient, p.provider::%2$s AS provider, p.dos, p.forced
			FROM @extschema@.claim_scan_pending p WHERE p.source = %3$L AND p.policy = %4$L$sql$,
			s.patient_type, s.provider_type, run.source, run.policy);
		GET DIAGNOSTICS n_asked = ROW_COUNT;
		ANALYZE pg_temp.claim_scan_asked;
		-- null keys are found by IS NULL: no operator with an index finds both
		EXECUTE $sql$
			SELECT string_agg(format('SELECT q.day_key, v.claim_id, v.line_no, v.line, v.charge FROM pg_temp.claim_scan_asked q JOIN %%1$s v '
					'ON %s AND %s AND %s WHERE q.patient IS %s NULL AND q.provider IS %s NULL AND q.dos IS %s NULL',
					CASE WHEN m.p THEN 'v.patient IS NULL' ELSE 'v.patient = q.patient' END,
					CASE WHEN m.r THEN 'v.provider IS NULL' ELSE 'v.provider = q.provider' END,
					CASE WHEN m.d THEN 'v.dos IS NULL' ELSE 'v.dos = q.dos' END,
					CASE WHEN m.p THEN '' ELSE 'NOT' END, CASE WHEN m.r THEN '' ELSE 'NOT' END, CASE WHEN m.d THEN '' ELSE 'NOT' END),
				' UNION ALL ')
			FROM (SELECT DISTINCT q.patient IS NULL AS p, q.provider IS NULL AS r, q.dos IS NULL AS d FROM pg_temp.claim_scan_asked q) m$sql$
			INTO asked;
		EXECUTE format($sql$
			CREATE TEMP TABLE claim_scan_work AS
			SELECT ((row_number() OVER () - 1) / %5$s)::int AS batch, w.*
			FROM (
				SELECT a.day_key, %1$s AS patient, %2$s AS provider, a.dos, g.day, @extschema@.claimday_hash_extended(g.day, 0) AS day_hash,
					g.n_lines, d.day_key IS NOT NULL AS known
				FROM pg_temp.claim_scan_asked a
				LEFT JOIN (SELECT v.day_key, %3$s FROM (%4$s) v GROUP BY v.day_key) g ON g.day_key = a.day_key
				LEFT JOIN @extschema@.claim_scan_day d ON d.source = %6$L AND d.policy = %7$L AND d.day_key = a.day_key
				WHERE CASE WHEN g.day_key IS NULL THEN d.day_key IS NOT NULL
					ELSE d.day_key IS NULL OR d.day_hash <> @extschema@.claimday_hash_extended(g.day, 0) OR d.epoch <> %8$s OR a.forced END
			) w$sql$, patient, provider, day,
			coalesce(format(asked, s.view), 'SELECT NULL::uuid AS day_key, NULL::text AS claim_id, NULL::int AS line_no, '
				'NULL::@extschema@.claimline AS line, NULL::numeric AS charge WHERE false'),
			run.batch_days, run.source, run.policy, st.epoch);
	END IF;
	CREATE INDEX ON pg_temp.claim_scan_work (batch);
	EXECUTE 'SELECT count(*), coalesce(max(w.batch) + 1, 0) FROM pg_temp.claim_scan_work w' INTO n_found, n_batches;
	UPDATE @extschema@.claim_scan_run r SET status = 'judging', judging_at = clock_timestamp(), seen_at = clock_timestamp(),
			days_found = r.days_done + n_found, batch = 0, batches = n_batches
		WHERE r.id = run_id;
	RAISE NOTICE 'claim_scan: % provider-days to judge, found by %', n_found,
		CASE WHEN st.full_pending THEN 'comparing all days' WHEN run.method = 'log' THEN 'the log of changes'
			WHEN run.method = 'watermark' THEN 'the watermark' ELSE 'looking for new rows' END
			|| coalesce(' (' || run.why || ')', '')
		USING DETAIL = CASE WHEN st.full_pending THEN 'Every line of the source was read and grouped.'
			WHEN run.method = 'log' THEN format('%s keys were pending.', n_asked)
			WHEN run.method = 'watermark' THEN 'The watermark was read of every line, unless it has an index. Deleted rows are seen by the number of lines only.'
			ELSE 'Every row of the table was looked at, not its contents.' END;
END $$;
COMMENT ON FUNCTION claim_scan_gather(bigint) IS
	'part of claim_scan: puts the days to be judged into a temporary table; those that were judged already, as they are and by this ruleset, are left out';

CREATE FUNCTION claim_scan_step(run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET jit = off
	-- What the server knows of the tables' sizes is old while they grow.  Stored rows are found by their index: by = ANY, or where
	-- nothing but a nested loop can do it; what is in the batch is joined by hashes.
	SET enable_seqscan = off
	SET enable_mergejoin = off
	SET enable_nestloop = off
	AS $$
DECLARE
	run @extschema@.claim_scan_run;
	s @extschema@.claim_source;
	epoch int;
	rules @extschema@.claim_ruleset;
	known_days bigint;
	days bigint;
	lines bigint;
	counts record;
	seconds float8;
BEGIN
	SELECT * INTO run FROM @extschema@.claim_scan_run r WHERE r.id = run_id;
	IF run.batch >= run.batches THEN
		RETURN false;
	END IF;
	SELECT * INTO s FROM @extschema@.claim_source c WHERE c.name = run.source;
	SELECT x.epoch INTO epoch FROM @extschema@.claim_scan_state x WHERE x.source = run.source AND x.policy = run.policy;
	SELECT r.rules INTO rules FROM @extschema@.claim_scan_ruleset r
		WHERE r.source = run.source AND r.policy = run.policy AND r.hash = run.ruleset_hash;
	IF rules IS NULL THEN
		RAISE EXCEPTION 'the ruleset of scan % is gone', run_id USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	EXECUTE 'SELECT count(*), coalesce(sum(w.n_lines), 0), count(*) FILTER (WHERE w.known) FROM pg_temp.claim_scan_work w WHERE w.batch = $1'
		INTO days, lines, known_days USING run.batch;

	EXECUTE format($sql$
		WITH judged AS MATERIALIZED (
			SELECT w.day_key, w.patient, w.provider, w.dos, e.*, %1$s AS charge,
				md5(ROW(e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no, e.suggestion, e.condition,
					e.carc, e.rarc, e.citation, e.covered)::text)::uuid AS finding_key
			FROM pg_temp.claim_scan_work w %2$s
			WHERE w.batch = $1
		), found AS MATERIALIZED (
			SELECT j.*, row_number() OVER (PARTITION BY j.day_key, j.finding_key ORDER BY j.place)::int AS nth
			FROM judged j WHERE j.severity >= $5
		), stored AS MATERIALIZED (
			%3$s
		), closed AS (
			UPDATE @extschema@.claim_scan_finding f SET closed_scan = $4, closed_at = now()
			WHERE f.id = ANY (ARRAY(SELECT o.id
				FROM stored o LEFT JOIN found n ON n.day_key = o.day_key AND n.finding_key = o.finding_key AND n.nth = o.nth
				WHERE n.day_key IS NULL))
			RETURNING 1
		), kept AS (
			UPDATE @extschema@.claim_scan_finding f SET place = n.place, line = n.line, charge = n.charge, edition = $6, ruleset_hash = $7, last_scan = $4,
				last_seen = now()
			FROM stored o JOIN found n ON n.day_key = o.day_key AND n.finding_key = o.finding_key AND n.nth = o.nth
			WHERE f.id = o.id AND f.id = ANY (ARRAY(SELECT o.id FROM stored o))
			RETURNING 1
		), opened AS (
			INSERT INTO @extschema@.claim_scan_finding (source, policy, day_key, patient, provider, dos, claim_id, line_no, rule, severity,
				message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, place, line, charge, finding_key, nth,
				edition, ruleset_hash, first_scan, last_scan, first_seen, last_seen)
			SELECT $2, $3, n.day_key, n.patient, n.provider, n.dos, n.claim_id, n.line_no, n.rule, n.severity,
				n.message, n.with_claim_id, n.with_line_no, n.suggestion, n.condition, n.carc, n.rarc, n.citation, n.covered, n.place, n.line, n.charge,
				n.finding_key, n.nth, $6, $7, $4, $4, now(), now()
			FROM found n LEFT JOIN stored o ON o.day_key = n.day_key AND o.finding_key = n.finding_key AND o.nth = n.nth
			WHERE o.day_key IS NULL
			RETURNING 1
		), put AS (
			INSERT INTO @extschema@.claim_scan_day AS d
			SELECT $2, $3, w.day_key, w.patient, w.provider, w.dos, w.day_hash, w.n_lines, $8, u.day_key IS NOT NULL
			FROM pg_temp.claim_scan_work w
			LEFT JOIN (SELECT DISTINCT j.day_key FROM judged j WHERE j.severity = 'unknown') u ON u.day_key = w.day_key
			WHERE w.batch = $1 AND w.day IS NOT NULL
			ON CONFLICT ON CONSTRAINT claim_scan_day_pkey DO UPDATE SET day_hash = excluded.day_hash, n_lines = excluded.n_lines,
				epoch = excluded.epoch, undecided = excluded.undecided
		)
		SELECT (SELECT count(*) FROM closed) AS closed, (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM opened) AS opened$sql$,
		CASE WHEN NOT s.mapping -> 'fields' ? 'charge' THEN 'NULL::numeric' ELSE 'c.charges[e.place]' END,
		CASE WHEN NOT s.mapping -> 'fields' ? 'charge' THEN 'CROSS JOIN LATERAL @extschema@.claim_edits_placed(w.day, $9) e'
			-- the charges in the order of day_lines
			ELSE $e$CROSS JOIN LATERAL (
					SELECT @extschema@.claimday(l.claim_id, l.line_no, l.line) AS day,
						array_agg(l.charge ORDER BY l.line, l.claim_id COLLATE "C", l.line_no, l.charge) AS charges
					FROM (
						SELECT CASE WHEN strpos(x.claim_id, chr(1)) > 0
								THEN left(x.claim_id, - length(split_part(x.claim_id, chr(1), -1)) - 1) END AS claim_id,
							x.line_no, x.line, nullif(split_part(x.claim_id, chr(1), -1), '')::numeric AS charge
						FROM @extschema@.day_lines(w.day) x
					) l
				) c
				CROSS JOIN LATERAL @extschema@.claim_edits_placed(c.day, $9) e$e$ END,
		CASE WHEN known_days = 0 THEN 'SELECT NULL::bigint AS id, NULL::uuid AS day_key, NULL::uuid AS finding_key, NULL::int AS nth WHERE false'
			ELSE 'SELECT o.* FROM pg_temp.claim_scan_work w CROSS JOIN LATERAL (SELECT f.id, f.day_key, f.finding_key, f.nth '
				'FROM @extschema@.claim_scan_finding f WHERE f.source = $2 AND f.policy = $3 AND f.day_key = w.day_key '
				'AND f.closed_at IS NULL OFFSET 0) o WHERE w.batch = $1 AND w.known' END)
		INTO counts
		USING run.batch, run.source, run.policy, run_id, run.at_least, run.edition, run.ruleset_hash, epoch, rules;

	IF known_days > 0 THEN
		EXECUTE 'DELETE FROM @extschema@.claim_scan_day d WHERE d.source = $2 AND d.policy = $3 AND d.day_key = ANY '
			'(ARRAY(SELECT w.day_key FROM pg_temp.claim_scan_work w WHERE w.batch = $1 AND w.day IS NULL))'
			USING run.batch, run.source, run.policy;
	END IF;
	EXECUTE 'DELETE FROM @extschema@.claim_scan_pending p WHERE p.source = $2 AND p.policy = $3 AND p.day_key = ANY '
		'(ARRAY(SELECT w.day_key FROM pg_temp.claim_scan_work w WHERE w.batch = $1))' USING run.batch, run.source, run.policy;

	run.batch := run.batch + 1;
	run.days_done := run.days_done + days;
	run.lines_done := run.lines_done + lines;
	IF clock_timestamp() - run.said_at >= interval '10 seconds' AND run.batch < run.batches THEN
		run.said_at := clock_timestamp();
		seconds := extract(epoch FROM clock_timestamp() - run.judging_at);
		RAISE NOTICE 'claim_scan: % of % provider-days judged (% lines), % days a second, about % left',
			run.days_done, run.days_found, run.lines_done, round(run.days_done / seconds),
			make_interval(secs => round(seconds * (run.days_found - run.days_done) / run.days_done));
	END IF;
	UPDATE @extschema@.claim_scan_run r SET batch = run.batch, days_done = run.days_done, lines_done = run.lines_done,
			opened = r.opened + counts.opened, kept = r.kept + counts.kept, closed = r.closed + counts.closed,
			seen_at = clock_timestamp(), said_at = run.said_at
		WHERE r.id = run_id;
	RETURN run.batch < run.batches;
END $$;
COMMENT ON FUNCTION claim_scan_step(bigint) IS
	'part of claim_scan: judges the next batch, closes, keeps and opens findings; false after the last one';

CREATE FUNCTION claim_scan_more(run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	run @extschema@.claim_scan_run;
	st @extschema@.claim_scan_state;
	lines bigint;
BEGIN
	SELECT * INTO run FROM @extschema@.claim_scan_run r WHERE r.id = run_id;
	SELECT * INTO st FROM @extschema@.claim_scan_state x WHERE x.source = run.source AND x.policy = run.policy;
	IF run.method <> 'watermark' OR st.full_pending THEN
		RETURN false;
	END IF;
	SELECT coalesce(sum(d.n_lines), 0) INTO lines FROM @extschema@.claim_scan_day d WHERE d.source = run.source AND d.policy = run.policy;
	IF lines = st.view_lines THEN
		RETURN false;
	END IF;
	RAISE NOTICE 'claim_scan: the source has % lines, % were judged: all days are compared', st.view_lines, lines
		USING DETAIL = 'Rows were deleted, moved to another day, or committed late with a lower watermark.';
	UPDATE @extschema@.claim_scan_state x SET full_pending = true WHERE x.source = run.source AND x.policy = run.policy;
	UPDATE @extschema@.claim_scan_run r SET status = 'looking', why = 'the watermark did not show all changes' WHERE r.id = run_id;
	RETURN true;
END $$;
COMMENT ON FUNCTION claim_scan_more(bigint) IS
	'part of claim_scan: whether the watermark did not show all that changed, so that all days must be compared';

CREATE FUNCTION claim_scan_close(run_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	run @extschema@.claim_scan_run;
BEGIN
	UPDATE @extschema@.claim_scan_run r SET status = 'finished', finished_at = clock_timestamp(), seen_at = clock_timestamp()
		WHERE r.id = run_id RETURNING * INTO run;
	-- days that turned out to be as they were
	DELETE FROM @extschema@.claim_scan_pending p WHERE p.source = run.source AND p.policy = run.policy;
	DELETE FROM @extschema@.claim_scan_ruleset r WHERE r.source = run.source AND r.policy = run.policy AND r.hash <> run.ruleset_hash;
	UPDATE @extschema@.claim_scan_state x SET full_pending = false, last_scan = run_id, last_scan_at = run.finished_at
		WHERE x.source = run.source AND x.policy = run.policy;
	PERFORM @extschema@.claim_scan_forget();
	IF run.days_done = 0 THEN
		RAISE NOTICE 'claim_scan: nothing changed since the last scan of "%" by policy "%"', run.source, run.policy;
	ELSE
		RAISE NOTICE 'claim_scan: % provider-days (% lines) judged in %: % findings opened, % kept, % closed',
			run.days_done, run.lines_done, date_trunc('milliseconds', run.finished_at - run.started_at), run.opened, run.kept, run.closed;
	END IF;
END $$;
COMMENT ON FUNCTION claim_scan_close(bigint) IS 'part of claim_scan: the state of a finished scan';

CREATE FUNCTION claim_scan_do(step text, run_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	CASE step
		WHEN 'look' THEN
			PERFORM @extschema@.claim_scan_look(run_id);
			PERFORM @extschema@.claim_scan_gather(run_id);
			RETURN true;
		WHEN 'step' THEN
			RETURN @extschema@.claim_scan_step(run_id);
		WHEN 'more' THEN
			RETURN @extschema@.claim_scan_more(run_id);
		WHEN 'close' THEN
			PERFORM @extschema@.claim_scan_close(run_id);
			RETURN true;
	END CASE;
EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
	-- the lock is the session's: it would outlive the error
	PERFORM @extschema@.claim_scan_unlock(r.source) FROM @extschema@.claim_scan_run r WHERE r.id = run_id;
	RAISE;
END $$;
COMMENT ON FUNCTION claim_scan_do(text, bigint) IS 'part of claim_scan: a step; gives the lock back if it fails';

-- a procedure that commits has no search_path of its own: it calls by full name and computes nothing
CREATE PROCEDURE claim_scan(source text, policy text = 'medicare', edition text = NULL, service_type text = 'practitioner',
		at_least claim_severity = 'info', batch_days int = 20000, method text = NULL, "full" boolean = false)
	LANGUAGE plpgsql
	AS $$
DECLARE
	run pg_catalog.int8;
BEGIN
	PERFORM @extschema@.claim_scan_outside();
	COMMIT;
	run := @extschema@.claim_scan_open(source, policy, edition, service_type, at_least, batch_days, method, "full");
	COMMIT;
	LOOP
		-- one snapshot: what is read is what the log, the watermark and the number of lines are of
		SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
		PERFORM @extschema@.claim_scan_do('look', run);
		COMMIT;
		WHILE @extschema@.claim_scan_do('step', run) LOOP
			COMMIT;
		END LOOP;
		COMMIT;
		EXIT WHEN NOT @extschema@.claim_scan_do('more', run);
		COMMIT;
	END LOOP;
	PERFORM @extschema@.claim_scan_do('close', run);
	COMMIT;
	PERFORM @extschema@.claim_scan_unlock(source);
END $$;
COMMENT ON PROCEDURE claim_scan(text, text, text, text, claim_severity, int, text, boolean) IS
	'judges the provider-days of a source that changed since its last scan by the policy, and those whose answer the ruleset changed; stores findings in claim_scan_finding, closes those that no longer hold; commits after every batch_days days, goes on where it was if it was interrupted; method: how changes are found (log, watermark, hash); full: judges every day';

-- what other connections see

CREATE VIEW claim_scan_progress WITH (security_invoker = true) AS
	SELECT r.id AS scan, r.source, r.policy, r.edition, r.method, r.why,
		CASE WHEN r.status OPERATOR(pg_catalog.=) ANY (ARRAY['looking', 'judging'])
				AND @extschema@.claim_scan_pid(r.source) IS DISTINCT FROM r.pid THEN 'interrupted' ELSE r.status END AS status,
		r.pid, r.run_by, r.started_at, r.finished_at, r.days_found, r.days_done, r.lines_done, r.opened, r.kept, r.closed,
		t.seconds, pg_catalog.round(r.days_done::pg_catalog.numeric OPERATOR(pg_catalog./) t.seconds) AS days_per_second,
		CASE WHEN r.status OPERATOR(pg_catalog.=) 'judging' AND r.days_done OPERATOR(pg_catalog.>) 0 THEN
			pg_catalog.make_interval(secs => pg_catalog.round(t.seconds OPERATOR(pg_catalog.*)
				(r.days_found OPERATOR(pg_catalog.-) r.days_done)::pg_catalog.numeric OPERATOR(pg_catalog./) r.days_done::pg_catalog.numeric)
				::pg_catalog.float8) END AS remaining
	FROM @extschema@.claim_scan_run r, LATERAL (
		SELECT nullif(pg_catalog.round(EXTRACT(epoch FROM coalesce(r.finished_at, r.seen_at) OPERATOR(pg_catalog.-) coalesce(r.judging_at, r.started_at)), 3),
			0::pg_catalog.numeric) AS seconds) t;
ALTER VIEW claim_scan_progress OWNER TO @extowner@;
GRANT SELECT ON claim_scan_progress TO PUBLIC;
COMMENT ON VIEW claim_scan_progress IS
	'scans, also those that run now in other sessions: looking (for what changed), judging, finished, interrupted; days and lines judged so far, days a second, about how long it will take';

CREATE VIEW claim_findings WITH (security_invoker = true) AS
	SELECT f.source, f.policy, f.edition, f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.line, f.charge, f.rule, f.severity,
		f.message,
		f.with_claim_id, f.with_line_no, f.suggestion, f.condition, f.carc, f.rarc, f.citation, f.covered,
		f.ruleset_hash, f.first_scan, f.first_seen, f.last_scan AS judged_scan, f.last_seen AS judged_at,
		s.last_scan, s.last_scan_at AS last_seen, f.id
	FROM @extschema@.claim_scan_finding f JOIN @extschema@.claim_scan_state s
		ON s.source OPERATOR(pg_catalog.=) f.source AND s.policy OPERATOR(pg_catalog.=) f.policy
	WHERE f.closed_at IS NULL;
ALTER VIEW claim_findings OWNER TO @extowner@;
GRANT SELECT ON claim_findings TO PUBLIC;
COMMENT ON VIEW claim_findings IS
	'open findings: what the last scan of the source by the policy left standing, with the line as billed; judged_at: when its day was last judged, last_seen: the last finished scan, which it outlived';

CREATE FUNCTION claim_findings_at(source text, policy text, at timestamptz) RETURNS SETOF claim_scan_finding
	LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 10000
	BEGIN ATOMIC
		SELECT f.* FROM @extschema@.claim_scan_finding f
		WHERE f.source OPERATOR(pg_catalog.=) claim_findings_at.source AND f.policy OPERATOR(pg_catalog.=) claim_findings_at.policy
			AND f.first_seen OPERATOR(pg_catalog.<=) at AND (f.closed_at IS NULL OR f.closed_at OPERATOR(pg_catalog.>) at);
	END;
COMMENT ON FUNCTION claim_findings_at(text, text, timestamptz) IS
	'the findings that were open at a time: what claim_findings showed then';

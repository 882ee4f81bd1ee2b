
-- the nightly scan for a job: a row instead of notices

CREATE FUNCTION claimline_internal.claim_scan_hush(level text) RETURNS text
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	before CONSTANT text := current_setting('client_min_messages');
BEGIN
	-- who hears less than warnings goes on so
	IF before <> 'error' THEN
		PERFORM set_config('client_min_messages', level, false);
	END IF;
	RETURN before;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_hush(text) IS
	'part of claim_scan_row: sets client_min_messages for the session, unless it is error; '
	'returns what it was';

CREATE FUNCTION claimline_internal.claim_scan_told(source text, policy text, OUT opened bigint,
		OUT changed bigint, OUT closed bigint, OUT undecided bigint, OUT seconds numeric)
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT t.opened, t.changed, t.closed,
		(SELECT count(*) FILTER (WHERE d.undecided) FROM claimline_internal.claim_scan_day d
			WHERE d.source = claim_scan_told.source AND d.policy = claim_scan_told.policy),
		round(extract(epoch FROM r.finished_at - r.started_at), 3)
	FROM claimline_internal.claim_scan_run r JOIN @extschema@.claim_report_trend t
		ON t.source = r.source AND t.policy = r.policy AND t.scan = r.id
	WHERE r.source = claim_scan_told.source AND r.policy = claim_scan_told.policy
		AND r.pid = pg_backend_pid() AND r.status = 'finished'
	ORDER BY r.id DESC LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_told(text, text) IS
	'part of claim_scan_row: what the scan of this session that finished last did';

-- as claim_scan: it commits, so it has no search_path of its own
CREATE PROCEDURE claim_scan_row(source text, policy text = 'medicare', edition text = NULL,
		service_type text = NULL, at_least claim_severity = 'review', batch_days int = 20000,
		method text = NULL, "full" boolean = false, INOUT opened bigint = NULL, INOUT changed bigint = NULL,
		INOUT closed bigint = NULL, INOUT undecided bigint = NULL, INOUT seconds numeric = NULL)
	LANGUAGE plpgsql
	AS $$
DECLARE
	before pg_catalog.text;
BEGIN
	PERFORM claimline_internal.claim_scan_outside();
	before := claimline_internal.claim_scan_hush('warning');
	CALL @extschema@.claim_scan(source, policy, edition, service_type, at_least, batch_days, method, "full");
	SELECT t.opened, t.changed, t.closed, t.undecided, t.seconds
		INTO opened, changed, closed, undecided, seconds
		FROM claimline_internal.claim_scan_told(source, policy) t;
	PERFORM claimline_internal.claim_scan_hush(before);
END $$;
COMMENT ON PROCEDURE claim_scan_row(text, text, text, text, claim_severity, int, text, boolean,
		bigint, bigint, bigint, bigint, numeric) IS
	'claim_scan for a job: without notices, returns a row: findings that it opened, changed and closed, with '
	'what an interrupted scan before it did; provider-days that are undecided, in all; seconds; '
	'the last five arguments are for that row, whatever they are. After an error client_min_messages stays '
	'warning for the session; raises the errors of claim_scan';

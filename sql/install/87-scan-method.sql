
-- how a scan finds what changed

CREATE FUNCTION claimline_internal.claim_scan_parts(relation regclass) RETURNS regclass[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE part AS (
		SELECT c.oid FROM pg_class c WHERE c.oid = relation
		UNION SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid
	)
	SELECT array_agg(p.oid::regclass ORDER BY p.oid) FROM part p
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_parts(regclass) IS
	'part of claim_scan: a table with its partitions and the tables that inherit from it; '
	'null where it is gone';

CREATE FUNCTION claimline_internal.claim_scan_log_misses(s claimline_internal.claim_source) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH part AS (
		SELECT p.part::oid AS oid FROM unnest(claimline_internal.claim_scan_parts(s.relation)) p (part)
	), named AS (
		SELECT d.refclassid, d.refobjid FROM pg_rewrite w JOIN pg_depend d
			ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
		WHERE w.ev_class = s.view AND d.refobjid <> s.view::oid
	)
	SELECT m.says FROM (
		SELECT 1 AS n, format('What is written to %s fires no trigger of the log.', p.oid::regclass) AS says
		FROM part p WHERE 4 > (SELECT count(*) FROM claimline_internal.claim_source_triggers_on(p.oid) t
			WHERE t.source = s.name AND t.kind = 'track' AND t.always)
		UNION ALL
		SELECT 2, format('Logical replication applies rows to %s without triggers of statements.',
			r.srrelid::regclass)
		FROM pg_subscription_rel r WHERE r.srrelid IN (SELECT p.oid FROM part p)
		UNION ALL
		SELECT 3, format('Its lines are of %s too, of which nothing is logged.', n.refobjid::regclass)
		FROM named n WHERE n.refclassid = 'pg_class'::regclass AND n.refobjid <> s.relation::oid
		UNION ALL
		SELECT 4, format('Its lines are of what function %s finds, of which nothing is logged.',
			p.oid::regprocedure)
		FROM named n JOIN pg_proc p ON n.refclassid = 'pg_proc'::regclass AND p.oid = n.refobjid
		WHERE p.provolatile <> 'i'
	) m ORDER BY m.n, m.says LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.claim_scan_log_misses(claimline_internal.claim_source) IS
	'part of claim_scan: what the log of changes of a source does not see, so that its days are to be '
	'compared; null where it sees everything';

CREATE FUNCTION claimline_internal.claim_scan_method(source text, asked text) RETURNS text
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_known(source);
	has_watermark CONSTANT boolean := s.mapping ? 'watermark';
	tracked CONSTANT boolean := claimline_internal.claim_source_tracked(source);
	misses text;
BEGIN
	IF asked <> ALL (ARRAY['log', 'watermark', 'hash']) THEN
		RAISE EXCEPTION 'scan method "%" does not exist', asked
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Methods are: log, watermark, hash; null takes the best there is.';
	ELSIF asked = 'log' AND NOT tracked THEN
		RAISE EXCEPTION 'changes of claim source "%" are not logged', source
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = format('SELECT claim_source_track(%L) begins that.', source);
	ELSIF asked = 'watermark' AND NOT has_watermark THEN
		RAISE EXCEPTION 'claim source "%" has no watermark', source
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'claim_source_add takes the name of the column.';
	ELSIF asked = ANY (ARRAY['watermark', 'hash']) THEN
		RETURN asked;
	ELSIF tracked THEN
		misses := claimline_internal.claim_scan_log_misses(s);
		IF misses IS NULL THEN
			RETURN 'log';
		END IF;
		RAISE NOTICE 'claim_scan: the log of claim source "%" does not see every change: '
			'all days are compared', source USING DETAIL = misses;
		RETURN 'hash';
	END IF;
	RETURN CASE WHEN has_watermark THEN 'watermark' ELSE 'hash' END;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_method(text, text) IS
	'how a scan of the source finds what changed: the method asked for, '
	'or the best there is: log, watermark, hash; hash for a log that does not see everything, with a notice';

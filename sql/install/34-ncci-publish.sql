-- editions published and retired

CREATE FUNCTION claimline_internal.ncci_part(service_type text, what text, whole claimline_internal.ncci_rows,
		OUT part claimline_internal.ncci_rows, OUT over text)
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	over := (SELECT e.edition FROM claimline_internal.ncci_edition e
		WHERE e.service_type = ncci_part.service_type
			AND CASE what WHEN 'ptp' THEN e.ptp_hash WHEN 'mue' THEN e.mue_hash ELSE e.addon_hash END
				IS NOT NULL
		ORDER BY e.published_at DESC LIMIT 1);
	part := claimline_internal.ncci_delta(claimline_internal.ncci_whole(service_type, over, what), whole);
	IF part IS NULL OR pg_column_size(part) * 2 > pg_column_size(whole) THEN
		part := whole;
		over := NULL;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_part(text, text, claimline_internal.ncci_rows) IS
	'how rows are stored: as an overlay over those of the edition published last, '
	'where that is at most half as large, else whole';

CREATE FUNCTION claimline_internal.ncci_before(service_type text, covers daterange, what text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT e.edition FROM claimline_internal.ncci_edition e
	WHERE e.service_type = ncci_before.service_type
		AND CASE what WHEN 'ptp' THEN e.ptp_hash WHEN 'mue' THEN e.mue_hash ELSE e.addon_hash END IS NOT NULL
		AND NOT EXISTS (SELECT FROM claimline_internal.ncci_retired r
			WHERE r.service_type = e.service_type AND r.edition = e.edition)
		AND (coalesce(upper(e.covers), 'infinity'), coalesce(lower(e.covers), '-infinity'))
			<= (coalesce(upper(ncci_before.covers), 'infinity'),
				coalesce(lower(ncci_before.covers), '-infinity'))
	ORDER BY coalesce(upper(e.covers), 'infinity') DESC, coalesce(lower(e.covers), '-infinity') DESC,
		e.published_at DESC
	LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.ncci_before(text, daterange, text) IS
	'the newest edition in use with pairs (''ptp''), limits (''mue'') or add-on codes (''addon'') that ends '
	'no later than the dates; '
	'null for none';

CREATE FUNCTION claimline_internal.ncci_lost_limits(old_mue claimline_internal.ncci_rows,
		new_mue claimline_internal.ncci_rows) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT count(*) FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(old_mue, new_mue)) r
	WHERE r.mai IS NULL
$$;
COMMENT ON FUNCTION claimline_internal.ncci_lost_limits(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows) IS
	'of how many codes the first has a unit limit and the second none';

CREATE FUNCTION claimline_internal.ncci_refuse_loss(what text, lost bigint, size bigint, one_in int,
		edition text, allowed boolean) RETURNS void
	LANGUAGE plpgsql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- a handful may go, also from a small file
	IF lost > 5 AND lost * one_in > size AND NOT coalesce(allowed, false) THEN
		RAISE EXCEPTION 'the file lacks % of the % % of edition "%"', lost, size, what, edition
			USING ERRCODE = 'data_exception', DETAIL = format('At most one in %s may be missing.', one_in),
				HINT = 'Copy all parts of the file, or call ncci_publish with allow_loss => true.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_refuse_loss(text, bigint, bigint, int, text, boolean) IS
	'raises an error where more than one in so many are lost, unless that is allowed';

CREATE FUNCTION claimline_internal.ncci_publish_check(edition text, service_type text, covers daterange)
		RETURNS void
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF edition IS NULL OR edition = '' OR service_type IS NULL OR covers IS NULL THEN
		RAISE EXCEPTION 'edition, service type and the dates covered must be given'
			USING ERRCODE = 'null_value_not_allowed',
				HINT = 'For example: '
					'ncci_publish(''2024q3'', ''practitioner'', ''[2024-07-01,2024-09-30]'').';
	END IF;
	PERFORM claimline_internal.claim_service_type_check(service_type);
	IF edition ~ '[[:cntrl:]]' OR length(edition) > 100 THEN
		RAISE EXCEPTION 'edition name has a control character, or more than 100 characters'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF starts_with(edition, 'starter') THEN
		RAISE EXCEPTION 'edition name "%" is that of a built-in edition', edition
			USING ERRCODE = 'reserved_name', HINT = 'Names that start with "starter" are taken.';
	END IF;
	IF isempty(covers) THEN
		RAISE EXCEPTION 'the edition covers no date'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give the first and the last date of service of its quarter.';
	END IF;
	-- under an older snapshot, what others published meanwhile would be overlooked
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'an edition is published in a transaction that reads what is committed'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = format('This one is %s.', current_setting('transaction_isolation')),
				HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_publish_check(text, text, daterange) IS
	'part of ncci_publish: raises an error for arguments that are not right, '
	'and in a transaction that overlooks what others publish';

CREATE FUNCTION claimline_internal.ncci_read_imports(service_type text,
		OUT ptp claimline_internal.ncci_rows, OUT mue claimline_internal.ncci_rows,
		OUT addon claimline_internal.ncci_rows)
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	-- records are numbered by their place in the import table
	SET synchronize_seqscans = off
	SET max_parallel_workers_per_gather = 0
	AS $$
BEGIN
	ptp := (SELECT claimline_internal.ncci_read_ptp(i.column_1, i.column_2, i.before_1996,
			i.effective, i.deletion, i.indicator, i.rationale)
		FROM @extschema@.ncci_ptp_import i);
	mue := (SELECT claimline_internal.ncci_read_mue(service_type, i.code, i.units,
			i.adjudication, i.rationale)
		FROM @extschema@.ncci_mue_import i);
	addon := (SELECT claimline_internal.ncci_read_addon(i.line) FROM @extschema@.ncci_addon_import i);
	IF ptp IS NULL AND mue IS NULL AND addon IS NULL THEN
		RAISE EXCEPTION 'there is nothing to publish'
			USING ERRCODE = 'no_data_found',
				DETAIL = 'The tables ncci_ptp_import, ncci_mue_import and ncci_addon_import are empty.',
				HINT = 'Copy the files of CMS there with \copy.';
	END IF;
	IF service_type = 'dme' AND (ptp IS NOT NULL OR addon IS NOT NULL) THEN
		RAISE EXCEPTION 'service type "dme" has no %',
				CASE WHEN ptp IS NOT NULL THEN 'code pairs' ELSE 'add-on codes' END
			USING ERRCODE = 'invalid_parameter_value',
				HINT = format('Publish the %s file as practitioner or outpatient.',
					CASE WHEN ptp IS NOT NULL THEN 'PTP' ELSE 'add-on code' END);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_read_imports(text) IS
	'part of ncci_publish: the files in the import tables, packed; '
	'raises an error that lists the first ten bad records, and where there is nothing';

CREATE FUNCTION claimline_internal.ncci_publish_notices(service_type text, edition text) RETURNS void
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	e claimline_internal.ncci_edition;
BEGIN
	SELECT * INTO e FROM claimline_internal.ncci_edition n
		WHERE n.service_type = ncci_publish_notices.service_type AND n.edition = ncci_publish_notices.edition;
	IF e.mue_hash IS NULL THEN
		RAISE NOTICE 'edition "%" has no unit limits: '
			'those of other editions hold on the dates that they cover', e.edition;
	ELSIF NOT e.mue_whole THEN
		RAISE NOTICE 'edition "%" has part of the unit limits: of codes without one it stays unknown',
			e.edition;
	END IF;
	IF e.ptp_hash IS NULL AND e.service_type <> 'dme' THEN
		RAISE NOTICE 'edition "%" has no code pairs: those of the edition before are used', e.edition;
	ELSIF e.ptp_hash IS NOT NULL AND NOT e.ptp_whole THEN
		RAISE NOTICE 'edition "%" has part of the code pairs: of pairs without a row it stays unknown',
			e.edition;
	END IF;
	IF e.addon_hash IS NULL AND e.service_type <> 'dme' THEN
		RAISE NOTICE 'edition "%" has no add-on codes: those of the edition before are used', e.edition;
	ELSIF coalesce((SELECT v.pairs * 20 > c.pairs
			FROM claimline_internal.ncci_starter(e.service_type, 'addon') s,
			claimline_internal.ncci_vanished(s,
				claimline_internal.ncci_whole(e.service_type, e.edition, 'addon'), 'infinity') v,
			claimline_internal.ncci_rows_counts(s) c), false) THEN
		RAISE NOTICE 'edition "%" has part of the add-on codes: of others nothing is asked', e.edition;
	END IF;
	IF EXISTS (SELECT FROM @extschema@.ncci_editions n
			WHERE n.service_type = e.service_type AND n.retired_at IS NULL
			AND coalesce(upper(n.covers), 'infinity') > coalesce(upper(e.covers), 'infinity')) THEN
		RAISE NOTICE 'edition "%" is not the newest: another covers later dates', e.edition;
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_publish_notices(text, text) IS
	'part of ncci_publish: says what the edition lacks, and that another covers later dates';

CREATE FUNCTION claimline_internal.ncci_publish_counts(old_ptp claimline_internal.ncci_rows,
		ptp claimline_internal.ncci_rows, old_mue claimline_internal.ncci_rows,
		mue claimline_internal.ncci_rows, old_addon claimline_internal.ncci_rows,
		addon claimline_internal.ncci_rows) RETURNS TABLE (change text, n bigint)
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 17
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT c.change, c.n FROM (
		SELECT 1 AS i, 'ptp rows' AS change, coalesce(r.n, 0) AS n
		FROM claimline_internal.ncci_rows_counts(ptp) r
		UNION ALL SELECT 2, 'ptp never in force', coalesce(r.never, 0)
		FROM claimline_internal.ncci_rows_counts(ptp) r
		UNION ALL SELECT 8, 'mue rows', coalesce(r.n, 0) FROM claimline_internal.ncci_rows_counts(mue) r
		UNION ALL SELECT 12, 'addon rows', r.n FROM claimline_internal.ncci_rows_counts(addon) r
		WHERE addon IS NOT NULL
		UNION ALL
		SELECT k.i, k.change, count(d.change)
		FROM (VALUES (3, 'ptp added'), (4, 'ptp expired'), (5, 'ptp re-dated'), (6, 'ptp indicator'),
			(7, 'ptp swapped'), (9, 'mue added'), (10, 'mue removed'), (11, 'mue changed'),
			(13, 'addon added'), (14, 'addon expired'), (15, 'addon re-dated'), (16, 'addon type'),
			(17, 'addon swapped')) k(i, change)
		LEFT JOIN (
			SELECT p.change FROM claimline_internal.ncci_pair_changes(old_ptp, ptp) p
			UNION ALL SELECT m.change FROM claimline_internal.ncci_limit_changes(old_mue, mue) m
			UNION ALL SELECT claimline_internal.ncci_addon_change(a.change)
			FROM claimline_internal.ncci_pair_changes(old_addon, addon) a
		) d ON d.change = k.change
		WHERE k.i < 12 OR addon IS NOT NULL
		GROUP BY k.i, k.change) c
	ORDER BY c.i
$$;
COMMENT ON FUNCTION claimline_internal.ncci_publish_counts(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows, claimline_internal.ncci_rows, claimline_internal.ncci_rows,
		claimline_internal.ncci_rows, claimline_internal.ncci_rows) IS
	'part of ncci_publish: how many rows there are, and how many changes of each kind';

CREATE FUNCTION claimline_internal.ncci_publish_part(service_type text, covers daterange, what text,
		file claimline_internal.ncci_rows, allow_loss boolean,
		OUT rows claimline_internal.ncci_rows, OUT old claimline_internal.ncci_rows,
		OUT part claimline_internal.ncci_rows, OUT over text, OUT n bigint, OUT hash text)
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	-- what was known before, by the end of the dates covered, of either kind
	before CONSTANT text := claimline_internal.ncci_before(service_type, covers, what);
	lost record;
BEGIN
	rows := file;
	old := claimline_internal.ncci_whole(service_type, before, what);
	-- CMS keeps deleted pairs in its files; of limits, some codes end with a year, and of add-on codes
	IF file IS NOT NULL AND old IS NOT NULL AND what <> 'mue' THEN
		SELECT * INTO lost
			FROM claimline_internal.ncci_vanished(old, file, coalesce(lower(covers) - 1, '-infinity'));
		PERFORM claimline_internal.ncci_refuse_loss(CASE what WHEN 'ptp' THEN 'pairs' ELSE 'add-on codes' END,
			lost.pairs, (SELECT c.pairs FROM claimline_internal.ncci_rows_counts(old) c),
			CASE what WHEN 'ptp' THEN 1000 ELSE 20 END, before, allow_loss);
		IF lost.pairs > 0 THEN
			rows := claimline_internal.ncci_overlay(file, lost.kept);
		END IF;
	ELSIF file IS NOT NULL AND old IS NOT NULL THEN
		PERFORM claimline_internal.ncci_refuse_loss('unit limits',
			claimline_internal.ncci_lost_limits(old, file),
			(SELECT c.n FROM claimline_internal.ncci_rows_counts(old) c), 40, before, allow_loss);
	END IF;
	SELECT p.part, p.over INTO part, over FROM claimline_internal.ncci_part(service_type, what, rows) p;
	n := coalesce((SELECT c.n FROM claimline_internal.ncci_rows_counts(rows) c), 0);
	hash := claimline_internal.ncci_rows_hash(part);
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_publish_part(text, daterange, text, claimline_internal.ncci_rows,
		boolean) IS
	'part of ncci_publish: all rows of a part (''ptp'', ''mue'', ''addon'') out of those of its file, those '
	'of the edition before, how they are stored, how many and their hash; '
	'raises an error where too many of those of the edition before are missing';

CREATE FUNCTION ncci_publish(edition text, service_type text, covers daterange, allow_loss boolean = false)
		RETURNS TABLE (change text, n bigint)
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_column
DECLARE
	new_name CONSTANT text := edition;
	new_type CONSTANT text := service_type;
	new_covers CONSTANT daterange := covers;
	file record;
	ptp record;
	mue record;
	addon record;
	ptp_whole boolean;
	mue_whole boolean;
BEGIN
	PERFORM claimline_internal.ncci_publish_check(new_name, new_type, new_covers);
	-- one publishes at a time; the next one finds the import tables empty
	LOCK TABLE claimline_internal.ncci_edition IN SHARE ROW EXCLUSIVE MODE;
	LOCK TABLE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import, @extschema@.ncci_addon_import
		IN ACCESS EXCLUSIVE MODE;
	IF EXISTS (SELECT FROM claimline_internal.ncci_edition e
			WHERE e.service_type = new_type AND e.edition = new_name) THEN
		RAISE EXCEPTION 'edition "%" of service type "%" is published already', new_name, new_type
			USING ERRCODE = 'duplicate_object',
				HINT = 'An edition is frozen: retire it and publish the correction under another name.';
	END IF;

	SELECT * INTO file FROM claimline_internal.ncci_read_imports(new_type);
	-- does what has no row have no edit?  Not in a part of a file:
	-- it lacks what even the built-in edition has
	ptp_whole := coalesce((SELECT v.pairs * 20 <= c.pairs
		FROM claimline_internal.ncci_starter(new_type, 'ptp') s,
			claimline_internal.ncci_vanished(s, file.ptp, 'infinity') v,
			claimline_internal.ncci_rows_counts(s) c), file.ptp IS NOT NULL);
	mue_whole := coalesce((SELECT claimline_internal.ncci_lost_limits(s, file.mue) * 20 <= c.n
		FROM claimline_internal.ncci_starter(new_type, 'mue') s,
			claimline_internal.ncci_rows_counts(s) c), file.mue IS NOT NULL);

	SELECT * INTO ptp
		FROM claimline_internal.ncci_publish_part(new_type, new_covers, 'ptp', file.ptp, allow_loss);
	SELECT * INTO mue
		FROM claimline_internal.ncci_publish_part(new_type, new_covers, 'mue', file.mue, allow_loss);
	SELECT * INTO addon
		FROM claimline_internal.ncci_publish_part(new_type, new_covers, 'addon', file.addon, allow_loss);
	INSERT INTO claimline_internal.ncci_edition (service_type, edition, covers, ptp_count, mue_count,
			ptp_over, mue_over, ptp_hash, mue_hash, ptp_whole, mue_whole, ptp, mue,
			addon_count, addon_over, addon_hash, addon)
		VALUES (new_type, new_name, new_covers, ptp.n, mue.n,
			ptp.over, mue.over, ptp.hash, mue.hash, ptp_whole, mue_whole, ptp.part, mue.part,
			addon.n, addon.over, addon.hash, addon.part);
	TRUNCATE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import, @extschema@.ncci_addon_import;

	PERFORM claimline_internal.ncci_publish_notices(new_type, new_name);
	RETURN QUERY SELECT c.change, c.n
		FROM claimline_internal.ncci_publish_counts(ptp.old, ptp.rows, mue.old, mue.rows,
			addon.old, addon.rows) c;
END $$;
COMMENT ON FUNCTION ncci_publish(text, text, daterange, boolean) IS
	'checks the import tables, publishes them in one transaction as an edition of a service type '
	'(practitioner, outpatient, dme; of Medicaid with medicaid- before it) that covers these dates of '
	'service, and empties them; '
	'returns how many rows there are and what changed against the edition before; '
	'raises an error that lists the first ten bad records and leaves everything as it was; '
	'allow_loss: more than one in a thousand of the pairs, one in forty of the limits or one in twenty of '
	'the add-on codes of the edition before may be missing';

CREATE FUNCTION ncci_retire(edition text, service_type text, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF why IS NULL OR why = '' THEN
		RAISE EXCEPTION 'the reason must be given' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM claimline_internal.ncci_known(service_type, edition);
	INSERT INTO claimline_internal.ncci_retired (service_type, edition, why)
		VALUES (ncci_retire.service_type, ncci_retire.edition, ncci_retire.why);
EXCEPTION WHEN unique_violation THEN
	RAISE EXCEPTION 'edition "%" of service type "%" is retired already', edition, service_type
		USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;
COMMENT ON FUNCTION ncci_retire(text, text, text) IS
	'retires an edition, and why: no ruleset uses it any more; its rows stay; '
	'raises an error for an edition that does not exist or is retired';

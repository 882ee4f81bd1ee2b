-- what the program claimline-ncci asks: are the rows of a file published already?  If not, it publishes them

CREATE FUNCTION claimline_internal.ncci_load_begin() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- in the order of ncci_publish: who loads at the same time waits here
	LOCK TABLE claimline_internal.ncci_edition IN SHARE ROW EXCLUSIVE MODE;
	LOCK TABLE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import, @extschema@.ncci_addon_import
		IN ACCESS EXCLUSIVE MODE;
	IF EXISTS (SELECT FROM @extschema@.ncci_ptp_import)
			OR EXISTS (SELECT FROM @extschema@.ncci_mue_import)
			OR EXISTS (SELECT FROM @extschema@.ncci_addon_import) THEN
		RAISE EXCEPTION 'the import tables hold rows that are not published'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Publish them with ncci_publish(), or empty the tables with ncci_import_clear().';
	END IF;
	-- in storage of this transaction, COPY only appends: records are numbered by their place
	PERFORM @extschema@.ncci_import_clear();
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_load_begin() IS
	'part of claimline-ncci: locks the import tables for the transaction and begins them anew; raises an '
	'error where somebody left rows in them';

CREATE FUNCTION claimline_internal.ncci_load_same(published claimline_internal.ncci_rows,
		file claimline_internal.ncci_rows, first date)
		RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- what the file lacks may be a pair that was kept as ended before the dates covered
	SELECT NOT EXISTS (
			SELECT FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(published, file)) r
			WHERE coalesce(r.indicator, r.mai) IS NOT NULL)
		AND NOT EXISTS (
			SELECT FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(file, published)) r
			WHERE r.mai IS NOT NULL OR r.indicator = 9
				OR r.indicator IS NOT NULL AND coalesce(r.deletion, 'infinity') >= first)
$$;
COMMENT ON FUNCTION claimline_internal.ncci_load_same(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows, date) IS
	'part of claimline-ncci: are the rows of an edition those of a file?  Beside them it may have pairs '
	'that ended before the date';

CREATE FUNCTION claimline_internal.ncci_load_there(service_type text, covers daterange, what text,
		rows claimline_internal.ncci_rows) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT e.edition FROM claimline_internal.ncci_edition e
	WHERE e.service_type = ncci_load_there.service_type AND e.covers @> ncci_load_there.covers
		AND CASE what WHEN 'ptp' THEN e.ptp_hash WHEN 'mue' THEN e.mue_hash ELSE e.addon_hash END IS NOT NULL
		AND NOT EXISTS (SELECT FROM claimline_internal.ncci_retired r
			WHERE r.service_type = e.service_type AND r.edition = e.edition)
		AND claimline_internal.ncci_load_same(claimline_internal.ncci_whole(e.service_type, e.edition, what),
			rows, lower(ncci_load_there.covers))
	ORDER BY e.published_at DESC
	LIMIT 1
$$;
COMMENT ON FUNCTION claimline_internal.ncci_load_there(text, daterange, text, claimline_internal.ncci_rows) IS
	'part of claimline-ncci: the edition in use that covers the dates and has these pairs (''ptp''), '
	'limits (''mue'') or add-on codes (''addon''); null for none';

CREATE FUNCTION claimline_internal.ncci_load_name(edition text, service_type text,
		ptp claimline_internal.ncci_rows, mue claimline_internal.ncci_rows,
		addon claimline_internal.ncci_rows) RETURNS text
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	taken claimline_internal.ncci_edition;
	differ text;
BEGIN
	SELECT e.* INTO taken FROM claimline_internal.ncci_edition e
		WHERE e.service_type = ncci_load_name.service_type AND e.edition = ncci_load_name.edition;
	IF NOT FOUND THEN
		RETURN edition;
	ELSIF (ptp IS NULL OR taken.ptp_hash IS NULL) AND (mue IS NULL OR taken.mue_hash IS NULL)
			AND (addon IS NULL OR taken.addon_hash IS NULL) THEN
		-- another file of the quarter
		RETURN edition || CASE WHEN ptp IS NOT NULL THEN '-ptp' WHEN mue IS NOT NULL THEN '-mue'
			ELSE '-addon' END;
	END IF;
	differ := (SELECT string_agg(format('%s %s', (SELECT count(DISTINCT (r.column_1, r.column_2))
				FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(
					claimline_internal.ncci_whole(service_type, edition, f.what), f.rows)) r), f.called),
			' and ' ORDER BY f.i)
		FROM (VALUES (1, 'ptp', 'pairs', ptp, taken.ptp_hash), (2, 'mue', 'unit limits', mue, taken.mue_hash),
				(3, 'addon', 'add-on codes', addon, taken.addon_hash)) f(i, what, called, rows, hash)
		WHERE f.i < 3 OR addon IS NOT NULL);
	RAISE EXCEPTION
			'edition "%" of service type "%" is published with other rows, or for other dates, or is retired',
			edition, service_type
		USING ERRCODE = 'duplicate_object',
			DETAIL = format('%s of the files differ from it.', differ),
			HINT = 'Files that CMS has corrected are an edition of another name: '
				'claimline-ncci --edition NAME.  Then retire the wrong one.';
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_load_name(text, text, claimline_internal.ncci_rows,
		claimline_internal.ncci_rows, claimline_internal.ncci_rows) IS
	'part of claimline-ncci: the name to publish under, with -ptp, -mue or -addon where another file of the '
	'quarter has it; raises an error where it is taken';

CREATE FUNCTION claimline_internal.ncci_load(edition text, service_type text, covers daterange,
		allow_loss boolean) RETURNS TABLE (what text, name text, n bigint)
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	new_name text := edition;
	file record;
	there text;
BEGIN
	-- reading twice takes its time: only where something can be there
	IF EXISTS (SELECT FROM claimline_internal.ncci_edition e WHERE e.service_type = ncci_load.service_type
			AND (e.covers @> ncci_load.covers OR e.edition = ncci_load.edition)) THEN
		SELECT * INTO file FROM claimline_internal.ncci_read_imports(service_type);
		there := claimline_internal.ncci_load_there(service_type, covers, 'ptp', file.ptp);
		IF there IS NOT NULL THEN
			RETURN QUERY SELECT 'there ptp', there, NULL::bigint;
			TRUNCATE @extschema@.ncci_ptp_import;
			file.ptp := NULL;
		END IF;
		there := claimline_internal.ncci_load_there(service_type, covers, 'mue', file.mue);
		IF there IS NOT NULL THEN
			RETURN QUERY SELECT 'there mue', there, NULL::bigint;
			TRUNCATE @extschema@.ncci_mue_import;
			file.mue := NULL;
		END IF;
		there := claimline_internal.ncci_load_there(service_type, covers, 'addon', file.addon);
		IF there IS NOT NULL THEN
			RETURN QUERY SELECT 'there addon', there, NULL::bigint;
			TRUNCATE @extschema@.ncci_addon_import;
			file.addon := NULL;
		END IF;
		IF file.ptp IS NULL AND file.mue IS NULL AND file.addon IS NULL THEN
			RETURN;
		END IF;
		new_name := claimline_internal.ncci_load_name(edition, service_type, file.ptp, file.mue, file.addon);
	END IF;
	there := claimline_internal.ncci_before(service_type, covers,
		CASE WHEN EXISTS (SELECT FROM @extschema@.ncci_ptp_import) THEN 'ptp'
			WHEN EXISTS (SELECT FROM @extschema@.ncci_mue_import) THEN 'mue' ELSE 'addon' END);
	IF there IS NOT NULL THEN
		RETURN QUERY SELECT 'before', there, NULL::bigint;
	END IF;
	RETURN QUERY SELECT 'published', new_name, NULL::bigint;
	RETURN QUERY SELECT 'change', p.change, p.n
		FROM @extschema@.ncci_publish(new_name, service_type, covers, allow_loss) p;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_load(text, text, daterange, boolean) IS
	'part of claimline-ncci: publishes the import tables but for what is published already; says what is '
	'there, the edition before, the name, and what changed; raises the errors of ncci_publish';

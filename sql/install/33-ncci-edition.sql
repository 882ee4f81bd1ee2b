-- NCCI editions: import tables, what is published, what changed

-- where \copy puts the files

CREATE TABLE ncci_ptp_import (
	column_1 text,
	column_2 text,
	before_1996 text,
	effective text,
	deletion text,
	indicator text,
	rationale text
);
ALTER TABLE ncci_ptp_import OWNER TO @extowner@;
COMMENT ON TABLE ncci_ptp_import IS
	'the parts of one PTP file as CMS publishes it, preambles included: '
	'\copy them here one after the other, then call ncci_publish';

CREATE TABLE ncci_mue_import (
	code text,
	units text,
	adjudication text,
	rationale text
);
ALTER TABLE ncci_mue_import OWNER TO @extowner@;
COMMENT ON TABLE ncci_mue_import IS
	'one MUE file as CMS publishes it, notice and heading included: '
	'\copy it here as csv, then call ncci_publish';

CREATE TABLE ncci_addon_import (
	line text
);
ALTER TABLE ncci_addon_import OWNER TO @extowner@;
COMMENT ON TABLE ncci_addon_import IS
	'one text file of add-on codes as CMS publishes it, of fixed width: '
	'\copy it here, then call ncci_publish';

CREATE FUNCTION ncci_import_clear() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	TRUNCATE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import, @extschema@.ncci_addon_import;
END $$;
COMMENT ON FUNCTION ncci_import_clear() IS 'empties the import tables';

-- editions

CREATE TABLE claimline_internal.ncci_edition (
	service_type text NOT NULL CHECK (claimline_internal.claim_service_type_check(service_type) IS NOT NULL),
	edition text NOT NULL CHECK (edition OPERATOR(pg_catalog.<>) ''),
	covers daterange NOT NULL CHECK (NOT pg_catalog.isempty(covers)),
	published_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	published_by name NOT NULL DEFAULT current_user,
	ptp_count bigint NOT NULL,
	mue_count bigint NOT NULL,
	ptp_over text,
	mue_over text,
	ptp_hash text,
	mue_hash text,
	ptp_whole boolean NOT NULL,
	mue_whole boolean NOT NULL,
	ptp claimline_internal.ncci_rows,
	mue claimline_internal.ncci_rows,
	addon_count bigint NOT NULL DEFAULT 0,
	addon_over text,
	addon_hash text,
	addon claimline_internal.ncci_rows,
	PRIMARY KEY (service_type, edition)
);
ALTER TABLE claimline_internal.ncci_edition OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.ncci_edition TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.ncci_edition', '');
COMMENT ON TABLE claimline_internal.ncci_edition IS
	'published editions, frozen: the dates of service they cover, and their rows, packed; '
	'ptp_over, mue_over and addon_over name the edition over which the rows are an overlay, '
	'null where they are stored whole; ptp_whole and mue_whole say whether what has no row has no edit';

CREATE TABLE claimline_internal.ncci_retired (
	service_type text NOT NULL,
	edition text NOT NULL,
	retired_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	retired_by name NOT NULL DEFAULT current_user,
	why text NOT NULL,
	PRIMARY KEY (service_type, edition)
);
ALTER TABLE claimline_internal.ncci_retired OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.ncci_retired TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.ncci_retired', '');
COMMENT ON TABLE claimline_internal.ncci_retired IS 'editions that are no longer used, by ncci_retire';

CREATE VIEW ncci_editions AS
	SELECT e.service_type, e.edition, e.covers, e.published_at, e.published_by, e.ptp_count AS ptp_rows,
		e.mue_count AS mue_rows, e.ptp_over AS based_on, r.retired_at, r.why AS retired_why,
		e.addon_count AS addon_rows
	FROM claimline_internal.ncci_edition e LEFT JOIN claimline_internal.ncci_retired r
		ON r.service_type OPERATOR(pg_catalog.=) e.service_type
			AND r.edition OPERATOR(pg_catalog.=) e.edition;
ALTER VIEW ncci_editions OWNER TO @extowner@;
GRANT SELECT ON ncci_editions TO PUBLIC;
COMMENT ON VIEW ncci_editions IS
	'published editions: service type, name, dates of service covered, when and by whom, how many rows, '
	'on which edition they are stored, when and why retired or null';

CREATE FUNCTION claimline_internal.ncci_frozen() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE EXCEPTION 'a published edition is frozen'
		USING ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('Table %I does not take %s.', TG_TABLE_NAME, TG_OP),
			HINT = 'Publish a new edition, and retire this one with ncci_retire().';
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_frozen() IS 'trigger: refuses to change what is published';

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON claimline_internal.ncci_edition
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.ncci_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON claimline_internal.ncci_retired
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.ncci_frozen();

CREATE FUNCTION claimline_internal.ncci_known(service_type text, edition text) RETURNS void
	LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM claimline_internal.claim_service_type_check(service_type);
	IF NOT EXISTS (SELECT FROM claimline_internal.ncci_edition e
			WHERE e.service_type = ncci_known.service_type AND e.edition = ncci_known.edition) THEN
		RAISE EXCEPTION 'edition "%" of service type "%" does not exist', edition, service_type
			USING ERRCODE = 'undefined_object', HINT = coalesce(
				(SELECT 'Editions are: ' || string_agg(format('%s (%s)', e.edition, e.service_type), ', '
						ORDER BY e.edition, e.service_type) || '.'
					FROM claimline_internal.ncci_edition e),
				'None is published: load the files of CMS, claimline-ncci FILE..., as downloaded.');
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_known(text, text) IS
	'raises an error for a service type that does not exist, and for an edition of it that is not published';

CREATE FUNCTION claimline_internal.ncci_whole(service_type text, edition text, what text)
		RETURNS claimline_internal.ncci_rows
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	part claimline_internal.ncci_rows;
	rows claimline_internal.ncci_rows;
BEGIN
	PERFORM claimline_internal.ncci_known(service_type, edition);
	FOR part IN
		WITH RECURSIVE chain AS (
			SELECT 0 AS depth, CASE what WHEN 'ptp' THEN e.ptp WHEN 'mue' THEN e.mue ELSE e.addon END AS rows,
				CASE what WHEN 'ptp' THEN e.ptp_over WHEN 'mue' THEN e.mue_over ELSE e.addon_over END AS over
			FROM claimline_internal.ncci_edition e
			WHERE e.service_type = ncci_whole.service_type AND e.edition = ncci_whole.edition
			UNION ALL
			SELECT c.depth + 1, CASE what WHEN 'ptp' THEN e.ptp WHEN 'mue' THEN e.mue ELSE e.addon END,
				CASE what WHEN 'ptp' THEN e.ptp_over WHEN 'mue' THEN e.mue_over ELSE e.addon_over END
			FROM chain c JOIN claimline_internal.ncci_edition e
				ON e.service_type = ncci_whole.service_type AND e.edition = c.over
		)
		SELECT c.rows FROM chain c ORDER BY c.depth DESC
	LOOP
		rows := CASE WHEN rows IS NULL THEN part ELSE claimline_internal.ncci_overlay(rows, part) END;
	END LOOP;
	RETURN rows;
END $$;
COMMENT ON FUNCTION claimline_internal.ncci_whole(text, text, text) IS
	'all rows of a published edition, packed: ''ptp'', ''mue'' or ''addon''; null where it has none; '
	'raises an error for an edition that does not exist';

CREATE FUNCTION ncci_ptp(edition text, service_type text = 'practitioner',
		OUT column_1 text, OUT column_2 text,
		OUT effective date, OUT deletion date, OUT indicator int, OUT rationale text) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator, r.rationale
	FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_whole(service_type, edition, 'ptp')) r
$$;
COMMENT ON FUNCTION ncci_ptp(text, text) IS
	'the code pairs of a published edition: effective and deletion date, both included, null for open; '
	'indicator 0, 1 or 9; raises an error for an edition that does not exist';

CREATE FUNCTION ncci_mue(edition text, service_type text = 'practitioner',
		OUT code text, OUT units int, OUT mai int) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.column_1, r.units, r.mai
	FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_whole(service_type, edition, 'mue')) r
$$;
COMMENT ON FUNCTION ncci_mue(text, text) IS
	'the unit limits of a published edition: units of service, adjudication indicator (MAI); '
	'raises an error for an edition that does not exist';

CREATE FUNCTION ncci_addon(edition text, service_type text = 'practitioner',
		OUT code text, OUT primary_code text, OUT type int,
		OUT effective date, OUT deletion date) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT r.column_1, r.column_2, r.indicator, r.effective, r.deletion
	FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_whole(service_type, edition, 'addon')) r
	WHERE r.indicator < 9
$$;
COMMENT ON FUNCTION ncci_addon(text, text) IS
	'the add-on codes of a published edition with their primaries, CCCCC where the payer''s contractor says '
	'which they are; type 1, 2 or 3; effective and deletion date, both included, null for open; '
	'raises an error for an edition that does not exist';

-- what changed

CREATE FUNCTION claimline_internal.ncci_pair_changes(old_ptp claimline_internal.ncci_rows,
		new_ptp claimline_internal.ncci_rows,
		OUT change text, OUT column_1 text, OUT column_2 text,
		OUT old_effective date, OUT old_deletion date, OUT old_indicator int,
		OUT new_effective date, OUT new_deletion date, OUT new_indicator int) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, pg_temp
	-- how many pairs differ is not known before: hash joins are good for few and for many
	SET enable_nestloop = off
	SET jit = off
	AS $$
	WITH old_rows AS MATERIALIZED (
		SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator
		FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(new_ptp, old_ptp)) r
		WHERE r.indicator < 9
	), new_rows AS MATERIALIZED (
		SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator
		FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(old_ptp, new_ptp)) r
		WHERE r.indicator < 9
	), gone AS MATERIALIZED (
		-- within a pair, rows in force have different starts
		SELECT o.*, row_number() OVER (PARTITION BY o.column_1, o.column_2, n.column_1 IS NULL
				ORDER BY o.effective) AS i,
			n.column_1 IS NOT NULL AS stays
		FROM (TABLE old_rows EXCEPT TABLE new_rows) o
		LEFT JOIN new_rows n ON (n.column_1, n.column_2) = (o.column_1, o.column_2)
			AND n.effective IS NOT DISTINCT FROM o.effective
	), came AS MATERIALIZED (
		SELECT n.*, row_number() OVER (PARTITION BY n.column_1, n.column_2, o.column_1 IS NULL
				ORDER BY n.effective) AS i,
			o.column_1 IS NOT NULL AS stays
		FROM (TABLE new_rows EXCEPT TABLE old_rows) n
		LEFT JOIN old_rows o ON (o.column_1, o.column_2) = (n.column_1, n.column_2)
			AND o.effective IS NOT DISTINCT FROM n.effective
	), matched AS MATERIALIZED (
		-- a row is the same one by its start, else by its turn among those that have no such
		SELECT coalesce(o.column_1, n.column_1) AS column_1, coalesce(o.column_2, n.column_2) AS column_2,
			o.column_1 IS NOT NULL AS was, n.column_1 IS NOT NULL AS is_now,
			o.effective AS old_effective, o.deletion AS old_deletion, o.indicator AS old_indicator,
			n.effective AS new_effective, n.deletion AS new_deletion, n.indicator AS new_indicator
		FROM gone o FULL JOIN came n
			ON n.column_1 = o.column_1 AND n.column_2 = o.column_2 AND n.stays = o.stays
			AND CASE WHEN o.stays THEN coalesce(n.effective, '-infinity') = coalesce(o.effective, '-infinity')
				ELSE n.i = o.i END
	), named AS MATERIALIZED (
		SELECT CASE WHEN NOT m.was THEN 'ptp added'
				WHEN NOT m.is_now THEN 'ptp expired'
				WHEN m.old_indicator <> m.new_indicator THEN 'ptp indicator'
				WHEN m.old_effective IS NOT DISTINCT FROM m.new_effective AND m.old_deletion IS NULL
					THEN 'ptp expired'
				ELSE 'ptp re-dated' END AS change, m.*
		FROM matched m
	), added AS MATERIALIZED (
		SELECT DISTINCT ON (n.column_1, n.column_2) n.* FROM named n WHERE n.change = 'ptp added'
		ORDER BY n.column_1, n.column_2, n.new_effective DESC NULLS LAST
	), expired AS MATERIALIZED (
		SELECT DISTINCT ON (n.column_1, n.column_2) n.* FROM named n WHERE n.change = 'ptp expired'
		ORDER BY n.column_1, n.column_2, n.old_effective DESC NULLS LAST
	), turned AS MATERIALIZED (
		SELECT a.column_1, a.column_2, e.old_effective, e.old_deletion, e.old_indicator,
			a.new_effective, a.new_deletion, a.new_indicator
		FROM added a JOIN expired e ON e.column_1 = a.column_2 AND e.column_2 = a.column_1
	)
	SELECT n.change, n.column_1, n.column_2, n.old_effective, n.old_deletion, n.old_indicator,
		n.new_effective, n.new_deletion, n.new_indicator
	FROM named n
	LEFT JOIN turned a ON n.change = 'ptp added' AND a.column_1 = n.column_1 AND a.column_2 = n.column_2
		AND a.new_effective IS NOT DISTINCT FROM n.new_effective
	LEFT JOIN turned e ON n.change = 'ptp expired' AND e.column_1 = n.column_2 AND e.column_2 = n.column_1
		AND e.old_effective IS NOT DISTINCT FROM n.old_effective
	WHERE a.column_1 IS NULL AND e.column_1 IS NULL
	UNION ALL
	SELECT 'ptp swapped', t.column_1, t.column_2, t.old_effective, t.old_deletion, t.old_indicator,
		t.new_effective, t.new_deletion, t.new_indicator
	FROM turned t
$$;
COMMENT ON FUNCTION claimline_internal.ncci_pair_changes(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows) IS
	'what changed from the old pairs to the new; see ncci_changes; nothing where either is null';

CREATE FUNCTION claimline_internal.ncci_addon_change(change text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN change OPERATOR(pg_catalog.=) 'ptp indicator' THEN 'addon type'
		ELSE pg_catalog.replace(change, 'ptp ', 'addon ') END;
COMMENT ON FUNCTION claimline_internal.ncci_addon_change(text) IS
	'what a change of a pair is called where the pair is an add-on code and a primary';

CREATE FUNCTION claimline_internal.ncci_limit_changes(old_mue claimline_internal.ncci_rows,
		new_mue claimline_internal.ncci_rows,
		OUT change text, OUT code text, OUT old_units int, OUT old_mai int,
		OUT new_units int, OUT new_mai int) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 1000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN o.column_1 IS NULL THEN 'mue added'
			WHEN n.column_1 IS NULL THEN 'mue removed'
			ELSE 'mue changed' END,
		coalesce(o.column_1, n.column_1), o.units, o.mai, n.units, n.mai
	FROM (SELECT r.column_1, r.units, r.mai
			FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(new_mue, old_mue)) r
			WHERE r.mai IS NOT NULL) o
		FULL JOIN (SELECT r.column_1, r.units, r.mai
			FROM claimline_internal.ncci_rows_list(claimline_internal.ncci_delta(old_mue, new_mue)) r
			WHERE r.mai IS NOT NULL) n
			ON n.column_1 = o.column_1
$$;
COMMENT ON FUNCTION claimline_internal.ncci_limit_changes(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows) IS
	'what changed from the old unit limits to the new; see ncci_changes; nothing where either is null';

CREATE FUNCTION ncci_changes(from_edition text, to_edition text, service_type text = 'practitioner',
		OUT change text, OUT column_1 text, OUT column_2 text,
		OUT old_effective date, OUT old_deletion date, OUT old_indicator int,
		OUT new_effective date, OUT new_deletion date, OUT new_indicator int,
		OUT old_units int, OUT old_mai int, OUT new_units int, OUT new_mai int) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT p.change, p.column_1, p.column_2, p.old_effective, p.old_deletion, p.old_indicator,
		p.new_effective, p.new_deletion, p.new_indicator, NULL::int, NULL::int, NULL::int, NULL::int
	FROM claimline_internal.ncci_pair_changes(
		claimline_internal.ncci_whole(service_type, from_edition, 'ptp'),
		claimline_internal.ncci_whole(service_type, to_edition, 'ptp')) p
	UNION ALL
	SELECT claimline_internal.ncci_addon_change(a.change), a.column_1, a.column_2,
		a.old_effective, a.old_deletion, a.old_indicator, a.new_effective, a.new_deletion, a.new_indicator,
		NULL, NULL, NULL, NULL
	FROM claimline_internal.ncci_pair_changes(
		claimline_internal.ncci_whole(service_type, from_edition, 'addon'),
		claimline_internal.ncci_whole(service_type, to_edition, 'addon')) a
	UNION ALL
	SELECT m.change, m.code, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
		m.old_units, m.old_mai, m.new_units, m.new_mai
	FROM claimline_internal.ncci_limit_changes(
		claimline_internal.ncci_whole(service_type, from_edition, 'mue'),
		claimline_internal.ncci_whole(service_type, to_edition, 'mue')) m
	ORDER BY 1, 2, 3, 7, 4
$$;
COMMENT ON FUNCTION ncci_changes(text, text, text) IS
	'what changed between two published editions: '
	'''ptp added'', ''ptp expired'' (it got a deletion date, or vanished), ''ptp re-dated'', '
	'''ptp indicator'', ''ptp swapped'' (column_1 and column_2 say the new direction), ''mue added'', '
	'''mue removed'', ''mue changed'' (the code in column_1), and of add-on codes (in column_1, the primary '
	'in column_2, their type as indicator) ''addon added'', ''addon expired'', ''addon re-dated'', '
	'''addon type'', ''addon swapped'', each with the old and the new row; '
	'raises an error for an edition that does not exist';

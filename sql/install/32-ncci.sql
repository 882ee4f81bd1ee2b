-- NCCI files as CMS publishes them: import tables, editions, what changed

CREATE TYPE ncci_rows;

CREATE FUNCTION ncci_rows_in(cstring) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ncci_rows_out(ncci_rows) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ncci_rows_recv(internal) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION ncci_rows_send(ncci_rows) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- external: read at once by every backend that needs it, never searched while packed
CREATE TYPE ncci_rows (
	INPUT = ncci_rows_in,
	OUTPUT = ncci_rows_out,
	RECEIVE = ncci_rows_recv,
	SEND = ncci_rows_send,
	ALIGNMENT = int4,
	STORAGE = external
);
COMMENT ON TYPE ncci_rows IS
	'the code pairs or the unit limits of an NCCI file, packed; whole or as an overlay over another; its text form is JSON';

-- the files, read record by record in the order of the table

CREATE FUNCTION ncci_read_ptp_step(internal, text, text, text, text, text, text, text) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;
CREATE FUNCTION ncci_read_mue_step(internal, text, text, text, text, text) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;
CREATE FUNCTION ncci_read_end(internal) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;

CREATE AGGREGATE ncci_read_ptp(column_1 text, column_2 text, before_1996 text, effective text, deletion text,
		indicator text, rationale text) (
	SFUNC = ncci_read_ptp_step, STYPE = internal, FINALFUNC = ncci_read_end, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = UNSAFE
);
COMMENT ON AGGREGATE ncci_read_ptp(text, text, text, text, text, text, text) IS
	'records of a CMS PTP file, in its order, to packed pairs; null without records; raises an error that lists the first ten bad records';

CREATE AGGREGATE ncci_read_mue(service_type text, code text, units text, adjudication text, rationale text) (
	SFUNC = ncci_read_mue_step, STYPE = internal, FINALFUNC = ncci_read_end, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = UNSAFE
);
COMMENT ON AGGREGATE ncci_read_mue(text, text, text, text, text) IS
	'records of a CMS MUE file of the service type, in its order, to packed unit limits; null without records; raises an error that lists the first ten bad records';

-- packed rows

CREATE FUNCTION ncci_rows_hash(rows ncci_rows) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_rows_hash(ncci_rows) IS 'which rows: 32 hexadecimal digits, the same for the same rows';

CREATE FUNCTION ncci_rows_counts(rows ncci_rows, OUT n bigint, OUT pairs bigint, OUT never bigint)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_rows_counts(ncci_rows) IS
	'how many rows, different pairs (or codes), and rows that are never in force (indicator 9)';

CREATE FUNCTION ncci_overlay(base ncci_rows, over ncci_rows) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_overlay(ncci_rows, ncci_rows) IS
	'the base with what the overlay changes: its rows of a pair or code replace the base''s';

CREATE FUNCTION ncci_delta(from_rows ncci_rows, to_rows ncci_rows) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_delta(ncci_rows, ncci_rows) IS
	'the overlay that makes the second out of the first: all rows of each pair or code that differs';

CREATE FUNCTION ncci_vanished(from_rows ncci_rows, to_rows ncci_rows, last date, OUT pairs bigint, OUT kept ncci_rows)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_vanished(ncci_rows, ncci_rows, date) IS
	'pairs that the second does not have at all: how many, and their rows in force, ended on the date at the latest';

CREATE FUNCTION ncci_starter(service_type text, what text) RETURNS ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ncci_starter(text, text) IS
	'the rows of the built-in edition of a service type, packed: ''ptp'' or ''mue''; null where there is none';

CREATE FUNCTION ncci_rows_list(rows ncci_rows, OUT column_1 text, OUT column_2 text, OUT effective date,
		OUT deletion date, OUT indicator int, OUT rationale text, OUT units int, OUT mai int) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100000;
COMMENT ON FUNCTION ncci_rows_list(ncci_rows) IS
	'packed rows one by one: of pairs with units and mai null, of unit limits with the code in column_1; of an overlay, indicator or mai null means gone';

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
	'the parts of one PTP file as CMS publishes it, preambles included: \copy them here one after the other, then call ncci_publish';

CREATE TABLE ncci_mue_import (
	code text,
	units text,
	adjudication text,
	rationale text
);
ALTER TABLE ncci_mue_import OWNER TO @extowner@;
COMMENT ON TABLE ncci_mue_import IS
	'one MUE file as CMS publishes it, notice and heading included: \copy it here as csv, then call ncci_publish';

CREATE FUNCTION ncci_import_clear() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	TRUNCATE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import;
END $$;
COMMENT ON FUNCTION ncci_import_clear() IS 'empties the import tables';

-- editions

CREATE TABLE ncci_edition (
	service_type text NOT NULL CHECK (service_type OPERATOR(pg_catalog.=) ANY (ARRAY['practitioner', 'outpatient', 'dme'])),
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
	ptp ncci_rows,
	mue ncci_rows,
	PRIMARY KEY (service_type, edition)
);
ALTER TABLE ncci_edition OWNER TO @extowner@;
GRANT SELECT ON ncci_edition TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('ncci_edition', '');
COMMENT ON TABLE ncci_edition IS
	'published editions, frozen: the dates of service they cover, and their rows, packed; ptp_over and mue_over name the edition over which the rows are an overlay, null where they are stored whole; ptp_whole and mue_whole say whether what has no row has no edit';

CREATE TABLE ncci_retired (
	service_type text NOT NULL,
	edition text NOT NULL,
	retired_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	retired_by name NOT NULL DEFAULT current_user,
	why text NOT NULL,
	PRIMARY KEY (service_type, edition)
);
ALTER TABLE ncci_retired OWNER TO @extowner@;
GRANT SELECT ON ncci_retired TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('ncci_retired', '');
COMMENT ON TABLE ncci_retired IS 'editions that are no longer used, by ncci_retire';

CREATE VIEW ncci_editions AS
	SELECT e.service_type, e.edition, e.covers, e.published_at, e.published_by, e.ptp_count AS ptp_rows,
		e.mue_count AS mue_rows, e.ptp_over AS based_on, r.retired_at, r.why AS retired_why
	FROM @extschema@.ncci_edition e LEFT JOIN @extschema@.ncci_retired r
		ON r.service_type OPERATOR(pg_catalog.=) e.service_type AND r.edition OPERATOR(pg_catalog.=) e.edition;
ALTER VIEW ncci_editions OWNER TO @extowner@;
GRANT SELECT ON ncci_editions TO PUBLIC;
COMMENT ON VIEW ncci_editions IS
	'published editions: service type, name, dates of service covered, when and by whom, how many rows, on which edition they are stored, when and why retired or null';

CREATE FUNCTION ncci_frozen() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	RAISE EXCEPTION 'a published edition is frozen'
		USING ERRCODE = 'object_not_in_prerequisite_state',
			DETAIL = format('Table %I does not take %s.', TG_TABLE_NAME, TG_OP),
			HINT = 'Publish a new edition, and retire this one with ncci_retire().';
END $$;
COMMENT ON FUNCTION ncci_frozen() IS 'trigger: refuses to change what is published';

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ncci_edition
	FOR EACH STATEMENT EXECUTE FUNCTION ncci_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON ncci_retired
	FOR EACH STATEMENT EXECUTE FUNCTION ncci_frozen();

CREATE FUNCTION ncci_whole(service_type text, edition text, what text) RETURNS ncci_rows
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	part @extschema@.ncci_rows;
	rows @extschema@.ncci_rows;
BEGIN
	IF NOT EXISTS (SELECT FROM @extschema@.ncci_edition e
			WHERE e.service_type = ncci_whole.service_type AND e.edition = ncci_whole.edition) THEN
		RAISE EXCEPTION 'edition "%" of service type "%" does not exist', edition, service_type
			USING ERRCODE = 'undefined_object', HINT = 'See the view ncci_editions.';
	END IF;
	FOR part IN
		WITH RECURSIVE chain AS (
			SELECT 0 AS depth, CASE what WHEN 'ptp' THEN e.ptp ELSE e.mue END AS rows,
				CASE what WHEN 'ptp' THEN e.ptp_over ELSE e.mue_over END AS over
			FROM @extschema@.ncci_edition e
			WHERE e.service_type = ncci_whole.service_type AND e.edition = ncci_whole.edition
			UNION ALL
			SELECT c.depth + 1, CASE what WHEN 'ptp' THEN e.ptp ELSE e.mue END,
				CASE what WHEN 'ptp' THEN e.ptp_over ELSE e.mue_over END
			FROM chain c JOIN @extschema@.ncci_edition e
				ON e.service_type = ncci_whole.service_type AND e.edition = c.over
		)
		SELECT c.rows FROM chain c ORDER BY c.depth DESC
	LOOP
		rows := CASE WHEN rows IS NULL THEN part ELSE @extschema@.ncci_overlay(rows, part) END;
	END LOOP;
	RETURN rows;
END $$;
COMMENT ON FUNCTION ncci_whole(text, text, text) IS
	'all rows of a published edition, packed: ''ptp'' or ''mue''; null where it has none; raises an error for an edition that does not exist';

CREATE FUNCTION ncci_ptp(edition text, service_type text = 'practitioner', OUT column_1 text, OUT column_2 text,
		OUT effective date, OUT deletion date, OUT indicator int, OUT rationale text) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100000
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator, r.rationale
	FROM @extschema@.ncci_rows_list(@extschema@.ncci_whole(service_type, edition, 'ptp')) r
$$;
COMMENT ON FUNCTION ncci_ptp(text, text) IS
	'the code pairs of a published edition: effective and deletion date, both included, null for open; indicator 0, 1 or 9; raises an error for an edition that does not exist';

CREATE FUNCTION ncci_mue(edition text, service_type text = 'practitioner', OUT code text, OUT units int, OUT mai int)
		RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT r.column_1, r.units, r.mai
	FROM @extschema@.ncci_rows_list(@extschema@.ncci_whole(service_type, edition, 'mue')) r
$$;
COMMENT ON FUNCTION ncci_mue(text, text) IS
	'the unit limits of a published edition: units of service, adjudication indicator (MAI); raises an error for an edition that does not exist';

-- what changed

CREATE FUNCTION ncci_rows_changes(old_ptp ncci_rows, new_ptp ncci_rows, old_mue ncci_rows, new_mue ncci_rows,
		OUT change text, OUT column_1 text, OUT column_2 text,
		OUT old_effective date, OUT old_deletion date, OUT old_indicator int,
		OUT new_effective date, OUT new_deletion date, OUT new_indicator int,
		OUT old_units int, OUT old_mai int, OUT new_units int, OUT new_mai int) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, @extschema@, pg_temp
	-- how many pairs differ is not known before: hash joins are good for few and for many
	SET enable_nestloop = off
	SET jit = off
	AS $$
	WITH old_rows AS MATERIALIZED (
		SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator
		FROM @extschema@.ncci_rows_list(@extschema@.ncci_delta(new_ptp, old_ptp)) r WHERE r.indicator < 9
	), new_rows AS MATERIALIZED (
		SELECT r.column_1, r.column_2, r.effective, r.deletion, r.indicator
		FROM @extschema@.ncci_rows_list(@extschema@.ncci_delta(old_ptp, new_ptp)) r WHERE r.indicator < 9
	), gone AS MATERIALIZED (
		-- within a pair, rows in force have different starts
		SELECT o.*, row_number() OVER (PARTITION BY o.column_1, o.column_2, n.column_1 IS NULL ORDER BY o.effective) AS i,
			n.column_1 IS NOT NULL AS stays
		FROM (TABLE old_rows EXCEPT TABLE new_rows) o
		LEFT JOIN new_rows n ON (n.column_1, n.column_2) = (o.column_1, o.column_2)
			AND n.effective IS NOT DISTINCT FROM o.effective
	), came AS MATERIALIZED (
		SELECT n.*, row_number() OVER (PARTITION BY n.column_1, n.column_2, o.column_1 IS NULL ORDER BY n.effective) AS i,
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
		FROM gone o FULL JOIN came n ON n.column_1 = o.column_1 AND n.column_2 = o.column_2 AND n.stays = o.stays
			AND CASE WHEN o.stays THEN coalesce(n.effective, '-infinity') = coalesce(o.effective, '-infinity') ELSE n.i = o.i END
	), named AS MATERIALIZED (
		SELECT CASE WHEN NOT m.was THEN 'ptp added'
				WHEN NOT m.is_now THEN 'ptp expired'
				WHEN m.old_indicator <> m.new_indicator THEN 'ptp indicator'
				WHEN m.old_effective IS NOT DISTINCT FROM m.new_effective AND m.old_deletion IS NULL THEN 'ptp expired'
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
		n.new_effective, n.new_deletion, n.new_indicator, NULL::int, NULL::int, NULL::int, NULL::int
	FROM named n
	LEFT JOIN turned a ON n.change = 'ptp added' AND a.column_1 = n.column_1 AND a.column_2 = n.column_2
		AND a.new_effective IS NOT DISTINCT FROM n.new_effective
	LEFT JOIN turned e ON n.change = 'ptp expired' AND e.column_1 = n.column_2 AND e.column_2 = n.column_1
		AND e.old_effective IS NOT DISTINCT FROM n.old_effective
	WHERE a.column_1 IS NULL AND e.column_1 IS NULL
	UNION ALL
	SELECT 'ptp swapped', t.column_1, t.column_2, t.old_effective, t.old_deletion, t.old_indicator,
		t.new_effective, t.new_deletion, t.new_indicator, NULL, NULL, NULL, NULL
	FROM turned t
	UNION ALL
	SELECT CASE WHEN o.column_1 IS NULL THEN 'mue added' WHEN n.column_1 IS NULL THEN 'mue removed' ELSE 'mue changed' END,
		coalesce(o.column_1, n.column_1), NULL, NULL, NULL, NULL, NULL, NULL, NULL, o.units, o.mai, n.units, n.mai
	FROM (SELECT r.column_1, r.units, r.mai
			FROM @extschema@.ncci_rows_list(@extschema@.ncci_delta(new_mue, old_mue)) r WHERE r.mai IS NOT NULL) o
		FULL JOIN (SELECT r.column_1, r.units, r.mai
			FROM @extschema@.ncci_rows_list(@extschema@.ncci_delta(old_mue, new_mue)) r WHERE r.mai IS NOT NULL) n
			ON n.column_1 = o.column_1
$$;
COMMENT ON FUNCTION ncci_rows_changes(ncci_rows, ncci_rows, ncci_rows, ncci_rows) IS
	'what changed from the old rows to the new; see ncci_changes; nothing for a kind of which either is null';

CREATE FUNCTION ncci_changes(from_edition text, to_edition text, service_type text = 'practitioner',
		OUT change text, OUT column_1 text, OUT column_2 text,
		OUT old_effective date, OUT old_deletion date, OUT old_indicator int,
		OUT new_effective date, OUT new_deletion date, OUT new_indicator int,
		OUT old_units int, OUT old_mai int, OUT new_units int, OUT new_mai int) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT * FROM @extschema@.ncci_rows_changes(
		@extschema@.ncci_whole(service_type, from_edition, 'ptp'), @extschema@.ncci_whole(service_type, to_edition, 'ptp'),
		@extschema@.ncci_whole(service_type, from_edition, 'mue'), @extschema@.ncci_whole(service_type, to_edition, 'mue')) c
	ORDER BY c.change, c.column_1, c.column_2, c.new_effective, c.old_effective
$$;
COMMENT ON FUNCTION ncci_changes(text, text, text) IS
	'what changed between two published editions: ''ptp added'', ''ptp expired'' (it got a deletion date, or vanished), ''ptp re-dated'', ''ptp indicator'', ''ptp swapped'' (column_1 and column_2 say the new direction), ''mue added'', ''mue removed'', ''mue changed'' (the code in column_1), each with the old and the new row; raises an error for an edition that does not exist';

-- publishing and retiring

CREATE FUNCTION ncci_part(service_type text, what text, whole ncci_rows, OUT part ncci_rows, OUT over text)
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	over := (SELECT e.edition FROM @extschema@.ncci_edition e
		WHERE e.service_type = ncci_part.service_type AND CASE what WHEN 'ptp' THEN e.ptp_hash ELSE e.mue_hash END IS NOT NULL
		ORDER BY e.published_at DESC LIMIT 1);
	part := @extschema@.ncci_delta(@extschema@.ncci_whole(service_type, over, what), whole);
	IF part IS NULL OR pg_column_size(part) * 2 > pg_column_size(whole) THEN
		part := whole;
		over := NULL;
	END IF;
END $$;
COMMENT ON FUNCTION ncci_part(text, text, ncci_rows) IS
	'how rows are stored: as an overlay over those of the edition published last, where that is at most half as large, else whole';

CREATE FUNCTION ncci_before(service_type text, covers daterange, what text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT e.edition FROM @extschema@.ncci_edition e
	WHERE e.service_type = ncci_before.service_type AND CASE what WHEN 'ptp' THEN e.ptp_hash ELSE e.mue_hash END IS NOT NULL
		AND NOT EXISTS (SELECT FROM @extschema@.ncci_retired r WHERE r.service_type = e.service_type AND r.edition = e.edition)
		AND (coalesce(upper(e.covers), 'infinity'), coalesce(lower(e.covers), '-infinity'))
			<= (coalesce(upper(ncci_before.covers), 'infinity'), coalesce(lower(ncci_before.covers), '-infinity'))
	ORDER BY coalesce(upper(e.covers), 'infinity') DESC, coalesce(lower(e.covers), '-infinity') DESC, e.published_at DESC
	LIMIT 1
$$;
COMMENT ON FUNCTION ncci_before(text, daterange, text) IS
	'the newest edition in use with pairs (''ptp'') or limits (''mue'') that ends no later than the dates; null for none';

CREATE FUNCTION ncci_lost_limits(old_mue ncci_rows, new_mue ncci_rows) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT count(*) FROM @extschema@.ncci_rows_list(@extschema@.ncci_delta(old_mue, new_mue)) r WHERE r.mai IS NULL
$$;
COMMENT ON FUNCTION ncci_lost_limits(ncci_rows, ncci_rows) IS 'of how many codes the first has a unit limit and the second none';

CREATE FUNCTION ncci_refuse_loss(what text, lost bigint, size bigint, one_in int, edition text, allowed boolean) RETURNS void
	LANGUAGE plpgsql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	-- a handful may go, also from a small file
	IF lost > 5 AND lost * one_in > size AND NOT coalesce(allowed, false) THEN
		RAISE EXCEPTION 'the file lacks % of the % % of edition "%"', lost, size, what, edition
			USING ERRCODE = 'data_exception', DETAIL = format('At most one in %s may be missing.', one_in),
				HINT = 'Copy all parts of the file, or call ncci_publish with allow_loss => true.';
	END IF;
END $$;
COMMENT ON FUNCTION ncci_refuse_loss(text, bigint, bigint, int, text, boolean) IS
	'raises an error where more than one in so many are lost, unless that is allowed';

CREATE FUNCTION ncci_publish(edition text, service_type text, covers daterange, allow_loss boolean = false)
		RETURNS TABLE (change text, n bigint)
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	-- records are numbered by their place in the import table
	SET synchronize_seqscans = off
	SET max_parallel_workers_per_gather = 0
	AS $$
#variable_conflict use_column
DECLARE
	new_name CONSTANT text := edition;
	new_type CONSTANT text := service_type;
	new_covers CONSTANT daterange := covers;
	before_ptp text;
	before_mue text;
	lost record;
	counts record;
	ptp @extschema@.ncci_rows;
	mue @extschema@.ncci_rows;
	old_ptp @extschema@.ncci_rows;
	old_mue @extschema@.ncci_rows;
	ptp_part @extschema@.ncci_rows;
	mue_part @extschema@.ncci_rows;
	ptp_over text;
	mue_over text;
	ptp_whole boolean;
	mue_whole boolean;
BEGIN
	IF new_name IS NULL OR new_name = '' OR new_type IS NULL OR new_covers IS NULL THEN
		RAISE EXCEPTION 'edition, service type and the dates covered must be given'
			USING ERRCODE = 'null_value_not_allowed',
				HINT = 'For example: ncci_publish(''2024q3'', ''practitioner'', ''[2024-07-01,2024-09-30]'').';
	END IF;
	IF new_type <> ALL (ARRAY['practitioner', 'outpatient', 'dme']) THEN
		RAISE EXCEPTION 'service type "%" does not exist', new_type
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Use practitioner, outpatient or dme.';
	END IF;
	IF new_name ~ '[[:cntrl:]]' OR length(new_name) > 100 THEN
		RAISE EXCEPTION 'edition name has a control character, or more than 100 characters'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF starts_with(new_name, 'starter') THEN
		RAISE EXCEPTION 'edition name "%" is that of a built-in edition', new_name
			USING ERRCODE = 'reserved_name', HINT = 'Names that start with "starter" are taken.';
	END IF;
	IF isempty(new_covers) THEN
		RAISE EXCEPTION 'the edition covers no date'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first and the last date of service of its quarter.';
	END IF;
	-- under an older snapshot, what others published meanwhile would be overlooked
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'an edition is published in a transaction that reads what is committed'
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('This one is %s.', current_setting('transaction_isolation')),
				HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
	-- one publishes at a time; the next one finds the import tables empty
	LOCK TABLE @extschema@.ncci_edition IN SHARE ROW EXCLUSIVE MODE;
	LOCK TABLE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import IN ACCESS EXCLUSIVE MODE;
	IF EXISTS (SELECT FROM @extschema@.ncci_edition e WHERE e.service_type = new_type AND e.edition = new_name) THEN
		RAISE EXCEPTION 'edition "%" of service type "%" is published already', new_name, new_type
			USING ERRCODE = 'duplicate_object', HINT = 'An edition is frozen: retire it and publish the correction under another name.';
	END IF;

	ptp := (SELECT @extschema@.ncci_read_ptp(i.column_1, i.column_2, i.before_1996, i.effective, i.deletion, i.indicator, i.rationale)
		FROM @extschema@.ncci_ptp_import i);
	mue := (SELECT @extschema@.ncci_read_mue(new_type, i.code, i.units, i.adjudication, i.rationale)
		FROM @extschema@.ncci_mue_import i);
	IF ptp IS NULL AND mue IS NULL THEN
		RAISE EXCEPTION 'there is nothing to publish'
			USING ERRCODE = 'no_data_found', DETAIL = 'The tables ncci_ptp_import and ncci_mue_import are empty.',
				HINT = 'Copy the files of CMS there with \copy.';
	END IF;
	IF new_type = 'dme' AND ptp IS NOT NULL THEN
		RAISE EXCEPTION 'service type "dme" has no code pairs'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Publish the PTP file as practitioner or outpatient.';
	END IF;

	-- does what has no row have no edit?  Not in a part of a file: it lacks what even the built-in edition has
	ptp_whole := coalesce((SELECT v.pairs * 20 <= c.pairs FROM @extschema@.ncci_starter(new_type, 'ptp') s,
		@extschema@.ncci_vanished(s, ptp, 'infinity') v, @extschema@.ncci_rows_counts(s) c), ptp IS NOT NULL);
	mue_whole := coalesce((SELECT @extschema@.ncci_lost_limits(s, mue) * 20 <= c.n
		FROM @extschema@.ncci_starter(new_type, 'mue') s, @extschema@.ncci_rows_counts(s) c), mue IS NOT NULL);

	-- what was known before, by the end of the dates covered, of either kind
	before_ptp := @extschema@.ncci_before(new_type, new_covers, 'ptp');
	before_mue := @extschema@.ncci_before(new_type, new_covers, 'mue');
	old_ptp := @extschema@.ncci_whole(new_type, before_ptp, 'ptp');
	old_mue := @extschema@.ncci_whole(new_type, before_mue, 'mue');
	-- CMS keeps deleted pairs in its files; of limits, some codes end with a year
	IF ptp IS NOT NULL AND old_ptp IS NOT NULL THEN
		SELECT * INTO lost FROM @extschema@.ncci_vanished(old_ptp, ptp, coalesce(lower(new_covers) - 1, '-infinity'));
		PERFORM @extschema@.ncci_refuse_loss('pairs', lost.pairs, (SELECT c.pairs FROM @extschema@.ncci_rows_counts(old_ptp) c),
			1000, before_ptp, allow_loss);
		IF lost.pairs > 0 THEN
			ptp := @extschema@.ncci_overlay(ptp, lost.kept);
		END IF;
	END IF;
	IF mue IS NOT NULL AND old_mue IS NOT NULL THEN
		PERFORM @extschema@.ncci_refuse_loss('unit limits', @extschema@.ncci_lost_limits(old_mue, mue),
			(SELECT c.n FROM @extschema@.ncci_rows_counts(old_mue) c), 40, before_mue, allow_loss);
	END IF;

	SELECT * INTO ptp_part, ptp_over FROM @extschema@.ncci_part(new_type, 'ptp', ptp);
	SELECT * INTO mue_part, mue_over FROM @extschema@.ncci_part(new_type, 'mue', mue);
	INSERT INTO @extschema@.ncci_edition (service_type, edition, covers, ptp_count, mue_count,
			ptp_over, mue_over, ptp_hash, mue_hash, ptp_whole, mue_whole, ptp, mue)
		VALUES (new_type, new_name, new_covers,
			coalesce((SELECT c.n FROM @extschema@.ncci_rows_counts(ptp) c), 0),
			coalesce((SELECT c.n FROM @extschema@.ncci_rows_counts(mue) c), 0),
			ptp_over, mue_over, @extschema@.ncci_rows_hash(ptp_part), @extschema@.ncci_rows_hash(mue_part),
			ptp_whole, mue_whole,
			ptp_part, mue_part);
	TRUNCATE @extschema@.ncci_ptp_import, @extschema@.ncci_mue_import;

	IF mue IS NULL THEN
		RAISE NOTICE 'edition "%" has no unit limits: those of other editions hold on the dates that they cover', new_name;
	ELSIF NOT mue_whole THEN
		RAISE NOTICE 'edition "%" has part of the unit limits: of codes without one it stays unknown', new_name;
	END IF;
	IF ptp IS NULL AND new_type <> 'dme' THEN
		RAISE NOTICE 'edition "%" has no code pairs: those of the edition before are used', new_name;
	ELSIF ptp IS NOT NULL AND NOT ptp_whole THEN
		RAISE NOTICE 'edition "%" has part of the code pairs: of pairs without a row it stays unknown', new_name;
	END IF;
	IF EXISTS (SELECT FROM @extschema@.ncci_editions e WHERE e.service_type = new_type AND e.retired_at IS NULL
			AND coalesce(upper(e.covers), 'infinity') > coalesce(upper(new_covers), 'infinity')) THEN
		RAISE NOTICE 'edition "%" is not the newest: another covers later dates', new_name;
	END IF;
	SELECT * INTO counts FROM @extschema@.ncci_rows_counts(ptp);
	RETURN QUERY
		SELECT c.change, c.n FROM (
			SELECT 1 AS i, 'ptp rows' AS change, coalesce(counts.n, 0) AS n
			UNION ALL SELECT 2, 'ptp never in force', coalesce(counts.never, 0)
			UNION ALL SELECT 8, 'mue rows', coalesce((SELECT r.n FROM @extschema@.ncci_rows_counts(mue) r), 0)
			UNION ALL
			SELECT k.i, k.change, count(d.change)
			FROM (VALUES (3, 'ptp added'), (4, 'ptp expired'), (5, 'ptp re-dated'), (6, 'ptp indicator'), (7, 'ptp swapped'),
				(9, 'mue added'), (10, 'mue removed'), (11, 'mue changed')) k(i, change)
			LEFT JOIN @extschema@.ncci_rows_changes(old_ptp, ptp, old_mue, mue) d ON d.change = k.change
			GROUP BY k.i, k.change) c
		ORDER BY c.i;
END $$;
COMMENT ON FUNCTION ncci_publish(text, text, daterange, boolean) IS
	'checks the import tables, publishes them in one transaction as an edition of a service type (practitioner, outpatient, dme) that covers these dates of service, and empties them; returns how many rows there are and what changed against the edition before; raises an error that lists the first ten bad records and leaves everything as it was; allow_loss: more than one in a thousand of the pairs or one in forty of the limits of the edition before may be missing';

CREATE FUNCTION ncci_retire(edition text, service_type text, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	IF why IS NULL OR why = '' THEN
		RAISE EXCEPTION 'the reason must be given' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF NOT EXISTS (SELECT FROM @extschema@.ncci_edition e
			WHERE e.service_type = ncci_retire.service_type AND e.edition = ncci_retire.edition) THEN
		RAISE EXCEPTION 'edition "%" of service type "%" does not exist', edition, service_type
			USING ERRCODE = 'undefined_object', HINT = 'See the view ncci_editions.';
	END IF;
	INSERT INTO @extschema@.ncci_retired (service_type, edition, why)
		VALUES (ncci_retire.service_type, ncci_retire.edition, ncci_retire.why);
EXCEPTION WHEN unique_violation THEN
	RAISE EXCEPTION 'edition "%" of service type "%" is retired already', edition, service_type
		USING ERRCODE = 'object_not_in_prerequisite_state';
END $$;
COMMENT ON FUNCTION ncci_retire(text, text, text) IS
	'retires an edition, and why: no ruleset uses it any more; its rows stay; raises an error for an edition that does not exist or is retired';

-- rows of NCCI files, packed: read record by record, put over each other, told apart

CREATE TYPE claimline_internal.ncci_rows;

CREATE FUNCTION claimline_internal.ncci_rows_in(cstring) RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_internal.ncci_rows_out(claimline_internal.ncci_rows) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_internal.ncci_rows_recv(internal) RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_internal.ncci_rows_send(claimline_internal.ncci_rows) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- external: read at once by every backend that needs it, never searched while packed
CREATE TYPE claimline_internal.ncci_rows (
	INPUT = claimline_internal.ncci_rows_in,
	OUTPUT = claimline_internal.ncci_rows_out,
	RECEIVE = claimline_internal.ncci_rows_recv,
	SEND = claimline_internal.ncci_rows_send,
	ALIGNMENT = int4,
	STORAGE = external
);
COMMENT ON TYPE claimline_internal.ncci_rows IS
	'the code pairs, the unit limits or the add-on codes of an NCCI file, packed; '
	'whole or as an overlay over another; its text form is JSON';

-- the files, read record by record in the order of the table

CREATE FUNCTION claimline_internal.ncci_read_ptp_step(internal, text, text, text, text, text, text, text)
		RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;
CREATE FUNCTION claimline_internal.ncci_read_mue_step(internal, text, text, text, text, text) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;
CREATE FUNCTION claimline_internal.ncci_read_addon_step(internal, text) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;
CREATE FUNCTION claimline_internal.ncci_read_end(internal) RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL UNSAFE;

CREATE AGGREGATE claimline_internal.ncci_read_ptp(column_1 text, column_2 text, before_1996 text,
		effective text, deletion text, indicator text, rationale text) (
	SFUNC = claimline_internal.ncci_read_ptp_step, STYPE = internal,
	FINALFUNC = claimline_internal.ncci_read_end, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = UNSAFE
);
COMMENT ON AGGREGATE claimline_internal.ncci_read_ptp(text, text, text, text, text, text, text) IS
	'records of a CMS PTP file, in its order, to packed pairs; null without records; '
	'raises an error that lists the first ten bad records';

CREATE AGGREGATE claimline_internal.ncci_read_mue(service_type text, code text, units text,
		adjudication text, rationale text) (
	SFUNC = claimline_internal.ncci_read_mue_step, STYPE = internal,
	FINALFUNC = claimline_internal.ncci_read_end, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = UNSAFE
);
COMMENT ON AGGREGATE claimline_internal.ncci_read_mue(text, text, text, text, text) IS
	'records of a CMS MUE file of the service type, in its order, to packed unit limits; '
	'null without records; raises an error that lists the first ten bad records';

CREATE AGGREGATE claimline_internal.ncci_read_addon(line text) (
	SFUNC = claimline_internal.ncci_read_addon_step, STYPE = internal,
	FINALFUNC = claimline_internal.ncci_read_end, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = UNSAFE
);
COMMENT ON AGGREGATE claimline_internal.ncci_read_addon(text) IS
	'lines of a CMS file of add-on codes, in its order, to packed add-on codes; null without lines; '
	'raises an error that lists the first ten bad lines';

-- packed rows

CREATE FUNCTION claimline_internal.ncci_rows_hash(rows claimline_internal.ncci_rows) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_rows_hash(claimline_internal.ncci_rows) IS
	'which rows: 32 hexadecimal digits, the same for the same rows';

CREATE FUNCTION claimline_internal.ncci_rows_counts(rows claimline_internal.ncci_rows,
		OUT n bigint, OUT pairs bigint, OUT never bigint)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_rows_counts(claimline_internal.ncci_rows) IS
	'how many rows, different pairs (or codes), and rows that are never in force (indicator 9)';

CREATE FUNCTION claimline_internal.ncci_overlay(base claimline_internal.ncci_rows,
		over claimline_internal.ncci_rows) RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_overlay(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows) IS
	'the base with what the overlay changes: its rows of a pair or code replace the base''s';

CREATE FUNCTION claimline_internal.ncci_delta(from_rows claimline_internal.ncci_rows,
		to_rows claimline_internal.ncci_rows) RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_delta(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows) IS
	'the overlay that makes the second out of the first: all rows of each pair or code that differs';

CREATE FUNCTION claimline_internal.ncci_vanished(from_rows claimline_internal.ncci_rows,
		to_rows claimline_internal.ncci_rows, last date,
		OUT pairs bigint, OUT kept claimline_internal.ncci_rows)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_vanished(claimline_internal.ncci_rows,
		claimline_internal.ncci_rows, date) IS
	'pairs that the second does not have at all: how many, and their rows in force, '
	'ended on the date at the latest';

CREATE FUNCTION claimline_internal.ncci_starter(service_type text, what text)
		RETURNS claimline_internal.ncci_rows
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.ncci_starter(text, text) IS
	'the rows of the built-in edition of a service type, packed: '
	'''ptp'', ''mue'' or ''addon''; null where there is none';

CREATE FUNCTION claimline_internal.ncci_rows_list(rows claimline_internal.ncci_rows,
		OUT column_1 text, OUT column_2 text, OUT effective date, OUT deletion date, OUT indicator int,
		OUT rationale text, OUT units int, OUT mai int) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100000;
COMMENT ON FUNCTION claimline_internal.ncci_rows_list(claimline_internal.ncci_rows) IS
	'packed rows one by one: of pairs with units and mai null, of unit limits with the code in column_1, '
	'of add-on codes these in column_1, primaries in column_2, the type as indicator; '
	'of an overlay, indicator or mai null means gone';

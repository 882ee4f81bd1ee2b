-- the day: all lines of the same beneficiary, rendering provider and date of service

CREATE TYPE claimday;

CREATE FUNCTION claimday_in(cstring) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_out(claimday) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_recv(internal) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_send(claimday) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE claimday (
	INPUT = claimday_in,
	OUTPUT = claimday_out,
	RECEIVE = claimday_recv,
	SEND = claimday_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE claimday IS
	'a provider-day: claim lines with their claim id and line number, whatever the order in which they came';

-- the aggregate: its state is the type itself, so it can be aggregated in parts anywhere

CREATE FUNCTION claimday_accum(claimday, text, int, claimline) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
CREATE FUNCTION claimday_combine(claimday, claimday) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
CREATE FUNCTION claimday_final(claimday) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;

CREATE AGGREGATE claimday(claim_id text, line_no int, line claimline) (
	SFUNC = claimday_accum,
	STYPE = claimday,
	COMBINEFUNC = claimday_combine,
	FINALFUNC = claimday_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE claimday(text, int, claimline) IS
	'the provider-day of a group of lines; '
	'a null line stays in the day and is found to be line-invalid; null for no rows';

CREATE FUNCTION claimday_accum(claimday, text, int, claimline, text) RETURNS claimday
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;

CREATE AGGREGATE claimday(claim_id text, line_no int, line claimline, line_error text) (
	SFUNC = claimday_accum,
	STYPE = claimday,
	COMBINEFUNC = claimday_combine,
	FINALFUNC = claimday_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE claimday(text, int, claimline, text) IS
	'the same with why a null line is none, as the view of a source says it: its finding tells it, '
	'cut to 255 bytes; of a line that is not null it is not kept';

CREATE FUNCTION claimday(lines claimline[]) RETURNS claimday
	AS 'MODULE_PATHNAME', 'claimday_from_lines' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimday(claimline[]) IS
	'the provider-day of an array of lines: no claim id, the position as line number; '
	'a null element stays in the day';

CREATE FUNCTION day_lines(day claimday, OUT claim_id text, OUT line_no int, OUT line claimline)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION day_lines(claimday) IS
	'the lines of a day; line is null where it was';

CREATE FUNCTION claimline_internal.claim_day_netted(day claimday,
		OUT loaded_twice int[], OUT reversed int[], OUT unmatched int[])
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_day_netted(claimday) IS
	'what of a day is netted before it is judged, as places among its day_lines, null where there is none: '
	'rows of a claim that are there once more; reversals that take back a line or a part of one; '
	'reversals of which nothing of the day is what they take back';

-- order: line by line, then by the number of lines

CREATE FUNCTION claimday_lt(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_le(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_eq(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_ne(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_ge(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_gt(claimday, claimday) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_cmp(claimday, claimday) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_hash(claimday) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimday_hash_extended(claimday, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR = (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR >= (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR > (
	LEFTARG = claimday, RIGHTARG = claimday, PROCEDURE = claimday_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS claimday_ops
	DEFAULT FOR TYPE claimday USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 claimday_cmp(claimday, claimday);

CREATE OPERATOR CLASS claimday_hash_ops
	DEFAULT FOR TYPE claimday USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 claimday_hash(claimday),
	FUNCTION 2 claimday_hash_extended(claimday, bigint);


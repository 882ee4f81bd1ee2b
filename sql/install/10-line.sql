-- the line: one procedure on a claim

CREATE TYPE claimline;

CREATE FUNCTION claimline_in(cstring) RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_out(claimline) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_recv(internal) RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_send(claimline) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE claimline (
	INPUT = claimline_in,
	OUTPUT = claimline_out,
	RECEIVE = claimline_recv,
	SEND = claimline_send,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE claimline IS
	'a claim line: code, modifiers, units of service, minutes, dates of service, start time, diagnoses, '
	'regions, specialty, referral, visit, minutes of an assistant';

-- constructor

CREATE FUNCTION claimline_internal.claimline_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claimline_support(internal) IS
	'tells the planner that arrays which are written out need not be built';
CREATE FUNCTION claimline_internal.claimline_flat(n int, VARIADIC arguments "any") RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claimline_flat(int, "any") IS
	'what the planner makes of claimline(): its n arguments, numbers of elements instead of the arrays '
	'of modifiers and diagnoses, then these elements';
CREATE FUNCTION claimline_internal.try_claimline_flat(n int, VARIADIC arguments "any") RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.try_claimline_flat(int, "any") IS
	'the same of try_claimline()';

CREATE FUNCTION claimline(code text, modifiers text[] = '{}', units numeric = 1, minutes int = NULL,
		dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL,
		thru date = NULL, dx_of text = NULL, reversal boolean = false,
		assistant int = NULL) RETURNS claimline
	AS 'MODULE_PATHNAME', 'claimline_make' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claimline_support;
COMMENT ON FUNCTION claimline(text, text[], numeric, int, date, time, text[], text[], text, boolean, int,
		date, text, boolean, int) IS
	'a claim line from columns; null and blank array elements are skipped, letter case is folded; '
	'code and units must not be null; units 0 to 999999.999, minutes 0 to 1440; '
	'thru: the last date of service, up to 3660 days behind dos; '
	'dx_of: line (the line points to the diagnoses), claim (those of its claim) or first (of more); '
	'reversal: it takes a line of these units back that was billed before; '
	'assistant: minutes of these that an assistant gave alone; '
	'raises an error with the field, its value and the limit';

CREATE FUNCTION try_claimline(code text, modifiers text[] = '{}', units numeric = 1, minutes int = NULL,
		dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL,
		thru date = NULL, dx_of text = NULL, reversal boolean = false,
		assistant int = NULL) RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claimline_support;
COMMENT ON FUNCTION try_claimline(text, text[], numeric, int, date, time, text[], text[], text, boolean, int,
		date, text, boolean, int) IS
	'as claimline(...), but null where that would raise an error';

CREATE FUNCTION claimline_error(code text, modifiers text[] = '{}', units numeric = 1, minutes int = NULL,
		dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL,
		thru date = NULL, dx_of text = NULL, reversal boolean = false,
		assistant int = NULL) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_error(text, text[], numeric, int, date, time, text[], text[], text, boolean,
		int, date, text, boolean, int) IS
	'why claimline(...) would raise an error, or null where it would not';

-- as release 0.1 had them: what views, constraints and generated columns made before call

CREATE FUNCTION claimline_internal.claimline(code text, modifiers text[] = '{}', units numeric = 1,
		minutes int = NULL, dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL) RETURNS claimline
	AS 'MODULE_PATHNAME', 'claimline_make' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claimline_support;
COMMENT ON FUNCTION claimline_internal.claimline(text, text[], numeric, int, date, time, text[], text[],
		text, boolean, int) IS
	'claimline as release 0.1 had it';

CREATE FUNCTION claimline_internal.try_claimline(code text, modifiers text[] = '{}', units numeric = 1,
		minutes int = NULL, dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL) RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claimline_support;
COMMENT ON FUNCTION claimline_internal.try_claimline(text, text[], numeric, int, date, time, text[], text[],
		text, boolean, int) IS
	'try_claimline as release 0.1 had it';

CREATE FUNCTION claimline_internal.claimline_error(code text, modifiers text[] = '{}', units numeric = 1,
		minutes int = NULL, dos date = NULL, start_time time = NULL, dx text[] = '{}', regions text[] = '{}',
		specialty text = NULL, referral boolean = NULL, visit int = NULL) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claimline_error(text, text[], numeric, int, date, time, text[], text[],
		text, boolean, int) IS
	'claimline_error as release 0.1 had it';

-- accessors

CREATE FUNCTION line_code(claimline) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_code(claimline) IS 'the procedure code, upper case';

CREATE FUNCTION line_modifiers(claimline) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_modifiers(claimline) IS 'the modifiers in billed order; empty where there are none';

CREATE FUNCTION line_units(claimline) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_units(claimline) IS 'units of service';

CREATE FUNCTION line_minutes(claimline) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_minutes(claimline) IS 'direct one-on-one minutes, or null where not known';

CREATE FUNCTION line_dos(claimline) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_dos(claimline) IS 'date of service, or null where not known';

CREATE FUNCTION line_start(claimline) RETURNS time
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_start(claimline) IS 'start of the service, or null where not known';

CREATE FUNCTION line_dx(claimline) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_dx(claimline) IS
	'ICD-10-CM codes the line points to, with dots; empty where there are none';

CREATE FUNCTION line_regions(claimline) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_regions(claimline) IS
	'regions stated on the line; empty where none are (see claim_regions for those of diagnoses)';

CREATE FUNCTION line_specialty(claimline) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_specialty(claimline) IS
	'CMS specialty or NUCC taxonomy code of the rendering provider, or null';

CREATE FUNCTION line_referral(claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_referral(claimline) IS 'whether there is a referral, or null where not known';

CREATE FUNCTION line_visit(claimline) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_visit(claimline) IS 'ordinal of the visit in the episode, or null where not known';

CREATE FUNCTION line_thru(claimline) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_thru(claimline) IS
	'last date of service: that of line_dos where the line is of one date; null where that is not known';

CREATE FUNCTION line_dx_of(claimline) RETURNS text
	AS 'MODULE_PATHNAME', 'line_dx_of_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_dx_of(claimline) IS
	'what the diagnoses are known to be of: line (it points to them), claim (those of its claim) or first '
	'(the first that it points to); null where there are none';

CREATE FUNCTION line_unread(claimline) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_unread(claimline) IS
	'fields that the row of the line holds, and that could not be read; empty where there are none';

CREATE FUNCTION line_reversal(claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_reversal(claimline) IS
	'whether the line takes back one that was billed before, of the same code, modifiers, units and date';

CREATE FUNCTION line_assistant(claimline) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_assistant(claimline) IS
	'minutes of the line that an assistant gave alone, or null where not known';

CREATE FUNCTION line_set_modifiers(claimline, text[]) RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_set_modifiers(claimline, text[]) IS
	'the line with other modifiers, in that order; null and blank elements are skipped; '
	'raises an error for a modifier that is not two characters and for more than five';

-- order: by date of service, code, modifiers, then the rest; no date comes last

CREATE FUNCTION claimline_lt(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_le(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_eq(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_ne(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_ge(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_gt(claimline, claimline) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_cmp(claimline, claimline) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_hash(claimline) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claimline_hash_extended(claimline, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR < (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR = (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR >= (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR > (
	LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = claimline_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR CLASS claimline_ops
	DEFAULT FOR TYPE claimline USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 claimline_cmp(claimline, claimline);

CREATE OPERATOR CLASS claimline_hash_ops
	DEFAULT FOR TYPE claimline USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 claimline_hash(claimline),
	FUNCTION 2 claimline_hash_extended(claimline, bigint);


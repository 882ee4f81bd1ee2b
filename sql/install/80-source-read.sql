
-- what claims tables hold, read without errors

CREATE FUNCTION claim_read_date(value text) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_date(text) IS
	'a date in a form that tells itself apart, as doc/sources.md lists them: YYYYMMDD, YYYY-MM-DD, '
	'MM/DD/YYYY, DD-MON-YYYY and their kin; a time behind it, of whatever zone, is left out; of a span the '
	'first day; null where it is none, and where the year has two digits';
CREATE FUNCTION claim_read_date(value text, format text) RETURNS date
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_read_date(text, text) IS
	'a date in a format of YYYY, MM or MON, DD and characters for themselves; a time behind it is left out; '
	'of a span the first day; null where it is none';

CREATE FUNCTION claimline_internal.claim_read_key_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_key_support(internal) IS
	'tells the planner that a column which a constraint of its table keeps clean is its own key';
CREATE FUNCTION claim_read_key(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	SUPPORT claimline_internal.claim_read_key_support;
COMMENT ON FUNCTION claim_read_key(text) IS
	'a number of a patient or provider as it groups: without blanks around it, and digits without a point '
	'and zeros behind them (1999000001.0 is 1999000001); other texts as they are; for indexes and '
	'constraints of key columns';

CREATE FUNCTION claimline_internal.claim_read_text(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_text(text) IS
	'the text without blanks around it; null where nothing is left';
CREATE FUNCTION claimline_internal.claim_read_text(value text, missing text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_text(text, text[]) IS
	'the text without blanks around it; '
	'null where nothing is left or what is left is one of the marks for a missing value';

CREATE FUNCTION claimline_internal.claim_read_filled(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_filled(text) IS
	'the text without blanks around it; null where nothing is left or a word that programs write for a null';
CREATE FUNCTION claimline_internal.claim_read_filled(value text, missing text[]) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_filled(text, text[]) IS
	'the text without blanks around it; null where nothing is left, a word that programs write for a null, '
	'or one of the marks for a missing value';

CREATE FUNCTION claimline_internal.claim_read_number(value text) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_number(text) IS
	'a number of digits with a sign and a point; null where it is none';

CREATE FUNCTION claimline_internal.claim_read_integer(value text) RETURNS int
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_integer(text) IS
	'a whole number, also one written 22.0; null where it is none or does not fit';
CREATE FUNCTION claimline_internal.claim_read_integer(value numeric) RETURNS int
	AS 'MODULE_PATHNAME', 'claim_read_integer_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_integer(numeric) IS
	'the number where it is whole and fits, else null';

CREATE FUNCTION claimline_internal.claim_read_word(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_word(text) IS
	'a word or a code without blanks around it, in lower case, 4.0 as 4; '
	'null where it is blank or a word that programs write for a null';

CREATE FUNCTION claimline_internal.claim_read_frequency(value text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_read_frequency(text) IS
	'the frequency of a claim (X12 CLM05-3) in lower case; of a bill type such as 0137 its last character';

-- the line of a row, in one pass over its columns

CREATE FUNCTION claimline_internal.claim_source_line(fields jsonb, VARIADIC columns "any") RETURNS claimline
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION claimline_internal.claim_source_line(jsonb, "any") IS
	'the line of a row from its columns, as the fields describe them (claim_source_select writes the call); '
	'null where the row is no line';

CREATE FUNCTION claimline_internal.claim_source_line_error(fields jsonb, VARIADIC columns "any") RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION claimline_internal.claim_source_line_error(jsonb, "any") IS
	'why a row is no line, with the field and what it holds; null where it is one; '
	'arguments as in claim_source_line';

CREATE FUNCTION claimline_internal.claim_source_fault(fields jsonb, VARIADIC columns "any") RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION claimline_internal.claim_source_fault(jsonb, "any") IS
	'what is wrong with a row, null where nothing is: line-invalid or line-partial; the field, or those '
	'that could not be read; of each the reason, first without the value, then as claim_source_line_error '
	'gives it; '
	'arguments as in claim_source_line';

CREATE FUNCTION claimline_internal.claim_line_fault(line claimline, line_error text) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION claimline_internal.claim_line_fault(claimline, text) IS
	'the same of a line that a column has, and of what another column says of it';

-- rows that are no lines, told by the values of their columns

CREATE FUNCTION claimline_internal.claim_is_marked_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_is_marked_support(internal) IS
	'tells the planner that few rows are marked';
CREATE FUNCTION claimline_internal.claim_is_marked(value text, marks text[]) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_is_marked_support;
COMMENT ON FUNCTION claimline_internal.claim_is_marked(text, text[]) IS
	'whether a value is one of the marks, blanks around it, letter case and .0 behind a whole number aside; '
	'the mark blank is a null or blank one, code what sources read as a procedure code, '
	'# in a mark a digit, + at its end more digits; true or false, never null';

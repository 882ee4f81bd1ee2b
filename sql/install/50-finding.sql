-- findings: what a rule says about a line

CREATE TYPE claim_finding AS (
	claim_id text,
	line_no int,
	rule text,
	severity claim_severity,
	message text,
	with_claim_id text,
	with_line_no int,
	suggestion claimline,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean,
	facts jsonb
);
COMMENT ON TYPE claim_finding IS
	'what a rule says about one line: the line, the rule, its severity and a message with the figures; '
	'the other line of a pair; the line as it could be billed and what must be documented for that; '
	'denial codes in force on the date of service; the source; whether the edition covers the date; '
	'what was compared, by the names of claim_facts()';

-- what the planner is told

CREATE FUNCTION claimline_internal.claim_edits_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_edits_support(internal) IS
	'tells the planner what claim_edits() costs and how many rows it returns';

CREATE FUNCTION claimline_internal.claim_passes_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_passes_support(internal) IS
	'tells the planner what claim_passes() costs and how many calls pass';

CREATE FUNCTION claim_edits(day claimday) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 2 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimday) IS
	'findings over a provider-day by the starter ruleset; none for a null day';

CREATE FUNCTION claim_edits(day claimday, rules claim_ruleset) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 2 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimday, claim_ruleset) IS
	'findings over a provider-day; none for a null day; raises an error for a null ruleset';

CREATE FUNCTION claimline_internal.claim_edits_columns(day claimday, rules claim_ruleset, columns integer)
	RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 2 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claimline_internal.claim_edits_columns(claimday, claim_ruleset, integer) IS
	'what the planner makes of claim_edits(claimday, claim_ruleset) where the query reads some columns only: '
	'a bit for each of them, the first being the lowest; others may be null; raises an error for a null set';

CREATE FUNCTION claim_edits(lines claimline[]) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 2 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimline[]) IS
	'findings over the lines of a provider-day, numbered by position, by the starter ruleset; '
	'a null element is line-invalid';

CREATE FUNCTION claim_edits(lines claimline[], rules claim_ruleset) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 2 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimline[], claim_ruleset) IS
	'findings over the lines of a provider-day, numbered by position; a null element is line-invalid; '
	'raises an error for a null ruleset';

CREATE FUNCTION claim_edits(line claimline) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 1 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimline) IS
	'findings over a line alone by the starter ruleset; a null line is line-invalid';

CREATE FUNCTION claim_edits(line claimline, rules claim_ruleset) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 1 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(claimline, claim_ruleset) IS
	'findings over a line alone; a null line is line-invalid; raises an error for a null ruleset';

-- An untyped literal or parameter is a line: of the forms of a call the server takes that with text, which no
-- other type rivals.

CREATE FUNCTION claim_edits(line text) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 1
	SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(text) IS
	'as claim_edits(claimline), of the text of a line; raises an error for a text that is no line';

CREATE FUNCTION claim_edits(line text, rules claim_ruleset) RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_edits_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 1
	SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claim_edits(text, claim_ruleset) IS
	'as claim_edits(claimline, claim_ruleset), of the text of a line; raises an error for a text that is '
	'no line and for a null ruleset';

CREATE FUNCTION line_edits(line claimline) RETURNS claim_finding[]
	AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION line_edits(claimline) IS
	'window function: the row''s own findings among the lines of its partition, by the starter ruleset; '
	'line numbers are positions in the partition; empty where there are none';

CREATE FUNCTION line_edits(line claimline, rules claim_ruleset) RETURNS claim_finding[]
	AS 'MODULE_PATHNAME' LANGUAGE C WINDOW IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION line_edits(claimline, claim_ruleset) IS
	'window function: the row''s own findings among the lines of its partition; '
	'the ruleset is that of the partition''s first row; raises an error for a null ruleset';

-- verdicts: for CHECK, WHERE and partial indexes

CREATE FUNCTION claim_passes(day claimday, fail_at claim_severity = 'deny') RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimday, claim_severity) IS
	'whether the starter ruleset finds nothing at or above a severity; null for a null day';

CREATE FUNCTION claim_passes(day claimday, rules claim_ruleset, fail_at claim_severity = 'deny')
		RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimday, claim_ruleset, claim_severity) IS
	'whether nothing is found at or above a severity; null for a null day; '
	'raises an error for a null ruleset';

CREATE FUNCTION claim_passes(lines claimline[], fail_at claim_severity = 'deny') RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline[], claim_severity) IS
	'whether the starter ruleset finds nothing at or above a severity; '
	'null for a null array, a null element is line-invalid';

CREATE FUNCTION claim_passes(lines claimline[], rules claim_ruleset, fail_at claim_severity = 'deny')
		RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline[], claim_ruleset, claim_severity) IS
	'whether nothing is found at or above a severity; null for a null array, a null element is line-invalid; '
	'raises an error for a null ruleset';

CREATE FUNCTION claim_passes(line claimline, fail_at claim_severity = 'deny') RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline, claim_severity) IS
	'whether the starter ruleset finds nothing at or above a severity on the line alone; '
	'a null line is line-invalid, which is unknown';

CREATE FUNCTION claim_passes(line claimline, rules claim_ruleset, fail_at claim_severity = 'deny')
		RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline, claim_ruleset, claim_severity) IS
	'whether nothing is found at or above a severity on the line alone; '
	'a null line is line-invalid, which is unknown; raises an error for a null ruleset';

-- a bare literal as second argument is a severity: without these it could be a ruleset too

CREATE FUNCTION claim_passes(day claimday, fail_at text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_day_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimday, text) IS
	'as claim_passes(claimday, claim_severity); raises an error for a severity that does not exist';

CREATE FUNCTION claim_passes(lines claimline[], fail_at text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_lines_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline[], text) IS
	'as claim_passes(claimline[], claim_severity); raises an error for a severity that does not exist';

CREATE FUNCTION claim_passes(line claimline, fail_at text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_line_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(claimline, text) IS
	'as claim_passes(claimline, claim_severity); raises an error for a severity that does not exist';

-- the text of a line, as for claim_edits

CREATE FUNCTION claim_passes(line text, fail_at claim_severity = 'deny') RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(text, claim_severity) IS
	'as claim_passes(claimline, claim_severity), of the text of a line; raises an error for a text that '
	'is no line';

CREATE FUNCTION claim_passes(line text, rules claim_ruleset, fail_at claim_severity = 'deny') RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(text, claim_ruleset, claim_severity) IS
	'as claim_passes(claimline, claim_ruleset, claim_severity), of the text of a line; raises an error '
	'for a text that is no line and for a null ruleset';

CREATE FUNCTION claim_passes(line text, fail_at text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'claim_passes_text_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	SUPPORT claimline_internal.claim_passes_support;
COMMENT ON FUNCTION claim_passes(text, text) IS
	'as claim_passes(text, claim_severity); raises an error for a severity that does not exist';

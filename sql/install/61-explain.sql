-- why: every rule for every line

CREATE TYPE claim_explanation AS (
	claim_id text,
	line_no int,
	line claimline,
	rule text,
	state text,
	reason text,
	severity claim_severity,
	message text,
	findings int,
	facts jsonb,
	edition text,
	missing text[],
	change text,
	changed_day claimday,
	otherwise text,
	otherwise_day claimday
);
COMMENT ON TYPE claim_explanation IS
	'what a rule is to a line: state and reason, of claim_reasons(); severity and message of the worst of '
	'its findings, null where it has none, and how many these are; what was compared, by the names of '
	'claim_facts(); the edition, where the rule reads one; what is missing, where it is undecided; '
	'the smallest change of the day after which the rule has no finding on the line and no line has a new '
	'one, in words, and the day with it; where that leaves a line unbilled, the smallest that does not; '
	'the days are null where no such change was found';

CREATE FUNCTION claim_explain(day claimday) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimday) IS
	'every rule of claim_rules() for every line of a provider-day, each once, by the starter ruleset: '
	'whether it passed, fired, is not applicable or undecided, why, and where it speaks what would have to '
	'change; none for a null day';

CREATE FUNCTION claim_explain(day claimday, rules claim_ruleset) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimday, claim_ruleset) IS
	'as claim_explain(claimday), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION claim_explain(lines claimline[]) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimline[]) IS
	'as claim_explain(claimday), over lines numbered by position; a null element is line-invalid';

CREATE FUNCTION claim_explain(lines claimline[], rules claim_ruleset) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimline[], claim_ruleset) IS
	'as claim_explain(claimline[]), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION claim_explain(line claimline) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimline) IS
	'as claim_explain(claimline[]), of a line alone; a null line is line-invalid';

CREATE FUNCTION claim_explain(line claimline, rules claim_ruleset) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(claimline, claim_ruleset) IS
	'as claim_explain(claimline), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION claim_explain(line text) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(text) IS
	'as claim_explain(claimline), of the text of a line; raises an error for a text that is no line';

CREATE FUNCTION claim_explain(line text, rules claim_ruleset) RETURNS SETOF claim_explanation
	AS 'MODULE_PATHNAME', 'claim_explain_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	COST 10000 ROWS 100;
COMMENT ON FUNCTION claim_explain(text, claim_ruleset) IS
	'as claim_explain(text), by a ruleset; raises an error for a null ruleset';

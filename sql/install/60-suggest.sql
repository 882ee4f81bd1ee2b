-- suggestions: the modifiers that a line could be billed with

CREATE FUNCTION suggest_modifiers(day claimday, OUT claim_id text, OUT line_no int, OUT line claimline,
		OUT suggestion claimline, OUT condition text, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimday) IS
	'for each line of a day that other modifiers would put right: the line so changed, '
	'what must be documented for it (null if it always holds), and why; by the starter ruleset';

CREATE FUNCTION suggest_modifiers(day claimday, rules claim_ruleset, OUT claim_id text, OUT line_no int,
		OUT line claimline, OUT suggestion claimline, OUT condition text, OUT reason text)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_day' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimday, claim_ruleset) IS
	'as suggest_modifiers(claimday), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION suggest_modifiers(lines claimline[], OUT claim_id text, OUT line_no int, OUT line claimline,
		OUT suggestion claimline, OUT condition text, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimline[]) IS
	'as suggest_modifiers(claimday), over lines numbered by position';

CREATE FUNCTION suggest_modifiers(lines claimline[], rules claim_ruleset, OUT claim_id text, OUT line_no int,
		OUT line claimline, OUT suggestion claimline, OUT condition text, OUT reason text)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimline[], claim_ruleset) IS
	'as suggest_modifiers(claimline[]), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION suggest_modifiers(line claimline, OUT claim_id text, OUT line_no int, OUT line claimline,
		OUT suggestion claimline, OUT condition text, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimline) IS
	'as suggest_modifiers(claimline[]), of a line alone; none for a null line';

CREATE FUNCTION suggest_modifiers(line claimline, rules claim_ruleset, OUT claim_id text, OUT line_no int,
		OUT line claimline, OUT suggestion claimline, OUT condition text, OUT reason text)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_line' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(claimline, claim_ruleset) IS
	'as suggest_modifiers(claimline), by a ruleset; raises an error for a null ruleset';

CREATE FUNCTION suggest_modifiers(line text, OUT claim_id text, OUT line_no int, OUT line claimline,
		OUT suggestion claimline, OUT condition text, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(text) IS
	'as suggest_modifiers(claimline), of the text of a line; raises an error for a text that is no line';

CREATE FUNCTION suggest_modifiers(line text, rules claim_ruleset, OUT claim_id text, OUT line_no int,
		OUT line claimline, OUT suggestion claimline, OUT condition text, OUT reason text)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'suggest_modifiers_text' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_modifiers(text, claim_ruleset) IS
	'as suggest_modifiers(text), by a ruleset; raises an error for a null ruleset';

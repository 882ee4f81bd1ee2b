
-- the course of a patient's care: what no day shows by itself

CREATE FUNCTION claim_course(lines claimline[], rules claim_ruleset, allowed numeric[] = NULL)
		RETURNS SETOF claim_finding
	AS 'MODULE_PATHNAME', 'claim_course_lines' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 5;
COMMENT ON FUNCTION claim_course(claimline[], claim_ruleset, numeric[]) IS
	'findings of family course over a patient''s lines of any dates, numbered by position: yearly '
	'thresholds, visits, units of a week; allowed: dollars allowed for each line by position, null where not '
	'known; '
	'none for null lines; raises an error for a null ruleset '
	'(s. 1833(g) SSA; Medicare Claims Processing Manual ch. 5 s. 10.3)';

CREATE TYPE claimline_internal.claim_course_day AS (
	provider text,
	day claimday,
	allowed numeric[],
	charges numeric[]
);
COMMENT ON TYPE claimline_internal.claim_course_day IS
	'a provider-day of a course; allowed: dollars, in the order of day_lines(day), null where not known; '
	'charges: likewise, as a scan stores them';

CREATE TYPE claimline_internal.claim_course_period AS (
	kind text,
	provider text,
	discipline text,
	from_date date,
	to_date date,
	units numeric,
	visits int,
	number text
);
COMMENT ON TYPE claimline_internal.claim_course_period IS
	'what a row of claim_period has to do with a course';

CREATE FUNCTION claimline_internal.claim_course_days(days claimline_internal.claim_course_day[],
		rules claim_ruleset, periods claimline_internal.claim_course_period[], since date,
		OUT n int, OUT place int, OUT line claimline, OUT finding claim_finding) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION claimline_internal.claim_course_days(claimline_internal.claim_course_day[],
		claim_ruleset, claimline_internal.claim_course_period[], date) IS
	'findings of family course over a patient''s provider-days, on lines from a date on (null: on all): n is '
	'the day''s position, place and line those of day_lines(day); '
	'none for null days; raises an error for a null element or ruleset';

CREATE FUNCTION claimline_internal.claim_course_totals(days claimline_internal.claim_course_day[],
		rules claim_ruleset, periods claimline_internal.claim_course_period[],
		OUT total text, OUT "of" text, OUT from_date date, OUT to_date date, OUT provider text,
		OUT number text, OUT used numeric, OUT most numeric, OUT unknown int) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION claimline_internal.claim_course_totals(claimline_internal.claim_course_day[],
		claim_ruleset, claimline_internal.claim_course_period[]) IS
	'what claim_course_days counts, as claim_totals has it; '
	'none for null days; raises an error for a null element or ruleset';

CREATE FUNCTION claimline_internal.claim_course_asks(rules claim_ruleset, amounts boolean) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_course_asks(claim_ruleset, boolean) IS
	'whether the policy of a ruleset asks anything that only the course of care shows; amounts: what is '
	'allowed for lines is known; raises an error for a null ruleset';

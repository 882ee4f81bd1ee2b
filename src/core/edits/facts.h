/*
 * src/core/edits/facts.h
 *
 * Facts of lines and days that several edits ask for.
 */
#ifndef CLAIMLINE_FACTS_H
#define CLAIMLINE_FACTS_H

#include "day/day.h"
#include "ruleset/ruleset.h"

/* Look up what the ruleset says of each line, once for all edits: see DayLine and Day. */
extern void day_facts(Day *day, const Ruleset *rules);

/* The end, exclusive, of the valid lines from `first` with its DOS, or its DOS and code; once day_facts has looked them up. */
static inline int
dos_end(const Day *day, int first)
{
	return day->lines[first].dos_end;
}

static inline int
code_end(const Day *day, int first)
{
	return day->lines[first].code_end;
}

/* Is the line of several dates of service? */
static inline bool
is_span(const Line *line)
{
	return line->version == CLAIMLINE_EXTENDED && line_extension(line).span > 0;
}

/* Its last date, or CLAIMLINE_NO_DOS. */
static inline int32_t
line_last_date(const Line *line)
{
	return is_span(line) ? line->dos + line_extension(line).span : line->dos;
}

/* Is a date one of the line's? */
static inline bool
line_is_of(const Line *line, int32_t date)
{
	return line->dos <= date && date <= line_last_date(line);
}

/* Is a timed line of several dates one of those that the line at `first` is of? */
extern bool meets_timed_span(const Day *day, int first);

/* Does the day hold lines that could be of any date: without one, or not valid? */
extern bool has_undated_lines(const Day *day);

/* Does a rule in force from a date apply?  Without a date of service: it may. */
extern bool applies_from(int32_t from, int32_t dos);

extern bool line_has_modifier(const Line *line, uint16_t modifier);

/* The first modifier of the line that is valid and of one of the kinds; 0 if none. */
extern uint16_t line_modifier_of_kind(const Ruleset *rules, const Line *line, uint32_t kinds);

/* Are the pairs of two lines' codes known on their date?  Not without one. */
extern bool pair_covered(const Ruleset *rules, const Day *day, int a, int b);

/* Is it known what kind of service the code is?  What none of its classes says is not known otherwise. */
static inline bool
is_classified(const DayLine *line)
{
	return (line->classes & ~(uint32_t) CLASSES_UNPAID) != 0;
}

/* Is the code a visit, or may it be one?  Then 25 may stand on it. */
static inline bool
may_be_visit(const DayLine *line)
{
	return (line->classes & CLASS_EM) || !is_classified(line);
}

/* Do the modifiers of the two lines open the pair?  Not without a date. */
extern bool pair_opened(const Ruleset *rules, const PairRow *pair,
						const DayLine *column_1, const DayLine *column_2);

/* Does the policy never pay the line's code beside manipulation, whatever the modifier? */
extern bool bundled_with_cmt(const Ruleset *rules, const DayLine *line);

/* Units billed: a line with none is documented, not billed. */
static inline bool
is_billed(const DayLine *line)
{
	return line->line->units > 0;
}

/*
 * May the line be paid at all?  What is billed for a denial is decided before pairs, limits and regions: none of them
 * denies it, and it denies no other line.
 */
static inline bool
is_payable(const DayLine *line)
{
	return is_billed(line) && line->denial == DENIAL_NONE;
}

/* Is a denial of the line what the claim asks for? */
static inline bool
denial_wanted(const Ruleset *rules, const DayLine *line)
{
	return line->denial == DENIAL_EXCLUDED && rules->policy.denial_modifier_wanted;
}

/* Is it manipulation without the modifier that says: active care? */
extern bool lacks_active(const Ruleset *rules, const DayLine *line);

/* By LIST_NOT_COVERED or LIST_SPECIALTY_CODES: does the policy not take the code from the line's specialty? */
extern bool refuses_specialty(const Ruleset *rules, PolicyList list, const Line *line);

#endif							/* CLAIMLINE_FACTS_H */

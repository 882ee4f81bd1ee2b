/*
 * src/core/edits/facts.h
 *
 * Facts of lines and days that several edits ask for.
 */
#ifndef CLAIMLINE_FACTS_H
#define CLAIMLINE_FACTS_H

#include "day/day.h"
#include "edits/fact_memo.h"
#include "ruleset/ruleset.h"

/* Look up what the ruleset says of each line, once for all edits: see DayLine and Day.  The memo is of the ruleset, or NULL. */
extern void day_facts(Day *day, const Ruleset *rules, FactMemo *memo, Arena *arena);

/* See DayLine: groups are gone through from the first valid line on, codes from the first line of a group on. */
static inline int
group_end(const Day *day, int first)
{
	return day->lines[first].group_end;
}

static inline int
next_of_code(const Day *day, int line)
{
	return day->lines[line].next_of_code;
}

static inline int
next_code(const Day *day, int first)
{
	return day->lines[first].next_code;
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

/* Are two lines of one group of one date? */
typedef enum Meeting
{
	MEET_NEVER,
	MEET_MAYBE,					/* one is of several dates, of which the other has one */
	MEET_SURELY
} Meeting;

static inline Meeting
lines_meet(const Day *day, int a, int b)
{
	const Line *one = day->lines[a].line;
	const Line *two = day->lines[b].line;

	if (!day->has_spans || (one->dos == two->dos && !is_span(one) && !is_span(two)))
		return MEET_SURELY;
	return line_is_of(one, two->dos) || line_is_of(two, one->dos) ? MEET_MAYBE : MEET_NEVER;
}

/* What lines of a day may be to each other at least; in loops over what is sure first, then what may be. */
static inline Meeting
least_meeting(const Day *day)
{
	return day->has_spans ? MEET_MAYBE : MEET_SURELY;
}

/* The first date that two lines which may meet have in common. */
static inline int32_t
common_date(const Day *day, int a, int b)
{
	int32_t		one = day->lines[a].line->dos;
	int32_t		two = day->lines[b].line->dos;

	return one > two ? one : two;
}

/* The end, exclusive, of the lines from `first` that begin on its date. */
extern int	date_end(const Day *day, int first);

/* Does the day hold lines that could be of any date: without one, or not valid? */
extern bool has_undated_lines(const Day *day);

/* Does a rule in force from a date apply?  Without a date of service: it may. */
extern bool applies_from(int32_t from, int32_t dos);

extern bool line_has_modifier(const Line *line, uint16_t modifier);

/* The first modifier of the line that is valid and of one of the kinds; 0 if none. */
extern uint16_t line_modifier_of_kind(const Ruleset *rules, const Line *line, uint32_t kinds);

/* Are the pairs of two lines' codes known on the first line's date?  Not without one. */
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

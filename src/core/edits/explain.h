/*
 * src/core/edits/explain.h
 *
 * What every rule is to every line of a day, and why; and what would have to
 * change where one speaks.
 */
#ifndef CLAIMLINE_EXPLAIN_H
#define CLAIMLINE_EXPLAIN_H

#include "edits/smallest.h"

/* A line and a rule. */
typedef struct Explanation
{
	int			line;			/* index in the judged day */
	Rule		rule;
	RuleState	state;
	Reason		reason;
	const Finding *finding;		/* the worst of those that it has: decided before undecided; NULL where there is none */
	int			n_findings;
	const Fact *facts;			/* what was compared */
	int			n_facts;
	const Target *target;		/* NULL where no change was sought */
} Explanation;

typedef struct Explained
{
	Smallest	search;			/* over the day before it was netted */
	Day			raw;
	Notes		notes;
	Explanation *rows;			/* by line, in the order of the lines as they are stored, and rule */
	int			n_rows;
} Explained;

/* Judge a day as judge_day() does, with an observer; what comes of it lives in the sink's arena. */
extern void explain_day(Day *day, const Ruleset *rules, FindingSink *sink, Explained *explained);

/* "add modifier XS to 97124 of line 2", or why there is no such change. */
extern const char *change_text(const Explained *explained, FindingSink *sink, const DayChange *change);

#endif							/* CLAIMLINE_EXPLAIN_H */

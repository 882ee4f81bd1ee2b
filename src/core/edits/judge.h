/*
 * src/core/edits/judge.h
 *
 * findings = judge(day, ruleset): the edits, and judging by trial which of the
 * changes that they propose help.
 */
#ifndef CLAIMLINE_JUDGE_H
#define CLAIMLINE_JUDGE_H

#include "edits/finding.h"

/*
 * Judge a day: nets it, fills in what the ruleset says of each line, then runs every
 * edit.  Findings come ordered by line and rule, with suggestions that were
 * tried and help.  A sink that wants less has its findings in no order.
 */
extern void judge_day(Day *day, const Ruleset *rules, FindingSink *sink);

/* One line's modifier changes taken together. */
typedef struct Suggestion
{
	int			line;			/* index in the day */
	LineBuffer	suggestion;
	const char *condition;		/* NULL if the suggestion always holds */
	const char *reason;
} Suggestion;

/* Suggestions for a judged day, one per line at most; returns how many. */
extern int	suggest_modifiers_of(const Day *day, const Ruleset *rules, const FindingSink *sink,
								 Arena *arena, Suggestion **suggestions);

/* Days with more lines have findings without suggestions: each is tried on the whole day. */
#define SUGGESTION_MAX_LINES	100

#endif							/* CLAIMLINE_JUDGE_H */

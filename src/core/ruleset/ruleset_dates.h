/*
 * src/core/ruleset/ruleset_dates.h
 *
 * Between which dates of service a ruleset says the same of a line.
 */
#ifndef CLAIMLINE_RULESET_DATES_H
#define CLAIMLINE_RULESET_DATES_H

#include "ruleset/ruleset.h"

/*
 * The dates, ascending and each once, from which on anything in the ruleset but
 * its pairs of codes is not as on the day before: of two dates of service with
 * none of them behind the first up to the second, it says the same.
 */
typedef struct RulesetDates
{
	const int32_t *dates;
	int			n;
	int			last;			/* period found last, of dates[last - 1] to dates[last] */
} RulesetDates;

extern void ruleset_dates(const Ruleset *rules, Arena *arena, RulesetDates *dates);

/* The period of a date that is not of the one found last. */
extern int	ruleset_period_search(RulesetDates *dates, int32_t dos);

/*
 * The period of a date, from 1 on; lines without a date have one of their own.
 * Inline: most lines are of the period of the one before.
 */
static inline int
ruleset_period(RulesetDates *dates, int32_t dos)
{
	int			last = dates->last;

	if (dos == CLAIMLINE_NO_DOS)
		return dates->n + 2;
	if ((last == 0 || dates->dates[last - 1] <= dos) && (last == dates->n || dos < dates->dates[last]))
		return last + 1;
	return ruleset_period_search(dates, dos);
}

#endif							/* CLAIMLINE_RULESET_DATES_H */

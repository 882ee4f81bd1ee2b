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
extern const int32_t *ruleset_dates(const Ruleset *rules, Arena *arena, int *n);

#endif							/* CLAIMLINE_RULESET_DATES_H */

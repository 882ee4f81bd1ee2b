/*
 * src/core/edits/suggest.h
 *
 * Which modifier would say what the facts on the claim leave open.
 */
#ifndef CLAIMLINE_SUGGEST_H
#define CLAIMLINE_SUGGEST_H

#include "day/day.h"
#include "edits/change.h"

/*
 * Which modifier says why column two is distinct from column one?  False when
 * none can: the facts contradict it, or do not say which.
 */
extern bool suggest_distinct(const Day *day, const Ruleset *rules, Arena *arena,
							 int column_1, int column_2, Change *change, const char **condition);

/* The discipline modifier that the line should carry, and on what condition. */
extern void suggest_discipline(const Day *day, const Ruleset *rules, int line, Change *change,
							   const char **condition);

#endif							/* CLAIMLINE_SUGGEST_H */

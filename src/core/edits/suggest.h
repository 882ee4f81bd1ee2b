/*
 * src/core/edits/suggest.h
 *
 * Which modifier would say what the facts on the claim leave open, and which code what the line's cannot.
 */
#ifndef CLAIMLINE_SUGGEST_H
#define CLAIMLINE_SUGGEST_H

#include "day/day.h"
#include "edits/change.h"

/* What a suggested modifier rests on. */
typedef enum Ground
{
	GROUND_NONE,				/* no modifier: the facts contradict it, or do not say which */
	GROUND_RECORD,				/* what the record may show; the claim says nothing of it */
	GROUND_CLAIM				/* regions or times on the claim */
} Ground;

/* Which modifier says why column two is distinct from column one? */
extern Ground suggest_distinct(const Day *day, const Ruleset *rules, Arena *arena,
							   int column_1, int column_2, Change *change, const char **condition);

/* The only discipline modifier that codes of such classes take; 0 where there are several. */
extern uint16_t discipline_of_classes(const Ruleset *rules, uint32_t classes);

/* The discipline modifier that the line should carry, and on what condition. */
extern void suggest_discipline(const Day *day, const Ruleset *rules, int line, Change *change,
							   const char **condition);

/* The code that is billed in place of the line's, with the discipline modifier that it needs; none where there is no such code. */
extern void suggest_code(const Day *day, const Ruleset *rules, Arena *arena, int line, Change *change, const char **condition);

#endif							/* CLAIMLINE_SUGGEST_H */

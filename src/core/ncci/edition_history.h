/*
 * src/core/ncci/edition_history.h
 *
 * What several editions say together: the dates that they cover, and the unit
 * limits of each date.
 */
#ifndef CLAIMLINE_EDITION_HISTORY_H
#define CLAIMLINE_EDITION_HISTORY_H

#include "ncci/ncci_rows.h"
#include "ruleset/ruleset_build.h"

/* An edition's share. */
typedef struct EditionPart
{
	int32_t		from;			/* dates of service covered */
	int32_t		to;
	bool		retired;		/* has no share */
	bool		has_pairs;		/* are code pairs known of its dates? */
	bool		has_limits;		/* are there values at all? */
	bool		has_addons;		/* are add-on codes known of its dates? */
	bool		whole;			/* are all limits there are among them? */
	const MueValue *values;		/* by code */
	uint32_t	n_values;
} EditionPart;

/*
 * Put the covers, gaps and unit limits of editions into the spec, and the dates
 * of which only some of code pairs, limits and add-on codes are known.  The parts
 * are in order of time: on a date that several cover, the last one says the
 * limits.  False if none covers anything.
 */
extern bool spec_add_history(RulesetSpec *spec, Arena *arena, const EditionPart *parts, int n);

/* The limits of a ruleset on the last date that its edition covers, by code; in the arena. */
extern const MueValue *ruleset_limits(const Ruleset *rules, Arena *arena, uint32_t *n);

#endif							/* CLAIMLINE_EDITION_HISTORY_H */

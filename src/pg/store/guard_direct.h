/*
 * src/pg/store/guard_direct.h
 *
 * Days of a table that its guard reads by an index, without queries.
 */
#ifndef CLAIMLINE_GUARD_DIRECT_H
#define CLAIMLINE_GUARD_DIRECT_H

#include "pg/store/guard_days.h"

/*
 * Lock days that a statement wrote against others that write them, for a guard with days; puts the keys in order.
 * Where `judges`, those that have a finding at or above the guard's severity come first; returns how many, or -1 where
 * the tables have changed meanwhile: then nothing is known, and not all days are locked.
 */
extern int	pass_days(Guard *guard, Relation table, Key *keys, int n, bool judges);

/* What is known of the days of a statement when they were judged directly and not all is done. */
typedef struct DirectDays
{
	uint64		guard;			/* its number; 0: nothing is known */
	MemoryContext context;		/* of the keys; NULL for none */
	Key		   *keys;			/* those that do not pass first */
	int			n;
	int			n_offending;
} DirectDays;

/*
 * Lock and judge the days that a statement touched, if that can be done without a
 * query; true if nothing is left to do: all of them pass, and none has notes that
 * are to go.  With the role of the user; `days` is to be freed.
 */
extern bool guard_passes_directly(TriggerData *data, DirectDays *days);
extern void direct_days_free(DirectDays *days);

#endif							/* CLAIMLINE_GUARD_DIRECT_H */

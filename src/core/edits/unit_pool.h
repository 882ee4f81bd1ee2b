/*
 * src/core/edits/unit_pool.h
 *
 * Timed lines of a date whose minutes are counted together.
 */
#ifndef CLAIMLINE_UNIT_POOL_H
#define CLAIMLINE_UNIT_POOL_H

#include "day/day.h"
#include "ruleset/ruleset.h"

/* The lines of one timed code in one pool of minutes. */
typedef struct Service
{
	int			first;			/* index into the pool's lines */
	int			n_lines;
	bool		unknown;		/* does a line lack its minutes? */
	uint32_t	further;		/* code of what goes beyond its first unit, or 0 */
	int64_t		beyond;			/* units that go there */
	int64_t		left;			/* of these, not yet given to a code */
	bool		continued;		/* is that code on the day? */
} Service;

/* The timed lines whose minutes are pooled, and their services. */
typedef struct Pool
{
	UnitRule	rule;			/* that counts on its date of service */
	int			n_lines;
	int			n_services;
	bool		unknown;		/* of any service */
	bool		meets_span;		/* is a timed line of several dates of this one too? */
	int		   *lines;			/* index in the day */
	Service    *services;
	int		   *joined;			/* of each service, the one that it continues, or -1 */
	int64_t    *minutes;		/* of each service */
	int64_t    *billed;			/* thousandths */
	int64_t    *allowed;		/* units */
	int64_t    *line_minutes;	/* of each line, 0 where not known */
	int64_t    *share;			/* of each line, of its service's units */
} Pool;

/*
 * A service whose first unit has a code of its own, and its further units another: their minutes are those of one
 * service.  Joined under the first code before units are shared out; parted again afterwards.
 */
extern void pool_join_further(Pool *pool, const Ruleset *rules, const Day *day);
extern void pool_part_further(Pool *pool, const Day *day);

#endif							/* CLAIMLINE_UNIT_POOL_H */

/*
 * src/pg/ruleset_type.h
 *
 * Datums of type claim_ruleset.
 */
#ifndef CLAIMLINE_RULESET_TYPE_H
#define CLAIMLINE_RULESET_TYPE_H

#include "pg/compat.h"
#include "ruleset/ruleset.h"

/* What starter_ruleset() returns. */
extern const Ruleset *starter_default(void);

/* A ruleset found again by its hash, without detoasting it anew. */
typedef struct RulesetCache
{
	Ruleset    *copy;			/* detoasted, NULL before the first */
	MemoryContext context;
} RulesetCache;

/*
 * The ruleset of a datum, valid as long as the datum and the next; O(1) however
 * large it is, but for the first of a kind that is toasted or that another
 * release stored.
 */
extern const Ruleset *ruleset_from_datum(Datum datum, RulesetCache *cache);

/* The same, valid as long as the cache and no other ruleset is asked for. */
extern const Ruleset *ruleset_kept(Datum datum, RulesetCache *cache);

#endif							/* CLAIMLINE_RULESET_TYPE_H */

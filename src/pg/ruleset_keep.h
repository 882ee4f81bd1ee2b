/*
 * src/pg/ruleset_keep.h
 *
 * Rulesets kept in the backend, found again by a call site.
 */
#ifndef CLAIMLINE_RULESET_KEEP_H
#define CLAIMLINE_RULESET_KEEP_H

#include "pg/compat.h"
#include "ruleset/ruleset.h"

#define RULESET_KEY		16		/* bytes of the hash of what a ruleset is built from */

/* What a ruleset is asked for by: policy, edition (its text NULL for the newest) and service type. */
#define RULESET_NAMES	3

/* Who holds a ruleset: a call site, or something that lives as long as a memory context. */
typedef struct RulesetSite RulesetSite;
extern RulesetSite *ruleset_site(MemoryContext context);

/* The site of a call, in fn_extra. */
extern RulesetSite *ruleset_site_of(FunctionCallInfo fcinfo);

/* Has this backend built it?  If not, keep what was built, in a context of its own. */
extern bool ruleset_is_built(const uint8 key[RULESET_KEY]);
extern void ruleset_keep(const uint8 key[RULESET_KEY], Ruleset *rules, MemoryContext context);

/* What a site found for the same names under a snapshot that sees the same; NULL for nothing. */
extern const Ruleset *ruleset_at_hand(RulesetSite *site, const Word names[RULESET_NAMES]);

/* The ruleset under a key, which the site now holds. */
extern const Ruleset *ruleset_hold(RulesetSite *site, const uint8 key[RULESET_KEY],
								   const char *policy, const char *edition, const char *service_type);

#endif							/* CLAIMLINE_RULESET_KEEP_H */

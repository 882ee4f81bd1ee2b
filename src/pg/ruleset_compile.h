/*
 * src/pg/ruleset_compile.h
 *
 * A policy over an edition, compiled from the tables of the extension.
 */
#ifndef CLAIMLINE_RULESET_COMPILE_H
#define CLAIMLINE_RULESET_COMPILE_H

#include "pg/ruleset_keep.h"

/*
 * Out of the tables of the extension, as the active snapshot shows them;
 * edition NULL for the newest.  Valid until the site asks again or ends.
 */
extern const Ruleset *ruleset_for(RulesetSite *site, const char *policy, const char *edition, const char *service_type);

/*
 * Settings that are no policy yet, over those of the policy `parent` (NULL for none), as a policy of a name; in the current
 * memory context.
 */
extern const Ruleset *ruleset_of_draft(const char *settings, const char *parent, const char *name, const char *edition,
									   const char *service_type);

/* A policy over the built-in edition, in the current memory context. */
extern const Ruleset *ruleset_of_policy(const char *policy);

#endif							/* CLAIMLINE_RULESET_COMPILE_H */

/*
 * src/core/ruleset/ruleset_adopt.h
 *
 * A ruleset that was stored by another release: by another list of rules.
 */
#ifndef CLAIMLINE_RULESET_ADOPT_H
#define CLAIMLINE_RULESET_ADOPT_H

#include "ruleset/ruleset_build.h"

/* Is the ruleset of this version and list of rules, so that it is used where it lies? */
static inline bool
ruleset_is_ours(const Ruleset *rules)
{
	return rules->version == RULESET_VERSION && rules->rule_list == RULE_LIST_HASH;
}

/*
 * A copy of a stored ruleset of `size` bytes by today's list, for one that is
 * not ours.  Its rules are found by their names; those that it lacks are taken
 * from the built-in one; a rule that nobody knows here is a fault, of the kind
 * FAULT_MISSING.  The hash stays: it names what is stored.
 */
extern Ruleset *ruleset_adopt(const Ruleset *stored, size_t size, const Ruleset *built_in, Arena *arena,
							  void *(*get) (void *, size_t), void *context, Fault *why);

/* A ruleset of version 2, which release 0.1.0 stored, as one of this version by the list of that release. */
extern const Ruleset *ruleset_of_version_2(const Ruleset *stored, const Ruleset *built_in, Arena *arena);

#endif							/* CLAIMLINE_RULESET_ADOPT_H */

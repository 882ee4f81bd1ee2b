/*
 * src/core/edits/assistant.h
 *
 * Units that an assistant gave in whole or in part: those that are billed with
 * CQ or CO (CMS, billing examples using CQ/CO; 86 FR 64996).
 */
#ifndef CLAIMLINE_ASSISTANT_H
#define CLAIMLINE_ASSISTANT_H

#include "ruleset/ruleset.h"

/* Figures of the policy for a date of service, each 0 where it has none. */
typedef struct AssistantRule
{
	uint32_t	percent;		/* of a unit's minutes, above which it is the assistant's */
	uint32_t	alone;			/* therapist's minutes of the last unit from which it is not */
	uint32_t	shared;			/* minutes of two last units from which each has one of them */
	uint32_t	payment;		/* percent that is paid */
} AssistantRule;

/* False where the policy asks for no modifier on the date; without one, the figures of today. */
extern bool assistant_rule_on(const Ruleset *rules, int32_t dos, AssistantRule *rule);

/* Is more than the percentage of the minutes the assistant's? */
extern bool assistant_in_part(const AssistantRule *rule, int64_t minutes, int64_t assistant);

/* What decided a service's units: the key of the policy that was the last to be asked. */
typedef struct AssistedUnits
{
	int64_t		least;			/* units that need the modifier, the fewest and the most */
	int64_t		most;
	PolicyList	by;
} AssistedUnits;

/*
 * Of `units` that a service has by the minutes of its therapist and those of its assistant alone: whole units of either
 * first, then what is left of both.
 */
extern AssistedUnits assisted_units(const Ruleset *rules, const AssistantRule *rule, int64_t units, int64_t therapist,
									int64_t assistant);

#endif							/* CLAIMLINE_ASSISTANT_H */

/*
 * src/core/edits/specialty.h
 *
 * What a policy takes from a specialty, and what its findings say of it.
 */
#ifndef CLAIMLINE_SPECIALTY_H
#define CLAIMLINE_SPECIALTY_H

#include "edits/finding.h"

static inline const char *
policy_name(const FindingSink *sink)
{
	return ruleset_text(sink->rules, sink->rules->policy.name);
}

/* The policy, its key that asks something of the line, and the line's code. */
static inline void
add_policy(FindingSink *sink, Finding *finding, const char *key, const Line *line)
{
	FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, policy_name(sink)), FACT_TEXT(KEY, key), FACT(CODE, line->code));
}

/* The specialty of a line, in memory that lasts. */
extern const char *specialty_fact(const FindingSink *sink, const Line *line);

/* Judge a line by the specialty that it states. */
extern void judge_specialty(const Ruleset *rules, FindingSink *sink, int i);

/* Of the two rules of specialties, those that the policy asks. */
extern void note_specialty(const Ruleset *rules, FindingSink *sink, int i, Reason reason);

#endif							/* CLAIMLINE_SPECIALTY_H */

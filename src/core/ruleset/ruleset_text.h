/*
 * src/core/ruleset/ruleset_text.h
 *
 * The text form of a ruleset (JSON), and what two of them have otherwise.
 */
#ifndef CLAIMLINE_RULESET_TEXT_H
#define CLAIMLINE_RULESET_TEXT_H

#include "ruleset/ruleset_build.h"

/* A rule that the text lacks is that of the built-in ruleset; an error where that is NULL. */
extern Ruleset *ruleset_from_text(const char *text, size_t length, const Ruleset *built_in, Arena *arena,
								  void *(*get) (void *, size_t), void *context, Fault *why);

/* Writes through `put`, piece by piece. */
extern void ruleset_to_text(const Ruleset *rules,
							void (*put) (void *context, const char *text, size_t length),
							void *context);

/* A value of a ruleset that another has otherwise; before or after NULL where one has none. */
typedef struct Difference
{
	const char *path;			/* "policy.unit_rule", "ptp.97140/97124" */
	int			n_codes;		/* that it concerns, 0 for any */
	uint32_t	codes[2];
	const char *before;			/* JSON */
	const char *after;
} Difference;

/* What differs, in the order of the tables. */
extern void ruleset_differences(const Ruleset *a, const Ruleset *b, Arena *arena,
								void (*say) (void *context, const Difference *difference), void *context);

/*
 * The settings of a policy as a layer over what the spec has; `parent` is what
 * "extends" says, text NULL for none.
 */
extern bool policy_from_text(const char *text, size_t length, Arena *arena, RulesetSpec *spec,
							 Word *parent, Fault *why);

/* The settings of a ruleset's policy, all that it has. */
extern void policy_to_text(const Ruleset *rules,
						   void (*put) (void *context, const char *text, size_t length),
						   void *context);

#endif							/* CLAIMLINE_RULESET_TEXT_H */

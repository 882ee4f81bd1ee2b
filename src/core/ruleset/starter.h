/*
 * src/core/ruleset/starter.h
 *
 * The rulesets that are built in; starter.c is generated from data/.
 */
#ifndef CLAIMLINE_STARTER_H
#define CLAIMLINE_STARTER_H

#include <stddef.h>
#include <stdint.h>

/* The first word of a ruleset: a varlena header of four bytes. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RULESET_VARHDR(size)	(size)
#else
#define RULESET_VARHDR(size)	((uint32_t) (size) << 2)
#endif

typedef struct StarterRuleset
{
	const char *edition;
	const char *service_type;
	const uint32_t *ruleset;	/* a Ruleset: the policy medicare over the edition */
} StarterRuleset;

/* Ends with a NULL edition; the first is what starter_ruleset() returns. */
extern const StarterRuleset starter_rulesets[];

typedef struct StarterPolicy
{
	const char *name;
	const char *settings;		/* JSON */
	const char *note;
	const char *source;
} StarterPolicy;

/* The policies that are built in; a parent comes before those that extend it.  Ends with a NULL name. */
extern const StarterPolicy starter_policies[];

#endif							/* CLAIMLINE_STARTER_H */

/*
 * src/starter.h
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
	const char *policy;
	const char *edition;
	const uint32_t *ruleset;	/* a Ruleset */
} StarterRuleset;

/* Ends with a NULL policy; the first is what starter_ruleset() returns. */
extern const StarterRuleset starter_rulesets[];

#endif							/* CLAIMLINE_STARTER_H */

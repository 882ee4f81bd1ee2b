/*
 * src/core/ruleset/rule.h
 *
 * The rules and their severities, by number and by name.
 */
#ifndef CLAIMLINE_RULE_H
#define CLAIMLINE_RULE_H

#include <stdint.h>

#include "ruleset/rule_list.h"

typedef enum Severity
{
	SEVERITY_INFO, SEVERITY_UNKNOWN, SEVERITY_REVIEW, SEVERITY_DENY
} Severity;

#define RULE_SYMBOL(symbol, id) RULE_##symbol,

/* The rules, in the order in which a line's findings are told: that of data/rules.csv. */
typedef enum Rule
{
	RULE_LIST(RULE_SYMBOL)
	N_RULES
} Rule;

#undef RULE_SYMBOL

extern const char *const severity_names[];	/* ends with NULL */
extern const char *const rule_names[N_RULES];

#endif							/* CLAIMLINE_RULE_H */

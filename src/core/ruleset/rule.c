/*
 * src/core/ruleset/rule.c
 *
 * The names of rules and severities.
 */
#include "ruleset/rule.h"

#include <stddef.h>

const char *const severity_names[] = {"info", "unknown", "review", "deny", NULL};

#define RULE_ID(symbol, id) id,

const char *const rule_names[N_RULES] = {
	RULE_LIST(RULE_ID)
};

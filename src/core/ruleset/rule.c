/*
 * src/core/ruleset/rule.c
 *
 * The names of rules and severities.
 */
#include "ruleset/rule.h"

#include <stddef.h>

const char *const severity_names[] = {"info", "unknown", "review", "deny", NULL};

const char *const rule_names[N_RULES] = {
	"units-fraction", "units-minutes", "units-underbilled",
	"units-unknown", "units-split-lines", "time-overlap",
	"mue-line", "mue-day",
	"ptp", "ptp-bypassed",
	"cmt-region", "cmt-region-unknown", "cmt-level",
	"cmt-bundled", "cmt-modifier-required",
	"mod-unknown", "mod-repeated", "mod-conflict", "mod-requires",
	"mod-not-allowed", "mod-position", "mod-missing", "mod-unneeded",
	"mod-prefer", "mod-repeat-service",
	"duplicate",
	"specialty-not-covered", "specialty-code-limit", "supervision-modifier",
	"dx-missing", "dx-not-necessary", "referral-missing",
	"units-scrutiny", "visits-scrutiny", "visits-limit",
	"edition-coverage", "line-invalid"
};

/*
 * src/core/ruleset/policy.c
 *
 * What a policy can say: its settings and lists by key.
 */
#include "ruleset/policy.h"

#include "line/claimline.h"

static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const unit_rules[] = {"cms", "ama", NULL};
static const char *const cmt_massages[] = {"by-region", "bundled", "separate", NULL};
static const char *const distinct_modifiers[] = {"X", "59", NULL};
static const char *const outside_coverages[] = {"review", "apply", NULL};

#define CHOICE(field, choices)	{#field, SETTING_CHOICE, offsetof(Policy, field), choices, 0, 0}
#define NUMBER(field, low, high) {#field, SETTING_NUMBER, offsetof(Policy, field), NULL, low, high}
#define LIMIT(field)			{#field, SETTING_LIMIT, offsetof(Policy, field), NULL, 0, CLAIMLINE_MAX_UNITS / 1000}
#define DATE(field)				{#field, SETTING_DATE, offsetof(Policy, field), NULL, 0, 0}
#define SINCE(field)			{#field, SETTING_SINCE, offsetof(Policy, field), NULL, 0, 0}
#define MODIFIER(field)			{#field, SETTING_MODIFIER, offsetof(Policy, field), NULL, 0, 0}

const PolicySetting policy_settings[] = {
	CHOICE(unit_rule, unit_rules),
	SINCE(unit_rule_from),
	CHOICE(unit_rule_earlier, unit_rules),
	NUMBER(unit_minutes, 1, 60),
	NUMBER(unit_threshold, 1, 60),
	CHOICE(mue, no_yes),
	CHOICE(cmt_massage, cmt_massages),
	DATE(cmt_bundled_from),
	CHOICE(cmt_extraspinal_modifier, no_yes),
	CHOICE(distinct_modifier, distinct_modifiers),
	DATE(either_line_from),
	CHOICE(outside_coverage, outside_coverages),
	DATE(therapy_modifier_from),
	NUMBER(therapy_modifier_positions, 1, CLAIMLINE_MAX_MODIFIERS),
	NUMBER(modifier_positions, 1, CLAIMLINE_MAX_MODIFIERS),
	DATE(one_line_from),
	DATE(at_required_from),
	CHOICE(specialty_required, no_yes),
	MODIFIER(denial_modifier),
	CHOICE(denial_modifier_wanted, no_yes),
	MODIFIER(supervision_modifier),
	CHOICE(dx_required, no_yes),
	DATE(referral_from),
	LIMIT(units_scrutiny),
	LIMIT(visits_scrutiny),
	LIMIT(visits_limit),
	{NULL, SETTING_CHOICE, 0, NULL, 0, 0}
};

const char *const course_limit_names[] = {"visits_year", "units_week", "episode_days", NULL};
const char *const period_kind_names[] = {"certification", "authorization", NULL};

const PolicyListForm policy_lists[N_POLICY_LISTS] = {
	{"daily_limits", SHAPE_NUMBERS, ITEM_CODE},
	{"cmt_bundled", SHAPE_ITEMS, ITEM_CODE},
	{"massage_codes", SHAPE_ITEMS, ITEM_CODE},
	{"specialties_not_covered", SHAPE_SPECIALTIES, ITEM_CODE},
	{"specialty_codes", SHAPE_SPECIALTIES, ITEM_CODE},
	{"supervision_required_of", SHAPE_ITEMS, ITEM_SPECIALTY},
	{"supervision_asked_of", SHAPE_ITEMS, ITEM_SPECIALTY},
	{"dx_not_necessary", SHAPE_ITEMS, ITEM_DX},
	{"kx_threshold", SHAPE_NUMBERS, ITEM_YEAR},
	{"review_threshold", SHAPE_NUMBERS, ITEM_YEAR},
	{"course_limits", SHAPE_NUMBERS, ITEM_COURSE_LIMIT},
	{"periods_required", SHAPE_ITEMS, ITEM_PERIOD},
	{"severity", SHAPE_NUMBERS, ITEM_RULE},
	{"assistant_percent", SHAPE_NUMBERS, ITEM_YEAR},
	{"assistant_alone_minutes", SHAPE_NUMBERS, ITEM_YEAR},
	{"assistant_shared_minutes", SHAPE_NUMBERS, ITEM_YEAR},
	{"assistant_payment", SHAPE_NUMBERS, ITEM_YEAR}
};

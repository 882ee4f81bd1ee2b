/*
 * src/core/ruleset/policy.h
 *
 * One payer's settings: what there is, between which limits.
 */
#ifndef CLAIMLINE_POLICY_H
#define CLAIMLINE_POLICY_H

#include <stddef.h>
#include <stdint.h>

/* Text in the ruleset's pool: an offset from the ruleset's start; 0 is none. */
typedef uint32_t TextRef;

typedef enum UnitRule
{
	UNIT_RULE_CMS, UNIT_RULE_AMA
} UnitRule;

typedef enum CmtMassage
{
	CMT_BY_REGION, CMT_BUNDLED, CMT_SEPARATE
} CmtMassage;

typedef enum DistinctModifier
{
	DISTINCT_SPECIFIC, DISTINCT_59
} DistinctModifier;

typedef enum OutsideCoverage
{
	OUTSIDE_REVIEW, OUTSIDE_APPLY
} OutsideCoverage;

/* What a policy says in lists.  Each is described in policy.c: policy_lists. */
typedef enum PolicyList
{
	LIST_DAILY_LIMITS, LIST_CMT_BUNDLED, LIST_MASSAGE_CODES, LIST_NOT_COVERED,
	LIST_SPECIALTY_CODES, LIST_SUPERVISION_REQUIRED_OF, LIST_SUPERVISION_ASKED_OF,
	LIST_DX_NOT_NECESSARY, LIST_KX_THRESHOLD, LIST_REVIEW_THRESHOLD, LIST_COURSE_LIMITS, LIST_PERIODS_REQUIRED,
	LIST_SEVERITY,
	LIST_ASSISTANT_PERCENT, LIST_ASSISTANT_ALONE, LIST_ASSISTANT_SHARED, LIST_ASSISTANT_PAYMENT,
	N_POLICY_LISTS
} PolicyList;

#define NO_LIMIT			INT32_MAX

/* One payer's settings.  Each is described in policy.c: policy_settings. */
typedef struct Policy
{
	TextRef		name;
	int32_t		unit_rule;		/* UnitRule */
	int32_t		unit_rule_from; /* date from which it holds */
	int32_t		unit_rule_earlier;	/* UnitRule before that */
	int32_t		unit_minutes;	/* minutes of one unit */
	int32_t		unit_threshold; /* minutes from which a part counts as a unit */
	int32_t		mue;			/* are unit limits applied? */
	int32_t		cmt_massage;	/* CmtMassage */
	int32_t		cmt_bundled_from;	/* date, or DATE_END for never; also below */
	int32_t		cmt_extraspinal_modifier;	/* is one needed beside 98943? */
	int32_t		distinct_modifier;	/* DistinctModifier */
	int32_t		either_line_from;
	int32_t		outside_coverage;	/* OutsideCoverage */
	int32_t		therapy_modifier_from;
	int32_t		therapy_modifier_positions;
	int32_t		modifier_positions; /* modifiers that the payer reads */
	int32_t		one_line_from;
	int32_t		at_required_from;
	int32_t		specialty_required; /* is a line without one undecided? */
	int32_t		denial_modifier;	/* a modifier, or 0; also below */
	int32_t		denial_modifier_wanted; /* is the denial what is asked for? */
	int32_t		supervision_modifier;
	int32_t		dx_required;
	int32_t		referral_from;
	int32_t		units_scrutiny; /* a number, or NO_LIMIT; also below */
	int32_t		visits_scrutiny;
	int32_t		visits_limit;
	struct
	{
		uint32_t	first;		/* of SECTION_LISTS */
		uint32_t	count;
	}			lists[N_POLICY_LISTS];
} Policy;

typedef enum SettingKind
{
	SETTING_CHOICE,
	SETTING_NUMBER,
	SETTING_LIMIT,				/* a number; null for none */
	SETTING_DATE,				/* null for never */
	SETTING_SINCE,				/* a date; null for since ever */
	SETTING_MODIFIER			/* null for none */
} SettingKind;

typedef struct PolicySetting
{
	const char *key;
	SettingKind kind;
	size_t		offset;			/* in Policy, of an int32_t */
	const char *const *choices; /* of a choice, by value */
	int32_t		low;			/* of a number */
	int32_t		high;
} PolicySetting;

extern const PolicySetting policy_settings[];	/* ends with a NULL key */

typedef enum ListShape
{
	SHAPE_ITEMS,				/* ["item", ...] */
	SHAPE_NUMBERS,				/* {"item": number, ...} */
	SHAPE_SPECIALTIES			/* {"specialty": ["item", ...], ...} */
} ListShape;

typedef enum ListItem
{
	ITEM_CODE, ITEM_SPECIALTY, ITEM_DX, ITEM_YEAR, ITEM_RULE, ITEM_COURSE_LIMIT, ITEM_PERIOD
} ListItem;

/* What a policy limits over days, and what a user keeps periods of; named in policy.c. */
typedef enum CourseLimit
{
	COURSE_VISITS_YEAR, COURSE_UNITS_WEEK, COURSE_EPISODE_DAYS
} CourseLimit;

typedef enum PeriodKind
{
	PERIOD_CERTIFICATION, PERIOD_AUTHORIZATION
} PeriodKind;

extern const char *const course_limit_names[];	/* ends with NULL; also below */
extern const char *const period_kind_names[];

typedef struct PolicyListForm
{
	const char *key;
	ListShape	shape;
	ListItem	item;
} PolicyListForm;

extern const PolicyListForm policy_lists[N_POLICY_LISTS];

#endif							/* CLAIMLINE_POLICY_H */

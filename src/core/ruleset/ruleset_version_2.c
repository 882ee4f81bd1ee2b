/*
 * src/core/ruleset/ruleset_version_2.c
 *
 * What release 0.1.0 stored: a ruleset without the names of its rules, with the
 * settings and lists that its policy had.  Here it is written down once and for
 * all, whatever today's header, policy and list of rules are.  Numbers that
 * stand for words, such as classes and choices, are those of today: the lists
 * of these words only grow.
 */
#include "ruleset/ruleset_adopt.h"

#include <string.h>

/* Its rules, by their number. */
static const char *const old_rules[] = {
	"units-fraction", "units-minutes", "units-underbilled", "units-unknown", "units-split-lines", "time-overlap",
	"mue-line", "mue-day",
	"ptp", "ptp-bypassed",
	"cmt-region", "cmt-region-unknown", "cmt-level", "cmt-bundled", "cmt-modifier-required",
	"mod-unknown", "mod-repeated", "mod-conflict", "mod-requires", "mod-not-allowed", "mod-position",
	"mod-missing", "mod-unneeded", "mod-prefer", "mod-repeat-service",
	"duplicate",
	"specialty-not-covered", "specialty-code-limit", "supervision-modifier", "dx-missing", "dx-not-necessary",
	"referral-missing", "units-scrutiny", "visits-scrutiny", "visits-limit",
	"edition-coverage", "line-invalid"
};

static const char *const old_settings[] = {
	"unit_rule", "unit_rule_from", "unit_rule_earlier", "unit_minutes", "unit_threshold", "mue", "cmt_massage",
	"cmt_bundled_from", "cmt_extraspinal_modifier", "distinct_modifier", "either_line_from", "outside_coverage",
	"therapy_modifier_from", "therapy_modifier_positions", "modifier_positions", "one_line_from",
	"at_required_from", "specialty_required", "denial_modifier", "denial_modifier_wanted",
	"supervision_modifier", "dx_required", "referral_from", "units_scrutiny", "visits_scrutiny", "visits_limit"
};

static const char *const old_lists[] = {
	"daily_limits", "cmt_bundled", "massage_codes", "specialties_not_covered", "specialty_codes",
	"supervision_required_of", "supervision_asked_of", "dx_not_necessary", "kx_threshold", "severity"
};

/* Its sections, in their order. */
static const Section old_sections[] = {
	SECTION_CODES, SECTION_SLOTS, SECTION_MUE, SECTION_MODIFIER_INDEX, SECTION_MODIFIERS, SECTION_CONFLICTS,
	SECTION_REGIONS, SECTION_RULES, SECTION_DENIALS, SECTION_SPECIALTIES, SECTION_GAPS, SECTION_MUE_WHOLE,
	SECTION_LISTS, SECTION_TEXTS, SECTION_RATIONALES, SECTION_RATIONALE_TEXTS, SECTION_PAIRS
};

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

typedef struct OldRuleset
{
	int32_t		vl_len_;
	uint8_t		hash[16];
	uint32_t	version;
	uint32_t	size;
	uint32_t	pairs_sum[4];
	TextRef		policy;			/* its name */
	int32_t		settings[LENGTH(old_settings)];
	struct
	{
		uint32_t	first;
		uint32_t	count;
	}			lists[LENGTH(old_lists)];
	Edition		edition;
	struct
	{
		uint32_t	offset;
		uint32_t	count;
	}			sections[LENGTH(old_sections)];
} OldRuleset;

typedef struct OldRule
{
	TextRef		family;
	TextRef		title;
	TextRef		citation;
	uint32_t	severity;
} OldRule;

/* The rows of the other sections are those of today. */
_Static_assert(sizeof(OldRuleset) == 388 && sizeof(CodeRow) == 28 && sizeof(MueRow) == 16 &&
			   sizeof(ModifierRow) == 24 && sizeof(ConflictRow) == 12 && sizeof(RegionRow) == 12 &&
			   sizeof(DenialRow) == 32 && sizeof(SpecialtyRow) == 16 && sizeof(PeriodRow) == 8 &&
			   sizeof(ListRow) == 24 && sizeof(PairRow) == 8, "version 2 has other rows");

/* A text of the old ruleset, in the copy that starts `by` behind the new one. */
static TextRef
moved(TextRef text, uint32_t by)
{
	return text == 0 ? 0 : text + by;
}

/* Settings and lists are found by their keys; a setting that it lacks is the built-in one, a list is empty. */
static void
convert_policy(const OldRuleset *old, const Ruleset *built_in, uint32_t by, Policy *policy)
{
	size_t		i;
	int			s;

	*policy = built_in->policy;
	memset(policy->lists, 0, sizeof(policy->lists));
	policy->name = moved(old->policy, by);
	for (i = 0; i < LENGTH(old_settings); i++)
		for (s = 0; policy_settings[s].key != NULL; s++)
			if (strcmp(policy_settings[s].key, old_settings[i]) == 0)
				*(int32_t *) ((char *) policy + policy_settings[s].offset) = old->settings[i];
	for (i = 0; i < LENGTH(old_lists); i++)
	{
		PolicyList	list = policy_list_of((Word) {old_lists[i], strlen(old_lists[i]), 0});

		if (list == N_POLICY_LISTS)
			continue;
		policy->lists[list].first = old->lists[i].first;
		policy->lists[list].count = old->lists[i].count;
	}
}

/* What a rule reads of an edition was not said. */
static uint32_t
reads_of(const Ruleset *built_in, const char *rule)
{
	const RuleRow *rows = ruleset_rows(built_in, SECTION_RULES);
	int			i;

	for (i = 0; i < N_RULES; i++)
		if (strcmp(rule_names[i], rule) == 0)
			return rows[i].reads;
	return 0;
}

/* Rules with names, which lie behind them. */
static void
convert_rules(const OldRule *old, const Ruleset *built_in, uint32_t by, Ruleset *rules, uint32_t at)
{
	RuleRow    *rows = (RuleRow *) ((char *) rules + at);
	uint32_t	names = at + (uint32_t) (LENGTH(old_rules) * sizeof(RuleRow));
	size_t		i;

	rules->sections[SECTION_RULES].offset = at;
	rules->sections[SECTION_RULES].count = LENGTH(old_rules);
	for (i = 0; i < LENGTH(old_rules); i++)
	{
		rows[i].family = moved(old[i].family, by);
		rows[i].title = moved(old[i].title, by);
		rows[i].citation = moved(old[i].citation, by);
		rows[i].severity = old[i].severity;
		rows[i].name = names;
		rows[i].reads = reads_of(built_in, old_rules[i]);
		strcpy((char *) rules + names, old_rules[i]);
		names += (uint32_t) strlen(old_rules[i]) + 1;
	}
}

/* The texts that rows of other sections name. */
static void
convert_texts(Ruleset *rules, uint32_t by)
{
	DenialRow  *denials = (DenialRow *) ((char *) rules + rules->sections[SECTION_DENIALS].offset);
	TextRef    *rationales = (TextRef *) ((char *) rules + rules->sections[SECTION_RATIONALES].offset);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_DENIALS); i++)
	{
		denials[i].cause = moved(denials[i].cause, by);
		denials[i].carc = moved(denials[i].carc, by);
		denials[i].rarc = moved(denials[i].rarc, by);
	}
	for (i = 0; i < ruleset_count(rules, SECTION_RATIONALES); i++)
		rationales[i] = moved(rationales[i], by);
	rules->edition.name = moved(rules->edition.name, by);
	rules->edition.service_type = moved(rules->edition.service_type, by);
}

/* A header of today, the whole old ruleset, its rules and their names. */
const Ruleset *
ruleset_of_version_2(const Ruleset *stored, const Ruleset *built_in, Arena *arena)
{
	const OldRuleset *old = (const OldRuleset *) stored;
	uint32_t	by = sizeof(Ruleset);
	uint32_t	rows_at = by + (old->size + 3) / 4 * 4;
	size_t		size = rows_at + LENGTH(old_rules) * sizeof(RuleRow);
	Ruleset    *rules;
	size_t		i;

	for (i = 0; i < LENGTH(old_rules); i++)
		size += strlen(old_rules[i]) + 1;
	rules = arena_alloc(arena, size);
	memset(rules, 0, sizeof(Ruleset));
	memcpy((char *) rules + by, old, old->size);
	memcpy(rules->hash, old->hash, sizeof(rules->hash));
	memcpy(rules->pairs_sum, old->pairs_sum, sizeof(rules->pairs_sum));
	rules->version = RULESET_VERSION;
	rules->size = (uint32_t) size;
	rules->edition = old->edition;
	convert_policy(old, built_in, by, &rules->policy);
	for (i = 0; i < LENGTH(old_sections); i++)
	{
		rules->sections[old_sections[i]].offset = old->sections[i].offset + by;
		rules->sections[old_sections[i]].count = old->sections[i].count;
	}
	convert_rules((const OldRule *) ((const char *) old + old->sections[SECTION_RULES].offset), built_in, by, rules,
				  rows_at);
	convert_texts(rules, by);
	return rules;
}

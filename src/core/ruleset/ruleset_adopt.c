/*
 * src/core/ruleset/ruleset_adopt.c
 *
 * A ruleset that was stored by another list of rules: taken apart with the
 * numbers that its rules have today, and laid out anew.
 */
#include "ruleset/ruleset_adopt.h"

#include <string.h>

#include "ruleset/ruleset_spec.h"

/* Its rules, and the number that each has today. */
static bool
take_rules(RulesetSpec *spec, const Ruleset *stored, int32_t *numbers, Fault *why)
{
	const RuleRow *rows = ruleset_rows(stored, SECTION_RULES);
	uint32_t	i;

	for (i = 0; i < ruleset_count(stored, SECTION_RULES); i++)
	{
		const char *name = ruleset_text(stored, rows[i].name);
		Word		word = name == NULL ? (Word) {"", 0, 0} : (Word) {name, strlen(name), 0};

		if (!rule_field(word, &numbers[i], why))
			return fault(why, FAULT_MISSING, 0, "It has the rule \"%s\", which this version does not know",
						 WORD_SHOWN(word));
		spec_take_rule(spec, stored, &rows[i], (Rule) numbers[i]);
	}
	return true;
}

/* A rule's number there to the one of today. */
static bool
renumber(const Ruleset *stored, const int32_t *numbers, uint32_t *rule, Fault *why)
{
	uint32_t	n = ruleset_count(stored, SECTION_RULES);

	if (*rule >= n)
		return fault(why, FAULT_RANGE, 0, "It names the rule number %u of %u", *rule, n);
	*rule = (uint32_t) numbers[*rule];
	return true;
}

static bool
take_denials(RulesetSpec *spec, const Ruleset *stored, const int32_t *numbers, Fault *why)
{
	const DenialRow *rows = ruleset_rows(stored, SECTION_DENIALS);
	uint32_t	i;

	for (i = 0; i < ruleset_count(stored, SECTION_DENIALS); i++)
	{
		DenialRow	row = rows[i];

		if (!renumber(stored, numbers, &row.rule, why))
			return false;
		spec_take_denial(spec, stored, &row);
	}
	return true;
}

/* The policy; the items of a list may be rules. */
static bool
take_policy(RulesetSpec *spec, const Ruleset *stored, const int32_t *numbers, Fault *why)
{
	int			list;
	uint32_t	n,
				i;

	spec->policy = stored->policy;
	spec->policy.name = spec_take_text(spec, stored, stored->policy.name);
	spec->policy_set = UINT32_MAX;	/* in a ruleset, a policy is whole */
	for (list = 0; list < N_POLICY_LISTS; list++)
	{
		const ListRow *rows = policy_list(stored, (PolicyList) list, &n);

		for (i = 0; i < n; i++)
		{
			SpecList   *entry = spec_add_row(spec, &spec->lists, sizeof(SpecList));

			entry->list = (uint32_t) list;
			entry->row = rows[i];
			if (policy_lists[list].item == ITEM_RULE && !renumber(stored, numbers, &entry->row.item_low, why))
				return false;
		}
	}
	return true;
}

/* Ensure that the stored bytes are a ruleset, of a version that is known. */
static bool
check_stored(const Ruleset *stored, size_t size, Fault *why)
{
	if (stored->version != 2 && stored->version != RULESET_VERSION)
		return fault(why, stored->version > RULESET_VERSION ? FAULT_MISSING : FAULT_RANGE, 0,
					 "Its version is %u, must be 2 or %d", stored->version, RULESET_VERSION);
	return stored->size == size || fault(why, FAULT_RANGE, 0, "Its size is %zu, must be %u", size, stored->size);
}

Ruleset *
ruleset_adopt(const Ruleset *stored, size_t size, const Ruleset *built_in, Arena *arena,
			  void *(*get) (void *, size_t), void *context, Fault *why)
{
	RulesetSpec *spec = spec_begin(arena);
	bool		had[N_RULES];
	int32_t    *numbers;
	Ruleset    *rules;
	RuleRow    *rows;
	int			i;

	if (!check_stored(stored, size, why))
		return NULL;
	if (stored->version == 2)
		stored = ruleset_of_version_2(stored, built_in, arena);
	numbers = arena_alloc(arena, sizeof(int32_t) * ((size_t) ruleset_count(stored, SECTION_RULES) + 1));
	if (!take_rules(spec, stored, numbers, why) || !take_denials(spec, stored, numbers, why) ||
		!take_policy(spec, stored, numbers, why))
		return NULL;
	spec_load_tables(spec, stored, true);
	memcpy(had, spec->rule_set, sizeof(had));
	spec_fill_rules(spec, built_in);
	rules = spec_encode(spec, get, context, why);
	if (rules == NULL)
		return NULL;
	memcpy(rules->hash, stored->hash, sizeof(rules->hash));
	rows = (RuleRow *) ((char *) rules + rules->sections[SECTION_RULES].offset);
	for (i = 0; i < N_RULES; i++)
		if (!had[i])
			rows[i].name = 0;
	return rules;
}

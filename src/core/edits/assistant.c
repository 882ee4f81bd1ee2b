/*
 * src/core/edits/assistant.c
 *
 * Units that an assistant gave in whole or in part.
 */
#include "edits/assistant.h"

#include "edits/units.h"

/* The figure of the last year of a list up to that of the date; 0 where there is none. */
static uint32_t
figure_of_year(const Ruleset *rules, PolicyList list, int32_t dos)
{
	uint32_t	number = 0;
	uint32_t	n,
				i;
	const ListRow *rows = policy_list(rules, list, &n);

	for (i = 0; i < n; i++)
	{
		int32_t		from;

		if (dos == CLAIMLINE_NO_DOS || (date_of_calendar((int) rows[i].item_low, 1, 1, &from) && from <= dos))
			number = rows[i].number;
	}
	return number;
}

bool
assistant_rule_on(const Ruleset *rules, int32_t dos, AssistantRule *rule)
{
	const ListRow *first;
	uint32_t	n;
	int32_t		from;

	first = policy_list(rules, LIST_ASSISTANT_PERCENT, &n);
	if (n == 0 || (dos != CLAIMLINE_NO_DOS && date_of_calendar((int) first->item_low, 1, 1, &from) && dos < from))
		return false;
	rule->percent = figure_of_year(rules, LIST_ASSISTANT_PERCENT, dos);
	rule->alone = figure_of_year(rules, LIST_ASSISTANT_ALONE, dos);
	rule->shared = figure_of_year(rules, LIST_ASSISTANT_SHARED, dos);
	rule->payment = figure_of_year(rules, LIST_ASSISTANT_PAYMENT, dos);
	return true;
}

bool
assistant_in_part(const AssistantRule *rule, int64_t minutes, int64_t assistant)
{
	return assistant * 100 > minutes * (int64_t) rule->percent;
}

AssistedUnits
assisted_units(const Ruleset *rules, const AssistantRule *rule, int64_t units, int64_t therapist, int64_t assistant)
{
	int64_t		unit = rules->policy.unit_minutes;
	int64_t		own = assistant / unit;
	int64_t		left = units - own - therapist / unit;
	int64_t		minutes = therapist % unit + assistant % unit;
	bool		in_part = assistant_in_part(rule, minutes, assistant % unit);

	if (left <= 0)
		return (AssistedUnits) {own, own, LIST_ASSISTANT_PERCENT};
	if (left == 1)
	{
		if (in_part && rule->alone > 0 && therapist % unit >= rule->alone)
			return (AssistedUnits) {own, own, LIST_ASSISTANT_ALONE};
		return (AssistedUnits) {own + in_part, own + in_part, LIST_ASSISTANT_PERCENT};
	}
	/* two units of minutes that alone would be one, for they were the most that was left of any code: not said how they are divided */
	if (units_of_minutes(&rules->policy, minutes) < left)
		return (AssistedUnits) {own + in_part, own + (in_part ? left : 0), LIST_ASSISTANT_PERCENT};
	if (rule->shared > 0 && minutes >= rule->shared)
		return (AssistedUnits) {own + 1, own + 1, LIST_ASSISTANT_SHARED};
	return (AssistedUnits) {own + (in_part ? left : 0), own + (in_part ? left : 0), LIST_ASSISTANT_PERCENT};
}

/*
 * src/core/edits/units_supported.c
 *
 * The units that mostly are billed: those that the minutes support.
 */
#include "edits/units_supported.h"

#include "edits/facts.h"
#include "edits/units.h"

bool
line_is_supported(const Ruleset *rules, const Line *line)
{
	return line->minutes != CLAIMLINE_NO_MINUTES &&
		line->units == units_of_minutes(&rules->policy, line->minutes) * 1000 &&
		(line->units <= 1000 || ruleset_additional(rules, line->code) == 0);
}

bool
date_is_supported(const Day *day, const Ruleset *rules, int first, int end)
{
	const Policy *policy = &rules->policy;
	UnitRule	rule = unit_rule_on(policy, day->lines[first].line->dos);
	uint16_t	discipline = 0;
	int			unit = policy->unit_minutes;
	int			least_up = unit;	/* the smallest remainder billed as a unit, and the largest that is not */
	int			most_down = 0;
	int64_t		total = 0;
	int64_t		billed = 0;
	int			i;

	for (i = first; i < end; i++)
	{
		const DayLine *on = &day->lines[i];
		const Line *line = on->line;
		int			left = line->minutes % unit;
		uint32_t	whole = (uint32_t) (line->minutes / unit) * 1000;

		if (!(on->classes & CLASS_TIMED))
			continue;
		if (line->minutes == CLAIMLINE_NO_MINUTES || on->in_two_codes || on->denial != DENIAL_NONE || next_of_code(day, i) >= 0 ||
			(on->discipline != 0 && discipline != 0 && on->discipline != discipline) ||
			(line->units != whole && line->units != whole + 1000) ||
			(rule == UNIT_RULE_AMA && line->units != units_of_minutes(policy, line->minutes) * 1000))
			return false;
		if (on->discipline != 0)
			discipline = on->discipline;
		if (line->units > whole && left < least_up)
			least_up = left;
		if (line->units == whole && left > most_down)
			most_down = left;
		total += line->minutes;
		billed += line->units;
	}
	/* by cms the units of all minutes go to whole ones, then to the largest remainders */
	return rule == UNIT_RULE_AMA || (billed == units_of_minutes(policy, total) * 1000 && least_up > 0 && least_up >= most_down);
}

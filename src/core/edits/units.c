/*
 * src/core/edits/units.c
 *
 * Minutes to units of service.
 */
#include "edits/units.h"

#include <string.h>

#define MAX_UNIT_MINUTES 60		/* the largest policy.unit_minutes */

UnitRule
unit_rule_on(const Policy *policy, int32_t dos)
{
	return (UnitRule) (dos < policy->unit_rule_from ? policy->unit_rule_earlier : policy->unit_rule);
}

int64_t
units_of_minutes(const Policy *policy, int64_t minutes)
{
	if (minutes < policy->unit_threshold)
		return 0;
	return (minutes + policy->unit_minutes - policy->unit_threshold) / policy->unit_minutes;
}

/*
 * Give one more to the `extra` entries with the largest remainders.  Never
 * more than one each: with k remainders below a unit, their sum supports at
 * most k units.
 */
static void
give_by_remainder(const Policy *policy, int64_t extra, int n, const int64_t *minutes,
				  const int64_t *billed, int64_t *units)
{
	int			unit = policy->unit_minutes;
	int64_t		count[MAX_UNIT_MINUTES];
	int			cut = unit;
	int			pass,
				i;

	/* nearly always: the minutes of each are whole units */
	if (extra == 0)
		return;
	memset(count, 0, sizeof(count[0]) * (size_t) unit);
	for (i = 0; i < n; i++)
		count[minutes[i] % unit]++;

	/* everyone above the cut is served, at the cut only some are */
	while (cut > 1 && count[cut - 1] <= extra)
		extra -= count[--cut];
	cut--;
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < n; i++)
		{
			bool		wants = billed != NULL && billed[i] > minutes[i] / unit * 1000;

			if (pass == 0 && minutes[i] % unit > cut)
				units[i]++;
			else if (minutes[i] % unit == cut && cut > 0 && extra > 0 && wants == (pass == 0))
			{
				units[i]++;
				extra--;
			}
		}
}

void
units_allocate(const Policy *policy, UnitRule rule, int n, const int64_t *minutes,
			   const int64_t *billed, int64_t *allowed)
{
	int64_t		total = 0;
	int64_t		blocks = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		total += minutes[i];
		allowed[i] = minutes[i] / policy->unit_minutes;
		blocks += allowed[i];
		if (rule == UNIT_RULE_AMA)
			allowed[i] = units_of_minutes(policy, minutes[i]);
	}
	if (rule == UNIT_RULE_CMS)
		give_by_remainder(policy, units_of_minutes(policy, total) - blocks, n, minutes, billed, allowed);
}

void
units_share(const Policy *policy, int64_t units, int n, const int64_t *minutes, int64_t *share)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		share[i] = minutes[i] / policy->unit_minutes;
		units -= share[i];
	}
	give_by_remainder(policy, units, n, minutes, NULL, share);
}

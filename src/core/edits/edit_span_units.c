/*
 * src/core/edits/edit_span_units.c
 *
 * Timed units of a line of several dates.  Its minutes are those of all its
 * dates together, and units are counted date by date: what the minutes support
 * depends on how they are divided.  Only what no division supports is denied.
 */
#include "edits/edits.h"

#include "edits/facts.h"
#include "edits/units.h"

/* Units that minutes on some dates support, by any division of them. */
typedef struct Supported
{
	int64_t		least;
	int64_t		most;
} Supported;

/*
 * Most: as many dates as can have a first unit, then whole units on top.  Least:
 * each date has minutes that are no unit yet, then each unit takes as many as
 * it can.  Beside other timed services, whose minutes are pooled with it by the
 * cms rule, one minute of a date may make its unit, and many may make none.
 */
static Supported
supported(const Policy *policy, int64_t minutes, int64_t dates, bool pooled)
{
	int64_t		first = pooled ? 1 : policy->unit_threshold;
	int64_t		dates_with_unit = minutes / first < dates ? minutes / first : dates;
	int64_t		idle = pooled ? policy->unit_minutes - 1 : policy->unit_threshold - 1;
	int64_t		beyond = minutes - idle * dates;

	return (Supported) {
		beyond <= 0 ? 0 : (beyond + policy->unit_minutes - 1) / policy->unit_minutes,
		dates_with_unit + (minutes - dates_with_unit * first) / policy->unit_minutes
	};
}

/* Is another timed line, whose minutes count together with it, of one of its dates? */
static bool
is_pooled(const Day *day, const Ruleset *rules, int i)
{
	const Line *line = day->lines[i].line;
	bool		any_code = unit_rule_on(&rules->policy, line->dos) == UNIT_RULE_CMS;
	int			j;

	for (j = 0; j < day->n_valid; j++)
	{
		const Line *other = day->lines[j].line;

		if (j != i && (any_code || other->code == line->code) && (day->lines[j].classes & CLASS_TIMED) && other->minutes != 0 && day->lines[j].denial == day->lines[i].denial &&
			(line_is_of(line, other->dos) || line_is_of(other, line->dos)))
			return true;
	}
	return false;
}

static void
judge_span(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	int			dates = line_days(line);
	Supported	units = {0, 0};
	Finding    *finding;
	Rule		rule = RULE_UNITS_UNKNOWN;
	char		code[CODE_TEXT],
				billed[UNITS_TEXT];

	if (line->units == 0)
		return;
	if (line->minutes != CLAIMLINE_NO_MINUTES)
	{
		units = supported(&rules->policy, line->minutes, dates, is_pooled(day, rules, i));
		if (line->units > units.most * 1000)
			rule = RULE_UNITS_MINUTES;
		else if (line->units < units.least * 1000)
			rule = RULE_UNITS_UNDERBILLED;
		else if (units.least == units.most)
			return;
	}
	finding = finding_add(sink, rule, i, -1);
	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	units_to_text(line->units, billed);
	if (line->minutes == CLAIMLINE_NO_MINUTES)
		finding_say(sink, finding, "%s x%s without its minutes", code, billed);
	else if (rule == RULE_UNITS_UNKNOWN)
		finding_say(sink, finding,
					"%s x%s for %d minutes on %d dates: how many minutes were on each is not on the line; x%lld to x%lld can be supported",
					code, billed, line->minutes, dates, (long long) units.least, (long long) units.most);
	else
		finding_say(sink, finding, "%s x%s billed for %d minutes on %d dates, %s x%lld supported however they are divided",
					code, billed, line->minutes, dates, rule == RULE_UNITS_MINUTES ? "at most" : "at least",
					(long long) (rule == RULE_UNITS_MINUTES ? units.most : units.least));
}

void
edit_span_units(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			i;

	for (i = 0; i < day->n_valid && day->has_spans; i++)
		if ((day->lines[i].classes & CLASS_TIMED) && is_span(day->lines[i].line))
			judge_span(day, rules, sink, i);
}

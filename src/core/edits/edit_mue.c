/*
 * src/core/edits/edit_mue.c
 *
 * Limits of units of service: the policy's own limit of the code a day, else
 * its medically unlikely edit, line by line (MAI 1) or over the provider-day
 * (MAI 2 and 3).  NCCI Policy Manual ch. I s. V.
 */
#include "edits/edits.h"

#include "edits/facts.h"

/* What limits the units of a code on a date. */
typedef struct Limit
{
	uint32_t	units;			/* whole units */
	const MueRow *mue;			/* NULL for the policy's own */
} Limit;

static bool
find_limit(const Ruleset *rules, const DayLine *line, Limit *limit)
{
	limit->mue = NULL;
	if (policy_number(rules, LIST_DAILY_LIMITS, line->line->code, &limit->units))
		return true;
	if (!rules->policy.mue || line->mue == NULL)
		return false;
	limit->mue = line->mue;
	limit->units = limit->mue->units;
	return true;
}

/* Why a code has a limit of 0: the cause of its denial codes, and in words. */
static const struct
{
	uint32_t	class;
	const char *cause;
	const char *words;
}			unpaid[] = {
	{CLASS_EXCLUDED, "excluded", "it is not covered by statute, and the patient is liable"},
	{CLASS_INVALID, "invalid", "it is not valid for Medicare, which takes another code for the service"},
	{CLASS_BUNDLED, "bundled", "it is never paid by itself but with other services"},
	{CLASS_FACILITY, "facility", "it is for facilities to bill"},
	{0, NULL, "the ruleset does not say why"}
};

/* A code that is not payable in any number: that is no matter of units. */
static void
say_unpaid(FindingSink *sink, Rule rule, int i)
{
	const DayLine *on = &sink->day->lines[i];
	Finding    *finding;
	char		code[CODE_TEXT];
	int			why = 0;

	while (unpaid[why].class != 0 && !(on->classes & unpaid[why].class))
		why++;
	finding = finding_add_as(sink, rule, rule_severity(sink->rules, rule), unpaid[why].cause, i, -1);
	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s is not payable, its medically unlikely edit is 0: %s",
				code_to_text(on->line->code, code), unpaid[why].words);
	if (unpaid[why].cause == NULL)
		finding->carc = finding->rarc = NULL;
}

static void
say_limit(FindingSink *sink, Finding *finding, const Line *line, int64_t billed,
		  const Limit *limit, int n_lines)
{
	const MueRow *mue = limit->mue;
	char		code[CODE_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s x%s %s (%d %s), %s%s",
				code_to_text(line->code, code), total_text(sink->arena, billed),
				mue != NULL && mue->mai == 1 ? "on this line" : "on this date of service",
				n_lines, n_lines == 1 ? "line" : "lines",
				mue != NULL ? arena_printf(sink->arena, "the medically unlikely edit is %u (MAI %u)", mue->units, mue->mai)
				: arena_printf(sink->arena, "policy %s allows %u a day",
							   ruleset_text(sink->rules, sink->rules->policy.name), limit->units),
				mue != NULL && mue->mai == 1 ? ": all units of the line are denied"
				: ": all units of the code on that date are denied");
}

void
edit_mue(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	if (!rules->policy.mue && policy_list_empty(rules, LIST_DAILY_LIMITS))
		return;
	for (first = 0; first < day->n_valid; first = end)
	{
		Limit		limit;
		int64_t		most;
		int64_t		billed = 0;
		int			n_lines = 0;
		bool		by_line;

		end = code_end(day, first);
		if (!find_limit(rules, &day->lines[first], &limit))
			continue;
		most = (int64_t) limit.units * 1000;
		by_line = limit.mue != NULL && limit.mue->mai == 1;
		for (i = first; i < end; i++)
		{
			int64_t		units = is_payable(&day->lines[i]) ? day->lines[i].line->units : 0;

			billed += units;
			n_lines += units > 0;
			if (by_line && units > most && most == 0)
				say_unpaid(sink, RULE_MUE_LINE, i);
			else if (by_line && units > most)
				say_limit(sink, finding_add(sink, RULE_MUE_LINE, i, -1),
						  day->lines[i].line, units, &limit, 1);
		}
		if (by_line || billed <= most)
			continue;
		for (i = first; i < end; i++)
			if (is_payable(&day->lines[i]) && most == 0 && limit.mue != NULL)
				say_unpaid(sink, RULE_MUE_DAY, i);
			else if (is_payable(&day->lines[i]))
				say_limit(sink, finding_add_as(sink, RULE_MUE_DAY, rule_severity(rules, RULE_MUE_DAY),
											   limit.mue == NULL ? CAUSE_POLICY : NULL, i, -1),
						  day->lines[i].line, billed, &limit, n_lines);
	}
}

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

/*
 * Units of a line on each of its dates: of several dates, divided by their number
 * and rounded to the nearest whole number (NCCI Policy Manual ch. I s. V).
 */
static int64_t
units_a_date(const Line *line)
{
	int64_t		dates = line_days(line);

	return dates == 1 ? line->units : ((int64_t) line->units + 500 * dates) / (1000 * dates) * 1000;
}

/* The units of a code that count against its limit on one date: how many, and on how many lines. */
typedef struct DateUnits
{
	int64_t		units;
	int			n_lines;
} DateUnits;

/* "97124 x40 from 2024-08-05 to 2024-08-09 is x8 a day", of a line of several dates; else "97124 x9" */
static const char *
billed_text(FindingSink *sink, const Line *line, int64_t billed)
{
	char		code[CODE_TEXT],
				units[UNITS_TEXT],
				from[DATE_TEXT],
				to[DATE_TEXT];

	if (!is_span(line))
		return arena_printf(sink->arena, "%s x%s", code_to_text(line->code, code), total_text(sink->arena, billed));
	return arena_printf(sink->arena, "%s x%s from %s to %s is x%s a day, rounded; x%s", code_to_text(line->code, code),
						units_to_text(line->units, units), date_to_text(line->dos, from),
						date_to_text(line_last_date(line), to), total_text(sink->arena, units_a_date(line)),
						total_text(sink->arena, billed));
}

static void
say_limit(FindingSink *sink, Finding *finding, const Line *line, const DateUnits *billed, const Limit *limit)
{
	const MueRow *mue = limit->mue;
	bool		by_line = mue != NULL && mue->mai == 1;

	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s %s (%d %s), %s%s",
				billed_text(sink, line, billed->units),
				by_line ? "on this line" : is_span(line) ? "on one date of service" : "on this date of service",
				billed->n_lines, billed->n_lines == 1 ? "line" : "lines",
				mue != NULL ? arena_printf(sink->arena, "the medically unlikely edit is %u (MAI %u)", mue->units, mue->mai)
				: arena_printf(sink->arena, "policy %s allows %u a day",
							   ruleset_text(sink->rules, sink->rules->policy.name), limit->units),
				by_line ? ": all units of the line are denied" : ": all units of the code on that date are denied");
}

/* A line whose units are above the limit. */
static void
deny_line(FindingSink *sink, int i, const DateUnits *billed, const Limit *limit)
{
	bool		by_line = limit->mue != NULL && limit->mue->mai == 1;
	Rule		rule = by_line ? RULE_MUE_LINE : RULE_MUE_DAY;

	if (limit->mue != NULL && limit->units == 0)
		say_unpaid(sink, rule, i);
	else
		say_limit(sink, finding_add_as(sink, rule, rule_severity(sink->rules, rule), limit->mue == NULL ? CAUSE_POLICY : NULL, i, -1),
				  sink->day->lines[i].line, billed, limit);
}

/* The lines of a code on one date, none of several dates. */
static void
judge_date(const Day *day, FindingSink *sink, int first, int end, const Limit *limit)
{
	int64_t		most = (int64_t) limit->units * 1000;
	bool		by_line = limit->mue != NULL && limit->mue->mai == 1;
	DateUnits	billed = {0, 0};
	int			i;

	for (i = first; i < end; i++)
	{
		DateUnits	own = {is_payable(&day->lines[i]) ? day->lines[i].line->units : 0, 1};

		billed.units += own.units;
		billed.n_lines += own.units > 0;
		if (by_line && own.units > most)
			deny_line(sink, i, &own, limit);
	}
	if (by_line || billed.units <= most)
		return;
	for (i = first; i < end; i++)
		if (is_payable(&day->lines[i]))
			deny_line(sink, i, &billed, limit);
}

/* The units of a code on a date, of all lines that are of it. */
static DateUnits
units_on(const Day *day, uint32_t code, int32_t date)
{
	DateUnits	billed = {0, 0};
	int			i;

	for (i = 0; i < day->n_valid; i++)
	{
		const DayLine *line = &day->lines[i];
		int64_t		units = line->line->code == code && line_is_of(line->line, date) && is_payable(line) ? units_a_date(line->line) : 0;

		billed.units += units;
		billed.n_lines += units > 0;
	}
	return billed;
}

/*
 * A day with lines of several dates: each line by the date of its own on which most
 * units of its code are billed.  More than on the first date of one of the lines are
 * on none.
 */
static void
judge_dates(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			i,
				j;

	for (i = 0; i < day->n_valid; i++)
	{
		const Line *line = day->lines[i].line;
		DateUnits	most = {units_a_date(line), 1};
		Limit		limit;

		sink_pause(sink);
		if (!is_payable(&day->lines[i]) || !find_limit(rules, &day->lines[i], &limit))
			continue;
		for (j = 0; j < day->n_valid && !(limit.mue != NULL && limit.mue->mai == 1); j++)
			if (day->lines[j].line->code == line->code && line_is_of(line, day->lines[j].line->dos))
			{
				DateUnits	billed = units_on(day, line->code, day->lines[j].line->dos);

				if (billed.units > most.units)
					most = billed;
			}
		/* one that is less than half a unit a day has no part in it, but for what is not payable in any number */
		if (limit.units == 0 || (units_a_date(line) > 0 && most.units > (int64_t) limit.units * 1000))
			deny_line(sink, i, &most, &limit);
	}
}

void
edit_mue(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first;

	if (!rules->policy.mue && policy_list_empty(rules, LIST_DAILY_LIMITS))
		return;
	if (day->has_spans)
	{
		judge_dates(day, rules, sink);
		return;
	}
	for (first = 0; first < day->n_valid; first = code_end(day, first))
	{
		Limit		limit;

		if (find_limit(rules, &day->lines[first], &limit))
			judge_date(day, sink, first, code_end(day, first), &limit);
	}
}

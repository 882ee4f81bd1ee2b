/*
 * src/core/edits/edit_mue.c
 *
 * Limits of units of service: the policy's own limit of the code a day, else
 * its medically unlikely edit, line by line (MAI 1) or over the provider-day
 * (MAI 2 and 3).  NCCI Policy Manual ch. I s. V.
 */
#include "edits/edits.h"

#include "edits/date_units.h"
#include "edits/facts.h"
#include "edits/suggest.h"

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
	if (!policy_list_empty(rules, LIST_DAILY_LIMITS) && policy_number(rules, LIST_DAILY_LIMITS, line->line->code, &limit->units))
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
	FINDING_FACTS(sink, finding, FACT(CODE, on->line->code), FACT(LIMIT, 0), FACT_TEXT(CAUSE, unpaid[why].cause));
	if (unpaid[why].cause == NULL)
		finding->carc = finding->rarc = NULL;
	if (unpaid[why].class == CLASS_INVALID && (sink->wants & WANT_SUGGESTION))
		suggest_code(sink->day, sink->rules, sink->arena, i, &finding->change, &finding->condition);
}

/* What the limit is, and what follows. */
static void
say_limit(FindingSink *sink, Finding *finding, const DateUnits *units, const Limit *limit)
{
	const MueRow *mue = limit->mue;
	const char *billed = units == NULL ? line_units_text(sink, finding->line) : date_units_text(sink, finding->line, units);
	int			n_lines = units == NULL ? 1 : units->n_lines;

	finding_say(sink, finding, "%s (%d %s), %s%s", billed, n_lines, n_lines == 1 ? "line" : "lines",
				mue != NULL ? arena_printf(sink->arena, "the medically unlikely edit is %u (MAI %u)", mue->units, mue->mai)
				: arena_printf(sink->arena, "policy %s allows %u a day",
							   ruleset_text(sink->rules, sink->rules->policy.name), limit->units),
				mue != NULL && mue->mai == 1 ? ": all units of the line are denied"
				: ": all units of the code on that date are denied");
	add_date_units(sink, finding, units);
	FINDING_FACTS(sink, finding, FACT(LINES, n_lines), FACT(LIMIT, limit->units), FACT(MAI, mue != NULL ? mue->mai : FACT_NONE));
	if (mue == NULL)
		FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, ruleset_text(sink->rules, sink->rules->policy.name)), FACT_TEXT(KEY, "daily_limits"));
}

/* A line whose units are above the limit: by themselves, or with others on a date. */
static void
deny_line(FindingSink *sink, int i, const DateUnits *billed, const Limit *limit)
{
	Rule		rule = billed == NULL ? RULE_MUE_LINE : RULE_MUE_DAY;
	Finding    *finding;

	if (limit->mue != NULL && limit->units == 0)
	{
		say_unpaid(sink, rule, i);
		return;
	}
	finding = finding_add_as(sink, rule, rule_severity(sink->rules, rule), limit->mue == NULL ? CAUSE_POLICY : NULL, i, -1);
	if (finding != NULL)
		say_limit(sink, finding, billed, limit);
}

/* Is the number of a line's units on a date above the limit?  What is not payable in any number is, if it is less than half a unit a day. */
static bool
is_above(const DayLine *line, int64_t units, const Limit *limit)
{
	return is_payable(line) && (limit->units == 0 || (units_a_date(line) > 0 && units > (int64_t) limit->units * 1000));
}

/* What limits a line, for those that are not above it: `rule` is that of a line or of a day. */
static void
note_limit(FindingSink *sink, Rule rule, int i, int64_t units, const Limit *limit)
{
	const DayLine *line = &sink->day->lines[i];
	bool		by_line = rule == RULE_MUE_LINE;
	const Fact	facts[] = {
		FACT(CODE, line->line->code), FACT(BILLED, units), FACT(LIMIT, limit->units), FACT(MAI, limit->mue == NULL ? FACT_NONE : limit->mue->mai),
		FACT_TEXT(POLICY, ruleset_text(sink->rules, sink->rules->policy.name)), FACT_TEXT(KEY, "daily_limits")
	};

	if (sink->notes == NULL)
		return;
	note_add(sink->notes, by_line ? RULE_MUE_DAY : RULE_MUE_LINE, i, by_line ? REASON_LIMIT_OF_LINE : REASON_LIMIT_OF_DAY, NULL, 0);
	/* the policy's own limit is no row of the edition */
	note_add(sink->notes, rule, i, is_payable(line) ? REASON_WITHIN_LIMIT : REASON_NOT_PAYABLE, facts, limit->mue == NULL ? 6 : 4);
}

/* The lines of a code of one date. */
static void
judge_date(const Day *day, FindingSink *sink, int first, const Limit *limit)
{
	DateUnits	billed = {day->lines[first].line->dos, first, 0, 0};
	int			i;

	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		int64_t		units = units_a_date(&day->lines[i]);

		billed.units += units;
		billed.n_lines += units > 0;
	}
	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		note_limit(sink, RULE_MUE_DAY, i, billed.units, limit);
		if (is_above(&day->lines[i], billed.units, limit))
			deny_line(sink, i, &billed, limit);
	}
}

/*
 * The lines of a code of a group, some of several dates: each by the first of its dates on which the units of the code are
 * above the limit of the date.
 */
static void
judge_dates(const Day *day, const Ruleset *rules, FindingSink *sink, int first)
{
	int			n;
	DateUnits  *billed = code_date_units(day, sink->arena, first, &n);
	int			i,
				d;

	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		sink_pause(sink);
		for (d = 0; d < n; d++)
		{
			Limit		limit;

			if (!line_is_of(day->lines[i].line, billed[d].date) || !find_limit(rules, &day->lines[billed[d].line], &limit))
				continue;
			note_limit(sink, RULE_MUE_DAY, i, billed[d].units, &limit);
			if (is_above(&day->lines[i], billed[d].units, &limit))
			{
				deny_line(sink, i, &billed[d], &limit);
				break;
			}
		}
	}
}

/* Each line by itself. */
static void
judge_lines(const Day *day, const Ruleset *rules, FindingSink *sink, int first)
{
	int			i;

	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		Limit		limit;

		if (!find_limit(rules, &day->lines[i], &limit))
			continue;
		note_limit(sink, RULE_MUE_LINE, i, units_a_date(&day->lines[i]), &limit);
		if (is_above(&day->lines[i], units_a_date(&day->lines[i]), &limit))
			deny_line(sink, i, NULL, &limit);
	}
}

/* Is the line the only one of its code, and not above its limit?  Asked first, as it mostly is so. */
static bool
is_within(const Day *day, const Ruleset *rules, int i)
{
	const DayLine *line = &day->lines[i];

	return next_of_code(day, i) < 0 && policy_list_empty(rules, LIST_DAILY_LIMITS) &&
		(line->mue == NULL || (line->mue->units > 0 && line->line->units <= (uint64_t) line->mue->units * 1000));
}

void
edit_mue(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first;

	if (!rules->policy.mue && policy_list_empty(rules, LIST_DAILY_LIMITS))
	{
		NOTE_ALL(sink, MUE_LINE, MUE_DAY, POLICY_OFF);
		return;
	}
	NOTE_ALL(sink, MUE_LINE, MUE_DAY, NO_LIMIT);
	for (first = 0; first < day->n_valid; first = next_code(day, first))
	{
		Limit		limit;

		if (!day->has_spans && sink->notes == NULL && is_within(day, rules, first))
			continue;
		if (!find_limit(rules, &day->lines[first], &limit) && !day->has_spans)
			continue;
		if (limit.mue != NULL && limit.mue->mai == 1)
			judge_lines(day, rules, sink, first);
		else if (day->has_spans)
			judge_dates(day, rules, sink, first);
		else
			judge_date(day, sink, first, &limit);
	}
}

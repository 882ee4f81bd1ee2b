/*
 * src/core/edits/edit_split.c
 *
 * How units stand on lines: whole numbers (NCCI Policy Manual ch. I), and those
 * of a timed code on one line (First Coast Service Options 2021-04-19).
 */
#include "edits/edits.h"

#include "edits/facts.h"

static void
note_whole(FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;

	if (sink->day->lines[i].code == NULL)
		NOTE_FACTS(sink, UNITS_FRACTION, i, CODE_UNKNOWN, FACT(CODE, line->code));
	else
		NOTE_FACTS(sink, UNITS_FRACTION, i, WHOLE_UNITS, FACT(CODE, line->code), FACT(BILLED, line->units));
}

static void
judge_fraction(const Day *day, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	char		code[CODE_TEXT],
				units[UNITS_TEXT];
	Finding    *finding;

	if (day->lines[i].code == NULL || line->units % 1000 == 0)
	{
		if (sink->notes != NULL)
			note_whole(sink, i);
		return;
	}
	if ((finding = finding_add(sink, RULE_UNITS_FRACTION, i, -1)) == NULL)
		return;
	finding_say(sink, finding, "%s x%s: its units are whole numbers",
				code_to_text(line->code, code), units_to_text(line->units, units));
	FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(BILLED, line->units));
}

/* Do two lines of a code belong on one?  Not if assistant, discipline or liability tell them apart. */
static bool
one_line(const Ruleset *rules, const Line *a, const Line *b)
{
	uint16_t	discipline_a = line_modifier_of_kind(rules, a, KIND_DISCIPLINE);
	uint16_t	discipline_b = line_modifier_of_kind(rules, b, KIND_DISCIPLINE);

	return (discipline_a == discipline_b || discipline_a == 0 || discipline_b == 0) &&
		line_modifier_of_kind(rules, a, KIND_ASSISTANT) == line_modifier_of_kind(rules, b, KIND_ASSISTANT) &&
		line_modifier_of_kind(rules, a, KIND_LIABILITY) == line_modifier_of_kind(rules, b, KIND_LIABILITY);
}

/* A timed code on several lines. */
static void
judge_split_lines(const Day *day, const Ruleset *rules, FindingSink *sink, int first)
{
	int			i,
				other;

	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		const DayLine *line = &day->lines[i];
		char		code[CODE_TEXT],
					from[DATE_TEXT];
		Finding    *finding;

		if (line->line->units == 0 || !applies_from(rules->policy.one_line_from, line->line->dos))
		{
			if (line->line->units == 0)
				NOTE(sink, UNITS_SPLIT_LINES, i, NO_UNITS);
			else
				NOTE_FACTS(sink, UNITS_SPLIT_LINES, i, NOT_IN_FORCE, FACT_TEXT(KEY, "one_line_from"), FACT(RULE_FROM, rules->policy.one_line_from));
			continue;
		}
		sink_pause(sink);
		/* what is of several dates is one line a date, or not: nobody can tell */
		for (other = first; other >= 0; other = next_of_code(day, other))
			if (other != i && lines_meet(day, i, other) == MEET_SURELY && is_billed(&day->lines[other]) &&
				one_line(rules, line->line, day->lines[other].line))
				break;
		if (other < 0)
		{
			NOTE_FACTS(sink, UNITS_SPLIT_LINES, i, LINES_DIFFER, FACT(CODE, line->line->code), FACT_TEXT(KEY, "one_line_from"),
					   FACT(RULE_FROM, rules->policy.one_line_from));
			continue;
		}
		if ((finding = finding_add(sink, RULE_UNITS_SPLIT_LINES, i, other)) == NULL)
			continue;
		finding_say(sink, finding,
					"%s is on this line and on %s: from %s a timed code goes on one line per date of service",
					code_to_text(line->line->code, code), line_label(sink, other),
					date_to_text(rules->policy.one_line_from, from));
		FINDING_FACTS(sink, finding, FACT(CODE, line->line->code), FACT(WITH_CODE, line->line->code), FACT_TEXT(KEY, "one_line_from"),
					  FACT(RULE_FROM, rules->policy.one_line_from));
	}
}

void
edit_split(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				i;

	for (i = 0; i < day->n_valid; i++)
		judge_fraction(day, sink, i);
	NOTE_ALL(sink, UNITS_SPLIT_LINES, UNITS_SPLIT_LINES, NOT_TIMED);
	for (first = 0; first < day->n_valid; first = next_code(day, first))
	{
		if (next_of_code(day, first) < 0)
		{
			if (sink->notes != NULL && (day->lines[first].classes & CLASS_TIMED))
				NOTE(sink, UNITS_SPLIT_LINES, first, ONLY_LINE);
		}
		else if (day->lines[first].classes & CLASS_TIMED)
			judge_split_lines(day, rules, sink, first);
	}
}

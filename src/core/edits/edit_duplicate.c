/*
 * src/core/edits/edit_duplicate.c
 *
 * The same service billed twice: same code, modifiers and units on one date of
 * service (CARC 18).
 */
#include "edits/edits.h"

#include "day/day_net.h"
#include "edits/facts.h"

/* Every modifier of a is on b. */
static bool
modifiers_within(const Line *a, const Line *b)
{
	int			i;

	for (i = 0; i < line_n_modifiers(a); i++)
		if (!line_has_modifier(b, line_modifier_at(a, i)))
			return false;
	return true;
}

/* Both lines point to diagnoses, and not to the same. */
static bool
dx_known_to_differ(const Line *a, const Line *b)
{
	int			i;

	if (line_n_dx(a) == 0 || line_n_dx(b) == 0)
		return false;
	if (line_n_dx(a) != line_n_dx(b))
		return true;
	for (i = 0; i < line_n_dx(a); i++)
		if (line_dx_at(a, i) != line_dx_at(b, i))
			return true;
	return false;
}

/* Both values known, and different. */
static bool
known_to_differ(int32_t a, int32_t b, int32_t unknown)
{
	return a != unknown && b != unknown && a != b;
}

static bool
same_dates(const Line *a, const Line *b)
{
	return a->dos == b->dos && line_days(a) == line_days(b);
}

static bool
duplicates(const Line *a, const Line *b)
{
	return same_dates(a, b) && a->units == b->units && modifiers_within(a, b) && modifiers_within(b, a) &&
		!known_to_differ(a->start, b->start, CLAIMLINE_NO_START);
}

/* Nothing on the two lines tells them apart. */
static bool
exact_duplicates(const Line *a, const Line *b)
{
	return duplicates(a, b) && !dx_known_to_differ(a, b) &&
		!known_to_differ(a->minutes, b->minutes, CLAIMLINE_NO_MINUTES) &&
		!known_to_differ(line_stated_regions(a), line_stated_regions(b), 0);
}

/* May they be billed twice for a date that they share: as many units, or as many a date? */
static bool
may_be_twice(const Line *a, const Line *b)
{
	return (line_is_of(a, b->dos) || line_is_of(b, a->dos)) && modifiers_within(a, b) && modifiers_within(b, a) &&
		(a->units == b->units || (uint64_t) a->units * line_days(b) == (uint64_t) b->units * line_days(a));
}

/* One line in several rows that hold a modifier each; the first other such row, or -1. */
static int
find_other_row(const Day *day, int first, int i)
{
	const DayLine *on = &day->lines[i];
	int			other;

	for (other = first; other >= 0 && line_n_modifiers(on->line) == 1; other = next_of_code(day, other))
		if (other != i && same_dates(on->line, day->lines[other].line) && same_claim_line(on, &day->lines[other]) &&
			line_n_modifiers(day->lines[other].line) == 1 && on->line->units == day->lines[other].line->units &&
			line_modifier_at(on->line, 0) != line_modifier_at(day->lines[other].line, 0))
			return other;
	return -1;
}

/* What makes a duplicate of an earlier line: billed twice, or loaded twice. */
static void
say_duplicate(FindingSink *sink, Finding *finding, int i, int earlier, const char *but)
{
	const Line *line = sink->day->lines[i].line;
	bool		is_row = same_claim_line(&sink->day->lines[i], &sink->day->lines[earlier]);
	char		units[UNITS_TEXT];

	if (is_row)
		finding_say(sink, finding, "the row of %s is there twice: loaded twice, or two lines under one number%s",
					line_label(sink, i), but);
	else
		finding_say(sink, finding, "same code, modifiers and units (x%s) as %s%s",
					units_to_text(line->units, units), line_label(sink, earlier), but);
	FINDING_FACTS(sink, finding, FACT(CODE, is_row ? line->code : 0), FACT(TIMES, is_row ? 2 : FACT_NONE),
				  FACT(WITH_CODE, is_row ? 0 : line->code), FACT(BILLED, is_row ? FACT_NONE : line->units));
}

/* Two rows of a line, with a modifier each. */
static void
say_row_a_modifier(FindingSink *sink, int i, int other)
{
	Finding    *finding = finding_add_as(sink, RULE_DUPLICATE, SEVERITY_REVIEW, NULL, i, other);
	char		a[MODIFIER_TEXT],
				b[MODIFIER_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s is in several rows, one with modifier %s and one with %s: a row a modifier, which belong on one line",
				line_label(sink, i), modifier_to_text(line_modifier_at(sink->day->lines[i].line, 0), a),
				modifier_to_text(line_modifier_at(sink->day->lines[other].line, 0), b));
	FINDING_FACTS(sink, finding, FACT(CODE, sink->day->lines[i].line->code), FACT(MODIFIER, line_modifier_at(sink->day->lines[i].line, 0)),
				  FACT(OTHER_MODIFIER, line_modifier_at(sink->day->lines[other].line, 0)));
}

/* The first earlier line of the code that it duplicates, or -1. */
static int
find_earlier(const Day *day, int first, int i, bool (*same) (const Line *, const Line *))
{
	int			earlier;

	for (earlier = first; earlier < i; earlier = next_of_code(day, earlier))
		if (same(day->lines[earlier].line, day->lines[i].line))
			return earlier;
	return -1;
}

/* What is billed for other dates, of which it has some, and may be of those twice. */
static void
say_overlap(const Day *day, FindingSink *sink, int first, int i)
{
	int			earlier;
	Finding    *finding;

	for (earlier = first; earlier < i; earlier = next_of_code(day, earlier))
		if (!(day->lines[earlier].kinds & KIND_REPEAT) && is_billed(&day->lines[earlier]) &&
			may_be_twice(day->lines[earlier].line, day->lines[i].line))
			break;
	if (earlier == i || (finding = finding_add_as(sink, RULE_DUPLICATE, SEVERITY_REVIEW, NULL, i, earlier)) == NULL)
		return;
	finding_say(sink, finding, "same code, modifiers and units%s as %s", day->lines[i].line->units == day->lines[earlier].line->units
				? "" : " a date", line_label(sink, earlier));
	FINDING_FACTS(sink, finding, FACT(WITH_CODE, day->lines[earlier].line->code));
}

/* Is it the same row as the one before it? */
static bool
repeats_before(const Day *day, int i, Netted net)
{
	return i > day->n_valid && day->lines[i - 1].net == net && day_line_compare(&day->lines[i - 1], &day->lines[i]) == 0;
}

/* The rows that were loaded more than once, each once. */
static void
say_copies(const Day *day, FindingSink *sink)
{
	int			i;

	for (i = day->n_valid; i < day_first_invalid(day); i++)
	{
		bool		is_first = day->lines[i].net == NET_COPY && !repeats_before(day, i, NET_COPY);
		Finding    *finding = is_first ? finding_add_as(sink, RULE_DUPLICATE, SEVERITY_INFO, NULL, i, -1) : NULL;
		int			n = 2;

		if (finding == NULL)
			continue;
		while (i + n - 1 < day_first_invalid(day) && repeats_before(day, i + n - 1, NET_COPY))
			n++;
		finding_say(sink, finding, "the row of %s is there %d times: loaded again, it counts once%s", line_label(sink, i), n,
					repeats_before(day, i, NET_TAKEN_BACK) ? ", and a reversal takes that back; what is billed anew needs a line number of its own" : "");
		FINDING_FACTS(sink, finding, FACT(CODE, day->lines[i].line->code), FACT(TIMES, n));
	}
}

void
edit_duplicate(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				i;

	(void) rules;				/* a duplicate is one by any rules */
	say_copies(day, sink);
	NOTE_ALL(sink, DUPLICATE, DUPLICATE, ONLY_LINE);
	for (first = 0; first < day->n_valid; first = next_code(day, first))
		for (i = first; i >= 0 && next_of_code(day, first) >= 0; i = next_of_code(day, i))
		{
			const Line *line = day->lines[i].line;
			Finding    *finding;
			int			earlier;

			/* 76, 77 and 91 say that it is a repeat; nothing billed is nothing twice */
			if (line->units == 0 || (day->lines[i].kinds & KIND_REPEAT))
			{
				if (line->units == 0)
					NOTE(sink, DUPLICATE, i, NO_UNITS);
				else
					NOTE(sink, DUPLICATE, i, SAYS_REPEAT);
				continue;
			}
			NOTE_FACTS(sink, DUPLICATE, i, NO_DUPLICATE, FACT(CODE, line->code), FACT(BILLED, line->units));
			sink_pause(sink);
			earlier = find_earlier(day, first, i, exact_duplicates);
			if (earlier >= 0)
			{
				finding = finding_add(sink, RULE_DUPLICATE, i, earlier);
				if (finding != NULL)
					say_duplicate(sink, finding, i, earlier, "");
			}
			else if ((earlier = find_earlier(day, first, i, duplicates)) >= 0)
			{
				finding = finding_add_as(sink, RULE_DUPLICATE, SEVERITY_REVIEW, NULL, i, earlier);
				if (finding != NULL)
					say_duplicate(sink, finding, i, earlier, "; only diagnoses, minutes or regions differ");
			}
			else if ((earlier = find_other_row(day, first, i)) >= 0)
				say_row_a_modifier(sink, i, earlier);
			else if (day->has_spans)
				say_overlap(day, sink, first, i);
		}
}

/*
 * src/core/edits/edit_duplicate.c
 *
 * The same service billed twice: same code, modifiers and units on one date of
 * service (CARC 18).
 */
#include "edits/edits.h"

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
duplicates(const Line *a, const Line *b)
{
	return a->units == b->units && modifiers_within(a, b) && modifiers_within(b, a) &&
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

/* The first earlier line of the code that it duplicates, or -1. */
static int
find_earlier(const Day *day, int first, int i, bool (*same) (const Line *, const Line *))
{
	int			earlier;

	for (earlier = first; earlier < i; earlier++)
		if (same(day->lines[earlier].line, day->lines[i].line))
			return earlier;
	return -1;
}

void
edit_duplicate(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	(void) rules;				/* a duplicate is one by any rules */
	for (first = 0; first < day->n_valid; first = end)
	{
		end = code_end(day, first);
		for (i = first + 1; i < end; i++)
		{
			const Line *line = day->lines[i].line;
			Finding    *finding;
			char		units[UNITS_TEXT];
			int			earlier;

			/* 76, 77 and 91 say that it is a repeat; nothing billed is nothing twice */
			if (line->units == 0 || (day->lines[i].kinds & KIND_REPEAT))
				continue;
			sink_pause(sink);
			earlier = find_earlier(day, first, i, exact_duplicates);
			if (earlier >= 0)
			{
				finding = finding_add(sink, RULE_DUPLICATE, i, earlier);
				if (finding != NULL)
					finding_say(sink, finding, "same code, modifiers and units (x%s) as %s",
								units_to_text(line->units, units), line_label(sink, earlier));
			}
			else if ((earlier = find_earlier(day, first, i, duplicates)) >= 0)
			{
				finding = finding_add_as(sink, RULE_DUPLICATE, SEVERITY_REVIEW, NULL, i, earlier);
				if (finding != NULL)
					finding_say(sink, finding,
								"same code, modifiers and units (x%s) as %s; only diagnoses, minutes or regions differ",
								units_to_text(line->units, units), line_label(sink, earlier));
			}
		}
	}
}

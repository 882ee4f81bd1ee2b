/*
 * src/core/edits/edit_overlap.c
 *
 * Services that take the provider at the same time, by the start times and
 * minutes of the lines.  NCCI Policy Manual ch. XI P-2.
 */
#include "edits/edits.h"

#include "edits/facts.h"

/* "10:00 for 15 minutes" */
static const char *
interval_text(FindingSink *sink, const Line *line)
{
	if (line->minutes == CLAIMLINE_NO_MINUTES)
		return arena_printf(sink->arena, "%02d:%02d on", line->start / 60, line->start % 60);
	return arena_printf(sink->arena, "%02d:%02d for %d minutes",
						line->start / 60, line->start % 60, line->minutes);
}

/* The minutes of an interval, where they are known. */
static int64_t
known_minutes(const Line *line)
{
	return line->minutes == CLAIMLINE_NO_MINUTES ? FACT_NONE : line->minutes;
}

/*
 * Does a line take the provider, and may it be paid?  A supervised modality may run at the same time, and what is not
 * counted in time and has no minutes often has the start of the visit.
 */
static bool
takes_provider(const DayLine *line)
{
	return is_payable(line) && !is_span(line->line) && ((line->classes & CLASS_TIMED) ||
								((line->classes & CLASS_ATTENDED) && line->line->minutes != CLAIMLINE_NO_MINUTES));
}

/* Do two lines certainly share a minute? */
static bool
overlap(const Line *a, const Line *b)
{
	const Line *early = a->start <= b->start ? a : b;
	const Line *late = early == a ? b : a;

	if (a->start == CLAIMLINE_NO_START || b->start == CLAIMLINE_NO_START ||
		a->minutes == 0 || b->minutes == 0)
		return false;
	/* an interval without an end takes at least its first minute */
	return late->start < early->start + (early->minutes == CLAIMLINE_NO_MINUTES ? 1 : early->minutes);
}

static void
judge_overlap(const Day *day, FindingSink *sink, int first, int end)
{
	int			i,
				other;

	for (i = first; i < end; i++)
	{
		const Line *line = day->lines[i].line;
		Finding    *finding;

		if (!takes_provider(&day->lines[i]) || line->start == CLAIMLINE_NO_START)
			continue;
		sink_pause(sink);
		for (other = first; other < end; other++)
			if (other != i && lines_meet(day, i, other) == MEET_SURELY && takes_provider(&day->lines[other]) &&
				overlap(line, day->lines[other].line))
				break;
		if (other == end)
			NOTE_FACTS(sink, TIME_OVERLAP, i, NO_OVERLAP, FACT(START, line->start), FACT(MINUTES, known_minutes(line)));
		if (other == end || (finding = finding_add(sink, RULE_TIME_OVERLAP, i, other)) == NULL)
			continue;
		finding_say(sink, finding, "from %s overlaps %s, from %s: a provider furnishes one service at a time",
					interval_text(sink, line), line_label(sink, other),
					interval_text(sink, day->lines[other].line));
		FINDING_FACTS(sink, finding, FACT(START, line->start), FACT(MINUTES, known_minutes(line)), FACT(WITH_CODE, day->lines[other].line->code),
					  FACT(WITH_START, day->lines[other].line->start), FACT(WITH_MINUTES, known_minutes(day->lines[other].line)));
	}
}

/* What holds of a line that takes the provider until it is compared with others. */
static void
note_start(FindingSink *sink, int i)
{
	int			start = sink->day->lines[i].line->start;

	if (start == CLAIMLINE_NO_START)
		NOTE(sink, TIME_OVERLAP, i, NO_START);
	else
		NOTE_FACTS(sink, TIME_OVERLAP, i, NO_OTHER_START, FACT(START, start));
}

void
edit_overlap(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	(void) rules;				/* the classes of the lines say it */
	NOTE_ALL(sink, TIME_OVERLAP, TIME_OVERLAP, TAKES_NO_PROVIDER);
	for (first = 0; first < day->n_valid; first = end)
	{
		int			n_started = 0;

		end = group_end(day, first);
		for (i = first; i < end; i++)
		{
			n_started += takes_provider(&day->lines[i]) && day->lines[i].line->start != CLAIMLINE_NO_START;
			if (sink->notes != NULL && takes_provider(&day->lines[i]))
				note_start(sink, i);
		}
		if (n_started > 1)
			judge_overlap(day, sink, first, end);
	}
}

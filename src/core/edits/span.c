/*
 * src/core/edits/span.c
 *
 * Lines of several dates beside others.  What the edits find of two lines, of
 * which one is of several dates, is certain of no date.  So the lines of one
 * date are judged by themselves too, where it is; and on each date on which a
 * line begins, those that go on are judged as if they began there.
 */
#include "edits/span.h"

#include "edits/facts.h"

#include <string.h>

/* Some of a day's lines, and which they are. */
typedef struct Part
{
	Day			day;
	LineBuffer *cut;			/* by line of the day: those that go on, from the date on */
	int		   *origin;
} Part;

static void
part_init(Part *part, const Day *day, Arena *arena)
{
	part->day.n_lines = 0;
	part->day.lines = arena_alloc(arena, sizeof(DayLine) * ((size_t) day->n_valid + 1));
	part->cut = arena_alloc(arena, sizeof(LineBuffer) * ((size_t) day->n_valid + 1));
	part->origin = arena_alloc(arena, sizeof(int) * ((size_t) day->n_valid + 1));
}

/* A line from a date on. */
static void
cut_line(const Line *line, int32_t date, LineBuffer *cut)
{
	LineParts	parts;

	line_unpack(line, &parts);
	parts.dos = date;
	(void) line_pack(&parts, cut);
}

/* The lines of a date; false where none of them began before. */
static bool
lines_of_date(const Day *day, int32_t date, Part *part)
{
	bool		any = false;
	int			i;

	for (i = 0; i < day->n_valid; i++)
	{
		DayLine    *line = &part->day.lines[part->day.n_lines];

		if (!line_is_of(day->lines[i].line, date))
			continue;
		*line = day->lines[i];
		if (line->line->dos < date)
		{
			cut_line(line->line, date, &part->cut[i]);
			line->line = &part->cut[i].line;
			any = true;
		}
		part->day.n_lines++;
	}
	return any;
}

/* The lines that are of one date. */
static void
lines_without_span(const Day *day, Part *part)
{
	int			i;

	for (i = 0; i < day->n_valid; i++)
		if (!is_span(day->lines[i].line))
			part->day.lines[part->day.n_lines++] = day->lines[i];
}

/* Which of the day's lines each is: lines may be the same, but lie in one place each. */
static void
find_origins(const Day *day, Part *part)
{
	int			i,
				j;

	for (i = 0; i < part->day.n_lines; i++)
		for (j = 0; j < day->n_valid; j++)
			if (part->day.lines[i].line == day->lines[j].line || part->day.lines[i].line == &part->cut[j].line)
				part->origin[i] = j;
}

/* Run the edits on a part. */
static void
judge_part(const Day *day, const Ruleset *rules, const FindingSink *sink, Part *part, FindingSink *found, RunEdits run)
{
	day_sort(&part->day);
	find_origins(day, part);
	sink_init(found, sink->arena, sink->pairs, sink->mode == SINK_FULL ? SINK_FULL : SINK_BARE);
	found->within_spans = true;
	run(&part->day, rules, found);
}

static void
take(FindingSink *sink, const Finding *finding)
{
	if (finding->severity >= sink->at_least)
		sink->reached = true;
	if (sink->mode == SINK_VERDICT)
		return;
	if (sink->n_findings == sink->capacity)
		sink->findings = arena_grow(sink->arena, sink->findings, sizeof(Finding), sink->n_findings, &sink->capacity);
	sink->findings[sink->n_findings++] = *finding;
}

/* What is found of two lines that begin apart. */
static void
take_apart(const Day *day, const FindingSink *found, const Part *part, FindingSink *sink)
{
	int			i;

	for (i = 0; i < found->n_findings; i++)
	{
		Finding		finding = found->findings[i];
		const Line *a;
		const Line *b;

		if (finding.with < 0)
			continue;
		finding.line = part->origin[finding.line];
		finding.with = part->origin[finding.with];
		a = day->lines[finding.line].line;
		b = day->lines[finding.with].line;
		if (a->dos == b->dos)
			continue;
		finding.possible = finding.severity == SEVERITY_DENY;
		if (finding.possible)
			finding.severity = SEVERITY_REVIEW;
		if (finding.possible && finding.message != NULL)
			finding.message = arena_printf(sink->arena, "%s; %s", finding.message, dates_text(sink->arena, a, b));
		take(sink, &finding);
	}
}

/* The finding of a rule on a line that is possible, or NULL. */
static Finding *
find_possible(const FindingSink *sink, Rule rule, int line)
{
	int			i;

	for (i = 0; i < sink->n_findings; i++)
		if (sink->findings[i].rule == rule && sink->findings[i].line == line && sink->findings[i].possible)
			return &sink->findings[i];
	return NULL;
}

/* What is certain of lines of one date, instead of what is possible with others. */
static void
take_certain(const FindingSink *found, const Part *part, FindingSink *sink)
{
	int			i;

	for (i = 0; i < found->n_findings; i++)
	{
		Finding		finding = found->findings[i];
		Finding    *possible;

		if (finding.with < 0 || finding.severity != SEVERITY_DENY)
			continue;
		if (finding.severity >= sink->at_least)
			sink->reached = true;
		finding.line = part->origin[finding.line];
		finding.with = part->origin[finding.with];
		possible = find_possible(sink, finding.rule, finding.line);
		if (possible != NULL)
			*possible = finding;
	}
}

void
judge_spans(const Day *day, const Ruleset *rules, FindingSink *sink, RunEdits run)
{
	FindingSink found;
	Part		part;
	int			i;

	part_init(&part, day, sink->arena);
	lines_without_span(day, &part);
	judge_part(day, rules, sink, &part, &found, run);
	take_certain(&found, &part, sink);
	for (i = 0; i < day->n_valid; i++)
	{
		int32_t		date = day->lines[i].line->dos;

		if (date == CLAIMLINE_NO_DOS || (i > 0 && day->lines[i - 1].line->dos == date))
			continue;
		sink_pause(sink);
		part_init(&part, day, sink->arena);
		if (!lines_of_date(day, date, &part))
			continue;
		judge_part(day, rules, sink, &part, &found, run);
		take_apart(day, &found, &part, sink);
	}
}

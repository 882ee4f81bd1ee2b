/*
 * src/core/ncci/edition_history.c
 *
 * The editions up to one, put together: a date is covered if one of them
 * covers it, and has the unit limits of the last that does.
 */
#include "ncci/edition_history.h"

#include "ruleset/ruleset_spec.h"

#include <stdlib.h>
#include <string.h>

/* A period of which one edition says the limits. */
typedef struct Segment
{
	int32_t		from;
	int32_t		to;
	int			part;
} Segment;

static int
compare_dates(const void *x, const void *y)
{
	int64_t		a = *(const int64_t *) x,
				b = *(const int64_t *) y;

	return (a > b) - (a < b);
}

/* Which editions count. */
typedef enum Wanted
{
	WANTED_ANY, WANTED_PAIRS, WANTED_LIMITS, WANTED_ADDONS
} Wanted;

static const Wanted wanted_of_part[N_PARTS] = {WANTED_PAIRS, WANTED_LIMITS, WANTED_ADDONS};

static bool
counts(const EditionPart *part, Wanted wanted)
{
	const bool	has[] = {true, part->has_pairs, part->has_limits, part->has_addons};

	return !part->retired && has[wanted];
}

/* The last edition with limits that covers all of a period, else the last that does, or -1. */
static int
last_part(const EditionPart *parts, int n, Wanted wanted, int32_t from, int32_t to)
{
	int			last = -1;
	int			i;

	for (i = 0; i < n; i++)
		if (counts(&parts[i], wanted) && parts[i].from <= from && to <= parts[i].to &&
			(last < 0 || parts[i].has_limits || !parts[last].has_limits))
			last = i;
	return last;
}

/* The dates covered, cut where another edition takes over; how many segments. */
static int
cut_segments(Arena *arena, const EditionPart *parts, int n, Wanted wanted, Segment **segments)
{
	int64_t    *cuts = arena_alloc(arena, sizeof(int64_t) * 2 * ((size_t) n + 1));
	int			n_cuts = 0;
	int			n_segments = 0;
	int			i;

	*segments = arena_alloc(arena, sizeof(Segment) * 2 * ((size_t) n + 1));
	for (i = 0; i < n; i++)
		if (counts(&parts[i], wanted))
		{
			cuts[n_cuts++] = parts[i].from;
			cuts[n_cuts++] = (int64_t) parts[i].to + 1;
		}
	qsort(cuts, (size_t) n_cuts, sizeof(int64_t), compare_dates);
	for (i = 0; i + 1 < n_cuts; i++)
	{
		Segment		segment = {(int32_t) cuts[i], (int32_t) (cuts[i + 1] - 1), -1};
		Segment    *before = n_segments == 0 ? NULL : &(*segments)[n_segments - 1];

		if (cuts[i] < cuts[i + 1])
			segment.part = last_part(parts, n, wanted, segment.from, segment.to);
		if (segment.part < 0)
			continue;
		if (before != NULL && before->part == segment.part && before->to == segment.from - 1)
			before->to = segment.to;
		else
			(*segments)[n_segments++] = segment;
	}
	return n_segments;
}

/* A limit that holds up to the end of the segment before. */
typedef struct OpenLimit
{
	MueValue	value;
	int32_t		from;
} OpenLimit;

static void
close_limit(RulesetSpec *spec, const OpenLimit *limit, int32_t to)
{
	MueRow		row = {limit->value.units, limit->value.mai, limit->from, to};

	spec_add_mue(spec, limit->value.code, &row);
}

/* Limits by date: those of each segment, as one where they go on unchanged. */
static void
add_limits(RulesetSpec *spec, Arena *arena, const Segment *segments, int n, const EditionPart *parts)
{
	OpenLimit  *open = NULL;
	uint32_t	n_open = 0;
	uint32_t	o,
				i;
	int			s;

	for (s = 0; s < n; s++)
	{
		const EditionPart *now = &parts[segments[s].part];
		bool		follows = s > 0 && segments[s - 1].to == segments[s].from - 1;
		OpenLimit  *next = arena_alloc(arena, sizeof(OpenLimit) * ((size_t) now->n_values + 1));

		o = 0;
		for (i = 0; i < now->n_values; i++)
		{
			next[i] = (OpenLimit) {now->values[i], segments[s].from};
			for (; o < n_open && open[o].value.code < now->values[i].code; o++)
				close_limit(spec, &open[o], segments[s - 1].to);
			if (o == n_open || open[o].value.code != now->values[i].code)
				continue;
			if (follows && open[o].value.units == now->values[i].units && open[o].value.mai == now->values[i].mai)
				next[i].from = open[o].from;
			else
				close_limit(spec, &open[o], segments[s - 1].to);
			o++;
		}
		for (; o < n_open; o++)
			close_limit(spec, &open[o], segments[s - 1].to);
		open = next;
		n_open = now->n_values;
	}
	for (o = 0; o < n_open; o++)
		close_limit(spec, &open[o], segments[n - 1].to);
}

/* The dates of segments, those that go on as one; how many periods. */
static int
join_segments(Arena *arena, const Segment *segments, int n, PeriodRow **periods)
{
	int			n_periods = 0;
	int			i;

	*periods = arena_alloc(arena, sizeof(PeriodRow) * ((size_t) n + 1));
	for (i = 0; i < n; i++)
		if (i > 0 && segments[i - 1].to == segments[i].from - 1)
			(*periods)[n_periods - 1].to = segments[i].to;
		else
			(*periods)[n_periods++] = (PeriodRow) {segments[i].from, segments[i].to};
	return n_periods;
}

/* Say the dates of a part, where editions have it, but not on all of their dates; of add-on codes always. */
static void
add_coverage(RulesetSpec *spec, Arena *arena, const EditionPart *parts, int n_parts, RulesetPart part,
			 const PeriodRow *all, int n_all)
{
	Segment    *segments;
	PeriodRow  *periods;
	int			n = cut_segments(arena, parts, n_parts, wanted_of_part[part], &segments);
	int			i;

	n = join_segments(arena, segments, n, &periods);
	if (part != PART_ADDON && n == n_all && memcmp(periods, all, sizeof(PeriodRow) * (size_t) n) == 0)
		return;
	for (i = 0; i < n; i++)
		spec_add_coverage(spec, &(CoverageRow) {(uint32_t) part, 0, 0, periods[i].from, periods[i].to, 0});
}

bool
spec_add_history(RulesetSpec *spec, Arena *arena, const EditionPart *parts, int n_parts)
{
	Segment    *segments;
	PeriodRow  *periods;
	int			n = cut_segments(arena, parts, n_parts, WANTED_ANY, &segments);
	int			n_periods = join_segments(arena, segments, n, &periods);
	int			i;

	if (n == 0)
		return false;
	spec->edition.from = periods[0].from;
	spec->edition.to = periods[n_periods - 1].to;
	spec->from_set = spec->to_set = true;
	for (i = 1; i < n_periods; i++)
		spec_add_gap(spec, periods[i - 1].to + 1, periods[i].from - 1);
	/* of a whole file, a code without a limit has none */
	for (i = 0; i < n; i++)
		if (parts[segments[i].part].whole)
			spec_add_mue_whole(spec, segments[i].from, segments[i].to);
	add_limits(spec, arena, segments, n, parts);
	add_coverage(spec, arena, parts, n_parts, PART_PTP, periods, n_periods);
	add_coverage(spec, arena, parts, n_parts, PART_MUE, periods, n_periods);
	add_coverage(spec, arena, parts, n_parts, PART_ADDON, periods, n_periods);
	return true;
}

const MueValue *
ruleset_limits(const Ruleset *rules, Arena *arena, uint32_t *n)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	MueValue   *values = arena_alloc(arena, sizeof(MueValue) * ((size_t) ruleset_count(rules, SECTION_CODES) + 1));
	uint32_t	i;

	*n = 0;
	for (i = 0; i < ruleset_count(rules, SECTION_CODES); i++)
	{
		const MueRow *row = codes[i].n_mue == 0 ? NULL : ruleset_mue(rules, &codes[i], rules->edition.to);

		if (row != NULL)
			values[(*n)++] = (MueValue) {codes[i].code, row->units, row->mai};
	}
	return values;
}

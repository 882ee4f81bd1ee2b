/*
 * src/core/day/day_net.c
 *
 * What of a day counts.  Knows no rules.
 */
#include "day/day_net.h"

#include <string.h>

static bool
same_claim(const DayLine *a, const DayLine *b)
{
	return a->claim_id != NULL && b->claim_id != NULL && a->id_length == b->id_length &&
		memcmp(a->claim_id, b->claim_id, a->id_length) == 0;
}

bool
same_claim_line(const DayLine *a, const DayLine *b)
{
	return a->has_line_no && b->has_line_no && a->line_no == b->line_no && same_claim(a, b);
}

/* The same row once more?  Equal lines have equal bytes. */
static inline bool
is_copy(const DayLine *a, const DayLine *b)
{
	return a->line->code == b->line->code && a->line_no == b->line_no && a->line->counts == b->line->counts &&
		line_size(a->line) == line_size(b->line) && memcmp(a->line, b->line, line_size(a->line)) == 0 &&
		same_claim_line(a, b);
}

/* Is there anything to be netted?  Mostly not: copies are neighbours, and few lines have an extension. */
static bool
needs_netting(const Day *day)
{
	int			i;

	for (i = 0; i < day->n_valid; i++)
		if (line_is_reversal(day->lines[i].line) || (i > 0 && is_copy(&day->lines[i - 1], &day->lines[i])))
			return true;
	return false;
}

/* ------------------------------------------------------------- reversals */

static bool
has_modifier(const Line *line, uint16_t modifier)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line) && line_modifier_at(line, i) != modifier; i++)
		;
	return i < line_n_modifiers(line);
}

/* The same modifiers, in whatever order. */
static bool
same_modifiers(const Line *a, const Line *b)
{
	int			i;

	if (line_n_modifiers(a) != line_n_modifiers(b))
		return false;
	for (i = 0; i < line_n_modifiers(a); i++)
		if (!has_modifier(b, line_modifier_at(a, i)) || !has_modifier(a, line_modifier_at(b, i)))
			return false;
	return true;
}

/* Equal in all but that one of them is a reversal? */
static bool
same_but_reversal(const Line *a, const Line *b)
{
	LineExtension x = line_extension(a),
				y = line_extension(b);

	return a->counts == b->counts && a->flags == b->flags &&
		memcmp(&a->counts, &b->counts, line_size_before_extension(a) - offsetof(Line, counts)) == 0 &&
		x.span == y.span && x.unread == y.unread && x.dx_of == y.dx_of && x.assistant == y.assistant;
}

static bool
known_to_differ(int a, int b, int unknown)
{
	return a != unknown && b != unknown && a != b;
}

static bool
dx_known_to_differ(const Line *a, const Line *b)
{
	int			n = line_n_dx(a);
	int			i;

	if (n == 0 || line_n_dx(b) == 0)
		return false;
	for (i = 0; i < n && n == line_n_dx(b) && line_dx_at(a, i) == line_dx_at(b, i); i++)
		;
	return i < n;
}

/* A reversal may lack what the line has. */
static bool
nothing_known_to_differ(const Line *a, const Line *b)
{
	return !known_to_differ(a->start, b->start, CLAIMLINE_NO_START) &&
		!known_to_differ(a->minutes, b->minutes, CLAIMLINE_NO_MINUTES) &&
		!known_to_differ(line_assistant_minutes(a), line_assistant_minutes(b), CLAIMLINE_NO_ASSISTANT) &&
		!known_to_differ(line_days(a), line_days(b), 1) && !dx_known_to_differ(a, b);
}

/* Whose line a reversal is looked for among, the nearest first. */
typedef enum Nearness
{
	OF_CLAIM_LINE, OF_CLAIM, OF_DAY, N_NEARNESSES
} Nearness;

static bool
is_near(const DayLine *line, const DayLine *reversal, Nearness nearness)
{
	return nearness == OF_DAY || (nearness == OF_CLAIM ? same_claim(line, reversal) : same_claim_line(line, reversal));
}

/* And how much of it must be the same. */
typedef enum Likeness
{
	LIKE_IN_ALL, LIKE_AS_KNOWN, LIKE_AS_BILLED, LIKE_IN_PART, N_LIKENESSES
} Likeness;

static bool
is_like(const Line *line, const Line *reversal, Likeness likeness)
{
	switch (likeness)
	{
		case LIKE_IN_ALL:
			return same_but_reversal(line, reversal);
		case LIKE_AS_KNOWN:
			return line->units == reversal->units && same_modifiers(line, reversal) && nothing_known_to_differ(line, reversal);
		case LIKE_AS_BILLED:
			return line->units == reversal->units && same_modifiers(line, reversal);
		default:
			return reversal->units > 0 && line->units >= reversal->units && same_modifiers(line, reversal);
	}
}

/* Take the units of a reversal off a line that has as many or more. */
static void
take_back(DayLine *line, DayLine *reversal, Arena *arena)
{
	reversal->net = NET_REVERSAL;
	if (line->line->units == reversal->line->units)
	{
		line->net = NET_TAKEN_BACK;
		if (line->row != NULL)
			line->line = line->row;
	}
	else
	{
		LineBuffer *left = arena_alloc(arena, sizeof(LineBuffer));

		memcpy(left, line->line, line_size(line->line));
		left->line.units -= reversal->line->units;
		if (line->row == NULL)
			line->row = line->line;
		line->line = &left->line;
	}
}

/* The reversals of one code of a date, which the lines from `first` to `end` are of. */
static void
net_reversals(Day *day, int first, int end, Arena *arena)
{
	bool		any = true;
	int			step;

	for (step = 0; any && step < N_NEARNESSES * N_LIKENESSES; step++)
	{
		Nearness	nearness = (Nearness) (step / N_LIKENESSES);
		int			r;

		any = false;
		for (r = first; r < end; r++)
		{
			DayLine    *reversal = &day->lines[r];
			int			i;

			if (reversal->net != NET_REVERSAL_OF_NOTHING)
				continue;
			any = true;
			if (nearness != OF_DAY && reversal->claim_id == NULL)
				continue;
			arena_pause(arena);
			for (i = first; i < end; i++)
				if (day->lines[i].net == NET_COUNTS && is_near(&day->lines[i], reversal, nearness) &&
					is_like(day->lines[i].line, reversal->line, (Likeness) (step % N_LIKENESSES)))
				{
					take_back(&day->lines[i], reversal, arena);
					break;
				}
		}
	}
}

/* --------------------------------------------------------------- the day */

/* What is a copy, and what a reversal: of nothing, so far.  False where there is no reversal. */
static bool
mark_lines(Day *day)
{
	bool		any = false;
	int			i;

	for (i = 0; i < day->n_lines; i++)
	{
		DayLine    *line = &day->lines[i];

		line->row = NULL;
		line->place = i;
		line->net = NET_COUNTS;
		if (i >= day->n_valid)
			continue;
		if (i > 0 && is_copy(line - 1, line))
			line->net = NET_COPY;
		else if (line_is_reversal(line->line))
		{
			line->net = NET_REVERSAL_OF_NOTHING;
			any = true;
		}
	}
	return any;
}

/* What counts goes before what does not. */
static void
move_netted(Day *day, Arena *arena)
{
	DayLine    *moved = arena_alloc(arena, sizeof(DayLine) * ((size_t) day->n_valid + 1));
	Day			counting = {.lines = day->lines};
	bool		reduced = false;
	int			i;

	for (i = 0; i < day->n_valid; i++)
	{
		reduced |= day->lines[i].net == NET_COUNTS && day->lines[i].row != NULL;
		if (day->lines[i].net == NET_COUNTS)
			day->lines[counting.n_lines++] = day->lines[i];
		else
			moved[day->n_netted++] = day->lines[i];
	}
	day->n_valid = counting.n_lines;
	memcpy(day->lines + day->n_valid, moved, sizeof(DayLine) * (size_t) day->n_netted);
	if (reduced)
		day_sort(&counting);
}

void
day_net(Day *day, Arena *arena)
{
	int			first,
				end;

	if (day->netted || !needs_netting(day))
		return;
	day->netted = true;
	if (mark_lines(day))
		for (first = 0; first < day->n_valid; first = end)
		{
			const Line *line = day->lines[first].line;

			for (end = first + 1; end < day->n_valid && day->lines[end].line->dos == line->dos &&
				 day->lines[end].line->code == line->code; end++)
				;
			net_reversals(day, first, end, arena);
		}
	move_netted(day, arena);
}

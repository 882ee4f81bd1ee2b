/*
 * src/core/day/day.c
 *
 * The provider-day: append, read, canonical order.  Knows no rules.
 */
#include "day/day.h"

#include <stdlib.h>
#include <string.h>

static inline size_t
align4(size_t size)
{
	return (size + 3) & ~(size_t) 3;
}

size_t
day_entry_size(size_t line_size, size_t id_length, const uint8_t *reason)
{
	return sizeof(DayEntry) + align4(line_size) + align4(id_length) + (reason == NULL ? 0 : align4(1 + (size_t) *reason));
}

void
flat_day_init(FlatDay *flat)
{
	flat->version = CLAIMDAY_VERSION;
	flat->canonical = false;
	flat->zero = 0;
	flat->used = sizeof(FlatDay);
	flat->n_lines = 0;
}

/* Copy and zero the padding: equal days have equal bytes. */
static inline char *
put(char *to, const void *from, size_t size)
{
	char	   *end = to + align4(size);

	if (size > 0)
		memset(end - 4, 0, 4);
	memcpy(to, from, size);
	return end;
}

char *
day_entry_put(char *to, const DayLine *line, size_t size)
{
	DayEntry   *entry = (DayEntry *) to;

	entry->id_length = line->claim_id != NULL ? line->id_length : DAY_NO_ID;
	entry->line_no = line->has_line_no ? line->line_no : 0;
	entry->line_size = (uint16_t) size;
	entry->has_line_no = line->has_line_no;
	entry->has_reason = line->reason != NULL;
	to += sizeof(*entry);
	if (line->line != NULL)
		to = put(to, line->line, size);
	if (line->claim_id != NULL)
		to = put(to, line->claim_id, line->id_length);
	if (line->reason != NULL)
		to = put(to, line->reason, 1 + (size_t) *line->reason);
	return to;
}

void
flat_day_append(FlatDay *flat, const DayLine *line, size_t size)
{
	flat->used = (uint32_t) (day_entry_put((char *) flat + flat->used, line, size) - (char *) flat);
	flat->n_lines++;
}

void
flat_day_of_entries(const DayLine *lines, uint32_t n_lines, FlatDay *canonical, uint32_t used)
{
	char	   *to = (char *) canonical + sizeof(FlatDay);
	uint32_t	i;

	flat_day_init(canonical);
	canonical->canonical = true;
	canonical->used = used;
	canonical->n_lines = n_lines;
	for (i = 0; i < n_lines; i++)
	{
		const DayEntry *entry = lines[i].entry;
		size_t		size = day_entry_size(entry->line_size, lines[i].id_length, lines[i].reason);

		memcpy(to, entry, size);
		to += size;
	}
}

const char *
day_entry_line(const char *from, DayLine *line)
{
	const DayEntry *entry = (const DayEntry *) from;

	line->entry = entry;
	from += sizeof(*entry);
	line->line = entry->line_size > 0 ? (const Line *) from : NULL;
	from += align4(entry->line_size);
	line->has_line_no = entry->has_line_no;
	line->line_no = entry->line_no;
	line->claim_id = NULL;
	line->id_length = 0;
	if (entry->id_length != DAY_NO_ID)
	{
		line->claim_id = from;
		line->id_length = entry->id_length;
		from += align4(entry->id_length);
	}
	line->reason = NULL;
	if (entry->has_reason)
	{
		line->reason = (const uint8_t *) from;
		from += align4(1 + (size_t) *line->reason);
	}
	return from;
}

void
flat_day_lines(const FlatDay *flat, DayLine *lines)
{
	const char *from = (const char *) flat + sizeof(FlatDay);
	uint32_t	i;

	for (i = 0; i < flat->n_lines; i++)
		from = day_entry_line(from, &lines[i]);
}

/* None comes first. */
static int
compare_reasons(const uint8_t *a, const uint8_t *b)
{
	int			order;

	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	order = memcmp(a + 1, b + 1, *a < *b ? *a : *b);
	return order != 0 ? order : (*a > *b) - (*a < *b);
}

int
day_line_compare(const DayLine *a, const DayLine *b)
{
	int			order;

	if (a->line == NULL || b->line == NULL)
	{
		if (a->line != b->line)
			return a->line == NULL ? 1 : -1;
	}
	else if ((order = line_compare(a->line, b->line)) != 0)
		return order;

	if (a->claim_id == NULL || b->claim_id == NULL)
	{
		if (a->claim_id != b->claim_id)
			return a->claim_id == NULL ? 1 : -1;
	}
	else
	{
		uint32_t	shorter = a->id_length < b->id_length ? a->id_length : b->id_length;

		order = memcmp(a->claim_id, b->claim_id, shorter);
		if (order != 0)
			return order;
		if (a->id_length != b->id_length)
			return a->id_length < b->id_length ? -1 : 1;
	}
	if (a->has_line_no != b->has_line_no)
		return a->has_line_no ? -1 : 1;
	if (a->line_no != b->line_no)
		return a->line_no < b->line_no ? -1 : 1;
	return compare_reasons(a->reason, b->reason);
}

/* Does a line stand behind another?  Mostly the date and the code say it. */
static inline bool
is_behind(const DayLine *a, const DayLine *b)
{
	if (a->line != NULL && b->line != NULL)
	{
		if (a->line->dos != b->line->dos)
			return a->line->dos > b->line->dos;
		if (a->line->code != b->line->code)
			return a->line->code > b->line->code;
	}
	return day_line_compare(a, b) > 0;
}

static int
compare_lines(const void *a, const void *b)
{
	return day_line_compare(a, b);
}

void
day_sort(Day *day)
{
	/* most days have a few lines, where insertion beats a call of qsort */
	if (day->n_lines <= 16)
	{
		int			i;

		for (i = 1; i < day->n_lines; i++)
		{
			DayLine		moving;
			int			j;

			if (!is_behind(&day->lines[i - 1], &day->lines[i]))
				continue;
			moving = day->lines[i];
			for (j = i; j > 0 && is_behind(&day->lines[j - 1], &moving); j--)
				day->lines[j] = day->lines[j - 1];
			day->lines[j] = moving;
		}
	}
	else
		qsort(day->lines, (size_t) day->n_lines, sizeof(DayLine), compare_lines);

	day->netted = false;
	day->n_netted = 0;
	day->n_valid = day->n_lines;
	while (day->n_valid > 0 && day->lines[day->n_valid - 1].line == NULL)
		day->n_valid--;
}

void
day_from_flat(const FlatDay *flat, Arena *arena, Day *day)
{
	day->n_lines = (int) flat->n_lines;
	day->lines = arena_alloc(arena, sizeof(DayLine) * (flat->n_lines + 1));
	flat_day_lines(flat, day->lines);
	day->netted = false;
	day->n_netted = 0;
	if (!flat->canonical)
		day_sort(day);
	else
		for (day->n_valid = 0; day->n_valid < day->n_lines &&
			 day->lines[day->n_valid].line != NULL; day->n_valid++)
			;
}

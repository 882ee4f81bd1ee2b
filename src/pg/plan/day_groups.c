/*
 * src/pg/plan/day_groups.c
 *
 * The rows of a part, grouped to days.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/plan/day_groups.h"
#include "utils/memutils.h"

#define NO_ROW			UINT32_MAX
/* rows between two looks whether the query is cancelled */
#define ROWS_AT_A_TIME	65536

static inline bool
same_day(const DayKeys *keys, const DayRow *a, const DayRow *b)
{
	return a->hash == b->hash &&
		day_keys_equal(keys, DAY_ROW_KEYS(a), a->key_used, a->null_mask, DAY_ROW_KEYS(b), b->key_used, b->null_mask);
}

void
day_groups_open(DayGroups *groups, const DayKeys *keys)
{
	DayRow	  **rows = groups->part.list;
	uint64		n_rows = groups->part.n;
	uint64		n_slots = 16;
	uint32	   *slots;			/* group + 1, or 0 */
	uint32		i;

	if (n_rows >= NO_ROW)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many claim lines of a provider-day"),
				 errdetail("A part of the lines that cannot be divided has %llu, must have fewer than %u.",
						   (unsigned long long) n_rows, NO_ROW)));
	while (n_slots < n_rows * 2)
		n_slots *= 2;
	slots = MemoryContextAllocExtended(CurrentMemoryContext, sizeof(uint32) * n_slots, MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	groups->first = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(uint32) * 3 * (n_rows + 1));
	groups->last = groups->first + n_rows + 1;
	groups->next = groups->last + n_rows + 1;
	groups->n = groups->at = 0;
	groups->memory = groups->part.memory + sizeof(uint32) * (n_slots + 3 * (n_rows + 1));
	for (i = 0; i < n_rows; i++)
	{
		uint64		at = rows[i]->hash & (n_slots - 1);

		if (i % ROWS_AT_A_TIME == 0)
			CHECK_FOR_INTERRUPTS();
		while (slots[at] != 0 && !same_day(keys, rows[groups->first[slots[at] - 1]], rows[i]))
			at = (at + 1) & (n_slots - 1);
		groups->next[i] = NO_ROW;
		if (slots[at] == 0)
		{
			groups->first[groups->n] = i;
			slots[at] = ++groups->n;
		}
		else
			groups->next[groups->last[slots[at] - 1]] = i;
		groups->last[slots[at] - 1] = i;
	}
	pfree(slots);
}

void
day_groups_close(DayGroups *groups)
{
	day_part_free(&groups->part);
	pfree(groups->first);
	memset(groups, 0, sizeof(*groups));
}

static void
add_line(GroupLines *lines, const DayRow *row)
{
	const char *entry = DAY_ROW_ENTRY(row);

	if (lines->n == lines->room)
	{
		lines->room = lines->room == 0 ? 64 : lines->room * 2;
		lines->lines = lines->lines == NULL ? palloc(sizeof(DayLine) * lines->room)
			: repalloc_huge(lines->lines, sizeof(DayLine) * (Size) lines->room);
	}
	lines->used += (uint32) (day_entry_line(entry, &lines->lines[lines->n++]) - entry);
}

const DayRow *
day_groups_next(DayGroups *groups, GroupLines *lines)
{
	const DayRow *first;
	uint32		row;
	Day			day;

	if (groups->at == groups->n)
		return NULL;
	row = groups->first[groups->at++];
	first = groups->part.list[row];
	lines->n = 0;
	lines->used = sizeof(FlatDay);
	for (; row != NO_ROW; row = groups->next[row])
	{
		if (lines->used > DAY_MAX_SIZE)
			break;
		add_line(lines, groups->part.list[row]);
	}
	day.lines = lines->lines;
	day.n_lines = (int) lines->n;
	day_sort(&day);
	return first;
}

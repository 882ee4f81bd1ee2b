/*
 * test/fuzz/fuzz_day.c
 *
 * Fuzz target: the text form of a provider-day, and the edits on it under the
 * starter ruleset.
 */
#include "common.h"

#include <stdlib.h>
#include <string.h>

static void
check_same_day(const Day *a, const Day *b)
{
	int			i;

	CHECK(a->n_lines == b->n_lines && a->n_valid == b->n_valid);
	for (i = 0; i < a->n_lines; i++)
	{
		CHECK(day_line_compare(&a->lines[i], &b->lines[i]) == 0);
		CHECK((a->lines[i].line == NULL) == (b->lines[i].line == NULL));
		CHECK((a->lines[i].line == NULL) == (i >= a->n_valid));
	}
}

/* Through the stored form and back. */
static void
check_flat(const Day *day, Arena *arena)
{
	size_t		size = sizeof(FlatDay);
	FlatDay    *flat;
	Day			again;
	int			i;

	for (i = 0; i < day->n_lines; i++)
		size += day_entry_size(day->lines[i].line == NULL ? 0 : line_size(day->lines[i].line),
							   day->lines[i].id_length, day->lines[i].reason);
	flat = exact_block(NULL, size);
	flat_day_init(flat);
	for (i = day->n_lines; i-- > 0;)
		flat_day_append(flat, &day->lines[i], day->lines[i].line == NULL ? 0 : line_size(day->lines[i].line));
	CHECK(flat->used == size);
	day_from_flat(flat, arena, &again);
	check_same_day(day, &again);

	flat_day_init(flat);
	flat->canonical = true;
	for (i = 0; i < day->n_lines; i++)
		flat_day_append(flat, &day->lines[i], day->lines[i].line == NULL ? 0 : line_size(day->lines[i].line));
	CHECK(flat->used == size);
	day_from_flat(flat, arena, &again);
	check_same_day(day, &again);
	free(flat);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact_copy(data, size);
	Arena		arena;
	Day			day,
				again;
	Fault		why;
	int			i;

	fuzz_arena(&arena);
	if (!day_from_text(text, size, &arena, &day, &why))
	{
		check_fault(&why, text, size);
		say_verdict(&why);
		free(text);
		arena_release(&arena);
		return 0;
	}
	free(text);
	CHECK(why.kind == FAULT_NONE);
	say_verdict(NULL);
	for (i = 0; i < day.n_valid; i++)
		check_line(day.lines[i].line);

	/* the server's texts hold no zero bytes */
	if (memchr(data, '\0', size) == NULL)
	{
		char	   *written = day_to_text(&day, &arena);
		size_t		length = strlen(written);

		text = exact_copy(written, length);
		CHECK(day_from_text(text, length, &arena, &again, &why));
		free(text);
		check_same_day(&day, &again);
		CHECK(strcmp(day_to_text(&again, &arena), written) == 0);
	}
	check_flat(&day, &arena);
	check_edits(&day, starter(), is_utf8((const char *) data, size));
	arena_release(&arena);
	return 0;
}

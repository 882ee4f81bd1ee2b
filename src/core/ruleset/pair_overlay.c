/*
 * src/core/ruleset/pair_overlay.c
 *
 * A set of pairs over another: what it replaces, what makes one out of the other.
 */
#include "ruleset/pair_overlay.h"

#include <string.h>

uint32_t
pair_rows_overlay(uint32_t code, const SharedRationales *shared,
				  const PairSet *base, const PairRow *base_rows, uint32_t n_base,
				  const PairRow *over_rows, uint32_t n_over, PairRow *to, PairSum *sum, bool keep_gone)
{
	uint32_t	b = 0,
				o = 0,
				n = 0;

	while (o < n_over || b < n_base)
	{
		uint32_t	column_2 = o < n_over ? pair_column_2(&over_rows[o]) : UINT32_MAX;
		uint32_t	start = b;

		while (b < n_base && pair_column_2(&base_rows[b]) < column_2)
			b++;
		if (b > start)
			memcpy(to + n, base_rows + start, sizeof(PairRow) * (b - start));
		if (!shared->same_as_base)
			renumber_rows(to + n, b - start, shared->of_base);
		n += b - start;
		for (; b < n_base && pair_column_2(&base_rows[b]) == column_2; b++)
			pair_sum_row(sum, -1, code, &base_rows[b], base->rationale_hashes);
		for (; o < n_over && pair_column_2(&over_rows[o]) == column_2; o++)
		{
			if (pair_mark(&over_rows[o]) == PAIR_GONE && !keep_gone)
				continue;
			to[n] = pair_renumbered(over_rows[o], shared->of_over);
			pair_sum_row(sum, 1, code, &to[n++], shared->hashes);
		}
	}
	return n;
}

/* The codes of two sets, with ends still to be filled in. */
static PairCode *
united_codes(Arena *arena, const PairSet *a, const PairSet *b, uint32_t *n)
{
	PairCode   *codes = arena_alloc(arena, sizeof(PairCode) * ((size_t) a->n_codes + b->n_codes + 1));
	uint32_t	i = 0,
				j = 0;

	*n = 0;
	while (i < a->n_codes || j < b->n_codes)
	{
		uint32_t	one = i < a->n_codes ? a->codes[i].code : UINT32_MAX;
		uint32_t	two = j < b->n_codes ? b->codes[j].code : UINT32_MAX;

		codes[(*n)++] = (PairCode) {one < two ? one : two, 0};
		i += one <= two;
		j += two <= one;
	}
	return codes;
}

/* Rows of a code in a set walked through in order; *at is the place in its codes. */
static const PairRow *
rows_of(const PairSet *set, uint32_t *at, uint32_t code, uint32_t *n)
{
	*n = 0;
	if (*at >= set->n_codes || set->codes[*at].code != code)
		return NULL;
	return pair_set_rows(set, (*at)++, n);
}

/* The rationales of both as those of a set, in the arena. */
static void
take_rationales(PairSet *set, Arena *arena, const SharedRationales *shared)
{
	const char **rationales = arena_alloc(arena, sizeof(char *) * MAX_RATIONALES);

	memcpy(rationales, shared->rationales, sizeof(char *) * MAX_RATIONALES);
	pair_set_rationales(set, rationales, shared->n);
}

void
pair_set_overlay(PairSet *set, Arena *arena, const PairSet *base, const PairSet *over, bool keep_gone)
{
	PairRow    *rows = arena_alloc(arena, sizeof(PairRow) * ((size_t) base->n_rows + over->n_rows + 1));
	SharedRationales shared;
	PairCode   *codes;
	uint32_t	b = 0,
				o = 0,
				n = 0,
				i;

	memset(set, 0, sizeof(*set));
	share_rationales(&shared, base, over);
	take_rationales(set, arena, &shared);
	set->sum = base->sum;
	codes = united_codes(arena, base, over, &set->n_codes);
	for (i = 0; i < set->n_codes; i++)
	{
		uint32_t	n_base,
					n_over;
		const PairRow *base_rows = rows_of(base, &b, codes[i].code, &n_base);
		const PairRow *over_rows = rows_of(over, &o, codes[i].code, &n_over);

		n += pair_rows_overlay(codes[i].code, &shared, base, base_rows, n_base, over_rows, n_over,
							   rows + n, &set->sum, keep_gone);
		codes[i].end = n;
	}
	set->codes = codes;
	set->rows = rows;
	set->n_rows = n;
	pair_set_drop_unused(set, arena, rows);
}

/* ---------------------------------------------------------------- delta */

void
pair_set_delta(PairSet *set, Arena *arena, const PairSet *from, const PairSet *to)
{
	SharedRationales shared;
	SourcePair *changed = NULL;
	uint32_t	n_codes;
	PairCode   *codes = united_codes(arena, from, to, &n_codes);
	int			n = 0,
				capacity = 0;
	uint32_t	f = 0,
				t = 0,
				c;

	share_rationales(&shared, from, to);
	take_rationales(set, arena, &shared);
	for (c = 0; c < n_codes; c++)
	{
		uint32_t	n_from,
					n_to;
		const PairRow *from_rows = rows_of(from, &f, codes[c].code, &n_from);
		const PairRow *to_rows = rows_of(to, &t, codes[c].code, &n_to);
		uint32_t	i = 0,
					j = 0;

		while (i < n_from || j < n_to)
		{
			uint32_t	one = i < n_from ? pair_column_2(&from_rows[i]) : UINT32_MAX;
			uint32_t	two = j < n_to ? pair_column_2(&to_rows[j]) : UINT32_MAX;
			uint32_t	column_2 = one < two ? one : two;
			uint32_t	from_end = one == column_2 ? pair_history_end(from_rows, i, n_from) : i;
			uint32_t	to_end = two == column_2 ? pair_history_end(to_rows, j, n_to) : j;
			bool		same = from_end - i == to_end - j;
			uint32_t	k;

			for (k = 0; same && i + k < from_end; k++)
			{
				PairRow		was = pair_renumbered(from_rows[i + k], shared.of_base);
				PairRow		is = pair_renumbered(to_rows[j + k], shared.of_over);

				same = is.packed == was.packed && is.from == was.from && is.to == was.to;
			}
			for (k = j; !same && k < (to_end > j ? to_end : j + 1); k++)
			{
				if (n == capacity)
					changed = arena_grow(arena, changed, sizeof(SourcePair), n, &capacity);
				changed[n].column_1 = codes[c].code;
				changed[n].line = 0;
				changed[n++].row = to_end > j ? pair_renumbered(to_rows[k], shared.of_over)
					: (PairRow) {pair_packed(column_2, PAIR_GONE, 0), PAIR_DAY_BEGIN, PAIR_DAY_END};
			}
			i = from_end;
			j = to_end;
		}
	}
	pair_set_build(set, arena, changed, (uint32_t) n, set->rationales, set->n_rationales);
}

uint32_t
pair_set_vanished(PairSet *set, Arena *arena, const PairSet *from, const PairSet *to, int32_t last)
{
	SharedRationales shared;
	SourcePair *kept = NULL;
	int			n = 0,
				capacity = 0;
	uint32_t	vanished = 0;
	uint32_t	t = 0,
				f;

	share_rationales(&shared, to, from);
	take_rationales(set, arena, &shared);
	for (f = 0; f < from->n_codes; f++)
	{
		uint32_t	code = from->codes[f].code;
		uint32_t	n_from,
					n_to;
		const PairRow *from_rows = pair_set_rows(from, f, &n_from);
		const PairRow *to_rows;
		uint32_t	i,
					end,
					j = 0;

		while (t < to->n_codes && to->codes[t].code < code)
			t++;
		to_rows = rows_of(to, &t, code, &n_to);
		for (i = 0; i < n_from; i = end)
		{
			uint32_t	column_2 = pair_column_2(&from_rows[i]);

			end = pair_history_end(from_rows, i, n_from);
			while (j < n_to && pair_column_2(&to_rows[j]) < column_2)
				j++;
			if (j < n_to && pair_column_2(&to_rows[j]) == column_2)
				continue;
			for (; i < end; i++)
			{
				PairRow		row = pair_renumbered(from_rows[i], shared.of_over);

				if (pair_mark(&row) >= PAIR_NEVER || row.from > pair_day(last))
					continue;
				if (row.to >= pair_day(last))
				{
					vanished++;
					row.to = pair_day(last);
				}
				if (n == capacity)
					kept = arena_grow(arena, kept, sizeof(SourcePair), n, &capacity);
				kept[n].column_1 = code;
				kept[n].line = 0;
				kept[n++].row = row;
			}
		}
	}
	pair_set_build(set, arena, kept, (uint32_t) n, set->rationales, set->n_rationales);
	return vanished;
}

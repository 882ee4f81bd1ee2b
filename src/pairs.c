/*
 * src/pairs.c
 *
 * Sets of NCCI pairs: sort, check, put one over another, tell them apart.
 */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

bool
pair_date_fits(int32_t date, Fault *why)
{
	return date == DATE_BEGIN || date == DATE_END ||
		(date > PAIR_EPOCH && date <= PAIR_EPOCH + PAIR_DAY_LAST) ||
		fault(why, FAULT_RANGE, 0, "Date of a pair must be 1980-01-01 to 2159-06-05");
}

/* ------------------------------------------------------------ the sum */

static uint64_t
mixed(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

void
pair_sum_add(PairSum *sum, uint64_t what, uint64_t when)
{
	uint64_t	low = mixed(mixed(what) + when);

	sum->low += low;
	sum->high += mixed(low + UINT64_C(0x9E3779B97F4A7C15));
}

static uint64_t
text_hash(const char *text)
{
	uint64_t	hash = UINT64_C(0xCBF29CE484222325);

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * UINT64_C(0x100000001B3);
	return hash;
}

void
pair_set_rationales(PairSet *set, const char *const *rationales, uint32_t n)
{
	uint32_t	i;

	set->rationales = rationales;
	set->n_rationales = n;
	/* the sum goes by the text: sets may number the same rationales differently */
	memset(set->rationale_hashes, 0, sizeof(set->rationale_hashes));
	for (i = 0; i < n; i++)
		set->rationale_hashes[i + 1] = text_hash(rationales[i]);
}

/* Add a row to a sum, or take it away (sign -1). */
static void
sum_row(PairSum *sum, int sign, uint32_t column_1, const PairRow *row, const uint64_t *rationales)
{
	PairSum		one = {0, 0};

	pair_sum_add(&one, ((uint64_t) column_1 << 32 | row->packed >> 4) ^ rationales[pair_rationale(row)],
				 (uint64_t) row->from << 16 | row->to);
	sum->low += sign > 0 ? one.low : -one.low;
	sum->high += sign > 0 ? one.high : -one.high;
}

/* ------------------------------------------------------------ building */

static inline int
compare_rows(const PairRow *a, const PairRow *b)
{
	uint32_t	two_a = pair_column_2(a),
				two_b = pair_column_2(b);

	if (two_a != two_b)
		return two_a < two_b ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->packed > b->packed) - (a->packed < b->packed);
}

static int
compare_sources(const void *x, const void *y)
{
	const SourcePair *a = x,
			   *b = y;
	int			order;

	if (a->column_1 != b->column_1)
		return a->column_1 < b->column_1 ? -1 : 1;
	order = compare_rows(&a->row, &b->row);
	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static bool
same_pair(const SourcePair *a, const SourcePair *b)
{
	return a->column_1 == b->column_1 && pair_column_2(&a->row) == pair_column_2(&b->row);
}

const char *
pair_clash(const SourcePair *before, const SourcePair *after)
{
	if (!same_pair(before, after) ||
		pair_mark(&before->row) >= PAIR_NEVER || pair_mark(&after->row) >= PAIR_NEVER)
		return NULL;
	if (before->row.from == after->row.from && before->row.to == after->row.to)
		return "repeats the pair and its dates";
	return after->row.from <= before->row.to ? "overlaps the period" : NULL;
}

static int
compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *) x, *(const char *const *) y);
}

/* The number of a text in a sorted list, from 1. */
static uint8_t
number_of(const char *text, const char *const *sorted, uint32_t n)
{
	uint32_t	i = 0;

	while (i < n && strcmp(sorted[i], text) != 0)
		i++;
	return (uint8_t) (i + 1);
}

static PairRow
renumbered(PairRow row, const uint8_t numbers[MAX_RATIONALES + 1])
{
	row.packed = (row.packed & ~(uint32_t) 15) | numbers[pair_rationale(&row)];
	return row;
}

void
renumber_rows(PairRow *rows, uint32_t n, const uint8_t numbers[MAX_RATIONALES + 1])
{
	uint32_t	i;

	for (i = 0; i < n; i++)
		rows[i] = renumbered(rows[i], numbers);
}

static void
sort_rationales(SourcePair *pairs, uint32_t n, const char **rationales, uint32_t n_rationales)
{
	const char *before[MAX_RATIONALES];
	uint8_t		numbers[MAX_RATIONALES + 1] = {0};
	uint32_t	i;

	if (n_rationales < 2)
		return;
	memcpy(before, rationales, sizeof(char *) * n_rationales);
	qsort(rationales, n_rationales, sizeof(char *), compare_texts);
	for (i = 0; i < n_rationales; i++)
		numbers[i + 1] = number_of(before[i], rationales, n_rationales);
	for (i = 0; i < n; i++)
		pairs[i].row = renumbered(pairs[i].row, numbers);
}

uint32_t
source_pairs_sort(SourcePair *pairs, uint32_t n, const char **rationales, uint32_t n_rationales)
{
	uint32_t	kept = 0;
	uint32_t	i;

	sort_rationales(pairs, n, rationales, n_rationales);
	/* files come sorted, or nearly */
	for (i = 1; i < n && compare_sources(&pairs[i - 1], &pairs[i]) < 0; i++)
		;
	if (i < n)
		qsort(pairs, n, sizeof(SourcePair), compare_sources);
	for (i = 0; i < n; i++)
		if (kept == 0 || !same_pair(&pairs[kept - 1], &pairs[i]) ||
			pair_mark(&pairs[i].row) != PAIR_NEVER ||
			compare_rows(&pairs[kept - 1].row, &pairs[i].row) != 0)
			pairs[kept++] = pairs[i];
	return kept;
}

static int
compare_codes(const void *x, const void *y)
{
	uint32_t	a = ((const PairCode *) x)->code,
				b = ((const PairCode *) y)->code;

	return (a > b) - (a < b);
}

/* Distinct codes of n unsorted ones; how many are left. */
static uint32_t
distinct_codes(PairCode *codes, uint32_t n)
{
	uint32_t	kept = 0;
	uint32_t	i;

	qsort(codes, n, sizeof(PairCode), compare_codes);
	for (i = 0; i < n; i++)
		if (kept == 0 || codes[kept - 1].code != codes[i].code)
			codes[kept++].code = codes[i].code;
	return kept;
}

/* Codes met so far, each once: a hash table of them. */
typedef struct CodeBag
{
	Arena	   *arena;
	uint32_t   *slots;			/* code + 1; 0 where empty */
	uint32_t	n_slots;		/* a power of two */
	uint32_t	count;
} CodeBag;

static void
bag_add(CodeBag *bag, uint32_t code)
{
	uint32_t	slot;
	uint32_t	i;

	if (2 * bag->count >= bag->n_slots)
	{
		CodeBag		larger = {bag->arena, NULL, bag->n_slots ? 2 * bag->n_slots : 1024, 0};

		larger.slots = arena_alloc(bag->arena, sizeof(uint32_t) * larger.n_slots);
		memset(larger.slots, 0, sizeof(uint32_t) * larger.n_slots);
		for (i = 0; i < bag->n_slots; i++)
			if (bag->slots[i] != 0)
				bag_add(&larger, bag->slots[i] - 1);
		*bag = larger;
	}
	for (slot = (code * UINT32_C(2654435769)) >> 7 & (bag->n_slots - 1); bag->slots[slot] != 0;
		 slot = (slot + 1) & (bag->n_slots - 1))
		if (bag->slots[slot] == code + 1)
			return;
	bag->slots[slot] = code + 1;
	bag->count++;
}

static PairCode *
bag_codes(const CodeBag *bag, uint32_t *n)
{
	PairCode   *codes = arena_alloc(bag->arena, sizeof(PairCode) * ((size_t) bag->count + 1));
	uint32_t	i;

	*n = 0;
	for (i = 0; i < bag->n_slots; i++)
		if (bag->slots[i] != 0)
			codes[(*n)++] = (PairCode) {bag->slots[i] - 1, 0};
	*n = distinct_codes(codes, *n);
	return codes;
}

/* Forget the rationales that no row has. */
static void
drop_unused(PairSet *set, Arena *arena, PairRow *rows)
{
	const char **used = arena_alloc(arena, sizeof(char *) * MAX_RATIONALES);
	uint8_t		numbers[MAX_RATIONALES + 1] = {0};
	uint32_t	n = 0;
	uint32_t	seen = 0;
	uint32_t	i;

	for (i = 0; i < set->n_rows; i++)
		seen |= 1u << pair_rationale(&rows[i]);
	for (i = 0; i < set->n_rationales; i++)
		if (seen & 1u << (i + 1))
		{
			used[n++] = set->rationales[i];
			numbers[i + 1] = (uint8_t) n;
		}
	if (n == set->n_rationales)
		return;
	pair_set_rationales(set, used, n);
	renumber_rows(rows, set->n_rows, numbers);
}

void
pair_set_build(PairSet *set, Arena *arena, const SourcePair *pairs, uint32_t n,
			   const char *const *rationales, uint32_t n_rationales)
{
	CodeBag		bag = {arena, NULL, 0, 0};
	PairRow    *rows = arena_alloc(arena, sizeof(PairRow) * ((size_t) n + 1));
	PairCode   *codes;
	uint32_t	i,
				c = 0;

	memset(set, 0, sizeof(*set));
	pair_set_rationales(set, rationales, n_rationales);
	for (i = 0; i < n; i++)
	{
		if (i == 0 || pairs[i].column_1 != pairs[i - 1].column_1)
			bag_add(&bag, pairs[i].column_1);
		bag_add(&bag, pair_column_2(&pairs[i].row));
		rows[i] = pairs[i].row;
		sum_row(&set->sum, 1, pairs[i].column_1, &rows[i], set->rationale_hashes);
	}
	codes = bag_codes(&bag, &set->n_codes);
	for (i = 0; i < n; i++)
	{
		while (codes[c].code != pairs[i].column_1)
		{
			codes[c + 1].end = codes[c].end;
			c++;
		}
		codes[c].end = i + 1;
	}
	for (; c + 1 < set->n_codes; c++)
		codes[c + 1].end = codes[c].end;
	set->codes = codes;
	set->rows = rows;
	set->n_rows = n;
	drop_unused(set, arena, rows);
}

/* ------------------------------------------------------------- overlays */

/* Rows from `i` on with the column two of row i. */
static uint32_t
history_end(const PairRow *rows, uint32_t i, uint32_t n)
{
	uint32_t	column_2 = pair_column_2(&rows[i]);

	while (i < n && pair_column_2(&rows[i]) == column_2)
		i++;
	return i;
}

void
share_rationales(SharedRationales *shared, const PairSet *base, const PairSet *over)
{
	uint32_t	n = 0;
	uint32_t	i;

	memset(shared, 0, sizeof(*shared));
	for (i = 0; i < base->n_rationales; i++)
		shared->rationales[n++] = base->rationales[i];
	for (i = 0; over != NULL && i < over->n_rationales && n < MAX_RATIONALES; i++)
		if (number_of(over->rationales[i], base->rationales, base->n_rationales) > base->n_rationales)
			shared->rationales[n++] = over->rationales[i];
	shared->n = n;
	shared->same_as_base = n == base->n_rationales;
	if (n > 1)
		qsort(shared->rationales, n, sizeof(char *), compare_texts);
	for (i = 0; i < n; i++)
		shared->hashes[i + 1] = text_hash(shared->rationales[i]);
	for (i = 0; i < base->n_rationales; i++)
		shared->of_base[i + 1] = number_of(base->rationales[i], shared->rationales, n);
	for (i = 0; over != NULL && i < over->n_rationales; i++)
	{
		shared->of_over[i + 1] = number_of(over->rationales[i], shared->rationales, n);
		if (shared->of_over[i + 1] > n)
			shared->of_over[i + 1] = 0;
	}
}

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
			sum_row(sum, -1, code, &base_rows[b], base->rationale_hashes);
		for (; o < n_over && pair_column_2(&over_rows[o]) == column_2; o++)
		{
			if (pair_mark(&over_rows[o]) == PAIR_GONE && !keep_gone)
				continue;
			to[n] = renumbered(over_rows[o], shared->of_over);
			sum_row(sum, 1, code, &to[n++], shared->hashes);
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
	drop_unused(set, arena, rows);
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
			uint32_t	from_end = one == column_2 ? history_end(from_rows, i, n_from) : i;
			uint32_t	to_end = two == column_2 ? history_end(to_rows, j, n_to) : j;
			bool		same = from_end - i == to_end - j;
			uint32_t	k;

			for (k = 0; same && i + k < from_end; k++)
			{
				PairRow		was = renumbered(from_rows[i + k], shared.of_base);
				PairRow		is = renumbered(to_rows[j + k], shared.of_over);

				same = is.packed == was.packed && is.from == was.from && is.to == was.to;
			}
			for (k = j; !same && k < (to_end > j ? to_end : j + 1); k++)
			{
				if (n == capacity)
					changed = arena_grow(arena, changed, sizeof(SourcePair), n, &capacity);
				changed[n].column_1 = codes[c].code;
				changed[n].line = 0;
				changed[n++].row = to_end > j ? renumbered(to_rows[k], shared.of_over)
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

			end = history_end(from_rows, i, n_from);
			while (j < n_to && pair_column_2(&to_rows[j]) < column_2)
				j++;
			if (j < n_to && pair_column_2(&to_rows[j]) == column_2)
				continue;
			for (; i < end; i++)
			{
				PairRow		row = renumbered(from_rows[i], shared.of_over);

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

uint32_t
pair_set_count(const PairSet *set)
{
	uint32_t	count = 0;
	uint32_t	c,
				i,
				n;

	for (c = 0; c < set->n_codes; c++)
	{
		const PairRow *rows = pair_set_rows(set, c, &n);

		for (i = 0; i < n; i = history_end(rows, i, n))
			count++;
	}
	return count;
}

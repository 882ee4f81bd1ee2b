/*
 * src/core/ruleset/pairs.c
 *
 * Sets of NCCI pairs: sort, check, put one over another, tell them apart.
 */
#include "ruleset/pairs.h"

#include "ruleset/rationales.h"

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

void
pair_set_rationales(PairSet *set, const char *const *rationales, uint32_t n)
{
	uint32_t	i;

	set->rationales = rationales;
	set->n_rationales = n;
	/* the sum goes by the text: sets may number the same rationales differently */
	memset(set->rationale_hashes, 0, sizeof(set->rationale_hashes));
	for (i = 0; i < n; i++)
		set->rationale_hashes[i + 1] = rationale_hash(rationales[i]);
}

void
pair_sum_row(PairSum *sum, int sign, uint32_t column_1, const PairRow *row,
			 const uint64_t rationale_hashes[MAX_RATIONALES + 1])
{
	PairSum		one = {0, 0};

	pair_sum_add(&one, ((uint64_t) column_1 << 32 | row->packed >> 4) ^ rationale_hashes[pair_rationale(row)],
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

static void
sort_rationales(SourcePair *pairs, uint32_t n, const char **rationales, uint32_t n_rationales)
{
	const char *before[MAX_RATIONALES];
	uint8_t		numbers[MAX_RATIONALES + 1] = {0};
	uint32_t	i;

	if (n_rationales < 2)
		return;
	memcpy(before, rationales, sizeof(char *) * n_rationales);
	qsort(rationales, n_rationales, sizeof(char *), compare_rationales);
	for (i = 0; i < n_rationales; i++)
		numbers[i + 1] = rationale_number(before[i], rationales, n_rationales);
	for (i = 0; i < n; i++)
		pairs[i].row = pair_renumbered(pairs[i].row, numbers);
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

void
pair_set_drop_unused(PairSet *set, Arena *arena, PairRow *rows)
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
		pair_sum_row(&set->sum, 1, pairs[i].column_1, &rows[i], set->rationale_hashes);
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
	pair_set_drop_unused(set, arena, rows);
}

uint32_t
pair_history_end(const PairRow *rows, uint32_t i, uint32_t n)
{
	uint32_t	column_2 = pair_column_2(&rows[i]);

	while (i < n && pair_column_2(&rows[i]) == column_2)
		i++;
	return i;
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

		for (i = 0; i < n; i = pair_history_end(rows, i, n))
			count++;
	}
	return count;
}

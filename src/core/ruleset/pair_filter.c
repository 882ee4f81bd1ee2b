/*
 * src/core/ruleset/pair_filter.c
 *
 * Which pairs of codes a ruleset may have rows of.
 */
#include "ruleset/pair_filter.h"

/* At least eight bits a row: of pairs without one, at most one in eight passes. */
static uint32_t
filter_bits(const Ruleset *rules)
{
	uint32_t	n_bits = 64;

	while (n_bits < UINT32_C(1) << 31 && n_bits / 8 < ruleset_count(rules, SECTION_PAIRS))
		n_bits *= 2;
	return n_bits;
}

size_t
pair_filter_size(const Ruleset *rules)
{
	return offsetof(PairFilter, bits) + filter_bits(rules) / 8;
}

void
pair_filter_fill(const Ruleset *rules, PairFilter *filter)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const PairRow *rows = ruleset_rows(rules, SECTION_PAIRS);
	uint32_t	c,
				r;

	filter->n_bits = filter_bits(rules);
	for (c = 0; c < ruleset_count(rules, SECTION_CODES); c++)
		for (r = codes[c].first_pair; r < codes[c].first_pair + codes[c].n_pairs; r++)
		{
			uint32_t	a = codes[c].code;
			uint32_t	b = pair_column_2(&rows[r]);
			uint32_t	bit = pair_hash(a < b ? a : b, a < b ? b : a) & (filter->n_bits - 1);

			filter->bits[bit / 64] |= UINT64_C(1) << bit % 64;
		}
}

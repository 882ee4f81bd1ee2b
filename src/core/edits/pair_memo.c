/*
 * src/core/edits/pair_memo.c
 *
 * Where the rows of pairs of codes are, remembered from day to day.
 */
#include "edits/pair_memo.h"

void
pair_memo_start(PairMemo *memo, const Ruleset *rules)
{
	memset(memo, 0, sizeof(*memo));
	memcpy(memo->pairs_sum, rules->pairs_sum, sizeof(memo->pairs_sum));
}

static uint32_t
first_row(const Ruleset *rules, const CodeRow *column_1, uint32_t column_2)
{
	const PairRow *row = column_1 == NULL ? NULL : ruleset_pair_rows(rules, column_1, column_2);

	return row == NULL ? 0 : (uint32_t) (row - (const PairRow *) ruleset_rows(rules, SECTION_PAIRS)) + 1;
}

void
pair_memo_search(const Ruleset *rules, const CodeRow *a, uint32_t code_a,
				 const CodeRow *b, uint32_t code_b, PairPlace *place)
{
	place->a = code_a;
	place->b = code_b;
	place->a_first = first_row(rules, a, code_b);
	place->b_first = first_row(rules, b, code_a);
}

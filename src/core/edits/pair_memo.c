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

const PairRow *
pair_memo_row(PairMemo *memo, const Ruleset *rules, const CodeRow *column_1, uint32_t code_1,
			  const CodeRow *column_2, uint32_t code_2, int32_t dos)
{
	bool		turned = code_2 < code_1;
	PairPlace	own;
	const PairPlace *place = turned ? pair_memo_find(memo, rules, column_2, code_2, column_1, code_1, &own)
		: pair_memo_find(memo, rules, column_1, code_1, column_2, code_2, &own);
	uint32_t	first = turned ? place->b_first : place->a_first;

	return first == 0 ? NULL : ruleset_pair_on(rules, column_1, (const PairRow *) ruleset_rows(rules, SECTION_PAIRS) + first - 1, dos);
}

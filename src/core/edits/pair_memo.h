/*
 * src/core/edits/pair_memo.h
 *
 * Where the rows of pairs of codes are, remembered from day to day.
 */
#ifndef CLAIMLINE_PAIR_MEMO_H
#define CLAIMLINE_PAIR_MEMO_H

#include <string.h>

#include "ruleset/pair_filter.h"

/* Where the rows of two codes are: the first of each as column one, its index plus one; 0 for none. */
typedef struct PairPlace
{
	uint32_t	a;
	uint32_t	b;
	uint32_t	a_first;
	uint32_t	b_first;
} PairPlace;

#define PAIR_PLACES		1024

/*
 * Places found before, in one set of pairs: that of an edition, whatever the
 * policy.  They are indexes, so they hold wherever the ruleset lies.
 */
typedef struct PairMemo
{
	uint32_t	pairs_sum[4];	/* of the set */
	uint32_t	n_searches;
	const PairFilter *filter;	/* of the set, or NULL: who keeps the memo makes it */
	PairPlace	places[PAIR_PLACES];
} PairMemo;

/* A memo that remembers nothing yet. */
extern void pair_memo_start(PairMemo *memo, const Ruleset *rules);

static inline bool
pair_memo_is_of(const PairMemo *memo, const Ruleset *rules)
{
	return memcmp(memo->pairs_sum, rules->pairs_sum, sizeof(memo->pairs_sum)) == 0;
}


/* Where the rows of two codes are, searched for and written to `place`. */
extern void pair_memo_search(const Ruleset *rules, const CodeRow *a, uint32_t code_a,
							 const CodeRow *b, uint32_t code_b, PairPlace *place);

/*
 * Where the rows of two codes are, the smaller first, either being column one.  A warehouse holds
 * the same pairs of codes again and again, so the memo remembers them; of most
 * others its filter says that they have no row.  Without a memo (NULL) the
 * place is written to `own`.  Inline: asked for every two codes of a day.
 */
static inline const PairPlace *
pair_memo_find(PairMemo *memo, const Ruleset *rules, const CodeRow *a, uint32_t code_a,
			   const CodeRow *b, uint32_t code_b, PairPlace *own)
{
	PairPlace  *place = own;

	if (memo != NULL)
	{
		uint32_t	hash = pair_hash(code_a, code_b);

		place = &memo->places[hash % PAIR_PLACES];
		if (place->a == code_a && place->b == code_b)
			return place;
		if (memo->filter != NULL && !pair_filter_has(memo->filter, hash))
		{
			*own = (PairPlace) {0, 0, 0, 0};
			return own;
		}
		memo->n_searches++;
	}
	pair_memo_search(rules, a, code_a, b, code_b, place);
	return place;
}

/* The row in force on a date of two codes, the first being column one; NULL for none.  `memo` may be NULL. */
extern const PairRow *pair_memo_row(PairMemo *memo, const Ruleset *rules, const CodeRow *column_1, uint32_t code_1,
									const CodeRow *column_2, uint32_t code_2, int32_t dos);

#endif							/* CLAIMLINE_PAIR_MEMO_H */

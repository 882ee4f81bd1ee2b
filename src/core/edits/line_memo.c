/*
 * src/core/edits/line_memo.c
 *
 * Verdicts on single lines, remembered.
 */
#include "edits/line_memo.h"

void
line_memo_start(LineMemo *memo, const Ruleset *rules, Severity at_least, Arena *arena)
{
	memset(memo, 0, sizeof(*memo));
	memcpy(memo->hash, rules->hash, sizeof(memo->hash));
	memo->at_least = at_least;
	ruleset_dates(rules, arena, &memo->dates);
}

static inline uint32_t
place_of(const LineKey *key)
{
	uint64_t	hash = 0;
	int			i;

	for (i = 0; i < LINE_WORDS; i++)
	{
		hash = (hash ^ key->words[i]) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (uint32_t) (hash >> 40) % LINE_PLACES;
}

/* Word by word: a call of memcmp() would cost as much as all else here. */
static inline bool
is_same(const LineKey *a, const LineKey *b)
{
	uint64_t	differ = 0;
	int			i;

	for (i = 0; i < LINE_WORDS; i++)
		differ |= a->words[i] ^ b->words[i];
	return differ == 0;
}

LineVerdict *
line_memo_find(LineMemo *memo, const void *line, size_t size)
{
	LineKey		key = {.words = {0}};
	LineVerdict *verdict;

	if (size < LINE_FIXED_SIZE || size > LINE_REMEMBERED)
		return NULL;
	memcpy(key.bytes, line, size);
	/* one of several dates is of several periods */
	if (key.line.version != CLAIMLINE_VERSION)
		return NULL;
	key.line.dos = ruleset_period(&memo->dates, key.line.dos);
	verdict = &memo->verdicts[place_of(&key)];
	if (!verdict->is_known || !is_same(&verdict->key, &key))
	{
		verdict->is_known = false;
		verdict->key = key;
	}
	return verdict;
}

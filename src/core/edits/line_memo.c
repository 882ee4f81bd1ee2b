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
place_of(const uint8_t *bytes, size_t size)
{
	uint64_t	hash = size;
	uint64_t	word;

	for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word))
	{
		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	for (; size > 0; size--)
		hash = (hash ^ *bytes++) * UINT64_C(0x9E3779B97F4A7C15);
	return (uint32_t) (hash >> 40) % LINE_PLACES;
}

LineVerdict *
line_memo_find(LineMemo *memo, const Line *line)
{
	union
	{
		Line		line;
		uint8_t		bytes[LINE_REMEMBERED];
	}			key;
	size_t		size = line_size(line);
	LineVerdict *verdict;

	/* one of several dates is of several periods */
	if (line->version != CLAIMLINE_VERSION || size > LINE_REMEMBERED)
		return NULL;
	memcpy(key.bytes, line, size);
	key.line.dos = ruleset_period(&memo->dates, line->dos);
	verdict = &memo->verdicts[place_of(key.bytes, size)];
	if (verdict->is_known && verdict->size == size && memcmp(verdict->bytes, key.bytes, size) == 0)
		return verdict;
	verdict->is_known = false;
	verdict->size = (uint8_t) size;
	memcpy(verdict->bytes, key.bytes, size);
	return verdict;
}

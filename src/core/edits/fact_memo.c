/*
 * src/core/edits/fact_memo.c
 *
 * What a ruleset says of a code and its modifiers, remembered.
 */
#include "edits/fact_memo.h"

void
fact_memo_start(FactMemo *memo, const Ruleset *rules, Arena *arena)
{
	memset(memo, 0, sizeof(*memo));
	memcpy(memo->hash, rules->hash, sizeof(memo->hash));
	ruleset_dates(rules, arena, &memo->dates);
}

/*
 * src/core/edits/fact_memo.h
 *
 * What a ruleset says of a code and its modifiers, remembered: a table holds
 * few of them, and a ruleset says the same between two dates of its own.
 */
#ifndef CLAIMLINE_FACT_MEMO_H
#define CLAIMLINE_FACT_MEMO_H

#include <string.h>

#include "day/day.h"
#include "ruleset/ruleset_dates.h"

/* Modifiers of a line that is remembered: as many as a claim form has. */
#define MODIFIERS_REMEMBERED	4

typedef struct LineFacts
{
	uint32_t	code;			/* with the modifiers, how many they are, and the period, whose they are; period 0: nobody's */
	uint16_t	period;
	uint16_t	n_modifiers;
	uint8_t		modifiers[2 * MODIFIERS_REMEMBERED];
	uint32_t	code_row;		/* index plus one in the ruleset, 0 for none */
	uint32_t	mue_row;
	uint32_t	kinds;			/* as in DayLine */
	uint16_t	discipline;
	uint8_t		denial;
	bool		in_two_codes;
	bool		plain;			/* is it known that no modifier is wrong on the code or missing? */
} LineFacts;

#define FACT_PLACES			16384

/* Rows are kept as indexes, so they hold wherever the ruleset lies. */
typedef struct FactMemo
{
	uint8_t		hash[16];		/* of the ruleset */
	RulesetDates dates;
	LineFacts	places[FACT_PLACES];
} FactMemo;

/* A memo that remembers nothing yet; what it needs to know is in the arena. */
extern void fact_memo_start(FactMemo *memo, const Ruleset *rules, Arena *arena);

static inline bool
fact_memo_is_of(const FactMemo *memo, const Ruleset *rules)
{
	return memcmp(memo->hash, rules->hash, sizeof(memo->hash)) == 0;
}

/* Are they of the same line? */
static inline bool
same_facts(const LineFacts *a, const LineFacts *b)
{
	return memcmp(a, b, offsetof(LineFacts, code_row)) == 0;
}

/*
 * The place where the facts of a line are, if same_facts() as `key`, which is
 * filled in: else to be written there.  NULL for a line that is not remembered.
 * Inline: asked for every line.
 */
static inline LineFacts *
fact_memo_place(FactMemo *memo, const Line *line, LineFacts *key)
{
	int			n = line_n_modifiers(line);
	int			period = ruleset_period(&memo->dates, line->dos);
	uint64_t	modifiers;
	uint64_t	hash;
	int			i;

	if (n > MODIFIERS_REMEMBERED || period > UINT16_MAX)
		return NULL;
	*key = (LineFacts) {.code = line->code, .period = (uint16_t) period, .n_modifiers = (uint16_t) n};
	for (i = 0; i < 2 * n; i++)
		key->modifiers[i] = line->tail[i];
	memcpy(&modifiers, key->modifiers, sizeof(modifiers));
	hash = (line->code ^ (uint64_t) period << 32 ^ modifiers * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
	return &memo->places[(hash >> 40) % FACT_PLACES];
}

#endif							/* CLAIMLINE_FACT_MEMO_H */

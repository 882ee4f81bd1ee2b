/*
 * src/core/edits/line_memo.h
 *
 * Verdicts on single lines, remembered: a table holds the same line on many
 * dates, and a ruleset says the same of it between two dates of its own.
 */
#ifndef CLAIMLINE_LINE_MEMO_H
#define CLAIMLINE_LINE_MEMO_H

#include <string.h>

#include "edits/finding.h"
#include "ruleset/ruleset_dates.h"

/* A line that is remembered, the date replaced by the period that it is in; zeros behind it. */
#define LINE_WORDS			7
#define LINE_REMEMBERED		(LINE_WORDS * sizeof(uint64_t))

typedef union LineKey
{
	Line		line;
	uint8_t		bytes[LINE_REMEMBERED];
	uint64_t	words[LINE_WORDS];
} LineKey;

typedef struct LineVerdict
{
	LineKey		key;
	bool		is_known;
	bool		passes;
} LineVerdict;

#define LINE_PLACES			16384

typedef struct LineMemo
{
	uint8_t		hash[16];		/* of the ruleset */
	Severity	at_least;		/* what does not pass */
	RulesetDates dates;
	LineVerdict verdicts[LINE_PLACES];
} LineMemo;

/* A memo that remembers nothing yet; what it needs to know is in the arena. */
extern void line_memo_start(LineMemo *memo, const Ruleset *rules, Severity at_least, Arena *arena);

static inline bool
line_memo_is_of(const LineMemo *memo, const Ruleset *rules, Severity at_least)
{
	return memo->at_least == at_least && memcmp(memo->hash, rules->hash, sizeof(memo->hash)) == 0;
}

/*
 * The verdict on a stored line of so many bytes, which need not be aligned, to be filled in where it is not known; NULL
 * for a line that is not remembered.
 */
extern LineVerdict *line_memo_find(LineMemo *memo, const void *line, size_t size);

#endif							/* CLAIMLINE_LINE_MEMO_H */

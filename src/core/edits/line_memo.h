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

/* Bytes of a line that is remembered. */
#define LINE_REMEMBERED		60

typedef struct LineVerdict
{
	bool		is_known;
	bool		passes;
	uint8_t		size;
	uint8_t		bytes[LINE_REMEMBERED];	/* of the line, the date replaced by the period that it is in */
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

/* The verdict on a line, to be filled in where it is not known; NULL for a line that is not remembered. */
extern LineVerdict *line_memo_find(LineMemo *memo, const Line *line);

#endif							/* CLAIMLINE_LINE_MEMO_H */

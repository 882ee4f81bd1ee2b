/*
 * test/fuzz/common.h
 *
 * What the fuzz targets share: memory, written texts, and what must hold of
 * every line, day and finding.  A target is fuzz_line.c, fuzz_day.c,
 * fuzz_ruleset.c, fuzz_policy.c, fuzz_ncci.c or fuzz_x12.c; it defines
 * LLVMFuzzerTestOneInput, which libFuzzer or replay.c calls.
 */
#ifndef CLAIMLINE_FUZZ_COMMON_H
#define CLAIMLINE_FUZZ_COMMON_H

#include "day/day_net.h"
#include "edits/judge.h"
#include "ruleset/ruleset_text.h"

/* An assertion that stays in every build. */
#define CHECK(condition) \
	((condition) ? (void) 0 : check_failed(__FILE__, __LINE__, #condition))
extern void check_failed(const char *file, int line, const char *condition)
			__attribute__((noreturn));

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What a target makes of an input: it says so, with NULL for why where it is
 * accepted, and replay.c asks.
 */
extern void say_verdict(const Fault *why);
extern const Fault *last_verdict(void);

/* An arena over malloc. */
extern void fuzz_arena(Arena *arena);

/* A block of exactly that size: an access outside it is seen. */
extern void *exact_block(void *context, size_t size);
extern char *exact_copy(const void *from, size_t size);

extern bool is_utf8(const char *text, size_t length);

/* The text written so far, and what a writer appends to it with. */
typedef struct Text
{
	char	   *text;
	size_t		length;
	size_t		room;
} Text;

extern void append_text(void *context, const char *piece, size_t length);

/* The written text with the rows of each table back to front. */
extern void reverse_rows(const Text *text, Text *reversed);

/* The block of a result: the caller's memory, whether there is a result or not. */
extern void *result_block(void *context, size_t size);

/* The same content, byte by byte but for the numbers of the pairs' rationales. */
extern bool same_ruleset(const Ruleset *a, const Ruleset *b);

/* The ruleset that starter_ruleset() returns. */
extern const Ruleset *starter(void);

/* What must hold of a refusal of the text. */
extern void check_fault(const Fault *why, const char *text, size_t length);

/* A line within its limits, that is read back from its text as it was. */
extern void check_line(const Line *line);

/*
 * Judge a day: the findings are complete and well formed, agree with the
 * verdict, do not depend on the order of the lines, and the suggestions are
 * lines.  `utf8`: every text in the day and the ruleset is valid UTF-8.
 */
extern void check_edits(const Day *day, const Ruleset *rules, bool utf8);

/* --- told.c --- */

/* The facts of a finding agree with its message. */
extern void check_facts(const FindingSink *sink, const Finding *finding);

#endif							/* CLAIMLINE_FUZZ_COMMON_H */

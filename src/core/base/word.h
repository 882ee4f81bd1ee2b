/*
 * src/core/base/word.h
 *
 * Text that is read, and why it is refused.
 */
#ifndef CLAIMLINE_WORD_H
#define CLAIMLINE_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* Why a value was refused. */
typedef enum FaultKind
{
	FAULT_NONE = 0,
	FAULT_SYNTAX,				/* not of the form */
	FAULT_RANGE,				/* of the form, but outside the limits */
	FAULT_MISSING				/* a value that must be there is not */
} FaultKind;

typedef struct Fault
{
	FaultKind	kind;
	char		detail[512];	/* a sentence: field, value, limit, position */
	const char *hint;			/* what to write instead, or NULL */
} Fault;

/* Fill in the reason, with the 1-based character unless that is 0.  Always false. */
extern bool fault(Fault *why, FaultKind kind, size_t position, const char *format,...) CLAIMLINE_PRINTF(4, 5);

/* Text handed to a reader: not terminated; position 0 where there is none. */
typedef struct Word
{
	const char *text;
	size_t		length;
	size_t		position;		/* 1-based character in the whole input */
} Word;

/*
 * The length, at most `limit`, to which a text is cut with no character cut in
 * half.  For UTF-8; the server sets its own.
 */
extern int	(*word_clip) (const char *text, int length, int limit);

/* What a message shows of a word: 40 bytes at most, no character cut in half. */
#define WORD_SHOWN_SIZE		40

typedef struct ShownWord
{
	char		text[WORD_SHOWN_SIZE + 1];
} ShownWord;

extern ShownWord word_show(Word word);

/* For "%s"; lives to the end of the expression. */
#define WORD_SHOWN(word)	word_show(word).text

/* Same text, or starts with it, letter case aside; `text` is lower case. */
extern bool word_is(Word word, const char *text);
extern bool word_starts(Word word, const char *text);

/* White space, digits and letters of the text forms, whatever the locale: all are ASCII. */
static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without blanks around it. */
extern Word word_trim_blanks(Word word);

static inline Word
word_trim(Word word)
{
	/* most have none */
	if (word.length > 0 && !is_blank(word.text[0]) && !is_blank(word.text[word.length - 1]))
		return word;
	return word_trim_blanks(word);
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char
to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

static inline bool
is_letter(char c)
{
	return to_upper(c) >= 'A' && to_upper(c) <= 'Z';
}

#endif							/* CLAIMLINE_WORD_H */

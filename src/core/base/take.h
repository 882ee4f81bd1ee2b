/*
 * src/core/base/take.h
 *
 * Taking a text apart from the front.
 */
#ifndef CLAIMLINE_TAKE_H
#define CLAIMLINE_TAKE_H

#include <string.h>

#include "base/word.h"

/* Take n characters off the front. */
static inline Word
take(Word *word, size_t n)
{
	Word		front = {word->text, n, 0};

	word->text += n;
	word->length -= n;
	return front;
}

static inline bool
take_char(Word *word, char c)
{
	if (word->length == 0 || word->text[0] != c)
		return false;
	take(word, 1);
	return true;
}

/* One of the characters taken off the front; 0 for none. */
static inline char
take_one_of(Word *word, const char *chars)
{
	if (word->length == 0 || word->text[0] == '\0' || strchr(chars, word->text[0]) == NULL)
		return '\0';
	return take(word, 1).text[0];
}

static inline bool
take_blanks(Word *word)
{
	bool		any = word->length > 0 && is_blank(word->text[0]);

	while (word->length > 0 && is_blank(word->text[0]))
		take(word, 1);
	return any;
}

/* How many digits, or letters, the text begins with. */
static inline size_t
digits_ahead(Word word)
{
	size_t		n = 0;

	while (n < word.length && is_digit(word.text[n]))
		n++;
	return n;
}

static inline size_t
letters_ahead(Word word)
{
	size_t		n = 0;

	while (n < word.length && is_letter(word.text[n]))
		n++;
	return n;
}

/* A number of `least` to `most` digits taken off the front; -1 where there is none. */
static inline int
take_digits(Word *word, int least, int most)
{
	int			value = 0;
	int			n = 0;

	for (; n < most && word->length > 0 && is_digit(word->text[0]); n++)
		value = value * 10 + (take(word, 1).text[0] - '0');
	return n >= least ? value : -1;
}

/* Is there a text at the front, letter case aside?  Takes it if so; `text` is lower case. */
static inline bool
take_text(Word *word, const char *text)
{
	if (!word_starts(*word, text))
		return false;
	take(word, strlen(text));
	return true;
}

#endif							/* CLAIMLINE_TAKE_H */

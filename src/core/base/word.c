/*
 * src/core/base/word.c
 *
 * Words out of a text, shown in messages and compared; reasons for refusal.
 */
#include "base/word.h"

#include "base/format.h"

#include <stdarg.h>
#include <string.h>

bool
fault(Fault *why, FaultKind kind, size_t position, const char *format,...)
{
	va_list		args;
	size_t		length;

	why->kind = kind;
	why->hint = NULL;
	va_start(args, format);
	length = text_vformat(why->detail, sizeof(why->detail), format, args);
	va_end(args);
	if (length >= sizeof(why->detail))
		length = sizeof(why->detail) - 1;
	text_format(why->detail + length, sizeof(why->detail) - length,
				position > 0 ? ", at character %zu." : ".", position);
	return false;
}

Word
word_trim_blanks(Word word)
{
	while (word.length > 0 && is_blank(word.text[0]))
	{
		word.text++;
		word.length--;
		if (word.position > 0)
			word.position++;
	}
	while (word.length > 0 && is_blank(word.text[word.length - 1]))
		word.length--;
	return word;
}

bool
word_is(Word word, const char *text)
{
	size_t		i;

	for (i = 0; i < word.length; i++)
		if (text[i] == '\0' || to_upper(word.text[i]) != to_upper(text[i]))
			return false;
	return text[word.length] == '\0';
}

bool
word_starts(Word word, const char *text)
{
	size_t		length = strlen(text);

	return word.length >= length && word_is((Word) {word.text, length, 0}, text);
}

static int
clip_utf8(const char *text, int length, int limit)
{
	if (length <= limit)
		return length;
	while (limit > 0 && ((unsigned char) text[limit] & 0xC0) == 0x80)
		limit--;
	return limit;
}

int			(*word_clip) (const char *text, int length, int limit) = clip_utf8;

ShownWord
word_show(Word word)
{
	ShownWord	shown;
	int			length = word_clip(word.text, (int) word.length, WORD_SHOWN_SIZE);

	memcpy(shown.text, word.text, (size_t) length);
	shown.text[length] = '\0';
	return shown;
}

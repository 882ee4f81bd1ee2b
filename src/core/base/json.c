/*
 * src/core/base/json.c
 *
 * Reading and writing of the JSON that rulesets, policies and packed NCCI rows
 * have as their text form.
 */
#include "base/json.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- reading */

Reader
json_reader(const char *text, size_t length, Arena *arena, Fault *why)
{
	why->kind = FAULT_NONE;
	return (Reader) {text, text + length, text, arena, why, NULL, -1};
}

/* 1-based character; counted only when something is wrong */
size_t
json_position(const Reader *reader)
{
	const char *c;
	size_t		n = 1;

	for (c = reader->start; c < reader->at; c++)
		n += ((unsigned char) *c & 0xC0) != 0x80;
	return n;
}

bool
json_expected(Reader *reader, const char *what)
{
	char		path[64] = "";

	if (reader->key != NULL && reader->row >= 0)
		snprintf(path, sizeof(path), "At \"%s[%d]\": ", reader->key, reader->row);
	else if (reader->key != NULL)
		snprintf(path, sizeof(path), "At \"%s\": ", reader->key);
	return fault(reader->why, FAULT_SYNTAX, json_position(reader), "%sExpected %s%s", path, what,
				 reader->at == reader->end ? ", but the text ends" : "");
}

static void
skip_blanks(Reader *reader)
{
	while (reader->at < reader->end &&
		   (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
		reader->at++;
}

/* After blanks: is the next character c?  Takes it if so. */
bool
json_take(Reader *reader, char c)
{
	skip_blanks(reader);
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool
take_literal(Reader *reader, const char *literal)
{
	size_t		length = strlen(literal);

	if ((size_t) (reader->end - reader->at) < length ||
		memcmp(reader->at, literal, length) != 0)
		return false;
	reader->at += length;
	return true;
}

/* Four hexadecimal digits, or -1 */
static int
hex4(Reader *reader)
{
	int			value = 0;
	int			i;

	if (reader->end - reader->at < 4)
		return -1;
	for (i = 0; i < 4; i++)
	{
		char		c = reader->at[i];

		value *= 16;
		if (c >= '0' && c <= '9')
			value += c - '0';
		else if (c >= 'a' && c <= 'f')
			value += c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			value += c - 'A' + 10;
		else
			return -1;
	}
	reader->at += 4;
	return value;
}

static char *
put_utf8(char *to, int c)
{
	if (c < 0x80)
		*to++ = (char) c;
	else if (c < 0x800)
	{
		*to++ = (char) (0xC0 | c >> 6);
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	else if (c < 0x10000)
	{
		*to++ = (char) (0xE0 | c >> 12);
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	else
	{
		*to++ = (char) (0xF0 | c >> 18);
		*to++ = (char) (0x80 | (c >> 12 & 0x3F));
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	return to;
}

/* After a backslash. */
static bool
read_escape(Reader *reader, char **to)
{
	static const char from[] = "\"\\/bfnrt";
	static const char into[] = "\"\\/\b\f\n\r\t";
	const char *plain;

	if (reader->at == reader->end)
		return json_expected(reader, "an escape");
	plain = *reader->at == '\0' ? NULL : strchr(from, *reader->at);
	if (plain != NULL)
	{
		*(*to)++ = into[plain - from];
		reader->at++;
	}
	else if (*reader->at == 'u')
	{
		int			c,
					low;

		reader->at++;
		c = hex4(reader);
		if (c >= 0xD800 && c < 0xDC00)
		{
			low = take_literal(reader, "\\u") ? hex4(reader) : -1;
			c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : -1;
		}
		else if (c >= 0xDC00 && c < 0xE000)
			c = -1;
		if (c <= 0)
			return json_expected(reader, "a \\u escape of a character");
		*to = put_utf8(*to, c);
	}
	else
		return json_expected(reader, "one of \"\\/bfnrtu after a backslash");
	return true;
}

/* A string; text without escapes is not copied. */
bool
json_string(Reader *reader, Word *word)
{
	const char *opened;
	const char *closing;
	bool		escapes = false;
	char	   *to;

	if (!json_take(reader, '"'))
		return json_expected(reader, "a string");
	opened = reader->at;
	for (closing = opened; closing < reader->end && *closing != '"'; closing++)
		if (*closing == '\\')
		{
			escapes = true;
			closing++;
		}
		else if ((unsigned char) *closing < ' ')
		{
			reader->at = closing;
			return json_expected(reader, "no control character in a string");
		}
	if (closing >= reader->end)
	{
		reader->at = reader->end;
		return json_expected(reader, "a closing quote");
	}
	*word = (Word) {opened, (size_t) (closing - opened), 0};
	if (escapes)
	{
		word->text = to = arena_alloc(reader->arena, word->length + 1);
		while (reader->at < closing)
		{
			if (*reader->at != '\\')
				*to++ = *reader->at++;
			else
			{
				reader->at++;
				if (!read_escape(reader, &to))
					return false;
			}
		}
		word->length = (size_t) (to - word->text);
	}
	reader->at = closing + 1;
	return true;
}

/* A string, a number, true, false or null (text NULL). */
bool
json_scalar(Reader *reader, Word *word)
{
	skip_blanks(reader);
	if (reader->at < reader->end && *reader->at == '"')
		return json_string(reader, word);
	*word = (Word) {NULL, 0, 0};
	if (take_literal(reader, "null"))
		return true;
	*word = (Word) {reader->at, 4, 0};
	if (take_literal(reader, "true"))
		return true;
	word->length = 5;
	if (take_literal(reader, "false"))
		return true;
	word->length = 0;
	while (reader->at < reader->end && *reader->at != '\0' &&
		   strchr("0123456789+-.eE", *reader->at) != NULL)
	{
		reader->at++;
		word->length++;
	}
	return word->length > 0 || json_expected(reader, "a string, a number or null");
}

bool
json_key(Reader *reader, Word *key)
{
	skip_blanks(reader);
	return json_string(reader, key) && (json_take(reader, ':') || json_expected(reader, "\":\""));
}

bool
json_end(Reader *reader)
{
	skip_blanks(reader);
	return reader->at == reader->end || json_expected(reader, "nothing after the closing bracket");
}

/* ---------------------------------------------------------------- writing */

void
json_put(Writer *writer, const char *text)
{
	writer->put(writer->context, text, strlen(text));
}

void
json_comma(Writer *writer)
{
	if (!writer->first)
		json_put(writer, ", ");
	writer->first = false;
}

/* A value of a row: text, or null.  The texts hold no control characters. */
void
json_put_text(Writer *writer, const char *text)
{
	json_comma(writer);
	if (text == NULL)
	{
		json_put(writer, "null");
		return;
	}
	json_put(writer, "\"");
	for (; *text != '\0'; text++)
	{
		if (*text == '"' || *text == '\\')
			json_put(writer, "\\");
		writer->put(writer->context, text, 1);
	}
	json_put(writer, "\"");
}

void
json_put_number(Writer *writer, uint32_t number)
{
	char		text[16];

	json_comma(writer);
	snprintf(text, sizeof(text), "%u", number);
	json_put(writer, text);
}

void
json_put_words(Writer *writer, uint32_t bits, const char *const *names)
{
	char		text[320] = "";
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (bits & 1u << i)
		{
			strcat(text, text[0] != '\0' ? " " : "");
			strcat(text, names[i]);
		}
	json_put_text(writer, bits == 0 ? NULL : text);
}

void
json_put_key(Writer *writer, const char *key)
{
	json_comma(writer);
	json_put(writer, "\"");
	json_put(writer, key);
	json_put(writer, "\": ");
	writer->first = true;
}

/* A table: its name, then each row on a line of its own. */
void
json_open_table(Writer *writer, const char *table)
{
	json_put(writer, ",\n\"");
	json_put(writer, table);
	json_put(writer, "\": [");
	writer->first = true;
}

void
json_open_row(Writer *writer, bool *first_row)
{
	json_put(writer, *first_row ? "\n[" : ",\n[");
	*first_row = false;
	writer->first = true;
}

/*
 * src/core/day/day_text.c
 *
 * Text form of a provider-day to its lines and back.
 */
#include "day/day.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The text still to be read. */
typedef struct Reader
{
	const char *at;
	const char *end;
	size_t		position;		/* of `at`: 1-based character */
} Reader;

static void
advance(Reader *reader)
{
	reader->position += ((unsigned char) *reader->at & 0xC0) != 0x80;
	reader->at++;
}

static void
skip_blanks(Reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		advance(reader);
}

/* After blanks: is the next character c?  Takes it if so. */
static bool
take(Reader *reader, char c)
{
	skip_blanks(reader);
	if (reader->at == reader->end || *reader->at != c)
		return false;
	advance(reader);
	return true;
}

/* Up to the next blank. */
static Word
take_word(Reader *reader)
{
	Word		word;

	skip_blanks(reader);
	word = (Word) {reader->at, 0, reader->position};
	while (reader->at < reader->end && !is_blank(*reader->at))
		advance(reader);
	word.length = (size_t) (reader->at - word.text);
	return word;
}

/* "C1" with \" and \\, behind its opening quote */
static bool
read_quoted(Reader *reader, Arena *arena, const char *what, char **text, uint32_t *length, Fault *why)
{
	Reader		closing;
	char	   *to;

	for (closing = *reader; closing.at < closing.end && *closing.at != '"'; advance(&closing))
		if (*closing.at == '\\' && closing.at + 1 < closing.end)
			advance(&closing);
	if (closing.at == closing.end)
		return fault(why, FAULT_SYNTAX, reader->position, "%s has no closing quote", what);

	*text = to = arena_alloc(arena, (size_t) (closing.at - reader->at) + 1);
	while (reader->at < closing.at)
	{
		if (*reader->at == '\\')
			advance(reader);
		*to++ = *reader->at;
		advance(reader);
	}
	advance(reader);
	*length = (uint32_t) (to - *text);
	return true;
}

/* In quotes, or - for none */
static bool
read_claim_id(Reader *reader, Arena *arena, DayLine *line, Fault *why)
{
	char	   *id;

	if (take(reader, '-'))
		return true;
	if (!take(reader, '"'))
		return fault(why, FAULT_SYNTAX, reader->position,
					 "Claim id must be in double quotes, or - where there is none");
	if (!read_quoted(reader, arena, "Claim id", &id, &line->id_length, why))
		return false;
	line->claim_id = id;
	return true;
}

/* Behind the - of a line that is not valid: why, in quotes, or nothing */
static bool
read_reason(Reader *reader, Arena *arena, DayLine *line, Fault *why)
{
	size_t		position;
	char	   *text;
	uint32_t	length;
	uint8_t    *reason;

	skip_blanks(reader);
	position = reader->position;
	if (!take(reader, '"'))
		return true;
	if (!read_quoted(reader, arena, "Reason", &text, &length, why))
		return false;
	if (length > DAY_MAX_REASON)
		return fault(why, FAULT_RANGE, position, "Reason has %u bytes, must have at most %d", length, DAY_MAX_REASON);
	reason = arena_alloc(arena, 1 + (size_t) length);
	*reason = (uint8_t) length;
	memcpy(reason + 1, text, length);
	line->reason = reason;
	return true;
}

static bool
read_line_no(Reader *reader, DayLine *line, Fault *why)
{
	Word		word = take_word(reader);
	bool		negative = word.length > 1 && word.text[0] == '-';
	Word		digits = word;

	if (word.length == 1 && word.text[0] == '-')
		return true;
	if (negative)
	{
		digits.text++;
		digits.length--;
	}
	if (word_is(word, "-2147483648"))
		line->line_no = INT_MIN;
	else if (!integer_from_text("", digits, 0, (int64_t) INT_MAX, &line->line_no, why))
		return fault(why, why->kind, word.position,
					 "Line number is %s, must be a whole number from %d to %d, or - where there is none",
					 WORD_SHOWN(word), INT_MIN, INT_MAX);
	else if (negative)
		line->line_no = -line->line_no;
	line->has_line_no = true;
	return true;
}

/* Up to ; or } at the end of the entry: neither occurs in a line.  No line begins with a -. */
static bool
read_line(Reader *reader, Arena *arena, DayLine *line, Fault *why)
{
	Reader		start;
	LineParts	parts;
	LineBuffer *buffer;

	skip_blanks(reader);
	start = *reader;
	if (take(reader, '-') &&
		(reader->at == reader->end || is_blank(*reader->at) || memchr(";}\"", *reader->at, 3) != NULL))
		return read_reason(reader, arena, line, why);
	*reader = start;
	while (reader->at < reader->end && *reader->at != ';' && *reader->at != '}')
		advance(reader);
	if (!line_from_text(start.at, (size_t) (reader->at - start.at), start.position, &parts, why))
		return false;
	buffer = arena_alloc(arena, sizeof(*buffer));
	line_pack(&parts, buffer);
	line->line = &buffer->line;
	return true;
}

bool
day_from_text(const char *text, size_t length, Arena *arena, Day *day, Fault *why)
{
	Reader		reader = {text, text + length, 1};
	int			capacity = 0;

	why->kind = FAULT_NONE;
	memset(day, 0, sizeof(*day));
	if (!take(&reader, '{'))
		return fault(why, FAULT_SYNTAX, reader.position, "A day must start with \"{\"");
	if (!take(&reader, '}'))
	{
		do
		{
			DayLine		line;

			arena_pause(arena);
			memset(&line, 0, sizeof(line));
			if (!read_claim_id(&reader, arena, &line, why) ||
				!read_line_no(&reader, &line, why) ||
				!read_line(&reader, arena, &line, why))
				return false;
			if (day->n_lines == capacity)
				day->lines = arena_grow(arena, day->lines, sizeof(DayLine), day->n_lines, &capacity);
			day->lines[day->n_lines++] = line;
		} while (take(&reader, ';'));
		if (!take(&reader, '}'))
			return fault(why, FAULT_SYNTAX, reader.position, "A day must end with \"}\"");
	}
	skip_blanks(&reader);
	if (reader.at < reader.end)
		return fault(why, FAULT_SYNTAX, reader.position, "Junk after the closing \"}\"");
	day_sort(day);
	return true;
}

static char *
put_quoted(char *to, const char *text, uint32_t length)
{
	uint32_t	i;

	*to++ = '"';
	for (i = 0; i < length; i++)
	{
		if (text[i] == '"' || text[i] == '\\')
			*to++ = '\\';
		*to++ = text[i];
	}
	*to++ = '"';
	return to;
}

char *
day_to_text(const Day *day, Arena *arena)
{
	size_t		size = 3;
	char	   *text,
			   *to;
	int			i;

	for (i = 0; i < day->n_lines; i++)
		size += 2 * (size_t) day->lines[i].id_length + LINE_TEXT + 2 * DAY_MAX_REASON + 32;
	to = text = arena_alloc(arena, size);
	*to++ = '{';
	for (i = 0; i < day->n_lines; i++)
	{
		const DayLine *line = &day->lines[i];

		if (i > 0)
		{
			*to++ = ';';
			*to++ = ' ';
		}
		if (line->claim_id == NULL)
			*to++ = '-';
		else
			to = put_quoted(to, line->claim_id, line->id_length);
		*to++ = ' ';
		if (line->has_line_no)
			to += snprintf(to, 16, "%d", line->line_no);
		else
			*to++ = '-';
		*to++ = ' ';
		if (line->line != NULL)
			to += line_to_text(line->line, to);
		else
			*to++ = '-';
		if (line->reason != NULL)
		{
			*to++ = ' ';
			to = put_quoted(to, (const char *) line->reason + 1, *line->reason);
		}
	}
	*to++ = '}';
	*to = '\0';
	return text;
}

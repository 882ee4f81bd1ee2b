/*
 * src/core/x12/x12.c
 *
 * A text taken apart into segments.
 */
#include "x12/x12_envelope.h"

#include <string.h>

#include "base/format.h"

void
x12_begin(X12Reader *reader, const char *text, size_t length, Arena *arena)
{
	memset(reader, 0, sizeof(*reader));
	reader->at = text;
	reader->end = text + length;
	reader->arena = arena;
	reader->set = X12_NOTHING;
}

void
x12_say(char said[X12_FAULT], const char *between, const char *format, va_list args)
{
	size_t		used = strlen(said);

	if (used + strlen(between) + 1 >= X12_FAULT)
		return;
	if (used > 0)
		used += text_format(said + used, X12_FAULT - used, "%s", between);
	/* no character cut in half */
	if (text_vformat(said + used, X12_FAULT - used, format, args) >= X12_FAULT - used)
		said[word_clip(said, X12_FAULT - 1, X12_FAULT - 2)] = '\0';
}

void
x12_fault(X12Reader *reader, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	x12_say(reader->fault, "; ", format, args);
	va_end(args);
	/* what is too much for one segment is counted */
	if (reader->n_faults++ == 0)
		memcpy(reader->first_fault, reader->fault, X12_FAULT);
}

/* ----------------------------------------------------- text outside of interchanges */

/* A byte order mark, blanks and line ends. */
static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end)
	{
		if (is_blank(*at) || *at == '\x1A' || *at == '\0')
			at++;
		else if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
			at += 3;
		else
			break;
	}
	return at;
}

static bool
text_starts(const char *at, const char *end, const char *text)
{
	size_t		n = strlen(text);

	return (size_t) (end - at) >= n && memcmp(at, text, n) == 0;
}

/* What is no segment, up to the next interchange or the end. */
static bool
next_outside(X12Reader *reader)
{
	const char *start = reader->at;
	const char *at = start;
	X12Segment *segment = &reader->segment;

	for (; at < reader->end; at++)
	{
		/* VISA is none */
		if (*at != 'I' || !text_starts(at, reader->end, "ISA") || (at > start && (is_letter(at[-1]) || is_digit(at[-1]))))
			continue;
		arena_pause(reader->arena);
		if (x12_separators(reader, at))
			break;
	}
	reader->at = at;
	segment->number = 0;
	segment->tag = 0;
	segment->n = 0;
	segment->text = word_trim((Word) {start, (size_t) (at - start), 0});
	reader->is_envelope = false;
	x12_fault(reader, reader->interchanges == 0 ? "no interchange begins here: %zu characters before ISA" :
			  "no interchange begins here: %zu characters behind IEA", segment->text.length);
	return true;
}

/* ------------------------------------------------------------------------ segments */

/* Segments that are read here; behind a line end, one of them begins a segment though none was ended. */
static bool
begins_segment(const X12Reader *reader, const char *at)
{
	static const char tags[] =
		" AMT BHT BPR CAS CL1 CLM CLP CN1 CR1 CR2 CR3 CR5 CR6 CRC CTP CUR DMG DTM DTP FRM GE GS HCP HI HL IEA ISA K3 LIN LQ LS LE LX"
		" MEA MIA MOA N1 N2 N3 N4 NM1 NTE OI PAT PER PLB PRV PS1 PWK QTY RDM REF SBR SE ST SV1 SV2 SV3 SV5 SVC SVD TOO TRN TS2 TS3 ";
	char		tag[6] = " ";
	size_t		n = 0;

	while (n < 3 && at + n < reader->end && (is_digit(at[n]) || (at[n] >= 'A' && at[n] <= 'Z')))
	{
		tag[n + 1] = at[n];
		n++;
	}
	if (n < 2 || at + n >= reader->end || at[n] != reader->element)
		return false;
	tag[n + 1] = ' ';
	return strstr(tags, tag) != NULL;
}

/*
 * Line ends in a segment: a file in lines of one width has them anywhere, and
 * they are left out; but before a segment that begins, a terminator is missing.
 * Behind a separator an element goes on: N4 is a drug's qualifier too.
 */
static const char *
end_in_lines(X12Reader *reader, const char *start, const char *stop, bool *copied)
{
	const char *at = start;
	bool		in_element;

	while (at < stop)
	{
		if (!x12_line_end(*at))
		{
			at++;
			continue;
		}
		*copied = true;
		in_element = at > start && at[-1] != reader->element && at[-1] != reader->component;
		while (at < stop && is_blank(*at))
			at++;
		if (at < stop && in_element && begins_segment(reader, at))
			return at;
	}
	return stop;
}

static Word
without_line_ends(X12Reader *reader, const char *start, const char *stop)
{
	char	   *copy = arena_alloc(reader->arena, (size_t) (stop - start) + 1);
	size_t		n = 0;

	for (; start < stop; start++)
		if (!x12_line_end(*start))
			copy[n++] = *start;
	return (Word) {copy, n, 0};
}

/* Its elements; a tag has two or three capitals and digits, the first a capital. */
static void
split_segment(X12Reader *reader)
{
	X12Segment *segment = &reader->segment;
	const char *at = segment->text.text;
	const char *stop = at + segment->text.length;
	const char *start = at;
	Word		tag;
	size_t		i;

	segment->n = 0;
	for (;; at++)
	{
		if (at < stop && *at != reader->element)
			continue;
		if (segment->n == X12_ELEMENTS)
		{
			x12_fault(reader, "segment has more than %d elements, the rest are not read", X12_ELEMENTS);
			break;
		}
		segment->elements[segment->n++] = (Word) {start, (size_t) (at - start), 0};
		if (at >= stop)
			break;
		start = at + 1;
	}
	tag = word_trim(segment->elements[0]);
	segment->tag = 0;
	for (i = 0; i < tag.length && i < 3; i++)
	{
		if (!is_digit(tag.text[i]) && !(tag.text[i] >= 'A' && tag.text[i] <= 'Z'))
			break;
		segment->tag |= (uint32_t) (unsigned char) tag.text[i] << (8 * i);
	}
	if (i < tag.length || i < 2 || is_digit(tag.text[0]))
	{
		segment->tag = 0;
		x12_fault(reader, "\"%s\" is no name of a segment", WORD_SHOWN(tag));
	}
}

/* Looked for once, however many segments before it have none. */
static const char *
find_terminator(X12Reader *reader, const char *at)
{
	if (reader->terminator == '\n')
	{
		while (at < reader->end && !x12_line_end(*at))
			at++;
		return at;
	}
	if (reader->stop == NULL || reader->stop < at)
	{
		reader->stop = memchr(at, reader->terminator, (size_t) (reader->end - at));
		if (reader->stop == NULL)
			reader->stop = reader->end;
	}
	return reader->stop;
}

/* From reader->at, where no blank is. */
static void
next_segment(X12Reader *reader)
{
	const char *start = reader->at;
	const char *stop = find_terminator(reader, start);
	const char *ends = stop;
	bool		lines = false;

	if (reader->terminator != '\n')
		ends = end_in_lines(reader, start, stop, &lines);
	reader->at = ends < reader->end && ends == stop ? ends + 1 : ends;
	if (ends != stop)
		x12_fault(reader, "segment has no terminator, the next one begins on the next line");
	else if (stop == reader->end && reader->terminator != '\n')
		x12_fault(reader, "text ends without a terminator");
	reader->segment.text = word_trim(lines ? without_line_ends(reader, start, ends) : (Word) {start, (size_t) (ends - start), 0});
	reader->segment.number = ++reader->n_segments;
	split_segment(reader);
}

bool
x12_next(X12Reader *reader)
{
	arena_pause(reader->arena);
	reader->fault[0] = '\0';
	if (reader->closes != NULL)
	{
		reader->closes->text = NULL;
		reader->closes = NULL;
		if (reader->transaction.text == NULL)
			reader->set = X12_NOTHING;
	}
	reader->at = skip_blanks(reader->at, reader->end);
	/* ~~ ends a segment of nothing */
	while (reader->element != '\0' && reader->at < reader->end && *reader->at == reader->terminator)
		reader->at = skip_blanks(reader->at + 1, reader->end);
	if (reader->at >= reader->end)
	{
		x12_end(reader);
		return false;
	}
	if (text_starts(reader->at, reader->end, "ISA") && x12_separators(reader, reader->at))
		;
	else if (reader->interchange.text == NULL)
		return next_outside(reader);
	next_segment(reader);
	reader->is_envelope = x12_envelope(reader);
	if (!reader->is_envelope && reader->transaction.text == NULL)
		x12_fault(reader, "segment stands in no transaction");
	return true;
}

/* ---------------------------------------------------------------------- composites */

static int
split_by(char separator, Word word, Word *parts, int room)
{
	size_t		start = 0;
	size_t		i;
	int			n = 0;

	for (i = 0; i < (size_t) room; i++)
		parts[i] = X12_NOTHING;
	for (i = 0; i <= word.length; i++)
		if (i == word.length || (separator != '\0' && word.text[i] == separator))
		{
			if (n < room)
				parts[n] = word_trim((Word) {word.text + start, i - start, 0});
			n++;
			start = i + 1;
		}
	return n;
}

int
x12_components(const X12Reader *reader, Word word, Word *parts, int room)
{
	return split_by(reader->component, word, parts, room);
}

static const char *
separator_name(char c, char name[8])
{
	if (c == '\0')
		return "nothing";
	if (c > ' ')
		text_format(name, 8, "\"%c\"", c);
	else
		text_format(name, 8, "0x%02X", (unsigned) c);
	return name;
}

int
x12_composite(X12Reader *reader, Word word, Word *parts, int room)
{
	char		shown[2][8];
	size_t		n = 0;
	char		c;

	while (n < word.length && (is_digit(word.text[n]) || is_letter(word.text[n])))
		n++;
	c = n < word.length ? word.text[n] : '\0';
	if (n >= 1 && n <= 3 && c != reader->component && c != reader->repetition && c != '.' && c != '-' && x12_is_separator(c))
	{
		x12_fault(reader, "components are separated by %s, not by %s as before", separator_name(c, shown[0]),
				  separator_name(reader->component, shown[1]));
		reader->component = c;
	}
	return x12_components(reader, word, parts, room);
}

bool
x12_repetition(const X12Reader *reader, Word *rest, Word *next)
{
	const char *found;

	if (rest->length == 0)
		return false;
	found = reader->repetition == '\0' ? NULL : memchr(rest->text, reader->repetition, rest->length);
	*next = *rest;
	if (found == NULL)
	{
		rest->length = 0;
		return true;
	}
	next->length = (size_t) (found - rest->text);
	rest->length -= next->length + 1;
	rest->text = found + 1;
	return true;
}

bool
x12_is(Word word, const char *text)
{
	size_t		n = strlen(text);

	return word.length == n && memcmp(word.text, text, n) == 0;
}

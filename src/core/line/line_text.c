/*
 * src/core/line/line_text.c
 *
 * Text form of a claim line to its parts, and the stored line to its text.
 */
#include "line/line.h"
#include "line/line_hint.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------ text to the line */

/* Which fields were seen, to refuse a second one. */
typedef enum Field
{
	FIELD_UNITS, FIELD_MINUTES, FIELD_DATE, FIELD_START, FIELD_DX,
	FIELD_REGION, FIELD_SPECIALTY, FIELD_REFERRAL, FIELD_VISIT, FIELD_DX_OF, FIELD_UNREAD,
	FIELD_REVERSAL, FIELD_ASSISTANT
} Field;

static const char *const field_names[] = {
	"units", "minutes", "date", "start time", "dx", "region", "specialty", "referral", "visit",
	"dxof", "unread", "reversal", "assistant"
};

/* The first word: 97124-59-GP, or HC:97124:59:GP as in an X12 service line. */
static bool
parse_service(LineParts *parts, Word word, Fault *why)
{
	char		separator = '-';
	bool		code = true;

	if (word_starts(word, "hc:"))
	{
		separator = ':';
		word.text += 3;
		word.length -= 3;
		word.position += 3;
	}
	for (;;)
	{
		Word		piece = word;
		const char *end = memchr(word.text, separator, word.length);

		if (end != NULL)
			piece.length = (size_t) (end - word.text);
		if (code)
		{
			if (!code_from_text(piece, &parts->code, why))
				return false;
		}
		else if (piece.length == 0)
			return fault(why, FAULT_SYNTAX, piece.position,
						 "Modifier \"\" must be 2 characters of 0-9 and A-Z");
		else if (!parts_add_modifier(parts, piece, why))
			return false;
		if (end == NULL)
			return true;
		code = false;
		word.text += piece.length + 1;
		word.length -= piece.length + 1;
		word.position += piece.length + 1;
	}
}

/* A comma separated list, at least one element, each handed to `add`. */
static bool
parse_list(LineParts *parts, const char *field, Word list,
		   bool (*add) (LineParts *, Word, Fault *), Fault *why)
{
	for (;;)
	{
		Word		piece = list;
		const char *comma = memchr(list.text, ',', list.length);

		if (comma != NULL)
			piece.length = (size_t) (comma - list.text);
		if (piece.length == 0)
			return fault(why, FAULT_SYNTAX, list.position,
						 "Field \"%s\" has an empty element", field);
		if (!add(parts, piece, why))
			return false;
		if (comma == NULL)
			return true;
		list.text += piece.length + 1;
		list.length -= piece.length + 1;
		list.position += piece.length + 1;
	}
}

/* If word is `name=value`, take the value. */
static bool
field_value(Word word, const char *name, Word *value)
{
	size_t		length = strlen(name);

	if (!word_starts(word, name) || word.length == length || word.text[length] != '=')
		return false;
	*value = (Word) {word.text + length + 1, word.length - length - 1,
		word.position + length + 1};
	return true;
}

/* A date, or the first and the last of a span: 2024-08-05..2024-08-09 */
static bool
parse_dates(LineParts *parts, Word word, Fault *why)
{
	Word		first = word;
	Word		last = word;

	for (first.length = 0; first.length + 1 < word.length; first.length++)
		if (word.text[first.length] == '.' && word.text[first.length + 1] == '.')
		{
			last.text += first.length + 2;
			last.length -= first.length + 2;
			last.position += first.length + 2;
			return date_from_text(first, &parts->dos, why) && date_from_text(last, &parts->thru, why) &&
				parts_check_span(parts, last.position, why);
		}
	return date_from_text(word, &parts->dos, why);
}

static bool
parts_add_unread(LineParts *parts, Word word, Fault *why)
{
	uint16_t	unread;

	if (!unread_from_text(word, &unread, why))
		return false;
	parts->unread |= unread;
	return true;
}

static bool
parse_field(LineParts *parts, unsigned *seen, Word word, Fault *why)
{
	Word		value = word;
	Field		field;

	/* which field it is, by its shape alone */
	if ((word.text[0] == 'x' || word.text[0] == 'X') && word.length > 1)
		field = FIELD_UNITS;
	else if (word.length > 3 && (is_digit(word.text[0]) || word.text[0] == '-') &&
			 word_is((Word) {word.text + word.length - 3, 3, 0}, "min"))
		field = FIELD_MINUTES;
	else if (is_digit(word.text[0]) && memchr(word.text, '-', word.length) != NULL)
		field = FIELD_DATE;
	else if (is_digit(word.text[0]) && memchr(word.text, ':', word.length) != NULL)
		field = FIELD_START;
	else if (field_value(word, "dx", &value))
		field = FIELD_DX;
	else if (field_value(word, "region", &value))
		field = FIELD_REGION;
	else if (field_value(word, "specialty", &value))
		field = FIELD_SPECIALTY;
	else if (field_value(word, "referral", &value))
		field = FIELD_REFERRAL;
	else if (field_value(word, "visit", &value))
		field = FIELD_VISIT;
	else if (field_value(word, "dxof", &value))
		field = FIELD_DX_OF;
	else if (field_value(word, "unread", &value))
		field = FIELD_UNREAD;
	else if (word_is(word, "reversal"))
		field = FIELD_REVERSAL;
	else if (field_value(word, "assistant", &value))
		field = FIELD_ASSISTANT;
	else
		return fault(why, FAULT_SYNTAX, word.position,
					 "Unknown field \"%s\"", WORD_SHOWN(word));

	if (*seen & 1u << field)
		return fault(why, FAULT_SYNTAX, word.position,
					 "Field \"%s\" is repeated", field_names[field]);
	*seen |= 1u << field;

	switch (field)
	{
		case FIELD_UNITS:
			return units_from_text((Word) {word.text + 1, word.length - 1, word.position + 1},
								   &parts->units, why);
		case FIELD_MINUTES:
			return integer_from_text("Minutes are", (Word) {word.text, word.length - 3, word.position},
									 0, CLAIMLINE_MAX_MINUTES, &parts->minutes, why);
		case FIELD_DATE:
			return parse_dates(parts, word, why);
		case FIELD_START:
			return start_from_text(word, &parts->start, why);
		case FIELD_DX:
			return parse_list(parts, "dx", value, parts_add_dx, why);
		case FIELD_REGION:
			return parse_list(parts, "region", value, parts_add_region, why);
		case FIELD_SPECIALTY:
			return specialty_from_text(value, &parts->specialty_kind, &parts->specialty, why);
		case FIELD_REFERRAL:
			if (word_is(value, "yes"))
				parts->referral = REFERRAL_YES;
			else if (word_is(value, "no"))
				parts->referral = REFERRAL_NO;
			else
				return fault(why, FAULT_SYNTAX, value.position,
							 "Referral \"%s\" must be yes or no", WORD_SHOWN(value));
			return true;
		case FIELD_VISIT:
			return integer_from_text("Visit is", value, 1, CLAIMLINE_MAX_VISIT,
									 &parts->visit, why);
		case FIELD_DX_OF:
			return dx_of_from_text(value, &parts->dx_of, why);
		case FIELD_UNREAD:
			return parse_list(parts, "unread", value, parts_add_unread, why);
		case FIELD_REVERSAL:
			parts->reversal = true;
			return true;
		case FIELD_ASSISTANT:
			if (value.length < 3 || !word_is((Word) {value.text + value.length - 3, 3, 0}, "min"))
				return fault(why, FAULT_SYNTAX, value.position,
							 "Minutes of an assistant are \"%s\", must end in min", WORD_SHOWN(value));
			return integer_from_text("Minutes of an assistant are", (Word) {value.text, value.length - 3, value.position},
									 0, CLAIMLINE_MAX_MINUTES, &parts->assistant, why);
	}
	return false;
}

bool
line_from_text(const char *text, size_t length, size_t origin,
			   LineParts *parts, Fault *why)
{
	size_t		i = 0;
	size_t		position = origin;
	size_t		assistant = origin;
	unsigned	seen = 0;
	bool		service = true;

	why->kind = FAULT_NONE;
	line_parts_init(parts);
	for (;;)
	{
		Word		word;

		for (; i < length && is_blank(text[i]); i++)
			position++;
		if (i == length)
			break;
		word = (Word) {text + i, 0, position};
		for (; i < length && !is_blank(text[i]); i++)
		{
			word.length++;
			/* characters, not bytes */
			position += ((unsigned char) text[i] & 0xC0) != 0x80;
		}
		if (service ? !parse_service(parts, word, why) : !parse_field(parts, &seen, word, why))
		{
			/* a value out of its limits is of the form */
			if (why->kind == FAULT_SYNTAX)
				why->hint = line_hint(word, service);
			return false;
		}
		if (!service && word_starts(word, "assistant"))
			assistant = word.position;
		service = false;
	}
	if (!service)
		return parts_check_assistant(parts, assistant, why);
	fault(why, FAULT_SYNTAX, position, "A line must start with its code");
	why->hint = line_hint((Word) {text, 0, 0}, true);
	return false;
}

/* ------------------------------------------------------ the line to text */

static char *
append(char *to, const char *text)
{
	size_t		length = strlen(text);

	memcpy(to, text, length + 1);
	return to + length;
}

/* The names of bits, a comma between them; nothing for none. */
static char *
append_names(char *to, const char *before, uint16_t bits, const char *const *names)
{
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (bits & 1 << i)
		{
			to = append(to, before);
			to = append(to, names[i]);
			before = ",";
		}
	return to;
}

size_t
line_to_text(const Line *line, char text[LINE_TEXT])
{
	char		buffer[24];
	char	   *to = text;
	LineExtension extension = line_extension(line);
	int			i;

	to = append(to, code_to_text(line->code, buffer));
	for (i = 0; i < line_n_modifiers(line); i++)
	{
		to = append(to, "-");
		to = append(to, modifier_to_text(line_modifier_at(line, i), buffer));
	}
	to = append(to, " x");
	to = append(to, units_to_text(line->units, buffer));
	if (line->minutes != CLAIMLINE_NO_MINUTES)
		to += sprintf(to, " %dmin", line->minutes);
	if (line->dos != CLAIMLINE_NO_DOS)
	{
		to = append(to, " ");
		to = append(to, date_to_text(line->dos, buffer));
	}
	if (extension.span != 0)
	{
		to = append(to, "..");
		to = append(to, date_to_text(line->dos + extension.span, buffer));
	}
	if (line->start != CLAIMLINE_NO_START)
		to += sprintf(to, " %02d:%02d", line->start / 60, line->start % 60);
	for (i = 0; i < line_n_dx(line); i++)
	{
		to = append(to, i == 0 ? " dx=" : ",");
		to = append(to, dx_to_text(line_dx_at(line, i), buffer));
	}
	to = append_names(to, " region=", line_stated_regions(line), region_names);
	if (line_specialty_kind(line) != SPECIALTY_NONE)
	{
		to = append(to, " specialty=");
		to = append(to, specialty_to_text(line_specialty_kind(line),
										  line_specialty_value(line), buffer));
	}
	if (line_stated_referral(line) != REFERRAL_UNKNOWN)
		to = append(to, line_stated_referral(line) == REFERRAL_YES ? " referral=yes" : " referral=no");
	if (line->visit != CLAIMLINE_NO_VISIT)
		to += sprintf(to, " visit=%d", line->visit);
	if (extension.assistant != 0)
		to += sprintf(to, " assistant=%dmin", extension.assistant - 1);
	if (extension.dx_of != DX_OF_LINE)
	{
		to = append(to, " dxof=");
		to = append(to, dx_of_names[extension.dx_of]);
	}
	to = append_names(to, " unread=", extension.unread, unread_names);
	if (extension.reversal)
		to = append(to, " reversal");
	return (size_t) (to - text);
}

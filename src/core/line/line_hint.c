/*
 * src/core/line/line_hint.c
 *
 * Words that are no part of a line, by what they look like.
 */
#include "line/line_hint.h"

#include "line/field.h"

#include <string.h>

#define LINE_FORM	"A line is written 97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=cervical."

static bool
is_code_character(char c)
{
	return is_digit(c) || is_letter(c);
}

/* How many characters are of a kind. */
static int
count(Word word, bool (*is) (char))
{
	int			n = 0;
	size_t		i;

	for (i = 0; i < word.length; i++)
		n += is(word.text[i]);
	return n;
}

static bool
is_dot(char c)
{
	return c == '.';
}

static bool
holds(Word word, const char *separators)
{
	size_t		i;

	for (i = 0; i < word.length; i++)
		if (word.text[i] != '\0' && strchr(separators, word.text[i]) != NULL)
			return true;
	return false;
}

/* A number with one of the names behind it, or the name alone. */
static bool
is_number_with(Word word, const char *const *names)
{
	while (word.length > 0 && (is_digit(word.text[0]) || word.text[0] == '.'))
	{
		word.text++;
		word.length--;
	}
	for (; *names != NULL; names++)
		if (word_is(word, *names))
			return true;
	return false;
}

/* '{97124 x2}', '{"C1" 1 97124 x2}', '["97124"]': lines in an array, a day or JSON */
static bool
looks_like_lines(Word word)
{
	return word.text[0] == '{' || word.text[0] == '[';
}

/* 97124:59, 97124/GP, 9712459: a code with something that is not joined to it by a dash */
static bool
looks_like_modified(Word word)
{
	size_t		i;

	for (i = 0; i < word.length && is_code_character(word.text[i]); i++)
		;
	return i == CLAIMLINE_CODE_LENGTH + 2 || i == CLAIMLINE_CODE_LENGTH + 4 ||
		(i == CLAIMLINE_CODE_LENGTH && i < word.length && word.text[i] != '-');
}

/* 08/01/2024, 8-1-24, 2024-8-1, 20240801, 1.8.2024, 01AUG2024, 2024-08-01T10:15 */
static bool
looks_like_date(Word word)
{
	int			digits = count(word, is_digit);
	int			letters = count(word, is_letter);

	if (!is_digit(word.text[0]) || holds(word, "="))
		return false;
	if (letters == 0 && !holds(word, ":"))
		return holds(word, "/-") || digits == 8 || count(word, is_dot) == 2;
	return digits >= 3 && ((digits >= 8 && holds(word, "/-")) || (letters == 3 && is_digit(word.text[word.length - 1])));
}

/* 10am, 10:00:00, 1015h */
static bool
looks_like_time(Word word)
{
	static const char *const names[] = {"am", "pm", "a", "p", "h", NULL};

	return is_digit(word.text[0]) && (holds(word, ":") || is_number_with(word, names));
}

/* M54.2 and not dx=M54.2 */
static bool
looks_like_dx(Word word)
{
	uint64_t	dx;
	Fault		why;

	return dx_from_text(word, &dx, &why);
}

/* 2, 2x, 30m, 15minutes, min, units, x */
static bool
looks_like_amount(Word word)
{
	static const char *const names[] = {"", "x", "u", "un", "unit", "units", "m", "min", "mins", "minute", "minutes", NULL};

	return is_number_with(word, names);
}

/* GP, -GP; 59 is taken for an amount, and x3 is one that is repeated */
static bool
looks_like_modifier(Word word)
{
	return word.text[0] == '-' || (word.length == 2 && is_letter(word.text[0]) && is_code_character(word.text[1]) &&
								   (to_upper(word.text[0]) != 'X' || is_letter(word.text[1])));
}

static bool
looks_like_region(Word word)
{
	uint16_t	region;
	Fault		why;

	return region_from_text(word, &region, &why);
}

/* dos=2024-08-01, units:2; where the name is one, its value is wrong */
static bool
looks_like_named(Word word)
{
	static const char *const names[] = {"dx=", "region=", "specialty=", "referral=", "visit=", "assistant=", NULL};
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (word_starts(word, names[i]))
			return false;
	return holds(word, "=:");
}

typedef struct Shape
{
	bool		(*looks_like) (Word word);
	const char *hint;
} Shape;

static const Shape first_shapes[] = {
	{looks_like_lines, "An array of lines or a day is told from a line by its type, as in '...'::claimline[]. " LINE_FORM},
	{looks_like_modified, "Modifiers are joined to the code by dashes. " LINE_FORM},
	{NULL, LINE_FORM}
};

static const Shape field_shapes[] = {
	{looks_like_date, "A date is written year-month-day. " LINE_FORM},
	{looks_like_amount, "Units begin with x and minutes end in min, without blanks. " LINE_FORM},
	{looks_like_modifier, "Modifiers are joined to the code by dashes. " LINE_FORM},
	{looks_like_dx, "Diagnoses are written behind dx=, with commas. " LINE_FORM},
	{looks_like_region, "Regions are written behind region=, with commas. " LINE_FORM},
	{looks_like_time, "A start time is written hour:minute, of 24 hours. " LINE_FORM},
	{looks_like_named, "Fields with a name are dx, dxof, region, specialty, referral, visit and assistant. " LINE_FORM},
	{NULL, LINE_FORM}
};

const char *
line_hint(Word word, bool is_first)
{
	const Shape *shape = is_first ? first_shapes : field_shapes;

	while (shape->looks_like != NULL && (word.length == 0 || !shape->looks_like(word)))
		shape++;
	return shape->hint;
}

/*
 * src/core/line/stored_time.c
 *
 * Times of day in the forms that claims tables store them in.
 */
#include "line/stored_field.h"

#include "base/take.h"

/* AM or PM, letter case aside: 0 or 1; -1 where there is none. */
static int
take_half(Word *word)
{
	Word		behind = *word;
	int			half;

	take_blanks(&behind);
	if (letters_ahead(behind) != 2)
		return -1;
	half = take_text(&behind, "am") ? 0 : take_text(&behind, "pm") ? 1 : -1;
	if (half >= 0)
		*word = behind;
	return half;
}

/* The parts of a time: 9:30, 09:30:15.123, 0930, 093015.123; hours.minutes.seconds with points, as Oracle has them. */
static bool
take_time_parts(Word *word, int *hour, int *minute)
{
	size_t		n = digits_ahead(*word);
	bool		compact = n == 4 || n == 6;
	char		separator = '\0';
	int			second = 0;
	bool		seconds = n == 6;

	*hour = take_digits(word, compact ? 2 : 1, 2);
	if (!compact && (separator = take_one_of(word, ":.")) == '\0')
		return false;
	*minute = take_digits(word, 2, 2);
	if (!compact && word->length > 1 && word->text[0] == separator && is_digit(word->text[1]))
	{
		take(word, 1);
		seconds = true;
	}
	if (seconds)
		second = take_digits(word, 2, 2);
	/* parts of a second; SQL Server writes a colon before them */
	if (seconds && word->length > 1 && strchr(".,:", word->text[0]) != NULL && is_digit(word->text[1]))
	{
		take(word, 1);
		take(word, digits_ahead(*word));
	}
	/* 9.30 may be a part of an hour */
	return (separator != '.' || seconds) && *hour >= 0 && *hour <= 23 && *minute >= 0 && *minute <= 59 && second >= 0 && second <= 59 &&
		digits_ahead(*word) == 0;
}

/* A time of day, with AM or PM or without, taken off the front. */
static bool
take_time(Word *word, int32_t *of_day)
{
	int			hour,
				minute,
				half;

	if (!take_time_parts(word, &hour, &minute))
		return false;
	half = take_half(word);
	if (half >= 0)
	{
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + 12 * half;
	}
	*of_day = hour * 60 + minute;
	return true;
}

bool
stored_time(Word word, int32_t *minute)
{
	return take_time(&word, minute) && word.length == 0;
}

/* +00, -04:00, -0400, +05:30:00 */
static bool
take_offset(Word *word)
{
	int			part;

	if (take_one_of(word, "+-") == '\0')
		return false;
	for (part = 0; part < 3; part++)
	{
		if (take_digits(word, 2, 2) < 0)
			return false;
		if (!take_char(word, ':') && digits_ahead(*word) == 0)
			return true;
	}
	return false;
}

/* A name of a zone: UTC, EST, America/New_York. */
static bool
take_zone_name(Word *word)
{
	static const char *const names[] = {
		"z", "utc", "gmt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst", "hdt", "ast", "adt"
	};
	Word		name = {word->text, 0, 0};
	size_t		i;

	while (word->length > 0 && (is_letter(word->text[0]) || word->text[0] == '/' || word->text[0] == '_'))
	{
		take(word, 1);
		name.length++;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (word_is(name, names[i]))
			return true;
	return name.length > 2 && is_letter(name.text[0]) && is_letter(name.text[name.length - 1]) &&
		memchr(name.text, '/', name.length) != NULL;
}

bool
stored_time_of_day(Word word)
{
	int32_t		of_day;

	if (!take_time(&word, &of_day))
		return false;
	take_blanks(&word);
	if (word.length == 0)
		return true;
	return (is_letter(word.text[0]) ? take_zone_name(&word) : take_offset(&word)) && word.length == 0;
}

/*
 * src/core/line/stored_date.c
 *
 * Dates in the forms that claims tables store them in.
 */
#include "line/stored_field.h"

#include "base/take.h"

static const char *const month_names[] = {
	"january", "february", "march", "april", "may", "june", "july", "august",
	"september", "october", "november", "december"
};
static const char *const day_names[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
};

/* A name, or its first three letters, taken off the front: its number from 0 on, or -1. */
static int
take_name(Word *word, const char *const *names, int n_names)
{
	size_t		n = letters_ahead(*word);
	int			i;

	for (i = 0; i < n_names; i++)
	{
		size_t		same = 0;

		while (same < n && to_upper(word->text[same]) == to_upper(names[i][same]))
			same++;
		if (same == n && (n == 3 || (n > 3 && names[i][n] == '\0')))
		{
			take(word, n);
			return i;
		}
	}
	return -1;
}

static int
take_month(Word *word)
{
	int			month = take_name(word, month_names, 12);

	return month < 0 ? -1 : month + 1;
}

/* A date as it was written: what may stand behind it depends on it. */
typedef struct Written
{
	int			year;
	int			month;
	int			day;
	bool		digits;			/* 20240801 */
	bool		named;			/* with the name of the month */
} Written;

/* 2024-08-01, 2024/8/1, 2024.08.01, 2024-Aug-01 */
static bool
take_year_first(Word *word, Written *date)
{
	char		separator;

	date->year = take_digits(word, 4, 4);
	separator = take_one_of(word, "-/.");
	date->named = letters_ahead(*word) > 0;
	date->month = date->named ? take_month(word) : take_digits(word, 1, 2);
	if (separator == '\0' || !take_char(word, separator))
		return false;
	date->day = take_digits(word, 1, 2);
	return true;
}

/* 08/01/2024, 8-1-2024; 01-AUG-2024, 01AUG2024, 1 August 2024, 01/Aug/2024 */
static bool
take_year_last(Word *word, Written *date)
{
	int			number = take_digits(word, 1, 2);
	char		separator = take_one_of(word, "-/ ");

	if (separator == ' ')
		take_blanks(word);
	date->named = letters_ahead(*word) > 0;
	if (date->named)
	{
		date->day = number;
		date->month = take_month(word);
	}
	else
	{
		date->month = number;
		date->day = take_digits(word, 1, 2);
	}
	if (separator == ' ')
		take_blanks(word);
	else if (separator != '\0' && !take_char(word, separator))
		return false;
	date->year = take_digits(word, 4, 4);
	return date->named || separator == '-' || separator == '/';
}

/* Aug 1 2024, August 1, 2024, AUG-01-2024 */
static bool
take_month_first(Word *word, Written *date)
{
	bool		dashes;

	date->named = true;
	date->month = take_month(word);
	dashes = take_char(word, '-');
	if (!dashes && !take_blanks(word))
		return false;
	date->day = take_digits(word, 1, 2);
	if (dashes ? !take_char(word, '-') : !(take_char(word, ',') | take_blanks(word)))
		return false;
	take_blanks(word);
	date->year = take_digits(word, 4, 4);
	return true;
}

/* A date in a form that tells itself apart, taken off the front. */
static bool
take_date(Word *word, Written *date)
{
	size_t		n = digits_ahead(*word);

	*date = (Written) {-1, -1, -1, false, false};
	if (n == 8 || n == 12 || n == 14)
	{
		date->digits = true;
		date->year = take_digits(word, 4, 4);
		date->month = take_digits(word, 2, 2);
		date->day = take_digits(word, 2, 2);
		return true;
	}
	if (n == 4)
		return take_year_first(word, date);
	if (n == 1 || n == 2)
		return take_year_last(word, date);
	return n == 0 && take_month_first(word, date);
}

/* ---------------------------------------------------- dates by a format */

/* The parts of a format of dates. */
typedef enum FormatPart
{
	FORMAT_YEAR, FORMAT_MONTH_NAME, FORMAT_MONTH, FORMAT_DAY, FORMAT_OTHER
} FormatPart;

static FormatPart
take_format(Word *format, char *other)
{
	if (take_text(format, "yyyy"))
		return FORMAT_YEAR;
	if (take_text(format, "mon"))
		return FORMAT_MONTH_NAME;
	if (take_text(format, "mm"))
		return FORMAT_MONTH;
	if (take_text(format, "dd"))
		return FORMAT_DAY;
	*other = take(format, 1).text[0];
	return FORMAT_OTHER;
}

bool
date_format_is_valid(Word format)
{
	int			years = 0,
				months = 0,
				days = 0;

	while (format.length > 0)
	{
		char		other;

		switch (take_format(&format, &other))
		{
			case FORMAT_YEAR:
				years++;
				break;
			case FORMAT_MONTH_NAME:
			case FORMAT_MONTH:
				months++;
				break;
			case FORMAT_DAY:
				days++;
				break;
			case FORMAT_OTHER:
				if (is_letter(other) || is_digit(other))
					return false;
				break;
		}
	}
	return years == 1 && months == 1 && days == 1;
}

/* A date by a format, taken off the front. */
static bool
take_date_by(Word *word, Word format, Written *date)
{
	*date = (Written) {-1, -1, -1, true, false};
	while (format.length > 0)
	{
		char		other;
		FormatPart	part = take_format(&format, &other);
		/* a day or month before a separator may have one digit */
		int			least = format.length > 0 && is_letter(format.text[0]) ? 2 : 1;

		if (part == FORMAT_YEAR)
			date->year = take_digits(word, 4, 4);
		else if (part == FORMAT_MONTH_NAME)
		{
			date->month = take_month(word);
			date->named = true;
		}
		else if (part == FORMAT_MONTH)
			date->month = take_digits(word, least, 2);
		else if (part == FORMAT_DAY)
			date->day = take_digits(word, least, 2);
		else
		{
			date->digits = false;
			if (!take_char(word, other))
				return false;
		}
	}
	date->digits &= !date->named;
	return true;
}

/* -------------------------------------------------------- the whole text */

/* .0 behind digits, as exports of numbers write it. */
static bool
is_point_zeros(Word word)
{
	if (!take_char(&word, '.') || word.length == 0)
		return false;
	while (take_char(&word, '0'))
		;
	return word.length == 0;
}

/* May the text stand behind a date: nothing, or a time of day, which is left out? */
static bool
may_follow(const Written *date, Word rest)
{
	if (rest.length == 0 || (date->digits && is_point_zeros(rest)))
		return true;
	/* 20240801101500 has no separator, 01AUG2024:10:15:00 a colon */
	if (!(date->digits && is_digit(rest.text[0])) &&
		!(date->named && take_char(&rest, ':')) &&
		!take_blanks(&rest) && take_one_of(&rest, "Tt") == '\0')
		return false;
	return stored_time_of_day(rest);
}

/* One of the two readings of a date. */
static bool
take_either(Word *word, Word format, Written *date)
{
	return format.text == NULL ? take_date(word, date) : take_date_by(word, format, date);
}

bool
stored_dates(Word word, Word format, int32_t *first, int32_t *last)
{
	Written		date;

	if (format.text == NULL && letters_ahead(word) > 0 && take_name(&word, day_names, 7) >= 0)
	{
		/* Thu, 01 Aug 2024 */
		take_char(&word, ',');
		if (!take_blanks(&word))
			return false;
	}
	if (!take_either(&word, format, &date) || !date_of_calendar(date.year, date.month, date.day, first))
		return false;
	*last = *first;
	if (may_follow(&date, word))
		return true;
	take_blanks(&word);
	if (!take_char(&word, '-'))
		return false;
	take_blanks(&word);
	return take_either(&word, format, &date) && word.length == 0 &&
		date_of_calendar(date.year, date.month, date.day, last) && *first <= *last;
}

bool
stored_date(Word word, int32_t *date)
{
	return stored_date_by(word, (Word) {NULL, 0, 0}, date);
}

bool
stored_date_by(Word word, Word format, int32_t *date)
{
	int32_t		last;

	return stored_dates(word, format, date, &last);
}

/*
 * src/core/line/stored_field.c
 *
 * Fields of lines in the forms that claims tables store them in.
 */
#include "line/stored_field.h"

/* A byte outside ASCII: in every server encoding these have the high bit set. */
static bool
is_beyond_ascii(char c)
{
	return ((unsigned char) c & 0x80) != 0;
}

/* Take n characters off the front. */
static Word
take(Word *word, size_t n)
{
	Word		front = {word->text, n, 0};

	word->text += n;
	word->length -= n;
	return front;
}

static bool
take_char(Word *word, char c)
{
	if (word->length == 0 || word->text[0] != c)
		return false;
	take(word, 1);
	return true;
}

/* A number of `least` to `most` digits taken off the front; -1 where there is none. */
static int
take_digits(Word *word, int least, int most)
{
	int			value = 0;
	int			n = 0;

	for (; n < most && word->length > 0 && is_digit(word->text[0]); n++)
		value = value * 10 + (take(word, 1).text[0] - '0');
	return n >= least ? value : -1;
}

static void
skip_digits(Word *word)
{
	while (word->length > 0 && is_digit(word->text[0]))
		take(word, 1);
}

/* Is there a text at the front, letter case aside?  Takes it if so; `text` is lower case. */
static bool
take_text(Word *word, const char *text, size_t length)
{
	if (word->length < length || !word_is((Word) {word->text, length, 0}, text))
		return false;
	take(word, length);
	return true;
}

/* ------------------------------------------------------------------ dates */

static int
take_month(Word *word)
{
	static const char *const names[] = {
		"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
	};
	int			i;

	for (i = 0; i < 12; i++)
		if (take_text(word, names[i], 3))
			return i + 1;
	return -1;
}

/* 00:00, 00:00:00, 00:00:00.000, with or without Z: the time behind a date */
static bool
is_time_of_day(Word word)
{
	int			part;

	take_char(&word, 'Z');
	for (part = 0; part < 3; part++)
	{
		int			value = take_digits(&word, 2, 2);

		if (value < 0 || value > (part == 0 ? 23 : 59))
			return false;
		if (part == 2 || !take_char(&word, ':'))
			break;
	}
	if (part == 0)
		return false;
	if (part == 2 && take_char(&word, '.'))
		skip_digits(&word);
	take_char(&word, 'Z');
	return word.length == 0;
}

/* The parts of a format of dates. */
typedef enum FormatPart
{
	FORMAT_YEAR, FORMAT_MONTH_NAME, FORMAT_MONTH, FORMAT_DAY, FORMAT_OTHER
} FormatPart;

static FormatPart
take_format(Word *format, char *other)
{
	if (take_text(format, "yyyy", 4))
		return FORMAT_YEAR;
	if (take_text(format, "mon", 3))
		return FORMAT_MONTH_NAME;
	if (take_text(format, "mm", 2))
		return FORMAT_MONTH;
	if (take_text(format, "dd", 2))
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

bool
stored_date_by(Word word, Word format, int32_t *date)
{
	int			year = -1,
				month = -1,
				day = -1;

	while (format.length > 0)
	{
		char		other;
		FormatPart	part = take_format(&format, &other);
		/* a day or month before a separator may have one digit */
		int			least = format.length > 0 && is_letter(format.text[0]) ? 2 : 1;

		if (part == FORMAT_YEAR)
			year = take_digits(&word, 4, 4);
		else if (part == FORMAT_MONTH_NAME)
			month = take_month(&word);
		else if (part == FORMAT_MONTH)
			month = take_digits(&word, least, 2);
		else if (part == FORMAT_DAY)
			day = take_digits(&word, least, 2);
		else if (!take_char(&word, other))
			return false;
	}
	if (word.length > 0 &&
		!((take_char(&word, ' ') || take_char(&word, 'T')) && is_time_of_day(word_trim(word))))
		return false;
	return date_of_calendar(year, month, day, date);
}

bool
stored_date(Word word, int32_t *date)
{
	/* formats that tell themselves apart */
	static const Word formats[] = {
		{"YYYYMMDD", 8, 0}, {"YYYY-MM-DD", 10, 0}, {"MM/DD/YYYY", 10, 0},
		{"DD-MON-YYYY", 11, 0}, {"YYYY/MM/DD", 10, 0}, {"DDMONYYYY", 9, 0}
	};
	size_t		i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
	{
		/* eight digits in a row, no more and no fewer */
		if (i == 0 && (word.length < 8 || (word.length > 8 && is_digit(word.text[8]))))
			continue;
		if (stored_date_by(word, formats[i], date))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------- numbers */

bool
stored_number_is_valid(Word word)
{
	size_t		i = 0;
	int			digits = 0;
	bool		point = false;

	if (word.length == 0 || word.length > STORED_NUMBER)
		return false;
	if (word.text[0] == '+' || word.text[0] == '-')
		i++;
	for (; i < word.length; i++)
	{
		if (is_digit(word.text[i]))
			digits++;
		else if (word.text[i] == '.' && !point)
			point = true;
		else
			return false;
	}
	return digits > 0;
}

bool
stored_integer(Word word, int32_t *number)
{
	bool		minus = word.length > 0 && word.text[0] == '-';
	int64_t		value = 0;
	size_t		i;

	if (!stored_number_is_valid(word))
		return false;
	for (i = word.text[0] == '+' || minus ? 1 : 0; i < word.length && word.text[i] != '.'; i++)
	{
		value = value * 10 + (word.text[i] - '0');
		if (value > (int64_t) INT32_MAX + 1)
			return false;
	}
	for (i++; i < word.length; i++)
		if (word.text[i] != '0')
			return false;
	if (minus)
		value = -value;
	if (value > INT32_MAX)
		return false;
	*number = (int32_t) value;
	return true;
}

/* ------------------------------------------------------- yes, no, and time */

bool
stored_yes_no(Word word, bool *yes)
{
	static const char *const words[] = {"y", "n", "yes", "no", "t", "f", "true", "false", "1", "0"};
	size_t		i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word_is(word, words[i]))
		{
			*yes = i % 2 == 0;
			return true;
		}
	return false;
}

/* AM or PM taken off the end: 0 or 1; -1 for neither, -2 for another letter before an M. */
static int
take_half(Word *word)
{
	char		c;

	if (word->length <= 2 || to_upper(word->text[word->length - 1]) != 'M')
		return -1;
	c = to_upper(word->text[word->length - 2]);
	*word = word_trim((Word) {word->text, word->length - 2, 0});
	return c == 'A' ? 0 : c == 'P' ? 1 : -2;
}

bool
stored_time(Word word, int32_t *minute)
{
	int			half = take_half(&word);
	int			hour;
	int			minutes;

	if (word.length == 4 && is_digit(word.text[1]) && is_digit(word.text[2]))
	{
		hour = take_digits(&word, 2, 2);
		minutes = take_digits(&word, 2, 2);
	}
	else
	{
		hour = take_digits(&word, 1, 2);
		if (!take_char(&word, ':'))
			return false;
		minutes = take_digits(&word, 2, 2);
		if (take_char(&word, ':'))
		{
			int			second = take_digits(&word, 2, 2);

			if (second < 0 || second > 59)
				return false;
			if (take_char(&word, '.'))
				skip_digits(&word);
		}
	}
	if (half == -2 || word.length > 0 || hour < 0 || minutes < 0 || minutes > 59 || hour > 23 ||
		(half >= 0 && (hour < 1 || hour > 12)))
		return false;
	if (half >= 0)
		hour = hour % 12 + 12 * half;
	*minute = hour * 60 + minutes;
	return true;
}

/* ------------------------------------------------------------------ lists */

/* Characters of codes and names of regions; what is not ASCII stays, for the error message. */
static bool
is_in_list_item(char c)
{
	return is_digit(c) || is_letter(c) || c == '.' || c == '_' || is_beyond_ascii(c);
}

bool
stored_list_next(Word *rest, Word *item)
{
	while (rest->length > 0 && !is_in_list_item(rest->text[0]))
		take(rest, 1);
	*item = (Word) {rest->text, 0, 0};
	while (rest->length > 0 && is_in_list_item(rest->text[0]))
	{
		take(rest, 1);
		item->length++;
	}
	return item->length > 0;
}

/* The next run of letters and digits, taken off; of length 0 where it touches what is not ASCII. */
static Word
take_word(Word *rest)
{
	Word		word;

	while (rest->length > 0 && !is_digit(rest->text[0]) && !is_letter(rest->text[0]))
	{
		/* what is not ASCII belongs to no code */
		if (is_beyond_ascii(rest->text[0]))
			return (Word) {rest->text, 0, 0};
		take(rest, 1);
	}
	word = (Word) {rest->text, 0, 0};
	while (rest->length > 0 && (is_digit(rest->text[0]) || is_letter(rest->text[0])))
	{
		take(rest, 1);
		word.length++;
	}
	if (rest->length > 0 && is_beyond_ascii(rest->text[0]))
		word.length = 0;
	return word;
}

bool
stored_procedure(Word *rest, Word *code)
{
	*code = take_word(rest);
	if (word_is(*code, "cpt4") || word_is(*code, "cpt") || word_is(*code, "hcpcs") || word_is(*code, "hc"))
		*code = take_word(rest);
	/* codes of either level have digits in the middle */
	return code->length == CLAIMLINE_CODE_LENGTH &&
		is_digit(code->text[1]) && is_digit(code->text[2]) && is_digit(code->text[3]);
}

bool
stored_procedure_modifier(Word *rest, Word *modifier)
{
	*modifier = take_word(rest);
	return modifier->length == 2;
}

bool
same_diagnosis(Word a, Word b)
{
	size_t		i = 0;
	size_t		j = 0;

	for (;;)
	{
		if (i < a.length && a.text[i] == '.')
			i++;
		if (j < b.length && b.text[j] == '.')
			j++;
		if (i >= a.length || j >= b.length)
			return i >= a.length && j >= b.length;
		if (to_upper(a.text[i++]) != to_upper(b.text[j++]))
			return false;
	}
}

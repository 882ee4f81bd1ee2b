/*
 * src/core/line/field_text.c
 *
 * The fields of a claim line, one by one: text to value, with the reason where
 * it is refused, and value to text.  Knows no server.
 */
#include "line/field.h"

#include "base/format.h"

#include <string.h>

const char *const region_names[N_REGIONS + 1] = {
	"cervical", "thoracic", "lumbar", "sacral", "pelvic",
	"head", "upper_extremity", "lower_extremity", "rib_cage", "abdomen", NULL
};

const char *const unread_names[N_UNREAD + 1] = {
	"modifiers", "minutes", "thru", "start", "dx", "region", "specialty", "referral", "visit", "assistant", NULL
};

const char *const dx_of_names[] = {"line", "claim", "first", NULL};

/* -------------------------------------------------------------- base 36 */

#define TEN_TO_35	11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
	24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36

/* Every line that is built reads some twenty of them. */
const unsigned char base36_digits[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['A'] = TEN_TO_35,
	['a'] = TEN_TO_35
};

static char
base36_char(unsigned digit)
{
	return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit];
}

/* ------------------------------------------------- fields: text to value */

/* `length` characters of 0-9A-Z as one number; the order is kept. */
static bool
base36_value(Word word, size_t length, uint64_t *value)
{
	size_t		i;

	if (word.length != length)
		return false;
	*value = 0;
	for (i = 0; i < length; i++)
	{
		int			digit = base36(word.text[i]);

		if (digit < 0)
			return false;
		*value = *value * 36 + (unsigned) digit;
	}
	return true;
}

static void
base36_text(uint64_t value, int length, char *text)
{
	text[length] = '\0';
	while (length-- > 0)
	{
		text[length] = base36_char((unsigned) (value % 36));
		value /= 36;
	}
}

bool
code_from_text(Word word, uint32_t *code, Fault *why)
{
	uint64_t	value;

	if (!base36_value(word, CLAIMLINE_CODE_LENGTH, &value))
		return fault(why, FAULT_SYNTAX, word.position,
					 "Code \"%s\" must be %d characters of 0-9 and A-Z",
					 WORD_SHOWN(word), CLAIMLINE_CODE_LENGTH);
	*code = (uint32_t) value;
	return true;
}

bool
modifier_from_text(Word word, uint16_t *modifier, Fault *why)
{
	uint64_t	value;

	if (!base36_value(word, 2, &value))
		return fault(why, FAULT_SYNTAX, word.position,
					 "Modifier \"%s\" must be 2 characters of 0-9 and A-Z",
					 WORD_SHOWN(word));
	*modifier = (uint16_t) value;
	return true;
}

/*
 * An ICD-10-CM code: a letter, a digit, then one to five characters, with a
 * dot after the third or none.  Base 37, so that a missing character sorts
 * before any other.
 */
bool
dx_from_text(Word word, uint64_t *dx, Fault *why)
{
	/* what a code of as many characters is to be multiplied by */
	static const uint64_t scale[] = {[3] = 1874161, [4] = 50653, [5] = 1369, [6] = 37, [7] = 1};
	bool		dotted = word.length > 4 && word.text[3] == '.';
	size_t		n = word.length - dotted;
	bool		valid = n >= 3 && n <= 7 && base36(word.text[0]) >= 10 && is_digit(word.text[1]);
	uint64_t	value = 0;
	size_t		i;

	for (i = 0; i < word.length && valid; i++)
	{
		int			digit = base36(word.text[i]);

		if (dotted && i == 3)
			continue;
		valid = digit >= 0;
		value = value * 37 + (unsigned) digit + 1;
	}
	if (!valid)
		return fault(why, FAULT_SYNTAX, word.position,
					 "Diagnosis \"%s\" must be an ICD-10-CM code of 3 to 7 characters",
					 WORD_SHOWN(word));
	*dx = value * scale[n];
	return true;
}

int
dx_length(uint64_t dx)
{
	int			length = 7;

	while (length > 0 && dx % 37 == 0)
	{
		dx /= 37;
		length--;
	}
	return length;
}

uint64_t
dx_prefix(uint64_t dx, int length)
{
	uint64_t	scale = 1;

	for (; length < 7; length++)
		scale *= 37;
	return dx / scale * scale;
}

/* A decimal number with at most three decimals that count, in thousandths. */
bool
units_from_text(Word word, uint32_t *units, Fault *why)
{
	uint64_t	value = 0;
	int			decimals = -1;	/* -1 before the point */
	size_t		digits = 0;
	size_t		i;

	if (word.length > 1 && word.text[0] == '-' && is_digit(word.text[1]))
		return fault(why, FAULT_RANGE, word.position,
					 "Units are %s, must be 0 to 999999.999", WORD_SHOWN(word));
	for (i = 0; i < word.length; i++)
	{
		char		c = word.text[i];

		if (c == '.' && decimals < 0)
		{
			decimals = 0;
			continue;
		}
		if (!is_digit(c))
			return fault(why, FAULT_SYNTAX, word.position,
						 "Units \"%s\" must be a number from 0 to 999999.999",
						 WORD_SHOWN(word));
		digits++;
		if (decimals >= 3)
		{
			if (c != '0')
				return fault(why, FAULT_RANGE, word.position,
							 "Units are %s, must have at most three decimals",
							 WORD_SHOWN(word));
			continue;
		}
		value = value * 10 + (unsigned) (c - '0');
		if (decimals >= 0)
			decimals++;
		if (value > CLAIMLINE_MAX_UNITS)
			break;
	}
	if (digits == 0)
		return fault(why, FAULT_SYNTAX, word.position,
					 "Units \"%s\" must be a number from 0 to 999999.999",
					 WORD_SHOWN(word));
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 3; decimals++)
		value *= 10;
	if (value > CLAIMLINE_MAX_UNITS)
		return fault(why, FAULT_RANGE, word.position,
					 "Units are %s, must be 0 to 999999.999", WORD_SHOWN(word));
	*units = (uint32_t) value;
	return true;
}

/* "minutes are 2000, must be 0 to 1440" */
bool
number_in_range(const char *what, int64_t value, int64_t low, int64_t high,
				size_t position, Fault *why)
{
	if (value < low || value > high)
		return fault(why, FAULT_RANGE, position, "%s %lld, must be %lld to %lld",
					 what, (long long) value, (long long) low, (long long) high);
	return true;
}

/* Digits only, as many as there are: a number too long for 18 is just large. */
bool
integer_from_text(const char *what, Word word, int64_t low, int64_t high,
				  int32_t *value, Fault *why)
{
	int64_t		number = 0;
	size_t		i;

	for (i = 0; i < word.length; i++)
	{
		if (!is_digit(word.text[i]))
			break;
		if (number <= INT64_MAX / 100)
			number = number * 10 + (word.text[i] - '0');
	}
	if (word.length == 0 || i < word.length)
		return fault(why, FAULT_SYNTAX, word.position,
					 "%s \"%s\", must be a whole number from %lld to %lld",
					 what, WORD_SHOWN(word), (long long) low, (long long) high);
	if (number < low || number > high)
		return fault(why, FAULT_RANGE, word.position, "%s %s, must be %lld to %lld",
					 what, WORD_SHOWN(word), (long long) low, (long long) high);
	*value = (int32_t) number;
	return true;
}

/* Two digits at text, or -1 */
static int
two_digits(const char *text)
{
	if (!is_digit(text[0]) || !is_digit(text[1]))
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Days since 2000-01-01 in the proleptic Gregorian calendar. */
static int32_t
days_from_civil(int year, int month, int day)
{
	int			y = month <= 2 ? year - 1 : year;
	int			era = y / 400;
	int			of_era = y - era * 400;
	int			of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 730425;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

bool
date_of_calendar(int year, int month, int day, int32_t *date)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*date = days_from_civil(year, month, day);
	return true;
}

bool
date_from_text(Word word, int32_t *date, Fault *why)
{
	const char *t = word.text;
	int			century,
				year,
				month,
				day;

	if (word.length != 10 || t[4] != '-' || t[7] != '-' ||
		(century = two_digits(t)) < 0 || (year = two_digits(t + 2)) < 0 ||
		(month = two_digits(t + 5)) < 0 || (day = two_digits(t + 8)) < 0)
		return fault(why, FAULT_SYNTAX, word.position,
					 "Date \"%s\" must be of the form 2024-08-01", WORD_SHOWN(word));
	if (!date_of_calendar(century * 100 + year, month, day, date))
		return fault(why, FAULT_RANGE, word.position,
					 "Date \"%s\" is not in the calendar", WORD_SHOWN(word));
	return true;
}

bool
start_from_text(Word word, int32_t *start, Fault *why)
{
	int			hour,
				minute;

	if (word.length != 5 || word.text[2] != ':' ||
		(hour = two_digits(word.text)) < 0 || (minute = two_digits(word.text + 3)) < 0)
		return fault(why, FAULT_SYNTAX, word.position,
					 "Start time \"%s\" must be of the form 10:00", WORD_SHOWN(word));
	if (hour > 23 || minute > 59)
		return fault(why, FAULT_RANGE, word.position,
					 "Start time is %s, must be 00:00 to 23:59", WORD_SHOWN(word));
	*start = hour * 60 + minute;
	return true;
}

bool
region_from_text(Word word, uint16_t *region, Fault *why)
{
	int			i;

	for (i = 0; i < N_REGIONS; i++)
		if (word_is(word, region_names[i]))
		{
			*region = (uint16_t) (1 << i);
			return true;
		}
	return fault(why, FAULT_SYNTAX, word.position,
				 "Region \"%s\" must be one of cervical, thoracic, lumbar, sacral, pelvic, "
				 "head, upper_extremity, lower_extremity, rib_cage, abdomen",
				 WORD_SHOWN(word));
}

bool
unread_from_text(Word word, uint16_t *unread, Fault *why)
{
	int			i;

	for (i = 0; i < N_UNREAD; i++)
		if (word_is(word, unread_names[i]))
		{
			*unread = (uint16_t) (1 << i);
			return true;
		}
	return fault(why, FAULT_SYNTAX, word.position,
				 "Field \"%s\" must be one of modifiers, minutes, thru, start, dx, region, specialty, referral, visit",
				 WORD_SHOWN(word));
}

bool
dx_of_from_text(Word word, DxOf *dx_of, Fault *why)
{
	int			i;

	for (i = 0; dx_of_names[i] != NULL; i++)
		if (word_is(word, dx_of_names[i]))
		{
			*dx_of = (DxOf) i;
			return true;
		}
	return fault(why, FAULT_SYNTAX, word.position,
				 "Diagnoses are of \"%s\", must be of line, claim or first", WORD_SHOWN(word));
}

bool
specialty_from_text(Word word, SpecialtyKind *kind, uint64_t *specialty, Fault *why)
{
	if (base36_value(word, 2, specialty))
		*kind = SPECIALTY_CMS;
	else if (base36_value(word, 10, specialty))
		*kind = SPECIALTY_TAXONOMY;
	else
		return fault(why, FAULT_SYNTAX, word.position,
					 "Specialty \"%s\" must be a CMS code of 2 characters or a NUCC taxonomy code of 10",
					 WORD_SHOWN(word));
	return true;
}

#define TAXONOMY_LENGTH		10

/* How many taxonomy codes begin with the same `length` characters. */
static uint64_t
taxonomies_of_length(uint32_t length)
{
	uint64_t	n = 1;

	for (; length < TAXONOMY_LENGTH; length++)
		n *= 36;
	return n;
}

bool
taxonomy_prefix_from_text(Word word, uint64_t *prefix, uint32_t *length, Fault *why)
{
	*length = (uint32_t) word.length;
	if (word.length == 0 || word.length > TAXONOMY_LENGTH || !base36_value(word, word.length, prefix))
		return fault(why, FAULT_SYNTAX, word.position,
					 "Taxonomy \"%s\" must be the first 1 to %d characters of NUCC taxonomy codes",
					 WORD_SHOWN(word), TAXONOMY_LENGTH);
	*prefix *= taxonomies_of_length(*length);
	return true;
}

bool
taxonomy_has_prefix(uint64_t taxonomy, uint64_t prefix, uint32_t length)
{
	return taxonomy >= prefix && taxonomy - prefix < taxonomies_of_length(length);
}

/* ------------------------------------------------- fields: value to text */

const char *
taxonomy_prefix_to_text(uint64_t prefix, uint32_t length, char text[SPECIALTY_TEXT])
{
	base36_text(prefix, TAXONOMY_LENGTH, text);
	text[length] = '\0';
	return text;
}

const char *
code_to_text(uint32_t code, char text[CODE_TEXT])
{
	base36_text(code, CLAIMLINE_CODE_LENGTH, text);
	return text;
}

const char *
modifier_to_text(uint16_t modifier, char text[MODIFIER_TEXT])
{
	base36_text(modifier, 2, text);
	return text;
}

const char *
dx_to_text(uint64_t dx, char text[DX_TEXT])
{
	char		plain[8];
	int			length = dx_length(dx);
	int			i;

	for (i = 6; i >= 0; i--, dx /= 37)
		plain[i] = dx % 37 ? base36_char((unsigned) (dx % 37) - 1) : '\0';
	plain[7] = '\0';
	text_format(text, DX_TEXT, length > 3 ? "%.3s.%s" : "%.3s%s", plain, plain + 3);
	return text;
}

const char *
units_to_text(uint32_t units, char text[UNITS_TEXT])
{
	size_t		length;

	if (units % 1000 == 0 && units < 10000)
	{
		text[0] = (char) ('0' + units / 1000);
		text[1] = '\0';
		return text;
	}
	if (units % 1000 == 0)
	{
		text_format(text, UNITS_TEXT, "%u", units / 1000 % 1000000);
		return text;
	}
	length = text_format(text, UNITS_TEXT, "%u.%03u", units / 1000 % 1000000, units % 1000);
	while (text[length - 1] == '0')
		text[--length] = '\0';
	return text;
}

const char *
date_to_text(int32_t date, char text[DATE_TEXT])
{
	int			z = date + 730425;
	int			era = z / 146097;
	int			of_era = z - era * 146097;
	int			year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int			of_year = of_era - (365 * year + year / 4 - year / 100);
	int			m = (5 * of_year + 2) / 153;
	int			day = of_year - (153 * m + 2) / 5 + 1;
	int			month = m < 10 ? m + 3 : m - 9;

	text_format(text, DATE_TEXT, "%04d-%02d-%02d",
				(year + era * 400 + (month <= 2)) % 10000, month % 100, day % 100);
	return text;
}

const char *
specialty_to_text(SpecialtyKind kind, uint64_t specialty, char text[SPECIALTY_TEXT])
{
	base36_text(specialty, kind == SPECIALTY_CMS ? 2 : kind == SPECIALTY_TAXONOMY ? 10 : 0, text);
	return text;
}

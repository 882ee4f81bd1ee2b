/*
 * src/core/x12/x12_date.c
 *
 * Dates as DTP and DTM have them.
 */
#include "x12/x12_claim.h"

#include "base/take.h"
#include "line/field.h"

/* CCYYMMDD, with HHMM, HHMMSS and parts of a second behind it or not. */
static bool
take_moment(Word *word, int32_t *date, int32_t *minute)
{
	size_t		n = digits_ahead(*word);
	int			year,
				month,
				day;

	if (n != 8 && n != 10 && n != 12 && n != 14 && n != 16)
		return false;
	year = take_digits(word, 4, 4);
	month = take_digits(word, 2, 2);
	day = take_digits(word, 2, 2);
	*minute = -1;
	if (n > 8)
	{
		int			hours = take_digits(word, 2, 2);
		int			minutes = n > 10 ? take_digits(word, 2, 2) : 0;

		if (hours > 23 || minutes > 59)
			return false;
		*minute = hours * 60 + minutes;
		take(word, digits_ahead(*word));
	}
	return date_of_calendar(year, month, day, date);
}

bool
x12_dates(Word word, int32_t *first, int32_t *last, int32_t *minute)
{
	int32_t		ignored;

	if (!take_moment(&word, first, minute))
		return false;
	*last = *first;
	if (word.length == 0)
		return true;
	return take_char(&word, '-') && take_moment(&word, last, &ignored) && word.length == 0;
}

X12Dates
x12_read_dates(Word word)
{
	X12Dates	dates = {.text = word};

	dates.is_read = x12_dates(word, &dates.first, &dates.last, &dates.minute);
	return dates;
}

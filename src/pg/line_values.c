/*
 * src/pg/line_values.c
 *
 * Parts of a line from values of the server's types.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "pg/compat.h"
#include "pg/line_values.h"
#include "utils/array.h"
#include "utils/arrayaccess.h"
#include "utils/builtins.h"

Datum
numeric_of(Word word)
{
	return DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(word.text, word.length)),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

bool
parts_add_elements(LineParts *parts, Datum array, bool (*add) (LineParts *, Word, Fault *), Fault *why)
{
	AnyArrayType *elements = DatumGetAnyArrayP(array);
	int			n = ArrayGetNItems(AARR_NDIM(elements), AARR_DIMS(elements));
	array_iter	each;
	int			i;

	text_iter_setup(&each, elements);
	for (i = 0; i < n; i++)
	{
		bool		is_null;
		Datum		element = text_iter_next(&each, &is_null, i);
		text	   *value;

		if (is_null)
			continue;
		value = DatumGetTextPP(element);
		if (!add(parts, (Word) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0}, why))
			return false;
	}
	return true;
}

Word
text_word(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);

	return word_trim((Word) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0});
}

/* Where the memo has a number, or would; NULL where none as long. */
static inline UnitsRead *
memo_place(const UnitsMemo *memo, const uint8 *bytes, Size size)
{
	if (size < 2 || size > sizeof(memo->read[0].numeric))
		return NULL;
	return (UnitsRead *) &memo->read[(bytes[size - 1] + bytes[size - 2]) % N_UNITS_READ];
}

static inline bool
has_number(const UnitsRead *read, const uint8 *bytes, Size size)
{
	return read != NULL && read->size == size && memcmp(read->numeric, bytes, size) == 0;
}

bool
units_remembered(Datum units, const UnitsMemo *memo, uint32 *thousandths)
{
	struct varlena *number = (struct varlena *) DatumGetPointer(units);
	const UnitsRead *read;

	if (VARATT_IS_EXTENDED(number) && !VARATT_IS_SHORT(number))
		return false;
	read = memo_place(memo, (const uint8 *) VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number));
	if (!has_number(read, (const uint8 *) VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number)))
		return false;
	*thousandths = read->units;
	return true;
}

bool
parts_set_units(LineParts *parts, Numeric units, UnitsMemo *memo, Fault *why)
{
	Size		size = VARSIZE(units) - VARHDRSZ;
	const uint8 *bytes = (const uint8 *) VARDATA(units);
	UnitsRead  *read = memo_place(memo, bytes, size);
	Word		word;

	if (has_number(read, bytes, size))
	{
		parts->units = read->units;
		return true;
	}
	word.text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(units)));
	word.length = strlen(word.text);
	word.position = 0;
	if (!units_from_text(word, &parts->units, why))
		return false;
	if (read != NULL)
	{
		read->size = (uint8) size;
		memcpy(read->numeric, bytes, size);
		read->units = parts->units;
	}
	return true;
}

bool
parts_set_start(LineParts *parts, TimeADT start, Fault *why)
{
	if (start % USECS_PER_MINUTE != 0)
		return fault(why, FAULT_RANGE, 0, "Start time is %s, must be a whole minute",
					 DatumGetCString(DirectFunctionCall1(time_out, TimeADTGetDatum(start))));
	if (start / USECS_PER_MINUTE > CLAIMLINE_MAX_START)
		return fault(why, FAULT_RANGE, 0, "Start time is 24:00, must be 00:00 to 23:59");
	parts->start = (int32) (start / USECS_PER_MINUTE);
	return true;
}

bool
parts_set_dos(LineParts *parts, DateADT dos, Fault *why)
{
	if (dos < CLAIMLINE_MIN_DOS || dos > CLAIMLINE_MAX_DOS)
		return fault(why, FAULT_RANGE, 0, "Date of service is %s, must be 0001-01-01 to 9999-12-31",
					 DATE_IS_NOBEGIN(dos) ? "-infinity" : DATE_IS_NOEND(dos) ? "infinity"
					 : dos < CLAIMLINE_MIN_DOS ? "before 0001-01-01" : "after 9999-12-31");
	parts->dos = dos;
	return true;
}

bool
parts_set_thru(LineParts *parts, DateADT thru, Fault *why)
{
	if (thru < CLAIMLINE_MIN_DOS || thru > CLAIMLINE_MAX_DOS)
		return fault(why, FAULT_RANGE, 0, "Last date of service is %s, must be 0001-01-01 to 9999-12-31",
					 DATE_IS_NOBEGIN(thru) ? "-infinity" : DATE_IS_NOEND(thru) ? "infinity"
					 : thru < CLAIMLINE_MIN_DOS ? "before 0001-01-01" : "after 9999-12-31");
	parts->thru = thru;
	return parts_check_span(parts, 0, why);
}

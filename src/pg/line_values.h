/*
 * src/pg/line_values.h
 *
 * Parts of a line from values of the server's types.  False with the fault
 * filled in.
 */
#ifndef CLAIMLINE_LINE_VALUES_H
#define CLAIMLINE_LINE_VALUES_H

#include "line/line.h"
#include "pg/compat.h"
#include "utils/date.h"
#include "utils/numeric.h"

/* A text without blanks around it. */
extern Word text_word(Datum datum);

/* The same of a text that lies in the row; false where it is compressed or elsewhere. */
static inline bool
text_of_row(Datum datum, Word *word)
{
	struct varlena *text = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_EXTENDED(text) && !VARATT_IS_SHORT(text))
		return false;
	*word = word_trim((Word) {VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text), 0});
	return true;
}

/* A numeric out of a text that is a number. */
extern Datum numeric_of(Word word);

/* Hand each non-null element of a text array to `add`. */
extern bool parts_add_elements(LineParts *parts, Datum array, bool (*add) (LineParts *, Word, Fault *), Fault *why);

/*
 * Units that a call site has read: a column holds the same few numbers again
 * and again, and a numeric is read by way of its text.
 */
typedef struct UnitsRead
{
	uint8		size;			/* of the numeric without its header; 0 for none */
	uint8		numeric[15];
	uint32		units;
} UnitsRead;

#define N_UNITS_READ	32

typedef struct UnitsMemo
{
	UnitsRead	read[N_UNITS_READ];
} UnitsMemo;

/* `memo` starts zeroed. */
extern bool parts_set_units(LineParts *parts, Numeric units, UnitsMemo *memo, Fault *why);

/* The same of a number that the memo has; false where it does not.  The number may be packed. */
extern bool units_remembered(Datum units, const UnitsMemo *memo, uint32 *thousandths);

extern bool parts_set_start(LineParts *parts, TimeADT start, Fault *why);
extern bool parts_set_dos(LineParts *parts, DateADT dos, Fault *why);

/* The first date of service is there already. */
extern bool parts_set_thru(LineParts *parts, DateADT thru, Fault *why);

#endif							/* CLAIMLINE_LINE_VALUES_H */

/*
 * src/pg/line_type.h
 *
 * Datums of type claimline.
 */
#ifndef CLAIMLINE_LINE_TYPE_H
#define CLAIMLINE_LINE_TYPE_H

#include "line/line.h"
#include "pg/compat.h"

/* The line of a datum, aligned; detoasts. */
#define DatumGetLine(datum)		((Line *) VARDATA(PG_DETOAST_DATUM(datum)))
#define PG_GETARG_LINE(n)		DatumGetLine(PG_GETARG_DATUM(n))

/*
 * The arguments of claimline(), in order.  In a flat call, which the planner
 * makes, their number goes before them, the two arrays are numbers of elements,
 * units may be int4, and the elements follow the arguments.
 */
enum
{
	LINE_ARG_CODE, LINE_ARG_MODIFIERS, LINE_ARG_UNITS, LINE_ARG_MINUTES, LINE_ARG_DOS, LINE_ARG_START,
	LINE_ARG_DX, LINE_ARG_REGIONS, LINE_ARG_SPECIALTY, LINE_ARG_REFERRAL, LINE_ARG_VISIT,
	/* release 0.1 had no more */
	LINE_ARG_THRU, LINE_ARG_DX_OF, LINE_ARG_REVERSAL, LINE_ARG_ASSISTANT
};

/* A line as a datum; its parts as one. */
extern Datum line_datum(const Line *line);
extern Datum parts_datum(const LineParts *parts);
extern Datum sized_line_datum(const Line *line, Size size);

/* The line of a text: the type's input.  Refuses softly where `context` takes that. */
extern Datum line_input(const char *text, struct Node *context);

#endif							/* CLAIMLINE_LINE_TYPE_H */

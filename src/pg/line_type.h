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

/* A line as a datum; its parts as one. */
extern Datum line_datum(const Line *line);
extern Datum parts_datum(const LineParts *parts);

/* The line of a text: the type's input.  Refuses softly where `context` takes that. */
extern Datum line_input(const char *text, fmNodePtr context);

#endif							/* CLAIMLINE_LINE_TYPE_H */

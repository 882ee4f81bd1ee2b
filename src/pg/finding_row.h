/*
 * src/pg/finding_row.h
 *
 * Findings as rows of claim_finding, or of claim_placed.
 */
#ifndef CLAIMLINE_FINDING_ROW_H
#define CLAIMLINE_FINDING_ROW_H

#include "edits/finding.h"
#include "funcapi.h"
#include "pg/compat.h"

/* The row type of findings, looked up with the first one. */
typedef struct RowShape
{
	TupleDesc	desc;			/* claim_finding */
	TupleDesc	placed;			/* claim_placed around it, or NULL */
	Oid			severities[4];	/* labels of claim_severity */
} RowShape;

/* Look up the row type, once; the shape lives in the context. */
extern void finding_row_prepare(RowShape *shape, Oid row_type, MemoryContext context);

extern Datum finding_row(const RowShape *shape, const FindingSink *sink, const Finding *finding);

/* The columns claim_id and line_no of a line; NULL: both are null. */
extern void put_line_key(const DayLine *line, Datum *values, bool *nulls);

extern Datum text_or_null(const char *text, bool *is_null);

#endif							/* CLAIMLINE_FINDING_ROW_H */

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

/* The columns of claim_finding, as sql/install/50-finding.sql has them. */
typedef enum FindingColumn
{
	COLUMN_CLAIM_ID, COLUMN_LINE_NO, COLUMN_RULE, COLUMN_SEVERITY, COLUMN_MESSAGE,
	COLUMN_WITH_CLAIM_ID, COLUMN_WITH_LINE_NO, COLUMN_SUGGESTION, COLUMN_CONDITION,
	COLUMN_CARC, COLUMN_RARC, COLUMN_CITATION, COLUMN_COVERED, COLUMN_FACTS,
	N_FINDING_COLUMNS
} FindingColumn;

/* A set of them, a bit each. */
#define COLUMN_BIT(column)		(1u << (column))
#define ALL_FINDING_COLUMNS		(COLUMN_BIT(N_FINDING_COLUMNS) - 1)

/* The row type of findings, looked up with the first one. */
typedef struct RowShape
{
	TupleDesc	desc;			/* claim_finding */
	TupleDesc	placed;			/* claim_placed around it, or NULL */
	Oid			severities[4];	/* labels of claim_severity */
	Datum		rules[N_RULES];	/* ids of rules, as text */
	unsigned	columns;		/* that are asked for, a bit each: others may be null; 0: all */
} RowShape;

/* Look up the row type, once; the shape lives in the context. */
extern void finding_row_prepare(RowShape *shape, Oid row_type, MemoryContext context);

extern Datum finding_row(const RowShape *shape, const FindingSink *sink, const Finding *finding);

/* The columns claim_id and line_no of a line; NULL: both are null. */
extern void put_line_key(const DayLine *line, Datum *values, bool *nulls);

extern Datum text_or_null(const char *text, bool *is_null);

#endif							/* CLAIMLINE_FINDING_ROW_H */

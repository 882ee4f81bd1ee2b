/*
 * src/pg/store/source_plan.h
 *
 * How the arguments of claim_source_line are the fields of a line.  The first
 * one says it, as JSON that source_sql.c writes: a list of fields in their
 * order, each with the columns that follow.  A call site takes it apart once.
 */
#ifndef CLAIMLINE_SOURCE_PLAN_H
#define CLAIMLINE_SOURCE_PLAN_H

#include "fmgr.h"
#include "pg/line_values.h"
#include "pg/store/source_field.h"

typedef struct Words
{
	Word	   *words;
	int			n;
} Words;

/* A field: its arguments, and how they are read. */
typedef struct FieldPlan
{
	SourceField field;
	int			first;			/* argument */
	int			n;				/* columns of it; none of modifiers that all stand behind a code */
	Oid			type;			/* of the first: text, text[], int4, numeric, date, time or bool */
	bool		is_list;		/* values as they are; else one text is split */
	DxOf		dx_of;			/* what diagnoses are of */
	bool		first_distinct; /* the first diagnoses, each once; else more than fit are an error */
	bool		presence;		/* any value means yes */
	Words		missing;		/* values that mean missing, and those of them that are numbers or dates */
	Datum	   *missing_numbers;
	int			n_missing_numbers;
	int32	   *missing_dates;
	int			n_missing_dates;
	Word		format;			/* of dates; text NULL for the known forms */
	Word		otherwise;		/* the value where there is none; text NULL for none */
	bool		procedure;		/* a code is looked for in the text, then in concepts */
	int			n_concepts;		/* code and vocabulary, behind the columns */
	int			behind;			/* argument that modifiers stand in behind a code, or 0 */
	int			drop;			/* argument, or 0: the field is absent where it is one of drop_values */
	Words		drop_values;
} FieldPlan;

typedef struct LinePlan
{
	int			n_fields;
	FieldPlan	fields[N_LINE_FIELDS];
	bool		is_quick;		/* rows are read by source_quick.c where they can be */
	const FieldPlan *by_field[N_LINE_FIELDS];	/* or NULL; filled in where is_quick */
	UnitsMemo	units;
	Datum		zero;			/* a numeric */
} LinePlan;

/* The plan of a call; raises an error if the arguments are not as their description says. */
extern LinePlan *line_plan_of(FunctionCallInfo fcinfo);

#endif							/* CLAIMLINE_SOURCE_PLAN_H */

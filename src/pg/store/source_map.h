/*
 * src/pg/store/source_map.h
 *
 * A mapping: how the columns of a relation are the fields of lines.  It is
 * stored as JSON in claim_source.mapping, made by claim_source_add; here it is
 * a struct with the columns' present names.
 */
#ifndef CLAIMLINE_SOURCE_MAP_H
#define CLAIMLINE_SOURCE_MAP_H

#include "nodes/pg_list.h"
#include "pg/store/source_field.h"
#include "utils/jsonb.h"

/* How one field is mapped: by columns, by an expression over columns, or to a constant. */
typedef struct FieldMap
{
	ValueKind	kind;
	const char *type;			/* of the column or expression, as text; NULL where there are several */
	List	   *columns;		/* char *: SQL of the columns that it is made of, behind their aliases */
	const char *expression;		/* SQL of the expression, or of the first column that is filled; or NULL */
	const char *constant;		/* SQL of the constant, typed, or NULL */
	List	   *missing;		/* char *: values that mean missing; none is blank */
	const char *dx_of;			/* what diagnoses are of, as DxOf is named; NULL for the line */
	const char *format;			/* of dates in text, or NULL */
	const char *otherwise;		/* the value where there is none, as text, or NULL */
	const char *drop_column;	/* SQL; the field is absent where it is one of drop_values; or NULL */
	List	   *drop_values;
	bool		procedure;		/* a code that has a name before it or modifiers behind it, say, or is that of a concept */
	List	   *concepts;		/* char *: SQL of codes and vocabularies in turn, of a procedure */
	bool		key;			/* text by which days are grouped: read by claim_read_key */
	const char *behind;			/* SQL of the text that modifiers stand in behind a code, or NULL */
	List	   *meant[N_MEANINGS];	/* char *: values that mean it, in lower case */
} FieldMap;

/* Has a column one of the marks, or none of them? */
typedef struct SkipTest
{
	const char *column;			/* SQL */
	List	   *marks;			/* char *: as claim_is_marked takes them */
	bool		other;
} SkipTest;

/* Rows that are left out, for they are no lines to be judged. */
typedef struct LeftOut
{
	const char *kind;			/* what they are, as claim_source_quality counts them */
	const char *condition;		/* SQL: true of such a row, else false, never null */
	List	   *tests;			/* SkipTest: all of them are the condition; NIL where it is another */
	bool		by_others;		/* do other rows say it?  Then taken_out of the mapping says it for all kinds at once */
} LeftOut;

/* A relation joined to the one mapped. */
typedef struct JoinMap
{
	const char *alias;
	const char *relation;		/* SQL */
	List	   *on;				/* char *: SQL of the columns that are equal, in turn */
} JoinMap;

/* A row that holds several lines: the columns of each slot side by side. */
typedef struct WideMap
{
	const char *alias;
	int			slots;
	List	   *names;			/* char *: of the columns that it gives */
	List	   *columns;		/* List of char *, one list a name: SQL by slot, or "NULL" */
} WideMap;

typedef struct SourceMap
{
	const char *relation;		/* SQL of its name */
	FieldMap   *fields[N_SOURCE_FIELDS];	/* NULL where not mapped */
	List	   *joins;			/* JoinMap */
	WideMap    *wide;			/* or NULL */
	List	   *left_out;		/* LeftOut: the first that is true says what a row is */
	const char *taken_out;		/* SQL: do other rows say that a row is left out?  NULL where they cannot */
} SourceMap;

/* Take a mapping of a relation; raises an error if a column or a relation that it names is gone. */
extern SourceMap *source_map_of(Oid relation, Jsonb *mapping);

/* SQL of an array of texts. */
extern char *text_array_sql(List *texts);

/* SQL of a test: true or false, never null. */
extern char *skip_test_sql(const SkipTest *test);

#endif							/* CLAIMLINE_SOURCE_MAP_H */

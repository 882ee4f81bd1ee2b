/*
 * src/pg/store/row_reader.h
 *
 * The rows of a table as lines, by the expressions of a mapping and without a
 * query.  Only for mappings where that is the same as what the query gives.
 */
#ifndef CLAIMLINE_ROW_READER_H
#define CLAIMLINE_ROW_READER_H

#include "edits/judge.h"
#include "executor/executor.h"
#include "pg/store/guard_key.h"
#include "pg/store/source_map.h"

/* What equality of a part of a key is. */
typedef struct KeyPart
{
	ExprState  *value;
	Oid			type;
	Oid			collation;
	int16		length;
	bool		by_value;
	FmgrInfo	equal;
	FmgrInfo	hash;
} KeyPart;

/* A column of the index that is a part of the key. */
typedef struct IndexPart
{
	int			part;
	Oid			collation;
	FmgrInfo	equal;
} IndexPart;

typedef struct RowReader
{
	MemoryContext context;
	ExprContext *econtext;
	ExprState  *is_line;		/* NULL: every row is one */
	KeyPart		keys[N_KEYS];
	ExprState  *claim_id;
	ExprState  *line_no;
	ExprState  *line;
	ExprState  *line_error;		/* NULL where it is not asked for */
	AttrNumber *columns;		/* that these read */
	int			n_columns;
	/* how days are found, of a table that they are read from */
	Oid			index;
	IndexPart	index_parts[N_KEYS];
	int			n_index_parts;
	int			indexed;		/* a bit for each part of the key in the index: what is found has it */
} RowReader;

/*
 * The SELECT of a mapping's lines, or NULL where it is more than expressions over the rows of one table: a mapping that
 * joins, that takes rows apart or whose claims are adjusted; expressions that run code of users.
 */
extern Query *row_query(const SourceMap *map);

/* Do its expressions call functions that are not claimline's own?  What these run may find names by the search path. */
extern bool row_query_calls_others(const Query *query);

/* The same for the rows of a partition or a child. */
extern Query *row_query_of(const Query *query, Relation parent, Relation child);

/* A reader of the rows of a table by such a SELECT, in the current memory context; NULL where keys cannot be compared. */
extern RowReader *row_reader_make(const Query *query, Relation table, ExprContext *econtext, bool tells_errors);

/*
 * Days of the rows of transition tables, of which either may be NULL, each once, in the current memory context;
 * returns how many.  A row that an update leaves as it was touches none; one that is written in other bytes of
 * the same value, or in another's place, may name its day all the same.
 */
extern int	row_reader_days(RowReader *reader, Relation table, Tuplestorestate *new_rows, Tuplestorestate *old_rows, Key **keys);

/* Is the row that is read a line, for what it says itself? */
extern bool row_reader_is_line(RowReader *reader);

/* The expression of a column of the SELECT that a reader is made of. */
extern Expr *row_reader_column(const Query *query, int column);

#endif							/* CLAIMLINE_ROW_READER_H */

/*
 * src/pg/file/file_text.h
 *
 * What the readers of claims files share: rows out of words, and what they say
 * when a text is at its end.
 */
#ifndef CLAIMLINE_FILE_TEXT_H
#define CLAIMLINE_FILE_TEXT_H

#include "funcapi.h"
#include "x12/x12.h"

/* The rows of a call, each made in a memory context that is emptied behind it. */
typedef struct FileRows
{
	ReturnSetInfo *result;
	MemoryContext context;
	Datum	   *values;
	bool	   *nulls;
	int			n;				/* columns that are put so far */
} FileRows;

/* The call's result; the row type must have as many columns. */
extern void file_rows_begin(FileRows *rows, FunctionCallInfo fcinfo, int n_columns, Datum *values, bool *nulls);

/* The next column of the row. */
extern void put_value(FileRows *rows, Datum value);
extern void put_null(FileRows *rows);
extern void put_word(FileRows *rows, Word word);
extern void put_string(FileRows *rows, const char *text);
extern void put_number(FileRows *rows, Word number);
extern void put_date(FileRows *rows, int32 date);
extern void put_words(FileRows *rows, const Word *words, int n);

/* The row is whole. */
extern void file_row_end(FileRows *rows);

/* Is what is read a table of the parts of a file, with their encoding, and not a text? */
static inline bool
file_is_in_parts(FunctionCallInfo fcinfo)
{
	return PG_NARGS() == 2;
}

/* The text of the argument, or of the parts, read by an arena of the call. */
extern void file_reader_begin(X12Reader *reader, Arena *arena, FunctionCallInfo fcinfo);

/* Refuses a text without an interchange. */
extern void file_must_be_x12(const X12Reader *reader);

/* The same, and warns of what is wrong: `set` is the transaction that was asked for. */
extern void file_reader_end(const X12Reader *reader, const char *set, int n_other_sets);

#endif							/* CLAIMLINE_FILE_TEXT_H */

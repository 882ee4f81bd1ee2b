/*
 * src/pg/store/source_left_out.c
 *
 * The conditions of rows that a mapping leaves out.
 *
 * Whether a row is a line is asked of every row that a query reads, so tests
 * of one column are put together, and those that say no more are left away.
 * What a row is that is none is asked where rows are counted.
 */
#include "postgres.h"

#include "pg/store/source_left_out.h"
#include "utils/builtins.h"

/* The only test of rows that are left out, where that is for a column to have a mark. */
static SkipTest *
only_test(const LeftOut *left_out)
{
	SkipTest   *test = list_length(left_out->tests) == 1 ? linitial(left_out->tests) : NULL;

	return test == NULL || test->other ? NULL : test;
}

/* All marks by which a column alone tells rows that are left out, as one test: it is asked of every row. */
static SkipTest *
tests_of_column(List *rows, const char *column)
{
	SkipTest   *all = palloc0(sizeof(SkipTest));
	ListCell   *cell;

	all->column = column;
	foreach(cell, rows)
	{
		SkipTest   *test = only_test(lfirst(cell));

		if (test != NULL && strcmp(test->column, column) == 0)
			all->marks = list_concat(all->marks, test->marks);
	}
	return all;
}

/* Is every mark of a test among others? */
static bool
has_marks(const List *marks, const List *among)
{
	const ListCell *cell;
	const ListCell *other;

	foreach(cell, marks)
	{
		bool		found = false;

		foreach(other, among)
			found = found || strcmp(lfirst(cell), lfirst(other)) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* Are the rows left out by a test of one column already? */
static bool
is_told_alone(List *rows, const LeftOut *left_out)
{
	ListCell   *cell;

	foreach(cell, left_out->tests)
	{
		SkipTest   *test = lfirst(cell);

		if (!test->other && has_marks(test->marks, tests_of_column(rows, test->column)->marks))
			return true;
	}
	return false;
}

char *
is_line_sql(List *rows)
{
	StringInfoData sql;
	List	   *columns = NIL;
	ListCell   *cell;

	initStringInfo(&sql);
	foreach(cell, rows)
	{
		LeftOut    *left_out = lfirst(cell);
		SkipTest   *test = only_test(left_out);
		const char *condition = NULL;

		if (test == NULL)
			condition = is_told_alone(rows, left_out) ? NULL : left_out->condition;
		else if (!has_marks(list_make1((char *) test->column), columns))
		{
			columns = lappend(columns, (char *) test->column);
			condition = skip_test_sql(tests_of_column(rows, test->column));
		}
		if (condition != NULL)
			appendStringInfo(&sql, "%sNOT (%s)", sql.len > 0 ? " AND " : "", condition);
	}
	return sql.len > 0 ? sql.data : "true";
}

char *
what_left_out_sql(List *rows)
{
	StringInfoData sql;
	ListCell   *cell;

	if (rows == NIL)
		return "NULL::text";
	initStringInfo(&sql);
	appendStringInfo(&sql, "CASE WHEN %s THEN NULL", is_line_sql(rows));
	foreach(cell, rows)
	{
		LeftOut    *left_out = lfirst(cell);

		appendStringInfo(&sql, " WHEN %s THEN %s", left_out->condition, quote_literal_cstr(left_out->kind));
	}
	appendStringInfoString(&sql, " END");
	return sql.data;
}

char *
if_line_sql(List *rows, char *value)
{
	return rows == NIL ? value : psprintf("CASE WHEN %s THEN %s END", is_line_sql(rows), value);
}

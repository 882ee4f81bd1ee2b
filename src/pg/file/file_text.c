/*
 * src/pg/file/file_text.c
 *
 * Rows of claims files out of words.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/claimline.h"
#include "miscadmin.h"
#include "pg/file/file_parts.h"
#include "pg/file/file_text.h"
#include "pg/line_values.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

/* -------------------------------------------------------------------- rows */

void
file_rows_begin(FileRows *rows, FunctionCallInfo fcinfo, int n_columns, Datum *values, bool *nulls)
{
	InitMaterializedSRF(fcinfo, 0);
	rows->result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (rows->result->setDesc->natts != n_columns)
		elog(ERROR, "the row type has %d columns, not %d", rows->result->setDesc->natts, n_columns);
	rows->context = AllocSetContextCreate(CurrentMemoryContext, "claimline file row", ALLOCSET_DEFAULT_SIZES);
	rows->values = values;
	rows->nulls = nulls;
	rows->n = 0;
}

void
put_value(FileRows *rows, Datum value)
{
	rows->nulls[rows->n] = false;
	rows->values[rows->n++] = value;
}

void
put_null(FileRows *rows)
{
	rows->nulls[rows->n] = true;
	rows->values[rows->n++] = (Datum) 0;
}

void
put_word(FileRows *rows, Word word)
{
	MemoryContext old;

	if (word.text == NULL || word.length == 0)
	{
		put_null(rows);
		return;
	}
	old = MemoryContextSwitchTo(rows->context);
	put_value(rows, PointerGetDatum(cstring_to_text_with_len(word.text, (int) word.length)));
	MemoryContextSwitchTo(old);
}

void
put_string(FileRows *rows, const char *text)
{
	put_word(rows, (Word) {text, text == NULL ? 0 : strlen(text), 0});
}

void
put_number(FileRows *rows, Word number)
{
	MemoryContext old;

	if (number.length == 0)
	{
		put_null(rows);
		return;
	}
	old = MemoryContextSwitchTo(rows->context);
	put_value(rows, numeric_of(number));
	MemoryContextSwitchTo(old);
}

void
put_date(FileRows *rows, int32 date)
{
	if (date == CLAIMLINE_NO_DOS)
		put_null(rows);
	else
		put_value(rows, DateADTGetDatum(date));
}

/* An array of those that are not blank; null where all are. */
void
put_words(FileRows *rows, const Word *words, int n)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	Datum	   *elements = palloc(sizeof(Datum) * (n + 1));
	int			kept = 0;
	int			i;

	for (i = 0; i < n; i++)
		if (words[i].length > 0)
			elements[kept++] = PointerGetDatum(cstring_to_text_with_len(words[i].text, (int) words[i].length));
	if (kept == 0)
		put_null(rows);
	else
		put_value(rows, PointerGetDatum(construct_array(elements, kept, TEXTOID, -1, false, TYPALIGN_INT)));
	MemoryContextSwitchTo(old);
}

void
file_row_end(FileRows *rows)
{
	Assert(rows->n == rows->result->setDesc->natts);
	tuplestore_putvalues(rows->result->setResult, rows->result->setDesc, rows->values, rows->nulls);
	MemoryContextReset(rows->context);
	rows->n = 0;
}

/* -------------------------------------------------------------------- text */

void
file_reader_begin(X12Reader *reader, Arena *arena, FunctionCallInfo fcinfo)
{
	const char *start;
	size_t		length;

	arena_init_context(arena, CurrentMemoryContext);
	if (file_is_in_parts(fcinfo))
		start = file_parts_map(fcinfo, &length);
	else
	{
		text	   *value = PG_GETARG_TEXT_PP(0);

		start = VARDATA_ANY(value);
		length = VARSIZE_ANY_EXHDR(value);
	}
	x12_begin(reader, start, length, arena);
}

void
file_must_be_x12(const X12Reader *reader)
{
	if (reader->interchanges == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("the text has no X12 interchange"),
				 errdetail("Nowhere in it is ISA with 16 elements in the %d characters behind it.", X12_ISA_REACH),
				 errhint("What is given is the content of a file, not its name.")));
}

void
file_reader_end(const X12Reader *reader, const char *set, int n_other_sets)
{
	file_must_be_x12(reader);
	if (n_other_sets > 0)
		ereport(WARNING,
				(errmsg_plural("the X12 text has %d transaction that is no %s", "the X12 text has %d transactions that are no %s",
							   n_other_sets, n_other_sets, set),
				 errdetail("Nothing of them is in the rows.")));
	if (reader->n_faults > 0)
		ereport(WARNING,
				(errmsg_plural("the X12 text has %d fault", "the X12 text has %d faults", reader->n_faults, reader->n_faults),
				 errdetail("The first: %s.", reader->first_fault),
				 errhint("claim_segments_of_x12(text) has them all in its column \"fault\".")));
}

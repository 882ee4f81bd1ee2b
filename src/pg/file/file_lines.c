/*
 * src/pg/file/file_lines.c
 *
 * The service lines of 837 as rows of claim_file_line.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pg/file/file_text.h"
#include "pg/line_type.h"
#include "x12/x12_claim.h"

PG_FUNCTION_INFO_V1(claim_lines_of_837);

#define N_COLUMNS	30

/* 131: hospital outpatient, the whole claim. */
static void
put_bill_type(FileRows *rows, const X12FileLine *line)
{
	size_t		length = line->place.length + line->place_frequency.length;
	char	   *bill;

	if (line->kind != X12_INSTITUTIONAL || line->place.length == 0)
	{
		put_null(rows);
		return;
	}
	bill = MemoryContextAlloc(rows->context, length);
	memcpy(bill, line->place.text, line->place.length);
	if (line->place_frequency.length > 0)
		memcpy(bill + line->place.length, line->place_frequency.text, line->place_frequency.length);
	put_word(rows, (Word) {bill, length, 0});
}

static void
put_line(FileRows *rows, const X12FileLine *line)
{
	LineBuffer	buffer;
	MemoryContext old;

	if (!line->has_line)
	{
		put_null(rows);
		return;
	}
	line_pack(&line->parts, &buffer);
	old = MemoryContextSwitchTo(rows->context);
	put_value(rows, line_datum(&buffer.line));
	MemoryContextSwitchTo(old);
}

/* The columns of claim_file_line, in their order. */
static void
tell_line(void *context, const X12FileLine *line)
{
	FileRows   *rows = context;

	put_string(rows, x12_kind_names[line->kind]);
	put_word(rows, line->claim_id);
	put_value(rows, Int32GetDatum(line->line_no));
	put_word(rows, line->line_control);
	put_word(rows, line->frequency);
	put_word(rows, line->replaces);
	put_word(rows, line->patient);
	put_word(rows, line->subscriber);
	put_word(rows, line->billing);
	put_word(rows, line->rendering);
	put_word(rows, line->referring);
	put_word(rows, line->taxonomy);
	put_word(rows, line->kind == X12_INSTITUTIONAL ? (Word) {NULL, 0, 0} : line->place);
	put_bill_type(rows, line);
	put_word(rows, line->payer);
	put_date(rows, line->dos);
	put_date(rows, line->thru);
	put_word(rows, line->qualifier);
	put_word(rows, line->code);
	put_words(rows, line->modifiers, X12_MODIFIERS);
	put_word(rows, line->revenue);
	put_number(rows, line->units);
	put_number(rows, line->minutes);
	put_number(rows, line->days);
	put_number(rows, line->charge);
	put_words(rows, line->dx, line->n_dx);
	if (line->icd == 0)
		put_null(rows);
	else
		put_value(rows, Int32GetDatum(line->icd));
	put_line(rows, line);
	if (line->why.kind == FAULT_NONE)
		put_null(rows);
	else
		put_string(rows, line->why.detail);
	put_value(rows, Int32GetDatum(line->segment));
	file_row_end(rows);
}

Datum
claim_lines_of_837(PG_FUNCTION_ARGS)
{
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS];
	FileRows	rows;
	X12Reader	reader;
	X12Claims	claims;
	Arena		arena;

	file_rows_begin(&rows, fcinfo, N_COLUMNS, values, nulls);
	file_reader_begin(&reader, &arena, fcinfo);
	x12_claims_begin(&claims, tell_line, &rows);
	while (x12_next(&reader))
		x12_claims_segment(&claims, &reader);
	x12_claims_end(&claims, &reader);
	file_reader_end(&reader, "837", claims.place.n_other_sets);
	arena_release(&arena);
	MemoryContextDelete(rows.context);
	return (Datum) 0;
}

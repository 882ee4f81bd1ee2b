/*
 * src/pg/file/file_segments.c
 *
 * X12 segment by segment: where each stands, whether anything of it is read,
 * and what is wrong.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pg/file/file_text.h"
#include "x12/x12_claim.h"

PG_FUNCTION_INFO_V1(claim_segments_of_x12);

#define N_COLUMNS	11

static void
tell_nothing(void *context, const X12FileLine *line)
{
	(void) context;
	(void) line;
}

static bool
in_claim(X12Loop loop)
{
	return loop == X12_CLAIM || loop == X12_OTHER_PAYER || loop == X12_LINE;
}

static void
put_segment(FileRows *rows, const X12Reader *reader, const X12Claims *claims)
{
	const X12Segment *segment = &reader->segment;

	if (segment->number == 0)
		put_null(rows);
	else
		put_value(rows, Int32GetDatum(segment->number));
	put_word(rows, segment->n > 0 ? x12_element(segment, 0) : (Word) {NULL, 0, 0});
	put_word(rows, segment->text);
	put_word(rows, reader->interchange);
	put_word(rows, reader->group);
	put_word(rows, reader->transaction);
	put_word(rows, reader->set);
	put_string(rows, x12_loop_names[claims->loop]);
	put_word(rows, in_claim(claims->loop) && claims->claim.is_open ? claims->claim.id : (Word) {NULL, 0, 0});
	put_value(rows, BoolGetDatum(claims->is_used || reader->is_envelope));
	put_string(rows, reader->fault);
	file_row_end(rows);
}

/* What the text lacks at its end is a row without a segment. */
static void
put_end(FileRows *rows, const X12Reader *reader)
{
	int			i;

	if (reader->fault[0] == '\0')
		return;
	for (i = 0; i < N_COLUMNS - 2; i++)
		put_null(rows);
	put_value(rows, BoolGetDatum(false));
	put_string(rows, reader->fault);
	file_row_end(rows);
}

Datum
claim_segments_of_x12(PG_FUNCTION_ARGS)
{
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS];
	FileRows	rows;
	X12Reader	reader;
	X12Claims	claims;
	Arena		arena;

	file_rows_begin(&rows, fcinfo, N_COLUMNS, values, nulls);
	file_reader_begin(&reader, &arena, fcinfo);
	x12_claims_begin(&claims, tell_nothing, NULL);
	while (x12_next(&reader))
	{
		x12_claims_segment(&claims, &reader);
		put_segment(&rows, &reader, &claims);
	}
	x12_claims_end(&claims, &reader);
	put_end(&rows, &reader);
	file_must_be_x12(&reader);
	arena_release(&arena);
	MemoryContextDelete(rows.context);
	return (Datum) 0;
}

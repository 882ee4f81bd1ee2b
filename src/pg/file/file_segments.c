/*
 * src/pg/file/file_segments.c
 *
 * X12 segment by segment: where each stands, whether anything of it is read,
 * and what is wrong.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pg/file/file_text.h"
#include "x12/x12_payment.h"

PG_FUNCTION_INFO_V1(claim_segments_of_x12);

#define N_COLUMNS	11

static void
tell_nothing(void *context, const X12FileLine *line)
{
	(void) context;
	(void) line;
}

static void
tell_no_payment(void *context, const X12Payment *payment)
{
	(void) context;
	(void) payment;
}

/* What a segment is to the reader of its transaction. */
typedef struct Place
{
	X12Loop		loop;
	bool		is_used;
	Word		claim_id;
} Place;

static Place
place_in_claims(const X12Claims *claims)
{
	Place		place = {claims->place.loop, claims->place.is_used, X12_NOTHING};

	if (claims->claim.is_open && (place.loop == X12_CLAIM || place.loop == X12_OTHER_PAYER || place.loop == X12_LINE))
		place.claim_id = claims->claim.id;
	return place;
}

static Place
place_in_payments(const X12Payments *payments)
{
	Place		place = {payments->place.loop, payments->place.is_used, X12_NOTHING};

	if (payments->claim.is_open && (place.loop == X12_PAYMENT || place.loop == X12_SERVICE))
		place.claim_id = payments->claim.id;
	return place;
}

static void
put_segment(FileRows *rows, const X12Reader *reader, Place place)
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
	put_string(rows, x12_loop_names[place.loop]);
	put_word(rows, place.claim_id);
	put_value(rows, BoolGetDatum(place.is_used || reader->is_envelope));
	put_string(rows, reader->fault);
	file_row_end(rows);
}

/*
 * What the text lacks at its end is a row without a segment.  Where most
 * segments have no row, it always is, with their number.
 */
static void
put_end(FileRows *rows, const X12Reader *reader, bool all)
{
	int			i;

	if (all && reader->fault[0] == '\0')
		return;
	if (all)
		put_null(rows);
	else
		put_value(rows, Int32GetDatum(reader->n_segments));
	for (i = 1; i < N_COLUMNS - 2; i++)
		put_null(rows);
	put_value(rows, BoolGetDatum(false));
	put_string(rows, reader->fault);
	file_row_end(rows);
}

/* All segments of a text; of a file in parts headers, trailers and those with faults. */
Datum
claim_segments_of_x12(PG_FUNCTION_ARGS)
{
	bool		all = !file_is_in_parts(fcinfo);
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS];
	FileRows	rows;
	X12Reader	reader;
	X12Claims	claims;
	X12Payments payments;
	Arena		arena;

	file_rows_begin(&rows, fcinfo, N_COLUMNS, values, nulls);
	file_reader_begin(&reader, &arena, fcinfo);
	x12_claims_begin(&claims, tell_nothing, NULL);
	x12_payments_begin(&payments, tell_no_payment, NULL);
	while (x12_next(&reader))
	{
		/* each passes over the transactions of the other */
		x12_claims_segment(&claims, &reader);
		x12_payments_segment(&payments, &reader);
		if (all || reader.is_envelope || reader.fault[0] != '\0')
			put_segment(&rows, &reader, x12_is(reader.set, "835") ? place_in_payments(&payments) : place_in_claims(&claims));
	}
	x12_claims_end(&claims, &reader);
	x12_payments_end(&payments, &reader);
	put_end(&rows, &reader, all);
	file_must_be_x12(&reader);
	arena_release(&arena);
	MemoryContextDelete(rows.context);
	return (Datum) 0;
}

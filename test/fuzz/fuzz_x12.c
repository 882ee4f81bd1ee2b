/*
 * test/fuzz/fuzz_x12.c
 *
 * Fuzz target: X12, segment by segment, the service lines of 837 and the
 * payments of 835.
 */
#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "x12/x12_payment.h"

typedef struct Count
{
	bool		utf8;
	int			lines;			/* told */
	int			rows;			/* of payments */
	int			services;		/* SV1, SV2 and SV3 that stand in an 837 */
} Count;

static void
check_word(const Count *count, Word word)
{
	CHECK(word.length == 0 || word.text != NULL);
	CHECK(!count->utf8 || word.length == 0 || is_utf8(word.text, word.length));
}

static void
check_told(void *context, const X12FileLine *line)
{
	Count	   *count = context;
	LineBuffer	buffer;
	int			i;

	count->lines++;
	CHECK(line->segment > 0);
	check_word(count, line->claim_id);
	check_word(count, line->patient);
	check_word(count, line->rendering);
	check_word(count, line->referring);
	check_word(count, line->payer);
	check_word(count, line->code);
	check_word(count, line->units);
	check_word(count, line->charge);
	CHECK(line->n_dx <= X12_CLAIM_DX && (line->icd != 0) == (line->n_dx > 0));
	for (i = 0; i < line->n_dx; i++)
		check_word(count, line->dx[i]);
	CHECK((line->dos == CLAIMLINE_NO_DOS) == (line->thru == CLAIMLINE_NO_DOS));
	/* whoever is no line, or not whole, says why */
	CHECK(line->has_line || line->why.kind != FAULT_NONE);
	CHECK(line->parts.unread == 0 || line->why.kind != FAULT_NONE);
	CHECK(!count->utf8 || line->why.kind == FAULT_NONE || is_utf8(line->why.detail, strlen(line->why.detail)));
	if (!line->has_line)
		return;
	CHECK(line_pack(&line->parts, &buffer) == line_size(&buffer.line));
	check_line(&buffer.line);
}

static void
check_payment(void *context, const X12Payment *row)
{
	Count	   *count = context;
	int			i;

	count->rows++;
	CHECK(row->segment > 0);
	CHECK((row->kind == X12_OF_PROVIDER) == (row->claim == NULL));
	CHECK((row->kind == X12_OF_SERVICE) == (row->service != NULL));
	CHECK(row->kind != X12_OF_PROVIDER || row->number > 0);
	check_word(count, row->payer);
	check_word(count, row->trace);
	check_word(count, row->charge);
	check_word(count, row->paid);
	if (row->number > 0)
	{
		check_word(count, row->adjustment.reason);
		check_word(count, row->adjustment.amount);
	}
	for (i = 0; i < row->n_remarks; i++)
		check_word(count, row->remarks[i]);
	if (row->service != NULL)
		check_word(count, row->service->procedure.code);
	check_word(count, row->units);
	check_word(count, row->billed_units);
	/* what is none says why */
	CHECK(row->error[0] != '\0' || row->kind == X12_OF_PROVIDER || row->kind == X12_OF_SERVICE || row->number > 1 || row->charge.length > 0);
	CHECK(row->error[0] != '\0' || row->kind != X12_OF_SERVICE || (row->charge.length > 0 && row->paid.length > 0 && row->units.length > 0));
	CHECK(row->error[0] != '\0' || row->number == 0 || row->adjustment.amount.length > 0);
	CHECK(row->error[0] != '\0' || row->dos == CLAIMLINE_NO_DOS || row->thru != CLAIMLINE_NO_DOS);
	CHECK(!count->utf8 || is_utf8(row->error, strlen(row->error)));
}

/* Elements are the pieces of the segment. */
static void
check_segment(const X12Reader *reader, const Count *count)
{
	const X12Segment *segment = &reader->segment;
	size_t		length = 0;
	int			i;

	CHECK(!count->utf8 || is_utf8(reader->fault, strlen(reader->fault)));
	check_word(count, segment->text);
	if (segment->number == 0)
	{
		CHECK(segment->tag == 0 && reader->fault[0] != '\0');
		return;
	}
	CHECK(segment->n >= 1 && segment->n <= X12_ELEMENTS);
	CHECK(segment->tag != 0 || reader->fault[0] != '\0');
	for (i = 0; i < segment->n; i++)
		length += segment->elements[i].length + (i > 0 ? 1 : 0);
	CHECK(length == segment->text.length || segment->n == X12_ELEMENTS);
}

static void
read_all(X12Reader *reader, X12Claims *claims, X12Payments *payments, Count *count)
{
	int			last = 0;

	while (x12_next(reader))
	{
		bool		is_service = reader->segment.tag == X12_TAG3('S', 'V', '1') ||
			reader->segment.tag == X12_TAG3('S', 'V', '2') || reader->segment.tag == X12_TAG3('S', 'V', '3');

		check_segment(reader, count);
		CHECK(reader->segment.number == 0 || reader->segment.number == ++last);
		if (is_service && reader->transaction.text != NULL && x12_is(reader->set, "837"))
			count->services++;
		x12_claims_segment(claims, reader);
		x12_payments_segment(payments, reader);
	}
	x12_claims_end(claims, reader);
	x12_payments_end(payments, reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact_copy(data, size);
	Count		count = {is_utf8(text, size), 0, 0, 0};
	X12Reader	reader;
	X12Claims	claims;
	X12Payments payments;
	Arena		arena;
	Fault		why;

	fuzz_arena(&arena);
	x12_begin(&reader, text, size, &arena);
	x12_claims_begin(&claims, check_told, &count);
	x12_payments_begin(&payments, check_payment, &count);
	read_all(&reader, &claims, &payments, &count);
	CHECK(count.rows == payments.n_rows);
	CHECK(count.lines == count.services && count.lines == claims.n_lines);
	CHECK(reader.interchanges > 0 || count.lines == 0);
	if (reader.interchanges == 0)
		fault(&why, FAULT_SYNTAX, 0, "no interchange");
	else if (reader.n_faults > 0)
		fault(&why, FAULT_SYNTAX, 0, "%s", reader.first_fault);
	else
		why.kind = FAULT_NONE;
	say_verdict(why.kind == FAULT_NONE ? NULL : &why);
	arena_release(&arena);
	free(text);
	return 0;
}

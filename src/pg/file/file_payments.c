/*
 * src/pg/file/file_payments.c
 *
 * The service payments and adjustments of 835 as rows of claim_file_payment.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pg/file/file_text.h"
#include "x12/x12_payment.h"

PG_FUNCTION_INFO_V1(claim_payments_of_835);

#define N_COLUMNS	39

static void
put_nulls(FileRows *rows, int n)
{
	while (n-- > 0)
		put_null(rows);
}

static void
put_claim(FileRows *rows, const X12Paid *claim)
{
	if (claim == NULL)
	{
		put_nulls(rows, 6);
		return;
	}
	put_word(rows, claim->id);
	put_word(rows, claim->status);
	put_word(rows, claim->frequency);
	put_word(rows, claim->payer_id);
	put_word(rows, claim->patient);
	put_word(rows, claim->subscriber);
}

static void
put_procedure(FileRows *rows, const X12Procedure *procedure)
{
	put_word(rows, procedure->qualifier);
	put_word(rows, procedure->code);
	put_words(rows, procedure->modifiers, X12_MODIFIERS);
}

static void
put_service(FileRows *rows, const X12Payment *payment)
{
	const X12Paid *service = payment->service;

	if (service == NULL)
	{
		put_nulls(rows, 11);
		return;
	}
	put_value(rows, Int32GetDatum(service->number));
	put_word(rows, service->control);
	put_procedure(rows, &service->procedure);
	put_procedure(rows, &service->billed);
	put_word(rows, service->revenue);
	put_number(rows, payment->units);
	put_number(rows, payment->billed_units);
}

/* Of what a claim or a service lacks, and what PLB takes from the provider. */
static void
put_adjustment(FileRows *rows, const X12Payment *payment)
{
	const X12Adjustment *adjustment = &payment->adjustment;
	bool		of_provider = payment->kind == X12_OF_PROVIDER;

	if (payment->number == 0)
	{
		put_nulls(rows, 7);
		return;
	}
	put_value(rows, Int32GetDatum(payment->number));
	put_word(rows, adjustment->group);
	put_word(rows, of_provider ? X12_NOTHING : adjustment->reason);
	put_number(rows, adjustment->amount);
	put_number(rows, adjustment->quantity);
	put_word(rows, of_provider ? adjustment->reason : X12_NOTHING);
	put_word(rows, adjustment->reference);
}

/* The columns of claim_file_payment, in their order. */
static void
tell_payment(void *context, const X12Payment *payment)
{
	FileRows   *rows = context;
	const X12Paid *claim = payment->claim;

	put_string(rows, x12_payment_names[payment->kind]);
	put_word(rows, payment->payer);
	put_word(rows, payment->payee);
	put_word(rows, payment->trace);
	put_date(rows, payment->paid_on);
	put_claim(rows, claim);
	put_word(rows, payment->provider);
	put_service(rows, payment);
	put_date(rows, payment->dos);
	put_date(rows, payment->thru);
	put_number(rows, payment->charge);
	put_number(rows, payment->paid);
	put_adjustment(rows, payment);
	put_words(rows, payment->remarks, payment->n_remarks);
	put_words(rows, claim == NULL ? NULL : claim->remarks, claim == NULL ? 0 : claim->n_remarks);
	put_date(rows, payment->period);
	put_string(rows, payment->error);
	put_value(rows, Int32GetDatum(payment->segment));
	file_row_end(rows);
}

Datum
claim_payments_of_835(PG_FUNCTION_ARGS)
{
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS];
	FileRows	rows;
	X12Reader	reader;
	X12Payments payments;
	Arena		arena;

	file_rows_begin(&rows, fcinfo, N_COLUMNS, values, nulls);
	file_reader_begin(&reader, &arena, fcinfo);
	x12_payments_begin(&payments, tell_payment, &rows);
	while (x12_next(&reader))
		x12_payments_segment(&payments, &reader);
	x12_payments_end(&payments, &reader);
	file_reader_end(&reader, "835", payments.place.n_other_sets);
	arena_release(&arena);
	MemoryContextDelete(rows.context);
	return (Datum) 0;
}

/*
 * src/core/x12/x12_payment.c
 *
 * The loops of an 835, by the order of its segments.
 */
#include "x12/x12_payment.h"

#include <string.h>

#include "base/format.h"
#include "line/stored_field.h"

void
x12_payments_begin(X12Payments *payments, void (*tell) (void *, const X12Payment *), void *context)
{
	memset(payments, 0, sizeof(*payments));
	payments->tell = tell;
	payments->context = context;
	payments->paid_on = X12_NOTHING;
}

/* ------------------------------------------------------------------ loops that end */

static void
end_service(X12Payments *payments)
{
	if (payments->service.is_open)
		x12_tell_service(payments);
	payments->service.is_open = false;
}

/* What is left of a sum that should come out even. */
static void
check_sum(X12Reader *reader, const X12Sum *sum, const char *of)
{
	char		text[24];

	if (sum->is_too_long)
		x12_fault(reader, "%s has too many digits to be added up", of);
	else if (!x12_sum_is_even(sum))
		x12_fault(reader, "%s leaves %s", of, x12_sum_text(sum->value, text));
}

/* Charge less all adjustments is what was paid. */
static void
end_claim(X12Payments *payments, X12Reader *reader)
{
	X12Paid    *claim = &payments->claim;
	char		of[160];

	end_service(payments);
	if (!claim->is_open)
		return;
	if (claim->n_services == 0)
		x12_tell_claim(payments, true);
	text_format(of, sizeof(of), "claim %s of segment %d: charge, less adjustments and what was paid,", WORD_SHOWN(claim->id), claim->segment);
	check_sum(reader, &payments->claim_sum, of);
	claim->is_open = false;
	payments->n_adjustments = 0;
}

/* What was paid of all claims, less what PLB takes, is the transfer. */
static void
end_transaction(X12Payments *payments, X12Reader *reader)
{
	X12Payment *row = &payments->row;

	end_claim(payments, reader);
	if (payments->has_transfer)
		check_sum(reader, &payments->transfer, "the transfer of BPR, less what its claims and provider adjustments come to,");
	payments->has_transfer = false;
	payments->transfer = (X12Sum) {false, false, 0};
	row->payer = row->payee = row->trace = payments->paid_on = X12_NOTHING;
	payments->identity = NULL;
	payments->place.loop = X12_HEADER;
}

/* --------------------------------------------------------------------- the transfer */

/* Not a number is told here: no row has it as a column. */
static bool
read_transfer(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	Word		amount = x12_element(segment, 2);

	payments->has_transfer = amount.length > 0;
	payments->paid_on = x12_element(segment, 16);
	if (amount.length > 0)
		x12_sum_add(&payments->transfer, amount, 1);
	if (amount.length > 0 && !stored_number_is_valid(amount))
		x12_fault(reader, "the transfer of BPR is \"%s\", not a number", WORD_SHOWN(amount));
	return true;
}

/* PR: payer, PE: payee; by N104, else by name. */
static bool
read_organization(X12Payments *payments, const X12Segment *segment)
{
	Word		entity = x12_element(segment, 1);
	Word		id = x12_element(segment, 4);
	Word	   *to = x12_is(entity, "PR") ? &payments->row.payer : x12_is(entity, "PE") ? &payments->row.payee : NULL;

	payments->identity = NULL;
	if (to == NULL || payments->place.loop != X12_HEADER)
		return false;
	*to = id.length > 0 ? id : x12_element(segment, 2);
	if (id.length == 0)
		payments->identity = to;
	return true;
}

/* --------------------------------------------------------------------------- claims */

static bool
read_claim(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	X12Paid    *claim = &payments->claim;

	end_claim(payments, reader);
	memset(claim, 0, sizeof(*claim));
	claim->is_open = true;
	claim->segment = segment->number;
	claim->id = x12_element(segment, 1);
	claim->status = x12_element(segment, 2);
	claim->charge = x12_element(segment, 3);
	claim->paid = x12_element(segment, 4);
	claim->payer_id = x12_element(segment, 7);
	claim->frequency = x12_element(segment, 9);
	payments->claim_sum = (X12Sum) {false, false, 0};
	x12_sum_add(&payments->claim_sum, claim->charge, 1);
	x12_sum_add(&payments->claim_sum, claim->paid, -1);
	x12_sum_add(&payments->transfer, claim->paid, -1);
	payments->place.loop = X12_PAYMENT;
	return true;
}

/* Units that are not there are one; what was billed is what was paid, unless it is there. */
static bool
read_service(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	X12Paid    *service = &payments->service;
	X12Paid    *claim = &payments->claim;

	end_service(payments);
	if (!claim->is_open)
	{
		x12_fault(reader, "service payment stands under no claim");
		memset(claim, 0, sizeof(*claim));
	}
	else if (claim->n_services == 0 && payments->n_adjustments > 0)
		x12_tell_claim(payments, false);
	memset(service, 0, sizeof(*service));
	service->is_open = true;
	service->segment = segment->number;
	service->number = ++claim->n_services;
	service->procedure = x12_procedure(reader, x12_element(segment, 1));
	service->charge = x12_element(segment, 2);
	service->paid = x12_element(segment, 3);
	service->revenue = x12_element(segment, 4);
	service->units = x12_element(segment, 5);
	if (x12_is(service->procedure.qualifier, "NU") && service->revenue.length == 0)
		service->revenue = service->procedure.code;
	if (service->units.length == 0)
		service->units = (Word) {"1", 1, 0};
	service->billed = service->procedure;
	if (x12_element(segment, 6).length > 0)
		service->billed = x12_procedure(reader, x12_element(segment, 6));
	service->billed_units = x12_element(segment, 7).length > 0 ? x12_element(segment, 7) : service->units;
	payments->place.loop = X12_SERVICE;
	return true;
}

/* CAS: a group, then reason, amount and quantity up to six times. */
static bool
read_adjustments(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	int			i;

	if (payments->place.loop != X12_SERVICE && payments->place.loop != X12_PAYMENT)
		return false;
	for (i = 2; i < segment->n; i += 3)
	{
		X12Adjustment adjustment = {x12_element(segment, 1), x12_element(segment, i), x12_element(segment, i + 1),
			x12_element(segment, i + 2), X12_NOTHING};

		if (adjustment.reason.length == 0 && adjustment.amount.length == 0 && adjustment.quantity.length == 0)
			continue;
		if (payments->n_adjustments == payments->adjustment_room)
			payments->adjustments = arena_grow(reader->arena, payments->adjustments, sizeof(X12Adjustment), payments->n_adjustments,
											   &payments->adjustment_room);
		payments->adjustments[payments->n_adjustments++] = adjustment;
		x12_sum_add(&payments->claim_sum, adjustment.amount, -1);
	}
	return true;
}

/* QC: patient, IL: subscriber, 82: who rendered. */
static bool
read_name(X12Payments *payments, const X12Segment *segment)
{
	Word		entity = x12_element(segment, 1);
	Word		id = x12_element(segment, 9);
	X12Paid    *claim = &payments->claim;

	if (payments->place.loop != X12_PAYMENT)
		return false;
	if (x12_is(entity, "QC"))
		claim->patient = id;
	else if (x12_is(entity, "IL"))
		claim->subscriber = id;
	else if (x12_is(entity, "82"))
		claim->provider = id;
	else
		return false;
	return true;
}

/* Remark codes of a claim: MIA05 and MIA20 to 23, MOA03 to 07. */
static bool
read_claim_remarks(X12Payments *payments, const X12Segment *segment, bool inpatient)
{
	static const int mia[] = {5, 20, 21, 22, 23};
	static const int moa[] = {3, 4, 5, 6, 7};
	X12Paid    *claim = &payments->claim;
	int			i;

	if (payments->place.loop != X12_PAYMENT)
		return false;
	for (i = 0; i < 5; i++)
	{
		Word		remark = x12_element(segment, inpatient ? mia[i] : moa[i]);

		if (remark.length > 0 && claim->n_remarks < X12_CLAIM_REMARKS)
			claim->remarks[claim->n_remarks++] = remark;
	}
	return true;
}

/* LQ*HE: a remark code of a service. */
static bool
read_remark(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;

	if (payments->place.loop != X12_SERVICE || !x12_is(x12_element(segment, 1), "HE"))
		return false;
	if (payments->n_remarks == payments->remark_room)
		payments->remarks = arena_grow(reader->arena, payments->remarks, sizeof(Word), payments->n_remarks, &payments->remark_room);
	payments->remarks[payments->n_remarks++] = x12_element(segment, 2);
	return true;
}

/* The first of each kind counts. */
static bool
read_date(X12Payments *payments, const X12Segment *segment)
{
	Word		kind = x12_element(segment, 1);
	X12Paid    *of = payments->place.loop == X12_SERVICE ? &payments->service : payments->place.loop == X12_PAYMENT ? &payments->claim : NULL;
	X12Dates   *dates;

	if (of == NULL)
		return false;
	if (x12_is(kind, "472") || x12_is(kind, "150") || x12_is(kind, "232"))
		dates = &of->first;
	else if (x12_is(kind, "151") || x12_is(kind, "233"))
		dates = &of->last;
	else
		return false;
	if (dates->text.length > 0 || x12_element(segment, 2).length == 0)
		return false;
	*dates = x12_read_dates(x12_element(segment, 2));
	return true;
}

/* Numbers of who rendered a service; HPI is the national one, and goes before the others. */
static bool
is_provider_number(Word kind)
{
	static const char *const kinds[] = {"HPI", "0B", "1A", "1B", "1C", "1D", "1G", "1H", "1J", "D3", "G2", "SY", "TJ"};
	size_t		i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (x12_is(kind, kinds[i]))
			return true;
	return false;
}

static bool
read_reference(X12Payments *payments, const X12Segment *segment)
{
	Word		kind = x12_element(segment, 1);
	bool		of_service = payments->place.loop == X12_SERVICE && payments->service.is_open;

	if (of_service && x12_is(kind, "6R"))
		payments->service.control = x12_element(segment, 2);
	else if (of_service && is_provider_number(kind) && (payments->service.provider.length == 0 || x12_is(kind, "HPI")))
		payments->service.provider = x12_element(segment, 2);
	else if (payments->place.loop == X12_HEADER && payments->identity != NULL)
	{
		*payments->identity = x12_element(segment, 2);
		payments->identity = NULL;
	}
	else
		return false;
	return true;
}

/* ------------------------------------------------------------------------- segments */

static bool
read_segment(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;

	switch (segment->tag)
	{
		case X12_TAG3('B', 'P', 'R'):
			return read_transfer(payments, reader);
		case X12_TAG3('T', 'R', 'N'):
			payments->row.trace = x12_element(segment, 2);
			return true;
		case X12_TAG2('N', '1'):
			return read_organization(payments, segment);
		case X12_TAG2('L', 'X'):
			end_claim(payments, reader);
			payments->place.loop = X12_PAYMENT;
			return false;
		case X12_TAG3('C', 'L', 'P'):
			return read_claim(payments, reader);
		case X12_TAG3('C', 'A', 'S'):
			return read_adjustments(payments, reader);
		case X12_TAG3('N', 'M', '1'):
			return read_name(payments, segment);
		case X12_TAG3('M', 'I', 'A'):
			return read_claim_remarks(payments, segment, true);
		case X12_TAG3('M', 'O', 'A'):
			return read_claim_remarks(payments, segment, false);
		case X12_TAG3('S', 'V', 'C'):
			return read_service(payments, reader);
		case X12_TAG3('D', 'T', 'M'):
			return read_date(payments, segment);
		case X12_TAG3('R', 'E', 'F'):
			return read_reference(payments, segment);
		case X12_TAG2('L', 'Q'):
			return read_remark(payments, reader);
		case X12_TAG3('P', 'L', 'B'):
			end_claim(payments, reader);
			payments->place.loop = X12_PROVIDER;
			x12_tell_provider(payments, reader);
			return true;
		default:
			return false;
	}
}

void
x12_payments_segment(X12Payments *payments, X12Reader *reader)
{
	if (!x12_is_transaction(reader))
		end_transaction(payments, reader);
	if (x12_is_inside(&payments->place, reader, "835"))
		payments->place.is_used = read_segment(payments, reader);
}

void
x12_payments_end(X12Payments *payments, X12Reader *reader)
{
	end_transaction(payments, reader);
}

/*
 * src/core/x12/x12_pay.c
 *
 * Payments as rows, one each adjustment, and sums that must come out even.
 */
#include "x12/x12_payment.h"

#include <string.h>

#include "base/format.h"
#include "line/stored_field.h"

const char *const x12_payment_names[] = {"service", "claim", "provider"};

/* ----------------------------------------------------------------------------- sums */

void
x12_sum_add(X12Sum *sum, Word number, int sign)
{
	int64_t		value = 0;
	int			decimals = -1;
	size_t		i;

	if (number.length == 0)
		return;
	if (!stored_number_is_valid(number) || number.length > 13)
	{
		sum->is_unknown = true;
		return;
	}
	for (i = 0; i < number.length && decimals < 4; i++)
		if (number.text[i] == '.')
			decimals = 0;
		else if (is_digit(number.text[i]))
		{
			value = value * 10 + (number.text[i] - '0');
			decimals += decimals >= 0;
		}
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 4; decimals++)
		value *= 10;
	sum->value += number.text[0] == '-' ? -sign * value : sign * value;
	/* far from where it would not fit */
	if (sum->value > INT64_MAX / 4 || sum->value < -(INT64_MAX / 4))
		sum->is_unknown = true;
	if (sum->is_unknown)
		sum->value = 0;
}

const char *
x12_sum_text(int64_t value, char text[24])
{
	uint64_t	size = value < 0 ? (uint64_t) -value : (uint64_t) value;
	size_t		n = text_format(text, 24, "%s%d.%04d", value < 0 ? "-" : "", (int) (size / 10000 % 1000000000), (int) (size % 10000));

	while (n > 0 && text[n - 1] == '0')
		text[--n] = '\0';
	if (n > 0 && text[n - 1] == '.')
		text[--n] = '\0';
	return text;
}

/* Charge less adjustments is what was paid. */
static void
check_sum(X12Payments *payments, const X12Paid *service)
{
	X12Sum		adjusted = {false, 0};
	X12Sum		rest = {false, 0};
	char		text[24];
	int			i;

	for (i = 0; i < payments->n_adjustments; i++)
		x12_sum_add(&adjusted, payments->adjustments[i].amount, 1);
	x12_sum_add(&rest, service->charge, 1);
	x12_sum_add(&rest, service->paid, -1);
	if (adjusted.is_unknown || rest.is_unknown || rest.value == adjusted.value)
		return;
	fault(&payments->row.why, FAULT_RANGE, 0, "Charge %s less adjustments of %s is not %s, which was paid", WORD_SHOWN(service->charge),
		  x12_sum_text(adjusted.value, text), WORD_SHOWN(service->paid));
}

/* ----------------------------------------------------------------------------- rows */

static Word
number_or_none(X12Payments *payments, Word number, const char *what)
{
	if (number.length == 0 || stored_number_is_valid(number))
		return number;
	if (payments->row.why.kind == FAULT_NONE)
		fault(&payments->row.why, FAULT_SYNTAX, 0, "%s is \"%s\", not a number", what, WORD_SHOWN(number));
	return X12_NOTHING;
}

/* First and last date of service: those of the service, else of its claim. */
static void
set_dates(X12Payments *payments, const X12Paid *of)
{
	X12Payment *row = &payments->row;

	row->dos = row->thru = CLAIMLINE_NO_DOS;
	if (of->first.text.length == 0)
		return;
	if (!of->first.is_read)
	{
		if (row->why.kind == FAULT_NONE)
			fault(&row->why, FAULT_SYNTAX, 0, "Date of service is \"%s\", not a date", WORD_SHOWN(of->first.text));
		return;
	}
	row->dos = of->first.first;
	row->thru = of->last.is_read ? of->last.last : of->first.last;
}

static void
tell(X12Payments *payments)
{
	payments->n_rows++;
	payments->tell(payments->context, &payments->row);
}

/* A row each adjustment, or one without. */
static void
tell_adjustments(X12Payments *payments)
{
	X12Payment *row = &payments->row;
	Fault		why = row->why;
	int			i;

	row->number = 0;
	memset(&row->adjustment, 0, sizeof(row->adjustment));
	if (payments->n_adjustments == 0)
		tell(payments);
	for (i = 0; i < payments->n_adjustments; i++)
	{
		row->why = why;
		row->number = i + 1;
		row->adjustment = payments->adjustments[i];
		row->adjustment.amount = number_or_none(payments, row->adjustment.amount, "Amount");
		row->adjustment.quantity = number_or_none(payments, row->adjustment.quantity, "Quantity");
		tell(payments);
	}
	payments->n_adjustments = 0;
}

static void
begin_row(X12Payments *payments, X12PaymentKind kind, const X12Paid *of)
{
	X12Payment *row = &payments->row;

	row->kind = kind;
	row->why.kind = FAULT_NONE;
	row->claim = &payments->claim;
	row->service = kind == X12_OF_SERVICE ? of : NULL;
	row->provider = payments->claim.provider;
	row->segment = of->segment;
	row->period = CLAIMLINE_NO_DOS;
	row->remarks = payments->remarks;
	row->n_remarks = kind == X12_OF_SERVICE ? payments->n_remarks : 0;
	row->charge = number_or_none(payments, of->charge, "Charge");
	row->paid = number_or_none(payments, of->paid, "Paid");
}

/* A claim by itself: where it has adjustments of its own, or no services. */
void
x12_tell_claim(X12Payments *payments)
{
	X12Paid    *claim = &payments->claim;

	if (claim->is_told)
		return;
	claim->is_told = true;
	begin_row(payments, X12_OF_CLAIM, claim);
	set_dates(payments, claim);
	tell_adjustments(payments);
}

void
x12_tell_service(X12Payments *payments)
{
	X12Paid    *service = &payments->service;

	if (service->provider.length == 0)
		service->provider = payments->claim.provider;
	begin_row(payments, X12_OF_SERVICE, service);
	payments->row.provider = service->provider;
	set_dates(payments, service->first.text.length > 0 ? service : &payments->claim);
	check_sum(payments, service);
	tell_adjustments(payments);
	payments->n_remarks = 0;
	service->is_open = false;
}

/* PLB: a row each pair of reason and amount. */
void
x12_tell_provider(X12Payments *payments, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	X12Payment *row = &payments->row;
	X12Dates	period;
	int			i;

	memset(row->why.detail, 0, 1);
	for (i = 3; i < segment->n; i += 2)
	{
		Word		parts[2];
		Word		amount = x12_element(segment, i + 1);

		x12_composite(reader, x12_element(segment, i), parts, 2);
		if (parts[0].length == 0 && amount.length == 0)
			continue;
		row->kind = X12_OF_PROVIDER;
		row->why.kind = FAULT_NONE;
		row->claim = row->service = NULL;
		row->provider = x12_element(segment, 1);
		row->segment = segment->number;
		row->charge = row->paid = X12_NOTHING;
		row->n_remarks = 0;
		row->dos = row->thru = row->period = CLAIMLINE_NO_DOS;
		if (x12_dates(x12_element(segment, 2), &period.first, &period.last, &period.minute))
			row->period = period.first;
		row->number = i / 2;
		row->adjustment = (X12Adjustment) {X12_NOTHING, parts[0], number_or_none(payments, amount, "Amount"), X12_NOTHING, parts[1]};
		x12_sum_add(&payments->transfer, amount, 1);
		tell(payments);
	}
}

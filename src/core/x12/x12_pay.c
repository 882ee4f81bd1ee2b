/*
 * src/core/x12/x12_pay.c
 *
 * Payments as rows, one each adjustment, and sums that must come out even.
 */
#include "x12/x12_payment.h"

#include <string.h>

#include "base/format.h"
#include "line/stored_field.h"

/* far from where it would not fit */
#define SUM_LIMIT	(INT64_MAX / 4)

const char *const x12_payment_names[] = {"service", "claim", "provider"};

/* ----------------------------------------------------------------------------- sums */

void
x12_sum_add(X12Sum *sum, Word number, int sign)
{
	int64_t		value = 0;
	int			decimals = -1;
	size_t		i;

	if (!stored_number_is_valid(number))
	{
		sum->is_unknown = true;
		return;
	}
	for (i = 0; i < number.length; i++)
		if (number.text[i] == '.')
			decimals = 0;
		else if (is_digit(number.text[i]) && decimals < 4)
		{
			value = value * 10 + (number.text[i] - '0');
			decimals += decimals >= 0;
			sum->is_too_long |= value > SUM_LIMIT / 10000;
			value = sum->is_too_long ? 0 : value;
		}
		else if (number.text[i] >= '1' && number.text[i] <= '9')
			sum->is_too_long = true;
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 4; decimals++)
		value *= 10;
	sum->value += number.text[0] == '-' ? -sign * value : sign * value;
	if (sum->value > SUM_LIMIT || sum->value < -SUM_LIMIT)
		sum->is_too_long = true;
	if (sum->is_too_long)
		sum->value = 0;
}

const char *
x12_sum_text(int64_t value, char text[24])
{
	uint64_t	size = value < 0 ? (uint64_t) -value : (uint64_t) value;
	size_t		n = text_format(text, 24, "%s%lld.%04d", value < 0 ? "-" : "", (long long) (size / 10000), (int) (size % 10000));

	while (n > 0 && text[n - 1] == '0')
		text[--n] = '\0';
	if (n > 0 && text[n - 1] == '.')
		text[--n] = '\0';
	return text;
}

/* ----------------------------------------------------------------- what is wrong */

static void wrong(X12Payment *row, const char *format,...) CLAIMLINE_PRINTF(2, 3);

/* A sentence more. */
static void
wrong(X12Payment *row, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	x12_say(row->error, " ", format, args);
	va_end(args);
}

/* A number, or nothing with the reason. */
static Word
number_or_none(X12Payment *row, Word number, const char *what, bool must_be)
{
	if (stored_number_is_valid(number))
		return number;
	if (number.length > 0)
		wrong(row, "%s \"%s\", not a number.", what, WORD_SHOWN(number));
	else if (must_be)
		wrong(row, "%.*s must not be null.", (int) (strrchr(what, ' ') - what), what);
	return X12_NOTHING;
}

/* The first day; none with the reason. */
static int32_t
date_or_none(X12Payment *row, Word date, const char *what)
{
	X12Dates	dates = x12_read_dates(date);

	if (dates.is_read)
		return dates.first;
	if (date.length > 0)
		wrong(row, "%s is \"%s\", not a date.", what, WORD_SHOWN(date));
	return CLAIMLINE_NO_DOS;
}

/* Charge less adjustments is what was paid. */
static void
check_sum(X12Payments *payments, const X12Paid *paid)
{
	X12Sum		adjusted = {false, false, 0};
	X12Sum		rest = {false, false, 0};
	char		text[24];
	int			i;

	for (i = 0; i < payments->n_adjustments; i++)
		x12_sum_add(&adjusted, payments->adjustments[i].amount, 1);
	x12_sum_add(&rest, paid->charge, 1);
	x12_sum_add(&rest, paid->paid, -1);
	rest.value -= adjusted.value;
	rest.is_unknown |= adjusted.is_unknown;
	rest.is_too_long |= adjusted.is_too_long;
	if (x12_sum_is_even(&rest))
		return;
	wrong(&payments->row, "Charge %s less adjustments of %s is not %s, which was paid.", WORD_SHOWN(paid->charge),
		  x12_sum_text(adjusted.value, text), WORD_SHOWN(paid->paid));
}

/* ----------------------------------------------------------------------------- rows */

/* First and last date of service: those of the service, else of its claim. */
static void
set_dates(X12Payment *row, const X12Paid *of)
{
	row->dos = date_or_none(row, of->first.text, "Date of service");
	row->thru = of->first.is_read ? of->first.last : CLAIMLINE_NO_DOS;
	if (of->last.text.length > 0)
		row->thru = date_or_none(row, of->last.text, "Last date of service");
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
	size_t		said = strlen(row->error);
	int			i;

	row->number = 0;
	memset(&row->adjustment, 0, sizeof(row->adjustment));
	if (payments->n_adjustments == 0)
		tell(payments);
	for (i = 0; i < payments->n_adjustments; i++)
	{
		row->error[said] = '\0';
		row->number = i + 1;
		row->adjustment = payments->adjustments[i];
		row->adjustment.amount = number_or_none(row, row->adjustment.amount, "Amount is", true);
		row->adjustment.quantity = number_or_none(row, row->adjustment.quantity, "Quantity is", false);
		tell(payments);
	}
	payments->n_adjustments = 0;
}

/* What all rows of a remittance say. */
static void
begin_row(X12Payments *payments, X12PaymentKind kind, int segment)
{
	X12Payment *row = &payments->row;

	row->kind = kind;
	row->error[0] = '\0';
	row->claim = kind == X12_OF_PROVIDER ? NULL : &payments->claim;
	row->service = kind == X12_OF_SERVICE ? &payments->service : NULL;
	row->segment = segment;
	row->charge = row->paid = X12_NOTHING;
	row->dos = row->thru = row->period = CLAIMLINE_NO_DOS;
	row->remarks = payments->remarks;
	row->n_remarks = kind == X12_OF_SERVICE ? payments->n_remarks : 0;
	row->paid_on = date_or_none(row, payments->paid_on, "Date of payment");
}

/* In rows of a claim the sums of the claim are told, though only those of its own have them as columns. */
static void
begin_claim_row(X12Payments *payments, X12PaymentKind kind, int segment)
{
	X12Payment *row = &payments->row;
	X12Paid    *claim = &payments->claim;

	begin_row(payments, kind, segment);
	row->provider = claim->provider;
	if (claim->is_open && !claim->has_rows)
	{
		row->charge = number_or_none(row, claim->charge, "Charge of the claim is", true);
		row->paid = number_or_none(row, claim->paid, "Payment of the claim is", true);
	}
	claim->has_rows = true;
}

/* A claim by itself: where it has adjustments of its own, or no services: then they are all. */
void
x12_tell_claim(X12Payments *payments, bool is_alone)
{
	X12Paid    *claim = &payments->claim;

	if (claim->is_told)
		return;
	claim->is_told = true;
	begin_claim_row(payments, X12_OF_CLAIM, claim->segment);
	set_dates(&payments->row, claim);
	if (is_alone)
		check_sum(payments, claim);
	tell_adjustments(payments);
}

void
x12_tell_service(X12Payments *payments)
{
	X12Payment *row = &payments->row;
	X12Paid    *service = &payments->service;

	begin_claim_row(payments, X12_OF_SERVICE, service->segment);
	if (service->provider.length > 0)
		row->provider = service->provider;
	row->charge = number_or_none(row, service->charge, "Charge is", true);
	row->paid = number_or_none(row, service->paid, "Payment is", true);
	row->units = number_or_none(row, service->units, "Units are", false);
	row->billed_units = service->billed_units.text == service->units.text ? row->units :
		number_or_none(row, service->billed_units, "Billed units are", false);
	set_dates(row, service->first.text.length > 0 || service->last.text.length > 0 ? service : &payments->claim);
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
	int			i;

	for (i = 3; i < segment->n; i += 2)
	{
		Word		parts[2];
		Word		amount = x12_element(segment, i + 1);

		x12_composite(reader, x12_element(segment, i), parts, 2);
		if (parts[0].length == 0 && parts[1].length == 0 && amount.length == 0)
			continue;
		begin_row(payments, X12_OF_PROVIDER, segment->number);
		row->provider = x12_element(segment, 1);
		row->period = date_or_none(row, x12_element(segment, 2), "End of the fiscal period");
		row->number = i / 2;
		row->adjustment = (X12Adjustment) {X12_NOTHING, parts[0], number_or_none(row, amount, "Amount is", true), X12_NOTHING, parts[1]};
		x12_sum_add(&payments->transfer, amount, 1);
		tell(payments);
	}
}

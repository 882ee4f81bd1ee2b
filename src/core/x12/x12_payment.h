/*
 * src/core/x12/x12_payment.h
 *
 * 835: what a payer paid, service by service, and why not all of it; releases
 * 4010 and 5010.
 *
 * A service payment is told when the next one begins, for its remarks stand
 * last.  What is kept between segments is one claim and one service.
 */
#ifndef CLAIMLINE_X12_PAYMENT_H
#define CLAIMLINE_X12_PAYMENT_H

#include "x12/x12_claim.h"

#define X12_CLAIM_REMARKS	10

typedef enum X12PaymentKind
{
	X12_OF_SERVICE, X12_OF_CLAIM, X12_OF_PROVIDER
} X12PaymentKind;

extern const char *const x12_payment_names[];

typedef struct X12Adjustment
{
	Word		group;			/* CAS01; of PLB of length 0 */
	Word		reason;
	Word		amount;
	Word		quantity;
	Word		reference;		/* of PLB */
} X12Adjustment;

typedef struct X12Paid
{
	bool		is_open;
	bool		is_told;		/* of a claim: its own adjustments, before its services */
	bool		has_rows;		/* of a claim: what is wrong with its sums is told in the first */
	int			segment;
	int			number;			/* of a service, in its claim */
	Word		charge;
	Word		paid;
	X12Dates	first;			/* DTM*472, *150, *232 */
	X12Dates	last;			/* DTM*151, *233 */

	/* of a claim */
	Word		id;
	Word		status;
	Word		payer_id;
	Word		frequency;
	Word		patient;
	Word		subscriber;
	Word		provider;
	Word		remarks[X12_CLAIM_REMARKS];
	int			n_remarks;
	int			n_services;

	/* of a service */
	X12Procedure procedure;
	X12Procedure billed;
	Word		revenue;
	Word		units;
	Word		billed_units;
	Word		control;
} X12Paid;

/* A row: numbers are words that are numbers, or of length 0. */
typedef struct X12Payment
{
	X12PaymentKind kind;
	Word		payer;
	Word		payee;
	Word		trace;
	int32_t		paid_on;		/* CLAIMLINE_NO_DOS: none */
	const X12Paid *claim;		/* NULL for what is of a provider */
	const X12Paid *service;		/* NULL for what is of no service */
	Word		provider;
	Word		charge;
	Word		paid;
	Word		units;			/* of a service */
	Word		billed_units;
	int			number;			/* of the adjustment, from 1; 0: there is none */
	X12Adjustment adjustment;
	const Word *remarks;
	int			n_remarks;
	int32_t		dos;
	int32_t		thru;
	int32_t		period;			/* of PLB */
	char		error[X12_FAULT];	/* "": nothing is wrong */
	int			segment;
} X12Payment;

/* Sums in ten-thousandths; not known where a number is none, which is told of it. */
typedef struct X12Sum
{
	bool		is_unknown;
	bool		is_too_long;	/* a number has more digits than are added up */
	int64_t		value;
} X12Sum;

typedef struct X12Payments
{
	void		(*tell) (void *context, const X12Payment *payment);
	void	   *context;

	X12Place	place;
	X12Payment	row;			/* payer, payee, trace and date are those of the transaction */
	X12Sum		transfer;		/* BPR02 less what was paid and adjusted */
	bool		has_transfer;
	X12Sum		claim_sum;		/* CLP03 less adjustments, less CLP04 */
	X12Paid		claim;
	X12Paid		service;
	X12Adjustment *adjustments; /* of the service, else of the claim */
	int			n_adjustments;
	int			adjustment_room;
	Word	   *remarks;		/* of the service */
	int			n_remarks;
	int			remark_room;
	Word	   *identity;		/* where N104 of the loop goes; NULL: nowhere */
	Word		paid_on;		/* BPR16 */
	int			n_rows;
} X12Payments;

extern void x12_payments_begin(X12Payments *payments, void (*tell) (void *, const X12Payment *), void *context);
extern void x12_payments_segment(X12Payments *payments, X12Reader *reader);
extern void x12_payments_end(X12Payments *payments, X12Reader *reader);

/* --- x12_pay.c: what is kept, told; sums --- */
extern void x12_tell_claim(X12Payments *payments, bool is_alone);
extern void x12_tell_service(X12Payments *payments);
extern void x12_tell_provider(X12Payments *payments, X12Reader *reader);
extern void x12_sum_add(X12Sum *sum, Word number, int sign);

/* Does it come out even, as far as is known? */
static inline bool
x12_sum_is_even(const X12Sum *sum)
{
	return sum->is_unknown || sum->is_too_long || sum->value == 0;
}

/* 12.5 for 125000: at most 24 bytes. */
extern const char *x12_sum_text(int64_t value, char text[24]);

#endif							/* CLAIMLINE_X12_PAYMENT_H */

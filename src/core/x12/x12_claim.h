/*
 * src/core/x12/x12_claim.h
 *
 * 837: the service lines of professional, institutional and dental claims,
 * releases 4010 and 5010, each with what its loops say of it.
 *
 * A line is told when the next one begins, for a segment of its loop may stand
 * last.  What is kept between segments is one line and the loops around it.
 */
#ifndef CLAIMLINE_X12_CLAIM_H
#define CLAIMLINE_X12_CLAIM_H

#include "line/line.h"
#include "x12/x12.h"

#define X12_CLAIM_DX		25		/* of an institutional claim: 12 in one HI */
#define X12_POINTERS		12
#define X12_MODIFIERS		4
#define X12_PATIENT_KEY		256

typedef enum X12Kind
{
	X12_PROFESSIONAL, X12_INSTITUTIONAL, X12_DENTAL
} X12Kind;

extern const char *const x12_kind_names[];

/* The loop that a segment stands in. */
typedef enum X12Loop
{
	X12_ENVELOPE, X12_HEADER, X12_BILLING, X12_SUBSCRIBER, X12_PATIENT, X12_CLAIM, X12_OTHER_PAYER, X12_LINE, X12_PAYMENT,
	X12_SERVICE, X12_PROVIDER, X12_OUTSIDE
} X12Loop;

extern const char *const x12_loop_names[];

/* Where the segment that was read last stands, and whether anything of it is read. */
typedef struct X12Place
{
	X12Loop		loop;
	bool		is_used;
	int			n_other_sets;	/* transactions that are none of the reader's */
} X12Place;

/* The segment is of a transaction of the reader's set; else its loop is that of what is around them. */
extern bool x12_is_inside(X12Place *place, const X12Reader *reader, const char *set);

/* A code with its list and modifiers. */
typedef struct X12Procedure
{
	Word		qualifier;
	Word		code;
	Word		modifiers[X12_MODIFIERS];
} X12Procedure;

extern X12Procedure x12_procedure(X12Reader *reader, Word word);

typedef struct X12Dates
{
	Word		text;			/* as it stands; of length 0 where there is none */
	bool		is_read;
	int32_t		first;
	int32_t		last;
	int32_t		minute;			/* -1: no time */
} X12Dates;

extern X12Dates x12_read_dates(Word word);

/* A provider: NM109, else the first REF behind it. */
typedef struct X12Party
{
	bool		is_named;
	Word		id;
	Word		taxonomy;
} X12Party;

/* Who referred, who did so before him (primary care), who ordered: the first that is named counts. */
#define X12_REFERRERS		3
extern const char *const x12_referrers[X12_REFERRERS];

typedef struct X12Parties
{
	X12Party	rendering;
	X12Party	referring[X12_REFERRERS];
} X12Parties;

typedef struct X12Person
{
	Word		id;
	Word		last;
	Word		first;
	Word		birth;
} X12Person;

typedef struct X12Dx
{
	Word		code;
	bool		is_icd9;
} X12Dx;

typedef struct X12Claim
{
	bool		is_open;
	int			segment;
	Word		id;
	Word		facility;		/* CLM05 */
	Word		facility_kind;
	Word		frequency;
	Word		replaces;
	X12Parties	parties;
	X12Dates	service;		/* DTP*472 */
	X12Dates	statement;		/* DTP*434 */
	X12Dx		dx[X12_CLAIM_DX];
	int			n_dx;			/* that it has: may be more than are kept */
	int			n_lines;
	char		patient[X12_PATIENT_KEY];
} X12Claim;

typedef struct X12ServiceLine
{
	bool		has_loop;		/* LX was there */
	bool		has_service;	/* SV1, SV2 or SV3 */
	X12Kind		kind;
	int			segment;
	Word		number;			/* LX01 */
	Word		control;		/* REF*6R */
	X12Procedure procedure;
	Word		revenue;
	Word		charge;
	Word		measure;		/* UN, MJ, DA, F2 */
	Word		quantity;
	Word		place;
	Word		pointers[X12_POINTERS];
	int			n_pointers;
	X12Parties	parties;
	X12Dates	service;
} X12ServiceLine;

/* A line as it is told: words point to the text, and are of length 0 where there is nothing. */
typedef struct X12FileLine
{
	X12Kind		kind;
	Word		claim_id;
	int			line_no;		/* LX01, else its place in the claim */
	Word		line_control;
	Word		frequency;
	Word		replaces;
	Word		patient;
	Word		subscriber;
	Word		billing;
	Word		rendering;
	Word		referring;
	Word		taxonomy;
	Word		place;
	Word		place_frequency;	/* institutional: type of bill is place and this */
	Word		payer;
	int32_t		dos;			/* CLAIMLINE_NO_DOS: none */
	int32_t		thru;
	Word		qualifier;
	Word		code;
	const Word *modifiers;		/* X12_MODIFIERS */
	Word		revenue;
	Word		units;			/* numbers, or of length 0 */
	Word		minutes;
	Word		days;
	Word		charge;
	Word		dx[X12_CLAIM_DX];
	int			n_dx;
	int			icd;			/* 9, 10, or 0 without diagnoses */
	bool		has_line;
	LineParts	parts;
	Fault		why;			/* kind FAULT_NONE: the line is whole */
	int			segment;
} X12FileLine;

/* Subscribers may stand under any of the billing providers before them. */
typedef struct X12Biller
{
	int			hl;
	X12Party	party;
} X12Biller;

typedef struct X12Claims
{
	void		(*tell) (void *context, const X12FileLine *line);
	void	   *context;

	X12Place	place;
	X12Party	billing;
	X12Person	subscriber;
	X12Person	patient;
	Word		payer;
	X12Claim	claim;
	X12ServiceLine line;
	X12Party   *party;			/* whose loop it is; NULL: of none that is kept */
	bool		is_dependent;
	int			open_hl[3];		/* HL01 of the levels that are open, 0 for none */
	int			n_hl;
	X12Biller  *billers;		/* of the transaction, but for the last one while its loop is open */
	int			n_billers;
	int			biller_room;
	int			n_claims;		/* in all */
	int			n_lines;
	X12FileLine told;
} X12Claims;

extern void x12_claims_begin(X12Claims *claims, void (*tell) (void *, const X12FileLine *), void *context);

/* The segment of the reader, envelopes too. */
extern void x12_claims_segment(X12Claims *claims, X12Reader *reader);

/* Behind the last one. */
extern void x12_claims_end(X12Claims *claims, X12Reader *reader);

/* The service line ends that is kept, if any. */
extern void x12_end_line(X12Claims *claims, X12Reader *reader);

/* --- x12_service.c --- */
extern void x12_begin_line(X12Claims *claims, X12Reader *reader, Word number);
extern bool x12_read_service(X12Claims *claims, X12Reader *reader, X12Kind kind);

/* --- x12_line.c: the line that is kept, told --- */
extern void x12_tell_line(X12Claims *claims, X12Reader *reader);

#endif							/* CLAIMLINE_X12_CLAIM_H */

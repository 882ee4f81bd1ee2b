/*
 * src/core/x12/x12_line.c
 *
 * A service line with what its claim and the loops above say of it: told as
 * columns and, where it is one, as a claim line.
 *
 * As with rows of tables, a code, units and a date that cannot be read make it
 * none; of the rest the line is made without what cannot be read.
 */
#include "x12/x12_claim.h"

#include <string.h>

#include "line/stored_field.h"

/* ------------------------------------------------------------------------- reasons */

/* It is no line: the first reason counts, and goes before those for which it is partial. */
static void
is_none(X12FileLine *told, const Fault *why)
{
	if (told->has_line)
		told->why = *why;
	told->has_line = false;
}

/* What of the line could not be read; 0 for what is no field of it. */
static void
is_partial(X12FileLine *told, uint16_t field, const Fault *why)
{
	told->parts.unread |= field;
	if (told->why.kind == FAULT_NONE)
		told->why = *why;
}

/* ---------------------------------------------------------------- code and modifiers */

/* Code lists beside HCPCS that a service line may be of. */
static const char *
code_list(Word qualifier)
{
	static const char *const lists[][2] = {
		{"HP", "HIPPS rate codes"}, {"ER", "codes of a jurisdiction"}, {"IV", "home infusion EDI product codes"},
		{"WK", "advanced billing concepts codes"}, {"ID", "ICD-9-CM procedures"}, {"N4", "national drug codes"}, {"NU", "revenue codes"},
		{"AD", "dental codes"}, {"ZZ", "mutually defined codes"}
	};
	size_t		i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (x12_is(qualifier, lists[i][0]))
			return lists[i][1];
	return "no codes that are known";
}

/* HC: HCPCS of both levels.  AD: dental codes, of which those of HCPCS level II begin with D. */
static void
read_code(X12FileLine *told)
{
	Fault		why;

	if (told->code.length == 0)
	{
		if (told->revenue.length > 0)
			fault(&why, FAULT_MISSING, 0, "Revenue line %s, no procedure code", WORD_SHOWN(told->revenue));
		else
			fault(&why, FAULT_MISSING, 0, "Code must not be null");
		is_none(told, &why);
	}
	else if (told->qualifier.length == 0)
	{
		fault(&why, FAULT_MISSING, 0, "Code \"%s\" has no qualifier, must be of HC", WORD_SHOWN(told->code));
		is_none(told, &why);
	}
	else if (!word_is(told->qualifier, "hc") && !(word_is(told->qualifier, "ad") && to_upper(told->code.text[0]) == 'D'))
	{
		fault(&why, FAULT_SYNTAX, 0, "Code \"%s\" is no HCPCS code: qualifier \"%s\", %s", WORD_SHOWN(told->code),
			  WORD_SHOWN(told->qualifier), code_list(told->qualifier));
		is_none(told, &why);
	}
	else if (!code_from_text(told->code, &told->parts.code, &why))
		is_none(told, &why);
}

static void
read_modifiers(X12FileLine *told)
{
	Fault		why;
	int			i;

	for (i = 0; i < X12_MODIFIERS; i++)
		if (!parts_add_modifier(&told->parts, told->modifiers[i], &why))
			is_partial(told, UNREAD_MODIFIERS, &why);
}

/* --------------------------------------------------------------------------- amounts */

/* A number below zero takes back as many. */
static Word
without_sign(X12FileLine *told, Word number)
{
	size_t		i;

	if (number.text[0] != '-' && number.text[0] != '+')
		return number;
	/* minus nothing is nothing */
	for (i = 1; i < number.length && number.text[0] == '-'; i++)
		told->parts.reversal |= number.text[i] >= '1' && number.text[i] <= '9';
	return (Word) {number.text + 1, number.length - 1, 0};
}

/* Anesthesia is billed once, in minutes. */
static void
read_minutes(X12FileLine *told, Word quantity)
{
	Fault		why;
	int32_t		minutes;

	if (quantity.length == 0)
	{
		fault(&why, FAULT_MISSING, 0, "Units must not be null");
		is_none(told, &why);
		return;
	}
	if (stored_number_is_valid(quantity))
	{
		told->minutes = quantity;
		quantity = without_sign(told, quantity);
	}
	if (!stored_integer(quantity, &minutes))
	{
		fault(&why, FAULT_SYNTAX, 0, "Minutes are \"%s\", not a whole number", WORD_SHOWN(quantity));
		is_partial(told, UNREAD_MINUTES, &why);
	}
	else if (!number_in_range("Minutes are", minutes, 0, CLAIMLINE_MAX_MINUTES, 0, &why))
		is_partial(told, UNREAD_MINUTES, &why);
	else
		told->parts.minutes = minutes;
}

static void
read_units(X12FileLine *told, const X12ServiceLine *line)
{
	Word		quantity = line->quantity;
	Fault		why;

	if (x12_is(line->measure, "MJ"))
	{
		read_minutes(told, quantity);
		return;
	}
	if (quantity.length == 0 && line->kind == X12_DENTAL)
		quantity = (Word) {"1", 1, 0};
	if (stored_number_is_valid(quantity))
	{
		told->units = quantity;
		if (x12_is(line->measure, "DA"))
			told->days = quantity;
		quantity = without_sign(told, quantity);
	}
	if (quantity.length == 0)
		fault(&why, FAULT_MISSING, 0, "Units must not be null");
	else if (told->units.length == 0)
		fault(&why, FAULT_SYNTAX, 0, "Units are \"%s\", not a number", WORD_SHOWN(quantity));
	else if (line->measure.length > 0 && !x12_is(line->measure, "UN") && !x12_is(line->measure, "DA") && !x12_is(line->measure, "F2"))
		fault(&why, FAULT_SYNTAX, 0, "Units are measured in \"%s\", must be UN, DA, F2 or MJ", WORD_SHOWN(line->measure));
	else if (units_from_text(quantity, &told->parts.units, &why))
		return;
	is_none(told, &why);
}

static void
read_charge(X12FileLine *told, Word charge)
{
	Fault		why;

	if (stored_number_is_valid(charge))
	{
		told->charge = charge;
		without_sign(told, charge);
	}
	else if (charge.length > 0)
	{
		fault(&why, FAULT_SYNTAX, 0, "Charge is \"%s\", not a number", WORD_SHOWN(charge));
		is_partial(told, 0, &why);
	}
}

/* ----------------------------------------------------------------------------- dates */

static void
read_dates(X12FileLine *told, const X12ServiceLine *line, const X12Claim *claim)
{
	const X12Dates *dates = line->service.text.length > 0 ? &line->service :
		claim->service.text.length > 0 ? &claim->service : &claim->statement;
	Fault		why;

	told->dos = told->thru = CLAIMLINE_NO_DOS;
	if (dates->text.length == 0)
		return;
	if (!dates->is_read)
	{
		fault(&why, FAULT_SYNTAX, 0, "Date of service is \"%s\", not a date", WORD_SHOWN(dates->text));
		is_none(told, &why);
		return;
	}
	told->dos = told->parts.dos = dates->first;
	told->thru = told->parts.thru = dates->last;
	if (!parts_check_span(&told->parts, 0, &why))
	{
		told->parts.thru = CLAIMLINE_NO_DOS;
		is_partial(told, UNREAD_THRU, &why);
	}
	/* of a claim, it is not when this service began */
	if (dates == &line->service && dates->minute >= 0)
		told->parts.start = dates->minute;
}

/* ------------------------------------------------------------------------- diagnoses */

static void
add_dx(X12FileLine *told, const X12Dx *dx)
{
	Fault		why;

	if (dx->code.length == 0)
		return;
	told->dx[told->n_dx++] = dx->code;
	if (dx->is_icd9)
	{
		/* V and E codes look like those of ICD-10-CM */
		told->icd = 9;
		fault(&why, FAULT_SYNTAX, 0, "Diagnosis \"%s\" is of ICD-9-CM", WORD_SHOWN(dx->code));
		is_partial(told, UNREAD_DX, &why);
		return;
	}
	if (told->icd == 0)
		told->icd = 10;
	if (!parts_add_dx(&told->parts, dx->code, &why))
		is_partial(told, UNREAD_DX, &why);
}

/* 1 to 12, also as 1.00; A to L, as paper claims have it; 0 for what is no pointer. */
static int
pointer_from_text(Word word)
{
	int32_t		number;

	if (word.length == 1 && is_letter(word.text[0]))
		return to_upper(word.text[0]) - 'A' + 1;
	return stored_integer(word, &number) && number > 0 ? number : 0;
}

/* Those that it points to; where it points to none, all of the claim. */
static void
read_dx(X12FileLine *told, const X12ServiceLine *line, const X12Claim *claim)
{
	int			n = claim->n_dx < X12_CLAIM_DX ? claim->n_dx : X12_CLAIM_DX;
	bool		any = false;
	Fault		why;
	int			i;

	for (i = 0; i < line->n_pointers; i++)
	{
		int			pointer = pointer_from_text(line->pointers[i]);

		if (line->pointers[i].length == 0)
			continue;
		any = true;
		if (pointer >= 1 && pointer <= n)
			add_dx(told, &claim->dx[pointer - 1]);
		else
		{
			fault(&why, FAULT_RANGE, 0, "Line points to diagnosis \"%s\", the claim has %d", WORD_SHOWN(line->pointers[i]), claim->n_dx);
			is_partial(told, UNREAD_DX, &why);
		}
	}
	if (any)
		return;
	for (i = 0; i < n; i++)
		add_dx(told, &claim->dx[i]);
	/* to the only one of a claim, its lines point */
	if (told->n_dx > 1)
		told->parts.dx_of = DX_OF_CLAIM;
}

/* ------------------------------------------------------------------------- providers */

static void
read_providers(X12FileLine *told, const X12Claims *claims)
{
	const X12Parties *line = &claims->line.parties;
	const X12Parties *claim = &claims->claim.parties;
	Word		ours = line->rendering.id;
	Word		theirs = claim->rendering.id;
	Fault		why;
	int			i;

	told->billing = claims->billing.id;
	/* who is named for the line without a number is not the one of the claim */
	if (ours.length == 0 && !line->rendering.is_named)
		ours = theirs;
	told->rendering = ours.length > 0 ? ours : told->billing;
	/* what another person is does not say what this one is */
	if (line->rendering.taxonomy.length > 0)
		told->taxonomy = line->rendering.taxonomy;
	else if (claim->rendering.taxonomy.length > 0 && ours.length == theirs.length &&
			 (ours.length > 0 ? memcmp(ours.text, theirs.text, ours.length) == 0 : !line->rendering.is_named))
		told->taxonomy = claim->rendering.taxonomy;
	else
		told->taxonomy = claims->billing.taxonomy;
	for (i = 0; i < 2 * X12_REFERRERS && told->parts.referral != REFERRAL_YES; i++)
	{
		const X12Party *party = i < X12_REFERRERS ? &line->referring[i] : &claim->referring[i - X12_REFERRERS];

		if (!party->is_named)
			continue;
		told->parts.referral = REFERRAL_YES;
		told->referring = party->id;
	}
	if (told->taxonomy.length > 0 &&
		!specialty_from_text(told->taxonomy, &told->parts.specialty_kind, &told->parts.specialty, &why))
	{
		told->parts.specialty_kind = SPECIALTY_NONE;
		is_partial(told, UNREAD_SPECIALTY, &why);
	}
}

/* ------------------------------------------------------------------------- the line */

/* Number, place and claim. */
static void
read_frame(X12FileLine *told, X12Claims *claims, X12Reader *reader)
{
	const X12ServiceLine *line = &claims->line;
	const X12Claim *claim = &claims->claim;
	int32_t		number;

	told->line_no = claim->n_lines;
	if (line->number.length > 0 && stored_integer(line->number, &number))
		told->line_no = number;
	else if (line->number.length > 0)
		x12_fault(reader, "service line is numbered \"%s\", not a whole number", WORD_SHOWN(line->number));
	told->line_control = line->control;
	told->claim_id = claim->is_open ? claim->id : X12_NOTHING;
	told->frequency = claim->frequency;
	told->replaces = claim->replaces;
	told->patient = (Word) {claim->patient, strlen(claim->patient), 0};
	told->subscriber = claims->subscriber.id;
	told->payer = claims->payer;
	told->place = line->place.length > 0 ? line->place : claim->facility;
	told->place_frequency = claim->frequency;
	if (x12_is(claim->frequency, "8"))
		told->parts.reversal = true;
}

void
x12_tell_line(X12Claims *claims, X12Reader *reader)
{
	static const X12Claim none;
	const X12ServiceLine *line = &claims->line;
	X12FileLine *told = &claims->told;

	if (!claims->claim.is_open)
	{
		int			n_lines = claims->claim.n_lines;

		claims->claim = none;
		claims->claim.n_lines = n_lines;
	}
	memset(told, 0, sizeof(*told));
	line_parts_init(&told->parts);
	told->kind = line->kind;
	told->segment = line->segment;
	told->has_line = true;
	told->why.kind = FAULT_NONE;
	told->qualifier = line->procedure.qualifier;
	told->code = line->procedure.code;
	told->modifiers = line->procedure.modifiers;
	told->revenue = line->revenue;
	read_frame(told, claims, reader);
	if (!claims->claim.is_open)
	{
		Fault		why;

		fault(&why, FAULT_MISSING, 0, "Service line stands under no claim");
		is_none(told, &why);
	}
	read_code(told);
	read_units(told, line);
	read_dates(told, line, &claims->claim);
	read_modifiers(told);
	read_charge(told, line->charge);
	read_dx(told, line, &claims->claim);
	read_providers(told, claims);
	claims->tell(claims->context, told);
}

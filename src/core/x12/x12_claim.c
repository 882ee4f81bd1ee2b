/*
 * src/core/x12/x12_claim.c
 *
 * The loops of an 837: what a segment is depends on the loop that it stands
 * in, and that on HL and the order of segments.
 */
#include "x12/x12_claim.h"

#include <string.h>

#include "base/format.h"
#include "line/stored_field.h"

const char *const x12_kind_names[] = {"professional", "institutional", "dental"};
const char *const x12_referrers[X12_REFERRERS] = {"DN", "P3", "DK"};
const char *const x12_loop_names[] = {
	"envelope", "header", "billing provider", "subscriber", "patient", "claim", "other payer", "line", "payment", "service",
	"provider adjustment", "outside"
};

bool
x12_is_inside(X12Place *place, const X12Reader *reader, const char *set)
{
	bool		is_ours = x12_is(reader->set, set);

	place->is_used = false;
	if (!x12_is_transaction(reader))
	{
		place->loop = reader->is_envelope ? X12_ENVELOPE : X12_OUTSIDE;
		place->n_other_sets += reader->segment.tag == X12_TAG2('S', 'T') && !is_ours;
		return false;
	}
	if (place->loop == X12_ENVELOPE)
		place->loop = X12_HEADER;
	return is_ours;
}

void
x12_claims_begin(X12Claims *claims, void (*tell) (void *, const X12FileLine *), void *context)
{
	memset(claims, 0, sizeof(*claims));
	claims->tell = tell;
	claims->context = context;
}

/* ------------------------------------------------------------------ loops that end */

void
x12_end_line(X12Claims *claims, X12Reader *reader)
{
	X12ServiceLine *line = &claims->line;

	if (line->has_service)
		x12_tell_line(claims, reader);
	else if (line->has_loop)
		x12_fault(reader, "service line %s has no SV1, SV2 or SV3", WORD_SHOWN(line->number));
	line->has_loop = line->has_service = false;
	claims->party = NULL;
}

static void
end_claim(X12Claims *claims, X12Reader *reader)
{
	X12Claim   *claim = &claims->claim;

	x12_end_line(claims, reader);
	if (claim->is_open && claim->n_lines == 0)
		x12_fault(reader, "claim %s of segment %d has no service line", WORD_SHOWN(claim->id), claim->segment);
	claim->is_open = false;
}

static void
end_transaction(X12Claims *claims, X12Reader *reader)
{
	end_claim(claims, reader);
	memset(&claims->billing, 0, sizeof(claims->billing));
	memset(&claims->subscriber, 0, sizeof(claims->subscriber));
	memset(&claims->patient, 0, sizeof(claims->patient));
	memset(claims->open_hl, 0, sizeof(claims->open_hl));
	claims->payer = X12_NOTHING;
	claims->is_dependent = false;
	claims->n_hl = claims->n_billers = 0;
	claims->place.loop = X12_HEADER;
}

/* ----------------------------------------------------------- persons and providers */

/* What tells a patient from all others: a number, or that of the subscriber with name and birth. */
static void
patient_key(X12Claims *claims)
{
	const X12Person *person = claims->is_dependent ? &claims->patient : &claims->subscriber;
	const Word	parts[] = {claims->subscriber.id, person->last, person->first, person->birth};
	char	   *key = claims->claim.patient;
	size_t		used = 0;
	int			i;

	if (person->id.length > 0)
	{
		used = (size_t) word_clip(person->id.text, (int) person->id.length, X12_PATIENT_KEY - 1);
		memcpy(key, person->id.text, used);
		key[used] = '\0';
		return;
	}
	for (i = 0; i < 4; i++)
	{
		int			n = parts[i].length == 0 ? 0 : word_clip(parts[i].text, (int) parts[i].length, 60);

		if (i > 0)
			key[used++] = '/';
		memcpy(key + used, parts[i].length == 0 ? "" : parts[i].text, (size_t) n);
		used += (size_t) n;
	}
	/* nothing is known */
	key[used == 3 ? 0 : used] = '\0';
}

static void
read_person(X12Person *person, const X12Segment *segment)
{
	memset(person, 0, sizeof(*person));
	person->last = x12_element(segment, 3);
	person->first = x12_element(segment, 4);
	person->id = x12_element(segment, 9);
}

/* The first of its kind in a loop counts. */
static bool
read_party(X12Claims *claims, X12Party *party, const X12Segment *segment)
{
	if (party->is_named)
		return false;
	party->is_named = true;
	party->id = x12_element(segment, 9);
	claims->party = party;
	return true;
}

static bool
name_in_claim(X12Claims *claims, X12Parties *parties, const X12Segment *segment)
{
	Word		entity = x12_element(segment, 1);
	int			i;

	if (x12_is(entity, "82"))
		return read_party(claims, &parties->rendering, segment);
	for (i = 0; i < X12_REFERRERS; i++)
		if (x12_is(entity, x12_referrers[i]))
			return read_party(claims, &parties->referring[i], segment);
	return false;
}

static bool
read_name(X12Claims *claims, const X12Segment *segment)
{
	Word		entity = x12_element(segment, 1);

	claims->party = NULL;
	switch (claims->place.loop)
	{
		case X12_LINE:
			return name_in_claim(claims, &claims->line.parties, segment);
		case X12_CLAIM:
			return name_in_claim(claims, &claims->claim.parties, segment);
		case X12_BILLING:
			return x12_is(entity, "85") && read_party(claims, &claims->billing, segment);
		case X12_SUBSCRIBER:
		case X12_PATIENT:
			if (x12_is(entity, "PR"))
			{
				Word		id = x12_element(segment, 9);

				claims->payer = id.length > 0 ? id : x12_element(segment, 3);
				return true;
			}
			if (x12_is(entity, "IL") && claims->place.loop == X12_SUBSCRIBER)
			{
				read_person(&claims->subscriber, segment);
				return true;
			}
			if (x12_is(entity, "QC"))
			{
				claims->is_dependent = true;
				read_person(&claims->patient, segment);
				return true;
			}
			return false;
		default:
			return false;
	}
}

static bool
read_birth(X12Claims *claims, const X12Segment *segment)
{
	if (claims->place.loop != X12_SUBSCRIBER && claims->place.loop != X12_PATIENT)
		return false;
	(claims->is_dependent ? &claims->patient : &claims->subscriber)->birth = x12_element(segment, 2);
	return true;
}

/* BI: of the billing provider, before its name; PE: of the one who renders. */
static bool
read_specialty(X12Claims *claims, const X12Segment *segment)
{
	Word		entity = x12_element(segment, 1);

	if (claims->place.loop == X12_BILLING && x12_is(entity, "BI"))
	{
		claims->billing.taxonomy = x12_element(segment, 3);
		return true;
	}
	if (claims->party == NULL || !x12_is(entity, "PE"))
		return false;
	claims->party->taxonomy = x12_element(segment, 3);
	return true;
}

static bool
read_reference(X12Claims *claims, const X12Segment *segment)
{
	Word		kind = x12_element(segment, 1);

	if (claims->place.loop == X12_LINE && x12_is(kind, "6R"))
	{
		claims->line.control = x12_element(segment, 2);
		return true;
	}
	if (claims->place.loop == X12_CLAIM && x12_is(kind, "F8"))
	{
		claims->claim.replaces = x12_element(segment, 2);
		return true;
	}
	/* a provider without a number of his own */
	if (claims->party == NULL || claims->party->id.length > 0)
		return false;
	claims->party->id = x12_element(segment, 2);
	return true;
}

/* ----------------------------------------------------------------- levels, claims */

/* In the order of their numbers: of those that begin anew, what was before is forgotten. */
static void
keep_biller(X12Claims *claims, X12Reader *reader)
{
	int			hl = claims->open_hl[0];

	if (claims->place.loop != X12_BILLING)
		return;
	while (claims->n_billers > 0 && claims->billers[claims->n_billers - 1].hl >= hl)
		claims->n_billers--;
	if (claims->n_billers == claims->biller_room)
		claims->billers = arena_grow(reader->arena, claims->billers, sizeof(X12Biller), claims->n_billers, &claims->biller_room);
	claims->billers[claims->n_billers++] = (X12Biller) {hl, claims->billing};
}

/* A subscriber under a billing provider that is not the last one. */
static bool
return_to_biller(X12Claims *claims, int hl)
{
	int			low = 0;
	int			high = claims->n_billers;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (claims->billers[middle].hl < hl)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == claims->n_billers || claims->billers[low].hl != hl)
		return false;
	claims->open_hl[0] = hl;
	claims->billing = claims->billers[low].party;
	return true;
}

/*
 * The level above is the last one of it.  Subscribers are not kept: who stands
 * under an earlier one has none, rather than another's.
 */
static void
check_parent(X12Claims *claims, X12Reader *reader, int place, int number)
{
	Word		word = x12_element(&reader->segment, 2);
	int			above = claims->open_hl[place - 1];
	int32_t		parent;
	bool		is_number = stored_integer(word, &parent);

	if (is_number && (parent == above || (place == 1 && return_to_biller(claims, parent))))
		return;
	x12_fault(reader, "HL stands under \"%s\", behind %d of the level above", WORD_SHOWN(word), above);
	if (place == 2 && is_number && parent > 0 && parent < number)
	{
		memset(&claims->subscriber, 0, sizeof(claims->subscriber));
		claims->payer = X12_NOTHING;
	}
}

/* HL: 20 billing provider, 22 subscriber, 23 patient. */
static bool
read_level(X12Claims *claims, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	Word		level = x12_element(segment, 3);
	int			place = x12_is(level, "20") ? 0 : x12_is(level, "22") ? 1 : x12_is(level, "23") ? 2 : -1;
	int32_t		number = 0;

	end_claim(claims, reader);
	keep_biller(claims, reader);
	claims->n_hl++;
	if (!stored_integer(x12_element(segment, 1), &number) || number != claims->n_hl)
		x12_fault(reader, "HL is \"%s\", must be %d", WORD_SHOWN(x12_element(segment, 1)), claims->n_hl);
	if (place < 0)
	{
		x12_fault(reader, "HL has level \"%s\", must be 20, 22 or 23", WORD_SHOWN(level));
		claims->place.loop = X12_HEADER;
		return false;
	}
	if (place > 0)
		check_parent(claims, reader, place, number);
	claims->open_hl[place] = number;
	if (place < 2)
		claims->open_hl[place + 1] = 0;
	if (place == 0)
		memset(&claims->billing, 0, sizeof(claims->billing));
	if (place <= 1)
	{
		memset(&claims->subscriber, 0, sizeof(claims->subscriber));
		claims->payer = X12_NOTHING;
	}
	memset(&claims->patient, 0, sizeof(claims->patient));
	claims->is_dependent = place == 2;
	claims->place.loop = place == 0 ? X12_BILLING : place == 1 ? X12_SUBSCRIBER : X12_PATIENT;
	return true;
}

static bool
read_claim(X12Claims *claims, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	X12Claim   *claim = &claims->claim;
	Word		place[3];

	end_claim(claims, reader);
	if (claims->place.loop != X12_SUBSCRIBER && claims->place.loop != X12_PATIENT && claims->place.loop != X12_CLAIM &&
		claims->place.loop != X12_OTHER_PAYER && claims->place.loop != X12_LINE)
		x12_fault(reader, "claim %s stands under no subscriber", WORD_SHOWN(x12_element(segment, 1)));
	claims->place.loop = X12_CLAIM;
	claims->n_claims++;
	x12_composite(reader, x12_element(segment, 5), place, 3);
	/* all but the diagnoses, of which n_dx are valid */
	claim->is_open = true;
	claim->segment = segment->number;
	claim->id = x12_element(segment, 1);
	claim->facility = stored_whole(place[0]);
	claim->facility_kind = place[1];
	claim->frequency = stored_whole(place[2]);
	claim->replaces = X12_NOTHING;
	memset(&claim->parties, 0, sizeof(claim->parties));
	memset(&claim->service, 0, sizeof(claim->service));
	memset(&claim->statement, 0, sizeof(claim->statement));
	claim->n_dx = 0;
	claim->n_lines = 0;
	patient_key(claims);
	return true;
}

/* 472: service; 434: statement.  The first counts. */
static bool
read_date(X12Claims *claims, const X12Segment *segment)
{
	Word		kind = x12_element(segment, 1);
	X12Dates   *dates = NULL;

	if (x12_is(kind, "472"))
		dates = claims->place.loop == X12_LINE ? &claims->line.service : claims->place.loop == X12_CLAIM ? &claims->claim.service : NULL;
	else if (x12_is(kind, "434") && claims->place.loop == X12_CLAIM)
		dates = &claims->claim.statement;
	if (dates == NULL || dates->text.length > 0 || x12_element(segment, 3).length == 0)
		return false;
	*dates = x12_read_dates(x12_element(segment, 3));
	return true;
}

/* ABK, ABF, BK and BF: principal and other diagnoses.  Others are none that a service is for. */
static bool
read_diagnoses(X12Claims *claims, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	X12Claim   *claim = &claims->claim;
	bool		any = false;
	int			i;

	if (!claim->is_open || claims->place.loop != X12_CLAIM)
		return false;
	for (i = 1; i < segment->n; i++)
	{
		Word		rest = x12_element(segment, i);
		Word		one;

		while (x12_repetition(reader, &rest, &one))
		{
			Word		parts[2];
			bool		is_icd10;

			x12_composite(reader, one, parts, 2);
			is_icd10 = x12_is(parts[0], "ABK") || x12_is(parts[0], "ABF");
			if (!is_icd10 && !x12_is(parts[0], "BK") && !x12_is(parts[0], "BF"))
				continue;
			any = true;
			if (claim->n_dx < X12_CLAIM_DX)
				claim->dx[claim->n_dx] = (X12Dx) {parts[1], !is_icd10};
			else if (claim->n_dx == X12_CLAIM_DX)
				x12_fault(reader, "claim %s has more than %d diagnoses, the rest are not read", WORD_SHOWN(claim->id), X12_CLAIM_DX);
			claim->n_dx++;
		}
	}
	return any;
}

/* ------------------------------------------------------------------------- segments */

static bool
read_segment(X12Claims *claims, X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;

	switch (segment->tag)
	{
		case X12_TAG2('H', 'L'):
			return read_level(claims, reader);
		case X12_TAG3('N', 'M', '1'):
			return read_name(claims, segment);
		case X12_TAG3('D', 'M', 'G'):
			return read_birth(claims, segment);
		case X12_TAG3('P', 'R', 'V'):
			return read_specialty(claims, segment);
		case X12_TAG3('R', 'E', 'F'):
			return read_reference(claims, segment);
		case X12_TAG3('C', 'L', 'M'):
			return read_claim(claims, reader);
		case X12_TAG3('D', 'T', 'P'):
			return read_date(claims, segment);
		case X12_TAG2('H', 'I'):
			return read_diagnoses(claims, reader);
		case X12_TAG3('S', 'B', 'R'):
			/* behind a claim, what another payer was told and said */
			if (claims->place.loop == X12_CLAIM)
				claims->place.loop = X12_OTHER_PAYER;
			claims->party = NULL;
			return false;
		case X12_TAG2('L', 'X'):
			x12_begin_line(claims, reader, x12_element(segment, 1));
			return true;
		case X12_TAG3('S', 'V', '1'):
			return x12_read_service(claims, reader, X12_PROFESSIONAL);
		case X12_TAG3('S', 'V', '2'):
			return x12_read_service(claims, reader, X12_INSTITUTIONAL);
		case X12_TAG3('S', 'V', '3'):
			return x12_read_service(claims, reader, X12_DENTAL);
		default:
			return false;
	}
}

void
x12_claims_segment(X12Claims *claims, X12Reader *reader)
{
	if (!x12_is_transaction(reader))
		end_transaction(claims, reader);
	if (x12_is_inside(&claims->place, reader, "837"))
		claims->place.is_used = read_segment(claims, reader);
}

void
x12_claims_end(X12Claims *claims, X12Reader *reader)
{
	end_transaction(claims, reader);
}

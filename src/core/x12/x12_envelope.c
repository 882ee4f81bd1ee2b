/*
 * src/core/x12/x12_envelope.c
 *
 * Interchanges, groups and transactions: the separators that ISA has, and what
 * headers and trailers say of each other.
 */
#include "x12/x12_envelope.h"

#include <string.h>

#include "line/stored_field.h"

#define ISA_ELEMENTS	16
/* from its last separator to the next segment */
#define FOLLOWER_REACH	64

/* ---------------------------------------------------------------------- separators */

/* Where a segment begins that can follow ISA; NULL where none does. */
static const char *
follower(const char *at, const char *stop, char element)
{
	static const char *const tags[] = {"GS", "TA1", "ST", "IEA"};
	size_t		i;

	for (; at < stop; at++)
		for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		{
			size_t		n = strlen(tags[i]);

			if ((size_t) (stop - at) > n && memcmp(at, tags[i], n) == 0 && at[n] == element)
				return at;
		}
	return NULL;
}

/* Does the line that begins here end with that character? */
static bool
line_ends_with(const char *at, const char *end, char c)
{
	char		last = '\0';

	for (; at < end && !x12_line_end(*at); at++)
		if (!is_blank(*at))
			last = *at;
	return last == c;
}

/*
 * Component separator and terminator, between the last separator of ISA and the
 * segment that follows: one character each, where a terminator may be a line end.
 */
static bool
last_separators(X12Reader *reader, const char *at, const char *next)
{
	const char *stop = next;
	char		first;

	while (stop > at && is_blank(stop[-1]))
		stop--;
	while (at < stop && is_blank(*at))
		at++;
	first = at < stop ? *at : '\0';
	reader->component = x12_is_separator(first) && first != reader->element ? first : '\0';
	if (stop - at >= 2)
		reader->terminator = stop[-1];
	else if (stop > at && (stop == next || line_ends_with(next, reader->end, first)))
	{
		/* ISA16 is missing */
		reader->component = '\0';
		reader->terminator = first;
	}
	else
		reader->terminator = '\n';
	return reader->terminator == '\n' || (x12_is_separator(reader->terminator) && reader->terminator != reader->element);
}

/*
 * Could it be that element of ISA?  Names and passwords may be anything; the
 * others are short, which those of prose with as many commas are not.
 */
static bool
fits(Word element, int n)
{
	static const int most[ISA_ELEMENTS] = {0, 2, 0, 2, 0, 2, 0, 2, 0, 8, 6, 1, 5, 0, 1, 1};

	element = word_trim(element);
	return most[n] == 0 || element.length <= (size_t) most[n];
}

/* ISA is named, and begins behind it: what stands before is prose. */
static bool
begins_within(const char *from, const char *stop, char element)
{
	const char *at;

	for (at = from; stop - at > 3; at++)
		if (memcmp(at, "ISA", 3) == 0 && at[3] == element && at[-1] != element && !is_letter(at[-1]) && !is_digit(at[-1]))
			return true;
	return false;
}

bool
x12_separators(X12Reader *reader, const char *isa)
{
	const char *stop = reader->end - isa > X12_ISA_REACH ? isa + X12_ISA_REACH : reader->end;
	const char *at = isa + 3;
	const char *start = at;
	const char *repetition = NULL;
	const char *next;
	X12Reader	found = {.end = reader->end};
	int			n = 0;

	if (at >= stop || !x12_is_separator(*at))
		return false;
	found.element = *at;
	for (; at < stop && n < ISA_ELEMENTS; at++)
	{
		if (*at != found.element)
			continue;
		if (!fits((Word) {start, (size_t) (at - start), 0}, n))
			return false;
		start = at + 1;
		n++;
		if (n == 11)
			repetition = start;
	}
	if (n < ISA_ELEMENTS || begins_within(isa + 3, at, found.element))
		return false;
	next = follower(at, stop - at > FOLLOWER_REACH ? at + FOLLOWER_REACH : stop, found.element);
	if (next == NULL)
	{
		/* nothing follows, or something unheard of */
		if (stop - at < 1)
			return false;
		found.component = x12_is_separator(*at) ? *at : '\0';
		found.terminator = stop - at < 2 || x12_line_end(at[1]) ? '\n' : at[1];
		if (found.terminator != '\n' && !x12_is_separator(found.terminator))
			return false;
	}
	else if (!last_separators(&found, at, next))
		return false;
	/* release 4010 has U there, for United States */
	if (x12_is_separator(*repetition) && *repetition != found.element && *repetition != found.terminator &&
		*repetition != found.component && repetition[1] == found.element)
		found.repetition = *repetition;
	reader->element = found.element;
	reader->repetition = found.repetition;
	reader->component = found.component;
	reader->terminator = found.terminator;
	reader->stop = NULL;
	return true;
}

/* -------------------------------------------------------------- headers and trailers */

static bool
same_control(Word a, Word b)
{
	while (a.length > 1 && a.text[0] == '0')
		a = (Word) {a.text + 1, a.length - 1, 0};
	while (b.length > 1 && b.text[0] == '0')
		b = (Word) {b.text + 1, b.length - 1, 0};
	return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

static void
compare(X12Reader *reader, Word counted, int count, const char *of, Word control, Word header, const char *name)
{
	const X12Segment *segment = &reader->segment;
	ShownWord	tag = word_show(segment->elements[0]);
	int32_t		said;

	if (!stored_integer(counted, &said))
		x12_fault(reader, "%s counts \"%s\" %s, there are %d", tag.text, WORD_SHOWN(counted), of, count);
	else if (said != count)
		x12_fault(reader, "%s counts %d %s, there are %d", tag.text, (int) said, of, count);
	if (!same_control(control, header))
		x12_fault(reader, "%s has control number %s, %s has %s", tag.text, WORD_SHOWN(control), name, WORD_SHOWN(header));
}

static void
end_transaction(X12Reader *reader, const char *before)
{
	if (reader->transaction.text != NULL)
		x12_fault(reader, "transaction %s has no SE before %s", WORD_SHOWN(reader->transaction), before);
	reader->transaction.text = NULL;
	reader->set = X12_NOTHING;
}

static void
end_group(X12Reader *reader, const char *before)
{
	end_transaction(reader, before);
	if (reader->group.text != NULL)
		x12_fault(reader, "group %s has no GE before %s", WORD_SHOWN(reader->group), before);
	reader->group.text = NULL;
}

static void
end_interchange(X12Reader *reader, const char *before)
{
	end_group(reader, before);
	if (reader->interchange.text != NULL)
		x12_fault(reader, "interchange %s has no IEA before %s", WORD_SHOWN(reader->interchange), before);
	reader->interchange.text = NULL;
}

void
x12_end(X12Reader *reader)
{
	end_interchange(reader, "the end of the text");
}

static void
begin(X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;

	switch (segment->tag)
	{
		case X12_TAG3('I', 'S', 'A'):
			end_interchange(reader, "ISA");
			if (segment->n != ISA_ELEMENTS + 1)
				x12_fault(reader, "ISA has %d elements, must have %d", segment->n - 1, ISA_ELEMENTS);
			reader->interchange = x12_element(segment, 13);
			reader->interchanges++;
			reader->n_groups = 0;
			break;
		case X12_TAG2('G', 'S'):
			end_group(reader, "GS");
			reader->group = x12_element(segment, 6);
			reader->n_groups++;
			reader->n_transactions = 0;
			break;
		default:
			end_transaction(reader, "ST");
			if (reader->group.text == NULL)
				x12_fault(reader, "transaction %s stands in no group", WORD_SHOWN(x12_element(segment, 2)));
			reader->transaction = x12_element(segment, 2);
			reader->set = x12_element(segment, 1);
			reader->n_transactions++;
			reader->first_of_transaction = segment->number;
	}
}

bool
x12_envelope(X12Reader *reader)
{
	const X12Segment *segment = &reader->segment;
	Word		counted = x12_element(segment, 1);
	Word		control = x12_element(segment, 2);

	switch (segment->tag)
	{
		case X12_TAG3('I', 'S', 'A'):
		case X12_TAG2('G', 'S'):
		case X12_TAG2('S', 'T'):
			begin(reader);
			return true;
		case X12_TAG2('S', 'E'):
			if (reader->transaction.text == NULL)
				x12_fault(reader, "SE ends no transaction");
			else
				compare(reader, counted, segment->number - reader->first_of_transaction + 1, "segments", control, reader->transaction, "ST");
			reader->closes = &reader->transaction;
			return true;
		case X12_TAG2('G', 'E'):
			end_transaction(reader, "GE");
			if (reader->group.text == NULL)
				x12_fault(reader, "GE ends no group");
			else
				compare(reader, counted, reader->n_transactions, "transactions", control, reader->group, "GS");
			reader->closes = &reader->group;
			return true;
		case X12_TAG3('I', 'E', 'A'):
			end_group(reader, "IEA");
			compare(reader, counted, reader->n_groups, "groups", control, reader->interchange, "ISA");
			reader->closes = &reader->interchange;
			return true;
		case X12_TAG3('T', 'A', '1'):
			return true;
		default:
			return false;
	}
}

/*
 * src/core/x12/x12_service.c
 *
 * LX and the segment behind it: where SV1, SV2 and SV3 have what.
 */
#include "x12/x12_claim.h"

#include <string.h>

#include "line/stored_field.h"

void
x12_begin_line(X12Claims *claims, X12Reader *reader, Word number)
{
	x12_end_line(claims, reader);
	memset(&claims->line, 0, sizeof(claims->line));
	claims->line.has_loop = true;
	claims->line.number = number;
	claims->place.loop = X12_LINE;
}

X12Procedure
x12_procedure(X12Reader *reader, Word word)
{
	Word		parts[2 + X12_MODIFIERS];
	X12Procedure procedure;

	x12_composite(reader, word, parts, 2 + X12_MODIFIERS);
	procedure.qualifier = parts[0];
	procedure.code = parts[1];
	memcpy(procedure.modifiers, parts + 2, sizeof(procedure.modifiers));
	return procedure;
}

static void
set_pointers(X12ServiceLine *line, X12Reader *reader, Word word)
{
	line->n_pointers = word.length == 0 ? 0 : x12_components(reader, word, line->pointers, X12_POINTERS);
	if (line->n_pointers > X12_POINTERS)
	{
		x12_fault(reader, "service line has more than %d pointers to diagnoses", X12_POINTERS);
		line->n_pointers = X12_POINTERS;
	}
}

bool
x12_read_service(X12Claims *claims, X12Reader *reader, X12Kind kind)
{
	const X12Segment *segment = &reader->segment;
	X12ServiceLine *line = &claims->line;

	if (!line->has_loop || line->has_service)
	{
		x12_fault(reader, "service line begins without LX");
		x12_begin_line(claims, reader, X12_NOTHING);
	}
	if (!claims->claim.is_open)
		x12_fault(reader, "service line stands under no claim");
	line->has_service = true;
	line->kind = kind;
	line->segment = segment->number;
	claims->claim.n_lines++;
	claims->n_lines++;
	/* of SV2, the revenue code goes before; SV3 has places of teeth where SV1 has measures */
	if (kind == X12_INSTITUTIONAL)
	{
		line->revenue = stored_whole(x12_element(segment, 1));
		line->procedure = x12_procedure(reader, x12_element(segment, 2));
		line->charge = x12_element(segment, 3);
		line->measure = x12_element(segment, 4);
		line->quantity = x12_element(segment, 5);
		return true;
	}
	line->procedure = x12_procedure(reader, x12_element(segment, 1));
	line->charge = x12_element(segment, 2);
	if (kind == X12_PROFESSIONAL)
	{
		line->measure = x12_element(segment, 3);
		line->quantity = x12_element(segment, 4);
		line->place = x12_element(segment, 5);
		set_pointers(line, reader, x12_element(segment, 7));
		return true;
	}
	line->place = x12_element(segment, 3);
	line->quantity = x12_element(segment, 6);
	set_pointers(line, reader, x12_element(segment, 11));
	return true;
}

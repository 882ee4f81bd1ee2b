/*
 * src/core/line/line.c
 *
 * The stored line from its parts and back.
 */
#include "line/line.h"

#include <string.h>

void
line_parts_init(LineParts *parts)
{
	memset(parts, 0, sizeof(*parts));
	parts->units = 1000;
	parts->minutes = CLAIMLINE_NO_MINUTES;
	parts->dos = CLAIMLINE_NO_DOS;
	parts->start = CLAIMLINE_NO_START;
	parts->visit = CLAIMLINE_NO_VISIT;
	parts->thru = CLAIMLINE_NO_DOS;
	parts->assistant = CLAIMLINE_NO_ASSISTANT;
}

bool
parts_check_span(const LineParts *parts, size_t position, Fault *why)
{
	char		from[DATE_TEXT],
				thru[DATE_TEXT];

	if (parts->thru == CLAIMLINE_NO_DOS || parts->thru == parts->dos)
		return true;
	date_to_text(parts->thru, thru);
	if (parts->dos == CLAIMLINE_NO_DOS)
		return fault(why, FAULT_MISSING, position, "Last date of service is %s, and there is no first one", thru);
	date_to_text(parts->dos, from);
	if (parts->thru < parts->dos)
		return fault(why, FAULT_RANGE, position, "Last date of service is %s, must not be before the first one, %s",
					 thru, from);
	if (parts->thru - parts->dos > CLAIMLINE_MAX_SPAN)
		return fault(why, FAULT_RANGE, position, "Last date of service is %s, must be at most %d days behind the first one, %s",
					 thru, CLAIMLINE_MAX_SPAN, from);
	return true;
}

bool
parts_check_assistant(const LineParts *parts, size_t position, Fault *why)
{
	if (parts->assistant == CLAIMLINE_NO_ASSISTANT || parts->minutes == CLAIMLINE_NO_MINUTES ||
		parts->assistant <= parts->minutes)
		return true;
	return fault(why, FAULT_RANGE, position, "Minutes of an assistant are %d, must not be more than those of the line, %d",
				 (int) parts->assistant, (int) parts->minutes);
}

bool
parts_add_modifier(LineParts *parts, Word word, Fault *why)
{
	uint16_t	modifier;

	word = word_trim(word);
	if (word.length == 0)
		return true;
	if (!modifier_from_text(word, &modifier, why))
		return false;
	if (parts->n_modifiers == CLAIMLINE_MAX_MODIFIERS)
		return fault(why, FAULT_RANGE, word.position,
					 "Modifier \"%s\" is one too many, a line has at most %d",
					 WORD_SHOWN(word), CLAIMLINE_MAX_MODIFIERS);
	parts->modifiers[parts->n_modifiers++] = modifier;
	return true;
}

bool
parts_add_dx(LineParts *parts, Word word, Fault *why)
{
	uint64_t	dx;

	word = word_trim(word);
	if (word.length == 0)
		return true;
	if (!dx_from_text(word, &dx, why))
		return false;
	if (parts->n_dx == CLAIMLINE_MAX_DX)
		return fault(why, FAULT_RANGE, word.position,
					 "Diagnosis \"%s\" is one too many, a line has at most %d",
					 WORD_SHOWN(word), CLAIMLINE_MAX_DX);
	parts->dx[parts->n_dx++] = dx;
	return true;
}

bool
parts_add_region(LineParts *parts, Word word, Fault *why)
{
	uint16_t	region;

	word = word_trim(word);
	if (word.length == 0)
		return true;
	if (!region_from_text(word, &region, why))
		return false;
	parts->regions |= region;
	return true;
}

size_t
line_pack(const LineParts *parts, LineBuffer *buffer)
{
	Line	   *line = &buffer->line;
	uint8_t    *tail = line->tail;
	int			i,
				byte;

	uint16_t	span = parts->thru == CLAIMLINE_NO_DOS ? 0 : (uint16_t) (parts->thru - parts->dos);
	DxOf		dx_of = parts->n_dx > 0 ? parts->dx_of : DX_OF_LINE;

	memset(buffer, 0, sizeof(*buffer));
	line->version = span != 0 || parts->unread != 0 || dx_of != DX_OF_LINE || parts->reversal ||
		parts->assistant != CLAIMLINE_NO_ASSISTANT
		? CLAIMLINE_EXTENDED : CLAIMLINE_VERSION;
	line->counts = (uint8_t) (parts->n_modifiers | parts->n_dx << 4);
	line->flags = (uint16_t) (parts->regions | (unsigned) parts->referral << 10 |
							  (unsigned) parts->specialty_kind << 12);
	line->code = parts->code;
	line->units = parts->units;
	line->dos = parts->dos;
	line->start = (int16_t) parts->start;
	line->minutes = (int16_t) parts->minutes;
	line->visit = (int16_t) parts->visit;
	for (i = 0; i < parts->n_modifiers; i++)
	{
		*tail++ = (uint8_t) (parts->modifiers[i] >> 8);
		*tail++ = (uint8_t) parts->modifiers[i];
	}
	for (byte = specialty_size(parts->specialty_kind); byte-- > 0;)
		*tail++ = (uint8_t) (parts->specialty >> 8 * byte);
	for (i = 0; i < parts->n_dx; i++)
		for (byte = 5; byte-- > 0;)
			*tail++ = (uint8_t) (parts->dx[i] >> 8 * byte);
	if (line->version == CLAIMLINE_EXTENDED)
	{
		*tail++ = (uint8_t) (span >> 8);
		*tail++ = (uint8_t) span;
		*tail++ = (uint8_t) (parts->unread >> 8);
		*tail++ = (uint8_t) parts->unread;
		*tail++ = (uint8_t) dx_of;
		*tail++ = parts->reversal;
		*tail++ = (uint8_t) ((parts->assistant + 1) >> 8);
		*tail++ = (uint8_t) (parts->assistant + 1);
	}
	return (size_t) (tail - (uint8_t *) line);
}

static uint64_t
big_endian(const uint8_t *bytes, int n)
{
	uint64_t	value = 0;

	while (n-- > 0)
		value = value << 8 | *bytes++;
	return value;
}

uint64_t
line_specialty_value(const Line *line)
{
	return big_endian(line->tail + 2 * line_n_modifiers(line),
					  specialty_size(line_specialty_kind(line)));
}

uint64_t
line_dx_at(const Line *line, int i)
{
	return big_endian(line->tail + 2 * line_n_modifiers(line) +
					  specialty_size(line_specialty_kind(line)) + 5 * i, 5);
}

void
line_unpack(const Line *line, LineParts *parts)
{
	LineExtension extension = line_extension(line);
	int			i;

	line_parts_init(parts);
	parts->code = line->code;
	parts->units = line->units;
	parts->dos = line->dos;
	parts->start = line->start;
	parts->minutes = line->minutes;
	parts->visit = line->visit;
	if (extension.span != 0)
		parts->thru = line->dos + extension.span;
	parts->dx_of = (DxOf) extension.dx_of;
	parts->unread = extension.unread;
	parts->reversal = extension.reversal;
	parts->assistant = extension.assistant - 1;
	parts->regions = line_stated_regions(line);
	parts->referral = line_stated_referral(line);
	parts->specialty_kind = line_specialty_kind(line);
	parts->specialty = line_specialty_value(line);
	parts->n_modifiers = line_n_modifiers(line);
	for (i = 0; i < parts->n_modifiers; i++)
		parts->modifiers[i] = line_modifier_at(line, i);
	parts->n_dx = line_n_dx(line);
	for (i = 0; i < parts->n_dx; i++)
		parts->dx[i] = line_dx_at(line, i);
}

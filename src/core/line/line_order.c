/*
 * src/core/line/line_order.c
 *
 * The order of claim lines: one canonical key, which comparison and hash share.
 */
#include "line/line.h"

#include <string.h>

static uint8_t *
put(uint8_t *to, uint64_t value, int bytes)
{
	while (bytes-- > 0)
		*to++ = (uint8_t) (value >> 8 * bytes);
	return to;
}

/* Days so that an earlier date has the smaller number and none the largest. */
static uint32_t
ordered_dos(const Line *line)
{
	return (uint32_t) line->dos ^ 0x80000000u;
}

size_t
line_key(const Line *line, uint8_t key[LINE_KEY])
{
	uint8_t    *to = key;
	int			i;

	to = put(to, ordered_dos(line), 4);
	to = put(to, line->code, 4);
	for (i = 0; i < line_n_modifiers(line); i++)
		to = put(to, line_modifier_at(line, i) + 1u, 2);
	to = put(to, 0, 2);
	to = put(to, line->units, 4);
	to = put(to, (uint64_t) (line->minutes + 1), 2);
	to = put(to, (uint64_t) (line->start + 1), 2);
	for (i = 0; i < line_n_dx(line); i++)
		to = put(to, line_dx_at(line, i), 5);
	to = put(to, 0, 5);
	to = put(to, line->flags, 2);
	to = put(to, line_specialty_value(line), specialty_size(line_specialty_kind(line)));
	to = put(to, (uint64_t) line->visit, 2);
	if (line->version == CLAIMLINE_EXTENDED)
	{
		LineExtension extension = line_extension(line);

		to = put(to, extension.span, 2);
		to = put(to, extension.unread, 2);
		to = put(to, extension.dx_of, 1);
		to = put(to, extension.assistant, 2);
		/* so that a reversal comes directly behind the same line that is none */
		if (extension.reversal)
			to = put(to, 1, 1);
	}
	return (size_t) (to - key);
}

int
line_compare(const Line *a, const Line *b)
{
	uint8_t		key_a[LINE_KEY];
	uint8_t		key_b[LINE_KEY];
	size_t		length_a,
				length_b;
	int			order;

	/* most comparisons end with the first two fields of the key */
	if (a->dos != b->dos)
		return a->dos < b->dos ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	length_a = line_key(a, key_a);
	length_b = line_key(b, key_b);
	order = memcmp(key_a, key_b, length_a < length_b ? length_a : length_b);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return (length_a > length_b) - (length_a < length_b);
}

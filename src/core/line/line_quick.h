/*
 * src/core/line/line_quick.h
 *
 * A line packed straight from values that are written as they should be, as
 * nearly all are.  Each step is false for what is not: then the line is read
 * anew by the readers that know every form and say what is wrong.
 */
#ifndef CLAIMLINE_LINE_QUICK_H
#define CLAIMLINE_LINE_QUICK_H

#include "line/line.h"

typedef struct QuickLine
{
	LineBuffer	buffer;
	uint8_t    *tail;
	int			n_modifiers;
	int			n_dx;
} QuickLine;

/* Nothing but the defaults.  Steps that write the tail come in its order: modifiers, specialty, diagnoses. */
static inline void
quick_start(QuickLine *quick)
{
	Line	   *line = &quick->buffer.line;

	line->version = CLAIMLINE_VERSION;
	line->flags = 0;
	line->units = 1000;
	line->dos = CLAIMLINE_NO_DOS;
	line->start = CLAIMLINE_NO_START;
	line->minutes = CLAIMLINE_NO_MINUTES;
	line->visit = CLAIMLINE_NO_VISIT;
	quick->tail = line->tail;
	quick->n_modifiers = quick->n_dx = 0;
}

/* Returns the size. */
static inline size_t
quick_end(QuickLine *quick)
{
	quick->buffer.line.counts = (uint8_t) (quick->n_modifiers | quick->n_dx << 4);
	return (size_t) (quick->tail - (uint8_t *) &quick->buffer.line);
}

static inline bool
quick_code(QuickLine *quick, Word word)
{
	uint32_t	code = 0;
	int			i;

	if (word.length != CLAIMLINE_CODE_LENGTH)
		return false;
	for (i = 0; i < CLAIMLINE_CODE_LENGTH; i++)
	{
		int			digit = base36(word.text[i]);

		if (digit < 0)
			return false;
		code = code * 36 + (uint32_t) digit;
	}
	quick->buffer.line.code = code;
	return true;
}

static inline bool
quick_modifier(QuickLine *quick, Word word)
{
	int			modifier;

	if (word.length != 2 || base36(word.text[0]) < 0 || base36(word.text[1]) < 0 ||
		quick->n_modifiers == CLAIMLINE_MAX_MODIFIERS)
		return false;
	modifier = base36(word.text[0]) * 36 + base36(word.text[1]);
	*quick->tail++ = (uint8_t) (modifier >> 8);
	*quick->tail++ = (uint8_t) modifier;
	quick->n_modifiers++;
	return true;
}

static inline bool
quick_units(QuickLine *quick, int32_t units)
{
	if (units < 0 || units > CLAIMLINE_MAX_UNITS / 1000)
		return false;
	quick->buffer.line.units = (uint32_t) units * 1000;
	return true;
}

static inline bool
quick_minutes(QuickLine *quick, int32_t minutes)
{
	quick->buffer.line.minutes = (int16_t) minutes;
	return minutes >= 0 && minutes <= CLAIMLINE_MAX_MINUTES;
}

static inline bool
quick_dos(QuickLine *quick, int32_t dos)
{
	quick->buffer.line.dos = dos;
	return dos >= CLAIMLINE_MIN_DOS && dos <= CLAIMLINE_MAX_DOS;
}

static inline bool
quick_specialty(QuickLine *quick, Word word)
{
	SpecialtyKind kind;
	uint64_t	specialty;
	Fault		why;
	int			byte;

	if (!specialty_from_text(word, &kind, &specialty, &why))
		return false;
	quick->buffer.line.flags |= (uint16_t) ((unsigned) kind << 12);
	for (byte = specialty_size(kind); byte-- > 0;)
		*quick->tail++ = (uint8_t) (specialty >> 8 * byte);
	return true;
}

static inline bool
quick_dx(QuickLine *quick, Word word)
{
	uint64_t	dx;
	Fault		why;

	if (quick->n_dx == CLAIMLINE_MAX_DX || !dx_from_text(word, &dx, &why))
		return false;
	quick->tail[0] = (uint8_t) (dx >> 32);
	quick->tail[1] = (uint8_t) (dx >> 24);
	quick->tail[2] = (uint8_t) (dx >> 16);
	quick->tail[3] = (uint8_t) (dx >> 8);
	quick->tail[4] = (uint8_t) dx;
	quick->tail += 5;
	quick->n_dx++;
	return true;
}

#endif							/* CLAIMLINE_LINE_QUICK_H */

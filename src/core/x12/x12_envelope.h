/*
 * src/core/x12/x12_envelope.h
 *
 * What x12.c needs of its neighbours.
 */
#ifndef CLAIMLINE_X12_ENVELOPE_H
#define CLAIMLINE_X12_ENVELOPE_H

#include "x12/x12.h"

/* Does an interchange begin here?  Sets its separators. */
extern bool x12_separators(X12Reader *reader, const char *at);

/* Take note of a header or trailer, and compare what it counts; false for other segments. */
extern bool x12_envelope(X12Reader *reader);

/* The text ends: what is still open? */
extern void x12_end(X12Reader *reader);

static inline bool
x12_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Can it stand between elements, components or segments? */
static inline bool
x12_is_separator(char c)
{
	return (unsigned char) (c - 1) < 0x7E && c != '\x1A' && !is_blank(c) && !is_digit(c) && !is_letter(c);
}

#endif							/* CLAIMLINE_X12_ENVELOPE_H */

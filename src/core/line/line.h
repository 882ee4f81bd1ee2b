/*
 * src/core/line/line.h
 *
 * The claim line taken apart, put together, read and written.
 */
#ifndef CLAIMLINE_LINE_H
#define CLAIMLINE_LINE_H

#include "line/field.h"

/* A line with every field in a variable of its own. */
typedef struct LineParts
{
	uint32_t	code;
	int			n_modifiers;
	uint16_t	modifiers[CLAIMLINE_MAX_MODIFIERS];
	uint32_t	units;
	int32_t		minutes;
	int32_t		dos;
	int32_t		start;
	int			n_dx;
	uint64_t	dx[CLAIMLINE_MAX_DX];
	uint16_t	regions;
	SpecialtyKind specialty_kind;
	uint64_t	specialty;
	Referral	referral;
	int32_t		visit;
	int32_t		thru;			/* last date of service; CLAIMLINE_NO_DOS, or dos, where there is one date */
	DxOf		dx_of;
	uint16_t	unread;			/* UNREAD_... */
	bool		reversal;
	int32_t		assistant;
} LineParts;

/* Nothing but the defaults: one unit. */
extern void line_parts_init(LineParts *parts);

/* Append; a blank word is skipped; too many is a fault. */
extern bool parts_add_modifier(LineParts *parts, Word word, Fault *why);
extern bool parts_add_dx(LineParts *parts, Word word, Fault *why);
extern bool parts_add_region(LineParts *parts, Word word, Fault *why);

/* Do the dates of service fit together?  Call it once both are there. */
extern bool parts_check_span(const LineParts *parts, size_t position, Fault *why);

/* Has the assistant no more minutes than the line?  Call it once both are there. */
extern bool parts_check_assistant(const LineParts *parts, size_t position, Fault *why);

/* Put together; returns the size in bytes. */
extern size_t line_pack(const LineParts *parts, LineBuffer *buffer);
extern void line_unpack(const Line *line, LineParts *parts);
extern uint64_t line_dx_at(const Line *line, int i);
extern uint64_t line_specialty_value(const Line *line);

/*
 * Read the text form of one line.  `origin` is the position of the first
 * character in the whole input (1 for a line on its own).
 */
extern bool line_from_text(const char *text, size_t length, size_t origin,
						   LineParts *parts, Fault *why);

/* Write the text form; returns the length without the end.  Never truncated. */
#define LINE_TEXT		512
extern size_t line_to_text(const Line *line, char text[LINE_TEXT]);

/*
 * The canonical key: equal lines have equal keys, and memcmp of two keys is
 * the order of the lines (DOS, code, modifiers, then the rest; a missing DOS
 * comes last).  Comparison and hash both read it.
 */
#define LINE_KEY		128
extern size_t line_key(const Line *line, uint8_t key[LINE_KEY]);
extern int	line_compare(const Line *a, const Line *b);

#endif							/* CLAIMLINE_LINE_H */

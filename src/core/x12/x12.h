/*
 * src/core/x12/x12.h
 *
 * X12 as segments: interchanges, groups and transactions of a text one after
 * the other, with what is wrong about them.  Nothing here knows what a claim is.
 *
 * Segments and elements point into the text, which must stay where it is; a
 * segment with line ends in it is copied to the arena.  No other memory is
 * taken, however long the text is, so that a file can be mapped and read.
 */
#ifndef CLAIMLINE_X12_H
#define CLAIMLINE_X12_H

#include <stdarg.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/word.h"

#define X12_ELEMENTS	64
#define X12_FAULT		512
#define X12_ISA_REACH	4096	/* from ISA to GS: 106 characters, were it not for those who pad more */

/* Tags as numbers, to be told apart by a switch. */
#define X12_TAG2(a, b)		((uint32_t) (a) | (uint32_t) (b) << 8)
#define X12_TAG3(a, b, c)	(X12_TAG2(a, b) | (uint32_t) (c) << 16)

/* What is not there, as a word that can be shown. */
#define X12_NOTHING			((Word) {"", 0, 0})

typedef struct X12Segment
{
	int			number;			/* in the text, from 1; 0 for what is no segment */
	uint32_t	tag;			/* 0 for what is no segment */
	Word		text;			/* without the terminator and the blanks and line ends around it */
	int			n;				/* elements, the tag among them */
	Word		elements[X12_ELEMENTS]; /* the tag is the first */
} X12Segment;

typedef struct X12Reader
{
	const char *at;
	const char *end;
	Arena	   *arena;

	/* of the interchange; '\0' where there is none */
	char		element;
	char		repetition;
	char		component;
	char		terminator;		/* '\n': whatever ends a line */
	const char *stop;			/* the next terminator, or the end; NULL: not looked for */

	/* the segment that was read last, and where it stands */
	X12Segment	segment;
	bool		is_envelope;	/* ISA, GS, ST, SE, GE, IEA and TA1 */
	Word		interchange;	/* control numbers; text NULL outside */
	Word		group;
	Word		transaction;
	Word		set;			/* 837, 835, ... */
	Word	   *closes;			/* what the segment is the trailer of: it ends behind it */

	/* counted for the trailers */
	int			n_segments;
	int			n_groups;
	int			n_transactions;
	int			first_of_transaction;	/* number of its ST */
	int			interchanges;

	int			n_faults;		/* in all */
	char		fault[X12_FAULT];	/* of this segment, "" for none */
	char		first_fault[X12_FAULT];
} X12Reader;

extern void x12_begin(X12Reader *reader, const char *text, size_t length, Arena *arena);

/*
 * The next segment; or, with number and tag 0, text that is none: before the
 * first interchange or behind one.  False at the end, where `fault` says what
 * the text lacks.
 */
extern bool x12_next(X12Reader *reader);

/* Is the segment one between ST and SE? */
static inline bool
x12_is_transaction(const X12Reader *reader)
{
	return !reader->is_envelope && reader->transaction.text != NULL;
}

/* Say what is wrong about the segment, or about what it ends. */
extern void x12_fault(X12Reader *reader, const char *format,...) CLAIMLINE_PRINTF(2, 3);

/* Behind what is said already, of X12_FAULT bytes at most: what is too much is left out. */
extern void x12_say(char said[X12_FAULT], const char *between, const char *format, va_list args) CLAIMLINE_PRINTF(3, 0);

/* The i-th element, without the blanks around it; of length 0 where there is none. */
static inline Word
x12_element(const X12Segment *segment, int i)
{
	return i < segment->n ? word_trim(segment->elements[i]) : X12_NOTHING;
}

/*
 * The components of a composite that begins with a qualifier of one to three
 * letters and digits: what stands behind that is the separator, whatever ISA
 * says.  Returns how many there are, of which at most `room` are stored; the
 * rest are of length 0.
 */
extern int	x12_composite(X12Reader *reader, Word word, Word *parts, int room);

/* The components of a composite that begins with anything. */
extern int	x12_components(const X12Reader *reader, Word word, Word *parts, int room);

/* The next of the repetitions of an element, taken off. */
extern bool x12_repetition(const X12Reader *reader, Word *rest, Word *next);

/* Is it the same text, letter case told apart? */
extern bool x12_is(Word word, const char *text);

/* First and last day, and the minute where the first has a time (else -1), of D8, DT, RD8 and RDT. */
extern bool x12_dates(Word word, int32_t *first, int32_t *last, int32_t *minute);

#endif							/* CLAIMLINE_X12_H */

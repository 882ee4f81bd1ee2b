/*
 * src/core/ruleset/rationales.h
 *
 * The rationales of pairs: a few texts, by number in the rows.
 */
#ifndef CLAIMLINE_RATIONALES_H
#define CLAIMLINE_RATIONALES_H

#include "ruleset/pairs.h"

extern uint64_t rationale_hash(const char *text);

/* For qsort of const char *. */
extern int	compare_rationales(const void *x, const void *y);

/* The number of a text in a sorted list, from 1; one more than there are if it is not in it. */
extern uint8_t rationale_number(const char *text, const char *const *sorted, uint32_t n);

/* The numbers that two sets have for the rationales of both together. */
typedef struct SharedRationales
{
	const char *rationales[MAX_RATIONALES];
	uint32_t	n;
	uint8_t		of_base[MAX_RATIONALES + 1];
	uint8_t		of_over[MAX_RATIONALES + 1];
	uint64_t	hashes[MAX_RATIONALES + 1];
	bool		same_as_base;	/* does the base number them so? */
} SharedRationales;

/*
 * `over` may be NULL.  Where both have more than MAX_RATIONALES, the last new
 * ones of the overlay are told no more: its rows have number 0.
 */
extern void share_rationales(SharedRationales *shared, const PairSet *base, const PairSet *over);

/* A row, and rows in place, with the numbers that others have for the same texts. */
static inline PairRow
pair_renumbered(PairRow row, const uint8_t numbers[MAX_RATIONALES + 1])
{
	row.packed = (row.packed & ~(uint32_t) 15) | numbers[pair_rationale(&row)];
	return row;
}

extern void renumber_rows(PairRow *rows, uint32_t n, const uint8_t numbers[MAX_RATIONALES + 1]);

#endif							/* CLAIMLINE_RATIONALES_H */

/*
 * src/core/ruleset/pairs.h
 *
 * NCCI procedure-to-procedure pairs by the million: a row in eight bytes, and
 * a sorted set of them that is read where it lies.
 */
#ifndef CLAIMLINE_PAIRS_H
#define CLAIMLINE_PAIRS_H

#include "base/arena.h"
#include "line/field.h"

/* Dates of pairs are counted from 1980-01-01, day 1; NCCI began in 1996. */
#define PAIR_EPOCH			(-7305 - 1)
#define PAIR_DAY_BEGIN		0
#define PAIR_DAY_LAST		(UINT16_MAX - 1)
#define PAIR_DAY_END		UINT16_MAX

#define PAIR_NEVER			2	/* packed for indicator 9: never in force */
#define PAIR_GONE			3	/* of an overlay: the pair has no row any more */

#define MAX_RATIONALES		15

/* A row of a pair, but for its column one code. */
typedef struct PairRow
{
	uint32_t	packed;			/* column two << 6 | indicator << 4 | rationale */
	uint16_t	from;			/* days; included */
	uint16_t	to;				/* included */
} PairRow;

static inline uint32_t
pair_column_2(const PairRow *row)
{
	return row->packed >> 6;
}

/* 0, 1, PAIR_NEVER or PAIR_GONE */
static inline uint32_t
pair_mark(const PairRow *row)
{
	return row->packed >> 4 & 3;
}

/* As CMS writes it: 0, 1 or 9 */
static inline int
pair_indicator(const PairRow *row)
{
	return pair_mark(row) < PAIR_NEVER ? (int) pair_mark(row) : 9;
}

/* Number of the rationale, from 1; 0 for none */
static inline uint32_t
pair_rationale(const PairRow *row)
{
	return row->packed & 15;
}

static inline uint32_t
pair_packed(uint32_t column_2, uint32_t mark, uint32_t rationale)
{
	return column_2 << 6 | mark << 4 | rationale;
}

static inline int32_t
pair_from(const PairRow *row)
{
	return row->from == PAIR_DAY_BEGIN ? DATE_BEGIN : row->from + PAIR_EPOCH;
}

static inline int32_t
pair_to(const PairRow *row)
{
	return row->to == PAIR_DAY_END ? DATE_END : row->to + PAIR_EPOCH;
}

/* The day of a date, to compare with from and to. */
static inline uint16_t
pair_day(int32_t date)
{
	return date <= PAIR_EPOCH ? PAIR_DAY_BEGIN
		: date > PAIR_EPOCH + PAIR_DAY_LAST ? PAIR_DAY_END : (uint16_t) (date - PAIR_EPOCH);
}

/* A date that a row can hold, for its from or to; DATE_BEGIN and DATE_END are. */
extern bool pair_date_fits(int32_t date, Fault *why);

/* A code of a set, and where its rows as column one end. */
typedef struct PairCode
{
	uint32_t	code;
	uint32_t	end;
} PairCode;

/* A sum over the rows: equal sets have equal sums, whatever the order of summing. */
typedef struct PairSum
{
	uint64_t	low;
	uint64_t	high;
} PairSum;

/*
 * A set: every code that a row names, sorted; rows by column one, column two,
 * from, to, mark.  Row 0 of a code starts where the code before it ends.
 */
typedef struct PairSet
{
	const PairCode *codes;
	uint32_t	n_codes;
	const PairRow *rows;		/* NULL where they are read piece by piece: */
	void		(*read) (void *source, uint32_t first, uint32_t n, PairRow *to);
	void	   *source;
	uint32_t	n_rows;
	const char *const *rationales;	/* in order; number 1 is the first */
	uint32_t	n_rationales;
	uint64_t	rationale_hashes[MAX_RATIONALES + 1];	/* by number */
	PairSum		sum;
} PairSet;

/* Add one more row, said in two numbers. */
extern void pair_sum_add(PairSum *sum, uint64_t what, uint64_t when);

/* Add a row to the sum, or take it away (sign -1); the hash of its rationale is among those given. */
extern void pair_sum_row(PairSum *sum, int sign, uint32_t column_1, const PairRow *row,
						 const uint64_t rationale_hashes[MAX_RATIONALES + 1]);

/* Give a set its rationales. */
extern void pair_set_rationales(PairSet *set, const char *const *rationales, uint32_t n);

/* A row on its way into a set. */
typedef struct SourcePair
{
	uint32_t	column_1;
	uint32_t	line;			/* where it stood in its source */
	PairRow		row;
} SourcePair;

/* Why two neighbours of sorted rows cannot both stand; NULL if they can. */
extern const char *pair_clash(const SourcePair *before, const SourcePair *after);

/*
 * Sort the rationales, which renumbers the rows, and the rows; exact repeats of
 * rows that are never in force go.  Returns how many are left.
 */
extern uint32_t source_pairs_sort(SourcePair *pairs, uint32_t n, const char **rationales, uint32_t n_rationales);

/* The set of rows so sorted that do not clash; its arrays are in the arena. */
extern void pair_set_build(PairSet *set, Arena *arena, const SourcePair *pairs, uint32_t n,
						   const char *const *rationales, uint32_t n_rationales);

/* Rows of the i-th code: the first, and how many. */
static inline const PairRow *
pair_set_rows(const PairSet *set, uint32_t i, uint32_t *n)
{
	uint32_t	start = i == 0 ? 0 : set->codes[i - 1].end;

	*n = set->codes[i].end - start;
	return set->rows + start;
}

/* The end, exclusive, of the rows from `i` on with the column two of row i. */
extern uint32_t pair_history_end(const PairRow *rows, uint32_t i, uint32_t n);

/* Forget the rationales that no row has; `rows` are those of the set. */
extern void pair_set_drop_unused(PairSet *set, Arena *arena, PairRow *rows);

/* How many different pairs. */
extern uint32_t pair_set_count(const PairSet *set);

#endif							/* CLAIMLINE_PAIRS_H */

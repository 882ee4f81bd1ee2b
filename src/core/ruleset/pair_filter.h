/*
 * src/core/ruleset/pair_filter.h
 *
 * Which pairs of codes a ruleset may have rows of: most searches for the pairs
 * of a day end here.
 */
#ifndef CLAIMLINE_PAIR_FILTER_H
#define CLAIMLINE_PAIR_FILTER_H

#include "ruleset/ruleset.h"

/* A bit for each pair of codes that has a row, either being column one; some for others. */
typedef struct PairFilter
{
	uint32_t	n_bits;			/* a power of two */
	uint64_t	bits[];
} PairFilter;

static inline uint32_t
pair_hash(uint32_t smaller, uint32_t larger)
{
	uint32_t	hash = (smaller * UINT32_C(2654435769) ^ larger) * UINT32_C(2246822519);

	return hash ^ hash >> 15;
}

static inline bool
pair_filter_has(const PairFilter *filter, uint32_t hash)
{
	uint32_t	bit = hash & (filter->n_bits - 1);

	return filter->bits[bit / 64] >> bit % 64 & 1;
}

/* The bytes of a ruleset's filter; fill one of as many zeroed bytes. */
extern size_t pair_filter_size(const Ruleset *rules);
extern void pair_filter_fill(const Ruleset *rules, PairFilter *filter);

#endif							/* CLAIMLINE_PAIR_FILTER_H */

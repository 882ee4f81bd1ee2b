/*
 * src/core/ruleset/pair_overlay.h
 *
 * A set of pairs over another: what it replaces, what makes one out of the other.
 */
#ifndef CLAIMLINE_PAIR_OVERLAY_H
#define CLAIMLINE_PAIR_OVERLAY_H

#include "ruleset/rationales.h"

/*
 * The rows of one code in a base under an overlay, numbered as both do: the
 * overlay's rows of a pair replace the base's.  Writes to `to`, which has room
 * for both; returns how many.  `sum` follows what goes and comes.  keep_gone
 * keeps rows PAIR_GONE.
 */
extern uint32_t pair_rows_overlay(uint32_t code, const SharedRationales *shared,
								  const PairSet *base, const PairRow *base_rows, uint32_t n_base,
								  const PairRow *over_rows, uint32_t n_over, PairRow *to,
								  PairSum *sum, bool keep_gone);

/* base under over, in the arena. */
extern void pair_set_overlay(PairSet *set, Arena *arena, const PairSet *base, const PairSet *over,
							 bool keep_gone);

/* The overlay that makes `to` out of `from`: all rows of each pair that differs. */
extern void pair_set_delta(PairSet *set, Arena *arena, const PairSet *from, const PairSet *to);

/*
 * Rows in force of the pairs in `from` that `to` does not have at all, as
 * overlay over `to`: they end on `last` at the latest.  Returns how many of
 * these pairs were in force on that day.
 */
extern uint32_t pair_set_vanished(PairSet *set, Arena *arena, const PairSet *from, const PairSet *to,
								  int32_t last);

#endif							/* CLAIMLINE_PAIR_OVERLAY_H */

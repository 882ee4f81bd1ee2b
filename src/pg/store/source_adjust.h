/*
 * src/pg/store/source_adjust.h
 *
 * Claims that do not count any more, or never did: voids, what they void, what
 * is replaced, denied, reversed or cancelled.
 */
#ifndef CLAIMLINE_SOURCE_ADJUST_H
#define CLAIMLINE_SOURCE_ADJUST_H

#include "pg/store/source_map.h"

/* A mapping as source_map_of takes it, with what it leaves out of adjusted claims. */
extern SourceMap *source_of(Oid relation, Jsonb *mapping);

/* Do other rows say of a row of the mapping that its claim does not count? */
extern bool has_adjustments(const SourceMap *map);

/*
 * A SELECT of what rows void or replace: claim, patient and rank.  A row of that
 * claim, of that patient where one is mapped, that has that rank, does not
 * count.  `from` as in source_select.
 */
extern char *taken_out_select(const SourceMap *map, const char *from);

/* What a row is found by there: more to select, as claim and rank. */
extern char *taken_out_columns(const SourceMap *map);

/* Is l, with these columns, one of those that k of that SELECT takes out?  SQL. */
extern char *taken_out_condition(const SourceMap *map);

#endif							/* CLAIMLINE_SOURCE_ADJUST_H */

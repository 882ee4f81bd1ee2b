/*
 * src/pg/store/source_first.h
 *
 * A field of several columns, of which in each row the first that is filled
 * counts.
 */
#ifndef CLAIMLINE_SOURCE_FIRST_H
#define CLAIMLINE_SOURCE_FIRST_H

#include "pg/store/source_map.h"

/*
 * SQL of the value of the first of map->columns that is filled, null where none
 * is; it has map->kind.  `kinds`: char *, the kind of each column by its name.
 *
 * Filled is what is not null, not blank, no word that programs write for a null,
 * and none of map->missing.  What is filled and cannot be read is a value: no
 * other column stands in for it.
 */
extern char *first_filled_sql(SourceField field, const FieldMap *map, List *kinds);

#endif							/* CLAIMLINE_SOURCE_FIRST_H */

/*
 * src/pg/store/day_index.h
 *
 * The index by which the provider-days of a table are found.
 */
#ifndef CLAIMLINE_DAY_INDEX_H
#define CLAIMLINE_DAY_INDEX_H

#include "pg/store/row_reader.h"

/* An expression, whatever name the type of its value has. */
extern Node *without_relabels(Node *node);

/* Does the equality of an operator family over a type tell the same values of a part of the key apart as grouping does? */
extern bool compares_alike(const KeyPart *key, Oid family, Oid type, int16 equality, Oid collation);

/*
 * Find the index of a table that holds most of the key, a patient or two parts at
 * least, for a reader of the SELECT; false where there is none.
 */
extern bool day_index_find(RowReader *reader, const Query *query, Relation table);

#endif							/* CLAIMLINE_DAY_INDEX_H */

/*
 * src/pg/edits_columns.h
 *
 * Calls of claim_edits() that make only the columns that are read.
 */
#ifndef CLAIMLINE_EDITS_COLUMNS_H
#define CLAIMLINE_EDITS_COLUMNS_H

#include "nodes/supportnodes.h"

/*
 * A call of claimline_internal.claim_edits_columns() for one of claim_edits()
 * of a day by a ruleset; NULL where the query reads all columns or where what it reads
 * cannot be told.
 */
extern Node *claim_edits_of_columns(const SupportRequestSimplify *request);

#endif							/* CLAIMLINE_EDITS_COLUMNS_H */

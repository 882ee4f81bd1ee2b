/*
 * src/pg/ncci_type.h
 *
 * Datums of type ncci_rows.
 */
#ifndef CLAIMLINE_NCCI_TYPE_H
#define CLAIMLINE_NCCI_TYPE_H

#include "ncci/ncci_rows.h"
#include "pg/compat.h"

extern const NcciRows *ncci_rows_of_datum(Datum datum);

/* Rows, or NULL, as a datum. */
extern NcciRows *ncci_rows_datum(NcciRows *rows);

/* Ensure that rows are pairs, or limits. */
extern void check_ncci_kind(const NcciRows *rows, NcciKind kind);

/* Ensure that the rows were packed by this version of the extension. */
extern void check_ncci_rows(const NcciRows *rows);

#endif							/* CLAIMLINE_NCCI_TYPE_H */

/*
 * src/pg/store/day_scan.h
 *
 * The provider-days of a table by an index.
 */
#ifndef CLAIMLINE_DAY_SCAN_H
#define CLAIMLINE_DAY_SCAN_H

#include "pg/store/row_reader.h"
#include "utils/snapmgr.h"

/*
 * Find the index of the table that holds most of the key, a patient or two parts at
 * least, for a reader of the SELECT; false where there is none.
 */
extern bool day_index_find(RowReader *reader, const Query *query, Relation table);

typedef struct DayScan
{
	RowReader  *reader;
	Relation	table;
	Relation	index;
	struct IndexScanDescData *scan;
	TupleTableSlot *slot;
	SnapshotData snapshot;
	TransactionId *others;		/* transactions not yet ended that wrote rows of the day read last, or take them away */
	int			n_others;
	int			room;
} DayScan;

extern void day_scan_begin(DayScan *scan, RowReader *reader, Relation table);
extern void day_scan_end(DayScan *scan);

/*
 * Read a day: what is committed, and what the transaction itself wrote.  Its lines
 * are valid until the next is read; `day` may be NULL: only who writes it is asked for.
 */
extern void day_scan_read(DayScan *scan, const Key *key, Day *day);

#endif							/* CLAIMLINE_DAY_SCAN_H */

/*
 * src/pg/store/day_scan.h
 *
 * The provider-days of a source by the indexes of its tables.
 */
#ifndef CLAIMLINE_DAY_SCAN_H
#define CLAIMLINE_DAY_SCAN_H

#include "pg/store/day_tables.h"
#include "utils/snapmgr.h"

/* One of the tables, opened. */
typedef struct TableScan
{
	DayTable   *entry;
	Relation	table;
	Relation	index;			/* from here on of one that has rows */
	struct IndexScanDescData *scan;
	TupleTableSlot *slot;
} TableScan;

typedef struct DayScan
{
	DayTables  *days;
	Relation	written;		/* what the statement named, which is open */
	uint64		number;			/* no two scans have one */
	MemoryContext context;
	List	   *opened;			/* TableScan *: of the tables */
	List	   *of_day;			/* those of them that may have the day that is read */
	bool		is_stale;		/* the tables are not what they were: nothing that was read counts */
	SnapshotData dirty;
	int			lines_room;		/* in the day that is read */
	TransactionId *others;		/* transactions not yet ended that wrote rows of the day read last, or take them away */
	int			n_others;
	int			others_room;
} DayScan;

/* In the current memory context, for a statement that named a table. */
extern void day_scan_begin(DayScan *scan, DayTables *days, Relation written);
extern void day_scan_end(DayScan *scan);

/*
 * Read a day: what is committed, and what the transaction itself wrote.  Its lines
 * are valid until the next is read; `day` may be NULL: only who writes it is asked for.
 */
extern void day_scan_read(DayScan *scan, const Key *key, Day *day);

#endif							/* CLAIMLINE_DAY_SCAN_H */

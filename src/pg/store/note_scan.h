/*
 * src/pg/store/note_scan.h
 *
 * Which provider-days a guard has notes of, without queries.
 */
#ifndef CLAIMLINE_NOTE_SCAN_H
#define CLAIMLINE_NOTE_SCAN_H

#include "pg/store/guard_days.h"
#include "utils/snapshot.h"

typedef struct NoteScan
{
	const Guard *guard;
	Relation	notes;
	Oid			index;			/* InvalidOid: none that tells days apart */
	Snapshot	snapshot;
	bool		any;			/* has the source notes at all?  Most often it has none */
} NoteScan;

extern void note_scan_begin(NoteScan *scan, const Guard *guard);
extern void note_scan_end(NoteScan *scan);

/* Has a day notes?  Maybe, where its key is not plain or there is no index. */
extern bool note_scan_has(NoteScan *scan, const Key *key);

/* Has one of n days notes? */
extern bool any_day_noted(const Guard *guard, const Key *keys, int n);

#endif							/* CLAIMLINE_NOTE_SCAN_H */

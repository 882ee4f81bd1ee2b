/*
 * src/pg/store/note_scan.c
 *
 * Which provider-days a guard has notes of: the index of the table of notes is
 * asked, as every statement would else pay for a query that finds none.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/store/guard_key.h"
#include "pg/store/note_scan.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* What an index of the notes has. */
#define N_NOTE_KEYS		2

static const char *const note_keys[N_NOTE_KEYS] = {"source", "day_key"};
static const Oid note_types[N_NOTE_KEYS] = {TEXTOID, UUIDOID};

/* The column of a key; 0 where it is not what it was made as. */
static AttrNumber
note_column(Relation notes, int key)
{
	AttrNumber	column = get_attnum(RelationGetRelid(notes), note_keys[key]);

	return column > 0 && TupleDescAttr(RelationGetDescr(notes), column - 1)->atttypid == note_types[key] ? column : 0;
}

/* Is there a note with the first n of the keys? */
static bool
find_note(NoteScan *scan, const Datum *values, int n)
{
	ScanKeyData conditions[N_NOTE_KEYS];
	SysScanDesc found;
	bool		any;
	int			i;

	for (i = 0; i < n; i++)
	{
		AttrNumber	column = note_column(scan->notes, i);

		if (column == 0)
			return true;
		ScanKeyEntryInitialize(&conditions[i], 0, column, BTEqualStrategyNumber, InvalidOid, DEFAULT_COLLATION_OID,
							   note_types[i] == UUIDOID ? F_UUID_EQ : F_TEXTEQ, values[i]);
	}
	found = systable_beginscan(scan->notes, scan->index, true, scan->snapshot, n, conditions);
	any = HeapTupleIsValid(systable_getnext(found));
	systable_endscan(found);
	return any;
}

void
note_scan_begin(NoteScan *scan, const Guard *guard)
{
	Datum		source = CStringGetTextDatum(guard->source);

	scan->guard = guard;
	scan->notes = table_open(internal_relation("claim_guard_note"), AccessShareLock);
	scan->index = get_relname_relid("claim_guard_note_day", RelationGetNamespace(scan->notes));
	scan->snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan->any = !OidIsValid(scan->index) || find_note(scan, &source, 1);
}

void
note_scan_end(NoteScan *scan)
{
	UnregisterSnapshot(scan->snapshot);
	table_close(scan->notes, NoLock);
}

bool
note_scan_has(NoteScan *scan, const Key *key)
{
	Datum		values[N_NOTE_KEYS];

	if (!scan->any)
		return false;
	if (!OidIsValid(scan->index) || !key_is_plain(scan->guard, key))
		return true;
	values[0] = CStringGetTextDatum(scan->guard->source);
	values[1] = scan_key_plain(scan->guard, key);
	return find_note(scan, values, N_NOTE_KEYS);
}

bool
any_day_noted(const Guard *guard, const Key *keys, int n)
{
	MemoryContext per_day;
	MemoryContext old;
	NoteScan	scan;
	bool		any = false;
	int			i;

	note_scan_begin(&scan, guard);
	if (!scan.any)
		n = 0;
	per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard notes", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_day);
	for (i = 0; i < n && !any; i++)
	{
		any = note_scan_has(&scan, &keys[i]);
		MemoryContextReset(per_day);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_day);
	note_scan_end(&scan);
	return any;
}

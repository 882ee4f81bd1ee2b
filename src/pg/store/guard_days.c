/*
 * src/pg/store/guard_days.c
 *
 * The provider-days that a statement touched.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/day_type.h"
#include "pg/extension.h"
#include "pg/server.h"
#include "pg/store/guard_days.h"
#include "pg/store/guard_key.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Stored days that are in memory at a time. */
#define CHUNK			1000

const char *const key_names[N_KEYS] = {"patient", "provider", "dos"};

const char *
key_condition(const Guard *guard, const char *alias, int mask)
{
	StringInfoData text;
	int			part;

	initStringInfo(&text);
	for (part = 0; part < N_KEYS; part++)
	{
		appendStringInfo(&text, "%s%s.%s", part > 0 ? " AND " : "", alias, key_names[part]);
		if (mask & 1 << part)
			appendStringInfo(&text, " IS NULL");
		else
			appendStringInfo(&text, " %s $%d", key_equals(guard->key_types[part]), part + 1);
	}
	return text.data;
}

bool
read_day(Guard *guard, const Key *key, Datum *day)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_DAY + key->mask];
	bool		is_null;

	if (*plan == NULL)
		sql_keep(plan, psprintf("SELECT %s.claimday(claim_id, line_no, line%s) FROM (%s) l WHERE %s", extension_schema(),
								/* the reason costs reading each row again: only where it may be told */
								guard->at_least <= SEVERITY_UNKNOWN ? ", CASE WHEN line IS NULL THEN line_error END" : "",
								guard->lines, key_condition(guard, "l", key->mask)),
				 N_KEYS, guard->key_types);
	sql_execute(*plan, (Datum *) key->values, key->nulls, true);
	*day = sql_column(0, 1, &is_null);
	return !is_null;
}

/* ------------------------------------------------------ the days touched */

int
days_touched(Guard *guard, Event event, bool one_row, Key **keys)
{
	bool		one = one_row && event != EVENT_UPDATE;
	SPIPlanPtr *plan;
	Key		   *key;
	int			n;
	int			i;
	int			part;

	/* most inserts write one row: grouping it would cost as much as the rest */
	plan = &guard->plans[(one ? PLAN_TOUCHED_ONE : PLAN_TOUCHED) + event];
	if (*plan == NULL)
	{
		const char *days = guard->touched_by[event];

		if (!one)
			days = psprintf("SELECT DISTINCT patient, provider, dos FROM (%s) c", days);
		sql_keep(plan, psprintf("SELECT patient, provider, dos, " DAY_HASH("") " FROM (%s) k", days), 0, NULL);
	}
	sql_execute(*plan, NULL, NULL, true);
	if (one && SPI_processed > 1)
		/* a row of several lines, or one that takes out lines of other days */
		return days_touched(guard, event, false, keys);
	n = (int) SPI_processed;
	for (part = 0; part < N_KEYS && n > 0; part++)
	{
		guard->key_types[part] = SPI_gettypeid(SPI_tuptable->tupdesc, part + 1);
		guard->key_collations[part] = TupleDescAttr(SPI_tuptable->tupdesc, part)->attcollation;
	}
	*keys = palloc_extended(sizeof(Key) * (Size) n + 1, MCXT_ALLOC_HUGE);
	for (i = 0; i < n; i++)
	{
		bool		is_null;

		key = &(*keys)[i];
		key->mask = 0;
		for (part = 0; part < N_KEYS; part++)
		{
			key->values[part] = sql_column(i, part + 1, &key->nulls[part]);
			key->mask |= key->nulls[part] << part;
		}
		key->hash = DatumGetInt64(sql_column(i, N_KEYS + 1, &is_null));
	}
	return n;
}

/* ------------------------------------------------------------- judging */

bool
day_offends(const Guard *guard, Day *day, Arena *arena, PairMemo *pairs)
{
	FindingSink sink;

	sink_init(&sink, arena, pairs, SINK_VERDICT);
	sink.at_least = guard->at_least;
	judge_day(day, guard->rules, &sink);
	return sink.reached;
}

/* The same of a stored day, in an arena that nothing else is in. */
static bool
is_offending(const Guard *guard, Datum datum, Arena *arena)
{
	Day			day;

	arena_reset(arena);
	day_from_flat(DatumGetFlatDay(datum), arena, &day);
	return day_offends(guard, &day, arena, NULL);
}

/* Keys as three arrays, their parts. */
static void
key_arrays(const Guard *guard, const Key *keys, int n, Datum *arrays, Oid *types)
{
	Datum	   *values = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	int			part;
	int			i;

	for (part = 0; part < N_KEYS; part++)
	{
		for (i = 0; i < n; i++)
		{
			values[i] = keys[i].values[part];
			nulls[i] = keys[i].nulls[part];
		}
		arrays[part] = sql_array(values, nulls, n, guard->key_types[part]);
		types[part] = get_array_type(guard->key_types[part]);
	}
}

/* Keys to be read with one query: arrays of their parts, of which `common` are null in all. */
typedef struct ManyKeys
{
	Datum		values[N_KEYS];
	Oid			types[N_KEYS];
	int			common;
	int			n;
} ManyKeys;

/* "l.patient = k.patient AND l.provider IS NULL AND l.dos = k.dos" */
static const char *
many_condition(const Guard *guard, const ManyKeys *many)
{
	StringInfoData text;
	int			part;

	initStringInfo(&text);
	for (part = 0; part < N_KEYS; part++)
	{
		appendStringInfo(&text, "%sl.%s ", part > 0 ? " AND " : "", key_names[part]);
		if (many->common & 1 << part)
			appendStringInfoString(&text, "IS NULL");
		else
			appendStringInfo(&text, "%s k.%s", key_equals(guard->key_types[part]), key_names[part]);
	}
	return text.data;
}

/* The key of a row that was read, copied. */
static Key
key_of_row(uint64 row, int mask)
{
	Key			key = {.mask = mask};
	bool		is_null;
	int			part;

	for (part = 0; part < N_KEYS; part++)
	{
		Form_pg_attribute attribute = TupleDescAttr(SPI_tuptable->tupdesc, part);

		key.values[part] = sql_column(row, part + 1, &key.nulls[part]);
		if (!key.nulls[part])
			key.values[part] = datumCopy(key.values[part], attribute->attbyval, attribute->attlen);
	}
	key.hash = DatumGetInt64(sql_column(row, N_KEYS + 2, &is_null));
	return key;
}

/*
 * The offending ones of many days, behind those that are `left` in `keys`.  Read
 * with one query, which is planned anew: it is worth it, and what was good for a
 * small table is not for a large one.
 */
static int
many_offending(Guard *guard, ManyKeys *many, Key *keys, int left)
{
	MemoryContext per_chunk = AllocSetContextCreate(CurrentMemoryContext, "claimline guard days", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	int			level = NewGUCNestLevel();
	Arena		arena;
	SPIPlanPtr	plan;
	Portal		portal;
	uint64		row;

	/* grouping by hash in memory takes half the time of a sort that does not fit */
	set_local("work_mem", psprintf("%d", Max(work_mem, maintenance_work_mem)));
	set_local("enable_sort", "off");
	set_local("enable_seqscan", "on");
	arena_init_context(&arena, old);
	plan = sql_prepare(psprintf("SELECT l.patient, l.provider, l.dos, %s.claimday(l.claim_id, l.line_no, l.line), " DAY_HASH("l.") " "
								"FROM (%s) l JOIN unnest($1, $2, $3) k (patient, provider, dos) ON %s "
								"GROUP BY l.patient, l.provider, l.dos",
								extension_schema(), guard->lines, many_condition(guard, many)), N_KEYS, many->types);
	portal = SPI_cursor_open(NULL, plan, many->values, NULL, true);
	for (;;)
	{
		SPI_cursor_fetch(portal, true, CHUNK);
		if (SPI_processed == 0)
			break;
		MemoryContextSwitchTo(per_chunk);
		for (row = 0; row < SPI_processed; row++)
		{
			bool		is_null;

			if (!is_offending(guard, sql_column(row, N_KEYS + 1, &is_null), &arena))
				continue;
			if (left == many->n)
				ereport(ERROR,
						(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						 errmsg("claim source \"%s\" gives other provider-days each time it is read", guard->source)));
			MemoryContextSwitchTo(old);
			keys[left++] = key_of_row(row, many->common);
			MemoryContextSwitchTo(per_chunk);
		}
		SPI_freetuptable(SPI_tuptable);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_chunk);
	}
	SPI_cursor_close(portal);
	SPI_freeplan(plan);
	MemoryContextDelete(per_chunk);
	AtEOXact_GUC(false, level);
	return left;
}

int
offending_days(Guard *guard, Key *keys, int n)
{
	MemoryContext per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard day", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	ManyKeys	many = {.common = N_MASKS - 1, .n = n};
	Arena		arena;
	int			left = 0;
	int			i;

	arena_init_context(&arena, old);
	/* parts that are null in every key: the source has none of them */
	for (i = 0; i < n; i++)
		many.common &= keys[i].mask;
	if (n > MANY_DAYS)
		key_arrays(guard, keys, n, many.values, many.types);
	for (i = 0; i < n; i++)
	{
		Datum		day;
		bool		offends;

		if (n > MANY_DAYS && keys[i].mask == many.common)
			continue;
		offends = read_day(guard, &keys[i], &day);
		MemoryContextSwitchTo(per_day);
		offends = offends && is_offending(guard, day, &arena);
		SPI_freetuptable(SPI_tuptable);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_day);
		if (offends)
			keys[left++] = keys[i];
	}
	MemoryContextDelete(per_day);
	return n > MANY_DAYS ? many_offending(guard, &many, keys, left) : left;
}

/*
 * src/pg/store/scan_days.c
 *
 * Judged provider-days as they are stored: some in a value, in the order of
 * their keys, for a row each would be mostly headers and an index.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "pg/compat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(claim_scan_pack_step);
PG_FUNCTION_INFO_V1(claim_scan_pack_end);
PG_FUNCTION_INFO_V1(claim_scan_unpack);
PG_FUNCTION_INFO_V1(claim_scan_fold);
PG_FUNCTION_INFO_V1(claim_scan_merge);

/* A day, one behind the other, in the order of bytes of the network: a dump is read on any machine. */
typedef struct PackedDay
{
	uint8		key[UUID_LEN];
	uint8		hash[8];
	uint8		n_lines[4];		/* 0 in a list of changes: the day is gone */
	uint8		counted[4];
	uint8		bucket[4];
	uint8		epoch[2];
	uint8		marks[1];
	char		charge[1];		/* as text, which keeps its scale; empty for none; a zero byte behind it */
} PackedDay;

#define N_DAY_COLUMNS	8

/*
 * Bytes of days in a row of claim_scan_judged_day: twelve without charges.  A
 * changed day has its row written again; fewer a row would be more headers.
 */
#define ROW_BYTES	(12 * sizeof(PackedDay))

/* Days in order, of one value or of a part of it. */
typedef struct DayRun
{
	const PackedDay **days;
	int			n;
} DayRun;

static void
put_number(uint8 *to, uint64 number, int n_bytes)
{
	while (n_bytes-- > 0)
	{
		to[n_bytes] = (uint8) number;
		number >>= 8;
	}
}

static uint64
number_at(const uint8 *from, int n_bytes)
{
	uint64		number = 0;
	int			i;

	for (i = 0; i < n_bytes; i++)
		number = number << 8 | from[i];
	return number;
}

#define PUT(field, number)	put_number(field, number, sizeof(field))
#define GET(field)	number_at(field, sizeof(field))

static Size
day_size(const PackedDay *day)
{
	return offsetof(PackedDay, charge) + strlen(day->charge) + 1;
}

static int
compare_days(const PackedDay *a, const PackedDay *b)
{
	return memcmp(a->key, b->key, UUID_LEN);
}

static int
compare_for_sort(const void *a, const void *b)
{
	return compare_days(*(const PackedDay *const *) a, *(const PackedDay *const *) b);
}

/* The days in some bytes, in any order.  False for bytes that are none. */
static bool
find_days(const char *bytes, Size size, DayRun *run)
{
	const char *end = bytes + size;

	run->n = 0;
	run->days = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(PackedDay *) * (size / sizeof(PackedDay) + 1));
	while (bytes < end)
	{
		const PackedDay *day = (const PackedDay *) bytes;

		if (end - bytes < (ptrdiff_t) sizeof(PackedDay) || memchr(day->charge, 0, end - day->charge) == NULL)
			return false;
		run->days[run->n++] = day;
		bytes += day_size(day);
	}
	return true;
}

/* The days of a value, which keeps them.  Raises an error for bytes that are none, or in no order. */
static DayRun
run_of(const bytea *value)
{
	DayRun		run;
	bool		ordered = find_days(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &run);
	int			i;

	for (i = 1; i < run.n && ordered; i++)
		ordered = compare_days(run.days[i - 1], run.days[i]) < 0;
	if (!ordered)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("provider-days are not as scans store them")));
	return run;
}

static bytea *
bytes_of(const PackedDay *const *days, int n)
{
	StringInfoData bytes;
	int			i;

	initStringInfo(&bytes);
	for (i = 0; i < n; i++)
		appendBinaryStringInfo(&bytes, (const char *) days[i], day_size(days[i]));
	return (bytea *) cstring_to_text_with_len(bytes.data, bytes.len);
}

/* ---------------------------------------------------- into and out of it */

/* The sum of an array of charges as text, "" where there is none. */
static const char *
charges_text(ArrayType *charges)
{
	Datum	   *values;
	bool	   *nulls;
	Datum		sum = (Datum) 0;
	bool		any = false;
	int			n;
	int			i;

	deconstruct_array(charges, NUMERICOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		if (nulls[i])
			continue;
		sum = any ? DirectFunctionCall2(numeric_add, sum, values[i]) : values[i];
		any = true;
	}
	return any ? DatumGetCString(DirectFunctionCall1(numeric_out, sum)) : "";
}

/* (state, day_key, day_hash, n_lines, counted, bucket, epoch, marks, charges), of which charges may be null */
Datum
claim_scan_pack_step(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	StringInfo	bytes;
	PackedDay	day;
	const char *charge;
	int			i;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "claim_scan_pack_step called in non-aggregate context");
	for (i = 1; i < N_DAY_COLUMNS; i++)
		if (PG_ARGISNULL(i))
			elog(ERROR, "column %d of a judged day is null", i);
	if (PG_ARGISNULL(0))
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		bytes = makeStringInfo();
		MemoryContextSwitchTo(old);
	}
	else
		bytes = (StringInfo) PG_GETARG_POINTER(0);
	memcpy(day.key, PG_GETARG_UUID_P(1)->data, UUID_LEN);
	PUT(day.hash, (uint64) PG_GETARG_INT64(2));
	PUT(day.n_lines, (uint32) PG_GETARG_INT32(3));
	PUT(day.counted, (uint32) PG_GETARG_INT32(4));
	PUT(day.bucket, (uint32) PG_GETARG_INT32(5));
	PUT(day.epoch, (uint16) PG_GETARG_INT16(6));
	PUT(day.marks, (uint16) PG_GETARG_INT16(7));
	charge = PG_ARGISNULL(8) ? "" : charges_text(PG_GETARG_ARRAYTYPE_P(8));
	appendBinaryStringInfo(bytes, (const char *) &day, offsetof(PackedDay, charge));
	appendBinaryStringInfo(bytes, charge, strlen(charge) + 1);
	PG_RETURN_POINTER(bytes);
}

Datum
claim_scan_pack_end(PG_FUNCTION_ARGS)
{
	StringInfo	bytes;
	DayRun		run;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "claim_scan_pack_end called in non-aggregate context");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	bytes = (StringInfo) PG_GETARG_POINTER(0);
	find_days(bytes->data, bytes->len, &run);
	/* mostly they are in order, which qsort sees */
	qsort(run.days, run.n, sizeof(PackedDay *), compare_for_sort);
	PG_RETURN_BYTEA_P(bytes_of(run.days, run.n));
}

Datum
claim_scan_unpack(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bytea	   *value = PG_GETARG_BYTEA_PP(0);
	DayRun		run = run_of(value);
	Datum		values[N_DAY_COLUMNS];
	bool		nulls[N_DAY_COLUMNS] = {false};
	int			i;

	/* it is called for each of many rows: looking up the type would keep memory each time */
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (i = 0; i < run.n; i++)
	{
		const PackedDay *day = run.days[i];

		values[0] = PointerGetDatum(day->key);
		values[1] = Int64GetDatum((int64) GET(day->hash));
		values[2] = Int32GetDatum((int32) GET(day->n_lines));
		values[3] = Int32GetDatum((int32) GET(day->counted));
		values[4] = Int32GetDatum((int32) GET(day->bucket));
		values[5] = Int16GetDatum((int16) GET(day->epoch));
		values[6] = Int16GetDatum((int16) GET(day->marks));
		nulls[7] = day->charge[0] == '\0';
		/* as it is: few who ask want a number of it */
		values[7] = nulls[7] ? (Datum) 0 : CStringGetTextDatum(day->charge);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ------------------------------------------------------------- changes */

/* (days bytea, others bytea) */
Datum
claim_scan_fold(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_P_COPY(0);
	bytea	   *other_value = PG_GETARG_BYTEA_PP(1);
	DayRun		days = run_of(value);
	DayRun		others = run_of(other_value);
	int			i = 0;
	int			j = 0;

	while (i < days.n && j < others.n)
	{
		/* of our copy */
		PackedDay  *day = (PackedDay *) unconstify(PackedDay *, days.days[i]);
		const PackedDay *other = others.days[j];
		int			order = compare_days(day, other);

		if (order == 0)
		{
			memcpy(day->counted, other->counted, sizeof(day->counted));
			day->marks[0] |= other->marks[0];
		}
		i += order <= 0;
		j += order >= 0;
	}
	PG_RETURN_BYTEA_P(value);
}

/* How many of the days go into a row: those that fit, half of what would leave less than a row. */
static int
row_days(const PackedDay *const *days, int n, Size size)
{
	Size		most = size <= ROW_BYTES ? size : size <= 2 * ROW_BYTES ? (size + 1) / 2 : ROW_BYTES;
	Size		used = day_size(days[0]);
	int			row_n = 1;

	while (row_n < n && used + day_size(days[row_n]) <= most)
		used += day_size(days[row_n++]);
	return row_n;
}

/* Days into rows (first, n_lines, days). */
static void
put_rows(ReturnSetInfo *result, const PackedDay *const *days, int n)
{
	bool		nulls[3] = {false};
	Size		size = 0;
	int			i;

	for (i = 0; i < n; i++)
		size += day_size(days[i]);
	while (n > 0)
	{
		int			row_n = row_days(days, n, size);
		int64		n_lines = 0;
		Datum		values[3];

		for (i = 0; i < row_n; i++)
		{
			n_lines += (int64) GET(days[i]->n_lines);
			size -= day_size(days[i]);
		}
		values[0] = PointerGetDatum(days[0]->key);
		values[1] = Int64GetDatum(n_lines);
		values[2] = PointerGetDatum(bytes_of(days, row_n));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(DatumGetPointer(values[2]));
		days += row_n;
		n -= row_n;
	}
}

/* Stored days with changes: a change takes the place of its day, or is a new one; one without lines has gone. */
static int
merge(DayRun stored, DayRun changes, const PackedDay **to)
{
	int			n = 0;
	int			i = 0;
	int			j = 0;

	while (i < stored.n || j < changes.n)
	{
		int			order = i == stored.n ? 1 : j == changes.n ? -1 : compare_days(stored.days[i], changes.days[j]);

		if (order < 0)
			to[n++] = stored.days[i++];
		else
		{
			if (GET(changes.days[j]->n_lines) > 0)
				to[n++] = changes.days[j];
			j++;
			if (order == 0)
				i++;
		}
	}
	return n;
}

/* Merge changes with the days of a row, if there is one, and put what that makes. */
static void
put_merged(ReturnSetInfo *result, DayRun stored, DayRun changes)
{
	const PackedDay **days;

	if (stored.n + changes.n == 0)
		return;
	days = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(PackedDay *) * ((Size) stored.n + (Size) changes.n));
	put_rows(result, days, merge(stored, changes, days));
	pfree(days);
}

/* Take from the changes those before a day, all if there is none. */
static DayRun
take_before(DayRun *changes, const PackedDay *end)
{
	DayRun		taken = {changes->days, 0};

	while (taken.n < changes->n && (end == NULL || compare_days(changes->days[taken.n], end) < 0))
		taken.n++;
	changes->days += taken.n;
	changes->n -= taken.n;
	return taken;
}

/*
 * (stored bytea[], changes bytea): each change belongs to the last row that
 * begins at or before it, which is among those given, or else to none.
 */
Datum
claim_scan_merge(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bytea	   *value = PG_GETARG_BYTEA_PP(1);
	DayRun		changes = run_of(value);
	DayRun		stored = {NULL, 0};
	Datum	   *rows;
	int			n;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), BYTEAOID, -1, false, TYPALIGN_INT, &rows, NULL, &n);
	for (i = 0; i < n; i++)
	{
		DayRun		next = run_of(DatumGetByteaPP(rows[i]));

		if (next.n == 0 || (stored.n > 0 && compare_days(stored.days[stored.n - 1], next.days[0]) >= 0))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("provider-days are not as scans store them")));
		put_merged(result, stored, take_before(&changes, next.days[0]));
		stored = next;
	}
	put_merged(result, stored, changes);
	return (Datum) 0;
}

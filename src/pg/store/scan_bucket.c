/*
 * src/pg/store/scan_bucket.c
 *
 * The numbers of providers and months, given while the days of a scan are read:
 * each has one, whatever many days it has.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "pg/compat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

PG_FUNCTION_INFO_V1(claim_scan_bucket);

/* Null for no provider; for no date what is none. */
#define NO_MONTH	(DATEVAL_NOBEGIN + 1)

typedef struct BucketKey
{
	const text *provider;
	DateADT		month;
} BucketKey;

typedef struct BucketEntry
{
	BucketKey	key;
	uint32		hash;
	int32		id;
	char		status;
} BucketEntry;

static uint32
bucket_hash(BucketKey key)
{
	uint32		month = hash_bytes_uint32((uint32) key.month);

	if (key.provider == NULL)
		return month;
	return hash_combine(month, hash_bytes((const unsigned char *) VARDATA_ANY(key.provider), VARSIZE_ANY_EXHDR(key.provider)));
}

static bool
bucket_equal(BucketKey a, BucketKey b)
{
	if (a.month != b.month || (a.provider == NULL) != (b.provider == NULL))
		return false;
	return a.provider == NULL ||
		(VARSIZE_ANY_EXHDR(a.provider) == VARSIZE_ANY_EXHDR(b.provider) &&
		 memcmp(VARDATA_ANY(a.provider), VARDATA_ANY(b.provider), VARSIZE_ANY_EXHDR(a.provider)) == 0);
}

#define SH_PREFIX		buckets
#define SH_ELEMENT_TYPE	BucketEntry
#define SH_KEY_TYPE		BucketKey
#define SH_KEY			key
#define SH_HASH_KEY(table, key)	bucket_hash(key)
#define SH_EQUAL(table, a, b)	bucket_equal(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry)	(entry)->hash
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What a call site knows: it lives as long as the statement. */
typedef struct Buckets
{
	buckets_hash *table;
	int32		last;			/* the highest number */
} Buckets;

/* Those that are stored: arrays of as many numbers, providers and months. */
static Buckets *
buckets_begin(FunctionCallInfo fcinfo)
{
	Buckets    *all = palloc0(sizeof(Buckets));
	Datum	   *ids;
	Datum	   *providers;
	Datum	   *months;
	bool	   *no_provider;
	bool	   *no_month;
	int			n[3];
	int			i;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("arrays of buckets must not be null")));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P_COPY(0), INT4OID, 4, true, TYPALIGN_INT, &ids, NULL, &n[0]);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P_COPY(1), TEXTOID, -1, false, TYPALIGN_INT, &providers, &no_provider, &n[1]);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P_COPY(2), DATEOID, 4, true, TYPALIGN_INT, &months, &no_month, &n[2]);
	if (n[0] != n[1] || n[0] != n[2])
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("arrays of buckets are not of the same length"),
						errdetail("They have %d numbers, %d providers and %d months.", n[0], n[1], n[2])));
	all->table = buckets_create(CurrentMemoryContext, Max(n[0], 1000), NULL);
	for (i = 0; i < n[0]; i++)
	{
		BucketKey	key = {no_provider[i] ? NULL : DatumGetTextPP(providers[i]),
		no_month[i] ? NO_MONTH : DatumGetDateADT(months[i])};
		bool		found;

		buckets_insert(all->table, key, &found)->id = DatumGetInt32(ids[i]);
		all->last = Max(all->last, DatumGetInt32(ids[i]));
	}
	return all;
}

static DateADT
month_of(DateADT dos)
{
	int			year;
	int			month;
	int			day;

	if (DATE_NOT_FINITE(dos))
		return dos;
	j2date(dos + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return dos - (day - 1);
}

/* (ids int[], providers text[], months date[], provider text, dos date), of which the last two may be null */
Datum
claim_scan_bucket(PG_FUNCTION_ARGS)
{
	Buckets    *all = fcinfo->flinfo->fn_extra;
	BucketKey	key = {NULL, PG_ARGISNULL(4) ? NO_MONTH : month_of(PG_GETARG_DATEADT(4))};
	BucketEntry *entry;
	bool		found;

	if (all == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		all = fcinfo->flinfo->fn_extra = buckets_begin(fcinfo);
		MemoryContextSwitchTo(old);
	}
	if (!PG_ARGISNULL(3))
		key.provider = PG_GETARG_TEXT_PP(3);
	entry = buckets_lookup(all->table, key);
	if (entry != NULL)
		PG_RETURN_INT32(entry->id);
	if (key.provider != NULL)
	{
		text	   *kept = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, VARSIZE_ANY(key.provider));

		memcpy(kept, key.provider, VARSIZE_ANY(key.provider));
		key.provider = kept;
	}
	buckets_insert(all->table, key, &found)->id = ++all->last;
	PG_RETURN_INT32(-all->last);
}

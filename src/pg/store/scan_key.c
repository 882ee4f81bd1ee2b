/*
 * src/pg/store/scan_key.c
 *
 * What a scan finds provider-days by, and the ruleset as it judges by it.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "pg/compat.h"
#include "pg/store/scan_key.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(claim_scan_key);
PG_FUNCTION_INFO_V1(claim_scan_plain);

/* Behind what is there: -1 for null, or the length, and the bytes. */
static void
put_text(StringInfo to, const text *value)
{
	int32		length = value == NULL ? -1 : (int32) VARSIZE_ANY_EXHDR(value);

	appendBinaryStringInfo(to, (const char *) &length, sizeof(length));
	if (length > 0)
		appendBinaryStringInfo(to, VARDATA_ANY(value), length);
}

pg_uuid_t *
scan_key(const text *patient, const text *provider, const DateADT *dos)
{
	pg_uuid_t  *key = palloc(sizeof(pg_uuid_t));
	int32		date = dos == NULL ? PG_INT32_MIN : *dos;
	bool		dated = dos != NULL;
	StringInfoData bytes;
	int			i;

	initStringInfo(&bytes);
	put_text(&bytes, patient);
	put_text(&bytes, provider);
	appendBinaryStringInfo(&bytes, (const char *) &date, sizeof(date));
	appendBinaryStringInfo(&bytes, (const char *) &dated, sizeof(dated));
	for (i = 0; i < 2; i++)
	{
		uint64		half = hash_bytes_extended((const unsigned char *) bytes.data, bytes.len, i);

		memcpy(key->data + i * sizeof(half), &half, sizeof(half));
	}
	pfree(bytes.data);
	return key;
}

/* (patient text, provider text, dos date), each of which may be null */
Datum
claim_scan_key(PG_FUNCTION_ARGS)
{
	DateADT		dos = PG_ARGISNULL(2) ? 0 : PG_GETARG_DATEADT(2);

	PG_RETURN_UUID_P(scan_key(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0), PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1),
							  PG_ARGISNULL(2) ? NULL : &dos));
}

/*
 * (claim_ruleset): the same, not where a table has it out of line.  A call site
 * compares the hash at its start each time, and would fetch that each time.
 */
Datum
claim_scan_plain(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
}

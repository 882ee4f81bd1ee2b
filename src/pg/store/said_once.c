/*
 * src/pg/store/said_once.c
 *
 * claim_said_once: is this the first time in this statement?
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(claim_said_once);

/* Row security asks for each table of a query, and says what it has to say once. */
Datum
claim_said_once(PG_FUNCTION_ARGS)
{
	static TimestampTz said = 0;
	TimestampTz now = GetCurrentStatementStartTimestamp();
	bool		first = said != now;

	said = now;
	PG_RETURN_BOOL(first);
}

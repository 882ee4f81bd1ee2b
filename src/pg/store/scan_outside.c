/*
 * src/pg/store/scan_outside.c
 *
 * claim_scan_outside: may claim_scan run here?
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "executor/spi.h"
#include "pg/compat.h"

PG_FUNCTION_INFO_V1(claim_scan_outside);

/*
 * Called by the procedure itself, whose SPI connection knows whether it may
 * commit: not in a transaction block, of several statements in one string
 * either, and not under a function.
 */
Datum
claim_scan_outside(PG_FUNCTION_ARGS)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("claim_scan cannot run on a standby"),
				 errdetail("It stores what it finds."),
				 errhint("CALL it on the primary; what it found can be read here.")));
	if (XactReadOnly)
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("claim_scan cannot run in a read-only transaction"),
				 errdetail("It stores what it finds."),
				 errhint("SET default_transaction_read_only = off.")));
	if (!SPI_inside_nonatomic_context() || IsSubTransaction())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("claim_scan cannot run inside a transaction block"),
				 errdetail("It commits after every batch of provider-days."),
				 errhint("CALL it by itself: without BEGIN, without psql -1, with autocommit on, with no other statement in the same string, "
						 "and not in a function or a block that handles exceptions.")));
	PG_RETURN_VOID();
}

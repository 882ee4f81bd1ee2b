/*
 * src/pg/store/run_as.c
 *
 * A command as another role, for update scripts.  They run with the rights of
 * a superuser, but the tables of the extension, and the views of sources, belong
 * to roles that have less, and that may have put triggers or functions there.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "pg/store/store_sql.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_FUNCTION_INFO_V1(claim_run_as);

/* (role, SQL): within it names are those of pg_catalog, and nothing can be left behind to run with other rights later. */
Datum
claim_run_as(PG_FUNCTION_ARGS)
{
	char	   *sql = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Role		role;
	int			level;
	int			result;

	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be superuser to run a command as another role")));
	GetUserIdAndSecContext(&role.user, &role.security);
	SetUserIdAndSecContext(PG_GETARG_OID(0), role.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
	level = NewGUCNestLevel();
	set_local("search_path", "pg_catalog, pg_temp");
	SPI_connect();
	result = SPI_execute(sql, false, 0);
	if (result < 0)
		elog(ERROR, "could not run a command as another role: %s", SPI_result_code_string(result));
	SPI_finish();
	AtEOXact_GUC(false, level);
	role_end(role);
	PG_RETURN_VOID();
}

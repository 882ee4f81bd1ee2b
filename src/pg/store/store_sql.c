/*
 * src/pg/store/store_sql.c
 *
 * The SQL that guards run: as which role, with which settings, as plans.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pg/store/store_sql.h"
#include "utils/array.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

Role
role_begin(Oid user)
{
	Role		before;

	GetUserIdAndSecContext(&before.user, &before.security);
	SetUserIdAndSecContext(user, before.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	return before;
}

void
role_end(Role before)
{
	SetUserIdAndSecContext(before.user, before.security);
}

void
set_local(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

static SPIPlanPtr
prepare(const char *sql, int n, Oid *types, int options)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, n, types, options);

	if (plan == NULL)
		elog(ERROR, "could not prepare a query of a guard: %s", SPI_result_code_string(SPI_result));
	return plan;
}

SPIPlanPtr
sql_prepare(const char *sql, int n, Oid *types)
{
	return prepare(sql, n, types, 0);
}

void
sql_keep(SPIPlanPtr *place, const char *sql, int n, Oid *types)
{
	SPIPlanPtr	plan = prepare(sql, n, types, CURSOR_OPT_GENERIC_PLAN);

	SPI_keepplan(plan);
	*place = plan;
}

void
sql_execute(SPIPlanPtr plan, Datum *values, const bool *nulls, bool reads)
{
	int			n = SPI_getargcount(plan);
	char	   *marks = palloc(n + 1);
	int			i;

	for (i = 0; i < n; i++)
		marks[i] = nulls != NULL && nulls[i] ? 'n' : ' ';
	marks[n] = '\0';
	if (reads ? SPI_execute_plan(plan, values, marks, true, 0) < 0
		: SPI_execute_snapshot(plan, values, marks, GetLatestSnapshot(), InvalidSnapshot, false, true, 0) < 0)
		elog(ERROR, "could not run a query of a guard");
	pfree(marks);
}

void
sql_execute_once(const char *sql, int n, Oid *types, Datum *values, const bool *nulls, bool reads)
{
	SPIPlanPtr	plan = sql_prepare(sql, n, types);

	sql_execute(plan, values, nulls, reads);
	SPI_freeplan(plan);
}

Datum
sql_column(uint64 row, int at, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at, is_null);
}

char *
sql_column_text(uint64 row, int at)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at);
}

Datum
sql_array(Datum *values, bool *nulls, int n, Oid type)
{
	int			bound = 1;
	int16		length;
	bool		by_value;
	char		align;

	if (n == 0)
		return PointerGetDatum(construct_empty_array(type));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &bound, type, length, by_value, align));
}

Datum
sql_column_array(int at, Oid type)
{
	int			n = (int) SPI_processed;
	Datum	   *values = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	int			i;

	for (i = 0; i < n; i++)
		values[i] = sql_column(i, at, &nulls[i]);
	return sql_array(values, nulls, n, type);
}

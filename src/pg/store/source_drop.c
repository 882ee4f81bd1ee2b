/*
 * src/pg/store/source_drop.c
 *
 * The view of a source goes with it.
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/store/store_sql.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(claim_source_view_drop);

/* Has the user the rights of the owner of a relation of that kind, or of any kind ('\0')? */
static bool
owns(Oid relation, char kind)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	bool		owned;

	if (!HeapTupleIsValid(tuple))
		return false;
	owned = (kind == '\0' || ((Form_pg_class) GETSTRUCT(tuple))->relkind == kind) &&
		has_privs_of_role(GetUserId(), ((Form_pg_class) GETSTRUCT(tuple))->relowner);
	ReleaseSysCache(tuple);
	return owned;
}

/* Is it a view that reads the relation? */
static bool
is_view_over(Oid view, Oid relation)
{
	Oid			types[2] = {OIDOID, OIDOID};
	Datum		values[2] = {ObjectIdGetDatum(view), ObjectIdGetDatum(relation)};
	int			level = NewGUCNestLevel();
	bool		is_over;

	set_local("search_path", "pg_catalog, pg_temp");
	SPI_connect();
	sql_execute_once("SELECT FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid JOIN pg_depend d "
					 "ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid "
					 "WHERE c.oid = $1 AND c.relkind = 'v' AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $2 LIMIT 1",
					 2, types, values, NULL, true);
	is_over = SPI_processed > 0;
	SPI_finish();
	AtEOXact_GUC(false, level);
	return is_over;
}

/* (view, relation): by the owner of the view, or by that of a relation that it reads. */
Datum
claim_source_view_drop(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_GETARG_OID(1);
	ObjectAddress view = {RelationRelationId, PG_GETARG_OID(0), 0};

	if (!owns(view.objectId, RELKIND_VIEW) && !(owns(relation, '\0') && is_view_over(view.objectId, relation)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of a view, or of what it reads, to drop it with its claim source")));
	LockRelationOid(view.objectId, AccessExclusiveLock);
	performDeletion(&view, DROP_RESTRICT, 0);
	PG_RETURN_VOID();
}

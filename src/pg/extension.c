/*
 * src/pg/extension.c
 *
 * Where the objects of the extension are.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "pg/compat.h"
#include "pg/extension.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

Oid
extension_namespace(void)
{
	return extension_schema_oid(get_extension_oid("claimline", false));
}

const char *
extension_schema(void)
{
	return quote_identifier(get_namespace_name(extension_namespace()));
}

bool
is_of_extension(Oid function)
{
	Oid			extension = getExtensionOfObject(ProcedureRelationId, function);

	return OidIsValid(extension) && extension == get_extension_oid("claimline", true);
}

static Oid
type_of_schema(const char *name, Oid schema)
{
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name), ObjectIdGetDatum(schema));

	if (!OidIsValid(type))
		elog(ERROR, "type %s of claimline is missing", name);
	return type;
}

Oid
extension_type(const char *name)
{
	return type_of_schema(name, extension_namespace());
}

Oid
internal_type(const char *name)
{
	return type_of_schema(name, get_namespace_oid(INTERNAL_SCHEMA, false));
}

Oid
internal_relation(const char *name)
{
	Oid			schema = get_namespace_oid(INTERNAL_SCHEMA, true);
	Oid			relation = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;

	if (!OidIsValid(relation))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table %s.%s of extension claimline does not exist", INTERNAL_SCHEMA, name),
				 errdetail("The library is newer than the extension's objects in this database."),
				 errhint("Run ALTER EXTENSION claimline UPDATE.")));
	return relation;
}

/* May the user call a function? */
static bool
may_call(Oid function)
{
	return function_aclcheck(function, GetUserId()) == ACLCHECK_OK;
}

Oid
internal_function(const char *name, int n, const Oid *types, Oid written)
{
	List	   *qualified = list_make2(makeString(INTERNAL_SCHEMA), makeString(pstrdup(name)));
	Oid			function = LookupFuncName(qualified, n, types, true);

	return OidIsValid(function) && may_call(written) && may_call(function) ? function : InvalidOid;
}

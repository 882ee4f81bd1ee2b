/*
 * src/pg/compat.h
 *
 * Every difference between the PostgreSQL versions that we build on (15 to 18).
 */
#ifndef CLAIMLINE_COMPAT_H
#define CLAIMLINE_COMPAT_H

#include "fmgr.h"
#include "utils/rangetypes.h"
#include "utils/regproc.h"

/* varatt.h was split from postgres.h */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* what writes properties of a plan was split from explain.h */
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#endif

/* generated columns that are computed when they are read */
#if PG_VERSION_NUM < 180000
#define ATTRIBUTE_GENERATED_VIRTUAL	'v'
#endif

/* what an index scan counts is given to it */
#if PG_VERSION_NUM >= 180000
#define index_beginscan_compat(table, index, snapshot, n_keys)	index_beginscan(table, index, snapshot, NULL, n_keys, 0)
#else
#define index_beginscan_compat(table, index, snapshot, n_keys)	index_beginscan(table, index, snapshot, n_keys, 0)
#endif

/* the relations of a query that EXPLAIN tells apart; later versions list what it groups by beside them */
#if PG_VERSION_NUM >= 180000
#define N_EXPLAINED(es)	((es)->rtable_size)
#else
#define N_EXPLAINED(es)	list_length((es)->rtable)
#endif

/* soft errors */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy_value; \
	} while (0)
#else
#include "nodes/miscnodes.h"
#endif

/* a range is built with a soft error context */
#if PG_VERSION_NUM >= 160000
#define make_range_compat(typcache, lower, upper) \
	make_range(typcache, lower, upper, false, NULL)
#else
#define make_range_compat(typcache, lower, upper) \
	make_range(typcache, lower, upper, false)
#endif

/* the schema of an extension; up to 15 the server keeps its look-up to itself */
#if PG_VERSION_NUM >= 160000
#define extension_schema_oid(extension)	get_extension_schema(extension)
#else
extern Oid	extension_schema_oid(Oid extension);
#endif

/* the parts of a name are split with a soft error context */
#if PG_VERSION_NUM >= 160000
#define string_to_qualified_name_list(text)	stringToQualifiedNameList(text, NULL)
#else
#define string_to_qualified_name_list(text)	stringToQualifiedNameList(text)
#endif

/* rights to objects of all kinds are asked for by one function */
#if PG_VERSION_NUM >= 160000
#define function_aclcheck(function, role)	object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE)
#else
#define function_aclcheck(function, role)	pg_proc_aclcheck(function, role, ACL_EXECUTE)
#endif

/* a stronger lock may do as well */
#if PG_VERSION_NUM >= 170000
#define lock_held_by_me(tag, mode)	LockHeldByMe(tag, mode, false)
#else
#define lock_held_by_me(tag, mode)	LockHeldByMe(tag, mode)
#endif

/* the transaction that this backend runs, also one without an id */
#if PG_VERSION_NUM >= 170000
#define MY_LXID		(MyProc->vxid.lxid)
#else
#define MY_LXID		(MyProc->lxid)
#endif

#endif							/* CLAIMLINE_COMPAT_H */

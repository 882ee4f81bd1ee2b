/*
 * src/pg/compat.h
 *
 * Every difference between the PostgreSQL versions that we build on (15 to 19).
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

/* what other headers no longer bring along */
#if PG_VERSION_NUM >= 190000
#include "access/htup_details.h"
#include "utils/hsearch.h"
#include "utils/tuplestore.h"
#include "utils/wait_classes.h"
#endif

/* copyObject() is spelled for the compiler that built the server; we are C11 and it may have been of C23 */
#if PG_VERSION_NUM >= 190000 && __STDC_VERSION__ < 202000L && !defined(typeof_unqual)
#define typeof_unqual	__typeof_unqual__
#endif

/* what writes properties of a plan was split from explain.h */
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#endif

/* generated columns that are computed when they are read */
#if PG_VERSION_NUM >= 180000
#define HAS_VIRTUAL_COLUMNS		true
#else
#define HAS_VIRTUAL_COLUMNS		false
#define ATTRIBUTE_GENERATED_VIRTUAL	'v'
#endif

/* what an index scan counts is given to it; then also what it may do, which is what it always did */
#if PG_VERSION_NUM >= 190000
#define index_beginscan_compat(table, index, snapshot, n_keys)	index_beginscan(table, index, snapshot, NULL, n_keys, 0, SO_NONE)
#elif PG_VERSION_NUM >= 180000
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

/* the elements of a text array: what they are is given once, or for each */
#if PG_VERSION_NUM >= 190000
#define text_iter_setup(each, array)	array_iter_setup(each, array, -1, false, TYPALIGN_INT)
#define text_iter_next(each, is_null, i)	array_iter_next(each, is_null, i)
#else
#define text_iter_setup(each, array)	array_iter_setup(each, array)
#define text_iter_next(each, is_null, i)	array_iter_next(each, is_null, i, -1, false, TYPALIGN_INT)
#endif

/* window functions are told of IGNORE NULLS: one that takes no notice of it refuses it */
#if PG_VERSION_NUM >= 190000
#define refuse_null_treatment(window, fcinfo)	WinCheckAndInitializeNullTreatment(window, false, fcinfo)
#else
#define refuse_null_treatment(window, fcinfo)	((void) 0)
#endif

/* it can no longer be turned off */
#if PG_VERSION_NUM >= 190000
#define standard_conforming_strings	true
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
#include "catalog/pg_proc.h"
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

/* how many transactions that wrote have ended */
#if PG_VERSION_NUM >= 170000
#define TRANSACTIONS_ENDED	(TransamVariables->xactCompletionCount)
#else
#define TRANSACTIONS_ENDED	(ShmemVariableCache->xactCompletionCount)
#endif

#endif							/* CLAIMLINE_COMPAT_H */

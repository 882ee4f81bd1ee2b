/*
 * src/pg/compat.h
 *
 * Every difference between the PostgreSQL versions that we build on (15 to 18).
 */
#ifndef CLAIMLINE_COMPAT_H
#define CLAIMLINE_COMPAT_H

#include "fmgr.h"
#include "utils/rangetypes.h"

/* varatt.h was split from postgres.h */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
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

/* the transaction that this backend runs, also one without an id */
#if PG_VERSION_NUM >= 170000
#define MY_LXID		(MyProc->vxid.lxid)
#else
#define MY_LXID		(MyProc->lxid)
#endif

#endif							/* CLAIMLINE_COMPAT_H */

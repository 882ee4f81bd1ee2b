/*
 * src/module.c
 *
 * The loadable module.
 */
#include "postgres.h"

#include "fmgr.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "claimline",.version = CLAIMLINE_EXTVERSION);
#else
PG_MODULE_MAGIC;
#endif

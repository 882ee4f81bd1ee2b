/*
 * src/pg/module.c
 *
 * The loadable module.
 */
#include "postgres.h"

#include "fmgr.h"
#include "line/line.h"
#include "mb/pg_wchar.h"
#include "pg/plan/claim_days.h"
#include "pg/store/guard_attest.h"
#include "pg/store/guard_merge.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "claimline",.version = CLAIMLINE_EXTVERSION);
#else
PG_MODULE_MAGIC;
#endif

void		_PG_init(void);

void
_PG_init(void)
{
	word_clip = pg_mbcliplen;
	claim_days_init();
	guard_merge_init();
	guard_attest_init();
}

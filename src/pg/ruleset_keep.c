/*
 * src/pg/ruleset_keep.c
 *
 * The rulesets that this backend has built, each under a hash of everything it
 * was built from, so that none goes stale; and the one that a call site of
 * ruleset() has at hand.
 */
#include "postgres.h"

#include "access/xact.h"
#include "pg/ruleset_keep.h"
#include "storage/proc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* A ruleset that this backend has built. */
typedef struct Built
{
	uint8		key[RULESET_KEY];
	Ruleset    *rules;
	MemoryContext context;		/* holds both */
	int			pins;			/* call sites that hold it */
	uint64		used;			/* by the clock below */
} Built;

/* Rulesets that no call site holds are kept for the next query, this many. */
#define MAX_BUILT	8

static Built *built[64];
static uint64 built_clock;

/* Who holds a ruleset: what it found last, and under which snapshot. */
struct RulesetSite
{
	Built	   *held;
	char	   *names[RULESET_NAMES];
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	CommandId	curcid;
	SubTransactionId subtransaction;
	LocalTransactionId transaction;
	MemoryContext context;
};

static void
release(void *argument)
{
	RulesetSite *site = argument;

	if (site->held != NULL)
		site->held->pins--;
	site->held = NULL;
}

static Built *
find_built(const uint8 key[RULESET_KEY])
{
	int			i;

	for (i = 0; i < lengthof(built); i++)
		if (built[i] != NULL && memcmp(built[i]->key, key, RULESET_KEY) == 0)
			return built[i];
	return NULL;
}

/* A place for one more; the longest unused goes where there are too many. */
static Built **
free_place(void)
{
	for (;;)
	{
		Built	  **oldest = NULL;
		Built	  **empty = NULL;
		int			idle = 0;
		int			i;

		for (i = 0; i < lengthof(built); i++)
		{
			if (built[i] == NULL)
				empty = &built[i];
			else if (built[i]->pins == 0)
			{
				idle++;
				if (oldest == NULL || built[i]->used < (*oldest)->used)
					oldest = &built[i];
			}
		}
		if (empty != NULL && idle < MAX_BUILT)
			return empty;
		if (oldest == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("more than %d rulesets are in use at once", (int) lengthof(built))));
		MemoryContextDelete((*oldest)->context);
		*oldest = NULL;
	}
}

bool
ruleset_is_built(const uint8 key[RULESET_KEY])
{
	return find_built(key) != NULL;
}

void
ruleset_keep(const uint8 key[RULESET_KEY], Ruleset *rules, MemoryContext context)
{
	Built	  **place = free_place();
	Built	   *kept = MemoryContextAllocZero(context, sizeof(Built));

	memcpy(kept->key, key, RULESET_KEY);
	kept->rules = rules;
	kept->context = context;
	MemoryContextSetParent(context, TopMemoryContext);
	*place = kept;
}

/* ---------------------------------------------------------- the call site */

static bool
same(const char *kept, Word name)
{
	if (kept == NULL || name.text == NULL)
		return kept == name.text;
	return strlen(kept) == name.length && memcmp(kept, name.text, name.length) == 0;
}

static void
keep_name(MemoryContext context, char **kept, const char *name)
{
	/* a call site has the same names, nearly always */
	if (same(*kept, (Word) {name, name == NULL ? 0 : strlen(name), 0}))
		return;
	if (*kept != NULL)
		pfree(*kept);
	*kept = name == NULL ? NULL : MemoryContextStrdup(context, name);
}

/*
 * Does what the site found still hold?  With the same arguments, under a
 * snapshot that sees the same rows: a snapshot with the same bounds and as many
 * running transactions sees no other one's commits, the command counter and
 * the subtransaction tell of our own.
 */
static bool
still_holds(const RulesetSite *site, Snapshot snapshot, const Word names[RULESET_NAMES])
{
	return site->held != NULL &&
		site->transaction == MY_LXID &&
		site->xmin == snapshot->xmin && site->xmax == snapshot->xmax &&
		site->xcnt == snapshot->xcnt && site->subxcnt == snapshot->subxcnt &&
		site->curcid == snapshot->curcid && site->subtransaction == GetCurrentSubTransactionId() &&
		same(site->names[0], names[0]) && same(site->names[1], names[1]) && same(site->names[2], names[2]);
}

static void
remember(RulesetSite *site, Snapshot snapshot, const char *policy, const char *edition, const char *service_type)
{
	keep_name(site->context, &site->names[0], policy);
	keep_name(site->context, &site->names[1], edition);
	keep_name(site->context, &site->names[2], service_type);
	site->transaction = MY_LXID;
	site->xmin = snapshot->xmin;
	site->xmax = snapshot->xmax;
	site->xcnt = snapshot->xcnt;
	site->subxcnt = snapshot->subxcnt;
	site->curcid = snapshot->curcid;
	site->subtransaction = GetCurrentSubTransactionId();
}

RulesetSite *
ruleset_site(MemoryContext context)
{
	MemoryContextCallback *callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	RulesetSite *site = MemoryContextAllocZero(context, sizeof(RulesetSite));

	site->context = context;
	callback->func = release;
	callback->arg = site;
	MemoryContextRegisterResetCallback(context, callback);
	return site;
}

RulesetSite *
ruleset_site_of(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = ruleset_site(fcinfo->flinfo->fn_mcxt);
	return fcinfo->flinfo->fn_extra;
}

const Ruleset *
ruleset_at_hand(RulesetSite *site, const Word names[RULESET_NAMES])
{
	if (still_holds(site, GetActiveSnapshot(), names))
		return site->held->rules;
	release(site);
	return NULL;
}

const Ruleset *
ruleset_hold(RulesetSite *site, const uint8 key[RULESET_KEY],
			 const char *policy, const char *edition, const char *service_type)
{
	Built	   *found = find_built(key);

	found->used = ++built_clock;
	found->pins++;
	release(site);
	site->held = found;
	remember(site, GetActiveSnapshot(), policy, edition, service_type);
	return found->rules;
}

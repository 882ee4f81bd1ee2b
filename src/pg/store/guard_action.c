/*
 * src/pg/store/guard_action.c
 *
 * What a guard does about a day that does not pass: refuse the statement or
 * note the findings.  guard_quarantine.c has the third.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/store/guard_action.h"
#include "pg/store/guard_attest.h"
#include "pg/store/guard_hint.h"
#include "pg/store/guard_key.h"
#include "pg/store/note_scan.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"

/* A detail names so many findings, in so many bytes. */
#define MAX_NAMED		10
#define MAX_DETAIL		2000

/* -------------------------------------------------------------- reject */

/* May the user see what other statements stored in the table? */
static bool
user_sees(Relation table, Oid user)
{
	Role		now;
	bool		sees;

	/* as themselves: the owner, whose rights are in force, is bound by no policy */
	GetUserIdAndSecContext(&now.user, &now.security);
	SetUserIdAndSecContext(user, now.security & ~SECURITY_NOFORCE_RLS);
	sees = pg_class_aclcheck(RelationGetRelid(table), user, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(RelationGetRelid(table), user, true) != RLS_ENABLED;
	role_end(now);
	return sees;
}

static const char *
or_null(const char *text)
{
	return text == NULL ? "null" : text;
}

/* "Claim C1 line 2" */
static char *
line_name(const Day *day, int at)
{
	NumberedLine line = day_line_number(day, at);

	return psprintf("Claim %s line %s", or_null(line.claim_id == NULL ? NULL : pnstrdup(line.claim_id, line.id_length)),
					or_null(line.has_line_no ? psprintf("%d", line.line_no) : NULL));
}

/* The other findings, each on a line of its own, as long as that is short; returns how many are left. */
static int
put_others(StringInfo detail, const AnsweredDay *answered)
{
	int			i;

	for (i = 1; i < answered->n_findings && i < MAX_NAMED; i++)
	{
		const Finding *finding = answered->findings[i].finding;
		char	   *text = psprintf("\n%s, rule \"%s\": %s", line_name(&answered->day, finding->line), rule_names[finding->rule], finding->message);

		if (detail->len + (int) strlen(text) > MAX_DETAIL)
			break;
		appendStringInfoString(detail, text);
	}
	return answered->n_findings - i;
}

/* "Claim C1 line 2 (patient P1, provider 1, date 2024-08-01): ..." */
static char *
refusal_detail(const Guard *guard, const AnsweredDay *answered, const Key *key, bool tells)
{
	const Finding *finding = answered->findings[0].finding;
	int			more = answered->n_findings - 1;
	StringInfoData detail;

	initStringInfo(&detail);
	appendStringInfoString(&detail, tells || answered->findings[0].on_written ? line_name(&answered->day, finding->line)
						   : "A line that is already stored");
	appendStringInfo(&detail, " (patient %s, provider %s, date %s): ", or_null(key_text(guard, key, 0)),
					 or_null(key_text(guard, key, 1)), or_null(key_text(guard, key, 2)));
	appendStringInfoString(&detail, tells ? finding->message
						   : "it does not pass with the lines of its day that are already stored");
	if (tells)
		more = put_others(&detail, answered);
	if (more > 0)
		appendStringInfo(&detail, " (and %d more finding%s)", more, more > 1 ? "s" : "");
	return detail.data;
}

void
guard_refuse(Guard *guard, const Written *written, const Key *key, Relation table, Oid user, const char *hint)
{
	AnsweredDay answered;
	Attested	attested = {0};
	const char *rule;
	bool		tells;

	if (!answer_for_day(guard, written, key, &answered))
		return;
	if (guard_attests())
		take_attested(guard, &answered, user, &attested);
	if (answered.n_findings == 0)
	{
		write_attested(guard, key, &attested);
		return;
	}
	rule = rule_names[answered.findings[0].finding->rule];
	tells = answered.all_written || user_sees(table, user);
	if (hint == NULL && tells)
		hint = guard_hint(guard, &answered);
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("claim line violates rule \"%s\"", rule),
			 errdetail_internal("%s", refusal_detail(guard, &answered, key, tells)),
			 hint == NULL ? 0 : errhint("%s", hint),
			 errtableconstraint(table, rule)));
}

/* --------------------------------------------------------------- annotate */

void
guard_note_attested(Guard *guard, const Written *written, const Key *key, Oid user)
{
	AnsweredDay answered;
	Attested	attested = {0};

	if (!answer_for_day(guard, written, key, &answered))
		return;
	take_attested(guard, &answered, user, &attested);
	write_attested(guard, key, &attested);
}

/* Take away the notes of a day. */
static void
clear_notes(Guard *guard, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_CLEAR];
	Datum		values[] = {CStringGetTextDatum(guard->source), scan_key_of(guard, key)};
	Role		role = role_begin(guard->store_owner);

	if (*plan == NULL)
	{
		Oid			types[] = {TEXTOID, UUIDOID};

		sql_keep(plan, "DELETE FROM " INTERNAL_SCHEMA ".claim_guard_note k WHERE k.source = $1 AND k.day_key = $2", lengthof(types), types);
	}
	sql_execute(*plan, values, NULL, false);
	role_end(role);
}

void
guard_clear_notes(Guard *guard, const Key *keys, int n)
{
	MemoryContext per_day;
	MemoryContext old;
	NoteScan	scan;
	int			i;

	note_scan_begin(&scan, guard);
	if (!scan.any)
		n = 0;
	per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard notes", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_day);
	for (i = 0; i < n; i++)
	{
		if (note_scan_has(&scan, &keys[i]))
			clear_notes(guard, &keys[i]);
		MemoryContextReset(per_day);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_day);
	note_scan_end(&scan);
}

void
guard_clear_all_notes(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(guard->source)};
	Role		role = role_begin(guard->store_owner);

	sql_execute_once("DELETE FROM " INTERNAL_SCHEMA ".claim_guard_note k WHERE k.source = $1", 1, types, values, NULL, false);
	role_end(role);
}

void
guard_note_findings(Guard *guard, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_NOTE];
	Datum		values[N_KEYS + 6];
	bool		nulls[N_KEYS + 6] = {false};
	SPITupleTable *day;
	Role		role;

	if (!read_day(guard, key, &values[N_KEYS + 2]))
		return;
	day = SPI_tuptable;
	key_as_text(guard, key, values, nulls);
	values[N_KEYS] = CStringGetTextDatum(guard->source);
	values[N_KEYS + 1] = CStringGetTextDatum(guard->policy);
	values[N_KEYS + 3] = PointerGetDatum(guard->rules);
	values[N_KEYS + 4] = CStringGetTextDatum(severity_names[guard->at_least]);
	values[N_KEYS + 5] = scan_key_of(guard, key);
	role = role_begin(guard->store_owner);
	if (*plan == NULL)
	{
		const char *schema = extension_schema();
		Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, extension_type("claimday"), extension_type("claim_ruleset"), TEXTOID, UUIDOID};

		sql_keep(plan, psprintf("INSERT INTO " INTERNAL_SCHEMA ".claim_guard_note (source, day_key, policy, patient, provider, dos, finding) "
								"SELECT $4, $9, $5, $1, $2, $3, e FROM %s.claim_edits($6, $7) e WHERE e.severity >= $8::%s.claim_severity",
								schema, schema), lengthof(types), types);
	}
	sql_execute(*plan, values, nulls, false);
	role_end(role);
	SPI_freetuptable(day);
}

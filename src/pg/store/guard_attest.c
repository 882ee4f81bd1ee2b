/*
 * src/pg/store/guard_attest.c
 *
 * The log of attestations, which only this file writes, as its owner: those of
 * findings that scans made, and those that a session gives to guards by the
 * setting claimline.attest.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/finding_row.h"
#include "pg/line_type.h"
#include "pg/store/guard_attest.h"
#include "pg/store/guard_key.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(claim_attest_put);

static char *given = NULL;

/* A statement says it, for itself: what a role or a database has always would be no guard at all. */
static bool
check_given(char **value, void **extra, GucSource source)
{
	if (**value == '\0' || source == PGC_S_SESSION)
		return true;
	GUC_check_errdetail("It is for a transaction: SET LOCAL claimline.attest = '...'.");
	return false;
}

void
guard_attest_init(void)
{
	DefineCustomStringVariable("claimline.attest",
							   "Attests findings that guards would refuse, in this transaction.",
							   "An object with rule, claim_id, line_no, reason and evidence, or an array of such.",
							   &given, "", PGC_USERSET, GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_given, NULL, NULL);
}

bool
guard_attests(void)
{
	return given != NULL && given[0] != '\0';
}

/* ------------------------------------------------------------ of findings */

static Oid
log_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(internal_relation("claim_attestation")));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "the log of attestations is gone");
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * (source, finding, withdraws, reason, evidence): the number of the row; null where there is no such finding or
 * attestation.  What is written of it is read here, so that nobody attests what no scan found.
 */
Datum
claim_attest_put(PG_FUNCTION_ARGS)
{
	Oid			types[] = {TEXTOID, INT8OID, INT8OID, TEXTOID, TEXTOID};
	Datum		values[lengthof(types)];
	bool		nulls[lengthof(types)];
	Datum		number = (Datum) 0;
	bool		is_null = true;
	Role		role;
	int			level = NewGUCNestLevel();
	int			i;

	for (i = 0; i < lengthof(types); i++)
	{
		values[i] = PG_ARGISNULL(i) ? (Datum) 0 : PG_GETARG_DATUM(i);
		nulls[i] = PG_ARGISNULL(i);
	}
	set_local("search_path", "pg_catalog, pg_temp");
	SPI_connect();
	sql_execute_once("SELECT FROM " INTERNAL_SCHEMA ".claim_source s WHERE s.name = $1 AND pg_has_role(s.owner::oid, 'USAGE')",
					 lengthof(types), types, values, nulls, true);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of the claim source to attest")));
	role = role_begin(log_owner());
	sql_execute_once("INSERT INTO " INTERNAL_SCHEMA ".claim_attestation (source, source_added_at, policy, withdraws, finding_id, day_key, "
					 "patient, provider, dos, claim_id, line_no, line, charge, rule, severity, message, with_claim_id, with_line_no, "
					 "suggestion, condition, reason, evidence) "
					 "SELECT s.name, s.added_at, f.policy, NULL, f.id, f.day_key, f.patient, f.provider, f.dos, (f.finding).claim_id, "
					 "(f.finding).line_no, f.line, f.charge, (f.finding).rule, (f.finding).severity, (f.finding).message, "
					 "(f.finding).with_claim_id, (f.finding).with_line_no, (f.finding).suggestion, (f.finding).condition, $4, $5 "
					 "FROM " INTERNAL_SCHEMA ".claim_source s JOIN " INTERNAL_SCHEMA ".claim_scan_finding f ON f.source = s.name "
					 "WHERE s.name = $1 AND f.id = $2 AND f.closed_at IS NULL AND $3 IS NULL "
					 "UNION ALL SELECT s.name, s.added_at, a.policy, a.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
					 "NULL, NULL, NULL, NULL, NULL, $4, $5 "
					 "FROM " INTERNAL_SCHEMA ".claim_source s JOIN " INTERNAL_SCHEMA ".claim_attestation a "
					 "ON a.source = s.name AND a.source_added_at = s.added_at "
					 "WHERE s.name = $1 AND a.id = $3 AND a.withdraws IS NULL "
					 "AND NOT EXISTS (SELECT FROM " INTERNAL_SCHEMA ".claim_attestation b WHERE b.withdraws = a.id) RETURNING id",
					 lengthof(types), types, values, nulls, false);
	role_end(role);
	if (SPI_processed == 1)
		number = sql_column(0, 1, &is_null);
	SPI_finish();
	AtEOXact_GUC(false, level);
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_INT64(DatumGetInt64(number));
}

/* -------------------------------------------------------------- of guards */

/*
 * Ensure that the user may attest: of the source's owner, and so must be who the session is of.  A function with
 * its owner's rights does not attest for who calls it.
 */
static void
check_attester(const Guard *guard, Oid user)
{
	Oid			types[] = {TEXTOID, OIDOID, OIDOID};
	Datum		values[] = {CStringGetTextDatum(guard->source), ObjectIdGetDatum(user), ObjectIdGetDatum(GetSessionUserId())};
	bool		is_null;

	sql_execute_once("SELECT pg_has_role($2, s.owner::oid, 'USAGE') AND pg_has_role($3, s.owner::oid, 'MEMBER') "
					 "FROM " INTERNAL_SCHEMA ".claim_source s WHERE s.name = $1", lengthof(types), types, values, NULL, true);
	if (SPI_processed != 1 || !DatumGetBool(sql_column(0, 1, &is_null)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of claim source \"%s\" to attest", guard->source),
				 errdetail("The setting claimline.attest names a finding of this statement.")));
}

/* The findings of a day as an array. */
static Datum
findings_array(const AnsweredDay *answered, Datum *findings)
{
	Oid			row_type = extension_type("claim_finding");
	RowShape	shape = {NULL};
	int			i;

	finding_row_prepare(&shape, row_type, CurrentMemoryContext);
	for (i = 0; i < answered->n_findings; i++)
		findings[i] = finding_row(&shape, &answered->sink, answered->findings[i].finding);
	return sql_array(findings, NULL, answered->n_findings, row_type);
}

static Datum
copied_text(uint64 row, int at, bool *is_null)
{
	Datum		value = sql_column(row, at, is_null);

	return *is_null ? (Datum) 0 : PointerGetDatum(DatumGetTextPCopy(value));
}

void
take_attested(const Guard *guard, AnsweredDay *answered, Oid user, Attested *attested)
{
	Size		n = (Size) answered->n_findings;
	Datum	   *findings = palloc(sizeof(Datum) * n);
	Datum		values[2] = {CStringGetTextDatum(given), findings_array(answered, findings)};
	Oid			types[2] = {TEXTOID, get_array_type(extension_type("claim_finding"))};
	bool	   *taken = palloc0(sizeof(bool) * n);
	int			left = 0;
	uint64		row;
	int			i;

	attested->findings = palloc(sizeof(Datum) * n);
	attested->lines = palloc(sizeof(Datum) * n);
	attested->no_line = palloc(sizeof(bool) * n);
	attested->reasons = palloc(sizeof(Datum) * n);
	attested->evidence = palloc(sizeof(Datum) * n);
	attested->no_evidence = palloc(sizeof(bool) * n);
	sql_execute_once("SELECT m.n, m.reason, m.evidence FROM " INTERNAL_SCHEMA ".claim_attest_matched($1, $2) m",
					 lengthof(types), types, values, NULL, true);
	attested->n = (int) SPI_processed;
	for (row = 0; row < SPI_processed; row++)
	{
		bool		is_null;
		const Line *line;

		i = DatumGetInt32(sql_column(row, 1, &is_null)) - 1;
		line = day_row(&answered->day, answered->findings[i].finding->line);
		taken[i] = true;
		attested->findings[row] = findings[i];
		attested->no_line[row] = line == NULL;
		attested->lines[row] = line == NULL ? (Datum) 0 : line_datum(line);
		attested->reasons[row] = copied_text(row, 2, &is_null);
		attested->evidence[row] = copied_text(row, 3, &attested->no_evidence[row]);
	}
	SPI_freetuptable(SPI_tuptable);
	if (attested->n > 0)
		check_attester(guard, user);
	for (i = 0; i < answered->n_findings; i++)
		if (!taken[i])
			answered->findings[left++] = answered->findings[i];
	answered->n_findings = left;
}

void
write_attested(Guard *guard, const Key *key, const Attested *attested)
{
	Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, UUIDOID, extension_type("claim_finding"), extension_type("claimline"), TEXTOID, TEXTOID};
	Datum		values[lengthof(types)];
	bool		nulls[lengthof(types)] = {false};
	Role		role;
	int			i;

	if (attested->n == 0)
		return;
	key_as_text(guard, key, values, nulls);
	values[N_KEYS] = CStringGetTextDatum(guard->source);
	values[N_KEYS + 1] = CStringGetTextDatum(guard->policy);
	values[N_KEYS + 2] = scan_key_of(guard, key);
	role = role_begin(guard->store_owner);
	for (i = 0; i < attested->n; i++)
	{
		values[N_KEYS + 3] = attested->findings[i];
		values[N_KEYS + 4] = attested->lines[i];
		nulls[N_KEYS + 4] = attested->no_line[i];
		values[N_KEYS + 5] = attested->reasons[i];
		values[N_KEYS + 6] = attested->evidence[i];
		nulls[N_KEYS + 6] = attested->no_evidence[i];
		sql_execute_once("INSERT INTO " INTERNAL_SCHEMA ".claim_attestation (source, source_added_at, policy, day_key, patient, provider, dos, "
						 "claim_id, line_no, line, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, reason, evidence) "
						 "SELECT s.name, s.added_at, $5, $6, $1, $2, $3, ($7).claim_id, ($7).line_no, $8, ($7).rule, ($7).severity, ($7).message, "
						 "($7).with_claim_id, ($7).with_line_no, ($7).suggestion, ($7).condition, $9, $10 "
						 "FROM " INTERNAL_SCHEMA ".claim_source s WHERE s.name = $4", lengthof(types), types, values, nulls, false);
	}
	role_end(role);
}

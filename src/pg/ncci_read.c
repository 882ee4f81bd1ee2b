/*
 * src/pg/ncci_read.c
 *
 * The aggregates that read CMS's files, record by record.
 */
#include "postgres.h"

#include "fmgr.h"
#include "ncci/ncci_file.h"
#include "pg/ncci_type.h"
#include "pg/server.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(ncci_read_ptp_step);
PG_FUNCTION_INFO_V1(ncci_read_mue_step);
PG_FUNCTION_INFO_V1(ncci_read_addon_step);
PG_FUNCTION_INFO_V1(ncci_read_end);

static const char *const kind_words[] = {"PTP", "MUE", "add-on code"};

/* What an aggregate keeps between records. */
typedef struct Reading
{
	Arena		arena;
	NcciFile	file;
} Reading;

static Reading *
begin_reading(FunctionCallInfo fcinfo, NcciKind kind, const char *service_type)
{
	MemoryContext context;
	Reading    *reading;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "not called as an aggregate");
	reading = MemoryContextAllocZero(context, sizeof(Reading));
	arena_init_context(&reading->arena, context);
	ncci_file_begin(&reading->file, &reading->arena, kind, service_type);
	return reading;
}

/* Fields from argument `first` on; null is nothing. */
static void
read_record(FunctionCallInfo fcinfo, Reading *reading, int first, int n)
{
	Word		fields[NCCI_PTP_FIELDS];
	int			i;

	for (i = 0; i < n; i++)
	{
		fields[i] = (Word) {"", 0, 0};
		if (!PG_ARGISNULL(first + i))
		{
			text	   *field = PG_GETARG_TEXT_PP(first + i);

			fields[i] = (Word) {VARDATA_ANY(field), VARSIZE_ANY_EXHDR(field), 0};
		}
	}
	ncci_file_record(&reading->file, fields);
}

Datum
ncci_read_ptp_step(PG_FUNCTION_ARGS)
{
	Reading    *reading = PG_ARGISNULL(0) ? begin_reading(fcinfo, NCCI_PTP, NULL)
		: (Reading *) PG_GETARG_POINTER(0);

	read_record(fcinfo, reading, 1, NCCI_PTP_FIELDS);
	PG_RETURN_POINTER(reading);
}

Datum
ncci_read_mue_step(PG_FUNCTION_ARGS)
{
	Reading    *reading;

	if (!PG_ARGISNULL(0))
		reading = (Reading *) PG_GETARG_POINTER(0);
	else
	{
		char	   *asked;
		int			i;

		if (PG_ARGISNULL(1))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("service type must not be null")));
		asked = text_to_cstring(PG_GETARG_TEXT_PP(1));
		for (i = 0; ncci_service_types[i] != NULL && strcmp(ncci_service_types[i], asked) != 0; i++)
			;
		if (ncci_service_types[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("service type \"%s\" does not exist", asked),
					 errhint("Use practitioner, outpatient or dme; or medicaid-practitioner, medicaid-outpatient or medicaid-dme.")));
		reading = begin_reading(fcinfo, NCCI_MUE, ncci_service_types[i]);
	}
	read_record(fcinfo, reading, 2, NCCI_MUE_FIELDS);
	PG_RETURN_POINTER(reading);
}

Datum
ncci_read_addon_step(PG_FUNCTION_ARGS)
{
	Reading    *reading = PG_ARGISNULL(0) ? begin_reading(fcinfo, NCCI_ADDON, NULL)
		: (Reading *) PG_GETARG_POINTER(0);

	read_record(fcinfo, reading, 1, NCCI_ADDON_FIELDS);
	PG_RETURN_POINTER(reading);
}

/* The rows of a good file; the bad records of another. */
Datum
ncci_read_end(PG_FUNCTION_ARGS)
{
	Reading    *reading;
	StringInfoData lines;
	uint32		i;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	reading = (Reading *) PG_GETARG_POINTER(0);
	if (ncci_file_end(&reading->file))
		PG_RETURN_POINTER(ncci_rows_datum(ncci_file_rows(&reading->file, context_get, CurrentMemoryContext)));
	initStringInfo(&lines);
	for (i = 0; i < reading->file.n_bad && i < NCCI_BAD_SHOWN; i++)
		appendStringInfo(&lines, "%s%s", i == 0 ? "" : "\n", ncci_file_bad(&reading->file, i));
	if (reading->file.n_bad > NCCI_BAD_SHOWN)
		appendStringInfo(&lines, "\nand %u more", reading->file.n_bad - NCCI_BAD_SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg_plural("the %s file has %u bad record", "the %s file has %u bad records", reading->file.n_bad,
						   kind_words[reading->file.kind], reading->file.n_bad),
			 errdetail("%s", lines.data),
			 errhint("The import tables are as they were: ncci_import_clear() empties them.")));
	PG_RETURN_NULL();
}

/*
 * src/pg/store/source_fault.c
 *
 * claim_source_fault and claim_line_fault: what is wrong with a row, by kind
 * and field, for counting.
 *
 * Rows of one fault differ in what they hold, so that each would have a reason
 * of its own: the reason is also given without the value.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "pg/line_type.h"
#include "pg/store/source_line.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(claim_source_fault);
PG_FUNCTION_INFO_V1(claim_line_fault);

/* What is given, in the order of the array. */
enum
{
	TOLD_KIND, TOLD_FIELD, TOLD_WHAT, TOLD_SAID, N_TOLD
};

/* What stands for a value. */
#define VALUE_LEFT_OUT	"..."

/* The value of a reason that does not quote it: "Units are -1, must be 0 to 999999.999." */
static bool
bare_value(const char *reason, const char **from, const char **to)
{
	const char *must = strstr(reason, ", must ");
	const char *is = strstr(reason, " is ");
	const char *are = strstr(reason, " are ");

	if (must == NULL)
		return false;
	*from = is != NULL && is < must ? is + strlen(" is ") : are != NULL && are < must ? are + strlen(" are ") : NULL;
	*to = must;
	return *from != NULL;
}

/* A reason without the value of the row: what stands in quotes, or before what must be; and what it is compared with. */
static void
put_general(StringInfo text, const char *reason)
{
	static const char *const others[] = {" the first one, ", " those of the line, "};
	const char *from = strchr(reason, '"');
	const char *to = from == NULL ? NULL : strrchr(from + 1, '"');
	size_t		i;

	if (to != NULL)
		from++;
	else if (!bare_value(reason, &from, &to))
		from = to = reason;
	if (to > reason)
		appendStringInfo(text, "%.*s" VALUE_LEFT_OUT, (int) (from - reason), reason);
	for (i = 0; i < lengthof(others); i++)
	{
		const char *other = strstr(to, others[i]);

		if (other != NULL)
		{
			appendStringInfo(text, "%.*s" VALUE_LEFT_OUT ".", (int) (other - to) + (int) strlen(others[i]), to);
			return;
		}
	}
	appendStringInfoString(text, to);
}

static ArrayType *
told_texts(StringInfoData parts[N_TOLD])
{
	Datum		texts[N_TOLD];
	int			i;

	for (i = 0; i < N_TOLD; i++)
		texts[i] = PointerGetDatum(cstring_to_text_with_len(parts[i].data, parts[i].len));
	return construct_array(texts, N_TOLD, TEXTOID, -1, false, TYPALIGN_INT);
}

static void
put_reason(StringInfoData parts[N_TOLD], SourceField field, const Fault *why)
{
	const char *between = parts[TOLD_FIELD].len > 0 ? ", " : "";

	appendStringInfo(&parts[TOLD_FIELD], "%s%s", between, source_field_names[field]);
	if (parts[TOLD_SAID].len > 0)
	{
		appendStringInfoChar(&parts[TOLD_WHAT], ' ');
		appendStringInfoChar(&parts[TOLD_SAID], ' ');
	}
	put_general(&parts[TOLD_WHAT], why->detail);
	appendStringInfoString(&parts[TOLD_SAID], why->detail);
}

Datum
claim_source_fault(PG_FUNCTION_ARGS)
{
	Fault		unread_why[N_UNREAD];
	Reading		reading;
	StringInfoData parts[N_TOLD];
	bool		is_line = read_row(fcinfo, &reading, unread_why);
	SourceField field;
	int			i;

	if (is_line && reading.parts.unread == 0)
		PG_RETURN_NULL();
	for (i = 0; i < N_TOLD; i++)
		initStringInfo(&parts[i]);
	appendStringInfoString(&parts[TOLD_KIND], is_line ? "line-partial" : "line-invalid");
	if (!is_line)
		put_reason(parts, reading.faulty, &reading.why);
	else
		for (field = 0; field < N_LINE_FIELDS; field++)
			if (reading.parts.unread & optional_field(field))
				put_reason(parts, field, &unread_why[pg_leftmost_one_pos32(optional_field(field))]);
	PG_RETURN_ARRAYTYPE_P(told_texts(parts));
}

/* The same of a line that a column has, and of what another says of it. */
Datum
claim_line_fault(PG_FUNCTION_ARGS)
{
	bool		is_line = !PG_ARGISNULL(0);
	uint16		unread = is_line ? line_extension(PG_GETARG_LINE(0)).unread : 0;
	const char *said = !PG_ARGISNULL(1) ? text_to_cstring(PG_GETARG_TEXT_PP(1)) : is_line ? "" : "There is no line.";
	StringInfoData parts[N_TOLD];
	SourceField field;
	int			i;

	if (unread == 0 && is_line && said[0] == '\0')
		PG_RETURN_NULL();
	for (i = 0; i < N_TOLD; i++)
		initStringInfo(&parts[i]);
	appendStringInfoString(&parts[TOLD_KIND], is_line ? "line-partial" : "line-invalid");
	for (field = 0; field < N_LINE_FIELDS; field++)
		if (unread & optional_field(field))
			appendStringInfo(&parts[TOLD_FIELD], "%s%s", parts[TOLD_FIELD].len > 0 ? ", " : "", source_field_names[field]);
	if (unread == 0)
		appendStringInfoString(&parts[TOLD_FIELD], source_field_names[SOURCE_LINE]);
	put_general(&parts[TOLD_WHAT], said);
	appendStringInfoString(&parts[TOLD_SAID], said);
	PG_RETURN_ARRAYTYPE_P(told_texts(parts));
}

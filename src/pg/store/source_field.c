/*
 * src/pg/store/source_field.c
 *
 * The names of what a mapping knows.
 */
#include "postgres.h"

#include "pg/store/source_field.h"

const char *const source_field_names[] = {
	"code", "modifiers", "units", "minutes", "dos", "thru", "start_time", "dx", "regions", "specialty", "referral", "visit", "assistant",
	"charge", "status", "patient", "provider", "claim_id", "line_no", "frequency", "replaces",
	"allowed", "line", "line_error", NULL
};

const char *const meaning_names[] = {
	"corrected", "replacement", "void", "denied", "reversed", "cancelled", "reversal", NULL
};

const char *const value_kind_names[] = {
	"text", "integer", "numeric", "number", "date", "timestamp", "time", "boolean", "array",
	"list", "presence", "value", NULL
};

SourceField
source_field_of(const char *name, int length)
{
	int			i;

	for (i = 0; i < N_SOURCE_FIELDS; i++)
		if (strlen(source_field_names[i]) == (size_t) length && memcmp(source_field_names[i], name, length) == 0)
			break;
	return (SourceField) i;
}

ValueKind
value_kind_of(const char *name)
{
	int			i;

	for (i = 0; i < N_VALUE_KINDS && strcmp(value_kind_names[i], name) != 0; i++)
		;
	return (ValueKind) i;
}

bool
source_field_is_list(SourceField field)
{
	return field == SOURCE_MODIFIERS || field == SOURCE_DX || field == SOURCE_REGIONS;
}

/*
 * src/core/ruleset/code_spec.c
 *
 * Rows of the tables that say which code goes with, or stands for, another:
 * checked, and put to the spec of a ruleset.
 */
#include "ruleset/ruleset_spec.h"

#define FIELD(i)	fields[*column = (i)]

bool
spec_add_additional(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	AdditionalRow row;

	if (!code_field(FIELD(0), &row.code, why) || !code_field(FIELD(1), &row.initial, why))
		return false;
	if (row.code == row.initial)
		return fault(why, FAULT_RANGE, 0, "A code does not add to itself");
	*(AdditionalRow *) spec_add_row(spec, &spec->additional, sizeof(row)) = row;
	return true;
}

/* A primary of an add-on code; null where the contractor says which they are. */
bool
spec_add_addon_row(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	AddonRow	row = {0};
	int32_t		type;

	if (!code_field(FIELD(0), &row.code, why) ||
		(!is_null(FIELD(1)) && !code_field(fields[1], &row.primary, why)) ||
		!number_field("Type is", FIELD(2), ADDON_LISTED, ADDON_PARTLY, &type, why) ||
		!date_field(FIELD(3), DATE_BEGIN, &row.from, why) ||
		!date_field(FIELD(4), DATE_END, &row.to, why) ||
		!spec_period_in_order(row.from, row.to, why))
		return false;
	*column = 1;
	if (row.code == row.primary)
		return fault(why, FAULT_RANGE, 0, "A code is not its own primary");
	if (row.primary == 0 ? type == ADDON_LISTED : type == ADDON_CONTRACTOR)
		return fault(why, FAULT_SYNTAX, 0, "A primary is null where the type is %d, and never where it is %d",
					 ADDON_CONTRACTOR, ADDON_LISTED);
	row.type = (uint32_t) type;
	spec_add_addon(spec, &row);
	return true;
}

bool
spec_add_replacement(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	ReplacementRow row;

	if (!code_field(FIELD(0), &row.code, why) || !code_field(FIELD(1), &row.replacement, why) ||
		!text_field(spec, "Condition", FIELD(2), true, &row.condition, why))
		return false;
	*column = 1;
	if (row.code == row.replacement)
		return fault(why, FAULT_RANGE, 0, "A code does not replace itself");
	*(ReplacementRow *) spec_add_row(spec, &spec->replacements, sizeof(row)) = row;
	return true;
}

/*
 * src/core/ruleset/policy_spec.c
 *
 * The policy of a ruleset under construction: its settings and lists, layer
 * over layer.
 */
#include "ruleset/ruleset_spec.h"

#include <string.h>

bool
spec_set_policy(RulesetSpec *spec, Word key, const Word *value, Fault *why)
{
	uint16_t	modifier;
	int			i;

	if (word_is(key, "name"))
		return spec_set_text(spec, "Name", value, &spec->policy.name, why);
	for (i = 0; policy_settings[i].key != NULL; i++)
	{
		const PolicySetting *setting = &policy_settings[i];
		int32_t    *field = (int32_t *) ((char *) &spec->policy + setting->offset);

		if (!word_is(key, setting->key))
			continue;
		if (spec->policy_seen & 1u << i)
			return fault(why, FAULT_SYNTAX, 0, "Key is repeated");
		spec->policy_seen |= 1u << i;
		spec->policy_set |= 1u << i;
		switch (setting->kind)
		{
			case SETTING_CHOICE:
				return choice_field(*value, setting->choices, field, why);
			case SETTING_NUMBER:
				return number_field("Value is", *value, setting->low, setting->high, field, why);
			case SETTING_LIMIT:
				*field = NO_LIMIT;
				return is_null(*value) ||
					integer_from_text("Value is", *value, setting->low, setting->high, field, why);
			case SETTING_DATE:
				return date_field(*value, DATE_END, field, why);
			case SETTING_SINCE:
				return date_field(*value, DATE_BEGIN, field, why);
			case SETTING_MODIFIER:
				*field = 0;
				if (is_null(*value))
					return true;
				if (!modifier_field(*value, &modifier, why))
					return false;
				*field = modifier;
				return true;
		}
	}
	return fault(why, FAULT_SYNTAX, 0, "There is no such key");
}

void
spec_policy_layer(RulesetSpec *spec)
{
	spec->policy_seen = spec->lists_seen = 0;
}

bool
spec_policy_complete(const RulesetSpec *spec, Fault *why)
{
	int			i;

	for (i = 0; policy_settings[i].key != NULL; i++)
		if (!(spec->policy_set & 1u << i))
			return fault(why, FAULT_MISSING, 0, "\"policy.%s\" is missing", policy_settings[i].key);
	return spec->policy.unit_threshold <= spec->policy.unit_minutes ||
		fault(why, FAULT_RANGE, 0,
			  "\"policy.unit_threshold\" is %d, must be at most \"policy.unit_minutes\", %d",
			  spec->policy.unit_threshold, spec->policy.unit_minutes);
}

/* -------------------------------------------------------------- its lists */

PolicyList
policy_list_of(Word key)
{
	int			list = 0;

	while (list < N_POLICY_LISTS && !word_is(key, policy_lists[list].key))
		list++;
	return (PolicyList) list;
}

bool
spec_list(RulesetSpec *spec, PolicyList list, Fault *why)
{
	SpecList   *rows = spec->lists.rows;
	int			kept = 0;
	int			i;

	if (spec->lists_seen & 1u << list)
		return fault(why, FAULT_SYNTAX, 0, "Key is repeated");
	spec->lists_seen |= 1u << list;
	for (i = 0; i < spec->lists.count; i++)
		if (rows[i].list != (uint32_t) list)
			rows[kept++] = rows[i];
	spec->lists.count = kept;
	return true;
}

static bool
specialty_field(Word field, ListRow *row, Fault *why)
{
	SpecialtyKind kind;
	uint64_t	specialty;

	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Specialty is missing");
	if (!specialty_from_text(field, &kind, &specialty, why))
		return false;
	row->kind = (uint32_t) kind;
	row->specialty_high = (uint32_t) (specialty >> 32);
	row->specialty_low = (uint32_t) specialty;
	return true;
}

/* An item of a list, and the number that belongs to it. */
static bool
item_field(ListItem form, Word field, const Word *number, ListRow *row, Fault *why)
{
	uint64_t	dx;
	int32_t		value = 0;

	switch (form)
	{
		case ITEM_SPECIALTY:
			return specialty_field(field, row, why);
		case ITEM_CODE:
			if (!code_field(field, &row->item_low, why) ||
				(number != NULL &&
				 !number_field("Units are", *number, 0, CLAIMLINE_MAX_UNITS / 1000, &value, why)))
				return false;
			break;
		case ITEM_DX:
			if (is_null(field))
				return fault(why, FAULT_MISSING, 0, "Diagnosis is missing");
			if (!dx_from_text(field, &dx, why))
				return false;
			row->item_high = (uint32_t) (dx >> 32);
			row->item_low = (uint32_t) dx;
			break;
		case ITEM_YEAR:
			if (!number_field("Year is", field, 1900, 9999, &value, why))
				return false;
			row->item_low = (uint32_t) value;
			if (!number_field("Amount is", *number, 0, 1000000, &value, why))
				return false;
			break;
		case ITEM_COURSE_LIMIT:
			if (!choice_field(field, course_limit_names, &value, why))
				return false;
			row->item_low = (uint32_t) value;
			if (!number_field(value == COURSE_EPISODE_DAYS ? "Days are" : value == COURSE_UNITS_WEEK ? "Units are" : "Visits are",
							  *number, 0, CLAIMLINE_MAX_UNITS / 1000, &value, why))
				return false;
			break;
		case ITEM_PERIOD:
			if (!choice_field(field, period_kind_names, &value, why))
				return false;
			row->item_low = (uint32_t) value;
			value = 0;
			break;
		case ITEM_RULE:
			if (!rule_field(field, &value, why))
				return false;
			/* what is not valid or not known is so for every payer */
			if (value == RULE_LINE_INVALID || value == RULE_EDITION_COVERAGE)
				return fault(why, FAULT_RANGE, 0, "Severity of this rule is not the policy's to change");
			row->item_low = (uint32_t) value;
			if (!choice_field(*number, severity_names, &value, why))
				return false;
			break;
	}
	row->number = (uint32_t) value;
	return true;
}

bool
spec_list_add(RulesetSpec *spec, PolicyList list, const Word *specialty, const Word *item,
			  const Word *number, Fault *why)
{
	SpecList	entry;

	memset(&entry, 0, sizeof(entry));
	entry.list = (uint32_t) list;
	if ((specialty != NULL && !specialty_field(*specialty, &entry.row, why)) ||
		(item != NULL && !item_field(policy_lists[list].item, *item, number, &entry.row, why)))
		return false;
	*(SpecList *) spec_add_row(spec, &spec->lists, sizeof(entry)) = entry;
	return true;
}

/* A policy changes how severe a rule is. */
void
spec_change_severities(RulesetSpec *spec)
{
	const SpecList *rows = spec->lists.rows;
	int			i;

	for (i = 0; i < spec->lists.count; i++)
		if (rows[i].list == LIST_SEVERITY)
			spec->rules[rows[i].row.item_low].severity = rows[i].row.number;
}

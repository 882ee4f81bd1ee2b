/*
 * src/core/ruleset/biller_spec.c
 *
 * Rows of the tables that say who bills, and with which modifiers a code is
 * billed: checked, and put to the spec of a ruleset.
 */
#include "ruleset/ruleset_spec.h"

#define FIELD(i)	fields[*column = (i)]

bool
spec_add_specialty(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SpecialtyKind kind;
	uint64_t	specialty;
	uint16_t	discipline;
	SpecialtyRow *row;

	if (is_null(FIELD(0)))
		return fault(why, FAULT_MISSING, 0, "Specialty is missing");
	if (!specialty_from_text(fields[0], &kind, &specialty, why) ||
		!modifier_field(FIELD(1), &discipline, why))
		return false;
	row = spec_add_row(spec, &spec->specialties, sizeof(SpecialtyRow));
	row->kind = (uint32_t) kind;
	row->specialty_high = (uint32_t) (specialty >> 32);
	row->specialty_low = (uint32_t) specialty;
	row->discipline = discipline;
	return true;
}

bool
spec_add_taxonomy(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	uint64_t	prefix,
				specialty;
	SpecialtyKind kind;
	TaxonomyRow *row;
	uint32_t	length;

	if (is_null(FIELD(0)))
		return fault(why, FAULT_MISSING, 0, "Taxonomy is missing");
	if (!taxonomy_prefix_from_text(fields[0], &prefix, &length, why))
		return false;
	if (is_null(FIELD(1)))
		return fault(why, FAULT_MISSING, 0, "Specialty is missing");
	if (!specialty_from_text(fields[1], &kind, &specialty, why))
		return false;
	if (kind != SPECIALTY_CMS || specialty == 0)
		return fault(why, FAULT_RANGE, 0, "Specialty \"%s\" must be a CMS code", WORD_SHOWN(fields[1]));
	row = spec_add_row(spec, &spec->taxonomies, sizeof(TaxonomyRow));
	row->prefix_high = (uint32_t) (prefix >> 32);
	row->prefix_low = (uint32_t) prefix;
	row->length = length;
	row->specialty = (uint32_t) specialty;
	return true;
}

bool
spec_add_code_modifier(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	uint16_t	modifier;
	CodeModifierRow row;

	if (!modifier_field(FIELD(0), &modifier, why) ||
		!code_field(FIELD(1), &row.code_from, why) ||
		!code_field(FIELD(2), &row.code_to, why))
		return false;
	if (row.code_to < row.code_from)
		return fault(why, FAULT_RANGE, 0, "The codes end before they start");
	row.modifier = modifier;
	*(CodeModifierRow *) spec_add_row(spec, &spec->code_modifiers, sizeof(row)) = row;
	return true;
}

/*
 * src/core/ruleset/biller_text.c
 *
 * Rows of the tables that say who bills, and with which modifiers a code is
 * billed, as JSON.
 */
#include "ruleset/ruleset_json.h"

void
put_specialty_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const SpecialtyRow *row = (const SpecialtyRow *) ruleset_rows(rules, SECTION_SPECIALTIES) + i;
	char		text[SPECIALTY_TEXT];

	json_put_text(writer, specialty_to_text((SpecialtyKind) row->kind,
									   (uint64_t) row->specialty_high << 32 | row->specialty_low, text));
	json_put_modifier(writer, row->discipline);
}

void
put_taxonomy_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const TaxonomyRow *row = (const TaxonomyRow *) ruleset_rows(rules, SECTION_TAXONOMIES) + i;
	char		text[SPECIALTY_TEXT];

	json_put_text(writer, taxonomy_prefix_to_text((uint64_t) row->prefix_high << 32 | row->prefix_low, row->length, text));
	json_put_text(writer, specialty_to_text(SPECIALTY_CMS, row->specialty, text));
}

void
put_code_modifier_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const CodeModifierRow *row = (const CodeModifierRow *) ruleset_rows(rules, SECTION_CODE_MODIFIERS) + i;

	json_put_modifier(writer, row->modifier);
	json_put_code(writer, row->code_from);
	json_put_code(writer, row->code_to);
}

void
put_modifier_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const ModifierRow *row = (const ModifierRow *) ruleset_rows(rules, SECTION_MODIFIERS) + i;
	char		text[MODIFIER_TEXT];

	json_put_text(writer, modifier_to_text(row->modifier, text));
	json_put_date(writer, row->from);
	json_put_words(writer, row->kinds, kind_names);
	json_put_words(writer, row->only_on, class_names);
	json_put_words(writer, row->not_on, class_names);
	json_put_modifier(writer, row->requires);
	json_put_date(writer, row->requires_from);
}

void
put_conflict_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const ConflictRow *row = (const ConflictRow *) ruleset_rows(rules, SECTION_CONFLICTS) + i;

	json_put_modifier(writer, row->a);
	json_put_modifier(writer, row->b);
	json_put_date(writer, row->from);
	json_put_text(writer, severity_names[row->severity]);
}

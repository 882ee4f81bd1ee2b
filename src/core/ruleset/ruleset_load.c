/*
 * src/core/ruleset/ruleset_load.c
 *
 * A ruleset taken apart again, to build another on its reference data.
 */
#include "ruleset/ruleset_spec.h"

#include <string.h>

void
ruleset_pair_set(const Ruleset *rules, Arena *arena, PairSet *set)
{
	const CodeRow *rows = ruleset_rows(rules, SECTION_CODES);
	const TextRef *refs = ruleset_rows(rules, SECTION_RATIONALES);
	uint32_t	n_rationales = ruleset_count(rules, SECTION_RATIONALES);
	const char **rationales = arena_alloc(arena, sizeof(char *) * ((size_t) n_rationales + 1));
	PairCode   *codes;
	uint32_t	i,
				end = 0;

	memset(set, 0, sizeof(*set));
	for (i = 0; i < n_rationales; i++)
		rationales[i] = ruleset_text(rules, refs[i]);
	pair_set_rationales(set, rationales, n_rationales);
	set->n_codes = ruleset_count(rules, SECTION_CODES);
	codes = arena_alloc(arena, sizeof(PairCode) * ((size_t) set->n_codes + 1));
	for (i = 0; i < set->n_codes; i++)
		codes[i] = (PairCode) {rows[i].code, end += rows[i].n_pairs};
	set->codes = codes;
	set->rows = ruleset_rows(rules, SECTION_PAIRS);
	set->n_rows = ruleset_count(rules, SECTION_PAIRS);
	set->sum.low = (uint64_t) rules->pairs_sum[1] << 32 | rules->pairs_sum[0];
	set->sum.high = (uint64_t) rules->pairs_sum[3] << 32 | rules->pairs_sum[2];
}

TextRef
spec_take_text(RulesetSpec *spec, const Ruleset *rules, TextRef text)
{
	const char *known = ruleset_text(rules, text);

	return known == NULL ? 0 : spec_intern(spec, &spec->texts, (Word) {known, strlen(known), 0});
}

/* Every row of a section. */
static void
take_rows(RulesetSpec *spec, const Ruleset *rules, Section section, Rows *rows, size_t size)
{
	const char *from = ruleset_rows(rules, section);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, section); i++)
		memcpy(spec_add_row(spec, rows, size), from + size * i, size);
}

static void
take_codes(RulesetSpec *spec, const Ruleset *rules, bool with_edition)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const MueRow *mue = ruleset_rows(rules, SECTION_MUE);
	uint32_t	i,
				j;

	for (i = 0; i < ruleset_count(rules, SECTION_CODES); i++)
	{
		SpecCode   *code;

		/* a code that only the edition names comes back with its rows */
		if (!with_edition && codes[i].classes == 0)
			continue;
		code = spec_add_row(spec, &spec->codes, sizeof(SpecCode));
		code->listed = true;
		code->row = codes[i];
		code->row.n_pairs = code->row.first_pair = code->row.n_mue = code->row.first_mue = 0;
		code->row.scope = PAIRS_NONE;
		code->row.first_addon = 0;
		if (!with_edition)
			continue;
		for (j = codes[i].first_mue; j < codes[i].first_mue + codes[i].n_mue; j++)
			spec_add_mue(spec, codes[i].code, &mue[j]);
	}
}

/* Which pairs of a code the edition carries. */
static void
take_scopes(RulesetSpec *spec, const Ruleset *rules)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_CODES); i++)
		if (codes[i].scope != PAIRS_NONE)
			*(SpecScope *) spec_add_row(spec, &spec->scopes, sizeof(SpecScope)) =
				(SpecScope) {codes[i].code, codes[i].scope};
}

/* The dates of a part, of which some codes are known for longer; those of all codes too. */
static void
take_coverage(RulesetSpec *spec, const Ruleset *rules, RulesetPart part, bool of_all)
{
	const CoverageRow *rows = ruleset_rows(rules, SECTION_COVERAGE);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_COVERAGE); i++)
		if (rows[i].part == (uint32_t) part && (of_all || rows[i].code != 0))
		{
			CoverageRow row = rows[i];

			row.note = spec_take_text(spec, rules, row.note);
			spec_add_coverage(spec, &row);
		}
}

static void
take_pairs(RulesetSpec *spec, const Ruleset *rules)
{
	PairSet    *pairs = arena_alloc(spec->arena, sizeof(PairSet));

	ruleset_pair_set(rules, spec->arena, pairs);
	spec_pairs(spec, pairs, NULL);
}

void
spec_load_pairs(RulesetSpec *spec, const Ruleset *rules)
{
	take_scopes(spec, rules);
	take_coverage(spec, rules, PART_PTP, false);
	take_pairs(spec, rules);
}

void
spec_add_addon(RulesetSpec *spec, const AddonRow *row)
{
	*(AddonRow *) spec_add_row(spec, &spec->addon, sizeof(AddonRow)) = *row;
}

void
spec_load_addons(RulesetSpec *spec, const Ruleset *rules)
{
	take_rows(spec, rules, SECTION_ADDON, &spec->addon, sizeof(AddonRow));
}

static void
take_edition(RulesetSpec *spec, const Ruleset *rules)
{
	take_scopes(spec, rules);
	take_rows(spec, rules, SECTION_GAPS, &spec->gaps, sizeof(PeriodRow));
	take_rows(spec, rules, SECTION_MUE_WHOLE, &spec->mue_whole, sizeof(PeriodRow));
	take_coverage(spec, rules, PART_PTP, true);
	take_coverage(spec, rules, PART_MUE, true);
	take_coverage(spec, rules, PART_ADDON, true);
	take_rows(spec, rules, SECTION_ADDON, &spec->addon, sizeof(AddonRow));
	spec->edition = rules->edition;
	spec->edition.name = spec_take_text(spec, rules, rules->edition.name);
	spec->edition.service_type = spec_take_text(spec, rules, rules->edition.service_type);
	spec->from_set = spec->to_set = spec->scope_set = true;
	take_pairs(spec, rules);
}

static void
take_replacements(RulesetSpec *spec, const Ruleset *rules)
{
	const ReplacementRow *rows = ruleset_rows(rules, SECTION_REPLACEMENTS);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_REPLACEMENTS); i++)
		*(ReplacementRow *) spec_add_row(spec, &spec->replacements, sizeof(ReplacementRow)) =
			(ReplacementRow) {rows[i].code, rows[i].replacement, spec_take_text(spec, rules, rows[i].condition)};
}

void
spec_load_tables(RulesetSpec *spec, const Ruleset *rules, bool with_edition)
{
	take_codes(spec, rules, with_edition);
	take_rows(spec, rules, SECTION_MODIFIERS, &spec->modifiers, sizeof(ModifierRow));
	take_rows(spec, rules, SECTION_CONFLICTS, &spec->conflicts, sizeof(ConflictRow));
	take_rows(spec, rules, SECTION_REGIONS, &spec->regions, sizeof(RegionRow));
	take_rows(spec, rules, SECTION_SPECIALTIES, &spec->specialties, sizeof(SpecialtyRow));
	take_rows(spec, rules, SECTION_TAXONOMIES, &spec->taxonomies, sizeof(TaxonomyRow));
	take_rows(spec, rules, SECTION_CODE_MODIFIERS, &spec->code_modifiers, sizeof(CodeModifierRow));
	take_rows(spec, rules, SECTION_ADDITIONAL, &spec->additional, sizeof(AdditionalRow));
	take_replacements(spec, rules);
	if (with_edition)
		take_edition(spec, rules);
}

void
spec_take_rule(RulesetSpec *spec, const Ruleset *rules, const RuleRow *row, Rule rule)
{
	spec->rules[rule] = *row;
	spec->rules[rule].family = spec_take_text(spec, rules, row->family);
	spec->rules[rule].title = spec_take_text(spec, rules, row->title);
	spec->rules[rule].citation = spec_take_text(spec, rules, row->citation);
	spec->rule_set[rule] = spec->reads_set[rule] = true;
}

void
spec_take_denial(RulesetSpec *spec, const Ruleset *rules, const DenialRow *row)
{
	DenialRow  *denial = spec_add_row(spec, &spec->denials, sizeof(DenialRow));

	*denial = *row;
	denial->cause = spec_take_text(spec, rules, row->cause);
	denial->carc = spec_take_text(spec, rules, row->carc);
	denial->rarc = spec_take_text(spec, rules, row->rarc);
}

void
spec_fill_rules(RulesetSpec *spec, const Ruleset *rules)
{
	const RuleRow *rows = ruleset_rows(rules, SECTION_RULES);
	const DenialRow *denials = ruleset_rows(rules, SECTION_DENIALS);
	const DenialRow *known = spec->denials.rows;
	bool		lacks_denials[N_RULES];
	int			i;

	for (i = 0; i < N_RULES; i++)
	{
		lacks_denials[i] = !spec->rule_set[i];
		if (!spec->rule_set[i])
			spec_take_rule(spec, rules, &rows[i], (Rule) i);
		else if (!spec->reads_set[i])
			spec->rules[i].reads = rows[i].reads;
	}
	/* a text may say the codes of a rule and not the rule */
	for (i = 0; i < spec->denials.count; i++)
		lacks_denials[known[i].rule] = false;
	for (i = 0; i < (int) ruleset_count(rules, SECTION_DENIALS); i++)
		if (lacks_denials[denials[i].rule])
			spec_take_denial(spec, rules, &denials[i]);
}

void
spec_load(RulesetSpec *spec, const Ruleset *rules, bool with_edition)
{
	spec_load_tables(spec, rules, with_edition);
	spec_fill_rules(spec, rules);
}

void
spec_pairs(RulesetSpec *spec, const PairSet *base, const PairSet *over)
{
	spec->base_pairs = base;
	spec->over_pairs = over;
}

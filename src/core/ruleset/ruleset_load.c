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

static TextRef
taken_text(RulesetSpec *spec, const Ruleset *rules, TextRef text)
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
		if (!with_edition)
			continue;
		if (codes[i].scope != PAIRS_NONE)
			*(SpecScope *) spec_add_row(spec, &spec->scopes, sizeof(SpecScope)) =
				(SpecScope) {codes[i].code, codes[i].scope};
		for (j = codes[i].first_mue; j < codes[i].first_mue + codes[i].n_mue; j++)
			spec_add_mue(spec, codes[i].code, &mue[j]);
	}
}

void
spec_load(RulesetSpec *spec, const Ruleset *rules, bool with_edition)
{
	const RuleRow *rows = ruleset_rows(rules, SECTION_RULES);
	DenialRow  *denials;
	int			i;

	take_codes(spec, rules, with_edition);
	take_rows(spec, rules, SECTION_MODIFIERS, &spec->modifiers, sizeof(ModifierRow));
	take_rows(spec, rules, SECTION_CONFLICTS, &spec->conflicts, sizeof(ConflictRow));
	take_rows(spec, rules, SECTION_REGIONS, &spec->regions, sizeof(RegionRow));
	take_rows(spec, rules, SECTION_SPECIALTIES, &spec->specialties, sizeof(SpecialtyRow));
	take_rows(spec, rules, SECTION_DENIALS, &spec->denials, sizeof(DenialRow));
	denials = spec->denials.rows;
	for (i = 0; i < spec->denials.count; i++)
	{
		denials[i].cause = taken_text(spec, rules, denials[i].cause);
		denials[i].carc = taken_text(spec, rules, denials[i].carc);
		denials[i].rarc = taken_text(spec, rules, denials[i].rarc);
	}
	for (i = 0; i < N_RULES; i++)
	{
		spec->rules[i].family = taken_text(spec, rules, rows[i].family);
		spec->rules[i].title = taken_text(spec, rules, rows[i].title);
		spec->rules[i].citation = taken_text(spec, rules, rows[i].citation);
		spec->rules[i].severity = rows[i].severity;
		spec->rule_set[i] = true;
	}
	if (with_edition)
	{
		PairSet    *pairs = arena_alloc(spec->arena, sizeof(PairSet));

		take_rows(spec, rules, SECTION_GAPS, &spec->gaps, sizeof(PeriodRow));
		take_rows(spec, rules, SECTION_MUE_WHOLE, &spec->mue_whole, sizeof(PeriodRow));
		spec->edition = rules->edition;
		spec->edition.name = taken_text(spec, rules, rules->edition.name);
		spec->edition.service_type = taken_text(spec, rules, rules->edition.service_type);
		spec->from_set = spec->to_set = spec->scope_set = true;
		ruleset_pair_set(rules, spec->arena, pairs);
		spec_pairs(spec, pairs, NULL);
	}
}

void
spec_pairs(RulesetSpec *spec, const PairSet *base, const PairSet *over)
{
	spec->base_pairs = base;
	spec->over_pairs = over;
}

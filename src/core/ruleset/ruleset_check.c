/*
 * src/core/ruleset/ruleset_check.c
 *
 * The spec of a ruleset as a whole: every table sorted, nothing repeated or
 * overlapping, the rows linked to their codes.
 */
#include "ruleset/ruleset_spec.h"

#include <string.h>

#define COMPARE(a, b)	((a) < (b) ? -1 : (a) > (b))

static int
compare_codes(const void *x, const void *y)
{
	const SpecCode *a = x,
			   *b = y;

	/* the listed one first: the others only make sure that the code is there */
	return a->row.code != b->row.code ? COMPARE(a->row.code, b->row.code)
		: COMPARE(b->listed, a->listed);
}

static int
compare_mue(const void *x, const void *y)
{
	const SpecMue *a = x,
			   *b = y;

	return a->code != b->code ? COMPARE(a->code, b->code) : COMPARE(a->row.from, b->row.from);
}

static int
compare_modifiers(const void *x, const void *y)
{
	return COMPARE(((const ModifierRow *) x)->modifier, ((const ModifierRow *) y)->modifier);
}

static int
compare_conflicts(const void *x, const void *y)
{
	const ConflictRow *a = x,
			   *b = y;

	return a->a != b->a ? COMPARE(a->a, b->a) : COMPARE(a->b, b->b);
}

static int
compare_regions(const void *x, const void *y)
{
	const RegionRow *a = x,
			   *b = y;

	return a->prefix_high != b->prefix_high ? COMPARE(a->prefix_high, b->prefix_high)
		: COMPARE(a->prefix_low, b->prefix_low);
}

static int
compare_specialties(const void *x, const void *y)
{
	const SpecialtyRow *a = x,
			   *b = y;

	return a->kind != b->kind ? COMPARE(a->kind, b->kind)
		: a->specialty_high != b->specialty_high ? COMPARE(a->specialty_high, b->specialty_high)
		: COMPARE(a->specialty_low, b->specialty_low);
}

static int
compare_taxonomies(const void *x, const void *y)
{
	const TaxonomyRow *a = x,
			   *b = y;

	return a->prefix_high != b->prefix_high ? COMPARE(a->prefix_high, b->prefix_high)
		: a->prefix_low != b->prefix_low ? COMPARE(a->prefix_low, b->prefix_low)
		: COMPARE(a->length, b->length);
}

static int
compare_code_modifiers(const void *x, const void *y)
{
	const CodeModifierRow *a = x,
			   *b = y;

	return a->modifier != b->modifier ? COMPARE(a->modifier, b->modifier) : COMPARE(a->code_from, b->code_from);
}

static int
compare_periods(const void *x, const void *y)
{
	return COMPARE(((const PeriodRow *) x)->from, ((const PeriodRow *) y)->from);
}

static int
compare_additional(const void *x, const void *y)
{
	const AdditionalRow *a = x,
			   *b = y;

	return a->code != b->code ? COMPARE(a->code, b->code) : COMPARE(a->initial, b->initial);
}

static int
compare_replacements(const void *x, const void *y)
{
	const ReplacementRow *a = x,
			   *b = y;

	return COMPARE(a->code, b->code);
}

static int
compare_addons(const void *x, const void *y)
{
	const AddonRow *a = x,
			   *b = y;

	return a->code != b->code ? COMPARE(a->code, b->code)
		: a->primary != b->primary ? COMPARE(a->primary, b->primary)
		: COMPARE(a->from, b->from);
}

static int
compare_lists(const void *x, const void *y)
{
	const SpecList *a = x,
			   *b = y;

	return a->list != b->list ? COMPARE(a->list, b->list)
		: a->row.kind != b->row.kind ? COMPARE(a->row.kind, b->row.kind)
		: a->row.specialty_high != b->row.specialty_high ? COMPARE(a->row.specialty_high, b->row.specialty_high)
		: a->row.specialty_low != b->row.specialty_low ? COMPARE(a->row.specialty_low, b->row.specialty_low)
		: a->row.item_high != b->row.item_high ? COMPARE(a->row.item_high, b->row.item_high)
		: COMPARE(a->row.item_low, b->row.item_low);
}

static bool
check_settings(const RulesetSpec *spec, Fault *why)
{
	int			i;

	if (!spec_policy_complete(spec, why))
		return false;
	if (spec->policy.name == 0)
		return fault(why, FAULT_MISSING, 0, "\"policy.name\" is missing");
	if (spec->edition.name == 0 || spec->edition.service_type == 0 ||
		!spec->from_set || !spec->to_set || !spec->scope_set)
		return fault(why, FAULT_MISSING, 0, "\"edition.%s\" is missing",
					 spec->edition.name == 0 ? "name" :
					 spec->edition.service_type == 0 ? "service_type" :
					 !spec->from_set ? "from" : !spec->to_set ? "to" : "scope");
	if (!spec_period_in_order(spec->edition.from, spec->edition.to, why))
		return spec_at_path(why, "edition", -1, "to");
	for (i = 0; i < N_RULES; i++)
		if (!spec->rule_set[i])
			return fault(why, FAULT_MISSING, 0, "\"rules\" lacks the rule \"%s\"", rule_names[i]);
	return true;
}

bool
spec_collect_pairs(RulesetSpec *spec, Fault *why)
{
	SourcePair *pairs = spec->pairs.rows;
	PairSet    *set;
	uint32_t	n,
				i;
	char		a[CODE_TEXT],
				b[CODE_TEXT];
	int			in_force = -1;	/* the last row of indicator 0 or 1 */

	if (spec->base_pairs != NULL)
		return true;
	n = source_pairs_sort(pairs, (uint32_t) spec->pairs.count, spec->rationales.list.rows,
						  (uint32_t) spec->rationales.list.count);
	for (i = 0; i < n; i++)
	{
		if (pair_mark(&pairs[i].row) >= PAIR_NEVER)
			continue;
		if (in_force >= 0 && pair_clash(&pairs[in_force], &pairs[i]) != NULL)
			return fault(why, FAULT_SYNTAX, 0, "\"ptp\" has overlapping periods for the pair %s/%s",
						 code_to_text(pairs[i].column_1, a),
						 code_to_text(pair_column_2(&pairs[i].row), b));
		in_force = (int) i;
	}
	set = arena_alloc(spec->arena, sizeof(PairSet));
	pair_set_build(set, spec->arena, pairs, n, (const char *const *) spec->rationales.list.rows,
				   (uint32_t) spec->rationales.list.count);
	spec_pairs(spec, set, NULL);
	return true;
}

const SpecMue *
spec_sorted_mue(RulesetSpec *spec)
{
	spec_sort_rows(&spec->mue, sizeof(SpecMue), compare_mue);
	return spec->mue.rows;
}

static void
ensure_code(RulesetSpec *spec, uint32_t code)
{
	((SpecCode *) spec_add_row(spec, &spec->codes, sizeof(SpecCode)))->row.code = code;
}

static void
ensure_set_codes(RulesetSpec *spec, const PairSet *set)
{
	uint32_t	i;

	for (i = 0; i < set->n_codes; i++)
		ensure_code(spec, set->codes[i].code);
}

/* The code's place, once the codes are sorted and each is there once. */
static SpecCode *
find_code(RulesetSpec *spec, uint32_t code)
{
	SpecCode   *codes = spec->codes.rows;
	int			low = 0,
				high = spec->codes.count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (codes[middle].row.code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return &codes[low];
}

/* Link the add-on codes to their rows, which are sorted. */
static bool
link_addons(RulesetSpec *spec, Fault *why)
{
	const AddonRow *rows = spec->addon.rows;
	char		code[CODE_TEXT];
	int			i;

	if (spec->addon.count > UINT16_MAX)
		return fault(why, FAULT_RANGE, 0, "\"addon\" has %d rows, must have at most %d", spec->addon.count, UINT16_MAX);
	for (i = 0; i < spec->addon.count; i++)
	{
		if (i == 0 || rows[i].code != rows[i - 1].code)
			find_code(spec, rows[i].code)->row.first_addon = (uint16_t) (i + 1);
		else if (rows[i].primary == rows[i - 1].primary && rows[i].from <= rows[i - 1].to)
			return fault(why, FAULT_SYNTAX, 0, "\"addon\" has overlapping periods for a primary of code %s",
						 code_to_text(rows[i].code, code));
	}
	return true;
}

/* Sort the codes, with those that only other tables name; link the rows. */
static bool
link_codes(RulesetSpec *spec, Fault *why)
{
	const SpecMue *mue = spec_sorted_mue(spec);
	SpecCode   *codes;
	SpecScope  *scopes = spec->scopes.rows;
	char		a[CODE_TEXT];
	int			i,
				n = 0;

	ensure_set_codes(spec, spec->base_pairs);
	if (spec->over_pairs != NULL)
		ensure_set_codes(spec, spec->over_pairs);
	for (i = 0; i < spec->mue.count; i++)
		ensure_code(spec, mue[i].code);
	for (i = 0; i < spec->scopes.count; i++)
		ensure_code(spec, scopes[i].code);
	spec_sort_rows(&spec->addon, sizeof(AddonRow), compare_addons);
	for (i = 0; i < spec->addon.count; i++)
		if (i == 0 || ((AddonRow *) spec->addon.rows)[i].code != ((AddonRow *) spec->addon.rows)[i - 1].code)
			ensure_code(spec, ((AddonRow *) spec->addon.rows)[i].code);

	spec_sort_rows(&spec->codes, sizeof(SpecCode), compare_codes);
	codes = spec->codes.rows;
	for (i = 0; i < spec->codes.count; i++)
	{
		if (n > 0 && codes[n - 1].row.code == codes[i].row.code)
		{
			if (codes[i].listed)
				return fault(why, FAULT_SYNTAX, 0, "\"codes\" has code %s twice",
							 code_to_text(codes[i].row.code, a));
			continue;
		}
		codes[n++] = codes[i];
	}
	spec->codes.count = n;

	for (i = 0; i < spec->scopes.count; i++)
	{
		SpecCode   *code = find_code(spec, scopes[i].code);

		if (code->scoped)
			return fault(why, FAULT_SYNTAX, 0, "\"scope\" has code %s twice",
						 code_to_text(scopes[i].code, a));
		code->scoped = true;
		code->row.scope = scopes[i].scope;
	}

	for (i = 0; i < spec->mue.count; i++)
	{
		SpecCode   *code = find_code(spec, mue[i].code);

		if (code->row.n_mue == UINT16_MAX)
			return fault(why, FAULT_RANGE, 0, "\"mue\" has more than %d rows for code %s",
						 UINT16_MAX, code_to_text(mue[i].code, a));
		if (code->row.n_mue++ == 0)
			code->row.first_mue = (uint32_t) i;
		else if (mue[i - 1].row.to >= mue[i].row.from)
			return fault(why, FAULT_SYNTAX, 0, "\"mue\" has overlapping periods for code %s",
						 code_to_text(mue[i].code, a));
	}
	/* codes without limits too, so that a row's code can be searched for */
	for (i = 1; i < spec->codes.count; i++)
		if (codes[i].row.n_mue == 0)
			codes[i].row.first_mue = codes[i - 1].row.first_mue + codes[i - 1].row.n_mue;
	return link_addons(spec, why);
}

/* Sort a table; the first row that repeats the one before it, or -1. */
static int
sort_distinct(Rows *rows, size_t size, int (*compare) (const void *, const void *))
{
	int			i;

	spec_sort_rows(rows, size, compare);
	for (i = 1; i < rows->count; i++)
		if (compare((char *) rows->rows + size * (size_t) (i - 1),
					(char *) rows->rows + size * (size_t) i) == 0)
			return i;
	return -1;
}

/* The other tables: in order, without repeats. */
static bool
check_tables(RulesetSpec *spec, Fault *why)
{
	char		text[DX_TEXT];
	int			repeated;
	int			disciplines = 0;
	int			i;

	repeated = sort_distinct(&spec->modifiers, sizeof(ModifierRow), compare_modifiers);
	if (repeated >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"modifiers\" has modifier %s twice",
					 modifier_to_text(((ModifierRow *) spec->modifiers.rows)[repeated].modifier, text));
	for (i = 0; i < spec->modifiers.count; i++)
		disciplines += (((ModifierRow *) spec->modifiers.rows)[i].kinds & KIND_DISCIPLINE) != 0;
	if (disciplines > MAX_DISCIPLINES)
		return fault(why, FAULT_RANGE, 0, "\"modifiers\" has %d modifiers of kind discipline, must have at most %d",
					 disciplines, MAX_DISCIPLINES);
	repeated = sort_distinct(&spec->conflicts, sizeof(ConflictRow), compare_conflicts);
	if (repeated >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"modifier_conflicts\" has a pair with modifier %s twice",
					 modifier_to_text(((ConflictRow *) spec->conflicts.rows)[repeated].a, text));
	repeated = sort_distinct(&spec->regions, sizeof(RegionRow), compare_regions);
	if (repeated >= 0)
	{
		const RegionRow *row = &((RegionRow *) spec->regions.rows)[repeated];

		return fault(why, FAULT_SYNTAX, 0, "\"regions\" has prefix %s twice",
					 dx_to_text((uint64_t) row->prefix_high << 32 | row->prefix_low, text));
	}
	if (sort_distinct(&spec->specialties, sizeof(SpecialtyRow), compare_specialties) >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"specialties\" has a specialty twice");
	if (sort_distinct(&spec->gaps, sizeof(PeriodRow), compare_periods) >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"gaps\" has a period twice");
	if (sort_distinct(&spec->mue_whole, sizeof(PeriodRow), compare_periods) >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"mue_whole\" has a period twice");
	if (sort_distinct(&spec->taxonomies, sizeof(TaxonomyRow), compare_taxonomies) >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"taxonomies\" has a taxonomy twice");
	spec_sort_rows(&spec->code_modifiers, sizeof(CodeModifierRow), compare_code_modifiers);
	for (i = 1; i < spec->code_modifiers.count; i++)
	{
		const CodeModifierRow *row = &((CodeModifierRow *) spec->code_modifiers.rows)[i];

		if (row->modifier == row[-1].modifier && row->code_from <= row[-1].code_to)
			return fault(why, FAULT_SYNTAX, 0, "\"code_modifiers\" has overlapping codes for modifier %s",
						 modifier_to_text((uint16_t) row->modifier, text));
	}
	repeated = sort_distinct(&spec->additional, sizeof(AdditionalRow), compare_additional);
	if (repeated >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"additional\" has a pair with code %s twice",
					 code_to_text(((AdditionalRow *) spec->additional.rows)[repeated].code, text));
	repeated = sort_distinct(&spec->replacements, sizeof(ReplacementRow), compare_replacements);
	if (repeated >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"replacements\" has code %s twice",
					 code_to_text(((ReplacementRow *) spec->replacements.rows)[repeated].code, text));
	repeated = sort_distinct(&spec->lists, sizeof(SpecList), compare_lists);
	if (repeated >= 0)
		return fault(why, FAULT_SYNTAX, 0, "\"policy.%s\" has an entry twice",
					 policy_lists[((SpecList *) spec->lists.rows)[repeated].list].key);
	return true;
}

bool
spec_check(RulesetSpec *spec, Fault *why)
{
	return check_settings(spec, why) && spec_collect_pairs(spec, why) &&
		link_codes(spec, why) && check_tables(spec, why) && spec_check_coverage(spec, why);
}

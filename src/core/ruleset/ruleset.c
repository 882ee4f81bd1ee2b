/*
 * src/core/ruleset/ruleset.c
 *
 * Look-ups in the flat ruleset, straight where it lies.
 */
#include "ruleset/ruleset.h"

#include <string.h>

const char *const class_names[] = {
	"timed", "supervised", "therapy", "pmr", "cmt", "cmt-extraspinal",
	"with-cmt", "eval", "reeval", "omt", "em", "procedure",
	"bundled", "invalid", "excluded", "facility", "pt-eval", "ot-eval", "attended", "hands-on", "shared", NULL
};

const char *const kind_names[] = {
	"bypass-either", "bypass-column2", "bypass-em", "distinct", "specific",
	"anatomic", "repeat", "discipline", "assistant", "active", "liability",
	"abn", "excluded", "unnecessary", "other-provider", NULL
};

const char *const part_names[] = {"ptp", "mue", "addon", NULL};
const char *const edition_scopes[] = {"listed", "all", NULL};
const char *const code_scopes[] = {"none", "set", "whole", NULL};

const CodeRow *
ruleset_code(const Ruleset *rules, uint32_t code)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const uint32_t *slots = ruleset_rows(rules, SECTION_SLOTS);
	uint32_t	mask = ruleset_count(rules, SECTION_SLOTS) - 1;
	uint32_t	slot;

	/* at most half of the slots are taken, so an empty one ends every search */
	for (slot = ruleset_slot(code, mask + 1); slots[slot] != 0; slot = (slot + 1) & mask)
		if (codes[slots[slot] - 1].code == code)
			return &codes[slots[slot] - 1];
	return NULL;
}

uint32_t
ruleset_kinds(const Ruleset *rules, uint16_t modifier)
{
	const ModifierRow *row = ruleset_modifier(rules, modifier);

	return row == NULL ? 0 : row->kinds;
}

uint16_t
ruleset_modifier_of_kind(const Ruleset *rules, uint32_t kind)
{
	const ModifierRow *rows = ruleset_rows(rules, SECTION_MODIFIERS);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_MODIFIERS); i++)
		if (rows[i].kinds & kind)
			return rows[i].modifier;
	return 0;
}

const ConflictRow *
ruleset_conflict(const Ruleset *rules, uint16_t a, uint16_t b, int32_t dos)
{
	const ConflictRow *rows = ruleset_rows(rules, SECTION_CONFLICTS);
	uint32_t	low = 0;
	uint32_t	high = ruleset_count(rules, SECTION_CONFLICTS);
	uint16_t	smaller = a < b ? a : b;
	uint16_t	larger = a < b ? b : a;

	/* rows are sorted, the smaller modifier first */
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		const ConflictRow *row = &rows[middle];

		if (row->a == smaller && row->b == larger)
			return row->from != DATE_END && (dos == CLAIMLINE_NO_DOS || dos >= row->from) ? row : NULL;
		if (row->a < smaller || (row->a == smaller && row->b < larger))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool
in_period(const Ruleset *rules, Section section, int32_t date)
{
	const PeriodRow *periods = ruleset_rows(rules, section);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, section); i++)
		if (periods[i].from <= date && date <= periods[i].to)
			return true;
	return false;
}

bool
ruleset_mue_whole(const Ruleset *rules, int32_t dos)
{
	return in_period(rules, SECTION_MUE_WHOLE, dos);
}

bool
ruleset_decides(const Ruleset *rules, const CodeRow *a, const CodeRow *b)
{
	if (rules->edition.scope == SCOPE_ALL)
		return true;
	if ((a != NULL && a->scope == PAIRS_WHOLE) || (b != NULL && b->scope == PAIRS_WHOLE))
		return true;
	return a != NULL && b != NULL && a->scope == PAIRS_SET && b->scope == PAIRS_SET;
}

const PairRow *
ruleset_pair_rows(const Ruleset *rules, const CodeRow *column_1, uint32_t column_2)
{
	const PairRow *row = (const PairRow *) ruleset_rows(rules, SECTION_PAIRS) + column_1->first_pair;
	uint32_t	count = column_1->n_pairs;

	if (count == 0)
		return NULL;
	/* the step has no branch to mispredict */
	while (count > 1)
	{
		uint32_t	half = count / 2;

		row += pair_column_2(&row[half - 1]) < column_2 ? half : 0;
		count -= half;
	}
	return pair_column_2(row) == column_2 ? row : NULL;
}

const PairRow *
ruleset_pair_on(const Ruleset *rules, const CodeRow *column_1, const PairRow *row, int32_t dos)
{
	const PairRow *end = (const PairRow *) ruleset_rows(rules, SECTION_PAIRS) + column_1->first_pair +
		column_1->n_pairs;
	const PairRow *found = NULL;
	uint32_t	column_2 = pair_column_2(row);
	uint16_t	day = pair_day(dos);

	for (; row < end && pair_column_2(row) == column_2; row++)
	{
		if (pair_mark(row) >= PAIR_NEVER)
			continue;
		if (dos == CLAIMLINE_NO_DOS)
			found = row;
		else if (row->from <= day && day <= row->to)
			return row;
	}
	return found;
}

const ReplacementRow *
ruleset_replacement(const Ruleset *rules, uint32_t code)
{
	const ReplacementRow *rows = ruleset_rows(rules, SECTION_REPLACEMENTS);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_REPLACEMENTS); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const AddonRow *
ruleset_addons(const Ruleset *rules, const CodeRow *code, uint32_t *n)
{
	const AddonRow *rows = (const AddonRow *) ruleset_rows(rules, SECTION_ADDON) + code->first_addon - 1;
	uint32_t	most = ruleset_count(rules, SECTION_ADDON) + 1 - code->first_addon;

	if (code->first_addon == 0)
		return NULL;
	for (*n = 1; *n < most && rows[*n].code == code->code; ++*n)
		;
	return rows;
}

uint32_t
ruleset_additional(const Ruleset *rules, uint32_t initial)
{
	const AdditionalRow *rows = ruleset_rows(rules, SECTION_ADDITIONAL);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_ADDITIONAL); i++)
		if (rows[i].initial == initial)
			return rows[i].code;
	return 0;
}

bool
ruleset_in_two_codes(const Ruleset *rules, uint32_t code)
{
	const AdditionalRow *rows = ruleset_rows(rules, SECTION_ADDITIONAL);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_ADDITIONAL); i++)
		if (rows[i].code == code || rows[i].initial == code)
			return true;
	return false;
}

bool
ruleset_adds_to(const Ruleset *rules, uint32_t code, uint32_t initial)
{
	const AdditionalRow *rows = ruleset_rows(rules, SECTION_ADDITIONAL);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_ADDITIONAL); i++)
		if (rows[i].code == code && rows[i].initial == initial)
			return true;
	return false;
}

const MueRow *
ruleset_mue(const Ruleset *rules, const CodeRow *code, int32_t dos)
{
	const MueRow *rows = (const MueRow *) ruleset_rows(rules, SECTION_MUE) + code->first_mue;
	const MueRow *found = NULL;
	int			i;

	for (i = 0; i < code->n_mue; i++)
		if (dos == CLAIMLINE_NO_DOS || (rows[i].from <= dos && dos <= rows[i].to))
			found = &rows[i];
	return found;
}

/* ----------------------------------------- modifiers of single codes */

bool
ruleset_modifier_of_code(const Ruleset *rules, uint32_t code, uint16_t modifier)
{
	const CodeModifierRow *rows = ruleset_rows(rules, SECTION_CODE_MODIFIERS);
	uint32_t	low = 0;
	uint32_t	high = ruleset_count(rules, SECTION_CODE_MODIFIERS);

	if (code < rules->modifier_codes_from || code > rules->modifier_codes_to)
		return false;
	/* the last row of the modifier that starts at or before the code */
	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (rows[middle].modifier < modifier ||
			(rows[middle].modifier == modifier && rows[middle].code_from <= code))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && rows[low - 1].modifier == modifier && code <= rows[low - 1].code_to;
}

/* ------------------------------------------------- lists of the policy */

const ListRow *
policy_list(const Ruleset *rules, PolicyList list, uint32_t *n)
{
	*n = rules->policy.lists[list].count;
	return (const ListRow *) ruleset_rows(rules, SECTION_LISTS) + rules->policy.lists[list].first;
}

static uint64_t
list_item(const ListRow *row)
{
	return (uint64_t) row->item_high << 32 | row->item_low;
}

/* The CMS specialty that a taxonomy code is of, by the longest known prefix; 0 for none, which is no CMS code. */
static uint64_t
cms_specialty(const Ruleset *rules, uint64_t taxonomy)
{
	const TaxonomyRow *rows = ruleset_rows(rules, SECTION_TAXONOMIES);
	const TaxonomyRow *best = NULL;
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_TAXONOMIES); i++)
		if (taxonomy_has_prefix(taxonomy, (uint64_t) rows[i].prefix_high << 32 | rows[i].prefix_low, rows[i].length) &&
			(best == NULL || rows[i].length > best->length))
			best = &rows[i];
	return best == NULL ? 0 : best->specialty;
}

bool
policy_row_is_of(const Ruleset *rules, const ListRow *row, const Line *line)
{
	SpecialtyKind kind = line_specialty_kind(line);
	uint64_t	listed = (uint64_t) row->specialty_high << 32 | row->specialty_low;
	uint64_t	value = line_specialty_value(line);

	if (row->kind == (uint32_t) kind)
		return listed == value;
	return row->kind == SPECIALTY_CMS && kind == SPECIALTY_TAXONOMY && listed == cms_specialty(rules, value) && listed != 0;
}

bool
policy_number(const Ruleset *rules, PolicyList list, uint64_t item, uint32_t *number)
{
	uint32_t	n;
	const ListRow *row = policy_list(rules, list, &n);

	for (; n > 0; row++, n--)
		if (list_item(row) == item)
		{
			*number = row->number;
			return true;
		}
	return false;
}

bool
policy_has_item(const Ruleset *rules, PolicyList list, uint64_t item)
{
	uint32_t	number;

	return policy_number(rules, list, item, &number);
}

bool
policy_has_specialty(const Ruleset *rules, PolicyList list, const Line *line)
{
	/* a specialty that has no items has an entry with item 0 */
	uint32_t	n;
	const ListRow *row = policy_list(rules, list, &n);

	for (; n > 0 && line_specialty_kind(line) != SPECIALTY_NONE; row++, n--)
		if (policy_row_is_of(rules, row, line))
			return true;
	return false;
}

bool
policy_has_specialty_item(const Ruleset *rules, PolicyList list, const Line *line, uint64_t item)
{
	uint32_t	n;
	const ListRow *row = policy_list(rules, list, &n);

	/* item 0 is the specialty's own entry, and the code 00000, which does not exist */
	for (; n > 0 && item != 0 && line_specialty_kind(line) != SPECIALTY_NONE; row++, n--)
		if (list_item(row) == item && policy_row_is_of(rules, row, line))
			return true;
	return false;
}

bool
policy_has_dx(const Ruleset *rules, PolicyList list, uint64_t dx)
{
	int			length;

	for (length = dx_length(dx); length >= 3; length--)
		if (policy_has_item(rules, list, dx_prefix(dx, length)))
			return true;
	return false;
}

uint16_t
ruleset_dx_regions(const Ruleset *rules, uint64_t dx)
{
	const RegionRow *rows = ruleset_rows(rules, SECTION_REGIONS);
	int			length;

	for (length = dx_length(dx); length >= 3; length--)
	{
		uint64_t	prefix = dx_prefix(dx, length);
		uint32_t	low = 0;
		uint32_t	high = ruleset_count(rules, SECTION_REGIONS);

		while (low < high)
		{
			uint32_t	middle = low + (high - low) / 2;
			uint64_t	value = (uint64_t) rows[middle].prefix_high << 32 | rows[middle].prefix_low;

			if (value == prefix)
				return (uint16_t) rows[middle].regions;
			if (value < prefix)
				low = middle + 1;
			else
				high = middle;
		}
	}
	return 0;
}

uint16_t
ruleset_line_regions(const Ruleset *rules, const Line *line)
{
	uint16_t	regions = line_stated_regions(line);
	int			i;

	/* of the diagnoses of a claim it is not known to which the line points */
	if (regions == 0 && line_dx_of(line) != DX_OF_CLAIM)
		for (i = 0; i < line_n_dx(line); i++)
			regions |= ruleset_dx_regions(rules, line_dx_at(line, i));
	return regions;
}

uint16_t
ruleset_certain_regions(const Ruleset *rules, const Line *line)
{
	uint16_t	certain = line_stated_regions(line);
	int			i;

	if (certain == 0)
		for (i = 0; i < line_n_dx(line); i++)
		{
			uint16_t	regions = ruleset_dx_regions(rules, line_dx_at(line, i));

			if ((regions & (regions - 1)) == 0)
				certain |= regions;
		}
	return certain;
}

/* Does a set of regions hold one of each diagnosis? */
static bool
fits_diagnoses(const Ruleset *rules, const Line *line, uint32_t set)
{
	int			i;

	for (i = 0; i < line_n_dx(line); i++)
	{
		uint16_t	regions = ruleset_dx_regions(rules, line_dx_at(line, i));

		if (regions != 0 && !(regions & set))
			return false;
	}
	return true;
}

int
ruleset_fewest_regions(const Ruleset *rules, const Line *line, uint16_t kind)
{
	uint16_t	all = ruleset_line_regions(rules, line);
	int			fewest = N_REGIONS;
	uint32_t	set = all;

	/* every set within all of them */
	for (;; set = (set - 1) & all)
	{
		uint32_t	rest;
		int			count = 0;

		for (rest = set & kind; rest != 0; rest &= rest - 1)
			count++;
		if (count < fewest && (line_stated_regions(line) != 0 ? set == all : fits_diagnoses(rules, line, set)))
			fewest = count;
		if (set == 0)
			return fewest;
	}
}

uint16_t
ruleset_discipline(const Ruleset *rules, SpecialtyKind kind, uint64_t specialty)
{
	const SpecialtyRow *rows = ruleset_rows(rules, SECTION_SPECIALTIES);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_SPECIALTIES); i++)
		if (rows[i].kind == (uint32_t) kind &&
			((uint64_t) rows[i].specialty_high << 32 | rows[i].specialty_low) == specialty)
			return (uint16_t) rows[i].discipline;
	if (kind != SPECIALTY_TAXONOMY || (specialty = cms_specialty(rules, specialty)) == 0)
		return 0;
	return ruleset_discipline(rules, SPECIALTY_CMS, specialty);
}

void
ruleset_denial(const Ruleset *rules, Rule rule, const char *cause, int32_t dos,
			   const char **carc, const char **rarc)
{
	const DenialRow *rows = ruleset_rows(rules, SECTION_DENIALS);
	/* without a date, the codes of today's end of the list */
	int32_t		date = dos == CLAIMLINE_NO_DOS ? DATE_END : dos;
	uint32_t	i;

	*carc = *rarc = NULL;
	for (i = 0; i < ruleset_count(rules, SECTION_DENIALS); i++)
	{
		const DenialRow *row = &rows[i];
		const char *row_cause = ruleset_text(rules, row->cause);

		if (row->rule != (uint32_t) rule || (row_cause == NULL) != (cause == NULL) ||
			(cause != NULL && strcmp(cause, row_cause) != 0) ||
			row->carc_from > date || row->carc_to < date)
			continue;
		*carc = ruleset_text(rules, row->carc);
		if (row->rarc_from <= date && date <= row->rarc_to)
			*rarc = ruleset_text(rules, row->rarc);
		return;
	}
}

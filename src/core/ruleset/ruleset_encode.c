/*
 * src/core/ruleset/ruleset_encode.c
 *
 * From the checked spec of a ruleset to the flat value.  Equal content has an
 * equal hash and an equal text, whatever the order in which the rows came.
 */
#include "ruleset/pair_overlay.h"
#include "ruleset/ruleset_spec.h"

#include <stdlib.h>
#include <string.h>

#define COMPARE(a, b)	((a) < (b) ? -1 : (a) > (b))

static int
compare_denials(const void *x, const void *y)
{
	const DenialRow *a = x,
			   *b = y;

	return a->rule != b->rule ? COMPARE(a->rule, b->rule)
		: a->cause != b->cause ? COMPARE(a->cause, b->cause)
		: COMPARE(a->carc_from, b->carc_from);
}

/* A text and its number, to sort the pool: equal content has equal bytes. */
typedef struct PoolText
{
	const char *text;
	int			number;
} PoolText;

static int
compare_texts(const void *x, const void *y)
{
	return strcmp(((const PoolText *) x)->text, ((const PoolText *) y)->text);
}

/* The texts of a list in order of their content. */
static PoolText *
sorted_texts(RulesetSpec *spec, const Rows *list)
{
	PoolText   *texts = arena_alloc(spec->arena, sizeof(PoolText) * ((size_t) list->count + 1));
	int			i;

	for (i = 0; i < list->count; i++)
	{
		texts[i].text = ((const char **) list->rows)[i];
		texts[i].number = i + 1;
	}
	qsort(texts, (size_t) list->count, sizeof(PoolText), compare_texts);
	return texts;
}

/*
 * 128-bit FNV-1a, of words in place of bytes: names the content, to find it
 * again.  The prime is 2^88 + 0x13B; the arithmetic is on two halves for
 * compilers without a 128-bit integer.
 */
typedef struct ContentHash
{
	uint64_t	high;
	uint64_t	low;
} ContentHash;

static void
hash_words(ContentHash *hash, const void *from, size_t size)
{
	const uint32_t *words = from;
	size_t		i;

	for (i = 0; i < size / sizeof(uint32_t); i++)
	{
		uint64_t	low_part,
					carry;

		hash->low ^= words[i];
		low_part = (hash->low & UINT32_MAX) * 0x13B;
		carry = ((hash->low >> 32) * 0x13B + (low_part >> 32)) >> 32;
		hash->high = hash->high * 0x13B + carry + (hash->low << 24);
		hash->low *= 0x13B;
	}
}

/*
 * The hash of a ruleset.  Its pairs, by the million, count with their sum,
 * which is known without reading them.
 */
static void
hash_ruleset(Ruleset *rules)
{
	ContentHash hash = {UINT64_C(0x6C62272E07BB0142), UINT64_C(0x62B821756295C58D)};
	int			i;

	hash_words(&hash, &rules->version, sizeof(rules->version));
	hash_words(&hash, rules->pairs_sum, sizeof(rules->pairs_sum));
	hash_words(&hash, &rules->policy, sizeof(rules->policy));
	hash_words(&hash, &rules->edition, sizeof(rules->edition));
	for (i = 0; i < FIRST_UNHASHED; i++)
	{
		uint32_t	end = rules->sections[i + 1].offset;

		hash_words(&hash, &rules->sections[i].count, sizeof(uint32_t));
		if (i != SECTION_SLOTS)	/* follow from the codes */
			hash_words(&hash, ruleset_rows(rules, (Section) i), end - rules->sections[i].offset);
	}
	for (i = 0; i < 8; i++)
	{
		rules->hash[i] = (uint8_t) (hash.high >> 8 * (7 - i));
		rules->hash[8 + i] = (uint8_t) (hash.low >> 8 * (7 - i));
	}
}

/* Each rule is stored with its name: its number is that of this list only. */
static void
name_rules(RulesetSpec *spec)
{
	int			i;

	for (i = 0; i < N_RULES; i++)
		spec->rules[i].name = spec_intern(spec, &spec->texts, (Word) {rule_names[i], strlen(rule_names[i]), 0});
}

/* Where each section goes; the total size, or 0 if it is too large. */
static uint32_t
lay_out(Ruleset *head, const size_t sizes[N_SECTIONS], const uint32_t counts[N_SECTIONS])
{
	uint64_t	offset = sizeof(Ruleset);
	int			i;

	for (i = 0; i < N_SECTIONS; i++)
	{
		head->sections[i].offset = (uint32_t) offset;
		head->sections[i].count = counts[i];
		offset += (sizes[i] * counts[i] + 3) & ~(uint64_t) 3;
		if (offset > 0x3FFFFFFF)
			return 0;
	}
	return (uint32_t) offset;
}

/* By rule, cause and date; the periods of one cause must not overlap. */
static bool
sort_denials(RulesetSpec *spec, Fault *why)
{
	DenialRow  *rows = spec->denials.rows;
	int			i;

	spec_sort_rows(&spec->denials, sizeof(DenialRow), compare_denials);
	for (i = 1; i < spec->denials.count; i++)
		if (rows[i].rule == rows[i - 1].rule && rows[i].cause == rows[i - 1].cause &&
			rows[i].carc_from <= rows[i - 1].carc_to)
			return fault(why, FAULT_SYNTAX, 0, "\"denials\" has overlapping periods for rule \"%s\"",
						 rule_names[rows[i].rule]);
	return true;
}

static void *
section_rows(Ruleset *rules, Section section)
{
	return (char *) rules + rules->sections[section].offset;
}

static void
copy_rows(Ruleset *rules, Section section, const Rows *rows, size_t size)
{
	if (rows->count > 0)
		memcpy(section_rows(rules, section), rows->rows, size * (size_t) rows->count);
}

/* Row counts of the sections; the pairs' is at most what it says. */
static void
count_rows(const RulesetSpec *spec, const SharedRationales *shared, uint32_t counts[N_SECTIONS])
{
	uint32_t	slots = 16;
	uint32_t	i;

	while (slots < 2 * (uint32_t) spec->codes.count)
		slots *= 2;
	counts[SECTION_CODES] = (uint32_t) spec->codes.count;
	counts[SECTION_SLOTS] = slots;
	counts[SECTION_MUE] = (uint32_t) spec->mue.count;
	counts[SECTION_MODIFIER_INDEX] = MODIFIER_VALUES;
	counts[SECTION_MODIFIERS] = (uint32_t) spec->modifiers.count;
	counts[SECTION_CONFLICTS] = (uint32_t) spec->conflicts.count;
	counts[SECTION_REGIONS] = (uint32_t) spec->regions.count;
	counts[SECTION_RULES] = N_RULES;
	counts[SECTION_DENIALS] = (uint32_t) spec->denials.count;
	counts[SECTION_SPECIALTIES] = (uint32_t) spec->specialties.count;
	counts[SECTION_GAPS] = (uint32_t) spec->gaps.count;
	counts[SECTION_MUE_WHOLE] = (uint32_t) spec->mue_whole.count;
	counts[SECTION_COVERAGE] = (uint32_t) spec->coverage.count;
	counts[SECTION_TAXONOMIES] = (uint32_t) spec->taxonomies.count;
	counts[SECTION_CODE_MODIFIERS] = (uint32_t) spec->code_modifiers.count;
	counts[SECTION_ADDITIONAL] = (uint32_t) spec->additional.count;
	counts[SECTION_ADDON] = (uint32_t) spec->addon.count;
	counts[SECTION_REPLACEMENTS] = (uint32_t) spec->replacements.count;
	counts[SECTION_LISTS] = (uint32_t) spec->lists.count;
	counts[SECTION_TEXTS] = 0;
	for (i = 0; i < (uint32_t) spec->texts.list.count; i++)
		counts[SECTION_TEXTS] += (uint32_t) strlen(((const char **) spec->texts.list.rows)[i]) + 1;
	counts[SECTION_RATIONALES] = shared->n;
	counts[SECTION_RATIONALE_TEXTS] = 0;
	for (i = 0; i < shared->n; i++)
		counts[SECTION_RATIONALE_TEXTS] += (uint32_t) strlen(shared->rationales[i]) + 1;
	counts[SECTION_PAIRS] = spec->base_pairs->n_rows + (spec->over_pairs != NULL ? spec->over_pairs->n_rows : 0);
}

/* The pool of texts; where each text is, by its number. */
static const TextRef *
lay_texts(RulesetSpec *spec, Ruleset *rules)
{
	PoolText   *texts = sorted_texts(spec, &spec->texts.list);
	TextRef    *text_at = arena_alloc(spec->arena, sizeof(TextRef) * ((size_t) spec->texts.list.count + 1));
	uint32_t	pool = rules->sections[SECTION_TEXTS].offset;
	int			i;

	text_at[0] = 0;
	for (i = 0; i < spec->texts.list.count; i++)
	{
		text_at[texts[i].number] = pool;
		strcpy((char *) rules + pool, texts[i].text);
		pool += (uint32_t) strlen(texts[i].text) + 1;
	}
	return text_at;
}

static void
lay_codes(const RulesetSpec *spec, Ruleset *rules)
{
	CodeRow    *rows = section_rows(rules, SECTION_CODES);
	uint32_t   *table = section_rows(rules, SECTION_SLOTS);
	uint32_t	slots = rules->sections[SECTION_SLOTS].count;
	int			i;

	for (i = 0; i < spec->codes.count; i++)
	{
		uint32_t	slot;

		rows[i] = ((const SpecCode *) spec->codes.rows)[i].row;
		slot = ruleset_slot(rows[i].code, slots);
		while (table[slot] != 0)
			slot = (slot + 1) & (slots - 1);
		table[slot] = (uint32_t) i + 1;
	}
}

/* The first row of a code in a set that is walked through in order of the codes, and how many. */
static uint32_t
rows_of_code(const PairSet *set, uint32_t *at, uint32_t code, uint32_t *n)
{
	uint32_t	first = *at == 0 || set == NULL ? 0 : set->codes[*at - 1].end;

	*n = 0;
	if (set != NULL && *at < set->n_codes && set->codes[*at].code == code)
		*n = set->codes[(*at)++].end - first;
	return first;
}

/* The pairs, the base's under the overlay's, with their codes and rationales; how many. */
static uint32_t
lay_pairs(RulesetSpec *spec, const SharedRationales *shared, Ruleset *rules)
{
	const PairSet *base = spec->base_pairs;
	const PairSet *over = spec->over_pairs;
	CodeRow    *codes = section_rows(rules, SECTION_CODES);
	PairRow    *pairs = section_rows(rules, SECTION_PAIRS);
	TextRef    *rationales = section_rows(rules, SECTION_RATIONALES);
	uint32_t	pool = rules->sections[SECTION_RATIONALE_TEXTS].offset;
	PairSum		sum = base->sum;
	PairRow    *under = NULL;	/* room for rows that an overlay is put over */
	uint32_t	room = 0;
	uint32_t	b = 0,
				o = 0,
				n = 0,
				i;

	for (i = 0; i < shared->n; i++)
	{
		rationales[i] = pool;
		strcpy((char *) rules + pool, shared->rationales[i]);
		pool += (uint32_t) strlen(shared->rationales[i]) + 1;
	}
	for (i = 0; i < ruleset_count(rules, SECTION_CODES); i++)
	{
		uint32_t	n_base,
					n_over;
		uint32_t	base_first = rows_of_code(base, &b, codes[i].code, &n_base);
		uint32_t	over_first = rows_of_code(over, &o, codes[i].code, &n_over);

		if (n_base + n_over == 0)
			continue;
		codes[i].first_pair = n;
		codes[i].n_pairs = n_base;
		if (base->read != NULL && n_over == 0)
		{
			/* to their place at once: nothing is over them */
			base->read(base->source, base_first, n_base, pairs + n);
			if (!shared->same_as_base)
				renumber_rows(pairs + n, n_base, shared->of_base);
		}
		else
		{
			if (base->read != NULL && n_base > room)
				under = arena_alloc(spec->arena, sizeof(PairRow) * (room = 2 * n_base));
			if (base->read != NULL && n_base > 0)
				base->read(base->source, base_first, n_base, under);
			codes[i].n_pairs = pair_rows_overlay(codes[i].code, shared,
												 base, base->read != NULL ? under : base->rows + base_first, n_base,
												 n_over > 0 ? over->rows + over_first : NULL, n_over,
												 pairs + n, &sum, false);
		}
		n += codes[i].n_pairs;
	}
	rules->pairs_sum[0] = (uint32_t) sum.low;
	rules->pairs_sum[1] = (uint32_t) (sum.low >> 32);
	rules->pairs_sum[2] = (uint32_t) sum.high;
	rules->pairs_sum[3] = (uint32_t) (sum.high >> 32);
	return n;
}

static void
lay_lists(const RulesetSpec *spec, Ruleset *rules)
{
	const SpecList *lists = spec->lists.rows;
	ListRow    *rows = section_rows(rules, SECTION_LISTS);
	int			i;

	memset(rules->policy.lists, 0, sizeof(rules->policy.lists));
	for (i = 0; i < spec->lists.count; i++)
	{
		rows[i] = lists[i].row;
		if (rules->policy.lists[lists[i].list].count++ == 0)
			rules->policy.lists[lists[i].list].first = (uint32_t) i;
	}
}

static void
lay_code_modifiers(const RulesetSpec *spec, Ruleset *rules)
{
	const CodeModifierRow *rows = spec->code_modifiers.rows;
	int			i;

	copy_rows(rules, SECTION_CODE_MODIFIERS, &spec->code_modifiers, sizeof(CodeModifierRow));
	rules->modifier_codes_from = UINT32_MAX;
	rules->modifier_codes_to = 0;
	for (i = 0; i < spec->code_modifiers.count; i++)
	{
		if (rows[i].code_from < rules->modifier_codes_from)
			rules->modifier_codes_from = rows[i].code_from;
		if (rows[i].code_to > rules->modifier_codes_to)
			rules->modifier_codes_to = rows[i].code_to;
	}
}

static void
lay_coverage(const RulesetSpec *spec, Ruleset *rules, const TextRef *text_at)
{
	CoverageRow *rows = section_rows(rules, SECTION_COVERAGE);
	int			i;

	copy_rows(rules, SECTION_COVERAGE, &spec->coverage, sizeof(CoverageRow));
	for (i = 0; i < spec->coverage.count; i++)
		rows[i].note = text_at[rows[i].note];
}

static void
lay_replacements(const RulesetSpec *spec, Ruleset *rules, const TextRef *text_at)
{
	ReplacementRow *rows = section_rows(rules, SECTION_REPLACEMENTS);
	int			i;

	copy_rows(rules, SECTION_REPLACEMENTS, &spec->replacements, sizeof(ReplacementRow));
	for (i = 0; i < spec->replacements.count; i++)
		rows[i].condition = text_at[rows[i].condition];
}

/* Rules and denials, with their texts. */
static bool
lay_rules(RulesetSpec *spec, Ruleset *rules, const TextRef *text_at, Fault *why)
{
	DenialRow  *denials = spec->denials.rows;
	int			i;

	for (i = 0; i < N_RULES; i++)
	{
		RuleRow    *row = (RuleRow *) section_rows(rules, SECTION_RULES) + i;

		*row = spec->rules[i];
		row->name = text_at[row->name];
		row->family = text_at[row->family];
		row->title = text_at[row->title];
		row->citation = text_at[row->citation];
	}
	for (i = 0; i < spec->denials.count; i++)
	{
		denials[i].cause = text_at[denials[i].cause];
		denials[i].carc = text_at[denials[i].carc];
		denials[i].rarc = text_at[denials[i].rarc];
	}
	if (!sort_denials(spec, why))
		return false;
	copy_rows(rules, SECTION_DENIALS, &spec->denials, sizeof(DenialRow));
	return true;
}

Ruleset *
spec_encode(RulesetSpec *spec, void *(*get) (void *, size_t), void *context, Fault *why)
{
	static const size_t sizes[N_SECTIONS] = {
		sizeof(CodeRow), sizeof(uint32_t), sizeof(MueRow), sizeof(uint16_t), sizeof(ModifierRow),
		sizeof(ConflictRow), sizeof(RegionRow), sizeof(RuleRow), sizeof(DenialRow), sizeof(SpecialtyRow),
		sizeof(PeriodRow), sizeof(PeriodRow), sizeof(CoverageRow), sizeof(TaxonomyRow), sizeof(CodeModifierRow), sizeof(AdditionalRow),
		sizeof(AddonRow), sizeof(ReplacementRow), sizeof(ListRow), 1, sizeof(TextRef), 1, sizeof(PairRow)
	};
	uint32_t	counts[N_SECTIONS];
	SharedRationales shared;
	Ruleset		head;
	Ruleset    *rules;
	const TextRef *text_at;
	int			i;

	if (!spec_check(spec, why))
		return NULL;
	share_rationales(&shared, spec->base_pairs, spec->over_pairs);
	spec_change_severities(spec);
	name_rules(spec);
	count_rows(spec, &shared, counts);
	memset(&head, 0, sizeof(head));
	head.version = RULESET_VERSION;
	head.rule_list = RULE_LIST_HASH;
	head.size = lay_out(&head, sizes, counts);
	if (head.size == 0)
	{
		fault(why, FAULT_RANGE, 0, "The ruleset does not fit into one gigabyte");
		return NULL;
	}
	head.policy = spec->policy;
	head.edition = spec->edition;
	rules = get(context, head.size);
	/* the pairs are written once, not twice: they are nearly all of it */
	memset(rules, 0, head.sections[SECTION_PAIRS].offset);
	memcpy(rules, &head, sizeof(head));

	text_at = lay_texts(spec, rules);
	rules->policy.name = text_at[spec->policy.name];
	rules->edition.name = text_at[spec->edition.name];
	rules->edition.service_type = text_at[spec->edition.service_type];
	lay_codes(spec, rules);
	rules->sections[SECTION_PAIRS].count = lay_pairs(spec, &shared, rules);
	rules->size = rules->sections[SECTION_PAIRS].offset +
		rules->sections[SECTION_PAIRS].count * (uint32_t) sizeof(PairRow);
	for (i = 0; i < spec->mue.count; i++)
		((MueRow *) section_rows(rules, SECTION_MUE))[i] = ((SpecMue *) spec->mue.rows)[i].row;
	for (i = 0; i < spec->modifiers.count; i++)
		((uint16_t *) section_rows(rules, SECTION_MODIFIER_INDEX))
			[((ModifierRow *) spec->modifiers.rows)[i].modifier] = (uint16_t) (i + 1);
	copy_rows(rules, SECTION_MODIFIERS, &spec->modifiers, sizeof(ModifierRow));
	copy_rows(rules, SECTION_CONFLICTS, &spec->conflicts, sizeof(ConflictRow));
	copy_rows(rules, SECTION_REGIONS, &spec->regions, sizeof(RegionRow));
	copy_rows(rules, SECTION_SPECIALTIES, &spec->specialties, sizeof(SpecialtyRow));
	copy_rows(rules, SECTION_GAPS, &spec->gaps, sizeof(PeriodRow));
	copy_rows(rules, SECTION_MUE_WHOLE, &spec->mue_whole, sizeof(PeriodRow));
	lay_coverage(spec, rules, text_at);
	spec_cover_all(spec, &rules->all_from, &rules->all_to);
	copy_rows(rules, SECTION_TAXONOMIES, &spec->taxonomies, sizeof(TaxonomyRow));
	lay_code_modifiers(spec, rules);
	copy_rows(rules, SECTION_ADDITIONAL, &spec->additional, sizeof(AdditionalRow));
	copy_rows(rules, SECTION_ADDON, &spec->addon, sizeof(AddonRow));
	lay_replacements(spec, rules, text_at);
	lay_lists(spec, rules);
	if (!lay_rules(spec, rules, text_at, why))
		return NULL;
	hash_ruleset(rules);
	return rules;
}


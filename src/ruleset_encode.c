/*
 * src/ruleset_encode.c
 *
 * From the spec of a ruleset to the flat value: checks the whole, sorts every
 * table, links the rows to their codes and lays it out.  Equal content gives
 * equal bytes, whatever the order in which the rows came.
 */
#include "ruleset_spec.h"

#include <stdlib.h>
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
compare_pairs(const void *x, const void *y)
{
	const SpecPair *a = x,
			   *b = y;

	return a->column_1 != b->column_1 ? COMPARE(a->column_1, b->column_1)
		: a->row.column_2 != b->row.column_2 ? COMPARE(a->row.column_2, b->row.column_2)
		: a->row.from != b->row.from ? COMPARE(a->row.from, b->row.from)
		: a->row.to != b->row.to ? COMPARE(a->row.to, b->row.to)
		: a->row.indicator != b->row.indicator ? COMPARE(a->row.indicator, b->row.indicator)
		: COMPARE(a->row.rationale, b->row.rationale);
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
compare_denials(const void *x, const void *y)
{
	const DenialRow *a = x,
			   *b = y;

	return a->rule != b->rule ? COMPARE(a->rule, b->rule)
		: a->cause != b->cause ? COMPARE(a->cause, b->cause)
		: COMPARE(a->carc_from, b->carc_from);
}

static void
sort_rows(Rows *rows, size_t size, int (*compare) (const void *, const void *))
{
	if (rows->count > 1)
		qsort(rows->rows, (size_t) rows->count, size, compare);
}

static bool
check_settings(const RulesetSpec *spec, Fault *why)
{
	int			i;

	for (i = 0; policy_settings[i].key != NULL; i++)
		if (!(spec->policy_set & 1u << i))
			return fault(why, FAULT_MISSING, 0, "\"policy.%s\" is missing", policy_settings[i].key);
	if (spec->policy.name == 0)
		return fault(why, FAULT_MISSING, 0, "\"policy.name\" is missing");
	if (spec->policy.unit_threshold > spec->policy.unit_minutes)
		return fault(why, FAULT_RANGE, 0,
					 "\"policy.unit_threshold\" is %d, must be at most \"policy.unit_minutes\", %d",
					 spec->policy.unit_threshold, spec->policy.unit_minutes);
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

static void
ensure_code(RulesetSpec *spec, uint32_t code)
{
	((SpecCode *) spec_add_row(spec, &spec->codes, sizeof(SpecCode)))->row.code = code;
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

/* Sort the codes, with those that only other tables name; link the rows. */
static bool
link_codes(RulesetSpec *spec, Fault *why)
{
	SpecPair   *pairs;
	SpecMue    *mue;
	SpecCode   *codes;
	SpecScope  *scopes = spec->scopes.rows;
	char		a[CODE_TEXT],
				b[CODE_TEXT];
	int			i,
				n = 0,
				in_force = -1;	/* the last pair row of indicator 0 or 1 */

	sort_rows(&spec->pairs, sizeof(SpecPair), compare_pairs);
	sort_rows(&spec->mue, sizeof(SpecMue), compare_mue);
	pairs = spec->pairs.rows;
	mue = spec->mue.rows;
	for (i = 0; i < spec->pairs.count; i++)
	{
		if (i == 0 || pairs[i].column_1 != pairs[i - 1].column_1)
			ensure_code(spec, pairs[i].column_1);
		if (i == 0 || pairs[i].row.column_2 != pairs[i - 1].row.column_2)
			ensure_code(spec, pairs[i].row.column_2);
	}
	for (i = 0; i < spec->mue.count; i++)
		ensure_code(spec, mue[i].code);
	for (i = 0; i < spec->scopes.count; i++)
		ensure_code(spec, scopes[i].code);

	sort_rows(&spec->codes, sizeof(SpecCode), compare_codes);
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

	for (i = 0; i < spec->pairs.count; i++)
	{
		SpecCode   *code = find_code(spec, pairs[i].column_1);

		if (code->row.n_pairs++ == 0)
			code->row.first_pair = (uint32_t) i;
		if (pairs[i].row.indicator == 9)
			continue;
		/* the row in force before this one, if any, must have ended */
		if (in_force >= 0 && pairs[in_force].column_1 == pairs[i].column_1 &&
			pairs[in_force].row.column_2 == pairs[i].row.column_2 &&
			pairs[in_force].row.to >= pairs[i].row.from)
			return fault(why, FAULT_SYNTAX, 0, "\"ptp\" has overlapping periods for the pair %s/%s",
						 code_to_text(pairs[i].column_1, a),
						 code_to_text(pairs[i].row.column_2, b));
		in_force = i;
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
	return true;
}

/* Sort a table; the first row that repeats the one before it, or -1. */
static int
sort_distinct(Rows *rows, size_t size, int (*compare) (const void *, const void *))
{
	int			i;

	sort_rows(rows, size, compare);
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
	return true;
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

/* Number the rationales by content, in the list and in the pairs. */
static void
sort_rationales(RulesetSpec *spec)
{
	PoolText   *sorted = sorted_texts(spec, &spec->rationales.list);
	const char **list = spec->rationales.list.rows;
	SpecPair   *pairs = spec->pairs.rows;
	uint8_t		number[UINT8_MAX + 1] = {0};
	int			i;

	for (i = 0; i < spec->rationales.list.count; i++)
	{
		number[sorted[i].number] = (uint8_t) (i + 1);
		list[i] = sorted[i].text;
	}
	for (i = 0; i < spec->pairs.count; i++)
		pairs[i].row.rationale = number[pairs[i].row.rationale];
}

/*
 * 128-bit FNV-1a of the bytes: names the content, to find it again.  The prime
 * is 2^88 + 0x13B; the arithmetic is on two halves for compilers without a
 * 128-bit integer.
 */
static void
content_hash(const uint8_t *bytes, size_t size, uint8_t hash[16])
{
	uint64_t	high = UINT64_C(0x6C62272E07BB0142);
	uint64_t	low = UINT64_C(0x62B821756295C58D);
	size_t		i;

	for (i = 0; i < size; i++)
	{
		uint64_t	low_part,
					carry;

		low ^= bytes[i];
		low_part = (low & UINT32_MAX) * 0x13B;
		carry = ((low >> 32) * 0x13B + (low_part >> 32)) >> 32;
		high = high * 0x13B + carry + (low << 24);
		low *= 0x13B;
	}
	for (i = 0; i < 8; i++)
	{
		hash[i] = (uint8_t) (high >> 8 * (7 - i));
		hash[8 + i] = (uint8_t) (low >> 8 * (7 - i));
	}
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

	sort_rows(&spec->denials, sizeof(DenialRow), compare_denials);
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

Ruleset *
spec_encode(RulesetSpec *spec, void *(*get) (void *, size_t), void *context, Fault *why)
{
	static const size_t sizes[N_SECTIONS] = {
		sizeof(CodeRow), sizeof(uint32_t), sizeof(PairRow), sizeof(TextRef), sizeof(MueRow),
		sizeof(uint16_t), sizeof(ModifierRow), sizeof(ConflictRow), sizeof(RegionRow),
		sizeof(RuleRow), sizeof(DenialRow), sizeof(SpecialtyRow), 1
	};
	uint32_t	counts[N_SECTIONS];
	Ruleset		head;
	Ruleset    *rules;
	PoolText   *texts;
	TextRef    *text_at;		/* of text number i, in the ruleset */
	DenialRow  *denials = spec->denials.rows;
	uint32_t	slots = 16;
	uint32_t	pool = 0;
	int			i;

	if (!check_settings(spec, why))
		return NULL;
	sort_rationales(spec);
	if (!link_codes(spec, why) || !check_tables(spec, why))
		return NULL;
	texts = sorted_texts(spec, &spec->texts.list);
	for (i = 0; i < spec->texts.list.count; i++)
		pool += (uint32_t) strlen(texts[i].text) + 1;
	while (slots < 2 * (uint32_t) spec->codes.count)
		slots *= 2;

	memset(&head, 0, sizeof(head));
	counts[SECTION_CODES] = (uint32_t) spec->codes.count;
	counts[SECTION_SLOTS] = slots;
	counts[SECTION_PAIRS] = (uint32_t) spec->pairs.count;
	counts[SECTION_RATIONALES] = (uint32_t) spec->rationales.list.count;
	counts[SECTION_MUE] = (uint32_t) spec->mue.count;
	counts[SECTION_MODIFIER_INDEX] = MODIFIER_VALUES;
	counts[SECTION_MODIFIERS] = (uint32_t) spec->modifiers.count;
	counts[SECTION_CONFLICTS] = (uint32_t) spec->conflicts.count;
	counts[SECTION_REGIONS] = (uint32_t) spec->regions.count;
	counts[SECTION_RULES] = N_RULES;
	counts[SECTION_DENIALS] = (uint32_t) spec->denials.count;
	counts[SECTION_SPECIALTIES] = (uint32_t) spec->specialties.count;
	counts[SECTION_TEXTS] = pool;
	head.version = RULESET_VERSION;
	head.size = lay_out(&head, sizes, counts);
	if (head.size == 0)
	{
		fault(why, FAULT_RANGE, 0, "The ruleset does not fit into one gigabyte");
		return NULL;
	}

	rules = get(context, head.size);
	memset(rules, 0, head.size);
	head.policy = spec->policy;
	head.edition = spec->edition;
	memcpy(rules, &head, sizeof(head));

	text_at = arena_alloc(spec->arena, sizeof(TextRef) * ((size_t) spec->texts.list.count + 1));
	text_at[0] = 0;
	for (i = 0, pool = rules->sections[SECTION_TEXTS].offset; i < spec->texts.list.count; i++)
	{
		text_at[texts[i].number] = pool;
		strcpy((char *) rules + pool, texts[i].text);
		pool += (uint32_t) strlen(texts[i].text) + 1;
	}
	rules->policy.name = text_at[spec->policy.name];
	rules->edition.name = text_at[spec->edition.name];
	rules->edition.service_type = text_at[spec->edition.service_type];

	for (i = 0; i < spec->codes.count; i++)
	{
		const CodeRow *code = &((SpecCode *) spec->codes.rows)[i].row;
		uint32_t   *table = section_rows(rules, SECTION_SLOTS);
		uint32_t	slot = ruleset_slot(code->code, slots);

		((CodeRow *) section_rows(rules, SECTION_CODES))[i] = *code;
		while (table[slot] != 0)
			slot = (slot + 1) & (slots - 1);
		table[slot] = (uint32_t) i + 1;
	}
	for (i = 0; i < spec->pairs.count; i++)
		((PairRow *) section_rows(rules, SECTION_PAIRS))[i] = ((SpecPair *) spec->pairs.rows)[i].row;
	for (i = 0; i < spec->rationales.list.count; i++)
	{
		const char *rationale = ((const char **) spec->rationales.list.rows)[i];

		((TextRef *) section_rows(rules, SECTION_RATIONALES))[i] =
			text_at[spec_intern(spec, &spec->texts, (Word) {rationale, strlen(rationale), 0})];
	}
	for (i = 0; i < spec->mue.count; i++)
		((MueRow *) section_rows(rules, SECTION_MUE))[i] = ((SpecMue *) spec->mue.rows)[i].row;
	for (i = 0; i < spec->modifiers.count; i++)
		((uint16_t *) section_rows(rules, SECTION_MODIFIER_INDEX))
			[((ModifierRow *) spec->modifiers.rows)[i].modifier] = (uint16_t) (i + 1);
	copy_rows(rules, SECTION_MODIFIERS, &spec->modifiers, sizeof(ModifierRow));
	copy_rows(rules, SECTION_CONFLICTS, &spec->conflicts, sizeof(ConflictRow));
	copy_rows(rules, SECTION_REGIONS, &spec->regions, sizeof(RegionRow));
	copy_rows(rules, SECTION_SPECIALTIES, &spec->specialties, sizeof(SpecialtyRow));
	for (i = 0; i < N_RULES; i++)
	{
		RuleRow    *row = (RuleRow *) section_rows(rules, SECTION_RULES) + i;

		*row = spec->rules[i];
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
		return NULL;
	copy_rows(rules, SECTION_DENIALS, &spec->denials, sizeof(DenialRow));

	content_hash((const uint8_t *) rules + RULESET_HEAD, rules->size - RULESET_HEAD, rules->hash);
	return rules;
}

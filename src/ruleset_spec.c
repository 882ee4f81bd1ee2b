/*
 * src/ruleset_spec.c
 *
 * From rows of the reference data (CSV files, JSON, tables: the same rows) to
 * the spec of a ruleset.  Checks each field and each row;
 * ruleset_encode.c checks the whole and lays it out.
 */
#include "ruleset_spec.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------- the tables */

static const char *const tables[] = {
	"codes", "scope", "modifiers", "modifier_conflicts", "ptp", "mue",
	"regions", "rules", "denials", "specialties", NULL
};

#define MAX_COLUMNS 8
static const char *const columns[][MAX_COLUMNS + 1] = {
	{"code", "classes", "spinal_min", "spinal_max", "extraspinal_min"},
	{"code", "pairs"},
	{"modifier", "from", "kinds", "only_on", "not_on", "requires", "requires_from"},
	{"modifier_a", "modifier_b", "from", "severity"},
	{"column_1", "column_2", "from", "to", "indicator", "rationale"},
	{"code", "units", "mai", "from", "to"},
	{"dx_prefix", "regions"},
	{"rule", "family", "severity", "title", "citation"},
	{"rule", "cause", "carc", "carc_from", "carc_to", "rarc", "rarc_from", "rarc_to"},
	{"specialty", "discipline"}
};

static int
table_index(const char *table)
{
	int			i;

	for (i = 0; tables[i] != NULL; i++)
		if (strcmp(tables[i], table) == 0)
			return i;
	return -1;
}

const char *
spec_table(int i)
{
	return tables[i];
}

const char *
spec_column(const char *table, int i)
{
	int			t = table_index(table);

	return t < 0 || i >= MAX_COLUMNS ? NULL : columns[t][i];
}

/* ------------------------------------------------------------- one field */

/* Put "ptp[3].from: " before the reason.  Always false. */
bool
spec_at_path(Fault *why, const char *table, int row, const char *column)
{
	char		detail[sizeof(why->detail)];

	memcpy(detail, why->detail, sizeof(detail));
	if (row < 0)
		snprintf(why->detail, sizeof(why->detail), "At \"%s.%s\": %.200s", table, column, detail);
	else
		snprintf(why->detail, sizeof(why->detail), "At \"%s[%d].%s\": %.200s",
				 table, row, column, detail);
	return false;
}

static bool
is_null(Word field)
{
	return field.text == NULL;
}

/* A word out of a list; the index. */
static bool
choice_field(Word field, const char *const *choices, int32_t *value, Fault *why)
{
	int			i;
	char		list[160] = "";

	for (i = 0; !is_null(field) && choices[i] != NULL; i++)
		if (strlen(choices[i]) == field.length &&
			memcmp(choices[i], field.text, field.length) == 0)
		{
			*value = i;
			return true;
		}
	for (i = 0; choices[i] != NULL; i++)
		if (strlen(list) + strlen(choices[i]) + 3 < sizeof(list))
		{
			strcat(list, i > 0 ? ", " : "");
			strcat(list, choices[i]);
		}
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Value is missing, must be one of %s", list);
	return fault(why, FAULT_SYNTAX, 0, "Value \"%.*s\" must be one of %s", WORD_SHOWN(field), list);
}

/* Words out of a list, separated by blanks; a bit each. */
static bool
words_field(Word field, const char *const *choices, uint32_t *bits, Fault *why)
{
	size_t		i = 0;

	*bits = 0;
	while (i < field.length)
	{
		Word		word = {field.text + i, 0, 0};
		int32_t		bit;

		while (i < field.length && !is_blank(field.text[i]))
		{
			i++;
			word.length++;
		}
		if (word.length > 0)
		{
			if (!choice_field(word, choices, &bit, why))
				return false;
			*bits |= 1u << bit;
		}
		else
			i++;
	}
	return true;
}

static bool
code_field(Word field, uint32_t *code, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Code is missing");
	return code_from_text(field, code, why);
}

static bool
date_field(Word field, int32_t open, int32_t *date, Fault *why)
{
	*date = open;
	return is_null(field) || date_from_text(field, date, why);
}

static bool
number_field(const char *what, Word field, int64_t low, int64_t high, int32_t *value, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "%s missing, must be %lld to %lld",
					 what, (long long) low, (long long) high);
	return integer_from_text(what, field, low, high, value, why);
}

/* A small number that may be absent: 0 */
static bool
count_field(Word field, uint8_t *value, Fault *why)
{
	int32_t		number = 0;

	if (!is_null(field) && !integer_from_text("Number of regions is", field, 0, N_REGIONS, &number, why))
		return false;
	*value = (uint8_t) number;
	return true;
}

static bool
modifier_field(Word field, uint16_t *modifier, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Modifier is missing");
	if (!modifier_from_text(field, modifier, why))
		return false;
	/* its value stands for none in a row */
	return *modifier != 0 || fault(why, FAULT_RANGE, 0, "Modifier \"00\" does not exist");
}

void *
spec_add_row(RulesetSpec *spec, Rows *rows, size_t size)
{
	void	   *row;

	if (rows->count == rows->capacity)
		rows->rows = arena_grow(spec->arena, rows->rows, size, rows->count, &rows->capacity);
	row = (char *) rows->rows + size * (size_t) rows->count++;
	memset(row, 0, size);
	return row;
}

/* The slot of a text: where its number is, or belongs. */
static uint32_t *
text_slot(const Texts *texts, Word text)
{
	const char *const *list = texts->list.rows;
	uint32_t	hash = UINT32_C(2166136261);
	uint32_t	slot;
	size_t		i;

	for (i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char) text.text[i]) * UINT32_C(16777619);
	for (slot = hash & (texts->n_slots - 1); texts->slots[slot] != 0; slot = (slot + 1) & (texts->n_slots - 1))
	{
		const char *known = list[texts->slots[slot] - 1];

		if (strncmp(known, text.text, text.length) == 0 && known[text.length] == '\0')
			break;
	}
	return &texts->slots[slot];
}

TextRef
spec_intern(RulesetSpec *spec, Texts *texts, Word text)
{
	uint32_t   *slot;
	char	   *copy;
	int			i;

	if (2 * (uint32_t) texts->list.count >= texts->n_slots)
	{
		texts->n_slots = texts->n_slots ? 2 * texts->n_slots : 64;
		texts->slots = arena_alloc(spec->arena, sizeof(uint32_t) * texts->n_slots);
		memset(texts->slots, 0, sizeof(uint32_t) * texts->n_slots);
		for (i = 0; i < texts->list.count; i++)
		{
			const char *known = ((const char **) texts->list.rows)[i];

			*text_slot(texts, (Word) {known, strlen(known), 0}) = (uint32_t) i + 1;
		}
	}
	slot = text_slot(texts, text);
	if (*slot == 0)
	{
		copy = arena_alloc(spec->arena, text.length + 1);
		memcpy(copy, text.text, text.length);
		copy[text.length] = '\0';
		*(const char **) spec_add_row(spec, &texts->list, sizeof(char *)) = copy;
		*slot = (uint32_t) texts->list.count;
	}
	return *slot;
}

#define MAX_TEXT 1000

/* Text without control characters, so that it fits on a line of a message. */
static bool
text_field(RulesetSpec *spec, const char *what, Word field, bool required, TextRef *text, Fault *why)
{
	size_t		i;

	*text = 0;
	if (is_null(field) || field.length == 0)
		return !required || fault(why, FAULT_MISSING, 0, "%s is missing", what);
	if (field.length > MAX_TEXT)
		return fault(why, FAULT_RANGE, 0, "%s has %zu bytes, must have at most %d",
					 what, field.length, MAX_TEXT);
	for (i = 0; i < field.length; i++)
		if ((unsigned char) field.text[i] < ' ')
			return fault(why, FAULT_SYNTAX, 0, "%s has a control character", what);
	*text = spec_intern(spec, &spec->texts, field);
	return true;
}

bool
spec_period_in_order(int32_t from, int32_t to, Fault *why)
{
	return from <= to || fault(why, FAULT_RANGE, 0, "The period ends before it starts");
}

/* ---------------------------------------------------------------- one row */

/* Each takes the fields in column order; *column tells which one failed. */
#define FIELD(i)	fields[*column = (i)]

static bool
add_code(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SpecCode	code;

	memset(&code, 0, sizeof(code));
	code.listed = true;
	if (!code_field(FIELD(0), &code.row.code, why) ||
		!words_field(FIELD(1), class_names, &code.row.classes, why) ||
		!count_field(FIELD(2), &code.row.spinal_min, why) ||
		!count_field(FIELD(3), &code.row.spinal_max, why) ||
		!count_field(FIELD(4), &code.row.extraspinal_min, why))
		return false;
	*(SpecCode *) spec_add_row(spec, &spec->codes, sizeof(SpecCode)) = code;
	return true;
}

static bool
add_scope(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	uint32_t	code;
	int32_t		scope;
	SpecScope  *row;

	if (!code_field(FIELD(0), &code, why) ||
		!choice_field(FIELD(1), code_scopes, &scope, why))
		return false;
	row = spec_add_row(spec, &spec->scopes, sizeof(SpecScope));
	row->code = code;
	row->scope = (uint8_t) scope;
	return true;
}

static bool
add_modifier(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	ModifierRow row;

	memset(&row, 0, sizeof(row));
	if (!modifier_field(FIELD(0), &row.modifier, why) ||
		!date_field(FIELD(1), DATE_BEGIN, &row.from, why) ||
		!words_field(FIELD(2), kind_names, &row.kinds, why) ||
		!words_field(FIELD(3), class_names, &row.only_on, why) ||
		!words_field(FIELD(4), class_names, &row.not_on, why) ||
		(!is_null(FIELD(5)) && !modifier_field(FIELD(5), &row.requires, why)) ||
		!date_field(FIELD(6), DATE_BEGIN, &row.requires_from, why))
		return false;
	*(ModifierRow *) spec_add_row(spec, &spec->modifiers, sizeof(row)) = row;
	return true;
}

static bool
add_conflict(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	ConflictRow row;
	int32_t		severity;

	memset(&row, 0, sizeof(row));
	if (!modifier_field(FIELD(0), &row.a, why) ||
		!modifier_field(FIELD(1), &row.b, why) ||
		!date_field(FIELD(2), DATE_BEGIN, &row.from, why) ||
		!choice_field(FIELD(3), severity_names,
					  &severity, why))
		return false;
	row.severity = (uint32_t) severity;
	if (row.a == row.b)
	{
		*column = 1;
		return fault(why, FAULT_RANGE, 0, "A modifier does not exclude itself");
	}
	/* the smaller one first, so that a pair has one place */
	if (row.a > row.b)
	{
		uint16_t	larger = row.a;

		row.a = row.b;
		row.b = larger;
	}
	*(ConflictRow *) spec_add_row(spec, &spec->conflicts, sizeof(row)) = row;
	return true;
}

static bool
add_pair(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SpecPair	pair;
	int32_t		indicator;

	memset(&pair, 0, sizeof(pair));
	if (!code_field(FIELD(0), &pair.column_1, why) ||
		!code_field(FIELD(1), &pair.row.column_2, why) ||
		!date_field(FIELD(2), DATE_BEGIN, &pair.row.from, why) ||
		!date_field(FIELD(3), DATE_END, &pair.row.to, why) ||
		!spec_period_in_order(pair.row.from, pair.row.to, why) ||
		!number_field("Indicator is", FIELD(4), 0, 9, &indicator, why))
		return false;
	if (indicator != 0 && indicator != 1 && indicator != 9)
		return fault(why, FAULT_RANGE, 0, "Indicator is %d, must be 0, 1 or 9", indicator);
	if (pair.column_1 == pair.row.column_2)
	{
		*column = 1;
		return fault(why, FAULT_RANGE, 0, "A code has no pair with itself");
	}
	pair.row.indicator = (uint8_t) indicator;
	if (!is_null(FIELD(5)) && fields[5].length > 0)
	{
		int			known = spec->rationales.list.count;
		TextRef		rationale = spec_intern(spec, &spec->rationales, fields[5]);

		if (rationale > UINT8_MAX)
			return fault(why, FAULT_RANGE, 0, "More than %d different rationales", UINT8_MAX);
		pair.row.rationale = (uint8_t) rationale;
		if (spec->rationales.list.count > known &&
			!text_field(spec, "Rationale", fields[5], true, &rationale, why))
			return false;
	}
	*(SpecPair *) spec_add_row(spec, &spec->pairs, sizeof(pair)) = pair;
	return true;
}

static bool
add_mue(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SpecMue		mue;
	int32_t		units,
				mai;

	memset(&mue, 0, sizeof(mue));
	if (!code_field(FIELD(0), &mue.code, why) ||
		!number_field("Units are", FIELD(1), 0, CLAIMLINE_MAX_UNITS / 1000, &units, why) ||
		!number_field("MAI is", FIELD(2), 1, 3, &mai, why) ||
		!date_field(FIELD(3), DATE_BEGIN, &mue.row.from, why) ||
		!date_field(FIELD(4), DATE_END, &mue.row.to, why) ||
		!spec_period_in_order(mue.row.from, mue.row.to, why))
		return false;
	mue.row.units = (uint32_t) units;
	mue.row.mai = (uint32_t) mai;
	*(SpecMue *) spec_add_row(spec, &spec->mue, sizeof(mue)) = mue;
	return true;
}

static bool
add_region(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	uint64_t	prefix;
	uint32_t	regions;
	RegionRow  *row;

	if (is_null(FIELD(0)))
		return fault(why, FAULT_MISSING, 0, "Diagnosis is missing");
	if (!dx_from_text(fields[0], &prefix, why) ||
		!words_field(FIELD(1), region_names, &regions, why))
		return false;
	row = spec_add_row(spec, &spec->regions, sizeof(RegionRow));
	row->prefix_high = (uint32_t) (prefix >> 32);
	row->prefix_low = (uint32_t) prefix;
	row->regions = regions;
	return true;
}

static bool
rule_field(Word field, int32_t *rule, Fault *why)
{
	for (*rule = 0; !is_null(field) && *rule < N_RULES; ++*rule)
		if (word_is(field, rule_names[*rule]))
			return true;
	return fault(why, FAULT_SYNTAX, 0, "There is no rule \"%.*s\"", WORD_SHOWN(field));
}

static bool
add_rule(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	int32_t		rule,
				severity;
	RuleRow		row;

	memset(&row, 0, sizeof(row));
	if (!rule_field(FIELD(0), &rule, why))
		return false;
	if (spec->rule_set[rule])
		return fault(why, FAULT_SYNTAX, 0, "Rule \"%s\" is repeated", rule_names[rule]);
	if (!text_field(spec, "Family", FIELD(1), true, &row.family, why) ||
		!choice_field(FIELD(2), severity_names,
					  &severity, why) ||
		!text_field(spec, "Title", FIELD(3), true, &row.title, why) ||
		!text_field(spec, "Citation", FIELD(4), true, &row.citation, why))
		return false;
	row.severity = (uint32_t) severity;
	spec->rules[rule] = row;
	spec->rule_set[rule] = true;
	return true;
}

static bool
add_denial(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	DenialRow	row;
	int32_t		rule;

	memset(&row, 0, sizeof(row));
	if (!rule_field(FIELD(0), &rule, why) ||
		!text_field(spec, "Cause", FIELD(1), false, &row.cause, why) ||
		!text_field(spec, "CARC", FIELD(2), true, &row.carc, why) ||
		!date_field(FIELD(3), DATE_BEGIN, &row.carc_from, why) ||
		!date_field(FIELD(4), DATE_END, &row.carc_to, why) ||
		!spec_period_in_order(row.carc_from, row.carc_to, why) ||
		!text_field(spec, "RARC", FIELD(5), false, &row.rarc, why) ||
		!date_field(FIELD(6), DATE_BEGIN, &row.rarc_from, why) ||
		!date_field(FIELD(7), DATE_END, &row.rarc_to, why) ||
		!spec_period_in_order(row.rarc_from, row.rarc_to, why))
		return false;
	row.rule = (uint32_t) rule;
	*(DenialRow *) spec_add_row(spec, &spec->denials, sizeof(row)) = row;
	return true;
}

static bool
add_specialty(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
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

static bool (*const adders[]) (RulesetSpec *, const Word *, int *, Fault *) = {
	add_code, add_scope, add_modifier, add_conflict, add_pair, add_mue,
	add_region, add_rule, add_denial, add_specialty
};

RulesetSpec *
spec_begin(Arena *arena)
{
	RulesetSpec *spec = arena_alloc(arena, sizeof(*spec));

	memset(spec, 0, sizeof(*spec));
	spec->arena = arena;
	return spec;
}

bool
spec_add(RulesetSpec *spec, const char *table, int row, const Word *fields, int n_fields, Fault *why)
{
	int			t = table_index(table);
	int			column = 0;
	int			expected = 0;

	arena_pause(spec->arena);
	if (t < 0)
		return fault(why, FAULT_SYNTAX, 0, "There is no table \"%s\"", table);
	while (expected < MAX_COLUMNS && columns[t][expected] != NULL)
		expected++;
	if (n_fields != expected)
		return fault(why, FAULT_SYNTAX, 0, "At \"%s[%d]\": %d values where %d are expected",
					 table, row, n_fields, expected);
	if (!adders[t] (spec, fields, &column, why))
		return spec_at_path(why, table, row, columns[t][column]);
	return true;
}

static bool
set_text(RulesetSpec *spec, const char *what, const Word *value, TextRef *text, Fault *why)
{
	if (*text != 0)
		return fault(why, FAULT_SYNTAX, 0, "Key is repeated");
	return text_field(spec, what, *value, true, text, why);
}

static bool
set_once(bool *seen, Fault *why)
{
	if (*seen)
		return fault(why, FAULT_SYNTAX, 0, "Key is repeated");
	*seen = true;
	return true;
}

static bool
set_edition(RulesetSpec *spec, Word key, const Word *value, Fault *why)
{
	if (word_is(key, "name"))
		return set_text(spec, "Name", value, &spec->edition.name, why);
	if (word_is(key, "service_type"))
		return set_text(spec, "Service type", value, &spec->edition.service_type, why);
	if (word_is(key, "from"))
		return set_once(&spec->from_set, why) &&
			date_field(*value, DATE_BEGIN, &spec->edition.from, why);
	if (word_is(key, "to"))
		return set_once(&spec->to_set, why) &&
			date_field(*value, DATE_END, &spec->edition.to, why);
	if (word_is(key, "scope"))
		return set_once(&spec->scope_set, why) &&
			choice_field(*value, edition_scopes, &spec->edition.scope, why);
	return fault(why, FAULT_SYNTAX, 0, "There is no such key");
}

static bool
set_policy(RulesetSpec *spec, Word key, const Word *value, Fault *why)
{
	int			i;

	if (word_is(key, "name"))
		return set_text(spec, "Name", value, &spec->policy.name, why);
	for (i = 0; policy_settings[i].key != NULL; i++)
	{
		const PolicySetting *setting = &policy_settings[i];
		int32_t    *field = (int32_t *) ((char *) &spec->policy + setting->offset);

		if (!word_is(key, setting->key))
			continue;
		if (spec->policy_set & 1u << i)
			return fault(why, FAULT_SYNTAX, 0, "Key is repeated");
		spec->policy_set |= 1u << i;
		switch (setting->kind)
		{
			case SETTING_CHOICE:
				return choice_field(*value, setting->choices, field, why);
			case SETTING_NUMBER:
				return number_field("Value is", *value, setting->low, setting->high, field, why);
			case SETTING_DATE:
				/* null: never */
				return date_field(*value, DATE_END, field, why);
		}
	}
	return fault(why, FAULT_SYNTAX, 0, "There is no such key");
}

bool
spec_set(RulesetSpec *spec, const char *object, Word key, const Word *value, Fault *why)
{
	char		name[64];
	bool		policy = strcmp(object, "policy") == 0;

	if (policy ? set_policy(spec, key, value, why) : set_edition(spec, key, value, why))
		return true;
	snprintf(name, sizeof(name), "%.*s", WORD_SHOWN(key));
	return spec_at_path(why, object, -1, name);
}

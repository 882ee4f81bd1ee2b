/*
 * src/core/ruleset/ruleset_spec.c
 *
 * From rows of the reference data (CSV files, JSON, tables: the same rows) to
 * the spec of a ruleset.  Checks each field and each row;
 * ruleset_check.c checks the whole.
 */
#include "ruleset/ruleset_spec.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------- the tables */

static const char *const tables[] = {
	"codes", "scope", "modifiers", "modifier_conflicts", "ptp", "mue",
	"regions", "rules", "denials", "specialties", "gaps", "mue_whole", "coverage",
	"taxonomies", "code_modifiers", "additional", "addon", "replacements", NULL
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
	{"rule", "family", "severity", "title", "citation", "reads"},
	{"rule", "cause", "carc", "carc_from", "carc_to", "rarc", "rarc_from", "rarc_to"},
	{"specialty", "discipline"},
	{"from", "to"},
	{"from", "to"},
	{"part", "column_1", "column_2", "from", "to", "note"},
	{"taxonomy", "specialty"},
	{"modifier", "code_from", "code_to"},
	{"code", "initial"},
	{"code", "primary", "type", "from", "to"},
	{"code", "replacement", "condition"}
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

/* The number of a rationale, 0 for none. */
static bool
rationale_field(RulesetSpec *spec, Word field, uint32_t *number, Fault *why)
{
	int			known = spec->rationales.list.count;

	*number = 0;
	if (is_null(field) || field.length == 0)
		return true;
	*number = spec_intern(spec, &spec->rationales, field);
	if (spec->rationales.list.count == known)
		return true;
	if (known == MAX_RATIONALES)
		return fault(why, FAULT_RANGE, 0, "More than %d different rationales", MAX_RATIONALES);
	return check_text("Rationale", field, why);
}

static bool
add_pair(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SourcePair	pair;
	uint32_t	column_2,
				rationale;
	int32_t		from,
				to,
				indicator;
	bool		gone = spec->overlay && is_null(fields[4]);

	if (!code_field(FIELD(0), &pair.column_1, why) ||
		!code_field(FIELD(1), &column_2, why) ||
		!date_field(FIELD(2), DATE_BEGIN, &from, why) ||
		!pair_date_fits(from, why) ||
		!date_field(FIELD(3), DATE_END, &to, why) ||
		!pair_date_fits(to, why) ||
		!spec_period_in_order(from, to, why) ||
		(!gone && !number_field("Indicator is", FIELD(4), 0, 9, &indicator, why)))
		return false;
	if (!gone && indicator != 0 && indicator != 1 && indicator != 9)
		return fault(why, FAULT_RANGE, 0, "Indicator is %d, must be 0, 1 or 9", indicator);
	if (pair.column_1 == column_2)
	{
		*column = 1;
		return fault(why, FAULT_RANGE, 0, "A code has no pair with itself");
	}
	if (!rationale_field(spec, FIELD(5), &rationale, why))
		return false;
	pair.line = (uint32_t) spec->pairs.count;
	pair.row.packed = pair_packed(column_2, gone ? PAIR_GONE : indicator == 9 ? PAIR_NEVER : (uint32_t) indicator,
								  rationale);
	pair.row.from = pair_day(from);
	pair.row.to = pair_day(to);
	*(SourcePair *) spec_add_row(spec, &spec->pairs, sizeof(pair)) = pair;
	return true;
}

static bool
add_mue(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	SpecMue		mue;
	int32_t		units = 0,
				mai = 0;
	bool		gone = spec->overlay && is_null(fields[1]) && is_null(fields[2]);

	memset(&mue, 0, sizeof(mue));
	if (!code_field(FIELD(0), &mue.code, why) ||
		(!gone && !number_field("Units are", FIELD(1), 0, CLAIMLINE_MAX_UNITS / 1000, &units, why)) ||
		(!gone && !number_field("MAI is", FIELD(2), 1, 3, &mai, why)) ||
		!date_field(FIELD(3), DATE_BEGIN, &mue.row.from, why) ||
		!date_field(FIELD(4), DATE_END, &mue.row.to, why) ||
		!spec_period_in_order(mue.row.from, mue.row.to, why))
		return false;
	if (spec->overlay && (!is_null(fields[3]) || !is_null(fields[4])))
		return fault(why, FAULT_SYNTAX, 0, "Limits of a file have no dates of their own");
	mue.row.units = (uint32_t) units;
	mue.row.mai = (uint32_t) mai;
	spec_add_mue(spec, mue.code, &mue.row);
	return true;
}

void
spec_add_mue(RulesetSpec *spec, uint32_t code, const MueRow *row)
{
	SpecMue    *mue = spec_add_row(spec, &spec->mue, sizeof(SpecMue));

	mue->code = code;
	mue->row = *row;
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
		!text_field(spec, "Citation", FIELD(4), true, &row.citation, why) ||
		!words_field(FIELD(5), part_names, &row.reads, why))
		return false;
	spec->reads_set[rule] = !is_null(fields[5]);
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
period_fields(const Word *fields, PeriodRow *period, int *column, Fault *why)
{
	return date_field(FIELD(0), DATE_BEGIN, &period->from, why) &&
		date_field(FIELD(1), DATE_END, &period->to, why) &&
		spec_period_in_order(period->from, period->to, why);
}

static bool
add_gap(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	PeriodRow	period;

	if (!period_fields(fields, &period, column, why))
		return false;
	spec_add_gap(spec, period.from, period.to);
	return true;
}

static bool
add_mue_whole(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	PeriodRow	period;

	if (!period_fields(fields, &period, column, why))
		return false;
	spec_add_mue_whole(spec, period.from, period.to);
	return true;
}

void
spec_add_gap(RulesetSpec *spec, int32_t from, int32_t to)
{
	*(PeriodRow *) spec_add_row(spec, &spec->gaps, sizeof(PeriodRow)) = (PeriodRow) {from, to};
}

void
spec_add_mue_whole(RulesetSpec *spec, int32_t from, int32_t to)
{
	*(PeriodRow *) spec_add_row(spec, &spec->mue_whole, sizeof(PeriodRow)) = (PeriodRow) {from, to};
}

/* Where the dates of a part, of a code or of a pair of codes are not those of the edition. */
static bool
add_coverage(RulesetSpec *spec, const Word *fields, int *column, Fault *why)
{
	CoverageRow row = {0};
	int32_t		part;

	if (!choice_field(FIELD(0), part_names, &part, why) ||
		(!is_null(FIELD(1)) && !code_field(fields[1], &row.code, why)) ||
		(!is_null(FIELD(2)) && !code_field(fields[2], &row.with, why)))
		return false;
	if (row.with != 0 && (row.code == 0 || part != PART_PTP))
		return fault(why, FAULT_SYNTAX, 0, "Only a pair has two codes");
	if (!date_field(FIELD(3), DATE_BEGIN, &row.from, why) ||
		!date_field(FIELD(4), DATE_END, &row.to, why) ||
		!spec_period_in_order(row.from, row.to, why) ||
		!text_field(spec, "Note", FIELD(5), false, &row.note, why))
		return false;
	row.part = (uint32_t) part;
	spec_add_coverage(spec, &row);
	return true;
}

static bool (*const adders[]) (RulesetSpec *, const Word *, int *, Fault *) = {
	add_code, add_scope, add_modifier, add_conflict, add_pair, add_mue,
	add_region, add_rule, add_denial, spec_add_specialty, add_gap, add_mue_whole, add_coverage,
	spec_add_taxonomy, spec_add_code_modifier, spec_add_additional, spec_add_addon_row, spec_add_replacement
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
	Word		row_fields[MAX_COLUMNS] = {0};

	arena_pause(spec->arena);
	if (t < 0)
		return fault(why, FAULT_SYNTAX, 0, "There is no table \"%s\"", table);
	while (expected < MAX_COLUMNS && columns[t][expected] != NULL)
		expected++;
	/* what a rule reads, the last column, was not said before release 0.2 */
	if (n_fields != expected && !(adders[t] == add_rule && n_fields == expected - 1))
		return fault(why, FAULT_SYNTAX, 0, "At \"%s[%d]\": %d values where %d are expected",
					 table, row, n_fields, expected);
	memcpy(row_fields, fields, sizeof(Word) * (size_t) n_fields);
	if (!adders[t] (spec, row_fields, &column, why))
		return spec_at_path(why, table, row, columns[t][column]);
	return true;
}

bool
spec_set_text(RulesetSpec *spec, const char *what, const Word *value, TextRef *text, Fault *why)
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
		return spec_set_text(spec, "Name", value, &spec->edition.name, why);
	if (word_is(key, "service_type"))
		return spec_set_text(spec, "Service type", value, &spec->edition.service_type, why);
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

bool
spec_set(RulesetSpec *spec, const char *object, Word key, const Word *value, Fault *why)
{
	char		name[64];
	bool		policy = strcmp(object, "policy") == 0;

	if (policy ? spec_set_policy(spec, key, value, why) : set_edition(spec, key, value, why))
		return true;
	snprintf(name, sizeof(name), "%s", WORD_SHOWN(key));
	return spec_at_path(why, object, -1, name);
}

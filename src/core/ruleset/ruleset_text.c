/*
 * src/core/ruleset/ruleset_text.c
 *
 * Text form of a ruleset, written: a JSON object of two objects of settings
 * (policy, edition) and the tables of data/, each an array of rows, each row an
 * array in column order.
 */
#include "ruleset/ruleset_json.h"
#include "ruleset/ruleset_text.h"

#include <stdio.h>
#include <string.h>

static const char *const edition_keys[] = {"name", "service_type", "from", "to", "scope", NULL};

const char *
put_edition_value(Writer *writer, const Ruleset *rules, int i)
{
	writer->first = true;
	if (i <= 1)
		json_put_text(writer, ruleset_text(rules, i == 0 ? rules->edition.name : rules->edition.service_type));
	else if (i <= 3)
		json_put_date(writer, i == 2 ? rules->edition.from : rules->edition.to);
	else if (i == 4)
		json_put_text(writer, edition_scopes[rules->edition.scope]);
	return edition_keys[i];
}

static void
put_edition(Writer *writer, const Ruleset *rules)
{
	int			i;

	json_put(writer, ",\n\"edition\": {");
	writer->first = true;
	for (i = 0; edition_keys[i] != NULL; i++)
	{
		json_put_key(writer, edition_keys[i]);
		put_edition_value(writer, rules, i);
	}
	json_put(writer, "}");
}

/* Absent for 0 */
static void
put_count(Writer *writer, uint32_t number)
{
	if (number == 0)
		json_put_text(writer, NULL);
	else
		json_put_number(writer, number);
}

/* One row of a table.  `row` counts what ruleset_to_text walks through. */
static void
put_code_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const CodeRow *row = (const CodeRow *) ruleset_rows(rules, SECTION_CODES) + i;

	json_put_code(writer, row->code);
	json_put_words(writer, row->classes, class_names);
	put_count(writer, row->spinal_min);
	put_count(writer, row->spinal_max);
	put_count(writer, row->extraspinal_min);
}

static void
put_region_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const RegionRow *row = (const RegionRow *) ruleset_rows(rules, SECTION_REGIONS) + i;
	char		text[DX_TEXT];

	json_put_text(writer, dx_to_text((uint64_t) row->prefix_high << 32 | row->prefix_low, text));
	json_put_words(writer, row->regions, region_names);
}

static void
put_rule_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const RuleRow *row = (const RuleRow *) ruleset_rows(rules, SECTION_RULES) + i;

	json_put_text(writer, rule_names[i]);
	json_put_text(writer, ruleset_text(rules, row->family));
	json_put_text(writer, severity_names[row->severity]);
	json_put_text(writer, ruleset_text(rules, row->title));
	json_put_text(writer, ruleset_text(rules, row->citation));
	if (row->reads == 0)
		json_put_text(writer, "");
	else
		json_put_words(writer, row->reads, part_names);
}

static void
put_denial_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const DenialRow *row = (const DenialRow *) ruleset_rows(rules, SECTION_DENIALS) + i;

	json_put_text(writer, rule_names[row->rule]);
	json_put_text(writer, ruleset_text(rules, row->cause));
	json_put_text(writer, ruleset_text(rules, row->carc));
	json_put_date(writer, row->carc_from);
	json_put_date(writer, row->carc_to);
	json_put_text(writer, ruleset_text(rules, row->rarc));
	json_put_date(writer, row->rarc_from);
	json_put_date(writer, row->rarc_to);
}

static void
put_period(Writer *writer, const PeriodRow *row)
{
	json_put_date(writer, row->from);
	json_put_date(writer, row->to);
}

static void
put_gap_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	put_period(writer, (const PeriodRow *) ruleset_rows(rules, SECTION_GAPS) + i);
}

static void
put_mue_whole_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	put_period(writer, (const PeriodRow *) ruleset_rows(rules, SECTION_MUE_WHOLE) + i);
}

static void
put_additional_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const AdditionalRow *row = (const AdditionalRow *) ruleset_rows(rules, SECTION_ADDITIONAL) + i;

	json_put_code(writer, row->code);
	json_put_code(writer, row->initial);
}

static void
put_addon_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const AddonRow *row = (const AddonRow *) ruleset_rows(rules, SECTION_ADDON) + i;
	char		code[CODE_TEXT];

	json_put_code(writer, row->code);
	json_put_text(writer, row->primary == 0 ? NULL : code_to_text(row->primary, code));
	json_put_number(writer, row->type);
	put_period(writer, &(PeriodRow) {row->from, row->to});
}

static void
put_replacement_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const ReplacementRow *row = (const ReplacementRow *) ruleset_rows(rules, SECTION_REPLACEMENTS) + i;

	json_put_code(writer, row->code);
	json_put_code(writer, row->replacement);
	json_put_text(writer, ruleset_text(rules, row->condition));
}

static void
put_coverage_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const CoverageRow *row = (const CoverageRow *) ruleset_rows(rules, SECTION_COVERAGE) + i;

	char		code[CODE_TEXT];

	json_put_text(writer, part_names[row->part]);
	json_put_text(writer, row->code == 0 ? NULL : code_to_text(row->code, code));
	json_put_text(writer, row->with == 0 ? NULL : code_to_text(row->with, code));
	put_period(writer, &(PeriodRow) {row->from, row->to});
	json_put_text(writer, ruleset_text(rules, row->note));
}

void
put_pair_row(Writer *writer, uint32_t column_1, const PairRow *row, const char *rationale)
{
	json_put_code(writer, column_1);
	json_put_code(writer, pair_column_2(row));
	json_put_date(writer, pair_from(row));
	json_put_date(writer, pair_to(row));
	if (pair_mark(row) == PAIR_GONE)
		json_put_text(writer, NULL);
	else
		json_put_number(writer, (uint32_t) pair_indicator(row));
	json_put_text(writer, rationale);
}

/* A code that has a scope, by its place among all codes. */
static void
put_scope_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const CodeRow *row = (const CodeRow *) ruleset_rows(rules, SECTION_CODES) + i;

	json_put_code(writer, row->code);
	json_put_text(writer, code_scopes[row->scope]);
}

/* The code that a limit belongs to. */
static uint32_t
code_of_limit(const Ruleset *rules, uint32_t i)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	uint32_t	low = 0,
				high = ruleset_count(rules, SECTION_CODES);

	/* the last code whose limits start at or before the row, and that has any */
	while (high - low > 1)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (codes[middle].first_mue <= i)
			low = middle;
		else
			high = middle;
	}
	return codes[low].code;
}

static void
put_limit(Writer *writer, const Ruleset *rules, uint32_t i, int32_t first, int32_t last)
{
	const MueRow *row = (const MueRow *) ruleset_rows(rules, SECTION_MUE) + i;

	json_put_code(writer, code_of_limit(rules, i));
	json_put_number(writer, row->units);
	json_put_number(writer, row->mai);
	json_put_date(writer, row->from == first ? DATE_BEGIN : row->from);
	json_put_date(writer, row->to == last ? DATE_END : row->to);
}

static void
put_mue_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	put_limit(writer, rules, i, DATE_BEGIN, DATE_END);
}

bool
put_open_limit(Writer *writer, const Ruleset *rules, uint32_t i)
{
	if (i >= ruleset_count(rules, SECTION_MUE))
		return false;
	writer->first = true;
	put_limit(writer, rules, i, rules->edition.from, rules->edition.to);
	return true;
}

/* The tables in the order of the text; "ptp" has none of its own to put a row. */
static const struct
{
	const char *table;
	Section		section;
	void		(*put_row) (Writer *, const Ruleset *, uint32_t);
}			tables[] = {
	{"codes", SECTION_CODES, put_code_row},
	{"scope", SECTION_CODES, put_scope_row},
	{"ptp", SECTION_PAIRS, NULL},
	{"mue", SECTION_MUE, put_mue_row},
	{"modifiers", SECTION_MODIFIERS, put_modifier_row},
	{"modifier_conflicts", SECTION_CONFLICTS, put_conflict_row},
	{"regions", SECTION_REGIONS, put_region_row},
	{"rules", SECTION_RULES, put_rule_row},
	{"denials", SECTION_DENIALS, put_denial_row},
	{"specialties", SECTION_SPECIALTIES, put_specialty_row},
	{"gaps", SECTION_GAPS, put_gap_row},
	{"mue_whole", SECTION_MUE_WHOLE, put_mue_whole_row},
	{"coverage", SECTION_COVERAGE, put_coverage_row},
	{"taxonomies", SECTION_TAXONOMIES, put_taxonomy_row},
	{"code_modifiers", SECTION_CODE_MODIFIERS, put_code_modifier_row},
	{"additional", SECTION_ADDITIONAL, put_additional_row},
	{"addon", SECTION_ADDON, put_addon_row},
	{"replacements", SECTION_REPLACEMENTS, put_replacement_row}
};

#define N_TABLES	(sizeof(tables) / sizeof(tables[0]))

static bool
is_row(const Ruleset *rules, size_t t, uint32_t i)
{
	return tables[t].put_row != put_scope_row ||
		((const CodeRow *) ruleset_rows(rules, SECTION_CODES))[i].scope != PAIRS_NONE;
}

/* A rule that the ruleset lacked where it was stored? */
static bool
is_filled_in(const Ruleset *rules, size_t t, uint32_t i)
{
	return tables[t].section == SECTION_RULES &&
		((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[i].name == 0;
}

bool
put_table_row(Writer *writer, const Ruleset *rules, const char *table, uint32_t i)
{
	size_t		t = 0;

	while (strcmp(tables[t].table, table) != 0)
		t++;
	if (tables[t].put_row == NULL || i >= ruleset_count(rules, tables[t].section))
		return false;
	writer->first = true;
	if (is_row(rules, t, i) && !is_filled_in(rules, t, i))
		tables[t].put_row(writer, rules, i);
	return true;
}

static void
put_pairs(Writer *writer, const Ruleset *rules)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const PairRow *pairs = ruleset_rows(rules, SECTION_PAIRS);
	const TextRef *rationales = ruleset_rows(rules, SECTION_RATIONALES);
	bool		first_row = true;
	uint32_t	i,
				j;

	for (i = 0; i < ruleset_count(rules, SECTION_CODES); i++)
		for (j = codes[i].first_pair; j < codes[i].first_pair + codes[i].n_pairs; j++)
		{
			json_open_row(writer, &first_row);
			put_pair_row(writer, codes[i].code, &pairs[j], pair_rationale(&pairs[j]) == 0 ? NULL
						 : ruleset_text(rules, rationales[pair_rationale(&pairs[j]) - 1]));
			json_put(writer, "]");
		}
}

void
ruleset_to_text(const Ruleset *rules, void (*put_piece) (void *, const char *, size_t), void *context)
{
	Writer		writer = {put_piece, context, true};
	char		version[48];
	size_t		t;
	uint32_t	i;

	snprintf(version, sizeof(version), "{\"%s\": %d", RULESET_TEXT_KEY, RULESET_TEXT_VERSION);
	json_put(&writer, version);
	json_put(&writer, ",\n\"policy\": ");
	put_policy(&writer, rules);
	put_edition(&writer, rules);
	for (t = 0; t < N_TABLES; t++)
	{
		bool		first_row = true;

		json_open_table(&writer, tables[t].table);
		if (tables[t].put_row == NULL)
			put_pairs(&writer, rules);
		for (i = 0; tables[t].put_row != NULL && i < ruleset_count(rules, tables[t].section); i++)
			if (is_row(rules, t, i))
			{
				json_open_row(&writer, &first_row);
				tables[t].put_row(&writer, rules, i);
				json_put(&writer, "]");
			}
		json_put(&writer, "]");
	}
	json_put(&writer, "}\n");
}

/*
 * src/core/ruleset/ruleset_json.h
 *
 * The text form of a ruleset is read and written in five rooms: policy_text.c
 * its policy, biller_text.c who bills and with what, ruleset_read.c and
 * ruleset_text.c the rest, ncci_rows.c tables of its rows on their own.
 */
#ifndef CLAIMLINE_RULESET_JSON_H
#define CLAIMLINE_RULESET_JSON_H

#include "line/field_json.h"
#include "ruleset/ruleset_build.h"

/* Of the text form; the flat value has a version of its own. */
#define RULESET_TEXT_KEY		"claimline_ruleset"
#define RULESET_TEXT_VERSION	2

/* An object of settings; `parent` as in policy_from_text, NULL within a ruleset. */
extern bool read_policy(Reader *reader, RulesetSpec *spec, Word *parent);
extern void put_policy(Writer *writer, const Ruleset *rules);

/* The i-th key of a policy or an edition, and its value; NULL past the last. */
extern const char *put_policy_value(Writer *writer, const Ruleset *rules, int i);
extern const char *put_edition_value(Writer *writer, const Ruleset *rules, int i);

/*
 * The i-th row of a table as it was stored, without its brackets; false past
 * the last.  Rows of "ptp" are not written so.
 */
extern bool put_table_row(Writer *writer, const Ruleset *rules, const char *table, uint32_t i);

/* The i-th row of "mue", open where it starts or ends with the edition. */
extern bool put_open_limit(Writer *writer, const Ruleset *rules, uint32_t i);

/* [ [ scalar, ... ], ... ] */
extern bool read_table(Reader *reader, RulesetSpec *spec, const char *table);

/* One row of "ptp". */
extern void put_pair_row(Writer *writer, uint32_t column_1, const PairRow *row, const char *rationale);

/* The i-th row of a table, between its brackets. */
extern void put_specialty_row(Writer *writer, const Ruleset *rules, uint32_t i);
extern void put_taxonomy_row(Writer *writer, const Ruleset *rules, uint32_t i);
extern void put_modifier_row(Writer *writer, const Ruleset *rules, uint32_t i);
extern void put_conflict_row(Writer *writer, const Ruleset *rules, uint32_t i);
extern void put_code_modifier_row(Writer *writer, const Ruleset *rules, uint32_t i);

#endif							/* CLAIMLINE_RULESET_JSON_H */

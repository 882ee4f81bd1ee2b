/*
 * src/core/ruleset/ruleset_build.h
 *
 * A ruleset built from settings and rows.
 */
#ifndef CLAIMLINE_RULESET_BUILD_H
#define CLAIMLINE_RULESET_BUILD_H

#include "ruleset/ruleset.h"

typedef struct RulesetSpec RulesetSpec;

extern RulesetSpec *spec_begin(Arena *arena);

/* Take over the reference data and rules of a ruleset; with_edition: its edition too. */
extern void spec_load(RulesetSpec *spec, const Ruleset *rules, bool with_edition);

/* Take over the pairs of its edition, with what it says of their scope and dates. */
extern void spec_load_pairs(RulesetSpec *spec, const Ruleset *rules);

/* Add-on codes of a ruleset's edition. */
extern void spec_load_addons(RulesetSpec *spec, const Ruleset *rules);

/* A primary of an add-on code. */
extern void spec_add_addon(RulesetSpec *spec, const AddonRow *row);

/* Take the rules that the spec lacks from a ruleset, with their denial codes. */
extern void spec_fill_rules(RulesetSpec *spec, const Ruleset *rules);

/*
 * Set a setting of "policy" or "edition"; value NULL stands for null.  Within
 * one layer of the policy a key is set once; a later layer replaces it.
 */
extern bool spec_set(RulesetSpec *spec, const char *object, Word key, const Word *value, Fault *why);
extern void spec_policy_layer(RulesetSpec *spec);

/* The list of a key, or N_POLICY_LISTS. */
extern PolicyList policy_list_of(Word key);

/* Begin a list, which replaces the one of an earlier layer; then its entries, NULL for what the form lacks. */
extern bool spec_list(RulesetSpec *spec, PolicyList list, Fault *why);
extern bool spec_list_add(RulesetSpec *spec, PolicyList list, const Word *specialty, const Word *item,
						  const Word *number, Fault *why);

/* Is every setting there and do they fit together? */
extern bool spec_policy_complete(const RulesetSpec *spec, Fault *why);

/*
 * Add a row to a table ("codes", "ptp", ...).  `fields` in the order of
 * spec_columns; a field with text NULL is null.
 */
extern bool spec_add(RulesetSpec *spec, const char *table, int row, const Word *fields,
					 int n_fields, Fault *why);

/* A unit limit from a table of its own. */
extern void spec_add_mue(RulesetSpec *spec, uint32_t code, const MueRow *row);

/* Dates between the first and the last covered that are not; dates of which all limits are there. */
extern void spec_add_gap(RulesetSpec *spec, int32_t from, int32_t to);
extern void spec_add_mue_whole(RulesetSpec *spec, int32_t from, int32_t to);

/* Dates of a part; the text of a note, as in spec_add. */
extern void spec_add_coverage(RulesetSpec *spec, const CoverageRow *row);

/* Tables and their columns; NULL past the last. */
extern const char *spec_table(int i);
extern const char *spec_column(const char *table, int i);

/* The pairs are those of a set, under an overlay or NULL, in place of rows of "ptp". */
extern void spec_pairs(RulesetSpec *spec, const PairSet *base, const PairSet *over);

/* Check the whole and lay it out.  NULL with the fault filled in. */
extern Ruleset *spec_encode(RulesetSpec *spec, void *(*get) (void *, size_t), void *context,
							Fault *why);

#endif							/* CLAIMLINE_RULESET_BUILD_H */

/*
 * src/core/ncci/ncci_addon.h
 *
 * Add-on codes as CMS's file has them.  Their rows are kept as code pairs are:
 * the add-on code in column one, its primary in column two, and the type in
 * place of the rationale.
 */
#ifndef CLAIMLINE_NCCI_ADDON_H
#define CLAIMLINE_NCCI_ADDON_H

#include "ncci/ncci_file.h"
#include "ruleset/ruleset_build.h"

/* The next line of the file. */
extern void ncci_addon_record(NcciFile *file, Word line);

/* ADDON_... of a row of a set; 0 for a row that says the pair is gone. */
extern uint32_t addon_pair_type(const PairSet *set, const PairRow *row);

/* Are the rows of a set add-on codes? */
extern bool addon_pairs_check(const PairSet *set, Fault *why);

/* Put those that are ever in force into the spec. */
extern void spec_add_addon_pairs(RulesetSpec *spec, const PairSet *set);

/* The add-on codes of a ruleset as a set, in the arena. */
extern void ruleset_addon_pairs(const Ruleset *rules, Arena *arena, PairSet *set);

#endif							/* CLAIMLINE_NCCI_ADDON_H */

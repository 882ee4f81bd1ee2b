/*
 * src/core/edits/edits.h
 *
 * The edits.  Each reads the day and the ruleset and adds findings to the sink;
 * none knows another, but the last, which asks what the others have denied.
 */
#ifndef CLAIMLINE_EDITS_H
#define CLAIMLINE_EDITS_H

#include "edits/finding.h"

typedef void Edit(const Day *day, const Ruleset *rules, FindingSink *sink);

extern Edit edit_units;
extern Edit edit_span_units;
extern Edit edit_split;
extern Edit edit_overlap;
extern Edit edit_mue;
extern Edit edit_ptp;
extern Edit edit_cmt;
extern Edit edit_modifier;
extern Edit edit_assistant;
extern Edit edit_duplicate;
extern Edit edit_payer;
extern Edit edit_liability;
extern Edit edit_data;
extern Edit edit_addon;

/*
 * Fill in the facts of the day and run every edit.  Findings come in no order,
 * with changes that nobody has tried; judge.h has the whole judgement.  For a
 * verdict, stops after the edit that reached at_least.
 */
extern void edits_run(Day *day, const Ruleset *rules, FindingSink *sink);

#endif							/* CLAIMLINE_EDITS_H */

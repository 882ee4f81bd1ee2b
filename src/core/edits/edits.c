/*
 * src/core/edits/edits.c
 *
 * The ordered list of edits, and what runs them.
 */
#include "edits/edits.h"

#include "edits/facts.h"

static Edit *const edits[] = {
	edit_units, edit_span_units, edit_split, edit_overlap, edit_mue, edit_ptp, edit_cmt, edit_modifier, edit_assistant, edit_duplicate,
	edit_payer, edit_liability, edit_data, edit_addon
};

void
edits_run(Day *day, const Ruleset *rules, FindingSink *sink)
{
	size_t		i;

	sink->day = day;
	sink->rules = rules;
	sink->n_findings = 0;
	sink->told.n = 0;
	sink->reached = false;
	if (sink->pairs != NULL && !pair_memo_is_of(sink->pairs, rules))
		pair_memo_start(sink->pairs, rules);
	day_facts(day, rules, sink->facts, sink->arena);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]) && !(sink->mode == SINK_VERDICT && sink->reached); i++)
		edits[i] (day, rules, sink);
}

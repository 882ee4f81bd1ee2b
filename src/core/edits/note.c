/*
 * src/core/edits/note.c
 *
 * Why rules have no findings on lines, as it is noted.
 */
#include "edits/note.h"

#include <string.h>

#define REASON_NAME(symbol, name, state) name,
#define REASON_STATE(symbol, name, state) STATE_##state,

const char *const reason_names[N_REASONS] = {
	REASON_LIST(REASON_NAME)
};

const RuleState reason_states[N_REASONS] = {
	REASON_LIST(REASON_STATE)
};

const char *const state_names[] = {"passed", "fired", "not applicable", "undecided"};

void
notes_init(Notes *notes, Arena *arena, int n_lines)
{
	size_t		size = sizeof(Note) * (size_t) n_lines * N_RULES;

	memset(notes, 0, sizeof(*notes));
	notes->arena = arena;
	notes->n_lines = n_lines;
	notes->of = arena_alloc(arena, size + 1);
	memset(notes->of, 0, size);
}

void
note_add(Notes *notes, Rule rule, int line, Reason reason, const Fact *facts, int n)
{
	Note	   *note = note_of(notes, line, rule);

	if (reason <= note->reason)
		return;
	*note = (Note) {reason, notes->told.n, 0};
	note->n_facts = facts_append(&notes->told, notes->arena, facts, n);
}

void
note_lines(Notes *notes, Rule first_rule, Rule last_rule, int first, int end, Reason reason)
{
	int			i;
	int			rule;

	for (i = first; i < end; i++)
		for (rule = (int) first_rule; rule <= (int) last_rule; rule++)
			note_add(notes, (Rule) rule, i, reason, NULL, 0);
}

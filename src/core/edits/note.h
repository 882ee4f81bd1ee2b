/*
 * src/core/edits/note.h
 *
 * Why a rule has no finding on a line: what an edit notes where somebody asks
 * for it.  Nobody does while claims are judged, and nothing is evaluated then.
 */
#ifndef CLAIMLINE_NOTE_H
#define CLAIMLINE_NOTE_H

#include "base/arena.h"
#include "edits/finding_fact.h"
#include "edits/reason_list.h"
#include "ruleset/rule.h"

#define REASON_SYMBOL(symbol, name, state) REASON_##symbol,

/*
 * The reasons, of data/reasons.csv.  What an edit notes of a rule and a line
 * grows more telling while it looks closer: of two reasons the later in the
 * list stands, whichever was noted first.
 */
typedef enum Reason
{
	REASON_LIST(REASON_SYMBOL)
	N_REASONS
} Reason;

#undef REASON_SYMBOL

/* What a rule is to a line. */
typedef enum RuleState
{
	STATE_PASSED, STATE_FIRED, STATE_NOT_APPLICABLE, STATE_UNDECIDED
} RuleState;

extern const char *const state_names[];
extern const char *const reason_names[N_REASONS];
extern const RuleState reason_states[N_REASONS];

typedef struct Note
{
	Reason		reason;
	int			first_fact;		/* index into those of the notes */
	int			n_facts;
} Note;

/* One for each line of a day and rule. */
typedef struct Notes
{
	Arena	   *arena;
	int			n_lines;
	Note	   *of;				/* rules of the first line, of the second, ... */
	FactList	told;			/* facts of the notes */
} Notes;

extern void notes_init(Notes *notes, Arena *arena, int n_lines);

static inline Note *
note_of(const Notes *notes, int line, Rule rule)
{
	return &notes->of[(size_t) line * N_RULES + rule];
}

extern void note_add(Notes *notes, Rule rule, int line, Reason reason, const Fact *facts, int n);

/* The same of lines from `first` up to `end`, for rules of a family. */
extern void note_lines(Notes *notes, Rule first_rule, Rule last_rule, int first, int end, Reason reason);

/* NOTE(sink, RULE, line, REASON), and NOTE_FACTS(sink, RULE, line, REASON, FACT(...), ...): symbols without their prefixes */
#define NOTE(sink, rule, line, reason) \
	do { \
		if (__builtin_expect((sink)->notes != NULL, 0)) \
			note_add((sink)->notes, RULE_##rule, (line), REASON_##reason, NULL, 0); \
	} while (0)

#define NOTE_FACTS(sink, rule, line, reason, ...) \
	do { \
		if (__builtin_expect((sink)->notes != NULL, 0)) \
			note_add((sink)->notes, RULE_##rule, (line), REASON_##reason, (const Fact[]) {__VA_ARGS__}, \
					 (int) (sizeof((const Fact[]) {__VA_ARGS__}) / sizeof(Fact))); \
	} while (0)

/* What holds of all lines that count until an edit looks closer: NOTE_ALL(sink, FIRST_RULE, LAST_RULE, REASON) */
#define NOTE_ALL(sink, first_rule, last_rule, reason) \
	do { \
		if (__builtin_expect((sink)->notes != NULL, 0)) \
			note_lines((sink)->notes, RULE_##first_rule, RULE_##last_rule, 0, (sink)->day->n_valid, REASON_##reason); \
	} while (0)

#endif							/* CLAIMLINE_NOTE_H */

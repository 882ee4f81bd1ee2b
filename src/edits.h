/*
 * src/edits.h
 *
 * findings = edits(day, ruleset).  Each edit reads the day and the ruleset and
 * adds findings to the sink; none knows another.
 */
#ifndef CLAIMLINE_EDITS_H
#define CLAIMLINE_EDITS_H

#include <string.h>

#include "day.h"
#include "ruleset.h"

/* How a line would be changed to be billed. */
typedef enum ChangeKind
{
	CHANGE_NONE,
	CHANGE_ADD_FIRST,			/* a modifier in front of all others */
	CHANGE_ADD,					/* a modifier behind 59, X{EPSU} and 25 */
	CHANGE_REPLACE,				/* `old` by `modifier` */
	CHANGE_DROP,				/* `old`, its last occurrence */
	CHANGE_MOVE,				/* `old` to where CHANGE_ADD puts one */
	CHANGE_UNITS
} ChangeKind;

typedef struct Change
{
	ChangeKind	kind;
	uint16_t	modifier;
	uint16_t	old;
	uint32_t	units;			/* thousandths */
} Change;

typedef struct Finding
{
	Rule		rule;
	Severity	severity;
	int			line;			/* index in the day */
	int			with;			/* the other line of a pair, or -1 */
	bool		covered;		/* does the edition cover the date of service? */
	bool		lowered;		/* a denial, but for the date of service */
	const char *message;
	Change		change;			/* towards the suggestion */
	const char *condition;		/* what must be documented for it, or NULL */
	Change		otherwise;		/* tried where the change does not help */
	const char *otherwise_condition;
	const char *carc;
	const char *rarc;
	const char *citation;
} Finding;

/* How much is wanted of the findings. */
typedef enum SinkMode
{
	SINK_FULL,					/* all of it */
	SINK_BARE,					/* which rule, line and severity; no texts */
	SINK_VERDICT				/* only whether one reaches a severity */
} SinkMode;

/* Where the rows of two codes are: the first of each as column one, its index plus one; 0 for none. */
typedef struct PairPlace
{
	uint32_t	a;
	uint32_t	b;
	uint32_t	a_first;
	uint32_t	b_first;
} PairPlace;

#define PAIR_PLACES		1024

/*
 * Places found before, in one set of pairs: that of an edition, whatever the
 * policy.  They are indexes, so they hold wherever the ruleset lies.
 */
typedef struct PairMemo
{
	uint32_t	pairs_sum[4];	/* of the set */
	uint32_t	n_searches;
	const PairFilter *filter;	/* of the set, or NULL: who keeps the memo makes it */
	PairPlace	places[PAIR_PLACES];
} PairMemo;

/* A memo that remembers nothing yet. */
extern void pair_memo_start(PairMemo *memo, const Ruleset *rules);

static inline bool
pair_memo_is_of(const PairMemo *memo, const Ruleset *rules)
{
	return memcmp(memo->pairs_sum, rules->pairs_sum, sizeof(memo->pairs_sum)) == 0;
}

/* Where findings go.  They live in the arena. */
typedef struct FindingSink
{
	Arena	   *arena;
	PairMemo   *pairs;			/* started, kept from day to day; or NULL */
	const Day  *day;
	const Ruleset *rules;
	Finding    *findings;
	int			n_findings;
	int			capacity;
	SinkMode	mode;
	Severity	at_least;
	bool		reached;		/* was there a finding at or above at_least? */
} FindingSink;

/*
 * Judge a day: fills in what the ruleset says of each line, then runs every
 * edit.  Findings come ordered by line and rule, with suggestions that were
 * tried and help.  For a verdict, stops after the edit that reached at_least.
 */
extern void edits_run(Day *day, const Ruleset *rules, FindingSink *sink);

/* `pairs` may be NULL. */
extern void sink_init(FindingSink *sink, Arena *arena, PairMemo *pairs, SinkMode mode);

/* --- for the edits --- */

/*
 * Add a finding of the rule's severity, or of `severity`; a denial becomes
 * `review` outside the edition's dates and `unknown` without a date.  `cause`
 * chooses the denial codes; NULL, or one without codes of its own, for the
 * ordinary ones.  NULL when no text is wanted; otherwise valid until the next
 * one is added.
 */
extern Finding *finding_add(FindingSink *sink, Rule rule, int line, int with);
extern Finding *finding_add_as(FindingSink *sink, Rule rule, Severity severity,
							   const char *cause, int line, int with);

/* A rule's ordinary severity, by the policy. */
static inline Severity
rule_severity(const Ruleset *rules, Rule rule)
{
	return (Severity) ((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[rule].severity;
}

/* Once for each line of loops over lines: a long judgement can be cancelled. */
static inline void
sink_pause(const FindingSink *sink)
{
	arena_pause(sink->arena);
}

/* Say the message; why a denial was lowered is added to it. */
extern void finding_say(FindingSink *sink, Finding *finding, const char *format,...) CLAIMLINE_PRINTF(3, 4);

/* "edition starter covers 2020-10-01 to 2024-09-30", but not the gap that the date is in */
extern const char *coverage_text(FindingSink *sink, int32_t dos);

/* "97124 of claim C1 line 2" */
extern const char *line_label(FindingSink *sink, int line);

/* "cervical, lumbar and sacral", where `last` is " and ". */
extern const char *regions_text(Arena *arena, uint16_t regions, const char *last);

/* Units of a day: "5", or " more than 999999" of more than a line can hold. */
extern const char *total_text(Arena *arena, int64_t units);

/* The end, exclusive, of the valid lines from `first` with its DOS, or its DOS and code; once edits_run has looked them up. */
static inline int
dos_end(const Day *day, int first)
{
	return day->lines[first].dos_end;
}

static inline int
code_end(const Day *day, int first)
{
	return day->lines[first].code_end;
}

/* Does the day hold lines that could be of any date: without one, or not valid? */
extern bool has_undated_lines(const Day *day);

/* Does a rule in force from a date apply?  Without a date of service: it may. */
extern bool applies_from(int32_t from, int32_t dos);

extern bool line_has_modifier(const Line *line, uint16_t modifier);

/* The first modifier of the line that is valid and of one of the kinds; 0 if none. */
extern uint16_t line_modifier_of_kind(const Ruleset *rules, const Line *line, uint32_t kinds);

/* Do the modifiers of the two lines open the pair?  Not without a date. */
extern bool pair_opened(const Ruleset *rules, const PairRow *pair,
						const DayLine *column_1, const DayLine *column_2);

/* Does the policy never pay the line's code beside manipulation, whatever the modifier? */
extern bool bundled_with_cmt(const Ruleset *rules, const DayLine *line);

/* Units billed: a line with none is documented, not billed. */
static inline bool
is_billed(const DayLine *line)
{
	return line->line->units > 0;
}

extern void edit_units(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_mue(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_ptp(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_cmt(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_modifier(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_duplicate(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_payer(const Day *day, const Ruleset *rules, FindingSink *sink);
extern void edit_data(const Day *day, const Ruleset *rules, FindingSink *sink);

/* --- suggest.c --- */

/*
 * Which modifier says why column two is distinct from column one?  False when
 * none can: the facts contradict it, or do not say which.
 */
extern bool suggest_distinct(const Day *day, const Ruleset *rules, Arena *arena,
							 int column_1, int column_2, Change *change, const char **condition);

/* The discipline modifier that the line should carry, and on what condition. */
extern void suggest_discipline(const Day *day, const Ruleset *rules, int line, Change *change,
							   const char **condition);

/* Try every change on the day; keep those that help. */
extern void check_suggestions(const Day *day, const Ruleset *rules, FindingSink *sink);

/* The changed line.  False when it cannot be changed so. */
extern bool change_apply(const Ruleset *rules, const Line *line, const Change *change,
						 LineBuffer *changed);

/* One line's modifier changes taken together. */
typedef struct Suggestion
{
	int			line;			/* index in the day */
	LineBuffer	suggestion;
	const char *condition;		/* NULL if the suggestion always holds */
	const char *reason;
} Suggestion;

/* Suggestions for a judged day, one per line at most; returns how many. */
extern int	suggest_modifiers_of(const Day *day, const Ruleset *rules, const FindingSink *sink,
								 Arena *arena, Suggestion **suggestions);

/* Days with more lines have findings without suggestions: each is tried on the whole day. */
#define SUGGESTION_MAX_LINES	100

#endif							/* CLAIMLINE_EDITS_H */

/*
 * src/core/edits/finding.h
 *
 * What an edit says about one line, and where it says it.
 */
#ifndef CLAIMLINE_FINDING_H
#define CLAIMLINE_FINDING_H

#include "day/day.h"
#include "edits/change.h"
#include "edits/fact_memo.h"
#include "edits/finding_fact.h"
#include "edits/note.h"
#include "edits/pair_memo.h"

typedef struct Finding
{
	Rule		rule;
	Severity	severity;
	int			line;			/* index in the day */
	int			with;			/* the other line of a pair, or -1 */
	bool		covered;		/* does the edition cover what was read of it, on the date of service? */
	bool		lowered;		/* a denial, but for the date of service */
	bool		possible;		/* one of the two lines is of several dates: they may meet on one or not */
	uint16_t	wanted;			/* UNREAD_...: a denial, but that these fields of the line could not be read */
	const char *message;
	Change		change;			/* towards the suggestion */
	const char *condition;		/* what must be documented for it, or NULL */
	Change		otherwise;		/* tried where the change does not help */
	const char *otherwise_condition;
	const char *carc;
	const char *rarc;
	const char *citation;
	int			first_fact;		/* index into the sink's */
	int			n_facts;
} Finding;

/* The change towards the suggestion. */
static inline void
finding_change(Finding *finding, ChangeKind kind, uint16_t old, uint16_t modifier)
{
	finding->change.kind = kind;
	finding->change.old = old;
	finding->change.modifier = modifier;
}

/* How much is wanted of the findings. */
typedef enum SinkMode
{
	SINK_FULL,					/* all of it */
	SINK_BARE,					/* which rule, line and severity; no texts */
	SINK_VERDICT				/* only whether one reaches a severity */
} SinkMode;

/* What is wanted of the findings in SINK_FULL beside rule, severity and lines. */
#define WANT_MESSAGE	1
#define WANT_SUGGESTION	2		/* with its condition */
#define WANT_FACTS		4		/* what was compared */
#define WANT_ALL		(WANT_MESSAGE | WANT_SUGGESTION | WANT_FACTS)

/* Where findings go.  They live in the arena. */
typedef struct FindingSink
{
	Arena	   *arena;
	PairMemo   *pairs;			/* started, kept from day to day; or NULL */
	FactMemo   *facts;			/* of the ruleset, kept from day to day; or NULL, as sink_init() has it */
	const Day  *day;
	const Ruleset *rules;
	Finding    *findings;
	int			n_findings;
	int			n_asked;		/* findings added, or not wanted */
	int			capacity;
	FactList	told;			/* facts of the findings, in their order when they were added */
	Notes	   *notes;			/* where somebody asks why rules have no findings; else NULL, as sink_init() has it */
	SinkMode	mode;
	unsigned	wants;			/* WANT_...; WANT_ALL, as sink_init() has it */
	Severity	at_least;
	bool		reached;		/* was there a finding at or above at_least? */
} FindingSink;

/* `pairs` may be NULL. */
extern void sink_init(FindingSink *sink, Arena *arena, PairMemo *pairs, SinkMode mode);

/* The cause of a denial that is the policy's own: no edition decides it. */
#define CAUSE_POLICY	"policy"

/*
 * Add a finding of the rule's severity, or of `severity`; a denial becomes
 * `review` outside the dates of the part of the edition that the rule reads,
 * and `unknown` without a date, or where it is for want of a field that the
 * row has and that could not be read.  `cause` chooses the denial codes; NULL, or one
 * without codes of its own, for the ordinary ones.  NULL when no text is wanted; otherwise valid until the next
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

/* Say the message, where it is wanted; why a denial was lowered is added to it. */
extern void finding_say(FindingSink *sink, Finding *finding, const char *format,...) CLAIMLINE_PRINTF(3, 4);

/*
 * Add facts to the finding that was added last, where they are wanted: FINDING_FACTS(sink, finding, FACT(...), FACT_TEXT(...), ...).
 * Those that are FACT_NONE, no code and no modifier are left out.
 */
#define FINDING_FACTS(sink, finding, ...) \
	do { \
		if ((sink)->wants & WANT_FACTS) \
			finding_facts(sink, finding, (const Fact[]) {__VA_ARGS__}, (int) (sizeof((const Fact[]) {__VA_ARGS__}) / sizeof(Fact))); \
	} while (0)

extern void finding_facts(FindingSink *sink, Finding *finding, const Fact *facts, int n);

/* An element of a list for each field, of UNREAD_... */
extern void finding_missing(FindingSink *sink, Finding *finding, uint16_t unread);

/* What coverage_text() says. */
extern void finding_coverage(FindingSink *sink, Finding *finding, RulesetPart part, uint32_t code, uint32_t with, int32_t dos);

/* The parts of the edition that a rule reads: a bit per RulesetPart */
static inline uint32_t
rule_reads(const Ruleset *rules, Rule rule)
{
	return ((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[rule].reads;
}

/* "code pairs from 2020-10-01 to 2024-09-30", but not the gap that the date is in, and what is known beyond */
extern const char *coverage_text(FindingSink *sink, RulesetPart part, uint32_t code, uint32_t with, int32_t dos);

/* "dx, specialty", of UNREAD_... */
extern const char *unread_text(Arena *arena, uint16_t unread);

/* "97124 of claim C1 line 2" */
extern const char *line_label(FindingSink *sink, int line);

/* "they are of 2024-08-05 to 2024-08-09 and of 2024-08-07: ..." */
extern const char *dates_text(Arena *arena, const Line *a, const Line *b);

/* "cervical, lumbar and sacral", where `last` is " and ". */
extern const char *regions_text(Arena *arena, uint16_t regions, const char *last);

/* Units of a day: "5", or " more than 999999" of more than a line can hold. */
extern const char *total_text(Arena *arena, int64_t units);

#endif							/* CLAIMLINE_FINDING_H */

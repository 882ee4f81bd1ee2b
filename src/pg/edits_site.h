/*
 * src/pg/edits_site.h
 *
 * A call site of the edits: what it prepares once and keeps for the query, so
 * that a day costs no catalogue look-up.
 */
#ifndef CLAIMLINE_EDITS_SITE_H
#define CLAIMLINE_EDITS_SITE_H

#include "edits/judge.h"
#include "edits/line_memo.h"
#include "pg/finding_row.h"
#include "pg/ruleset_type.h"

/* What the first argument is; text is that of a line. */
typedef enum InputKind
{
	INPUT_DAY, INPUT_LINES, INPUT_LINE, INPUT_TEXT
} InputKind;

/* Is it one line?  A null one is line-invalid, where a null day or array has no findings. */
static inline bool
is_one_line(InputKind kind)
{
	return kind == INPUT_LINE || kind == INPUT_TEXT;
}

/* Everything that a call site keeps between calls. */
typedef struct Site
{
	MemoryContext context;		/* of the query */
	MemoryContext arguments;	/* of one day: what its arguments are detoasted to */
	Arena		arena;			/* of one day */
	LineBuffer	line;			/* a day's only line */
	DayLine		only;
	Day			day;
	FindingSink sink;
	bool		has_judged;		/* a day before this one */
	PairMemo   *pairs;			/* from then on, with a day of several lines */
	PairFilter *filter;			/* of the memo, which may not use it any more */
	FactMemo   *facts;			/* once there were many lines of a ruleset; in a context of their own */
	MemoryContext facts_context;
	uint32		n_facts;		/* lines judged without it */
	LineMemo   *verdicts;		/* of single lines, likewise */
	MemoryContext verdicts_context;
	uint32		n_verdicts;
	RulesetCache rulesets;
	RowShape	shape;
	struct FoundShape *found;	/* of claim_edits_found() */
	unsigned	wants;			/* WANT_..., that nobody asks for left out */
	Oid			fail_at;		/* label last looked up, and what it stands for */
	Severity	fail_at_severity;
	int			next;			/* next finding to be returned */
	bool		running;		/* between the first and the last row of a call */
} Site;

/* The site of a call, in fn_extra. */
extern Site *site_of(FunctionCallInfo fcinfo);

/* Ensure that an argument is not null. */
extern void not_null(bool is_null, const char *what);

/* Argument `arg` if the call has it, else the starter ruleset. */
extern const Ruleset *rules_argument(FunctionCallInfo fcinfo, Site *site, int arg, bool given);

/* The day of the first argument: it lasts until the next one. */
extern void day_argument(FunctionCallInfo fcinfo, Site *site, InputKind kind);

/* Does the line of the first argument pass?  By memory, where it was judged before; else it is judged as that day. */
extern bool site_line_passes(FunctionCallInfo fcinfo, Site *site, InputKind kind, const Ruleset *rules, Severity fail_at);

/* Judge that day. */
extern void site_judge(Site *site, const Ruleset *rules, SinkMode mode, Severity at_least);

#endif							/* CLAIMLINE_EDITS_SITE_H */

/*
 * src/core/edits/judge.c
 *
 * The whole judgement of a day: the edits, then every change that they propose
 * tried on the day.
 */
#include "edits/judge.h"

#include <stdlib.h>
#include <string.h>

#include "day/day_net.h"
#include "edits/edits.h"

/* ------------------------------------------------------ do they help? */

/* Findings of each rule on a line: how many, and their severities together. */
typedef struct Tally
{
	int			of_rule[N_RULES];
	int			severity[N_RULES];
} Tally;

static void
count_findings(const FindingSink *sink, int line, Tally *tally)
{
	int			i;

	memset(tally, 0, sizeof(*tally));
	for (i = 0; i < sink->n_findings; i++)
		if (sink->findings[i].line == line)
		{
			tally->of_rule[sink->findings[i].rule]++;
			tally->severity[sink->findings[i].rule] += 1 + (int) sink->findings[i].severity;
		}
}

/* Rules that a suggestion must not bring in; what only cannot be decided may come. */
static bool
is_denial(const Ruleset *rules, int rule)
{
	return ((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[rule].severity >= SEVERITY_REVIEW &&
		rule != RULE_EDITION_COVERAGE;
}

/* Judge the day with one line changed, and count the findings on it. */
static void
try_line(const Day *day, const Ruleset *rules, const FindingSink *judged, int line, const Line *changed,
		 Tally *after)
{
	Arena	   *arena = judged->arena;
	ArenaMark	mark = arena_mark(arena);	/* there may be many trials */
	Day			tried = *day;
	Day			counting;
	FindingSink sink;
	int			at;

	tried.lines = arena_alloc(arena, sizeof(DayLine) * (size_t) day->n_lines);
	memcpy(tried.lines, day->lines, sizeof(DayLine) * (size_t) day->n_lines);
	tried.lines[line].line = changed;
	/* those behind them stay where they are */
	counting = (Day) {.lines = tried.lines, .n_lines = tried.n_valid};
	day_sort(&counting);
	for (at = 0; tried.lines[at].line != changed; at++)
		;
	sink_init(&sink, arena, judged->pairs, SINK_BARE);
	sink.facts = judged->facts;
	edits_run(&tried, rules, &sink);
	count_findings(&sink, at, after);
	arena_rewind(arena, mark);
}

/* Is there a rule that denies the changed line and did not deny it before, or denies it more often? */
static bool
brings_denial(const Ruleset *rules, const Tally *before, const Tally *after)
{
	int			r;

	for (r = 0; r < N_RULES; r++)
		if (is_denial(rules, r) && after->of_rule[r] > before->of_rule[r])
			return true;
	return false;
}

/*
 * Does the change leave less of the rule, or less severe, and bring no other denial?  A pair
 * must be gone altogether: a line that another pair still denies is not helped.
 */
static bool
helps(const Day *day, const Ruleset *rules, const FindingSink *judged, const Finding *finding,
	  const Change *change, const Tally *before)
{
	LineBuffer	changed;
	Tally		after;

	if (!change_apply(rules, day->lines[finding->line].line, change, &changed))
		return false;
	try_line(day, rules, judged, finding->line, &changed.line, &after);
	return after.severity[finding->rule] < before->severity[finding->rule] &&
		(finding->rule != RULE_PTP || after.of_rule[RULE_PTP] == 0) &&
		!brings_denial(rules, before, &after);
}

/* Try every change on the day; keep those that help. */
static void
check_suggestions(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			n = sink->n_findings;
	int			i;

	for (i = 0; i < n; i++)
	{
		Finding    *finding = &sink->findings[i];
		Tally		before;

		if (finding->change.kind == CHANGE_NONE)
			continue;
		if (day->n_lines - day->n_netted <= SUGGESTION_MAX_LINES)
		{
			count_findings(sink, finding->line, &before);
			if (helps(day, rules, sink, finding, &finding->change, &before))
				continue;
			finding->change = finding->otherwise;
			finding->condition = finding->otherwise_condition;
			if (finding->change.kind != CHANGE_NONE &&
				helps(day, rules, sink, finding, &finding->change, &before))
				continue;
		}
		finding->change.kind = CHANGE_NONE;
		finding->condition = NULL;
	}
}

/* ------------------------------------------------------------ the whole */

static int
compare_findings(const void *x, const void *y)
{
	const Finding *a = x,
			   *b = y;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->with != b->with)
		return a->with < b->with ? -1 : 1;
	return a->message == NULL || b->message == NULL ? 0 : strcmp(a->message, b->message);
}

static void
sort_findings(FindingSink *sink)
{
	if (sink->n_findings > 1)
		qsort(sink->findings, (size_t) sink->n_findings, sizeof(Finding), compare_findings);
}

/* Are there sorted findings that only their messages would tell apart? */
static bool
are_tied(const FindingSink *sink)
{
	int			i;

	for (i = 1; i < sink->n_findings; i++)
		if (compare_findings(&sink->findings[i - 1], &sink->findings[i]) == 0)
			return true;
	return false;
}

void
judge_day(Day *day, const Ruleset *rules, FindingSink *sink)
{
	day_net(day, sink->arena);
	edits_run(day, rules, sink);
	if (sink->mode != SINK_FULL || sink->n_findings == 0)
		return;
	sort_findings(sink);
	/* their order is the same whatever is wanted of them */
	if (!(sink->wants & WANT_MESSAGE) && are_tied(sink))
	{
		sink->wants |= WANT_MESSAGE;
		sink->n_findings = 0;
		edits_run(day, rules, sink);
		sort_findings(sink);
	}
	if (sink->wants & WANT_SUGGESTION)
		check_suggestions(day, rules, sink);
}

/* --------------------------------------------------- one line's changes */

/* Add a text behind others, unless it is there. */
static const char *
joined(Arena *arena, const char *texts, const char *text)
{
	if (texts == NULL || text == NULL)
		return texts == NULL ? text : texts;
	return strstr(texts, text) != NULL ? texts : arena_printf(arena, "%s; %s", texts, text);
}

/*
 * One line's changes in turn: findings are ordered by line.  A modifier that
 * opens one pair opens the others too, so the first such is taken and what
 * must be documented for all of them is said.
 */
static bool
suggest_for_line(const Day *day, const Ruleset *rules, const FindingSink *sink, Arena *arena,
				 int first, int end, Suggestion *suggestion)
{
	const Line *line = day->lines[sink->findings[first].line].line;
	const Line *current = line;
	uint32_t	added = 0;		/* kinds of the modifiers added so far */
	Tally		before,
				after;
	int			i;

	for (i = first; i < end; i++)
	{
		const Finding *finding = &sink->findings[i];
		uint32_t	opens = ruleset_kinds(rules, finding->change.modifier) & (KIND_DISTINCT | KIND_BYPASS_EM);
		LineBuffer	changed;

		if (finding->change.kind == CHANGE_NONE || finding->change.kind == CHANGE_UNITS ||
			finding->change.kind == CHANGE_CODE)
			continue;
		if (!(opens & added))
		{
			if (!change_apply(rules, current, &finding->change, &changed))
				continue;
			suggestion->suggestion = changed;
			current = &suggestion->suggestion.line;
			added |= opens;
		}
		suggestion->condition = joined(arena, suggestion->condition, finding->condition);
		suggestion->reason = joined(arena, suggestion->reason, finding->message);
	}
	if (current == line)
		return false;
	/* each change was tried alone; together they must hold too */
	count_findings(sink, suggestion->line, &before);
	try_line(day, rules, sink, suggestion->line, current, &after);
	return !brings_denial(rules, &before, &after);
}

int
suggest_modifiers_of(const Day *day, const Ruleset *rules, const FindingSink *sink,
					 Arena *arena, Suggestion **suggestions)
{
	int			n = 0;
	int			first,
				end;

	*suggestions = arena_alloc(arena, sizeof(Suggestion) * ((size_t) day->n_valid + 1));
	for (first = 0; first < sink->n_findings; first = end)
	{
		Suggestion *suggestion = &(*suggestions)[n];

		for (end = first; end < sink->n_findings &&
			 sink->findings[end].line == sink->findings[first].line; end++)
			;
		memset(suggestion, 0, sizeof(*suggestion));
		suggestion->line = sink->findings[first].line;
		if (suggestion->line < day->n_valid &&
			suggest_for_line(day, rules, sink, arena, first, end, suggestion))
			n++;
	}
	return n;
}

/*
 * src/suggest.c
 *
 * How a line could be billed: which modifier, in which place, on what
 * condition.  Suggests only what the facts on the claim leave open.
 */
#include "edits.h"

#include <string.h>

/* Two characters as a modifier value. */
static uint16_t
modifier(const char *text)
{
	uint16_t	value = 0;
	Fault		why;

	modifier_from_text((Word) {text, 2, 0}, &value, &why);
	return value;
}

/* X{EPSU} on the line before it existed; 0 if there is none. */
static uint16_t
early_specific(const Ruleset *rules, const Line *line)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
	{
		const ModifierRow *row = ruleset_modifier(rules, line_modifier_at(line, i));

		if (row != NULL && (row->kinds & KIND_SPECIFIC) && !modifier_valid(row, line->dos))
			return row->modifier;
	}
	return 0;
}

/* When both intervals are known: 1 they are apart, -1 they overlap; else 0. */
static int
times_apart(const Line *a, const Line *b)
{
	if (a->start == CLAIMLINE_NO_START || b->start == CLAIMLINE_NO_START ||
		a->minutes <= 0 || b->minutes <= 0)
		return 0;
	return a->start + a->minutes <= b->start || b->start + b->minutes <= a->start ? 1 : -1;
}

bool
suggest_distinct(const Day *day, const Ruleset *rules, Arena *arena,
				 int column_1, int column_2, Change *change, const char **condition)
{
	const DayLine *one = &day->lines[column_1];
	const DayLine *two = &day->lines[column_2];
	uint16_t	regions_1 = ruleset_line_regions(rules, one->line);
	uint16_t	regions_2 = ruleset_line_regions(rules, two->line);
	bool		beside_cmt = (one->classes & CLASS_CMT) && (two->classes & CLASS_WITH_CMT);
	bool		by_region = rules->policy.cmt_massage == CMT_BY_REGION;
	int			apart = times_apart(one->line, two->line);
	const char *which;
	char		code_1[CODE_TEXT],
				code_2[CODE_TEXT];

	change->kind = CHANGE_NONE;
	*condition = NULL;
	if (two->line->dos == CLAIMLINE_NO_DOS ||
		((one->classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)) && bundled_with_cmt(rules, two)))
		return false;
	code_to_text(one->line->code, code_1);
	code_to_text(two->line->code, code_2);
	if (two->classes & CLASS_EM)
	{
		change->kind = CHANGE_ADD_FIRST;
		change->modifier = modifier("25");
		*condition = arena_printf(arena, "the record shows that %s was significant and separately identifiable from %s",
								  code_2, code_1);
		return true;
	}
	if (beside_cmt)
		regions_1 &= REGIONS_SPINAL;
	if (beside_cmt && by_region && (regions_1 & regions_2))
		return false;
	if (regions_1 != 0 && regions_2 != 0 && !(regions_1 & regions_2))
	{
		which = "XS";
		*condition = arena_printf(arena, "the record shows that %s treated %s and %s %s %s",
								  code_2, regions_text(arena, regions_2, ", "), code_1,
								  beside_cmt ? "manipulated" : "treated", regions_text(arena, regions_1, ", "));
	}
	else if (beside_cmt && !by_region)
	{
		which = "XU";
		*condition = arena_printf(arena, "the record shows %s as a service of its own beside %s", code_2, code_1);
	}
	else if (beside_cmt)
	{
		which = "XS";
		*condition = arena_printf(arena, "the record shows that %s treated a region that was not manipulated with %s",
								  code_2, code_1);
	}
	else if (apart != 0)
	{
		if (apart < 0)
			return false;
		which = "XE";
		*condition = arena_printf(arena, "the record shows %s from %02d:%02d for %d minutes and %s from %02d:%02d for %d minutes",
								  code_2, two->line->start / 60, two->line->start % 60, two->line->minutes,
								  code_1, one->line->start / 60, one->line->start % 60, one->line->minutes);
	}
	else if (two->classes & CLASS_REEVAL)
	{
		which = "XU";
		*condition = "the record shows a change of status that called for the re-evaluation";
	}
	else
		return false;

	change->kind = CHANGE_ADD_FIRST;
	change->modifier = modifier(which);
	/* X{EPSU} began in 2015, and a payer may want 59 */
	if (rules->policy.distinct_modifier == DISTINCT_59 ||
		!modifier_valid(ruleset_modifier(rules, change->modifier), two->line->dos))
		change->modifier = modifier("59");
	/* in place of an X{EPSU} that the line has too early */
	change->old = early_specific(rules, two->line);
	if (change->old != 0 && change->old != change->modifier)
		change->kind = CHANGE_REPLACE;
	return true;
}

/* The only discipline that the lines of a date state; 0 if there are none or several. */
static uint16_t
stated_discipline(const Day *day, const Ruleset *rules, int first, int end)
{
	uint16_t	stated = 0;
	int			i;

	for (i = first; i < end; i++)
	{
		uint16_t	own;

		if (!(day->lines[i].kinds & KIND_DISCIPLINE))
			continue;
		own = line_modifier_of_kind(rules, day->lines[i].line, KIND_DISCIPLINE);
		if (own != 0 && stated != 0 && own != stated)
			return 0;
		if (own != 0)
			stated = own;
	}
	return stated;
}

void
suggest_discipline(const Day *day, const Ruleset *rules, int at, Change *change, const char **condition)
{
	const Line *line = day->lines[at].line;
	uint16_t	discipline = 0;
	int			first = at;
	int			i;

	while (first > 0 && day->lines[first - 1].line->dos == line->dos)
		first--;

	/* the assistant's modifier says it, else the specialty */
	for (i = 0; i < line_n_modifiers(line) && discipline == 0; i++)
	{
		const ModifierRow *row = ruleset_modifier(rules, line_modifier_at(line, i));

		if (row != NULL && (row->kinds & KIND_ASSISTANT))
			discipline = row->requires;
	}
	if (discipline == 0)
		discipline = ruleset_discipline(rules, line_specialty_kind(line), line_specialty_value(line));
	*condition = NULL;
	if (discipline == 0 && (discipline = stated_discipline(day, rules, first, dos_end(day, first))) != 0)
		*condition = "the service was furnished under the plan of care of the other therapy lines of the day";
	else if (discipline == 0)
	{
		discipline = modifier("GP");
		*condition = "the service was furnished under a physical therapy plan of care";
	}
	change->kind = CHANGE_ADD;
	change->modifier = discipline;
}

/* How many leading modifiers say why a service is distinct: others go behind. */
static int
leading(const Ruleset *rules, const LineParts *parts)
{
	int			n = 0;

	while (n < parts->n_modifiers)
	{
		const ModifierRow *row = ruleset_modifier(rules, parts->modifiers[n]);

		if (row == NULL || !(row->kinds & (KIND_DISTINCT | KIND_BYPASS_EM)))
			break;
		n++;
	}
	/* GP is read in the first places only */
	return n < rules->policy.therapy_modifier_positions ? n : rules->policy.therapy_modifier_positions - 1;
}

static int
find_last(const LineParts *parts, uint16_t value)
{
	int			i = parts->n_modifiers - 1;

	while (i >= 0 && parts->modifiers[i] != value)
		i--;
	return i;
}

static void
remove_at(LineParts *parts, int at)
{
	parts->n_modifiers--;
	memmove(&parts->modifiers[at], &parts->modifiers[at + 1],
			sizeof(uint16_t) * (size_t) (parts->n_modifiers - at));
}

static void
insert_at(LineParts *parts, int at, uint16_t value)
{
	memmove(&parts->modifiers[at + 1], &parts->modifiers[at],
			sizeof(uint16_t) * (size_t) (parts->n_modifiers - at));
	parts->modifiers[at] = value;
	parts->n_modifiers++;
}

/* GP, GO or GN is read in the first places only: move it there if it is behind. */
static void
keep_discipline_read(const Ruleset *rules, LineParts *parts)
{
	int			last = rules->policy.therapy_modifier_positions - 1;
	int			i;

	for (i = last + 1; i < parts->n_modifiers; i++)
	{
		uint16_t	value = parts->modifiers[i];

		if (ruleset_kinds(rules, value) & KIND_DISCIPLINE)
		{
			remove_at(parts, i);
			insert_at(parts, last, value);
			return;
		}
	}
}

bool
change_apply(const Ruleset *rules, const Line *line, const Change *change, LineBuffer *changed)
{
	LineParts	parts;
	int			at;

	line_unpack(line, &parts);
	switch (change->kind)
	{
		case CHANGE_NONE:
			return false;
		case CHANGE_ADD_FIRST:
		case CHANGE_ADD:
			if (change->modifier == 0 || line_has_modifier(line, change->modifier) ||
				parts.n_modifiers >= rules->policy.modifier_positions)
				return false;
			insert_at(&parts, change->kind == CHANGE_ADD_FIRST ? 0 : leading(rules, &parts),
					  change->modifier);
			break;
		case CHANGE_REPLACE:
			if ((at = find_last(&parts, change->old)) < 0 || change->modifier == 0 ||
				line_has_modifier(line, change->modifier))
				return false;
			parts.modifiers[at] = change->modifier;
			break;
		case CHANGE_DROP:
			if ((at = find_last(&parts, change->old)) < 0)
				return false;
			remove_at(&parts, at);
			break;
		case CHANGE_MOVE:
			if ((at = find_last(&parts, change->old)) < 0)
				return false;
			remove_at(&parts, at);
			insert_at(&parts, leading(rules, &parts), change->old);
			break;
		case CHANGE_UNITS:
			if (change->units > CLAIMLINE_MAX_UNITS)
				return false;
			parts.units = change->units;
			break;
	}
	if (change->kind != CHANGE_UNITS)
		keep_discipline_read(rules, &parts);
	line_pack(&parts, changed);
	return true;
}

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
	Day			tried;
	FindingSink sink;
	int			at;

	tried.n_lines = day->n_lines;
	tried.lines = arena_alloc(arena, sizeof(DayLine) * (size_t) day->n_lines);
	memcpy(tried.lines, day->lines, sizeof(DayLine) * (size_t) day->n_lines);
	tried.lines[line].line = changed;
	day_sort(&tried);
	for (at = 0; tried.lines[at].line != changed; at++)
		;
	sink_init(&sink, arena, judged->pairs, SINK_BARE);
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

void
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
		if (day->n_lines <= SUGGESTION_MAX_LINES)
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

		if (finding->change.kind == CHANGE_NONE || finding->change.kind == CHANGE_UNITS)
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

/*
 * src/core/edits/facts.c
 *
 * Facts of lines and days that several edits ask for.
 */
#include "edits/facts.h"

#include <stdlib.h>

/*
 * Is the line billed for a denial?  Only a payer that has a modifier for it reads these modifiers.  GZ is denied from the
 * date from which there are denial codes for it.
 */
static DenialWanted
denial_of(const Ruleset *rules, const DayLine *line)
{
	uint16_t	modifier = (uint16_t) rules->policy.denial_modifier;
	const char *carc,
			   *rarc;

	if (modifier == 0)
		return DENIAL_NONE;
	if ((line->kinds & KIND_EXCLUDED) || line_has_modifier(line->line, modifier))
		return DENIAL_EXCLUDED;
	if (!(line->kinds & KIND_UNNECESSARY))
		return DENIAL_NONE;
	ruleset_denial(rules, RULE_BILLED_FOR_DENIAL, "GZ", line->line->dos, &carc, &rarc);
	return carc != NULL ? DENIAL_UNNECESSARY : DENIAL_NONE;
}

/*
 * What the modifiers of a line say.  The first that is one of the line's code, as an origin and destination are, says nothing
 * of what it means on other codes.
 */
static uint32_t
kinds_of(const Ruleset *rules, const Line *line)
{
	bool		of_code = false;
	uint32_t	kinds = 0;
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
	{
		const ModifierRow *modifier = ruleset_modifier(rules, line_modifier_at(line, i));

		if (!of_code && ruleset_modifier_of_code(rules, line->code, line_modifier_at(line, i)))
			of_code = true;
		else if (modifier_valid(modifier, line->dos))
			kinds |= modifier->kinds;
	}
	return kinds;
}

/* A line of a group, to be sorted by code. */
typedef struct LineOfCode
{
	uint32_t	code;
	int			line;
} LineOfCode;

static int
compare_codes(const void *x, const void *y)
{
	const LineOfCode *a = x,
			   *b = y;

	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	return a->line < b->line ? -1 : 1;
}

/* Lines of a code stand apart in a group of several dates: link them. */
static void
link_codes(Day *day, int first, int end, LineOfCode *sorted)
{
	int			next = end;
	int			n = end - first;
	int			i;

	for (i = 0; i < n; i++)
		sorted[i] = (LineOfCode) {day->lines[first + i].line->code, first + i};
	qsort(sorted, (size_t) n, sizeof(LineOfCode), compare_codes);
	for (i = 0; i < n; i++)
	{
		DayLine    *line = &day->lines[sorted[i].line];

		line->group_end = end;
		line->next_of_code = i + 1 < n && sorted[i + 1].code == sorted[i].code ? sorted[i + 1].line : -1;
		/* for now: is it the first of its code? */
		line->next_code = i == 0 || sorted[i - 1].code != sorted[i].code;
	}
	for (i = end - 1; i >= first; i--)
	{
		bool		is_first = day->lines[i].next_code;

		day->lines[i].next_code = next;
		if (is_first)
			next = i;
	}
}

/* The groups of a day with lines of several dates. */
static void
link_spans(Day *day, Arena *arena)
{
	LineOfCode *sorted = arena_alloc(arena, sizeof(LineOfCode) * (size_t) day->n_valid);
	int			first,
				end;

	for (first = 0; first < day->n_valid; first = end)
	{
		int32_t		last = line_last_date(day->lines[first].line);

		for (end = first + 1; end < day->n_valid && day->lines[end].line->dos <= last; end++)
			if (line_last_date(day->lines[end].line) > last)
				last = line_last_date(day->lines[end].line);
		link_codes(day, first, end, sorted);
	}
}

int
date_end(const Day *day, int first)
{
	int			end = first + 1;

	if (!day->has_spans)
		return group_end(day, first);
	while (end < day->n_valid && day->lines[end].line->dos == day->lines[first].line->dos)
		end++;
	return end;
}

/* By the code and the modifiers; `next` is a line of the same code and date, or NULL. */
static void
look_up(DayLine *line, const Ruleset *rules, const DayLine *next)
{
	line->code = next != NULL ? next->code : ruleset_code(rules, line->line->code);
	line->mue = next != NULL ? next->mue : line->code == NULL ? NULL : ruleset_mue(rules, line->code, line->line->dos);
	line->kinds = kinds_of(rules, line->line);
	line->discipline = line->kinds & KIND_DISCIPLINE ? line_modifier_of_kind(rules, line->line, KIND_DISCIPLINE) : 0;
	line->denial = line_n_modifiers(line->line) == 0 ? DENIAL_NONE : (uint8_t) denial_of(rules, line);
	line->in_two_codes = ruleset_in_two_codes(rules, line->line->code);
}

/* The same, by memory where there is one. */
static void
remember(DayLine *line, const Ruleset *rules, FactMemo *memo, const DayLine *next)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const MueRow *mues = ruleset_rows(rules, SECTION_MUE);
	LineFacts	key;
	LineFacts  *facts = memo == NULL ? NULL : fact_memo_place(memo, line->line, &key);

	line->plain = facts != NULL && same_facts(facts, &key) && facts->plain;
	if (facts == NULL)
		look_up(line, rules, next);
	else if (same_facts(facts, &key))
	{
		line->code = facts->code_row == 0 ? NULL : &codes[facts->code_row - 1];
		line->mue = facts->mue_row == 0 ? NULL : &mues[facts->mue_row - 1];
		line->kinds = facts->kinds;
		line->discipline = facts->discipline;
		line->denial = facts->denial;
		line->in_two_codes = facts->in_two_codes;
	}
	else
	{
		look_up(line, rules, next);
		key.code_row = line->code == NULL ? 0 : (uint32_t) (line->code - codes) + 1;
		key.mue_row = line->mue == NULL ? 0 : (uint32_t) (line->mue - mues) + 1;
		key.kinds = line->kinds;
		key.discipline = line->discipline;
		key.denial = line->denial;
		key.in_two_codes = line->in_two_codes;
		*facts = key;
	}
}

void
day_facts(Day *day, const Ruleset *rules, FactMemo *memo, Arena *arena)
{
	int			i;

	day->classes = 0;
	day->has_specialty = day->has_spans = day->has_addons = day->has_assistant = false;
	/* backwards: a line ends where the next one of its group does */
	for (i = day->n_valid - 1; i >= 0; i--)
	{
		DayLine    *line = &day->lines[i];
		const DayLine *next = i + 1 < day->n_valid && line[1].line->dos == line->line->dos ? line + 1 : NULL;

		line->group_end = next == NULL ? i + 1 : next->group_end;
		if (next != NULL && next->line->code != line->line->code)
			next = NULL;
		line->next_code = next == NULL ? i + 1 : next->next_code;
		line->next_of_code = next == NULL ? -1 : i + 1;
		remember(line, rules, memo, next);
		line->classes = line->code != NULL ? line->code->classes : 0;
		day->classes |= line->classes;
		day->has_addons |= line->code != NULL && line->code->first_addon != 0;
		day->has_specialty |= line_specialty_kind(line->line) != SPECIALTY_NONE;
		day->has_spans |= is_span(line->line);
		day->has_assistant |= line_assistant_minutes(line->line) != CLAIMLINE_NO_ASSISTANT;
		line->regions = 0;
	}
	if (day->has_spans)
		link_spans(day, arena);
	if (!(day->classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)))
		return;
	for (i = 0; i < day->n_valid; i++)
		if (day->lines[i].classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL | CLASS_WITH_CMT))
			day->lines[i].regions = ruleset_line_regions(rules, day->lines[i].line);
}

bool
has_undated_lines(const Day *day)
{
	return day_first_invalid(day) < day->n_lines ||
		(day->n_valid > 0 && day->lines[day->n_valid - 1].line->dos == CLAIMLINE_NO_DOS);
}

bool
applies_from(int32_t from, int32_t dos)
{
	return from != DATE_END && (dos == CLAIMLINE_NO_DOS || dos >= from);
}

bool
line_has_modifier(const Line *line, uint16_t modifier)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
		if (line_modifier_at(line, i) == modifier)
			return true;
	return false;
}

uint16_t
line_modifier_of_kind(const Ruleset *rules, const Line *line, uint32_t kinds)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
	{
		const ModifierRow *modifier = ruleset_modifier(rules, line_modifier_at(line, i));

		if (modifier_valid(modifier, line->dos) && (modifier->kinds & kinds))
			return modifier->modifier;
	}
	return 0;
}

bool
bundled_with_cmt(const Ruleset *rules, const DayLine *line)
{
	if (rules->policy.cmt_massage == CMT_BUNDLED && (line->classes & CLASS_WITH_CMT))
		return true;
	return applies_from(rules->policy.cmt_bundled_from, line->line->dos) &&
		policy_has_item(rules, LIST_CMT_BUNDLED, line->line->code);
}

bool
pair_covered(const Ruleset *rules, const Day *day, int a, int b)
{
	const Line *one = day->lines[a].line;

	return ruleset_part_covers(rules, PART_PTP, one->code, day->lines[b].line->code, one->dos);
}

bool
pair_opened(const Ruleset *rules, const PairRow *pair, const DayLine *column_1, const DayLine *column_2)
{
	int32_t		dos = column_2->line->dos;

	if (pair_mark(pair) != 1 || dos == CLAIMLINE_NO_DOS)
		return false;
	if (column_2->kinds & (KIND_BYPASS_EITHER | KIND_BYPASS_COLUMN2))
		return true;
	if ((column_1->kinds & KIND_BYPASS_EITHER) && applies_from(rules->policy.either_line_from, dos))
		return true;
	return ((column_1->kinds & KIND_BYPASS_EM) && may_be_visit(column_1)) ||
		((column_2->kinds & KIND_BYPASS_EM) && may_be_visit(column_2));
}

bool
lacks_active(const Ruleset *rules, const DayLine *line)
{
	return (line->classes & CLASS_CMT) && !(line->kinds & KIND_ACTIVE) &&
		applies_from(rules->policy.at_required_from, line->line->dos);
}

/* A specialty that is covered under supervision, with the modifier that says so. */
static bool
is_supervised(const Ruleset *rules, const Line *line)
{
	uint16_t	modifier = (uint16_t) rules->policy.supervision_modifier;

	return modifier != 0 && line_has_modifier(line, modifier) &&
		policy_has_specialty(rules, LIST_SUPERVISION_REQUIRED_OF, line);
}

bool
refuses_specialty(const Ruleset *rules, PolicyList list, const Line *line)
{
	return policy_has_specialty(rules, list, line) && !policy_has_specialty_item(rules, list, line, line->code) &&
		!(list == LIST_NOT_COVERED && is_supervised(rules, line));
}

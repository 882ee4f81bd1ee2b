/*
 * src/core/edits/suggest.c
 *
 * Which modifier, on what condition.  Suggests only what the facts on the
 * claim leave open.
 */
#include "edits/suggest.h"

#include "edits/facts.h"
#include "edits/finding.h"

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

/* May one of the services be furnished in a period of its own? */
static bool
by_period(const DayLine *one, const DayLine *two)
{
	return (one->classes & (CLASS_PMR | CLASS_SUPERVISED)) && (two->classes & (CLASS_PMR | CLASS_SUPERVISED));
}

Ground
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
	Ground		ground = GROUND_RECORD;
	const char *which;
	char		code_1[CODE_TEXT],
				code_2[CODE_TEXT];

	change->kind = CHANGE_NONE;
	*condition = NULL;
	/* of several dates: to bill each on a line of its own says more than a modifier */
	if (two->line->dos == CLAIMLINE_NO_DOS || lines_meet(day, column_1, column_2) != MEET_SURELY ||
		((one->classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)) && bundled_with_cmt(rules, two)))
		return GROUND_NONE;
	code_to_text(one->line->code, code_1);
	code_to_text(two->line->code, code_2);
	if (two->classes & CLASS_EM)
	{
		change->kind = CHANGE_ADD_FIRST;
		change->modifier = modifier("25");
		*condition = arena_printf(arena, "the record shows that %s was significant and separately identifiable from %s",
								  code_2, code_1);
		return GROUND_RECORD;
	}
	if (beside_cmt)
		regions_1 &= REGIONS_SPINAL;
	if (beside_cmt && by_region && (regions_1 & regions_2))
		return GROUND_NONE;
	if (regions_1 != 0 && regions_2 != 0 && !(regions_1 & regions_2) &&
		!line_regions_open(one->line) && !line_regions_open(two->line))
	{
		which = "XS";
		ground = GROUND_CLAIM;
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
		/* XS would say that the regions are known to differ */
		which = "59";
		*condition = arena_printf(arena, "the record shows that %s treated a region that was not manipulated with %s",
								  code_2, code_1);
	}
	else if (apart != 0)
	{
		if (apart < 0)
			return GROUND_NONE;
		which = "XE";
		ground = GROUND_CLAIM;
		*condition = arena_printf(arena, "the record shows %s from %02d:%02d for %d minutes and %s from %02d:%02d for %d minutes",
								  code_2, two->line->start / 60, two->line->start % 60, two->line->minutes,
								  code_1, one->line->start / 60, one->line->start % 60, one->line->minutes);
	}
	else if (two->classes & CLASS_REEVAL)
	{
		which = "XU";
		*condition = "the record shows a change of status that called for the re-evaluation";
	}
	else if (by_period(one, two))
	{
		which = "XU";
		*condition = arena_printf(arena, "the record shows %s in a period of its own, apart from %s", code_2, code_1);
	}
	else
		return GROUND_NONE;

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
	return ground;
}

/* The only discipline that the lines which may be of a line's date state; 0 if there are none or several. */
static uint16_t
stated_discipline(const Day *day, const Ruleset *rules, int at)
{
	int			first = at;
	uint16_t	stated = 0;
	int			i;

	while (first > 0 && group_end(day, first - 1) == group_end(day, at))
		first--;
	for (i = first; i < group_end(day, at); i++)
	{
		uint16_t	own;

		if (!(day->lines[i].kinds & KIND_DISCIPLINE) || lines_meet(day, at, i) == MEET_NEVER)
			continue;
		own = line_modifier_of_kind(rules, day->lines[i].line, KIND_DISCIPLINE);
		if (own != 0 && stated != 0 && own != stated)
			return 0;
		if (own != 0)
			stated = own;
	}
	return stated;
}

uint16_t
discipline_of_classes(const Ruleset *rules, uint32_t classes)
{
	const ModifierRow *rows = ruleset_rows(rules, SECTION_MODIFIERS);
	uint16_t	only = 0;
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_MODIFIERS); i++)
	{
		if (!(rows[i].kinds & KIND_DISCIPLINE) || (rows[i].not_on & classes))
			continue;
		if (only != 0)
			return 0;
		only = rows[i].modifier;
	}
	return only;
}

void
suggest_discipline(const Day *day, const Ruleset *rules, int at, Change *change, const char **condition)
{
	const Line *line = day->lines[at].line;
	uint16_t	discipline = 0;
	int			i;

	/* the code may take one alone; else the assistant's modifier says it, else the specialty */
	discipline = discipline_of_classes(rules, day->lines[at].classes);
	for (i = 0; i < line_n_modifiers(line) && discipline == 0; i++)
	{
		const ModifierRow *row = ruleset_modifier(rules, line_modifier_at(line, i));

		if (row != NULL && (row->kinds & KIND_ASSISTANT))
			discipline = row->requires;
	}
	if (discipline == 0)
		discipline = ruleset_discipline(rules, line_specialty_kind(line), line_specialty_value(line));
	*condition = NULL;
	if (discipline == 0 && (discipline = stated_discipline(day, rules, at)) != 0)
		*condition = "the service was furnished under the plan of care of the other therapy lines of the day";
	else if (discipline == 0)
	{
		discipline = modifier("GP");
		*condition = "the service was furnished under a physical therapy plan of care";
	}
	change->kind = CHANGE_ADD;
	change->modifier = discipline;
}

void
suggest_code(const Day *day, const Ruleset *rules, Arena *arena, int at, Change *change, const char **condition)
{
	const ReplacementRow *row = ruleset_replacement(rules, day->lines[at].line->code);
	const CodeRow *code = row == NULL ? NULL : ruleset_code(rules, row->replacement);
	const char *plan = NULL;

	*change = (Change) {CHANGE_NONE};
	*condition = NULL;
	if (row == NULL)
		return;
	if (code != NULL && (code->classes & CLASS_THERAPY) && !(day->lines[at].kinds & KIND_DISCIPLINE))
		suggest_discipline(day, rules, at, change, &plan);
	change->kind = CHANGE_CODE;
	change->code = row->replacement;
	*condition = plan == NULL ? ruleset_text(rules, row->condition)
		: arena_printf(arena, "%s; %s", ruleset_text(rules, row->condition), plan);
}

/*
 * src/suggest.c
 *
 * How a line could be billed: which modifier, in which place, on what
 * condition.  Suggests only what the facts on the claim leave open.
 */
#include "edits.h"

#include <stdio.h>
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

static const char *
names_of(Arena *arena, uint16_t regions)
{
	const char *text = "";
	int			i;

	for (i = 0; i < N_REGIONS; i++)
		if (regions & 1 << i)
			text = arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? ", " : "", region_names[i]);
	return text;
}

/* When both intervals are known: 1 they are apart, -1 they overlap; else 0. */
static int
times_apart(const Line *a, const Line *b)
{
	if (a->start == CLAIMLINE_NO_START || b->start == CLAIMLINE_NO_START ||
		a->minutes == CLAIMLINE_NO_MINUTES || b->minutes == CLAIMLINE_NO_MINUTES)
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
	int			apart = times_apart(one->line, two->line);
	const char *which;
	char		code_1[CODE_TEXT],
				code_2[CODE_TEXT];

	change->kind = CHANGE_NONE;
	*condition = NULL;
	if (two->line->dos == CLAIMLINE_NO_DOS)
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
	if (beside_cmt && (regions_1 & regions_2))
		return false;
	if (regions_1 != 0 && regions_2 != 0 && !(regions_1 & regions_2))
	{
		which = "XS";
		*condition = arena_printf(arena, "the record shows that %s treated %s and %s treated %s",
								  code_2, names_of(arena, regions_2), code_1, names_of(arena, regions_1));
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
	return true;
}

void
suggest_discipline(const Ruleset *rules, const Line *line, Change *change, const char **condition)
{
	uint16_t	discipline = 0;
	int			i;

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
	if (discipline == 0)
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
			if ((at = find_last(&parts, change->old)) < 0 || line_has_modifier(line, change->modifier))
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
	line_pack(&parts, changed);
	return true;
}

int
suggest_modifiers_of(const Day *day, const Ruleset *rules, const FindingSink *sink,
					 Arena *arena, Suggestion **suggestions)
{
	int			n = 0;
	int			i = 0;

	*suggestions = arena_alloc(arena, sizeof(Suggestion) * ((size_t) day->n_valid + 1));
	while (i < sink->n_findings)
	{
		Suggestion *suggestion = &(*suggestions)[n];
		int			line = sink->findings[i].line;
		bool		any = false;

		/* findings are ordered by line: take one line's changes in turn */
		for (; i < sink->n_findings && sink->findings[i].line == line; i++)
		{
			const Finding *finding = &sink->findings[i];
			LineBuffer	changed;

			if (finding->change.kind == CHANGE_UNITS ||
				!change_apply(rules, any ? &suggestion->suggestion.line : day->lines[line].line,
							  &finding->change, &changed))
				continue;
			suggestion->suggestion = changed;
			suggestion->line = line;
			suggestion->reason = any ? arena_printf(arena, "%s; %s", suggestion->reason, finding->message)
				: finding->message;
			if (!any)
				suggestion->condition = finding->condition;
			else if (finding->condition != NULL)
				suggestion->condition = suggestion->condition == NULL ? finding->condition
					: arena_printf(arena, "%s; %s", suggestion->condition, finding->condition);
			any = true;
		}
		n += any;
	}
	return n;
}

/*
 * src/core/edits/day_change.c
 *
 * Lines of a day with a change of some fields.
 */
#include "edits/smallest.h"

#include <string.h>

/*
 * One more modifier: one that says why a service is distinct in front, a discipline where it is read, others behind, and none
 * where it would put a discipline out of where it is read.
 */
static bool
add_modifier(const Ruleset *rules, LineParts *parts, uint16_t modifier)
{
	int			read = rules->policy.therapy_modifier_positions;
	uint32_t	kinds = ruleset_kinds(rules, modifier);
	int			at = parts->n_modifiers;

	if (parts->n_modifiers >= rules->policy.modifier_positions || parts->n_modifiers >= CLAIMLINE_MAX_MODIFIERS)
		return false;
	if ((kinds & KIND_DISCIPLINE) && at >= read)
		at = read - 1;
	else if ((kinds & (KIND_DISTINCT | KIND_BYPASS_EM)) &&
			 !(parts->n_modifiers >= read && (ruleset_kinds(rules, parts->modifiers[read - 1]) & KIND_DISCIPLINE)))
		at = 0;
	memmove(&parts->modifiers[at + 1], &parts->modifiers[at], sizeof(uint16_t) * (size_t) (parts->n_modifiers - at));
	parts->modifiers[at] = modifier;
	parts->n_modifiers++;
	return true;
}

static bool
remove_modifier(LineParts *parts, uint16_t modifier)
{
	int			at = parts->n_modifiers - 1;

	while (at >= 0 && parts->modifiers[at] != modifier)
		at--;
	if (at < 0)
		return false;
	parts->n_modifiers--;
	memmove(&parts->modifiers[at], &parts->modifiers[at + 1], sizeof(uint16_t) * (size_t) (parts->n_modifiers - at));
	return true;
}

static bool
apply_edit(const Ruleset *rules, LineParts *parts, const LineEdit *edit)
{
	switch (edit->kind)
	{
		case EDIT_REGIONS:
			parts->regions = (uint16_t) edit->value;
			return true;
		case EDIT_MINUTES:
			parts->minutes = edit->value;
			return true;
		case EDIT_ADD:
			return add_modifier(rules, parts, (uint16_t) edit->value);
		case EDIT_REMOVE:
			return remove_modifier(parts, (uint16_t) edit->value);
		case EDIT_UNITS:
		case EDIT_UNBILL:
			parts->units = (uint32_t) edit->value;
			return true;
		case EDIT_LEAVE_OUT:
			break;
	}
	return false;
}

int
change_lines(const Smallest *search, const DayChange *change, DayLine *lines)
{
	const Day  *day = search->day;
	int			n = 0;
	int			i,
				e;

	for (i = 0; i < day->n_lines; i++)
	{
		LineParts	parts;
		LineBuffer *changed;
		bool		is_changed = false;

		lines[n] = day->lines[i];
		/* what is taken off makes room for what is added, so the later kind first */
		for (e = change->n - 1; e >= 0; e--)
		{
			const LineEdit *edit = &change->edits[e];

			if (edit->line != i)
				continue;
			if (edit->kind == EDIT_LEAVE_OUT)
				break;
			if (!is_changed)
				line_unpack(day->lines[i].line, &parts);
			is_changed = true;
			if (!apply_edit(search->rules, &parts, edit))
				return -1;
		}
		if (e >= 0)
			continue;
		if (is_changed)
		{
			changed = arena_alloc(search->arena, sizeof(LineBuffer));
			line_pack(&parts, changed);
			lines[n].line = &changed->line;
		}
		lines[n].place = i;
		n++;
	}
	return n;
}

int
apply_day_change(const Smallest *search, const DayChange *change, DayLine *lines)
{
	Day			changed = {.lines = lines, .n_lines = change_lines(search, change, lines)};

	day_sort(&changed);
	return changed.n_lines;
}

/*
 * src/core/edits/change.c
 *
 * A line changed as a finding proposes: which modifier, in which place; how many units; which code.
 */
#include "edits/change.h"

#include <string.h>

#include "edits/facts.h"

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
		case CHANGE_CODE:
			parts.code = change->code;
			if (change->modifier == 0)
				break;
			if (parts.n_modifiers >= rules->policy.modifier_positions)
				return false;
			insert_at(&parts, leading(rules, &parts), change->modifier);
			break;
	}
	if (change->kind != CHANGE_UNITS)
		keep_discipline_read(rules, &parts);
	line_pack(&parts, changed);
	return true;
}

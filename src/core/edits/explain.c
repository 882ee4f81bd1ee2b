/*
 * src/core/edits/explain.c
 *
 * A day explained: what was found, and where nothing was what the edits noted.
 */
#include "edits/explain.h"

#include <string.h>

#include "edits/judge.h"

static bool
has_fact(const FindingSink *sink, const Finding *finding, FactName name)
{
	int			i;

	for (i = 0; i < finding->n_facts; i++)
		if (sink->told.facts[finding->first_fact + i].name == name)
			return true;
	return false;
}

/* What a rule that could not be decided wants, by what it says. */
static Reason
why_undecided(const Day *day, const FindingSink *sink, const Finding *finding)
{
	if (has_fact(sink, finding, FACT_MISSING))
		return REASON_MISSING;
	if (has_fact(sink, finding, FACT_UNDECIDED))
		return REASON_NOT_CARRIED;
	if (has_fact(sink, finding, FACT_BESIDE))
		return REASON_BESIDE_UNDATED;
	if (has_fact(sink, finding, FACT_DATES))
		return REASON_MINUTES_OF_DATES;
	if (finding->rule == RULE_LINE_INVALID)
		return finding->line < day_first_invalid(day) ? REASON_NOTHING_REVERSED : REASON_NOT_VALID;
	if (finding->with >= 0)
		return REASON_DATES_MAY_DIFFER;
	return has_fact(sink, finding, FACT_ADDON_TYPE) && finding->line < day->n_valid && !has_fact(sink, finding, FACT_PRIMARIES)
		? REASON_CONTRACTOR_NAMES : REASON_BESIDE_UNDATED;
}

/* A row that is no line, or does not count. */
static Reason
why_not_judged(const Day *day, int line)
{
	if (line >= day_first_invalid(day))
		return REASON_NO_LINE;
	return day->lines[line].net == NET_COPY ? REASON_IS_COPY : day->lines[line].net == NET_TAKEN_BACK ? REASON_IS_TAKEN_BACK : REASON_IS_REVERSAL;
}

/* Does one finding say more than another: is it decided, or worse? */
static bool
says_more(const Finding *a, const Finding *b)
{
	bool		decided_a = a->severity != SEVERITY_UNKNOWN;
	bool		decided_b = b->severity != SEVERITY_UNKNOWN;

	return decided_a != decided_b ? decided_a : a->severity > b->severity;
}

static void
explain_rule(const Day *day, const FindingSink *sink, const Notes *notes, Explanation *row)
{
	int			i;

	for (i = 0; i < sink->n_findings; i++)
	{
		const Finding *finding = &sink->findings[i];

		if (finding->line != row->line || finding->rule != row->rule)
			continue;
		row->n_findings++;
		if (row->finding == NULL || says_more(finding, row->finding))
			row->finding = finding;
	}
	if (row->finding != NULL)
	{
		row->reason = row->finding->severity == SEVERITY_UNKNOWN ? why_undecided(day, sink, row->finding) : REASON_FOUND;
		row->facts = sink->told.facts + row->finding->first_fact;
		row->n_facts = row->finding->n_facts;
	}
	else if (row->line >= day->n_valid)
		row->reason = why_not_judged(day, row->line);
	else
	{
		const Note *note = note_of(notes, row->line, row->rule);

		row->reason = note->reason;
		row->facts = notes->told.facts + note->first_fact;
		row->n_facts = note->n_facts;
	}
	row->state = reason_states[row->reason];
}

/* The worst that the rule says of the line: what comes with a change must be less. */
static Severity
worst_of(const FindingSink *sink, const Explanation *row)
{
	Severity	worst = SEVERITY_INFO;
	int			i;

	for (i = 0; i < sink->n_findings; i++)
		if (sink->findings[i].line == row->line && sink->findings[i].rule == row->rule && sink->findings[i].severity > worst)
			worst = sink->findings[i].severity;
	return worst;
}

/* What would have to change, of every rule that speaks of a line. */
static void
seek_changes(const Day *day, const FindingSink *sink, Explained *explained)
{
	Target	   *targets = arena_alloc(sink->arena, sizeof(Target) * ((size_t) sink->n_findings + 1));
	int			n = 0;
	int			i;

	for (i = 0; i < explained->n_rows; i++)
	{
		Explanation *row = &explained->rows[i];

		if (row->finding == NULL || row->line >= day_first_invalid(day))
			continue;
		memset(&targets[n], 0, sizeof(Target));
		targets[n].line = day_place(day, row->line);
		targets[n].rule = row->rule;
		targets[n].severity = worst_of(sink, row);
		targets[n].suggested = row->finding->change;
		row->target = &targets[n++];
	}
	find_smallest(&explained->search, targets, n);
}

void
explain_day(Day *day, const Ruleset *rules, FindingSink *sink, Explained *explained)
{
	int		   *at = arena_alloc(sink->arena, sizeof(int) * ((size_t) day->n_lines + 1));
	int			i,
				rule;

	memset(explained, 0, sizeof(*explained));
	explained->raw = *day;
	explained->raw.lines = arena_alloc(sink->arena, sizeof(DayLine) * ((size_t) day->n_lines + 1));
	memcpy(explained->raw.lines, day->lines, sizeof(DayLine) * (size_t) day->n_lines);
	explained->search = (Smallest) {&explained->raw, rules, sink->arena, sink->pairs, 0};
	notes_init(&explained->notes, sink->arena, day->n_lines);
	sink->notes = &explained->notes;
	/* what is remembered is not looked at again */
	sink->facts = NULL;
	judge_day(day, rules, sink);
	for (i = 0; i < day->n_lines; i++)
		at[day_place(day, i)] = i;
	explained->rows = arena_alloc(sink->arena, sizeof(Explanation) * N_RULES * (size_t) (day->n_lines + 1));
	for (i = 0; i < day->n_lines; i++)
		for (rule = 0; rule < N_RULES; rule++)
		{
			Explanation *row = &explained->rows[explained->n_rows++];

			*row = (Explanation) {.line = at[i], .rule = (Rule) rule};
			explain_rule(day, sink, &explained->notes, row);
		}
	seek_changes(day, sink, explained);
}

/* ------------------------------------------------------------- in words */

static const char *
edit_text(const Explained *explained, FindingSink *sink, const LineEdit *edit)
{
	const DayLine *line = &explained->raw.lines[edit->line];
	char		modifier[MODIFIER_TEXT],
				units[UNITS_TEXT];
	const char *label;
	const Day  *judged = sink->day;

	/* the day before it was netted has the index */
	sink->day = &explained->raw;
	label = line_label(sink, edit->line);
	sink->day = judged;
	switch (edit->kind)
	{
		case EDIT_REGIONS:
			return arena_printf(sink->arena, "say region=%s on %s", regions_text(sink->arena, (uint16_t) edit->value, ","), label);
		case EDIT_MINUTES:
			return arena_printf(sink->arena, "say %d minutes on %s", edit->value, label);
		case EDIT_ADD:
			return arena_printf(sink->arena, "add modifier %s to %s", modifier_to_text((uint16_t) edit->value, modifier), label);
		case EDIT_REMOVE:
			return arena_printf(sink->arena, "take modifier %s off %s", modifier_to_text((uint16_t) edit->value, modifier), label);
		case EDIT_UNITS:
			return arena_printf(sink->arena, "bill x%s of %s in place of x%s", units_to_text((uint32_t) edit->value, units), label,
								total_text(sink->arena, line->line->units));
		case EDIT_UNBILL:
			return arena_printf(sink->arena, "bill no units of %s", label);
		case EDIT_LEAVE_OUT:
			break;
	}
	return arena_printf(sink->arena, "leave %s out", label);
}

const char *
change_text(const Explained *explained, FindingSink *sink, const DayChange *change)
{
	const char *text = NULL;
	int			e;

	for (e = 0; e < change->n; e++)
		text = text == NULL ? edit_text(explained, sink, &change->edits[e])
			: arena_printf(sink->arena, "%s, and %s", text, edit_text(explained, sink, &change->edits[e]));
	if (text != NULL)
		return text;
	return explained->search.tried == 0 ? arena_printf(sink->arena, "not sought: the day has more than %d lines", SMALLEST_MAX_LINES)
		: explained->search.tried == 1 ? "no change of one field does; of two none was tried, as the day has too many"
		: "no change of one field or two does";
}

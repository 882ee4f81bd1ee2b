/*
 * src/core/edits/edit_liability.c
 *
 * Lines that a modifier bills for a denial: not covered at all (GX, GY), or
 * expected to be denied as not necessary, without a notice (GZ).  Facts decide
 * which they are, and no other edit takes them for payable.
 */
#include "edits/edits.h"

#include "edits/facts.h"

/* Does a modifier about liability contradict another of the line?  Then it is not known what the line asks for. */
static bool
contradicts_itself(const Ruleset *rules, const Line *line)
{
	int			n = line_n_modifiers(line);
	int			a,
				b;

	for (a = 0; a < n; a++)
		for (b = 0; b < n; b++)
		{
			const ConflictRow *row;

			if (!(ruleset_kinds(rules, line_modifier_at(line, a)) & KIND_LIABILITY))
				continue;
			row = ruleset_conflict(rules, line_modifier_at(line, a), line_modifier_at(line, b), line->dos);
			if (row != NULL && row->severity == SEVERITY_DENY)
				return true;
		}
	return false;
}

/* Does a rule that asks for more already say this denial, with its codes? */
static bool
said_otherwise(const Ruleset *rules, const DayLine *line)
{
	return lacks_active(rules, line) ||
		(line->denial == DENIAL_EXCLUDED && is_billed(line) &&
		 (refuses_specialty(rules, LIST_NOT_COVERED, line->line) ||
		  refuses_specialty(rules, LIST_SPECIALTY_CODES, line->line)));
}

static void
judge_line(const Ruleset *rules, FindingSink *sink, int i)
{
	const DayLine *on = &sink->day->lines[i];
	bool		excluded = on->denial == DENIAL_EXCLUDED;
	uint16_t	modifier = line_modifier_of_kind(rules, on->line, excluded ? KIND_EXCLUDED : KIND_UNNECESSARY);
	Finding    *finding;
	char		text[MODIFIER_TEXT],
				code[CODE_TEXT];

	if (said_otherwise(rules, on) || contradicts_itself(rules, on->line))
	{
		NOTE(sink, BILLED_FOR_DENIAL, i, SAID_ELSEWHERE);
		return;
	}
	finding = finding_add_as(sink, RULE_BILLED_FOR_DENIAL,
							 denial_wanted(rules, on) ? SEVERITY_INFO : rule_severity(rules, RULE_BILLED_FOR_DENIAL),
							 excluded ? "GY" : "GZ", i, -1);
	if (finding == NULL)
		return;
	/* a policy may have a modifier of its own for it */
	modifier_to_text(modifier != 0 ? modifier : (uint16_t) rules->policy.denial_modifier, text);
	code_to_text(on->line->code, code);
	if (denial_wanted(rules, on))
		finding_say(sink, finding, "modifier %s asks that %s is denied as not covered", text, code);
	else if (excluded)
		finding_say(sink, finding, "modifier %s bills %s as not covered: it is denied, and the patient is liable", text, code);
	else
		finding_say(sink, finding,
					"modifier %s bills %s as not necessary and without a notice: it is denied, and the patient is not liable",
					text, code);
	FINDING_FACTS(sink, finding, FACT(MODIFIER, modifier != 0 ? modifier : rules->policy.denial_modifier), FACT(CODE, on->line->code));
}

void
edit_liability(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			i;

	if (rules->policy.denial_modifier == 0)
	{
		NOTE_ALL(sink, BILLED_FOR_DENIAL, BILLED_FOR_DENIAL, POLICY_OFF);
		return;
	}
	NOTE_ALL(sink, BILLED_FOR_DENIAL, BILLED_FOR_DENIAL, NOT_FOR_DENIAL);
	for (i = 0; i < day->n_valid; i++)
	{
		if (day->lines[i].denial == DENIAL_NONE)
			continue;
		if (is_billed(&day->lines[i]))
			judge_line(rules, sink, i);
		else
			NOTE(sink, BILLED_FOR_DENIAL, i, NO_UNITS);
	}
}

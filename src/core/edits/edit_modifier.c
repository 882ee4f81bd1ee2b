/*
 * src/core/edits/edit_modifier.c
 *
 * Modifiers: valid on the date, allowed on the code, complete, in the right
 * place, without contradiction; 59 and X{EPSU} are in distinct.c.
 * NCCI Policy Manual ch. I (I-13..I-20); CMS CR 10176.
 */
#include "edits/edits.h"

#include "edits/distinct.h"
#include "edits/facts.h"
#include "edits/suggest.h"

static const char *
shown(uint16_t modifier, char text[MODIFIER_TEXT])
{
	return modifier_to_text(modifier, text);
}

static bool
is_position_rule(const Ruleset *rules, const ModifierRow *row, const Line *line, int at)
{
	if (at >= rules->policy.modifier_positions)
		return true;
	return row != NULL && (row->kinds & KIND_DISCIPLINE) &&
		at >= rules->policy.therapy_modifier_positions &&
		applies_from(rules->policy.therapy_modifier_from, line->dos);
}

/* One modifier by itself and against the code; false if it repeats an earlier one. */
static bool
judge_modifier(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int at)
{
	const DayLine *on = &day->lines[i];
	const Line *line = on->line;
	uint16_t	value = line_modifier_at(line, at);
	const ModifierRow *row = ruleset_modifier(rules, value);
	char		text[MODIFIER_TEXT],
				other[MODIFIER_TEXT],
				code[CODE_TEXT],
				date[DATE_TEXT];
	Finding    *finding;
	int			earlier;

	for (earlier = 0; earlier < at; earlier++)
		if (line_modifier_at(line, earlier) == value)
		{
			finding = finding_add(sink, RULE_MOD_REPEATED, i, -1);
			if (finding != NULL)
			{
				finding_say(sink, finding, "modifier %s is on the line twice, in positions %d and %d",
							shown(value, text), earlier + 1, at + 1);
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(FIRST_POSITION, earlier + 1), FACT(POSITION, at + 1));
				finding_change(finding, CHANGE_DROP, value, 0);
			}
			return false;
		}

	/* what it means on other codes is nothing here */
	if (ruleset_modifier_of_code(rules, line->code, value))
		row = NULL;
	else if (!modifier_valid(row, line->dos))
	{
		finding = finding_add(sink, RULE_MOD_UNKNOWN, i, -1);
		if (finding != NULL && row == NULL)
			finding_say(sink, finding, "%s is not a CPT or HCPCS modifier", shown(value, text));
		else if (finding != NULL)
			finding_say(sink, finding, "modifier %s exists from %s only", shown(value, text), date_to_text(row->from, date));
		if (finding != NULL)
			FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(EXISTS_FROM, row == NULL ? FACT_NONE : row->from));
	}
	else
	{
		if ((row->only_on != 0 && is_classified(on) && !(on->classes & row->only_on)) ||
			(on->classes & row->not_on))
		{
			finding = finding_add(sink, RULE_MOD_NOT_ALLOWED, i, -1);
			if (finding != NULL)
			{
				code_to_text(line->code, code);
				finding_say(sink, finding, "modifier %s does not go with %s", shown(value, text), code);
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, line->code));
				finding_change(finding, CHANGE_DROP, value, 0);
				/* an evaluation belongs to one discipline */
				if ((row->kinds & KIND_DISCIPLINE) && discipline_of_classes(rules, on->classes) != 0)
				{
					finding_change(finding, CHANGE_REPLACE, value, discipline_of_classes(rules, on->classes));
					finding->condition = arena_printf(sink->arena,
													  "the service was furnished under a plan of care of discipline %s",
													  shown(finding->change.modifier, other));
				}
				/* where a pair needs one, an E/M service takes 25 */
				if ((on->classes & CLASS_EM) && (row->kinds & KIND_DISTINCT))
				{
					finding->otherwise.kind = CHANGE_REPLACE;
					finding->otherwise.old = value;
					finding->otherwise.modifier = ruleset_modifier_of_kind(rules, KIND_BYPASS_EM);
					finding->otherwise_condition = arena_printf(sink->arena,
																"the record shows that %s was significant and separately identifiable from the other services",
																code);
				}
			}
		}
		if (row->requires != 0 && applies_from(row->requires_from, line->dos) &&
			!line_has_modifier(line, row->requires))
		{
			finding = finding_add(sink, RULE_MOD_REQUIRES, i, -1);
			if (finding != NULL)
			{
				finding_say(sink, finding, "modifier %s needs modifier %s beside it", shown(value, text),
							shown(row->requires, other));
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(WANTED, row->requires));
				if (on->classes & CLASS_THERAPY)
				{
					finding_change(finding, CHANGE_ADD, 0, row->requires);
					finding->condition = arena_printf(sink->arena,
													  "the service was furnished under a plan of care of discipline %s",
													  other);
				}
			}
		}
	}

	if (is_position_rule(rules, row, line, at))
	{
		bool		beyond = at >= rules->policy.modifier_positions;

		finding = finding_add(sink, RULE_MOD_POSITION, i, -1);
		if (finding == NULL)
			return true;
		finding_say(sink, finding, "modifier %s is in position %d, %s the first %d", shown(value, text), at + 1,
					beyond ? "a line is read up to" : "it must be among",
					beyond ? rules->policy.modifier_positions : rules->policy.therapy_modifier_positions);
		FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(POSITION, at + 1),
					  FACT(LIMIT, beyond ? rules->policy.modifier_positions : rules->policy.therapy_modifier_positions),
					  FACT_TEXT(KEY, beyond ? "modifier_positions" : "therapy_modifier_positions"));
		if (!beyond)
			finding_change(finding, CHANGE_MOVE, value, 0);
	}
	return true;
}

/* Two modifiers of a line that exclude each other. */
static void
judge_conflict(const Ruleset *rules, FindingSink *sink, int i, const Line *line, uint16_t a, uint16_t b)
{
	const ConflictRow *row = ruleset_conflict(rules, a, b, line->dos);
	Finding    *finding;
	char		text_a[MODIFIER_TEXT],
				text_b[MODIFIER_TEXT];

	if (row == NULL ||
		(finding = finding_add_as(sink, RULE_MOD_CONFLICT, (Severity) row->severity, NULL, i, -1)) == NULL)
		return;
	finding_say(sink, finding, "modifiers %s and %s exclude each other", shown(row->a, text_a), shown(row->b, text_b));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, row->a), FACT(OTHER_MODIFIER, row->b));
	/* the specific one says all that 59 says */
	if ((ruleset_kinds(rules, row->b) & KIND_SPECIFIC) &&
		(ruleset_kinds(rules, row->a) & (KIND_DISTINCT | KIND_SPECIFIC)) == KIND_DISTINCT)
		finding_change(finding, CHANGE_DROP, row->a, 0);
}

/* GP, GO or GN on therapy; AT on manipulation. */
static void
judge_missing(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const DayLine *on = &day->lines[i];
	const Line *line = on->line;
	char		code[CODE_TEXT],
				text[MODIFIER_TEXT];
	Finding    *finding;

	if ((on->classes & CLASS_THERAPY) && !(on->kinds & KIND_DISCIPLINE) &&
		applies_from(rules->policy.therapy_modifier_from, line->dos))
	{
		finding = finding_add(sink, RULE_MOD_MISSING, i, -1);
		if (finding != NULL)
		{
			uint16_t	discipline = discipline_of_classes(rules, on->classes);

			finding_say(sink, finding, "%s is always therapy: it needs modifier %s", code_to_text(line->code, code),
						discipline == 0 ? "GP, GO or GN" : shown(discipline, text));
			FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT_TEXT(KEY, "therapy_modifier_from"), FACT(WANTED, discipline));
			if (discipline == 0)
				FINDING_FACTS(sink, finding, FACT_TEXT(WANTED, "GP"), FACT_TEXT(WANTED, "GO"), FACT_TEXT(WANTED, "GN"));
			suggest_discipline(day, rules, i, &finding->change, &finding->condition);
		}
	}
	else if (on->classes & CLASS_THERAPY)
	{
		if (on->kinds & KIND_DISCIPLINE)
			NOTE_FACTS(sink, MOD_MISSING, i, MODIFIER_THERE, FACT(CODE, line->code), FACT(MODIFIER, on->discipline));
		else
			NOTE_FACTS(sink, MOD_MISSING, i, NOT_IN_FORCE, FACT_TEXT(KEY, "therapy_modifier_from"), FACT(RULE_FROM, rules->policy.therapy_modifier_from));
	}
	else if ((on->classes & CLASS_CMT) && (on->kinds & KIND_ACTIVE))
		NOTE_FACTS(sink, MOD_MISSING, i, MODIFIER_THERE, FACT(CODE, line->code), FACT(MODIFIER, ruleset_modifier_of_kind(rules, KIND_ACTIVE)));
	else if (on->classes & CLASS_CMT)
		NOTE_FACTS(sink, MOD_MISSING, i, NOT_IN_FORCE, FACT_TEXT(KEY, "at_required_from"), FACT(RULE_FROM, rules->policy.at_required_from));
	if (lacks_active(rules, on))
	{
		bool		excluded = (on->kinds & KIND_EXCLUDED) != 0;
		bool		abn = (on->kinds & KIND_ABN) != 0;

		finding = finding_add_as(sink, RULE_MOD_MISSING,
								 denial_wanted(rules, on) ? SEVERITY_INFO : rule_severity(rules, RULE_MOD_MISSING),
								 excluded ? "AT-GY" : abn ? "AT-GA" : "AT", i, -1);
		if (finding == NULL)
			return;
		finding_say(sink, finding, "%s without modifier AT is maintenance care%s",
					code_to_text(line->code, code),
					excluded ? ", billed as not covered: the patient is liable"
					: abn ? ", billed with an advance notice: the patient is liable" : "");
		FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(WANTED, ruleset_modifier_of_kind(rules, KIND_ACTIVE)));
		/* GA, GX, GY and GZ say that it is meant so */
		if (!(on->kinds & KIND_LIABILITY))
		{
			finding_change(finding, CHANGE_ADD, 0, ruleset_modifier_of_kind(rules, KIND_ACTIVE));
			finding->condition = "the record shows active or corrective treatment, not maintenance";
		}
	}
}

/* The modifiers of a line by themselves, against each other and against the code: nothing that another line could change. */
static void
judge_modifiers(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	int			n_asked = sink->n_asked;
	LineFacts	key,
			   *facts;
	int			a,
				b;

	if (sink->notes != NULL && line_n_modifiers(line) > 0)
	{
		note_lines(sink->notes, RULE_MOD_UNKNOWN, RULE_MOD_REPEATED, i, i + 1, REASON_MODIFIERS_FIT);
		note_add(sink->notes, RULE_MOD_CONFLICT, i, line_n_modifiers(line) == 1 ? REASON_ONE_MODIFIER : REASON_MODIFIERS_FIT, NULL, 0);
		note_lines(sink->notes, RULE_MOD_REQUIRES, RULE_MOD_POSITION, i, i + 1, REASON_MODIFIERS_FIT);
	}
	for (a = 0; a < line_n_modifiers(line); a++)
	{
		if (!judge_modifier(day, rules, sink, i, a))
			continue;
		for (b = 0; b < a; b++)
			judge_conflict(rules, sink, i, line, line_modifier_at(line, b), line_modifier_at(line, a));
	}
	judge_missing(day, rules, sink, i);
	if (sink->n_asked == n_asked && sink->facts != NULL && (facts = fact_memo_place(sink->facts, line, &key)) != NULL &&
		same_facts(facts, &key))
		facts->plain = true;
}

void
edit_modifier(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	NOTE_ALL(sink, MOD_UNKNOWN, MOD_POSITION, NO_MODIFIERS);
	NOTE_ALL(sink, MOD_MISSING, MOD_MISSING, NONE_WANTED);
	NOTE_ALL(sink, MOD_UNNEEDED, MOD_REPEAT_SERVICE, NO_DISTINCT);
	for (first = 0; first < day->n_valid; first = end)
	{
		end = group_end(day, first);
		for (i = first; i < end; i++)
		{
			sink_pause(sink);
			if (!day->lines[i].plain)
				judge_modifiers(day, rules, sink, i);
			if (!(day->lines[i].kinds & (KIND_DISTINCT | KIND_ANATOMIC)))
				continue;
			if (day->lines[i].denial == DENIAL_NONE)
				judge_distinct(day, rules, sink, i, first, end);
			else if (sink->notes != NULL)
				note_lines(sink->notes, RULE_MOD_UNNEEDED, RULE_MOD_REPEAT_SERVICE, i, i + 1, REASON_NOT_PAYABLE);
		}
	}
}

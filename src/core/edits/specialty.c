/*
 * src/core/edits/specialty.c
 *
 * What a policy takes from a specialty.
 */
#include "edits/specialty.h"

#include "edits/facts.h"

/* Codes of a list that a message names; more are counted. */
#define CODES_SHOWN		8

const char *
specialty_fact(const FindingSink *sink, const Line *line)
{
	char		specialty[SPECIALTY_TEXT];

	return arena_printf(sink->arena, "%s", specialty_to_text(line_specialty_kind(line), line_specialty_value(line), specialty));
}

/* Is an item of the line's specialty in a row before this one?  A policy may name the specialty and a taxonomy code of it. */
static bool
is_named_before(const Ruleset *rules, const ListRow *rows, uint32_t at, const Line *line)
{
	uint32_t	i;

	for (i = 0; i < at; i++)
		if (rows[i].item_low == rows[at].item_low && policy_row_is_of(rules, &rows[i], line))
			return true;
	return false;
}

/* "98940, 98941 and 98942": what a list has for the line's specialty; NULL for nothing. */
static const char *
codes_text(FindingSink *sink, PolicyList list, const Line *line)
{
	const ListRow *codes[CODES_SHOWN];
	const char *text = NULL;
	uint32_t	n_rows;
	const ListRow *rows = policy_list(sink->rules, list, &n_rows);
	uint32_t	n = 0;
	uint32_t	i;

	for (i = 0; i < n_rows; i++)
	{
		if (rows[i].item_low == 0 || !policy_row_is_of(sink->rules, &rows[i], line) ||
			is_named_before(sink->rules, rows, i, line))
			continue;
		if (n < CODES_SHOWN)
			codes[n] = &rows[i];
		n++;
	}
	if (n > CODES_SHOWN)
		return arena_printf(sink->arena, "%u codes", n);
	for (i = 0; i < n; i++)
	{
		char		code[CODE_TEXT];

		code_to_text(codes[i]->item_low, code);
		text = i == 0 ? arena_printf(sink->arena, "%s", code)
			: arena_printf(sink->arena, "%s%s%s", text, i == n - 1 ? " and " : ", ", code);
	}
	return text;
}

/* The same as facts: the codes, or how many they are. */
static void
add_codes(FindingSink *sink, Finding *finding, PolicyList list, const Line *line)
{
	uint32_t	n_rows;
	const ListRow *rows = policy_list(sink->rules, list, &n_rows);
	uint32_t	n = 0;
	uint32_t	i;
	int			pass;

	for (pass = 0; pass < 2 && n <= CODES_SHOWN; pass++)
		for (i = 0; i < n_rows; i++)
		{
			if (rows[i].item_low == 0 || !policy_row_is_of(sink->rules, &rows[i], line) || is_named_before(sink->rules, rows, i, line))
				continue;
			if (pass == 0)
				n++;
			else
				FINDING_FACTS(sink, finding, FACT(CODES, rows[i].item_low));
		}
	if (n > CODES_SHOWN)
		FINDING_FACTS(sink, finding, FACT(N_CODES, n));
}

/* What the modifier for an expected denial has to do with this one. */
static const char *
denial_text(FindingSink *sink, uint16_t denial, bool expected, bool wanted)
{
	char		modifier[MODIFIER_TEXT];

	modifier_to_text(denial, modifier);
	if (expected)
		return arena_printf(sink->arena, "; modifier %s %s", modifier,
							wanted ? "asks for this denial" : "says that it is billed as not covered");
	return wanted ? arena_printf(sink->arena, "; modifier %s would ask for this denial", modifier) : "";
}

/* The specialty may not bill this code. */
static void
deny_specialty(const Ruleset *rules, FindingSink *sink, Rule rule, PolicyList list, int i)
{
	const Line *line = sink->day->lines[i].line;
	uint16_t	denial = (uint16_t) rules->policy.denial_modifier;
	bool		expected = sink->day->lines[i].denial == DENIAL_EXCLUDED;
	bool		wanted = denial != 0 && rules->policy.denial_modifier_wanted;
	const char *codes = sink->mode == SINK_FULL ? codes_text(sink, list, line) : NULL;
	/* where a law takes modifiers for it, a service beyond those that it names for a specialty is excluded */
	bool		excluded = denial != 0 && list == LIST_NOT_COVERED && codes != NULL;
	char		code[CODE_TEXT],
				modifier[MODIFIER_TEXT],
				specialty[SPECIALTY_TEXT];
	Finding    *finding;

	modifier_to_text(denial, modifier);
	finding = finding_add_as(sink, rule, expected && wanted ? SEVERITY_INFO : rule_severity(rules, rule),
							 expected ? modifier : excluded ? "excluded" : NULL, i, -1);
	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	specialty_to_text(line_specialty_kind(line), line_specialty_value(line), specialty);
	if (codes == NULL)
		finding_say(sink, finding, "policy %s does not cover %s from specialty %s%s", policy_name(sink),
					code, specialty, denial_text(sink, denial, expected, wanted));
	else
		finding_say(sink, finding, "policy %s covers only %s from specialty %s, not %s%s", policy_name(sink),
					codes, specialty, code, denial_text(sink, denial, expected, wanted));
	add_policy(sink, finding, list == LIST_NOT_COVERED ? "specialties_not_covered" : "specialty_codes", line);
	FINDING_FACTS(sink, finding, FACT_TEXT(SPECIALTY, specialty_fact(sink, line)), FACT(DENIAL_MODIFIER, expected || wanted ? denial : 0));
	if (codes != NULL)
		add_codes(sink, finding, list, line);
	if (wanted && !expected)
	{
		finding->change.kind = CHANGE_ADD;
		finding->change.modifier = denial;
		finding->condition = "the denial is wanted, for another payer to follow";
	}
}

/* A line without a specialty: one finding, of the first rule that would read it. */
static void
say_no_specialty(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;
	Rule		rule = policy_list_empty(rules, LIST_NOT_COVERED)
		? RULE_SPECIALTY_CODE_LIMIT : RULE_SPECIALTY_NOT_COVERED;
	Finding    *finding = finding_add_as(sink, rule, SEVERITY_UNKNOWN, NULL, i, -1);
	char		code[CODE_TEXT];

	if (finding != NULL)
		finding_say(sink, finding,
					"whether policy %s takes %s depends on the specialty of the rendering provider, which the line does not state",
					policy_name(sink), code_to_text(line->code, code));
	if (finding == NULL)
		return;
	add_policy(sink, finding, rule == RULE_SPECIALTY_NOT_COVERED ? "specialties_not_covered" : "specialty_codes", line);
	FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "specialty"));
}

void
note_specialty(const Ruleset *rules, FindingSink *sink, int i, Reason reason)
{
	const Line *line = sink->day->lines[i].line;
	int			list;

	if (sink->notes == NULL)
		return;
	for (list = 0; list < 2; list++)
	{
		bool		first = list == 0;
		const Fact	facts[] = {
			FACT_TEXT(KEY, first ? "specialties_not_covered" : "specialty_codes"), FACT(CODE, line->code), FACT_TEXT(SPECIALTY, specialty_fact(sink, line))
		};

		if (!policy_list_empty(rules, first ? LIST_NOT_COVERED : LIST_SPECIALTY_CODES))
			note_add(sink->notes, first ? RULE_SPECIALTY_NOT_COVERED : RULE_SPECIALTY_CODE_LIMIT, i, reason, facts, reason == REASON_SPECIALTY_TAKEN ? 3 : 2);
	}
}

void
judge_specialty(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;

	/* denied before anybody asks who billed it */
	if (sink->day->lines[i].denial == DENIAL_UNNECESSARY)
	{
		note_specialty(rules, sink, i, REASON_SAID_ELSEWHERE);
		return;
	}
	note_specialty(rules, sink, i, line_specialty_kind(line) == SPECIALTY_NONE ? REASON_NO_SPECIALTY : REASON_SPECIALTY_TAKEN);
	if (line_specialty_kind(line) == SPECIALTY_NONE)
	{
		if (rules->policy.specialty_required)
			say_no_specialty(rules, sink, i);
		return;
	}
	if (refuses_specialty(rules, LIST_NOT_COVERED, line))
		deny_specialty(rules, sink, RULE_SPECIALTY_NOT_COVERED, LIST_NOT_COVERED, i);
	if (refuses_specialty(rules, LIST_SPECIALTY_CODES, line))
		deny_specialty(rules, sink, RULE_SPECIALTY_CODE_LIMIT, LIST_SPECIALTY_CODES, i);
}

/*
 * src/core/edits/edit_payer.c
 *
 * What the payer asks beyond coding: who may bill, under whose supervision,
 * for which diagnoses, on whose referral, and how much of it.  Every rule is
 * driven by settings of the policy.
 */
#include "edits/edits.h"

#include "edits/date_units.h"
#include "edits/facts.h"

/* Codes of a list that a message names; more are counted. */
#define CODES_SHOWN		8

static const char *
policy_name(const FindingSink *sink)
{
	return ruleset_text(sink->rules, sink->rules->policy.name);
}

/* The policy, its key that asks something of the line, and the line's code. */
static void
add_policy(FindingSink *sink, Finding *finding, const char *key, const Line *line)
{
	FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, policy_name(sink)), FACT_TEXT(KEY, key), FACT(CODE, line->code));
}

/* The specialty of a line, in memory that lasts. */
static const char *
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

/* "M54.2 and R45.0" */
static const char *
dx_text(FindingSink *sink, const Line *line)
{
	const char *text = "";
	int			n = line_n_dx(line);
	int			i;

	for (i = 0; i < n; i++)
	{
		char		dx[DX_TEXT];

		text = arena_printf(sink->arena, "%s%s%s", text,
							i == 0 ? "" : i == n - 1 ? " and " : ", ", dx_to_text(line_dx_at(line, i), dx));
	}
	return text;
}

/* ------------------------------------------------------ who may bill */

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

static void
judge_specialty(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;

	/* denied before anybody asks who billed it */
	if (sink->day->lines[i].denial == DENIAL_UNNECESSARY)
		return;
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

static void
judge_supervision(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;
	uint16_t	supervision = (uint16_t) rules->policy.supervision_modifier;
	bool		required = policy_has_specialty(rules, LIST_SUPERVISION_REQUIRED_OF, line);
	char		code[CODE_TEXT],
				modifier[MODIFIER_TEXT],
				specialty[SPECIALTY_TEXT];
	Finding    *finding;

	if (supervision == 0 || line_has_modifier(line, supervision) ||
		!(required || policy_has_specialty(rules, LIST_SUPERVISION_ASKED_OF, line)))
		return;
	finding = required ? finding_add(sink, RULE_SUPERVISION_MODIFIER, i, -1)
		: finding_add_as(sink, RULE_SUPERVISION_MODIFIER, SEVERITY_REVIEW, NULL, i, -1);
	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	modifier_to_text(supervision, modifier);
	specialty_to_text(line_specialty_kind(line), line_specialty_value(line), specialty);
	if (required)
		finding_say(sink, finding, "policy %s takes %s from specialty %s only with modifier %s",
					policy_name(sink), code, specialty, modifier);
	else
		finding_say(sink, finding,
					"%s from specialty %s without modifier %s: policy %s wants it where a supervised therapist furnished the service",
					code, specialty, modifier, policy_name(sink));
	add_policy(sink, finding, required ? "supervision_required_of" : "supervision_asked_of", line);
	FINDING_FACTS(sink, finding, FACT_TEXT(SPECIALTY, specialty_fact(sink, line)), FACT(WANTED, supervision));
	finding->change.kind = CHANGE_ADD;
	finding->change.modifier = supervision;
	finding->condition = arena_printf(sink->arena,
									  "a chiropractor employs and supervises the therapist who furnished %s", code);
}

/* ------------------------------------------------- diagnoses, referral */

static void
judge_dx(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;
	int			n = line_n_dx(line);
	bool		abn = (sink->day->lines[i].kinds & KIND_ABN) != 0;
	char		code[CODE_TEXT];
	Finding    *finding;
	int			bad = 0;
	int			d = 0;

	code_to_text(line->code, code);
	if (n == 0)
	{
		if (!rules->policy.dx_required || (finding = finding_add(sink, RULE_DX_MISSING, i, -1)) == NULL)
			return;
		finding_say(sink, finding, "%s points to no diagnosis: policy %s wants the one that it is for", code, policy_name(sink));
		add_policy(sink, finding, "dx_required", line);
		return;
	}
	for (; d < n; d++)
		bad += policy_has_dx(rules, LIST_DX_NOT_NECESSARY, line_dx_at(line, d));
	if (bad == 0 || (bad < n && line_dx_of(line) != DX_OF_CLAIM))
		return;
	/* it may point to another, which is enough */
	if (bad < n || line_dx_of(line) == DX_OF_FIRST)
	{
		finding = finding_add_as(sink, RULE_DX_NOT_NECESSARY, SEVERITY_UNKNOWN, NULL, i, -1);
		if (finding == NULL)
			return;
		finding_say(sink, finding, "%s may point to diagnoses for which policy %s does not find it medically necessary: "
					"%s of the claim are known, not to which the line points", code, policy_name(sink),
					line_dx_of(line) == DX_OF_CLAIM ? "those" : "the first");
		add_policy(sink, finding, "dx_not_necessary", line);
		FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "dx"));
		return;
	}
	finding = finding_add_as(sink, RULE_DX_NOT_NECESSARY, rule_severity(rules, RULE_DX_NOT_NECESSARY),
							 abn ? "GA" : NULL, i, -1);
	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s points to %s only: policy %s does not find it medically necessary for that%s",
				code, dx_text(sink, line), policy_name(sink),
				abn ? "; billed with an advance notice: the patient is liable" : "");
	add_policy(sink, finding, "dx_not_necessary", line);
	for (d = 0; d < n; d++)
		FINDING_FACTS(sink, finding, FACT(DX, (int64_t) line_dx_at(line, d)));
}

static void
judge_referral(const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;
	Referral	referral = line_stated_referral(line);
	char		code[CODE_TEXT],
				from[DATE_TEXT];
	Finding    *finding;

	if (referral == REFERRAL_YES || !applies_from(rules->policy.referral_from, line->dos))
		return;
	finding = referral == REFERRAL_NO ? finding_add(sink, RULE_REFERRAL_MISSING, i, -1)
		: finding_add_as(sink, RULE_REFERRAL_MISSING, SEVERITY_UNKNOWN, NULL, i, -1);
	if (finding == NULL)
		return;
	finding_say(sink, finding, "policy %s wants a referral for %s from %s; %s", policy_name(sink),
				code_to_text(line->code, code), date_to_text(rules->policy.referral_from, from),
				referral == REFERRAL_NO ? "there is none"
				: "the line does not say whether there is one");
	add_policy(sink, finding, "referral_from", line);
	FINDING_FACTS(sink, finding, FACT(RULE_FROM, rules->policy.referral_from));
	if (referral != REFERRAL_NO)
		FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "referral"));
}

/* ------------------------------------------------------- how much of it */

/* Visits beyond the `most`th: `what` the policy does up to there, or beyond it. */
static void
judge_visit(FindingSink *sink, Rule rule, int32_t most, const char *what, int i)
{
	const Line *line = sink->day->lines[i].line;
	bool		stated = line->visit != CLAIMLINE_NO_VISIT;
	char		code[CODE_TEXT];
	Finding    *finding;

	if (most == NO_LIMIT || (stated && line->visit <= most))
		return;
	finding = stated ? finding_add(sink, rule, i, -1)
		: finding_add_as(sink, rule, SEVERITY_UNKNOWN, NULL, i, -1);
	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	if (stated)
		finding_say(sink, finding, "%s of visit %d: policy %s %s visit %d", code, line->visit,
					policy_name(sink), what, most);
	else
		finding_say(sink, finding, "policy %s %s visit %d; %s does not say which visit it is of",
					policy_name(sink), what, most, code);
	add_policy(sink, finding, rule == RULE_VISITS_LIMIT ? "visits_limit" : "visits_scrutiny", line);
	FINDING_FACTS(sink, finding, FACT(VISIT, stated ? line->visit : FACT_NONE), FACT(LIMIT, most));
	if (!stated)
		FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "visit"));
}

/* Units of one code on one date, summed over its lines. */
static void
judge_units(const Ruleset *rules, FindingSink *sink, int first)
{
	const Day  *day = sink->day;
	int32_t		most = rules->policy.units_scrutiny;
	DateUnits  *billed;
	int			n,
				i;

	if (most == NO_LIMIT)
		return;
	billed = code_date_units(day, sink->arena, first, &n);
	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		int			d = 0;
		Finding    *finding;

		while (d < n && !(line_is_of(day->lines[i].line, billed[d].date) && billed[d].units > (int64_t) most * 1000))
			d++;
		if (d == n || units_a_date(&day->lines[i]) == 0)
			continue;
		if ((finding = finding_add(sink, RULE_UNITS_SCRUTINY, i, -1)) == NULL)
			continue;
		finding_say(sink, finding, "%s: policy %s looks closely at more than %d a day",
					date_units_text(sink, i, &billed[d]), policy_name(sink), most);
		add_date_units(sink, finding, &billed[d]);
		FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, policy_name(sink)), FACT_TEXT(KEY, "units_scrutiny"), FACT(LIMIT, most));
	}
}

/* -------------------------------------------------------------- the edit */

/* Does the policy say anything of its massage codes? */
static bool
asks_of_massage(const Ruleset *rules)
{
	const Policy *policy = &rules->policy;

	return !policy_list_empty(rules, LIST_MASSAGE_CODES) &&
		(policy->supervision_modifier != 0 || policy->dx_required ||
		 !policy_list_empty(rules, LIST_DX_NOT_NECESSARY) || policy->referral_from != DATE_END ||
		 policy->units_scrutiny != NO_LIMIT || policy->visits_scrutiny != NO_LIMIT ||
		 policy->visits_limit != NO_LIMIT);
}

static void
judge_massage(const Ruleset *rules, FindingSink *sink, int i)
{
	judge_supervision(rules, sink, i);
	judge_dx(rules, sink, i);
	judge_referral(rules, sink, i);
	judge_visit(sink, RULE_VISITS_SCRUTINY, rules->policy.visits_scrutiny, "looks closely beyond", i);
	judge_visit(sink, RULE_VISITS_LIMIT, rules->policy.visits_limit, "pays up to", i);
}

void
edit_payer(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	bool		of_specialties = (day->has_specialty || rules->policy.specialty_required) &&
		(!policy_list_empty(rules, LIST_NOT_COVERED) || !policy_list_empty(rules, LIST_SPECIALTY_CODES));
	bool		of_massage = asks_of_massage(rules);
	int			first,
				i;

	if (!of_specialties && !of_massage)
		return;
	for (first = 0; first < day->n_valid; first = next_code(day, first))
	{
		bool		massage = of_massage &&
			policy_has_item(rules, LIST_MASSAGE_CODES, day->lines[first].line->code);

		if (!of_specialties && !massage)
			continue;
		for (i = first; i >= 0; i = next_of_code(day, i))
		{
			sink_pause(sink);
			if (!is_billed(&day->lines[i]))
				continue;
			if (of_specialties)
				judge_specialty(rules, sink, i);
			if (massage && is_payable(&day->lines[i]))
				judge_massage(rules, sink, i);
		}
		if (massage)
			judge_units(rules, sink, first);
	}
}

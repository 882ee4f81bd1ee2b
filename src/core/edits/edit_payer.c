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
#include "edits/specialty.h"

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
	{
		if (supervision != 0 && line_has_modifier(line, supervision))
			NOTE_FACTS(sink, SUPERVISION_MODIFIER, i, MODIFIER_THERE, FACT(CODE, line->code), FACT(MODIFIER, supervision));
		else if (supervision != 0)
			NOTE(sink, SUPERVISION_MODIFIER, i, SPECIALTY_NOT_ASKED);
		return;
	}
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
note_dx(const Ruleset *rules, FindingSink *sink, int i, bool has_dx)
{
	if (rules->policy.dx_required && has_dx)
		NOTE_FACTS(sink, DX_MISSING, i, DX_THERE, FACT_TEXT(KEY, "dx_required"));
	if (policy_list_empty(rules, LIST_DX_NOT_NECESSARY))
		return;
	if (has_dx)
		NOTE_FACTS(sink, DX_NOT_NECESSARY, i, DX_FIT, FACT_TEXT(KEY, "dx_not_necessary"));
	else
		NOTE(sink, DX_NOT_NECESSARY, i, NO_DX);
}

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
	note_dx(rules, sink, i, n > 0);
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
	{
		if (rules->policy.referral_from != DATE_END && !applies_from(rules->policy.referral_from, line->dos))
			NOTE_FACTS(sink, REFERRAL_MISSING, i, NOT_IN_FORCE, FACT_TEXT(KEY, "referral_from"), FACT(RULE_FROM, rules->policy.referral_from));
		else if (rules->policy.referral_from != DATE_END)
			NOTE_FACTS(sink, REFERRAL_MISSING, i, REFERRAL_THERE, FACT_TEXT(KEY, "referral_from"), FACT(RULE_FROM, rules->policy.referral_from));
		return;
	}
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
	{
		const Fact	facts[] = {FACT_TEXT(KEY, rule == RULE_VISITS_LIMIT ? "visits_limit" : "visits_scrutiny"), FACT(VISIT, line->visit), FACT(LIMIT, most)};

		if (sink->notes != NULL && most != NO_LIMIT)
			note_add(sink->notes, rule, i, REASON_WITHIN_LIMIT, facts, 3);
		return;
	}
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
		{
			if (is_payable(&day->lines[i]))
				NOTE_FACTS(sink, UNITS_SCRUTINY, i, WITHIN_LIMIT, FACT_TEXT(KEY, "units_scrutiny"), FACT(LIMIT, most));
			continue;
		}
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

/* Rules that the policy does not ask of massage, and `reason` of those that it does; specialties until one is looked at. */
static void
note_asked(const Ruleset *rules, FindingSink *sink, int first, int end, Reason reason)
{
	const Policy *policy = &rules->policy;
	const struct
	{
		Rule		rule;
		bool		asked;
		const char *key;
	}			of[] = {
		{RULE_SUPERVISION_MODIFIER, policy->supervision_modifier != 0, "supervision_modifier"},
		{RULE_DX_MISSING, policy->dx_required, "dx_required"},
		{RULE_DX_NOT_NECESSARY, !policy_list_empty(rules, LIST_DX_NOT_NECESSARY), "dx_not_necessary"},
		{RULE_REFERRAL_MISSING, policy->referral_from != DATE_END, "referral_from"},
		{RULE_UNITS_SCRUTINY, policy->units_scrutiny != NO_LIMIT, "units_scrutiny"},
		{RULE_VISITS_SCRUTINY, policy->visits_scrutiny != NO_LIMIT, "visits_scrutiny"},
		{RULE_VISITS_LIMIT, policy->visits_limit != NO_LIMIT, "visits_limit"},
		{RULE_SPECIALTY_NOT_COVERED, !policy_list_empty(rules, LIST_NOT_COVERED), "specialties_not_covered"},
		{RULE_SPECIALTY_CODE_LIMIT, !policy_list_empty(rules, LIST_SPECIALTY_CODES), "specialty_codes"},
	};
	size_t		r;
	int			i;

	for (r = 0; r < sizeof(of) / sizeof(of[0]); r++)
		for (i = first; i < end; i++)
		{
			const Fact	key = FACT_TEXT(KEY, of[r].key);
			bool		of_specialty = of[r].rule == RULE_SPECIALTY_NOT_COVERED || of[r].rule == RULE_SPECIALTY_CODE_LIMIT;

			note_add(sink->notes, of[r].rule, i, !of[r].asked ? REASON_POLICY_OFF : of_specialty ? REASON_NO_SPECIALTY : reason, &key, 1);
		}
}

void
edit_payer(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	bool		of_specialties = (day->has_specialty || rules->policy.specialty_required) &&
		(!policy_list_empty(rules, LIST_NOT_COVERED) || !policy_list_empty(rules, LIST_SPECIALTY_CODES));
	bool		of_massage = asks_of_massage(rules);
	int			first,
				i;

	if (sink->notes != NULL)
		note_asked(rules, sink, 0, day->n_valid, REASON_NOT_MASSAGE);
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
			if (massage && sink->notes != NULL && !is_payable(&day->lines[i]))
				note_asked(rules, sink, i, i + 1, REASON_NOT_PAYABLE);
			if (!is_billed(&day->lines[i]))
			{
				note_specialty(rules, sink, i, REASON_NO_UNITS);
				continue;
			}
			if (of_specialties)
				judge_specialty(rules, sink, i);
			if (massage && is_payable(&day->lines[i]))
				judge_massage(rules, sink, i);
		}
		if (massage)
			judge_units(rules, sink, first);
	}
}

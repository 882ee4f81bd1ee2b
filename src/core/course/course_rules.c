/*
 * src/core/course/course_rules.c
 *
 * What is said of a line by what was counted before it.  The lines of a date
 * come to the payer in any order: what holds of a line whichever comes first
 * is said as the rule has it, what may hold is a review.
 */
#include "course/course_state.h"

#include <string.h>

#include "edits/facts.h"

static const DayLine *
day_line(const CourseState *state, const CourseLine *line)
{
	return &state->course->days[line->day].day.lines[line->line];
}

/* A finding on a line; NULL where no text is wanted. */
static Finding *
add_finding(CourseState *state, Rule rule, Severity severity, const char *cause, const CourseLine *line)
{
	Course	   *course = state->course;
	Finding    *finding;

	state->sink->day = &course->days[line->day].day;
	finding = finding_add_as(state->sink, rule, severity, cause, line->line, -1);
	if (course->n_finding_days == course->finding_capacity)
		course->finding_days = arena_grow(course->arena, course->finding_days, sizeof(int), course->n_finding_days, &course->finding_capacity);
	course->finding_days[course->n_finding_days++] = line->day;
	return finding;
}

/* The rule's severity, or where it may not hold, no more than a review. */
static Severity
severity_of(const CourseState *state, Rule rule, bool surely)
{
	Severity	severity = rule_severity(state->course->rules, rule);

	return !surely && severity > SEVERITY_REVIEW ? SEVERITY_REVIEW : severity;
}

static const char *
policy_name(const CourseState *state)
{
	return ruleset_text(state->course->rules, state->course->rules->policy.name);
}

/* "2330.50", of cents */
static const char *
money_text(CourseState *state, int64_t cents)
{
	return arena_printf(state->sink->arena, "%s%lld.%02lld", cents < 0 ? "-" : "", (long long) (cents < 0 ? -cents : cents) / 100,
						(long long) (cents < 0 ? -cents : cents) % 100);
}

static const char *
date_of(CourseState *state, int32_t date)
{
	return date_to_text(date, arena_alloc(state->sink->arena, DATE_TEXT));
}

static const char *
with_text(bool surely)
{
	return surely ? "with this line" : "with all lines of this date";
}

/* -------------------------------------------------------------- thresholds */

static void
add_threshold(CourseState *state, Finding *finding, const char *key, const CourseLine *line, int64_t cents, int64_t most)
{
	FINDING_FACTS(state->sink, finding, FACT_TEXT(POLICY, policy_name(state)), FACT_TEXT(KEY, key), FACT(CODE, day_line(state, line)->line->code),
				  FACT_TEXT(THERAPY, therapy_names[line->therapy]), FACT(YEAR, state->year), FACT(TOTAL, cents == NO_AMOUNT ? FACT_NONE : cents * 10),
				  FACT(LIMIT, most == NO_AMOUNT ? FACT_NONE : most));
}

/* The threshold of the year is not known: said of the first line of the year. */
static void
say_no_threshold(CourseState *state, const CourseLine *line)
{
	Allowed    *allowed = &state->allowed[line->therapy];
	Finding    *finding;

	if (allowed->said || allowed->lines.before > 0 || policy_list_empty(state->course->rules, LIST_KX_THRESHOLD))
		return;
	allowed->said = true;
	if ((finding = add_finding(state, RULE_COURSE_KX, SEVERITY_UNKNOWN, NULL, line)) == NULL)
		return;
	finding_say(state->sink, finding, "policy %s has no threshold of %d for %s", policy_name(state), state->year, therapy_names[line->therapy]);
	add_threshold(state, finding, "kx_threshold", line, NO_AMOUNT, NO_AMOUNT);
}

static void
judge_kx(CourseState *state, const CourseLine *line)
{
	const Count *cents = &state->allowed[line->therapy].cents;
	const Line *billed = day_line(state, line)->line;
	int64_t		most = yearly_amount(state, LIST_KX_THRESHOLD);
	int64_t		with = line->amount == NO_AMOUNT ? cents->before : cents->before + line->amount;
	bool		surely = most != NO_AMOUNT && with > most * 100;
	int64_t		total = surely ? with : cents->before + cents->on_date;
	Finding    *finding;
	char		code[CODE_TEXT];

	if (most == NO_AMOUNT)
	{
		say_no_threshold(state, line);
		return;
	}
	if (line_has_modifier(billed, state->kx))
		return;
	code_to_text(billed->code, code);
	if (total > most * 100)
	{
		if ((finding = add_finding(state, RULE_COURSE_KX, severity_of(state, RULE_COURSE_KX, surely), NULL, line)) == NULL)
			return;
		finding_say(state->sink, finding, "%s dollars allowed for %s in %d %s, above the threshold of %lld of policy %s: %s needs modifier KX%s",
					money_text(state, total), therapy_names[line->therapy], state->year, with_text(surely), (long long) most, policy_name(state), code,
					surely ? "" : " if it is processed behind the others");
		add_threshold(state, finding, "kx_threshold", line, total, most);
		FINDING_FACTS(state->sink, finding, FACT(WANTED, state->kx));
		finding->change.kind = CHANGE_ADD;
		finding->change.modifier = state->kx;
		finding->condition = arena_printf(state->sink->arena, "the record shows that %s is medically necessary beyond the threshold", code);
	}
	else if (line->amount == NO_AMOUNT && (finding = add_finding(state, RULE_COURSE_KX, SEVERITY_UNKNOWN, NULL, line)) != NULL)
	{
		finding_say(state->sink, finding, "what is allowed for %s is not known: %s dollars allowed for %s in %d without it, the threshold of policy %s is %lld",
					code, money_text(state, total), therapy_names[line->therapy], state->year, policy_name(state), (long long) most);
		add_threshold(state, finding, "kx_threshold", line, total, most);
		FINDING_FACTS(state->sink, finding, FACT_TEXT(MISSING, "allowed"));
	}
}

/* Once a year: on the first line of the date on which the amount is passed. */
static void
judge_review(CourseState *state, const CourseLine *line)
{
	Allowed    *allowed = &state->allowed[line->therapy];
	int64_t		most = yearly_amount(state, LIST_REVIEW_THRESHOLD);
	int64_t		total = allowed->cents.before + allowed->cents.on_date;
	Finding    *finding;

	if (most == NO_AMOUNT || allowed->said || total <= most * 100 || allowed->cents.before > most * 100)
		return;
	allowed->said = true;
	if ((finding = add_finding(state, RULE_COURSE_REVIEW, rule_severity(state->course->rules, RULE_COURSE_REVIEW), NULL, line)) == NULL)
		return;
	finding_say(state->sink, finding, "%s dollars allowed for %s in %d through this date: above %lld, policy %s may ask for the record",
				money_text(state, total), therapy_names[line->therapy], state->year, (long long) most, policy_name(state));
	add_threshold(state, finding, "review_threshold", line, total, most);
}

/* ------------------------------------------------------------------ visits */

static void
add_visit(CourseState *state, Finding *finding, const char *key, const CourseLine *line, int64_t visit, int64_t most)
{
	FINDING_FACTS(state->sink, finding, FACT_TEXT(POLICY, policy_name(state)), FACT_TEXT(KEY, key), FACT(CODE, day_line(state, line)->line->code),
				  FACT(VISIT, visit), FACT(LIMIT, most));
}

/* Visits of the episode, if the policy says what ends one; a line that states its visit is judged by that. */
static void
judge_episode(CourseState *state, const CourseLine *line, Rule rule, int32_t most, const char *key, const char *what)
{
	const Line *billed = day_line(state, line)->line;
	char		code[CODE_TEXT];
	Finding    *finding;

	if (most == NO_LIMIT || state->episode_days == NO_AMOUNT || billed->visit != CLAIMLINE_NO_VISIT || state->episode_visits <= most ||
		(finding = add_finding(state, rule, rule_severity(state->course->rules, rule), NULL, line)) == NULL)
		return;
	finding_say(state->sink, finding, "%s of visit %lld since %s: policy %s %s visit %d of an episode", code_to_text(billed->code, code),
				(long long) state->episode_visits, date_of(state, state->episode_from), policy_name(state), what, most);
	add_visit(state, finding, key, line, state->episode_visits, most);
	FINDING_FACTS(state->sink, finding, FACT(EPISODE_FROM, state->episode_from));
}

static void
judge_visits(CourseState *state, const CourseLine *line)
{
	const Policy *policy = &state->course->rules->policy;
	int64_t		most = state->visits_year_limit;
	char		code[CODE_TEXT];
	Finding    *finding;

	if (most != NO_AMOUNT && state->visits > most)
	{
		finding = add_finding(state, RULE_COURSE_VISITS, rule_severity(state->course->rules, RULE_COURSE_VISITS), NULL, line);
		if (finding != NULL)
		{
			finding_say(state->sink, finding, "%s of visit %lld in %d: policy %s pays up to visit %lld of a year",
						code_to_text(day_line(state, line)->line->code, code), (long long) state->visits, state->year, policy_name(state), (long long) most);
			add_visit(state, finding, "course_limits", line, state->visits, most);
			FINDING_FACTS(state->sink, finding, FACT(YEAR, state->year));
		}
	}
	else
		judge_episode(state, line, RULE_COURSE_VISITS, policy->visits_limit, "visits_limit", "pays up to");
	judge_episode(state, line, RULE_COURSE_SESSIONS, policy->visits_scrutiny, "visits_scrutiny", "looks closely beyond");
}

/* ------------------------------------------------------------------- units */

static void
judge_week(CourseState *state, const CourseLine *line)
{
	const Line *billed = day_line(state, line)->line;
	int64_t		most = state->units_week_limit;
	bool		surely = most != NO_AMOUNT && state->units.before + billed->units > most * 1000;
	int64_t		total = surely ? state->units.before + billed->units : state->units.before + state->units.on_date;
	char		code[CODE_TEXT];
	Finding    *finding;

	if (most == NO_AMOUNT || total <= most * 1000 ||
		(finding = add_finding(state, RULE_COURSE_UNITS_WEEK, severity_of(state, RULE_COURSE_UNITS_WEEK, surely), NULL, line)) == NULL)
		return;
	finding_say(state->sink, finding, "%s: massage x%s in the week of %s %s, policy %s pays up to %lld a week",
				code_to_text(billed->code, code), total_text(state->sink->arena, total), date_of(state, state->week_from), with_text(surely),
				policy_name(state), (long long) most);
	FINDING_FACTS(state->sink, finding, FACT_TEXT(POLICY, policy_name(state)), FACT_TEXT(KEY, "course_limits"), FACT(CODE, billed->code),
				  FACT(BILLED, total), FACT(LIMIT, most), FACT(WEEK_FROM, state->week_from));
}

/* ----------------------------------------------------------------- periods */

static bool
is_word(Word a, Word b)
{
	return a.text != NULL && b.text != NULL && a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* Is the period of this line, whatever its dates? */
static bool
is_of(const CourseState *state, const CoursePeriod *period, PeriodKind kind, const CourseLine *line)
{
	const CourseDay *day = &state->course->days[line->day];

	return period->kind == kind && (period->provider.text == NULL || is_word(period->provider, day->provider)) &&
		(period->discipline == 0 || period->discipline == day_line(state, line)->discipline);
}

static bool
is_visit_of(const CoursePeriod *period, int32_t date)
{
	return period->used_visits > 0 && period->last_visit == date;
}

/* Take what the line needs from a period; false where it has not as much. */
static bool
take(CoursePeriod *period, const CourseLine *line, uint32_t units)
{
	int64_t		visit = !is_visit_of(period, line->date);

	if ((period->units != NO_AMOUNT && period->used_units + units > period->units) ||
		(period->visits != NO_AMOUNT && period->used_visits + visit > period->visits))
		return false;
	period->used_units += units;
	period->used_visits += visit;
	period->last_visit = line->date;
	return true;
}

/* "authorization A1" */
static const char *
period_label(CourseState *state, const CoursePeriod *period)
{
	const char *kind = period_kind_names[period->kind];

	return period->number == NULL ? arena_printf(state->sink->arena, "the %s", kind) : arena_printf(state->sink->arena, "%s %s", kind, period->number);
}

static void
say_exceeded(CourseState *state, Rule rule, const CoursePeriod *period, const CourseLine *line)
{
	const Line *billed = day_line(state, line)->line;
	bool		of_units = period->units != NO_AMOUNT && period->used_units + billed->units > period->units;
	int64_t		total = period->used_units + billed->units;
	char		code[CODE_TEXT];
	Finding    *finding = add_finding(state, rule, rule_severity(state->course->rules, rule), "exceeded", line);

	if (finding == NULL)
		return;
	code_to_text(billed->code, code);
	if (of_units)
		finding_say(state->sink, finding, "%s allows x%s from %s to %s, x%s with this line of %s", period_label(state, period),
					total_text(state->sink->arena, period->units), date_of(state, period->from), date_of(state, period->to),
					total_text(state->sink->arena, total), code);
	else
		finding_say(state->sink, finding, "%s allows %lld visits from %s to %s, this one of %s is visit %lld", period_label(state, period),
					(long long) period->visits, date_of(state, period->from), date_of(state, period->to), code, (long long) period->used_visits + 1);
	FINDING_FACTS(state->sink, finding, FACT(CODE, billed->code), FACT_TEXT(PERIOD, period_kind_names[period->kind]),
				  FACT(PERIOD_FROM, period->from), FACT(PERIOD_TO, period->to), FACT(BILLED, of_units ? total : FACT_NONE),
				  FACT(VISIT, of_units ? FACT_NONE : period->used_visits + 1));
	if (period->number != NULL)
		FINDING_FACTS(state->sink, finding, FACT_TEXT(NUMBER, arena_printf(state->sink->arena, "%s", period->number)));
	if (of_units)
		FINDING_FACTS(state->sink, finding, FACT(AUTHORIZED, period->units));
	else
		FINDING_FACTS(state->sink, finding, FACT(LIMIT, period->visits));
}

/* The line needs a period of the kind: if the policy requires one, or others are known that are of it. */
static void
judge_period(CourseState *state, Rule rule, PeriodKind kind, const CourseLine *line, bool say)
{
	Course	   *course = state->course;
	const Line *billed = day_line(state, line)->line;
	const CoursePeriod *spent = NULL;
	int			n = 0;
	int			i;
	Finding    *finding;
	char		code[CODE_TEXT];

	for (i = 0; i < course->n_periods; i++)
	{
		CoursePeriod *period = &course->periods[i];

		if (!is_of(state, period, kind, line))
			continue;
		n++;
		if (line->date < period->from || period->to < line->date)
			continue;
		if (take(period, line, billed->units))
			return;
		if (spent == NULL)
			spent = period;
	}
	if (!say)
		return;
	if (spent != NULL)
	{
		say_exceeded(state, rule, spent, line);
		return;
	}
	if (n == 0 && !policy_has_item(course->rules, LIST_PERIODS_REQUIRED, kind))
		return;
	if ((finding = add_finding(state, rule, rule_severity(course->rules, rule), NULL, line)) == NULL)
		return;
	code_to_text(billed->code, code);
	if (n > 0)
		finding_say(state->sink, finding, "no %s of the patient covers %s on %s", period_kind_names[kind], code, date_of(state, line->date));
	else
		finding_say(state->sink, finding, "no %s is known for %s on %s, and policy %s wants one", period_kind_names[kind], code,
					date_of(state, line->date), policy_name(state));
	FINDING_FACTS(state->sink, finding, FACT(CODE, billed->code), FACT_TEXT(PERIOD, period_kind_names[kind]), FACT(DOS, line->date));
	if (n == 0)
		FINDING_FACTS(state->sink, finding, FACT_TEXT(POLICY, policy_name(state)), FACT_TEXT(KEY, "periods_required"));
}

void
course_rules(CourseState *state, const CourseLine *line, bool say)
{
	if (say && line->therapy != THERAPY_NONE)
		judge_kx(state, line);
	/* what was said before is not said again */
	if (line->therapy != THERAPY_NONE && say)
		judge_review(state, line);
	if (say && line->massage)
	{
		judge_visits(state, line);
		judge_week(state, line);
	}
	if (line->therapy != THERAPY_NONE)
		judge_period(state, RULE_COURSE_CERTIFICATION, PERIOD_CERTIFICATION, line, say);
	judge_period(state, RULE_COURSE_AUTHORIZATION, PERIOD_AUTHORIZATION, line, say);
}

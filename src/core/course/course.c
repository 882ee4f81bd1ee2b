/*
 * src/core/course/course.c
 *
 * Lines of all days in the order of their dates, what is counted of them, and
 * where a year, an episode or a week ends.
 */
#include "course/course_state.h"

#include <stdlib.h>
#include <string.h>

#include "day/day_net.h"
#include "edits/facts.h"

const char *const therapy_names[N_THERAPIES] = {"physical therapy and speech-language pathology", "occupational therapy"};
const char *const total_names[] = {"allowed", "review", "visits-year", "visits-episode", "units-week", "units", "visits"};

/* -------------------------------------------------------- lines that count */

static uint16_t
modifier_named(const char *name)
{
	uint16_t	modifier = 0;
	Fault		why;

	modifier_from_text((Word) {name, strlen(name), 0}, &modifier, &why);
	return modifier;
}

/* Physical therapy and speech-language pathology share a threshold, occupational therapy has its own (s. 1833(g) SSA). */
static Therapy
therapy_of(const CourseState *state, const DayLine *line)
{
	if (line->discipline == 0)
		return THERAPY_NONE;
	return line->discipline == state->occupational ? THERAPY_OT : THERAPY_PT_SLP;
}

/* What is allowed for a line: of one that is taken back in part, the share of its units that is left. */
static int64_t
amount_of(const CourseDay *day, int i)
{
	const DayLine *line = &day->day.lines[i];
	int			place = day_place(&day->day, i);
	int64_t		amount = place < day->n_allowed ? day->allowed[place] : NO_AMOUNT;

	if (amount == NO_AMOUNT || !day->day.netted || line->row == NULL || line->row->units == 0)
		return amount;
	return (int64_t) ((double) amount * line->line->units / line->row->units + (amount < 0 ? -0.5 : 0.5));
}

static int
compare_lines(const void *x, const void *y)
{
	const CourseLine *a = x,
			   *b = y;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return a->line < b->line ? -1 : 1;
}

/* Net the days, and gather what is therapy or massage, payable and dated, by date. */
static CourseLine *
gather(const CourseState *state, int *n)
{
	Course	   *course = state->course;
	CourseLine *lines;
	int			capacity = 0;
	int			d,
				i;

	for (d = 0; d < course->n_days; d++)
		capacity += course->days[d].day.n_lines;
	lines = arena_alloc(course->arena, sizeof(CourseLine) * ((size_t) capacity + 1));
	*n = 0;
	for (d = 0; d < course->n_days; d++)
	{
		Day		   *day = &course->days[d].day;

		sink_pause(state->sink);
		day_net(day, course->arena);
		day_facts(day, course->rules, state->sink->facts, course->arena);
		for (i = 0; i < day->n_valid; i++)
		{
			const DayLine *line = &day->lines[i];
			Therapy		therapy = therapy_of(state, line);
			bool		massage = policy_has_item(course->rules, LIST_MASSAGE_CODES, line->line->code);

			if (line->line->dos == CLAIMLINE_NO_DOS || !is_payable(line) || (therapy == THERAPY_NONE && !massage))
				continue;
			lines[(*n)++] = (CourseLine) {line->line->dos, d, i, therapy, massage, amount_of(&course->days[d], i)};
		}
	}
	if (*n > 1)
		qsort(lines, (size_t) *n, sizeof(CourseLine), compare_lines);
	return lines;
}

/* ------------------------------------------------------------------ totals */

static CourseTotal *
add_total(CourseState *state, TotalKind kind, int32_t from, int32_t to, int64_t used, int64_t most)
{
	Course	   *course = state->course;
	CourseTotal *total;

	if (course->n_totals == course->total_capacity)
		course->totals = arena_grow(course->arena, course->totals, sizeof(CourseTotal), course->n_totals, &course->total_capacity);
	total = &course->totals[course->n_totals++];
	*total = (CourseTotal) {kind, THERAPY_NONE, NULL, from, to, used, most, 0};
	return total;
}

int64_t
yearly_amount(const CourseState *state, PolicyList list)
{
	uint32_t	amount;

	return policy_number(state->course->rules, list, (uint64_t) state->year, &amount) ? (int64_t) amount : NO_AMOUNT;
}

static void
end_week(CourseState *state)
{
	if (state->units_week_limit != NO_AMOUNT && state->units.before > 0)
		add_total(state, TOTAL_UNITS_WEEK, state->week_from, state->week_from + 6, state->units.before, state->units_week_limit * 1000);
	memset(&state->units, 0, sizeof(state->units));
}

static void
end_episode(CourseState *state)
{
	int32_t		most = state->course->rules->policy.visits_limit;

	if (state->episode_visits > 0 && state->episode_days != NO_AMOUNT)
		add_total(state, TOTAL_VISITS_EPISODE, state->episode_from, state->last_visit, state->episode_visits, most == NO_LIMIT ? NO_AMOUNT : most);
	state->episode_visits = 0;
}

static void
end_year(CourseState *state)
{
	static const PolicyList lists[] = {LIST_KX_THRESHOLD, LIST_REVIEW_THRESHOLD};
	int			t,
				i;

	for (t = 0; t < N_THERAPIES; t++)
	{
		Allowed    *allowed = &state->allowed[t];

		for (i = 0; i < 2 && allowed->lines.before > 0; i++)
		{
			int64_t		most = yearly_amount(state, lists[i]);
			CourseTotal *total;

			if (most == NO_AMOUNT && i > 0)
				continue;
			total = add_total(state, i == 0 ? TOTAL_ALLOWED : TOTAL_REVIEW, state->year_from, state->year_to,
							  allowed->cents.before * 10, most == NO_AMOUNT ? NO_AMOUNT : most * 1000);
			total->therapy = (Therapy) t;
			total->unknown = allowed->n_unknown;
		}
	}
	if (state->visits > 0)
		add_total(state, TOTAL_VISITS_YEAR, state->year_from, state->year_to, state->visits, state->visits_year_limit);
	memset(state->allowed, 0, sizeof(state->allowed));
	state->visits = 0;
}

static void
put_periods(CourseState *state)
{
	Course	   *course = state->course;
	int			i;

	for (i = 0; i < course->n_periods; i++)
	{
		const CoursePeriod *period = &course->periods[i];

		if (period->units != NO_AMOUNT)
			add_total(state, TOTAL_UNITS_PERIOD, period->from, period->to, period->used_units, period->units)->period = period;
		if (period->visits != NO_AMOUNT || period->units == NO_AMOUNT)
			add_total(state, TOTAL_VISITS_PERIOD, period->from, period->to, period->used_visits, period->visits)->period = period;
	}
}

/* ------------------------------------------------------------- from date to date */

/* The year of a date, and its ends. */
static void
find_year(CourseState *state, int32_t date)
{
	int			year = 2000 + (int) ((double) date / 365.2425);
	int32_t		next;

	while (year > 1 && date_of_calendar(year, 1, 1, &state->year_from) && state->year_from > date)
		year--;
	while (date_of_calendar(year + 1, 1, 1, &next) && next <= date)
		year++;
	state->year = year;
	date_of_calendar(year, 1, 1, &state->year_from);
	date_of_calendar(year, 12, 31, &state->year_to);
}

/* 2000-01-02 was a Sunday. */
static int32_t
sunday_before(int32_t date)
{
	int32_t		days = (date - 1) % 7;

	return date - (days < 0 ? days + 7 : days);
}

static void
begin_date(CourseState *state, int32_t date)
{
	if (state->date == CLAIMLINE_NO_DOS || date > state->year_to)
	{
		if (state->date != CLAIMLINE_NO_DOS)
			end_year(state);
		find_year(state, date);
	}
	if (state->date == CLAIMLINE_NO_DOS || sunday_before(date) != state->week_from)
	{
		end_week(state);
		state->week_from = sunday_before(date);
	}
	state->date = date;
}

/* A date with massage is a visit. */
static void
count_visit(CourseState *state)
{
	if (state->episode_visits > 0 && state->episode_days != NO_AMOUNT && state->date - state->last_visit > state->episode_days)
		end_episode(state);
	if (state->episode_visits == 0)
		state->episode_from = state->date;
	state->episode_visits++;
	state->visits++;
	state->last_visit = state->date;
}

static void
count_line(CourseState *state, const CourseLine *line)
{
	if (line->massage)
	{
		if (state->last_visit != state->date)
			count_visit(state);
		state->units.on_date += state->course->days[line->day].day.lines[line->line].line->units;
	}
	if (line->therapy != THERAPY_NONE)
	{
		Allowed    *allowed = &state->allowed[line->therapy];

		allowed->lines.on_date++;
		if (line->amount == NO_AMOUNT)
			allowed->n_unknown++;
		else
			allowed->cents.on_date += line->amount;
	}
}

static void
end_count(Count *count)
{
	count->before += count->on_date;
	count->on_date = 0;
}

static void
judge_date(CourseState *state, const CourseLine *lines, int n)
{
	bool		say = lines[0].date >= state->course->from;
	int			t,
				i;

	begin_date(state, lines[0].date);
	for (i = 0; i < n; i++)
		count_line(state, &lines[i]);
	for (i = 0; i < n; i++)
	{
		sink_pause(state->sink);
		course_rules(state, &lines[i], say);
	}
	for (t = 0; t < N_THERAPIES; t++)
	{
		end_count(&state->allowed[t].cents);
		end_count(&state->allowed[t].lines);
		state->allowed[t].said = false;
	}
	end_count(&state->units);
}

static int64_t
course_limit(const Ruleset *rules, CourseLimit limit)
{
	uint32_t	number;

	return policy_number(rules, LIST_COURSE_LIMITS, limit, &number) ? (int64_t) number : NO_AMOUNT;
}

/* What ends first is used first. */
static int
compare_periods(const void *x, const void *y)
{
	const CoursePeriod *a = x,
			   *b = y;

	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return strcmp(a->number != NULL ? a->number : "", b->number != NULL ? b->number : "");
}

void
course_judge(Course *course, FindingSink *sink)
{
	CourseState state;
	CourseLine *lines;
	int			n,
				first,
				end;

	memset(&state, 0, sizeof(state));
	state.course = course;
	state.sink = sink;
	state.kx = modifier_named("KX");
	state.occupational = modifier_named("GO");
	state.date = state.last_visit = CLAIMLINE_NO_DOS;
	state.visits_year_limit = course_limit(course->rules, COURSE_VISITS_YEAR);
	state.units_week_limit = course_limit(course->rules, COURSE_UNITS_WEEK);
	state.episode_days = course_limit(course->rules, COURSE_EPISODE_DAYS);
	sink->rules = course->rules;
	if (course->n_periods > 1)
		qsort(course->periods, (size_t) course->n_periods, sizeof(CoursePeriod), compare_periods);
	lines = gather(&state, &n);
	for (first = 0; first < n; first = end)
	{
		for (end = first + 1; end < n && lines[end].date == lines[first].date; end++)
			;
		judge_date(&state, lines + first, end - first);
	}
	if (n > 0)
	{
		end_week(&state);
		end_episode(&state);
		end_year(&state);
	}
	put_periods(&state);
}

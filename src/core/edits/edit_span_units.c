/*
 * src/core/edits/edit_span_units.c
 *
 * Timed units of lines of several dates.  Their minutes are those of all dates
 * together, and units are counted date by date: what the minutes support
 * depends on how they are divided.  Only what no division supports is denied.
 */
#include "edits/edits.h"

#include "edits/facts.h"
#include "edits/span_units.h"
#include "edits/units.h"

#include <string.h>

bool
same_service(const Ruleset *rules, uint32_t a, uint32_t b)
{
	return a == b || ruleset_adds_to(rules, a, b) || ruleset_adds_to(rules, b, a);
}

bool
meets_timed_span(const Day *day, const Ruleset *rules, int line, bool of_service)
{
	const Line *on = day->lines[line].line;
	int			i;

	for (i = 0; i < day->n_valid && day->has_spans; i++)
	{
		const Line *span = day->lines[i].line;

		if ((day->lines[i].classes & CLASS_TIMED) && is_span(span) && line_is_of(span, on->dos) &&
			(!of_service || same_service(rules, span->code, on->code)))
			return true;
	}
	return false;
}

/* Timed lines of a group whose minutes may be pooled. */
typedef struct SpanPool
{
	const Ruleset *rules;
	int			first;			/* of the group */
	int			end;
	bool		by_discipline;	/* do they state several? */
	bool	   *seen;			/* by line of the day: is it of a service that was judged? */
} SpanPool;

/* A service on its dates: lines of one code, or of one for the first unit and one for further ones, which their dates link. */
typedef struct SpanService
{
	int			n_lines;
	int		   *lines;
	int			dates;			/* on which some line is */
	int32_t		last;
	bool		has_span;
	bool		unknown;		/* does a line lack its minutes? */
	int64_t		minutes;
	int64_t		units;			/* thousandths */
	int64_t		first_units;	/* of these, of a code for the first unit of a date alone */
	int64_t		least;			/* units that the minutes support by any division */
	int64_t		most;
} SpanService;

/* Are the minutes of two lines of one date counted together by a rule that pools? */
static bool
are_pooled(const SpanPool *pool, const DayLine *a, const DayLine *b)
{
	return (a->classes & b->classes & CLASS_TIMED) && (a->denial == DENIAL_NONE) == (b->denial == DENIAL_NONE) &&
		(!pool->by_discipline || a->discipline == b->discipline);
}

/* Do the timed lines of the group state several disciplines?  Then those that state none are apart. */
static bool
has_disciplines(const Day *day, int first, int end)
{
	uint16_t	stated = 0;
	int			i;

	for (i = first; i < end; i++)
	{
		uint16_t	own = day->lines[i].classes & CLASS_TIMED ? day->lines[i].discipline : 0;

		if (own != 0 && stated != 0 && own != stated)
			return true;
		if (own != 0)
			stated = own;
	}
	return false;
}

static void
add_line(const Day *day, SpanPool *pool, SpanService *service, int i)
{
	const Line *line = day->lines[i].line;
	int32_t		last = line_last_date(line);

	service->lines[service->n_lines++] = i;
	pool->seen[i] = true;
	if (service->n_lines == 1 || last > service->last)
	{
		service->dates += last - (service->n_lines == 1 || line->dos > service->last ? line->dos - 1 : service->last);
		service->last = last;
	}
	service->has_span |= is_span(line);
	service->unknown |= line->minutes == CLAIMLINE_NO_MINUTES;
	service->minutes += line->minutes == CLAIMLINE_NO_MINUTES ? 0 : line->minutes;
	service->units += line->units;
	if (ruleset_additional(pool->rules, line->code) != 0)
		service->first_units += line->units;
}

/* The service of a line, from it on: lines are in order of their first dates. */
static void
find_service(const Day *day, SpanPool *pool, SpanService *service, int first)
{
	int			i;

	service->n_lines = service->dates = 0;
	service->has_span = service->unknown = false;
	service->minutes = service->units = service->first_units = 0;
	add_line(day, pool, service, first);
	for (i = first + 1; i < pool->end && day->lines[i].line->dos <= service->last; i++)
		if (!pool->seen[i] && same_service(pool->rules, day->lines[first].line->code, day->lines[i].line->code) &&
			are_pooled(pool, &day->lines[first], &day->lines[i]))
			add_line(day, pool, service, i);
}

/* How many other codes may have minutes on its dates? */
static int
count_others(const Day *day, const SpanPool *pool, const SpanService *service)
{
	const DayLine *on = &day->lines[service->lines[0]];
	int			n = 0;
	int			i;

	for (i = pool->first; i < pool->end; i = next_code(day, i))
	{
		int			other = i;

		while (other >= 0 && !(day->lines[other].line->minutes != 0 && are_pooled(pool, on, &day->lines[other]) &&
							   day->lines[other].line->dos <= service->last &&
							   line_last_date(day->lines[other].line) >= on->line->dos))
			other = next_of_code(day, other);
		n += other >= 0 && !same_service(pool->rules, on->line->code, day->lines[i].line->code);
	}
	return n;
}

/*
 * Most: as many dates as can have a first unit, then whole units on top.  Least:
 * each date has minutes that are no unit yet, then each unit takes as many as it
 * can.  The cms rule pools minutes of several codes: beside n others a unit may
 * go to one with its part of the threshold, where they have as many, and to
 * none of one with a minute less than a whole unit.
 */
static void
find_supported(const Day *day, const SpanPool *pool, SpanService *service)
{
	const Policy *policy = &pool->rules->policy;
	bool		cms = unit_rule_on(policy, day->lines[service->lines[0]].line->dos) == UNIT_RULE_CMS;
	int			others = cms ? count_others(day, pool, service) : 0;
	int64_t		first = (policy->unit_threshold + others) / (others + 1);
	int64_t		idle = others > 0 ? policy->unit_minutes - 1 : policy->unit_threshold - 1;
	int64_t		with_unit = service->minutes / first < service->dates ? service->minutes / first : service->dates;
	int64_t		beyond = service->minutes - idle * service->dates;

	service->most = with_unit + (service->minutes - with_unit * first) / policy->unit_minutes;
	service->least = beyond <= 0 ? 0 : (beyond + policy->unit_minutes - 1) / policy->unit_minutes;
}

static void
say_service(const Day *day, FindingSink *sink, Rule rule, const SpanService *service, int i)
{
	Finding    *finding = finding_add(sink, rule, i, -1);
	const char *billed;
	char		code[CODE_TEXT];

	if (finding == NULL)
		return;
	billed = arena_printf(sink->arena, "%s x%s%s", code_to_text(day->lines[i].line->code, code), total_text(sink->arena, service->units),
						  service->n_lines == 1 ? "" : arena_printf(sink->arena, " on %d lines", service->n_lines));
	FINDING_FACTS(sink, finding, FACT(CODE, day->lines[i].line->code), FACT(BILLED, service->units),
				  FACT(LINES, service->n_lines == 1 ? FACT_NONE : service->n_lines), FACT(MINUTES, service->minutes), FACT(DATES, service->dates),
				  FACT(LEAST, rule == RULE_UNITS_MINUTES ? FACT_NONE : service->least), FACT(MOST, rule == RULE_UNITS_UNDERBILLED ? FACT_NONE : service->most));
	if (rule == RULE_UNITS_UNKNOWN)
		finding_say(sink, finding,
					"%s for %lld minutes on %d dates: how many minutes were on each is not on the line; x%lld to x%lld can be supported",
					billed, (long long) service->minutes, service->dates, (long long) service->least, (long long) service->most);
	else
		finding_say(sink, finding, "%s billed for %lld minutes on %d dates, %s x%lld supported however they are divided",
					billed, (long long) service->minutes, service->dates, rule == RULE_UNITS_MINUTES ? "at most" : "at least",
					(long long) (rule == RULE_UNITS_MINUTES ? service->most : service->least));
}

/* The code for the first unit of a date is billed more often than there are dates. */
static void
say_first(const Day *day, FindingSink *sink, const SpanService *service, int i)
{
	Finding    *finding = finding_add(sink, RULE_UNITS_MINUTES, i, -1);
	char		code[CODE_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "%s x%s billed on %d dates: further units of a date have another code",
				code_to_text(day->lines[i].line->code, code), total_text(sink->arena, service->first_units), service->dates);
	FINDING_FACTS(sink, finding, FACT(CODE, day->lines[i].line->code), FACT(BILLED, service->first_units), FACT(DATES, service->dates));
}

static void
judge_unknown(const Day *day, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	Finding    *finding;
	char		code[CODE_TEXT],
				units[UNITS_TEXT];

	if (line->minutes != CLAIMLINE_NO_MINUTES || (finding = finding_add(sink, RULE_UNITS_UNKNOWN, i, -1)) == NULL)
		return;
	finding_say(sink, finding, "%s x%s without its minutes", code_to_text(line->code, code), units_to_text(line->units, units));
	FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(BILLED, line->units), FACT_TEXT(MISSING, "minutes"), FACT_TEXT(MISSING_ON, "line"));
}

/* A line of the service where no rule speaks; `open` if its units are not decided. */
static void
note_service(FindingSink *sink, const SpanService *service, int i, bool open)
{
	const Line *line = sink->day->lines[i].line;
	const Fact	facts[] = {
		FACT(CODE, line->code), FACT(BILLED, service->units), FACT(MINUTES, service->minutes), FACT(DATES, service->dates),
		FACT(LEAST, service->least), FACT(MOST, service->most)
	};
	Reason		reason = line->units == 0 ? REASON_NO_UNITS : service->unknown || open ? REASON_MINUTES_MISSING : REASON_MINUTES_SUPPORT;

	note_add(sink->notes, RULE_UNITS_MINUTES, i, reason, facts, reason == REASON_MINUTES_SUPPORT ? 6 : 0);
	note_add(sink->notes, RULE_UNITS_UNDERBILLED, i, reason, facts, reason == REASON_MINUTES_SUPPORT ? 6 : 0);
	note_add(sink->notes, RULE_UNITS_UNKNOWN, i, reason == REASON_MINUTES_SUPPORT ? REASON_MINUTES_KNOWN : reason, NULL, 0);
}

static void
judge_service(const Day *day, const SpanPool *pool, FindingSink *sink, SpanService *service)
{
	bool		over,
				under;
	int			n;

	find_supported(day, pool, service);
	over = !service->unknown && service->units > service->most * 1000;
	under = service->units < service->least * 1000;
	for (n = 0; n < service->n_lines; n++)
	{
		int			i = service->lines[n];
		const Line *line = day->lines[i].line;

		if (sink->notes != NULL && (over || is_span(line)))
			note_service(sink, service, i, !over && !under && service->least < service->most);
		/* those of one date are also judged by it */
		if (line->units == 0 || (!over && !is_span(line)))
			continue;
		if (service->unknown)
			judge_unknown(day, sink, i);
		else if (over)
			say_service(day, sink, RULE_UNITS_MINUTES, service, i);
		else if (service->first_units > (int64_t) service->dates * 1000 && ruleset_additional(pool->rules, line->code) != 0)
			say_first(day, sink, service, i);
		else if (under || service->least < service->most)
			say_service(day, sink, under ? RULE_UNITS_UNDERBILLED : RULE_UNITS_UNKNOWN, service, i);
	}
}

void
edit_span_units(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	SpanPool	pool = {.rules = rules};
	SpanService service;
	int			i;

	if (!day->has_spans || !(day->classes & CLASS_TIMED))
		return;
	pool.seen = arena_alloc(sink->arena, sizeof(bool) * (size_t) day->n_valid);
	memset(pool.seen, 0, sizeof(bool) * (size_t) day->n_valid);
	service.lines = arena_alloc(sink->arena, sizeof(int) * (size_t) day->n_valid);
	for (i = 0; i < day->n_valid; i++)
	{
		sink_pause(sink);
		if (i == pool.end)
		{
			pool.first = i;
			pool.end = group_end(day, i);
			pool.by_discipline = has_disciplines(day, pool.first, pool.end);
		}
		if (pool.seen[i] || !(day->lines[i].classes & CLASS_TIMED))
			continue;
		find_service(day, &pool, &service, i);
		if (service.has_span)
			judge_service(day, &pool, sink, &service);
	}
}

/*
 * src/core/edits/edit_units.c
 *
 * Timed units: what the minutes of the day support, and how they are shared
 * out among the codes.  Medicare Claims Processing Manual ch. 5 s. 20.2.
 */
#include "edits/edits.h"

#include "base/format.h"
#include "edits/facts.h"
#include "edits/span_units.h"
#include "edits/unit_pool.h"
#include "edits/units.h"
#include "edits/units_supported.h"

/* A timed line without the minutes that decide its units. */
static void
say_unknown(const Pool *pool, FindingSink *sink, int i, bool own)
{
	const Line *line = sink->day->lines[i].line;
	Finding    *finding = finding_add(sink, RULE_UNITS_UNKNOWN, i, -1);
	char		code[CODE_TEXT],
				units[UNITS_TEXT];

	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	units_to_text(line->units, units);
	if (own)
		finding_say(sink, finding, "%s x%s without its minutes", code, units);
	else
		finding_say(sink, finding,
					"%s x%s in %d minutes depends on the minutes of other timed lines, which are %s",
					code, units, line->minutes, pool->meets_span ? "of several dates together" : "missing");
	FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(BILLED, line->units), FACT(MINUTES, own ? FACT_NONE : line->minutes),
				  FACT_TEXT(MISSING, "minutes"), FACT_TEXT(MISSING_ON, own ? "line" : "other lines"));
}

/*
 * The units of each line of a service: by its minutes, but those of a service in two codes stand on the lines of either,
 * so they go to what is billed.
 */
static void
share_units(const Pool *pool, const FindingSink *sink, int s)
{
	const Service *service = &pool->services[s];
	int64_t		left = pool->allowed[s];
	int			i;

	if (pool->joined[s] < 0 && service->beyond == 0 && !service->continued)
	{
		units_share(&sink->rules->policy, left, service->n_lines, pool->line_minutes + service->first,
					pool->share + service->first);
		return;
	}
	for (i = service->first; i < service->first + service->n_lines; i++)
	{
		int64_t		billed = sink->day->lines[pool->lines[i]].line->units / 1000;

		pool->share[i] = billed < left ? billed : left;
		left -= pool->share[i];
	}
	pool->share[service->first] += left;
}

/* "97129 x1 and 97130 x1" */
static const char *
parted_text(const Pool *pool, FindingSink *sink, const Service *service)
{
	char		first[CODE_TEXT],
				further[CODE_TEXT];

	return arena_printf(sink->arena, "%s x1 and %s x%lld",
						code_to_text(sink->day->lines[pool->lines[service->first]].line->code, first),
						code_to_text(service->further, further), (long long) service->beyond);
}

static void
add_parted(const Pool *pool, FindingSink *sink, Finding *finding, int s)
{
	FINDING_FACTS(sink, finding, FACT(MINUTES, pool->minutes[s]), FACT(FURTHER_CODE, pool->services[s].further), FACT(FURTHER_UNITS, pool->services[s].beyond),
				  FACT(FIRST_CODE, sink->day->lines[pool->lines[pool->services[s].first]].line->code), FACT(FIRST_UNITS, 1));
}

/* The minutes of a service in two codes, of which only the first is billed. */
static void
say_further(const Pool *pool, FindingSink *sink, int s)
{
	const Service *service = &pool->services[s];
	int			i = pool->lines[service->first];
	Finding    *finding;
	char		code[CODE_TEXT];

	if (service->beyond == 0 || service->continued || pool->billed[s] > 1000 ||
		(finding = finding_add(sink, RULE_UNITS_UNDERBILLED, i, -1)) == NULL)
		return;
	finding_say(sink, finding, "%lld minutes are %s, and no %s is billed", (long long) pool->minutes[s],
				parted_text(pool, sink, service), code_to_text(service->further, code));
	add_parted(pool, sink, finding, s);
}

/* Lines whose units are judged by minutes that are all there. */
static void
note_service(const Pool *pool, FindingSink *sink, int s, int64_t total)
{
	const Service *service = &pool->services[s];
	bool		cms = pool->rule == UNIT_RULE_CMS;
	int			i;

	for (i = service->first; i < service->first + service->n_lines; i++)
	{
		const Fact	facts[] = {
			FACT(CODE, sink->day->lines[pool->lines[i]].line->code), FACT(BILLED, pool->billed[s]), FACT(MINUTES, pool->minutes[s]),
			FACT(SUPPORTED, pool->allowed[s]), FACT_TEXT(UNIT_RULE, cms ? "cms" : "ama"), FACT(DAY_MINUTES, cms ? total : FACT_NONE)
		};

		note_add(sink->notes, RULE_UNITS_MINUTES, pool->lines[i], REASON_MINUTES_SUPPORT, facts, 6);
		note_add(sink->notes, RULE_UNITS_UNDERBILLED, pool->lines[i], REASON_MINUTES_SUPPORT, facts, 6);
		NOTE(sink, UNITS_UNKNOWN, pool->lines[i], MINUTES_KNOWN);
	}
}

/* Lines whose units are judged by some of the minutes. */
static void
note_incomplete(const Pool *pool, FindingSink *sink, int s)
{
	const Service *service = &pool->services[s];
	int			i;

	for (i = service->first; i < service->first + service->n_lines; i++)
	{
		bool		billed = sink->day->lines[pool->lines[i]].line->units > 0;

		note_lines(sink->notes, RULE_UNITS_MINUTES, RULE_UNITS_UNDERBILLED, pool->lines[i], pool->lines[i] + 1,
				   billed ? REASON_MINUTES_MISSING : REASON_NO_UNITS);
		note_add(sink->notes, RULE_UNITS_UNKNOWN, pool->lines[i], billed ? REASON_MINUTES_SUFFICE : REASON_NO_UNITS, NULL, 0);
	}
}

/*
 * A service that is billed above what is allowed, or below: the finding goes
 * to the lines with more, or fewer, than their share.
 */
static void
say_service(const Pool *pool, FindingSink *sink, int s, int64_t total)
{
	const Policy *policy = &sink->rules->policy;
	const Service *service = &pool->services[s];
	int64_t		allowed = pool->allowed[s] * 1000;
	bool		over = pool->billed[s] > allowed;
	bool		cms = pool->rule == UNIT_RULE_CMS;
	int64_t		difference = over ? pool->billed[s] - allowed : allowed - pool->billed[s];
	int			i;

	if (sink->notes != NULL)
		note_service(pool, sink, s, total);
	say_further(pool, sink, s);
	if (difference == 0)
		return;
	share_units(pool, sink, s);
	for (i = service->first; i < service->first + service->n_lines && difference > 0; i++)
	{
		const Line *line = sink->day->lines[pool->lines[i]].line;
		int64_t		off = (int64_t) line->units - pool->share[i] * 1000;
		Finding    *finding;
		char		code[CODE_TEXT],
					billed[32];

		if (!over)
			off = -off;
		if (off <= 0)
			continue;
		if (off > difference)
			off = difference;
		difference -= off;
		finding = finding_add(sink, over ? RULE_UNITS_MINUTES : RULE_UNITS_UNDERBILLED,
							  pool->lines[i], -1);
		if (finding == NULL)
			continue;
		text_format(billed, sizeof(billed), pool->billed[s] % 1000 == 0 ? "%lld" : "%lld.%03lld",
				 (long long) pool->billed[s] / 1000, (long long) pool->billed[s] % 1000);
		code_to_text(line->code, code);
		FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(BILLED, pool->billed[s]));
		if (service->beyond > 0)
			add_parted(pool, sink, finding, s);
		else
			FINDING_FACTS(sink, finding, FACT(MINUTES, pool->minutes[s]), FACT(SUPPORTED, pool->allowed[s]), FACT_TEXT(UNIT_RULE, cms ? "cms" : "ama"),
						  FACT(DAY_MINUTES, cms ? total : FACT_NONE), FACT(DAY_UNITS, cms ? units_of_minutes(policy, total) : FACT_NONE));
		if (service->beyond > 0)
			finding_say(sink, finding, "%s x%s billed: %lld minutes are %s", code, billed, (long long) pool->minutes[s],
						parted_text(pool, sink, service));
		else if (cms)
			finding_say(sink, finding,
						"%s x%s billed for %lld minutes, x%lld supported: the %lld timed minutes of the day support %lld in all (cms rule)",
						code, billed, (long long) pool->minutes[s], (long long) pool->allowed[s],
						(long long) total, (long long) units_of_minutes(policy, total));
		else
			finding_say(sink, finding,
						"%s x%s billed for %lld minutes, x%lld supported (ama rule: each code alone)",
						code, billed, (long long) pool->minutes[s], (long long) pool->allowed[s]);
		finding->change.units = (uint32_t) (over ? line->units - off : line->units + off);
		if (finding->change.units % 1000 == 0)
			finding->change.kind = CHANGE_UNITS;
	}
}

/* The service is billed above what it could have at most. */
static void
say_impossible(const Pool *pool, FindingSink *sink, int s, int64_t most)
{
	const Service *service = &pool->services[s];
	int			i;

	for (i = service->first; i < service->first + service->n_lines; i++)
	{
		const Line *line = sink->day->lines[pool->lines[i]].line;
		Finding    *finding;
		char		code[CODE_TEXT];

		if (line->units == 0 || (finding = finding_add(sink, RULE_UNITS_MINUTES, pool->lines[i], -1)) == NULL)
			continue;
		finding_say(sink, finding,
					"%s billed above x%lld, the most that its %lld minutes support whatever the missing minutes of other codes are (cms rule)",
					code_to_text(line->code, code), (long long) most, (long long) pool->minutes[s]);
		FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(MOST, most), FACT(MINUTES, pool->minutes[s]), FACT_TEXT(MISSING, "minutes"),
					  FACT_TEXT(MISSING_ON, "other lines"), FACT_TEXT(UNIT_RULE, "cms"));
	}
}

/* Some minutes of the pool are missing: what can still be said of this service? */
static void
judge_incomplete(Pool *pool, FindingSink *sink, int s)
{
	const Policy *policy = &sink->rules->policy;
	const Service *service = &pool->services[s];
	bool		cms = pool->rule == UNIT_RULE_CMS;
	/* by cms it gets its full blocks at least, and one more at most */
	int64_t		least = cms ? pool->minutes[s] / policy->unit_minutes
		: units_of_minutes(policy, pool->minutes[s]);
	int64_t		most = least + (pool->minutes[s] % policy->unit_minutes != 0);
	int			i;

	if (!service->unknown && !cms)
	{
		say_service(pool, sink, s, 0);
		return;
	}
	if (sink->notes != NULL)
		note_incomplete(pool, sink, s);
	if (!service->unknown && pool->billed[s] > most * 1000)
	{
		say_impossible(pool, sink, s, most);
		return;
	}
	for (i = service->first; i < service->first + service->n_lines; i++)
	{
		const Line *line = sink->day->lines[pool->lines[i]].line;

		if (line->units > 0 &&
			(line->minutes == CLAIMLINE_NO_MINUTES || pool->billed[s] > least * 1000))
			say_unknown(pool, sink, pool->lines[i], line->minutes == CLAIMLINE_NO_MINUTES);
	}
}

/* Group the pool's lines into services and judge each. */
static void
judge_pool(Pool *pool, const Ruleset *rules, FindingSink *sink)
{
	const Day  *day = sink->day;
	int64_t		total = 0;
	int			i,
				s;

	pool->n_services = 0;
	pool->unknown = false;
	for (i = 0; i < pool->n_lines; i++)
	{
		const Line *line = day->lines[pool->lines[i]].line;
		Service    *service;

		if (i == 0 || line->code != day->lines[pool->lines[i - 1]].line->code)
		{
			pool->minutes[pool->n_services] = pool->billed[pool->n_services] = 0;
			pool->services[pool->n_services++] = (Service) {i, 0, false, ruleset_additional(rules, line->code), 0, 0, false};
		}
		s = pool->n_services - 1;
		service = &pool->services[s];
		service->n_lines++;
		pool->billed[s] += line->units;
		pool->line_minutes[i] = line->minutes == CLAIMLINE_NO_MINUTES ? 0 : line->minutes;
		pool->minutes[s] += pool->line_minutes[i];
		total += pool->line_minutes[i];
		if (line->minutes == CLAIMLINE_NO_MINUTES)
			service->unknown = pool->unknown = true;
	}
	/* some of the minutes of a line of several dates may be of this one */
	pool->meets_span = meets_timed_span(day, rules, pool->lines[0], false);
	pool->unknown |= pool->meets_span;
	for (s = 0; s < pool->n_services && pool->meets_span; s++)
		pool->services[s].unknown |= meets_timed_span(day, rules, pool->lines[pool->services[s].first], true);
	pool_join_further(pool, rules, day);
	units_allocate(&rules->policy, pool->rule, pool->n_services,
				   pool->minutes, pool->billed, pool->allowed);
	pool_part_further(pool, day);
	for (s = 0; s < pool->n_services; s++)
	{
		if (pool->unknown)
			judge_incomplete(pool, sink, s);
		else
			say_service(pool, sink, s, total);
	}
}

/* Is the service in two codes, and not timed therapy? */
static bool
is_untimed(const DayLine *line)
{
	return line->in_two_codes && (line->classes & (CLASS_TIMED | CLASS_ATTENDED)) == CLASS_ATTENDED &&
		line->denial == DENIAL_NONE && !is_span(line->line);
}

/* Room for `n` lines. */
static void
pool_init(Pool *pool, Arena *arena, int n)
{
	pool->minutes = arena_alloc(arena, (5 * sizeof(int64_t) + sizeof(Service) + 2 * sizeof(int)) * (size_t) n);
	pool->billed = pool->minutes + n;
	pool->allowed = pool->billed + n;
	pool->line_minutes = pool->allowed + n;
	pool->share = pool->line_minutes + n;
	pool->services = (Service *) (pool->share + n);
	pool->lines = (int *) (pool->services + n);
	pool->joined = pool->lines + n;
	pool->n_lines = 0;
}

/*
 * Services in two codes that are not timed therapy, such as acupuncture: their minutes
 * count by themselves, and nothing is asked where a line has none.
 */
static void
judge_untimed(const Day *day, const Ruleset *rules, FindingSink *sink, int first, int end, int n)
{
	Pool		pool;
	int			i;

	for (i = first; i < end && sink->notes != NULL; i++)
		if (is_untimed(&day->lines[i]))
			note_lines(sink->notes, RULE_UNITS_MINUTES, RULE_UNITS_UNKNOWN, i, i + 1, REASON_NO_MINUTES_ASKED);
	pool_init(&pool, sink->arena, n);
	pool.rule = UNIT_RULE_AMA;
	for (i = first; i < end; i++)
	{
		if (!is_untimed(&day->lines[i]))
			continue;
		if (day->lines[i].line->minutes == CLAIMLINE_NO_MINUTES)
			return;
		pool.lines[pool.n_lines++] = i;
	}
	judge_pool(&pool, rules, sink);
}

/* Is it a line of these pools: timed, and billed for a denial or not? */
static bool
in_pools(const DayLine *line, bool denied)
{
	return (line->classes & CLASS_TIMED) && (line->denial != DENIAL_NONE) == denied && !is_span(line->line);
}

/*
 * Pool timed lines of a date, `n` at most, by discipline: lines that state none join
 * the only one that is stated, or stay together.  What is billed for a denial is
 * pooled apart: its minutes are none of what is paid.
 */
static void
judge_pools(const Day *day, const Ruleset *rules, FindingSink *sink, int first, int end, int n, bool denied)
{
	uint16_t	stated[MAX_DISCIPLINES];
	int			n_stated = 0;
	Pool		pool;
	int			i,
				p;

	for (i = first; i < end; i++)
	{
		uint16_t	own = in_pools(&day->lines[i], denied) ? day->lines[i].discipline : 0;

		for (p = 0; p < n_stated && stated[p] != own; p++)
			;
		if (own != 0 && p == n_stated && n_stated < MAX_DISCIPLINES)
			stated[n_stated++] = own;
	}
	pool_init(&pool, sink->arena, n);
	pool.rule = unit_rule_on(&rules->policy, day->lines[first].line->dos);
	/* without one only where none is stated, or several are */
	for (p = n_stated == 1 ? 0 : -1; p < n_stated; p++)
	{
		pool.n_lines = 0;
		for (i = first; i < end; i++)
			if (in_pools(&day->lines[i], denied) &&
				(n_stated <= 1 || day->lines[i].discipline == (p < 0 ? 0 : stated[p])))
				pool.lines[pool.n_lines++] = i;
		if (pool.n_lines > 0)
			judge_pool(&pool, rules, sink);
	}
}

/* The only timed line of its date, billed as its minutes say. */
static void
note_alone(FindingSink *sink, int i)
{
	const Line *line = sink->day->lines[i].line;

	NOTE_FACTS(sink, UNITS_MINUTES, i, MINUTES_SUPPORT, FACT(CODE, line->code), FACT(BILLED, line->units), FACT(MINUTES, line->minutes));
	NOTE_FACTS(sink, UNITS_UNDERBILLED, i, MINUTES_SUPPORT, FACT(CODE, line->code), FACT(BILLED, line->units), FACT(MINUTES, line->minutes));
	NOTE(sink, UNITS_UNKNOWN, i, MINUTES_KNOWN);
}

void
edit_units(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	NOTE_ALL(sink, UNITS_MINUTES, UNITS_UNKNOWN, NOT_TIMED);
	for (first = 0; first < day->n_valid; first = end)
	{
		int			n_timed = 0;
		int			timed = first;
		int			n_untimed = 0;
		bool		denied = false;

		end = date_end(day, first);
		for (i = first; i < end; i++)
		{
			n_untimed += is_untimed(&day->lines[i]);
			if (!(day->lines[i].classes & CLASS_TIMED) || is_span(day->lines[i].line))
				continue;
			timed = i;
			n_timed++;
			denied |= day->lines[i].denial != DENIAL_NONE;
		}
		if (n_untimed > 0)
			judge_untimed(day, rules, sink, first, end, n_untimed);
		/* one line alone, billed as its minutes say: by any rule */
		if (n_timed == 1 && line_is_supported(rules, day->lines[timed].line))
		{
			if (sink->notes != NULL)
				note_alone(sink, timed);
			continue;
		}
		if (n_timed == 0 || (sink->notes == NULL && !day->has_spans && date_is_supported(day, rules, first, end)))
			continue;
		judge_pools(day, rules, sink, first, end, n_timed, false);
		if (denied)
			judge_pools(day, rules, sink, first, end, n_timed, true);
	}
}

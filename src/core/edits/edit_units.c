/*
 * src/core/edits/edit_units.c
 *
 * Timed units: what the minutes of the day support, how they are shared out
 * among the codes, and how they are put on lines.  Medicare Claims Processing
 * Manual ch. 5 s. 20.2; NCCI Policy Manual ch. XI P-2.
 */
#include "edits/edits.h"

#include "edits/facts.h"
#include "edits/units.h"

#include <stdio.h>

/* The lines of one timed code in one pool of minutes. */
typedef struct Service
{
	int			first;			/* index into the pool's lines */
	int			n_lines;
	bool		unknown;		/* does a line lack its minutes? */
} Service;

/* The timed lines whose minutes are pooled, and their services. */
typedef struct Pool
{
	UnitRule	rule;			/* that counts on its date of service */
	int			n_lines;
	int			n_services;
	bool		unknown;		/* of any service */
	int		   *lines;			/* index in the day */
	Service    *services;
	int64_t    *minutes;		/* of each service */
	int64_t    *billed;			/* thousandths */
	int64_t    *allowed;		/* units */
	int64_t    *line_minutes;	/* of each line, 0 where not known */
	int64_t    *share;			/* of each line, of its service's units */
} Pool;

static void
judge_fraction(const Day *day, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	char		code[CODE_TEXT],
				units[UNITS_TEXT];
	Finding    *finding;

	if (day->lines[i].code == NULL || line->units % 1000 == 0)
		return;
	finding = finding_add(sink, RULE_UNITS_FRACTION, i, -1);
	if (finding != NULL)
		finding_say(sink, finding, "%s x%s: its units are whole numbers",
					code_to_text(line->code, code), units_to_text(line->units, units));
}

/* A timed line without the minutes that decide its units. */
static void
say_unknown(FindingSink *sink, int i, bool own)
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
					"%s x%s in %d minutes depends on the minutes of other timed lines, which are missing",
					code, units, line->minutes);
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
	int64_t		difference = over ? pool->billed[s] - allowed : allowed - pool->billed[s];
	int			i;

	if (difference == 0)
		return;
	units_share(policy, pool->allowed[s], service->n_lines, pool->line_minutes + service->first,
				pool->share + service->first);
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
		snprintf(billed, sizeof(billed), pool->billed[s] % 1000 == 0 ? "%lld" : "%lld.%03lld",
				 (long long) pool->billed[s] / 1000, (long long) pool->billed[s] % 1000);
		code_to_text(line->code, code);
		if (pool->rule == UNIT_RULE_CMS)
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

		if (line->units == 0)
			continue;
		finding = finding_add(sink, RULE_UNITS_MINUTES, pool->lines[i], -1);
		if (finding != NULL)
			finding_say(sink, finding,
						"%s billed above x%lld, the most that its %lld minutes support whatever the missing minutes of other codes are (cms rule)",
						code_to_text(line->code, code), (long long) most, (long long) pool->minutes[s]);
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
			say_unknown(sink, pool->lines[i], line->minutes == CLAIMLINE_NO_MINUTES);
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
			pool->services[pool->n_services++] = (Service) {i, 0, false};
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
	units_allocate(&rules->policy, pool->rule, pool->n_services,
				   pool->minutes, pool->billed, pool->allowed);
	for (s = 0; s < pool->n_services; s++)
	{
		if (pool->unknown)
			judge_incomplete(pool, sink, s);
		else
			say_service(pool, sink, s, total);
	}
}

/* Do two lines of a code belong on one?  Not if assistant, discipline or liability tell them apart. */
static bool
one_line(const Ruleset *rules, const Line *a, const Line *b)
{
	uint16_t	discipline_a = line_modifier_of_kind(rules, a, KIND_DISCIPLINE);
	uint16_t	discipline_b = line_modifier_of_kind(rules, b, KIND_DISCIPLINE);

	return (discipline_a == discipline_b || discipline_a == 0 || discipline_b == 0) &&
		line_modifier_of_kind(rules, a, KIND_ASSISTANT) == line_modifier_of_kind(rules, b, KIND_ASSISTANT) &&
		line_modifier_of_kind(rules, a, KIND_LIABILITY) == line_modifier_of_kind(rules, b, KIND_LIABILITY);
}

/* A timed code on several lines. */
static void
judge_split_lines(const Day *day, const Ruleset *rules, FindingSink *sink, int first, int end)
{
	int			i,
				other;

	if (!applies_from(rules->policy.one_line_from, day->lines[first].line->dos))
		return;
	for (i = first; i < end; i++)
	{
		const DayLine *line = &day->lines[i];
		char		code[CODE_TEXT],
					from[DATE_TEXT];
		Finding    *finding;

		if (line->line->units == 0)
			continue;
		sink_pause(sink);
		for (other = first; other < end; other++)
			if (other != i && is_billed(&day->lines[other]) &&
				one_line(rules, line->line, day->lines[other].line))
				break;
		if (other == end)
			continue;
		finding = finding_add(sink, RULE_UNITS_SPLIT_LINES, i, other);
		if (finding != NULL)
			finding_say(sink, finding,
						"%s is on this line and on %s: from %s a timed code goes on one line per date of service",
						code_to_text(line->line->code, code), line_label(sink, other),
						date_to_text(rules->policy.one_line_from, from));
	}
}

/* "10:00 for 15 minutes" */
static const char *
interval_text(FindingSink *sink, const Line *line)
{
	if (line->minutes == CLAIMLINE_NO_MINUTES)
		return arena_printf(sink->arena, "%02d:%02d on", line->start / 60, line->start % 60);
	return arena_printf(sink->arena, "%02d:%02d for %d minutes",
						line->start / 60, line->start % 60, line->minutes);
}

/* Does a line take the provider, and may it be paid?  A supervised modality may run at the same time. */
static bool
takes_provider(const DayLine *line)
{
	return (line->classes & (CLASS_TIMED | CLASS_ATTENDED)) && is_payable(line);
}

/* Do two lines certainly share a minute? */
static bool
overlap(const Line *a, const Line *b)
{
	const Line *early = a->start <= b->start ? a : b;
	const Line *late = early == a ? b : a;

	if (a->start == CLAIMLINE_NO_START || b->start == CLAIMLINE_NO_START ||
		a->minutes == 0 || b->minutes == 0)
		return false;
	/* an interval without an end takes at least its first minute */
	return late->start < early->start + (early->minutes == CLAIMLINE_NO_MINUTES ? 1 : early->minutes);
}

static void
judge_overlap(const Day *day, FindingSink *sink, int first, int end)
{
	int			i,
				other;

	for (i = first; i < end; i++)
	{
		const Line *line = day->lines[i].line;
		Finding    *finding;

		if (!takes_provider(&day->lines[i]) || line->start == CLAIMLINE_NO_START)
			continue;
		sink_pause(sink);
		for (other = first; other < end; other++)
			if (other != i && takes_provider(&day->lines[other]) && overlap(line, day->lines[other].line))
				break;
		if (other == end || (finding = finding_add(sink, RULE_TIME_OVERLAP, i, other)) == NULL)
			continue;
		finding_say(sink, finding, "from %s overlaps %s, from %s: a provider furnishes one service at a time",
					interval_text(sink, line), line_label(sink, other),
					interval_text(sink, day->lines[other].line));
	}
}

/* The discipline that a timed line states; 0 for none. */
static uint16_t
discipline_of(const Ruleset *rules, const DayLine *line)
{
	return line->kinds & KIND_DISCIPLINE ? line_modifier_of_kind(rules, line->line, KIND_DISCIPLINE) : 0;
}

/* Is it a line of these pools: timed, and billed for a denial or not? */
static bool
in_pools(const DayLine *line, bool denied)
{
	return (line->classes & CLASS_TIMED) && (line->denial != DENIAL_NONE) == denied;
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
		uint16_t	own = in_pools(&day->lines[i], denied) ? discipline_of(rules, &day->lines[i]) : 0;

		for (p = 0; p < n_stated && stated[p] != own; p++)
			;
		if (own != 0 && p == n_stated && n_stated < MAX_DISCIPLINES)
			stated[n_stated++] = own;
	}
	pool.rule = unit_rule_on(&rules->policy, day->lines[first].line->dos);
	pool.minutes = arena_alloc(sink->arena, (5 * sizeof(int64_t) + sizeof(Service) + sizeof(int)) * (size_t) n);
	pool.billed = pool.minutes + n;
	pool.allowed = pool.billed + n;
	pool.line_minutes = pool.allowed + n;
	pool.share = pool.line_minutes + n;
	pool.services = (Service *) (pool.share + n);
	pool.lines = (int *) (pool.services + n);
	/* without one only where none is stated, or several are */
	for (p = n_stated == 1 ? 0 : -1; p < n_stated; p++)
	{
		pool.n_lines = 0;
		for (i = first; i < end; i++)
			if (in_pools(&day->lines[i], denied) &&
				(n_stated <= 1 || discipline_of(rules, &day->lines[i]) == (p < 0 ? 0 : stated[p])))
				pool.lines[pool.n_lines++] = i;
		if (pool.n_lines > 0)
			judge_pool(&pool, rules, sink);
	}
}

/* Are a line's units what its minutes support, where it is the only timed one? */
static bool
is_supported_alone(const Ruleset *rules, const Line *line)
{
	return line->minutes != CLAIMLINE_NO_MINUTES &&
		line->units == units_of_minutes(&rules->policy, line->minutes) * 1000;
}

void
edit_units(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	for (first = 0; first < day->n_valid; first = end)
	{
		int			n_timed = 0;
		int			n_started = 0;
		int			timed = first;
		bool		denied = false;

		end = dos_end(day, first);
		for (i = first; i < end; i++)
		{
			judge_fraction(day, sink, i);
			n_started += takes_provider(&day->lines[i]) && day->lines[i].line->start != CLAIMLINE_NO_START;
			if (!(day->lines[i].classes & CLASS_TIMED))
				continue;
			timed = i;
			n_timed++;
			denied |= day->lines[i].denial != DENIAL_NONE;
		}
		if (n_started > 1)
			judge_overlap(day, sink, first, end);
		/* one line alone, billed as its minutes say: by any rule, and with nothing to split */
		if (n_timed == 0 || (n_timed == 1 && is_supported_alone(rules, day->lines[timed].line)))
			continue;
		judge_pools(day, rules, sink, first, end, n_timed, false);
		if (denied)
			judge_pools(day, rules, sink, first, end, n_timed, true);
		for (i = first; i < end; i = code_end(day, i))
			if (code_end(day, i) - i > 1 && (day->lines[i].classes & CLASS_TIMED))
				judge_split_lines(day, rules, sink, i, code_end(day, i));
	}
}

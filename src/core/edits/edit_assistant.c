/*
 * src/core/edits/edit_assistant.c
 *
 * CQ and CO, unit by unit: first the units of each code by the minutes of the
 * day, then those that an assistant gave in whole or in part.  CMS, billing
 * examples using CQ/CO modifiers; 84 FR 62702; 86 FR 64996.
 */
#include "edits/edits.h"

#include "base/format.h"
#include "edits/assistant.h"
#include "edits/facts.h"
#include "edits/units.h"

#include <string.h>

/* The lines of one code that are judged together. */
typedef struct Assisted
{
	int			first;			/* index into the lines of the pool */
	int			n_lines;
	int64_t		minutes;
	int64_t		assistant;		/* of these, known to be an assistant's alone */
	int64_t		perhaps;		/* or may be, for it is not known */
	bool		asked;			/* does a line say something of an assistant? */
	bool		open;			/* is the number of its units not known, or are its minutes not? */
	int64_t		billed;			/* thousandths */
	int64_t		marked;			/* of these, with the modifier */
	int64_t		units;			/* that its minutes support */
} Assisted;

/* Lines of a date whose minutes count together. */
typedef struct AssistedPool
{
	const Day  *day;
	FindingSink *sink;
	AssistantRule rule;
	uint16_t	discipline;		/* 0 where none is stated */
	int			n_lines;
	int			n_services;
	int		   *lines;			/* index in the day */
	Assisted   *services;
	int64_t    *minutes;		/* of each service */
	int64_t    *billed;
	int64_t    *units;
} AssistedPool;

/* How many units of a service too few or too many have the modifier, in thousandths. */
typedef struct Off
{
	int64_t		lacking;
	int64_t		needless;
	AssistedUnits wanted;
} Off;

/* CQ beside GP, CO beside GO: what needs the discipline; 0 where nothing does. */
static uint16_t
modifier_of_assistant(const Ruleset *rules, uint16_t discipline)
{
	uint16_t	value;

	for (value = 1; discipline != 0 && value < 36 * 36; value++)
		if ((ruleset_kinds(rules, value) & KIND_ASSISTANT) && ruleset_modifier(rules, value)->requires == discipline)
			return value;
	return 0;
}

static bool
is_marked(const DayLine *line)
{
	return (line->kinds & KIND_ASSISTANT) != 0;
}

/* An evaluation is the therapist's; what is no therapy, and a discipline without such a modifier, know no assistant. */
static bool
is_assistable(const AssistedPool *pool, const DayLine *line)
{
	const Ruleset *rules = pool->sink->rules;
	uint16_t	modifier = pool->discipline != 0 ? modifier_of_assistant(rules, pool->discipline)
		: ruleset_modifier_of_kind(rules, KIND_ASSISTANT);

	return ((line->classes & CLASS_THERAPY) || line->discipline != 0) && modifier != 0 &&
		!(line->classes & ruleset_modifier(rules, modifier)->not_on);
}

/* ------------------------------------------------------------- in words */

static const char *
modifier_text(uint16_t modifier, char text[MODIFIER_TEXT])
{
	return modifier == 0 ? "CQ or CO" : modifier_to_text(modifier, text);
}

/* "97110-GP x1": what is billed of a line with other units and, where `change` is one, another modifier; NULL where it cannot be. */
static const char *
line_text(const AssistedPool *pool, const Line *line, int64_t units, const Change *change)
{
	LineParts	parts;
	LineBuffer	plain,
				changed;
	char		text[LINE_TEXT];
	int			m;

	line_parts_init(&parts);
	parts.code = line->code;
	parts.units = (uint32_t) units;
	for (m = 0; m < line_n_modifiers(line); m++)
		parts.modifiers[parts.n_modifiers++] = line_modifier_at(line, m);
	line_pack(&parts, &plain);
	if (change != NULL && !change_apply(pool->sink->rules, &plain.line, change, &changed))
		return NULL;
	line_to_text(change == NULL ? &plain.line : &changed.line, text);
	return arena_printf(pool->sink->arena, "%s", text);
}

/*
 * "97110-GP x1 and 97110-CQ-GP x1": the line without the units that are off, if any are left, and these on the line that has
 * the others of their kind, or on one of their own.
 */
static const char *
bill_text(const AssistedPool *pool, const Line *line, int64_t units, const Change *change, const Line *other)
{
	const char *kept = units < line->units ? line_text(pool, line, line->units - units, NULL) : NULL;
	const char *moved = other != NULL ? line_text(pool, other, other->units + units, NULL) : line_text(pool, line, units, change);

	return kept == NULL || moved == NULL ? moved : arena_printf(pool->sink->arena, "%s and %s", kept, moved);
}

/* Is anything said of the line?  Not of one of several dates. */
static bool
is_told(const DayLine *line)
{
	return is_billed(line) && !is_span(line->line);
}

/* A line of the service whose units are of the other kind, or -1. */
static int
other_side(const AssistedPool *pool, const Assisted *service, bool marked)
{
	int			at;

	for (at = service->first; at < service->first + service->n_lines; at++)
		if (is_told(&pool->day->lines[pool->lines[at]]) && is_marked(&pool->day->lines[pool->lines[at]]) == marked)
			return pool->lines[at];
	return -1;
}

/* What is said of the units of a service, as facts. */
static void
add_service(const AssistedPool *pool, Finding *finding, const Assisted *service, const Off *off)
{
	const Line *line = pool->day->lines[finding->line].line;
	bool		known = service->perhaps == 0 && !service->open;

	FINDING_FACTS(pool->sink, finding, FACT(CODE, line->code), FACT(BILLED, line->units), FACT(MINUTES, service->minutes),
				  FACT(ASSISTANT_MINUTES, service->assistant), FACT(SUPPORTED, known ? service->units : FACT_NONE),
				  FACT(ASSISTANT_UNITS, known ? off->wanted.least : FACT_NONE), FACT_TEXT(KEY, policy_lists[off->wanted.by].key));
}

/* A line whose units lack the modifier, or have it needlessly: all of them, or some. */
static void
say_line(const AssistedPool *pool, const Assisted *service, const Off *off, int i, int64_t units, bool lacking)
{
	const Line *line = pool->day->lines[i].line;
	FindingSink *sink = pool->sink;
	int			other = other_side(pool, service, lacking);
	uint16_t	has = line_modifier_of_kind(sink->rules, line, KIND_ASSISTANT);
	uint16_t	wanted = modifier_of_assistant(sink->rules, pool->discipline);
	Change		change = {lacking ? CHANGE_ADD : CHANGE_DROP, lacking ? wanted : 0, lacking ? 0 : has, 0, 0};
	Finding    *finding = finding_add_as(sink, RULE_MOD_ASSISTANT, rule_severity(sink->rules, RULE_MOD_ASSISTANT),
										 lacking ? NULL : "therapist", i, other);
	const char *bill = NULL;
	const char *paid = "";
	char		code[CODE_TEXT],
				billed[UNITS_TEXT],
				modifier[MODIFIER_TEXT];

	if (finding == NULL)
		return;
	code_to_text(line->code, code);
	units_to_text(line->units, billed);
	if (other >= 0 || units < line->units)
		bill = bill_text(pool, line, units, &change, other < 0 ? NULL : pool->day->lines[other].line);
	if (lacking)
		paid = pool->rule.payment > 0 ? arena_printf(sink->arena, ", which are paid at %u percent", pool->rule.payment)
			: ", which are paid in full";
	if (service->assistant == 0)
		finding_say(sink, finding, "%s x%s with modifier %s: an assistant gave none of its minutes alone%s%s", code, billed,
					modifier_to_text(has, modifier), bill == NULL ? "" : ": bill ", bill == NULL ? "" : bill);
	else
		finding_say(sink, finding, "%s x%s %s modifier %s: of %lld minutes an assistant gave %lld alone, which are x%lld of x%lld%s (%s)%s%s",
					code, billed, lacking ? "without" : "with", lacking ? modifier_text(wanted, modifier) : modifier_to_text(has, modifier),
					(long long) service->minutes, (long long) service->assistant, (long long) off->wanted.least, (long long) service->units,
					paid, policy_lists[off->wanted.by].key, bill == NULL ? "" : ": bill ", bill == NULL ? "" : bill);
	add_service(pool, finding, service, off);
	FINDING_FACTS(sink, finding, FACT(WANTED, lacking ? wanted : 0), FACT(MODIFIER, lacking ? 0 : has),
				  FACT(PAID_PERCENT, lacking && pool->rule.payment > 0 ? pool->rule.payment : FACT_NONE));
	if (bill != NULL)
		FINDING_FACTS(sink, finding, FACT_TEXT(BILL, bill));
	else
	{
		finding->change = change;
		finding->condition = "the minutes of therapist and assistant are documented as the line has them";
	}
}

/* Whether the lines of a service need the modifier is not known. */
static void
say_open(const AssistedPool *pool, const Assisted *service, const Off *off)
{
	FindingSink *sink = pool->sink;
	uint16_t	wanted = modifier_of_assistant(sink->rules, pool->discipline);
	int			at;

	for (at = service->first; at < service->first + service->n_lines; at++)
	{
		int			i = pool->lines[at];
		const Line *line = pool->day->lines[i].line;
		Finding    *finding;
		char		code[CODE_TEXT],
					billed[UNITS_TEXT],
					modifier[MODIFIER_TEXT];

		if (!is_told(&pool->day->lines[i]) ||
			(finding = finding_add_as(sink, RULE_MOD_ASSISTANT, SEVERITY_UNKNOWN, NULL, i, -1)) == NULL)
			continue;
		finding_say(sink, finding, "whether %s x%s needs modifier %s depends on minutes that are missing: of %lld known ones an assistant gave %lld alone",
					code_to_text(line->code, code), units_to_text(line->units, billed), modifier_text(wanted, modifier),
					(long long) service->minutes, (long long) service->assistant);
		add_service(pool, finding, service, off);
		FINDING_FACTS(sink, finding, FACT(WANTED, wanted), FACT_TEXT(MISSING, service->open ? "minutes" : "assistant"));
	}
}

/* ---------------------------------------------------------- the judgement */

/* By how much a service is off, if its minutes are so: what is billed beyond its units may go away from either side. */
static Off
off_by(const AssistedPool *pool, const Assisted *service, bool timed, int64_t units, int64_t assistant)
{
	const Ruleset *rules = pool->sink->rules;
	int64_t		therapist = service->minutes > assistant ? service->minutes - assistant : 0;
	int64_t		over = service->billed > units * 1000 ? service->billed - units * 1000 : 0;
	Off			off;

	if (timed)
		off.wanted = assisted_units(rules, &pool->rule, units, therapist, assistant);
	else
	{
		int64_t		all = assistant_in_part(&pool->rule, service->minutes, assistant) ? units : 0;

		off.wanted = (AssistedUnits) {all, all, LIST_ASSISTANT_PERCENT};
	}
	off.lacking = service->billed - service->marked - (units - off.wanted.least) * 1000 - over;
	off.needless = service->marked - off.wanted.most * 1000 - over;
	/* where one of them gave nothing, none of the units is the other's, however many there are */
	if (assistant == 0)
		off.needless = service->marked;
	else if (therapist == 0 && !service->open)
		off.lacking = service->billed - service->marked;
	return off;
}

/* The lines of a service on the side that has too many units, those with the fewest minutes on the other side first. */
static void
say_off(const AssistedPool *pool, const Assisted *service, const Off *off)
{
	bool		lacking = off->lacking > 0;
	int64_t		left = lacking ? off->lacking : off->needless;
	int			pass,
				at;

	/* lines that the assistant, or the therapist, gave whole; then the others */
	for (pass = 0; pass < 2; pass++)
		for (at = service->first; at < service->first + service->n_lines && left > 0; at++)
		{
			const DayLine *on = &pool->day->lines[pool->lines[at]];
			bool		whole = line_assistant_minutes(on->line) == (lacking ? on->line->minutes : 0);
			int64_t		units = on->line->units < left ? on->line->units : left;

			if (!is_told(on) || is_marked(on) == lacking || whole != (pass == 0))
				continue;
			/* where the other side has no unit, nothing of the line stays */
			if (lacking ? off->wanted.least == service->units : off->wanted.most == 0)
				units = on->line->units;
			left -= units;
			say_line(pool, service, off, pool->lines[at], units, lacking);
		}
}

static void
note_service(const AssistedPool *pool, const Assisted *service, Reason reason)
{
	int			at;

	for (at = service->first; at < service->first + service->n_lines && pool->sink->notes != NULL; at++)
		note_add(pool->sink->notes, RULE_MOD_ASSISTANT, pool->lines[at], reason, NULL, 0);
}

/* A service whose units are `units`, or one more where they are not known. */
static void
judge_service(const AssistedPool *pool, const Assisted *service, bool timed)
{
	bool		ever = false;
	bool		always = true;
	Off			first = {0, 0, {0, 0, LIST_ASSISTANT_PERCENT}};
	int64_t		assistant,
				units;

	note_service(pool, service, REASON_ASSISTANT_FITS);
	for (assistant = service->assistant; assistant <= service->assistant + service->perhaps; assistant++)
		for (units = service->units; units <= service->units + (service->open && timed); units++)
		{
			Off			off = off_by(pool, service, timed, units, assistant);

			if (off.lacking <= 0 && off.needless <= 0)
				always = false;
			else if (!ever)
			{
				first = off;
				ever = true;
			}
		}
	if (ever && always && service->perhaps == 0 && (!service->open || service->assistant == 0))
		say_off(pool, service, &first);
	else if (ever)
		say_open(pool, service, &first);
}

/* Take a line into the pool, into the service of the line before where it is of the same code. */
static void
add_line(AssistedPool *pool, int i, bool alone)
{
	const DayLine *on = &pool->day->lines[i];
	const Line *line = on->line;
	int			assistant = line_assistant_minutes(line);
	Assisted   *service = &pool->services[pool->n_services - 1];

	if (alone || pool->n_lines == 0 || pool->day->lines[pool->lines[pool->n_lines - 1]].line->code != line->code)
	{
		service = &pool->services[pool->n_services++];
		memset(service, 0, sizeof(*service));
		service->first = pool->n_lines;
	}
	pool->lines[pool->n_lines++] = i;
	service->n_lines++;
	service->billed += line->units;
	service->marked += is_marked(on) ? line->units : 0;
	service->open |= line->minutes == CLAIMLINE_NO_MINUTES;
	service->minutes += line->minutes == CLAIMLINE_NO_MINUTES ? 0 : line->minutes;
	service->asked |= assistant != CLAIMLINE_NO_ASSISTANT;
	if (assistant != CLAIMLINE_NO_ASSISTANT)
		service->assistant += assistant;
	else if (line->minutes != CLAIMLINE_NO_MINUTES && service->perhaps < CLAIMLINE_MAX_MINUTES)
		service->perhaps += line->minutes;
}

/* The timed lines of a pool: units by the minutes of all codes, then each code. */
static void
judge_timed(AssistedPool *pool, int32_t dos)
{
	const Policy *policy = &pool->sink->rules->policy;
	bool		open = false;
	int			s;

	for (s = 0; s < pool->n_services; s++)
	{
		pool->minutes[s] = pool->services[s].minutes;
		pool->billed[s] = pool->services[s].billed;
		open |= pool->services[s].open;
	}
	units_allocate(policy, unit_rule_on(policy, dos), pool->n_services, pool->minutes, pool->billed, pool->units);
	for (s = 0; s < pool->n_services; s++)
	{
		Assisted   *service = &pool->services[s];
		const DayLine *on = &pool->day->lines[pool->lines[service->first]];

		/* the units of a service in two codes go to either */
		service->open |= open;
		service->units = service->open ? service->minutes / policy->unit_minutes : pool->units[s];
		if (service->asked && !on->in_two_codes && is_assistable(pool, on))
			judge_service(pool, service, true);
		else if (service->asked)
			note_service(pool, service, REASON_TAKES_NO_ASSISTANT);
	}
}

static bool
is_pooled(const DayLine *line)
{
	return (line->classes & CLASS_TIMED) && line->denial == DENIAL_NONE;
}

/* Timed lines of a date by discipline, as their units are pooled: those that state none join the only one. */
static void
judge_pools(AssistedPool *pool, int first, int end)
{
	uint16_t	stated[MAX_DISCIPLINES];
	int			n_stated = 0;
	int			i,
				p;

	for (i = first; i < end; i++)
	{
		uint16_t	own = is_pooled(&pool->day->lines[i]) ? pool->day->lines[i].discipline : 0;

		for (p = 0; p < n_stated && stated[p] != own; p++)
			;
		if (own != 0 && p == n_stated && n_stated < MAX_DISCIPLINES)
			stated[n_stated++] = own;
	}
	for (p = n_stated == 1 ? 0 : -1; p < n_stated; p++)
	{
		pool->n_lines = pool->n_services = 0;
		pool->discipline = p < 0 ? 0 : stated[p];
		for (i = first; i < end; i++)
			if (is_pooled(&pool->day->lines[i]) && (n_stated <= 1 || pool->day->lines[i].discipline == pool->discipline))
			{
				add_line(pool, i, false);
				/* some of the minutes of several dates may be of this one */
				pool->services[pool->n_services - 1].open |= is_span(pool->day->lines[i].line);
			}
		if (pool->n_lines > 0)
			judge_timed(pool, pool->day->lines[first].line->dos);
	}
}

/* A line whose units are not counted by minutes: all of it, or none. */
static void
judge_untimed(AssistedPool *pool, int i)
{
	const DayLine *on = &pool->day->lines[i];

	if ((on->classes & CLASS_TIMED) || on->denial != DENIAL_NONE || on->line->units == 0 ||
		line_assistant_minutes(on->line) == CLAIMLINE_NO_ASSISTANT)
		return;
	pool->n_lines = pool->n_services = 0;
	pool->discipline = on->discipline;
	if (!is_assistable(pool, on))
	{
		NOTE(pool->sink, MOD_ASSISTANT, i, TAKES_NO_ASSISTANT);
		return;
	}
	add_line(pool, i, true);
	pool->services[0].units = (on->line->units + 999) / 1000;
	judge_service(pool, &pool->services[0], false);
}

void
edit_assistant(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	AssistedPool pool = {.day = day, .sink = sink};
	size_t		n = (size_t) day->n_valid;
	int			first,
				end,
				i;

	NOTE_ALL(sink, MOD_ASSISTANT, MOD_ASSISTANT, NO_ASSISTANT);
	if (!day->has_assistant)
		return;
	if (policy_list_empty(rules, LIST_ASSISTANT_PERCENT))
	{
		NOTE_ALL(sink, MOD_ASSISTANT, MOD_ASSISTANT, POLICY_OFF);
		return;
	}
	pool.minutes = arena_alloc(sink->arena, (3 * sizeof(int64_t) + sizeof(Assisted) + sizeof(int)) * n);
	pool.billed = pool.minutes + n;
	pool.units = pool.billed + n;
	pool.services = (Assisted *) (pool.units + n);
	pool.lines = (int *) (pool.services + n);
	for (first = 0; first < day->n_valid; first = end)
	{
		end = date_end(day, first);
		if (!assistant_rule_on(rules, day->lines[first].line->dos, &pool.rule))
		{
			if (sink->notes != NULL)
				note_lines(sink->notes, RULE_MOD_ASSISTANT, RULE_MOD_ASSISTANT, first, end, REASON_NOT_IN_FORCE);
			continue;
		}
		judge_pools(&pool, first, end);
		for (i = first; i < end; i++)
		{
			sink_pause(sink);
			judge_untimed(&pool, i);
		}
	}
}

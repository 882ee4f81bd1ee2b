/*
 * src/core/ruleset/ruleset_dates.c
 *
 * Between which dates of service a ruleset says the same of a line.
 */
#include "ruleset/ruleset_dates.h"

#include <stdlib.h>

typedef struct Dates
{
	int32_t    *dates;
	int			n;
} Dates;

/* Rows mostly have the dates of those before them: these are left out, as sorting them would take longer than all else. */
static void
add_date(Dates *dates, int32_t date)
{
	int			i;

	for (i = dates->n - 1; i >= 0 && i >= dates->n - 4; i--)
		if (dates->dates[i] == date)
			return;
	dates->dates[dates->n++] = date;
}

/* Something holds from a date on. */
static void
add_from(Dates *dates, int32_t from)
{
	if (from != DATE_BEGIN && from != DATE_END)
		add_date(dates, from);
}

static void
add_period(Dates *dates, int32_t from, int32_t to)
{
	add_from(dates, from);
	if (to != DATE_END && to != DATE_BEGIN)
		add_date(dates, to + 1);
}

static void
add_rows(Dates *dates, const Ruleset *rules)
{
	const MueRow *mue = ruleset_rows(rules, SECTION_MUE);
	const ModifierRow *modifiers = ruleset_rows(rules, SECTION_MODIFIERS);
	const ConflictRow *conflicts = ruleset_rows(rules, SECTION_CONFLICTS);
	const DenialRow *denials = ruleset_rows(rules, SECTION_DENIALS);
	const CoverageRow *coverage = ruleset_rows(rules, SECTION_COVERAGE);
	const AddonRow *addons = ruleset_rows(rules, SECTION_ADDON);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_MUE); i++)
		add_period(dates, mue[i].from, mue[i].to);
	for (i = 0; i < ruleset_count(rules, SECTION_MODIFIERS); i++)
	{
		add_from(dates, modifiers[i].from);
		add_from(dates, modifiers[i].requires_from);
	}
	for (i = 0; i < ruleset_count(rules, SECTION_CONFLICTS); i++)
		add_from(dates, conflicts[i].from);
	for (i = 0; i < ruleset_count(rules, SECTION_DENIALS); i++)
	{
		add_period(dates, denials[i].carc_from, denials[i].carc_to);
		add_period(dates, denials[i].rarc_from, denials[i].rarc_to);
	}
	for (i = 0; i < ruleset_count(rules, SECTION_COVERAGE); i++)
		add_period(dates, coverage[i].from, coverage[i].to);
	for (i = 0; i < ruleset_count(rules, SECTION_ADDON); i++)
		add_period(dates, addons[i].from, addons[i].to);
}

static void
add_periods(Dates *dates, const Ruleset *rules, Section section)
{
	const PeriodRow *periods = ruleset_rows(rules, section);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, section); i++)
		add_period(dates, periods[i].from, periods[i].to);
}

static void
add_settings(Dates *dates, const Policy *policy)
{
	const PolicySetting *setting;

	for (setting = policy_settings; setting->key != NULL; setting++)
		if (setting->kind == SETTING_DATE || setting->kind == SETTING_SINCE)
			add_from(dates, *(const int32_t *) ((const char *) policy + setting->offset));
}

static int
compare_dates(const void *a, const void *b)
{
	return (*(const int32_t *) a > *(const int32_t *) b) - (*(const int32_t *) a < *(const int32_t *) b);
}

void
ruleset_dates(const Ruleset *rules, Arena *arena, RulesetDates *found)
{
	/* at most four a row, and those of the edition and the settings */
	size_t		room = 2 * (size_t) ruleset_count(rules, SECTION_MUE) + 2 * (size_t) ruleset_count(rules, SECTION_MODIFIERS) +
		ruleset_count(rules, SECTION_CONFLICTS) + 4 * (size_t) ruleset_count(rules, SECTION_DENIALS) +
		2 * (size_t) ruleset_count(rules, SECTION_COVERAGE) + 2 * (size_t) ruleset_count(rules, SECTION_ADDON) + 2 * (size_t) ruleset_count(rules, SECTION_GAPS) +
		2 * (size_t) ruleset_count(rules, SECTION_MUE_WHOLE) + 4 + sizeof(Policy) / sizeof(int32_t);
	Dates		dates = {arena_alloc(arena, sizeof(int32_t) * room), 0};
	int			n = 0;
	int			i;

	add_rows(&dates, rules);
	add_periods(&dates, rules, SECTION_GAPS);
	add_periods(&dates, rules, SECTION_MUE_WHOLE);
	add_period(&dates, rules->edition.from, rules->edition.to);
	add_period(&dates, rules->all_from, rules->all_to);
	add_settings(&dates, &rules->policy);
	qsort(dates.dates, (size_t) dates.n, sizeof(int32_t), compare_dates);
	for (i = 0; i < dates.n; i++)
		if (n == 0 || dates.dates[n - 1] != dates.dates[i])
			dates.dates[n++] = dates.dates[i];
	*found = (RulesetDates) {dates.dates, n, 0};
}

int
ruleset_period_search(RulesetDates *dates, int32_t dos)
{
	int			low = 0;
	int			high = dates->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (dates->dates[middle] <= dos)
			low = middle + 1;
		else
			high = middle;
	}
	dates->last = low;
	return low + 1;
}

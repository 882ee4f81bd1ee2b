/*
 * src/core/ruleset/spec_coverage.c
 *
 * Of which dates of service the parts of an edition are known: the rows as
 * they come, checked, and the dates on which those agree that are asked of every line.
 */
#include "ruleset/ruleset_spec.h"

#define COMPARE(a, b)	((a) < (b) ? -1 : (a) > (b))

void
spec_add_coverage(RulesetSpec *spec, const CoverageRow *row)
{
	CoverageRow *added = spec_add_row(spec, &spec->coverage, sizeof(CoverageRow));

	*added = *row;
	if (row->with != 0 && row->with < row->code)
	{
		added->code = row->with;
		added->with = row->code;
	}
}

static int
compare_coverage(const void *x, const void *y)
{
	const CoverageRow *a = x,
			   *b = y;

	return a->code != b->code ? COMPARE(a->code, b->code)
		: a->with != b->with ? COMPARE(a->with, b->with)
		: a->part != b->part ? COMPARE(a->part, b->part)
		: COMPARE(a->from, b->from);
}

/* The periods of one part and code must not overlap. */
bool
spec_check_coverage(RulesetSpec *spec, Fault *why)
{
	const CoverageRow *rows = spec->coverage.rows;
	char		code[CODE_TEXT];
	int			i;

	spec_sort_rows(&spec->coverage, sizeof(CoverageRow), compare_coverage);
	for (i = 1; i < spec->coverage.count; i++)
		if (rows[i].code == rows[i - 1].code && rows[i].with == rows[i - 1].with &&
			rows[i].part == rows[i - 1].part && rows[i].from <= rows[i - 1].to)
			return fault(why, FAULT_SYNTAX, 0, "\"coverage\" has overlapping periods for %s of %s", part_names[rows[i].part],
						 rows[i].code == 0 ? "all codes" : code_to_text(rows[i].code, code));
	return true;
}

static bool
same_codes(const CoverageRow *a, const CoverageRow *b)
{
	return a->code == b->code && a->with == b->with && a->part == b->part;
}

/* What a period has in common with one of several, the longest; none: from > to. */
static PeriodRow
longest_common(PeriodRow all, const PeriodRow *others, int n)
{
	PeriodRow	longest = {1, 0};
	int			i;

	for (i = 0; i < n; i++)
	{
		PeriodRow	common = {all.from > others[i].from ? all.from : others[i].from,
			all.to < others[i].to ? all.to : others[i].to};

		if ((int64_t) common.to - common.from > (int64_t) longest.to - longest.from)
			longest = common;
	}
	return longest;
}

/* The dates of the edition, but for its gaps; how many periods.  Room for a gap more than there are. */
static int
edition_periods(const RulesetSpec *spec, PeriodRow *periods)
{
	const PeriodRow *gaps = spec->gaps.rows;
	PeriodRow	rest = {spec->edition.from, spec->edition.to};
	int			n = 0;
	int			i;

	for (i = 0; i < spec->gaps.count && rest.from <= rest.to; i++)
	{
		if (gaps[i].to < rest.from || gaps[i].from > rest.to)
			continue;
		if (gaps[i].from > rest.from)
			periods[n++] = (PeriodRow) {rest.from, gaps[i].from - 1};
		rest.from = gaps[i].to == DATE_END ? DATE_END : gaps[i].to + 1;
		if (gaps[i].to >= rest.to)
			return n;
	}
	periods[n++] = rest;
	return n;
}

void
spec_cover_all(const RulesetSpec *spec, int32_t *from, int32_t *to)
{
	const CoverageRow *rows = spec->coverage.rows;
	int			room = spec->gaps.count + spec->coverage.count + 1;
	PeriodRow  *periods = arena_alloc(spec->arena, sizeof(PeriodRow) * (size_t) room);
	PeriodRow	all = {DATE_BEGIN, DATE_END};
	bool		has_all[N_PARTS] = {false};
	int			i,
				n;

	for (i = 0; i < spec->coverage.count; i += n)
	{
		for (n = 0; i + n < spec->coverage.count && same_codes(&rows[i], &rows[i + n]); n++)
			periods[n] = (PeriodRow) {rows[i + n].from, rows[i + n].to};
		if (rows[i].part == PART_ADDON)
			continue;
		all = longest_common(all, periods, n);
		has_all[rows[i].part] |= rows[i].code == 0;
	}
	if (!has_all[PART_PTP] || !has_all[PART_MUE])
		all = longest_common(all, periods, edition_periods(spec, periods));
	*from = all.from;
	*to = all.to;
}

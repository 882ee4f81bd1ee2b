/*
 * src/core/ruleset/coverage.c
 *
 * Of which dates of service the parts of an edition are known: as rows say of
 * a pair, of a code or of all, else those of the edition but for its gaps.
 */
#include "ruleset/ruleset.h"

/* The rows of exactly these codes, in order of dates: the first, and how many. */
static const CoverageRow *
coverage_rows(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, uint32_t *n)
{
	const CoverageRow *rows = ruleset_rows(rules, SECTION_COVERAGE);
	uint32_t	low = 0;
	uint32_t	high = ruleset_count(rules, SECTION_COVERAGE);
	uint32_t	end = high;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		const CoverageRow *row = &rows[middle];

		if (row->code < code || (row->code == code && (row->with < with || (row->with == with && row->part < (uint32_t) part))))
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < end; ++*n)
		if (rows[low + *n].code != code || rows[low + *n].with != with || rows[low + *n].part != (uint32_t) part)
			break;
	return &rows[low];
}

/* The rows that say it of a pair, a code or all; n is 0 where the dates of the edition hold. */
static const CoverageRow *
deciding_rows(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, uint32_t *n)
{
	const CoverageRow *rows = NULL;

	*n = 0;
	if (with != 0)
		return coverage_rows(rules, part, code < with ? code : with, code < with ? with : code, n);
	if (code != 0)
		rows = coverage_rows(rules, part, code, 0, n);
	return *n > 0 ? rows : coverage_rows(rules, part, 0, 0, n);
}

/* Without a row, add-on codes are not known: no edition is without any. */
static bool
lacks_part(const Ruleset *rules, RulesetPart part)
{
	return part == PART_ADDON && ruleset_count(rules, SECTION_ADDON) == 0;
}

static bool
edition_covers(const Ruleset *rules, int32_t dos)
{
	const PeriodRow *gaps = ruleset_rows(rules, SECTION_GAPS);
	uint32_t	i;

	if (dos < rules->edition.from || dos > rules->edition.to)
		return false;
	for (i = 0; i < ruleset_count(rules, SECTION_GAPS); i++)
		if (gaps[i].from <= dos && dos <= gaps[i].to)
			return false;
	return true;
}

bool
ruleset_part_covers(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, int32_t dos)
{
	const CoverageRow *rows;
	uint32_t	n,
				i;

	if (dos == CLAIMLINE_NO_DOS || lacks_part(rules, part))
		return false;
	if (part != PART_ADDON && ruleset_covers_all(rules, dos))
		return true;
	rows = deciding_rows(rules, part, code, with, &n);
	for (i = 0; i < n; i++)
		if (rows[i].from <= dos && dos <= rows[i].to)
			return true;
	if (n > 0)
		return false;
	/* of a pair that no row names: both of its codes */
	if (with != 0)
		return ruleset_part_covers(rules, part, code, 0, dos) && ruleset_part_covers(rules, part, with, 0, dos);
	return edition_covers(rules, dos);
}

static Coverage
coverage_of_edition(const Ruleset *rules, int32_t dos)
{
	Coverage	coverage = {rules->edition.from, rules->edition.to, {1, 0}, NULL};
	const PeriodRow *gaps = ruleset_rows(rules, SECTION_GAPS);
	uint32_t	i;

	for (i = 0; i < ruleset_count(rules, SECTION_GAPS); i++)
		if (gaps[i].from <= dos && dos <= gaps[i].to)
			coverage.gap = gaps[i];
	return coverage;
}

Coverage
ruleset_coverage_of(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, int32_t dos)
{
	Coverage	coverage = {1, 0, {1, 0}, NULL};
	const CoverageRow *rows;
	uint32_t	n,
				i;

	if (lacks_part(rules, part))
		return coverage;
	rows = deciding_rows(rules, part, code, with, &n);
	if (n == 0 && with != 0)
		return ruleset_coverage_of(rules, part, ruleset_part_covers(rules, part, code, 0, dos) ? with : code, 0, dos);
	if (n == 0)
		return coverage_of_edition(rules, dos);
	coverage.from = rows[0].from;
	coverage.to = rows[n - 1].to;
	if (dos > coverage.to)
		coverage.note = ruleset_text(rules, rows[n - 1].note);
	for (i = 1; i < n; i++)
		if (rows[i - 1].to < dos && dos < rows[i].from)
			coverage.gap = (PeriodRow) {rows[i - 1].to + 1, rows[i].from - 1};
	return coverage;
}

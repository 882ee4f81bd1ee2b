/*
 * src/edit_mue.c
 *
 * Medically unlikely edits: units of service against the limit of the code,
 * line by line (MAI 1) or over the provider-day (MAI 2 and 3).
 * NCCI Policy Manual ch. I s. V.
 */
#include "edits.h"

static void
say_limit(FindingSink *sink, Finding *finding, const Line *line, int64_t billed,
		  const MueRow *mue, int n_lines)
{
	char		code[CODE_TEXT],
				units[UNITS_TEXT + 8];
	const char *scope = mue->mai == 1 ? "on this line" : "on this date of service";

	if (finding == NULL)
		return;
	/* a day can hold more units than a line can */
	if (billed <= CLAIMLINE_MAX_UNITS)
		units_to_text((uint32_t) billed, units);
	finding_say(sink, finding,
				"%s x%s %s (%d %s), the medically unlikely edit is %u (MAI %u)%s",
				code_to_text(line->code, code),
				billed <= CLAIMLINE_MAX_UNITS ? units : " more than 999999", scope,
				n_lines, n_lines == 1 ? "line" : "lines", mue->units, mue->mai,
				mue->mai == 1 ? ": all units of the line are denied"
				: ": all units of the code on that date are denied");
}

void
edit_mue(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	if (!rules->policy.mue)
		return;
	for (first = 0; first < day->n_valid; first = end)
	{
		const DayLine *line = &day->lines[first];
		const MueRow *mue;
		int64_t		limit;
		int64_t		billed = 0;
		int			n_lines = 0;

		end = code_end(day, first);
		if (line->code == NULL || line->code->n_mue == 0 ||
			(mue = ruleset_mue(rules, line->code, line->line->dos)) == NULL)
			continue;
		limit = (int64_t) mue->units * 1000;
		for (i = first; i < end; i++)
		{
			int64_t		units = day->lines[i].line->units;

			billed += units;
			n_lines += units > 0;
			if (mue->mai == 1 && units > limit)
				say_limit(sink, finding_add(sink, RULE_MUE_LINE, i, -1),
						  day->lines[i].line, units, mue, 1);
		}
		if (mue->mai == 1 || billed <= limit)
			continue;
		for (i = first; i < end; i++)
			if (day->lines[i].line->units > 0)
				say_limit(sink, finding_add(sink, RULE_MUE_DAY, i, -1),
						  day->lines[i].line, billed, mue, n_lines);
	}
}

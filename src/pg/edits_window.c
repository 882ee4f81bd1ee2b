/*
 * src/pg/edits_window.c
 *
 * The edits as a window function: each row its own findings.
 */
#include "postgres.h"

#include "pg/compat.h"
#include "pg/edits_site.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "windowapi.h"

PG_FUNCTION_INFO_V1(line_edits);

/* What a partition keeps: its judged lines, findings by row. */
typedef struct Partition
{
	bool		judged;
	Arena		arena;
	Day			day;
	FindingSink sink;
	int		   *first;			/* per row: its first finding; one more at the end */
	int		   *findings;		/* indexes into the sink's, grouped by row */
} Partition;

static void
judge_partition(FunctionCallInfo fcinfo, WindowObject window, Partition *partition)
{
	MemoryContext context = GetMemoryChunkContext(partition);
	MemoryContext old = MemoryContextSwitchTo(context);
	int			n = (int) WinGetPartitionRowCount(window);
	Site	   *site = site_of(fcinfo);
	Day		   *day = &partition->day;
	FindingSink *sink = &partition->sink;
	const Ruleset *rules = starter_default();
	int			i;

	if (PG_NARGS() > 1)
	{
		bool		is_null;
		Datum		datum = WinGetFuncArgCurrent(window, 1, &is_null);

		not_null(is_null, "ruleset");
		/* findings of this partition are read when the argument is long gone */
		rules = ruleset_kept(datum, &site->rulesets);
	}
	arena_init_context(&partition->arena, context);
	day->n_lines = n;
	day->lines = MemoryContextAllocHuge(context, sizeof(DayLine) * ((Size) n + 1));
	memset(day->lines, 0, sizeof(DayLine) * (Size) n);
	for (i = 0; i < n; i++)
	{
		bool		is_null;
		bool		is_out;
		Datum		line = WinGetFuncArgInPartition(window, 0, i, WINDOW_SEEK_HEAD, false,
													&is_null, &is_out);

		if (!is_null)
			day->lines[i].line = (Line *) VARDATA(PG_DETOAST_DATUM_COPY(line));
		day->lines[i].line_no = i + 1;
		day->lines[i].has_line_no = true;
	}
	day_sort(day);
	sink_init(sink, &partition->arena, NULL, SINK_FULL);
	judge_day(day, rules, sink);

	/*
	 * Count, then place.  Line numbers start at 1: placing moves first[i] from
	 * the start of line i to its end, which is the start of row i.
	 */
	partition->first = palloc0(sizeof(int) * ((Size) n + 2));
	partition->findings = palloc(sizeof(int) * ((Size) sink->n_findings + 1));
	for (i = 0; i < sink->n_findings; i++)
		partition->first[day->lines[sink->findings[i].line].line_no + 1]++;
	for (i = 1; i <= n + 1; i++)
		partition->first[i] += partition->first[i - 1];
	for (i = 0; i < sink->n_findings; i++)
		partition->findings[partition->first[day->lines[sink->findings[i].line].line_no]++] = i;
	partition->judged = true;
	MemoryContextSwitchTo(old);
}

Datum
line_edits(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Partition  *partition = WinGetPartitionLocalMemory(window, sizeof(Partition));
	int64		row = WinGetCurrentPosition(window);
	Oid			row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Site	   *site = site_of(fcinfo);
	const FindingSink *sink = &partition->sink;
	Datum	   *rows;
	int			n = 0;
	int			i;

	refuse_null_treatment(window, fcinfo);
	if (!partition->judged)
		judge_partition(fcinfo, window, partition);
	finding_row_prepare(&site->shape, row_type, site->context);
	rows = palloc(sizeof(Datum) * (Size) (partition->first[row + 1] - partition->first[row] + 1));
	for (i = partition->first[row]; i < partition->first[row + 1]; i++)
		rows[n++] = finding_row(&site->shape, sink, &sink->findings[partition->findings[i]]);
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, n, row_type, -1, false, TYPALIGN_DOUBLE));
}

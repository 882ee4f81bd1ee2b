/*
 * test/fuzz/fuzz_ncci.c
 *
 * Fuzz target: packed rows of an NCCI file.  An input that starts with "{" is
 * their text form (JSON); another one is a file of CMS, a record a line, the
 * columns behind tabs: of the PTP layout, after "MUE" on the first line of
 * that of the MUE table, after "AOC" lines of the file of add-on codes.
 */
#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "ncci/ncci_addon.h"
#include "ruleset/pair_overlay.h"

static const char ptp_text[] =
	"{\"claimline_ncci\": 1, \"ptp\": [[\"98941\", \"97124\", \"2002-04-01\", null, 1, \"why\"],"
	" [\"97164\", \"97124\", null, null, 9, \"b\"], [\"97164\", \"97124\", \"2020-01-01\", null, 0, \"Z\"],"
	" [\"99213\", \"97124\", null, \"2019-12-31\", 0, null]]}";

static const char mue_text[] =
	"{\"claimline_ncci\": 1, \"mue\": [[\"97124\", 4, 3, null, null], [\"97010\", 1, 2, null, null],"
	" [\"99999\", 0, 1, null, null]]}";

static const char addon_text[] =
	"{\"claimline_ncci\": 1, \"addon\": [[\"97130\", \"97129\", \"2020-01-01\", null, 0, \"1\"],"
	" [\"97811\", \"97810\", null, \"2019-12-31\", 0, \"1\"], [\"97811\", \"97810\", \"2020-01-01\", null, 0, \"3\"],"
	" [\"97811\", \"CCCCC\", null, null, 0, \"3\"], [\"97546\", \"97545\", \"2020-01-01\", \"2020-01-01\", 9, \"1\"]]}";

/* Parses a copy of exactly this size. */
static NcciRows *
parse(const char *text, size_t length, Fault *why)
{
	char	   *copy = exact_copy(text, length);
	void	   *block = NULL;
	Arena		arena;
	NcciRows   *rows;

	fuzz_arena(&arena);
	rows = ncci_rows_from_text(copy, length, &arena, result_block, &block, why);
	CHECK(rows == NULL || rows == block);
	if (rows == NULL)
		free(block);
	free(copy);
	arena_release(&arena);
	return rows;
}

static void
check_same(const NcciRows *rows, const Text *text)
{
	Fault		why;
	NcciRows   *again = parse(text->text, text->length, &why);
	Text		written = {NULL, 0, 0};
	Arena		arena;

	CHECK(again != NULL);
	CHECK(again->kind == rows->kind && again->n_rows == rows->n_rows && again->n_codes == rows->n_codes);
	CHECK(memcmp(again->sum, rows->sum, sizeof(rows->sum)) == 0);
	fuzz_arena(&arena);
	ncci_rows_to_text(again, &arena, append_text, &written);
	CHECK(written.length == text->length);
	arena_release(&arena);
	free(written.text);
	free(again);
}

static void
check_pair_rows(const PairSet *set, bool overlay)
{
	uint32_t	i,
				j,
				n;

	CHECK(set->n_rationales <= MAX_RATIONALES);
	for (i = 0; i < set->n_codes; i++)
	{
		const PairRow *rows = pair_set_rows(set, i, &n);

		CHECK(i == 0 || set->codes[i].code > set->codes[i - 1].code);
		CHECK(set->codes[i].end <= set->n_rows);
		for (j = 0; j < n; j++)
		{
			CHECK(pair_rationale(&rows[j]) <= set->n_rationales);
			CHECK(pair_column_2(&rows[j]) != set->codes[i].code);
			CHECK(rows[j].from <= rows[j].to);
			CHECK(overlay || pair_mark(&rows[j]) != PAIR_GONE);
			CHECK(j == 0 || pair_column_2(&rows[j]) >= pair_column_2(&rows[j - 1]));
		}
	}
	CHECK(set->n_codes == 0 || set->codes[set->n_codes - 1].end == set->n_rows);
	CHECK(pair_set_count(set) <= set->n_rows);
}

static bool
has_gone(const PairSet *set)
{
	uint32_t	i;

	for (i = 0; i < set->n_rows; i++)
		if (pair_mark(&set->rows[i]) == PAIR_GONE)
			return true;
	return false;
}

/* Rows of two sets say the same, whatever the numbers of their rationales. */
static void
check_same_rows(const PairSet *a, const PairSet *b)
{
	uint32_t	i,
				j,
				n,
				m,
				c = 0;

	CHECK(a->n_rows == b->n_rows);
	CHECK(a->sum.low == b->sum.low && a->sum.high == b->sum.high);
	for (i = 0; i < a->n_codes; i++)
	{
		const PairRow *x = pair_set_rows(a, i, &n);
		const PairRow *y;

		if (n == 0)
			continue;
		while (c < b->n_codes && b->codes[c].code < a->codes[i].code)
			c++;
		CHECK(c < b->n_codes && b->codes[c].code == a->codes[i].code);
		y = pair_set_rows(b, c, &m);
		CHECK(n == m);
		for (j = 0; j < n; j++)
		{
			const char *why_x = pair_rationale(&x[j]) == 0 ? "" : a->rationales[pair_rationale(&x[j]) - 1];
			const char *why_y = pair_rationale(&y[j]) == 0 ? "" : b->rationales[pair_rationale(&y[j]) - 1];

			CHECK(x[j].packed >> 4 == y[j].packed >> 4 && x[j].from == y[j].from && x[j].to == y[j].to);
			/* rows never in force may stand in another order */
			CHECK(pair_mark(&x[j]) >= PAIR_NEVER || strcmp(why_x, why_y) == 0);
		}
	}
}

/* A set as it comes back from its text form, as a dump has it. */
static NcciRows *
dumped(NcciKind kind, const PairSet *set, Arena *arena, PairSet *again)
{
	Text		text = {NULL, 0, 0};
	void	   *block;
	NcciRows   *rows = ncci_rows_of_pairs(kind, set, result_block, &block);
	Fault		why;

	ncci_rows_to_text(rows, arena, append_text, &text);
	free(rows);
	rows = parse(text.text, text.length, &why);
	CHECK(rows != NULL);
	free(text.text);
	ncci_rows_pairs(rows, arena, again);
	return rows;
}

/* What makes one set out of the other, over that one, is the other; also after a dump of both. */
static void
check_delta(NcciKind kind, const PairSet *from, const PairSet *to, Arena *arena)
{
	PairSet		delta,
				again,
				kept,
				dumped_from,
				dumped_delta;
	NcciRows   *from_rows,
			   *delta_rows;

	/* with more, the last of the new ones are told no more */
	if (from->n_rationales + to->n_rationales > MAX_RATIONALES)
		return;
	pair_set_delta(&delta, arena, from, to);
	check_pair_rows(&delta, true);
	pair_set_overlay(&again, arena, from, &delta, false);
	check_pair_rows(&again, false);
	check_same_rows(&again, to);
	from_rows = dumped(kind, from, arena, &dumped_from);
	delta_rows = dumped(kind, &delta, arena, &dumped_delta);
	pair_set_overlay(&again, arena, &dumped_from, &dumped_delta, false);
	check_pair_rows(&again, false);
	check_same_rows(&again, to);
	free(from_rows);
	free(delta_rows);
	CHECK(pair_set_vanished(&kept, arena, from, to, 20000) <= pair_set_count(from));
	check_pair_rows(&kept, false);
}

/* Each row has a type. */
static void
check_types(const PairSet *set)
{
	uint32_t	i,
				j,
				n;

	for (i = 0; i < set->n_codes; i++)
	{
		const PairRow *rows = pair_set_rows(set, i, &n);

		for (j = 0; j < n; j++)
			CHECK(addon_pair_type(set, &rows[j]) >= ADDON_LISTED && addon_pair_type(set, &rows[j]) <= ADDON_PARTLY);
	}
}

/* Against one constant set of pairs, or of unit limits, both ways. */
static void
check_overlays(const NcciRows *rows)
{
	const char *text = rows->kind == NCCI_PTP ? ptp_text : rows->kind == NCCI_MUE ? mue_text : addon_text;
	Fault		why;
	NcciRows   *other = parse(text, strlen(text), &why);
	Arena		arena;

	CHECK(other != NULL && other->kind == rows->kind);
	fuzz_arena(&arena);
	if (rows->kind != NCCI_MUE)
	{
		NcciKind	kind = (NcciKind) rows->kind;
		PairSet		sets[2];

		ncci_rows_pairs(rows, &arena, &sets[0]);
		ncci_rows_pairs(other, &arena, &sets[1]);
		check_pair_rows(&sets[0], true);
		if (!has_gone(&sets[0]))
		{
			check_delta(kind, &sets[0], &sets[1], &arena);
			check_delta(kind, &sets[1], &sets[0], &arena);
			check_delta(kind, &sets[0], &sets[0], &arena);
			if (kind == NCCI_ADDON)
				check_types(&sets[0]);
		}
	}
	else
	{
		uint32_t	n[2],
					n_delta,
					n_again,
					i;
		const MueValue *values = ncci_rows_mue(rows, &n[0]);
		const MueValue *others = ncci_rows_mue(other, &n[1]);
		const MueValue *delta = mue_delta(&arena, others, n[1], values, n[0], &n_delta);
		const MueValue *again = mue_overlay(&arena, others, n[1], delta, n_delta, &n_again);
		uint32_t	kept = 0;

		for (i = 0; i < n[0]; i++)
		{
			CHECK(i == 0 || values[i].code > values[i - 1].code);
			CHECK(values[i].mai <= 3);
			if (values[i].mai == 0)
				continue;
			CHECK(kept < n_again && memcmp(&again[kept], &values[i], sizeof(MueValue)) == 0);
			kept++;
		}
		CHECK(kept == n_again);
	}
	free(other);
	arena_release(&arena);
}

static void
check_rows(const NcciRows *rows)
{
	Text		text = {NULL, 0, 0},
				reversed = {NULL, 0, 0};
	Arena		arena;

	fuzz_arena(&arena);
	ncci_rows_to_text(rows, &arena, append_text, &text);
	arena_release(&arena);
	check_same(rows, &text);
	reverse_rows(&text, &reversed);
	CHECK(reversed.length == text.length);
	check_same(rows, &reversed);
	free(text.text);
	free(reversed.text);
	check_overlays(rows);
}

/* ------------------------------------------------------- files of CMS */

/* The line at *at, in columns; what is behind the last one belongs to it. */
static void
split_record(const char *text, size_t length, size_t *at, Word *fields, int n)
{
	const char *end = memchr(text + *at, '\n', length - *at);
	size_t		stop = end == NULL ? length : (size_t) (end - text);
	int			i;

	for (i = 0; i < n; i++)
	{
		const char *tab = i < n - 1 ? memchr(text + *at, '\t', stop - *at) : NULL;
		size_t		next = tab == NULL ? stop : (size_t) (tab - text);

		fields[i] = (Word) {text + *at, next - *at, 0};
		*at = tab == NULL ? stop : next + 1;
	}
	*at = stop + 1;
}

static void
read_file(const char *text, size_t length, NcciKind kind)
{
	char	   *copy = exact_copy(text, length);
	Arena		arena;
	NcciFile	file;
	size_t		at = 0;
	uint32_t	i;
	void	   *block = NULL;
	static const int n_fields[] = {NCCI_PTP_FIELDS, NCCI_MUE_FIELDS, NCCI_ADDON_FIELDS};

	fuzz_arena(&arena);
	ncci_file_begin(&file, &arena, kind, kind == NCCI_MUE ? ncci_service_types[0] : NULL);
	while (at < length)
	{
		Word		fields[NCCI_PTP_FIELDS];

		split_record(copy, length, &at, fields, n_fields[kind]);
		ncci_file_record(&file, fields);
	}
	if (ncci_file_end(&file))
	{
		NcciRows   *rows = ncci_file_rows(&file, result_block, &block);

		CHECK(rows == block);
		check_rows(rows);
		free(rows);
		say_verdict(NULL);
	}
	else
	{
		Fault		why;

		CHECK(file.n_bad > 0);
		fault(&why, FAULT_SYNTAX, 0, "%s", ncci_file_bad(&file, 0));
		say_verdict(&why);
	}
	for (i = 0; i < file.n_bad && i < NCCI_BAD_SHOWN; i++)
	{
		const char *bad = ncci_file_bad(&file, i);

		CHECK(strstr(bad, "line ") != NULL);
		CHECK(!is_utf8(text, length) || memchr(text, '\0', length) != NULL || is_utf8(bad, strlen(bad)));
	}
	free(copy);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	Fault		why;
	NcciRows   *rows;

	if (size > 0 && text[0] != '{')
	{
		if (size > 4 && memcmp(text, "MUE\n", 4) == 0)
			read_file(text + 4, size - 4, NCCI_MUE);
		else if (size > 4 && memcmp(text, "AOC\n", 4) == 0)
			read_file(text + 4, size - 4, NCCI_ADDON);
		else
			read_file(text, size, NCCI_PTP);
		return 0;
	}
	rows = parse(text, size, &why);
	say_verdict(rows == NULL ? &why : NULL);
	if (rows == NULL)
	{
		check_fault(&why, text, size);
		return 0;
	}
	check_rows(rows);
	free(rows);
	return 0;
}

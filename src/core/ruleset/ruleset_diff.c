/*
 * src/core/ruleset/ruleset_diff.c
 *
 * What differs between two rulesets, by key path and by pair.
 */
#include "ruleset/pair_overlay.h"
#include "ruleset/ruleset_json.h"
#include "ruleset/ruleset_text.h"

#include <stdlib.h>
#include <string.h>

typedef void (*Say) (void *context, const Difference *difference);

/* Text that is written piece by piece, in an arena. */
typedef struct Buffer
{
	Arena	   *arena;
	char	   *text;
	int			length;
	int			capacity;
} Buffer;

static void
append(void *context, const char *text, size_t length)
{
	Buffer	   *buffer = context;

	while ((size_t) buffer->length + length + 1 > (size_t) buffer->capacity)
		buffer->text = arena_grow(buffer->arena, buffer->text, 1, buffer->length, &buffer->capacity);
	memcpy(buffer->text + buffer->length, text, length);
	buffer->length += (int) length;
	buffer->text[buffer->length] = '\0';
}

static const char *
text_of(Buffer *buffer)
{
	const char *text = buffer->text == NULL ? "" : buffer->text;

	*buffer = (Buffer) {buffer->arena, NULL, 0, 0};
	return text;
}

/* --------------------------------------------------------------- settings */

static void
diff_settings(const Ruleset *a, const Ruleset *b, Arena *arena, const char *object,
			  const char *(*put_value) (Writer *, const Ruleset *, int), Say say, void *context)
{
	Buffer		buffer = {arena, NULL, 0, 0};
	Writer		writer = {append, &buffer, true};
	const char *key;
	int			i;

	for (i = 0; (key = put_value(&writer, a, i)) != NULL; i++)
	{
		const char *before = text_of(&buffer);
		const char *after;

		put_value(&writer, b, i);
		after = text_of(&buffer);
		if (strcmp(before, after) != 0)
			say(context, &(Difference) {arena_printf(arena, "%s.%s", object, key), 0, {0, 0}, before, after});
	}
}

/* ----------------------------------------------------------------- tables */

/* A table's rows are told apart by their first columns; rows with the same are one entry. */
static const struct
{
	const char *table;
	int			key_columns;
	bool		by_code;
}			keyed[] = {
	{"codes", 1, true},
	{"scope", 1, true},
	{"mue", 1, true},
	{"modifiers", 1, false},
	{"modifier_conflicts", 2, false},
	{"regions", 1, false},
	{"rules", 1, false},
	{"denials", 1, false},
	{"specialties", 1, false},
	{"gaps", 0, false},
	{"mue_whole", 0, false},
	{"coverage", 1, false},
	{"taxonomies", 1, false},
	{"code_modifiers", 2, false},
	{"additional", 2, false},
	{"addon", 1, true},
	{"replacements", 1, true}
};

typedef struct Entry
{
	const char *path;
	const char *row;
} Entry;

static int
compare_entries(const void *x, const void *y)
{
	const Entry *a = x,
			   *b = y;
	int			order = strcmp(a->path, b->path);

	return order != 0 ? order : strcmp(a->row, b->row);
}

/* "mue.97124": the first columns of a row, which hold no quotes within. */
static const char *
path_of(Arena *arena, const char *table, const char *row, int key_columns)
{
	const char *path = table;
	int			i;

	for (i = 0; i < key_columns; i++)
	{
		size_t		length;

		row += strspn(row, ", \"");
		length = strcspn(row, "\",");
		path = arena_printf(arena, "%s%s%.*s", path, i == 0 ? "." : "/", (int) length, row);
		row += length;
	}
	return path;
}

static Entry *
entries_of(const Ruleset *rules, Arena *arena, const char *table, int key_columns, int *n)
{
	Buffer		buffer = {arena, NULL, 0, 0};
	Writer		writer = {append, &buffer, true};
	Entry	   *entries = NULL;
	int			capacity = 0;
	uint32_t	i;

	*n = 0;
	/* that a limit ends with the edition is no difference of the limit */
	for (i = 0; strcmp(table, "mue") == 0 ? put_open_limit(&writer, rules, i)
		 : put_table_row(&writer, rules, table, i); i++)
	{
		const char *row = text_of(&buffer);

		if (row[0] == '\0')
			continue;
		if (*n == capacity)
			entries = arena_grow(arena, entries, sizeof(Entry), *n, &capacity);
		entries[(*n)++] = (Entry) {path_of(arena, table, row, key_columns),
			arena_printf(arena, "[%s]", row)};
	}
	if (*n > 1)
		qsort(entries, (size_t) *n, sizeof(Entry), compare_entries);
	return entries;
}

/* The rows of a path, from entry *i on, as one JSON array; NULL for none. */
static const char *
rows_at(Arena *arena, const Entry *entries, int n, int *i, const char *path)
{
	const char *rows = NULL;

	for (; *i < n && strcmp(entries[*i].path, path) == 0; ++*i)
		rows = rows == NULL ? entries[*i].row : arena_printf(arena, "%s, %s", rows, entries[*i].row);
	return rows == NULL ? NULL : arena_printf(arena, "[%s]", rows);
}

static void
diff_table(const Ruleset *a, const Ruleset *b, Arena *arena, const char *table, int key_columns, bool by_code,
		   Say say, void *context)
{
	int			n_a,
				n_b;
	const Entry *in_a = entries_of(a, arena, table, key_columns, &n_a);
	const Entry *in_b = entries_of(b, arena, table, key_columns, &n_b);
	int			i = 0,
				j = 0;

	while (i < n_a || j < n_b)
	{
		const char *path = j == n_b || (i < n_a && strcmp(in_a[i].path, in_b[j].path) < 0)
			? in_a[i].path : in_b[j].path;
		Difference	difference = {path, 0, {0, 0}, NULL, NULL};
		Fault		why;

		arena_pause(arena);
		difference.before = rows_at(arena, in_a, n_a, &i, path);
		difference.after = rows_at(arena, in_b, n_b, &j, path);
		if (difference.before != NULL && difference.after != NULL &&
			strcmp(difference.before, difference.after) == 0)
			continue;
		if (by_code)
			difference.n_codes = code_from_text((Word) {strchr(path, '.') + 1, CLAIMLINE_CODE_LENGTH, 0},
												&difference.codes[0], &why);
		say(context, &difference);
	}
}

/* ------------------------------------------------------------------ pairs */

/* The history of a pair, from row *i on, as a JSON array of rows; NULL for none. */
static const char *
history_at(Arena *arena, const PairSet *set, uint32_t code, const PairRow *rows, uint32_t n, uint32_t *i,
		   uint32_t column_2)
{
	Buffer		buffer = {arena, NULL, 0, 0};
	Writer		writer = {append, &buffer, true};
	bool		any = false;

	for (; *i < n && pair_column_2(&rows[*i]) == column_2; ++*i)
	{
		const PairRow *row = &rows[*i];

		if (pair_mark(row) == PAIR_GONE)
			continue;
		json_put(&writer, any ? ", [" : "[[");
		any = writer.first = true;
		put_pair_row(&writer, code, row, pair_rationale(row) == 0 ? NULL : set->rationales[pair_rationale(row) - 1]);
		json_put(&writer, "]");
	}
	if (!any)
		return NULL;
	json_put(&writer, "]");
	return text_of(&buffer);
}

/* Both deltas hold the pairs that differ: one as they are in a, one as in b. */
static void
diff_pairs(const Ruleset *a, const Ruleset *b, Arena *arena, Say say, void *context)
{
	PairSet		in_a,
				in_b,
				before,
				after;
	uint32_t	i,
				j = 0;

	if (memcmp(a->pairs_sum, b->pairs_sum, sizeof(a->pairs_sum)) == 0)
		return;
	ruleset_pair_set(a, arena, &in_a);
	ruleset_pair_set(b, arena, &in_b);
	pair_set_delta(&before, arena, &in_b, &in_a);
	pair_set_delta(&after, arena, &in_a, &in_b);
	for (i = 0; i < before.n_codes; i++)
	{
		uint32_t	code = before.codes[i].code;
		uint32_t	n_before,
					n_after,
					k = 0,
					l = 0;
		const PairRow *rows_before = pair_set_rows(&before, i, &n_before);
		const PairRow *rows_after;

		if (n_before == 0)
			continue;
		while (after.codes[j].code != code)
			j++;
		rows_after = pair_set_rows(&after, j, &n_after);
		while (k < n_before)
		{
			uint32_t	column_2 = pair_column_2(&rows_before[k]);
			Difference	difference = {NULL, 2, {code, column_2}, NULL, NULL};
			char		one[CODE_TEXT],
						two[CODE_TEXT];

			arena_pause(arena);
			difference.path = arena_printf(arena, "ptp.%s/%s", code_to_text(code, one), code_to_text(column_2, two));
			difference.before = history_at(arena, &before, code, rows_before, n_before, &k, column_2);
			difference.after = history_at(arena, &after, code, rows_after, n_after, &l, column_2);
			say(context, &difference);
		}
	}
}

void
ruleset_differences(const Ruleset *a, const Ruleset *b, Arena *arena, Say say, void *context)
{
	size_t		t;

	diff_settings(a, b, arena, "policy", put_policy_value, say, context);
	diff_settings(a, b, arena, "edition", put_edition_value, say, context);
	for (t = 0; t < sizeof(keyed) / sizeof(keyed[0]); t++)
		diff_table(a, b, arena, keyed[t].table, keyed[t].key_columns, keyed[t].by_code, say, context);
	diff_pairs(a, b, arena, say, context);
}

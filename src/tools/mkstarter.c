/*
 * src/tools/mkstarter.c
 *
 * Build tool: reads the CSV files of data/ and writes starter.c: the built-in
 * policies, and the first of them over every built-in edition.  usage: mkstarter DATA_DIRECTORY > starter.c
 */
#include "ruleset/ruleset_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CELLS	16

/* A CSV file: records of cells, all in memory. */
typedef struct Csv
{
	char		path[512];
	char	   *at;				/* what is still to be read */
	int			line;
	int			n_header;
	char	   *header[MAX_CELLS];
	int			n_cells;
	char	   *cells[MAX_CELLS];
} Csv;

static _Noreturn void
die(const Csv *csv, const char *message)
{
	fprintf(stderr, "%s:%d: %s\n", csv->path, csv->line, message);
	exit(1);
}

static void *
get(void *context, size_t size)
{
	void	   *block = malloc(size);

	(void) context;
	if (block == NULL)
	{
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return block;
}

static void
put_back(void *context, void *block)
{
	(void) context;
	free(block);
}

/* Reads one record into csv->cells; false at the end of the file. */
static bool
csv_next(Csv *csv)
{
	char	   *at = csv->at;
	char		end;

	if (*at == '\0')
		return false;
	csv->line++;
	csv->n_cells = 0;
	do
	{
		char	   *to = at;

		if (csv->n_cells == MAX_CELLS)
			die(csv, "too many cells");
		csv->cells[csv->n_cells++] = to;
		if (*at == '"')
		{
			for (at++; *at != '"' || at[1] == '"'; at++)
			{
				if (*at == '\0' || *at == '\n')
					die(csv, "a quoted cell does not end");
				if (*at == '"')
					at++;
				*to++ = *at;
			}
			at++;
		}
		else
			while (*at != ',' && *at != '\n' && *at != '\0')
				*to++ = *at++;
		end = *at;
		if (end != ',' && end != '\n' && end != '\0')
			die(csv, "text behind a quoted cell");
		if (end != '\0')
			at++;
		*to = '\0';
	} while (end == ',');
	csv->at = at;
	return true;
}

static void
csv_open(Csv *csv, const char *directory, const char *table)
{
	FILE	   *file;
	long		size;
	char	   *text;

	memset(csv, 0, sizeof(*csv));
	snprintf(csv->path, sizeof(csv->path), "%s/%s.csv", directory, table);
	file = fopen(csv->path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
		die(csv, "cannot be read");
	rewind(file);
	text = get(NULL, (size_t) size + 1);
	if (fread(text, 1, (size_t) size, file) != (size_t) size)
		die(csv, "cannot be read");
	text[size] = '\0';
	fclose(file);
	csv->at = text;
	if (!csv_next(csv))
		die(csv, "is empty");
	csv->n_header = csv->n_cells;
	memcpy(csv->header, csv->cells, sizeof(csv->cells));
}

/* The cell of a column; NULL if the file has no such column. */
static const char *
csv_cell(const Csv *csv, const char *column)
{
	int			i;

	for (i = 0; i < csv->n_header; i++)
		if (strcmp(csv->header[i], column) == 0)
			return csv->cells[i];
	return NULL;
}

static bool
csv_row(Csv *csv)
{
	if (!csv_next(csv))
		return false;
	if (csv->n_cells != csv->n_header)
		die(csv, "has another number of cells than the header");
	return true;
}

/* An empty cell is null. */
static Word
cell_word(const Csv *csv, const char *column)
{
	const char *cell = csv_cell(csv, column);

	if (cell == NULL)
		die(csv, column);
	return cell[0] == '\0' ? (Word) {NULL, 0, 0} : (Word) {cell, strlen(cell), 0};
}

/* Rows of one table; of a file with service types, those of the edition's. */
static void
read_table(RulesetSpec *spec, const char *directory, const char *table, const char *service_type)
{
	Csv			csv;
	Word		fields[MAX_CELLS];
	Fault		why;

	csv_open(&csv, directory, table);
	while (csv_row(&csv))
	{
		const char *type = csv_cell(&csv, "service_type");
		int			n;

		if (type != NULL && strcmp(type, service_type) != 0)
			continue;
		for (n = 0; spec_column(table, n) != NULL; n++)
			fields[n] = cell_word(&csv, spec_column(table, n));
		if (!spec_add(spec, table, csv.line - 1, fields, n, &why))
			die(&csv, why.detail);
	}
}

static void
set(const Csv *csv, RulesetSpec *spec, const char *object, const char *key, Word value)
{
	Fault		why;

	if (!spec_set(spec, object, (Word) {key, strlen(key), 0}, &value, &why))
		die(csv, why.detail);
}

/* One ruleset: as words, so that the compiler aligns it. */
static void
write_ruleset(int number, const Ruleset *rules)
{
	const uint32_t *words = (const uint32_t *) rules;
	uint32_t	i;

	printf("static const uint32_t ruleset_%d[] = {\n\tRULESET_VARHDR(%u),", number, rules->size);
	for (i = 1; i < rules->size / 4; i++)
		printf("%s0x%x,", i % 12 == 1 ? "\n\t" : " ", words[i]);
	puts("\n};\n");
}

/* ---------------------------------------------------------- policies */

/* A C string literal's inside. */
static void
write_literal(const char *text)
{
	for (; *text != '\0'; text++)
		printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
}

/* A JSON text built up in one block. */
typedef struct Text
{
	char		text[8192];
	size_t		length;
} Text;

static void
append(Text *text, const Csv *csv, const char *piece)
{
	size_t		length = strlen(piece);

	if (text->length + length >= sizeof(text->text))
		die(csv, "the settings of the policy are too long");
	memcpy(text->text + text->length, piece, length + 1);
	text->length += length;
}

static bool
is_number(const char *key)
{
	int			i;

	for (i = 0; policy_settings[i].key != NULL; i++)
		if (strcmp(policy_settings[i].key, key) == 0)
			return policy_settings[i].kind == SETTING_NUMBER || policy_settings[i].kind == SETTING_LIMIT;
	return false;
}

/* Cells hold lists as JSON, single values as plain text, null as nothing. */
static void
append_value(Text *text, const Csv *csv, const char *key, const char *value)
{
	bool		plain = value[0] != '\0' && value[0] != '[' && value[0] != '{' && !is_number(key);

	if (plain && strpbrk(value, "\"\\") != NULL)
		die(csv, "a plain value has a quote or a backslash");
	append(text, csv, plain ? "\"" : "");
	append(text, csv, value[0] == '\0' ? "null" : value);
	append(text, csv, plain ? "\"" : "");
}

/* The settings of a policy as JSON, with the note and its source. */
static void
policy_settings_of(const char *directory, const char *policy, Text *settings, char note[1024], char source[512])
{
	Csv			csv;

	settings->length = 0;
	note[0] = source[0] = '\0';
	csv_open(&csv, directory, "policies");
	append(settings, &csv, "{");
	while (csv_row(&csv))
	{
		const char *key = csv_cell(&csv, "key");

		if (strcmp(csv_cell(&csv, "policy"), policy) != 0)
			continue;
		if (strcmp(key, "note") == 0)
		{
			snprintf(note, 1024, "%s", csv_cell(&csv, "value"));
			snprintf(source, 512, "%s", csv_cell(&csv, "source"));
			continue;
		}
		append(settings, &csv, settings->length > 1 ? ", \"" : "\"");
		append(settings, &csv, key);
		append(settings, &csv, "\": ");
		append_value(settings, &csv, key, csv_cell(&csv, "value"));
	}
	append(settings, &csv, "}");
}

/* Every policy of the file, in its order. */
static void
write_policies(const char *directory)
{
	Csv			csv;
	char		seen[2048] = " ";

	puts("const StarterPolicy starter_policies[] = {");
	csv_open(&csv, directory, "policies");
	while (csv_row(&csv))
	{
		static Text settings;
		char		mark[72],
					note[1024],
					source[512];

		snprintf(mark, sizeof(mark), " %s ", csv_cell(&csv, "policy"));
		if (strstr(seen, mark) != NULL)
			continue;
		strncat(seen, mark + 1, sizeof(seen) - strlen(seen) - 1);
		policy_settings_of(directory, csv_cell(&csv, "policy"), &settings, note, source);
		printf("\t{\"%s\", \"", csv_cell(&csv, "policy"));
		write_literal(settings.text);
		printf("\", \"");
		write_literal(note);
		printf("\", \"");
		write_literal(source);
		puts("\"},");
	}
	puts("\t{NULL, NULL, NULL, NULL}\n};");
}

/* ---------------------------------------------------------- rulesets */

/* The policy of starter_ruleset(): the first of the file. */
static void
read_policy_of(RulesetSpec *spec, const char *directory, Arena *arena)
{
	Csv			policies;
	static Text settings;
	char		note[1024],
				source[512];
	const char *name;
	Word		parent;
	Fault		why;

	csv_open(&policies, directory, "policies");
	if (!csv_row(&policies))
		die(&policies, "has no policy");
	name = csv_cell(&policies, "policy");
	policy_settings_of(directory, name, &settings, note, source);
	if (!policy_from_text(settings.text, settings.length, arena, spec, &parent, &why))
		die(&policies, why.detail);
	if (parent.text != NULL)
		die(&policies, "the first policy extends another");
	set(&policies, spec, "policy", "name", (Word) {name, strlen(name), 0});
}

int
main(int argc, char **argv)
{
	const char *directory = argc == 2 ? argv[1] : ".";
	Csv			editions;
	char		list[4096] = "";
	int			number = 0;

	if (argc != 2)
	{
		fputs("usage: mkstarter DATA_DIRECTORY > starter.c\n", stderr);
		return 2;
	}
	puts("/* Generated by mkstarter from data/.  Do not edit. */\n"
		 "#include \"starter.h\"\n");
	csv_open(&editions, directory, "editions");
	while (csv_row(&editions))
	{
		const char *edition = csv_cell(&editions, "edition");
		const char *service_type = csv_cell(&editions, "service_type");
		Arena		arena;
		RulesetSpec *spec;
		Ruleset    *rules;
		Fault		why;
		int			t;

		arena_init(&arena, get, put_back, NULL);
		spec = spec_begin(&arena);
		set(&editions, spec, "edition", "name", cell_word(&editions, "edition"));
		set(&editions, spec, "edition", "service_type", cell_word(&editions, "service_type"));
		set(&editions, spec, "edition", "from", cell_word(&editions, "from"));
		set(&editions, spec, "edition", "to", cell_word(&editions, "to"));
		set(&editions, spec, "edition", "scope", cell_word(&editions, "scope"));
		read_policy_of(spec, directory, &arena);
		for (t = 0; spec_table(t) != NULL; t++)
			/* a built-in edition has no gaps, nor all limits */
			if (strcmp(spec_table(t), "gaps") != 0 && strcmp(spec_table(t), "mue_whole") != 0)
				read_table(spec, directory, spec_table(t), service_type);
		rules = spec_encode(spec, get, NULL, &why);
		if (rules == NULL)
		{
			fprintf(stderr, "mkstarter: edition %s: %s\n", edition, why.detail);
			return 1;
		}
		write_ruleset(number, rules);
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
				 "\t{\"%s\", \"%s\", ruleset_%d},\n", edition, service_type, number);
		number++;
	}
	printf("const StarterRuleset starter_rulesets[] = {\n%s\t{NULL, NULL, NULL}\n};\n\n", list);
	write_policies(directory);
	return ferror(stdout) || fflush(stdout) != 0;
}

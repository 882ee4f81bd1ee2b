/*
 * src/tools/mkstarter.c
 *
 * Build tool: reads the CSV files of data/ and writes starter.c: the built-in
 * policies, and the first of them over every built-in edition.  usage: mkstarter DATA_DIRECTORY > starter.c
 */
#include "csv.h"
#include "ruleset/ruleset_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* An empty cell is null. */
static Word
cell_word(const Csv *csv, const char *column)
{
	const char *cell = csv_cell(csv, column);

	if (cell == NULL)
		csv_die(csv, column);
	return cell[0] == '\0' ? (Word) {NULL, 0, 0} : (Word) {cell, strlen(cell), 0};
}

/* Rows of one table; of a file with service types, those of the edition's. */
static void
read_table(RulesetSpec *spec, const char *directory, const char *table, const char *service_type)
{
	Csv			csv;
	Word		fields[CSV_MAX_CELLS];
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
			csv_die(&csv, why.detail);
	}
}

static void
set(const Csv *csv, RulesetSpec *spec, const char *object, const char *key, Word value)
{
	Fault		why;

	if (!spec_set(spec, object, (Word) {key, strlen(key), 0}, &value, &why))
		csv_die(csv, why.detail);
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
		csv_die(csv, "the settings of the policy are too long");
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
		csv_die(csv, "a plain value has a quote or a backslash");
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
		csv_die(&policies, "has no policy");
	name = csv_cell(&policies, "policy");
	policy_settings_of(directory, name, &settings, note, source);
	if (!policy_from_text(settings.text, settings.length, arena, spec, &parent, &why))
		csv_die(&policies, why.detail);
	if (parent.text != NULL)
		csv_die(&policies, "the first policy extends another");
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

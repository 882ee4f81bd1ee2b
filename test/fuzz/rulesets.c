/*
 * test/fuzz/rulesets.c
 *
 * Rulesets as texts and as flat values, for the scripts.
 *
 *	  rulesets starter	   the text of the built-in ruleset
 *	  rulesets encode TEXT	   the flat value of a text with every rule
 *	  rulesets adopt VALUE	   "lacks RULE" for each rule that is filled in, then the text
 *	  rulesets read TEXT	   the text of a text, filled in
 *
 * Built with another list of rules, it encodes what that list would store.
 */
#include "ruleset/ruleset_adopt.h"
#include "ruleset/ruleset_text.h"
#include "ruleset/starter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
get(void *context, size_t size)
{
	void	   *block = malloc(size > 0 ? size : 1);

	(void) context;
	if (block == NULL)
	{
		fprintf(stderr, "out of memory\n");
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

static void
put(void *context, const char *text, size_t length)
{
	fwrite(text, 1, length, context);
}

/* The whole file, in a block of its size. */
static void *
read_file(const char *name, size_t *size)
{
	FILE	   *file = fopen(name, "rb");
	long		length;
	void	   *data;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
	{
		perror(name);
		exit(2);
	}
	rewind(file);
	data = get(NULL, (size_t) length);
	*size = fread(data, 1, (size_t) length, file);
	fclose(file);
	return data;
}

/* The value must be found again by its hash. */
static void
adopt(const Ruleset *stored, size_t size, const Ruleset *starter, Arena *arena, Fault *why)
{
	Ruleset    *rules = ruleset_adopt(stored, size, starter, arena, get, NULL, why);
	int			i;

	if (rules == NULL)
		return;
	if (!ruleset_is_ours(rules) || memcmp(rules->hash, stored->hash, sizeof(rules->hash)) != 0)
		fault(why, FAULT_SYNTAX, 0, "The ruleset is not ours, or its hash is another one");
	for (i = 0; i < N_RULES; i++)
		if (((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[i].name == 0)
			printf("lacks %s\n", rule_names[i]);
	ruleset_to_text(rules, put, stdout);
	free(rules);
}

int
main(int argc, char **argv)
{
	const Ruleset *starter = (const Ruleset *) starter_rulesets[0].ruleset;
	const char *command = argc > 1 ? argv[1] : "";
	bool		encode = strcmp(command, "encode") == 0;
	Arena		arena;
	Fault		why = {FAULT_NONE, "", NULL};
	size_t		size;
	void	   *data;

	if (argc == 2 && strcmp(command, "starter") == 0)
	{
		ruleset_to_text(starter, put, stdout);
		return 0;
	}
	if (argc != 3 || (!encode && strcmp(command, "adopt") != 0 && strcmp(command, "read") != 0))
	{
		fprintf(stderr, "usage: %s starter | encode TEXT | adopt VALUE | read TEXT\n", argv[0]);
		return 2;
	}
	arena_init(&arena, get, put_back, NULL);
	data = read_file(argv[2], &size);
	if (strcmp(command, "adopt") == 0)
		adopt(data, size, starter, &arena, &why);
	else
	{
		Ruleset    *rules = ruleset_from_text(data, size, encode ? NULL : starter, &arena, get, NULL, &why);

		if (rules != NULL && encode)
			fwrite(rules, 1, rules->size, stdout);
		else if (rules != NULL)
			ruleset_to_text(rules, put, stdout);
		free(rules);
	}
	arena_release(&arena);
	free(data);
	if (why.kind != FAULT_NONE)
		fprintf(stderr, "%s\n", why.detail);
	return why.kind != FAULT_NONE;
}

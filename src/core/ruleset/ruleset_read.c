/*
 * src/core/ruleset/ruleset_read.c
 *
 * Text form of a ruleset, read: see ruleset_text.c.
 */
#include "ruleset/ruleset_json.h"
#include "ruleset/ruleset_text.h"

#include <string.h>

/* { "key": scalar, ... } */
static bool
read_edition(Reader *reader, RulesetSpec *spec)
{
	if (!json_take(reader, '{'))
		return json_expected(reader, "\"{\"");
	if (json_take(reader, '}'))
		return true;
	do
	{
		Word		key,
					value;

		if (!json_key(reader, &key) || !json_scalar(reader, &value) ||
			!spec_set(spec, "edition", key, &value, reader->why))
			return false;
	} while (json_take(reader, ','));
	return json_take(reader, '}') || json_expected(reader, "\",\" or \"}\"");
}

bool
read_table(Reader *reader, RulesetSpec *spec, const char *table)
{
	Word		fields[16];
	int			row;

	if (!json_take(reader, '['))
		return json_expected(reader, "\"[\"");
	if (json_take(reader, ']'))
		return true;
	for (row = 0;; row++)
	{
		int			n = 0;

		reader->row = row;

		if (!json_take(reader, '['))
			return json_expected(reader, "\"[\"");
		if (!json_take(reader, ']'))
		{
			do
			{
				if (n == 16)
					return fault(reader->why, FAULT_SYNTAX, 0, "At \"%s[%d]\": too many values",
								 table, row);
				if (!json_scalar(reader, &fields[n++]))
					return false;
			} while (json_take(reader, ','));
			if (!json_take(reader, ']'))
				return json_expected(reader, "\",\" or \"]\"");
		}
		if (!spec_add(spec, table, row, fields, n, reader->why))
			return false;
		if (!json_take(reader, ','))
			return json_take(reader, ']') || json_expected(reader, "\",\" or \"]\"");
	}
}

static bool
read_version(Reader *reader)
{
	Word		word;
	int32_t		version;

	return json_scalar(reader, &word) &&
		integer_from_text("At \"" RULESET_TEXT_KEY "\": Version is", word, RULESET_TEXT_VERSION, RULESET_TEXT_VERSION,
						  &version, reader->why);
}

static const char *const objects[] = {RULESET_TEXT_KEY, "policy", "edition"};

#define N_OBJECTS	3

/* The keys of a ruleset; NULL past the last. */
static const char *
object_name(int i)
{
	return i < N_OBJECTS ? objects[i] : spec_table(i - N_OBJECTS);
}

/* A table that texts of release 0.1.0 do not have? */
static bool
may_be_absent(const char *name)
{
	return strcmp(name, "coverage") == 0 || strcmp(name, "taxonomies") == 0 || strcmp(name, "code_modifiers") == 0 ||
		strcmp(name, "additional") == 0 || strcmp(name, "addon") == 0 || strcmp(name, "replacements") == 0;
}

static bool
read_ruleset(Reader *reader, RulesetSpec *spec)
{
	uint32_t	seen = 0;
	const char *name;
	int			i;

	if (!json_take(reader, '{'))
		return json_expected(reader, "\"{\"");
	do
	{
		Word		key;

		if (!json_string(reader, &key))
			return false;
		for (i = 0; (name = object_name(i)) != NULL; i++)
			if (strlen(name) == key.length && memcmp(name, key.text, key.length) == 0)
				break;
		if (name == NULL)
			return fault(reader->why, FAULT_SYNTAX, json_position(reader),
						 "Unknown key \"%s\"", WORD_SHOWN(key));
		if (seen & 1u << i)
			return fault(reader->why, FAULT_SYNTAX, json_position(reader),
						 "Key \"%s\" is repeated", name);
		seen |= 1u << i;
		if (!json_take(reader, ':'))
			return json_expected(reader, "\":\"");
		reader->key = name;
		reader->row = -1;
		if (i == 0 ? !read_version(reader)
			: i == 1 ? !read_policy(reader, spec, NULL)
			: i == 2 ? !read_edition(reader, spec)
			: !read_table(reader, spec, name))
			return false;
		reader->key = NULL;
	} while (json_take(reader, ','));
	if (!json_take(reader, '}'))
		return json_expected(reader, "\",\" or \"}\"");
	if (!json_end(reader))
		return false;
	/* an empty table must be there as one: nothing is clean because it was left out; without coverage, the edition's dates hold */
	for (i = 0; (name = object_name(i)) != NULL; i++)
		if (!(seen & 1u << i) && !may_be_absent(name))
			return fault(reader->why, FAULT_MISSING, 0, "\"%s\" is missing", name);
	return true;
}

Ruleset *
ruleset_from_text(const char *text, size_t length, const Ruleset *built_in, Arena *arena,
				  void *(*get) (void *, size_t), void *context, Fault *why)
{
	Reader		reader = json_reader(text, length, arena, why);
	RulesetSpec *spec = spec_begin(arena);

	if (!read_ruleset(&reader, spec))
		return NULL;
	if (built_in != NULL)
		spec_fill_rules(spec, built_in);
	return spec_encode(spec, get, context, why);
}

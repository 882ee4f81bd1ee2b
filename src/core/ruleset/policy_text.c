/*
 * src/core/ruleset/policy_text.c
 *
 * Text form of a policy's settings: a JSON object of single values, lists of
 * items, numbers by item, and lists of items by specialty.
 */
#include "ruleset/ruleset_json.h"
#include "ruleset/ruleset_text.h"

#include <stdio.h>

/* ---------------------------------------------------------------- reading */

/* "policy.specialty_codes.225700000X": what is being read; a part is NULL where there is none. */
static const char *
path_of(Reader *reader, Word key, const Word *part)
{
	if (part == NULL)
		return arena_printf(reader->arena, "policy.%s", WORD_SHOWN(key));
	return arena_printf(reader->arena, "policy.%s.%s", WORD_SHOWN(key), WORD_SHOWN(*part));
}

/* Put where it is before the reason; i is the place in a list, or -1.  Always false. */
static bool
at_path(Reader *reader, const char *path, int i)
{
	Fault	   *why = reader->why;
	const char *detail = arena_printf(reader->arena, "%s", why->detail);

	if (i < 0)
		snprintf(why->detail, sizeof(why->detail), "At \"%.90s\": %.200s", path, detail);
	else
		snprintf(why->detail, sizeof(why->detail), "At \"%.90s[%d]\": %.200s", path, i, detail);
	return false;
}

/* ["item", ...] */
static bool
read_items(Reader *reader, RulesetSpec *spec, PolicyList list, const Word *specialty)
{
	const char *path = reader->key;
	Word		item;
	int			i = 0;

	if (!json_take(reader, '['))
		return json_expected(reader, "\"[\"");
	if (json_take(reader, ']'))
		return true;
	do
	{
		if (!json_scalar(reader, &item))
			return false;
		if (!spec_list_add(spec, list, specialty, &item, NULL, reader->why))
			return at_path(reader, path, i);
		i++;
	} while (json_take(reader, ','));
	return json_take(reader, ']') || json_expected(reader, "\",\" or \"]\"");
}

/* {"item": number, ...} or {"specialty": [items], ...} */
static bool
read_by_key(Reader *reader, RulesetSpec *spec, PolicyList list, Word of)
{
	if (!json_take(reader, '{'))
		return json_expected(reader, "\"{\"");
	if (json_take(reader, '}'))
		return true;
	do
	{
		Word		key,
					number;

		if (!json_key(reader, &key))
			return false;
		reader->key = path_of(reader, of, &key);
		if (policy_lists[list].shape == SHAPE_NUMBERS)
		{
			if (!json_scalar(reader, &number))
				return false;
			if (!spec_list_add(spec, list, NULL, &key, &number, reader->why))
				return at_path(reader, reader->key, -1);
			continue;
		}
		/* an entry of its own, for a specialty without items */
		if (!spec_list_add(spec, list, &key, NULL, NULL, reader->why))
			return at_path(reader, reader->key, -1);
		if (!read_items(reader, spec, list, &key))
			return false;
	} while (json_take(reader, ','));
	return json_take(reader, '}') || json_expected(reader, "\",\" or \"}\"");
}

static bool
is_setting(Word key)
{
	int			i;

	for (i = 0; policy_settings[i].key != NULL; i++)
		if (word_is(key, policy_settings[i].key))
			return true;
	return false;
}

static bool
read_setting(Reader *reader, RulesetSpec *spec, Word key, Word *parent)
{
	PolicyList	list = policy_list_of(key);
	Word		value;

	reader->key = path_of(reader, key, NULL);
	if (list != N_POLICY_LISTS)
	{
		if (!spec_list(spec, list, reader->why))
			return at_path(reader, reader->key, -1);
		return policy_lists[list].shape == SHAPE_ITEMS ? read_items(reader, spec, list, NULL)
			: read_by_key(reader, spec, list, key);
	}
	/* in settings, the name is not theirs to say */
	if (!is_setting(key) && !word_is(key, parent != NULL ? "extends" : "name"))
	{
		fault(reader->why, FAULT_SYNTAX, 0, "There is no such key");
		return at_path(reader, reader->key, -1);
	}
	if (!json_scalar(reader, &value))
		return false;
	if (parent != NULL && word_is(key, "extends"))
	{
		if (parent->text != NULL)
			fault(reader->why, FAULT_SYNTAX, 0, "Key is repeated");
		else if (value.length == 0)
			fault(reader->why, FAULT_MISSING, 0, "Name of a policy is missing");
		else
		{
			*parent = value;
			return true;
		}
		return at_path(reader, reader->key, -1);
	}
	return spec_set(spec, "policy", key, &value, reader->why);
}

bool
read_policy(Reader *reader, RulesetSpec *spec, Word *parent)
{
	spec_policy_layer(spec);
	reader->key = "policy";
	if (!json_take(reader, '{'))
		return json_expected(reader, "\"{\"");
	if (json_take(reader, '}'))
		return true;
	do
	{
		Word		key;

		if (!json_key(reader, &key) || !read_setting(reader, spec, key, parent))
			return false;
		reader->key = "policy";
	} while (json_take(reader, ','));
	return json_take(reader, '}') || json_expected(reader, "\",\" or \"}\"");
}

bool
policy_from_text(const char *text, size_t length, Arena *arena, RulesetSpec *spec, Word *parent, Fault *why)
{
	Reader		reader = json_reader(text, length, arena, why);

	*parent = (Word) {NULL, 0, 0};
	return read_policy(&reader, spec, parent) && json_end(&reader);
}

/* ---------------------------------------------------------------- writing */

static void
put_setting(Writer *writer, const PolicySetting *setting, int32_t value)
{
	switch (setting->kind)
	{
		case SETTING_CHOICE:
			json_put_text(writer, setting->choices[value]);
			break;
		case SETTING_LIMIT:
			if (value == NO_LIMIT)
				json_put_text(writer, NULL);
			else
				json_put_number(writer, (uint32_t) value);
			break;
		case SETTING_NUMBER:
			json_put_number(writer, (uint32_t) value);
			break;
		case SETTING_DATE:
		case SETTING_SINCE:
			json_put_date(writer, value);
			break;
		case SETTING_MODIFIER:
			json_put_modifier(writer, (uint32_t) value);
			break;
	}
}

static const char *
item_text(ListItem form, const ListRow *row, char text[16])
{
	switch (form)
	{
		case ITEM_CODE:
			return code_to_text(row->item_low, text);
		case ITEM_DX:
			return dx_to_text((uint64_t) row->item_high << 32 | row->item_low, text);
		case ITEM_RULE:
			return rule_names[row->item_low];
		case ITEM_COURSE_LIMIT:
			return course_limit_names[row->item_low];
		case ITEM_PERIOD:
			return period_kind_names[row->item_low];
		case ITEM_YEAR:
			snprintf(text, 16, "%u", row->item_low);
			return text;
		case ITEM_SPECIALTY:
			break;
	}
	return specialty_to_text((SpecialtyKind) row->kind,
							 (uint64_t) row->specialty_high << 32 | row->specialty_low, text);
}

/* Rows are ordered by specialty, with the entry without an item first. */
static void
put_list(Writer *writer, const Ruleset *rules, PolicyList list)
{
	const PolicyListForm *form = &policy_lists[list];
	uint32_t	n;
	const ListRow *rows = policy_list(rules, list, &n);
	char		text[16];
	uint32_t	i;

	json_put(writer, form->shape == SHAPE_ITEMS ? "[" : "{");
	for (i = 0; i < n; i++)
		if (form->shape == SHAPE_ITEMS)
			json_put_text(writer, item_text(form->item, &rows[i], text));
		else if (form->shape == SHAPE_NUMBERS)
		{
			json_put_key(writer, item_text(form->item, &rows[i], text));
			if (form->item == ITEM_RULE)
				json_put_text(writer, severity_names[rows[i].number]);
			else
				json_put_number(writer, rows[i].number);
		}
		else if (rows[i].item_low == 0)
		{
			if (i > 0)
			{
				json_put(writer, "]");
				writer->first = false;
			}
			json_put_key(writer, item_text(ITEM_SPECIALTY, &rows[i], text));
			json_put(writer, "[");
		}
		else
			json_put_text(writer, item_text(form->item, &rows[i], text));
	if (form->shape == SHAPE_SPECIALTIES && n > 0)
		json_put(writer, "]");
	json_put(writer, form->shape == SHAPE_ITEMS ? "]" : "}");
	writer->first = false;
}

const char *
put_policy_value(Writer *writer, const Ruleset *rules, int i)
{
	int			n = 0;

	while (policy_settings[n].key != NULL)
		n++;
	writer->first = true;
	if (i-- == 0)
	{
		json_put_text(writer, ruleset_text(rules, rules->policy.name));
		return "name";
	}
	if (i < n)
	{
		put_setting(writer, &policy_settings[i],
					*(const int32_t *) ((const char *) &rules->policy + policy_settings[i].offset));
		return policy_settings[i].key;
	}
	if (i - n >= N_POLICY_LISTS)
		return NULL;
	put_list(writer, rules, (PolicyList) (i - n));
	return policy_lists[i - n].key;
}

void
put_policy(Writer *writer, const Ruleset *rules)
{
	int			i;

	json_put(writer, "{");
	writer->first = true;
	json_put_key(writer, "name");
	put_policy_value(writer, rules, 0);
	for (i = 0; policy_settings[i].key != NULL; i++)
	{
		json_put_key(writer, policy_settings[i].key);
		put_policy_value(writer, rules, i + 1);
	}
	for (i = 0; i < N_POLICY_LISTS; i++)
		if (!policy_list_empty(rules, (PolicyList) i))
		{
			json_put_key(writer, policy_lists[i].key);
			put_list(writer, rules, (PolicyList) i);
		}
	json_put(writer, "}");
}

void
policy_to_text(const Ruleset *rules, void (*put) (void *, const char *, size_t), void *context)
{
	Writer		writer = {put, context, true};

	put_policy(&writer, rules);
}

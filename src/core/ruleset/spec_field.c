/*
 * src/core/ruleset/spec_field.c
 *
 * One field of a row or setting of the reference data: text to value, with
 * what is wrong said in full.
 */
#include "ruleset/ruleset_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Put "ptp[3].from: " before the reason.  Always false. */
bool
spec_at_path(Fault *why, const char *table, int row, const char *column)
{
	char		detail[sizeof(why->detail)];

	memcpy(detail, why->detail, sizeof(detail));
	if (row < 0)
		snprintf(why->detail, sizeof(why->detail), "At \"%s.%s\": %.400s", table, column, detail);
	else
		snprintf(why->detail, sizeof(why->detail), "At \"%s[%d].%s\": %.400s",
				 table, row, column, detail);
	return false;
}

bool
is_null(Word field)
{
	return field.text == NULL;
}

/* A word out of a list; the index. */
bool
choice_field(Word field, const char *const *choices, int32_t *value, Fault *why)
{
	int			i;
	char		list[320] = "";

	for (i = 0; !is_null(field) && choices[i] != NULL; i++)
		if (strlen(choices[i]) == field.length &&
			memcmp(choices[i], field.text, field.length) == 0)
		{
			*value = i;
			return true;
		}
	for (i = 0; choices[i] != NULL; i++)
		if (strlen(list) + strlen(choices[i]) + 3 < sizeof(list))
		{
			strcat(list, i > 0 ? ", " : "");
			strcat(list, choices[i]);
		}
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Value is missing, must be one of %s", list);
	return fault(why, FAULT_SYNTAX, 0, "Value \"%s\" must be one of %s", WORD_SHOWN(field), list);
}

/* Words out of a list, separated by blanks; a bit each. */
bool
words_field(Word field, const char *const *choices, uint32_t *bits, Fault *why)
{
	size_t		i = 0;

	*bits = 0;
	while (i < field.length)
	{
		Word		word = {field.text + i, 0, 0};
		int32_t		bit;

		while (i < field.length && !is_blank(field.text[i]))
		{
			i++;
			word.length++;
		}
		if (word.length > 0)
		{
			if (!choice_field(word, choices, &bit, why))
				return false;
			*bits |= 1u << bit;
		}
		else
			i++;
	}
	return true;
}

bool
code_field(Word field, uint32_t *code, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Code is missing");
	return code_from_text(field, code, why);
}

bool
date_field(Word field, int32_t open, int32_t *date, Fault *why)
{
	*date = open;
	return is_null(field) || date_from_text(field, date, why);
}

bool
number_field(const char *what, Word field, int64_t low, int64_t high, int32_t *value, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "%s missing, must be %lld to %lld",
					 what, (long long) low, (long long) high);
	return integer_from_text(what, field, low, high, value, why);
}

/* A small number that may be absent: 0 */
bool
count_field(Word field, uint8_t *value, Fault *why)
{
	int32_t		number = 0;

	if (!is_null(field) && !integer_from_text("Number of regions is", field, 0, N_REGIONS, &number, why))
		return false;
	*value = (uint8_t) number;
	return true;
}

bool
modifier_field(Word field, uint16_t *modifier, Fault *why)
{
	if (is_null(field))
		return fault(why, FAULT_MISSING, 0, "Modifier is missing");
	if (!modifier_from_text(field, modifier, why))
		return false;
	/* its value stands for none in a row */
	return *modifier != 0 || fault(why, FAULT_RANGE, 0, "Modifier \"00\" does not exist");
}

void *
spec_add_row(RulesetSpec *spec, Rows *rows, size_t size)
{
	void	   *row;

	if (rows->count == rows->capacity)
		rows->rows = arena_grow(spec->arena, rows->rows, size, rows->count, &rows->capacity);
	row = (char *) rows->rows + size * (size_t) rows->count++;
	memset(row, 0, size);
	return row;
}

void
spec_sort_rows(Rows *rows, size_t size, int (*compare) (const void *, const void *))
{
	const char *row = rows->rows;
	int			i;

	/* rows often come in order */
	for (i = 1; i < rows->count; i++, row += size)
		if (compare(row, row + size) > 0)
		{
			qsort(rows->rows, (size_t) rows->count, size, compare);
			return;
		}
}

/* The slot of a text: where its number is, or belongs. */
static uint32_t *
text_slot(const Texts *texts, Word text)
{
	const char *const *list = texts->list.rows;
	uint32_t	hash = UINT32_C(2166136261);
	uint32_t	slot;
	size_t		i;

	for (i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char) text.text[i]) * UINT32_C(16777619);
	for (slot = hash & (texts->n_slots - 1); texts->slots[slot] != 0;
		 slot = (slot + 1) & (texts->n_slots - 1))
	{
		const char *known = list[texts->slots[slot] - 1];

		if (strncmp(known, text.text, text.length) == 0 && known[text.length] == '\0')
			break;
	}
	return &texts->slots[slot];
}

TextRef
spec_intern(RulesetSpec *spec, Texts *texts, Word text)
{
	uint32_t   *slot;
	char	   *copy;
	int			i;

	if (2 * (uint32_t) texts->list.count >= texts->n_slots)
	{
		texts->n_slots = texts->n_slots ? 2 * texts->n_slots : 64;
		texts->slots = arena_alloc(spec->arena, sizeof(uint32_t) * texts->n_slots);
		memset(texts->slots, 0, sizeof(uint32_t) * texts->n_slots);
		for (i = 0; i < texts->list.count; i++)
		{
			const char *known = ((const char **) texts->list.rows)[i];

			*text_slot(texts, (Word) {known, strlen(known), 0}) = (uint32_t) i + 1;
		}
	}
	slot = text_slot(texts, text);
	if (*slot == 0)
	{
		copy = arena_alloc(spec->arena, text.length + 1);
		memcpy(copy, text.text, text.length);
		copy[text.length] = '\0';
		*(const char **) spec_add_row(spec, &texts->list, sizeof(char *)) = copy;
		*slot = (uint32_t) texts->list.count;
	}
	return *slot;
}

#define MAX_TEXT 1000

/* Text without control characters, so that it fits on a line of a message. */
bool
check_text(const char *what, Word field, Fault *why)
{
	size_t		i;

	if (field.length > MAX_TEXT)
		return fault(why, FAULT_RANGE, 0, "%s has %zu bytes, must have at most %d",
					 what, field.length, MAX_TEXT);
	for (i = 0; i < field.length; i++)
		if ((unsigned char) field.text[i] < ' ')
			return fault(why, FAULT_SYNTAX, 0, "%s has a control character", what);
	return true;
}

bool
text_field(RulesetSpec *spec, const char *what, Word field, bool required, TextRef *text, Fault *why)
{
	*text = 0;
	if (is_null(field) || field.length == 0)
		return !required || fault(why, FAULT_MISSING, 0, "%s is missing", what);
	if (!check_text(what, field, why))
		return false;
	*text = spec_intern(spec, &spec->texts, field);
	return true;
}

bool
spec_period_in_order(int32_t from, int32_t to, Fault *why)
{
	return from <= to || fault(why, FAULT_RANGE, 0, "The period ends before it starts");
}

bool
rule_field(Word field, int32_t *rule, Fault *why)
{
	for (*rule = 0; !is_null(field) && *rule < N_RULES; ++*rule)
		if (word_is(field, rule_names[*rule]))
			return true;
	return fault(why, FAULT_SYNTAX, 0, "There is no rule \"%s\"", WORD_SHOWN(field));
}

/*
 * test/fuzz/told.c
 *
 * What must hold of the facts of a finding: a figure that is a fact stands in
 * the message, as a word of its own.
 */
#include "common.h"

#include <stdio.h>
#include <string.h>

/* What a message says in words, or not at all: test/tap/facts.sql names it a sentence each. */
static const FactName unsaid[] = {
	FACT_WITH_CODE, FACT_COLUMN, FACT_TIMES, FACT_LINES, FACT_REGIONS_LEAST, FACT_TO, FACT_WITH_TO, FACT_WANTED
};

static bool
is_unsaid(FactName name)
{
	size_t		i;

	for (i = 0; i < sizeof(unsaid) / sizeof(unsaid[0]); i++)
		if (unsaid[i] == name)
			return true;
	return false;
}

static bool
is_part_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool
has_word(const char *message, const char *word)
{
	size_t		length = strlen(word);
	const char *at = message;

	while ((at = strstr(at, word)) != NULL)
	{
		if ((at == message || !is_part_of_word(at[-1])) && !is_part_of_word(at[length]))
			return true;
		at++;
	}
	return false;
}

/* Is it there as x1.5, or as x1.500? */
static bool
has_units(const char *message, int64_t units)
{
	char		word[64];
	size_t		length;

	snprintf(word, sizeof(word), "%lld.%03lld", (long long) (units / 1000), (long long) (units % 1000));
	if (has_word(message, word))
		return true;
	for (length = strlen(word); word[length - 1] == '0'; length--)
		word[length - 1] = '\0';
	if (word[length - 1] == '.')
		word[length - 1] = '\0';
	return has_word(message, word);
}

void
check_facts(const FindingSink *sink, const Finding *finding)
{
	char		word[64];
	int			i;

	CHECK(finding->n_facts >= 0 && finding->first_fact >= 0 && finding->first_fact + finding->n_facts <= sink->told.n);
	for (i = finding->first_fact; i < finding->first_fact + finding->n_facts; i++)
	{
		const Fact *fact = &sink->told.facts[i];
		FactType	type = fact_types[fact->name];

		CHECK((int) fact->name >= 0 && fact->name < N_FACTS);
		/* of more units than a line can hold it is said that they are more */
		if (is_unsaid(fact->name) || (type == FACT_IS_UNITS && fact->number > CLAIMLINE_MAX_UNITS))
			continue;
		if (type == FACT_IS_UNITS)
			CHECK(has_units(finding->message, fact->number));
		else if (type == FACT_IS_CODE || type == FACT_IS_CODES)
			CHECK(has_word(finding->message, code_to_text((uint32_t) fact->number, word)));
		else if ((type == FACT_IS_MODIFIER || type == FACT_IS_MODIFIERS) && fact->text == NULL)
			CHECK(has_word(finding->message, modifier_to_text((uint16_t) fact->number, word)));
		else if (type == FACT_IS_DATE && fact->number != DATE_BEGIN && fact->number != DATE_END)
			CHECK(has_word(finding->message, date_to_text((int32_t) fact->number, word)));
		else if (type == FACT_IS_INTEGER || type == FACT_IS_TIME)
		{
			if (type == FACT_IS_TIME)
				snprintf(word, sizeof(word), "%02d:%02d", (int) fact->number / 60, (int) fact->number % 60);
			else
				snprintf(word, sizeof(word), "%lld", (long long) fact->number);
			CHECK(has_word(finding->message, word));
		}
	}
}

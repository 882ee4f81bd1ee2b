/*
 * src/core/ruleset/rationales.c
 *
 * The rationales of pairs: a few texts, by number in the rows.
 */
#include "ruleset/rationales.h"

#include <stdlib.h>
#include <string.h>

uint64_t
rationale_hash(const char *text)
{
	uint64_t	hash = UINT64_C(0xCBF29CE484222325);

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * UINT64_C(0x100000001B3);
	return hash;
}

int
compare_rationales(const void *x, const void *y)
{
	return strcmp(*(const char *const *) x, *(const char *const *) y);
}

uint8_t
rationale_number(const char *text, const char *const *sorted, uint32_t n)
{
	uint32_t	i = 0;

	while (i < n && strcmp(sorted[i], text) != 0)
		i++;
	return (uint8_t) (i + 1);
}

void
renumber_rows(PairRow *rows, uint32_t n, const uint8_t numbers[MAX_RATIONALES + 1])
{
	uint32_t	i;

	for (i = 0; i < n; i++)
		rows[i] = pair_renumbered(rows[i], numbers);
}

void
share_rationales(SharedRationales *shared, const PairSet *base, const PairSet *over)
{
	uint32_t	n = 0;
	uint32_t	i;

	memset(shared, 0, sizeof(*shared));
	for (i = 0; i < base->n_rationales; i++)
		shared->rationales[n++] = base->rationales[i];
	for (i = 0; over != NULL && i < over->n_rationales && n < MAX_RATIONALES; i++)
		if (rationale_number(over->rationales[i], base->rationales, base->n_rationales) > base->n_rationales)
			shared->rationales[n++] = over->rationales[i];
	shared->n = n;
	shared->same_as_base = n == base->n_rationales;
	if (n > 1)
		qsort(shared->rationales, n, sizeof(char *), compare_rationales);
	for (i = 0; i < n; i++)
		shared->hashes[i + 1] = rationale_hash(shared->rationales[i]);
	for (i = 0; i < base->n_rationales; i++)
		shared->of_base[i + 1] = rationale_number(base->rationales[i], shared->rationales, n);
	for (i = 0; over != NULL && i < over->n_rationales; i++)
	{
		shared->of_over[i + 1] = rationale_number(over->rationales[i], shared->rationales, n);
		if (shared->of_over[i + 1] > n)
			shared->of_over[i + 1] = 0;
	}
}

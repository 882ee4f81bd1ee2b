/*
 * units_model.c
 *	  A model of 15-minute unit counting, written from the definitions.
 *
 * It shares no code with the extension and does not use its algorithm: it
 * lists every candidate allocation and keeps those that satisfy the stated
 * principles.  test/tap/units_exhaustive.sql compares the extension with it.
 *
 * cms (Medicare Claims Processing Manual, Pub. 100-04, ch. 5, s. 20.2)
 *	  The minutes of the day are added up and looked up once in the table of
 *	  total minutes; that gives N.  An allocation is valid if its units add up
 *	  to N and
 *	  1. each service has at least one unit for each full 15 minutes,
 *	  2. no service has more than one unit above its full 15-minute blocks,
 *	  3. no service has such an extra unit while a service with a larger
 *		 remainder has none.
 *
 * ama (CPT introduction: a unit of time is attained when the mid-point is
 * passed)
 *	  Each service alone: it has u units if the mid-point of unit u is passed
 *	  and the mid-point of unit u + 1 is not.
 *
 * Output: one line a minute vector, tab-separated, as COPY reads it.
 *	  rule		cms or ama
 *	  codes		text[]
 *	  minutes	int[], aligned with codes
 *	  n			total units
 *	  valid		int[], every valid allocation as two decimal digits a code:
 *				201 is {2,1} for two codes and {0,2,1} for three
 *
 * Lines: for each rule, each code alone for 0 to 480 minutes, two and three
 * codes for 0 to 60 minutes each, four codes for 0 to 30 minutes each.
 *
 * cc -std=c99 -O2 -Wall -Wextra -Werror -o units_model units_model.c
 */
#include <stdio.h>
#include <stdlib.h>

#define UNIT_MINUTES	15
#define FIRST_UNIT_FROM 8		/* minutes that reach the first unit */
#define MAX_CODES		4
#define MAX_TOTAL		480		/* largest total of a vector */
#define MAX_UNITS		40		/* above the units of MAX_TOTAL */
#define MAX_VALID		64

typedef enum Rule
{
	RULE_CMS,
	RULE_AMA
} Rule;

typedef struct Valid
{
	int			count;
	long		packed[MAX_VALID];
} Valid;

/* Not sorted, so that alignment with the input shows */
static const char *const codes[MAX_CODES] = {"97124", "97110", "97140", "97112"};
static const char *const rule_names[] = {"cms", "ama"};

static int	table_units[MAX_TOTAL + 1];

static void
fail(const char *reason)
{
	fprintf(stderr, "units_model: %s\n", reason);
	exit(1);
}

/*
 * Write out the table of total minutes: no unit below 8 minutes, one unit from
 * 8, and one more every 15 minutes.
 */
static void
build_table(void)
{
	int			units = 0;
	int			next_from = FIRST_UNIT_FROM;

	for (int minute = 0; minute <= MAX_TOTAL; minute++)
	{
		if (minute == next_from)
		{
			units++;
			next_from += UNIT_MINUTES;
		}
		table_units[minute] = units;
	}
}

/*
 * Take full blocks of 15 minutes away, one by one
 */
static int
full_blocks(int minutes, int *remainder)
{
	int			blocks = 0;

	while (minutes >= UNIT_MINUTES)
	{
		minutes -= UNIT_MINUTES;
		blocks++;
	}
	*remainder = minutes;
	return blocks;
}

static void
add_valid(Valid *valid, int k, const int *units)
{
	long		packed = 0;

	for (int i = 0; i < k; i++)
	{
		if (units[i] > 99)
			fail("units need more than two digits");
		packed = packed * 100 + units[i];
	}
	if (valid->count == MAX_VALID)
		fail("too many valid allocations");
	valid->packed[valid->count++] = packed;
}

/*
 * Does the allocation satisfy the three principles?
 */
static int
cms_valid(int k, const int *blocks, const int *remainder, const int *units)
{
	for (int i = 0; i < k; i++)
	{
		if (units[i] < blocks[i])
			return 0;
		if (units[i] > blocks[i] + 1)
			return 0;
	}
	for (int i = 0; i < k; i++)
		for (int j = 0; j < k; j++)
			if (units[i] == blocks[i] + 1 && units[j] == blocks[j] &&
				remainder[i] < remainder[j])
				return 0;
	return 1;
}

/*
 * Try every way to spread `left` units over the codes from `at` on
 */
static void
cms_candidates(Valid *valid, int k, const int *blocks, const int *remainder,
			   int *units, int at, int left)
{
	if (at == k - 1)
	{
		units[at] = left;
		if (cms_valid(k, blocks, remainder, units))
			add_valid(valid, k, units);
		return;
	}
	for (int u = 0; u <= left; u++)
	{
		units[at] = u;
		cms_candidates(valid, k, blocks, remainder, units, at + 1, left - u);
	}
}

static int
cms_model(int k, const int *minutes, Valid *valid)
{
	int			blocks[MAX_CODES];
	int			remainder[MAX_CODES];
	int			units[MAX_CODES];
	int			total = 0;

	for (int i = 0; i < k; i++)
	{
		blocks[i] = full_blocks(minutes[i], &remainder[i]);
		total += minutes[i];
	}
	if (total > MAX_TOTAL)
		fail("total outside the table");
	cms_candidates(valid, k, blocks, remainder, units, 0, table_units[total]);
	return table_units[total];
}

/*
 * Is the mid-point of the given unit (1, 2, ...) passed?  The mid-point of the
 * first unit is at 7.5 minutes; times are doubled to stay whole.
 */
static int
midpoint_passed(int minutes, int unit)
{
	return 2 * minutes > 2 * UNIT_MINUTES * (unit - 1) + UNIT_MINUTES;
}

static int
ama_model(int k, const int *minutes, Valid *valid)
{
	int			units[MAX_CODES];
	int			total = 0;

	for (int i = 0; i < k; i++)
	{
		int			found = 0;

		for (int u = 0; u <= MAX_UNITS; u++)
			if ((u == 0 || midpoint_passed(minutes[i], u)) &&
				!midpoint_passed(minutes[i], u + 1))
			{
				units[i] = u;
				found++;
			}
		if (found != 1)
			fail("no single answer for a code alone");
		total += units[i];
	}
	add_valid(valid, k, units);
	return total;
}

static void
print_vector(Rule rule, int k, const char *const *names, const int *minutes)
{
	Valid		valid = {0};
	int			n = (rule == RULE_CMS) ? cms_model(k, minutes, &valid) :
		ama_model(k, minutes, &valid);

	if (valid.count == 0)
		fail("a minute vector without any valid allocation");

	printf("%s\t", rule_names[rule]);
	for (int i = 0; i < k; i++)
		printf("%c%s", i == 0 ? '{' : ',', names[i]);
	printf("}\t");
	for (int i = 0; i < k; i++)
		printf("%c%d", i == 0 ? '{' : ',', minutes[i]);
	printf("}\t%d\t", n);
	for (int i = 0; i < valid.count; i++)
		printf("%c%ld", i == 0 ? '{' : ',', valid.packed[i]);
	printf("}\n");
}

/*
 * Print every vector of k codes with 0 to limit minutes each
 */
static void
print_vectors(Rule rule, int k, int limit, int *minutes, int at)
{
	if (at == k)
	{
		print_vector(rule, k, codes, minutes);
		return;
	}
	for (int m = 0; m <= limit; m++)
	{
		minutes[at] = m;
		print_vectors(rule, k, limit, minutes, at + 1);
	}
}

int
main(void)
{
	static const Rule rules[] = {RULE_CMS, RULE_AMA};
	int			minutes[MAX_CODES];

	build_table();
	for (int r = 0; r < 2; r++)
	{
		for (int c = 0; c < MAX_CODES; c++)
			for (int m = 0; m <= MAX_TOTAL; m++)
				print_vector(rules[r], 1, &codes[c], &m);
		print_vectors(rules[r], 2, 60, minutes, 0);
		print_vectors(rules[r], 3, 60, minutes, 0);
		print_vectors(rules[r], 4, 30, minutes, 0);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		fail("could not write the output");
	return 0;
}

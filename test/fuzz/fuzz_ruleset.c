/*
 * test/fuzz/fuzz_ruleset.c
 *
 * Fuzz target: the JSON form of a ruleset, look-ups in what was accepted, and
 * the edits on a few fixed days under it.
 */
#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "ruleset/ruleset_adopt.h"

static const char *const day_texts[] = {
	"{}",
	"{- - -; \"\" 0 -}",
	"{\"C1\" 1 97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2 region=cervical specialty=35 visit=3;"
	" \"C1\" 2 98941-AT x1 2024-08-01 10:10 5min dx=M99.01,M99.02,M99.03;"
	" \"C1\" 3 97140-59 x1 8min 2024-08-01 10:15 specialty=65;"
	" \"C2\" 1 98943 x1 2024-08-01 region=head; \"C2\" 2 99213-25 x1 2024-08-01; - 3 -}",
	"{- 1 97124 x2; - 2 97124-GP-GP-ZZ-59-XS x2.5 10min; - 3 98940 x1; - - 97112-CQ x1 23min;"
	" - - 97112-CO x999999.999 1440min; - - 97110-KX-AT-GP x1 0min; \"\\\"\\\\\" -2147483648 98940 x0}",
	"{- 1 97124-GP x1 8min 1999-01-01; - 2 98941 x1 1999-01-01; - 3 98941-GA x1 2014-12-31;"
	" - 4 97124-XE x4 60min 2014-12-31; - 5 97124-GP-XE x4 60min 9999-12-31; - 6 98941-GY x3 9999-12-31;"
	" - 7 97124 x1 0001-01-01; - 8 97140-76 x1 15min 9999-12-31 00:00; - 9 00000-00 x1 9999-12-31 region=head}",
	"{- 1 97124-GP x1 15min 2023-01-05 region=lumbar; - 2 97124-GP x1 15min 2023-01-05 region=lumbar;"
	" - 3 97124-GP x1 15min 2023-01-05 09:00; - 4 97164-GP x1 2023-01-05 09:00 20min;"
	" - 5 98942-AT x1 2023-01-05 dx=M99.01,M99.05; - 6 98925 x1 2023-01-05; - 7 A1234 x1 2023-01-05}",
	"{- 1 97124 x3 45min 2021-02-01 specialty=225700000X referral=no visit=21 dx=F41.1;"
	" - 2 97124-GY-U7 x1 15min 2021-02-01 specialty=35 referral=yes visit=1 dx=Z73.3,M54.2;"
	" - 3 97140-GA x1 15min 2021-02-01 specialty=225700000X; - 4 97124-GA x1 2021-07-01 specialty=35 dx=F41.1;"
	" - 5 97124 x1 2021-07-01; - 6 98941 x0 2021-07-01 specialty=35}"
};

#define N_DAYS	((int) (sizeof(day_texts) / sizeof(day_texts[0])))

static Day	days[N_DAYS];

static void
read_days(void)
{
	static Arena arena;
	Fault		why;
	int			i;

	if (arena.get != NULL)
		return;
	fuzz_arena(&arena);
	for (i = 0; i < N_DAYS; i++)
		CHECK(day_from_text(day_texts[i], strlen(day_texts[i]), &arena, &days[i], &why));
}

/* Parses a copy of exactly this size. */
static Ruleset *
parse(const char *text, size_t length, Fault *why)
{
	char	   *copy = exact_copy(text, length);
	void	   *block = NULL;
	Arena		arena;
	Ruleset    *rules;

	fuzz_arena(&arena);
	rules = ruleset_from_text(copy, length, starter(), &arena, result_block, &block, why);
	CHECK(rules == NULL || rules == block);
	if (rules == NULL)
		free(block);
	free(copy);
	arena_release(&arena);
	return rules;
}

static void
check_same(const Ruleset *rules, const char *text, size_t length)
{
	Fault		why;
	Ruleset    *again = parse(text, length, &why);

	CHECK(again != NULL);
	CHECK(same_ruleset(again, rules));
	free(again);
}

static void
check_text(const Ruleset *rules, TextRef text)
{
	CHECK(text < rules->size);
	if (text != 0)
	{
		uint32_t	pool = rules->sections[SECTION_TEXTS].offset;

		CHECK(text >= pool && (text == pool || ruleset_text(rules, text)[-1] == '\0'));
		CHECK(memchr(ruleset_text(rules, text), '\0', rules->size - text) != NULL);
	}
}

static void
check_layout(const Ruleset *rules)
{
	const RuleRow *rows = ruleset_rows(rules, SECTION_RULES);
	int			i;

	CHECK(ruleset_is_ours(rules));
	for (i = 0; i < N_SECTIONS; i++)
	{
		CHECK(rules->sections[i].offset % 4 == 0);
		CHECK(rules->sections[i].offset >= (i == 0 ? sizeof(Ruleset) : rules->sections[i - 1].offset));
		CHECK(rules->sections[i].offset <= rules->size);
	}
	CHECK(ruleset_count(rules, SECTION_RULES) == N_RULES);
	check_text(rules, rules->policy.name);
	check_text(rules, rules->edition.name);
	check_text(rules, rules->edition.service_type);
	for (i = 0; i < N_RULES; i++)
	{
		check_text(rules, rows[i].family);
		check_text(rules, rows[i].title);
		check_text(rules, rows[i].citation);
		check_text(rules, rows[i].name);
		CHECK(strcmp(ruleset_text(rules, rows[i].name), rule_names[i]) == 0);
		CHECK(rows[i].severity <= SEVERITY_DENY);
	}
}

/* Every entry of a list lies in the section, is well formed and is found. */
static void
check_list(const Ruleset *rules, PolicyList list)
{
	uint32_t	n;
	const ListRow *rows = policy_list(rules, list, &n);
	uint32_t	i;

	CHECK((uint64_t) rules->policy.lists[list].first + n <= ruleset_count(rules, SECTION_LISTS));
	CHECK(policy_list_empty(rules, list) == (n == 0));
	for (i = 0; i < n; i++)
	{
		uint64_t	item = (uint64_t) rows[i].item_high << 32 | rows[i].item_low;
		bool		of_specialty = policy_lists[list].shape == SHAPE_SPECIALTIES ||
			policy_lists[list].item == ITEM_SPECIALTY;
		uint32_t	number;

		CHECK(of_specialty == (rows[i].kind != SPECIALTY_NONE));
		CHECK(rows[i].kind <= SPECIALTY_TAXONOMY);
		CHECK(policy_has_item(rules, list, item) && policy_number(rules, list, item, &number));
		if (policy_lists[list].shape == SHAPE_NUMBERS)
			CHECK(number == rows[i].number);
		if (policy_lists[list].item == ITEM_DX)
			CHECK(policy_has_dx(rules, list, item));
		if (list == LIST_SEVERITY)
		{
			CHECK(item < N_RULES && number <= SEVERITY_DENY);
			CHECK(((const RuleRow *) ruleset_rows(rules, SECTION_RULES))[item].severity == number);
		}
	}
}

/* Every code of the ruleset is found; any code at all can be asked for. */
static void
check_look_ups(const Ruleset *rules, uint32_t seed)
{
	static const int32_t dates[] = {CLAIMLINE_NO_DOS, CLAIMLINE_MIN_DOS, 0, 8979, CLAIMLINE_MAX_DOS};
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	uint32_t	n = ruleset_count(rules, SECTION_CODES);
	uint32_t	i;
	size_t		d;
	int			rule;

	for (i = 0; i < n; i++)
	{
		uint32_t	j;

		CHECK(ruleset_code(rules, codes[i].code) == &codes[i]);
		CHECK(i == 0 || codes[i].code > codes[i - 1].code);
		CHECK((uint64_t) codes[i].first_pair + codes[i].n_pairs <= ruleset_count(rules, SECTION_PAIRS));
		CHECK((uint64_t) codes[i].first_mue + codes[i].n_mue <= ruleset_count(rules, SECTION_MUE));
		for (d = 0; d < sizeof(dates) / sizeof(dates[0]); d++)
		{
			const MueRow *mue = ruleset_mue(rules, &codes[i], dates[d]);

			CHECK(mue == NULL || (mue->mai >= 1 && mue->mai <= 3));
			for (j = 0; j < n && j < 64; j++)
			{
				const PairRow *pair = pair_memo_row(NULL, rules, &codes[i], codes[i].code, &codes[j], codes[j].code, dates[d]);

				CHECK(pair == NULL || (pair_column_2(pair) == codes[j].code && pair_mark(pair) < PAIR_NEVER));
				ruleset_decides(rules, &codes[i], &codes[j]);
				ruleset_part_covers(rules, PART_PTP, codes[i].code, codes[j].code, dates[d]);
				ruleset_part_covers(rules, PART_MUE, codes[i].code, 0, dates[d]);
			}
		}
	}
	for (i = 0; i < 64; i++)
	{
		const CodeRow *row;

		seed = seed * 1664525 + 1013904223;
		row = ruleset_code(rules, seed % (36 * 36 * 36 * 36 * 36));
		CHECK(row == NULL || row->code == seed % (36 * 36 * 36 * 36 * 36));
		ruleset_dx_regions(rules, (uint64_t) seed * 22 % UINT64_C(94931877133));
		ruleset_discipline(rules, (SpecialtyKind) (seed % 3), seed >> 8);
	}
	for (i = 0; i < MODIFIER_VALUES; i++)
	{
		const ModifierRow *row = ruleset_modifier(rules, (uint16_t) i);

		CHECK(row == NULL || row->modifier == i);
	}
	for (i = 0; i < N_POLICY_LISTS; i++)
		check_list(rules, (PolicyList) i);
	for (rule = 0; rule < N_RULES; rule++)
		for (d = 0; d < sizeof(dates) / sizeof(dates[0]); d++)
		{
			const char *carc,
					   *rarc;

			ruleset_denial(rules, (Rule) rule, d % 2 ? "AT" : NULL, dates[d], &carc, &rarc);
			CHECK(carc != NULL || rarc == NULL);
			ruleset_part_covers(rules, d % 2 ? PART_PTP : PART_MUE, 0, 0, dates[d]);
			ruleset_mue_whole(rules, dates[d]);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Text		text = {NULL, 0, 0},
				reversed = {NULL, 0, 0};
	bool		utf8 = is_utf8((const char *) data, size);
	Fault		why;
	Ruleset    *rules = parse((const char *) data, size, &why);
	int			i;

	if (rules == NULL)
	{
		check_fault(&why, (const char *) data, size);
		say_verdict(&why);
		return 0;
	}
	CHECK(why.kind == FAULT_NONE);
	say_verdict(NULL);
	check_layout(rules);
	ruleset_to_text(rules, append_text, &text);
	CHECK(!utf8 || is_utf8(text.text, text.length));
	check_same(rules, text.text, text.length);
	reverse_rows(&text, &reversed);
	CHECK(reversed.length == text.length);
	check_same(rules, reversed.text, reversed.length);
	free(text.text);
	free(reversed.text);

	check_look_ups(rules, (uint32_t) size * 2654435761u);
	read_days();
	for (i = 0; i < N_DAYS; i++)
		check_edits(&days[i], rules, utf8);
	free(rules);
	return 0;
}

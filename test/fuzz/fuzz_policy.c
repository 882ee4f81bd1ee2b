/*
 * test/fuzz/fuzz_policy.c
 *
 * Fuzz target: settings of a policy (JSON), as a layer over complete ones, and
 * the edits on a few lines under the policy that they make.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every single value, and no list. */
static const char base_text[] =
	"{\"unit_rule\": \"cms\", \"unit_rule_from\": null, \"unit_rule_earlier\": \"cms\", \"unit_minutes\": 15,"
	" \"unit_threshold\": 8, \"mue\": \"yes\", \"cmt_massage\": \"by-region\", \"cmt_bundled_from\": null,"
	" \"cmt_extraspinal_modifier\": \"no\", \"distinct_modifier\": \"X\", \"either_line_from\": null,"
	" \"outside_coverage\": \"review\", \"therapy_modifier_from\": null, \"therapy_modifier_positions\": 2,"
	" \"modifier_positions\": 4, \"one_line_from\": null, \"at_required_from\": null, \"specialty_required\": \"no\","
	" \"denial_modifier\": null, \"denial_modifier_wanted\": \"no\", \"supervision_modifier\": null,"
	" \"dx_required\": \"no\", \"referral_from\": null, \"units_scrutiny\": null, \"visits_scrutiny\": null,"
	" \"visits_limit\": null}";

static const char day_text[] =
	"{- 1 97124 x3 45min 2021-02-01 specialty=225700000X referral=no visit=21 dx=F41.1;"
	" - 2 97124-GY-U7 x1 15min 2021-02-01 specialty=35 referral=yes visit=1 dx=Z73.3,M54.2;"
	" - 3 97140-GA x1 15min 2021-02-01 specialty=65; - 4 97124-GA-59 x1 2021-07-01 dx=F41.1 region=lumbar;"
	" - 5 98941 x1 2021-07-01 specialty=35 dx=M54.2; - 6 97124 x2.5 20min}";

/* All but the policy: what the day's lines need, and every rule. */
static const Ruleset *
small_ruleset(void)
{
	static Ruleset *rules;
	Text		text = {NULL, 0, 0};
	Arena		arena;
	void	   *block;
	Fault		why;
	char		row[80];
	int			i;

#define PUT(piece)	append_text(&text, piece, strlen(piece))
	if (rules != NULL)
		return rules;
	PUT("{\"claimline_ruleset\": 2, \"policy\": {\"name\": \"p\", ");
	PUT(base_text + 1);
	PUT(", \"edition\": {\"name\": \"e\", \"service_type\": \"practitioner\", \"from\": \"2020-10-01\","
		" \"to\": \"2021-06-30\", \"scope\": \"listed\"}, \"codes\": [[\"97124\", \"timed therapy pmr with-cmt\", null, null, null],"
		" [\"97140\", \"timed therapy pmr with-cmt\", null, null, null], [\"98941\", \"cmt\", 3, 4, null]], \"scope\": [],"
		" \"modifiers\": [[\"59\", null, \"bypass-either distinct\", null, null, null, null], [\"GA\", null, \"liability abn\", null, null, null, null],"
		" [\"GY\", null, \"liability excluded\", null, null, null, null], [\"U7\", null, null, null, null, null, null]],"
		" \"modifier_conflicts\": [], \"ptp\": [[\"98941\", \"97124\", null, null, 1, null]], \"mue\": [[\"97124\", 4, 3, null, null]],"
		" \"regions\": [[\"M542\", \"cervical\"]], \"denials\": [[\"mue-day\", \"policy\", \"CO-222\", null, null, null, null, null],"
		" [\"specialty-not-covered\", \"GY\", \"PR-96\", null, null, \"N425\", null, null]], \"specialties\": [], \"gaps\": [],"
		" \"mue_whole\": [], \"rules\": [");
	for (i = 0; i < N_RULES; i++)
	{
		snprintf(row, sizeof(row), "%s[\"%s\", \"f\", \"deny\", \"t\", \"c\"]", i > 0 ? ", " : "", rule_names[i]);
		PUT(row);
	}
	PUT("]}");
#undef PUT
	fuzz_arena(&arena);
	rules = ruleset_from_text(text.text, text.length, NULL, &arena, result_block, &block, &why);
	CHECK(rules != NULL);
	arena_release(&arena);
	free(text.text);
	return rules;
}

/* Puts a layer over the spec: false, with why, if it is none. */
static bool
add_layer(RulesetSpec *spec, const char *text, size_t length, Arena *arena, Word *parent, Fault *why)
{
	char	   *copy = exact_copy(text, length);
	bool		taken = policy_from_text(copy, length, arena, spec, parent, why);

	if (taken)
		CHECK(why->kind == FAULT_NONE);
	/* what the spec keeps lies in the arena; only the name of the parent does not */
	if (parent->text != NULL)
	{
		CHECK(parent->length > 0);
		*parent = (Word) {NULL, 0, 0};
	}
	free(copy);
	return taken;
}

static RulesetSpec *
begin_policy(Arena *arena)
{
	Fault		why;
	Word		name = {"p", 1, 0},
				key = {"name", 4, 0},
				parent;
	RulesetSpec *spec = spec_begin(arena);

	spec_load(spec, small_ruleset(), true);
	CHECK(spec_set(spec, "policy", key, &name, &why));
	CHECK(add_layer(spec, base_text, strlen(base_text), arena, &parent, &why));
	CHECK(spec_policy_complete(spec, &why));
	return spec;
}

/* The ruleset of the settings over complete ones, `times` over; NULL if they do not make one. */
static Ruleset *
make(const char *text, size_t length, int times, Arena *arena, Fault *why)
{
	RulesetSpec *spec = begin_policy(arena);
	void	   *block = NULL;
	Ruleset    *rules = NULL;
	Word		parent;

	while (times-- > 0)
		if (!add_layer(spec, text, length, arena, &parent, why))
			return NULL;
	if (spec_policy_complete(spec, why))
	{
		rules = spec_encode(spec, result_block, &block, why);
		CHECK(rules == NULL || rules == block);
		if (rules == NULL)
			free(block);
	}
	return rules;
}

/* The settings of a policy, as it writes them, make the same one. */
static void
check_written(const Ruleset *rules, Arena *arena)
{
	Text		text = {NULL, 0, 0};
	Fault		why;
	void	   *block = NULL;
	Ruleset    *again;

	ruleset_to_text(rules, append_text, &text);
	again = ruleset_from_text(text.text, text.length, NULL, arena, result_block, &block, &why);
	CHECK(again != NULL && same_ruleset(again, rules));
	free(block);
	free(text.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	Arena		arena;
	Fault		why;
	Ruleset    *rules,
			   *again;
	Day			day;

	fuzz_arena(&arena);
	rules = make(text, size, 1, &arena, &why);
	say_verdict(rules == NULL ? &why : NULL);
	if (rules == NULL)
		check_fault(&why, text, size);
	else
	{
		/* a layer replaces what an equal one said */
		again = make(text, size, 2, &arena, &why);
		CHECK(again != NULL && same_ruleset(again, rules));
		free(again);
		check_written(rules, &arena);
		CHECK(day_from_text(day_text, strlen(day_text), &arena, &day, &why));
		check_edits(&day, rules, is_utf8(text, size));
		free(rules);
	}
	arena_release(&arena);
	return 0;
}

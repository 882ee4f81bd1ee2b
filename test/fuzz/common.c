/*
 * test/fuzz/common.c
 *
 * What must hold of every line, day and finding.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ruleset/starter.h"

void
check_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
	abort();
}

/* --------------------------------------------------------------- verdict */

static Fault verdict;

void
say_verdict(const Fault *why)
{
	verdict = why == NULL ? (Fault) {FAULT_NONE, "", NULL} : *why;
}

const Fault *
last_verdict(void)
{
	return verdict.kind == FAULT_NONE ? NULL : &verdict;
}

/* ---------------------------------------------------------------- memory */

void *
exact_block(void *context, size_t size)
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
free_block(void *context, void *block)
{
	(void) context;
	free(block);
}

void
fuzz_arena(Arena *arena)
{
	arena_init(arena, exact_block, free_block, NULL);
}

char *
exact_copy(const void *from, size_t size)
{
	/* malloc(0) is a valid block of no bytes to the sanitizer */
	char	   *copy = size > 0 ? exact_block(NULL, size) : malloc(0);

	if (size > 0)
		memcpy(copy, from, size);
	return copy;
}

void *
result_block(void *context, size_t size)
{
	return *(void **) context = exact_block(NULL, size);
}

bool
same_ruleset(const Ruleset *a, const Ruleset *b)
{
	uint32_t	hashed = a->sections[FIRST_UNHASHED].offset;

	/* the sum over the pairs is in front of what is compared */
	return a->size == b->size && memcmp(a, b, hashed) == 0;
}

const Ruleset *
starter(void)
{
	return (const Ruleset *) starter_rulesets[0].ruleset;
}

/* ----------------------------------------------------------------- texts */

bool
is_utf8(const char *text, size_t length)
{
	const unsigned char *c = (const unsigned char *) text;
	const unsigned char *end = c + length;

	while (c < end)
	{
		int			more = *c < 0x80 ? 0 : *c < 0xC2 ? -1 : *c < 0xE0 ? 1 : *c < 0xF0 ? 2 : *c < 0xF5 ? 3 : -1;
		unsigned	value = more == 1 ? *c & 0x1Fu : more == 2 ? *c & 0x0Fu : *c & 0x07u;
		int			i;

		if (more < 0 || end - c <= more)
			return false;
		for (i = 1; i <= more; i++)
		{
			if ((c[i] & 0xC0) != 0x80)
				return false;
			value = value << 6 | (c[i] & 0x3Fu);
		}
		if ((more == 2 && value < 0x800) || (more == 3 && (value < 0x10000 || value > 0x10FFFF)) ||
			(more == 2 && value >= 0xD800 && value < 0xE000))
			return false;
		c += more + 1;
	}
	return true;
}

void
check_fault(const Fault *why, const char *text, size_t length)
{
	static const char at_character[] = ", at character ";
	size_t		detail = strnlen(why->detail, sizeof(why->detail));
	const char *at;
	const char *next;

	CHECK(why->kind == FAULT_SYNTAX || why->kind == FAULT_RANGE || why->kind == FAULT_MISSING);
	CHECK(detail > 1 && detail < sizeof(why->detail));
	CHECK(why->detail[detail - 1] == '.' || detail == sizeof(why->detail) - 1);
	if (is_utf8(text, length) && memchr(text, '\0', length) == NULL)
		CHECK(is_utf8(why->detail, detail));

	/* at the very end: an input may hold the words too */
	for (at = NULL, next = why->detail; (next = strstr(next, at_character)) != NULL; next++)
		at = next + sizeof(at_character) - 1;
	if (at != NULL && strspn(at, "0123456789") > 0 && strcmp(at + strspn(at, "0123456789"), ".") == 0)
	{
		unsigned long position = strtoul(at, NULL, 10);

		CHECK(position >= 1 && position <= length + 1);
	}
}

void
append_text(void *context, const char *piece, size_t length)
{
	Text	   *text = context;

	while (text->length + length > text->room)
	{
		text->room = text->room * 2 + 4096;
		text->text = realloc(text->text, text->room);
		CHECK(text->text != NULL);
	}
	memcpy(text->text + text->length, piece, length);
	text->length += length;
}

/* A row is a line that starts with "["; the last one of a table ends with "]]". */
void
reverse_rows(const Text *text, Text *reversed)
{
	size_t		at = 0;

	while (at < text->length)
	{
		size_t		first = at;
		size_t		end,
					row;
		bool		last = false;

		/* a line; if it is a row, all rows of its table */
		do
		{
			const char *newline = memchr(text->text + at, '\n', text->length - at);

			CHECK(newline != NULL);
			end = (size_t) (newline - text->text);
			if (text->text[first] != '[')
				break;
			at = end + 1;
			while (text->text[end - 1] == ',' || text->text[end - 1] == '}')
				end--;
			last = text->text[end - 2] == ']';
		} while (!last);
		if (!last)
		{
			append_text(reversed, text->text + first, end + 1 - first);
			at = end + 1;
			continue;
		}
		/* rows lie in [first, end - 1), each but the last followed by ",\n" */
		for (row = end - 1; row > first;)
		{
			size_t		start = row;

			while (start > first && text->text[start - 1] != '\n')
				start--;
			append_text(reversed, text->text + start, row - start);
			if (start > first)
				append_text(reversed, ",\n", 2);
			row = start > first ? start - 2 : first;
		}
		append_text(reversed, text->text + end - 1, at - (end - 1));
	}
}

/* ------------------------------------------------------------------ line */

static void
check_limits(const Line *line)
{
	SpecialtyKind kind = line_specialty_kind(line);
	int			i;

	CHECK(line->version == CLAIMLINE_VERSION || line->version == CLAIMLINE_EXTENDED);
	CHECK(line_n_modifiers(line) <= CLAIMLINE_MAX_MODIFIERS && line_n_dx(line) <= CLAIMLINE_MAX_DX);
	CHECK(line->flags >> 14 == 0);
	CHECK(line_stated_referral(line) <= REFERRAL_YES);
	CHECK(kind <= SPECIALTY_TAXONOMY);
	CHECK(line_size(line) <= LINE_MAX_SIZE);
	CHECK(line->code < 36u * 36 * 36 * 36 * 36);
	CHECK(line->units <= CLAIMLINE_MAX_UNITS);
	CHECK(line->dos == CLAIMLINE_NO_DOS || (line->dos >= CLAIMLINE_MIN_DOS && line->dos <= CLAIMLINE_MAX_DOS));
	CHECK(line->start >= CLAIMLINE_NO_START && line->start <= CLAIMLINE_MAX_START);
	CHECK(line->minutes >= CLAIMLINE_NO_MINUTES && line->minutes <= CLAIMLINE_MAX_MINUTES);
	CHECK(line->visit >= CLAIMLINE_NO_VISIT);
	CHECK(line_assistant_minutes(line) >= CLAIMLINE_NO_ASSISTANT && line_assistant_minutes(line) <= (line->minutes == CLAIMLINE_NO_MINUTES ? CLAIMLINE_MAX_MINUTES : line->minutes));
	for (i = 0; i < line_n_modifiers(line); i++)
		CHECK(line_modifier_at(line, i) < 36 * 36);
	for (i = 0; i < line_n_dx(line); i++)
		CHECK(dx_length(line_dx_at(line, i)) >= 3);
}

void
check_line(const Line *line)
{
	char		text[LINE_TEXT],
				again[LINE_TEXT];
	uint8_t		key[LINE_KEY],
				other[LINE_KEY];
	size_t		key_length = line_key(line, key);
	size_t		length = line_to_text(line, text);
	char	   *copy;
	LineParts	parts;
	LineBuffer	buffer;
	Fault		why;
	bool		accepted;

	check_limits(line);
	CHECK(length < LINE_TEXT && strlen(text) == length);
	CHECK(key_length <= LINE_KEY);
	CHECK(line_compare(line, line) == 0);

	copy = exact_copy(text, length);
	accepted = line_from_text(copy, length, 1, &parts, &why);
	free(copy);
	CHECK(accepted);
	CHECK(line_pack(&parts, &buffer) == line_size(line));
	CHECK(memcmp(&buffer.line, line, line_size(line)) == 0);
	CHECK(line_to_text(&buffer.line, again) == length && strcmp(again, text) == 0);
	CHECK(line_key(&buffer.line, other) == key_length && memcmp(key, other, key_length) == 0);
	CHECK(line_compare(line, &buffer.line) == 0 && line_compare(&buffer.line, line) == 0);

	line_unpack(line, &parts);
	CHECK(line_pack(&parts, &buffer) == line_size(line));
	CHECK(memcmp(&buffer.line, line, line_size(line)) == 0);
}

/* -------------------------------------------------------------- findings */

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_finding(const Finding *a, const Finding *b)
{
	return a->rule == b->rule && a->severity == b->severity && a->line == b->line &&
		a->with == b->with && a->covered == b->covered && same_text(a->message, b->message) &&
		a->change.kind == b->change.kind && a->change.modifier == b->change.modifier &&
		a->change.old == b->change.old && a->change.units == b->change.units && a->change.code == b->change.code &&
		same_text(a->condition, b->condition) && same_text(a->carc, b->carc) &&
		same_text(a->rarc, b->rarc) && same_text(a->citation, b->citation);
}

/* The lines of a day in another order, sorted again; `stride` is 1 for back to front. */
static void
reorder(const Day *day, int stride, Arena *arena, Day *other)
{
	int			n = day->n_lines;
	int			i;

	other->n_lines = n;
	other->lines = arena_alloc(arena, sizeof(DayLine) * ((size_t) n + 1));
	for (i = 0; i < n; i++)
		other->lines[i] = day->lines[n - 1 - (int) ((long long) i * stride % n)];
	day_sort(other);
}

/* A prime: its multiples visit every line of a day that has fewer. */
#define STRIDE	65537

static void
check_finding(const Finding *finding, const Day *day, const Ruleset *rules, bool utf8)
{
	const Line *line;
	LineBuffer	changed;

	CHECK(finding->line >= 0 && finding->line < day->n_lines);
	CHECK(finding->with >= -1 && finding->with < day->n_lines && finding->with != finding->line);
	CHECK((int) finding->rule >= 0 && finding->rule < N_RULES);
	CHECK((int) finding->severity >= SEVERITY_INFO && finding->severity <= SEVERITY_DENY);
	CHECK(finding->message != NULL && finding->message[0] != '\0');
	CHECK(finding->citation != NULL);
	if (utf8)
	{
		CHECK(is_utf8(finding->message, strlen(finding->message)));
		CHECK(finding->condition == NULL || is_utf8(finding->condition, strlen(finding->condition)));
	}
	line = day->lines[finding->line].line;
	/* a line is invalid where it takes back nothing */
	CHECK((line == NULL || (day->netted && day->lines[finding->line].net == NET_REVERSAL_OF_NOTHING)) ==
		  (finding->rule == RULE_LINE_INVALID));
	if (line == NULL || line->dos == CLAIMLINE_NO_DOS)
		CHECK(!finding->covered);
	else if (rule_reads(rules, finding->rule) & 1 << PART_ADDON)
		CHECK(finding->covered == ruleset_part_covers(rules, PART_ADDON, line->code, 0, line->dos));
	else if (ruleset_covers_all(rules, line->dos) || (rule_reads(rules, finding->rule) == 0 && finding->rule != RULE_EDITION_COVERAGE))
		CHECK(finding->covered);
	if (finding->severity == SEVERITY_DENY && !finding->covered && line != NULL)
		CHECK(line->dos != CLAIMLINE_NO_DOS && rules->policy.outside_coverage == OUTSIDE_APPLY);
	/* a suggestion that is made was tried */
	if (finding->change.kind != CHANGE_NONE)
	{
		CHECK(change_apply(rules, line, &finding->change, &changed));
		check_line(&changed.line);
	}
}

/* No line is clean because something was missing. */
/* Not a copy of a row, nor a reversal that took a line back, nor what one took back. */
static bool
takes_part(const Day *day, int line)
{
	return line < day->n_valid || line >= day_first_invalid(day) || day->lines[line].net == NET_REVERSAL_OF_NOTHING;
}

static void
check_told(const FindingSink *sink, const Day *day, const Ruleset *rules)
{
	int			next = 0;
	int			i;

	for (i = 0; i < day->n_lines; i++)
	{
		const Line *line = day->lines[i].line;
		bool		told = false;

		for (; next < sink->n_findings && sink->findings[next].line == i; next++)
			told |= sink->findings[next].rule == RULE_EDITION_COVERAGE ||
				sink->findings[next].rule == RULE_LINE_INVALID;
		if (line == NULL || line->dos == CLAIMLINE_NO_DOS ||
			(rules->policy.mue && !ruleset_part_covers(rules, PART_MUE, line->code, 0, line->dos)) ||
			(rules->edition.scope == SCOPE_LISTED && ruleset_code(rules, line->code) == NULL))
			CHECK(told || !takes_part(day, i));
	}
	CHECK(next == sink->n_findings);
}

static void
check_suggested(const FindingSink *sink, const Day *day, const Ruleset *rules, Arena *arena, bool utf8)
{
	Suggestion *suggestions;
	int			n = suggest_modifiers_of(day, rules, sink, arena, &suggestions);
	int			i;

	CHECK(n >= 0 && n <= day->n_valid);
	for (i = 0; i < n; i++)
	{
		const Suggestion *suggestion = &suggestions[i];

		CHECK(suggestion->line >= 0 && suggestion->line < day->n_valid);
		CHECK(i == 0 || suggestion->line > suggestions[i - 1].line);
		CHECK(suggestion->reason != NULL && suggestion->reason[0] != '\0');
		CHECK(!utf8 || is_utf8(suggestion->reason, strlen(suggestion->reason)));
		check_line(&suggestion->suggestion.line);
	}
}

/* Without texts, the same findings: as many on each line of each rule and severity. */
static void
check_bare(const FindingSink *sink, Day *day, const Ruleset *rules, Arena *arena)
{
	FindingSink bare;
	int		   *count = arena_alloc(arena, sizeof(int) * N_RULES * 4 * ((size_t) day->n_lines + 1));
	size_t		i,
				n = N_RULES * 4 * (size_t) day->n_lines;

	sink_init(&bare, arena, NULL, SINK_BARE);
	judge_day(day, rules, &bare);
	CHECK(bare.n_findings == sink->n_findings);
	memset(count, 0, sizeof(int) * n);
	for (i = 0; i < (size_t) sink->n_findings; i++)
	{
		const Finding *a = &sink->findings[i];
		const Finding *b = &bare.findings[i];

		CHECK(b->line >= 0 && b->line < day->n_lines && b->rule < N_RULES && b->severity <= SEVERITY_DENY);
		count[(a->line * N_RULES + (int) a->rule) * 4 + (int) a->severity]++;
		count[(b->line * N_RULES + (int) b->rule) * 4 + (int) b->severity]--;
	}
	for (i = 0; i < n; i++)
		CHECK(count[i] == 0);
}

void
check_edits(const Day *day, const Ruleset *rules, bool utf8)
{
	static PairMemo memo;		/* kept over days and rulesets: what is remembered changes nothing */
	static FactMemo facts;		/* kept over the judgements of a day by a ruleset */
	PairFilter *filter;
	Arena		arena;
	Day			judged = *day;
	FindingSink sink;
	int			worst = -1;
	int			order,
				severity,
				i;

	fuzz_arena(&arena);
	judged.lines = arena_alloc(&arena, sizeof(DayLine) * ((size_t) day->n_lines + 1));
	if (day->n_lines > 0)
		memcpy(judged.lines, day->lines, sizeof(DayLine) * (size_t) day->n_lines);
	sink_init(&sink, &arena, NULL, SINK_FULL);
	judge_day(&judged, rules, &sink);
	for (i = 0; i < sink.n_findings; i++)
	{
		const Finding *finding = &sink.findings[i];

		check_finding(finding, &judged, rules, utf8);
		check_facts(&sink, finding);
		CHECK(i == 0 || finding->line > finding[-1].line ||
			  (finding->line == finding[-1].line && finding->rule >= finding[-1].rule));
		if ((int) finding->severity > worst)
			worst = (int) finding->severity;
	}
	check_told(&sink, &judged, rules);
	check_suggested(&sink, &judged, rules, &arena, utf8);

	check_bare(&sink, &judged, rules, &arena);
	fact_memo_start(&facts, rules, &arena);
	for (severity = SEVERITY_INFO; severity <= SEVERITY_DENY; severity++)
	{
		FindingSink verdict;

		sink_init(&verdict, &arena, &memo, SINK_VERDICT);
		verdict.facts = &facts;
		verdict.at_least = (Severity) severity;
		judge_day(&judged, rules, &verdict);
		CHECK(verdict.reached == (worst >= severity));
	}

	/* nor does the filter */
	filter = arena_alloc(&arena, pair_filter_size(rules));
	memset(filter, 0, pair_filter_size(rules));
	pair_filter_fill(rules, filter);
	for (order = 0; order < 2 && day->n_lines > 1; order++)
	{
		Day			other;
		FindingSink again;

		reorder(day, order == 0 ? 1 : STRIDE, &arena, &other);
		day_net(&other, &arena);
		CHECK(other.n_valid == judged.n_valid && other.n_netted == judged.n_netted);
		for (i = 0; i < other.n_lines; i++)
			CHECK(day_line_compare(&other.lines[i], &judged.lines[i]) == 0);
		pair_memo_start(&memo, rules);
		memo.filter = order == 0 ? NULL : filter;
		sink_init(&again, &arena, &memo, SINK_FULL);
		again.facts = &facts;
		judge_day(&other, rules, &again);
		CHECK(again.n_findings == sink.n_findings);
		for (i = 0; i < again.n_findings; i++)
			CHECK(same_finding(&again.findings[i], &sink.findings[i]));
	}
	memo.filter = NULL;
	arena_release(&arena);
}

/*
 * src/core/ncci/ncci_rows.c
 *
 * Packed rows of an NCCI file: packing, overlays of unit limits, text form.
 */
#include "ncci/ncci_rows.h"
#include "ncci/ncci_addon.h"
#include "ruleset/ruleset_json.h"
#include "ruleset/ruleset_spec.h"

#include <stdio.h>
#include <string.h>

/* --------------------------------------------------------------- packing */

static size_t
padded(size_t size)
{
	return (size + 3) & ~(size_t) 3;
}

static NcciRows *
new_rows(NcciKind kind, size_t behind, void *(*get) (void *, size_t), void *context)
{
	size_t		size = sizeof(NcciRows) + behind;
	NcciRows   *rows = get(context, size);

	memset(rows, 0, sizeof(NcciRows));
	rows->version = NCCI_ROWS_VERSION;
	rows->size = (uint32_t) size;
	rows->kind = kind;
	return rows;
}

static void
put_sum(NcciRows *rows, PairSum sum)
{
	rows->sum[0] = (uint32_t) sum.low;
	rows->sum[1] = (uint32_t) (sum.low >> 32);
	rows->sum[2] = (uint32_t) sum.high;
	rows->sum[3] = (uint32_t) (sum.high >> 32);
}

NcciRows *
ncci_rows_of_pairs(NcciKind kind, const PairSet *set, void *(*get) (void *, size_t), void *context)
{
	size_t		codes = sizeof(PairCode) * set->n_codes;
	size_t		pairs = sizeof(PairRow) * set->n_rows;
	size_t		texts = 0;
	NcciRows   *rows;
	char	   *to;
	uint32_t	i;

	for (i = 0; i < set->n_rationales; i++)
		texts += strlen(set->rationales[i]) + 1;
	rows = new_rows(kind, codes + padded(texts) + pairs, get, context);
	rows->n_codes = set->n_codes;
	rows->n_rows = set->n_rows;
	rows->n_rationales = set->n_rationales;
	rows->text_size = (uint32_t) texts;
	put_sum(rows, set->sum);
	to = (char *) (rows + 1);
	if (codes > 0)
		memcpy(to, set->codes, codes);
	to += codes;
	memset(to, 0, padded(texts));
	if (pairs > 0)
		memcpy(to + padded(texts), set->rows, pairs);
	for (i = 0; i < set->n_rationales; i++)
	{
		size_t		length = strlen(set->rationales[i]) + 1;

		memcpy(to, set->rationales[i], length);
		to += length;
	}
	return rows;
}

NcciRows *
ncci_rows_of_mue(const MueValue *values, uint32_t n, void *(*get) (void *, size_t), void *context)
{
	NcciRows   *rows = new_rows(NCCI_MUE, sizeof(MueValue) * n, get, context);
	PairSum		sum = {0, 0};
	uint32_t	i;

	rows->n_rows = n;
	if (n > 0)
		memcpy(rows + 1, values, sizeof(MueValue) * n);
	for (i = 0; i < n; i++)
		pair_sum_add(&sum, (uint64_t) values[i].code << 32 | values[i].units, values[i].mai);
	put_sum(rows, sum);
	return rows;
}

size_t
ncci_rows_head(const NcciRows *rows)
{
	return sizeof(NcciRows) + sizeof(PairCode) * rows->n_codes + padded(rows->text_size);
}

void
ncci_rows_pairs(const NcciRows *rows, Arena *arena, PairSet *set)
{
	const char **rationales = arena_alloc(arena, sizeof(char *) * ((size_t) rows->n_rationales + 1));
	const char *text;
	uint32_t	i;

	memset(set, 0, sizeof(*set));
	set->codes = (const PairCode *) (rows + 1);
	set->n_codes = rows->n_codes;
	set->rows = (const PairRow *) ((const char *) rows + ncci_rows_head(rows));
	set->n_rows = rows->n_rows;
	text = (const char *) (set->codes + rows->n_codes);
	for (i = 0; i < rows->n_rationales; i++)
	{
		rationales[i] = text;
		text += strlen(text) + 1;
	}
	pair_set_rationales(set, rationales, rows->n_rationales);
	set->sum.low = (uint64_t) rows->sum[1] << 32 | rows->sum[0];
	set->sum.high = (uint64_t) rows->sum[3] << 32 | rows->sum[2];
}

const MueValue *
ncci_rows_mue(const NcciRows *rows, uint32_t *n)
{
	*n = rows->n_rows;
	return (const MueValue *) (rows + 1);
}

/* -------------------------------------------------------------- overlays */

MueValue *
mue_overlay(Arena *arena, const MueValue *base, uint32_t n_base,
			const MueValue *over, uint32_t n_over, uint32_t *n)
{
	MueValue   *values = arena_alloc(arena, sizeof(MueValue) * ((size_t) n_base + n_over + 1));
	uint32_t	b = 0,
				o = 0;

	*n = 0;
	while (b < n_base || o < n_over)
	{
		if (o == n_over || (b < n_base && base[b].code < over[o].code))
		{
			values[(*n)++] = base[b++];
			continue;
		}
		if (b < n_base && base[b].code == over[o].code)
			b++;
		if (over[o].mai != 0)
			values[(*n)++] = over[o];
		o++;
	}
	return values;
}

MueValue *
mue_delta(Arena *arena, const MueValue *from, uint32_t n_from, const MueValue *to, uint32_t n_to, uint32_t *n)
{
	MueValue   *values = arena_alloc(arena, sizeof(MueValue) * ((size_t) n_from + n_to + 1));
	uint32_t	f = 0,
				t = 0;

	*n = 0;
	while (f < n_from || t < n_to)
	{
		if (t == n_to || (f < n_from && from[f].code < to[t].code))
		{
			values[(*n)++] = (MueValue) {from[f++].code, 0, 0};
			continue;
		}
		if (f == n_from || from[f].code > to[t].code ||
			from[f].units != to[t].units || from[f].mai != to[t].mai)
			values[(*n)++] = to[t];
		if (f < n_from && from[f].code == to[t].code)
			f++;
		t++;
	}
	return values;
}

/* ------------------------------------------------------------- text form */

/* NcciKind, which are the parts of an edition, or -1. */
static int
kind_of(Word key)
{
	int			kind = NCCI_ADDON;

	while (kind >= 0 && !word_is(key, part_names[kind]))
		kind--;
	return kind;
}

static bool
read_version(Reader *reader)
{
	Word		key,
				word;
	int32_t		version;

	if (!json_key(reader, &key))
		return false;
	if (!word_is(key, "claimline_ncci"))
		return json_expected(reader, "\"claimline_ncci\" as the first key");
	return json_scalar(reader, &word) &&
		integer_from_text("At \"claimline_ncci\": Version is", word, NCCI_ROWS_VERSION, NCCI_ROWS_VERSION,
						  &version, reader->why);
}

static NcciRows *
pack_mue(RulesetSpec *spec, Arena *arena, void *(*get) (void *, size_t), void *context, Fault *why)
{
	const SpecMue *mue = spec_sorted_mue(spec);
	MueValue   *values = arena_alloc(arena, sizeof(MueValue) * ((size_t) spec->mue.count + 1));
	char		code[CODE_TEXT];
	int			i;

	for (i = 0; i < spec->mue.count; i++)
	{
		if (i > 0 && mue[i].code == mue[i - 1].code)
		{
			fault(why, FAULT_SYNTAX, 0, "\"mue\" has code %s twice", code_to_text(mue[i].code, code));
			return NULL;
		}
		values[i] = (MueValue) {mue[i].code, mue[i].row.units, mue[i].row.mai};
	}
	return ncci_rows_of_mue(values, (uint32_t) spec->mue.count, get, context);
}

NcciRows *
ncci_rows_from_text(const char *text, size_t length, Arena *arena,
					void *(*get) (void *, size_t), void *context, Fault *why)
{
	Reader		reader = json_reader(text, length, arena, why);
	RulesetSpec *spec = spec_begin(arena);
	Word		key;
	int			kind;

	spec->overlay = true;
	if (!json_take(&reader, '{'))
		json_expected(&reader, "\"{\"");
	else if (!read_version(&reader))
		;
	else if (!json_take(&reader, ','))
		json_expected(&reader, "\",\"");
	else if (!json_key(&reader, &key))
		;
	else if ((kind = kind_of(key)) < 0)
		json_expected(&reader, "\"ptp\", \"mue\" or \"addon\"");
	else
	{
		reader.key = part_names[kind];
		if (!read_table(&reader, spec, kind == NCCI_MUE ? "mue" : "ptp"))
			return NULL;
		reader.key = NULL;
		if (!json_take(&reader, '}'))
			json_expected(&reader, "\"}\"");
		else if (!json_end(&reader))
			;
		else if (kind == NCCI_MUE)
			return pack_mue(spec, arena, get, context, why);
		else if (spec_collect_pairs(spec, why) && (kind == NCCI_PTP || addon_pairs_check(spec->base_pairs, why)))
			return ncci_rows_of_pairs((NcciKind) kind, spec->base_pairs, get, context);
	}
	return NULL;
}

void
ncci_rows_to_text(const NcciRows *rows, Arena *arena,
				  void (*put_piece) (void *, const char *, size_t), void *context)
{
	Writer		writer = {put_piece, context, true};
	bool		first_row = true;
	PairSet		set;
	const MueValue *values;
	uint32_t	n,
				i,
				j;

	json_put(&writer, arena_printf(arena, "{\"claimline_ncci\": %d", NCCI_ROWS_VERSION));
	json_open_table(&writer, part_names[rows->kind]);
	if (rows->kind != NCCI_MUE)
	{
		ncci_rows_pairs(rows, arena, &set);
		for (i = 0; i < set.n_codes; i++)
		{
			const PairRow *row = pair_set_rows(&set, i, &n);

			for (j = 0; j < n; j++, row++)
			{
				json_open_row(&writer, &first_row);
				put_pair_row(&writer, set.codes[i].code, row,
							 pair_rationale(row) == 0 ? NULL : set.rationales[pair_rationale(row) - 1]);
				json_put(&writer, "]");
			}
		}
	}
	else
		for (values = ncci_rows_mue(rows, &n), i = 0; i < n; i++)
		{
			json_open_row(&writer, &first_row);
			json_put_code(&writer, values[i].code);
			if (values[i].mai == 0)
				json_put(&writer, ", null, null");
			else
			{
				json_put_number(&writer, values[i].units);
				json_put_number(&writer, values[i].mai);
			}
			json_put(&writer, ", null, null]");
		}
	json_put(&writer, "]}\n");
}

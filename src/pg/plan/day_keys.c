/*
 * src/pg/plan/day_keys.c
 *
 * The keys by which lines are grouped to days.
 */
#include "postgres.h"

#include "access/nbtree.h"
#include "access/tupmacs.h"
#include "base/copy.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "pg/compat.h"
#include "pg/plan/day_keys.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* Is equality by the operator that of bytes?  As an index asks that stores equal keys once. */
static bool
is_by_image(Oid type, Oid equality, Oid collation)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_BTREE_OPFAMILY);
	Oid			proc;

	/* blanks at the end of a bpchar count for nothing; earlier minor versions say that its bytes count */
	if (entry->eq_opr != equality || !OidIsValid(entry->btree_opf) || entry->btree_opintype == BPCHAROID)
		return false;
	proc = get_opfamily_proc(entry->btree_opf, entry->btree_opintype, entry->btree_opintype, BTEQUALIMAGE_PROC);
	return OidIsValid(proc) && DatumGetBool(OidFunctionCall1Coll(proc, collation, ObjectIdGetDatum(entry->btree_opintype)));
}

DayKeys *
day_keys_make(TupleDesc columns, List *equalities)
{
	int			n = list_length(equalities);
	DayKeys    *keys = palloc0(offsetof(DayKeys, keys) + sizeof(DayKey) * n);
	ListCell   *cell;

	keys->n = n;
	keys->by_image = true;
	foreach(cell, equalities)
	{
		Form_pg_attribute column = TupleDescAttr(columns, foreach_current_index(cell));
		DayKey	   *key = &keys->keys[foreach_current_index(cell)];
		RegProcedure hash;
		RegProcedure other;

		key->length = column->attlen;
		key->by_value = column->attbyval;
		key->align = column->attalign;
		key->is_packed = column->attlen == -1 && column->attstorage != TYPSTORAGE_PLAIN;
		key->collation = column->attcollation;
		key->by_image = is_by_image(column->atttypid, lfirst_oid(cell), key->collation);
		keys->by_image &= key->by_image;
		if (!get_op_hash_functions(lfirst_oid(cell), &hash, &other))
			elog(ERROR, "operator %u has no hash function", lfirst_oid(cell));
		fmgr_info(get_opcode(lfirst_oid(cell)), &key->equal);
		fmgr_info(hash, &key->hash);
	}
	return keys;
}

/* Room for the bytes of a key behind those before it; returns where. */
static inline char *
room_for(StringInfo to, int length)
{
	int			start = to->len;

	if (start + length >= to->maxlen)
		enlargeStringInfo(to, length);
	to->len = start + length;
	return to->data + start;
}

/* The same where a key of this alignment may start, with zeroes up to there. */
static inline char *
aligned_room_for(StringInfo to, char align, int length)
{
	int			fill = (int) att_align_nominal(to->len, align) - to->len;
	char	   *place = room_for(to, fill + length);

	memset(place, 0, fill);
	return place + fill;
}

/* Whole, and as short as a stored value can be: equal values are so in one way. */
static inline void
put_varlena(const DayKey *key, Datum value, StringInfo to)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);
	int			length = (int) VARSIZE_ANY_EXHDR(packed);
	char	   *place;

	if (key->is_packed && length + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
	{
		place = room_for(to, VARHDRSZ_SHORT + length);
		SET_VARSIZE_SHORT(place, VARHDRSZ_SHORT + length);
		copy_few(VARDATA_SHORT(place), VARDATA_ANY(packed), (size_t) length);
		return;
	}
	place = aligned_room_for(to, key->align, VARHDRSZ + length);
	SET_VARSIZE(place, VARHDRSZ + length);
	memcpy(VARDATA(place), VARDATA_ANY(packed), length);
}

/* A value that is passed by value, from or to where it need not be aligned; each length is a move. */
static inline void
copy_by_value(void *to, const void *from, int length)
{
	switch (length)
	{
		case 1:
			memcpy(to, from, 1);
			break;
		case 2:
			memcpy(to, from, 2);
			break;
		case 4:
			memcpy(to, from, 4);
			break;
		default:
			memcpy(to, from, sizeof(Datum));
	}
}

static inline void
put_by_value(const DayKey *key, Datum value, StringInfo to)
{
	Datum		aligned;

	store_att_byval(&aligned, value, key->length);
	copy_by_value(room_for(to, key->length), &aligned, key->length);
}

uint32
day_keys_put(const DayKeys *keys, const Datum *values, const bool *nulls, StringInfo to)
{
	uint32		null_mask = 0;
	int			i;

	for (i = 0; i < keys->n; i++)
	{
		const DayKey *key = &keys->keys[i];

		if (nulls[i])
			null_mask |= (uint32) 1 << i;
		else if (key->length == -1)
			put_varlena(key, values[i], to);
		else if (key->by_value)
			put_by_value(key, values[i], to);
		else
			memcpy(aligned_room_for(to, key->align, key->length), DatumGetPointer(values[i]), key->length);
	}
	return null_mask;
}

/* Where a key starts, and the next one may. */
static inline const char *
next_key(const DayKey *key, const char *bytes, int *at)
{
	const char *value;

	if (!key->by_value)
		*at = (int) att_align_pointer(*at, key->align, key->length, bytes + *at);
	value = bytes + *at;
	*at += key->length == -1 ? (int) VARSIZE_ANY(value) : key->length;
	return value;
}

static inline Datum
key_datum(const DayKey *key, const char *value)
{
	Datum		aligned = 0;

	if (!key->by_value)
		return PointerGetDatum(value);
	copy_by_value(&aligned, value, key->length);
	return fetch_att(&aligned, true, key->length);
}

void
day_keys_get(const DayKeys *keys, const char *bytes, uint32 null_mask, Datum *values)
{
	int			at = 0;
	int			i;

	for (i = 0; i < keys->n; i++)
		values[i] = null_mask & (uint32) 1 << i ? (Datum) 0
			: key_datum(&keys->keys[i], next_key(&keys->keys[i], bytes, &at));
}

/*
 * Of bytes, for tables of this process and its workers alone: eight at a time, as
 * hash_bytes() would take as long as all the rest of a row.
 */
static inline uint64
hash_words(const char *bytes, uint32 size, uint64 hash)
{
	uint64		word;
	uint32		half;

	for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word))
	{
		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * UINT64CONST(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	for (; size >= sizeof(half); size -= sizeof(half), bytes += sizeof(half))
	{
		memcpy(&half, bytes, sizeof(half));
		hash = (hash ^ half) * UINT64CONST(0x9E3779B97F4A7C15);
	}
	for (; size > 0; size--)
		hash = (hash ^ (unsigned char) *bytes++) * UINT64CONST(0x9E3779B97F4A7C15);
	/* parts are by the highest bits, groups by the lowest */
	hash ^= hash >> 32;
	hash *= UINT64CONST(0xD6E8FEB86659FD93);
	return hash ^ hash >> 32;
}

uint64
day_keys_hash(const DayKeys *keys, const char *bytes, uint32 size, uint32 null_mask)
{
	uint64		hash = null_mask;
	int			at = 0;
	int			i;

	if (keys->by_image)
		return hash_words(bytes, size, null_mask);
	for (i = 0; i < keys->n; i++)
	{
		const DayKey *key = &keys->keys[i];
		const char *value;

		if (null_mask & (uint32) 1 << i)
			continue;
		value = next_key(key, bytes, &at);
		if (key->by_image)
			hash = hash_words(value, (uint32) (bytes + at - value), hash);
		else
			hash = hash_combine64(hash, hash_bytes_uint32_extended(
				DatumGetUInt32(FunctionCall1Coll((FmgrInfo *) &key->hash, key->collation, key_datum(key, value))), i));
	}
	return hash;
}

bool
day_keys_equal(const DayKeys *keys, const char *a, uint32 size_a, uint32 nulls_a,
			   const char *b, uint32 size_b, uint32 nulls_b)
{
	int			at_a = 0;
	int			at_b = 0;
	int			i;

	if (nulls_a != nulls_b)
		return false;
	if (size_a == size_b && memcmp(a, b, size_a) == 0)
		return true;
	if (keys->by_image)
		return false;
	for (i = 0; i < keys->n; i++)
	{
		const DayKey *key = &keys->keys[i];
		const char *value_a;
		const char *value_b;

		if (nulls_a & (uint32) 1 << i)
			continue;
		value_a = next_key(key, a, &at_a);
		value_b = next_key(key, b, &at_b);
		if (!DatumGetBool(FunctionCall2Coll((FmgrInfo *) &key->equal, key->collation,
											key_datum(key, value_a), key_datum(key, value_b))))
			return false;
	}
	return true;
}

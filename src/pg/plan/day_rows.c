/*
 * src/pg/plan/day_rows.c
 *
 * Lines with the keys of their day, parted by the hash of the keys.
 */
#include "postgres.h"

#include <fcntl.h>

#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/plan/day_rows.h"
#include "utils/memutils.h"

/* A part of this many bytes is grouped in the processor's cache. */
#define PART_BYTES			(512 * 1024)
/* of the hash, a level's share */
#define LEVEL_BITS			8
#define FIRST_CHUNK			1024
#define LAST_CHUNK			(64 * 1024)
/* memory that the processor fetches while it does something else: a line of its cache, and bytes ahead in rows that are read one by one */
#define CACHE_LINE			64
#define READ_AHEAD			512

struct DayChunk
{
	DayChunk   *next;			/* of this process's own memory, or ... */
	dsa_pointer next_shared;	/* ... of shared memory */
	Size		used;
	Size		size;
	char		data[FLEXIBLE_ARRAY_MEMBER];
};

int
day_parts_for(double bytes, Size limit)
{
	double		part = Min(PART_BYTES, limit / 8.0);
	int			n = limit < 1024 * 1024 ? 4 : 16;

	/* a guess may be too low: a few parts more cost little, one pass more costs much */
	while (n < MAX_DAY_PARTS && n * part < bytes)
		n *= 2;
	return n;
}

DayRows *
day_rows_begin(MemoryContext parent, int level, int n_parts, Size limit, const RowSharing *sharing)
{
	MemoryContext context = AllocSetContextCreate(parent, "claimline day rows", ALLOCSET_DEFAULT_SIZES);
	DayRows    *rows = MemoryContextAllocZero(context, sizeof(DayRows));

	Assert(n_parts > 0 && n_parts <= MAX_DAY_PARTS && (n_parts & (n_parts - 1)) == 0);
	rows->context = context;
	rows->level = level;
	rows->n_parts = n_parts;
	rows->parts = MemoryContextAllocZero(context, sizeof(DayPart) * n_parts);
	rows->limit = limit;
	if (sharing != NULL)
		rows->sharing = *sharing;
	return rows;
}

static inline int
part_of(const DayRows *rows, uint64 hash)
{
	/* the lowest bits are those of the table of groups */
	return (int) (hash >> (64 - LEVEL_BITS * (rows->level + 1))) & (rows->n_parts - 1);
}

/* -------------------------------------------------------------- chunks */

static void
part_add_chunk(DayRows *rows, DayPart *part, Size row_size)
{
	Size		size = part->chunks == NULL ? FIRST_CHUNK : Min(part->chunks->size * 2, LAST_CHUNK);
	Size		all = offsetof(DayChunk, data) + Max(size, row_size);
	DayChunk   *chunk;

	if (rows->sharing.area != NULL)
	{
		dsa_pointer place = dsa_allocate_extended(rows->sharing.area, all, DSA_ALLOC_HUGE);

		chunk = dsa_get_address(rows->sharing.area, place);
		chunk->next_shared = part->share.chunks;
		part->share.chunks = place;
	}
	else
		chunk = MemoryContextAllocHuge(rows->context, all);
	chunk->next = part->chunks;
	chunk->used = 0;
	chunk->size = Max(size, row_size);
	part->chunks = chunk;
	rows->memory += chunk->size;
	rows->peak = Max(rows->peak, rows->memory);
}

/* Free chunks of shared memory behind one another. */
static void
free_shared_chunks(dsa_area *area, dsa_pointer chunks)
{
	while (DsaPointerIsValid(chunks))
	{
		dsa_pointer next = ((DayChunk *) dsa_get_address(area, chunks))->next_shared;

		dsa_free(area, chunks);
		chunks = next;
	}
}

static void
free_chunks(DayChunk *chunks)
{
	while (chunks != NULL)
	{
		DayChunk   *next = chunks->next;

		pfree(chunks);
		chunks = next;
	}
}

/* ------------------------------------------------------------- writing */

static void
file_name(char *name, Size size, int participant, int part)
{
	snprintf(name, size, "p%d.%d", participant, part);
}

static void
part_open(DayRows *rows, DayPart *part)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	char		name[MAXPGPATH];

	if (rows->sharing.files != NULL)
	{
		file_name(name, sizeof(name), rows->sharing.participant, (int) (part - rows->parts));
		part->file = BufFileCreateFileSet(&rows->sharing.files->fs, name);
	}
	else
		part->file = BufFileCreateTemp(false);
	MemoryContextSwitchTo(old);
}

static void
part_write(DayRows *rows, DayPart *part, const void *data, Size size)
{
	BufFileWrite(part->file, (void *) data, size);
	part->share.in_file += size;
	rows->in_files += size;
}

/* Put what a part has in memory into its file. */
static void
part_spill(DayRows *rows, DayPart *part)
{
	DayChunk   *chunk;

	if (part->file == NULL)
		part_open(rows, part);
	for (chunk = part->chunks; chunk != NULL; chunk = chunk->next)
	{
		part_write(rows, part, chunk->data, chunk->used);
		rows->memory -= chunk->size;
	}
	if (rows->sharing.area != NULL)
		free_shared_chunks(rows->sharing.area, part->share.chunks);
	else
		free_chunks(part->chunks);
	part->share.chunks = InvalidDsaPointer;
	part->chunks = NULL;
}

/* Make room: the largest parts go to files, half of the memory is enough. */
static void
spill_largest(DayRows *rows)
{
	while (rows->memory > rows->limit / 2)
	{
		DayPart    *largest = NULL;
		int			i;

		for (i = 0; i < rows->n_parts; i++)
			if (rows->parts[i].chunks != NULL && (largest == NULL || rows->parts[i].share.bytes > largest->share.bytes))
				largest = &rows->parts[i];
		if (largest == NULL)
			break;
		part_spill(rows, largest);
	}
}

static inline bool
has_room(const DayPart *part, const DayRow *row)
{
	return part->chunks != NULL && part->chunks->used + row->size <= part->chunks->size;
}

void
day_rows_add(DayRows *rows, const DayRow *row)
{
	DayPart    *part = &rows->parts[part_of(rows, row->hash)];
	PartShare  *share = &part->share;

	share->hash_min = share->n_rows == 0 ? row->hash : Min(share->hash_min, row->hash);
	share->hash_max = share->n_rows == 0 ? row->hash : Max(share->hash_max, row->hash);
	if (part->file == NULL && !has_room(part, row))
	{
		if (rows->memory > rows->limit)
			spill_largest(rows);
		if (part->file == NULL)
			part_add_chunk(rows, part, row->size);
	}
	share->n_rows++;
	share->bytes += row->size;
	if (part->file != NULL)
		part_write(rows, part, row, row->size);
	else
	{
		char	   *to = part->chunks->data + part->chunks->used;

		memcpy(to, row, row->size);
		part->chunks->used += row->size;
		/* the next row of this part comes many rows later: a third of the time would be waiting for where it goes */
		__builtin_prefetch(to + row->size + CACHE_LINE, 1);
		__builtin_prefetch(to + row->size + 2 * CACHE_LINE, 1);
	}
}

void
day_rows_publish(DayRows *rows)
{
	int			i;

	for (i = 0; i < rows->n_parts; i++)
	{
		DayPart    *part = &rows->parts[i];

		rows->sharing.shares[rows->sharing.participant * rows->n_parts + i] = part->share;
		if (part->file != NULL)
		{
			BufFileExportFileSet(part->file);
			BufFileClose(part->file);
		}
	}
	/* from here on they are of all */
	memset(rows->parts, 0, sizeof(DayPart) * rows->n_parts);
}

void
day_rows_end(DayRows *rows)
{
	int			i;

	for (i = 0; i < rows->n_parts; i++)
		if (rows->parts[i].file != NULL)
			BufFileClose(rows->parts[i].file);
	MemoryContextDelete(rows->context);
}

/* ------------------------------------------------------------- reading */

static int
n_shares(const DayRows *rows)
{
	return rows->sharing.shares == NULL ? 1 : rows->sharing.n_participants;
}

/* What one participant has of a part. */
static PartShare *
share_of(const DayRows *rows, int part, int participant)
{
	return rows->sharing.shares == NULL ? &rows->parts[part].share
		: &rows->sharing.shares[participant * rows->n_parts + part];
}

PartShare
day_part_share(const DayRows *rows, int part)
{
	PartShare	all = {0};
	int			i;

	for (i = 0; i < n_shares(rows); i++)
	{
		const PartShare *share = share_of(rows, part, i);

		if (share->n_rows == 0)
			continue;
		all.hash_min = all.n_rows == 0 ? share->hash_min : Min(all.hash_min, share->hash_min);
		all.hash_max = all.n_rows == 0 ? share->hash_max : Max(all.hash_max, share->hash_max);
		all.n_rows += share->n_rows;
		all.bytes += share->bytes;
		all.in_file += share->in_file;
	}
	return all;
}

static void
read_bytes(BufFile *file, char *to, Size size)
{
	if (BufFileRead(file, to, size) != size)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read %zu bytes of a temporary file of provider-days", size)));
}

/* The file of one participant's rows of a part, at its start. */
static BufFile *
share_file(DayRows *rows, int part, int participant)
{
	BufFile    *file = rows->parts[part].file;
	char		name[MAXPGPATH];

	if (rows->sharing.shares != NULL)
	{
		file_name(name, sizeof(name), participant, part);
		return BufFileOpenFileSet(&rows->sharing.files->fs, name, O_RDONLY, false);
	}
	if (BufFileSeek(file, 0, 0, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not rewind a temporary file of provider-days")));
	rows->parts[part].file = NULL;
	return file;
}

/* List the rows that lie behind one another; returns the end of the list. */
static DayRow **
list_rows(char *data, Size used, DayRow **list)
{
	char	   *end = data + used;

	for (; data < end; data += ((DayRow *) data)->size)
	{
		__builtin_prefetch(data + READ_AHEAD);
		*list++ = (DayRow *) data;
	}
	return list;
}

static DayChunk *
first_chunk(DayRows *rows, int part, const PartShare *share)
{
	if (rows->sharing.shares == NULL)
		return rows->parts[part].chunks;
	return DsaPointerIsValid(share->chunks) ? dsa_get_address(rows->sharing.area, share->chunks) : NULL;
}

static DayChunk *
next_chunk(const DayRows *rows, const DayChunk *chunk)
{
	if (rows->sharing.shares == NULL)
		return chunk->next;
	return DsaPointerIsValid(chunk->next_shared) ? dsa_get_address(rows->sharing.area, chunk->next_shared) : NULL;
}

void
day_part_load(DayRows *rows, int part, LoadedPart *loaded)
{
	PartShare	all = day_part_share(rows, part);
	DayRow	  **list;
	char	   *to;
	int			i;

	memset(loaded, 0, sizeof(*loaded));
	loaded->n = all.n_rows;
	loaded->list = list = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(DayRow *) * (all.n_rows + 1));
	loaded->block = to = all.in_file == 0 ? NULL : MemoryContextAllocHuge(CurrentMemoryContext, all.in_file);
	loaded->memory = all.bytes + sizeof(DayRow *) * all.n_rows;
	if (rows->sharing.shares != NULL)
	{
		loaded->area = rows->sharing.area;
		loaded->shared_chunks = palloc(sizeof(dsa_pointer) * n_shares(rows));
	}
	for (i = 0; i < n_shares(rows); i++)
	{
		PartShare  *share = share_of(rows, part, i);
		DayChunk   *chunk;

		if (share->in_file > 0)
		{
			BufFile    *file = share_file(rows, part, i);

			read_bytes(file, to, share->in_file);
			BufFileClose(file);
			list = list_rows(to, share->in_file, list);
			to += share->in_file;
		}
		for (chunk = first_chunk(rows, part, share); chunk != NULL; chunk = next_chunk(rows, chunk))
		{
			list = list_rows(chunk->data, chunk->used, list);
			if (rows->sharing.shares == NULL)
				rows->memory -= chunk->size;
		}
		if (loaded->area != NULL)
			loaded->shared_chunks[loaded->n_shared++] = share->chunks;
		else
			loaded->chunks = rows->parts[part].chunks;
		memset(share, 0, sizeof(*share));
	}
	rows->parts[part].chunks = NULL;
	Assert(list - loaded->list == loaded->n);
}

void
day_part_free(LoadedPart *loaded)
{
	int			i;

	for (i = 0; i < loaded->n_shared; i++)
		free_shared_chunks(loaded->area, loaded->shared_chunks[i]);
	if (loaded->shared_chunks != NULL)
		pfree(loaded->shared_chunks);
	free_chunks(loaded->chunks);
	if (loaded->block != NULL)
		pfree(loaded->block);
	pfree(loaded->list);
	memset(loaded, 0, sizeof(*loaded));
}

/* ------------------------------------------------------------ dividing */

bool
day_part_divides(const PartShare *share, int level, Size limit)
{
	return share->in_file > 0 && share->bytes > limit && share->hash_min < share->hash_max && level + 1 < MAX_DAY_LEVELS;
}

/* Hand rows from a file on. */
static void
divide_file(BufFile *file, uint64 n_rows, DayRows *to)
{
	Size		room = 1024;
	char	   *row = palloc(room);

	while (n_rows-- > 0)
	{
		DayRow		head;

		CHECK_FOR_INTERRUPTS();
		read_bytes(file, (char *) &head, sizeof(head));
		if (head.size > room)
		{
			pfree(row);
			room = head.size;
			row = MemoryContextAllocHuge(CurrentMemoryContext, room);
		}
		memcpy(row, &head, sizeof(head));
		read_bytes(file, row + sizeof(head), head.size - sizeof(head));
		day_rows_add(to, (DayRow *) row);
	}
	pfree(row);
	BufFileClose(file);
}

static void
divide_chunk(const DayChunk *chunk, DayRows *to)
{
	const char *at = chunk->data;

	for (; at < chunk->data + chunk->used; at += ((const DayRow *) at)->size)
		day_rows_add(to, (const DayRow *) at);
}

void
day_part_divide(DayRows *rows, int part, DayRows *to)
{
	int			i;

	for (i = 0; i < n_shares(rows); i++)
	{
		PartShare  *share = share_of(rows, part, i);
		DayChunk   *chunk;

		if (share->in_file > 0)
			divide_file(share_file(rows, part, i), share->n_rows, to);
		for (chunk = first_chunk(rows, part, share); chunk != NULL; chunk = next_chunk(rows, chunk))
			divide_chunk(chunk, to);
		if (rows->sharing.shares != NULL)
			free_shared_chunks(rows->sharing.area, share->chunks);
		memset(share, 0, sizeof(*share));
	}
	Assert(rows->parts[part].chunks == NULL);
}

void
day_shares_free(const RowSharing *sharing, int n_parts)
{
	int			i;

	for (i = 0; i < sharing->n_participants * n_parts; i++)
	{
		free_shared_chunks(sharing->area, sharing->shares[i].chunks);
		sharing->shares[i].chunks = InvalidDsaPointer;
	}
}

/*
 * src/pg/plan/day_rows.h
 *
 * Lines with the keys of their day, parted by the hash of the keys so that the
 * lines of one part fit into memory: in memory up to a limit, beyond it in
 * temporary files, one a part.  The memory and the files may be shared with
 * other processes, each of which writes rows of its own and reads those of all.
 */
#ifndef CLAIMLINE_DAY_ROWS_H
#define CLAIMLINE_DAY_ROWS_H

#include "storage/buffile.h"
#include "storage/sharedfileset.h"
#include "utils/dsa.h"

/* One line: the keys follow, up to key_size, and then an entry as in a day (DayEntry).  A multiple of 8 bytes. */
typedef struct DayRow
{
	uint64		hash;
	uint32		size;			/* of all */
	uint32		key_size;		/* with what fills up to a multiple of 4 */
	uint32		key_used;		/* without it */
	uint32		null_mask;
} DayRow;

#define DAY_ROW_KEYS(row)	((const char *) (row) + sizeof(DayRow))
#define DAY_ROW_ENTRY(row)	(DAY_ROW_KEYS(row) + (row)->key_size)

/* What one process has of a part; it lies in shared memory where rows are shared. */
typedef struct PartShare
{
	uint64		n_rows;
	uint64		bytes;
	uint64		in_file;		/* of them; all or none */
	uint64		hash_min;
	uint64		hash_max;
	dsa_pointer chunks;			/* of shared memory, the newest first */
} PartShare;

typedef struct DayChunk DayChunk;

typedef struct DayPart
{
	PartShare	share;
	DayChunk   *chunks;			/* in memory, the newest first */
	BufFile    *file;			/* all rows once it is there, or NULL */
} DayPart;

/* Where the rows of several processes are; area and files NULL where there is one. */
typedef struct RowSharing
{
	dsa_area   *area;
	SharedFileSet *files;
	int			participant;	/* this one, of n */
	int			n_participants;
	PartShare  *shares;			/* by participant, then by part */
} RowSharing;

typedef struct DayRows
{
	MemoryContext context;
	int			level;			/* parted by bits of the hash that the levels above did not use */
	int			n_parts;		/* a power of 2 */
	DayPart    *parts;
	Size		limit;			/* of memory, bytes */
	Size		memory;
	Size		peak;
	uint64		in_files;		/* bytes written to files */
	RowSharing	sharing;
} DayRows;

#define MAX_DAY_PARTS		256
#define MAX_DAY_LEVELS		5

/* How many parts for rows of so many bytes altogether, by guess. */
extern int	day_parts_for(double bytes, Size limit);

/* `sharing` may be NULL. */
extern DayRows *day_rows_begin(MemoryContext parent, int level, int n_parts, Size limit, const RowSharing *sharing);
extern void day_rows_add(DayRows *rows, const DayRow *row);

/* After the last row of this process: others can find its rows. */
extern void day_rows_publish(DayRows *rows);
extern void day_rows_end(DayRows *rows);

/* What all processes have of a part. */
extern PartShare day_part_share(const DayRows *rows, int part);

/* The rows of a part, put into one list. */
typedef struct LoadedPart
{
	DayRow	  **list;
	uint64		n;
	Size		memory;
	char	   *block;			/* of those that were in files, or NULL */
	DayChunk   *chunks;			/* of those that were in memory */
	dsa_area   *area;			/* the same of shared memory, by participant, or NULL */
	dsa_pointer *shared_chunks;
	int			n_shared;
} LoadedPart;

/* Load a part, which is empty afterwards; into the current memory context. */
extern void day_part_load(DayRows *rows, int part, LoadedPart *loaded);
extern void day_part_free(LoadedPart *loaded);

/* Is a part too large for memory, and can be parted further? */
extern bool day_part_divides(const PartShare *share, int level, Size limit);

/* Hand the rows of a part to `to`, one by one; the part is empty afterwards. */
extern void day_part_divide(DayRows *rows, int part, DayRows *to);

/* Give back what processes share: all parts, loaded or not. */
extern void day_shares_free(const RowSharing *sharing, int n_parts);

#endif							/* CLAIMLINE_DAY_ROWS_H */

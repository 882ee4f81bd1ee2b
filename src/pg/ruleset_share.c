/*
 * src/pg/ruleset_share.c
 *
 * Compiled rulesets in files that all backends and workers map, read only; the
 * filter of its pairs of codes lies behind each.
 *
 * The files are temporary files of the server, by place and name: whatever
 * starts a server removes them, whether it was stopped or crashed, and base
 * backups leave them out.  One is written under another name and renamed when
 * it is whole.  Its name is a hash that nobody can aim at of everything that the
 * ruleset is built from, with the database and the version of the library: what
 * has the name is the ruleset.  A file that is removed stays with those that
 * have it mapped.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#ifndef WIN32
#include <sys/mman.h>
#include <utime.h>
#endif
#include <unistd.h>

#include "catalog/pg_type.h"
#include "common/file_utils.h"
#include "lib/ilist.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pg/ruleset_share.h"
#include "pg/ruleset_type.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#define SHARE_DIR		"base/" PG_TEMP_FILES_DIR
#define SHARE_PREFIX	PG_TEMP_FILE_PREFIX ".claimline."

/* More files than these are too many: the longest unused go. */
#define MAX_FILES		8

void
ruleset_file_name(const char *built_from, size_t length, char name[RULESET_FILE])
{
	StringInfoData all;
	bytea	   *hash;

	initStringInfo(&all);
	/* what starts as a value of bytea does, so that it is one */
	appendStringInfoSpaces(&all, VARHDRSZ);
	appendStringInfo(&all, "%s|%u|%d|", CLAIMLINE_EXTVERSION, MyDatabaseId, RULESET_VERSION);
	appendBinaryStringInfo(&all, (const char *) starter_default(), (int) sizeof(Ruleset));
	appendBinaryStringInfo(&all, built_from, (int) length);
	SET_VARSIZE(all.data, all.len);
	hash = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, PointerGetDatum(all.data)));
	hex_encode(VARDATA_ANY(hash), (RULESET_FILE - 1) / 2, name);
	name[RULESET_FILE - 1] = '\0';
	pfree(all.data);
}

static void
share_path(char path[MAXPGPATH], const char *name, const char *more)
{
	snprintf(path, MAXPGPATH, "%s/%s%s%s", SHARE_DIR, SHARE_PREFIX, name, more);
}

#ifndef WIN32

/* ------------------------------------------------------------- reading */

typedef struct Mapping
{
	slist_node	node;
	MemoryContextCallback callback;
	void	   *start;
	size_t		size;
} Mapping;

/* Those of this backend, and which of them was asked for last. */
static slist_head mappings = SLIST_STATIC_INIT(mappings);
static const Mapping *last = NULL;

/* Where the filter lies, from the start of the file. */
static size_t
filter_offset(const Ruleset *rules)
{
	return MAXALIGN(rules->size);
}

static void
unmap(void *argument)
{
	Mapping    *mapping = argument;

	slist_delete(&mappings, &mapping->node);
	last = NULL;
	(void) munmap(mapping->start, mapping->size);
}

const PairFilter *
ruleset_shared_filter(const Ruleset *rules)
{
	slist_iter	iter;

	if (last == NULL || last->start != rules)
	{
		last = NULL;
		slist_foreach(iter, &mappings)
		{
			const Mapping *mapping = slist_container(Mapping, node, iter.cur);

			if (mapping->start == rules)
				last = mapping;
		}
	}
	return last == NULL ? NULL : (const PairFilter *) ((const char *) last->start + filter_offset(rules));
}

Ruleset *
ruleset_map(const char *name, MemoryContext context)
{
	char		path[MAXPGPATH];
	struct stat status;
	Mapping    *mapping;
	void	   *start = MAP_FAILED;
	int			file;

	share_path(path, name, "");
	file = OpenTransientFile(path, O_RDONLY | PG_BINARY);
	if (file < 0)
		return NULL;
	if (fstat(file, &status) == 0 && status.st_size >= (off_t) sizeof(Ruleset))
		start = mmap(NULL, (size_t) status.st_size, PROT_READ, MAP_SHARED, file, 0);
	CloseTransientFile(file);
	if (start == MAP_FAILED)
		return NULL;
	if (filter_offset(start) >= (size_t) status.st_size ||
		filter_offset(start) + pair_filter_size(start) != (size_t) status.st_size)
	{
		(void) munmap(start, (size_t) status.st_size);
		return NULL;
	}
	/* it is in use; whether that can be noted or not */
	(void) utime(path, NULL);
	mapping = MemoryContextAllocZero(context, sizeof(Mapping));
	mapping->start = start;
	mapping->size = (size_t) status.st_size;
	mapping->callback.func = unmap;
	mapping->callback.arg = mapping;
	MemoryContextRegisterResetCallback(context, &mapping->callback);
	slist_push_head(&mappings, &mapping->node);
	return start;
}

/* ------------------------------------------------------------- writing */

/* Remove the longest unused file where there are too many. */
static void
remove_oldest(void)
{
	DIR		   *dir = AllocateDir(SHARE_DIR);
	struct dirent *entry;
	char		oldest[MAXPGPATH] = "";
	time_t		oldest_used = 0;
	int			n = 0;

	while ((entry = ReadDirExtended(dir, SHARE_DIR, DEBUG1)) != NULL)
	{
		char		path[MAXPGPATH];
		struct stat status;

		if (strncmp(entry->d_name, SHARE_PREFIX, strlen(SHARE_PREFIX)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", SHARE_DIR, entry->d_name);
		if (stat(path, &status) != 0)
			continue;
		n++;
		if (oldest[0] == '\0' || status.st_mtime < oldest_used)
		{
			strlcpy(oldest, path, sizeof(oldest));
			oldest_used = status.st_mtime;
		}
	}
	FreeDir(dir);
	if (n > MAX_FILES)
		(void) unlink(oldest);
}

static bool
write_whole(int file, const char *data, size_t size)
{
	while (size > 0)
	{
		ssize_t		written;

		CHECK_FOR_INTERRUPTS();
		written = write(file, data, Min(size, 1024 * 1024));
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		data += written;
		size -= (size_t) written;
	}
	return true;
}

/* The ruleset, and behind it its filter. */
static bool
write_ruleset(int file, const Ruleset *rules)
{
	static const char zeros[MAXIMUM_ALIGNOF] = {0};
	size_t		size = pair_filter_size(rules);
	PairFilter *filter = MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bool		written;

	pair_filter_fill(rules, filter);
	written = write_whole(file, (const char *) rules, rules->size) &&
		write_whole(file, zeros, filter_offset(rules) - rules->size) &&
		write_whole(file, (const char *) filter, size);
	pfree(filter);
	return written;
}

/* Also where the session ends while it writes. */
static void
remove_growing(int code, Datum growing)
{
	(void) unlink(DatumGetCString(growing));
}

bool
ruleset_share(const char *name, const Ruleset *rules)
{
	char		path[MAXPGPATH];
	char		growing[MAXPGPATH];
	char		more[32];
	bool		written = false;
	int			file;

	snprintf(more, sizeof(more), ".%d", MyProcPid);
	share_path(path, name, "");
	share_path(growing, name, more);
	/* it is there once a query has needed temporary files */
	(void) MakePGDirectory(SHARE_DIR);
	file = OpenTransientFile(growing, O_RDWR | O_CREAT | O_TRUNC | PG_BINARY);
	if (file >= 0)
	{
		PG_ENSURE_ERROR_CLEANUP(remove_growing, CStringGetDatum(growing));
		{
			written = write_ruleset(file, rules);
		}
		PG_END_ENSURE_ERROR_CLEANUP(remove_growing, CStringGetDatum(growing));
		/* some file systems tell only now that they are full */
		if (CloseTransientFile(file) != 0)
			written = false;
	}
	if (written && rename(growing, path) == 0)
	{
		remove_oldest();
		return true;
	}
	ereport(DEBUG1,
			(errcode_for_file_access(),
			 errmsg_internal("could not write file \"%s\" of a ruleset: %m", growing)));
	(void) unlink(growing);
	return false;
}

#else							/* each backend has its own */

const PairFilter *
ruleset_shared_filter(const Ruleset *rules)
{
	return NULL;
}

Ruleset *
ruleset_map(const char *name, MemoryContext context)
{
	return NULL;
}

bool
ruleset_share(const char *name, const Ruleset *rules)
{
	return false;
}

#endif

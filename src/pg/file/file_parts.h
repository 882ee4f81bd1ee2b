/*
 * src/pg/file/file_parts.h
 *
 * A file that came in parts as one text.
 */
#ifndef CLAIMLINE_FILE_PARTS_H
#define CLAIMLINE_FILE_PARTS_H

#include "fmgr.h"

/*
 * The file of the call's first two arguments: the table of its parts and the
 * encoding that they are in.  It stays until the memory context is reset.
 */
extern const char *file_parts_map(FunctionCallInfo fcinfo, size_t *length);

#endif							/* CLAIMLINE_FILE_PARTS_H */

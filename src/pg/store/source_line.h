/*
 * src/pg/store/source_line.h
 *
 * A row read by the plan of a call.
 */
#ifndef CLAIMLINE_SOURCE_LINE_H
#define CLAIMLINE_SOURCE_LINE_H

#include "pg/store/source_reading.h"

/*
 * Is the row of a call a line?  If not, the reason is in reading->why.  Of what
 * a line need not have and could not be read, the reasons are put where
 * `unread_why` points to, by number of UNREAD_..., unless it is NULL.
 */
extern bool read_row(FunctionCallInfo fcinfo, Reading *reading, Fault *unread_why);

/* UNREAD_... of a field that a line need not have, 0 of the others. */
extern uint16 optional_field(SourceField field);

#endif							/* CLAIMLINE_SOURCE_LINE_H */

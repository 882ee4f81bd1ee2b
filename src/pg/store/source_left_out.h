/*
 * src/pg/store/source_left_out.h
 *
 * The conditions of rows that a mapping leaves out, as SQL.
 */
#ifndef CLAIMLINE_SOURCE_LEFT_OUT_H
#define CLAIMLINE_SOURCE_LEFT_OUT_H

#include "pg/store/source_map.h"

/* Is a row a line, by all LeftOut of a mapping?  True or false, never null. */
extern char *is_line_sql(List *rows);

/* What a row is that is none: the kind of the first that holds; null for a line. */
extern char *what_left_out_sql(List *rows);

/* A value for rows that are lines; null for others. */
extern char *if_line_sql(List *rows, char *value);

#endif							/* CLAIMLINE_SOURCE_LEFT_OUT_H */

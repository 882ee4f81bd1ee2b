/*
 * src/pg/store/source_expression.h
 *
 * SQL expressions in a mapping: lone scalar ones over columns of the relation.
 */
#ifndef CLAIMLINE_SOURCE_EXPRESSION_H
#define CLAIMLINE_SOURCE_EXPRESSION_H

#include "nodes/pg_list.h"

/*
 * The names (char *) of the columns in an expression, in order.  Raises an
 * error for anything that is not one lone scalar expression.
 */
extern List *expression_columns(char *expression);

/* The expression in parentheses with other columns, each behind "t."; as many as it has. */
extern char *expression_with_columns(char *expression, List *names);

#endif							/* CLAIMLINE_SOURCE_EXPRESSION_H */

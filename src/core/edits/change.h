/*
 * src/core/edits/change.h
 *
 * How a line would be changed to be billed.
 */
#ifndef CLAIMLINE_CHANGE_H
#define CLAIMLINE_CHANGE_H

#include "ruleset/ruleset.h"

typedef enum ChangeKind
{
	CHANGE_NONE,
	CHANGE_ADD_FIRST,			/* a modifier in front of all others */
	CHANGE_ADD,					/* a modifier behind 59, X{EPSU} and 25 */
	CHANGE_REPLACE,				/* `old` by `modifier` */
	CHANGE_DROP,				/* `old`, its last occurrence */
	CHANGE_MOVE,				/* `old` to where CHANGE_ADD puts one */
	CHANGE_UNITS,
	CHANGE_CODE					/* another code, with `modifier` if it is not 0 */
} ChangeKind;

typedef struct Change
{
	ChangeKind	kind;
	uint16_t	modifier;
	uint16_t	old;
	uint32_t	units;			/* thousandths */
	uint32_t	code;
} Change;

/* The changed line.  False when it cannot be changed so. */
extern bool change_apply(const Ruleset *rules, const Line *line, const Change *change,
						 LineBuffer *changed);

#endif							/* CLAIMLINE_CHANGE_H */

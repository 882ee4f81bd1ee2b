/*
 * src/pg/store/source_expression.c
 *
 * SQL expressions in a mapping: lone scalar ones over columns of the relation.
 */
#include "postgres.h"

#include "base/word.h"
#include "lib/stringinfo.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "pg/compat.h"
#include "pg/store/source_expression.h"
#include "utils/builtins.h"
#include "utils/guc.h"

/* A column's place in an expression, from the first byte to behind the last. */
typedef struct ColumnPlace
{
	char	   *name;
	int			start;
	int			end;
} ColumnPlace;

typedef struct Walk
{
	const char *expression;
	List	   *places;			/* of ColumnPlace */
} Walk;

static void
refuse_expression(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid expression in a mapping"),
			 errdetail("%s", detail),
			 errhint("Give one scalar expression over columns of the relation; functions and types outside pg_catalog with their schema.")));
}

/* The identifier that starts at `at`, without quotes; `end` behind it; NULL where there is none. */
static char *
identifier_at(const char *text, int at, int *end)
{
	int			i = at;

	if (text[i] == '"')
	{
		char	   *name = palloc(strlen(text + i) + 1);
		int			n = 0;

		for (i++; text[i] != '\0'; i++)
		{
			if (text[i] == '"')
			{
				if (text[i + 1] != '"')
					break;
				i++;
			}
			name[n++] = text[i];
		}
		if (text[i] != '"')
			return NULL;
		name[n] = '\0';
		truncate_identifier(name, n, false);
		*end = i + 1;
		return name;
	}
	while (is_letter(text[i]) || text[i] == '_' || IS_HIGHBIT_SET(text[i]) ||
		   (i > at && (is_digit(text[i]) || text[i] == '$')))
		i++;
	if (i == at)
		return NULL;
	*end = i;
	return downcase_truncate_identifier(text + at, i - at, false);
}

static void
note_column(Walk *walk, ColumnRef *ref)
{
	ColumnPlace *place = palloc(sizeof(ColumnPlace));
	int			at = ref->location;
	int			fields = list_length(ref->fields);
	ListCell   *cell;
	int			n = 0;

	if (at < 0 || fields > 2 || (fields == 2 && IsA(linitial(ref->fields), String) && strcmp(strVal(linitial(ref->fields)), "t") != 0))
		refuse_expression("A column stands by its name, or by its name behind \"t.\".");
	place->start = at;
	foreach(cell, ref->fields)
	{
		char	   *name;

		if (!IsA(lfirst(cell), String))
			refuse_expression("It holds \"*\".");
		if (n++ > 0)
		{
			while (is_blank(walk->expression[at]))
				at++;
			if (walk->expression[at] != '.')
				refuse_expression("The name of a column is written with a comment or escapes.");
			at++;
			while (is_blank(walk->expression[at]))
				at++;
		}
		name = identifier_at(walk->expression, at, &at);
		if (name == NULL || strcmp(name, strVal(lfirst(cell))) != 0)
			refuse_expression("The name of a column is written with a comment or escapes.");
		place->name = name;
	}
	place->end = at;
	walk->places = lappend(walk->places, place);
}

static bool
walk_expression(Node *node, void *context)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_ColumnRef:
			note_column(context, (ColumnRef *) node);
			return false;
		case T_SubLink:
		case T_SelectStmt:
			refuse_expression("It holds a query.");
			break;
		case T_ParamRef:
			refuse_expression("It holds a parameter.");
			break;
		case T_SetToDefault:
		case T_GroupingFunc:
			refuse_expression("It is no scalar expression.");
			break;
		case T_FuncCall:
			{
				FuncCall   *call = (FuncCall *) node;

				if (call->over != NULL || call->agg_star || call->agg_distinct || call->agg_within_group ||
					call->agg_order != NIL || call->agg_filter != NULL)
					refuse_expression("It holds an aggregate or window function.");
				break;
			}
		default:
			break;
	}
	return raw_expression_tree_walker(node, walk_expression, context);
}

/* Show where in the expression, not in the statement that holds it. */
static void
expression_error_context(void *arg)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery((const char *) arg);
	}
}

static int
place_cmp(const ListCell *a, const ListCell *b)
{
	return ((ColumnPlace *) lfirst(a))->start - ((ColumnPlace *) lfirst(b))->start;
}

static List *
expression_places(char *expression)
{
	ErrorContextCallback callback = {.callback = expression_error_context, .arg = expression};
	Walk		walk = {.expression = expression};
	List	   *trees;
	SelectStmt *select;
	ResTarget  *target;

	/* it is parsed again where it is used */
	if (!standard_conforming_strings && strchr(expression, '\\') != NULL)
		refuse_expression("It holds a backslash, and standard_conforming_strings is off.");
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	trees = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	error_context_stack = callback.previous;

	if (list_length(trees) != 1)
		refuse_expression("It is not one expression.");
	select = (SelectStmt *) linitial_node(RawStmt, trees)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE || list_length(select->targetList) != 1 ||
		select->distinctClause != NIL || select->intoClause != NULL || select->fromClause != NIL ||
		select->whereClause != NULL || select->groupClause != NIL || select->havingClause != NULL ||
		select->windowClause != NIL || select->valuesLists != NIL || select->sortClause != NIL ||
		select->limitOffset != NULL || select->limitCount != NULL || select->lockingClause != NIL ||
		select->withClause != NULL)
		refuse_expression("It is not one expression.");
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		refuse_expression("It is not one expression.");
	walk_expression(target->val, &walk);
	list_sort(walk.places, place_cmp);
	return walk.places;
}

List *
expression_columns(char *expression)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, expression_places(expression))
		names = lappend(names, ((ColumnPlace *) lfirst(cell))->name);
	return names;
}

char *
expression_with_columns(char *expression, List *names)
{
	List	   *places = expression_places(expression);
	StringInfoData result;
	ListCell   *place;
	ListCell   *name;
	int			done = 0;

	if (list_length(names) != list_length(places))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the expression holds %d columns, not %d", list_length(places), list_length(names))));
	initStringInfo(&result);
	appendStringInfoString(&result, "(\n");
	forboth(place, places, name, names)
	{
		ColumnPlace *at = lfirst(place);

		appendBinaryStringInfo(&result, expression + done, at->start - done);
		appendStringInfo(&result, "t.%s", quote_identifier(lfirst(name)));
		done = at->end;
	}
	appendStringInfoString(&result, expression + done);
	/* the end of the line ends a comment */
	appendStringInfoString(&result, "\n)");
	return result.data;
}

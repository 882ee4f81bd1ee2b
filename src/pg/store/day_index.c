/*
 * src/pg/store/day_index.c
 *
 * The index by which the provider-days of a table are found.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "nodes/makefuncs.h"
#include "pg/store/day_index.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

Node *
without_relabels(Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

bool
compares_alike(const KeyPart *key, Oid family, Oid type, int16 equality, Oid collation)
{
	if (get_opfamily_member(family, type, type, equality) != lookup_type_cache(key->type, TYPECACHE_EQ_OPR)->eq_opr)
		return false;
	return collation == key->collation || (get_collation_isdeterministic(collation) && get_collation_isdeterministic(key->collation));
}

/* Does a column of an index hold a part of the key, and find all that equal it? */
static bool
holds(const RowReader *reader, int part, Node *expression, Relation index, int column, Node *indexed, IndexPart *found)
{
	Oid			family = index->rd_opfamily[column];
	Oid			input = index->rd_opcintype[column];
	Oid			collation = index->rd_indcollation[column];

	if (!compares_alike(&reader->keys[part], family, input, BTEqualStrategyNumber, collation) ||
		!equal(without_relabels(expression), without_relabels(indexed)))
		return false;
	found->part = part;
	found->collation = collation;
	fmgr_info_cxt(get_opcode(get_opfamily_member(family, input, input, BTEqualStrategyNumber)), &found->equal, reader->context);
	return true;
}

/* How many of the first columns of an index are parts of the key; with which. */
static int
columns_held(const RowReader *reader, const Query *query, Relation index, IndexPart *parts)
{
	List	   *expressions = RelationGetIndexExpressions(index);
	ListCell   *next = list_head(expressions);
	bool		taken[N_KEYS] = {false};
	int			n = 0;

	while (n < Min(IndexRelationGetNumberOfKeyAttributes(index), N_KEYS))
	{
		AttrNumber	attribute = index->rd_index->indkey.values[n];
		Node	   *indexed;
		int			part;

		if (attribute == 0)
		{
			indexed = lfirst(next);
			next = lnext(expressions, next);
		}
		else
		{
			Form_pg_attribute column = TupleDescAttr(RelationGetDescr(index), n);

			indexed = (Node *) makeVar(1, attribute, column->atttypid, column->atttypmod, column->attcollation, 0);
		}
		for (part = 0; part < N_KEYS; part++)
		{
			Node	   *expression = (Node *) row_reader_column(query, part);

			/* a column is told by its number */
			if (attribute != 0 && (!IsA(without_relabels(expression), Var) || ((Var *) without_relabels(expression))->varattno != attribute))
				continue;
			if (attribute != 0)
				indexed = expression;
			if (!taken[part] && holds(reader, part, expression, index, n, indexed, &parts[n]))
				break;
		}
		if (part == N_KEYS)
			break;
		taken[part] = true;
		n++;
	}
	return n;
}

/* Does an index find all rows, also those of chains that were broken when it was made? */
static bool
is_whole(Relation index)
{
	return index->rd_index->indisvalid && RelationGetIndexPredicate(index) == NIL &&
		(!index->rd_index->indcheckxmin || TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data), TransactionXmin));
}

bool
day_index_find(RowReader *reader, const Query *query, Relation table)
{
	ListCell   *cell;
	int			i;

	foreach(cell, RelationGetIndexList(table))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		IndexPart	parts[N_KEYS];
		int			n = 0;

		if (index->rd_rel->relam == BTREE_AM_OID && is_whole(index))
			n = columns_held(reader, query, index, parts);
		if (n > reader->n_index_parts && (n > 1 || parts[0].part == 0))
		{
			reader->index = RelationGetRelid(index);
			reader->n_index_parts = n;
			memcpy(reader->index_parts, parts, sizeof(parts));
		}
		index_close(index, AccessShareLock);
	}
	for (i = 0; i < reader->n_index_parts; i++)
		reader->indexed |= 1 << reader->index_parts[i].part;
	return reader->n_index_parts > 0;
}

/*
 * src/pg/policy_log.c
 *
 * Policies as they were: what is changed or deleted is kept, as the owner of
 * the table, whoever may write policies.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "pg/extension.h"
#include "pg/store/store_sql.h"
#include "utils/guc.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(claim_policy_superseded);

Datum
claim_policy_superseded(PG_FUNCTION_ARGS)
{
	static const char *const columns[] = {"name", "settings", "note", "source", "published_by", "published_at"};
	Oid			types[] = {TEXTOID, JSONBOID, TEXTOID, TEXTOID, NAMEOID, TIMESTAMPTZOID};
	TriggerData *data = (TriggerData *) fcinfo->context;
	Datum		values[lengthof(types)];
	bool		nulls[lengthof(types)];
	TupleDesc	desc;
	Role		role;
	int			level;
	int			i;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(data->tg_event) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		TRIGGER_FIRED_BY_INSERT(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("claim_policy_superseded must be called as a trigger after a row was changed")));
	desc = RelationGetDescr(data->tg_relation);
	SPI_connect();
	for (i = 0; i < lengthof(columns); i++)
	{
		int			at = SPI_fnumber(desc, columns[i]);

		if (at <= 0 || SPI_gettypeid(desc, at) != types[i])
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("claim_policy_superseded is for the table claim_policy")));
		values[i] = SPI_getbinval(data->tg_trigtuple, desc, at, &nulls[i]);
	}
	level = NewGUCNestLevel();
	set_local("search_path", "pg_catalog, pg_temp");
	role = role_begin(data->tg_relation->rd_rel->relowner);
	sql_execute_once("INSERT INTO " INTERNAL_SCHEMA ".claim_policy_version (name, settings, note, source, published_by, published_at) "
					 "VALUES ($1, $2, $3, $4, $5, $6)", lengthof(types), types, values, nulls, false);
	role_end(role);
	AtEOXact_GUC(false, level);
	SPI_finish();
	return PointerGetDatum(NULL);
}

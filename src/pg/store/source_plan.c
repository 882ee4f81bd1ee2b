/*
 * src/pg/store/source_plan.c
 *
 * How the arguments of claim_source_line are the fields of a line.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/stored_field.h"
#include "nodes/primnodes.h"
#include "pg/store/source_plan.h"
#include "pg/store/source_quick.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

static void
refuse_plan(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid description of a line's columns"),
			 errdetail("%s.", detail),
			 errhint("claim_source_select gives the whole call.")));
}

static Word
word_of(const JsonbValue *value)
{
	if (value->type != jbvString)
		refuse_plan("A text is expected");
	return (Word) {pnstrdup(value->val.string.val, value->val.string.len), (size_t) value->val.string.len, 0};
}

static Words
words_of(const JsonbValue *value, bool trim)
{
	Words		words = {NULL, 0};
	int			i;

	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		refuse_plan("A list of texts is expected");
	words.n = (int) JsonContainerSize(value->val.binary.data);
	words.words = palloc(sizeof(Word) * (Size) Max(words.n, 1));
	for (i = 0; i < words.n; i++)
	{
		words.words[i] = word_of(getIthJsonbValueFromContainer(value->val.binary.data, i));
		if (trim)
			words.words[i] = word_trim(words.words[i]);
	}
	return words;
}

static int
count_of(const JsonbValue *value)
{
	if (value->type != jbvNumeric)
		refuse_plan("A number is expected");
	return DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(value->val.numeric)));
}

static bool
key_is(const JsonbValue *key, const char *text)
{
	return key->val.string.len == (int) strlen(text) && memcmp(key->val.string.val, text, key->val.string.len) == 0;
}

/* The marks that are numbers or dates, once. */
static void
plan_marks(FieldPlan *plan)
{
	int			i;

	plan->missing_numbers = palloc(sizeof(Datum) * (Size) Max(plan->missing.n, 1));
	plan->missing_dates = palloc(sizeof(int32) * (Size) Max(plan->missing.n, 1));
	for (i = 0; i < plan->missing.n; i++)
	{
		Word		mark = plan->missing.words[i];

		if (stored_number_is_valid(mark))
			plan->missing_numbers[plan->n_missing_numbers++] = numeric_of(mark);
		if (stored_date(mark, &plan->missing_dates[plan->n_missing_dates]))
			plan->n_missing_dates++;
	}
}

/* The keys of a field's description; the places of its arguments are filled in afterwards. */
static void
plan_field(FieldPlan *plan, JsonbContainer *description)
{
	JsonbIterator *each = JsonbIteratorInit(description);
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;

	memset(plan, 0, sizeof(*plan));
	plan->field = N_SOURCE_FIELDS;
	plan->n = 1;
	while ((token = JsonbIteratorNext(&each, &key, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&each, &value, true);
		if (key_is(&key, "field"))
			plan->field = source_field_of(word_of(&value).text, value.val.string.len);
		else if (key_is(&key, "columns"))
		{
			plan->n = count_of(&value);
			plan->is_list = true;
		}
		else if (key_is(&key, "first"))
			plan->first_distinct = value.type == jbvBool && value.val.boolean;
		else if (key_is(&key, "of"))
		{
			Fault		why;

			if (!dx_of_from_text(word_of(&value), &plan->dx_of, &why))
				refuse_plan("Diagnoses are of another thing than the line, the claim or the first");
		}
		else if (key_is(&key, "presence"))
			plan->presence = value.type == jbvBool && value.val.boolean;
		else if (key_is(&key, "missing"))
			plan->missing = words_of(&value, true);
		else if (key_is(&key, "format"))
			plan->format = word_trim(word_of(&value));
		else if (key_is(&key, "default"))
			plan->otherwise = word_of(&value);
		else if (key_is(&key, "concepts"))
		{
			plan->procedure = true;
			plan->n_concepts = count_of(&value);
		}
		else if (key_is(&key, "behind"))
			plan->behind = 1;
		else if (key_is(&key, "drop"))
		{
			plan->drop = 1;
			plan->drop_values = words_of(&value, false);
		}
		else
			refuse_plan("A key is unknown");
	}
	if (plan->field >= N_LINE_FIELDS || plan->n < (plan->behind ? 0 : 1) || plan->n > FUNC_MAX_ARGS ||
		plan->n_concepts < 0 || plan->n_concepts > FUNC_MAX_ARGS)
		refuse_plan("A field is unknown or has no columns");
	plan_marks(plan);
}

/* Ensure that an argument is there, of a type that a field can have. */
static Oid
argument_type(FunctionCallInfo fcinfo, int argument)
{
	Oid			type = argument < PG_NARGS() ? getBaseType(get_fn_expr_argtype(fcinfo->flinfo, argument)) : InvalidOid;

	switch (type)
	{
		case TEXTOID:
		case TEXTARRAYOID:
		case INT4OID:
		case NUMERICOID:
		case DATEOID:
		case TIMEOID:
		case BOOLOID:
			return type;
		default:
			refuse_plan("An argument is missing or of another type");
			return InvalidOid;
	}
}

static void
want_text(FunctionCallInfo fcinfo, int argument)
{
	if (argument_type(fcinfo, argument) != TEXTOID)
		refuse_plan("An argument is not a text");
}

/* Can a field be read from values of a type? */
static bool
type_fits(const FieldPlan *plan)
{
	switch (plan->field)
	{
		case SOURCE_UNITS:
		case SOURCE_MINUTES:
		case SOURCE_VISIT:
		case SOURCE_ASSISTANT:
		case SOURCE_CHARGE:
			return plan->type == TEXTOID || plan->type == INT4OID || plan->type == NUMERICOID;
		case SOURCE_STATUS:
			return plan->type == BOOLOID;
		case SOURCE_DOS:
		case SOURCE_THRU:
			return plan->type == TEXTOID || plan->type == DATEOID;
		case SOURCE_START:
			return plan->type == TEXTOID || plan->type == TIMEOID;
		case SOURCE_REFERRAL:
			return plan->type == TEXTOID || (plan->type == BOOLOID && !plan->presence);
		case SOURCE_MODIFIERS:
		case SOURCE_DX:
		case SOURCE_REGIONS:
			return plan->type == TEXTOID || plan->type == TEXTARRAYOID;
		default:
			return plan->type == TEXTOID;
	}
}

/* Give a field its arguments from `at` on; returns where the next one starts. */
static int
plan_arguments(FunctionCallInfo fcinfo, FieldPlan *plan, int at)
{
	int			i;

	plan->first = at;
	plan->type = plan->n == 0 ? TEXTOID : argument_type(fcinfo, at);
	if (!type_fits(plan) || (plan->is_list && !source_field_is_list(plan->field)))
		refuse_plan("An argument is of another type than its field");
	for (i = 1; i < plan->n; i++)
		if (argument_type(fcinfo, at + i) != plan->type)
			refuse_plan("The columns of a field are of several types");
	at += plan->n;
	for (i = 0; i < 2 * plan->n_concepts; i++)
		want_text(fcinfo, at++);
	if (plan->behind)
		want_text(fcinfo, plan->behind = at++);
	if (plan->drop)
		want_text(fcinfo, plan->drop = at++);
	return at;
}

/* Is the description the same whenever the call site is reached?  A parameter need not be. */
static bool
is_constant(const FmgrInfo *call)
{
	return call->fn_expr != NULL && IsA(call->fn_expr, FuncExpr) && IsA(linitial(((FuncExpr *) call->fn_expr)->args), Const);
}

LinePlan *
line_plan_of(FunctionCallInfo fcinfo)
{
	LinePlan   *plan = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	Jsonb	   *description;
	int			at = 1;
	int			i;

	if (plan != NULL)
		return plan;
	if (PG_ARGISNULL(0) || !is_constant(fcinfo->flinfo))
		refuse_plan("It must be a constant");
	if (get_fn_expr_variadic(fcinfo->flinfo))
		refuse_plan("The columns must be arguments and not an array");
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	plan = palloc0(sizeof(LinePlan));
	description = DatumGetJsonbPCopy(PG_GETARG_DATUM(0));
	if (!JB_ROOT_IS_ARRAY(description) || JB_ROOT_COUNT(description) > N_LINE_FIELDS)
		refuse_plan("It is not a list of fields");
	for (i = 0; i < JB_ROOT_COUNT(description); i++)
	{
		JsonbValue *field = getIthJsonbValueFromContainer(&description->root, i);

		if (field->type != jbvBinary || !JsonContainerIsObject(field->val.binary.data))
			refuse_plan("A field is not an object");
		plan_field(&plan->fields[i], field->val.binary.data);
		if (i == 0 ? plan->fields[i].field != SOURCE_CODE : plan->fields[i].field <= plan->fields[i - 1].field)
			refuse_plan("Fields are not in their order, the code first");
		at = plan_arguments(fcinfo, &plan->fields[i], at);
	}
	if (at != PG_NARGS())
		refuse_plan("There are more columns than fields say");
	plan->n_fields = i;
	plan->zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	plan->is_quick = plan_is_quick(plan);
	fcinfo->flinfo->fn_extra = plan;
	MemoryContextSwitchTo(old);
	return plan;
}

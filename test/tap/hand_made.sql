-- What the extension makes for itself, made by hand: descriptions of a line's columns, mappings, tables that their owner altered. None of it is
-- more than an error, and that says what is wrong.

BEGIN;
\i test/tap/lib.sql
SELECT plan(47);

-- error_of(statement), in a word
CREATE FUNCTION refused(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' | ', e.state, e.message, nullif(e.detail, '')) FROM lib.error_of(statement) e
$$;

-- ------------------------------------------------------------- descriptions

SELECT is(refused(format('SELECT claimline_internal.claim_source_line(%s)', arguments)), '22023 | invalid description of a line''s columns | ' || detail || '.', 'a description: ' || arguments) FROM (VALUES
	($$NULL::jsonb, '97124'::text$$, 'It must be a constant'), ($$'{"field": "code"}'::jsonb, '97124'::text$$, 'It is not a list of fields'), ($$'[1]'::jsonb, '97124'::text$$, 'A field is not an object'),
	($$'[{"field": 1}]'::jsonb, '97124'::text$$, 'A text is expected'), ($$'[{"field": "none"}]'::jsonb, '97124'::text$$, 'A field is unknown or has no columns'), ($$'[{"x": 1}]'::jsonb, '97124'::text$$, 'A key is unknown'),
	($$'[{"field": "units"}]'::jsonb, '1'::text$$, 'Fields are not in their order, the code first'), ($$'[{"field": "code"}, {"field": "code"}]'::jsonb, '97124'::text, 'x'::text$$, 'Fields are not in their order, the code first'),
	($$'[{"field": "code"}, {"field": "patient"}]'::jsonb, '97124'::text, 'P'::text$$, 'A field is unknown or has no columns'), ($$'[{"field": "code"}]'::jsonb, '97124'$$, 'An argument is missing or of another type'),
	($$'[{"field": "code"}]'::jsonb, 97124$$, 'An argument is of another type than its field'), ($$'[{"field": "code"}, {"field": "units"}]'::jsonb, '97124'::text$$, 'An argument is missing or of another type'),
	($$'[{"field": "code"}]'::jsonb, '97124'::text, 'x'::text$$, 'There are more columns than fields say'), ($$'[{"field": "code"}]'::jsonb, VARIADIC '{97124}'::text[]$$, 'The columns must be arguments and not an array'),
	($$'[{"field": "code", "columns": 1}]'::jsonb, '97124'::text$$, 'An argument is of another type than its field'), ($$'[{"field": "code", "concepts": -1}]'::jsonb, '97124'::text$$, 'A field is unknown or has no columns'),
	($$'[{"field": "code", "concepts": 100}]'::jsonb, '97124'::text$$, 'An argument is missing or of another type'), ($$'[{"field": "code"}, {"field": "dx", "columns": 0}]'::jsonb, '97124'::text$$, 'A field is unknown or has no columns'),
	($$'[{"field": "code"}, {"field": "dx", "columns": 2}]'::jsonb, '97124'::text, 'M54.2'::text, '{}'::text[]$$, 'The columns of a field are of several types')) v(arguments, detail);
-- a call site takes it apart once
SELECT is(refused($$SELECT claimline_internal.claim_source_line(d, '97124'::text) FROM (VALUES ('[{"field": "code"}]'::jsonb), ('[]')) v(d)$$), '22023 | invalid description of a line''s columns | It must be a constant.', 'one of each row');
SELECT is(refused($$DO 'DECLARE d jsonb = ''[{"field": "code"}]''; BEGIN IF claimline_internal.claim_source_line(d, ''97124''::text) IS NULL THEN RETURN; END IF; END'$$), '22023 | invalid description of a line''s columns | It must be a constant.', 'one in a variable');
CREATE DOMAIN word AS text;
CREATE DOMAIN words AS text[];
CREATE DOMAIN positive AS numeric CHECK (VALUE > 0);
SELECT is(claimline_internal.claim_source_line('[{"field": "code"}, {"field": "modifiers"}, {"field": "units"}]', '97124'::word, '[0:1][3:3]={{59},{NULL}}'::words, 3::positive), '97124-59 x3', 'domains, arrays of any shape');
SELECT is(claimline_internal.claim_source_line_error('[{"field": "code", "drop": ["x"]}]', '97124'::text, 'x'::text), 'Code must not be null.', 'a code that is absent where a column says so');
SELECT is(claimline_internal.claim_source_line_error('[{"field": "code"}, {"field": "minutes"}]', '97124'::text, repeat(U&'\+01F600', 1000)), format('Minutes are "%s", not a whole number.', repeat(U&'\+01F600', 60)), 'a long value is cut behind a character');

-- ------------------------------------------------------------- mappings

CREATE TABLE visit (person text, code text, n int);
SELECT is(refused(format($$SELECT claimline_internal.claim_source_sql('visit'::regclass, %L, NULL, NULL)$$, mapping)), message, 'a mapping: ' || mapping) FROM (VALUES
	('{"fields": {"code": {}}}', '22023 | invalid mapping of a source | A field lacks its column.'), ('{"fields": {"patient": {"kind": "list", "columns": []}}}', '22023 | invalid mapping of a source | A field lacks its column.'),
	('{"fields": {"code": {"kind": "value"}}}', '22023 | invalid mapping of a source | A constant lacks its value.'), ('{"fields": {"code": {"kind": "value", "value": null}}}', '22023 | invalid mapping of a source | A constant lacks its value.'),
	('{"fields": {"line_no": {"kind": "integer", "columns": [{"alias": "t", "name": "n"}]}}}', '22023 | invalid mapping of a source | A field lacks its type.'),
	('{"fields": {"code": {"columns": [null]}}}', '22023 | invalid mapping of a source | A column is not an object.'), ('{"fields": {"code": {"columns": [[]]}}}', '22023 | invalid mapping of a source | A column is not an object.'),
	('{"fields": {"code": {"columns": [{"alias": "t"}]}}}', '22023 | invalid mapping of a source | A column lacks its alias or its name.'), ('{"fields": {"code": {"columns": [{"alias": "x", "name": "y"}]}}}', '42703 | column "y" of relation x is gone'),
	('{"fields": {"code": {"columns": [{"alias": "t", "name": "code"}], "drop": {}}}}', '22023 | invalid mapping of a source | A column is not an object.'),
	('{"joins": [{}]}', '22023 | invalid mapping of a source | A join lacks its alias.'), ('{"joins": [{"alias": "s"}]}', '42P01 | relation s that the source joins is gone'),
	('{"wide": {}}', '22023 | a mapping has 1 to 100 lines a row, not null'), ('{"wide": {"slots": 2}}', '22023 | invalid mapping of a source | What is wide lacks its alias or its columns.'),
	('{"wide": {"alias": "v", "slots": 2, "columns": {"a": [null]}}}', '22023 | invalid mapping of a source | What is wide has another number of columns than of lines.'),
	('{"fields": {"code": {"expression": "count(*)"}}}', '22023 | invalid expression in a mapping | It holds an aggregate or window function.'),
	('{"fields": {"code": {"expression": "code"}}}', '22023 | the expression holds 1 columns, not 0')) v(mapping, message);

-- ------------------------------------------------------------- tables

-- by their owner, who need not be a superuser
SELECT claim_source_add('visits', 'visit', columns => '{"patient": "person", "code": "code"}'), claim_guard_add('visits') \g /dev/null
INSERT INTO ncci_mue_import VALUES ('HCPCS/ CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '3', '3 Date of Service Edit: Clinical', 'CMS Policy');
SELECT ncci_publish('q1', 'practitioner', '[2024-07-01,2024-09-30]') \g /dev/null
SAVEPOINT made;
ALTER TABLE claimline_internal.ncci_edition ALTER COLUMN mue TYPE bytea USING decode(repeat('ff', 400), 'hex');
SELECT is(refused($$SELECT ruleset('medicare', 'q1')$$), 'XX001 | edition "q1" of service type "practitioner" has no rows of mue', 'rows of an edition that are none');
ROLLBACK TO made;
ALTER TABLE claimline_internal.ncci_edition DROP CONSTRAINT ncci_edition_pkey, ALTER COLUMN edition DROP NOT NULL;
ALTER TABLE claimline_internal.ncci_edition DISABLE TRIGGER frozen;
UPDATE claimline_internal.ncci_edition SET edition = NULL;
SELECT is(refused($$SELECT ruleset('medicare', 'q1')$$), '42704 | edition "q1" of service type "practitioner" does not exist | There are: starter (practitioner), starter-outpatient (outpatient), (null).', 'an edition without a name');
ROLLBACK TO made;
ALTER TABLE claim_policy ALTER COLUMN settings DROP NOT NULL, DISABLE TRIGGER USER;
INSERT INTO claim_policy (name) VALUES ('none');
SELECT is(refused($$SELECT ruleset('none')$$), '22004 | the ruleset of policy "none" cannot be built | "policy.unit_rule" is missing.', 'a policy without settings');
ROLLBACK TO made;
-- a view reads it
ALTER EXTENSION claimline DROP VIEW claim_report_undecided;
DROP VIEW claim_report_undecided;
ALTER TABLE claimline_internal.claim_source ALTER COLUMN mapping TYPE text, ALTER COLUMN mapping DROP NOT NULL;
SELECT is(refused($$INSERT INTO visit VALUES ('P1', '97124')$$), '', 'a mapping that is a text is read as what it says');
UPDATE claimline_internal.claim_source SET mapping = NULL;
SELECT is(refused($$INSERT INTO visit VALUES ('P1', '97124')$$), '42704 | claim source "visits" does not exist | Table "visit" has a trigger for it.', 'a source without a mapping');
ROLLBACK TO made;
ALTER TABLE claimline_internal.claim_guard ALTER COLUMN policy DROP NOT NULL;
UPDATE claimline_internal.claim_guard SET policy = NULL;
SELECT is(refused($$INSERT INTO visit VALUES ('P1', '97124')$$), '42704 | claim source "visits" has no guard | Table "visit" has a trigger for one.', 'a guard without a policy');
SELECT * FROM finish();
ROLLBACK;

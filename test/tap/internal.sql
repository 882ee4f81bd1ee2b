-- What users do not call, read or write: in a schema of its own, with no more rights than their calls need, and nothing in public.

BEGIN;
\i test/tap/lib.sql
SELECT plan(20);

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE d.deptype = 'e' AND e.extname = 'claimline';
CREATE TEMP VIEW routine AS
SELECT p.oid, p.oid::regprocedure::text AS name, p.proname, p.pronamespace = 'claimline_internal'::regnamespace AS internal, p.prorettype = 'trigger'::regtype AS is_trigger,
	CASE WHEN p.prokind <> 'a' THEN coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) ELSE '' END AS body,
	has_function_privilege('public', p.oid, 'EXECUTE') AS granted
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid;

-- public: what a migration tool compares
SELECT is_empty($$SELECT c.relname FROM pg_class c JOIN member m ON m.objid = c.oid WHERE c.relnamespace = 'public'::regnamespace$$, 'no relation is in public');
SELECT is_empty($$SELECT t.typname FROM pg_type t JOIN member m ON m.objid = t.oid WHERE t.typnamespace = 'public'::regnamespace$$, 'no type');
SELECT is_empty($$SELECT p.proname FROM pg_proc p JOIN member m ON m.objid = p.oid WHERE p.pronamespace = 'public'::regnamespace$$, 'no function');
SELECT is((SELECT count(*) FROM pg_class c JOIN member m ON m.objid = c.oid AND m.classid = 'pg_class'::regclass
	WHERE c.relnamespace = 'claims'::regnamespace AND c.relkind = 'S'), 2::bigint, 'of sequences users see those of the quarantine and of periods');

-- What a user's call reaches: what is named in a public function, in a view, in a trigger, in a view of a source with all kinds of columns,
-- and what is named in that
CREATE TABLE many (p text, n text, d date, c bigint, l numeric, code text, m text, u text, mins numeric, s time, dx text[], r text, sp int, ref text, v text, a text);
SELECT claim_source_add('many', 'many', columns => '{"patient": "p", "provider": "n", "dos": "d", "claim_id": {"column": "c", "missing": [-1]}, "line_no": "l", "code": "code",
	"modifiers": "m", "units": "u", "minutes": "mins", "start_time": "s", "dx": "dx", "regions": "r", "specialty": "sp", "referral": "ref", "visit": "v"}', charge => 'a') \g /dev/null
CREATE TABLE texts (p text, c text, l text, code text, code2 text);
SELECT claim_source_add('texts', 'texts', columns => '{"patient": ["p", "c"], "claim_id": "c", "line_no": "l", "code": {"column": ["code", "code2"], "missing": ["~"]}}') \g /dev/null
CREATE TEMP TABLE reached AS
WITH RECURSIVE named AS (
	SELECT r.oid FROM routine r WHERE NOT r.internal OR r.is_trigger
		OR r.proname IN ('ncci_load_begin', 'ncci_load', 'claim_load_begin', 'claim_load')	-- by claimline-ncci and claimline-load
	UNION
	SELECT d.refobjid FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_proc'::regclass
	UNION
	SELECT d.refobjid FROM pg_depend d WHERE d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_proc'::regclass
), reach AS (
	SELECT oid FROM named
	UNION
	SELECT called.oid FROM reach JOIN routine caller USING (oid) JOIN routine called ON called.internal AND caller.body ~ ('claimline_internal\.' || called.proname || '\M')
)
SELECT oid FROM reach;
-- made by claim_guard_add and claim_source_track; of claim_files_create the trigger is named there
INSERT INTO reached VALUES ('claimline_internal.claim_guard()'::regprocedure), ('claimline_internal.claim_track()'::regprocedure);
-- in the SELECT of claim_source_quality, and in those of sources that leave rows out
INSERT INTO reached SELECT oid FROM routine WHERE proname IN ('claim_source_fault', 'claim_line_fault', 'claim_is_marked', 'claim_read_frequency', 'claim_read_word');
-- what views and constraints of release 0.1 call
INSERT INTO reached SELECT oid FROM routine WHERE proname IN ('claimline', 'try_claimline', 'claimline_error');
-- what guards make of the setting claimline.attest
INSERT INTO reached SELECT oid FROM routine WHERE proname IN ('claim_attest_given', 'claim_attest_matched');
-- what the planner makes of calls of the constructor and of claim_edits()
INSERT INTO reached SELECT oid FROM routine WHERE proname IN ('claimline_flat', 'try_claimline_flat', 'claim_edits_columns');
DELETE FROM reached USING routine r WHERE reached.oid = r.oid AND r.is_trigger AND r.proname NOT IN ('claim_guard', 'claim_track', 'claim_file_gone');
SELECT cmp_ok((SELECT count(*) FROM reached), '>', 100::bigint, 'calls reach many functions');
SELECT is_empty('SELECT name FROM routine r WHERE r.internal AND r.granted AND oid NOT IN (TABLE reached)', 'nobody may execute what no call of a user needs');
SELECT is_empty('SELECT name FROM routine r WHERE NOT r.granted AND oid IN (TABLE reached)', 'everybody may execute what one does');
-- tables: everything that everybody may write keeps rows of others to itself
SELECT is_empty($$SELECT c.relname FROM pg_class c JOIN member m ON m.objid = c.oid AND m.classid = 'pg_class'::regclass WHERE c.relkind = 'r' AND NOT c.relrowsecurity
	AND (has_table_privilege('public', c.oid, 'INSERT') OR has_table_privilege('public', c.oid, 'UPDATE') OR has_table_privilege('public', c.oid, 'DELETE'))$$,
	'nobody may write a table without row security');
SELECT is_empty($$SELECT c.relname FROM pg_class c JOIN member m ON m.objid = c.oid AND m.classid = 'pg_class'::regclass WHERE c.relkind = 'v'
	AND coalesce(NOT 'security_invoker=true' = ANY (c.reloptions), true) AND c.relname NOT IN ('ncci_editions', 'claim_guards')$$,
	'views show what their reader may see, but those that everybody may see');
-- who may create in the schema of the extension could put an operator there that fits better than the server's
SELECT is_empty($$SELECT p.oid::regprocedure FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid, unnest(p.proconfig) c
	WHERE c ~ '^search_path=' AND c <> 'search_path=pg_catalog, pg_temp'$$, 'names in bodies are those of the server, or have their schema');

-- tables: a restore in parallel has foreign keys before the rows that they check, and a publication FOR ALL TABLES asks for a key
SELECT is_empty($$SELECT k.conname FROM pg_constraint k JOIN member m ON m.objid = k.conrelid AND m.classid = 'pg_class'::regclass WHERE k.contype = 'f'$$,
	'no table refers to another by a foreign key');
SELECT is_empty($$SELECT c.relname FROM pg_class c JOIN member m ON m.objid = c.oid AND m.classid = 'pg_class'::regclass WHERE c.relkind = 'r' AND c.relreplident <> 'f'
	AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)$$, 'every table has a key or all of its row for one');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE TABLE published (id int PRIMARY KEY, p text, d date, code text, u int);
SELECT claim_source_add('published', 'published', columns => '{"patient": "p", "dos": "d", "code": "code", "units": "u"}') \g /dev/null
SELECT lives_ok(statement, 'while all is published: ' || statement) FROM unnest(ARRAY[
	$$DO 'BEGIN PERFORM claim_source_track(''published''), claim_guard_add(''published'', action => ''annotate''); END'$$,
	$$INSERT INTO published VALUES (1, 'P1', '2024-08-01', '98940', 2)$$, $$UPDATE published SET u = 3$$, $$DELETE FROM published$$,
	$$DO 'BEGIN PERFORM claim_guard_add(''published'', action => ''quarantine''); END'$$,
	$$INSERT INTO published VALUES (1, 'P1', '2024-08-01', '98940', 2)$$, $$DO 'BEGIN PERFORM claim_source_untrack(''published''), claim_source_drop(''published''); END'$$,
	$$DELETE FROM ncci_ptp_import$$]) statement;
DROP PUBLICATION everything;

SELECT * FROM finish();
ROLLBACK;

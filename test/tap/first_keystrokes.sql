-- What is typed first: a line without its type is a line in every call that takes one; what is written in another form is told this one; a
-- name of a source, a policy, an edition that does not exist is an error that says which there are, never an empty answer.
-- notices.sql of the regression tests has what is said beside an answer.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();

-- ------------------------------------------------------- lines without a type

-- Every public function that takes a line has a form that takes its text, unless it has but one form, which needs none. By the names
-- and types of arguments: a call that comes later cannot forget it.
CREATE VIEW forms AS
SELECT p.oid, p.proname::text AS name, p.pronargs - p.pronargdefaults AS least, p.pronargs AS most, p.proargtypes::oid[] AS types, p.prokind AS kind
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE p.pronamespace = 'claims'::regnamespace AND p.prokind <> 'a'
	AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid) AND NOT EXISTS (SELECT FROM pg_amproc a WHERE a.amproc = p.oid)
	AND NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend));

-- an argument as somebody types it: the line and the severity without a type
CREATE FUNCTION typed(type oid, line text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE type::regtype::text WHEN 'claimline' THEN line WHEN 'text' THEN line WHEN 'claim_severity' THEN $q$'deny'$q$
		WHEN 'claim_ruleset' THEN $q$ruleset('hns')$q$ WHEN 'text[]' THEN $q$'{GP}'$q$ ELSE 'NULL' END
$$;
CREATE VIEW calls AS
SELECT DISTINCT f.oid, f.name, f.kind, n,
	format('SELECT to_jsonb(%s(%s)%s)', f.name, '%1$s' || coalesce((SELECT string_agg(', ' || typed(f.types[i - 1], ''), '' ORDER BY i)
		FROM generate_series(2, n) i), ''), CASE f.kind WHEN 'w' THEN ' OVER ()' ELSE '' END) AS call
FROM forms f, generate_series(greatest(f.least, 1), f.most) n
WHERE f.types[0] = 'claimline'::regtype AND NOT EXISTS (SELECT FROM generate_series(2, n) i WHERE f.types[i - 1]::regtype::text = 'text');

CREATE TABLE lines (line text);
INSERT INTO lines VALUES ('97124-GP x2'), ('97124 x9 15min 2024-08-01'), ('98941-AT 2024-08-01 dx=M99.01'), ('hc:97140:59:gp x2 31min 2024-08-01');

CREATE FUNCTION rows_of(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	r jsonb;
BEGIN
	EXECUTE format('SELECT coalesce(jsonb_agg(j), ''[]'') FROM (%s) q (j)', query) INTO r;
	RETURN r;
EXCEPTION WHEN OTHERS THEN
	RETURN to_jsonb(SQLSTATE || ' ' || SQLERRM);
END $$;
-- with parameters whose types the server chooses
CREATE FUNCTION rows_of_prepared(call text, line text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	r jsonb;
BEGIN
	EXECUTE format('PREPARE typed_first AS SELECT coalesce(jsonb_agg(j), ''[]'') FROM (%s) q (j)', call);
	EXECUTE format('EXECUTE typed_first(%L)', line) INTO r;
	DEALLOCATE typed_first;
	RETURN r;
EXCEPTION WHEN OTHERS THEN
	RETURN to_jsonb(SQLSTATE || ' ' || SQLERRM);
END $$;
SELECT cmp_ok((SELECT count(*) FROM calls), '>=', 25::bigint, 'calls that begin with a line');
SELECT is(rows_of(format(call, quote_literal(line))), rows_of(format(call, quote_literal(line) || '::claimline')),
	format('untyped: ' || call, line)) FROM calls, lines ORDER BY call, line;
SELECT is(rows_of_prepared(format(call, '$1'), line), rows_of(format(call, quote_literal(line) || '::claimline')),
	format('parameter: ' || call, line)) FROM calls, lines ORDER BY call, line;
SELECT is(rows_of(format(call, quote_literal(line) || '::varchar')), rows_of(format(call, quote_literal(line) || '::claimline')),
	format('a text: ' || call, line)) FROM calls, lines WHERE name IN ('claim_edits', 'claim_passes', 'suggest_modifiers') ORDER BY call, line;
SELECT is(rows_of(format(call, 'NULL')), rows_of(format(call, 'NULL::claimline')), format('null: ' || call, 'NULL')) FROM calls ORDER BY call;
SELECT is(rows_of(format(call, '''97124 30m''')), rows_of(format(call, '''97124 30m''::claimline')), format('no line: ' || call, '97124 30m')) FROM calls ORDER BY call;
-- $1 and $2, as a client that names no types has it
SELECT is(rows_of_prepared('SELECT to_jsonb(claim_edits($1, (SELECT ruleset(''hns''))))', line), rows_of_prepared('SELECT to_jsonb(claim_edits($1::claimline, ruleset(''hns'')))', line),
	'a parameter beside a subquery') FROM lines;
PREPARE passing AS SELECT claim_passes($1, $2), claim_passes($1, ruleset($3)), claim_passes($1, ruleset($3), $4), claim_passes(line => $1, fail_at => $2);
SELECT is(parameter_types::text[], '{text,text,text,claim_severity}', 'what the parameters are') FROM pg_prepared_statements WHERE name = 'passing';
EXECUTE passing('97124 x9 15min 2024-08-01', 'deny', 'hns', 'info') \gset
SELECT is(ARRAY[:'claim_passes']::boolean[], '{f}', 'and they are taken');

-- the forms that have a type answer as before
SELECT is(rows_of($$SELECT to_jsonb(claim_edits('{97124-GP x2,98941}'::claimline[]))$$), rows_of($$SELECT to_jsonb(claim_edits(ARRAY['97124-GP x2', '98941']::claimline[]))$$), 'an array in braces');
SELECT is(rows_of($$SELECT to_jsonb(claim_edits(claimday('{97124-GP x2,98941}'::claimline[])))$$), rows_of($$SELECT to_jsonb(claim_edits('{- 1 97124-GP x2; - 2 98941}'::claimday))$$), 'a day');
SELECT is(rows_of($$SELECT to_jsonb(suggest_modifiers('97124 x1 15min 2024-08-01'::claimline))$$), rows_of($$SELECT to_jsonb(suggest_modifiers(ARRAY['97124 x1 15min 2024-08-01']::claimline[]))$$), 'suggestions for a line are those for a day of it');
SELECT is(ARRAY[claim_passes(NULL::claimday), claim_passes(NULL::claimline[]), claim_passes(NULL::claimline), claim_passes(NULL)], '{NULL,NULL,t,t}', 'null: a line that is null is unknown');
SELECT is((SELECT array_agg(DISTINCT pg_typeof(severity)::text) FROM claim_rules()), '{claim_severity}', 'a severity is an enum in claim_rules() too');
CREATE TABLE checked (line claimline CHECK (claim_passes(line)), words text CHECK (claim_passes(words)));
INSERT INTO checked VALUES ('97124-GP x1 15min 2024-08-01', '97124-GP x1 15min 2024-08-01');
SELECT throws_ok($$INSERT INTO checked VALUES ('97124-GP x9 15min 2024-08-01', '97124')$$, '23514', NULL, 'a constraint over a line');
SELECT throws_ok($$INSERT INTO checked VALUES ('97124', '97124-GP x9 15min 2024-08-01')$$, '23514', NULL, 'and one over its text');
SELECT matches(plan_of($$SELECT claim_passes(words) FROM checked$$, 'COSTS ON'), 'Seq Scan', 'the planner is told of a text, too');

-- ------------------------------------------------------- another form

-- the hint shows a line; what is out of its limits is of the form
CREATE FUNCTION hint_of(input text, type text = 'claimline') RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN e.state = '22P02' THEN coalesce(e.hint, '') WHEN e.state = '22003' THEN 'range' || coalesce(e.hint, '') ELSE coalesce(e.state, 'taken') END
	FROM lib.error_of(format('SELECT %L::%s', input, type)) e
$$;
SELECT is(substring(hint_of('97124 ?') FROM '^A line is written (.*)\.$')::claimline::text, substring(hint_of('97124 ?') FROM '^A line is written (.*)\.$'), 'the form that is shown is one');
SELECT is(ARRAY[hint_of('97124 x1000000'), hint_of('97124 1441min'), hint_of('97124 2024-02-30'), hint_of('97124 24:00'), hint_of('97124 visit=0')], array_fill('range'::text, '{5}'), 'what is out of its limits needs no form');
CREATE TABLE forms_of_dates (pattern text);
INSERT INTO forms_of_dates SELECT * FROM string_to_table('MM/DD/YYYY,FMMM/FMDD/YYYY,MM/DD/YY,DD/MM/YYYY,YYYY/MM/DD,MM-DD-YYYY,YYYYMMDD,DDMONYYYY,DD-MON-YYYY,DD-MON-YY,'
	'DD.MM.YYYY,FMDD.FMMM.YYYY,YYYY-MM-DD"T"HH24:MI:SS,YYYY-FMMM-FMDD,FMMM/FMDD/YYYY"T"HH24:MI,YYYYMMDD"-"YYYYMMDD', ',');
SELECT is((SELECT count(*) FROM generate_series(0, 399) n WHERE hint_of('97124-GP x1 ' || to_char(timestamp '2021-10-12 09:05' + n * interval '3 days 5 hours', pattern))
		NOT LIKE 'A date is written year-month-day. A line is written %'
		-- one that is of the form
		AND NOT to_char(timestamp '2021-10-12 09:05' + n * interval '3 days 5 hours', pattern) ~ '^\d{4}-\d{2}-\d{2}$'), 0::bigint,
	'dates as ' || pattern) FROM forms_of_dates;
SELECT matches(hint_of(input), '^' || wanted || '.* A line is written ', 'form: ' || input) FROM (VALUES
	('97124 2', 'Units begin with x'), ('97124 2.0', 'Units'), ('97124 30 min', 'Units'), ('97124 30m', 'Units'), ('97124 30mins', 'Units'), ('97124 15minutes', 'Units'),
	('97124 2u', 'Units'), ('97124 2x', 'Units'), ('97124 2units', 'Units'), ('97124 x 2', 'Units'), ('97124 x2 min', 'Units'),
	('97124 GP', 'Modifiers'), ('97124 -59', 'Modifiers'), ('97124 XS', 'Modifiers'), ('97124:59', 'Modifiers'), ('97124/GP', 'Modifiers'), ('97124,59', 'Modifiers'), ('9712459', 'Modifiers'), ('9712459GP', 'Modifiers'),
	('97124 M54.2', 'Diagnoses'), ('97124 M9901', 'Diagnoses'), ('97124 m54.50', 'Diagnoses'), ('97124 cervical', 'Regions'), ('97124 Upper_Extremity', 'Regions'),
	('97124 10:00:00', 'A start time'), ('97124 10am', 'A start time'), ('97124 9:05', 'A start time'), ('97124 dos=2024-08-01', 'Fields with a name'), ('97124 units:2', 'Fields with a name'),
	('{97124 x2}', 'An array'), ('["97124"]', 'An array'), ('{"C1" 1 97124}', 'An array')) v (input, wanted);
SELECT alike(hint_of(input), 'A line is written %', 'the form alone: ' || input) FROM unnest('{"",9712,97124 x2 x3}'::text[]) input;
SELECT is(hint_of('97124-59-GP x2 30min 2024-08-01'), 'taken', 'a line has none');
SELECT alike(hint_of('{"C1" 1 97124 30m}', 'claimday'), 'Units %', 'nor a line in a day another');
SELECT alike(hint_of('{97124 30m}', 'claimline[]'), 'Units %', 'or in an array');
SELECT is((SELECT count(*) FILTER (WHERE h = '' OR h LIKE 'rangeA%') FROM (SELECT hint_of(overlay('97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2 region=cervical' PLACING substr('x-=:,./T0azAZ{" ', 1 + draw(n, 1, 16), 1)
	FROM 1 + draw(n, 2, 64) FOR draw(n, 3, 3))) AS h FROM generate_series(1, 5000) n) t), 0::bigint, 'of 5,000 lines with a slip each that is refused is told the form');

-- a policy's name where a ruleset goes
SELECT is(hint_of(input, 'claim_ruleset'), wanted, 'a ruleset: ' || left(input, 20)) FROM (VALUES
	('hns', 'The ruleset of a policy is ruleset(''hns'').'), (' our-plan ', 'The ruleset of a policy is ruleset(''our-plan'').'), ('o''x', 'The ruleset of a policy is ruleset(''o''''x'').'),
	('', 'The ruleset of a policy is ruleset(''medicare'').'), (repeat('x', 64), 'The ruleset of a policy is ruleset(''medicare'').'), ('{}', ''), ('{"hash": 1', '')) v (input, wanted);
SELECT is(rows_of(call), to_jsonb('22P02 invalid input syntax for type claim_ruleset: "hns"'::text), call) FROM unnest(ARRAY[$$SELECT claim_edits('97124', 'hns')$$,
	$$SELECT claim_edits('97124'::claimline, 'hns')$$, $$SELECT claim_edits('{97124}'::claimline[], 'hns')$$, $$SELECT line_edits('97124', 'hns') OVER ()$$, $$SELECT suggest_modifiers('97124', 'hns')$$,
	$$SELECT claim_passes('97124', rules => 'hns')$$, $$SELECT claim_passes('97124', 'hns', 'deny')$$, $$SELECT ruleset_hash('hns')$$, $$SELECT claim_regions('{M54.2}', 'hns')$$]) call;
SELECT is((SELECT e.message || ' ' || e.hint FROM error_of($$SELECT claim_passes('97124', 'hns')$$) e),
	'severity "hns" does not exist Use info, unknown, review or deny; the ruleset of a policy is ruleset(''hns'').', 'a policy where a severity goes');

-- ------------------------------------------------------- names that there are not

CREATE TABLE t (p text, n text, d date, c text, u numeric);
INSERT INTO t VALUES ('P', 'N', '2024-08-01', '97124', 1);
SELECT claim_source_add('known', 't', columns => '{"patient": "p", "provider": "n", "dos": "d", "code": "c", "units": "u"}') \g /dev/null
SELECT claim_guard_add('known') \g /dev/null
CALL claim_scan('known');

-- arguments that are such a name, by the catalogue; not what a function makes, nor an edition that is asked for behind another
CREATE VIEW named AS
SELECT f.oid, f.name, f.kind, a.argument, a.position FROM (SELECT f.*, p.proargnames FROM forms f JOIN pg_proc p USING (oid)) f,
	unnest(f.proargnames[1:f.most]) WITH ORDINALITY a (argument, position)
WHERE f.types[a.position - 1] = 'text'::regtype
	AND a.argument IN ('source', 'policy', 'preset', 'edition', 'from_edition', 'to_edition', 'service_type', 'unit_rule', 'action', 'method', 'guard',
		'rule', 'part', 'name')
	AND (f.name, a.argument) NOT IN (('claim_source_add', 'name'), ('ncci_publish', 'edition'), ('ncci_changes', 'to_edition'),
		('claim_policy_publish', 'name'), ('claim_policy_publish', 'source'));
-- the other arguments that must be given
CREATE FUNCTION given(argument text, type regtype) RETURNS text LANGUAGE sql AS $$
	SELECT CASE argument WHEN 'source' THEN $q$'known'$q$ WHEN 'policy' THEN $q$'medicare'$q$ WHEN 'service_type' THEN $q$'practitioner'$q$
		WHEN 'covers' THEN $q$'[2024-01-01,2024-02-01)'$q$ WHEN 'codes' THEN $q$'{97124}'$q$ WHEN 'settings' THEN $q$'{"extends": "medicare"}'$q$
		ELSE CASE type::text WHEN 'text' THEN $q$'x'$q$ WHEN 'timestamp with time zone' THEN 'now()' WHEN 'jsonb' THEN $q$'{}'$q$ WHEN 'integer' THEN '1' WHEN 'bigint' THEN '1'
			WHEN 'integer[]' THEN $q$'{1}'$q$ WHEN 'text[]' THEN $q$'{}'$q$ WHEN 'anyarray' THEN 'ARRAY[NULL::t]' WHEN 'regclass' THEN $q$'t'$q$ WHEN 'claim_ruleset' THEN 'ruleset()'
			WHEN 'claimday' THEN $q$'{}'$q$ WHEN 'claim_severity' THEN $q$'deny'$q$ END END
$$;
CREATE VIEW asked AS
SELECT n.name, n.kind, n.argument, format('%s %I(%s)', CASE n.kind WHEN 'p' THEN 'CALL' ELSE 'SELECT' END, n.name,
	string_agg(format('%I => %s', p.proargnames[i], CASE WHEN i = n.position THEN '''zz''' ELSE given(p.proargnames[i], p.proargtypes[i - 1]) END), ', ' ORDER BY i)) AS call
FROM named n JOIN pg_proc p ON p.oid = n.oid, generate_series(1, p.pronargs) i
WHERE i = n.position OR i <= p.pronargs - p.pronargdefaults GROUP BY n.oid, n.name, n.kind, n.argument, n.position;

CREATE TABLE answered (name text, argument text, call text, state text, message text, told text);
INSERT INTO answered SELECT a.name, a.argument, a.call, e.state, e.message, e.detail || e.hint FROM asked a, error_of(a.call, true) e WHERE a.kind <> 'p';
-- a procedure commits
\set script `mktemp`
SELECT format(E'%s;\nINSERT INTO answered VALUES (%L, %L, %L, :''LAST_ERROR_SQLSTATE'', :''LAST_ERROR_MESSAGE'');', call, name, argument, call)
FROM asked WHERE kind = 'p' \g :script
\set ON_ERROR_STOP 0
\i :script
\set ON_ERROR_STOP 1
\setenv script :script
\! rm -f "$script"
SELECT cmp_ok((SELECT count(*) FROM answered), '>=', 25::bigint, 'arguments that are names');
SELECT ok(state ~ '^(42704|22023)$' AND message LIKE '%"zz"%', call || ': ' || coalesce(state || ' ' || message, 'no error')) FROM answered ORDER BY call;
SELECT is_empty($$SELECT call, message FROM answered WHERE told = ''$$, 'and says which there are, or what to do');
SELECT results_eq($$SELECT DISTINCT told FROM answered WHERE argument = 'source' AND told IS NOT NULL$$, $$VALUES ('Sources are: known.')$$, 'sources are told by name');
SELECT is((SELECT e.message FROM error_of($$SELECT claim_findings_at('zz', 'medicare', now())$$) e), 'claim source "zz" does not exist', 'a source that nobody added');
SELECT is((SELECT e.message FROM error_of($$SELECT * FROM claim_findings_at('known', 'zz', now())$$) e), 'policy "zz" does not exist', 'a policy that nobody made');
SELECT is_empty($$SELECT * FROM claim_findings_at('known', 'hns', now())$$, 'a policy that no scan was by has no findings');
SELECT is_empty($$SELECT * FROM claim_findings_at(NULL, 'zz', now()) UNION ALL SELECT * FROM claim_findings_at('known', 'medicare', NULL)$$, 'null has none');
-- what was found by a policy that has gone can be asked
INSERT INTO claim_policy (name, settings) VALUES ('gone', '{"extends": "medicare"}');
CALL claim_scan('known', 'gone');
DELETE FROM claim_policy WHERE name = 'gone';
SELECT results_eq($$SELECT rule FROM claim_findings_at('known', 'gone', now()) ORDER BY 1$$,
	$$SELECT rule FROM claim_findings_at('known', 'medicare', now()) ORDER BY 1$$, 'what was found by a policy that has gone');

-- ------------------------------------------------------- where a scan cannot run

CREATE FUNCTION lib.scans() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL claim_scan('known'); END $$;
CREATE TABLE said (n int GENERATED ALWAYS AS IDENTITY, state text, message text);
\set ON_ERROR_STOP 0
SELECT 1 \; CALL claim_scan('known') \g /dev/null
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('known') \; SELECT 1 \g /dev/null
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
BEGIN;
CALL claim_scan('known');
ROLLBACK;
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
SELECT scans();
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
DO 'BEGIN CALL claim_scan(''known''); EXCEPTION WHEN division_by_zero THEN NULL; END';
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
SET default_transaction_read_only = on;
CALL claim_scan('known');
SET default_transaction_read_only = off;
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
\set ON_ERROR_STOP 1
SELECT is(state || ' ' || message, CASE n WHEN 6 THEN '25006 claim_scan cannot run in a read-only transaction' ELSE '25001 claim_scan cannot run inside a transaction block' END,
	'where a scan cannot run: ' || n) FROM said ORDER BY n;
DO 'BEGIN CALL claim_scan(''known''); CALL claim_scan(''known'', ''hns''); END';
SELECT is((SELECT count(DISTINCT policy) FROM claim_finding_history WHERE source = 'known'), 3::bigint, 'a block that may commit can call it');

SELECT * FROM finish();

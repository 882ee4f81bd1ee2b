-- Who reads what was found: claim_source_grant and claim_source_revoke. A role that was granted one source is set upon everything that the
-- extension has: every table and view, every function that takes a source, writes to each table, a function of its own that leaks what it is
-- shown. What it must not see is marked in every key and text of it.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own. What is said in notices is read by a psql
-- that runs beside this one: the server must let the roles in that are made here.

\i test/tap/lib.sql

SELECT no_plan();
CREATE ROLE rep_owner LOGIN;
CREATE ROLE rep_dash LOGIN;
CREATE ROLE rep_team;
CREATE ROLE rep_member LOGIN IN ROLE rep_team;
CREATE ROLE rep_idle LOGIN NOINHERIT IN ROLE rep_team;
CREATE ROLE rep_other LOGIN;
CREATE SCHEMA theirs AUTHORIZATION rep_owner;
SET ROLE rep_owner;
CREATE TABLE theirs.a (claim text, no int, person text, npi text, dos date, code text, units numeric, billed numeric);
CREATE TABLE theirs.b (LIKE theirs.a);
CREATE TABLE theirs.claim_file_payment (file bigint, ordinal int, LIKE claim_file_payment);
INSERT INTO theirs.a SELECT 'SECRETA' || i, 1, 'SECRETA-P' || i, 'SECRETA-N', '2024-08-01', '97124', 5, 10 FROM generate_series(1, 5) i;
INSERT INTO theirs.b SELECT 'SECRETB' || i, 1, 'SECRETB-P' || i, 'SECRETB-N', '2024-08-01', '97124', 5, 10 FROM generate_series(1, 5) i;
SELECT claim_source_add(t, ('theirs.' || t)::regclass, schema => 'theirs', charge => 'billed', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "units": "units"}')
FROM unnest('{a,b}'::text[]) t \g /dev/null
SELECT claim_source_track(t) FROM unnest('{a,b}'::text[]) t \g /dev/null
CALL claim_scan('a');
CALL claim_scan('b');
UPDATE theirs.a SET units = 6 WHERE claim ~ '1$';
UPDATE theirs.b SET units = 6 WHERE claim ~ '1$';
CALL claim_scan('a');
CALL claim_scan('b');
-- what is pending, aside, and noted by guards
SELECT claim_guard_add(t, action => 'quarantine') FROM unnest('{a,b}'::text[]) t \g /dev/null
INSERT INTO theirs.b SELECT 'SECRETB9', 1, 'SECRETB-P9', 'SECRETB-N', '2024-08-01', '97124', 9, 10;
INSERT INTO theirs.a SELECT 'SECRETA9', 1, 'SECRETA-P9', 'SECRETA-N', '2024-08-01', '97124', 9, 10;
SELECT claim_guard_add(t, action => 'annotate') FROM unnest('{a,b}'::text[]) t \g /dev/null
UPDATE theirs.a SET units = 7 WHERE claim ~ '2$';
UPDATE theirs.b SET units = 7 WHERE claim ~ '2$';
RESET ROLE;
SELECT cmp_ok((SELECT count(*) FROM claim_quarantine) + (SELECT count(*) FROM claim_guard_finding) + (SELECT count(*) FROM claim_finding_versions), '>', 10::bigint, 'there is something to see everywhere');

-- runs as a role; an error is its message
CREATE FUNCTION as_role(role text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE query INTO said;
	RESET ROLE;
	RETURN said;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

-- every table and view of the extension
CREATE TABLE relation AS
SELECT c.oid::regclass AS relation, c.relkind, c.relname FROM pg_depend d JOIN pg_class c ON d.classid = 'pg_class'::regclass AND d.objid = c.oid JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'claimline' AND c.relkind IN ('r', 'v');
CREATE FUNCTION shows(role text, what text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT relname FROM relation WHERE as_role(role, format('SELECT count(*) FROM %s t WHERE t::text ~ %L', relation, what)) NOT IN ('0') AND
		as_role(role, format('SELECT count(*) FROM %s t WHERE t::text ~ %L', relation, what)) !~ '^42501'
$$;
-- what tells only that there is a source is for everybody, as before: its name, table, mapping, guards and whom it was granted to
CREATE TABLE granted (relname name);
INSERT INTO granted VALUES ('claim_scan_finding'), ('claim_scan_stored'), ('claim_scan_said'), ('claim_scan_bucket'), ('claim_findings'), ('claim_finding_history'), ('claim_finding_versions'), ('claim_changes'),
	('claim_report_lines'), ('claim_report_providers'), ('claim_report_risk_providers'), ('claim_report_underbilled'), ('claim_open_line'), ('claim_line_risk'), ('claim_judged'), ('claim_risk');
DELETE FROM granted WHERE relname = 'claim_report_underbilled';

SELECT is_empty(format('SELECT shows(%L, ''SECRET'')', r), r || ' sees nothing before') FROM unnest('{rep_dash,rep_member,rep_other}'::text[]) r;
SELECT is(as_role('rep_dash', 'SELECT string_agg(name || '' '' || findings, '', '' ORDER BY name) FROM claim_sources'), 'a not yours to read, b not yours to read', 'and is told in claim_sources');
SELECT is(as_role('rep_owner', 'SELECT string_agg(name || '' '' || findings, '', '' ORDER BY name) FROM claim_sources'), 'a yours, b yours', 'the owner too');

SET ROLE rep_owner;
SELECT lives_ok($$SELECT claim_source_grant('a', 'rep_dash'), claim_source_grant('a', 'rep_team')$$, 'the owner grants a source');
RESET ROLE;
SELECT is(as_role('rep_dash', 'SELECT string_agg(name || '' '' || findings, '', '' ORDER BY name) FROM claim_sources'), 'a granted, b not yours to read', 'which claim_sources says');
SELECT is_empty(format('SELECT shows(%L, ''SECRETB'')', r), r || ' sees nothing of the other source, in any table or view') FROM unnest('{rep_dash,rep_member,rep_idle,rep_other}'::text[]) r;
SELECT set_eq(format('SELECT shows(%L, ''SECRETA'')', r), 'SELECT relname FROM granted', r || ' sees findings and reports of the one that was granted, and nothing else: not the quarantine, notes of guards, the log') FROM unnest('{rep_dash,rep_member}'::text[]) r;
SELECT is_empty(format('SELECT shows(%L, ''SECRETA'')', r), r || ' does not') FROM unnest('{rep_idle,rep_other}'::text[]) r;
-- row by row what the owner sees of it
SELECT is(as_role('rep_dash', format('SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %s t WHERE source = ''a''', relation)),
	as_role('rep_owner', format('SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %s t WHERE source = ''a''', relation)), relname || ' has the same rows for the reader as for the owner')
FROM relation WHERE relname IN ('claim_findings', 'claim_finding_history', 'claim_finding_versions', 'claim_changes', 'claim_scan_progress') OR relname ~ '^claim_report_' ORDER BY relname;
SELECT is(as_role('rep_dash', format('SELECT string_agg(DISTINCT source, '' '') FROM %s', relation)), 'a', relname || ' has that source alone')
FROM relation WHERE relname IN ('claim_findings', 'claim_finding_history', 'claim_finding_versions', 'claim_changes', 'claim_scan_progress') OR (relname ~ '^claim_report_' AND relname <> 'claim_report_underbilled') ORDER BY relname;

-- every function that takes a source
CREATE TABLE call (name text PRIMARY KEY, query text, read boolean);
INSERT INTO call VALUES
	('claim_findings_at', 'SELECT count(*) FROM claim_findings_at(%L, ''medicare'', now())', true),
	('claim_changes_since', 'SELECT count(*) FROM claim_changes_since(%L, ''medicare'', ''2020-01-01'')', true),
	('claim_report', 'SELECT count(*) FROM claim_report(%L)', true),
	('claim_reconcile', 'SELECT count(*) FROM claim_reconcile(%L)', false),
	('claim_reconcile_rules', 'SELECT count(*) FROM claim_reconcile_rules(%L)', false),
	('claim_totals', 'SELECT count(*) FROM claim_totals(%L, ''medicare'', ''P1'')', false),
	('claim_course', 'SELECT count(*) FROM claim_course(%L, ''medicare'', ''P1'')', false),
	('claim_source_quality', 'SELECT count(*) FROM claim_source_quality(%L)', false),
	('claim_source_rebind', 'SELECT claim_source_rebind(%L, ''theirs.a'')', false),
	('claim_source_drop', 'SELECT claim_source_drop(%L)', false),
	('claim_source_track', 'SELECT claim_source_track(%L)', false),
	('claim_source_untrack', 'SELECT claim_source_untrack(%L)', false),
	('claim_source_grant', 'SELECT claim_source_grant(%L, ''rep_dash'')', false),
	('claim_source_revoke', 'SELECT claim_source_revoke(%L, ''rep_team'')', false),
	('claim_guard_add', 'SELECT claim_guard_add(%L)', false),
	('claim_attest', 'SELECT claim_attest(%L, 1, ''x'')', false),
	('claim_attest_withdraw', 'SELECT claim_attest_withdraw(%L, 1, ''x'')', false),
	('claim_guard_drop', 'SELECT claim_guard_drop(%L)', false),
	('claim_guard_preview', 'SELECT count(*) FROM claim_guard_preview(%L, ''[]'')', false);
DELETE FROM call WHERE name NOT IN (SELECT proname FROM pg_proc WHERE pronamespace = 'claims'::regnamespace);
SELECT bag_eq($$SELECT DISTINCT p.proname::text FROM pg_proc p, unnest(p.proargnames) a WHERE p.pronamespace = 'claims'::regnamespace AND p.prokind = 'f' AND (a = 'source' OR p.proname ~ '^claim_source')
	AND p.proname NOT IN ('claim_source_add', 'claim_source_select', 'claim_policy_try', 'claim_policy_publish', 'claim_policies_shipped')$$, 'SELECT name FROM call', 'all functions that take a source are tried');
SELECT matches(as_role('rep_dash', format(query, 'b')), '^42501: ', name || ' of the other source is refused') FROM call ORDER BY name;
SELECT matches(as_role('rep_other', format(query, 'a')), '^42501: ', name || ' is refused to another role') FROM call ORDER BY name;
SELECT is(as_role('rep_other', $$SELECT count(*) FROM claim_findings_at('a', 'medicare', now())$$), '42501: findings of claim source "a" are not yours to read', 'with what is missing');
SELECT matches(as_role('rep_dash', format(query, 'a')), CASE WHEN read THEN '^(\d+|\{.*\})$' ELSE '^42501: ' END, name || CASE WHEN read THEN ' of the granted source answers' ELSE ' of the granted source is refused all the same' END) FROM call ORDER BY name;
SELECT is(as_role('rep_dash', $$SELECT count(*) FROM claim_findings_at('a', 'medicare', now())$$), as_role('rep_owner', $$SELECT count(*) FROM claim_findings_at('a', 'medicare', now())$$), 'as to the owner');
SELECT is(as_role('rep_dash', 'SELECT count(*) FROM theirs.a_lines'), '42501: permission denied for schema theirs', 'the table is not granted');

-- writes: nothing changes, whatever the reader tries
CREATE FUNCTION contents() RETURNS TABLE (relname name, content text) LANGUAGE plpgsql AS $$
BEGIN
	FOR relname IN SELECT r.relname FROM relation r WHERE r.relkind = 'r' ORDER BY 1 LOOP
		EXECUTE format('SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %s t', (SELECT r.relation FROM relation r WHERE r.relname = contents.relname)) INTO content;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE before AS SELECT * FROM contents();
CREATE TABLE tried AS
SELECT relname, what, as_role('rep_dash', query) AS said FROM relation, LATERAL (VALUES
	('delete', format('WITH d AS (DELETE FROM %s RETURNING 1) SELECT count(*) FROM d', relation)),
	('truncate', format('TRUNCATE %s', relation)),
	('update', (SELECT format('WITH u AS (UPDATE %s SET %I = %I RETURNING 1) SELECT count(*) FROM u', relation, a.attname, a.attname) FROM pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND a.attidentity = '' AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1)),
	('copy of a row', (SELECT format('WITH i AS (INSERT INTO %1$s (%2$s) SELECT %2$s FROM %1$s LIMIT 1 RETURNING 1) SELECT count(*) FROM i', relation, string_agg(quote_ident(a.attname), ', '))
		FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 AND a.attidentity = '' AND NOT a.attisdropped))) w (what, query) WHERE relkind = 'r';
SELECT is_empty('SELECT * FROM tried WHERE said ~ ''^[1-9][0-9]*$''', 'a reader writes no row of any table');
SELECT is_empty('SELECT relname FROM (TABLE before EXCEPT SELECT * FROM contents()) x', 'and all is as it was');
SELECT is(as_role('rep_dash', 'WITH d AS (DELETE FROM claim_finding_history RETURNING 1) SELECT count(*) FROM d'), '0', 'nor does it delete from the history');
SELECT matches(as_role('rep_dash', format('INSERT INTO claimline_internal.claim_source_reader (source, reader, all_rows) VALUES (''b'', %L, true)', r)), '^42501', 'nor grants itself more') FROM unnest('{rep_dash,rep_other}'::text[]) r;
SELECT is(as_role('rep_dash', $$WITH u AS (UPDATE claimline_internal.claim_source_reader SET source = 'b' RETURNING 1) SELECT count(*) FROM u$$), '0', 'nor moves its grant');

-- a function that leaks what it is shown is shown no more
SET ROLE rep_dash;
CREATE TEMP TABLE leaked (what text);
CREATE FUNCTION pg_temp.leak(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN INSERT INTO leaked VALUES (what); RETURN true; END';
SELECT count(*) FROM claim_findings WHERE pg_temp.leak(patient) \g /dev/null
SELECT count(*) FROM claim_report_lines WHERE pg_temp.leak(claim_id) \g /dev/null
SELECT count(*) FROM claimline_internal.claim_scan_finding WHERE pg_temp.leak(provider) \g /dev/null
SELECT count(*) FROM claimline_internal.claim_scan_bucket WHERE pg_temp.leak(provider) \g /dev/null
RESET ROLE;
SELECT is((SELECT count(*) FROM leaked WHERE what ~ 'SECRETA') > 10 AND NOT EXISTS (SELECT FROM leaked WHERE what ~ 'SECRETB'), true, 'a function that leaks leaks nothing of the other source');

-- what is said where all is hidden, by a psql that runs beside this one
\setenv database :DBNAME
\set said `psql -X -d "$database" -U rep_other -Atc "SELECT count(*) FROM claims.claim_findings" 2>&1`
SELECT is(:'said'::text, E'NOTICE:  findings of claim sources are hidden: none is yours to read\nDETAIL:  What is empty here was not found to be clean.\nHINT:  The view claim_sources has their owners, who may call claim_source_grant(source, role).\n0', 'a role that may read nothing is told so');
\set said `psql -X -d "$database" -U rep_other -Atc "SELECT count(*) FROM claims.claim_report_undecided" 2>&1 | grep -c NOTICE`
SELECT is(:'said'::text, '1', 'once a statement');
\set said `psql -X -d "$database" -U rep_dash -Atc "SELECT count(*) > 0 FROM claims.claim_findings" 2>&1`
SELECT is(:'said'::text, 't', 'one that may read some is not');
\set said `psql -X -d "$database" -U rep_owner -Atc "SELECT claims.claim_source_revoke('a', 'rep_other')" 2>&1 | grep NOTICE`
SELECT is(:'said'::text, E'NOTICE:  claim source "a" was not granted to role "rep_other"', 'nor is it said that what was never granted was revoked');
\set said `psql -X -d "$database" -U rep_owner -Atc "SELECT claims.claim_source_grant('a', 'rep_member')" -c "SELECT claims.claim_source_revoke('a', 'rep_member')" 2>&1 | grep NOTICE`
SELECT is(:'said'::text, E'NOTICE:  role "rep_member" still reads claim source "a" as a member of rep_team', 'nor that a role which reads through another does not any more');

-- what is refused
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('a', 'no such')$$), '42704: role "no such" does not exist', 'a role that there is not');
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('a', 'public')$$), '42704: role "public" does not exist', 'nor public');
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('no such', 'rep_dash')$$), '42704: claim source "no such" does not exist', 'a source that there is not');
SELECT is(as_role('rep_owner', 'SELECT claim_source_grant(NULL, ''rep_dash'')'), '22004: source and role must not be null', 'null');
SELECT is(as_role('rep_owner', 'SELECT claim_source_revoke(''a'', NULL)'), '22004: source and role must not be null', 'null');

-- row security of the table
ALTER TABLE theirs.a ENABLE ROW LEVEL SECURITY;
SELECT is(as_role('rep_dash', 'SELECT findings FROM claim_sources WHERE name = ''a'''), 'not yours to read: theirs.a has row security', 'a table that gets row security is not read any more');
SELECT is_empty($$SELECT shows('rep_dash', 'SECRET')$$, 'nothing of it');
SELECT matches(as_role('rep_dash', $$SELECT count(*) FROM claim_findings_at('a', 'medicare', now())$$), '^42501.*row security', 'by functions either');
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('a', 'rep_other')$$), '55000: table theirs.a of claim source "a" has row security', 'and is not granted');
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('a', 'rep_other', all_rows => true)$$), '', 'unless that is said');
SELECT set_eq($$SELECT shows('rep_other', 'SECRETA')$$, 'SELECT relname FROM granted', 'then it is read');
ALTER TABLE theirs.a DISABLE ROW LEVEL SECURITY;
SELECT set_eq($$SELECT shows('rep_dash', 'SECRETA')$$, 'SELECT relname FROM granted', 'without it as before');
SET ROLE rep_owner;
CREATE TABLE theirs.deep (LIKE theirs.a);
CREATE VIEW theirs.over AS SELECT * FROM theirs.deep;
CREATE VIEW theirs.again AS SELECT * FROM theirs.over;
ALTER TABLE theirs.deep ENABLE ROW LEVEL SECURITY;
SELECT claim_source_add('again', 'theirs.again', schema => 'theirs', columns => '{"patient": "person", "dos": "dos", "code": "code"}') \g /dev/null
RESET ROLE;
SELECT is(as_role('rep_owner', $$SELECT claim_source_grant('again', 'rep_other')$$), '55000: table theirs.deep of claim source "again" has row security', 'views are looked through');

-- taken back
SELECT is(as_role('rep_owner', $$SELECT claim_source_revoke('a', 'rep_dash')$$), '', 'a grant is revoked');
SELECT is_empty($$SELECT shows('rep_dash', 'SECRET')$$, 'and nothing is seen any more');
SELECT is(as_role('rep_owner', $$SELECT claim_source_revoke('a', 'rep_other')$$), '', 'the other too');
-- a role of the same name is another one
SELECT claim_source_grant('a', 'rep_other') \g /dev/null
DROP ROLE rep_other;
CREATE ROLE rep_other LOGIN;
SELECT is_empty($$SELECT shows('rep_other', 'SECRET')$$, 'a role made again has no grant of the one before');
SELECT claim_source_drop('a') \g /dev/null
SELECT is((SELECT count(*) FROM claimline_internal.claim_source_reader), 0::bigint, 'grants go with their source');

DROP OWNED BY rep_owner, rep_dash, rep_team, rep_member, rep_idle, rep_other CASCADE;
DROP ROLE rep_owner, rep_dash, rep_team, rep_member, rep_idle, rep_other;
SELECT * FROM finish();

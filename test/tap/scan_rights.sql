-- The nightly scan: who may do what, and what is said when something is missing.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();

-- two sources of the superuser's, without a log or a watermark
CREATE TABLE quiet (claim text, no int, person text, dos date, code text);
INSERT INTO quiet VALUES ('C1', 1, 'P1', '2024-08-01', '97124');
CREATE TABLE gone AS TABLE quiet;
SELECT claim_source_add(t, t::regclass, columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code"}')
FROM unnest('{quiet,gone}'::text[]) t \g /dev/null
CALL claim_scan('quiet');

CREATE ROLE scan_owner;
CREATE ROLE scan_member IN ROLE scan_owner;
CREATE ROLE scan_other;
CREATE SCHEMA theirs AUTHORIZATION scan_owner;
SET ROLE scan_owner;
CREATE TABLE theirs.t AS SELECT 'C1'::text AS claim, 1 AS no, 'P1'::text AS person, date '2024-08-01' AS dos, '97124'::text AS code;
SELECT claim_source_add('theirs', 'theirs.t', columns => '{"patient": "person", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code"}', schema => 'theirs') \g /dev/null
CALL claim_scan('theirs');
SELECT cmp_ok((SELECT count(*) FROM claim_findings), '>', 0::bigint, 'a user without rights on anything else scans a table of its own');
SELECT is((SELECT string_agg(DISTINCT source, ' ') FROM claim_findings), 'theirs', 'and sees its findings only');
SELECT is((SELECT string_agg(DISTINCT source, ' ') FROM claim_report_rules), 'theirs', 'in reports too');
SELECT is((SELECT string_agg(DISTINCT source, ' ') FROM claim_scan_progress), 'theirs', 'and in what goes on');
SET ROLE scan_member;
CALL claim_scan('theirs');
SELECT is((SELECT string_agg(DISTINCT source, ' ') FROM claim_findings_at('theirs', 'medicare', now())), 'theirs', 'so does a member of it');
SET ROLE scan_other;
SELECT is((SELECT count(*) FROM claim_findings) + (SELECT count(*) FROM claimline_internal.claim_scan_day) + (SELECT count(*) FROM claimline_internal.claim_scan_run)
	+ (SELECT count(*) FROM claimline_internal.claim_scan_ruleset), 0::bigint, 'another user sees nothing');
SELECT throws_ok($$INSERT INTO claimline_internal.claim_scan_pending VALUES ('theirs', 'medicare', gen_random_uuid(), NULL, NULL, NULL, true)$$, '42501', NULL, 'and stores nothing');
SELECT throws_ok($$INSERT INTO claimline_internal.claim_scan_ruleset VALUES ('theirs', 'medicare', 'x', starter_ruleset())$$, NULL, NULL, 'nor a ruleset');
RESET ROLE;
SELECT throws_ok(format('INSERT INTO claimline_internal.claim_scan_ruleset VALUES (%L, %L, %L, starter_ruleset())', 'quiet', 'medicare', repeat('0', 32)), '23514', NULL,
	'a stored ruleset is the one that its hash says');

-- errors of a procedure that commits: by its messages
CREATE TABLE said (n int GENERATED ALWAYS AS IDENTITY, state text, message text);
\set ON_ERROR_STOP 0
SET ROLE scan_other;
CALL claim_scan('theirs');
RESET ROLE;
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('no such');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', 'no such');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', edition => 'no such');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', batch_days => 0);
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', method => 'guess');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', method => 'log');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan('quiet', method => 'watermark');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
CALL claim_scan(NULL);
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
BEGIN;
SELECT 1 \g /dev/null
CALL claim_scan('quiet');
ROLLBACK;
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
REVOKE SELECT ON theirs.t FROM scan_owner;
SET ROLE scan_owner;
CALL claim_scan('theirs');
RESET ROLE;
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
DROP VIEW quiet_lines;
CALL claim_scan('quiet');
INSERT INTO said (state, message) VALUES (:'SQLSTATE', 'the view is made again');
DROP TABLE gone CASCADE;
CALL claim_scan('gone');
INSERT INTO said (state, message) VALUES (:'LAST_ERROR_SQLSTATE', :'LAST_ERROR_MESSAGE');
\set ON_ERROR_STOP 1
SELECT is(s.state || ': ' || s.message, w.wanted, 'message ' || n)
FROM said s JOIN (VALUES
	(1, '42501: claim source "theirs" belongs to role scan_owner'),
	(2, '42704: claim source "no such" does not exist'),
	(3, '42704: policy "no such" does not exist'),
	(4, '42704: edition "no such" of service type "practitioner" does not exist'),
	(5, '22023: batch_days is 0, must be 1 or more'),
	(6, '22023: scan method "guess" does not exist'),
	(7, '55000: changes of claim source "quiet" are not logged'),
	(8, '55000: claim source "quiet" has no watermark'),
	(9, '22004: source, policy, service type, severity, batch_days and full must not be null'),
	(10, '25001: claim_scan cannot run inside a transaction block'),
	(11, '42501: permission denied for table t'),
	(12, '00000: the view is made again'),
	(13, '42P01: view gone_lines of claim source "gone" does not exist')) w (n, wanted) USING (n) ORDER BY n;
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
	0::bigint, 'no error left a lock');
DROP OWNED BY scan_owner, scan_member, scan_other CASCADE;
DROP ROLE scan_owner, scan_member, scan_other;

SELECT * FROM finish();

-- Guards: who is told what of the lines of others, whose rights a guard runs with, row security, who may add one.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

SET LOCAL ROLE guard_owner;
SELECT make('o'), claim_guard_add('o') \g /dev/null
INSERT INTO o VALUES ('P1', 'N1', '2024-08-01', 'SECRET', 7, '98940', 'AT', 1, NULL, 'M99.01');
GRANT INSERT ON o TO guard_writer;
RESET ROLE;
SELECT is(result_as('guard_writer', $$INSERT INTO app.o VALUES ('P1', 'N1', '2024-08-02', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'a user with nothing but INSERT');
SELECT is(error_as('guard_writer', $$INSERT INTO app.o VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$),
	'23514 | ptp | claim line violates rule "ptp" | Claim C2 line 1 (patient P1, provider N1, date 2024-08-01): it does not pass with the lines of its day that are already stored',
	'is refused and reads nothing of what others stored');
SELECT matches(error_as('guard_writer', $$INSERT INTO app.o VALUES ('P8', 'N1', '2024-08-01', 'C2', 1, '98940', 'AT', 1, 15, 'M99.01'), ('P8', 'N1', '2024-08-01', 'C2', 2, '97124', 'GP', 1, 15, 'M99.04')$$),
	'97124 is not payable beside 98940 of claim C2 line 1.*Bill 97124-XS-GP', 'but is told all of a day that is only its own');
SELECT alike(error_as('guard_writer', 'SELECT * FROM app.o'), '42501%', 'and cannot read');
GRANT SELECT ON o TO guard_writer;
SELECT matches(error_as('guard_writer', $$INSERT INTO app.o VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), 'claim SECRET line 7.*Bill 97124-XS-GP', 'who may read is told all');
REVOKE SELECT ON o FROM guard_writer;
GRANT SELECT (claim_id) ON o TO guard_writer;
SELECT unalike(error_as('guard_writer', $$INSERT INTO app.o VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '%SECRET%', 'who may read one column is not');

-- a finding on the stored line, which the written one causes
SET LOCAL ROLE guard_owner;
INSERT INTO o VALUES ('P4', 'N1', '2024-08-01', 'HIDDEN', 5, '97124', 'GP', 1, 15, 'M99.04');
RESET ROLE;
SELECT unalike(error_as('guard_writer', $$INSERT INTO app.o VALUES ('P4', 'N1', '2024-08-01', 'C2', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '%HIDDEN%',
	'the name of a stored line is not told either');

-- operators of the user's are not run with the owner's rights
CREATE SCHEMA theirs AUTHORIZATION guard_writer;
SET LOCAL ROLE guard_writer;
GRANT USAGE ON SCHEMA theirs TO PUBLIC;
CREATE FUNCTION theirs.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'runs as %', current_user; END $$;
CREATE OPERATOR theirs.= (FUNCTION = theirs.eq, LEFTARG = text, RIGHTARG = text);
SELECT set_config('search_path', 'theirs, pg_catalog', true) \g /dev/null
SELECT (lib.error_of($$INSERT INTO app.o VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$)).message AS theirs \gset
RESET ROLE;
SELECT set_config('search_path', 'app, public, claims, lib', true) \g /dev/null
SELECT is(:'theirs'::text, 'claim line violates rule "ptp"', 'a search path of the user''s does not change what a guard runs');
DROP SCHEMA theirs CASCADE;

-- row security
SET LOCAL ROLE guard_owner;
SELECT make('s', ', tenant name DEFAULT current_user'), claim_guard_add('s') \g /dev/null
ALTER TABLE s ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON s USING (tenant = current_user);
GRANT SELECT, INSERT, UPDATE, DELETE ON s TO guard_writer, guard_other;
RESET ROLE;
SELECT is(result_as('guard_other', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-01', 'SECRET', 7, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'row security: a line of one tenant');
SELECT is(error_as('guard_writer', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$),
	'23514 | ptp | claim line violates rule "ptp" | Claim C2 line 1 (patient P1, provider N1, date 2024-08-01): it does not pass with the lines of its day that are already stored',
	'counts for a line of another, who is not told what it is');
ALTER TABLE s FORCE ROW LEVEL SECURITY;
SELECT is(result_as('guard_owner', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), 'ptp', 'where row security is forced on the owner too');
SELECT unalike(error_as('guard_owner', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '%SECRET%', 'who is not told either');
SELECT is(result_as('guard_other', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-02', 'SECRET', 7, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'a line to quarantine against');
SET LOCAL ROLE guard_owner;
SELECT claim_guard_add('s', action => 'quarantine') \g /dev/null
RESET ROLE;
SELECT is(result_as('guard_writer', $$INSERT INTO app.s VALUES ('P1', 'N1', '2024-08-02', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '1', 'quarantine with forced row security');
SELECT is((SELECT string_agg(row_data ->> 'claim_id' || ' ' || (row_data ->> 'tenant') || ' by ' || moved_by, ', ') FROM claim_quarantine WHERE source = 's'), 'C2 guard_writer by ' || session_user, 'moves the row aside');
SELECT is((SELECT string_agg(claim_id, ', ') FROM s WHERE dos = '2024-08-02'), 'SECRET', 'and nothing else');

-- what was moved aside is seen by the owner of the source
SELECT is(result_as('guard_owner', 'SELECT FROM claim_quarantine') || result_as('guard_writer', 'SELECT FROM claim_quarantine') || result_as('guard_other', 'SELECT FROM claim_quarantine'), '100', 'claim_quarantine is seen by the owner of the source');
SELECT is(result_as('guard_writer', 'DELETE FROM claim_quarantine'), '0', 'nobody else deletes of it');
SELECT alike(result_as('guard_owner', $$INSERT INTO claim_quarantine (source, policy, relation, event, row_data) VALUES ('s', '', '', '', '{}')$$), '42501%', 'nobody writes into it');
SELECT alike(result_as('guard_owner', $$UPDATE claim_quarantine SET row_data = '{}'$$), '42501%', 'or changes it');
SELECT is(result_as('guard_owner', $$DELETE FROM claim_quarantine$$), '1', 'its owner empties it');

-- who may add one
SELECT alike(error_as('guard_other', $$SELECT claim_guard_add('o')$$), '42501 |  | must be owner of table app.o%', 'only the owner of the table adds a guard');
SELECT alike(error_as('guard_other', $$SELECT claim_guard_drop('o')$$), '42501%', 'or drops it');
GRANT SELECT, TRIGGER ON o TO guard_other;
SET LOCAL ROLE guard_other;
CREATE FUNCTION spy(text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE EXCEPTION 'ran as %', current_user; END $$;
SELECT claim_source_add('spy', 'o', columns => mapping() || '{"code": {"expression": "app.spy(t.code)"}}') \g /dev/null
CREATE TRIGGER spies AFTER INSERT ON o REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_guard('spy', 'medicare', 'deny', 'reject', 'practitioner');
RESET ROLE;
SELECT is(error_as('guard_owner', $$INSERT INTO app.o VALUES ('P3', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$),
	'42501 |  | claim source "spy" belongs to a role without the rights of the owner of table "o" | The owner of a table adds the source that guards it.',
	'a trigger of somebody else''s with a source of their own does not run with the owner''s rights');
SELECT is(error_as('guard_owner', $$SELECT claim_guard_add('spy')$$), '42501 |  | claim source "spy" belongs to a role without the rights of the owner of table app.o | The owner of a table adds the source that guards it.', 'nor can the owner be led to');
DROP TRIGGER spies ON o;
SET LOCAL ROLE guard_other;
CREATE TRIGGER spies AFTER INSERT ON o REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_track('spy');
RESET ROLE;
SELECT alike(error_as('guard_owner', $$INSERT INTO app.o VALUES ('P3', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$), '42501%', 'nor with claim_track');
DROP TRIGGER spies ON o;
SELECT claim_source_drop('spy') \g /dev/null
REVOKE TRIGGER ON o FROM guard_other;

-- the extension's schema: the owner of the table uses it, who writes need not
REVOKE USAGE ON SCHEMA claims FROM PUBLIC;
GRANT USAGE ON SCHEMA claims TO guard_owner;
SELECT is(result_as('guard_writer', $$INSERT INTO app.o VALUES ('P9', 'N1', '2024-08-02', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '1',
	'a user who may not use the schema of the extension writes as before');
REVOKE USAGE ON SCHEMA claims FROM guard_owner;
SELECT is((e.state, e.message, e.hint)::text, ('42501', 'the owner of table app.o has no right to use schema claims', 'GRANT USAGE ON SCHEMA claims TO guard_owner.')::text,
	'the owner of a table that is guarded must use it') FROM error_of($$SELECT claim_guard_add('o')$$) e;
GRANT USAGE ON SCHEMA claims TO PUBLIC;

-- of a table with partitions, the error names the table, not the partition that comes first
CREATE TABLE parted (LIKE app.o) PARTITION BY LIST (claim_id);
CREATE TABLE parted_c1 PARTITION OF parted FOR VALUES IN ('C1');
CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
SELECT claim_source_add('parted', 'parted', columns => (SELECT s.columns FROM claimline_internal.claim_source s
	WHERE s.name = 'o'), schema => 'app'), claim_guard_add('parted') \g /dev/null
SELECT is(error_as('guard_other', $$SELECT claim_guard_drop('parted')$$), '42501 |  | must be owner of relation parted',
	'a guard of others is not dropped');

SELECT * FROM finish();
ROLLBACK;

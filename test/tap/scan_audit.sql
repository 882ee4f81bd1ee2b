-- A ruleset is no parameter of a statement of a scan: an audit log that has parameters would have its text, 390 kB, each time.
-- Statements under a procedure are not seen from outside, so this is of what the functions are made of.

BEGIN;
\i test/tap/lib.sql
SELECT plan(2);

SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.proname ~ '^claim_(scan|coverage_notice)' AND p.proname <> 'claim_scan_plain' AND 'claim_ruleset'::regtype = ANY (p.proargtypes::regtype[])$$, 'no function takes a ruleset');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.proname ~ '^claim_(scan|coverage_notice)' AND p.prosrc ~* 'claim_ruleset\M'
	AND p.prosrc ~* '\m(CONSTANT )?[a-z_.]*claim_ruleset( :=|;)'$$, 'and none has one in a variable');

SELECT * FROM finish();
ROLLBACK;

-- What the tour, doc/tour.md, and then doc/guards.md leave in the database is what they say; test/docs.sh compares what they print.
-- doc/reference.md names every function, table, view and type of the extension.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.
\i test/tap/lib.sql
DROP EXTENSION claimline CASCADE;	-- the tour creates it
DROP SCHEMA claims;

CREATE TEMP TABLE reference (line text);
\copy reference FROM 'doc/reference.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

SELECT no_plan();

-- what their sql fences print is not shown
\set script `mktemp`
\setenv script :script
\set ON_ERROR_STOP 0
\o /dev/null
\! awk '/^```/ { fenced = $0 == "```sql"; next } fenced' doc/tour.md > "$script"
\i :script
\o
\set ON_ERROR_STOP 1
SELECT set_config('search_path', current_setting('search_path') || ', lib', false) \g /dev/null

-- the analyst
SELECT results_eq($$SELECT rule FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity = 'deny' OR rule = 'line-invalid' ORDER BY 1$$,
	$$VALUES ('cmt-region'), ('line-invalid')$$, 'the analyst sees the region conflict and the invalid row');
SET enable_seqscan = off;
SELECT matches(plan_of($$SELECT claimday(claim_id, line_no, line) FROM claims_lines WHERE patient = 'P1' GROUP BY patient, provider, dos$$),
	'Index Cond: \(person_id = ''P1''', 'a filter by patient reaches the index');
SELECT matches(plan_of(q), 'Index Cond: .*(npi|start_date)', 'and so does one by ' || k)
	FROM (VALUES ('provider', $$SELECT * FROM claims_lines WHERE provider = 'x'$$), ('date', $$SELECT * FROM claims_lines WHERE dos = '2024-08-01'$$)) v (k, q);
RESET enable_seqscan;

-- the trigger author
SELECT results_eq($$SELECT row_data ->> 'claim_id', findings -> 0 ->> 'rule' FROM claim_quarantine$$, $$VALUES ('C5', 'ptp')$$,
	'a guard moved the line aside that it does not refuse');
SELECT results_eq($$SELECT claim_id, line_no FROM visit_line ORDER BY 1, 2$$, $$VALUES ('C4', 1), ('C4', 2), ('C6', 1)$$, 'and kept the others');

-- the nightly job
SELECT results_eq($$SELECT days_done, lines_done, opened, kept, closed, why FROM claim_scan_progress$$,
	$$VALUES (1::bigint, 3::bigint, 1::bigint, 0::bigint, 0::bigint, 'first scan')$$, 'the nightly job has judged the day');
SELECT bag_eq('SELECT claim_id, line_no, rule, severity, message FROM claim_findings',
	$$SELECT claim_id, line_no, rule, severity, message FROM (SELECT claimday(claim_id, line_no, line, line_error) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity >= 'review'$$, 'and stores what the analyst finds');
SELECT bag_eq('SELECT rule, severity, findings, days FROM claim_report_counted',
	$$SELECT rule, severity, count(*), 1::bigint FROM (SELECT claimday(claim_id, line_no, line, line_error) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity < 'review' GROUP BY rule, severity$$, 'or counts it');
SELECT results_eq('SELECT lines, charge FROM claim_report_charge', 'VALUES (1::bigint, 64.00)', 'one line at risk: what is no line is none');

-- policies
SELECT results_eq($$SELECT rule, severity::text FROM claim_edits('97124 x3 45min 2024-08-01 dx=F41.1 specialty=225700000X visit=13'::claimline, ruleset('our-plan'))$$,
	$$VALUES ('mue-day', 'deny'), ('dx-not-necessary', 'deny'), ('units-scrutiny', 'review'), ('visits-scrutiny', 'review'), ('visits-limit', 'deny')$$,
	'the policy of the tour denies what it says, beside what it inherits');
SELECT is((SELECT count(*) FROM ruleset_diff(ruleset('hns'), ruleset('our-plan')) WHERE path <> 'policy.name'), 2::bigint, 'and differs from the one that it extends in two settings');

-- what users call, read or write is named: all but what stands behind a type, an operator, an aggregate or an index
CREATE TEMP TABLE named AS
WITH member AS (
	SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
	WHERE d.deptype = 'e' AND e.extname = 'claimline'
)
SELECT 'function' AS kind, p.proname::text AS name, p.pronamespace AS schema FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
WHERE NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend))
	AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid)
	AND NOT EXISTS (SELECT FROM pg_amproc a WHERE a.amproc = p.oid)
	AND NOT EXISTS (SELECT FROM pg_aggregate a WHERE p.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn))
UNION ALL
SELECT 'relation', c.relname, c.relnamespace FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid WHERE c.relkind IN ('r', 'v')
UNION ALL
SELECT 'type', t.typname, t.typnamespace FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid WHERE t.typelem = 0;
SELECT is((SELECT string_agg(DISTINCT schema::regnamespace::text, ', ' ORDER BY schema::regnamespace::text DESC) FROM named), 'claims, claimline_internal', 'what there is stands in two schemas');
DELETE FROM named WHERE schema = 'claimline_internal'::regnamespace;
SELECT cmp_ok((SELECT count(*) FROM named WHERE kind = 'function'), '<=', 135::bigint, 'no more functions than a person can look through');
SELECT is_empty($$SELECT kind, name FROM named WHERE NOT EXISTS (SELECT FROM reference WHERE line ~ ('\| [^|]*`(CALL )?' || name || '[`( ]'))$$, 'the reference names all that users call, read or write');
SELECT is_empty($$SELECT c.relname, a.attname FROM named n JOIN pg_class c ON c.relname = n.name AND c.relnamespace = 'claims'::regnamespace AND c.relkind IN ('r', 'v', 'c')
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE col_description(c.oid, a.attnum) IS NULL$$, 'each of their columns has a comment');
-- and nothing that is not there
SELECT is_empty($$SELECT DISTINCT m[1] FROM reference, regexp_matches(line, '`(?:CALL )?((?:claim|ncci|line|day|ruleset|claimday|claimline|timed|units)_[a-z_]+)[`(]', 'g') m
	WHERE line ~ '^\|' AND NOT EXISTS (SELECT FROM named WHERE name = m[1]) AND m[1] NOT IN ('claim_id', 'line_no')$$,
	'and nothing that is not there');

-- the page about guards goes on where the tour ended
\set ON_ERROR_STOP 0
\o /dev/null
\! awk '/^```/ { fenced = $0 == "```sql"; next } fenced' doc/guards.md > "$script"
\i :script
\! rm -f "$script"
\o
\set ON_ERROR_STOP 1
SELECT results_eq($$SELECT dos::text, code FROM visit_line WHERE claim_id = 'C5'$$, $$VALUES ('2024-08-02', '97140')$$, 'what was moved aside is put back, and nothing else was stored');
SELECT is_empty('SELECT FROM claim_quarantine', 'and is not aside any more');
SELECT * FROM finish();

-- The SQL of README.md and then of doc/guards.md runs as it stands there, statement by statement, and says what the README says;
-- the README names every function, table, view and type of the extension.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.
\i test/tap/lib.sql
DROP EXTENSION claimline CASCADE;	-- the README creates it
DROP SCHEMA claims;

CREATE TEMP TABLE readme (line_no int GENERATED ALWAYS AS IDENTITY, line text);
\copy readme (line) FROM 'README.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT max(line_no) AS readme_lines FROM readme \gset
\copy readme (line) FROM 'doc/guards.md' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

-- statements of the sql fences: a statement ends with a line that ends with ;
-- outside of a $$ body
CREATE TEMP TABLE statement (line_no int PRIMARY KEY, sql text);
DO $$
DECLARE
	r record;
	fenced boolean := false;
	body boolean := false;
	sql text := '';
BEGIN
	FOR r IN SELECT * FROM readme ORDER BY line_no LOOP
		IF r.line ~ '^```' THEN
			ASSERT sql = '', 'statement without end before line ' || r.line_no;
			fenced := r.line = '```sql';
		ELSIF fenced THEN
			sql := sql || coalesce(r.line, '') || E'\n';
			IF (length(r.line) - length(replace(r.line, '$' || '$', ''))) / 2 % 2 = 1 THEN
				body := NOT body;
			END IF;
			IF r.line LIKE '%;' AND NOT body THEN
				INSERT INTO statement (line_no, sql) VALUES (r.line_no, sql);
				sql := '';
			END IF;
		END IF;
	END LOOP;
END $$;

SELECT no_plan();
SELECT cmp_ok((SELECT count(*) FROM statement), '>=', 30::bigint, 'the README has statements');

DELETE FROM readme WHERE line_no > :readme_lines;

-- psql runs them from a file, each a transaction of its own, and what they print is not shown
CREATE TEMP VIEW script AS
SELECT E'\\o /dev/null\n' || sql || E'\\o\nSELECT ok(NOT :''ERROR'', ''' || CASE WHEN line_no > :readme_lines
		THEN 'doc/guards.md line ' || line_no - :readme_lines ELSE 'README.md line ' || line_no END
	|| E''') || CASE WHEN :''ERROR'' THEN E''\\n'' || diag(:''LAST_ERROR_MESSAGE'') ELSE '''' END;' AS text, line_no
FROM statement;
\set script `mktemp`
SELECT text FROM script WHERE line_no <= :readme_lines ORDER BY line_no \g :script
\set ON_ERROR_STOP 0
\i :script
\set ON_ERROR_STOP 1
SELECT set_config('search_path', current_setting('search_path') || ', lib', false) \g /dev/null

-- and say what the README says
CREATE TEMP TABLE prose AS SELECT regexp_replace(string_agg(line, ' ' ORDER BY line_no), '\s+', ' ', 'g') AS text FROM readme;

SELECT results_eq($$SELECT line_no, rule, suggestion::text FROM claim_edits(ARRAY[
	'98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03', '97124-GP x2 22min 2024-08-01 dx=M99.04']::claimline[])$$,
	$$VALUES (2, 'units-minutes', '97124-GP x1 22min 2024-08-01 dx=M99.04'), (2, 'ptp', '97124-XS-GP x2 22min 2024-08-01 dx=M99.04')$$,
	'the ten lines find what is shown');
SELECT ok(strpos(text, regexp_replace(format(' %s | %s | %s | %s | %s |%s', line_no, rule, severity, with_line_no, suggestion, ' ' || condition), '\s+', ' ', 'g')) > 0, format('%s is shown as it is said', rule))
FROM claim_edits(ARRAY['98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03', '97124-GP x2 22min 2024-08-01 dx=M99.04']::claimline[]), prose ORDER BY rule;

-- the analyst
SELECT bag_eq($$SELECT unnest(unmapped) FROM claim_sources WHERE name = 'claims'$$,
	$$SELECT regexp_replace(line, '^DETAIL:  ', '') FROM readme, (SELECT min(line_no) AS first FROM readme WHERE line ~ '^NOTICE:  claim source "claims"') f
		WHERE line_no > first AND line_no < (SELECT min(line_no) FROM readme WHERE line_no > first AND line = '```')$$,
	'the notice of the source says what is shown');
SELECT ok(strpos(text, regexp_replace(format(' %s | %s | %s |%s', claim_id, line_no, line, ' ' || line_error), '\s+', ' ', 'g')) > 0,
	format('claim %s line %s is shown as it is', claim_id, line_no)) FROM claims_lines, prose ORDER BY claim_id, line_no;
SELECT ok(strpos(text, regexp_replace(format(' %s | %s | %s | %s | %s |%s', kind, field, what, rows, charge, ' ' || example), '\s+', ' ', 'g')) > 0,
	format('%s is counted as it is shown', kind)) FROM claim_source_quality('claims'), prose ORDER BY kind;
SELECT results_eq($$SELECT rule FROM (SELECT claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE severity = 'deny' OR rule = 'line-invalid' ORDER BY 1$$,
	$$VALUES ('cmt-region'), ('line-invalid')$$, 'the analyst sees the region conflict and the invalid row');
SET enable_seqscan = off;
SELECT matches(plan_of(sql), 'Index Cond: \(person_id = ''P1''', 'a filter by patient reaches the index')
	FROM statement WHERE sql LIKE '%WHERE patient = ''P1'' GROUP BY%';
SELECT matches(plan_of(q), 'Index Cond: .*(npi|start_date)', 'and so does one by ' || k)
	FROM (VALUES ('provider', $$SELECT * FROM claims_lines WHERE provider = 'x'$$), ('date', $$SELECT * FROM claims_lines WHERE dos = '2024-08-01'$$)) v (k, q);
RESET enable_seqscan;

-- the trigger author
SELECT throws_ok($$INSERT INTO billed VALUES ('C3', 2, '97124-GP x5 75min 2024-08-01')$$, '23514', NULL, 'the constraint refuses');
SELECT claim_guard_add('visits') \g /dev/null
SELECT ok(strpos(text, format('ERROR: %s: %s DETAIL: %s HINT: %s SCHEMA NAME: %s TABLE NAME: %s CONSTRAINT NAME: %s ```',
		state, message, detail, hint, schema, relation, rule)) > 0, 'the guard refuses what is stored already in a conflict, with the fields shown')
FROM prose, error_of((SELECT substring(line FROM '^`(INSERT INTO visit_line VALUES [^`]*)`') FROM readme WHERE line ~ '^`INSERT INTO visit_line'));
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
SELECT is((SELECT string_agg(counted ->> severity || ' ' || severity, ', ' ORDER BY severity::claim_severity DESC) FROM claimline_internal.claim_scan_run, jsonb_object_keys(counted) severity),
	substring(text FROM 'counted by day and not stored: (.*?) findings'), 'as it says') FROM prose;
SELECT results_eq('SELECT lines, charge FROM claim_report_charge', 'VALUES (1::bigint, 64.00)', 'one line at risk: what is no line is none');

-- policies
SELECT results_eq($$SELECT rule, severity::text FROM claim_edits('97124 x3 45min 2024-08-01 dx=F41.1 specialty=225700000X visit=13'::claimline, ruleset('our-plan'))$$,
	$$VALUES ('mue-day', 'deny'), ('dx-not-necessary', 'deny'), ('units-scrutiny', 'review'), ('visits-scrutiny', 'review'), ('visits-limit', 'deny')$$,
	'the policy of the README denies what it says, beside what it inherits');
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
SELECT cmp_ok((SELECT count(*) FROM named WHERE kind = 'function'), '<=', 125::bigint, 'no more functions than a person can look through');
SELECT is_empty($$SELECT kind, name FROM named, prose WHERE text !~ ('\| [^|]*`(CALL )?' || name || '[`( ][^|]*\| ')$$, 'the reference names all that users call, read or write');
SELECT is_empty($$SELECT c.relname, a.attname FROM named n JOIN pg_class c ON c.relname = n.name AND c.relnamespace = 'claims'::regnamespace AND c.relkind IN ('r', 'v', 'c')
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE col_description(c.oid, a.attnum) IS NULL$$, 'each of their columns has a comment');
-- and nothing that is not there
SELECT is_empty($$SELECT DISTINCT m[1] FROM readme, regexp_matches(line, '`(?:CALL )?((?:claim|ncci|line|day|ruleset|claimday|claimline|timed|units)_[a-z_]+)[`(]', 'g') m
	WHERE line ~ '^\|' AND NOT EXISTS (SELECT FROM named WHERE name = m[1]) AND m[1] NOT IN ('claim_id', 'line_no')$$,
	'and nothing that is not there');

-- the page about guards goes on where the README was
SELECT text FROM script WHERE line_no > :readme_lines ORDER BY line_no \g :script
\set ON_ERROR_STOP 0
\i :script
\set ON_ERROR_STOP 1
\setenv script :script
\! rm -f "$script"
SELECT results_eq($$SELECT dos::text, code FROM visit_line WHERE claim_id = 'C5'$$, $$VALUES ('2024-08-02', '97140')$$, 'what was moved aside is put back, and nothing else was stored');
SELECT is_empty('SELECT FROM claim_quarantine', 'and is not aside any more');
SELECT * FROM finish();

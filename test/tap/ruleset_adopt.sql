-- Rulesets that another release stored, as bytes: read by the names of their rules, found again by their hash, or refused.
--
-- Run from the root of the project:  psql -X -f test/tap/ruleset_adopt.sql

\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only true
\pset pager off

BEGIN;

SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS claimline;

CREATE SCHEMA ruleset_adopt;
SELECT set_config('search_path', 'ruleset_adopt, ' || current_setting('search_path'), true) \g /dev/null

-- A value as it lies on disk, behind its length
CREATE CAST (claim_ruleset AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS claim_ruleset) WITHOUT FUNCTION;

-- Stored by release 0.1.0, and the text that it was made from; the settings that a policy had not yet are those of the built-in one
\set stored `cat test/data/ruleset-0.1.0.base64`
\set text `cat test/data/ruleset-0.1.0.json`
SELECT jsonb_set(:'text', '{policy}', jsonb_object_agg(key, value) || (:'text'::jsonb->'policy')) AS text
FROM jsonb_each(starter_ruleset()::text::jsonb->'policy') WHERE jsonb_typeof(value) NOT IN ('array', 'object') \gset

-- Where its version, its size and the hash of its list of rules are; a number at a place, as the machine writes it
CREATE FUNCTION version_at() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 16';
CREATE FUNCTION size_at() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 20';
CREATE FUNCTION list_at() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 24';
CREATE FUNCTION with_number(value bytea, at int, number int) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
	SELECT overlay(value PLACING set_byte(set_byte('\x00000000'::bytea, 0, number & 255), 1, number >> 8) FROM at + 1)
$$;

-- A ruleset whose rule has another name of the same length, by another list
CREATE FUNCTION renamed(rules claim_ruleset, old text, new text) RETURNS claim_ruleset
LANGUAGE sql IMMUTABLE AS $$
	SELECT with_number(overlay(b PLACING ('\x00'::bytea || convert_to(new, 'UTF8') || '\x00'::bytea)
		FROM position('\x00'::bytea || convert_to(old, 'UTF8') || '\x00'::bytea IN b)), list_at(), 1)::claim_ruleset
	FROM (SELECT rules::bytea AS b) x
$$;

CREATE TABLE day AS SELECT * FROM (VALUES
	(1, '{97124-59-GP x2 20min 2024-08-01 dx=M54.2,98941-AT x1 2024-08-01,97140-GP x1.5 30min 2024-08-01}'::claimline[]),
	(2, '{97124 x4 20min 2021-02-01 specialty=35 visit=21,98941 x1 2021-02-01 specialty=225700000X}'),
	(3, ARRAY['97124 x1 8min 2015-01-01', NULL]::claimline[])) v (n, lines);

CREATE FUNCTION said(rules claim_ruleset) RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(n || ' ' || e::text, E'\n' ORDER BY n, e.line_no, e.rule, e.with_line_no) FROM day, claim_edits(lines, rules) e $$;

-- toasted, and in one piece as a value of a query is
CREATE TABLE kept (name text, rules claim_ruleset);
INSERT INTO kept VALUES ('stored', decode(:'stored', 'base64')::claim_ruleset), ('made', :'text'),
	('other list', with_number(starter_ruleset()::bytea, list_at(), 1)::claim_ruleset), ('starter', starter_ruleset());

SELECT get_byte(starter_ruleset()::bytea, size_at()) <> (length(starter_ruleset()::bytea) + 4) & 255 AS big_endian \gset
\if :big_endian
SELECT plan(1);
SELECT skip('the bytes of release 0.1.0 are of another byte order');
\else
SELECT plan(19);

-- by release 0.1.0

SELECT is(get_byte(rules::bytea, version_at()), 2, 'version 2 is stored') FROM kept WHERE name = 'stored';
SELECT is(ruleset_hash(rules), '1f0d2f7088d1e19081bcb15f10330f33', 'its hash is what it was') FROM kept WHERE name = 'stored';
SELECT is(ruleset_hash(decode(:'stored', 'base64')::claim_ruleset), '1f0d2f7088d1e19081bcb15f10330f33', 'also of a value in one piece');
SELECT is((SELECT rules::text FROM kept WHERE name = 'stored'), (SELECT rules::text FROM kept WHERE name = 'made'), 'its text is that of the ruleset that it was made from');
SELECT is(decode(:'stored', 'base64')::claim_ruleset::text, (SELECT rules::text FROM kept WHERE name = 'made'), 'also of a value in one piece');
SELECT is(said(decode(:'stored', 'base64')::claim_ruleset), said(rules), 'it says the same') FROM kept WHERE name = 'made';
SELECT isnt(said(rules), said(starter_ruleset()), 'which is not what the starter says') FROM kept WHERE name = 'made';
SELECT is((SELECT jsonb_object_agg(rule, severity) FROM (SELECT DISTINCT e.rule, e.severity FROM kept, claim_edits('{97124 x1.5 2024-08-01 visit=21}'::claimline[], rules) e
		WHERE name = 'stored' AND e.rule IN ('units-fraction', 'visits-limit')) x),
	'{"units-fraction": "info", "visits-limit": "review"}', 'the severities that its policy gives are those of its rules');
SELECT is((SELECT string_agg(DISTINCT e.carc, ' ') FROM kept, claim_edits('{97164 x1 2021-08-01,97124 x1 15min 2021-08-01}'::claimline[], rules) e
		WHERE name = 'stored' AND e.rule = 'ptp'), 'CO-236', 'and so are its denial codes');
SELECT is(ARRAY(SELECT path || ' ' || coalesce(before, 'lacking') FROM kept a, kept b, ruleset_diff(a.rules, b.rules) WHERE a.name = 'stored' AND b.name = 'made' ORDER BY 1),
	ARRAY(SELECT 'rules.' || rule || ' lacking' FROM claim_rules() WHERE rule NOT IN (SELECT r->>0 FROM jsonb_array_elements(:'text'::jsonb->'rules') r) ORDER BY 1),
	'they differ in the rules that were not there');
SELECT is(ruleset_coverage(rules), '[2020-10-01,2024-10-01)', 'it covers what it covered') FROM kept WHERE name = 'stored';
SELECT is((SELECT array_agg(f::text) FROM kept, LATERAL (SELECT line_edits(l, rules) OVER () AS f FROM unnest((SELECT lines FROM day WHERE n = 1)) l) x WHERE name = 'stored'),
	(SELECT array_agg(f::text) FROM kept, LATERAL (SELECT line_edits(l, rules) OVER () AS f FROM unnest((SELECT lines FROM day WHERE n = 1)) l) x WHERE name = 'made'),
	'the window function says the same');

-- one call site, the ruleset changes from row to row
SELECT is(count(*), 200::bigint, 'each ruleset of a query is read as itself')
FROM (SELECT name, (SELECT string_agg(e::text, ' ') FROM claim_edits('{97124 x3 20min 2024-08-01,98941 x1 2024-08-01}'::claimline[], rules) e) AS said
	FROM kept, generate_series(1, 50) ORDER BY generate_series, name) x
	JOIN (SELECT DISTINCT ON (name) name, (SELECT string_agg(e::text, ' ') FROM claim_edits('{97124 x3 20min 2024-08-01,98941 x1 2024-08-01}'::claimline[], rules) e) AS said FROM kept) y USING (name, said);

-- by another list

SELECT is((SELECT rules::text FROM kept WHERE name = 'other list'), starter_ruleset()::text, 'the same rules by another list are the same ruleset');
SELECT throws_ok($$SELECT ruleset_coverage(renamed(starter_ruleset(), 'units-fraction', 'units-of-later'))$$, '0A000',
	'ruleset was made by another version of claimline', 'a rule that is not known is refused');
CREATE FUNCTION refusal(rules claim_ruleset) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	RETURN 'read: ' || claim_passes('97124'::claimline, rules);
EXCEPTION WHEN feature_not_supported THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN detail || ' ' || hint;
END $$;
SELECT is(refusal(renamed(starter_ruleset(), 'units-fraction', 'units-of-later')),
	'It has the rule "units-of-later", which this version does not know. Update the extension to the version that made it.', 'by its name');

-- by no version that is known

SELECT is(refusal(with_number(starter_ruleset()::bytea, version_at(), 1)::claim_ruleset), 'Its version is 1, must be 2 or 3. Make it again from its text form.', 'an earlier version');
SELECT is(refusal(with_number(starter_ruleset()::bytea, version_at(), 4)::claim_ruleset), 'Its version is 4, must be 2 or 3. Update the extension to the version that made it.', 'a later version');
SELECT matches(refusal(with_number(starter_ruleset()::bytea, size_at(), 500)::claim_ruleset), '^Its size is \d+, must be 500\. Make it again', 'a value of another size than it says');
\endif

SELECT * FROM finish();

ROLLBACK;

-- Diagnoses of a junction (lumbosacral, thoracolumbar, cervicothoracic) name two regions, of which one alone may have been treated:
-- nothing is denied for certain by them. And lines whose modifiers, or whose rows, were loaded apart.
--
-- The oracle of the level takes every choice of one or both regions for each junction, and asks whether one of them fits.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA law_regions;
SELECT set_config('search_path', 'law_regions, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(14);

-- M99.01 to M99.05 are one region each; M54.13, M54.15 and M54.17 are junctions
CREATE TABLE dx (dx text, options text[]);
INSERT INTO dx VALUES ('M99.01', '{cervical}'), ('M99.02', '{thoracic}'), ('M99.03', '{lumbar}'), ('M99.04', '{sacral}'), ('M99.05', '{pelvic}'),
	('M54.13', '{cervical,thoracic,cervical+thoracic}'), ('M54.15', '{thoracic,lumbar,thoracic+lumbar}'), ('M54.17', '{lumbar,sacral,lumbar+sacral}');

-- Every one to four of them
CREATE TABLE day AS
WITH RECURSIVE list AS (
	SELECT ARRAY[dx] AS dx FROM dx
	UNION ALL SELECT l.dx || d.dx FROM list l, dx d WHERE d.dx > l.dx[cardinality(l.dx)] AND cardinality(l.dx) < 4)
SELECT row_number() OVER () AS n, dx FROM list;

CREATE TABLE count_of AS
WITH RECURSIVE chosen AS (
	SELECT n, dx, 0 AS i, '{}'::text[] AS regions FROM day
	UNION ALL SELECT c.n, c.dx, i + 1, regions || string_to_array(o, '+') FROM chosen c JOIN dx d ON d.dx = c.dx[i + 1], unnest(d.options) o)
SELECT DISTINCT n, (SELECT count(DISTINCT r) FROM unnest(regions) r) AS regions FROM chosen WHERE i = cardinality(dx);

SELECT is_empty($$
	SELECT d.dx, c.code, sev(lines(c.code || '-AT x1 dx=' || array_to_string(d.dx, ',')), 'cmt-level', 1)
	FROM day d, (VALUES ('98940', 1, 2), ('98941', 3, 4), ('98942', 5, 5)) c (code, low, high)
	WHERE sev(lines(c.code || '-AT x1 dx=' || array_to_string(d.dx, ',')), 'cmt-level', 1) IS DISTINCT FROM CASE
		WHEN EXISTS (SELECT FROM count_of k WHERE k.n = d.n AND k.regions BETWEEN c.low AND c.high) THEN NULL
		WHEN (SELECT max(regions) FROM count_of k WHERE k.n = d.n) < c.low THEN 'review' ELSE 'info' END$$,
	'the level fits if any choice of the junctions'' regions fits');

-- Massage beside manipulation, one diagnosis of each: deny where both are certain and the same
SELECT is_empty($$
	SELECT a.dx, b.dx, sev(lines('98940-AT x1 dx=' || a.dx, '97124-59-GP x1 15min dx=' || b.dx), 'cmt-region', 2) FROM dx a, dx b
	WHERE sev(lines('98940-AT x1 dx=' || a.dx, '97124-59-GP x1 15min dx=' || b.dx), 'cmt-region', 2) IS DISTINCT FROM CASE
		WHEN NOT a.options && b.options THEN NULL
		WHEN cardinality(a.options) = 1 AND cardinality(b.options) = 1 THEN 'deny' ELSE 'review' END$$,
	'a junction is at most looked at');
SELECT is(sev(lines('98940-AT x1 dx=M99.03,M54.17', '97124-59-GP x1 15min dx=M99.03'), 'cmt-region', 2), 'deny', 'beside a certain region it changes nothing');
SELECT is(against(lines('98940-AT x1 dx=M54.17', '98941-AT x1 dx=M99.03', '97124-59-GP x1 15min dx=M99.03'), 'cmt-region', 3), 'deny 2',
	'a certain conflict goes before one that may be');
SELECT is(sev(lines('98940-AT x1 region=lumbar,sacral', '97124-59-GP x1 15min region=lumbar'), 'cmt-region', 2), 'deny', 'stated regions are certain');
SELECT is(sev(lines('98941-AT x1 region=lumbar,sacral'), 'cmt-level', 1), 'deny', 'and their number too');

-- Rows of one line

CREATE FUNCTION said(VARIADIC rows text[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(e.line_no || ' ' || e.severity || ': ' || e.message, '; ' ORDER BY e.line_no, e.message)
	FROM claim_edits((SELECT claimday(split_part(r, ' ', 1), split_part(r, ' ', 2)::int, (substring(r FROM '^\S+ \S+ (.*)') || ' 2024-08-01')::claimline)
		FROM unnest(rows) r)) e WHERE e.rule = 'duplicate'
$$;

SELECT is(said('B 1 97140-GP x1 15min', 'B 1 97140-GP x1 15min'),
	'1 info: the row of 97140 of claim B line 1 is there 2 times: loaded again, it counts once', 'a row loaded twice is named so');
SELECT is(said('B 1 97140-GP x1 15min', 'C 1 97140-GP x1 15min'),
	'1 deny: same code, modifiers and units (x1) as 97140 of claim B line 1', 'two claims are named as two');
SELECT is(said('B 1 97140-GP x1 15min', 'B 2 97140-GP x1 15min'),
	'2 deny: same code, modifiers and units (x1) as 97140 of claim B line 1', 'and two lines');
SELECT is(said('B 1 97124-GP x1 15min', 'B 1 97124-59 x1 15min'),
	'1 review: 97124 of claim B line 1 is in several rows, one with modifier 59 and one with GP: a row a modifier, which belong on one line; '
	'1 review: 97124 of claim B line 1 is in several rows, one with modifier GP and one with 59: a row a modifier, which belong on one line',
	'a row a modifier is detected');
SELECT is(said('B 1 97124-GP x1 15min', 'B 2 97124-59 x1 15min'), NULL, 'two lines with other modifiers are two lines');
SELECT is(said('B 1 97124-GP x1 15min', 'B 1 97124-59 x2 15min'), NULL, 'so are two with other units');
SELECT is(said('B 1 97124-GP-59 x1 15min', 'B 1 97124-GP x1 15min'), NULL, 'a row with two modifiers is none of them');
SELECT is((SELECT count(*) FROM claim_edits(lines('97124-GP x1 15min', '97124-GO x1 15min')::claimline[]) e WHERE e.rule = 'duplicate'), 0::bigint,
	'lines of an array have numbers of their own');

SELECT * FROM finish();
ROLLBACK;

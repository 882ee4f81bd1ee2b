-- Lines billed for a denial (GA, GX, GY, GZ): decided before pairs, unit limits and regions, by a table made by hand.
--
-- The table has every set of the four modifiers. What it says is of the payer, by the policy:
--   GX, GY   not covered at all: denied PR-96 (N425); under medicare-secondary this is what the claim asks for, so info
--   GZ       covered and expected to be denied as not necessary, without a notice: denied CO-50 from 2011-07-01
--   GA       a notice was given: no denial by itself; where necessity is denied, PR-50
--   cpt and what extends it read none of them
-- Two that contradict each other deny the line by themselves (mod-conflict), and then nobody knows which denial it asks for.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA law_liability;
SELECT set_config('search_path', 'law_liability, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(16);

CREATE TABLE answer (modifiers text, decided text, conflict text);
INSERT INTO answer VALUES
	('', NULL, NULL), ('GA', NULL, NULL),
	('GX', 'excluded', NULL), ('GY', 'excluded', NULL), ('GX-GY', 'excluded', NULL),
	('GZ', 'unnecessary', NULL),
	('GA-GX', 'excluded', 'review'), ('GA-GY', 'excluded', 'review'), ('GA-GX-GY', 'excluded', 'review'),
	('GA-GZ', 'unnecessary', 'deny'), ('GY-GZ', 'excluded', 'deny'), ('GX-GZ', 'excluded', 'review'),
	('GX-GY-GZ', 'excluded', 'deny'), ('GA-GX-GZ', 'excluded', 'deny'), ('GA-GY-GZ', 'excluded', 'deny'),
	('GA-GX-GY-GZ', 'excluded', 'deny');

SELECT is((SELECT count(*) FROM answer), 16::bigint, 'every set of the four');

CREATE TABLE policy AS
SELECT name, reads, wanted, ruleset(name) AS rules
FROM (VALUES ('medicare', true, false), ('medicare-secondary', true, true), ('cpt', false, false)) p (name, reads, wanted);

-- A line that is wrong by every edit that reads other lines or limits, beside others
CREATE TABLE bad (code text, gp text, rest text, others text[]);
INSERT INTO bad VALUES
	('97124', '-GP', 'x1 15min 10:00 dx=M99.01', '{98941-AT x1 dx=M99.01\,M99.02\,M99.03}'),
	('97124', '-59-GP', 'x1 15min dx=M99.01', '{98941-AT x1 dx=M99.01\,M99.02\,M99.03}'),
	('97124', '-GP', 'x5 75min', '{97140-GP x1 15min}'),
	('97124', '-GP', 'x2 30min 10:00', '{97110-GP x2 30min 10:15}'),
	('97140', '-GP', 'x1 15min', '{97124-GP x1 15min,97530-GP x1 15min}'),
	('98941', '', 'x1 dx=M99.01\,M99.02\,M99.03', '{97124-GP x1 15min dx=M99.01,99213 x1}'),
	('98943', '', 'x1', '{98940-AT x1}'),
	('97010', '', 'x1', '{98940-AT x1}'),
	('97014', '', 'x1', '{97110-GP x1 15min}'),
	('99213', '', 'x1', '{98940-AT x1}'),
	('99213', '-25', 'x3', '{98940-AT x1}');
UPDATE bad SET rest = replace(rest, '\', ''), others = (SELECT array_agg(replace(o, '\', '') ORDER BY n) FROM unnest(others) WITH ORDINALITY u (o, n));

CREATE TABLE dos (dos text, gz boolean);
INSERT INTO dos VALUES ('2024-08-01', true), ('2021-01-01', true), ('2011-06-30', false), ('2011-07-01', true);

-- The day, the line with its modifiers first
CREATE TABLE day AS
SELECT row_number() OVER () AS n, p.name AS policy, p.rules, p.wanted, a.conflict, b.code, d.dos, s.specialty, a.modifiers,
	CASE WHEN NOT p.reads OR (a.decided = 'unnecessary' AND NOT d.gz) THEN NULL ELSE a.decided END AS decided,
	(SELECT array_agg(rtrim(l || ' ' || d.dos) ORDER BY k) FROM unnest(b.others) WITH ORDINALITY u (l, k)) AS others,
	b.code || b.gp || CASE WHEN a.modifiers = '' THEN '' ELSE '-' || a.modifiers END || ' ' || b.rest || ' ' || d.dos
		|| coalesce(' specialty=' || s.specialty, '') AS line
FROM policy p, answer a, bad b, dos d, (VALUES (NULL), ('35')) s (specialty)
WHERE length(b.gp || '-' || a.modifiers) <= 15;	-- a line has five modifiers

-- What is said: of the line, of the others, and of the others where the line is not there
CREATE TABLE said AS
SELECT d.n, e.line_no, e.rule, e.severity::text, e.carc, e.rarc, e.message
FROM day d, claim_edits((ARRAY[line] || others)::claimline[], rules) e;
CREATE TABLE alone AS
SELECT d.n, e.line_no + 1 AS line_no, e.rule, e.severity::text, e.carc, e.rarc, e.message
FROM day d, claim_edits((ARRAY['95851 x0 ' || dos] || others)::claimline[], rules) e;

CREATE INDEX ON said (n);
CREATE INDEX ON alone (n);
ANALYZE day, said, alone;

CREATE TABLE other_lines (rule text);
INSERT INTO other_lines VALUES ('ptp'), ('ptp-bypassed'), ('mue-day'), ('mue-line'), ('cmt-region'), ('cmt-region-unknown'), ('cmt-bundled'),
	('cmt-modifier-required'), ('time-overlap'), ('units-split-lines');

SELECT cmp_ok((SELECT count(*) FROM day WHERE decided IS NOT NULL), '>', 1000::bigint, 'more than 1,000 days with a line billed for a denial');

SELECT is_empty($$
	SELECT d.policy, d.line, d.others, s.rule FROM day d JOIN said s USING (n)
	WHERE d.decided IS NOT NULL AND s.line_no = 1 AND s.rule IN (SELECT rule FROM other_lines)$$,
	'such a line is denied by no pair, no limit, no region, no overlap');

SELECT is_empty($$
	SELECT d.policy, d.line, d.others, s.line_no, s.rule FROM day d JOIN said s USING (n)
	WHERE d.decided IS NOT NULL AND s.line_no > 1 AND s.rule IN (SELECT rule FROM other_lines)
	EXCEPT SELECT d.policy, d.line, d.others, a.line_no - 1, a.rule FROM day d JOIN alone a USING (n)$$,
	'nor does it deny another');

SELECT is_empty($$
	SELECT d.policy, d.line, d.others, s.line_no, s.rule, s.severity FROM day d JOIN said s USING (n)
	WHERE d.decided IS NOT NULL AND s.line_no > 1 AND s.severity IN ('deny', 'review') AND s.rule <> 'edition-coverage'
	EXCEPT SELECT d.policy, d.line, d.others, a.line_no - 1, a.rule, a.severity FROM day d JOIN alone a USING (n)$$,
	'the other lines are denied for what they are themselves');

-- The denial that is asked for, once

CREATE TABLE denial AS
SELECT d.n, count(s.n) AS times, min(s.severity) AS severity, min(s.carc) AS carc, min(s.rarc) AS rarc
FROM day d LEFT JOIN said s ON s.n = d.n AND s.line_no = 1
	AND (s.rule IN ('billed-for-denial', 'specialty-not-covered', 'specialty-code-limit') OR (s.rule = 'mod-missing' AND s.message LIKE '%AT%'))
GROUP BY d.n;

SELECT is_empty($$
	SELECT d.policy, d.line, t.* FROM day d JOIN denial t USING (n)
	WHERE d.decided = 'excluded' AND d.conflict IS DISTINCT FROM 'deny' AND (t.times, t.severity, t.carc, t.rarc) IS DISTINCT FROM
		(1, CASE WHEN d.wanted THEN 'info' ELSE 'deny' END,
		 CASE WHEN NOT d.wanted THEN 'PR-96' END, CASE WHEN NOT d.wanted THEN 'N425' END)$$,
	'GX and GY: PR-96 once, and info where it is wanted');

SELECT is_empty($$
	SELECT d.policy, d.line, t.* FROM day d JOIN denial t USING (n)
	WHERE d.decided = 'unnecessary' AND d.conflict IS DISTINCT FROM 'deny'
		AND (t.times, t.severity, t.carc) IS DISTINCT FROM (1, 'deny', 'CO-50')$$,
	'GZ: CO-50 once');

SELECT is_empty($$
	SELECT d.policy, d.line, s.rule FROM day d JOIN said s USING (n)
	WHERE s.line_no = 1 AND s.rule = 'billed-for-denial' AND (d.decided IS NULL OR d.conflict = 'deny')$$,
	'no such denial of another line, nor where the modifiers contradict each other');

SELECT is_empty($$
	SELECT d.policy, d.line, d.conflict FROM day d
	WHERE d.conflict IS DISTINCT FROM
		(SELECT max(s.severity::claim_severity)::text FROM said s WHERE s.n = d.n AND s.line_no = 1 AND s.rule = 'mod-conflict')$$,
	'what contradicts itself is said to');

-- What is not billed for a denial is judged as ever

SELECT is_empty($$
	SELECT d.policy, d.line FROM day d JOIN day plain USING (policy, code, dos, specialty)
	WHERE d.decided IS NULL AND plain.modifiers = '' AND plain.specialty IS NOT DISTINCT FROM d.specialty
		AND plain.others = d.others AND d.modifiers = 'GA'
		AND replace(d.line, '-GA', '') = plain.line
		AND (SELECT array_agg(rule ORDER BY rule) FROM said s WHERE s.n = d.n AND s.rule <> 'mod-position')
			IS DISTINCT FROM (SELECT array_agg(rule ORDER BY rule) FROM said s WHERE s.n = plain.n AND s.rule <> 'mod-position')$$,
	'GA alone changes no rule');

SELECT isnt_empty($$
	SELECT FROM day d JOIN said s USING (n) WHERE d.modifiers = 'GA' AND s.line_no = 1 AND s.rule = 'ptp' AND s.severity = 'deny'$$,
	'a line with GA is denied by a pair');

SELECT isnt_empty($$
	SELECT FROM day d JOIN said s USING (n) WHERE d.policy = 'cpt' AND d.modifiers = 'GY' AND s.line_no = 1 AND s.rule = 'ptp'$$,
	'a payer that does not read GY takes the line for payable');

-- Neighbours

SELECT is(codes(lines('97124-GY x1 15min'), 'mod-missing', 1), 'deny CO-4/N822', '97124-GY without GP stays CO-4');
SELECT is(codes(lines('97124-GP-GZ x1 15min'), 'billed-for-denial', 1), 'deny CO-50/-', '97124-GP-GZ is denied CO-50');
SELECT is(codes(lines('98941-GA x1'), 'mod-missing', 1), 'deny PR-50/-', 'maintenance with a notice: PR-50');
SELECT is(sev(lines('97110-GP x1 10min', '97124-GP-GY x1 10min'), 'units-minutes', 1), NULL, 'minutes that are not covered are not pooled with those that are');

SELECT * FROM finish();
ROLLBACK;

-- Lines of several dates among others, against models in SQL made from the rules' text (doc/rules.md, Lines of several dates).
--
-- The verdict on two lines of one date is taken from the extension, other tests prove it; what becomes of it where the dates are
-- spans, which lines meet, and what minutes support however they are divided is written out here.

BEGIN;
\i test/tap/lib.sql
SELECT plan(21);
CREATE SCHEMA model;
SELECT set_config('search_path', 'model, ' || current_setting('search_path'), true) \g /dev/null

-- random days over nine dates: codes that have pairs, modifiers that open them, regions that meet or not
CREATE TABLE l AS
SELECT d, n, code, modifiers, units, minutes, region, first, first + more AS last,
	concat_ws(' ', code || modifiers, 'x' || units, minutes || 'min', first || CASE WHEN more > 0 THEN '..' || first + more ELSE '' END, 'region=' || region) AS text,
	concat_ws(' ', code || modifiers, 'x' || units, minutes || 'min', '%s', 'region=' || region) AS undated
FROM (SELECT d, n, (ARRAY['97124', '97140', '97110', '98940', '98941', '97530', '99213', '97150'])[1 + draw(k, 1, 8)] AS code,
		(ARRAY['', '', '-GP', '-59', '-XS', '-AT', '-25', '-GP-59'])[1 + draw(k, 2, 8)] AS modifiers, (ARRAY[1, 1, 2, 4, 0])[1 + draw(k, 3, 5)] AS units,
		(ARRAY[NULL, 15, 15, 30])[1 + draw(k, 4, 4)] AS minutes, (ARRAY[NULL, 'lumbar', 'cervical,thoracic'])[1 + draw(k, 5, 3)] AS region,
		date '2024-08-05' + draw(k, 6, 6) AS first, (ARRAY[0, 0, 0, 1, 2, 4])[1 + draw(k, 7, 6)] AS more
	FROM (SELECT d, n, d * 10 + n AS k FROM generate_series(1, 3000) d, generate_series(1, 2 + d % 5) n) x) y;
CREATE INDEX ON l (d);
CREATE TABLE days AS SELECT d, claimday('C', n, text::claimline) AS day FROM l GROUP BY d;
CREATE TABLE said AS SELECT d, e.line_no AS n, e.rule, e.severity::text, e.with_line_no AS other, e.message, e.suggestion FROM days, claim_edits(day) e;

SELECT is_empty('SELECT d, n, rule, message FROM said GROUP BY 1, 2, 3, 4 HAVING count(*) > 1', 'nothing is said twice');
SELECT is((SELECT count(*) FROM days WHERE claim_passes(day) <> NOT EXISTS (SELECT FROM said s WHERE s.d = days.d AND severity = 'deny')), 0::bigint, 'verdicts are those of the findings');
SELECT is((SELECT count(*) FROM days WHERE claim_passes(day, starter_ruleset(), 'review') <> NOT EXISTS (SELECT FROM said s WHERE s.d = days.d AND severity IN ('review', 'deny'))), 0::bigint, 'at review too');

-- lines that no dates link do nothing to each other
CREATE TABLE part AS
SELECT d, n, text, sum(starts) OVER (PARTITION BY d ORDER BY first, n) AS part
FROM (SELECT *, (first > coalesce(max(last) OVER (PARTITION BY d ORDER BY first, n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '-infinity'))::int AS starts FROM l) x;
CREATE TABLE said_apart AS SELECT d, e.line_no AS n, e.rule, e.severity::text, e.with_line_no AS other, e.message, e.suggestion
FROM (SELECT d, part, claimday('C', n, text::claimline) AS day FROM part GROUP BY 1, 2) p, claim_edits(day) e;
SELECT is_empty('(TABLE said EXCEPT ALL TABLE said_apart) UNION ALL (TABLE said_apart EXCEPT ALL TABLE said)', 'a day is its parts that share no date');
SELECT cmp_ok((SELECT count(*) FROM part WHERE part > 1), '>', 1000::bigint, 'of which there are many');

-- two lines that share a date, judged as if both were of it
CREATE TABLE pair AS
SELECT a.d, a.n, b.n AS other, a.code, b.code AS with_code, a.first = a.last AND b.first = b.last AS surely, a.undated AS a, b.undated AS b, greatest(a.first, b.first) AS dos
FROM l a JOIN l b ON a.d = b.d AND a.n <> b.n AND a.first <= b.last AND b.first <= a.last;
CREATE TABLE pair_says AS
SELECT p.d, p.n, p.other, p.code, p.with_code, p.surely, e.rule, e.severity::text
FROM pair p, claim_edits(ARRAY[format(p.a, p.dos), format(p.b, p.dos)]::claimline[]) e WHERE e.line_no = 1 AND e.with_line_no = 2;
CREATE FUNCTION lowered(severity text, surely boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN severity = 'deny' AND NOT surely THEN 'review' ELSE severity END $$;

-- a finding for each code of column one: denied where it surely is, else to be looked at where it may be, else bypassed
CREATE TABLE pairs_model AS
SELECT DISTINCT ON (d, n, with_code) d, n, rule, lowered(severity, surely) AS severity
FROM pair_says WHERE rule IN ('ptp', 'ptp-bypassed') ORDER BY d, n, with_code, rule = 'ptp' DESC, surely DESC;
SELECT is_empty($$(SELECT d, n, rule, severity FROM said WHERE rule IN ('ptp', 'ptp-bypassed') EXCEPT ALL TABLE pairs_model)
	UNION ALL (TABLE pairs_model EXCEPT ALL SELECT d, n, rule, severity FROM said WHERE rule IN ('ptp', 'ptp-bypassed'))$$, 'pairs of codes');
SELECT cmp_ok((SELECT count(*) FROM said WHERE rule = 'ptp' AND severity = 'review'), '>', 500::bigint, 'many may be of one date');
SELECT cmp_ok((SELECT count(*) FROM said WHERE rule = 'ptp' AND severity = 'deny'), '>', 100::bigint, 'many are');
SELECT is_empty($$SELECT s.d, s.n, s.rule, s.message FROM said s JOIN l a USING (d, n) JOIN l b ON b.d = s.d AND b.n = s.other
	WHERE (a.first < a.last OR b.first < b.last) AND s.rule <> 'duplicate' IS DISTINCT FROM (s.rule <> 'duplicate' AND s.message LIKE format('%%; they are of %s and of %s, and may be of one date or not',
		a.first || CASE WHEN a.last > a.first THEN ' to ' || a.last ELSE '' END, b.first || CASE WHEN b.last > b.first THEN ' to ' || b.last ELSE '' END))$$, 'the message says both spans, where one is there');
SELECT is_empty($$SELECT s.d, s.n, s.suggestion FROM said s JOIN l a USING (d, n) JOIN l b ON b.d = s.d AND b.n = s.other
	WHERE s.rule IN ('ptp', 'mod-not-allowed') AND (a.first < a.last OR b.first < b.last) AND s.suggestion IS NOT NULL$$, 'and suggests no modifier');
-- massage beside manipulation: the worst that two of the lines say
SELECT is_empty($$WITH model AS (SELECT d, n, max(lowered(severity, surely)::claim_severity)::text AS severity FROM pair_says WHERE rule IN ('cmt-region', 'cmt-region-unknown') GROUP BY 1, 2),
	are AS (SELECT d, n, max(severity::claim_severity)::text AS severity FROM said WHERE rule IN ('cmt-region', 'cmt-region-unknown') GROUP BY 1, 2)
	(TABLE are EXCEPT ALL TABLE model) UNION ALL (TABLE model EXCEPT ALL TABLE are)$$, 'regions of manipulation');
-- a modifier that opens a pair of which it is not known whether it is one is not useless
SELECT is_empty($$SELECT s.d, s.n FROM said s JOIN pair_says p USING (d, n) WHERE s.rule = 'mod-unneeded' AND p.rule = 'ptp-bypassed'$$, 'a modifier that opens what may be a pair is needed');

-- duplicates: of the same dates as ever; of others that share one, as many units or as many a date
CREATE TABLE twice AS
SELECT k, n, concat_ws(' ', '97150-GP', 'x' || units, first || CASE WHEN more > 0 THEN '..' || first + more ELSE '' END) AS text, units, first, first + more AS last
FROM (SELECT k, n, 1 + draw(k * 10 + n, 1, 4) AS units, date '2024-08-05' + draw(k * 10 + n, 2, 3) AS first, draw(k * 10 + n, 3, 3) AS more FROM generate_series(1, 2000) k, generate_series(1, 2) n) x;
SELECT is_empty($$SELECT a.text, b.text, s.severity FROM twice a JOIN twice b ON a.k = b.k AND a.n = 1 AND b.n = 2
	LEFT JOIN LATERAL (SELECT e.severity::text FROM claim_edits(ARRAY[a.text, b.text]::claimline[]) e WHERE e.rule = 'duplicate') s ON true
	WHERE s.severity IS DISTINCT FROM CASE WHEN a.first = b.first AND a.last = b.last THEN CASE WHEN a.units = b.units THEN 'deny' END
		WHEN a.first <= b.last AND b.first <= a.last AND (a.units = b.units OR a.units * (b.last - b.first + 1) = b.units * (a.last - a.first + 1)) THEN 'review' END$$, 'duplicates');

-- limits of a policy are of a date too
SELECT is((SELECT string_agg(e.rule || ' ' || e.severity, ', ') FROM claim_edits('97124 x4 2024-08-05..2024-08-08 dx=M54.2'::claimline, ruleset('evicore-massage')) e WHERE e.rule = 'mue-day'), NULL, 'a policy''s limit');
SELECT is((SELECT string_agg(e.line_no || ' ' || e.severity, ', ' ORDER BY e.line_no) FROM claim_edits(ARRAY['97124 x20 2024-08-05..2024-08-08 dx=M54.2', '97124 x1 2024-08-07 dx=M54.2']::claimline[], ruleset('evicore-massage')) e
	WHERE e.rule = 'mue-day'), '1 deny, 2 deny', 'is of each date');
SELECT is((SELECT string_agg(e.line_no || ' ' || e.severity, ', ' ORDER BY e.line_no) FROM claim_edits(ARRAY['97124 x4 2024-08-05..2024-08-08 dx=M54.2 referral=yes visit=1', '97124 x1 2024-08-09 dx=M54.2 referral=yes visit=1']::claimline[], ruleset('hns')) e
	WHERE e.rule = 'units-scrutiny'), NULL, 'units that a policy looks at are of a date');
SELECT is((SELECT string_agg(e.line_no || ' ' || e.severity, ', ' ORDER BY e.line_no) FROM claim_edits(ARRAY['97124 x4 2024-08-05..2024-08-08 dx=M54.2 referral=yes visit=1', '97124 x1 2024-08-08 dx=M54.2 referral=yes visit=1']::claimline[], ruleset('hns')) e
	WHERE e.rule = 'units-scrutiny'), '1 review, 2 review', 'with those of the others that are of it');

-- two timed codes on the same two dates: every division of the minutes of both. On a date the total makes N units, a code has its full 15 minutes, the rest goes to
-- the larger remainder, at a tie to either (Medicare Claims Processing Manual ch. 5 s. 20.2).
CREATE TABLE allocation AS
SELECT a, b, u.x AS ua, u.y AS ub FROM generate_series(0, 40) a, generate_series(0, 40) b,
	LATERAL (SELECT CASE WHEN a + b < 8 THEN 0 ELSE (a + b + 7) / 15 END - a / 15 - b / 15 AS extra) e,
	LATERAL (SELECT a / 15 AS x, b / 15 AS y WHERE e.extra = 0 UNION ALL SELECT a / 15 + 1, b / 15 WHERE e.extra = 1 AND a % 15 >= b % 15
		UNION ALL SELECT a / 15, b / 15 + 1 WHERE e.extra = 1 AND b % 15 >= a % 15 UNION ALL SELECT a / 15 + 1, b / 15 + 1 WHERE e.extra = 2) u;
CREATE INDEX ON allocation (a, b);
CREATE TABLE supported AS
SELECT DISTINCT ma, mb, p.ua + q.ua AS ua, p.ub + q.ub AS ub
FROM unnest('{4,9,16,23,40}'::int[]) ma, unnest('{0,4,9,24,38}'::int[]) mb, generate_series(0, ma) x, generate_series(0, mb) y, allocation p, allocation q
WHERE p.a = x AND p.b = y AND q.a = ma - x AND q.b = mb - y;
CREATE TABLE two AS
SELECT x.ma, x.mb, u1, u2, EXISTS (SELECT FROM supported s WHERE s.ma = x.ma AND s.mb = x.mb AND u1 <= s.ua AND u2 <= s.ub) AS supported,
	u1 > (SELECT max(s.ua) FROM supported s WHERE s.ma = x.ma AND s.mb = x.mb) AS above, u1 < (SELECT min(s.ua) FROM supported s WHERE s.ma = x.ma AND s.mb = x.mb) AS under,
	(SELECT coalesce(string_agg(e.rule || e.line_no, ' ' ORDER BY e.rule, e.line_no), '')
		FROM claim_edits(ARRAY[format('97110-GP x%s %smin 2024-08-05..2024-08-06', u1, x.ma), format('97140-GP x%s %smin 2024-08-05..2024-08-06', u2, x.mb)]::claimline[]) e
		WHERE e.rule IN ('units-minutes', 'units-underbilled')) AS said
FROM (SELECT DISTINCT ma, mb FROM supported) x, generate_series(1, 6) u1, generate_series(0, 6) u2;
SELECT is_empty($$SELECT * FROM two WHERE supported AND said LIKE '%units-minutes%'$$, 'what some division of the minutes of two codes supports is not denied');
SELECT is_empty($$SELECT * FROM two WHERE NOT under AND said LIKE '%units-underbilled1%'$$, 'nor too few where some division supports no more');
-- and what none supports for one of them is denied, where the other can have as many on both dates, 4 beside 4
SELECT is_empty($$SELECT * FROM two WHERE mb = 38 AND above AND said NOT LIKE '%units-minutes1%'$$, 'what none supports is');
SELECT cmp_ok((SELECT count(*) FROM two WHERE said LIKE '%units-minutes%'), '>', 200::bigint, 'many are denied');
SELECT * FROM finish();
ROLLBACK;

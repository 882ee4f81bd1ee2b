-- Fees against published amounts, and against an oracle of its own
--
-- Published: national amounts (CMS relative value files x conversion factor), medpayiq 2025 (W28),
-- hrslearningcenter 2011 (W37), Minnesota Rule 5221.4061 (W38), and what follows from them (W39, D73 to D77).
-- The oracle reads data/*.csv, not the tables, and counts units one by one in whole millionths of a dollar: of the always-therapy
-- units of a date one is paid in full, that above which no other stands (practice expense, then amount, then the share paid,
-- then the order of claimline);
-- from every other half the practice expense is cut. It covers DOS from 2020, where office and institution are cut alike.

BEGIN;
\i test/tap/lib.sql

SELECT plan(121);

-- A day of lines, all on one date
CREATE FUNCTION pg_temp.on_day(dos date, VARIADIC lines text[]) RETURNS claimday
LANGUAGE sql AS $$ SELECT claimday(array_agg((l || ' ' || to_char(dos, 'YYYY-MM-DD'))::claimline ORDER BY n)) FROM unnest(lines) WITH ORDINALITY u(l, n) $$;

-- The fee of each line of a day, in the order of the lines given, or the reason why there is none
CREATE FUNCTION pg_temp.fees(day claimday, setting claim_setting = 'office') RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(coalesce(fee::text, why), ' | ' ORDER BY line_no) FROM day_fees(day, setting) $$;

--
-- Published amounts
--

SELECT is(line_fee(format('%s x1 %s', code, dos)::claimline), amount, format('%s on %s is %s', code, dos, amount))
FROM (VALUES
	('97124', '2020-06-01', 29.95), ('97124', '2021-06-01', 29.66), ('97124', '2022-06-01', 30.45), ('97124', '2023-06-01', 30.50),
	('97124', '2024-03-08', 29.80), ('97124', '2024-03-09', 30.29), ('97124', '2025-06-01', 29.76),
	('97140', '2020-06-01', 28.87), ('97140', '2021-06-01', 27.91), ('97140', '2022-06-01', 27.68), ('97140', '2023-06-01', 27.45),
	('97140', '2024-03-08', 26.52), ('97140', '2024-03-09', 26.96)
) v(code, dos, amount);

SELECT is(line_fee('97124 2023-06-01') - line_fee('97140 2023-06-01'), 3.05, 'W39: a unit of massage is 3.05 above one of manual therapy in 2023');
SELECT is(line_fee(format('97124 %s', dos)::claimline) - line_fee(format('97140 %s', dos)::claimline), difference, format('the difference on %s', dos))
FROM (VALUES ('2020-01-01', 1.08), ('2022-12-31', 2.77), ('2024-01-01', 3.28), ('2024-12-31', 3.33)) v(dos, difference);
SELECT is(round((0.91 - 0.81) * 32.7442, 2), 3.27, 'of unrounded amounts the difference of early 2024 is 3.27');

SELECT is(line_fee('97124 x1 2024-06-01', work_gpci => 1.008, practice_gpci => 1.053, malpractice_gpci => 0.827), 31.30, 'Colorado 2024');
SELECT is(line_fee('97124 x1 2024-06-01', 'office', 1.0, 1.025, 0.3), 30.52, 'Minnesota 2024');

SELECT is((SELECT full_fee FROM day_fees(claimday(ARRAY['97124 x2 25min 2025-06-01'::claimline]))), 59.52, 'W28: two units in 2025 before the reduction');
SELECT is(line_fee('97124 x2 25min 2025-06-01'), 29.76 + 20.70, 'W28: and after it');
SELECT is(line_fee('97124 x2 2023-06-01'), 51.85, 'D73: 30.50 + 21.35');
SELECT is(line_fee('97124 x4 2023-06-01'), 94.55, 'four units: 30.50 + 3 x 21.35');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97124 x1', '97110 x2')), '30.50 | 45.40', 'beside 97110 x2: 30.50 + 2 x 22.70');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97530', '97124')), '37.61 | 21.35', 'D75: 37.61 + 21.35');
SELECT is(day_fee(pg_temp.on_day('2023-06-01', '97530', '97124')), 58.96, 'D75: the day');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97124', '97112')), '30.50 | ' || round((0.50 + 0.25 + 0.01) * 33.8872, 2),
	'ranked by practice expense: 97124 (.54) before 97112 (.50), whose amount is higher');
SELECT is(round((0.50 + 0.50 + 0.01) * 33.8872, 2), line_fee('97112 2023-06-01'), 'which it is');
SELECT is(line_fee('97124-CQ-GP 2023-06-01'), 25.93, 'an assistant: 85 % of 30.50');
SELECT is(line_fee('97124-GO-CO x2 2023-06-01'), round(0.85 * 51.85, 2), 'an assistant: 85 % after the reduction');

-- The reduction of 2011: figures of a rule or a fee table, as one-off rows with a factor of 1

INSERT INTO claim_conversion_factor(valid_from, valid_to, factor, source) VALUES ('2010-01-01', '2014-12-31', 1, 'test: amounts');
INSERT INTO claim_rvu(code, valid_from, valid_to, work, practice, malpractice, status, multiple_procedure, source)
VALUES ('97110', '2010-01-01', '2014-12-31', 15.64, 13.10, 0, 'A', '5', 'W37'), ('X0001', '2010-01-01', '2014-12-31', 7, 10, 1, 'A', '5', 'W38'),
	('X0002', '2010-01-01', '2014-12-31', 11, 8, 1, 'A', '5', 'W38'), ('X0003', '2010-01-01', '2014-12-31', 11, 8, 1, 'A', '0', 'W38, not therapy');

SELECT is(pg_temp.fees(pg_temp.on_day('2011-06-01', '97110', '97110')), '28.74 | 26.12', 'W37: 28.74, then 26.12 with 20 % of practice expense cut');
SELECT is(line_fee('97110 x2 2011-06-01'), 28.74 + 26.12, 'W37: the same on one line');
SELECT is(day_fee(pg_temp.on_day('2012-06-01', 'X0001 x2', 'X0002'), 'institution'), 51.50, 'W38: 51.5 with 75 % of practice expense');
SELECT is(pg_temp.fees(pg_temp.on_day('2012-06-01', 'X0001 x2', 'X0002'), 'institution'), '33.50 | 18.00', 'W38: by line');
SELECT is(pg_temp.fees(pg_temp.on_day('2012-06-01', 'X0001 x2', 'X0003'), 'institution'), '33.50 | 20.00', 'a code without indicator 5 is not cut');
SELECT is(line_fee(format('X0001 x2 %s', dos)::claimline, setting::claim_setting), 36.0 - 10.0 * cut, format('%s on %s: %s', setting, dos, cut))
FROM (VALUES
	('2010-12-31', 'office', 0.00), ('2010-12-31', 'institution', 0.00), ('2011-01-01', 'office', 0.20), ('2011-01-01', 'institution', 0.25),
	('2013-03-31', 'office', 0.20), ('2013-03-31', 'institution', 0.25), ('2013-04-01', 'office', 0.50), ('2013-04-01', 'institution', 0.50)
) v(dos, setting, cut);

-- The rule by itself

SELECT results_eq($$SELECT * FROM multiple_procedure('{7,11}', '{10,8}', '{1,1}', '{2,1}', 0.25)$$,
	$$VALUES (1, 14.0, 17.5, 2.0, 33.5), (2, 11.0, 6.0, 1.0, 18.0)$$, 'W38: by component');
SELECT results_eq($$SELECT sum(line_work), sum(line_practice), sum(line_malpractice), sum(total) FROM multiple_procedure('{11,7}', '{8,10}', '{1,1}', '{1,2}', 0.25)$$,
	$$VALUES (25.0, 23.5, 3.0, 51.5)$$, 'W38: sums, in the other order');
-- W37 publishes the reduced amounts of 97140 and 97035 and both totals, so their practice expenses add up to 16.30, however split
SELECT is((SELECT array_agg(DISTINCT ARRAY[reduced, full_sum]) FROM (
		SELECT p, (SELECT sum(total) FROM multiple_procedure(w, ARRAY[13.10, p, 16.30 - p], '{0,0,0}', '{2,1,1}', 0.20)) AS reduced,
			(SELECT sum(total) FROM multiple_procedure(w, ARRAY[13.10, p, 16.30 - p], '{0,0,0}', '{2,1,1}', 0)) AS full_sum
		FROM generate_series(3.21, 13.09, 0.01) p, LATERAL (SELECT ARRAY[15.64, 24.67 - 0.8 * p, 10.79 - 0.8 * (16.30 - p)]) a(w)) x),
	ARRAY[ARRAY[90.32, 96.20]], 'W37: 90.32 with the reduction, 96.20 without');
SELECT is((SELECT sum(line_practice) FROM multiple_procedure('{1,1}', '{10,10}', '{0,0}', '{0.5,1}', 0.5)), 10.0, 'half a unit is paid in full as half a unit');
SELECT is((SELECT sum(line_practice) FROM multiple_procedure('{1,1}', '{10,8}', '{0,0}', '{0,2}', 0.5)), 12.0, 'a service of no units is not the one paid in full');
SELECT is((SELECT count(*) FROM multiple_procedure('{1,1}', '{1}', '{1,1}', '{1,1}', 0.5) WHERE total IS NULL), 1::bigint, 'a missing element gives null');
SELECT is((SELECT count(total) FROM multiple_procedure('{1}', '{1}', '{1}', '{2}', NULL)), 0::bigint, 'no reduction gives null');
SELECT is_empty($$SELECT * FROM multiple_procedure('{}', '{}', '{}', '{}', 0.5)$$, 'nothing of nothing');

--
-- Assistants, manipulation, codes without a fee
--

SELECT is(line_fee('97124-CQ-GP 2021-12-31'), 29.66, 'assistants are paid in full until 2021');
SELECT is(line_fee('97124-CQ-GP 2022-01-01'), round(0.85 * 30.45, 2), 'and 85 % from 2022-01-01');
SELECT is(line_fee('97124-CQ-CO-GP 2022-01-01'), round(0.85 * 30.45, 2), 'once, with both modifiers');
SELECT is(line_fee('97124-59-GP-KX-XS-CQ 2022-01-01'), round(0.85 * 30.45, 2), 'in the fifth position too');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97124-CQ-GP', '97124-GP')), round(0.85 * 21.35, 2) || ' | 30.50', 'of two equal units the therapist''s is paid in full');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '98941-AT', '97124-59-GP', '98940')), '39.99 | 30.50 | 27.79', 'manipulation is not cut and cuts nothing');
SELECT is(round((0.71 + 0.46 + 0.01) * 33.8872, 2), 39.99, '98941 in 2023, by hand');
SELECT results_eq($$SELECT fee, full_fee, reduction, assistant_reduction, why FROM day_fees('{- 1 97124-CQ-GP x2 2023-06-01}')$$,
	$$VALUES (44.07, 61.00, 9.15, 7.78, NULL::text)$$, 'what is cut is told apart');

SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', code)), why, format('%s: %s', code, why))
FROM (VALUES
	('98943', 'status N: not covered by Medicare'), ('97010', 'status B: bundled into other services'), ('97014', 'status I: not valid for Medicare'),
	('97139', 'status C: the contractor sets the price'), ('97039', 'status C: the contractor sets the price'),
	('97545', 'status R without relative value units: the contractor sets the price'),
	('99999', 'no relative value units for 99999 on 2023-06-01'), ('97124 x0 20min', '0.00'), ('99999 x0', '0.00'), ('97026', '6.78')
) v(code, why);
SELECT is(pg_temp.fees('{- 1 97124}'), 'no date of service', 'no date');
SELECT is(pg_temp.fees('{- 1 97124 2019-12-31; - 2 97124 2026-01-01}'),
	'no relative value units for 97124 on 2019-12-31 | no relative value units for 97124 on 2026-01-01', 'years without figures');
SELECT is(pg_temp.fees('{- 1 -; - 2 97124 2023-06-01}'), 'no line | 30.50', 'a null line');
SELECT is((SELECT why FROM day_fees('{- 1 97124 x0 2023-06-01}')), 'no units billed', 'why nothing is 0.00');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97530 x0 20min', '97124')), '0.00 | 30.50', 'a line that is not billed is not the one paid in full');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97124 x1.5')), '41.18', 'a half unit more: 30.50 + 21.35 / 2');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97530 x0.5', '97124')), '18.81 | 21.35', 'half a unit of the highest');
SELECT is((SELECT count(*) FROM day_fees('{- 1 98943 2023-06-01}') WHERE fee IS NULL AND full_fee IS NULL AND reduction IS NULL AND assistant_reduction IS NULL),
	1::bigint, 'no fee: all amounts are null');
SELECT is(day_fee(pg_temp.on_day('2023-06-01', '97124', '97010')), NULL, 'a day with a line without a fee has no sum');
SELECT is(day_fee(NULL), NULL, 'nor has no day');
SELECT is(line_fee(NULL), NULL, 'nor no line');
SELECT is_empty($$SELECT * FROM day_fees(NULL)$$, 'no day has no rows');
SELECT is(pg_temp.fees('{- 1 97124 2023-06-01; - 2 97124 2023-06-02}'), '30.50 | 30.50', 'each date by itself');
SELECT is(line_fee('97124 2023-06-01', NULL), NULL, 'no setting');
SELECT is((SELECT why FROM day_fees('{- 1 97124 2023-06-01}', NULL)), 'no setting', 'it is said');
SELECT is((SELECT why FROM day_fees('{- 1 97124 2023-06-01}', practice_gpci => NULL)), 'a geographic index is missing or negative', 'no index');
SELECT is((SELECT why FROM day_fees('{- 1 97124 2023-06-01}', work_gpci => -1)), 'a geographic index is missing or negative', 'a negative index');
SELECT throws_ok($$SELECT line_fee('97124 2023-06-01', 'home')$$, '22P02', NULL, 'another setting is an error');
SELECT is(pg_temp.fees(pg_temp.on_day('2023-06-01', '97124')), '30.50', 'the price follows the table:');
INSERT INTO claim_rvu(code, valid_from, work, practice, malpractice, status, multiple_procedure, source) VALUES ('97124', '2023-06-02', 1, 1, 1, 'A', '5', 'own');
SELECT is(line_fee('97124 2023-06-01') || ' ' || line_fee('97124 2023-06-02'), '30.50 101.66', 'a row of one''s own goes before a shipped one, from its date');
DELETE FROM claim_rvu WHERE source = 'own';
INSERT INTO claim_multiple_procedure(valid_from, setting, reduction, source) VALUES ('2023-06-02', 'office', 0, 'own');
SELECT is(line_fee('97124 x2 2023-06-01') || ' ' || line_fee('97124 x2 2023-06-02'), '51.85 61.00', 'a payer that does not reduce');
DELETE FROM claim_multiple_procedure WHERE source = 'own';

SELECT throws_ok($$UPDATE claim_rvu SET practice = 0 WHERE code = '97124'$$, '55000', NULL, 'a shipped figure is not changed');
SELECT throws_ok($$DELETE FROM claim_conversion_factor$$, '55000', NULL, 'nor deleted');
SELECT throws_ok($$TRUNCATE claim_fee_modifier$$, '55000', NULL, 'nor truncated');
SELECT lives_ok($$UPDATE claim_rvu SET practice = 0 WHERE NOT shipped$$, 'own ones are');

--
-- The oracle
--

CREATE TEMP TABLE rvu_csv (code text, valid_from date, valid_to date, work numeric, practice numeric, malpractice numeric, status text, indicator text, source text);
CREATE TEMP TABLE factor_csv (valid_from date, valid_to date, factor numeric, source text);
CREATE TEMP TABLE multiple_csv (valid_from date, valid_to date, setting text, reduction numeric, source text);
CREATE TEMP TABLE modifier_csv (modifier text, valid_from date, valid_to date, share numeric, source text);
\copy rvu_csv from 'data/fees.csv' csv header
\copy factor_csv from 'data/conversion_factors.csv' csv header
\copy multiple_csv from 'data/multiple_procedure.csv' csv header
\copy modifier_csv from 'data/fee_modifiers.csv' csv header

SELECT set_eq('SELECT * FROM rvu_csv',
	'SELECT code, valid_from, valid_to, work, practice, malpractice, status, multiple_procedure, source FROM claim_rvu WHERE shipped', 'all of data/fees.csv is in the table');
SELECT set_eq('SELECT * FROM factor_csv', 'SELECT valid_from, valid_to, factor, source FROM claim_conversion_factor WHERE shipped', 'all conversion factors');
SELECT set_eq('SELECT * FROM multiple_csv', 'SELECT valid_from, valid_to, setting::text, reduction, source FROM claim_multiple_procedure WHERE shipped', 'all reductions');
SELECT set_eq('SELECT * FROM modifier_csv', 'SELECT modifier, valid_from, valid_to, share, source FROM claim_fee_modifier WHERE shipped', 'all modifiers');
SELECT is((SELECT count(*) FROM rvu_csv WHERE source !~ ('^CMS RVU' || to_char(valid_from, 'YY') || '[A-D]$') OR valid_to <> valid_from + interval '1 year - 1 day'),
	0::bigint, 'each figure names the file of its year');
SELECT is((SELECT count(*) FROM (SELECT code FROM rvu_csv GROUP BY code HAVING count(*) = 6 AND count(DISTINCT valid_from) = 6) c), 66::bigint, '66 codes, 2020 to 2025');
SELECT is((SELECT range_agg(daterange(valid_from, valid_to, '[]'))::text FROM factor_csv), '{[2020-01-01,2026-01-01)}', 'a factor for each date');
SELECT is((SELECT count(*) FROM factor_csv a JOIN factor_csv b ON a.valid_from < b.valid_from AND b.valid_from <= a.valid_to), 0::bigint, 'and only one');
SELECT is((SELECT array_agg(DISTINCT indicator ORDER BY indicator) FROM rvu_csv WHERE code BETWEEN '98940' AND '98942'), '{0}', 'manipulation has indicator 0');

CREATE TEMP TABLE line AS
WITH hot AS (
	SELECT array_agg(code ORDER BY code COLLATE "C") AS list, count(*)::int AS size FROM (SELECT DISTINCT code FROM rvu_csv) c
)
SELECT d AS day, l AS line_no,
	format('%s%s x%s%s',
		CASE WHEN draw(k, 2, 20) = 0 THEN 'X9999' WHEN draw(k, 2, 20) < 12 THEN ('{97124,97140,97112,97110,97530,98940}'::text[])[1 + draw(k, 3, 6)]
			ELSE hot.list[1 + draw(k, 3, hot.size)] END,
		('{"",-GP,-CQ-GP,-GO-CO,-59-GP,-KX}'::text[])[1 + draw(k, 4, 6)],
		draw(k, 5, 5),
		CASE WHEN draw(k, 6, 40) > 0 THEN ' ' || CASE WHEN draw(k, 7, 5) = 0
			THEN ('{2021-12-31,2022-01-01,2024-03-08,2024-03-09,2026-01-01}'::text[])[1 + draw(d, 8, 5)]
			ELSE (date '2019-11-01' + draw(d, 9, 2300))::text END END)::claimline AS line
FROM generate_series(1, 4000) d, LATERAL (SELECT n AS l, d * 16::bigint + n AS k FROM generate_series(1, 1 + draw(d, 1, 7)) n) x, hot;
ANALYZE line;

CREATE TEMP TABLE unit AS
SELECT l.day, l.line_no, line_dos(l.line) AS dos, l.line, r.indicator, u.unit,
	(r.practice * 100)::bigint AS practice,
	(((r.work + r.practice + r.malpractice) * 100)::bigint * (f.factor * 10000)::bigint + 5000) / 10000 AS full_cents,
	(((2 * r.work + r.practice + 2 * r.malpractice) * 100)::bigint * (f.factor * 10000)::bigint + 10000) / 20000 AS cut_cents,
	CASE WHEN line_dos(l.line) >= date '2022-01-01' AND line_modifiers(l.line) && '{CQ,CO}' THEN 85 ELSE 100 END AS percent
FROM line l
	JOIN rvu_csv r ON r.code = line_code(l.line) AND line_dos(l.line) BETWEEN r.valid_from AND r.valid_to
		AND r.status IN ('A', 'R') AND r.work + r.practice + r.malpractice > 0
	JOIN factor_csv f ON line_dos(l.line) BETWEEN f.valid_from AND f.valid_to
	CROSS JOIN LATERAL generate_series(1, line_units(l.line)::int) u(unit);
CREATE INDEX ON unit (day, dos);
ANALYZE unit;

CREATE TEMP TABLE want AS
SELECT l.day, l.line_no, l.line,
	CASE WHEN line_units(l.line) = 0 THEN 0.00 ELSE u.fee END AS fee, CASE WHEN line_units(l.line) = 0 THEN 0.00 ELSE u.full_fee END AS full_fee
FROM line l LEFT JOIN (
	SELECT day, line_no, sum(full_cents) / 100 AS full_fee,
		(sum(CASE WHEN indicator = '5' AND EXISTS (
			SELECT FROM unit o WHERE o.day = u.day AND o.dos = u.dos AND o.indicator = '5'
				AND ((o.practice, o.full_cents, o.percent) > (u.practice, u.full_cents, u.percent)
					OR ((o.practice, o.full_cents, o.percent) = (u.practice, u.full_cents, u.percent) AND (o.line, o.line_no, o.unit) < (u.line, u.line_no, u.unit))))
			THEN cut_cents ELSE full_cents END)
			* min(percent) * 2 + 100)::bigint / 200 / 100.0 AS fee
	FROM unit u GROUP BY day, line_no) u USING (day, line_no);

CREATE TEMP TABLE got AS
SELECT d.day, f.* FROM (SELECT day, claimday('C', line_no, line) AS lines FROM line GROUP BY day) d, day_fees(d.lines) f;

SELECT is((SELECT count(*) FROM got), (SELECT count(*) FROM line), 'a row for each line');
SELECT is((SELECT count(*) FROM (SELECT day, line_no, line::text, fee, full_fee FROM got EXCEPT SELECT day, line_no, line::text, round(fee, 2), round(full_fee, 2) FROM want) x),
	0::bigint, 'the fees of 4000 days are those of the oracle');
SELECT diag(format('day %s: %s is %s of %s', day, line, fee, full_fee)) FROM (
	SELECT day, line_no, line::text, fee, full_fee FROM got EXCEPT SELECT day, line_no, line::text, round(fee, 2), round(full_fee, 2) FROM want) x LIMIT 10;
SELECT cmp_ok((SELECT count(*) FROM got WHERE reduction > 0 AND assistant_reduction > 0), '>', 1000::bigint, 'with many lines cut twice');
SELECT cmp_ok((SELECT count(*) FROM got WHERE fee IS NULL), '>', 1000::bigint, 'and many without a fee');
SELECT is((SELECT count(*) FROM got WHERE (fee IS NULL OR line_units(line) = 0) IS DISTINCT FROM (why IS NOT NULL)), 0::bigint, 'none is without a fee silently');
SELECT is((SELECT count(*) FROM got WHERE fee + reduction + assistant_reduction <> full_fee OR least(fee, reduction, assistant_reduction) < 0), 0::bigint, 'the parts add up');
SELECT is((SELECT count(*) FROM got WHERE fee <> round(fee, 2) OR full_fee <> round(full_fee, 2)), 0::bigint, 'amounts are cents');
SELECT is((SELECT count(*) FROM (SELECT day, bool_and(fee IS NOT NULL) AS whole, sum(fee) AS fee FROM got GROUP BY day) g
		JOIN (SELECT day, claimday('C', line_no, line) AS lines FROM line GROUP BY day) d USING (day)
	WHERE day_fee(d.lines) IS DISTINCT FROM CASE WHEN g.whole THEN g.fee END), 0::bigint, 'day_fee is their sum');
SELECT is((SELECT count(*) FROM line WHERE line_fee(line) IS DISTINCT FROM (SELECT fee FROM day_fees(claimday(ARRAY[line])))), 0::bigint, 'line_fee is the line alone');
SELECT is((SELECT count(*) FROM (SELECT day, claimday('C', line_no, line) AS lines FROM line GROUP BY day) d,
		LATERAL (SELECT array_agg(f::text) AS a FROM day_fees(d.lines) f) a, LATERAL (SELECT array_agg(f::text) AS b FROM day_fees(d.lines, 'institution') f) b
	WHERE a IS DISTINCT FROM b), 0::bigint, 'since 2013 office and institution are alike');

-- all orders of up to five lines, with line numbers that change with the order
CREATE TEMP TABLE permuted AS
WITH RECURSIVE p(day, taken, lines) AS (
	SELECT day, ARRAY[line_no], ARRAY[line] FROM line WHERE day <= 100 AND day IN (SELECT day FROM line GROUP BY day HAVING count(*) <= 5)
	UNION ALL
	SELECT p.day, p.taken || l.line_no, p.lines || l.line FROM p JOIN line l ON l.day = p.day AND l.line_no <> ALL (p.taken)
)
SELECT day, (SELECT array_agg(concat_ws(' ', f.line, f.fee) ORDER BY concat_ws(' ', f.line, f.fee) COLLATE "C") FROM day_fees(claimday(lines)) f) AS fees
FROM p WHERE cardinality(lines) = (SELECT count(*) FROM line l WHERE l.day = p.day);
SELECT cmp_ok((SELECT count(*) FROM permuted), '>', 1000::bigint, 'more than a thousand permutations');
SELECT is((SELECT count(*) FROM (SELECT day FROM permuted GROUP BY day HAVING count(DISTINCT fees) > 1) x), 0::bigint, 'the order of the lines changes nothing');

-- day_fees is multiple_procedure with figures and cents
SELECT is((SELECT count(*) FROM (
		SELECT g.day, sum(g.full_fee - g.reduction) AS amount, sum(line_units(g.line)) AS units,
			(SELECT sum(m.total) FROM multiple_procedure(array_agg(r.work), array_agg(r.practice), array_agg(r.malpractice), array_agg(line_units(g.line)), 0.5) m) * min(f.factor) AS exact
		FROM got g JOIN rvu_csv r ON r.code = line_code(g.line) AND line_dos(g.line) BETWEEN r.valid_from AND r.valid_to AND r.indicator = '5' AND g.fee IS NOT NULL
			JOIN factor_csv f ON line_dos(g.line) BETWEEN f.valid_from AND f.valid_to
		GROUP BY g.day, line_dos(g.line)) x
	WHERE abs(amount - exact) > 0.005 * units), 0::bigint, 'to half a cent a unit, the exact rule');

--
-- What the objects are
--

SELECT is((SELECT count(*) FROM pg_proc p WHERE proname IN ('multiple_procedure', 'day_fees', 'day_fee', 'line_fee')
		AND proparallel = 's' AND provolatile = CASE proname WHEN 'multiple_procedure' THEN 'i' ELSE 's' END AND obj_description(p.oid, 'pg_proc') IS NOT NULL AND NOT prosecdef),
	4::bigint, 'functions are stable, parallel safe and described');
SELECT is((SELECT count(*) FROM pg_class c WHERE relname IN ('claim_rvu', 'claim_conversion_factor', 'claim_multiple_procedure', 'claim_fee_modifier')
		AND has_table_privilege('public', c.oid, 'SELECT') AND NOT has_table_privilege('public', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
		AND obj_description(c.oid, 'pg_class') IS NOT NULL
		AND c.oid IN (SELECT unnest(extconfig) FROM pg_extension WHERE extname = 'claimline')), 4::bigint, 'tables can be read by all and written by the owner; own rows are dumped');
CREATE SCHEMA hostile;
CREATE TABLE hostile.claim_rvu AS SELECT * FROM claim_rvu WHERE false;
CREATE FUNCTION hostile.line_code(claimline) RETURNS text LANGUAGE sql AS $$SELECT 'X0001'$$;
CREATE FUNCTION hostile.round(numeric, int) RETURNS numeric LANGUAGE sql AS $$SELECT 0.0$$;
CREATE FUNCTION hostile.lower(numeric, numeric) RETURNS numeric LANGUAGE sql AS $$SELECT 0.0$$;
CREATE OPERATOR hostile.* (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = hostile.lower);
CREATE OPERATOR hostile.- (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = hostile.lower);
SELECT set_config('search_path', 'hostile, pg_catalog, ' || current_setting('search_path'), true) \g /dev/null
SELECT is(line_fee('97124-CQ x2 2023-06-01'), 44.07, 'objects of the same names in the search path play no part');

SELECT * FROM finish();

ROLLBACK;

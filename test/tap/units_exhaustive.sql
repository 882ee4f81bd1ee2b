-- Timed units against a brute-force model and against published cases.
--
-- Reads units_model.tsv, the output of test/model/units_model.c, from the
-- current directory.  Every vector of the model is checked; the number of
-- right answers is part of each assertion, so nothing is skipped silently.
-- Where a check over all vectors fails, examples follow as diagnostics.

BEGIN;
\i test/tap/lib.sql
SET LOCAL work_mem = '64MB';
SET LOCAL jit = on;	-- it pays here

-- Let the loops over the model run in parallel: join in the order written, and
-- without the materialized inner side that PostgreSQL before 17 keeps serial
SET LOCAL join_collapse_limit = 1;
SET LOCAL enable_material = off;

SELECT plan(168);

-- the model

-- Not a temporary table, which parallel workers could not read
CREATE SCHEMA units_exhaustive;
CREATE UNLOGGED TABLE units_exhaustive.model (
	rule text NOT NULL,
	codes text[] NOT NULL,
	minutes int[] NOT NULL,
	n int NOT NULL,
	valid int[] NOT NULL,		-- two decimal digits a code: 201 is {2,1}
	k int GENERATED ALWAYS AS (cardinality(codes)) STORED
);
\copy units_exhaustive.model (rule, codes, minutes, n, valid) from 'units_model.tsv'
ANALYZE units_exhaustive.model;

-- the units of k codes behind a packed allocation
CREATE FUNCTION pg_temp.units_of(packed int, k int) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE k
		WHEN 1 THEN ARRAY[packed]
		WHEN 2 THEN ARRAY[packed / 100, packed % 100]
		WHEN 3 THEN ARRAY[packed / 10000, packed / 100 % 100, packed % 100]
		WHEN 4 THEN ARRAY[packed / 1000000, packed / 10000 % 100, packed / 100 % 100, packed % 100]
	END
$$;

-- an array of 1 to 4 elements back to front
CREATE FUNCTION pg_temp.reversed(a anyarray) RETURNS anyarray
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE cardinality(a)
		WHEN 1 THEN a
		WHEN 2 THEN ARRAY[a[2], a[1]]
		WHEN 3 THEN ARRAY[a[3], a[2], a[1]]
		WHEN 4 THEN ARRAY[a[4], a[3], a[2], a[1]]
	END
$$;

-- the bands of total minutes, written out: the first unit from 8 minutes, one
-- more every 15
CREATE TEMP TABLE bands AS
WITH RECURSIVE band(units, from_minute, below) AS (
	VALUES (0, 0, 8)
	UNION ALL
	SELECT units + 1, below, below + 15 FROM band WHERE units < 33
)
SELECT * FROM band;

-- the model is complete

SELECT is((SELECT count(*) FROM units_exhaustive.model), 2312294::bigint, 'the model has 2312294 minute vectors');

CREATE TEMP TABLE vectors AS
SELECT rule, codes, count(*) AS vectors,
	   min(least(minutes[1], minutes[2], minutes[3], minutes[4])) AS least,
	   max(greatest(minutes[1], minutes[2], minutes[3], minutes[4])) AS most
FROM units_exhaustive.model GROUP BY rule, codes;

SELECT results_eq(
	'SELECT * FROM vectors ORDER BY rule, cardinality(codes), codes',
	$$SELECT rule, codes, vectors, 0, most
	  FROM (VALUES ('ama'), ('cms')) AS r(rule),
		   (VALUES ('{97110}'::text[], 481::bigint, 480),
				   ('{97112}', 481, 480),
				   ('{97124}', 481, 480),
				   ('{97140}', 481, 480),
				   ('{97124,97110}', 3721, 60),
				   ('{97124,97110,97140}', 226981, 60),
				   ('{97124,97110,97140,97112}', 923521, 30)) AS c(codes, vectors, most)
	  ORDER BY rule, cardinality(codes), codes$$,
	'the model has as many vectors of each set of codes as there are, for both rules');

-- rule, number of codes, first code (which tells single codes apart) and
-- minutes in one number
SELECT is((SELECT count(DISTINCT (CASE rule WHEN 'cms' THEN 5 ELSE 0 END + k
								  + 10 * (codes[1]::bigint - 97000)
								  + 10000 * minutes[1]::bigint
								  + 10000000 * coalesce(minutes[2], 0)::bigint
								  + 10000000000 * coalesce(minutes[3], 0)
								  + 10000000000000 * coalesce(minutes[4], 0)))
		   FROM units_exhaustive.model),
	2312294::bigint, 'no vector of the model is there twice');

SELECT is((SELECT count(*) FROM units_exhaustive.model WHERE cardinality(minutes) = k AND cardinality(valid) >= 1),
	2312294::bigint, 'every vector of the model has its minutes aligned and a valid allocation');

SELECT results_eq(
	$$SELECT rule, k, sum(cardinality(valid))::bigint, count(*) FILTER (WHERE cardinality(valid) > 1)
	  FROM units_exhaustive.model GROUP BY rule, k ORDER BY rule, k$$,
	$$VALUES ('ama', 1, 1924::bigint, 0::bigint), ('ama', 2, 3721, 0), ('ama', 3, 226981, 0), ('ama', 4, 923521, 0),
			 ('cms', 1, 1924, 0), ('cms', 2, 3849, 128), ('cms', 3, 242085, 14464), ('cms', 4, 1015745, 84736)$$,
	'the model has 2419750 valid allocations, and several for 99328 vectors');

SELECT is_empty(
	$$SELECT rule, codes, minutes, valid FROM units_exhaustive.model
	  WHERE cardinality(valid) > 1
		AND cardinality(valid) <> (SELECT count(DISTINCT v) FROM unnest(valid) AS v)$$,
	'the valid allocations of a vector differ');

SELECT results_eq(
	$$SELECT rule, minutes, n, valid FROM units_exhaustive.model
	  WHERE (rule, minutes) IN (('cms', '{24,23}'), ('cms', '{20,20}'), ('cms', '{33,7}'), ('cms', '{18,13,10,8}'),
								('cms', '{7,7,7}'), ('cms', '{10,10}'), ('cms', '{10,15}'),
								('ama', '{8,8}'), ('ama', '{7,7}'))
	  ORDER BY rule, minutes$$,
	$$VALUES ('ama', '{7,7}'::int[], 0, '{0}'::int[]),			-- W24
			 ('ama', '{8,8}', 2, '{101}'),						-- W23
			 ('cms', '{7,7,7}', 1, '{1,100,10000}'),			-- W05
			 ('cms', '{10,10}', 1, '{1,100}'),					-- W10, W11
			 ('cms', '{10,15}', 2, '{101}'),					-- W12
			 ('cms', '{18,13,10,8}', 3, '{1010100}'),			-- W04
			 ('cms', '{20,20}', 3, '{102,201}'),				-- W02, W07
			 ('cms', '{24,23}', 3, '{201}'),					-- W01
			 ('cms', '{33,7}', 3, '{201}')						-- W03$$,
	'the model gives the published answers');

-- allocate_units over all vectors, as they are and back to front
--
-- A row is a vector and one of its valid allocations.  These differ, so an
-- answer meets one of them at most, and each vector must have a row it meets.

CREATE TEMP VIEW allocated AS
SELECT rule, codes, minutes, k, cardinality(valid) AS answers, unnest(valid) AS packed,
	   allocate_units(codes, minutes, rule) AS forth,
	   allocate_units(pg_temp.reversed(codes), pg_temp.reversed(minutes), rule) AS back
FROM units_exhaustive.model;

CREATE TEMP TABLE allocated_right AS
SELECT count(*) FILTER (WHERE forth = pg_temp.units_of(packed, k)) AS forth,
	   count(*) FILTER (WHERE pg_temp.reversed(back) = pg_temp.units_of(packed, k)) AS back,
	   count(*) FILTER (WHERE answers = 1 AND forth = pg_temp.reversed(back)) AS same
FROM allocated;

SELECT is(forth, 2312294::bigint, 'allocate_units gives one of the valid allocations')
FROM allocated_right;
SELECT is(back, 2312294::bigint, 'allocate_units gives one of the valid allocations with codes and minutes reversed')
FROM allocated_right;
SELECT is(same, 2212966::bigint, 'allocate_units gives the same units after reversing where one allocation is valid')
FROM allocated_right;

SELECT diag(format('%s %s %s: %s, reversed %s', rule, codes, minutes, forth, back))
FROM allocated
WHERE (SELECT (forth, back, same) <> (2312294, 2312294, 2212966) FROM allocated_right)
GROUP BY rule, codes, minutes, k, forth, back
HAVING NOT coalesce(bool_or(forth = pg_temp.units_of(packed, k)), false)
	OR NOT coalesce(bool_or(pg_temp.reversed(back) = pg_temp.units_of(packed, k)), false)
ORDER BY k, minutes, rule
LIMIT 5;

-- units_supported over all valid allocations and their neighbours: one unit
-- less, one more, and (cms) one moved from a code to another, which has the
-- same total and is therefore supported only if it is valid itself

-- codes is the least number of codes the step needs, taken the place of the
-- code that gives a unit; expected is null where the model has to be asked
CREATE UNLOGGED TABLE units_exhaustive.step AS
WITH code(nth, place) AS (VALUES (1, 1), (2, 100), (3, 10000), (4, 1000000))
SELECT 'valid' AS kind, 1 AS codes, 0 AS step, NULL::int AS taken, true AS expected, false AS cms_only
UNION ALL
SELECT 'less', nth, -place, place, true, false FROM code
UNION ALL
SELECT 'more', nth, place, NULL, false, false FROM code
UNION ALL
SELECT 'moved', greatest(a.nth, b.nth), b.place - a.place, a.place, NULL, true
FROM code AS a JOIN code AS b ON a.nth <> b.nth;
ANALYZE units_exhaustive.step;

CREATE TEMP VIEW supported AS
SELECT m.rule, m.codes, m.minutes, m.k, v.packed + s.step AS packed, s.kind,
	   units_supported(m.codes, m.minutes, pg_temp.units_of(v.packed + s.step, m.k), m.rule)
		   IS NOT DISTINCT FROM coalesce(s.expected, v.packed + s.step = ANY (m.valid)) AS is_right
FROM units_exhaustive.model AS m
	 CROSS JOIN unnest(m.valid) AS v(packed)
	 JOIN units_exhaustive.step AS s ON s.codes <= m.k
WHERE (v.packed / s.taken % 100 > 0) IS NOT FALSE
  AND (m.rule = 'cms' OR NOT s.cms_only);

CREATE TEMP TABLE supported_right AS
SELECT kind, count(*) AS checked, count(*) FILTER (WHERE is_right) AS is_right
FROM supported GROUP BY kind;

SELECT is(ARRAY[is_right, checked], '{2419750,2419750}', 'units_supported accepts every valid allocation')
FROM supported_right WHERE kind = 'valid';
SELECT is(ARRAY[is_right, checked], '{6996002,6996002}', 'units_supported accepts one unit less of any code')
FROM supported_right WHERE kind = 'less';
SELECT is(ARRAY[is_right, checked], '{9183250,9183250}', 'units_supported refuses one unit more of any code')
FROM supported_right WHERE kind = 'more';
SELECT is(ARRAY[is_right, checked], '{10315500,10315500}',
	'units_supported accepts one unit moved to another code only if that is valid')
FROM supported_right WHERE kind = 'moved';

SELECT diag(format('%s: %s %s %s %s', kind, rule, codes, minutes, pg_temp.units_of(packed, k)))
FROM supported
WHERE (SELECT sum(checked - is_right) > 0 FROM supported_right) AND NOT is_right
LIMIT 5;

-- units_supported over every unit vector of one and two codes

CREATE TEMP VIEW boxed AS
SELECT rule, codes, minutes, k, units,
	   units_supported(codes, minutes, units, rule) IS NOT DISTINCT FROM
	   EXISTS (SELECT FROM unnest(valid) AS p
			   WHERE units[1] <= (pg_temp.units_of(p, k))[1]
				 AND (k = 1 OR units[2] <= (pg_temp.units_of(p, k))[2])) AS is_right
FROM units_exhaustive.model
	 JOIN (SELECT 1 AS k, ARRAY[a] AS units FROM generate_series(0, 34) AS a
		   UNION ALL
		   SELECT 2, ARRAY[a, b] FROM generate_series(0, 6) AS a, generate_series(0, 6) AS b) AS u USING (k);

CREATE TEMP TABLE boxed_right AS
SELECT k, count(*) AS checked, count(*) FILTER (WHERE is_right) AS is_right
FROM boxed GROUP BY k;

SELECT is(ARRAY[is_right, checked], '{134680,134680}',
	'units_supported agrees with the model for 0 to 34 units of one code')
FROM boxed_right WHERE k = 1;
SELECT is(ARRAY[is_right, checked], '{364658,364658}',
	'units_supported agrees with the model for 0 to 6 units each of two codes')
FROM boxed_right WHERE k = 2;

SELECT diag(format('%s %s %s %s', rule, codes, minutes, units))
FROM boxed
WHERE (SELECT sum(checked - is_right) > 0 FROM boxed_right) AND NOT is_right
LIMIT 5;

-- timed_units, timed_minutes

SELECT results_eq(
	'SELECT m, timed_units(m) FROM generate_series(0, 480) AS m ORDER BY m',
	'SELECT m, units FROM bands, generate_series(from_minute, below - 1) AS m WHERE m <= 480 ORDER BY m',
	'timed_units follows the bands from 0 to 480 minutes');
SELECT results_eq(
	'SELECT u, timed_minutes(u) FROM generate_series(0, 32) AS u ORDER BY u',
	'SELECT units, int4range(from_minute, below) FROM bands WHERE units <= 32 ORDER BY units',
	'timed_minutes gives the bands of 0 to 32 units');
SELECT is((SELECT count(*) FROM generate_series(0, 32) AS u, generate_series(0, 487) AS m
		   WHERE (m <@ timed_minutes(u)) = (timed_units(m) = u)),
	(33 * 488)::bigint, 'timed_minutes(u) holds exactly the minutes m with timed_units(m) = u');
SELECT is((SELECT count(*) FROM units_exhaustive.model
		   WHERE rule = 'cms'
			 AND timed_units(minutes[1] + coalesce(minutes[2], 0) + coalesce(minutes[3], 0) + coalesce(minutes[4], 0)) = n),
	1156147::bigint, 'timed_units of the total minutes is the total of the model for every cms vector');
SELECT is(timed_minutes(0), '[0,8)'::int4range, 'timed_minutes(0) is [0,8)');
SELECT is(timed_minutes(1), '[8,23)'::int4range, 'timed_minutes(1) is [8,23)');

-- published cases, several codes
--
-- Sources:
-- W01-W03	CMS Pub. 100-04 ch. 5 s. 20.2, examples 1 to 3
-- W04		the same, example 4
-- W05		the same, example 5; no copy of its full text is at hand
-- W07		Medicare article A52758, example 1
-- W10		dynamicchiropractic.com, mpacms/dc/article.php?id=57682
-- W11-W12	mailinglists.mpamedia.com, mpacms/dc/article.php?id=52138
-- W23-W24	sophiewell, Rule of Eights test
-- W29		CMS billing examples with CQ/CO modifiers, scenario 1: its minutes and total
-- R1		33 + 7 and 5 + 18: the extra unit goes to the larger remainder

CREATE TEMP TABLE published (id text, rule text, codes text[], minutes int[], total int, valid text[]);
INSERT INTO published VALUES
	('W01', 'cms', '{97112,97110}', '{24,23}', 3, '{"{2,1}"}'),
	('W02', 'cms', '{97112,97110}', '{20,20}', 3, '{"{2,1}","{1,2}"}'),
	('W03', 'cms', '{97110,97140}', '{33,7}', 3, '{"{2,1}"}'),
	('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', 3, '{"{1,1,1,0}"}'),
	('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', 1, '{"{1,0,0}","{0,1,0}","{0,0,1}"}'),
	('W07', 'cms', '{97140,97110}', '{20,20}', 3, '{"{2,1}","{1,2}"}'),
	('W10', 'cms', '{97124,97110}', '{10,10}', 1, '{"{1,0}","{0,1}"}'),
	('W11', 'cms', '{97110,97112}', '{10,10}', 1, '{"{1,0}","{0,1}"}'),
	('W12', 'cms', '{97110,97112}', '{10,15}', 2, '{"{1,1}"}'),
	('W23', 'ama', '{97124,97110}', '{8,8}', 2, '{"{1,1}"}'),
	('W23 under cms', 'cms', '{97124,97110}', '{8,8}', 1, '{"{1,0}","{0,1}"}'),
	('W24', 'ama', '{97124,97110}', '{7,7}', 0, '{"{0,0}"}'),
	('W24 under cms', 'cms', '{97124,97110}', '{7,7}', 1, '{"{1,0}","{0,1}"}'),
	('W29', 'cms', '{97110,97140}', '{36,30}', 4, '{"{2,2}"}'),
	('R1', 'cms', '{97140,97110}', '{7,33}', 3, '{"{1,2}"}'),
	('R1', 'cms', '{97124,97110}', '{5,18}', 2, '{"{1,1}"}'),
	('R1', 'cms', '{97110,97124}', '{18,5}', 2, '{"{1,1}"}');

SELECT is((SELECT sum(u)::int FROM unnest(allocate_units(codes, minutes, rule)) AS u), total,
	format('%s: %s %s %s makes a total of %s', id, rule, codes, minutes, total))
FROM published;

SELECT ok(allocate_units(codes, minutes, rule)::text = ANY (valid),
	format('%s: %s %s %s is allocated as %s', id, rule, codes, minutes, array_to_string(valid, ' or ')))
FROM published;

SELECT ok(units_supported(codes, minutes, v::int[], rule),
	format('%s: %s %s %s supports %s', id, rule, codes, minutes, v))
FROM published, unnest(valid) AS v;

-- answers below a valid one, and wrong answers

SELECT is(units_supported(codes, minutes, units, rule), supported,
	format('%s: %s %s %s %s %s', id, rule, codes, minutes,
		CASE WHEN supported THEN 'supports' ELSE 'does not support' END, units))
FROM (VALUES
	('W01', 'cms', '{97112,97110}'::text[], '{24,23}'::int[], '{1,2}'::int[], false),
	('W01', 'cms', '{97112,97110}', '{24,23}', '{2,2}', false),
	('W01', 'cms', '{97112,97110}', '{24,23}', '{3,0}', false),
	('W01', 'cms', '{97112,97110}', '{24,23}', '{1,1}', true),
	('W02', 'cms', '{97112,97110}', '{20,20}', '{3,0}', false),
	('W02', 'cms', '{97112,97110}', '{20,20}', '{0,3}', false),
	('W02', 'cms', '{97112,97110}', '{20,20}', '{2,2}', false),
	('W02', 'cms', '{97112,97110}', '{20,20}', '{1,1}', true),
	('W03', 'cms', '{97110,97140}', '{33,7}', '{3,0}', false),
	('W03', 'cms', '{97110,97140}', '{33,7}', '{2,0}', true),
	('W03', 'cms', '{97110,97140}', '{33,7}', '{0,1}', true),
	('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{1,1,1,1}', false),
	('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{1,1,0,1}', false),
	('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{0,0,0,1}', false),
	('W04', 'cms', '{97110,97140,97116,97035}', '{18,13,10,8}', '{2,1,0,0}', false),
	('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', '{1,1,0}', false),
	('W05', 'cms', '{97112,97110,97140}', '{7,7,7}', '{0,0,0}', true),
	('W07', 'cms', '{97140,97110}', '{20,20}', '{3,0}', false),
	('W07', 'cms', '{97140,97110}', '{20,20}', '{0,3}', false),
	('W10', 'cms', '{97124,97110}', '{10,10}', '{1,1}', false),
	('W11', 'cms', '{97110,97112}', '{10,10}', '{1,1}', false),
	('W12', 'cms', '{97110,97112}', '{10,15}', '{2,0}', false),
	('W12', 'cms', '{97110,97112}', '{10,15}', '{0,2}', false),
	('W23 under cms', 'cms', '{97124,97110}', '{8,8}', '{1,1}', false),
	('W24', 'ama', '{97124,97110}', '{7,7}', '{1,0}', false),
	('W27', 'ama', '{97110}', '{16}', '{2}', false),
	('W28', 'cms', '{97124}', '{25}', '{3}', false),
	('W29', 'cms', '{97110,97140}', '{36,30}', '{3,1}', false)
) AS t(id, rule, codes, minutes, units, supported);

-- published cases, one code
--
-- W15-W21	the table of s. 20.2, sophiewell test
-- W22		the table of s. 20.2 (medicalbillingcptmodifiers.com, 2020/11)
-- W26		qpro.com/blog/35891
-- W27		justmypassion.com: 16 minutes are one unit
-- W28		medpayiq.com/cpt/97124: its minutes and units
-- W30		therapycomply.com, 2022 rule, example A: its minutes and total

SELECT is(allocate_units(ARRAY[code], ARRAY[minutes], rule), ARRAY[units],
	format('%s: %s %s, minutes %s, units %s', id, rule, code, minutes, units))
FROM (VALUES
	('W15', 'cms', '97124', 7, 0),
	('W16', 'cms', '97124', 8, 1),
	('W17', 'cms', '97124', 22, 1),
	('W18', 'cms', '97124', 23, 2),
	('W20', 'cms', '97124', 52, 3),
	('W21', 'cms', '97124', 53, 4),
	('W22.37', 'cms', '97124', 37, 2),
	('W22.67', 'cms', '97124', 67, 4),
	('W22.82', 'cms', '97124', 82, 5),
	('W22.97', 'cms', '97124', 97, 6),
	('W22.98', 'cms', '97124', 98, 7),
	('W22.112', 'cms', '97124', 112, 7),
	('W22.127', 'cms', '97124', 127, 8),
	('W22.128', 'cms', '97124', 128, 9),
	('W26', 'cms', '97124', 60, 4),
	('W27', 'ama', '97110', 16, 1),
	('W28', 'cms', '97124', 25, 2),
	('W30', 'cms', '97110', 15, 1)
) AS t(id, rule, code, minutes, units);

-- the two rules side by side

SELECT is(ARRAY[(SELECT sum(u)::int FROM unnest(allocate_units(codes[:cardinality(minutes)], minutes, 'cms')) AS u),
				(SELECT sum(u)::int FROM unnest(allocate_units(codes[:cardinality(minutes)], minutes, 'ama')) AS u)],
	ARRAY[cms, ama],
	format('minutes %s: units %s under cms, %s under ama', array_to_string(minutes, ' + '), cms, ama))
FROM (VALUES
	('{10,10}'::int[], 1, 2),
	('{24,23}', 3, 4),
	('{20,20}', 3, 2),
	('{33,7}', 3, 2),
	('{18,13,10,8}', 3, 4),
	('{7,7,7}', 1, 0),
	('{8,8,18}', 2, 3),
	('{15,15}', 2, 2),
	('{30,20}', 3, 3),
	('{60}', 4, 4)
) AS t(minutes, cms, ama), (SELECT '{97124,97110,97140,97112}'::text[]) AS c(codes);

-- the rule is cms where it is left out

SELECT is(allocate_units('{97124,97110}', '{33,7}'), '{2,1}'::int[], 'allocate_units counts by cms by default');
SELECT ok(NOT units_supported('{97124,97110}', '{10,10}', '{1,1}'), 'units_supported counts by cms by default');
SELECT ok(units_supported('{97124,97110}', '{10,10}', '{1,1}', 'ama'), 'units_supported counts by ama where asked');

-- untimed codes: no units, and their minutes are not pooled

SELECT is(allocate_units(codes, minutes, rule), units,
	format('%s %s %s is %s: untimed minutes do not count', rule, codes, minutes, units))
FROM (VALUES
	('cms', '{97010}'::text[], '{30}'::int[], '{0}'::int[]),
	('cms', '{97014}', '{30}', '{0}'),
	('cms', '{97150}', '{60}', '{0}'),
	('ama', '{97010,97014,97150}', '{30,30,30}', '{0,0,0}'),
	('cms', '{97124,97010}', '{10,30}', '{1,0}'),
	('cms', '{97010,97124}', '{13,15}', '{0,1}'),
	('cms', '{97124,97014}', '{7,8}', '{0,0}'),
	('cms', '{97150,97124,97110}', '{60,33,7}', '{0,2,1}'),
	('ama', '{97124,97150}', '{22,60}', '{1,0}')
) AS t(rule, codes, minutes, units);
SELECT ok(units_supported('{97124,97010}', '{10,30}', '{1,0}'), 'one unit beside untimed minutes is supported');
SELECT ok(NOT units_supported('{97124,97010}', '{10,30}', '{2,0}'), 'untimed minutes do not support a second unit');
SELECT ok(NOT units_supported('{97150,97124}', '{60,7}', '{0,1}'), 'untimed minutes do not support a first unit');

-- errors are data exceptions

SELECT is(left((error_of(statement)).state, 2), '22', statement || ' is a data exception')
FROM unnest(ARRAY[
	$$SELECT allocate_units('{97124,97110}', '{15}')$$,
	$$SELECT allocate_units('{97124}', '{15,15}')$$,
	$$SELECT allocate_units('{97124}', '{-1}')$$,
	$$SELECT allocate_units('{97124,97110}', '{30,-15}', 'ama')$$,
	$$SELECT allocate_units('{97124,NULL}', '{15,15}')$$,
	$$SELECT allocate_units('{97124,97110}', '{15,NULL}')$$,
	$$SELECT allocate_units('{97124}', '{15}', 'eights')$$,
	$$SELECT units_supported('{97124,97110}', '{15}', '{1,0}')$$,
	$$SELECT units_supported('{97124}', '{15,15}', '{1}')$$,
	$$SELECT units_supported('{97124,97110}', '{15,15}', '{1}')$$,
	$$SELECT units_supported('{97124}', '{15}', '{1,1}')$$,
	$$SELECT units_supported('{97124}', '{-15}', '{1}')$$,
	$$SELECT units_supported('{97124,NULL}', '{15,15}', '{1,1}')$$,
	$$SELECT units_supported('{97124,97110}', '{15,NULL}', '{1,0}')$$,
	$$SELECT units_supported('{97124,97110}', '{15,15}', '{1,NULL}')$$,
	$$SELECT units_supported('{97124}', '{15}', '{1}', 'eights')$$
]) AS statement;

SELECT * FROM finish();
ROLLBACK;

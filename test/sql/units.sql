-- minutes to units of service: a sample (test/tap/units_exhaustive.sql has all of it)

\pset null (null)

-- timed_units: 0 below 8, then one more every 15 minutes
SELECT m, timed_units(m) FROM unnest(ARRAY[0, 1, 7, 8, 15, 22, 23, 37, 38, 52, 53, 67, 68, 82, 83, 97, 98, 112, 113, 127, 128, 1440, 2147483647, NULL]) m;
SELECT timed_units(-1);

-- timed_minutes: the minutes that support exactly so many units
SELECT u, timed_minutes(u) FROM unnest(ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 96, NULL]) u;
SELECT bool_and(timed_units(m) = u AND lower(timed_minutes(u)) <= m AND m < upper(timed_minutes(u))) AS inverse
FROM generate_series(0, 1440) m, LATERAL (SELECT timed_units(m) AS u) x;
SELECT timed_minutes(-1);
-- the last one that fits
SELECT timed_minutes(143165575), timed_units(upper(timed_minutes(143165575)) - 1);
SELECT timed_minutes(143165577);

-- the examples of Medicare Claims Processing Manual ch. 5 s. 20.2, and equal remainders
SELECT n, codes, minutes, allocate_units(codes, minutes) AS cms, allocate_units(codes, minutes, 'ama') AS ama
FROM (VALUES (1, '{97112,97110}'::text[], '{24,23}'::int[]), (2, '{97112,97110}', '{20,20}'), (3, '{97110,97140}', '{33,7}'), (4, '{97110,97140,97116,97035}', '{18,13,10,8}'),
	(5, '{97112,97110,97140}', '{7,7,7}'), (6, '{97124,97110}', '{10,10}'), (7, '{97124,97110}', '{8,8}'), (8, '{97124,97110}', '{7,7}'), (9, '{97124,97110,97112}', '{8,8,18}'),
	(10, '{97124}', '{7}'), (11, '{97124}', '{8}'), (12, '{}', '{}'), (13, '{97124,97124}', '{10,5}'), (14, '{97124,G0283}', '{15,30}'), (15, '{97110,97124,97110}', '{20,15,10}'), (16, '{97124}', '{0}')) v(n, codes, minutes)
ORDER BY n;
-- letter case and a code that no edition knows: counted
SELECT allocate_units('{g0283,x9999}', '{30,30}');

-- the order of the codes does not matter, up to ties
SELECT allocate_units('{97110,97140,97116,97035}', '{18,13,10,8}'), allocate_units('{97035,97116,97140,97110}', '{8,10,13,18}');

-- units_supported: a valid allocation, or below one
SELECT n, codes, minutes, units, units_supported(codes, minutes, units) AS cms, units_supported(codes, minutes, units, 'ama') AS ama
FROM (VALUES (1, '{97112,97110}'::text[], '{24,23}'::int[], '{2,1}'::int[]), (2, '{97112,97110}', '{24,23}', '{1,2}'), (3, '{97112,97110}', '{24,23}', '{2,2}'),
	(4, '{97112,97110}', '{20,20}', '{2,1}'), (5, '{97112,97110}', '{20,20}', '{1,2}'), (6, '{97112,97110}', '{20,20}', '{2,2}'), (7, '{97112,97110}', '{20,20}', '{3,0}'), (8, '{97112,97110}', '{20,20}', '{1,1}'),
	(9, '{97112,97110,97140}', '{7,7,7}', '{0,0,1}'), (10, '{97112,97110,97140}', '{7,7,7}', '{1,0,0}'), (11, '{97112,97110,97140}', '{7,7,7}', '{1,1,0}'), (12, '{97124}', '{22}', '{2}'), (13, '{97124}', '{23}', '{2}'),
	(14, '{97124,97124}', '{8,15}', '{2,0}'), (15, '{97124,97124}', '{8,14}', '{1,1}'), (16, '{}', '{}', '{}'), (17, '{97110,97140}', '{33,7}', '{2,1}'), (18, '{97110,97140}', '{33,7}', '{3,0}')) v(n, codes, minutes, units)
ORDER BY n;
-- what is allocated is supported; one more of the code that a tie goes to is not
SELECT count(*) AS days, bool_and(units_supported(c, m, u)) AS supported, bool_and(NOT units_supported(c, m, ARRAY[u[1] + 1, u[2]])) AS no_more_of_one, bool_and(NOT units_supported(c, m, ARRAY[u[1] + 1, u[2] + 1])) AS no_more_of_both,
	bool_and(u[1] + u[2] = timed_units(m[1] + m[2])) AS total
FROM (SELECT '{97110,97124}'::text[] AS c, ARRAY[a, b] AS m, allocate_units('{97110,97124}', ARRAY[a, b]) AS u FROM generate_series(0, 40) a, generate_series(0, 40) b) x;

-- null in, null out; null inside, other lengths, what is no code: errors
SELECT allocate_units(NULL, '{1}'), allocate_units('{97124}', NULL), allocate_units('{97124}', '{1}', NULL), units_supported('{97124}', '{1}', NULL);
SELECT allocate_units('{97124,NULL}', '{15,15}');
SELECT allocate_units('{97124,97110}', '{15,NULL}');
SELECT allocate_units('{97124,97110}', '{15}');
SELECT allocate_units('{97124}', '{15,15}');
SELECT allocate_units('{97124}', '{-1}');
SELECT allocate_units('{9712}', '{15}');
SELECT allocate_units('{97124}', '{15}', 'aetna');
SELECT units_supported('{97124}', '{15}', '{1,1}');
SELECT units_supported('{97124}', '{15}', '{-1}');
SELECT units_supported('{97124}', '{15}', '{NULL}');
SELECT units_supported('{97124}', '{15}', '{1}', 'CMS');

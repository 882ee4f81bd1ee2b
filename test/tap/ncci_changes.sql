-- Editions of the NCCI files: the rows of each, what changed from one to the next, and the counts that ncci_publish() returned.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_editions.sql

SELECT plan(28);
SELECT pg_temp.publish(service_type, n) FROM edition ORDER BY upper(covers), service_type \g /dev/null

SELECT bag_eq($$SELECT e.service_type, e.n, p.column_1, p.column_2, p.effective, p.deletion, p.indicator::int FROM edition e, ncci_ptp(e.edition, e.service_type) p WHERE p.indicator < 9$$,
	$$SELECT service_type, n, column_1, column_2, effective, deletion, indicator FROM oracle_row WHERE indicator < 9$$,
	'ncci_ptp() has the rows of each file, and those of the pairs that it lacks');

CREATE TABLE changed AS
SELECT f.service_type, f.n AS from_n, t.n AS to_n, c.*
FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n CROSS JOIN LATERAL ncci_changes(f.edition, t.edition, f.service_type) c;

-- the pairs that are named here, each with all its changes
CREATE FUNCTION pg_temp.change(from_n int, to_n int, a text, b text) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(format('%s %s/%s %s..%s [%s] -> %s..%s [%s]', change, column_1, column_2, coalesce(old_effective::text, ''), coalesce(old_deletion::text, ''), old_indicator,
		coalesce(new_effective::text, ''), coalesce(new_deletion::text, ''), new_indicator), '; ' ORDER BY change COLLATE "C"), 'none')
	FROM changed c WHERE c.service_type = 'practitioner' AND c.from_n = $1 AND c.to_n = $2 AND ((c.column_1, c.column_2) = ($3, $4) OR (c.column_1, c.column_2) = ($4, $3)) $$;
SELECT is(pg_temp.change(f, t, a, b), said, format('q%s to q%s, %s', f, t, what))
FROM (VALUES
	(1, 2, 'open', 'X0001', 'X0002', 'none'),
	(1, 2, 'never in force', 'X0091', 'X0092', 'none'),
	(1, 2, 'expired', 'X0011', 'X0012', 'ptp expired X0011/X0012 2010-01-01.. [1] -> 2010-01-01..2025-03-31 [1]'),
	(2, 3, 'expired before', 'X0011', 'X0012', 'none'),
	(2, 3, 'expired', 'X0015', 'X0016', 'ptp expired X0015/X0016 2010-01-01.. [0] -> 2010-01-01..2025-06-30 [0]'),
	(1, 2, 'added', 'X0021', 'X0022', 'ptp added X0021/X0022 .. [] -> 2025-04-01.. [1]'),
	(2, 3, 'added in retrospect', 'X0023', 'X0024', 'ptp added X0023/X0024 .. [] -> 2025-01-01.. [0]'),
	(1, 2, 're-activated', 'X0033', 'X0034', 'ptp added X0033/X0034 .. [] -> 2025-04-01.. [1]'),
	(1, 2, 're-dated: effective', 'X0051', 'X0052', 'ptp re-dated X0051/X0052 2025-01-01.. [1] -> 2025-02-01.. [1]'),
	(1, 2, 're-dated: deletion', 'X0053', 'X0054', 'ptp re-dated X0053/X0054 2010-01-01..2025-12-31 [1] -> 2010-01-01..2025-05-31 [1]'),
	(1, 2, 're-dated: no deletion', 'X0055', 'X0056', 'ptp re-dated X0055/X0056 2010-01-01..2025-02-28 [1] -> 2010-01-01.. [1]'),
	(1, 2, 'flipped in place', 'X0063', 'X0064', 'ptp indicator X0063/X0064 2010-01-01.. [1] -> 2010-01-01.. [0]'),
	(2, 3, 'flipped in place', 'X0065', 'X0066', 'ptp indicator X0065/X0066 2010-01-01.. [0] -> 2010-01-01.. [1]'),
	(1, 2, 'swapped', 'X0041', 'X0042', 'ptp swapped X0042/X0041 2010-01-01.. [1] -> 2025-04-01.. [1]'),
	(2, 3, 'swapped', 'X0043', 'X0044', 'ptp swapped X0044/X0043 2010-01-01.. [1] -> 2025-07-01.. [0]'),
	(1, 2, 'vanished', 'X0071', 'X0072', 'ptp expired X0071/X0072 2010-01-01.. [1] -> 2010-01-01..2025-03-31 [1]'),
	(2, 3, 'vanished before', 'X0071', 'X0072', 'none')
) v (f, t, what, a, b, said);
-- by a new row with another indicator: as such, or as an end and a new row
SELECT matches(pg_temp.change(1, 2, 'X0061', 'X0062'), '^ptp indicator [^;]*$|^ptp added [^;]*; ptp expired [^;]*$', 'q1 to q2, flipped by a new row');
SELECT matches(pg_temp.change(1, 2, 'X0067', 'X0068'), '^ptp (expired|indicator) [^;]*$', 'q1 to q2, voided');
SELECT matches(pg_temp.change(1, 2, 'X0045', 'X0046'), '^ptp swapped X0046/X0045 [^;]*$', 'q1 to q2, swapped, the old row gone');

-- of all pairs: a change is said of those, and only those, whose rows in force differ
CREATE TABLE in_force AS
SELECT service_type, n, least(column_1 COLLATE "C", column_2 COLLATE "C") AS a, greatest(column_1 COLLATE "C", column_2 COLLATE "C") AS b,
	string_agg(concat_ws(' ', column_1, effective, deletion, indicator), ', ' ORDER BY column_1 COLLATE "C", effective) AS rows
FROM oracle_row WHERE indicator < 9 GROUP BY 1, 2, 3, 4;
SELECT set_eq(
	$$SELECT DISTINCT service_type, from_n, to_n, least(column_1 COLLATE "C", column_2 COLLATE "C"), greatest(column_1 COLLATE "C", column_2 COLLATE "C") FROM changed WHERE change LIKE 'ptp%'$$,
	$$SELECT f.service_type, f.n AS from_n, t.n AS to_n, x.a, x.b
	FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n
		CROSS JOIN LATERAL (SELECT coalesce(o.a, w.a) AS a, coalesce(o.b, w.b) AS b
			FROM (SELECT * FROM in_force i WHERE i.service_type = f.service_type AND i.n = f.n) o
			FULL JOIN (SELECT * FROM in_force i WHERE i.service_type = f.service_type AND i.n = t.n) w USING (a, b) WHERE o.rows IS DISTINCT FROM w.rows) x$$,
	'ncci_changes() names the pairs whose rows differ, and no others');
SELECT is((SELECT count(*) FROM changed c WHERE c.change LIKE 'ptp%' AND c.old_effective IS NOT NULL AND NOT EXISTS (SELECT FROM oracle_row r
		WHERE (r.service_type, r.n, r.effective, r.indicator) = (c.service_type, c.from_n, c.old_effective, c.old_indicator) AND r.deletion IS NOT DISTINCT FROM c.old_deletion
			AND (r.column_1, r.column_2) = CASE WHEN c.change = 'ptp swapped' THEN (c.column_2, c.column_1) ELSE (c.column_1, c.column_2) END)), 0::bigint, 'its old rows are rows of the old edition');
SELECT is((SELECT count(*) FROM changed c WHERE c.change LIKE 'ptp%' AND c.new_effective IS NOT NULL AND NOT EXISTS (SELECT FROM oracle_row r
		WHERE (r.service_type, r.n, r.effective, r.indicator) = (c.service_type, c.to_n, c.new_effective, c.new_indicator) AND r.deletion IS NOT DISTINCT FROM c.new_deletion
			AND (r.column_1, r.column_2) = (c.column_1, c.column_2))), 0::bigint, 'its new rows are rows of the new one');
SELECT is((SELECT count(*) FROM ncci_changes('q2', 'q2')), 0::bigint, 'an edition does not differ from itself');

SELECT bag_eq($$SELECT service_type, from_n, to_n, change, column_1, old_units::int, old_mai::int, new_units::int, new_mai::int FROM changed WHERE change LIKE 'mue%'$$,
	$$SELECT f.service_type, f.n AS from_n, t.n AS to_n, CASE WHEN o.code IS NULL THEN 'mue added' WHEN w.code IS NULL THEN 'mue removed' ELSE 'mue changed' END, coalesce(o.code, w.code) AS code, o.units AS old_units, o.mai AS old_mai, w.units AS new_units, w.mai AS new_mai
	FROM edition f JOIN edition t ON t.service_type = f.service_type AND t.n > f.n
		CROSS JOIN LATERAL (SELECT DISTINCT code FROM mue_file m WHERE m.service_type = f.service_type) c
		LEFT JOIN mue_file o ON o.service_type = f.service_type AND o.n = f.n AND o.code = c.code
		LEFT JOIN mue_file w ON w.service_type = f.service_type AND w.n = t.n AND w.code = c.code
	WHERE (o.units, o.mai) IS DISTINCT FROM (w.units, w.mai)$$,
	'its limits are those that differ');

-- what ncci_publish returned
SELECT bag_eq($$SELECT e.service_type, e.n, c.change, c.n AS rows FROM counted c JOIN edition e USING (service_type, edition) WHERE e.n > 1 AND c.n > 0 AND c.change NOT IN ('ptp rows', 'ptp never in force', 'mue rows')$$,
	$$SELECT service_type, to_n, change, count(*) FROM changed WHERE to_n = from_n + 1 GROUP BY 1, 2, 3$$, 'ncci_publish() counted the rows of ncci_changes()');
SELECT bag_eq($$SELECT service_type, edition, change, n FROM counted WHERE n > 0 AND change IN ('ptp rows', 'ptp never in force', 'mue rows')$$,
	$$SELECT e.service_type, e.edition, x.change, count(*)
	FROM edition e JOIN (SELECT DISTINCT service_type, n, column_1, column_2, effective, deletion, indicator FROM oracle_row WHERE NOT kept OR indicator < 9) r USING (service_type, n)
		CROSS JOIN LATERAL (VALUES ('ptp rows'), ('ptp never in force')) x (change)
	WHERE x.change = 'ptp rows' OR r.indicator = 9
	GROUP BY 1, 2, 3
	UNION ALL SELECT service_type, edition, 'mue rows', count(*) FROM mue_file GROUP BY 1, 2$$,
	'and the rows of the editions: those that are the same count once, those that are kept count');

SELECT * FROM finish();

ROLLBACK;

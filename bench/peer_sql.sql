-- The rival in set-based SQL; peers.sql has what it reads.

-- A sieve lets through the days that may have findings; the rules judge these.  off is units above minutes, in minutes: the units of
-- a pool are right where every line is less than 15 off, no two are more than 15 apart, and all together are less than 8 off.
-- Which codes a day has together is looked up once for equal lists of codes in a clinic, where there are few; day by day elsewhere.
CREATE OR REPLACE FUNCTION bench.query_sql(store text, mix text) RETURNS text LANGUAGE sql STABLE
RETURN replace(replace($q$
WITH day AS MATERIALIZED (
	SELECT patient_id, npi, dos, row_number() OVER () AS day, array_agg(coalesce(id, 0)) AS ids, min(off) AS least, max(off) AS most, sum(off) AS total,
		bit_or(discipline) AS disciplines, bool_or(units > least) AS over
	FROM (SELECT patient_id, npi, dos, id, units, least, CASE WHEN timed THEN coalesce(15 * units - minutes, 99) END AS off,
			CASE WHEN timed THEN CASE mod1 WHEN 'GP' THEN 1 WHEN 'GO' THEN 2 WHEN 'GN' THEN 4 ELSE CASE mod2 WHEN 'GP' THEN 1 WHEN 'GO' THEN 2 WHEN 'GN' THEN 4
				ELSE CASE mod3 WHEN 'GP' THEN 1 WHEN 'GO' THEN 2 WHEN 'GN' THEN 4 ELSE CASE mod4 WHEN 'GP' THEN 1 WHEN 'GO' THEN 2 WHEN 'GN' THEN 4 END END END END END AS discipline
		FROM STORE l LEFT JOIN bench.peer_sieve c USING (code)) l
	GROUP BY patient_id, npi, dos
), HITS), suspect AS (
	SELECT patient_id, npi, dos, min(day) AS day FROM day
	WHERE over OR least < -14 OR most > 14 OR most - least > 15 OR total NOT BETWEEN -7 AND 7 OR disciplines NOT IN (1, 2, 4) AND (least < 0 OR most > 0)
		OR day IN (SELECT day FROM hit)
	GROUP BY patient_id, npi, dos
), s AS MATERIALIZED (
	SELECT claim_id, line_no, code, units, minutes, dos, dx1, dx2, mods, timed, em, discipline, day, id,
		row_number() OVER (PARTITION BY day ORDER BY code, mods, units, minutes NULLS FIRST,
			dx1 COLLATE "C" NULLS FIRST, dx2 COLLATE "C" NULLS FIRST, claim_id COLLATE "C", line_no) AS place,
		count(*) OVER (PARTITION BY day, code) AS lines,
		sum(units) OVER (PARTITION BY day, code) AS billed
	FROM (
		SELECT l.*, day, id, mods, timed, coalesce(em, false) AS em,
			CASE WHEN timed THEN substring(mods FROM 'GP|GO|GN') END AS discipline
		FROM STORE l JOIN suspect d USING (patient_id, npi, dos) LEFT JOIN bench.peer_sieve c ON c.code = l.code
		CROSS JOIN LATERAL (SELECT concat_ws('-', mod1, mod2, mod3, mod4) COLLATE "C" AS mods OFFSET 0) m) x
), twin AS MATERIALIZED (
	SELECT * FROM s WHERE lines > 1
), timed AS MATERIALIZED (
	SELECT *, coalesce(discipline, CASE WHEN min(discipline) OVER d = max(discipline) OVER d THEN min(discipline) OVER d ELSE '' END) AS pool
	FROM s WHERE timed WINDOW d AS (PARTITION BY day)
), allowed AS MATERIALIZED (
	SELECT *, minutes / 15 + CASE WHEN minutes % 15 > 0 AND row_number() OVER (p ORDER BY minutes % 15 DESC, billed > minutes / 15 DESC, code)
			<= (sum(minutes) OVER p + 7) / 15 - sum(minutes / 15) OVER p THEN 1 ELSE 0 END AS units,
		bool_or(unknown) OVER p AS pool_unknown
	FROM (SELECT day, pool, code, sum(coalesce(minutes, 0)) AS minutes, sum(units) AS billed, bool_or(minutes IS NULL) AS unknown
		FROM timed GROUP BY day, pool, code) service
	WINDOW p AS (PARTITION BY day, pool)
), share AS (
	SELECT t.claim_id, t.line_no, t.day, t.pool, t.code, t.place, t.units, a.billed, a.units AS allowed,
		coalesce(t.minutes, 0) / 15 + CASE WHEN t.minutes % 15 > 0 AND row_number() OVER (c ORDER BY coalesce(t.minutes, 0) % 15 DESC, place)
			<= a.units - sum(coalesce(t.minutes, 0) / 15) OVER c THEN 1 ELSE 0 END AS share
	FROM timed t JOIN allowed a USING (day, pool, code)
	WHERE NOT a.pool_unknown AND a.billed <> a.units
	WINDOW c AS (PARTITION BY day, pool, code)
), off AS (
	SELECT *, sum(greatest(off, 0)) OVER (PARTITION BY day, pool, code ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
	FROM (SELECT *, CASE WHEN billed > allowed THEN units - share ELSE share - units END AS off FROM share) x
), pair AS (
	SELECT day, place, column_1, indicator, min(first) AS first,
		min(first) FILTER (WHERE indicator = 0 OR NOT (dos >= '2019-07-01' AND mods ~ '59|X[EPSU]' OR em AND mods ~ '25')) AS closed
	FROM (SELECT h.day, one.code AS column_1, one.place AS first, one.dos, one.mods, one.em, two.place, two.code AS column_2
		FROM (SELECT day, id, other FROM hit WHERE id <> other UNION ALL SELECT day, other, id FROM hit WHERE id <> other) h
		JOIN s one ON one.day = h.day AND one.id = h.id JOIN s two ON two.day = h.day AND two.id = h.other
		WHERE one.units > 0 AND two.units > 0 OFFSET 0) c
	CROSS JOIN LATERAL (SELECT indicator, effective, deletion FROM bench.peer_pairs p WHERE p.column_1 = c.column_1 AND p.column_2 = c.column_2 OFFSET 0) p
	WHERE p.indicator < 9 AND dos BETWEEN coalesce(p.effective, '-infinity') AND coalesce(p.deletion, 'infinity')
	GROUP BY 1, 2, 3, 4
), ptp AS (
	SELECT two.claim_id, two.line_no, CASE WHEN opened THEN first ELSE closed END AS with, two.day, opened
	FROM pair JOIN s two USING (day, place)
	CROSS JOIN LATERAL (SELECT closed IS NULL OR indicator = 1 AND (mods ~ '59|24|27|57|58|78|79|91|E[1-4]|F[A1-9]|T[A1-9]|LT|RT|LC|LD|RC|LM|RI'
		OR dos >= '2015-01-01' AND mods ~ 'X[EPSU]' OR em AND mods ~ '25') AS opened) o
), split AS (
	SELECT a.claim_id, a.line_no, a.day, min(b.place) AS with
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place <> a.place
	WHERE a.timed AND a.dos >= '2021-04-19' AND a.units > 0 AND b.units > 0 AND coalesce(a.discipline = b.discipline, true)
		AND substring(a.mods FROM 'CQ|CO') IS NOT DISTINCT FROM substring(b.mods FROM 'CQ|CO')
	GROUP BY 1, 2, 3
), duplicate AS (
	SELECT DISTINCT ON (a.day, a.place) a.claim_id, a.line_no, a.day, b.place AS with, exact
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place < a.place AND b.units = a.units
	CROSS JOIN LATERAL (SELECT coalesce(a.dx1 = b.dx1, true) AND (a.dx2 IS NOT DISTINCT FROM b.dx2 OR a.dx1 IS NULL OR b.dx1 IS NULL)
		AND coalesce(a.minutes = b.minutes, true) AS exact) e
	WHERE a.units > 0 AND a.mods !~ '76|77|91'
		AND string_to_array(a.mods, '-') @> string_to_array(b.mods, '-') AND string_to_array(a.mods, '-') <@ string_to_array(b.mods, '-')
	ORDER BY a.day, a.place, NOT exact, b.place
), paired AS (
	SELECT claim_id, line_no, CASE WHEN opened THEN 'ptp-bypassed' ELSE 'ptp' END AS rule, CASE WHEN opened THEN 'info' ELSE 'deny' END AS severity, day, "with" FROM ptp
	UNION ALL SELECT claim_id, line_no, 'units-split-lines', 'deny', day, "with" FROM split
	UNION ALL SELECT claim_id, line_no, 'duplicate', CASE WHEN exact THEN 'deny' ELSE 'review' END, day, "with" FROM duplicate
)
SELECT claim_id, line_no, CASE WHEN billed > allowed THEN 'units-minutes' ELSE 'units-underbilled' END AS rule,
	CASE WHEN billed > allowed THEN 'deny' ELSE 'info' END AS severity, NULL::text AS with_claim_id, NULL::int AS with_line_no
FROM off WHERE off > 0 AND coalesce(before, 0) < abs(billed - allowed)
UNION ALL
SELECT t.claim_id, t.line_no, CASE WHEN over THEN 'units-minutes' ELSE 'units-unknown' END, CASE WHEN over THEN 'deny' ELSE 'unknown' END, NULL, NULL
FROM timed t JOIN allowed a USING (day, pool, code)
CROSS JOIN LATERAL (SELECT NOT a.unknown AND a.billed > a.minutes / 15 + (a.minutes % 15 > 0)::int AS over) o
WHERE a.pool_unknown AND t.units > 0 AND (over OR t.minutes IS NULL OR a.billed > a.minutes / 15)
UNION ALL
SELECT claim_id, line_no, CASE mai WHEN 1 THEN 'mue-line' ELSE 'mue-day' END, 'deny', NULL, NULL
FROM s JOIN bench.peer_limits m USING (code)
WHERE s.units > 0 AND CASE mai WHEN 1 THEN s.units ELSE billed END > m.units AND dos BETWEEN coalesce(m.effective, '-infinity') AND coalesce(m.deletion, 'infinity')
UNION ALL
SELECT claim_id, line_no, 'mod-repeated', 'deny', NULL, NULL
FROM STORE CROSS JOIN LATERAL (VALUES (mod2 = mod1), (mod3 IN (mod1, mod2)), (mod4 IN (mod1, mod2, mod3))) r (again)
WHERE (mod2 = mod1 OR mod3 IN (mod1, mod2) OR mod4 IN (mod1, mod2, mod3)) AND again
UNION ALL
SELECT p.claim_id, p.line_no, rule, severity, w.claim_id, w.line_no
FROM paired p JOIN s w ON w.day = p.day AND w.place = p."with"
$q$, 'HITS', CASE mix WHEN 'therapy' THEN $h$profile AS (
	SELECT ids FROM day WHERE cardinality(ids) > 1 GROUP BY ids
), couple AS (
	SELECT ids, id, other FROM (
		SELECT ids, x.id, partners, unnest(others) AS other
		FROM (SELECT ids, unnest(ids) AS id, ids[generate_subscripts(ids, 1) + 1:] AS others FROM profile) x LEFT JOIN bench.peer_sieve USING (id)) y
	WHERE id = other OR get_bit(partners, other) = 1
), hit AS MATERIALIZED (
	SELECT day, id, other FROM day JOIN couple USING (ids)
$h$ ELSE $h$hit AS MATERIALIZED (
	SELECT day, id, other FROM (
		SELECT day, x.id, partners, unnest(others) AS other
		FROM (SELECT day, unnest(ids) AS id, ids[generate_subscripts(ids, 1) + 1:] AS others FROM day) x LEFT JOIN bench.peer_sieve USING (id)) y
	WHERE id = other OR get_bit(partners, other) = 1
$h$ END), 'STORE', store);

-- The rivals of `./dev bench` in SQL, and the rows that they judge by.
-- Run: psql -X [-v edition=NAME] [-v since=DATE] -f bench/peers.sql DATABASE      (from the top of the tree; again for another edition)
--
-- Filled: bench.peer_pairs, peer_limits, peer_codes, peer_coverage, from data/*.csv and, where an edition is named, from what is
-- published under that name; and peer_sieve, from these.  No line may be of a date before :since.
--   bench.query_sql(store, mix)       the text of the set-based query over a store; quickest with enable_nestloop and
--                                     enable_mergejoin off and hash_mem_multiplier 20
--   bench.query_plpgsql(store, mix)   the text of the query that calls bench.judge_day() for each provider-day
--   bench.guard_row(table)            a procedure that puts a row trigger on a table, which refuses a line whose day then has a denial
-- Both queries say (claim_id, line_no, rule, severity, with_claim_id, with_line_no) for the rules ptp, ptp-bypassed,
-- mue-line, mue-day, units-minutes, units-underbilled, units-unknown, units-split-lines, duplicate and mod-repeated, as
-- claim_edits(day, ruleset('medicare')) does.
\set ON_ERROR_STOP 1
\if :{?edition} \else \set edition starter \endif
\if :{?since} \else \set since 2020-01-01 \endif
SET client_min_messages = warning;
SET work_mem = '512MB';
SET jit = off;
CREATE SCHEMA IF NOT EXISTS bench;

DROP TABLE IF EXISTS bench.peer_pairs, bench.peer_limits, bench.peer_codes, bench.peer_coverage, bench.peer_sieve;
CREATE TABLE bench.peer_pairs (column_1 text, column_2 text, indicator int, effective date, deletion date);
CREATE TABLE bench.peer_limits (code text, units int, mai int, effective date, deletion date);
CREATE TABLE bench.peer_codes (code text PRIMARY KEY, timed boolean, em boolean);
CREATE TABLE bench.peer_coverage (covers daterange);

CREATE TEMP TABLE csv_ptp (service_type text, column_1 text, column_2 text, since date, until date, indicator int, rationale text, source text);
CREATE TEMP TABLE csv_mue (service_type text, code text, units int, mai int, since date, until date, source text);
CREATE TEMP TABLE csv_codes (code text, classes text, spinal_min int, spinal_max int, extraspinal_min int, source text);
CREATE TEMP TABLE csv_editions (edition text, service_type text, since date, until date, scope text, source text);
\copy csv_ptp from 'data/ptp.csv' (format csv, header)
\copy csv_mue from 'data/mue.csv' (format csv, header)
\copy csv_codes from 'data/codes.csv' (format csv, header)
\copy csv_editions from 'data/editions.csv' (format csv, header)

-- the pairs are those of the edition; limits and dates are its own and, on other dates, the starter's
INSERT INTO bench.peer_codes
SELECT code, coalesce('timed' = ANY (string_to_array(classes, ' ')), false), coalesce('em' = ANY (string_to_array(classes, ' ')), false)
FROM csv_codes;
INSERT INTO bench.peer_pairs
SELECT column_1, column_2, indicator, since, until FROM csv_ptp WHERE :'edition' = 'starter' AND service_type = 'practitioner'
UNION ALL
SELECT column_1, column_2, indicator, effective, deletion FROM ncci_ptp(nullif(:'edition', 'starter'));
CREATE TEMP TABLE starter_dates AS
SELECT unnest(datemultirange(daterange(since, until, '[]')) - datemultirange(coalesce((
	SELECT covers FROM ncci_edition WHERE edition = :'edition' AND service_type = 'practitioner'), 'empty'))) AS covers
FROM csv_editions WHERE edition = 'starter';
INSERT INTO bench.peer_coverage
TABLE starter_dates UNION ALL SELECT covers FROM ncci_edition WHERE edition = :'edition' AND service_type = 'practitioner';
INSERT INTO bench.peer_limits
SELECT m.code, m.units, m.mai, m.since, m.until FROM csv_mue m WHERE :'edition' = 'starter' AND m.service_type = 'practitioner'
UNION ALL
SELECT m.code, m.units, m.mai, lower(covers), upper(covers) - 1 FROM csv_mue m, starter_dates
WHERE :'edition' <> 'starter' AND m.service_type = 'practitioner'
UNION ALL
SELECT m.code, m.units, m.mai, lower(covers), upper(covers) - 1
FROM ncci_mue(nullif(:'edition', 'starter')) m, ncci_edition e WHERE e.edition = :'edition' AND e.service_type = 'practitioner';
DROP TABLE csv_ptp, csv_mue, csv_codes, csv_editions, starter_dates;
VACUUM ANALYZE bench.peer_pairs, bench.peer_limits, bench.peer_codes, bench.peer_coverage;

-- For the set-based query: a number for each code, and as bits the numbers of its partners in pairs that were in force on or after
-- :since, in eights of bytes; least is the smallest of its unit limits.
CREATE TEMP TABLE numbered AS
SELECT code, row_number() OVER (ORDER BY code)::int AS id
FROM (SELECT code FROM bench.peer_codes UNION SELECT code FROM bench.peer_limits
	UNION SELECT column_1 FROM bench.peer_pairs UNION SELECT column_2 FROM bench.peer_pairs) c;
ANALYZE numbered;
CREATE TABLE bench.peer_sieve AS
WITH pair AS MATERIALIZED (
	SELECT a.id AS one, b.id AS two FROM bench.peer_pairs p JOIN numbered a ON a.code = p.column_1 JOIN numbered b ON b.code = p.column_2
	WHERE indicator < 9 AND coalesce(deletion, 'infinity') >= :'since'
), eight AS (
	SELECT one AS id, two / 64 AS place, bit_or(1::bigint << 56 - 8 * (two % 64 / 8) + two % 8) AS bits
	FROM (SELECT one, two FROM pair UNION ALL SELECT two, one FROM pair) p GROUP BY 1, 2
), partner AS (
	SELECT id, string_agg(int8send(coalesce(bits, 0)), '' ORDER BY place) AS partners
	FROM numbered CROSS JOIN generate_series(0, (SELECT max(id) FROM numbered) / 64) AS place LEFT JOIN eight USING (id, place)
	GROUP BY id
)
SELECT code, id, partners, coalesce(timed, false) AS timed, coalesce(em, false) AS em, least
FROM numbered JOIN partner USING (id) LEFT JOIN bench.peer_codes USING (code)
LEFT JOIN (SELECT code, min(units) AS least FROM bench.peer_limits GROUP BY code) l USING (code);
DROP TABLE numbered;
ALTER TABLE bench.peer_sieve ADD PRIMARY KEY (code), ALTER partners SET STORAGE plain;
VACUUM ANALYZE bench.peer_sieve;

-- set-based SQL

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
	SELECT claim_id, line_no, code, units, minutes, dos, dx1, dx2, mods, timed, em, deny, discipline, day, id,
		row_number() OVER (PARTITION BY day ORDER BY code, mods, units, minutes NULLS FIRST,
			dx1 COLLATE "C" NULLS FIRST, dx2 COLLATE "C" NULLS FIRST, claim_id COLLATE "C", line_no) AS place,
		count(*) OVER (PARTITION BY day, code) AS lines,
		sum(units) OVER (PARTITION BY day, code) AS billed
	FROM (
		SELECT l.*, day, id, mods, timed, coalesce(em, false) AS em, CASE WHEN l.dos <@ (SELECT range_agg(covers) FROM bench.peer_coverage) THEN 'deny' ELSE 'review' END AS deny,
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
	SELECT t.claim_id, t.line_no, t.deny, t.day, t.pool, t.code, t.place, t.units, a.billed, a.units AS allowed,
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
	SELECT two.claim_id, two.line_no, two.deny, CASE WHEN opened THEN first ELSE closed END AS with, two.day, opened
	FROM pair JOIN s two USING (day, place)
	CROSS JOIN LATERAL (SELECT closed IS NULL OR indicator = 1 AND (mods ~ '59|24|27|57|58|78|79|91|E[1-4]|F[A1-9]|T[A1-9]|LT|RT|LC|LD|RC|LM|RI'
		OR dos >= '2015-01-01' AND mods ~ 'X[EPSU]' OR em AND mods ~ '25') AS opened) o
), split AS (
	SELECT a.claim_id, a.line_no, a.deny, a.day, min(b.place) AS with
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place <> a.place
	WHERE a.timed AND a.dos >= '2021-04-19' AND a.units > 0 AND b.units > 0 AND coalesce(a.discipline = b.discipline, true)
		AND substring(a.mods FROM 'CQ|CO') IS NOT DISTINCT FROM substring(b.mods FROM 'CQ|CO')
	GROUP BY 1, 2, 3, 4
), duplicate AS (
	SELECT DISTINCT ON (a.day, a.place) a.claim_id, a.line_no, a.deny, a.day, b.place AS with, exact
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place < a.place AND b.units = a.units
	CROSS JOIN LATERAL (SELECT coalesce(a.dx1 = b.dx1, true) AND (a.dx2 IS NOT DISTINCT FROM b.dx2 OR a.dx1 IS NULL OR b.dx1 IS NULL)
		AND coalesce(a.minutes = b.minutes, true) AS exact) e
	WHERE a.units > 0 AND a.mods !~ '76|77|91'
		AND string_to_array(a.mods, '-') @> string_to_array(b.mods, '-') AND string_to_array(a.mods, '-') <@ string_to_array(b.mods, '-')
	ORDER BY a.day, a.place, NOT exact, b.place
), paired AS (
	SELECT claim_id, line_no, CASE WHEN opened THEN 'ptp-bypassed' ELSE 'ptp' END AS rule, CASE WHEN opened THEN 'info' ELSE deny END AS severity, day, "with" FROM ptp
	UNION ALL SELECT claim_id, line_no, 'units-split-lines', deny, day, "with" FROM split
	UNION ALL SELECT claim_id, line_no, 'duplicate', CASE WHEN exact THEN deny ELSE 'review' END, day, "with" FROM duplicate
)
SELECT claim_id, line_no, CASE WHEN billed > allowed THEN 'units-minutes' ELSE 'units-underbilled' END AS rule,
	CASE WHEN billed > allowed THEN deny ELSE 'info' END AS severity, NULL::text AS with_claim_id, NULL::int AS with_line_no
FROM off WHERE off > 0 AND coalesce(before, 0) < abs(billed - allowed)
UNION ALL
SELECT t.claim_id, t.line_no, CASE WHEN over THEN 'units-minutes' ELSE 'units-unknown' END, CASE WHEN over THEN t.deny ELSE 'unknown' END, NULL, NULL
FROM timed t JOIN allowed a USING (day, pool, code)
CROSS JOIN LATERAL (SELECT NOT a.unknown AND a.billed > a.minutes / 15 + (a.minutes % 15 > 0)::int AS over) o
WHERE a.pool_unknown AND t.units > 0 AND (over OR t.minutes IS NULL OR a.billed > a.minutes / 15)
UNION ALL
SELECT claim_id, line_no, CASE mai WHEN 1 THEN 'mue-line' ELSE 'mue-day' END, deny, NULL, NULL
FROM s JOIN bench.peer_limits m USING (code)
WHERE s.units > 0 AND CASE mai WHEN 1 THEN s.units ELSE billed END > m.units AND dos BETWEEN coalesce(m.effective, '-infinity') AND coalesce(m.deletion, 'infinity')
UNION ALL
SELECT claim_id, line_no, 'mod-repeated', CASE WHEN dos <@ (SELECT range_agg(covers) FROM bench.peer_coverage) THEN 'deny' ELSE 'review' END, NULL, NULL
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

-- PL/pgSQL, a provider-day at a time

CREATE INDEX ON bench.peer_pairs (column_1, column_2);
ANALYZE bench.peer_pairs;
DROP FUNCTION IF EXISTS bench.judge_day;
DROP TYPE IF EXISTS bench.peer_line, bench.peer_finding;
CREATE TYPE bench.peer_line AS (claim_id text, line_no int, code text, modifiers text[], units int, minutes int, dx1 text, dx2 text,
	timed boolean, em boolean, most int, mai int);
CREATE TYPE bench.peer_finding AS (claim_id text, line_no int, rule text, severity text, with_claim_id text, with_line_no int);

-- The lines of a day in canonical order, each with what the tables say of its code.  In canonical order lines of a code are neighbours.
-- planned once, not for every day
CREATE FUNCTION bench.judge_day(dos date, deny text, day bench.peer_line[]) RETURNS SETOF bench.peer_finding LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n CONSTANT int := cardinality(day);
	lines bench.peer_line[] := day;
	distinct_59 text[];
	opens text[];
	l bench.peer_line;
	o bench.peer_line;
	pair record;
	codes text[] := '{}';
	starts int[] := '{}';		-- where each code's lines start
	total int;
	off int;
	least_off int := 0;
	most_off int := 0;
	total_off int := 0;
	discipline text[];			-- of each line
	stated text[] := '{}';
	i int;
	j int;
	k int;
	first int;
	closed int;
	-- of a pool of minutes
	pool text;
	service int[];				-- of each line, null where it is not in the pool
	n_services int;
	last_code text;
	unknown boolean;
	s_minutes int[];
	s_billed int[];
	s_unknown boolean[];
	allowed int[];
	share int[];
	given boolean[];
	remaining int;
	best int;
BEGIN
	FOR i IN 1..n LOOP
		l := lines[i];
		IF l.code IS DISTINCT FROM last_code THEN
			last_code := l.code;
			codes := codes || l.code;
			starts := starts || i;
		END IF;
		IF l.timed THEN
			off := coalesce(15 * l.units - l.minutes, 99);
			IF off <> 0 THEN
				least_off := least(least_off, off);
				most_off := greatest(most_off, off);
				total_off := total_off + off;
			END IF;
			IF l.modifiers && '{GP,GO,GN}' THEN
				FOREACH pool IN ARRAY l.modifiers LOOP
					IF pool IN ('GP', 'GO', 'GN') THEN
						discipline[i] := pool;
						EXIT;
					END IF;
				END LOOP;
				IF pool <> ALL (stated) THEN
					stated := stated || pool;
				END IF;
			END IF;
		END IF;
		IF cardinality(l.modifiers) > 1 THEN
			FOR k IN 2..cardinality(l.modifiers) LOOP
				IF l.modifiers[k] = ANY (l.modifiers[:k - 1]) THEN
					RETURN NEXT (l.claim_id, l.line_no, 'mod-repeated', deny, NULL, NULL)::bench.peer_finding;
				END IF;
			END LOOP;
		END IF;
	END LOOP;
	starts := starts || n + 1;

	FOR k IN 1..cardinality(codes) LOOP
		-- unit limits
		l := lines[starts[k]];
		IF l.most IS NOT NULL THEN
			total := l.units;
			FOR i IN starts[k] + 1..starts[k + 1] - 1 LOOP
				total := total + lines[i].units;
			END LOOP;
			IF total > l.most THEN
				FOR i IN starts[k]..starts[k + 1] - 1 LOOP
					o := lines[i];
					IF o.units > 0 AND (l.mai > 1 OR o.units > l.most) THEN
						RETURN NEXT (o.claim_id, o.line_no, CASE l.mai WHEN 1 THEN 'mue-line' ELSE 'mue-day' END, deny, NULL, NULL)::bench.peer_finding;
					END IF;
				END LOOP;
			END IF;
		END IF;
		CONTINUE WHEN starts[k + 1] = starts[k] + 1;

		-- a code on several lines
		FOR i IN starts[k]..starts[k + 1] - 1 LOOP
			l := lines[i];
			CONTINUE WHEN l.units = 0;
			IF l.timed AND dos >= '2021-04-19' THEN
				FOR j IN starts[k]..starts[k + 1] - 1 LOOP
					o := lines[j];
					IF j <> i AND o.units > 0 AND coalesce(discipline[i] = discipline[j], true)
						AND substring(array_to_string(l.modifiers, '-') FROM 'CQ|CO') IS NOT DISTINCT FROM substring(array_to_string(o.modifiers, '-') FROM 'CQ|CO') THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-split-lines', deny, o.claim_id, o.line_no)::bench.peer_finding;
						EXIT;
					END IF;
				END LOOP;
			END IF;
			IF NOT l.modifiers && '{76,77,91}' THEN
				first := NULL;		-- that it duplicates, if not exactly
				closed := NULL;		-- exactly
				FOR j IN starts[k]..i - 1 LOOP
					o := lines[j];
					IF o.units = l.units AND o.modifiers @> l.modifiers AND o.modifiers <@ l.modifiers THEN
						first := coalesce(first, j);
						IF (l.dx1 = o.dx1 AND l.dx2 IS NOT DISTINCT FROM o.dx2 OR l.dx1 IS NULL OR o.dx1 IS NULL) AND coalesce(l.minutes = o.minutes, true) THEN
							closed := j;
							EXIT;
						END IF;
					END IF;
				END LOOP;
				IF first IS NOT NULL THEN
					o := lines[coalesce(closed, first)];
					RETURN NEXT (l.claim_id, l.line_no, 'duplicate', CASE WHEN closed IS NULL THEN 'review' ELSE deny END, o.claim_id, o.line_no)::bench.peer_finding;
				END IF;
			END IF;
		END LOOP;
	END LOOP;

	-- pairs of codes
	IF cardinality(codes) > 1 THEN
		FOR pair IN SELECT array_position(codes, column_1) AS one, array_position(codes, column_2) AS two, indicator FROM bench.peer_pairs
			WHERE column_1 = ANY (codes) AND column_2 = ANY (codes) AND indicator < 9
				AND dos BETWEEN coalesce(effective, '-infinity') AND coalesce(deletion, 'infinity') LOOP
			distinct_59 := CASE WHEN dos >= '2015-01-01' THEN '{59,XE,XP,XS,XU}' ELSE '{59}' END;
			opens := distinct_59 || '{24,27,57,58,78,79,91,E1,E2,E3,E4,FA,F1,F2,F3,F4,F5,F6,F7,F8,F9,TA,T1,T2,T3,T4,T5,T6,T7,T8,T9,LT,RT,LC,LD,RC,LM,RI}'::text[];
			first := NULL;			-- billed line of column one
			closed := NULL;			-- that opens nothing by itself
			FOR i IN starts[pair.one]..starts[pair.one + 1] - 1 LOOP
				o := lines[i];
				CONTINUE WHEN o.units = 0;
				first := coalesce(first, i);
				IF pair.indicator = 0 OR NOT (dos >= '2019-07-01' AND o.modifiers && distinct_59 OR o.em AND '25' = ANY (o.modifiers)) THEN
					closed := i;
					EXIT;
				END IF;
			END LOOP;
			CONTINUE WHEN first IS NULL;
			FOR i IN starts[pair.two]..starts[pair.two + 1] - 1 LOOP
				l := lines[i];
				IF l.units = 0 THEN
					CONTINUE;
				ELSIF closed IS NULL OR pair.indicator = 1 AND (l.modifiers && opens OR l.em AND '25' = ANY (l.modifiers)) THEN
					o := lines[first];
					RETURN NEXT (l.claim_id, l.line_no, 'ptp-bypassed', 'info', o.claim_id, o.line_no)::bench.peer_finding;
				ELSE
					o := lines[closed];
					RETURN NEXT (l.claim_id, l.line_no, 'ptp', deny, o.claim_id, o.line_no)::bench.peer_finding;
				END IF;
			END LOOP;
		END LOOP;
	END IF;

	-- Units and minutes.  Nothing to find where each line is less than a unit off, all together less than half of one, and no
	-- line with one unit more has a smaller remainder than one without.
	IF (least_off = 0 AND most_off = 0) OR (least_off >= -14 AND most_off <= 14 AND most_off - least_off <= 15 AND total_off BETWEEN -7 AND 7
			AND cardinality(stated) < 2 AND cardinality(codes) = n) THEN
		RETURN;
	END IF;
	FOREACH pool IN ARRAY stated || ''::text LOOP
		service := array_fill(NULL::int, ARRAY[n]);
		n_services := 0;
		last_code := NULL;
		s_minutes := '{}';
		s_billed := '{}';
		s_unknown := '{}';
		allowed := '{}';
		total := 0;
		FOR i IN 1..n LOOP
			l := lines[i];
			CONTINUE WHEN l.timed IS NOT TRUE OR coalesce(discipline[i], CASE cardinality(stated) WHEN 1 THEN stated[1] ELSE '' END) <> pool;
			IF l.code IS DISTINCT FROM last_code THEN
				n_services := n_services + 1;
				last_code := l.code;
				s_minutes[n_services] := 0;
				s_billed[n_services] := 0;
				s_unknown[n_services] := false;
			END IF;
			service[i] := n_services;
			s_minutes[n_services] := s_minutes[n_services] + coalesce(l.minutes, 0);
			s_billed[n_services] := s_billed[n_services] + l.units;
			s_unknown[n_services] := s_unknown[n_services] OR l.minutes IS NULL;
			total := total + coalesce(l.minutes, 0);
		END LOOP;
		CONTINUE WHEN n_services = 0;
		unknown := true = ANY (s_unknown);
		remaining := (total + 7) / 15;
		FOR k IN 1..n_services LOOP
			allowed[k] := s_minutes[k] / 15;
			remaining := remaining - allowed[k];
		END LOOP;
		given := array_fill(false, ARRAY[n_services]);
		WHILE remaining > 0 LOOP
			best := NULL;
			FOR k IN 1..n_services LOOP
				IF NOT given[k] AND s_minutes[k] % 15 > 0 AND (best IS NULL
					OR (s_minutes[k] % 15, s_billed[k] > s_minutes[k] / 15) > (s_minutes[best] % 15, s_billed[best] > s_minutes[best] / 15)) THEN
					best := k;
				END IF;
			END LOOP;
			given[best] := true;
			allowed[best] := allowed[best] + 1;
			remaining := remaining - 1;
		END LOOP;

		FOR k IN 1..n_services LOOP
			IF unknown THEN
				FOR i IN 1..n LOOP
					CONTINUE WHEN service[i] IS DISTINCT FROM k;
					l := lines[i];
					IF l.units = 0 THEN
						CONTINUE;
					ELSIF NOT s_unknown[k] AND s_billed[k] > s_minutes[k] / 15 + (s_minutes[k] % 15 > 0)::int THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-minutes', deny, NULL, NULL)::bench.peer_finding;
					ELSIF l.minutes IS NULL OR s_billed[k] > s_minutes[k] / 15 THEN
						RETURN NEXT (l.claim_id, l.line_no, 'units-unknown', 'unknown', NULL, NULL)::bench.peer_finding;
					END IF;
				END LOOP;
			ELSIF s_billed[k] <> allowed[k] THEN
				-- the lines of the code share its units
				share := array_fill(0, ARRAY[n]);
				remaining := allowed[k];
				FOR i IN 1..n LOOP
					IF service[i] = k THEN
						share[i] := lines[i].minutes / 15;
						remaining := remaining - share[i];
					END IF;
				END LOOP;
				given := array_fill(false, ARRAY[n]);
				WHILE remaining > 0 LOOP
					best := NULL;
					FOR i IN 1..n LOOP
						IF service[i] = k AND NOT given[i] AND lines[i].minutes % 15 > 0
							AND (best IS NULL OR lines[i].minutes % 15 > lines[best].minutes % 15) THEN
							best := i;
						END IF;
					END LOOP;
					given[best] := true;
					share[best] := share[best] + 1;
					remaining := remaining - 1;
				END LOOP;
				remaining := abs(s_billed[k] - allowed[k]);
				FOR i IN 1..n LOOP
					CONTINUE WHEN service[i] IS DISTINCT FROM k;
					l := lines[i];
					off := (l.units - share[i]) * sign(s_billed[k] - allowed[k])::int;
					IF off > 0 AND remaining > 0 THEN
						remaining := remaining - off;
						IF s_billed[k] > allowed[k] THEN
							RETURN NEXT (l.claim_id, l.line_no, 'units-minutes', deny, NULL, NULL)::bench.peer_finding;
						ELSE
							RETURN NEXT (l.claim_id, l.line_no, 'units-underbilled', 'info', NULL, NULL)::bench.peer_finding;
						END IF;
					END IF;
				END LOOP;
			END IF;
		END LOOP;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION bench.query_plpgsql(store text, mix text) RETURNS text LANGUAGE sql STABLE
RETURN replace($q$
SELECT f.* FROM (
	SELECT dos, array_agg((claim_id, line_no, code, modifiers, units, minutes, dx1, dx2, timed, em, most, mai)::bench.peer_line
		ORDER BY code, modifiers COLLATE "C", units, minutes NULLS FIRST, dx1 COLLATE "C" NULLS FIRST, dx2 COLLATE "C" NULLS FIRST, claim_id COLLATE "C", line_no) AS day
	FROM (
		SELECT l.*, array_remove(ARRAY[mod1, mod2, mod3, mod4], NULL) AS modifiers, c.timed, c.em, m.units AS most, m.mai
		FROM STORE l LEFT JOIN bench.peer_codes c USING (code)
		LEFT JOIN bench.peer_limits m ON m.code = l.code AND l.dos BETWEEN coalesce(m.effective, '-infinity') AND coalesce(m.deletion, 'infinity')) l
	GROUP BY patient_id, npi, dos) d, bench.judge_day(d.dos, CASE WHEN d.dos <@ (SELECT range_agg(covers) FROM bench.peer_coverage) THEN 'deny' ELSE 'review' END, d.day) f
$q$, 'STORE', store);

-- the guard: a row trigger that judges the day of its row; its statement names the table, so that it is planned once

CREATE OR REPLACE PROCEDURE bench.guard_row(guarded regclass) LANGUAGE plpgsql AS $p$
BEGIN
	EXECUTE format($f$
CREATE OR REPLACE FUNCTION bench.guard_row_%2$s() RETURNS trigger LANGUAGE plpgsql AS $g$
DECLARE
	finding record;
BEGIN
	%1$s
	IF FOUND THEN
		RAISE EXCEPTION 'line %% of claim %% is denied: %%', finding.line_no, finding.claim_id, finding.rule USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $g$;
CREATE OR REPLACE TRIGGER guard_row AFTER INSERT OR UPDATE ON %3$s FOR EACH ROW EXECUTE FUNCTION bench.guard_row_%2$s()$f$,
		replace(bench.query_plpgsql('(SELECT * FROM ' || guarded || ' WHERE (patient_id, npi, dos) = (NEW.patient_id, NEW.npi, NEW.dos))', ''),
			'SELECT f.*', 'SELECT f.* INTO finding') || $w$ WHERE f.severity = 'deny' LIMIT 1;$w$,
		guarded::oid, guarded);
END $p$;

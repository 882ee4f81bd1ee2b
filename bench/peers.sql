-- The rivals of `./dev bench` in SQL, and the rows that they judge by.
-- Run: psql -X [-v edition=NAME] [-v since=DATE] -f bench/peers.sql DATABASE      (from the top of the tree; again for another edition)
--
-- Filled: bench.peer_pairs, peer_limits, peer_codes, from data/*.csv and, where an edition is named, from what is
-- published under that name; and peer_sieve, from these.  No line may be of a date before :since.
--   bench.query_sql(store, mix)       the text of the set-based query over a store; quickest with enable_nestloop and
--                                     enable_mergejoin off and hash_mem_multiplier 20
--   bench.query_plpgsql(store, mix)   the text of the query that calls bench.judge_day() for each provider-day
--   bench.guard_row(table)            a procedure that puts a row trigger on a table, which refuses a line whose day then has a denial
-- Both queries say (claim_id, line_no, rule, severity, with_claim_id, with_line_no) for the rules ptp, ptp-bypassed,
-- mue-line, mue-day, units-minutes, units-underbilled, units-unknown, units-split-lines, duplicate and mod-repeated, as
-- claim_edits(day, ruleset('medicare')) does, but that they deny also outside the dates of the edition.
\set ON_ERROR_STOP 1
\if :{?edition} \else \set edition starter \endif
\if :{?since} \else \set since 2020-01-01 \endif
SET client_min_messages = warning;
SET work_mem = '512MB';
SET jit = off;
CREATE SCHEMA IF NOT EXISTS bench;

DROP TABLE IF EXISTS bench.peer_pairs, bench.peer_limits, bench.peer_codes, bench.peer_sieve;
CREATE TABLE bench.peer_pairs (column_1 text, column_2 text, indicator int, effective date, deletion date);
CREATE TABLE bench.peer_limits (code text, units int, mai int, effective date, deletion date);
CREATE TABLE bench.peer_codes (code text PRIMARY KEY, timed boolean, em boolean);

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
	SELECT covers FROM ncci_editions WHERE edition = :'edition' AND service_type = 'practitioner'), 'empty'))) AS covers
FROM csv_editions WHERE edition = 'starter';
INSERT INTO bench.peer_limits
SELECT m.code, m.units, m.mai, m.since, m.until FROM csv_mue m WHERE :'edition' = 'starter' AND m.service_type = 'practitioner'
UNION ALL
SELECT m.code, m.units, m.mai, lower(covers), upper(covers) - 1 FROM csv_mue m, starter_dates
WHERE :'edition' <> 'starter' AND m.service_type = 'practitioner'
UNION ALL
SELECT m.code, m.units, m.mai, lower(covers), upper(covers) - 1
FROM ncci_mue(nullif(:'edition', 'starter')) m, ncci_editions e WHERE e.edition = :'edition' AND e.service_type = 'practitioner';
DROP TABLE csv_ptp, csv_mue, csv_codes, csv_editions, starter_dates;
VACUUM ANALYZE bench.peer_pairs, bench.peer_limits, bench.peer_codes;

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

\ir peer_sql.sql
\ir peer_plpgsql.sql

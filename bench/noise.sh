#!/bin/bash
# bench/noise.sh [LINES]
#
# What a scan stores of a warehouse that is mostly none of its business: LINES claim lines (1,000,000) of a clinic of many
# specialties, in columns of text, without minutes; codes that the starter edition knows and others, dates on both sides of its end.
#
# Prints for a first scan as the release does it by default, and where at_least has another value for that too: seconds, findings
# stored, and the bytes of all tables that scans fill; then what is stored and what is only counted, by rule.  The server is that
# of the PG* variables; the extension must be installed there, of any release.  The database claimline_bench_noise is made and
# dropped.
set -u -o pipefail

lines=${1:-1000000}
days=$((lines * 2 / 7))	# 3.5 lines a day
psql=(psql -X -q -At -v ON_ERROR_STOP=1)
trap '[[ -n ${KEEP-} ]] || "${psql[@]}" -d postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS claimline_bench_noise" >/dev/null' EXIT
trap 'exit 143' HUP INT TERM

"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_noise' \
	-c 'CREATE DATABASE claimline_bench_noise' || exit
export PGDATABASE=claimline_bench_noise

# A day has 1 to 6 lines, of a specialty: of twenty days fifteen are of general practice, laboratory and imaging, three of therapy, one
# of manipulation, one of surgery.  One therapy line in twelve lacks its modifier; of pairs of codes, half are opened by one.
"${psql[@]}" <<-END || exit
	CREATE EXTENSION claimline;
	CREATE FUNCTION h(bigint, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT abs(hashint8(\$1 * 64 + \$2)) % 1000000';
	CREATE TABLE claims AS
	SELECT 'C' || lpad(v::text, 9, '0') AS claim_id, i::text AS claim_line_number, 'P' || lpad((v / 9)::text, 8, '0') AS person_id,
		'1999' || lpad((v % 211)::text, 6, '0') AS npi, to_char(date '2022-01-03' + v % 1500, 'YYYYMMDD') AS service_date,
		CASE kind WHEN 0 THEN (ARRAY['99213', '36415', '80053', '85025', '83036', '93000', '90471', '71046', '81002', '84443'])[1 + (h(v, 9) + i) % 10]
			WHEN 1 THEN (ARRAY['97110', '97140', '97112', '97116', 'G0283', '97530'])[1 + (h(v, 9) % 2 + i) % 6]
			WHEN 2 THEN (ARRAY['98940', '97140', '97110', 'G0283', '97112', '97010'])[i]
			ELSE (ARRAY['20610', '72148', 'J1030', '99213', '73562', '76942'])[i] END AS hcpcs_code,
		CASE WHEN kind = 1 AND h(v, i + 10) % 12 > 0 THEN 'GP' WHEN kind = 2 THEN CASE i WHEN 1 THEN 'AT' ELSE 'GP' END
			WHEN kind = 0 AND h(v, i + 10) % 9 = 0 AND (h(v, 9) + i) % 10 = 0 THEN '25' ELSE '' END AS modifier_1,
		CASE WHEN kind IN (1, 2) AND h(v, 20) % 2 = 0 AND i > 1 THEN '59' ELSE '' END AS modifier_2,
		CASE WHEN kind = 1 AND i < 4 THEN 1 + h(v, i + 30) % 2 ELSE 1 END::text AS units,
		(ARRAY['M54.50', 'M54.2', 'M99.03', 'Z00.00', 'E11.9', 'I10', 'M25.561'])[1 + h(v, 40) % 7] AS diagnosis_1, (50 + h(v, i) % 400)::text AS charge
	FROM (SELECT v, 1 + h(v, 0) % 6 AS n, (ARRAY[1, 1, 1, 2, 3] || array_fill(0, ARRAY[15]))[1 + h(v, 1) % 20] AS kind FROM generate_series(1, $days) v) d, generate_series(1, n) i
	ORDER BY h(v, i + 50);
	VACUUM ANALYZE claims;
	CHECKPOINT;
	SET client_min_messages = warning;
	SELECT claim_source_add('bench', 'claims', charge => 'charge', columns => '{"claim_id": "claim_id", "line_no": "claim_line_number", "patient": "person_id",
		"provider": "npi", "dos": "service_date", "code": "hcpcs_code", "modifiers": ["modifier_1", "modifier_2"], "units": "units", "dx": ["diagnosis_1"]}') \\g /dev/null
END
printf '%d lines of %d provider-days, a table of %s\n' "$("${psql[@]}" -c 'SELECT count(*) FROM claims')" "$days" \
	"$("${psql[@]}" -c "SELECT pg_size_pretty(pg_total_relation_size('claims'))")"
printf '%-26s %9s %10s %10s %7s\n' '' seconds findings MB 'a line'

# scan NAME ARGUMENTS: as a first scan
scan() {
	local begun took

	"${psql[@]}" >/dev/null <<-'END' || exit
		SELECT format('DELETE FROM %s', oid::regclass) FROM pg_class WHERE relname = 'claim_scan_state' \gexec
		SELECT format('VACUUM FULL %s', oid::regclass) FROM pg_class WHERE relname ~ '^claim_scan_' AND relkind = 'r' \gexec
		CHECKPOINT
	END
	begun=$(date +%s%N)
	"${psql[@]}" -c 'SET client_min_messages = warning' -c "CALL claim_scan('bench'$2)" || exit
	took=$((($(date +%s%N) - begun) / 1000000))
	"${psql[@]}" -F ' ' -c "SELECT round($took / 1000.0, 1), (SELECT count(*) FROM claim_findings), round(b / 1e6, 1), round(b / $lines.0, 1)
		FROM (SELECT sum(pg_total_relation_size(oid)) AS b FROM pg_class WHERE relname ~ '^claim_scan_' AND relkind = 'r') s" |
		xargs printf '%-26s %9s %10s %10s %7s\n' "$1"
}

scan 'by default' ''
"${psql[@]}" -F ' ' -c "SELECT ' stored', rule, severity, count(*) FROM claim_findings GROUP BY rule, severity ORDER BY count(*) DESC"
[[ -z $("${psql[@]}" -c "SELECT to_regclass('claim_report_counted')") ]] ||
	"${psql[@]}" -F ' ' -c "SELECT ' counted', rule, severity, findings, 'on', days, 'days' FROM claim_report_counted ORDER BY findings DESC"
"${psql[@]}" -F ' ' -c "SELECT ' ' || relname, round(pg_total_relation_size(oid) / 1e6, 1), 'MB' FROM pg_class WHERE relname ~ '^claim_scan_' AND relkind = 'r' ORDER BY pg_total_relation_size(oid) DESC LIMIT 3"
for at_least in info deny; do
	scan "at_least $at_least" ", at_least => '$at_least'"
done

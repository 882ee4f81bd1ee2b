#!/bin/bash
# bench/scan.sh [LINES]
#
# The nightly scan over a table of LINES claim lines (5,000,000): the first one, one over unchanged rows, and nights with 1 % of the
# provider-days changed, by each method; beside them the analyst's query that judges everything without storing anything.  All findings are
# stored (at_least info), as that query returns them; noise.sh has what is stored by default.
#
# Prints seconds and the most private memory (RssAnon) that the backend had.  The server is that of the PG* variables, on this
# machine; the extension must be installed there.  The database claimline_bench_scan is made and dropped.
set -u -o pipefail

lines=${1:-5000000}
days=$((lines * 2 / 7))	# 3.5 lines a day
psql=(psql -X -q -At -v ON_ERROR_STOP=1)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/scan.XXXXXX") || exit

clean_up() {
	rm -rf "$tmp"
	[[ -n ${KEEP-} ]] || "${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_scan' >/dev/null
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_scan' \
	-c 'CREATE DATABASE claimline_bench_scan' || exit
export PGDATABASE=claimline_bench_scan

# a therapy clinic's mix, 1 to 6 lines a day, one day in ten with something wrong
"${psql[@]}" <<-END || exit
	CREATE EXTENSION claimline;
	CREATE TABLE claims (claim_id text, line_no int, patient text, npi text, dos date, code text, modifiers text[], units numeric, minutes int, dx text[],
		changed_at timestamptz NOT NULL DEFAULT clock_timestamp());
	INSERT INTO claims
	SELECT 'C' || v, i, 'P' || v / 12, '1999' || lpad((v % 97)::text, 6, '0'), date '2021-01-04' + v % 1300,
		(ARRAY['97110', '97140', '97112', '97530', '97116', 'G0283'])[i], CASE WHEN wrong AND i = 1 THEN '{}' ELSE ARRAY['GP', NULL, ''] END,
		CASE WHEN i = 6 THEN 1 WHEN wrong AND i = 2 THEN 3 ELSE 2 END, CASE WHEN i < 6 THEN 30 END, ARRAY['M54.2', 'M54.50']
	FROM (SELECT v, 1 + abs(hashint4(v)) % 6 AS n, abs(hashint4(v + 1)) % 10 = 0 AS wrong FROM generate_series(1, $days) v) d, generate_series(1, n) i
	ORDER BY hashint8(v * 8 + i);
	CREATE INDEX ON claims (patient, npi, dos);
	CREATE INDEX ON claims (changed_at);
	VACUUM ANALYZE claims;
	CHECKPOINT;
	SET client_min_messages = warning;
	SELECT claim_source_add('bench', 'claims', watermark => 'changed_at', columns => '{"claim_id": "claim_id", "line_no": "line_no", "patient": {"column": "patient", "as_is": true},
		"provider": {"column": "npi", "as_is": true}, "dos": "dos", "code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes", "dx": "dx"}');
END

# measure NAME: runs standard input in a session of its own
measure() {
	local pid peak=0 now begun took session

	rm -f "$tmp/pid"
	{ echo "SELECT pg_backend_pid() \\g '$tmp/pid'"; echo 'SET client_min_messages = warning;'; cat; } >"$tmp/sql"
	begun=$(date +%s%N)
	"${psql[@]}" -f "$tmp/sql" >"$tmp/out" &
	session=$!
	while kill -0 $session 2>/dev/null; do
		[[ -s $tmp/pid ]] && pid=$(<"$tmp/pid") && now=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null) &&
			((${now:-0} > peak)) && peak=$now
		sleep 0.1
	done
	wait $session || exit
	took=$((($(date +%s%N) - begun) / 1000000))
	printf '%-58s %8.2f s %6d MB\n' "$1" "$(awk -v ms=$took 'BEGIN { print ms / 1000 }')" $((peak / 1024))
}

touched() {
	"${psql[@]}" -c "UPDATE claims SET units = units + 1, changed_at = clock_timestamp() WHERE abs(hashtext(claim_id)) % 100 = $1" -c 'VACUUM ANALYZE claims' || exit
}

printf '%d lines of %d provider-days; shared_buffers %s, work_mem %s\n' "$("${psql[@]}" -c 'SELECT count(*) FROM claims')" "$days" \
	"$("${psql[@]}" -c 'SHOW shared_buffers')" "$("${psql[@]}" -c 'SHOW work_mem')"
measure 'all judged, nothing stored' <<<"SELECT count(*) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM bench_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, ruleset('medicare')) e;"
measure 'first scan' <<<"CALL claim_scan('bench', at_least => 'info', method => 'hash');"
"${psql[@]}" -c "SELECT count(*) || ' findings' FROM claim_findings" -c 'VACUUM ANALYZE' -c CHECKPOINT
measure 'unchanged, hash' <<<"CALL claim_scan('bench', at_least => 'info', method => 'hash');"
touched 0
measure '1 % of the days changed, hash' <<<"CALL claim_scan('bench', at_least => 'info', method => 'hash');"
measure 'watermark, the first time: all days are compared' <<<"CALL claim_scan('bench', at_least => 'info', method => 'watermark');"
measure 'unchanged, watermark' <<<"CALL claim_scan('bench', at_least => 'info', method => 'watermark');"
touched 1
measure '1 % of the days changed, watermark' <<<"CALL claim_scan('bench', at_least => 'info', method => 'watermark');"
"${psql[@]}" -c "SELECT claim_source_track('bench')" >/dev/null || exit
measure 'log, the first time: all days are compared' <<<"CALL claim_scan('bench', at_least => 'info');"
measure 'unchanged, log' <<<"CALL claim_scan('bench', at_least => 'info');"
measure 'the update that changes 1 % of the days, logged' <<<"UPDATE claims SET units = units + 1, changed_at = clock_timestamp() WHERE abs(hashtext(claim_id)) % 100 = 2;"
"${psql[@]}" -c 'VACUUM ANALYZE claims' || exit
measure '1 % of the days changed, log' <<<"CALL claim_scan('bench', at_least => 'info');"
measure 'all days again, as after a change of policy' <<<"CALL claim_scan('bench', at_least => 'info', full => true);"
measure 'report by rule' <<<"SELECT count(*) FROM claim_report_rules;"
wrong=$("${psql[@]}" <<-'END'
	WITH wanted AS (
		SELECT e.claim_id, e.line_no, e.rule, e.message FROM (
			SELECT claimday(claim_id, line_no, line) AS day FROM bench_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, ruleset('medicare')) e
	), stored AS (
		SELECT claim_id, line_no, rule, message FROM claim_findings
	)
	SELECT (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE stored) x) + (SELECT count(*) FROM (TABLE stored EXCEPT ALL TABLE wanted) x)
END
) || exit
echo "findings that differ from those of a recomputation: $wrong"
"${psql[@]}" -F ' ' -c "SELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relname IN ('claims', 'claim_scan_judged_day', 'claim_scan_stored') ORDER BY 1"
((wrong == 0))

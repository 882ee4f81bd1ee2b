#!/bin/bash
# test/cluster/rewritten.sh
#
# VACUUM FULL, CLUSTER, pg_repack and, of PostgreSQL 19, REPACK write a guarded and logged table anew: nothing changed to a scan, by
# every method; guards and logs go on, also in a session that used them before, and while others write.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
sql 'CREATE EXTENSION claimline' || exit
"${psql[@]}" >"$CLUSTER_DIR/made.log" 2>&1 <<-'SQL' || bail_out "$(cat "$CLUSTER_DIR/made.log")"
	CREATE TABLE claims (patient text, provider text, dos date, claim_id text, line_no serial PRIMARY KEY, code text, modifier text, units numeric, minutes int, dx text,
		touched int NOT NULL DEFAULT 0);
	CREATE INDEX claims_day ON claims (patient, provider, dos);
	SELECT claim_source_add('claims', 'claims', watermark => 'touched', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id",
		"line_no": "line_no", "code": "code", "modifiers": "modifier", "units": "units", "minutes": "minutes", "dx": "dx"}');
	INSERT INTO claims SELECT 'P' || g % 700, 'N1', date '2023-01-01' + g / 700, 'C' || g, g, (ARRAY['97110', '97124', '97140', '98940'])[1 + g % 4], 'GP', 1 + g % 5, 15, 'M99.01'
	FROM generate_series(1, 6000) g;
	SELECT setval('claims_line_no_seq', 6000);
	DELETE FROM claims WHERE line_no % 3 = 0;
	SELECT claim_guard_add('claims'), claim_source_track('claims');
	CALL claim_scan('claims');
	CALL claim_scan('claims');
	CREATE VIEW denied AS
		SELECT d.patient, e.rule FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY patient, provider, dos) d,
			claim_edits(d.day) e WHERE e.severity = 'deny';
SQL

recomputed_sql="WITH wanted AS (
		SELECT patient, provider, dos, e.claim_id, e.line_no, e.rule, e.severity, e.message
		FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM claims_lines GROUP BY 1, 2, 3) d, claim_edits(d.day, ruleset('medicare')) e
		WHERE e.severity >= 'review' AND e.rule <> 'edition-coverage'
	), kept AS (SELECT patient, provider, dos, claim_id, line_no, rule, severity, message FROM claim_findings)
	SELECT (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE kept) x) + (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE wanted) x)"

# all that stands and is stored
state() {
	sql "SELECT md5(string_agg(x, E'\n' ORDER BY x COLLATE \"C\")) || ' ' || count(*) FROM (
		SELECT concat_ws('|', c) AS x FROM claims c
		UNION ALL SELECT concat_ws('|', f) FROM claim_finding_history f
		UNION ALL SELECT concat_ws('|', r) FROM claim_report_risk r
		UNION ALL SELECT concat_ws('|', g) FROM claim_guards g
		UNION ALL SELECT concat_ws('|', s.name, s.state, s.relation, s.mapped) FROM claim_sources s
		UNION ALL SELECT concat_ws('|', t.tgrelid, t.tgname, t.tgenabled) FROM pg_trigger t WHERE t.tgrelid = 'claims'::regclass
		UNION ALL SELECT concat_ws('|', 'noted', n) FROM claimline_internal.claim_change n) s"
}

# a session that has used the guard before and does again; a conflict with a stored row is refused, another row taken and logged
mkfifo "$CLUSTER_DIR/fifo" || exit
"$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate <"$CLUSTER_DIR/fifo" >>"$CLUSTER_DIR/kept.log" 2>&1 &
exec {kept}>"$CLUSTER_DIR/fifo"
writes=0
writes_sql() {
	echo "INSERT INTO claims VALUES ('W$writes', 'N1', '2024-01-01', 'A', DEFAULT, '98940', 'AT', 1, NULL, 'M99.01', $writes);"
	echo "INSERT INTO claims VALUES ('W$writes', 'N1', '2024-01-01', 'B', DEFAULT, '97124', 'GP', 1, 15, 'M99.01', $writes);"
	echo "UPDATE claims SET units = 1, minutes = 16, touched = $writes WHERE patient = 'W$((writes - 1))';"
}

# goes_on NAME [DAYS]: guards and logs do; so many days are logged
goes_on() {
	: >"$CLUSTER_DIR/kept.log"
	((++writes))
	writes_sql >&"$kept"
	printf '%s\n' '\echo done' >&"$kept"
	wait_until 20 grep -q '^done' "$CLUSTER_DIR/kept.log" || bail_out 'the session hangs'
	is "$(grep -v '^done' "$CLUSTER_DIR/kept.log")" 'ERROR:  23514' "$1: a session that had the guard refuses a conflict, and only that"
	((++writes))
	is "$(writes_sql | "$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate 2>&1)" 'ERROR:  23514' 'so does a new one'
	sql "CALL claim_scan('claims')" 2>/dev/null || bail_out 'scan'
	is "$(sql "SELECT method, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1")" "log|${2-3}" 'the log has what they wrote'
	is "$(sql "$recomputed_sql")" 0 'and the scan finds all'
}

# rewritten NAME COMMAND...
rewritten() {
	local name=$1 before file method output

	shift
	before=$(state)
	file=$(sql "SELECT pg_relation_filepath('claims')")
	output=$("$@" 2>&1) || { ok 1 "$name" "$output"; return; }
	[[ $(sql "SELECT pg_relation_filepath('claims')") != "$file" ]]
	ok $? "$name: the table is in another file"
	is "$(state)" "$before" 'nothing changed'
	for method in log watermark hash; do
		sql "CALL claim_scan('claims', method => '$method')" 2>/dev/null || bail_out 'scan'
		is "$(sql "SELECT method, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1")" "$method|0" "to a scan by $method"
	done
	goes_on "$name"
}

goes_on 'before' 2
rewritten 'VACUUM FULL' sql 'VACUUM FULL claims'
rewritten 'CLUSTER' sql 'CLUSTER claims USING claims_day'

# while others write halves of conflicts
beside() {
	local name=$1 pids=() pid n i errors

	shift
	for n in 1 2; do
		for i in {1..150}; do
			echo "INSERT INTO claims VALUES ('V$((i * 7 % 40))', 'N1', '2024-01-01', 'V', DEFAULT, $( ((n == 1)) && echo "'98940', 'AT', 1, NULL" || echo "'97124', 'GP', 1, 15"), 'M99.01', 99);"
			((i % 10)) || echo "DELETE FROM claims WHERE patient = 'V$((i * 3 % 40))';"
		done | "$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate >"$CLUSTER_DIR/writer$n.log" 2>&1 &
		pids+=($!)
	done
	succeeds "$name while others write" "$@"
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	errors=$(cat "$CLUSTER_DIR"/writer?.log | sort | uniq -c)
	is "$(grep -v 'ERROR:  23514' <<<"$errors")" '' 'they are refused what is in conflict, and nothing else'
	is "$(sql "SELECT count(*) FROM denied WHERE patient LIKE 'V%'")" 0 'no day of theirs is denied'
	sql "CALL claim_scan('claims')" 2>/dev/null || bail_out 'scan'
	is "$(sql "$recomputed_sql")" 0 'and the log has missed nothing'
}
beside 'VACUUM FULL' sql 'VACUUM FULL claims'

repack=$(type -P "$CLUSTER_CLIENT/pg_repack" pg_repack | head -n 1)
if [[ $repack && $(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_repack'") = 1 ]]; then
	sql 'CREATE EXTENSION pg_repack' || exit
	rewritten 'pg_repack' "$repack" -t public.claims
	beside 'pg_repack' "$repack" -t public.claims
else
	skip 'pg_repack' 'pg_repack is not installed for this server'
fi

if (($(sql 'SHOW server_version_num') >= 190000)); then
	rewritten 'REPACK' sql 'REPACK claims'
	rewritten 'REPACK USING INDEX' sql 'REPACK claims USING INDEX claims_day'
	if sql 'REPACK (CONCURRENTLY) claims' 2>"$CLUSTER_DIR/repack.log"; then
		beside 'REPACK (CONCURRENTLY)' sql 'REPACK (CONCURRENTLY) claims'
	else
		skip 'REPACK (CONCURRENTLY)' "$(head -n 1 "$CLUSTER_DIR/repack.log")"
	fi
else
	skip 'REPACK' 'PostgreSQL 19 has it'
fi
exec {kept}>&-
done_testing

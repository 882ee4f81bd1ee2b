#!/bin/bash
# test/cluster/scan.sh
#
# A scan ends by SIGKILL, of its backend or of the whole server, at many points: the next one goes on, and what is stored in the
# end is what one undisturbed scan stores.  Two scans of a source at once; progress as another session sees it; pg_cron.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
export PGOPTIONS='-c search_path=public,claimline'

days=4000
new_cluster a

setup_sql() {
	cat <<-END
		CREATE SCHEMA claimline;
		CREATE EXTENSION claimline SCHEMA claimline;
		CREATE TABLE claims (claim text, no int, person text, npi text, dos date, code text, mods text[], units numeric, minutes int, billed numeric);
		INSERT INTO claims
		SELECT 'C' || d, i, 'P' || d / 7, '1999' || d % 13, date '2023-01-02' + d % 400, (ARRAY['97110', '97140', '97124', '98941', '97530'])[1 + (d + i) % 5],
			CASE WHEN (d * 7 + i) % 11 > 2 THEN '{GP}'::text[] END, 1 + (d * 3 + i) % 4, (d * 5 + i * 7) % 50, d % 100 + i
		FROM generate_series(1, $days) d, generate_series(1, 1 + d % 5) i;
		UPDATE claims SET person = NULL WHERE claim = 'C77';
		CREATE INDEX ON claims (person, npi, dos);
		ANALYZE claims;
		SET client_min_messages = warning;
		SELECT claim_source_add('c', 'claims', charge => 'billed', columns => '{"claim_id": "claim", "line_no": "no", "patient": "person", "provider": "npi",
			"dos": "dos", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}');
		SELECT claim_source_track('c');
		INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare"}');
	END
}

# the second night: rows and the policy change
night_sql() {
	cat <<-END
		UPDATE claims SET units = units + 2 WHERE claim LIKE 'C%5' AND no = 1;
		UPDATE claims SET dos = dos + 1 WHERE claim LIKE 'C%33';
		DELETE FROM claims WHERE claim LIKE 'C%71';
		UPDATE claim_policy SET settings = '{"extends": "medicare", "cmt_massage": "bundled"}' WHERE name = 'mine';
	END
}

# the third: rows only
third_sql() {
	cat <<-END
		UPDATE claims SET minutes = minutes + 15 WHERE claim LIKE 'C%2' OR claim LIKE 'C%8';
		DELETE FROM claims WHERE claim LIKE 'C%91';
		INSERT INTO claims SELECT 'D' || claim, no, person, npi, dos, code, mods, units, minutes, billed FROM claims WHERE claim LIKE 'C%4';
	END
}

scan_sql() {
	echo "SET client_min_messages = warning; CALL claim_scan('c', 'mine', batch_days => ${1:-100});"
}

# what is stored, but for numbers and times; an undisturbed scan closes and opens what one that was cut off does in two turns
state_sql="SELECT md5(string_agg(x, E'\n' ORDER BY x COLLATE \"C\")) || ' ' || count(*) FROM (
	SELECT concat_ws('|', 'finding', patient, provider, dos, finding, place, line, charge, edition, ruleset_hash, closed_at IS NULL) AS x FROM claimline_internal.claim_scan_finding
	UNION ALL SELECT concat_ws('|', 'day', day_key, day_hash, n_lines, epoch, undecided, no_patient, no_provider, no_dos, (SELECT c.findings FROM claimline_internal.claim_scan_counted c
		WHERE c.source = d.source AND c.policy = d.policy AND c.id = d.counted)) FROM claimline_internal.claim_scan_day d
	UNION ALL SELECT concat_ws('|', 'undecided', u) FROM claim_report_undecided u
	UNION ALL SELECT concat_ws('|', 'pending', day_key) FROM claimline_internal.claim_scan_pending
	UNION ALL SELECT concat_ws('|', 'change', patient, provider, dos) FROM claimline_internal.claim_change
	UNION ALL SELECT concat_ws('|', 'state', ruleset_hash, epoch, full_pending) FROM claimline_internal.claim_scan_state) s"

# of what is found, what is stored and what is counted
recomputed_sql="WITH found AS MATERIALIZED (
		SELECT d.patient, d.provider, d.dos, e AS finding, e.rule, e.severity, e.severity >= 'review' AND e.rule <> 'edition-coverage' AS stored
		FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM c_lines GROUP BY 1, 2, 3) d, claim_edits(d.day, ruleset('mine')) e
	), wanted AS (
		SELECT patient, provider, dos, (finding).* FROM found WHERE stored
	), kept AS (
		SELECT patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts
		FROM claim_findings
	), counted AS (
		SELECT rule, severity, count(*), count(DISTINCT ROW(patient, provider, dos)) FROM found WHERE NOT stored GROUP BY rule, severity
	), said AS (
		SELECT rule, severity, findings, days FROM claim_report_counted
	)
	SELECT (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE kept) x) + (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE wanted) x)
		+ (SELECT count(*) FROM (TABLE counted EXCEPT TABLE said) x) + (SELECT count(*) FROM (TABLE said EXCEPT TABLE counted) x)
		+ (SELECT count(*) FROM (SELECT rule, count(DISTINCT ROW(patient, provider, dos)) FROM found WHERE severity = 'unknown' GROUP BY rule
			EXCEPT SELECT why, days FROM claim_report_undecided) x)"

# The reference: nothing happens to this database.  It also tells how long a scan takes.
sql 'CREATE DATABASE reference' && sql 'CREATE DATABASE victim' || exit
export PGDATABASE=reference
setup_sql | "${psql[@]}" >/dev/null || bail_out 'setup'
declare -A wanted took
for night in first second third; do
	[[ $night != second ]] || night_sql | "${psql[@]}" || exit
	[[ $night != third ]] || third_sql | "${psql[@]}" || exit
	begun=$(date +%s%N)
	scan_sql | "${psql[@]}" || bail_out 'scan'
	took[$night]=$((($(date +%s%N) - begun) / 1000000))
	wanted[$night]=$(sql "$state_sql")
	is "$(sql "$recomputed_sql")" 0 "$night night: the findings are those of a recomputation"
done
echo "# scans took ${took[first]}, ${took[second]}, ${took[third]} ms"

# strike MILLISECONDS WHOM: begins a scan and kills WHOM, backend or server, that long after it began; 1 if it was through before
strike() {
	local session status=0 file=$CLUSTER_DIR/session.pid pid begun pids=()

	rm -f "$file"
	{
		echo "SELECT pg_backend_pid(), 200 + (extract(epoch FROM clock_timestamp()) * 1000)::bigint \\g '$file'"
		echo 'SELECT pg_sleep(0.2);'
		scan_sql 15
	} >"$CLUSTER_DIR/session.sql"
	"${psql[@]}" -f "$CLUSTER_DIR/session.sql" >"$CLUSTER_DIR/session.log" 2>&1 &
	session=$!
	wait_until 10 test -s "$file" || bail_out "no session: $(cat "$CLUSTER_DIR/session.log")"
	IFS='|' read -r pid begun <"$file"
	mapfile -t pids < <(processes a)
	sleep "$(awk -v at=$((begun + $1)) -v now="$(date +%s%N)" 'BEGIN { s = at / 1000 - now / 1e9; printf "%.3f", (s > 0 ? s : 0) }')"
	if [[ $2 = server ]]; then
		kill_cluster a "${pids[@]}"
		start_cluster a
	else
		kill_backend "$pid" "${pids[@]}"
	fi
	wait $session || status=$?
	wait_until 30 answers || bail_out 'the server does not come back'
	((status != 0))
}

export PGDATABASE=victim
setup_sql | "${psql[@]}" >/dev/null || bail_out 'setup'
cut=0 partly=0
for night in first second third; do
	[[ $night != second ]] || night_sql | "${psql[@]}" || exit
	[[ $night != third ]] || third_sql | "${psql[@]}" || exit
	# batches are smaller than those that were timed, so that a scan takes longer; what one scan did the next need not do.
	# One that is through was timed while the machine had more to do.
	for at in '1 backend' '3 backend' '5 server' '6 backend' '4 backend' '5 backend' '6 server' '8 backend'; do
		if strike $((took[$night] * ${at% *} / 10)) "${at#* }"; then ((++cut)); else took[$night]=$((took[$night] / 2)); fi
	done
	echo "# $night night: $cut scans cut off so far; $(sql "SELECT string_agg(status || ' ' || days_done || '/' || days_found, ', ' ORDER BY id) FROM claimline_internal.claim_scan_run")"
	scan_sql 15 | "${psql[@]}" || bail_out 'the last scan'
	is "$(sql "$state_sql")" "${wanted[$night]}" "$night night, cut off: what is stored in the end is what one undisturbed scan stores"
	is "$(sql "$recomputed_sql")" 0 'and what a recomputation finds'
	is "$(sql "SELECT count(*) FROM claimline_internal.claim_scan_run WHERE status IN ('looking', 'judging')")" 0 'no scan looks as if it still ran'
done
ok $((cut < 8)) "$cut scans were cut off, not through"
partly=$(sql "SELECT count(*) FROM claimline_internal.claim_scan_run WHERE status = 'interrupted' AND days_done BETWEEN 1 AND days_found - 1")
ok $((partly < 4)) "$partly of them between two batches"

# two at once; the lock of a table holds the first one up in the middle
export PGDATABASE=reference
hold_sql="BEGIN; LOCK TABLE claimline_internal.claim_scan_judged_day IN SHARE ROW EXCLUSIVE MODE; SELECT pg_sleep(100);"
PGAPPNAME=hold "${psql[@]}" -c "$hold_sql" >/dev/null 2>&1 &
hold=$!
wait_until 10 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" || bail_out 'nobody holds'
echo "CALL claim_scan('c', 'mine', \"full\" => true, batch_days => 500);" >"$CLUSTER_DIR/first.sql"
"${psql[@]}" -f "$CLUSTER_DIR/first.sql" >"$CLUSTER_DIR/first.log" 2>&1 &
first=$!
wait_until 30 sql "SELECT 1 / count(*) FROM claim_scan_progress WHERE status = 'judging'" || bail_out "the first does not judge: $(cat "$CLUSTER_DIR/first.log")"
pid=$(sql "SELECT pid FROM claim_scan_progress WHERE status = 'judging'")
for policy in mine medicare; do
	status=0
	"${psql[@]}" -c "CALL claim_scan('c', '$policy')" >"$CLUSTER_DIR/second.log" 2>&1 || status=$?
	ok $((status == 0)) "a second scan of the source is refused, by policy $policy"
	is "$(grep -o 'ERROR.*' "$CLUSTER_DIR/second.log")" "ERROR:  claim source \"c\" is being scanned by process $pid" 'and says who scans'
done
is "$(sql "SELECT days_found > 3000, days_done FROM claim_scan_progress WHERE status = 'judging'")" 't|0' 'another session sees how far it is'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hold'" >/dev/null
wait $hold
wait_until 30 sql "SELECT 1 / count(*) FROM claim_scan_progress WHERE status = 'judging' AND days_done > 0 AND remaining IS NOT NULL AND days_per_second > 0"
seen=$?
status=0
wait $first || status=$?
ok $status 'the first is not disturbed' "$(cat "$CLUSTER_DIR/first.log")"
ok $seen 'its rate and what remains are seen while it judges' "$(sql 'TABLE claim_scan_progress')"

# cancelled: the lock is free, also for others
PGAPPNAME=hold "${psql[@]}" -c "$hold_sql" >/dev/null 2>&1 &
hold=$!
wait_until 10 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" || bail_out 'nobody holds'
{ echo '\set ON_ERROR_STOP 0'; cat "$CLUSTER_DIR/first.sql"; echo "SELECT pg_sleep(100);"; } >"$CLUSTER_DIR/cancelled.sql"
PGAPPNAME=cancelled "${psql[@]}" -f "$CLUSTER_DIR/cancelled.sql" >"$CLUSTER_DIR/cancelled.log" 2>&1 &
cancelled=$!
wait_until 30 sql "SELECT 1 / count(*) FROM claim_scan_progress WHERE status = 'judging'" || bail_out 'the scan to be cancelled does not judge'
sql "SELECT pg_cancel_backend(pid) FROM claim_scan_progress WHERE status = 'judging'" >/dev/null
wait_until 10 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'cancelled' AND wait_event = 'PgSleep'" || bail_out 'not cancelled'
is "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" 0 'a cancelled scan leaves no lock in its session'
is "$(sql "SELECT status FROM claim_scan_progress ORDER BY scan DESC LIMIT 1")" interrupted 'and is seen to be interrupted'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('hold', 'cancelled')" >/dev/null
wait $hold $cancelled
scan_sql | "${psql[@]}" || bail_out 'the scan after it'
is "$(sql "$recomputed_sql")" 0 'the next scan is through'

# while others write, in transactions that stay open for a while; what they had not committed when a scan looked is for the next one
writers=()
for writer in 1 2 3; do
	for ((i = 0; i < 40; i++)); do
		echo "BEGIN; UPDATE claims SET units = ($writer + $i) % 7, minutes = $i WHERE claim = 'C' || $writer + 3 * (7 * $i % 1000);"
		echo "SELECT pg_sleep(0.0$((i % 4 * 2)));"
		case $((i % 3)) in
		0) echo "DELETE FROM claims WHERE claim = 'C' || $writer + 3 * (11 * $i % 1000) AND no = 1;" ;;
		1) echo "INSERT INTO claims SELECT 'E$writer' || no, no, person, npi, dos, code, mods, units, minutes, billed FROM claims WHERE claim = 'C' || $writer + 3 * (13 * $i % 1000);" ;;
		2) echo "UPDATE claims SET dos = dos + 1 WHERE claim = 'C' || $writer + 3 * (17 * $i % 1000);" ;;
		esac
		echo 'COMMIT;'
	done | "${psql[@]}" >"$CLUSTER_DIR/writer$writer.log" 2>&1 &
	writers+=($!)
done
scans=0
while kill -0 "${writers[0]}" 2>/dev/null; do
	scan_sql 20 | "${psql[@]}" >"$CLUSTER_DIR/scan.log" 2>&1 || bail_out "$(cat "$CLUSTER_DIR/scan.log")"
	((++scans))
done
status=0
wait "${writers[@]}" || status=$?
ok $status 'writers are not disturbed by scans' "$(cat "$CLUSTER_DIR"/writer?.log)"
echo "# $scans scans meanwhile, $(sql "SELECT sum(days_done) FROM (SELECT days_done FROM claimline_internal.claim_scan_run ORDER BY id DESC LIMIT $scans) r") days"
scan_sql | "${psql[@]}" || bail_out 'the scan after the writers'
is "$(sql "SELECT method FROM claimline_internal.claim_scan_run ORDER BY id DESC LIMIT 1")" log 'and the scan after them, by the log,'
is "$(sql "$recomputed_sql")" 0 'has missed nothing'

# dumped and restored: the next scan goes on from there
sql 'CREATE DATABASE restored' || exit
"$CLUSTER_CLIENT/pg_dump" reference | PGDATABASE=restored "${psql[@]}" >/dev/null 2>"$CLUSTER_DIR/restore.log" || bail_out "$(cat "$CLUSTER_DIR/restore.log")"
wanted_restored=$(sql "$state_sql")
export PGDATABASE=restored
is "$(sql "$state_sql")" "$wanted_restored" 'a dump restores what scans stored'
sql "UPDATE claims SET units = units + 1 WHERE claim LIKE 'C%6'" || exit
scan_sql | "${psql[@]}" || bail_out 'the scan after a restore'
is "$(sql "SELECT method, days_done BETWEEN 100 AND 500 FROM claimline_internal.claim_scan_run ORDER BY id DESC LIMIT 1")" 'log|t' 'the next scan goes on from it, by the log'
is "$(sql "$recomputed_sql")" 0 'and finds what a recomputation finds'
sql "UPDATE claim_policy SET settings = '{\"extends\": \"medicare\"}' WHERE name = 'mine'" || exit
scan_sql | "${psql[@]}" || bail_out 'the scan after a restore and a change of the policy'
is "$(sql "$recomputed_sql")" 0 'also when the policy changes, though the ruleset of the last scan is not in the dump'
export PGDATABASE=reference

# a scan that stores less than the last one says so, and what it only counts
said() {
	"${psql[@]}" -c "SET client_min_messages = notice" -c "CALL claim_scan('c', 'mine'$1)" 2>&1 | sed -n 's/^\(NOTICE\|HINT\): *//p' | grep -E 'stored|stores|counted'
}
counted() {
	sql "SELECT string_agg(n || ' ' || severity, ', ' ORDER BY severity DESC) FROM (SELECT severity, sum(findings) AS n FROM claim_report_counted GROUP BY severity) c"
}
is "$(said ", at_least => 'info'" | head -n 2)" "claim_scan: findings are stored from \"info\" on, which were from \"review\" on
at_least => 'review' stores as before." 'a scan that stores more than the last one says so'
is "$(sql "SELECT string_agg(rule || ' ' || severity, ' ' ORDER BY rule) FROM claim_report_counted")" "$(sql "SELECT string_agg(DISTINCT 'cmt-level unknown', '') FROM c_lines WHERE line_code(line) = '98941'")" \
	'all is stored, but for what no line of the source could decide'
is "$(said '')" "claim_scan: findings below \"review\" are not stored any more, as they were from \"info\" on
at_least => 'info' stores them as before.
claim_scan: counted by day and not stored: $(counted) findings
claim_report_counted has them by rule." 'one that stores less says so, how it was, and how many it counts'
is "$(sql "$recomputed_sql")" 0 'what is stored and counted is what a recomputation finds'
is "$(said ', "full" => true' | grep -c 'not stored any more')" 0 'and it says so once'

# pg_cron
if [[ $(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_cron'") = 0 ]]; then
	skip 'pg_cron runs a scan' 'pg_cron is not installed for this server'
	done_testing
fi
cat >>"$CLUSTER_DIR/a/data/postgresql.conf" <<-END
	shared_preload_libraries = 'pg_cron'
	cron.database_name = 'reference'
	cron.host = '$CLUSTER_DIR/a'
END
as_server "$CLUSTER_SERVER/pg_ctl" restart -w -t 60 -D "$CLUSTER_DIR/a/data" -l "$CLUSTER_DIR/a/log" -m fast >/dev/null 2>&1 ||
	bail_out "pg_ctl restart: $(tail -n 3 "$CLUSTER_DIR/a/log")"
sql 'CREATE EXTENSION pg_cron' || bail_out 'pg_cron'
third_sql | "${psql[@]}" || exit
before=$(sql 'SELECT max(id) FROM claimline_internal.claim_scan_run')
sql "SELECT cron.schedule('claims', '1 seconds', \$\$CALL claim_scan('c', 'mine')\$\$)" >/dev/null 2>&1 ||
	sql "SELECT cron.schedule('claims', '* * * * *', \$\$CALL claim_scan('c', 'mine')\$\$)" >/dev/null || bail_out 'cron.schedule'
wait_until 75 sql "SELECT 1 / count(*) FROM claimline_internal.claim_scan_run WHERE id > $before AND status = 'finished'"
ok $? 'pg_cron runs a scan' "$(sql "SELECT status, return_message FROM cron.job_run_details")"
wait_until 10 sql 'SELECT 1 / count(*) FROM cron.job_run_details WHERE end_time IS NOT NULL'
# not of the next run, which may be under way and is cancelled with the job
is "$(sql 'SELECT status FROM cron.job_run_details WHERE end_time IS NOT NULL ORDER BY runid LIMIT 1')" succeeded 'pg_cron notes that it succeeded'
sql "SELECT cron.unschedule('claims')" >/dev/null
wait_until 30 sql "SELECT 1 / (count(*) = 0)::int FROM claim_scan_progress WHERE status IN ('looking', 'judging')"
is "$(sql "$recomputed_sql")" 0 'and what it stores is what a recomputation finds'
done_testing

#!/bin/bash
# test/cluster/claim_days.sh
#
# The plan node ClaimDays ends in the middle of whatever it does, by an error, a cancel, a timeout, a limit, the end of a worker or
# of the server: no file, lock or process is left, and the next query is right.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
new_cluster a
sql "CREATE EXTENSION claimline;
	CREATE TABLE lines (id int, k int, claim_id text, line_no int, code text, modifier text, line claimline) WITH (parallel_workers = 2);
	INSERT INTO lines SELECT n, n * 7919 % 20011, 'C' || n % 9, n % 5, '97110', CASE WHEN n = 55000 THEN 'wrong' ELSE 'GP' END, '97110-GP x1 15min 2024-01-01'
	FROM generate_series(1, 60000) n;
	ANALYZE lines;
	CREATE FUNCTION fails_at(n int, last int) RETURNS boolean LANGUAGE plpgsql PARALLEL SAFE COST 1 AS
		'BEGIN IF n = last THEN RAISE ''at %'', n; END IF; RETURN true; END'" || bail_out 'no table'

# the first row that is no line is seen by a worker where the leader takes no part; few lines are expected, so that parts are parted
common="LOAD 'claimline'; SET enable_hashagg = off; SET enable_sort = off; SET work_mem = '64kB';"
shared="$common SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;"
declare -A settings=([serial]="$common SET max_parallel_workers_per_gather = 0;" [shared]="$shared"
	[workers]="$shared SET parallel_leader_participation = off;")
# with rows that the planner does not expect
unexpected='(SELECT * FROM lines WHERE id % 2 + id % 3 + id % 5 + id % 7 >= 0 AND abs(id) = id AND line_no + id >= id) l'
days="SELECT k, claimday(claim_id, line_no, line) AS day FROM $unexpected GROUP BY k"
sum="SELECT md5(string_agg(k || day::text, '' ORDER BY k)) FROM ($days) x"
wanted=$(sql "SET claimline.enable_claim_days = off; $sum")

# query SETTINGS SQL
query() {
	"${psql[@]}" -c "$1" -c "$2" 2>&1
}

# what is left of a query: files, their directories, locks, processes
left() {
	find "$CLUSTER_DIR/a/data/base/pgsql_tmp" -mindepth 1 2>/dev/null
	sql "SELECT 'lock', locktype, mode FROM pg_locks WHERE pid <> pg_backend_pid() AND locktype <> 'virtualxid'
		UNION ALL SELECT backend_type, state, query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker')"
}
nothing_left() {
	[[ -z $(left) ]]
}

# clean WHAT: and the next query is right
clean() {
	wait_until 10 nothing_left
	is "$(left)" '' "$1: nothing is left"
}

for how in serial shared workers; do
	plan=$(query "${settings[$how]}" "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $days")
	[[ $plan = *'Custom Scan (ClaimDays)'* && $plan != *'Disk Usage: 0 kB'* && ($how = serial || $plan = *'Workers Launched: 2'*) ]]
	ok $? "$how: the node has files" "$plan"
	is "$(query "${settings[$how]}" "$sum")" "$wanted" "$how: the days are right"
	clean "$how: a query that ends"

	# while lines are read: a row that is no line; a filter; early and late
	said=$(query "${settings[$how]}" "SELECT k, claimday(claim_id, line_no, claimline(code, ARRAY[modifier], 1)) FROM lines GROUP BY k" | grep -m 1 ERROR)
	is "$said" 'ERROR:  invalid claim line' "$how: a row that is no line"
	clean "$how: a row that is no line"
	for at in 1 30000 59999; do
		said=$(query "${settings[$how]}" "SELECT k, claimday(claim_id, line_no, line) FROM lines WHERE fails_at(id, $at) GROUP BY k" | grep -m 1 ERROR)
		is "$said" "ERROR:  at $at" "$how: an error at line $at"
	done
	clean "$how: errors while lines are read"
	# while days are given
	for at in 3 7919 20000; do
		said=$(query "${settings[$how]}" "SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k HAVING fails_at(k, $at) AND claimday(claim_id, line_no, line) IS NOT NULL" | grep -m 1 ERROR)
		is "$said" "ERROR:  at $at" "$how: an error at day $at"
	done
	clean "$how: errors while days are given"
	said=$(query "${settings[$how]}" "SELECT count(*) FILTER (WHERE fails_at(k, 7919)) FROM ($days OFFSET 0) x WHERE day IS NOT NULL" | grep -m 1 ERROR)
	is "$said" 'ERROR:  at 7919' "$how: an error above"
	clean "$how: an error above"
	# a part of a transaction is undone, the rest goes on
	said=$(query "${settings[$how]}" "BEGIN; DECLARE c CURSOR FOR $days; MOVE 10 FROM c; SAVEPOINT a; DO 'BEGIN PERFORM count(*) FROM lines WHERE fails_at(id, 9); EXCEPTION WHEN OTHERS THEN NULL; END';
		MOVE 10 FROM c; ROLLBACK TO a; MOVE ALL FROM c; COMMIT; $sum" | tail -n 1)
	is "$said" "$wanted" "$how: a query behind an error in its transaction"
	# the limit of files: nothing is given
	said=$(query "${settings[$how]} SET temp_file_limit = '1MB';" "$sum" | grep -m 1 ERROR)
	is "${said//\"/}" 'ERROR:  temporary file size exceeds temp_file_limit (1024kB)' "$how: a limit of files"
	clean "$how: a limit of files"

	# from the first moment to the last: reading, parting again, grouping, giving
	took=$(query "${settings[$how]}" "SELECT ceil(1000 * extract(epoch FROM clock_timestamp() - statement_timestamp())) FROM ($sum OFFSET 0) x (sum) WHERE sum IS NOT NULL" | tail -n 1)
	ended=0
	for i in {1..24}; do
		[[ $(query "${settings[$how]} SET statement_timeout = $((1 + took * i / 25));" "$sum") != *'due to statement timeout'* ]] || ((++ended))
	done
	ok $((ended < 12)) "$how: statement_timeout at many moments: $ended of 24 have ended a query of $took ms"
	clean "$how: statement_timeout"
	is "$(query "${settings[$how]}" "$sum")" "$wanted" "$how: the days are right behind all that"
done

# by another session: slow, so that there is time
declare -A slow=([reading]="SELECT count(day) FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines WHERE id > 100 OR pg_sleep(0.2) IS NOT NULL GROUP BY k) x"
	[giving]="SELECT count(pg_sleep(0.05)) FROM (SELECT k, claimday(claim_id, line_no, line) AS day FROM lines GROUP BY k OFFSET 0) x WHERE day IS NOT NULL")
# other_session SETTINGS QUERY FUNCTION BACKEND_TYPE
other_session() {
	PGAPPNAME=other "${psql[@]}" -c "$1" -c "$2" >"$CLUSTER_DIR/other.log" 2>&1 &
	wait_until 20 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'other' AND wait_event = 'PgSleep'" ||
		bail_out "the other session does not sleep: $(cat "$CLUSTER_DIR/other.log")"
	sql "SELECT $3(pid) FROM pg_stat_activity WHERE application_name = 'other' AND backend_type = '$4'" >/dev/null
	wait $!
}
for how in serial shared workers; do
	for at in reading giving; do
		other_session "${settings[$how]}" "${slow[$at]}" pg_cancel_backend 'client backend'
		ok $(($(grep -c 'canceling statement due to user request' "$CLUSTER_DIR/other.log") != 1)) "$how, $at: a cancel" "$(cat "$CLUSTER_DIR/other.log")"
		clean "$how, $at: a cancel"
	done
	other_session "${settings[$how]}" "${slow[reading]}" pg_terminate_backend 'client backend'
	clean "$how: the end of a session"
done
other_session "${settings[workers]}" "${slow[reading]}" pg_terminate_backend 'parallel worker'
ok $(($(grep -c 'terminating .* due to administrator command' "$CLUSTER_DIR/other.log") < 1)) 'the end of a worker' "$(cat "$CLUSTER_DIR/other.log")"
clean 'the end of a worker'
is "$(query "$shared" "$sum")" "$wanted" 'the days are right behind all that'

done_testing

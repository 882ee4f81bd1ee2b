#!/bin/bash
# test/cluster/guard_waits.sh
#
# Who waits for whom at a guard: nobody for who writes other days, however many; the second to write a day for the first, however
# many days either writes.  No transaction fills the table of locks.  Random halves of conflicts, singly and in bulk: none is left.
# On plain and on partitioned tables, by INSERT and by UPDATE, whatever the guard does about a day that does not pass.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

statements=${GUARD_WAITS_STATEMENTS:-120}
new_cluster a
sql 'CREATE EXTENSION claimline' || exit
"${psql[@]}" >/dev/null 2>&1 <<-'SQL' || bail_out 'cannot make the table'
	SET check_function_bodies = off;
	-- manipulation of days from a to b of a patient: the other half of it is a conflict
	CREATE FUNCTION cmt(patient text, a int, b int) RETURNS void LANGUAGE sql AS $$
		INSERT INTO claims SELECT $1, 'N1', date '2023-01-01' + g, 'C' || g, 1, '98940', 'AT', 1, NULL, 'M99.01' FROM generate_series(a, b) g $$;
	CREATE FUNCTION massage(patient text, a int, b int) RETURNS void LANGUAGE sql AS $$
		INSERT INTO claims SELECT $1, 'N1', date '2023-01-01' + g, 'D' || g, 2, '97124', 'GP', 1, 15, 'M99.01' FROM generate_series(a, b) g $$;
	-- the same, a statement each
	CREATE FUNCTION singly(patient text, a int, b int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
		FOR i IN a .. b LOOP
			INSERT INTO claims VALUES (patient, 'N1', date '2023-01-01' + i, 'C' || i, 1, '98940', 'AT', 1, NULL, 'M99.01');
		END LOOP; END $$;
SQL

open=()
# opened SQL...: a transaction that has run it, and stays open until `close_all`
opened() {
	local n=${#open[@]}

	mkfifo "$CLUSTER_DIR/fifo$n" || exit
	PGAPPNAME=open$n "$CLUSTER_CLIENT/psql" -X -q -At -v ON_ERROR_STOP=1 <"$CLUSTER_DIR/fifo$n" >"$CLUSTER_DIR/open$n.log" 2>&1 &
	open+=($!)
	exec {fd}>"$CLUSTER_DIR/fifo$n"
	fds[n]=$fd
	printf '%s;\n' BEGIN "$@" "SET application_name = 'ready$n'" >&"$fd"
	wait_until 30 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'ready$n' AND state = 'idle in transaction'" ||
		bail_out "transaction $n does not come to its end: $(cat "$CLUSTER_DIR/open$n.log")"
}
fds=()

close_all() {
	local n

	for n in "${!open[@]}"; do
		printf '%s;\n\\q\n' "${1:-COMMIT}" >&"${fds[n]}"
		fd=${fds[n]}
		exec {fd}>&-
		wait "${open[n]}"
		rm "$CLUSTER_DIR/fifo$n"
	done
	open=() fds=()
}

# said SQL: what it says with a patience of half a second for locks
said() {
	"$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate -c "SET lock_timeout = '500ms'; SET client_min_messages = warning" -c "$1" 2>&1
}

locks() {
	sql "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' GROUP BY pid) l"
}

# halves of conflicts in the same days, singly and in bulk, one statement a transaction and several
loop() {
	local i a

	echo '\set ON_ERROR_STOP 0'
	echo '\set VERBOSITY sqlstate'
	for ((i = 0; i < statements; i++)); do
		((RANDOM % 4)) || echo 'BEGIN;'
		for a in 1 2; do
			((a == 1 || RANDOM % 2)) || continue
			if ((RANDOM % 3)); then
				echo "SELECT $( ((RANDOM % 2)) && echo cmt || echo massage)('P', $((RANDOM % 60)), $((RANDOM % 60)));"
			else
				echo "SELECT $( ((RANDOM % 2)) && echo cmt || echo massage)('P', d, d) FROM (SELECT $((RANDOM % 60)) AS d) x;"
			fi
		done
		((RANDOM % 3)) || echo "UPDATE claims SET dos = date '2023-01-01' + $((RANDOM % 60)) WHERE patient = 'P' AND dos = date '2023-01-01' + $((RANDOM % 60));"
		((RANDOM % 3)) || echo "DELETE FROM claims WHERE patient = 'P' AND dos = date '2023-01-01' + $((RANDOM % 60));"
		echo 'COMMIT;'
	done
}

columns='patient text, provider text, dos date, claim_id text, line_no serial, code text, modifier text, units numeric, minutes int, dx text'
declare -A tables=(
	[plain]="CREATE TABLE claims ($columns)"
	[partitioned]="CREATE TABLE claims ($columns) PARTITION BY RANGE (dos); CREATE TABLE p1 PARTITION OF claims FOR VALUES FROM (MINVALUE) TO ('2023-02-01');
		CREATE TABLE p2 PARTITION OF claims FOR VALUES FROM ('2023-02-01') TO ('2030-01-01') PARTITION BY LIST (claim_id);
		CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN ('C77', 'C3000', 'C500'); CREATE TABLE p22 PARTITION OF p2 DEFAULT; CREATE TABLE p3 PARTITION OF claims DEFAULT"
)

inserts() {
	# one open bulk load beside single rows of other days
	opened "SELECT cmt('bulk', 1, 5000)"
	is "$(for i in {1..50}; do said "SELECT cmt('single$i', 1, 1)"; done | grep .)" '' "$kind: beside an open load of 5,000 days single rows of other days do not wait"
	is "$(said "SELECT cmt('bulk', 5001, 9000)")" '' "$kind: nor does a load of 4,000 others"
	is "$(said "SELECT massage('bulk', 77, 77)")" 'ERROR:  55P03' "$kind: a row of one of its days does"
	is "$(said "SELECT massage('bulk', 3000, 6000)")" 'ERROR:  55P03' "$kind: and a load that meets it"
	ok "$(($(locks) > 20))" "$kind: it holds a few locks" "$(locks)"
	close_all ROLLBACK
	is "$(said "SELECT massage('bulk', 77, 77)")" '' "$kind: after it has rolled back the row is taken"

	# many open transactions of a day each beside a load
	for i in {1..50}; do
		opened "SELECT cmt('open$i', 1, 1)"
	done
	is "$(said "SELECT cmt('load', 1, 2000)")" '' "$kind: beside 50 open transactions a load of other days does not wait"
	is "$(said "SELECT massage('open7', 1, 1)")" 'ERROR:  55P03' "$kind: a row of a day of theirs does"
	is "$(said "SELECT massage('open7', 1, 500)")" 'ERROR:  55P03' "$kind: and a load with it"
	close_all
	is "$(said "SELECT massage('open7', 1, 500)")" 'ERROR:  23514' "$kind: when they are committed it is refused"

	# a load that is committed while another waits
	opened "SELECT cmt('wait', 1, 300)"
	PGAPPNAME=waits "$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate -c "SELECT massage('wait', 1, 300)" >"$CLUSTER_DIR/waits.log" 2>&1 &
	waits=$!
	wait_until 30 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'waits' AND wait_event_type = 'Lock'" || bail_out 'the second load does not wait'
	"$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=sqlstate -c "SELECT massage('wait', 100, 100)" >"$CLUSTER_DIR/waits1.log" 2>&1 &
	waits1=$!
	printf '%s;\n' "SELECT cmt('wait', 301, 302)" "SET application_name = 'again'" >&"${fds[0]}"
	wait_until 30 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'again'" || bail_out 'the first load waits for the second'
	ok 0 "$kind: the first load goes on while the second waits for it"
	close_all
	wait $waits
	wait $waits1
	is "$(cat "$CLUSTER_DIR/waits.log" "$CLUSTER_DIR/waits1.log")" $'ERROR:  23514\nERROR:  23514' "$kind: who waited is refused when it has committed"

	# savepoints: what was rolled back is not said to be passed, what comes after is
	opened "SAVEPOINT a" "SELECT cmt('save', 1, 100)" "ROLLBACK TO a" "SELECT cmt('save', 101, 200)" "SAVEPOINT b" "SELECT cmt('save', 201, 300)" "RELEASE b"
	is "$(said "SELECT massage('save', 50, 50)"), $(said "SELECT massage('save', 150, 150)"), $(said "SELECT massage('save', 250, 250)")" ', ERROR:  55P03, ERROR:  55P03' \
		"$kind: only the days of statements that were not rolled back are waited for"
	close_all
}

# loaders of different patients, a statement a row
loaders() {
	for n in 1 2; do
		sql "SELECT singly('loader$n', 1, 1300)" >"$CLUSTER_DIR/loader$n.log" 2>&1 &
		open[n]=$!
	done
	status=0
	wait "${open[1]}" || status=1
	wait "${open[2]}" || status=1
	open=()
	ok $status "$kind: two transactions of 1,300 rows each do not meet" "$(cat "$CLUSTER_DIR"/loader?.log)"
	for n in {1..20}; do
		opened "SELECT singly('many$n', 1, 900)"
	done
	ok "$(($(locks) > 20))" "$kind: 20 open transactions of 900 rows each hold a few locks" "$(locks)"
	close_all
}

halves() {
	pids=()
	for n in 1 2 3 4; do
		RANDOM=$n
		loop >"$CLUSTER_DIR/loop$n.sql"
		"$CLUSTER_CLIENT/psql" -X -q -At -f "$CLUSTER_DIR/loop$n.sql" >"$CLUSTER_DIR/loop$n.log" 2>&1 &
		pids+=($!)
	done
	wrong=''
	while kill -0 "${pids[@]}" 2>/dev/null; do
		wrong+=$(sql "SELECT * FROM denied WHERE patient = 'P'")
		sleep 0.1
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	is "$wrong$(sql 'SELECT * FROM denied')" '' "$kind: random halves of conflicts: no day is ever denied"
	errors=$(cat "$CLUSTER_DIR"/loop?.log | grep -o 'ERROR: .*' | sort | uniq -c | awk '{ print $3 " " $1 }')
	echo "# ${errors//$'\n'/, }; rows $(sql "SELECT count(*) FROM claims WHERE patient = 'P'")"
	is "$(awk '$1 !~ /^(23514|25P02|40P01|40001)$/' <<<"$errors")" '' "$kind: statements are refused or meet in a deadlock, none fails for another reason"
}

# updates that move days beside one another
updates() {
	local i

	sql "SELECT cmt('u' || i, 1, 1) FROM generate_series(1, 50) i; SELECT cmt('ub' || i, 1, 300) FROM generate_series(1, 7) i" || exit
	for i in {1..50}; do
		opened "UPDATE claims SET dos = dos + 100 WHERE patient = 'u$i'"
	done
	is "$(said "UPDATE claims SET dos = dos + 300 WHERE patient LIKE 'ub_'")" '' "$kind: beside 50 open updates an update of 2,100 other days does not wait"
	is "$(said "SELECT massage('u7', 1, 1)"), $(said "SELECT massage('u7', 101, 101)"), $(said "SELECT massage('u7', 2, 2)")" 'ERROR:  55P03, ERROR:  55P03, ' \
		"$kind: a row of the day that a line left waits, and one of the day that it came to, and no other"
	close_all
	opened "UPDATE claims SET dos = dos - 300 WHERE patient LIKE 'ub_'"
	is "$(for i in {1..50}; do said "UPDATE claims SET dos = dos + 1 WHERE patient = 'u$i'"; done | grep .)" '' "$kind: beside an open update of 2,100 days single ones do not wait"
	is "$(said "SELECT massage('ub3', 100, 100)")" 'ERROR:  55P03' "$kind: a row of one of its days does"
	close_all
	is "$(said "SELECT massage('ub3', 100, 100)")" 'ERROR:  23514' "$kind: and is refused when it is committed"
	is "$(said "UPDATE claims SET code = '97124', modifier = 'GP', minutes = 15, patient = 'ub4' WHERE patient = 'u8'")" 'ERROR:  23514' "$kind: so is an update into one of its days"
}

# actions ACTION OPEN: guards that move rows aside or note them, beside so many open transactions
actions() {
	local i

	sql "SET client_min_messages = warning; SELECT claim_guard_add('claims', action => '$1')" || exit
	for ((i = 1; i <= $2; i++)); do
		opened "SELECT cmt('$1$i', 1, 1)" "SELECT massage('$1$i', 1, 1)"
	done
	is "$(said "SELECT cmt('$1', 1, 500); SELECT massage('$1', 1, 500)")" '' "$kind: beside $2 open transactions with a day to $1 each a load with 500 others does not wait"
	is "$(said "UPDATE claims SET dos = dos + 1 WHERE patient = '$1'")" '' "$kind: nor an update"
	is "$(said "SELECT cmt('${1}7', 1, 1)")" 'ERROR:  55P03' "$kind: a row of a day of theirs does"
	close_all
	is "$(sql "SELECT count(DISTINCT (patient, dos)) FROM (SELECT patient, dos FROM claim_quarantine UNION ALL SELECT patient, dos FROM claim_guard_finding) x WHERE patient LIKE '$1%'")" $((500 + $2)) \
		"$kind: and none of the days is missing"
	sql 'DELETE FROM claim_quarantine'
}

for kind in plain partitioned; do
	make_guarded "${tables[$kind]}"
	inserts
	loaders
	halves
	updates
	actions quarantine 50
	actions annotate 10
done

# keys that are equal, written otherwise
sql "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)" || bail_out 'no collation'
make_guarded "${tables[plain]/patient text/patient text COLLATE any_case}"
opened "SELECT cmt('R1', 1, 1)"
is "$(said "SELECT massage('r1', 1, 1)"), $(said "SELECT massage('r1', 1, 300)"), $(said "SELECT massage('r2', 1, 1)")" 'ERROR:  55P03, ERROR:  55P03, ' 'a day whose patient is written otherwise is waited for, singly and in a load'
close_all
is "$(said "SELECT massage('r1', 1, 1)")" 'ERROR:  23514' 'and counts'

# two loads that share one day, and otherwise write others by turns: neither says that it has passed a day before it has read it
make_guarded "${tables[plain]}"
sql "CREATE TABLE turns AS SELECT row_number() OVER (ORDER BY number) - 1 AS k, patient FROM (SELECT 'T' || g AS patient,
		hash_record_extended(ROW('T' || g, 'N1'::text, date '2023-01-02'), 0) & 4294967295 AS number FROM generate_series(1, 2600) g) x;
	CREATE FUNCTION exercise(code text, rest int, first int[]) RETURNS void LANGUAGE sql AS \$\$
		INSERT INTO claims SELECT patient, 'N1', '2023-01-02', code, 1, code, 'GP', 1, 15, 'M99.01' FROM turns WHERE k = ANY (first) OR k > 60 AND k % 2 = rest \$\$" || exit
for shared in 5 50; do
	opened "INSERT INTO claims SELECT patient, 'N1', '2023-01-02', 'T', 1, '97530', 'GP', 1, 15, 'M99.01' FROM turns WHERE k IN (2, 3)"
	sql "SELECT exercise('97110', 0, '{0,2,$shared}')" >"$CLUSTER_DIR/turn0.log" 2>&1 &
	turn0=$!
	sql "SELECT exercise('97112', 1, '{1,3,$shared}')" >"$CLUSTER_DIR/turn1.log" 2>&1 &
	turn1=$!
	wait_until 30 sql "SELECT 1 / (count(*) = 2)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'exercise'" || bail_out 'the loads do not wait'
	close_all ROLLBACK
	wait $turn0
	wait $turn1
	is "$(cat "$CLUSTER_DIR"/turn?.log)" '' "two loads that share day $shared of theirs do not meet in a deadlock"
	sql 'DELETE FROM claims'
done

make_guarded "${tables[plain]}"
# a prepared transaction has passed
as_server "$CLUSTER_SERVER/pg_ctl" stop -w -m fast -D "$CLUSTER_DIR/a/data" >/dev/null && echo 'max_prepared_transactions = 5' >>"$CLUSTER_DIR/a/data/postgresql.conf" && start_cluster a
sql "BEGIN; SELECT cmt('prepared', 1, 100); PREPARE TRANSACTION 'p'" >/dev/null || bail_out 'cannot prepare'
is "$(said "SELECT massage('prepared', 50, 50)")" 'ERROR:  55P03' 'a prepared transaction is waited for'
sql "COMMIT PREPARED 'p'"
is "$(said "SELECT massage('prepared', 50, 50)")" 'ERROR:  23514' 'and counts'

# a table that has a child from now on is read by queries, and its days are locked in buckets
opened "SELECT cmt('way', 1, 1)"
sql 'CREATE TABLE heir () INHERITS (claims)' || bail_out 'cannot make a child'
is "$(said "SELECT massage('way', 1, 500)")" 'ERROR:  55P03' 'a load waits for a row that was written before the table had a child'
close_all
is "$(said "SELECT massage('way', 1, 500)")" 'ERROR:  23514' 'and is refused when that is committed'
done_testing

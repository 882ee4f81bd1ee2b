#!/bin/bash
# test/cluster/guard_loops.sh
#
# Sessions write random lines of the same few provider-days at the same time, each statement right by what it can see: at every
# isolation level no day with a denial is left; sessions that only insert, a statement a transaction, never meet in a deadlock.
# On a plain table, and on one that is partitioned by days.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

statements=${GUARD_LOOPS_STATEMENTS:-250}
new_cluster a
sql 'CREATE EXTENSION claimline' || exit
"${psql[@]}" >/dev/null 2>&1 <<-'END' || bail_out 'cannot make the table'
	CREATE FUNCTION one(list text) RETURNS text LANGUAGE sql VOLATILE AS $$
		SELECT l[1 + floor(random() * cardinality(l))::int] FROM string_to_array(list, ' ') l $$;
END

# a session: transactions of one or two statements, each of lines that pass by themselves
loop() {
	echo '\set ON_ERROR_STOP 0'
	echo '\set VERBOSITY sqlstate'
	[[ $1 = inserts ]] || echo "SET default_transaction_isolation = '$1';"
	for ((i = 0; i < statements; i++)); do
		[[ $1 != inserts ]] || { statement 2; continue; }
		((RANDOM % 3)) || { echo 'BEGIN;'; statement; echo 'SELECT pg_sleep(random() * 0.003) \g /dev/null'; statement; echo 'COMMIT;'; continue; }
		statement
	done
}

statement() {
	case ${1:-$((RANDOM % 7))} in
		0) echo "DELETE FROM claims WHERE patient = one('P1 P2') AND dos = one('2024-08-01 2024-08-02')::date;" ;;
		1) echo "UPDATE claims SET patient = one('P1 P2'), dos = one('2024-08-01 2024-08-02')::date WHERE line_no IN (SELECT line_no FROM claims ORDER BY random() LIMIT 2);" ;;
		*) echo "INSERT INTO claims (patient, provider, dos, claim_id, code, modifier, units, minutes, dx)
			SELECT one('P1 P2'), 'N1', one('2024-08-01 2024-08-02')::date, 'C', s[1], s[2], s[3]::numeric, s[4]::int, s[5]
			FROM generate_series(1, 1 + ($RANDOM % 2)) g, LATERAL (SELECT string_to_array(one('97124;GP;1;15;M99.01 97140;GP;1;15;M99.01 97110;GP;1;15;M54.2 98940;AT;1;15;M99.01 97124;GP;2;30;M99.01'), ';') s WHERE g > 0) x;" ;;
	esac
}

columns='patient text, provider text, dos date, claim_id text, line_no serial, code text, modifier text, units numeric, minutes int, dx text'
declare -A tables=(
	[plain]="CREATE TABLE claims ($columns)"
	[partitions]="CREATE TABLE claims ($columns) PARTITION BY LIST (dos); CREATE TABLE p1 PARTITION OF claims FOR VALUES IN ('2024-08-01');
		CREATE TABLE p2 PARTITION OF claims DEFAULT PARTITION BY HASH (code); CREATE TABLE p20 PARTITION OF p2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
		CREATE TABLE p21 PARTITION OF p2 FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
)

round=0
for run in 'read committed,read committed' 'repeatable read,repeatable read' 'serializable,serializable' 'read committed,serializable' 'repeatable read,read committed' 'inserts' \
	'partitions: read committed,serializable' 'partitions: repeatable read,read committed' 'partitions: inserts'; do
	((++round))
	levels=${run#*: } kind=plain
	[[ $levels = "$run" ]] || kind=partitions
	[[ $kind = "${made:-}" ]] || make_guarded "${tables[$kind]}"
	made=$kind
	sql 'TRUNCATE claims' || exit
	pids=()
	for n in 1 2 3; do
		level=${levels%,*}
		((n == 1)) || level=${levels#*,}
		RANDOM=$((round * 100 + n))
		loop "$level" >"$CLUSTER_DIR/$round$n.sql"
		PGAPPNAME=loop$n "$CLUSTER_CLIENT/psql" -X -q -At -f "$CLUSTER_DIR/$round$n.sql" >"$CLUSTER_DIR/$round$n.log" 2>&1 &
		pids+=($!)
	done
	# meanwhile nothing that is committed has a denial
	seen=0 wrong=''
	while kill -0 "${pids[@]}" 2>/dev/null; do
		((++seen))
		wrong+=$(sql 'SELECT * FROM denied')
		sleep 0.02
	done
	status=0
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	ok $status "$run: the sessions come to their end" "$(tail -n 2 "$CLUSTER_DIR/$round"*.log)"
	is "$wrong$(sql 'SELECT * FROM denied')" '' "$run: no day is ever denied, $seen looks"
	errors=$(cat "$CLUSTER_DIR/$round"?.log | grep -o 'ERROR: .*' | sort | uniq -c | awk '{ print $3 " " $1 }')
	echo "# ${errors//$'\n'/, }; rows $(sql 'SELECT count(*) FROM claims')"
	# rows are locked in the order that they are found: updates may meet in a deadlock with or without a guard
	allowed='23514|40001|25P02|40P01'
	[[ $levels != inserts ]] || allowed=23514
	is "$(awk -v allowed="^($allowed)\$" '$1 !~ allowed' <<<"$errors")" '' "$run: statements are refused or serialized, none for another reason"
	ok "$([[ $errors = *23514* ]]; echo $?)" "$run: some are refused"
done
done_testing

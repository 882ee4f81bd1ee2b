#!/bin/bash
# test/cluster/cancel.sh
#
# statement_timeout at every phase of a scan, of a write to guarded tables, of a publish and of the first use of an edition; lock_timeout
# at every table that they read or write; temp_file_limit.  The error is that of the limit, nothing is half done, the session holds no
# lock, and without the limit all comes to what an undisturbed run comes to.
#
# CANCEL_PERCENT: a timeout is so much longer than the one before.
# shellcheck source=test/cluster/lib_faults.sh
. test/cluster/lib_faults.sh

begin_faults a
fresh
limits='statement timeout|lock timeout|temporary file size exceeds'

# attempt SETTING COMMAND...: the command's SQL in a session that goes on after an error; what is wrong is added to `wrong`; 1 if it was
# cut off
attempt() {
	local said setting=$1

	shift
	((++ways))
	said=$({ echo "$setting;"; "$@"; echo 'RESET statement_timeout; RESET lock_timeout;'; held_sql; } |
		"$CLUSTER_CLIENT/psql" -X -q -At 2>&1 | grep -E '(ERROR|FATAL|PANIC|WARNING): |connection|still held')
	said=$(grep -vE 'WARNING:  there is no transaction|current transaction is aborted' <<<"$said")
	[[ $said ]] || return 0
	((++cut))
	said=$(grep -vE "ERROR: .*($limits)" <<<"$said")
	said+=$(left_files)
	wrong+=${said:+$setting: $said$'\n'}
	return 1
}

# disturbed NAME WHAT N COMMAND...: the command makes attempts
disturbed() {
	local name=$1 what=$2 n=$3 before after cut=0 wrong=''

	shift 3
	if [[ $what = scan ]]; then
		for PGDATABASE in reference victim; do
			sql "CALL night($n)" || bail_out 'night'
		done
	fi
	[[ $what != publish ]] || can_publish "$n" || fresh
	ready "$what" "$n"
	"$@" "$what" "$n"
	wrong+=$(half_done "$what")$(settled "$what" "$n")
	ok $((${#wrong} > 0)) "$what, $name: cut off $cut times" "$wrong"
	ok $((cut < 2)) 'which is often enough'
}

# later and later, until it is through
later() {
	local ms

	for ((ms = 1; ms < 60000; ms += 1 + ms * ${CANCEL_PERCENT:-40} / 100)); do
		! attempt "SET statement_timeout = $ms" "${1}_sql" "$2" || break
	done
}

# a turn that is taken back; a scan may go on
undone_sql() {
	if [[ $1 = scan ]]; then
		scan_sql
	else
		echo 'BEGIN;'
		"${1}_sql" "$2" | sed 's/BEGIN;//; s/COMMIT;//'
		echo "${3-};"
		echo 'ROLLBACK;'
	fi
}

# what a turn locks; a scan, which has many transactions, what is its own and what it reads
locked_by() {
	if [[ $1 = scan ]]; then
		sql "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND (relnamespace = 'claimline_internal'::regnamespace AND relname ~ '^claim_(scan|change|source)'
			OR relname IN ('claims', 'claim_policy', 'ncci_edition'))"
	else
		undone_sql "$1" "$2" "SELECT 'locks ' || c.oid::regclass FROM (SELECT DISTINCT relation FROM pg_locks WHERE pid = pg_backend_pid()) l
			JOIN pg_class c ON c.oid = l.relation WHERE c.relkind = 'r' AND c.relnamespace <> 'pg_catalog'::regnamespace" | "${psql[@]}" | sed -n 's/^locks //p'
	fi
}

# each of these tables is locked by another session, against reading and against writing only
locked() {
	local relation mode

	while read -r relation; do
		for mode in 'ACCESS EXCLUSIVE' SHARE; do
			{
				echo "BEGIN; LOCK TABLE $relation IN $mode MODE;"
				echo "\\! touch '$CLUSTER_DIR/locked'; while [ -f '$CLUSTER_DIR/locked' ]; do sleep 0.01; done"
			} | "${psql[@]}" &
			wait_until 10 test -f "$CLUSTER_DIR/locked" || bail_out "cannot lock $relation"
			attempt "SET lock_timeout = '20ms' /* $relation $mode */" undone_sql "$1" "$2"
			rm "$CLUSTER_DIR/locked"
			wait $!
		done
	done < <(locked_by "$1" "$2")
}

small_files() {
	local kb

	for kb in 0 8 64 200 400 800; do
		attempt "SET work_mem = '64kB'; SET maintenance_work_mem = '1MB'; SET temp_file_limit = '$kb kB'" "${1}_sql" "$2"
	done
}

n=0
for what in guard publish use scan; do
	disturbed statement_timeout $what $((++n)) later
done
for what in guard publish scan; do
	disturbed lock_timeout $what $((++n)) locked
done
disturbed temp_file_limit scan $((++n)) small_files
done_testing

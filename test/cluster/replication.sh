#!/bin/bash
# test/cluster/replication.sh
#
# Logical replication into a guarded table.  The initial copy is a COPY: the guard judges it whole, and refuses it whole.  What is applied
# afterwards row by row fires no statement triggers: the guard does not see it, and neither does tracking.  A scan does.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
new_cluster b
for name in a b; do
	printf '%s\n' 'wal_level = logical' 'max_worker_processes = 20' 'max_logical_replication_workers = 12' >>"$CLUSTER_DIR/$name/data/postgresql.conf"
	as_server "$CLUSTER_SERVER/pg_ctl" restart -w -m fast -D "$CLUSTER_DIR/$name/data" -l "$CLUSTER_DIR/$name/log" >/dev/null 2>&1 || bail_out 'restart'
done

on() {
	PGHOST=$CLUSTER_DIR/$1 sql "$2"
}

# comes NAME SQL WANTED: until it is so on b
comes() {
	local i

	for ((i = 0; i < 500; i++)); do
		[[ $(on b "$2" 2>/dev/null) != "$3" ]] || break
		sleep 0.02
	done
	is "$(on b "$2")" "$3" "$1"
}

table='CREATE TABLE %s (id int PRIMARY KEY, patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text)'
manipulation="'P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'"
massage="'P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01'"
on b 'CREATE EXTENSION claimline' || exit
for t in good bad aside noted; do
	# shellcheck disable=SC2059
	create=$(printf "$table" $t)
	on a "$create" && on b "$create; CREATE INDEX ON $t (patient, provider, dos)" || exit
	on b "SELECT claim_source_add('$t', '$t', columns => jsonb_build_object('patient', 'patient', 'provider', 'provider', 'dos', 'dos', 'claim_id', 'claim_id',
		'line_no', 'line_no', 'code', 'code', 'modifiers', 'modifier', 'units', 'units', 'minutes', 'minutes', 'dx', 'dx'))" >/dev/null 2>&1 || exit
	on a "INSERT INTO $t VALUES (1, $manipulation)" || exit
	[[ $t = good ]] || on a "INSERT INTO $t VALUES (2, $massage)" || exit
	on a "CREATE PUBLICATION $t FOR TABLE $t" || exit
done
on b "SELECT claim_guard_add('good'), claim_source_track('good'), claim_guard_add('bad'), claim_guard_add('aside', action => 'quarantine'), claim_guard_add('noted', action => 'annotate');
	DELETE FROM claimline_internal.claim_change" >/dev/null || exit

subscribe() {
	on b "CREATE SUBSCRIPTION $1 CONNECTION 'host=$CLUSTER_DIR/a port=5432 user=postgres dbname=postgres' PUBLICATION $1" >/dev/null 2>&1 ||
		bail_out "cannot subscribe to $1"
}

copied="SELECT string_agg(srsubstate::text, '') FROM pg_subscription_rel r WHERE r.srrelid = '%s'::regclass"
# the copy
subscribe good
comes 'a copy that passes is taken' 'SELECT count(*) FROM good' 1
# shellcheck disable=SC2059
comes 'and comes to its end' "$(printf "$copied" good)" r
is "$(on b "SELECT count(*) FROM claimline_internal.claim_change WHERE patient = 'P1'")" 1 'tracking notes the days of the copy'
subscribe bad
wait_until 20 grep -q 'claim line violates rule "ptp"' "$CLUSTER_DIR/b/log"
ok $? 'a copy with a denial is refused'
is "$(on b 'SELECT count(*) FROM bad')" 0 'as a whole'
on b 'SELECT claim_guard_drop('"'bad'"')' >/dev/null
comes 'it is tried again, and taken without the guard' 'SELECT count(*) FROM bad' 2
subscribe aside
comes 'quarantine takes the copy and moves a row aside' 'SELECT (SELECT count(*) FROM aside) || $$ $$ || (SELECT count(*) FROM claim_quarantine)' '1 1'
is "$(on b 'SELECT claim_id || line_no || event FROM claim_quarantine, jsonb_populate_record(NULL::aside, row_data)')" C12INSERT 'the one that is denied'
subscribe noted
comes 'annotate takes the copy and notes' 'SELECT (SELECT count(*) FROM noted) || $$ $$ || (SELECT count(*) FROM claim_guard_finding)' '2 1'
for t in bad aside noted; do
	# shellcheck disable=SC2059
	comes "$t is copied" "$(printf "$copied" $t)" r
done

# row by row
on b 'DELETE FROM claimline_internal.claim_change'
on a "INSERT INTO good VALUES (2, $massage)" || exit
comes 'a row that is applied passes the guard unseen' 'SELECT count(*) FROM good' 2
is "$(on b 'SELECT count(*) FROM claimline_internal.claim_change')" 0 'and is not tracked'
on a "UPDATE good SET units = 9 WHERE id = 2" || exit
comes 'an update too' 'SELECT units FROM good WHERE id = 2' 9
on a "DELETE FROM aside WHERE id = 2; DELETE FROM noted WHERE id = 2; INSERT INTO aside VALUES (3, $massage)" || exit
comes 'a delete too: notes are as they were' "SELECT (SELECT string_agg(id::text, ' ' ORDER BY id) FROM aside) || ', ' || (SELECT string_agg(id::text, ' ') FROM noted)" '1 3, 1'
is "$(on b 'SELECT (SELECT count(*) FROM claim_quarantine) || $$ $$ || (SELECT count(*) FROM claim_guard_finding)')" '1 1' 'nothing is moved or noted'
is "$(on b "SELECT count(*) > 0 FROM (SELECT claimday(claim_id, line_no, line) AS day FROM good_lines GROUP BY patient, provider, dos) d, claim_edits(d.day) e WHERE e.severity = 'deny'")" t 'what was applied is judged by asking'
on b "INSERT INTO good VALUES (7, 'P1', 'N1', '2024-08-01', 'C1', 3, '97140', 'GP', 1, 15, 'M99.01')" >/dev/null 2>&1
ok $((!$?)) 'a statement on the subscriber is still refused'
on b "UPDATE good SET units = 1 WHERE id = 2" >/dev/null 2>&1
ok $((!$?)) 'also one on the row that came past the guard'
# a log does not see what is applied: the scan does not trust it
on b "CALL claim_scan('good')" >/dev/null 2>&1 || bail_out 'claim_scan'
on a "UPDATE good SET modifier = 'GP,59' WHERE id = 2" || exit
comes 'one more update' 'SELECT modifier FROM good WHERE id = 2' GP,59
is "$(on b "CALL claim_scan('good')" 2>&1 | grep -A 1 'does not see' | tr '\n' ' ')" \
	'NOTICE:  claim_scan: the log of claim source "good" does not see every change: all days are compared DETAIL:  Logical replication applies rows to public.good without triggers of statements. ' \
	'a log does not see what is applied, and a scan says so'
is "$(on b "SELECT method, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1")" 'hash|1' 'and compares all days'
for t in good bad aside noted; do
	on b "DROP SUBSCRIPTION $t" >/dev/null 2>&1
done
done_testing

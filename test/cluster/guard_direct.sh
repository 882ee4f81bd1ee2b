#!/bin/bash
# test/cluster/guard_direct.sh
#
# What is judged without a query: the user's statement is the only one that runs, unless a day does not pass.  auto_explain tells
# of every statement that runs, also within triggers.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
if ! sql "LOAD 'auto_explain'" 2>/dev/null; then
	skip 'statements that run' 'the server has no auto_explain'
	done_testing
fi
sql 'CREATE EXTENSION claimline' || exit
# the columns of guard_table.sql, and one that is not mapped
columns='patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text, remark text'
declare -A tables=(
	[plain]="CREATE TABLE claims ($columns)"
	[days]="CREATE TABLE claims ($columns) PARTITION BY RANGE (dos); CREATE TABLE p1 PARTITION OF claims FOR VALUES FROM (MINVALUE) TO ('2023-03-01');
		CREATE TABLE p2 PARTITION OF claims FOR VALUES FROM ('2023-03-01') TO ('2025-01-01'); CREATE TABLE p3 PARTITION OF claims DEFAULT"
	[not_mapped]="CREATE TABLE claims ($columns) PARTITION BY LIST (remark); CREATE TABLE p1 PARTITION OF claims FOR VALUES IN (NULL); CREATE TABLE p2 PARTITION OF claims DEFAULT"
	[levels]="CREATE TABLE claims ($columns) PARTITION BY RANGE (dos); CREATE TABLE p1 PARTITION OF claims FOR VALUES FROM (MINVALUE) TO ('2023-03-01') PARTITION BY HASH (patient);
		CREATE TABLE p10 PARTITION OF p1 FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE p11 PARTITION OF p1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
		CREATE TABLE p2 PARTITION OF claims DEFAULT"
	[no_index_above]="CREATE TABLE claims ($columns) PARTITION BY RANGE (dos); CREATE TABLE p1 PARTITION OF claims FOR VALUES FROM (MINVALUE) TO ('2023-03-01');
		CREATE TABLE p2 PARTITION OF claims DEFAULT; CREATE INDEX ON p1 (claim_read_key(patient), dos); CREATE INDEX ON p2 (dos, claim_read_key(provider)); CREATE INDEX claims_day ON ONLY claims (remark)"
	[children]="CREATE TABLE claims ($columns); CREATE TABLE heir () INHERITS (claims); CREATE INDEX ON heir (patient, dos); CREATE TABLE heir2 (more int) INHERITS (heir, claims); CREATE INDEX ON heir2 (patient, dos)"
)

# lines CODE DAYS [PATIENTS]: rows of a code on days of so many patients
lines() {
	echo "SELECT 'P' || g % ${3:-1}, 'N1', date '2023-01-01' + g, '$1-' || g, 1, '$1', CASE '$1' WHEN '98940' THEN 'AT' ELSE 'GP' END, 1,
		CASE '$1' WHEN '98940' THEN NULL ELSE 15 END, 'M99.01' FROM generate_series(${2/-/,}) g"
}

# ran SQL: how many statements run besides it, once the guard is made in the session
ran() {
	PGOPTIONS="$PGOPTIONS -c client_min_messages=notice" "$CLUSTER_CLIENT/psql" -X -q -At -v VERBOSITY=terse \
		-c BEGIN -c "INSERT INTO ${table:=claims} $(lines 97110 7000-7000)" -c "UPDATE $table SET minutes = 16" -c "DELETE FROM $table" -c ROLLBACK \
		-c "LOAD 'auto_explain'" -c 'SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET auto_explain.log_level = notice' \
		"${@/#/-c}" 2>&1 | awk '/duration:/ { n++ } /ERROR:/ { print } END { print n - 1 }'
}

filled="TRUNCATE claims; DELETE FROM claimline_internal.claim_guard_note; INSERT INTO claims $(lines 97110 1-300 10)"
for kind in days not_mapped levels no_index_above children plain; do
	make_guarded "${tables[$kind]}"
	actions=reject
	[[ $kind != @(plain|levels) ]] || actions='reject quarantine annotate'
	for action in $actions; do
		sql "SET client_min_messages = warning; SELECT claim_guard_add('claims', action => '$action'); $filled" >/dev/null || exit
		is "$(ran "INSERT INTO claims $(lines 97124 11-11 10)")" 0 "$kind, $action: a row"
		is "$(ran "INSERT INTO claims $(lines 97112 1-200 20)")" 0 "$kind, $action: many rows"
		is "$(ran "UPDATE claims SET minutes = 17 WHERE dos = '2023-01-03'")" 0 "$kind, $action: an update"
		is "$(ran "UPDATE claims SET dos = dos + 1000")" 0 "$kind, $action: one of many rows, to other days"
		is "$(ran "UPDATE claims SET remark = 'seen'")" 0 "$kind, $action: one of no mapped column"
		is "$(ran "DELETE FROM claims WHERE dos < '2025-12-01'")" 0 "$kind, $action: a delete"
		case $kind in
			days) table=p3 ;;
			levels | no_index_above) table=p2 ;;
			children) table=heir ;;
			*) table=claims ;;
		esac
		if [[ $table != claims ]]; then
			is "$(ran "INSERT INTO $table $(lines 97124 3000-3011 10)" "UPDATE $table SET minutes = 17, claim_id = 'x' WHERE dos > '2030-01-01'" "DELETE FROM $table")" 2 "$kind, $action: three statements that name $table"
		fi
		table=claims
		sql "$filled" || exit
		is "$(ran "WITH gone AS (DELETE FROM claims WHERE dos = '2023-01-03' RETURNING *), new AS (INSERT INTO claims SELECT * FROM gone RETURNING *)
			UPDATE claims SET units = units + 0, claim_id = 'x' WHERE dos = '2023-01-04'")" 0 "$kind, $action: a statement with three triggers"
		sql "$filled; INSERT INTO claims $(lines 98940 1-1)" || exit
		is "$(ran "INSERT INTO claims $(lines 97124 1-1)" | tail -n 1 | awk '{ print ($1 > 0) }')" 1 "$kind, $action: not where a day does not pass"
	done
done

# notes of some days
is "$(sql "SELECT count(*) FROM claim_guard_finding")" 1 'a day is noted'
is "$(ran "INSERT INTO claims $(lines 97112 2-200)")" 0 'the notes of other days are no matter'
is "$(ran "DELETE FROM claims WHERE dos = '2023-01-02' AND code = '98940'" | awk '{ print ($1 > 0) }')" 1 'those of the day are'
is "$(sql "SELECT count(*) FROM claim_guard_finding")" 0 'and go'
is "$(PGOPTIONS="$PGOPTIONS -c default_transaction_isolation=serializable" ran "INSERT INTO claims $(lines 97112 2-2)" | awk '{ print ($1 > 0) }')" 1 'SERIALIZABLE reads by queries'
done_testing

# shellcheck shell=bash
# test/cluster/lib_faults.sh
#
# For tests that disturb a scan, a write to guarded tables, a publish or the first use of an edition.  What is done in turn N of WHAT is
# WHAT_sql N; WHAT_state says what it came to.  The databases `reference` and `victim` have the same turns; only the second is disturbed.
# shellcheck disable=SC2034	# what is not used here is used by the tests
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

# begin_faults NAME [CREATE DATABASE OPTIONS]: a server, and what `fresh` makes the two databases from
begin_faults() {
	local i

	new_cluster "$1"
	data=$CLUSTER_DIR/$1/data files=${files-$CLUSTER_DIR/files} database_options=${2-}
	mkdir -p "$files" || exit
	for i in 1 2 3 4; do
		[[ -f $files/mue$i ]] || { ptp_file 60000 $i >"$files/ptp$i" && mue_file Practitioner $i >"$files/mue$i"; } || exit
	done
	PGDATABASE=postgres sql 'CREATE DATABASE base' || exit
	PGDATABASE=base "${psql[@]}" -v days=2500 -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION claimline' -f test/cluster/faults.sql ||
		bail_out 'setup'
}

# fresh: both databases have had turn 0 of a scan and of a publish
fresh() {
	local database options=''

	for database in reference victim; do
		[[ $database = reference ]] || options=$database_options
		PGDATABASE=postgres "${psql[@]}" -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
			-c "CREATE DATABASE $database TEMPLATE base $options" || bail_out 'no database'
		PGDATABASE=$database
		turn scan 0
		turn publish 0
	done
}

# turn WHAT N: undisturbed; how long it took is in `took`, in milliseconds
turn() {
	local begun

	begun=$(date +%s%N)
	"${1}_sql" "$2" | "${psql[@]}" >"$CLUSTER_DIR/turn.log" 2>&1 || bail_out "$1 $2: $(cat "$CLUSTER_DIR/turn.log")"
	took=$((($(date +%s%N) - begun) / 1000000))
}

state() {
	local name=${1}_state

	sql "${!name}"
}

# ready WHAT N: what the victim is, in `before`, and what turn N makes of the reference, in `after`; the victim is next
ready() {
	PGDATABASE=victim
	before=$(state "$1")
	PGDATABASE=reference
	[[ $1 != use ]] || forget_shared
	turn "$1" "$2"
	after=$(state "$1")
	PGDATABASE=victim
	[[ $1 != use ]] || forget_shared
}

# half_done WHAT: what a turn that was cut off has left, if that is neither nothing nor all of it; a scan goes on where it was
half_done() {
	local now

	now=$(state "$1")
	[[ $1 = scan || $now = "$before" || $now = "$after" ]] || echo "half done: $now"
}

# settled WHAT N: goes on with the turn, unless it was done; says what is wrong with what it comes to
settled() {
	local now

	[[ $1 != scan && $(state "$1") = "$after" ]] || turn "$1" "$2"
	now=$(state "$1")
	[[ $now = "$after" ]] || printf 'done again: %s\nundisturbed: %s\n' "$now" "$after"
	[[ $1 != guard || $(sql "$denied_sql") = 0 ]] || echo 'days are denied'
	[[ $1 != scan || $(sql "$recomputed_sql") = 0 ]] || echo 'not as recomputed'
}

# --- a scan ---

# of a night, by two policies in small batches; changes are found in another way each time
ways=0
scan_sql() {
	local methods=(log watermark hash)

	echo "SET client_min_messages = warning; CALL claim_scan('c', 'mine', batch_days => 60, method => '${methods[ways % 3]}');"
	echo "CALL claim_scan('c', batch_days => 150, method => '${methods[ways / 3 % 3]}');"
}

# what the owner of the source sees, but for times and numbers
scan_state="SELECT md5(string_agg(x, E'\n' ORDER BY x COLLATE \"C\")) || ' ' || count(*) FROM (
	SELECT concat_ws('|', 'finding', policy, patient, provider, dos, claim_id, line_no, rule, severity, message, suggestion, line, charge,
		edition, ruleset_hash, closed_at IS NULL) AS x FROM claim_finding_history
	UNION ALL SELECT concat_ws('|', 'said', policy, patient, provider, dos, claim_id, line_no, rule, severity, message, suggestion, line, until_at IS NULL)
		FROM claim_finding_versions
	UNION ALL SELECT concat_ws('|', 'change', change, policy, claim_id, line_no, rule, message, was_severity, was_message, was_suggestion) FROM claim_changes
	UNION ALL SELECT concat_ws('|', 'undecided', u) FROM claim_report_undecided u
	UNION ALL SELECT concat_ws('|', 'counted', c) FROM claim_report_counted c
	UNION ALL SELECT concat_ws('|', 'risk', r) FROM claim_report_risk r
	UNION ALL SELECT concat_ws('|', 'months', m) FROM claim_report_risk_months m
	UNION ALL SELECT concat_ws('|', 'noted', patient, provider, dos) FROM claimline_internal.claim_change WHERE source = 'c'
	UNION ALL SELECT concat_ws('|', 'runs', status) FROM claim_scan_progress WHERE status IN ('looking', 'judging')) s"

# how far that is from what is found, stored or counted, and from the days that there are
recomputed_sql="WITH day AS MATERIALIZED (
		SELECT p.policy, patient, provider, dos, claimday(claim_id, line_no, line) AS day, count(*) AS n, sum(charge) AS charge
		FROM c_lines, (VALUES ('mine'), ('medicare')) p (policy) GROUP BY 1, 2, 3, 4
	), found AS MATERIALIZED (
		SELECT d.policy, d.patient, d.provider, d.dos, e.*, e.severity >= 'review' AND e.rule <> 'edition-coverage' AS stored
		FROM day d, ruleset(d.policy) r, claim_edits(d.day, r) e
	), wanted AS (
		SELECT policy, patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition FROM found WHERE stored
	), kept AS (
		SELECT policy, patient, provider, dos, claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition FROM claim_findings
	), counted AS (
		SELECT policy, rule, severity, count(*), count(DISTINCT ROW(patient, provider, dos)) FROM found WHERE NOT stored GROUP BY 1, 2, 3
	), said AS (
		SELECT policy, rule, severity, findings, days FROM claim_report_counted
	), judged AS (
		SELECT policy, sum(n)::bigint, count(*), sum(charge) FROM day GROUP BY 1
	), risk AS (
		SELECT policy, lines, days, charge FROM claim_report_risk
	)
	SELECT (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE kept) x) + (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE wanted) x)
		+ (SELECT count(*) FROM (TABLE counted EXCEPT TABLE said) x) + (SELECT count(*) FROM (TABLE said EXCEPT TABLE counted) x)
		+ (SELECT count(*) FROM (TABLE judged EXCEPT TABLE risk) x) + (SELECT count(*) FROM (TABLE risk EXCEPT TABLE judged) x)"

# --- a transaction of many statements on guarded tables, which are logged too ---

guard_sql() {
	echo "SET client_min_messages = warning; CALL write($1, 600);"
}

guard_state="SELECT md5(string_agg(x, E'\n' ORDER BY x COLLATE \"C\")) || ' ' || count(*) FROM (
	SELECT concat_ws('|', 'refused', r) AS x FROM refused r
	UNION ALL SELECT concat_ws('|', 'moved', m) FROM moved m
	UNION ALL SELECT concat_ws('|', 'noted', n) FROM noted n
	UNION ALL SELECT concat_ws('|', 'quarantine', source, patient, provider, dos, event, row_data, replaced, findings) FROM claim_quarantine
	UNION ALL SELECT concat_ws('|', 'finding', to_jsonb(f) - 'found_at') FROM claim_guard_finding f
	UNION ALL SELECT concat_ws('|', 'change', c) FROM (SELECT DISTINCT source, patient, provider, dos FROM claimline_internal.claim_change WHERE source <> 'c') c) s"

# days that a guard must not let be
denied_sql="SELECT count(*) FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day
	FROM (SELECT 1 AS t, * FROM refused_lines UNION ALL SELECT 2, * FROM moved_lines) l GROUP BY t, patient, provider, dos) d
	WHERE NOT claim_passes(d.day, ruleset('medicare'))"

# --- an edition is loaded and published, and used for the first time ---

edition() {
	echo "e$(($1 % 4 + 1))"
}

publish_sql() {
	echo "BEGIN; TRUNCATE ncci_ptp_import, ncci_mue_import;"
	load "$files/ptp$(($1 % 4 + 1))" "$files/mue$(($1 % 4 + 1))"
	echo "SET LOCAL client_min_messages = warning;"
	echo "SELECT count(*) FROM ncci_publish('$(edition "$1")', 'practitioner', daterange('2025-01-01'::date + 90 * ($1 % 4), '2025-01-01'::date + 90 * ($1 % 4) + 90)); COMMIT;"
}

# an edition is published once
can_publish() {
	[[ $(PGDATABASE=victim sql "SELECT count(*) FROM ncci_editions WHERE edition = '$(edition "$1")'") = 0 ]]
}

publish_state="SELECT string_agg(x, E'\n' ORDER BY x) FROM (
	SELECT concat_ws(' ', service_type, edition, covers, based_on, ptp_rows, mue_rows) AS x FROM ncci_editions
	UNION ALL SELECT ruleset_hash(ruleset('medicare'))
	UNION ALL SELECT concat_ws(' ', (SELECT count(*) FROM ncci_ptp_import), (SELECT count(*) FROM ncci_mue_import))) s"

# a new session makes the file that all map
use_sql() {
	echo "SELECT claim_passes('X0001 x1 2025-02-01'::claimline, ruleset('medicare')), ruleset_hash(ruleset('medicare'));"
}

use_state="SELECT ruleset_hash(ruleset('medicare')), string_agg(e::text, ' ' ORDER BY e)
	FROM claim_edits('{\"a\" 1 Y0002-59 2025-02-01; \"a\" 2 X0001 2025-02-01}'::claimday, ruleset('medicare')) e"

forget_shared() {
	find "$data/base/pgsql_tmp" -name 'pgsql_tmp.claimline.*' -delete 2>/dev/null
}

# --- what is left ---

# left_files: those that sessions have left which are no more, temporary ones and files that were begun to be shared; a session may take
# a moment to end.  Whole files that are shared stay as long as the server.
left_files() {
	local _ left

	for _ in {1..100}; do
		left=$(find "$data/base" "$data"/pg_tblspc/*/ \( -name 'pgsql_tmp?*' -o -name 't[0-9]*_[0-9]*' \) -printf '%P %s\n' 2>/dev/null |
			grep -Ev '^pgsql_tmp/pgsql_tmp\.claimline\.[0-9a-f]{64} ' | sort)
		[[ $left ]] || return 0
		sleep 0.05
	done
	echo "$left"
}

# held_sql: for a session that goes on after an error: what it still holds
held_sql() {
	echo "ROLLBACK; SELECT 'still held', count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() HAVING count(*) > 0;"
}

#!/bin/bash
# test/cluster/crash.sh
#
# A backend, or the whole server, ends by SIGKILL in the middle of loading a file, of publishing it, and of the first
# use of a new edition: the editions are as they were, and publishing the file again works.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

pairs=40000
files=$CLUSTER_DIR/files
new_cluster a
mkdir "$files" || exit
for i in 1 2 3; do
	ptp_file "$pairs" $i >"$files/ptp$i" && mue_file Practitioner $i >"$files/mue$i" || exit
done

publish_sql() {
	echo "SELECT count(*) FROM ncci_publish('e$1', 'practitioner', daterange('2025-01-01'::date + 90 * $1, '2025-01-01'::date + 90 * $1 + 90));"
}

use_sql() {
	echo "SELECT claim_passes('Y0001 x1 2025-10-01'::claimline, ruleset('medicare', 'e$1')), ruleset_hash(ruleset('medicare', 'e$1'));"
}

# timed: runs standard input in a session; how long that takes is in `took`, in milliseconds
timed() {
	local begun

	begun=$(date +%s%N)
	"${psql[@]}" >/dev/null || bail_out 'see above'
	took=$((($(date +%s%N) - begun) / 1000000))
}

reload() {
	{ echo 'TRUNCATE ncci_ptp_import, ncci_mue_import;'; load "$files/ptp$1" "$files/mue$1"; } | "${psql[@]}" >/dev/null ||
		bail_out "cannot load ptp$1"
}

# The reference: nothing happens to this database.  It also tells how long each step takes.
sql 'CREATE DATABASE reference' && sql 'CREATE DATABASE victim' || exit
export PGDATABASE=reference
sql 'CREATE EXTENSION claimline' || exit
for i in 1 2 3; do
	timed < <(load "$files/ptp$i" "$files/mue$i"); load_took=$took
	timed < <(publish_sql $i); publish_took=$took
	timed < <(use_sql $i); use_took=$took
done
echo "# load $load_took ms, publish $publish_took ms, first use $use_took ms, each with a new session"
hashes_sql="SELECT string_agg(edition || ' ' || ruleset_hash(ruleset('medicare', edition)), ', ' ORDER BY edition) FROM ncci_editions"
reference=$(sql "$hashes_sql")

# an edition to lose
export PGDATABASE=victim
sql 'CREATE EXTENSION claimline' || exit
reload 1
timed < <(publish_sql 1)
before=$(editions)
[[ $before = *' e1 '* ]] || bail_out "no edition: $before"

# trial NAME MILLISECONDS EDITION: kills a backend at a quarter, at half and at three quarters of the time that a step takes, and
# the server at half; the statements of the step are standard input; EDITION is loaded before each
trial() {
	local name=$1 time=$2 edition=$3 statements at struck=0

	statements=$(cat)
	for at in '1 backend' '2 backend' '3 backend' '2 server'; do
		[[ -z $edition ]] || reload "$edition"
		! strike $((time * ${at% *} / 4)) "${at#* }" <<<"$statements" || ((++struck))
		is "$(editions)" "$before" "$name, ${at#* } killed at ${at% *}/4: the editions are as they were"
	done
	echo "# $name: $struck of 4 sessions were cut off"
	[[ $name = 'first use' ]] || ok $((struck < 2)) "$name: sessions were cut off, not through"
}

trial load "$load_took" '' < <(load "$files/ptp2" "$files/mue2")
# rolled back, for the case that it is through before the kill
trial publish "$publish_took" 2 < <(echo 'BEGIN;'; publish_sql 2; echo 'ROLLBACK;')

# about the time of the commit: all of it or nothing
struck=0
for part in 13 17; do
	if [[ $(editions) = "$before" ]]; then
		reload 2
		! strike $((publish_took * part / 20)) server < <(publish_sql 2) || ((++struck))
	fi
done
echo "# commit: $struck sessions were cut off"
if [[ $(editions) = "$before" ]]; then
	reload 2
	timed < <(publish_sql 2)
fi
is "$(sql "$hashes_sql WHERE edition < 'e3'")" "$(PGDATABASE=reference sql "$hashes_sql WHERE edition < 'e3'")" \
	'published after all that, the edition is what it would have been'

# an edition that nobody has used yet
reload 3
timed < <(publish_sql 3)
before=$(PGDATABASE=reference sql "$hashes_sql")
editions() {
	sql "$hashes_sql"
}
trial 'first use' "$use_took" '' < <(use_sql 3)
is "$(sql "$hashes_sql")" "$reference" 'and so is the next one'

# published, not committed
{
	echo 'BEGIN;'
	load "$files/ptp1" "$files/mue1"
	echo "SELECT count(*) FROM ncci_publish('open', 'practitioner', '[2026-01-01,2026-04-01)'); SELECT pg_sleep(60);"
} >"$CLUSTER_DIR/open.sql"
"${psql[@]}" -f "$CLUSTER_DIR/open.sql" >"$CLUSTER_DIR/open.log" 2>&1 &
wait_until 30 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" || bail_out "no open transaction: $(cat "$CLUSTER_DIR/open.log")"
kill_cluster a
start_cluster a
wait
is "$(editions)" "$before" 'published, server killed before the commit: the editions are as they were'
is "$(sql 'SELECT (SELECT count(*) FROM ncci_ptp_import) + (SELECT count(*) FROM ncci_mue_import)')" 0 'and what it had loaded is gone'
done_testing

#!/bin/bash
# test/cluster/concurrent.sh
#
# Two sessions load and publish at once: one waits or is refused, neither edition is lost or mixed with the other.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

files=$CLUSTER_DIR/files
new_cluster a
mkdir "$files" || exit
# different sizes, so that a mixture shows; each has the pairs of the one before
for i in 1 2 3 4 5 6 7 8 9; do
	ptp_file $((20000 + 400 * i)) $i >"$files/ptp$i" && mue_file Practitioner $i >"$files/mue$i" || exit
done
ptp_file 60000 10 >"$files/ptp10" || exit

# covers: a quarter each
publish_sql() {
	echo "SELECT count(*) FROM ncci_publish('$1', 'practitioner', daterange('2025-01-01'::date + 90 * $2, '2025-01-01'::date + 90 * $2 + 90), true);"
}

# the rows of an edition, without those that are kept from the one before
rows_sql="SELECT string_agg(edition || ' ' || ptp_rows, ', ' ORDER BY edition) FROM ncci_editions"

# session NAME: runs standard input in the background; its process is in `session`, what it says in NAME.log
session() {
	cat >"$CLUSTER_DIR/$1.sql"
	PGAPPNAME=$1 "${psql[@]}" -f "$CLUSTER_DIR/$1.sql" >"$CLUSTER_DIR/$1.log" 2>&1 &
	session=$!
}

# until a session sleeps between publishing and committing
asleep() {
	wait_until 30 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name = '$1'" ||
		bail_out "$1 does not come to its sleep: $(cat "$CLUSTER_DIR/$1.log")"
}

sql 'CREATE DATABASE reference' && sql 'CREATE DATABASE two' || exit
hash_sql() {
	echo "SELECT ruleset_hash(ruleset('medicare', '$1'))"
}

# one after the other
export PGDATABASE=reference
sql 'CREATE EXTENSION claimline' || exit
for i in 1 2 3; do
	{ load "$files/ptp$i" "$files/mue$i"; publish_sql e$i $i; } | "${psql[@]}" >/dev/null || bail_out 'reference'
done
export PGDATABASE=two
sql 'CREATE EXTENSION claimline' || exit
{ load "$files/ptp1" "$files/mue1"; publish_sql e1 1; } | "${psql[@]}" >/dev/null || bail_out 'first edition'

# each loads and publishes in one transaction; the first stays open for a while
session first < <(echo 'BEGIN;'; load "$files/ptp2" "$files/mue2"; publish_sql e2 2; echo 'SELECT pg_sleep(0.7); COMMIT;')
first=$session
asleep first
session second < <(echo 'BEGIN;'; load "$files/ptp3" "$files/mue3"; publish_sql e3 3; echo 'COMMIT;')
second=$session
status=0
wait $first || status=$?
ok $status 'the first of two publishes is not disturbed' "$(cat "$CLUSTER_DIR/first.log")"
status=0
wait $second || status=$?
if ((status != 0)); then
	echo "# the second was refused: $(grep -m 1 ERROR "$CLUSTER_DIR/second.log")"
	ok "$(grep -q 'ERROR' "$CLUSTER_DIR/second.log"; echo $?)" 'the second is refused with an error'
	is "$(sql "SELECT count(*) FROM ncci_editions")" 2 'and leaves nothing'
	{ echo 'TRUNCATE ncci_ptp_import, ncci_mue_import;'; load "$files/ptp3" "$files/mue3"; publish_sql e3 3; } | "${psql[@]}" >/dev/null
else
	echo '# the second waited'
	ok 0 'the second waits'
	is "$(sql "SELECT count(*) FROM ncci_editions")" 3 'and is published'
fi
for i in 1 2 3; do
	is "$(sql "$(hash_sql e$i)")" "$(PGDATABASE=reference sql "$(hash_sql e$i)")" "e$i is what it is when they come one after the other"
done
is "$(sql "$rows_sql")" "$(PGDATABASE=reference sql "$rows_sql")" 'with the same rows'
is "$(sql 'SELECT count(*) FROM ncci_ptp_import')" 0 'nothing is left in the import'

# the same edition twice
session first < <(echo 'BEGIN;'; load "$files/ptp4" "$files/mue4"; publish_sql e4 4; echo 'SELECT pg_sleep(0.7); COMMIT;')
first=$session
asleep first
session second < <(echo 'BEGIN;'; load "$files/ptp5" "$files/mue5"; publish_sql e4 4; echo 'COMMIT;')
second=$session
status=0
wait $first || status=$?
ok $status 'the first publish of an edition goes through' "$(cat "$CLUSTER_DIR/first.log")"
status=0
wait $second || status=$?
ok $((status == 0)) 'the second publish of the same edition does not'
is "$(sql "SELECT count(*) FROM ncci_editions WHERE edition = 'e4'")" 1 'the edition is there once'
is "$(sql "SELECT ptp_rows FROM ncci_editions WHERE edition = 'e4'")" "$(($(wc -l <"$files/ptp4") - 6))" 'with the rows of the first'
is "$(sql "SELECT count(*) FROM ncci_ptp_import")" 0 'what the second had loaded is rolled back'

# one load, published twice at once: it makes one edition
sql 'TRUNCATE ncci_ptp_import, ncci_mue_import' || exit
load "$files/ptp5" "$files/mue5" | "${psql[@]}" || exit
session first < <(echo 'BEGIN;'; publish_sql e5 5; echo 'SELECT pg_sleep(0.7); COMMIT;')
first=$session
asleep first
session second < <(publish_sql e6 6)
second=$session
status=0
wait $first || status=$?
ok $status 'a load is published' "$(cat "$CLUSTER_DIR/first.log")"
status=0
wait $second || status=$?
ok $((status == 0)) 'and not a second time by another session'
is "$(sql "SELECT string_agg(edition, ' ' ORDER BY edition) FROM ncci_editions WHERE edition > 'e4'")" e5 'it makes one edition'

# A session that looked before the other one published: its file lacks 400 pairs of the other's, which are kept if it knows them
session late < <(echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM ncci_editions; SELECT pg_sleep(1.5);"
	load "$files/ptp5" "$files/mue5"; publish_sql e7 7; echo 'COMMIT;')
late=$session
asleep late
status=0
{ load "$files/ptp6" "$files/mue6"; publish_sql e6 6; } | "${psql[@]}" >"$CLUSTER_DIR/meanwhile.log" 2>&1 || status=$?
ok $status 'an edition is published meanwhile' "$(cat "$CLUSTER_DIR/meanwhile.log")"
status=0
wait $late || status=$?
if ((status != 0)); then
	echo "# refused: $(grep -m 1 ERROR "$CLUSTER_DIR/late.log")"
	is "$(sql "SELECT string_agg(edition, ' ' ORDER BY edition) FROM ncci_editions WHERE edition > 'e5'")" e6 'the one with an old snapshot is refused'
else
	is "$(sql "SELECT count(DISTINCT (column_1, column_2)) FROM ncci_ptp('e7')")" 22400 'the one with an old snapshot knows the newest edition all the same'
fi

# both have loaded, neither has committed, then both publish
sql 'TRUNCATE ncci_ptp_import, ncci_mue_import' || exit
session left < <(echo 'BEGIN;'; load "$files/ptp8" "$files/mue8"; echo 'SELECT pg_sleep(0.7);'; publish_sql left 20; echo 'COMMIT;')
left=$session
asleep left
session right < <(echo 'BEGIN;'; load "$files/ptp9" "$files/mue9"; publish_sql right 21; echo 'COMMIT;')
right=$session
published=''
! wait $left || published='left'
! wait $right || published="${published:+$published }right"
echo "# published: $published; $(cat "$CLUSTER_DIR"/{left,right}.log | grep -m 1 ERROR)"
ok "$([[ -n $published ]]; echo $?)" 'of two that have both loaded at least one publishes' "$(cat "$CLUSTER_DIR"/{left,right}.log)"
is "$(sql "SELECT string_agg(edition, ' ' ORDER BY edition) FROM ncci_editions WHERE edition IN ('left', 'right')")" "$published" 'and no other edition is there'
wanted=()
[[ $published != *left* ]] || wanted+=("left $(($(wc -l <"$files/ptp8") - 6))")
[[ $published != *right* ]] || wanted+=("right $(($(wc -l <"$files/ptp9") - 6))")
is "$(sql "SELECT string_agg(edition || ' ' || ptp_rows, '; ' ORDER BY edition) FROM ncci_editions WHERE edition IN ('left', 'right')")" \
	"$(printf '%s; ' "${wanted[@]}" | sed 's/; $//')" 'each with its own rows'

# rows that arrive while a load is published stay for the next
sql 'TRUNCATE ncci_ptp_import, ncci_mue_import' || exit
load "$files/ptp10" "$files/mue1" | "${psql[@]}" || exit
session first < <(publish_sql e8 22)
first=$session
wait_until 10 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'first' AND state = 'active'"
load "$files/ptp1" '' | "${psql[@]}"
wait $first
is "$(sql "SELECT count(*) FROM ncci_ptp('e8')"), $(sql 'SELECT count(*) FROM ncci_ptp_import')" "$(sql "SELECT count(*) FROM ncci_ptp('e8')"), $(wc -l <"$files/ptp1")" \
	'rows that are loaded while another load is published stay in the import'
is "$(sql "SELECT ptp_rows FROM ncci_editions WHERE edition = 'e8'")" "$(($(wc -l <"$files/ptp10") - 6))" 'and the edition has its own rows only'
done_testing

#!/bin/bash
# test/cluster/ruleset_file.sh
#
# A compiled edition is in a file that every backend maps: once for all of them, whole or not at all, gone with the server,
# and what it says is what a backend by itself would have compiled.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
tmp_files=$CLUSTER_DIR/a/data/base/pgsql_tmp

# an edition of 202,500 pairs of codes that there are not, with 97124 and 97140
publish() {
	sql "CREATE EXTENSION claimline;
		INSERT INTO ncci_ptp_import VALUES ('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale');
		INSERT INTO ncci_ptp_import SELECT 'X' || 1000 + a, 'Y' || 1000 + b, '', '20200101', '*', '1', 'Mutually exclusive procedures'
			FROM generate_series(1, 450) a, generate_series(1, 450) b;
		INSERT INTO ncci_ptp_import VALUES ('97140', '97124', '', '20200101', '*', '$1', 'Mutually exclusive procedures');
		SELECT ncci_publish('q', 'practitioner', '[2024-07-01,2024-09-30]')" >/dev/null || exit
}

# by a backend of its own: the findings, and whether it has the file mapped
judged="SELECT string_agg(e::text, ' ' ORDER BY e) FROM claim_edits('{\"a\" 1 97124-59 2024-08-01; \"a\" 2 97140 2024-08-01; \"a\" 3 X1001 2024-08-01; \"a\" 4 Y1002 2024-08-01}'::claimday, ruleset('medicare')) e"
# of many days one after the other: their pairs are sought in the file's filter, or in one of the backend's own
many="SELECT count(*), count(*) FILTER (WHERE (x.e).rule = 'ptp'), sum(hashtextextended(x.e::text, 0)) FROM (SELECT claim_edits(format('{\"a\" 1 X%s 2024-08-01; \"a\" 2 Y%s 2024-08-01; \"a\" 3 Y%s-59 2024-08-01; \"a\" 4 X%s 2024-08-01}',
	1001 + n % 600, 1001 + n * 7 % 600, 1001 + n * 11 % 600, 1001 + n * 13 % 600)::claimday, ruleset('medicare')) AS e FROM generate_series(1, 8000) n) x"
mapped="SELECT count(*) > 0 FROM regexp_matches(pg_read_file('/proc/' || pg_backend_pid() || '/maps'), 'pgsql_tmp.claimline')"
asked() {
	sql "$judged" "$mapped" 2>&1 | paste -sd '|'
}
files() {
	find "$tmp_files" -name 'pgsql_tmp.claimline.*' -printf "${1:-%f}\n" | sort
}
sql() {
	local statement statements=()

	for statement; do
		statements+=(-c "$statement")
	done
	"${psql[@]}" "${statements[@]}"
}

publish 1
first=$(asked)
days=$(sql "$many")
is "${first##*|}" t 'who compiles an edition has it in a file'
is "$(files | wc -l)" 1 'one file'
is "$(files %m)" 600 'that nobody else can read'
file=$tmp_files/$(files)
before=$(files '%i %s')
is "$(asked)" "$first" 'the next backend says the same'
is "$(files '%i %s')" "$before" 'of the same file'
rm "$file"
is "$(asked)" "$first" 'it is made again when it is gone'
size=$(stat -c %s "$file")
truncate -s $((size / 2)) "$file"
is "$(asked)" "$first" 'and when it is half a file'
is "$(stat -c %s "$file")" "$size" 'then it is whole again'
: >"$file"
is "$(asked)" "$first" 'and when it is empty'

# who has it mapped keeps it
{
	echo "$judged;"
	echo "\\! rm '$file'"
	echo "$judged;"
} | "${psql[@]}" >"$CLUSTER_DIR/kept" 2>&1
is "$(sort -u "$CLUSTER_DIR/kept" | wc -l) $(wc -l <"$CLUSTER_DIR/kept")" '1 2' 'a file that goes stays with who has it'

# another database, another edition of that name
sql 'CREATE DATABASE other' || exit
PGDATABASE=other publish 0
other=$(PGDATABASE=other asked)
[[ $other != "$first" && $other = *'|t' ]]
ok $? 'another database has its own' "$other"
is "$(asked)" "$first" 'and does not change what the first says'
is "$(files | wc -l)" 2 'in a file of its own'

# a place that cannot be written
rm -f "$tmp_files"/pgsql_tmp.claimline.*
mv "$tmp_files" "$tmp_files.away" && : >"$tmp_files"
is "$(asked)" "${first%|t}|f" 'without a place for files each backend has its own'
is "$(sql "$many")" "$days" 'and finds the same on many days'
[[ $(cut -d '|' -f 2 <<<"$days") -gt 4000 ]]
ok $? 'of which many have a pair that is in force' "$days"
rm "$tmp_files" && mv "$tmp_files.away" "$tmp_files"

# who is ended while it writes takes what it has written with it: here into a pipe that nobody empties
for how in INT TERM; do
	rm -f "$file" "$CLUSTER_DIR/writes"
	"${psql[@]}" -c 'SELECT pg_backend_pid()' -c "SELECT pg_sleep(0.5)" -c "$judged" >"$CLUSTER_DIR/writes" 2>&1 &
	writes=$!
	wait_until 10 test -s "$CLUSTER_DIR/writes" || bail_out 'no session'
	pid=$(head -n 1 "$CLUSTER_DIR/writes")
	as_server mkfifo -m 600 "$file.$pid" || exit
	wait_until 10 sql "SELECT 1 / count(*) FROM pg_stat_activity WHERE pid = $pid AND state = 'active' AND query LIKE '%claim_edits%'" || bail_out 'it judges nothing'
	wait_until 10 grep -q '^State:.S' "/proc/$pid/status" || bail_out 'the pipe takes all'
	kill -$how "$pid"
	wait $writes
	is "$(files | grep -c "\.$pid\$")" 0 "SIG$how while a file is written leaves nothing of it" "$(cat "$CLUSTER_DIR/writes")"
	rm -f "$file.$pid"
	is "$(asked)" "$first" 'and the next writes it whole'
done

# many policies
sql "INSERT INTO claim_policy (name, settings) SELECT 'p' || n, jsonb_build_object('extends', 'medicare', 'timed_limit', n) FROM generate_series(1, 12) n" 2>/dev/null ||
	sql "INSERT INTO claim_policy (name, settings) SELECT 'p' || n, '{\"extends\": \"medicare\"}' FROM generate_series(1, 12) n" || exit
for n in {1..12}; do
	sql "SELECT ruleset_hash(ruleset('p$n'))" >/dev/null || exit
done
[[ $(files | wc -l) -le 9 ]]
ok $? 'of many rulesets the longest unused go' "$(files | wc -l) files"

# the server goes
asked >/dev/null
kill_cluster a
start_cluster a
is "$(files | wc -l)" 0 'a server that starts has none'
is "$(asked)" "$first" 'and makes them again'
is "$(asked)" "$first" 'for all'

done_testing

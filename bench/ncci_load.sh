#!/bin/bash
# bench/ncci_load.sh DIRECTORY [ROUNDS]
#
# A whole NCCI practitioner PTP file: load and publish beside a plain \copy of it into a table with a primary key, the space
# of a quarter and of the next one with 1 % changes, the compiled ruleset, its first use in a backend, pair look-ups beside SQL.
#
# DIRECTORY has the parts as CMS ships them, *.TXT, in the order of their names.  The server is that of the PG* variables;
# the extension must be installed there.  The databases claimline_bench_* are made and dropped.
set -u -o pipefail

directory=${1-} rounds=${2:-3}
if [[ -z $directory ]]; then
	echo "skipped: needs the directory with the parts of a PTP file, as CMS ships them (*.TXT)"
	exit 0
fi
shopt -s nullglob
directory=$(cd "$directory" && pwd) || exit
parts=("$directory"/*.TXT)
((${#parts[@]} > 0)) || { echo "skipped: $directory has no *.TXT"; exit 0; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit
tmp=$(mktemp -d "${TMPDIR:-/tmp}/ncci_load.XXXXXX") || exit
psql=(psql -X -q -At -v ON_ERROR_STOP=1)

clean_up() {
	rm -rf "$tmp"
	[[ -n ${KEEP-} ]] || for name in floor load; do
		"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS claimline_bench_$name" >/dev/null
	done
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

fresh() {
	"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" -c CHECKPOINT || exit
	export PGDATABASE=$1
}

# timed: runs standard input; how long that takes is in `took`, in milliseconds
timed() {
	local begun

	begun=$(date +%s%N)
	"${psql[@]}" >"$tmp/out" || { cat "$tmp/out"; exit 1; }
	took=$((($(date +%s%N) - begun) / 1000000))
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

seconds() {
	awk -v ms="$1" 'BEGIN { printf "%.2f", ms / 1000 }'
}

# The floor has the types that the columns are read as.  Its key is the shortest that is unique: the file has a pair with two
# rows that differ in the rationale only.  The preamble, which is no row, is cut off; that costs a pipe.
floor_table="CREATE TABLE ptp (column_1 text, column_2 text, before_1996 text, effective date, deletion date, indicator smallint, rationale text,
	PRIMARY KEY (column_1, column_2, effective, rationale));"
floor_copy() {
	local part

	echo 'BEGIN;'
	for part in "${parts[@]}"; do
		echo "\\copy ptp from program 'tail -n +7 \"$part\"' (null '*', encoding 'WIN1252')"
	done
	echo 'COMMIT;'
}

# import PART...: and one unit limit, so that the limits of all other codes are known not to be
import() {
	local part

	for part; do
		echo "\\copy ncci_ptp_import from '$part' (encoding 'WIN1252')"
	done
	echo "\\copy ncci_mue_import from '$tmp/mue.csv' (format csv)"
}
printf '"CPT codes only, copyright American Medical Association.\n",,,\n"HCPCS/\nCPT Code",%s,%s,MUE Rationale\n' \
	'Practitioner Services MUE Values' 'MUE Adjudication Indicator' >"$tmp/mue.csv"
echo '97124,4,3 Date of Service Edit: Clinical,Clinical: Data' >>"$tmp/mue.csv"

# one row in a hundred changed: a third each expired, with the other indicator, and followed by a row of a new pair
change() {
	local part

	mkdir "$tmp/next"
	for part in "${parts[@]}"; do
		awk -F '\t' -v OFS='\t' -v seed=3 '
			BEGIN { srand(seed) }
			/^[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]\t/ && rand() < 0.01 {
				kind = int(rand() * 3)
				if (kind == 0 && $5 == "*") $5 = "20240930"
				else if (kind == 1 && $6 != 9) $6 = 1 - $6
				else if (kind == 2) { print; $2 = sprintf("Z%04d", n++ % 200); $3 = ""; $4 = "20241001"; $5 = "*"; $6 = n % 2 }
			}
			{ print }' "$part" >"$tmp/next/${part##*/}" || exit
	done
}

# the tables of the extension with their indexes, without the import
space_sql="SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)
	FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
		JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND x.extname = 'claimline'
	WHERE c.relkind IN ('r', 'p') AND c.relname NOT LIKE '%import%'"

rows=$(cat "${parts[@]}" | grep -cE '^[0-9A-Z]{5}'$'\t')
echo "$rows rows in ${#parts[@]} parts, $("${psql[@]}" -d postgres -c 'SHOW server_version'), medians of $rounds rounds, alternating"
echo "fsync $("${psql[@]}" -d postgres -c 'SHOW fsync'), wal_level $("${psql[@]}" -d postgres -c 'SHOW wal_level'), max_wal_size $("${psql[@]}" -d postgres -c 'SHOW max_wal_size')"
for ((round = 1; round <= rounds; round++)); do
	fresh claimline_bench_floor
	"${psql[@]}" -c "$floor_table" || exit
	timed < <(floor_copy)
	echo "$took" >>"$tmp/floor"
	[[ $("${psql[@]}" -c 'SELECT count(*) FROM ptp') = "$rows" ]] || { echo "the floor lacks rows"; exit 1; }
	floor_space=$("${psql[@]}" -c "SELECT pg_total_relation_size('ptp')")
	fresh claimline_bench_load
	"${psql[@]}" -c 'CREATE EXTENSION claimline' || exit
	empty_space=$("${psql[@]}" -c "$space_sql")
	timed < <(import "${parts[@]}")
	load=$took
	timed <<<"SELECT change || ' ' || n FROM ncci_publish('2024q3', 'practitioner', '[1990-01-01,2024-10-01)')"
	echo "$load" >>"$tmp/load"
	echo "$took" >>"$tmp/publish"
	echo $((load + took)) >>"$tmp/both"
done
paste -sd, "$tmp/out" | sed 's/^/published: /; s/,/, /g'
floor=$(median <"$tmp/floor") both=$(median <"$tmp/both")
echo
echo "plain \\copy with a primary key    $(seconds "$floor") s"
echo "load                              $(seconds "$(median <"$tmp/load")") s"
echo "publish                           $(seconds "$(median <"$tmp/publish")") s"
echo "load and publish                  $(seconds "$both") s, $(awk -v a="$both" -v b="$floor" 'BEGIN { printf "%.2f", a / b }') times the \\copy (wanted: at most 2)"
echo "each round                        \\copy $(paste -sd' ' "$tmp/floor"), both $(paste -sd' ' "$tmp/both") ms"

"${psql[@]}" -c 'VACUUM' || exit
first_space=$("${psql[@]}" -c "$space_sql")
change
timed < <(import "$tmp"/next/*.TXT)
timed <<<"SELECT change || ' ' || n FROM ncci_publish('2024q4', 'practitioner', '[2024-10-01,2025-01-01)')"
"${psql[@]}" -c 'VACUUM' || exit
second_space=$("${psql[@]}" -c "$space_sql")
echo
echo "the next quarter, published in $(seconds "$took") s: $(paste -sd, "$tmp/out" | sed 's/,/, /g')"
awk -v floor="$floor_space" -v empty="$empty_space" -v first="$first_space" -v second="$second_space" 'BEGIN {
	printf "space: table of the \\copy %.1f MB; first quarter %.1f MB, second %.2f MB, %.2f %% more (wanted: at most 2)\n",
		floor / 1e6, (first - empty) / 1e6, (second - first) / 1e6, 100 * (second - first) / (first - empty) }'

# a backend's first use, beside the mere reading of as many bytes
size=$("${psql[@]}" -c "SELECT pg_column_size(ruleset('medicare'))")
"${psql[@]}" -c 'CREATE TABLE bytes (b bytea)' -c 'ALTER TABLE bytes ALTER b SET STORAGE external' \
	-c "INSERT INTO bytes SELECT convert_to(repeat('x', $size), 'UTF8')" -c 'VACUUM bytes' || exit
echo
echo "a new connection, milliseconds: reading $size bytes; claim_passes by the starter, by the ruleset (first use), by it again"
use="SELECT claim_passes('97124 x1 15min 2024-01-10'::claimline, ruleset('medicare'));"
for ((round = 1; round <= 2 * rounds + 1; round++)); do
	printf '%s\n' '\timing on' 'SELECT get_byte(b, 1) FROM bytes;' "SELECT claim_passes('97124 x1 15min 2024-01-10'::claimline);" "$use" "$use" | "${psql[@]}" |
		sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | paste -sd' '
done | tee "$tmp/use"
echo "median of first use $(cut -d' ' -f3 "$tmp/use" | median) ms (wanted: at most 50), of reading as many bytes $(cut -d' ' -f1 "$tmp/use" | median) ms"

echo
"${psql[@]}" -f "$here/ncci_load.sql" || exit

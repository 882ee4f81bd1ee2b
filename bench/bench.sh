#!/bin/bash
# bench/bench.sh [--lines N] [--mix therapy|general|both] [--runs N] [--pairs N] [--json FILE]
#
# claimline beside the floors (the same GROUP BY without it) and its peers (set-based SQL, PL/pgSQL, DuckDB) over generated lines:
# time, memory, temporary files, plans; and the targets.  ./dev bench runs it on a throw-away server.
#
#   --lines N     lines of each mix (5000000)
#   --mix MIX     therapy, general or both (both)
#   --runs N      timed runs of each side, after one that warms up and compares the findings (3; 2 below 1,000,000 lines)
#   --pairs N     code pairs of the made-up edition (2500000; 250000 below 1,000,000 lines)
#   --json FILE   where the figures go (bench.json)
#
# The sides of a group alternate: A B C A B C ...; the figures are medians.  Every side runs in a connection of its own.  What takes
# long runs less often; the column "runs" says how often.  If a peer finds something else than claimline, the
# run stops with the first rows that differ.
#
# The server is that of the PG* variables, on this machine: memory is read from /proc.  The extension must be installed there.
# DuckDB is that of bench/node_modules (npm install in bench/); without it the others run.  The database claimline_bench is made
# and dropped.
set -u -o pipefail

usage() {
	sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

lines=5000000 mix=both runs='' pairs='' json=bench.json
while (($# > 0)); do
	case $1 in
	-h | --help) usage; exit ;;
	--lines | --mix | --runs | --pairs | --json) (($# > 1)) || { echo "bench.sh: $1 needs a value" >&2; exit 2; }; printf -v "${1#--}" %s "$2"; shift 2 ;;
	*) echo "bench.sh: unknown argument: $1" >&2; usage >&2; exit 2 ;;
	esac
done
small=$((lines < 1000000))
runs=${runs:-$((small ? 2 : 3))} pairs=${pairs:-$((small ? 250000 : 2500000))}
case $mix in
both) mixes=(therapy general) ;;
therapy | general) mixes=("$mix") ;;
*) echo "bench.sh: no such mix: $mix" >&2; exit 2 ;;
esac
if ! [[ $lines$runs$pairs =~ ^[0-9]+$ ]] || ((lines < 1000 || runs < 1 || pairs < 11000)); then
	echo 'bench.sh: --lines from 1000, --runs from 1, --pairs from 11000' >&2
	exit 2
fi
touch "$json" || exit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit
tree=${here%/*}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/claimline_bench.XXXXXX") || exit
chmod 755 "$tmp"
psql=(psql -X -q -At -v ON_ERROR_STOP=1)
began=$SECONDS duck='' exported=0

clean_up() {
	[[ -z ${duck-} ]] || kill "$duck" 2>/dev/null
	[[ -n ${KEEP-} ]] || "${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench WITH (FORCE)' >/dev/null
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

say() {
	printf '%6d s  %s\n' $((SECONDS - began)) "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# sql FILE [NAME=VALUE...]
sql() {
	local file=$1 variables=() name

	shift
	for name; do variables+=(-v "$name"); done
	(cd "$tree" && "${psql[@]}" "${variables[@]}" -f "bench/$file") || die "failed: bench/$file $*"
}

# --- DuckDB: a process for each store and number of threads, that answers a line for each run ---

answer_of_duck() {
	if [[ -z ${DUCK-} ]] || ! IFS= read -r reply <&"${DUCK[0]}"; then
		die "DuckDB has ended: $(tail -n 5 "$tmp/duck.err")"
	fi
}

ask_duck() {
	[[ -z ${DUCK-} ]] || echo "$1" >&"${DUCK[1]}"
	answer_of_duck
}

number() {
	[[ $reply =~ \"$1\":\ *([0-9.eE+-]+) ]] && echo "${BASH_REMATCH[1]}"
}

start_duck() {
	local mix=$1 store=$2 threads=$3 file=$tmp/$1-$2.csv begun

	if [[ ! -e $file ]]; then
		rm -f "$tmp"/*-*.csv
		begun=$(date +%s%N)
		"${psql[@]}" -c "\\copy (SELECT patient_id, npi, dos, claim_id, line_no, code, mod1, mod2, mod3, mod4, units, minutes, dx1, dx2 FROM bench.${mix}_$store) to '$file' (format csv, header)" || exit
		exported=$(($(date +%s%N) - begun))
	fi
	coproc DUCK { exec node "$here/duckdb.mjs" --csv "$file" --pairs "$tmp/pairs.csv" --limits "$tmp/limits.csv" --codes "$tmp/codes.csv" \
		--threads "$threads" --store "$store" --out "$tmp/found.csv" 2>"$tmp/duck.err"; }
	duck=$DUCK_PID
	answer_of_duck
	load=$(awk -v e="$exported" -v l="$(number load_seconds)" 'BEGIN { print e / 1e9 + l }')
}

stop_duck() {
	[[ -n $duck ]] || return
	eval "exec ${DUCK[1]}>&-"
	wait "$duck"
	duck=''
}

run_duck() {
	local id=$1 round=$2 mix=$3 store=$4

	if ((round == 0)); then
		ask_duck out
		"${psql[@]}" <<-SQL >&2 || die 'DuckDB finds something else'
			SET client_min_messages = warning;
			DROP TABLE IF EXISTS bench.found;
			CREATE UNLOGGED TABLE bench.found (claim_id text, line_no int, rule text, severity text, with_claim_id text, with_line_no int);
			\\copy bench.found from '$tmp/found.csv' (format csv, header)
			SELECT bench.compare('found_${mix}_in_edits', '$mix, $store, DuckDB') AS same \\gset
		SQL
		return
	fi
	ask_duck run
	"${psql[@]}" -c "INSERT INTO bench.run VALUES ($id, $round, $(number seconds), $(number cpu), '$(number count)')"
	((round > 1)) || "${psql[@]}" -c "INSERT INTO bench.peak VALUES ($id, $(number peak_rss) / 1024, NULL, NULL, $load)"
}

# --- PostgreSQL ---

private_memory() {
	local key value _

	memory=0
	while read -r key value _; do
		[[ $key != RssAnon: ]] || { memory=$value; break; }
	done 2>/dev/null <"/proc/$1/status"
}

# watch SESSION: the most private memory (RssAnon) that its backend and the workers had at a time, in kB, is in `peak`
watch() {
	local pid='' postmaster='' sum child known=() word

	peak=0
	while kill -0 "$1" 2>/dev/null; do
		if [[ -n $pid || -s $tmp/pid ]]; then
			pid=${pid:-$(<"$tmp/pid")}
			private_memory "$pid"
			sum=$memory
			# the workers are children of the postmaster, as the backend is
			[[ -n $postmaster ]] || postmaster=$(awk '/^PPid/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
			read -ra known 2>/dev/null <"/proc/$postmaster/task/$postmaster/children"
			for child in "${known[@]}"; do
				IFS= read -r -d '' word 2>/dev/null <"/proc/$child/cmdline"
				[[ $word = *"parallel worker for PID $pid"* ]] && private_memory "$child" && sum=$((sum + memory))
			done
			((sum <= peak)) || peak=$sum
		fi
		read -r -t 0.01 <>"$tmp/never"
	done
}

temporary() {
	"${psql[@]}" -c "SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"
}

run_side() {
	local id=$1 round=$2 before session

	rm -f "$tmp/pid"
	((round != 1)) || before=$(temporary)
	"${psql[@]}" -v id="$id" -v round="$round" -v ticks="$(getconf CLK_TCK)" -v pid="$tmp/pid" -f "$here/run.sql" >&2 &
	session=$!
	((round != 1)) || watch "$session"
	wait "$session" || die "failed: side $id"
	((round != 1)) || "${psql[@]}" -c "UPDATE bench.peak SET memory_kb = $peak, temp_bytes = $(temporary) - $before WHERE side = $id"
}

# group PART MIX STORE WORKERS: the sides alternate
group() {
	local part=$1 mix=$2 store=$3 workers=$4 sides=() side id most name round

	say "$part, $mix, $store, $workers at work"
	mapfile -t sides < <("${psql[@]}" -F ' ' -c "SELECT id, runs, side FROM bench.side WHERE (part, mix, store, workers) = ('$part', '$mix', '$store', $workers) ORDER BY id")
	[[ ${sides[*]} != *DuckDB* ]] || start_duck "$mix" "$store" "$workers"
	for ((round = 0; round <= runs; round++)); do
		for side in "${sides[@]}"; do
			read -r id most name <<<"$side"
			((round <= most)) || continue
			if [[ $name = DuckDB ]]; then run_duck "$id" "$round" "$mix" "$store"; else run_side "$id" "$round"; fi
		done
	done
	stop_duck
}

# --- the parts ---

# prepare MIX EDITION: the rivals' tables, and what is to be measured
prepare() {
	local mix=$1 edition=$2 table

	say "$mix: the rows that the peers judge by"
	sql peers.sql edition="$edition" >/dev/null
	for table in pairs limits codes; do
		"${psql[@]}" -c "\\copy bench.peer_$table to '$tmp/$table.csv' (format csv, header)" || exit
	done
	sql quarter.sql mix="$mix"
	sql sides.sql mix="$mix" edition="$edition" runs="$runs" duckdb="$duckdb"
	"${psql[@]}" -c CHECKPOINT || exit
}

# private_memory_of EDITION: what a backend that uses an edition has more to itself than it had with the built-in one, in bench.memory
private_memory_of() {
	"${psql[@]}" -v edition="$1" <<-'SQL' || exit
		SELECT $$SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::bigint AS kb$$ AS memory \gset
		SELECT count(*) FROM claim_edits('97124-GP x1 15min 2023-01-05', ruleset('medicare', 'starter')) \g /dev/null
		:memory \gset before_
		SELECT count(*) FROM claim_edits('97124-GP x1 15min 2023-01-05', ruleset('medicare', :'edition')) \g /dev/null
		:memory \gset after_
		INSERT INTO bench.memory VALUES (:after_kb - :before_kb);
	SQL
}

# measure MIX: each group of the table of sides, in its order
measure() {
	local groups=() line

	mapfile -t groups < <("${psql[@]}" -c "SELECT part, mix, store, workers FROM bench.side WHERE mix = '$1' GROUP BY 1, 2, 3, 4 ORDER BY min(id)")
	for line in "${groups[@]}"; do
		IFS='|' read -ra line <<<"$line"
		group "${line[@]}"
	done
}

duckdb=$([[ -d $here/node_modules/@duckdb/node-api ]] && command -v node >/dev/null && echo true || echo false)
[[ $duckdb = true ]] || say 'DuckDB is left out: bench/node_modules has no @duckdb/node-api, or there is no node'
mkfifo "$tmp/never" || exit
"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench' -c 'CREATE DATABASE claimline_bench' || exit
export PGDATABASE=claimline_bench

say "generating $lines lines of each mix"
sql generate.sql lines="$lines" mix="$mix"
sql edition.sql pairs="$pairs" | paste -sd' ' >&2
for name in "${mixes[@]}"; do
	prepare "$name" "$([[ $name = general ]] && echo bench || echo starter)"
	measure "$name"
done
"${psql[@]}" -c 'CREATE TABLE bench.memory (kb bigint)' || exit
private_memory_of bench
say 'guards'
guards=(3 3 100000)
((!small)) || guards=(1 1 4000)
"$here/guard.sh" "${guards[@]}" >"$tmp/guards" || die 'failed: bench/guard.sh'
cat "$tmp/guards" >&2
"${psql[@]}" <<-SQL || exit
	CREATE TEMP TABLE guards (figure text);
	\\copy guards from '$tmp/guards' (format csv, delimiter E'\x01', quote E'\x02')
	CREATE TABLE bench.guard AS
	SELECT f[1] AS what, f[2] AS side, f[3]::numeric AS median, f[4] AS unit, f[5]::numeric AS fastest, f[6]::numeric AS slowest, f[7]::numeric AS to_plain
	FROM guards, regexp_match(figure, '(\S+) +(\S+) +(\S+) (\S+) \((\S+) to (\S+)\) +(\S+) x plain') f;
SQL

# --- the report ---

title() {
	printf '%s\n' "$*"
}

server=$("${psql[@]}" -F ', ' -c "SELECT 'PostgreSQL ' || current_setting('server_version'), 'shared_buffers ' || current_setting('shared_buffers'), 'fsync ' || current_setting('fsync')")
machine="$(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)), $(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)"
duck_version=$([[ $duckdb = true ]] && sed -n 's/.*"version": *"\(.*\)".*/\1/p' "$here/node_modules/@duckdb/node-api/package.json" || echo 'left out')
took=$((SECONDS - began))
sql report.sql
different=$("${psql[@]}" -c 'SELECT d FROM bench.different d')
[[ -z $different ]] || die "not the same in every run: $different"
report=(psql -X -q -v ON_ERROR_STOP=1 -P footer=off -P null=)
echo "claimline and its peers: $server, work_mem 1GB where nothing else is said, jit off; $machine"
echo "$("${psql[@]}" -c "SELECT string_agg(format('%s: %s lines', mix, lines), '; ') FROM (SELECT DISTINCT ON (mix) mix, lines FROM bench.side WHERE part = 'edits') s"), $pairs code pairs; seed 1; DuckDB $duck_version; medians of $runs runs, alternating; $took s in all"
cat <<'TEXT'
CPU s are processor seconds of the backend and its workers, seconds what the clock says; both are medians, and "to X" is the CPU time to that of X.
Memory is the most private memory that the backend and its workers had (looked at every 10 ms), of DuckDB its whole process, which holds the
lines; its load is export and import.  "count, sum" is the floor: the same GROUP BY of count(*), sum(minutes).  All have the planner's own
plan, but "by the index", the floor held to reading lines in the order of their days.  "claimline" is over stored lines, "of columns" builds each line in the query.  The peers give the findings of 10 rules,
row for row those of claimline; claimline computes all its rules in the same pass, and its findings are all that it finds.  The set-based SQL has nested loops
and merge joins off: it is faster so.

TEXT
"${psql[@]}" -F $'\t' -c "SELECT part, mix, store, workers, text FROM bench.group_titles ORDER BY n" | while IFS=$'\t' read -r part name store workers text; do
	title "$text"
	"${report[@]}" -v part="$part" -v mix="$name" -v store="$store" -v workers="$workers" <<-'SQL' || exit
		SELECT * FROM bench.group_table(:'part', :'mix', :'store', :workers);
		\pset tuples_only on
		\pset format unaligned
		SELECT * FROM bench.group_plans(:'part', :'mix', :'store', :workers);
		\qecho
	SQL
done
title "Guards: ${guards[2]} lines copied, and single rows inserted; a row trigger that asks claim_passes (row), one in PL/pgSQL alone (peer)"
cat "$tmp/guards"
echo
title 'Targets'
"${report[@]}" -c 'SELECT target, what, wanted, reached, met FROM bench.target ORDER BY n'
"${psql[@]}" -v server="$server" -v machine="$machine" -v duckdb="$duck_version" -v pairs="$pairs" -v runs="$runs" -v seconds="$took" <<'SQL' >"$json" || exit
SELECT jsonb_pretty(jsonb_build_object('server', :'server', 'machine', :'machine', 'duckdb', :'duckdb', 'pairs', :pairs, 'runs', :runs, 'seconds', :seconds,
	'figures', (SELECT jsonb_agg(to_jsonb(f) ORDER BY id) FROM bench.figure f),
	'guards', (SELECT jsonb_agg(to_jsonb(g)) FROM bench.guard g),
	'targets', (SELECT jsonb_agg(to_jsonb(t) ORDER BY n) FROM bench.target t)));
SQL
say "the figures are in $json"

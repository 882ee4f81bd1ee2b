# shellcheck shell=bash
# test/cluster/lib.sh
#
# For tests that need servers of their own, to kill or to restore into.  A test is a bash script
# that sources this file and with it test/lib.sh, runs at the root of the tree and prints TAP.  It gets
#   CLUSTER_SERVER   directory of the postgres, initdb and pg_ctl that see the extension
#   CLUSTER_CLIENT   directory of psql, pg_dump and pg_restore
#   CLUSTER_DIR      an empty directory for its servers and files; it must stay short, sockets are in it
# Every server is stopped when the script ends, however it ends.
# shellcheck source=test/lib.sh
. test/lib.sh
unset "${!PG@}"
export PGUSER=postgres PGPORT=5432 PGDATABASE=postgres PGCONNECT_TIMEOUT=10
export PGOPTIONS='-c statement_timeout=60s'	# nothing here takes that long

: "${CLUSTER_SERVER:?}" "${CLUSTER_CLIENT:=$CLUSTER_SERVER}" "${CLUSTER_DIR:?}"
psql=("$CLUSTER_CLIENT/psql" -X -q -At -v ON_ERROR_STOP=1)

# initdb and postgres refuse to run as root
as_server() {
	if ((EUID == 0)); then
		setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
	else
		"$@"
	fi
}

# new_cluster NAME [OPTION...]: makes and starts a server, with these options of initdb
new_cluster() {
	local dir=$CLUSTER_DIR/$1

	mkdir -m 700 "$dir" || exit
	((EUID != 0)) || chown postgres: "$dir" || exit
	as_server "$CLUSTER_SERVER/initdb" -D "$dir/data" -U postgres --auth=trust \
		--locale=C.UTF-8 --encoding=UTF8 --no-sync "${@:2}" >"$CLUSTER_DIR/$1.initdb" 2>&1 ||
		bail_out "initdb: $(tail -n 3 "$CLUSTER_DIR/$1.initdb")"
	cat >>"$dir/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$dir'
		fsync = off	# the machine does not crash, only the server
		autovacuum = off
		max_wal_size = 4GB
		dynamic_shared_memory_type = mmap
	END
	start_cluster "$1"
}

start_cluster() {
	as_server "$CLUSTER_SERVER/pg_ctl" start -w -t 60 -D "$CLUSTER_DIR/$1/data" -l "$CLUSTER_DIR/$1/log" >/dev/null 2>&1 ||
		bail_out "pg_ctl start: $(tail -n 3 "$CLUSTER_DIR/$1/log")"
	export PGHOST=$CLUSTER_DIR/$1
}

stop_clusters() {
	local pid_file

	for pid_file in "$CLUSTER_DIR"/*/data/postmaster.pid; do
		[[ ! -f $pid_file ]] || as_server "$CLUSTER_SERVER/pg_ctl" stop -D "${pid_file%/*}" -m immediate >/dev/null 2>&1
	done
}
trap stop_clusters EXIT
trap 'exit 143' HUP INT TERM

# processes NAME: the server's, its own first.  Others that end meanwhile must not shorten the list: mawk reads nothing behind
# a file that is gone.
processes() {
	local postmaster

	postmaster=$(head -n 1 "$CLUSTER_DIR/$1/data/postmaster.pid")
	echo "$postmaster"
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v parent="$postmaster" '{ pid = $1; sub(/^.*\) /, ""); if ($2 == parent) print pid }'
}

# kill_cluster NAME [PID...]: ends the server and each of its processes with SIGKILL, as a machine without memory would
kill_cluster() {
	local name=$1 pid pids

	shift
	pids=("$@")
	(($# > 0)) || mapfile -t pids < <(processes "$name")
	kill -9 "${pids[@]}" 2>/dev/null
	for pid in "${pids[@]}"; do
		wait_until 10 ended "$pid" || bail_out "process $pid does not end"
	done
	# a process that nobody has waited for yet looks alive to the next server
	wait_until 5 test ! -e "/proc/${pids[0]}" || rm -f "$CLUSTER_DIR/$name/data/postmaster.pid"
}

# kill_backend PID SERVER PROCESS...: ends a backend with SIGKILL, and waits until the server has ended its other processes,
# which it does when it sees that; up to then it goes on answering
kill_backend() {
	! kill -9 "$1" 2>/dev/null || wait_until 10 ended "${@:3}"
}

# strike MILLISECONDS HOW: runs standard input in a session and ends that, so long after it began: HOW is backend or server, by
# SIGKILL, terminate or cancel.  1 if the session was through before.  What it said is in session.log.  The session waits a
# little first, so that everything is ready; a cancelled one goes on behind what is in its way.
strike() {
	local session status=0 file=$CLUSTER_DIR/session.pid pid begun name=${PGHOST##*/} pids=()

	rm -f "$file"
	{
		echo "SELECT pg_backend_pid(), 300 + (extract(epoch FROM clock_timestamp()) * 1000)::bigint \\g '$file'"
		echo 'SELECT pg_sleep(0.3);'
		cat
	} >"$CLUSTER_DIR/session.sql"
	"${psql[@]}" -f "$CLUSTER_DIR/session.sql" >"$CLUSTER_DIR/session.log" 2>&1 &
	session=$!
	wait_until 10 test -s "$file" || bail_out "no session: $(cat "$CLUSTER_DIR/session.log")"
	IFS='|' read -r pid begun <"$file"
	mapfile -t pids < <(processes "$name")
	sleep "$(awk -v at=$((begun + $1)) -v now="$(date +%s%N)" 'BEGIN { s = at / 1000 - now / 1e9; printf "%.3f", (s > 0 ? s : 0) }')"
	case $2 in
	server) kill_cluster "$name" "${pids[@]}"; start_cluster "$name" ;;
	backend) kill_backend "$pid" "${pids[@]}" ;;
	terminate) kill -TERM "$pid" 2>/dev/null ;;
	cancel) kill -INT "$pid" 2>/dev/null ;;
	esac
	wait $session || status=$?
	wait_until 30 answers || bail_out 'the server does not come back'
	((status != 0))
}

# ended PID...
ended() {
	local pid

	for pid; do
		[[ ! -e /proc/$pid ]] || grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || return
	done
}

# wait_until SECONDS COMMAND...: asks until it is so
wait_until() {
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return
		sleep 0.02
	done
}

sql() {
	"${psql[@]}" -c "$1"
}

answers() {
	[[ $(sql 'SELECT 1' 2>/dev/null) = 1 ]]
}

# --- NCCI files ---

# ptp_file PAIRS SEED: a file of pairs in CMS's layout, two rows a pair, in part drawn by the seed
ptp_file() {
	printf 'CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n'
	printf 'Column1/Column2 Edits\t\t\t\t\t\t\r\n'
	printf 'Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n'
	printf '\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n'
	printf '\t\t\t\t*=no data\t1=allowed\t\r\n'
	printf '\t\t\t\t\t9=not applicable\t\r\n'
	awk -v pairs="$1" -v seed="$2" 'BEGIN {
		for (i = 0; i < pairs; i++) {
			x = (i * 7919 + seed * 104729) % 10007
			a = sprintf("X%04d", i / 400)
			b = sprintf("Y%04d", i % 400)
			# every 50th pair differs by the seed
			year = i % 50 ? 2010 + i % 8 : 2010 + x % 8
			printf "%s\t%s\t\t%d0101\t%d1231\t%d\tStandards of medical/surgical practice\r\n", a, b, year, year + 5, x % 2
			printf "%s\t%s\t\t%d0401\t*\t%d\tMisuse of Column Two code with Column One code\r\n", a, b, year + 9, i % 50 ? i % 2 : (x + 1) % 2
		}
	}'
}

# mue_file SERVICE_NAME SEED
mue_file() {
	printf '"CPT codes, descriptions and other data only are copyright 2025 American Medical Association. All rights reserved. \n\nCPT\xae is a registered trademark.",,,\n'
	printf '"HCPCS/\nCPT Code",%s Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n' "$1"
	awk -v seed="$2" 'BEGIN {
		for (i = 0; i < 400; i++)
			printf "Y%04d,%d,3 Date of Service Edit: Clinical,Clinical: Data\n", i, (i * 31 + seed) % 5
	}'
}

# load PTP_FILE MUE_FILE: psql commands that read both
load() {
	[[ -z $1 ]] || echo "\\copy ncci_ptp_import from '$1' (encoding 'WIN1252')"
	[[ -z $2 ]] || echo "\\copy ncci_mue_import from '$2' (format csv, encoding 'WIN1252')"
}

# what all editions and rulesets say
editions_sql="SELECT coalesce(string_agg(said, E'\n' ORDER BY said COLLATE \"C\"), 'none')
FROM (
	SELECT concat_ws(' ', e.service_type, e.edition, e.covers, e.published_by, e.based_on, e.ptp_rows, e.mue_rows, e.retired_why,
		extract(epoch FROM e.published_at), extract(epoch FROM e.retired_at)) AS said
	FROM ncci_editions e
	UNION ALL
	SELECT concat_ws(' ', 'ruleset', e.service_type, e.edition, ruleset_hash(ruleset('medicare', e.edition, e.service_type)))
	FROM ncci_editions e WHERE e.retired_at IS NULL
	UNION ALL
	SELECT concat_ws(' ', 'newest', ruleset_hash(ruleset('medicare')))
) x"

editions() {
	sql "$editions_sql"
}

# --- guarded tables ---

# make_guarded SQL: the table `claims`, made by SQL, with the source and the guard of guard_table.sql; in place of one of before
make_guarded() {
	"${psql[@]}" -c 'SET client_min_messages = warning' -c 'DROP VIEW IF EXISTS denied' -c 'SELECT claim_source_drop(name) FROM claim_sources' \
		-c 'DROP TABLE IF EXISTS claims CASCADE' -c "$1" -f test/cluster/guard_table.sql >/dev/null || bail_out "cannot make the table: $1"
}

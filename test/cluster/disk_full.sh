#!/bin/bash
# test/cluster/disk_full.sh
#
# The disk is full: at many points of a scan, of a write to guarded tables, of a publish and of the first use of an edition, in the
# tablespace of the database and under the whole data directory.  The error says so, nothing is lost, nothing is half done or left behind,
# and with room again all comes to what an undisturbed run comes to.  Needs the right to mount.
#
# DISK_FULL_STEP=1 tries all sizes, and not one in five.
# shellcheck source=test/cluster/lib_faults.sh
. test/cluster/lib_faults.sh

small=$CLUSTER_DIR/s
mkdir -m 711 "$small" || exit
if ! mount -t tmpfs -o size=600m,mode=711 tmpfs "$small" 2>/dev/null; then
	skip 'a full disk' 'needs the right to mount a small file system'
	done_testing
fi
cluster_dir=$CLUSTER_DIR
trap 'CLUSTER_DIR=$cluster_dir stop_clusters; CLUSTER_DIR=$small stop_clusters; umount -l "$small"' EXIT

# room KB: so much is left; room all: what there is
room() {
	local left

	rm -f "$small/ballast"
	[[ $1 != all ]] || return 0
	left=$(df --output=avail -k "$small" | tail -n 1)
	((left <= $1)) || fallocate -l "$((left - $1))k" "$small/ballast" || bail_out 'cannot fill the disk'
}

# up: the server answers, after it was started again if it ended
up() {
	wait_until 5 answers || start_cluster "${PGHOST##*/}"
}

# short_of_room WHERE WHAT N KB...: WHAT is done with so little room, and then with more, until it is through
short_of_room() {
	local where=$1 what=$2 n=$3 kb before after said full=0 through='' wrong=''

	shift 3
	ready "$what" "$n"
	for kb; do
		((++ways))
		[[ $what != use ]] || forget_shared
		room "$kb"
		said=$({ "${what}_sql" "$n"; held_sql; } | "$CLUSTER_CLIENT/psql" -X -q -At 2>&1 | grep -E '(ERROR|FATAL|PANIC|WARNING): |connection|still held')
		[[ $what = use ]] || room all
		said=$(grep -v 'WARNING:  there is no transaction' <<<"$said")
		if [[ ! $said ]]; then
			through=1
		else
			((++full))
			[[ $said = *'No space left on device'* || $said = *'connection to server was lost'* && $where = *directory* ]] || wrong+="$kb kB: $said"$'\n'
			[[ $said != *'still held'* ]] || wrong+="$kb kB: $said"$'\n'
		fi
		up
		said=$(left_files)
		wrong+=${said:+left: $said$'\n'}
		room all
		said=$(half_done "$what")
		wrong+=${said:+$kb kB: $said$'\n'}
		[[ ! $through || $what = use ]] || break
	done
	wrong+=$(settled "$what" "$n")
	ok $((${#wrong} > 0)) "$where, $what: the disk was full $full times" "$wrong"
	[[ $what = use ]] || ok $((full == 0)) 'and there was too little room for it'
}

# every STEP of so many KB
sizes() {
	local kb=("$@") i

	for ((i = 0; i < $#; i += step)); do
		echo "${kb[i]}"
	done
}

all_short() {
	local where=$1 n=$2 kb

	for PGDATABASE in reference victim; do
		sql "CALL night($n)" || bail_out 'night'
	done
	mapfile -t kb < <(sizes 0 16 40 72 104 160 256 384 512 768 1024 1536 2048 3072 4096 8192 16384)
	short_of_room "$where" scan "$n" "${kb[@]}"
	mapfile -t kb < <(sizes 0 24 64 128 256 512 768 1024 1536 2048 4096 8192)
	short_of_room "$where" guard "$n" "${kb[@]}"
	mapfile -t kb < <(sizes 0 64 512 1024 2048 4096 8192 12000 16000 20000 30000 50000)
	short_of_room "$where" publish "$n" "${kb[@]}"
}

step=${DISK_FULL_STEP:-5}
mkdir "$small/ts" && { ((EUID != 0)) || chown postgres: "$small/ts"; } || exit
begin_faults a 'TABLESPACE small'
PGDATABASE=postgres sql "CREATE TABLESPACE small LOCATION '$small/ts'" || exit
fresh
all_short 'a full tablespace' 1
stop_clusters

# with the log that is written ahead, without which the server cannot go on
CLUSTER_DIR=$small
begin_faults b
PGDATABASE=postgres "${psql[@]}" -c "ALTER SYSTEM SET min_wal_size = '32MB'" -c "ALTER SYSTEM SET max_wal_size = '48MB'" -c 'SELECT pg_reload_conf()' >/dev/null || exit
fresh
all_short 'a full data directory' 2
short_of_room 'a full data directory' use 2 0 64 512 1100 8192
is "$(find "$data/base/pgsql_tmp" -name 'pgsql_tmp.claimline.*' | wc -l)" 1 'with room there is a file for all'
done_testing

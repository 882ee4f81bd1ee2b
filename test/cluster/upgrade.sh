#!/bin/bash
# test/cluster/upgrade.sh
#
# pg_upgrade from every older PostgreSQL that is installed here: stored values and their hashes, policies, editions, sources,
# findings and notes are the same behind it, guards and logs are on, and scans go on.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

: "${PG_CONFIG:=pg_config}"
new_version=$("$PG_CONFIG" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
export PGOPTIONS='-c search_path=public,claims -c timezone=UTC -c client_min_messages=warning'

# programs_of TREE PG_CONFIG: a copy of a server's programs in a tree of links sees the extensions of that tree
programs_of() {
	local dir bindir

	bindir=$("$2" --bindir)
	mkdir -p "$1$bindir" && cp -L "$bindir"/* "$1$bindir" || return
	for dir in "$("$2" --sharedir)" "$("$2" --pkglibdir)"; do
		mkdir -p "$1$dir" && cp -rs "$dir/." "$1$dir" || return
		rm -rf "$1$dir"/{extension/,bitcode/,}claimline*
	done
}

# build_for TREE PG_CONFIG: this claimline, for another server
build_for() {
	local source=$1/claimline

	mkdir -p "$source" && tar -cf - --exclude='*.o' --exclude='*.so' Makefile claimline.control data doc sql src | tar -C "$source" -xf - || return
	make -s -C "$source" -j2 PG_CONFIG="$2" with_llvm=no && make -s -C "$source" PG_CONFIG="$2" with_llvm=no DESTDIR="$1" install
}

# what must be the same
said() {
	"${psql[@]}" -f test/cluster/upgrade_said.sql
}

# upgrade VERSION PG_CONFIG
upgrade() {
	local old=$CLUSTER_DIR/$1 from=from$1 to=to$1 was bindir

	bindir=$("$2" --bindir)
	programs_of "$old" "$2" || bail_out "$1 cannot be copied"
	succeeds "claimline is built for PostgreSQL $1" build_for "$old" "$2"
	CLUSTER_SERVER=$old$bindir
	new_cluster "$from" --data-checksums
	sql "CREATE DATABASE clinic" || bail_out "$1: no database"
	export PGDATABASE=clinic
	sql "CREATE SCHEMA claims; CREATE EXTENSION claimline SCHEMA claims" || bail_out "$1: no extension"
	{ load "$CLUSTER_DIR/ptp" "$CLUSTER_DIR/mue" && cat test/cluster/upgrade_before.sql; } | "${psql[@]}" >/dev/null || bail_out "$1: the database to upgrade cannot be made"
	was=$(said) || bail_out "$1 does not answer"
	stop_cluster "$from"

	CLUSTER_SERVER=$new_server
	new_cluster "$to" --data-checksums
	stop_cluster "$to"
	succeeds "pg_upgrade from $1 to $new_version" as_server env -C "$CLUSTER_DIR/$to" PGDATABASE=postgres PGOPTIONS= "$new_server/pg_upgrade" \
		-b "$old$bindir" -B "$new_server" -d "$CLUSTER_DIR/$from/data" -D "$CLUSTER_DIR/$to/data" -U postgres -s "$CLUSTER_DIR/$to"
	start_cluster "$to"
	for kind in kept policy edition ruleset source guard trigger noted aside found scan log line counted risk; do
		ok "$(grep -q "^$kind " <<<"$was"; echo $?)" "$1 has something to say of $kind"
	done
	is "$(diff <(echo "$was") <(said) | head -n 20)" '' 'what was said is said'
	is "$(sql "SELECT count(*), count(DISTINCT hash), bool_and((claimline_hash_extended(line, 1), claimday_hash_extended(day, 1)) = (hash, day_hash) AND ruleset_hash(rules) IS NOT DISTINCT FROM rules_hash) FROM kept")" \
		"$(sql "SELECT count(*), count(DISTINCT line), 't' FROM kept")" 'values hash as they did'
	for set in enable_indexscan enable_hashjoin; do
		is "$(sql "SET enable_seqscan = off; SET enable_bitmapscan = off; SET $set = off; SELECT count(*) FROM (SELECT DISTINCT line FROM kept) k WHERE EXISTS (SELECT FROM kept o WHERE o.line = k.line)")" \
			"$(sql 'SELECT count(DISTINCT line) FROM kept')" "lines are found by their indexes, $set off"
	done
	is "$(sql "INSERT INTO visit VALUES ('P1', 'N9', '2024-08-01', 'Z1', '98940', '{AT}', 1, NULL, '{M99.01}', 40), ('P1', 'N9', '2024-08-01', 'Z2', '97124', '{GP}', 1, 15, '{M99.01}', 40)" 2>&1 | sed -n '/^ERROR/p' | wc -l)" \
		1 'the guard refuses'
	is "$(sql "CALL claim_scan_row('visits', 'plan')" | cut -d '|' -f 1-3)" '0|0|0' 'a scan finds nothing more'
	stop_cluster "$to"
	PGDATABASE=postgres
}

stop_cluster() {
	as_server "$CLUSTER_SERVER/pg_ctl" stop -w -D "$CLUSTER_DIR/$1/data" -m fast >/dev/null || bail_out "$1 does not stop"
}

new_tree=$CLUSTER_DIR/new
olders=()
for ((n = new_version - 1; n >= 15; n--)); do
	config=/usr/lib/postgresql/$n/bin/pg_config
	[[ ! -x $config || ! -x ${config%/*}/postgres || ! -f $("$config" --includedir-server)/postgres.h ]] || olders+=("$n")
done
if ((${#olders[@]} == 0)); then
	skip 'pg_upgrade' 'no older PostgreSQL is installed'
	done_testing
fi
programs_of "$new_tree" "$PG_CONFIG" || bail_out "the new server cannot be copied"
make -s PG_CONFIG="$PG_CONFIG" with_llvm=no DESTDIR="$new_tree" install || bail_out "make install"
new_server=$new_tree$("$PG_CONFIG" --bindir)
ptp_file 4000 1 >"$CLUSTER_DIR/ptp" && mue_file Practitioner 1 >"$CLUSTER_DIR/mue" || exit
for n in "${olders[@]}"; do
	upgrade "$n" "/usr/lib/postgresql/$n/bin/pg_config"
done
done_testing

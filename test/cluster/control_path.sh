#!/bin/bash
# test/cluster/control_path.sh
#
# PostgreSQL 18: an extension that is not installed where the server is, found by extension_control_path, with all that it is made
# of.  The server is the one that is installed; claimline is in a folder of its own.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

: "${PG_CONFIG:=pg_config}"
if (($("$PG_CONFIG" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/') < 18)); then
	skip 'extension_control_path' 'PostgreSQL 18 has it'
	done_testing
fi
there=$CLUSTER_DIR/there
succeeds 'make install elsewhere' make -s PG_CONFIG="$PG_CONFIG" with_llvm=no DESTDIR="$there" install
CLUSTER_SERVER=$CLUSTER_CLIENT
new_cluster a
if [[ $(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'claimline'") != 0 ]]; then
	skip 'elsewhere' 'claimline is installed for this server'
	done_testing
fi
is "$(sql 'CREATE EXTENSION claimline' 2>&1 | grep -c 'is not available')" 1 'the server does not know claimline'
cat >>"$CLUSTER_DIR/a/data/postgresql.conf" <<-END
	extension_control_path = '$there$("$PG_CONFIG" --sharedir):\$system'
	dynamic_library_path = '$there$("$PG_CONFIG" --pkglibdir):\$libdir'
END
sql 'SELECT pg_reload_conf()' >/dev/null
is_read() {
	[[ $(sql 'SHOW extension_control_path') = */there/* ]]
}
wait_until 10 is_read || bail_out 'the configuration is not read'
succeeds 'then it does' sql 'CREATE EXTENSION claimline'
is "$(sql "SELECT claim_passes('97124-GP x5 75min 2024-08-01'), claim_passes('97124-GP x1 15min 2024-08-01')")" 'f|t' 'and judges'
is "$(sql "SELECT count(*) > 1 FROM claim_policy")" t 'with what is shipped'
succeeds 'it is dropped' sql 'DROP EXTENSION claimline'
done_testing

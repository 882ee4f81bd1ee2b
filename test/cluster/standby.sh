#!/bin/bash
# test/cluster/standby.sh
#
# A standby judges and shows what was found; a scan, which stores, says why it cannot run there.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
sql "CREATE EXTENSION claimline;
	CREATE TABLE t (patient text, provider text, dos date, code text, units numeric);
	INSERT INTO t VALUES ('P', 'N', '2024-08-01', '97124', 9)" || exit
sql "SELECT claim_source_add('t', 't', columns => '{\"patient\": \"patient\", \"provider\": \"provider\", \"dos\": \"dos\", \"code\": \"code\", \"units\": \"units\"}')" >/dev/null 2>&1 || exit
sql "CALL claim_scan('t')" 2>/dev/null || exit
findings="SELECT string_agg(rule, ' ' ORDER BY rule) FROM"
found=$(sql "$findings claim_findings")
judged=$(sql "$findings claim_edits('97124 x9 2024-08-01', ruleset('hns'))")
[[ $found = *mue-day* ]]
ok $? 'the primary has found something' "$found"

# the same server, recovering for ever
as_server "$CLUSTER_SERVER/pg_ctl" stop -w -m fast -D "$CLUSTER_DIR/a/data" >/dev/null || bail_out 'pg_ctl stop'
as_server touch "$CLUSTER_DIR/a/data/standby.signal" || exit
start_cluster a
is "$(sql 'SELECT pg_is_in_recovery()')" t 'a standby'
is "$(sql "$findings claim_edits('97124 x9 2024-08-01', ruleset('hns'))")" "$judged" 'judges'
is "$(sql "$findings claim_findings")" "$found" 'shows what was found'
is "$(sql "$findings claim_findings_at('t', 'medicare', now())")" "$found" 'and what was at a time'
is "$(sql "CALL claim_scan('t')" 2>&1 | head -n 3)" 'ERROR:  claim_scan cannot run on a standby
DETAIL:  It stores what it finds.
HINT:  CALL it on the primary; what it found can be read here.' 'a scan says why it cannot run'

done_testing

#!/bin/bash
# test/cluster/nightly.sh
#
# The nightly job: claim_scan_row returns a row and says nothing; examples/nightly.sh says by its exit status how the night was.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
export PATH=$CLUSTER_CLIENT:$PATH PGOPTIONS='-c search_path=public,claims'

dir=$CLUSTER_DIR

new_cluster a
"${psql[@]}" -o /dev/null <<-'END' || bail_out 'no source'
	SET client_min_messages = warning;
	CREATE SCHEMA claims;
	CREATE EXTENSION claimline SCHEMA claims;
	CREATE TABLE visit (claim text, person text, npi text, dos date, code text, mods text[], units numeric, minutes int, billed numeric(10,2));
	SELECT claim_source_add('v', 'visit', charge => 'billed', columns => '{"claim_id": "claim", "patient": "person", "provider": "npi", "dos": "dos", "code": "code", "modifiers": "mods",
		"units": "units", "minutes": "minutes"}');
	INSERT INTO visit SELECT 'C' || i, 'P' || i, 'N1', '2024-08-01', '97110', '{GP}', 1 + i % 3, CASE WHEN i % 5 > 0 THEN 15 END, 40 FROM generate_series(1, 60) i;
END

# scan ARGUMENTS: the row, its seconds as a mark, and everything else that is said
scan() {
	sql "CALL claim_scan_row($1)" 2>&1 | sed -E 's/\|[0-9]+\.[0-9]{3}$/|s/'
}

# a line of more units than its minutes support, 12 of 60 of them without minutes
found=$(scan "'v'")
is "$found" "$(sql "SELECT (SELECT count(*) FROM claim_findings) || '|0|0|' || (SELECT days FROM claim_report_undecided WHERE why = 'any rule') || '|s'")" 'the first scan: a row and nothing else'
is "$(sql 'SELECT count(*) > 0 FROM claim_findings')/${found#*|0|0|}" 't/12|s' 'it opened findings, and days without minutes are undecided'
is "$(scan "'v'")" '0|0|0|12|s' 'nothing changed'
sql "UPDATE visit SET units = 1 WHERE claim = 'C1'; UPDATE visit SET units = 5 WHERE claim IN ('C3', 'C6', 'C4', 'C2'); DELETE FROM visit WHERE claim = 'C5'"
is "$(scan "'v'")" "$(sql "SELECT opened || '|' || changed || '|' || closed || '|11|s' FROM claim_report_trend WHERE source = 'v' ORDER BY scan DESC LIMIT 1")" 'the row is that of claim_report_trend'
is "$(scan "source => 'v', \"full\" => true, batch_days => 7, opened => 99")" '0|0|0|11|s' 'arguments as claim_scan has them; what is given for the row does not matter'
is "$("${psql[@]}" -c "CALL claim_scan_row('v')" -c 'SHOW client_min_messages' | tail -n 1)" notice 'other statements say what they said before'
is "$("${psql[@]}" -c 'SET client_min_messages = error' -c "CALL claim_scan_row('v')" -c 'SHOW client_min_messages' | tail -n 1)" error 'also where that was less'
is "$("${psql[@]}" -c "SET client_min_messages = debug1" -c "CALL claim_scan_row('v')" 2>&1 | grep -c NOTICE)" 0 'or more'
is "$(scan "'other'" | head -n 2)" $'ERROR:  claim source "other" does not exist\nHINT:  Sources are: v.' 'errors are those of claim_scan'
is "$(scan "'v', policy => NULL" | head -n 1)" 'ERROR:  source, policy, service type, severity, batch_days and full must not be null' 'for null too'
is "$("${psql[@]}" -c "BEGIN; CALL claim_scan_row('v'); COMMIT" 2>&1 | head -n 1)" 'ERROR:  claim_scan cannot run inside a transaction block' 'it commits'
is "$("${psql[@]}" -c "DO \$\$ DECLARE o bigint; c bigint; k bigint; u bigint; s numeric; BEGIN CALL claim_scan_row('v', opened => o, changed => c, closed => k, undecided => u, seconds => s); RAISE WARNING '% % % %', o, c, k, u; END \$\$" 2>&1 | head -n 1)" \
	'WARNING:  0 0 0 11' 'a DO block reads the row'

# what an interrupted scan did is told with the one that finished
sql "UPDATE visit SET units = 6 WHERE units < 3"
sql "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN IF NEW.batch > 2 THEN RAISE EXCEPTION 'stop'; END IF; RETURN NEW; END \$\$" 2>/dev/null
sql 'CREATE TRIGGER stop BEFORE UPDATE ON claimline_internal.claim_scan_run FOR EACH ROW EXECUTE FUNCTION stop()'
is "$(scan "'v', batch_days => 4" | head -n 1)" 'ERROR:  stop' 'a scan that stops'
sql 'DROP TRIGGER stop ON claimline_internal.claim_scan_run'
found=$(scan "'v'")
is "${found%%|*}/$(sql 'SELECT sum(opened) - sum(closed) FROM claimline_internal.claim_scan_run')" \
	"$(sql "SELECT opened FROM claim_report_trend WHERE source = 'v' ORDER BY scan DESC LIMIT 1")/$(sql 'SELECT count(*) FROM claim_findings')" 'the next one tells what both did'

# night STATUS NAME [ARGUMENT...]: what it says is in $said
night() {
	local status=0 wanted=$1 name=$2

	shift 2
	said=$(examples/nightly.sh "$@" 2>&1) || status=$?
	is "$status" "$wanted" "$name: status $wanted" "$said"
}

night 0 'a night without news' v
is "$said" '' 'it is quiet'
sql "INSERT INTO visit SELECT 'D' || i, 'D' || i, 'N2', '2024-08-01', '97110', '{GP}', 9, 15, 40 FROM generate_series(1, 3) i"
night 1 'new findings' v
is "${said%%,*}" "FINDINGS v by medicare: $(sql "SELECT opened FROM claim_report_trend WHERE source = 'v' ORDER BY scan DESC LIMIT 1") opened (more than 0)" 'it says how many'
sql "INSERT INTO visit SELECT 'E' || i, 'E' || i, 'N2', '2024-08-01', '97110', '{GP}', 9, 15, 40 FROM generate_series(1, 3) i"
BAR=50 night 0 'findings below the bar' v
night 2 'a source that there is not' other
is "${said##*$'\n'}" 'FAILED other by medicare: the scan' 'it says what failed'
BAR=many night 2 'a bar that is no number' v
PGHOST=$dir/nowhere night 2 'a server that there is not' v
PATH=$CLUSTER_CLIENT:/usr/bin:/bin night 2 'a page without the program' v "$dir/page.html"
if command -v node >/dev/null && [[ -d report/node_modules ]]; then
	PATH=$PWD/report:$PATH night 0 'a page' v "$dir/page.html"
	succeeds 'the page is there' grep -q 'Claims at risk: v' "$dir/page.html"
	PATH=$PWD/report:$PATH night 2 'a page in a folder that there is not' v "$dir/no/page.html"
else
	skip 'a page' 'needs nodejs and npm, and what npm ci fetches into report/'
fi

done_testing

#!/bin/bash
# bench/load.sh [MEGABYTES...]
#
# claimline-load of professional claims in one transaction set, 10 and 200 MB: seconds, and the most memory of its own (without files that
# are mapped, as the kernel counts it: RssAnon) that the server process and psql had.
#
# The server is that of the PG* variables, on this machine; the extension must be installed there. The tables are in a schema of their own,
# which is dropped.
set -u -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit
tmp=$(mktemp -d "${TMPDIR:-/tmp}/load.XXXXXX") || exit
trap 'rm -rf "$tmp"; psql -X -q -c "SET client_min_messages = error" -c "DROP SCHEMA IF EXISTS claimline_bench CASCADE"' EXIT
trap 'exit 143' HUP INT TERM

write() {
	awk -v bytes=$(($1 * 1000000)) '
		function put(text) { printf "%s~\n", text; size += length(text) + 2; n++ }
		BEGIN {
			put("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240801*1200*^*00501*000000001*0*T*:"); put("GS*HC*A*B*20240801*1200*7*X*005010X222A1"); n = 0
			put("ST*837*0001*005010X222A1"); put("BHT*0019*00*1*20240801*1200*CH"); put("HL*1**20*1"); put("NM1*85*2*CLINIC*****XX*1999999984")
			for (c = 1; size < bytes; c++) {
				put("HL*" c + 1 "*1*22*0"); put("SBR*P*18*******MB"); put("NM1*IL*1*PATIENT*NUMBER" c "****MI*M" c); put("DMG*D8*19700101*F"); put("NM1*PR*2*PAYER*****PI*12345")
				put("CLM*C" c "*100***11:B:1*Y*A*Y*Y"); put("HI*ABK:M542*ABF:M9901"); put("NM1*82*1*DOCTOR*ONE****XX*1888881000")
				for (i = 1; i <= 3; i++) { put("LX*" i); put("SV1*HC:" 97110 + 2 * i ":GP:59*" 20 + i ".50*UN*1***1:2"); put("DTP*472*D8*20240810"); put("REF*6R*L" c "." i) }
			}
			put("SE*" n + 1 "*0001"); print "GE*1*7~\nIEA*1*000000001~"
		}'
}

# most PID: the most kB of anonymous memory of a process, while it lives
most() {
	awk -v was="$1" '/^RssAnon/ && $2 > was { was = $2 } END { print was }' "/proc/$2/status" 2>/dev/null || echo "$1"
}

for megabytes in "${@:-10 200}"; do
	for size in $megabytes; do
		psql -X -q -c 'SET client_min_messages = error' -c 'DROP SCHEMA IF EXISTS claimline_bench CASCADE' -c 'CREATE SCHEMA claimline_bench' || exit
		write "$size" >"$tmp/claims.837"
		SECONDS=0 server=0 client=0
		"$here/claimline-load" --schema=claimline_bench "$tmp/claims.837" >"$tmp/out" 2>&1 &
		program=$!
		while kill -0 "$program" 2>/dev/null; do
			pid=$(psql -X -At -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'claimline-load' AND backend_type = 'client backend' LIMIT 1")
			[[ -z $pid ]] || server=$(most "$server" "$pid")
			for pid in $(pgrep -P "$program" psql); do client=$(most "$client" "$pid"); done
			sleep 0.2
		done
		wait "$program" || { cat "$tmp/out"; exit 1; }
		printf '%s MB: %d s, server %d kB, psql %d kB; %s\n' "$size" "$SECONDS" "$server" "$client" "$(tail -n 1 "$tmp/out")"
	done
done

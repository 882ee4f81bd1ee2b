#!/bin/bash
# bench/files_x12.sh [MEGABYTES]
#
# X12 837 read in one process: CPU time of claim_lines_of_837 over a text in memory, of the core alone, of counting its SV1 with grep as the floor;
# and of 835. Beside it node-x12 and x12-parser, which give segments, where npm install in bench/ has put them. The files are made here: professional claims of one to four lines with the segments that such claims have.
#
# The server is that of the PG* variables; the extension must be installed there, in the schema claims. Nothing is stored but a temporary table.
set -u -o pipefail

megabytes=${1:-50}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit
tmp=$(mktemp -d "${TMPDIR:-/tmp}/files_x12.XXXXXX") || exit
trap 'rm -rf "$tmp"' EXIT
trap 'exit 143' HUP INT TERM
export TIMEFORMAT=%U

# write SET: a file of that many megabytes
write() {
	awk -v set="$1" -v bytes=$((megabytes * 1000000)) '
		function put(text) { printf "%s~\n", text; size += length(text) + 2; n++ }
		BEGIN {
			srand(1)
			put("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240801*1200*^*00501*000000001*0*T*:"); put("GS*HC*A*B*20240801*1200*7*X*005010X222A1"); n = 0
			put("ST*" set "*0001*005010X222A1"); put(set == 837 ? "BHT*0019*00*1*20240801*1200*CH" : "BPR*I*0*C*ACH*CCP*01*1*DA*1*1*1*01*1*DA*1*20240903")
			if (set == 837) { put("HL*1**20*1"); put("PRV*BI*PXC*225100000X"); put("NM1*85*2*CLINIC*****XX*1999999984"); put("N3*1 STREET"); put("N4*TOWN*WA*980010000"); put("REF*EI*123456789") }
			for (c = 1; size < bytes; c++) set == 837 ? claim() : payment()
			put("SE*" n + 1 "*0001"); print "GE*1*7~\nIEA*1*000000001~"
		}
		function claim(	i, k) {
			put("HL*" c + 1 "*1*22*0"); put("SBR*P*18*******MB"); put("NM1*IL*1*PATIENT*NUMBER" c "****MI*M" c); put("N3*2 STREET"); put("N4*TOWN*WA*98001"); put("DMG*D8*19700101*F"); put("NM1*PR*2*PAYER*****PI*12345")
			put("CLM*C" c "*" 100 + c % 50 "***11:B:1*Y*A*Y*Y"); put("REF*D9*" 17312345600000000 + c); put("HI*ABK:M542*ABF:M9901*ABF:M25511"); put("NM1*82*1*DOCTOR*ONE****XX*188888" 1000 + c % 9000); put("PRV*PE*PXC*111N00000X")
			k = 1 + int(rand() * 4)
			for (i = 1; i <= k; i++) { put("LX*" i); put("SV1*HC:" 97110 + 2 * int(rand() * 20) ":GP:59*" 20 + i ".50*UN*" 1 + int(rand() * 3) "***1:2"); put("DTP*472*D8*202408" 10 + int(rand() * 20)); put("REF*6R*L" c "." i) }
		}
		function payment(	i, k) {
			put("LX*" c); put("CLP*C" c "*1*100*80*20*MB*ICN" c "*11*1"); put("NM1*QC*1*PATIENT*NUMBER" c "****MI*M" c); put("NM1*82*1*DOCTOR*ONE****XX*1888881000")
			k = 1 + int(rand() * 4)
			for (i = 1; i <= k; i++) { put("SVC*HC:" 97110 + 2 * int(rand() * 20) ":GP*50*40**1"); put("DTM*472*20240810"); put("CAS*CO*45*6"); put("CAS*PR*2*4"); put("REF*6R*L" c "." i); put("AMT*B6*44"); put("LQ*HE*N130") }
		}' >"$tmp/$1"
}

# cpu COMMAND...: user seconds, the least of three
cpu() {
	for _ in 1 2 3; do
		# grep that writes to /dev/null stops at the first line
		{ time "$@" >"$tmp/out" 2>&1; } 2>&1
	done | sort -n | head -n 1
}

# in_server FILE FUNCTION: the same of a backend on this machine, as the kernel counts it; the first run is not counted
in_server() {
	cat >"$tmp/run.sql" <<-END
		SET client_min_messages = error;
		SET search_path = claims, public;
		SET work_mem = '1GB';
		CREATE TEMP TABLE file (body text);
		ALTER TABLE file ALTER body SET STORAGE EXTERNAL;
		\\copy file FROM PROGRAM 'tr -d "\\n" <$tmp/$1' WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')
		SELECT pg_backend_pid() AS pid \\gset
		\\setenv PID :pid
		SELECT count(*) FROM file, $2(body) \\g /dev/null
		\\! awk '{ print \$14 }' /proc/"\$PID"/stat
		SELECT count(*) FROM file, $2(body) \\g /dev/null
		\\! awk '{ print \$14 }' /proc/"\$PID"/stat
		SELECT count(*) FROM file, $2(body) \\g /dev/null
		\\! awk '{ print \$14 }' /proc/"\$PID"/stat
	END
	psql -X -q -At -v ON_ERROR_STOP=1 -f "$tmp/run.sql" | awk -v hertz="$(getconf CLK_TCK)" 'NR > 1 { s = ($1 - last) / hertz; if (NR == 2 || s < least) least = s } { last = $1 } END { print least }'
}

# peer READER SET: the same of a reader of npm; why not where it is not there, or does not find what is in the file
peer() {
	local found wanted

	wanted=$(grep -cE '^(SV1|SVC)' "$tmp/$2")
	if [[ ! -d $here/bench/node_modules/$1 ]] || ! command -v node >/dev/null; then
		echo "none here"
		return
	fi
	found=$(node "$here/bench/files_x12.mjs" "$1" "$tmp/$2" 2>"$tmp/error") || { grep -m 1 -o 'heap out of memory\|[A-Za-z]*Error.*' "$tmp/error" || echo failed; return; }
	[[ $found = "$wanted" ]] || { echo "$found of $wanted"; return; }
	cpu node "$here/bench/files_x12.mjs" "$1" "$tmp/$2"
}

cat >"$tmp/core.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
#include "x12/x12_payment.h"

static long n;
static void *get(void *context, size_t size) { (void) context; return malloc(size); }
static void put(void *context, void *block) { (void) context; free(block); }
static void line(void *context, const X12FileLine *told) { (void) context; n += told->has_line; }
static void payment(void *context, const X12Payment *told) { (void) context; n += told->number > 0; }

int
main(int argc, char **argv)
{
	static X12Reader reader;
	static X12Claims claims;
	static X12Payments payments;
	FILE	   *file = fopen(argv[argc - 1], "rb");
	size_t		size;
	char	   *text;
	Arena		arena;

	fseek(file, 0, SEEK_END);
	size = (size_t) ftell(file);
	rewind(file);
	text = malloc(size);
	size = fread(text, 1, size, file);
	arena_init(&arena, get, put, NULL);
	x12_begin(&reader, text, size, &arena);
	x12_claims_begin(&claims, line, NULL);
	x12_payments_begin(&payments, payment, NULL);
	while (x12_next(&reader))
	{
		x12_claims_segment(&claims, &reader);
		x12_payments_segment(&payments, &reader);
	}
	x12_claims_end(&claims, &reader);
	x12_payments_end(&payments, &reader);
	printf("%ld\n", n);
	return 0;
}
C
cc -std=gnu11 -O2 -I"$here/src/core" -o "$tmp/core" "$tmp/core.c" "$here"/src/core/{base,line,x12}/*.c || exit
write 837
write 835
printf '%s MB, seconds, the least of three (user CPU time)\n' "$megabytes"
printf '%-44s %8s\n' "grep -c SV1 ($(grep -c SV1 "$tmp/837") lines)" "$(cpu grep -c SV1 "$tmp/837")" "837, the core alone" "$(cpu "$tmp/core" "$tmp/837")" \
	'837, claim_lines_of_837' "$(in_server 837 claim_lines_of_837)" '835, the core alone' "$(cpu "$tmp/core" "$tmp/835")" \
	'835, claim_payments_of_835' "$(in_server 835 claim_payments_of_835)" '837, node-x12: segments' "$(peer node-x12 837)" '837, x12-parser: segments' "$(peer x12-parser 837)" \
	'835, node-x12: segments' "$(peer node-x12 835)" '835, x12-parser: segments' "$(peer x12-parser 835)"

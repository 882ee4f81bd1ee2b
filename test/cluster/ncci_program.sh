#!/bin/bash
# test/cluster/ncci_program.sh
#
# claimline-ncci: what it publishes is what \copy and ncci_publish publish by hand, of files in any order, form and name; what it
# refuses, with the reason, and that nothing is left of it.  The files are made up, in the layout of CMS's files of 2026 and under
# the names that those have.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
program=$PWD/claimline-ncci
[[ -x $program ]] || make -s claimline-ncci || bail_out 'the program cannot be made'
for i in zip unzip; do
	command -v $i >/dev/null || bail_out "$i is not installed"
done
PATH=$CLUSTER_CLIENT:$PATH
export TMPDIR=$CLUSTER_DIR/tmp
files=$CLUSTER_DIR/files
mkdir "$TMPDIR" "$files" && cd "$files" || exit
new_cluster a

# --- the files ---

heading() {
	printf 'CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n'
	printf 'Column1/Column2 Edits\t\t\t\t\t\t\r\n'
	printf 'Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n'
	printf '\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\t\t\t\t*=no data\t1=allowed\t\r\n\t\t\t\t\t9=not applicable\t\r\n'
}

# table TYPE VERSION SEED: ccipra-v322r0-f1.TXT to f4, and in a ZIP each with a workbook beside, under the names of CMS's page
table() {
	local f name type=practitioner

	[[ $1 = pra ]] || type=hospital
	for f in 1 2 3 4; do
		name=cci$1-v$2r0-f$f
		{
			heading
			awk -v f="$f" -v seed="$3" 'BEGIN {
				for (i = 0; i < 300; i++) {
					a = sprintf("%s%04d", substr("0479", f, 1), i / 20); b = sprintf("X%04d", i % 20)
					x = (i * 7919 + f * 31 + (i % 50 ? 0 : seed * 104729)) % 10007
					printf "%s\t%s\t%s\t%d0401\t%s\t%d\tMisuse of Column Two code with Column One code\r\n", a, b,
						x % 7 ? "" : "*", 1996 + x % 25, x % 5 ? "*" : "20241231", x % 2
				}
			}'
		} >"$name.TXT"
		: >"$name.xlsx"
		zip -q "medicare-ncci-2026q3-$type-ptp-edits-$name.zip" "$name.TXT" "$name.xlsx" || bail_out 'zip'
		rm "$name.xlsx"
	done
}

table pra 322 1
table oph 322 2
mkdir next && (cd next && table pra 323 3) || exit
mue_file Practitioner 1 >MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
mue_file 'Outpatient Hospital' 2 >MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv
mue_file 'DME Supplier' 3 | sed 's/$/\r/' >MCR_MUE_DMESupplierServices_Eff_07-01-2026.csv
mue_file Practitioner 4 >next/MCR_MUE_PractitionerServices_Eff_10-01-2026.csv
# CMS's page has this beside the tables
printf 'CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\r\nColumn 1\tColumn 2\tModifier\r\n00000\tX9999\t1\r\n' \
	>MCR_NCCI_Additions_Eff_07-01-2026.txt
zip -q medicare-ncci-2026q3-practitioner-quarterly-additions-deletions-revisions-ptp.zip MCR_NCCI_Additions_Eff_07-01-2026.txt || bail_out zip
cp MCR_NCCI_Additions_Eff_07-01-2026.txt changed.txt
for i in MCR_MUE*.csv; do zip -q "medicare-ncci-2026-q3-${i:8:8}-mue-table.zip" "$i" || bail_out zip; done

# --- what is published, by hand and by the program ---

# fresh NAME: a database with the extension
fresh() {
	PGDATABASE=postgres sql "CREATE DATABASE $1" || bail_out "no database $1"
	export PGDATABASE=$1 PGOPTIONS='-c statement_timeout=60s -c search_path=public,"cl\ aims"'
	sql 'CREATE SCHEMA "cl aims"; CREATE EXTENSION claimline SCHEMA "cl aims"' || bail_out "no extension in $1"
}

published() {
	sql "SELECT string_agg(said, E'\n' ORDER BY said COLLATE \"C\") FROM (
		SELECT concat_ws(' ', e.service_type, e.edition, e.covers, e.ptp_rows, e.mue_rows, e.based_on,
			(SELECT sum(hashtextextended(p::text, 0)) FROM ncci_ptp(e.edition, e.service_type) p),
			(SELECT sum(hashtextextended(m::text, 0)) FROM ncci_mue(e.edition, e.service_type) m),
			ruleset_hash(ruleset('medicare', e.edition, e.service_type))) AS said
		FROM ncci_editions e) x"
}

imported() {
	sql 'SELECT (SELECT count(*) FROM ncci_ptp_import) + (SELECT count(*) FROM ncci_mue_import) + (SELECT count(*) FROM ncci_addon_import)'
}

fresh by_hand
{
	for i in ccipra-v322r0-f?.TXT; do load "$i" ''; done
	load '' MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
	echo "SELECT ncci_publish('2026q3', 'practitioner', '[2026-07-01,2026-09-30]');"
	for i in ccioph-v322r0-f?.TXT; do load "$i" ''; done
	load '' MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv
	echo "SELECT ncci_publish('2026q3', 'outpatient', '[2026-07-01,2026-09-30]');"
	load '' MCR_MUE_DMESupplierServices_Eff_07-01-2026.csv
	echo "SELECT ncci_publish('2026q3', 'dme', '[2026-07-01,2026-09-30]');"
	echo '\o next.changes'
	for i in next/ccipra-v323r0-f?.TXT; do load "$i" ''; done
	load '' next/MCR_MUE_PractitionerServices_Eff_10-01-2026.csv
	echo "SELECT change, n FROM ncci_publish('2026q4', 'practitioner', '[2026-10-01,2026-12-31]');"
} | PGOPTIONS="$PGOPTIONS -c client_min_messages=warning" "${psql[@]}" >/dev/null || bail_out 'cannot publish by hand'
two_quarters=$(published)
one_quarter=$(grep -v 2026q4 <<<"$two_quarters")
is "$(wc -l <<<"$two_quarters")" 4 'four editions are published by hand'

# run ARGUMENT...: the program; sets output, its messages too, and status
run() {
	status=0
	output=$("$program" "$@" 2>&1 </dev/null) || status=$?
}

# says STATUS REGEX NAME
says() {
	local matches=1

	[[ $status = "$1" && $output =~ $2 ]] && matches=0
	ok $matches "$3" "status $status: $output"
}

# refused REGEX NAME ARGUMENT...: nothing is published or left in the import tables
refused() {
	local before

	before=$(sql 'SELECT count(*) FROM ncci_editions')
	run "${@:3}"
	says 1 "$1" "$2"
	is "$(sql 'SELECT count(*) FROM ncci_editions') $(imported)" "$before 0" "and nothing is published"
}

fresh any_order
zips=(medicare*.zip)
mapfile -t zips < <(printf '%s\n' "${zips[@]}" | sort -R --random-source=<(yes))
run --check "${zips[@]}"
says 0 'practitioner 2026q3: would be published as edition "2026q3"' '--check says what it would publish'
is "$(published) $(imported)" ' 0' 'and publishes nothing'
run "${zips[@]}"
says 0 'outpatient 2026q3: published.*practitioner 2026q3: published' 'the ZIPs of three service types, in any order, in one call'
is "$(grep -c 'list of changes and no table, left out' <<<"$output")" 1 'and the list of changes beside them'
is "$(published)" "$one_quarter" 'are what is published by hand'
run "${zips[@]}"
says 0 'practitioner 2026q3: the code pairs are there already, as edition "2026q3"' 'a second run says that they are there'
says 0 'dme 2026q3: the unit limits are there already' 'of each service type'
is "$(published) $(imported)" "$one_quarter 0" 'and changes nothing'
run next
says 0 'practitioner 2026q4: published as edition "2026q4", after "2026q3"' 'the next quarter, a folder with every file twice'
is "$(grep -c 'taken once' <<<"$output")" 4 'a part that is there twice is taken once, and said'
is "$(published)" "$two_quarters" 'is what is published by hand'
is "$(sed -n 's/^   \([pm][tu][pe] .*[a-z]\)  *\([0-9,]*\)$/\1|\2/p' <<<"$output" | tr -d ,)" "$(<next.changes)" 'with the changes that ncci_publish says'
run "${zips[@]}" next
says 0 'practitioner 2026q4: the code pairs are there' 'a second run of both quarters'
is "$(published)" "$two_quarters" 'changes nothing'

fresh two_quarters
run next/ccipra*.TXT next/*.csv "${zips[@]}"
says 0 'practitioner 2026q3: published.*practitioner 2026q4: published as edition "2026q4", after "2026q3"' 'two quarters in a call are published in their order'
is "$(published)" "$two_quarters" 'as by hand'

# --- names and forms ---

fresh names
mkdir -p 'odd/in side'
cp ccipra-v322r0-f1.TXT "odd/-x '\$(touch oops)\` \"part\" [1] $(printf '\xe9') (1).TXT"
sed 's/\r$//' ccipra-v322r0-f2.TXT >'odd/CCIPRA-V322R0-F2.txt (2).txt'
(printf '\xef\xbb\xbf' && sed '1~2s/\r$//' ccipra-v322r0-f3.TXT) >odd/ccipra-v322r0-f3.txt	# line ends of both kinds
cp ccipra-v322r0-f4.TXT odd/f4.txt
(cd odd && zip -q 'in side/[4] *.ZIP' f4.txt && rm f4.txt && printf '@ f4.txt\n@=../../../CCIPRA-V322R0-F4 [x]*?.TXT\n' | zipnote -w 'in side/[4] *.ZIP') || bail_out zipnote
cp MCR_MUE_PractitionerServices_Eff_07-01-2026.csv 'odd/limits.csv'
refused '--service-type' 'a file whose name says no service type' odd
refused 'limits.csv: its name does not say the quarter: give --effective' 'or no quarter' odd/limits.csv
(cd odd && run --effective 2026-07-01 --service-type=practitioner -- -x* ./[!-]* && says 0 published 'files under odd names, in lower and upper case, with LF and CRLF, with a mark of UTF-8')
((++results))
is "$(published)" "$(grep ^prac <<<"$one_quarter")" 'are the same edition'
is "$(find . -name oops; find .. -maxdepth 2 -name 'CCIPRA*')" '' 'no name is run or written to'
run --effective 2026-10-01 ccipra-v322r0-f?.TXT
says 1 'is of the quarter 2026q3, and --effective=2026-10-01 is not in it' 'a date that contradicts the name'

# one after the other
fresh one_by_one
run MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
says 0 'published as edition "2026q3"' 'the limits alone'
run ccipra-v322r0-f?.TXT
says 0 'published as edition "2026q3-ptp"' 'and the pairs later'
is "$(sql "SELECT ruleset_hash(ruleset('medicare')) = '$(PGDATABASE=by_hand sql "SELECT ruleset_hash(jsonb_set(ruleset('medicare', '2026q3')::text::jsonb, '{edition,name}', '\"2026q3-ptp\"')::text::claim_ruleset)")'")" t 'judge as both together'
run ccipra-v322r0-f?.TXT MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
says 0 'pairs are there already, as edition "2026q3-ptp".*limits are there already, as edition "2026q3"' 'and are known again'

# --- what is refused ---

fresh refusals
refused 'of f1 to f4, f3 is missing' 'a part that is missing' ccipra-v322r0-f[124].TXT
refused 'of f1 to f4, f4 is missing' 'the last part' ccipra-v322r0-f[123].TXT
refused 'practitioner 2026q3: the code pairs are not complete: of f1 to f4, f2 is missing' 'parts of two quarters' ccipra-v322r0-f[134].TXT next/ccipra-v323r0-f2.TXT
refused 'outpatient 2026q3: .*f1 is missing' 'one table of two without a part' ccipra-v322r0-f?.TXT ccioph-v322r0-f[234].TXT
mkdir bad
for i in 1 3 4; do cp ccipra-v322r0-f$i.TXT bad; done
awk -F '\t' -v OFS='\t' 'FNR == 17 { $6 = 2 } { print }' ccipra-v322r0-f2.TXT >bad/ccipra-v322r0-f2.TXT
refused 'bad/ccipra-v322r0-f2.TXT line 17: Modifier indicator "2" must be 0, 1 or 9' 'a bad row, with file, row and reason' bad
refused 'two different files for the same' 'a part that is there twice, and not the same' ccipra-v322r0-f?.TXT bad/ccipra-v322r0-f2.TXT
head -c 5000 ccipra-v322r0-f2.TXT >bad/ccipra-v322r0-f2.TXT
refused '(ccipra-v322r0-f2.TXT|cut off)' 'a part that is cut off' bad
awk -F '\t' -v OFS='\t' 'FNR > 6 { NF = 6; $6 = $6 "\r" } { print }' ccipra-v322r0-f2.TXT >bad/ccipra-v322r0-f2.TXT
refused 'missing data for column.*the error is in bad/ccipra-v322r0-f2.TXT' 'a part with fewer columns' bad
sed 's/^X0001,[0-9]*/X0001,many/; s/^Y0007,[0-9]*/Y0007,many/' MCR_MUE_PractitionerServices_Eff_07-01-2026.csv >bad/MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
refused 'MUE_PractitionerServices_Eff_07-01-2026.csv line 13: MUE value' 'a bad limit' bad/*.csv
head -c 2000 medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip >bad/cut.zip
refused 'no whole ZIP' 'a ZIP that is cut off' bad/cut.zip
cp medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip bad/wrong.zip
printf 'XXXXXXXX' | dd of=bad/wrong.zip bs=1 seek=900 conv=notrunc status=none
refused '.' 'a ZIP whose bytes are wrong' bad/wrong.zip medicare*practitioner*f[234].zip
printf '<!DOCTYPE html>\n<html>licence' >bad/page.zip
refused 'web page' 'the page of the licence' bad/page.zip
printf 'Column 1 code,Column 2 code\n' >bad/other.csv
refused 'no table of NCCI edits' 'another file' bad/other.csv
refused 'no table of NCCI edits' 'a list of changes under another name' changed.txt
refused 'cannot be read' 'a file that is not there' no-such-file
refused 'several' 'one name for two quarters' --edition x ccipra-v322r0-f?.TXT next/ccipra*.TXT
run ccipra-v322r0-f?.TXT && awk -F '\t' -v OFS='\t' 'FNR == 17 { $6 = 1 - $6 } { print }' ccipra-v322r0-f2.TXT >bad/ccipra-v322r0-f2.TXT
refused 'published with other rows.*1 pairs and 0 unit limits' 'other rows for what is published' bad/ccipra*.TXT
run --edition 2026q3-corrected bad/ccipra*.TXT
says 0 'as edition "2026q3-corrected", after "2026q3"' 'have another name'
sql "INSERT INTO ncci_mue_import VALUES ('x')"
run next/ccipra*.TXT
says 1 'import tables hold rows that are not published' 'rows that somebody left in the import tables are not lost'
is "$(imported)" 1 'and stay'
sql 'SELECT ncci_import_clear()'
# less than the edition before had
for i in 1 2 3 4; do head -n 200 "next/ccipra-v323r0-f$i.TXT" >"bad/ccipra-v323r0-f$i.TXT"; done
refused 'the file lacks [0-9]* of the [0-9]* pairs.*--allow-loss' 'a table that lacks rows' bad/ccipra-v323*
run --allow-loss bad/ccipra-v323*
says 0 'published as edition "2026q4"' 'unless that is allowed'
run bad/ccipra-v323*
says 0 'pairs are there already, as edition "2026q4"' 'and is known again, beside the pairs that were kept'

# --- the database ---

for call in '' '--no-such-option x' '--effective 2026-02-30 x' '--parts none x' '--service-type none x' '-d'; do
	read -r -a words <<<"$call"
	run "${words[@]}"
	says 2 'claimline-ncci: .*--help' "wrong usage: $call"
done
run --help
says 0 'usage: claimline-ncci' '--help'
sql 'CREATE ROLE clerk LOGIN; GRANT ALL ON SCHEMA "cl aims" TO clerk; GRANT ALL ON ncci_ptp_import, ncci_mue_import TO clerk'
run -U clerk ccioph*.TXT
says 3 'may not publish editions: connect as "postgres"' 'a role without the right'
run -h "$CLUSTER_DIR/nowhere" ccioph*.TXT
says 3 'No such file' 'no server'
run --dbname=postgres ccioph*.TXT
says 3 'the extension claimline is not in this database' 'no extension'
options=(-h "$PGHOST" -p 5432 -U postgres -d "$PGDATABASE")
PGHOST='' PGPORT=1 PGUSER='' PGDATABASE='' run "${options[@]}" ccioph*.TXT
says 0 'outpatient 2026q3: published' 'options of psql'

# stopped while another holds the lock
fresh stopped
locks_are() {
	[[ $(sql "SELECT count(*) FILTER (WHERE granted), count(*) FILTER (WHERE NOT granted) FROM pg_locks
		WHERE relation IN ('ncci_ptp_import'::regclass, 'claimline_internal.ncci_edition'::regclass)") = "$1" ]]
}
echo 'BEGIN; LOCK TABLE claimline_internal.ncci_edition; SELECT pg_sleep(30);' | "${psql[@]}" >/dev/null 2>&1 &
blocker=$!
wait_until 10 locks_are '1|0'
"$program" ccipra-v322r0-f?.TXT >stopped.out 2>&1 &
wait_until 10 locks_are '1|1'
kill -TERM $!
wait $!
is $? 143 'a signal ends it'
succeeds 'with its session' wait_until 10 locks_are '1|0'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()" >/dev/null
wait $blocker
is "$(sql 'SELECT count(*) FROM ncci_editions') $(imported)" '0 0' 'and nothing is published'

# --- add-on codes: a file without heading, for practitioners and hospitals ---

# add_ons FIRST LAST: lines of fixed width
add_ons() {
	awk -v first="$1" -v last="$2" 'BEGIN {
		for (i = first; i <= last; i++)
			printf "%-97s\r\n", sprintf("%dA%04d       %s       2020001       ", i % 40 ? 1 : 2, i / 2, i % 40 ? sprintf("P%04d", i) : "CCCCC")
	}'
}

add_ons 1 300 >AOC_V2026Q3-F-MCR.txt
: >AOC_V2026Q3-MCR.xlsx
zip -q add-code-edits-medicare-effective-07012026.zip AOC_V2026Q3-F-MCR.txt AOC_V2026Q3-MCR.xlsx || bail_out zip
add_on_rows="SELECT string_agg(concat_ws(' ', service_type, edition, ptp_rows, mue_rows, addon_rows), ', ' ORDER BY service_type, edition) FROM ncci_editions"
fresh add_ons
run add-code*.zip medicare-ncci-2026q3-*-ptp*.zip medicare-ncci-2026-q3-DMESuppl-mue-table.zip
says 0 'practitioner 2026q3: published' 'add-on codes beside the tables of three service types'
is "$(sql "$add_on_rows")" 'dme 2026q3 0 400 0, outpatient 2026q3 1200 0 300, practitioner 2026q3 1200 0 300' 'are of practitioners and hospitals'
is "$(sql "SELECT string_agg(DISTINCT type || ' ' || (primary_code = 'CCCCC'), ', ') FROM ncci_addon('2026q3', 'outpatient')")" '1 false, 2 true' 'with their types'
run AOC_V2026Q3-F-MCR.txt medicare-ncci-2026q3-hospital-ptp*.zip
says 0 'outpatient 2026q3: the code pairs are there already.*outpatient 2026q3: the add-on codes are there already, as edition "2026q3"' 'a second run'
fresh add_ons_alone
run add-code*.zip
says 0 'practitioner 2026q3: published as edition "2026q3"' 'alone'
run ccipra-v322r0-f?.TXT add-code*.zip
says 0 'published as edition "2026q3-ptp".*the add-on codes are there already' 'and the pairs later'
is "$(sql "$add_on_rows")" 'practitioner 2026q3 0 0 300, practitioner 2026q3-ptp 1200 0 0' 'each under a name'
is "$(sql "SELECT ruleset_coverage(ruleset('medicare'), 'addon') @> '2026-08-01'::date")" t 'both count'
sed 's/   P0007/   P007 /' AOC_V2026Q3-F-MCR.txt >bad/AOC_V2026Q4-F-MCR.txt
refused 'add-on code file has 1 bad record.*AOC_V2026Q4-F-MCR.txt line 7: Code "P007"' 'a bad line is named' bad/AOC_V2026Q4-F-MCR.txt
refused 'practitioner 2026q4: nothing was published' 'whatever is with it' bad/AOC_V2026Q4-F-MCR.txt next/MCR_MUE_PractitionerServices_Eff_10-01-2026.csv
add_ons 60 300 >bad/AOC_V2026Q4-F-MCR.txt
refused 'the file lacks 59 of the 300 add-on codes of edition "2026q3".*--allow-loss' 'a file that lacks some' bad/AOC_V2026Q4-F-MCR.txt
cp AOC_V2026Q3-F-MCR.txt bad/some.txt
refused 'does not say the quarter' 'a name without the quarter' bad/some.txt
refused 'service type "dme" has no add-on codes' 'of suppliers of equipment' --service-type dme AOC_V2026Q3-F-MCR.txt
printf 'AMA notice,,,,,,,\r\nAOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Instruction_Notes\r\n1,A0001,,P0001,,2020001,,\r\n' >bad/AOC_V2026Q4-MCR.csv
refused "has the columns of CMS's workbook of add-on codes: give the TXT" 'the workbook, saved as text' bad/AOC_V2026Q4-MCR.csv
cp AOC_V2026Q3-F-MCR.txt copy.txt && sed 's/2020001/2021001/' copy.txt >bad/AOC_V2026Q3-F-MCR.txt
refused 'are two different files for the same' 'two files of a quarter' AOC_V2026Q3-F-MCR.txt bad/AOC_V2026Q3-F-MCR.txt
refused 'published with other rows.*DETAIL: .*300 add-on codes of the files differ' 'and one that is published with others' bad/AOC_V2026Q3-F-MCR.txt

# --- Medicaid: service types of their own.  The columns are those that were described; their headings and the notice are guessed ---

{
	printf 'This file should NOT be used by state Medicaid programs as their edit file.\t\t\t\t\t\r\n'
	printf 'Column 1\tColumn 2\tEffective Date\tDeletion Date\tModifier Indicator\tPTP Edit Rationale\r\n'
	for i in 1 2 3 4; do awk -F '\t' -v OFS='\t' 'FNR > 6 { print $1, $2, $4, $5 == "*" ? "" : $5, $6, $7 }' ccipra-v322r0-f$i.TXT; done
} >'MCD-PTP-PractitionerServices-Effective_07012026.txt'
{
	printf 'This file should NOT be used by state Medicaid programs as their edit file.\t\t\r\n'
	printf 'HCPCS/CPT Code\tMUE Value\tMUE Rationale\r\n'
	awk 'BEGIN { for (i = 0; i < 200; i++) printf "Y%04d\t%d\tClinical: \"Data\", other\r\n", i, i % 9 }'
} >'MCD-MUE-PractitionerServices-Effective_07012026.txt'
zip -q medicaid-ncci-2026-q3-ptp-edits-practitioner-services.zip MCD-PTP*.txt
fresh medicaid
run medicaid*.zip MCD-MUE*.txt ccipra-v322r0-f?.TXT
says 0 'no file of Medicaid was at hand.*medicaid-practitioner 2026q3: published as edition "2026q3"' 'files of Medicaid beside those of Medicare; the note says what is not known'
is "$(sql "SELECT string_agg(concat_ws(' ', service_type, edition, ptp_rows, mue_rows), ', ' ORDER BY service_type) FROM ncci_editions")" \
	'medicaid-practitioner 2026q3 1200 200, practitioner 2026q3 1200 0' 'are not mixed'
is "$(sql "SELECT count(*) FROM (SELECT * FROM ncci_ptp('2026q3', 'medicaid-practitioner') EXCEPT SELECT * FROM ncci_ptp('2026q3')) x")" 0 'the same rows are the same pairs'
is "$(sql "SELECT string_agg(DISTINCT mai::text, ''), sum(units) FROM ncci_mue('2026q3', 'medicaid-practitioner')")" "1|$(awk 'BEGIN { for (i = 0; i < 200; i++) n += i % 9; print n }')" 'limits of Medicaid are of a line'
is "$(sql "SELECT string_agg(rule, ',') FROM claim_edits('Y0001 x2 2026-08-01'::claimline, ruleset('medicare', NULL, 'medicaid-practitioner')) WHERE rule LIKE 'mue%'")" mue-line 'and judged so'
run MCD-MUE*.txt medicaid*.zip
says 0 'pairs are there already.*limits are there already' 'a second run'
refused 'is of service type medicaid-practitioner, not practitioner' 'Medicaid as Medicare' --service-type practitioner MCD-MUE*.txt
refused 'is of service type practitioner' 'Medicare as Medicaid' --service-type medicaid-practitioner ccipra*.TXT
sed 's/MUE Value/Limit/' MCD-MUE*.txt >MCD-MUE-DME-Effective_07012026.txt
refused 'not a layout of Medicaid' 'other headings' MCD-MUE-DME*.txt

is "$(ls "$TMPDIR")" '' 'no temporary file is left'
done_testing

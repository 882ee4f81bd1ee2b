#!/bin/bash
# test/cluster/load.sh
#
# claimline-load: files of every kind, form and name into tables and, by the presets x12 and fhir, to findings; what it refuses, with
# the reason, and that nothing is left of it; a run that is stopped, two at once, a file twice. What is expected is written by hand.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
program=$PWD/claimline-load
[[ -x $program ]] || make -s claimline-load || bail_out 'the program cannot be made'
for i in zip unzip; do
	command -v $i >/dev/null || bail_out "$i is not installed"
done
PATH=$CLUSTER_CLIENT:$PATH
export TMPDIR=$CLUSTER_DIR/tmp
files=$CLUSTER_DIR/files
mkdir "$TMPDIR" "$files" && cd "$files" || exit
new_cluster a

# --- the files ---

# x12 SET CONTROL SEGMENT...: an interchange of one transaction
x12() {
	local set=$1 control=$2

	shift 2
	printf 'ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *240801*1200*^*00501*%09d*0*P*:~\n' "$control"
	# shellcheck disable=SC2183
	printf 'GS*HC*CLINIC*PAYER*20240801*1200*%d*X*005010~\nST*%d*0001*005010~\n' "$((control + 70))" "$set"
	printf '%s~\n' "$@"
	printf 'SE*%d*0001~\nGE*1*%d~\nIEA*1*%09d~\n' $(($# + 2)) "$((control + 70))" "$control"
}

# claims CONTROL PATIENT CLAIM...: an 837; of a claim its number, with :7:REPLACED behind it where it is not an original, and its services
# as CODE:MODIFIERS/CHARGE/UNITS/POINTERS
claims() {
	local control=$1 patient=$2 claim number frequency replaces service code charge units pointers n
	local -a segments=('BHT*0019*00*1*20240801*1200*CH' 'HL*1**20*1' 'NM1*85*2*CLINIC*****XX*1999999984' 'HL*2*1*22*0' 'SBR*P*18*******MB'
		"NM1*IL*1*$patient" 'DMG*D8*19700101*F' 'NM1*PR*2*PAYER*****PI*12345')

	for claim in "${@:3}"; do
		IFS=: read -r number frequency replaces <<<"${claim%%,*}"
		segments+=("CLM*$number*100***11:B:${frequency:-1}*Y*A*Y*Y")
		[[ -z $replaces ]] || segments+=("REF*F8*$replaces")
		segments+=('HI*ABK:M9901*ABF:M9904' 'NM1*82*1*DOCTOR*ONE****XX*1999000001' 'PRV*PE*PXC*111N00000X')
		n=0
		for service in ${claim#*,}; do
			IFS=/ read -r code charge units pointers <<<"$service"
			segments+=("LX*$((++n))" "SV1*HC:$code*$charge*${units%-*}*${units#*-}***$pointers" 'DTP*472*D8*20240801' "REF*6R*$number.$n")
		done
	done
	x12 837 "$control" "${segments[@]}"
}

payments() {
	x12 835 "$1" 'BPR*I*40*C*ACH*CCP*01*1*DA*1*1*1*01*1*DA*1*20240903' 'TRN*1*T1*1' 'N1*PR*PAYER*XV*12345' 'N1*PE*CLINIC*XX*1999999984' 'LX*1' \
		'CLP*C1*1*100*40**MB*ICN1*11*1' 'NM1*QC*1*ONE*PERSON****MI*P1' 'SVC*HC:98941:AT*60*40**1' 'DTM*472*20240801' 'CAS*CO*45*20' 'REF*6R*C1.1' \
		'SVC*HC:97124:GP*40*0**1' 'DTM*472*20240801' 'CAS*CO*97*40' 'REF*6R*C1.2'
}

# fhir ID STATUS CODE: an explanation of benefit of one line
fhir() {
	printf '{"resourceType": "ExplanationOfBenefit", "id": "%s", "status": "%s", "use": "claim", "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}]}, ' "$1" "$2"
	printf '"patient": {"reference": "Patient/1"}, "provider": {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999000002"}}, '
	printf '"item": [{"sequence": 1, "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "%s"}]}, "servicedDate": "2024-08-02", "quantity": {"value": %d}, "net": {"value": 64.5, "currency": "USD"}}]}\n' "$3" "${4-1}"
}

mkdir -p in/deeper
claims 1 'ONE*PERSON****MI*P1' 'C1,98941:AT/60/UN-1/1:2 97124:GP/40/UN-2/2' 'C2,97140:GP/32/UN-1/' >in/first.837
{ printf '\xef\xbb\xbf'; claims 2 'TWO*PERSON****MI*P2' 'C3,97124:GP/64/MJ-22/1'; } >in/mark.txt
# shellcheck disable=SC2016
payments 3 >'in/deeper/paid $(touch oops) é.835'
claims 4 'THREE*PERSON****MI*P3' 'C4,99213:25/110/UN-1/1' | gzip >in/packed
claims 5 'FOUR*PERSON****MI*P4' 'C5,97110:GP/35/UN-1/1' >'[a] *.x'
claims 6 'FOUR*PERSON****MI*P4' 'C6:7:C5,97110:GP/70/UN-2/1' >-b.x
{ mkdir odd && mv -- '[a] *.x' -b.x odd && (cd odd && zip -q ../in/two.zip ./*); } || bail_out zip
{ fhir E1 active 97124 9; echo; fhir E2 cancelled 97124; fhir E3 active 98940; } >in/bulk.ndjson
{ printf '\n[\n'; fhir E4 active 97110; printf ',\n'; fhir E5 active 97112; printf ']\n'; } >in/array.json
printf '%%PDF-1.4 ISA and no claims' >in/paper.pdf
echo '{"a": 1}' >in/.hidden

# fresh NAME: a database with the extension
fresh() {
	PGDATABASE=postgres sql "CREATE DATABASE $1" || bail_out "no database $1"
	export PGDATABASE=$1 PGOPTIONS='-c statement_timeout=60s -c search_path=public,"cl\ aims"'
	sql 'CREATE SCHEMA "cl aims"; CREATE EXTENSION claimline SCHEMA "cl aims"' || bail_out "no extension in $1"
}

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

loaded() {
	sql "SELECT (SELECT count(*) FROM claim_file) || ' ' || (SELECT count(*) FROM claim_file_line) || ' ' || (SELECT count(*) FROM claim_file_payment) || ' ' || (SELECT count(*) FROM claim_file_fault)"
}

# refused REGEX NAME ARGUMENT...: nothing is loaded
refused() {
	local before

	before=$(loaded)
	run "${@:3}"
	says 1 "$1" "$2"
	is "$(loaded)" "$before" "and nothing of it is loaded"
}

# --- a folder ---

fresh folder
run --dry-run in
says 0 'in/first.837: would be loaded: 837, 3 lines.*8 files would be loaded, 12 lines, 2 payments; 0 loaded before; 0 refused; 1 no claims files' '--dry-run says what it would load'
is "$(sql "SELECT to_regclass('claim_file') IS NULL")" t 'and makes not even the tables'
run in
says 0 'in/paper.pdf: no claims file, left out.*8 files loaded, 12 lines, 2 payments; 0 loaded before; 0 refused; 1 no claims files' 'a folder of files of every kind'
is "$(loaded)" '8 12 2 0' 'is in the tables'
is "$(sql "SELECT name, kind, senders, interchanges, functional_groups, transactions, segments, lines, payments, faults FROM claim_file WHERE name !~ 'json' ORDER BY interchanges")" \
	"in/first.837|837|{CLINIC}|{000000001}|{71}|1|34|3|0|0
in/mark.txt|837|{CLINIC}|{000000002}|{72}|1|22|1|0|0
in/deeper/paid \$(touch oops) é.835|835|{CLINIC}|{000000003}|{73}|1|21|0|2|0
in/packed|837|{CLINIC}|{000000004}|{74}|1|22|1|0|0
in/two.zip/[a] *.x|837|{CLINIC}|{000000005}|{75}|1|22|1|0|0
in/two.zip/-b.x|837|{CLINIC}|{000000006}|{76}|1|23|1|0|0" 'with names and control numbers'
is "$(sql "SELECT name, kind, segments, lines FROM claim_file WHERE name ~ 'json' ORDER BY name")" $'in/array.json|fhir|2|2\nin/bulk.ndjson|fhir|3|3' 'FHIR with its resources'
is "$(sql "SELECT sha256, bytes FROM claim_file WHERE name = 'in/first.837'")" "$(sha256sum <in/first.837 | cut -d' ' -f1)|$(wc -c <in/first.837)" 'and what the file was'
is "$(sql "SELECT f.name, l.ordinal, l.patient, l.rendering, l.claim_id, l.line_no, l.line_control, l.charge, l.line, l.segment FROM claim_file f JOIN claim_file_line l ON l.file = f.id WHERE f.name = 'in/first.837' ORDER BY 2")" \
	'in/first.837|1|P1|1999000001|C1|1|C1.1|60|98941-AT x1 2024-08-01 dx=M99.01,M99.04 specialty=111N00000X|17
in/first.837|2|P1|1999000001|C1|2|C1.2|40|97124-GP x2 2024-08-01 dx=M99.04 specialty=111N00000X|21
in/first.837|3|P1|1999000001|C2|1|C2.1|32|97140-GP x1 2024-08-01 dx=M99.01,M99.04 specialty=111N00000X dxof=claim|29' 'lines in the order of the file'
is "$(sql "SELECT p.ordinal, p.claim_id, p.line_control, p.code, p.charge, p.paid, p.adjustment_group, p.carc, p.amount FROM claim_file_payment p ORDER BY 1")" \
	$'1|C1|C1.1|98941|60|40|CO|45|20\n2|C1|C1.2|97124|40|0|CO|97|40' 'payments too'
is "$(find . -name oops)" '' 'no name is run'
run in
says 0 '0 files loaded, 0 lines, 0 payments; 8 loaded before; 0 refused' 'a second run loads nothing'
cp in/first.837 again.txt && gzip -k again.txt
run again.txt again.txt.gz
says 0 '0 files loaded.*2 loaded before' 'the same content under another name, and packed'
is "$(loaded)" '8 12 2 0' 'is there once'
claims 7 'SEVEN*PERSON****MI*P7' 'C7,97110:GP/35/UN-1/1' >twice && cp twice twice.copy
run twice twice.copy
says 0 'twice.copy: loaded already: twice.*1 file loaded, 1 line, 0 payments; 1 loaded before' 'twice in one call'
claims 1 'ONE*PERSON****MI*P1' 'C9,98941:AT/60/UN-1/1:2' >other
run other
says 0 'interchange 000000001 of sender CLINIC is also in in/first.837 with other content' 'the number of an interchange with other content is told'
sql "DELETE FROM claim_file WHERE name IN ('other', 'twice')"
is "$(loaded)" '8 12 2 0' 'a file that is deleted takes its rows with it'
is "$(sql 'BEGIN; TRUNCATE claim_file; SELECT count(*) FROM claim_file_line; SELECT count(*) FROM claim_file_payment; ROLLBACK' | paste -sd ' ')" '0 0' 'and TRUNCATE those of all'
run other
says 0 'other: loaded: 837, 1 line' 'and can be loaded again'
sql "DELETE FROM claim_file WHERE name = 'other'"

# --- to findings ---

# the lines written by hand, which the views of the sources must have, and the findings of their days
sql "CREATE TABLE written (source text, patient text, provider text, dos date, claim_id text, line_no int, line claimline, charge numeric)" || exit
sql "INSERT INTO written VALUES
	('clinic', 'P1', '1999000001', '2024-08-01', 'C1', 1, '98941-AT x1 2024-08-01 dx=M99.01,M99.04 specialty=111N00000X', 60),
	('clinic', 'P1', '1999000001', '2024-08-01', 'C1', 2, '97124-GP x2 2024-08-01 dx=M99.04 specialty=111N00000X', 40),
	('clinic', 'P1', '1999000001', '2024-08-01', 'C2', 1, '97140-GP x1 2024-08-01 dx=M99.01,M99.04 specialty=111N00000X dxof=claim', 32),
	('clinic', 'P2', '1999000001', '2024-08-01', 'C3', 1, '97124-GP x1 22min 2024-08-01 dx=M99.01 specialty=111N00000X', 64),
	('clinic', 'P3', '1999000001', '2024-08-01', 'C4', 1, '99213-25 x1 2024-08-01 dx=M99.01 specialty=111N00000X', 110),
	('clinic', 'P4', '1999000001', '2024-08-01', 'C6', 1, '97110-GP x2 2024-08-01 dx=M99.01 specialty=111N00000X', 70),
	('bulk', 'Patient/1', '1999000002', '2024-08-02', 'E1', 1, '97124 x9 2024-08-02', 64.5),
	('bulk', 'Patient/1', '1999000002', '2024-08-02', 'E3', 1, '98940 x1 2024-08-02', 64.5),
	('bulk', 'Patient/1', '1999000002', '2024-08-02', 'E4', 1, '97110 x1 2024-08-02', 64.5),
	('bulk', 'Patient/1', '1999000002', '2024-08-02', 'E5', 1, '97112 x1 2024-08-02', 64.5)" || exit
mkdir fhir && mv in/bulk.ndjson in/array.json fhir && run --schema=public fhir
says 0 '0 files loaded.*2 loaded before' 'files that were moved'
# what is of FHIR is loaded for a source of its own
sql 'CREATE SCHEMA bulk' && run --schema bulk fhir
says 0 '2 files loaded, 5 lines' '--schema'
sql "DELETE FROM claim_file WHERE kind = 'fhir'"
sql "DO \$\$BEGIN PERFORM claim_source_add('clinic', 'claim_file_line', 'x12'), claim_source_add('bulk', 'bulk.claim_file_line', 'fhir'); END\$\$" 2>/dev/null
for source in clinic bulk; do
	is "$(sql "SELECT * FROM (SELECT patient, provider, dos, claim_id, line_no, line, line_error, charge FROM ${source}_lines) v ORDER BY claim_id COLLATE \"C\", line_no")" \
		"$(sql "SELECT patient, provider, dos, claim_id, line_no, line, NULL, charge FROM written WHERE source = '$source' ORDER BY claim_id COLLATE \"C\", line_no")" "the lines of the source $source"
	sql "CALL claim_scan('$source', at_least => 'unknown')" 2>/dev/null
	found=$(sql "SELECT claim_id, line_no, rule, severity, message, with_claim_id, with_line_no FROM claim_findings WHERE source = '$source' AND severity >= 'unknown' ORDER BY 1, 2, 3, 4, 5")
	is "$found" "$(sql "SELECT (e).claim_id, (e).line_no, (e).rule, (e).severity, (e).message, (e).with_claim_id, (e).with_line_no
		FROM (SELECT claim_edits(claimday(claim_id, line_no, line), ruleset('medicare')) AS e FROM written WHERE source = '$source' GROUP BY patient, provider, dos) d
		WHERE (e).severity >= 'unknown' ORDER BY 1, 2, 3, 4, 5")" "and the findings of lines that were written by hand"
done
says_rules() {
	is "$(sql "SELECT string_agg(DISTINCT concat_ws(' ', claim_id, line_no, rule), ', ' ORDER BY concat_ws(' ', claim_id, line_no, rule)) FROM claim_findings WHERE source = '$1' AND severity = 'deny'")" "$2" "denied of $1"
}
# pairs with the manipulation and beside manual therapy; chiropractors are covered for manipulation alone
says_rules clinic 'C1 2 ptp, C1 2 specialty-not-covered, C2 1 ptp, C2 1 specialty-not-covered, C3 1 specialty-not-covered, C4 1 specialty-not-covered, C6 1 specialty-not-covered'
# no modifier anywhere, nine units
says_rules bulk 'E1 1 mod-missing, E1 1 mue-day, E1 1 ptp, E3 1 mod-missing, E4 1 mod-missing, E5 1 mod-missing, E5 1 ptp'
is "$(sql "SELECT string_agg(concat_ws(' ', what, \"rows\", charge), '; ' ORDER BY what) FROM claim_source_quality('clinic') WHERE kind = 'left out'")" 'replaced 1 35' 'a claim that was replaced is left out, and counted'
is "$(sql "SELECT string_agg(concat_ws(' ', what, \"rows\", charge), '; ' ORDER BY what) FROM claim_source_quality('bulk') WHERE kind = 'left out'")" 'cancelled 1 64.5' 'and one that is cancelled'

# --- what is refused ---

fresh refusals
run in/first.837
claims 11 'ELEVEN*PERSON****MI*P11' 'C11,98941:AT/60/UN-1/1:2 97124:GP/40/UN-2/2' >whole
head -c 480 whole >half
refused 'half: refused: it has faults; --accept-faults loads it with them:.*interchange 000000011 has no IEA before the end' 'half a file' half
sed 's/^SE\*22/SE*23/; s/^GE\*1/GE*2/' whole >counts
refused 'segment 24 \(SE\): SE counts 23 segments, there are 22.*segment 25 \(GE\): GE counts 2 transactions, there are 1' 'counts that do not fit' counts
sed 's/^SE.*/&\nB-T*1~/' whole >outside
refused 'segment 25 \(B-T\): "B-T" is no name of a segment; segment stands in no transaction' 'a segment that is none' outside
run --accept-faults half counts
says 0 'half: loaded: 837, 0 lines, 1 fault.*counts: loaded: 837, 2 lines, 2 faults' '--accept-faults loads them'
is "$(sql "SELECT f.name, t.ordinal, t.segment, t.name, t.fault FROM claim_file_fault t JOIN claim_file f ON f.id = t.file ORDER BY 1, 2")" \
	'counts|1|24|SE|SE counts 23 segments, there are 22
counts|2|25|GE|GE counts 2 transactions, there are 1
half|1|15||transaction 0001 has no SE before the end of the text; group 81 has no GE before the end of the text; interchange 000000011 has no IEA before the end of the text; claim C11 of segment 12 has no service line' 'and keeps the faults'
sed '/^CLM/,/^SE/s/:/>/g' whole >separators
run separators
says 0 'separators: loaded: 837, 2 lines, 1 fault.*components are separated by ">", not by ":"' 'a fault that loses nothing is told, and no reason to refuse'
x12 999 12 'AK1*HC*1' >answer
refused 'answer: refused: it has no claims and no payments.*transaction 0001 is a 999 and not read' 'transactions of another kind' answer
{ claims 13 'P*PERSON****MI*P13' 'C13,97110:GP/35/UN-1/1' | sed '/^GE/,$d'; x12 835 13 'BPR*I*0*C*NON' 'LX*1' 'CLP*C1*1*0*0**MB*ICN1*11*1' | sed -n '3,7p' | sed 's/0001/0002/'; printf 'GE*2*83~\nIEA*1*000000013~\n'; } >both
run both
says 0 'both: loaded: 835 837, 1 line, 1 payment' 'claims and a remittance in one file'
refused 'paper: refused: it is no claims file' 'a file of another kind' "$(cp in/paper.pdf paper; echo paper)"
claims 14 $'M\xfcLLER*PERSON' 'C14,97110:GP/35/UN-1/1' >latin
refused 'the file is not in encoding UTF8.*Byte 0xFC at 295 is no character of it.*--encoding=LATIN1' 'a file in another encoding, with where' latin
run --encoding LATIN1 latin
says 0 'latin: loaded: 837, 1 line' '--encoding'
is "$(sql "SELECT patient FROM claim_file_line WHERE claim_id = 'C14'")" '/MüLLER/PERSON/19700101' 'and its characters'
refused 'encoding "KLINGON" does not exist' 'an encoding that there is not' --encoding=KLINGON whole
iconv -f UTF-8 -t UTF-16 whole >wide
refused 'it is in UTF-16' 'UTF-16' wide
gzip -c whole | head -c 200 >cut.gz
refused 'cut.gz: refused: it cannot be read whole' 'what gzip made, cut off' cut.gz
zip -q - whole | head -c 300 >cut.zip
refused 'no whole ZIP' 'a ZIP that is cut off' cut.zip
zip -q wrong.zip whole && printf 'XXXX' | dd of=wrong.zip bs=1 seek=100 conv=notrunc status=none
refused 'wrong.zip/whole: refused: it cannot be read whole' 'a ZIP whose bytes are wrong' wrong.zip
{ fhir E1 active 97124; fhir E2 active 97110 | head -c 200; } >cut.ndjson
refused 'segment 2: line 2 is no JSON' 'a resource that is cut off' cut.ndjson
{ fhir E1 active 97124; echo '{"resourceType": "Patient", "id": "1"}'; echo 7; } >others.ndjson
refused 'segment 2 \(Patient\): the resource of line 2 is no claim.*segment 3: line 3 is no FHIR resource' 'resources that are no claims' others.ndjson
run --accept-faults others.ndjson
says 0 'fhir, 1 line, 2 faults' 'are kept as faults'
echo '{"resourceType": "Bundle", "entry": [' >cut.json
refused 'the file is no JSON' 'a bundle that is cut off' cut.json
echo '{"resourceType": "Patient"}' >patients.ndjson
refused 'it has no claims and no payments' 'patients alone' patients.ndjson
printf '{\n "resourceType": "Bundle",\n "entry": [{"resource": %s}]\n}\n' "$(fhir E9 active 97124)" >bundle.json
run bundle.json
says 0 'bundle.json: loaded: fhir, 1 line' 'a bundle of several lines'
run half nothing
says 1 'nothing cannot be read' 'a file that is not there'
mkdir empty
run empty
says 1 'there is no claims file' 'an empty folder'
run in answer
says 1 'answer: refused.*5 files loaded, 4 lines, 2 payments; 1 loaded before; 1 refused; 1 no claims files' 'the others are loaded beside one that is refused'

# --- the database ---

claims 15 'P*PERSON****MI*P15' 'C15,97110:GP/35/UN-1/1' >other

for call in '' '--no-such-option x' '-d' '--schema'; do
	read -r -a words <<<"$call"
	run "${words[@]}"
	says 2 'claimline-load: .*--help' "wrong usage: $call"
done
run --help
says 0 'usage: claimline-load' '--help'
run --schema nowhere whole
says 3 'schema "nowhere" does not exist' 'a schema that is not there'
run --schema 'cl aims' whole
says 3 'tables of claims files cannot be made in schema "cl aims".*HINT:  Give another schema' 'the schema of the extension, which has types of these names'
sql 'CREATE ROLE clerk LOGIN; GRANT ALL ON SCHEMA "cl aims" TO clerk'
run -U clerk whole
says 3 'permission denied for table claim_file' 'a role without the right'
sql 'GRANT SELECT ON claim_file TO clerk'
run -U clerk whole
says 3 'may not load into the tables of schema public' 'or with that to read alone'
sql 'CREATE SCHEMA closed'
run -U clerk --schema=closed whole
says 3 'permission denied for schema closed' 'or the right to make tables'
sql 'CREATE SCHEMA mine AUTHORIZATION clerk'
run -U clerk --schema=mine whole
says 0 'whole: loaded: 837, 2 lines' 'a role in a schema of its own'
sql 'CREATE SCHEMA taken; CREATE TABLE taken.claim_file (id int)'
run --schema=taken whole
says 3 'table "claim_file" of schema "taken" is not one of claims files.*It lacks name, bytes' "another's table of the same name"
run -h "$CLUSTER_DIR/nowhere" whole
says 3 'No such file' 'no server'
run --dbname=postgres whole
says 3 'the extension claimline is not in this database' 'no extension'
options=(-h "$PGHOST" -p 5432 -U postgres -d "$PGDATABASE")
PGHOST='' PGPORT=1 PGUSER='' PGDATABASE='' run "${options[@]}" --schema=mine other
says 0 '1 file loaded' 'options of psql'

# --- a run that is stopped ---

fresh stopped
mkdir -p stop && payments 21 >stop/a && claims 22 'P*P****MI*P22' 'C22,97110:GP/35/UN-1/1' >stop/b && claims 23 'P*P****MI*P23' 'C23,97110:GP/35/UN-1/1' >stop/c
sql 'SELECT claim_files_create()'
waiting() {
	[[ $(sql "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'claim_file_line'::regclass") = "$1" ]]
}
# rows of the second file wait for whoever holds the table
echo 'BEGIN; LOCK TABLE claim_file_line IN SHARE MODE; SELECT pg_sleep(30);' | "${psql[@]}" >/dev/null 2>&1 &
blocker=$!
"$program" stop >stopped.out 2>&1 &
stopped=$!
succeeds 'a run is in a file' wait_until 20 waiting 1
kill -TERM $stopped
wait $stopped
is $? 143 'a signal ends it'
succeeds 'with its session' wait_until 10 waiting 0
is "$(loaded)" '1 0 2 0' 'what was loaded stays, and of the file nothing'
"$program" stop >one.out 2>&1 &
one=$!
"$program" stop >two.out 2>&1 &
two=$!
succeeds 'two runs at once' wait_until 20 waiting 1
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()" >/dev/null
wait $blocker
wait $one
is $? 0 'go on where the first was stopped'
wait $two
is $? 0 'and both end well'
is "$(loaded)" '3 2 2 0' 'with each file once'
is "$(sed -n 's/^\([0-9]*\) files* loaded.*/\1/p' one.out two.out | paste -sd+ | sed 's/$/\n/' | bc)" 2 'loaded by one of them'

is "$(ls "$TMPDIR")" '' 'no temporary file is left'
done_testing

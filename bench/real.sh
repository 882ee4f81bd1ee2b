#!/bin/bash
# bench/real.sh DIRECTORY
#
# Public data sets from load to findings: how many rows there are, what is left out of them and why, what is partial or no line, and
# what is found on the rest, as tables in Markdown; each count of lines beside one by SQL over the raw texts, which knows no claimline.
#
# DIRECTORY has the folders that are there of bfd_rif (flat RIF files, *.txt and *.csv separated by |), bfd_idr (idr_CLM.csv, idr_CLM_LINE.csv), synpuf
# (*.csv) and omop (*.zip with PROCEDURE_OCCURRENCE.csv and CONCEPT.csv).  The server is that of the PG* variables; the extension must be
# installed there.  The database claimline_bench_real is made and dropped.
set -u -o pipefail

directory=${1-}
if [[ -z $directory ]]; then
	echo "skipped: needs the directory with the folders of the data sets"
	exit 0
fi
shopt -s nullglob
directory=$(cd "$directory" && pwd) || exit
psql=(psql -X -q -At -v ON_ERROR_STOP=1)

clean_up() {
	[[ -n ${KEEP-} ]] || "${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_real' >/dev/null
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_real' \
	-c 'CREATE DATABASE claimline_bench_real' || exit
export PGDATABASE=claimline_bench_real PGOPTIONS='-c client_min_messages=warning'
"${psql[@]}" <<-'END' || exit
	CREATE EXTENSION claimline;
	CREATE TABLE counted (source text, name text, lines bigint, of_rows bigint);
	CREATE TABLE found (source text, rule text, severity claim_severity, findings bigint, example text);
END

# load SCHEMA.TABLE SEPARATOR: standard input, with its header, into a table of texts
load() {
	local header columns

	IFS= read -r header || return
	columns=$(tr -d '"\r' <<<"${header,,}" | sed "s/[$2]/\" text, \"/g; s/^/\"/; s/\$/\" text/")
	"${psql[@]}" -c "CREATE SCHEMA IF NOT EXISTS ${1%%.*}" -c "CREATE TABLE $1 ($columns)" || return
	if [[ $2 == '|' ]]; then
		# a line may have more fields than the header has names
		awk -F '|' -v OFS='|' -v n="$(tr -cd '|' <<<"|$header" | wc -c)" '{ NF = n } 1' | "${psql[@]}" -c "\\copy $1 FROM pstdin WITH (FORMAT csv, DELIMITER '|', QUOTE E'\\b')"
	else
		"${psql[@]}" -c "\\copy $1 FROM pstdin WITH (FORMAT csv)"
	fi
}

# judge NAME SCHEMA.TABLE PRESET COLUMNS LINES SLOTS: adds the source, counts, and judges its days; LINES is SQL that counts the rows with a
# code by their texts, SLOTS the lines that a row can have
judge() {
	"${psql[@]}" -v name="$1" -v relation="$2" -v preset="$3" -v columns="$4" >/dev/null <<-END || exit
		SELECT claim_source_add(:'name', :'relation', :'preset', :'columns', schema => 'public');
		INSERT INTO counted SELECT :'name', :'name', ($5), (SELECT count(*) FROM $2) * $6;
		INSERT INTO found SELECT :'name', e.rule, e.severity, count(*), min(concat(e.claim_id, ' line ', e.line_no, ': ', e.message))
		FROM (SELECT claimday(claim_id, line_no, line, line_error) AS day FROM "$1_lines" GROUP BY patient, provider, dos) d,
			claim_edits(d.day, ruleset('medicare', NULL,
				(SELECT coalesce(mapped ->> 'service_type', 'practitioner') FROM claim_sources WHERE name = :'name'))) e GROUP BY e.rule, e.severity;
	END
}

# the rows of a table that have a procedure code: five characters, and no CDT code
coded() {
	echo "SELECT count(*) FROM $1 t WHERE btrim(t.$2) ~ '^[0-9A-Za-z]{5}\$' AND btrim(t.$2) !~* '^D[0-9]{4}\$'"
}

for file in "$directory"/bfd_rif/*.{txt,csv}; do
	name=$(basename "${file%.*}")
	name=${name//[^a-z_]/_}
	load "rif.$name" '|' <"$file" || exit
	judge "$name" "rif.$name" rif '{}' "$(coded "rif.$name" hcpcs_cd) AND t.final_action <> 'N'" 1
done

if [[ -f $directory/bfd_idr/idr_CLM_LINE.csv ]]; then
	load idr.claim , <"$directory/bfd_idr/idr_CLM.csv" && load idr.claim_item , <"$directory/bfd_idr/idr_CLM_LINE.csv" || exit
	"${psql[@]}" -c 'CREATE UNIQUE INDEX ON idr.claim (clm_uniq_id)' || exit
	# every claim of these has a type of bill and every line a revenue code, drawn at random: what is left out for its service type, what the outpatient
	# edits read, and all
	lines="$(coded idr.claim_item clm_line_hcpcs_cd)
		AND EXISTS (SELECT FROM idr.claim c WHERE c.clm_uniq_id = t.clm_uniq_id AND c.clm_ltst_clm_ind <> 'N' AND c.clm_type_cd NOT IN ('1', '2', '3', '4')"
	judge idr idr.claim_item bfd '{}' "$lines AND c.clm_bill_fac_type_cd = '')" 1
	judge idr_outpatient idr.claim_item bfd '{"service_type": "outpatient"}' "$lines
		AND c.clm_bill_fac_type_cd || c.clm_bill_clsfctn_cd IN ('12', '13', '14', '22', '23', '34', '72', '74', '75', '76', '85'))" 1
	judge idr_all idr.claim_item bfd '{"service_type": null}' "$lines)" 1
fi

for file in "$directory"/synpuf/*.csv; do
	name=$(basename "${file%.*}")
	load "synpuf.${name,,}" , <"$file" || exit
	judge "${name,,}" "synpuf.${name,,}" synpuf '{}' "SELECT count(*) FROM synpuf.${name,,} t, jsonb_each_text(to_jsonb(t)) c
		WHERE c.key ~ '^hcpcs_cd_' AND btrim(c.value) ~ '^[0-9A-Za-z]{5}\$' AND c.value !~* '^D[0-9]{4}\$'" 13
done

for file in "$directory"/omop/*.zip; do
	load omop.procedure_occurrence , < <(unzip -p "$file" PROCEDURE_OCCURRENCE.csv) && load omop.concept , < <(unzip -p "$file" CONCEPT.csv) || exit
	"${psql[@]}" -c 'CREATE UNIQUE INDEX ON omop.concept (concept_id)' || exit
	judge omop omop.procedure_occurrence omop '{}' "SELECT count(*) FROM omop.procedure_occurrence t LEFT JOIN omop.concept s ON s.concept_id = t.procedure_source_concept_id
		LEFT JOIN omop.concept c ON c.concept_id = t.procedure_concept_id WHERE 'CPT4' IN (s.vocabulary_id, c.vocabulary_id) OR 'HCPCS' IN (s.vocabulary_id, c.vocabulary_id)
			OR (t.procedure_source_value ~ '^[0-9A-Z][0-9]{3}[0-9A-Z]\$' AND coalesce(s.vocabulary_id, 'None') = 'None')" 1
	break
done

"${psql[@]}" -F ' | ' <<-'END' | sed 's/^/| /; s/$/ |/'
	\t off
	\pset footer off
	CREATE TEMP TABLE quality AS SELECT c.source, q.* FROM counted c, claim_source_quality(c.source) q;
	SELECT c.source, c.of_rows AS rows, coalesce(sum(q.rows) FILTER (WHERE q.kind IN ('line', 'line-partial')), 0) AS lines,
		coalesce(sum(q.rows) FILTER (WHERE q.kind = 'line-partial'), 0) AS partial,
		coalesce(sum(q.rows) FILTER (WHERE q.kind = 'line-invalid'), 0) AS invalid,
		coalesce(sum(q.rows) FILTER (WHERE q.kind = 'netted'), 0) AS netted,
		coalesce(sum(q.rows) FILTER (WHERE q.kind = 'left out'), 0) AS "left out",
		coalesce((SELECT sum(f.findings) FROM found f WHERE f.source = c.source AND f.severity = 'deny'), 0) AS deny,
		coalesce((SELECT sum(f.findings) FROM found f WHERE f.source = c.source AND f.severity = 'review'), 0) AS review,
		coalesce((SELECT sum(f.findings) FROM found f WHERE f.source = c.source AND f.severity = 'unknown'), 0) AS unknown,
		coalesce((SELECT sum(f.findings) FROM found f WHERE f.source = c.source AND f.severity = 'info'), 0) AS info,
		CASE WHEN sum(q.rows) = c.of_rows AND coalesce(sum(q.rows) FILTER (WHERE q.kind <> 'left out' AND NOT (q.kind = 'line-invalid' AND q.field = 'code')), 0) = c.lines
			THEN 'agree' ELSE 'DIFFER: ' || c.lines END AS "raw texts"
	FROM counted c JOIN quality q USING (source) GROUP BY c.source, c.of_rows, c.lines ORDER BY c.source;
	\echo
	SELECT kind, field, what, sum(rows) AS rows, string_agg(source || ' ' || rows, ', ' ORDER BY rows DESC, source) AS "in", min(example) AS example
	FROM quality WHERE kind <> 'line' GROUP BY kind, field, what ORDER BY kind DESC, rows DESC, what;
	\echo
	SELECT severity, rule, sum(findings) AS findings, string_agg(source || ' ' || findings, ', ' ORDER BY findings DESC, source) AS "in", min(example) AS example
	FROM found GROUP BY severity, rule ORDER BY severity DESC, findings DESC, rule;
END


# src/bin/claimline-load/50-database.sh: the database

# connect: the extension, and the tables, which are made if need be; of what is loaded already the checksums go to $tmp/known
connect() {
	local answer version loads

	answer=$("${psql[@]}" -q -At -F $'\t' 2>"$tmp/err" <<-'END'
		SELECT n.nspname, x.extversion, pg_catalog.to_regproc('claimline_internal.claim_load') IS NOT NULL
		FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'claimline'
	END
	) || { cat "$tmp/err" >&2; exit 3; }
	IFS=$'\t' read -r extension version loads <<<"$answer"
	[[ -n $version ]] || die 3 'the extension claimline is not in this database: CREATE EXTENSION claimline'
	[[ $loads = t ]] || die 3 "the extension is of version $version, older than this program: ALTER EXTENSION claimline UPDATE"
	printf '%s\n' "${sha256[@]}" >"$tmp/sums"
	schema=$("${psql[@]}" -q -At -v extension="$extension" -v schema="$schema" 2>"$tmp/err" <<-END
		BEGIN;
		SELECT CASE WHEN :'schema' <> '' THEN :'schema' ELSE pg_catalog.current_schema() END AS schema \\gset
		\\if :{?schema}
		\\else
		\\set schema ''
		\\endif
		SELECT :"extension".claim_files_create(NULLIF(:'schema', '')) \\g /dev/null
		CREATE TEMP TABLE claim_load_sum (sha256 text);
		\\copy pg_temp.claim_load_sum from program 'cat "\$claimline_load/sums"'
		\\o \`echo "\$claimline_load/known"\`
		SELECT f.sha256 FROM :"schema".claim_file f JOIN pg_temp.claim_load_sum USING (sha256);
		\\o
		SELECT pg_catalog.has_table_privilege(pg_catalog.format('%I.%I', :'schema', t), 'INSERT') AS may
		FROM (SELECT 'claim_file_line' AS t) t \\gset
		\\if :may
		\\else
		\\warn ERROR:  this role may not load into the tables of schema :schema
		\\q
		\\endif
		DROP TABLE pg_temp.claim_load_sum;
		$(end_of_transaction);
		\\echo :schema
	END
	) || { complain; exit 3; }
	[[ -n $schema ]] || { complain; exit 3; }
}

end_of_transaction() {
	if [[ -n $dry ]]; then echo ROLLBACK; else echo COMMIT; fi
}

# complain: what psql said, without where in which function it was
complain() {
	sed -E 's/^psql:<stdin>:[0-9]+: //' "$tmp/err" | awk '
		/^[A-Z]+: / { context = /^CONTEXT:/ }
		context { next }
		/is not in encoding/ { encoding = 1 }
		encoding { sub(/Say what it is in: LATIN1/, "Say what it is in, --encoding=LATIN1") }
		{ print }' >&2
}

# pour_script I: the file that psql runs to get an item, in lines that fit into a page
pour_script() {
	{
		echo 'set -o pipefail'
		declare -f content
		printf 'content %q %q | base64 -w 7200\n' "${link[$1]}" "${entry[$1]}"
	} >"$tmp/pour"
}

# load_script: what psql is to do; marks begin with @
load_script() {
	cat <<-END
		BEGIN;
		$([[ -z $dry ]] || echo 'SELECT :"extension".claim_files_create('":'schema') \\g /dev/null")
		SELECT claimline_internal.claim_load_begin() \\g /dev/null
		\\echo @sending
		\\copy pg_temp.claim_load_part (content) from program 'bash "\$claimline_load/pour"'
		\\echo @reading
		SELECT l.status, l.status = 'loaded' AS keep, coalesce(l.kind, '') AS kind, coalesce(l.lines, 0) AS lines,
			coalesce(l.invalid, 0) AS invalid, coalesce(l.payments, 0) AS payments, coalesce(l.faults, 0) AS faults,
			coalesce(l.told, '') AS told
		FROM claimline_internal.claim_load(:'schema', 'pg_temp.claim_load_part', :'encoding', :'of', :'name', :bytes, :'sha256',
			:'accept') l \\gset
		\\if :keep
		$(end_of_transaction);
		\\else
		ROLLBACK;
		\\endif
		\\echo @:status :kind|:lines|:invalid|:payments|:faults
		\\echo :told
	END
}

# counted NUMBER THING: 1 line, 2 lines
counted() {
	printf '%s %s%s' "$(grouped "$1")" "$2" "$([[ $1 = 1 ]] || echo s)"
}

# loaded NAME NUMBERS: says what is loaded
loaded() {
	local kind lines invalid payments faults said

	IFS='|' read -r kind lines invalid payments faults <<<"$2"
	said=$kind
	[[ $kind = 835 ]] || said+=", $(counted "$lines" line)"
	((invalid == 0)) || said+=", $(grouped "$invalid") of them no claim line"
	[[ $kind != *835* ]] || said+=", $(counted "$payments" payment)"
	((faults == 0)) || said+=", $(counted "$faults" fault)"
	printf '%s: %s: %s\n' "$1" "$verb" "$said"
	((++n_loaded)) && n_lines=$((n_lines + lines)) n_payments=$((n_payments + payments))
}

# load I: a file in a transaction
load() {
	local i=$1 line status=0 result='' numbers='' told=''

	{ pour_script "$i" && load_script >"$tmp/script" && mkfifo "$tmp/out"; } ||
		die 1 "cannot write to $tmp"
	claimline_load=$tmp "${psql[@]}" -q -At -v extension="$extension" -v schema="$schema" -v encoding="$encoding" -v of="${of[i]}" \
		-v name="${shown[i]}" -v bytes="${bytes[i]}" -v sha256="${sha256[i]}" -v accept="$accept" \
		<"$tmp/script" >"$tmp/out" 2>"$tmp/err" &
	child=$!
	while IFS= read -r line; do
		case $line in
		@sending | @reading) ((bytes[i] < 50000000)) || progress "   ${line#@}" ;;
		@*) result=${line%% *} numbers=${line#* } ;;
		*) [[ -z $line ]] || told+=$'\n   '$line ;;
		esac
	done <"$tmp/out"
	wait "$child" || status=$?
	child=''
	rm -f "$tmp/out"
	((status != 2)) || { complain; die 3 "the connection was lost: nothing of ${shown[i]} was loaded"; }
	case $status$result in
	0@loaded) loaded "${shown[i]}" "$numbers" && [[ -z $told ]] || printf '%s\n' "${told#$'\n'}" ;;
	0@known) ((++n_known)) && printf '%s: loaded already: %s\n' "${shown[i]}" "${told#$'\n   '}" ;;
	0@none) refuse "${shown[i]}" "it has no claims and no payments${told:+:$told}" ;;
	0@faulty) refuse "${shown[i]}" "it has faults; --accept-faults loads it with them:$told" ;;
	*) refuse "${shown[i]}" 'nothing of it was loaded' && complain ;;
	esac
}


# src/bin/claimline-ncci/50-database.sh: the database

connect() {
	local answer version owner may loads

	answer=$("${psql[@]}" -q -At -F $'\t' 2>"$tmp/err" <<-'END'
		SELECT x.extversion, pg_catalog.pg_get_userbyid(x.extowner),
			pg_catalog.pg_has_role(c.relowner, 'USAGE'), pg_catalog.to_regproc('claimline_internal.ncci_load') IS NOT NULL
		FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_class c
			ON c.relnamespace = x.extnamespace AND c.relname = 'ncci_ptp_import'
		WHERE x.extname = 'claimline'
	END
	) || { cat "$tmp/err" >&2; exit 3; }
	cat "$tmp/err" >&2
	IFS=$'\t' read -r version owner may loads <<<"$answer"
	[[ -n $version ]] || die 3 'the extension claimline is not in this database: CREATE EXTENSION claimline'
	[[ $loads = t ]] || die 3 "the extension is of version $version, older than this program: ALTER EXTENSION claimline UPDATE"
	[[ $may = t ]] || die 3 "this role may not publish editions: connect as \"$owner\", the owner of the extension, or as a member of it"
}

# pour_script I: the file that psql runs to get an item
pour_script() {
	local i=$1 name=''

	case ${type[i]} in *practitioner) name='Medicaid Practitioner' ;; *outpatient) name='Medicaid Outpatient Hospital' ;; *) name='Medicaid DME' ;; esac
	{
		echo 'set -o pipefail'
		printf 'link=(%q) entry=(%q)\n' "${link[i]}" "${entry[i]}"
		declare -f content raw medicaid
		printf 'raw 0'
		# a mark of UTF-8, which editors write
		[[ $(raw "$i" | head -c 3 | od -An -tx1) != ' ef bb bf' ]] || printf " | tail -c +4"
		# an editor may have changed some of the line ends
		printf " | tr -d '\\\\r'"
		[[ ${layout[i]} = cms || ${kind[i]} = addon ]] || printf ' | medicaid %q %q' "${kind[i]}" "$name"
		echo
	} >"$tmp/pour$i"
}

# the items of a set, parts in their order
in_order() {
	local i

	for i in $(members "$1" "$2"); do
		echo "${kind[i]} ${part[i]:-0} $i"
	done | sort -k1,1r -k2,2n | cut -d' ' -f3
}

# load_script QUARTER TYPE: what psql is to do; marks begin with @
load_script() {
	local i

	cat <<-'END'
		BEGIN ISOLATION LEVEL READ COMMITTED;
		SELECT pg_catalog.set_config('search_path', pg_catalog.quote_ident(n.nspname) || ', pg_catalog, pg_temp', true)
		FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'claimline' \g /dev/null
		SELECT claimline_internal.ncci_load_begin() \g /dev/null
	END
	for i in $(in_order "$1" "$2"); do
		pour_script "$i" || return
		printf '%s\n' "\\echo @read $i"
		if [[ ${kind[i]} = ptp ]]; then
			echo "\\copy ncci_ptp_import from program 'bash \"\$claimline_ncci/pour$i\"' (encoding 'WIN1252')"
			printf '%s\n' "${shown[i]}" >>"$tmp/names"
		elif [[ ${kind[i]} = addon ]]; then
			echo "\\copy ncci_addon_import from program 'bash \"\$claimline_ncci/pour$i\"' (encoding 'WIN1252')"
			printf '%s\n' "${shown[i]}" >"$tmp/addons"
		else
			echo "\\copy ncci_mue_import from program 'bash \"\$claimline_ncci/pour$i\"' (format csv, encoding 'WIN1252')"
			printf '%s\n' "${shown[i]}" >"$tmp/name"
		fi
	done
	cat <<-END
		\\echo @publish
		SELECT * FROM claimline_internal.ncci_load(:'edition', :'type', pg_catalog.daterange(:'first', :'last', '[]'), :'loss');
		$([[ -n $check ]] && echo ROLLBACK || echo COMMIT);
		\\echo @done
	END
}

# explain: the files of errors by their names
explain() {
	awk -v tmp="$tmp" '
		BEGIN {
			while ((getline line <(tmp "/names")) > 0) name[++n] = line
			getline mue <(tmp "/name")
			getline addons <(tmp "/addons")
		}
		/^ERROR: .* MUE file / { only = mue }
		/^ERROR: .* add-on code file / { only = addons }
		/^ERROR: .* PTP file / { only = n == 1 ? name[1] : "" }
		# where in which function it was is of no use here, but the line that could not be copied is
		/^[A-Z]+: / { context = /^CONTEXT:/ && !/^CONTEXT:  COPY / }
		context || /HINT:.*The import tables are as they were/ { next }
		{ sub(/call ncci_publish with allow_loss => true/, "use --allow-loss") }
		{
			out = ""
			if (only != "" && match($0, /^(DETAIL:  )?line [0-9]+: /)) {
				at = index($0, "line ")
				$0 = substr($0, 1, at - 1) only " " substr($0, at)
			}
			while (match($0, /file [0-9]+ line [0-9]/)) {
				split(substr($0, RSTART), word, " ")
				out = out substr($0, 1, RSTART - 1) name[word[2]] " "
				$0 = substr($0, RSTART + 6 + length(word[2]))
			}
			print out $0
		}' >&2
}

# load QUARTER TYPE: an edition in a transaction
load() {
	local line item='' name rest before='' done='' status=0 month verb=published
	local -A there=() last=([1]=03-31 [2]=06-30 [3]=09-30 [4]=12-31)
	local edition=${asked_edition:-$1} year=${1%q?} q=${1#*q}

	item=$(members "$1" "$2" ptp | head -n 1)
	[[ -n $asked_edition || -z $item || ${revision[item]} = 0 ]] || edition+=r${revision[item]}
	month=$(printf '%02d' $((3 * q - 2)))
	[[ -z $check ]] || verb='would be published'
	rm -f "$tmp/names" "$tmp/name" "$tmp/addons"
	load_script "$1" "$2" >"$tmp/script" || die 1 "cannot write to $tmp"
	touch "$tmp/names" "$tmp/name" "$tmp/addons"
	progress "$2 $1"
	mkfifo "$tmp/out" || die 1 "cannot write to $tmp"
	claimline_ncci=$tmp "${psql[@]}" -At -F '|' -v edition="$edition" -v type="$2" -v first="${asked_from:-$year-$month-01}" \
		-v last="$year-${last[$q]}" -v loss="${loss:-false}" <"$tmp/script" >"$tmp/out" 2>"$tmp/err" &
	child=$!
	while IFS= read -r line; do
		name=${line#*|} rest=${line##*|}
		name=${name%|*}
		case $line in
		'@read '*) item=${line#@read } ;;
		'COPY '*) progress "   ${shown[item]}: $(grouped "${line#COPY }") lines" ;;
		'@publish') item='' && progress '   checking' ;;
		'there '*) line=${line#there } there[${line%%|*}]=$name ;;
		'before|'*) before=$name ;;
		'published|'*) echo "$2 $1: $verb as edition \"$name\"${before:+, after \"$before\"}" ;;
		'change|'*) printf '   %-20s %11s\n' "$name" "$(grouped "$rest")" ;;
		'@done') done=yes ;;
		esac
	done <"$tmp/out"
	wait "$child" || status=$?
	child=''
	rm -f "$tmp/out"
	explain <"$tmp/err"
	if ((status != 0)) || [[ -z $done ]]; then
		((status != 2)) || die 3 "the connection was lost: nothing of $2 $1 was published"
		die 1 "$2 $1: nothing was published${item:+; the error is in ${shown[item]}}"
	fi
	[[ -z ${there[ptp]-} ]] || echo "$2 $1: the code pairs are there already, as edition \"${there[ptp]}\""
	[[ -z ${there[addon]-} ]] || echo "$2 $1: the add-on codes are there already, as edition \"${there[addon]}\""
	[[ -z ${there[mue]-} ]] || echo "$2 $1: the unit limits are there already, as edition \"${there[mue]}\""
}

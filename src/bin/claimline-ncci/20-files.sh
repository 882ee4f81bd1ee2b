
# src/bin/claimline-ncci/20-files.sh: the files

# An item is a table, or a part of one, in a file or in a ZIP.  All arrays have an entry for it:
# where it is, what messages call it, its kind (ptp, mue, addon), service type, quarter (2026q3), revision, part or nothing
items=0
declare -a link=() entry=() shown=() kind=() type=() quarter=() revision=() part=() layout=()

# raw I: the bytes of an item
raw() {
	content "${link[$1]}" "${entry[$1]}"
}

# add LINK ENTRY NAME EXPLICIT: takes an item if its content is that of a table
add() {
	local i=$items head inside=${2##*/} name=${3##*/}

	link[i]=$1 entry[i]='' shown[i]=$(printable "$3") kind[i]='' type[i]='' quarter[i]='' revision[i]=0 part[i]='' layout[i]=cms
	if [[ -n $2 ]]; then
		entry[i]=$(zip_entry "$2")
		shown[i]="$(printable "$inside") in ${shown[i]}"
	fi
	if [[ "${inside,,} ${name,,}" =~ (additions|deletions|revisions|ccmichg) ]]; then
		((++lists))
		progress "   ${shown[i]}: CMS's list of changes and no table, left out"
		return
	fi
	# the head is enough; what is behind it need not be read now
	head=$(raw "$i" 2>/dev/null | head -c 16384 | tr -d '\000\r')
	head=${head,,}
	recognise "$i" "$head" "${inside,,}" "${name,,}"
	if [[ -n ${kind[i]} ]]; then
		((++items))
	elif [[ $4 = yes ]]; then
		if [[ $head =~ ^[[:space:]]*\<(!doctype|html|\?xml) ]]; then
			die 1 "${shown[i]} is a web page, not a file of CMS: accept the licence in the browser and save what is downloaded then"
		fi
		if [[ $head =~ aoc_edit_type ]]; then
			die 1 "${shown[i]} has the columns of CMS's workbook of add-on codes: give the TXT that is in the same ZIP, in columns of fixed width"
		fi
		die 1 "${shown[i]} is no table of NCCI edits: neither the heading of code pairs (\"Column 1\", \"Column 2\") nor that of unit limits (\"... MUE Values\") nor a line of add-on codes (\"10071U       0070U\") is in its first lines"
	else
		progress "   ${shown[i]}: no table of NCCI edits, left out"
	fi
}

# recognise I HEAD NAME_IN_ZIP NAME: kind and layout by content, the rest by content or name, all in lower case
recognise() {
	local i=$1 head=$2 notice=${2//medicare @(&|and) medicaid/} name

	if [[ "$3 $4" =~ (medicaid|mcd[-_]|[-_]mcd\.) || $notice =~ medicaid ]]; then
		layout[i]=medicaid
	fi
	if [[ $head =~ (^|$'\n')[[:blank:]]*\"?column[\ _]?1[^$'\n']*$'\t'[[:blank:]]*\"?column[\ _]?2[^$'\n']*effective[^$'\n']*deletion ]]; then
		kind[i]=ptp
	elif [[ ${layout[i]} = medicaid && $head =~ $'\t'[^$'\n'$'\t']*mue ]]; then
		kind[i]=mue
	elif [[ ${layout[i]} = cms && $head =~ (practitioner|outpatient\ hospital|dme\ supplier)\ services\ mue\ values ]]; then
		kind[i]=mue type[i]=${BASH_REMATCH[1]%% *}
	# type, add-on code, its deletion date, primary, its deletion date, first date
	elif [[ $head =~ (^|$'\n')[123][0-9a-z]{5}([0-9]{7}|\ {7})[0-9a-z]{5}([0-9]{7}|\ {7})([0-9]{7}|\ {7}) ]]; then
		kind[i]=addon
	else
		return
	fi
	for name in "$3" "$4"; do
		[[ -n ${quarter[i]} ]] || name_quarter "$i" "$name"
		[[ -n ${type[i]} ]] || name_type "$i" "$name"
	done
}

# The version says the quarter: 32.2 is the third of 2026, the thirty-third year from 1994 on (CMS: version 8.0 of 2002-01-01).
name_quarter() {
	local i=$1 year='' q=''

	if [[ $2 =~ cci(pra|oph)[-_\ ]?v([0-9]{2})([0-3])r([0-9]+)[-_\ ]?f([0-9]{1,2}) ]]; then
		year=$((1994 + 10#${BASH_REMATCH[2]})) q=$((BASH_REMATCH[3] + 1))
		revision[i]=$((10#${BASH_REMATCH[4]})) part[i]=$((10#${BASH_REMATCH[5]}))
	elif [[ $2 =~ eff(ective)?[-_\ ]*([0-9]{2})[-_]?([0-9]{2})[-_]?((19|20)[0-9]{2}) ]]; then
		year=${BASH_REMATCH[4]} q=$(((10#${BASH_REMATCH[2]} + 2) / 3))
	elif [[ $2 =~ ((19|20)[0-9]{2})[-_\ ]?q([1-4]) ]]; then
		year=${BASH_REMATCH[1]} q=${BASH_REMATCH[3]}
	elif [[ $2 =~ q([1-4])[-_\ ]?((19|20)[0-9]{2}) ]]; then
		year=${BASH_REMATCH[2]} q=${BASH_REMATCH[1]}
	fi
	[[ -z $year ]] || quarter[i]=${year}q$q
}

name_type() {
	local found=''

	if [[ $2 =~ (ccipra|practitioner) ]]; then
		found=practitioner
	elif [[ $2 =~ (ccioph|hospital|outpatient) ]]; then
		found=outpatient
	elif [[ $2 =~ (dme|durable) ]]; then
		found=dme
	fi
	[[ -z $found || ${layout[$1]} = cms ]] || found=medicaid-$found
	type[$1]=$found
}

# take FILE EXPLICIT: a ZIP or a table
take() {
	local to=$tmp/file$((++files)) before=$((items + lists))

	[[ -f $1 && -r $1 ]] || die 1 "$(printable "$1") cannot be read"
	# unzip takes a name for a pattern or an option, but not this one
	ln -s -- "$(realpath -- "$1")" "$to.zip" || die 1 "cannot write to $tmp"
	if ! is_zip "$to.zip"; then
		add "$to.zip" '' "$1" "$2"
	else
		take_zip "$to.zip" "$1"
		((items + lists > before)) || [[ $2 != yes ]] ||
			die 1 "$(printable "$1") is a ZIP or a workbook without a table of NCCI edits: the tables are in CMS's ZIP as TXT or CSV"
	fi
}

take_zip() {
	local names name

	names=$(zip_names "$1" "$2") || exit
	while IFS= read -r name; do
		case ${name,,} in
		*.txt | *.csv) add "$1" "$name" "$2" no ;;
		esac
	done <<<"$names"
}

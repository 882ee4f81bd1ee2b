
# src/bin/claimline-ncci/30-sets.sh: what belongs together

# check_item I: what neither content nor name says must be an option
check_item() {
	local i=$1 newest

	if [[ ${kind[i]} = addon && -z ${type[i]}$asked_type ]]; then
		: # place_addons
	elif [[ -z ${type[i]} ]]; then
		[[ -n $asked_type ]] || die 1 "${shown[i]}: neither content nor name says the service type: give --service-type"
		type[i]=$asked_type
		[[ $asked_type != medicaid-* ]] || layout[i]=medicaid
	elif [[ -n $asked_type && ${type[i]} != "$asked_type" ]]; then
		die 1 "${shown[i]} is of service type ${type[i]}, not $asked_type"
	fi
	if [[ -n ${type[i]} ]] && [[ ${layout[i]} = medicaid && ${type[i]} != medicaid-* || ${layout[i]} != medicaid && ${type[i]} = medicaid-* ]]; then
		die 1 "${shown[i]} is a file of $([[ ${layout[i]} = medicaid ]] && echo Medicaid || echo Medicare), not of service type ${type[i]}"
	fi
	if [[ -z ${quarter[i]} ]]; then
		if [[ -z $asked_from && ${kind[i]} = ptp ]]; then
			newest=$(raw "$i" | awk -F '\t' '$4 ~ /^[0-9]+$/ && $4 > max { max = $4 } END { print max }')
			[[ -z $newest ]] || newest=" (its newest pair is of ${newest:0:4}-${newest:4:2}-${newest:6:2})"
		fi
		[[ -n $asked_from ]] || die 1 "${shown[i]}: its name does not say the quarter: give --effective=DATE, its first date of service${newest-}"
		quarter[i]=$asked_quarter
	elif [[ -n $asked_from && ${quarter[i]} != "$asked_quarter" ]]; then
		die 1 "${shown[i]} is of the quarter ${quarter[i]}, and --effective=$asked_from is not in it"
	fi
}

# place_addons: add-on codes go with the other tables of their quarter, but for those of DME; alone with practitioners
place_addons() {
	local i j to prefix last=$items

	for ((i = 0; i < last; i++)); do
		[[ -z ${type[i]} ]] || continue
		prefix=''
		[[ ${layout[i]} = cms ]] || prefix=medicaid-
		for to in practitioner outpatient; do
			for ((j = 0; j < last; j++)); do
				[[ ${kind[j]} = addon || ${quarter[j]} != "${quarter[i]}" || ${type[j]} != "$prefix$to" ]] || break
			done
			((j < last)) || continue
			if [[ -z ${type[i]} ]]; then type[i]=$prefix$to; else copy_item "$i" "$prefix$to"; fi
		done
		[[ -n ${type[i]} ]] || type[i]=${prefix}practitioner
	done
}

# copy_item I TYPE: the same for another service type
copy_item() {
	local j=$items

	((++items))
	link[j]=${link[$1]} entry[j]=${entry[$1]} shown[j]=${shown[$1]} kind[j]=${kind[$1]} type[j]=$2 quarter[j]=${quarter[$1]}
	revision[j]=${revision[$1]} part[j]=${part[$1]} layout[j]=${layout[$1]}
}

# the items of a set: quarter, service type, and kind or nothing for both
members() {
	local i

	for ((i = 0; i < items; i++)); do
		[[ ${quarter[i]} != "$1" || ${type[i]} != "$2" || (-n ${3-} && ${kind[i]} != "$3") || -n ${dropped[i]-} ]] || echo "$i"
	done
}

checksum() {
	raw "$1" | sha256sum
}

# once I J: two items that say they are the same; the later one is left out if it is
once() {
	[[ $(checksum "$1") = "$(checksum "$2")" ]] ||
		die 1 "${shown[$1]} and ${shown[$2]} are two different files for the same: give the right one"
	progress "   ${shown[$2]}: the same as ${shown[$1]}, taken once"
	dropped[$2]=yes
}

# check_single QUARTER TYPE KIND: a table in one file
check_single() {
	local i first=''

	for i in $(members "$1" "$2" "$3"); do
		if [[ -z $first ]]; then first=$i; else once "$first" "$i"; fi
	done
}

first_code() {
	raw "$1" | awk -F '\t' 'sub(/^[ "]*/, "", $1) + 1 && $1 ~ /^[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][ "]*$/ { print $1; exit }'
}

# check_ptp QUARTER TYPE: one revision, each part once, none missing.  Parts without a number get those that are free, in the
# order of their first codes, in which CMS cuts the table.
check_ptp() {
	local i n=1 most=$asked_parts missing='' revisions='' unnumbered=''
	local -a at=()

	for i in $(members "$1" "$2" ptp); do
		[[ -n $asked_parts || ${layout[i]} != cms ]] || most=$medicare_parts
		if [[ -z ${part[i]} ]]; then
			unnumbered+="$(first_code "$i") $i"$'\n'
			continue
		fi
		[[ " $revisions " = *" ${revision[i]} "* ]] || revisions+=" ${revision[i]}"
		if [[ -z ${at[part[i]]-} ]]; then
			at[part[i]]=$i
		elif [[ ${revision[i]} = "${revision[at[part[i]]]}" ]]; then
			once "${at[part[i]]}" "$i"
		fi
	done
	[[ $revisions != *' '*' '* ]] || die 1 "$2 $1: parts of the revisions$revisions of the table: give those of one"
	while read -r _ i; do
		[[ -n $i ]] || continue
		same_as_before "$i" "${at[@]}" && continue
		while [[ -n ${at[n]-} ]]; do ((++n)); done
		at[n]=$i part[i]=$n
	done < <(sort <<<"$unnumbered")
	((${#at[@]} > 0)) || return
	for n in "${!at[@]}"; do ((n <= ${most:-0})) || most=$n; done
	[[ -z $asked_parts ]] || ((most == asked_parts)) || die 1 "$2 $1: part $most, of $asked_parts"
	for ((n = 1; n <= most; n++)); do
		[[ -n ${at[n]-} ]] || missing+="${missing:+, }f$n"
	done
	[[ -z $missing ]] || die 1 "$2 $1: the code pairs are not complete: of f1 to f$most, $missing is missing (a table of another number of files: --parts)"
}

# same_as_before I J...: is the item one of the others again?
same_as_before() {
	local i=$1 j sum

	shift
	sum=$(checksum "$i")
	for j; do
		[[ $(checksum "$j") != "$sum" ]] || { once "$j" "$i"; return 0; }
	done
	return 1
}


# src/bin/claimline-load/30-files.sh: the files

# An item is a file, or one in a ZIP.  All arrays have an entry for it: where it is, what it is called, whether it is x12 or
# fhir, its length and checksum
items=0 refused=0 no_claims=0
declare -a link=() entry=() shown=() of=() bytes=() sha256=()

# refuse NAME WHY: a file that is not loaded; the others are
refuse() {
	((++refused))
	printf '%s: refused: %s\n' "$1" "$2" >&2
}

# add LINK ENTRY NAME EXPLICIT: takes an item if its content is that of claims
add() {
	local i=$items head

	link[i]=$1 entry[i]='' shown[i]=$(printable "$3") of[i]=''
	if [[ -n $2 ]]; then
		entry[i]=$(zip_entry "$2") shown[i]="${shown[i]}/$(printable "$2")"
	fi
	head=$(content "$1" "${entry[i]}" 2>/dev/null | head -c 16384 | tr -d '\000')
	if [[ $head =~ ^($'\xff\xfe'|$'\xfe\xff') ]]; then
		refuse "${shown[i]}" 'it is in UTF-16: save it in UTF-8'
		return
	fi
	recognise "$i" "$head"
	if [[ -z ${of[i]} ]] && content "$1" "${entry[i]}" >/dev/null 2>&1; then
		if [[ $4 = yes ]]; then
			refuse "${shown[i]}" 'it is no claims file: neither X12 (ISA) nor JSON begins in its first 16 kB'
		else
			((++no_claims))
			progress "${shown[i]}: no claims file, left out"
		fi
		return
	fi
	# what is packed may be cut
	if ! sha256[i]=$(content "$1" "${entry[i]}" 2>"$tmp/err" | sha256sum) || ! bytes[i]=$(content "$1" "${entry[i]}" | wc -c); then
		refuse "${shown[i]}" "it cannot be read whole: $(printable "$(tail -n 1 "$tmp/err")")"
		return
	fi
	sha256[i]=${sha256[i]%% *}
	((++items))
}

# recognise I HEAD
recognise() {
	if [[ $2 =~ ^($'\xef\xbb\xbf')?[[:space:]]*[\{\[] ]]; then
		of[$1]=fhir
	elif [[ $2 =~ ISA[^[:alnum:][:space:]] ]]; then
		of[$1]=x12
	fi
}

# take FILE EXPLICIT
take() {
	local to=$tmp/file$((++files)) names name

	[[ -f $1 && -r $1 ]] || die 1 "$(printable "$1") cannot be read"
	# unzip takes a name for a pattern or an option, but not this one
	ln -s -- "$(realpath -- "$1")" "$to.zip" || die 1 "cannot write to $tmp"
	if ! is_zip "$to.zip"; then
		add "$to.zip" '' "$1" "$2"
		return
	fi
	names=$(zip_names "$to.zip" "$1") || exit
	while IFS= read -r name; do
		[[ -z $name ]] || add "$to.zip" "$name" "$1" no
	done <<<"$names"
}

take_folder() {
	local file

	while IFS= read -r -d '' file; do
		take "$file" no
	done < <(find -L "$1" -type f ! -name '.*' -print0 | sort -z)
}

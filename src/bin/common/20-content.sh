
# src/bin/common/20-content.sh: what is in files, and in files in a ZIP

# content LINK ENTRY: the bytes of a file, of what gzip made of one, or of an entry of a ZIP
content() {
	local status=0

	if [[ -n $2 ]]; then
		LC_ALL=C.UTF-8 unzip -p -P x "$1" "$2" || status=$?
		((status <= 1))	# 1 is a warning
	elif [[ $(head -c 2 -- "$1" | od -An -tx1) = ' 1f 8b' ]]; then
		gzip -dc <"$1"
	else
		cat -- "$1"
	fi
}

is_zip() {
	[[ $(head -c 4 -- "$1" | tr -d '\000') = $'PK\003\004' ]]
}

# zip_names LINK NAME: the names in a ZIP, but for those that macOS adds
zip_names() {
	local names

	command -v unzip >/dev/null || die 1 'unzip is not installed (Debian: apt-get install unzip)'
	names=$(LC_ALL=C.UTF-8 unzip -Z1 "$1" 2>/dev/null)
	(($? <= 1)) || die 1 "$(printable "$2") is no whole ZIP: download it again"
	[[ $(sort <<<"$names" | uniq -d) = '' ]] || die 1 "$(printable "$2") has two files of one name"
	grep -viE '^(.*/)?(__MACOSX/.*|\._[^/]*)$|/$' <<<"$names"
	return 0
}

# zip_entry NAME: as unzip takes it, for which a name is a pattern
zip_entry() {
	sed 's/[][*?\\]/\\&/g; s/^-/[-]/' <<<"$1"
}


# src/bin/common/10-say.sh: what programs say, and how they end

die() {
	local status=$1

	shift
	printf '%s: %s\n' "$program" "$*" >&2
	exit "$status"
}

wrong_usage() {
	die 2 "$1"$'\n'"Try \"$program --help\"."
}

# needs NAME COUNT: the value of an option that stands behind it
needs() {
	(($2 > 1)) || wrong_usage "$1 needs a value"
}

progress() {
	printf '%s\n' "$*" >&2
}

# printable NAME: on one line
printable() {
	printf '%s' "${1//[[:cntrl:]]/?}"
}

# grouped NUMBER: 2,633,389
grouped() {
	local n=$1

	while [[ $n =~ ^([0-9]+)([0-9]{3}.*)$ ]]; do
		n=${BASH_REMATCH[1]},${BASH_REMATCH[2]}
		[[ ${BASH_REMATCH[1]} =~ [0-9]{4} ]] || break
	done
	printf '%s' "$n"
}

tmp='' child=''
clean_up() {
	trap '' HUP INT TERM
	if [[ -n $child ]]; then
		# psql cancels what the server does, and ends
		kill -INT "$child"
		sleep 0.2
		kill -TERM "$child"
		wait "$child"
	fi 2>/dev/null
	[[ -z $tmp ]] || rm -rf -- "$tmp"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

declare -a connection=() psql=()

# prepare: how psql, that beside the program before others, is called, and a folder for what it needs
prepare() {
	local file

	file=$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")/psql
	[[ -x $file ]] || file=$(type -P psql) || die 3 'psql is not installed'
	psql=("$file" -X "${connection[@]}" -v ON_ERROR_STOP=1)
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/$program.XXXXXX") || exit 1
}

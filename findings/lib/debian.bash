# shellcheck shell=bash disable=SC2154
# findings/lib/debian.bash
#
# Debian packages of given versions, unpacked instead of installed. Sourced; $tmp is the script's own folder.

# debian PACKAGE=VERSION...: unpacked in $tmp
debian() {
	local package

	mkdir "$tmp/deb"
	(cd "$tmp/deb" && apt-get -q download "$@") >/dev/null 2>"$tmp/errors" || {
		cat "$tmp/errors" >&2
		echo "not looked at: $* is not to be had here; the head of the script says which variables name other versions" >&2
		exit 2
	}
	for package in "$tmp"/deb/*.deb; do dpkg -x "$package" "$tmp"; done
}

# linked PACKAGE... -- PROGRAM...: whether the libraries of the programs are there, some of which are not in $tmp
linked() {
	local packages=()

	while [ "$1" != -- ]; do
		packages+=("$1")
		shift
	done
	shift
	if ldd "$@" | grep 'not found' >&2; then
		echo "not looked at: apt-get install ${packages[*]} brings the libraries above" >&2
		exit 2
	fi
}

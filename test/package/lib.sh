# shellcheck shell=bash disable=SC2016,SC2034
# test/package/lib.sh
#
# For tests of packages.  Each is a bash script that sources this file and with it test/lib.sh, runs at the root of the tree as root and
# prints TAP.  It gets
#   PACKAGE_ROOT     a bare root of a release of Debian, which stays as it is
#   PACKAGE_VERSION  the version of PostgreSQL that the release has
#   PACKAGE_LAYERS   a folder for layers on it: what was done to the root, or to another layer
#   PACKAGE_APT      a folder that keeps what apt-get fetches
# shellcheck source=test/lib.sh source=test/roots.sh
. test/lib.sh && . test/roots.sh
checkout=$PWD
: "${PACKAGE_ROOT:?}" "${PACKAGE_VERSION:?}" "${PACKAGE_LAYERS:?}" "${PACKAGE_APT:?}"
# what is tested
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" claimline.control)

# new_layer NAME [LAYER]: on the bare root, or on another layer
new_layer() {
	local dir=$PACKAGE_LAYERS/$1 below=$PACKAGE_ROOT

	[[ ! ${2-} ]] || below=$PACKAGE_LAYERS/$2/upper:$(<"$PACKAGE_LAYERS/$2/below")
	rm -rf --one-file-system "$dir" && mkdir -p "$dir"/{upper,work,root} && printf '%s' "$below" >"$dir/below" || exit
}

# inside LAYER COMMAND...
inside() {
	local dir=$PACKAGE_LAYERS/$1

	shift
	checkout=$checkout unshare --mount -- bash -c "$(declare -f in_root)"'
		mount -t overlay overlay -o "lowerdir=$3,upperdir=$1/upper,workdir=$1/work" "$1/root" &&
			mount --bind "$2" "$1/root/var/cache/apt/archives" && in_root "$1/root" "${@:4}"' \
		bash "$dir" "$PACKAGE_APT" "$(<"$dir/below")" env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

# script_inside LAYER SCRIPT [ARGUMENT...]: ends at the first command that fails
script_inside() {
	inside "$1" bash -euo pipefail -c "$2" bash "${@:3}"
}

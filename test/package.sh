# shellcheck shell=bash disable=SC2154
# test/package.sh
#
# For ./dev: the packages of Debian and the container, made and used in bare roots of Debian's releases.

# command_package: the tests of test/package, for each release or that of one version of PostgreSQL
command_package() {
	local n file name number prove=(--norc --nocolor --failures --comments)

	for n in ${wanted_version:-15 17}; do
		make_root "$n" bare
		number=$(cut -d . -f 1 "$root_dir/etc/debian_version")
		printf '== Debian %s\n' "$number"
		mkdir -p "$kept/apt-$number" && rm -rf "$tmp/layers" && mkdir "$tmp/layers" || exit
		for file in "$checkout"/test/package/[0-9]*.sh; do
			name=$(basename "$file" .sh)
			wanted "package/${name#*-}" || continue
			tap "package/${name#*-}" env -C "$checkout" PACKAGE_ROOT="$root_dir" PACKAGE_LAYERS="$tmp/layers" PACKAGE_APT="$kept/apt-$number" \
				PACKAGE_VERSION="$n" prove "${prove[@]}" -e bash "test/package/$name.sh"
		done
	done
	finish
}

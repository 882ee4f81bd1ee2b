# shellcheck shell=bash disable=SC2154,SC2034
# test/postgres.sh
#
# For ./dev: which PostgreSQL it builds for, and the packages that it needs.

oldest=15 newest=19
server_root=/usr/lib/postgresql	# where Debian has servers, a folder a version
# the releases of Debian, by the version they have
declare -A release_of=([15]=bookworm [17]=trixie)

# distribution_version: the one that the packages of this machine are made for; nothing if that cannot be told
distribution_version() {
	local codename='' n

	[[ ! -r /etc/os-release ]] || codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	for n in "${!release_of[@]}"; do
		[[ ${release_of[$n]} != "$codename" ]] || { echo "$n"; return; }
	done
	apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
}

# is_there VERSION: its server, or what extensions are built with; clients alone are not enough
is_there() {
	[[ -x $server_root/$1/bin/pg_config ]] || return
	[[ -x $server_root/$1/bin/postgres || -f $("$server_root/$1/bin/pg_config" --includedir-server)/postgres.h ]]
}

# installed_version: the distribution's if it is there, else the newest that is there, else the distribution's
installed_version() {
	local distribution n

	distribution=$(distribution_version)
	for n in ${distribution:+"$distribution"} $(seq "$newest" -1 "$oldest"); do
		! is_there "$n" || { echo "$n"; return; }
	done
	echo "$distribution"
}

find_postgres() {
	pg_config=$user_pg_config version=$wanted_version
	if [[ ! $pg_config ]]; then
		[[ $version ]] || version=$(installed_version)
		pg_config=$server_root/$version/bin/pg_config
		if [[ ! $wanted_version ]] && ! is_there "${version:-none}" && command -v pg_config >/dev/null; then
			[[ ! -f $(pg_config --pgxs 2>/dev/null) ]] || pg_config=$(command -v pg_config)
		fi
	fi
	bindir=${pg_config%/*} sharedir=/usr/share/postgresql/$version pkglibdir='' headers=''
	if [[ -x $pg_config ]]; then
		bindir=$("$pg_config" --bindir) sharedir=$("$pg_config" --sharedir)
		pkglibdir=$("$pg_config" --pkglibdir) headers=$("$pg_config" --includedir-server)
		version=$("$pg_config" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
	elif [[ $user_pg_config ]]; then
		die "PG_CONFIG=$user_pg_config cannot be run"
	fi
	[[ ! $wanted_version || $version = "$wanted_version" ]] || die "$pg_config is of PostgreSQL $version, not $wanted_version"
	[[ ! $version ]] || ((version >= oldest && version <= newest)) ||
		die "PostgreSQL $version: claimline needs $oldest to $newest; PG_CONFIG chooses another"
}

# pgtap_of_server: where its pgTAP is.  It is SQL only, so that of another version does where there is none.
pgtap_of_server() {
	local files=("$sharedir/extension/pgtap.control" /usr/share/postgresql/*/extension/pgtap.control) file

	for file in "${files[@]}"; do
		[[ ! -f $file ]] || { echo "${file%/*}"; return; }
	done
}

pgtap_package() {
	if command -v apt-cache >/dev/null && ! has_package "postgresql-$version-pgtap" && has_package "postgresql-$((version - 1))-pgtap"; then
		echo "postgresql-$((version - 1))-pgtap"
	else
		echo "postgresql-$version-pgtap"
	fi
}

# headers_alone COMMAND: whether the server's headers are unpacked and no more.  Their package needs a second compiler with all of its
# libraries, which takes most of the time of a first try.
headers_alone() {
	((root)) && [[ $1 =~ ^(demo|psql|bench)$ && ! $user_pg_config ]] && command -v apt-get >/dev/null
}

unpack_headers() {
	local dir lock

	dir=$kept/headers-$("$pg_config" --version | awk '{ print $2 }')
	lock_kept
	if [[ ! -d $dir ]]; then
		mkdir "$tmp/headers" && cd "$tmp/headers" && must apt-get download -q "postgresql-server-dev-$version" &&
			must dpkg-deb -x ./*.deb tree && mv -T tree "$dir" || exit
		cd "$tmp" || exit
	fi
	exec {lock}>&-
	headers=$dir$headers
}

missing_packages() {
	command -v make >/dev/null || echo make
	command -v cc >/dev/null || echo gcc
	echo '#include <stdio.h>' | cc -E - >/dev/null 2>&1 || echo libc6-dev
	[[ $1 = build || (-x $bindir/postgres && -x $bindir/initdb && -x $bindir/psql) ]] || echo "postgresql-$version"
	# not by the makefiles: those may come with the client
	[[ -f $headers/postgres.h ]] || headers_alone "$1" || echo "postgresql-server-dev-$version"
	[[ $1 = test ]] || return
	command -v prove >/dev/null || echo perl
	command -v pg_prove >/dev/null || echo libtap-parser-sourcehandler-pgtap-perl
	[[ $(pgtap_of_server) ]] || pgtap_package
	command -v zip >/dev/null || echo zip
	command -v unzip >/dev/null || echo unzip
}

# Without them a test is skipped.  A server that is not Debian's has none of them.
useful_packages() {
	[[ $1 = test && ! $user_pg_config ]] || return
	[[ -f $sharedir/extension/pg_cron.control ]] || echo "postgresql-$version-cron"
}

# has_package NAME: whether there is one of that name
has_package() {
	[[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [0-9] ]]
}

apt_install() {
	apt-get install -q -y --no-install-recommends "$@" ||
		{ apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; }
}

# The package of a server makes and starts a cluster of its own, unless a file in /etc says that it should not.
no_cluster=/etc/postgresql-common/createcluster.d/claimline-$$.conf

apt_install_server() {
	local status=0

	mkdir -p "${no_cluster%/*}" && echo 'create_main_cluster = false' >"$no_cluster" || return
	apt_install "$@" || status=$?
	drop_no_cluster
	return "$status"
}

drop_no_cluster() {
	rm -f "$no_cluster" && rmdir -p --ignore-fail-on-non-empty "${no_cluster%/*}"
}

install_packages() {
	local packages apt=$root useful=() package

	find_postgres
	if [[ ! $version ]] && ((root)) && command -v apt-get >/dev/null; then
		# without lists of packages nobody knows the distribution's
		must apt-get update -q
		find_postgres
	fi
	[[ $version ]] || die "no PostgreSQL with its server's headers: PG_CONFIG names the pg_config of one, $oldest to $newest"
	mapfile -t packages < <(missing_packages "$1")
	command -v apt-get >/dev/null && [[ ! $user_pg_config ]] || apt=0
	for package in $(useful_packages "$1"); do
		((!apt)) || ! has_package "$package" || useful+=("$package")
	done
	if ((${#packages[@]} + ${#useful[@]} == 0)); then
		[[ -f $headers/postgres.h ]] || ! headers_alone "$1" || unpack_headers
		return
	fi
	if ((!apt)); then
		((${#packages[@]} == 0)) || die "missing, by the names of Debian's packages: ${packages[*]}$( ((root)) || echo '; as root ./dev installs them')"
		return
	fi
	packages+=("${useful[@]}")
	printf '== packages: %s\n' "${packages[*]}"
	begin 'apt-get install'
	export DEBIAN_FRONTEND=noninteractive
	if [[ ${packages[*]} = *postgresql* ]]; then
		must apt_install_server "${packages[@]}"
	else
		must apt_install "${packages[@]}"
	fi
	find_postgres
	mapfile -t packages < <(missing_packages "$1")
	((${#packages[@]} == 0)) || die "still missing after apt-get install: ${packages[*]}"
	[[ -f $headers/postgres.h ]] || ! headers_alone "$1" || unpack_headers
	ended
}

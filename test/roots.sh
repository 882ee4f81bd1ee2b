# shellcheck shell=bash disable=SC2154,SC2016
# test/roots.sh
#
# For ./dev: versions of PostgreSQL that the packages of this machine do not have, in roots of other releases of Debian.
# A root is made by debootstrap and kept; ./dev runs in it as on a machine, and installs there what it needs.

# those that have no release yet
declare -A unreleased=([18]=sid [19]=experimental)
# one that pg_upgrade is tried from, where it can be had beside
declare -A upgraded_from=([18]=15 [19]=18)

# cannot WHY...: ends with the status that stands for "skipped"
cannot() {
	printf './dev: skipped: %s\n' "$*" >&2
	exit 77
}

# here VERSION: whether this machine has it, or its packages do
here() {
	[[ $user_pg_config || -x $server_root/$1/bin/postgres ]] || has_package "postgresql-$1"
}

# archive_of LABEL: where this machine has its packages from
archive_of() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" 2>/dev/null | head -n 1
}

# twice COMMAND...: what reads from a network may hang, or fail once
twice() {
	"$@" || { sleep 5; "$@"; }
}

# bootstrap DIRECTORY SUITE ARCHIVE
bootstrap() {
	rm -rf --one-file-system "$1" && timeout 600 debootstrap --variant=minbase "$2" "$1" ${3:+"$3"} || return
	# a root that breaks is made again, so nothing of it need be safe on disk
	echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/claimline"
	# how this machine reaches its archive
	{
		apt-config dump | grep -E '^Acquire::(Check-|https?::)'
		echo 'Acquire::Languages "none";'
	} >"$1/etc/apt/apt.conf.d/claimline"
}

# add_archive DIRECTORY SUITE: of the archive that the root is from
add_archive() {
	local archive

	read -r _ archive _ <"$1/etc/apt/sources.list" && echo "deb $archive $2 main" >>"$1/etc/apt/sources.list"
}

# in_root DIRECTORY COMMAND...: with the checkout in /claimline; what is mounted goes with the command
in_root() {
	unshare --mount --pid --fork --kill-child=TERM -- bash -c '
		dir=$1 checkout=$2 && shift 2 && mkdir -p "$dir/claimline" &&
			mount --make-rprivate / && mount --rbind /dev "$dir/dev" && mount -t proc proc "$dir/proc" &&
			mount --bind "$checkout" "$dir/claimline" && mount -o remount,ro,bind "$dir/claimline" &&
			exec chroot "$dir" env -u TMPDIR -u PG_CONFIG -C /claimline CLAIMLINE_ROOT=yes "$@"' bash "$1" "$checkout" "${@:2}"
}

# in_root_for SECONDS DIRECTORY COMMAND...: at most so long.  As process 1, timeout of coreutils 9.10 was seen to end with 125 at once
in_root_for() {
	in_root "$2" sh -c 'timeout "$@"; exit' sh "$1" "${@:3}"
}

# make_root VERSION [NAME]: sets root_dir; of another name it is another root
make_root() {
	local suite=${release_of[$1]-${unreleased[$1]-}} base lock archive

	[[ ! ${CLAIMLINE_ROOT-} ]] || die "Debian $suite has no PostgreSQL $1"
	[[ $suite ]] || cannot "no release of Debian has PostgreSQL $1"
	((root)) || cannot "PostgreSQL $1 is not here, and only root can make a root of Debian that has it"
	command -v apt-get >/dev/null || cannot "PostgreSQL $1 is not here, and a root that has it is made by a Debian"
	root_dir=$kept/${2:-root}-$1
	mkdir -m 700 "$kept" 2>/dev/null
	exec {lock}>"$root_dir.lock" || die "cannot write to $kept"
	flock "$lock" || die "cannot lock $kept"
	if [[ ! -f $root_dir/complete ]]; then
		command -v debootstrap >/dev/null || run "$tmp/step.log" apt_install debootstrap || cannot 'debootstrap cannot be installed'
		base=${suite/experimental/sid} archive=$(archive_of Debian)
		begin "a root of Debian $suite"
		run "$tmp/step.log" twice bootstrap "$root_dir" "$base" "$archive" ||
			{ echo; tail -n 3 "$tmp/step.log" >&2; cannot "debootstrap $base"; }
		if [[ $suite = experimental ]]; then
			add_archive "$root_dir" experimental
			printf 'Package: *postgresql* libpq*\nPin: release a=experimental\nPin-Priority: 990\n' >"$root_dir/etc/apt/preferences.d/claimline"
		fi
		run "$tmp/step.log" twice in_root_for 200 "$root_dir" apt-get update -q || { echo; tail -n 3 "$tmp/step.log" >&2; cannot 'apt-get update in the root'; }
		touch "$root_dir/complete"
		ended
	fi
	[[ ${2-} ]] || ! wanted cluster/upgrade || [[ -f $root_dir/older ]] || add_older "$1"
	exec {lock}>&-
}

# add_older VERSION: a server to upgrade from, which its test finds; without it that is skipped
add_older() {
	local older=${upgraded_from[$1]-}

	[[ $older ]] || return 0
	begin "PostgreSQL $older beside it"
	[[ ! ${release_of[$older]-} ]] || add_archive "$root_dir" "${release_of[$older]}"
	if run "$tmp/step.log" twice in_root_for 400 "$root_dir" bash -c "$(declare -f apt_install apt_install_server drop_no_cluster)"'
		no_cluster=$1 DEBIAN_FRONTEND=noninteractive && export DEBIAN_FRONTEND && apt_install_server "${@:2}"' bash \
		"$no_cluster" "postgresql-$older" "postgresql-server-dev-$older"; then
		touch "$root_dir/older"
		ended
	else
		printf 'failed\n'
		tail -n 3 "$tmp/step.log" >&2
	fi
}

# test_in_root VERSION ARGUMENT...: ./dev test there; its status
test_in_root() {
	make_root "$1"
	run_here in_root "$root_dir" ./dev test --postgres "$1" "${@:2}"
}

# summary LOG...: a row of the table for each kind of test, a column for each log: passed, failed, seconds
summary() {
	awk '
		FNR == 1 { n++ }
		match($0, / +[0-9]+ passed +[0-9]+ failed +[0-9]+ s$/) {
			split(substr($0, RSTART), figures, " ")
			kind = $1; sub("/.*", "", kind)
			if (!(kind in known)) { known[kind]; kinds[++k] = kind }
			passed[kind, n] += figures[1]; failed[kind, n] += figures[3]; seconds[kind, n] += figures[5]; ran[kind, n]
		}
		END {
			for (i = 1; i <= k; i++) {
				printf "   %-10s", kinds[i]
				for (j = 1; j <= n; j++)
					printf "  %18s", (kinds[i], j) in ran ? passed[kinds[i], j] "/" failed[kinds[i], j] " " seconds[kinds[i], j] " s" : "-"
				print ""
			}
		}' "$@"
}

test_all_versions() {
	local n n_passed n_failed status log skipped=0 logs=() heads=()

	for n in $(seq "$oldest" "$newest"); do
		printf '\n==== PostgreSQL %s\n' "$n"
		status=0 log=$tmp/$n.log
		run_here bash -o pipefail -c '"$@" | tee "$0"' "$log" "$checkout/dev" test --postgres "$n" ${only:+--only "$only"} || status=$?
		if ((status == 77)); then
			skipped=$((skipped + 1))
			continue
		fi
		read -r n_passed n_failed < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
		passed=$((passed + ${n_passed:-0})) failed=$((failed + ${n_failed:-0} + (status != 0 && ${n_failed:-0} == 0)))
		logs+=("$log") heads+=("$n")
	done
	printf '\n==== passed/failed\n   %-10s' ''
	printf '  %18s' "${heads[@]}"
	printf '\n'
	((${#logs[@]} == 0)) || summary "${logs[@]}"
	printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	exit $((failed > 0))
}

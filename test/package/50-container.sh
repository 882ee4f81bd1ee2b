#!/bin/bash
# shellcheck disable=SC2016
# test/package/50-container.sh
#
# As who builds a container: the steps of the Containerfile one after another, each image a bare root, and what it serves.
# Knows the instructions that are in it, no others.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh
shopt -s extglob

declare -A layer_of=()
layer='' stages=0 directory=/ user=root entrypoint='' environment=()

# copy FROM TO: FROM is a pattern, of this checkout as it was committed or of a layer that is mounted as it is
copy_context() {
	local to=$PACKAGE_LAYERS/$layer/upper$2

	if [[ $1 = . ]]; then
		mkdir -p "$to" && git archive HEAD | tar -C "$to" -xf -
	else
		mkdir -p "${to%/*}" && cp -a "$1" "$to"
	fi
}

copy_layer() {
	local to=$PACKAGE_LAYERS/$layer/upper$3

	# shellcheck disable=SC2086
	mkdir -p "$to" && cp -a "$PACKAGE_LAYERS/$1/upper"$2 "$to"
}

# step INSTRUCTION: one of the Containerfile
step() {
	local instruction=$1 word=${1%% *} rest=${1#* } parts

	read -ra parts <<<"$rest"
	case $word in
	ARG) return ;;
	FROM)
		((++stages))
		layer=container-$stages directory=/ user=root environment=()
		[[ ${parts[0]} = docker.io/library/debian:* ]] || bail_out "not a Debian: $instruction"
		[[ ! ${parts[2]-} ]] || layer_of[${parts[2]}]=$layer
		new_layer "$layer" ;;
	ENV) environment+=("$rest") ;;
	WORKDIR) directory=$rest && mkdir -p "$PACKAGE_LAYERS/$layer/upper$directory" ;;
	COPY)
		if [[ ${parts[0]} = --from=* ]]; then
			succeeds "$instruction" copy_layer "${layer_of[${parts[0]#--from=}]}" "${parts[1]}" "${parts[2]}"
		else
			succeeds "$instruction" copy_context "${parts[0]}" "${parts[1]}"
		fi ;;
	RUN) succeeds "$instruction" inside "$layer" env -C "$directory" "${environment[@]}" sh -c "$rest" ;;
	USER) user=$rest ;;
	ENTRYPOINT) entrypoint=$(tr -d '[]"' <<<"$rest") ;;
	VOLUME | EXPOSE | STOPSIGNAL) ;;
	*) bail_out "unknown: $instruction" ;;
	esac
}

while IFS= read -r line; do
	[[ $line = @(#*|) ]] || step "$line"
done <Containerfile

# served: starts it as the user that it has, asks, stops it by the signal that it is stopped by, and again
served() {
	script_inside "$layer" '
		entrypoint=$1 user=$2
		as() { setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; }
		for round in 1 2; do
			as "$entrypoint" >/tmp/log 2>&1 &
			server=$!
			for i in $(seq 100); do ! as psql -qAtc "" 2>/dev/null || break; sleep 0.2; done
			((round == 2)) || as psql -qAtc "CREATE SCHEMA claims" -c "CREATE EXTENSION claimline SCHEMA claims"
			as psql -qAtc "SELECT rule FROM claims.claim_edits(ARRAY[
				\$\$98941-AT x1 2024-08-01 dx=M99.01,M99.02,M99.03\$\$,
				\$\$97124-GP x2 22min 2024-08-01 dx=M99.04\$\$]::claims.claimline[])"
			! psql -qAt -h 127.0.0.1 -U postgres -w -c "SELECT 1" 2>/dev/null || echo "lets everybody in"
			kill -INT "$server" && wait "$server" || true
		done' "$entrypoint" "$user"
}
is "$(served 2>&1)" $'units-minutes\nptp\nunits-minutes\nptp' 'it serves, and keeps what it has'
is "$(script_inside "$layer" 'dpkg-query -W -f "\${Package} \${Version}\n" "*claimline*"')" "claimline-tools $version
postgresql-$PACKAGE_VERSION-claimline $version" 'the packages'
done_testing


# src/bin/claimline-load/60-call.sh: the call

schema='' encoding=UTF8 accept=false dry='' extension='' verb=loaded files=0 n_loaded=0 n_lines=0 n_payments=0 n_known=0
declare -a arguments=()

while (($# > 0)); do
	case $1 in
	--accept-faults) accept=true ;;
	--dry-run) dry=yes verb='would be loaded' ;;
	--schema | --encoding | --dbname | --host | --port | --username)
		needs "$1" $#
		set -- "$1=$2" "${@:3}"
		continue ;;
	--schema=*) schema=${1#*=} ;;
	--encoding=*) encoding=${1#*=} ;;
	--dbname=* | --host=* | --port=* | --username=* | --no-password | --password) connection+=("$1") ;;
	--help | '-?') usage; exit ;;
	--) shift; arguments+=("$@"); break ;;
	-[dhpU]) needs "$1" $#; connection+=("$1" "$2"); shift ;;
	-[dhpU]?* | -w | -W) connection+=("$1") ;;
	-?*) wrong_usage "unknown option: $1" ;;
	*) arguments+=("$1") ;;
	esac
	shift
done
((${#arguments[@]} > 0)) || wrong_usage 'no file'
prepare

progress 'looking at the files'
for argument in "${arguments[@]}"; do
	[[ $argument != -* ]] || argument=./$argument
	if [[ -d $argument ]]; then take_folder "${argument%/}"; else take "$argument" yes; fi
done
((items > 0 || refused > 0)) || die 1 'there is no claims file'
((items == 0)) || claimline_load=$tmp connect
declare -A known=()
if [[ -f $tmp/known ]]; then
	while IFS= read -r sum; do known[$sum]=yes; done <"$tmp/known"
fi
for ((i = 0; i < items; i++)); do
	if [[ -n ${known[${sha256[i]}]-} ]]; then
		((++n_known))
		continue
	fi
	progress "$((i + 1)) of $items: ${shown[i]}, $(counted "${bytes[i]}" byte)"
	load "$i"
done
echo "$(counted "$n_loaded" file) $verb, $(counted "$n_lines" line), $(counted "$n_payments" payment); $n_known loaded before; $refused refused; $no_claims no claims files"
((refused == 0)) || exit 1


# src/bin/claimline-ncci/60-call.sh: the call

asked_type='' asked_from='' asked_quarter='' asked_edition='' asked_parts='' check='' loss='' files=0 lists=0
declare -a arguments=() dropped=()

while (($# > 0)); do
	case $1 in
	--check) check=yes ;;
	--allow-loss) loss=true ;;
	--effective | --service-type | --edition | --parts | --dbname | --host | --port | --username)
		needs "$1" $#
		set -- "$1=$2" "${@:3}"
		continue ;;
	--effective=*) asked_from=${1#*=} ;;
	--service-type=*) asked_type=${1#*=} asked_type=${asked_type,,} ;;
	--edition=*) asked_edition=${1#*=} ;;
	--parts=*) asked_parts=${1#*=} ;;
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
case $asked_type in
'' | practitioner | outpatient | dme | medicaid-practitioner | medicaid-outpatient | medicaid-dme) ;;
*) wrong_usage "service type \"$asked_type\" does not exist" ;;
esac
[[ $asked_parts =~ ^([1-9][0-9]?)?$ ]] || wrong_usage "--parts must be a number from 1 to 99"
if [[ -n $asked_from ]]; then
	[[ $asked_from =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ && $(date -d "$asked_from" +%F 2>/dev/null) = "$asked_from" ]] ||
		wrong_usage "--effective must be a date YYYY-MM-DD"
	asked_quarter=${asked_from:0:4}q$(((10#${asked_from:5:2} + 2) / 3))
fi

prepare

progress 'looking at the files'
for argument in "${arguments[@]}"; do
	if [[ -d $argument ]]; then
		[[ $argument != -* ]] || argument=./$argument
		while IFS= read -r -d '' file; do
			take "$file" no
		done < <(find -L "${argument%/}" -type f \( -iname '*.zip' -o -iname '*.txt' -o -iname '*.csv' \) -print0 | sort -z)
	else
		take "$argument" yes
	fi
done
((items > 0)) || die 1 'there is no table of NCCI edits in the files'
for ((i = 0; i < items; i++)); do
	check_item "$i"
done
place_addons
mapfile -t sets < <(for ((i = 0; i < items; i++)); do echo "${quarter[i]} ${type[i]}"; done | sort -u)
if [[ -n $asked_edition && $(printf '%s\n' "${sets[@]%% *}" | sort -u | wc -l) -gt 1 ]]; then
	die 1 "--edition names one quarter, the files are of several: ${sets[*]}"
fi
for set in "${sets[@]}"; do
	check_single "${set% *}" "${set#* }" mue
	check_single "${set% *}" "${set#* }" addon
	check_ptp "${set% *}" "${set#* }"
done
connect
for set in "${sets[@]}"; do
	[[ $set != *' medicaid-'* ]] ||
		progress "note: no file of Medicaid was at hand when this was written: columns are found by their headings; compare the numbers"
	load "${set% *}" "${set#* }"
done

# INSERTs of the figures in data/*.csv: awk -f 71-fee-data.awk data/fees.csv ... (cells without quotes; an empty one is null)

BEGIN {
	FS = ","
	quote = "\047"
	table["fees"] = "claim_rvu"
	table["conversion_factors"] = "claim_conversion_factor"
	table["multiple_procedure"] = "claim_multiple_procedure"
	table["fee_modifiers"] = "claim_fee_modifier"
	table["presets"] = "claim_preset"
}

$0 ~ /["\\]/ || index($0, quote) {
	printf "%s:%d: a quote or backslash\n", FILENAME, FNR > "/dev/stderr"
	failed = 1
	exit 1
}

FNR == 1 {
	name = FILENAME
	gsub(/.*\/|\.csv$/, "", name)
	if (!(name in table)) {
		printf "%s: no table is known for it\n", FILENAME > "/dev/stderr"
		failed = 1
		exit 1
	}
	columns = "shipped"
	for (i = 1; i <= NF; i++)
		columns = columns ", " ($i == "from" || $i == "to" ? "valid_" $i : $i)
	width = NF
	printf "%s\nINSERT INTO %s (%s) VALUES", ended, table[name], columns
	separator = "\n\t"
	ended = ";\n"
	next
}

NF != width {
	printf "%s:%d: %d cells, not %d\n", FILENAME, FNR, NF, width > "/dev/stderr"
	failed = 1
	exit 1
}

{
	row = "true"
	for (i = 1; i <= NF; i++)
		row = row ", " ($i == "" ? "NULL" : quote $i quote)
	printf "%s(%s)", separator, row
	separator = ",\n\t"
}

END {
	if (failed)
		exit 1
	printf ";\n"
}

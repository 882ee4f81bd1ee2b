
# src/bin/claimline-ncci/40-medicaid.sh: Medicaid's layout, brought into Medicare's

# medicaid KIND TYPE: a filter.  Columns are found by their headings; lines keep their numbers.  Medicaid's unit limits have no
# adjudication indicator: they are of a claim line (CMS, Medicaid NCCI Technical Guidance Manual).
medicaid() {
	awk -F '\t' -v kind="$1" -v type="$2" '
		function cell(i) { v = i ? $i : ""; gsub(/^[ "]+|[ "\r]+$/, "", v); return v }
		function fail(what) { print "claimline-ncci: " what >"/dev/stderr"; failed = 1; exit 1 }
		function heading(i, h) {
			for (i = 1; i <= NF; i++) {
				h = tolower(cell(i))
				if (kind == "ptp") {
					if (h ~ /^column[ _]?1/) c[1] = i; else if (h ~ /^column[ _]?2/) c[2] = i
					else if (h ~ /^effective/) c[4] = i; else if (h ~ /^deletion/) c[5] = i
					else if (h ~ /modifier/) c[6] = i; else if (h ~ /rationale/) c[7] = i
				} else if (h ~ /rationale/) c[4] = i; else if (h ~ /adjudication/) fail("unit limits with an adjudication indicator: not a layout of Medicaid that is known")
				else if (h ~ /mue/) c[2] = i; else if (h ~ /(hcpcs|cpt|code)/) c[1] = i
			}
			if (kind == "ptp" ? c[1] && c[2] && c[4] && c[5] && c[6] && c[7] : c[1] && c[2] && c[4]) headed = 1
			else for (i in c) delete c[i]
		}
		function blank() { print kind == "ptp" ? "\t\t\t\t\t\t" : ",,," }
		NR == 1 && kind == "ptp" { notice = "CPT only copyright\t\t\t\t\t\t" }
		!headed {
			heading()
			if (headed && kind == "ptp") print "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale"
			else if (headed) print "HCPCS/ CPT Code," type " Services MUE Values,MUE Adjudication Indicator,MUE Rationale"
			else if (NR == 1 && notice != "") print notice
			else blank()
			next
		}
		# the heading goes on over lines without codes
		cell(c[1]) == "" || cell(c[1]) !~ /[0-9]/ || !rows && length(cell(c[1])) != 5 { blank(); next }
		kind == "ptp" {
			rows = 1
			end = cell(c[5])
			print cell(c[1]) "\t" cell(c[2]) "\t\t" cell(c[4]) "\t" (end == "" ? "*" : end) "\t" cell(c[6]) "\t" cell(c[7])
			next
		}
		{
			rows = 1
			why = cell(c[4])
			gsub(/"/, "\"\"", why)
			print cell(c[1]) "," cell(c[2]) ",1 Line Edit,\"" why "\""
		}
		END { if (!headed && !failed) fail("the headings of the columns are not known: not a layout of Medicaid that this program reads") }'
}

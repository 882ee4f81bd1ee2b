# awk -f again.awk BEFORE INSTALL AFTER: an update script, of what an older version needs before and behind
# what can be done once more of an install script.  There a statement begins at the left margin with one of
# its words, behind a line that ends in a semicolon.

function flush() {
	if (statement ~ /^INSERT /)
		rows = rows statement
	else if (statement ~ /^CREATE (FUNCTION|PROCEDURE|AGGREGATE|VIEW) /) {
		sub(/^CREATE /, "CREATE OR REPLACE ", statement)
		printf "%s", statement
	} else if (statement ~ /^(COMMENT|REVOKE|ALTER VIEW|SELECT pg_catalog\.pg_extension_config_dump)[ (]/ ||
			statement ~ "^(CREATE TYPE|CREATE TABLE|ALTER TABLE|CREATE (UNIQUE )?INDEX [a-z_]+ ON|" \
				"CREATE (POLICY|TRIGGER) [^\n]* ON|GRANT [A-Z, ]* ON( SCHEMA)?) (" anew ")[ ;(\n]")
		printf "%s", statement
	statement = ""
}

FNR == 1 { file++ }
file == 1 {
	print
	if (sub(/^-- anew /, ""))
		for (i = 1; i <= NF; i++)
			anew = anew (anew == "" ? "" : "|") $i
	next
}
file == 2 {
	if (/^(--|\\|$)/ && (statement == "" || ended))
		next
	if (/^(CREATE|ALTER|COMMENT|GRANT|REVOKE|INSERT|SELECT|DO|DROP) / && ended)
		flush()
	statement = statement $0 "\n"
	ended = /;$/
	next
}
FNR == 1 { flush() }
/^-- again\.awk puts the rows/ { printf "%s", rows; next }
{ print }

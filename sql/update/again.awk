# awk -f again.awk BEFORE INSTALL: of an install script, what can be done once more, for an update script.
# A statement begins at the left margin with one of its words, behind a line that ends in a semicolon.

function flush() {
	if (statement ~ /^CREATE (FUNCTION|PROCEDURE|AGGREGATE|VIEW) /)
		sub(/^CREATE /, "CREATE OR REPLACE ", statement)
	else if (statement !~ /^(COMMENT|GRANT|REVOKE|INSERT|ALTER VIEW|SELECT pg_catalog\.pg_extension_config_dump)[ (]/ &&
			statement !~ "^(CREATE TYPE|CREATE TABLE|ALTER TABLE|CREATE (UNIQUE )?INDEX [a-z_]+ ON|CREATE (POLICY|TRIGGER) [^\n]* ON) (" anew ")[ ;(\n]")
		statement = ""
	printf "%s", statement
	statement = ""
}

FNR == NR {
	if (sub(/^-- anew /, ""))
		for (i = 1; i <= NF; i++)
			anew = anew (anew == "" ? "" : "|") $i
	next
}
/^(--|\\|$)/ && (statement == "" || ended) { next }
/^(CREATE|ALTER|COMMENT|GRANT|REVOKE|INSERT|SELECT|DO|DROP) / && ended { flush() }
{
	statement = statement $0 "\n"
	ended = /;$/
}
END { flush() }

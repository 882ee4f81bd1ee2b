# src/tools/rule_pages.awk
#
# awk -f src/tools/rule_pages.awk -v dir=DIRECTORY data/rules.csv doc/rules.md: a page a rule in DIRECTORY; prints the page without them, with
# a list of the rules of each family in their place. Examples say in words what their fence says.

# the page of rules, one folder below
function below(line) {
	gsub(/\]\(\.\.\//, "](../../", line)
	line = relinked(line, "")
	return line
}

# links to rules lead to their pages, others from their page to this one
function relinked(line, out,   target) {
	while (match(line, /\]\([^()]+\)/)) {
		target = substr(line, RSTART + 2, RLENGTH - 3)
		out = out substr(line, 1, RSTART + 1)
		if (target ~ /^#/ && substr(target, 2) in rules)
			target = substr(target, 2) ".md"
		else if (target ~ /^#/)
			target = "../rules.md" target
		else if (target !~ /^(https?:|\.\.\/\.\.\/)/)
			target = "../" target
		out = out target ")"
		line = substr(line, RSTART + RLENGTH)
	}
	return out line
}

function fence(line,   words, said) {
	if (line !~ /^```(fires|passes)/)
		return line
	words = line ~ / / ? " with `" substr(line, index(line, " ") + 1) "`" : ""
	said = line ~ /^```fires/ ? "Fires" : "Passes"
	return said words ":\n\n```text"
}

FILENAME ~ /\.csv$/ {
	match($0, /^[^,]*,[^,]*,[^,]*,/)
	title = substr($0, RLENGTH + 1)
	match(title, /^("[^"]*"|[^,]*)/)
	title = substr(title, 1, RLENGTH)
	gsub(/"/, "", title)
	rules[substr($0, 1, index($0, ",") - 1)] = title
	next
}

/^#/ && !fenced {
	if (/^### /) {
		rule = substr($0, 5)
		page = dir "/" rule ".md"
		print "- [" rule "](rules/" rule ".md): " rules[rule]
		print "# " rule "\n\nOf the [family " family "](../rules.md#family-" family "): " rules[rule] "." > page
		next
	}
	page = ""
	if (/^## Family /)
		family = substr($0, 11)
}

{
	if (/^```/)
		fenced = !fenced
	line = /^→/ ? "\n" $0 : $0
	if (page != "")
		print below(fenced ? fence(line) : line) > page
	else
		print fenced ? fence(line) : line
}

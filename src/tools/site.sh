# shellcheck shell=bash disable=SC2154
# src/tools/site.sh
#
# ./dev docs sources it: doc/columns.md anew, and the pages as a site by mkdocs.

# site_pages DIRECTORY: where they link to each other; a page a rule
site_pages() {
	mkdir -p "$1"/{doc/rules,dbt,bench,examples,findings} || return
	cp README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE "$1" && cp doc/*.md doc/*.png "$1/doc" && cp dbt/README.md "$1/dbt" &&
		cp bench/NOTES.md "$1/bench" && cp examples/* "$1/examples" && cp findings/*.sh "$1/findings" || return
	awk -v dir="$1/doc/rules" -f src/tools/rule_pages.awk data/rules.csv doc/rules.md >"$1/rules.md" && mv "$1/rules.md" "$1/doc/rules.md" || return
	sed -n 's/^### \(.*\)/s|](rules\\.md#\1)|](rules\/\1.md)|g/p' doc/rules.md >"$1.sed"
	sed -n 's/^### \(.*\)/s|](#\1)|](rules\/\1.md)|g/p' doc/rules.md >"$1.own.sed"
	sed -i -f "$1.sed" "$1"/doc/*.md && sed -i -f "$1.own.sed" "$1/doc/rules.md"
}

# site_settings PAGES SITE: the contents of the README are the site's
site_settings() {
	cat <<-END
		site_name: claimline
		docs_dir: $1
		site_dir: $2
		use_directory_urls: false
		theme: {name: readthedocs, navigation_depth: 2, highlightjs: false}
		markdown_extensions: [sane_lists]
		nav:
		- README.md
	END
	awk '/^## /{ inside = $0 == "## Contents" } !inside { next }
		/^\| to / { split($0, cell, " *\\| *"); print "- " toupper(substr(cell[2], 1, 1)) substr(cell[2], 2) ":"; next }
		/^\| \[/ { while (match($0, /\[[^]]*\]\([^)]*\.md\)/)) { link = substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH)
			split(link, part, /\]\(/); print "  - \"" toupper(substr(part[1], 1, 1)) substr(part[1], 2) "\": " part[2] } }' README.md
	printf -- '- Each rule:\n'
	sed -n 's/^### \(.*\)/  - doc\/rules\/\1.md/p' doc/rules.md
}

# make_site DIRECTORY SITE: by way of a folder that is not there
make_site() {
	site_pages "$1" && site_settings "$1" "$2" >"$1.yml" && mkdocs build --quiet --strict --clean --config-file "$1.yml"
}

command_docs() {
	local site=$checkout/site

	command -v mkdocs >/dev/null || { ((root)) && command -v apt-get >/dev/null && run "$tmp/mkdocs.log" apt_install mkdocs; } ||
		die "mkdocs makes the site: Debian's package of that name"
	demo_database
	cd "$checkout" || exit
	"${psql[@]}" -A -t -f src/tools/columns.sql >"$tmp/columns.md" || die 'failed: src/tools/columns.sql'
	cmp -s "$tmp/columns.md" doc/columns.md || cp "$tmp/columns.md" doc/columns.md
	begin site
	must make_site "$tmp/pages" "$site"
	ended
	printf '== the pages: %s\n' "$site/index.html"
}

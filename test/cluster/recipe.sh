#!/bin/bash
# test/cluster/recipe.sh
#
# A rule is added to a copy of the tree by the recipe of CONTRIBUTING.md, and the module that comes of it is put under a
# server that the one without the rule has filled: the rule is listed in its place and fires, rulesets that were stored
# before are read by the names of their rules, and a scan finds what is new.  Then back: the module without the rule
# refuses what was stored with it.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

pg_config=$CLUSTER_CLIENT/pg_config
bindir=$("$pg_config" --bindir) sharedir=$("$pg_config" --sharedir) pkglibdir=$("$pg_config" --pkglibdir) || bail_out 'no pg_config'
tree=$CLUSTER_DIR/tree private=$CLUSTER_DIR/private old_server=$CLUSTER_SERVER

stop_cluster() {
	as_server "$CLUSTER_SERVER/pg_ctl" stop -w -m fast -D "$CLUSTER_DIR/a/data" >/dev/null || bail_out 'pg_ctl stop'
}

# --- what the server without the rule stores and says ---

new_cluster a
"${psql[@]}" >/dev/null <<-'END' || bail_out 'the first server does not answer'
	CREATE EXTENSION claimline;
	CREATE TABLE kept (name text PRIMARY KEY, rules claim_ruleset, text text, hash text, said text);
	INSERT INTO kept (name, rules) SELECT p, ruleset(p) FROM unnest('{medicare,cpt,hns}'::text[]) p;
	INSERT INTO kept (name, rules) SELECT 'severities', jsonb_set(starter_ruleset()::text::jsonb, '{policy,severity}',
		'{"units-fraction": "info", "ptp": "review", "mod-position": "info", "visits-limit": "deny"}')::text::claim_ruleset;
	CREATE TABLE lines AS SELECT array_agg((code || m || ' x' || u || ' ' || 10 * u::numeric::int || 'min 2024-08-0' || 1 + n % 3 ||
			' dx=M54.2,M99.01 specialty=35 visit=22')::claimline) AS lines
		FROM unnest('{97124,97140,98941,99213,97110}'::text[]) WITH ORDINALITY c (code, n), unnest('{"",-59,-GP-GP,-ZZ,-AT-59}'::text[]) m, unnest('{1,2.5,7}'::text[]) u;
	CREATE FUNCTION said(rules claim_ruleset) RETURNS text LANGUAGE sql AS
		$$SELECT string_agg(e::text, E'\n' ORDER BY e::text) FROM lines, claim_edits(lines, rules) e WHERE e.rule <> 'units-hundred'$$;
	UPDATE kept SET text = rules::text, hash = ruleset_hash(rules), said = said(rules);
	CREATE TABLE rules AS SELECT array_agg(rule ORDER BY n) AS rules FROM claim_rules() WITH ORDINALITY r (rule, a, b, c, d, e, f, n);

	CREATE TABLE claims (patient text, provider text, dos date, claim_id text, line_no int, code text, units numeric, minutes int);
	INSERT INTO claims VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '97124', 200, 1440), ('P2', 'N1', '2024-08-01', 'C2', 1, '97124', 1, 15);
	SELECT claim_source_add('claims', 'claims', columns => jsonb_build_object('patient', 'patient', 'provider', 'provider', 'dos', 'dos', 'claim_id', 'claim_id',
		'line_no', 'line_no', 'code', 'code', 'units', 'units', 'minutes', 'minutes'));
	CALL claim_scan('claims');
END
"${psql[@]}" -c "\copy kept (name, rules) TO '$CLUSTER_DIR/kept.bin' (FORMAT binary)" || bail_out 'rulesets are not copied'
catalogue=$(sql 'SELECT rules FROM rules')
ok "$(grep -q units-hundred <<<"$catalogue"; echo $((! $?)))" 'the rule is new'
stop_cluster

# --- the recipe ---

# after FILE PATTERN: the text of standard input behind the first line that is so
after() {
	if ! awk -v pattern="$2" -v text="$(cat)" '{ print } !done && $0 ~ pattern { print text; done = 1 } END { exit !done }' "$1" >"$1.new"; then
		bail_out "$1 has no line $2"
	fi
	mv "$1.new" "$1" || exit
}

cp -a . "$tree" && cd "$tree" || exit
after data/rules.csv '^time-overlap,' <<<'units-hundred,units,deny,a hundred units or more on one line,,an example'
after data/denials.csv '^time-overlap,' <<<'units-hundred,,CO-222,,,,,,an example'
after src/core/edits/edit_units.c '^#include "edits/units_supported' <<'END'

static void
judge_hundred(const Day *day, FindingSink *sink)
{
	int			i;

	NOTE_ALL(sink, UNITS_HUNDRED, UNITS_HUNDRED, WITHIN_LIMIT);
	for (i = 0; i < day->n_valid; i++)
	{
		const Line *line = day->lines[i].line;
		char		units[UNITS_TEXT];
		Finding    *finding;

		if (line->units < 100 * 1000)
			continue;
		finding = finding_add(sink, RULE_UNITS_HUNDRED, i, -1);
		if (finding != NULL)
			finding_say(sink, finding, "%s units are a hundred or more", units_to_text(line->units, units));
	}
}
END
# the edit of the family is the last function of its file
sed -i '$ i\	judge_hundred(day, sink);' src/core/edits/edit_units.c
awk '/^## Family mue$/ { while ((getline line < "/dev/stdin") > 0) print line } { print }' doc/rules.md >doc/rules.new <<'END'
### units-hundred

- Severity: deny
- Denial codes: CO-222
- Source: an example

The line has a hundred units or more. `with_*` is null.

```fires
97124-GP x100 1440min 2024-08-01
```
→ line 1, deny

```passes
97124-GP x99 1440min 2024-08-01
```

END
mv doc/rules.new doc/rules.md

touched=$(cd "$OLDPWD" && diff -rq . "$tree" | sed -n 's/^Files \.\/\(.*\) and .* differ$/\1/p')
is "$(sort <<<"$touched" | paste -sd ' ')" 'data/denials.csv data/rules.csv doc/rules.md src/core/edits/edit_units.c' 'the recipe touches four files'
for file in $touched; do
	[[ $file != src/core/edits/edit_*.c ]] || file=src/core/edits/edit_FAMILY.c
	ok "$(sed -n '/^## A rule/,/^## A policy key/p' CONTRIBUTING.md | grep -qF "\`$file\`"; echo $?)" "CONTRIBUTING.md names $file"
done

make=(make -s -j"$(nproc)" PG_CONFIG="$pg_config" with_llvm=no)
succeeds 'it builds without warnings' "${make[@]}" WERROR=1 ASSERTS=1
# as ./dev installs it: a copy of the server's program finds its extensions relative to itself
mkdir -p "$private$bindir" "$private$sharedir" "$private$pkglibdir" && cp -L "$bindir"/{postgres,initdb,pg_ctl} "$private$bindir" &&
	cp -rs "$sharedir/." "$private$sharedir" && cp -rs "$pkglibdir/." "$private$pkglibdir" &&
	rm -rf "$private$sharedir"/extension/claimline* "$private$pkglibdir"/{,bitcode/}claimline* || exit
succeeds 'it is installed' "${make[@]}" install DESTDIR="$private"

# --- what the server with the rule makes of it ---

CLUSTER_SERVER=$private$bindir
start_cluster a
is "$(sql "SELECT string_agg(rule, ',' ORDER BY n) FROM claim_rules() WITH ORDINALITY r (rule, a, b, c, d, e, f, n)")" \
	"$(tr -d '{}' <<<"${catalogue/time-overlap,/time-overlap,units-hundred,}")" 'the rule is listed in its place'
is "$(sql "SELECT rule, severity, carc, citation, message FROM claim_edits('97124-GP x100 1440min 2024-08-01'::claimline) WHERE rule = 'units-hundred'")" \
	'units-hundred|deny|CO-222|an example|100 units are a hundred or more' 'it fires, with its denial code'
is "$(sql "SELECT count(*) FROM claim_edits('97124-GP x99 1440min 2024-08-01'::claimline) WHERE rule = 'units-hundred'")" 0 'it passes'

unlike="name || CASE WHEN ruleset_hash(rules) = hash THEN '' ELSE ' hash' END || CASE WHEN said(rules) = said THEN '' ELSE ' findings' END"
is "$(sql "SELECT string_agg($unlike, ',' ORDER BY name) FROM kept")" 'cpt,hns,medicare,severities' 'stored rulesets have their hash, and say of the other rules what they said'
is "$(sql "SELECT string_agg(DISTINCT (SELECT string_agg(x::text, ' ') FROM jsonb_array_elements(rules::text::jsonb->'rules') x WHERE x NOT IN (SELECT jsonb_array_elements(text::jsonb->'rules'))), ',') FROM kept")" \
	'["units-hundred", "units", "deny", "a hundred units or more on one line", "an example", ""]' 'and have the new rule beside the rows that they had'
is "$(sql "SELECT count(*), count(DISTINCT carc) FROM kept, claim_edits('97124-GP x100 1440min 2024-08-01'::claimline, rules) e WHERE e.rule = 'units-hundred'")" \
	'4|1' 'it fires by them, too'
is "$(sql "SELECT string_agg(path || coalesce(before, ' is new'), ',') FROM kept, ruleset_diff(rules, starter_ruleset()) WHERE name = 'medicare'")" \
	'rules.units-hundred is new' 'what differs from the built-in ruleset is the rule'
is "$(sql 'SELECT bool_and(text::claim_ruleset::text = rules::text) FROM kept')" t 'their texts are read as the same'
is "$(sql 'CREATE TABLE copied (name text, rules claim_ruleset)' && "${psql[@]}" -c "\copy copied FROM '$CLUSTER_DIR/kept.bin' (FORMAT binary)" &&
	sql 'SELECT bool_and(c.rules::text = k.rules::text) FROM copied c JOIN kept k USING (name)')" t 'and so is a binary copy'
is "$(sql "CALL claim_scan('claims')" 2>&1 | grep ERROR; sql "SELECT claim_id, rule FROM claim_findings WHERE rule = 'units-hundred'")" \
	'C1|units-hundred' 'a scan judges by the new rule what it had judged before'

if [[ -f $sharedir/extension/pgtap.control ]]; then
	page=$("${psql[@]}" -f test/tap/doc_rules.sql 2>&1) || page+=$'\nnot ok: psql failed'
	is "$(grep -c '^ok .*units-hundred' <<<"$page") $(grep -c '^not ok' <<<"$page")" '7 0' 'its page is checked with the others'
fi

# --- and back ---

sql "INSERT INTO kept (name, rules) VALUES ('new', starter_ruleset())" || exit
stop_cluster
CLUSTER_SERVER=$old_server
start_cluster a
is "$(sql "SELECT string_agg(name, ' ' ORDER BY name) FROM kept WHERE name <> 'new' AND said(rules) = said AND rules::text = text")" 'cpt hns medicare severities' \
	'the module without the rule reads what it stored'
is "$(sql "SELECT claim_passes('97124'::claimline, rules) FROM kept WHERE name = 'new'" 2>&1 | sed 's/^ERROR:  //')" "ruleset was made by another version of claimline
DETAIL:  It has the rule \"units-hundred\", which this version does not know.
HINT:  Update the extension to the version that made it." 'and refuses by name the rule that it does not know'
done_testing

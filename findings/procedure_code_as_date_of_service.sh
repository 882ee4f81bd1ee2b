#!/usr/bin/env bash
#
# A procedure code in the column of the date of service: 97124 is a valid date, and everywhere another one
#
# Packages   npm dayjs@1.11.23, moment@2.31.0, luxon@3.7.2, date-fns@4.4.0, fhir@4.12.0, sql.js@1.16.0 (SQLite 3.54.1),
#            @electric-sql/pglite@0.5.17 (PostgreSQL 18.7), @duckdb/node-api@1.5.6-r.1
#            Debian 12 mariadb-server-core, mariadb-client-core and libmariadb3 1:10.11.19-0+deb12u1,
#            libaio1 0.3.113-4, libnuma1 2.0.16-1, liburing2 2.3-3 (MARIADB=version looks at another one)
#
# Guess, written down before the first run
#            "97124 is no date for any of them: PostgreSQL and DuckDB raise an error, MariaDB gives NULL and refuses the INSERT in
#            strict mode, SQLite gives NULL, JavaScript and its libraries give an invalid date."
#            (That of PostgreSQL, DuckDB, luxon and date-fns came true. The FHIR validator and the NPI were looked at later.)
#
# Seen       97124 read as a date
#                MariaDB, strict mode, INSERT         1997-12-04
#                SQLite, date()                       -4447-10-25
#                dayjs                                9712-04-01
#                JavaScript Date, moment              the year 97124
#                FHIR validator of the package fhir   valid as servicedDate
#                PostgreSQL, DuckDB, luxon, date-fns  refused
#            MariaDB takes 97110 too, as the eleventh month's day 0, and refuses 97140; which codes pass depends on their digits.
#            97124-59 is 9712-05-29 for dayjs, "GP 59" 1959-01-01 for Date, dayjs and moment, and the provider number 1999991231
#            (its check digit is wrong: it is nobody's) 2007-03-13 for dayjs and the last day of the year 199999 for PostgreSQL.
#            The FHIR validator calls "no date" an invalid date, and takes 97124-59, 12/31/2024, 2024-13-45, a provider number
#            and "ref 4711": whatever has four digits in a row somewhere.
#
# Matters    A column that slipped by one, or a mapping with two names exchanged, is expected to fail at the date of service: it
#            is the field that "cannot be read by accident". Here it is read, without a warning, and the line then lies outside
#            every edition and coverage period, which looks like an old claim and not like a broken file. Check the form of the
#            text (and that the year is a plausible one) before any of these converts it.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error dayjs@1.11.23 moment@2.31.0 luxon@3.7.2 date-fns@4.4.0 \
	fhir@4.12.0 sql.js@1.16.0 @electric-sql/pglite@0.5.17 @duckdb/node-api@1.5.6-r.1 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { createRequire } from 'module'
import { PGlite } from '@electric-sql/pglite'
import { DuckDBInstance } from '@duckdb/node-api'

const require = createRequire(import.meta.url)
const dayjs = require('dayjs')
const moment = require('moment')
const { DateTime } = require('luxon')
const { parseISO, isValid, formatISO } = require('date-fns')
const { Fhir } = require('fhir')
const sqlite = new (await require('sql.js')()).Database()
const postgres = new PGlite()
const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
const fhir = new Fhir()
moment.suppressDeprecationWarnings = true

const day = date => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
const claim = date => ({
	resourceType: 'Claim', status: 'active', use: 'claim', created: '2024-08-01',
	type: { text: 'professional' }, patient: { reference: 'Patient/1' }, provider: { reference: 'Organization/1' },
	priority: { text: 'normal' }, insurance: [{ sequence: 1, focal: true, coverage: { reference: 'Coverage/1' } }],
	item: [{ sequence: 1, productOrService: { text: '97124' }, servicedDate: date }]
})
const readers = {
	Date: text => isNaN(new Date(text)) ? 'refused' : day(new Date(text)),
	dayjs: text => dayjs(text).isValid() ? day(dayjs(text).toDate()) : 'refused',
	moment: text => moment(text).isValid() ? day(moment(text).toDate()) : 'refused',
	luxon: text => DateTime.fromISO(text).isValid ? DateTime.fromISO(text).toISODate() : 'refused',
	'date-fns': text => isValid(parseISO(text)) ? formatISO(parseISO(text), { representation: 'date' }) : 'refused',
	fhir: text => fhir.validate(claim(text)).valid ? 'valid' : 'refused',
	sqlite: text => sqlite.exec('SELECT date(?)', [text])[0].values[0][0] ?? 'refused',
	postgres: async text => (await postgres.query('SELECT $1::text::date::text AS d', [text])).rows[0].d,
	duckdb: async text => (await duckdb.runAndReadAll(`SELECT '${text}'::date::text`)).getRows()[0][0]
}
for (const text of ['2024-08-01', '97124', '97140', '97124-59', 'GP 59', '1999991231', '2024-13-45', '12/31/2024', 'ref 4711', 'no date']) {
	const answers = []
	for (const [name, read] of Object.entries(readers)) {
		let answer
		try {
			answer = await read(text)
		} catch {
			answer = 'refused'
		}
		answers.push(`${name} ${answer}`)
	}
	console.log(`${text}: ${answers.join(', ')}`)
}
await postgres.close()
process.exit(0)
JS
(cd "$tmp" && TZ=UTC node ask.mjs) >"$tmp/seen"

mariadb=${MARIADB:-1:10.11.19-0+deb12u1}
debian_servers "mariadb-server-core=$mariadb" "mariadb-client-core=$mariadb" "libmariadb3=$mariadb" \
	libaio1=0.3.113-4 libnuma1=2.0.16-1 liburing2=2.3-3
linked mariadb-server-core -- "$tmp/usr/sbin/mariadbd" "$tmp/usr/bin/mariadb"
start_mariadb
ask_mariadb -e 'CREATE DATABASE billing; CREATE TABLE billing.line (code varchar(10), served date)'
for code in 97124 97110 97035 97140 98940; do
	ask_mariadb billing -e "INSERT INTO line VALUES ('$code', '$code')" >/dev/null 2>&1 ||
		ask_mariadb billing -e "INSERT INTO line VALUES ('$code', NULL)"
done
ask_mariadb billing -N -e "SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'; SELECT code, coalesce(served, 'refused') FROM line" >>"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
2024-08-01: Date 2024-8-1, dayjs 2024-8-1, moment 2024-8-1, luxon 2024-08-01, date-fns 2024-08-01, fhir valid, sqlite 2024-08-01, postgres 2024-08-01, duckdb 2024-08-01
97124: Date 97124-1-1, dayjs 9712-4-1, moment 97124-1-1, luxon refused, date-fns refused, fhir valid, sqlite -4447-10-25, postgres refused, duckdb refused
97140: Date 97140-1-1, dayjs 9713-12-1, moment 97140-1-1, luxon refused, date-fns refused, fhir valid, sqlite -4447-11-10, postgres refused, duckdb refused
97124-59: Date refused, dayjs 9712-5-29, moment refused, luxon refused, date-fns refused, fhir valid, sqlite refused, postgres refused, duckdb refused
GP 59: Date 1959-1-1, dayjs 1959-1-1, moment 1959-1-1, luxon refused, date-fns refused, fhir refused, sqlite refused, postgres refused, duckdb refused
1999991231: Date refused, dayjs 2007-3-13, moment refused, luxon refused, date-fns refused, fhir valid, sqlite refused, postgres 199999-12-31, duckdb refused
2024-13-45: Date refused, dayjs 2025-2-14, moment refused, luxon refused, date-fns refused, fhir valid, sqlite refused, postgres refused, duckdb refused
12/31/2024: Date 2024-12-31, dayjs 2024-12-31, moment 2024-12-31, luxon refused, date-fns refused, fhir valid, sqlite refused, postgres 2024-12-31, duckdb refused
ref 4711: Date 4711-1-1, dayjs 4711-1-1, moment 4711-1-1, luxon refused, date-fns refused, fhir valid, sqlite refused, postgres refused, duckdb refused
no date: Date refused, dayjs refused, moment refused, luxon refused, date-fns refused, fhir refused, sqlite refused, postgres refused, duckdb refused
1
97124	1997-12-04
97110	1997-11-00
97035	1997-03-05
97140	refused
98940	refused
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: 97124 is a date in MariaDB, SQLite and JavaScript, and another one in each"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

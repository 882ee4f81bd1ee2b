#!/usr/bin/env bash
#
# The unit extension: '1 h' is Planck's constant, though the README says hour, and comparing it with minutes is no error
#
# Packages   Debian 12 postgresql-15-unit 7.7-1, with postgresql-15, postgresql-client-15 and libpq5 15.20-0+deb12u1
#            The same was seen with the postgresql-18-unit of Debian unstable (extension version 7).
#            SERVER=version looks at another server.
#
# Guess, written down before the first run
#            "'1 h 23 min' is 83 minutes or an error, '8 min' is less than '0.2 h', '23 min' prints as minutes or seconds."
#
# Seen       '23 min'                        00:23:00 s
#            '1 h'                           6.62607015e-34 m^2*kg/s
#            '1 h 23 min'                    9.143976807e-31 m^2*kg          (a product; no error)
#            '120 km/h'                      1.81102821557058e+38 s/m*kg     (the README's own example says 33.3333333333333 m/s)
#            '1 h' > '15 min'                false
#            '0.2 h' > '8 min'               false
#            '1 hr' = '60 min'               true, and 'hour' too
#            ORDER BY                        1 h before 15 min before 1 hr
#            max() and sum() over 1 h and 15 min end with a dimension mismatch; <, >, = and ORDER BY answer.
#
# Cause      The definitions that the extension loads from GNU Units have h for Planck's constant. Values of different dimensions
#            have an order of their own, so that comparison and sorting never fail.
#
# Matters    Treatment times are documented as "1 h", "45 min", "1 h 15 min". Stored as unit, a check like
#            CHECK (treated >= '8 min'), or WHERE treated > '15 min', takes every entry in h for the shortest of all, and nothing
#            is raised until somebody adds up. CHECK (dimension(treated) = '1 s') refuses them.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

server=${SERVER:-15.20-0+deb12u1}
debian_servers "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	postgresql-15-unit=7.7-1
linked postgresql-15 -- "$pgbin/postgres" "$pgbin/psql"
# the extension reads its units from the folder where Debian installs it
sed -i "s,/usr/share/postgresql/,$tmp&," "$tmp"/usr/share/postgresql/15/extension/unit--*.sql
start_postgres "$tmp/pg"

ask_postgres -v VERBOSITY=sqlstate >"$tmp/seen" 2>&1 <<'SQL'
CREATE EXTENSION unit;
SELECT '23 min'::unit;
SELECT '1 h'::unit;
SELECT '1 h 23 min'::unit;
SELECT '120 km/h'::unit;
SELECT '1 h'::unit > '15 min'::unit, '0.2 h'::unit > '8 min'::unit, '1 h'::unit = '60 min'::unit;
SELECT '1 hr'::unit = '60 min'::unit, '1 hour'::unit = '60 min'::unit, '1 d'::unit = '1440 min'::unit;
SELECT string_agg(written, ', ' ORDER BY written::unit) FROM (VALUES ('1 hr'), ('15 min'), ('1 h')) AS v (written);
CREATE TABLE session (treated unit CHECK (treated < '2 hr'));
INSERT INTO session VALUES ('9 h'), ('15 min');
SELECT count(*) FROM session WHERE treated >= '8 min';
SELECT max(treated) FROM session;
SELECT sum(treated) FROM session;
SQL
sed -i 's/^psql:.*ERROR: *//; s/^ERROR: *//' "$tmp/seen"

cat >"$tmp/described" <<'TEXT'
00:23:00 s
6.62607015e-34 m^2*kg/s
9.143976807e-31 m^2*kg
1.81102821557058e+38 s/m*kg
f|f|f
t|t|t
1 h, 15 min, 1 hr
1
22000
22000
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: an hour written h is shorter than any minute"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# orafce: plvdate's holidays of the USA are those of 2006 in every year, so that Thanksgiving is a business day
#
# Packages   Debian 12 postgresql-15-orafce 4.1.1-1, with postgresql-15, postgresql-client-15 and libpq5 15.20-0+deb12u1
#            The library of Debian unstable's postgresql-18-orafce 4.17.1-1 has the same table of dates.
#            SERVER=version and ORAFCE=version look at other ones.
#
# Guess, written down before the dates were listed; that Thanksgiving 2024 is not among them had been seen
#            "They are the eleven federal holidays, and those that move are computed, as Easter is for Czech."
#
# Seen       After plvdate.default_holidays('USA'), the weekdays that are no business days:
#
#                2006    Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 23, Dec 25       (the federal ones that year, and 2023)
#                2024    Jan 1, Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 11, Dec 25
#                        so Thanksgiving (Nov 28), Memorial Day (May 27), Labor Day (Sep 2) and three more are business days,
#                        and five ordinary Tuesdays and Wednesdays are not
#                2026    the fourth of July is a Saturday; the Friday before it, when it is observed, is a business day
#            Juneteenth is in no year.
#
#                the 10th business day after 2024-11-15                    2024-11-29; with Thanksgiving it is 2024-12-02
#                bizdays_between('2024-08-01', '2024-08-01')               1: the first day counts, which is its default
#
# Cause      A table of a day and a month for each holiday, of one year. Only Easter is computed. The manual says that a holiday is
#            "the same every year" and that the configuration has only the common ones, which these are not.
#
# Matters    Days to answer a request for records, to appeal and to pay an electronic claim are often business days. Deadlines come out
#            a day or two off in either direction, and right often enough for no test to see it: a test with New Year and
#            Christmas passes. Set the holidays of each year with plvdate.set_nonbizday(date), or keep a table of them.
#
set -euo pipefail
# shellcheck source=findings/lib/server.bash
. "$(dirname "$0")/lib/server.bash"

server=${SERVER:-15.20-0+deb12u1}
debian_servers "postgresql-15=$server" "postgresql-client-15=$server" "libpq5=$server" \
	"postgresql-15-orafce=${ORAFCE:-4.1.1-1}"
linked postgresql-15 -- "$pgbin/postgres" "$pgbin/psql"
start_postgres "$tmp/pg"

ask_postgres -v ON_ERROR_STOP=1 >"$tmp/seen" 2>&1 <<'SQL'
CREATE EXTENSION orafce;
DO $$ BEGIN PERFORM plvdate.default_holidays('USA'); END $$;
\echo weekdays that are no business days
SELECT extract(year FROM day) || ': ' || string_agg(to_char(day, 'FMMon FMDD'), ', ' ORDER BY day)
FROM generate_series(timestamp '2006-01-01', '2026-12-31', '1 day') day
WHERE extract(year FROM day) IN (2006, 2023, 2024, 2025, 2026) AND extract(isodow FROM day) < 6 AND NOT plvdate.isbizday(day::date)
GROUP BY extract(year FROM day) ORDER BY 1;
\echo federal holidays of 2024, business days?
SELECT string_agg(to_char(day, 'FMMon FMDD ') || plvdate.isbizday(day), ', ' ORDER BY day)
FROM unnest('{2024-01-01, 2024-01-15, 2024-02-19, 2024-05-27, 2024-06-19, 2024-07-04, 2024-09-02, 2024-10-14,
	2024-11-11, 2024-11-28, 2024-12-25}'::date[]) day;
\echo the fourth of July 2026 as observed, the 10th business day over Thanksgiving, one day
SELECT plvdate.isbizday('2026-07-03');
SELECT plvdate.add_bizdays('2024-11-15', 10);
SELECT plvdate.bizdays_between('2024-08-01', '2024-08-01');
SQL

cat >"$tmp/described" <<'TEXT'
weekdays that are no business days
2006: Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 23, Dec 25
2023: Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 23, Dec 25
2024: Jan 1, Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 11, Dec 25
2025: Jan 1, Jan 16, Feb 20, May 29, Jul 4, Sep 4, Oct 9, Nov 11, Dec 25
2026: Jan 1, Jan 16, Feb 20, May 29, Sep 4, Oct 9, Nov 11, Nov 23, Dec 25
federal holidays of 2024, business days?
Jan 1 false, Jan 15 true, Feb 19 true, May 27 true, Jun 19 true, Jul 4 false, Sep 2 true, Oct 14 true, Nov 11 false, Nov 28 true, Dec 25 false
the fourth of July 2026 as observed, the 10th business day over Thanksgiving, one day
t
2024-11-29
1
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: the holidays are those of 2006 in every year"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/bin/bash
# src/bin/claimline-ncci/10-usage.sh: the program is all files of this folder, behind the first those that programs share
#
# Loads CMS's NCCI files, as downloaded, into a database with the extension claimline: finds out by their content what they are,
# checks that a table is there with all its parts, publishes an edition for each quarter and service type, prints what changed.
set -u -o pipefail
shopt -s nullglob extglob
program=claimline-ncci
export LC_ALL=C PGCLIENTENCODING=${PGCLIENTENCODING-UTF8} PGAPPNAME=${PGAPPNAME-$program}

# CMS cuts a PTP table of Medicare into four files, f1 to f4, so that each fits into a workbook; the files do not say of how many
# they are (names of the files of 2026, practitioner and hospital outpatient)
medicare_parts=4

usage() {
	cat <<-END
		claimline-ncci publishes CMS's NCCI files in a database with the extension claimline.

		usage: claimline-ncci [OPTION...] FILE...

		FILE is a ZIP as CMS ships it, a TXT (code pairs, PTP, and add-on codes, AOC) or CSV (unit limits, MUE) out
		of one, or a folder of these; in any order, of any service types and quarters, under any name.  What a file
		is, its content says; its quarter, and the service type of code pairs, the name that CMS gave it or the file
		in the ZIP.  Add-on codes are of practitioners and hospitals alike: they go with the other tables of their
		quarter that are given, alone with those of practitioners.

		  --check                reads and checks everything, says what it would publish, and publishes nothing
		  --effective=DATE       first date of service (YYYY-MM-DD) of files whose names do not say their quarter
		  --service-type=TYPE    service type of files that do not say theirs: practitioner, outpatient, dme,
		                         medicaid-practitioner, medicaid-outpatient, medicaid-dme
		  --edition=NAME         name of the edition, if not that of its quarter, such as 2026q3
		  --parts=NUMBER         files of which a PTP table is, if not $medicare_parts
		  --allow-loss           publishes also if many rows of the edition before are missing
		  --help                 this text

		  -d, --dbname=DBNAME    database or connection string, and as psql has them:
		  -h, --host=HOST  -p, --port=PORT  -U, --username=NAME  -w, --no-password  -W, --password
		  The environment variables of psql (PGHOST, PGDATABASE, ...) and its password file count too.

		An edition is published in one transaction: on an error nothing of it is kept.  Files that are published
		already are left out, so a second run changes nothing.

		exit status: 0 published, or there already; 1 refused, with the reason; 2 wrong usage; 3 no connection, no
		extension, or no right to publish; 130, 143 stopped by a signal
	END
}

#!/bin/bash
# src/bin/claimline-load/10-usage.sh: the program is all files of this folder, behind the first those that programs share
#
# Loads claims files into tables of a database with the extension claimline: X12 837 and 835, FHIR claims; a file in a transaction.
set -u -o pipefail
shopt -s nullglob extglob
program=claimline-load
export LC_ALL=C PGCLIENTENCODING=UTF8 PGAPPNAME=${PGAPPNAME-$program}

usage() {
	cat <<-END
		claimline-load loads claims files into tables of a database with the extension claimline.

		usage: claimline-load [OPTION...] FILE...

		FILE is an X12 file with claims (837) or remittances (835), a FHIR ExplanationOfBenefit, Claim or Bundle, a
		file with a resource a line (NDJSON) or an array of them; as it is, packed by gzip or in a ZIP; or a folder of
		these.  What a file is, its content says, not its name.

		The rows go into the tables claim_file, claim_file_line, claim_file_payment and claim_file_fault, which are
		made where they are not there.  A file is loaded in one transaction, whole or not at all.  A file that is loaded
		already, under whatever name, is left out: a run that was stopped is run again.

		  --schema=SCHEMA        schema of the tables, if not the first of the search path
		  --accept-faults        loads also files with faults, such as counts that do not fit or an end that is
		                         missing, and keeps the faults in claim_file_fault
		  --encoding=NAME        encoding of the files, as PostgreSQL names it (LATIN1, WIN1252), if not UTF8
		  --dry-run              reads and checks everything, says what it would load, and loads nothing
		  --help                 this text

		  -d, --dbname=DBNAME    database or connection string, and as psql has them:
		  -h, --host=HOST  -p, --port=PORT  -U, --username=NAME  -w, --no-password  -W, --password
		  The environment variables of psql (PGHOST, PGDATABASE, ...) and its password file count too.

		exit status: 0 loaded, or there already; 1 a file was refused, with the reason, and the others loaded; 2 wrong
		usage; 3 no connection, no extension, or no right to load; 130, 143 stopped by a signal
	END
}

#!/bin/bash
# shellcheck disable=SC2016
# test/package/40-update.sh
#
# As an administrator: from a package of 0.1.0 to this one, with a database that has the extension.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh

[[ -d $PACKAGE_LAYERS/build/upper/out ]] || bail_out 'there are no packages: package/build makes them'
new_layer update build

# 0.1.0 had none: what its make install makes
succeeds 'a package of 0.1.0' script_inside update '
	cd /tmp && tar -xzf /claimline/test/data/claimline-0.1.0.tar.gz --no-same-owner && cd claimline-0.1.0
	mkdir doc && : >doc/none.md
	make=(make -s PG_CONFIG=/usr/lib/postgresql/"$1"/bin/pg_config with_llvm=no)
	"${make[@]}" -j2 && "${make[@]}" install DESTDIR=/tmp/package
	mkdir /tmp/package/DEBIAN
	printf "%s\n" "Package: postgresql-$1-claimline" "Version: 0.1.0" "Architecture: amd64" "Depends: postgresql-$1" "Maintainer: none <none@example.org>" \
		"Description: claimline 0.1.0" >/tmp/package/DEBIAN/control
	dpkg-deb --root-owner-group -b /tmp/package /tmp/old.deb' "$PACKAGE_VERSION"
succeeds 'it is installed' inside update apt-get install -q -y --no-install-recommends /tmp/old.deb

updated() {
	script_inside update '
		as() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
		pg_ctlcluster "$1" main start
		as createdb claims
		as psql -qAtd claims -c "CREATE EXTENSION claimline" -c "CREATE TABLE kept AS SELECT \$\$97124-GP x2 22min 2024-08-01\$\$::claimline AS line"
		apt-get install -q -y --no-install-recommends /out/postgresql-"$1"-claimline_*.deb >/tmp/log 2>&1 || cat /tmp/log
		as psql -qAtd claims -c "SELECT extversion FROM pg_extension WHERE extname = \$\$claimline\$\$" -c "SELECT line FROM kept"
		as psql -qAtd claims -c "ALTER EXTENSION claimline UPDATE"
		as psql -qAtd claims -c "SELECT extversion FROM pg_extension WHERE extname = \$\$claimline\$\$" \
			-c "SELECT line, (SELECT string_agg(rule, \$\$ \$\$) FROM claim_edits(ARRAY[line])) FROM kept"
		pg_ctlcluster -m fast "$1" main stop' "$PACKAGE_VERSION"
}
is "$(updated 2>&1)" "0.1.0
97124-GP x2 22min 2024-08-01
$version
97124-GP x2 22min 2024-08-01|units-minutes" 'the new package, then ALTER EXTENSION UPDATE'
done_testing

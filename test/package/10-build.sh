#!/bin/bash
# shellcheck disable=SC2016
# test/package/10-build.sh
#
# As a packager: from the archive that make dist makes to Debian's packages, and what lintian says of them.  They are in /out of the layer build.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh

new_layer build
mkdir -p "$PACKAGE_LAYERS/build/upper/src"
succeeds 'make dist' make -s dist DIST="$PACKAGE_LAYERS/build/upper/src/claimline.zip"
succeeds 'the tools of a packager' script_inside build '
	apt-get install -q -y --no-install-recommends build-essential debhelper fakeroot lintian postgresql-server-dev-all unzip
	cd /src && unzip -q claimline.zip && mv claimline-"$1" claimline
	cd claimline && pg_buildext updatecontrol
	apt-get build-dep -q -y --no-install-recommends ./' "$version"
is "$(script_inside build 'cd /src/claimline && pg_buildext supported-versions')" "$PACKAGE_VERSION" 'for the PostgreSQL of the release'
succeeds 'dpkg-buildpackage' script_inside build '
	cd /src/claimline && dpkg-buildpackage -us -uc
	mkdir /out && cp ../*.deb /out'
is "$(script_inside build 'cd /out && printf "%s\n" *.deb')" "claimline-tools_${version}_all.deb
postgresql-$PACKAGE_VERSION-claimline-dbgsym_${version}_amd64.deb
postgresql-$PACKAGE_VERSION-claimline_${version}_amd64.deb" 'the packages'
# but that PostgreSQL's folder of libraries is called lib, too, and that of the pages doc, by which they are linked; and that a later release
# has later standards than the first
is "$(script_inside build 'cd /src && lintian --allow-root --display-info --pedantic \
	--suppress-tags repeated-path-segment,out-of-date-standards-version ./*.changes' 2>&1)" '' 'lintian has nothing to say'
# what a package must not depend on: where it was built
succeeds 'a second build differs in nothing' script_inside build '
	cd /src/claimline && dpkg-buildpackage -us -uc -b
	for deb in /out/*.deb; do cmp "$deb" "../${deb##*/}"; done'
done_testing

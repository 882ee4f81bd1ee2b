#!/bin/bash
# shellcheck disable=SC2016
# test/package/30-autopkgtest.sh
#
# As Debian's machines: the tests that the source package has of the installed packages.
# shellcheck source=test/package/lib.sh
. test/package/lib.sh

new_layer autopkgtest build
succeeds 'autopkgtest is there' inside autopkgtest apt-get install -q -y --no-install-recommends autopkgtest
log=$(script_inside autopkgtest 'rm -f /out/*-dbgsym_*.deb; autopkgtest --no-built-binaries /out/*.deb /src/claimline/ -- null' 2>&1)
ok $? 'autopkgtest' "$(tail -n 60 <<<"$log")"
is "$(sed -n '/@@@.* summary$/,$p' <<<"$log" | tail -n +2 | tr -s ' ')" $'installcheck PASS\nprograms PASS' 'each of them passes'
done_testing

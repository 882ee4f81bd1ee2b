#!/usr/bin/env bash
#
# X12: a file of two interchanges is read with the separators of the first, and the claims of the second are gone without an error
#
# Packages   npm node-x12@1.7.1 and x12-parser@1.3.0 (the newest), Debian 12 libx12-parser-perl 0.80-4
#            LIBX12=version looks at another one of the last; 0.80-5 is that of Debian unstable.
#
# Guess, written down before the first run
#            "The readers take the separators from each ISA segment; node-x12 gives two interchanges."
#
# Seen       Two valid 835, one behind the other, with the claims C1 and C2. The first has * : ~, the second has
#
#                the same                 all read C1 and C2
#                | > and a new line       all read C1 alone. node-x12 has one interchange, in its strict mode; x12-parser gives the
#                                         second as one segment, X12::Parser as another segment of the first one's loop IEA
#                | > ~                    x12-parser and X12::Parser read C1 alone. node-x12 raises an error
#                * > ~                    all read C1 and C2, and the code of C2 as HC>97140>59
#
#            In the other order (not | > ~) it is C1 that is gone. What is lost raises no error but that one.
#
# Cause      The separators are taken from the first ISA segment. What follows the first IEA has no segment that they know of:
#            node-x12 drops it, the others hand it on as text.
#
# Matters    Clearing houses join the remittances of many payers into one file, and payers choose their own separators. The
#            payments of all payers but those that write like the first one never arrive; the control totals of what arrived (SE01,
#            IEA01, BPR02) are right. Split a file at its ISA segments before it is read, and compare the number of
#            ISA segments with that of the interchanges that came out.
#
set -euo pipefail
# shellcheck source=findings/lib/debian.bash
. "$(dirname "$0")/lib/debian.bash"
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error node-x12@1.7.1 x12-parser@1.3.0 >/dev/null
debian "libx12-parser-perl=${LIBX12:-0.80-4}"

# remittance CLAIM CODE ELEMENT COMPOSITE TERMINATOR: an interchange with one claim
remittance() {
	local line
	while read -r line; do
		line=${line//\*/$3}
		printf '%s%b' "${line//:/$4}" "$5"
	done <<X12
ISA*00*          *00*          *ZZ*SYNTHETICPAYER *ZZ*SYNTHETICCLINIC*240806*1015*^*00501*000000001*0*T*:
GS*HP*SYNTHETICPAYER*SYNTHETICCLINIC*20240806*1015*1*X*005010X221A1
ST*835*0001
BPR*I*50*C*NON************20240806
TRN*1*T1*1990000000
N1*PR*SYNTHETIC PAYER
N3*1 MAIN ST
N4*ANYTOWN*IL*600010000
PER*BL*DESK*TE*5550000000
N1*PE*SYNTHETIC CLINIC*XX*1234567893
LX*1
CLP*$1*1*60*50*10*12*I1
NM1*QC*1*SYNTHETIC*A
SVC*HC:$2*60*50**1
DTM*472*20240801
CAS*PR*2*10
SE*15*0001
GE*1*1
IEA*1*000000001
X12
}
first=(C1 97124:GP '*' : '~')
(remittance "${first[@]}" && remittance C2 97140:59 '*' : '~') >"$tmp/same"
(remittance "${first[@]}" && remittance C2 97140:59 '|' '>' '\n') >"$tmp/all three"
(remittance C2 97140:59 '|' '>' '\n' && remittance "${first[@]}") >"$tmp/all three, turned"
(remittance "${first[@]}" && remittance C2 97140:59 '|' '>' '~') >"$tmp/elements and composites"
(remittance "${first[@]}" && remittance C2 97140:59 '*' '>' '~') >"$tmp/composites"

cat >"$tmp/ask.cjs" <<'JS'
const { readFileSync, createReadStream } = require('fs')
const { X12Parser } = require('node-x12')
const { X12parser } = require('x12-parser')

async function main() {
	for (const file of process.argv.slice(2)) {
		let answer
		try {
			const parsed = new X12Parser(true).parse(readFileSync(file, 'utf8'))
			const interchanges = parsed.interchanges ?? [parsed]
			const segments = interchanges.flatMap(i => i.functionalGroups).flatMap(g => g.transactions).flatMap(t => t.segments)
			const values = (tag, n) => segments.filter(s => s.tag === tag).map(s => s.elements[n - 1].value).join(' ')
			answer = `${interchanges.length} interchange(s), ${values('CLP', 1)}, ${values('SVC', 1)}`
		} catch (error) {
			answer = error.name
		}
		console.log(`${file}: node-x12: ${answer}`)

		const claims = [], codes = []
		let unknown = 0
		for await (const segment of createReadStream(file).pipe(new X12parser())) {
			if (segment.name === 'CLP') claims.push(segment['1'])
			if (segment.name === 'SVC') codes.push(segment['1-1'] ?? segment['1'])
			if (segment.name.length > 3) unknown++
		}
		console.log(`${file}: x12-parser: ${claims.join(' ')}, ${codes.join(' ')}, ${unknown} segments of no name`)
	}
}
main()
JS
files=(same 'all three' 'all three, turned' 'elements and composites' composites)
(cd "$tmp" && node ask.cjs "${files[@]}") >"$tmp/seen"

cat >"$tmp/ask.pl" <<'PERL'
use strict;
use warnings;
use X12::Parser;

my ($layout, @files) = @ARGV;
for my $file (@files) {
	my $parser = X12::Parser->new;
	$parser->parsefile(file => $file, conf => $layout);
	my (@claims, @codes, $behind);
	$behind = 0;
	my $separator = $parser->get_element_separator;
	while (my $loop = $parser->get_next_loop) {
		my @segments = $parser->get_loop_segments;
		$behind += @segments - 1 if $loop eq 'IEA';
		for my $segment (@segments) {
			my @elements = split /\Q$separator/, $segment;
			push @claims, $elements[1] if $elements[0] eq 'CLP';
			push @codes, $elements[1] if $elements[0] eq 'SVC';
		}
	}
	print "$file: X12::Parser: @claims, @codes, $behind segments behind IEA in its loop\n";
}
PERL
(cd "$tmp" && perl -I usr/share/perl5 ask.pl usr/share/perl5/X12/Parser/cf/835_004010X091.cf "${files[@]}") >>"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
same: node-x12: 2 interchange(s), C1 C2, HC:97124:GP HC:97140:59
same: x12-parser: C1 C2, 97124 97140, 0 segments of no name
all three: node-x12: 1 interchange(s), C1, HC:97124:GP
all three: x12-parser: C1, 97124, 1 segments of no name
all three, turned: node-x12: 1 interchange(s), C2, HC>97140>59
all three, turned: x12-parser: C2, 97140, 1 segments of no name
elements and composites: node-x12: ParserError
elements and composites: x12-parser: C1, 97124, 19 segments of no name
composites: node-x12: 2 interchange(s), C1 C2, HC:97124:GP HC>97140>59
composites: x12-parser: C1 C2, 97124 HC>97140>59, 0 segments of no name
same: X12::Parser: C1 C2, HC:97124:GP HC:97140:59, 0 segments behind IEA in its loop
all three: X12::Parser: C1, HC:97124:GP, 1 segments behind IEA in its loop
all three, turned: X12::Parser: C2, HC>97140>59, 1 segments behind IEA in its loop
elements and composites: X12::Parser: C1, HC:97124:GP, 19 segments behind IEA in its loop
composites: X12::Parser: C1 C2, HC:97124:GP HC>97140>59, 0 segments behind IEA in its loop
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: the claims of an interchange with other separators than the first are lost"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

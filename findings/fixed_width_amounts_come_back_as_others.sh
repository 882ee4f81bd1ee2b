#!/usr/bin/env bash
#
# Fixed-width files: 64 dollars are read again as 64 cents, 0.29 as 0.28, and a reversal as 0
#
# Packages   npm fixed-width-parser@3.0.0, flat-file-creator@3.0.3, @evologi/fixed-width@1.1.0 (all the newest)
#
# Guess, written down before the first run
#            "-25.00 in a field of 8 that is padded with zeros is -0025.00 or an error; a value too long is an error."
#            (That each reads what it wrote was taken for granted.)
#
# Seen       A field of 8 for an amount with two decimals, written, and read by the same library with the same description
#
#                                                             64.00             64.10             -25.00            1234567.89
#                fixed-width-parser, float                    64 -> 0.64        64.1 -> 64.1      -25 -> 0          1234567. -> 1234567
#                the same with decimalCount 2                 6400 -> 64        64.10 -> 64.1     -2500 -> 0        1234567. -> 1234567
#                flat-file-creator, float of precision 2      6400 -> 64        6409 -> 64.09     -2500 -> -25      an error
#                the same, padded with zeros                  00006400 -> 64    00006409 -> 64.09  000-2500 -> -25  an error
#                @evologi/fixed-width, cents, zeros           00006400 -> 0.64  00006410 -> 6.41  000-2500 -> -0.25  an error
#                the same, read as in its README              00006400 -> 64    00006410 -> 64.1  000-2500 -> 0     an error
#                (without the padding, by parseInt)
#
#            Of the amounts 0.01 to 100.00, the first brings 100 back as others (those without cents, as their hundredth),
#            flat-file-creator 573 (a cent less: 0.29, 0.57, 1.15, …), the fifth 1000 (all that end in 0). Units do as the cents do: 010
#            is 1. A blank amount is 0 for fixed-width-parser.
#
# Cause      fixed-width-parser writes the point only where there are cents, and takes two decimals for implied where there is none, in
#            blanks too. flat-file-creator cuts off value * 100, which is 6409.999… for 64.1. Padding puts zeros in front of the sign,
#            and @evologi/fixed-width takes the padding off at both ends, whatever the alignment, unless trim says otherwise.
#
# Matters    Remittance and encounter files of payers and states have fields of fixed width. Files written from claims are short by a
#            cent in every seventeenth line, so that no control total agrees; charges shrink to a tenth or a hundredth; what was taken
#            back is 0, or 000-2500 in a file that goes to somebody else. Write and read such a field by code of your own.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error \
	fixed-width-parser@3.0.0 flat-file-creator@3.0.3 @evologi/fixed-width@1.1.0 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { parse, stringify } from '@evologi/fixed-width'
import { FixedWidthParser } from 'fixed-width-parser'
import { dataToLines, linesToData } from 'flat-file-creator'

console.warn = () => {}
const parser = more => {
	const p = new FixedWidthParser([{ type: 'float', name: 'paid', start: 0, width: 8, ...more }])
	return { write: paid => p.unparse([{ paid }]), read: line => p.parse(line)[0].paid }
}
const creator = more => {
	const fields = [{ name: 'paid', type: 'float', size: 8, precision: 2, ...more }]
	return { write: paid => dataToLines([{ paid }], fields, {})[0], read: line => linesToData([line], fields, {})[0].paid }
}
const cents = more => [{ property: 'cents', width: 8, cast: value => parseInt(value, 10), ...more }]
const padded = { align: 'right', pad: '0' }
const fixed = fields => ({
	write: paid => stringify([{ cents: Math.round(paid * 100) }], { fields: cents(padded), eof: false }),
	read: line => parse(line, { fields })[0].cents / 100
})
const libraries = {
	'fixed-width-parser': parser({}),
	'fixed-width-parser, decimalCount': parser({ decimalCount: 2 }),
	'flat-file-creator': creator({}),
	'flat-file-creator, zeros': creator({ paddingSymbol: '0', paddingPosition: 'start' }),
	'@evologi/fixed-width': fixed(cents(padded)),
	'@evologi/fixed-width, read as in its README': fixed(cents({}))
}
function attempt(f) {
	try {
		return f()
	} catch {
		return undefined
	}
}
for (const [name, { write, read }] of Object.entries(libraries)) {
	const shown = [64, 64.1, -25, 1234567.89].map(paid => {
		const line = attempt(() => write(paid))
		return line === undefined ? 'an error' : `"${line}" ${attempt(() => read(line)) ?? 'an error'}`
	})
	let others = 0
	for (let i = 1; i <= 10000; i++) if (attempt(() => read(write(i / 100))) !== i / 100) others++
	console.log(`${name}: ${shown.join(', ')}; ${others} of 10000 come back as others`)
}
console.log(`blank: ${libraries['fixed-width-parser'].read('        ')}`)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
fixed-width-parser: "      64" 0.64, "    64.1" 64.1, "     -25" 0, "1234567." 1234567; 100 of 10000 come back as others
fixed-width-parser, decimalCount: "    6400" 64, "   64.10" 64.1, "   -2500" 0, "1234567." 1234567; 0 of 10000 come back as others
flat-file-creator: "    6400" 64, "    6409" 64.09, "   -2500" -25, an error; 573 of 10000 come back as others
flat-file-creator, zeros: "00006400" 64, "00006409" 64.09, "000-2500" -25, an error; 573 of 10000 come back as others
@evologi/fixed-width: "00006400" 0.64, "00006410" 6.41, "000-2500" -0.25, an error; 1000 of 10000 come back as others
@evologi/fixed-width, read as in its README: "00006400" 64, "00006410" 64.1, "000-2500" 0, an error; 0 of 10000 come back as others
blank: 0
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: amounts come back as other ones"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

#!/usr/bin/env bash
#
# Money libraries: a share of a charge and the same share of its reversal do not add up to nothing
#
# Packages   npm currency.js@2.0.4, dinero.js@2.0.2, money-math@2.6.3, js-money@0.6.3, ts-money@0.4.8 (all the newest), and
#            bigint-money@1.3.0, @electric-sql/pglite@0.5.17 (PostgreSQL 18.7) beside them
#
# Guesses, written down before the runs
#            "The rounding of -x is minus the rounding of x: a reversal cancels. dinero's transformScale truncates unless told."
#
# Seen       Half of 64.05, and of its reversal; then all charges from 0.01 to 100.00 at 50 and at 80 percent
#
#                                                      64.05     -64.05     pairs with a rest, of 20000      worst rest
#                currency.js, multiply                 32.03     -32.02     5000                             0.01
#                js-money, ts-money, multiply          32.03     -32.02     5000                             0.01
#                dinero.js, multiply, transformScale   32.02     -32.03     13000                            -0.01
#                the same with halfUp                  32.03     -32.02     5000                             0.01
#                money-math, mul                       32.03     -32.01     9000                             0.02
#                bigint-money, PostgreSQL's numeric    32.02 and 32.03, and minus that                       none
#
#            money-math is wrong by itself: -32.01 is a cent and a half off, and a tenth of -0.05 is 0.01 (not negative any more).
#
# Cause      Math.round, towards plus infinity at a half; dinero's default rounds down, to minus infinity; money-math adds a half and cuts
#            off, also below zero. PostgreSQL rounds a half away from zero, bigint-money to even: those are the same on both sides.
#
# Matters    A correction of an adjudicated claim is a reversal (claim status 22) and a new payment, and the reversal must take back
#            exactly what was paid. Recomputed by such a library it leaves a cent on the claim: in every second line at 50 percent, and
#            for dinero's default in four of five at 80 percent. The remittance does not balance. Negate what was paid instead of
#            computing it again, or choose halfAwayFromZero or halfEven where there is a choice.
#
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

npm install --prefix "$tmp" --no-audit --no-fund --loglevel=error currency.js@2.0.4 dinero.js@2.0.2 money-math@2.6.3 \
	js-money@0.6.3 ts-money@0.4.8 bigint-money@1.3.0 @electric-sql/pglite@0.5.17 >/dev/null

cat >"$tmp/ask.mjs" <<'JS'
import { PGlite } from '@electric-sql/pglite'
import bigint from 'bigint-money'
import currency from 'currency.js'
import { dinero, halfUp, multiply, toDecimal, transformScale } from 'dinero.js'
import { USD } from 'dinero.js/currencies'
import jsMoney from 'js-money'
import moneyMath from 'money-math'
import tsMoney from 'ts-money'

// cents and percent to cents
const cents = text => Math.round(Number(text) * 100)
const amount = c => (c / 100).toFixed(2)
const scaled = (c, percent, ...how) =>
	cents(toDecimal(transformScale(multiply(dinero({ amount: c, currency: USD }), { amount: percent, scale: 2 }), 2, ...how)))
const libraries = {
	'currency.js': (c, percent) => cents(currency(amount(c)).multiply(percent / 100).toString()),
	'js-money': (c, percent) => new jsMoney(c, 'USD').multiply(percent / 100).amount,
	'ts-money': (c, percent) => new tsMoney.Money(c, 'USD').multiply(percent / 100).amount,
	'dinero.js': (c, percent) => scaled(c, percent),
	'dinero.js halfUp': (c, percent) => scaled(c, percent, halfUp),
	'money-math': (c, percent) => cents(moneyMath.mul(amount(c), amount(percent))),
	'bigint-money': (c, percent) => cents(new bigint.Money(amount(c), 'USD').multiply(amount(percent)).toFixed(2))
}
for (const [name, share] of Object.entries(libraries)) {
	let pairs = 0, worst = 0
	for (const percent of [50, 80])
		for (let c = 1; c <= 10000; c++) {
			const rest = share(c, percent) + share(-c, percent)
			if (rest !== 0) pairs++
			if (Math.abs(rest) > Math.abs(worst)) worst = rest
		}
	console.log(`${name}: ${amount(share(6405, 50))} ${amount(share(-6405, 50))}, ${pairs} pairs, worst ${amount(worst)}`)
}
console.log(`money-math: a tenth of 0.05 ${moneyMath.mul('0.05', '0.10')}, of -0.05 ${moneyMath.mul('-0.05', '0.10')}`)

const postgres = await new PGlite().query(`
	SELECT round(64.05 * 0.50, 2) AS paid, round(-64.05 * 0.50, 2) AS back,
	       count(*) FILTER (WHERE round(c * p, 2) + round(-c * p, 2) <> 0) AS pairs
	FROM generate_series(0.01, 100.00, 0.01) c, (VALUES (0.50), (0.80)) v (p)`)
console.log(`PostgreSQL: ${postgres.rows[0].paid} ${postgres.rows[0].back}, ${postgres.rows[0].pairs} pairs`)
JS
(cd "$tmp" && node ask.mjs) >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
currency.js: 32.03 -32.02, 5000 pairs, worst 0.01
js-money: 32.03 -32.02, 5000 pairs, worst 0.01
ts-money: 32.03 -32.02, 5000 pairs, worst 0.01
dinero.js: 32.02 -32.03, 13000 pairs, worst -0.01
dinero.js halfUp: 32.03 -32.02, 5000 pairs, worst 0.01
money-math: 32.03 -32.01, 9000 pairs, worst 0.02
bigint-money: 32.02 -32.02, 0 pairs, worst 0.00
money-math: a tenth of 0.05 0.01, of -0.05 0.01
PostgreSQL: 32.03 -32.03, 0 pairs
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: what was paid and what is taken back differ"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

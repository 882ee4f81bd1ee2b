// report/src/compare.mjs
// Two policies, or two nights, side by side; what is new since a day.

import { html, section, table } from './html.mjs';
import { change, count, exact, many, money, number, share, time } from './numbers.mjs';
import { rows } from './plot.mjs';
import { measure } from './risk.mjs';

function totals(names, facts) {
	return table('Side by side', [['', ([name]) => name], [names[0], ([, a, , format]) => format(a), 'number'], [names[1], ([, , b, format]) => format(b), 'number'],
		['Difference', ([, a, b, format]) => change(number(b) - number(a), format), 'number']], facts);
}

/** Rules of both by what is at risk, in pairs. */
function pairs(m, left, right, names) {
	const rules = new Map();
	for (const [side, list] of [left, right].entries()) {
		for (const rule of list) {
			const row = rules.get(rule.rule) ?? { rule: rule.rule, title: rule.title, sides: [0, 0] };
			row.sides[side] = m.of(rule, 'at_risk');
			rules.set(rule.rule, row);
		}
	}
	const all = [...rules.values()].filter((row) => row.sides[0] !== row.sides[1])
		.sort((x, y) => Math.abs(y.sides[1] - y.sides[0]) - Math.abs(x.sides[1] - x.sides[0]) || (x.rule < y.rule ? -1 : 1));
	if (all.length === 0) return html`<p>No rule differs.</p>`;
	const high = Math.max(...all.flatMap((row) => row.sides));
	const data = all.slice(0, 6).flatMap((row) => row.sides.map((value, side) => ({ name: side === 0 ? row.rule : '', said: `${names[side]}: ${m.format(value)}`, parts: [[value, side === 0 ? 'var(--grey)' : 'var(--deny)']] })));
	return html`<h3>Rules, the largest difference first</h3>${rows(`At risk by rule, ${names[0]} beside ${names[1]}: ${all.slice(0, 6).map((row) => `${row.rule} ${m.format(row.sides[0])}, ${m.format(row.sides[1])}`).join('; ')}`, data, { most: high })}<details><summary>The figures</summary>${
		table('Rules that differ', [['Rule', (r) => html`${r.rule}<br><small>${r.title}</small>`], [names[0], (r) => m.charged ? exact(r.sides[0]) : count(r.sides[0]), 'number'],
			[names[1], (r) => m.charged ? exact(r.sides[1]) : count(r.sides[1]), 'number'], ['Difference', (r) => change(r.sides[1] - r.sides[0], m.charged ? exact : count), 'number']], all, { limit: 40 })}</details>`;
}

function policies(report, other) {
	const m = measure(report), names = [report.policy, other.policy], a = report.totals, b = other.totals;
	if (a === null || b === null) {
		return section('Side by side', null, html`<p><strong class="bad">${[report, other].filter((r) => r.totals === null).map((r) => `By policy ${r.policy} the source was never scanned: nothing can be compared. `)}</strong></p>`, 'wide');
	}
	const fact = (name, get, format) => [name, get(report), get(other), format];
	return section(`${names[0]} beside ${names[1]}`, `The same table by two policies; each as of its own last scan, ${time(report.last_finished_at)} and ${time(other.last_finished_at)}.`, html`<div class="grid two"><div>${
		totals(names, [m.charged && fact('Charge at risk', (r) => r.totals.charge_at_risk, money), fact('Lines at risk', (r) => r.totals.lines_at_risk, count),
			m.charged && fact('Mended by one change', (r) => r.totals.charge_would_pass, money), fact('Lines mended by one change', (r) => r.totals.lines_would_pass, count),
			fact('Lines to review', (r) => r.totals.lines_to_review, count), fact('Days not decided', (r) => r.days_undecided, count), fact('Lines judged', (r) => r.totals.lines, count)].filter(Boolean))}</div><div>${
		pairs(m, report.rules, other.rules, names)}</div></div>`, 'wide');
}

function night(report, then) {
	const m = measure(report), names = ['then', 'now'], t = report.totals;
	const heading = `${time(then.at)} and now`;
	if (!then.scanned) return section(heading, null, html`<p><strong class="bad">No scan had finished by then: nothing can be compared.</strong></p>`, 'wide');
	if (t === null) return null;
	return section(heading, 'What stood open then, each line by its worst finding of then, beside what stands open now.', html`<div class="grid two"><div>${
		totals(names, [m.charged && ['Charge at risk', then.charge_at_risk ?? 0, t.charge_at_risk, money], ['Lines at risk', then.lines_at_risk, t.lines_at_risk, count],
			m.charged && ['Charge to review', then.charge_to_review ?? 0, t.charge_to_review, money], ['Lines to review', then.lines_to_review, t.lines_to_review, count]].filter(Boolean))}</div><div>${
		pairs(m, then.rules, report.rules, names)}</div></div>`, 'wide');
}

export function compareSection({ report, other, then }) {
	if (other !== null) return policies(report, other);
	return then === null ? null : night(report, then);
}

export function sinceSection(report) {
	const since = report.since, m = measure(report), t = report.totals;
	if (since === null || t === null) return null;
	const sum = (what) => report.nights.reduce((n, row) => n + row[what], 0);
	const fresh = m.charged ? since.new_charge_at_risk : since.new_lines_at_risk;
	return section(`Since ${time(since.at)}`, since.scanned ? null : 'No scan had finished by then: everything is new.', html`<p class="large">${
		m.said(fresh)} at risk is new${m.charged && html`, on ${many(since.new_lines_at_risk, 'line')}`}: ${share(fresh, m.of(t, 'at_risk'))} of what is at risk now. ${
		since.scanned && html`${m.said(m.charged ? since.charge_at_risk ?? 0 : since.lines_at_risk)} was at risk then. `}</p><p>${
		many(report.nights.length, 'scan')} finished since: ${many(sum('opened'), 'finding')} opened, ${count(sum('changed'))} changed, ${count(sum('closed'))} closed.</p>`, 'wide');
}

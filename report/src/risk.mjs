// report/src/risk.mjs
// What is at risk: totals, rules, providers, age, months.

import { behind, html, section, table } from './html.mjs';
import { brief, compact, count, day, exact, hours, many, money, month, number, share } from './numbers.mjs';
import { columns, rows } from './plot.mjs';

/** Amounts where the source has them, else lines. */
export function measure(report) {
	const charged = report.source.has_charges && report.totals !== null && Number.isFinite(number(report.totals.charge));
	return {
		charged,
		of: (row, what) => number(row[`${charged ? 'charge' : 'lines'}_${what}`]) || 0,
		all: (row) => number(charged ? row.charge : row.lines),
		said: (value) => charged ? money(value) : many(value, 'line'),
		format: charged ? money : count,
	};
}

const tile = (value, name, more, kind = '') => html`<div class="tile ${kind}"><dt>${name}</dt><dd><b>${value}</b><small>${more}</small></dd></div>`;

export function tiles(report) {
	const t = report.totals, m = measure(report), last = report.nights.at(-1);
	if (t === null) return null;
	const risk = m.of(t, 'at_risk');
	const undecided = report.undecided[0]?.all_days ?? t.days;
	return html`<dl class="tiles">${[
		m.charged && tile(brief(risk, money), 'Charge at risk', `${share(risk, t.charge)} of ${money(t.charge)} billed`, risk > 0 ? 'bad' : ''),
		tile(brief(t.lines_at_risk, count), 'Lines that would be denied', `${share(t.lines_at_risk, t.lines)} of ${many(t.lines, 'line')}${
			t.lines_without_charge > 0 && m.charged ? `; ${count(t.lines_without_charge)} without a charge` : ''}`, t.lines_at_risk > 0 ? 'bad' : ''),
		tile(brief(m.of(t, 'would_pass'), m.format), 'Of it, one change mends', `${many(t.lines_would_pass, 'line')}, if the record shows what the change says`, 'good'),
		tile(brief(m.of(t, 'to_review'), m.format), 'To be reviewed', `${many(t.lines_to_review, 'line')} that need a look`),
		last && tile(`+${compact(last.opened)}`, 'Findings opened', `${count(last.closed)} closed, by the scan of ${day(last.finished_at)}; ${count(last.open)} stand open`),
		tile(t.oldest_at_risk === null ? '–' : many(Math.floor(hours(t.oldest_at_risk, report.generated_at) / 24), 'day'), 'Oldest open denial',
			t.oldest_at_risk === null ? 'none is open' : `since ${day(t.oldest_at_risk)}`),
		tile(share(report.days_undecided, undecided), 'Days not decided', `${count(report.days_undecided)} of ${many(undecided, 'provider-day')}`),
	]}</dl>`;
}

const key = (...parts) => html`<p class="key">${parts.map(([colour, name]) => html`<span><i style="background:var(--${colour})"></i>${name}</span> `)}</p>`;

export function rulesSection(report) {
	const m = measure(report), at = report.rules.filter((rule) => rule.lines_at_risk > 0);
	if (at.length === 0) return section('Why lines would be denied', 'No line has an open denial.', null);
	const shown = at.length > 12 ? at.slice(0, 11) : at, rest = at.slice(shown.length);
	const sum = (what) => rest.reduce((total, rule) => total + m.of(rule, what), 0);
	const bar = (name, risk, pass, lines) => ({ name, said: m.charged ? `${money(risk)} · ${many(lines, 'line')}` : many(lines, 'line'),
		parts: [[pass, 'var(--mend)'], [risk - pass, 'var(--deny)']] });
	const data = shown.map((rule) => bar(rule.rule, m.of(rule, 'at_risk'), m.of(rule, 'would_pass'), rule.lines_at_risk));
	if (rest.length > 0) data.push(bar(`${rest.length} other rules`, sum('at_risk'), sum('would_pass'), rest.reduce((n, rule) => n + rule.lines_at_risk, 0)));
	return section('Why lines would be denied', 'Each line once, under the worst of its findings.', html`${
		key(['mend', 'one change mends the line'], ['deny', 'none does'])
	}${rows(`At risk by rule: ${data.map((row) => `${row.name} ${row.said}`).join('; ')}`, data)}${
		behind('At risk by rule', [['Rule', (r) => html`${r.rule}<br><small>${r.title}</small>`], ['Lines', (r) => count(r.lines_at_risk), 'number'],
			m.charged && ['Charge', (r) => exact(r.charge_at_risk), 'number'],
			[m.charged ? 'Mended by one change' : 'Mended by one change, lines', (r) => m.charged ? exact(r.charge_would_pass) : count(r.lines_would_pass), 'number']].filter(Boolean), at)}`);
}

const provider = (row) => row.provider ?? 'no provider';

export function providersSection(report) {
	const m = measure(report), t = report.totals, rated = report.providers_by_rate.slice(0, 12);
	if (t === null || rated.length === 0) return null;
	const rate = (row) => row.lines_at_risk / row.lines;
	const data = rated.map((row) => ({ name: provider(row), said: `${share(row.lines_at_risk, row.lines)}: ${count(row.lines_at_risk)} of ${count(row.lines)}${m.charged ? ` · ${money(row.charge_at_risk)}` : ''}`,
		parts: [[Math.min(rate(row), 1), 'var(--deny)']] }));
	const all = t.lines_at_risk / t.lines;
	const facts = (rate) => [['Provider', provider], ['Lines at risk', (r) => html`${count(r.lines_at_risk)}<br><small>of ${count(r.lines)}</small>`, 'number'],
		[rate ? 'Rate, at least' : 'Rate', (r) => html`${share(r.lines_at_risk, r.lines)}${rate && html`<br><small>${share(r.rate_at_least, 1)}</small>`}`, 'number'],
		m.charged && ['Charge at risk', (r) => html`${exact(r.charge_at_risk)}<br><small>of ${exact(r.charge)}</small>`, 'number']].filter(Boolean);
	return section('Who bills them', `Share of the provider’s lines that would be denied, the highest first that the number of lines can show: few lines do not come first. ${many(report.providers_in_all, 'provider')} in all.`,
		html`${rows(`Rate of lines at risk by provider, all: ${share(t.lines_at_risk, t.lines)}. ${data.map((row) => `${row.name} ${row.said}`).join('; ')}`, data,
			{ mark: all })}<p class="key"><span><i class="tick"></i>all providers: ${share(t.lines_at_risk, t.lines)}</span></p>${
			behind('Providers by rate', facts(true), rated)}<details><summary>Providers by what is at risk</summary>${
			table(`Providers by ${m.charged ? 'charge' : 'lines'} at risk`, facts(false), report.providers.filter((row) => row.lines_at_risk > 0).slice(0, 12))}</details>`);
}

export function agesSection(report) {
	const m = measure(report);
	if (report.totals === null || report.totals.lines_at_risk === 0) return null;
	const name = (age) => age.to_days === null ? `${age.from_days} days and more` : `${age.from_days} to ${age.to_days} days`;
	const data = report.ages.map((age) => ({ name: name(age), said: m.charged ? `${money(age.charge_at_risk)} · ${many(age.lines_at_risk, 'line')}` : many(age.lines_at_risk, 'line'),
		parts: [[m.of(age, 'at_risk'), 'var(--deny)']] }));
	return section('How long denials have been open', 'Since the scan that first found the line at risk.', html`${
		rows(`At risk by age: ${data.map((row) => `${row.name} ${row.said}`).join('; ')}`, data)}${
		behind('At risk by age', [['Open for', name], ['Lines', (a) => count(a.lines_at_risk), 'number'], m.charged && ['Charge', (a) => exact(a.charge_at_risk), 'number']].filter(Boolean), report.ages)}`);
}

export function monthsSection(report) {
	const m = measure(report), dated = report.months.filter((row) => row.month !== null), undated = report.months.find((row) => row.month === null);
	const shown = dated.slice(-24);
	if (report.totals === null || report.months.length === 0) return null;
	const names = shown.map((row) => month(row.month));
	const facts = [['Month', (r) => month(r.month)], ['Lines at risk', (r) => html`${count(r.lines_at_risk)}<br><small>of ${count(r.lines)}</small>`, 'number'],
		m.charged && ['Charge at risk', (r) => html`${exact(r.charge_at_risk)}<br><small>of ${exact(r.charge)}</small>`, 'number'], ['Share', (r) => share(m.of(r, 'at_risk'), m.all(r)), 'number']].filter(Boolean);
	return section('When the services were', `${m.charged ? 'Charge' : 'Lines'} at risk by month. New months can still be corrected, old ones are repaid or appealed.${
		dated.length > shown.length ? ` The last ${shown.length} of ${dated.length} months.` : ''}${
		undated && undated.lines_at_risk > 0 ? ` ${many(undated.lines_at_risk, 'line')} at risk without a date.` : ''}`, html`${
		shown.length > 0 && columns(`At risk by month of service: ${shown.map((row, i) => `${names[i]} ${m.format(m.of(row, 'at_risk'))}`).join(', ')}`, names,
			shown.map((row) => [[m.of(row, 'would_pass'), 'var(--mend)'], [m.of(row, 'at_risk') - m.of(row, 'would_pass'), 'var(--deny)']]), { format: m.charged ? (v) => `$${compact(v)}` : compact })}${
		key(['mend', 'one change mends the line'], ['deny', 'none does'])}${
		behind('At risk by month of service', facts, [...shown].reverse().concat(undated ? [undated] : []))}`);
}

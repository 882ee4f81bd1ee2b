// report/src/job.mjs
// The nightly job: what it found night by night, its runs, and what it judged by.

import { behind, html, section, table } from './html.mjs';
import { change, compact, count, day, many, seconds, time } from './numbers.mjs';
import { columns, line } from './plot.mjs';

/** Days as 11-28; of one day alone, its times. */
function labels(times) {
	return new Set(times.map(day)).size === 1 ? times.map((at) => at.slice(11, 16)) : times.map((at) => day(at).slice(5));
}
const tick = (value) => value >= 10 ? compact(value) : String(Number(value.toPrecision(2)));

export function nightsSection(report) {
	const nights = report.nights, last = nights.at(-1), before = nights.at(-2);
	if (nights.length === 0) return null;
	const names = labels(nights.map((night) => night.finished_at)), first = nights[0].opened > 0 && nights[0].open === nights[0].opened && nights.length > 1;
	// the first scan opens everything: beside it no night could be seen
	const skipped = first ? 1 : 0, flow = nights.slice(skipped);
	const head = before ? `${many(last.open, 'finding')} to act on stand open, ${change(last.open - before.open, count)} against the scan before.` : `${many(last.open, 'finding')} to act on stand open.`;
	return section('Night by night', `${head}${first ? ` The first scan opened ${count(nights[0].opened)}, and is left out of the columns.` : ''}`, html`${
		line(`Open findings by scan: ${nights.map((night, i) => `${names[i]} ${night.open}`).slice(-12).join(', ')}`, names, nights.map((night) => night.open), { format: compact, yLabel: 'open findings' })}
		<p class="key"><span><i style="background:var(--deny)"></i>opened</span> <span><i style="background:var(--grey)"></i>changed</span> <span><i style="background:var(--good)"></i>closed</span></p>${
		columns(`Findings opened, changed and closed by scan: ${flow.slice(-12).map((night) => `${day(night.finished_at)} ${night.opened}, ${night.changed}, ${night.closed}`).join('; ')}`, names.slice(skipped),
			flow.map((night) => [[night.opened, 'var(--deny)'], [night.changed, 'var(--grey)'], [-night.closed, 'var(--good)']]), { format: compact, yLabel: 'opened and changed above, closed below' })}${
		behind('Night by night', [['Finished', (n) => time(n.finished_at)], ['Opened', (n) => count(n.opened), 'number'], ['Changed', (n) => count(n.changed), 'number'],
			['Closed', (n) => count(n.closed), 'number'], ['Open', (n) => count(n.open), 'number']], [...nights].reverse(), { limit: 31 })}`);
}

const colours = { finished: 'var(--grey)', interrupted: 'var(--deny)' };

export function runsSection(report) {
	const runs = report.runs, failed = runs.filter((run) => run.status === 'interrupted');
	if (runs.length === 0) return null;
	const slowest = Math.max(...runs.map((run) => run.seconds ?? 0));
	return section('The job', `${many(runs.length, 'scan')}${runs.length === 60 ? ' shown' : ''}, ${
		failed.length === 0 ? 'all of them finished' : `${count(failed.length)} interrupted (the last of them begun ${time(failed.at(-1).started_at)})`}; the slowest judged for ${seconds(slowest)}.`, html`${
		failed.length > 0 && html`<p class="key"><span><i style="background:var(--grey)"></i>finished</span> <span><i style="background:var(--deny)"></i>interrupted</span></p>`}${
		columns(`Seconds of judging by scan: ${runs.slice(-12).map((run) => `${day(run.started_at)} ${run.seconds ?? 0} s, ${run.status}`).join('; ')}`, labels(runs.map((run) => run.started_at)),
			runs.map((run) => [[Math.max(run.seconds ?? 0, run.status === 'interrupted' ? slowest / 40 : 0), colours[run.status] ?? 'var(--mend)']]), { format: tick, yLabel: 'seconds of judging' })}${
		behind('Scans, the last first', [['Begun', (r) => html`${time(r.started_at)}<br><small>scan ${r.scan}, by ${r.run_by}</small>`],
			['How it ended', (r) => html`${r.status === 'interrupted' ? html`<strong class="bad">interrupted</strong>` : r.status}<br><small>${r.method}${r.why && r.why !== '' ? `: ${r.why}` : ''}</small>`],
			['Days judged', (r) => html`${count(r.days_done)}<br><small>of ${count(r.days_found)}</small>`, 'number'], ['Time', (r) => seconds(r.seconds ?? 0), 'number']],
			[...runs].reverse(), { limit: 31 })}`);
}

const span = (from, to) => from === null && to === null ? 'nothing' : `${from ?? 'the beginning'} to ${to ?? 'the end'}`;

export function basisSection(report) {
	const rules = report.ruleset, source = report.source;
	const facts = [['Source', `${source.name}, of ${source.relation}`], ['Payer policy', report.policy]];
	if (rules !== null) {
		facts.push(['NCCI edition', `${rules.edition}, ${rules.service_type}`],
			['Dates of service covered', rules.pairs_from === null && rules.limits_from === null && rules.hash !== null && rules.changed_since === null
				? 'not known any more: the policy or the edition is gone' : `code pairs ${span(rules.pairs_from, rules.pairs_to)}; unit limits ${span(rules.limits_from, rules.limits_to)}`],
			['Findings stored', `${rules.at_least} and worse; the rest is counted`],
			['Ruleset', html`<code>${rules.hash}</code>${rules.changed_since === true && html`<br><strong class="bad">The rules have changed since this scan: the next one judges by them.</strong>`}`]);
	}
	return section('What it was judged by', null, html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${
		source.unmapped.length > 0 && html`<h3>What the table cannot tell</h3><ul>${source.unmapped.map((text) => html`<li>${text}</li>`)}</ul>`}`);
}

export function undecidedSection(report) {
	const titles = new Map(report.counted.concat(report.rules).map((row) => [row.rule, row.title]));
	const all = report.undecided[0]?.all_days;
	const lines = report.counted.filter((row) => row.severity !== 'unknown');
	return section('What could not be decided', report.undecided.length === 0 ? 'Everything was decided.' : `Missing facts, not clean claims: by what is missing, of ${many(all, 'provider-day')}. A day can lack several.`, html`${
		report.undecided.length > 0 && table('Undecided days', [['Why', (u) => html`${u.why}${titles.get(u.why) && html`<br><small>${titles.get(u.why)}</small>`}`],
			['Days', (u) => html`${count(u.days)}<br><small>${(100 * u.share).toFixed(1)}%</small>`, 'number'],
			['Missing', (u) => u.missing], ['Decided by', (u) => u.decided_by]], report.undecided, { limit: 15, name: 'words' })}${
		lines.length > 0 && html`<details><summary>Counted and not stored</summary>${table('Findings that were counted by day, below what is stored', [['Rule', (c) => html`${c.rule}<br><small>${c.title}</small>`], ['Severity', (c) => c.severity],
			['Findings', (c) => count(c.findings), 'number'], ['Days', (c) => count(c.days), 'number']], lines, { limit: 15 })}</details>`}`, 'wide');
}

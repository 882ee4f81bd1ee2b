// report/src/attested.mjs
// What somebody answers for: apart from what is at risk.

import { html, section, table } from './html.mjs';
import { count, exact, many, time } from './numbers.mjs';
import { measure } from './risk.mjs';

const colours = { void: 'bad', stands: '' };

/** The last attestations, at most limit; a report of before has none. */
export function attestedSection(report, limit) {
	const rows = report.attestations ?? [], t = report.totals, m = measure(report);
	if (rows.length === 0) return null;
	const lapsed = rows.filter((row) => row.state === 'void').length;
	const said = t === null ? null : `${many(t.lines_attested ?? 0, 'line')}${m.charged ? ` of ${exact(t.charge_attested ?? 0)}` : ''} ${t.lines_attested === 1 ? 'is' : 'are'} not at risk because somebody answers for them.${
		lapsed > 0 ? ` ${count(lapsed)} of what is below ${lapsed === 1 ? 'is' : 'are'} void: the line or the finding has changed since.` : ''}`;
	return section('Attested', said, table('Attestations, the last first', [
		['Line', (a) => html`claim ${a.claim_id ?? 'without id'}${a.line_no !== null && `, line ${a.line_no}`}<br><small>${a.dos ?? 'no date'} · ${a.provider ?? 'no provider'}</small>`],
		['Finding', (a) => html`<b>${a.rule}</b><br><small>${a.message}</small>`],
		['Why', (a) => html`${a.reason}${a.evidence !== null && html`<br><small>${a.evidence}</small>`}`],
		['By', (a) => html`${a.attested_by}<br><small>${time(a.attested_at)}</small>`],
		['State', (a) => html`<span class="${colours[a.state] ?? 'soft'}">${a.state}</span>${a.withdrawn_why && html`<br><small>${a.withdrawn_by}: ${a.withdrawn_why}</small>`}`],
	], rows, { limit }), 'wide');
}

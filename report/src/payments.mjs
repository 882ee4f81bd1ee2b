// report/src/payments.mjs
// What payers said: what was predicted beside what came back.

import { behind, html, section, table } from './html.mjs';
import { count, exact, many, month, share } from './numbers.mjs';
import { measure } from './risk.mjs';
import { rows } from './plot.mjs';

const heading = 'What payers said';
const key = html`<p class="key"><span><i style="background:var(--deny)"></i>predicted and denied</span> <span><i style="background:var(--mend)"></i>predicted and paid</span></p>`;
const rate = (part, other) => part + other === 0 ? '–' : html`${share(part, part + other)}<br><small>${count(part)} of ${count(part + other)}</small>`;

/** Predicted, denied and paid, with precision and recall by rule; nothing where there are no payments. */
export function paymentsSection(report, limit) {
	const p = report.payments ?? null;
	if (p === null) return null;
	if (p.unread !== undefined) return section(heading, `There are payments, which could not be read: ${p.unread}.`, null);
	const t = p.totals, charged = measure(report).charged;
	const lines = (row, what) => html`${count(row[`lines_${what}`])}${charged && html`<br><small>${exact(row[`charge_${what}`])}</small>`}`;
	const counted = (name, of) => [[name, of], ['Answered', (r) => html`${count(r.lines_answered)}<br><small>of ${count(r.lines)}</small>`, 'number'],
		['Predicted and denied', (r) => lines(r, 'predicted_denied'), 'number'], ['Predicted and paid', (r) => lines(r, 'predicted_paid'), 'number'],
		['Denied and not predicted', (r) => lines(r, 'not_predicted'), 'number'], ['No answer yet', (r) => lines(r, 'undecided'), 'number']];
	const found = p.rules.filter((r) => r.denied + r.paid > 0), told = p.rules.filter((r) => r.lines + r.missed > 0);
	const data = found.slice(0, 12).map((r) => ({ name: r.rule, said: `${share(r.denied, r.denied + r.paid)}: ${count(r.denied)} of ${count(r.denied + r.paid)} denied`,
		parts: [[r.denied, 'var(--deny)'], [r.paid, 'var(--mend)']] }));
	return section(heading, html`${many(t.lines_answered, 'line')} of ${count(t.lines)} ${t.lines_answered === 1 ? 'was' : 'were'} answered. Of lines that would be denied, ${count(t.lines_predicted_denied)} ${
		t.lines_predicted_denied === 1 ? 'was' : 'were'} and ${count(t.lines_predicted_paid)} ${t.lines_predicted_paid === 1 ? 'was' : 'were'} paid; ${
		many(t.lines_undecided, 'line')} ${t.lines_undecided === 1 ? 'has' : 'have'} no answer yet. ${many(t.lines_not_predicted, 'line')} ${t.lines_not_predicted === 1 ? 'was' : 'were'} denied and not predicted.${
		t.lines_denied_elsewhere > 0 && ` ${many(t.lines_denied_elsewhere, 'denial')} ${t.lines_denied_elsewhere === 1 ? 'is' : 'are'} of no line of the source.`}`, html`${
		data.length > 0 && [key, rows(`Answered by rule: ${data.map((row) => `${row.name} ${row.said}`).join('; ')}`, data)]}${
		told.length > 0 && behind('Precision and recall by rule', [['Rule', (r) => html`${r.rule}<br><small>${r.title}</small>`], ['Predicted', (r) => count(r.lines), 'number'],
			['Precision', (r) => rate(r.denied, r.paid), 'number'], ['Recall', (r) => rate(r.agreed, r.missed), 'number'], ['No answer yet', (r) => count(r.undecided), 'number']], told, { limit: 40 })}${
		p.not_predicted.length > 0 && table('Denied and not predicted, by the payer’s code', [['Code', (c) => c.carc], ['Lines', (c) => count(c.lines), 'number'],
			charged && ['Denied', (c) => exact(c.charge), 'number'], ['Rules that say the same', (c) => (c.rules ?? []).join(', ') || 'none']].filter(Boolean), p.not_predicted, { limit: Math.min(limit, 10) })}${
		behind('By payer', counted('Payer', (r) => r.payer ?? 'not named'), p.payers, { limit: 12 })}${
		behind('By month of service', counted('Month', (r) => month(r.month)), [...p.months].reverse(), { limit: 24 })}<p class="soft">Precision: of the lines that a rule predicted and the payer answered, those that were denied. Recall: of the lines that were denied by a code that says the same as a rule, those that it predicted. A line counts for each of its rules.</p>`, 'wide');
}

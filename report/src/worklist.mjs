// report/src/worklist.mjs
// What is worth correcting first: the line as it was billed, and what to change.

import { html, section } from './html.mjs';
import { count, exact, hours, many } from './numbers.mjs';
import { measure } from './risk.mjs';

// a line is CODE-MODIFIERS xUNITS ... dx=LIST: a change is of one of these
const words = (line) => line.split(/([ ,=-])/).filter((word) => word !== '');

/** Both lines with what differs marked: [billed, changed], by the longest common sequence of words. */
export function marked(billed, changed) {
	const a = words(billed), b = words(changed);
	const common = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));

	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
		}
	}
	const left = [], right = [];
	const add = (list, mark, word) => {
		const last = list.at(-1);
		if (last && last.mark === mark) last.text += word;
		else list.push({ mark, text: word });
	};
	let i = 0, j = 0;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			add(left, false, a[i++]);
			add(right, false, b[j++]);
		} else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) {
			add(left, true, a[i++]);
		} else {
			add(right, true, b[j++]);
		}
	}
	return [left.map(({ mark, text }) => mark ? html`<del>${text}</del>` : html`${text}`), right.map(({ mark, text }) => mark ? html`<ins>${text}</ins>` : html`${text}`)];
}

function change(row) {
	if (row.suggestion === null) return [html`<code>${row.line}</code>`, html`<span class="none">none that passes</span>`];
	// longer than this no line is
	const [left, right] = row.line.length < 600 && row.suggestion.length < 600 ? marked(row.line, row.suggestion) : [row.line, row.suggestion];
	return [html`<code>${left}</code>`, html`<code>${right}</code><p>${row.condition === null ? 'Only if the record shows it.' : html`Only if ${row.condition.replace(/\.$/, '')}.`}${
		row.would_pass ? null : html` <strong>It mends this finding; others of the line stay.</strong>`}</p>`];
}

const age = (row, report) => many(Math.max(0, Math.floor(hours(row.first_seen, report.generated_at) / 24)), 'day');

function list(name, rows, report, options) {
	const m = measure(report), since = report.since?.at ?? report.nights.at(-2)?.finished_at;
	// since the day that was asked for, or since the scan before the last
	const isNew = (row) => since && Date.parse(row.first_seen) > Date.parse(since);

	return html`<table class="work" role="table"><caption class="hidden">${name}</caption><thead role="rowgroup"><tr role="row">${
		['Line', m.charged ? 'Charge' : 'Open for', 'Why', 'As billed', 'What to change'].map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)}</tr></thead><tbody role="rowgroup">${
		rows.map((row) => {
			const [billed, changed] = change(row);
			return html`<tr role="row"><th scope="row" role="rowheader">claim ${row.claim_id ?? 'without id'}${row.line_no !== null && `, line ${row.line_no}`}<small>${
				isNew(row) && html`<b class="new">new</b> `}${row.dos ?? 'no date'} · ${row.provider ?? 'no provider'}${options.patients && row.patient !== null && ` · patient ${row.patient}`}</small></th><td role="cell" class="amount">${
				m.charged && exact(row.charge)}<small>open ${age(row, report)}</small></td><td role="cell"><b>${row.rule}</b><small>${row.message}${row.carc && ` (${row.carc})`}</small></td><td role="cell"><span class="on">As billed</span>${
				billed}</td><td role="cell"><span class="on">What to change</span>${changed}</td></tr>\n`;
		})}</tbody></table>`;
}

const order = (report) => measure(report).charged ? 'The highest charge first' : 'The first found first';

/** The lines that one change mends, and the others, at most limit of each. */
export function worklistSections(report, options, limit) {
	const t = report.totals, mendable = report.mendable.slice(0, limit);
	const others = report.worklist.filter((row) => !row.would_pass).slice(0, Math.ceil(limit / 2));
	if (t === null) return null;
	return [
		mendable.length > 0 && section('Worth correcting first', `${order(report)}: ${count(mendable.length)} of ${many(t.lines_would_pass, 'line')} at risk that one change mends. What the change takes away and puts there is marked; bill it only if its condition is true of the record.`,
			list('Lines that one change mends', mendable, report, options), 'wide'),
		others.length > 0 && section('What no single change mends', `${order(report)}: ${count(others.length)} of ${many(t.lines_at_risk - t.lines_would_pass, 'line')} at risk. Appeal, correct the claim as a whole, or write off.`,
			list('Lines that no single change mends', others, report, options), 'wide'),
	];
}

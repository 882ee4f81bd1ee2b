// report/src/plot.mjs
// Plots as SVG, drawn without a browser.  One width serves a phone and a column of a screen; colours are variables of the style.

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { clean, html, raw } from './html.mjs';

const { document } = parseHTML('<html><body></body></html>');
const width = 340;
const inset = { marginLeft: 38, marginRight: 8, marginTop: 20, marginBottom: 24 };

/** A figure with what it says as text, for who does not see it. */
function figure(label, options) {
	const svg = Plot.plot({ document, width, className: 'plot', style: { fontFamily: 'inherit', fontSize: '11px', background: 'none' }, ...options });
	svg.querySelectorAll('style').forEach((style) => style.remove());	// the page has it once
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', clean(label, 500));
	// a hundredth of a pixel is enough
	const text = svg.outerHTML.replace(/"[^"]*"/g, (value) => value.replace(/(\d+\.\d{2})\d+/g, '$1'));
	return html`<figure>${raw(text)}</figure>`;
}

/** About how wide a text is, of 11 pixels, bold or not; rather too wide. */
const long = (text, letter) => [...text].reduce((sum, c) => sum + (c.codePointAt(0) > 0x10ff || 'mwMW@%…'.includes(c) ? 13 : letter), 0);

/** A bold text cut to what there is room for. */
function fit(text, size) {
	let cut = clean(text, 60);
	while (cut.length > 2 && long(cut, 8.2) > size) cut = `${[...cut.replace(/…$/, '')].slice(0, -1).join('')}…`;
	return cut;
}

/** Bars below one another, each under a line of text: rows of { name, said, parts: [[value, colour]...] }; mark: a value to compare with. */
export function rows(label, data, { mark = null, most = null, tall = 34 } = {}) {
	const high = most ?? Math.max(...data.map((row) => row.parts.reduce((sum, [value]) => sum + value, 0)), mark ?? 0);
	const bars = data.flatMap((row, i) => {
		let from = 0;
		return row.parts.filter(([value]) => value > 0).map(([value, fill]) => ({ i, from, to: (from += value), fill }));
	});
	return figure(label, {
		height: data.length * tall + 4, marginLeft: 1, marginRight: 1, marginTop: 0, marginBottom: 4,
		x: { axis: null, domain: [0, high > 0 ? high : 1] }, y: { axis: null, domain: data.map((_, i) => i), padding: 0 },
		marks: [
			Plot.barX(data, { y: (_, i) => i, x1: 0, x2: high > 0 ? high : 1, insetTop: 18, insetBottom: 4, fill: 'var(--track)' }),
			Plot.barX(bars, { y: 'i', x1: 'from', x2: 'to', insetTop: 18, insetBottom: 4, fill: 'fill' }),
			Plot.text(data, { y: (_, i) => i, frameAnchor: 'left', text: (row) => fit(row.name, width - long(row.said, 6.8) - 6), textAnchor: 'start', dy: 9 - tall / 2, fill: 'var(--ink)', fontWeight: 600 }),
			Plot.text(data, { y: (_, i) => i, frameAnchor: 'right', text: 'said', textAnchor: 'end', dy: 9 - tall / 2, fill: 'var(--soft)' }),
			mark !== null && Plot.tickX(data, { x: () => mark, y: (_, i) => i, insetTop: 16, insetBottom: 2, stroke: 'var(--ink)', strokeWidth: 2 }),
					].filter(Boolean),
	});
}

/** The labels of some of the columns: the first, the last, and between them as many as there is room for. */
function ticks(names) {
	const step = Math.max(1, Math.ceil(names.length / 5));
	return names.map((_, i) => i).filter((i) => i === names.length - 1 || (i % step === 0 && names.length - 1 - i >= 0.9 * step));
}

/** Columns beside one another: names below them; stacks of [[value, colour]...] up, of negative values down. */
export function columns(label, names, stacks, { format = String, height = 130, yLabel = '' } = {}) {
	const bars = stacks.flatMap((stack, i) => {
		let up = 0, down = 0;
		return stack.filter(([value]) => value !== 0 && Number.isFinite(value)).map(([value, fill]) => value > 0
			? { i, from: up, to: (up += value), fill } : { i, from: down, to: (down += value), fill });
	});
	return figure(label, {
		height, ...inset, x: { type: 'band', domain: names.map((_, i) => i), padding: names.length > 40 ? 0.05 : 0.15, ticks: ticks(names), tickFormat: (i) => names[i], label: null, tickSize: 3 },
		y: { label: null, ticks: 4, tickFormat: (v) => format(Math.abs(v)), tickSize: 0, ...(bars.length === 0 && { domain: [0, 1], ticks: [0] }) },
		marks: [
			Plot.gridY({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
			Plot.barY(bars, { x: 'i', y1: 'from', y2: 'to', fill: 'fill' }),
			Plot.ruleY([0], { stroke: 'var(--soft)' }),
			Plot.text([yLabel], { frameAnchor: 'top-left', text: (t) => t, dx: -36, dy: -16, textAnchor: 'start', fill: 'var(--soft)' }),
		],
	});
}

/** A line over columns that are named alike, with the last value said. */
export function line(label, names, points, { format = String, height = 110, yLabel = '' } = {}) {
	const data = points.map((value, i) => ({ i, value })), last = data.at(-1);
	return figure(label, {
		height, ...inset, marginRight: 20,
		x: { type: 'point', domain: names.map((_, i) => i), padding: 0.5, ticks: ticks(names), tickFormat: (i) => names[i], label: null, tickSize: 3 },
		y: { label: null, ticks: 4, tickFormat: (v) => format(v), tickSize: 0, zero: true, nice: true, ...(Math.max(...points) === 0 && { domain: [0, 1], ticks: [0] }) },
		marks: [
			Plot.gridY({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
			Plot.areaY(data, { x: 'i', y: 'value', fill: 'var(--deny)', fillOpacity: 0.15 }),
			Plot.lineY(data, { x: 'i', y: 'value', stroke: 'var(--deny)', strokeWidth: 2 }),
			Plot.dot([last], { x: 'i', y: 'value', r: 3, fill: 'var(--deny)' }),
			Plot.text([last], { x: 'i', y: 'value', text: (d) => format(d.value), dy: -9, textAnchor: 'end', dx: 8, fill: 'var(--deny)', fontWeight: 'bold' }),
			Plot.ruleY([0], { stroke: 'var(--soft)' }),
			Plot.text([yLabel], { frameAnchor: 'top-left', text: (t) => t, dx: -36, dy: -16, textAnchor: 'start', fill: 'var(--soft)' }),
		],
	});
}

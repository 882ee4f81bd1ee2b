// report/test/look.mjs [FOLDER [FILE.html...]]
// Opens pages in Chromium, wide and narrow, light and dark, and says in TAP what a reader would stumble over: a page that
// scrolls sideways, texts over one another or beyond their box, colours that are hard to read, a request for anything.
// Without files it makes pages of every kind; pictures of all go into the folder.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { page } from '../src/page.mjs';
import { Browser } from './browser.mjs';
import { made, never } from './made.mjs';

const [folder = null, ...files] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'claimline-report.'));

function pages() {
	const run = made().last_run, broken = { ...made(), last_run: { ...run, status: 'interrupted', days_done: 7 } };
	broken.runs.at(-1).status = 'interrupted';
	const none = made({ rules: 0, providers: 0, nights: 3, work: 0 });
	for (const row of [none.totals, ...none.months]) Object.assign(row, { lines_at_risk: 0, charge_at_risk: 0, lines_would_pass: 0, charge_would_pass: 0 });
	const million = made({ seed: 5 });
	Object.assign(million.totals, { lines: 88_123_456, lines_at_risk: 12_345_678, charge: 9_876_543_210.5, charge_at_risk: 123_456_789.25, charge_would_pass: 16_999_983, charge_to_review: 9_996_001.5 });
	Object.assign(million.nights.at(-1), { opened: 1_234_567, closed: 987_654 });
	const since = { at: '2026-11-05T00:00:00+00:00', scanned: true, lines_at_risk: 3, charge_at_risk: 120.5, lines_to_review: 1, charge_to_review: 9, rules: made({ seed: 3 }).rules, new_lines_at_risk: 4, new_charge_at_risk: 166 };
	const answers = {
		usual: { report: made() }, none: { report: none }, never: { report: never() }, broken: { report: broken },
		much: { report: made({ rules: 60, providers: 5000, months: 900, nights: 60, text: (word) => word.repeat(60) }) },
		words: { report: made({ rules: 30, providers: 40, nights: 60, text: (word) => `${word} ${'and more words '.repeat(20)}` }) },
		million: { report: million },
		one: { report: made({ rules: 1, providers: 1, months: 1, nights: 1, work: 1 }) },
		policies: { report: made(), other: { ...made({ seed: 7 }), policy: 'a-policy-with-a-name' } }, nights: { report: { ...made(), since }, then: since },
	};
	return Object.entries(answers).map(([name, answer]) => {
		const file = join(scratch, `${name}.html`);
		writeFileSync(file, page({ other: null, then: null, ...answer }, { patients: true }));
		return file;
	});
}

/** Runs in the page: a list of faults. */
function faults() {
	const found = [], said = (element) => `<${element.tagName.toLowerCase()}> ${element.textContent.trim().slice(0, 40)}`;
	const box = (element) => element.getBoundingClientRect();
	const over = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
	const pairs = (list, by) => {
		const boxes = list.map(box);
		for (let i = 0; i < list.length; i++) for (let j = 0; j < i; j++) if (over(boxes[i], boxes[j], by)) found.push(`overlap: ${said(list[i])} / ${said(list[j])}`);
	};
	const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true }) && box(element).width > 1 && getComputedStyle(element).clipPath === 'none';
	const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');

	document.querySelectorAll('details').forEach((details) => { details.open = true; });
	const wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > wide) found.push(`scrolls sideways: ${document.documentElement.scrollWidth} of ${wide}`);
	for (const value of document.querySelectorAll('.tile b')) if (value.getClientRects().length > 1 || box(value).height > 1.6 * parseFloat(getComputedStyle(value).fontSize)) found.push(`on two lines: ${said(value)}`);
	pairs([...document.querySelectorAll('section, .state, .tile, h1')].filter((e, _, all) => !all.some((other) => other !== e && other.contains(e))), 1);
	for (const svg of document.querySelectorAll('svg')) pairs([...svg.querySelectorAll('text')].filter((text) => text.textContent !== ''), 2);
	for (const cells of document.querySelectorAll('tr, dl')) pairs([...cells.children].filter(shown), 1);
	const part = (text) => text.match(/[\d.]+/g).map(Number);
	const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	for (const element of document.querySelectorAll('body *')) {
		if (!own(element) || !shown(element) || element.tagName === 'STYLE') continue;
		const { left, right } = box(element);
		if (left < -1 || right > wide + 1) found.push(`beyond the window: ${said(element)}`);
		const frame = box(element.closest('section, .tile, .state, header, footer') ?? document.body);
		if (right > frame.right + 1 || left < frame.left - 1) found.push(`beyond its box: ${said(element)}`);
		let ground = element;
		while (ground && (part(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
		const style = getComputedStyle(element);
		const a = light(part(element instanceof SVGElement ? style.fill : style.color)), b = light(part(getComputedStyle(ground ?? document.documentElement).backgroundColor));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(2)}: ${said(element)}`);
		if (wide >= 390 && parseFloat(style.fontSize) * (element instanceof SVGElement ? box(element.ownerSVGElement).width / 340 : 1) < 9.5) found.push(`small: ${said(element)}`);
	}
	return [...new Set(found)];
}

const browser = new Browser();
let n = 0;
const is = (ok, name, more = []) => {
	process.stdout.write(`${ok ? 'ok' : 'not ok'} ${++n} - ${name}\n${more.slice(0, 12).map((line) => `# ${line}\n`).join('')}`);
	if (!ok) process.exitCode = 1;
};
try {
	for (const file of files.length > 0 ? files : pages()) {
		const name = basename(file, '.html');
		for (const [width, dark] of [[1280, false], [390, false], [1280, true], [390, true], [320, false]]) {
			const opened = await browser.open(`file://${resolve(file)}`, { width, dark });
			const title = `${name} at ${width}${dark ? ', dark' : ''}`;
			if (folder !== null && width !== 320) writeFileSync(join(folder, `${name}-${width}${dark ? '-dark' : ''}.png`), await opened.picture());
			const found = await opened.evaluate(`(${faults})()`);
			is(found.length === 0, title, found);
			if (opened.requests.length > 0) is(false, `${title} asks for nothing`, opened.requests);
			await opened.close();
		}
		const print = await browser.open(`file://${resolve(file)}`, { width: 800, print: true, dark: true });
		const ink = await print.evaluate('getComputedStyle(document.body).color');
		is(ink === 'rgb(28, 36, 48)', `${name} in print is dark on white`, [ink]);
		is((await print.pdf()).subarray(0, 5).toString() === '%PDF-', `${name} can be printed`);
		await print.close();
		is(Buffer.byteLength(readFileSync(file)) < 300_000, `${name} is under 300 kB`);
	}
	process.stdout.write(`1..${n}\n`);
} finally {
	await browser.close();
	rmSync(scratch, { recursive: true, force: true });
}

// report/test/picture.mjs REPORT.json PICTURE.png
// The picture of the README: the top of the page of a report, whose scans are told as of one night each.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { page } from '../src/page.mjs';
import { Browser } from './browser.mjs';

const [file, picture] = process.argv.slice(2), report = JSON.parse(readFileSync(file, 'utf8'));
const last = report.runs.at(-1).scan;
const back = (time, scan) => new Date(Date.parse('2026-11-28T02:15:07Z') - (last - scan) * 864e5).toISOString().replace('Z', '+00:00');

for (const run of [...report.runs, report.last_run]) Object.assign(run, { started_at: back(run.started_at, run.scan), finished_at: back(run.finished_at, run.scan) });
for (const night of report.nights) night.finished_at = back(night.finished_at, night.scan);
report.last_finished_at = report.last_run.finished_at;
report.generated_at = '2026-11-28T06:00:00+00:00';
report.totals.oldest_at_risk = report.runs[0].finished_at;

const scratch = mkdtempSync(join(tmpdir(), 'claimline-report.')), browser = new Browser();
try {
	writeFileSync(join(scratch, 'page.html'), page({ report, other: null, then: null }, { patients: true }));
	const opened = await browser.open(`file://${join(scratch, 'page.html')}`, { width: 1280 });
	await opened.evaluate('document.documentElement.style.fontFamily = \'"DejaVu Sans"\'');
	writeFileSync(picture, await opened.picture(970, 0, 0.75));
} finally {
	await browser.close();
	rmSync(scratch, { recursive: true });
}

// report/src/page.mjs
// The page: what is said first, the sections in the order in which they are asked for, and all of it in one file.

import { readFileSync } from 'node:fs';
import { attestedSection } from './attested.mjs';
import { begin, html, raw } from './html.mjs';
import { compareSection, sinceSection } from './compare.mjs';
import { basisSection, nightsSection, runsSection, undecidedSection } from './job.mjs';
import { count, money, time, zone } from './numbers.mjs';
import { paymentsSection } from './payments.mjs';
import { agesSection, measure, monthsSection, providersSection, rulesSection, tiles } from './risk.mjs';
import { state } from './state.mjs';
import { worklistSections } from './worklist.mjs';

export { state };

// what is mailed and kept for years stays small
const most = 300_000;
const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8');
// a page that loads nothing says so to the browser, too
const policy = "default-src 'none'; style-src 'unsafe-inline'";

function banner(report) {
	const { kind, title, said } = state(report);
	const asked = report.ruleset?.changed_since === true ? ' The rules have changed since: the next scan judges by the new ones.' : '';
	return html`<div class="state ${kind}" role="status"><p><b>${title}</b></p><p>${said}${asked}</p></div>`;
}

function document(answer, options, limit) {
	const { report } = answer, m = measure(report), t = report.totals;
	const name = `Claims at risk: ${report.source.name}`;
	begin();
	return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="${raw(policy)}"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><meta name="generator" content="claimline-report"><title>${name}, ${report.policy}</title>
<style>${raw(style)}</style></head><body>
<header><h1>${name}</h1><p class="soft">payer policy ${report.policy}${report.ruleset && ` · NCCI edition ${report.ruleset.edition}`}${t && ` · ${count(t.lines)} lines${m.charged ? `, ${money(t.charge)} billed` : ''}`} · made ${time(report.generated_at)} ${zone(report.generated_at)}</p>
<p class="phi"><b>This page holds health information:</b> claims, lines and dates of service${options.patients ? ', and the keys of patients' : '; keys of patients are left out'}. Keep it where claims may be kept.</p></header>
<main>${banner(report)}${tiles(report)}<div class="grid">
${[sinceSection(report), compareSection(answer), t && rulesSection(report), providersSection(report), nightsSection(report), agesSection(report), monthsSection(report), runsSection(report),
		...(worklistSections(report, options, limit) ?? []), attestedSection(report, limit), paymentsSection(report, limit), undecidedSection(report), basisSection(report)]}</div></main>
<footer>Made by claimline. At risk is a line with an open finding of severity deny that nobody has attested, under its worst finding, each line once. No coding, billing or legal advice.</footer>
</body></html>
`.toString();
}

/** The page of an answer of ask(): as much of the worklist as there is room for. */
export function page(answer, options) {
	for (let limit = 20; ; limit = Math.floor(limit / 2)) {
		const text = document(answer, options, limit);
		if (Buffer.byteLength(text) < most || limit === 0) return text;
	}
}

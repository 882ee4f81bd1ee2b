// report/test/page.test.mjs
// What is in a page, whatever is in a report.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { clean, html } from '../src/html.mjs';
import { brief, change, count, lasting, many, money, share } from '../src/numbers.mjs';
import { page } from '../src/page.mjs';
import { state } from '../src/state.mjs';
import { marked } from '../src/worklist.mjs';
import { made, never } from './made.mjs';

const options = { patients: true };
const drawn = (report, more = {}) => page({ report, other: null, then: null, ...more }, { ...options, ...more.options });
const read = (text) => parseHTML(text).document;

/** What holds of every page. */
function sound(text) {
	const document = read(text);
	assert.ok(Buffer.byteLength(text) < 300_000, `${Buffer.byteLength(text)} bytes`);
	assert.equal(document.querySelectorAll('script, link, img, iframe, object, embed, form, base').length, 0, 'nothing that runs or loads');
	for (const element of document.querySelectorAll('*')) {
		for (const { name, value } of element.attributes) {
			assert.ok(!/^on/i.test(name), `${name}=`);
			assert.ok(!['src', 'href', 'xlink:href', 'srcset', 'action'].includes(name), `${name}=${value}`);
			assert.ok(!/url\(/i.test(value), `${name}=${value}`);
		}
	}
	assert.doesNotMatch(text.replaceAll('http://www.w3.org/', ''), /https?:|url\(|@import/);
	assert.equal(document.querySelectorAll('h1').length, 1);
	assert.equal(document.documentElement.getAttribute('lang'), 'en');
	for (const section of document.querySelectorAll('section')) {
		assert.ok(document.getElementById(section.getAttribute('aria-labelledby')).textContent !== '', 'a heading');
	}
	const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
	assert.equal(new Set(ids).size, ids.length, 'an id once');
	for (const svg of document.querySelectorAll('svg')) {
		assert.equal(svg.getAttribute('role'), 'img');
		assert.ok(svg.getAttribute('aria-label').length > 10, 'what it shows in words');
		assert.ok(svg.closest('section').querySelector('table'), 'a table of it');
		assert.doesNotMatch(svg.outerHTML, /NaN|undefined|Infinity/);
	}
	for (const cell of document.querySelectorAll('th')) assert.ok(cell.hasAttribute('scope'));
	assert.doesNotMatch(document.querySelector('main').textContent, /NaN|undefined|\[object|null/);
	assert.match(text, /This page holds health information/);
	return document;
}

test('a page of everything', () => {
	const report = made(), document = sound(drawn(report)), text = document.body.textContent;
	for (const heading of ['Why lines would be denied', 'Who bills them', 'Night by night', 'How long denials have been open', 'When the services were', 'The job', 'Worth correcting first', 'What no single change mends', 'What could not be decided', 'What it was judged by']) {
		assert.ok([...document.querySelectorAll('h2')].some((h) => h.textContent === heading), heading);
	}
	assert.match(text, new RegExp(`Charge at risk\\${brief(report.totals.charge_at_risk, money)}`));
	assert.match(text, /NCCI edition 2026q3/);
	assert.match(text, /code pairs 2026-07-01 to 2026-09-30; unit limits 2026-07-01 to the end/);
	assert.equal(document.querySelectorAll('.work tbody tr').length, 30);
	assert.equal(document.querySelector('.work ins').textContent, '-59');
	assert.match(text, /a column of minutes in the mapping/);
	assert.match(text, /patient P0/);
});

test('keys of patients can be left out', () => {
	const report = made({ text: (word) => /^P\d/.test(word) ? `secret-${word}` : word });
	assert.match(drawn(report), /secret-P0/);
	assert.doesNotMatch(drawn(report, { options: { patients: false } }), /secret|patient P/);
});

test('however much there is, and however long', () => {
	for (const text of [(word) => word.repeat(2000), (word) => `${word} ${'very '.repeat(500)}`, (word) => `${word}${'\u{1F4A5}'.repeat(800)}`, (word) => `${word}${'&<>"'.repeat(900)}`]) {
		sound(drawn(made({ rules: 60, providers: 5000, months: 900, nights: 60, text })));
	}
	sound(drawn(made({ rules: 1, providers: 1, months: 1, nights: 1, work: 1 })));
	sound(drawn(made({ rules: 0, providers: 0, months: 0, nights: 2, work: 0 })));
});

test('what the database says is text', () => {
	const hostile = `</title></style><script>alert(1)</script><img src=x onerror=alert(1)>'"&\u202e\u0007\u0000`;
	const document = sound(drawn(made({ text: () => hostile })));
	assert.ok(document.body.textContent.includes('<script>alert(1)</script>'));
	assert.doesNotMatch(drawn(made({ text: () => hostile })), /[\u0000-\u0008\u202a-\u202e]/);
});

test('a source that was never scanned', () => {
	const report = never(), document = sound(drawn(report));
	assert.equal(document.querySelector('.state').className, 'state never');
	assert.match(document.querySelector('.state').textContent, /never scanned by policy medicare: what is empty here is not known to be clean/);
	assert.equal(document.querySelectorAll('svg, .tile').length, 0);
});

test('nothing found', () => {
	const report = made({ rules: 0, providers: 0, nights: 3, work: 0 });
	for (const row of [report.totals, ...report.months]) Object.assign(row, { lines_found: 0, lines_at_risk: 0, charge_at_risk: 0, lines_would_pass: 0, charge_would_pass: 0, lines_to_review: 0, charge_to_review: 0 });
	Object.assign(report.totals, { oldest_at_risk: null });
	Object.assign(report, { undecided: [], counted: [], days_undecided: 0 });
	report.nights.forEach((night) => Object.assign(night, { opened: 0, changed: 0, closed: 0, open: 0 }));
	assert.match(sound(drawn(report)).body.textContent, /No line has an open denial.*Everything was decided/s);
});

test('a source without charges', () => {
	const report = made();
	report.source.has_charges = false;
	JSON.stringify(report, (name, value) => {
		if (value && typeof value === 'object') for (const key of Object.keys(value)) if (/charge/.test(key) && key !== 'has_charges' && key !== 'lines_without_charge') value[key] = null;
		return value;
	});
	const text = sound(drawn(report)).body.textContent;
	assert.doesNotMatch(text, /\$|Charge at risk/);
	assert.match(text, /Lines that would be denied/);
});

test('amounts that are no number are said as they are', () => {
	const report = made();
	report.totals.charge_at_risk = 'NaN';
	report.mendable[0].charge = 'NaN';
	report.rules[0].charge_at_risk = 'NaN';
	assert.match(drawn(report), /<b>NaN<\/b>|NaN/);
});

test('the job, said first', () => {
	const kind = (more) => state({ ...made(), ...more });
	const run = made().last_run;
	assert.deepEqual([kind({}).kind, kind({}).bad], ['fine', false]);
	assert.deepEqual([kind({ last_run: { ...run, status: 'interrupted', days_done: 7 } }).kind, kind({ last_run: { ...run, status: 'interrupted' } }).bad], ['broken', true]);
	assert.match(kind({ last_run: { ...run, status: 'interrupted', days_done: 7 } }).said, /was interrupted with 7 of 40 provider-days judged.*2026-11-20 02:00/);
	assert.match(kind({ last_run: { ...run, status: 'interrupted' }, last_finished_at: null }).said, /No scan has finished yet/);
	assert.deepEqual([kind({ last_run: { ...run, status: 'judging' } }).kind, kind({ last_run: { ...run, status: 'looking' } }).bad], ['running', false]);
	assert.equal(kind({ generated_at: '2026-11-22T03:59:00+00:00' }).kind, 'fine', 'twice the usual and two hours');
	assert.equal(kind({ generated_at: '2026-11-22T04:01:00+00:00' }).kind, 'late');
	assert.equal(kind({ generated_at: '2026-12-30T00:00:00+00:00', nights: made().nights.slice(0, 3) }).kind, 'fine', 'what is usual is not known yet');
	assert.match(drawn({ ...made(), ruleset: { ...made().ruleset, changed_since: true } }), /The rules have changed since/);
});

test('side by side', () => {
	const report = made(), other = { ...made({ seed: 7 }), policy: 'bcbs' };
	const then = { at: '2026-11-05T00:00:00+00:00', scanned: true, lines_at_risk: 3, charge_at_risk: 120.5, lines_to_review: 0, charge_to_review: null, rules: [{ rule: 'rule-0', title: 'a title', lines_at_risk: 3, charge_at_risk: 120.5 }] };
	assert.match(sound(drawn(report, { other })).body.textContent, /medicare beside bcbs/);
	assert.match(sound(drawn(report, { other: { ...never(), policy: 'bcbs' } })).body.textContent, /By policy bcbs the source was never scanned/);
	assert.match(sound(drawn(report, { then })).body.textContent, /2026-11-05 00:00 and now/);
	assert.match(sound(drawn(report, { then: { ...then, scanned: false } })).body.textContent, /No scan had finished by then/);
	const since = { ...then, new_lines_at_risk: 4, new_charge_at_risk: 166 };
	assert.match(sound(drawn({ ...report, since })).body.textContent, /\$166 at risk is new, on 4 lines/);
	assert.match(drawn(never(), { then: { ...then, scanned: false } }), /Never scanned/);
});

test('what a change takes away and puts there', () => {
	const shown = (a, b) => marked(a, b).map((side) => html`${side}`.toString());
	assert.deepEqual(shown('97140-GP x1', '97140-GP-59 x1'), ['97140-GP x1', '97140-GP<ins>-59</ins> x1']);
	assert.deepEqual(shown('97110-GP x4', '97110-GP x3'), ['97110-GP <del>x4</del>', '97110-GP <ins>x3</ins>']);
	assert.deepEqual(shown('97140-51 x1', '97140 x1'), ['97140<del>-51</del> x1', '97140 x1']);
	assert.deepEqual(shown('a', 'a'), ['a', 'a']);
	assert.deepEqual(shown('', '<b>'), ['', '<ins>&lt;b&gt;</ins>']);
	// all of either line is there, whatever they are
	const plain = (side) => side.map(String).join('').replace(/<\/?(ins|del)>/g, '');
	for (const [a, b] of [['97140-GP-59 x1 15min', '97140-XS-GP x2'], ['A B C', 'C B A'], ['- - -', 'x=1,2']]) {
		assert.deepEqual(marked(a, b).map(plain), [a, b]);
	}
});

test('texts and numbers', () => {
	assert.equal(html`<p>${'<&>"\''}${null}${false}${['a', html`<b>${1}</b>`]}</p>`.toString(), '<p>&lt;&amp;&gt;&quot;&#39;a<b>1</b></p>');
	assert.equal(clean('a\nb\u202ec'), 'a\ufffdb\ufffdc');
	assert.equal(clean('\u{1F4A5}'.repeat(9), 5), `${'\u{1F4A5}'.repeat(4)}…`);
	assert.equal(clean('12345', 5), '12345');
	assert.deepEqual([money(1234.5), money(-1234), money(12.5), money(0), money(null), money('NaN')], ['$1,235', '−$1,234', '$12.50', '$0', '–', 'NaN']);
	assert.deepEqual([brief(999_999, money), brief(1_234_567, money), brief(9_996_000, money), brief(-123_456_789, money), brief(2e6, count), brief('NaN', money)], ['$999,999', '$1.23M', '$10.0M', '−$123M', '2.00M', 'NaN']);
	assert.deepEqual([share(1, 8), share(1, 0), share(null, 3), share(0, 5)], ['12.5%', '–', '–', '0.0%']);
	assert.deepEqual([many(1, 'line'), many(0, 'line'), many(1234, 'line')], ['1 line', '0 lines', '1,234 lines']);
	assert.deepEqual([change(0, money), change(5, money), change(-5, money)], ['no change', '+$5', '−$5']);
	assert.deepEqual([lasting(0.5), lasting(26), lasting(72), lasting(NaN)], ['30 minutes', '26 hours', '3 days', '–']);
});

test('attestations are listed apart, in as many words as there is room for', () => {
	const report = made(), attested = (id, more) => ({ id, claim_id: 'C<9', line_no: 2, dos: '2026-08-01', provider: 'N1', patient: 'SECRET', rule: 'ptp', message: 'a message', reason: 'the <record>', evidence: null,
		attested_by: 'coder', attested_at: report.generated_at, state: 'stands', withdrawn_why: null, withdrawn_by: null, ...more });
	assert.ok(!read(drawn(report)).body.textContent.includes('Attestations, the last first'), 'nothing where there is none');
	Object.assign(report.totals, { lines_attested: 1, charge_attested: 41.5 });
	report.attestations = [attested(2, { state: 'void' }), attested(1, { state: 'withdrawn', withdrawn_by: 'chief', withdrawn_why: 'another page' }), ...Array.from({ length: 40 }, (_, i) => attested(i + 3, { evidence: 'chart 12' }))];
	const text = drawn(report);
	sound(text);
	const said = read(text).body.textContent;
	for (const words of ['Attested', 'the <record>', 'claim C<9, line 2', 'coder', 'chief: another page', '1 line', 'is void', '22 more are left out']) assert.ok(said.includes(words), words);
	assert.ok(!said.includes('SECRET'), 'no key of a patient');
});

// report/test/payments.test.mjs
// The section of what payers said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { page } from '../src/page.mjs';
import { made } from './made.mjs';

const read = (report) => parseHTML(page({ report, other: null, then: null }, { patients: true })).document;
const section = (report) => [...read(report).querySelectorAll('section')].find((s) => s.querySelector('h2').textContent === 'What payers said') ?? null;
const row = (more) => ({ lines: 100, lines_answered: 80, lines_predicted_denied: 6, charge_predicted_denied: 240, lines_predicted_paid: 2, charge_predicted_paid: 90.5,
	lines_undecided: 1, charge_undecided: 40, lines_not_predicted: 3, charge_not_predicted: 120, ...more });
const payments = (more) => ({ relation: 'claim_file_payment', totals: row({ lines_denied_elsewhere: 0 }),
	rules: [{ rule: 'ptp', family: 'ptp', title: 'a pair', lines: 9, denied: 6, paid: 2, undecided: 1, agreed: 5, missed: 3 }, { rule: 'mue-day', family: 'mue', title: 'units', lines: 0, denied: 0, paid: 0, undecided: 0, agreed: 0, missed: 1 }],
	payers: [row({ payer: 'PAY<1>' }), row({ payer: null })], months: [row({ month: '2024-07-01' }), row({ month: null })],
	not_predicted: [{ carc: 'CO-50', lines: 2, charge: 80, rules: ['dx-not-necessary'] }, { carc: 'CO-29', lines: 1, charge: 40, rules: null }], ...more });

test('nothing where there are no payments', () => {
	assert.equal(section(made()), null);
	assert.equal(section({ ...made(), payments: null }), null);
});

test('what was predicted beside what came', () => {
	const found = section({ ...made(), payments: payments() }), text = found.textContent;
	for (const words of ['80 lines of 100 were answered', '6 were and 2 were paid', '1 line has no answer yet', '3 lines were denied and not predicted', 'PAY<1>', 'not named', 'no date', '$90.50']) assert.ok(text.includes(words), words);
	assert.doesNotMatch(text, /of no line of the source/);
	const rates = [...found.querySelectorAll('table')].find((t) => t.querySelector('caption').textContent.startsWith('Precision'));
	assert.deepEqual([...rates.querySelectorAll('tbody tr')].map((r) => [...r.children].slice(1).map((c) => c.textContent)), [['9', '75.0%6 of 8', '62.5%5 of 8', '1'], ['0', '–', '0.0%0 of 1', '0']]);
	const codes = [...found.querySelectorAll('table')].find((t) => t.querySelector('caption').textContent.startsWith('Denied and not'));
	assert.deepEqual([...codes.querySelectorAll('tbody tr')].map((r) => [...r.children].map((c) => c.textContent)), [['CO-50', '2', '$80.00', 'dx-not-necessary'], ['CO-29', '1', '$40.00', 'none']]);
	assert.match(found.querySelector('svg').getAttribute('aria-label'), /ptp 75.0%: 6 of 8 denied/);
	assert.doesNotMatch(text, /NaN|undefined|null|\[object/);
});

test('denials of other sources, one of each, no answer at all', () => {
	assert.match(section({ ...made(), payments: payments({ totals: row({ lines_denied_elsewhere: 1 }) }) }).textContent, /1 denial is of no line of the source/);
	const none = Object.fromEntries(Object.entries(row({ lines_denied_elsewhere: 0 })).map(([name]) => [name, 0]));
	const text = section({ ...made(), payments: payments({ totals: { ...none, lines: 1, lines_answered: 1 }, rules: [], payers: [], months: [], not_predicted: [] }) }).textContent;
	assert.match(text, /1 line of 1 was answered/);
	assert.doesNotMatch(text, /NaN|undefined|null|\[object/);
});

test('amounts where the source has them', () => {
	const report = { ...made(), payments: payments() };
	report.source.has_charges = false;
	assert.doesNotMatch(section(report).textContent, /\$/);
});

test('payments that could not be read', () => {
	assert.match(section({ ...made(), payments: { unread: 'permission denied for table <x>' } }).textContent, /could not be read: permission denied for table <x>\./);
});

test('however much there is', () => {
	const many = (n, make) => Array.from({ length: n }, (_, i) => make(i));
	const report = { ...made({ text: (word) => word.repeat(500) }), payments: payments({ rules: many(60, (i) => ({ rule: `rule-${i}`.repeat(30), title: 'a title'.repeat(300), lines: 9, denied: 6, paid: 2, undecided: 1, agreed: 5, missed: 3 })),
		payers: many(500, (i) => row({ payer: `P${i}`.repeat(200) })), months: many(500, (i) => row({ month: `${1900 + i}-01-01` })), not_predicted: many(500, (i) => ({ carc: `CO-${i}`, lines: 1, charge: 1, rules: ['ptp'] })) }) };
	assert.ok(Buffer.byteLength(page({ report, other: null, then: null }, { patients: true })) < 300_000);
});

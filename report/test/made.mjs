// report/test/made.mjs
// A report as claim_report makes it, of as many of everything as is asked for.

/** The same numbers on each run. */
export function draws(seed) {
	let x = seed;
	return (n) => (x = (x * 1103515245 + 12345) % 2147483648) % n;
}

const risk = (draw, scale) => {
	const at = draw(scale) + 1, pass = draw(at), review = draw(9);
	return { lines_found: at + review, lines_at_risk: at, charge_at_risk: at * 41.5, lines_would_pass: pass, charge_would_pass: pass * 41.5, lines_to_review: review, charge_to_review: review * 41.5 };
};
const judged = (row) => ({ ...row, lines: row.lines_found * 7, charge: row.lines_found * 300.25, days: row.lines_found * 3 });

export function made({ seed = 1, rules = 9, providers = 12, months = 30, nights = 20, work = 60, text = (word) => word } = {}) {
	const draw = draws(seed), list = (n, make) => Array.from({ length: n }, (_, i) => make(i));
	const at = (day, hour = 2) => new Date(Date.UTC(2026, 10, 1 + day, hour)).toISOString().replace('Z', '+00:00');
	const item = (i) => ({ id: i, patient: text(`P${i}`), provider: text(`N${i % 5}`), dos: '2026-08-01', claim_id: text(`C${i}`), line_no: 1, line: text('97140-GP x1 2026-08-01 dx=M99.01'), charge: 600 - i,
		rule: 'ptp', message: text('97140 is not payable beside 98940'), suggestion: text('97140-GP-59 x1 2026-08-01 dx=M99.01'), condition: text('the record shows another region'), would_pass: i % 2 === 0, carc: 'CO-236', first_seen: at(i % nights) });
	let open = 0;

	return {
		version: 1, generated_at: at(nights - 1, 6), health_information: true, policy: 'medicare', since: null,
		source: { name: text('clinic'), relation: text('claims.medical_claim'), has_charges: true, unmapped: [text('No specialty is mapped.')] },
		ruleset: { edition: '2026q3', service_type: 'practitioner', hash: '0f'.repeat(16), at_least: 'review', changed_since: false, pairs_from: '2026-07-01', pairs_to: '2026-09-30', limits_from: '2026-07-01', limits_to: null },
		last_run: { scan: nights, status: 'finished', method: 'log', why: null, run_by: 'biller', seconds: 1.25, started_at: at(nights - 1), finished_at: at(nights - 1), days_found: 40, days_done: 40, lines_done: 90, edition: '2026q3', opened: 3, changed: 1, closed: 2, kept: 9 },
		last_finished_at: at(nights - 1),
		runs: list(nights, (i) => ({ scan: i + 1, status: 'finished', method: 'log', why: null, run_by: 'biller', seconds: 1 + draw(9), started_at: at(i), finished_at: at(i), days_found: 40, days_done: 40, lines_done: 90 })),
		nights: list(nights, (i) => {
			const opened = draw(20) + (i === 0 ? 300 : 0), closed = i === 0 ? 0 : draw(15);
			return { scan: i + 1, night: at(i).slice(0, 10), finished_at: at(i), opened, changed: draw(4), closed, open: (open += opened - closed), days: 40, lines: 90, seconds: 2.5 };
		}),
		totals: { ...judged(risk(draw, 900)), lines_without_charge: 0, oldest_at_risk: at(0) },
		rules: list(rules, (i) => ({ rule: text(`rule-${i}`), family: 'ptp', title: text('a title of it'), ...risk(draw, 100) })),
		families: [], providers_in_all: providers,
		providers: list(Math.min(providers, 60), (i) => ({ provider: text(`N${i}`), ...judged(risk(draw, 90)) })),
		providers_by_rate: list(Math.min(providers, 60), (i) => ({ provider: text(`N${i}`), rate_at_least: 0.2, ...judged(risk(draw, 90)) })),
		months: list(months, (i) => ({ month: i === months - 1 ? null : `${2000 + Math.floor(i / 12)}-${String(i % 12 + 1).padStart(2, '0')}-01`, ...judged(risk(draw, 50)) })),
		ages: [[0, 7], [8, 30], [31, 90], [91, null]].map(([from, to]) => ({ from_days: from, to_days: to, lines_at_risk: draw(99), charge_at_risk: draw(9999) })),
		worklist: list(work, item), mendable: list(work, (i) => ({ ...item(i), would_pass: true })),
		days_undecided: 12, undecided: [{ why: 'units-unknown', days: 12, all_days: 90, share: 0.1333, missing: text('minutes'), decided_by: text('a column of minutes in the mapping') }],
		counted: [{ rule: 'units-unknown', family: 'units', title: text('minutes are missing'), severity: 'unknown', findings: 20, days: 12 }, { rule: 'mod-prefer', family: 'modifier', title: 'a better one', severity: 'info', findings: 3, days: 3 }],
	};
}

/** As claim_report tells of a source that was never scanned. */
export function never() {
	return { ...made({ rules: 0, providers: 0, months: 0, nights: 1, work: 0 }), ruleset: null, last_run: null, last_finished_at: null, runs: [], nights: [], totals: null, months: [], worklist: [], mendable: [], days_undecided: null, undecided: [], counted: [] };
}

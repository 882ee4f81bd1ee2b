// report/src/state.mjs
// Whether the job that scans did its work: said first, because an empty page looks like a clean one.

import { count, hours, lasting, many, time } from './numbers.mjs';

/** What is usual between two nights, in hours; NaN for fewer than four. */
function rhythm(nights) {
	const gaps = nights.slice(1).map((night, i) => hours(nights[i].finished_at, night.finished_at)).sort((a, b) => a - b);
	return gaps.length < 3 ? NaN : gaps[gaps.length >> 1];
}

const progress = (run) => `${count(run.days_done)} of ${count(run.days_found)} provider-days judged`;

const ways = { log: 'the log of changes', watermark: 'the watermark', hash: 'comparing all days' };

/** { kind, bad, title, said }: kind is never, broken, running, late or fine. */
export function state(report) {
	const run = report.last_run, finished = report.last_finished_at, asked = `CALL claim_scan('${report.source.name}', '${report.policy}')`;

	if (run === null) {
		return { kind: 'never', bad: true, title: 'Never scanned',
			said: `Source ${report.source.name} was never scanned by policy ${report.policy}: what is empty here is not known to be clean. ${asked} scans it.` };
	}
	const before = finished === null ? 'No scan has finished yet: what is missing here is not known to be clean.'
		: `What is shown is of the scan that finished ${time(finished)}, and of the days that were judged since.`;
	if (run.status === 'interrupted') {
		return { kind: 'broken', bad: true, title: 'The last scan did not finish',
			said: `Scan ${run.scan}, begun ${time(run.started_at)}, was interrupted with ${progress(run)}. ${before} The next ${asked} goes on where it was.` };
	}
	if (run.status !== 'finished') {
		return { kind: 'running', bad: false, title: 'A scan is running',
			said: `Scan ${run.scan}, begun ${time(run.started_at)}: ${run.status === 'looking' ? 'looking for what changed' : progress(run)}. ${before}` };
	}
	const age = hours(finished, report.generated_at), usual = rhythm(report.nights ?? []);
	if (age > 2 * usual + 2) {
		return { kind: 'late', bad: true, title: 'The scan is overdue',
			said: `The last scan finished ${time(finished)}, ${lasting(age)} ago; ${lasting(usual)} between two are usual. What came since is not in this page.` };
	}
	return { kind: 'fine', bad: false, title: `Scanned ${time(finished)}`,
		said: run.days_done === 0 ? `Scan ${run.scan} found that nothing had changed, by ${ways[run.method] ?? run.method}.`
			: `Scan ${run.scan} judged ${many(run.days_done, 'provider-day')} (${many(run.lines_done, 'line')}), found by ${ways[run.method] ?? run.method}${run.why ? ` (${run.why})` : ''}.` };
}

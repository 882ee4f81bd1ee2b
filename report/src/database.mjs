// report/src/database.mjs
// Asks the database, through psql.

import { spawn } from 'node:child_process';
import { Failure } from './options.mjs';

// how many providers, lines of the worklist, nights and runs
const items = 60;

/** One snapshot for all that is asked; nothing on standard output means that there is no extension. */
function script(options) {
	const ask = (policy, since, many) => `SELECT :schema.claim_report(:'source', ${policy}, ${many}, ${since});`;
	const asked = [ask(":'policy'", options.since === null ? 'NULL' : ":'since'::timestamptz", items)];

	if (options.other) asked.push(ask(":'other'", 'NULL', 0));
	// the end of a day, or the time that was said
	if (options.night) {
		const at = options.night.length === 10 ? "(:'night'::date + 1)::timestamptz" : ":'night'::timestamptz";
		asked.push(ask(":'policy'", at, 0));
	}
	return `\\set VERBOSITY verbose
\\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT count(*) > 0 AS there, coalesce(quote_ident(min(n.nspname)), '') AS schema
FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'claimline' \\gset
\\if :there
${asked.join('\n')}
\\endif
COMMIT;
`;
}

function psql(options) {
	const variables = ['source', 'policy', 'since', 'other', 'night'].filter((name) => options[name])
		.flatMap((name) => ['-v', `${name}=${options[name]}`]);
	const env = { PGAPPNAME: 'claimline-report', ...process.env, PGCLIENTENCODING: 'UTF8', LC_ALL: 'C.UTF-8' };

	return new Promise((resolve, reject) => {
		const child = spawn('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...variables, ...options.psql], { env });
		const out = [], err = [];
		child.on('error', (error) => reject(new Failure(3, error.code === 'ENOENT'
			? 'psql is not there: on Debian the package postgresql-client' : `psql cannot be run: ${error.message}`)));
		child.stdout.on('data', (data) => out.push(data));
		child.stderr.on('data', (data) => err.push(data));
		child.on('close', (status) => resolve({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
		child.stdin.on('error', () => {});	// it ended before it read
		child.stdin.end(script(options));
	});
}

// SQLSTATEs with a status of their own: rights, and an extension that is older than the page
const statuses = { 42501: 3, '3F000': 3, 42883: 3 };

/** What psql said of an error, without where in the server's source it was raised. */
function refused({ status, err }) {
	const said = err.split('\n').filter((line) => line !== '' && !/^(LOCATION|LINE \d+): /.test(line) && !/^\s*\^$/.test(line));
	const code = /ERROR: {2}([0-9A-Z]{5}): /.exec(err)?.[1];
	const text = said.join('\n').replace(/^psql:<stdin>:\d+: /gm, '').replace(/ERROR: {2}[0-9A-Z]{5}: /, '');

	if (status === 2) return new Failure(3, text || 'psql could not connect');
	if (code === '42883') {
		return new Failure(3, `${text}\nThe extension is older than this program: ALTER EXTENSION claimline UPDATE.`);
	}
	return new Failure(statuses[code] ?? 1, text || `psql ended with status ${status}`);
}

/** { report, other, then }: claim_report of the source and policy; of the other policy, or null; what stood at the night, or null. */
export async function ask(options) {
	const answer = await psql(options);

	if (answer.status !== 0) throw refused(answer);
	const reports = answer.out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
	if (reports.length === 0) throw new Failure(3, 'the extension claimline is not in this database');
	for (const report of reports) {
		if (report.version !== 1) throw new Failure(3, `claim_report is of version ${report.version}, this program reads version 1`);
	}
	return {
		report: reports[0],
		other: options.other ? reports[1] : null,
		then: options.night ? reports[1].since : null,
	};
}

// report/test/program.test.mjs
// The command line, without a database: psql is a script that notes what it is given.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from '../src/options.mjs';
import { made, never } from './made.mjs';

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'claimline-report');
const folder = mkdtempSync(join(tmpdir(), 'claimline-report.'));
after(() => rmSync(folder, { recursive: true }));
const node = dirname(process.execPath);

/** With a psql that says what is in a file of the folder. */
function run(args, { psql = 'cat "$FOLDER/answer"', path = `${folder}:${node}:/usr/bin:/bin` } = {}) {
	if (psql !== null) {
		writeFileSync(join(folder, 'psql'), `#!/bin/sh\nprintf '%s\\n' "$@" >"$FOLDER/arguments"\ncat >"$FOLDER/script"\n${psql}\n`);
		chmodSync(join(folder, 'psql'), 0o755);
	}
	const { status, stdout, stderr } = spawnSync(program, args, { env: { PATH: path, FOLDER: folder, HOME: folder }, encoding: 'utf8' });
	return { status, stdout, stderr };
}
const answer = (...reports) => writeFileSync(join(folder, 'answer'), reports.map((report) => JSON.stringify(report)).join('\n'));
const noted = (name) => readFileSync(join(folder, name), 'utf8');

test('options as psql has them', () => {
	const psql = (...args) => parse(['--source=s', ...args]).psql;
	assert.deepEqual(psql('-h', 'here', '-p5433', '-Ume', '-d', 'claims'), ['-h', 'here', '-p', '5433', '-U', 'me', '-d', 'claims']);
	assert.deepEqual(psql('--host=here', '--port', '5433', '--username=me', '--dbname=host=x dbname=y', '-w'), ['-h', 'here', '-p', '5433', '-U', 'me', '-d', 'host=x dbname=y', '-w']);
	assert.deepEqual(psql('postgresql://me@here/claims'), ['-d', 'postgresql://me@here/claims']);
	assert.deepEqual(psql('--', '-odd'), ['-d', '-odd']);
	assert.deepEqual(parse(['--source', 's', '--compare', '2026-11-05', '--since=2026-11-01', '--no-patients', '--out=-']),
		{ source: 's', policy: 'medicare', out: null, since: '2026-11-01', compare: '2026-11-05', night: '2026-11-05', other: null, patients: false, psql: [] });
	assert.equal(parse(['--source=s', '--compare=bcbs']).other, 'bcbs');
	assert.equal(parse(['--source=s', '--compare=2026-11-05 12:00+01']).night, '2026-11-05 12:00+01');
});

test('wrong usage is status 2', () => {
	for (const args of [[], ['--source'], ['--source='], ['--source=s', '--since=2026-02-30'], ['--source=s', '--since=yesterday'], ['--source=s', '--compare=2026-13-01'], ['--source=s', '--compare=medicare'], ['--source=s', '--no-patients=yes'],
		['--source=s', '--colour'], ['--source=s', 'a', 'b'], ['--source=s', '-d', 'a', 'b'], ['--source=s', '--policy='], ['--source=s', '--constructor=x']]) {
		const { status, stdout, stderr } = run(args);
		assert.deepEqual([status, stdout], [2, ''], args.join(' '));
		assert.match(stderr, /^claimline-report: .*\nTry "claimline-report --help".\n$/);
	}
	const { status, stdout } = run(['--help']);
	assert.equal(status, 0);
	assert.match(stdout, /exit status: 0 written/);
	assert.ok(stdout.split('\n').every((line) => line.length <= 130));
});

test('the page goes to standard output or a file', () => {
	answer(made());
	const { status, stdout, stderr } = run(['--source=clinic']);
	assert.deepEqual([status, stderr], [0, '']);
	assert.match(stdout, /^<!doctype html>[^]*<\/html>\n$/);
	const file = join(folder, 'page.html');
	assert.deepEqual(run(['--source=clinic', '--out', file]), { status: 0, stdout: '', stderr: '' });
	assert.equal(readFileSync(file, 'utf8'), stdout);
	assert.equal(statSync(file).mode & 0o777, 0o600, 'it holds health information');
	chmodSync(file, 0o644);
	assert.equal(run(['--source=clinic', '--out', file]).status, 0);
	assert.equal(statSync(file).mode & 0o777, 0o644, 'or what somebody made of it');
	assert.equal(run(['--source=clinic', '--out=/dev/null']).status, 0);
});

test('what psql gets', () => {
	answer(made(), { ...made(), policy: 'bcbs' });
	const name = `it's "odd" \\ $x`;
	assert.equal(run([`--source=${name}`, '--compare=bcbs', '--since=2026-11-01', '-h', 'here', 'claims']).status, 0);
	const args = noted('arguments');
	assert.ok(args.includes(`source=${name}\n`) && args.includes('other=bcbs\n') && args.includes('since=2026-11-01\n') && args.endsWith('-h\nhere\n-d\nclaims\n'));
	assert.match(noted('script'), /READ ONLY/);
	assert.ok(!noted('script').includes('odd'), 'values are variables of psql');
});

test('errors say what to do, and leave the file before', () => {
	const file = join(folder, 'kept.html');
	writeFileSync(file, 'before');
	const says = (psql, status, said, more = {}) => {
		const found = run(['--source=clinic', '--out', file], { psql, ...more });
		assert.equal(found.status, status, found.stderr);
		assert.match(found.stderr, said);
		assert.equal(readFileSync(file, 'utf8'), 'before');
	};
	const error = (text) => `printf '%s\\n' '${text}' 'LOCATION:  exec_stmt_raise, pl_exec.c:3911' >&2; exit 3`;
	says(error('psql:<stdin>:9: ERROR:  42704: claim source "clinic" does not exist'), 1, /^claimline-report: claim source "clinic" does not exist\n$/);
	says(error('ERROR:  42501: findings of claim source "clinic" are not yours to read'), 3, /^claimline-report: findings .* not yours to read\n$/);
	says(error('ERROR:  42883: function claims.claim_report(unknown, unknown, integer, unknown) does not exist'), 3, /ALTER EXTENSION claimline UPDATE/);
	says('echo "psql: error: no such host" >&2; exit 2', 3, /^claimline-report: psql: error: no such host\n$/);
	says('exit 0', 3, /the extension claimline is not in this database/);
	says('echo \'{"version": 2}\'', 3, /version 2/);
	const bare = join(folder, 'bare');
	mkdirSync(bare);
	for (const name of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${name}`, join(bare, name));
	says('', 3, /node is not there/, { path: bare });
	symlinkSync(process.execPath, join(bare, 'node'));
	says('', 3, /psql is not there/, { path: bare });
	answer(made());
	for (const out of [join(folder, 'no', 'page.html'), folder]) {
		const found = run(['--source=clinic', '--out', out]);
		assert.equal(found.status, 1);
		assert.match(found.stderr, /^claimline-report: cannot write .*: (no such folder|it is a folder)\n$/);
	}
	assert.ok(!existsSync(join(folder, 'no')));
});

test('a job to be looked at is status 4, with a page', () => {
	answer(never());
	const file = join(folder, 'never.html'), { status, stderr } = run(['--source=clinic', '--out', file]);
	assert.equal(status, 4);
	assert.match(stderr, /never scanned/);
	assert.match(readFileSync(file, 'utf8'), /Never scanned/);
});

// report/src/main.mjs
// The program: options, question, page, file.

import { constants } from 'node:fs';
import { access, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './database.mjs';
import { Failure, parse, usage } from './options.mjs';

const notWritten = (file, error) => new Failure(1, `cannot write ${file}: ${error.code === 'ENOENT' ? 'no such folder' : error.message}`);

/** Before the database is asked: what file it is (null for a new one); an error if it cannot be written. */
async function target(file) {
	const found = await stat(file).catch((error) => {
		if (error.code === 'ENOENT') return null;
		throw notWritten(file, error);
	});
	if (found?.isDirectory()) throw notWritten(file, new Error('it is a folder'));
	await access(found && !found.isFile() ? file : dirname(file), constants.W_OK).catch((error) => {
		throw notWritten(file, error);
	});
	return found;
}

/** All of the page or nothing: whoever opens the file meanwhile has the page before. */
async function write(file, found, page) {
	const plain = found === null || found.isFile();
	const name = plain ? join(dirname(file), `.claimline-report.${process.pid}.tmp`) : file;

	try {
		const handle = await open(name, plain ? 'wx' : 'w', 0o600);
		try {
			await handle.writeFile(page);
			if (plain && found !== null) await handle.chmod(found.mode & 0o7777);
		} finally {
			await handle.close();
		}
		if (plain) await rename(name, file);
	} catch (error) {
		if (plain) await unlink(name).catch(() => {});
		throw notWritten(file, error);
	}
}

/** The module that draws needs packages, which npm ci fetches. */
async function drawer() {
	try {
		return await import('./page.mjs');
	} catch (error) {
		if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
		throw new Failure(3, `a package that draws is missing: npm ci --prefix ${dirname(dirname(fileURLToPath(import.meta.url)))}`);
	}
}

async function run(argv) {
	const options = parse(argv);

	if (options.help) {
		process.stdout.write(usage);
		return 0;
	}
	const { page, state } = await drawer();
	const found = options.out === null ? null : await target(options.out);
	const answer = await ask(options);
	const text = page(answer, options);
	if (options.out === null) await new Promise((resolve) => process.stdout.write(text, resolve));
	else await write(options.out, found, text);
	const now = state(answer.report);
	if (now.bad) {
		process.stderr.write(`claimline-report: ${now.said}\n`);
		return 4;
	}
	return 0;
}

process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 1 : 1));
run(process.argv.slice(2)).then((status) => {
	process.exitCode = status;
}, (error) => {
	process.stderr.write(`claimline-report: ${error instanceof Failure ? error.message : error.stack}\n`);
	process.exitCode = error.status ?? 1;
});

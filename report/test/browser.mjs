// report/test/browser.mjs
// Opens pages in a headless Chromium over a pipe: no package, no network.  Node 18.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Browser {
	#child; #profile; #pending = new Map(); #next = 0; #rest = ''; #listeners = [];

	constructor(program = process.env.CHROMIUM ?? 'chromium') {
		this.#profile = mkdtempSync(join(tmpdir(), 'claimline-report.'));
		this.#child = spawn(program, ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run', '--disable-background-networking',
			'--remote-debugging-pipe', `--user-data-dir=${this.#profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
		this.#child.on('error', (error) => this.#fail(error));
		this.#child.on('exit', () => this.#fail(new Error(`${program} ended`)));
		this.#child.stdio[3].on('error', () => {});
		this.#child.stdio[4].setEncoding('utf8').on('data', (data) => this.#take(data));
	}

	#fail(error) {
		for (const { reject } of this.#pending.values()) reject(error);
		this.#pending.clear();
	}

	#take(data) {
		const texts = (this.#rest + data).split('\0');
		this.#rest = texts.pop();
		for (const text of texts) {
			const message = JSON.parse(text), waiting = this.#pending.get(message.id);
			if (waiting === undefined) {
				this.#listeners.forEach((listener) => listener(message));
				continue;
			}
			this.#pending.delete(message.id);
			if (message.error) waiting.reject(new Error(`${waiting.method}: ${message.error.message}`));
			else waiting.resolve(message.result);
		}
	}

	send(method, params = {}, sessionId = undefined) {
		const id = ++this.#next;
		return new Promise((resolve, reject) => {
			this.#pending.set(id, { method, resolve, reject });
			this.#child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
		});
	}

	/** A page of a file, in a window of this width; requests are the addresses that it asked for beside itself. */
	async open(url, { width, dark = false, print = false }) {
		const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
		const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
		const ask = (method, params) => this.send(method, params, sessionId), requests = [];
		const loaded = new Promise((resolve) => this.#listeners.push((message) => {
			if (message.sessionId !== sessionId) return;
			if (message.method === 'Network.requestWillBeSent' && message.params.request.url !== url) requests.push(message.params.request.url);
			if (message.method === 'Page.loadEventFired') resolve();
		}));
		await ask('Network.enable');
		await ask('Page.enable');
		await ask('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });
		await ask('Emulation.setEmulatedMedia', { media: print ? 'print' : 'screen', features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
		await ask('Page.navigate', { url });
		await loaded;
		return {
			requests,
			evaluate: async (code) => {
				const { result, exceptionDetails } = await ask('Runtime.evaluate', { expression: code, returnByValue: true });
				if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
				return result.value;
			},
			/** As PNG, all of the page or height pixels of it. */
			picture: async (height = 0, top = 0, scale = 1) => {
				const { cssContentSize: size } = await ask('Page.getLayoutMetrics');
				const { data } = await ask('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true,
					clip: { x: 0, y: top, width, height: height || size.height, scale } });
				return Buffer.from(data, 'base64');
			},
			pdf: async () => Buffer.from((await ask('Page.printToPDF', { printBackground: true })).data, 'base64'),
			close: () => this.send('Target.closeTarget', { targetId }),
		};
	}

	async close() {
		const gone = new Promise((resolve) => this.#child.once('exit', resolve));
		this.send('Browser.close').catch(() => {});
		await gone;
		rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
	}
}

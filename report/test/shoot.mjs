// report/test/shoot.mjs FILE.html FOLDER
// Pictures of a page, to be looked at.
import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Browser } from './browser.mjs';
const [file, folder, only = '', top = '0', tall = '0'] = process.argv.slice(2), browser = new Browser();
for (const [width, dark] of [[1280, false], [390, false], [1280, true], [390, true]]) {
	const name = `${width}${dark ? '-dark' : ''}`;
	if (only && only !== name) continue;
	const page = await browser.open(`file://${resolve(file)}`, { width, dark });
	writeFileSync(`${folder}/${basename(file, '.html')}-${name}.png`, await page.picture(Number(tall), Number(top)));
	await page.close();
}
await browser.close();

// report/src/html.mjs
// Pieces of HTML: texts that are escaped, tables, figures.  What is marked with raw() is HTML already.

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text of the database on one line: what controls a terminal or the direction of writing is shown as a mark; cut at limit. */
export function clean(text, limit = 300) {
	const plain = String(text ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
	const letters = plain.length > limit ? [...plain.slice(0, 2 * limit + 2)] : null;
	return letters !== null && letters.length > limit ? letters.slice(0, limit - 1).join('') + '…' : plain;
}

export const escape = (text, limit) => clean(text, limit).replace(/[&<>"']/g, (c) => entities[c]);

class Raw {
	constructor(text) {
		this.text = text;
	}
	toString() {
		return this.text;
	}
}

/** HTML as it stands. */
export const raw = (text) => new Raw(text);

const piece = (value) => Array.isArray(value) ? value.map(piece).join('')
	: value instanceof Raw ? value.text : value === null || value === undefined || value === false ? '' : escape(value);

/** html`<p>${text}</p>`: what is put in is escaped unless it is raw or of html; lists are joined, null is nothing. */
export const html = (strings, ...parts) => raw(strings.reduce((text, string, i) => text + piece(parts[i - 1]) + string));

/** A table: columns are [heading, cell(row), 'number' or 'code' or nothing]; rows that are left out are said. */
export function table(caption, columns, rows, { limit = Infinity, name = null } = {}) {
	const shown = rows.slice(0, limit);
	return html`<table${name && html` class="${name}"`}><caption>${caption}</caption><thead><tr>${
		columns.map(([heading, , kind]) => html`<th scope="col"${kind && html` class="${kind}"`}>${heading}</th>`)
	}</tr></thead><tbody>${
		shown.map((row) => html`<tr>${columns.map(([, cell, kind], i) => i === 0
			? html`<th scope="row">${cell(row)}</th>` : html`<td${kind && html` class="${kind}"`}>${cell(row)}</td>`)}</tr>\n`)
	}</tbody></table>${rows.length > shown.length && html`<p class="soft">${rows.length - shown.length} more are left out.</p>`}`;
}

/** What a plot shows, as a table that opens without a script. */
export const behind = (...args) => html`<details><summary>The figures</summary>${table(...args)}</details>`;

let sections = 0;

/** A section: a heading, a sentence, and what follows. */
export function section(heading, sentence, body, name = '') {
	const id = `s${++sections}`;
	return html`<section class="${name}" aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${sentence && html`<p class="soft">${sentence}</p>`}${body}</section>\n`;
}

/** Sections of a page are numbered from one. */
export const begin = () => { sections = 0; };

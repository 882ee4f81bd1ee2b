// report/src/numbers.mjs
// Numbers, amounts and times in words.

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const dollars = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const millions = [0, 1, 2].map((digits) => new Intl.NumberFormat('en-US', { notation: 'compact', minimumFractionDigits: digits, maximumFractionDigits: digits }));

/** As a number; NaN for none, and for what numeric has and JSON has not, which comes as text. */
export const number = (value) => value === null || value === undefined ? NaN : Number(value);

const said = (value, format) => {
	const n = number(value);
	return Number.isFinite(n) ? format(n) : value === null || value === undefined ? '–' : String(value);
};
const signed = (n, text) => (n < 0 ? '−' : '') + text;

export const count = (value) => said(value, (n) => signed(n, grouped.format(Math.abs(n))));
/** $1,234: without cents where they do not matter. */
export const money = (value) => said(value, (n) => signed(n, '$' + (Math.abs(n) < 100 && n % 1 !== 0 ? cents : dollars).format(Math.abs(n))));
/** $1,234.50 */
export const exact = (value) => said(value, (n) => signed(n, '$' + cents.format(Math.abs(n))));
/** In a tile: $17.0M where all of it is too long. */
export const brief = (value, format) => {
	const n = number(value), size = Math.abs(n) < 9_995_000 ? 2 : Math.abs(n) < 99_950_000 ? 1 : 0;
	return Math.abs(n) < 1e6 || !Number.isFinite(n) ? format(value) : format === money
		? `${n < 0 ? '−' : ''}$${millions[size].format(Math.abs(n))}` : millions[size].format(n);
};
export const compact = (n) => short.format(n);

/** A difference with its sign. */
export const change = (n, format) => !Number.isFinite(n) ? '–' : n === 0 ? 'no change' : n > 0 ? `+${format(n)}` : format(n);

export function share(part, whole, digits = 1) {
	const rate = number(part) / number(whole);
	return Number.isFinite(rate) ? `${(100 * rate).toFixed(digits)}%` : '–';
}

/** How many of what: 1 line, 2 lines. */
export const many = (n, one, more = `${one}s`) => `${count(n)} ${number(n) === 1 ? one : more}`;

/** A time of the database, to the minute, in the time zone that it was given in. */
export const time = (text) => typeof text === 'string' ? text.slice(0, 16).replace('T', ' ') : '–';
export const zone = (text) => /([+-]\d\d):?(\d\d)?$/.exec(text ?? '')?.[0] ?? '';
export const day = (text) => typeof text === 'string' ? text.slice(0, 10) : '–';

/** Hours between two times of the database. */
export const hours = (from, to) => (Date.parse(to) - Date.parse(from)) / 36e5;

export function lasting(h) {
	if (!Number.isFinite(h)) return '–';
	if (h < 1) return many(Math.max(0, Math.round(h * 60)), 'minute');
	return h < 48 ? many(Math.round(h), 'hour') : many(Math.round(h / 24), 'day');
}

export const seconds = (value) => said(value, (n) => n < 120 ? `${n < 10 ? Number(n.toFixed(2)) : Math.round(n)} s`
	: n < 7200 ? `${Math.round(n / 60)} min` : `${(n / 3600).toFixed(1)} h`);

/** 2024-08: a month by its first day. */
export const month = (text) => text === null || text === undefined ? 'no date' : text.slice(0, 7);

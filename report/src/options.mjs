// report/src/options.mjs
// The command line.

export const usage = `claimline-report writes a page of what claimline's scans of a source found: one HTML file that needs nothing else.

usage: claimline-report --source=SOURCE [OPTION...] [DBNAME]

  --source=SOURCE        the source, as claim_source_add named it
  --policy=POLICY        the payer policy that it was scanned by, medicare by default
  --out=FILE             the page; standard output by default.  A new file can be read by its owner only
  --since=DATE           what is new since DATE (YYYY-MM-DD, from its first moment), and nights from then on
  --compare=POLICY|NIGHT beside another policy that the source was scanned by, or beside what stood at the end of
                         NIGHT (YYYY-MM-DD, or a time as PostgreSQL reads it)
  --no-patients          without the keys of patients; claims, lines and dates of service stay
  --help                 this text

  -d, --dbname=DBNAME    database or connection string, and as psql has them:
  -h, --host=HOST  -p, --port=PORT  -U, --username=NAME  -w, --no-password  -W, --password
  The environment variables of psql (PGHOST, PGDATABASE, ...) and its password file count too.

It asks the database through psql, by a role that may read the findings: the source's owner, or one that
claim_source_grant(source, role) named.

exit status: 0 written; 1 refused by the database (no such source or policy), or the file cannot be written; 2 wrong usage;
3 no psql, no connection, no extension, no right to read, a package that draws is missing; 4 written, and the page says
at its top that the source was never scanned, that the last scan did not finish, or that it is overdue
`;

/** An error that the user can do something about: what to say, and the exit status. */
export class Failure extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

const wrong = (message) => new Failure(2, `${message}\nTry "claimline-report --help".`);

const values = { source: 'source', policy: 'policy', out: 'out', since: 'since', compare: 'compare' };
const connection = { dbname: '-d', host: '-h', port: '-p', username: '-U' };
const flags = { 'no-password': '-w', password: '-W' };

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
	&& new Date(text).toISOString().startsWith(text);
const startsAsDay = (text) => /^\d{4}-\d\d-\d\d/.test(text);

/** --name=value, --name value, -nvalue, -n value: [name, value or null, rest]. */
function split(argument, rest) {
	if (argument.startsWith('--')) {
		const at = argument.indexOf('=');
		return at < 0 ? [argument.slice(2), null, rest] : [argument.slice(2, at), argument.slice(at + 1), rest];
	}
	const short = { d: 'dbname', h: 'host', p: 'port', U: 'username', w: 'no-password', W: 'password', '?': 'help' };
	const name = Object.hasOwn(short, argument[1]) ? short[argument[1]] : null;
	return [name ?? argument.slice(1), argument.length > 2 ? argument.slice(2) : null, rest];
}

/** The arguments as { help, source, policy, out, since, compare, patients, psql: [argument...] }. */
export function parse(argv) {
	const options = { policy: 'medicare', out: null, since: null, compare: null, patients: true, psql: [] };
	let rest = [...argv], database = null, onlyNames = false;

	while (rest.length > 0) {
		const argument = rest.shift();
		if (onlyNames || !argument.startsWith('-') || argument === '-') {
			if (database !== null) throw wrong(`one database is enough: ${argument}`);
			database = argument;
			continue;
		}
		if (argument === '--') {
			onlyNames = true;
			continue;
		}
		let [name, value] = split(argument, rest);
		const taken = () => {
			if (value === null && rest.length === 0) throw wrong(`${argument} lacks its value`);
			return value ?? rest.shift();
		};
		if (name === 'help') return { ...options, help: true };
		else if (name === 'no-patients' && value === null) options.patients = false;
		else if (Object.hasOwn(values, name)) options[values[name]] = taken();
		else if (Object.hasOwn(connection, name)) options.psql.push(connection[name], taken());
		else if (Object.hasOwn(flags, name) && value === null) options.psql.push(flags[name]);
		else throw wrong(`no such option: ${argument}`);
	}
	if (database !== null) {
		if (options.psql.includes('-d')) throw wrong(`one database is enough: ${database}`);
		options.psql.push('-d', database);
	}
	return check(options);
}

function check(options) {
	if (options.source === undefined || options.source === '') throw wrong('--source is missing');
	if (options.policy === '') throw wrong('--policy is empty');
	if (options.out === '') throw wrong('--out is empty');
	if (options.out === '-') options.out = null;
	if (options.since !== null && !isDay(options.since)) throw wrong(`--since=${options.since} is no date: YYYY-MM-DD`);
	if (options.compare !== null) {
		if (options.compare === '') throw wrong('--compare is empty');
		if (options.compare === options.policy) throw wrong(`--compare=${options.compare} is the policy itself`);
		if (/^\d{4}-\d\d-\d\d$/.test(options.compare) && !isDay(options.compare)) {
			throw wrong(`--compare=${options.compare} is no date`);
		}
		options.night = startsAsDay(options.compare) ? options.compare : null;
		options.other = options.night === null ? options.compare : null;
	}
	return options;
}

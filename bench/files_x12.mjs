// bench/files_x12.mjs READER FILE
//
// How many service lines (SV1) or service payments (SVC) node-x12 or x12-parser finds in a file: a segment at a time, no more is asked of them.

import { createReadStream, readFileSync } from 'node:fs'

const [reader, file] = process.argv.slice(2)
const wanted = new Set(['SV1', 'SVC'])
let n = 0

if (reader === 'node-x12') {
	const { X12Parser } = await import('node-x12')
	const parsed = new X12Parser(true).parse(readFileSync(file, 'utf8'))
	for (const group of (parsed.interchanges ?? [parsed]).flatMap(interchange => interchange.functionalGroups)) {
		for (const transaction of group.transactions) {
			n += transaction.segments.filter(segment => wanted.has(segment.tag)).length
		}
	}
} else if (reader === 'x12-parser') {
	const { X12parser } = await import('x12-parser')
	for await (const segment of createReadStream(file).pipe(new X12parser())) {
		n += wanted.has(segment.name) ? 1 : 0
	}
} else {
	throw new Error(`unknown reader "${reader}"`)
}
console.log(n)

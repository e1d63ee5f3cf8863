import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellError, Language, LanguageContext, WireParts } from '@crossview/contracts';
import { DataType, TimeUnit, tableFromArrays, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import typescript from '../../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../../support/cells.js';
import { FileViewHolder } from '../../support/file-view-holder.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { startViewsSession, type ViewsSession, writeParts } from '../../support/views-session.js';

const test = suite('views in TypeScript cells');
let all: ViewsSession;
let language: Language;

test.before(async () => {
  all = await startViewsSession(new FileViewHolder());
  all.session.method('frames.render', (params) => {
    const { data } = params as unknown as { data: WireParts };
    const shown = tableFromIPC(readFileSync(data.parts[0]!));
    return {
      data: { 'text/plain': `${shown.numRows} of ${data.totalRows}: ${shown.schema.names.join()}` },
      metadata: {},
    };
  });
  language = typescript.create({
    ...all,
    workingDirectory: temporaryDirectory('typescript-views'),
  } as unknown as LanguageContext);
});
test.after(async () => {
  await language.close();
  await all.close();
});

async function ok(code: string) {
  const cell = await runCell(language, code);
  assert.equal(cell.outcome, { status: 'ok' });
  return cell;
}
const resultOf = async (code: string) => (await ok(code)).result?.['text/plain'];
async function fails(code: string) {
  const { outcome } = await runCell(language, code);
  assert.is(outcome.status, 'error');
  return outcome as CellError;
}
async function table(name: string) {
  const { parts } = await all.views.read(name);
  return tableFromIPC(readFileSync(parts[0]!));
}

test('a view of several parts is one table', async () => {
  const parts = writeParts(
    await all.views.allocate(),
    tableFromArrays({ n: Int32Array.of(1, 2) }),
    tableFromArrays({ n: Int32Array.of(3) }),
  );
  await all.views.publish('numbers', parts, 'python');
  assert.is(await resultOf("const t = await views.get('Numbers'); [t.numRows, ...t.getChild('n')!].join()"), '3,1,2,3');
  assert.is(await resultOf("(await views.get('numbers', { limit: 2 })).numRows"), '2');
  assert.is(
    await resultOf(
      "let sum = 0; for await (const batch of views.stream('numbers')) for (const n of batch.getChild('n')!) sum += n; sum",
    ),
    '6',
  );
});

test('views.set publishes tables, batches and columns; text is text and times are microseconds', async () => {
  await ok(`
    const made = arrow.tableFromArrays({ word: ['a', 'b', 'a'], n: BigInt64Array.of(1n, 2n, 9007199254740993n), when: [new Date(0), new Date(1), new Date(1735689600123)] });
    await views.set('made', made);
    await views.set('batch', made.batches[0]);
    await views.set('columns', { x: [1, 2], y: ['p', null] });
  `);
  const read = await table('made');
  const [word, n, when] = read.schema.fields.map((field) => field.type);
  assert.ok(DataType.isUtf8(word) && DataType.isInt(n) && DataType.isTimestamp(when), String(read.schema));
  assert.is((when as { unit: TimeUnit }).unit, TimeUnit.MICROSECOND);
  assert.equal([...read.getChild('word')!], ['a', 'b', 'a']);
  assert.equal([...read.getChild('n')!], [1n, 2n, 9007199254740993n]);
  assert.equal([...read.getChild('when')!].map(Number), [0, 1, 1735689600123]);
  assert.equal([...(await table('columns')).getChild('y')!], ['p', null]);
  assert.equal(
    (await all.views.list()).map((view) => [view.name, view.language, view.note]),
    [
      ['batch', 'typescript', undefined],
      ['columns', 'typescript', undefined],
      ['made', 'typescript', undefined],
      ['numbers', 'python', undefined],
    ],
  );
});

test('nested columns without rows are written', async () => {
  const made =
    "const none = arrow.vectorFromArray([], new arrow.List(new arrow.Field('item', new arrow.Struct([new arrow.Field('n', new arrow.Int32(), true)]), true)));\n";
  const { outcome, result } = await runCell(
    language,
    `${made}await views.set('none', new arrow.Table({ none })); String((await views.get('none')).schema)`,
  );
  assert.is(outcome.status, 'ok', JSON.stringify(outcome));
  assert.match(result!['text/plain'], /List<Struct/);
  await all.views.drop('none');
});

test('a large table is written in parts, which are read in their order', async () => {
  const made = "await views.set('large', { n: Float64Array.from({ length: 9_000_000 }, (_, index) => index) });";
  const read =
    "const column = (await views.get('large')).getChild('n')!; [column.length, column.get(0), column.get(5_000_000), column.get(8_999_999)].join()";
  const { outcome, result } = await runCell(language, `${made}\n${read}`);
  assert.is(outcome.status, 'ok');
  assert.match(result!['text/plain'], '9000000,0,5000000,8999999');
  assert.is((await all.views.read('large')).parts.length, 2);
  await all.views.drop('large');
});

test('list and drop', async () => {
  await ok("await views.set('gone', { x: [1] })");
  assert.is(await resultOf("(await views.list()).some((view) => view.name === 'gone')"), 'true');
  assert.is(await resultOf("[await views.drop('GONE'), await views.drop('gone')].join()"), 'true,false');
});

test('a view that is not there is an error at the line that asked', async () => {
  const error = await fails("\n\nawait views.get('numbrs')");
  assert.is(error.name, 'CrossviewError');
  assert.match(error.value, /There is no view "numbrs"\.\nDid you mean "numbers"\?/);
  assert.match(error.traceback.join('\n'), /:3:/);
});

test('what is no table is refused', async () => {
  assert.match((await fails("await views.set('x', 5 as never)")).value, /cannot be made of this value[\s\S]*columns/);
  assert.match((await fails("await views.set('bad name', { x: [1] })")).value, /cannot be the name/);
});

test('tables are drawn by the session, in order with what is printed', async () => {
  const cell = await ok(
    "console.log('before'); display(arrow.tableFromArrays({ a: new Float64Array(5000), b: Array(5000).fill('x') })); console.log('after'); await views.get('numbers')",
  );
  assert.is(cell.displays[0]!['text/plain'], '1000 of 5000: a,b');
  assert.is(cell.result!['text/plain'], '3 of 3: n');
  assert.equal(cell.order, ['stdout', 'display', 'stdout', 'result']);
  const summary = await ok('display(arrow.tableFromArrays({ a: Int32Array.of(1, 2) }), { summary: true })');
  assert.is(
    summary.displays[0]!['text/plain'],
    '1 of 1: column,type,count,missing,distinct,mean,stddev,min,25%,50%,75%,max',
  );
});

test('an empty table keeps its schema', async () => {
  await ok("await views.set('empty', new arrow.Table(new arrow.Schema([new arrow.Field('x', new arrow.Utf8())])))");
  assert.equal((await table('empty')).schema.names, ['x']);
  assert.is(await resultOf("const e = await views.get('empty'); e.numRows + e.schema.names[0]"), '0x');
});

test('a file beside the notebook may use Arrow', async () => {
  const directory = (await resultOf('process.cwd()')) as string;
  writeFileSync(join(directory, 'rows.mjs'), 'export const rows = (table) => table.numRows;\n');
  assert.is(await resultOf("import { rows } from './rows.mjs'; rows(await views.get('numbers'))"), '3');
});

test.run();

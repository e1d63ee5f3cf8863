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

test('a large view is the memory of its file: what a cell writes there is its own, and it goes with the table', async () => {
  await ok(`
    const { readFileSync } = await import('node:fs');
    // Linux tells what a process has mapped.
    const maps = () => process.platform !== 'linux' ? [] : readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => line.includes('.arrows'));
    const others = maps().length;
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
  `);
  await ok(`
    await views.set('mapped', { n: Float64Array.from({ length: 500_000 }, (_, index) => index) });
    let mapped: any = await views.get('mapped');
    mapped.getChild('n').data[0].values[1] = -5;
    const again = (await views.get('mapped')).getChild('n').get(1);
    // Node 20 copies what must not be transferred, later ones refuse it; the table stays whole either way.
    const hand = (buffer: ArrayBuffer) => {
      try {
        structuredClone(buffer, { transfer: [buffer] });
      } catch (error) {
        if (error.name !== 'DataCloneError') throw error;
      }
      return buffer.byteLength;
    };
    const other = hand(mapped.getChild('n').data[0].values.buffer);
    await views.drop('mapped');
  `);
  assert.is(
    await resultOf("[again, other > 4e6, maps().length > others || process.platform !== 'linux'].join()"),
    '1,true,true',
  );
  const sum = "(() => { let sum = 0; for (const n of mapped.getChild('n')) sum += n; return sum; })()";
  assert.is(await resultOf(sum), String((500_000 * 499_999) / 2 - 6));
  await ok('mapped = undefined');
  let gone: string | undefined;
  for (let turn = 0; turn < 100 && gone !== 'true'; turn += 1)
    gone = await resultOf('collect(); await new Promise((next) => setTimeout(next, 25)); maps().length <= others');
  assert.is(gone, 'true');
});

test('a stream reads a file on only as its batches are asked for', async () => {
  await ok("await views.set('long', { n: new Float64Array(4_000_000) })");
  const early = await resultOf(`
    import { readFileSync } from 'node:fs';
    const bytesRead = () => Number(/rchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
    const before = bytesRead();
    const stream = views.stream('long');
    let rows = (await stream.next()).value.numRows;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const early = bytesRead() - before;
    for await (const batch of stream) rows += batch.numRows;
    if (rows !== 4_000_000) throw new Error(String(rows));
    early`);
  // A batch is two of its 32 megabytes.
  assert.ok(Number(early) > 0 && Number(early) < 8_000_000, early);
  await all.views.drop('long');
});

test('what its memory was asked for is not handed to what a cell starts', async () => {
  assert.is(await resultOf("Object.keys(process.env).filter((name) => name.includes('GLIBC')).join()"), '');
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

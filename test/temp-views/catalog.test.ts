import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ArrowParts, CrossviewError } from '@crossview/contracts';
import {
  Dictionary,
  Field,
  Int32,
  Int64,
  List,
  Table,
  tableFromArrays,
  tableFromIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import * as assert from 'uvu/assert';
import { FileViewHolder } from '../support/file-view-holder.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';
import { startViewsSession, type ViewsSession, writeParts } from '../support/views-session.js';

const test = suite('the catalog of views');
let spark: FileViewHolder;
let all: ViewsSession;

test.before.each(async () => {
  spark = new FileViewHolder();
  all = await startViewsSession(spark, { graceMilliseconds: 150 });
});
test.after.each(() => all.close());

const numbers = (...values: number[]) => tableFromArrays({ n: Int32Array.from(values) });
async function publish(name: string, ...tables: Table[]) {
  return all.views.publish(name, writeParts(await all.views.allocate(), ...tables), 'typescript');
}
async function rows(name: string, limit?: number): Promise<unknown[]> {
  return rowsOf(await all.views.read(name, limit === undefined ? {} : { limit }));
}
function rowsOf({ parts }: ArrowParts): unknown[] {
  return parts.flatMap((part) => [...tableFromIPC(readFileSync(part)).getChildAt(0)!]);
}
async function codeOf(action: Promise<unknown>): Promise<CrossviewError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, CrossviewError);
  return error as CrossviewError;
}
const inSpark = (name: string, table: Table) => spark.define(name, writeParts(temporaryDirectory('holder'), table));

test('a published view is read under any case, with rows and bytes counted by the catalog', async () => {
  const info = await publish('Delays', numbers(1, 2), numbers(3));
  assert.equal([info.name, info.rows, info.language, info.scope], ['Delays', 3, 'typescript', 'session']);
  assert.equal(info.fields, [{ name: 'n', type: 'Int32', nullable: false }]);
  assert.ok(info.bytes > 0);
  assert.equal(await rows('dELAYS'), [1, 2, 3]);
});

test('files are closed to others', async () => {
  await publish('v', numbers(1));
  const [part] = (await all.views.read('v')).parts;
  assert.is(statSync(part!).mode & 0o777, 0o600);
  assert.is(statSync(dirname(part!)).mode & 0o777, 0o700);
});

test('a view that does not exist is named with the nearest names', async () => {
  await publish('flights', numbers(1));
  const error = await codeOf(all.views.read('flihgts'));
  assert.is(error.code, 'VIEW_NOT_FOUND');
  assert.match(error.hint!, /"flights"/);
  assert.match((await codeOf(all.views.read('zzzzzz'))).hint!, /one view: flights/);
});

test('names that Spark cannot have are refused', async () => {
  const error = await codeOf(publish('two words', numbers(1)));
  assert.is(error.code, 'VIEW_NAME_INVALID');
  assert.equal(readdirSync(all.directories.arrow), []);
});

test('replacing leaves the files of readers alone for a while, then removes them', async () => {
  // What Spark has seen stays longer, for its plans may come back to it.
  spark.running = false;
  await publish('v', numbers(1));
  const old = await all.views.read('v');
  await publish('V', numbers(2));
  assert.equal(rowsOf(old), [1]);
  assert.equal(await rows('v'), [2]);
  assert.is((await all.views.list()).length, 1);
  await until('the old files are gone', () => !existsSync(old.parts[0]!), 10_000);
  assert.equal(await rows('v'), [2]);
});

test('half-written and foreign files are refused', async () => {
  const directory = await all.views.allocate();
  const parts = writeParts(directory, numbers(1, 2, 3));
  const bytes = readFileSync(parts.parts[0]!);
  writeFileSync(parts.parts[0]!, bytes.subarray(0, bytes.length - 40));
  assert.is((await codeOf(all.views.publish('v', parts, 'x'))).code, 'VIEW_DATA_INVALID');
  assert.not(existsSync(directory));
  const foreign = writeParts(temporaryDirectory('foreign'), numbers(1));
  assert.is((await codeOf(all.views.publish('v', foreign, 'x'))).code, 'VIEW_DATA_INVALID');
  assert.ok(existsSync(foreign.parts[0]!));
  const text = await all.views.allocate();
  writeFileSync(`${text}/part-0.arrows`, 'no arrow at all');
  const noArrow = { parts: [`${text}/part-0.arrows`], rows: 0, bytes: 0, totalRows: undefined };
  assert.is((await codeOf(all.views.publish('v', noArrow, 'x'))).code, 'VIEW_DATA_INVALID');
});

test('a stream cut at any byte is refused, or has lost nothing but its end mark', async () => {
  const whole = readFileSync(writeParts(temporaryDirectory('cut'), numbers(1, 2, 3)).parts[0]!);
  for (let length = 0; length < whole.length; length += 1) {
    const directory = await all.views.allocate();
    writeFileSync(`${directory}/p`, whole.subarray(0, length));
    const parts = { parts: [`${directory}/p`], rows: 0, bytes: 0, totalRows: undefined };
    const outcome = await all.views.publish('cut', parts, 'x').catch((error: CrossviewError) => error);
    if (outcome instanceof Error) assert.is((outcome as CrossviewError).code, 'VIEW_DATA_INVALID');
    else assert.ok(outcome.rows === 3 || outcome.rows === 0, `${length}: ${outcome.rows}`);
  }
});

test('a limit cuts, and says how many rows there are', async () => {
  await publish('v', numbers(1, 2), numbers(3, 4, 5));
  const cut = await all.views.read('v', { limit: 3 });
  assert.equal([rowsOf(cut), cut.rows, cut.totalRows], [[1, 2, 3], 3, 5]);
  assert.equal(await rows('v', 0), []);
  assert.equal(await rows('v', 10), [1, 2, 3, 4, 5]);
});

test('a view becomes Spark’s when it is offered, once', async () => {
  await publish('v', numbers(1));
  assert.is(spark.data('v'), undefined);
  await all.views.offerToSpark();
  assert.equal(rowsOf(spark.data('v')!), [1]);
  const first = (await spark.list())[0]!.version;
  await all.views.offerToSpark();
  assert.is((await spark.list())[0]!.version, first);
  await publish('v', numbers(2));
  await all.views.offerToSpark();
  assert.equal(rowsOf(spark.data('v')!), [2]);
  assert.is(spark.exports, 0);
});

test('Spark that does not run is not asked, and gets the views when it has started', async () => {
  spark.running = false;
  await publish('v', numbers(1));
  await all.views.offerToSpark();
  assert.equal(await spark.list(), []);
  assert.equal(await rows('v'), [1]);
  spark.running = true;
  await all.views.offerToSpark();
  assert.equal(
    (await spark.list()).map((view) => view.name),
    ['v'],
  );
});

test('after a new start of Spark the views are offered again', async () => {
  await publish('v', numbers(1));
  await all.views.offerToSpark();
  spark.restart();
  await all.views.offerToSpark();
  assert.equal(
    (await spark.list()).map((view) => view.name),
    ['v'],
  );
});

test('what a Spark cell replaces or drops is replaced and dropped everywhere', async () => {
  await publish('v', numbers(1));
  await publish('w', numbers(1));
  await all.views.offerToSpark();
  inSpark('V', numbers(7));
  await spark.drop('w');
  assert.equal(await rows('v'), [7]);
  assert.is((await codeOf(all.views.read('w'))).code, 'VIEW_NOT_FOUND');
});

test('a Spark view is exported once for each version, also for readers at the same time', async () => {
  inSpark('s', numbers(1));
  const both = await Promise.all([all.views.read('s'), all.views.read('S')]);
  assert.is(both[0].parts[0], both[1].parts[0]);
  await rows('s');
  assert.is(spark.exports, 1);
  inSpark('s', numbers(2));
  assert.equal(await rows('s'), [2]);
  assert.is(spark.exports, 2);
});

test('an export is made again when a view that it may stand on was replaced', async () => {
  inSpark('base', numbers(1));
  inSpark('derived', numbers(1));
  await rows('derived');
  inSpark('other', numbers(1));
  await rows('derived');
  assert.is(spark.exports, 1);
  inSpark('base', numbers(2));
  await rows('derived');
  assert.is(spark.exports, 2);
});

test('a reader that gives up stops the export that nobody else waits for', async () => {
  inSpark('slow', numbers(1));
  const exportTo = spark.exportTo.bind(spark);
  let given: AbortSignal | undefined;
  spark.exportTo = async (name, directory, options) => {
    const first = given === undefined;
    given ??= options.signal;
    if (first) await until('the reader has given up', () => options.signal?.aborted === true, 10_000);
    return exportTo(name, directory, options);
  };
  const controller = new AbortController();
  const reading = all.views.read('slow', { signal: controller.signal });
  await until('the export has begun', () => given !== undefined, 10_000);
  controller.abort(new CrossviewError('STOPPED', 'stopped'));
  assert.is((await codeOf(reading)).code, 'STOPPED');
  assert.ok(given!.aborted);
  assert.equal(await rows('slow'), [1]);
});

test('a failed export leaves nothing behind', async () => {
  inSpark('bad', numbers(1));
  spark.exportTo = async () => {
    throw new CrossviewError('SPARK_FAILED', 'task 7 of 200 failed');
  };
  assert.is((await codeOf(all.views.read('bad'))).code, 'SPARK_FAILED');
  assert.equal(readdirSync(all.directories.arrow), []);
});

test('global temp views are found by both names', async () => {
  spark.define('global_temp.g', writeParts(temporaryDirectory('holder'), numbers(4)), 'global');
  assert.equal(await rows('g'), [4]);
  assert.equal(await rows('global_temp.g'), [4]);
  assert.is((await all.views.list())[0]!.scope, 'global');
});

test('drop drops everywhere', async () => {
  await publish('v', numbers(1));
  await all.views.offerToSpark();
  assert.is(await all.views.drop('V'), true);
  assert.equal(await spark.list(), []);
  assert.is(await all.views.drop('v'), false);
  inSpark('s', numbers(1));
  assert.is(await all.views.drop('s'), true);
  assert.equal(await all.views.list(), []);
});

test('bytes are counted against the limit; replaced versions make room', async () => {
  await all.close();
  const big = new Table({ n: vectorFromArray([...Array(20_000).keys()].map(BigInt), new Int64()) });
  all = await startViewsSession(spark, { memoryLimitBytes: 400_000 });
  await publish('a', big);
  await publish('a', big);
  await publish('a', big);
  await publish('b', big);
  const error = await codeOf(publish('c', big));
  assert.is(error.code, 'VIEW_MEMORY_FULL');
  assert.match(error.message, /"c" needs 161 KB|0\.2 MB/);
  assert.equal(
    (await all.views.list()).map((view) => view.name),
    ['a', 'b'],
  );
  await all.views.drop('a');
  await publish('c', big);
});

test('what Spark has no type for is kept from Spark by column name, and Spark does not go on with the old', async () => {
  await publish('v', numbers(1));
  await all.views.offerToSpark();
  const info = await publish('v', tableFromArrays({ ok: Int32Array.of(1), tiny: Uint8Array.of(1) }));
  assert.match(info.note!, /column "tiny" is Uint8/);
  await all.views.offerToSpark();
  assert.equal(await spark.list(), []);
  assert.is((await all.views.read('v')).rows, 1);
  assert.is((await publish('d', tableFromArrays({ word: ['a'] }))).note, undefined);
  const words = vectorFromArray([['a']], new List(new Field('item', new Dictionary(new Utf8(), new Int32()))));
  assert.match((await publish('d', new Table({ words }))).note!, /column "words" is List.*Dictionary/);
});

test('one view that Spark fails to take does not stop the others', async () => {
  await publish('bad', numbers(1));
  await publish('good', numbers(2));
  const importFrom = spark.importFrom.bind(spark);
  spark.importFrom = async (name, data) => {
    if (name === 'bad') throw new Error('no');
    return importFrom(name, data);
  };
  await all.views.offerToSpark();
  assert.equal(
    (await spark.list()).map((view) => view.name),
    ['good'],
  );
  assert.match((await all.views.list()).find((view) => view.name === 'bad')!.note!, /did not take/);
});

test('all files are gone after close, which may come twice', async () => {
  await publish('v', numbers(1));
  await all.views.allocate();
  await all.views.close();
  await all.views.close();
  assert.equal(readdirSync(all.directories.arrow), []);
  assert.is((await codeOf(all.views.allocate())).code, 'VIEWS_CLOSED');
});

test.run();

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import type { CellError, CrossviewError, Language, LanguageContext } from '@crossview/contracts';
import { type Table, tableFromArrays, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../support/cells.js';
import { FileViewHolder } from '../support/file-view-holder.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';
import { startViewsSession, type ViewsSession, writeParts } from '../support/views-session.js';

const test = suite('views when something goes wrong', undefined, { timeout: 40_000 });
let spark: FileViewHolder;
let all: ViewsSession;
let python: PythonProcess;
let typescript: Language;

test.before.each(async () => {
  spark = new FileViewHolder();
  spark.running = false;
  all = await startViewsSession(spark, { graceMilliseconds: 50 });
  python = new PythonProcess(all.session);
  await python.run('from crossview_views import views\nimport pyarrow as pa');
  typescript = typescriptModule.create({
    ...all,
    workingDirectory: temporaryDirectory('faults'),
  } as unknown as LanguageContext);
});
test.after.each(async () => {
  python.close();
  await typescript.close();
  await all.close();
});

const numbers = (count: number) => tableFromArrays({ n: Float64Array.from({ length: count }, (_, index) => index) });
async function publish(name: string, ...tables: Table[]) {
  await all.views.publish(name, writeParts(await all.views.allocate(), ...tables), 'test');
}
const directories = () => readdirSync(all.directories.arrow).length;
async function codeOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'none',
    (error: CrossviewError) => error.code,
  );
}

test('a writer that runs out of space changes nothing and leaves nothing', async () => {
  await python.run('views["v"] = pa.table({"n": [1]})');
  const before = directories();
  const error = await python.fails(`
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        views["v"] = pa.table({"n": list(range(100_000))})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)`);
  assert.is(error.code, 'VIEW_WRITE_FAILED');
  assert.match(error.text, /View "v" could not be written: .*File too large/);
  assert.is(directories(), before);
  assert.equal(await python.run('result = views["v"].arrow().to_pydict()'), { n: [1] });
});

test('TypeScript that runs out of space changes nothing and leaves nothing', async () => {
  await runCell(typescript, "await views.set('v', { n: [1] })");
  const before = directories();
  // Small and in one part, and large in several that are written at the same time.
  for (const count of [100_000, 9_000_000]) {
    const { outcome } = await runCell(
      typescript,
      `import { execFileSync } from 'node:child_process';
      const limit = (bytes: number | string) => execFileSync('prlimit', ['--pid', String(process.pid), \`--fsize=\${bytes}:\`]);
      limit(100_000);
      try {
        await views.set('v', { n: new Float64Array(${count}).fill(1) });
      } finally {
        limit('unlimited');
      }`,
    );
    assert.is(outcome.status, 'error');
    const { value } = outcome as CellError;
    assert.match(value, /View "v" could not be written: .*(no space left|file too large).*\n.*drop views/is);
    assert.is(directories(), before);
  }
  const { result } = await runCell(typescript, "(await views.get('v')).getChild('n')!.get(0)");
  assert.is(result!['text/plain'], '1');
  await runCell(typescript, "await views.set('v', { n: [2, 3] })");
  assert.is(await python.run('result = views["v"].rows'), 2);
});

test('the directory deleted under us: the lost view is named, new ones work', async () => {
  await publish('v', numbers(3));
  rmSync(all.directories.arrow, { recursive: true });
  assert.is(await codeOf(all.views.read('v')), 'VIEW_LOST');
  assert.is(await codeOf(all.views.read('v')), 'VIEW_NOT_FOUND');
  await python.run('views["w"] = pa.table({"n": [1]})');
  assert.equal(await python.run('result = views["w"].arrow().to_pydict()'), { n: [1] });
});

test('an export that was deleted is made again', async () => {
  spark.running = true;
  spark.define('s', writeParts(temporaryDirectory('holder'), numbers(3)));
  await all.views.read('s');
  rmSync(all.directories.arrow, { recursive: true });
  assert.is((await all.views.read('s')).rows, 3);
  assert.is(spark.exports, 2);
});

test('files deleted between the answer and the reader are an error of that reader', async () => {
  await publish('v', numbers(3));
  await python.run(
    'from crossview_views import arrow_files\nfrom crossview_session import session\nparts = session().call("views.read", {"name": "v"})',
  );
  rmSync(all.directories.arrow, { recursive: true });
  const error = await python.fails('arrow_files.table("v", parts)');
  assert.is(error.code, 'VIEW_READ_FAILED');
  assert.match(error.text, /View "v"/);
});

test('a view replaced while it is read in batches is read to its own end', async () => {
  await publish('v', numbers(10), numbers(10), numbers(10));
  await python.run('batches = views["v"].batches(); first = next(batches)');
  let begun = () => {};
  const halfway = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const code = `
    const stream = views.stream('v');
    let rows = (await stream.next()).value.numRows;
    console.log('begun');
    await new Promise((resolve) => setTimeout(resolve, 600));
    for await (const batch of stream) rows += batch.numRows;
    rows`;
  const reading = runCell(typescript, code, { onOutput: begun });
  await halfway;
  await publish('v', numbers(1));
  await until('the old files are gone', () => directories() === 1, 10_000);
  assert.equal(await python.run('result = first.num_rows + sum(batch.num_rows for batch in batches)'), 30);
  assert.is((await reading).result!['text/plain'], '30');
  assert.is((await all.views.read('v')).rows, 1);
});

test('a reader that is killed leaves the view to the others', async () => {
  await publish('v', numbers(1000));
  const other = new PythonProcess(all.session);
  await other.run('from crossview_views import views\nt = views["v"].arrow()');
  other.kill();
  assert.is(await python.run('result = views["v"].rows'), 1000);
  await publish('v', numbers(5));
  await until('the old files are gone', () => directories() === 1, 10_000);
});

test('a view that changes with every turn is never read by halves', async () => {
  const turn = (value: number) => {
    const table = tableFromArrays({ n: new Float64Array(1000).fill(value) });
    return publish('turning', table, table);
  };
  await turn(0);
  let over = false;
  const writing = (async () => {
    for (let value = 1; value <= 60; value += 1) await turn(value);
    over = true;
  })();
  let reads = 0;
  while (!over) {
    const { parts } = await all.views.read('turning');
    const seen = new Set(parts.flatMap((part) => [...tableFromIPC(readFileSync(part)).getChild('n')!]));
    assert.is(seen.size, 1);
    reads += 1;
  }
  await writing;
  assert.ok(reads > 5, `${reads}`);
});

test('reading more than a share of the memory asks first', async () => {
  await publish('large', numbers(100_000));
  const careful = new PythonProcess(all.session, { CROSSVIEW_READ_SHARE: '0.000001' });
  await careful.run('from crossview_views import views');
  const error = await careful.fails('views["large"].to_pandas()');
  assert.is(error.code, 'VIEW_TOO_LARGE');
  assert.match(error.text, /View "large" has 0\.0008 GB.*\n.*limit=N.*large=True/);
  assert.equal(
    await careful.run(
      'result = [len(views["large"].to_pandas(large=True)), len(views["large"].to_pandas(limit=3)), views["large"].arrow().num_rows]',
    ),
    [100_000, 3, 100_000],
  );
  careful.close();
  const { outcome } = await runCell(
    typescript,
    "process.env.CROSSVIEW_READ_SHARE = '0.000001'; await views.get('large')",
  );
  assert.match(JSON.stringify(outcome), /View ..large.. has 0\.0008.*large: true/);
  assert.is(
    (await runCell(typescript, "(await views.get('large', { large: true })).numRows")).result!['text/plain'],
    '100000',
  );
});

test.run();

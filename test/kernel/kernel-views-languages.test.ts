import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Float64, Int32, Table, tableFromIPC, Utf8, vectorFromArray } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { writeParts } from '../support/views-session.js';

const test = suite('views in %%kernel, in other languages than Python', undefined, { timeout: 60_000 });
const { CROSSVIEW_TEST_DENO: deno, CROSSVIEW_TEST_TSLAB: tslab, CROSSVIEW_TEST_R_ARROW: rLibrary } = process.env;
const before = { ...process.env };
let session: KernelSession;

/** Kernelspecs as `deno jupyter --install` and `tslab install` write them, in a folder of the test's own. */
function kernelspecs(): string {
  const folder = temporaryDirectory('kernelspecs');
  const write = (name: string, language: string, argv: readonly string[], env = {}) => {
    const place = join(folder, 'kernels', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'kernel.json'), JSON.stringify({ argv, env, display_name: name, language }));
  };
  if (deno) write('deno', 'typescript', [deno, 'jupyter', '--kernel', '--conn', '{connection_file}']);
  for (const [name, flags] of Object.entries({ tslab: [], jslab: ['--js'] }))
    if (tslab)
      write(name, name === 'tslab' ? 'typescript' : 'javascript', [
        ...[process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
        ...flags,
      ]);
  if (rLibrary)
    write('ir-arrow', 'R', ['R', '--slave', '-e', 'IRkernel::main()', '--args', '{connection_file}'], {
      R_LIBS: rLibrary,
    });
  return folder;
}

test.before(async () => {
  process.env.JUPYTER_PATH = [kernelspecs(), before.JUPYTER_PATH].filter(Boolean).join(delimiter);
  // Libraries of the notebook: these kernels look for them where they run.
  const kernels = dirname(dirname(dirname(tslab ?? join(process.cwd(), 'a/b/c'))));
  session = await startKernelSession({
    defaultLanguage: 'echo',
    languages: [echo],
    context: { workingDirectory: kernels },
  });
  const { views } = session.context;
  const part = (n: number[], word: (string | null)[]) =>
    new Table({
      n: vectorFromArray(n, new Int32()),
      x: vectorFromArray(
        n.map((one) => one / 4),
        new Float64(),
      ),
      word: vectorFromArray(word, new Utf8()),
    });
  await views.publish(
    'numbers',
    writeParts(await views.allocate(), part([1, 2], ['a', 'größe']), part([3], [null])),
    'test',
  );
});
test.after(async () => {
  await session?.close();
  process.env = before;
});

const cell = (text: string) => session.client.execute(text);
async function succeeds(text: string) {
  const run = await cell(text);
  assert.is(run.reply.content.status, 'ok', JSON.stringify(run.reply.content));
  return run;
}
/** These kernels colour what they print where the environment asks for it. */
const printed = (run: Parameters<typeof textOn>[0]) => stripVTControlCharacters(textOn(run));
async function rows(name: string) {
  const { parts } = await session.context.views.read(name);
  const table = new Table(parts.flatMap((path) => tableFromIPC(readFileSync(path)).batches));
  return table.toArray().map((row) => row!.toJSON());
}
/** What each kernel hands on: the same rows, and rows of its own. */
const same = [
  { n: 1, x: 0.25, word: 'a' },
  { n: 2, x: 0.5, word: 'größe' },
  { n: 3, x: 0.75, word: null },
];
const readByPython = async (name: string) =>
  textOn(await succeeds(`%%kernel python3\nprint(views["${name}"].arrow().to_pylist())`)).trim();

test.needs('CROSSVIEW_TEST_TSLAB', 'TypeScript in tslab reads, publishes, and keeps its variables', async () => {
  const run = await succeeds(
    '%%kernel tslab -i numbers -o handed\nconst handed = numbers;\nconsole.log(numbers.numRows, numbers.getChild("word").get(1));',
  );
  assert.match(printed(run), /3 'größe'|3 größe/);
  assert.equal(await rows('handed'), same);
  await succeeds(
    `%%kernel tslab -o made\nconst made = require('apache-arrow').tableFromArrays({ n: [...handed.getChild('n')].map((n) => 2 * n) });`,
  );
  assert.is(await readByPython('made'), "[{'n': 2.0}, {'n': 4.0}, {'n': 6.0}]");
});

test.needs('CROSSVIEW_TEST_TSLAB', 'JavaScript in jslab reads and publishes', async () => {
  await succeeds('%%kernel jslab -i numbers -o from_js\nvar from_js = numbers;');
  assert.equal(await rows('from_js'), same);
});

test.needs('CROSSVIEW_TEST_DENO', 'TypeScript in Deno reads and publishes', async () => {
  const run = await succeeds(
    '%%kernel deno -i numbers -o from_deno\nconst from_deno = numbers;\nconsole.log(numbers.numRows, numbers.getChild("word").get(1));',
  );
  assert.match(printed(run), '3 größe');
  assert.equal(await rows('from_deno'), same);
  assert.match(await readByPython('from_deno'), "{'n': 2, 'x': 0.5, 'word': 'größe'}");
});

test.needs('CROSSVIEW_TEST_IRKERNEL', 'R without a package for Arrow is told which one to install', async () => {
  for (const code of ['-i numbers\n1', '-o made\nmade <- data.frame(n = 1)']) {
    const { content } = (await cell(`%%kernel ir ${code}`)).reply;
    assert.is(content.ename, 'KERNEL_LIBRARY_MISSING', JSON.stringify(content));
    assert.match(String(content.evalue), /View "(numbers|made)" needs arrow in the kernel ir/);
    assert.match(String(content.traceback), 'install.packages("nanoarrow")');
  }
  assert.is(textOn(await succeeds('%%kernel ir\ncat(nrow(made))')), '1', 'the kernel goes on');
});

// The folder of R packages with arrow or nanoarrow in it; neither is in Debian or any other registry of the tests.
test.needs('CROSSVIEW_TEST_R_ARROW', 'R reads and publishes data frames', async () => {
  const run = await succeeds(
    '%%kernel ir-arrow -i numbers -o from_r,means\nfrom_r <- numbers\nmeans <- data.frame(mean = mean(numbers$n))\ncat(nrow(numbers), numbers$word[2], is.na(numbers$word[3]))',
  );
  assert.is(textOn(run), '3 größe TRUE');
  assert.equal(await rows('from_r'), same);
  assert.is(await readByPython('means'), "[{'mean': 2.0}]");
});

test.run();

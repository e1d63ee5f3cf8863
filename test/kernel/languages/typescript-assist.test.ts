import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, LanguageContext } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import typescript from '../../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../../support/cells.js';
import { FileViewHolder } from '../../support/file-view-holder.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { startViewsSession, type ViewsSession } from '../../support/views-session.js';

const test = suite('completion and inspection of TypeScript cells');
const workingDirectory = temporaryDirectory('typescript-assist');
const { signal } = new AbortController();
let all: ViewsSession;
let language: Language;

test.before(async () => {
  writeFileSync(
    join(workingDirectory, 'lib.ts'),
    'export interface Airport { code: string; altitude: number }\nexport const jfk: Airport = { code: "JFK", altitude: 4 };\n',
  );
  all = await startViewsSession(new FileViewHolder());
  language = typescript.create({ ...all, workingDirectory } as unknown as LanguageContext);
  await runCell(language, 'interface Flight { carrier: string; delay: number | null }\nconst flights: Flight[] = [];');
  await runCell(
    language,
    "import { jfk } from './lib.ts';\n/** How late it is. */ const lateness = (flight: Flight) => flight.delay ?? 0;",
  );
});
test.after(async () => {
  await language.close();
  await all.close();
});

/** `|` is where the cursor stands. */
const at = (text: string): [string, number] => [text.replace('|', ''), text.indexOf('|')];
const complete = (text: string) => language.complete!(...at(text), signal);
async function matches(text: string): Promise<readonly string[]> {
  return (await complete(text)).matches;
}

test('names and members of earlier cells, with their types', async () => {
  assert.equal(await matches('flights[0]!.|'), ['carrier', 'delay']);
  assert.ok((await matches('late|')).includes('lateness'));
  assert.equal(await matches('jfk.al|'), ['altitude']);
  const found = await complete('const x = 1;\nflights.for|');
  assert.equal(found.matches, ['forEach']);
  assert.equal([found.start, found.end], [21, 24]);
});

test('a name means its last declaration', async () => {
  await runCell(language, "const again = 'text';");
  await runCell(language, 'const again = { number: 1 };');
  assert.equal(await matches('again.|'), ['number']);
  assert.equal(await matches('const again = { mine: 1 }; again.|'), ['mine']);
});

test('views, Arrow, display and Node have types', async () => {
  assert.equal(await matches("const t = await views.get('v'); t.numR|"), ['numRows']);
  assert.ok((await matches('views.|')).includes('stream'));
  await runCell(language, 'await views.set("flown", { n: [1] })');
  assert.equal(await matches("const t = await views.get('FL|"), ['flown']);
  assert.ok((await matches('arrow.tableFrom|')).includes('tableFromArrays'));
  assert.equal(await matches('display.ht|'), ['html']);
  assert.ok((await matches("import fs from 'node:fs'; fs.readFileS|")).includes('readFileSync'));
});

test('inspection gives signature and words', async () => {
  const shown = await language.inspect!(...at('late|ness(flights[0])'), 0, signal);
  assert.match(shown!['text/plain'], /lateness\(flight: Flight\): number\n\nHow late it is\./);
  assert.match((await language.inspect!(...at('views.get(|'), 0, signal))!['text/plain'], /get\(name: string/);
  assert.is(await language.inspect!(...at(' |'), 0, signal), undefined);
});

test('whether a console should go on', async () => {
  const status = async (code: string) => (await language.isComplete!(code)).status;
  assert.is(await status('const a = 1;'), 'complete');
  assert.is(await status('await fetch("x")'), 'complete');
  assert.equal(await language.isComplete!('  function f() {'), { status: 'incomplete', indent: '    ' });
  assert.is(await status('`text'), 'incomplete');
  assert.is(await status('/* comment'), 'incomplete');
  assert.is(await status('const x = ;\nconst y = 1'), 'invalid');
});

test('it answers while a cell is busy', async () => {
  const controller = new AbortController();
  const running = runCell(language, 'while (true) {}', { signal: controller.signal });
  assert.equal(await matches('jfk.co|'), ['code']);
  controller.abort();
  assert.is((await running).outcome.status, 'error');
});

test.run();

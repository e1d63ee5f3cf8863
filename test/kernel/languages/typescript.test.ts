import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellError, Language, LanguageContext } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import typescript from '../../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../../support/cells.js';
import { FileViewHolder } from '../../support/file-view-holder.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { startViewsSession, type ViewsSession } from '../../support/views-session.js';

const test = suite('TypeScript cells');
const workingDirectory = temporaryDirectory('typescript');
let views: ViewsSession;
let language: Language;

test.before(async () => {
  views = await startViewsSession(new FileViewHolder());
  language = typescript.create({ ...views, workingDirectory } as unknown as LanguageContext);
});
test.after(async () => {
  await language.close();
  await language.close();
  await views.close();
});

const run = (code: string, options: Parameters<typeof runCell>[2] = {}) => runCell(language, code, options);
async function ok(code: string) {
  const cell = await run(code);
  assert.equal(cell.outcome, { status: 'ok' });
  return cell;
}
async function fails(code: string, options: Parameters<typeof runCell>[2] = {}) {
  const cell = await run(code, options);
  assert.is(cell.outcome.status, 'error', JSON.stringify(cell));
  return cell.outcome as CellError;
}
const resultOf = async (code: string) => (await ok(code)).result?.['text/plain'];

test('the last expression is the value of the cell', async () => {
  assert.is(await resultOf('1 + 1'), '2');
  assert.is(await resultOf("'text';"), 'text');
  assert.is(await resultOf('const nothing = 1;'), undefined);
  assert.is(await resultOf('({ a: [1n, null] })'), '{ a: [ 1n, null ] }');
  assert.is(await resultOf('Promise.resolve(5)'), '5');
  assert.is(await resultOf('// only a comment'), undefined);
});

test('declarations of every kind last, and may be made again', async () => {
  await ok(`
    const a: number = 1; let b = 2; var c = 3;
    const { d, e: [f = 6, ...g], ...rest } = { d: 4, e: [undefined, 7, 8], x: 9 };
    function square(n: number): number { return n * n }
    async function later<T>(value: T): Promise<T> { await null; return value }
    class Point { constructor(readonly x: number, private y = 0) {} get both() { return [this.x, this.y] } }
    enum Colour { Red, Green = 'g' }
    namespace Space { export const inner = 11 }
    interface Shape { side: number }
    type Alias = Shape | null;
    abstract class Base { abstract name(): string; hello() { return 'hello ' + this.name() } }
    for (var k = 0; k < 3; k++) { var inBlock = k }
  `);
  assert.is(
    await resultOf(
      'JSON.stringify([a, b, c, d, f, g, rest, square(5), await later(7), new Point(1).both, Colour.Red, Colour.Green, Space.inner, k, inBlock])',
    ),
    '[1,2,3,4,6,[7,8],{"x":9},25,7,[1,0],0,"g",11,3,2]',
  );
  assert.is(await resultOf("class Named extends Base { name() { return 'x' } }; new Named().hello()"), 'hello x');
  await ok("const a = 'again'; let square = 5; class Point { z = 3 }");
  assert.is(await resultOf('[a, square, new Point().z].join()'), 'again,5,3');
});

test('a function that calls itself finds the one declared last', async () => {
  await ok('function count(n: number): number { return n === 0 ? 0 : 1 + count(n - 1) }');
  assert.is(await resultOf('count(10)'), '10');
  assert.is(await resultOf('count.name'), 'count');
});

test('names of the platform can be declared', async () => {
  assert.is(await resultOf("const crypto = 'mine'; const name = 'n'; crypto + name"), 'minen');
});

test('await at the top, in loops and over iterators', async () => {
  const code = `
    const seen: number[] = [];
    async function* numbers() { yield 1; await null; yield 2 }
    for await (const n of numbers()) seen.push(n);
    for await (const n of [Promise.resolve(3), 4]) seen.push(n);
    seen.push(await new Promise<number>((resolve) => setTimeout(resolve, 5, 5)));
    seen`;
  assert.is(await resultOf(code), '[ 1, 2, 3, 4, 5 ]');
});

test('imports: packages, files beside the notebook, require', async () => {
  writeFileSync(
    join(workingDirectory, 'lib.ts'),
    "import { three } from './deep.js';\nexport enum E { A = 1 }\nexport const two: number = 2 + (three - 3);\nexport type T = string;\n",
  );
  writeFileSync(join(workingDirectory, 'deep.ts'), 'export const three = 3 as number;\n');
  const first = `
    import { two, E as Letters, type T } from './lib.ts';
    import * as lib from './lib';
    import path, { sep } from 'node:path';
    import { Table } from 'apache-arrow';
    const os = require('os');
    const text: T = 'x';
    [two, Letters.A, lib.two, path.join('a', 'b') === 'a' + sep + 'b', Table === arrow.Table, typeof os.cpus].join()`;
  assert.is(await resultOf(first), '2,1,2,true,true,function');
  writeFileSync(join(workingDirectory, 'lib.ts'), 'export const two = 22;\n');
  assert.is(await resultOf("import { two } from './lib.ts'; two"), '22');
  assert.is(await resultOf("(await import('./lib.ts')).two"), '22');
  assert.match((await fails("import x from 'no-such-package'")).value, /no-such-package/);
});

test('output streams in order', async () => {
  const cell = await ok(
    "console.log('one %d', 1); console.error('two'); process.stdout.write('three'); display('four'); 5",
  );
  assert.is(cell.stdout, 'one 1\nthree');
  assert.is(cell.stderr, 'two\n');
  assert.equal(cell.order, ['stdout', 'stderr', 'stdout', 'display', 'result']);
});

test('display shows what it is told to', async () => {
  const { displays } = await ok(
    "display.html('<b>x</b>'); display.json({ a: 1 }); display({ [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': '<svg/>' }) })",
  );
  assert.is(displays[0]!['text/html'], '<b>x</b>');
  assert.equal(displays[1]!['application/json'], { a: 1 });
  assert.is(displays[2]!['image/svg+xml'], '<svg/>');
});

test('type errors do not stop a cell', async () => {
  assert.is(await resultOf("const wrong: number = 'text'; wrong"), 'text');
});

test('a syntax error names line and column and runs nothing', async () => {
  const error = await fails("console.log('not run');\nconst x = ;", { lineOffset: 1 });
  assert.is(error.name, 'SyntaxError');
  assert.match(error.value, /Expression expected\. \(line 3, column 11\)/);
  assert.ok(error.traceback.includes('  3 | const x = ;'), error.traceback.join('\n'));
});

test('an error of the code names the line that the user wrote', async () => {
  await ok('type Long = {\n  a: number;\n};\nfunction deep(x: Long): never {\n  throw new RangeError("too deep");\n}');
  const error = await fails('interface I {\n  b: string\n}\n\ndeep({ a: 1 } as never);');
  assert.is(error.name, 'RangeError');
  assert.is(error.value, 'too deep');
  const text = error.traceback.join('\n');
  assert.match(text, /at deep \(cell-\d+\.ts:5:9\)/);
  assert.match(text, /cell-\d+\.ts:5:1/);
  assert.not.match(text, /process\/|node:/);
});

test('an error after an await names its callers', async () => {
  const error = await fails('async function inner() {\n  await null;\n  throw new Error("late");\n}\nawait inner();');
  assert.match(error.traceback.join('\n'), /:3:9[\s\S]*:5:1/);
});

test('values that are no errors can be thrown', async () => {
  assert.is((await fails("throw 'plain'")).value, 'plain');
});

test('an error nobody waits for is shown, and the session goes on', async () => {
  const cell = await ok(
    "const keep = 1; Promise.reject(new Error('stray')); setTimeout(() => { throw new Error('timer') }, 1); await new Promise((r) => setTimeout(r, 50));",
  );
  assert.match(cell.stderr, /Error: stray/);
  assert.match(cell.stderr, /Error: timer/);
  assert.is(await resultOf('keep'), '1');
});

test('another notebook of the session has variables and outputs of its own', async () => {
  await ok("const mine = 'first'; const pid = process.pid");
  const second = typescript.create({ ...views, workingDirectory } as unknown as LanguageContext);
  const cell = await runCell(second, "console.log('second'); typeof mine");
  await second.close();
  assert.equal(cell.outcome, { status: 'ok' });
  assert.is(cell.stdout, 'second\n');
  assert.match(cell.result?.['text/plain'] ?? '', /undefined/);
  assert.is(await resultOf('[mine, pid === process.pid].join()'), 'first,true');
});

test('values for other languages', async () => {
  await ok("const limit = 5; const big = 12n; const word = 'w'");
  const { signal } = new AbortController();
  assert.is(await language.readValue!('limit', signal), 5);
  assert.is(await language.readValue!('big', signal), 12);
  assert.is(await language.readValue!('word', signal), 'w');
  assert.is(await language.readValue!('process', signal), undefined);
});

test.run();

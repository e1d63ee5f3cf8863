import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Table, tableFromArrays } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { viewCodes } from '../../packages/kernel/dist/view-comm/view-code.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { writeParts } from '../support/views-session.js';

const test = suite('code by which kernels read and write views');

test('JavaScript reads all parts and writes what others read', async () => {
  const code = (await viewCodes()).find(({ languages }) => languages.includes('javascript'))!;
  const directory = temporaryDirectory('codes');
  const table = (...n: number[]) => tableFromArrays({ n: Float64Array.from(n) });
  const { parts } = writeParts(directory, table(1, 2), table(3));
  const out = join(directory, 'out.arrows');
  const require = createRequire(import.meta.url);
  const run = (text: string) => new Function('require', text)(require) as unknown;
  const read = run(`${code.read('v', parts)} ${code.write('v', out)} return v;`) as Table;
  assert.is(read.numRows, 3);
  const again = run(`${code.read('w', [out])} return w;`) as Table;
  assert.equal([...again.getChild('n')!], [1, 2, 3]);
});

test('C# goes through the batches of all parts', async () => {
  const code = (await viewCodes()).find(({ languages }) => languages.includes('csharp'))!;
  assert.match(code.read('v', ['/a', '/b']), /List<Apache\.Arrow\.RecordBatch>\(\);\nforeach .*\{ "\/a", "\/b" \}/);
  assert.match(code.write('v', '/out'), /ArrowStreamWriter\(\w+, v\[0\]\.Schema\)/);
});

test('a path cannot end the text that it stands in', async () => {
  const paths = ['/a/"quote', '/a/$dollar', '/a/back\\slash'];
  for (const { languages, read, write } of await viewCodes()) {
    if (languages.includes('python')) continue;
    for (const path of paths)
      for (const code of [read('v', [path]), write('v', path)]) {
        assert.not.match(code, /[^\\]"quote/, languages.join());
        if (languages.includes('julia')) assert.not.match(code, /[^\\]\$dollar/);
      }
  }
});

test('each language has one file', async () => {
  const languages = (await viewCodes()).flatMap((one) => one.languages);
  assert.is(new Set(languages).size, languages.length);
  for (const language of ['python', 'R', 'julia', 'javascript', 'typescript', 'csharp'])
    assert.ok(languages.includes(language));
});

test.run();

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { freshHome, runDoor, startDoor } from '../../support/door.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { testToolchain } from '../../support/toolchain.js';
import { until } from '../../support/until.js';

const minutes = 60_000;
const test = suite('crossview run', undefined, { timeout: 3 * minutes });
const env = { CROSSVIEW_HOME: freshHome('run') };
const folder = temporaryDirectory('notebooks');

/** A notebook for a plain Python kernel: these tests are about running, not about languages. */
function notebook(name: string, ...cells: string[]): string {
  const path = join(folder, `${name}.ipynb`);
  const code = cells.map((source, index) => ({
    cell_type: 'code',
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const kernelspec = { name: 'python3', display_name: 'Python', language: 'python' };
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells: code }));
  return path;
}

// The first of them sets up; the others find it done.
test.before(
  () => {
    const run = runDoor(['setup', '--no-class-archive'], env, { timeout: 3 * minutes });
    if (run.code !== 0) throw new Error(run.stderr);
  },
  { timeout: 3 * minutes },
);

test('shows what each cell gives and writes the executed notebook', () => {
  const path = notebook('good', 'print("one")', 'x = 6\nx * 7', '');
  const run = runDoor(['run', path], env);
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stdout, /\[1\/3\] print\("one"\)\none\n/);
  assert.match(run.stdout, /\[2\/3\] x = 6\n42\n/);
  const executed = join(folder, 'good.executed.ipynb');
  assert.ok(run.stdout.trimEnd().endsWith(`executed notebook: ${executed}`));
  const { cells, metadata } = JSON.parse(readFileSync(executed, 'utf8'));
  assert.is([cells[1].outputs[0].data['text/plain']].flat().join(''), '42');
  assert.is(metadata.language_info.name, 'python');
});

test('a failing cell ends the run with one line that names cell and cause', () => {
  const path = notebook('bad', 'print("before")', '1 / 0', 'print("after")');
  const run = runDoor(['run', path, '-o', join(folder, 'out.ipynb')], env);
  assert.is(run.code, 1);
  assert.match(run.stderr, /crossview: cell 2 \(1 \/ 0\) failed: ZeroDivisionError: division by zero/);
  assert.not.match(run.stdout, /after/);
  assert.ok(existsSync(join(folder, 'out.ipynb')));
  const tolerant = runDoor(['run', path, '--allow-errors', '-q', '-o', join(folder, 'out.ipynb')], env);
  assert.is(tolerant.code, 1);
  assert.is(tolerant.stdout, '');
  assert.match(readFileSync(join(folder, 'out.ipynb'), 'utf8'), /after/);
});

test('what cannot be run is refused in words', () => {
  assert.match(runDoor(['run', join(folder, 'none.ipynb')], env).stderr, /there is no notebook .*NOTEBOOK_NOT_FOUND/);
  const broken = join(folder, 'broken.ipynb');
  writeFileSync(broken, 'no json');
  assert.match(runDoor(['run', broken], env).stderr, /is not a notebook/);
  const unknown = runDoor(['run', notebook('good', '1'), '-k', 'nope'], env).stderr;
  assert.match(unknown, /there is no kernel "nope"; there is: .*synapse_pyspark/);
});

test('a cell that takes too long ends the run', () => {
  const run = runDoor(['run', notebook('slow', 'import time; time.sleep(60)'), '--timeout', '1'], env);
  assert.is(run.code, 1);
  assert.match(run.stderr, /took longer than 1/);
});

/** The numbers of the processes whose command line holds a text. */
function processesWith(text: string): number[] {
  const script = `import psutil, sys
held = [p.info["pid"] for p in psutil.process_iter(["pid", "cmdline"]) if sys.argv[1] in " ".join(p.info["cmdline"] or [])]
print([pid for pid in held if pid != psutil.Process().pid])`;
  const { stdout } = spawnSync(testToolchain().python, ['-c', script, text], { encoding: 'utf8' });
  return JSON.parse(stdout) as number[];
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  test(`${signal} takes the kernel along`, async () => {
    const started = join(folder, `started-${signal}`);
    const path = notebook(
      signal,
      `open(${JSON.stringify(started)}, "w").write(str(__import__("os").getpid()))\nimport time; time.sleep(100)`,
    );
    const child = startDoor(['run', path], env);
    await until('the cell runs', () => existsSync(started) && readFileSync(started, 'utf8') !== '', 90_000);
    const kernel = Number(readFileSync(started, 'utf8'));
    child.kill(signal);
    await until('the kernel ends', () => !existsSync(`/proc/${kernel}`), 20_000);
    await until('the runner ends', () => processesWith(path).length === 0, 20_000);
  });

test.run();

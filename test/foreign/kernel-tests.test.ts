import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root, temporaryDirectory } from '../support/paths.js';
import { sparkToolchain } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('jupyter_kernel_test', undefined, { timeout: 180_000 });

interface Report {
  readonly run: number;
  readonly skipped: readonly string[];
  readonly failures: readonly [string, string][];
}

/** A Jupyter data directory with one kernelspec for each default language. */
function kernelspecs(): string {
  const folder = temporaryDirectory('specs');
  for (const language of ['python', 'pyspark', 'spark', 'sql']) {
    const spec = join(folder, 'kernels', `crossview_${language}`);
    mkdirSync(spec, { recursive: true });
    const main = join(root, 'test', 'support', 'kernel-main.ts');
    const argv = [process.execPath, '--import', import.meta.resolve('tsx'), main, '{connection_file}', language];
    const description = { argv, display_name: language, language, interrupt_mode: 'message' };
    writeFileSync(join(spec, 'kernel.json'), JSON.stringify(description));
  }
  return folder;
}

async function runSuites(language: string): Promise<Report> {
  const { python } = await sparkToolchain();
  const child = spawn(python, [join(root, 'test', 'support', 'python', 'kernel_suites.py'), language], {
    cwd: root,
    env: { ...process.env, JUPYTER_PATH: kernelspecs() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await new Promise((resolve) => child.once('close', resolve));
  process.off('exit', kill);
  const last = text.stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no report:\n${text.stdout}\n${text.stderr}`);
  return JSON.parse(last) as Report;
}

const expected: Readonly<Record<string, { run: number; skipped: number }>> = {
  python: { run: 13, skipped: 0 },
  pyspark: { run: 12, skipped: 0 },
  spark: { run: 12, skipped: 1 },
  sql: { run: 12, skipped: 3 },
  'cells:python': { run: 12, skipped: 0 },
  'cells:pyspark': { run: 12, skipped: 0 },
  'cells:spark': { run: 12, skipped: 1 },
  'cells:sql': { run: 12, skipped: 3 },
  'cells:typescript': { run: 12, skipped: 2 },
  'cells:tsql': { run: 12, skipped: 5 },
};

for (const [language, { run, skipped }] of Object.entries(expected))
  test(`holds for ${language.startsWith('cells:') ? language : `notebooks in ${language}`}`, async () => {
    const report = await runSuites(language);
    assert.is(report.failures.map((parts) => parts.join('\n')).join('\n\n'), '');
    assert.equal([report.run, report.skipped.length], [run, skipped]);
  });

test.run();

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('format and lint', undefined, { timeout: 120_000 });

test('Biome has nothing to say', () => {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const run = spawnSync(process.execPath, [biome, 'check', '--colors=off', '--max-diagnostics=50', '.'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(run.status, 0, `${run.stdout}\n${run.stderr}`);
});

test.run();

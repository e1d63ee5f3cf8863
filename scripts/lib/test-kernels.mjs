// Jupyter kernels of other languages that some tests run cells in: npm packages that are nobody else's business, in a folder of their own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../test/support/kernels/', import.meta.url));

/** The variable holds the path of the kernel's program; tests say it with `test.needs(variable, …)`. */
const kernels = { CROSSVIEW_TEST_DENO: 'deno', CROSSVIEW_TEST_TSLAB: 'tslab' };

/** @returns the variables of the kernels that are installed. */
export function findTestKernels() {
  const found = {};
  for (const [variable, program] of Object.entries(kernels)) {
    const path = process.env[variable] ?? join(folder, 'node_modules', '.bin', program);
    if (existsSync(path)) found[variable] = path;
  }
  return found;
}

/** Brings those that are missing, by npm. @returns the variables of those that are still missing */
export function installTestKernels() {
  const missing = () => Object.keys(kernels).filter((variable) => !(variable in findTestKernels()));
  if (missing().length > 0) {
    process.stdout.write(`Installing ${Object.values(kernels).join(', ')} …\n`);
    spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return missing();
}

// What some tests and benchmarks need from the system itself: which program, what the tests are told, and the Debian packages that bring it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The variable holds the path of the program; tests that need it say so with `test.needs(variable, …)`, and are skipped by that name
 * where it is missing. A variable that is set already wins.
 */
export const systemPrograms = [
  { variable: 'CROSSVIEW_TEST_CHROMIUM', program: 'chromium', packages: ['chromium'], for: 'tests' },
  {
    variable: 'CROSSVIEW_TEST_FREETDS',
    program: 'tsql',
    packages: ['freetds-bin', 'tdsodbc', 'unixodbc'],
    for: 'tests',
  },
  { variable: 'CROSSVIEW_TEST_R', program: 'Rscript', packages: ['r-base-core'], for: 'tests' },
  {
    variable: 'CROSSVIEW_TEST_IRKERNEL',
    program: '/usr/share/jupyter/kernels/ir/kernel.json',
    packages: ['r-cran-irkernel'],
    for: 'tests',
  },
  { variable: 'CROSSVIEW_BENCH_POSTGRESQL', program: 'psql', packages: ['postgresql'], for: 'benchmarks' },
];

/** A program by its name, or a file that is looked for where Debian puts it. */
function onPath(program) {
  if (program.startsWith('/')) return existsSync(program) ? program : undefined;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}

/** @returns the variables of the programs that are there. */
export function findSystemPrograms() {
  const found = {};
  for (const { variable, program } of systemPrograms) {
    const path = process.env[variable] ?? onPath(program);
    if (path) found[variable] = path;
  }
  return found;
}

/**
 * Brings what is missing, by Debian's own package manager; only where this process may (root, and apt-get is there).
 * @param purpose 'tests' or 'benchmarks'
 * @returns the programs that are still missing
 */
export function installSystemPrograms(purpose) {
  const missing = () => {
    const found = findSystemPrograms();
    return systemPrograms.filter((entry) => entry.for === purpose && !(entry.variable in found));
  };
  const wanted = missing().flatMap(({ packages }) => packages);
  if (wanted.length > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
    const apt = (...argv) =>
      spawnSync('apt-get', ['-q', ...argv], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    process.stdout.write(`Installing ${wanted.join(', ')} …\n`);
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...wanted);
  }
  return missing();
}

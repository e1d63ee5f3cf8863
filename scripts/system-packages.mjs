// Brings the programs that tests (or, with the word benchmarks, benchmarks) need from the system. Never fails: what is missing is skipped by name.
import { installSystemPrograms } from './lib/system-packages.mjs';

for (const { program, variable, packages } of installSystemPrograms(process.argv[2] ?? 'tests'))
  process.stdout.write(`${program} is not here (Debian: ${packages.join(' ')}); what needs ${variable} is skipped.\n`);

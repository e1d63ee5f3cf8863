// Brings the programs that tests (or, with the word benchmarks, benchmarks) need from outside. Never fails: what is missing is skipped by name.
import { installSystemPrograms } from './lib/system-packages.mjs';
import { installTestKernels } from './lib/test-kernels.mjs';

const purpose = process.argv[2] ?? 'tests';
for (const { program, variable, packages } of installSystemPrograms(purpose))
  process.stdout.write(`${program} is not here (Debian: ${packages.join(' ')}); what needs ${variable} is skipped.\n`);
for (const variable of purpose === 'tests' ? installTestKernels() : [])
  process.stdout.write(`npm could not install the kernel of ${variable}; what needs it is skipped.\n`);

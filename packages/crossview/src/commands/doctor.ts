import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('doctor')
    .description('say what was found, and what to do about what was not')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('../doctor/examine.js');
      const { printFindings } = await import('../doctor/print-findings.js');
      const findings = await examine();
      if (json) console.log(JSON.stringify(findings, undefined, 2));
      else printFindings(findings);
      process.exitCode = findings.some(({ state }) => state === 'missing') ? 1 : 0;
    });

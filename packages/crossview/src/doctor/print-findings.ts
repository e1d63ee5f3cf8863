import type { Finding } from './examine.js';

const marks: Readonly<Record<Finding['state'], string>> = { found: 'ok', missing: '!!', note: '--' };

/** One line for each finding, with what to do under it. */
export function printFindings(findings: readonly Finding[], write: (line: string) => void = console.log): void {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  for (const { subject, state, text, advice } of findings) {
    write(`${marks[state]}  ${subject.padEnd(width)}  ${text}`);
    for (const [index, line] of (advice?.split('\n') ?? []).entries())
      write(`${' '.repeat(width + 6)}${index === 0 ? '→ ' : '  '}${line}`);
  }
  const missing = findings.filter(({ state }) => state === 'missing').length;
  write(
    missing === 0
      ? 'Everything is there.'
      : `${missing} ${missing === 1 ? 'thing stands' : 'things stand'} in the way.`,
  );
}

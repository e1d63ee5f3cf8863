/** What the runner wrote of each cell. */
export interface RunReport {
  readonly code: number;
  readonly exitValue: string | null;
  readonly cells: readonly {
    readonly number: number;
    readonly source: string;
    readonly state: 'passed' | 'failed' | 'running';
    readonly seconds: number;
    readonly reason?: string;
    readonly traceback?: string;
  }[];
}

function escapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return (
    text
      .replace(/[&<>"]/g, (sign) => named[sign]!)
      // Characters that XML 1.0 has no way to write.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  );
}

function title(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  return (lines.find((line) => line !== '' && !line.startsWith('%%')) ?? lines[0] ?? '').slice(0, 80);
}

/** A run as JUnit's XML, as CI systems read it: one suite for the notebook, one case for each cell that was run. */
export function junitXml(name: string, report: RunReport): string {
  const failures = report.cells.filter(({ state }) => state !== 'passed').length;
  const seconds = report.cells.reduce((sum, cell) => sum + cell.seconds, 0).toFixed(3);
  const head = `name="${escapeXml(name)}" tests="${report.cells.length}" failures="${failures}" errors="0" time="${seconds}"`;
  const cases = report.cells.map(
    ({ number, source, state, seconds: took, reason = 'not finished', traceback = '' }) => {
      const about = `classname="${escapeXml(name)}" name="cell ${number}: ${escapeXml(title(source))}" time="${took.toFixed(3)}"`;
      if (state === 'passed') return `    <testcase ${about}/>`;
      return `    <testcase ${about}>\n      <failure message="${escapeXml(reason)}">${escapeXml(traceback)}</failure>\n    </testcase>`;
    },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${head}>\n  <testsuite ${head}>\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}

/** A stretch of a cell: text for its language, or one line magic of the kernel, whose result may go to a name. */
export type Segment =
  | { readonly kind: 'code'; readonly code: string; readonly line: number }
  | {
      readonly kind: 'magic';
      readonly name: string;
      readonly argumentLine: string;
      readonly line: number;
      readonly assignTo?: string;
    };

const lineMagic = /^(?:([A-Za-z_]\w*)[^\S\n]*=[^\S\n]*)?%([A-Za-z_]\w*)(?:[^\S\n]+(.*))?$/;

/** Open triple quotes at the end of a text: a `%` behind them is text, not a magic. */
function insideTripleQuotes(text: string): boolean {
  let open: string | undefined;
  for (const [quote] of text.matchAll(/"""|'''/g)) {
    if (open === undefined) open = quote;
    else if (open === quote) open = undefined;
  }
  return open !== undefined;
}

/**
 * Cuts a cell at the line magics that the kernel runs itself. They stand at the start of a line; those for which
 * `isOurs` is false stay in the code. A magic whose arguments open a brace takes the lines up to the closing one (`%run`).
 */
export function cutSegments(code: string, isOurs: (name: string, assigned: boolean) => boolean): readonly Segment[] {
  const segments: Segment[] = [];
  const lines = code.split('\n');
  let pending: string[] = [];
  let pendingLine = 0;
  const flush = (next: number) => {
    if (pending.some((line) => line.trim() !== ''))
      segments.push({ kind: 'code', code: pending.join('\n'), line: pendingLine });
    pending = [];
    pendingLine = next;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const found = lineMagic.exec(line.trimEnd());
    const [, assignTo, name = '', rest = ''] = found ?? [];
    if (!found || !isOurs(name, assignTo !== undefined) || insideTripleQuotes(pending.join('\n'))) {
      pending.push(line);
      continue;
    }
    const first = at;
    let argumentLine = rest;
    while (depth(argumentLine) > 0 && at + 1 < lines.length) {
      at += 1;
      argumentLine += `\n${lines[at] ?? ''}`;
    }
    flush(at + 1);
    const assigned = assignTo === undefined ? {} : { assignTo };
    segments.push({ kind: 'magic', name, argumentLine: argumentLine.trim(), line: first, ...assigned });
  }
  flush(lines.length);
  return segments.length === 0 ? [{ kind: 'code', code, line: 0 }] : segments;
}

function depth(text: string): number {
  return (text.match(/\{/g)?.length ?? 0) - (text.match(/\}/g)?.length ?? 0);
}

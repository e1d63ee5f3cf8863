import type { Cell, CellOutcome, CellOutput, Json, Language, MimeBundle } from '@crossview/contracts';

/** What a cell printed, showed and gave, in the order it came. */
export interface CellRun {
  readonly outcome: CellOutcome;
  readonly stdout: string;
  readonly stderr: string;
  readonly displays: readonly MimeBundle[];
  readonly result: MimeBundle | undefined;
  /** `stdout`, `stderr`, `display`, `result` in order; neighbours of one kind are one. */
  readonly order: readonly string[];
}

let count = 0;

/** Runs code as a cell of a language. */
export async function runCell(
  language: Language,
  code: string,
  options: { signal?: AbortSignal; onOutput?: (text: string) => void; lineOffset?: number; argumentLine?: string } = {},
): Promise<CellRun> {
  count += 1;
  const run = { stdout: '', stderr: '', displays: [] as MimeBundle[], result: undefined as MimeBundle | undefined };
  const order: string[] = [];
  const note = (kind: string) => {
    if (order.at(-1) !== kind) order.push(kind);
  };
  const output: CellOutput = {
    stream(name, text) {
      note(name);
      run[name] += text;
      options.onOutput?.(text);
    },
    display(data) {
      note('display');
      run.displays.push(data);
    },
    updateDisplay(_id: string, _data: MimeBundle, _metadata?: Json) {},
    result(data) {
      note('result');
      run.result = data;
    },
    clear() {},
    input: () => Promise.reject(new Error('nobody to ask')),
  };
  const cell: Cell = {
    id: `cell-${count}`,
    code,
    argumentLine: options.argumentLine ?? '',
    lineOffset: options.lineOffset ?? 0,
    executionCount: count,
    silent: false,
    storeHistory: true,
    allowStdin: false,
    stopOnError: true,
    userExpressions: {},
    signal: options.signal ?? new AbortController().signal,
    output,
  };
  const outcome = await language.execute(cell);
  return { outcome, ...run, order };
}

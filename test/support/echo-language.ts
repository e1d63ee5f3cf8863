import type { Cell, CellOutcome, Language, LanguageModule } from '@crossview/contracts';

const sleep = (milliseconds: number, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(true), milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });

const error = (name: string, value: string): CellOutcome => ({
  status: 'error',
  name,
  value,
  traceback: [`${name}: ${value}`],
});

/** What a line may say, `command:argument`. */
const commands: Readonly<
  Record<string, (argument: string, cell: Cell) => Promise<CellOutcome | undefined> | undefined>
> = {
  echo: (text, { output }) => void output.stream('stdout', `${text}\n`),
  warn: (text, { output }) => void output.stream('stderr', `${text}\n`),
  result: (text, { output }) => void output.result({ 'text/plain': text }),
  display: (mime, { output }) => void output.display({ 'text/plain': mime, [mime]: 'x' }),
  clear: (_, { output }) => void output.clear(true),
  error: async (text) => error('EchoError', text),
  throw: async (text) => {
    throw new TypeError(text);
  },
  async input(prompt, { output }) {
    output.stream('stdout', `got ${await output.input(prompt, false)}\n`);
    return undefined;
  },
  async sleep(milliseconds, { signal }) {
    return (await sleep(Number(milliseconds), signal)) ? undefined : error('KeyboardInterrupt', '');
  },
  line: (_, { lineOffset, output }) => void output.stream('stdout', `line ${lineOffset}\n`),
};

class Echo implements Language {
  readonly name = 'echo';

  async execute(cell: Cell): Promise<CellOutcome> {
    for (const line of cell.code.split('\n').filter((it) => it.trim() !== '')) {
      const [, command = '', argument = ''] = /^(\w+):?(.*)$/.exec(line) ?? [];
      const outcome = await commands[command]?.(argument, cell);
      if (outcome) return outcome;
    }
    return { status: 'ok' };
  }

  async complete(code: string, cursor: number) {
    const typed = /\w*$/.exec(code.slice(0, cursor))?.[0] ?? '';
    const matches = Object.keys(commands).filter((name) => name.startsWith(typed));
    return { matches, start: cursor - typed.length, end: cursor };
  }

  async inspect(code: string) {
    const word = /\w+/.exec(code)?.[0] ?? '';
    return word in commands ? { 'text/plain': `the command ${word}` } : undefined;
  }

  async isComplete(code: string) {
    return code.endsWith('\\') ? { status: 'incomplete' as const, indent: '  ' } : { status: 'complete' as const };
  }

  async close() {}
}

export const echo: LanguageModule = {
  name: 'echo',
  aliases: [],
  title: 'Echo',
  summary: 'says what it is told',
  fileExtension: '.echo',
  mimeType: 'text/x-echo',
  create: () => new Echo(),
};

import { dirname } from 'node:path';
import {
  type Cell,
  type CellOutcome,
  CrossviewError,
  type Json,
  type Magic,
  type MagicContext,
} from '@crossview/contracts';
import { isObject, parseLenientJson } from '../notebook/lenient-json.js';
import { listFiles } from '../notebook/list-files.js';
import { assignments, parameterNames } from '../notebook/parameters.js';
import { readNotebook } from '../notebook/read-notebook.js';
import { splitWords } from '../sql/options.js';

/** As Synapse: a notebook runs another, which runs another, and so on five times. */
const deepest = 5;
/** The notebooks that run one another, by cell; the innermost last. */
const running = new Map<string, string[]>();

interface Asked {
  readonly path: string;
  readonly parameters: { readonly [name: string]: Json };
}

function readAsked(line: string): Asked {
  const brace = line.indexOf('{');
  const words = splitWords(brace < 0 ? line : line.slice(0, brace)).filter(
    (word) => !/^-(b|c|-builtin|-current)$/.test(word),
  );
  const path = words.join(' ');
  if (path === '')
    throw new CrossviewError('NOTEBOOK_MISSING', '%run: which notebook?', {
      hint: 'Write %run NOTEBOOK { "name": value }.',
    });
  const parameters = brace < 0 ? {} : parseLenientJson('%run', line.slice(brace));
  if (!isObject(parameters)) throw new CrossviewError('JSON_INVALID', '%run: parameters are a JSON object');
  return { path, parameters };
}

async function runAll(
  asked: Asked,
  cell: Cell,
  { run, session, language }: MagicContext,
  stack: string[],
): Promise<CellOutcome> {
  const caller = stack.at(-1);
  const folders = [...(caller === undefined ? [] : [dirname(caller)]), session.workingDirectory];
  const root = session.workspace ?? session.workingDirectory;
  const notebook = await readNotebook({ folders, root }, asked.path);
  if (stack.includes(notebook.path))
    throw new CrossviewError('RUN_RECURSIVE', `%run: ${asked.path} runs itself`, { facts: { notebook: asked.path } });
  if (stack.length >= deepest)
    throw new CrossviewError('RUN_TOO_DEEP', `%run: ${asked.path} would be notebook ${deepest + 1} in a row`, {
      hint: `At most ${deepest} notebooks run one another, as in Synapse.`,
      facts: { notebook: asked.path, depth: stack.length },
    });
  stack.push(notebook.path);
  try {
    const names = Object.keys(asked.parameters);
    const given = names.length > 0 ? assignments(notebook.language ?? language, asked.parameters) : undefined;
    const marked = notebook.cells.findIndex(({ isParameters }) => isParameters);
    const known = marked < 0 ? names : parameterNames(notebook.cells[marked]!.source);
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0)
      cell.output.stream(
        'stderr',
        `%run: the parameters cell of ${asked.path} does not set ${unknown.join(', ')}; it sets ${known.join(', ') || 'nothing'}.\n`,
      );
    for (const [at, { source }] of notebook.cells.entries()) {
      if (given !== undefined && at === 0 && marked < 0) {
        const outcome = await run(given.language, given.code, cell);
        if (outcome.status !== 'ok') return outcome;
      }
      const outcome = await run(notebook.language, source, { ...cell, code: source, argumentLine: '', lineOffset: 0 });
      if (outcome.status !== 'ok') return outcome;
      if (given === undefined || at !== marked) continue;
      const set = await run(given.language, given.code, cell);
      if (set.status !== 'ok') return set;
    }
    return { status: 'ok' };
  } finally {
    stack.pop();
  }
}

const runMagic: Magic = {
  name: 'run',
  kind: 'line',
  summary: 'Runs another notebook or script here: its variables and views are there afterwards.',
  usage: '%run NOTEBOOK { "name": value, … }\n%run /folder/Notebook1\n%run script.py',
  values: ({ workingDirectory }) =>
    listFiles(workingDirectory, (name) => /\.(ipynb|json|py|scala|sql|ts|r)$/.test(name)),
  async execute(cell, context) {
    const stack = running.get(cell.id) ?? [];
    running.set(cell.id, stack);
    try {
      return await runAll(readAsked(cell.argumentLine), cell, context, stack);
    } finally {
      if (stack.length === 0) running.delete(cell.id);
    }
  },
};

export default runMagic;

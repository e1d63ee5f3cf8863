// The package as a whole first: its modules know each other in a circle.
import '@crossview/sql-pool';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemViewNames } from '../../packages/sql-pool/dist/catalog/views/index.js';
import { sysEmpty } from '../../packages/sql-pool/dist/catalog/views/sys-empty.js';
import { aggregates } from '../../packages/sql-pool/dist/dialect/functions/aggregates.js';
import { scalarFunctions } from '../../packages/sql-pool/dist/dialect/functions/index.js';
import { notBuilt } from '../../packages/sql-pool/dist/dialect/functions/not-built.js';
import { tableFunctions } from '../../packages/sql-pool/dist/dialect/functions/table-functions.js';
import { windowFunctions } from '../../packages/sql-pool/dist/dialect/functions/windows.js';
import { refused } from '../../packages/sql-pool/dist/dialect/parse/refused.js';
import { dbccCommands } from '../../packages/sql-pool/dist/interpreter/statements/dbcc.js';
import { systemProcedures } from '../../packages/sql-pool/dist/procedures/index.js';
import { sqlTypeNames } from '../../packages/sql-pool/dist/types/sql-type.js';
import { root } from './paths.js';

export const page = join(root, 'docs', 'guide', 'sql-pool-dialect.md');

/** Read by the parser itself, so that they are in no table of functions. */
const ofTheGrammar = 'CAST CONVERT PARSE TRY_CAST TRY_CONVERT TRY_PARSE'.split(' ');

function names(list: readonly string[]): string {
  const words = [...list].filter((name) => !name.startsWith('$')).sort((a, b) => (a < b ? -1 : 1));
  const lines: string[] = [''];
  for (const word of words) {
    const item = `\`${word}\``;
    if (`${lines.at(-1)} ${item},`.length > 145) lines.push('');
    lines[lines.length - 1] = `${lines.at(-1)}${lines.at(-1) === '' ? '' : ' '}${item},`;
  }
  return lines.join('\n').replace(/,$/, '.');
}

/** The lists of the page by their marks, made of what the code knows. */
export function dialectLists(): ReadonlyMap<string, string> {
  const views = systemViewNames();
  const inSchema = (schema: string) => views.filter((view) => view.schema === schema).map(({ name }) => name);
  return new Map([
    ['types', names(sqlTypeNames)],
    ['scalar functions', names([...Object.keys(scalarFunctions), ...ofTheGrammar])],
    ['aggregates', names(Object.keys(aggregates))],
    ['window functions', names(Object.keys(windowFunctions))],
    ['table functions', names(Object.keys(tableFunctions).map((name) => name.toUpperCase()))],
    [
      'refused statements',
      [
        '| statement | instead |',
        '| --- | --- |',
        ...refused.map(({ words, instead }) => `| \`${words.join(' ')}\` | ${instead} |`),
      ].join('\n'),
    ],
    ['functions not built', names(Object.keys(notBuilt))],
    ['dbcc', names(Object.keys(dbccCommands))],
    ['procedures', names(Object.keys(systemProcedures))],
    ['sys', names(inSchema('sys').filter((name) => !Object.hasOwn(sysEmpty, name)))],
    ['empty views', names(Object.keys(sysEmpty))],
    ['information schema', names(inSchema('INFORMATION_SCHEMA').map((name) => name.toUpperCase()))],
  ]);
}

/** The page with its lists as the code has them now. */
export function renewed(text: string): string {
  let result = text;
  for (const [name, list] of dialectLists())
    result = result.replace(
      new RegExp(`(<!-- ${name} -->\\n)(?:[\\s\\S]*?\\n)??(<!-- end -->)`),
      (_, open: string, close: string) => `${open}${list}\n${close}`,
    );
  return result;
}

/** The statements of a fenced block behind a mark, one for each line. */
export function statementsOf(text: string, mark: string): readonly string[] {
  const block = new RegExp(`<!-- ${mark} -->\\n\`\`\`sql\\n([\\s\\S]*?)\n\`\`\``).exec(text)?.[1] ?? '';
  return block.split('\n').filter((line) => line !== '');
}

if (process.argv[1]?.endsWith('dialect-page.ts')) writeFileSync(page, renewed(readFileSync(page, 'utf8')));

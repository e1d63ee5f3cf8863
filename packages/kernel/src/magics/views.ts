import { CrossviewError, type Magic, type ViewCatalog, type ViewInfo } from '@crossview/contracts';
import type { Rows } from '../frames/bundle.js';
import { readOptions, splitWords } from '../sql/options.js';

const options = [
  { flags: ['-d', '--drop'], description: 'Drop the views whose names follow, in every language' },
] as const;

const views: Magic = {
  name: 'views',
  kind: 'line',
  summary: 'Lists the temp views of the session, or drops some.',
  usage: '%views\n%views -d NAME ...',
  options,
  values: async ({ views: catalog }) => (await catalog.list()).map(({ name }) => name),
  async execute(cell, { session }) {
    const { values, rest } = readOptions('views', cell.argumentLine, options);
    const names = splitWords(rest);
    if (values.has('d')) {
      cell.output.stream('stdout', await drop(session.views, names));
      return { status: 'ok' };
    }
    const listed = (await session.views.list()).filter(({ name }) => names.length === 0 || isNamed(names, name));
    if (listed.length === 0) cell.output.stream('stdout', 'No views.\n');
    else cell.output.display(await bundle(listed));
    return { status: 'ok' };
  },
};

async function drop(catalog: ViewCatalog, names: readonly string[]): Promise<string> {
  if (names.length === 0)
    throw new CrossviewError('OPTION_VALUE_MISSING', '%views -d needs the name of a view.', {
      hint: '%views lists the names.',
    });
  const lines: string[] = [];
  for (const name of names) {
    // Reading no row of a view that is not there says which names are near.
    if (!(await catalog.drop(name))) await catalog.read(name, { limit: 0 });
    lines.push(`Dropped ${name}.\n`);
  }
  return lines.join('');
}

function isNamed(names: readonly string[], name: string): boolean {
  return names.some((wanted) => wanted.toLowerCase() === name.toLowerCase());
}

async function bundle(listed: readonly ViewInfo[]) {
  // They load the Arrow library, which a kernel that has just been started does without.
  const [{ htmlTable }, { textTable }] = await Promise.all([
    import('../frames/html-table.js'),
    import('../frames/text-table.js'),
  ]);
  const table: Rows = {
    columns: [
      { name: 'name', type: 'string', kind: 'text' },
      { name: 'language', type: 'string', kind: 'text' },
      { name: 'rows', type: 'bigint', kind: 'number' },
      { name: 'bytes held', type: 'bigint', kind: 'number' },
      { name: 'columns', type: 'string', kind: 'text' },
      { name: 'note', type: 'string', kind: 'text' },
    ],
    rows: listed.map((view) => [
      view.name,
      view.language,
      view.rows ?? null,
      view.bytes,
      (view.fields ?? []).map(({ name, type }) => `${name}: ${type}`).join(', '),
      view.note ?? '',
    ]),
    totalRows: listed.length,
  };
  return { 'text/plain': textTable(table, listed.length), 'text/html': htmlTable(table) };
}

export default views;

import type { Name, StatementOf } from '../dialect/ast.js';
import { SqlError } from '../errors/sql-error.js';
import { runStatements } from '../interpreter/batch.js';
import { Context } from '../interpreter/context.js';
import type { Output } from '../interpreter/output.js';
import type { Location } from './location.js';
import { parquetTypes } from './parquet.js';
import { type Access, download, listFiles, openContainer, scratchDirectory } from './storage.js';

/** AUTO_CREATE_TABLE: the table with the columns that the first Parquet file has. @throws SqlError 13807 without a file */
export async function autoCreateTable(
  context: Context,
  name: Name,
  location: Location,
  access: Access | undefined,
  line: number,
): Promise<void> {
  const { session } = context;
  const container = await openContainer(session, location, access);
  const [first] = (await listFiles(container, location)).filter((file) => file.bytes > 0);
  if (!first)
    throw new SqlError(
      13807,
      `Content of directory on path '${location.path}' cannot be listed: there is no file to take the columns from.`,
    );
  const scratch = scratchDirectory(session);
  try {
    const { files } = await download(container, location, [first.path], scratch.path, 'auto', '.parquet');
    const columns = await parquetTypes(session.connection, files[0]!, first.path);
    const statement: StatementOf<'createTable'> = {
      kind: 'createTable',
      name,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type,
        nullable: true,
        identity: undefined,
        default: undefined,
        defaultText: undefined,
        collation: undefined,
      })),
      keys: [],
      options: { distribution: { kind: 'ROUND_ROBIN', columns: [] }, index: undefined, partition: undefined },
      label: undefined,
      line,
    };
    const quiet: Output = Object.create(context.output, { done: { value: () => undefined } });
    const inner = new Context(session, quiet);
    inner.batch = context.batch;
    await runStatements(inner, [statement], { inTry: true });
  } finally {
    scratch.remove();
  }
}

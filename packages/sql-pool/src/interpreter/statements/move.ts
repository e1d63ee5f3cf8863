import { toTableColumn } from '../../catalog/objects.js';
import { parseValue } from '../../dialect/parse/batch.js';
import { quoteName } from '../../dialect/translate/quote.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { kindOf } from '../facts.js';
import { storedName } from '../names.js';
import { tableOf } from '../relations.js';
import { type Handler, next } from './handler.js';
import { tableOptions } from './partition.js';
import { columnText, commentStatements } from './table.js';

/** ALTER SCHEMA … TRANSFER …: DuckDB cannot move a table, so it is made anew and filled, in one transaction. */
export const transferObject: Handler<'transferObject'> = async (context, statement) => {
  const { session, output } = context;
  if (session.transaction !== 'none') throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  const { database } = session;
  const schema = database.schema(statement.schema);
  if (!schema) throw errors.noSchema(statement.schema);
  session.demand('ALTER', { schema });
  const found = kindOf(session, statement.name);
  if (!found)
    throw new SqlError(
      15151,
      `Cannot find the object '${statement.name.at(-1)}', because it does not exist or you do not have permission.`,
    );
  if (kindOf(session, [schema, found.name])) throw errors.alreadyThere(found.name);
  session.demand('CONTROL', { schema: found.schema, name: found.name });
  if (found.kind === 'table') {
    const { resolved, table } = tableOf(session, [found.schema, found.name]);
    if (table.columns.some((column) => column.identity))
      throw notSupported('moving a table with an identity column to another schema');
    const target = storedName({ ...resolved, schema });
    const columns = table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: column.nullable,
      identity: undefined,
      default: column.defaultText === undefined ? undefined : parseValue(column.defaultText),
      defaultText: column.defaultText,
      collation: column.collation,
    }));
    const parts = columns.map(
      (column) => columnText(context, column, `${quoteName(database.name)}.${quoteName(schema)}`).sql,
    );
    await database.change(session.connection, [
      `CREATE TABLE ${target} (${parts.join(', ')})`,
      `INSERT INTO ${target} SELECT * FROM ${storedName(resolved)}`,
      ...commentStatements(target, columns.map(toTableColumn), tableOptions(table)),
      `DROP TABLE ${storedName(resolved)}`,
    ]);
  } else {
    const kind = found.kind === 'view' ? 'view' : found.kind === 'externalTable' ? 'externalTable' : 'routine';
    const object = database.find(kind, found.schema, found.name)!;
    await database.put(kind, [schema, found.name], { ...object, schema } as never);
    await database.remove(kind, found.schema, found.name);
  }
  output.done('none', undefined);
  return next;
};

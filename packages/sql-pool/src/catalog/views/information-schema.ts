import type { Session } from '../../interpreter/session.js';
import { familyOf, int, max, nvarchar, type SqlType, sysname, varchar } from '../../types/sql-type.js';
import type { TableColumn } from '../objects.js';
import { userObjects } from './sys-objects.js';
import { typeShape } from './types.js';
import type { Cell, SystemView } from './view.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };
const collation = 'SQL_Latin1_General_CP1_CI_AS';

function columnRow(
  session: Session,
  schema: string,
  table: string,
  column: TableColumn,
  index: number,
): readonly Cell[] {
  const { type } = column;
  const family = familyOf(type);
  const text = family === 'string';
  const shape = typeShape(type);
  const length = text || family === 'binary' ? (type.length === max ? -1 : (type.length ?? 1)) : null;
  const octets = length === null ? null : length === -1 ? -1 : shape.bytes;
  const exact = family === 'integer' || family === 'decimal';
  const time = family === 'date' || family === 'time' || family === 'moment';
  return [
    session.database.name,
    schema,
    table,
    column.name,
    index + 1,
    null,
    column.nullable ? 'YES' : 'NO',
    type.name,
    length,
    octets,
    exact || family === 'float' ? shape.precision : null,
    exact ? 10 : family === 'float' ? 2 : null,
    exact ? shape.scale : null,
    time ? (type.name === 'date' ? 0 : shape.scale) : null,
    null,
    null,
    text ? (type.name.startsWith('n') ? 'UNICODE' : 'iso_1') : null,
    null,
    null,
    text ? collation : null,
    null,
    null,
    null,
  ];
}

const domain: SystemView['columns'] = [
  ['DOMAIN_CATALOG', sysname],
  ['DOMAIN_SCHEMA', sysname],
  ['DOMAIN_NAME', sysname],
];

/** INFORMATION_SCHEMA, by lower-case name. */
export const informationSchema: Readonly<Record<string, SystemView>> = {
  tables: {
    columns: [
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['TABLE_TYPE', varchar(10)],
    ],
    rows: (session) =>
      userObjects(session)
        .filter((object) => object.type === 'U ' || object.type === 'V ')
        .map((object) => [
          session.database.name,
          object.schema,
          object.name,
          object.type === 'U ' ? 'BASE TABLE' : 'VIEW',
        ]),
  },
  columns: {
    columns: [
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['COLUMN_NAME', sysname],
      ['ORDINAL_POSITION', int],
      ['COLUMN_DEFAULT', nvarchar(4000)],
      ['IS_NULLABLE', varchar(3)],
      ['DATA_TYPE', sysname],
      ['CHARACTER_MAXIMUM_LENGTH', int],
      ['CHARACTER_OCTET_LENGTH', int],
      ['NUMERIC_PRECISION', tinyint],
      ['NUMERIC_PRECISION_RADIX', smallint],
      ['NUMERIC_SCALE', int],
      ['DATETIME_PRECISION', smallint],
      ['CHARACTER_SET_CATALOG', sysname],
      ['CHARACTER_SET_SCHEMA', sysname],
      ['CHARACTER_SET_NAME', sysname],
      ['COLLATION_CATALOG', sysname],
      ['COLLATION_SCHEMA', sysname],
      ['COLLATION_NAME', sysname],
      ...domain,
    ],
    rows: (session) =>
      userObjects(session).flatMap((object) =>
        object.columns.map((column, index) => columnRow(session, object.schema, object.name, column, index)),
      ),
  },
  views: {
    columns: [
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['VIEW_DEFINITION', nvarchar(4000)],
      ['CHECK_OPTION', varchar(7)],
      ['IS_UPDATABLE', varchar(2)],
    ],
    rows: (session) =>
      session.database
        .all('view')
        .map((view) => [session.database.name, view.schema, view.name, view.text.slice(0, 4000), 'NONE', 'NO']),
  },
  schemata: {
    columns: [
      ['CATALOG_NAME', sysname],
      ['SCHEMA_NAME', sysname],
      ['SCHEMA_OWNER', sysname],
      ['DEFAULT_CHARACTER_SET_NAME', sysname],
    ],
    rows: (session) => session.database.schemas.map((name) => [session.database.name, name, 'dbo', 'iso_1']),
  },
  routines: {
    columns: [
      ['SPECIFIC_CATALOG', sysname],
      ['SPECIFIC_SCHEMA', sysname],
      ['SPECIFIC_NAME', sysname],
      ['ROUTINE_CATALOG', sysname],
      ['ROUTINE_SCHEMA', sysname],
      ['ROUTINE_NAME', sysname],
      ['ROUTINE_TYPE', nvarchar(20)],
      ['ROUTINE_DEFINITION', nvarchar(4000)],
    ],
    rows: (session) =>
      session.database
        .all('routine')
        .map((routine) => [
          session.database.name,
          routine.schema,
          routine.name,
          session.database.name,
          routine.schema,
          routine.name,
          routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION',
          routine.text.slice(0, 4000),
        ]),
  },
  table_constraints: {
    columns: [
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['CONSTRAINT_TYPE', varchar(11)],
    ],
    rows: () => [],
  },
  key_column_usage: {
    columns: [
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['COLUMN_NAME', sysname],
      ['ORDINAL_POSITION', int],
    ],
    rows: () => [],
  },
  referential_constraints: {
    columns: [
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
      ['UNIQUE_CONSTRAINT_CATALOG', sysname],
      ['UNIQUE_CONSTRAINT_SCHEMA', sysname],
      ['UNIQUE_CONSTRAINT_NAME', sysname],
      ['MATCH_OPTION', varchar(7)],
      ['UPDATE_RULE', varchar(11)],
      ['DELETE_RULE', varchar(11)],
    ],
    rows: () => [],
  },
};

import { parametersOf } from '../../interpreter/routines.js';
import type { Session } from '../../interpreter/session.js';
import { familyOf, int, max, nvarchar, type SqlType, sysname, varchar } from '../../types/sql-type.js';
import type { TableColumn } from '../objects.js';
import { keysOf } from './sys-constraints.js';
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
    column.defaultText === undefined ? null : `(${column.defaultText})`,
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
    rows: (session) =>
      [...session.database.schemas, 'sys', 'INFORMATION_SCHEMA'].map((name) => [
        session.database.name,
        name,
        'dbo',
        'iso_1',
      ]),
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
      ['DATA_TYPE', sysname],
      ['CREATED', { name: 'datetime' }],
      ['LAST_ALTERED', { name: 'datetime' }],
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
          routine.kind === 'tableFunction' ? 'TABLE' : (parametersOf(routine).returns?.name ?? null),
          new Date(0),
          new Date(0),
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
      ['IS_DEFERRABLE', varchar(2)],
      ['INITIALLY_DEFERRED', varchar(2)],
    ],
    rows: (session) =>
      keysOf(session).map(({ table, key }) => [
        session.database.name,
        table.schema,
        key.name,
        session.database.name,
        table.schema,
        table.name,
        key.kind,
        'NO',
        'NO',
      ]),
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
    rows: (session) =>
      keysOf(session).flatMap(({ table, key }) =>
        key.columns.map((column, index) => [
          session.database.name,
          table.schema,
          key.name,
          session.database.name,
          table.schema,
          table.name,
          column,
          index + 1,
        ]),
      ),
  },
  constraint_column_usage: {
    columns: [
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['COLUMN_NAME', sysname],
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
    ],
    rows: (session) =>
      keysOf(session).flatMap(({ table, key }) =>
        key.columns.map((column) => [
          session.database.name,
          table.schema,
          table.name,
          column,
          session.database.name,
          table.schema,
          key.name,
        ]),
      ),
  },
  constraint_table_usage: {
    columns: [
      ['TABLE_CATALOG', sysname],
      ['TABLE_SCHEMA', sysname],
      ['TABLE_NAME', sysname],
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
    ],
    rows: (session) =>
      keysOf(session).map(({ table, key }) => [
        session.database.name,
        table.schema,
        table.name,
        session.database.name,
        table.schema,
        key.name,
      ]),
  },
  check_constraints: {
    columns: [
      ['CONSTRAINT_CATALOG', sysname],
      ['CONSTRAINT_SCHEMA', sysname],
      ['CONSTRAINT_NAME', sysname],
      ['CHECK_CLAUSE', nvarchar(4000)],
    ],
    rows: () => [],
  },
  parameters: {
    columns: [
      ['SPECIFIC_CATALOG', sysname],
      ['SPECIFIC_SCHEMA', sysname],
      ['SPECIFIC_NAME', sysname],
      ['ORDINAL_POSITION', int],
      ['PARAMETER_MODE', nvarchar(10)],
      ['IS_RESULT', nvarchar(10)],
      ['PARAMETER_NAME', sysname],
      ['DATA_TYPE', sysname],
      ['CHARACTER_MAXIMUM_LENGTH', int],
      ['NUMERIC_PRECISION', tinyint],
      ['NUMERIC_SCALE', int],
    ],
    rows: (session) =>
      session.database.all('routine').flatMap((routine) =>
        parametersOf(routine).parameters.map((parameter, index): readonly Cell[] => {
          const { type } = parameter;
          const shape = typeShape(type);
          const family = familyOf(type);
          const exact = family === 'integer' || family === 'decimal';
          return [
            session.database.name,
            routine.schema,
            routine.name,
            index + 1,
            parameter.output ? 'INOUT' : 'IN',
            'NO',
            parameter.name,
            type.name,
            family === 'string' || family === 'binary' ? (type.length ?? 1) : null,
            exact || family === 'float' ? shape.precision : null,
            exact ? shape.scale : null,
          ];
        }),
      ),
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

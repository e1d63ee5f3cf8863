import { databaseId } from '../../interpreter/facts.js';
import { bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import { userObjects } from './sys-objects.js';
import { systemTypes, typeShape } from './types.js';
import type { Cell, SystemView } from './view.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };
const char2: SqlType = { name: 'char', length: 2 };

/** Views of SQL Server 2000 that older tools still read ("System compatibility views"); they need no schema. */
export const sysCompatibility: Readonly<Record<string, SystemView>> = {
  sysobjects: {
    columns: [
      ['name', sysname],
      ['id', int],
      ['xtype', char2],
      ['uid', smallint],
      ['type', char2],
      ['crdate', datetime],
      ['parent_obj', int],
      ['category', int],
    ],
    rows: (session) =>
      userObjects(session).map((object) => [
        object.name,
        objectId(object.schema, object.name),
        object.type,
        1,
        object.type,
        new Date(0),
        0,
        0,
      ]),
  },
  syscolumns: {
    columns: [
      ['name', sysname],
      ['id', int],
      ['colid', smallint],
      ['xtype', tinyint],
      ['xusertype', smallint],
      ['length', smallint],
      ['prec', smallint],
      ['scale', int],
      ['isnullable', int],
      ['status', tinyint],
      ['colorder', smallint],
    ],
    rows: (session) =>
      userObjects(session).flatMap((object) =>
        object.columns.map((column, index): readonly Cell[] => {
          const shape = typeShape(column.type);
          const number = systemTypes.find((type) => type.name === column.type.name)?.number;
          return [
            column.name,
            objectId(object.schema, object.name),
            index + 1,
            number,
            number,
            shape.bytes,
            shape.precision,
            shape.scale,
            column.nullable ? 1 : 0,
            column.identity ? 128 : 0,
            index + 1,
          ];
        }),
      ),
  },
  systypes: {
    columns: [
      ['name', sysname],
      ['xtype', tinyint],
      ['xusertype', smallint],
      ['length', smallint],
    ],
    rows: () => systemTypes.map((type) => [type.name, type.number, type.userNumber, type.bytes]),
  },
  sysusers: {
    columns: [
      ['uid', smallint],
      ['name', sysname],
      ['islogin', int],
      ['issqlrole', int],
      ['issqluser', int],
      ['hasdbaccess', int],
    ],
    rows: (session) => [
      [0, 'public', 0, 1, 0, 0],
      [1, 'dbo', 1, 0, 1, 1],
      ...session.database
        .all('principal')
        .map((principal, index): readonly Cell[] => [
          index + 5,
          principal.name,
          principal.kind === 'user' ? 1 : 0,
          principal.kind === 'role' ? 1 : 0,
          principal.kind === 'user' ? 1 : 0,
          principal.kind === 'user' ? 1 : 0,
        ]),
    ],
  },
  sysdatabases: {
    columns: [
      ['name', sysname],
      ['dbid', smallint],
      ['crdate', datetime],
      ['status', int],
      ['cmptlevel', tinyint],
    ],
    rows: (session) =>
      session.services.catalog.names.map((name) => [name, databaseId(session, name), new Date(0), 0, 130]),
  },
  sysindexes: {
    columns: [
      ['id', int],
      ['indid', smallint],
      ['name', sysname],
      ['rowcnt', { name: 'bigint' }],
    ],
    rows: (session) =>
      session.database.tables.map((table) => [
        objectId(table.schema, table.name),
        table.index === 'HEAP' ? 0 : 1,
        null,
        null,
      ]),
  },
  sysprocesses: {
    columns: [
      ['spid', smallint],
      ['status', { name: 'nchar', length: 30 }],
      ['loginame', { name: 'nchar', length: 128 }],
      ['hostname', { name: 'nchar', length: 128 }],
      ['program_name', { name: 'nchar', length: 128 }],
      ['dbid', smallint],
      ['blocked', smallint],
    ],
    rows: (session) =>
      [...session.services.sessions.values()].map((other) => [
        other.id,
        other === session ? 'running' : 'sleeping',
        other.login,
        other.host,
        other.application,
        databaseId(session, other.database.name),
        0,
      ]),
  },
  syscomments: {
    columns: [
      ['id', int],
      ['colid', smallint],
      ['text', nvarchar(4000)],
      ['encrypted', bit],
    ],
    rows: (session) =>
      [...session.database.all('view'), ...session.database.all('routine')].flatMap((object) =>
        Array.from({ length: Math.ceil(object.text.length / 4000) }, (_, index): readonly Cell[] => [
          objectId(object.schema, object.name),
          index + 1,
          object.text.slice(index * 4000, (index + 1) * 4000),
          false,
        ]),
      ),
  },
};

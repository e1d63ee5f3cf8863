import { schemaId } from '../../interpreter/facts.js';
import type { Session } from '../../interpreter/session.js';
import { bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { type KeyDefinition, objectId, type TableDefinition } from '../objects.js';
import { defaultId } from './sys-objects.js';
import type { Cell, SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };
const char2: SqlType = { name: 'char', length: 2 };

interface KeyOfTable {
  readonly table: TableDefinition;
  readonly key: KeyDefinition;
  readonly indexId: number;
}

/** PRIMARY KEY and UNIQUE of all tables; each has an index of its own in the catalog. */
export function keysOf(session: Session): readonly KeyOfTable[] {
  return session.database.tables.flatMap((table) =>
    (table.keys ?? []).map((key, index) => ({ table, key, indexId: index + 2 })),
  );
}

function position(table: TableDefinition, name: string): number {
  return table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase()) + 1;
}

export function clusteredName(table: TableDefinition): string {
  return `ClusteredIndex_${objectId(table.schema, table.name).toString(16)}`;
}

function indexRow(
  table: TableDefinition,
  name: string | null,
  id: number,
  type: number,
  description: string,
  key?: KeyDefinition,
): readonly Cell[] {
  const primary = key?.kind === 'PRIMARY KEY';
  const space = table.partition ? objectId('$partition', `${table.schema}.${table.name}`) : 1;
  return [
    objectId(table.schema, table.name),
    name,
    id,
    type,
    description,
    key !== undefined,
    id <= 1 ? space : 1,
    false,
    primary,
    key?.kind === 'UNIQUE',
    0,
    false,
    false,
    false,
    false,
    null,
  ];
}

/** Indexes, keys and defaults, of which a pool enforces none but the defaults. */
export const sysConstraints: Readonly<Record<string, SystemView>> = {
  indexes: {
    columns: [
      ['object_id', int],
      ['name', sysname],
      ['index_id', int],
      ['type', tinyint],
      ['type_desc', nvarchar(60)],
      ['is_unique', bit],
      ['data_space_id', int],
      ['ignore_dup_key', bit],
      ['is_primary_key', bit],
      ['is_unique_constraint', bit],
      ['fill_factor', tinyint],
      ['is_padded', bit],
      ['is_disabled', bit],
      ['is_hypothetical', bit],
      ['has_filter', bit],
      ['filter_definition', nvarchar(9999)],
    ],
    rows: (session) => [
      ...session.database.tables.map((table) => {
        if (table.index === 'HEAP') return indexRow(table, null, 0, 0, 'HEAP');
        const rowstore = table.index === 'CLUSTERED INDEX';
        return indexRow(
          table,
          clusteredName(table),
          1,
          rowstore ? 1 : 5,
          rowstore ? 'CLUSTERED' : 'CLUSTERED COLUMNSTORE',
        );
      }),
      ...keysOf(session).map(({ table, key, indexId }) => indexRow(table, key.name, indexId, 2, 'NONCLUSTERED', key)),
    ],
  },
  index_columns: {
    columns: [
      ['object_id', int],
      ['index_id', int],
      ['index_column_id', int],
      ['column_id', int],
      ['key_ordinal', tinyint],
      ['partition_ordinal', tinyint],
      ['is_descending_key', bit],
      ['is_included_column', bit],
    ],
    rows: (session) => [
      ...session.database.tables
        .filter((table) => table.index !== 'HEAP' && table.index !== 'CLUSTERED INDEX')
        .flatMap((table) =>
          table.columns.map((column, index): readonly Cell[] => [
            objectId(table.schema, table.name),
            1,
            index + 1,
            index + 1,
            0,
            column.name.toLowerCase() === table.partition?.column.toLowerCase() ? 1 : 0,
            false,
            true,
          ]),
        ),
      ...session.database.tables
        .filter((table) => table.partition && (table.index === 'HEAP' || table.index === 'CLUSTERED INDEX'))
        .map((table): readonly Cell[] => [
          objectId(table.schema, table.name),
          table.index === 'HEAP' ? 0 : 1,
          1,
          position(table, table.partition!.column),
          0,
          1,
          false,
          false,
        ]),
      ...keysOf(session).flatMap(({ table, key, indexId }) =>
        key.columns.map((name, index): readonly Cell[] => [
          objectId(table.schema, table.name),
          indexId,
          index + 1,
          position(table, name),
          index + 1,
          0,
          false,
          false,
        ]),
      ),
    ],
  },
  key_constraints: {
    columns: [
      ['name', sysname],
      ['object_id', int],
      ['principal_id', int],
      ['schema_id', int],
      ['parent_object_id', int],
      ['type', char2],
      ['type_desc', nvarchar(60)],
      ['create_date', datetime],
      ['modify_date', datetime],
      ['unique_index_id', int],
      ['is_system_named', bit],
      ['is_enforced', bit],
    ],
    rows: (session) =>
      keysOf(session).map(({ table, key, indexId }) => [
        key.name,
        objectId(`$key.${table.schema}`, key.name),
        null,
        schemaId(table.schema),
        objectId(table.schema, table.name),
        key.kind === 'PRIMARY KEY' ? 'PK' : 'UQ',
        key.kind === 'PRIMARY KEY' ? 'PRIMARY_KEY_CONSTRAINT' : 'UNIQUE_CONSTRAINT',
        new Date(0),
        new Date(0),
        indexId,
        key.name.startsWith('PK__') || key.name.startsWith('UQ__'),
        false,
      ]),
  },
  default_constraints: {
    columns: [
      ['name', sysname],
      ['object_id', int],
      ['schema_id', int],
      ['parent_object_id', int],
      ['parent_column_id', int],
      ['type', char2],
      ['type_desc', nvarchar(60)],
      ['definition', nvarchar(9999)],
      ['is_system_named', bit],
    ],
    rows: (session) =>
      session.database.tables.flatMap((table) =>
        table.columns.flatMap((column, index) =>
          column.hasDefault
            ? [
                [
                  `DF__${table.name.slice(0, 9)}__${column.name.slice(0, 9)}__${defaultId(table.schema, table.name, column.name).toString(16).toUpperCase()}`,
                  defaultId(table.schema, table.name, column.name),
                  schemaId(table.schema),
                  objectId(table.schema, table.name),
                  index + 1,
                  'D ',
                  'DEFAULT_CONSTRAINT',
                  column.defaultText === undefined ? null : `(${column.defaultText})`,
                  true,
                ],
              ]
            : [],
        ),
      ),
  },
  stats: {
    columns: [
      ['object_id', int],
      ['name', sysname],
      ['stats_id', int],
      ['auto_created', bit],
      ['user_created', bit],
      ['no_recompute', bit],
      ['has_filter', bit],
      ['filter_definition', nvarchar(9999)],
      ['is_temporary', bit],
      ['is_incremental', bit],
    ],
    rows: (session) =>
      session.database
        .all('statistics')
        .map((entry, index) => [
          objectId(entry.schema, entry.table),
          entry.name,
          index + 2,
          false,
          true,
          false,
          false,
          null,
          false,
          false,
        ]),
  },
  stats_columns: {
    columns: [
      ['object_id', int],
      ['stats_id', int],
      ['stats_column_id', int],
      ['column_id', int],
    ],
    rows: (session) =>
      session.database.all('statistics').flatMap((entry, index) => {
        const table = session.database.table(entry.schema, entry.table);
        return entry.columns.map((name, order) => [
          objectId(entry.schema, entry.table),
          index + 2,
          order + 1,
          table ? position(table, name) : order + 1,
        ]);
      }),
  },
};

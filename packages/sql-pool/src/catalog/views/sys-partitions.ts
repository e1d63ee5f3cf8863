import { castTo } from '../../dialect/translate/cast.js';
import { quoteName, quoteText } from '../../dialect/translate/quote.js';
import type { Session } from '../../interpreter/session.js';
import { bigint, bit, familyOf, int, nvarchar, type SqlType, sysname, varchar } from '../../types/sql-type.js';
import { objectId, type TableDefinition } from '../objects.js';
import type { Cell, SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };
const char2: SqlType = { name: 'char', length: 2 };

function spaceId(table: TableDefinition): number {
  return objectId('$partition', `${table.schema}.${table.name}`);
}

function parted(session: Session): readonly TableDefinition[] {
  return session.database.tables.filter((table) => table.partition);
}

/** A boundary as it was written, without the quotes and the N of text. */
function plainBound(text: string): string {
  return text.replace(/^N?'(.*)'$/s, '$1').replaceAll("''", "'");
}

/** The number of rows in one partition, counted when the view is read. */
export function rowCount(session: Session, table: TableDefinition, number: number): Cell {
  const stored = `${quoteName(session.database.name)}.${quoteName(table.schema)}.${quoteName(table.name)}`;
  const values = table.partition?.values ?? [];
  if (values.length === 0) return { sql: `(SELECT count(*) FROM ${stored})` };
  const column = quoteName(table.partition!.column);
  const right = table.partition!.range === 'RIGHT';
  const type = table.columns.find((known) => known.name.toLowerCase() === table.partition!.column.toLowerCase())?.type;
  const bound = (text: string) => {
    const constant = plainBound(text);
    const family = type && familyOf(type);
    if (family === 'moment' || family === 'date' || family === 'time')
      return castTo({ sql: quoteText(constant), type: varchar(8000), constant }, type!).sql;
    return `CAST(${quoteText(constant)} AS ${typeText(table)})`;
  };
  const low = values[number - 2];
  const high = values[number - 1];
  const parts = [
    ...(low === undefined ? [] : [`${column} ${right ? '>=' : '>'} ${bound(low)}`]),
    ...(high === undefined ? [] : [`${column} ${right ? '<' : '<='} ${bound(high)}`]),
  ].join(' AND ');
  return { sql: `(SELECT count(*) FROM ${stored} WHERE ${number === 1 ? `(${parts}) OR ${column} IS NULL` : parts})` };
}

function typeText(table: TableDefinition): string {
  const name = table.partition!.column.toLowerCase();
  const type = table.columns.find((column) => column.name.toLowerCase() === name)?.type.name;
  if (type === 'int' || type === 'bigint' || type === 'smallint' || type === 'tinyint') return 'BIGINT';
  return type === 'decimal' || type === 'numeric' ? 'DECIMAL(38,9)' : 'VARCHAR';
}

/** `data_compression` and its description. */
export function compressionOf(table: TableDefinition): readonly [number, string] {
  return table.index === 'HEAP' || table.index === 'CLUSTERED INDEX' ? [0, 'NONE'] : [3, 'COLUMNSTORE'];
}

/** Every partition of every table; a table without any has one. */
export function partitionsOf(session: Session): readonly { table: TableDefinition; number: number; id: bigint }[] {
  return session.database.tables.flatMap((table) =>
    Array.from({ length: (table.partition?.values?.length ?? 0) + 1 }, (_, index) => ({
      table,
      number: index + 1,
      id: BigInt(objectId(table.schema, table.name)) * 100_000n + BigInt(index + 1),
    })),
  );
}

/** Partitions and the functions that a pool makes of PARTITION (… RANGE …). */
export const sysPartitions: Readonly<Record<string, SystemView>> = {
  partitions: {
    columns: [
      ['partition_id', bigint],
      ['object_id', int],
      ['index_id', int],
      ['partition_number', int],
      ['hobt_id', bigint],
      ['rows', bigint],
      ['data_compression', tinyint],
      ['data_compression_desc', nvarchar(60)],
    ],
    rows: (session) =>
      partitionsOf(session).map(({ table, number, id }) => {
        const heap = table.index === 'HEAP';
        return [
          id,
          objectId(table.schema, table.name),
          heap ? 0 : 1,
          number,
          id,
          rowCount(session, table, number),
          ...compressionOf(table),
        ];
      }),
  },
  partition_functions: {
    columns: [
      ['name', sysname],
      ['function_id', int],
      ['type', char2],
      ['type_desc', nvarchar(60)],
      ['fanout', int],
      ['boundary_value_on_right', bit],
      ['is_system', bit],
    ],
    rows: (session) =>
      parted(session).map((table) => [
        `PartitionFunction_${spaceId(table)}`,
        spaceId(table),
        'R ',
        'RANGE',
        (table.partition!.values?.length ?? 0) + 1,
        table.partition!.range === 'RIGHT',
        false,
      ]),
  },
  partition_schemes: {
    columns: [
      ['name', sysname],
      ['data_space_id', int],
      ['type', char2],
      ['type_desc', nvarchar(60)],
      ['is_default', bit],
      ['function_id', int],
    ],
    rows: (session) =>
      parted(session).map((table) => [
        `PartitionScheme_${spaceId(table)}`,
        spaceId(table),
        'PS',
        'PARTITION_SCHEME',
        false,
        spaceId(table),
      ]),
  },
  partition_parameters: {
    columns: [
      ['function_id', int],
      ['parameter_id', int],
      ['system_type_id', tinyint],
      ['max_length', { name: 'smallint' }],
    ],
    rows: (session) => parted(session).map((table) => [spaceId(table), 1, 56, 4]),
  },
  partition_range_values: {
    columns: [
      ['function_id', int],
      ['boundary_id', int],
      ['parameter_id', int],
      ['value', nvarchar(4000)],
    ],
    rows: (session) =>
      parted(session).flatMap((table) =>
        (table.partition!.values ?? []).map((value, index) => [spaceId(table), index + 1, 1, plainBound(value)]),
      ),
  },
  data_spaces: {
    columns: [
      ['name', sysname],
      ['data_space_id', int],
      ['type', char2],
      ['type_desc', nvarchar(60)],
      ['is_default', bit],
    ],
    rows: (session) => [
      ['PRIMARY', 1, 'FG', 'ROWS_FILEGROUP', true],
      ...parted(session).map((table): readonly Cell[] => [
        `PartitionScheme_${spaceId(table)}`,
        spaceId(table),
        'PS',
        'PARTITION_SCHEME',
        false,
      ]),
    ],
  },
  filegroups: {
    columns: [
      ['name', sysname],
      ['data_space_id', int],
      ['type', char2],
      ['is_default', bit],
      ['is_read_only', bit],
    ],
    rows: () => [['PRIMARY', 1, 'FG', true, false]],
  },
  dm_db_partition_stats: {
    columns: [
      ['partition_id', bigint],
      ['object_id', int],
      ['index_id', int],
      ['partition_number', int],
      ['in_row_data_page_count', bigint],
      ['used_page_count', bigint],
      ['reserved_page_count', bigint],
      ['row_count', bigint],
    ],
    rows: (session) =>
      partitionsOf(session).map(({ table, number, id }) => [
        id,
        objectId(table.schema, table.name),
        table.index === 'HEAP' ? 0 : 1,
        number,
        0,
        0,
        0,
        rowCount(session, table, number),
      ]),
  },
};

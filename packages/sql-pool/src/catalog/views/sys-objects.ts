import { schemaId } from '../../interpreter/facts.js';
import type { Session } from '../../interpreter/session.js';
import { viewColumns } from '../../interpreter/view-columns.js';
import { bigint, bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import {
  type Dated,
  type ExternalTableDefinition,
  objectId,
  type TableColumn,
  type TableDefinition,
} from '../objects.js';
import { systemViewNames } from './index.js';
import { systemTypes, typeNumber, typeShape } from './types.js';
import type { Cell, SystemView } from './view.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };
const char2: SqlType = { name: 'char', length: 2 };
/** Of system views, and of objects from before times were kept. */
const noTime = new Date(Date.UTC(2000, 0, 1));

function timesOf({ created, modified }: Dated): readonly [Date, Date] {
  const made = created === undefined ? noTime : new Date(created);
  return [made, modified === undefined ? made : new Date(modified)];
}

interface AnyObject extends Dated {
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly columns: readonly TableColumn[];
}

function mayKnow(session: Session, object: { schema: string; name: string }): boolean {
  return ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'EXECUTE', 'ALTER', 'VIEW DEFINITION', 'CREATE TABLE'].some(
    (permission) => session.may(permission, object),
  );
}

/** Tables, views and routines of the database at hand that the user may know of. */
export function userObjects(session: Session): readonly AnyObject[] {
  const { database } = session;
  const objects: AnyObject[] = [
    ...database.tables.map((table: TableDefinition) => ({ ...table, type: 'U ', description: 'USER_TABLE' })),
    ...database
      .all('externalTable')
      .map((table: ExternalTableDefinition) => ({ ...table, type: 'U ', description: 'USER_TABLE' })),
    ...database.all('view').map((view) => ({
      schema: view.schema,
      name: view.name,
      created: view.created,
      modified: view.modified,
      // Asked for only where columns are shown: the query has to be read for them.
      get columns() {
        return viewColumns(session, view);
      },
      type: 'V ',
      description: 'VIEW',
    })),
    ...database.all('routine').map((routine) => ({
      schema: routine.schema,
      name: routine.name,
      created: routine.created,
      modified: routine.modified,
      columns: [],
      type: routine.kind === 'procedure' ? 'P ' : routine.kind === 'function' ? 'FN' : 'IF',
      description:
        routine.kind === 'procedure'
          ? 'SQL_STORED_PROCEDURE'
          : routine.kind === 'function'
            ? 'SQL_SCALAR_FUNCTION'
            : 'SQL_INLINE_TABLE_VALUED_FUNCTION',
    })),
  ];
  return session.isAdministrator ? objects : objects.filter((object) => mayKnow(session, object));
}

const objectColumns: SystemView['columns'] = [
  ['name', sysname],
  ['object_id', int],
  ['principal_id', int],
  ['schema_id', int],
  ['parent_object_id', int],
  ['type', char2],
  ['type_desc', nvarchar(60)],
  ['create_date', datetime],
  ['modify_date', datetime],
  ['is_ms_shipped', bit],
  ['is_published', bit],
  ['is_schema_published', bit],
];

function objectRow(object: AnyObject): readonly Cell[] {
  return [
    object.name,
    objectId(object.schema, object.name),
    null,
    schemaId(object.schema),
    0,
    object.type,
    object.description,
    ...timesOf(object),
    false,
    false,
    false,
  ];
}

const columnColumns: SystemView['columns'] = [
  ['object_id', int],
  ['name', sysname],
  ['column_id', int],
  ['system_type_id', tinyint],
  ['user_type_id', int],
  ['max_length', smallint],
  ['precision', tinyint],
  ['scale', tinyint],
  ['collation_name', sysname],
  ['is_nullable', bit],
  ['is_ansi_padded', bit],
  ['is_rowguidcol', bit],
  ['is_identity', bit],
  ['is_computed', bit],
  ['is_filestream', bit],
  ['is_replicated', bit],
  ['is_xml_document', bit],
  ['xml_collection_id', int],
  ['default_object_id', int],
  ['rule_object_id', int],
  ['is_sparse', bit],
  ['is_column_set', bit],
  ['generated_always_type', tinyint],
  ['is_hidden', bit],
  ['is_masked', bit],
  ['encryption_type', int],
  ['graph_type', int],
];

const modules: SystemView = {
  columns: [
    ['object_id', int],
    ['definition', nvarchar(9999)],
    ['uses_ansi_nulls', bit],
    ['uses_quoted_identifier', bit],
    ['is_schema_bound', bit],
    ['uses_database_collation', bit],
    ['is_recompiled', bit],
    ['null_on_null_input', bit],
    ['execute_as_principal_id', int],
    ['uses_native_compilation', bit],
  ],
  rows: (session) =>
    [...session.database.all('view'), ...session.database.all('routine')].map((object) => [
      objectId(object.schema, object.name),
      object.text,
      true,
      true,
      false,
      false,
      false,
      false,
      null,
      false,
    ]),
};

/** The id of the default constraint of a column. */
export function defaultId(schema: string, table: string, column: string): number {
  return objectId(`$default.${schema}.${table}`, column);
}

function columnRow(object: Pick<AnyObject, 'schema' | 'name'>, column: TableColumn, index: number): readonly Cell[] {
  const shape = typeShape(column.type);
  const number = typeNumber(column.type.name);
  return [
    objectId(object.schema, object.name),
    column.name,
    index + 1,
    number,
    number,
    shape.bytes,
    shape.precision,
    shape.scale,
    shape.collation,
    column.nullable,
    true,
    false,
    column.identity !== undefined,
    false,
    false,
    false,
    false,
    0,
    column.hasDefault ? defaultId(object.schema, object.name, column.name) : 0,
    0,
    false,
    false,
    0,
    false,
    false,
    null,
    null,
  ];
}

/** sys.objects and its relatives (Transact-SQL "Object catalog views"). */
export const sysObjects: Readonly<Record<string, SystemView>> = {
  objects: { columns: objectColumns, rows: (session) => userObjects(session).map(objectRow) },
  all_objects: {
    columns: objectColumns,
    rows: (session) => [
      ...userObjects(session).map(objectRow),
      ...systemViewNames().map((view): readonly Cell[] => [
        view.name,
        view.id,
        null,
        view.schema === 'sys' ? 4 : 3,
        0,
        'V ',
        'VIEW',
        noTime,
        noTime,
        true,
        false,
        false,
      ]),
    ],
  },
  tables: {
    columns: [
      ...objectColumns,
      ['is_external', bit],
      ['is_memory_optimized', bit],
      ['temporal_type', tinyint],
      ['durability', tinyint],
      ['is_replicated', bit],
      ['is_filetable', bit],
      ['lock_escalation_desc', nvarchar(60)],
      ['uses_ansi_nulls', bit],
      ['max_column_id_used', int],
      ['temporal_type_desc', nvarchar(60)],
    ],
    rows: (session) =>
      userObjects(session)
        .filter((object) => object.type === 'U ')
        .map((object) => [
          ...objectRow(object),
          session.database.find('externalTable', object.schema, object.name) !== undefined,
          false,
          0,
          0,
          false,
          false,
          'TABLE',
          true,
          object.columns.length,
          'NON_TEMPORAL_TABLE',
        ]),
  },
  views: {
    columns: [...objectColumns, ['is_replicated', bit], ['with_check_option', bit]],
    rows: (session) =>
      userObjects(session)
        .filter((object) => object.type === 'V ')
        .map((object) => [...objectRow(object), false, false]),
  },
  procedures: {
    columns: objectColumns,
    rows: (session) =>
      userObjects(session)
        .filter((object) => object.type === 'P ')
        .map(objectRow),
  },
  columns: {
    columns: columnColumns,
    rows: (session) =>
      userObjects(session).flatMap((object) => object.columns.map((column, index) => columnRow(object, column, index))),
  },
  all_columns: {
    columns: columnColumns,
    rows: (session) => [
      ...userObjects(session).flatMap((object) =>
        object.columns.map((column, index) => columnRow(object, column, index)),
      ),
      ...systemViewNames().flatMap(({ schema, name, id, columns }) =>
        columns.map(([column, type], index): readonly Cell[] => [
          id,
          ...columnRow({ schema, name }, { name: column, type, nullable: true }, index).slice(1),
        ]),
      ),
    ],
  },
  identity_columns: {
    columns: [
      ...columnColumns,
      ['seed_value', bigint],
      ['increment_value', bigint],
      ['last_value', bigint],
      ['is_not_for_replication', bit],
    ],
    rows: (session) =>
      userObjects(session).flatMap((object) =>
        object.columns.flatMap((column, index) =>
          column.identity
            ? [
                [
                  ...columnRow(object, column, index),
                  BigInt(column.identity.seed),
                  BigInt(column.identity.increment),
                  null,
                  false,
                ],
              ]
            : [],
        ),
      ),
  },
  schemas: {
    columns: [
      ['name', sysname],
      ['schema_id', int],
      ['principal_id', int],
    ],
    rows: (session) => [
      ...session.database.schemas.map((name): readonly Cell[] => [name, schemaId(name), 1]),
      ['sys', 4, 4],
      ['INFORMATION_SCHEMA', 3, 3],
    ],
  },
  types: {
    columns: [
      ['name', sysname],
      ['system_type_id', tinyint],
      ['user_type_id', int],
      ['schema_id', int],
      ['principal_id', int],
      ['max_length', smallint],
      ['precision', tinyint],
      ['scale', tinyint],
      ['collation_name', sysname],
      ['is_nullable', bit],
      ['is_user_defined', bit],
      ['is_assembly_type', bit],
      ['default_object_id', int],
      ['rule_object_id', int],
      ['is_table_type', bit],
    ],
    rows: () =>
      systemTypes.map((type) => [
        type.name,
        type.number,
        type.userNumber,
        4,
        null,
        type.bytes,
        type.precision,
        type.scale,
        type.collation,
        true,
        false,
        false,
        0,
        0,
        false,
      ]),
  },
  sql_modules: modules,
  all_sql_modules: modules,
  pdw_table_distribution_properties: {
    columns: [
      ['object_id', int],
      ['distribution_policy', tinyint],
      ['distribution_policy_desc', nvarchar(60)],
    ],
    rows: (session) =>
      session.database.tables.map((table) => [
        objectId(table.schema, table.name),
        table.distribution === 'HASH' ? 2 : table.distribution === 'REPLICATE' ? 3 : 4,
        table.distribution,
      ]),
  },
  pdw_column_distribution_properties: {
    columns: [
      ['object_id', int],
      ['column_id', int],
      ['distribution_ordinal', tinyint],
    ],
    rows: (session) =>
      session.database.tables.flatMap((table) =>
        table.columns.map((column, index) => [
          objectId(table.schema, table.name),
          index + 1,
          table.distributionColumns.findIndex((name) => name.toLowerCase() === column.name.toLowerCase()) + 1,
        ]),
      ),
  },
  foreign_keys: empty(
    ['name', sysname],
    ['object_id', int],
    ['schema_id', int],
    ['parent_object_id', int],
    ['referenced_object_id', int],
    ['key_index_id', int],
    ['delete_referential_action', tinyint],
    ['update_referential_action', tinyint],
    ['is_disabled', bit],
    ['delete_referential_action_desc', nvarchar(60)],
    ['update_referential_action_desc', nvarchar(60)],
  ),
  foreign_key_columns: empty(
    ['constraint_object_id', int],
    ['constraint_column_id', int],
    ['parent_object_id', int],
    ['parent_column_id', int],
    ['referenced_object_id', int],
    ['referenced_column_id', int],
  ),
  check_constraints: empty(
    ['name', sysname],
    ['object_id', int],
    ['schema_id', int],
    ['parent_object_id', int],
    ['definition', nvarchar(9999)],
  ),
  computed_columns: empty(
    ['object_id', int],
    ['name', sysname],
    ['column_id', int],
    ['definition', nvarchar(9999)],
    ['is_persisted', bit],
  ),
  triggers: empty(['name', sysname], ['object_id', int], ['parent_id', int], ['type', char2]),
  synonyms: empty(['name', sysname], ['object_id', int], ['schema_id', int], ['base_object_name', nvarchar(1035)]),
  sequences: empty(['name', sysname], ['object_id', int], ['schema_id', int]),
  extended_properties: empty(
    ['class', tinyint],
    ['class_desc', nvarchar(60)],
    ['major_id', int],
    ['minor_id', int],
    ['name', sysname],
    ['value', nvarchar(4000)],
  ),
};

function empty(...columns: SystemView['columns']): SystemView {
  return { columns, rows: () => [] };
}

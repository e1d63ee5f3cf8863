import type { ColumnDefinition, DatabaseSettings, OptionMap } from '../dialect/ast.js';
import type { SqlType } from '../types/sql-type.js';

/** A column as it was declared; DuckDB knows only how it is stored. */
export interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly identity?: { readonly seed: string; readonly increment: string };
  readonly collation?: string;
  readonly hasDefault?: boolean;
  /** DEFAULT as it was written. */
  readonly defaultText?: string;
}

export interface KeyDefinition {
  readonly name: string;
  readonly kind: 'PRIMARY KEY' | 'UNIQUE';
  readonly columns: readonly string[];
}

/** When an object was made and last changed, as ISO 8601; objects of older files have none. */
export interface Dated {
  readonly created?: string | undefined;
  readonly modified?: string | undefined;
}

/** A workload group or classifier with its options as they were written. */
export interface WorkloadDefinition {
  readonly name: string;
  readonly options: OptionMap;
}

export interface TableDefinition extends Dated {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly distribution: 'HASH' | 'ROUND_ROBIN' | 'REPLICATE';
  readonly distributionColumns: readonly string[];
  readonly index: string;
  readonly partition?:
    | {
        readonly column: string;
        readonly range: 'LEFT' | 'RIGHT';
        /** Boundaries as they were written, lowest first. */
        readonly values?: readonly string[];
      }
    | undefined;
  /** PRIMARY KEY and UNIQUE, which a pool does not enforce. */
  readonly keys?: readonly KeyDefinition[] | undefined;
}

export interface ViewDefinition extends Dated {
  readonly schema: string;
  readonly name: string;
  readonly text: string;
  /** The distribution of a materialized view; here it is computed when it is read, so that it is never behind. */
  readonly materialized?: 'HASH' | 'ROUND_ROBIN';
}

export interface RoutineDefinition extends Dated {
  readonly schema: string;
  readonly name: string;
  readonly text: string;
  readonly kind: 'procedure' | 'function' | 'tableFunction';
}

export interface CredentialDefinition {
  readonly name: string;
  readonly identity: string;
  /** Sealed with the key of the data directory; see sealed-text.ts. */
  readonly secret: string | undefined;
}

export interface DataSourceDefinition {
  readonly name: string;
  readonly location: string;
  readonly type: string;
  readonly credential: string | undefined;
}

export interface FileFormatDefinition {
  readonly name: string;
  readonly options: OptionMap;
}

export interface ExternalTableDefinition extends Dated {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly location: string;
  readonly dataSource: string;
  readonly fileFormat: string;
  readonly rejectType: string | undefined;
  readonly rejectValue: number | undefined;
}

export interface PrincipalDefinition {
  readonly name: string;
  readonly kind: 'user' | 'role';
  readonly login: string | undefined;
  readonly schema: string | undefined;
  readonly external: boolean;
}

export interface MembershipDefinition {
  readonly role: string;
  readonly member: string;
}

export interface PermissionDefinition {
  readonly state: 'GRANT' | 'DENY';
  readonly permission: string;
  /** DATABASE, SCHEMA, OBJECT, …. */
  readonly class: string;
  /** `schema` or `schema.name`, lower case; empty for the database. */
  readonly on: string;
  readonly principal: string;
}

export interface LoginDefinition {
  readonly name: string;
  /** scrypt: `salt:hash` in hex. */
  readonly password: string;
}

export interface StatisticsDefinition {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** What is kept besides DuckDB's own catalog, by kind. */
export interface ObjectKinds {
  view: ViewDefinition;
  routine: RoutineDefinition;
  credential: CredentialDefinition;
  dataSource: DataSourceDefinition;
  fileFormat: FileFormatDefinition;
  externalTable: ExternalTableDefinition;
  principal: PrincipalDefinition;
  membership: MembershipDefinition;
  permission: PermissionDefinition;
  login: LoginDefinition;
  statistics: StatisticsDefinition;
  masterKey: { readonly name: string };
  /** In master: what ALTER DATABASE … SET has set for the database of that name. */
  databaseSettings: { readonly settings: DatabaseSettings };
  workloadGroup: WorkloadDefinition;
  workloadClassifier: WorkloadDefinition;
}

export type ObjectKind = keyof ObjectKinds;

export function toTableColumn(definition: ColumnDefinition): TableColumn {
  return {
    name: definition.name,
    type: definition.type,
    nullable: definition.nullable !== false && !definition.identity,
    ...(definition.identity
      ? { identity: { seed: String(definition.identity.seed), increment: String(definition.identity.increment) } }
      : {}),
    ...(definition.collation ? { collation: definition.collation } : {}),
    ...(definition.default ? { hasDefault: true } : {}),
    ...(definition.defaultText ? { defaultText: definition.defaultText } : {}),
  };
}

/** An id that stays as long as the name: SQL Server's object_id is a number, ours is made from the name. */
export function objectId(schema: string, name: string): number {
  let hash = 0x811c9dc5;
  for (const char of `${schema}.${name}`.toLowerCase()) {
    hash ^= char.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 1) | 0x40;
}

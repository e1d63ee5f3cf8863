import type { SqlType } from '../types/sql-type.js';

/** A name of one to four parts, outermost first. */
export type Name = readonly string[];

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { readonly kind: 'null' }
  | { readonly kind: 'default' }
  /** The digits as written: `1`, `1.50`, `1e3`. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string; readonly national: boolean }
  | { readonly kind: 'binary'; readonly hex: string }
  | { readonly kind: 'variable'; readonly name: string; readonly line: number }
  | { readonly kind: 'column'; readonly name: Name; readonly line: number }
  | { readonly kind: 'negate' | 'plus' | 'complement'; readonly operand: Expression }
  | {
      readonly kind: 'binaryOperation';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly branches: readonly CaseBranch[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: SqlType; readonly attempt: boolean }
  | {
      readonly kind: 'convert';
      readonly value: Expression;
      readonly type: SqlType;
      readonly style: Expression | undefined;
      readonly attempt: boolean;
    }
  | FunctionCall
  | { readonly kind: 'subquery'; readonly query: Query }
  | LoopExpression
  | { readonly kind: 'collate'; readonly value: Expression; readonly collation: string }
  | { readonly kind: 'atTimeZone'; readonly value: Expression; readonly zone: Expression }
  | { readonly kind: 'star'; readonly qualifier: Name }
  /** A condition where only a value may stand is refused by the translator. */
  | Condition;

/** WHILE of a scalar function: variables that change together as long as a condition holds; the value is one of them at the end. */
export interface LoopExpression {
  readonly kind: 'loop';
  readonly variables: readonly { readonly name: string; readonly type: SqlType; readonly start: Expression }[];
  readonly condition: Expression;
  /** What each variable becomes, said by the variables as columns. */
  readonly steps: readonly Expression[];
  readonly result: number;
}

export interface CaseBranch {
  readonly when: Expression;
  readonly result: Expression;
}

export interface FunctionCall {
  readonly kind: 'call';
  readonly name: Name;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  readonly over: Window | undefined;
  readonly withinGroup: readonly OrderItem[] | undefined;
  readonly nulls: 'ignore' | 'respect' | undefined;
  readonly line: number;
}

export type Condition =
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'quantified';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly quantifier: 'any' | 'all';
      readonly query: Query;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'between';
      readonly value: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'inList';
      readonly value: Expression;
      readonly items: readonly Expression[];
      readonly negated: boolean;
    }
  | { readonly kind: 'inQuery'; readonly value: Expression; readonly query: Query; readonly negated: boolean }
  | {
      readonly kind: 'like';
      readonly value: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
      readonly negated: boolean;
    }
  | { readonly kind: 'isNull'; readonly value: Expression; readonly negated: boolean }
  | { readonly kind: 'distinctFrom'; readonly left: Expression; readonly right: Expression; readonly negated: boolean }
  | { readonly kind: 'exists'; readonly query: Query };

export interface OrderItem {
  readonly value: Expression;
  readonly descending: boolean;
}

export interface FrameBound {
  readonly kind: 'unboundedPreceding' | 'preceding' | 'current' | 'following' | 'unboundedFollowing';
  readonly offset: Expression | undefined;
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: { readonly unit: 'ROWS' | 'RANGE'; readonly from: FrameBound; readonly to: FrameBound } | undefined;
}

export interface SelectItem {
  readonly value: Expression;
  readonly alias: string | undefined;
  /** `SELECT @v = value`, with the operator of `@v += value`. */
  readonly assign: string | undefined;
  readonly assignOperator: BinaryOperator | undefined;
}

export interface TableAlias {
  readonly name: string;
  readonly columns: readonly string[];
}

export type TableSource =
  | {
      readonly kind: 'table';
      readonly name: Name;
      readonly alias: TableAlias | undefined;
      readonly line: number;
      readonly sample?: { readonly count: number; readonly percent: boolean };
    }
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: TableAlias | undefined }
  | {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expression[])[];
      readonly alias: TableAlias | undefined;
    }
  | {
      readonly kind: 'tableFunction';
      readonly name: Name;
      readonly arguments: readonly Expression[];
      readonly columns: readonly ColumnShape[] | undefined;
      readonly alias: TableAlias | undefined;
      readonly line: number;
    }
  | {
      readonly kind: 'openRowset';
      readonly locations: readonly string[];
      readonly options: ReadonlyMap<string, string>;
      readonly columns: readonly ColumnShape[] | undefined;
      readonly alias: TableAlias | undefined;
    }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
      readonly left: TableSource;
      readonly right: TableSource;
      readonly on: Expression | undefined;
    }
  | { readonly kind: 'apply'; readonly outer: boolean; readonly left: TableSource; readonly right: TableSource }
  | {
      readonly kind: 'pivot';
      readonly source: TableSource;
      readonly aggregate: string;
      readonly value: Expression;
      readonly column: Name;
      readonly values: readonly string[];
      readonly alias: TableAlias | undefined;
    }
  | {
      readonly kind: 'unpivot';
      readonly source: TableSource;
      readonly value: string;
      readonly column: string;
      readonly columns: readonly string[];
      readonly alias: TableAlias | undefined;
    };

export interface ColumnShape {
  readonly name: string;
  readonly type: SqlType;
  readonly path?: string;
  /** OPENJSON: the part of the text, not a scalar. */
  readonly asJson?: boolean;
}

export interface Top {
  readonly count: Expression;
  readonly percent: boolean;
  readonly ties: boolean;
}

export type Grouping =
  | { readonly kind: 'plain'; readonly value: Expression }
  | { readonly kind: 'rollup' | 'cube' | 'sets'; readonly sets: readonly (readonly Expression[])[] };

export interface SelectCore {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Top | undefined;
  readonly items: readonly SelectItem[];
  readonly into: Name | undefined;
  readonly from: readonly TableSource[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Grouping[];
  readonly having: Expression | undefined;
  readonly line: number;
}

export interface SetOperation {
  readonly kind: 'set';
  readonly operator: 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT';
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** A query in parentheses inside a set operation. */
export interface NestedQuery {
  readonly kind: 'nested';
  readonly query: Query;
}

export type QueryBody = SelectCore | SetOperation | NestedQuery;

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Query {
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
  readonly forJson:
    | {
        readonly mode: 'PATH' | 'AUTO';
        readonly root: string | undefined;
        readonly withoutArrayWrapper: boolean;
        readonly includeNulls: boolean;
      }
    | undefined;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  /** `undefined`: not said, which means nullable in a pool. */
  readonly nullable: boolean | undefined;
  readonly identity: { readonly seed: bigint; readonly increment: bigint } | undefined;
  readonly default: Expression | undefined;
  /** DEFAULT as it was written. */
  readonly defaultText: string | undefined;
  readonly collation: string | undefined;
}

/** PRIMARY KEY or UNIQUE … NOT ENFORCED. */
export interface KeyConstraint {
  readonly name: string | undefined;
  readonly kind: 'PRIMARY KEY' | 'UNIQUE';
  readonly columns: readonly string[];
}

/** Options of CREATE TABLE … WITH. */
export interface TableOptions {
  readonly distribution:
    | { readonly kind: 'HASH' | 'ROUND_ROBIN' | 'REPLICATE'; readonly columns: readonly string[] }
    | undefined;
  readonly index: 'CLUSTERED COLUMNSTORE INDEX' | 'HEAP' | 'CLUSTERED INDEX' | undefined;
  readonly partition:
    | {
        readonly column: string;
        readonly range: 'LEFT' | 'RIGHT';
        readonly values: readonly Expression[];
        readonly texts: readonly string[];
      }
    | undefined;
}

export interface ProcedureParameter {
  readonly name: string;
  readonly type: SqlType;
  readonly default: Expression | undefined;
  readonly output: boolean;
}

export interface ExecuteArgument {
  readonly name: string | undefined;
  readonly value: Expression;
  readonly output: boolean;
}

export interface Assignment {
  readonly column: Name;
  readonly operator: BinaryOperator | undefined;
  readonly value: Expression;
}

/** `KEY = value` options in parentheses; keys in upper case. */
export type OptionValue = string | readonly string[] | OptionMap;
export interface OptionMap {
  readonly [key: string]: OptionValue;
}

export interface CopyColumn {
  readonly name: string;
  readonly default: Expression | undefined;
  readonly field: number | undefined;
}

export type MergeAction =
  | { readonly kind: 'update'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'delete' }
  | { readonly kind: 'insert'; readonly columns: readonly string[]; readonly values: readonly Expression[] };

export interface MergeClause {
  readonly when: 'matched' | 'notMatchedByTarget' | 'notMatchedBySource';
  readonly condition: Expression | undefined;
  readonly action: MergeAction;
}

interface At {
  readonly line: number;
}

/** `OPTION (LABEL = '…')`, kept for sys.dm_pdw_exec_requests. */
interface Labelled {
  readonly label: string | undefined;
}

export type Statement = At &
  (
    | ({ readonly kind: 'select'; readonly query: Query } & Labelled)
    | ({
        readonly kind: 'insert';
        readonly table: Name;
        readonly columns: readonly string[];
        readonly source: InsertSource;
        readonly top: Top | undefined;
      } & Labelled)
    | ({
        readonly kind: 'update';
        readonly with: readonly CommonTable[];
        readonly table: Name;
        readonly assignments: readonly Assignment[];
        readonly from: readonly TableSource[];
        readonly where: Expression | undefined;
      } & Labelled)
    | ({
        readonly kind: 'delete';
        readonly with: readonly CommonTable[];
        readonly table: Name;
        readonly from: readonly TableSource[];
        readonly where: Expression | undefined;
      } & Labelled)
    | ({
        readonly kind: 'merge';
        readonly table: Name;
        readonly alias: string | undefined;
        readonly source: TableSource;
        readonly on: Expression;
        readonly clauses: readonly MergeClause[];
      } & Labelled)
    | ({
        readonly kind: 'createTable';
        readonly name: Name;
        readonly columns: readonly ColumnDefinition[];
        readonly keys: readonly KeyConstraint[];
        readonly options: TableOptions;
      } & Labelled)
    | ({
        readonly kind: 'createTableAs';
        readonly name: Name;
        readonly columnNames: readonly string[];
        readonly options: TableOptions;
        readonly query: Query;
      } & Labelled)
    | {
        readonly kind: 'createExternalTable';
        readonly name: Name;
        readonly columns: readonly ColumnDefinition[];
        readonly options: OptionMap;
      }
    | ({
        readonly kind: 'createExternalTableAs';
        readonly name: Name;
        readonly options: OptionMap;
        readonly query: Query;
      } & Labelled)
    | { readonly kind: 'createExternalDataSource'; readonly name: string; readonly options: OptionMap }
    | { readonly kind: 'createExternalFileFormat'; readonly name: string; readonly options: OptionMap }
    | {
        readonly kind: 'createCredential' | 'alterCredential';
        readonly name: string;
        readonly identity: string;
        readonly secret: string | undefined;
      }
    | { readonly kind: 'createMasterKey' }
    | {
        readonly kind: 'workload';
        readonly what: 'GROUP' | 'CLASSIFIER';
        readonly action: 'create' | 'alter' | 'drop';
        readonly name: string;
        readonly options: OptionMap;
      }
    | {
        readonly kind: 'dbcc';
        readonly command: string;
        readonly arguments: readonly string[];
        readonly options: readonly string[];
      }
    | { readonly kind: 'explain'; readonly statement: Statement; readonly text: string }
    | { readonly kind: 'executeAs'; readonly user: Expression }
    | { readonly kind: 'revert' }
    | { readonly kind: 'transferObject'; readonly schema: string; readonly name: Name }
    | {
        readonly kind: 'alterUser';
        readonly name: string;
        readonly newName: string | undefined;
        readonly login: string | undefined;
        readonly schema: string | undefined;
      }
    | { readonly kind: 'createSchema'; readonly name: string; readonly owner: string | undefined }
    | { readonly kind: 'createDatabase'; readonly name: string }
    | {
        readonly kind: 'createView' | 'alterView';
        readonly name: Name;
        readonly columns: readonly string[];
        readonly query: Query;
        readonly text: string;
        readonly orAlter: boolean;
        readonly materialized?: 'HASH' | 'ROUND_ROBIN';
      }
    | {
        readonly kind: 'createProcedure' | 'alterProcedure';
        readonly name: Name;
        readonly parameters: readonly ProcedureParameter[];
        readonly text: string;
        readonly orAlter: boolean;
      }
    | {
        readonly kind: 'createFunction' | 'alterFunction';
        readonly name: Name;
        readonly parameters: readonly ProcedureParameter[];
        /** The type of its value, or a table. */
        readonly returns: SqlType | 'table';
        /** Behind AS. */
        readonly body: string;
        readonly text: string;
        readonly orAlter: boolean;
      }
    | {
        readonly kind: 'createStatistics';
        readonly name: string;
        readonly table: Name;
        readonly columns: readonly string[];
      }
    | { readonly kind: 'updateStatistics'; readonly table: Name; readonly name: string | undefined }
    | { readonly kind: 'createIndex'; readonly name: string; readonly table: Name; readonly columns: readonly string[] }
    | { readonly kind: 'createLogin' | 'alterLogin'; readonly name: string; readonly password: string | undefined }
    | {
        readonly kind: 'createUser';
        readonly name: string;
        readonly login: string | undefined;
        readonly external: boolean;
        readonly schema: string | undefined;
      }
    | { readonly kind: 'createRole'; readonly name: string }
    | { readonly kind: 'alterRole'; readonly name: string; readonly action: 'add' | 'drop'; readonly member: string }
    | {
        readonly kind: 'permission';
        readonly action: 'GRANT' | 'DENY' | 'REVOKE';
        readonly permissions: readonly string[];
        /** Of the object, that the permissions are about; all when none is named. */
        readonly columns: readonly string[];
        readonly on: { readonly class: string; readonly name: Name } | undefined;
        readonly principals: readonly string[];
      }
    | { readonly kind: 'drop'; readonly what: DroppedKind; readonly names: readonly Name[]; readonly ifExists: boolean }
    /** Of the session's own database when none is named. */
    | {
        readonly kind: 'alterDatabase';
        readonly database: string | undefined;
        readonly settings: DatabaseSettings;
      }
    /** The session's own database when `from` is empty. */
    | { readonly kind: 'renameObject'; readonly class: 'OBJECT' | 'DATABASE'; readonly from: Name; readonly to: string }
    | { readonly kind: 'alterTable'; readonly name: Name; readonly action: AlterTableAction }
    | { readonly kind: 'truncate'; readonly name: Name }
    | ({
        readonly kind: 'copyInto';
        readonly table: Name;
        readonly columns: readonly CopyColumn[] | undefined;
        readonly locations: readonly string[];
        readonly options: OptionMap;
      } & Labelled)
    | { readonly kind: 'insertBulk'; readonly table: Name; readonly columns: readonly string[] }
    | {
        readonly kind: 'declare';
        readonly variables: readonly {
          readonly name: string;
          readonly type: SqlType;
          readonly value: Expression | undefined;
        }[];
      }
    | {
        readonly kind: 'setVariable';
        readonly name: string;
        readonly operator: BinaryOperator | undefined;
        readonly value: Expression;
      }
    | { readonly kind: 'setOption'; readonly name: string; readonly value: string }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly whenTrue: Statement;
        readonly otherwise: Statement | undefined;
      }
    | { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement }
    | { readonly kind: 'block'; readonly statements: readonly Statement[] }
    | { readonly kind: 'tryCatch'; readonly attempt: readonly Statement[]; readonly rescue: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' }
    | { readonly kind: 'return'; readonly value: Expression | undefined }
    | { readonly kind: 'print'; readonly value: Expression }
    | {
        readonly kind: 'throw';
        readonly number: Expression | undefined;
        readonly message: Expression | undefined;
        readonly state: Expression | undefined;
      }
    | {
        readonly kind: 'raiseError';
        readonly message: Expression;
        readonly severity: Expression;
        readonly state: Expression;
        readonly arguments: readonly Expression[];
      }
    | ({
        readonly kind: 'execute';
        readonly procedure: Name;
        /** The variable that holds the name instead. */
        readonly named: string | undefined;
        readonly arguments: readonly ExecuteArgument[];
        readonly result: string | undefined;
      } & Labelled)
    | { readonly kind: 'executeText'; readonly text: Expression }
    | { readonly kind: 'use'; readonly database: string }
    | { readonly kind: 'begin' | 'commit' | 'rollback' }
    | { readonly kind: 'waitFor'; readonly delay: Expression }
    | { readonly kind: 'kill'; readonly session: string }
    | { readonly kind: 'nothing' }
  );

export type StatementKind = Statement['kind'];
type Matching<S, K> = S extends { readonly kind: infer X } ? (K extends X ? S : never) : never;
/** The statement of one kind, also where several kinds share a shape. */
export type StatementOf<K extends StatementKind> = Matching<Statement, K>;

export type DroppedKind =
  | 'TABLE'
  | 'VIEW'
  | 'PROCEDURE'
  | 'FUNCTION'
  | 'SCHEMA'
  | 'DATABASE'
  | 'EXTERNAL TABLE'
  | 'EXTERNAL DATA SOURCE'
  | 'EXTERNAL FILE FORMAT'
  | 'DATABASE SCOPED CREDENTIAL'
  | 'LOGIN'
  | 'USER'
  | 'ROLE'
  | 'STATISTICS'
  | 'INDEX'
  | 'MASTER KEY';

/** Settings of a database that are kept and shown; nothing here works differently for them. */
export type DatabaseSetting =
  | 'AUTO_CREATE_STATISTICS'
  | 'QUERY_STORE'
  | 'READ_COMMITTED_SNAPSHOT'
  | 'RESULT_SET_CACHING';

/** Whether they are on; those that are not named are as they were. */
export type DatabaseSettings = Readonly<Partial<Record<DatabaseSetting, boolean>>>;

export type InsertSource =
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'execute'; readonly statement: Statement }
  | { readonly kind: 'defaults' };

export type AlterTableAction =
  | { readonly kind: 'addColumns'; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'dropColumns'; readonly columns: readonly string[] }
  | { readonly kind: 'alterColumn'; readonly column: ColumnDefinition }
  | {
      readonly kind: 'switch';
      readonly partition: string | undefined;
      readonly to: Name;
      readonly toPartition: string | undefined;
      readonly truncateTarget: boolean;
    }
  | { readonly kind: 'addKey'; readonly key: KeyConstraint }
  | { readonly kind: 'addDefault'; readonly column: string; readonly value: Expression; readonly text: string }
  | { readonly kind: 'dropConstraints'; readonly names: readonly string[]; readonly ifExists: boolean }
  | { readonly kind: 'splitRange' | 'mergeRange'; readonly value: string }
  | { readonly kind: 'renameColumn'; readonly column: string; readonly to: string }
  | { readonly kind: 'rebuild' };

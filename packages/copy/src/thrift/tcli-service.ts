import type { StructType } from './structs.js';

/**
 * The part of HiveServer2's service that a reader needs. Field numbers and enumerations are those of Apache Hive's
 * `service-rpc/if/TCLIService.thrift` (Apache License 2.0), which Spark's Thrift server speaks.
 */
const handleIdentifier: StructType = {
  name: 'THandleIdentifier',
  fields: { 1: ['guid', 'binary'], 2: ['secret', 'binary'] },
};

const sessionHandle: StructType = {
  name: 'TSessionHandle',
  fields: { 1: ['sessionId', { struct: handleIdentifier }] },
};

const operationHandle: StructType = {
  name: 'TOperationHandle',
  fields: {
    1: ['operationId', { struct: handleIdentifier }],
    2: ['operationType', 'i32'],
    3: ['hasResultSet', 'bool'],
    4: ['modifiedRowCount', 'double'],
  },
};

export const status: StructType = {
  name: 'TStatus',
  fields: {
    1: ['statusCode', 'i32'],
    2: ['infoMessages', 'stringList'],
    3: ['sqlState', 'string'],
    4: ['errorCode', 'i32'],
    5: ['errorMessage', 'string'],
  },
};

const typeQualifiers: StructType = {
  name: 'TTypeQualifiers',
  fields: {
    1: [
      'qualifiers',
      { map: { name: 'TTypeQualifierValue', fields: { 1: ['i32Value', 'i32'], 2: ['stringValue', 'string'] } } },
    ],
  },
};

const columnDescription: StructType = {
  name: 'TColumnDesc',
  fields: {
    1: ['columnName', 'string'],
    2: [
      'typeDesc',
      {
        struct: {
          name: 'TTypeDesc',
          fields: {
            1: [
              'types',
              {
                list: {
                  name: 'TTypeEntry',
                  fields: {
                    1: [
                      'primitiveEntry',
                      {
                        struct: {
                          name: 'TPrimitiveTypeEntry',
                          fields: { 1: ['type', 'i32'], 2: ['typeQualifiers', { struct: typeQualifiers }] },
                        },
                      },
                    ],
                  },
                },
              },
            ],
          },
        },
      },
    ],
    3: ['position', 'i32'],
    4: ['comment', 'string'],
  },
};

interface Method {
  readonly request: StructType;
  readonly response: StructType;
}

const method = (name: string, request: StructType['fields'], response: StructType['fields']): Method => ({
  request: { name: `T${name}Req`, fields: request },
  response: { name: `T${name}Resp`, fields: { 1: ['status', { struct: status }], ...response } },
});

/** `FetchResults` has no description of its response: its columns go to Arrow without becoming values (`row-set.ts`). */
export const methods = {
  OpenSession: method(
    'OpenSession',
    {
      1: ['client_protocol', 'i32'],
      2: ['username', 'string'],
      3: ['password', 'string'],
      4: ['configuration', 'stringMap'],
    },
    {
      2: ['serverProtocolVersion', 'i32'],
      3: ['sessionHandle', { struct: sessionHandle }],
      4: ['configuration', 'stringMap'],
    },
  ),
  CloseSession: method('CloseSession', { 1: ['sessionHandle', { struct: sessionHandle }] }, {}),
  GetInfo: method(
    'GetInfo',
    { 1: ['sessionHandle', { struct: sessionHandle }], 2: ['infoType', 'i32'] },
    { 2: ['infoValue', { struct: { name: 'TGetInfoValue', fields: { 1: ['stringValue', 'string'] } } }] },
  ),
  ExecuteStatement: method(
    'ExecuteStatement',
    {
      1: ['sessionHandle', { struct: sessionHandle }],
      2: ['statement', 'string'],
      3: ['confOverlay', 'stringMap'],
      4: ['runAsync', 'bool'],
      5: ['queryTimeout', 'i64'],
    },
    { 2: ['operationHandle', { struct: operationHandle }] },
  ),
  GetOperationStatus: method(
    'GetOperationStatus',
    { 1: ['operationHandle', { struct: operationHandle }] },
    {
      2: ['operationState', 'i32'],
      3: ['sqlState', 'string'],
      4: ['errorCode', 'i32'],
      5: ['errorMessage', 'string'],
    },
  ),
  CancelOperation: method('CancelOperation', { 1: ['operationHandle', { struct: operationHandle }] }, {}),
  CloseOperation: method('CloseOperation', { 1: ['operationHandle', { struct: operationHandle }] }, {}),
  GetResultSetMetadata: method(
    'GetResultSetMetadata',
    { 1: ['operationHandle', { struct: operationHandle }] },
    { 2: ['schema', { struct: { name: 'TTableSchema', fields: { 1: ['columns', { list: columnDescription }] } } }] },
  ),
  FetchResults: method(
    'FetchResults',
    {
      1: ['operationHandle', { struct: operationHandle }],
      2: ['orientation', 'i32'],
      3: ['maxRows', 'i64'],
      4: ['fetchType', 'i16'],
    },
    {},
  ),
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;

export const statusCode = { success: 0, successWithInfo: 1, stillExecuting: 2, error: 3, invalidHandle: 4 } as const;

export const operationState = {
  initialized: 0,
  running: 1,
  finished: 2,
  canceled: 3,
  closed: 4,
  error: 5,
  unknown: 6,
  pending: 7,
  timedOut: 8,
} as const;

export const orientation = { next: 0, prior: 1 } as const;

/** HIVE_CLI_SERVICE_PROTOCOL_V8, the newest that Spark 2 to 4 know; results are columns from V6 on. */
export const clientProtocol = 7;
export const firstColumnarProtocol = 5;

/** CLI_DBMS_NAME, CLI_DBMS_VER of TGetInfoType. */
export const infoType = { serverName: 17, serverVersion: 18 } as const;

/** TTypeId → the name Spark and Hive give the type. */
export const typeNames: readonly string[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'timestamp',
  'binary',
  'array',
  'map',
  'struct',
  'union',
  'user defined',
  'decimal',
  'void',
  'date',
  'varchar',
  'char',
  'interval year to month',
  'interval day to second',
  'timestamp with local time zone',
];
